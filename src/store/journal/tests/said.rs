//! Runs by what they say: found by words of text and brief, whoever wrote them, and gone with them.

use super::*;
use crate::domain::query::Query;
use jiff::Timestamp;
use pretty_assertions::assert_eq;

fn kept(journal: &mut Journal, number: u128, text: &str) {
    journal.begin(&record(number)).unwrap();
    journal.append(run_id(number), text).unwrap();
    journal.finish(run_id(number), &outcome(5)).unwrap();
}

fn found(journal: &Journal, typed: &str) -> Vec<RunId> {
    let said = journal.said(&Query::parse(typed), None, 50).unwrap();
    said.into_iter().map(|said| said.id).collect()
}

#[test]
fn runs_are_found_by_their_words_newest_first() {
    let desk = Desk::new();
    let mut journal = desk.open();
    kept(&mut journal, 1, "One Café\nwhere kettles sing");
    kept(&mut journal, 2, "The Kettle sank");
    let none: [RunId; 0] = [];
    assert_eq!(found(&journal, "kettle"), [run_id(2), run_id(1)]);
    assert_eq!(found(&journal, "Kettle"), [run_id(2)]);
    assert_eq!(found(&journal, "kettle cafe"), [run_id(1)]);
    assert_eq!(found(&journal, "\"kettles sing\""), [run_id(1)]);
    assert_eq!(found(&journal, "\"sing kettles\""), none);
    assert_eq!(found(&journal, "settle"), none);
    for odd in [
        "\"",
        "*",
        "kettle*",
        "NEAR(",
        "-kettle",
        "text:kettle",
        "AND OR",
        "a\0b",
        "^",
    ] {
        found(&journal, odd);
    }
    let said = journal.said(&Query::parse("sing"), None, 9).unwrap();
    let place = said[0].place.as_ref().unwrap();
    assert_eq!((place.line, place.text.as_str()), (2, "where kettles sing"));
}

#[test]
fn fields_narrow_runs_with_words_and_without() {
    let desk = Desk::new();
    let mut journal = desk.open();
    kept(&mut journal, 1, "kettle");
    let record = record(1);
    let model = &record.request.model;
    let template = record.template.clone().unwrap_or_default();
    let none: [RunId; 0] = [];
    assert_eq!(found(&journal, &format!("model:{model}")), [run_id(1)]);
    assert_eq!(
        found(&journal, &format!("template:{template} kettle")),
        [run_id(1)]
    );
    assert_eq!(found(&journal, "model:nobody kettle"), none);
    assert_eq!(found(&journal, "tag:x kettle"), none);
    let late = journal.said(&Query::parse("kettle"), Some(Timestamp::MAX), 9);
    assert_eq!(late.unwrap(), []);
}

#[test]
fn what_has_not_ended_or_is_gone_is_not_found_and_the_index_stays_sound() {
    let desk = Desk::new();
    let mut journal = desk.open();
    kept(&mut journal, 1, "kettle");
    journal.begin(&record(2)).unwrap();
    journal.append(run_id(2), "kettle").unwrap();
    assert_eq!(found(&journal, "kettle"), [run_id(1)]);
    journal.conclude(run_id(2), " boils", &outcome(6)).unwrap();
    assert_eq!(found(&journal, "boils"), [run_id(2)]);
    let gone = "DELETE FROM runs WHERE id = ?1";
    journal.db.execute(gone, [run_id(1).to_string()]).unwrap();
    assert_eq!(found(&journal, "kettle"), [run_id(2)]);
    let sound = "INSERT INTO said (said, rank) VALUES ('integrity-check', 1)";
    journal.db.execute(sound, []).unwrap();
    assert_eq!(journal.check().unwrap(), [""; 0]);
}

/// What an earlier Copydesk wrote is found as well, and so is what a damaged journal gave back.
#[test]
fn runs_of_an_earlier_schema_and_of_a_damaged_journal_are_found() {
    let desk = Desk::new();
    let db = Connection::open({
        fs::create_dir_all(desk.folder()).unwrap();
        desk.path()
    })
    .unwrap();
    schema::at_version(&db, 6).unwrap();
    let older =
        "INSERT INTO runs (id, session, at, purpose, provider, model, params, ended, ending,
        brief, examples, user, text) VALUES (?1, ?2, 5, 'generate', 'p', 'm', '{}', 6,
        '\"stopped\"', '{\"topic\":\"tea\"}', '[]', 'u', 'An older kettle')";
    let ids = [run_id(7).to_string(), run_id(8).to_string()];
    db.execute(older, ids).unwrap();
    drop(db);
    let mut journal = desk.open();
    assert_eq!(found(&journal, "kettle"), [run_id(7)]);
    assert_eq!(found(&journal, "tea"), [run_id(7)]);
    kept(&mut journal, 9, "A newer kettle");
    journal.db.execute_batch("DROP TABLE uses").unwrap();
    drop(journal);
    let (journal, _) = desk.replace();
    assert_eq!(found(&journal, "kettle"), [run_id(9), run_id(7)]);
}
