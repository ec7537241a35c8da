//! Prompts that Open WebUI exports: JSON with `{{name | type:property="…"}}` in the text.
//!
//! Their types are ours where we have them; the others become lines.

use super::braces::{is_name, scan};
use super::sketch::{Bit, Field, Kind, Sketch};
use super::tree;
use super::{Given, Thing};
use serde_json::Value;

/// What Open WebUI knows by itself, and what it is called here.
const KNOWN: [(&str, &str, &str, Kind); 9] = [
    ("CLIPBOARD", "clipboard", "What you copied", Kind::Text),
    ("CURRENT_DATE", "current_date", "Today", Kind::Date),
    (
        "CURRENT_DATETIME",
        "current_datetime",
        "Date and time",
        Kind::Line,
    ),
    ("CURRENT_TIME", "current_time", "Time of day", Kind::Line),
    (
        "CURRENT_TIMEZONE",
        "current_timezone",
        "Time zone",
        Kind::Line,
    ),
    (
        "CURRENT_WEEKDAY",
        "current_weekday",
        "Day of the week",
        Kind::Line,
    ),
    ("USER_NAME", "user_name", "Your name", Kind::Line),
    (
        "USER_LANGUAGE",
        "user_language",
        "Your language",
        Kind::Line,
    ),
    ("USER_LOCATION", "user_location", "Your place", Kind::Line),
];

/// How far a variable is looked for its end, in bytes.
const REACH: usize = 8192;

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    let prompts = match tree::json(given.text) {
        Ok(Value::Array(all)) => all,
        Ok(one) => vec![one],
        Err(why) => return Thing::only(String::new(), Err(why)),
    };
    let things = prompts.iter().enumerate().map(|(at, prompt)| {
        let word = |key: &str| prompt.get(key).and_then(Value::as_str).unwrap_or_default();
        let name = [word("command"), word("title"), word("name"), given.stem()];
        let name = name.into_iter().find(|name| !name.trim().is_empty());
        Thing {
            name: name.unwrap_or_default().trim_start_matches('/').to_owned(),
            at: format!("prompt {}", at + 1),
            sketch: sketch(given, prompt),
        }
    });
    things.collect()
}

fn sketch(given: &Given<'_>, prompt: &Value) -> Result<Sketch, String> {
    let Value::Object(keys) = prompt else {
        return Err(format!(
            "a prompt must be a mapping, not {}",
            tree::what(prompt)
        ));
    };
    let title = match tree::text(keys, "title")? {
        Some(title) => Some(title),
        None => tree::text(keys, "name")?,
    };
    let Some(content) = tree::text(keys, "content")?.filter(|text| !text.trim().is_empty()) else {
        return Err("it has no `content`".to_owned());
    };
    let mut sketch = Sketch {
        title: title.unwrap_or_default(),
        tags: tree::texts(keys.get("tags")),
        ..Sketch::default()
    };
    sketch.body = scan(&content, "{{", |here| {
        let (inner, length) = inside(here)?;
        let bit = variable(&mut sketch, given, inner.trim())?;
        Some((length, bit))
    });
    Ok(sketch)
}

/// What stands in the braces at the start of a text; a quoted brace ends nothing.
fn inside(here: &str) -> Option<(&str, usize)> {
    let mut quoted = false;
    let mut escaped = false;
    let bytes = here.as_bytes();
    let mut at = 2;
    while at < bytes.len().min(REACH) {
        match bytes[at] {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'{' if !quoted && bytes[at - 1] == b'{' && at > 2 => return None,
            b'}' if !quoted && bytes.get(at + 1) == Some(&b'}') => {
                return Some((&here[2..at], at + 2));
            }
            _ => {}
        }
        at += 1;
    }
    None
}

fn variable(sketch: &mut Sketch, given: &Given<'_>, inner: &str) -> Option<Bit> {
    let (name, typed) = match inner.split_once('|') {
        Some((name, typed)) => (name.trim(), Some(typed.trim())),
        None => (inner, None),
    };
    if given.is_literal(name) {
        return None;
    }
    if let Some((_, ours, label, kind)) = KNOWN.into_iter().find(|(known, ..)| *known == name) {
        sketch.leave(format!(
            "`{{{{{name}}}}}`: Open WebUI fills it in; here it is an input"
        ));
        sketch.field(Field {
            label: label.to_owned(),
            kind,
            ..Field::line(ours)
        });
        return Some(Bit::Value(ours.to_owned(), None));
    }
    if !is_name(name) {
        let shown: String = inner.chars().take(60).collect();
        sketch.leave(format!(
            "`{{{{{shown}}}}}`: no variable, so it stays as text"
        ));
        return None;
    }
    let kind = typed.map(|typed| typed.split(':').next().unwrap_or_default().trim());
    if kind.is_some_and(|kind| !kind.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')) {
        return None;
    }
    let field = typed.map(|typed| field(sketch, name, typed));
    let new = field.is_some();
    let field = field.unwrap_or_else(|| Field {
        required: false,
        ..Field::line(name)
    });
    let known = sketch.field(field.clone());
    // The place that gives a type counts, wherever it stands.
    if new && known.kind == Kind::Line && known.help.is_empty() {
        *known = field;
    }
    Some(Bit::Value(name.to_owned(), None))
}

/// The field of `type:property="…":required`.
fn field(sketch: &mut Sketch, name: &str, typed: &str) -> Field {
    let mut parts = properties(typed).into_iter();
    let kind = parts.next().unwrap_or_default().0;
    let mut field = Field {
        required: false,
        ..Field::line(name)
    };
    let mut options = Vec::new();
    for (key, value) in parts {
        match (key.as_str(), value) {
            ("required", value) => field.required = value != Some(Value::Bool(false)),
            ("placeholder" | "description", Some(value)) => {
                field.help = tree::scalar(&value).unwrap_or_default();
            }
            ("label", Some(value)) => field.label = tree::scalar(&value).unwrap_or_default(),
            ("default" | "value", Some(value)) => field.default = Some(value),
            ("options", Some(Value::Array(all))) => {
                options = all.iter().filter_map(option).collect();
            }
            ("min", Some(value)) => field.min = number(&value),
            ("max", Some(value)) => field.max = number(&value),
            (key, _) => sketch.leave(format!("`{name}`: its {key} says nothing here")),
        }
    }
    field.kind = match kind.as_str() {
        "text" | "" => Kind::Line,
        "textarea" => Kind::Text,
        "select" => Kind::Choice(options),
        "number" | "range" => Kind::Number,
        "checkbox" => Kind::Toggle,
        "date" => Kind::Date,
        other => {
            sketch.leave(format!(
                "`{name}`: there is no type {other}, so it is a line"
            ));
            Kind::Line
        }
    };
    if matches!(field.kind, Kind::Choice(_)) && field.default.is_none() {
        // Here a choice always has a value.
        field.required = false;
    }
    field
}

fn option(value: &Value) -> Option<String> {
    tree::scalar(value).or_else(|| tree::scalar(value.get("value").or(value.get("label"))?))
}

fn number(value: &Value) -> Option<f64> {
    let number = value.as_f64();
    let number = number.or_else(|| value.as_str()?.trim().parse().ok());
    number.filter(|number| number.is_finite())
}

/// `type:key="value":key` in its parts; the first is the type. Colons in quotes and brackets are
/// part of a value.
fn properties(typed: &str) -> Vec<(String, Option<Value>)> {
    let mut parts = Vec::new();
    let (mut quoted, mut escaped, mut depth) = (false, false, 0_usize);
    let mut start = 0;
    for (at, c) in typed.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '[' | '{' if !quoted => depth += 1,
            ']' | '}' if !quoted => depth = depth.saturating_sub(1),
            ':' if !quoted && depth == 0 => {
                parts.push(&typed[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(&typed[start..]);
    let read = |part: &str| match part.split_once('=') {
        Some((key, value)) => {
            let value = value.trim();
            let read = serde_json::from_str(value);
            let value = read.unwrap_or_else(|_| Value::from(value.trim_matches('"')));
            (key.trim().to_owned(), Some(value))
        }
        None => (part.trim().to_owned(), None),
    };
    parts.into_iter().map(read).collect()
}
