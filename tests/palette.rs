//! The palette: what it finds, in which order, what it says of a command, and keys from it.

mod support;

use copydesk::app::effect::Effect;
use copydesk::app::look::Errand;
use copydesk::tui::runner::look;
use insta::assert_snapshot;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SMALL: (u16, u16) = (60, 20);

const FILE: &str = "# mine\nmodel = \"m\" # why\n\n[keys]\nzoom = \"F12\" # big\n";

/// The first row below what is typed.
fn first(studio: &mut Studio) -> String {
    let text = studio.text();
    let mut lines = text.lines().skip_while(|line| !line.contains("│ > "));
    lines.nth(1).unwrap_or_default().to_owned()
}

#[test]
fn what_was_typed_is_marked_and_a_command_that_cannot_run_says_why() {
    for (name, size) in [("large", LARGE), ("usual", USUAL), ("small", SMALL)] {
        let mut studio = Studio::new(size);
        assert_snapshot!(
            format!("found_{name}"),
            studio.keys("<ctrl+p>acc").picture()
        );
    }
    let mut studio = Studio::new(USUAL);
    let text = studio.keys("<ctrl+p>reset form").text();
    assert!(text.contains("not now: no form is open"), "{text}");
    // It does no harm to choose it.
    studio.keys("<enter>");
    assert!(studio.app.dialogs.is_empty() && studio.app.form.is_none());
    studio.keys("<enter>");
    let text = studio.keys("<ctrl+p>reset form").text();
    assert!(!text.contains("not now"), "{text}");
}

#[test]
fn the_start_of_a_word_goes_before_its_middle() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<ctrl+p>doc");
    assert!(
        first(&mut studio).contains("Go to document"),
        "{}",
        studio.text()
    );
    studio.keys("<esc><ctrl+p>gnrate");
    assert!(first(&mut studio).contains("Generate"), "{}", studio.text());
}

#[test]
fn what_is_chosen_often_comes_first_and_the_next_start_knows_it() {
    let mut studio = Studio::new(USUAL);
    studio.keys("<ctrl+p>usage<enter>");
    studio.keys("<esc><ctrl+p>zoom<enter><ctrl+p>zoom<enter><ctrl+p>");
    assert!(first(&mut studio).contains("Zoom"), "{}", studio.text());
    for effect in &studio.asked {
        if let Effect::Look(errand @ Errand::Habits(_)) = effect {
            look::done(studio.paths(), errand.clone());
        }
    }
    let kept = studio.file("state/palette.json").unwrap_or_default();
    assert!(
        kept.contains("\"zoom\": 2") && kept.contains("\"usage\": 1"),
        "{kept}"
    );
    let habits = copydesk::store::habits::load(studio.paths());
    assert_eq!(habits, studio.app.habits);
    let mut other = Studio::new(USUAL);
    other.app.habits = habits;
    other.keys("<ctrl+p>");
    assert!(first(&mut other).contains("Zoom"), "{}", other.text());
}

#[test]
fn a_theme_is_shown_while_it_is_highlighted_and_kept_by_enter() {
    let mut studio = Studio::new(USUAL);
    studio.put("config/config.toml", FILE);
    let before = studio.picture();
    studio.keys("<ctrl+p>theme: dark");
    assert_eq!(studio.app.theme_name(), "terminal");
    assert!(studio.picture().contains("on #"), "{}", studio.picture());
    studio.keys("<esc>");
    assert_eq!(studio.picture(), before);
    studio.keys("<ctrl+p>theme: dark<enter>");
    assert_eq!(studio.app.theme_name(), "dark");
    let file = studio.file("config/config.toml").unwrap_or_default();
    assert!(file.contains("theme = \"dark\""), "{file}");
}

#[test]
fn a_key_is_pressed_what_it_is_in_the_way_of_is_said_and_the_file_keeps_its_comments() {
    let mut studio = Studio::new(USUAL);
    studio.put("config/config.toml", FILE);
    studio.keys("<ctrl+p>usage<alt+k>");
    assert_snapshot!("press_a_key", studio.text());
    // A letter is text.
    let text = studio.keys("u").text();
    assert!(text.contains("`u` writes text where"), "{text}");
    // Also the keys that mean something in every box.
    let text = studio.keys("<F1>").text();
    assert!(
        text.contains("Press the key for") && text.contains("only key of `help`"),
        "{text}"
    );
    assert_snapshot!("key_in_the_way", studio.keys("<ctrl+k>").text());
    studio.keys("<esc>");
    assert_eq!(studio.file("config/config.toml").as_deref(), Some(FILE));
    studio.keys("<alt+k><alt+!><enter>");
    let text = studio.text();
    assert!(
        text.contains("alt+! is the key of usage from now on"),
        "{text}"
    );
    let after = FILE.replace("# big\n", "# big\nusage = \"alt+!\"\n");
    assert_eq!(studio.file("config/config.toml"), Some(after));
    studio.asked.clear();
    studio.keys("<alt+!>");
    assert!(matches!(studio.asked.last(), Some(Effect::LoadUsage)));
    // And back.
    let text = studio.keys("<ctrl+p>usage<alt+x>").text();
    assert!(text.contains("usage has its own keys again"), "{text}");
    assert_eq!(studio.file("config/config.toml").as_deref(), Some(FILE));
    studio.keys("<F9>");
    assert!(matches!(studio.asked.last(), Some(Effect::LoadUsage)));
}

#[test]
fn a_broken_file_is_told_by_its_line_and_not_written_over() {
    let mut studio = Studio::new(USUAL);
    let broken = "model = \"m\"\n[keys\n";
    studio.put("config/config.toml", broken);
    studio.keys("<ctrl+p>usage<alt+k><alt+!><enter>");
    let text = studio
        .text()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    assert!(
        text.contains("config.toml:2:") && text.contains("nothing was written"),
        "{text}"
    );
    assert_eq!(studio.file("config/config.toml").as_deref(), Some(broken));
    let asked = studio.asked.iter();
    let set = |effect: &&Effect| matches!(effect, Effect::Look(Errand::Set(_)));
    assert_eq!(asked.filter(set).count(), 0);
}
