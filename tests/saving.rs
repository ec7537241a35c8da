//! What a save writes, keeps and leaves alone: no text goes for good, no file is written that says
//! the same, no record of another program is overwritten, and an answer counts for its own save.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::effect::{Effect, Keep, Replaced, Save};
use copydesk::app::msg::Msg;
use copydesk::app::outside::Sighting;
use copydesk::domain::draft::Draft;
use copydesk::domain::run::FinishReason;
use copydesk::store::drafts;
use copydesk::store::journal::Cause;
use copydesk::store::watch::Shelf;
use copydesk::tui::saved;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use support::studio::{self, Studio};

const LARGE: (u16, u16) = (120, 40);
const WHY: &str = "data/drafts/why.md";
const HOW: &str = "data/drafts/how.md";

fn source(title: &str, day: u8) -> String {
    format!("---\ntitle: {title}\nupdated: 2026-11-{day}T09:00:00Z\n---\n\n{title} it is so.\n")
}

/// A studio with two drafts, the first of them open.
fn opened() -> Studio {
    let mut studio = Studio::new(LARGE);
    studio.put(WHY, &source("Why", 18));
    studio.put(HOW, &source("How", 17));
    studio.read_again().keys("<tab><enter>");
    assert_eq!(text(&studio), "Why it is so.\n");
    studio
}

/// The same with a journal that works.
fn journaling() -> Studio {
    let mut studio = opened();
    let (left, uses) = (Vec::new(), Vec::new());
    studio.tell(Msg::Journal { left, uses });
    studio
}

/// The same after a text was generated and added to the draft, which was saved then.
fn added() -> Studio {
    let mut studio = journaling();
    studio.keys("<alt+1><shift+tab>/blog<enter>Tea<ctrl+g>");
    studio.delta("A text about tea.");
    studio.finish(FinishReason::Stop);
    studio.keys("a<ctrl+s>");
    assert!(studio.file(WHY).unwrap().ends_with("A text about tea."));
    studio
}

fn text(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn notice(studio: &Studio) -> String {
    let notice = studio.app.notice.as_ref();
    notice.map_or_else(String::new, |notice| notice.text.clone())
}

/// Versions that were asked for, oldest first: what they go by, and their text.
fn versions(studio: &Studio) -> Vec<(String, Cause, String)> {
    let kept = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Keep(Keep::Version {
            draft, cause, text, ..
        }) => Some((draft.clone(), *cause, text.text())),
        _ => None,
    });
    kept.collect()
}

fn texts(studio: &Studio) -> Vec<String> {
    let all = versions(studio).into_iter();
    all.map(|(_, _, text)| text).collect()
}

fn theirs(studio: &mut Studio, text: &str) {
    studio.put(WHY, text);
    let shelves = BTreeSet::from([Shelf::Drafts]);
    studio.tell(Msg::Outside(Sighting::Changed(shelves)));
}

/// Presses `keys` and keeps the one save back that they ask for; the rest is done.
fn save_kept_back(studio: &mut Studio, keys: &str) -> Effect {
    let mut save = None;
    for effect in studio.keep_back(keys) {
        if matches!(effect, Effect::Save { .. }) {
            assert_eq!(save.replace(effect), None);
        } else {
            studio.perform(effect);
        }
    }
    save.unwrap()
}

/// W10: without a journal, the text that a save goes over is in the trash.
#[test]
fn a_save_without_a_journal_can_be_taken_back() {
    let mut studio = opened();
    studio.keys("Now <ctrl+s>");
    assert!(studio.file(WHY).unwrap().ends_with("Now Why it is so.\n"));
    studio.keys("<alt+1>u");
    assert_eq!(
        studio.file(WHY),
        Some(source("Why", 18)),
        "{}",
        notice(&studio)
    );
}

/// W10: with one, it is a version, and the trash stays as it is.
#[test]
fn a_save_with_a_journal_needs_no_trash() {
    let mut studio = journaling();
    studio.keys("Now <ctrl+s>");
    assert_eq!(texts(&studio), ["Why it is so.\n", "Now Why it is so.\n"]);
    studio.keys("<alt+1>u");
    assert!(studio.file(WHY).unwrap().ends_with("Now Why it is so.\n"));
}

/// W10: also a text that the file was given from outside while the same one was written here.
#[test]
fn a_text_that_came_from_outside_is_a_version_before_a_save_goes_over_it() {
    let mut studio = journaling();
    studio.keys("Now <ctrl+s><ctrl+home>Oh ");
    theirs(&mut studio, &source("Oh Now Why", 19));
    studio.keys("<ctrl+a>Else.<ctrl+s>");
    assert!(studio.file(WHY).unwrap().ends_with("Else."));
    let texts = texts(&studio);
    for text in ["Why it is so.\n", "Oh Now Why it is so.\n", "Else."] {
        assert!(texts.iter().any(|kept| kept == text), "{text}: {texts:?}");
    }
}

/// W10: what is written while a save is under way does not cost the version of what was saved.
#[test]
fn a_save_during_which_one_types_is_a_version() {
    let mut studio = journaling();
    let save = save_kept_back(&mut studio, "Now <ctrl+s>");
    studio.keys("and ");
    studio.perform(save);
    assert!(studio.app.editor.has_unsaved_text());
    let saved: Vec<_> = versions(&studio)
        .into_iter()
        .filter(|(_, cause, _)| *cause == Cause::Save)
        .map(|(_, _, text)| text)
        .collect();
    assert_eq!(saved, ["Now Why it is so.\n"]);
    // Taking back what was typed since leads to what was saved.
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), "Now Why it is so.\n");
    assert!(!studio.app.editor.has_unsaved_text());
}

/// W5: a form that no journal keeps is asked about before it goes.
#[test]
fn leaving_a_form_that_nobody_keeps_asks_first() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<enter>Tea<ctrl+q>");
    assert!(
        studio
            .text()
            .contains("What you filled in has led to no text"),
        "{}",
        studio.text()
    );
    let mut studio = Studio::new(LARGE);
    let (left, uses) = (Vec::new(), Vec::new());
    studio.tell(Msg::Journal { left, uses });
    studio.keys("<enter>Tea<ctrl+q>");
    assert_eq!(studio.app.dialogs.len(), 0);
}

/// W5: a new file that is too large to be opened again is saved all the same, and said to be: told
/// as failed, the next save would make a second one.
#[test]
fn a_new_file_that_cannot_be_read_again_is_saved() {
    let studio = Studio::new(LARGE);
    let body = format!("# Long\n\n{}", "\u{1f600}".repeat(17 << 20));
    let save = Save::New {
        body: body.clone(),
        fallback: String::new(),
        provenance: None,
    };
    let paths = studio::paths(&studio.path(""));
    let now = "2026-11-18T09:00:00+00:00[UTC]".parse().unwrap();
    let written = saved::write(&paths, save, &now).unwrap();
    assert!(drafts::load(&written.file.path).is_err());
    assert!(written.file.draft.body() == body);
    let bytes = std::fs::read(&written.file.path).unwrap();
    assert_eq!(written.file.hash, copydesk::store::fingerprint(&bytes));
}

/// W9: a new file has marks for controls and plain line ends; the text in the Editor has them, too,
/// in one step and with the cursor where it was, and another save has nothing to write.
#[test]
fn a_second_save_of_a_new_text_with_controls_writes_nothing() {
    let mut studio = Studio::new(LARGE);
    let document = &mut studio.app.editor.document;
    document.replace(0..0, "One\r\ntwo\u{1b}\r\nthree", 0);
    document.stand_at("One\r\ntwo".len());
    studio.keys("<alt+2><ctrl+s>");
    assert_eq!(text(&studio), "One\ntwo␛\nthree");
    assert_eq!(studio.app.editor.document.cursor(), "One\ntwo".len());
    assert!(!studio.app.editor.has_unsaved_text());
    let path = studio.app.editor.file.as_ref().unwrap().path.clone();
    let first = std::fs::read(&path).unwrap();
    studio.wait(60_000).keys("<ctrl+s>");
    assert_eq!(std::fs::read(&path).unwrap(), first);
    assert!(
        notice(&studio).starts_with("nothing changed"),
        "{}",
        notice(&studio)
    );
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), "One\r\ntwo\u{1b}\r\nthree");
}

/// W9, T2: the same when somebody types while the file is written: neither the file nor the next
/// save of it has a control.
#[test]
fn what_is_typed_during_the_first_save_brings_no_control_back() {
    let mut studio = Studio::new(LARGE);
    let document = &mut studio.app.editor.document;
    document.replace(0..0, "One\r\ntwo\u{1b}", 0);
    document.stand_at("One\r\ntwo\u{1b}".len());
    let save = save_kept_back(&mut studio, "<alt+2><ctrl+s>");
    studio.keys(" more");
    studio.perform(save);
    assert_eq!(text(&studio), "One\ntwo␛ more");
    assert_eq!(studio.app.editor.document.cursor(), "One\ntwo␛ more".len());
    assert!(studio.app.editor.has_unsaved_text());
    studio.keys("<ctrl+s>");
    let path = studio.app.editor.file.as_ref().unwrap().path.clone();
    let file = std::fs::read_to_string(path).unwrap();
    assert!(file.ends_with("One\ntwo␛ more"), "{file:?}");
    assert!(!studio.app.editor.has_unsaved_text());
}

/// W9: once a draft has its record, another save has nothing to write.
#[test]
fn a_second_save_of_a_generated_text_writes_nothing() {
    let mut studio = added();
    let before = studio.file(WHY).unwrap();
    assert!(before.contains("copydesk:"), "{before}");
    let save = save_kept_back(&mut studio, "<ctrl+s>");
    let Effect::Save { ticket, save } = save else {
        unreachable!()
    };
    let paths = studio::paths(&studio.path(""));
    let later = "2027-01-01T09:00:00+00:00[UTC]".parse().unwrap();
    let result = saved::write(&paths, save, &later);
    studio.tell(Msg::DraftSaved { ticket, result });
    assert_eq!(studio.file(WHY), Some(before));
    assert!(notice(&studio).contains("nothing changed"));
}

/// W9: neither has one that is asked to record what the file records already.
#[test]
fn a_record_that_is_there_already_dates_no_file() {
    let studio = added();
    let paths = studio::paths(&studio.path(""));
    let before = studio.file(WHY).unwrap();
    let file = drafts::open(&paths, &studio.path(WHY)).unwrap();
    let save = Save::Existing {
        path: file.path.clone(),
        hash: file.hash,
        body: file.draft.body().to_owned(),
        provenance: file.draft.provenance().cloned().map(Box::new),
        draft: Box::new(file.draft),
        replaced: Replaced::IsVersion,
    };
    let later = "2027-01-01T09:00:00+00:00[UTC]".parse().unwrap();
    saved::write(&paths, save, &later).unwrap();
    assert_eq!(studio.file(WHY), Some(before));
}

/// The model that the file names in its record, or in that of a part.
fn models(studio: &Studio) -> Vec<String> {
    let draft = Draft::parse(&studio.file(WHY).unwrap());
    let Some(made) = draft.provenance() else {
        return Vec::new();
    };
    let parts = made.parts.iter().filter_map(|part| part.model.clone());
    made.model.clone().into_iter().chain(parts).collect()
}

/// W6: a record that another program wrote is not overwritten with ours, which was saved before.
#[test]
fn another_program_s_record_stays() {
    let mut studio = added();
    assert_eq!(models(&studio), ["test-model"]);
    let changed = studio.file(WHY).unwrap().replace("test-model", "theirs");
    theirs(&mut studio, &changed);
    studio.keys("<alt+2><ctrl+end> More.<ctrl+s>");
    assert!(studio.file(WHY).unwrap().ends_with("about tea. More."));
    assert_eq!(models(&studio), ["theirs"]);
}

/// W6: the same with another text; undoing the reload takes the record back, too.
#[test]
fn another_program_s_text_comes_with_its_record_and_goes_with_it() {
    let mut studio = added();
    let changed = studio.file(WHY).unwrap();
    let changed = changed.replace("test-model", "theirs");
    theirs(&mut studio, &changed.replace("about tea", "on coffee"));
    assert!(text(&studio).ends_with("on coffee."));
    studio.keys("<alt+2><ctrl+end> More.<ctrl+s>");
    assert_eq!(models(&studio), ["theirs"]);
    studio.keys("<ctrl+z>");
    while !text(&studio).ends_with("about tea.") {
        studio.keys("<ctrl+z>");
    }
    studio.keys("<ctrl+s>");
    assert_eq!(models(&studio), ["test-model"]);
}

/// What a run brought in and was saved goes from the record when it is undone.
#[test]
fn undoing_past_a_save_takes_the_record_back() {
    let mut studio = added();
    studio.keys("<ctrl+s><ctrl+z>");
    assert_eq!(text(&studio), "Why it is so.\n");
    studio.keys("<ctrl+s>");
    assert_eq!(models(&studio), Vec::<String>::new());
    studio.keys("<ctrl+y><ctrl+s>");
    assert_eq!(models(&studio), ["test-model"]);
}

/// Unknown keys and comments of the record survive a save that changes it.
#[test]
fn what_others_wrote_into_the_record_survives() {
    let mut studio = journaling();
    let mine = "copydesk:\n  id: \"one\" # mine\n  reviewed: {by: Ann} # twice\n";
    let head = source("Why", 18).replace("---\n\n", &format!("{mine}---\n\n"));
    theirs(&mut studio, &head);
    studio.keys("<alt+1><shift+tab>/blog<enter>Tea<ctrl+g>");
    studio.delta("A text about tea.");
    studio.finish(FinishReason::Stop);
    studio.keys("a<ctrl+s>");
    let file = studio.file(WHY).unwrap();
    assert!(file.contains(mine), "{file}");
    assert_eq!(models(&studio), ["test-model"]);
}

/// An answer to the save of a draft says nothing about the one that is shown by then.
#[test]
fn a_late_answer_to_a_save_leaves_the_open_draft_alone() {
    let mut studio = journaling();
    let save = save_kept_back(&mut studio, "Now <ctrl+s>");
    studio.keys("<ctrl+o>how<enter>");
    assert_eq!(text(&studio), "How it is so.\n");
    let open = studio.app.editor.file.clone();
    studio.perform(save);
    assert_eq!(studio.app.editor.file, open);
    assert!(notice(&studio).contains("saved drafts/why.md"));
    let last = versions(&studio).pop().unwrap();
    assert!(last.0.ends_with("why.md"), "{last:?}");
    assert_eq!(last.2, "Now Why it is so.\n");
}

/// What is kept before a save that has to wait is kept all the same.
#[test]
fn a_save_that_waits_keeps_the_version_of_what_it_uses() {
    let mut studio = Studio::new(LARGE);
    studio.put(WHY, &source("Why", 18));
    studio.read_again().keys("/blog<enter>Tea<ctrl+g>");
    studio.delta("A text about tea.");
    studio.finish(FinishReason::Stop);
    studio.keys("<esc*3><tab>");
    let asked = studio.keep_back("x<ctrl+s>");
    let kept = |effect: &Effect| matches!(effect, Effect::Keep(Keep::Version { .. }));
    assert!(matches!(asked[0], Effect::Change(_)), "{asked:?}");
    assert!(asked.iter().any(kept), "{asked:?}");
}
