//! Which part of a text is meant, and how much of the rest goes along with it.
//!
//! Offsets are bytes of the text and lie between characters. Never changes anything.

use std::ops::Range;

/// The paragraph at the byte `at`: the lines around it up to blank ones and headings. On a blank
/// line it is the one before, else the one behind; on a heading the one below it, because a heading
/// stands for what it is above. A heading with nothing below it is a paragraph itself. `None` in a
/// text of nothing but white space.
pub fn paragraph(text: &str, at: usize) -> Option<Range<usize>> {
    let here = line_at(text, at.min(text.len()));
    let mut first = here.clone();
    while is_blank(text, &first) {
        let Some(before) = line_before(text, &first) else {
            break;
        };
        first = before;
    }
    if is_blank(text, &first) {
        first = here;
        while is_blank(text, &first) {
            first = line_after(text, &first)?;
        }
    }
    let mut in_code = is_in_code(text, first.start);
    if !in_code && is_heading(text, &first) {
        match below(text, &first) {
            Some(line) => first = line,
            None => return trimmed(text, first),
        }
    }
    let (mut last, mut codes) = (first.clone(), in_code);
    codes ^= is_fence(text, &last);
    while let Some(before) = line_before(text, &first).filter(|line| !is_blank(text, line)) {
        in_code ^= is_fence(text, &before);
        if !in_code && is_heading(text, &before) {
            break;
        }
        first = before;
    }
    while let Some(after) = line_after(text, &last).filter(|line| !is_blank(text, line)) {
        if !codes && is_heading(text, &after) {
            break;
        }
        codes ^= is_fence(text, &after);
        last = after;
    }
    trimmed(text, first.start..last.end)
}

/// The first line below a heading that is neither blank nor a heading.
fn below(text: &str, heading: &Range<usize>) -> Option<Range<usize>> {
    let mut line = line_after(text, heading)?;
    while is_blank(text, &line) || is_heading(text, &line) {
        line = line_after(text, &line)?;
    }
    Some(line)
}

/// `range` without the white space at its ends; `None` when there is nothing else.
pub fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let piece = text.get(range.clone())?;
    let start = range.start + piece.len() - piece.trim_start().len();
    let end = range.start + piece.trim_end().len();
    (start < end).then_some(start..end)
}

/// What stands around a part.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Around {
    /// The text before it.
    pub before: String,
    /// The text behind it.
    pub after: String,
    /// Some of either was left out.
    pub cut: bool,
}

/// What stands around `part`, at most about `most` bytes of it: the nearest, in whole lines where
/// that is possible.
pub fn around(text: &str, part: &Range<usize>, most: usize) -> Around {
    let (before, after) = (&text[..part.start], &text[part.end..]);
    let half = most / 2;
    // What one side does not need, the other may have.
    let left = half.max(most.saturating_sub(after.len()));
    let right = half.max(most.saturating_sub(before.len()));
    let from = tail(before, left);
    let to = head(after, right);
    Around {
        before: before[from..].to_owned(),
        after: after[..to].to_owned(),
        cut: from > 0 || to < after.len(),
    }
}

/// Where the last `most` bytes of a text begin, at a line if there is one.
fn tail(text: &str, most: usize) -> usize {
    let Some(from) = text.len().checked_sub(most).filter(|from| *from > 0) else {
        return 0;
    };
    let from = (from..=text.len()).find(|at| text.is_char_boundary(*at));
    let from = from.unwrap_or(text.len());
    text[from..].find('\n').map_or(from, |at| from + at + 1)
}

/// Where the first `most` bytes of a text end, at a line if there is one.
fn head(text: &str, most: usize) -> usize {
    if text.len() <= most {
        return text.len();
    }
    let to = (0..=most).rev().find(|at| text.is_char_boundary(*at));
    let to = to.unwrap_or(0);
    text[..to].rfind('\n').map_or(to, |at| at + 1)
}

fn line_at(text: &str, at: usize) -> Range<usize> {
    let bytes = text.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |at| at + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(text.len(), |end| at + end);
    start..end
}

fn line_before(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    let end = line.start.checked_sub(1)?;
    Some(line_at(text, end))
}

fn line_after(text: &str, line: &Range<usize>) -> Option<Range<usize>> {
    (line.end < text.len()).then(|| line_at(text, line.end + 1))
}

fn is_blank(text: &str, line: &Range<usize>) -> bool {
    text[line.clone()].trim().is_empty()
}

/// Whether a line outside of code is a heading that begins with `#`.
fn is_heading(text: &str, line: &Range<usize>) -> bool {
    let line = text[line.clone()].trim_end();
    let marks = line.trim_start_matches(' ');
    let rest = marks.trim_start_matches('#');
    let level = marks.len() - rest.len();
    line.len() - marks.len() < 4
        && (1..=6).contains(&level)
        && (rest.is_empty() || rest.starts_with([' ', '\t']))
}

fn is_fence(text: &str, line: &Range<usize>) -> bool {
    let line = text[line.clone()].trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// Whether the line that begins at `at` is inside of fenced code.
fn is_in_code(text: &str, at: usize) -> bool {
    let fences = text[..at].lines().map(str::trim_start);
    let fences = fences.filter(|line| line.starts_with("```") || line.starts_with("~~~"));
    fences.count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(text: &str, at: usize) -> Option<&str> {
        paragraph(text, at).map(|range| &text[range])
    }

    #[test]
    fn a_paragraph_reaches_from_blank_line_to_blank_line() {
        let text = "# One\n\ntwo\nlines  \n \nthree\n";
        for (place, wanted) in [
            (7, "two\nlines"),
            (12, "two\nlines"),
            (19, "two\nlines"),
            (22, "three"),
            (text.len(), "three"),
            (usize::MAX, "three"),
        ] {
            assert_eq!(at(text, place), Some(wanted), "{place}");
        }
        assert_eq!(at("\r\n\r\none\r\ntwo\r\n", 0), Some("one\r\ntwo"));
        assert_eq!(at(" \n\t\n", 1), None);
        assert_eq!(at("", 0), None);
    }

    #[test]
    fn on_a_heading_the_paragraph_below_is_meant() {
        let text = "# One\n\n## Two\nthree\nfour\n### Five\n";
        for place in [0, 5, 6, 7, 13, 20] {
            assert_eq!(at(text, place), Some("three\nfour"), "{place}");
        }
        // With nothing below, it is all there is to rewrite.
        assert_eq!(at(text, text.len() - 2), Some("### Five"));
        assert_eq!(at("# One\n\n", 7), Some("# One"));
        // In code, the mark begins a comment; elsewhere, a word or too many of them.
        let code = "```sh\n# not one\nls\n```\n# One\ntwo\n";
        assert_eq!(at(code, 8), Some("```sh\n# not one\nls\n```"));
        assert_eq!(at(code, 18), Some("```sh\n# not one\nls\n```"));
        assert_eq!(at(code, code.len()), Some("two"));
        for text in ["#tag\n\ntwo", "####### x\n\ntwo", "    # x\n\ntwo"] {
            assert_eq!(at(text, 0), text.lines().next().map(str::trim), "{text}");
        }
    }

    #[test]
    fn what_goes_along_is_the_nearest_and_ends_at_lines() {
        let text = "one\ntwo\nPART\nthree\nfour\n";
        let part = 8..12;
        let all = around(text, &part, 1_000);
        assert_eq!(
            (all.before.as_str(), all.after.as_str()),
            ("one\ntwo\n", "\nthree\nfour\n")
        );
        assert!(!all.cut);
        let some = around(text, &part, 14);
        assert_eq!(
            (some.before.as_str(), some.after.as_str()),
            ("two\n", "\nthree\n")
        );
        assert!(some.cut);
        assert_eq!(
            around(text, &part, 0),
            Around {
                cut: true,
                ..Around::default()
            }
        );
        assert!(around("é".repeat(99).as_str(), &(100..102), 21).cut);
    }

    proptest! {
        #[test]
        fn any_place_of_any_text_is_safe(text in "[a \né日\r#`]{0,20}", place in 0usize..60) {
            let place = (0..=place.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
            if let Some(range) = paragraph(&text, place.unwrap()) {
                prop_assert!(!text[range.clone()].trim().is_empty());
                let told = around(&text, &range, place.unwrap());
                prop_assert!(text.contains(&told.before) && text.contains(&told.after));
            }
        }
    }
}
