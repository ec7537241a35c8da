//! A text as it was at one moment, to be kept or compared elsewhere.
//!
//! Shares its memory with the document it was taken of, so that taking one costs nothing in any
//! size of text. Never changes.

use super::wrap::{char_boundary, char_boundary_before, read};
use crop::Rope;
use std::ops::Range;

/// The text of a document at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot(pub(super) Rope);

/// What must be replaced in one text to make it another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Patch {
    /// Bytes of the earlier text that go.
    pub removed: Range<usize>,
    /// What comes in their place.
    pub inserted: String,
}

impl Snapshot {
    /// The whole text.
    pub fn text(&self) -> String {
        read(&self.0, 0..self.0.byte_len())
    }

    /// Bytes in the text.
    pub fn len(&self) -> usize {
        self.0.byte_len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The whole text in pieces of about `size` bytes, each a copy of its own; none of no text.
    pub fn pieces(&self, size: usize) -> impl Iterator<Item = String> {
        let mut at = 0;
        std::iter::from_fn(move || {
            let end = char_boundary(&self.0, at + size.max(1)).min(self.len());
            let piece = (at < end).then(|| read(&self.0, at..end));
            at = end;
            piece
        })
    }

    /// The text in `range`, cut to the text and widened to whole characters.
    pub fn slice(&self, range: Range<usize>) -> String {
        let start = char_boundary_before(&self.0, range.start);
        let end = range.end.clamp(start, self.len().max(start));
        read(&self.0, start..char_boundary(&self.0, end))
    }

    /// The nearest place between characters at or before the byte `at`.
    pub fn boundary_before(&self, at: usize) -> usize {
        char_boundary_before(&self.0, at)
    }

    /// The one replacement that makes this text of an `earlier` one; `None` when they are equal.
    pub fn since(&self, earlier: &Self) -> Option<Patch> {
        let (old, new) = (&earlier.0, &self.0);
        let start = common(old.chunks(), new.chunks(), Side::Front);
        if start == old.byte_len() && start == new.byte_len() {
            return None;
        }
        // A difference may lie inside a character; both texts agree up to its start.
        let start = char_boundary_before(old, start).min(char_boundary_before(new, start));
        let most = old.byte_len().min(new.byte_len()) - start;
        let end = common(old.chunks().rev(), new.chunks().rev(), Side::Back).min(most);
        let new_end = char_boundary(new, new.byte_len() - end);
        let old_end = old.byte_len() - (new.byte_len() - new_end);
        Some(Patch {
            removed: start..old_end,
            inserted: read(new, start..new_end),
        })
    }
}

impl From<&str> for Snapshot {
    fn from(text: &str) -> Self {
        Self(Rope::from(text))
    }
}

#[derive(Clone, Copy)]
enum Side {
    Front,
    Back,
}

/// Bytes that two texts share at one side, given as their pieces from that side on.
fn common<'a>(
    mut one: impl Iterator<Item = &'a str>,
    mut other: impl Iterator<Item = &'a str>,
    side: Side,
) -> usize {
    let (mut left, mut right) = (&[][..], &[][..]);
    let mut same = 0;
    loop {
        if left.is_empty() {
            let Some(next) = one.next() else { return same };
            left = next.as_bytes();
        }
        if right.is_empty() {
            let Some(next) = other.next() else {
                return same;
            };
            right = next.as_bytes();
        }
        let most = left.len().min(right.len());
        if left.len() == right.len() && std::ptr::eq(left, right) {
            // A piece that both texts have in common: neither of them was changed there.
            same += most;
            (left, right) = (&[], &[]);
            continue;
        }
        let (a, b);
        (a, left, b, right) = match side {
            Side::Front => {
                let ((a, left), (b, right)) = (left.split_at(most), right.split_at(most));
                (a, left, b, right)
            }
            Side::Back => {
                let (left, a) = left.split_at(left.len() - most);
                let (right, b) = right.split_at(right.len() - most);
                (a, left, b, right)
            }
        };
        if a == b {
            same += most;
            continue;
        }
        let agree = |(a, b): &(&u8, &u8)| a == b;
        let pairs = a.iter().zip(b);
        return same
            + match side {
                Side::Front => pairs.take_while(agree).count(),
                Side::Back => pairs.rev().take_while(agree).count(),
            };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn patched(earlier: &str, patch: Option<Patch>) -> String {
        let mut text = earlier.to_owned();
        if let Some(patch) = patch {
            text.replace_range(patch.removed, &patch.inserted);
        }
        text
    }

    #[test]
    fn a_typed_letter_is_all_there_is_to_a_patch() {
        let earlier = "word ".repeat(10_000);
        let now = format!("{}x{}", &earlier[..20_000], &earlier[20_000..]);
        let patch = Snapshot::from(now.as_str())
            .since(&Snapshot::from(earlier.as_str()))
            .unwrap();
        assert_eq!((patch.removed.len(), patch.inserted.as_str()), (0, "x"));
    }

    #[test]
    fn the_pieces_of_a_text_are_the_text() {
        let text = "aé你🦀".repeat(1_000);
        let snapshot = Snapshot::from(text.as_str());
        for size in [0, 1, 7, 64, 100_000] {
            let pieces: Vec<_> = snapshot.pieces(size).collect();
            assert!(
                pieces
                    .iter()
                    .all(|piece| piece.len() <= size + 4 && !piece.is_empty())
            );
            assert_eq!(pieces.concat(), text, "in pieces of {size}");
        }
        assert_eq!(Snapshot::from("").pieces(8).count(), 0);
    }

    #[test]
    fn a_patch_is_the_same_between_texts_that_share_what_did_not_change() {
        let mut document = crate::domain::document::Document::new(&"word and word ".repeat(9_000));
        let earlier = document.snapshot();
        document.replace(60_000..60_005, "Ω", 0);
        document.replace(61_000..61_000, "ΩΩ", 0);
        let shared = document.snapshot().since(&earlier);
        let apart = Snapshot::from(document.text().as_str()).since(&earlier);
        assert_eq!(shared, apart);
        assert!(shared.is_some());
    }

    proptest! {
        #[test]
        fn a_patch_makes_the_one_text_of_the_other(
            front in "[aé你🦀]{0,6}", back in "[aé你🦀]{0,6}",
            old in "[aé你🦀\u{e8}]{0,6}", new in "[aé你🦀\u{e8}]{0,6}",
            many in 0usize..3,
        ) {
            let middle = "long enough for several leaves of the rope ".repeat(many * 100);
            let earlier = format!("{front}{middle}{old}{back}");
            let now = format!("{front}{middle}{new}{back}");
            let patch = Snapshot::from(now.as_str()).since(&Snapshot::from(earlier.as_str()));
            prop_assert_eq!(patch.is_none(), earlier == now);
            prop_assert_eq!(patched(&earlier, patch), now);
        }
    }
}
