//! The find bar: what it finds, where it leads, what it replaces, and how it looks.

mod support;

use copydesk::app::msg::Msg;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

const TEXT: &str = "# Kettles\n\nA blue kettle boils.\nA red Kettle waits, and the kettle knows.\n\n\
                    Kettles last: 10-20 years, or 30-40.\n";

/// A draft with the cursor at its start.
fn draft(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys("<alt+2>").tell(Msg::Paste(TEXT.to_owned()));
    studio.keys("<ctrl+home>");
    studio
}

fn text(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn selected(studio: &Studio) -> String {
    let document = &studio.app.editor.document;
    let line = document.slice(0..document.cursor()).matches('\n').count() + 1;
    let words = document.selected_text().unwrap_or_default();
    format!("{line}:{words}")
}

fn notice(studio: &Studio) -> &str {
    studio.app.notice.as_ref().map_or("", |notice| &notice.text)
}

#[test]
fn words_are_found_while_they_are_typed() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+f>kettle");
    assert_eq!(selected(&studio), "1:Kettle");
    assert_snapshot!("find_large", studio.picture());
    studio.keys("<enter><enter>");
    assert_eq!(selected(&studio), "4:Kettle");
    studio.keys("<down><down><enter>");
    assert_eq!(selected(&studio), "1:Kettle");
    assert!(notice(&studio).contains("other end"), "{}", notice(&studio));
    studio.keys("<up>");
    assert_eq!(selected(&studio), "6:Kettle");
    studio.keys("<esc>");
    assert!(studio.app.editor.find.is_none());
    assert_eq!(selected(&studio), "6:Kettle");
    // The same again starts from here and with the same words.
    studio.keys("<right><ctrl+f>");
    assert_eq!(selected(&studio), "1:Kettle");
    studio.keys("years");
    assert_eq!(selected(&studio), "6:years");
}

#[test]
fn a_capital_or_a_key_lets_capitals_count() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+f>Kettle");
    let places = |studio: &Studio| studio.app.editor.find.as_ref().unwrap().places.len();
    assert_eq!(places(&studio), 3);
    studio.keys("<ctrl+a>kettle");
    assert_eq!(places(&studio), 5);
    studio.keys("<alt+c>");
    assert_eq!(places(&studio), 2);
}

#[test]
fn one_place_after_the_other_is_replaced() {
    let mut studio = draft(USUAL);
    studio.keys("<ctrl+f>kettle<tab>pot");
    studio.keys("<enter><enter>");
    assert!(text(&studio).starts_with("# pots\n\nA blue pot boils.\nA red Kettle"));
    assert_snapshot!("replace_usual", studio.picture());
    studio.keys("<tab><enter><tab><enter>");
    assert!(text(&studio).contains("A red Kettle waits, and the pot knows."));
    studio.keys("<ctrl+z><ctrl+z><ctrl+z>");
    assert_eq!(text(&studio), TEXT);
}

#[test]
fn all_places_are_replaced_in_one_step() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+f>(\\d+)-(\\d+)<alt+x><alt+a>");
    assert!(
        notice(&studio).contains("alt+a again"),
        "{}",
        notice(&studio)
    );
    studio.keys("$2 to $1<alt+a>");
    assert!(text(&studio).contains("20 to 10 years, or 40 to 30."));
    assert_eq!(notice(&studio), "2 places replaced; ctrl+z takes them back");
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), TEXT);
}

#[test]
fn selected_lines_are_looked_through_and_nothing_else() {
    let mut studio = draft(LARGE);
    studio.keys("<down*2><shift+down*2><ctrl+f>kettle");
    assert_eq!(studio.app.editor.find.as_ref().unwrap().places.len(), 3);
    studio.keys("<tab>jug<alt+a>");
    let changed = "A blue jug boils.\nA red jug waits, and the jug knows.\n\nKettles last";
    assert!(text(&studio).contains(changed) && text(&studio).starts_with("# Kettles"));
}

#[test]
fn a_pattern_that_is_not_whole_says_so_and_changes_nothing() {
    let mut studio = draft(USUAL);
    studio.keys("<ctrl+f><alt+x>(ket");
    assert_snapshot!("find_problem", studio.picture());
    studio.keys("<tab>x<enter><alt+a>");
    assert_eq!(text(&studio), TEXT);
    studio.keys("<tab>tle)");
    assert_eq!(selected(&studio), "1:Kettle");
}

#[test]
fn selected_words_are_looked_for_at_once() {
    let mut studio = draft(LARGE);
    studio.keys("<down*2><ctrl+right><shift+ctrl+right><ctrl+f>");
    let find = studio.app.editor.find.as_ref().unwrap();
    assert_eq!(find.wanted.text().trim(), "blue");
}

/// The bar takes what is typed and pasted; the draft gets none of it.
#[test]
fn what_is_typed_or_pasted_into_the_bar_stays_there() {
    let mut studio = draft(LARGE);
    studio.keys("<ctrl+f>blue<paste: kettle\u{1b}>");
    assert_eq!(text(&studio), TEXT);
    assert_eq!(
        studio.app.editor.find.as_ref().unwrap().wanted.text(),
        "blue kettle␛"
    );
    studio.keys("<ctrl+t>");
    assert!(studio.app.editor.find.is_none());
}

#[test]
fn the_count_is_whole_whatever_else_the_bar_says() {
    let mut studio = Studio::new(LARGE);
    let text = "see here, or there\n".repeat(44);
    studio.keys("<alt+2>").tell(Msg::Paste(text));
    studio.keys("<ctrl+home><ctrl+f>e<alt+c><alt+x>");
    assert!(studio.text().contains("1 of 264"), "{}", studio.text());
}
