//! Models from outside: `copydesk models` with and without a server, and the picker on screen.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::app::effect::{Ask, Effect};
use copydesk::app::msg::Msg;
use copydesk::config::{Overrides, Settings};
use copydesk::domain::cost::{Prices, Rates};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::models::{Catalog, Listing};
use insta::assert_snapshot;
use jiff::{Timestamp, ToSpan, Zoned};
use pretty_assertions::assert_eq;
use serde_json::json;
use support::cli::{Home, KEY, Ran};
use support::server::{Server, Step};
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

fn day(ahead: i64) -> String {
    let today = Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC).date();
    today.checked_add(ahead.days()).unwrap().to_string()
}

/// What a server says that has four models of text and two of something else.
fn list() -> String {
    json!({"object": "list", "data": [
        {"id": "zeta", "context_length": 8192, "pricing": {"prompt": "0.0000006", "completion": "0.0000024"}},
        {"id": "whisper-1"},
        {"id": "gpt-6-luna", "shutdown_date": day(20)},
        {"id": "gpt-6.1-terra"},
        {"id": "text-embedding-3-small"},
        {"id": "old", "shutdown_date": day(-1)},
        {"id": "bad\u{1b}[31mid", "max_model_len": 4096},
    ]})
    .to_string()
}

fn ids(ran: &Ran) -> Vec<String> {
    let rows = ran.json();
    let rows = rows.as_array().unwrap().clone();
    let ids = rows
        .iter()
        .map(|row| row["id"].as_str().unwrap().to_owned());
    ids.collect()
}

#[test]
fn a_servers_list_is_laid_over_the_table_and_kept_for_a_day() {
    let server = Server::start(vec![vec![Step::json(200, &list())]]);
    let home = Home::asking(&server);
    let ran = home.run(&["models", "--json"]);
    assert_eq!(
        ids(&ran),
        ["gpt-6.1-terra", "gpt-6-luna", "zeta", "bad\u{1b}[31mid"],
        "{ran:?}"
    );
    let request = &server.requests()[0];
    assert!(
        request.head.starts_with("GET /v1/models HTTP/1.1"),
        "{}",
        request.head
    );
    let sent = format!("Bearer {KEY}");
    assert_eq!(request.header("authorization"), Some(sent.as_str()));
    let rows = ran.json();
    assert_eq!(rows[1]["shutdown"], json!(day(20)));
    assert_eq!(rows[1]["days_left"], json!(20));
    // A vendor's list price does not hold at a server on this machine.
    assert_eq!(rows[0]["usd_per_1m"], json!(null));
    assert_eq!(
        (&rows[2]["context"], &rows[2]["usd_per_1m"]["input"]),
        (&json!(8192), &json!(0.6))
    );
    // The second time nobody is asked.
    let again = home.run(&["models", "luna", "--json"]);
    assert_eq!(ids(&again), ["gpt-6-luna"]);
    assert_eq!(server.requests().len(), 1);
    assert_eq!(ids(&home.run(&["models", "--all", "--json"])).len(), 7);
    // What has no price of its own is priced by the list from then on.
    assert!(home.path("cache").read_dir().unwrap().count() == 1);
}

#[test]
fn a_server_nearby_has_no_price_to_know() {
    let server = Server::start(vec![vec![Step::json(200, r#"{"data":[{"id":"zeta"}]}"#)]]);
    let ran = Home::asking(&server).run(&["models"]);
    assert_eq!(ran.stdout.lines().nth(1), Some("zeta"), "{ran:?}");
}

#[test]
fn the_list_reads_well_at_eighty_columns_and_in_a_pipe() {
    let server = Server::start(vec![vec![Step::json(200, &list())]]);
    let home = Home::asking(&server);
    // A gateway on this machine that stands for the vendor charges what the vendor does.
    home.write(
        "config/config.toml",
        "[providers.openai]\nserver = \"openai\"\n",
    );
    let ran = home.run(&["models"]);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "MODEL          WINDOW  IN $/M     OUT  ABILITIES      LAST DAY"
    );
    assert_eq!(
        lines[1],
        "gpt-6.1-terra   1.05M    1.00    5.00  vision reason"
    );
    assert_eq!(
        lines[2],
        format!(
            "gpt-6-luna      1.05M    0.10    0.50  vision reason  {}!",
            day(20)
        )
    );
    assert_eq!(lines[3], "zeta               8K    0.60    2.40");
    assert!(
        lines[4].contains("n/a") && !lines[4].contains('\u{1b}'),
        "{ran:?}"
    );
    assert!(ran.stderr.contains("told now"), "{ran:?}");
    assert!(
        ran.stderr
            .contains("! 1 of them stop answering within 90 days"),
        "{ran:?}"
    );
}

#[test]
fn without_a_server_there_is_the_last_list_and_without_that_the_table() {
    let server = Server::start(vec![vec![Step::json(200, &list())]]);
    let home = Home::asking(&server);
    let gone = Home::asking(&server);
    assert_eq!(home.run(&["models", "zeta"]).code, 0);
    let refreshed = home.run(&["models", "zeta", "--refresh"]);
    assert_eq!(
        (refreshed.code, refreshed.stdout.lines().count()),
        (3, 2),
        "{refreshed:?}"
    );
    assert!(
        refreshed.stderr.contains("there is no newer list: "),
        "{refreshed:?}"
    );
    // The table has OpenAI's models, and this is another server, which has its own.
    let none = gone.run(&["models", "gpt-6"]);
    assert_eq!((none.code, none.stdout.as_str()), (3, ""), "{none:?}");
    assert!(none.stderr.contains("127.0.0.1"), "{none:?}");
}

#[test]
fn a_server_that_tells_nothing_is_not_given_the_models_of_another_vendor() {
    // Nothing listens at the first port.
    let home = Home::new();
    home.write(
        "config/config.toml",
        "[providers.ollama]\nbase_url = \"http://127.0.0.1:1/v1\"\n",
    );
    for args in [
        &["models", "-p", "ollama"][..],
        &["models", "-p", "ollama", "--refresh", "--json"],
    ] {
        let ran = home.run(args);
        assert_eq!(ran.code, 3, "{ran:?}");
        let told = format!("{}{}", ran.stdout, ran.stderr);
        assert!(
            told.contains("127.0.0.1:1") && !told.contains("gpt"),
            "{ran:?}"
        );
    }
}

#[test]
fn without_a_key_the_table_is_shown_and_nobody_is_asked() {
    let home = Home::new();
    let ran = home.run(&["models"]);
    assert_eq!(ran.code, 0);
    assert!(ran.stdout.contains("gpt-6.1-terra"), "{ran:?}");
    assert!(!ran.stdout.contains("gpt-3.5"), "{ran:?}");
    assert!(
        ran.stderr
            .contains("from the table in copydesk, not from the server")
            && ran.stderr.contains("set OPENAI_API_KEY"),
        "{ran:?}"
    );
    let widest = ran.stdout.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?}\n{}", ran.stdout);
    assert!(home.run(&["models", "--all"]).stdout.contains("gpt-3.5"));
    let practice = home.run(&["models", "-p", "practice", "--json"]);
    assert_eq!(ids(&practice), ["practice"]);
    let none = home.run(&["models", "no-such-thing"]);
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    assert!(
        none.stderr.contains("no model of it has these letters"),
        "{none:?}"
    );
    assert_eq!(home.run(&["models", "-p", "nobody"]).code, 2);
}

#[test]
fn answers_that_are_no_list_are_told_and_cost_only_the_list() {
    let no_list = "does not answer with a list of models";
    for (status, body, word, code) in [
        (200, "<html>hello</html>", no_list, 3),
        (200, "{}", no_list, 3),
        (
            401,
            r#"{"error":{"message":"bad key","code":"invalid_api_key"}}"#,
            "key",
            4,
        ),
        (404, "", "404", 4),
    ] {
        let server = Server::start(vec![vec![Step::json(status, body)]]);
        let ran = Home::asking(&server).run(&["models"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (code, ""), "{ran:?}");
        assert!(ran.stderr.contains(word), "{word}: {ran:?}");
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_list_gives_unknown_models_their_price() {
    let answer = support::cli::answer("x");
    let server = Server::start(vec![vec![Step::json(200, &list())], answer]);
    let home = Home::asking(&server).with("OPENAI_MODEL", "zeta");
    assert_eq!(home.run(&["models"]).code, 0);
    let run = ["run", "blog-post", "-i", "topic=x", "--json"];
    // 27 tokens in at 0.60, 31 out at 2.40.
    assert_eq!(home.run(&run).json()["cost"], json!(0.000_090_6));
}

// --- the picker -------------------------------------------------------------------------------

/// A studio whose provider is OpenAI.
fn studio(size: (u16, u16)) -> Studio {
    let env = |name: &str| match name {
        "OPENAI_API_KEY" => Some("sk-test".to_owned()),
        "OPENAI_MODEL" => Some("gpt-6.1-terra".to_owned()),
        _ => None,
    };
    Studio::with(Settings::resolve(None, &env, &Overrides::default()), size)
}

/// A few models with everything that a row can say.
fn catalog() -> Catalog {
    let listing = |id: &str| Listing {
        id: id.to_owned(),
        ..Listing::default()
    };
    let rates = Rates {
        input: 0.05,
        cached: None,
        written: None,
        output: 1.0,
    };
    Catalog {
        server: "https://api.openai.com/v1".to_owned(),
        at: Timestamp::UNIX_EPOCH,
        listings: vec![
            listing("gpt-6.1-terra"),
            listing("gpt-6-luna"),
            Listing {
                shutdown: Some(jiff::civil::date(2026, 12, 11)),
                ..listing("gpt-5-mini")
            },
            Listing {
                prices: Some(Prices {
                    usual: rates,
                    long: None,
                }),
                context: Some(8_192),
                ..listing("a-new-one")
            },
            listing("unpriced"),
            listing("tts-1"),
        ],
    }
}

fn told(catalog: Option<Catalog>, failure: Option<Failure>) -> Msg {
    Msg::Models {
        provider: "openai".to_owned(),
        catalog,
        failure,
    }
}

#[test]
fn the_picker_shows_the_table_at_once_and_asks_the_server() {
    let mut studio = studio(LARGE);
    studio.keys("<F3>");
    assert_eq!(
        studio.asked.last(),
        Some(&Effect::LoadModels {
            provider: "openai".to_owned(),
            ask: Ask::IfOld
        })
    );
    assert!(studio.text().contains("gpt-6.2-astra"), "{}", studio.text());
    assert!(
        studio.text().contains("asking the server"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+r>");
    assert!(matches!(
        studio.asked.last(),
        Some(Effect::LoadModels { ask: Ask::Anew, .. })
    ));
    let refused = Failure::new(FailureKind::Refused, "the key is wrong")
        .advice("set OPENAI_API_KEY to a key for https://api.openai.com/v1");
    studio.tell(told(None, Some(refused)));
    assert!(
        studio.text().contains("The key is wrong"),
        "{}",
        studio.text()
    );
    assert!(studio.text().contains("gpt-6.2-astra"), "{}", studio.text());
}

#[test]
fn what_the_server_told_is_shown_with_price_window_abilities_and_last_day() {
    for (name, size) in [("picker_large", LARGE), ("picker_usual", USUAL)] {
        let mut studio = studio(size);
        studio.keys("<F3>").tell(told(Some(catalog()), None));
        assert_snapshot!(name, studio.picture());
    }
    let mut refused = studio(USUAL);
    let failure = Failure::new(
        FailureKind::Refused,
        "https://api.openai.com refused the key",
    )
    .why("incorrect API key provided")
    .advice("set OPENAI_API_KEY to a key for https://api.openai.com/v1");
    refused.keys("<F3>").tell(told(None, Some(failure)));
    assert_snapshot!("picker_refused", refused.picture());
    let mut typed = studio(USUAL);
    typed.keys("<F3>").tell(told(Some(catalog()), None));
    assert_snapshot!("picker_typed", typed.keys("luna-9").picture());
}

#[test]
fn a_choice_holds_for_the_session_over_the_templates_wish() {
    let mut studio = studio(LARGE);
    studio.put(
        "data/templates/aa.md",
        "---\ntitle: Aa\nmodel: {id: wished}\n---\nWrite {{ it }}.\n",
    );
    studio.read_again();
    studio.keys("/aa<enter><enter>it");
    assert!(
        studio.text().contains("openai · wished"),
        "{}",
        studio.text()
    );
    studio.keys("<F3>luna<enter>");
    assert!(studio.app.dialogs.is_empty());
    assert!(
        studio.text().contains("openai · gpt-6-luna"),
        "{}",
        studio.text()
    );
    studio.keys("<ctrl+g>");
    let model = studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Generate { request, .. } => Some(request.model.clone()),
        _ => None,
    });
    assert_eq!(model.as_deref(), Some("gpt-6-luna"));
}

#[test]
fn any_id_can_be_chosen_and_has_no_price() {
    let mut studio = studio(LARGE);
    studio.keys("<enter>Rust<F3>my-own:7b<enter>");
    assert!(
        studio
            .text()
            .contains("openai · my-own:7b  ~398 tok · cost n/a"),
        "{}",
        studio.text()
    );
    // Its server may have told a price earlier: the cache is looked at, nobody is asked.
    assert!(studio.asked.contains(&Effect::LoadModels {
        provider: "openai".to_owned(),
        ask: Ask::Nobody
    }));
}

#[test]
fn a_choice_can_be_kept_for_good() {
    let mut studio = studio(LARGE);
    studio.keys("<F3>luna<ctrl+s>");
    assert!(studio.app.dialogs.is_empty());
    assert!(studio.asked.contains(&Effect::PreferModel {
        provider: "openai".to_owned(),
        model: "gpt-6-luna".to_owned(),
    }));
    assert!(studio.text().contains("openai · gpt-6-luna"));
}

/// A studio that asks a server of one's own, with no model named.
fn at_home() -> Studio {
    let file = Some(("config.toml", "provider = \"ollama\"\n"));
    let settings = Settings::resolve(file, &|_| None, &Overrides::default());
    let mut studio = Studio::with(settings, LARGE);
    studio.keys("<enter>Rust");
    studio
}

fn at_home_told(ids: &[&str], failure: Option<Failure>) -> Msg {
    let listing = |id: &&str| Listing {
        id: (*id).to_owned(),
        ..Listing::default()
    };
    Msg::Models {
        provider: "ollama".to_owned(),
        catalog: Some(Catalog {
            server: "http://localhost:11434/v1".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            listings: ids.iter().map(listing).collect(),
        }),
        failure,
    }
}

fn sent(studio: &Studio) -> Vec<String> {
    let effects = studio.asked.iter();
    effects
        .filter_map(|effect| match effect {
            Effect::Generate { request, .. } => Some(request.model.clone()),
            _ => None,
        })
        .collect()
}

#[test]
fn a_server_of_ones_own_is_asked_for_its_first_model_when_something_is_sent() {
    let mut studio = at_home();
    assert!(
        studio.text().contains("ollama · its first model"),
        "{}",
        studio.text()
    );
    let asks = |studio: &Studio| {
        let asked = studio.asked.iter();
        asked
            .filter(|it| matches!(it, Effect::LoadModels { ask: Ask::Anew, .. }))
            .count()
    };
    assert_eq!(asks(&studio), 0, "nobody is asked before something is sent");
    studio.keys("<ctrl+g>");
    assert_eq!((asks(&studio), sent(&studio).len()), (1, 0));
    studio.tell(at_home_told(
        &["nomic-embed-text", "qwen3:8b", "gemma"],
        None,
    ));
    assert_eq!(sent(&studio), ["qwen3:8b"]);
    let notice = studio.app.notice.as_ref().unwrap().text.clone();
    assert_eq!(
        notice,
        "ollama is asked for qwen3:8b, the first of its 2 models; F3 takes another"
    );
    studio.keys("<F3>");
    let shown = studio.text();
    assert!(shown.contains("gemma") && !shown.contains("n/a"), "{shown}");
    studio.keys("<esc>");
    // From then on it is known; another choice goes before it.
    studio.keys("<ctrl+g>");
    assert_eq!((asks(&studio), sent(&studio).len()), (1, 2));
    studio.keys("<F3>gemma<enter><ctrl+g>");
    assert_eq!(sent(&studio)[2], "gemma");
}

/// A server on this machine of which only the address is known.
fn unknown_here() -> Studio {
    let base_url = "http://127.0.0.1:18399/v1";
    let env = |name: &str| (name == "OPENAI_BASE_URL").then(|| base_url.to_owned());
    let settings = Settings::resolve(None, &env, &Overrides::default());
    let mut studio = Studio::with(settings, LARGE);
    studio.keys("/blog post<enter>Kettles");
    studio
}

fn told_here(ids: &[&str], failure: Option<Failure>) -> Msg {
    let Msg::Models {
        catalog, failure, ..
    } = at_home_told(ids, failure)
    else {
        panic!("no list");
    };
    Msg::Models {
        provider: "openai".to_owned(),
        catalog: catalog.map(|catalog| Catalog {
            server: "http://127.0.0.1:18399/v1".to_owned(),
            ..catalog
        }),
        failure,
    }
}

#[test]
fn a_server_of_which_only_the_address_is_known_is_asked_for_its_first_model() {
    let mut studio = unknown_here();
    let shown = studio.text();
    assert!(
        shown.contains("openai · its first model") && !shown.contains("gpt-"),
        "{shown}"
    );
    studio.keys("<ctrl+g>");
    assert_eq!(sent(&studio), Vec::<String>::new());
    // A look at what is kept that comes late is no answer.
    studio.tell(Msg::Models {
        provider: "openai".to_owned(),
        catalog: None,
        failure: None,
    });
    assert_eq!(sent(&studio), Vec::<String>::new());
    studio.tell(told_here(&["smol"], None));
    assert_eq!(sent(&studio), ["smol"]);
    assert!(studio.text().contains("openai · smol"), "{}", studio.text());
}

#[test]
fn one_that_tells_no_models_is_asked_all_the_same() {
    let mut studio = unknown_here();
    let mut none = Failure::new(FailureKind::Refused, "no list of models");
    none.status = Some(404);
    studio.keys("<ctrl+g>").tell(told_here(&[], Some(none)));
    assert_eq!(sent(&studio), ["gpt-6.1-terra"]);
    let shown = studio.text();
    assert!(shown.contains("openai · gpt-6.1-terra"), "{shown}");
    // One that is not there may have other models once it is.
    let mut studio = unknown_here();
    let down = Failure::new(FailureKind::Network, "nobody is there");
    studio.keys("<ctrl+g>").tell(told_here(&[], Some(down)));
    assert_eq!(sent(&studio), ["gpt-6.1-terra"]);
    assert!(studio.text().contains("openai · its first model"));
}

#[test]
fn a_request_that_is_only_looked_at_names_no_model_for_certain() {
    let mut studio = unknown_here();
    studio.keys("<F8>");
    let shown = studio.text();
    assert!(
        shown.contains("gpt-6.1-terra stands for it here"),
        "{shown}"
    );
    // Its last list tells what would be sent; whether it still is is asked when it is sent.
    let mut studio = unknown_here();
    studio
        .tell(told_here(&["smol", "other"], None))
        .keys("<F8>");
    let inspected = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Inspect { request, .. } => Some(request.model.as_str()),
        _ => None,
    });
    assert_eq!(inspected.collect::<Vec<_>>(), ["smol"]);
    assert!(studio.text().contains("openai · its first model"));
}

#[test]
fn nothing_is_sent_when_there_is_no_first_model_or_the_person_stops() {
    let mut studio = at_home();
    studio
        .keys("<ctrl+g>")
        .tell(at_home_told(&["nomic-embed-text"], None));
    assert!(studio.text().contains("has no model that writes text"));
    let down = Failure::new(FailureKind::Network, "http://localhost:11434 is not there");
    studio
        .keys("<ctrl+g>")
        .tell(at_home_told(&["old"], Some(down)));
    assert!(studio.text().contains("is not there"), "{}", studio.text());
    studio.keys("<ctrl+g><esc>");
    assert!(
        studio.text().contains("nothing was sent"),
        "{}",
        studio.text()
    );
    studio.tell(at_home_told(&["qwen3:8b"], None));
    assert_eq!(sent(&studio), Vec::<String>::new());
}

#[test]
fn run_takes_the_first_model_of_a_server_of_ones_own_and_says_so() {
    let list = r#"{"data":[{"id":"nomic-embed-text"},{"id":"qwen3:8b"},{"id":"gemma"}]}"#;
    let script = vec![vec![Step::json(200, list)], support::cli::answer("Hi.")];
    let server = Server::start(script);
    let home = Home::new();
    let config = format!("[providers.ollama]\nbase_url = \"{}\"\n", server.base_url());
    home.write("config/config.toml", &config);
    let line = ["run", "blog-post", "-i", "topic=x", "-p", "ollama"];
    // What sends nothing asks nobody.
    let unsent = home.run(&[&line[..], &["--dry-run"]].concat());
    assert_eq!(unsent.code, 2, "{unsent:?}");
    assert!(server.requests().is_empty());
    let ran = home.run(&line);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Hi."), "{ran:?}");
    let told =
        "copydesk: ollama is asked for qwen3:8b, the first of its 2 models; -m asks for another";
    assert!(ran.stderr.contains(told), "{ran:?}");
    assert_eq!(server.requests()[1].json()["model"], "qwen3:8b");
    // By now it is known what would be sent.
    let unsent = home.run(&[&line[..], &["--dry-run"]].concat());
    assert_eq!(unsent.json()["model"], "qwen3:8b", "{unsent:?}");
    assert_eq!(server.requests().len(), 2);
}

/// The rest of a line about an unknown server on this machine that is asked without a model.
fn run_unknown(scripts: Vec<Vec<Step>>, more: &[&str]) -> (Ran, Server) {
    let server = Server::start(scripts);
    let home = Home::new().with("OPENAI_BASE_URL", &server.base_url());
    let line = ["run", "blog-post", "-i", "topic=x"];
    (home.run(&[&line[..], more].concat()), server)
}

#[test]
fn a_base_url_on_this_machine_is_enough_whatever_answers_there() {
    let list = Step::json(200, r#"{"data":[{"id":"smol"}]}"#);
    let (ran, server) = run_unknown(vec![vec![list], support::cli::answer("Hi.")], &[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Hi."), "{ran:?}");
    assert!(
        ran.stderr
            .contains("openai is asked for smol, its only model"),
        "{ran:?}"
    );
    assert_eq!(server.requests()[1].json()["model"], "smol");
    // A small server may tell no models and take any name.
    for answer in [
        Step::json(404, "{}"),
        Step::json(501, "<html>"),
        Step::json(200, "{}"),
        Step::json(200, r#"{"data":[]}"#),
    ] {
        let (ran, server) = run_unknown(vec![vec![answer], support::cli::answer("Hi.")], &[]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "Hi."), "{ran:?}");
        assert!(ran.stderr.contains("does not tell its models"), "{ran:?}");
        assert_eq!(server.requests()[1].json()["model"], "gpt-6.1-terra");
    }
}

#[test]
fn what_is_only_looked_at_says_which_model_is_not_known_yet() {
    let (ran, server) = run_unknown(Vec::new(), &["--dry-run"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["model"], "gpt-6.1-terra");
    assert!(
        ran.stderr
            .contains("asked for the first of its models; gpt-6.1-terra stands for it here"),
        "{ran:?}"
    );
    assert!(server.requests().is_empty());
    let home = Home::new().with("OPENAI_BASE_URL", &server.base_url());
    let shown = home.run(&["config", "show"]).stdout;
    assert!(shown.contains("the first that its server has"), "{shown}");
}

#[test]
fn the_picker_is_in_the_palette_and_pastes() {
    let mut studio = studio(USUAL);
    studio.keys("<ctrl+p>choose the model<enter>");
    assert!(
        studio.text().contains("Model of openai"),
        "{}",
        studio.text()
    );
    studio.keys("<paste:pasted-id>");
    assert!(studio.text().contains("pasted-id"), "{}", studio.text());
    studio.keys("<esc>");
    let mut practising = Studio::with(
        Settings::resolve(None, &|_| None, &Overrides::default()),
        USUAL,
    );
    practising.keys("<F3>");
    assert!(practising.app.dialogs.is_empty());
}
