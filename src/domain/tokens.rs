//! Tokens of a text before it is sent: counted where the vocabulary is known, else estimated.
//!
//! Counting loads a vocabulary at its first use, which takes some 70 ms and 30 MB and must not
//! happen on the thread that draws. An estimate costs nothing and is marked wherever it is shown.

use super::models::Vocabulary;
use super::prompt::Prompt;
use std::fmt;

/// The longest text that is counted; an estimate of a longer one is good enough.
const COUNTED: usize = 4 * 1024 * 1024;
/// What the frame of each message takes, and the beginning of the answer.
const FRAME: u64 = 4;
const ANSWER: u64 = 3;
/// What an image takes, about: it depends on its size, its detail and the model.
pub const IMAGE: u64 = 1_000;

/// A number of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tokens {
    /// As the model's own vocabulary counts them.
    Counted(u64),
    /// Four characters to a token.
    Estimated(u64),
}

impl Tokens {
    /// How many.
    pub const fn number(self) -> u64 {
        match self {
            Self::Counted(number) | Self::Estimated(number) => number,
        }
    }

    /// These and the images of a prompt, which nobody can count before they are sent.
    #[must_use]
    pub fn with_images(self, prompt: &Prompt) -> Self {
        match prompt.images.len() as u64 {
            0 => self,
            images => Self::Estimated(self.number().saturating_add(images * IMAGE)),
        }
    }

    /// Whether they are only estimated.
    pub const fn is_estimated(self) -> bool {
        matches!(self, Self::Estimated(_))
    }
}

impl fmt::Display for Tokens {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mark = if self.is_estimated() { "~" } else { "" };
        write!(out, "{mark}{}", thousands(self.number()))
    }
}

/// `1234` → `1,234`.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A rough count, four characters to a token.
pub const fn estimate(chars: usize) -> u64 {
    chars.div_ceil(4) as u64
}

/// The tokens of a prompt, estimated at once.
pub fn estimated(prompt: &Prompt) -> Tokens {
    Tokens::Estimated(estimate(prompt.chars()))
}

/// The tokens of a prompt in a vocabulary; slow at its first use. An estimate when this program
/// was built without vocabularies, or when the prompt is enormous.
pub fn counted(vocabulary: Vocabulary, prompt: &Prompt) -> Tokens {
    let texts = texts(prompt);
    let bytes: usize = texts.iter().map(|text| text.len()).sum();
    if bytes > COUNTED {
        return estimated(prompt);
    }
    let frames = FRAME * texts.len() as u64 + ANSWER;
    let texts: Option<u64> = texts.iter().map(|text| count(vocabulary, text)).sum();
    texts.map_or_else(|| estimated(prompt), |sum| Tokens::Counted(sum + frames))
}

/// Every message, in the order they are sent.
pub fn texts(prompt: &Prompt) -> Vec<&str> {
    let pairs = prompt.examples.iter();
    let pairs = pairs.flat_map(|pair| [pair.user.as_str(), pair.assistant.as_str()]);
    let system = prompt.system.as_deref().into_iter();
    system.chain(pairs).chain([prompt.user.as_str()]).collect()
}

#[cfg(feature = "tokens")]
fn count(vocabulary: Vocabulary, text: &str) -> Option<u64> {
    let encoding = tiktoken::get_encoding(match vocabulary {
        Vocabulary::O200k => "o200k_base",
        Vocabulary::Cl100k => "cl100k_base",
    })?;
    Some(encoding.count(text) as u64)
}

#[cfg(not(feature = "tokens"))]
fn count(_: Vocabulary, _: &str) -> Option<u64> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::image::{Image, Kind};
    use crate::domain::prompt::Example;
    use std::sync::Arc;

    #[cfg(feature = "tokens")]
    #[test]
    fn a_known_vocabulary_counts_what_is_sent() {
        let mut prompt = Prompt {
            user: "hello world".into(),
            ..Prompt::default()
        };
        for vocabulary in [Vocabulary::O200k, Vocabulary::Cl100k] {
            assert_eq!(counted(vocabulary, &prompt), Tokens::Counted(2 + 4 + 3));
        }
        prompt.system = Some("hello world".into());
        prompt.examples.push(Example {
            user: "hello world".into(),
            assistant: "<|endoftext|>".into(),
        });
        let Tokens::Counted(more) = counted(Vocabulary::O200k, &prompt) else {
            panic!("not counted");
        };
        // What looks like a control word of the model is text, and costs more than one token.
        assert!(more > 6 + 4 * 4 + 3 + 1, "{more}");
    }

    #[test]
    fn an_enormous_prompt_is_estimated() {
        let prompt = Prompt {
            user: "word ".repeat(COUNTED / 5 + 1),
            ..Prompt::default()
        };
        assert!(counted(Vocabulary::O200k, &prompt).is_estimated());
    }

    #[test]
    fn an_image_makes_an_estimate_of_a_count() {
        let mut prompt = Prompt::default();
        let size = Tokens::Counted(9);
        assert_eq!(size.with_images(&prompt), size);
        let image = Image {
            kind: Kind::Png,
            bytes: Arc::from([]),
            input: "photo".to_owned(),
        };
        prompt.images = vec![image.clone(), image];
        assert_eq!(size.with_images(&prompt), Tokens::Estimated(9 + 2 * IMAGE));
    }

    #[test]
    fn numbers_are_read_in_groups_and_estimates_by_their_mark() {
        assert_eq!(Tokens::Counted(1_234_567).to_string(), "1,234,567");
        assert_eq!(Tokens::Estimated(999).to_string(), "~999");
        assert_eq!(estimate(5), 2);
    }
}
