//! What a server says about an error, in any of the dozen shapes that servers use.
//!
//! Owns the reading of error bodies and their classes. Pure: JSON or text in, a [`Report`] out.

use serde_json::Value;

/// An error as a server reported it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// The server's sentence; empty when it gave none.
    pub message: String,
    /// Its code, numbers as text.
    pub code: String,
    /// Its type.
    pub kind: String,
    /// The parameter it complains about.
    pub param: String,
}

/// What an error means for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Prompt and answer do not fit the model's window.
    TooLong,
    /// A field of the request is not supported.
    Parameter,
    /// The content was refused.
    Policy,
    /// The key is missing or wrong.
    Key,
    /// The account has no money or is over its limit.
    Billing,
    /// The key may not do this.
    Forbidden,
    /// The model or the address does not exist.
    NotFound,
    /// The address is not an API's.
    Address,
    /// Too many requests.
    Rate,
    /// The server is busy or still loading.
    Overloaded,
    /// The server failed.
    Server,
    /// Any other refusal.
    Request,
}

impl Class {
    /// True when the same request may succeed in a moment.
    pub const fn is_passing(self) -> bool {
        matches!(self, Self::Rate | Self::Overloaded | Self::Server)
    }
}

impl Report {
    /// Reads a body: JSON in any known shape, a page's title, or the text itself.
    pub fn from_body(body: &str) -> Self {
        let text = body.trim_start_matches('\u{feff}').trim();
        if text.starts_with('<') {
            return Self {
                message: title(text).unwrap_or_default(),
                ..Self::default()
            };
        }
        match super::lenient::repaired(text) {
            Some(value) => Self::from_value(&value),
            None => Self::of(text),
        }
    }

    /// Reads an error that is JSON.
    pub fn from_value(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::of(text),
            Value::Array(all) => all.first().map(Self::from_value).unwrap_or_default(),
            Value::Object(map) => {
                for inner in ["error", "response", "errors"] {
                    match map.get(inner) {
                        Some(found @ (Value::Object(_) | Value::Array(_))) => {
                            let report = Self::from_value(found);
                            if report != Self::default() {
                                return report;
                            }
                        }
                        Some(Value::String(text)) if !text.is_empty() => return Self::of(text),
                        _ => {}
                    }
                }
                let groq = value.pointer("/x_groq/error").map(Self::from_value);
                groq.unwrap_or_else(|| Self::flat(value))
            }
            _ => Self::default(),
        }
    }

    fn of(message: &str) -> Self {
        Self {
            message: message.to_owned(),
            ..Self::default()
        }
    }

    fn flat(value: &Value) -> Self {
        let word = |name: &str| match value.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        };
        let first = |names: &[&str]| {
            let mut words = names.iter().map(|name| word(name));
            words.find(|text| !text.is_empty()).unwrap_or_default()
        };
        let detail = value
            .get("detail")
            .or_else(|| value.pointer("/message/detail"));
        let message = first(&["message", "error_message", "detail", "msg"]);
        let message = if message.is_empty() {
            detail.map(details).unwrap_or_default()
        } else {
            message
        };
        let place = value.pointer("/detail/0/loc").and_then(Value::as_array);
        let place = place.and_then(|path| path.last()?.as_str());
        let param = Some(word("param")).filter(|param| !param.is_empty());
        Self {
            message,
            code: first(&["code", "status"]),
            kind: first(&["type", "error_type"]),
            param: param.or(place.map(str::to_owned)).unwrap_or_default(),
        }
    }

    /// The class: by code, then type, then status, then the words of the message.
    pub fn class(&self, status: Option<u16>) -> Class {
        let message = self.message.to_lowercase();
        let says = |words: &[&str]| words.iter().any(|word| message.contains(word));
        if let Some(class) = self.class_by_code(status) {
            return class;
        }
        if says(&["maximum context length", "context window", "context size"]) {
            return Class::TooLong;
        }
        match status.or_else(|| self.code.parse().ok()) {
            Some(401) => Class::Key,
            Some(402) => Class::Billing,
            Some(403) => Class::Forbidden,
            Some(404) => Class::NotFound,
            Some(300..=399 | 405) => Class::Address,
            Some(413) => Class::TooLong,
            Some(429) => Class::Rate,
            Some(498 | 503 | 529) => Class::Overloaded,
            Some(408 | 409 | 500..=599) => Class::Server,
            Some(400..=499) => Class::Request,
            _ if says(&["rate limit"]) => Class::Rate,
            _ if says(&["overloaded"]) => Class::Overloaded,
            _ => Class::Server,
        }
    }

    fn class_by_code(&self, status: Option<u16>) -> Option<Class> {
        let class = match (self.code.as_str(), self.kind.as_str()) {
            ("context_length_exceeded" | "exceed_context_size_error", _)
            | (_, "exceed_context_size_error") => Class::TooLong,
            (
                "unsupported_parameter"
                | "unsupported_value"
                | "unknown_parameter"
                | "invalid_value"
                | "invalid_type"
                | "extra_forbidden",
                _,
            ) => Class::Parameter,
            (
                "content_filter"
                | "content_policy_violation"
                | "invalid_prompt"
                | "moderation_blocked"
                | "bio_policy"
                | "misalignment_policy_violation",
                _,
            ) => Class::Policy,
            ("invalid_api_key", _) => Class::Key,
            (
                "insufficient_quota"
                | "credit_balance_exhausted"
                | "billing_not_active"
                | "organization_spend_limit_exceeded"
                | "project_spend_limit_exceeded"
                | "organization_usage_limit_exceeded",
                _,
            )
            | (_, "insufficient_quota") => Class::Billing,
            ("model_not_found", _) | (_, "not_found_error") => Class::NotFound,
            ("server_is_overloaded" | "resource_unavailable", _)
            | (_, "overloaded_error" | "unavailable_error" | "service_unavailable_error") => {
                Class::Overloaded
            }
            ("server_error", _) => Class::Server,
            ("rate_limit_exceeded" | "slow_down", _) if status != Some(413) => Class::Rate,
            _ => return None,
        };
        Some(class)
    }
}

fn details(detail: &Value) -> String {
    let all = detail.as_array().map_or(&[][..], Vec::as_slice);
    let sentences = all.iter().filter_map(|one| {
        let text = one.get("msg").or_else(|| one.get("message"))?.as_str()?;
        let path: Vec<_> = one
            .get("loc")
            .and_then(Value::as_array)
            .map_or(&[][..], Vec::as_slice)
            .iter()
            .filter_map(Value::as_str)
            .filter(|part| *part != "body")
            .collect();
        Some(if path.is_empty() {
            text.to_owned()
        } else {
            format!("{}: {text}", path.join("."))
        })
    });
    sentences.collect::<Vec<_>>().join("; ")
}

/// The title of a page, on one line.
fn title(page: &str) -> Option<String> {
    let lower = page.to_ascii_lowercase();
    let start = lower.find("<title")?;
    let start = start + lower[start..].find('>')? + 1;
    let end = start + lower[start..].find("</title")?;
    let words: Vec<_> = page[start..end].split_whitespace().collect();
    Some(words.join(" ")).filter(|title| !title.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_error_gives_its_message() {
        for body in [
            r#"{"error":{"message":"no","type":"t","param":null,"code":"c"}}"#,
            r#"[{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}]"#,
            r#"{"error":"no"}"#,
            r#"{"object":"error","message":"no","type":"t","code":40}"#,
            r#"{"object":"error","message":{"detail":[{"loc":["body"],"msg":"no"}]}}"#,
            r#"{"detail":"no"}"#,
            r#"{"detail":[{"loc":["body"],"msg":"no","type":"extra_forbidden"}]}"#,
            r#"{"type":"error","error":{"type":"overloaded_error","message":"no"}}"#,
            r#"{"message":"no"}"#,
            r#"{"error_type":"t","error_message":"no"}"#,
            r#"{"errors":[{"message":"no"}]}"#,
            r#"{"type":"response.failed","response":{"error":{"code":"server_error","message":"no"}}}"#,
            r#"{"x_groq":{"error":"no"}}"#,
            "<html><head><TITLE>\n no </TITLE>",
            "\u{feff}\n no\n",
        ] {
            assert_eq!(Report::from_body(body).message, "no", "{body}");
        }
    }

    #[test]
    fn the_code_decides_before_the_status() {
        let report = |body: &str| Report::from_body(body);
        let quota =
            report(r#"{"error":{"type":"insufficient_quota","code":"credit_balance_exhausted"}}"#);
        assert_eq!(quota.class(Some(429)), Class::Billing);
        assert!(!quota.class(Some(429)).is_passing());
        let rate = report(r#"{"error":{"type":"tokens","code":"rate_limit_exceeded"}}"#);
        assert_eq!(rate.class(Some(429)), Class::Rate);
        assert_eq!(rate.class(Some(413)), Class::TooLong);
        let loading = report(
            r#"{"error":{"code":503,"type":"unavailable_error","message":"Loading model"}}"#,
        );
        assert_eq!(loading.class(Some(503)), Class::Overloaded);
        assert_eq!(report("").class(Some(502)), Class::Server);
        assert_eq!(report("").class(Some(401)), Class::Key);
        let window = report(r#"{"error":{"message":"This model's maximum context length is 8"}}"#);
        assert_eq!(window.class(Some(400)), Class::TooLong);
    }

    #[test]
    fn a_code_in_a_stream_stands_for_the_status() {
        let report = Report::from_body(r#"{"error":{"code":502,"message":"gone"}}"#);
        assert_eq!(report.class(None), Class::Server);
        let report = Report::from_body(r#"{"error":{"code":401,"message":"gone"}}"#);
        assert_eq!(report.class(None), Class::Key);
    }
}
