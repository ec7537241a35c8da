//! Differences by paragraph first, by word inside those that are still the same paragraph.
//!
//! A paragraph that was written anew goes out whole and comes in whole: its words beside each
//! other would say nothing. Work stays bounded whatever the texts are; beyond that, whole
//! stretches are out and in.

use super::{Hunk, Kind, push, words};
use similar::{Algorithm, DiffOp, capture_diff_slices};
use std::collections::HashMap;
use unicode_segmentation::UnicodeSegmentation;

/// Most lines on both sides, between what is equal at the ends, that are compared line by line.
const LINES: usize = 20_000;
/// Most pairs of lines that are weighed against each other in one change.
const PAIRS: usize = 4_096;
/// Most bytes on both sides that are compared word by word in one change.
const BYTES: usize = 96 * 1024;
/// Per cent of the words that two paragraphs share when they are still one.
const SAME: usize = 40;
/// Per cent that two stretches share when only their line breaks and a few words differ.
const NEARLY: usize = 75;

/// What changed from `old` to `new`. Kept and removed hunks joined are the old text, kept and
/// added ones the new.
pub fn changes(old: &str, new: &str) -> Vec<Hunk> {
    let before: Vec<&str> = old.split_inclusive('\n').collect();
    let after: Vec<&str> = new.split_inclusive('\n').collect();
    let same = |pair: &(&&str, &&str)| pair.0 == pair.1;
    let start = before.iter().zip(&after).take_while(same).count();
    let (before_rest, after_rest) = (&before[start..], &after[start..]);
    let backwards = before_rest.iter().rev().zip(after_rest.iter().rev());
    let end = backwards.take_while(same).count();
    let before_rest = &before_rest[..before_rest.len() - end];
    let after_rest = &after_rest[..after_rest.len() - end];

    let mut hunks = Vec::new();
    push(&mut hunks, Kind::Kept, &before[..start].concat());
    if before_rest.len() + after_rest.len() > LINES {
        replaced(&mut hunks, before_rest, after_rest);
    } else {
        for op in capture_diff_slices(Algorithm::Myers, before_rest, after_rest) {
            let old = &before_rest[op.old_range()];
            let new = &after_rest[op.new_range()];
            if matches!(op, DiffOp::Equal { .. }) {
                push(&mut hunks, Kind::Kept, &old.concat());
            } else {
                change(&mut hunks, old, new);
            }
        }
    }
    push(
        &mut hunks,
        Kind::Kept,
        &before[before.len() - end..].concat(),
    );
    hunks
}

/// One side out, the other in.
fn replaced(hunks: &mut Vec<Hunk>, old: &[&str], new: &[&str]) {
    push(hunks, Kind::Removed, &old.concat());
    push(hunks, Kind::Added, &new.concat());
}

/// Lines that have become other lines: those that are still the same are compared by word.
fn change(hunks: &mut Vec<Hunk>, old: &[&str], new: &[&str]) {
    let (before, after) = (old.concat(), new.concat());
    let small = before.len() + after.len() <= BYTES;
    if old.is_empty() || new.is_empty() || !small {
        return replaced(hunks, old, new);
    }
    if shared(&Bag::of(&before), &Bag::of(&after)) >= NEARLY {
        return by_word(hunks, &before, &after);
    }
    if old.len() * new.len() > PAIRS {
        return replaced(hunks, old, new);
    }
    let (mut from, mut to) = (0, 0);
    for (left, right) in partners(old, new) {
        replaced(hunks, &old[from..left], &new[to..right]);
        by_word(hunks, old[left], new[right]);
        (from, to) = (left + 1, right + 1);
    }
    replaced(hunks, &old[from..], &new[to..]);
}

fn by_word(hunks: &mut Vec<Hunk>, old: &str, new: &str) {
    for hunk in words(old, new) {
        push(hunks, hunk.kind, &hunk.text);
    }
}

/// Which lines are still the same, in order: the choice that keeps most.
fn partners(old: &[&str], new: &[&str]) -> Vec<(usize, usize)> {
    let before: Vec<Bag> = old.iter().map(|line| Bag::of(line)).collect();
    let after: Vec<Bag> = new.iter().map(|line| Bag::of(line)).collect();
    let wide = new.len() + 1;
    let mut weights = vec![0; old.len() * new.len()];
    // `best[i * wide + j]`: the most that lines from `i` and `j` on can share.
    let mut best = vec![0; (old.len() + 1) * wide];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            let share = shared(&before[i], &after[j]);
            let weight = if share >= SAME { share } else { 0 };
            weights[i * new.len() + j] = weight;
            let both = weight + best[(i + 1) * wide + j + 1];
            let one = best[(i + 1) * wide + j].max(best[i * wide + j + 1]);
            best[i * wide + j] = both.max(one);
        }
    }
    let (mut i, mut j) = (0, 0);
    let mut pairs = Vec::new();
    while i < old.len() && j < new.len() {
        let weight = weights[i * new.len() + j];
        if weight > 0 && best[i * wide + j] == weight + best[(i + 1) * wide + j + 1] {
            pairs.push((i, j));
            (i, j) = (i + 1, j + 1);
        } else if best[i * wide + j] == best[(i + 1) * wide + j] {
            i += 1;
        } else {
            j += 1;
        }
    }
    pairs
}

/// The words of a text, and how often each is there.
struct Bag<'a> {
    words: HashMap<&'a str, usize>,
    count: usize,
}

impl<'a> Bag<'a> {
    fn of(text: &'a str) -> Self {
        let mut words = HashMap::new();
        let mut count = 0;
        for word in text.unicode_words() {
            *words.entry(word).or_default() += 1;
            count += 1;
        }
        Self { words, count }
    }
}

/// Per cent of all their words that two texts share; all of it for texts without words.
fn shared(one: &Bag<'_>, other: &Bag<'_>) -> usize {
    let all = one.count + other.count;
    let of_other = |word: &&str| other.words.get(word).copied().unwrap_or(0);
    let both = one.words.iter();
    let both: usize = both.map(|(word, count)| (*count).min(of_other(word))).sum();
    (200 * both).checked_div(all).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::super::Kind::{Added, Kept, Removed};
    use super::*;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    fn shown(old: &str, new: &str) -> Vec<(Kind, String)> {
        let hunks = changes(old, new).into_iter();
        hunks.map(|hunk| (hunk.kind, hunk.text)).collect()
    }

    fn hunk(kind: Kind, text: &str) -> (Kind, String) {
        (kind, text.to_owned())
    }

    #[test]
    fn a_paragraph_written_anew_goes_out_whole_and_comes_in_whole() {
        let old = "Same start.\n\nShips sink when water comes in.\n\nSame end.\n";
        let new = "Same start.\n\nA harbour in the fog, and nobody on the quay.\n\nSame end.\n";
        assert_eq!(
            shown(old, new),
            [
                hunk(Kept, "Same start.\n\n"),
                hunk(Removed, "Ships sink when water comes in.\n"),
                hunk(Added, "A harbour in the fog, and nobody on the quay.\n"),
                hunk(Kept, "\nSame end.\n"),
            ]
        );
    }

    #[test]
    fn a_paragraph_that_is_still_the_same_is_compared_by_word() {
        let old = "one two three four five\nout of here\n";
        let new = "brand new line comes first\none two 3 four five\n";
        assert_eq!(
            shown(old, new),
            [
                hunk(Added, "brand new line comes first\n"),
                hunk(Kept, "one two "),
                hunk(Removed, "three"),
                hunk(Added, "3"),
                hunk(Kept, " four five\n"),
                hunk(Removed, "out of here\n"),
            ]
        );
    }

    #[test]
    fn a_joined_line_is_no_new_paragraph() {
        assert_eq!(
            shown("one two\nthree four", "one two three four"),
            [
                hunk(Kept, "one two"),
                hunk(Removed, "\n"),
                hunk(Added, " "),
                hunk(Kept, "three four"),
            ]
        );
    }

    #[test]
    fn texts_of_megabytes_that_share_nothing_are_out_and_in() {
        let text = |word: &str| {
            let lines = (0..60_000).map(|n| format!("{word} {n}\n"));
            lines.collect::<Vec<_>>().concat()
        };
        let (old, new) = (text("old"), text("new"));
        assert_eq!(shown(&old, &new), [(Removed, old), (Added, new)]);
    }

    fn without(kind: Kind, hunks: &[Hunk]) -> String {
        let hunks = hunks.iter().filter(|hunk| hunk.kind != kind);
        hunks.map(|hunk| hunk.text.as_str()).collect()
    }

    fn text() -> impl Strategy<Value = String> {
        let line = prop::sample::select(vec![
            "",
            "a b c d",
            "a b c e",
            "a x c d",
            "q r s t",
            "é 日 👍",
            "- a",
            "\r",
        ]);
        let lines = prop::collection::vec(line, 0..12);
        (lines, any::<bool>()).prop_map(|(lines, ends)| {
            let end = if ends { "\n" } else { "" };
            format!("{}{end}", lines.join("\n"))
        })
    }

    proptest! {
        #[test]
        fn both_texts_can_be_put_together_again(
            old in prop_oneof![text(), any::<String>()],
            new in prop_oneof![text(), any::<String>()],
        ) {
            let hunks = changes(&old, &new);
            prop_assert_eq!(without(Added, &hunks), old);
            prop_assert_eq!(without(Removed, &hunks), new);
            prop_assert!(hunks.iter().all(|hunk| !hunk.text.is_empty()));
            prop_assert!(hunks.windows(2).all(|pair| pair[0].kind != pair[1].kind));
        }
    }
}
