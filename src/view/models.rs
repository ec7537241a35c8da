//! Draws the model picker: ids with window, prices, abilities and the last day of those that end.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, capitalised, filtered, list};
use crate::app::models::{Picker, Row, Source};
use crate::domain::models::{Model, Place, abilities, price, short};
use jiff::civil::Date;
use ratatui::layout::Rect;

/// Columns behind the id: window, two prices, abilities.
const CONTEXT: u16 = 6;
const PRICE: u16 = 8;
const CAN: u16 = 14;

/// Draws the picker.
pub(crate) fn draw(canvas: &mut Canvas, picker: &Picker, screen: Rect) {
    let size = (
        screen.width.saturating_sub(4).min(92),
        screen.height.saturating_sub(3).min(24),
    );
    let title = format!("Model of {}", picker.provider);
    let inner = frame(canvas, screen, size, &title);
    if inner.height < 4 {
        return;
    }
    filtered::draw(canvas, &picker.list.query, inner);
    heading(
        canvas,
        Rect {
            y: inner.y + 1,
            height: 1,
            ..inner
        },
    );
    let trouble = trouble(picker, inner.width);
    let rows = usize::from(inner.height - 3).saturating_sub(trouble.len());
    let first = filtered::first(picker.list.cursor, rows);
    let shown = picker.rows().enumerate().skip(first).take(rows);
    for (offset, (place, row)) in shown.enumerate() {
        let line = Rect {
            y: inner.y + 2 + offset as u16,
            height: 1,
            ..inner
        };
        match row {
            Row::Model(model) => model_row(canvas, picker, model, line),
            Row::Typed => typed_row(canvas, picker, line),
        }
        if place == picker.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    let top = inner.bottom().saturating_sub(1 + trouble.len() as u16);
    for (text, y) in trouble.iter().zip(top..) {
        canvas.text((inner.x, y), text, inner.width, Role::Warning);
    }
    if picker.is_empty() && picker.list.query.is_empty() {
        let text = "type the id of a model";
        canvas.text((inner.x, inner.y + 2), text, inner.width, Role::Dim);
    }
    foot(
        canvas,
        picker,
        Rect {
            y: inner.bottom() - 1,
            height: 1,
            ..inner
        },
    );
}

/// Columns that the id has.
fn id_width(width: u16) -> u16 {
    width.saturating_sub(CONTEXT + 2 * PRICE + CAN + 2)
}

fn heading(canvas: &mut Canvas, line: Rect) {
    let mut x = line.x + id_width(line.width);
    for (text, width) in [("window", CONTEXT), ("in $/M", PRICE), ("out", PRICE)] {
        right(canvas, text, Rect { x, width, ..line }, Role::Dim);
        x += width;
    }
    canvas.text((x + 2, line.y), "abilities", CAN, Role::Dim);
}

fn model_row(canvas: &mut Canvas, picker: &Picker, model: &Model, line: Rect) {
    let width = id_width(line.width);
    let mark = if picker.marked.contains(&model.id) {
        canvas.says("✓ ", "marked: ")
    } else if model.id == picker.current {
        canvas.says("● ", "in use: ")
    } else {
        "  "
    };
    let used = canvas.text((line.x, line.y), mark, 8, Role::Accent);
    let room = width.saturating_sub(used);
    let warning = ending(model, picker.today);
    let beside = warning.as_ref().map_or(0, |text| columns(text) as u16 + 1);
    let id = cut(&model.id, usize::from(room.saturating_sub(beside).max(12)));
    let x = line.x + used;
    let end = x + canvas.text((x, line.y), &id, room, Role::Text);
    if let Some(text) = warning {
        let left = (line.x + width).saturating_sub(end + 1);
        canvas.text((end + 1, line.y), &text, left, Role::Warning);
    }
    let mut x = line.x + width;
    let context = model.context.map(short).unwrap_or_default();
    right(
        canvas,
        &context,
        Rect {
            x,
            width: CONTEXT,
            ..line
        },
        Role::Dim,
    );
    x += CONTEXT;
    if let Some(prices) = model.prices {
        for rate in [prices.usual.input, prices.usual.output] {
            right(
                canvas,
                &price(rate),
                Rect {
                    x,
                    width: PRICE,
                    ..line
                },
                Role::Text,
            );
            x += PRICE;
        }
    } else {
        // On a server nearby there is no price to know.
        let providers = &canvas.app.settings.providers;
        let provider = providers.get(&picker.provider);
        let near = provider.is_some_and(|it| it.place() == Place::Nearby);
        right(
            canvas,
            if near { "" } else { "cost n/a" },
            Rect {
                x,
                width: 2 * PRICE,
                ..line
            },
            Role::Dim,
        );
        x += 2 * PRICE;
    }
    canvas.text((x + 2, line.y), abilities(model), CAN, Role::Dim);
}

fn typed_row(canvas: &mut Canvas, picker: &Picker, line: Rect) {
    let query = picker.list.typed();
    let marked = picker.marked.iter().any(|id| id == query.trim());
    let mark = if marked { "✓ " } else { "  " };
    let used = canvas.text((line.x, line.y), mark, 2, Role::Accent);
    let note = "as typed, cost n/a";
    let room = line.width.saturating_sub(used + columns(note) as u16 + 2);
    let id = cut(query.trim(), usize::from(room));
    let used = used + canvas.text((line.x + used, line.y), &id, room, Role::Text) + 2;
    let room = line.width.saturating_sub(used);
    canvas.text((line.x + used, line.y), note, room, Role::Dim);
}

/// Where the list is from, or what is marked of it; and the keys.
fn foot(canvas: &mut Canvas, picker: &Picker, line: Rect) {
    let marked = picker.marked.len();
    let keys = match marked {
        0 => "space marks · enter asks it · ctrl+s always · ctrl+r reloads".to_owned(),
        1 => "space marks · enter asks it once · esc".to_owned(),
        _ => format!("space marks · enter asks these {marked} at once · esc"),
    };
    let used = columns(&keys) as u16;
    let x = line.right().saturating_sub(used);
    let room = line.width.saturating_sub(used + 2);
    let count = picker.len();
    let texts = match &picker.source {
        _ if marked > 0 => [picker.marked.join(" + "), format!("{marked} marked")],
        Source::Asking => ["asking the server…".to_owned(), "asking…".to_owned()],
        Source::Server => [
            format!("{count} from the server"),
            format!("{count} models"),
        ],
        Source::Failed(_) => [format!("{count} known here"), format!("{count} known")],
    };
    let fits = texts.iter().find(|text| columns(text) <= usize::from(room));
    let text = cut(fits.unwrap_or(&texts[1]), usize::from(room));
    canvas.text((line.x, line.y), &text, room, Role::Dim);
    canvas.text((x, line.y), &keys, used, Role::Key);
}

/// Why the server did not tell its models, as lines above the foot.
fn trouble(picker: &Picker, width: u16) -> Vec<String> {
    match &picker.source {
        Source::Failed(why) => {
            let mut lines = list::wrap(&capitalised(why), usize::from(width));
            lines.truncate(3);
            lines
        }
        Source::Asking | Source::Server => Vec::new(),
    }
}

fn right(canvas: &mut Canvas, text: &str, area: Rect, role: Role) {
    let width = (columns(text) as u16).min(area.width);
    canvas.text((area.right() - width, area.y), text, width, role);
}

/// The last day of a model that ends soon, as short as it can be read.
fn ending(model: &Model, today: Date) -> Option<String> {
    model.last_day(today)?;
    let days = model.days_left(today)?;
    Some(format!("ends in {days} d"))
}
