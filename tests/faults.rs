//! Failing calls and full disks: every call that a save makes fails once, for every reason there
//! is, and each time the old file is whole, nothing lies about, and nobody says "saved".

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use std::process::Command;
use support::cli::{Home, Ran, ran};
use support::pty::Pty;
use support::saver::{self, Order};
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
            let folder = home.path(self.path);
            let folder = folder.parent().unwrap().to_str().unwrap();
            assert!(told.contains(folder) && told.contains(cause), "{told}");
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
            // The short form lets each call fail for two reasons, and all reasons have their turn.
            let errors =
                (0..if all { 6 } else { 2 }).map(|more| ERRORS[(at + 3 * more) % 6 + more / 2 % 1]);
            for (error, words) in errors {
                let home = case.home();
                let fault = format!("inject={}:error={error}:when={number}", call.name);
                let command = saver::command(&home, case.order);
                let (ran, calls) = strace::trace(&command, &["-e", &fault]);
                let hit = calls.iter().any(|call| call.rest.contains("(INJECTED)"));
                assert!(hit, "{fault} hit nothing");
                eprintln!("{:?} {fault}: {}", case.order, ran.code);
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
