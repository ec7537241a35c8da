//! Sentences that name keys: they name the keys in force.
//!
//! Sentences are written with the keys of the table, or with `{name}` for the key of a row; what
//! a person sees has the key that the settings give instead.

use super::Keymap;
use super::bound::{named, usual};
use crate::app::command::{Command, Entry, Scope, TABLE};
use crate::app::key::Key;
use std::borrow::Cow;

impl Keymap {
    /// A sentence in which each key of the table that counts everywhere is the one in force.
    pub fn told<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut told = Cow::Borrowed(text);
        for (key, instead) in &self.instead {
            if let Some(better) = replaced(&told, key, instead) {
                told = Cow::Owned(better);
            }
        }
        told
    }

    /// What sentences say instead of a key of the table that counts everywhere no more, found
    /// once: sentences are told in each frame.
    pub(super) fn find_instead(&mut self) {
        let rows = TABLE.iter().filter(|it| it.scope == Scope::Anywhere);
        let changed = rows.filter(|it| self.keys(it) != usual(it));
        let gone = changed.flat_map(|entry| {
            let keys = entry.keys.iter().copied();
            let keys = keys.filter(|key| key.len() > 1 && *key != "esc");
            let gone =
                keys.filter(|key| !self.keys(entry).iter().any(|it| it.to_string() == **key));
            gone.map(|key| (key, self.in_words(entry)))
        });
        self.instead = gone.collect();
    }

    /// The key of the row with this name that is a character, else its first one.
    pub fn letter(&self, name: &str) -> String {
        let keys = named(name).map_or(&[][..], |entry| self.keys(entry));
        let letter = keys.iter().find(|key| key.typed().is_some());
        letter
            .or(keys.first())
            .map_or_else(String::new, Key::to_string)
    }

    /// The same sentence, where `{name}` stands for the key of the row with that name.
    pub fn spelled(&self, text: &str) -> String {
        let told = self.told(text);
        let mut out = String::with_capacity(told.len());
        let mut rest = told.as_ref();
        while let Some((before, after)) = rest.split_once('{') {
            out.push_str(before);
            let stands = after.split_once('}');
            let stands = stands.and_then(|(name, behind)| Some((named(name)?, behind)));
            if let Some((entry, behind)) = stands {
                out.push_str(&self.in_words(entry));
                rest = behind;
            } else {
                out.push('{');
                rest = after;
            }
        }
        out + rest
    }

    /// The key of a row, or how it is found without one.
    fn in_words(&self, entry: &Entry) -> String {
        let key = self.key(entry);
        if key.is_empty() {
            format!("“{}” in {}", entry.title, self.key_of(Command::Palette))
        } else {
            key
        }
    }
}

/// The text with another word for a key, where that stands by itself; `None` where it does not.
fn replaced(text: &str, key: &str, instead: &str) -> Option<String> {
    let part = |c: char| c.is_alphanumeric() || c == '+';
    let stands = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + key.len()..].chars().next();
        !before.is_some_and(part) && !after.is_some_and(part)
    };
    let mut out = String::new();
    let mut from = 0;
    for (at, _) in text.match_indices(key).filter(|(at, _)| stands(*at)) {
        out.push_str(&text[from..at]);
        out.push_str(instead);
        from = at + key.len();
    }
    (from > 0).then(|| out + &text[from..])
}
