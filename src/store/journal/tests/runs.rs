//! Runs: what went in, what came out, and what it cost.

use super::*;
use crate::domain::image::{Image, Kind};
use pretty_assertions::assert_eq;

/// W3: the record of the request is on disk before the request leaves, complete.
#[test]
fn everything_that_goes_in_is_there_before_anything_comes_back() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let mut sent = record(1);
    sent.continues = Some(run_id(9));
    sent.purpose = Purpose::Continue;
    journal.begin(&sent).unwrap();
    let run = desk.killed().open().run(run_id(1)).unwrap().unwrap();
    assert_eq!(run.record, sent);
    assert_eq!((run.text.as_str(), run.outcome), ("", None));
    assert!(journal.begin(&sent).is_err(), "an id is used once");
}

/// W3: an interrupted answer is kept, exact to the last byte that was appended.
#[test]
fn a_run_that_never_ended_has_every_byte_that_was_appended() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    let mut sent = String::new();
    for piece in ["one", " two\0", "\r\n", "\u{1b}[2J", "😀", "\u{301}"] {
        journal.append(run_id(1), piece).unwrap();
        sent.push_str(piece);
        let after = desk.killed().open();
        let run = after.run(run_id(1)).unwrap().unwrap();
        assert_eq!((run.text, run.outcome), (sent.clone(), None));
        let line = &after.runs(1, None).unwrap()[0];
        assert_eq!((line.bytes, &line.ending), (sent.len() as u64, &None));
    }
}

/// K7: what a model thought is kept beside its text and is no part of it; images by their kind.
#[test]
fn reasoning_is_kept_beside_the_text_and_images_without_their_bytes() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let mut sent = record(1);
    let image = Image::new("photo", b"GIF89a".to_vec()).unwrap();
    sent.request.prompt.images = vec![image];
    journal.begin(&sent).unwrap();
    journal.append(run_id(1), "Text.").unwrap();
    journal.keep_reasoning(run_id(1), "Let me see.").unwrap();
    journal.finish(run_id(1), &outcome(5)).unwrap();
    let run = desk.killed().open().run(run_id(1)).unwrap().unwrap();
    assert_eq!(
        (run.text.as_str(), run.reasoning.as_str()),
        ("Text.", "Let me see.")
    );
    let kept = &run.record.request.prompt.images;
    assert_eq!(kept[..], [Image::unread("photo", Kind::Gif)]);
    assert!(journal.keep_reasoning(run_id(1), "late").is_err());
}

/// T2: the journal keeps exactly what the model wrote, and JSON carries it.
#[test]
fn the_original_text_is_kept_and_is_safe_as_json() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    let original = "a\u{1b}]0;x\u{7}\0\u{202e}\u{9b}31m b";
    journal.append(run_id(1), original).unwrap();
    journal.finish(run_id(1), &outcome(5)).unwrap();
    let text = journal.run(run_id(1)).unwrap().unwrap().text;
    assert_eq!(text, original);
    let json = serde_json::to_string(&text).unwrap();
    assert!(!json.contains('\u{1b}') && !json.contains('\0'));
}

#[test]
fn an_ended_run_has_its_text_in_one_piece_and_its_outcome() {
    let endings = [
        Ending::Finished(FinishReason::Stop),
        Ending::Finished(FinishReason::Other("odd".into())),
        Ending::Failed("the connection broke".into()),
        Ending::Stopped,
    ];
    let desk = Desk::new();
    let mut journal = desk.open();
    for (number, ending) in (1..).zip(endings) {
        journal.begin(&record(number)).unwrap();
        journal.append(run_id(number), "one ").unwrap();
        journal.append(run_id(number), "two").unwrap();
        let outcome = Outcome {
            ending,
            ..outcome(50)
        };
        journal.finish(run_id(number), &outcome).unwrap();
        let run = journal.run(run_id(number)).unwrap().unwrap();
        assert_eq!((run.text.as_str(), run.outcome), ("one two", Some(outcome)));
    }
    let pieces = "SELECT count(*) FROM pieces";
    let left: i64 = journal.db.query_row(pieces, [], |row| row.get(0)).unwrap();
    assert_eq!(left, 0);
}

#[test]
fn nothing_is_added_to_a_run_that_ended_or_never_was() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    journal.finish(run_id(1), &outcome(1)).unwrap();
    for run in [run_id(1), run_id(2)] {
        let errors = [journal.append(run, "x"), journal.finish(run, &outcome(2))];
        for error in errors {
            let error = error.unwrap_err();
            assert!(matches!(error, JournalError::Missing { .. }), "{error}");
            assert!(error.to_string().contains(&run.to_string()), "{error}");
        }
    }
    assert_eq!(journal.run(run_id(2)).unwrap(), None);
}

#[test]
fn runs_are_listed_newest_first_and_page_by_page() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=5 {
        journal.begin(&record(number)).unwrap();
    }
    journal.append(run_id(5), "😀").unwrap();
    journal.finish(run_id(5), &outcome(9)).unwrap();
    let ids = |limit, before| -> Vec<RunId> {
        let lines = journal.runs(limit, before).unwrap();
        lines.iter().map(|line| line.id).collect()
    };
    assert_eq!(ids(2, None), [run_id(5), run_id(4)]);
    assert_eq!(ids(2, Some(run_id(4))), [run_id(3), run_id(2)]);
    assert_eq!(ids(9, Some(run_id(1))), []);
    assert_eq!(
        ids(9, Some(run_id(77))),
        [],
        "an unknown one has none before it"
    );
    let first = &journal.runs(1, None).unwrap()[0];
    assert_eq!((first.bytes, first.model.as_str()), (4, "small-2026"));
    assert_eq!((first.usage, first.cost), (outcome(9).usage, Some(0.25)));
    assert_eq!(first.ending, Some(Ending::Finished(FinishReason::Stop)));
    assert_eq!(first.draft.as_deref(), Some("a-draft"));
}

#[test]
fn numbers_that_json_has_no_word_for_do_not_hide_a_brief() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let mut sent = record(1);
    sent.brief.set("odd", Value::Number(f64::INFINITY));
    journal.begin(&sent).unwrap();
    let run = journal.run(run_id(1)).unwrap().unwrap();
    assert_eq!(
        run.record.brief.get("odd"),
        Some(&Value::Text("inf".into()))
    );
    assert_eq!(run.record.brief.get("words"), Some(&Value::Number(800.0)));
}

#[test]
fn spending_adds_up_by_template_and_model_within_a_span() {
    let desk = Desk::new();
    let mut journal = desk.open();
    for number in 1..=4 {
        let mut sent = record(number);
        if number == 4 {
            sent.template = None;
        }
        journal.begin(&sent).unwrap();
        let outcome = match number {
            2 => Outcome {
                usage: None,
                cost: None,
                ..outcome(9)
            },
            _ => outcome(9),
        };
        journal.finish(run_id(number), &outcome).unwrap();
    }
    let spent = journal.spending(at(1)..at(4)).unwrap();
    assert_eq!(spent.len(), 1, "the fourth run was begun later");
    let first = &spent[0];
    assert_eq!((first.runs, first.unpriced, first.cost), (3, 1, 0.5));
    assert_eq!((first.usage.input, first.usage.reasoning), (20, 8));
    assert_eq!(first.model, "small-2026");
    let all = journal.spending(at(0)..at(99)).unwrap();
    let templates: Vec<_> = all.iter().map(|sum| sum.template.as_deref()).collect();
    assert_eq!(templates, [Some("blog-post"), None]);
}

/// W3: what a model thinks is kept while it does, and not written anew for every word of it.
#[test]
fn thoughts_are_kept_now_and_then_before_there_is_any_text() {
    let desk = Desk::new();
    let mut journal = desk.open();
    let mut story = Story::new(record(1));
    story.write(&mut journal).unwrap();
    let mut writes = 0;
    for _ in 0..1000 {
        story.reason("Let me see. ");
        writes += usize::from(story.is_behind());
        story.write(&mut journal).unwrap();
    }
    let kept = |journal: &Journal| journal.run(run_id(1)).unwrap().unwrap().reasoning;
    let so_far = kept(&journal).len();
    assert!((9_000..=12_000).contains(&so_far), "{so_far}");
    assert!(writes < 30, "{writes}");
    story.push("A");
    story.write(&mut journal).unwrap();
    assert_eq!(kept(&journal), "Let me see. ".repeat(1000));
}

/// The list has every run, newest first and a page at a time, and how each begins: also one whose
/// end was never recorded, and one that goes on with another.
#[test]
fn runs_are_listed_by_how_they_begin() {
    let desk = Desk::new();
    let mut journal = desk.open();
    journal.begin(&record(1)).unwrap();
    journal.append(run_id(1), "It was ").unwrap();
    journal.append(run_id(1), "late").unwrap();
    let mut more = record(2);
    more.purpose = Purpose::Continue;
    more.continues = Some(run_id(1));
    more.request.prompt.examples = vec![Example {
        user: "Write.".to_owned(),
        assistant: "It was late".to_owned(),
    }];
    journal.begin(&more).unwrap();
    journal.append(run_id(2), " and it rained").unwrap();
    journal.finish(run_id(2), &outcome(0)).unwrap();
    journal.begin(&record(3)).unwrap();
    let long = "é".repeat(1_000);
    journal.conclude(run_id(3), &long, &outcome(0)).unwrap();
    let all = journal.listed(9, None).unwrap();
    let begins: Vec<&str> = all.iter().map(|each| each.beginning.as_str()).collect();
    assert_eq!(
        begins,
        [&"é".repeat(240), "It was late and it rained", "It was late"]
    );
    assert_eq!(all[1].continues, Some(run_id(1)));
    assert_eq!(
        (all[2].ending.is_none(), all[0].ending.is_some()),
        (true, true)
    );
    let next = journal.listed(1, Some(run_id(3))).unwrap();
    assert_eq!(next, all[1..2]);
    assert!(journal.listed(9, Some(run_id(1))).unwrap().is_empty());
}
