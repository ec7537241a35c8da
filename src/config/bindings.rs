//! The table `[keys]`: keys by the name of the command, as they are written.
//!
//! Knows no command and no key; what they mean, and which of them get in each other's way, is
//! `app::keymap`'s to say. Keeps for that where each of them stands.

use super::file::{differences, place};
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// Keys of commands, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Bindings(pub Vec<Binding>);

/// The keys of one command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binding {
    /// The command's name.
    pub command: String,
    /// Where that stands: file, line and column.
    pub place: String,
    /// Its keys, each with its place; none means that it has none.
    pub keys: Vec<(String, String)>,
}

/// Reads the table of a file; what is no key comes back with its place in the text.
pub(super) fn read(
    (path, text): (&str, &str),
    table: &DeTable<'_>,
) -> (Bindings, Vec<(Range<usize>, String)>) {
    let at = |span: Range<usize>| {
        place(path, text, span, "")
            .trim_end_matches(": ")
            .to_owned()
    };
    let (mut bindings, mut wrong) = (Vec::new(), Vec::new());
    for (name, value) in table {
        let mut refuse = |span| {
            let wanted = "the name of a key such as \"ctrl+g\", a list of them, or [] for none";
            wrong.push((span, format!("`{}` must be {wanted}", name.get_ref())));
        };
        let mut keys = Vec::new();
        match value.get_ref() {
            DeValue::String(key) => keys.push((key.to_string(), at(value.span()))),
            DeValue::Array(several) => {
                for key in several {
                    match key.get_ref() {
                        DeValue::String(text) => keys.push((text.to_string(), at(key.span()))),
                        _ => refuse(key.span()),
                    }
                }
                if keys.is_empty() && !several.is_empty() {
                    continue;
                }
            }
            _ => {
                refuse(value.span());
                continue;
            }
        }
        bindings.push((
            name.span().start,
            Binding {
                command: name.get_ref().to_string(),
                place: at(name.span()),
                keys,
            },
        ));
    }
    bindings.sort_by_key(|(start, _)| *start);
    wrong.sort_by_key(|(span, _): &(Range<usize>, String)| span.start);
    let bindings = bindings.into_iter().map(|(_, binding)| binding).collect();
    (Bindings(bindings), wrong)
}

/// The name that was most likely meant by a word, when one is near.
pub fn nearest<'n>(word: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let most = (word.chars().count() / 3).clamp(1, 3);
    let far = names.map(|name| (differences(word, name), name));
    let (_, name) = far.filter(|(far, _)| *far <= most).min()?;
    Some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_a_list_and_none_are_understood_with_their_places() {
        let text = "save = \"F12\"\nquit = [ \"ctrl+q\", 3 ]\nzoom = []\nfind = true\n";
        let table = DeTable::parse(text).unwrap();
        let (Bindings(read), wrong) = read(("c", text), table.get_ref());
        let names: Vec<_> = read.iter().map(|it| it.command.as_str()).collect();
        assert_eq!(names, ["save", "quit", "zoom"]);
        assert_eq!(read[0].keys, [("F12".to_owned(), "c:1:8".to_owned())]);
        assert_eq!(read[1].keys, [("ctrl+q".to_owned(), "c:2:10".to_owned())]);
        assert_eq!((read[2].place.as_str(), read[2].keys.len()), ("c:3:1", 0));
        assert_eq!(wrong.len(), 2);
        assert!(wrong[1].1.starts_with("`find` must be the name of a key"));
    }

    #[test]
    fn the_nearest_name_is_near() {
        let names = || ["generate", "save", "regenerate"].into_iter();
        assert_eq!(nearest("genrate", names()), Some("generate"));
        assert_eq!(nearest("sav", names()), Some("save"));
        assert_eq!(nearest("frobnicate", names()), None);
    }
}
