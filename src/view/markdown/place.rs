//! Places in the source where drawing can be taken up again.
//!
//! Knows lines, not Markdown.

use std::ops::Range;
use std::sync::Arc;

/// A place in the source where drawing can begin.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The start of a line.
    pub(super) offset: usize,
    /// Rows above it.
    pub(super) row: usize,
    pub(super) inside: Inside,
}

/// What the place lies inside of.
#[derive(Debug, Clone)]
pub(super) enum Inside {
    /// Nothing: a block begins here.
    Document,
    /// A list, whose item with this number begins here.
    List(Option<u64>),
    /// A fenced code block with this opening line.
    Fence(Range<usize>),
    /// A table with this head and these widths.
    Table(Range<usize>, Arc<[usize]>),
}

impl Place {
    pub(super) const START: Self = Self {
        offset: 0,
        row: 0,
        inside: Inside::Document,
    };
}

/// Where the line around `at` begins.
pub(super) fn line_start(source: &str, at: usize) -> usize {
    let before = source.get(..at).unwrap_or_default();
    before.rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Whether the line above the one at `at` is blank, quote marks aside.
pub(super) fn blank_above(source: &str, at: usize) -> bool {
    let above = source.get(..at).unwrap_or_default();
    let above = above.strip_suffix('\n').unwrap_or(above);
    let line = above
        .rfind('\n')
        .map_or(above, |end| above.get(end..).unwrap_or_default());
    line.trim_matches(|c: char| c.is_whitespace() || c == '>')
        .is_empty()
}
