//! Words that come as a whole, such as what was said: they do not run into what stands beside them.
//!
//! Never changes the words.

use super::Document;
use super::undo::Kind;

impl Document {
    /// Puts words in place of the selection, or at the cursor, as one undo step; a space parts them
    /// from a word before and behind.
    pub fn put_words(&mut self, words: &str, at_ms: u64) {
        let place = self.selection_or_cursor();
        let before = self.rope.byte_slice(..place.start).chars().next_back();
        let behind = self.char_at(place.end);
        let apart = |c: char| c.is_whitespace() || matches!(c, '(' | '[' | '“' | '„' | '‘' | '«');
        let joins =
            |c: char| words.starts_with(c) && matches!(c, '.' | ',' | ';' | ':' | '!' | '?');
        let sign = words.chars().next().is_some_and(joins);
        let mut put = String::with_capacity(words.len() + 2);
        if before.is_some_and(|c| !apart(c)) && !sign {
            put.push(' ');
        }
        put.push_str(words);
        if behind.is_some_and(char::is_alphanumeric) {
            put.push(' ');
        }
        self.change(place, &put, Kind::Whole, at_ms);
        self.reveal(super::MARGIN);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Document, Edit, Motion};

    fn put(text: &str, at: usize, words: &str) -> String {
        let mut document = Document::new(text);
        document.stand_at(at);
        document.put_words(words, 0);
        document.text()
    }

    #[test]
    fn words_are_parted_from_words_and_from_nothing_else() {
        for (text, at, words, after) in [
            ("", 0, "One", "One"),
            ("One.", 4, "Two.", "One. Two."),
            ("One. ", 5, "Two", "One. Two"),
            ("One", 3, ", two", "One, two"),
            ("a c", 2, "b", "a b c"),
            ("(", 1, "one", "(one"),
            ("é", 2, "x", "é x"),
            ("one\n", 4, "two", "one\ntwo"),
            ("one\r\n", 5, "two", "one\r\ntwo"),
        ] {
            assert_eq!(put(text, at, words), after, "{text:?} {words:?}");
        }
    }

    #[test]
    fn they_take_the_place_of_the_selection_and_one_undo_takes_them_back() {
        let mut document = Document::new("one two three");
        document.select(4..7);
        document.put_words("2", 0);
        assert_eq!(document.text(), "one 2 three");
        document.apply(Edit::Insert("!".to_owned()), 1);
        document.apply(Edit::Undo, 2);
        assert_eq!(document.text(), "one 2 three");
        document.apply(Edit::Undo, 3);
        assert_eq!(document.text(), "one two three");
        document.apply(Edit::Move(Motion::End), 4);
    }
}
