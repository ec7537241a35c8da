//! The payload inspector on screen: address, headers, body, and what is not as it was wished.

use super::style::Role;
use super::wrap::columns;
use super::{Canvas, capitalised, dialogs, list};
use crate::app::payload::Inspection;
use ratatui::layout::Rect;

/// The rows of an inspection at a width: a prompt of a megabyte is not broken anew at every key.
#[derive(Debug, Default)]
pub(crate) struct Rows {
    /// Which inspection, and how wide.
    of: (u64, u16),
    rows: Vec<(String, Role)>,
}

impl Rows {
    fn update(&mut self, inspection: &Inspection, width: u16) {
        let of = (inspection.id, width);
        if self.of == of {
            return;
        }
        self.of = of;
        self.rows.clear();
        for line in &inspection.head {
            self.push(line, Role::Text, width);
        }
        self.rows.push((String::new(), Role::Text));
        for line in &inspection.body {
            self.push(line, Role::Accent, width);
        }
        if !inspection.notes.is_empty() {
            self.rows.push((String::new(), Role::Text));
        }
        for line in &inspection.notes {
            self.push(&capitalised(line), Role::Warning, width);
        }
    }

    /// Adds a line; what does not fit goes on below its own beginning.
    fn push(&mut self, line: &str, role: Role, width: u16) {
        let text = line.trim_start_matches(' ');
        let indent = (line.len() - text.len()).min(usize::from(width / 2));
        let room = usize::from(width).saturating_sub(indent).max(1);
        let pad = " ".repeat(indent);
        if text.is_empty() {
            self.rows.push((String::new(), role));
        }
        let lines = list::wrap(text, room).into_iter();
        self.rows
            .extend(lines.map(|line| (format!("{pad}{line}"), role)));
    }
}

/// Draws the inspector.
pub(crate) fn draw(canvas: &mut Canvas, rows: &mut Rows, inspection: &Inspection, screen: Rect) {
    let size = (
        screen.width.saturating_sub(6).min(110),
        screen.height.saturating_sub(4),
    );
    let title = match inspection.turn {
        Some((at, count)) => format!("Payload · model {} of {count}", at + 1),
        None => "Payload".to_owned(),
    };
    let inner = dialogs::frame(canvas, screen, size, &title);
    rows.update(inspection, inner.width);
    let last = rows.rows.len().saturating_sub(usize::from(inner.height));
    canvas.areas.payload_last = last;
    let first = inspection.scroll.min(last);
    for ((text, role), y) in rows.rows.iter().skip(first).zip(inner.y..inner.bottom()) {
        canvas.text((inner.x, y), text, inner.width, *role);
    }
    let keys = " b body · c curl · r copydesk run · esc closes ".to_owned();
    let keys = match inspection.turn {
        Some(_) => format!(" tab next model ·{keys}"),
        None => keys,
    };
    let more = if first < last {
        format!(" ↓ more ·{keys}")
    } else {
        keys.clone()
    };
    let fits = |text: &String| columns(text) <= usize::from(inner.width);
    let short = " b · c · r · esc ".to_owned();
    let hint = [more, keys, short].into_iter().find(fits);
    let hint = hint.unwrap_or_default();
    let width = columns(&hint) as u16;
    let at = (inner.right().saturating_sub(width), inner.bottom());
    canvas.text(at, &hint, width, Role::Dim);
}
