//! The command line among other programs: exit codes, streams that are closed or full, readers
//! that leave, and one JSON object whatever goes wrong.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::draft::Draft;
use copydesk::domain::failure::FailureKind;
use pretty_assertions::assert_eq;
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};
use support::cli::{Home, Ran, answer, delta, ran};
use support::server::{Gate, Server, Step};

const RUN: [&str; 6] = [
    "run",
    "blog-post",
    "-i",
    "topic=Kettle",
    "--provider",
    "practice",
];

fn finished(command: &mut Command) -> Ran {
    ran(&command.output().unwrap())
}

/// O2: with `--json` among the arguments, every failure is one JSON object with kind, message and
/// exit code, wrong use that no command could be made of included.
#[test]
fn every_failure_is_json_when_asked() {
    let home = Home::new();
    home.write("data/templates/broken.md", "Hello {{ name }\n");
    home.write_bytes("bytes", b"\xff");
    let wrong: [&[&str]; 19] = [
        &["--json"],
        &["nope", "--json"],
        &["run", "--json"],
        &["run", "blog-post", "--json", "--nope"],
        &["run", "blog-post", "--json", "-n", "99"],
        &["run", "blog-post", "--json", "--save", "-o", "x"],
        &["run", "nope", "--json"],
        &["run", "broken", "--json"],
        &["run", "blog-post", "--json"],
        &["run", "blog-post", "--json", "-i", "no-equals"],
        &["run", "blog-post", "--json", "-f", "topic=missing"],
        &["run", "blog-post", "--json", "-f", "topic=bytes"],
        &[
            "run",
            "blog-post",
            "--json",
            "-i",
            "topic=t",
            "-p",
            "nobody",
        ],
        &["template", "--json"],
        &["template", "show", "nope", "--json"],
        &["template", "show", "broken", "--json"],
        &["draft", "list", "--json", "extra"],
        &["draft", "list", "--json", "--library"],
        &["draft", "show", "--json"],
    ];
    // What failed before anybody was asked was answered by nobody.
    let unasked = home
        .run(&["run", "blog-post", "--json", "-i", "no-equals"])
        .json();
    assert!(
        unasked["provider"].is_null() && unasked["model"].is_null(),
        "{unasked}"
    );
    for args in wrong {
        let ran = home.run(args);
        let error = &ran.json()["error"];
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (2, ""),
            "{args:?}: {ran:?}"
        );
        assert_eq!(
            (&error["kind"], &error["exit_code"]),
            (&"usage".into(), &2.into()),
            "{args:?}"
        );
        assert!(!error["message"].as_str().unwrap().is_empty(), "{args:?}");
        assert_eq!(ran.stdout.lines().count(), 1, "{ran:?}");
    }
    let mut odd = home.command(&["run", "--json"]);
    assert_eq!(
        finished(odd.arg(OsStr::from_bytes(b"\xff"))).json()["error"]["kind"],
        "usage"
    );
    let mut homeless = home.command(&["draft", "list", "--json"]);
    let homeless = finished(homeless.env_remove("COPYDESK_HOME").env_remove("HOME"));
    assert_eq!(
        (homeless.code, &homeless.json()["error"]["kind"]),
        (1, &"other".into())
    );
}

/// O2: `--json` after `--` is a value like any other.
#[test]
fn json_behind_the_dashes_is_no_flag() {
    let ran = Home::new().run(&["draft", "show", "--", "--json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert!(ran.stderr.contains("--json"), "{ran:?}");
}

/// O2: without it, wrong use is told on stderr, stdout stays empty, and nothing acts on a screen.
#[test]
fn wrong_use_is_told_on_stderr_alone() {
    let home = Home::new();
    let wrong: [&[&str]; 6] = [
        &["\u{1b}[31mnope\u{7}"],
        &["run"],
        &["run", "blog-post", "--\u{1b}]0;x\u{7}"],
        &["draft"],
        &["template", "show", "\u{1b}[2J"],
        &["run", "blog-post", "-f", "topic=missing\u{1b}[2J"],
    ];
    for args in wrong {
        let ran = home.run(args);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{args:?}: {ran:?}"
        );
        let raw = ran.stderr.chars().find(|c| c.is_control() && *c != '\n');
        assert!(raw.is_none() && !ran.stderr.trim().is_empty(), "{ran:?}");
    }
}

/// O2: an input file that is not there is wrong use, said with its path.
#[test]
fn a_missing_input_file_is_a_sentence_and_exit_2() {
    let ran = Home::new().run(&["run", "blog-post", "-f", "topic=/no/such/file"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    assert!(
        ran.stderr.contains("/no/such/file") && ran.stderr.contains("No such file"),
        "{ran:?}"
    );
}

/// O2: every exit code there is stands in the help.
#[test]
fn the_help_tells_every_exit_code() {
    use FailureKind as Kind;
    let help = Home::new().run(&["--help"]).stdout;
    let (_, codes) = help.split_once("Exit codes: ").unwrap();
    let kinds = [
        Kind::Other,
        Kind::Usage,
        Kind::Network,
        Kind::Refused,
        Kind::RateLimited,
        Kind::Partial,
        Kind::OverBudget,
        Kind::HungUp,
        Kind::Interrupted,
        Kind::Terminated,
    ];
    for code in kinds.map(FailureKind::exit_code) {
        let told = codes
            .split([' ', '\n'])
            .any(|word| word == code.to_string());
        assert!(told, "{code} is not in {codes}");
    }
}

// --- streams ----------------------------------------------------------------------------------

/// Everything that prints, with nothing else to do.
const PRINTING: [&[&str]; 9] = [
    &["--help"],
    &["--version"],
    &["help", "run"],
    &["template", "list"],
    &["template", "list", "--json"],
    &["template", "show", "blog-post"],
    &["config", "path", "--all"],
    &["completions", "bash"],
    &["run", "--json"],
];

/// O2: a reader that has left is no failure and no noise.
#[test]
fn a_reader_that_left_is_quiet() {
    for args in PRINTING {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let ran = finished(Home::new().command(args).stdout(writer));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{args:?}");
    }
}

/// O2: a full device is a sentence and exit 1; a script that asked for JSON gets the code at least.
#[test]
fn a_full_device_is_told() {
    for args in PRINTING {
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let ran = finished(Home::new().command(args).stdout(full));
        let code = if args == ["run", "--json"] { 2 } else { 1 };
        assert_eq!(ran.code, code, "{args:?}: {ran:?}");
        assert_eq!(ran.stderr.lines().count(), 1, "{args:?}: {ran:?}");
    }
    let full = std::fs::File::options()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let ran = finished(Home::new().command(&["template", "list"]).stderr(full));
    assert_eq!(ran.code, 0, "{ran:?}");
}

/// O2: descriptors that are closed from the start: whatever is opened next is not mistaken for
/// them, and a draft that is kept is kept whole.
#[test]
fn closed_descriptors_are_survived() {
    for closed in ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"] {
        let home = Home::new();
        let inner = home.command(&[&RUN as &[&str], &["--save"]].concat());
        let mut shell = home.command_of(OsStr::new("sh").as_ref());
        shell.arg("-c").arg(format!("exec \"$0\" \"$@\" {closed}"));
        shell.arg(inner.get_program()).args(inner.get_args());
        let ran = finished(&mut shell);
        assert_eq!(ran.code, 0, "{closed}: {ran:?}");
        let [path] = home.drafts().try_into().unwrap();
        let source = std::fs::read_to_string(path).unwrap();
        assert!(
            source.starts_with("---\ntitle: \"Sample: Kettle\"\n"),
            "{closed}: {source}"
        );
        assert_eq!(Draft::parse(&source).problem(), None, "{closed}");
        assert!(!source.contains("saved "), "{closed}: {source}");
    }
}

/// O2: `| head -1` on a text that is to be kept: quiet, and all of it is kept.
#[test]
fn a_text_that_is_saved_is_whole_although_its_reader_left() {
    let gate = Gate::default();
    let mut script = vec![
        Step::stream_head(),
        Step::body(&delta("# First line\n")),
        Step::Gate(gate.clone()),
    ];
    script.extend(answer("Second line.").into_iter().skip(1));
    let server = Server::start(vec![script]);
    let home = Home::asking(&server);
    let args = ["run", "blog-post", "-i", "topic=t", "--save"];
    let mut command = home.command(&args);
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = [0; 13];
    let mut stdout = child.stdout.take().unwrap();
    std::io::Read::read_exact(&mut stdout, &mut first).unwrap();
    drop(stdout);
    gate.open();
    let ran = ran(&child.wait_with_output().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
    let [path] = home.drafts().try_into().unwrap();
    assert_eq!(ran.stderr, format!("saved {}\n", path.display()));
    let draft = Draft::parse(&std::fs::read_to_string(path).unwrap());
    assert_eq!(draft.body(), "# First line\nSecond line.");
}

/// O2: a full stdout does not cost the draft that was asked for either; it is told, with exit 1.
#[test]
fn a_text_that_is_saved_is_whole_although_stdout_is_full() {
    for more in [&["--save"] as &[&str], &["--save", "--json"]] {
        let home = Home::new();
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let ran = finished(home.command(&[&RUN as &[&str], more].concat()).stdout(full));
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            ran.stderr.contains("stdout could not be written"),
            "{ran:?}"
        );
        let [path] = home.drafts().try_into().unwrap();
        let draft = Draft::parse(&std::fs::read_to_string(path).unwrap());
        assert!(
            draft.body().trim_end().ends_with("same brief."),
            "{}",
            draft.body()
        );
    }
}
