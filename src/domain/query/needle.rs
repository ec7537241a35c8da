//! Finding the words of a query in a source, and the line that shows it best.
//!
//! A word with a capital is found as it is written, any other one whatever its capitals. Works on
//! bytes, so that a file need not be text.

use super::Query;
use super::told::Told;
use memchr::memmem::Finder;
use memchr::{memchr_iter, memrchr};
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;

/// Places of a word that are compared to find the best line.
const PLACES: usize = 32;
/// Characters of a line that are shown, and how many of them before the match.
const SHOWN: usize = 200;
const BEFORE: usize = 40;

/// One word or phrase.
#[derive(Debug, Clone)]
enum Needle {
    /// As it is written.
    Exact(Box<Finder<'static>>),
    /// Whatever its capitals, or over the end of a line.
    Pattern(Regex),
}

impl Needle {
    fn of(word: &str) -> Self {
        let has_capitals = word.chars().any(char::is_uppercase);
        let has_letters = word.chars().any(char::is_lowercase);
        let parts: Vec<String> = word.split_whitespace().map(regex::escape).collect();
        if parts.len() < 2 && (has_capitals || !has_letters) {
            return Self::exact(word);
        }
        let mut pattern = RegexBuilder::new(&parts.join(r"\s+"));
        let built = pattern.case_insensitive(!has_capitals).build();
        // What is too large for a pattern is found as it is written.
        built.map_or_else(|_| Self::exact(word), Self::Pattern)
    }

    fn exact(word: &str) -> Self {
        Self::Exact(Box::new(Finder::new(word.as_bytes()).into_owned()))
    }

    fn find(&self, hay: &[u8], from: usize) -> Option<Range<usize>> {
        match self {
            Self::Exact(finder) => {
                let at = finder.find(hay.get(from..)?)? + from;
                Some(at..at + finder.needle().len())
            }
            Self::Pattern(pattern) => (from <= hay.len())
                .then(|| pattern.find_at(hay, from))
                .flatten()
                .map(|found| found.range()),
        }
    }

    fn is_in(&self, hay: &[u8]) -> bool {
        match self {
            Self::Exact(finder) => finder.find(hay).is_some(),
            Self::Pattern(pattern) => pattern.is_match(hay),
        }
    }

    fn all<'h>(&'h self, hay: &'h [u8], from: usize) -> impl Iterator<Item = Range<usize>> + 'h {
        let mut next = from;
        std::iter::from_fn(move || {
            let found = self.find(hay, next)?;
            next = found.end.max(found.start + 1);
            Some(found)
        })
    }
}

/// The words of a query, ready to be found.
#[derive(Debug, Clone)]
pub struct Needles {
    words: Vec<Needle>,
    /// A word counts only where a word of the text begins with it.
    from_beginnings: bool,
}

/// Where a source fits a query best.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The first byte of the match.
    pub at: usize,
    /// The byte behind it.
    pub end: usize,
    /// It stands in the text itself, not in what is noted above it.
    pub in_body: bool,
    /// Its line, from 1.
    pub line: usize,
    /// Its column in characters, from 1.
    pub column: usize,
    /// What the line says around it, as far as it is shown.
    pub text: String,
    /// What fits in that text.
    pub marks: Vec<Range<usize>>,
}

impl Needles {
    /// Readies the words of a query, to be found where words of a text begin with them.
    pub fn beginning(query: &Query) -> Self {
        Self {
            from_beginnings: true,
            ..Self::of(query)
        }
    }

    /// Readies the words of a query.
    pub fn of(query: &Query) -> Self {
        let mut words: Vec<&String> = query.words().iter().collect();
        // The longest is the rarest, as a rule.
        words.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self {
            words: words.into_iter().map(|word| Needle::of(word)).collect(),
            from_beginnings: false,
        }
    }

    /// True when there is nothing to find.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty()
    }

    /// Where all words are in a source, if they are.
    pub fn find(&self, source: &[u8]) -> Option<Place> {
        if self.is_empty() || !self.words.iter().all(|word| self.is_in(word, source)) {
            return None;
        }
        let told = Told::of(source);
        let counts = |word: &Needle| self.all(word, source, 0).any(|found| told.has(found.start));
        if told.body > 0 && !self.words.iter().all(counts) {
            return None;
        }
        let in_body = self
            .words
            .iter()
            .find_map(|needle| self.best(needle, source, told.body));
        let best = in_body.or_else(|| {
            let mut all = (self.words.iter()).flat_map(|word| self.all(word, source, 0));
            all.find(|found| told.has(found.start))
        })?;
        let mut place = self.place(source, &best);
        place.in_body = best.start >= told.body;
        Some(place)
    }

    /// Where the body of a source has the words that are not among what is known of it; `None` when
    /// it lacks one of them, or has nothing to add.
    pub fn find_below(&self, source: &[u8], known: &[u8]) -> Option<Place> {
        let is_missing = |word: &&Needle| !self.is_in(word, known);
        let missing: Vec<&Needle> = self.words.iter().filter(is_missing).collect();
        if !missing.iter().all(|word| self.is_in(word, source)) {
            return None;
        }
        let body = Told::of(source).body;
        let found = missing
            .iter()
            .map(|word| self.best(word, source, body))
            .collect::<Option<Vec<_>>>()?;
        found.first().map(|found| self.place(source, found))
    }

    fn is_in(&self, word: &Needle, hay: &[u8]) -> bool {
        if self.from_beginnings {
            self.all(word, hay, 0).next().is_some()
        } else {
            word.is_in(hay)
        }
    }

    fn all<'h>(
        &'h self,
        word: &'h Needle,
        hay: &'h [u8],
        from: usize,
    ) -> impl Iterator<Item = Range<usize>> + 'h {
        let all = word.all(hay, from);
        all.filter(|found| !self.from_beginnings || begins_a_word(hay, found.start))
    }

    /// The match of a word from `from` on whose line has the most of the others.
    fn best(&self, needle: &Needle, source: &[u8], from: usize) -> Option<Range<usize>> {
        let mut best: Option<(usize, Range<usize>)> = None;
        for found in self.all(needle, source, from).take(PLACES) {
            let line = &source[line_of(source, found.start)];
            let others = self.words.iter();
            let count = others.filter(|other| self.is_in(other, line)).count();
            if best.as_ref().is_none_or(|(most, _)| count > *most) {
                best = Some((count, found));
            }
            if count == self.words.len() {
                break;
            }
        }
        best.map(|(_, found)| found)
    }

    fn place(&self, source: &[u8], found: &Range<usize>) -> Place {
        let whole = line_of(source, found.start);
        let before = String::from_utf8_lossy(&source[whole.start..found.start]);
        let column = before.chars().count() + 1;
        let skipped = if column > SHOWN / 2 {
            column - 1 - BEFORE
        } else {
            0
        };
        let line = String::from_utf8_lossy(&source[whole.clone()]);
        let cut: String = line.chars().skip(skipped).take(SHOWN).collect();
        let text = if skipped > 0 {
            format!("…{cut}")
        } else {
            cut
        };
        let text = text.trim().to_owned();
        Place {
            at: found.start,
            end: found.end,
            in_body: true,
            line: memchr_iter(b'\n', &source[..whole.start]).count() + 1,
            column,
            marks: self.marks(&text),
            text,
        }
    }

    /// What fits in a line that is shown, in order and apart.
    pub fn marks(&self, text: &str) -> Vec<Range<usize>> {
        let all = self
            .words
            .iter()
            .flat_map(|word| self.all(word, text.as_bytes(), 0));
        let mut all: Vec<_> = all
            .filter(|mark| text.is_char_boundary(mark.start) && text.is_char_boundary(mark.end))
            .collect();
        all.sort_by_key(|mark| (mark.start, std::cmp::Reverse(mark.end)));
        let mut marks: Vec<Range<usize>> = Vec::new();
        for mark in all {
            match marks.last_mut() {
                Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
                _ => marks.push(mark),
            }
        }
        marks
    }
}

/// Whether nothing that belongs to a word stands right before a place.
fn begins_a_word(hay: &[u8], at: usize) -> bool {
    // No character is longer than four bytes.
    let before = String::from_utf8_lossy(&hay[at.saturating_sub(4)..at]);
    let before = before.chars().next_back();
    before.is_none_or(|before| !before.is_alphanumeric())
}

/// The line around a place, without its end.
fn line_of(source: &[u8], at: usize) -> Range<usize> {
    let start = memrchr(b'\n', &source[..at]).map_or(0, |end| end + 1);
    let end = memchr::memchr(b'\n', &source[at..]).map_or(source.len(), |end| at + end);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(typed: &str, source: &str) -> Option<(usize, usize, String)> {
        let place = Needles::of(&Query::parse(typed)).find(source.as_bytes())?;
        let marked: Vec<&str> = place
            .marks
            .iter()
            .map(|mark| &place.text[mark.clone()])
            .collect();
        Some((place.line, place.column, marked.join("|")))
    }

    #[test]
    fn every_word_has_to_be_there_and_only_a_capital_minds_capitals() {
        let text = "One\ntwo Rust ÉTÉ\nthree";
        assert_eq!(find("rust", text), Some((2, 5, "Rust".into())));
        assert_eq!(find("Rust one", text), Some((2, 5, "Rust".into())));
        assert_eq!(find("RUST", text), None);
        assert_eq!(find("rust four", text), None);
        assert_eq!(find("été", text), Some((2, 10, "ÉTÉ".into())));
        assert_eq!(find("a.b", "a-b a.b"), Some((1, 5, "a.b".into())));
    }

    #[test]
    fn the_line_with_most_words_is_shown_with_all_of_them_marked() {
        let text = "plain\nplain but not text\ntext in plain words\n";
        assert_eq!(
            find("plain words", text),
            Some((3, 9, "plain|words".into()))
        );
        assert_eq!(
            find("words plain text", text),
            Some((3, 15, "text|plain|words".into()))
        );
    }

    #[test]
    fn a_body_has_what_is_not_known_yet_and_only_where_words_begin() {
        let source = "---\ntitle: Sea\ninputs: {whale: {}}\n---\nMany catwhales.\nAll wh, Whales and \u{e9}wh.\n";
        let below = |typed: &str| {
            let needles = Needles::beginning(&Query::parse(typed));
            let place = needles.find_below(source.as_bytes(), b"Sea of ice")?;
            Some((place.line, place.column, place.marks.len()))
        };
        assert_eq!(below("whal"), Some((6, 9, 1)));
        assert_eq!(below("whal ice"), Some((6, 9, 1)));
        assert_eq!(below("wh"), Some((6, 5, 2)));
        for typed in ["ales", "sea ice", "inputs", "whal ink", ""] {
            assert_eq!(below(typed), None, "{typed}");
        }
    }

    #[test]
    fn a_phrase_is_found_over_the_end_of_a_line() {
        assert_eq!(
            find("\"not at all\"", "It is not\n  at all"),
            Some((1, 7, String::new()))
        );
        assert_eq!(find("\"not at all\"", "not all at"), None);
        assert_eq!(
            find("\"Not  at\"", "not at. Not at."),
            Some((1, 9, "Not at".into()))
        );
    }

    #[test]
    fn what_copydesk_notes_is_not_found_and_the_brief_is() {
        let source = "---\ntitle: Sea\nstatus: draft\ncopydesk:\n  model: gpt-luna\n  brief:\n    topic: whales\n---\n\nA draft of luck.\n";
        assert_eq!(find("luna", source), None);
        assert_eq!(find("draft", source).map(|place| place.0), Some(10));
        assert_eq!(find("whales", source).map(|place| place.0), Some(7));
        assert_eq!(find("sea luck", source).map(|place| place.0), Some(10));
        assert_eq!(find("sea whales", source).map(|place| place.0), Some(7));
    }

    #[test]
    fn a_long_line_is_cut_around_the_match_and_bytes_that_are_no_text_are_survived() {
        let long = format!("{}needle{}", "é ".repeat(10_000), " x".repeat(10_000));
        let place = Needles::of(&Query::parse("needle"))
            .find(long.as_bytes())
            .unwrap();
        assert_eq!(place.column, 20_001);
        assert!(place.text.chars().count() <= SHOWN + 1 && place.text.contains("needle"));
        let bytes = [b"\xff\xfe needle ".as_slice(), &[0xff; 9]].concat();
        let place = Needles::of(&Query::parse("needle")).find(&bytes).unwrap();
        assert_eq!(&place.text[place.marks[0].clone()], "needle");
    }
}
