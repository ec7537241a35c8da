//! The card of the tour: a few rows above the status line, over which no box is drawn.

use super::style::Role;
use super::wrap::columns;
use super::{Canvas, list};
use crate::app::App;
use crate::app::tour::Step;
use ratatui::layout::Rect;

/// Most rows of words.
const MOST: u16 = 4;
/// Rows that panes keep.
const LEFT: u16 = 9;

/// Rows that the card takes on a screen of this size.
pub(super) fn rows(app: &App, screen: Rect) -> u16 {
    let Some(said) = app.tour_says() else {
        return 0;
    };
    let lines = list::wrap(&said, usize::from(screen.width.saturating_sub(2)));
    // One more than it needs would move the panes less often, one less would cut a step.
    let wanted = (lines.len() as u16).clamp(2, MOST) + 1;
    wanted.min(screen.height.saturating_sub(LEFT))
}

/// Draws the card.
pub(super) fn draw(canvas: &mut Canvas, area: Rect) {
    let (Some(tour), Some(said)) = (canvas.app.tour.as_ref(), canvas.app.tour_says()) else {
        return;
    };
    if area.is_empty() {
        return;
    }
    let step = tour.step;
    let number = Step::ALL.iter().position(|each| *each == step);
    let title = match number {
        Some(place) => format!(
            " Tour · step {} of {}: {} ",
            place + 1,
            Step::ALL.len(),
            step.title()
        ),
        None => format!(" Tour · {} ", step.title()),
    };
    let rule = "─".repeat(usize::from(area.width));
    canvas.text((area.x, area.y), &rule, area.width, Role::BorderFocused);
    let used = canvas.text(
        (area.x + 1, area.y),
        &title,
        area.width.saturating_sub(2),
        Role::Strong,
    );
    let leave = if number.is_some() {
        " esc leaves "
    } else {
        " ctrl+q leaves "
    };
    let leave = canvas.app.keymap.told(leave);
    let width = columns(&leave) as u16;
    if used + width + 6 < area.width {
        canvas.text((area.right() - width - 2, area.y), &leave, width, Role::Dim);
    }
    let width = area.width.saturating_sub(2);
    for (line, y) in list::wrap(&said, width.into())
        .iter()
        .zip(area.y + 1..area.bottom())
    {
        canvas.text((area.x + 1, y), line, width, Role::Text);
    }
}
