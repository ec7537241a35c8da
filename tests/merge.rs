//! Variants compared with each other and with the draft, and what of them goes into the draft,
//! change by change.

mod support;

use copydesk::app::effect::{Effect, Keep};
use copydesk::app::msg::Msg;
use copydesk::domain::run::{FinishReason, RunId};
use copydesk::store::journal::Cause;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

const DRAFT: &str = "The kettle sings on the old stove.\n\nNobody hears it.\n";
const FIRST: &str = "The kettle sings on the stove.\n\nNobody hears it now.";
const SECOND: &str = "The kettle whistles on the old stove.\n\nNobody hears it.";

/// A draft, and two variants of one prompt; the second is shown.
fn two(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.keys("<alt+2>").tell(Msg::Paste(DRAFT.to_owned()));
    studio.keys("<alt+1><enter>Kettles<ctrl+g>");
    studio.delta(FIRST).finish(FinishReason::Stop);
    studio.keys("R").delta(SECOND).finish(FinishReason::Stop);
    studio
}

fn text(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn notice(studio: &Studio) -> &str {
    studio.app.notice.as_ref().map_or("", |notice| &notice.text)
}

fn runs(studio: &Studio) -> Vec<RunId> {
    let variants = studio.app.output.variants.iter();
    variants.map(|variant| variant.run).collect()
}

fn parts(studio: &Studio) -> Vec<RunId> {
    let made = studio.app.editor.provenance().unwrap_or_default();
    made.parts.iter().map(|part| part.run).collect()
}

fn versions(studio: &Studio, wanted: Cause) -> Vec<String> {
    let kept = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Keep(Keep::Version { cause, text, .. }) if *cause == wanted => Some(text.text()),
        _ => None,
    });
    kept.collect()
}

#[test]
fn a_variant_is_compared_with_the_draft_and_with_any_other_variant() {
    let mut studio = two(LARGE);
    studio.keys("=");
    assert_snapshot!("draft_large", studio.picture());
    studio.keys("1");
    assert_snapshot!("variants_large", studio.picture());
    studio.keys("2");
    assert_eq!(notice(&studio), "this is variant 2 itself");
    studio.keys("[");
    assert!(studio.text().contains("Draft → variant 2"));
    studio.keys("f]]");
    assert!(studio.text().contains("Variant 1 → variant 2"));
    assert!(studio.text().contains("f fold"));
    studio.keys("0");
    assert!(studio.text().contains("Draft → variant 2"));
    studio.keys("7");
    assert_eq!(notice(&studio), "there is no text of a variant 7 here");
    studio.keys("<esc>");
    assert!(studio.app.dialogs.is_empty());
    assert_eq!(text(&studio), DRAFT);
}

#[test]
fn without_a_draft_a_variant_is_compared_with_its_neighbour() {
    let mut studio = two(USUAL);
    studio.keys("<alt+2><ctrl+a><delete><alt+3>=");
    assert_snapshot!("variants_usual", studio.picture());
    studio.keys("0");
    assert_eq!(notice(&studio), "the draft is empty");
}

/// A variant of an earlier prompt is told apart by what it was made with.
#[test]
fn a_variant_of_another_prompt_has_its_name() {
    let mut studio = two(LARGE);
    studio.keys("<alt+1><ctrl+g>");
    studio.delta("Third.").finish(FinishReason::Stop);
    studio.keys("=]");
    assert!(
        studio.text().contains("Blog post 1 → variant 1"),
        "{}",
        studio.text()
    );
}

#[test]
fn single_changes_of_a_variant_go_into_the_draft() {
    for (size, name) in [(LARGE, "merge_large"), (USUAL, "merge_usual")] {
        let mut studio = two(size);
        studio.keys("1=m");
        assert_snapshot!(name, studio.picture());
    }
    let mut studio = two(LARGE);
    studio.keys("1=m");
    // "old" stays; "now" comes.
    studio.keys("ra");
    let wanted = DRAFT.replace("hears it.", "hears it now.");
    assert_eq!(text(&studio), wanted);
    assert_eq!(
        notice(&studio),
        "in the draft; ctrl+z takes it back, ctrl+s saves it"
    );
    assert_eq!(parts(&studio), [runs(&studio)[0]]);
    assert_eq!(versions(&studio, Cause::Refine), [wanted]);
    assert_eq!(versions(&studio, Cause::Edit)[0], DRAFT);
    let used = Effect::Keep(Keep::Used(runs(&studio)[0]));
    assert!(studio.asked.contains(&used));
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), DRAFT);
    assert_eq!(parts(&studio), []);
    studio.keys("<ctrl+y>");
    assert_eq!(parts(&studio), [runs(&studio)[0]]);
}

#[test]
fn two_variants_are_merged_one_after_the_other() {
    let mut studio = two(LARGE);
    studio.keys("1mA<alt+3>2m");
    // What the first brought is a change against the second: only its verb is taken.
    studio.keys("ar");
    let merged = text(&studio);
    assert!(merged.contains("whistles on"), "{merged}");
    assert!(merged.contains("hears it now."), "{merged}");
    assert_eq!(parts(&studio).len(), 2);
    studio.keys("<esc><ctrl+z>");
    assert_eq!(text(&studio), format!("{FIRST}\n"));
    studio.keys("<ctrl+z>");
    assert_eq!(text(&studio), DRAFT);
}

#[test]
fn two_variants_are_merged_with_each_other() {
    let mut studio = two(LARGE);
    // The second is shown; the first is what it is compared with.
    studio.keys("=1");
    assert!(
        studio.text().contains("Variant 1 → variant 2"),
        "{}",
        studio.text()
    );
    studio.keys("maar");
    let merged = text(&studio);
    assert_eq!(
        merged,
        "The kettle whistles on the old stove.\n\nNobody hears it now."
    );
    assert_eq!(versions(&studio, Cause::Edit)[0], DRAFT);
    studio.keys("<ctrl+z><ctrl+z>");
    assert_eq!(text(&studio), DRAFT);
    // Both variants are as they were.
    let texts: Vec<&str> = studio
        .app
        .output
        .variants
        .iter()
        .map(|variant| variant.text.as_str())
        .collect();
    assert_eq!(texts, [FIRST, SECOND]);
}

#[test]
fn two_variants_that_say_the_same_are_not_merged() {
    let mut studio = two(LARGE);
    studio.keys("R").delta(FIRST).finish(FinishReason::Stop);
    studio.keys("=1");
    assert!(
        studio.text().contains("both say the same"),
        "{}",
        studio.text()
    );
    studio.keys("m");
    assert_eq!(notice(&studio), "both say the same");
    assert_eq!(text(&studio), DRAFT);
}

#[test]
fn a_merge_waits_and_gives_way_to_another() {
    let mut studio = two(LARGE);
    studio.keys("1m<esc>");
    assert!(
        studio.text().contains("1 to review ^K"),
        "{}",
        studio.text()
    );
    assert_eq!(text(&studio), DRAFT);
    studio.keys("<ctrl+k>");
    assert!(
        studio.text().contains("Variant 1 · 1 of 2"),
        "{}",
        studio.text()
    );
    studio.keys("<esc><alt+3>2m");
    assert!(
        studio.text().contains("Variant 2 · 1 of 1"),
        "{}",
        studio.text()
    );
    studio.keys("X");
    assert_eq!(notice(&studio), "the draft stays as it was");
    assert!(!studio.text().contains("to review"));
    // Nothing of it is gone, and nothing is put off.
    assert_eq!(runs(&studio).len(), 2);
    let later = studio
        .asked
        .iter()
        .any(|effect| matches!(effect, Effect::Keep(Keep::ForLater(_))));
    assert!(!later);
}

#[test]
fn what_cannot_be_merged_is_said() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<alt+3>m");
    assert_eq!(notice(&studio), "nothing to merge yet; ctrl+g generates");
    studio
        .keys("<alt+1><enter>Kettles<ctrl+g>")
        .delta("The same.");
    studio.keys("m");
    assert!(notice(&studio).starts_with("still being written"));
    studio.finish(FinishReason::Stop).keys("m");
    assert_eq!(
        notice(&studio),
        "the draft is empty; enter uses the variant"
    );
    studio.keys("<alt+2>The same.<alt+3>m");
    assert_eq!(notice(&studio), "the draft says the same");
    studio.keys("<alt+2> More.<alt+3>mt");
    assert!(notice(&studio).starts_with("a variant is merged as it is"));
    studio.keys("i");
    assert!(notice(&studio).starts_with("a variant is merged as it is"));
    assert_eq!(text(&studio), "The same. More.");
}

#[test]
fn a_part_that_is_being_rewritten_comes_first() {
    let mut studio = two(LARGE);
    studio.keys("<alt+2><ctrl+home><ctrl+k>shorten<enter><alt+3>1m");
    assert!(notice(&studio).starts_with("a part of the draft is being rewritten"));
    assert_eq!(text(&studio), DRAFT);
}

/// Line ends are those of the draft, and its last one stays.
#[test]
fn a_merge_changes_no_line_end() {
    let mut studio = two(LARGE);
    studio.put(
        "notes.txt",
        "The kettle sings on the old stove.\r\n\r\nNobody hears it.\r\n",
    );
    let path = studio.path("notes.txt").display().to_string();
    studio.keys(&format!("<alt+o><paste:{path}><enter><alt+3>1mA"));
    assert_eq!(
        text(&studio),
        "The kettle sings on the stove.\r\n\r\nNobody hears it now.\r\n"
    );
}

#[test]
fn a_comparison_with_a_text_that_still_grows_grows_with_it() {
    let mut studio = two(LARGE);
    studio.keys("<alt+3>R").delta("The kettle sings");
    studio.keys("=");
    assert!(
        studio.text().contains("Draft → variant 3"),
        "{}",
        studio.text()
    );
    assert!(!studio.text().contains("by the fire"), "{}", studio.text());
    studio.wait(600).delta(" on the old stove by the fire.");
    assert!(studio.text().contains("by the fire"), "{}", studio.text());
    // What comes within half a second waits for the next time, and for the end at the latest.
    studio.delta("\n\nNobody hears it.");
    studio.finish(FinishReason::Stop);
    let text = studio.text();
    assert!(text.contains(" Nobody hears it.⏎"), "{text}");
}
