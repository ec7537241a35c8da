//! Boxes over the panes: help, palette, questions, comparisons.

use super::comparison::{Sheet, Wanted};
use super::style::Role;
use super::wrap::{columns, cut};
use super::{
    Cache, Canvas, brief, connect, entry, help, hidden, list, making, models, palette, paths,
    payload, recovery, refine, rival, settings, switcher, themes, usage, work, writing,
};
use crate::app::comparison::{Comparison, Fold};
use crate::app::dialog::{Confirm, Dialog};
use crate::app::line::{Asked, Line};
use crate::store::items::Item;
use ratatui::buffer::Cell;
use ratatui::layout::Rect;
use ratatui::widgets::{Clear, Widget};

/// Fewest rows of a box that gives one up.
const LEAST: u16 = 8;

/// Draws one box.
pub(crate) fn draw(canvas: &mut Canvas, cache: &mut Cache, dialog: &Dialog, screen: Rect) {
    match dialog {
        Dialog::Help(shown) => help::draw(canvas, shown, screen),
        Dialog::Palette(shown) => palette::draw(canvas, shown, screen),
        Dialog::Confirm(confirm) => draw_confirm(canvas, confirm, screen),
        Dialog::Comparison(comparison) => draw_comparison(canvas, cache, comparison, screen),
        Dialog::Recovery(left) => recovery::draw(canvas, left, screen),
        Dialog::Timeline(timeline) => recovery::draw_timeline(canvas, timeline, screen),
        Dialog::Line(line) => draw_line(canvas, line, screen),
        Dialog::Making(shown) => making::draw(canvas, shown, screen),
        Dialog::Rivals(shown) => rival::draw(canvas, shown, screen),
        Dialog::Lacking(shown) => rival::draw_lacking(canvas, shown, screen),
        Dialog::Hidden(inspector) => hidden::draw(canvas, inspector, screen),
        Dialog::Models(picker) => models::draw(canvas, picker, screen),
        Dialog::Usage(usage) => usage::draw(canvas, usage, screen),
        Dialog::Payload(inspection) => {
            payload::draw(canvas, &mut cache.payload, inspection, screen);
        }
        Dialog::Connect(step) => connect::draw(canvas, step, screen),
        Dialog::Refine(chooser) => refine::draw(canvas, chooser, screen),
        Dialog::Switcher(shown) => switcher::draw(canvas, shown, screen),
        Dialog::Runs(shown) => switcher::runs::draw(canvas, shown, screen),
        Dialog::GoToLine(asked) => writing::draw_line(canvas, asked, screen),
        Dialog::Settings(shown) => settings::draw(canvas, shown, screen),
        Dialog::Themes(shown) => themes::draw(canvas, shown, screen),
        Dialog::Export(shown) => super::exporting::draw(canvas, shown, screen),
        Dialog::Earlier(shown) => brief::draw_earlier(canvas, shown, screen),
        Dialog::Paths(shown) => paths::draw(canvas, shown, screen),
        Dialog::Named(shown) => brief::draw_named(canvas, shown, screen),
        Dialog::Work(shown) => work::draw(canvas, shown, screen),
        Dialog::Statistics(counted) => writing::draw_statistics(canvas, counted, screen),
    }
}

/// Clears a box in the middle of the screen and frames it; returns what is inside.
pub(super) fn frame(
    canvas: &mut Canvas,
    screen: Rect,
    (width, height): (u16, u16),
    title: &str,
) -> Rect {
    let width = width.min(screen.width);
    let height = height.min(screen.height);
    let mut area = Rect {
        x: screen.x + (screen.width - width) / 2,
        y: screen.y + (screen.height - height) / 3,
        width,
        height,
    };
    if is_on_border(canvas, area) {
        area.height -= 1;
    }
    framed(canvas, area, title)
}

/// Whether a box would end right above the border of a pane: two borders in adjacent rows read as
/// one thing. One that has hardly any room keeps it.
fn is_on_border(canvas: &Canvas, area: Rect) -> bool {
    let below = (area.x + area.width / 2, area.bottom());
    let below = canvas.buffer.cell(below).map(Cell::symbol);
    area.height >= LEAST && matches!(below, Some("─" | "╯" | "╰"))
}

/// Clears a box at its place and frames it; returns what is inside. One that is read aloud has the
/// whole screen.
pub(super) fn framed(canvas: &mut Canvas, area: Rect, title: &str) -> Rect {
    if canvas.is_linear() {
        let screen = canvas.buffer.area;
        return super::linear::whole(canvas, screen, title);
    }
    Clear.render(area, canvas.buffer);
    let inner = canvas.border(area, Role::BorderFocused);
    if !title.is_empty() {
        let title = format!(" {title} ");
        let room = area.width.saturating_sub(4);
        canvas.text((area.x + 2, area.y), &title, room, Role::Strong);
    }
    Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    }
}

fn draw_confirm(canvas: &mut Canvas, confirm: &Confirm, screen: Rect) {
    let width = 60.min(screen.width);
    let room = usize::from(width.saturating_sub(4));
    let lines = list::wrap(&confirm.question, room);
    let answers = confirm.answers.iter().flat_map(|(key, text, _)| {
        let lines = list::wrap(text, room.saturating_sub(3)).into_iter();
        lines.enumerate().map(move |(row, line)| {
            let key = if row == 0 { *key } else { ' ' };
            (key, line)
        })
    });
    let answers: Vec<(char, String)> = answers.collect();
    let height = (lines.len() + answers.len() + 3) as u16;
    let inner = frame(canvas, screen, (width, height), "Please decide");
    for (row, line) in lines.iter().enumerate() {
        let y = inner.y + row as u16;
        if y < inner.bottom() {
            canvas.text((inner.x, y), line, inner.width, Role::Text);
        }
    }
    for (row, (key, text)) in answers.iter().enumerate() {
        let y = inner.y + (lines.len() + 1 + row) as u16;
        if y >= inner.bottom() {
            break;
        }
        canvas.text((inner.x, y), &key.to_string(), 1, Role::Key);
        let room = inner.width.saturating_sub(3);
        canvas.text((inner.x + 3, y), text, room, Role::Text);
    }
}

fn draw_line(canvas: &mut Canvas, line: &Line, screen: Rect) {
    let (title, hint) = match (line.asked, &line.item) {
        (Asked::MoreTags, _) => ("Tags for all", "added to each; -tag takes one away"),
        (Asked::Status, _) => ("Status", "draft, ready, published, or your own word"),
        (Asked::Tags, _) => ("Tags", "separated by commas"),
        (Asked::NewTemplate, _) => ("New template", "its title; the file is named after it"),
        (Asked::NewSnippet, _) if line.source.is_some() => (
            "Snippet from the selection",
            "the name that templates include it by",
        ),
        (Asked::NewSnippet, _) => ("New snippet", "the name that templates include it by"),
        (Asked::File, _) => ("Open a file", "its path; it is saved in its place"),
        (Asked::Title, Some(Item::Snippet(_))) => (
            "Rename",
            "templates include it by its new name from then on",
        ),
        (Asked::Title, _) => ("Rename", "a new title; the file is named after it"),
    };
    let inner = frame(canvas, screen, (60.min(screen.width), 5), title);
    if inner.height < 1 {
        return;
    }
    let used = canvas.text((inner.x, inner.y), "> ", inner.width, Role::Key);
    let place = Rect {
        x: inner.x + used,
        width: inner.width.saturating_sub(used),
        height: 1,
        ..inner
    };
    entry::draw(canvas, &line.entry, entry::Focus::Here, place);
    if inner.height > 2 {
        canvas.text((inner.x, inner.y + 1), hint, inner.width, Role::Dim);
        let keys = match line.asked {
            Asked::Title | Asked::Tags | Asked::MoreTags | Asked::Status => {
                "enter does it · esc leaves it as it is"
            }
            Asked::NewTemplate | Asked::NewSnippet => "enter begins it and opens its source · esc",
            Asked::File => "enter opens it · esc",
        };
        canvas.text((inner.x, inner.y + 2), keys, inner.width, Role::Dim);
    }
}

/// The keys for the other side of a variant, and for what can be done with the changes.
fn sides(canvas: &mut Canvas, shown: &Comparison, inner: Rect) {
    if shown.side.is_none() {
        return;
    }
    let others = canvas.app.has_other_sides();
    let keys = if others {
        " 0-9 [ ] other side · m merge "
    } else {
        " m merge "
    };
    let width = columns(keys) as u16;
    let x = inner.right().saturating_sub(width);
    let title = columns(&shown.title) as u16 + 4;
    if x > inner.x + title {
        canvas.text((x, inner.y.saturating_sub(1)), keys, width, Role::Key);
    }
}

fn draw_comparison(canvas: &mut Canvas, cache: &mut Cache, shown: &Comparison, screen: Rect) {
    let size = (
        screen
            .width
            .saturating_sub(8)
            .min(100)
            .max(60.min(screen.width)),
        screen.height.saturating_sub(4),
    );
    let inner = frame(canvas, screen, size, &shown.title);
    sides(canvas, shown, inner);
    let wanted = Wanted {
        hunks: shown.hunks.clone(),
        width: inner.width,
        styles: canvas.styles,
        fold: shown.fold,
    };
    let sheet = Sheet::of(cache.comparison.take(), wanted);
    let count = sheet.rows.len();
    let change = sheet.changes.get(shown.at).copied().unwrap_or(0);
    let last = count.saturating_sub(usize::from(inner.height));
    // Two rows before a change tell where it is.
    let first = change.saturating_sub(2);
    let first = first.saturating_add_signed(shown.moved).min(last);
    canvas.areas.compared = Some(first.cast_signed() - change.saturating_sub(2).cast_signed());
    let rows = sheet.rows.iter().skip(first).take(inner.height.into());
    for (line, y) in rows.zip(inner.y..) {
        let place = Rect {
            y,
            height: 1,
            ..inner
        };
        line.render(place, canvas.buffer);
    }
    let below = if first < last { " ↓ more ·" } else { "" };
    let fold = match shown.fold {
        Fold::Folded => "f all",
        Fold::Open => "f fold",
    };
    let told = match shown.count {
        0 => format!("{below} both say the same · esc closes "),
        1 => format!("{below} 1 change · {fold} · esc closes "),
        count => format!(
            "{below} {count} changes · {} of {count} · n N go · {fold} · esc closes ",
            shown.at + 1
        ),
    };
    let told = cut(&told, inner.width.into());
    let width = columns(&told) as u16;
    let x = inner.right().saturating_sub(width);
    canvas.text((x, inner.bottom()), &told, width, Role::Dim);
    cache.comparison = Some(sheet);
}
