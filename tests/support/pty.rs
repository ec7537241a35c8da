//! A real program in a real pseudo-terminal, with a screen to look at.
//!
//! Owns the child, its private home, and the thread that reads what it writes; answers the
//! questions a terminal is asked. Waiting is always for a condition, with a deadline, and never
//! for a time. The child is killed when the value is dropped.

use super::{keys, picture, screen};
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use std::io::{self, Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use vt100::{Callbacks, Parser, Screen};

/// How long anything may take before a wait gives up. Generous: it is only reached on failure.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Answers that the child's questions are owed, collected while its output is parsed.
#[derive(Default)]
struct Answers(Vec<u8>);

impl Callbacks for Answers {
    fn unhandled_csi(
        &mut self,
        screen: &mut Screen,
        lead: Option<u8>,
        _: Option<u8>,
        params: &[&[u16]],
        last: char,
    ) {
        let first = params.first().and_then(|param| param.first()).copied();
        match (lead, last, first) {
            (None, 'n', Some(6)) => {
                let (row, col) = screen.cursor_position();
                self.0
                    .extend(format!("\x1b[{};{}R", row + 1, col + 1).bytes());
            }
            (None, 'n', Some(5)) => self.0.extend(b"\x1b[0n"),
            (None, 'c', _) => self.0.extend(b"\x1b[?62;22c"),
            (Some(b'>'), 'c', _) => self.0.extend(b"\x1b[>1;10;0c"),
            // Nothing for `?u`: a terminal without the kitty protocol keeps silent, and the
            // answer to the `c` that follows it ends the question.
            _ => {}
        }
    }
}

struct Seen {
    parser: Parser<Answers>,
    raw: Vec<u8>,
    ended: bool,
}

struct Shared {
    seen: Mutex<Seen>,
    changed: Condvar,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

type Writer = Arc<Mutex<Box<dyn Write + Send>>>;

/// A program in a terminal of its own.
pub struct Pty {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    writer: Writer,
    shared: Arc<Shared>,
    reader: Option<JoinHandle<()>>,
    home: Arc<TempDir>,
}

impl Pty {
    /// Starts `copydesk` with `args` in a terminal of `size` columns and rows.
    ///
    /// The environment is `envs` and nothing else but what a terminal program cannot do without;
    /// everything Copydesk owns lies in [`Pty::home`].
    pub fn start(args: &[&str], size: (u16, u16), envs: &[(&str, &str)]) -> io::Result<Self> {
        Self::start_program(env!("CARGO_BIN_EXE_copydesk"), args, size, envs)
    }

    /// The same for any program.
    pub fn start_program(
        program: &str,
        args: &[&str],
        size: (u16, u16),
        envs: &[(&str, &str)],
    ) -> io::Result<Self> {
        Self::start_at_home(TempDir::new()?, (program, args), size, envs)
    }

    /// The same in a home that a test has furnished, or that an earlier program left.
    pub fn start_at_home(
        home: impl Into<Arc<TempDir>>,
        (program, args): (&str, &[&str]),
        size: (u16, u16),
        envs: &[(&str, &str)],
    ) -> io::Result<Self> {
        let home = home.into();
        let command = command(program, args, home.path(), envs);
        Self::start_command(home, command, size)
    }

    /// `copydesk` in a terminal that is not its controlling one: no signal tells when it goes away.
    pub fn start_uncontrolled(size: (u16, u16), envs: &[(&str, &str)]) -> io::Result<Self> {
        let home = Arc::new(TempDir::new()?);
        let mut command = command(env!("CARGO_BIN_EXE_copydesk"), &[], home.path(), envs);
        command.set_controlling_tty(false);
        Self::start_command(home, command, size)
    }

    fn start_command(
        home: Arc<TempDir>,
        command: CommandBuilder,
        size: (u16, u16),
    ) -> io::Result<Self> {
        let pair = native_pty_system()
            .openpty(pty_size(size))
            .map_err(io::Error::other)?;
        let child = pair
            .slave
            .spawn_command(command)
            .map_err(io::Error::other)?;
        // The last copy of the slave must be the child's, or its end is never seen.
        drop(pair.slave);
        let from_child = pair.master.try_clone_reader().map_err(io::Error::other)?;
        let to_child = pair.master.take_writer().map_err(io::Error::other)?;
        let writer: Writer = Arc::new(Mutex::new(to_child));
        let parser =
            Parser::new_with_callbacks(cells(size.1), cells(size.0), 0, Answers::default());
        let shared = Arc::new(Shared {
            seen: Mutex::new(Seen {
                parser,
                raw: Vec::new(),
                ended: false,
            }),
            changed: Condvar::new(),
        });
        let reader = std::thread::spawn({
            let (shared, writer) = (Arc::clone(&shared), Arc::clone(&writer));
            move || read_all(from_child, &shared, &writer)
        });
        Ok(Self {
            child,
            master: pair.master,
            writer,
            shared,
            reader: Some(reader),
            home,
        })
    }

    /// The folder under which the program keeps all its files.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The child's process id.
    pub fn pid(&self) -> Option<u32> {
        self.child.process_id()
    }

    /// Types `keys`, in the language of [`keys`].
    pub fn keys(&self, keys: &str) -> &Self {
        match keys::bytes(keys) {
            Ok(bytes) => self.send(&bytes),
            Err(why) => panic!("{why}"),
        }
    }

    /// Writes bytes as the terminal would.
    pub fn send(&self, bytes: &[u8]) -> &Self {
        let sent = write(&self.writer, bytes);
        assert!(
            sent.is_ok(),
            "the program does not listen: {sent:?}\n{}",
            self.screen()
        );
        self
    }

    /// Writes bytes to a program that may have ended; false when it is seen to have.
    pub fn offer(&self, bytes: &[u8]) -> bool {
        write(&self.writer, bytes).is_ok() && !self.shared.lock().ended
    }

    /// Waits until `look` finds what it wants in the text of the screen; `None` when the program
    /// ends first.
    pub fn watch<T>(&self, look: impl Fn(&str) -> Option<T>, what: &str) -> Option<T> {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.shared.lock();
        loop {
            if let Some(found) = look(&screen::text(seen.parser.screen())) {
                return Some(found);
            }
            if seen.ended {
                return None;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited in vain for {what}; on screen:\n{}",
                screen::text(seen.parser.screen())
            );
            let woken = self.shared.changed.wait_timeout(seen, left);
            seen = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits until `wanted` holds for the text of the screen, and returns that text.
    pub fn wait_for(&self, wanted: impl Fn(&str) -> bool, what: &str) -> String {
        self.wait_until(
            |screen, _| Some(screen::text(screen)).filter(|text| wanted(text)),
            what,
        )
    }

    /// Waits until `text` stands on the screen.
    pub fn wait_for_text(&self, text: &str) -> String {
        self.wait_for(|screen| screen.contains(text), text)
    }

    /// Waits until `look` finds what it wants on the screen or in the bytes that made it.
    pub fn wait_until<T>(&self, look: impl Fn(&Screen, &[u8]) -> Option<T>, what: &str) -> T {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.shared.lock();
        loop {
            if let Some(found) = look(seen.parser.screen(), &seen.raw) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let ended = if seen.ended {
                " (the program has ended)"
            } else {
                ""
            };
            assert!(
                !left.is_zero() && !seen.ended,
                "waited in vain for {what}{ended}; on screen:\n{}",
                screen::text(seen.parser.screen())
            );
            let woken = self.shared.changed.wait_timeout(seen, left);
            seen = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// The text of the screen now.
    pub fn screen(&self) -> String {
        screen::text(self.shared.lock().parser.screen())
    }

    /// The screen now, as an SVG document.
    pub fn picture(&self) -> String {
        picture::screen_svg(self.shared.lock().parser.screen())
    }

    /// Looks at the screen's cells, modes and cursor.
    pub fn look<T>(&self, look: impl FnOnce(&Screen) -> T) -> T {
        look(self.shared.lock().parser.screen())
    }

    /// Every byte the program has written to the terminal.
    pub fn raw(&self) -> Vec<u8> {
        self.shared.lock().raw.clone()
    }

    /// Gives the terminal another size; the program is told by SIGWINCH.
    pub fn resize(&self, size: (u16, u16)) -> io::Result<()> {
        self.shared
            .lock()
            .parser
            .set_size(cells(size.1), cells(size.0));
        self.master.resize(pty_size(size)).map_err(io::Error::other)
    }

    /// How the terminal's driver is set (echo, whole lines, signals), to be compared.
    pub fn modes(&self) -> String {
        format!("{:?}", self.master.get_termios())
    }

    /// Waits until `wanted` holds, which no byte of the program announces.
    pub fn wait_beside(&self, mut wanted: impl FnMut() -> bool, what: &str) {
        let deadline = Instant::now() + PATIENCE;
        while !wanted() {
            assert!(
                Instant::now() < deadline,
                "waited in vain for {what}; on screen:\n{}",
                self.screen()
            );
            std::thread::yield_now();
        }
    }

    /// Waits for the end of the program: its exit code, or 128 and more for a signal's name.
    pub fn exit_code(&mut self) -> u32 {
        self.exit_status().exit_code()
    }

    /// Waits for the end of the program. All it wrote is on the screen then.
    pub fn exit_status(&mut self) -> ExitStatus {
        let deadline = Instant::now() + PATIENCE;
        let mut seen = self.shared.lock();
        while !seen.ended {
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "the program does not end; on screen:\n{}",
                screen::text(seen.parser.screen())
            );
            let woken = self.shared.changed.wait_timeout(seen, left);
            seen = woken.unwrap_or_else(PoisonError::into_inner).0;
        }
        drop(seen);
        match self.child.wait() {
            Ok(status) => status,
            Err(why) => panic!("the program cannot be waited for: {why}"),
        }
    }
}

impl Drop for Pty {
    fn drop(&mut self) {
        // Fails only for a child that has ended, which is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reader) = self.reader.take().filter(JoinHandle::is_finished) {
            let _ = reader.join();
        }
    }
}

fn command(program: &str, args: &[&str], home: &Path, envs: &[(&str, &str)]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.cwd(home);
    command.env_clear();
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("HOME", home);
    command.env("COPYDESK_HOME", home);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.env("TZ", "UTC");
    for (name, value) in envs {
        command.env(name, value);
    }
    command
}

fn read_all(mut from_child: Box<dyn Read + Send>, shared: &Shared, writer: &Writer) {
    let mut buffer = [0_u8; 16 * 1024];
    // Linux reports the end of the last process on the slave as an error, others as 0.
    while let Ok(length @ 1..) = from_child.read(&mut buffer) {
        let mut seen = shared.lock();
        seen.raw.extend_from_slice(&buffer[..length]);
        seen.parser.process(&buffer[..length]);
        let answers = std::mem::take(&mut seen.parser.callbacks_mut().0);
        drop(seen);
        shared.changed.notify_all();
        if !answers.is_empty() {
            let _ = write(writer, &answers);
        }
    }
    shared.lock().ended = true;
    shared.changed.notify_all();
}

fn write(writer: &Writer, bytes: &[u8]) -> io::Result<()> {
    let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
    writer.write_all(bytes)?;
    writer.flush()
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap_or(NonZeroU16::MIN)
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}
