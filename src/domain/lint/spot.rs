//! What is wrong with a source, by the bytes of its text: for an editor that marks it there.
//!
//! Turns lines and columns into stretches, and lends a snippet the template that it is checked
//! with. Judges nothing itself.

use super::{Gravity, lint};
use crate::domain::template::{Snippets, scan, snippet_file};
use std::ops::Range;

/// One thing that is wrong, where it is in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// The bytes it is about; at least one, unless its line is empty.
    pub range: Range<usize>,
    /// How bad it is.
    pub gravity: Gravity,
    /// In which words. What is wrong in another file begins with its name, line and column.
    pub message: String,
}

/// What a source is of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source<'s> {
    /// The template of this name.
    Template(&'s str),
    /// The snippet of this name.
    Snippet(&'s str),
}

/// Everything that is wrong with a source, in the order of its text.
pub fn spots(of: Source<'_>, text: &str, snippets: &dyn Snippets) -> Vec<Spot> {
    let (found, file) = match of {
        Source::Template(name) => {
            let file = format!("{}.md", name.rsplit('/').next().unwrap_or(name));
            (lint(name, &file, text, snippets), file)
        }
        Source::Snippet(_) if text.len() > scan::MAX_TEXT => {
            return vec![Spot {
                range: stretch(text, 0),
                gravity: Gravity::Error,
                message: "the file is longer than 256 KB; split it into snippets".to_owned(),
            }];
        }
        Source::Snippet(name) => {
            let alone = format!("{{% include \"{name}\" %}}");
            let with = Open {
                name,
                text,
                rest: snippets,
            };
            (lint("", "", &alone, &with), snippet_file(name))
        }
    };
    let mut spots: Vec<Spot> = found
        .into_iter()
        .map(|finding| {
            let problem = finding.problem;
            let here = problem.file == file;
            let (range, message) = if here {
                let at = offset(text, problem.line, problem.column);
                (stretch(text, at), problem.message)
            } else if problem.file.is_empty() {
                // Of the template that was lent.
                (stretch(text, 0), problem.message)
            } else {
                let at = included(text, &problem.file).unwrap_or(0);
                (stretch(text, at), problem.to_string())
            };
            Spot {
                range,
                gravity: finding.gravity,
                message,
            }
        })
        .collect();
    spots.sort_by_key(|spot| spot.range.start);
    spots
}

/// The snippets of a library, one of them as it is being written.
struct Open<'o> {
    name: &'o str,
    text: &'o str,
    rest: &'o dyn Snippets,
}

impl Open<'_> {
    fn is(&self, name: &str) -> bool {
        name.strip_suffix(".md").unwrap_or(name) == self.name
    }
}

impl Snippets for Open<'_> {
    fn get(&self, name: &str) -> Option<String> {
        if self.is(name) {
            return Some(self.text.to_owned());
        }
        self.rest.get(name)
    }

    fn fault(&self, name: &str) -> Option<String> {
        (!self.is(name)).then(|| self.rest.fault(name)).flatten()
    }
}

/// The byte at a line and a column, both from 1; a column beyond the line is its end.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut start = 0;
    for _ in 1..line {
        match memchr::memchr(b'\n', &text.as_bytes()[start..]) {
            Some(at) => start += at + 1,
            None => break,
        }
    }
    let mark = usize::from(line == 1 && text.starts_with('\u{feff}'));
    let rest = text[start..].split(['\n', '\r']).next().unwrap_or_default();
    let before = rest.char_indices().nth(column - 1 + mark);
    start + before.map_or(rest.len(), |(at, _)| at)
}

/// Where the snippet of a file is included, if the text says so itself.
fn included(text: &str, file: &str) -> Option<usize> {
    let name = file.strip_prefix("snippets/")?.strip_suffix(".md")?;
    let quoted = [
        format!("\"{name}\""),
        format!("'{name}'"),
        format!("\"{name}.md\""),
        format!("'{name}.md'"),
    ];
    let own = quoted.iter().find_map(|quoted| text.find(quoted));
    own.or_else(|| text.find("include").filter(|_| text.contains("{%")))
}

/// What a place is about: the word that begins there, else all up to the next space; at the end
/// of a line, what stands before it.
fn stretch(text: &str, at: usize) -> Range<usize> {
    let rest = text[at..].split(['\n', '\r']).next().unwrap_or_default();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let word = rest.chars().take_while(|c| is_part(*c));
    let word: usize = word.map(char::len_utf8).sum();
    let long = if word > 0 {
        word
    } else {
        rest.split(char::is_whitespace).next().map_or(0, str::len)
    };
    if long > 0 {
        return at..at + long;
    }
    // A space, or the end of the line: the last thing before it.
    let line = text[..at].rfind('\n').map_or(0, |end| end + 1);
    let before = text[line..at].trim_end();
    let last = before.chars().next_back().map_or(0, char::len_utf8);
    line + before.len() - last..line + before.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::template::NoSnippets;
    use proptest::prelude::*;

    struct One(&'static str, &'static str);

    impl Snippets for One {
        fn get(&self, name: &str) -> Option<String> {
            (name == self.0).then(|| self.1.to_owned())
        }
    }

    fn told(of: Source<'_>, text: &str, snippets: &dyn Snippets) -> Vec<(String, String)> {
        let found = spots(of, text, snippets);
        let words = |spot: Spot| (text[spot.range].to_owned(), spot.message);
        found.into_iter().map(words).collect()
    }

    #[test]
    fn a_problem_is_marked_at_the_words_it_is_about() {
        let text =
            "\u{feff}---\r\ninputs:\r\n  é: {}\r\n  topic: {kind: line}\r\n---\r\n{{ topc }}";
        let told = told(Source::Template("t"), text, &NoSnippets);
        let words: Vec<&str> = told.iter().map(|(words, _)| words.as_str()).collect();
        assert!(words.contains(&"kind"), "{told:?}");
        let told = told_of("{{ topic }} {{ tone | shout }}");
        assert_eq!(told[0].0, "shout", "{told:?}");
        assert!(told[0].1.starts_with("there is no filter `shout`"));
    }

    fn told_of(text: &str) -> Vec<(String, String)> {
        told(Source::Template("t"), text, &NoSnippets)
    }

    #[test]
    fn what_is_half_typed_is_told_as_what_it_is_and_once() {
        for (text, words, message) in [
            ("---\ntitle: A", "---", "front matter is not closed"),
            ("---\ninputs:\n  a: {label: A\n---\n{{ a }}", "---", ""),
            ("Write {{ to", "to", "syntax"),
            ("Write {{", "{", "syntax"),
            ("{% if a %}x", "x", "syntax"),
        ] {
            let told = told_of(text);
            assert_eq!(told.len(), 1, "{text}: {told:?}");
            assert!(told[0].1.contains(message), "{text}: {told:?}");
            assert!(text.contains(words), "{text}");
        }
    }

    #[test]
    fn a_snippet_is_checked_as_a_template_would_include_it() {
        let told = |text: &str| told(Source::Snippet("voice"), text, &One("b", "{% x %}"));
        assert_eq!(told("Plain and {{ warm }}.\n"), []);
        let wrong = told("Plain.\n{{ a | shout }}\n");
        assert_eq!(wrong.len(), 1, "{wrong:?}");
        assert_eq!(wrong[0].0, "shout");
        let round = told("Plain {% include \"voice\" %}.");
        assert!(
            round[0].1.starts_with("snippet `voice` includes itself"),
            "{round:?}"
        );
        assert_eq!(round[0].0, "\"voice\"");
        let other = told("Plain {% include \"b\" %}.");
        assert!(other[0].1.starts_with("snippets/b.md:1:"), "{other:?}");
        assert_eq!(other[0].0, "\"b\"");
    }

    #[test]
    fn a_text_too_long_to_be_read_is_told_without_reading_it() {
        let long = "word ".repeat(300_000);
        let told = told_of(&long);
        assert_eq!(told.len(), 1);
        assert!(told[0].1.contains("longer than 256 KB"), "{told:?}");
        let told = super::spots(Source::Snippet("v"), &long, &NoSnippets);
        assert!(told[0].message.contains("256 KB"), "{told:?}");
    }

    proptest! {
        #[test]
        fn every_spot_lies_in_the_text_between_characters(
            text in "(---\n)?([a-z: {}%|\"é\r\n-]|inputs|\\{\\{ | \\}\\}){0,40}"
        ) {
            for of in [Source::Template("t"), Source::Snippet("s")] {
                for spot in spots(of, &text, &NoSnippets) {
                    prop_assert!(text.get(spot.range.clone()).is_some(), "{spot:?}");
                }
            }
        }
    }
}
