//! Failing calls and full disks: every call that a save makes fails once, for every reason there
//! is, and each time the old file is whole, nothing lies about, and nobody says "saved".

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use std::process::Command;
use support::aloud;
use support::cli::{Home, Ran, answer, ran};
use support::pty::Pty;
use support::saver::{self, Order};
use support::server::Server;
use support::strace::{self, Call};

/// A process that saves when one of the tests below starts it; otherwise nothing.
#[test]
fn saver() {
    saver::obey();
}

/// What calls fail with, and how that is said.
const ERRORS: [(&str, &str); 6] = [
    ("ENOSPC", "No space left on device"),
    ("EIO", "Input/output error"),
    ("EACCES", "Permission denied"),
    ("EROFS", "Read-only file system"),
    ("EDQUOT", "Disk quota exceeded"),
    ("EMFILE", "Too many open files"),
];

/// A save, and what is on disk before and after.
struct Case {
    order: Order,
    path: &'static str,
    old: Option<&'static str>,
    new: &'static str,
}

const CASES: [Case; 4] = [
    Case {
        order: Order::Over,
        path: "data/drafts/a.md",
        old: Some(saver::OLD),
        new: "---\ntitle: Old # mine\nodd: [1,\n  2]\n---\n\nNew text.\n",
    },
    Case {
        order: Order::Replace,
        path: "notes.md",
        old: Some("Old notes.\n"),
        new: saver::NOTES,
    },
    Case {
        order: Order::Replace,
        path: "notes.md",
        old: None,
        new: saver::NOTES,
    },
    Case {
        order: Order::New,
        path: "data/drafts/2026-11-23-kettle.md",
        old: None,
        new: "New text.\n",
    },
];

impl Case {
    fn home(&self) -> Home {
        let home = Home::new();
        if let Some(old) = self.old {
            home.write(self.path, old);
        }
        home
    }

    /// The calls that the save makes, each with its number among those of its name and thread.
    fn calls(&self) -> Vec<(Call, usize)> {
        let home = self.home();
        let (ran, calls) = strace::trace(&saver::command(&home, self.order), &[]);
        assert!(ran.code == 0 && ran.stdout.contains("saved"), "{ran:?}");
        let mut counts = BTreeMap::new();
        let numbered = calls.into_iter().map(|call| {
            let count: &mut usize = counts.entry((call.thread, call.name.clone())).or_default();
            *count += 1;
            (call, *count)
        });
        let is_begin = |call: &Call| call.rest.contains(saver::BEGIN);
        let from_begin = numbered.skip_while(|(call, _)| !is_begin(call)).skip(1);
        let mut calls: Vec<_> = from_begin.collect();
        let thread = calls[0].0.thread;
        calls.retain(|(call, _)| call.thread == thread && !call.rest.contains("saved"));
        calls
    }

    /// Asserts that the save is either done or has not happened, and is told as it is.
    fn is_done_or_undone(&self, home: &Home, ran: &Ran, cause: &str) {
        let now = std::fs::read_to_string(home.path(self.path)).ok();
        if ran.code == 0 {
            assert!(ran.stdout.contains("saved"), "{ran:?}");
            assert!(now.is_some_and(|now| now.ends_with(self.new)), "{ran:?}");
        } else {
            assert!(!ran.stdout.contains("saved"), "{ran:?}");
            assert_eq!(now.as_deref(), self.old, "{ran:?}");
            let told = ran.stderr.lines().last().unwrap_or_default();
            let place = home.path("x");
            let place = place.parent().unwrap().to_str().unwrap();
            assert!(told.contains(place) && told.contains(cause), "{told}");
            assert!(told.contains("; "), "no advice: {told}");
        }
        assert_eq!(home.litter(), Vec::<String>::new(), "{ran:?}");
    }
}

/// W5: whichever call fails, for whatever reason: the old file is whole, nothing lies about,
/// nothing says "saved", the message names path and cause, and the next save works.
#[test]
fn any_call_may_fail_once() {
    if !strace::works() {
        return;
    }
    let all = std::env::var_os("COPYDESK_LONG").is_some();
    for case in &CASES {
        let calls = case.calls();
        assert!(calls.len() > 6, "{calls:#?}");
        let mut failed = 0;
        for (at, (call, number)) in calls.iter().enumerate() {
            // In the short form each call fails for two reasons, and each reason has its turn.
            let turn = |reason: &usize| all || reason % 3 == at % 3;
            for (error, words) in (0..ERRORS.len()).filter(turn).map(|reason| ERRORS[reason]) {
                let home = case.home();
                let fault = format!("inject={}:error={error}:when={number}", call.name);
                let command = saver::command(&home, case.order);
                let (ran, calls) = strace::trace(&command, &["-e", &fault]);
                let hit = calls.iter().any(|call| call.rest.contains("(INJECTED)"));
                assert!(hit, "{fault} hit nothing");
                case.is_done_or_undone(&home, &ran, words);
                failed += usize::from(ran.code != 0);
                let again = finished(&mut saver::command(&home, case.order));
                assert_eq!(again.code, 0, "{fault}: {again:?}");
            }
        }
        assert!(failed >= 6, "only {failed} of {:?} failed", case.order);
    }
}

fn finished(command: &mut Command) -> Ran {
    ran(&command.output().unwrap())
}

/// W5: a disk that has died for good costs no text either: whatever is there is whole.
#[test]
fn every_later_call_may_fail_too() {
    if !strace::works() {
        return;
    }
    for call in ["fsync", "renameat2", "unlinkat", "fchmod", "flock"] {
        for case in &CASES {
            for first in 1..=3 {
                let home = case.home();
                let fault = format!("inject={call}:error=EIO:when={first}+");
                let command = saver::command(&home, case.order);
                let (ran, _) = strace::trace(&command, &["-e", &fault]);
                let now = std::fs::read_to_string(home.path(case.path)).ok();
                let is_new = now.as_ref().is_some_and(|now| now.ends_with(case.new));
                let whole = is_new || now.as_deref() == case.old;
                assert!(whole, "{fault}: {now:?}");
                assert!(is_new || !ran.stdout.contains("saved"), "{fault}: {ran:?}");
            }
        }
    }
}

/// W5: a file system that cannot trade names, or cannot refuse to overwrite, is served without.
#[test]
fn a_file_system_with_plain_renames_only_is_served() {
    if !strace::works() {
        return;
    }
    for error in ["EINVAL", "ENOSYS", "EOPNOTSUPP"] {
        for case in &CASES {
            let home = case.home();
            let fault = format!("inject=renameat2:error={error}");
            let command = saver::command(&home, case.order);
            let (ran, calls) = strace::trace(&command, &["-e", &fault]);
            assert!(calls.iter().any(|call| call.rest.contains("(INJECTED)")));
            assert_eq!(ran.code, 0, "{ran:?}");
            case.is_done_or_undone(&home, &ran, "");
            // Nothing there is overwritten without it, either.
            let (ran, _) = strace::trace(&command, &["-e", &fault]);
            let drafts = home.drafts().len();
            let expected =
                usize::from(case.order == Order::New) + usize::from(case.order != Order::Replace);
            assert_eq!((ran.code, drafts), (0, expected), "{ran:?}");
        }
    }
}

/// W5: the program itself says what failed, exits with 1, and the text is still on stdout.
#[test]
fn a_run_whose_save_fails_costs_no_text() {
    if !strace::works() {
        return;
    }
    let faults = [
        "fsync:error=ENOSPC:when=1",
        "fsync:error=EDQUOT:when=2",
        "renameat2:error=EIO:when=1",
        "mkdirat:error=EROFS:when=1",
    ];
    for fault in faults {
        for flags in [
            &["--save"] as &[&str],
            &["-o", "kept/old.md"],
            &["--save", "--json"],
        ] {
            let server = Server::start(vec![answer("# Kettle\n\nIt boils.")]);
            let home = Home::asking(&server);
            if !fault.starts_with("mkdirat") {
                home.write("data/drafts/other.md", "");
                // Of an empty file nothing is kept, so that the fault is for the save.
                home.write("kept/old.md", "");
            }
            let before = home.everything();
            // The journal is there already: the fault is for the save.
            let args = [
                "run",
                "blog-post",
                "-i",
                "topic=t",
                "--provider",
                "practice",
            ];
            assert_eq!(home.run(&args).code, 0);
            let args = [&["run", "blog-post", "-i", "topic=Kettle"], flags].concat();
            let inject = format!("inject={fault}");
            let (ran, _) = strace::trace(&home.command(&args), &["-e", &inject]);
            assert_eq!(ran.code, 1, "{fault} {flags:?}: {ran:?}");
            assert!(ran.stdout.contains("It boils."), "{ran:?}");
            let told = ran.stderr.lines().any(|line| line.starts_with("saved "));
            assert!(!told, "{ran:?}");
            assert!(
                ran.stderr.contains("cannot write ") != ran.stdout.contains("cannot write "),
                "{ran:?}"
            );
            assert_eq!(home.everything(), before, "{fault} {flags:?}");
        }
    }
}

/// A small disk, unmounted when it is dropped.
struct SmallDisk<'h>(&'h Home);

impl<'h> SmallDisk<'h> {
    const PLACE: &'static str = "data/drafts";

    /// `None`, said aloud, where nothing may be mounted.
    fn mounted(home: &'h Home) -> Option<Self> {
        let place = home.path(Self::PLACE);
        std::fs::create_dir_all(&place).unwrap();
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=16k", "none"])
            .arg(&place);
        match mount.output() {
            Ok(output) if output.status.success() => Some(Self(home)),
            why => {
                aloud(&format!("SKIPPED: no disk can be mounted here: {why:?}"));
                None
            }
        }
    }
}

impl Drop for SmallDisk<'_> {
    fn drop(&mut self) {
        let place = self.0.path(Self::PLACE);
        let ended = Command::new("umount").arg("-l").arg(place).status();
        assert!(ended.unwrap().success());
    }
}

/// W5: on a disk that is really full the old draft stays whole, and freeing space is all it takes.
#[test]
fn a_full_disk_costs_nothing() {
    let home = Home::new();
    let Some(_disk) = SmallDisk::mounted(&home) else {
        return;
    };
    home.write("data/drafts/a.md", saver::OLD);
    // One byte after the other, until nothing fits any more.
    let ballast = home.path("data/drafts/ballast");
    let mut file = std::fs::File::create(&ballast).unwrap();
    while std::io::Write::write_all(&mut file, &[0; 512]).is_ok() {}
    drop(file);

    let full = finished(&mut saver::command(&home, Order::Over));
    assert_eq!(full.code, 1, "{full:?}");
    for words in [
        "data/drafts/a.md",
        "No space left on device",
        "free some space",
    ] {
        assert!(full.stderr.contains(words), "{full:?}");
    }
    let run = home.run(&[
        "run",
        "blog-post",
        "-i",
        "topic=t",
        "--provider",
        "practice",
        "--save",
    ]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.contains("Sample: t") && !run.stderr.contains("saved"),
        "{run:?}"
    );
    assert_eq!(
        std::fs::read_to_string(home.path("data/drafts/a.md")).unwrap(),
        saver::OLD
    );
    assert_eq!(home.litter(), Vec::<String>::new());
    assert_eq!(home.drafts().len(), 1);

    std::fs::remove_file(&ballast).unwrap();
    let again = finished(&mut saver::command(&home, Order::Over));
    assert_eq!(again.code, 0, "{again:?}");
    let saved = std::fs::read_to_string(home.path("data/drafts/a.md")).unwrap();
    assert!(saved.ends_with(saver::NEW), "{saved}");
}

/// W5: in the studio a failed save is said with path and cause, the text stays and can be edited,
/// and once the cause is gone, the same key saves it.
#[test]
fn the_studio_keeps_the_text_of_a_failed_save() {
    let studio = Pty::start(&[], (120, 36), &[]).unwrap();
    studio.wait_for_text("Copydesk");
    studio.wait_for_text("Blog post");
    // Where the folder of drafts should be, a file is in the way.
    let place = studio.home().join("data/drafts");
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    std::fs::File::create(&place).unwrap();
    studio.keys("<alt+2>Words that stay.<ctrl+s>");
    let screen = studio.wait_for_text("cannot write");
    assert!(screen.contains("Words that stay."), "{screen}");
    assert!(
        screen.contains('●') && screen.contains("not saved"),
        "{screen}"
    );
    studio.keys(" And more.");
    studio.wait_for_text("Words that stay. And more.");
    std::fs::remove_file(&place).unwrap();
    studio.keys("<ctrl+s>");
    studio.wait_for_text("saved drafts/");
    let [path] = std::fs::read_dir(&place)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect::<Vec<_>>()
        .try_into()
        .unwrap();
    let saved = std::fs::read_to_string(path).unwrap();
    assert!(saved.ends_with("Words that stay. And more."), "{saved}");
}
