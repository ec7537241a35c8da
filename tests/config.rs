//! Settings from outside: `config show` and `config check`, and the page that lists every key.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::config::{Overrides, Settings, file};
use std::collections::BTreeSet;
use support::cli::{Home, KEY, Ran};

const PAGE: &str = include_str!("../docs/CONFIG.md");

/// The first cells of the page's rows.
fn documented() -> Vec<String> {
    let rows = PAGE.lines().filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| row.split('`').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn the_page_names_every_setting_once_and_no_other() {
    let mut known = file::settings();
    let mut named = documented();
    known.sort();
    named.sort();
    assert_eq!(named, known);
}

/// Every example of the page is understood, each in a file of its own.
#[test]
fn the_examples_of_the_page_are_understood() {
    let mut seen = 0;
    for row in PAGE.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<_> = row.trim_matches('|').split(" | ").collect();
        let setting = cells[0].trim().trim_matches('`');
        let example = cells.last().unwrap().split('`').nth(1).unwrap();
        let text = match setting.rsplit_once('.') {
            Some((table, _)) => format!("[{}]\n{example}\n", table.replace("NAME", "azure")),
            None => format!("{example}\n"),
        };
        let file = Some(("config.toml", text.as_str()));
        let settings = Settings::resolve(file, &|_| None, &Overrides::default());
        assert_eq!(
            (&settings.problem, settings.warnings.len()),
            (&None, 0),
            "{text}"
        );
        let broken = settings
            .providers
            .values()
            .find_map(|it| it.problem.as_ref());
        assert_eq!(broken, None, "{text}");
        seen += 1;
    }
    assert_eq!(seen, file::settings().len());
}

/// The line of a setting, as its value and where it came from.
fn shown(ran: &Ran, setting: &str) -> (String, String) {
    let mut lines = ran.stdout.lines();
    let line = lines.find(|line| line.split("  ").next() == Some(setting));
    let cells: Vec<_> = line
        .unwrap()
        .split("  ")
        .filter(|cell| !cell.is_empty())
        .collect();
    (cells[1].trim().to_owned(), cells[2].trim().to_owned())
}

const FILE: &str = "model = \"m-file\"\n[ui]\nmouse = false\n[budget]\nmonthly_usd = 7.5\n[providers.work]\npreset = \"azure\"\nresource = \"acme\"\n\
    key_command = [\"pass\", \"show\", \"secret/place\"]\nconnect_timeout = 3\n";

#[test]
fn every_setting_is_shown_with_where_it_came_from() {
    let home = Home::new()
        .with("OPENAI_API_KEY", KEY)
        .with("OPENAI_BASE_URL", "https://env.example/v1")
        .with("COPYDESK_MODEL", "m-env");
    home.write("config/config.toml", FILE);
    // The rig itself looks for the key on both streams.
    let ran = home.run(&["config", "show"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    for (setting, value, from) in [
        ("provider", "openai", "OPENAI_API_KEY"),
        ("model", "m-env", "COPYDESK_MODEL"),
        ("ui.mouse", "false", "config.toml"),
        ("budget.monthly_usd", "7.5", "config.toml"),
        ("budget.on_limit", "warn", "config.toml"),
        (
            "providers.openai.base_url",
            "https://env.example/v1",
            "OPENAI_BASE_URL",
        ),
        ("providers.openai.api", "chat", "the base URL"),
        ("providers.openai.key", "set", "OPENAI_API_KEY"),
        ("providers.openai.connect_timeout", "10", "built in"),
        ("providers.work.preset", "azure", "config.toml"),
        (
            "providers.work.base_url",
            "https://acme.openai.azure.com/openai/v1",
            "config.toml",
        ),
        ("providers.work.key_env", "AZURE_OPENAI_API_KEY", "built in"),
        ("providers.work.key_command", "pass …", "config.toml"),
        ("providers.work.key", "set", "key_command `pass`"),
        ("providers.work.connect_timeout", "3", "config.toml"),
    ] {
        assert_eq!(
            shown(&ran, setting),
            (value.to_owned(), from.to_owned()),
            "{setting}: {}",
            ran.stdout
        );
    }
    assert!(
        !ran.stdout.contains("secret/place") && !ran.stdout.contains("groq"),
        "{}",
        ran.stdout
    );
    let all = home.run(&["config", "show", "--all"]);
    assert_eq!(
        shown(&all, "providers.groq.key"),
        ("none".to_owned(), "nowhere".to_owned())
    );
    let json = home.run(&["config", "show", "--json"]).json();
    let settings = json["settings"].as_array().unwrap();
    let names: BTreeSet<_> = settings
        .iter()
        .map(|it| it["setting"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), settings.len());
    assert!(
        names.contains("providers.work.key") && json["problem"].is_null(),
        "{json}"
    );
    assert!(
        home.everything()
            .iter()
            .all(|path| path == "config/config.toml")
    );
}

#[test]
fn what_is_wrong_is_told_by_line_and_column_and_by_exit_code() {
    let home = Home::new();
    let check = || home.run(&["config", "check"]);
    let none = check();
    assert_eq!((none.code, none.stdout.as_str()), (0, ""));
    assert!(none.stderr.contains("none is needed"), "{none:?}");
    home.write("config/config.toml", FILE);
    let good = check();
    assert_eq!((good.code, good.stdout.as_str()), (0, ""), "{good:?}");
    assert!(good.stderr.contains("is understood"), "{good:?}");
    for (text, code, place) in [
        ("colour = 1\n", 1, ":1:1: unknown key `colour`"),
        (
            "[ui]\nmouse = 3\n",
            1,
            ":2:9: `mouse` must be true or false",
        ),
        ("model = \"m\"\nprovider = [\n", 2, ":2:"),
        (
            "[providers.groq]\nidle_timeout = 0\n",
            2,
            ":2:16: `idle_timeout` must be from 1 to 86400",
        ),
        (
            "[providers.groq]\nurl = \"x\"\n",
            2,
            ":2:1: unknown key `url`",
        ),
        (
            "[providers.mine]\nmodel = \"m\"\n",
            2,
            "provider `mine` has no base_url",
        ),
        (
            "[keys]\ngenrate = \"F12\"\n",
            1,
            ":2:1: no command is called `genrate`; did you mean `generate`?",
        ),
        (
            "[keys]\nsave = \"ctrl+foo\"\n",
            1,
            ":2:8: there is no key `ctrl+foo`",
        ),
        (
            "[keys]\nsave = 3\n",
            1,
            ":2:8: `save` must be the name of a key",
        ),
        (
            "[keys]\nquit = []\n",
            1,
            ":2:1: `quit` cannot be without a key",
        ),
        (
            "[keys]\nzoom = [\"F5\"]\n",
            1,
            ":2:1: `zoom` takes `F5` from `generate`, which keeps",
        ),
        (
            "provider = \"nobody\"\n",
            2,
            "there is no provider `nobody`",
        ),
    ] {
        home.write("config/config.toml", text);
        let ran = check();
        assert_eq!(
            (ran.code, ran.stdout.lines().count()),
            (code, 1),
            "{text}: {ran:?}"
        );
        assert!(ran.stdout.contains(place), "{text}: {ran:?}");
    }
    home.write(
        "config/config.toml",
        "colour = 1\n[providers.groq]\nurl = \"x\"\n",
    );
    assert_eq!((check().code, check().stdout.lines().count()), (2, 2));
}

#[test]
fn the_model_shown_is_the_one_that_is_asked() {
    let practice = Home::new().run(&["config", "show"]);
    assert_eq!(
        shown(&practice, "model"),
        ("practice".to_owned(), "the practice engine".to_owned())
    );
    let home = Home::new().with("OPENAI_API_KEY", KEY);
    let model = |text: &str| {
        home.write("config/config.toml", text);
        shown(&home.run(&["config", "show"]), "model")
    };
    assert_eq!(
        model("model = \"m\"\n"),
        ("m".to_owned(), "config.toml".to_owned())
    );
    assert_eq!(
        model("provider = \"groq\"\nmodel = \"m\"\n[providers.groq]\nmodel = \"llama\"\n"),
        ("llama".to_owned(), "of groq".to_owned())
    );
    assert_eq!(
        model("provider = \"ollama\"\n"),
        (
            "the first that its server has".to_owned(),
            "of ollama".to_owned()
        )
    );
}
