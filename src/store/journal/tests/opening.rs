//! Opening: made where missing, brought up to date, private, and refused when it is newer.

use super::*;
use crate::store::fingerprint;
use pretty_assertions::assert_eq;

fn raw(desk: &Desk) -> Connection {
    fs::create_dir_all(desk.folder()).unwrap();
    Connection::open(desk.path()).unwrap()
}

fn tables(db: &Connection) -> Vec<(String, String)> {
    let mut list = db
        .prepare("SELECT name, coalesce(sql, '') FROM sqlite_schema ORDER BY name")
        .unwrap();
    let rows = list.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_write_is_on_disk_when_it_returns() {
    let desk = Desk::new();
    let journal = desk.open();
    let pragma = |name: &str| {
        let value = journal
            .db
            .pragma_query_value(None, name, |row| row.get::<_, rusqlite::types::Value>(0));
        value.unwrap()
    };
    assert_eq!(pragma("journal_mode"), "wal".to_owned().into());
    assert_eq!(pragma("synchronous"), 2.into());
    assert_eq!(pragma("foreign_keys"), 1.into());
    assert_eq!(pragma("busy_timeout"), 15_000.into());
}

#[cfg(unix)]
#[test]
fn nobody_else_can_read_it() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    assert_eq!(mode(desk.folder()), 0o700);
    assert_eq!(
        desk.names(),
        [
            "journal.db",
            "journal.db-shm",
            "journal.db-wal",
            "journal.lock"
        ]
    );
    for name in desk.names() {
        assert_eq!(mode(desk.folder().join(&name)), 0o600, "{name}");
    }
    drop(journal);
    fs::set_permissions(desk.path(), fs::Permissions::from_mode(0o644)).unwrap();
    drop(desk.open());
    assert_eq!(mode(desk.path()), 0o600, "a loose one is tightened");
}

/// W8: a journal of every earlier schema is brought up to date with everything that is in it.
#[test]
fn a_journal_of_every_earlier_schema_is_brought_up_to_date() {
    let fresh = Desk::new();
    drop(fresh.open());
    let expected = tables(&raw(&fresh));
    for version in 0..=schema::CURRENT {
        let desk = Desk::new();
        let db = raw(&desk);
        schema::at_version(&db, version).unwrap();
        if version >= 1 {
            db.execute_batch(include_str!("schema-1.sql")).unwrap();
        }
        drop(db);
        let journal = desk.open();
        assert_eq!(tables(&journal.db), expected, "from {version}");
        assert_eq!(schema::version(&journal.db).unwrap(), schema::CURRENT);
        if version >= 1 {
            expect_rows_of_schema_1(&journal);
        }
        drop(journal);
        desk.open();
    }
}

fn expect_rows_of_schema_1(journal: &Journal) {
    let run = journal.run(run_id(7)).unwrap().expect("the run");
    assert_eq!(run.text, "Once upon a time");
    assert_eq!(
        run.record.brief.get("topic"),
        Some(&Value::Text("tea".into()))
    );
    assert_eq!(run.outcome, None);
    let kept = journal.buffers().unwrap();
    assert_eq!(kept[0].buffer.text, "Hello, world");
    assert_eq!((kept[0].buffer.cursor, kept[0].kept), (12, None));
    let versions = journal.versions("a-draft").unwrap();
    let text = journal.version(versions[0].id).unwrap().unwrap().text;
    assert_eq!(
        (versions[0].cause, text.as_str()),
        (Cause::Refine, "two words")
    );
    let values = journal.values("story", "topic", 9).unwrap();
    assert_eq!(values, [Value::Text("tea".into())]);
    assert_eq!(journal.uses().unwrap()[0].count, 3);
    let spent = journal.spending(at(-10)..at(10)).unwrap();
    assert_eq!((spent[0].usage.output, spent[0].cost), (20, 0.5));
    assert_eq!(journal.check().unwrap(), [""; 0]);
}

/// A shipped step is not edited: change a step only while no released program has taken it.
#[test]
fn a_step_that_has_shipped_is_never_edited() {
    let steps = schema::fingerprints(fingerprint);
    assert_eq!(
        steps[..],
        [
            "07145d28b86210647b564ac3bc1fd4cf466420e9411c719dc0e3c6fd575b84dd",
            "e35ef20e0210c2f10b6a18aea427d33084d2a64bf794b2e2e73b73448115287e",
            "a76035530a361bdae36410bd2956aba0d938f8a64e8ee67c727f5d69a0cbfc62",
            "0b4441078a55d1c86e562781fecae9c8a8d0344d9f26fd67f99bba50b6f97f68",
            "c972bfd1c3b30c076ff29a067a2aa09df21cd59f663fb1e6c8de8a93ef93e62a",
            "666c768d0887b6800173b574c3393d8bc6e6fa23c469de31c35ca618855a930a",
            "218cbf88dfb26a06b0c12b36091e34338c71570c764f838ed4c036ffa1d68151",
        ]
    );
}

/// W8: a journal of a later version is refused in one sentence and not a byte of it changes.
#[test]
fn a_newer_journal_is_refused_and_left_as_it_is() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    let newer = schema::CURRENT + 1;
    journal
        .db
        .pragma_update(None, "user_version", newer)
        .unwrap();
    // As it is after a kill: with a log that nobody has copied back yet.
    let desk = desk.killed();
    let bytes = |name: &str| fs::read(desk.folder().join(name)).unwrap();
    let before = (bytes("journal.db"), bytes("journal.db-wal"));
    let error = Journal::open(&desk.path()).unwrap_err();
    assert!(matches!(
        error,
        JournalError::Newer {
            found: 8,
            known: 7,
            ..
        }
    ));
    let sentence = error.to_string();
    assert!(sentence.contains("journal.db"), "{sentence}");
    assert!(sentence.contains("update Copydesk"), "{sentence}");
    assert!(before == (bytes("journal.db"), bytes("journal.db-wal")));
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_to_is_an_error_with_a_path() {
    let desk = Desk::new();
    fs::File::create(desk.folder()).unwrap();
    let error = Journal::open(&desk.path()).unwrap_err();
    assert!(matches!(error, JournalError::Prepare { .. }), "{error}");
    assert!(error.to_string().contains("data/journal"), "{error}");
}

#[test]
fn a_folder_reached_through_a_link_is_the_persons_choice() {
    let desk = Desk::new();
    let real = desk.home.path().join("elsewhere");
    fs::create_dir(&real).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&real, desk.folder()).unwrap();
    drop(desk.open());
    #[cfg(unix)]
    assert!(real.join("journal.db").is_file());
}

#[test]
fn what_a_kill_left_in_the_log_is_there_at_the_next_start() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    journal.put_buffer(&buffer(1, "typed")).unwrap();
    let after = desk.killed();
    let journal = after.open();
    assert!(journal.run(run_id(1)).unwrap().is_some());
    assert_eq!(journal.buffers().unwrap()[0].buffer.text, "typed");
}
