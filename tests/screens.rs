//! What people see: every state as a picture with its colours, and what holds at any size.
//!
//! Pictures are snapshots below `snapshots/`; `INSTA_UPDATE=always` draws them anew.

mod support;

use copydesk::app::App;
use copydesk::app::browser::Item;
use copydesk::app::command::{Command, Scope, TABLE};
use copydesk::app::dialog::Dialog;
use copydesk::app::effect::Effect;
use copydesk::app::key::{Mouse, MouseAction};
use copydesk::app::msg::{Msg, Past, Purpose, RunFact};
use copydesk::app::palette::What;
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

/// A part whose new text is being decided about.
fn sent_part(size: (u16, u16)) -> Studio {
    let mut studio = used(size);
    studio.keys("<ctrl+k><enter>").delta("Another text.");
    studio.finish(FinishReason::Stop);
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
    more("refine", used(size), "<ctrl+k>");
    more("refine asks", used(size), "<ctrl+k>tone<enter>");
    more("refining", used(size), "<ctrl+k><enter>");
    let mut reviewed = used(size);
    reviewed.keys("<ctrl+home><ctrl+k><tab><enter>");
    reviewed.delta("# Rust\n\nA borrow checker reads every line.\n");
    reviewed.finish(FinishReason::Stop);
    all.push(("reviewed", reviewed));
    let mut more = |name, mut studio: Studio, keys: &str| {
        studio.keys(keys);
        all.push((name, studio));
    };
    more("review help", sent_part(size), "<F1>");
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
        status: Some(HOSTILE.to_owned()),
        tags: vec![HOSTILE.to_owned()],
        words: 3,
        problem: Some(HOSTILE.to_owned()),
        ..Headline::default()
    }]
    .into())));
    assert!(studio.text().contains("x␛[2J"), "{}", studio.text());
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
        why: HOSTILE.to_owned(),
        attempt: 2,
        wait: 3_000,
    });
    assert_harmless(&mut studio, "a retry");
    studio.run(RunFact::Event(StreamEvent::Refusal(HOSTILE.to_owned())));
    studio.run(RunFact::Event(StreamEvent::Reasoning(HOSTILE.to_owned())));
    assert_harmless(&mut studio, "a refusal");
    assert_harmless(studio.keys("T"), "reasoning");
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
    studio.open(&format!("drafts/{HOSTILE}.md"), draft);
    assert_harmless(&mut studio, "an opened draft");
    studio.tell(Msg::Paste(HOSTILE.to_owned()));
    assert_harmless(&mut studio, "a paste into the draft");
    studio.tell(Msg::Edited {
        draft: studio.app.editor.id,
        result: Ok(HOSTILE.repeat(3)),
    });
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
    studio.open("drafts/old.md", draft);
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
                // What was chosen moves up, so a place is not always the same row.
                let rows = palette.list.rows.iter();
                let mut commands: Vec<usize> = rows
                    .filter_map(|row| match row.what {
                        What::Command(row) => Some(row),
                        What::Theme(_) | What::Setting(_) => None,
                    })
                    .collect();
                commands.sort_unstable();
                let Some(row) = commands.get(place) else {
                    break;
                };
                let wanted = What::Command(*row);
                let at = palette.list.rows.iter().position(|row| row.what == wanted);
                palette.list.cursor = at.unwrap();
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

/// One line of text, as it reads over the breaks of a narrow screen.
fn reads(studio: &mut Studio, sentence: &str) -> bool {
    let bare = |text: &str| -> String {
        let frame = ['│', '╭', '╮', '╰', '╯', '─'];
        text.chars()
            .filter(|c| !c.is_whitespace() && !frame.contains(c))
            .collect()
    };
    let lines: Vec<String> = studio.text().lines().map(str::to_owned).collect();
    bare(&lines.join("")).contains(&bare(sentence))
}

const BROKEN_OFF: &str = "the stream of http://127.0.0.1:43127/v1/chat/completions ended before the \
                          answer did";
const PROMISED: &str = "the text so far is kept; c continues it, R starts again";

#[test]
fn a_failure_after_some_text_is_readable_whole_and_stays() {
    for size in [LARGE, USUAL, SMALL] {
        let mut studio = sent(size);
        studio.delta("Half a sentence, and th");
        let failure = Failure::new(FailureKind::Partial, BROKEN_OFF).advice(PROMISED);
        studio.fail(failure);
        // Whatever is pressed then; what the model wrote has no word of it.
        studio.wait(60_000).keys("<F11>");
        assert_eq!(studio.app.notice, None);
        let shown = studio.text();
        assert!(reads(&mut studio, &BROKEN_OFF[1..]), "{size:?}\n{shown}");
        assert!(reads(&mut studio, &PROMISED[1..]), "{size:?}\n{shown}");
        assert_eq!(
            studio.app.output.shown().unwrap().text,
            "Half a sentence, and th"
        );
    }
}

#[test]
fn an_end_without_a_reason_is_not_called_done() {
    for size in [LARGE, USUAL] {
        let mut studio = sent(size);
        studio.delta("Only ended.").finish(FinishReason::Ended);
        let shown = studio.text();
        assert!(shown.contains("ended, reason unknown"), "{shown}");
    }
}

#[test]
fn a_failure_that_no_pane_shows_is_readable_whole_and_not_gone_at_the_next_key() {
    let path = "/home/somebody/library/drafts/2026-11-23-a-title-that-goes-on-and-on.md";
    let said = format!(
        "cannot save {path}: it was changed outside since it was opened; copy your text, open it \
         again, and bring both together"
    );
    for size in [USUAL, SMALL] {
        let mut studio = Studio::new(size);
        studio.tell(Msg::Failed(Failure::new(FailureKind::Other, said.clone())));
        studio.keys("<alt+2>typing on");
        let shown = studio.text();
        assert!(reads(&mut studio, &said), "{size:?}\n{shown}");
        assert!(shown.contains("^S Save"), "{shown}");
        studio.wait(5_000).keys("x");
        assert_eq!(studio.app.notice, None);
    }
}

#[test]
fn an_address_that_failed_is_shown_whole_and_as_it_is() {
    let what = "http://127.0.0.1:43127/v1/chat/completions could not be reached";
    for size in [LARGE, USUAL, SMALL] {
        let mut studio = sent(size);
        studio.fail(Failure::new(FailureKind::Network, what).why("connection refused"));
        studio.wait(60_000).keys("<F11>");
        assert!(reads(&mut studio, what), "{}", studio.text());
        assert!(studio.text().contains("Connection refused"));
    }
}

/// A run that thought before it wrote.
fn thoughtful(size: (u16, u16)) -> Studio {
    let mut studio = sent(size);
    let thoughts = "**Short and factual**\n\nThe reader knows the borrow checker, so the post may \
                    begin with what it feels like.\n\n- no history\n- one joke at most";
    studio.run(RunFact::Event(StreamEvent::Reasoning(thoughts.to_owned())));
    studio
}

#[test]
fn reasoning_is_folded_above_the_text_until_it_is_asked_for() {
    let mut studio = thoughtful(LARGE);
    assert_snapshot!("reasoning_running", studio.picture());
    studio.delta(POST);
    studio.finish(FinishReason::Stop);
    assert_snapshot!("reasoning_folded", studio.picture());
    assert_snapshot!("reasoning_open", studio.keys("T").picture());
    let mut small = thoughtful(USUAL);
    small.delta(POST);
    small.finish(FinishReason::Stop);
    assert_snapshot!("reasoning_open_usual", small.keys("T").picture());
    assert!(small.keys("T").text().contains("▸ thought for"));
}

#[test]
fn reasoning_scrolls_with_the_text_and_folds_at_a_click() {
    let mut studio = thoughtful(USUAL);
    studio.delta(POST);
    studio.finish(FinishReason::Stop);
    studio.keys("T");
    assert!(
        studio.text().contains("▾ thought for 27 words"),
        "{}",
        studio.text()
    );
    studio.keys("G");
    assert!(!studio.text().contains("▾ thought"), "{}", studio.text());
    studio.keys("g");
    let line = studio
        .text()
        .lines()
        .position(|line| line.contains("▾ thought"));
    let row = u16::try_from(line.unwrap()).unwrap();
    let seen = studio.text();
    let column = seen.lines().nth(row.into()).unwrap();
    let column = column.split("▾").next().unwrap().chars().count();
    studio.tell(Msg::Mouse(Mouse {
        action: MouseAction::Press,
        column: u16::try_from(column).unwrap(),
        row,
    }));
    assert!(
        studio.text().contains("▸ thought for 27 words"),
        "{}",
        studio.text()
    );
}

#[test]
fn reasoning_is_in_no_copy_and_no_draft() {
    let mut studio = thoughtful(USUAL);
    studio.delta("The text alone.");
    studio.finish(FinishReason::Stop);
    studio.keys("Ty");
    let copied: Vec<_> = studio
        .asked
        .iter()
        .filter_map(|effect| match effect {
            Effect::Copy(text) => Some(text.as_str()),
            _ => None,
        })
        .collect();
    assert_eq!(copied, ["The text alone."]);
    studio.keys("<enter>");
    assert_eq!(studio.app.editor.document.text(), "The text alone.");
    let plain = done(USUAL).keys("T").text();
    assert!(plain.contains("no reasoning came"), "{plain}");
}

/// The last moment the model asked to be woken at.
fn woken_at(studio: &mut Studio) -> Option<u64> {
    let wakes = studio.asked.iter().filter_map(|effect| match effect {
        Effect::WakeAt(at) => Some(*at),
        _ => None,
    });
    let last = wakes.max();
    studio.asked.clear();
    last
}

#[test]
fn an_answer_that_stalls_says_so_and_counts() {
    let mut studio = sent(USUAL);
    studio.wait(1_000).delta("Once upon a time ");
    studio.wait(9_000).tell(Msg::Tick);
    assert!(studio.text().contains("tok/s"), "{}", studio.text());
    studio.wait(3_000).tell(Msg::Tick);
    assert!(studio.text().contains("stalled 12 s"), "{}", studio.text());
    let before = studio.text();
    studio.wait(1_000).tell(Msg::Tick);
    assert!(studio.text().contains("stalled 13 s"), "{}", studio.text());
    assert_ne!(before, studio.text());
    studio.delta("there was");
    assert!(!studio.text().contains("stalled"), "{}", studio.text());
}

#[test]
fn one_wake_a_second_while_something_runs_and_none_when_it_is_over() {
    let mut studio = sent(USUAL);
    studio.delta("Once ");
    studio.keys("VV");
    assert_eq!(studio.app.output.variants.len(), 3);
    let first = woken_at(&mut studio).unwrap();
    for second in 1..30 {
        studio.wait(1_000).tell(Msg::Tick).tell(Msg::Tick);
        let wakes = studio.asked.iter();
        let wakes = wakes.filter(|effect| matches!(effect, Effect::WakeAt(_)));
        assert_eq!(wakes.count(), 1, "after {second} s from {first}");
        studio.asked.clear();
    }
    studio.keys("<esc><esc><esc>");
    woken_at(&mut studio);
    studio.wait(10_000).tell(Msg::Tick);
    assert_eq!(woken_at(&mut studio), None);
}

#[test]
fn a_wait_for_another_try_says_why_and_counts_down() {
    for size in [LARGE, USUAL, SMALL] {
        let mut studio = sent(size);
        studio.run(RunFact::Retrying {
            why: "429 too many requests".to_owned(),
            attempt: 2,
            wait: 3_000,
        });
        let shown = studio.text();
        assert!(shown.contains("429 too many requests"), "{shown}");
        assert_eq!(shown.matches("try 2 in 3 s").count(), 1, "{shown}");
        assert!(shown.contains("Try 2 in 3 s; esc cancels"), "{shown}");
        studio.wait(1_100).tell(Msg::Tick);
        assert!(studio.text().contains("try 2 in 2 s"), "{}", studio.text());
        studio.wait(2_000).tell(Msg::Tick);
        assert!(studio.text().contains("Try 2; esc"), "{}", studio.text());
        studio.keys("<esc>");
        assert!(studio.text().contains("stopped"));
    }
}

#[test]
fn what_is_pasted_into_a_field_is_sent_as_it_is() {
    let word = "می\u{200c}خواهم";
    let mut studio = Studio::new(USUAL);
    studio.keys("<enter>").tell(Msg::Paste(word.to_owned()));
    assert!(studio.text().contains('∅'), "{}", studio.text());
    studio.keys("<ctrl+g>");
    let sent = studio.asked.iter().find_map(|effect| match effect {
        Effect::Generate { request, .. } => Some(request.prompt.user.clone()),
        _ => None,
    });
    assert!(sent.unwrap().contains(word));
}

#[test]
fn a_brief_outlives_every_way_out_of_its_form() {
    for (way, back) in [
        ("<ctrl+o>", "<esc>"),
        ("<ctrl+p>open what is high<enter>", ""),
        ("<esc>", "<enter>"),
    ] {
        let mut studio = form(USUAL);
        studio.keys(way).keys(back);
        assert!(studio.app.form.is_some(), "{way}\n{}", studio.text());
        assert!(studio.text().contains("Rust"), "{way}\n{}", studio.text());
    }
}

#[test]
fn a_slash_starts_a_new_filter_and_esc_clears_it() {
    let mut studio = Studio::new(USUAL);
    studio.keys("/blog<enter><esc>/rel");
    assert!(studio.text().contains("/ rel"), "{}", studio.text());
    assert!(studio.text().contains("Release notes"), "{}", studio.text());
    studio.keys("<esc>");
    assert!(studio.text().contains("Blog post"), "{}", studio.text());
    assert!(!studio.text().contains("/ rel"), "{}", studio.text());
}

/// The cell where a text stands on the screen.
fn cell_of(studio: &mut Studio, text: &str) -> (u16, u16) {
    let shown = studio.text();
    let found = shown.lines().enumerate().find_map(|(row, line)| {
        let before = line.split_once(text)?.0;
        Some((before.chars().count() as u16, row as u16))
    });
    assert!(found.is_some(), "no {text} in\n{shown}");
    found.unwrap_or_default()
}

fn mouse(studio: &mut Studio, action: MouseAction, (column, row): (u16, u16)) {
    let mouse = Mouse {
        action,
        column,
        row,
    };
    studio.wait(1_000).tell(Msg::Mouse(mouse));
}

#[test]
fn a_click_in_a_field_puts_the_cursor_there() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<enter>Rust terminals");
    let (column, row) = cell_of(&mut studio, "terminals");
    mouse(&mut studio, MouseAction::Press, (column, row));
    studio.keys("calm ");
    assert!(studio.text().contains("Rust calm terminals"));
    // Also in a field that was not the focused one, and in a row further down.
    studio.keys("<tab><tab>one<enter>two<shift+tab><shift+tab>");
    let (column, row) = cell_of(&mut studio, "two");
    mouse(&mut studio, MouseAction::Press, (column + 1, row));
    studio.keys("X");
    assert!(studio.text().contains("tXwo"), "{}", studio.text());
}

#[test]
fn the_click_that_focuses_a_choice_does_not_change_it() {
    let mut studio = form(USUAL);
    let at = cell_of(&mut studio, "‹ ");
    let before = studio.app.form.as_ref().unwrap().brief();
    mouse(&mut studio, MouseAction::Press, at);
    assert_eq!(studio.app.form.as_ref().unwrap().brief(), before);
    let at = cell_of(&mut studio, "‹ ");
    mouse(&mut studio, MouseAction::Press, at);
    assert_ne!(studio.app.form.as_ref().unwrap().brief(), before);
    // With another pane focused, the same click only comes back.
    let changed = studio.app.form.as_ref().unwrap().brief();
    studio.keys("<alt+2>");
    mouse(&mut studio, MouseAction::Press, at);
    assert_eq!(studio.app.form.as_ref().unwrap().brief(), changed);
}

#[test]
fn the_wheel_scrolls_a_form_and_a_key_comes_back_to_the_cursor() {
    let mut studio = form((80, 12));
    let first = studio.text();
    for _ in 0..30 {
        mouse(&mut studio, MouseAction::WheelDown, (5, 5));
    }
    assert_ne!(studio.text(), first);
    assert!(!studio.text().contains("Rust"), "{}", studio.text());
    mouse(&mut studio, MouseAction::WheelUp, (5, 5));
    studio.keys("!");
    assert!(studio.text().contains("Rust!"), "{}", studio.text());
}

#[test]
fn the_wheel_over_the_list_takes_the_preview_along() {
    let mut studio = Studio::new(LARGE);
    mouse(&mut studio, MouseAction::WheelDown, (5, 5));
    let highlighted = studio.app.browser.highlighted().unwrap().item.clone();
    let (name, _) = studio.app.browser.preview.as_ref().unwrap();
    assert_eq!(highlighted, Item::Template(name.clone()));
}

/// Variants of two templates: one of the first, two of the second.
fn two_groups(size: (u16, u16)) -> Studio {
    let mut studio = done(size);
    studio.keys("<alt+1><esc><down><enter><paste:Dear all><tab><paste:yes><ctrl+g>");
    studio.delta("Second template.").finish(FinishReason::Stop);
    studio.keys("R").delta("Again.").finish(FinishReason::Stop);
    studio
}

fn border(studio: &mut Studio) -> String {
    let text = studio.text();
    let line = text.lines().find(|line| line.contains("╭"));
    line.unwrap_or_default().to_owned()
}

#[test]
fn numbers_count_within_the_run_and_brackets_walk_over_all() {
    let mut studio = two_groups(LARGE);
    assert_eq!(studio.app.output.variants.len(), 3, "{}", studio.text());
    assert!(border(&mut studio).contains("Output │ ‹ 1 │ 2 "));
    studio.keys("1");
    assert!(studio.text().contains("Second template."));
    studio.keys("3");
    assert!(
        studio.text().contains("Second template."),
        "there is no third"
    );
    studio.keys("[");
    assert!(studio.text().contains("Rust is calm"));
    assert!(
        border(&mut studio).contains("Blog post │ 1 "),
        "{}",
        studio.text()
    );
    // What is asked for there stays there.
    studio.keys("R").delta("Rust, once more.");
    assert!(border(&mut studio).contains("Blog post │ 1 │ 2 "));
    studio.keys("]");
    assert!(studio.text().contains("Second template."));
}

#[test]
fn one_more_variant_leaves_the_one_that_is_read() {
    let mut studio = done(LARGE);
    studio.keys("V").delta("Another calm text.");
    assert!(studio.text().contains("Rust is calm"), "{}", studio.text());
    assert!(!studio.text().contains("Another calm text."));
    assert!(
        border(&mut studio).contains("│ 1 │ 2… "),
        "{}",
        studio.text()
    );
    studio.keys("2");
    assert!(studio.text().contains("Another calm text."));
}

#[test]
fn while_text_streams_the_verbs_that_work_are_shown() {
    let mut studio = sent(USUAL);
    studio.delta("Half a sentence");
    let shown = studio.text();
    assert!(
        shown.contains("y copy") && shown.contains("esc Stop"),
        "{shown}"
    );
    assert!(!shown.contains("c continue"), "{shown}");
    // Half a text gets into a draft only when it is known to be half of one.
    assert!(!shown.contains("Enter use as draft"), "{shown}");
    studio.keys("<enter>");
    assert!(studio.text().contains("still being written"));
    assert_eq!(studio.app.editor.document.text(), "");
    studio.keys("<esc><enter>");
    assert_eq!(studio.app.editor.document.text(), "Half a sentence");
}

#[test]
fn the_footer_offers_only_what_would_do_something() {
    let footer = |studio: &mut Studio| studio.text().lines().last().unwrap().to_owned();
    let mut studio = sent(USUAL);
    studio.run(RunFact::Event(StreamEvent::Refusal("no".to_owned())));
    studio.finish(FinishReason::Refused);
    let keys = footer(&mut studio);
    assert!(
        !keys.contains("^S Save") && keys.contains("^G Generate"),
        "{keys}"
    );
    let keys = footer(&mut done(USUAL));
    assert!(keys.contains("^S Save"), "{keys}");
    let keys = footer(Studio::new(USUAL).keys("/rel"));
    assert!(
        keys.contains("esc Clear") && !keys.contains("/ Filter"),
        "{keys}"
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
        let draft = Draft::parse(&format!("The {name} of two drafts."));
        studio.open(&format!("{name}.md"), draft);
        let seen = studio.text();
        assert!(seen.contains(&format!("The {name} of two")), "{seen}");
    }
}
#[test]
fn keys_stay_on_screen_while_something_is_said() {
    for size in [LARGE, USUAL, SMALL] {
        let mut studio = used(size);
        let shown = studio.text();
        assert!(shown.contains("ctrl+s saves it"), "{shown}");
        assert!(shown.lines().last().unwrap().contains("^S Save"), "{shown}");
    }
}

#[test]
fn the_first_screen_shows_the_practice_card_at_every_size_and_esc_takes_only_that() {
    for size in [LARGE, USUAL, SMALL] {
        let mut studio = Studio::with(settings(&[]), size);
        let shown = studio.text();
        assert!(shown.contains("No key is set"), "{shown}");
        studio.keys("<esc>");
        assert!(!studio.text().contains("No key is set"));
    }
    // A card that cannot be seen swallows nothing.
    let mut studio = Studio::with(settings(&[]), SMALL);
    studio.keys("<enter>");
    assert!(studio.app.form.is_some());
    studio.keys("<esc>");
    assert!(studio.app.form.is_none());
}

#[test]
fn broken_templates_are_told_apart_by_their_files() {
    let mut studio = Studio::new(USUAL);
    let broken = |name: &str| Entry {
        name: name.to_owned(),
        origin: Origin::Shipped,
        title: "X".to_owned(),
        description: String::new(),
        tags: Vec::new(),
        problem: Some("no end of the front matter".to_owned()),
    };
    studio.tell(Msg::Library {
        templates: vec![broken("one"), broken("two")],
        snippets: BTreeMap::new(),
        stars: BTreeSet::new(),
    });
    let shown = studio.text();
    assert!(
        shown.contains("one.md") && shown.contains("two.md"),
        "{shown}"
    );
}

#[test]
fn the_prompt_has_an_end_and_a_start() {
    let mut studio = form((80, 12));
    studio.keys("<ctrl+t>");
    let start = studio.text();
    studio.keys("G");
    assert_ne!(studio.text(), start);
    studio.keys("g");
    assert_eq!(studio.text(), start);
    studio.keys("<end>");
    assert_ne!(studio.text(), start);
}

#[test]
fn what_is_cut_is_copied_to_the_clipboard_of_the_system() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<alt+2>one two<ctrl+a><ctrl+x>");
    let cut = |text: &str| Effect::Cut(text.to_owned());
    assert!(studio.asked.contains(&cut("one two")));
    studio.keys("<alt+1><enter>three<ctrl+a><ctrl+x>");
    assert!(studio.asked.contains(&cut("three")));
}

#[test]
fn no_line_of_help_is_cut_without_a_mark() {
    let mut studio = Studio::new(SMALL);
    studio.keys("?");
    let mut seen = String::new();
    for _ in 0..20 {
        seen += &studio.text();
        studio.keys("<pagedown>");
    }
    let words = seen.split_whitespace().filter(|word| *word != "│");
    let bare = words.collect::<Vec<_>>().join(" ");
    for entry in TABLE.iter().filter(|entry| entry.scope == Scope::Anywhere) {
        assert!(bare.contains(entry.help), "{}\n{seen}", entry.help);
    }
    for size in [LARGE, USUAL, SMALL] {
        let mut studio = Studio::new(size);
        studio.keys("<ctrl+p>generate");
        let shown = studio.text();
        assert!(
            shown.contains("watch the text arrive") || shown.contains("… "),
            "{shown}"
        );
    }
}

/// The user message of the latest request.
fn asked_for(studio: &Studio) -> String {
    let requests = studio.asked.iter().rev();
    let prompt = requests.filter_map(|effect| match effect {
        Effect::Generate { request, .. } => Some(request.prompt.user.clone()),
        _ => None,
    });
    prompt.take(1).collect()
}

#[test]
fn a_prompt_can_be_taken_over_edited_and_sent() {
    let mut studio = form(USUAL);
    studio.keys("<ctrl+g><ctrl+t>");
    let rendered = asked_for(&studio);
    assert!(
        studio.text().contains("enter Edit for this run"),
        "{}",
        studio.text()
    );
    studio.keys("<enter>My own words. ");
    assert!(
        studio.text().contains("edited for this run"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+g>");
    assert_eq!(asked_for(&studio), format!("My own words. {rendered}"));
    assert!(studio.text().contains("edited prompt"), "{}", studio.text());
    // Leaving the form loses nothing; going back asks, and undo is the prompt's own.
    studio.keys("<esc><esc><alt+1><esc><enter><ctrl+t>");
    assert!(studio.text().contains("My own words."), "{}", studio.text());
    studio.keys("<esc>t<ctrl+g>");
    assert_eq!(asked_for(&studio), rendered);
}

#[test]
fn a_prompt_that_was_not_edited_is_given_back_without_a_question() {
    let mut studio = form(USUAL);
    studio.keys("<ctrl+t><enter>x<ctrl+z>");
    assert!(studio.app.editor.detached.is_some());
    studio.keys("<esc>");
    assert!(studio.app.dialogs.is_empty(), "{}", studio.text());
    assert!(studio.app.editor.detached.is_none());
    assert!(studio.app.editor.document.is_empty());
}

#[test]
fn earlier_groups_are_a_click_or_a_bracket_away() {
    let mut studio = two_groups(LARGE);
    let shown = studio.text();
    assert!(border(&mut studio).contains("│ ‹ 1 │ 2 "), "{shown}");
    assert!(shown.contains("[ earlier"), "{shown}");
    let arrow = cell_of(&mut studio, "‹ 1");
    mouse(&mut studio, MouseAction::Press, arrow);
    let shown = studio.text();
    assert!(shown.contains("Rust is calm"), "{shown}");
    assert!(border(&mut studio).contains("Blog post │ 1 › "), "{shown}");
    assert!(shown.contains("] later"), "{shown}");
    let arrow = cell_of(&mut studio, "› ");
    mouse(&mut studio, MouseAction::Press, arrow);
    assert!(
        studio.text().contains("Second template."),
        "{}",
        studio.text()
    );
}

#[test]
fn a_tall_field_without_the_focus_shows_its_beginning() {
    let mut studio = form(LARGE);
    studio.keys("<tab><tab>");
    for line in 1..=12 {
        studio.keys(&format!("point {line}<enter>"));
    }
    assert!(studio.text().contains("point 12"), "{}", studio.text());
    studio.keys("<tab>");
    let shown = studio.text();
    assert!(
        shown.contains("point 1\n") || shown.contains("point 1 "),
        "{shown}"
    );
    assert!(
        shown.contains("point 5 …") && !shown.contains("point 12"),
        "{shown}"
    );
    studio.keys("<shift+tab>");
    assert!(studio.text().contains("point 12"), "{}", studio.text());
}

#[test]
fn a_notice_about_an_empty_field_goes_when_it_is_filled() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<enter><ctrl+g>");
    assert!(
        studio.text().contains("fill in first: Topic"),
        "{}",
        studio.text()
    );
    studio.keys("R");
    assert!(
        !studio.text().contains("fill in first"),
        "{}",
        studio.text()
    );
}

#[test]
fn leaving_the_form_shows_the_draft_again() {
    let mut studio = form(LARGE);
    studio.keys("<ctrl+t><alt+1><esc>");
    assert!(
        !studio.text().contains("Open a template to see its prompt"),
        "{}",
        studio.text()
    );
}

#[test]
fn stopping_one_of_several_says_how_many_still_run() {
    let mut studio = sent(LARGE);
    studio.delta("First.").keys("VV");
    studio.keys("<esc>");
    assert!(
        studio.text().contains("2 more still run"),
        "{}",
        studio.text()
    );
    studio.keys("<esc>");
    assert!(
        studio.text().contains("1 more still runs"),
        "{}",
        studio.text()
    );
    studio.keys("<esc>");
    assert!(!studio.app.output.is_running());
}

#[test]
fn the_form_and_the_estimate_say_that_an_edited_prompt_is_sent() {
    let mut studio = form(LARGE);
    let estimate = |studio: &mut Studio| {
        let title = studio.text().lines().next().unwrap().to_owned();
        title.rsplit('~').next().unwrap().to_owned()
    };
    let before = estimate(&mut studio);
    studio.keys("<ctrl+t><enter>");
    studio.keys(&format!("<paste:{}>", "many words ".repeat(400)));
    assert_ne!(estimate(&mut studio), before);
    assert!(
        studio.text().contains("This prompt was edited"),
        "{}",
        studio.text()
    );
}

#[test]
fn the_filter_lists_what_was_meant_and_little_else() {
    let mut studio = Studio::new(LARGE);
    let entries = copydesk::store::library::list(studio.paths());
    let found = |typed: &str, studio: &mut Studio| {
        studio.tell(Msg::Library {
            templates: entries.clone(),
            snippets: std::collections::BTreeMap::new(),
            stars: std::collections::BTreeSet::new(),
        });
        studio.keys(&format!("/{typed}"));
        let rows = studio.app.browser.window(0, 99);
        let titles: Vec<String> = rows.map(|(_, row)| row.title.clone()).collect();
        studio.keys("<esc>");
        titles
    };
    let email = found("email", &mut studio);
    // The last one has it in its body only.
    let expected = [
        "Cold email",
        "Reply to an email",
        "Newsletter",
        "Press release",
    ];
    assert_eq!(email, expected);
    let blog = found("blog", &mut studio);
    assert_eq!(blog, ["Blog post"]);
    // The others speak of colours and colleagues; what is called so comes first.
    let cold = found("col", &mut studio);
    assert_eq!(cold.first().map(String::as_str), Some("Cold email"));
    let cold = found("cold em", &mut studio);
    assert_eq!(cold, ["Cold email"]);
    studio.keys("<esc><ctrl+p>hist");
    assert!(
        !studio.text().contains("Hide templates"),
        "{}",
        studio.text()
    );
}

/// Sixty lines, of which two say something else.
fn compared(size: (u16, u16)) -> Studio {
    let text = |other: &[usize]| {
        let line = |n: usize| {
            let says = if other.contains(&n) {
                "otherwise"
            } else {
                "so"
            };
            format!("line {n} reads {says}\n")
        };
        (0..60).map(line).collect::<Vec<_>>().concat()
    };
    let mut studio = sent(size);
    studio.delta(&text(&[20, 50])).finish(FinishReason::Stop);
    studio.keys(&format!("<alt+2><paste:{}><alt+3>=", text(&[])));
    studio
}

#[test]
fn a_comparison_goes_from_change_to_change_and_folds_what_is_equal() {
    let mut studio = compared(USUAL);
    let shown = studio.text();
    assert!(shown.contains("⋯ 18 lines unchanged ⋯"), "{shown}");
    assert!(shown.contains("2 changes · 1 of 2"), "{shown}");
    assert_snapshot!("comparison_folded", studio.picture());
    studio.keys("n");
    assert!(studio.text().contains("2 of 2"), "{}", studio.text());
    studio.keys("f");
    let shown = studio.text();
    assert!(
        shown.contains("line 45 reads so") && !shown.contains('⋯'),
        "{shown}"
    );
    studio.keys("G<up>");
    assert!(
        !studio.text().contains("line 59"),
        "the end was passed:\n{}",
        studio.text()
    );
    studio.keys("N<F1>");
    assert!(
        studio.text().contains("Comparing two texts"),
        "{}",
        studio.text()
    );
    studio.keys("<esc>");
    assert!(studio.text().contains("1 of 2"), "{}", studio.text());
}

#[test]
fn no_answer_of_a_question_is_cut() {
    let mut studio = used((60, 20));
    studio.keys("<ctrl+q>");
    let shown = studio.text();
    for word in ["save and quit", "cancel"] {
        assert!(shown.to_lowercase().contains(word), "{shown}");
    }
}

/// Whatever a key changes on screen by colour, it changes without colour as well: nobody has to
/// see colours to know what is focused, highlighted, chosen, missing or wrong.
#[test]
fn no_meaning_is_carried_by_colour_alone() {
    use copydesk::config::theme::Depth;
    let keys = [
        "<down>",
        "<up>",
        "<tab>",
        "<shift+tab>",
        "<right>",
        "<left>",
        "<enter>",
        "<F6>",
        "<shift+down>",
        "<ctrl+g>",
        "x",
    ];
    for size in [USUAL] {
        for key in keys {
            for (name, mut studio) in states(size) {
                let look = |studio: &Studio, depth| {
                    let (screen, _) = drawn(&studio.app, &mut Cache::new(depth), size);
                    screen.cells
                };
                let before = [Depth::True, Depth::None].map(|depth| look(&studio, depth));
                studio.keys(key);
                let after = [Depth::True, Depth::None].map(|depth| look(&studio, depth));
                let shows = before[0] != after[0];
                assert!(
                    !shows || before[1] != after[1],
                    "{key} in {name} at {size:?} changes colours alone:\n{}",
                    studio.text()
                );
            }
        }
    }
}
