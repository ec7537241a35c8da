//! Keys of the person's own: what they do, and that the screen names them.

mod support;

use copydesk::app::effect::Effect;
use copydesk::app::msg::Msg;
use copydesk::config::{Overrides, Settings};
use insta::assert_snapshot;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);

/// Settings of a file, with no key set.
fn settings(file: &str) -> Settings {
    let file = Some(("config.toml", file));
    Settings::resolve(file, &|_| None, &Overrides::default())
}

fn studio(file: &str, size: (u16, u16)) -> Studio {
    Studio::with(settings(file), size)
}

/// Its words, whatever rows they stand in.
fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const OWN: &str = "[keys]\ngenerate = \"F12\"\nsave = [\"alt+!\", \"ctrl+s\"]\npalette = \"ctrl+l\"\n\
    activate = \"o\"\nuse-variant = \"u\"\nlist-new = \"+\"\nhelp = \"F10\"\nzoom = []\n";

#[test]
fn footer_card_help_palette_and_tour_name_the_keys_in_force() {
    let mut studio = studio(OWN, LARGE);
    assert_snapshot!("own_keys", studio.text());
    let help = studio.keys("<F10>").text();
    assert!(help.contains("o opens its form"), "{help}");
    let below = studio.keys("<pagedown*3>").text();
    assert!(below.contains("F12  "), "{below}");
    // What opened it closes it.
    studio.keys("<F10>");
    assert!(studio.app.dialogs.is_empty());
    assert_snapshot!("own_keys_palette", studio.keys("<ctrl+l>").text());
    studio.keys("<ctrl+l>");
    assert!(studio.app.dialogs.is_empty());
    studio.app.begin_tour();
    let tour = words(&studio.text());
    assert!(tour.contains("Press o to open the form"), "{tour}");
    studio.keys("o");
    let tour = words(&studio.text());
    assert!(tour.contains("Then press F12: the practice"), "{tour}");
}

#[test]
fn own_keys_do_it_and_the_old_ones_do_not() {
    let mut studio = studio(OWN, USUAL);
    studio.keys("<enter>");
    assert!(studio.app.form.is_none());
    studio.keys("oKettles<ctrl+g>");
    let sent = |studio: &Studio| {
        let mut asked = studio.asked.iter();
        asked.any(|effect| matches!(effect, Effect::Generate { .. }))
    };
    assert!(!sent(&studio), "{}", studio.text());
    studio.keys("<F12>");
    assert!(sent(&studio), "{}", studio.text());
}

#[test]
fn a_changed_file_changes_the_keys_at_once_and_tells_what_is_wrong() {
    let mut studio = studio("", USUAL);
    let told = "[keys]\nzoom = \"F12\"\nhelp = []\n";
    studio.tell(Msg::Settings(Box::new(settings(told))));
    let text = studio.text();
    assert!(
        text.contains("config.toml:3:1: `help` cannot be without a key"),
        "{text}"
    );
    studio.keys("<F12>");
    assert!(studio.app.zoomed);
    studio.keys("<F1>");
    assert!(!studio.app.dialogs.is_empty());
}

#[test]
fn a_command_without_a_key_is_found_in_the_palette() {
    let mut studio = studio("[keys]\nrecover = []\n", USUAL);
    let text = studio.keys("<ctrl+p>recover").text();
    assert!(
        text.contains("Recover") && !text.contains("alt+r"),
        "{text}"
    );
    let file = Settings::resolve(Some(("c", OWN)), &|_| None, &Overrides::default());
    assert_eq!(file.warnings, [""; 0]);
    assert_eq!(file.keys.0.len(), 8);
    assert!(file.problem.is_none(), "{}", file.problem.unwrap());
}
