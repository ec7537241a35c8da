//! What is wrong with a source shows while it is written: marked at its place, told in words.

#![cfg(unix)]
mod support;

use copydesk::app::effect::Effect;
use copydesk::app::msg::Msg;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

const WRONG: &str = "---\ntitle: Mail\ncolour: red\ninputs:\n  words: {type: number, default: many}\n---\n\
                     Write {{ words }} words about {{ topic | shout }}.\n";

/// A studio with the source of a template open, cursor at its start.
fn source(size: (u16, u16), text: &str) -> Studio {
    let mut studio = Studio::new(size);
    studio.put("data/templates/mail.md", text);
    studio.read_again();
    open(&mut studio, "data/templates/mail.md");
    studio
}

/// Opens a file of the library in the Editor; the screen then.
fn open(studio: &mut Studio, path: &str) -> String {
    let path = studio.path(path);
    studio.keys(&format!("<alt+o><paste:{}><enter>", path.display()));
    studio.text()
}

/// Lets what was typed rest, as long as it takes to be looked through.
fn rest(studio: &mut Studio) -> String {
    studio.wait(250).tell(Msg::Tick).text()
}

#[test]
fn what_is_wrong_is_marked_and_told_at_three_sizes() {
    for (name, size) in [("large", LARGE), ("usual", USUAL), ("small", (60, 20))] {
        let mut studio = source(size, WRONG);
        assert_snapshot!(format!("problems_{name}"), studio.picture());
    }
    let mut plain = source(USUAL, WRONG);
    assert_snapshot!("problems_plain", plain.plain().picture());
}

#[test]
fn keys_lead_from_problem_to_problem_and_around() {
    let three = "---\ncolour: red\ninputs: {words: {}}\n---\n{{ words }} {{ topic | shout }}\n";
    let mut studio = source(LARGE, three);
    let mut told = Vec::new();
    for keys in ["<alt+n>", "<alt+n>", "<alt+n>", "<alt+n>", "<alt+p>"] {
        let text = studio.keys(keys).text();
        let line = text.lines().find(|line| line.contains("alt+n"));
        let line = line.unwrap().trim().to_owned();
        let at = studio.app.editor.document.cursor();
        let rest = studio.app.editor.document.slice(at..at + 6);
        told.push(format!("{rest} {}", line.split(' ').nth(1).unwrap()));
    }
    assert_eq!(told.len(), 5);
    assert_eq!(told[0].split(' ').next(), Some("colour"), "{told:?}");
    assert_eq!(told[3], told[0], "around the end: {told:?}");
    assert_eq!(told[4], told[2], "around the start: {told:?}");
}

#[test]
fn a_mended_source_says_so_once_it_rests_and_not_before() {
    let mut studio = source(LARGE, "Write {{ topic | shout }}.\n");
    assert!(studio.text().contains("there is no filter `shout`"));
    // Typed through: what is told stays until the text rests.
    studio.keys("<alt+n><ctrl+w><alt+n>");
    let before = studio.keys("<delete*5>upper").text();
    assert!(before.contains("no filter"), "{before}");
    let after = rest(&mut studio);
    assert!(
        after.contains("nothing is wrong with the source"),
        "{after}"
    );
}

#[test]
fn while_front_matter_is_half_typed_only_what_is_true_is_told() {
    let mut studio = source(USUAL, "Write.\n");
    let typed = "---\ninputs:\n  topic: {label: \"To\", type: line}\n---\nOn {{ topic }}: ";
    let mut seen = std::collections::BTreeSet::new();
    for c in typed.chars() {
        let key = match c {
            '\n' => "<enter>".to_owned(),
            ' ' => "<space>".to_owned(),
            '<' => "<lt>".to_owned(),
            c => c.to_string(),
        };
        studio.keys(&key);
        rest(&mut studio);
        let spots = studio.app.editor.problems.spots();
        assert!(spots.len() < 3, "{spots:?}");
        seen.extend(spots.iter().map(|spot| spot.message.clone()));
    }
    let text = studio.text();
    assert!(text.contains("nothing is wrong with the source"), "{text}");
    for told in &seen {
        let true_of_it = [
            "front matter",
            "YAML",
            "syntax",
            "unknown key",
            "is never used",
            "is not declared",
            "must be",
            "not a",
            "unknown input type",
            "type",
            "is not defined",
        ];
        assert!(true_of_it.iter().any(|part| told.contains(part)), "{told}");
    }
}

#[test]
fn one_look_goes_on_at_a_time_and_none_on_the_way_of_a_key() {
    let mut studio = source(USUAL, "Write {{ topic }}.\n");
    let asks = |asked: &[Effect]| {
        let looks = |effect: &&Effect| matches!(effect, Effect::LookThrough { .. });
        asked.iter().filter(looks).count()
    };
    let asked = studio.keep_back("some words");
    assert_eq!(asks(&asked), 0, "{asked:?}");
    studio.wait(250);
    let asked = studio.keep_back("<left>");
    assert_eq!(asks(&asked), 1);
    let more = studio.keep_back("more<left>");
    assert_eq!(asks(&more), 0);
    // An answer for a text that has changed asks again when that rests.
    for effect in asked {
        studio.perform(effect);
    }
    studio.wait(250);
    assert_eq!(asks(&studio.keep_back("<left><left>")), 1);
}

#[test]
fn circles_long_texts_and_snippets_are_told_in_the_editor() {
    let mut studio = Studio::new(LARGE);
    studio.put("data/snippets/one.md", "A {% include \"two\" %}\n");
    studio.put("data/snippets/two.md", "B {% include \"one\" %}\n");
    studio.put("data/templates/round.md", "Hello.\n{% include \"one\" %}\n");
    studio.put("data/templates/vast.md", &"many words ".repeat(100_000));
    studio.read_again();
    let text = open(&mut studio, "data/templates/round.md");
    assert!(
        text.contains("snippet `one` includes itself: one → two → one"),
        "{text}"
    );
    let text = open(&mut studio, "data/templates/vast.md");
    assert!(text.contains("longer than 256 KB"), "{text}");
    let text = open(&mut studio, "data/snippets/one.md");
    assert!(text.contains("Snippet source"), "{text}");
    assert!(text.contains("includes itself"), "{text}");
}

#[test]
fn a_changed_snippet_is_seen_by_the_source_that_includes_it() {
    let mut studio = Studio::new(LARGE);
    studio.put("data/templates/t.md", "{% include \"tone\" %} {{ x }}\n");
    studio.read_again();
    let text = open(&mut studio, "data/templates/t.md");
    assert!(
        text.contains("snippet \"tone\" is not in the library"),
        "{text}"
    );
    studio.put("data/snippets/tone.md", "Warm.\n");
    studio.read_again();
    rest(&mut studio);
    let text = rest(&mut studio);
    assert!(text.contains("nothing is wrong with the source"), "{text}");
}

#[test]
fn a_draft_is_not_looked_through() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<ctrl+n>{{ a | b }}<alt+n>");
    let text = studio.text();
    assert!(text.contains("problems are looked for"), "{text}");
}
