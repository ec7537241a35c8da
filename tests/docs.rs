//! Every `copydesk …` of the pages works: those that stand in blocks are run, in a home of their
//! own and with the practice engine; those within a sentence are read by the parser.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use clap::error::ErrorKind;
use copydesk::cli;
use pretty_assertions::assert_eq;
use std::path::PathBuf;
use support::cli::Home;

/// Every page with its text.
fn pages() -> Vec<(String, String)> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let folder = std::fs::read_dir(root.join("docs")).unwrap();
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|ending| ending == "md"));
    paths.extend([root.join("README.md"), root.join("CHANGELOG.md")]);
    paths.sort();
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        (name, std::fs::read_to_string(path).unwrap())
    };
    paths.into_iter().map(named).collect()
}

/// The lines of blocks without a language that run `copydesk`, without their comments; and whether
/// something is piped into it.
fn blocks(text: &str) -> Vec<(String, bool)> {
    let mut found = Vec::new();
    for block in text.split("\n```\n").skip(1) {
        for line in block.lines() {
            let line = line.split("  #").next().unwrap_or_default().trim();
            if let Some((_, command)) = line.split_once("| copydesk ") {
                found.push((command.to_owned(), true));
            } else if let Some(command) = line.strip_prefix("copydesk ") {
                found.push((command.to_owned(), false));
            }
        }
    }
    found
}

/// What stands between backquotes and runs `copydesk`.
fn spans(text: &str) -> Vec<String> {
    let spans = text.split('`').skip(1).step_by(2);
    let commands = spans.filter_map(|span| span.strip_prefix("copydesk "));
    let whole = commands.filter(|span| !span.contains(['\n', '…', '[', '|']));
    whole.map(str::to_owned).collect()
}

/// A home that has what the pages speak of.
fn home() -> Home {
    let home = Home::new();
    home.write("README.md", "# Tea\n\nHot.\n");
    home.write("notes.md", "Notes.\n");
    let today = jiff::Timestamp::now();
    for (name, tags) in [("NAME", "[sea]"), ("OTHER", "[]")] {
        let head = format!("---\ntitle: {name}\ntags: {tags}\nupdated: {today}\n---\n\n");
        home.write(
            &format!("data/drafts/{name}.md"),
            &format!("{head}Of whales.\n"),
        );
    }
    home.write("data/templates/mine.md", "---\ntitle: Mine\n---\nWrite.\n");
    home.write("data/templates/old.md", "---\ntitle: Old\n---\nWrite.\n");
    home.write(
        ".config/fabric/patterns/summary/system.md",
        "# IDENTITY\n\nSum up.\n",
    );
    // Something lies in the trash, so that it can be taken back.
    let written = home.write("post.md", "Before.");
    let written = written.to_str().unwrap();
    let ran = home.run(&["run", "blog-post", "-i", "topic=Tea", "-o", written]);
    assert_eq!(ran.code, 0, "{ran:?}");
    home
}

/// How a command of a block may end, beside well: where a page speaks of what a test has not.
const OTHERWISE: [(&str, i32, &str); 8] = [
    (
        "run blog-post -i topic=Tools --curl",
        2,
        "practice has no address",
    ),
    ("draft restore NAME 12", 2, "version"),
    (
        "draft export NAME --to txt --clipboard",
        1,
        "neither a program",
    ),
    ("models -p local --json", 2, "local"),
    ("tour", 2, "needs a terminal"),
    ("edit notes.md", 2, "needs a terminal"),
    ("--linear", 2, "needs a terminal"),
    ("--linear tour", 2, "needs a terminal"),
];

/// Commands that go on until they are stopped.
const ENDLESS: [&str; 1] = ["practice --port 8123"];

#[test]
fn every_command_of_a_block_works() {
    let mut seen = 0;
    for (page, text) in pages() {
        let commands = blocks(&text);
        // That page is made from the parser, and has the forms of commands.
        if commands.is_empty() || page == "CLI.md" {
            continue;
        }
        let home = home();
        for (command, piped) in commands {
            seen += 1;
            if ENDLESS.contains(&command.as_str()) {
                parses(&page, &command);
                continue;
            }
            let folder = home.path("");
            let words = command.replace("~/", &format!("{}/", folder.display()));
            let words = shell_words::split(&words).unwrap();
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let input = if piped { "abc123 Fix the kettle\n" } else { "" };
            let ran = home.feed(&words, input);
            let expected = OTHERWISE.iter().find(|(known, ..)| *known == command);
            let (code, told) = expected.map_or((0, ""), |(_, code, told)| (*code, *told));
            assert_eq!(ran.code, code, "{page}: copydesk {command}: {ran:?}");
            let said = [ran.stdout.as_str(), &ran.stderr].concat();
            assert!(said.contains(told), "{page}: copydesk {command}: {ran:?}");
        }
    }
    assert!(seen > 40, "{seen}");
}

/// The parser knows every word of a command, if not what stands for its values.
fn parses(page: &str, command: &str) {
    let words = shell_words::split(command).unwrap();
    let words = std::iter::once("copydesk".to_owned()).chain(words);
    if let Err(told) = cli::command().try_get_matches_from(words) {
        let kinds = [
            ErrorKind::MissingRequiredArgument,
            ErrorKind::MissingSubcommand,
            ErrorKind::DisplayHelp,
            ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
        ];
        let why = told.to_string();
        // A word in capitals stands for a value, also where that is to be a number.
        let open = why.contains("none was supplied") || why.contains("invalid digit");
        assert!(
            open || kinds.contains(&told.kind()),
            "{page}: copydesk {command}: {told}"
        );
    }
}

#[test]
fn every_command_within_a_sentence_is_one_that_there_is() {
    let mut seen = 0;
    for (page, text) in pages() {
        if page == "CLI.md" {
            continue;
        }
        for command in spans(&text) {
            parses(&page, &command);
            seen += 1;
        }
    }
    assert!(seen > 60, "{seen}");
}

#[test]
fn a_command_that_is_not_there_would_be_noticed() {
    let page = "x\n\n```\ncopydesk nothing   # at all\ngit log | copydesk run x\n```\n`copydesk draft lost`";
    let found = blocks(page);
    assert_eq!(
        found,
        [("nothing".to_owned(), false), ("run x".to_owned(), true)]
    );
    assert_eq!(
        spans("`copydesk draft lost` and `copydesk run …`"),
        ["draft lost"]
    );
    let told = cli::command().try_get_matches_from(["copydesk", "draft", "lost"]);
    assert_eq!(told.unwrap_err().kind(), ErrorKind::InvalidSubcommand);
}

/// The scripts that shells source are whole, as far as the shells are here to say so.
#[test]
fn completions_are_scripts_that_the_shells_take() {
    let home = Home::new();
    for shell in ["bash", "zsh", "fish"] {
        let made = home.run(&["completions", shell]);
        assert_eq!(made.code, 0, "{made:?}");
        assert!(made.stdout.contains("copydesk") && made.stdout.contains("export"));
        let file = home.write(&format!("completions.{shell}"), &made.stdout);
        let checked = home
            .command_of(&PathBuf::from(shell))
            .arg("-n")
            .arg(&file)
            .output();
        match checked {
            Ok(checked) => assert!(checked.status.success(), "{shell}: {checked:?}"),
            Err(why) => support::aloud(&format!(
                "{shell} is not here to check its completions: {why}"
            )),
        }
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let home = Home::new();
    for verb in cli::command()
        .get_subcommands()
        .filter(|verb| verb.get_name() != "help")
    {
        let page = home.run(&["man", verb.get_name()]);
        assert_eq!(page.code, 0, "{page:?}");
        let title = format!(".TH copydesk-{}", verb.get_name());
        assert!(page.stdout.contains(&title), "{}", page.stdout);
        assert!(page.stdout.contains(".SH NAME") && page.stdout.contains(".SH SYNOPSIS"));
    }
}
