//! Panes by the person's measure: moved by keys and by the mouse, within bounds, and remembered.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::app::Pane;
use copydesk::app::arrangement::Border;
use copydesk::app::effect::Effect;
use copydesk::app::key::{Mouse, MouseAction};
use copydesk::app::look::{Errand, Fact};
use copydesk::app::msg::Msg;
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::store::layout::{self, Layout};
use copydesk::view::Cache;
use pretty_assertions::assert_eq;
use support::boxes;
use support::cli::Home;
use support::studio::{Studio, drawn};

const WIDE: (u16, u16) = (120, 40);
const MEDIUM: (u16, u16) = (80, 24);

/// Where the borders stand.
fn borders(studio: &Studio) -> Vec<u16> {
    let all = studio.app.areas.borders.iter();
    all.map(|border| border.at).collect()
}

fn mouse(studio: &mut Studio, action: MouseAction, (column, row): (u16, u16)) {
    let mouse = Mouse {
        action,
        column,
        row,
    };
    studio.tell(Msg::Mouse(mouse));
}

/// The layout that the file has.
fn kept(studio: &Studio) -> Layout {
    layout::load(studio.paths()).unwrap()
}

#[test]
fn keys_move_the_border_of_the_focused_pane() {
    let mut studio = Studio::new(WIDE);
    assert_eq!(borders(&studio), [36, 78]);
    studio.keys(">>>");
    assert_eq!(borders(&studio)[0], 42);
    studio.keys("<lt>");
    assert_eq!(borders(&studio)[0], 40);
    // In the text the same letters are text; these keys work there, too.
    studio.keys("<alt+2><alt+.>");
    assert_eq!(borders(&studio), [40, 82]);
    studio.keys("<alt+3><lt>");
    assert_eq!(borders(&studio), [40, 84]);
    studio.keys(">");
    assert_eq!(borders(&studio), [40, 82]);
    studio.keys("<alt+,>");
    assert_eq!(borders(&studio), [40, 84]);
    studio.keys("<alt+2>x>");
    assert!(studio.app.editor.document.text().contains("x>"));
    assert_eq!(borders(&studio), [40, 84]);
}

#[test]
fn a_burst_of_keys_counts_each_of_them() {
    let mut studio = Studio::new(WIDE);
    studio.keep_back("<alt+.*5>");
    assert_eq!(borders(&studio)[0], 46);
}

#[test]
fn no_pane_becomes_too_narrow_to_use_and_the_last_key_says_so() {
    for (size, narrowest, widest) in [(WIDE, 20, 60), (MEDIUM, 20, 50)] {
        let mut studio = Studio::new(size);
        studio.keys("<lt*60>");
        assert_eq!(borders(&studio)[0], narrowest, "{size:?}");
        assert!(
            studio.text().contains("as narrow as it goes"),
            "{}",
            studio.text()
        );
        studio.keys("<alt+.*60>");
        assert_eq!(borders(&studio)[0], widest, "{size:?}");
        assert!(
            studio.text().contains("as wide as it goes"),
            "{}",
            studio.text()
        );
    }
    let mut narrow = Studio::new((60, 20));
    narrow.keys(">");
    assert!(
        narrow.text().contains("no pane beside"),
        "{}",
        narrow.text()
    );
}

#[test]
fn the_mouse_drags_a_border_and_two_clicks_put_it_back() {
    let mut studio = Studio::new(WIDE);
    for start in [36, 35] {
        mouse(&mut studio, MouseAction::Press, (start, 10));
        for column in [40, 44, 50, 48] {
            mouse(&mut studio, MouseAction::Drag, (column, 12));
        }
        assert_eq!(borders(&studio)[0], 48);
        assert_eq!(kept(&studio).template, None, "written while it moves");
        mouse(&mut studio, MouseAction::Release, (48, 12));
        assert_eq!(kept(&studio).template, Some(4_000));
        // Let go, the mouse moves nothing any more.
        mouse(&mut studio, MouseAction::Drag, (20, 12));
        assert_eq!(borders(&studio)[0], 48);
        studio.wait(1_000);
        for _ in 0..2 {
            mouse(&mut studio, MouseAction::Press, (48, 20));
            mouse(&mut studio, MouseAction::Release, (48, 20));
        }
        assert_eq!(borders(&studio), [36, 78]);
        assert_eq!(kept(&studio), Layout::default());
        studio.wait(1_000);
    }
    assert_eq!(studio.app.focus, Pane::Template, "a border is no pane");
}

#[test]
fn what_was_arranged_is_there_after_a_restart() {
    let mut studio = Studio::new(WIDE);
    studio
        .keys(">>")
        .keys("<alt+2><alt+.><F11>")
        .keys("<ctrl+b>");
    let left = kept(&studio);
    assert!(
        left.zoomed && left.hidden && left.template.is_some(),
        "{left:?}"
    );
    let mut again = Studio::new(WIDE);
    again.app.arrange(left);
    again.draw();
    assert!(again.app.zoomed && again.app.template_hidden);
    assert_eq!(again.app.focus, Pane::Editor, "what is hidden has no focus");
    again.keys("<F11>");
    assert_eq!(borders(&again).len(), 1);
    again.keys("<alt+1>");
    assert_eq!(borders(&again), borders(studio.keys("<F11><alt+1>")));
    again.keys("<alt+0>");
    assert_eq!(
        (borders(&again), kept(&again)),
        (vec![36, 78], Layout::default())
    );
}

#[test]
fn sizes_hold_while_the_window_changes() {
    let mut studio = Studio::new(WIDE);
    studio.keys("<alt+.*6>");
    studio.size = MEDIUM;
    studio.draw();
    studio.keys("<lt>");
    let at_first = (borders(studio.keys("")), kept(&studio));
    for (width, height) in [
        (60, 20),
        (200, 60),
        (19, 4),
        (1, 1),
        (119, 3),
        (121, 50),
        (80, 24),
    ] {
        studio.size = (width, height);
        studio.tell(Msg::Resize);
        studio.draw();
    }
    assert_eq!((borders(&studio), kept(&studio)), at_first);
    studio.size = WIDE;
    studio.draw();
    assert_eq!(borders(&studio)[0], 48);
}

#[test]
fn every_layout_is_drawn_at_every_size_and_leaves_no_pane_below_its_least() {
    let mut studio = Studio::new(WIDE);
    for share in [1, 900, 5_000, 9_999] {
        for hidden in [false, true] {
            studio.app.arrange(Layout {
                template: Some(share),
                template_beside: Some(10_000 - share),
                editor: Some(share),
                hidden,
                zoomed: false,
            });
            for width in (1..=24).chain((25..=200).step_by(7)) {
                for height in [1, 2, 5, 24, 60] {
                    let (_, areas) = drawn(&studio.app, &mut Cache::default(), (width, height));
                    for Border {
                        at, shared, bounds, ..
                    } in areas.borders
                    {
                        let left = at - shared.0;
                        assert!(
                            (bounds.0..=bounds.1).contains(&left),
                            "{width}: {left} {bounds:?}"
                        );
                        assert!(
                            left >= 20 && shared.1 - left >= 30,
                            "{width}: {left} of {shared:?}"
                        );
                    }
                }
            }
        }
    }
}

#[test]
fn one_layout_is_written_at_a_time_and_the_last_one_always() {
    let mut studio = Studio::new(WIDE);
    let wanted = |asked: &[Effect]| {
        let all = asked.iter().filter_map(|effect| match effect {
            Effect::Look(Errand::Arrange(layout)) => Some(layout.template),
            _ => None,
        });
        all.collect::<Vec<_>>()
    };
    let asked = studio.keep_back("<alt+.*5>");
    assert_eq!(wanted(&asked), [Some(3_167)]);
    studio.tell(Msg::Look(Fact::Arranged(Ok(()))));
    assert_eq!(kept(&studio).template, Some(3_833));
    // Whoever leaves before a word came back loses nothing, either.
    let asked = studio.keep_back("<alt+.*2><ctrl+q>");
    assert_eq!(wanted(&asked), [Some(4_000), Some(4_167)]);
    let failure = Failure::new(FailureKind::Other, "cannot write the layout");
    let mut studio = Studio::new(WIDE);
    studio.tell(Msg::Look(Fact::Arranged(Err(failure))));
    assert!(
        studio.text().contains("annot write the layout"),
        "{}",
        studio.text()
    );
}

#[test]
fn a_damaged_layout_is_told_by_the_doctor_with_what_mends_it() {
    let home = Home::new();
    let file = layout::file(&copydesk::store::Paths::below(&home.path("")));
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    copydesk::store::atomic::save(&file, b"{\"template\": -3}").unwrap();
    let ran = home.run(&["doctor", "--json"]);
    let findings = ran.json()["findings"].clone();
    let all = findings.as_array().unwrap().iter();
    let of: Vec<_> = all.filter(|finding| finding["area"] == "layout").collect();
    assert_eq!(of.len(), 1, "{findings}");
    assert_eq!(of[0]["level"], "note");
    assert!(
        of[0]["what"].as_str().unwrap().contains("layout.json"),
        "{}",
        of[0]
    );
    assert!(
        of[0]["mend"].as_str().unwrap().starts_with("rm "),
        "{}",
        of[0]
    );
}

/// The rows of a box that ends right above another border: two that read as one thing.
fn doubled(screen: &str) -> Option<String> {
    let rows: Vec<Vec<char>> = screen.lines().map(|row| row.chars().collect()).collect();
    let ends = |row: &[char]| row.contains(&'╰');
    let doubled = rows.windows(2).filter(|two| ends(&two[0])).find(|two| {
        let both = two[0].iter().zip(&two[1]);
        let both: Vec<bool> = both.map(|(up, down)| (*up, *down) == ('─', '─')).collect();
        both.windows(10).any(|run| run.iter().all(|it| *it))
    })?;
    Some(
        doubled
            .iter()
            .map(|row| row.iter().collect::<String>() + "\n")
            .collect(),
    )
}

#[test]
fn no_box_ends_right_above_the_border_of_a_pane() {
    for size in [(60, 20), (80, 24), (120, 40)] {
        for (kind, mut studio) in boxes::each(|| Studio::new(size)) {
            let shown = studio.text();
            assert_eq!(doubled(&shown), None, "{kind} at {size:?}:\n{shown}");
        }
        // Also where the row above the keys says what is wrong with a source.
        for keys in ["<F10>", "<ctrl+p>", "<F1>", "<alt+Y>", "<F3>"] {
            let mut studio = Studio::new(size);
            let wrong = "---\ntitle: Mail\ncolour: red\n---\nWrite {{ words }}.\n";
            studio.put("data/templates/mail.md", wrong);
            let path = studio.path("data/templates/mail.md").display().to_string();
            let told = studio.keys(&format!("<alt+o><paste:{path}><enter>")).text();
            assert!(told.contains("colour"), "{told}");
            let shown = studio.keys(keys).text();
            assert_eq!(doubled(&shown), None, "{keys} at {size:?}:\n{shown}");
        }
    }
}
