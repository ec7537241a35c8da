//! Names from anywhere: titles of texts, names that are asked for, names of files that lie about.
//! None leaves the library, overwrites another, or reaches the screen raw.

#![cfg(unix)]

mod support;

use copydesk::domain::draft::{Draft, Provenance};
use copydesk::store::{drafts, scratch};
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use support::cli::{Home, Ran, answer, ran};
use support::saver;
use support::server::Server;

/// Titles that would be trouble as file names.
fn titles() -> Vec<String> {
    let mut titles: Vec<String> = [
        "",
        " ",
        ".",
        "..",
        "../../../etc/passwd",
        "/etc/passwd",
        "a/b\\c",
        "-rf",
        "--json",
        ".hidden",
        "~",
        "$HOME",
        "two\nlines",
        "\u{1b}]0;title\u{7}",
        "nul\0byte",
        "CON",
        "nul",
        "Com1.txt",
        "name.",
        "name ",
        "Twin",
        "twin",
        "TWIN",
        "Caf\u{e9}",
        "Cafe\u{301}",
        "\u{d55c}",
        "\u{1112}\u{1161}\u{11ab}",
        "🎉",
        "👩‍👩‍👧",
        "\u{202e}dm.exe",
        "\u{feff}",
        "\u{e0041}",
        "# hash",
        "a: b",
        "'\"`",
        "*?[]<>|",
    ]
    .map(ToOwned::to_owned)
    .into();
    titles.push("x".repeat(10_000));
    titles.push("é".repeat(10_000));
    titles.push("../".repeat(3_000));
    titles
}

fn assert_plain(ran: &Ran) {
    for text in [&ran.stdout, &ran.stderr] {
        let raw = text
            .chars()
            .find(|c| c.is_control() && *c != '\n' && *c != '\t');
        assert_eq!(raw, None, "{ran:?}");
    }
}

/// W11: whatever a draft is called, its file is a new one in `drafts/`, and the title survives.
#[test]
fn every_title_gives_a_file_of_its_own_and_survives() {
    let home = Home::new();
    let paths = saver::paths(&home.path(""));
    let now = "2026-11-23T12:00:00+00:00[UTC]".parse().unwrap();
    let titles = titles();
    for title in titles.iter().chain(&titles) {
        let draft = Draft::new(title, "text", &Provenance::default(), &now);
        let path = drafts::save_new(&paths, &draft).unwrap();
        assert_eq!(path.parent(), Some(paths.drafts.as_path()), "{title:?}");
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(
            name.starts_with("2026-11-23-") && name.len() <= 255,
            "{name}"
        );
        assert!(
            !name.contains(|c: char| c.is_control() || "/\\:*?\"<>|".contains(c)),
            "{name}"
        );
        assert_eq!(
            drafts::open(&paths, &path).unwrap().draft.title(),
            Some(title.as_str())
        );
    }
    let names: BTreeSet<String> = home
        .everything()
        .iter()
        .map(|name| name.strip_prefix("data/drafts/").unwrap().to_lowercase())
        .collect();
    assert_eq!(
        names.len(),
        2 * titles.len(),
        "a name is a case twin of another"
    );
}

/// W11: the same from the command line, with the title that a model gives its text.
#[test]
fn a_model_s_heading_names_nothing_outside_the_library() {
    for title in titles() {
        let line = title.replace(['\n', '\0'], " ");
        let server = Server::start(vec![answer(&format!("# {line}\n\nText."))]);
        let home = Home::asking(&server);
        let ran = home.run(&["run", "blog-post", "-i", "topic=t", "--save"]);
        assert_eq!(ran.code, 0, "{line:?}: {ran:?}");
        assert_plain(&ran);
        let [path] = home.drafts().try_into().unwrap();
        assert_eq!(home.everything().len(), 1, "{line:?}");
        let draft = Draft::parse(&std::fs::read_to_string(&path).unwrap());
        assert!(
            draft.problem().is_none() && draft.title().is_some(),
            "{line:?}"
        );
        let name = path.file_stem().unwrap().to_str().unwrap();
        let shown = home.run(&["draft", "show", name]);
        assert_eq!(
            (shown.code, shown.stdout.as_str()),
            (0, draft.body()),
            "{line:?}"
        );
    }
}

/// W11: names that are asked for lead nowhere but into the library.
#[test]
fn a_name_that_is_asked_for_reads_nothing_outside() {
    let long = "x".repeat(10_000);
    let names = [
        "../secret",
        "../../secret",
        "./secret",
        "/etc/passwd",
        "sub/../../secret",
        "",
        ".",
        "..",
        "a\nb",
        "\u{1b}[2J",
        "C:\\secret",
        "con",
        "🎉",
        &long,
    ];
    let home = Home::new();
    home.write("data/secret.md", "SECRET");
    home.write("secret.md", "SECRET");
    home.write("data/drafts/good.md", "Good.");
    home.write("data/templates/sub/good.md", "Good.");
    for name in names {
        for verb in [
            &["template", "show"] as &[&str],
            &["draft", "show"],
            &["run"],
        ] {
            let args = [verb, &["--", name]].concat();
            let ran = home.run(&args);
            assert_eq!(ran.code, 2, "{args:?}: {ran:?}");
            assert_plain(&ran);
            assert!(
                !ran.stdout.contains("SECRET") && !ran.stderr.contains("SECRET"),
                "{ran:?}"
            );
        }
    }
}

/// W11: files with hostile names are listed with marks in place of what would act on a screen.
#[test]
fn hostile_file_names_are_listed_safely() {
    let home = Home::new();
    let names: [&[u8]; 6] = [
        b"-rf",
        b"a\x1b[31m",
        b"two\nlines",
        b"caf\xe9",
        "\u{202e}x".as_bytes(),
        b" ",
    ];
    for folder in ["data/drafts", "data/templates", "data/snippets"] {
        home.write(&format!("{folder}/good.md"), "Good.");
        for name in names {
            let name = OsStr::from_bytes(name).to_owned();
            let mut path = home.path(folder).join(name).into_os_string();
            path.push(".md");
            std::fs::File::create(path).unwrap();
        }
    }
    for verb in ["draft", "template"] {
        let listed = home.run(&[verb, "list"]);
        assert_eq!(listed.code, 0, "{listed:?}");
        assert_plain(&listed);
        assert!(
            listed.stdout.contains("good") && listed.stdout.contains('␛'),
            "{listed:?}"
        );
        assert!(
            listed.stdout.lines().all(|line| line.len() > 4),
            "a name broke a line: {listed:?}"
        );
        let json = home.run(&[verb, "list", "--json"]);
        assert!(json.json().as_array().unwrap().len() >= 7, "{json:?}");
    }
    let shown = home.run(&["draft", "show", "--", "-rf"]);
    assert_eq!(shown.code, 0, "{shown:?}");
}

/// W11: a home whose own name is no text does not stop anything.
#[test]
fn a_home_with_an_odd_name_works() {
    let home = Home::new();
    let odd = home.path("").join(OsStr::from_bytes(b"od\xffd \x1b[31m"));
    std::fs::create_dir_all(&odd).unwrap();
    let run = |args: &[&str]| {
        let mut command = home.command(args);
        ran(&command.env("COPYDESK_HOME", &odd).output().unwrap())
    };
    let saved = run(&[
        "run",
        "blog-post",
        "-i",
        "topic=t",
        "-p",
        "practice",
        "--save",
    ]);
    assert_eq!(saved.code, 0, "{saved:?}");
    assert_plain(&saved);
    for args in [
        &["draft", "list", "--json"] as &[&str],
        &["template", "list", "--json"],
    ] {
        assert!(!run(args).json().as_array().unwrap().is_empty());
    }
    for args in [
        &["draft", "list"] as &[&str],
        &["config", "path"],
        &["config", "path", "--all"],
    ] {
        let told = run(args);
        assert_eq!(told.code, 0, "{told:?}");
        assert_plain(&told);
    }
}

/// W11: what another program is lent has a plain name in a folder of its own.
#[test]
fn a_lent_text_has_a_plain_name() {
    let lent = scratch::Scratch::new("draft.md", "text").unwrap();
    assert_eq!(lent.path().file_name(), Some(OsStr::new("draft.md")));
}

/// W11: a name that an ordinary file may have can be asked for; one that cannot be typed is listed
/// with the reason and the command that mends it.
#[test]
fn a_listed_name_can_be_asked_for_or_is_told_with_the_command_that_mends_it() {
    let home = Home::new();
    let bad: [&[u8]; 3] = [b"two\nlines", b"a\x1b[31m b", b"caf\xe9"];
    for (folder, verb) in [("data/templates", "template"), ("data/drafts", "draft")] {
        for name in ["12:30 tea", "a\\b"] {
            home.write(&format!("{folder}/{name}.md"), "Say tea.\n");
            let shown = home.run(&[verb, "show", name]);
            assert_eq!(
                (shown.code, shown.stdout.as_str()),
                (0, "Say tea.\n"),
                "{shown:?}"
            );
        }
        for name in bad {
            let mut path = home
                .path(folder)
                .join(OsStr::from_bytes(name))
                .into_os_string();
            path.push(".md");
            std::fs::File::create(path).unwrap();
        }
        let rows = home.run(&[verb, "list", "--json"]).json();
        let rows = rows.as_array().unwrap();
        let told = |row: &serde_json::Value| row["problem"].as_str().map(ToOwned::to_owned);
        let good = rows.iter().find(|row| row["name"] == "12:30 tea").unwrap();
        assert_eq!(told(good), None);
        let problems: Vec<String> = rows.iter().filter_map(told).collect();
        assert_eq!(problems.len(), bad.len(), "{problems:#?}");
        for problem in problems {
            let (_, command) = problem.split_once("rename it: ").unwrap();
            let ran = std::process::Command::new("sh")
                .args(["-c", command])
                .output();
            assert!(ran.unwrap().status.success(), "{command}");
        }
        let rows = home.run(&[verb, "list", "--json"]).json();
        assert!(
            rows.as_array()
                .unwrap()
                .iter()
                .all(|row| told(row).is_none()),
            "{rows:#}"
        );
    }
    let sent = home.run(&["run", "12:30 tea", "--dry-run"]);
    assert!(
        sent.code == 0 && sent.stdout.contains("Say tea."),
        "{sent:?}"
    );
}
