//! Retention: what goes, what stays, and that nothing goes by itself.

use super::*;
use crate::store::journal::retention::{self, Weighed};
use pretty_assertions::assert_eq;
use std::time::Duration;

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

#[test]
fn a_run_with_a_star_is_never_let_go_of_for_its_age_or_weight() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=4 {
        journal.begin(&record(number)).unwrap();
        journal.append(run_id(number), "text").unwrap();
    }
    journal.star_run(run_id(1), Some(at(5))).unwrap();
    journal.star_run(run_id(2), Some(at(5))).unwrap();
    let starred = |journal: &Journal| -> Vec<bool> {
        let runs = journal.runs(9, None).unwrap();
        runs.iter().map(|run| run.starred).collect()
    };
    assert_eq!(starred(&journal), [false, false, true, true]);
    assert!(journal.run(run_id(1)).unwrap().unwrap().starred);
    journal.star_run(run_id(2), None).unwrap();
    // As if the last had been begun after very many others.
    journal
        .db
        .execute("DELETE FROM pieces WHERE run = 4", [])
        .unwrap();
    let shift = "UPDATE runs SET number = number + 20000 WHERE id = ?1";
    journal.db.execute(shift, [run_id(4).to_string()]).unwrap();
    assert_eq!(journal.prune(at(0)).unwrap().runs, 2);
    assert_eq!(starred(&journal), [false, true]);
    let heavy = journal.write(|db| retention::drop_surplus(db, Some(20_004)));
    assert_eq!((heavy.unwrap(), starred(&journal)), (0, vec![false, true]));
}

/// What was thought is text as well, and no step looks at more than a few runs.
#[test]
fn runs_have_a_bound_in_bytes() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=10 {
        journal.begin(&record(number)).unwrap();
        journal.append(run_id(number), &"x".repeat(500)).unwrap();
        journal
            .keep_reasoning(run_id(number), &"y".repeat(500))
            .unwrap();
    }
    let weigh = |journal: &Journal, limit| {
        let (mut weighed, mut counts) = (Weighed::default(), Vec::new());
        loop {
            let count = journal.read(|db| retention::weigh(db, limit, &mut weighed));
            counts.push(count.unwrap());
            if counts.last() != Some(&3) {
                return (weighed, counts);
            }
        }
    };
    let (weighed, counts) = weigh(&journal, 2_900);
    assert_eq!(counts, [0]);
    let gone = |journal: &mut Journal, weighed: Weighed| {
        let gone = journal.write(|db| retention::drop_surplus(db, weighed.surplus));
        gone.unwrap()
    };
    let gone_in_steps = [(); 4].map(|()| gone(&mut journal, weighed));
    assert_eq!(gone_in_steps, [3, 3, 2, 0]);
    assert_eq!(journal.run(run_id(8)).unwrap(), None);
    assert!(journal.run(run_id(9)).unwrap().is_some());
    for number in 11..=18 {
        journal.begin(&record(number)).unwrap();
    }
    let (weighed, counts) = weigh(&journal, u64::MAX);
    assert_eq!((weighed.surplus, counts), (None, vec![3, 3, 3, 1]));
    assert_eq!(gone(&mut journal, weighed), 0);
    let (weighed, _) = weigh(&journal, 0);
    let all = [(); 4].map(|()| gone(&mut journal, weighed));
    assert_eq!(all, [3, 3, 3, 0], "the newest stays");
    assert!(journal.run(run_id(18)).unwrap().is_some());
}

/// A draft that never got a file leads nobody to its versions.
#[test]
fn versions_of_drafts_without_a_file_go_with_time() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let path = std::path::Path::new("/drafts/a.md");
    let saved = Checkpoint {
        path: Some(path),
        key: "saved",
        ..checkpoint("a", 0)
    };
    journal.add_version(&saved).unwrap();
    journal.add_version(&checkpoint("b", 0)).unwrap();
    let open = buffer(1, "c");
    journal.put_buffer(&open).unwrap();
    let key = open.id.to_string();
    let edited = Checkpoint {
        key: &key,
        ..checkpoint("c", 0)
    };
    journal.add_version(&edited).unwrap();
    let count = |journal: &Journal, key: &str| journal.versions(key).unwrap().len();
    journal.prune(at(KEPT_BUFFER_DAYS * DAY)).unwrap();
    assert_eq!(count(&journal, "a-draft"), 1);
    journal.prune(at(KEPT_BUFFER_DAYS * DAY + 1)).unwrap();
    assert_eq!(count(&journal, "a-draft"), 0);
    assert_eq!((count(&journal, "saved"), count(&journal, &key)), (1, 1));
}

/// Drafts with one version each are bounded as one draft with many.
#[test]
fn the_newest_versions_go_last_but_go() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for key in ["one", "two", "three"] {
        let version = Checkpoint {
            key,
            ..checkpoint("0123456789", 0)
        };
        journal.add_version(&version).unwrap();
    }
    journal.add_version(&checkpoint("0123456789", 1)).unwrap();
    journal.add_version(&checkpoint("9876543210", 2)).unwrap();
    let gone = journal
        .write(|db| crate::store::journal::versions::drop_oldest(db, 25, 9))
        .unwrap();
    assert_eq!(gone, 3);
    let count = |key: &str| journal.versions(key).unwrap().len();
    assert_eq!((count("one"), count("two"), count("three")), (0, 0, 1));
    assert_eq!(count("a-draft"), 1);
}

/// Whoever types meanwhile waits for a step and no more.
#[test]
fn pruning_goes_in_small_steps() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=10 {
        let later = buffer(number, "later");
        journal.put_buffer(&later).unwrap();
        journal.keep_for_later(later.id, at(0)).unwrap();
    }
    journal.put_buffer(&buffer(11, "open")).unwrap();
    let now = at(KEPT_BUFFER_DAYS * DAY + 1);
    let mut pruning = journal.pruning_if_due(now).unwrap().unwrap();
    let mut left = vec![11];
    while journal.prune_step(&mut pruning).unwrap() {
        left.push(journal.buffers().unwrap().len());
    }
    left.dedup();
    assert_eq!(left, [11, 8, 5, 2, 1]);
    assert!(journal.pruning_if_due(now).unwrap().is_none());
}

/// What a short command has no time for is done by the next one.
#[test]
fn pruning_that_was_cut_short_is_due_at_once() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=4 {
        let later = buffer(number, "later");
        journal.put_buffer(&later).unwrap();
        journal.keep_for_later(later.id, at(0)).unwrap();
    }
    let now = at(KEPT_BUFFER_DAYS * DAY + 1);
    for left in [1, 0] {
        let pruning = journal.pruning_if_due(now).unwrap().unwrap();
        journal.prune_for(pruning, Duration::ZERO).unwrap();
        assert_eq!(journal.buffers().unwrap().len(), left);
    }
}

#[test]
fn pruning_is_due_once_a_day() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let old = Form::default();
    let put = |journal: &mut Journal| journal.put_form("story", &old, at(-99 * DAY)).unwrap();
    put(&mut journal);
    let prune = |journal: &mut Journal, now| {
        if let Some(pruning) = journal.pruning_if_due(at(now)).unwrap() {
            journal.prune_for(pruning, Duration::MAX).unwrap();
        }
    };
    prune(&mut journal, 0);
    assert_eq!(journal.form("story").unwrap(), None);
    put(&mut journal);
    prune(&mut journal, DAY - 1);
    assert!(journal.form("story").unwrap().is_some());
    prune(&mut journal, DAY);
    assert_eq!(journal.form("story").unwrap(), None);
}
