//! Tokens and money from outside: the estimate on screen, the cost of a run wherever it is told,
//! the budget, `usage` and its box.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::dialog::Dialog;
use copydesk::app::effect::{Effect, Keep};
use copydesk::app::msg::{Journaling, Msg, Now};
use copydesk::config::{Overrides, Settings};
use copydesk::domain::cost::{Prices, Spent, Usd};
use copydesk::domain::ledger::{Item, Month};
use copydesk::domain::models::{Catalog, Listing, Vocabulary, find};
use copydesk::domain::run::{FinishReason, Usage};
use copydesk::domain::tokens::Tokens;
use copydesk::store::journal::Journal;
use copydesk::store::{Paths, catalog};
use insta::assert_snapshot;
use jiff::{ToSpan, Zoned};
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::Stdio;
use support::cli::{Home, Ran, answer, delta, ran};
use support::pty::Pty;
use support::server::{Gate, Server, Step};
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const POST: [&str; 4] = ["run", "blog-post", "-i", "topic=Blue kettles"];
/// What the scripted answer costs with the model below: 27 tokens in, 31 out.
const COST: f64 = 0.000_182;

fn post<'a>(more: &[&'a str]) -> Vec<&'a str> {
    POST.iter().copied().chain(more.iter().copied()).collect()
}

/// A home whose default model has a price.
fn home(server: &Server) -> Home {
    let home = Home::asking(server).with("OPENAI_MODEL", "gpt-6.1-terra");
    list(&home.path(""), server, terra());
    home
}

/// The model below and what it costs.
fn terra() -> (&'static str, Prices) {
    let id = "gpt-6.1-terra";
    (id, find(id).prices.unwrap())
}

/// A config file for a server nearby that hands everything on to OpenAI.
const GATEWAY: &str = "[providers.openai]\nserver = \"openai\"\n";

fn budget(home: &Home, monthly: f64, on_limit: &str) {
    let text = format!("[budget]\nmonthly_usd = {monthly:?}\non_limit = \"{on_limit}\"\n");
    home.write("config/config.toml", &text);
}

fn usd(dollars: f64) -> Usd {
    Usd::new(dollars).unwrap()
}

/// What the journal says every run cost, by its own reading.
fn ledger(home: &Home) -> Vec<Item> {
    let journal = Journal::open(&home.path("data/journal.db")).unwrap();
    let all = jiff::Timestamp::MIN..jiff::Timestamp::MAX;
    journal.journal.ledger(all).unwrap()
}

// --- the cost of a run ------------------------------------------------------------------------

#[test]
fn a_run_tells_its_cost_in_json_in_its_draft_and_in_the_journal() {
    let server = Server::start(vec![answer("# One"), answer("# Two")]);
    let home = home(&server);
    let report = home.run(&post(&["--json"])).json();
    assert_eq!(report["cost"], json!(COST));
    assert_eq!(report["cost_is_estimate"], json!(false));
    assert_eq!(report["usage"]["input"], json!(27));
    assert_eq!(home.run(&post(&["--save"])).code, 0);
    let draft = std::fs::read_to_string(&home.drafts()[0]).unwrap();
    assert!(draft.contains("\n  cost: 0.000182\n"), "{draft}");
    let spent: Vec<_> = ledger(&home).iter().map(|item| item.spent).collect();
    assert_eq!(spent, [Some(Spent::Real(usd(COST))); 2]);
}

#[test]
fn what_the_server_says_it_cost_wins_and_what_has_no_price_has_none() {
    let told =
        json!({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 1, "cost": 0.25}});
    let last = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    let body = format!(
        "{}data: {last}\n\ndata: {told}\n\ndata: [DONE]\n\n",
        delta("x")
    );
    let server = Server::start(vec![
        vec![Step::stream_head(), Step::body(&body)],
        answer("x"),
    ]);
    let home = Home::asking(&server);
    home.write("config/config.toml", GATEWAY);
    assert_eq!(home.run(&post(&["--json"])).json()["cost"], json!(0.25));
    let unpriced = home.run(&post(&["--json"])).json();
    assert_eq!(unpriced["cost"], Value::Null);
    assert_eq!(unpriced["usage"]["output"], json!(31));
}

#[test]
fn a_server_nearby_costs_nothing_unless_it_says_a_price() {
    let server = Server::start(vec![answer("x"), answer("y"), answer("z")]);
    let home = Home::asking(&server).with("OPENAI_MODEL", "gpt-6.1-terra");
    let told = home.run(&post(&["--json"])).json();
    assert_eq!(told["cost"], json!(0.0));
    assert_eq!(told["cost_is_estimate"], json!(false));
    home.write("config/config.toml", GATEWAY);
    assert_eq!(home.run(&post(&["--json"])).json()["cost"], json!(COST));
    home.write("config/config.toml", "");
    list(&home.path(""), &server, terra());
    assert_eq!(home.run(&post(&["--json"])).json()["cost"], json!(COST));
}

#[test]
fn a_regional_host_is_dearer_before_anything_is_sent() {
    let file = "[providers.openai]\nbase_url = \"https://eu.api.openai.com/v1\"\n";
    let cost = |file: &str| {
        let studio = form(file, LARGE);
        studio.app.estimate().unwrap().cost.unwrap().usd().dollars()
    };
    let (there, here) = (cost(file), cost(""));
    assert!((there - here * 1.1).abs() < 1e-8, "{there} {here}");
}

#[test]
fn a_run_that_breaks_off_costs_an_estimate_that_says_so() {
    let script = vec![
        Step::stream_head(),
        Step::body(&delta(&"word ".repeat(80))),
        Step::Drop,
    ];
    let server = Server::start(vec![script]);
    let home = home(&server);
    let ran = home.run(&post(&["--save", "--json"]));
    assert_eq!(ran.code, 6, "{ran:?}");
    let report = ran.json();
    assert_eq!(report["cost_is_estimate"], json!(true));
    // A hundred tokens came, and some hundreds went out.
    let cost = report["cost"].as_f64().unwrap();
    assert!((0.000_6..0.002).contains(&cost), "{cost}");
    let draft = std::fs::read_to_string(&home.drafts()[0]).unwrap();
    assert!(
        draft.contains(&format!("\n  cost: \"~{cost}\"\n")),
        "{draft}"
    );
    assert!(ledger(&home)[0].spent.unwrap().is_estimated());
}

#[test]
fn a_try_that_took_tokens_and_was_repeated_is_booked_beside_the_run() {
    let failed = concat!(
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":7}}\n\n",
        "data: {\"error\":{\"code\":\"server_is_overloaded\",\"message\":\"Busy.\"}}\n\n",
    );
    let server = Server::start(vec![
        vec![Step::stream_head(), Step::body(failed)],
        answer("In the end."),
    ]);
    let home = home(&server);
    let ran = home.run(&post(&[]));
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "In the end."),
        "{ran:?}"
    );
    let booked = ledger(&home);
    assert_eq!(booked.len(), 2, "{booked:?}");
    let tried = booked
        .iter()
        .find(|item| item.usage.is_some_and(|it| it.output == 7));
    let tried = tried.unwrap_or_else(|| panic!("{booked:?}"));
    let spent = tried.spent.unwrap();
    assert!(
        !spent.is_estimated() && spent.usd() > Usd::ZERO,
        "{spent:?}"
    );
    let json = home.run(&["usage", "--json"]).json();
    let total = &json["total"];
    assert_eq!(
        (&total["input"], &total["output"]),
        (&json!(1_027), &json!(38))
    );
}

#[test]
fn a_request_that_nobody_took_costs_nothing() {
    let server = Server::start(vec![vec![Step::json(401, r#"{"error":{"message":"no"}}"#)]]);
    let home = home(&server);
    let report = home.run(&post(&["--json"])).json();
    assert_eq!(report["cost"], json!(0.0));
    let told = home.run(&["usage", "--json"]).json();
    assert_eq!(
        (&told["total"]["runs"], &told["total"]["estimated"]),
        (&json!(1), &json!(0))
    );
}

// --- the budget -------------------------------------------------------------------------------

#[test]
fn a_run_over_the_budget_is_stopped_before_it_connects() {
    let server = Server::start(vec![answer("x")]);
    let home = home(&server);
    budget(&home, 0.000_1, "stop");
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (7, ""), "{ran:?}");
    for word in ["would go over the budget", "--over-budget", "monthly_usd"] {
        assert!(ran.stderr.contains(word), "{word}: {ran:?}");
    }
    let report = home.run(&post(&["--json"])).json();
    assert_eq!(report["error"]["kind"], json!("over_budget"));
    assert_eq!(report["error"]["exit_code"], json!(7));
    assert!(server.requests().is_empty());
    let over = home.run(&post(&["--over-budget"]));
    assert_eq!((over.code, over.stdout.as_str()), (0, "x"), "{over:?}");
    assert_eq!(over.stderr, "");
}

#[test]
fn what_earlier_runs_cost_counts_and_a_warning_sends_all_the_same() {
    let server = Server::start(vec![answer("x"), answer("y"), answer("z")]);
    let home = home(&server);
    assert_eq!(home.run(&post(&[])).code, 0);
    budget(&home, COST, "stop");
    let ran = home.run(&post(&[]));
    assert_eq!(ran.code, 7, "{ran:?}");
    assert!(
        ran.stderr.contains("is used up: $0.0002 are spent"),
        "{ran:?}"
    );
    budget(&home, COST, "warn");
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "y"));
    assert!(ran.stderr.contains("is used up"), "{ran:?}");
    // The coming request makes it more than four fifths.
    budget(&home, 0.007, "stop");
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "z"), "{ran:?}");
    assert!(
        ran.stderr
            .contains("% of the budget of $0.007 for this month are used"),
        "{ran:?}"
    );
}

#[test]
fn runs_of_an_earlier_month_are_not_of_this_budget() {
    let server = Server::start(vec![answer("x")]);
    let home = home(&server);
    spend(&home, &Zoned::now().checked_sub(40.days()).unwrap(), 100.0);
    budget(&home, 1.0, "stop");
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
}

#[test]
fn a_model_without_a_price_and_the_practice_engine_know_no_budget() {
    let server = Server::start(vec![answer("x")]);
    let home = Home::asking(&server);
    let text = "[budget]\nmonthly_usd = 0.0001\non_limit = \"stop\"\n";
    home.write("config/config.toml", &format!("{GATEWAY}{text}"));
    assert_eq!(home.run(&post(&[])).code, 0);
    assert_eq!(home.run(&post(&["-p", "practice"])).code, 0);
}

/// A list that this server is taken to have told.
fn list(home: &Path, server: &Server, (id, prices): (&str, Prices)) {
    let listing = Listing {
        id: id.to_owned(),
        prices: Some(prices),
        ..Listing::default()
    };
    let catalog = Catalog {
        server: server.base_url(),
        at: jiff::Timestamp::now(),
        listings: vec![listing],
    };
    catalog::save(&Paths::below(home), &catalog).unwrap();
}

#[test]
fn what_costs_nothing_passes_a_budget_that_is_used_up() {
    let server = Server::start(vec![answer("x")]);
    let home = Home::asking(&server).with("OPENAI_MODEL", "free-of-charge");
    spend(&home, &Zoned::now(), 9.0);
    budget(&home, 1.0, "stop");
    list(&home.path(""), &server, ("free-of-charge", Prices::FREE));
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "x"), "{ran:?}");
    assert_eq!(ran.stderr, "");
    let mut studio = form("[budget]\nmonthly_usd = 0.01\non_limit = \"stop\"\n", LARGE);
    studio.tell(Msg::Spent {
        spent: usd(9.0),
        until: Now(u64::MAX),
    });
    studio.tell(Msg::Models {
        provider: "openai".to_owned(),
        catalog: Some(Catalog {
            server: String::new(),
            at: jiff::Timestamp::UNIX_EPOCH,
            listings: vec![Listing {
                id: "gpt-6.1-terra".to_owned(),
                prices: Some(Prices::FREE),
                ..Listing::default()
            }],
        }),
        failure: None,
    });
    studio.keys("<ctrl+g>");
    assert_eq!((sends(&studio), studio.app.dialogs.len()), (1, 0));
}

#[test]
fn a_budget_that_is_misspelt_sends_nothing() {
    let server = Server::start(vec![answer("x")]);
    let home = home(&server);
    home.write("config/config.toml", "[budget]\nmonthly_us = 5\n");
    let ran = home.run(&post(&[]));
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(
        ran.stderr
            .contains("config.toml:2:1: unknown key `monthly_us`"),
        "{ran:?}"
    );
    assert!(server.requests().is_empty());
}

/// Writes into the journal that something was spent.
fn spend(home: &Home, at: &Zoned, dollars: f64) {
    use copydesk::domain::brief::Brief;
    use copydesk::domain::prompt::{Prompt, Request};
    use copydesk::domain::run::RunId;
    use copydesk::store::journal::{Ending, Outcome, Purpose, RunRecord, SessionId};
    let path = home.path("data/journal.db");
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let mut journal = Journal::open(&path).unwrap().journal;
    let id = RunId(uuid::Uuid::now_v7());
    let record = RunRecord {
        id,
        session: SessionId(uuid::Uuid::now_v7()),
        at: at.timestamp(),
        purpose: Purpose::Generate,
        continues: None,
        together: None,
        draft: None,
        template: Some("blog-post".to_owned()),
        template_hash: None,
        brief: Brief::default(),
        provider: "openai".to_owned(),
        origin: None,
        request: Request {
            model: "gpt-6.1-terra".to_owned(),
            prompt: Prompt::default(),
        },
    };
    journal.begin(&record).unwrap();
    let outcome = Outcome {
        at: at.timestamp(),
        ending: Ending::Finished(FinishReason::Stop),
        usage: Some(Usage {
            input: 1_000,
            output: 2_000,
            ..Usage::default()
        }),
        model: None,
        cost: Some(dollars),
    };
    journal.finish(id, &outcome).unwrap();
}

// --- copydesk usage ---------------------------------------------------------------------------

#[test]
fn usage_of_an_empty_home_says_so_and_makes_no_journal() {
    let home = Home::new();
    let ran = home.run(&["usage"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    assert!(
        ran.stdout.starts_with("nothing was run here yet") && ran.stdout.lines().count() == 1,
        "{ran:?}"
    );
    let json = home.run(&["usage", "--json"]).json();
    assert_eq!(
        (&json["rows"], &json["total"]["runs"], &json["budget"]),
        (&json!([]), &json!(0), &Value::Null)
    );
    assert!(!home.path("data/journal.db").exists());
}

#[test]
fn usage_adds_up_by_day_model_and_template() {
    let server = Server::start(vec![answer("x"), answer("y")]);
    let home = home(&server);
    home.write("config/config.toml", GATEWAY);
    let now = Zoned::now();
    spend(&home, &now.checked_sub(2.days()).unwrap(), 1.5);
    spend(&home, &now.checked_sub(60.days()).unwrap(), 9.0);
    assert_eq!(home.run(&post(&[])).code, 0);
    assert_eq!(home.run(&post(&["-m", "m1"])).code, 0);
    let rows = |args: &[&str]| {
        let json = home.run(&[&["usage", "--json"], args].concat()).json();
        let rows = json["rows"].as_array().unwrap().clone();
        let named = rows.iter().map(|row| {
            let name = row["name"].as_str().unwrap().to_owned();
            (
                name,
                row["runs"].as_u64().unwrap(),
                row["unpriced"].as_u64().unwrap(),
            )
        });
        named.collect::<Vec<_>>()
    };
    let day = |ago: i64| {
        let day = Zoned::now().with_time_zone(jiff::tz::TimeZone::UTC);
        day.date().checked_sub(ago.days()).unwrap().to_string()
    };
    assert_eq!(rows(&[]), [(day(2), 1, 0), (day(0), 2, 1)]);
    assert_eq!(
        rows(&["--by", "template"]),
        [("blog-post".to_owned(), 3, 1)]
    );
    // Both runs were answered by the model that the scripted server says it is.
    let models = rows(&["--by", "model"]);
    assert_eq!(models[0], ("openai · gpt-6.1-terra".to_owned(), 1, 0));
    assert_eq!(models[1].1, 2);
    assert_eq!(rows(&["--since", &day(70)]).len(), 3);
    assert!(rows(&["--since", &day(-3)]).is_empty());

    let table = home.run(&["usage", "--by", "model"]);
    let lines: Vec<&str> = table.stdout.lines().collect();
    assert!(
        lines[0].starts_with("MODEL") && lines[0].ends_with("COST"),
        "{table:?}"
    );
    assert!(lines.last().unwrap().starts_with("total"), "{table:?}");
    assert!(
        lines.iter().all(|line| line.chars().count() <= 80),
        "{table:?}"
    );
    assert!(table.stderr.contains("1 run has no price"), "{table:?}");
    let wrong = home.run(&["usage", "--since", "yesterday"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
}

#[test]
fn usage_tells_cached_and_reasoning_tokens_everywhere() {
    let told = json!({"choices": [], "usage": {
        "prompt_tokens": 2000, "completion_tokens": 900,
        "prompt_tokens_details": {"cached_tokens": 1500},
        "completion_tokens_details": {"reasoning_tokens": 640},
    }});
    let last = json!({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]});
    let body = format!(
        "{}data: {last}\n\ndata: {told}\n\ndata: [DONE]\n\n",
        delta("x")
    );
    let server = Server::start(vec![vec![Step::stream_head(), Step::body(&body)]]);
    let home = home(&server);
    assert_eq!(home.run(&post(&[])).code, 0);
    let total = &home.run(&["usage", "--json"]).json()["total"];
    assert_eq!(
        (&total["cached"], &total["reasoning"]),
        (&json!(1500), &json!(640))
    );
    let said = "1,500 of the input cached, 640 of the output reasoning";
    let ran = home.run(&["usage"]);
    assert!(ran.stderr.contains(said), "{ran:?}");
    let now = Zoned::now();
    let mut studio = form("", LARGE);
    studio.tell(Msg::Usage(Box::new(Month::of(&ledger(&home), &now))));
    assert!(
        studio.text().contains("1,500 of the input cached"),
        "{}",
        studio.text()
    );
}

#[test]
fn usage_tells_how_the_budget_stands() {
    let home = Home::new();
    spend(&home, &Zoned::now(), 4.5);
    budget(&home, 5.0, "stop");
    let ran = home.run(&["usage"]);
    assert!(
        ran.stderr
            .contains("budget: $4.50 of $5.00 are spent this month; it stops at the limit"),
        "{ran:?}"
    );
    let json = home.run(&["usage", "--json"]).json();
    assert_eq!(
        json["budget"],
        json!({"monthly_usd": 5.0, "spent_usd": 4.5, "on_limit": "stop"})
    );
}

// --- the studio -------------------------------------------------------------------------------

/// Settings with a model that has a price, and this config file.
fn priced(file: &str) -> Settings {
    let env = |name: &str| match name {
        "OPENAI_API_KEY" => Some("sk-test".to_owned()),
        "OPENAI_MODEL" => Some("gpt-6.1-terra".to_owned()),
        _ => None,
    };
    Settings::resolve(Some(("config.toml", file)), &env, &Overrides::default())
}

/// The form of the first template with a topic, asked of a model with a price.
fn form(file: &str, size: (u16, u16)) -> Studio {
    let mut studio = Studio::with(priced(file), size);
    studio.keys("<enter>Rust");
    studio
}

fn title(studio: &mut Studio) -> String {
    studio.text().lines().next().unwrap_or_default().to_owned()
}

fn sends(studio: &Studio) -> usize {
    let sent = studio.asked.iter();
    sent.filter(|effect| matches!(effect, Effect::Generate { .. }))
        .count()
}

#[test]
fn the_title_tells_size_and_price_and_counts_when_typing_pauses() {
    let mut studio = form("", LARGE);
    assert!(
        title(&mut studio).ends_with("openai · gpt-6.1-terra  ~398 tok ≈ $0.006"),
        "{}",
        title(&mut studio)
    );
    let counts = |studio: &Studio| {
        let asked = studio.asked.iter();
        asked
            .filter(|effect| matches!(effect, Effect::Count { .. }))
            .count()
    };
    assert_eq!(counts(&studio), 0);
    studio.wait(100).tell(Msg::Tick);
    assert_eq!(counts(&studio), 0, "typing has not paused yet");
    studio.wait(300).tell(Msg::Tick);
    assert_eq!(counts(&studio), 1);
    let Some(Effect::Count { vocabulary, prompt }) = studio.asked.last().cloned() else {
        panic!("nothing is counted: {:?}", studio.asked.last());
    };
    assert_eq!(vocabulary, Vocabulary::O200k);
    let tokens = Tokens::Counted(333);
    let told = Msg::Counted {
        vocabulary,
        prompt,
        tokens,
    };
    studio.tell(told.clone());
    assert!(
        title(&mut studio).contains("  333 tok ≈ "),
        "{}",
        title(&mut studio)
    );
    // Typing on shows what was counted and a quarter of what came, until it is counted again.
    studio.keys("abcdefgh");
    assert!(
        title(&mut studio).contains("  ~335 tok ≈ "),
        "{}",
        title(&mut studio)
    );
    studio.wait(300).tell(Msg::Tick);
    assert_eq!(counts(&studio), 2);
    // A count of what is not there any more changes nothing.
    studio.tell(told);
    assert!(
        title(&mut studio).contains("  ~335 tok ≈ "),
        "{}",
        title(&mut studio)
    );
    let wakes = studio.asked.len();
    studio.wait(5_000).tell(Msg::Tick);
    assert!(studio.asked.len() <= wakes + 2);
}

#[test]
fn the_border_tells_the_cost_and_a_stopped_run_an_estimate() {
    let mut studio = form("", LARGE);
    studio
        .keys("<ctrl+g>")
        .wait(1_000)
        .delta("A sentence.")
        .wait(2_000);
    studio.finish(FinishReason::Stop);
    // 120 tokens in and 48 out.
    assert!(
        studio.text().contains("done · $0.0004 ╮"),
        "{}",
        studio.text()
    );
    studio
        .keys("<ctrl+g>")
        .delta(&"word ".repeat(400))
        .keys("<esc>");
    assert!(
        studio.text().contains("stopped · ~$0.003"),
        "{}",
        studio.text()
    );
}

#[test]
fn the_budget_stands_in_the_title_and_holds_a_request_back() {
    let mut studio = form("[budget]\nmonthly_usd = 0.01\non_limit = \"stop\"\n", LARGE);
    let until = Now(u64::MAX);
    studio.tell(Msg::Spent {
        spent: usd(0.001),
        until,
    });
    assert!(
        title(&mut studio).ends_with("≈ $0.006  month $0.001/0.01"),
        "{}",
        title(&mut studio)
    );
    studio.tell(Msg::Spent {
        spent: usd(0.007),
        until,
    });
    assert_eq!(sends(&studio), 0);
    studio.keys("<ctrl+g>");
    assert_eq!(sends(&studio), 0);
    assert_snapshot!("over_budget", studio.picture());
    studio.keys("<enter>");
    assert_eq!((sends(&studio), studio.app.dialogs.len()), (0, 0));
    studio.keys("<ctrl+g>s");
    assert_eq!(sends(&studio), 1);
    studio.delta("x").finish(FinishReason::Stop);
    assert!(studio.asked.contains(&Effect::LoadSpent));
}

/// W1: a form counts as sent when its request has brought text, not when it was held back.
#[test]
fn a_form_that_is_held_back_is_still_kept() {
    let mut studio = form("[budget]\nmonthly_usd = 0.01\non_limit = \"stop\"\n", LARGE);
    studio.tell(Msg::Spent {
        spent: usd(0.009),
        until: Now(u64::MAX),
    });
    let told = |studio: &Studio| {
        let all = studio.asked.iter().filter_map(|effect| match effect {
            Effect::Keep(Keep::Brief { .. }) => Some("brief"),
            Effect::Keep(Keep::Sent { .. }) => Some("sent"),
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    studio.keys("<ctrl+g>");
    assert_eq!(told(&studio), [""; 0]);
    studio.keys("s");
    assert_eq!((sends(&studio), told(&studio)), (1, vec!["brief"]));
    studio.delta("x").delta("y");
    assert_eq!(told(&studio), ["brief", "sent"]);
}

#[test]
fn after_a_long_idle_the_ledger_is_asked_before_anything_leaves() {
    let month = |spent| Msg::Spent {
        spent: usd(spent),
        until: Now(u64::MAX),
    };
    let mut studio = form("[budget]\nmonthly_usd = 0.01\non_limit = \"stop\"\n", LARGE);
    studio.tell(month(0.001)).keys("<ctrl+g>");
    studio.delta("x").finish(FinishReason::Stop);
    studio.tell(month(0.001));
    assert_eq!(sends(&studio), 1);
    // Meanwhile another program spends from the same budget.
    studio.wait(61_000);
    let asks = |studio: &Studio| {
        let asked = studio.asked.iter();
        asked.filter(|it| **it == Effect::LoadSpent).count()
    };
    let before = asks(&studio);
    studio.keys("V");
    assert_eq!(sends(&studio), 1);
    assert!(asks(&studio) > before);
    studio.tell(month(0.009));
    assert_eq!((sends(&studio), studio.app.dialogs.len()), (1, 1));
    studio.keys("<esc>");
    // A ledger that says nothing holds nothing up for long.
    studio.tell(month(0.001)).wait(61_000).keys("V");
    assert_eq!(sends(&studio), 1);
    studio.wait(1_001).tell(Msg::Tick);
    assert_eq!(sends(&studio), 2);
}

#[test]
fn what_is_being_written_at_the_same_time_counts() {
    let mut studio = form("[budget]\nmonthly_usd = 0.01\non_limit = \"stop\"\n", LARGE);
    studio.tell(Msg::Spent {
        spent: Usd::ZERO,
        until: Now(u64::MAX),
    });
    studio.keys("<ctrl+g>");
    assert_eq!((sends(&studio), studio.app.dialogs.len()), (1, 0));
    studio.keys("V");
    assert_eq!((sends(&studio), studio.app.dialogs.len()), (1, 1));
    studio.keys("s");
    assert_eq!(sends(&studio), 2);
}

#[test]
fn a_warning_comes_once_and_sends() {
    let mut studio = form("[budget]\nmonthly_usd = 0.01\n", LARGE);
    studio.tell(Msg::Spent {
        spent: usd(0.009),
        until: Now(u64::MAX),
    });
    let notice = |studio: &Studio| studio.app.notice.as_ref().map(|notice| notice.text.clone());
    assert!(notice(&studio).unwrap().starts_with("90 % of the budget"));
    studio.wait(9_000).tell(Msg::Tick);
    studio.tell(Msg::Spent {
        spent: usd(0.009),
        until: Now(u64::MAX),
    });
    assert_eq!(notice(&studio), None);
    studio.keys("<ctrl+g>");
    assert_eq!(sends(&studio), 1);
    assert!(
        notice(&studio)
            .unwrap()
            .contains("would go over the budget")
    );
    assert!(
        title(&mut studio).ends_with("month $0.009/0.01!"),
        "{}",
        title(&mut studio)
    );
}

#[test]
fn a_warning_comes_again_in_a_new_month_and_for_a_changed_budget() {
    let mut studio = form("[budget]\nmonthly_usd = 0.01\n", LARGE);
    let months = |until| Msg::Spent {
        spent: usd(0.009),
        until: Now(until),
    };
    let warned = |studio: &mut Studio| {
        let notice = studio.app.notice.as_ref();
        let warned = notice.is_some_and(|notice| notice.text.contains("of the budget of"));
        studio.wait(60_000).tell(Msg::Tick);
        warned
    };
    studio.tell(months(u64::MAX - 1));
    assert!(warned(&mut studio));
    studio.tell(months(u64::MAX - 1));
    assert!(!warned(&mut studio));
    studio.tell(months(u64::MAX));
    assert!(warned(&mut studio), "another month");
    studio.tell(Msg::Settings(Box::new(priced(
        "[budget]\nmonthly_usd = 0.011\n",
    ))));
    studio.wait(60_000).tell(Msg::Tick);
    studio.tell(months(u64::MAX));
    assert!(warned(&mut studio), "another budget");
}

#[test]
fn a_budget_that_cannot_be_checked_holds_back_or_says_so() {
    let mut studio = form("[budget]\nmonthly_usd = 5.0\non_limit = \"stop\"\n", LARGE);
    studio.keys("<ctrl+g>");
    assert_eq!((sends(&studio), studio.app.dialogs.len()), (0, 1));
    assert!(
        studio.text().contains("The budget cannot be checked"),
        "{}",
        studio.text()
    );
    assert!(studio.asked.contains(&Effect::LoadSpent));
    studio.keys("s");
    assert_eq!(sends(&studio), 1);
    let notice = |studio: &Studio| studio.app.notice.as_ref().map(|notice| notice.text.clone());
    let mut studio = form("[budget]\nmonthly_usd = 5.0\n", LARGE);
    studio.keys("<ctrl+g>");
    assert_eq!(sends(&studio), 1);
    assert!(
        notice(&studio)
            .unwrap()
            .starts_with("the budget is not checked"),
        "{:?}",
        notice(&studio)
    );
}

#[test]
fn a_journal_that_stops_keeping_leaves_no_sum_to_go_by() {
    let mut studio = form("[budget]\nmonthly_usd = 5.0\non_limit = \"stop\"\n", LARGE);
    studio.tell(Msg::Spent {
        spent: Usd::ZERO,
        until: Now(u64::MAX),
    });
    studio.tell(Msg::Journaling(Journaling::Off));
    studio.keys("<ctrl+g>");
    assert_eq!((sends(&studio), studio.app.dialogs.len()), (0, 1));
    studio.keys("<enter>");
    studio.asked.clear();
    studio.tell(Msg::Journaling(Journaling::On));
    assert_eq!(studio.asked, [Effect::LoadSpent]);
}

#[test]
fn a_budget_that_is_set_while_the_studio_is_open_counts() {
    let mut studio = form("", LARGE);
    assert!(!studio.asked.contains(&Effect::LoadSpent));
    let file = "[budget]\nmonthly_usd = 5.0\non_limit = \"stop\"\n";
    studio.tell(Msg::Settings(Box::new(priced(file))));
    assert!(studio.asked.contains(&Effect::LoadSpent));
}

#[test]
fn what_others_spend_is_asked_for_while_a_form_is_filled_in() {
    let mut studio = form("[budget]\nmonthly_usd = 5.0\n", LARGE);
    let asks = |studio: &mut Studio| {
        let asked = std::mem::take(&mut studio.asked);
        let sums = asked.iter().filter(|asked| **asked == Effect::LoadSpent);
        sums.count()
    };
    assert_eq!(asks(&mut studio), 1, "as the form opens");
    studio.keys("more");
    assert_eq!(asks(&mut studio), 0, "a moment ago is now");
    studio.wait(6_000).keys("words");
    assert_eq!(asks(&mut studio), 1);
}

#[test]
fn without_a_budget_nobody_asks_what_the_month_has_cost() {
    let mut studio = form("", LARGE);
    studio
        .keys("<ctrl+g>")
        .delta("x")
        .finish(FinishReason::Stop);
    assert!(!studio.asked.contains(&Effect::LoadSpent));
}

/// A month with some runs.
fn month() -> Month {
    let now: Zoned = "2026-11-24T12:00:00+00:00[UTC]".parse().unwrap();
    let item = |day: u32, template: &str, model: &str, spent: Option<Spent>| Item {
        at: format!("2026-11-{day:02}T10:00:00Z").parse().unwrap(),
        template: Some(template.to_owned()),
        provider: "openai".to_owned(),
        model: model.to_owned(),
        usage: Some(Usage {
            input: 1_240,
            output: 960,
            ..Usage::default()
        }),
        spent,
    };
    let real = |dollars| Some(Spent::Real(usd(dollars)));
    let items = [
        item(2, "blog-post", "gpt-6.1-terra", real(0.40)),
        item(3, "email-reply", "gpt-6-luna", real(0.05)),
        item(12, "release-notes", "gpt-6.1-terra", real(1.2)),
        item(12, "blog-post", "gpt-6.2-astra", real(0.9)),
        item(20, "translate", "llama3.2", None),
        item(
            24,
            "blog-post",
            "gpt-6.1-terra",
            Some(Spent::Estimated(usd(0.31))),
        ),
    ];
    Month::of(&items, &now)
}

#[test]
fn the_usage_box_has_bars_sums_and_the_budget() {
    let usage = Msg::Usage(Box::new(month()));
    for (name, size) in [("usage_large", LARGE), ("usage_usual", USUAL)] {
        let mut studio = form("[budget]\nmonthly_usd = 5.0\n", size);
        studio.keys("<F9>");
        assert_eq!(studio.asked.last(), Some(&Effect::LoadUsage));
        assert_snapshot!(name, studio.tell(usage.clone()).picture());
        studio.keys("jjjjjjjjjjjj<esc>");
        assert!(studio.app.dialogs.is_empty());
    }
    let mut studio = form("", USUAL);
    let now: Zoned = "2026-02-01T12:00:00+00:00[UTC]".parse().unwrap();
    studio.tell(Msg::Usage(Box::new(Month::of(&[], &now))));
    assert!(matches!(studio.app.dialogs.last(), Some(Dialog::Usage(_))));
    assert!(
        studio.text().contains("No run this month yet."),
        "{}",
        studio.text()
    );
}

#[test]
fn where_nothing_costs_the_bars_show_tokens() {
    let now: Zoned = "2026-11-24T12:00:00+00:00[UTC]".parse().unwrap();
    let item = |day: u32, tokens: Option<u64>| Item {
        at: format!("2026-11-{day:02}T10:00:00Z").parse().unwrap(),
        template: Some("blog-post".to_owned()),
        provider: "ollama".to_owned(),
        model: "qwen3:8b".to_owned(),
        usage: tokens.map(|output| Usage {
            output,
            ..Usage::default()
        }),
        spent: Some(Spent::Real(Usd::ZERO)),
    };
    let mut studio = form("", USUAL);
    studio.keys("<F9>");
    let items = [item(3, Some(12_345)), item(24, Some(6_000))];
    let shown = studio
        .tell(Msg::Usage(Box::new(Month::of(&items, &now))))
        .text();
    assert!(
        shown.contains("│ 12K     ") && shown.contains("│ tokens  "),
        "{shown}"
    );
    assert!(!shown.contains("│ $0  "), "{shown}");
    let items = [item(3, None), item(3, None)];
    let shown = studio
        .tell(Msg::Usage(Box::new(Month::of(&items, &now))))
        .text();
    assert!(
        shown.contains("│ 2       ") && shown.contains("│ runs    "),
        "{shown}"
    );
}

#[test]
fn a_person_at_a_terminal_is_told_what_a_run_took_and_a_pipe_is_not() {
    let server = Server::start(vec![answer("x")]);
    let home = home(&server);
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

/// Ctrl-C leaves an estimate behind, too, and so does whoever ends the process.
#[test]
fn an_interrupted_run_is_booked_with_an_estimate() {
    use rustix::process::Signal;
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        interrupted_by(signal, code);
    }
}

fn interrupted_by(signal: rustix::process::Signal, code: i32) {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        Step::body(&delta("A line.\n")),
        Step::Gate(gate.clone()),
    ];
    let server = Server::start(vec![script]);
    let home = home(&server);
    let mut command = home.command(&post(&[]));
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "A line.\n");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, signal).unwrap();
    let output = child.wait_with_output().unwrap();
    gate.open();
    let ran: Ran = ran(&output);
    assert_eq!(ran.code, code, "{ran:?}");
    let spent = ledger(&home)[0].spent.unwrap();
    assert!(spent.is_estimated() && spent.usd() > Usd::ZERO, "{spent:?}");
}

// --- the real program in a terminal -----------------------------------------------------------

/// `copydesk` in a terminal that asks this server, with this config file.
fn terminal(args: &[&str], server: &Server, config: &str) -> Pty {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config/config.toml");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    copydesk::store::atomic::save(&file, config.as_bytes()).unwrap();
    list(home.path(), server, terra());
    let url = server.base_url();
    let envs = [
        ("OPENAI_BASE_URL", url.as_str()),
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_MODEL", "gpt-6.1-terra"),
    ];
    let program = env!("CARGO_BIN_EXE_copydesk");
    Pty::start_at_home(home, (program, args), LARGE, &envs).unwrap()
}

#[test]
fn at_a_terminal_a_run_ends_with_a_line_about_what_it_took() {
    let server = Server::start(vec![answer("The text.")]);
    let mut pty = terminal(&POST, &server, "");
    pty.wait_for_text("copydesk: 27 tokens in, 31 out · $0.0002");
    assert_eq!(pty.exit_code(), 0);
}

#[cfg(feature = "tokens")]
#[test]
fn the_studio_counts_the_prompt_and_follows_it() {
    let server = Server::start(Vec::new());
    let pty = terminal(&[], &server, "");
    pty.wait_for_text("Blog post");
    pty.keys("<enter>");
    pty.wait_for(
        |screen| screen.contains(" tok ≈ $") && !screen.contains('~'),
        "a count of the prompt",
    );
    pty.keys("Rust");
    pty.wait_for_text("~");
    pty.wait_for(
        |screen| screen.contains(" tok ≈ $") && !screen.contains('~'),
        "another count",
    );
    assert!(server.requests().is_empty());
}

#[test]
fn the_studio_books_what_it_spends_and_shows_it() {
    let gate = Gate::default();
    let held = vec![
        Step::stream_head(),
        Step::body(&delta(&"word ".repeat(200))),
        Step::Gate(gate.clone()),
    ];
    let server = Server::start(vec![answer("The text."), held]);
    let pty = terminal(&[], &server, "[budget]\nmonthly_usd = 5.0\n");
    pty.wait_for_text("month $0/5");
    pty.keys("<enter>");
    pty.wait_for_text("Topic");
    pty.keys("Rust");
    pty.wait_for_text(" tok ≈ $0.00");
    pty.keys("<ctrl+g>");
    pty.wait_for_text("done · $0.0002");
    pty.wait_for_text("month $0.0002/5");
    pty.send(b"\x1b[20~");
    pty.wait_for_text("$0.0002 in 1 run · 27 tokens in, 31 out");
    pty.keys("<esc>");
    pty.wait_for(|screen| !screen.contains("Usage in"), "the box to close");
    pty.keys("R");
    pty.wait_for_text("word word");
    pty.keys("<esc>");
    pty.wait_for_text("stopped · ~$0.00");
    pty.wait_for(
        |screen| !screen.contains("month $0.0002/5"),
        "what was stopped to be booked",
    );
    gate.open();
    let journal = Journal::open(&pty.home().join("data/journal.db")).unwrap();
    let all = jiff::Timestamp::MIN..jiff::Timestamp::MAX;
    let items = journal.journal.ledger(all).unwrap();
    let estimated: Vec<bool> = items
        .iter()
        .map(|item| item.spent.unwrap().is_estimated())
        .collect();
    assert_eq!(estimated, [false, true]);
}
