//! `copydesk edit FILE` in the real binary: what it opens, what it refuses, what a kill costs.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::store::atomic;
use copydesk::store::journal::Journal;
use pretty_assertions::assert_eq;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Arc;
use support::pty::Pty;
use support::studio::paths;
use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_copydesk");
const SIZE: (u16, u16) = (100, 30);

fn home() -> Arc<TempDir> {
    Arc::new(tempfile::tempdir().unwrap())
}

/// A file beside the folders of the studio.
fn file(home: &TempDir, name: &str, bytes: &[u8]) -> PathBuf {
    let path = home.path().join(name);
    atomic::save(&path, bytes).unwrap();
    path
}

fn edit(home: &Arc<TempDir>, path: &Path) -> Pty {
    let path = path.to_str().unwrap();
    let studio = Pty::start_at_home(Arc::clone(home), (PROGRAM, &["edit", path]), SIZE, &[]);
    studio.unwrap()
}

/// The verb without a terminal.
fn refused(home: &TempDir, arguments: &[&str]) -> (Option<i32>, String) {
    let Output { status, stderr, .. } = Command::new(PROGRAM)
        .args(arguments)
        .env_clear()
        .env("COPYDESK_HOME", home.path())
        .current_dir(home.path())
        .output()
        .unwrap();
    (status.code(), String::from_utf8(stderr).unwrap())
}

fn kill(mut studio: Pty) {
    let pid = rustix::process::Pid::from_raw(studio.pid().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    studio.exit_status();
}

#[test]
fn a_file_is_saved_in_its_place_with_the_edit_alone() {
    let home = home();
    let path = file(&home, "notes.txt", b"\xef\xbb\xbfone\r\ntwo");
    let mut studio = edit(&home, &path);
    studio.wait_for_text("two");
    studio.keys("Now <ctrl+s>").wait_for_text("saved notes.txt");
    studio.keys("<ctrl+q>");
    assert!(studio.exit_status().success());
    assert_eq!(std::fs::read(&path).unwrap(), b"\xef\xbb\xbfNow one\r\ntwo");
    let others = std::fs::read_dir(home.path()).unwrap().flatten();
    let mut names: Vec<_> = others.map(|found| found.file_name()).collect();
    names.sort();
    assert_eq!(names, ["data", "notes.txt", "state"]);
}

#[test]
fn what_is_typed_at_once_goes_into_the_file() {
    let home = home();
    let path = file(&home, "notes.txt", b"one\n");
    let studio = edit(&home, &path);
    studio.keys("xq ");
    studio.wait_for_text("xq one");
}

#[test]
fn a_link_is_written_through_and_stays_a_link() {
    let home = home();
    let real = file(&home, "real/notes.txt", b"one\n");
    let link = home.path().join("link.txt");
    symlink("real/notes.txt", &link).unwrap();
    let studio = edit(&home, &link);
    studio.wait_for_text("one");
    studio.keys("Z<ctrl+s>").wait_for_text("saved link.txt");
    assert!(link.is_symlink());
    assert_eq!(std::fs::read(real).unwrap(), b"Zone\n");
}

#[test]
fn a_change_by_another_program_is_followed() {
    let home = home();
    let path = file(&home, "notes.txt", b"one\n");
    let studio = edit(&home, &path);
    studio.wait_for_text("one");
    atomic::save(&path, b"two\n").unwrap();
    studio.wait_for_text("two");
    studio.keys("Mine.").wait_for_text("Mine.");
    atomic::save(&path, b"three\n").unwrap();
    studio.wait_for_text("keep both; yours gets a file beside it");
    assert_eq!(std::fs::read(&path).unwrap(), b"three\n");
}

#[test]
fn a_second_studio_on_the_file_is_told() {
    let home = home();
    let path = file(&home, "notes.txt", b"one\n");
    let first = edit(&home, &path);
    first.wait_for_text("one");
    first.keys("A").wait_for_text("Aone");
    let second = edit(&home, &path);
    second.wait_for_text("also open in another Copydesk");
}

/// W1, W4: of two unsaved texts a kill costs neither, and both are offered.
#[test]
fn two_unsaved_documents_come_back_after_a_kill() {
    let home = home();
    let path = file(&home, "notes.txt", b"one\n");
    let studio = edit(&home, &path);
    studio.wait_for_text("one");
    studio.keys("First ").wait_for_text("First one");
    studio
        .keys("<ctrl+n>Second text.")
        .wait_for_text("Second text.");
    let place = paths(studio.home()).journal;
    let kept = || {
        let buffers = Journal::open(&place).unwrap().journal.buffers().unwrap();
        let has = |text: &str| buffers.iter().any(|kept| kept.buffer.text == text);
        has("First one\n") && has("Second text.")
    };
    studio.wait_beside(kept, "both texts in the journal");
    kill(studio);
    let studio = Pty::start_at_home(Arc::clone(&home), (PROGRAM, &[]), SIZE, &[]).unwrap();
    studio.wait_for_text("Unsaved text was found");
    let screen = studio.screen();
    assert!(
        screen.contains("Second text.") && screen.contains("First one"),
        "{screen}"
    );
    studio.keys("<enter>").wait_for_text("brought back");
    studio
        .keys("<alt+r>")
        .wait_for_text("Unsaved text was found");
    studio.keys("<enter>").wait_for_text("+1 ●");
    studio.keys("<ctrl+o>notes").wait_for_text("> notes");
    studio.keys("<enter>").wait_for_text("First one");
    studio.keys("<ctrl+s>").wait_for_text("saved notes.txt");
    assert_eq!(std::fs::read(&path).unwrap(), b"First one\n");
}

#[test]
fn what_cannot_be_opened_is_told_and_nothing_is_drawn() {
    let home = home();
    let fifo = home.path().join("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&fifo)
            .status()
            .unwrap()
            .success()
    );
    std::fs::create_dir(home.path().join("folder")).unwrap();
    let big = std::fs::File::create(home.path().join("big")).unwrap();
    big.set_len(65 * 1024 * 1024).unwrap();
    for (named, told) in [
        ("folder", "is a folder"),
        ("folder/", "names no file"),
        ("pipe", "is a pipe"),
        ("big", "larger than"),
        ("no/such/file", "no/such"),
    ] {
        let (code, stderr) = refused(&home, &["edit", named]);
        assert!(
            code == Some(1) && stderr.contains(told),
            "{named}: {code:?} {stderr}"
        );
        assert!(
            stderr.starts_with("copydesk: ") && stderr.lines().count() == 1,
            "{stderr}"
        );
    }
    let (code, stderr) = refused(&home, &["edit"]);
    assert!(
        code == Some(2) && stderr.contains("Usage: copydesk edit"),
        "{stderr}"
    );
    file(&home, "fine.txt", b"one\n");
    let (code, stderr) = refused(&home, &["edit", "fine.txt"]);
    assert!(
        code == Some(2) && stderr.contains("needs a terminal"),
        "{stderr}"
    );
}
