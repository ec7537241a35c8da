//! Marks in a text: walking from one to the next, and finding where a pair of braces ends.
//!
//! Every step is bounded, so that a file of nothing but braces is read as fast as any other.

use super::sketch::{Bit, Text};

/// How far a pair of braces is looked for its end, in bytes.
const REACH: usize = 4096;
/// Pairs of braces in one another.
const DEEPEST: usize = 4;

/// Reads `text` from one `mark` to the next. `read` gets what begins with the mark, and says how
/// many bytes of it make a piece; what it does not want is text. A mark begins with a sign of ASCII.
pub(super) fn scan(
    text: &str,
    mark: &str,
    mut read: impl FnMut(&str) -> Option<(usize, Bit)>,
) -> Text {
    let mut out = Text::default();
    let mut rest = text;
    while let Some(at) = rest.find(mark) {
        out.said(&rest[..at]);
        let here = &rest[at..];
        let used = match read(here) {
            Some((used, bit)) if used > 0 => {
                out.push(bit);
                used
            }
            _ => {
                out.said(&here[..1]);
                1
            }
        };
        rest = &here[used..];
    }
    out.said(rest);
    out
}

/// What stands between `open` at the start of a text and the `close` that belongs to it, and how
/// many bytes all of it has. With `nested`, pairs inside are passed over.
pub(super) fn between<'t>(
    text: &'t str,
    (open, close): (&str, &str),
    nested: Nested,
) -> Option<(&'t str, usize)> {
    let mut end = text.len().min(REACH);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let window = &text[..end];
    let mut at = window.starts_with(open).then_some(open.len())?;
    let mut depth = 1;
    loop {
        let rest = &window[at..];
        // Whichever comes first; what lies between is looked at once.
        let opens = rest.find(open);
        let closes = rest[..opens.unwrap_or(rest.len())].find(close);
        match (opens, closes) {
            (_, Some(closes)) => {
                depth -= 1;
                if depth == 0 {
                    let inner = &window[open.len()..at + closes];
                    return Some((inner, at + closes + close.len()));
                }
                at += closes + close.len();
            }
            (Some(opens), None) if nested == Nested::Passed && depth < DEEPEST => {
                depth += 1;
                at += opens + open.len();
            }
            _ => return None,
        }
    }
}

/// Whether pairs inside a pair count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nested {
    /// A pair in which another one begins is none.
    Never,
    /// Pairs inside are passed over.
    Passed,
}

/// How many bytes at the start of a text are a name of letters, digits and `_`.
pub(super) fn word(text: &str) -> usize {
    let starts = text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    let end = text.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    if starts { end.unwrap_or(text.len()) } else { 0 }
}

/// Whether something in braces is a name as people give it: letters of any script, digits, spaces,
/// dashes and dots, and not too long.
pub(super) fn is_name(text: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || "_- .'".contains(c);
    text.len() <= 200
        && text.starts_with(|c: char| c.is_alphabetic() || c == '_')
        && text.chars().all(inner)
}
