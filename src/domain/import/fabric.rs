//! Patterns of fabric: a folder for each, with a `system.md`.
//!
//! fabric sends all of it as one system message with the text inside. Here it is taken apart: what
//! stands before the input is the system message, the input is the user's. Calls of plugins and
//! extensions are never made; what they would give becomes an input that a person fills in.

use super::braces::{Nested, between, is_name, scan};
use super::sketch::{Bit, Field, Kind, Sketch, Text};
use super::tree;
use super::{Given, Thing};
use serde_json::Value;
use std::collections::HashMap;

/// What patterns are for: description and tags, by name.
#[derive(Debug, Clone, Default)]
pub struct Descriptions(HashMap<String, (String, Vec<String>)>);

impl Descriptions {
    /// Reads `pattern_descriptions.json`. What it does not say, nobody knows.
    pub fn read(text: &str) -> Self {
        let all = tree::json(text).unwrap_or_default();
        let rows = all["patterns"].as_array().into_iter().flatten();
        let known = rows.filter_map(|row| {
            let name = row["patternName"].as_str()?.to_owned();
            let about = row["description"].as_str().unwrap_or_default().to_owned();
            Some((name, (about, tree::texts(row.get("tags")))))
        });
        Self(known.collect())
    }
}

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    let name = name(given);
    let sketch = Ok(sketch(given, &name));
    Thing::only(name, sketch)
}

/// A pattern is called like its folder; a file by itself, like the file.
fn name(given: &Given<'_>) -> String {
    if given.file() != "system.md" {
        return given.stem().to_owned();
    }
    let mut folders = given.path.rsplit('/').skip(1);
    folders.next().unwrap_or(given.root).to_owned()
}

fn sketch(given: &Given<'_>, name: &str) -> Sketch {
    let mut sketch = Sketch::default();
    if let Some((about, tags)) = given.hints.descriptions.0.get(name) {
        sketch.description.clone_from(about);
        sketch.tags.clone_from(tags);
    } else {
        sketch.description = purpose(given.text);
    }
    let (before, after) = split(given.text);
    let mut pattern = Pattern {
        given,
        sketch: &mut sketch,
    };
    let system = pattern.text(before);
    let mut user = after.map_or_else(Text::default, |after| pattern.text(after));
    let input = Field {
        help: "What the pattern is applied to".to_owned(),
        ..Field::input()
    };
    if system.mentions("input") {
        // The text stands among the instructions: they stay together, with the person.
        let mut body = system;
        body.append(user);
        sketch.body = body;
    } else {
        if !user.mentions("input") {
            super::messages::join(&mut user, Text::of("input"));
        }
        (sketch.system, sketch.body) = (system, user);
    }
    sketch.fields.insert(0, input);
    sketch
}

/// The instructions, and what follows the heading of the input, where there is one. A text whose
/// only `{{input}}` stands further down is cut before its line.
fn split(text: &str) -> (&str, Option<&str>) {
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let bare = line.trim().trim_start_matches('#').trim();
        let bare = bare.trim_matches('*').trim_end_matches(':').trim();
        if bare.eq_ignore_ascii_case("input") {
            let mut rest = &text[at + line.len()..];
            // Many patterns say it twice.
            let first = rest.trim_start().lines().next().unwrap_or_default();
            if first
                .trim()
                .trim_end_matches(':')
                .eq_ignore_ascii_case("input")
            {
                rest = &rest.trim_start()[first.len()..];
            }
            return (&text[..at], Some(rest));
        }
        if line
            .trim_start()
            .get(..6)
            .is_some_and(|word| word.eq_ignore_ascii_case("input:"))
        {
            let rest = line.trim_start()[6..].as_ptr() as usize - text.as_ptr() as usize;
            return (&text[..at], Some(&text[rest..]));
        }
        at += line.len();
    }
    match text.find("{{input}}") {
        Some(found) if text.matches("{{input}}").count() == 1 => {
            let line = text[..found].rfind('\n').map_or(0, |at| at + 1);
            (&text[..line], Some(&text[line..]))
        }
        _ => (text, None),
    }
}

/// The first sentence below the heading that says what a pattern is.
fn purpose(text: &str) -> String {
    let mut lines = text.lines().skip_while(|line| {
        let heading = line.trim_start_matches('#').trim();
        !(line.starts_with('#') && heading.to_lowercase().starts_with("identity"))
    });
    let first = lines.nth(1).into_iter().chain(lines);
    let said = first.map(str::trim).find(|line| !line.is_empty());
    let said = said
        .filter(|line| !line.starts_with('#'))
        .unwrap_or_default();
    let end = said.find(". ").map_or(said.len(), |at| at + 1);
    said[..end].to_owned()
}

/// A pattern being read.
struct Pattern<'p> {
    given: &'p Given<'p>,
    sketch: &'p mut Sketch,
}

impl Pattern<'_> {
    fn text(&mut self, text: &str) -> Text {
        scan(text, "{{", |here| {
            let (inner, length) = between(here, ("{{", "}}"), Nested::Passed)?;
            self.tag(inner.trim()).map(|bit| (length, bit))
        })
    }

    fn tag(&mut self, inner: &str) -> Option<Bit> {
        if self.given.is_literal(inner) {
            return None;
        }
        if let Some(call) = inner.strip_prefix("plugin:") {
            return self.plugin(call);
        }
        if inner.starts_with("ext:") {
            self.sketch.leave(format!(
                "`{{{{{inner}}}}}`: an extension is a program; it becomes an input"
            ));
            return Some(self.asked(inner, inner, Kind::Line));
        }
        // A role is given as `#role` and means `role`.
        let name = inner.strip_prefix('#').unwrap_or(inner);
        if is_name(name) && !name.contains(' ') {
            return Some(Bit::Value(name.to_owned(), None));
        }
        self.sketch.leave(format!(
            "`{{{{{inner}}}}}`: no variable, so it stays as text"
        ));
        None
    }

    /// A call of a plugin: what it changes of a variable, a filter does; what it would fetch, a
    /// person gives.
    fn plugin(&mut self, call: &str) -> Option<Bit> {
        let mut parts = call.splitn(3, ':');
        let (plugin, verb) = (parts.next()?, parts.next().unwrap_or_default());
        let value = parts.next().unwrap_or_default();
        let named = value
            .strip_prefix("{{")
            .and_then(|rest| rest.strip_suffix("}}"));
        let named = named.map(str::trim).filter(|name| is_name(name));
        let filter = match (plugin, verb) {
            ("text", "upper") => Some("upper"),
            ("text", "lower") => Some("lower"),
            ("text", "title") => Some("title"),
            ("text", "trim") => Some("trim"),
            _ => None,
        };
        if let (Some(filter), Some(name)) = (filter, named) {
            return Some(Bit::Value(name.to_owned(), Some(filter)));
        }
        if let (Some(filter), false) = (filter, value.contains("{{")) {
            return Some(Bit::Said(match filter {
                "upper" => value.to_uppercase(),
                "lower" => value.to_lowercase(),
                "trim" => value.trim().to_owned(),
                _ => value.to_owned(),
            }));
        }
        let (kind, why) = match (plugin, verb) {
            ("datetime", "today") => (Kind::Date, "it becomes an input for the day"),
            ("file", "read" | "tail") => {
                (Kind::File, "no file is read; it becomes an input for one")
            }
            ("fetch", _) => (
                Kind::Text,
                "nothing is fetched; it becomes an input for the text",
            ),
            _ => (Kind::Line, "it becomes an input"),
        };
        self.sketch.leave(format!("`{{{{plugin:{call}}}}}`: {why}"));
        let name = if value.is_empty() || value.contains("{{") {
            format!("{plugin} {verb}")
        } else {
            format!("{plugin} {verb} {value}")
        };
        Some(self.asked(&name, call, kind))
    }

    /// An input for what fabric would find out by itself.
    fn asked(&mut self, called: &str, label: &str, kind: Kind) -> Bit {
        let name = called.replace(':', " ");
        self.sketch.field(Field {
            kind,
            label: label.to_owned(),
            help: "fabric found this out by itself".to_owned(),
            ..Field::line(&name)
        });
        Bit::Value(name, None)
    }
}

/// Whether JSON is the file that lists what patterns are for.
pub(super) fn is_description(value: &Value) -> bool {
    value.get("patterns").is_some_and(Value::is_array)
}
