//! What a model's answer says once the wrapping is off that nobody asked for.
//!
//! A fence, quotation marks or the tags of the prompt go only when the part had none itself. Never
//! changes a word.

use crate::domain::text::stored;

/// What was put around an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrapping {
    /// A code fence.
    Fence,
    /// Quotation marks.
    Quotes,
    /// The tags that mark the part in the prompt.
    Tags,
}

impl Wrapping {
    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fence => "a code fence",
            Self::Quotes => "quotation marks",
            Self::Tags => "the tags of the prompt",
        }
    }
}

/// Quotation marks that open and close.
const QUOTES: [(char, char); 9] = [
    ('"', '"'),
    ('\'', '\''),
    ('“', '”'),
    ('„', '“'),
    ('„', '”'),
    ('‘', '’'),
    ('«', '»'),
    ('»', '«'),
    ('`', '`'),
];

/// The text that stands for `part`, and what was taken from around it. Line ends are those of the
/// draft.
pub fn bare(answer: &str, part: &str, breaks: &str) -> (String, Option<Wrapping>) {
    let answer = stored(answer);
    let mut text = answer.trim();
    let mut off = None;
    while let Some((inner, wrapping)) = unwrapped(text, part.trim()) {
        text = inner.trim();
        off.get_or_insert(wrapping);
    }
    (with_breaks(text, breaks), off)
}

/// The part with an answer behind it that goes on with it.
pub fn continued(part: &str, answer: &str, breaks: &str) -> String {
    if answer.is_empty() {
        return part.to_owned();
    }
    let last = part.trim_end_matches(['"', '\'', '”', '’', '»', ')', '*', '_']);
    let is_whole = last.ends_with(['.', '!', '?', '…', ':', '。', '！', '？', '`']);
    let is_block = answer.starts_with(['#', '-', '*', '>', '|', '`']);
    if is_whole || is_block {
        return format!("{part}{breaks}{breaks}{answer}");
    }
    let joins = answer.starts_with([',', '.', ';', ':', '!', '?', ')']);
    let space = if joins { "" } else { " " };
    format!("{part}{space}{answer}")
}

fn with_breaks(text: &str, breaks: &str) -> String {
    if breaks == "\n" {
        return text.to_owned();
    }
    text.replace('\n', breaks)
}

fn unwrapped<'a>(text: &'a str, part: &str) -> Option<(&'a str, Wrapping)> {
    tagged(text)
        .filter(|_| tagged(part).is_none())
        .map(|inner| (inner, Wrapping::Tags))
        .or_else(|| {
            let inner = fenced(text).filter(|_| !is_fence(part))?;
            Some((inner, Wrapping::Fence))
        })
        .or_else(|| {
            let inner = quoted(text).filter(|_| quoted(part).is_none())?;
            Some((inner, Wrapping::Quotes))
        })
}

fn tagged(text: &str) -> Option<&str> {
    let inner = text.strip_prefix("<part>")?.strip_suffix("</part>")?;
    (!inner.contains("<part>")).then_some(inner)
}

fn is_fence(text: &str) -> bool {
    text.starts_with("```") || text.starts_with("~~~")
}

/// What stands in a text that is one fenced block and nothing else.
fn fenced(text: &str) -> Option<&str> {
    if !is_fence(text) {
        return None;
    }
    let mark = &text[..3];
    let length = text.len() - text.trim_start_matches(&mark[..1]).len();
    let fence = &text[..length];
    let (_, rest) = text.split_once('\n')?;
    let (inner, last) = rest.rsplit_once('\n').unwrap_or(("", rest));
    let closes = |line: &str| line.trim_end() == fence;
    (closes(last) && !inner.lines().any(closes)).then_some(inner)
}

fn quoted(text: &str) -> Option<&str> {
    QUOTES.into_iter().find_map(|(open, close)| {
        let inner = text.strip_prefix(open)?.strip_suffix(close)?;
        let again = |c| c == open || c == close;
        // An apostrophe closes nothing.
        let apostrophe = |at: usize| {
            let before = inner[..at].chars().next_back();
            let after = inner[at..].chars().nth(1);
            let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
            letter(before) && letter(after)
        };
        let mut marks = inner.match_indices(again);
        let whole = marks.all(|(at, mark)| matches!(mark, "'" | "’") && apostrophe(at));
        (whole && !inner.trim().is_empty()).then_some(inner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_asked_for_around_an_answer_goes_and_is_named() {
        for (answer, wrapping) in [
            ("new text", None),
            ("\n new text \n\n", None),
            ("\"new text\"", Some(Wrapping::Quotes)),
            ("“new text”", Some(Wrapping::Quotes)),
            ("„new text“", Some(Wrapping::Quotes)),
            ("«new text»", Some(Wrapping::Quotes)),
            ("```\nnew text\n```", Some(Wrapping::Fence)),
            ("````markdown\nnew text\n````\n", Some(Wrapping::Fence)),
            ("~~~\nnew text\n~~~", Some(Wrapping::Fence)),
            ("<part>\nnew text\n</part>", Some(Wrapping::Tags)),
            ("```\n\"new text\"\n```", Some(Wrapping::Fence)),
        ] {
            let told = bare(answer, "old text", "\n");
            assert_eq!(told, ("new text".to_owned(), wrapping), "{answer}");
        }
    }

    #[test]
    fn what_the_part_had_itself_or_what_is_no_wrapping_stays() {
        for (answer, part) in [
            ("\"new text\"", "\"old text\""),
            ("```\nnew\n```", "```\nold\n```"),
            ("\"A\" or \"B\"", "old"),
            ("```\na\n```\nand\n```\nb\n```", "old"),
            ("```\nopen", "old"),
            ("'Tis the dogs'", "'Tis one dog's'"),
            ("\"\"", "old"),
            ("`", "old"),
            ("\"", "old"),
            ("```", "old"),
        ] {
            assert_eq!(
                bare(answer, part, "\n"),
                (answer.to_owned(), None),
                "{answer}"
            );
        }
        assert_eq!(bare("'it isn't so'", "old", "\n").0, "it isn't so");
    }

    #[test]
    fn an_answer_has_the_line_ends_of_the_draft_and_no_controls() {
        assert_eq!(bare("a\nb\u{1b}", "x", "\r\n").0, "a\r\nb␛");
        assert_eq!(bare("a\r\nb", "x", "\n").0, "a\nb");
    }

    #[test]
    fn a_continuation_begins_where_the_part_left_off() {
        for (part, answer, whole) in [
            (
                "It was late",
                "and it rained.",
                "It was late and it rained.",
            ),
            (
                "It was late",
                ", and it rained.",
                "It was late, and it rained.",
            ),
            ("It was late.", "It rained.", "It was late.\n\nIt rained."),
            (
                "\"It was late.\"",
                "It rained.",
                "\"It was late.\"\n\nIt rained.",
            ),
            ("A list", "- one", "A list\n\n- one"),
            ("It was late", "", "It was late"),
        ] {
            assert_eq!(continued(part, answer, "\n"), whole);
        }
    }
}
