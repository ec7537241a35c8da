//! Answers that went nowhere, and forms that were not sent.

use super::*;
use pretty_assertions::assert_eq;

fn listed(journal: &Journal, millis: i64) -> Vec<(RunId, bool)> {
    let all = journal.unused_runs(at(millis)).unwrap();
    let told = all
        .iter()
        .map(|each| (each.run.record.id, each.kept.is_some()));
    told.collect()
}

/// W3: an answer is listed until its text went somewhere, whatever became of it, for thirty days.
#[test]
fn an_answer_is_listed_until_its_text_was_used() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=4 {
        journal.begin(&record(number)).unwrap();
    }
    for number in 1..=3 {
        journal.append(run_id(number), "text").unwrap();
    }
    journal.finish(run_id(2), &outcome(0)).unwrap();
    journal.finish(run_id(3), &outcome(0)).unwrap();
    journal.use_run(run_id(3), at(9)).unwrap();
    // The fourth has no text.
    assert_eq!(
        listed(&journal, 9),
        [(run_id(2), false), (run_id(1), false)]
    );
    assert_eq!(journal.silent_runs().unwrap(), [(run_id(4), session(1))]);
    journal.put_off_run(run_id(2), session(7), at(9)).unwrap();
    assert_eq!(listed(&journal, 9)[0], (run_id(2), false));
    journal.put_off_run(run_id(2), session(1), at(9)).unwrap();
    assert_eq!(listed(&journal, 9), [(run_id(2), true), (run_id(1), false)]);
    let put_off = journal.unused_run(run_id(2)).unwrap().unwrap().holder();
    let handed = |journal: &mut Journal, run, from| journal.hand_run(run, from, session(2));
    assert!(handed(&mut journal, run_id(2), put_off).unwrap());
    assert!(!handed(&mut journal, run_id(2), put_off).unwrap());
    let used = Holder {
        session: session(1),
        kept: None,
    };
    assert_eq!(journal.unused_run(run_id(3)).unwrap(), None);
    assert!(!handed(&mut journal, run_id(3), used).unwrap());
    journal.put_off_session(session(1), at(9)).unwrap();
    assert_eq!(listed(&journal, 9), [(run_id(2), false), (run_id(1), true)]);
    let month = KEPT_BUFFER_DAYS * 24 * 3_600_000;
    assert_eq!(listed(&journal, month + 2), [(run_id(2), false)]);
    assert_eq!(listed(&journal, month + 3), []);
}

#[test]
fn a_continued_run_knows_what_it_goes_on_with() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    for number in 2..=3 {
        let mut more = record(number);
        more.purpose = Purpose::Continue;
        more.continues = Some(run_id(number - 1));
        assert_eq!(more.before(), "b\0");
        journal.begin(&more).unwrap();
    }
    let chain = journal.continued_by(run_id(3)).unwrap();
    assert_eq!(chain, [run_id(1), run_id(2)]);
    assert_eq!(journal.continued_by(run_id(1)).unwrap(), []);
    assert_eq!(record(1).before(), "");
}

#[test]
fn a_form_is_kept_until_it_is_sent_or_old() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let form = Form {
        brief: brief(),
        prompt: Some("Mine.".to_owned()),
    };
    journal.put_form("story", &Form::default(), at(0)).unwrap();
    journal.put_form("story", &form, at(1)).unwrap();
    assert_eq!(journal.form("story").unwrap(), Some(form.clone()));
    journal.drop_form("story", &Form::default()).unwrap();
    assert_eq!(journal.form("story").unwrap(), Some(form.clone()));
    journal.drop_form("story", &form).unwrap();
    assert_eq!(journal.form("story").unwrap(), None);
    journal.put_form("story", &form, at(1)).unwrap();
    let month = KEPT_BUFFER_DAYS * 24 * 3_600_000;
    journal.prune(at(month + 1)).unwrap();
    assert!(journal.form("story").unwrap().is_some());
    journal.prune(at(month + 2)).unwrap();
    assert_eq!(journal.form("story").unwrap(), None);
}
