//! A comparison of two texts as rows, readable without colour, with what is equal folded.
//!
//! Owns the looks of word hunks and where each change begins. Never compares anything itself.

use crate::app::comparison::Fold;
use crate::domain::diff::{Hunk, Kind};
use crate::view::style::{Role, Styles};
use crate::view::wrap::Flow;
use ratatui::text::{Line, Span};
use std::ops::Range;
use std::sync::Arc;

/// Rows of equal text from which on they are folded.
const LONG: usize = 6;
/// Rows of equal text that stay beside a change.
const BESIDE: usize = 2;

/// What the rows were made for; other rows are needed when any of it changes.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub(crate) hunks: Arc<[Hunk]>,
    pub(crate) width: u16,
    pub(crate) styles: Styles,
    pub(crate) fold: Fold,
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.hunks, &other.hunks)
            && (self.width, self.styles, self.fold) == (other.width, other.styles, other.fold)
    }
}

/// A comparison laid out in rows.
#[derive(Debug)]
pub(crate) struct Sheet {
    wanted: Wanted,
    /// The rows, from the first to the last.
    pub(crate) rows: Vec<Line<'static>>,
    /// The row that each change begins in.
    pub(crate) changes: Vec<usize>,
}

impl Sheet {
    /// The rows of a comparison; those that `known` holds when they are still right.
    pub(crate) fn of(known: Option<Self>, wanted: Wanted) -> Self {
        match known {
            Some(known) if known.wanted == wanted => known,
            _ => Self::lay(wanted),
        }
    }

    fn lay(wanted: Wanted) -> Self {
        let (flow, places) = written(&wanted.hunks, wanted.styles);
        let ranges = flow.rows(usize::from(wanted.width));
        let begins: Vec<usize> = places
            .iter()
            .map(|place| row_of(&ranges, place.start))
            .collect();
        let mut changed = vec![false; ranges.len()];
        for (place, first) in places.iter().zip(&begins) {
            let last = row_of(&ranges, place.end.saturating_sub(1)).max(*first);
            changed[*first..=last].fill(true);
        }
        let mut rows = Vec::with_capacity(ranges.len());
        // Where each row of the whole text is now.
        let mut moved = Vec::with_capacity(ranges.len());
        for stretch in stretches(&changed, wanted.fold) {
            match stretch {
                Stretch::Shown(shown) => {
                    for range in &ranges[shown] {
                        moved.push(rows.len());
                        let mut spans = Vec::with_capacity(flow.count_spans(range));
                        flow.spans_into(range, &mut spans);
                        rows.push(Line::from(spans));
                    }
                }
                Stretch::Folded(hidden) => {
                    moved.extend(hidden.clone().map(|_| rows.len()));
                    let told = format!("⋯ {} lines unchanged ⋯", hidden.len());
                    let style = wanted.styles.of(Role::Dim);
                    rows.push(Line::from(Span::styled(told, style)));
                }
            }
        }
        Self {
            wanted,
            rows,
            changes: begins.iter().map(|row| moved[*row]).collect(),
        }
    }
}

/// Rows that belong together.
#[derive(Debug, PartialEq, Eq)]
enum Stretch {
    Shown(Range<usize>),
    Folded(Range<usize>),
}

/// All rows, in order, each in one stretch. What changed is always in one that is shown.
fn stretches(changed: &[bool], fold: Fold) -> Vec<Stretch> {
    let count = changed.len();
    let mut stretches = Vec::new();
    let mut at = 0;
    while at < count {
        let kind = changed[at];
        let run = changed[at..].iter().take_while(|row| **row == kind).count();
        let end = at + run;
        let first = if at == 0 { 0 } else { at + BESIDE };
        let last = if end == count {
            count
        } else {
            end - BESIDE.min(run)
        };
        if kind || fold == Fold::Open || run <= LONG {
            stretches.push(Stretch::Shown(at..end));
        } else {
            stretches.push(Stretch::Shown(at..first));
            stretches.push(Stretch::Folded(first..last));
            stretches.push(Stretch::Shown(last..end));
        }
        at = end;
    }
    stretches.retain(|stretch| !matches!(stretch, Stretch::Shown(rows) if rows.is_empty()));
    stretches
}

/// The row that holds the byte `at`.
fn row_of(rows: &[Range<usize>], at: usize) -> usize {
    rows.partition_point(|row| row.start <= at)
        .saturating_sub(1)
}

/// The hunks as running text, and the bytes of it that each change takes.
///
/// Without colour, removed text stands in `[-…-]` and added text in `{+…+}`.
fn written(hunks: &[Hunk], styles: Styles) -> (Flow, Vec<Range<usize>>) {
    let mut flow = Flow::default();
    let mut places: Vec<Range<usize>> = Vec::new();
    let mut before = Kind::Kept;
    for hunk in hunks {
        let start = flow.text().len();
        let (role, open, close) = match hunk.kind {
            Kind::Kept => (Role::Text, "", ""),
            Kind::Removed => (Role::Removed, "[-", "-]"),
            Kind::Added => (Role::Added, "{+", "+}"),
        };
        let style = styles.of(role);
        let bare = styles.tells_changes();
        flow.push(if bare { "" } else { open }, style);
        if hunk.kind == Kind::Kept {
            flow.push(&hunk.text, style);
        } else {
            flow.push(&visible_breaks(&hunk.text), style);
        }
        flow.push(if bare { "" } else { close }, style);
        let end = flow.text().len();
        match (hunk.kind, before) {
            (Kind::Kept, _) => {}
            (_, Kind::Kept) => places.push(start..end),
            // What goes and what comes in its place are one change.
            _ => {
                if let Some(last) = places.last_mut() {
                    last.end = end;
                }
            }
        }
        before = hunk.kind;
    }
    (flow, places)
}

/// A changed line break would not show: its sign stands before it.
fn visible_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "⏎\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diff::{changes, words};
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    fn sheet(hunks: Vec<Hunk>, width: u16, styles: Styles, fold: Fold) -> Sheet {
        let hunks = hunks.into();
        let wanted = Wanted {
            hunks,
            width,
            styles,
            fold,
        };
        Sheet::of(None, wanted)
    }

    fn rows(sheet: &Sheet) -> Vec<String> {
        sheet.rows.iter().map(ToString::to_string).collect()
    }

    fn plain(old: &str, new: &str, width: u16) -> Vec<String> {
        rows(&sheet(words(old, new), width, Styles::PLAIN, Fold::Open))
    }

    #[test]
    fn changes_are_readable_without_colour() {
        assert_eq!(
            plain("a quick fox", "a slow fox", 40),
            ["a [-quick-]{+slow+} fox"]
        );
    }

    #[test]
    fn colour_needs_no_signs() {
        let hunks = words("a quick fox", "a slow fox");
        let lines = sheet(hunks, 40, Styles::COLOUR, Fold::Open).rows;
        assert_eq!(lines.len(), 1);
        let spans = &lines[0].spans;
        assert_eq!(spans[1].content, "quick");
        assert_eq!(spans[1].style, Styles::COLOUR.of(Role::Removed));
        assert_eq!(spans[2].content, "slow");
        assert_eq!(spans[2].style, Styles::COLOUR.of(Role::Added));
    }

    #[test]
    fn long_comparisons_wrap_and_breaks_that_changed_show() {
        assert_eq!(
            plain("one two\nthree four", "one two three four", 15),
            ["one two[-⏎", "-]{+ +}three", "four"]
        );
        assert_eq!(plain("", "", 10), [""]);
    }

    #[test]
    fn hidden_characters_are_marked() {
        assert_eq!(plain("a", "a \u{1b}[0m", 40), ["a{+ ␛[0m+}"]);
    }

    fn numbered(changed: &[usize]) -> String {
        let line = |n| {
            let other = if changed.contains(&n) { " other" } else { "" };
            format!("line {n}{other}\n")
        };
        (0..60).map(line).collect::<Vec<_>>().concat()
    }

    #[test]
    fn equal_stretches_are_folded_and_every_change_has_its_place() {
        let hunks = changes(&numbered(&[]), &numbered(&[9, 50]));
        let folded = sheet(hunks, 40, Styles::PLAIN, Fold::Folded);
        assert_eq!(
            rows(&folded),
            [
                "⋯ 7 lines unchanged ⋯",
                "line 7",
                "line 8",
                "line 9{+ other+}",
                "line 10",
                "line 11",
                "⋯ 36 lines unchanged ⋯",
                "line 48",
                "line 49",
                "line 50{+ other+}",
                "line 51",
                "line 52",
                "⋯ 7 lines unchanged ⋯",
            ]
        );
        assert_eq!(folded.changes, [3, 9]);
    }

    proptest! {
        #[test]
        fn folding_hides_no_change_and_loses_no_row(
            old in "(word |and |line\n){0,60}",
            new in "(word |and |other|line\n){0,60}",
            width in 4_u16..30,
        ) {
            let hunks: Arc<[Hunk]> = changes(&old, &new).into();
            let (flow, places) = written(&hunks, Styles::PLAIN);
            let ranges = flow.rows(usize::from(width));
            let mut changed = vec![false; ranges.len()];
            for place in &places {
                let first = row_of(&ranges, place.start);
                changed[first..=row_of(&ranges, place.end - 1).max(first)].fill(true);
            }
            let mut next = 0;
            for stretch in stretches(&changed, Fold::Folded) {
                let (rows, hidden) = match stretch {
                    Stretch::Shown(rows) => (rows, false),
                    Stretch::Folded(rows) => (rows, true),
                };
                prop_assert_eq!(rows.start, next);
                prop_assert!(!hidden || (!rows.is_empty() && !changed[rows.clone()].contains(&true)));
                next = rows.end;
            }
            prop_assert_eq!(next, ranges.len());
            let folded = sheet(hunks.to_vec(), width, Styles::PLAIN, Fold::Folded);
            let open = sheet(hunks.to_vec(), width, Styles::PLAIN, Fold::Open);
            prop_assert_eq!(open.rows.len(), ranges.len());
            for (folded_at, open_at) in folded.changes.iter().zip(&open.changes) {
                prop_assert_eq!(&folded.rows[*folded_at], &open.rows[*open_at]);
            }
            prop_assert_eq!(folded.changes.len(), places.len());
        }
    }
}
