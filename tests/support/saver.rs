//! A second process that saves: this very test program, started again and told by its environment
//! what to do. So a save of the library can be watched, counted, made to fail and killed.
//!
//! A test crate that uses it has a test named `saver` that calls [`obey`] and nothing else.

#![expect(clippy::unwrap_used, reason = "a rig fails by panicking")]

use super::cli::Home;
use copydesk::domain::draft::{Draft, Provenance};
use copydesk::store::{Paths, StoreError, atomic, drafts};
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

/// Holds the order; a test run without it passes at once.
const ORDER: &str = "COPYDESK_TEST_SAVER";
/// Looked for just before a save, so that a trace shows where it begins.
pub const BEGIN: &str = "/copydesk-the-save-begins";

/// What the draft `data/drafts/a.md` says before and after [`Order::Over`].
pub const OLD: &str = "---\ntitle: Old # mine\nodd: [1,\n  2]\n---\n\nOld text.\n";
/// Its text after.
pub const NEW: &str = "New text.\n";
/// What `notes.md` says after [`Order::Replace`].
pub const NOTES: &str = "New notes.\n";

/// What the process is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// Open `data/drafts/a.md`, change its text, save it.
    Over,
    /// Keep a new draft titled `Kettle`.
    New,
    /// Write `notes.md`.
    Replace,
    /// Write `notes.md` this many times, with a hundred thousand equal bytes each time.
    Often(usize),
    /// Save `data/drafts/sub/a.md` this many times, whatever comes of it.
    Insist(usize),
    /// Add this many lines to `data/drafts/a.md`, one save each, opening it anew when it has
    /// changed.
    Append(usize),
}

impl Order {
    fn written(self) -> String {
        match self {
            Self::Over => "over".into(),
            Self::New => "new".into(),
            Self::Replace => "replace".into(),
            Self::Often(times) => format!("often {times}"),
            Self::Insist(times) => format!("insist {times}"),
            Self::Append(times) => format!("append {times}"),
        }
    }

    fn read(text: &str) -> Self {
        let (word, times) = text.split_once(' ').unwrap_or((text, "0"));
        let times = times.parse().unwrap();
        match word {
            "over" => Self::Over,
            "new" => Self::New,
            "replace" => Self::Replace,
            "often" => Self::Often(times),
            "insist" => Self::Insist(times),
            "append" => Self::Append(times),
            other => panic!("no such order: {other}"),
        }
    }
}

/// The process, ready to be started. It prints `saved`, or complains on stderr and exits with 1.
pub fn command(home: &Home, order: Order) -> Command {
    let mut command = home.command_of(std::env::current_exe().unwrap().as_path());
    command
        .args([
            "--exact",
            "saver",
            "--nocapture",
            "--test-threads=1",
            "--quiet",
        ])
        .env(ORDER, order.written());
    command
}

/// The places of a home.
pub fn paths(home: &Path) -> Paths {
    Paths::below(home)
}

/// Does what the environment says, and ends the process; returns at once when it says nothing.
pub fn obey() {
    let Ok(order) = std::env::var(ORDER) else {
        return;
    };
    let home = std::env::var_os("COPYDESK_HOME").unwrap();
    let code = match done(Order::read(&order), Path::new(&home)) {
        Ok(()) => {
            // Straight to the descriptor: the harness prints at its own times.
            std::io::stdout().write_all(b"saved\n").unwrap();
            std::io::stdout().flush().unwrap();
            0
        }
        Err(error) => {
            super::aloud(&error.to_string());
            1
        }
    };
    std::process::exit(code);
}

fn done(order: Order, home: &Path) -> Result<(), StoreError> {
    let paths = paths(home);
    let draft = paths.drafts.join("a.md");
    let begin = || {
        outnumber(home);
        drop(std::fs::symlink_metadata(BEGIN));
    };
    match order {
        Order::Over => {
            begin();
            let mut opened = drafts::open(&paths, &draft)?;
            opened.draft.set_body(NEW);
            drafts::save(&paths, &draft, &opened.draft, Some(&opened.hash)).map(drop)
        }
        Order::New => {
            let now = "2026-11-23T12:00:00+00:00[UTC]".parse().unwrap();
            let kettle = Draft::new("Kettle", NEW, &Provenance::default(), &now);
            begin();
            drafts::save_new(&paths, &kettle).map(drop)
        }
        Order::Replace => {
            begin();
            atomic::save(&home.join("notes.md"), NOTES.as_bytes())
        }
        Order::Often(times) => (0..times).try_for_each(|time| {
            let byte = b'a' + (time % 26) as u8;
            atomic::save(&home.join("notes.md"), &vec![byte; 100_000])
        }),
        Order::Insist(times) => {
            let (path, draft) = (paths.drafts.join("sub/a.md"), Draft::parse(NEW));
            for _ in 0..times {
                let word = match drafts::save(&paths, &path, &draft, None) {
                    Ok(_) => "kept\n",
                    Err(_) => "refused\n",
                };
                std::io::stdout().write_all(word.as_bytes()).unwrap();
            }
            Ok(())
        }
        Order::Append(times) => (0..times).try_for_each(|time| append(&paths, &draft, time)),
    }
}

/// Makes more of those calls that other threads make too than any of them does, so that the number
/// of a call in this thread is that of no other one.
fn outnumber(home: &Path) {
    let here = std::fs::File::open(home).unwrap();
    for _ in 0..64 {
        let mut sink = std::fs::File::options()
            .read(true)
            .write(true)
            .open("/dev/null")
            .unwrap();
        sink.write_all(b"x").unwrap();
        assert_eq!(sink.read(&mut [0]).unwrap(), 0);
        rustix::fs::statat(&here, ".", rustix::fs::AtFlags::empty()).unwrap();
        rustix::fs::fstat(&here).unwrap();
        assert!(sink.metadata().is_ok() && std::fs::read_link(home).is_err());
    }
}

fn append(paths: &Paths, path: &Path, time: usize) -> Result<(), StoreError> {
    loop {
        let mut opened = drafts::open(paths, path)?;
        let line = format!("{} {time}\n", std::process::id());
        opened
            .draft
            .set_body(&format!("{}{line}", opened.draft.body()));
        match drafts::save(paths, path, &opened.draft, Some(&opened.hash)) {
            Err(StoreError::ChangedOutside { .. }) => {}
            done => return done.map(drop),
        }
    }
}
