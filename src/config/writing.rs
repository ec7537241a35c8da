//! The table `[editor]`: how a person likes to write.
//!
//! What is wrong in it is told and costs only itself.

use super::file::unknown_key;
use super::providers::Whence;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

pub(super) const KEYS: [&str; 3] = ["focus", "typewriter", "keys"];

/// Which keys the Editor has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Keys {
    /// Those of most editors: what is typed is text.
    #[default]
    Default,
    /// Those of vim: modes, motions, operators.
    Vim,
}

impl Keys {
    /// Its name in the file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Vim => "vim",
        }
    }
}

/// How a person likes to write.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Writing {
    /// All but the paragraph of the cursor is dimmed.
    pub focus: bool,
    /// The row of the cursor stays in the middle.
    pub typewriter: bool,
    /// Which keys the Editor has.
    pub keys: Keys,
    /// The keys of the table that the file has.
    given: Vec<&'static str>,
}

impl Writing {
    /// Where a setting came from.
    pub fn whence(&self, key: &str) -> Whence {
        if self.given.contains(&key) {
            Whence::File
        } else {
            Whence::BuiltIn
        }
    }
}

/// Reads the table; what is wrong with it comes back with its place.
pub(super) fn read(table: &DeTable<'_>) -> (Writing, Vec<(Range<usize>, String)>) {
    let (mut writing, mut wrong) = (Writing::default(), Vec::new());
    for (key, value) in table {
        let Some(known) = KEYS.into_iter().find(|known| *known == key.get_ref()) else {
            wrong.push((key.span(), unknown_key(key.get_ref(), &KEYS)));
            continue;
        };
        let understood = match (known, value.get_ref()) {
            ("focus", DeValue::Boolean(on)) => {
                writing.focus = *on;
                true
            }
            ("typewriter", DeValue::Boolean(on)) => {
                writing.typewriter = *on;
                true
            }
            ("keys", DeValue::String(name)) => match name.as_ref() {
                "vim" => {
                    writing.keys = Keys::Vim;
                    true
                }
                name => name == "default",
            },
            _ => false,
        };
        if understood {
            writing.given.push(known);
        } else {
            let wanted = match known {
                "keys" => "\"default\" or \"vim\"",
                _ => "true or false",
            };
            wrong.push((value.span(), format!("`{known}` must be {wanted}")));
        }
    }
    (writing, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (Writing, Vec<String>) {
        let table = DeTable::parse(text).unwrap();
        let (writing, wrong) = read(table.get_ref());
        (writing, wrong.into_iter().map(|(_, why)| why).collect())
    }

    #[test]
    fn the_table_is_understood() {
        let (writing, wrong) = told("focus = true\nkeys = \"vim\"\n");
        assert!(writing.focus && !writing.typewriter && wrong.is_empty());
        assert_eq!(writing.keys, Keys::Vim);
        assert_eq!(writing.whence("keys"), Whence::File);
        assert_eq!(writing.whence("typewriter"), Whence::BuiltIn);
    }

    #[test]
    fn what_is_wrong_costs_only_itself() {
        let (writing, wrong) = told("focus = 1\ntypewriter = true\nkeys = \"emacs\"\nwrap = 3\n");
        assert!(writing.typewriter && !writing.focus);
        assert_eq!(writing.keys, Keys::Default);
        assert_eq!(
            wrong,
            [
                "`focus` must be true or false",
                "`keys` must be \"default\" or \"vim\"",
                "unknown key `wrap`; known are focus, typewriter, keys",
            ]
        );
    }
}
