//! Finding text: every place where words or a pattern stand, and putting something else there.
//!
//! Looks at the whole text, so that a pattern sees what is around a place; a pattern takes no
//! longer than the text is long. Never moves the cursor by itself.

use super::Document;
use super::undo::Kind;
use regex::{Regex, RegexBuilder};
use std::ops::Range;

/// The most places that are listed; behind them there may be more.
pub const MOST_PLACES: usize = 100_000;

/// The largest pattern, in bytes of what it compiles to.
const PATTERN_BYTES: usize = 4 << 20;

/// How what is looked for is to be read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Wording {
    /// As it stands.
    #[default]
    Plain,
    /// As a regular expression, of which each line is a text with a start and an end.
    Pattern,
}

/// Whether capital letters count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Case {
    /// Only if there is one in what is looked for.
    #[default]
    Smart,
    /// Always.
    Exact,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Needle {
    regex: Regex,
    wording: Wording,
}

impl Needle {
    /// A needle for `text`; `None` when that is empty.
    ///
    /// # Errors
    /// What is wrong with a pattern, in a few words.
    pub fn new(text: &str, wording: Wording, case: Case) -> Result<Option<Self>, String> {
        if text.is_empty() {
            return Ok(None);
        }
        let pattern = match wording {
            Wording::Plain => regex::escape(text),
            Wording::Pattern => text.to_owned(),
        };
        let lower = case == Case::Smart && !has_capital(text, wording);
        let built = RegexBuilder::new(&pattern)
            .case_insensitive(lower)
            .multi_line(true)
            .size_limit(PATTERN_BYTES)
            .build();
        match built {
            Ok(regex) => Ok(Some(Self { regex, wording })),
            Err(error) => Err(fault(&error)),
        }
    }
}

/// A capital that stands for itself: the one of `\B` or `\P` does not.
fn has_capital(text: &str, wording: Wording) -> bool {
    let mut escaped = false;
    text.chars().any(|c| {
        let class = wording == Wording::Pattern && std::mem::take(&mut escaped);
        escaped = c == '\\' && !class;
        c.is_uppercase() && !class
    })
}

fn fault(error: &regex::Error) -> String {
    match error {
        regex::Error::CompiledTooBig(_) => "the pattern is too large".to_owned(),
        // The message draws the pattern over several lines; the last one says what is wrong.
        error => {
            let text = error.to_string();
            let last = text.lines().last().unwrap_or_default();
            last.strip_prefix("error: ").unwrap_or(last).to_owned()
        }
    }
}

impl Document {
    /// Where `needle` stands within a range, in the order of the text; [`MOST_PLACES`] at most.
    pub fn places(&self, needle: &Needle, within: Range<usize>) -> Vec<Range<usize>> {
        places(&self.text(), needle, &self.clamped(within), MOST_PLACES)
    }

    /// Puts `with` in place of every place of `needle` within a range, as one undo step. In a
    /// pattern, `$1` and `${name}` stand for its groups. Returns how many places that were.
    pub fn replace_places(
        &mut self,
        needle: &Needle,
        within: Range<usize>,
        with: &str,
        at_ms: u64,
    ) -> usize {
        let text = self.text();
        let places = places(&text, needle, &self.clamped(within), usize::MAX);
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return 0;
        };
        let whole = first.start..last.end;
        let mut new = String::with_capacity(whole.len());
        let mut from = whole.start;
        for place in &places {
            new.push_str(&text[from..place.start]);
            expand(&text, needle, place, with, &mut new);
            from = place.end;
        }
        self.change(whole, &new, Kind::Whole, at_ms);
        self.reveal(super::MARGIN);
        places.len()
    }

    /// What `with` becomes at one place of `needle`.
    pub fn expanded(&self, needle: &Needle, place: &Range<usize>, with: &str) -> String {
        let mut new = String::new();
        expand(&self.text(), needle, place, with, &mut new);
        new
    }

    /// The cells on screen that show one of these places, which stand in the order of the text:
    /// the row and its columns.
    pub fn marked(&self, places: &[Range<usize>]) -> Vec<(u16, Range<u16>)> {
        let mut marked = Vec::new();
        for (number, row) in self.rows.iter().enumerate() {
            let first = places.partition_point(|place| place.end <= row.start);
            for place in &places[first..] {
                if place.start >= row.end {
                    break;
                }
                let start = place.start.max(row.start);
                let from = self.drawn(row.start..start).1;
                let to = self.drawn(row.start..place.end.min(row.end)).1;
                marked.push((number as u16, from as u16..to as u16));
            }
        }
        marked
    }
}

fn places(text: &str, needle: &Needle, within: &Range<usize>, most: usize) -> Vec<Range<usize>> {
    let mut places = Vec::new();
    let mut at = within.start;
    while let Some(found) = needle.regex.find_at(text, at) {
        if found.end() > within.end || places.len() == most {
            break;
        }
        at = found.end();
        if found.is_empty() {
            // Nothing stands there; go on behind the next character.
            let Some(c) = text[at..].chars().next() else {
                break;
            };
            at += c.len_utf8();
        } else {
            places.push(found.range());
        }
    }
    places
}

fn expand(text: &str, needle: &Needle, place: &Range<usize>, with: &str, new: &mut String) {
    let groups = match needle.wording {
        Wording::Plain => None,
        Wording::Pattern => needle.regex.captures_at(text, place.start),
    };
    match groups {
        Some(groups) => groups.expand(with, new),
        None => new.push_str(with),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::Edit;
    use proptest::prelude::*;

    fn needle(text: &str, wording: Wording) -> Needle {
        Needle::new(text, wording, Case::Smart).unwrap().unwrap()
    }

    fn found(text: &str, wanted: &str, wording: Wording) -> Vec<String> {
        let document = Document::new(text);
        let places = document.places(&needle(wanted, wording), 0..text.len());
        places.into_iter().map(|it| document.slice(it)).collect()
    }

    #[test]
    fn a_capital_asks_for_capitals() {
        let text = "Über über ÜBER";
        assert_eq!(
            found(text, "über", Wording::Plain),
            ["Über", "über", "ÜBER"]
        );
        assert_eq!(found(text, "Über", Wording::Plain), ["Über"]);
        let exact = Needle::new("über", Wording::Plain, Case::Exact);
        let exact = exact.unwrap().unwrap();
        assert_eq!(Document::new(text).places(&exact, 0..99).len(), 1);
        assert_eq!(found("AB ab", r"\Bb", Wording::Pattern), ["B", "b"]);
    }

    #[test]
    fn marks_of_a_pattern_stand_for_themselves_in_plain_text() {
        assert_eq!(found("a.b axb (", ".", Wording::Plain), ["."]);
        assert_eq!(found("a.b axb", "a.b", Wording::Pattern), ["a.b", "axb"]);
        let problem = Needle::new("(", Wording::Pattern, Case::Smart).unwrap_err();
        assert_eq!(problem, "unclosed group");
        assert!(
            Needle::new("", Wording::Plain, Case::Smart)
                .unwrap()
                .is_none()
        );
    }

    #[test]
    fn each_line_has_a_start_and_an_end() {
        assert_eq!(
            found("- a\nb\n- c", "^- .$", Wording::Pattern),
            ["- a", "- c"]
        );
        assert_eq!(found("a\nb", "x*", Wording::Pattern), [""; 0]);
    }

    #[test]
    fn a_range_limits_the_places_and_hides_nothing_from_the_pattern() {
        let document = Document::new("cat concat cat");
        let word = needle(r"\bcat", Wording::Pattern);
        let starts = |within| {
            let places = document.places(&word, within);
            places.iter().map(|place| place.start).collect::<Vec<_>>()
        };
        assert_eq!(starts(3..14), [11]);
        assert_eq!(starts(7..13), [0_usize; 0]);
    }

    #[test]
    fn all_places_are_one_step_with_their_groups() {
        let mut document = Document::new("1-2, 3-4 and 5-6");
        let pair = needle(r"(\d)-(\d)", Wording::Pattern);
        assert_eq!(document.replace_places(&pair, 0..9, "$2/$1", 0), 2);
        assert_eq!(document.text(), "2/1, 4/3 and 5-6");
        document.apply(Edit::Undo, 0);
        assert_eq!(document.text(), "1-2, 3-4 and 5-6");
        let plain = needle("1-2", Wording::Plain);
        assert_eq!(document.replace_places(&plain, 0..99, "$1", 0), 1);
        assert_eq!(document.text(), "$1, 3-4 and 5-6");
    }

    #[test]
    fn places_are_marked_where_they_are_drawn() {
        let mut document = Document::new("日本 two\ntwo");
        document.set_size(20, 5);
        let places = document.places(&needle("two", Wording::Plain), 0..99);
        assert_eq!(document.marked(&places), [(0, 5..8), (1, 0..3)]);
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_plain_search_finds(text in "[abA \n\u{e9}]{0,60}", wanted in "[ab\u{e9}]{1,3}") {
            let exact = Needle::new(&wanted, Wording::Plain, Case::Exact).unwrap().unwrap();
            let places = Document::new(&text).places(&exact, 0..text.len());
            let starts: Vec<usize> = places.iter().map(|place| place.start).collect();
            let expected: Vec<usize> = text.match_indices(&wanted).map(|(at, _)| at).collect();
            prop_assert_eq!(starts, expected);
        }

        #[test]
        fn replacing_all_is_what_a_plain_replacement_does(text in "[ab \n]{0,60}", wanted in "[ab]{1,2}", with in "[ab$1]{0,3}") {
            let exact = Needle::new(&wanted, Wording::Plain, Case::Exact).unwrap().unwrap();
            let mut document = Document::new(&text);
            document.replace_places(&exact, 0..text.len(), &with, 0);
            prop_assert_eq!(document.text(), text.replace(&wanted, &with));
        }
    }
}
