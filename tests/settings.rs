//! The box of settings: what it lists, what it writes, what it refuses, what it takes back.

mod support;

use copydesk::app::dialog::Dialog;
use copydesk::app::effect::Effect;
use copydesk::config::table::{Setting, TABLE};
use copydesk::config::{Overrides, Settings, file};
use insta::assert_snapshot;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (60, 20);

const FILE: &str = "# mine\nmodel = \"m\" # why\n\n[ui]\nmouse = true # and how\nmotion = false\n";

/// A studio that has read a file.
fn studio(text: &str, size: (u16, u16)) -> Studio {
    let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "sk-secret-of-mine".to_owned());
    let settings = Settings::resolve(Some(("config.toml", text)), &env, &Overrides::default());
    let studio = Studio::with(settings, size);
    studio.put("config/config.toml", text);
    studio
}

fn written(studio: &Studio) -> String {
    studio.file("config/config.toml").unwrap_or_default()
}

/// Its words, whatever rows they stand in.
fn words(studio: &mut Studio) -> String {
    let text = studio.text().replace('│', " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_table_has_every_setting_that_is_no_providers_and_no_key() {
    let known = file::settings().into_iter();
    let mut known: Vec<String> = known
        .filter(|name| !name.starts_with("providers.") && !name.starts_with("keys."))
        .collect();
    let mut named: Vec<String> = TABLE.iter().map(Setting::name).collect();
    known.sort();
    named.sort();
    assert_eq!(named, known);
}

#[test]
fn it_lists_values_and_where_they_come_from_and_no_secret() {
    for (name, size) in [("large", LARGE), ("usual", USUAL), ("small", SMALL)] {
        let mut studio = studio(FILE, size);
        let shown = studio.keys("<F10>").text();
        assert_snapshot!(format!("listed_{name}"), shown);
        assert!(!shown.contains("sk-secret"), "{shown}");
    }
}

#[test]
fn a_change_counts_at_once_keeps_comments_and_can_be_taken_back() {
    let mut studio = studio(FILE, USUAL);
    studio.keys("<F10>/motion<enter> ");
    assert!(studio.app.settings.appearance.motion);
    assert_eq!(
        written(&studio),
        FILE.replace("motion = false", "motion = true")
    );
    assert!(words(&mut studio).contains("ui.motion is true from now on"));
    studio.keys("u");
    assert!(!studio.app.settings.appearance.motion);
    assert_eq!(written(&studio), FILE);
    // What is not in the file goes out of it again.
    studio.keys("<esc>/theme<enter><right>");
    assert_eq!(studio.app.theme_name(), "dark");
    assert!(written(&studio).contains("theme = \"dark\""));
    studio.keys("u");
    assert_eq!(studio.app.theme_name(), "terminal");
    assert_eq!(written(&studio), FILE);
    assert!(words(studio.keys("u")).contains("nothing was changed here yet"));
    // The mouse is taken at the start.
    studio.keys("<esc>/mouse<enter> ");
    assert!(words(&mut studio).contains("ui.mouse is false from the next start"));
    assert!(written(&studio).contains("mouse = false # and how"));
}

#[test]
fn letters_typed_by_mistake_change_nothing() {
    for size in [LARGE, USUAL, SMALL] {
        let mut studio = studio(FILE, size);
        // A word begins the filter that was meant, whatever its first letter.
        studio.keys("<F10>motion x");
        assert_eq!(written(&studio), FILE);
        studio.keys("<backspace*2>");
        assert!(studio.text().contains("  motion   "), "{}", studio.text());
        studio.keys("<esc><home><down>x");
        assert_eq!(written(&studio), FILE);
        let told = words(&mut studio);
        assert!(
            told.contains("x once more takes model out of config.toml."),
            "{told}"
        );
        // Any other key leaves it there.
        studio.keys("<down><up>x");
        assert_eq!(written(&studio), FILE);
        studio.keys("x");
        assert!(!written(&studio).contains("model"), "{}", written(&studio));
        // Nothing is asked where there is nothing to take out.
        studio.keys("x");
        assert!(!words(&mut studio).contains("once more"));
    }
}

#[test]
fn what_goes_out_of_the_file_comes_back_as_it_was_written() {
    let mut studio = studio(FILE, USUAL);
    studio.keys("<F10>/model<enter>xx");
    assert!(!written(&studio).contains("why"));
    let told = words(&mut studio);
    assert!(
        told.contains("model is what is built in from now on; u takes that back"),
        "{told}"
    );
    // Also when the box was closed meanwhile, and by the key that undoes elsewhere.
    studio.keys("<esc><esc><F10><ctrl+z>");
    assert_eq!(written(&studio), FILE);
    assert_eq!(studio.app.settings.model.as_deref(), Some("m"));
    // What another program wrote since stays.
    studio.keys("<esc><F10>/mouse<enter>xx");
    let other = written(&studio) + "\n[editor]\nfocus = true\n";
    studio.put("config/config.toml", &other);
    studio.keys("u");
    let now = written(&studio);
    assert!(
        now.contains("mouse = true") && now.contains("focus = true"),
        "{now}"
    );
}

#[test]
fn what_a_variable_hides_goes_out_of_the_file_and_comes_back() {
    let text = "provider = \"groq\" # of mine\n";
    let env = |name: &str| (name == "COPYDESK_PROVIDER").then(|| "mistral".to_owned());
    let settings = Settings::resolve(Some(("config.toml", text)), &env, &Overrides::default());
    let mut studio = Studio::with(settings, USUAL);
    studio.put("config/config.toml", text);
    studio.keys("<F10>xx");
    assert_eq!(written(&studio), "");
    studio.keys("u");
    assert_eq!(written(&studio), text);
}

#[test]
fn the_model_is_the_one_that_is_asked_and_says_whose_it_is() {
    let row = |text: &str, env: &[(&str, &str)]| {
        let lookup = |name: &str| {
            let found = env.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        let file = Some(("config.toml", text));
        let settings = Settings::resolve(file, &lookup, &Overrides::default());
        let shown = Studio::with(settings, LARGE).keys("<F10>").text();
        let row = shown
            .lines()
            .find(|line| line.contains("│   model "))
            .unwrap_or(&shown);
        let row = row.split("│   model ").nth(1).unwrap_or(row);
        let row = row.split('│').next().unwrap_or(row);
        row.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let key = [("OPENAI_API_KEY", "sk-x")];
    assert_eq!(row("", &[]), "practice the practice engine");
    assert_eq!(row("model = \"m\"", &[]), "practice the practice engine");
    assert_eq!(row("", &key), "gpt-6.1-terra");
    assert_eq!(row("model = \"m\"", &key), "m config.toml");
    let own = "provider = \"groq\"\nmodel = \"m\"\n[providers.groq]\nmodel = \"llama\"\n";
    assert_eq!(row(own, &key), "llama of groq");
    let forced = [("COPYDESK_MODEL", "n"), ("OPENAI_API_KEY", "sk-x")];
    assert_eq!(row(own, &forced), "n COPYDESK_MODEL");
    let server = "provider = \"ollama\"\n";
    assert_eq!(row(server, &[]), "the first that its server has of ollama");
}

#[test]
fn what_is_changed_elsewhere_has_a_row_that_leads_there() {
    let text = "[providers.work]\nbase_url = \"http://localhost:9\"\n[keys]\nzoom = \"F12\"\n";
    let mut studio = studio(text, USUAL);
    let shown = studio.keys("<F10><end>").text();
    // Who is asked is one of them, whatever has set that up.
    assert!(
        shown.contains("openai, work") && shown.contains("1 command has its own"),
        "{shown}"
    );
    studio.keys("<enter>");
    assert!(matches!(
        studio.app.dialogs.last(),
        Some(Dialog::Palette(_))
    ));
    studio.keys("<esc><F10>/connect<enter>");
    assert!(studio.text().contains("[providers]"), "{}", studio.text());
    studio.keys("<end><enter>");
    assert!(matches!(
        studio.app.dialogs.last(),
        Some(Dialog::Connect(_))
    ));
    // There is nothing to take out or to turn there.
    let mut studio = self::studio(text, USUAL);
    studio.keys("<F10><end>x<left><delete>");
    assert_eq!(written(&studio), text);
}

#[test]
fn no_key_is_cut_on_a_small_screen() {
    let shown = studio(FILE, SMALL).keys("<F10>").text();
    for key in [
        "space ← → change",
        "enter write",
        "x built in",
        "u undo",
        "/ filter",
        "esc",
    ] {
        assert!(shown.contains(key), "{key}:\n{shown}");
    }
}

#[test]
fn a_value_that_cannot_be_is_refused_while_it_is_written() {
    let mut studio = studio(FILE, USUAL);
    studio.keys("<F10>/at_once<enter><enter>99<enter>");
    assert_snapshot!("refused", studio.text());
    assert_eq!(written(&studio), FILE);
    studio.keys("<ctrl+u>2<enter>");
    assert_eq!(studio.app.settings.variants.at_once, 2);
    assert!(written(&studio).ends_with("[variants]\nat_once = 2\n"));
    studio.keys("<right>");
    assert_eq!(studio.app.settings.variants.at_once, 3);
    studio.keys("<delete>");
    assert_eq!(studio.app.settings.variants.at_once, 4);
}

#[test]
fn a_broken_file_is_told_by_its_line_and_not_written_over() {
    let broken = "model = \"m\"\n[ui\nmouse = true\n";
    let mut studio = studio(broken, USUAL);
    assert_snapshot!("broken", studio.keys("<F10>").text());
    studio.keys("/motion<enter> ");
    let told = words(&mut studio);
    assert!(
        told.contains("config.toml:2:") && told.contains("nothing was written"),
        "{told}"
    );
    assert_eq!(written(&studio), broken);
    // There is nothing to take back.
    assert!(words(studio.keys("u")).contains("nothing was changed here yet"));
}

#[test]
fn the_palette_leads_to_a_setting() {
    let mut studio = studio(FILE, USUAL);
    studio.keys("<ctrl+p>setting: budget.monthly<enter><enter>7.5<enter>");
    let budget = studio.app.settings.budget;
    assert!(budget.is_some_and(|budget| budget.monthly.dollars() > 7.4));
    let told = |effect: &Effect| matches!(effect, Effect::UseSettings(_));
    assert!(studio.asked.iter().any(told));
}
