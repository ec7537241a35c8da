//! A filter: which titles, names and texts a few typed words stand for, best first.
//!
//! Every word has to match by itself. Letters that are merely scattered over a text are no match:
//! a list that does not get shorter helps nobody. Never knows what a row or a command is.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};
use std::cmp::Reverse;

/// Letters from which on a word may leave some out.
const FUZZY: usize = 4;
/// What a word that leaves letters out has to score, for each of its letters.
const WORTH: u32 = 18;

/// What a filter looks through.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject<'a> {
    /// What it is called on screen.
    pub(super) title: &'a str,
    /// Its other names: of its file, its tags.
    pub(super) names: &'a str,
    /// What is said about it, or in it.
    pub(super) text: &'a str,
}

struct Word {
    exact: Atom,
    fuzzy: Option<Atom>,
    letters: usize,
}

/// A few typed words.
pub(super) struct Filter {
    whole: Atom,
    words: Vec<Word>,
    matcher: Matcher,
    buffer: Vec<char>,
    indices: Vec<u32>,
}

impl Filter {
    /// A filter of what was typed.
    pub(super) fn new(typed: &str) -> Self {
        let words = typed.split_whitespace().map(|word| {
            let letters = word.chars().count();
            Word {
                exact: atom(word, AtomKind::Substring),
                fuzzy: (letters >= FUZZY).then(|| atom(word, AtomKind::Fuzzy)),
                letters,
            }
        });
        Self {
            whole: atom(typed.trim(), AtomKind::Prefix),
            words: words.collect(),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            indices: Vec::new(),
        }
    }

    /// Places of the subjects that match, best first; those that match alike keep their order.
    pub(super) fn ranked<'a>(&mut self, subjects: impl Iterator<Item = Subject<'a>>) -> Vec<usize> {
        let places = subjects.enumerate();
        let mut found: Vec<(u32, usize)> = places
            .filter_map(|(place, subject)| Some((self.rank(subject)?, place)))
            .collect();
        found.sort_by_key(|(rank, place)| (Reverse(*rank), *place));
        found.into_iter().map(|(_, place)| place).collect()
    }

    /// Places of the characters of a title that the words stand for.
    pub(super) fn marks(&mut self, title: &str) -> Vec<usize> {
        let mut marks: Vec<usize> = Vec::new();
        for at in 0..self.words.len() {
            if self.begins_a_word(at, title) || self.nearly(at, title) {
                marks.extend(self.indices.iter().map(|place| *place as usize));
            }
        }
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// How well a subject matches; `None` when one of the words does not.
    fn rank(&mut self, subject: Subject<'_>) -> Option<u32> {
        let mut rank = 0;
        for at in 0..self.words.len() {
            rank += self.word(at, subject)?;
        }
        let title = Utf32Str::new(subject.title, &mut self.buffer);
        let leads = !self.words.is_empty() && self.whole.score(title, &mut self.matcher).is_some();
        Some(rank + if leads { 10_000 } else { 0 })
    }

    fn word(&mut self, at: usize, subject: Subject<'_>) -> Option<u32> {
        match () {
            () if self.begins_a_word(at, subject.title) => Some(1_000),
            () if self.begins_a_word(at, subject.names) => Some(800),
            () if self.nearly(at, subject.title) => Some(400),
            () if self.nearly(at, subject.names) => Some(300),
            () if self.begins_a_word(at, subject.text) => Some(100),
            () => None,
        }
    }

    /// True when the word stands in `text`, at the start of a word there.
    fn begins_a_word(&mut self, at: usize, text: &str) -> bool {
        self.indices.clear();
        let hay = Utf32Str::new(text, &mut self.buffer);
        let exact = &self.words[at].exact;
        let found = exact.indices(hay, &mut self.matcher, &mut self.indices);
        let first = self.indices.first().map_or(0, |first| *first);
        found.is_some() && (first == 0 || !hay.get(first - 1).is_alphanumeric())
    }

    /// True when the letters of the word stand close together in `text`, in order.
    fn nearly(&mut self, at: usize, text: &str) -> bool {
        self.indices.clear();
        let hay = Utf32Str::new(text, &mut self.buffer);
        let word = &self.words[at];
        let Some(fuzzy) = &word.fuzzy else {
            return false;
        };
        let score = fuzzy.indices(hay, &mut self.matcher, &mut self.indices);
        let (Some(first), Some(last)) = (self.indices.first(), self.indices.last()) else {
            return false;
        };
        let wide = (last - first) as usize + 1;
        score.is_some_and(|score| u32::from(score) >= WORTH * word.letters as u32)
            && wide <= 2 * word.letters
    }
}

fn atom(word: &str, kind: AtomKind) -> Atom {
    let (case, accents) = (CaseMatching::Ignore, Normalization::Smart);
    Atom::new(word, case, accents, kind, false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, titles: &[&str]) -> Vec<String> {
        let subjects = titles.iter().map(|title| Subject {
            title,
            names: "",
            text: "",
        });
        let places = Filter::new(typed).ranked(subjects);
        places.into_iter().map(|at| titles[at].to_owned()).collect()
    }

    #[test]
    fn scattered_letters_are_no_match() {
        let titles = ["Hide templates", "Versions", "Blog post", "Cold email"];
        assert!(found("hist", &titles).is_empty());
        assert_eq!(found("col", &titles), ["Cold email"]);
        assert_eq!(found("blgpst", &titles), ["Blog post"]);
        assert!(found("bolt", &titles).is_empty());
    }

    #[test]
    fn every_word_has_to_match_and_accents_need_not_be_typed() {
        let titles = ["Café notes", "Cafe", "Notes"];
        assert_eq!(found("cafe", &titles), ["Café notes", "Cafe"]);
        assert_eq!(found("no caf", &titles), ["Café notes"]);
        assert!(found("cafe tea", &titles).is_empty());
    }

    #[test]
    fn a_title_that_begins_with_what_is_typed_comes_first() {
        let titles = ["About the post", "Post about it", "Compost"];
        let best = ["Post about it", "About the post", "Compost"];
        assert_eq!(found("post", &titles), best);
    }
}
