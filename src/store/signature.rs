//! Signatures: a few bytes for each text that tell of most words that they cannot stand in it.
//!
//! Every three letters in a row set a bit; a word can only be where all of its bits are. So a search
//! need not open most files. Never says no to a word that is there, whatever its capitals. Holds only
//! as long as the stamp of its file, and lives in the cache, which may be deleted at any time.

use crate::domain::query::Query;
use memchr::memmem;

/// Bytes of a text for each byte of its signature, at most and about: half of the bits stay free.
const SHARE: usize = 16;
/// Smallest and largest signature, in bytes; each is a power of two.
const LEAST: usize = 32;
const MOST: usize = 16 * 1024;
/// Letters that only look otherwise than `s` and `k` where capitals do not count.
const LONG_S: &str = "\u{17f}";
const KELVIN: &str = "\u{212a}";

/// The signature of a text.
pub(super) fn of(text: &[u8]) -> Vec<u8> {
    let odd = [LONG_S, KELVIN]
        .iter()
        .any(|odd| memmem::find(text, odd.as_bytes()).is_some());
    if odd {
        let plain = replaced(&replaced(text, LONG_S, b's'), KELVIN, b'k');
        return signed(&plain);
    }
    signed(text)
}

fn signed(text: &[u8]) -> Vec<u8> {
    let size = (text.len() / SHARE).next_power_of_two().clamp(LEAST, MOST);
    let mut signature = vec![0; size];
    let mut letters = 0;
    for (place, byte) in text.iter().enumerate() {
        letters = (letters << 8 | u32::from(byte.to_ascii_lowercase())) & 0x00ff_ffff;
        if place >= 2 {
            let (at, bit) = place_of(hash(letters), size);
            signature[at] |= bit;
        }
    }
    signature
}

fn replaced(text: &[u8], odd: &str, by: u8) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut from = 0;
    for at in memmem::find_iter(text, odd.as_bytes()) {
        plain.extend_from_slice(&text[from..at]);
        plain.push(by);
        from = at + odd.len();
    }
    plain.extend_from_slice(&text[from..]);
    plain
}

fn hash(letters: u32) -> u32 {
    letters.wrapping_mul(0x9e37_79b1)
}

/// The byte and the bit in it that stand for a hash in a signature of this size, a power of two.
const fn place_of(hash: u32, size: usize) -> (usize, u8) {
    let bit = hash >> (29 - size.trailing_zeros());
    ((bit / 8) as usize, 1 << (bit % 8))
}

/// The words of a query, ready to be held against signatures.
#[derive(Debug, Clone, Default)]
pub(super) struct Sought(Vec<u32>);

impl Sought {
    /// What a text has to have for a query to be in it. Only plain letters count: others have forms
    /// that differ in every byte.
    pub(super) fn of(query: &Query) -> Self {
        let parts = query
            .words()
            .iter()
            .flat_map(|word| word.split_whitespace());
        let mut hashes: Vec<u32> = parts
            .flat_map(|part| part.as_bytes().windows(3))
            .filter(|letters| letters.is_ascii())
            .map(|letters| {
                let letters = letters.iter().map(u8::to_ascii_lowercase);
                hash(letters.fold(0, |all, letter| all << 8 | u32::from(letter)))
            })
            .collect();
        hashes.sort_unstable();
        hashes.dedup();
        Self(hashes)
    }

    /// Whether a text with this signature may say it. One without a signature may say anything.
    pub(super) fn may_be_in(&self, signature: &[u8]) -> bool {
        let size = signature.len();
        if !size.is_power_of_two() || !(LEAST..=MOST).contains(&size) {
            return true;
        }
        self.0.iter().all(|hash| {
            let (at, bit) = place_of(*hash, size);
            signature[at] & bit != 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::query::Needles;
    use proptest::prelude::*;

    fn may(typed: &str, text: &str) -> bool {
        Sought::of(&Query::parse(typed)).may_be_in(&of(text.as_bytes()))
    }

    #[test]
    fn a_word_that_is_not_there_is_told_as_a_rule_and_short_ones_never() {
        let text = "The harbour opens the ledger before anyone asks. ".repeat(60);
        assert!(may("harbour", &text) && may("ANYONE ledger", &text) && may("our ope", &text));
        assert!(!may("zanzibar", &text) && !may("harbour zanzibar", &text));
        assert!(may("zz", &text) && may("", &text) && may("\u{e9}t\u{e9}", &text));
        assert!(Sought::of(&Query::parse("zanzibar")).may_be_in(&[]));
        assert!(Sought::of(&Query::parse("zanzibar")).may_be_in(&[0; 33]));
    }

    #[test]
    fn letters_that_only_look_otherwise_are_the_same() {
        assert!(may("last", "the la\u{17f}t one") && may("kelvin", "300 \u{212a}elvin"));
    }

    #[test]
    fn half_of_the_bits_of_plain_prose_stay_free() {
        let sentence = "Each line of prose says other things than the one before it did, 1234. ";
        let text: String = (0..40)
            .map(|at| sentence.replace("1234", &(at * 7919).to_string()))
            .collect();
        let set: u32 = of(text.as_bytes())
            .iter()
            .map(|byte| byte.count_ones())
            .sum();
        assert!(set as usize * 2 < of(text.as_bytes()).len() * 8, "{set}");
    }

    proptest! {
        #[test]
        fn what_is_found_is_never_ruled_out(
            text in "[a-fA-FkKsS\u{17f}\u{212a}\u{e9}\u{c9} \n]{0,80}",
            typed in "[a-fA-FkKsS\u{e9} \"]{0,8}",
        ) {
            let query = Query::parse(&typed);
            if Needles::of(&query).find(text.as_bytes()).is_some() {
                prop_assert!(Sought::of(&query).may_be_in(&of(text.as_bytes())));
            }
        }

        #[test]
        fn a_part_of_a_text_is_never_ruled_out(text in "\\PC{0,300}", at in any::<prop::sample::Index>(), length in 1..12_usize) {
            let letters: Vec<char> = text.chars().collect();
            if !letters.is_empty() {
                let from = at.index(letters.len());
                let part: String = letters.iter().skip(from).take(length).collect();
                let query = Query::parse(&format!("\"{}\"", part.replace('"', " ")));
                if Needles::of(&query).find(text.as_bytes()).is_some() {
                    prop_assert!(Sought::of(&query).may_be_in(&of(text.as_bytes())));
                }
            }
        }
    }
}
