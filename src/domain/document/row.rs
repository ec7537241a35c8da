//! One row: how wide each cluster is drawn and where the row has to end.
//!
//! Widths are those the terminal library uses, so the cursor's column is the column drawn. Knows
//! only the text it is given, never the document.

use crate::domain::text::{Printable, mark};
use std::borrow::Cow;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns between tab stops.
const TAB: usize = 4;

/// The clusters of `text` with their offsets. Printable ASCII, which is most of most texts, skips
/// the segmentation tables: such a character stands alone unless something follows that is not.
pub(super) fn clusters(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let alone =
            matches!(bytes.get(at)?, 0x20..=0x7e) && bytes.get(at + 1).is_none_or(u8::is_ascii);
        at += if alone {
            1
        } else {
            text[at..].graphemes(true).next()?.len()
        };
        Some((start, &text[start..at]))
    })
}

/// One cluster as it is drawn when it starts at `column` of a row `width` columns wide, and the
/// columns it takes: tabs as blanks, marks for what is hidden, a dotted circle under a lone
/// accent.
pub(super) fn shown(cluster: &str, column: usize, width: usize) -> (Cow<'_, str>, usize) {
    const BLANKS: &str = "    ";
    match cluster.as_bytes() {
        [0x20..=0x7e] => return (Cow::Borrowed(cluster), 1),
        b"\t" => {
            let columns = (TAB - column % TAB)
                .min(width.saturating_sub(column))
                .max(1);
            return (Cow::Borrowed(&BLANKS[..columns]), columns);
        }
        _ => {}
    }
    let (text, columns) = if cluster.chars().any(|c| mark(c).is_some()) {
        let text = Printable::line(cluster).into_string();
        let columns = text.graphemes(true).map(columns_of).sum();
        (Cow::Owned(text), columns)
    } else {
        (Cow::Borrowed(cluster), columns_of(cluster))
    };
    if columns == 0 {
        return (Cow::Owned(format!("\u{25cc}{text}")), 1);
    }
    (text, columns)
}

/// Columns that one cluster takes when it starts at `column` of a row `width` columns wide.
pub(super) fn width_of(cluster: &str, column: usize, width: usize) -> usize {
    shown(cluster, column, width).1
}

/// The columns the terminal library gives to a cluster: it draws half-width sound marks in a cell
/// of their own, which the width tables count as nothing.
fn columns_of(cluster: &str) -> usize {
    let marks = cluster
        .chars()
        .filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}'));
    cluster.width() + marks.count()
}

/// What is known about the row that a text begins with.
#[derive(Debug, PartialEq)]
pub(super) enum Extent {
    /// It has this many bytes and another row follows.
    Length(usize),
    /// It is the last one.
    Last,
    /// The text ends too early to tell.
    Unknown,
}

/// Measures one row. `whole` says that `text` reaches to the end of its line.
///
/// Words leave the last column free, which keeps the cursor behind a full row on screen; blanks
/// may take it. A line that fills its last row to the brim gets an empty row for the cursor.
pub(super) fn row_length(text: &str, whole: bool, width: usize) -> Extent {
    ascii_row_length(text, whole, width).unwrap_or_else(|| any_row_length(text, whole, width))
}

fn any_row_length(text: &str, whole: bool, width: usize) -> Extent {
    let mut column = 0;
    let mut break_at = None;
    let mut before = None;
    let mut hyphen = false;
    for (at, cluster) in clusters(text) {
        if at + cluster.len() == text.len() && !whole {
            return Extent::Unknown;
        }
        let cells = width_of(cluster, column, width);
        let kind = Kind::of(cluster, cells);
        let parted = hyphen && kind != Kind::Closing;
        if parted || before.is_some_and(|before| kind.may_follow_a_break(before)) {
            break_at = Some(at);
        }
        let limit = if kind == Kind::Blank {
            width
        } else {
            narrow(width)
        };
        if at > 0 && column + cells > limit {
            let at_blank = kind == Kind::Blank;
            return Extent::Length(break_at.filter(|_| !at_blank).unwrap_or(at));
        }
        column += cells;
        hyphen = cluster == "-" && before == Some(Kind::Letter);
        if kind == Kind::Blank {
            break_at = Some(at + cluster.len());
        }
        before = Some(kind);
    }
    end_of_row(text, whole, column, width)
}

/// The same for printable ASCII; `None` where the text is not, or where an accent may follow.
fn ascii_row_length(text: &str, whole: bool, width: usize) -> Option<Extent> {
    let bytes = text.as_bytes();
    if let Some(length) = full_row_length(bytes, width) {
        return Some(Extent::Length(length));
    }
    let mut break_at = None;
    let (mut letter, mut hyphen) = (false, false);
    for (at, &byte) in bytes.iter().enumerate() {
        if !(0x20..0x7f).contains(&byte) {
            return None;
        }
        if at + 1 == bytes.len() && !whole {
            return Some(Extent::Unknown);
        }
        let blank = byte == b' ';
        if hyphen && Kind::of_ascii(byte) != Kind::Closing {
            break_at = Some(at);
        }
        if at > 0 && at + 1 > if blank { width } else { narrow(width) } {
            if bytes.get(at + 1).is_some_and(|next| !next.is_ascii()) {
                return None;
            }
            return Some(Extent::Length(break_at.filter(|_| !blank).unwrap_or(at)));
        }
        if blank {
            break_at = Some(at + 1);
        }
        hyphen = byte == b'-' && letter;
        letter = byte.is_ascii_alphanumeric();
    }
    Some(end_of_row(text, whole, bytes.len(), width))
}

/// The same for a row that more printable ASCII follows than it can hold: where it must end is
/// known at once, and its last break is found from there.
fn full_row_length(bytes: &[u8], width: usize) -> Option<usize> {
    if width < 2 {
        return None;
    }
    let row = bytes.get(..width + 2)?;
    let odd = row.iter().map(|byte| !(0x20..0x7f).contains(byte));
    if odd.fold(false, |any, odd| any | odd) {
        return None;
    }
    // A blank may take the last column.
    let at = narrow(width) + usize::from(row[narrow(width)] == b' ');
    if row[at] == b' ' {
        return Some(at);
    }
    let breaks = |end: &usize| match row[end - 1] {
        b' ' => true,
        b'-' => {
            *end > 1
                && row[end - 2].is_ascii_alphanumeric()
                && Kind::of_ascii(row[*end]) != Kind::Closing
        }
        _ => false,
    };
    Some((1..=at).rev().find(breaks).unwrap_or(at))
}

const fn end_of_row(text: &str, whole: bool, column: usize, width: usize) -> Extent {
    if !whole {
        Extent::Unknown
    } else if column >= width && !text.is_empty() {
        Extent::Length(text.len())
    } else {
        Extent::Last
    }
}

/// What a cluster is to line breaking.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Kind {
    Blank,
    Letter,
    /// An ideograph or an emoji: a line may break on either side.
    Wide,
    /// Punctuation that opens: no break after it.
    Opening,
    /// Punctuation that closes, or a small kana: no break before it.
    Closing,
    Other,
}

impl Kind {
    fn of(cluster: &str, cells: usize) -> Self {
        if matches!(cluster, " " | "\t" | "\u{3000}") {
            return Self::Blank;
        }
        if let &[byte] = cluster.as_bytes() {
            return Self::of_ascii(byte);
        }
        match cluster.chars().next() {
            Some(
                '(' | '[' | '{' | '（' | '「' | '『' | '【' | '〈' | '《' | '〔' | '［' | '｛'
                | '“' | '‘',
            ) => Self::Opening,
            Some(
                '、' | '。' | '，' | '．' | '！' | '？' | '：' | '；' | '）' | '」' | '』' | '】'
                | '〉' | '》' | '〕' | '］' | '｝' | '”' | '’' | '…' | 'ー' | '々' | 'っ' | 'ゃ'
                | 'ゅ' | 'ょ' | 'ッ' | 'ャ' | 'ュ' | 'ョ' | '・' | '～' | '.' | ',' | '!' | '?'
                | ':' | ';' | ')',
            ) => Self::Closing,
            _ if cells > 1 => Self::Wide,
            Some(c) if c.is_alphanumeric() => Self::Letter,
            _ => Self::Other,
        }
    }

    const fn of_ascii(byte: u8) -> Self {
        match byte {
            b'(' | b'[' | b'{' => Self::Opening,
            b'.' | b',' | b'!' | b'?' | b':' | b';' | b')' | b']' | b'}' => Self::Closing,
            _ if byte.is_ascii_alphanumeric() => Self::Letter,
            _ => Self::Other,
        }
    }

    fn may_follow_a_break(self, before: Self) -> bool {
        match self {
            Self::Wide => before != Self::Opening,
            Self::Opening => matches!(before, Self::Wide | Self::Closing),
            Self::Letter | Self::Other => before == Self::Wide,
            Self::Blank | Self::Closing => false,
        }
    }
}

/// Columns for words: all but the last, which is the cursor's.
const fn narrow(width: usize) -> usize {
    if width > 1 { width - 1 } else { 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_blank_with_an_accent_is_not_a_blank() {
        let text = "ab \u{301}";
        assert_eq!(row_length(text, true, 3), any_row_length(text, true, 3));
        assert_eq!(row_length(text, true, 2), any_row_length(text, true, 2));
    }

    #[test]
    fn a_hyphen_ends_a_part_of_a_word_but_not_a_sign() {
        assert_eq!(row_length("well-known", true, 8), Extent::Length(5));
        assert_eq!(row_length("is -12345", true, 8), Extent::Length(3));
        assert_eq!(row_length("a [-bcd-] e", true, 9), Extent::Length(2));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_short_cut_for_ascii_changes_nothing(
            text in "([a-c) -]{0,6}\u{301}?\u{200d}?){1,3}",
            width in 1usize..8,
            whole: bool,
        ) {
            prop_assert_eq!(row_length(&text, whole, width), any_row_length(&text, whole, width));
        }

        #[test]
        fn a_full_row_of_ascii_ends_where_any_row_does(
            text in "[a-c 1.-]{0,40}é?[ a-b]{0,9}",
            width in 1usize..14,
            whole: bool,
        ) {
            prop_assert_eq!(row_length(&text, whole, width), any_row_length(&text, whole, width));
        }
    }
}
