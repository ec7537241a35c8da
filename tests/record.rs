//! What `run` and `draft` leave in the journal, watched from outside: by its files, by the studio's
//! own reading of it, and by `strace`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::brief::Value;
use copydesk::domain::run::FinishReason;
use copydesk::store::journal::{Cause, Ending, Journal, Run};
use copydesk::store::session::Session;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use support::cli::{Home, answer, delta, ending};
use support::saver::paths;
use support::server::{Gate, Server, Step};
use support::strace;

const TEXT: &str = "# Blue kettles\n\nThey last.";
const POST: [&str; 4] = ["run", "blog-post", "-i", "topic=Blue kettles"];

fn post<'a>(more: &[&'a str]) -> Vec<&'a str> {
    POST.iter().copied().chain(more.iter().copied()).collect()
}

fn journal(home: &Home) -> Journal {
    let opened = Journal::open(&home.path("data/journal.db")).unwrap();
    assert_eq!(opened.set_aside, None);
    opened.journal
}

/// The only run in the journal.
fn only_run(home: &Home) -> Run {
    let journal = journal(home);
    let [line] = journal.runs(9, None).unwrap().try_into().unwrap();
    journal.run(line.id).unwrap().unwrap()
}

/// Waits for what another process is about to do.
fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let limit = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < limit, "waited in vain for {what}");
        std::thread::yield_now();
    }
}

fn start(mut command: Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

#[test]
fn a_run_is_in_the_journal_with_all_that_went_in_and_came_out() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let ran = home.run(&post(&["-i", "words=300"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT), "{}", ran.stderr);
    let run = only_run(&home);
    assert_eq!(run.text, TEXT);
    let record = &run.record;
    assert_eq!(record.template.as_deref(), Some("blog-post"));
    assert_eq!(record.template_hash.as_ref().map(String::len), Some(64));
    assert_eq!(record.brief.get("words"), Some(&Value::Number(300.0)));
    assert_eq!(record.provider, "openai");
    assert_eq!(record.request.model, "m1");
    assert!(record.request.prompt.user.contains("Blue kettles"));
    let outcome = run.outcome.unwrap();
    assert_eq!(outcome.ending, Ending::Finished(FinishReason::Stop));
    assert_eq!(outcome.usage.unwrap().output, 31);
    assert_eq!(outcome.model.as_deref(), Some("m1-2026"));
    // The form of the studio offers what was given here.
    let journal = journal(&home);
    let topic = Value::Text("Blue kettles".to_owned());
    assert_eq!(journal.values("blog-post", "topic", 9).unwrap(), [topic]);
    // Nothing is left of its session, and nothing was said of any of it.
    assert_eq!(
        std::fs::read_dir(home.path("state/sessions"))
            .unwrap()
            .count(),
        0
    );
    assert_eq!(ran.stderr, "");
}

/// W3: the request record is on disk before the request goes out.
#[test]
fn the_record_is_on_disk_before_the_request_goes_out() {
    if !strace::works() {
        return;
    }
    let server = Server::start(vec![answer(TEXT), answer(TEXT)]);
    let home = Home::asking(&server);
    // The first one makes the journal.
    assert_eq!(home.run(&POST).code, 0);
    let calls = [
        "-e",
        "trace=openat,fdatasync,fsync,connect,sendto,write,writev",
    ];
    let (ran, calls) = strace::trace(&home.command(&POST), &calls);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT), "{}", ran.stderr);
    let sync = |call: &strace::Call| {
        matches!(call.name.as_str(), "fsync" | "fdatasync") && call.rest.contains("journal.db")
    };
    let first_sync = calls.iter().position(sync).unwrap();
    let sent = calls
        .iter()
        .position(|call| call.rest.contains("POST /v1/chat/completions"))
        .unwrap();
    assert!(first_sync < sent, "{calls:#?}");
    // What came back is with the person already: nobody waits for the disk again.
    assert_eq!(
        calls.iter().filter(|call| sync(call)).count(),
        1,
        "{calls:#?}"
    );
}

/// W3: an interrupted answer is kept, exact to the last byte received.
#[test]
fn a_text_that_breaks_off_is_in_the_journal() {
    let server = Server::start(vec![vec![
        Step::stream_head(),
        Step::body(&delta("Half of\u{1b}[2J ")),
        Step::Drop,
    ]]);
    let home = Home::asking(&server);
    let ran = home.run(&POST);
    assert_eq!(ran.code, 6, "{}", ran.stderr);
    let run = only_run(&home);
    assert_eq!(run.text, "Half of\u{1b}[2J ");
    assert!(matches!(run.outcome.unwrap().ending, Ending::Failed(why) if !why.is_empty()));
}

#[test]
fn a_request_that_is_refused_is_in_the_journal_with_the_reason() {
    let refusal = r#"{"error":{"message":"no such model","type":"invalid_request_error"}}"#;
    let server = Server::start(vec![vec![Step::json(404, refusal)]]);
    let home = Home::asking(&server);
    let ran = home.run(&POST);
    assert_eq!(ran.code, 4, "{}", ran.stderr);
    let run = only_run(&home);
    assert_eq!(run.text, "");
    assert!(
        matches!(run.outcome.unwrap().ending, Ending::Failed(why) if why.contains("no such model"))
    );
}

/// W1: a kill while it streams loses nothing that was there 500 ms before; the next studio finds it.
#[test]
fn a_killed_run_leaves_its_text_for_the_next_start() {
    let gate = Gate::default();
    let server = Server::start(vec![vec![
        Step::stream_head(),
        Step::body(&delta("So far ")),
        Step::Gate(gate.clone()),
    ]]);
    let home = Home::asking(&server);
    let mut child = start(home.command(&POST));
    let session = wait_for("the text", || {
        let journal = home
            .path("data/journal.db")
            .exists()
            .then(|| journal(&home))?;
        let line = journal.runs(1, None).unwrap().pop()?;
        (line.bytes > 0).then_some(line.session)
    });
    assert!(!Session::is_over(&paths(&home.path("")), session));
    child.kill().unwrap();
    child.wait().unwrap();
    gate.open();
    let run = only_run(&home);
    assert_eq!((run.text.as_str(), run.outcome), ("So far ", None));
    assert!(Session::is_over(&paths(&home.path("")), session));
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_is_in_the_journal_as_stopped() {
    use std::io::Read;
    let gate = Gate::default();
    let server = Server::start(vec![vec![
        Step::stream_head(),
        Step::body(&delta("So far ")),
        Step::Gate(gate.clone()),
    ]]);
    let home = Home::asking(&server);
    let mut child = start(home.command(&POST));
    let mut seen = [0; 7];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut seen)
        .unwrap();
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    gate.open();
    let run = only_run(&home);
    assert_eq!(run.text, "So far ");
    assert_eq!(run.outcome.unwrap().ending, Ending::Stopped);
}

#[cfg(unix)]
#[test]
fn a_reader_that_goes_away_ends_the_run_and_the_journal_has_what_came() {
    let gate = Gate::default();
    let server = Server::start(vec![vec![
        Step::stream_head(),
        Step::body(&delta("One\n")),
        Step::Gate(gate.clone()),
        Step::body(&delta("Two\n")),
        Step::body(&ending("stop")),
    ]]);
    let home = Home::asking(&server);
    let mut child = start(home.command(&POST));
    drop(child.stdout.take());
    gate.open();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let run = only_run(&home);
    assert!(run.text.starts_with("One\n"), "{:?}", run.text);
    assert_eq!(run.outcome.unwrap().ending, Ending::Stopped);
}

/// W8: a journal that cannot be used costs one sentence and nothing else.
#[test]
fn without_a_journal_the_run_goes_on_and_says_so_once() {
    let server = Server::start(vec![answer(TEXT), answer(TEXT)]);
    let home = Home::asking(&server);
    // Whoever makes a journal has to lock this.
    home.write("data/journal.lock/in-the-way", "");
    let ran = home.run(&POST);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(
        ran.stderr.contains("the run is not journaled"),
        "{}",
        ran.stderr
    );
    // One that is damaged is set aside, and the run is in the new one.
    let home = Home::asking(&server);
    home.write("data/journal.db", &"no journal at all ".repeat(999));
    let ran = home.run(&POST);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("it is kept as"), "{}", ran.stderr);
    assert_eq!(only_run(&home).text, TEXT);
}

/// W3: a text that stdout did not take is offered by the studio; one that it took is not.
#[cfg(target_os = "linux")]
#[test]
fn a_text_that_reached_nobody_is_unused() {
    let unused = |home: &Home| {
        let unused = journal(home).unused_runs(jiff::Timestamp::now()).unwrap();
        unused.len()
    };
    for more in [&[] as &[&str], &["--json"]] {
        let server = Server::start(vec![answer(TEXT), answer(TEXT)]);
        let home = Home::asking(&server);
        let mut command = home.command(&post(more));
        let full = std::fs::File::options()
            .write(true)
            .open("/dev/full")
            .unwrap();
        let ran = command.stdout(full).stderr(Stdio::null()).status().unwrap();
        assert_eq!(ran.code(), Some(1), "{more:?}");
        assert_eq!(unused(&home), 1, "{more:?}");
        assert_eq!(home.run(&post(more)).code, 0, "{more:?}");
        assert_eq!(unused(&home), 1, "{more:?}");
    }
}

#[test]
fn what_sends_nothing_keeps_nothing() {
    let home = Home::new();
    assert_eq!(home.run(&post(&["--dry-run"])).code, 0);
    assert_eq!(home.run(&["run", "blog-post"]).code, 2);
    assert_eq!(home.everything(), Vec::<String>::new());
}

/// A home with one draft, `Blue kettles`, that a run made.
fn saved() -> Home {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let ran = home.run(&post(&["--save"]));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    home
}

fn versions(home: &Home) -> Vec<serde_json::Value> {
    let ran = home.run(&["draft", "versions", "Blue kettles", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.json().as_array().unwrap().clone()
}

fn body(home: &Home) -> String {
    let ran = home.run(&["draft", "show", "Blue kettles"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

/// Another program writes into the draft.
fn change(home: &Home, from: &str, to: &str) {
    let [path] = home.drafts().try_into().unwrap();
    let source = std::fs::read_to_string(&path).unwrap();
    let name = path.strip_prefix(home.path("")).unwrap();
    home.write(name.to_str().unwrap(), &source.replace(from, to));
}

/// W10: versions with time and cause, restored by one command.
#[test]
fn a_draft_goes_back_to_what_a_run_made_and_forth_again() {
    let home = saved();
    let [first] = versions(&home).try_into().unwrap();
    assert_eq!(first["cause"], "generation");
    assert_eq!(first["words"], 4);
    let first = first["id"].to_string();
    change(&home, "They last.", "They leak.");

    let ran = home.run(&["draft", "restore", "Blue kettles", &first]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let [path] = home.drafts().try_into().unwrap();
    assert_eq!(ran.stdout, format!("{}\n", path.display()));
    assert!(
        ran.stderr.contains("what it replaced is version 2"),
        "{}",
        ran.stderr
    );
    assert_eq!(body(&home).trim(), TEXT);
    let causes = |home: &Home| -> Vec<_> {
        let all = versions(home);
        all.iter()
            .map(|version| version["cause"].as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(causes(&home), ["restore", "outside_change", "generation"]);

    let ran = home.run(&["draft", "restore", "Blue kettles", "2", "--json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert_eq!(ran.json()["changed"], true);
    assert!(body(&home).contains("They leak."));
    let newest = versions(&home)[0]["id"].to_string();
    let ran = home.run(&["draft", "restore", "Blue kettles", &newest]);
    assert!(ran.stderr.contains("nothing to do"), "{}", ran.stderr);
    // The newest said what was replaced already.
    assert_eq!(
        causes(&home),
        ["restore", "restore", "outside_change", "generation"]
    );
    let journal = journal(&home);
    let oldest = journal
        .version(copydesk::store::journal::VersionId(1))
        .unwrap()
        .unwrap();
    assert_eq!(
        (oldest.headline.cause, oldest.text.as_str()),
        (Cause::Generation, TEXT)
    );
}

#[test]
fn a_version_of_another_draft_is_not_taken() {
    let home = saved();
    home.write("data/drafts/other.md", "Other text.\n");
    let ran = home.run(&["draft", "restore", "other", "1"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("copydesk draft versions other"),
        "{}",
        ran.stderr
    );
    let ran = home.run(&["draft", "restore", "other", "1", "--json"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.json()["error"]["message"]
            .as_str()
            .unwrap()
            .contains("no version 1")
    );
    assert_eq!(home.run(&["draft", "versions", "other"]).stdout, "");
}

/// A run that has brought `First.` and waits for more.
#[cfg(unix)]
fn half_way(prefix: &[&str], more: &[&str]) -> (Home, Server, Gate, Child) {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        Step::body(&delta("First.\n")),
        Step::Gate(gate.clone()),
        Step::body(&delta("Second.\n")),
        Step::body(&ending("stop")),
    ];
    let server = Server::start(vec![script]);
    let home = Home::asking(&server);
    let run = home.command(&post(more));
    let mut child = match prefix {
        [] => run,
        [program, args @ ..] => {
            let mut command = Command::new(program);
            command
                .args(args)
                .arg(run.get_program())
                .args(run.get_args());
            command.env_clear().stdin(Stdio::null());
            for (name, value) in run.get_envs() {
                command.env(name, value.unwrap());
            }
            command
        }
    };
    child.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = child.spawn().unwrap();
    let mut line = String::new();
    let stdout = child.stdout.as_mut().unwrap();
    let mut byte = [0];
    while !line.ends_with('\n') {
        assert_eq!(
            std::io::Read::read(stdout, &mut byte).unwrap(),
            1,
            "{line:?}"
        );
        line.push(char::from(byte[0]));
    }
    assert_eq!(line, "First.\n");
    (home, server, gate, child)
}

/// W3: whatever ends a run from outside, all that came is in the journal and its end is told.
#[cfg(unix)]
#[test]
fn a_run_that_is_ended_from_outside_has_all_that_came_in_the_journal() {
    use rustix::process::{Pid, Signal, kill_process};
    // Whoever runs the tests under nohup hands that on; the one that is tested is not to have it.
    let plain: &[&str] = if cfg!(target_os = "linux") {
        &["/usr/bin/env", "--default-signal=HUP"]
    } else {
        &[]
    };
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        // A text that is on stdout counts as used; one that goes into a draft is kept there.
        for more in [&[][..], &["--save"]] {
            let (home, _server, gate, mut child) = half_way(plain, more);
            kill_process(Pid::from_child(&child), signal).unwrap();
            assert_eq!(child.wait().unwrap().code(), Some(code), "{signal:?}");
            gate.open();
            let run = only_run(&home);
            assert_eq!(run.text, "First.\n", "{signal:?}");
            assert_eq!(run.outcome.unwrap().ending, Ending::Stopped);
            let drafts = std::fs::read_dir(home.path("data/drafts"));
            let drafts = drafts.map_or(0, Iterator::count);
            assert_eq!(drafts, more.len());
        }
    }
}

/// W3: a run that was told to ignore that its terminal goes away comes to its end.
#[cfg(target_os = "linux")]
#[test]
fn a_run_under_nohup_goes_on() {
    use rustix::process::{Pid, Signal, kill_process};
    let (home, _server, gate, child) = half_way(&["/usr/bin/env", "nohup"], &[]);
    kill_process(Pid::from_child(&child), Signal::HUP).unwrap();
    gate.open();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(only_run(&home).text, "First.\nSecond.\n");
}
