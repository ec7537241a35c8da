//! Variants side by side in the Output pane, and what its lower border says of them.
//!
//! Draws only the columns that are on screen. A column is what a single variant would be, under a
//! heading that says which one it is, who wrote it and how it stands.

use super::style::Role;
use super::wrap::{columns, cut};
use super::{Cache, Canvas, output};
use crate::app::areas::{Column, Target};
use crate::app::output::{NARROWEST, Variant};
use ratatui::layout::Rect;
use std::ops::Range;

/// Cells between two columns, a line in their middle.
const GAP: u16 = 3;

/// Rows of a heading.
const HEAD: u16 = 2;

/// Draws the variants at these places beside each other.
pub(super) fn draw(canvas: &mut Canvas, cache: &mut Cache, shown: Range<usize>, area: Rect) {
    let app = canvas.app;
    let count = shown.len() as u16;
    let each = (area.width + GAP) / count - GAP;
    let mut x = area.x;
    for place in shown.clone() {
        let Some(variant) = app.output.variants.get(place) else {
            continue;
        };
        let is_last = place + 1 == shown.end;
        let column = Rect {
            x,
            width: if is_last { area.right() - x } else { each },
            ..area
        };
        let is_chosen = place == app.output.current;
        let number = place - app.output.group().start + 1;
        if !is_chosen {
            canvas.target(column, Target::Variant(place));
        }
        head(canvas, variant, (number, is_chosen), column);
        let below = Rect {
            y: column.y + HEAD.min(column.height),
            height: column.height.saturating_sub(HEAD),
            ..column
        };
        let (text, rows) = output::article(canvas, cache, variant, below);
        if is_chosen {
            (canvas.areas.output, canvas.areas.output_rows) = (text, rows);
        }
        canvas.areas.columns.push(Column {
            place,
            area: column,
            text,
            rows,
        });
        x += column.width;
        if !is_last {
            for y in area.top()..area.bottom() {
                canvas.text((x + GAP / 2, y), "│", 1, Role::Border);
            }
            x += GAP;
        }
    }
}

/// The heading of a column: number, model and state over a line. Those of the chosen one have a
/// mark and a heavy line, which need no colour.
fn head(canvas: &mut Canvas, variant: &Variant, (number, is_chosen): (usize, bool), area: Rect) {
    let mark = if is_chosen { "▶ " } else { "  " };
    let star = if variant.starred { "★" } else { "" };
    let (role, line) = if is_chosen {
        (Role::Strong, "━")
    } else {
        (Role::Dim, "─")
    };
    let label = format!("{mark}{number}{star} ");
    let used = canvas.text((area.x, area.y), &label, area.width, role);
    let room = usize::from(area.width - used);
    // The name of the model comes before how fast it was.
    let name = canvas.app.output.told_apart_by(variant);
    let beside = room.saturating_sub(columns(&name) + 1);
    let (state, state_role) = output::state(canvas, variant, beside);
    let state = cut(&state, room.saturating_sub(8));
    let wide = columns(&state) as u16;
    let model = cut(&name, room.saturating_sub(usize::from(wide) + 1));
    canvas.text((area.x + used, area.y), &model, area.width - used, role);
    let at = (area.right() - wide.min(area.width), area.y);
    canvas.text(at, &state, wide, state_role);
    if area.height > 1 {
        let line = line.repeat(usize::from(area.width));
        canvas.text((area.x, area.y + 1), &line, area.width, role);
    }
}

/// Says on the lower border who wrote the variant shown, where several models were asked, how it
/// stands, where the upper one has no room for that, and why there are no columns although somebody
/// wants them. Columns say all of that themselves.
pub(super) fn note(
    canvas: &mut Canvas,
    variant: &Variant,
    area: Rect,
    unsaid: Option<(String, Role)>,
) {
    let output = &canvas.app.output;
    if area.height < 2 || !canvas.areas.columns.is_empty() {
        return;
    }
    let need = 2 * NARROWEST + GAP;
    let several = output.has_several_models() || output.has_several_templates();
    let model = several.then(|| (output.told_apart_by(variant), Role::Dim));
    let lacks = output.lacks_room(canvas.areas.output_width);
    let lacks = lacks.then(|| (format!("columns need {need} cells"), Role::Dim));
    let said: Vec<(String, Role)> = model.into_iter().chain(unsaid).chain(lacks).collect();
    let end = area.right().saturating_sub(2);
    let mut x = area.x + 2;
    for (index, (text, role)) in said.iter().enumerate() {
        let (before, after) = (if index == 0 { " " } else { "· " }, " ");
        let room = usize::from(end.saturating_sub(x));
        let wide = columns(text) + columns(before) + 1;
        // What does not fit is left out, but for the first, which is cut.
        if wide > room && index > 0 || room < 4 {
            break;
        }
        let text = cut(text, room - columns(before) - 1);
        x += canvas.text((x, area.bottom() - 1), before, 2, Role::Dim);
        x += canvas.text((x, area.bottom() - 1), &text, end - x, *role);
        x += canvas.text((x, area.bottom() - 1), after, 1, Role::Dim);
    }
}
