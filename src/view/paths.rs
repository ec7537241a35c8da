//! Draws the list under a field that takes a file.
//!
//! Stands below its field, or above it where there is more room. Only reads.

use super::dialogs::framed;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, filtered};
use crate::app::form::Form;
use crate::app::form::paths::PathBox;
use crate::domain::attachment::size;
use crate::domain::tokens::thousands;
use crate::store::entries::{Entry, Kind};
use ratatui::layout::Rect;

/// Rows and columns that it likes to have.
const WISHED: (u16, u16) = (64, 14);

/// Draws the list.
pub(crate) fn draw(canvas: &mut Canvas, shown: &PathBox, screen: Rect) {
    let area = place(canvas, screen);
    let inner = framed(canvas, area, &format!("File for {}", shown.label));
    if inner.height < 3 {
        return;
    }
    filtered::draw(canvas, &shown.list.query, inner);
    let (told, role) = told(shown);
    let below = if told.is_empty() { 1 } else { 2 };
    let rows = usize::from(inner.height - 1 - below);
    let first = filtered::first(shown.list.cursor, rows);
    let places = shown.list.rows.iter().enumerate().skip(first).take(rows);
    for ((at, place), y) in places.zip(inner.y + 1..) {
        let Some(entry) = shown.entry(*place) else {
            continue;
        };
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        row(canvas, entry, line);
        if at == shown.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    let at = (inner.x, inner.bottom() - below);
    canvas.text(at, &told, inner.width, role);
    let keys = "enter takes it · tab goes on with it · esc";
    canvas.text((inner.x, inner.bottom() - 1), keys, inner.width, Role::Key);
}

/// Below the field, or above it.
fn place(canvas: &Canvas, screen: Rect) -> Rect {
    let focus = canvas.app.form.as_ref().map_or(0, Form::focus);
    let mut fields = canvas.areas.fields.iter();
    let field = fields.find(|field| field.index == focus);
    let field = field.map_or(screen, |field| field.area);
    let width = WISHED.0.min(screen.width);
    let x = field.x.saturating_sub(2).min(screen.right() - width);
    // The last row of the screen says what the keys are.
    let under = screen.bottom().saturating_sub(field.y + 2);
    let over = field.y.saturating_sub(screen.y + 1);
    let height = under.max(over).min(WISHED.1);
    let y = if under >= height {
        field.y + 1
    } else {
        field.y - height
    };
    Rect {
        x,
        y,
        width,
        height,
    }
}

fn row(canvas: &mut Canvas, entry: &Entry, line: Rect) {
    let (mark, told) = match entry.kind {
        Kind::Folder => ("/", String::new()),
        Kind::File(bytes) => ("", bytes.map_or_else(String::new, |it| size(it as usize))),
    };
    let width = columns(&told) as u16;
    let room = line.width.saturating_sub(width + 2);
    let name = format!("{}{mark}", entry.name);
    let name = cut(&name, usize::from(room));
    canvas.text((line.x, line.y), &name, room, Role::Text);
    let x = line.right().saturating_sub(width);
    canvas.text((x, line.y), &told, width, Role::Dim);
}

/// What is to be known of the folder, if anything.
fn told(shown: &PathBox) -> (String, Role) {
    match &shown.listing {
        None => ("reading the folder…".to_owned(), Role::Dim),
        Some(Err(why)) => (why.clone(), Role::Error),
        Some(Ok(listing)) if listing.all > listing.entries.len() => {
            let (some, all) = (listing.entries.len(), listing.all);
            let (some, all) = (thousands(some as u64), thousands(all as u64));
            (
                format!("{some} of {all} shown: type more of the name"),
                Role::Warning,
            )
        }
        Some(Ok(listing)) if listing.entries.is_empty() && !listing.narrowed => {
            ("there is nothing in it to choose".to_owned(), Role::Dim)
        }
        Some(Ok(_)) if shown.list.rows.is_empty() => {
            ("nothing here is called that".to_owned(), Role::Dim)
        }
        Some(Ok(_)) => (String::new(), Role::Dim),
    }
}
