//! The payload inspector: what it shows, what it copies, and that those are what is sent.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::app::effect::Effect;
use copydesk::app::msg::{Msg, RunFact};
use copydesk::domain::endpoint::Key;
use copydesk::domain::failure::{Failure, FailureKind, Reply};
use copydesk::domain::prompt::Request;
use copydesk::domain::run::FinishReason;
use copydesk::provider::client;
use copydesk::provider::payload::Payload;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::cli::{Home, ran};
use support::studio::{Studio, settings};

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const ENV: [(&str, &str); 2] = [
    ("OPENAI_API_KEY", "sk-test-0123456789abcdef"),
    ("OPENAI_MODEL", "gpt-6-luna"),
];

fn env(name: &str) -> Option<String> {
    let found = ENV.iter().find(|(known, _)| *known == name);
    found.map(|(_, value)| (*value).to_owned())
}

/// The body that the studio's provider gets for a request.
fn body(studio: &Studio, request: &Request) -> String {
    let provider = studio.settings.provider(None).unwrap();
    client::body(&provider.endpoint(&request.model, None, None), request)
}

/// Presses `F8` and answers what the model asks for, as the Runner does.
fn inspect(studio: &mut Studio) -> Request {
    studio.keys("<F8>");
    let asked = studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Inspect { request, asked, .. } => Some((request.clone(), asked.clone())),
        _ => None,
    });
    let (request, asked) = asked.unwrap_or_else(|| panic!("{}", studio.text()));
    let provider = studio.settings.provider(None).unwrap();
    let key = env(&provider.key_env).and_then(|key| Key::new(&key).ok());
    let endpoint = provider.endpoint(&request.model, key, None);
    let result = Payload::of(&endpoint, &request, &[]).map(Box::new);
    studio.tell(Msg::Payload { result, asked });
    request
}

fn form(size: (u16, u16)) -> Studio {
    let mut studio = Studio::with(settings(&ENV), size);
    studio.keys("<enter>Why small tools last");
    studio
}

/// What a key of the inspector puts on the clipboard.
fn copied(studio: &mut Studio, key: &str) -> String {
    studio.keys(key);
    match studio.asked.last() {
        Some(Effect::CopyAs { text, .. }) => text.clone(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_inspector_shows_the_request_and_no_key() {
    for (name, size) in [("large", LARGE), ("usual", USUAL)] {
        let mut studio = form(size);
        inspect(&mut studio);
        let shown = studio.text();
        assert!(
            shown.contains("$OPENAI_API_KEY") && !shown.contains("0123456789"),
            "{shown}"
        );
        assert_snapshot!(format!("payload_{name}"), studio.picture());
    }
}

#[test]
fn it_copies_the_very_bytes_and_stays() {
    let mut studio = form(LARGE);
    let request = inspect(&mut studio);
    let expected = body(&studio, &request);
    assert_eq!(copied(&mut studio, "b"), expected);
    assert!(studio.text().contains("POST https://"), "it is gone");
    let curl = copied(&mut studio, "c");
    assert!(
        curl.starts_with("curl ") && curl.contains("\"authorization: Bearer $OPENAI_API_KEY\"")
    );
    assert!(curl.contains(&expected.replace('\'', r"'\''")), "{curl}");
    studio.keys("<esc>");
    assert!(studio.app.dialogs.is_empty());
    // What was looked at is what goes out.
    studio.keys("<ctrl+g>");
    let sent = studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Generate { request, .. } => Some(request.clone()),
        _ => None,
    });
    assert_eq!(body(&studio, &sent.unwrap()), expected);
}

#[test]
fn the_copied_command_makes_the_same_request() {
    for value in [
        "it's \"quoted\" $HOME `id` \\ back",
        "<paste:-two\nlines\n\n{{ 7*7 }} ☕ é\u{301}!>",
        "-",
    ] {
        let mut studio = form(LARGE);
        studio.keys("<tab><right><tab>").keys(value);
        let request = inspect(&mut studio);
        let line = copied(&mut studio, "r");
        let expected = body(&studio, &request);
        assert!(line.contains("copydesk run blog-post -i "), "{line}");

        let home = ENV
            .iter()
            .fold(Home::new(), |home, (name, value)| home.with(name, value));
        home.write("data/snippets/brand-voice.md", "Plain and warm.\n");
        // `copydesk` of this build, whatever is installed.
        let binary = env!("CARGO_BIN_EXE_copydesk");
        let script = format!("copydesk() {{ {binary} \"$@\" --dry-run; }}\n{line}\n");
        let script = home.write("paste.sh", &script);
        let output = home.command_of("sh".as_ref()).arg(script).output().unwrap();
        let pasted = ran(&output);
        assert_eq!(pasted.stdout, format!("{expected}\n"), "{line}\n{pasted:?}");
    }
}

#[test]
fn it_scrolls_to_its_end_and_back_at_once() {
    let mut studio = form(USUAL);
    inspect(&mut studio);
    let top = studio.text();
    assert!(top.contains("↓ more"), "{top}");
    studio.keys("G");
    let bottom = studio.text();
    assert!(
        bottom.contains("\"stream\": true") && !bottom.contains("↓ more"),
        "{bottom}"
    );
    // Beyond the end there is nothing to scroll back from.
    studio.keys("<pagedown*20>k");
    assert!(studio.text().contains("↓ more"), "{}", studio.text());
    assert_eq!(studio.keys("g").text(), top);
}

#[test]
fn where_no_model_is_set_the_list_of_models_opens_and_nothing_is_sent() {
    let groq = [("GROQ_API_KEY", "gsk-x"), ("COPYDESK_PROVIDER", "groq")];
    for key in ["<ctrl+g>", "<F8>"] {
        let mut studio = Studio::with(settings(&groq), LARGE);
        studio.keys("<enter>Why small tools last");
        let form = studio.text();
        assert!(form.contains("groq · no model yet"), "{form}");
        let shown = studio.keys(key).text();
        assert!(shown.contains("choose a model of groq first"), "{shown}");
        let sends =
            |effect: &Effect| matches!(effect, Effect::Generate { .. } | Effect::Inspect { .. });
        assert!(!studio.asked.iter().any(sends), "{:?}", studio.asked);
        studio.keys("m7<enter>").keys("<ctrl+g>");
        let sent = studio.asked.iter().rev().find_map(|effect| match effect {
            Effect::Generate { request, .. } => Some(request.model.clone()),
            _ => None,
        });
        assert_eq!(sent.as_deref(), Some("m7"), "{key}");
    }
}

#[test]
fn what_is_missing_is_asked_for_instead() {
    let mut studio = Studio::with(settings(&ENV), LARGE);
    studio.keys("<F8>");
    assert!(studio.text().contains("choose a template first"));
    studio.keys("<enter><F8>");
    assert!(studio.text().contains("fill in first"), "{}", studio.text());
    assert!(studio.app.dialogs.is_empty());
}

#[test]
fn a_prompt_that_was_edited_by_hand_has_no_command() {
    let mut studio = form(LARGE);
    studio.keys("<ctrl+t><enter>More. ");
    inspect(&mut studio);
    studio.keys("r");
    let shown = studio.text();
    assert!(shown.contains("no command makes it"), "{shown}");
    assert!(!matches!(studio.asked.last(), Some(Effect::CopyAs { .. })));
}

#[test]
fn a_text_that_goes_on_with_another_shows_the_request_that_it_was_sent_with() {
    let mut studio = form(LARGE);
    studio.keys("<ctrl+g>").delta("Half a sen");
    studio.finish(FinishReason::Length).keys("<alt+3>c");
    studio.delta("tence.").finish(FinishReason::Stop);
    let sent = studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Generate { request, .. } => Some(request.clone()),
        _ => None,
    });
    let sent = sent.unwrap();
    assert_eq!(sent.prompt.examples.last().unwrap().assistant, "Half a sen");
    let shown = inspect(&mut studio);
    assert_eq!(shown.prompt, sent.prompt);
    studio.keys("r");
    assert!(
        studio.text().contains("no command makes it"),
        "{}",
        studio.text()
    );
}

#[test]
fn what_the_server_said_stands_below_a_request_that_failed() {
    let mut studio = form(LARGE);
    studio.keys("<ctrl+g>");
    let mut failure = Failure::new(FailureKind::Refused, "no").why("because");
    failure.reply = Some(Box::new(Reply {
        headers: vec![("x-request-id".to_owned(), "req_9\u{1b}[31m".to_owned())],
        body: "{\"error\":{\"message\":\"because \u{1b}]52;c;eA==\u{7}\"}}".to_owned(),
        ..Reply::default()
    }));
    studio.fail(failure).keys("<alt+3>");
    inspect(&mut studio);
    let shown = studio.keys("G").text();
    assert!(shown.contains("x-request-id: req_9␛"), "{shown}");
    assert!(shown.contains("because ␛]52"), "{shown}");
}

#[test]
fn a_notice_says_what_is_sent_otherwise_and_a_model_that_loads_is_told() {
    let mut studio = form(LARGE);
    studio.keys("<ctrl+g>");
    studio.run(RunFact::Noted("verbosity is left out: no".to_owned()));
    assert!(studio.text().contains("verbosity is left out: no"));
    studio.run(RunFact::Loading {
        what: "127.0.0.1:8080 is still loading the model (HTTP 503)".to_owned(),
    });
    studio.wait(12_000).tell(Msg::Tick);
    assert_snapshot!("loading_large", studio.picture());
}
