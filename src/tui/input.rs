//! What the person does, as messages: read from the terminal, decoded, never blocking the loop.
//!
//! Owns reading stdin and hearing of a new size. What bytes mean is told by `decode`; elsewhere
//! than on Unix, by crossterm.

#[cfg(not(unix))]
pub use elsewhere::open;
#[cfg(unix)]
pub use on_unix::open;

#[cfg(unix)]
mod on_unix {
    use crate::app::msg::Msg;
    use crate::tui::decode::{Decoder, PAUSE};
    use futures_util::Stream;
    use futures_util::stream::poll_fn;
    use rustix::io::{Errno, ioctl_fionread, read};
    use std::collections::VecDeque;
    use std::future::Future;
    use std::io::{self, Stdin};
    use std::pin::Pin;
    use std::task::{Context, Poll};
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;
    use tokio::signal::unix::{Signal, SignalKind, signal};
    use tokio::time::{Instant, Sleep, sleep};

    /// Bytes asked for at once; a terminal gives at most 4096.
    const READ: usize = 16 * 1024;

    /// What the person does, until the terminal goes away.
    ///
    /// Reads on the loop's own thread: a thread of its own would cost two switches a key.
    ///
    /// # Errors
    /// When stdin cannot be watched.
    pub fn open() -> io::Result<impl Stream<Item = Msg> + Unpin> {
        #[expect(
            deprecated,
            reason = "stdin stays open as long as the process; the replacement is an unsafe function"
        )]
        let terminal = AsyncFd::with_interest(io::stdin(), Interest::READABLE)?;
        let mut input = Input {
            terminal,
            resized: signal(SignalKind::window_change())?,
            decoder: Decoder::default(),
            queue: VecDeque::new(),
            silence: Box::pin(sleep(PAUSE)),
            buffer: vec![0; READ],
        };
        Ok(poll_fn(move |context| input.poll(context)))
    }

    struct Input {
        terminal: AsyncFd<Stdin>,
        resized: Signal,
        decoder: Decoder,
        queue: VecDeque<Msg>,
        /// Ends when nothing has come for a while.
        silence: Pin<Box<Sleep>>,
        buffer: Vec<u8>,
    }

    impl Input {
        fn poll(&mut self, context: &mut Context) -> Poll<Option<Msg>> {
            loop {
                if let Some(msg) = self.queue.pop_front() {
                    return Poll::Ready(Some(msg));
                }
                if self.resized.poll_recv(context).is_ready() {
                    return Poll::Ready(Some(Msg::Resize));
                }
                match self.read(context) {
                    Poll::Ready(Ok(())) => continue,
                    // The terminal is gone.
                    Poll::Ready(Err(_)) => return Poll::Ready(None),
                    Poll::Pending => {}
                }
                if !self.decoder.waits() || self.silence.as_mut().poll(context).is_pending() {
                    return Poll::Pending;
                }
                self.decoder.settle(&mut self.queue);
            }
        }

        /// Takes what is there. Readiness is only a hint, and a read of nothing would wait for the
        /// next key while the screen stands still: so the terminal is asked first.
        fn read(&mut self, context: &mut Context) -> Poll<io::Result<()>> {
            let Poll::Ready(ready) = self.terminal.poll_read_ready(context) else {
                return Poll::Pending;
            };
            let mut ready = ready?;
            if ioctl_fionread(self.terminal.get_ref())? == 0 {
                if ready.ready().is_read_closed() {
                    return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into()));
                }
                ready.clear_ready();
                return Poll::Ready(Ok(()));
            }
            match read(self.terminal.get_ref(), &mut self.buffer) {
                Ok(0) => return Poll::Ready(Err(io::ErrorKind::UnexpectedEof.into())),
                Ok(length) => {
                    self.decoder.push(&self.buffer[..length], &mut self.queue);
                    self.silence.as_mut().reset(Instant::now() + PAUSE);
                }
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) => ready.clear_ready(),
                Err(error) => return Poll::Ready(Err(error.into())),
            }
            Poll::Ready(Ok(()))
        }
    }
}

#[cfg(any(not(unix), test))]
mod elsewhere {
    use crate::app::key::{Code, Key, Mouse, MouseAction};
    use crate::app::msg::{Looks, Msg};
    use crossterm::event::{
        Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, MouseButton, MouseEvent,
        MouseEventKind,
    };

    /// What the person does, until the terminal goes away.
    ///
    /// # Errors
    /// Never on this system.
    #[cfg(not(unix))]
    pub fn open() -> std::io::Result<impl futures_util::Stream<Item = Msg> + Unpin> {
        use futures_util::StreamExt;
        let events = crossterm::event::EventStream::new();
        let messages = events.scan((), |(), event| futures_util::future::ready(event.ok()));
        Ok(messages.filter_map(|event| futures_util::future::ready(message(event))))
    }

    /// What an event means; `None` for what nobody needs to know.
    fn message(event: Event) -> Option<Msg> {
        match event {
            Event::Key(event) if event.kind != KeyEventKind::Release => key(event).map(Msg::Key),
            Event::Mouse(event) => mouse(event).map(Msg::Mouse),
            Event::Paste(text) => Some(Msg::Paste(text.replace("\r\n", "\n").replace('\r', "\n"))),
            Event::Resize(..) => Some(Msg::Resize),
            Event::FocusGained => Some(Msg::Looks(Looks::Here)),
            Event::FocusLost => Some(Msg::Looks(Looks::Away)),
            Event::Key(_) => None,
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
            MouseEventKind::Down(MouseButton::Middle) => MouseAction::PressMiddle,
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
}
