//! A studio that will be killed, and the moment at which it was.

use super::Chance;
use super::support::keys;
use super::support::pty::Pty;
use copydesk::store::journal::{Journal, Kept, Run};
use copydesk::store::{Paths, atomic};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tempfile::TempDir;

const STUDIO: &str = env!("CARGO_BIN_EXE_copydesk");
const SIZE: (u16, u16) = (120, 40);

/// A home in memory, where there is such a place: what a killed process had written is there
/// either way, and a disk that others keep busy would be measured with it.
pub(super) fn home() -> Arc<TempDir> {
    let in_memory = tempfile::tempdir_in("/dev/shm");
    Arc::new(in_memory.or_else(|_| tempfile::tempdir()).unwrap())
}

/// Starts the studio in a home and waits for its lists.
pub(super) fn start(home: &Arc<TempDir>, envs: &[(&str, &str)]) -> Pty {
    let studio = Pty::start_at_home(Arc::clone(home), (STUDIO, &[]), SIZE, envs).unwrap();
    studio.wait_for_text("Press release");
    studio
}

/// A studio that is killed after a while, whatever it does then.
pub(super) struct Victim {
    pub(super) studio: Pty,
    killer: JoinHandle<Instant>,
    /// Held until the end, so that the killer waits its time out.
    _mercy: Sender<()>,
}

impl Victim {
    pub(super) fn new(studio: Pty, after: Duration) -> Self {
        let pid = rustix::process::Pid::from_raw(studio.pid().unwrap().cast_signed()).unwrap();
        let (mercy, never) = channel();
        let killer = std::thread::spawn(move || {
            let _late = never.recv_timeout(after);
            let now = Instant::now();
            rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
            now
        });
        Self {
            studio,
            killer,
            _mercy: mercy,
        }
    }

    /// Types keys; false once the studio is dead.
    pub(super) fn keys(&self, text: &str) -> bool {
        self.studio.offer(&keys::bytes(text).unwrap())
    }

    /// Waits until the screen holds `wanted`; `None` when the studio died before.
    pub(super) fn sees(&self, wanted: impl Fn(&str) -> bool, what: &str) -> Option<Instant> {
        let seen = self
            .studio
            .watch(|screen| wanted(screen).then_some(()), what);
        seen.map(|()| Instant::now())
    }

    /// Waits for the end, and tells when the kill was sent.
    pub(super) fn killed(mut self) -> Instant {
        self.studio.exit_status();
        self.killer.join().unwrap()
    }
}

/// Kills a studio at once; when that was.
pub(super) fn kill(mut studio: Pty) -> Instant {
    let pid = rustix::process::Pid::from_raw(studio.pid().unwrap().cast_signed()).unwrap();
    let now = Instant::now();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    studio.exit_status();
    now
}

/// What the journal has.
pub(super) struct Left {
    /// Texts that nobody has decided about.
    pub(super) buffers: Vec<Kept>,
    /// The latest run.
    pub(super) run: Option<Run>,
}

/// Reads the journal of a home in which no studio is at work, or says what is wrong with it.
pub(super) fn look(paths: &Paths) -> Result<Left, String> {
    let opened = Journal::open(&paths.journal).map_err(|error| error.to_string())?;
    if let Some(aside) = opened.set_aside {
        return Err(aside.to_string());
    }
    let journal = opened.journal;
    let read = || {
        let findings = journal.check()?;
        let mut buffers = journal.buffers()?;
        buffers.retain(|kept| kept.kept.is_none());
        let last = journal.runs(1, None)?.pop();
        let run = last.and_then(|last| journal.run(last.id).transpose());
        let run = run.transpose()?;
        Ok::<_, copydesk::store::journal::JournalError>((findings, Left { buffers, run }))
    };
    let (findings, left) = read().map_err(|error| error.to_string())?;
    if findings.is_empty() {
        Ok(left)
    } else {
        Err(findings.join("; "))
    }
}

/// Files of a folder; what is no whole name of a draft is told apart.
pub(super) fn files(folder: &std::path::Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let all = entries.map(|entry| entry.unwrap().path());
    all.partition(|path| {
        let name = path.file_name().unwrap().to_string_lossy();
        name.ends_with(".md") && !name.starts_with('.')
    })
}

/// Replaces a file as another program would.
pub(super) fn overwrite(path: &std::path::Path, text: &str) {
    atomic::save(path, text.as_bytes()).unwrap();
}

/// A moment within `most` milliseconds.
pub(super) fn moment(chance: &mut Chance, most: u64) -> Duration {
    Duration::from_millis(chance.below(most))
}
