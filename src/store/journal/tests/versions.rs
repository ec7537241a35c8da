//! Versions: listed with time and cause, read back whole, bounded.

use super::*;
use pretty_assertions::assert_eq;
use std::path::Path;

/// W10: every version of a draft is listed with its time and cause, and comes back whole.
#[test]
fn versions_are_listed_newest_first_and_come_back_whole() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let path = Path::new("/drafts/a.md");
    let first = Checkpoint {
        path: Some(path),
        cause: Cause::Generation,
        ..checkpoint("one\0 😀\r\n", 1)
    };
    journal.add_version(&first).unwrap();
    journal.add_version(&checkpoint("one two", 2)).unwrap();
    let other = Checkpoint {
        key: "another",
        ..checkpoint("other", 3)
    };
    journal.add_version(&other).unwrap();
    drop(journal);
    let journal = desk.open();
    let list = journal.versions("a-draft").unwrap();
    let told: Vec<_> = list
        .iter()
        .map(|line| (line.at, line.cause, line.words, line.bytes))
        .collect();
    assert_eq!(
        told,
        [
            (at(2), Cause::Save, 2, 7),
            (at(1), Cause::Generation, 1, 11)
        ]
    );
    assert_eq!(list[1].path.as_deref(), Some(path));
    let version = journal.version(list[1].id).unwrap().unwrap();
    assert_eq!(
        (version.key.as_str(), version.text.as_str()),
        ("a-draft", first.text)
    );
    assert_eq!(version.headline, list[1]);
    assert_eq!(journal.version(VersionId(99)).unwrap(), None);
    assert_eq!(journal.versions("none").unwrap(), []);
}

#[test]
fn the_newest_text_is_not_stored_again_but_an_older_one_is() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let first = journal.add_version(&checkpoint("a", 1)).unwrap();
    assert_eq!(journal.add_version(&checkpoint("a", 2)).unwrap(), first);
    let second = journal.add_version(&checkpoint("b", 3)).unwrap();
    let third = journal.add_version(&checkpoint("a", 4)).unwrap();
    let ids: Vec<_> = journal.versions("a-draft").unwrap();
    let ids: Vec<_> = ids.iter().map(|line| line.id).collect();
    assert_eq!(ids, [third, second, first]);
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_text_comes_back_byte_for_byte() {
    use std::os::unix::ffi::OsStrExt;
    let desk = Desk::new();
    let mut journal = desk.open();
    let path = Path::new(std::ffi::OsStr::from_bytes(b"/drafts/\xff.md"));
    let odd = Checkpoint {
        path: Some(path),
        ..checkpoint("a", 1)
    };
    journal.add_version(&odd).unwrap();
    let list = journal.versions("a-draft").unwrap();
    assert_eq!(list[0].path.as_deref(), Some(path));
}

#[test]
fn all_versions_together_stay_within_the_bound() {
    let desk = Desk::new();
    let mut journal = desk.open_for_many();
    let quiet = Checkpoint {
        key: "quiet",
        ..checkpoint("kept", 0)
    };
    journal.add_version(&quiet).unwrap();
    for number in 0..=8 {
        let text = number.to_string().repeat(8 * 1024 * 1024);
        journal.add_version(&checkpoint(&text, number)).unwrap();
    }
    let list = journal.versions("a-draft").unwrap();
    let bytes: u64 = list.iter().map(|line| line.bytes).sum();
    assert!(bytes <= MAX_VERSION_BYTES, "{bytes}");
    assert_eq!((list.len(), list[0].at), (7, at(8)));
    assert_eq!(
        journal.versions("quiet").unwrap().len(),
        1,
        "its newest stays"
    );
}

#[test]
fn the_versions_of_a_file_without_an_id_follow_it_to_another_place() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let of = |key, text, millis| Checkpoint {
        key,
        ..checkpoint(text, millis)
    };
    journal.add_version(&of("/t/a.md", "one", 1)).unwrap();
    journal.add_version(&of("/t/a.md", "two", 2)).unwrap();
    journal.add_version(&of("/t/c.md", "three", 3)).unwrap();
    let (from, to) = (Path::new("/t/a.md"), Path::new("/t/b.md"));
    journal.move_versions(from, to).unwrap();
    let counts = ["/t/a.md", "/t/b.md", "/t/c.md"].map(|key| journal.versions(key).unwrap().len());
    assert_eq!(counts, [0, 2, 1]);
}
