//! Texts that a person has, as the sources of templates and snippets.
//!
//! What is written there is printed as it stands: whatever looks like a tag is escaped. Words that
//! a person points at become inputs, wherever they stand.

use super::sketch::{Bit, Field, Kind, Sketch, Text};
use super::{tree, writing};
use crate::domain::prompt::Example;

/// Characters of an example that the help line of an input has room for.
const EXAMPLE: usize = 80;

/// Words of a text that become an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blank {
    /// The name of the input.
    pub name: String,
    /// The words it stands for.
    pub words: String,
}

/// What a template is made of.
#[derive(Debug, Clone, Copy)]
pub struct Material<'m> {
    /// What it is to be called.
    pub title: &'m str,
    /// The system message.
    pub system: Option<&'m str>,
    /// Pairs that show the model what is wanted.
    pub examples: &'m [Example],
    /// The user message.
    pub body: &'m str,
}

/// The source of a template that renders to this, with an input in place of the words of each blank.
///
/// # Errors
/// When there is no text, or it is too long for one template.
pub fn of_material(material: Material<'_>, blanks: &[Blank]) -> Result<String, String> {
    let text = |text: &str| filled(&tree::normal(text), blanks);
    let body = text(material.body);
    if body.is_blank() {
        return Err("there is no text to make it of".to_owned());
    }
    let pair = |pair: &Example| (text(&pair.user), text(&pair.assistant));
    let field = |blank: &Blank| Field {
        kind: if blank.words.contains('\n') {
            Kind::Text
        } else {
            Kind::Line
        },
        help: example(&blank.words),
        ..Field::line(&blank.name)
    };
    let sketch = Sketch {
        title: material.title.to_owned(),
        description: "What it is for, in one line.".to_owned(),
        system: material.system.map(text).unwrap_or_default(),
        examples: material.examples.iter().map(pair).collect(),
        body,
        fields: blanks.iter().map(field).collect(),
        ..Sketch::default()
    };
    sketch.finish("new").map(|(source, ..)| source)
}

/// The source of a snippet that renders to this text.
pub fn of_snippet(text: &str) -> String {
    let mut out = writing::escaped(tree::normal(text).trim());
    out.push('\n');
    out
}

/// How often words stand in a text, by themselves and not as a part of others.
pub fn places(text: &str, words: &str) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(found) = text[at..].find(words).filter(|_| !words.is_empty()) {
        let start = at + found;
        if stands_alone(text, start, words) {
            count += 1;
            at = start + words.len();
        } else {
            at = start + text[start..].chars().next().map_or(1, char::len_utf8);
        }
    }
    count
}

/// Whether the words at a place are not the rest or the beginning of a longer one.
fn stands_alone(text: &str, at: usize, words: &str) -> bool {
    let joins = |one: Option<char>, other: Option<char>| {
        let both = one.zip(other);
        both.is_some_and(|(one, other)| one.is_alphanumeric() && other.is_alphanumeric())
    };
    let before = text[..at].chars().next_back();
    let after = text[at + words.len()..].chars().next();
    !joins(before, words.chars().next()) && !joins(words.chars().next_back(), after)
}

/// A text with a variable wherever the words of a blank stand; of those that begin at one place,
/// the longest.
fn filled(text: &str, blanks: &[Blank]) -> Text {
    let mut blanks: Vec<&Blank> = blanks.iter().filter(|it| !it.words.is_empty()).collect();
    blanks.sort_by_key(|blank| std::cmp::Reverse(blank.words.len()));
    let mut out = Text::default();
    let (mut said, mut at) = (0, 0);
    while let Some(next) = text[at..].chars().next() {
        let here = blanks.iter().find(|blank| {
            text[at..].starts_with(&blank.words) && stands_alone(text, at, &blank.words)
        });
        if let Some(blank) = here {
            out.said(&text[said..at]);
            out.push(Bit::Value(blank.name.clone(), None));
            at += blank.words.len();
            said = at;
        } else {
            at += next.len_utf8();
        }
    }
    out.said(&text[said..]);
    out
}

fn example(words: &str) -> String {
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= EXAMPLE {
        return format!("Such as: {line}");
    }
    let start: String = line.chars().take(EXAMPLE - 1).collect();
    format!("Such as: {}…", start.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::{Brief, Value};
    use crate::domain::render::render;
    use crate::domain::template::{NoSnippets, Snippets, Template};
    use proptest::prelude::*;

    fn blank(name: &str, words: &str) -> Blank {
        Blank {
            name: name.to_owned(),
            words: words.to_owned(),
        }
    }

    fn source(body: &str, blanks: &[Blank]) -> String {
        let material = Material {
            title: "T",
            system: Some("Be {{ kind }}."),
            examples: &[],
            body,
        };
        of_material(material, blanks).unwrap()
    }

    /// What the source renders to with its words given back.
    fn sent(source: &str, blanks: &[Blank]) -> String {
        let mut template = Template::parse("t", "t.md", source).unwrap();
        template.infer(&NoSnippets).unwrap();
        let given = |blank: &Blank| (blank.name.clone(), Value::Text(blank.words.clone()));
        let brief: Brief = blanks.iter().map(given).collect();
        let rendered = render(&template, &brief, &NoSnippets).unwrap();
        assert_eq!(rendered.prompt.system.as_deref(), Some("Be {{ kind }}."));
        rendered.prompt.user
    }

    #[test]
    fn words_become_inputs_where_they_stand_by_themselves() {
        let text = "Rust apps: why Rust apps rust. Rusty apps, {{ Rust }} {% raw %}.";
        let blanks = [blank("topic", "Rust apps"), blank("language", "Rust")];
        let source = source(text, &blanks);
        assert!(
            source.contains("{{ topic }}: why {{ topic }} rust. Rusty apps"),
            "{source}"
        );
        assert!(source.contains("Such as: Rust apps"), "{source}");
        assert_eq!(sent(&source, &blanks), text);
        assert_eq!((places(text, "Rust apps"), places(text, "Rust")), (2, 3));
        assert_eq!(
            (places("ééé", "é"), places("é é", "é"), places("a", "")),
            (0, 2, 0)
        );
    }

    #[test]
    fn a_snippet_renders_to_the_text_it_was_made_of() {
        struct One(String);
        impl Snippets for One {
            fn get(&self, _: &str) -> Option<String> {
                Some(self.0.clone())
            }
        }
        let text = "Say {{ this }}, {% that %} and {# those #} {";
        let shelf = One(of_snippet(text));
        let template = Template::parse("t", "t", "{% include \"s\" %}.").unwrap();
        let rendered = render(&template, &Brief::default(), &shelf).unwrap();
        assert_eq!(rendered.prompt.user.trim_end_matches('.').trim_end(), text);
    }

    #[test]
    fn a_text_of_nothing_makes_no_template() {
        let material = Material {
            title: "T",
            system: None,
            examples: &[],
            body: " \n ",
        };
        assert!(of_material(material, &[]).is_err());
    }

    proptest! {
        #[test]
        fn a_template_made_of_a_text_renders_to_it(
            text in "[a-c{}%# \"'\\\\é\n]{1,60}", words in "[a-c{%#]{1,3}"
        ) {
            prop_assume!(!text.trim().is_empty());
            let blanks = if places(&text, &words) > 0 { vec![blank("x", &words)] } else { vec![] };
            let source = source(&text, &blanks);
            let sent = sent(&source, &blanks);
            prop_assert_eq!(sent.trim(), text.trim());
        }
    }
}
