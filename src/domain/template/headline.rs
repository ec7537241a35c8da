//! Title, description and tags of a template, and nothing else, as fast as a list needs them.
//!
//! Picks the three keys out of the front matter and hands only their lines to the YAML parser,
//! or to nobody when they are plain. Never fails: what cannot be read is empty.

use super::yaml;
use serde::Deserialize;
use serde::de::DeserializeOwned;

/// What a list shows of a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Headline {
    /// The title; empty when the template gives none.
    pub title: String,
    /// One line about it; may be empty.
    pub description: String,
    /// Tags, in the order written.
    pub tags: Vec<String>,
}

/// Reads the headline of a template's source.
pub fn headline(source: &str) -> Headline {
    let source = source.strip_prefix('\u{feff}').unwrap_or(source);
    let mut headline = Headline::default();
    let mut lines = Lines { rest: source };
    if lines.next().is_none_or(|line| line.trim_end() != "---") {
        return headline;
    }
    let mut closed = false;
    let mut next = lines.next();
    while let Some(line) = next {
        if line.trim_end() == "---" {
            closed = true;
            break;
        }
        let key = key_of(line);
        let start = lines.rest;
        next = lines.next();
        let mut end = start.len();
        let mut single = true;
        while key.is_some() && next.is_some_and(continues) {
            single = false;
            next = lines.next();
        }
        if let Some(next) = next {
            end = next.as_ptr() as usize - start.as_ptr() as usize;
        }
        if let Some(key) = key {
            let more = if single { "" } else { &start[..end] };
            headline.take(key, &line[key.len() + 1..], more);
        }
    }
    if closed {
        headline
    } else {
        Headline::default()
    }
}

/// A line that belongs to the key above it.
fn continues(line: &str) -> bool {
    let first = line.as_bytes().first();
    matches!(
        first,
        None | Some(b' ' | b'\t' | b'\r' | b'-' | b']' | b'}')
    ) && line.trim_end() != "---"
}

fn key_of(line: &str) -> Option<&'static str> {
    ["title", "description", "tags"].into_iter().find(|key| {
        let rest = line.strip_prefix(key);
        rest.and_then(|rest| rest.strip_prefix(':'))
            .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r']))
    })
}

struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let at = memchr::memchr(b'\n', self.rest.as_bytes());
        let line = at.map_or(self.rest, |at| &self.rest[..at]);
        self.rest = at.map_or("", |at| &self.rest[at + 1..]);
        Some(line)
    }
}

impl Headline {
    fn take(&mut self, key: &str, value: &str, more: &str) {
        match key {
            "tags" => self.tags = tags(value, more),
            "title" => self.title = text(value, more),
            _ => self.description = text(value, more),
        }
    }
}

fn text(value: &str, more: &str) -> String {
    if more.is_empty()
        && let Some(plain) = plain(value)
    {
        return plain.to_owned();
    }
    read::<Option<String>>(value, more)
        .flatten()
        .unwrap_or_default()
}

fn tags(value: &str, more: &str) -> Vec<String> {
    let list = value
        .trim()
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    if more.is_empty()
        && let Some(list) = list
    {
        let items = list
            .split(',')
            .map(|item| plain(item).filter(|tag| !tag.contains(['[', ']', '{', '}'])));
        if let Some(tags) = items.collect::<Option<Vec<_>>>() {
            return tags.into_iter().map(str::to_owned).collect();
        }
    }
    match read::<Option<Tags>>(value, more).flatten() {
        Some(Tags::Many(tags)) => tags,
        Some(Tags::One(tag)) => vec![tag],
        None => Vec::new(),
    }
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Tags {
    Many(Vec<String>),
    One(String),
}

/// A value that YAML reads as exactly these letters: it starts with one, and holds no sign that
/// could end it or make it anything but text.
fn plain(value: &str) -> Option<&str> {
    let value = value.trim_matches([' ', '\r']);
    let first = value.chars().next()?;
    let special = |c: char| c == ':' || c == '#' || c.is_control();
    let scalar = matches!(value.len(), 1..=5)
        && matches!(
            value.to_ascii_lowercase().as_str(),
            "true" | "false" | "null" | "yes" | "no" | "on" | "off" | "y" | "n" | "nan" | "inf"
        );
    (first.is_alphabetic() && !scalar && !value.contains(special)).then_some(value)
}

fn read<T: DeserializeOwned>(value: &str, more: &str) -> Option<T> {
    let yaml = format!("{value}\n{more}");
    serde_saphyr::from_str_with_options(&yaml, yaml::options()).ok()
}
