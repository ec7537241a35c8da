//! Help: of every pane and box, what is looked for in it, and that nobody gets lost below its end.

mod support;

use copydesk::app::dialog::Dialog;
use insta::assert_snapshot;
use std::collections::BTreeSet;
use support::boxes;
use support::studio::Studio;

const USUAL: (u16, u16) = (80, 24);

/// The title that help opens with.
fn title(studio: &mut Studio) -> String {
    let text = studio.keys("<F1>").text();
    let mut lines = text
        .lines()
        .skip_while(|line| !line.contains("╭ Help ") && !line.contains("─ Help"));
    let line = lines.nth(1).unwrap_or_default().to_owned();
    studio.keys("<esc>");
    line
}

#[test]
fn every_pane_and_box_has_help_of_its_own() {
    for (keys, expected) in [
        ("", "Templates, drafts, snippets"),
        ("<enter>", "The form"),
        ("<alt+2>", "The Editor"),
        ("<alt+2>words<ctrl+f>", "The find bar"),
        ("<alt+3>", "The Output"),
        ("<ctrl+p>", "Commands"),
        ("<ctrl+o>", "Go to document"),
        ("<alt+e>", "Runs"),
        ("<F3>", "Models"),
        ("<F2>", "Connect"),
        ("<alt+Y>", "Themes"),
        ("<alt+o>", "Open a file"),
    ] {
        let mut studio = Studio::new(USUAL);
        let told = title(studio.keys(keys));
        assert!(told.contains(expected), "{keys}: {told}");
    }
}

/// Every kind of box there is, a new one included, is told apart and has keys of its own.
#[test]
fn no_box_shares_its_help_with_another() {
    let mut titles = BTreeSet::new();
    let mut kinds = 0;
    for (kind, mut studio) in boxes::each(|| Studio::new(USUAL)) {
        if kind == "Help" {
            // The key that opened it closes it.
            continue;
        }
        let text = studio.keys("<F1>").text();
        let told = title(studio.keys("<esc>"));
        assert!(text.contains(" Here "), "{kind} has no keys:\n{text}");
        kinds += 1;
        titles.insert(told);
    }
    assert_eq!(titles.len(), kinds, "{titles:?}");
}

#[test]
fn what_is_looked_for_is_all_that_is_shown() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<F1>/");
    assert_snapshot!("search", studio.keys("copy text").text());
    let none = studio.keys(" zzz").text();
    assert!(none.contains("Nothing here has that."), "{none}");
    // enter lets keys scroll again, esc shows all, then closes.
    let all = studio.keys("<enter><esc>").text();
    assert!(all.contains("A template turns a few facts"), "{all}");
    studio.keys("<esc>");
    assert!(studio.app.dialogs.is_empty());
    // A letter of the search closes nothing.
    studio.keys("<F1>/q?j");
    assert_eq!(studio.app.dialogs.len(), 1);
}

#[test]
fn nobody_scrolls_past_the_end() {
    let mut studio = Studio::new(USUAL);
    let end = studio.keys("<F1><end>").text();
    assert_eq!(studio.keys("<pagedown*20>").text(), end);
    assert_ne!(studio.keys("<up>").text(), end);
    let Some(Dialog::Help(_)) = studio.app.dialogs.last() else {
        unreachable!("help is open");
    };
}

#[test]
fn help_of_a_box_goes_back_to_it() {
    let mut studio = Studio::new(USUAL);
    assert_snapshot!("of_the_palette", studio.keys("<ctrl+p>save<F1>").text());
    let text = studio.keys("<F1>").text();
    assert!(text.contains("> save"), "{text}");
}
