//! Where a motion leads, and which of the characters at its ends it takes in.
//!
//! Never moves the cursor, except to ask the document for a row above or below.

use crate::domain::document::{Document, Edit, Motion};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// What a motion takes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Takes {
    /// Not the character it leads to.
    Before,
    /// Also the character it leads to.
    Upto,
    /// Whole lines.
    Lines,
}

/// Where a motion leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reach {
    pub(super) to: usize,
    pub(super) takes: Takes,
}

/// A character looked for within a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seek {
    pub(super) wanted: char,
    /// `f`, `F`, `t` or `T`.
    pub(super) kind: char,
}

/// What a character is to motions by words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    Blank,
    Letter,
    Mark,
}

/// Which words: those of letters, or all that is not blank.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Words {
    Small,
    Big,
}

pub(super) fn class(text: &Document, at: usize, words: Words) -> Class {
    match text.char_at(at) {
        None => Class::Blank,
        Some(c) if c.is_whitespace() => Class::Blank,
        Some(c) if words == Words::Big || c.is_alphanumeric() || c == '_' => Class::Letter,
        // An apostrophe in a word is part of it, as in prose.
        Some('\'' | '’') if within_word(text, at) => Class::Letter,
        Some(_) => Class::Mark,
    }
}

fn within_word(text: &Document, at: usize) -> bool {
    let letter = |at: usize| text.char_at(at).is_some_and(char::is_alphanumeric);
    let before = text.slice(at.saturating_sub(4)..at);
    before
        .chars()
        .next_back()
        .is_some_and(char::is_alphanumeric)
        && letter(text.after(at))
}

/// The line that holds a byte.
pub(super) fn line_at(text: &Document, at: usize) -> Range<usize> {
    text.line(text.line_of(at))
}

/// The first byte of a line that is no blank.
pub(super) fn first_letter(text: &Document, line: usize) -> usize {
    let range = text.line(line);
    let head = text.slice(range.clone());
    range.start + (head.len() - head.trim_start().len())
}

fn is_empty_line(text: &Document, at: usize) -> bool {
    line_at(text, at).is_empty()
}

/// To the start of the next word.
pub(super) fn word(text: &Document, mut at: usize, words: Words) -> usize {
    let here = class(text, at, words);
    if here != Class::Blank {
        while at < text.len() && class(text, at, words) == here {
            at = text.after(at);
        }
    } else if is_empty_line(text, at) {
        at = text.after(at);
    }
    while at < text.len() && class(text, at, words) == Class::Blank {
        if is_empty_line(text, at) {
            break;
        }
        at = text.after(at);
    }
    at
}

/// To the end of this or the next word.
pub(super) fn word_end(text: &Document, at: usize, words: Words) -> usize {
    let mut at = text.after(at);
    while at < text.len() && class(text, at, words) == Class::Blank {
        at = text.after(at);
    }
    let here = class(text, at, words);
    loop {
        let next = text.after(at);
        if next >= text.len() || class(text, next, words) != here {
            return at;
        }
        at = next;
    }
}

/// To the start of this or the previous word.
pub(super) fn word_back(text: &mut Document, at: usize, words: Words) -> usize {
    let mut at = text.before(at);
    while at > 0 && class(text, at, words) == Class::Blank && !is_empty_line(text, at) {
        at = text.before(at);
    }
    let here = class(text, at, words);
    while at > 0 && here != Class::Blank {
        let before = text.before(at);
        if class(text, before, words) != here {
            break;
        }
        at = before;
    }
    at
}

/// The byte of a line at a column of clusters, or its last one.
fn at_column(text: &Document, line: usize, column: usize) -> usize {
    let range = text.line(line);
    let content = text.slice(range.clone());
    let found = content.grapheme_indices(true).nth(column);
    range.start + found.map_or(content.len(), |(at, _)| at)
}

/// So many lines further down, or up when negative.
pub(super) fn by_lines(
    text: &Document,
    from: usize,
    by: isize,
    goal: &mut Option<usize>,
) -> Option<usize> {
    let line = text.line_of(from);
    let to = line.checked_add_signed(by)?.min(text.line_count() - 1);
    if to == line {
        return None;
    }
    let column = *goal.get_or_insert_with(|| {
        let before = text.slice(text.line(line).start..from);
        before.graphemes(true).count()
    });
    Some(at_column(text, to, column))
}

/// To the next blank line, or the one before when `by` is negative; else to the end of the text.
pub(super) fn blank_line(text: &Document, from: usize, by: isize) -> usize {
    let blank = |line: usize| text.slice(text.line(line)).trim().is_empty();
    let mut line = text.line_of(from);
    let mut written = !blank(line);
    while let Some(next) = line
        .checked_add_signed(by)
        .filter(|it| *it < text.line_count())
    {
        line = next;
        if blank(line) && written {
            return text.line(line).start;
        }
        written |= !blank(line);
    }
    if by < 0 { 0 } else { text.len() }
}

/// The `count`th place of a character in the line.
pub(super) fn seek(text: &mut Document, from: usize, seek: Seek, count: usize) -> Option<Reach> {
    let line = line_at(text, from);
    let content = text.slice(line.clone());
    let here = from - line.start;
    let next = text.after(from) - line.start;
    let matches = |(_, c): &(usize, char)| *c == seek.wanted;
    let forward = matches!(seek.kind, 'f' | 't');
    let found = if forward {
        // From behind the next one, a second `t` goes on.
        let after = content.get(next..)?;
        after.char_indices().filter(matches).nth(count - 1)?.0 + next
    } else {
        let before = content.get(..here)?;
        before
            .char_indices()
            .rev()
            .filter(matches)
            .nth(count - 1)?
            .0
    };
    let found = line.start + found;
    let to = match seek.kind {
        't' => text.before(found),
        'T' => text.after(found),
        _ => found,
    };
    let takes = if forward { Takes::Upto } else { Takes::Before };
    Some(Reach { to, takes })
}

/// To the row above or below, as it is seen.
pub(super) fn by_rows(text: &mut Document, from: usize, motion: Motion, count: usize) -> usize {
    text.stand_at(from);
    for _ in 0..count {
        text.apply(Edit::Move(motion), 0);
    }
    text.cursor()
}
