//! The dialog that connects a provider: what it shows, what it asks for, and what it never shows.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::app::connect::{Connected, Errand, Fact, Found, Trial};
use copydesk::app::dialog::Dialog;
use copydesk::app::effect::{Consent, Effect};
use copydesk::app::msg::{Msg, RunFact};
use copydesk::config::edit::Addition;
use copydesk::config::keychain::Place;
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::provider::probe::Nearby;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use std::collections::BTreeMap;
use support::studio::{Studio, settings};

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (60, 20);
const SECRET: &str = "sk-typed-0123456789";

/// A studio without a key whose dialog has just opened.
fn opened(size: (u16, u16)) -> Studio {
    let mut studio = Studio::with(settings(&[]), size);
    studio.keys("<F2>");
    studio
}

/// The same after the shell has looked around.
fn looked(size: (u16, u16)) -> Studio {
    let mut studio = opened(size);
    let near = |base_url: &str, models: &[&str]| Nearby {
        base_url: base_url.to_owned(),
        models: models.iter().map(|&model| model.to_owned()).collect(),
    };
    let found = Found {
        nearby: vec![
            near("http://localhost:11434/v1", &["llama3.2", "qwen3", "gemma"]),
            near("http://localhost:8080/v1", &["one.gguf"]),
        ],
        keys: BTreeMap::from([("groq".to_owned(), "GROQ_API_KEY".to_owned())]),
    };
    fact(&mut studio, Fact::Found(found));
    studio
}

fn ticket(studio: &Studio) -> u64 {
    match studio.app.dialogs.last() {
        Some(Dialog::Connect(connect)) => connect.ticket,
        other => panic!("{other:?}"),
    }
}

fn fact(studio: &mut Studio, fact: Fact) {
    let ticket = ticket(studio);
    studio.tell(Msg::Connect(ticket, fact));
}

fn listed(models: &[&str]) -> Fact {
    let models = models.iter().map(|&model| model.to_owned());
    Fact::Tried(Ok(Some(models.collect())))
}

/// The latest errand of the dialog.
fn errand(studio: &Studio) -> Errand {
    let errands = studio.asked.iter().rev();
    let mut errands = errands.filter_map(|effect| match effect {
        Effect::Connect(_, errand) => Some(errand.clone()),
        _ => None,
    });
    errands.next().unwrap()
}

fn trial(errand: Errand) -> Trial {
    match errand {
        Errand::Try(trial) | Errand::Write(trial, _) => *trial,
        other => panic!("{other:?}"),
    }
}

fn refused() -> Failure {
    Failure::new(
        FailureKind::Refused,
        "https://api.openai.com/v1/models did not accept the key (HTTP 401)",
    )
    .why("Incorrect API key provided")
    .advice("check the key: set OPENAI_API_KEY to a key for https://api.openai.com/v1")
}

#[test]
fn the_list_of_servers() {
    assert_snapshot!("servers_looking", opened(USUAL).picture());
    assert_snapshot!("servers_large", looked(LARGE).picture());
    assert_snapshot!("servers_usual", looked(USUAL).keys("j").picture());
    assert_snapshot!("servers_small", looked(SMALL).keys("G").picture());
}

#[test]
fn the_steps_of_a_server_with_a_key() {
    let mut studio = looked(USUAL);
    assert_snapshot!(
        "key_usual",
        studio
            .keys("<enter>")
            .keys(&format!("<paste:{SECRET}>"))
            .picture()
    );
    studio.keys("<enter>");
    assert_snapshot!("trying_usual", studio.picture());
    fact(&mut studio, Fact::Tried(Err(refused())));
    assert_snapshot!("failed_usual", studio.picture());
    studio.keys("<enter>");
    fact(
        &mut studio,
        listed(&["gpt-6-luna", "gpt-6.1-terra", "gpt-6.2-sol"]),
    );
    assert_snapshot!("model_usual", studio.picture());
    assert_snapshot!("place_usual", studio.keys("<enter>").picture());
    let mut large = looked(LARGE);
    large.keys("<enter>").keys(&format!("<paste:{SECRET}>"));
    assert_snapshot!("key_large", large.picture());
    assert_snapshot!(
        "address_clear",
        looked(USUAL)
            .keys("G<enter>http://10.0.0.2:8000/v1<enter>")
            .picture()
    );
}

/// N9: clear text beyond this machine is agreed to or does not happen.
#[test]
fn an_address_in_clear_text_has_to_be_entered_twice() {
    let mut studio = looked(USUAL);
    studio.keys("G<enter>http://10.0.0.2:8000/v1<enter>");
    assert!(studio.text().contains("in clear text"));
    // Another letter is another address.
    studio.keys("x<enter>");
    assert!(studio.text().contains("in clear text"));
    studio.keys("<enter>");
    assert!(studio.text().contains("Its key"));
    studio.keys("<enter>");
    let addition = Addition {
        name: "10-0-0-2".to_owned(),
        base_url: Some("http://10.0.0.2:8000/v1x".to_owned()),
        allow_http: true,
        ..Addition::default()
    };
    assert_eq!(
        trial(errand(&studio)),
        Trial {
            addition,
            key: None
        }
    );
    for bad in ["", "ftp://x", "https://a:b@x.example"] {
        let mut studio = looked(USUAL);
        studio.keys("G<enter>").keys(bad).keys("<enter>");
        assert!(studio.text().contains("Its base URL"), "{bad}");
        assert_eq!(errand(&studio), Errand::Look);
    }
}

#[test]
fn only_what_is_missing_is_asked_for() {
    // A server on this machine needs neither address nor key.
    let mut studio = looked(USUAL);
    studio.keys("j<enter>");
    assert_eq!(trial(errand(&studio)).addition.name, "ollama");
    fact(&mut studio, listed(&["llama3.2", "qwen3"]));
    studio.keys("<down><enter>");
    let Errand::Write(written, place) = errand(&studio) else {
        panic!("{:?}", errand(&studio));
    };
    assert_eq!(
        (written.addition.model.as_deref(), place),
        (Some("qwen3"), Place::Nowhere)
    );
    // One whose key is set is asked at once.
    let mut studio = looked(USUAL);
    studio.keys("<down*7><enter>");
    let asked = trial(errand(&studio));
    assert_eq!((asked.addition.name.as_str(), asked.key), ("groq", None));
    // Azure has an address of its own for everybody.
    let mut studio = looked(USUAL);
    studio.keys("<down*5><enter>acme<enter>");
    studio.keys(&format!("<paste:{SECRET}><enter>"));
    let asked = trial(errand(&studio));
    assert_eq!(
        asked.addition.base_url.as_deref(),
        Some("https://acme.openai.azure.com")
    );
    assert!(asked.key.is_some());
}

#[test]
fn a_key_that_cannot_be_one_is_not_sent() {
    let mut studio = looked(USUAL);
    studio.keys("<enter><enter>");
    assert!(studio.text().contains("Paste the key, or type it"));
    studio
        .tell(Msg::Paste("sk-one\nsk-two".to_owned()))
        .keys("<enter>");
    let shown = studio.text();
    assert!(
        shown.contains("This is no key: it holds a line break"),
        "{shown}"
    );
    assert_eq!(errand(&studio), Errand::Look);
    studio
        .keys("<ctrl+u>")
        .tell(Msg::Paste(format!(" \"{SECRET}\"\n")));
    assert!(
        studio
            .text()
            .contains("Blanks or quotes around it are left out")
    );
    studio.keys("<enter>");
    assert_eq!(trial(errand(&studio)).key.unwrap().expose(), SECRET);
}

/// K1: the key is on no screen and in no `Debug` of the model or its effects.
#[test]
fn the_key_is_never_shown() {
    let mut studio = looked(LARGE);
    studio
        .keys("<enter>")
        .keys(&format!("<paste:{SECRET}>"))
        .keys("z<enter>");
    let look = |studio: &mut Studio| {
        let all = format!("{}{:?}{:?}", studio.text(), studio.app, studio.asked);
        assert!(!all.contains("typed-0123"), "{all}");
    };
    look(&mut studio);
    fact(&mut studio, Fact::Tried(Err(refused())));
    look(&mut studio);
    studio.keys("<enter>");
    fact(&mut studio, listed(&["m"]));
    studio.keys("<enter>");
    look(&mut studio);
    studio.keys("<enter>");
    assert_eq!(
        trial(errand(&studio)).key.unwrap().expose(),
        format!("{SECRET}z")
    );
    look(&mut studio);
}

#[test]
fn esc_goes_back_a_step_and_then_out() {
    let mut studio = looked(USUAL);
    studio
        .keys("<enter>")
        .keys(&format!("<paste:{SECRET}>"))
        .keys("<enter>");
    assert!(studio.text().contains("Asking OpenAI"));
    studio.keys("<esc>");
    assert_eq!(errand(&studio), Errand::Stop);
    assert!(studio.text().contains("Its key"));
    // An answer that comes late changes nothing.
    fact(&mut studio, listed(&["m"]));
    assert!(studio.text().contains("Its key"));
    studio.keys("<enter>");
    fact(&mut studio, listed(&["m"]));
    assert!(studio.text().contains("The model to ask for"));
    studio.keys("<esc>");
    assert!(studio.text().contains("Its key"));
    studio.keys("<esc>");
    assert!(studio.text().contains("answers with llama3.2 and 2 more"));
    studio.keys("<esc>");
    assert!(studio.app.dialogs.is_empty());
}

#[test]
fn what_was_asked_for_by_another_dialog_is_dropped() {
    let mut studio = opened(USUAL);
    let old = ticket(&studio);
    studio.keys("<esc><F2>");
    assert!(ticket(&studio) != old);
    studio.tell(Msg::Connect(old, Fact::Found(Found::default())));
    assert!(studio.text().contains("looking…"));
    studio
        .keys("<esc>")
        .tell(Msg::Connect(old, Fact::Found(Found::default())));
    assert!(studio.app.dialogs.is_empty());
}

#[test]
fn what_was_connected_is_used_from_then_on() {
    let mut studio = looked(LARGE);
    studio
        .keys("<enter>")
        .keys(&format!("<paste:{SECRET}>"))
        .keys("<enter>");
    fact(&mut studio, listed(&["m"]));
    studio.keys("<enter><enter>");
    let failure =
        Failure::new(FailureKind::Other, "config.toml:2:1: this is broken").advice("mend it first");
    fact(&mut studio, Fact::Connected(Err(failure)));
    assert!(studio.text().contains("config.toml:2:1: this is broken."));
    studio.keys("<enter>");
    fact(&mut studio, listed(&["m"]));
    studio.keys("<enter><enter>");
    // While it is written there is no way back.
    studio.keys("<esc>");
    assert!(studio.text().contains("Writing…"));
    let after = settings(&[("OPENAI_API_KEY", "k"), ("OPENAI_MODEL", "m")]);
    let connected = Connected {
        settings: after.clone(),
        told: "openai · m is asked from now on".to_owned(),
    };
    fact(&mut studio, Fact::Connected(Ok(Box::new(connected))));
    let shown = studio.text();
    assert!(shown.contains("openai · m is asked from now on"), "{shown}");
    assert!(!shown.contains("practice engine"), "{shown}");
    assert!(studio.asked.contains(&Effect::UseSettings(Box::new(after))));
}

#[test]
fn what_was_picked_elsewhere_holds_and_what_was_just_chosen_counts() {
    let mut studio = Studio::with(settings(&[("OPENAI_API_KEY", "k")]), LARGE);
    studio.keys("<F3>luna<enter>");
    let connect = |studio: &mut Studio, env: &[(&str, &str)]| {
        studio.keys("<F2>");
        let connected = Connected {
            settings: settings(env),
            told: String::new(),
        };
        fact(studio, Fact::Connected(Ok(Box::new(connected))));
        studio.app.settings.picked().get("openai").cloned()
    };
    let other = [("OPENAI_API_KEY", "k"), ("COPYDESK_PROVIDER", "ollama")];
    assert_eq!(connect(&mut studio, &other).as_deref(), Some("gpt-6-luna"));
    let same = [("OPENAI_API_KEY", "k"), ("OPENAI_MODEL", "m")];
    assert_eq!(connect(&mut studio, &same), None);
    assert!(studio.text().contains("openai · m"), "{}", studio.text());
}

#[test]
fn a_server_without_a_list_takes_any_model_and_a_failing_one_can_be_set_up_all_the_same() {
    let mut studio = looked(USUAL);
    studio.keys("j<enter>");
    fact(&mut studio, Fact::Tried(Ok(None)));
    assert!(studio.text().contains("It lists no models"));
    studio.keys("my-model<enter>");
    assert_eq!(
        trial(errand(&studio)).addition.model.as_deref(),
        Some("my-model")
    );
    let mut studio = looked(USUAL);
    studio.keys("j<enter>");
    fact(&mut studio, Fact::Tried(Err(refused())));
    studio.keys("s<enter>");
    assert!(matches!(errand(&studio), Errand::Write(..)));
}

/// K5: a key goes to another server only when the person said so.
#[test]
fn a_run_waits_until_the_person_answers_about_its_key() {
    for (keys, consent) in [
        ("s", Consent::Given),
        ("n", Consent::Refused),
        ("<esc>", Consent::Refused),
    ] {
        let mut studio = Studio::new(LARGE);
        studio.keys("<enter>Rust<ctrl+g>");
        let run = studio.latest_run();
        studio.run(RunFact::KeyElsewhere(
            "the key of openai was saved for https://a. Send it to https://b?".to_owned(),
        ));
        let shown = studio.text();
        assert!(shown.contains("saved for https://a."), "{shown}");
        studio.keys(keys);
        assert_eq!(studio.asked.last(), Some(&Effect::AnswerKey(run, consent)));
        assert!(studio.app.dialogs.is_empty());
    }
}

#[test]
fn a_failure_speaks_of_what_the_dialog_asks_for_and_no_key_of_it_is_cut() {
    for size in [LARGE, USUAL, SMALL] {
        let words = |studio: &mut Studio| {
            let text = studio.text().replace('│', " ");
            text.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let mut studio = looked(size);
        studio.keys("G<enter>localhost:1/v1<enter><enter>");
        let silent = Failure::new(
            FailureKind::Network,
            "http://localhost:1/v1/models refused the connection",
        )
        .advice("start the server, or check base_url");
        fact(&mut studio, Fact::Tried(Err(silent)));
        let told = words(&mut studio);
        assert!(
            told.contains("Start the server, or check the address."),
            "{told}"
        );
        for key in ["enter again", "k new key", "s connect anyway", "esc back"] {
            assert!(told.contains(key), "{key}: {told}");
        }
        studio.keys("<enter>");
        let mut refused = refused();
        refused.status = Some(401);
        fact(&mut studio, Fact::Tried(Err(refused)));
        let told = words(&mut studio);
        assert!(
            told.contains("Press k to give a key here, or set OPENAI_API_KEY"),
            "{told}"
        );
        // What is pasted then is that key.
        studio.keys(&format!("<paste:{SECRET}>"));
        assert!(studio.text().contains("Its key"), "{}", studio.text());
        studio.keys("<enter>");
        assert_eq!(trial(errand(&studio)).key.unwrap().expose(), SECRET);
        // A hint that is cut says half of it.
        fact(&mut studio, Fact::Tried(Ok(None)));
        let told = words(&mut studio);
        assert!(told.contains("type a name, or leave this empty"), "{told}");
    }
}
