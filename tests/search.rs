//! `copydesk draft search` from outside: what it prints, what it exits with, what it says of files
//! that cannot be read.

mod support;

use pretty_assertions::assert_eq;
use support::cli::{Home, Ran};

fn home() -> Home {
    let home = Home::new();
    let made = "copydesk:\n  id: 0199\n  template: blog-post\n  model: luna\n";
    home.write(
        "data/drafts/2026-11-01-sea.md",
        &format!("---\ntitle: The sea\nstatus: done\ntags: [water]\nupdated: 2026-11-01T10:00:00Z\n{made}---\n\n# The sea\n\nShips sink where Whales sing.\n"),
    );
    home.write(
        "data/drafts/2026-11-20-ice.md",
        "---\ntitle: Ice\nstatus: draft\ntags: [water, cold]\nupdated: 2026-11-20T10:00:00Z\n---\n\nNo whales, and \"plain ice\".\n",
    );
    home
}

fn search(home: &Home, args: &[&str]) -> Ran {
    home.run(&[&["draft", "search"], args].concat())
}

#[test]
fn a_search_prints_where_and_which_line_newest_first() {
    let home = home();
    let ran = search(&home, &["whales"]);
    let folder = home.path("data/drafts").display().to_string();
    let wanted = format!(
        "{folder}/2026-11-20-ice.md:8:4: Ice: No whales, and \"plain ice\".\n\
         {folder}/2026-11-01-sea.md:14:18: The sea: Ships sink where Whales sing.\n"
    );
    assert_eq!(
        (ran.code, ran.stdout, ran.stderr),
        (0, wanted, String::new())
    );
    let ran = search(&home, &["Whales"]);
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(ran.stdout.contains("sea.md"), "{ran:?}");
}

#[test]
fn words_phrases_and_fields_narrow_together() {
    let home = home();
    for (args, found) in [
        (&["tag:water"][..], "ice sea"),
        (&["tag:water", "ships"], "sea"),
        (&["\"plain ice\""], "ice"),
        (&["status:done model:luna template:blog"], "sea"),
        (&["since:2026-11-10", "whales"], "ice"),
        (&["--limit", "1", "whales"], "ice"),
    ] {
        let ran = search(&home, args);
        let names: Vec<_> = ran
            .stdout
            .lines()
            .map(|line| {
                line.split_once(".md:")
                    .unwrap()
                    .0
                    .rsplit('-')
                    .next()
                    .unwrap()
            })
            .collect();
        assert_eq!(
            (ran.code, names.join(" ")),
            (0, found.to_owned()),
            "{args:?}"
        );
    }
}

#[test]
fn json_has_the_place_and_the_line() {
    let ran = search(&home(), &["--json", "sing"]);
    let rows = ran.json();
    assert_eq!(rows.as_array().unwrap().len(), 1);
    assert_eq!(
        (&rows[0]["line"], &rows[0]["column"]),
        (&14.into(), &25.into())
    );
    assert_eq!(rows[0]["text"], "Ships sink where Whales sing.");
    assert_eq!(rows[0]["name"], "2026-11-01-sea");
    let none = search(&home(), &["--json", "nowhere"]);
    assert_eq!((none.code, none.stdout.as_str()), (1, "[]\n"));
}

#[test]
fn nothing_found_is_1_and_a_wrong_query_2_with_what_to_write() {
    let home = home();
    let ran = search(&home, &["nowhere"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (1, "", "")
    );
    for (typed, told) in [
        ("titel:x", "there is no field `titel:`"),
        ("since:soon", "is no time; write a day"),
        ("tag:", "nothing to look for"),
    ] {
        let ran = search(&home, &[typed]);
        assert!(
            ran.code == 2 && ran.stderr.contains(told),
            "{typed}: {ran:?}"
        );
    }
}

#[test]
fn hostile_text_is_printed_as_marks_and_unreadable_files_are_counted() {
    let home = home();
    home.write("data/drafts/evil.md", "a needle \u{1b}[2J\u{202e} more\n");
    std::fs::create_dir(home.path("data/drafts/folder.md")).unwrap();
    let ran = search(&home, &["needle"]);
    assert!(
        ran.stdout.contains("evil.md:1:3: ") && !ran.stdout.contains('\u{1b}'),
        "{ran:?}"
    );
    assert_eq!(ran.code, 0);
    assert!(
        ran.stderr.contains("folder.md: it is a folder") && ran.stderr.lines().count() == 1,
        "{ran:?}"
    );
}

/// A folder that cannot be looked into is said with its reason, and all others are looked through.
#[test]
fn what_cannot_be_looked_into_is_said_and_the_rest_is_found() {
    let home = home();
    home.write("data/drafts/a/b/c/d/e/f/g/h/i/deep.md", "whales\n");
    let dangling = home.path("data/drafts/dangling.md");
    std::os::unix::fs::symlink("nowhere", dangling).unwrap();
    let ran = search(&home, &["whales"]);
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 2), "{ran:?}");
    for told in [
        "drafts/a/b/c/d/e/f/g/h/i: it lies below too many folders",
        "dangling.md: it cannot be found",
    ] {
        assert!(ran.stderr.contains(told), "{told}: {ran:?}");
    }
    let listed = home.run(&["draft", "list"]);
    assert!(listed.stdout.contains("too many folders"), "{listed:?}");
}

#[test]
fn runs_are_looked_through_when_they_are_asked_for() {
    let home = home();
    let none = search(&home, &["--runs", "practice"]);
    assert_eq!((none.code, none.stdout.as_str()), (1, ""));
    assert!(!home.path("data/journal.db").exists());
    let made = home.run(&[
        "run",
        "blog-post",
        "-p",
        "practice",
        "-i",
        "topic=Lighthouses",
    ]);
    assert_eq!(made.code, 0, "{made:?}");
    let ran = search(&home, &["--runs", "lighthouse"]);
    let line = ran.stdout.lines().next().unwrap_or_default();
    assert!(
        line.starts_with("run 0") && line.contains(": blog-post: "),
        "{ran:?}"
    );
    assert_eq!(search(&home, &["lighthouse"]).code, 1);
    let rows = search(&home, &["--runs", "--json", "lighthouse template:blog"]).json();
    assert_eq!(
        (&rows[0]["kind"], &rows[0]["template"]),
        (&"run".into(), &"blog-post".into())
    );
    assert_eq!(search(&home, &["--runs", "lighthouse tag:x"]).code, 1);
}
