//! Versions of templates: kept as they change, listed, gone back to, in the studio and without it.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::effect::{Effect, Keep};
use copydesk::app::msg::Msg;
use copydesk::app::outside::Sighting;
use copydesk::store::journal::{Cause, VersionHeadline, VersionId};
use copydesk::store::watch::Shelf;
use insta::assert_snapshot;
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use std::path::Path;
use support::cli::{Home, Ran};
use support::pty::Pty;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const MAIL: &str = "data/templates/mail.md";

fn template(home: &Home, args: &[&str]) -> Ran {
    home.run(&[&["template"], args].concat())
}

fn open(home: &Path) -> Pty {
    let home = home.display().to_string();
    Pty::start(
        &["template", "edit", "mail"],
        LARGE,
        &[("COPYDESK_HOME", home.as_str())],
    )
    .unwrap()
}

/// W10 for templates: what is saved in the studio is listed and restored without it, and what a
/// restore replaces is a version, too.
#[test]
fn what_the_studio_saved_comes_back_by_the_command_line() {
    let home = Home::new();
    let path = home.write(MAIL, "Write to {{ who }}.\n");
    let mut studio = open(&home.path(""));
    studio.wait_for_text("Write to {{ who }}.");
    studio.keys("Dear. <ctrl+s>");
    let timed = |screen: &str| {
        let after = screen.split("· saved ").nth(1);
        after.is_some_and(|time| time.starts_with(|c: char| c.is_ascii_digit()))
    };
    studio.wait_for(timed, "the time of the save");
    studio.wait_beside(
        || std::fs::read_to_string(&path).is_ok_and(|text| text.starts_with("Dear. ")),
        "the file to be written",
    );
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    let listed = template(&home, &["versions", "mail", "--json"]);
    assert_eq!(listed.code, 0, "{listed:?}");
    let rows = listed.json();
    let causes: Vec<_> = rows
        .as_array()
        .unwrap()
        .iter()
        .map(|row| &row["cause"])
        .collect();
    assert_eq!(causes, ["save", "outside_change"], "{rows}");
    let first = rows[1]["id"].to_string();
    let ran = template(&home, &["restore", "mail", &first]);
    assert_eq!((ran.code, ran.stdout), (0, format!("{}\n", path.display())));
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        "Write to {{ who }}.\n"
    );
    let again = template(&home, &["restore", "mail", &first]);
    assert!(
        again.stderr.contains("nothing to do: the template says"),
        "{again:?}"
    );
    // Changed outside, and gone back: that is not lost either.
    home.write(MAIL, "Theirs.\n");
    let ran = template(&home, &["restore", "mail", &first, "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let replaced = ran.json()["replaced"].to_string();
    let ran = template(&home, &["restore", "mail", &replaced]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(std::fs::read_to_string(&path).unwrap(), "Theirs.\n");
    let plain = template(&home, &["versions", "mail"]).stdout;
    assert_eq!(plain.lines().count(), 6, "{plain}");
}

#[test]
fn what_has_no_versions_says_why() {
    let home = Home::new();
    home.write(MAIL, "Mine.\n");
    let none = template(&home, &["versions", "mail"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    for (args, told) in [
        (
            &["versions", "blog-post"][..],
            "comes with Copydesk and has no versions",
        ),
        (
            &["restore", "mail", "7"][..],
            "see `copydesk template versions mail`",
        ),
        (&["versions", "none"][..], "none"),
    ] {
        let ran = template(&home, args);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(told), "{told}: {ran:?}");
    }
}

/// The versions that the journal was told of: what they go by, and their text.
fn kept(studio: &Studio) -> Vec<(String, String)> {
    let kept = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Keep(Keep::Version { draft, text, .. }) => Some((draft.clone(), text.text())),
        _ => None,
    });
    kept.collect()
}

#[test]
fn a_template_that_is_used_or_changed_outside_is_kept_and_a_shipped_one_is_not() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<enter><esc>");
    assert_eq!(kept(&studio), []);
    studio.put(MAIL, "One {{ x }}.\n");
    studio.read_again();
    while !studio.text().contains("mail.md · your own") {
        studio.keys("j");
    }
    let path = studio.path(MAIL).display().to_string();
    studio.put(MAIL, "Two {{ x }}.\n");
    let changed = || Msg::Outside(Sighting::Changed([Shelf::Templates].into()));
    studio.tell(changed());
    assert_eq!(kept(&studio), [(path.clone(), "Two {{ x }}.\n".to_owned())]);
    studio.keys("<enter>");
    assert_eq!(kept(&studio).len(), 2);
    studio.put(MAIL, "Three {{ x }}.\n");
    studio.tell(changed());
    assert_eq!(
        kept(&studio).last(),
        Some(&(path, "Three {{ x }}.\n".to_owned()))
    );
}

#[test]
fn versions_follow_a_renamed_template_and_back() {
    let mut studio = Studio::new(LARGE);
    studio.put(MAIL, "---\ntitle: Mail\n---\nOne {{ x }}.\n");
    studio.read_again();
    while !studio.text().contains("mail.md · your own") {
        studio.keys("j");
    }
    studio.keys("rLetter<enter>u");
    let moved = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Keep(Keep::Moved { from, to }) => Some((from.clone(), to.clone())),
        _ => None,
    });
    let (mail, letter) = (studio.path(MAIL), studio.path("data/templates/letter.md"));
    let both = [(mail.clone(), letter.clone()), (letter, mail)];
    assert_eq!(moved.collect::<Vec<_>>(), both);
}

#[test]
fn the_versions_of_a_template_are_listed_as_such() {
    let mut studio = Studio::new(LARGE);
    studio.put(MAIL, "One {{ x }}.\n");
    studio.read_again();
    let path = studio.path(MAIL);
    studio.keys(&format!("<alt+o><paste:{}><enter><alt+v>", path.display()));
    let draft = studio.app.editor.draft_key();
    assert_eq!(draft, path.display().to_string());
    studio.tell(Msg::Versions {
        draft: draft.clone(),
        versions: Vec::new(),
    });
    let text = studio.text();
    assert!(text.contains("this template has no versions yet"), "{text}");
    let version = |id: i64, cause| VersionHeadline {
        id: VersionId(id),
        at: Timestamp::from_millisecond(1_795_000_000_000 - id * 3_600_000).unwrap(),
        cause,
        path: None,
        words: 3,
        bytes: 12,
    };
    let versions = vec![version(1, Cause::Save), version(2, Cause::OutsideChange)];
    studio.tell(Msg::Versions { draft, versions });
    assert_snapshot!("versions_of_a_template", studio.picture());
}
