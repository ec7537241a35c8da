//! Where a part stands in a text, as it can be written down and found again later.
//!
//! An anchor follows a text while it is open; this outlives the studio. Never changes the text.

use crate::domain::diff::{self, Kind};
use std::ops::Range;

/// A part of a text as it was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Bytes before it.
    pub start: usize,
    /// What it said.
    pub text: String,
    /// Bytes of the whole text.
    pub whole: usize,
}

impl Place {
    /// Where the part is in the text as it is now; nothing when it is not there any more.
    ///
    /// Of several that say the same, the one nearest to where it was. A part that says something
    /// else is taken for itself when it begins where it did, and half of its words are there.
    pub fn find(&self, now: &str) -> Option<Range<usize>> {
        if self.text.is_empty() {
            return None;
        }
        let same = now.match_indices(self.text.as_str());
        let nearest = same.min_by_key(|(at, _)| at.abs_diff(self.start));
        if let Some((at, _)) = nearest {
            return Some(at..at + self.text.len());
        }
        let end = (self.start + self.text.len() + now.len()).checked_sub(self.whole)?;
        let part = now.get(self.start..end)?;
        let kept: usize = diff::changes(&self.text, part)
            .iter()
            .filter(|hunk| hunk.kind == Kind::Kept)
            .map(|hunk| weight(&hunk.text))
            .sum();
        (kept > 0 && 2 * kept >= weight(&self.text).min(weight(part))).then_some(self.start..end)
    }
}

/// Bytes that are no blanks.
fn weight(text: &str) -> usize {
    text.split_whitespace().map(str::len).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    const TEXT: &str = "One.\n\nThe part.\n\nTwo.\n\nThe part.\n";

    fn place(start: usize) -> Place {
        Place {
            start,
            text: "The part.".to_owned(),
            whole: TEXT.len(),
        }
    }

    fn found(place: &Place, now: &str) -> Option<String> {
        place.find(now).map(|range| now[range].to_owned())
    }

    #[test]
    fn of_two_that_say_the_same_the_nearer_is_meant() {
        assert_eq!(place(6).find(TEXT), Some(6..15));
        let second = TEXT.rfind("The").unwrap();
        assert_eq!(place(second).find(TEXT), Some(second..second + 9));
        let longer = format!("More.\n\n{TEXT}");
        assert_eq!(place(second).find(&longer), Some(30..39));
    }

    #[test]
    fn a_part_that_was_typed_into_is_found_by_where_it_begins() {
        let place = Place {
            start: 6,
            text: "The part in the middle.".to_owned(),
            whole: 35,
        };
        let now = "One.\n\nThe part right in the middle.\n\nTwo.\n";
        let whole = "One.\n\nThe part in the middle.\n\nTwo.\n".len();
        let place = Place { whole, ..place };
        let part = found(&place, now);
        assert_eq!(part.as_deref(), Some("The part right in the middle."));
    }

    #[test]
    fn what_has_another_text_in_its_place_is_gone() {
        assert_eq!(place(6).find("One.\n\nSomething else entirely.\n"), None);
        assert_eq!(place(6).find(""), None);
        assert_eq!(place(600).find("short"), None);
    }

    proptest! {
        #[test]
        fn whatever_the_text_became_the_place_lies_in_it(
            start in 0usize..40, text in "[ab é\n]{0,9}", whole in 0usize..60,
            now in "[ab é\n]{0,30}",
        ) {
            if let Some(range) = (Place { start, text, whole }).find(&now) {
                prop_assert!(now.get(range).is_some());
            }
        }
    }
}
