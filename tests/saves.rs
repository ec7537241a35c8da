//! Saving, watched from outside: the order of calls, what readers see, what happens to files that
//! others change, and many processes at once.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::draft::Draft;
use copydesk::store::{StoreError, drafts};
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Instant;
use support::aloud;
use support::cli::{Home, ran};
use support::saver::{self, Order};
use support::strace::{self, Call};

/// A process that saves when one of the tests below starts it; otherwise nothing.
#[test]
fn saver() {
    saver::obey();
}

/// The whole of what takes long, when somebody asks for it.
fn long(short: usize, whole: usize) -> usize {
    match std::env::var_os("COPYDESK_LONG") {
        Some(_) => whole,
        None => short,
    }
}

// --- the order of calls -----------------------------------------------------------------------

const RUN: [&str; 6] = [
    "run",
    "blog-post",
    "-i",
    "topic=Kettle",
    "--provider",
    "practice",
];

/// The place of the only call that fits.
fn only(calls: &[Call], name: &str, words: &[&str]) -> usize {
    let fitting: Vec<usize> = (0..calls.len())
        .filter(|at| calls[*at].is(name, words))
        .collect();
    assert_eq!(fitting.len(), 1, "{name} with {words:?}: {calls:#?}");
    fitting[0]
}

/// Asserts that a save created, wrote, synced, renamed and synced the folder before it said so,
/// and returns the places of the renaming and of the word.
fn in_order(calls: &[Call], renamed: &str) -> (usize, usize) {
    let temporary = ".copydesk-";
    let created = only(calls, "openat", &[temporary, "O_CREAT"]);
    for word in ["O_EXCL", "O_NOFOLLOW", "O_CLOEXEC", "0600"] {
        assert!(calls[created].rest.contains(word), "{:?}", calls[created]);
    }
    let written = only(calls, "write", &[temporary]);
    let synced = only(calls, "fsync", &[temporary]);
    let renaming = only(calls, "renameat2", &[temporary, renamed, "= 0"]);
    let durable = (renaming..calls.len()).find(|at| {
        calls[*at].is("fsync", &["/data/drafts>", "= 0"])
            || calls[*at].is("fsync", &["/home>", "= 0"])
    });
    let told = only(calls, "write", &["\"saved "]);
    let order = [created, written, synced, renaming, durable.unwrap(), told];
    assert!(order.is_sorted(), "{order:?}: {calls:#?}");
    (renaming, told)
}

/// W2: a new draft is whole and durable before "saved" is said.
#[test]
fn a_new_draft_is_synced_before_saved_is_said() {
    if !strace::works() {
        return;
    }
    let home = Home::new();
    home.write("data/drafts/other.md", "");
    let command = home.command(&[&RUN as &[&str], &["--save"]].concat());
    let (ran, calls) = strace::trace(&command, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    in_order(&calls, "RENAME_NOREPLACE");
    assert_eq!(
        (home.drafts().len(), home.litter()),
        (2, Vec::<String>::new())
    );
}

/// W2: an old file trades places with the new one, whole, with its mode, through a chain of links.
#[test]
fn an_old_file_is_replaced_in_order_and_keeps_its_mode() {
    if !strace::works() {
        return;
    }
    let home = Home::new();
    let path = home.write("home/notes.md", "old");
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o640)).unwrap();
    std::os::unix::fs::symlink("home/notes.md", home.path("second.md")).unwrap();
    std::os::unix::fs::symlink("second.md", home.path("first.md")).unwrap();
    let command = home.command(&[&RUN as &[&str], &["-o", "first.md"]].concat());
    let (ran, mut calls) = strace::trace(&command, &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    // The copy of the old text has a life of its own.
    calls.retain(|call| !call.rest.contains("/trash"));
    let (renaming, told) = in_order(&calls, "RENAME_EXCHANGE");
    let granted = only(&calls, "fchmod", &[".copydesk-", "0640"]);
    assert!(
        granted < only(&calls, "fsync", &[".copydesk-"]),
        "{calls:#?}"
    );
    let removed = only(&calls, "unlinkat", &[".copydesk-", "= 0"]);
    assert!(renaming < removed && removed < told, "{calls:#?}");
    assert!(home.path("first.md").is_symlink() && home.path("second.md").is_symlink());
    assert!(
        std::fs::read_to_string(&path)
            .unwrap()
            .starts_with("# Sample: ")
    );
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
}

/// W2: a folder that a save had to make lasts, too: its own folder is synced.
#[test]
fn a_folder_that_was_missing_is_synced_into_its_own() {
    if !strace::works() {
        return;
    }
    let home = Home::new();
    let library = home.path("lib").display().to_string();
    let args = [&["--library", &library] as &[&str], &RUN, &["--save"]].concat();
    let (ran, calls) = strace::trace(&home.command(&args), &[]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for made in ["lib", "lib/drafts"] {
        let path = home.path(made);
        let name = format!("{:?}", path.file_name().unwrap());
        let folder = format!("{}>", path.parent().unwrap().display());
        let made = only(&calls, "mkdirat", &[&name, "= 0"]);
        let synced = (made..calls.len()).find(|at| calls[*at].is("fsync", &[&folder, "= 0"]));
        assert!(synced.is_some(), "{folder}: {calls:#?}");
    }
}

/// W2: a reader in a tight loop sees only whole files, and always one.
#[test]
fn a_reader_sees_only_whole_files_during_many_saves() {
    let home = Home::new();
    let notes = home.write("notes.md", &"z".repeat(100_000));
    let mut child = saver::command(&home, Order::Often(long(300, 2000)))
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let (mut reads, mut seen) = (0, BTreeSet::new());
    while child.try_wait().unwrap().is_none() {
        let bytes = std::fs::read(&notes).unwrap();
        assert_eq!(bytes.len(), 100_000, "after {reads} reads");
        assert!(
            bytes.iter().all(|byte| *byte == bytes[0]),
            "after {reads} reads"
        );
        seen.insert(bytes[0]);
        reads += 1;
    }
    assert!(child.wait().unwrap().success());
    assert!(reads > 100 && seen.len() > 10, "{reads} reads saw {seen:?}");
    assert_eq!(home.litter(), Vec::<String>::new());
}

// --- changed outside --------------------------------------------------------------------------

/// W6: the content decides, not the time and not the size.
#[test]
fn a_change_with_the_same_time_and_size_is_not_overwritten() {
    let home = Home::new();
    let path = home.write("data/drafts/a.md", "one text");
    let paths = saver::paths(&home.path(""));
    let mut opened = drafts::open(&paths, &path).unwrap();
    let time = std::fs::metadata(&path).unwrap().modified().unwrap();
    home.write("data/drafts/a.md", "two text");
    let file = std::fs::File::open(&path).unwrap();
    file.set_modified(time).unwrap();
    opened.draft.set_body("my text");
    let told = drafts::save(&paths, &path, &opened.draft, Some(&opened.hash)).unwrap_err();
    assert!(matches!(told, StoreError::ChangedOutside { .. }), "{told}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "two text");
    assert_eq!(home.litter(), Vec::<String>::new());
}

/// W6: a new time alone is no change.
#[test]
fn a_touched_file_is_saved_without_a_question() {
    let home = Home::new();
    let path = home.write("data/drafts/a.md", "one text");
    let paths = saver::paths(&home.path(""));
    let mut opened = drafts::open(&paths, &path).unwrap();
    std::fs::File::open(&path)
        .unwrap()
        .set_modified(std::time::UNIX_EPOCH)
        .unwrap();
    opened.draft.set_body("my text");
    drafts::save(&paths, &path, &opened.draft, Some(&opened.hash)).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "my text");
}

/// W6: of several processes that change one draft, none overwrites what another has saved.
#[test]
fn no_update_is_lost_between_processes() {
    let home = Home::new();
    let path = home.write("data/drafts/a.md", "---\ntitle: Log\n---\n\n");
    let (writers, lines) = (4, long(25, 200));
    let children: Vec<Child> = (0..writers)
        .map(|_| {
            saver::command(&home, Order::Append(lines))
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let draft = Draft::parse(&std::fs::read_to_string(&path).unwrap());
    let distinct: BTreeSet<&str> = draft.body().lines().collect();
    assert_eq!(
        (draft.body().lines().count(), distinct.len()),
        (writers * lines, writers * lines)
    );
    assert_eq!(home.litter(), Vec::<String>::new());
}

/// W6: nor what another program writes after the last look, just before the names are traded.
#[test]
fn a_change_at_the_last_moment_is_not_overwritten() {
    if !strace::works() {
        return;
    }
    let home = Home::new();
    let path = home.write("data/drafts/a.md", saver::OLD);
    let command = saver::command(&home, Order::Over);
    let late = "inject=renameat2:delay_enter=1000000:when=1";
    let ran = std::thread::scope(|scope| {
        let saving = scope.spawn(|| strace::trace(&command, &["-e", late]).0);
        // The new file is being written: the old one has been looked at.
        while home.litter().is_empty() && !saving.is_finished() {
            std::thread::yield_now();
        }
        home.write("data/drafts/a.md", "Theirs.\n");
        saving.join().unwrap()
    });
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("changed outside"), "{ran:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "Theirs.\n");
    assert_eq!(home.litter(), Vec::<String>::new());
}

/// W6: a file that goes away is written again; nothing else was there to overwrite.
#[test]
fn a_draft_deleted_outside_is_written_again() {
    let home = Home::new();
    let path = home.write("data/drafts/a/b.md", "text");
    let paths = saver::paths(&home.path(""));
    let opened = drafts::open(&paths, &path).unwrap();
    std::fs::remove_dir_all(home.path("data/drafts/a")).unwrap();
    drafts::save(&paths, &path, &opened.draft, Some(&opened.hash)).unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "text");
}

// --- many processes ---------------------------------------------------------------------------

/// W7: many processes that save at once give every draft, under names of their own.
#[test]
fn parallel_processes_save_every_draft_under_its_own_name() {
    let home = Home::new();
    let (workers, times) = (long(16, 64), long(10, 50));
    let start = Instant::now();
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                for _ in 0..times {
                    let command =
                        &mut home.command(&[&RUN as &[&str], &["--save", "--json"]].concat());
                    let ran = ran(&command.output().unwrap());
                    let path = ran.json()["path"].as_str().map(ToOwned::to_owned);
                    assert_eq!(ran.code, 0, "{ran:?}");
                    assert!(Path::new(&path.unwrap()).is_file());
                }
            });
        }
    });
    let drafts = home.drafts();
    let mut ids = BTreeSet::new();
    for path in &drafts {
        let draft = Draft::parse(&std::fs::read_to_string(path).unwrap());
        assert!(
            draft.problem().is_none() && draft.body().starts_with("# Sample: "),
            "{path:?}"
        );
        ids.insert(draft.provenance().unwrap().id.clone());
    }
    let seconds = start.elapsed().as_secs_f64();
    aloud(&format!(
        "{workers} processes x {times} saves: {seconds:.1} s"
    ));
    assert_eq!(
        (drafts.len(), ids.len()),
        (workers * times, workers * times)
    );
    assert_eq!(
        home.everything().len(),
        workers * times,
        "{:?}",
        home.litter()
    );
}

/// W7: whoever is killed in the middle of a save leaves no lock, and litter only until the next.
#[test]
fn a_killed_saver_leaves_nothing_to_clean_up() {
    let home = Home::new();
    let notes = home.write("notes.md", &"z".repeat(100_000));
    for round in 0..long(20, 200) {
        let mut child = saver::command(&home, Order::Often(10_000))
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        // Any moment will do; this one is in the middle of its saves, and another every time.
        let (mut changes, mut last) = (0, std::fs::read(&notes).unwrap()[0]);
        while changes <= round % 7 {
            let first = std::fs::read(&notes).unwrap()[0];
            changes += usize::from(first != last);
            last = first;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let bytes = std::fs::read(&notes).unwrap();
        assert!(bytes.len() == 100_000 && bytes.iter().all(|byte| *byte == bytes[0]));
    }
    let ran = ran(&saver::command(&home, Order::Replace).output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(std::fs::read_to_string(&notes).unwrap(), saver::NOTES);
    assert_eq!(home.everything(), ["notes.md"]);
}
