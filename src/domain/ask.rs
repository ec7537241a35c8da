//! A conversation about a draft: how much of both goes along with a question, and what is quoted
//! of an answer.
//!
//! Pure rules over texts. Never asks a model and never changes a draft.

use super::refine::{Around, around};
use super::text::words;
use super::tokens::thousands;
use std::fmt;
use std::ops::Range;

/// The folder of the library's templates for questions, as it begins their names.
pub const FOLDER: &str = "ask/";
/// The template that a question is put into.
pub const TEMPLATE: &str = "ask/answer";

/// What of the draft goes along with a question, with its number of words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Context {
    /// There is no text.
    Nothing,
    /// All of it.
    Whole(usize),
    /// What is selected.
    Selection(usize),
    /// What is around the cursor; the rest has no room.
    Cut(usize),
    /// The same of what is selected.
    CutSelection(usize),
}

impl fmt::Display for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Nothing => f.write_str("no draft yet"),
            Self::Whole(_) => f.write_str("whole draft"),
            Self::Selection(count) => write!(f, "selection of {}", of_words(count)),
            // In short, where there is little room.
            Self::Cut(count) | Self::CutSelection(count) if f.alternate() => {
                write!(f, "cut: {}", of_words(count))
            }
            Self::Cut(count) => write!(f, "draft cut to {}", of_words(count)),
            Self::CutSelection(count) => write!(f, "selection cut to {}", of_words(count)),
        }
    }
}

fn of_words(count: usize) -> String {
    match count {
        1 => "1 word".to_owned(),
        count => format!("{} words", thousands(count as u64)),
    }
}

/// What goes along with a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Of the draft.
    pub context: Context,
    /// Of the earlier turns, so many of the newest.
    pub turns: usize,
    /// Of so many.
    pub of: usize,
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.context.fmt(f)?;
        match (self.turns, self.of) {
            (_, 0) => Ok(()),
            (1, 1) => f.write_str(" · 1 turn"),
            (turns, of) if turns == of => write!(f, " · {of} turns"),
            (turns, of) if f.alternate() => write!(f, " · {turns} of {of} turns"),
            (turns, of) => write!(f, " · last {turns} of {of} turns"),
        }
    }
}

/// Bytes for earlier turns, of the room that they share with the draft: the draft is what is
/// talked about.
pub const fn room_for_turns(room: usize) -> usize {
    room / 3
}

/// How many of the newest turns have room together; `sizes` are theirs in bytes, the newest first.
pub fn recent(sizes: impl IntoIterator<Item = usize>, mut room: usize) -> usize {
    let mut count = 0;
    for size in sizes {
        let Some(left) = room.checked_sub(size) else {
            break;
        };
        room = left;
        count += 1;
    }
    count
}

/// As much of a text as has room: what is around the byte `at`.
pub fn fitting(text: &str, at: usize, room: usize) -> (String, usize) {
    let at = (0..=at.min(text.len())).rev();
    let at = at.into_iter().find(|at| text.is_char_boundary(*at));
    let at = at.unwrap_or(0);
    let Around { before, after, .. } = around(text, &(at..at), room);
    let kept = before + &after;
    let count = words(&kept);
    (kept, count)
}

/// The paragraphs of an answer, blank lines left out. A block of code is one, whatever stands in it.
pub fn paragraphs(text: &str) -> Vec<Range<usize>> {
    let mut all: Vec<Range<usize>> = Vec::new();
    let (mut open, mut fence): (Option<usize>, Option<&str>) = (None, None);
    let mut at = 0;
    let mut end = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let bare = line.trim();
        if bare.is_empty() && fence.is_none() {
            all.extend(open.take().map(|open| open..end));
            continue;
        }
        open.get_or_insert(start);
        if !bare.is_empty() {
            end = start + line.trim_end().len();
        }
        fence = match fence {
            Some(mark) => Some(mark).filter(|mark| !closes(bare, mark)),
            None => opening(bare),
        };
    }
    all.extend(open.map(|open| open..end));
    all
}

/// The marks that open a block of code.
fn opening(line: &str) -> Option<&str> {
    let mark = line.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let length = line.len() - line.trim_start_matches(mark).len();
    let info = &line[length..];
    (length >= 3 && !(mark == '`' && info.contains('`'))).then(|| &line[..length])
}

fn closes(line: &str, mark: &str) -> bool {
    line.starts_with(mark) && line.trim_start_matches(&mark[..1]).is_empty()
}

/// A text as a quotation of Markdown.
pub fn quoted(text: &str) -> String {
    let lines = text.trim_end().lines().map(|line| match line.trim_end() {
        "" => ">".to_owned(),
        line => format!("> {line}"),
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// What has to stand before and behind a block that is put between two pieces of text, so that it
/// is a paragraph of its own.
pub fn apart(before: &str, after: &str) -> (&'static str, &'static str) {
    let lead = match before {
        "" => "",
        _ if before.ends_with("\n\n") || before.ends_with("\n\r\n") => "",
        _ if before.ends_with('\n') => "\n",
        _ => "\n\n",
    };
    let tail = match after.trim_start_matches('\r') {
        "" => "\n",
        rest if rest.starts_with("\n\n") || rest == "\n" => "",
        rest if rest.starts_with('\n') => "\n",
        _ => "\n\n",
    };
    (lead, tail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parts(text: &str) -> Vec<&str> {
        let all = paragraphs(text).into_iter();
        all.map(|range| &text[range]).collect()
    }

    #[test]
    fn paragraphs_lie_between_blank_lines_and_code_is_one() {
        assert_eq!(
            parts("# One\n\ntwo\nlines  \n \n\n- a\n- b\n"),
            ["# One", "two\nlines", "- a\n- b"]
        );
        assert_eq!(
            parts("so:\n\n```rust\nlet a;\n\nlet b;\n```\n\nend"),
            ["so:", "```rust\nlet a;\n\nlet b;\n```", "end"]
        );
        assert_eq!(parts("````\n```\n\na\n````"), ["````\n```\n\na\n````"]);
        assert_eq!(parts("```\nopen\n\nend\n"), ["```\nopen\n\nend"]);
        assert_eq!(parts(" \n\n"), Vec::<&str>::new());
    }

    #[test]
    fn a_quotation_has_a_mark_on_each_line() {
        assert_eq!(quoted("one\n\ntwo \n"), "> one\n>\n> two");
    }

    #[test]
    fn a_block_stands_apart_from_what_is_around_it() {
        for (before, after, wanted) in [
            ("", "", ("", "\n")),
            ("one", "", ("\n\n", "\n")),
            ("one\n", "", ("\n", "\n")),
            ("one\n\n", "two", ("", "\n\n")),
            ("one ", " two", ("\n\n", "\n\n")),
            ("one", "\n", ("\n\n", "")),
            ("one", "\ntwo", ("\n\n", "\n")),
            ("one", "\n\ntwo", ("\n\n", "")),
        ] {
            assert_eq!(apart(before, after), wanted, "{before:?} {after:?}");
        }
    }

    #[test]
    fn the_newest_turns_that_fit_go_along() {
        assert_eq!(recent([3, 3, 3], 7), 2);
        assert_eq!(recent([8, 1], 7), 0);
        assert_eq!(recent([], 7), 0);
    }

    #[test]
    fn what_goes_along_is_said() {
        let said = |context, turns, of| Window { context, turns, of }.to_string();
        for (told, wanted) in [
            (said(Context::Whole(9), 0, 0), "whole draft"),
            (said(Context::Nothing, 1, 1), "no draft yet · 1 turn"),
            (
                said(Context::Selection(214), 3, 3),
                "selection of 214 words · 3 turns",
            ),
            (
                said(Context::Cut(12_000), 6, 14),
                "draft cut to 12,000 words · last 6 of 14 turns",
            ),
            (said(Context::Selection(1), 0, 0), "selection of 1 word"),
        ] {
            assert_eq!(told, wanted);
        }
        let window = Window {
            context: Context::Cut(12_000),
            turns: 6,
            of: 14,
        };
        assert_eq!(format!("{window:#}"), "cut: 12,000 words · 6 of 14 turns");
    }

    #[test]
    fn a_text_without_room_is_cut_around_the_cursor() {
        let text = "one\ntwo\nthree\nfour\nfive\n";
        assert_eq!(fitting(text, 9, 1_000), (text.to_owned(), 5));
        let (kept, count) = fitting(text, 9, 12);
        assert!(kept.contains("three") && count < 5, "{kept}");
    }

    proptest! {
        #[test]
        fn any_text_is_safe(text in "[a \n`~é日>-]{0,40}", at in 0usize..60, room in 0usize..60) {
            for range in paragraphs(&text) {
                prop_assert!(!text[range].trim().is_empty());
            }
            let words: usize = parts(&text).iter().map(|part| words(part)).sum();
            prop_assert_eq!(words, super::words(&text));
            fitting(&text, at, room);
            for line in quoted(&text).lines() {
                prop_assert!(line.starts_with('>'));
            }
        }
    }
}
