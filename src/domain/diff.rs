//! Word-level differences between two texts.
//!
//! The hunks lose nothing: kept and removed ones joined are the old text, kept and added ones the
//! new. Knows nothing of how a difference is shown.

mod paragraphs;

pub use paragraphs::changes;

use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::ops::Range;
use unicode_segmentation::UnicodeSegmentation;

/// What became of a piece of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// In both texts.
    Kept,
    /// Only in the old text.
    Removed,
    /// Only in the new text.
    Added,
}

/// A longest piece of text with one fate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// What became of it.
    pub kind: Kind,
    /// The text itself.
    pub text: String,
}

/// The words that changed from `old` to `new`.
///
/// Of one change the removed text comes first. Changed words that only a space keeps apart are
/// one change, so that a rewritten phrase reads as a phrase.
pub fn words(old: &str, new: &str) -> Vec<Hunk> {
    let before = tokens(old);
    let after = tokens(new);
    let mut changes = Changes::default();
    for op in capture_diff_slices(Algorithm::Myers, &before, &after) {
        let old = joined(&before, op.old_range());
        let new = joined(&after, op.new_range());
        if matches!(op, DiffOp::Equal { .. }) {
            changes.keep(&old);
        } else {
            changes.change(&old, &new);
        }
    }
    changes.close();
    changes.hunks
}

/// Words, runs of spaces, and every other character by itself.
fn tokens(text: &str) -> Vec<&str> {
    let mut tokens = Vec::new();
    let mut space = None;
    for (at, token) in text.split_word_bound_indices() {
        if token.chars().all(|c| c == ' ' || c == '\t') {
            space.get_or_insert(at);
            continue;
        }
        if let Some(from) = space.take() {
            tokens.extend(text.get(from..at));
        }
        tokens.push(token);
    }
    tokens.extend(space.and_then(|from| text.get(from..)));
    tokens
}

fn joined(tokens: &[&str], range: Range<usize>) -> String {
    tokens.get(range).unwrap_or_default().concat()
}

/// Hunks so far, and the change that is open.
#[derive(Default)]
struct Changes {
    hunks: Vec<Hunk>,
    removed: String,
    added: String,
    /// Spaces kept after the open change; they join it if another change follows.
    space: String,
}

impl Changes {
    fn keep(&mut self, text: &str) {
        if self.is_replacement() && text.chars().all(|c| c == ' ') {
            self.space.push_str(text);
            return;
        }
        self.close();
        self.push(Kind::Kept, text);
    }

    fn change(&mut self, old: &str, new: &str) {
        let space = std::mem::take(&mut self.space);
        if old.is_empty() || new.is_empty() {
            self.close();
            self.push(Kind::Kept, &space);
        } else {
            // Both sides hold the space, so that each reads as the phrase it was.
            self.removed.push_str(&space);
            self.added.push_str(&space);
        }
        self.removed.push_str(old);
        self.added.push_str(new);
    }

    const fn is_replacement(&self) -> bool {
        !self.removed.is_empty() && !self.added.is_empty()
    }

    fn close(&mut self) {
        let removed = std::mem::take(&mut self.removed);
        self.push(Kind::Removed, &removed);
        let added = std::mem::take(&mut self.added);
        self.push(Kind::Added, &added);
        let space = std::mem::take(&mut self.space);
        self.push(Kind::Kept, &space);
    }

    fn push(&mut self, kind: Kind, text: &str) {
        push(&mut self.hunks, kind, text);
    }
}

/// Appends a piece of text; one of the same fate as the last becomes part of that.
fn push(hunks: &mut Vec<Hunk>, kind: Kind, text: &str) {
    match hunks.last_mut() {
        _ if text.is_empty() => {}
        Some(last) if last.kind == kind => last.text.push_str(text),
        _ => hunks.push(Hunk {
            kind,
            text: text.to_owned(),
        }),
    }
}

/// What makes one text of another: one stretch that goes, and one that comes in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    start: usize,
    old_end: usize,
    new_end: usize,
}

impl Stretch {
    /// The shortest stretch of whole characters from `old` to `new`.
    pub fn between(old: &str, new: &str) -> Self {
        let same = |one: &mut dyn Iterator<Item = char>, other: &mut dyn Iterator<Item = char>| {
            let pairs = one.zip(other).take_while(|(one, other)| one == other);
            pairs.map(|(c, _)| c.len_utf8()).sum::<usize>()
        };
        let start = same(&mut old.chars(), &mut new.chars());
        let end = same(
            &mut old[start..].chars().rev(),
            &mut new[start..].chars().rev(),
        );
        Self {
            start,
            old_end: old.len() - end,
            new_end: new.len() - end,
        }
    }

    /// The bytes that go.
    pub const fn removed(self) -> Range<usize> {
        self.start..self.old_end
    }

    /// The bytes that come, in the new text.
    pub const fn inserted(self) -> Range<usize> {
        self.start..self.new_end
    }

    /// Where the byte `at` of the old text is in the new one.
    pub fn carried(self, at: usize) -> usize {
        if at >= self.old_end {
            at - self.old_end + self.new_end
        } else {
            at.min(self.new_end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Kind::{Added, Kept, Removed};
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    fn shown(old: &str, new: &str) -> Vec<(Kind, String)> {
        let hunks = words(old, new).into_iter();
        hunks.map(|hunk| (hunk.kind, hunk.text)).collect()
    }

    fn hunk(kind: Kind, text: &str) -> (Kind, String) {
        (kind, text.to_owned())
    }

    #[test]
    fn equal_texts_are_one_kept_hunk() {
        assert_eq!(shown("same text", "same text"), [hunk(Kept, "same text")]);
        assert_eq!(shown("", ""), []);
    }

    #[test]
    fn a_changed_word_is_removed_and_added() {
        assert_eq!(
            shown("a quick fox.", "a slow fox."),
            [
                hunk(Kept, "a "),
                hunk(Removed, "quick"),
                hunk(Added, "slow"),
                hunk(Kept, " fox.")
            ]
        );
    }

    #[test]
    fn a_rewritten_phrase_is_one_change() {
        assert_eq!(
            shown("the very big house", "the rather small house"),
            [
                hunk(Kept, "the "),
                hunk(Removed, "very big"),
                hunk(Added, "rather small"),
                hunk(Kept, " house")
            ]
        );
    }

    #[test]
    fn a_new_word_brings_one_space() {
        let hunks = shown("one three", "one two three");
        assert_eq!(hunks.len(), 3);
        assert_eq!(hunks[1].0, Added);
        assert_eq!(hunks[1].1.trim(), "two");
    }

    #[test]
    fn words_are_unicode_words() {
        assert_eq!(
            shown("un café noir", "un café crème"),
            [
                hunk(Kept, "un café "),
                hunk(Removed, "noir"),
                hunk(Added, "crème")
            ]
        );
    }

    fn sentence() -> impl Strategy<Value = String> {
        let word =
            prop::sample::select(vec!["a", "b", "c", " ", "  ", "\n", ", ", "é", "日", "👍"]);
        prop::collection::vec(word, 0..30).prop_map(|words| words.concat())
    }

    fn without(kind: Kind, hunks: &[Hunk]) -> String {
        let hunks = hunks.iter().filter(|hunk| hunk.kind != kind);
        hunks.map(|hunk| hunk.text.as_str()).collect()
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(
            old in prop_oneof![sentence(), any::<String>()],
            new in prop_oneof![sentence(), any::<String>()],
        ) {
            let hunks = words(&old, &new);
            prop_assert_eq!(without(Added, &hunks), old);
            prop_assert_eq!(without(Removed, &hunks), new);
            prop_assert!(hunks.iter().all(|hunk| !hunk.text.is_empty()));
            prop_assert!(hunks.windows(2).all(|pair| pair[0].kind != pair[1].kind));
        }
    }

    #[test]
    fn a_cursor_stays_with_the_words_around_it() {
        let (old, new) = ("one two three", "one 2 and two three");
        let change = Stretch::between(old, new);
        let at = |word: &str, text: &str| text.find(word).unwrap();
        assert_eq!(change.carried(at("three", old)), at("three", new));
        assert_eq!(change.carried(at("ne", old)), at("ne", new));
        assert_eq!(Stretch::between("", "").carried(0), 0);
    }

    proptest! {
        #[test]
        fn a_change_leads_from_one_text_to_the_other(
            old in "[aé\n ]{0,8}",
            new in "[aé\n ]{0,8}",
            at in 0usize..9,
        ) {
            let change = Stretch::between(&old, &new);
            let mut text = old.clone();
            text.replace_range(change.removed(), &new[change.inserted()]);
            prop_assert_eq!(&text, &new);
            prop_assert!(change.carried(at.min(old.len())) <= new.len());
        }
    }
}
