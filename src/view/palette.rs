//! The palette: what was typed marked in each title, help or the reason why not, the key at the
//! right, and below what can be done with the highlighted row.
//!
//! Only looks; what matches and what it means is `app::palette`'s to say.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, filtered, list};
use crate::app::command::TABLE;
use crate::app::palette::{Binding, Palette, Row, What};
use crate::config::table;
use ratatui::layout::Rect;

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, palette: &Palette, screen: Rect) {
    let height = 20.min(screen.height.saturating_sub(4));
    let inner = frame(canvas, screen, (76, height), "Commands");
    if inner.height < 2 {
        return;
    }
    filtered::draw(canvas, &palette.list.query, inner);
    let below = below(palette, usize::from(inner.width));
    let most = usize::from(inner.height).saturating_sub(3);
    let below = &below[..below.len().min(most)];
    let rows = usize::from(inner.height - 1) - below.len();
    let first = filtered::first(palette.list.cursor, rows);
    let shown = palette.list.rows.iter().enumerate().skip(first).take(rows);
    for ((place, row), y) in shown.zip(inner.y + 1..) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        draw_row(canvas, palette, row, line);
        if place == palette.list.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    if palette.list.rows.is_empty() {
        let none = "nothing is called that";
        canvas.text((inner.x, inner.y + 1), none, inner.width, Role::Dim);
    }
    let top = inner.bottom() - below.len() as u16;
    for ((text, role), y) in below.iter().zip(top..) {
        canvas.text((inner.x, y), text, inner.width, *role);
    }
}

fn draw_row(canvas: &mut Canvas, palette: &Palette, row: &Row, line: Rect) {
    let (key, help, why) = match row.what {
        What::Command(place) => {
            let Some(entry) = TABLE.get(place) else {
                return;
            };
            let why = canvas.app.idle_because(entry.command);
            (canvas.app.keymap.key(entry), entry.help, why)
        }
        What::Theme(place) => {
            let own = palette.themes.get(place).is_some_and(|named| named.own);
            let help = if own { "Your own look" } else { "How it looks" };
            (String::new(), help, None)
        }
        What::Setting(place) => {
            let help = table::TABLE.get(place).map_or("", |it| it.help);
            (String::new(), help, None)
        }
    };
    let key_width = columns(&key) as u16;
    let role = if why.is_some() { Role::Dim } else { Role::Text };
    let title = palette.title(row.what);
    let mut x = line.x;
    for (place, c) in title.chars().enumerate() {
        let marked = row.marks.contains(&place);
        let role = if marked { Role::Accent } else { role };
        let room = line.right().saturating_sub(x);
        x += canvas.text((x, line.y), c.encode_utf8(&mut [0; 4]), room, role);
    }
    let used = (x - line.x).max(20) + 2;
    let room = line.width.saturating_sub(used + key_width + 1);
    let help = match why {
        Some(why) => format!("not now: {why}"),
        None => help.to_owned(),
    };
    let help = cut(&help, usize::from(room));
    canvas.text((line.x + used, line.y), &help, room, Role::Dim);
    let at = line.right().saturating_sub(key_width);
    canvas.text((at, line.y), &key, key_width, Role::Key);
}

/// What stands below the rows.
fn below(palette: &Palette, width: usize) -> Vec<(String, Role)> {
    let keys = |text: &str| vec![(text.to_owned(), Role::Key)];
    let Some(Binding { entry, key, told }) = &palette.binding else {
        return match palette.entry() {
            Some(_) => keys("enter does it · alt+k other key · alt+x own key · esc"),
            None if palette.theme().is_some() => keys("enter keeps this look · esc goes back"),
            None if palette.list.rows.is_empty() => keys("esc goes back"),
            None => keys("enter opens the settings there · esc goes back"),
        };
    };
    let mut lines = Vec::new();
    let asked = match key {
        None => format!(
            "Press the key for “{}”; esc leaves it as it is",
            entry.title
        ),
        Some(key) => format!(
            "{key} for “{}”: enter writes it · esc does not",
            entry.title
        ),
    };
    let warned = told.iter().flat_map(|odd| list::wrap(odd, width));
    lines.extend(warned.map(|line| (line, Role::Warning)));
    lines.push((asked, Role::Strong));
    lines
}
