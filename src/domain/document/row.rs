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

/// One cluster as it is drawn: marks for hidden characters, a dotted circle under a lone accent.
pub(super) fn shown(cluster: &str) -> Cow<'_, str> {
    let text = if cluster.chars().any(|c| mark(c).is_some()) {
        Cow::Owned(Printable::line(cluster).into_string())
    } else {
        Cow::Borrowed(cluster)
    };
    if cells(&text) == 0 {
        return Cow::Owned(format!("\u{25cc}{text}"));
    }
    text
}

/// Columns that one cluster takes when it starts at `column` of a row `width` columns wide.
pub(super) fn width_of(cluster: &str, column: usize, width: usize) -> usize {
    match cluster.as_bytes() {
        [0x20..=0x7e] => 1,
        b"\t" => (TAB - column % TAB)
            .min(width.saturating_sub(column))
            .max(1),
        _ => cells(&shown(cluster)).max(1),
    }
}

/// The same sum that the terminal library makes: it draws half-width sound marks in a cell of
/// their own, which the width tables count as nothing.
fn cells(text: &str) -> usize {
    text.graphemes(true)
        .map(|cluster| {
            let marks = cluster
                .chars()
                .filter(|c| matches!(c, '\u{ff9e}' | '\u{ff9f}'));
            cluster.width() + marks.count()
        })
        .sum()
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
    if let Some(row) = ascii_row_length(text, whole, width) {
        return row;
    }
    let mut column = 0;
    let mut break_at = None;
    let mut before = None;
    for (at, cluster) in text.grapheme_indices(true) {
        if at + cluster.len() == text.len() && !whole {
            return Extent::Unknown;
        }
        let cells = width_of(cluster, column, width);
        let kind = Kind::of(cluster, cells);
        if before.is_some_and(|before| kind.may_follow_a_break(before)) {
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
        let hyphen = cluster == "-" && before == Some(Kind::Letter);
        if kind == Kind::Blank || hyphen {
            break_at = Some(at + cluster.len());
        }
        before = Some(kind);
    }
    end_of_row(text, whole, column, width)
}

/// The same for printable ASCII; `None` where the text is not, or where an accent may follow.
fn ascii_row_length(text: &str, whole: bool, width: usize) -> Option<Extent> {
    let bytes = text.as_bytes();
    let mut break_at = None;
    let mut letter = false;
    for (at, &byte) in bytes.iter().enumerate() {
        if !(0x20..0x7f).contains(&byte) {
            return None;
        }
        if at + 1 == bytes.len() && !whole {
            return Some(Extent::Unknown);
        }
        let blank = byte == b' ';
        if at > 0 && at + 1 > if blank { width } else { narrow(width) } {
            if bytes.get(at + 1).is_some_and(|next| !next.is_ascii()) {
                return None;
            }
            return Some(Extent::Length(break_at.filter(|_| !blank).unwrap_or(at)));
        }
        if blank || (byte == b'-' && letter) {
            break_at = Some(at + 1);
        }
        letter = byte.is_ascii_alphanumeric();
    }
    Some(end_of_row(text, whole, bytes.len(), width))
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

/// Columns for words: all but the last, which is the cursor's.
const fn narrow(width: usize) -> usize {
    if width > 1 { width - 1 } else { 1 }
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

    fn may_follow_a_break(self, before: Self) -> bool {
        match self {
            Self::Wide => before != Self::Opening,
            Self::Opening => matches!(before, Self::Wide | Self::Closing),
            Self::Letter | Self::Other => before == Self::Wide,
            Self::Blank | Self::Closing => false,
        }
    }
}
