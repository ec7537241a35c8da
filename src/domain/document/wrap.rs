//! Soft wrap: where a logical line breaks into rows, and how wide each cluster is drawn.
//!
//! Break positions are cached per logical line. An edit re-measures from a few rows before it and
//! stops where the old rows line up again, so a key costs the same in a line of any length. Never
//! knows about the cursor or the viewport.

use crate::domain::text::{Printable, mark};
use crop::Rope;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns between tab stops.
const TAB: usize = 4;

/// Rows before an edit that it may still change: a row's break depends on the word after it, and
/// a typed accent may widen the cluster before it.
const LOOKBACK: usize = 3;

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

/// The logical lines of a rope, which end at `\n` or `\r\n`; there is always at least one.
pub(super) fn line_count(rope: &Rope) -> usize {
    rope.line_of_byte(rope.byte_len()) + 1
}

/// The first byte of a line; the end of the text for a line past the last.
pub(super) fn line_start(rope: &Rope, line: usize) -> usize {
    if line < line_count(rope) {
        rope.byte_of_line(line)
    } else {
        rope.byte_len()
    }
}

/// The bytes of a line without its line break.
pub(super) fn line_range(rope: &Rope, line: usize) -> Range<usize> {
    let start = line_start(rope, line);
    if line + 1 >= line_count(rope) {
        return start..rope.byte_len();
    }
    let end = rope.byte_of_line(line + 1) - 1;
    if end > start && rope.byte(end - 1) == b'\r' {
        return start..end - 1;
    }
    start..end
}

/// A copy of a range of the rope. Both ends must be on character boundaries.
pub(super) fn read(rope: &Rope, range: Range<usize>) -> String {
    let mut text = String::with_capacity(range.len());
    for chunk in rope.byte_slice(range).chunks() {
        text.push_str(chunk);
    }
    text
}

/// The nearest character boundary at or after `at`.
pub(super) fn char_boundary(rope: &Rope, mut at: usize) -> usize {
    while at < rope.byte_len() && !rope.is_char_boundary(at) {
        at += 1;
    }
    at.min(rope.byte_len())
}

/// The nearest character boundary at or before `at`.
pub(super) fn char_boundary_before(rope: &Rope, at: usize) -> usize {
    let mut at = at.min(rope.byte_len());
    while !rope.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// What one edit did, as far as wrapping is concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Change {
    /// Where the edit began.
    pub(super) at: usize,
    /// Bytes it removed.
    pub(super) removed: usize,
    /// Bytes it put in.
    pub(super) inserted: usize,
    /// The line in which the removed text ended, before the edit.
    pub(super) last_line: usize,
    /// The first byte of that line, before the edit.
    pub(super) last_start: usize,
}

/// Row starts per logical line, relative to the line, without the first one (which is 0).
#[derive(Debug, Clone, Default)]
pub(super) struct Wraps {
    width: usize,
    lines: BTreeMap<usize, Vec<u32>>,
}

impl Wraps {
    /// Wraps at `width` columns from now on.
    pub(super) fn set_width(&mut self, width: usize) {
        if self.width != width {
            self.width = width;
            self.lines.clear();
        }
    }

    /// The width rows are wrapped at.
    pub(super) const fn width(&self) -> usize {
        self.width
    }

    /// The row starts of a line, measured now if they are not known yet.
    pub(super) fn rows(&mut self, rope: &Rope, line: usize) -> &[u32] {
        let width = self.width;
        self.lines.entry(line).or_insert_with(|| {
            let mut rows = Vec::new();
            measure(
                rope,
                line_range(rope, line),
                width,
                &mut rows,
                &Tail::default(),
            );
            rows
        })
    }

    /// Forgets lines outside `near` when there are many more than are of use.
    pub(super) fn trim(&mut self, near: Range<usize>) {
        if self.lines.len() > 4 * near.len() + 64 {
            self.lines.retain(|line, _| near.contains(line));
        }
    }

    /// Brings the cache up to date after `change`; `rope` is the text after it.
    pub(super) fn edited(&mut self, rope: &Rope, change: Change) {
        let first = rope.line_of_byte(change.at);
        let last = rope.line_of_byte(change.at + change.inserted);
        let head = self.lines.remove(&first);
        let tail = if change.last_line == first {
            None
        } else {
            self.lines.remove(&change.last_line)
        };
        self.shift(first, change.last_line, last);
        let one = change.last_line == first;
        let tail_rows = if one {
            head.as_deref()
        } else {
            tail.as_deref()
        };
        let tail = tail_rows.map(|rows| Tail::after(rows, &change));
        if let Some(rows) = &head {
            let range = line_range(rope, first);
            let known = rows.partition_point(|&row| range.start + row as usize <= change.at);
            let mut fresh = rows[..known.saturating_sub(LOOKBACK)].to_vec();
            let rest = tail.filter(|_| first == last).unwrap_or_default();
            measure(rope, range, self.width, &mut fresh, &rest);
            self.lines.insert(first, fresh);
        }
        if let Some(tail) = tail
            && last != first
        {
            let mut fresh = Vec::new();
            measure(rope, line_range(rope, last), self.width, &mut fresh, &tail);
            self.lines.insert(last, fresh);
        }
    }

    /// Drops the lines an edit went through and renumbers those after it.
    fn shift(&mut self, first: usize, old_last: usize, new_last: usize) {
        if old_last == first && new_last == first {
            return;
        }
        let after = self.lines.split_off(&(old_last + 1));
        self.lines.split_off(&first);
        let renumbered = after
            .into_iter()
            .map(|(line, rows)| (line - old_last + new_last, rows));
        self.lines.extend(renumbered);
    }
}

/// Row starts from before an edit that may still hold after it.
#[derive(Debug, Clone, Copy, Default)]
struct Tail<'a> {
    rows: &'a [u32],
    /// Where the line that `rows` count from would start in the new text.
    origin: isize,
}

impl<'a> Tail<'a> {
    fn after(rows: &'a [u32], change: &Change) -> Self {
        let end = change.at + change.removed;
        let kept = rows.partition_point(|&row| change.last_start + (row as usize) < end);
        Self {
            rows: &rows[kept..],
            origin: change.last_start as isize - change.removed as isize + change.inserted as isize,
        }
    }

    fn row(&self, index: usize) -> Option<usize> {
        let row = *self.rows.get(index)? as isize;
        usize::try_from(row + self.origin).ok()
    }
}

/// Extends `rows`, the known first rows of the line, until its end or until a row starts where
/// one of `tail` does: from there on the old rows hold.
fn measure(rope: &Rope, line: Range<usize>, width: usize, rows: &mut Vec<u32>, tail: &Tail<'_>) {
    let mut at = line.start + rows.last().map_or(0, |&row| row as usize);
    let mut window = at..at;
    let mut text = String::new();
    let mut size = 512;
    let mut next = 0;
    loop {
        let whole = window.end >= line.end && window.start <= at;
        match row_length(&text[at - window.start..], whole, width) {
            Row::Length(length) => {
                at += length;
                rows.push((at - line.start) as u32);
                while tail.row(next).is_some_and(|row| row < at) {
                    next += 1;
                }
                if tail.row(next) == Some(at) {
                    let moved = |&row: &u32| (row as isize + tail.origin) as usize - line.start;
                    rows.extend(tail.rows[next + 1..].iter().map(|row| moved(row) as u32));
                    return;
                }
            }
            Row::Last => return,
            Row::Unknown => {
                // Twice the window when a single row did not fit in the last one.
                size = if window.start == at {
                    size * 2
                } else {
                    (size * 2).min(65_536)
                };
                window = at..char_boundary(rope, at + size).min(line.end);
                text = read(rope, window.clone());
            }
        }
    }
}

/// What is known about the row that a text begins with.
#[derive(Debug, PartialEq)]
enum Row {
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
fn row_length(text: &str, whole: bool, width: usize) -> Row {
    if let Some(row) = ascii_row_length(text, whole, width) {
        return row;
    }
    let mut column = 0;
    let mut break_at = None;
    let mut before = None;
    for (at, cluster) in text.grapheme_indices(true) {
        if at + cluster.len() == text.len() && !whole {
            return Row::Unknown;
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
            return Row::Length(break_at.filter(|_| !at_blank).unwrap_or(at));
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
fn ascii_row_length(text: &str, whole: bool, width: usize) -> Option<Row> {
    let bytes = text.as_bytes();
    let mut break_at = None;
    let mut letter = false;
    for (at, &byte) in bytes.iter().enumerate() {
        if !(0x20..0x7f).contains(&byte) {
            return None;
        }
        if at + 1 == bytes.len() && !whole {
            return Some(Row::Unknown);
        }
        let blank = byte == b' ';
        if at > 0 && at + 1 > if blank { width } else { narrow(width) } {
            if bytes.get(at + 1).is_some_and(|next| !next.is_ascii()) {
                return None;
            }
            return Some(Row::Length(break_at.filter(|_| !blank).unwrap_or(at)));
        }
        if blank || (byte == b'-' && letter) {
            break_at = Some(at + 1);
        }
        letter = byte.is_ascii_alphanumeric();
    }
    Some(end_of_row(text, whole, bytes.len(), width))
}

const fn end_of_row(text: &str, whole: bool, column: usize, width: usize) -> Row {
    if !whole {
        Row::Unknown
    } else if column >= width && !text.is_empty() {
        Row::Length(text.len())
    } else {
        Row::Last
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
