//! A field for a key: it takes typing and pasting and never gives its text to a screen, a journal
//! or `Debug`. Wiped from memory when it goes.

use super::key::{Code, Key as Pressed};
use crate::domain::endpoint::{Key, KeyFault};
use secrecy::zeroize::Zeroizing;
use std::fmt;

/// Longest text that is taken, in bytes; no key is that long.
const LONGEST: usize = 8 * 1024;

/// A key as it is entered.
pub struct Masked(Zeroizing<String>);

impl Default for Masked {
    fn default() -> Self {
        // All of it at once, so that no copy is left behind when it grows.
        Self(Zeroizing::new(String::with_capacity(LONGEST)))
    }
}

impl fmt::Debug for Masked {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Masked(…)")
    }
}

impl Masked {
    /// How many characters are entered.
    pub fn count(&self) -> usize {
        self.0.chars().count()
    }

    /// Takes a key press.
    pub(super) fn key(&mut self, key: Pressed) {
        match key.code {
            Code::Backspace if key.ctrl || key.alt => self.0.clear(),
            Code::Backspace => drop(self.0.pop()),
            Code::Char('u' | 'w') if key.ctrl => self.0.clear(),
            Code::Delete => self.0.clear(),
            _ => {
                if let Some(typed) = key.typed() {
                    self.insert(typed.encode_utf8(&mut [0; 4]));
                }
            }
        }
    }

    /// Takes pasted text.
    pub(super) fn insert(&mut self, text: &str) {
        let room = LONGEST - self.0.len();
        let fits = text.char_indices().map(|(at, c)| at + c.len_utf8());
        let end = fits.take_while(|end| *end <= room).last().unwrap_or(0);
        self.0.push_str(&text[..end]);
    }

    /// The key, without blanks and quotes around it; `None` when nothing is entered.
    ///
    /// # Errors
    /// When it cannot be a key.
    pub(super) fn taken(&self) -> Result<Option<Key>, KeyFault> {
        if self.0.trim().is_empty() {
            return Ok(None);
        }
        Key::new(&self.0).map(Some)
    }

    /// True when something around the key is left out.
    pub(super) fn is_padded(&self) -> bool {
        Key::new(&self.0).is_ok_and(|key| key.expose() != *self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_takes_typing_and_pasting_and_shows_nothing() {
        let mut field = Masked::default();
        for key in ["s", "k", "x", "backspace", "left", "ctrl+a", "enter"] {
            field.key(key.parse().unwrap());
        }
        field.insert("-secret\n");
        assert_eq!(field.taken().unwrap().unwrap().expose(), "sk-secret");
        assert!(field.is_padded());
        assert_eq!(format!("{field:?}"), "Masked(…)");
        field.key("ctrl+u".parse().unwrap());
        assert_eq!((field.count(), field.taken()), (0, Ok(None)));
    }

    #[test]
    fn what_cannot_be_a_key_is_refused() {
        for (text, fault) in [
            ("a\nb", KeyFault::LineBreak),
            ("a\rb", KeyFault::LineBreak),
            ("a b", KeyFault::Blank),
            ("ä", KeyFault::Strange),
            ("a\0", KeyFault::Strange),
        ] {
            let mut field = Masked::default();
            field.insert(text);
            assert_eq!(field.taken(), Err(fault), "{text:?}");
        }
        let mut field = Masked::default();
        field.insert(&"é".repeat(LONGEST));
        assert_eq!(field.count(), LONGEST / 2);
    }
}
