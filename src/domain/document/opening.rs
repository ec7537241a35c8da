//! How a line of a list or a quote opens, and how the next one is to open.
//!
//! Knows the marks of Markdown: blanks, `>`, bullets, numbers, boxes to tick. Never looks beyond
//! one line.

use super::undo::Kind;
use super::wrap::{line_range, read};
use super::{Document, motion};

impl Document {
    /// Starts a line that goes on with the list or quote of this one; an empty item ends it.
    pub(super) fn next_line(&mut self, at_ms: u64) {
        let place = self.selection_or_cursor();
        let number = self.rope.line_of_byte(place.start);
        let line = line_range(&self.rope, number);
        // What looks like a list in a block of code is none.
        let opening = Opening::of(&read(&self.rope, line.clone()));
        let opening = opening.filter(|_| !self.is_code(line.start));
        let opening = opening.filter(|it| line.start + it.length <= place.start);
        let is_bare = |it: &Opening| line.start + it.length == line.end;
        if place.is_empty() && opening.as_ref().is_some_and(is_bare) {
            return self.change(line, "", Kind::Whole, at_ms);
        }
        let next = opening.map(|it| it.next).unwrap_or_default();
        let line_break = motion::line_break(&self.rope, self.cursor);
        self.change(place, &format!("{line_break}{next}"), Kind::Whole, at_ms);
    }
}

/// The marks that a line opens with.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Opening {
    /// Bytes of the line that they are.
    length: usize,
    /// What the next line of the same list or quote opens with.
    next: String,
}

impl Opening {
    /// The marks of `line`; `None` for a line that is part of no list and no quote.
    fn of(line: &str) -> Option<Self> {
        let mut next = String::new();
        let mut rest = line;
        let mut marked = false;
        loop {
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            next.push_str(&rest[..blanks]);
            rest = &rest[blanks..];
            if let Some(quoted) = rest.strip_prefix('>') {
                next.push('>');
                rest = quoted;
                marked = true;
                continue;
            }
            let Some((mark, after)) = item(rest) else {
                break;
            };
            next.push_str(&mark);
            rest = after;
            marked = true;
            if let Some(after) = unticked(rest) {
                next.push_str("[ ] ");
                rest = after;
            }
            break;
        }
        // A quote without a blank behind its mark goes on without one.
        marked.then(|| Self {
            length: line.len() - rest.len(),
            next,
        })
    }
}

/// The mark of a list item with the blank behind it, as the next item has it, and what follows.
fn item(text: &str) -> Option<(String, &str)> {
    let bullet = text.chars().next().filter(|c| "-*+".contains(*c));
    if let Some(bullet) = bullet {
        let after = text[1..].strip_prefix(' ')?;
        return Some((format!("{bullet} "), after));
    }
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let number: u32 = text[..digits].parse().ok()?;
    let end = text[digits..]
        .chars()
        .next()
        .filter(|c| ".)".contains(*c))?;
    let after = text[digits + 1..].strip_prefix(' ')?;
    Some((format!("{}{end} ", number.checked_add(1)?), after))
}

/// What follows a box to tick.
fn unticked(text: &str) -> Option<&str> {
    ["[ ] ", "[x] ", "[X] "]
        .iter()
        .find_map(|mark| text.strip_prefix(mark))
}

#[cfg(test)]
mod tests {
    use super::Opening;
    use crate::domain::document::{Document, Edit, Motion};

    fn next(line: &str) -> Option<String> {
        Opening::of(line).map(|opening| opening.next)
    }

    #[test]
    fn no_list_goes_on_in_a_block_of_code() {
        for (text, expected) in [
            ("```\n- one", "```\n- one\n"),
            ("```\nx\n```\n- one", "```\nx\n```\n- one\n- "),
        ] {
            let mut document = Document::new(text);
            document.set_size(40, 10);
            document.apply(Edit::Move(Motion::End), 0);
            document.apply(Edit::NextLine, 0);
            assert_eq!(document.text(), expected);
        }
    }

    #[test]
    fn each_kind_of_list_and_quote_goes_on() {
        for (line, expected) in [
            ("- one", "- "),
            ("  * one", "  * "),
            ("9. nine", "10. "),
            ("1) one", "2) "),
            ("- [x] done", "- [ ] "),
            ("> said", "> "),
            ("> > - said", "> > - "),
            (">said", ">"),
        ] {
            assert_eq!(next(line).as_deref(), Some(expected), "{line}");
        }
        for line in [
            "",
            "one",
            "-one",
            "--- ",
            "2026 was",
            "3.14",
            "  text",
            "4294967295. x",
        ] {
            assert_eq!(next(line), None, "{line:?}");
        }
    }

    fn pressed(text: &str, times: usize) -> String {
        let mut document = Document::new(text);
        document.apply(Edit::Move(Motion::End), 0);
        for _ in 0..times {
            document.apply(Edit::NextLine, 0);
        }
        document.text()
    }

    #[test]
    fn enter_goes_on_and_ends_the_list_at_an_empty_item() {
        assert_eq!(pressed("- one", 1), "- one\n- ");
        assert_eq!(pressed("- one", 2), "- one\n");
        assert_eq!(pressed("- one", 3), "- one\n\n");
        assert_eq!(pressed("a\r\n> b", 1), "a\r\n> b\r\n> ");
    }

    #[test]
    fn within_its_marks_a_line_is_only_moved_down() {
        let mut document = Document::new("- one");
        document.apply(Edit::NextLine, 0);
        assert_eq!(document.text(), "\n- one");
    }

    #[test]
    fn going_on_is_one_step() {
        let mut document = Document::new("- one");
        document.apply(Edit::Move(Motion::End), 0);
        document.apply(Edit::NextLine, 0);
        document.apply(Edit::Undo, 0);
        assert_eq!(document.text(), "- one");
    }
}
