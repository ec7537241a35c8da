//! Objects: the word and the paragraph around the cursor, alone or with the blanks beside them.

use super::motion::{Class, Words, class, line_at};
use crate::domain::document::Document;
use std::ops::Range;

/// An object and whether it is made of whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Object {
    pub(super) range: Range<usize>,
    pub(super) lines: bool,
}

/// The object that `kind` (`i` or `a`) and its letter name.
pub(super) fn object(
    text: &mut Document,
    at: usize,
    (kind, letter): (char, char),
    count: usize,
) -> Option<Object> {
    match letter {
        'w' => Some(words(text, at, (kind, Words::Small), count)),
        'W' => Some(words(text, at, (kind, Words::Big), count)),
        'p' => Some(paragraphs(text, at, kind, count)),
        _ => None,
    }
}

/// The run of characters of one class around a byte, within its line.
fn run(text: &mut Document, at: usize, words: Words) -> Range<usize> {
    let line = line_at(text, at);
    let here = class(text, at, words);
    let (mut start, mut end) = (at, at);
    while start > line.start {
        let before = text.before(start);
        if class(text, before, words) != here {
            break;
        }
        start = before;
    }
    while end < line.end && class(text, end, words) == here {
        end = text.after(end);
    }
    start..end
}

fn words(text: &mut Document, at: usize, (kind, words): (char, Words), count: usize) -> Object {
    let line = line_at(text, at);
    let first = run(text, at, words);
    let mut range = first.clone();
    let began_blank = class(text, at, words) == Class::Blank;
    for number in 0..count {
        if number > 0 && range.end < line.end {
            range.end = run(text, range.end, words).end;
        }
        if kind == 'a' && range.end < line.end {
            let next = class(text, range.end, words);
            if began_blank || next == Class::Blank {
                range.end = run(text, range.end, words).end;
            }
        }
    }
    let last = text.before(range.end).max(range.start);
    let ends_blank = class(text, last, words) == Class::Blank;
    if kind == 'a' && !began_blank && !ends_blank && range.start > line.start {
        // Without a blank behind it, the one before it goes along.
        let before = text.before(range.start);
        if class(text, before, words) == Class::Blank {
            range.start = run(text, before, words).start;
        }
    }
    Object {
        range,
        lines: false,
    }
}

fn paragraphs(text: &Document, at: usize, kind: char, count: usize) -> Object {
    let blank = |line: usize| text.slice(text.line(line)).trim().is_empty();
    let all = text.line_count();
    let here = text.line_of(at);
    let kind_here = blank(here);
    let mut first = here;
    while first > 0 && blank(first - 1) == kind_here {
        first -= 1;
    }
    let grow = |mut last: usize| {
        let kind = blank(last);
        while last + 1 < all && blank(last + 1) == kind {
            last += 1;
        }
        last
    };
    let mut last = grow(here);
    for number in 0..count {
        if number > 0 && last + 1 < all {
            last = grow(last + 1);
        }
        if kind == 'a' && last + 1 < all {
            last = grow(last + 1);
        } else if kind == 'a' && !kind_here {
            while first > 0 && blank(first - 1) {
                first -= 1;
            }
        }
    }
    Object {
        range: text.line(first).start..text.line(last).end,
        lines: true,
    }
}
