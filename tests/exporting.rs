//! Export in the studio: the box, what it writes, and that nothing is lost for it.

mod support;

use copydesk::app::effect::Effect;
use copydesk::domain::draft::{Draft, Provenance};
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const USUAL: (u16, u16) = (80, 24);
const TEA: &str = "---\ntitle: Tea\n---\n\n# Tea\n\nHot, *black*.\n";

/// A studio in which the draft is open.
fn open() -> Studio {
    let mut studio = Studio::new(USUAL);
    studio.put("data/drafts/tea.md", TEA);
    studio.read_again();
    studio.keys("<ctrl+o>tea<enter>");
    assert!(studio.text().contains("Hot, *black*."), "{}", studio.text());
    studio
}

/// The same with the path of an export typed.
fn named(studio: &mut Studio, path: &str) {
    let path = studio.path(path);
    let path = path.display();
    studio.keys(&format!("<alt+E><tab><tab><ctrl+a><paste:{path}>"));
}

#[test]
fn the_box_says_what_it_will_make_and_where() {
    let mut studio = open();
    studio.keys("<alt+E>");
    assert_snapshot!(studio.picture());
    studio.keys("<left>");
    assert!(studio.text().contains("tea.md"), "{}", studio.text());
    studio.keys("<left><tab><right>");
    assert!(
        studio.text().contains("‹ beside the draft ›"),
        "{}",
        studio.text()
    );
    // An email is not to be pasted.
    studio.keys("<right>");
    assert!(studio.text().contains("‹ a file ›"), "{}", studio.text());
    studio.keys("<esc>");
    assert!(studio.app.dialogs.is_empty());
}

#[test]
fn the_text_on_screen_is_exported_and_it_is_said_where() {
    let mut studio = open();
    studio.keys("<ctrl+end>More.");
    named(&mut studio, "tea.txt");
    studio.keys("<enter>");
    assert!(studio.app.dialogs.is_empty());
    // The ending that was typed is not what the format says: the format holds.
    let page = studio.file("tea.txt").unwrap();
    assert!(
        page.starts_with("<!DOCTYPE html>") && page.contains("More."),
        "{page}"
    );
    assert!(studio.text().contains("exported to"), "{}", studio.text());
    assert_eq!(studio.file("data/drafts/tea.md").unwrap(), TEA);
}

#[test]
fn a_file_that_is_there_is_asked_about_and_can_be_brought_back() {
    let mut studio = open();
    studio.put("tea.html", "Mine.");
    named(&mut studio, "tea.html");
    studio.keys("<enter>");
    assert!(
        studio.text().contains("is there already"),
        "{}",
        studio.text()
    );
    assert_eq!(studio.file("tea.html").unwrap(), "Mine.");
    // Another name is another question.
    studio.keys("2<backspace><enter>");
    assert_eq!(studio.file("tea.html").unwrap(), "Mine.");
    studio.keys("<esc>");
    assert_eq!(studio.file("tea.html").unwrap(), "Mine.");
    named(&mut studio, "tea.html");
    studio.keys("<enter><enter>");
    assert!(studio.app.dialogs.is_empty());
    assert!(
        studio
            .file("tea.html")
            .unwrap()
            .starts_with("<!DOCTYPE html>")
    );
    assert!(studio.text().contains("in the trash"), "{}", studio.text());
    studio.keys("<F6><F6><esc>u");
    assert_eq!(studio.file("tea.html").unwrap(), "Mine.");
}

#[test]
fn beside_the_draft_is_where_the_draft_lies() {
    let mut studio = open();
    studio.keys("<alt+E><tab><right><enter>");
    let page = studio.file("data/drafts/tea.html").unwrap();
    assert!(page.contains("<title>Tea</title>"), "{page}");
}

#[test]
fn the_clipboard_takes_text_and_no_other_file() {
    let mut studio = open();
    // HTML, text, document: the target goes with the format.
    studio.keys("<alt+E><right><tab><left>");
    assert!(
        studio.text().contains("‹ the clipboard ›"),
        "{}",
        studio.text()
    );
    studio.keys("<enter>");
    assert!(studio.app.dialogs.is_empty());
    let copied = studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::CopyAs { text, .. } => Some(text.clone()),
        _ => None,
    });
    assert_eq!(copied.unwrap(), "Tea\n\nHot, black.\n");
    studio.keys("<alt+E><right><tab><left><shift+tab><right>");
    assert!(studio.text().contains("‹ a file ›"), "{}", studio.text());
}

#[test]
fn an_empty_text_a_bad_name_and_a_failed_write_are_sentences() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<alt+E>");
    assert!(
        studio.text().contains("no text to export"),
        "{}",
        studio.text()
    );
    let mut studio = open();
    studio.keys("<alt+E><tab><tab><ctrl+a><backspace><enter>");
    assert!(
        studio.text().contains("The file needs a name"),
        "{}",
        studio.text()
    );
    studio.keys("<esc>");
    named(&mut studio, "nowhere/tea.html");
    studio.keys("<enter>");
    assert!(studio.text().contains("nowhere"), "{}", studio.text());
    assert_eq!(studio.app.dialogs.len(), 1);
}

/// A draft that lies nowhere yet has a name of its first words, and its template counts.
#[test]
fn the_subject_of_a_mail_follows_the_template_of_the_draft() {
    let mut studio = Studio::new(USUAL);
    let record = Provenance {
        id: "0193-mail".into(),
        template: Some("cold-email".into()),
        ..Provenance::default()
    };
    let now = "2026-11-23T12:00:00Z[UTC]".parse().unwrap();
    let draft = Draft::new("To Ann", "Subject: A thought\n\nHi Ann.\n", &record, &now);
    studio.put("data/drafts/ann.md", &draft.to_source());
    studio.read_again();
    studio.keys("<ctrl+o>ann<enter><alt+E><left><left>");
    assert!(studio.text().contains("‹ Email ›"), "{}", studio.text());
    studio.keys("<tab><right><enter>");
    let mail = studio.file("data/drafts/ann.eml").unwrap();
    assert!(mail.starts_with("Subject: A thought\r\n"), "{mail}");
}

/// Two drafts that are marked in their list.
fn marked() -> Studio {
    let mut studio = Studio::new(USUAL);
    let dated =
        |title: &str| format!("---\ntitle: {title}\nupdated: 2026-11-18T09:00:00Z\n---\n\n");
    studio.put(
        "data/drafts/tea.md",
        &(dated("Tea") + "# Tea\n\nHot, *black*.\n"),
    );
    studio.put("data/drafts/sea.md", &(dated("Sea") + "Waves.\n"));
    studio.read_again().keys("<tab><space><space>");
    studio
}

#[test]
fn marked_drafts_go_to_a_folder_together_or_not_at_all() {
    let mut studio = marked();
    studio.put("out/tea.html", "Mine.");
    let folder = studio.path("out");
    let typed = format!("<alt+E><tab><tab><ctrl+a><paste:{}>", folder.display());
    studio.keys("<alt+E>");
    assert_snapshot!(studio.picture());
    studio.keys("<esc>").keys(&typed).keys("<enter>");
    assert!(
        studio.text().contains("is there already"),
        "{}",
        studio.text()
    );
    assert_eq!(studio.file("out/sea.html"), None);
    studio.keys("<enter>");
    assert!(studio.app.dialogs.is_empty(), "{}", studio.text());
    assert!(studio.file("out/sea.html").unwrap().contains("Waves."));
    assert!(
        studio
            .file("out/tea.html")
            .unwrap()
            .contains("<em>black</em>")
    );
    assert!(
        studio.text().contains("2 drafts exported to"),
        "{}",
        studio.text()
    );
}

#[test]
fn marked_drafts_go_beside_themselves_and_markdown_does_not() {
    let mut studio = marked();
    studio.keys("<alt+E><tab><right>");
    assert!(
        studio.text().contains("‹ beside the draft ›"),
        "{}",
        studio.text()
    );
    studio.keys("<tab><left>");
    assert!(studio.text().contains("‹ a folder ›"), "{}", studio.text());
    studio.keys("<right><tab><right><enter>");
    assert!(studio.file("data/drafts/sea.html").is_some());
    assert!(studio.file("data/drafts/tea.html").is_some());
}
