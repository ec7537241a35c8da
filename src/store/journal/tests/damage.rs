//! Damage: whatever lies at the name of the journal, the program gets one that works, and not a
//! byte of what was there is gone.

use super::*;
use pretty_assertions::assert_eq;

/// A journal with enough in it to spread over many pages.
fn filled() -> Desk {
    let desk = Desk::new();
    let mut journal = desk.open_for_many();
    for number in 1..=60 {
        journal.begin(&record(number)).unwrap();
        journal
            .append(run_id(number), &"text ".repeat(500))
            .unwrap();
        let text = format!("{number} {}", "version ".repeat(900));
        journal.add_version(&checkpoint(&text, 0)).unwrap();
    }
    journal.put_buffer(&buffer(1, "unsaved")).unwrap();
    drop(journal);
    desk
}

/// Writes over a file without changing its name or length otherwise.
fn overwrite(desk: &Desk, change: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = fs::read(desk.path()).unwrap();
    change(&mut bytes);
    let mut file = fs::File::create(desk.path()).unwrap();
    std::io::Write::write_all(&mut file, &bytes).unwrap();
    bytes
}

/// Expects that a journal works and that what was there lies beside it, byte for byte.
fn expect_replaced(desk: &Desk, bytes: &[u8]) -> SetAside {
    let (mut journal, aside) = desk.replace();
    assert_eq!(fs::read(&aside.path).unwrap(), bytes);
    assert!(!aside.why.is_empty());
    let name = aside.path.file_name().unwrap().to_str().unwrap();
    assert!(name.starts_with("journal-damaged-2"), "{name}");
    journal.begin(&record(1_000)).unwrap();
    assert_eq!(journal.check().unwrap(), [""; 0]);
    drop(journal);
    assert!(desk.open().run(run_id(1_000)).unwrap().is_some());
    aside
}

/// W8: bytes that are no database are set aside whole, and a new journal works.
#[test]
fn random_bytes_are_set_aside_whole() {
    let desk = filled();
    let noise = |bytes: &mut Vec<u8>| {
        let mut state = 1_u32;
        for byte in bytes {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (state >> 24) as u8;
        }
    };
    let bytes = overwrite(&desk, noise);
    let aside = expect_replaced(&desk, &bytes);
    assert_eq!(aside.salvaged, Salvaged::default());
}

/// W8: a journal that was cut off is set aside, wherever the cut is.
#[test]
fn a_truncated_journal_is_set_aside() {
    for part in [1, 50, 100, 2_000] {
        let desk = filled();
        let bytes = overwrite(&desk, |bytes| {
            bytes.truncate(bytes.len() * part / 2_001 + 1);
        });
        expect_replaced(&desk, &bytes);
    }
}

/// W8: an empty file holds nothing that could be lost; a log beside it does.
#[test]
fn an_empty_file_is_a_new_journal_unless_it_has_a_log() {
    let desk = Desk::new();
    fs::create_dir(desk.folder()).unwrap();
    fs::File::create(desk.path()).unwrap();
    drop(desk.open());

    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    let desk = desk.killed();
    let log = fs::read(desk.folder().join("journal.db-wal")).unwrap();
    let bytes = overwrite(&desk, Vec::clear);
    let aside = expect_replaced(&desk, &bytes);
    let moved = format!("{}-wal", aside.path.display());
    assert!(!log.is_empty() && fs::read(moved).unwrap() == log);
}

/// W8: a database of another program is no journal, and is not made into one.
#[test]
fn the_database_of_another_program_is_set_aside() {
    let desk = Desk::new();
    fs::create_dir(desk.folder()).unwrap();
    let other = Connection::open(desk.path()).unwrap();
    other.execute_batch("CREATE TABLE runs (a)").unwrap();
    drop(other);
    let bytes = fs::read(desk.path()).unwrap();
    expect_replaced(&desk, &bytes);
}

/// W8: a journal that lost a table is one that lost something.
#[test]
fn a_journal_without_one_of_its_tables_is_set_aside_and_the_rest_saved() {
    let desk = filled();
    let db = Connection::open(desk.path()).unwrap();
    db.execute_batch("DROP TABLE uses").unwrap();
    drop(db);
    let (journal, aside) = desk.replace();
    assert_eq!(aside.salvaged.runs, 60);
    assert_eq!(journal.runs(100, None).unwrap().len(), 60);
}

/// W8: what is readable of a damaged journal is in the new one: runs, versions, unsaved work.
#[test]
fn what_is_readable_of_a_damaged_journal_is_saved() {
    let desk = filled();
    let whole = desk.open();
    let sql = "SELECT rootpage FROM sqlite_schema WHERE name = 'past_values'";
    let page: i64 = whole.db.query_row(sql, [], |row| row.get(0)).unwrap();
    let page = usize::try_from(page).unwrap();
    drop(whole);
    let bytes = overwrite(&desk, |bytes| {
        bytes[(page - 1) * 4096..page * 4096].fill(0xaa);
    });
    let (journal, aside) = desk.replace();
    assert_eq!(fs::read(&aside.path).unwrap(), bytes);
    let all = Salvaged {
        runs: 60,
        versions: 60,
        buffers: 1,
    };
    assert_eq!(aside.salvaged, all);
    let sentence = aside.to_string();
    assert!(
        sentence.contains(aside.path.to_str().unwrap()),
        "{sentence}"
    );
    assert!(
        sentence.contains("60 runs, 60 versions, 1 unsaved"),
        "{sentence}"
    );
    let run = journal.run(run_id(60)).unwrap().unwrap();
    assert_eq!((run.text, run.record), ("text ".repeat(500), record(60)));
    assert_eq!(journal.buffers().unwrap()[0].buffer, buffer(1, "unsaved"));
}

/// W8: a bad page in the middle is met later; the journal is then rebuilt from both its ends.
#[test]
fn a_bad_page_in_the_middle_is_met_later_and_mended() {
    let desk = filled();
    let whole = desk.open();
    let versions = whole.versions("a-draft").unwrap();
    drop(whole);
    // The leaf that holds the thirtieth version's row, found by its text.
    let bytes = overwrite(&desk, |bytes| {
        let row = b"30 version version".as_slice();
        let found = bytes.windows(row.len()).position(|part| part == row);
        let leaf = found.unwrap() / 4096;
        bytes[leaf * 4096..(leaf + 1) * 4096].fill(0xaa);
    });
    let journal = desk.open();
    let error = journal.version(versions[30].id).unwrap_err();
    assert!(matches!(error, JournalError::Damaged { .. }), "{error}");
    assert!(!journal.check().unwrap_or(vec!["bad".into()]).is_empty());
    let opened = journal.rebuild().unwrap();
    let aside = opened.set_aside.expect("it was damaged");
    assert_eq!(fs::read(&aside.path).unwrap(), bytes);
    let journal = opened.journal;
    assert_eq!(journal.check().unwrap(), [""; 0]);
    let saved = journal.versions("a-draft").unwrap();
    assert_eq!(saved.len(), aside.salvaged.versions);
    assert!((50..60).contains(&saved.len()), "{}", saved.len());
    assert_eq!(saved[0], versions[0], "the newest");
    assert_eq!(saved.last(), versions.last(), "the oldest");
    assert_eq!(aside.salvaged.runs, 60);
}

#[test]
fn a_sound_journal_is_not_rebuilt() {
    let desk = filled();
    let opened = desk.open().rebuild().unwrap();
    assert_eq!(opened.set_aside, None);
    assert_eq!(opened.journal.runs(100, None).unwrap().len(), 60);
}

/// Puts something that is no ordinary file at a path.
type Plant = fn(&Desk, PathBuf);

/// W12: a planted folder, link or pipe is moved out of the way; nothing is written through it.
#[cfg(unix)]
#[test]
fn what_is_planted_in_its_place_is_not_used() {
    let plants: [(&str, Plant); 4] = [
        ("folder", |_, at| fs::create_dir(at).unwrap()),
        ("link", |desk, at| {
            let target = desk.home.path().join("target");
            fs::File::create(&target).unwrap();
            std::os::unix::fs::symlink(target, at).unwrap();
        }),
        ("link", |desk, at| {
            let target = desk.home.path().join("nowhere");
            std::os::unix::fs::symlink(target, at).unwrap();
        }),
        ("pipe", |_, at| {
            let made = std::process::Command::new("mkfifo").arg(at).status();
            assert!(made.unwrap().success());
        }),
    ];
    for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
        for (kind, plant) in &plants {
            let desk = Desk::new();
            desk.open().begin(&record(5)).unwrap();
            let at = desk.folder().join(name);
            let _ = fs::remove_file(&at);
            plant(&desk, at);
            let (mut journal, aside) = desk.replace();
            assert!(aside.why.contains(kind), "{name}: {}", aside.why);
            journal.begin(&record(1)).unwrap();
            let known = journal.run(run_id(5)).unwrap().is_some();
            assert_eq!(known, name != "journal.db", "{kind} for {name}");
            drop(journal);
            assert!(desk.open().run(run_id(1)).unwrap().is_some());
            let target = desk.home.path().join("target");
            assert!(fs::read(target).unwrap_or_default().is_empty());
            assert!(!desk.home.path().join("nowhere").exists());
        }
    }
}

/// W12: a link in place of the lock is an error with its path.
#[cfg(unix)]
#[test]
fn a_planted_lock_is_refused() {
    let desk = Desk::new();
    fs::create_dir(desk.folder()).unwrap();
    let lock = desk.folder().join("journal.lock");
    std::os::unix::fs::symlink(desk.home.path().join("nowhere"), lock).unwrap();
    let error = Journal::open(&desk.path()).unwrap_err().to_string();
    assert!(error.contains("journal.lock"), "{error}");
    assert!(!desk.home.path().join("nowhere").exists());
}

/// W8: two in the same second do not overwrite each other.
#[test]
fn nothing_set_aside_is_overwritten_by_the_next() {
    let desk = Desk::new();
    let mut asides = Vec::new();
    for noise in [*b"first..", *b"second."] {
        drop(desk.open());
        fs::remove_file(desk.path()).unwrap();
        std::io::Write::write_all(&mut fs::File::create(desk.path()).unwrap(), &noise).unwrap();
        asides.push((desk.replace().1.path, noise));
    }
    for (path, noise) in asides {
        assert_eq!(fs::read(path).unwrap(), noise);
    }
}

/// W8: whoever has a journal open that another process sets aside is told, and goes on in the
/// new one.
#[cfg(unix)]
#[test]
fn a_journal_that_was_moved_takes_no_more_writes() {
    let desk = filled();
    let (mut one, other) = (desk.open(), desk.open());
    let aside = crate::store::journal::damage::replace(&other.place, "as if damaged".into());
    let aside = aside.unwrap().set_aside.unwrap();
    let before = fs::read(&aside.path).unwrap();
    let error = one.begin(&record(99)).unwrap_err();
    assert!(matches!(error, JournalError::Moved { .. }), "{error}");
    let opened = one.rebuild().unwrap();
    assert_eq!(opened.set_aside, None);
    let mut one = opened.journal;
    one.begin(&record(99)).unwrap();
    assert_eq!(desk.open().runs(100, None).unwrap().len(), 61);
    assert!(before == fs::read(&aside.path).unwrap());
    // And one that was removed.
    fs::remove_dir_all(desk.folder()).unwrap();
    let error = one.begin(&record(100)).unwrap_err();
    assert!(matches!(error, JournalError::Moved { .. }), "{error}");
    let mut one = one.rebuild().unwrap().journal;
    one.begin(&record(100)).unwrap();
}

/// W8: a kill between setting one journal aside and giving its name to the next loses neither.
#[test]
fn a_replacement_that_was_ready_takes_over_at_the_next_start() {
    let desk = filled();
    fs::rename(desk.path(), desk.folder().join("journal.rebuilt")).unwrap();
    assert_eq!(desk.open().runs(100, None).unwrap().len(), 60);
    assert_eq!(desk.names(), ["journal.db", "journal.lock"]);
}

/// W5: when the new journal cannot be made, the damaged one stays where it is.
#[test]
fn a_replacement_that_fails_leaves_the_damaged_one() {
    let desk = filled();
    let bytes = overwrite(&desk, |bytes| bytes[..4096].fill(7));
    let obstacle = desk.folder().join("journal.rebuilt");
    fs::create_dir(&obstacle).unwrap();
    let error = Journal::open(&desk.path()).unwrap_err().to_string();
    assert!(error.contains("journal.rebuilt"), "{error}");
    assert!(fs::read(desk.path()).unwrap() == bytes);
    fs::remove_dir(&obstacle).unwrap();
    expect_replaced(&desk, &bytes);
}
