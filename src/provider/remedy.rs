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
const SPARE: [&str; 17] = [
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
    "reasoning.summary",
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
                if self.field == "reasoning.effort" && self.value.is_none() {
                    // What knows no effort does not reason, and has nothing to sum up.
                    take_out(body, "reasoning.summary");
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

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;
    use serde_json::json;

    #[test]
    fn the_page_about_servers_names_every_field_that_an_answer_can_do_without() {
        let page = include_str!("../../docs/PROVIDERS.md");
        for field in SPARE {
            let word = format!("`{field}`");
            assert!(page.contains(&word), "docs/PROVIDERS.md lacks {word}");
        }
        assert!(page.contains("30 days"));
    }

    fn body() -> Map<String, Value> {
        let Value::Object(map) = json!({
            "model": "m", "messages": [{"role": "developer", "content": "s"}], "stream": true,
            "stream_options": {"include_usage": true, "include_obfuscation": false},
            "max_tokens": 9, "temperature": 0.7, "reasoning_effort": "minimal",
            "reasoning": {"effort": "low", "summary": "auto"}, "text": {"verbosity": "low", "format": {}},
            "response_format": {},
        }) else {
            panic!("not an object")
        };
        map
    }

    fn remedy(status: u16, error: &Value) -> Option<Remedy> {
        let report = Report::from_value(&json!({"error": error}));
        Remedy::of(&report, status, &body(), &[])
    }

    fn coded(code: &str, param: &str) -> Option<Remedy> {
        remedy(400, &json!({"code": code, "param": param}))
    }

    /// The body after a remedy, without what is not about it.
    fn cured(remedy: &Remedy) -> Value {
        let mut body = body();
        assert!(remedy.apply(&mut body), "{remedy:?}");
        Value::Object(body)
    }

    #[test]
    fn a_refused_limit_goes_by_its_other_name_in_the_same_place() {
        let remedy = coded("unsupported_parameter", "max_tokens").unwrap();
        assert_eq!(
            remedy.cure,
            Cure::Rename("max_completion_tokens".to_owned())
        );
        let cured = cured(&remedy);
        let names: Vec<_> = cured
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(names[4], "max_completion_tokens");
        assert_eq!(cured["max_completion_tokens"], 9);
        // Refused under the other name, too: then it goes.
        let mut body = cured.as_object().unwrap().clone();
        let report = Report::from_value(&json!({"error": {
            "code": "unsupported_parameter", "param": "max_completion_tokens"}}));
        let second = Remedy::of(&report, 400, &body, std::slice::from_ref(&remedy)).unwrap();
        assert_eq!(second.cure, Cure::Drop);
        assert!(second.apply(&mut body) && !body.contains_key("max_completion_tokens"));
    }

    #[test]
    fn fields_are_found_however_a_server_calls_them() {
        for (error, field) in [
            (
                json!({"code": "unsupported_value", "param": "temperature"}),
                "temperature",
            ),
            (
                json!({"code": "unknown_parameter", "param": "reasoning.effort"}),
                "reasoning.effort",
            ),
            (
                json!({"code": "unknown_parameter", "param": "reasoning"}),
                "reasoning",
            ),
            (
                json!({"code": "unknown_parameter", "param": "reasoning.summary"}),
                "reasoning.summary",
            ),
            (
                json!({"code": "unsupported_parameter", "param": "text.verbosity"}),
                "text.verbosity",
            ),
            (
                json!({"code": "unknown_parameter", "param": "stream_options.include_obfuscation"}),
                "stream_options.include_obfuscation",
            ),
            (
                json!({"message": "Unrecognized request argument supplied: temperature"}),
                "temperature",
            ),
            (
                json!({"message": "Invalid JSON payload received. Unknown name \"reasoning_effort\": Cannot find field."}),
                "reasoning_effort",
            ),
            (
                json!({"message": "property 'temperature' is unsupported"}),
                "temperature",
            ),
            (
                json!({"message": "Unsupported parameter: 'temperature' is not supported with this model."}),
                "temperature",
            ),
        ] {
            let remedy = remedy(400, &error).unwrap_or_else(|| panic!("{error}"));
            assert_eq!(remedy.field, field, "{error}");
        }
        let forbidden = json!({"detail": [{"type": "extra_forbidden",
            "loc": ["body", "stream_options"], "msg": "Extra inputs are not permitted"}]});
        let report = Report::from_value(&forbidden);
        let remedy = Remedy::of(&report, 422, &body(), &[]).unwrap();
        assert_eq!(remedy.field, "stream_options");
    }

    #[test]
    fn what_an_answer_needs_is_never_left_out() {
        for param in [
            "model",
            "messages",
            "messages[0].content",
            "response_format",
            "text.format",
            "text",
            "nonsense",
            "",
        ] {
            assert_eq!(coded("unknown_parameter", param), None, "{param}");
        }
        // Nor is anything after another kind of refusal.
        assert_eq!(coded("invalid_api_key", "temperature"), None);
        assert_eq!(
            remedy(
                401,
                &json!({"code": "unsupported_value", "param": "temperature"})
            ),
            None
        );
        assert_eq!(
            remedy(
                400,
                &json!({"message": "the temperature of the property is high"})
            ),
            None
        );
        let again = coded("unsupported_parameter", "temperature").unwrap();
        let report = Report::from_value(&json!({"error": {
            "code": "unsupported_parameter", "param": "temperature"}}));
        assert_eq!(Remedy::of(&report, 400, &body(), &[again]), None);
    }

    #[test]
    fn a_word_is_refused_alone_and_a_number_with_all_others() {
        let word = coded("unsupported_value", "reasoning_effort").unwrap();
        assert_eq!(word.value.as_deref(), Some("minimal"));
        assert_eq!(cured(&word).get("reasoning_effort"), None);
        let mut other = body();
        other["reasoning_effort"] = json!("low");
        assert!(!word.apply(&mut other));
        assert_eq!(
            coded("unsupported_value", "temperature").unwrap().value,
            None
        );
    }

    #[test]
    fn a_role_and_a_stream_are_cured_in_their_own_way() {
        let role = coded("unsupported_value", "messages[0].role").unwrap();
        assert_eq!(cured(&role)["messages"][0]["role"], "system");
        assert!(!role.apply(cured(&role).as_object_mut().unwrap()));
        let stream = cured(&coded("unsupported_value", "stream").unwrap());
        assert_eq!(
            (stream.get("stream"), stream.get("stream_options")),
            (None, None)
        );
        let padding = coded("unknown_parameter", "stream_options.include_obfuscation").unwrap();
        assert_eq!(
            cured(&padding)["stream_options"],
            json!({"include_usage": true})
        );
        let effort = coded("unknown_parameter", "reasoning.effort").unwrap();
        assert_eq!(cured(&effort).get("reasoning"), None);
        let word = coded("unsupported_value", "reasoning.effort").unwrap();
        let summary = coded("unsupported_parameter", "reasoning.summary").unwrap();
        assert_eq!(cured(&word)["reasoning"], json!({"summary": "auto"}));
        assert_eq!(cured(&summary)["reasoning"], json!({"effort": "low"}));
    }

    #[test]
    fn what_was_learnt_comes_back_from_the_journal() {
        let all = [
            coded("unsupported_parameter", "max_tokens"),
            coded("unsupported_value", "reasoning_effort"),
            coded("unsupported_value", "temperature"),
            coded("unsupported_value", "messages[0].role"),
        ];
        let all: Vec<_> = all.into_iter().flatten().collect();
        let facts: Vec<_> = all.iter().map(Remedy::fact).collect();
        assert_eq!(among(&facts), all);
        for (name, value) in [
            ("refuses model", "drop"),
            ("refuses max_tokens", "rename model"),
            ("refuses temperature", "set 2"),
            ("temperature", "drop"),
        ] {
            assert_eq!(Remedy::from_fact(name, value), None, "{name} {value}");
        }
    }
}
