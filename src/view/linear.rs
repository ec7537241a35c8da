//! The linear mode, for people who hear the screen: one pane, no borders, words in place of signs,
//! the cursor where the focus is.
//!
//! Owns what is different there; each drawing asks here and stays one drawing.

use super::Canvas;
use super::style::Role;
use crate::app::Pane;
use ratatui::layout::{Position, Rect};
use ratatui::widgets::{Clear, Widget};

impl Canvas<'_> {
    /// Whether the screen is read aloud, from top to bottom.
    pub(crate) const fn is_linear(&self) -> bool {
        self.app.settings.appearance.linear
    }

    /// A sign, or the word for it where signs are not to be heard.
    pub(crate) const fn says<'a>(&self, sign: &'a str, word: &'a str) -> &'a str {
        if self.is_linear() { word } else { sign }
    }

    /// Puts the cursor where the focus is, if nothing else does.
    pub(super) fn rest_cursor(&mut self, area: Rect) {
        if self.is_linear() && self.cursor.is_none() && !area.is_empty() {
            self.cursor = Some(Position::new(area.x, area.y));
        }
    }
}

/// Whether a text is a line that only parts things.
pub(super) fn is_rule(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| matches!(c, '─' | '│'))
}

/// What a pane or a box has inside of the rows for its heading and its foot.
pub(super) const fn inside(area: Rect) -> Rect {
    Rect {
        x: area.x,
        y: area.y.saturating_add(1),
        width: area.width,
        height: area.height.saturating_sub(2),
    }
}

/// The whole screen but its last row, where what just happened is told.
pub(super) fn whole(canvas: &mut Canvas, screen: Rect, title: &str) -> Rect {
    let area = Rect {
        height: screen.height.saturating_sub(1),
        ..screen
    };
    Clear.render(area, canvas.buffer);
    let title = format!("Box: {title}");
    canvas.text((area.x, area.y), &title, area.width, Role::Strong);
    let inner = canvas.border(area, Role::BorderFocused);
    canvas.rest_cursor(inner);
    inner
}

/// Writes the heading of a pane: its name, then its tabs, the one shown said so. Returns the next
/// free column.
pub(super) fn heading(canvas: &mut Canvas, area: Rect, tabs: &[(String, bool)]) -> u16 {
    let mut said = match canvas.app.focus {
        Pane::Template if canvas.app.form.is_some() => "Form".to_owned(),
        pane => format!("{} pane", pane.name()),
    };
    let several = tabs.len() > 1;
    for (at, (tab, shown)) in tabs.iter().enumerate() {
        said.push_str(if at == 0 { ": " } else { ", " });
        said.push_str(tab);
        if several && *shown {
            said.push_str(" (shown)");
        }
    }
    let used = canvas.text((area.x, area.y), &said, area.width, Role::Strong);
    area.x + used
}
