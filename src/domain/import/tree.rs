//! YAML, JSON and front matter of other tools, as trees of JSON.
//!
//! Owns the budgets and the words for what is wrong. Gives no key a meaning.

use crate::domain::template::yaml as front_matter;
use crate::domain::wording;
use serde_json::{Map, Value};
use std::borrow::Cow;

/// A mapping of keys in the order written.
pub(super) type Keys = Map<String, Value>;

/// Text without a byte order mark and with `\n` line ends.
pub(super) fn normal(text: &str) -> Cow<'_, str> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if text.contains("\r\n") {
        Cow::Owned(text.replace("\r\n", "\n"))
    } else {
        Cow::Borrowed(text)
    }
}

/// Reads YAML.
pub(super) fn yaml(text: &str) -> Result<Value, String> {
    serde_saphyr::from_str_with_options(text, front_matter::options()).map_err(|error| {
        let words = wording::of(&error);
        match error.location() {
            Some(at) => format!("line {}, column {}: {words}", at.line(), at.column()),
            None => words,
        }
    })
}

/// Reads JSON.
pub(super) fn json(text: &str) -> Result<Value, String> {
    serde_json::from_str(text).map_err(|error| {
        let words = error.to_string();
        let words = words.split(" at line ").next().unwrap_or_default();
        let (line, column) = (error.line(), error.column());
        format!("line {line}, column {column}: it is not JSON: {words}")
    })
}

/// Front matter that opens the text, and what follows it. A rule further down is a rule.
pub(super) fn front(text: &str) -> Result<(Keys, &str), String> {
    let parts = front_matter::split(text)
        .map_err(|_| "front matter is not closed; end it with a line of three dashes".to_owned())?;
    let Some(front) = parts.yaml else {
        return Ok((Keys::new(), text));
    };
    // The places in it count from the line below the dashes.
    let below = format!("\n{front}");
    match yaml(&below)? {
        Value::Object(keys) => Ok((keys, &text[parts.body..])),
        Value::Null => Ok((Keys::new(), &text[parts.body..])),
        other => Err(format!(
            "front matter must be `key: value` lines, not {}",
            what(&other)
        )),
    }
}

/// The same for tools that read `key: value` line by line, so that people write what is no YAML:
/// `argument-hint: [one] [another]`.
pub(super) fn loose_front(text: &str) -> Result<(Keys, &str), String> {
    let strict = front(text);
    let parts = front_matter::split(text).ok();
    let Some((Err(_), Some(parts))) = Some((&strict, parts)) else {
        return strict;
    };
    let mut keys = Keys::new();
    for line in parts.yaml.unwrap_or_default().lines() {
        let plain = |key: &str| {
            key.chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        };
        match line.split_once(':') {
            Some((key, value)) if plain(key) && !key.is_empty() => {
                keys.insert(key.to_owned(), value.trim().trim_matches('"').into());
            }
            _ if line.trim().is_empty() || line.starts_with(['#', ' ', '\t', '-']) => {}
            _ => return strict,
        }
    }
    Ok((keys, &text[parts.body..]))
}

/// What a value is, for error texts.
pub(super) const fn what(value: &Value) -> &'static str {
    match value {
        Value::Null => "nothing",
        Value::Bool(_) => "a truth value",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "a mapping",
    }
}

/// The text of a key, or of a number or truth value that reads as text; `None` where there is none.
pub(super) fn text(keys: &Keys, key: &str) -> Result<Option<String>, String> {
    match keys.get(key) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => match scalar(value) {
            Some(text) => Ok(Some(text)),
            None => Err(format!("`{key}` must be text, not {}", what(value))),
        },
    }
}

/// A scalar as the text it reads as.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(on) => Some(on.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The texts of a list, or the only one.
pub(super) fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::Array(all)) => all.iter().filter_map(scalar).collect(),
        Some(one) => scalar(one).into_iter().collect(),
        None => Vec::new(),
    }
}

/// Keys that are there beside `known`, and say something.
pub(super) fn others<'k>(keys: &'k Keys, known: &[&str]) -> Vec<&'k str> {
    let others = keys
        .iter()
        .filter(|(key, value)| !known.contains(&key.as_str()) && !value.is_null());
    others.map(|(key, _)| key.as_str()).collect()
}
