//! Marking text in the Output pane with the mouse: what shows, and what is copied.

mod support;

use copydesk::app::effect::Effect;
use copydesk::app::key::{Mouse, MouseAction};
use copydesk::app::msg::Msg;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use support::studio::Studio;

const LARGE: (u16, u16) = (120, 40);

const TEXT: &str = "# Kettles\n\nA **blue** kettle boils, and it is told of in a line that wraps at the edge.\n\n\
                    - one\n- two\n\n> said\n";

/// A studio with a finished variant.
fn written() -> Studio {
    let mut studio = Studio::new(LARGE);
    studio.keys("<enter>Kettles<ctrl+g>");
    studio
        .delta(TEXT)
        .finish(copydesk::domain::run::FinishReason::Stop);
    studio.keys("<alt+3>").draw();
    studio
}

fn mouse(studio: &mut Studio, action: MouseAction, (column, row): (u16, i32)) {
    let area = studio.app.areas.output;
    let row = i32::from(area.y) + row;
    studio.tell(Msg::Mouse(Mouse {
        action,
        column: area.x + column,
        row: u16::try_from(row).unwrap_or(0),
    }));
    studio.draw();
}

fn drag(studio: &mut Studio, from: (u16, i32), to: (u16, i32)) {
    mouse(studio, MouseAction::Press, from);
    mouse(studio, MouseAction::Drag, to);
    mouse(studio, MouseAction::Release, to);
}

fn copied(studio: &Studio) -> Option<&str> {
    studio.asked.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.as_str()),
        _ => None,
    })
}

#[test]
fn what_is_marked_is_copied_as_the_model_wrote_it() {
    let mut studio = written();
    drag(&mut studio, (2, 2), (5, 2));
    studio.keys("<ctrl+c>");
    assert_eq!(copied(&studio), Some("**blue**"));
    assert!(studio.app.marked.is_some(), "it stays to be seen");
    drag(&mut studio, (0, 0), (30, 8));
    assert_snapshot!("marked", studio.picture());
    studio.keys("y");
    assert_eq!(copied(&studio), Some(TEXT.trim_end()));
    studio.keys("<esc>");
    assert_eq!(studio.app.marked, None);
    studio.keys("y");
    assert_eq!(copied(&studio), Some(TEXT));
}

#[test]
fn a_click_marks_nothing_and_takes_the_marks_away() {
    let mut studio = written();
    drag(&mut studio, (2, 2), (9, 2));
    mouse(&mut studio, MouseAction::Press, (3, 3));
    mouse(&mut studio, MouseAction::Release, (3, 3));
    studio.keys("<ctrl+c>");
    assert_eq!(copied(&studio), None);
}

/// Presses so often in one place, and copies.
fn clicked(studio: &mut Studio, times: u8, place: (u16, i32)) -> Option<String> {
    // The clicks before are long past.
    studio.wait(1_000);
    for _ in 0..times {
        mouse(studio, MouseAction::Press, place);
        mouse(studio, MouseAction::Release, place);
    }
    studio.keys("<ctrl+c>");
    copied(studio).map(str::to_owned)
}

#[test]
fn two_clicks_mark_a_word_and_three_a_paragraph() {
    let mut studio = written();
    assert_eq!(clicked(&mut studio, 2, (4, 2)).as_deref(), Some("**blue**"));
    let paragraph = TEXT.lines().nth(2);
    assert_eq!(clicked(&mut studio, 3, (9, 3)).as_deref(), paragraph);
    assert_snapshot!("paragraph", studio.picture());
    studio.keys("<esc>");
    assert_eq!(
        studio.app.marked, None,
        "marks go before anything else does"
    );
}

#[test]
fn a_drag_from_two_clicks_goes_on_by_words() {
    let mut studio = written();
    mouse(&mut studio, MouseAction::Press, (10, 2));
    mouse(&mut studio, MouseAction::Release, (10, 2));
    mouse(&mut studio, MouseAction::Press, (10, 2));
    mouse(&mut studio, MouseAction::Drag, (15, 2));
    studio.keys("<ctrl+c>");
    assert_eq!(copied(&studio), Some("kettle boils"));
    mouse(&mut studio, MouseAction::Drag, (3, 2));
    studio.keys("<ctrl+c>");
    assert_eq!(copied(&studio), Some("blue** kettle"));
}

#[test]
fn a_drag_that_is_held_beyond_the_edge_goes_on() {
    let mut studio = Studio::new(LARGE);
    studio.keys("<enter>Kettles<ctrl+g>");
    studio
        .delta(&"line\n\n".repeat(60))
        .finish(copydesk::domain::run::FinishReason::Stop);
    studio.keys("<alt+3>g").draw();
    let height = i32::from(studio.app.areas.output.height);
    mouse(&mut studio, MouseAction::Press, (0, 2));
    mouse(&mut studio, MouseAction::Drag, (3, height));
    let scroll = |studio: &Studio| studio.app.output.shown().map(|shown| shown.scroll);
    assert_eq!(scroll(&studio), Some(1));
    for _ in 0..5 {
        studio.wait(60).tell(Msg::Tick).draw();
    }
    assert_eq!(scroll(&studio), Some(6));
    mouse(&mut studio, MouseAction::Release, (3, height));
    studio.wait(60).tell(Msg::Tick);
    assert_eq!(scroll(&studio), Some(6));
    studio.keys("<ctrl+c>");
    let lines = copied(&studio).map(|text| text.matches("line").count());
    assert_eq!(
        lines,
        Some((usize::try_from(height).unwrap() + 5 - 2) / 2 + 1)
    );
}
