//! One-line and tall text entry: a small document that keeps its text as it is.
//!
//! Joiners, soft hyphens and direction marks stay in the text and become marks only where they
//! are drawn. Never holds a control character other than newline and tab: what is entered here
//! goes into titles, file names and requests.

use super::key::{Code, Key};
use super::typing;
use crate::domain::document::{Document, Edit, Motion, Row};
use crate::domain::text::stored;

/// How many lines an entry may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// Line breaks become spaces.
    One,
    /// Enter starts a new line.
    Many,
}

/// What a key did to an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The text is as it was.
    Nothing,
    /// The text changed.
    Text,
    /// The text changed, and what was selected is on the clipboard.
    Cut,
}

/// Text being entered.
#[derive(Debug, Clone)]
pub struct TextEntry {
    document: Document,
    lines: Lines,
    height: usize,
    /// The wheel has taken the rows from the cursor.
    wandered: bool,
}

impl TextEntry {
    /// An entry that holds `text`, with the cursor at its end.
    pub fn new(text: &str, lines: Lines) -> Self {
        let mut document = Document::new(&held(text, lines));
        if lines == Lines::One {
            // One endless row; whoever draws it shows a part.
            document.set_size(u16::MAX, 1);
        }
        document.apply(Edit::Move(Motion::End), 0);
        let mut entry = Self {
            document,
            lines,
            height: 1,
            wandered: false,
        };
        entry.measure();
        entry
    }

    /// The text entered.
    pub fn text(&self) -> String {
        self.document.text()
    }

    /// True when nothing is entered.
    pub fn is_empty(&self) -> bool {
        self.document.is_empty()
    }

    /// True when nothing but white space is entered. A long text is never taken for that.
    pub fn is_blank(&self) -> bool {
        self.is_empty() || self.document.len() < 1_024 && self.text().trim().is_empty()
    }

    /// Number of words entered.
    pub fn words(&self) -> usize {
        self.document.words()
    }

    /// One line or many.
    pub const fn lines(&self) -> Lines {
        self.lines
    }

    /// Number of lines entered.
    pub const fn height(&self) -> usize {
        self.height
    }

    /// The text that is selected, if any.
    pub fn selected_text(&self) -> Option<String> {
        self.document.selected_text()
    }

    /// The rows to draw; those of a tall entry once its size is known.
    pub fn rows(&self) -> Vec<Row> {
        self.document.visible()
    }

    /// Row and column of the cursor within [`Self::rows`].
    pub fn cursor(&self) -> (usize, usize) {
        let (column, row) = self.document.cursor_cell().unwrap_or_default();
        (usize::from(row), usize::from(column))
    }

    /// Columns of a one-line entry that are left of the `width` which show the cursor. It moves by
    /// halves of a width, so that the text around the cursor can be read.
    pub fn left(&self, width: u16) -> u16 {
        let column = self.cursor().1 as u16;
        if self.lines == Lines::Many || column < width {
            return 0;
        }
        let step = (width / 2).max(1);
        ((column - width) / step + 1) * step
    }

    /// Sets the columns and rows that a tall entry is drawn in; true when it shows other rows now.
    pub fn set_size(&mut self, width: u16, height: u16) -> bool {
        if self.lines == Lines::One || self.document.size() == (width, height) {
            return false;
        }
        self.document.set_size(width, height);
        !self.is_empty()
    }

    /// Shows the start of a tall entry that has no focus; true when it shows other rows now.
    pub fn show_start(&mut self) -> bool {
        self.lines == Lines::Many && self.document.show_start()
    }

    /// Shows the cursor of a tall entry; true when it shows other rows now.
    pub fn show_cursor(&mut self) -> bool {
        self.lines == Lines::Many && !self.wandered && self.document.show_cursor()
    }

    /// Scrolls a tall entry by rows, away from its cursor if need be.
    pub fn scroll(&mut self, rows: i32) {
        if self.lines == Lines::Many {
            self.wandered = true;
            self.document.scroll(rows);
        }
    }

    /// Whether a tall entry has rows above or below those it shows.
    pub fn is_taller(&self) -> bool {
        self.lines == Lines::Many && (self.document.goes_on() || self.document.begins_above())
    }

    /// Whether a tall entry has more rows than it shows.
    pub fn goes_on(&self) -> bool {
        self.lines == Lines::Many && self.document.goes_on()
    }

    /// A press of the mouse at a cell of the rows: sets the cursor or selects.
    pub fn click(&mut self, column: u16, row: u16, clicks: u8) {
        self.wandered = false;
        self.document.click(column, row, clicks);
    }

    /// The mouse moves with its button down: extends the selection.
    pub fn drag(&mut self, column: u16, row: i32) {
        self.document.drag(column, row);
    }

    /// Selects all of it, so that the next key replaces it.
    pub fn select_all(&mut self) {
        self.document.apply(Edit::SelectAll, 0);
    }

    /// Puts text at the cursor.
    pub fn insert(&mut self, text: &str) {
        self.insert_at(text, 0);
    }

    /// Puts words at the cursor, as one undo step, parted by spaces from words beside them.
    pub(super) fn put_words(&mut self, words: &str, at: u64) {
        self.wandered = false;
        self.document.put_words(&held(words, self.lines), at);
        self.measure();
    }

    fn insert_at(&mut self, text: &str, at: u64) {
        self.apply(Edit::Insert(held(text, self.lines)), at);
    }

    /// Has `text` in place of what it holds, in one step of undo.
    pub(super) fn replace(&mut self, text: &str) {
        self.apply(Edit::SelectAll, 0);
        if text.is_empty() {
            self.apply(Edit::Delete, 0);
        } else {
            self.insert(text);
        }
    }

    /// Takes a key; true when the text changed.
    pub fn key(&mut self, key: Key) -> bool {
        self.key_with(key, &mut String::new(), 0) != Typed::Nothing
    }

    /// Takes a key that may cut to the clipboard or paste from it, at a time in milliseconds.
    pub fn key_with(&mut self, key: Key, clipboard: &mut String, at: u64) -> Typed {
        let before = self.document.revision();
        self.wandered = false;
        let mut typed = Typed::Text;
        match key.code {
            Code::Char('x') if key.ctrl => {
                let Some(cut) = self.selected_text() else {
                    return Typed::Nothing;
                };
                *clipboard = cut;
                typed = Typed::Cut;
                self.apply(Edit::Delete, at);
            }
            Code::Char('v') if key.ctrl => self.insert_at(clipboard, at),
            Code::Char('z') if key.ctrl => self.apply(Edit::Undo, at),
            Code::Char('y') if key.ctrl => self.apply(Edit::Redo, at),
            Code::Enter if self.lines == Lines::Many => self.apply(Edit::Newline, at),
            Code::Up | Code::Down if self.lines == Lines::One => {}
            _ => {
                if let Some(edit) = typing::edit_for(key) {
                    self.apply(edit, at);
                }
            }
        }
        if self.document.revision() == before {
            return Typed::Nothing;
        }
        typed
    }

    fn apply(&mut self, edit: Edit, at: u64) {
        self.document.apply(edit, at);
        self.measure();
    }

    fn measure(&mut self) {
        if self.lines == Lines::Many {
            self.height = self.text().matches('\n').count() + 1;
        }
    }
}

/// Text as an entry may hold it.
fn held(text: &str, lines: Lines) -> String {
    let text = stored(text);
    match lines {
        Lines::One => text.trim_end_matches('\n').replace('\n', " "),
        Lines::Many => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(entry: &mut TextEntry, key: &str) -> bool {
        entry.key(key.parse().unwrap())
    }

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
        let many = TextEntry::new("a\nb", Lines::Many);
        assert_eq!((many.height(), many.text().as_str()), (2, "a\nb"));
    }

    /// W: what is drawn as a mark is still the character itself.
    #[test]
    fn joiners_soft_hyphens_and_direction_marks_stay_in_the_text() {
        let text = "می\u{200c}خواهم \u{ad}\u{200d}\u{200f}\u{202e}";
        for lines in [Lines::One, Lines::Many] {
            let mut entry = TextEntry::new("", lines);
            entry.insert(text);
            assert_eq!(entry.text(), text);
            assert_eq!(TextEntry::new(text, lines).text(), text);
        }
        let drawn = &TextEntry::new(text, Lines::One).rows()[0].text;
        assert!(drawn.starts_with("می∅خواهم"), "{drawn}");
    }

    #[test]
    fn the_cursor_of_a_long_line_is_always_in_the_part_that_shows() {
        let mut entry = TextEntry::new("", Lines::One);
        for _ in 0..100 {
            press(&mut entry, "x");
            let (left, column) = (entry.left(10), entry.cursor().1 as u16);
            assert!((left..left + 10).contains(&column), "{left} {column}");
        }
        press(&mut entry, "home");
        assert_eq!(entry.left(10), 0);
    }

    #[test]
    fn what_is_cut_is_on_the_clipboard() {
        let mut entry = TextEntry::new("one two", Lines::One);
        press(&mut entry, "ctrl+a");
        let mut clipboard = String::new();
        let typed = entry.key_with("ctrl+x".parse().unwrap(), &mut clipboard, 0);
        assert_eq!((typed, clipboard.as_str()), (Typed::Cut, "one two"));
        entry.key_with("ctrl+v".parse().unwrap(), &mut clipboard, 0);
        assert_eq!(entry.text(), "one two");
    }
}
