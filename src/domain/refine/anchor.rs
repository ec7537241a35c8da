//! The place of a part in a text that goes on changing around it.
//!
//! Follows by comparing the text with the one it last saw, so that typing, undo, a reload and a
//! replacement in many places are all the same to it. Never changes the text.

use crate::domain::diff::{self, Kind};
use crate::domain::document::{Patch, Snapshot};
use std::ops::Range;

/// A part of a text, wherever it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct Anchor {
    range: Range<usize>,
    /// What the part says, or said last.
    text: String,
    seen: Snapshot,
    gone: bool,
}

impl Anchor {
    /// The part of `seen` in `range`.
    pub fn new(range: Range<usize>, seen: Snapshot) -> Self {
        Self {
            text: seen.slice(range.clone()),
            range,
            seen,
            gone: false,
        }
    }

    /// Where it is; `None` when it was deleted.
    pub fn range(&self) -> Option<Range<usize>> {
        (!self.gone).then(|| self.range.clone())
    }

    /// What it says, or said last.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text that it was last found in.
    pub const fn seen(&self) -> &Snapshot {
        &self.seen
    }

    /// Whether it and the bytes in `range` share any.
    pub fn overlaps(&self, range: &Range<usize>) -> bool {
        !self.gone && self.range.start < range.end && range.start < self.range.end
    }

    /// Finds it in the text as it is now.
    pub fn follow(&mut self, now: Snapshot) {
        let Some(patch) = now.since(&self.seen) else {
            self.seen = now;
            return;
        };
        let found = if self.gone {
            self.found_again(&patch, &now)
        } else {
            self.carried(&patch)
        };
        self.gone = found.is_none();
        if let Some(range) = found {
            let inside = patch.removed.start < self.range.end
                && self.range.start < patch.removed.end
                || range.len() != self.range.len();
            if inside {
                self.text = now.slice(range.clone());
            }
            self.range = range;
        }
        self.seen = now;
    }

    /// Where the part is after a patch; `None` when nothing is left of it.
    fn carried(&self, patch: &Patch) -> Option<Range<usize>> {
        let (start, end) = (self.range.start, self.range.end);
        let (from, to) = (patch.removed.start, patch.removed.end);
        let behind = |at: usize| at - to + from + patch.inserted.len();
        if to <= start {
            return Some(behind(start)..behind(end));
        }
        if from >= end {
            return Some(start..end);
        }
        if from >= start && to <= end {
            let range = start..behind(end);
            return (!range.is_empty()).then_some(range);
        }
        // It went over an edge of the part: what words stayed tell where the part is.
        let removed = self.seen.slice(patch.removed.clone());
        let kept = Kept::between(&removed, &patch.inserted);
        let first = if start < from {
            start
        } else {
            let stayed = kept.after(start - from);
            from + stayed.unwrap_or(patch.inserted.len())
        };
        let last = if end > to {
            behind(end)
        } else {
            from + kept.before(end - from)
        };
        let inside = start.max(from) - from..end.min(to) - from;
        let stays = start < from || end > to || kept.any(&inside);
        (stays && first < last).then_some(first..last)
    }

    /// A part that was deleted comes back by undo, or is pasted elsewhere.
    fn found_again(&self, patch: &Patch, now: &Snapshot) -> Option<Range<usize>> {
        let length = self.text.len();
        if length > patch.inserted.len() {
            return None;
        }
        let from = patch.removed.start.saturating_sub(length);
        let to = patch.removed.start + patch.inserted.len() + length;
        let from = now.boundary_before(from);
        let near = now.slice(from..to.min(now.len()));
        let at = near.find(&self.text)?;
        Some(from + at..from + at + length)
    }
}

/// Stretches that are the same in two texts: where each begins in both, and its length.
struct Kept(Vec<(usize, usize, usize)>);

impl Kept {
    fn between(old: &str, new: &str) -> Self {
        let (mut in_old, mut in_new) = (0, 0);
        let mut same = Vec::new();
        for hunk in diff::changes(old, new) {
            let length = hunk.text.len();
            match hunk.kind {
                Kind::Kept => {
                    same.push((in_old, in_new, length));
                    in_old += length;
                    in_new += length;
                }
                Kind::Removed => in_old += length,
                Kind::Added => in_new += length,
            }
        }
        Self(same)
    }

    /// Where the first byte at or behind `at` that stayed is now, if any did.
    fn after(&self, at: usize) -> Option<usize> {
        let found = self.0.iter().find(|(old, _, length)| old + length > at);
        found.map(|(old, new, _)| new + at.saturating_sub(*old))
    }

    /// Behind the last byte before `at` that stayed; the start when none did.
    fn before(&self, at: usize) -> usize {
        let found = self.0.iter().rev().find(|(old, ..)| *old < at);
        found.map_or(0, |(old, new, length)| new + (at - old).min(*length))
    }

    /// Whether any byte of `range` stayed.
    fn any(&self, range: &Range<usize>) -> bool {
        let mut all = self.0.iter();
        all.any(|(old, _, length)| *old < range.end && range.start < old + length)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    const TEXT: &str = "First one.\n\nThe part in the middle.\n\nLast one.\n";

    fn anchor() -> Anchor {
        let at = TEXT.find("The part").unwrap();
        Anchor::new(at..at + 23, Snapshot::from(TEXT))
    }

    fn after(edits: &[(&str, &str)]) -> Option<String> {
        let mut anchor = anchor();
        let mut text = TEXT.to_owned();
        for (old, new) in edits {
            text = text.replace(old, new);
            anchor.follow(Snapshot::from(text.as_str()));
        }
        anchor.range().map(|range| text[range].to_owned())
    }

    #[test]
    fn a_part_stays_itself_while_the_rest_changes() {
        let part = "The part in the middle.";
        for edits in [
            [("First one.", "A much longer first one.")],
            [("First one.\n\n", "")],
            [("Last one.", "")],
            [("one", "two")],
            [("\n", "\r\n")],
        ] {
            assert_eq!(after(&edits).as_deref(), Some(part), "{edits:?}");
        }
    }

    #[test]
    fn a_part_takes_in_what_is_done_inside_of_it() {
        assert_eq!(
            after(&[("in the", "right in the")]).as_deref(),
            Some("The part right in the middle.")
        );
        assert_eq!(
            after(&[("The part", "")]).as_deref(),
            Some(" in the middle.")
        );
        assert_eq!(
            after(&[("The part in the middle.", "x")]).as_deref(),
            Some("x")
        );
    }

    #[test]
    fn a_replacement_that_reaches_over_an_edge_leaves_what_stays_of_the_part() {
        assert_eq!(
            after(&[("one.\n\nThe part", "thing.\n\nThis part")]).as_deref(),
            Some(" part in the middle.")
        );
        assert_eq!(
            after(&[("middle.\n\nLast", "end. Last")]).unwrap(),
            "The part in the "
        );
    }

    #[test]
    fn a_deleted_part_is_gone_until_it_is_back_or_pasted_elsewhere() {
        let cut = ("The part in the middle.\n\n", "");
        assert_eq!(after(&[cut]), None);
        let back = ("\n\nLast", "\n\nThe part in the middle.\n\nLast");
        assert_eq!(
            after(&[cut, back]).as_deref(),
            Some("The part in the middle.")
        );
        let pasted = ("First", "The part in the middle. First");
        assert_eq!(
            after(&[cut, pasted]).as_deref(),
            Some("The part in the middle.")
        );
        let all = (
            "First one.\n\nThe part in the middle.\n\nLast one.\n",
            "new",
        );
        assert_eq!(after(&[all]), None);
    }

    proptest! {
        #[test]
        fn edits_before_and_behind_never_touch_it(
            before in "[aé\n ]{0,8}", other in "[aé\n ]{0,8}",
            part in "[bü\n ]{1,8}", after in "[aé\n ]{0,8}", last in "[aé\n ]{0,8}",
        ) {
            let text = |before: &str, after: &str| format!("{before}«{part}»{after}");
            let old = text(&before, &after);
            let range = before.len()..old.len() - after.len();
            let mut anchor = Anchor::new(range, Snapshot::from(old.as_str()));
            let whole = anchor.text().to_owned();
            for new in [text(&other, &after), text(&other, &last)] {
                anchor.follow(Snapshot::from(new.as_str()));
                let found = anchor.range().map(|range| new[range].to_owned());
                prop_assert_eq!(found.as_deref(), Some(whole.as_str()));
                prop_assert_eq!(anchor.text(), &whole);
            }
        }

        #[test]
        fn wherever_it_goes_it_lies_in_the_text(
            old in "[ab é\n]{1,12}", news in prop::collection::vec("[ab é\n]{0,12}", 1..4),
            at in 0usize..12, length in 1usize..8,
        ) {
            let edge = |at: usize| (0..=at.min(old.len())).rev().find(|at| old.is_char_boundary(*at));
            let start = edge(at).unwrap();
            let end = edge(at + length).unwrap();
            prop_assume!(start < end);
            let mut anchor = Anchor::new(start..end, Snapshot::from(old.as_str()));
            for new in news {
                anchor.follow(Snapshot::from(new.as_str()));
                if let Some(range) = anchor.range() {
                    prop_assert_eq!(new.get(range), Some(anchor.text()));
                }
            }
        }
    }
}
