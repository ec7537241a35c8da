//! The table `[variants]` of the config file: how many requests for variants go out at once.
//!
//! What is wrong in it is told and costs only itself. Never says how many variants are wanted:
//! that is for a template, a flag or a key.

use super::file::unknown_key;
use super::providers::Whence;
use std::ops::{Range, RangeInclusive};
use toml::de::{DeTable, DeValue};

/// What may stand in the table.
pub(super) const KEYS: [&str; 1] = ["at_once"];

/// How many requests may be under way together.
const BOUNDS: RangeInclusive<u8> = 1..=16;

/// How variants are asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variants {
    /// Requests that are under way together; the others wait for their turn.
    pub at_once: u8,
    /// Where that came from.
    pub whence: Whence,
}

impl Default for Variants {
    fn default() -> Self {
        Self {
            at_once: 4,
            whence: Whence::BuiltIn,
        }
    }
}

/// Reads the table; what is wrong with it comes back with its place.
pub(super) fn read(table: &DeTable<'_>) -> (Variants, Vec<(Range<usize>, String)>) {
    let (mut variants, mut wrong) = (Variants::default(), Vec::new());
    for (key, value) in table {
        if key.get_ref() != KEYS[0] {
            wrong.push((key.span(), unknown_key(key.get_ref(), &KEYS)));
            continue;
        }
        match number(value.get_ref()).filter(|number| BOUNDS.contains(number)) {
            Some(at_once) => {
                variants = Variants {
                    at_once,
                    whence: Whence::File,
                }
            }
            None => wrong.push((
                value.span(),
                format!(
                    "`at_once` must be a whole number from {} to {}",
                    BOUNDS.start(),
                    BOUNDS.end()
                ),
            )),
        }
    }
    (variants, wrong)
}

fn number(value: &DeValue<'_>) -> Option<u8> {
    let number = value.as_integer()?;
    u8::from_str_radix(number.as_str(), number.radix()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_out_of_bounds_is_told_and_the_usual_one_holds() {
        for (text, at_once, told) in [
            ("at_once = 2", 2, None),
            ("at_once = 0", 4, Some("from 1 to 16")),
            ("at_once = 17", 4, Some("from 1 to 16")),
            ("at_once = \"3\"", 4, Some("a whole number")),
            (
                "atonce = 3",
                4,
                Some("unknown key `atonce`; known are at_once"),
            ),
        ] {
            let table = DeTable::parse(text).unwrap();
            let (variants, wrong) = read(table.get_ref());
            assert_eq!(variants.at_once, at_once, "{text}");
            assert_eq!(wrong.len(), usize::from(told.is_some()), "{text}");
            assert!(
                told.is_none_or(|told| wrong[0].1.contains(told)),
                "{text}: {wrong:?}"
            );
        }
    }
}
