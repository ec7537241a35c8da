//! Several variants in the studio: what goes out, what waits, how they stand side by side.
//!
//! Nothing is sent: what the model asks for is recorded, and every fact is told by the test.

mod support;

use copydesk::app::effect::{Effect, Keep};
use copydesk::app::key::{Mouse, MouseAction};
use copydesk::app::msg::{Msg, Now, RunFact};
use copydesk::app::output::Phase;
use copydesk::config::{Overrides, Settings};
use copydesk::domain::cost::Usd;
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::run::{Finish, FinishReason, RunId, StreamEvent};
use copydesk::store::stars::Star;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const WIDE: (u16, u16) = (200, 50);

const THREE: &str = "title: Compare\nmodel: [gpt-6-luna, gpt-6.1-terra, mine]\n";

/// A studio at the form of a template with this front matter.
fn form_with(front: &str, config: &str, size: (u16, u16)) -> Studio {
    let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "sk-test".to_owned());
    let file = Some(("config.toml", config));
    let settings = Settings::resolve(file, &env, &Overrides::default());
    assert_eq!(settings.warnings, [""; 0]);
    let mut studio = Studio::with(settings, size);
    studio.put(
        "data/templates/compare.md",
        &format!(
            "---\n{front}inputs:\n  topic: {{required: true}}\n---\nWrite about {{{{ topic }}}}.\n"
        ),
    );
    studio.read_again().keys("/compare<enter>Rust");
    studio
}

fn form(front: &str, size: (u16, u16)) -> Studio {
    form_with(front, "", size)
}

/// The requests that went out: run and model.
fn sent(studio: &Studio) -> Vec<(RunId, String)> {
    let sent = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Generate { run, request, .. } => Some((*run, request.model.clone())),
        _ => None,
    });
    sent.collect()
}

fn models(studio: &Studio) -> Vec<String> {
    sent(studio).into_iter().map(|(_, model)| model).collect()
}

/// Tells a fact about the run of the variant at a place.
fn about(studio: &mut Studio, place: usize, fact: RunFact) {
    let run = studio.app.output.variants[place].run;
    studio.tell(Msg::Run(run, fact));
}

fn text(studio: &mut Studio, place: usize, text: &str) {
    let delta = StreamEvent::Delta(text.to_owned());
    about(studio, place, RunFact::Event(delta));
}

fn finish(studio: &mut Studio, place: usize) {
    let finish = Finish {
        reason: FinishReason::Stop,
        usage: None,
    };
    about(studio, place, RunFact::Event(StreamEvent::Finished(finish)));
}

fn refuse(studio: &mut Studio, place: usize) {
    let failure = Failure::new(FailureKind::Refused, "openai has no model mine")
        .advice("choose another with F3");
    about(studio, place, RunFact::Failed(failure));
}

/// Three models that write, the last of which is refused.
fn written(size: (u16, u16)) -> Studio {
    let mut studio = form(THREE, size);
    studio.keys("<ctrl+g>").wait(1_000);
    let mut long =
        "# Rust is calm\n\nA borrow checker is a **colleague** who reads every line.\n".to_owned();
    for number in 1..=30 {
        let _ = write!(long, "\n- the reason with the number {number}");
    }
    text(&mut studio, 0, &long);
    text(
        &mut studio,
        1,
        "# Rust\n\nIt keeps you *honest*, one error at a time, and it",
    );
    refuse(&mut studio, 2);
    studio.wait(2_000);
    finish(&mut studio, 0);
    studio
}

#[test]
fn every_model_is_asked_once_a_round_and_four_at_once() {
    let mut studio = form("title: Compare\nmodel: [a, b]\nvariants: 3\n", LARGE);
    assert!(
        studio.text().contains("openai · a + b"),
        "{}",
        studio.text()
    );
    assert!(studio.text().contains("6 × "), "{}", studio.text());
    studio.keys("<ctrl+g>");
    assert_eq!(models(&studio), ["a", "b", "a", "b"]);
    let phases = |studio: &Studio| {
        let all = studio.app.output.variants.iter();
        all.filter(|each| each.phase == Phase::InTurn).count()
    };
    assert_eq!((studio.app.output.variants.len(), phases(&studio)), (6, 2));
    // The first one stays on screen.
    assert_eq!(studio.app.output.current, 0);
    studio.keys("5");
    assert!(
        studio.text().contains("waits its turn"),
        "{}",
        studio.text()
    );
    text(&mut studio, 1, "done");
    finish(&mut studio, 1);
    assert_eq!(models(&studio), ["a", "b", "a", "b", "a"]);
    refuse(&mut studio, 0);
    assert_eq!(models(&studio).len(), 6);
    assert_eq!(phases(&studio), 0);
}

#[test]
fn what_waits_can_be_taken_back_and_is_never_sent() {
    let mut studio = form("title: Compare\nvariants: 6\n", LARGE);
    studio.keys("<ctrl+g>6<esc>");
    assert_eq!(studio.app.output.variants[5].phase, Phase::Stopped);
    assert_eq!(studio.app.output.variants[5].cost, None);
    for place in 0..5 {
        text(&mut studio, place, "x");
        finish(&mut studio, place);
    }
    assert_eq!(sent(&studio).len(), 5);
    assert!(!studio.app.output.is_running());
}

#[test]
fn a_setting_says_how_many_go_out_together() {
    let mut studio = form_with(
        "title: Compare\nvariants: 3\n",
        "[variants]\nat_once = 1\n",
        LARGE,
    );
    studio.keys("<ctrl+g>");
    assert_eq!(sent(&studio).len(), 1);
    // What one more key asks for waits as well.
    studio.keys("R");
    assert_eq!(sent(&studio).len(), 1);
    studio.keys("1<esc>");
    assert_eq!(sent(&studio).len(), 2);
}

#[test]
fn more_asks_for_all_that_were_asked_together_and_again_for_one() {
    let mut studio = form(THREE, LARGE);
    studio.keys("<ctrl+g>");
    for place in 0..3 {
        text(&mut studio, place, "x");
        finish(&mut studio, place);
    }
    studio.keys("2V");
    assert_eq!(
        models(&studio)[3..],
        ["gpt-6-luna", "gpt-6.1-terra", "mine"]
    );
    assert_eq!(studio.app.output.current, 1);
    assert!(
        studio.text().contains("variants 4 to 6 are being written"),
        "{}",
        studio.text()
    );
    for place in 3..6 {
        finish(&mut studio, place);
    }
    studio.keys("R");
    assert_eq!(models(&studio)[6..], ["gpt-6.1-terra"]);
    assert_eq!(studio.app.output.current, 6);
}

#[test]
fn one_that_is_refused_leaves_the_others_and_says_which_it_is() {
    let mut studio = written(LARGE);
    assert!(studio.app.output.variants[1].is_running());
    text(&mut studio, 1, " ends.");
    finish(&mut studio, 1);
    let made = |studio: &Studio, place: usize| {
        let variant = &studio.app.output.variants[place];
        (variant.written_by().to_owned(), variant.text.len() > 10)
    };
    assert_eq!(made(&studio, 1), ("gpt-6.1-terra".to_owned(), true));
    let notice = studio.app.notice.as_ref().unwrap();
    assert!(
        notice
            .text
            .starts_with("variant 3: openai has no model mine"),
        "{}",
        notice.text
    );
}

#[test]
fn the_draft_says_which_model_wrote_it() {
    let mut studio = form(THREE, LARGE);
    studio.keys("<ctrl+g>");
    for (place, model) in ["gpt-6-luna", "gpt-6.1-terra-2026-09-01", "mine"]
        .into_iter()
        .enumerate()
    {
        let started = StreamEvent::Started {
            model: model.to_owned(),
        };
        about(&mut studio, place, RunFact::Event(started));
        text(&mut studio, place, &format!("By {model}."));
        finish(&mut studio, place);
    }
    assert!(studio.text().contains(" gpt-6-luna ─"), "{}", studio.text());
    studio.keys("2");
    assert!(
        studio.text().contains(" gpt-6.1-terra-2026-09-01 ─"),
        "{}",
        studio.text()
    );
    studio.keys("<enter><ctrl+s>");
    let drafts = std::fs::read_dir(&studio.paths().drafts).unwrap();
    let path = drafts.map(|entry| entry.unwrap().path()).next().unwrap();
    let draft = std::fs::read_to_string(path).unwrap();
    assert!(draft.contains("model: gpt-6.1-terra-2026-09-01"), "{draft}");
}

// --- columns ----------------------------------------------------------------------------------

#[test]
fn columns_that_have_the_whole_screen() {
    let mut studio = written(LARGE);
    studio.keys("|<F11>");
    assert_eq!(studio.app.areas.columns.len(), 3);
    assert_snapshot!("columns_120", studio.picture());
}

#[test]
fn columns_beside_the_other_panes() {
    let mut studio = written(WIDE);
    studio.keys("|2*");
    assert_eq!(studio.app.areas.columns.len(), 2);
    assert_snapshot!("columns_200", studio.picture());
}

#[test]
fn where_there_is_no_room_for_columns_there_are_tabs_and_a_reason() {
    let mut studio = written(USUAL);
    studio.keys("|");
    assert_eq!(studio.app.areas.columns.len(), 0);
    assert_snapshot!("columns_80", studio.picture());
    // Zoomed, two fit there.
    studio.keys("<F11>");
    assert_eq!(studio.app.areas.columns.len(), 2);
    assert_snapshot!("columns_80_zoomed", studio.picture());
}

#[test]
fn columns_are_told_apart_without_colour() {
    let mut studio = written(LARGE);
    studio.plain().keys("|<F11>2");
    let shown = studio.text();
    assert!(shown.contains("▶ 2 gpt-6.1-terra"), "{shown}");
    assert_eq!(shown.matches('▶').count(), 1);
    assert!(shown.contains("━━━━━━━━"), "{shown}");
}

#[test]
fn each_column_streams_and_scrolls_by_itself() {
    let mut studio = written(LARGE);
    studio.keys("|<F11>1g");
    let columns = studio.app.areas.columns.clone();
    assert!(columns[0].rows > usize::from(columns[0].text.height) / 2);
    let mut long = String::new();
    for line in 0..80 {
        let _ = write!(long, "\n\nline {line}");
    }
    text(&mut studio, 1, &long);
    assert!(
        studio.text().contains("line 79"),
        "it follows:\n{}",
        studio.text()
    );
    // The wheel scrolls what is under it, and nothing else.
    let chosen = studio.app.output.variants[0].scroll;
    let column = studio.app.areas.columns[1];
    let wheel = Mouse {
        action: MouseAction::WheelUp,
        column: column.text.x + 2,
        row: column.text.y + 2,
    };
    studio.tell(Msg::Mouse(wheel));
    assert!(!studio.app.output.variants[1].follow);
    assert_eq!(studio.app.output.variants[0].scroll, chosen);
    text(&mut studio, 1, "\n\nthe very last");
    assert!(
        !studio.text().contains("the very last"),
        "{}",
        studio.text()
    );
    // A click chooses, the end follows again.
    studio.tell(Msg::Mouse(Mouse {
        action: MouseAction::Press,
        ..wheel
    }));
    assert_eq!(studio.app.output.current, 1);
    studio.keys("G");
    assert!(studio.text().contains("the very last"), "{}", studio.text());
    // Off again: one has the pane.
    studio.keys("|");
    assert_eq!(studio.app.areas.columns.len(), 0);
}

#[test]
fn drawing_columns_again_changes_no_cell_at_any_size() {
    let mut studio = written(LARGE);
    studio.keys("|<F11>");
    for width in [1, 20, 60, 75, 80, 100, 120, 160, 250] {
        for height in [1, 5, 6, 8, 24, 60] {
            studio.size = (width, height);
            studio.draw();
            let first = studio.draw();
            assert_eq!(studio.draw(), first, "{width}x{height}");
        }
    }
}

// --- stars and marks --------------------------------------------------------------------------

#[test]
fn a_star_stands_on_the_tab_and_goes_to_the_journal() {
    let mut studio = written(LARGE);
    studio.keys("2*");
    assert!(studio.text().contains("│ 2★ │"), "{}", studio.text());
    let stars = |studio: &Studio| {
        let stars = studio.asked.iter().filter_map(|effect| match effect {
            Effect::Keep(Keep::Star(run, star)) => Some((*run, *star)),
            _ => None,
        });
        stars.collect::<Vec<_>>()
    };
    let run = studio.app.output.variants[1].run;
    assert_eq!(stars(&studio), [(run, Star::On)]);
    studio.keys("*");
    assert!(!studio.text().contains('★'), "{}", studio.text());
    assert_eq!(stars(&studio), [(run, Star::On), (run, Star::Off)]);
}

#[test]
fn marked_models_are_asked_in_the_coming_run_and_no_longer() {
    let mut studio = form("title: Compare\nmodel: x\n", LARGE);
    studio.keys("<F3>gpt-6-luna <ctrl+u>mine ");
    assert_snapshot!("models_marked", studio.text());
    studio.keys("<enter>");
    assert!(
        studio.text().contains("openai · gpt-6-luna + mine"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+g>");
    assert_eq!(models(&studio), ["gpt-6-luna", "mine"]);
    for place in 0..2 {
        text(&mut studio, place, "x");
        finish(&mut studio, place);
    }
    studio.keys("<alt+1><ctrl+g>");
    assert_eq!(models(&studio)[2..], ["x"]);
}

#[test]
fn a_rewritten_part_goes_by_no_marks() {
    let mut studio = form("title: Compare\nmodel: x\n", LARGE);
    studio.keys("<alt+2>Some text.<F3>mine <enter><ctrl+k><enter>");
    assert!(
        !models(&studio).contains(&"mine".to_owned()),
        "{:?}",
        models(&studio)
    );
    assert_eq!(models(&studio).len(), 1);
}

// --- money ------------------------------------------------------------------------------------

#[test]
fn the_budget_has_to_have_room_for_all_of_them() {
    let config = "[budget]\nmonthly_usd = 0.02\non_limit = \"stop\"\n";
    let front = |count: u8| {
        format!(
            "title: Compare\nmodel: gpt-6.1-terra\nvariants: {count}\noutput: {{target_words: \"400\"}}\n"
        )
    };
    for (count, goes) in [(2, true), (16, false)] {
        let mut studio = form_with(&front(count), config, LARGE);
        studio.tell(Msg::Spent {
            spent: Usd::ZERO,
            until: Now(u64::MAX),
        });
        studio.keys("<ctrl+g>");
        assert_eq!(sent(&studio).is_empty(), !goes, "{count}");
        if !goes {
            let shown = studio.text();
            assert!(
                shown.contains("These 16 requests (about $0.043)"),
                "{shown}"
            );
            studio.keys("s");
            assert_eq!(
                (sent(&studio).len(), studio.app.output.variants.len()),
                (4, 16)
            );
        }
    }
}

/// A text that is not on screen costs nothing, however many there are.
#[test]
fn only_the_columns_on_screen_are_laid_out() {
    let mut studio = form("title: Compare\nmodel: [a, b, c, d]\n", LARGE);
    studio.keys("<ctrl+g>").wait(1_000);
    for place in 0..4 {
        text(&mut studio, place, "# A text\n\nof its own");
    }
    studio.keys("<alt+3>|<F11>");
    let runs: Vec<RunId> = sent(&studio).into_iter().map(|(run, _)| run).collect();
    studio.picture();
    assert_eq!(studio.app.areas.columns.len(), 3);
    // Only now: a variant that was shown before is remembered.
    studio.cache = copydesk::view::Cache::default();
    studio.picture();
    let laid: BTreeSet<RunId> = studio.cache.laid_out().map(|(run, _)| run).collect();
    assert_eq!(laid, runs[..3].iter().copied().collect());
    text(&mut studio, 3, " and more");
    studio.picture();
    assert_eq!(studio.cache.laid_out().count(), 3);
    studio.keys("4").picture();
    assert!(studio.cache.laid_out().any(|(run, _)| run == runs[3]));
}

/// What is made ready between frames shows as if nothing had been.
#[test]
fn texts_that_are_laid_out_between_frames_look_the_same() {
    let mut studio = form("title: Compare\nmodel: [a, b]\n", WIDE);
    studio.keys("<ctrl+g>").wait(1_000).keys("<alt+3>|");
    for place in 0..2 {
        text(&mut studio, place, "A beginning.\n\n");
    }
    studio.picture();
    for step in 0..4 {
        for place in 0..2 {
            let more = format!("- {step}: *words* that wrap\nin a list of {place}\n\n").repeat(150);
            // No frame is drawn for it.
            let run = studio.app.output.variants[place].run;
            let delta = RunFact::Event(StreamEvent::Delta(more));
            let effects = studio.app.update(Now(9_000), Msg::Run(run, delta));
            drop(effects);
        }
        studio.cache.keep_up(&studio.app);
        let ready: usize = studio.cache.laid_out().map(|(_, bytes)| bytes).sum();
        let variants = studio.app.output.variants.iter();
        assert_eq!(ready, variants.map(|it| it.text.len()).sum::<usize>());
        let shown = studio.picture();
        studio.cache = copydesk::view::Cache::default();
        assert_eq!(shown, studio.picture());
        text(&mut studio, step % 2, "and an end, `once`");
    }
}

#[test]
fn each_of_several_models_has_its_request_looked_at() {
    let mut studio = form(THREE, LARGE);
    let asked = |studio: &Studio| {
        let last = studio.asked.iter().rev().find_map(|effect| match effect {
            Effect::Inspect { request, asked, .. } => Some((request.model.clone(), asked.turn)),
            _ => None,
        });
        last.unwrap()
    };
    studio.keys("<F8>");
    assert_eq!(asked(&studio), ("gpt-6-luna".to_owned(), Some((0, 3))));
}
