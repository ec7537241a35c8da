//! The linear mode: one pane from edge to edge, words in place of signs, the cursor at the focus.

mod support;

use copydesk::app::Pane;
use copydesk::app::msg::Msg;
use copydesk::config::{Overrides, Settings};
use copydesk::domain::run::FinishReason;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::boxes;
use support::cli::Home;
use support::pty::Pty;
use support::studio::Studio;

const USUAL: (u16, u16) = (80, 24);
const LARGE: (u16, u16) = (140, 40);
const POST: &str = "# Tea\n\nHot and *black*.\n\n- leaves\n- water\n";

/// A studio that is read aloud.
fn studio(size: (u16, u16)) -> Studio {
    let env = [
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_MODEL", "test-model"),
    ];
    let lookup = |name: &str| {
        let found = env.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    let file = Some(("config.toml", "[ui]\nlinear = true\n"));
    let settings = Settings::resolve(file, &lookup, &Overrides::default());
    assert_eq!(settings.warnings, Vec::<String>::new());
    Studio::with(settings, size)
}

/// One whose text is the draft.
fn used(size: (u16, u16)) -> Studio {
    let mut studio = studio(size);
    studio.keys("<enter>Tea<ctrl+g>").wait(1_000).delta(POST);
    studio.finish(FinishReason::Stop);
    studio.keys("<enter>");
    studio
}

/// What a person meets, by name: the keys that lead there from the draft.
const PLACES: [(&str, &str); 22] = [
    ("form", "<F6><F6>"),
    ("lists", "<F6><F6><esc>"),
    ("filter", "<F6><F6><esc>/rel"),
    ("drafts", "<F6><F6><esc><tab>"),
    ("draft", ""),
    ("unsaved", "More."),
    ("prompt", "<ctrl+t>"),
    ("output", "<F6>"),
    ("find", "<ctrl+f>tea"),
    ("help", "<F1>"),
    ("palette", "<ctrl+p>pane<down>"),
    ("question", "<ctrl+q>"),
    ("switcher", "<ctrl+o>"),
    ("runs", "<alt+e>"),
    ("refine", "<ctrl+k><down>"),
    ("themes", "<alt+Y>"),
    ("models", "<F3>"),
    ("connect", "<F2>"),
    ("payload", "<F6><F6><F8>"),
    ("statistics", "<alt+s>"),
    ("export", "<alt+E>"),
    ("open", "<alt+o>"),
];

/// Signs that are read as noise, or not at all.
fn is_sign(c: char) -> bool {
    matches!(
        c,
        '\u{2500}'
            ..='\u{257f}'
                | '●'
                | '★'
                | '▸'
                | '▎'
                | '‹'
                | '›'
                | '◐'
                | '◓'
                | '◑'
                | '◒'
                | '▏'
    )
}

#[test]
fn no_place_has_a_border_or_a_sign_and_each_has_the_cursor_at_its_focus() {
    for size in [USUAL, LARGE, (40, 12)] {
        for (name, keys) in PLACES {
            let mut studio = used(size);
            studio.keys(keys);
            let drawn = studio.draw();
            let text = drawn.text();
            assert!(!text.contains(is_sign), "{name} at {size:?}:\n{text}");
            let cursor = drawn.cursor;
            assert!(
                cursor.is_some(),
                "{name} at {size:?} has no cursor:\n{text}"
            );
            // Never in the title: that is read once and for all.
            assert!(
                cursor.unwrap().y > 0,
                "{name} at {size:?}: {cursor:?}\n{text}"
            );
        }
    }
}

/// Every kind of box there is, a new one included.
#[test]
fn every_box_is_said_with_its_title_and_has_the_cursor_at_its_focus() {
    for size in [USUAL, (60, 20), (40, 12)] {
        for (kind, mut studio) in boxes::each(|| studio(size)) {
            let drawn = studio.draw();
            let text = drawn.text();
            let first = text.lines().next().unwrap_or_default();
            let title = first.strip_prefix("Box: ").unwrap_or_default().trim();
            assert!(title.len() > 2, "{kind} at {size:?} has no title:\n{text}");
            assert!(!text.contains(is_sign), "{kind} at {size:?}:\n{text}");
            let cursor = drawn.cursor;
            assert!(
                cursor.is_some_and(|at| at.y > 0),
                "{kind} at {size:?}: {cursor:?}\n{text}"
            );
        }
    }
}

#[test]
fn the_row_of_the_cursor_is_what_is_highlighted() {
    let mut studio = studio(USUAL);
    for expected in 2..5 {
        let drawn = studio.draw();
        let row = usize::from(drawn.cursor.unwrap().y);
        let text = drawn.text();
        let title = &studio.app.browser.highlighted().unwrap().title;
        assert_eq!(row, expected);
        assert!(text.lines().nth(row).unwrap().contains(title), "{text}");
        studio.keys("<down>");
    }
    studio.keys("<ctrl+p>theme");
    let drawn = studio.draw();
    let row = usize::from(drawn.cursor.unwrap().y);
    let text = drawn.text();
    assert!(
        text.lines().nth(row).unwrap().starts_with("Theme"),
        "{text}"
    );
}

#[test]
fn one_pane_has_the_whole_width_and_says_its_name() {
    let mut studio = used(LARGE);
    let at = |studio: &mut Studio| studio.text().lines().nth(1).unwrap().to_owned();
    assert_eq!(studio.app.focus, Pane::Editor);
    assert_eq!(at(&mut studio), "Editor pane: Draft (shown), Prompt");
    studio.keys("<F6>");
    assert!(
        at(&mut studio).starts_with("Output pane"),
        "{}",
        studio.text()
    );
    assert!(!studio.text().contains("Editor pane"));
    studio.keys("<F6>");
    assert!(
        at(&mut studio).starts_with("Form: Blog post"),
        "{}",
        studio.text()
    );
    studio.keys("<esc>");
    assert_eq!(
        at(&mut studio),
        "Template pane: Templates (shown), Drafts, Snippets"
    );
}

#[test]
fn variants_stand_one_at_a_time() {
    let mut studio = used(LARGE);
    studio.keys("<F6>V").wait(1_000).delta("Another.");
    studio.finish(FinishReason::Stop);
    studio.keys("|");
    let text = studio.text();
    assert!(
        !text.contains("Hot and black") || !text.contains("Another."),
        "{text}"
    );
}

#[test]
fn states_are_words() {
    let mut studio = used(USUAL);
    studio.keys("More.");
    assert!(
        studio.text().lines().next().unwrap().contains("not saved"),
        "{}",
        studio.text()
    );
    studio.keys("<F6><F6>");
    assert!(studio.text().contains("Topic, needed"), "{}", studio.text());
    studio.keys("<esc>*");
    assert!(studio.text().contains(", starred"), "{}", studio.text());
}

#[test]
fn what_a_person_hears() {
    for (name, keys) in [
        ("lists", "<F6><F6><esc>"),
        ("form", "<F6><F6>"),
        ("draft", ""),
        ("output", "<F6>"),
        ("palette", "<ctrl+p>pane<down>"),
        ("question", "More.<ctrl+q>"),
        ("export", "<alt+E>"),
        ("refine", "<ctrl+k>"),
    ] {
        let mut studio = used(USUAL);
        let drawn = studio.keys(keys).draw();
        let cursor = drawn.cursor.unwrap();
        let told = format!(
            "{}\ncursor: column {}, row {}",
            drawn.text(),
            cursor.x,
            cursor.y
        );
        assert_snapshot!(format!("linear_{name}"), told);
    }
}

#[test]
fn a_flag_asks_for_it_and_outlasts_the_settings_file() {
    let mut settings = Settings::resolve(None, &|_| None, &Overrides::default());
    settings.appearance.insist_on_linear();
    let mut studio = Studio::with(settings, USUAL);
    let fresh = Settings::resolve(None, &|_| None, &Overrides::default());
    studio.tell(Msg::Settings(Box::new(fresh)));
    assert!(studio.app.settings.appearance.linear);
    let home = Home::new();
    let shown = home.run(&["config", "show"]);
    assert!(shown.stdout.contains("ui.linear"), "{}", shown.stdout);
}

#[cfg(unix)]
#[test]
fn the_flag_of_the_command_line_draws_without_borders() {
    let mut studio = Pty::start(&["--linear"], USUAL, &[]).unwrap();
    studio.wait_for(
        |screen| screen.contains("Template pane: Templates (shown)"),
        "the lists",
    );
    assert!(!studio.screen().contains(is_sign), "{}", studio.screen());
    studio.send(b"\x11");
    assert_eq!(studio.exit_code(), 0);
}
