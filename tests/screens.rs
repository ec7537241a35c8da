//! What people see: every state as a picture with its colours, and what holds at any size.
//!
//! Pictures are snapshots below `snapshots/`; `INSTA_UPDATE=always` draws them anew.

mod support;

use copydesk::app::App;
use copydesk::app::command::{Command, TABLE};
use copydesk::app::dialog::Dialog;
use copydesk::app::effect::Effect;
use copydesk::app::msg::{Msg, OpenedDraft, Purpose, RunFact};
use copydesk::config::{Overrides, Settings};
use copydesk::domain::draft::{Draft, Provenance};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::run::{FinishReason, StreamEvent};
use copydesk::domain::template::Template;
use copydesk::domain::text::mark;
use copydesk::store::drafts::Headline;
use copydesk::store::library::{Entry, Origin};
use copydesk::view::Cache;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use support::studio::{Studio, drawn, settings};

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (60, 20);

const POST: &str = "# Rust is calm\n\nA borrow checker is a **colleague** who reads every line, \
                    and `unsafe` is where *you* read twice.\n\n## What it costs\n\n- time at \
                    first\n- an argument now and then\n\n> Nothing is free.\n\n```rust\nfn main() \
                    {}\n```\n";

/// The form of the first template with a topic.
fn form(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys("<enter>Rust");
    studio
}

/// A run that was just sent.
fn sent(size: (u16, u16)) -> Studio {
    let mut studio = form(size);
    studio.keys("<ctrl+g>");
    studio
}

/// A run that wrote a post.
fn done(size: (u16, u16)) -> Studio {
    let mut studio = sent(size);
    studio.wait(1_000).delta(POST).wait(2_000);
    studio.finish(FinishReason::Stop);
    studio
}

/// A run whose text is the draft.
fn used(size: (u16, u16)) -> Studio {
    let mut studio = done(size);
    studio.keys("<enter>");
    studio
}

fn no_key() -> Failure {
    let mut failure = Failure::new(FailureKind::Refused, "openai refused the key")
        .why("Incorrect API key provided")
        .advice("set OPENAI_API_KEY to a key for https://api.openai.com/v1");
    failure.status = Some(401);
    failure
}

/// Studios in the states that a person meets, by name.
fn states(size: (u16, u16)) -> Vec<(&'static str, Studio)> {
    let mut all: Vec<(&'static str, Studio)> = vec![
        ("browse", Studio::new(size)),
        ("form", form(size)),
        ("sent", sent(size)),
        ("done", done(size)),
        ("used", used(size)),
        ("practice", Studio::with(settings(&[]), size)),
    ];
    let mut more = |name, mut studio: Studio, keys: &str| {
        studio.keys(keys);
        all.push((name, studio));
    };
    more("filter", Studio::new(size), "/rel");
    more("prompt", form(size), "<ctrl+t>");
    more("help", done(size), "?");
    more("palette", form(size), "<ctrl+p>pane");
    more("question", used(size), "<ctrl+q>");
    more("comparison", used(size), "More.<alt+3>=");
    more("zoomed", used(size), "<F11>");
    more("hidden", used(size), "<ctrl+b>");
    let mut failed = sent(size);
    failed.fail(no_key());
    all.push(("failed", failed));
    let mut streaming = sent(size);
    streaming.wait(1_000).delta(POST);
    all.push(("streaming", streaming));
    all
}

#[test]
fn browsing() {
    assert_snapshot!("browse_large", Studio::new(LARGE).picture());
    assert_snapshot!("browse_usual", Studio::new(USUAL).picture());
    assert_snapshot!("browse_small", Studio::new(SMALL).picture());
}

#[test]
fn filtering() {
    assert_snapshot!("filter", Studio::new(USUAL).keys("/rel").picture());
    assert_snapshot!(
        "filter_without_match",
        Studio::new(SMALL).keys("/zzz").picture()
    );
}

#[test]
fn a_form_with_a_needed_field_missing() {
    let mut studio = Studio::new(USUAL);
    assert_snapshot!(
        "form_missing",
        studio.keys("<enter><tab*2><ctrl+g>").picture()
    );
    assert!(
        !studio
            .asked
            .iter()
            .any(|effect| matches!(effect, Effect::Generate { .. }))
    );
}

#[test]
fn a_form_being_filled_in() {
    assert_snapshot!("form_large", form(LARGE).picture());
    assert_snapshot!(
        "form_usual",
        form(USUAL).keys("<tab><right><tab>One claim").picture()
    );
}

#[test]
fn the_prompt_with_what_is_missing() {
    let mut studio = Studio::new(LARGE);
    assert_snapshot!("prompt_missing", studio.keys("<enter><ctrl+t>").picture());
}

#[test]
fn waiting_for_the_first_word() {
    let mut studio = sent(USUAL);
    assert_snapshot!("waiting", studio.wait(3_000).tell(Msg::Tick).picture());
}

#[test]
fn text_arriving() {
    let mut studio = sent(LARGE);
    studio.wait(1_000).delta("# Rust is calm\n\nA borrow");
    assert_snapshot!(
        "streaming",
        studio.wait(1_000).delta(" checker is a **coll").picture()
    );
}

#[test]
fn a_text_that_is_done() {
    assert_snapshot!("done_large", done(LARGE).picture());
    assert_snapshot!("done_small", done(SMALL).picture());
}

#[test]
fn a_run_that_failed() {
    assert_snapshot!("failed", sent(USUAL).fail(no_key()).picture());
}

#[test]
fn a_run_that_was_stopped() {
    let mut studio = sent(USUAL);
    studio.delta("Half a sentence, and th").keys("<esc>");
    let run = studio.latest_run();
    assert!(studio.asked.contains(&Effect::Cancel(run)));
    assert_snapshot!("stopped", studio.picture());
}

#[test]
fn a_variant_used_as_draft() {
    assert_snapshot!("used", used(LARGE).picture());
}

#[test]
fn a_draft_that_was_saved() {
    let mut studio = used(USUAL);
    studio.keys("<ctrl+s>");
    assert_snapshot!("saved", studio.picture());
    studio.keys("<alt+1><esc><tab>");
    assert_snapshot!("drafts", studio.picture());
}

#[test]
fn boxes_over_the_panes() {
    assert_snapshot!("help", done(LARGE).keys("?").picture());
    assert_snapshot!("palette", form(USUAL).keys("<ctrl+p>pane").picture());
    assert_snapshot!("question", used(USUAL).keys("<ctrl+q>").picture());
    assert_snapshot!("comparison", used(USUAL).keys("Indeed. <alt+3>=").picture());
}

#[test]
fn the_practice_card() {
    assert_snapshot!("practice", Studio::with(settings(&[]), LARGE).picture());
}

#[test]
fn nothing_is_sent_while_the_config_file_cannot_be_understood() {
    let file = Some(("config.toml", "provider = \"local\"\nproviders = 3\n"));
    let settings = Settings::resolve(file, &|_| None, &Overrides::default());
    let mut studio = Studio::with(settings, LARGE);
    assert!(
        !studio.text().contains("No key is set"),
        "{}",
        studio.text()
    );
    assert!(studio.text().contains("config.toml?"), "{}", studio.text());
    studio.keys("<enter>Rust<ctrl+g>");
    let sent = |effect: &Effect| matches!(effect, Effect::Generate { .. });
    assert!(!studio.asked.iter().any(sent), "{:?}", studio.asked);
    let text = studio.text();
    assert!(text.contains("config.toml:2:13: invalid type"), "{text}");
}

#[test]
fn what_is_odd_in_a_template_stands_below_its_inputs() {
    let mut studio = Studio::new(LARGE);
    let source = "---\ninputs:\n  a: {requird: true}\n---\nHello {{ a }}.\n";
    let template = Template::parse("blog-post", "blog-post.md", source).unwrap();
    studio.tell(Msg::Template {
        name: "blog-post".to_owned(),
        result: Ok(Arc::new(template)),
        purpose: Purpose::Preview,
        past: Past::default(),
    });
    let text = studio.text();
    assert!(text.contains("! 3:7: unknown key"), "{text}");
    assert!(text.contains("`requird`"), "{text}");
}

#[test]
fn a_screen_too_small_for_anything() {
    assert_snapshot!("too_small", Studio::new((15, 4)).picture());
}

#[test]
fn every_size_is_drawn() {
    for (name, mut studio) in states(USUAL) {
        for width in (1..=24).chain((25..=200).step_by(13)) {
            for height in (1..=8).chain((9..=60).step_by(9)) {
                studio.size = (width, height);
                let area = studio.draw().cells.area;
                assert_eq!((area.width, area.height), (width, height), "{name}");
            }
        }
    }
}

#[test]
fn drawing_again_changes_no_cell() {
    for size in [LARGE, USUAL, SMALL] {
        for (name, mut studio) in states(size) {
            let first = studio.draw();
            assert_eq!(studio.draw().picture(), first.picture(), "{name}");
            // The cache makes drawing faster and nothing else.
            let (fresh, _) = drawn(&studio.app, &mut Cache::default(), size);
            assert_eq!(fresh.picture(), first.picture(), "{name} without its cache");
        }
    }
}

#[test]
fn what_was_told_replays_to_the_same_screen() {
    for (name, mut studio) in states(LARGE) {
        let mut app = App::new(studio.settings.clone(), 7);
        let mut cache = Cache::default();
        for (now, msg) in std::mem::take(&mut studio.told) {
            app.update(now, msg);
            let (_, areas) = drawn(&app, &mut cache, LARGE);
            app.on_drawn(areas);
        }
        let (screen, _) = drawn(&app, &mut cache, LARGE);
        assert_eq!(screen.picture(), studio.picture(), "{name}");
    }
}

#[test]
fn what_comes_after_a_stop_never_shows() {
    let mut studio = sent(LARGE);
    studio.delta("Kept.").keys("<esc>");
    let stopped = studio.picture();
    studio.delta(" Late.");
    studio.run(RunFact::Event(StreamEvent::Started {
        model: "late".to_owned(),
    }));
    studio.finish(FinishReason::Stop);
    studio.fail(no_key());
    assert_eq!(studio.picture(), stopped);
    assert!(stopped.contains("Kept.") && stopped.contains("stopped"));
}

#[test]
fn what_comes_after_the_end_never_shows() {
    let mut studio = done(LARGE);
    let ended = studio.picture();
    studio.delta("Late.").fail(no_key());
    assert_eq!(studio.picture(), ended);
}

/// Escape sequences, C1 controls, direction marks and separators, each of which a terminal obeys.
const HOSTILE: &str = "x\u{1b}[2J\u{1b}]0;t\u{7}y\u{9b}31mz\u{85}\u{202e}abc\u{2066}d\u{2069}\
                       \u{200f}e\u{61c}f\u{2028}g\u{2029}h\r\u{8}\u{7f}\u{0}i👩\u{200d}👧\u{202e}";

fn assert_harmless(studio: &mut Studio, place: &str) {
    for size in [LARGE, USUAL, SMALL, (20, 5)] {
        studio.size = size;
        let screen = studio.draw();
        for cell in &screen.cells.content {
            let obeyed = cell
                .symbol()
                .chars()
                .find(|c| c.is_control() || matches!(mark(*c), Some('⇄' | '↵')));
            assert_eq!(
                obeyed,
                None,
                "{place} at {size:?} in {:?}:\n{}",
                cell.symbol(),
                screen.text()
            );
        }
    }
    studio.size = LARGE;
}

fn hostile_entry() -> Entry {
    Entry {
        name: HOSTILE.to_owned(),
        origin: Origin::Shipped,
        title: format!("title {HOSTILE}"),
        description: format!("description {HOSTILE}"),
        tags: vec![HOSTILE.to_owned()],
        problem: Some(format!("problem {HOSTILE}")),
    }
}

#[test]
fn hostile_lists_are_harmless() {
    let mut studio = Studio::new(LARGE);
    studio.tell(Msg::Library {
        templates: vec![hostile_entry()],
        snippets: BTreeMap::from([(HOSTILE.to_owned(), Ok(HOSTILE.to_owned()))]),
        stars: BTreeSet::new(),
    });
    studio.tell(Msg::Drafts(Ok(vec![Headline {
        path: PathBuf::from(HOSTILE),
        name: HOSTILE.to_owned(),
        title: HOSTILE.to_owned(),
        updated: "2026-11-18T09:00:00Z".parse().unwrap(),
        template: Some(HOSTILE.to_owned()),
        id: None,
        tags: vec![HOSTILE.to_owned()],
        words: 3,
        problem: Some(HOSTILE.to_owned()),
    }])));
    assert!(studio.text().contains("title x␛[2J"), "{}", studio.text());
    assert_harmless(&mut studio, "a template");
    assert_harmless(studio.keys("<tab>"), "a draft");
    assert_harmless(studio.keys("<tab>"), "a snippet");
    assert_harmless(studio.keys("<enter>"), "the notice about a snippet");
    studio.keys("/").tell(Msg::Paste(HOSTILE.to_owned()));
    assert_harmless(&mut studio, "a filter");
}

#[test]
fn hostile_templates_are_harmless() {
    let mut studio = Studio::new(LARGE);
    let quoted = HOSTILE.replace(['\u{0}', '\r', '\u{85}', '\u{2028}', '\u{2029}'], "");
    let mut yaml = String::new();
    for c in quoted.chars() {
        write!(yaml, "\\U{:08x}", u32::from(c)).unwrap();
    }
    let source = format!(
        "---\ntitle: \"{yaml}\"\ndescription: \"{yaml}\"\ninputs:\n  one: {{label: \"{yaml}\", \
         help: \"{yaml}\", default: \"{yaml}\"}}\n  two: {{type: choice, options: [\"{yaml}\"]}}\n  \
         three: {{type: text, default: \"{yaml}\"}}\n  four: {{required: true}}\n\
         ---\n{quoted} {{{{ one }}}} {{{{ two }}}}\n"
    );
    studio.put("data/templates/blog-post.md", &source);
    studio.keys("<down><up><enter>");
    assert!(studio.app.form.is_some(), "{}", studio.text());
    // A default is shown with its marks like anything else.
    let shown = studio.text();
    assert!(shown.matches("x␛[2J").count() >= 5, "{shown}");
    assert_harmless(&mut studio, "a form");
    assert_harmless(studio.keys("<ctrl+g>"), "a needed field");
    studio.tell(Msg::Paste(HOSTILE.to_owned()));
    assert_harmless(&mut studio, "a pasted field");
    assert_harmless(studio.keys("<ctrl+t>"), "a prompt");
}

#[test]
fn hostile_answers_are_harmless() {
    let mut studio = sent(LARGE);
    studio.run(RunFact::Retrying {
        note: HOSTILE.to_owned(),
    });
    assert_harmless(&mut studio, "a retry");
    studio.run(RunFact::Event(StreamEvent::Refusal(HOSTILE.to_owned())));
    studio.run(RunFact::Event(StreamEvent::Reasoning(HOSTILE.to_owned())));
    assert_harmless(&mut studio, "a refusal");
    for around in [
        "# ",
        "\n\n- ",
        "\n\n> ",
        "\n\n`",
        "` **",
        "** [",
        "](u) ",
        "\n\n```\n",
    ] {
        studio.delta(around).delta(HOSTILE);
    }
    assert_harmless(&mut studio, "text that streams");
    studio.finish(FinishReason::Other(HOSTILE.to_owned()));
    assert_harmless(&mut studio, "text that is done");
    studio.keys("<enter>mine ");
    assert_harmless(&mut studio, "a draft");
    assert_harmless(studio.keys("<alt+3>="), "a comparison");
    studio.keys("<esc>R");
    let failure = Failure::new(FailureKind::Refused, HOSTILE)
        .why(HOSTILE)
        .advice(HOSTILE);
    assert_harmless(studio.fail(failure), "a failure");
}

#[test]
fn hostile_notices_files_and_pastes_are_harmless() {
    let mut studio = Studio::new(LARGE);
    assert_harmless(studio.tell(Msg::Told(HOSTILE.to_owned())), "a notice");
    let draft = Draft::new(
        HOSTILE,
        HOSTILE,
        &Provenance::default(),
        &"2026-11-18T09:00:00+00:00[UTC]".parse().unwrap(),
    );
    studio.tell(Msg::DraftOpened(Ok(OpenedDraft {
        path: PathBuf::from(format!("drafts/{HOSTILE}.md")),
        hash: String::new(),
        draft,
    })));
    assert_harmless(&mut studio, "an opened draft");
    studio.tell(Msg::Paste(HOSTILE.to_owned()));
    assert_harmless(&mut studio, "a paste into the draft");
    studio.tell(Msg::Edited(Ok(HOSTILE.repeat(3))));
    assert_harmless(&mut studio, "an edited draft");
    studio.keys("<ctrl+p>").tell(Msg::Paste(HOSTILE.to_owned()));
    assert_harmless(&mut studio, "the palette");
}

#[test]
fn a_draft_is_on_the_screen_as_soon_as_it_is_opened_or_begun() {
    let mut studio = Studio::new(USUAL);
    let draft = Draft::new(
        "Old",
        "Words from last week.",
        &Provenance::default(),
        &"2026-11-18T09:00:00+00:00[UTC]".parse().unwrap(),
    );
    studio.tell(Msg::DraftOpened(Ok(OpenedDraft {
        path: PathBuf::from("drafts/old.md"),
        hash: String::new(),
        draft,
    })));
    assert!(studio.text().contains("Words from last week."));
    studio.keys("<ctrl+n>fresh");
    let text = studio.text();
    assert!(
        text.contains("fresh") && !text.contains("last week"),
        "{text}"
    );
}

#[test]
fn every_command_runs_from_the_palette_in_every_state() {
    let mut reached = HashSet::new();
    for keys in ["<alt+1>", "<alt+2>", "<alt+3>"] {
        for (name, mut studio) in states(USUAL) {
            for place in 0.. {
                while !studio.app.dialogs.is_empty() {
                    studio.keys("<esc>");
                }
                studio.keys(keys).keys("<ctrl+p>");
                let Some(Dialog::Palette(palette)) = studio.app.dialogs.last_mut() else {
                    unreachable!("no palette at {name}");
                };
                let Some(row) = palette.matches.get(place) else {
                    break;
                };
                palette.cursor = place;
                reached.insert(TABLE[*row].command);
                studio.keys("<enter>");
            }
        }
    }
    let missed = TABLE
        .iter()
        .filter(|entry| !reached.contains(&entry.command));
    let missed: Vec<_> = missed.map(|entry| entry.command).collect();
    assert_eq!(missed, [Command::Palette]);
}

/// A draft and a variant with characters that nobody sees.
fn with_hidden(size: (u16, u16)) -> Studio {
    let mut studio = sent(size);
    studio.delta("Pay\u{200b}ment is d\u{202e}eu\u{202c} to\u{200b}day 👩‍👩‍👧.\n\nSoon\u{ad}er is bet\u{200b}ter.");
    studio.finish(FinishReason::Stop);
    studio
}

/// T1: marks are counted, named, found and taken out.
#[test]
fn hidden_characters_are_counted_listed_and_taken_out() {
    let mut studio = with_hidden(LARGE);
    assert_snapshot!("hidden_variant", studio.keys("<F7>").picture());
    studio.keys("<esc><enter>");
    assert!(studio.text().contains(" 6 hidden characters · F7 "));
    assert_snapshot!("hidden_kinds", studio.keys("<F7><down>").picture());
    studio.keys("<enter>");
    assert_eq!(
        studio.app.editor.document.selected_text().as_deref(),
        Some("\u{202e}")
    );
    studio.keys("<F7>r");
    assert_eq!(studio.app.editor.document.hidden(), 3);
    studio.keys("a");
    let text = studio.app.editor.document.text();
    assert_eq!(text, "Payment is deu today 👩‍👩‍👧.\n\nSooner is better.");
    assert!(studio.app.dialogs.is_empty());
    let seen = studio.text();
    assert!(seen.contains("3 hidden removed"), "{seen}");
    // The variant keeps its own.
    assert_eq!(seen.matches("hidden characters").count(), 1, "{seen}");
    studio.keys("<ctrl+z>");
    assert_eq!(studio.app.editor.document.hidden(), 3);
    assert_snapshot!(
        "hidden_small",
        with_hidden(SMALL).keys("<enter><F7>").picture()
    );
}

#[test]
fn a_text_without_hidden_characters_is_told_so() {
    let mut studio = used(USUAL);
    let seen = studio.keys("<F7>").text();
    assert!(seen.contains("nothing is hidden"), "{seen}");
    assert!(studio.app.dialogs.is_empty());
}

#[test]
fn a_draft_that_is_opened_is_shown_at_once() {
    let mut studio = Studio::new(LARGE);
    for name in ["first", "second"] {
        let path = PathBuf::from(format!("{name}.md"));
        let draft = Draft::parse(&format!("The {name} of two drafts."));
        let hash = String::new();
        studio.tell(Msg::DraftOpened(Ok(OpenedDraft { path, hash, draft })));
        let seen = studio.text();
        assert!(seen.contains(&format!("The {name} of two")), "{seen}");
    }
}
