//! One-line and tall text entry: a `tui-textarea` that is safe to draw and whole-grapheme.
//!
//! Hidden characters are turned into their marks as they come in, so that what a field shows is
//! what it holds.

use super::key::{Code, Key};
use crate::domain::text::Printable;
use ratatui::style::{Modifier, Style};
use tui_textarea::{CursorMove, Input, Key as AreaKey, TextArea, WrapMode};
use unicode_segmentation::UnicodeSegmentation;

/// How many lines an entry may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Line breaks become spaces.
    One,
    /// Enter starts a new line.
    Many,
}

/// Text being entered.
#[derive(Debug, Clone)]
pub struct TextEntry {
    area: TextArea<'static>,
    lines: Lines,
}

impl TextEntry {
    /// An entry that holds `text`, with the cursor at its end.
    pub fn new(text: &str, lines: Lines) -> Self {
        let safe = safe(text, lines);
        let mut area = TextArea::new(safe.split('\n').map(str::to_owned).collect());
        area.set_cursor_line_style(Style::new());
        area.set_cursor_style(Style::new());
        area.set_selection_style(Style::new().add_modifier(Modifier::REVERSED));
        area.set_max_histories(200);
        if lines == Lines::Many {
            area.set_wrap_mode(WrapMode::WordOrGlyph);
        }
        area.move_cursor(CursorMove::Bottom);
        area.move_cursor(CursorMove::End);
        Self { area, lines }
    }

    /// The text entered.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// True when nothing is entered.
    pub fn is_empty(&self) -> bool {
        self.area.is_empty()
    }

    /// One line or many.
    pub const fn lines(&self) -> Lines {
        self.lines
    }

    /// Number of lines entered.
    pub fn height(&self) -> usize {
        self.area.lines().len()
    }

    /// True when the cursor stands on the first line.
    pub fn at_top(&self) -> bool {
        self.area.cursor().0 == 0
    }

    /// The widget to draw.
    pub const fn widget(&self) -> &TextArea<'static> {
        &self.area
    }

    /// Row and column of the cursor on the drawn widget, before scrolling.
    pub fn cursor(&self) -> (usize, usize) {
        let at = self.area.screen_cursor();
        (at.row, at.col)
    }

    /// First row and column that the widget shows.
    pub fn scrolled(&self) -> (u16, u16) {
        self.area.scroll_offset()
    }

    /// Puts text at the cursor, made safe.
    pub fn insert(&mut self, text: &str) {
        self.area.insert_str(safe(text, self.lines));
    }

    /// Takes a key; true when the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        match key.code {
            Code::Backspace if !key.ctrl && !key.alt => self.backspace(),
            Code::Char(c) if !key.ctrl && !key.alt => {
                self.insert(c.encode_utf8(&mut [0; 4]));
                true
            }
            Code::Enter if self.lines == Lines::One => false,
            Code::Char('z') if key.ctrl => self.area.undo(),
            Code::Char('y') if key.ctrl => self.area.redo(),
            _ => area_input(key).is_some_and(|input| self.area.input(input)),
        }
    }

    /// Removes the whole grapheme before the cursor.
    fn backspace(&mut self) -> bool {
        let at = self.area.cursor();
        let before: String = self
            .area
            .lines()
            .get(at.0)
            .map(|line| line.chars().take(at.1).collect())
            .unwrap_or_default();
        let chars = before
            .graphemes(true)
            .next_back()
            .map_or(1, |last| last.chars().count());
        if chars <= 1 || self.area.is_selecting() {
            return self.area.delete_char();
        }
        for _ in 0..chars {
            self.area.move_cursor(CursorMove::Back);
        }
        self.area.delete_str(chars)
    }
}

/// Text as an entry may hold it.
fn safe(text: &str, lines: Lines) -> String {
    match lines {
        Lines::One => Printable::line(text.trim_end_matches('\n')).into_string(),
        Lines::Many => Printable::new(text).into_string(),
    }
}

fn area_input(key: Key) -> Option<Input> {
    let code = match key.code {
        Code::Char(c) => AreaKey::Char(c),
        Code::Enter => AreaKey::Enter,
        Code::Backspace => AreaKey::Backspace,
        Code::Delete => AreaKey::Delete,
        Code::Left => AreaKey::Left,
        Code::Right => AreaKey::Right,
        Code::Up => AreaKey::Up,
        Code::Down => AreaKey::Down,
        Code::Home => AreaKey::Home,
        Code::End => AreaKey::End,
        Code::PageUp => AreaKey::PageUp,
        Code::PageDown => AreaKey::PageDown,
        Code::F(_) | Code::Tab | Code::Esc => return None,
    };
    Some(Input {
        key: code,
        ctrl: key.ctrl,
        alt: key.alt,
        shift: key.shift,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn backspace_removes_a_whole_family() {
        let mut entry = TextEntry::new("a👩‍👩‍👧", Lines::One);
        assert!(entry.key(Key::plain(Code::Backspace)));
        assert_eq!(entry.text(), "a");
    }

    #[test]
    fn a_pasted_line_break_cannot_leave_a_one_line_field() {
        let mut entry = TextEntry::new("", Lines::One);
        entry.insert("a\nb\u{1b}[2J");
        assert_eq!(entry.text(), "a b␛[2J");
    }
    #[test]
    fn what_an_entry_starts_with_is_as_safe_as_what_is_typed() {
        let entry = TextEntry::new("a\nb\u{1b}[2J\u{202e}", Lines::One);
        assert_eq!(entry.text(), "a b␛[2J⇄");
        assert_eq!(TextEntry::new("a\nb", Lines::Many).height(), 2);
    }
}
