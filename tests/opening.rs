//! What the Editor is given, and when: drafts that open late, texts that come back from the
//! external editor, drafts that can only be read. No answer takes the place of a later wish, and
//! no text that a person wrote is lost to one.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::effect::{Effect, Keep, Unsaved};
use copydesk::app::msg::Msg;
use copydesk::app::outside::Sighting;
use copydesk::domain::document::Snapshot;
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::run::FinishReason;
use copydesk::store::journal::{Cause, Use};
use copydesk::store::watch::Shelf;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use support::studio::Studio;
use uuid::Uuid;

const LARGE: (u16, u16) = (120, 40);
const WHY: &str = "data/drafts/why.md";
const HOW: &str = "data/drafts/how.md";
const NOT_UTF8: &[u8] =
    b"---\ntitle: Why\nupdated: 2026-11-18T09:00:00Z\n---\n\nPourquoi pas, caf\xe9?\n";

fn source(title: &str, day: u8) -> String {
    format!("---\ntitle: {title}\nupdated: 2026-11-{day}T09:00:00Z\n---\n\n{title} it is so.\n")
}

/// A studio with two drafts, on the Drafts tab, where the first one is highlighted.
fn studio() -> Studio {
    let mut studio = Studio::new(LARGE);
    studio.put(WHY, &source("Why", 18));
    studio.put(HOW, &source("How", 17));
    studio.read_again().keys("<tab>");
    studio
}

/// A studio in which a text was generated, on the Drafts tab again.
fn generated() -> Studio {
    let mut studio = studio();
    studio.keys("<shift+tab>/blog<enter>Tea<ctrl+g>");
    studio.delta("A text about tea.");
    studio.finish(FinishReason::Stop);
    studio
}

fn open_name(studio: &Studio) -> String {
    let file = studio.app.editor.file.as_ref();
    let name = file.and_then(|file| file.path.file_stem());
    name.map_or_else(String::new, |name| name.to_string_lossy().into_owned())
}

fn text(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn notice(studio: &Studio) -> String {
    let notice = studio.app.notice.as_ref();
    notice.map_or_else(String::new, |notice| notice.text.clone())
}

/// The one wish to open a draft among effects.
fn load(asked: Vec<Effect>) -> Effect {
    let mut loads = asked
        .into_iter()
        .filter(|effect| matches!(effect, Effect::Open { .. }));
    let load = loads.next().unwrap();
    assert_eq!(loads.next(), None);
    load
}

/// Texts that are open behind the one that is shown.
fn behind(studio: &Studio) -> Vec<String> {
    let others = studio.app.editor.others.iter();
    others.map(|open| open.document.text()).collect()
}

fn theirs(studio: &mut Studio, bytes: &[u8]) {
    studio.put_bytes(WHY, bytes);
    let shelves = BTreeSet::from([Shelf::Drafts]);
    studio.tell(Msg::Outside(Sighting::Changed(shelves)));
}

/// Hands the text of the open draft to the external editor: which draft, and which text.
fn lend(studio: &mut Studio) -> (Uuid, String) {
    let asked = studio.keep_back("<ctrl+e>");
    let lent = asked.into_iter().find_map(|effect| match effect {
        Effect::EditExternally { draft, text, .. } => Some((draft, text)),
        _ => None,
    });
    lent.unwrap()
}

#[test]
fn of_two_drafts_that_were_asked_for_the_last_one_opens() {
    let mut studio = studio();
    let first = load(studio.keep_back("<enter>"));
    let second = load(studio.keep_back("<down><enter>"));
    studio.perform(second);
    assert_eq!(open_name(&studio), "how");
    studio.perform(first);
    assert_eq!(open_name(&studio), "how");
}

#[test]
fn a_draft_that_opens_late_leaves_what_was_typed_meanwhile_open() {
    let mut studio = studio();
    let late = load(studio.keep_back("<enter>"));
    studio.keys("<alt+2>Typed meanwhile.");
    studio.perform(late);
    assert_eq!(open_name(&studio), "why");
    assert_eq!(behind(&studio), ["Typed meanwhile."]);
}

#[test]
fn a_draft_that_was_not_waited_for_does_not_open() {
    let mut studio = studio();
    let late = load(studio.keep_back("<enter>"));
    studio.keys("<ctrl+n>Something new.");
    studio.perform(late);
    assert_eq!(text(&studio), "Something new.");
    assert_eq!(
        (open_name(&studio).as_str(), behind(&studio).len()),
        ("", 0)
    );
}

#[test]
fn a_failure_that_nobody_waits_for_is_not_told() {
    let mut studio = studio();
    let Effect::Open { ticket, .. } = load(studio.keep_back("<enter>")) else {
        unreachable!()
    };
    let failed = |ticket| Msg::DraftOpened {
        ticket,
        result: Err(Failure::new(FailureKind::Other, "cannot read it")),
    };
    let before = notice(&studio);
    studio.tell(failed(ticket + 1));
    assert_eq!(notice(&studio), before);
    studio.tell(failed(ticket));
    assert!(notice(&studio).contains("cannot read it"));
}

fn from_before() -> Unsaved {
    Unsaved {
        id: Uuid::from_u128(9),
        path: None,
        base: None,
        template: None,
        provenance: None,
        cursor: 0,
        text: Snapshot::from("From before."),
    }
}

/// W4: text that arrives once the person has left is not taken: the journal offers it again.
#[test]
fn text_that_is_brought_back_too_late_stays_with_the_journal() {
    let mut studio = studio();
    studio.keys("<ctrl+q>");
    assert!(studio.app.is_done());
    let asked = studio.asked.len();
    studio.tell(Msg::Restored {
        unsaved: Box::new(from_before()),
        file: None,
    });
    assert_eq!(studio.app.editor.document.text(), "");
    assert_eq!(studio.asked.len(), asked);
}

#[test]
fn text_that_is_brought_back_leaves_what_was_typed_meanwhile_open() {
    let mut studio = studio();
    studio.keys("<alt+2>Typed meanwhile.");
    let unsaved = from_before();
    studio.tell(Msg::Restored {
        unsaved: Box::new(unsaved),
        file: None,
    });
    assert_eq!(text(&studio), "From before.");
    assert_eq!(behind(&studio), ["Typed meanwhile."]);
}

#[test]
fn an_edited_text_returns_to_its_draft() {
    let mut studio = studio();
    studio.keys("<enter><alt+2>");
    let (draft, text) = lend(&mut studio);
    let result = Ok(text.replace("so", "not so"));
    studio.tell(Msg::Edited { draft, result });
    studio.keys("<ctrl+s>");
    assert!(studio.file(WHY).unwrap().ends_with("Why it is not so.\n"));
}

#[test]
fn an_edited_text_never_replaces_that_of_another_draft() {
    let mut studio = studio();
    let late = load(studio.keep_back("<down><enter>"));
    studio.keys("<alt+2>One.");
    let (draft, _) = lend(&mut studio);
    studio.perform(late);
    assert_eq!(open_name(&studio), "how");
    let result = Ok("One. Two.".to_owned());
    studio.tell(Msg::Edited { draft, result });
    assert_eq!(open_name(&studio), "how");
    assert_eq!(behind(&studio), ["One. Two."]);
    assert!(notice(&studio).contains("what you edited is in"));
    assert_eq!(studio.file(HOW), Some(source("How", 17)));
}

/// One that was closed meanwhile has no place for it any more.
#[test]
fn what_became_of_a_closed_text_is_a_draft_of_its_own() {
    let mut studio = studio();
    studio.keys("<enter><alt+2>");
    let (draft, _) = lend(&mut studio);
    studio.keys("<alt+q>");
    let result = Ok("Edited.".to_owned());
    studio.tell(Msg::Edited { draft, result });
    assert_eq!(
        (open_name(&studio).as_str(), text(&studio).as_str()),
        ("", "Edited.")
    );
    assert!(studio.app.editor.has_unsaved_text());
    assert!(
        notice(&studio).contains("unsaved draft"),
        "{}",
        notice(&studio)
    );
}

#[test]
fn a_text_that_was_not_edited_needs_no_draft_of_its_own() {
    let mut studio = studio();
    let late = load(studio.keep_back("<down><enter>"));
    studio.keys("<alt+2>One.");
    let (draft, text) = lend(&mut studio);
    studio.perform(late);
    studio.tell(Msg::Edited {
        draft,
        result: Ok(text),
    });
    assert_eq!(open_name(&studio), "how");
}

/// W6: what the external editor made of a text does not go over a file that changed meanwhile.
#[test]
fn a_file_that_changes_while_its_text_is_edited_is_a_question() {
    let mut studio = studio();
    studio.keys("<enter><alt+2>");
    let (draft, old) = lend(&mut studio);
    theirs(&mut studio, source("Why on earth", 18).as_bytes());
    assert_eq!(text(&studio), old);
    let result = Ok("Edited.\n".to_owned());
    studio.tell(Msg::Edited { draft, result });
    assert!(studio.app.editor.outside.is_another());
    assert!(studio.text().contains("changed outside"));
    studio.keys("<esc><ctrl+s>");
    assert_eq!(studio.file(WHY), Some(source("Why on earth", 18)));
}

/// W9: a file that stops being text is shown read-only at once; its text from before is a version.
#[test]
fn a_draft_that_stops_being_text_can_only_be_read_until_it_is_text_again() {
    let mut studio = studio();
    studio.keys("<enter>");
    theirs(&mut studio, NOT_UTF8);
    assert!(studio.app.editor.read_only().is_some());
    assert!(
        notice(&studio).contains("not UTF-8 at byte 67"),
        "{}",
        notice(&studio)
    );
    let versions: Vec<_> = studio
        .asked
        .iter()
        .filter_map(|effect| match effect {
            Effect::Keep(Keep::Version { cause, text, .. }) => Some((*cause, text.text())),
            _ => None,
        })
        .collect();
    assert_eq!(versions, [(Cause::Edit, "Why it is so.\n".to_owned())]);
    studio.keys("<alt+2>x<ctrl+z><ctrl+s>");
    assert!(text(&studio).starts_with("Pourquoi pas"));
    assert_eq!(std::fs::read(studio.path(WHY)).unwrap(), NOT_UTF8);
    theirs(&mut studio, source("Why not", 18).as_bytes());
    studio.keys("<ctrl+home>Now <ctrl+s>");
    assert!(
        studio
            .file(WHY)
            .unwrap()
            .ends_with("Now Why not it is so.\n")
    );
}

/// W9: a variant is used as another draft then, and not put into what can only be read.
#[test]
fn a_variant_leaves_a_draft_that_can_only_be_read_alone() {
    for (verb, opens) in [("a", "why"), ("i", "why"), ("<enter>", "")] {
        let mut studio = generated();
        theirs(&mut studio, NOT_UTF8);
        studio.keys("<esc><esc><ctrl+o>why<enter>");
        assert!(studio.app.editor.read_only().is_some());
        studio.keys("<alt+3>").keys(verb);
        assert_eq!(open_name(&studio), opens, "{verb}");
        assert_eq!(text(&studio).contains("tea"), opens.is_empty());
        let read_only = studio.app.editor.read_only().is_some();
        assert_eq!(read_only, !opens.is_empty());
    }
}

/// W9: deleting it takes the file with all its bytes, and leaves no text that is not what it held.
#[test]
fn a_deleted_draft_that_can_only_be_read_leaves_no_text_behind() {
    let mut studio = studio();
    studio.put_bytes(WHY, NOT_UTF8);
    studio.read_again().keys("<ctrl+o>why<enter><alt+1><esc>x");
    assert!(!studio.app.editor.has_unsaved_text() && text(&studio).is_empty());
    studio.keys("u");
    assert_eq!(std::fs::read(studio.path(WHY)).unwrap(), NOT_UTF8);
}

/// W8: front matter that cannot be changed is kept, and what a save left out of it is said.
#[test]
fn a_save_says_what_broken_front_matter_did_not_take() {
    let head = "---\ntitle: [Why\n---\n\n";
    let mut studio = generated();
    studio.put(WHY, &format!("{head}Old.\n"));
    studio.read_again();
    studio.keys("<esc><esc><ctrl+o>why<enter><alt+2>New. <ctrl+s>");
    assert_eq!(studio.file(WHY).unwrap(), format!("{head}New. Old.\n"));
    assert!(
        notice(&studio).contains("but without when: "),
        "{}",
        notice(&studio)
    );
    studio.keys("<alt+3>a<ctrl+s>");
    assert!(studio.file(WHY).unwrap().starts_with(head));
    let told = notice(&studio);
    assert!(
        told.contains("but without when and how it was made: "),
        "{told}"
    );
}

/// The cursor stays with the words around it.
#[test]
fn an_edited_text_leaves_the_cursor_where_it_was() {
    let mut studio = studio();
    studio.keys("<enter><alt+2><ctrl+home><right*3>");
    let (draft, text) = lend(&mut studio);
    let result = Ok(text.replace("so", "not so"));
    studio.tell(Msg::Edited { draft, result });
    studio.keys("!");
    assert!(
        studio
            .app
            .editor
            .document
            .text()
            .starts_with("Why! it is not so.")
    );
}

/// W6: a text that comes back as it went changes nothing, whatever became of the draft meanwhile.
#[test]
fn a_text_that_comes_back_unchanged_replaces_nothing() {
    let mut studio = studio();
    studio.keys("<enter><alt+2>");
    let (draft, lent) = lend(&mut studio);
    studio.keys("Ahead. ");
    let result = Ok(lent);
    studio.tell(Msg::Edited { draft, result });
    assert_eq!(text(&studio), "Ahead. Why it is so.\n");
}

/// Keys that were read before the editor had the terminal are in a version.
#[test]
fn what_was_typed_before_the_editor_had_the_terminal_is_a_version() {
    let mut studio = studio();
    studio.keys("<enter><alt+2>");
    let (draft, _) = lend(&mut studio);
    studio.keys("Ahead. ");
    let result = Ok("Edited.\n".to_owned());
    studio.tell(Msg::Edited { draft, result });
    assert_eq!(
        (open_name(&studio).as_str(), text(&studio).as_str()),
        ("why", "Edited.\n")
    );
    let typed = "Ahead. Why it is so.\n";
    let kept = studio.asked.iter().any(
        |effect| matches!(effect, Effect::Keep(Keep::Version { text, .. }) if text.text() == typed),
    );
    assert!(kept);
}

/// A text that the draft's file got meanwhile by a deed of the studio is not replaced.
#[test]
fn an_edited_text_goes_apart_when_its_draft_says_something_else_now() {
    let mut studio = studio();
    studio.keys("<enter>Now <ctrl+s><alt+2>");
    let (draft, _) = lend(&mut studio);
    // What takes the save back was asked for before the editor had the terminal.
    studio.keys("<alt+1>u");
    assert_eq!(text(&studio), "Why it is so.\n");
    let result = Ok("Edited.\n".to_owned());
    studio.tell(Msg::Edited { draft, result });
    assert_eq!(
        (open_name(&studio).as_str(), text(&studio).as_str()),
        ("", "Edited.\n")
    );
    studio.keys("<ctrl+s>");
    assert_eq!(studio.file(WHY), Some(source("Why", 18)));
}

#[test]
fn a_text_is_lent_once() {
    let mut studio = studio();
    studio.keys("<enter><alt+2>");
    let lent = |effect: &Effect| matches!(effect, Effect::EditExternally { .. });
    let asked = studio.keep_back("<ctrl+e><ctrl+e>");
    assert_eq!(asked.iter().filter(|effect| lent(effect)).count(), 1);
    let draft = studio.app.editor.id;
    let result = Ok("Edited.\n".to_owned());
    studio.tell(Msg::Edited { draft, result });
    assert!(studio.keep_back("<ctrl+e>").iter().any(lent));
}

/// The one wish to read a template among effects.
fn read_template(asked: Vec<Effect>) -> Effect {
    let mut asked = asked.into_iter();
    let is_read = |effect: &Effect| matches!(effect, Effect::LoadTemplate { .. });
    asked.find(is_read).unwrap()
}

#[test]
fn a_late_preview_does_not_take_the_place_of_a_newer_one() {
    let mut studio = Studio::new(LARGE);
    studio.keys("gj");
    let late = read_template(studio.keep_back("j"));
    studio.keys("k");
    let shown = |studio: &Studio| {
        let preview = studio.app.browser.preview.as_ref();
        preview.map(|(name, _)| name.clone())
    };
    let before = shown(&studio);
    assert!(before.is_some());
    studio.perform(late);
    assert_eq!(shown(&studio), before);
}

/// What is pasted while a form opens goes into its first field, in its turn.
#[test]
fn a_paste_ahead_of_a_form_is_not_lost() {
    let mut studio = Studio::new(LARGE);
    studio.keys("/blog");
    let form = read_template(studio.keep_back("<enter>"));
    studio.keys("Tea <paste:and coffee><tab>");
    assert!(studio.app.form.is_none());
    studio.perform(form);
    let brief = studio.app.form.as_ref().unwrap().brief();
    let topic = brief.get("topic").map(ToString::to_string);
    assert_eq!(topic.as_deref(), Some("Tea and coffee"));
}

/// How often templates were used is known late; the highlight stays on what it is on.
#[test]
fn the_highlight_stays_on_its_template_when_the_list_is_sorted_anew() {
    let mut studio = Studio::new(LARGE);
    studio.keys("gj");
    let stood = studio.app.browser.highlighted().unwrap().item.clone();
    let popular = Use {
        template: "translate".to_owned(),
        count: 9,
        at: jiff::Timestamp::UNIX_EPOCH,
    };
    let (left, uses) = (Vec::new(), vec![popular]);
    studio.tell(Msg::Journal { left, uses });
    let highlighted = studio.app.browser.highlighted().unwrap();
    assert_eq!(highlighted.item, stood);
    assert_eq!(studio.app.browser.cursor(), 2);
}
