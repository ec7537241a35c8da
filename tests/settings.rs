//! The box of settings: what it lists, what it writes, what it refuses, what it takes back.

mod support;

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
    studio.keys("x");
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
