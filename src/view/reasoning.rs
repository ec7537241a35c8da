//! Reasoning above a variant: one line that says how much there is, and all of it when unfolded.
//!
//! Owns these rows and nothing of the text below them.

use super::{Cache, Canvas};
use crate::app::areas::Target;
use crate::app::output::Variant;
use crate::view::style::Role;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Rows that the reasoning of a variant takes at this width.
pub(super) fn rows(canvas: &Canvas, cache: &mut Cache, variant: &Variant, width: u16) -> usize {
    let reasoning = &variant.reasoning;
    if reasoning.is_empty() {
        return 0;
    }
    if !reasoning.open {
        return 1;
    }
    let markdown = cache.reasoning.entry(variant.run).or_default();
    markdown.update(reasoning.text(), width, canvas.styles);
    // The line that says how much it is, and an empty one before the text.
    markdown.height() + 2
}

/// Draws these rows from `first` on at the top of an area.
pub(super) fn draw(
    canvas: &mut Canvas,
    cache: &Cache,
    variant: &Variant,
    (area, first): (Rect, usize),
) {
    let reasoning = &variant.reasoning;
    if reasoning.is_empty() {
        return;
    }
    let row = |y: u16| Rect {
        y: area.y + y,
        height: 1,
        ..area
    };
    let mut top = 0;
    if first == 0 && area.height > 0 {
        let mark = if reasoning.open { "▾" } else { "▸" };
        let verb = if variant.is_running() && variant.text.is_empty() {
            "thinking …"
        } else {
            "thought for"
        };
        let line = format!("{mark} {verb} {}", reasoning.length());
        canvas.text((area.x, area.y), &line, area.width, Role::Dim);
        canvas.target(row(0), Target::Reasoning);
        top = 1;
    }
    let markdown = cache.reasoning.get(&variant.run).filter(|_| reasoning.open);
    let Some(markdown) = markdown else { return };
    let start = first.saturating_sub(1);
    let lines = markdown.lines(start..markdown.height());
    for (line, y) in lines.zip(top..area.height) {
        line.render(row(y), canvas.buffer);
        canvas.paint(row(y), Role::Dim);
    }
}
