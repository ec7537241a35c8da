//! The list of runs: everything that was ever generated, found, narrowed, brought back, used and
//! gone on with.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::effect::Effect;
use copydesk::app::msg::Msg;
use copydesk::app::output::Brought;
use copydesk::app::switcher::runs::{Aim, Fact, Line, Look};
use copydesk::domain::brief::{Brief, Value};
use copydesk::domain::prompt::{Prompt, Request};
use copydesk::domain::run::{FinishReason, RunId, Usage};
use copydesk::store::journal::{
    Ending, Journal, Listed, Outcome, Purpose, Run, RunRecord, SessionId,
};
use insta::assert_snapshot;
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use support::pty::Pty;
use support::server::{Server, Step};
use support::studio::{Studio, keys, paths};
use tempfile::TempDir;
use uuid::Uuid;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

fn id(number: u128) -> RunId {
    RunId(Uuid::from_u128(number))
}

/// The line of a run that was sent so many hours before the clock of the studio.
fn line(number: u128, hours: i64, (template, beginning): (&str, &str), ending: Ending) -> Line {
    let now: Timestamp = "2026-11-18T09:06:40Z".parse().unwrap();
    let listed = Listed {
        id: id(number),
        session: SessionId(Uuid::nil()),
        at: now - jiff::SignedDuration::from_hours(hours),
        purpose: Purpose::Generate,
        continues: None,
        template: Some(template.to_owned()),
        draft: None,
        model: "gpt-6.1-terra".to_owned(),
        ending: Some(ending),
        beginning: beginning.to_owned(),
        starred: false,
    };
    Line::of(listed, false)
}

fn lines() -> Vec<Line> {
    let whole = || Ending::Finished(FinishReason::Stop);
    vec![
        line(
            5,
            1,
            (
                "blog-post",
                "# Why kettles sing\n\nA kettle sings when small bubbles collapse \
                 before they reach the surface of the water, long before it boils.",
            ),
            whole(),
        ),
        line(4, 30, ("blog-post", "Kettles are"), Ending::Stopped),
        line(
            3,
            60,
            ("release-notes", "## Fixed\n\n- The lid closes again."),
            Ending::Finished(FinishReason::Length),
        ),
        line(
            2,
            24 * 30,
            ("email-reply", "Dear Ms Thorn,\n\nthank you \u{1b}[31mfor"),
            whole(),
        ),
        line(
            1,
            24 * 400,
            ("translate", ""),
            Ending::Failed("the server cannot be reached".to_owned()),
        ),
    ]
}

/// A studio with the list open and its lines in it.
fn listed(size: (u16, u16), keys: &str) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys(keys);
    give(&mut studio, lines());
    studio
}

/// Answers what the list asked for last.
fn give(studio: &mut Studio, lines: Vec<Line>) {
    let asked = studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Runs(Look::Page(id, _)) => Some(*id),
        _ => None,
    });
    let (id, next) = (asked.unwrap(), None);
    studio.tell(Msg::Runs(Fact::Page { id, lines, next }));
}

/// A run as the journal has it.
fn run(number: u128, text: &str, ending: Ending) -> Brought {
    let run = Run {
        record: record(number, text),
        text: text.to_owned(),
        reasoning: String::new(),
        outcome: Some(Outcome {
            at: Timestamp::UNIX_EPOCH,
            ending,
            usage: Some(Usage::default()),
            model: Some("gpt-6.1-terra".to_owned()),
            cost: None,
        }),
        starred: false,
    };
    Brought {
        run,
        continues: Vec::new(),
        unused: false,
    }
}

fn record(number: u128, topic: &str) -> RunRecord {
    let brief: Brief = [("topic", Value::Text(topic.to_owned()))]
        .into_iter()
        .collect();
    RunRecord {
        id: id(number),
        session: SessionId(Uuid::from_u128(99)),
        at: "2026-11-04T09:06:40Z".parse().unwrap(),
        purpose: Purpose::Generate,
        continues: None,
        together: None,
        draft: None,
        template: Some("blog-post".to_owned()),
        template_hash: None,
        brief,
        provider: "openai".to_owned(),
        origin: None,
        request: Request {
            model: "scripted".to_owned(),
            prompt: Prompt {
                user: format!("Write about {topic}."),
                ..Prompt::default()
            },
        },
    }
}

fn looks(studio: &Studio) -> Vec<Look> {
    let looks = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Runs(look @ Look::Run(..)) => Some(look.clone()),
        _ => None,
    });
    looks.collect()
}

fn notice(studio: &Studio) -> &str {
    studio.app.notice.as_ref().map_or("", |notice| &notice.text)
}

#[test]
fn everything_that_was_generated_is_listed() {
    assert_snapshot!("runs_large", listed(LARGE, "<alt+e>").picture());
    assert_snapshot!("runs_usual", listed(USUAL, "<alt+e><down>").picture());
    assert_snapshot!("runs_found", listed(USUAL, "<alt+e>kettle").picture());
    let mut plain = listed((60, 20), "<ctrl+o><tab>");
    assert_snapshot!("runs_small", plain.plain().picture());
}

#[test]
fn what_is_typed_goes_along_from_the_documents_to_the_runs_and_back() {
    let mut studio = listed(USUAL, "<ctrl+o>kettle<tab>");
    assert!(studio.text().contains("Why kettles sing"));
    assert!(!studio.text().contains("The lid closes"));
    studio.keys("<tab>");
    assert!(studio.text().contains("> kettle"));
    assert!(studio.text().contains("nothing is called that"));
}

#[test]
fn the_list_is_narrowed_to_the_template_of_the_form_and_to_the_draft() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<enter><alt+e>");
    give(&mut studio, lines());
    studio.keys("<ctrl+t>");
    let text = studio.text();
    assert!(
        text.contains("of template blog-post") && !text.contains("Dear Ms Thorn"),
        "{text}"
    );
    assert!(text.contains("1 of 2"), "{text}");
    studio.keys("<esc><alt+2>Mine.<alt+e>");
    let mut all = lines();
    all[0] = {
        let listed = Listed {
            id: id(9),
            session: SessionId(Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            purpose: Purpose::Refine,
            continues: None,
            template: Some("refine/shorten".to_owned()),
            draft: Some(studio.app.editor.draft_key()),
            model: "m".to_owned(),
            ending: None,
            beginning: "Shorter.".to_owned(),
            starred: false,
        };
        Line::of(listed, false)
    };
    give(&mut studio, all);
    studio.keys("<ctrl+t><ctrl+t>");
    let text = studio.text();
    assert!(
        text.contains("of draft Mine.") && text.contains("1 of 1"),
        "{text}"
    );
    assert!(text.contains("Shorter."), "{text}");
}

#[test]
fn a_run_comes_back_as_a_variant_that_says_when_it_was_written() {
    let mut studio = listed(LARGE, "<alt+e>");
    studio.keys("<enter>");
    assert_eq!(looks(&studio), [Look::Run(id(5), Aim::Show)]);
    studio.tell(Msg::Runs(Fact::Run {
        runs: vec![run(
            5,
            "# Why kettles sing\n\nBubbles.",
            Ending::Finished(FinishReason::Stop),
        )],
        shown: id(5),
        aim: Aim::Show,
    }));
    assert_snapshot!("brought_large", studio.picture());
    // It is there already: nothing is read again.
    studio.keys("<alt+e>");
    give(&mut studio, lines());
    studio.keys("<enter>");
    assert_eq!(looks(&studio).len(), 1);
    studio.keys("<enter>");
    assert_eq!(
        studio.app.editor.document.text(),
        "# Why kettles sing\n\nBubbles."
    );
    assert_eq!(studio.app.editor.provenance().unwrap().run, Some(id(5)));
}

#[test]
fn what_was_asked_for_together_comes_back_together_with_the_chosen_one_shown() {
    let mut studio = listed(LARGE, "<alt+e>");
    let ended = || Ending::Finished(FinishReason::Stop);
    studio.tell(Msg::Runs(Fact::Run {
        runs: vec![
            run(4, "One kettle.", ended()),
            run(5, "Two kettles.", ended()),
            run(6, "Three kettles.", Ending::Stopped),
        ],
        shown: id(5),
        aim: Aim::Show,
    }));
    let output = &studio.app.output;
    assert_eq!((output.group().len(), output.number()), (3, 2));
    assert_eq!(notice(&studio), "3 variants brought back; enter uses it");
    let text = studio.text();
    assert!(
        text.contains("Two kettles.") && !text.contains("One kettle."),
        "{text}"
    );
    // All of them are asked for once more together, and the journal knows that they belong together.
    studio.keys("<esc><alt+3>V");
    let together: Vec<_> = studio
        .asked
        .iter()
        .filter_map(|effect| match effect {
            Effect::Generate { record, .. } => Some(record.together),
            _ => None,
        })
        .collect();
    assert_eq!(together, [Some(id(4)); 3]);
}

#[test]
fn leaving_asks_nothing_about_what_was_only_looked_up() {
    let mut studio = listed(USUAL, "<alt+e>");
    studio.tell(Msg::Runs(Fact::Run {
        runs: vec![run(4, "Kettles are", Ending::Stopped)],
        shown: id(4),
        aim: Aim::Show,
    }));
    studio.keys("<esc><ctrl+q>");
    assert!(studio.app.is_done());
}

#[test]
fn the_request_of_a_run_can_be_looked_at() {
    let mut studio = listed(USUAL, "<alt+e>");
    studio.keys("<F8>");
    assert_eq!(looks(&studio), [Look::Run(id(5), Aim::Inspect)]);
    studio.tell(Msg::Runs(Fact::Run {
        runs: vec![run(5, "kettles", Ending::Stopped)],
        shown: id(5),
        aim: Aim::Inspect,
    }));
    let inspected = studio.asked.iter().find_map(|effect| match effect {
        Effect::Inspect { request, .. } => Some(request.prompt.user.clone()),
        _ => None,
    });
    assert_eq!(inspected.as_deref(), Some("Write about kettles."));
    assert!(studio.app.output.variants.is_empty());
}

/// A page that comes late, for a list that was closed, changes nothing.
#[test]
fn lines_for_a_list_that_is_closed_go_nowhere() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<alt+e><esc><alt+e>");
    let (id, next) = (1, None);
    let lines = lines();
    studio.tell(Msg::Runs(Fact::Page { id, lines, next }));
    assert!(studio.text().contains("looking…"));
    give(&mut studio, Vec::new());
    assert!(studio.text().contains("nothing was generated here yet"));
    assert_eq!(notice(&studio), "");
}

/// A list of 10,000 runs takes a page, a letter and a step within a frame, even as it is tested.
#[test]
fn ten_thousand_runs_are_searched_within_a_frame() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<alt+e>nothing that is there");
    let (mut slowest, mut told) = (Duration::ZERO, 0_u128);
    let mut took = |studio: &mut Studio, msg: Msg| {
        let start = Instant::now();
        studio.tell(msg);
        slowest = slowest.max(start.elapsed());
    };
    while let Some(id) = asked_page(&studio, told) {
        let page = (0..200).map(|at| {
            let number = 10_000 - told * 200 - at;
            let text = format!("Text number {number}, long enough to be cut at some place. ");
            let ending = Ending::Finished(FinishReason::Stop);
            line(number, 1, ("blog-post", &text.repeat(4)), ending)
        });
        let lines = page.collect();
        told += 1;
        let next = (told < 50).then(|| RunId(Uuid::from_u128(10_001 - told * 200)));
        took(&mut studio, Msg::Runs(Fact::Page { id, lines, next }));
    }
    assert_eq!(told, 50);
    for msg in keys("<ctrl+u>text number 77<down*3><pagedown*20>") {
        took(&mut studio, msg);
    }
    let wanted = (1..=10_000).filter(|number: &u32| number.to_string().contains("77"));
    let wanted = format!("204 of {} ", wanted.count());
    assert!(studio.text().contains(&wanted), "{wanted}{}", studio.text());
    assert!(slowest < Duration::from_millis(if cfg!(debug_assertions) { 160 } else { 16 }));
}

/// The page that was asked for after so many.
fn asked_page(studio: &Studio, told: u128) -> Option<u64> {
    let mut asked = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Runs(Look::Page(id, _)) => Some(*id),
        _ => None,
    });
    asked.nth(usize::try_from(told).unwrap())
}

/// Puts runs into the journal of a home, oldest first.
fn furnish(home: &Path, count: u128) {
    let path = paths(home).journal;
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut journal = Journal::open(&path).unwrap().journal;
    for number in 1..=count {
        let topic = format!("topic {number}");
        journal.begin(&record(number, &topic)).unwrap();
        let stopped = number == 7;
        let text = if stopped {
            "The seventh text, which broke".to_owned()
        } else {
            format!("Text number {number} is about {topic}.")
        };
        let outcome = Outcome {
            at: Timestamp::UNIX_EPOCH,
            ending: if stopped {
                Ending::Stopped
            } else {
                Ending::Finished(FinishReason::Stop)
            },
            usage: None,
            model: None,
            cost: None,
        };
        journal.conclude(id(number), &text, &outcome).unwrap();
        journal.use_run(id(number), Timestamp::UNIX_EPOCH).unwrap();
    }
}

fn start(home: &Arc<TempDir>, server: &Server) -> Pty {
    let program = env!("CARGO_BIN_EXE_copydesk");
    let base = server.base_url();
    let envs = [
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_MODEL", "scripted"),
    ];
    let studio = Pty::start_at_home(Arc::clone(home), (program, &[]), LARGE, &envs).unwrap();
    studio.wait_for_text("A first draft of a post");
    studio
}

/// From outside: an old text that broke off is found by its words, far down in the journal, brought
/// back and gone on with.
#[test]
fn an_old_text_is_found_in_the_journal_and_gone_on_with() {
    let home = Arc::new(tempfile::tempdir().unwrap());
    furnish(home.path(), 450);
    let delta = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\" off in the middle.\"},\
                 \"finish_reason\":null}]}\n\n";
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
               data: [DONE]\n\n";
    let server = Server::start(vec![vec![
        Step::stream_head(),
        Step::body(delta),
        Step::body(end),
    ]]);
    let studio = start(&home, &server);
    studio.keys("<alt+e>").wait_for_text("Text number 450");
    studio
        .keys("seventh")
        .wait_for_text("The seventh text, which broke");
    studio.wait_for_text("1 of 1 ");
    studio
        .keys("<enter>")
        .wait_for_text("brought back; c continues it");
    studio.wait_for_text("of 4 Nov");
    studio.keys("c").wait_for_text("which broke off in");
    let sent = server.requests().pop().unwrap().json().to_string();
    assert!(sent.contains("Write about topic 7."), "{sent}");
    assert!(sent.contains("The seventh text, which broke"), "{sent}");
    // The whole text stands in the list for both.
    studio.wait_for_text(" done ");
    studio.keys("<alt+e>seventh").wait_for_text("1 of 1 ");
    studio.wait_for_text("The seventh text, which broke off in the middle.");
}
