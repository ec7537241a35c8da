//! Themes: chosen on the whole screen, kept in the settings file, read anew when their file changes.

mod support;

use copydesk::app::msg::Msg;
use copydesk::app::outside::Sighting;
use copydesk::config::theme::{Depth, Mark, Role, SHIPPED, read};
use copydesk::config::{Overrides, Settings};
use copydesk::store::watch::Shelf;
use copydesk::view::Cache;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use ratatui::style::Color;
use std::collections::BTreeSet;
use support::cli::Home;
use support::pty::Pty;
use support::studio::{Studio, drawn};

const WIDE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const SEPIA: &str =
    "inherits = \"light\"\n\n[roles]\nscreen = \"#433422 on #fbf3e2\"\nkey = \"bold 130\"\n";
const PAPER: Color = Color::Rgb(0xfb, 0xf3, 0xe2);
const DARK: Color = Color::Rgb(0x16, 0x18, 0x1d);

/// What is behind every cell of the screen, for a terminal with so many colours.
fn behind(studio: &Studio, depth: Depth) -> Vec<Color> {
    let (screen, _) = drawn(&studio.app, &mut Cache::new(depth), WIDE);
    let mut all: Vec<Color> = Vec::new();
    for cell in &screen.cells.content {
        if !all.contains(&cell.bg) {
            all.push(cell.bg);
        }
    }
    all
}

#[test]
fn moving_the_highlight_shows_the_whole_screen_in_a_theme_and_esc_goes_back() {
    let mut studio = Studio::new(WIDE);
    studio.put("config/themes/sepia.toml", SEPIA);
    assert_eq!(behind(&studio, Depth::True), [Color::Reset]);
    studio.keys("<ctrl+p>theme<enter>");
    assert_eq!(behind(&studio, Depth::True), [Color::Reset]);
    studio.keys("<down>");
    assert!(behind(&studio, Depth::True).contains(&DARK));
    assert!(!behind(&studio, Depth::True).contains(&Color::Reset));
    studio.keys("sep");
    assert!(behind(&studio, Depth::True).contains(&PAPER));
    assert!(studio.text().contains("your own"), "{}", studio.text());
    studio.keys("<esc>");
    assert_eq!(behind(&studio, Depth::True), [Color::Reset]);
    assert_eq!(studio.file("config/config.toml"), None);
}

#[test]
fn enter_keeps_a_theme_and_the_comments_of_the_settings_file() {
    let mut studio = Studio::new(WIDE);
    studio.put("config/themes/sepia.toml", SEPIA);
    let before = "# mine\n[ui] # screen\nmouse = false # no\n";
    studio.put("config/config.toml", before);
    studio.keys("<alt+Y>sepia<enter>");
    let after = studio.file("config/config.toml").unwrap();
    assert_eq!(after, format!("{before}theme = \"sepia\"\n"));
    assert!(behind(&studio, Depth::True).contains(&PAPER));
    assert!(
        studio.text().contains("theme sepia from now on"),
        "{}",
        studio.text()
    );
    // Nobody needs to wait for the file.
    assert_eq!(studio.app.theme_name(), "sepia");
}

#[test]
fn a_settings_file_that_cannot_be_changed_is_told_and_the_theme_stays_for_now() {
    let mut studio = Studio::new(WIDE);
    studio.put("config/config.toml", "provider = [oops\n");
    studio.keys("<alt+Y>dark<enter>");
    assert!(
        studio.text().contains("nothing was written"),
        "{}",
        studio.text()
    );
    assert!(behind(&studio, Depth::True).contains(&DARK));
    assert_eq!(
        studio.file("config/config.toml").unwrap(),
        "provider = [oops\n"
    );
}

#[test]
fn a_theme_that_is_saved_takes_effect_and_its_mistakes_are_told() {
    let mut studio = Studio::new(WIDE);
    studio.put("config/themes/sepia.toml", SEPIA);
    studio.keys("<alt+Y>sepia<enter>");
    let changed = || Msg::Outside(Sighting::Changed(BTreeSet::from([Shelf::Themes])));
    studio.put(
        "config/themes/sepia.toml",
        &SEPIA.replace("#fbf3e2", "#102030"),
    );
    studio.tell(changed());
    assert!(behind(&studio, Depth::True).contains(&Color::Rgb(0x10, 0x20, 0x30)));
    studio.put("config/themes/sepia.toml", &SEPIA.replace("130", "crimson"));
    studio.tell(changed());
    assert!(
        studio
            .text()
            .contains("sepia.toml:5:7: `crimson` is no colour"),
        "{}",
        studio.text()
    );
    assert!(
        behind(&studio, Depth::True).contains(&PAPER),
        "the rest of it holds"
    );
    // While one chooses, the list follows, too.
    studio.keys("<alt+Y>");
    studio.put("config/themes/night.toml", "inherits = \"dark\"\n");
    studio.tell(changed());
    assert!(studio.text().contains("night"), "{}", studio.text());
    std::fs::remove_file(studio.path("config/themes/sepia.toml")).unwrap();
    studio.keys("<esc>").tell(changed());
    assert!(
        studio.text().contains("there is no theme `sepia`"),
        "{}",
        studio.text()
    );
}

#[test]
fn settings_that_name_another_theme_are_followed() {
    let mut studio = Studio::new(WIDE);
    let text = "[ui]\ntheme = \"dark\"\n";
    let lookup = |name: &str| (name == "OPENAI_API_KEY").then(|| "k".to_owned());
    let settings = Settings::resolve(Some(("c", text)), &lookup, &Overrides::default());
    studio.tell(Msg::Settings(Box::new(settings)));
    assert!(behind(&studio, Depth::True).contains(&DARK));
}

#[test]
fn a_terminal_with_fewer_colours_shows_the_nearest_and_none_without_colours() {
    let mut studio = Studio::new(WIDE);
    studio.keys("<alt+Y>dark<enter>");
    assert!(behind(&studio, Depth::Indexed).contains(&Color::Indexed(234)));
    assert!(behind(&studio, Depth::Basic).contains(&Color::Black));
    assert_eq!(behind(&studio, Depth::None), [Color::Reset]);
    let (screen, _) = drawn(&studio.app, &mut Cache::new(Depth::None), WIDE);
    assert!(
        screen
            .cells
            .content
            .iter()
            .all(|cell| cell.fg == Color::Reset)
    );
    studio.plain().keys("<alt+Y>");
    assert!(
        studio.text().contains("NO_COLOR is set"),
        "{}",
        studio.text()
    );
}

#[test]
fn the_box_of_themes_is_drawn() {
    let mut studio = Studio::new(USUAL);
    studio.put("config/themes/sepia.toml", SEPIA);
    studio.put("config/themes/torn.toml", "[roles]\nkey = \"pale\"\n");
    studio.keys("<alt+Y>");
    assert_snapshot!("themes_usual", studio.picture());
    studio.keys("torn");
    // The place of the file is told, and that is another one each time.
    let text = studio.text();
    let told = ["has mistakes", "`pale`"];
    assert!(told.iter().all(|it| text.contains(it)), "{text}");
}

#[test]
fn every_role_mark_and_shipped_theme_is_documented() {
    let page = include_str!("../docs/THEMES.md");
    for role in Role::all() {
        let row = format!("| `{}` | {} |", role.name(), role.what());
        assert!(page.contains(&row), "{row}");
    }
    let words = Mark::ALL.iter().map(|(_, name)| *name).chain(SHIPPED);
    for word in words {
        assert!(page.contains(&format!("`{word}`")), "{word}");
    }
    let example = page
        .split("```toml\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let home = Home::new();
    home.write("config/themes/sepia.toml", example);
    let ran = home.run(&["config", "check"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
}

#[test]
fn mistakes_in_themes_are_found_without_the_studio() {
    let home = Home::new();
    home.write(
        "config/themes/sepia.toml",
        "inherits = \"ligth\"\n[roles]\nkye = \"red\"\n",
    );
    home.write("config/config.toml", "[ui]\ntheme = \"none\"\nmotion = 3\n");
    let ran = home.run(&["config", "check"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    for told in [
        "sepia.toml:1:12: there is no theme `ligth`",
        "sepia.toml:3:1: there is no role `kye`",
        "config.toml: there is no theme `none`",
        "config.toml:3:10: `motion` must be true or false",
    ] {
        assert!(ran.stdout.contains(told), "{told}: {}", ran.stdout);
    }
    let doctor = home.run(&["doctor"]);
    assert!(
        doctor.stdout.contains("sepia.toml:3:1"),
        "{}",
        doctor.stdout
    );
}

/// What means something has a mark of its own where there are no colours, or words beside it.
#[test]
fn no_meaning_hangs_on_colour_alone() {
    let plain = read("plain", &[]).unwrap().theme;
    for role in Role::all() {
        let look = plain.of(role);
        assert_eq!((look.fg, look.bg), (None, None), "{}", role.name());
    }
    let marks = |role: Role| Mark::ALL.map(|(mark, _)| plain.of(role).has(mark));
    let text = marks(Role::Text);
    for role in [
        Role::Key,
        Role::BorderFocused,
        Role::Cursor,
        Role::Selection,
        Role::Added,
        Role::Removed,
        Role::Part,
        Role::Match,
        Role::Error,
        Role::Warning,
        Role::Input(0),
    ] {
        assert_ne!(marks(role), text, "{}", role.name());
    }
    assert_ne!(marks(Role::Added), marks(Role::Removed));
    assert_ne!(marks(Role::Cursor), marks(Role::Strong));
}

#[test]
fn without_motion_no_sign_turns_and_words_say_that_something_goes_on() {
    let text = "[ui]\nmotion = false\n";
    let lookup = |name: &str| (name == "OPENAI_API_KEY").then(|| "k".to_owned());
    let settings = Settings::resolve(Some(("c", text)), &lookup, &Overrides::default());
    let mut studio = Studio::with(settings, WIDE);
    studio.keys("<enter>Rust<ctrl+g>");
    assert!(studio.text().contains(" waiting "), "{}", studio.text());
    studio.delta("One.");
    let still = studio.text();
    assert!(
        still.contains("writing") || still.contains("tok/s"),
        "{still}"
    );
    studio.wait(1_200).tell(Msg::Tick);
    for turning in ["◐", "◓", "◑", "◒"] {
        assert!(
            !studio.text().contains(turning) && !still.contains(turning),
            "{still}"
        );
    }
}

#[test]
fn the_studio_opens_in_the_theme_that_the_file_names() {
    let home = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("config/themes/sepia.toml", SEPIA),
        ("config/config.toml", "[ui]\ntheme = \"sepia\"\n"),
    ] {
        let path = home.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        copydesk::store::atomic::save(&path, text.as_bytes()).unwrap();
    }
    let program = env!("CARGO_BIN_EXE_copydesk");
    let envs = [("COLORTERM", "truecolor")];
    let mut studio = Pty::start_at_home(home, (program, &[]), WIDE, &envs).unwrap();
    studio.wait_for_text("Blog post");
    studio.look(|seen| {
        let behind = seen.cell(20, 60).map(vt100::Cell::bgcolor);
        assert_eq!(behind, Some(vt100::Color::Rgb(0xfb, 0xf3, 0xe2)));
    });
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}
