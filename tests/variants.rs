//! Several variants at once, over one model or several: `copydesk run -n`, and the studio's keys.
//!
//! The server answers all connections at the same time; gates hold an answer until a test is ready.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::draft::Draft;
use copydesk::store::journal::{Ending, Journal, RunHeadline};
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;
use support::cli::{Home, answer, delta, ending};
use support::crowd::Crowd;
use support::server::{Gate, Recorded, Step};

const LIMIT: Duration = Duration::from_secs(20);

/// A home that asks `server`, with a template that names these models and so many variants.
fn home(server: &Crowd, front: &str) -> Home {
    let home = Home::new()
        .with("OPENAI_BASE_URL", &server.base_url())
        .with("OPENAI_API_KEY", "sk-test-0123456789abcdef");
    home.write(
        "data/templates/t.md",
        &format!("---\n{front}---\nSay it.\n"),
    );
    home
}

fn model(request: &Recorded) -> String {
    request.json()["model"].as_str().unwrap().to_owned()
}

/// Answers with the name of the model.
fn named(request: &Recorded) -> Vec<Step> {
    let model = model(request);
    let text = serde_json::json!({
        "model": model, "choices": [{"index": 0, "delta": {"content": format!("I am {model}.")}, "finish_reason": null}],
    });
    let body = format!("data: {text}\n\ndata: [DONE]\n\n");
    let end = ending("stop").replace("m1-2026", &model);
    vec![
        Step::stream_head(),
        Step::body(&body.replace("data: [DONE]\n\n", &end)),
    ]
}

fn refusal() -> Vec<Step> {
    let body = r#"{"error":{"message":"no such model","type":"invalid_request_error","code":"model_not_found"}}"#;
    vec![Step::json(404, body)]
}

fn runs(home: &Home) -> Vec<RunHeadline> {
    let journal = Journal::open(&home.path("data/journal.db"))
        .unwrap()
        .journal;
    journal.runs(99, None).unwrap()
}

// --- the command line -------------------------------------------------------------------------

#[test]
fn texts_come_in_order_with_a_form_feed_between_them_whoever_is_first() {
    // The second answer waits for nobody, the first one for the test.
    let gate = Gate::default();
    let held = gate.clone();
    let server = Crowd::start(move |request| {
        let mut steps = named(request);
        if model(request) == "a" {
            steps.insert(1, Step::Gate(held.clone()));
        }
        steps
    });
    let home = home(&server, "model: [a, b]\n");
    let mut child = start(&home, &["run", "t", "-n", "2"]);
    for _ in 0..4 {
        assert!(server.arrival(LIMIT));
    }
    gate.open();
    let mut stdout = String::new();
    let out = child.stdout.as_mut().unwrap();
    out.read_to_string(&mut stdout).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(
        stdout,
        "I am a.\n\u{c}\nI am b.\n\u{c}\nI am a.\n\u{c}\nI am b."
    );
    let runs = runs(&home);
    assert_eq!(runs.len(), 4);
    assert!(runs.iter().all(|run| run.usage.is_some()), "{runs:?}");
    let journal = Journal::open(&home.path("data/journal.db"))
        .unwrap()
        .journal;
    assert!(
        journal
            .unused_runs(jiff::Timestamp::now())
            .unwrap()
            .is_empty()
    );
}

#[test]
fn no_more_requests_are_under_way_than_the_settings_allow() {
    let server = Crowd::start(named);
    let home = home(&server, "variants: 7\n");
    home.write("config/config.toml", "[variants]\nat_once = 2\n");
    let ran = home.run(&["run", "t", "-m", "m"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout.split('\u{c}').count(), 7);
    assert_eq!(server.requests().len(), 7);
    assert!(server.most_at_once() <= 2, "{}", server.most_at_once());
}

#[test]
fn four_are_under_way_together_by_themselves() {
    let gate = Gate::default();
    let held = gate.clone();
    let server =
        Crowd::start(move |request| [vec![Step::Gate(held.clone())], named(request)].concat());
    let home = home(&server, "model: [a, b, c, d, e, f]\n");
    let mut child = start(&home, &["run", "t"]);
    for _ in 0..4 {
        assert!(server.arrival(LIMIT));
    }
    assert_eq!(server.requests().len(), 4);
    gate.open();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(
        server.models().into_iter().collect::<BTreeSet<_>>().len(),
        6
    );
    assert_eq!(server.most_at_once(), 4);
}

#[test]
fn a_model_that_is_refused_leaves_the_others_and_the_exit_code_says_so() {
    let server = Crowd::start(|request| match model(request).as_str() {
        "bad" => refusal(),
        _ => named(request),
    });
    let home = home(
        &server,
        "model:\n  id: [a, bad, c]\n  params: {max_output_tokens: 50}\n",
    );
    let ran = home.run(&["run", "t"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    assert_eq!(ran.stdout, "I am a.\n\u{c}\n\u{c}\nI am c.");
    assert!(
        ran.stderr.contains("variant 2 of 3 (bad): "),
        "{}",
        ran.stderr
    );
    let last = ran.stderr.lines().last().unwrap();
    assert!(
        last.contains("1 of 3 variants did not come to its end"),
        "{last}"
    );
    let failed = runs(&home);
    let failed = failed
        .iter()
        .filter(|run| matches!(run.ending, Some(Ending::Failed(_))));
    assert_eq!(failed.count(), 1);
    // All of them are another thing.
    let server = Crowd::start(|_| refusal());
    home.write("data/templates/t.md", "---\nmodel: bad\n---\nSay it.\n");
    let home = home.with("OPENAI_BASE_URL", &server.base_url());
    let ran = home.run(&["run", "t", "-n", "3"]);
    assert_eq!(ran.code, 4, "{ran:?}");
}

#[test]
fn json_is_one_object_with_each_variant_as_it_would_be_alone() {
    let server = Crowd::start(|request| match model(request).as_str() {
        "bad" => refusal(),
        _ => named(request),
    });
    let home = home(&server, "model: [a, bad]\n");
    let ran = home.run(&["run", "t", "--json"]);
    assert_eq!(ran.code, 6, "{ran:?}");
    let told = ran.json();
    let variants = told["variants"].as_array().unwrap();
    let texts: Vec<_> = variants
        .iter()
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["I am a.", ""]);
    let models: Vec<_> = variants
        .iter()
        .map(|it| it["model"].as_str().unwrap())
        .collect();
    assert_eq!(models, ["a", "bad"]);
    assert!(variants[0]["error"].is_null() && variants[1]["error"]["exit_code"] == 4);
    assert_eq!(told["error"]["exit_code"], 6);
    // One variant is what it always was.
    let alone = home.run(&["run", "t", "-m", "a", "--json"]);
    assert_eq!(alone.json()["text"], "I am a.");
}

#[test]
fn each_variant_is_a_draft_or_a_numbered_file_and_knows_its_model() {
    let server = Crowd::start(named);
    let home = home(&server, "model: [a, b]\n");
    let ran = home.run(&["run", "t", "--save"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let drafts = home.drafts();
    assert_eq!(drafts.len(), 2);
    for path in &drafts {
        let draft = Draft::parse(&read(path));
        let model = draft.provenance().unwrap().model.clone().unwrap();
        assert_eq!(draft.body().trim(), format!("I am {model}."));
    }
    let ran = home.run(&["run", "t", "-o", "out.md"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
    let file = |name: &str| read(&home.path(name));
    assert_eq!(
        (file("out-1.md"), file("out-2.md")),
        ("I am a.\n".into(), "I am b.\n".into())
    );
    assert!(!home.path("out.md").exists());
    // One is not numbered.
    home.run(&["run", "t", "-m", "a", "-o", "one.md"]);
    assert_eq!(file("one.md"), "I am a.\n");
}

#[test]
fn the_budget_has_to_have_room_for_all_of_them() {
    let server = Crowd::start(named);
    let home = home(
        &server,
        "model: gpt-6.1-terra\noutput: {target_words: \"400\"}\n",
    );
    // A gateway, so that the list price of one, about a third of a cent, holds.
    home.write(
        "config/config.toml",
        "[providers.openai]\nserver = \"openai\"\n[budget]\nmonthly_usd = 0.02\non_limit = \"stop\"\n",
    );
    let ran = home.run(&["run", "t", "-n", "16"]);
    assert_eq!(ran.code, 7, "{ran:?}");
    assert_eq!(server.requests().len(), 0, "nothing may be sent");
    assert_eq!(home.run(&["run", "t", "-n", "2"]).code, 0);
    let told = home.run(&["run", "t", "-n", "2", "--json"]).json();
    let costs = told["variants"].as_array().unwrap();
    let sum: f64 = costs.iter().map(|it| it["cost"].as_f64().unwrap()).sum();
    assert!(
        (told["cost"].as_f64().unwrap() - sum).abs() < 1e-9 && sum > 0.0,
        "{told}"
    );
}

#[test]
fn an_interruption_ends_all_of_them_and_keeps_what_came() {
    let server = Crowd::start(|_| {
        vec![
            Step::stream_head(),
            Step::body(&delta("Half")),
            Step::AwaitHangUp,
        ]
    });
    let home = home(&server, "variants: 6\n");
    let mut child = start(&home, &["run", "t", "-m", "m"]);
    for _ in 0..4 {
        assert!(server.arrival(LIMIT));
    }
    let mut first = [0; 4];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    interrupt(&child);
    let mut rest = String::new();
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_to_string(&mut rest)
        .unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    for _ in 0..4 {
        assert!(server.hang_up(LIMIT), "a connection is still open");
    }
    assert_eq!(
        server.requests().len(),
        4,
        "those that waited were not sent"
    );
    let stopped = runs(&home);
    assert_eq!(stopped.len(), 4);
    assert!(
        stopped
            .iter()
            .all(|run| run.ending == Some(Ending::Stopped)),
        "{stopped:?}"
    );
}

#[test]
fn a_reader_that_goes_ends_all_of_them_quietly() {
    let server = Crowd::start(|_| {
        let line = delta(&"a line\n".repeat(5_000));
        vec![Step::stream_head(), Step::Flood(line.into_bytes())]
    });
    let home = home(&server, "variants: 3\n");
    let mut child = start(&home, &["run", "t", "-m", "m"]);
    let mut some = [0; 8];
    child
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut some)
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut told = String::new();
    child
        .stderr
        .as_mut()
        .unwrap()
        .read_to_string(&mut told)
        .unwrap();
    assert_eq!(told, "");
}

#[test]
fn what_would_be_sent_is_shown_once_for_each_model() {
    let server = Crowd::start(named);
    let home = home(&server, "model: [a, b]\nvariants: 3\n");
    let ran = home.run(&["run", "t", "--dry-run"]);
    let bodies: Vec<serde_json::Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let models: Vec<_> = bodies.iter().map(|body| body["model"].clone()).collect();
    assert_eq!(models, ["a", "b"]);
    assert_eq!(server.requests().len(), 0);
    let shown = home.run(&["template", "show", "t", "--json"]).json();
    assert_eq!(shown["models"], serde_json::json!(["a", "b"]));
    assert_eq!(shown["variants"], 3);
}

#[test]
fn what_is_wrong_with_models_and_variants_is_told_with_its_place() {
    let home = Home::new();
    for (front, told) in [
        (
            "variants: 0\n",
            "t.md:2:11: `variants` must be a whole number from 1 to 16",
        ),
        (
            "variants: 2.5\n",
            "t.md:2:11: `variants` must be a whole number from 1 to 16",
        ),
        ("variants: many\n", "t.md:2:11: `variants` must be a number"),
        ("model: []\n", "t.md:2:8: `model` is empty"),
        ("model: [a, a]\n", "t.md:2:12: model `a` is listed twice"),
        ("model: [a, \"\"]\n", "t.md:2:12: this model has no name"),
        (
            "model: [a, [b]]\n",
            "t.md:2:12: `model` must be text, not a list",
        ),
        (
            "model:\n  id: [a, a]\n",
            "t.md:3:11: model `a` is listed twice",
        ),
        (
            "model: [a, b, c, d, e, f, g, h, i]\n",
            "t.md:2:33: more than 8 models",
        ),
    ] {
        home.write(
            "data/templates/t.md",
            &format!("---\n{front}---\nSay it.\n"),
        );
        let ran = home.run(&["run", "t", "--dry-run"]);
        assert_eq!(ran.code, 2, "{front}: {ran:?}");
        assert!(ran.stderr.contains(told), "{front}: {}", ran.stderr);
    }
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

fn start(home: &Home, args: &[&str]) -> Child {
    let mut command = home.command(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn interrupt(child: &Child) {
    let pid = rustix::process::Pid::from_raw(i32::try_from(child.id()).unwrap()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

#[test]
fn the_rig_answers_several_at_once() {
    let server = Crowd::start(|_| answer("x"));
    let home = home(&server, "variants: 2\n");
    assert_eq!(home.run(&["run", "t", "-m", "m"]).code, 0);
    assert_eq!(server.requests().len(), 2);
}
