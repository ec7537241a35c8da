//! A filter: which titles, names and texts a few typed words stand for, best first.
//!
//! Every word has to match by itself. Letters that are merely scattered over a text are no match:
//! a list that does not get shorter helps nobody. Never knows what a row or a command is.

use memchr::memmem::Finder;
use nucleo_matcher::chars;
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

/// What a filter looks through, ready for it: capitals and accents count for nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded {
    title: Part,
    names: Part,
    text: Part,
    /// The letters of all of it.
    all: u64,
}

/// A text with what tells cheaply that a word is not in it.
#[derive(Debug, Clone, Default)]
struct Part {
    text: String,
    /// The letters of it.
    letters: u64,
    /// Those that begin a word.
    first: u64,
}

impl Part {
    fn of(text: &str) -> Self {
        let text = folded(text);
        Self {
            letters: letters(&text),
            first: first_letters(&text),
            text,
        }
    }
}

impl Folded {
    /// Readies a subject.
    pub(super) fn of(subject: Subject<'_>) -> Self {
        let [title, names, text] = [subject.title, subject.names, subject.text].map(Part::of);
        Self {
            all: title.letters | names.letters | text.letters,
            title,
            names,
            text,
        }
    }
}

/// Text in which capitals and accents count for nothing.
pub(super) fn folded(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let fold = |c| chars::normalize(chars::to_lower_case(c));
    text.chars().map(fold).collect()
}

/// Which letters a text has, as one number: what lacks one of a word cannot match it.
fn letters(text: &str) -> u64 {
    text.bytes().fold(0, |all, byte| all | letter(byte))
}

/// Which letters stand where a word may begin.
fn first_letters(text: &str) -> u64 {
    let (mut all, mut begins) = (0, true);
    for (at, c) in text.char_indices() {
        if begins {
            all |= letter(text.as_bytes()[at]);
        }
        begins = !c.is_alphanumeric();
    }
    all
}

const fn letter(byte: u8) -> u64 {
    1 << match byte {
        b'a'..=b'z' => byte - b'a',
        b'0'..=b'9' => byte - b'0' + 26,
        _ => 36 + byte % 28,
    }
}

struct Word {
    exact: Finder<'static>,
    fuzzy: Option<Atom>,
    count: usize,
    letters: u64,
    first: u64,
}

/// A few typed words.
pub(super) struct Filter {
    whole: String,
    words: Vec<Word>,
    matcher: Matcher,
    buffer: Vec<char>,
    indices: Vec<u32>,
}

impl Filter {
    /// A filter of what was typed.
    pub(super) fn new(typed: &str) -> Self {
        let typed = folded(typed);
        let words = typed.split_whitespace().map(|word| {
            let count = word.chars().count();
            Word {
                exact: Finder::new(word).into_owned(),
                fuzzy: (count >= FUZZY).then(|| atom(word, AtomKind::Fuzzy)),
                count,
                letters: letters(word),
                first: word.bytes().next().map_or(0, letter),
            }
        });
        Self {
            words: words.collect(),
            whole: typed.trim().to_owned(),
            matcher: Matcher::new(Config::DEFAULT),
            buffer: Vec::new(),
            indices: Vec::new(),
        }
    }

    /// Places of the subjects that match, best first; those that match alike keep their order.
    pub(super) fn ranked<'a>(&mut self, subjects: impl Iterator<Item = Subject<'a>>) -> Vec<usize> {
        let places = subjects.map(Folded::of).enumerate();
        let found = places.filter_map(|(place, subject)| Some((self.rank(&subject)?, place)));
        in_order(found.collect())
    }

    /// The same of subjects that are ready for it.
    pub(super) fn among<'a>(&mut self, subjects: impl Iterator<Item = &'a Folded>) -> Vec<usize> {
        let places = subjects.enumerate();
        let found = places.filter_map(|(place, subject)| Some((self.rank(subject)?, place)));
        in_order(found.collect())
    }

    /// Places of the characters of a title that the words stand for.
    pub(super) fn marks(&mut self, title: &str) -> Vec<usize> {
        let mut marks: Vec<usize> = Vec::new();
        // Folded, it has as many characters as before.
        let title = folded(title);
        for at in 0..self.words.len() {
            if let Some(start) = self.words[at].start_in(&title) {
                let first = title[..start].chars().count();
                marks.extend(first..first + self.words[at].count);
            } else if self.nearly(at, &title) {
                marks.extend(self.indices.iter().map(|place| *place as usize));
            }
        }
        marks.sort_unstable();
        marks.dedup();
        marks
    }

    /// How well a subject matches; `None` when one of the words does not.
    fn rank(&mut self, subject: &Folded) -> Option<u32> {
        let mut rank = 0;
        for at in 0..self.words.len() {
            if self.words[at].letters & !subject.all != 0 {
                return None;
            }
            rank += self.word(at, subject)?;
        }
        let leads = !self.words.is_empty() && subject.title.text.starts_with(&self.whole);
        Some(rank + if leads { 10_000 } else { 0 })
    }

    fn word(&mut self, at: usize, subject: &Folded) -> Option<u32> {
        let word = &self.words[at];
        match () {
            () if word.begins_a_word(&subject.title) => Some(1_000),
            () if word.begins_a_word(&subject.names) => Some(800),
            () if self.may_be_nearly(at, &subject.title) => Some(400),
            () if self.may_be_nearly(at, &subject.names) => Some(300),
            () if self.words[at].begins_a_word(&subject.text) => Some(100),
            () => None,
        }
    }

    /// The same as [`nearly`](Self::nearly), of which most parts have not got the letters.
    fn may_be_nearly(&mut self, at: usize, part: &Part) -> bool {
        self.words[at].letters & !part.letters == 0 && self.nearly(at, &part.text)
    }

    /// True when the letters of the word stand close together in `text`, in order.
    fn nearly(&mut self, at: usize, text: &str) -> bool {
        let word = &self.words[at];
        let Some(fuzzy) = &word.fuzzy else {
            return false;
        };
        self.indices.clear();
        let hay = Utf32Str::new(text, &mut self.buffer);
        let score = fuzzy.indices(hay, &mut self.matcher, &mut self.indices);
        let (Some(first), Some(last)) = (self.indices.first(), self.indices.last()) else {
            return false;
        };
        let wide = (last - first) as usize + 1;
        score.is_some_and(|score| u32::from(score) >= WORTH * word.count as u32)
            && wide <= 2 * word.count
    }
}

impl Word {
    /// True when the word stands in a part, at the start of a word there.
    fn begins_a_word(&self, part: &Part) -> bool {
        let may = self.first & !part.first == 0 && self.letters & !part.letters == 0;
        may && self.start_in(&part.text).is_some()
    }

    /// Where it does so first.
    fn start_in(&self, text: &str) -> Option<usize> {
        let mut found = self.exact.find_iter(text.as_bytes());
        found.find(|at| {
            let before = text
                .get(..*at)
                .and_then(|before| before.chars().next_back());
            before.is_none_or(|before| !before.is_alphanumeric())
        })
    }
}

fn in_order(mut found: Vec<(u32, usize)>) -> Vec<usize> {
    found.sort_unstable_by_key(|(rank, place)| (Reverse(*rank), *place));
    found.into_iter().map(|(_, place)| place).collect()
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

    /// Whatever tells cheaply that a word is not there must not tell it of one that is.
    #[test]
    fn a_word_is_found_wherever_one_begins() {
        let titles = ["a-b c_d", "(é) 7th", "x\u{2019}y", "-7 up", "日本 語"];
        let begins = [
            ("b", 0),
            ("c", 0),
            ("d", 0),
            ("e", 1),
            ("7", 1),
            ("y", 2),
            ("-7", 3),
            ("up", 3),
            ("日", 4),
            ("語", 4),
        ];
        for (typed, place) in begins {
            assert!(
                found(typed, &titles).contains(&titles[place].to_owned()),
                "{typed}"
            );
        }
        for typed in ["th", "p", "本"] {
            assert!(found(typed, &titles).is_empty(), "{typed}");
        }
    }

    #[test]
    fn a_title_that_begins_with_what_is_typed_comes_first() {
        let titles = ["About the post", "Post about it", "Compost"];
        let best = ["Post about it", "About the post", "Compost"];
        assert_eq!(found("post", &titles), best);
    }
}
