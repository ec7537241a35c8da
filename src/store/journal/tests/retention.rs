//! Retention: what goes, what stays, and that nothing goes by itself.

use super::*;
use pretty_assertions::assert_eq;

const DAY: i64 = 24 * 3_600_000;

/// W4: what was put off is there for thirty days; what was not put off never goes by itself.
#[test]
fn a_buffer_that_was_put_off_stays_for_thirty_days() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.put_buffer(&buffer(1, "later")).unwrap();
    journal.put_buffer(&buffer(2, "open")).unwrap();
    journal.keep_for_later(buffer(1, "").id, at(0)).unwrap();
    let pruned = journal.prune(at(KEPT_BUFFER_DAYS * DAY)).unwrap();
    assert_eq!(pruned, Pruned::default());
    assert_eq!(journal.buffers().unwrap().len(), 2);
    let pruned = journal.prune(at(KEPT_BUFFER_DAYS * DAY + 1)).unwrap();
    assert_eq!(pruned.buffers, 1);
    let left = journal.buffers().unwrap();
    assert_eq!((left.len(), left[0].buffer.text.as_str()), (1, "open"));
}

#[test]
fn many_versions_are_thinned_and_their_space_given_back() {
    let desk = Desk::new();
    let mut journal = desk.open_for_many();
    for number in 0..400 {
        let text = format!("{number} {}", "words ".repeat(2_000));
        journal.add_version(&checkpoint(&text, number)).unwrap();
    }
    let pages = |journal: &Journal| -> i64 {
        let count = journal
            .db
            .pragma_query_value(None, "page_count", |row| row.get(0));
        count.unwrap()
    };
    let before = pages(&journal);
    let pruned = journal.prune(at(1_000)).unwrap();
    let list = journal.versions("a-draft").unwrap();
    assert_eq!(pruned.versions + list.len(), 400);
    assert!((201..=202).contains(&list.len()), "{}", list.len());
    assert_eq!(list[0].at, at(399));
    assert!(pages(&journal) < before * 2 / 3);
}

#[test]
fn the_newest_runs_stay_and_spending_for_good() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=3 {
        journal.begin(&record(number)).unwrap();
        journal.append(run_id(number), "text").unwrap();
    }
    journal.finish(run_id(1), &outcome(0)).unwrap();
    // As if the third had been begun after very many others.
    let shift = "UPDATE runs SET number = number + 20000 WHERE id = ?1";
    journal
        .db
        .execute("DELETE FROM pieces WHERE run = 3", [])
        .unwrap();
    journal.db.execute(shift, [run_id(3).to_string()]).unwrap();
    let pruned = journal.prune(at(0)).unwrap();
    assert_eq!(pruned.runs, 3 - 1);
    assert_eq!(journal.run(run_id(2)).unwrap(), None);
    assert!(journal.run(run_id(3)).unwrap().is_some());
    assert_eq!(journal.spending(at(0)..at(99)).unwrap()[0].runs, 1);
    assert_eq!(journal.check().unwrap(), [""; 0]);
}
