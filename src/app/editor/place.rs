//! The dialog that asks for a line to go to.

use crate::app::App;
use crate::app::dialog::Outcome;
use crate::app::field::{Lines, TextEntry};
use crate::app::key::{Code, Key};

/// Where a person wants to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinePlace {
    /// To the line with this number, from 1.
    Number(usize),
    /// By so many lines, up when negative.
    By(isize),
    /// As far as this percentage of the lines.
    Percent(usize),
}

/// The question which line to go to.
#[derive(Debug)]
pub struct GoToLine {
    /// What is entered.
    pub entry: TextEntry,
    /// The line of the cursor, from 1.
    pub here: usize,
    /// Lines in all.
    pub lines: usize,
    /// What is entered means nothing.
    pub wrong: bool,
}

impl GoToLine {
    /// The question, asked in this line of so many.
    pub fn new(here: usize, lines: usize) -> Self {
        Self {
            entry: TextEntry::new("", Lines::One),
            here,
            lines,
            wrong: false,
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter if self.entry.is_empty() => return Outcome::Close,
            Code::Enter => match place(&self.entry.text()) {
                Some(place) => return Outcome::GoToLine(place),
                None => self.wrong = true,
            },
            _ => {
                self.wrong = false;
                self.entry.key(key);
            }
        }
        Outcome::Stay
    }
}

/// The place that a person wrote: `120`, `+5`, `-5`, `50%`.
fn place(text: &str) -> Option<LinePlace> {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        return percent.trim_end().parse().ok().map(LinePlace::Percent);
    }
    if text.starts_with(['+', '-']) {
        return text.parse().ok().map(LinePlace::By);
    }
    text.parse().ok().map(LinePlace::Number)
}

impl App {
    /// Shows a line of the text.
    pub(in crate::app) fn go_to_line(&mut self, place: LinePlace) {
        if let Some(text) = self.editor.written() {
            let (here, all) = (text.line_of(text.cursor()) + 1, text.line_count());
            text.go_to_line(match place {
                LinePlace::Number(number) => number,
                LinePlace::By(by) => here.saturating_add_signed(by),
                LinePlace::Percent(percent) => all.saturating_mul(percent.min(100)) / 100,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_steps_and_percentages_are_places() {
        assert_eq!(place(" 12 "), Some(LinePlace::Number(12)));
        assert_eq!(place("+3"), Some(LinePlace::By(3)));
        assert_eq!(place("-3"), Some(LinePlace::By(-3)));
        assert_eq!(place("50 %"), Some(LinePlace::Percent(50)));
        for nonsense in ["", "x", "1.5", "99999999999999999999999", "%", "--1"] {
            assert_eq!(place(nonsense), None, "{nonsense}");
        }
    }
}
