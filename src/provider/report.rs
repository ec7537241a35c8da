//! What a server says about an error, in any of the dozen shapes that servers use.
//!
//! Owns the reading of error bodies; what an error means is the business of [`super::class`]. Pure:
//! JSON or text in, a [`Report`] out.

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
                        Some(Value::String(text)) if !text.is_empty() => {
                            return Self::headed(text, map.get("message"));
                        }
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

    /// `{"error": "Unauthorized", "message": "the token is old"}`.
    fn headed(head: &str, message: Option<&Value>) -> Self {
        match message.and_then(Value::as_str) {
            Some(more) if !more.is_empty() && more != head => Self::of(&format!("{head}: {more}")),
            _ => Self::of(head),
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
        // What a validator says of the first field is more than what is said around it.
        let field = detail.and_then(|detail| detail.get(0));
        let param = Some(word("param")).filter(|param| !param.is_empty());
        let code = field
            .and_then(|field| field.get("type")?.as_str())
            .map_or_else(|| first(&["code", "status"]), str::to_owned);
        Self {
            message,
            code,
            kind: first(&["type", "error_type", "status"]),
            param: param.or_else(|| path(field?)).unwrap_or_default(),
        }
    }
}

/// `{"loc": ["body", "stream_options", "x"]}` → `stream_options.x`.
fn path(field: &Value) -> Option<String> {
    let parts = field.get("loc")?.as_array()?.iter();
    let names = parts
        .filter_map(Value::as_str)
        .filter(|part| *part != "body");
    Some(names.collect::<Vec<_>>().join(".")).filter(|path| !path.is_empty())
}

fn details(detail: &Value) -> String {
    let all = detail.as_array().map_or(&[][..], Vec::as_slice);
    let sentences = all.iter().filter_map(|one| {
        let text = one.get("msg").or_else(|| one.get("message"))?.as_str()?;
        Some(match path(one) {
            None => text.to_owned(),
            Some(path) => format!("{path}: {text}"),
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
}
