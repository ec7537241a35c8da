//! Remedies: what is done about a parameter that a server refused, once and from then on.
//!
//! Owns which refusals can be cured, by leaving a field out or by another name or value of it, and
//! what of that is remembered. Never touches what a person wrote, and never the shape that an
//! answer must have. Pure: a report and a body in, another body out.

use super::report::Report;
use serde_json::{Map, Value};
use std::fmt;

/// Most fields of one request that are cured.
pub const MOST: usize = 3;

/// Fields that an answer can do without, as servers name them.
const SPARE: [&str; 16] = [
    "stream_options.include_obfuscation",
    "stream_options.include_usage",
    "stream_options",
    "store",
    "max_completion_tokens",
    "max_tokens",
    "max_output_tokens",
    "temperature",
    "top_p",
    "reasoning_effort",
    "reasoning.effort",
    "reasoning",
    "thinking",
    "verbosity",
    "text.verbosity",
    "stream",
];

/// What is done about a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cure {
    /// It is left out.
    Drop,
    /// It goes by another name.
    Rename(String),
    /// The system message has the role `system`.
    SystemRole,
}

/// A field that a server does not take from a model, and what is done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// The field, with dots between the names of one inside another.
    pub field: String,
    /// The value that is refused; any when there is none.
    pub value: Option<String>,
    /// What is done.
    pub cure: Cure,
}

/// What remedies are remembered under.
pub fn scope(origin: &str, model: &str) -> String {
    format!("{origin} {model}")
}

impl Remedy {
    /// The remedy for a refusal of `body`, if there is one. `tried` did not help.
    pub(super) fn of(
        report: &Report,
        status: u16,
        body: &Map<String, Value>,
        tried: &[Self],
    ) -> Option<Self> {
        if !matches!(status, 400 | 422) {
            return None;
        }
        let about_field = matches!(
            report.code.as_str(),
            "unsupported_parameter"
                | "unsupported_value"
                | "unknown_parameter"
                | "extra_forbidden"
                | "invalid_value"
        ) || report.kind == "extra_forbidden";
        let named = unknown_field(&report.message);
        if !about_field && named.is_none() {
            return None;
        }
        let param = if report.param.is_empty() {
            named?
        } else {
            report.param.as_str()
        };
        if param.starts_with("messages") && param.ends_with("role") {
            return developer(body).map(|_| Self {
                field: "messages.role".to_owned(),
                value: None,
                cure: Cure::SystemRole,
            });
        }
        let field = sent(param, body)?;
        if tried.iter().any(|remedy| remedy.field == field) {
            return None;
        }
        // A word that one model does not know is no reason to keep another from it.
        let by_value = matches!(report.code.as_str(), "unsupported_value" | "invalid_value");
        let value = at(body, &field).and_then(Value::as_str);
        let value = value.filter(|_| by_value).map(str::to_owned);
        let cure = match other_name(&field) {
            Some(other) if !by_value && !tried.iter().any(|one| one.field == other) => {
                Cure::Rename(other.to_owned())
            }
            _ => Cure::Drop,
        };
        Some(Self { field, value, cure })
    }

    /// Applies it; false where there is nothing to cure.
    pub(super) fn apply(&self, body: &mut Map<String, Value>) -> bool {
        match &self.cure {
            Cure::SystemRole => {
                let Some(role) = developer(body) else {
                    return false;
                };
                let role = role.to_owned();
                if let Some(role) = body
                    .get_mut("messages")
                    .and_then(|all| all.get_mut(0)?.get_mut("role"))
                {
                    *role = "system".into();
                }
                role == "developer"
            }
            _ if !self.concerns(body) => false,
            Cure::Rename(other) => {
                // In its place: the order of fields is part of what a person compares.
                let renamed = std::mem::take(body).into_iter();
                *body = renamed
                    .map(|(name, value)| {
                        let name = if name == self.field {
                            other.clone()
                        } else {
                            name
                        };
                        (name, value)
                    })
                    .collect();
                true
            }
            Cure::Drop => {
                take_out(body, &self.field);
                if self.field == "stream" {
                    // It may only stand beside the other.
                    body.shift_remove("stream_options");
                }
                true
            }
        }
    }

    fn concerns(&self, body: &Map<String, Value>) -> bool {
        match (at(body, &self.field), &self.value) {
            (None, _) => false,
            (Some(_), None) => true,
            (Some(found), Some(refused)) => found.as_str() == Some(refused),
        }
    }

    /// Its name and value as a fact of the journal.
    pub fn fact(&self) -> (String, String) {
        let name = match &self.value {
            None => format!("{FACT}{}", self.field),
            Some(value) => format!("{FACT}{}={value}", self.field),
        };
        let value = match &self.cure {
            Cure::Drop => "drop".to_owned(),
            Cure::Rename(other) => format!("rename {other}"),
            Cure::SystemRole => "system".to_owned(),
        };
        (name, value)
    }

    /// Reads a fact of the journal, if that is one of these.
    fn from_fact(name: &str, value: &str) -> Option<Self> {
        let name = name.strip_prefix(FACT)?;
        let (field, refused) = match name.split_once('=') {
            Some((field, refused)) => (field, Some(refused.to_owned())),
            None => (name, None),
        };
        let cure = match value.split_once(' ') {
            None if value == "drop" => Cure::Drop,
            None if value == "system" => Cure::SystemRole,
            Some(("rename", other)) if other_name(field) == Some(other) => {
                Cure::Rename(other.to_owned())
            }
            _ => return None,
        };
        let known = SPARE.contains(&field) || cure == Cure::SystemRole;
        known.then(|| Self {
            field: field.to_owned(),
            value: refused,
            cure,
        })
    }
}

/// What the names of these facts begin with.
const FACT: &str = "refuses ";

/// The remedies among the facts of a scope.
pub fn among(facts: &[(String, String)]) -> Vec<Remedy> {
    let read = |(name, value): &(String, String)| Remedy::from_fact(name, value);
    facts.iter().filter_map(read).collect()
}

impl fmt::Display for Remedy {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { field, value, cure } = self;
        match (value, cure) {
            (_, Cure::SystemRole) => out.write_str(
                "refuses the role developer, so that the system message is called system",
            ),
            (Some(value), _) => write!(out, "refuses {field} {value}, which is left out"),
            (None, Cure::Drop) => write!(out, "refuses {field}, which is left out"),
            (None, Cure::Rename(other)) => {
                write!(out, "refuses {field}, which is sent as {other}")
            }
        }
    }
}

/// The name of a field that a message calls unknown or unsupported, where no member says it.
pub(super) fn unknown_field(message: &str) -> Option<&str> {
    const BEFORE: [&str; 7] = [
        "Unknown name ",
        "Unsupported parameter: ",
        "Unsupported value: ",
        "Unknown parameter: ",
        "Unrecognized request argument supplied: ",
        "Unrecognized request arguments supplied: ",
        "Unrecognized field: ",
    ];
    let word = |text: &'_ str| -> Option<(usize, usize)> {
        let quotes = ['"', '\'', '`'];
        let start = text.len() - text.trim_start_matches(quotes).len();
        let ends = |c: char| !(c.is_ascii_alphanumeric() || "_.[]".contains(c));
        let rest = &text[start..];
        let end = rest.find(ends).unwrap_or(rest.len());
        let end = rest[..end].trim_end_matches('.').len();
        (end > 0).then_some((start, start + end))
    };
    for before in BEFORE {
        if let Some(found) = message.find(before) {
            let rest = &message[found + before.len()..];
            return word(rest).map(|(start, end)| &rest[start..end]);
        }
    }
    // "property 'verbosity' is unsupported"
    let start = message.find("property ")? + "property ".len();
    let rest = &message[start..];
    let (start, end) = word(rest)?;
    let after = rest[end..].trim_start_matches(['"', '\'', '`']);
    let says = [" is unsupported", " is not supported"];
    says.iter()
        .any(|words| after.starts_with(words))
        .then_some(&rest[start..end])
}

/// The field that a server complains about, as it stands in `body`.
fn sent(param: &str, body: &Map<String, Value>) -> Option<String> {
    let param = param.strip_prefix("body.").unwrap_or(param);
    let spare = |field: &&&str| SPARE.contains(*field) && at(body, field).is_some();
    // `reasoning.summary.x` may be refused for `reasoning` as a whole, and `effort` inside it.
    let inner = SPARE
        .iter()
        .find(|field| field.rsplit('.').next() == Some(param) && field.contains('.'));
    let outer = param.split('.').next().unwrap_or(param);
    [Some(&param), inner, Some(&outer)]
        .into_iter()
        .flatten()
        .find(spare)
        .map(|field| (*field).to_owned())
}

fn at<'b>(body: &'b Map<String, Value>, field: &str) -> Option<&'b Value> {
    let mut parts = field.split('.');
    let first = body.get(parts.next()?)?;
    parts.try_fold(first, |value, part| value.get(part))
}

/// Takes a field out, and what holds nothing else.
fn take_out(body: &mut Map<String, Value>, field: &str) {
    match field.split_once('.') {
        None => {
            body.shift_remove(field);
        }
        Some((outer, inner)) => {
            if let Some(Value::Object(map)) = body.get_mut(outer) {
                take_out(map, inner);
                if map.is_empty() {
                    body.shift_remove(outer);
                }
            }
        }
    }
}

/// What else the limit of an answer is called.
fn other_name(field: &str) -> Option<&'static str> {
    match field {
        "max_tokens" => Some("max_completion_tokens"),
        "max_completion_tokens" => Some("max_tokens"),
        _ => None,
    }
}

/// The role of the first message, when that is the one not everybody knows.
fn developer(body: &Map<String, Value>) -> Option<&str> {
    let role = body.get("messages")?.get(0)?.get("role")?.as_str()?;
    (role == "developer").then_some(role)
}
