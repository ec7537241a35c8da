//! A/B: the same brief on two templates or two versions of one, as the studio shows it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::effect::{Effect, VersionPurpose};
use copydesk::app::msg::Msg;
use copydesk::domain::run::{Finish, FinishReason, RunId, StreamEvent};
use copydesk::store::journal::{Cause, VersionHeadline, VersionId};
use insta::assert_snapshot;
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

/// A studio with the form of one of two templates open and filled in.
fn form(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    let mail = "---\ntitle: Mail\ninputs: {who: {required: true}}\n---\nWrite to {{ who }}.\n";
    let note = "---\ntitle: Note\n---\nNote for {{ who }} in {{ tone }}.\n";
    studio.put("data/templates/mail.md", mail);
    studio.put("data/templates/note.md", note);
    studio.put(
        "data/templates/card.md",
        "---\ntitle: Card\n---\nCard for {{ who }}.\n",
    );
    studio.read_again();
    while !studio.text().contains("mail.md · your own") {
        studio.keys("j");
    }
    studio.keys("<enter>Ada");
    studio
}

/// The requests that went out: run, user message, hash of the template.
fn sent(studio: &Studio) -> Vec<(RunId, String, String)> {
    let sent = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Generate {
            run,
            request,
            record,
            ..
        } => Some((
            *run,
            request.prompt.user.clone(),
            record.template_hash.clone(),
        )),
        _ => None,
    });
    sent.collect()
}

fn version(id: i64, bytes: u64) -> VersionHeadline {
    VersionHeadline {
        id: VersionId(id),
        at: Timestamp::from_millisecond(1_795_000_000_000 - (9 - id) * 3_600_000).unwrap(),
        cause: Cause::Save,
        path: None,
        words: 3,
        bytes,
    }
}

/// The list with two versions of the template in it.
fn listed(size: (u16, u16)) -> Studio {
    let mut studio = form(size);
    list(&mut studio);
    studio
}

/// Opens the list and tells it the versions.
fn list(studio: &mut Studio) {
    studio.keys("<alt+a>");
    let draft = studio.path("data/templates/mail.md").display().to_string();
    let asked = Effect::LoadVersions(draft.clone());
    assert!(studio.asked.contains(&asked), "{:?}", studio.asked);
    let now = studio.file("data/templates/mail.md").unwrap().len() as u64;
    let versions = vec![version(8, now), version(7, 40), version(6, 30)];
    studio.tell(Msg::Versions { draft, versions });
}

#[test]
fn the_list_has_versions_first_and_then_other_templates() {
    for (name, size) in [("large", LARGE), ("usual", USUAL), ("small", (60, 20))] {
        assert_snapshot!(format!("rivals_{name}"), listed(size).picture());
    }
    let text = listed(USUAL).keys("card").text();
    assert!(
        text.contains("Card") && !text.contains("version 7"),
        "{text}"
    );
}

#[test]
fn two_templates_get_the_same_brief_and_stand_side_by_side() {
    let mut studio = listed(LARGE);
    studio.keys("card<enter>");
    let both = sent(&studio);
    let users: Vec<&str> = both.iter().map(|(_, user, _)| user.trim()).collect();
    assert_eq!(users, ["Write to Ada.", "Card for Ada."]);
    assert!(both[0].2 != both[1].2);
    for (run, user, _) in &both {
        let text = format!("Answer to {user}");
        studio.tell(Msg::Run(*run, event(StreamEvent::Delta(text))));
    }
    studio.keys("<F11>");
    assert_snapshot!("side_by_side", studio.picture());
    let finish = Finish {
        reason: FinishReason::Stop,
        usage: None,
    };
    for (run, ..) in &both {
        studio.tell(Msg::Run(*run, event(StreamEvent::Finished(finish.clone()))));
    }
    // The winner is used as any variant is, and knows its template.
    studio.keys("2<enter>");
    assert_eq!(studio.app.editor.template().as_deref(), Some("card"));
}

const fn event(event: StreamEvent) -> copydesk::app::msg::RunFact {
    copydesk::app::msg::RunFact::Event(event)
}

#[test]
fn a_version_is_tried_under_its_number() {
    let mut studio = listed(LARGE);
    studio.keys("<enter>");
    let id = VersionId(7);
    let purpose = VersionPurpose::Rival;
    assert!(studio.asked.contains(&Effect::LoadVersion { id, purpose }));
    let text = "---\ntitle: Mail\n---\nOlder: {{ who }}.\n".to_owned();
    studio.tell(Msg::Version { id, text, purpose });
    let users: Vec<String> = sent(&studio).into_iter().map(|(_, user, _)| user).collect();
    assert_eq!(users.len(), 2);
    assert_eq!(users[1].trim(), "Older: Ada.");
    let text = studio.keys("<F11>").text();
    assert!(
        text.contains("1 Mail · now") && text.contains("2 Mail · version 7"),
        "{text}"
    );
}

#[test]
fn what_the_other_template_lacks_is_asked_for_and_goes_to_that_one_only() {
    for (name, size) in [("large", LARGE), ("usual", USUAL), ("small", (60, 20))] {
        let mut studio = listed(size);
        studio.keys("note<enter>");
        assert_snapshot!(format!("lacking_{name}"), studio.picture());
    }
    let mut studio = listed(LARGE);
    let text = studio.keys("note<enter><enter>").text();
    assert!(text.contains("needed"), "{text}");
    assert_eq!(sent(&studio), []);
    studio.keys("warm<enter>");
    let users = |studio: &Studio| -> Vec<String> {
        let sent = sent(studio).into_iter();
        sent.map(|(_, user, _)| user.trim().to_owned()).collect()
    };
    let both = ["Write to Ada.", "Note for Ada in warm."];
    assert_eq!(users(&studio), both);
    assert_eq!(studio.app.form.as_ref().unwrap().fields.len(), 1);
    // The same again knows it.
    studio.keys("<alt+a>note<enter>");
    assert_eq!(users(&studio)[2..], both);
}

#[test]
fn a_box_that_is_left_sends_nothing_and_its_fields_are_those_of_a_form() {
    let mut studio = listed(LARGE);
    studio.keys("note<enter>warm<esc>");
    assert_eq!((sent(&studio), studio.app.dialogs.len()), (Vec::new(), 0));
    list(&mut studio);
    studio.keys("<enter>");
    let (id, purpose) = (VersionId(7), VersionPurpose::Rival);
    let text = "---\ntitle: Mail\ninputs:\n  who: {required: true}\n  tone: {type: choice, options: [plain, warm], required: true}\n  \
                close: {type: toggle}\n  notes: {type: text, required: true}\n  words: {type: number, default: 300}\n---\n\
                {{ who }}/{{ tone }}/{{ close }}/{{ notes }}/{{ words }}\n";
    let text = text.to_owned();
    studio.tell(Msg::Version { id, text, purpose });
    studio.keys("<right><tab><space><tab>one<enter>two<tab><backspace*3>x<enter>");
    assert_eq!(sent(&studio), []);
    studio.keys("<backspace>80<ctrl+g>");
    let last = sent(&studio).pop().unwrap().1;
    assert_eq!(last.trim(), "Ada/warm/True/one\ntwo/80");
}

#[test]
fn a_file_that_only_the_other_template_takes_is_said_and_nothing_is_sent() {
    let mut studio = listed(LARGE);
    let source =
        "---\ntitle: Filed\ninputs: {scan: {type: file, required: true}}\n---\n{{ scan }}\n";
    studio.put("data/templates/filed.md", source);
    studio.keys("<esc>").read_again();
    let text = studio.keys("<alt+a>filed<enter>").text();
    assert!(
        text.contains("Filed takes a file that this form does not name"),
        "{text}"
    );
    assert_eq!(sent(&studio), []);
    // A version that does not work.
    list(&mut studio);
    studio.keys("<enter>");
    let (id, purpose) = (VersionId(7), VersionPurpose::Rival);
    let text = "{{ who | shout".to_owned();
    studio.tell(Msg::Version { id, text, purpose });
    assert_eq!(sent(&studio), []);
    let text = studio.text();
    assert!(text.contains("does not work"), "{text}");
}

#[test]
fn without_a_filled_form_it_is_said() {
    let mut studio = form(LARGE);
    let text = studio.keys("<backspace*3><alt+a>").text();
    assert!(text.contains("fill in first: Who"), "{text}");
    let text = studio.keys("<esc><alt+2><alt+a>").text();
    assert!(text.contains("open the form of a template first"), "{text}");
}
