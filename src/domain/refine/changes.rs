//! The changes that make one text of another, to be taken or left one by one.
//!
//! A change is what goes and what comes in its place. Deciding about one moves no other. Never
//! compares again what was compared.

use crate::domain::diff::{self, Hunk, Kind};
use std::ops::Range;
use std::sync::Arc;

/// Differences between a text and what it may become.
#[derive(Debug, Clone)]
pub struct Changes {
    hunks: Arc<[Hunk]>,
    /// The hunks of each change.
    places: Vec<Range<usize>>,
}

impl Changes {
    /// What changes from `old` to `new`.
    pub fn between(old: &str, new: &str) -> Self {
        Self::of(diff::changes(old, new))
    }

    fn of(hunks: Vec<Hunk>) -> Self {
        let mut places = Vec::new();
        let mut start = 0;
        let kept = |hunk: &Hunk| hunk.kind == Kind::Kept;
        for stretch in hunks.chunk_by(|one, other| kept(one) == kept(other)) {
            let end = start + stretch.len();
            if !kept(&stretch[0]) {
                places.push(start..end);
            }
            start = end;
        }
        Self {
            hunks: hunks.into(),
            places,
        }
    }

    /// All of both texts, in order.
    pub const fn hunks(&self) -> &Arc<[Hunk]> {
        &self.hunks
    }

    /// How many changes there are.
    pub fn count(&self) -> usize {
        self.places.len()
    }

    /// Whether both texts are the same.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// The hunks that a change is made of.
    pub fn place(&self, at: usize) -> Option<Range<usize>> {
        self.places.get(at).cloned()
    }

    /// The text as it is.
    pub fn before(&self) -> String {
        self.without(Kind::Added)
    }

    /// The text as it may become.
    pub fn after(&self) -> String {
        self.without(Kind::Removed)
    }

    /// The same with one change made: it is part of both texts now.
    #[must_use]
    pub fn accept(&self, at: usize) -> Self {
        self.settle(at, Kind::Removed)
    }

    /// The same with one change turned down: neither text has it now.
    #[must_use]
    pub fn reject(&self, at: usize) -> Self {
        self.settle(at, Kind::Added)
    }

    fn without(&self, kind: Kind) -> String {
        let hunks = self.hunks.iter().filter(|hunk| hunk.kind != kind);
        hunks.map(|hunk| hunk.text.as_str()).collect()
    }

    fn settle(&self, at: usize, goes: Kind) -> Self {
        let Some(place) = self.place(at) else {
            return self.clone();
        };
        let mut hunks: Vec<Hunk> = Vec::with_capacity(self.hunks.len());
        for (number, hunk) in self.hunks.iter().enumerate() {
            let here = place.contains(&number);
            if here && hunk.kind == goes {
                continue;
            }
            let kind = if here { Kind::Kept } else { hunk.kind };
            match hunks.last_mut().filter(|last| last.kind == kind) {
                Some(last) => last.text.push_str(&hunk.text),
                None => hunks.push(Hunk {
                    kind,
                    text: hunk.text.clone(),
                }),
            }
        }
        Self::of(hunks)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    const OLD: &str = "The very big house stood on a hill for many years.";
    const NEW: &str = "The large house stood on the hill for years.";

    #[test]
    fn one_change_is_made_and_another_turned_down() {
        let changes = Changes::between(OLD, NEW);
        assert_eq!(changes.count(), 3);
        let one = changes.accept(0);
        assert_eq!((one.count(), one.after().as_str()), (2, NEW));
        assert_eq!(
            one.before(),
            "The large house stood on a hill for many years."
        );
        let two = one.reject(0);
        assert_eq!(two.after(), "The large house stood on a hill for years.");
        let done = two.accept(0);
        assert!(done.is_empty());
        assert_eq!(done.before(), "The large house stood on a hill for years.");
        assert_eq!(done.accept(7).before(), done.before());
    }

    proptest! {
        #[test]
        fn deciding_about_all_ends_in_one_text(
            old in "(one |two |three\n|é, ){0,12}",
            new in "(one |two |four\n|é, ){0,12}",
            decisions in prop::collection::vec((any::<bool>(), 0usize..9), 0..40),
        ) {
            let mut changes = Changes::between(&old, &new);
            prop_assert_eq!((changes.before(), changes.after()), (old.clone(), new.clone()));
            for (accept, at) in decisions.into_iter().chain([(true, 0); 40]) {
                let at = if changes.is_empty() { 0 } else { at % changes.count() };
                let (before, after) = (changes.before(), changes.after());
                let left = changes.count().saturating_sub(1);
                changes = if accept { changes.accept(at) } else { changes.reject(at) };
                prop_assert_eq!(changes.count(), left);
                prop_assert_eq!(if accept { changes.after() == after } else { changes.before() == before }, true);
            }
            prop_assert!(changes.is_empty());
            prop_assert_eq!(changes.before(), changes.after());
        }

        #[test]
        fn all_made_is_the_new_text_and_all_turned_down_the_old(
            old in "(one |two |three\n){0,12}",
            new in "(one |two |four\n){0,12}",
        ) {
            let (mut made, mut left) = (Changes::between(&old, &new), Changes::between(&old, &new));
            while !made.is_empty() {
                made = made.accept(0);
                left = left.reject(left.count() - 1);
            }
            prop_assert_eq!(made.before(), new);
            prop_assert_eq!(left.after(), old);
        }
    }
}
