//! Killing: a process that is killed at any moment leaves everything that it told of on disk.

use super::*;
use pretty_assertions::assert_eq;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};

/// Tells a child of this test binary which journal to type into.
const JOURNAL: &str = "COPYDESK_TEST_TYPIST";
/// What stands before the number of changes that are on disk.
const TOLD: &str = "on disk: ";

/// What the child types, which must be recognised when half of it is there.
fn letter(number: usize) -> char {
    char::from(b'a' + u8::try_from(number * 7 % 26).unwrap())
}

/// What the process of the test below does; alone it does nothing.
#[test]
fn a_typist_who_never_stops() {
    let Ok(path) = std::env::var(JOURNAL) else {
        return;
    };
    let mut journal = Journal::open(path.as_ref()).unwrap().journal;
    journal.begin(&record(1)).unwrap();
    journal.put_buffer(&buffer(1, "")).unwrap();
    for number in 0..100_000 {
        let mut bytes = [0; 4];
        let typed = Patch {
            start: number as u64,
            removed: 0,
            inserted: letter(number).encode_utf8(&mut bytes),
            cursor: number as u64 + 1,
            at: at(1),
        };
        journal.append(run_id(1), typed.inserted).unwrap();
        journal.patch_buffer(buffer(1, "").id, &typed).unwrap();
        println!("{TOLD}{}", number + 1);
    }
}

/// Starts a typist, kills it once it has told of so many changes, and returns the last it told.
fn type_and_kill(desk: &Desk, changes: usize) -> usize {
    let mut typist = Command::new(std::env::current_exe().unwrap())
        .args([
            "--exact",
            "store::journal::tests::killing::a_typist_who_never_stops",
        ])
        .arg("--nocapture")
        .env(JOURNAL, desk.path())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let said = BufReader::new(typist.stdout.take().unwrap());
    let mut told = 0;
    let mut killed = false;
    for line in said.lines() {
        let line = line.unwrap();
        if let Some((_, number)) = line.split_once(TOLD) {
            told = number.parse().unwrap();
        }
        if told >= changes && !killed {
            typist.kill().unwrap();
            killed = true;
        }
    }
    assert!(!typist.wait().unwrap().success() && killed);
    told
}

/// W1: killed at any instant, nothing that was told to be on disk is lost, and what is there is
/// a beginning of what was typed. W3: the same for an answer as it streams.
#[test]
fn a_kill_at_any_instant_loses_nothing_that_was_told() {
    for round in 0..12 {
        let desk = Desk::new();
        let told = type_and_kill(&desk, 1 + round * 5);
        let journal = desk.open();
        let kept = journal.buffers().unwrap();
        let streamed = journal.run(run_id(1)).unwrap().unwrap();
        assert_eq!(streamed.outcome, None);
        for text in [&kept[0].buffer.text, &streamed.text] {
            assert!(text.len() >= told, "{} of {told}", text.len());
            let typed: String = (0..text.len()).map(letter).collect();
            assert_eq!(text, &typed);
        }
        assert_eq!(journal.check().unwrap(), [""; 0]);
    }
}
