//! The table `[voice]`: the person's own programs that read a text aloud and take down what is said.
//!
//! Runs nothing. What is wrong in it is told and costs only itself.

use super::file::unknown_key;
use super::providers::Whence;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What may stand in the table.
pub(super) const KEYS: [&str; 2] = ["read", "dictate"];

/// The programs, each by its words; none means that it is off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Voice {
    /// Reads aloud what comes on its stdin.
    pub read: Option<Vec<String>>,
    /// Listens, and prints what was said.
    pub dictate: Option<Vec<String>>,
}

impl Voice {
    /// The words of one of them.
    pub fn words(&self, key: &str) -> Option<&[String]> {
        let words = match key {
            "read" => &self.read,
            _ => &self.dictate,
        };
        words.as_deref()
    }

    /// Where that came from.
    pub fn whence(&self, key: &str) -> Whence {
        match self.words(key) {
            Some(_) => Whence::File,
            None => Whence::BuiltIn,
        }
    }
}

/// Reads the table; what is wrong with it comes back with its place.
pub(super) fn read(table: &DeTable<'_>) -> (Voice, Vec<(Range<usize>, String)>) {
    let (mut voice, mut wrong) = (Voice::default(), Vec::new());
    for (key, value) in table {
        let name = key.get_ref().as_ref();
        let place = match name {
            "read" => &mut voice.read,
            "dictate" => &mut voice.dictate,
            _ => {
                wrong.push((key.span(), unknown_key(name, &KEYS)));
                continue;
            }
        };
        *place = words(value.get_ref());
        if place.is_none() {
            let example = match name {
                "read" => "[\"espeak-ng\", \"--stdin\"]",
                _ => "[\"~/bin/dictate\"]",
            };
            let told = format!("`{name}` must be a program and its words, such as {example}");
            wrong.push((value.span(), told));
        }
    }
    (voice, wrong)
}

/// A program and its words; `None` for anything else.
fn words(value: &DeValue<'_>) -> Option<Vec<String>> {
    let words = value.as_array()?.iter();
    let words = words.map(|word| Some(word.get_ref().as_str()?.to_owned()));
    let words: Vec<String> = words.collect::<Option<_>>()?;
    let sound = words.iter().all(|word| !word.contains('\0'));
    let named = words.first().is_some_and(|first| !first.trim().is_empty());
    (sound && named).then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Voice, Vec<String>) {
        let table = DeTable::parse(text).unwrap();
        let (voice, wrong) = read(table.get_ref());
        (voice, wrong.into_iter().map(|(_, why)| why).collect())
    }

    #[test]
    fn programs_are_understood_by_their_words_and_off_without() {
        let (voice, wrong) = told("read = [\"say\", \"-v\", \"a b\"]\n");
        assert_eq!(voice.words("read").unwrap(), ["say", "-v", "a b"]);
        assert_eq!(voice.words("dictate"), None);
        assert_eq!(voice.whence("read"), Whence::File);
        assert_eq!(voice.whence("dictate"), Whence::BuiltIn);
        assert_eq!(wrong, [""; 0]);
    }

    /// A line for a shell is none of these: nothing is run by a shell.
    #[test]
    fn what_is_no_list_of_words_is_told_and_runs_nothing() {
        for wrong in [
            "\"say -v x\"",
            "[]",
            "[\"\"]",
            "[3]",
            "true",
            "[\"a\\u0000\"]",
        ] {
            let (voice, told) = told(&format!("dictate = {wrong}\n"));
            assert_eq!(voice, Voice::default(), "{wrong}");
            assert!(told[0].contains("a program and its words"), "{told:?}");
        }
        let (_, told) = told("speak = [\"say\"]\n");
        assert_eq!(told, ["unknown key `speak`; known are read, dictate"]);
    }
}
