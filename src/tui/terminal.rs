//! The terminal, taken and given back: on quit, error, panic and around an editor.
//!
//! A frame reaches the terminal in one write, between the marks of a synchronised update.

use super::Screen;
use super::surface::Surface;
use crate::app::App;
use crate::app::areas::Areas;
use crate::app::editor::Shape;
use crate::config::Notify;
use crate::domain::text::Printable;
use crate::view::{self, Cache};
use crossterm::clipboard::CopyToClipboard;
use crossterm::{Command, terminal as tty};
use ratatui::backend::CrosstermBackend;
use std::cell::RefCell;
use std::io::{self, Write};
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Alternate screen, button and drag events in SGR form, bracketed paste, title kept and set.
const ENTER: &str = "\x1b[?1049h\x1b[22;2t\x1b]2;Copydesk\x07\x1b[?2004h\x1b[2J";
/// Where the person looks.
const FOCUS: &str = "\x1b[?1004h";
const MOUSE: &str = "\x1b[?1000h\x1b[?1002h\x1b[?1006h";
/// Also takes back what an editor may have left on: all motion (1003) and focus (1004).
const LEAVE: &str = "\x1b[?2026l\x1b[?1006l\x1b[?1004l\x1b[?1003l\x1b[?1002l\x1b[?1000l\x1b[?2004l\
                     \x1b[0m\x1b[23;2t\x1b[?1049l\x1b[?25h";
const CLEAR: &[u8] = b"\x1b[0m\x1b[2J";
const FRAME_BEGIN: &[u8] = b"\x1b[?2026h";
const FRAME_END: &[u8] = b"\x1b[?2026l";

static TAKEN: AtomicBool = AtomicBool::new(false);
/// Whether the cursor's shape was ever changed, and has to be given back.
static SHAPED: AtomicBool = AtomicBool::new(false);

/// What gives the cursor a shape.
const fn sequence(shape: Shape) -> &'static [u8] {
    match shape {
        Shape::Usual => b"\x1b[0 q",
        Shape::Block => b"\x1b[2 q",
        Shape::Bar => b"\x1b[6 q",
    }
}

/// Collects a frame, which [`commit`](Self::commit) writes at once. Clones share the frame.
#[derive(Debug, Default, Clone)]
struct FrameWriter(Rc<RefCell<Vec<u8>>>);

impl Write for FrameWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl FrameWriter {
    fn commit(&self) -> io::Result<()> {
        let mut frame = self.0.borrow_mut();
        let mut out = io::stdout().lock();
        out.write_all(&frame)?;
        frame.clear();
        out.flush()
    }
}

/// What the terminal is asked to report beside keys.
#[derive(Debug, Clone, Copy)]
pub struct Reports {
    /// The mouse.
    pub mouse: bool,
    /// Where the person looks.
    pub focus: bool,
}

/// The real terminal. Dropping it gives the terminal back.
pub struct RealScreen {
    surface: Surface<CrosstermBackend<FrameWriter>>,
    frame: FrameWriter,
    cache: Cache,
    reports: Reports,
    /// What the cursor looks like.
    shape: Shape,
    /// How the terminal reads lines for other programs, while one of them has it.
    lent: Option<Modes>,
}

impl RealScreen {
    /// Takes the terminal.
    ///
    /// # Errors
    /// When stdin or stdout is no terminal, or it refuses raw mode.
    pub fn take(cache: Cache, reports: Reports) -> io::Result<Self> {
        give_back_on_panic();
        enter(reports)?;
        let frame = FrameWriter::default();
        let surface = blank(&frame).inspect_err(|_| give_back())?;
        Ok(Self {
            surface,
            frame,
            cache,
            reports,
            shape: Shape::Usual,
            lent: None,
        })
    }
}

impl Screen for RealScreen {
    fn draw(&mut self, app: &App) -> io::Result<Areas> {
        self.frame.write_all(FRAME_BEGIN)?;
        let cache = &mut self.cache;
        let areas = self
            .surface
            .draw(|buffer| view::paint(app, cache, buffer))?;
        let shape = app.cursor_shape();
        if std::mem::replace(&mut self.shape, shape) != shape {
            self.frame.write_all(sequence(shape))?;
            SHAPED.store(true, Ordering::SeqCst);
        }
        self.frame.write_all(FRAME_END)?;
        self.frame.commit()?;
        Ok(areas)
    }

    fn keep_up(&mut self, app: &App) {
        self.cache.keep_up(app);
    }

    fn suspend(&mut self) {
        give_back();
        self.lent = Modes::read();
    }

    fn forget(&mut self) -> io::Result<()> {
        self.surface = blank(&self.frame)?;
        self.frame.write_all(CLEAR)
    }

    fn resume(&mut self) -> io::Result<()> {
        // A program that was killed leaves the modes it had set. They must not count as those
        // that the terminal had before the studio.
        if let Some(modes) = self.lent.take() {
            modes.write();
        }
        enter(self.reports)?;
        self.shape = Shape::Usual;
        self.forget()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut sequence = String::new();
        CopyToClipboard::to_clipboard_from(text)
            .write_ansi(&mut sequence)
            .map_err(|_| io::Error::other("the clipboard text could not be encoded"))?;
        let mut out = io::stdout().lock();
        out.write_all(sequence.as_bytes())?;
        out.flush()
    }

    fn notify(&mut self, how: Notify, text: &str) -> io::Result<()> {
        let mut out = io::stdout().lock();
        out.write_all(notice(how, text).as_bytes())?;
        out.flush()
    }
}

/// Most characters of a notice for the desktop.
const NOTICE: usize = 160;

/// What tells a person who looks elsewhere; of a text only what is shown of it.
fn notice(how: Notify, text: &str) -> String {
    match how {
        Notify::Bell => "\x07".to_owned(),
        Notify::Desktop => {
            let safe = Printable::line(text);
            let shown = safe.as_str().chars().filter(|c| !c.is_control());
            let shown: String = shown.take(NOTICE).collect();
            format!("\x1b]9;{shown}\x07")
        }
        Notify::Off => String::new(),
    }
}

impl Drop for RealScreen {
    fn drop(&mut self) {
        give_back();
    }
}

/// A surface of the terminal's size. The size is asked for here and at no frame.
fn blank(frame: &FrameWriter) -> io::Result<Surface<CrosstermBackend<FrameWriter>>> {
    let size = tty::size()?;
    Ok(Surface::blank(CrosstermBackend::new(frame.clone()), size))
}

/// The modes of the terminal driver: echo, whole lines, signals from keys.
#[cfg(unix)]
struct Modes(rustix::termios::Termios);

#[cfg(unix)]
impl Modes {
    fn read() -> Option<Self> {
        rustix::termios::tcgetattr(io::stdin()).ok().map(Self)
    }

    fn write(&self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        // Raw mode comes next and tells when the terminal is gone.
        let _gone = tcsetattr(io::stdin(), OptionalActions::Now, &self.0);
    }
}

/// Modes are the business of each program on this system.
#[cfg(not(unix))]
struct Modes;

#[cfg(not(unix))]
impl Modes {
    const fn read() -> Option<Self> {
        None
    }

    const fn write(&self) {}
}

fn enter(reports: Reports) -> io::Result<()> {
    tty::enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout().lock();
    out.write_all(ENTER.as_bytes())?;
    if reports.mouse {
        out.write_all(MOUSE.as_bytes())?;
    }
    if reports.focus {
        out.write_all(FOCUS.as_bytes())?;
    }
    out.flush()
}

/// Gives the terminal back, once. A terminal that is gone cannot be restored, and need not be.
fn give_back() {
    if TAKEN.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout().lock();
        if SHAPED.swap(false, Ordering::SeqCst) {
            let _gone = out.write_all(sequence(Shape::Usual));
        }
        let _gone = out.write_all(LEAVE.as_bytes()).and_then(|()| out.flush());
        let _gone = tty::disable_raw_mode();
    }
}

/// A panic in any thread gives the terminal back before it is reported, and ends the process: a
/// studio that goes on would draw over whatever comes after it.
fn give_back_on_panic() {
    static HOOKED: std::sync::Once = std::sync::Once::new();
    HOOKED.call_once(|| {
        let report = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            give_back();
            // Work that is not on disk yet has its place here: nothing runs after this.
            report(panic);
            std::process::exit(101);
        }));
    });
}
