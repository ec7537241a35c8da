//! The terminal's events as messages. Key releases are dropped here and nowhere else.

use crate::app::key::{Code, Key, Mouse, MouseAction};
use crate::app::msg::Msg;
use crossterm::event::{
    Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent, MouseEventKind,
};
use futures_util::Stream;
use std::io;
#[cfg(unix)]
use {
    futures_util::stream::poll_fn, std::collections::VecDeque, std::task::Poll, std::time::Duration,
};

/// What the person does, until the terminal goes away.
///
/// Reads on the loop's own thread: crossterm's event stream hands every key over from a thread of
/// its own, which costs two switches a key.
///
/// # Errors
/// When stdin cannot be watched.
#[cfg(unix)]
pub fn open() -> io::Result<impl Stream<Item = Msg> + Unpin> {
    use tokio::io::unix::AsyncFd;
    use tokio::signal::unix::{SignalKind, signal};
    #[expect(
        deprecated,
        reason = "stdin stays open as long as the process; the replacement is an unsafe function"
    )]
    let stdin = AsyncFd::with_interest(io::stdin(), tokio::io::Interest::READABLE)?;
    let mut resized = signal(SignalKind::window_change())?;
    let mut queue: VecDeque<Msg> = VecDeque::new();
    Ok(poll_fn(move |context| {
        loop {
            if let Some(msg) = queue.pop_front() {
                return Poll::Ready(Some(msg));
            }
            if resized.poll_recv(context).is_ready() {
                // crossterm watches the signal as well. Left there, it would be found together
                // with the next key, which crossterm then leaves lying until another one comes.
                return match drain(&mut queue) {
                    Ok(_) => Poll::Ready(Some(Msg::Resize)),
                    Err(_) => Poll::Ready(None),
                };
            }
            let Poll::Ready(Ok(mut ready)) = stdin.poll_read_ready(context) else {
                return Poll::Pending;
            };
            let hung_up = ready.ready().is_read_closed();
            match drain(&mut queue) {
                Ok(true) => {}
                Ok(false) if hung_up => return Poll::Ready(None),
                Ok(false) => ready.clear_ready(),
                Err(_) => return Poll::Ready(None),
            }
        }
    }))
}

/// Takes what the terminal has sent; false when there was nothing.
#[cfg(unix)]
fn drain(queue: &mut VecDeque<Msg>) -> io::Result<bool> {
    let mut any = false;
    while crossterm::event::poll(Duration::ZERO)? {
        any = true;
        queue.extend(message(crossterm::event::read()?));
    }
    Ok(any)
}

/// What the person does, until the terminal goes away.
///
/// # Errors
/// Never on this system.
#[cfg(not(unix))]
pub fn open() -> io::Result<impl Stream<Item = Msg> + Unpin> {
    use futures_util::StreamExt;
    let events = crossterm::event::EventStream::new();
    let messages = events.scan((), |(), event| futures_util::future::ready(event.ok()));
    Ok(messages.filter_map(|event| futures_util::future::ready(message(event))))
}

/// What an event means; `None` for what nobody needs to know.
pub fn message(event: Event) -> Option<Msg> {
    match event {
        Event::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Msg::Key),
        Event::Mouse(event) => mouse(event).map(Msg::Mouse),
        Event::Paste(text) => Some(Msg::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
        Event::Resize(..) => Some(Msg::Resize),
        Event::Key(_) | Event::FocusGained | Event::FocusLost => None,
    }
}

fn key(event: KeyEvent) -> Option<Key> {
    let mut shift = event.modifiers.contains(KeyModifiers::SHIFT);
    let code = match event.code {
        KeyCode::Char(c) => {
            shift = false;
            Code::Char(c)
        }
        KeyCode::BackTab => {
            shift = true;
            Code::Tab
        }
        KeyCode::F(number) => Code::F(number),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        _ => return None,
    };
    let held = |modifier| event.modifiers.contains(modifier);
    Some(Key {
        code,
        ctrl: held(KeyModifiers::CONTROL),
        alt: held(KeyModifiers::ALT),
        shift,
    })
}

fn mouse(event: MouseEvent) -> Option<Mouse> {
    let action = match event.kind {
        MouseEventKind::Down(MouseButton::Left) => MouseAction::Press,
        MouseEventKind::Drag(MouseButton::Left) => MouseAction::Drag,
        MouseEventKind::Up(MouseButton::Left) => MouseAction::Release,
        MouseEventKind::ScrollUp => MouseAction::WheelUp,
        MouseEventKind::ScrollDown => MouseAction::WheelDown,
        _ => return None,
    };
    Some(Mouse {
        action,
        column: event.column,
        row: event.row,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_release_is_no_press() {
        let mut event = KeyEvent::new(KeyCode::Char('a'), KeyModifiers::NONE);
        assert!(message(Event::Key(event)).is_some());
        event.kind = KeyEventKind::Release;
        assert!(message(Event::Key(event)).is_none());
    }

    #[test]
    fn back_tab_is_shift_tab() {
        let event = KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);
        assert_eq!(
            key(event).map(|key| key.to_string()).as_deref(),
            Some("shift+tab")
        );
    }

    #[test]
    fn pasted_line_ends_become_newlines() {
        assert!(
            matches!(message(Event::Paste("a\r\nb\rc".into())), Some(Msg::Paste(text)) if text == "a\nb\nc")
        );
    }
}
