//! `copydesk template import` as a person meets it: every format, and what must never happen.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::domain::brief::{Brief, Value};
use copydesk::domain::import::{Format, Given, Guess, Hints, Imported, guess, read};
use copydesk::domain::prompt::Prompt;
use copydesk::domain::render::{NoSnippets, render};
use copydesk::domain::template::{InputKind, Template};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use support::cli::Home;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/import")
}

/// The prompts of a fixture, by its path below the fixtures.
fn prompts(path: &str) -> Vec<Imported> {
    let text = std::fs::read_to_string(fixtures().join(path)).unwrap();
    let Guess::Is(format) = guess(path, &text) else {
        panic!("{path}: {:?}", guess(path, &text));
    };
    let hints = Hints::default();
    let given = Given {
        path,
        root: "import",
        text: &text,
        hints: &hints,
    };
    read(format, &given).into_iter().flatten().collect()
}

/// A fixture for every format, and how many prompts it has.
const GOOD: [(&str, Format, usize); 22] = [
    ("copydesk/mail.md", Format::Copydesk, 1),
    ("llm/summarize.yaml", Format::Llm, 1),
    ("llm/steampunk.yaml", Format::Llm, 1),
    ("llm/reviewer.yaml", Format::Llm, 1),
    ("llm/plain.yaml", Format::Llm, 1),
    ("fabric/patterns/write_essay/system.md", Format::Fabric, 1),
    ("fabric/patterns/translate/system.md", Format::Fabric, 1),
    ("fabric/patterns/nuclei/system.md", Format::Fabric, 1),
    ("aichat/roles/shell.md", Format::Aichat, 1),
    ("aichat/roles/emoji.md", Format::Aichat, 1),
    ("aichat/roles/grammar.md", Format::Aichat, 1),
    ("aichat/roles.yaml", Format::Aichat, 2),
    ("parllama/essay.json", Format::Parllama, 1),
    ("parllama/chat.json", Format::Parllama, 1),
    ("crush/.crush/commands/git/commit.md", Format::Crush, 1),
    ("claude/.claude/commands/review.md", Format::Claude, 1),
    ("codex/.codex/prompts/ticket.md", Format::Codex, 1),
    ("vscode/.github/prompts/form.prompt.md", Format::VsCode, 1),
    ("dotprompt/greet.prompt", Format::Dotprompt, 1),
    ("open-webui/prompts.json", Format::OpenWebUi, 2),
    ("librechat/post.md", Format::LibreChat, 1),
    ("prompts-chat/prompts.csv", Format::PromptsChat, 5),
];

/// What a prompt says with `text` in every field that takes any.
fn said(imported: &Imported, text: &str) -> Prompt {
    let template = Template::parse(&imported.name, "again", &imported.source).unwrap();
    let mut brief = Brief::default();
    for input in &template.inputs {
        let through = imported.source.contains(&format!("{} | ", input.name));
        let value = match input.kind {
            InputKind::Line => text.replace(['\n', '\r'], " "),
            InputKind::Text | InputKind::File => text.to_owned(),
            InputKind::Date => "2026-11-24".to_owned(),
            _ => continue,
        };
        let value = if through { "fixed".to_owned() } else { value };
        brief.set(&input.name, Value::Text(value));
    }
    render(&template, &brief, &NoSnippets)
        .unwrap_or_else(|why| panic!("{why}: {}", imported.source))
        .prompt
}

/// Every text of a prompt.
fn texts(prompt: &Prompt) -> String {
    let examples = prompt.examples.iter();
    let examples: Vec<String> = examples
        .map(|pair| format!("{}\n{}", pair.user, pair.assistant))
        .collect();
    format!("{:?}|{}|{}", prompt.system, examples.join("|"), prompt.user)
}

#[test]
fn every_fixture_becomes_templates_that_work_without_a_complaint() {
    let mut formats = Vec::new();
    for (path, format, count) in GOOD {
        let all = prompts(path);
        assert_eq!(all.len(), count, "{path}");
        formats.push(format.name());
        for one in all {
            assert_eq!(one.format, format, "{path}");
            let again = Template::parse(&one.name, path, &one.source).unwrap();
            assert_eq!(again.warnings, [], "{path}");
            assert!(!said(&one, "x").user.is_empty());
        }
    }
    for name in Format::names() {
        // Plain text is what is said to be plain text.
        assert!(
            formats.contains(&name) || name == "plain",
            "{name} has no fixture"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn any_value_is_printed_as_it_is_given(
        value in prop_oneof![
            any::<String>(), "[{}%#$_ a-zA-Z]{1,30}",
            Just("{{input}} {{7*7}} $TONE ${x} {% raw %} __INPUT__".to_owned()),
        ],
    ) {
        let value = value.trim().replace(['\n', '\r'], " ");
        prop_assume!(!value.is_empty());
        // The system message is compared as Rust writes it.
        let shown = format!("{value:?}");
        let shown = &shown[1..shown.len() - 1];
        for (path, ..) in GOOD {
            for one in prompts(path) {
                let (marked, given) = (said(&one, "⟦⟧"), said(&one, &value));
                let expected = marked.system.map(|text| text.replace("⟦⟧", &value));
                prop_assert_eq!(&given.system, &expected, "{} {}", path, shown);
                prop_assert_eq!(given.user, marked.user.replace("⟦⟧", &value), "{}", path);
                for (ours, theirs) in given.examples.iter().zip(&marked.examples) {
                    prop_assert_eq!(&ours.user, &theirs.user.replace("⟦⟧", &value));
                }
            }
        }
    }
}

#[test]
fn what_is_no_variable_stays_as_it_stands() {
    for (path, text) in [
        (
            "llm/summarize.yaml",
            "It may cost $5, or $5 as some write it. Keep {{ braces }} and {% tags %} as they are.",
        ),
        ("aichat/roles/shell.md", "Keep {{other}} as it is."),
        ("aichat/roles/emoji.md", "I am {{sad}}"),
        (
            "aichat/roles/grammar.md",
            "\n---\n\nA rule is a rule.\n\n---",
        ),
        ("parllama/essay.json", "Keep {{this}}."),
        (
            "crush/.crush/commands/git/commit.md",
            "It costs $5 and $lower stays; so does {{ this }}.",
        ),
        (
            "claude/.claude/commands/review.md",
            "!`git diff --stat`\nRules: @docs/RULES.md",
        ),
        (
            "claude/.claude/commands/plan.md",
            "Keep {{braces}}, {% tags %} and {# comments #}.",
        ),
        ("codex/.codex/prompts/ticket.md", "It costs $20, all of x."),
        (
            "vscode/.github/prompts/form.prompt.md",
            "keep ${unknown} and {{this}}",
        ),
        (
            "dotprompt/greet.prompt",
            "{{#lookup x}}kept {% as %} is{{/lookup}}",
        ),
        (
            "open-webui/prompts.json",
            "Keep {{#if x}} and {{ }} and {{a|b|c}} and x and { x.",
        ),
        ("librechat/post.md", "Keep {{#odd}} and {{1x}}."),
        (
            "prompts-chat/prompts.csv",
            "Keep {curly brackets} and {{double}} ones.",
        ),
    ] {
        let all: Vec<String> = prompts(path)
            .iter()
            .map(|one| texts(&said(one, "x")))
            .collect();
        let all = all.join("\n").replace("\\n", "\n");
        assert!(all.contains(text), "{path}: {all}");
    }
}

fn import(home: &Home, args: &[&str]) -> support::cli::Ran {
    home.run(&[&["template", "import"], args].concat())
}

fn templates(home: &Home) -> Vec<String> {
    let mut all = home.everything();
    all.retain(|path| path.starts_with("data/templates/"));
    all
}

#[test]
fn a_dry_run_says_everything_and_writes_nothing() {
    let home = Home::new();
    let folder = fixtures().join("llm");
    let ran = import(&home, &[folder.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr
            .contains("4 templates would be written; --write writes them")
    );
    for line in [
        "summarize  llm template",
        "  inputs: input* (text), voice* (line)",
        "  not carried: option seed: a template has no such parameter",
        "  not carried: functions: a template has no code; it was not looked at",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    assert_eq!(templates(&home), Vec::<String>::new());
}

#[test]
fn what_is_written_can_be_run_and_is_not_written_twice() {
    let home = Home::new();
    let folder = fixtures().join("llm");
    let folder = folder.to_str().unwrap();
    let ran = import(&home, &[folder, "--write"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (0, "4 templates written\n")
    );
    assert_eq!(templates(&home).len(), 4);
    let request = home.run(&["run", "summarize", "-i", "input=A text", "--dry-run"]);
    assert_eq!(request.code, 0, "{request:?}");
    assert!(
        request.stdout.contains("in the style of a pirate"),
        "{}",
        request.stdout
    );
    let again = import(&home, &[folder, "--write"]);
    assert_eq!(again.stderr, "0 templates written; 4 already there\n");
    assert_eq!(templates(&home).len(), 4);
}

#[test]
fn a_name_that_is_taken_gets_a_number_and_nothing_is_written_over() {
    let home = Home::new();
    home.write("data/templates/Plain.md", "mine");
    home.write("new/plain.yaml", "prompt: Theirs.\n");
    home.write("new/blog-post.yaml", "prompt: Theirs, too.\n");
    home.write("more/plain.yaml", "prompt: Others.\n");
    let ran = import(&home, &["new", "more", "--write", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let names: Vec<_> = ran.json()["templates"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["name"].clone())
        .collect();
    assert_eq!(names, ["blog-post-2", "plain-2", "plain-3"]);
    let mine = std::fs::read_to_string(home.path("data/templates/Plain.md")).unwrap();
    assert_eq!(mine, "mine");
}

#[test]
fn one_template_can_be_named_and_only_by_a_name_that_is_free() {
    let home = Home::new();
    home.write("a.yaml", "prompt: One.\n");
    home.write("b.yaml", "prompt: Two.\n");
    let ran = import(&home, &["a.yaml", "--name", "acme/one", "--write"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(templates(&home), ["data/templates/acme/one.md"]);
    for (args, told) in [
        (
            &["b.yaml", "--name", "acme/one"][..],
            "there is a template named \"acme/one\" already",
        ),
        (
            &["b.yaml", "--name", "../out"][..],
            "signs in it that cannot be typed",
        ),
        (
            &["b.yaml", "--name", "/etc/x"][..],
            "signs in it that cannot be typed",
        ),
        (
            &["b.yaml", "--name", ".hidden"][..],
            "signs in it that cannot be typed",
        ),
        (
            &["a.yaml", "b.yaml", "--name", "x"][..],
            "is for one template, and there are 2",
        ),
    ] {
        let ran = import(&home, &[args, &["--write"]].concat());
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(told), "{ran:?}");
    }
    assert_eq!(templates(&home).len(), 1);
}

#[test]
fn no_name_of_a_prompt_leads_anywhere_but_into_the_library() {
    let home = Home::new();
    let rows = [
        "../../etc/passwd",
        "/etc/passwd",
        ".hidden",
        "CON",
        "con",
        "nul",
        "-rf",
        "a\u{1b}[31m",
        "..",
        "",
        "Größe",
        "GRÖSSE",
        "日本語",
        "🎉",
        "refine/shorten",
        "a:b\\c",
    ];
    let long = "x".repeat(10_000);
    let mut csv = "act,prompt\n".to_owned();
    for row in rows.iter().copied().chain([long.as_str()]) {
        csv += &["\"", row, "\",\"Say ", row, ".\"\n"].concat();
    }
    home.write("prompts.csv", &csv);
    let before: Vec<String> = home.everything();
    let ran = import(&home, &["prompts.csv", "--write", "--json"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut written = home.everything();
    written.retain(|path| !before.contains(path));
    assert_eq!(written.len(), rows.len() + 1, "{written:?}");
    for path in &written {
        let name = path.strip_prefix("data/templates/").unwrap();
        assert!(
            !name.contains('/') && !name.starts_with(['.', '-']) && name.len() < 200,
            "{path}"
        );
    }
    let list = home.run(&["template", "list", "--json"]).json();
    let broken: Vec<_> = list
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| !row["problem"].is_null())
        .collect();
    assert_eq!(broken, Vec::<&serde_json::Value>::new());
}

#[test]
fn five_thousand_broken_files_are_each_listed_with_a_reason() {
    let home = Home::new();
    for number in 0..5000 {
        let (ending, text) = match number % 4 {
            0 => ("yaml", "prompt: [\n".as_bytes()),
            1 => ("json", b"{".as_slice()),
            2 => ("prompt", b"{{#if x}}".as_slice()),
            _ => ("prompt.md", b"\xff\xfe".as_slice()),
        };
        home.write_bytes(&format!("all/{number}.{ending}"), text);
    }
    home.write("all/good.yaml", "prompt: Good.\n");
    let ran = import(&home, &["all", "--write", "--json"]);
    let json = ran.json();
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert_eq!(json["refused"].as_array().unwrap().len(), 5000);
    assert_eq!(json["templates"].as_array().unwrap().len(), 1);
    assert!(
        json["refused"]
            .as_array()
            .unwrap()
            .iter()
            .all(|row| row["why"].as_str().is_some_and(|why| why.len() > 10))
    );
    assert_eq!(templates(&home), ["data/templates/good.md"]);
}

#[test]
fn what_is_too_much_is_refused_with_its_limit() {
    let home = Home::new();
    home.write(
        "big.yaml",
        &format!("prompt: {}\n", "x".repeat(1024 * 1024)),
    );
    let ran = import(&home, &["big.yaml"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("it is larger than 1 MiB"), "{ran:?}");
    home.write(
        "long.yaml",
        &format!("prompt: {}\n", "x ".repeat(200 * 1024)),
    );
    let ran = import(&home, &["long.yaml", "--write"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stdout.contains("longer than 256 KB"), "{ran:?}");
    for number in 0..10_002 {
        home.write_bytes(&format!("many/{number}.yaml"), b"");
    }
    let ran = import(&home, &["many", "--write"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr.contains("many has more than 10000 files"),
        "{ran:?}"
    );
    assert_eq!(templates(&home), Vec::<String>::new());
}

#[test]
fn links_pipes_and_archives_are_passed_over_and_said() {
    let home = Home::new();
    home.write("secret/key.yaml", "prompt: SECRET\n");
    home.write("all/good.yaml", "prompt: Good.\n");
    home.write("all/more.tar.gz", "x");
    home.write("all/.hidden/x.yaml", "prompt: Hidden.\n");
    for (link, to) in [
        ("file.yaml", "../secret/key.yaml"),
        ("folder", "../secret"),
        ("circle", "."),
    ] {
        std::os::unix::fs::symlink(to, home.path("all").join(link)).unwrap();
    }
    let made = std::process::Command::new("mkfifo")
        .arg(home.path("all/pipe.yaml"))
        .status();
    assert!(made.unwrap().success());
    let ran = import(&home, &["all", "--write"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    for told in [
        "- all/circle: a link; links are not followed",
        "- all/file.yaml: a link; links are not followed",
        "- all/folder: a link; links are not followed",
        "- all/more.tar.gz: an archive; unpack it first",
        "- all/pipe.yaml: a pipe, not a file",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {ran:?}");
    }
    assert!(!ran.stdout.contains("SECRET") && !ran.stdout.contains("hidden"));
    assert_eq!(templates(&home), ["data/templates/good.md"]);
}

#[test]
fn an_archive_is_to_be_unpacked_and_a_source_has_to_be_there() {
    let home = Home::new();
    home.write_bytes("prompts.zip", b"PK\x03\x04");
    home.write_bytes("disguised.json", b"\x1f\x8b\x08");
    for file in ["prompts.zip", "disguised.json"] {
        let ran = import(&home, &[file]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(
            ran.stderr
                .contains("is an archive; unpack it first, then import the folder"),
            "{ran:?}"
        );
    }
    let ran = import(&home, &["nowhere", "--json"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(
        ran.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("nowhere")
    );
    let ran = import(&home, &["prompts.zip", "--format", "word"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn a_file_that_nothing_tells_about_is_read_when_its_format_is_said() {
    let home = Home::new();
    home.write("note.md", "Write about $TOPIC.\n");
    let ran = import(&home, &["note.md"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stdout.contains("say so with --format"), "{ran:?}");
    let ran = import(&home, &["note.md", "--format", "crush"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("inputs: TOPIC* (line)"), "{ran:?}");
}

#[test]
fn everything_that_is_wrong_in_the_fixtures_is_told_in_words() {
    let home = Home::new();
    let folder = fixtures().join("bad");
    let ran = import(&home, &[folder.to_str().unwrap(), "--write", "--json"]);
    let json = ran.json();
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(json["templates"], serde_json::json!([]));
    let told = format!("{}{}", json["refused"], json["passed_over"]);
    for (file, why) in [
        ("circular.yaml", "write the text out"),
        ("types.yaml", "`prompt` must be text, not a list"),
        ("list.yaml", "say so with --format"),
        ("broken.json", "it is not JSON"),
        ("types.json", "it has no list of `messages`"),
        ("deep.json", "recursion limit"),
        ("open.prompt", "is never closed"),
        ("close.prompt", "closes nothing"),
        ("empty.prompt.md", "there is no prompt in it"),
        ("quote.csv", "nothing closes it"),
        ("own.md", "is a word of the template language"),
        ("latin.md", "it is not UTF-8 at byte 14"),
        ("utf16.json", "it is not UTF-8 at byte 0"),
    ] {
        assert!(told.contains(file) && told.contains(why), "{file}: {told}");
    }
    assert_eq!(templates(&home), Vec::<String>::new());
}
