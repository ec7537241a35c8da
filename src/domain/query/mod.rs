//! What a person looks for: words and quoted phrases, and fields that narrow where to look.
//!
//! `rust "plain text" tag:blog since:2w` is one line of it. All of it has to fit. Knows no file and
//! no clock: whoever asks says what day it is. A field that does not exist is told, never ignored.

mod age;
mod needle;
mod told;

pub use age::Since;
pub use needle::{Needles, Place};

use jiff::Timestamp;

/// What can be narrowed by.
const FIELDS: [(&str, Field); 5] = [
    ("template", Field::Template),
    ("model", Field::Model),
    ("tag", Field::Tag),
    ("since", Field::Since),
    ("status", Field::Status),
];

/// A field of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Field {
    /// Its name contains this.
    Template,
    /// Its id contains this.
    Model,
    /// One of the tags begins like this.
    Tag,
    /// It was saved on this day or later.
    Since,
    /// It begins like this.
    Status,
}

/// A query as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    words: Vec<String>,
    fields: Vec<(Field, String)>,
    since: Option<Since>,
    fault: Option<String>,
}

/// What the fields of a query are held against.
#[derive(Debug, Clone, Copy)]
pub struct About<'a> {
    /// Name of its template.
    pub template: Option<&'a str>,
    /// Its model.
    pub model: Option<&'a str>,
    /// How far it is.
    pub status: Option<&'a str>,
    /// When it was saved.
    pub at: Timestamp,
}

impl Query {
    /// Reads what was typed. It need not be complete: a field without a value narrows nothing yet.
    pub fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        let mut rest = typed.trim_start();
        while !rest.is_empty() {
            let (name, value) = match field_of(rest) {
                Some((name, value)) => (Some(name), value),
                None => (None, rest),
            };
            let (text, after) = text_of(value);
            query.take(name, text);
            rest = after.trim_start();
        }
        query
    }

    fn take(&mut self, name: Option<&str>, text: &str) {
        let Some(name) = name else {
            if !text.is_empty() {
                self.words.push(text.to_owned());
            }
            return;
        };
        let known = FIELDS.iter().find(|(known, _)| *known == name);
        match known {
            _ if text.is_empty() => {}
            Some((_, Field::Since)) => match Since::parse(text) {
                Some(since) => self.since = Some(since),
                None => self.blame(format!(
                    "`since:{text}` is no time; write a day (since:2026-11-03) or an age (since:7d, 2w, 3m)"
                )),
            },
            Some((_, field)) => self.fields.push((*field, text.to_lowercase())),
            None => self.blame(format!(
                "there is no field `{name}:`; write template:, model:, tag:, since: or status:, or put text that looks like one in quotes"
            )),
        }
    }

    fn blame(&mut self, why: String) {
        self.fault.get_or_insert(why);
    }

    /// What is wrong with it, and what to write instead.
    pub fn fault(&self) -> Option<&str> {
        self.fault.as_deref()
    }

    /// Words and phrases, in order.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// True when nothing is asked for.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && !self.narrows()
    }

    /// True when a field narrows it.
    pub fn narrows(&self) -> bool {
        !self.fields.is_empty() || self.since.is_some()
    }

    /// From when on, if that was asked for.
    pub const fn since(&self) -> Option<&Since> {
        self.since.as_ref()
    }

    /// Whether nothing but tags is narrowed by, which templates have, too.
    pub fn is_about_tags(&self) -> bool {
        self.since.is_none() && self.fields.iter().all(|(field, _)| *field == Field::Tag)
    }

    /// Whether all tags that are asked for are among `tags`.
    pub fn fits_tags<'t>(&self, tags: &(impl Iterator<Item = &'t str> + Clone)) -> bool {
        self.fields
            .iter()
            .filter(|(field, _)| *field == Field::Tag)
            .all(|(_, wanted)| {
                tags.clone()
                    .any(|tag| tag.to_lowercase().starts_with(wanted.as_str()))
            })
    }

    /// Whether all other fields fit. `from` is the moment that [`since`](Self::since) means.
    pub fn fits(&self, about: &About<'_>, from: Option<Timestamp>) -> bool {
        let holds = |(field, wanted): &(Field, String)| {
            let (told, whole) = match field {
                Field::Template => (about.template, false),
                Field::Model => (about.model, false),
                Field::Status => (about.status, true),
                Field::Tag | Field::Since => return true,
            };
            let told = told.unwrap_or_default().to_lowercase();
            if whole {
                told.starts_with(wanted.as_str())
            } else {
                told.contains(wanted.as_str())
            }
        };
        from.is_none_or(|from| about.at >= from) && self.fields.iter().all(holds)
    }
}

/// The name of a field that a text begins with, and what follows its colon. A word that is only
/// followed by a colon, an address and a path of a drive are no fields.
fn field_of(text: &str) -> Option<(&str, &str)> {
    let letters = text.bytes().take_while(u8::is_ascii_lowercase).count();
    let (name, rest) = text.split_at(letters);
    let value = rest.strip_prefix(':')?;
    let known = FIELDS.iter().any(|(known, _)| *known == name);
    let follows = value.starts_with(|c: char| !c.is_whitespace() && c != '/');
    (known || letters > 1 && follows).then_some((name, value))
}

/// A word or a phrase in quotes at the start of a text, and what follows it.
fn text_of(text: &str) -> (&str, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        let end = quoted.find('"').unwrap_or(quoted.len());
        let rest = quoted[end..].strip_prefix('"').unwrap_or_default();
        return (quoted[..end].trim(), rest);
    }
    let end = text.find(char::is_whitespace).unwrap_or(text.len());
    text.split_at(end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn about(template: &'static str) -> About<'static> {
        About {
            template: Some(template),
            model: Some("gpt-6-luna"),
            status: Some("Draft"),
            at: "2026-11-20T00:00:00Z".parse().unwrap(),
        }
    }

    #[test]
    fn words_phrases_and_fields_are_told_apart() {
        let query = Query::parse(r#" rust "plain  text" tag:Blog template:"cold email" x:1 "#);
        assert_eq!(query.words(), ["rust", "plain  text", "x:1"]);
        assert_eq!(query.fault(), None);
        assert!(query.fits_tags(&["blogging", "b"].into_iter()));
        assert!(!query.fits_tags(&["log"].into_iter()));
        assert!(query.fits(&about("my cold email"), None));
        assert!(!query.fits(&about("email"), None));
    }

    #[test]
    fn a_field_that_does_not_exist_is_told() {
        let fault = |typed| Query::parse(typed).fault().map(str::to_owned);
        assert!(fault("titel:x").unwrap().contains("no field `titel:`"));
        assert!(fault("since:soon").unwrap().contains("`since:soon`"));
        for text in [
            "Re: you",
            "note: x",
            "12:30",
            "http://a",
            "\"titel:x\"",
            "tag:",
            "c:x",
            "Note:x",
            "since:",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
        assert_eq!(Query::parse("tag:").words(), [""; 0]);
        assert!(!Query::parse("tag: since:").narrows());
    }

    #[test]
    fn every_field_has_to_fit_whatever_its_capitals() {
        for (typed, fits) in [
            ("model:LUNA", true),
            ("model:luna template:blog", true),
            ("model:luna template:mail", false),
            ("status:dr", true),
            ("status:raft", false),
        ] {
            assert_eq!(
                Query::parse(typed).fits(&about("blog-post"), None),
                fits,
                "{typed}"
            );
        }
        let from: Timestamp = "2026-11-20T00:00:01Z".parse().unwrap();
        assert!(!Query::parse("x").fits(&about("a"), Some(from)));
    }

    proptest! {
        #[test]
        fn anything_can_be_typed(typed in r#"[a-z:" é"/0-9]{0,40}"#) {
            let query = Query::parse(&typed);
            prop_assert!(query.words().iter().all(|word| !word.is_empty()));
            let _ = Needles::of(&query).find(typed.as_bytes());
        }
    }
}
