//! Parts that wait for a decision, and runs whose variants stand together.

use super::*;
use crate::domain::refine::Place;
use pretty_assertions::assert_eq;

fn part(number: u128, start: usize) -> WaitingPart {
    WaitingPart {
        run: run_id(number),
        draft: "a-draft".to_owned(),
        document: Uuid::from_u128(77),
        path: Some(PathBuf::from("/drafts/tea.md")),
        title: "Shorten".to_owned(),
        place: Place {
            start,
            text: "the part".to_owned(),
            whole: 40,
        },
        target: None,
    }
}

fn found(journal: &Journal, name: &str) -> Vec<(WaitingPart, SessionId, bool)> {
    let parts = journal.parts(&[name.to_owned()]).unwrap();
    let told = parts.into_iter();
    told.map(|kept| (kept.part, kept.session, kept.used))
        .collect()
}

/// W3: a part waits with its draft until all of it is decided, whichever session has it.
#[test]
fn a_part_waits_until_it_is_decided() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    journal.put_part(&part(1, 4), session(1), at(1)).unwrap();
    // One whose run is not kept is none.
    journal.put_part(&part(2, 9), session(1), at(1)).unwrap();
    assert_eq!(
        found(&journal, "a-draft"),
        [(part(1, 4), session(1), false)]
    );
    let decided = WaitingPart {
        target: Some("a part".to_owned()),
        ..part(1, 6)
    };
    journal.put_part(&decided, session(1), at(2)).unwrap();
    journal.use_run(run_id(1), at(3)).unwrap();
    let document = Uuid::from_u128(77).to_string();
    let after = desk.killed();
    drop(journal);
    let mut journal = after.open();
    let expected = [(decided.clone(), session(1), true)];
    assert_eq!(found(&journal, &document), expected);
    assert_eq!(journal.part(run_id(1)).unwrap(), Some(decided));
    let mut hand = |from, to| journal.hand_part(run_id(1), session(from), session(to));
    assert_eq!((hand(5, 2).unwrap(), hand(1, 2).unwrap()), (false, true));
    assert_eq!(found(&journal, "a-draft")[0].1, session(2));
    journal.drop_part(run_id(1)).unwrap();
    assert_eq!(found(&journal, "a-draft"), []);
}

#[test]
fn a_part_that_nobody_decides_about_goes_after_thirty_days() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    journal.put_part(&part(1, 4), session(1), at(1)).unwrap();
    let month = KEPT_BUFFER_DAYS * 24 * 3_600_000;
    journal.prune(at(month + 1)).unwrap();
    assert_eq!(found(&journal, "a-draft").len(), 1);
    journal.prune(at(month + 2)).unwrap();
    assert_eq!(found(&journal, "a-draft").len(), 0);
}

#[test]
fn runs_that_stand_together_are_known_by_any_of_them() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let beside = |number, first: Option<u128>| RunRecord {
        together: first.map(run_id),
        ..record(number)
    };
    for (number, first) in [(1, None), (2, Some(1)), (3, None), (4, Some(1))] {
        journal.begin(&beside(number, first)).unwrap();
    }
    let set = [run_id(1), run_id(2), run_id(4)];
    for number in [1, 2, 4] {
        assert_eq!(journal.together_with(run_id(number)).unwrap(), set);
    }
    assert_eq!(journal.together_with(run_id(3)).unwrap(), [run_id(3)]);
    assert_eq!(journal.together_with(run_id(9)).unwrap(), []);
    let back = journal.run(run_id(2)).unwrap().unwrap();
    assert_eq!(back.record, beside(2, Some(1)));
}
