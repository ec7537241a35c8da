//! `[refine]` of the config file: the tones and languages that are offered for a part of a draft.
//!
//! Whatever is wrong here is told and costs only itself. Never says where anything is sent.

use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// What may stand in the table.
pub(super) const KEYS: [&str; 2] = ["tones", "languages"];

/// Longest name of a tone or a language, in characters.
const LONGEST: usize = 60;

/// What is offered; anything else can be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refine {
    /// Tones.
    pub tones: Vec<String>,
    /// Languages.
    pub languages: Vec<String>,
    /// Which of the two the file gives.
    pub given: [bool; 2],
}

impl Default for Refine {
    fn default() -> Self {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Self {
            tones: owned(&[
                "friendlier",
                "more formal",
                "more direct",
                "more confident",
                "warmer",
                "more matter-of-fact",
                "more playful",
            ]),
            languages: owned(&[
                "English",
                "German",
                "French",
                "Spanish",
                "Italian",
                "Portuguese (Brazil)",
                "Dutch",
                "Polish",
                "Ukrainian",
                "Turkish",
                "Arabic",
                "Hindi",
                "Chinese (simplified)",
                "Japanese",
                "Korean",
            ]),
            given: [false; 2],
        }
    }
}

/// Reads the table; beside it what is passed over, and where.
pub(super) fn read(table: &DeTable<'_>) -> (Refine, Vec<(Range<usize>, String)>) {
    let mut refine = Refine::default();
    let mut odd = Vec::new();
    for (key, value) in table {
        let list = match key.get_ref().as_ref() {
            "tones" => &mut refine.tones,
            "languages" => &mut refine.languages,
            unknown => {
                odd.push((key.span(), super::file::unknown_key(unknown, &KEYS)));
                continue;
            }
        };
        if let Some(names) = names(value.get_ref()) {
            *list = names;
            let place = KEYS
                .iter()
                .position(|known| *known == key.get_ref().as_ref());
            refine.given[place.unwrap_or(0)] = true;
        } else {
            let told = format!(
                "`{}` must be a list of names, such as [\"one\", \"two\"]",
                key.get_ref()
            );
            odd.push((value.span(), told));
        }
    }
    (refine, odd)
}

fn names(value: &DeValue<'_>) -> Option<Vec<String>> {
    let names = value.as_array()?.iter().map(|name| {
        let name = name.get_ref().as_str()?.trim();
        let good = !name.is_empty() && name.chars().count() <= LONGEST && !name.contains('\n');
        good.then(|| name.to_owned())
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refine(text: &str) -> (Refine, Vec<String>) {
        let tree = DeTable::parse(text).unwrap();
        let (refine, odd) = read(tree.get_ref());
        (refine, odd.into_iter().map(|(_, told)| told).collect())
    }

    #[test]
    fn what_is_given_takes_the_place_of_what_is_built_in() {
        let (given, odd) = refine("tones = [\" dry \", \"drier\"]");
        assert_eq!(
            (given.tones, odd),
            (vec!["dry".into(), "drier".into()], vec![])
        );
        assert_eq!(given.languages, Refine::default().languages);
        assert_eq!(given.given, [true, false]);
        assert!(refine("languages = []").0.languages.is_empty());
    }

    #[test]
    fn what_cannot_be_meant_is_told_and_costs_only_itself() {
        for (text, told) in [
            ("tones = \"dry\"", "`tones` must be a list"),
            ("tones = [1]", "`tones` must be a list"),
            ("languages = [\" \"]", "`languages` must be a list"),
            ("tone = [\"dry\"]", "unknown key `tone`"),
        ] {
            let (given, odd) = refine(text);
            assert!(odd[0].starts_with(told), "{odd:?}");
            assert_eq!(given, Refine::default());
        }
    }
}
