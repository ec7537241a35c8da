//! What a model thought before it wrote: shown folded, and never part of any text.

use crate::domain::text::of_words;

/// The reasoning of one answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasoning {
    text: String,
    words: usize,
    in_word: bool,
    /// All of it is shown, not only how much there is.
    pub open: bool,
}

impl Reasoning {
    /// None so far.
    pub const EMPTY: Self = Self {
        text: String::new(),
        words: 0,
        in_word: false,
        open: false,
    };

    /// Takes more of it.
    pub fn push(&mut self, more: &str) {
        self.text.push_str(more);
        // Counted as it arrives: it may be long, and every frame says how long.
        for c in more.chars() {
            let in_word = !c.is_whitespace();
            self.words += usize::from(in_word && !self.in_word);
            self.in_word = in_word;
        }
    }

    /// All of it so far.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// How much there is, as a line says it.
    pub fn length(&self) -> String {
        of_words(self.words as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_over_all_pieces() {
        let mut reasoning = Reasoning::default();
        for piece in [" Let", " me", "ow ", "\n", "see", "."] {
            reasoning.push(piece);
        }
        assert_eq!(reasoning.text(), " Let meow \nsee.");
        assert_eq!(reasoning.length(), "3 words");
    }
}
