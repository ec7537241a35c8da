//! The tutorial, key by key as the page tells it, with the real program and the practice engine.
//!
//! Nothing of the session stands here: keys and what is to be seen are read from the page, so a
//! step that no longer works, or is told otherwise than it works, fails.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::draft::Draft;
use copydesk::domain::template::Template;
use pretty_assertions::assert_eq;
use support::keys;
use support::pty::Pty;

const PAGE: &str = include_str!("../docs/TUTORIAL.md");

/// What a step of the page says.
#[derive(Debug, PartialEq)]
struct Step {
    keys: Vec<&'static str>,
    seen: Vec<&'static str>,
    gone: Vec<&'static str>,
}

/// The code spans of a line.
fn spans(line: &'static str) -> Vec<&'static str> {
    line.split('`').skip(1).step_by(2).collect()
}

/// The steps of the page: a line of keys, then the lines that say what comes of them.
fn steps() -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for line in PAGE.lines() {
        if line.starts_with("- Keys: ") {
            let keys = spans(line);
            let (seen, gone) = (Vec::new(), Vec::new());
            steps.push(Step { keys, seen, gone });
        } else if line.starts_with("- See: ") {
            steps.last_mut().unwrap().seen = spans(line);
        } else if line.starts_with("- Gone: ") {
            steps.last_mut().unwrap().gone = spans(line);
        }
    }
    steps
}

/// A span is a key by its name, else text that is typed.
fn bytes(span: &str) -> Vec<u8> {
    keys::bytes(&format!("<{span}>")).unwrap_or_else(|_| span.as_bytes().to_vec())
}

/// What the session leaves in its folder.
struct Kept {
    /// The draft made with a template that came with Copydesk.
    first: Draft,
    /// The one made with a template of one's own.
    second: Draft,
    /// The source of that template.
    source: String,
}

/// Does every step of the page, and leaves what it saves.
fn follow(size: (u16, u16)) -> Kept {
    let mut studio = Pty::start(&[], size, &[]).unwrap();
    let steps = steps();
    let (last, before) = steps.split_last().unwrap();
    for step in before {
        for key in &step.keys {
            studio.send(&bytes(key));
        }
        studio.wait_for(
            |screen| {
                step.seen.iter().all(|text| screen.contains(text))
                    && !step.gone.iter().any(|text| screen.contains(text))
            },
            &format!("{step:?}"),
        );
    }
    studio.send(&bytes(last.keys[0]));
    assert_eq!(studio.exit_code(), 0);
    let data = studio.home().join("data");
    let folder = std::fs::read_dir(data.join("drafts")).unwrap();
    let mut drafts: Vec<_> = folder.map(|entry| entry.unwrap().path()).collect();
    drafts.sort();
    let drafts: Vec<_> = drafts
        .iter()
        .map(|path| Draft::parse(&std::fs::read_to_string(path).unwrap()))
        .collect();
    // Sharp knives come before small tools.
    let [second, first] = <[Draft; 2]>::try_from(drafts).unwrap();
    let source = data.join("templates/post-about-a-tool.md");
    let source = std::fs::read_to_string(source).unwrap();
    Kept {
        first,
        second,
        source,
    }
}

/// What the session is to leave, at any size.
fn assert_kept(kept: &Kept) {
    let draft = &kept.first;
    assert_eq!(draft.problem(), None);
    let made = draft.provenance().unwrap();
    assert_eq!(made.template.as_deref(), Some("blog-post"));
    assert_eq!(made.provider.as_deref(), Some("practice"));
    assert!(made.run.is_some(), "{made:?}");
    assert_eq!(made.parts.len(), 1, "{:?}", made.parts);
    let part = &made.parts[0];
    assert_eq!(part.template.as_deref(), Some("refine/shorten"));
    assert_ne!(Some(&part.run), made.run.as_ref());
    // The second variant is used: the first would ask for something the reader can do.
    let body = draft.body();
    assert!(body.contains("Would a friend read on"), "{body}");
    assert!(!body.contains("something the reader can do"), "{body}");
    // The first change is accepted, the second one rejected, the rest left to be as it was.
    assert!(body.contains("knows and name the question"), "{body}");
    assert!(body.contains("the hardest*, and the end would"), "{body}");
    assert!(body.contains("249 words; the"), "{body}");
    // An answer to a question is no part of the draft.
    assert!(!body.contains("You asked"), "{body}");
    let template = Template::parse("own", "own.md", &kept.source).unwrap();
    assert_eq!(template.title, "Post about a tool");
    let made = kept.second.provenance().unwrap();
    assert_eq!(made.template.as_deref(), Some("post-about-a-tool"));
    let given = |name: &str| made.brief.get(name).map(ToString::to_string);
    assert_eq!(given("small_tools").as_deref(), Some("Sharp knives"));
    assert_eq!(given("readers").as_deref(), Some("cooks"));
    let body = kept.second.body();
    assert!(body.starts_with("# Sample: Sharp knives\n"), "{body}");
}

#[test]
fn the_page_has_every_step_in_its_form() {
    let steps = steps();
    assert!(steps.len() > 10, "{steps:?}");
    let (last, before) = steps.split_last().unwrap();
    assert_eq!(last.keys, ["ctrl+q"]);
    for step in before {
        assert!(step.seen.len() + step.gone.len() > 0, "{step:?}");
        // Escape and the byte behind it would be another key.
        let early = step.keys.iter().rev().skip(1).any(|key| *key == "esc");
        assert!(!early, "`esc` is the last key of its step: {step:?}");
    }
}

#[test]
fn the_tutorial_works_key_by_key() {
    assert_kept(&follow((120, 40)));
}

#[test]
fn the_tutorial_works_in_a_small_terminal() {
    assert_kept(&follow((80, 24)));
}
