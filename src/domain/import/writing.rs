//! A sketch as the source of a template.
//!
//! Owns the escapes: what the other tool prints as it stands is printed as it stands by ours. The
//! front matter is written so that a person can go on with it.

use super::sketch::{Bit, Field, Kind, Sketch, Text};
use crate::domain::draft::yaml;
use serde_json::Value;
use std::fmt::Write as _;

/// The source; `legal` are the names of the fields, in their order.
pub(super) fn source(sketch: &Sketch, legal: &[String]) -> String {
    let names = Names {
        fields: &sketch.fields,
        legal,
    };
    let mut out = String::from("---\n");
    for (key, words) in [
        ("title", &sketch.title),
        ("description", &sketch.description),
    ] {
        if !words.is_empty() {
            yaml::push_raw(&mut out, 0, key, &yaml::inline(words));
        }
    }
    if !sketch.tags.is_empty() {
        let tags: Vec<String> = sketch.tags.iter().map(|tag| yaml::inline(tag)).collect();
        yaml::push_raw(&mut out, 0, "tags", &format!("[{}]", tags.join(", ")));
    }
    if !sketch.system.is_blank() {
        yaml::push_text(&mut out, 0, "system", names.text(&sketch.system).trim());
    }
    if !sketch.fields.is_empty() {
        out.push_str("inputs:\n");
        for (field, name) in sketch.fields.iter().zip(legal) {
            yaml::push_raw(&mut out, 2, name, &input(field, name));
        }
    }
    if !sketch.examples.is_empty() {
        out.push_str("examples:\n");
        for (user, assistant) in &sketch.examples {
            let start = out.len();
            yaml::push_text(&mut out, 4, "user", names.text(user).trim());
            // The first key of an entry stands behind its dash.
            out.replace_range(start..start + 4, "  - ");
            yaml::push_text(&mut out, 4, "assistant", names.text(assistant).trim());
        }
    }
    push_model(&mut out, sketch);
    if let Some(schema) = &sketch.schema {
        yaml::push_raw(
            &mut out,
            0,
            "output",
            &format!("{{schema: {}}}", flow(schema)),
        );
    }
    out.push_str("---\n");
    out.push_str(names.text(&sketch.body).trim());
    out.push('\n');
    out
}

fn push_model(out: &mut String, sketch: &Sketch) {
    if sketch.model.is_none() && sketch.params.is_empty() {
        return;
    }
    let mut keys: Vec<String> = Vec::new();
    keys.extend(
        sketch
            .model
            .iter()
            .map(|id| format!("id: {}", yaml::inline(id))),
    );
    if !sketch.params.is_empty() {
        let params = sketch
            .params
            .iter()
            .map(|(key, number)| format!("{key}: {number}"));
        keys.push(format!(
            "params: {{{}}}",
            params.collect::<Vec<_>>().join(", ")
        ));
    }
    yaml::push_raw(out, 0, "model", &format!("{{{}}}", keys.join(", ")));
}

/// What stands behind the name of an input.
fn input(field: &Field, name: &str) -> String {
    let mut keys: Vec<String> = Vec::new();
    let mut put = |key: &str, value: &str| keys.push(format!("{key}: {value}"));
    match &field.kind {
        Kind::Line => {}
        Kind::Text => put("type", "text"),
        Kind::Choice(options) => {
            let options: Vec<String> = options.iter().map(|one| yaml::inline(one)).collect();
            put("type", "choice");
            put("options", &format!("[{}]", options.join(", ")));
        }
        Kind::Number => put("type", "number"),
        Kind::Toggle => put("type", "toggle"),
        Kind::Date => put("type", "date"),
        Kind::File => put("type", "file"),
        Kind::Image => put("type", "image"),
    }
    let label = if field.label.is_empty() && field.name != name {
        &field.name
    } else {
        &field.label
    };
    if !label.is_empty() {
        put("label", &yaml::inline(label));
    }
    if field.required && field.kind != Kind::Toggle {
        put("required", "true");
    }
    if let Some(default) = &field.default {
        put("default", &flow(default));
    }
    for (key, bound) in [("min", field.min), ("max", field.max)] {
        if let Some(bound) = bound.filter(|_| field.kind == Kind::Number) {
            put(key, &bound.to_string());
        }
    }
    if field.stdin {
        put("stdin", "true");
    }
    if !field.help.is_empty() {
        put("help", &yaml::inline(&field.help));
    }
    format!("{{{}}}", keys.join(", "))
}

/// JSON as YAML on one line.
fn flow(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Bool(on) => on.to_string(),
        Value::Number(number) => match number.as_f64() {
            Some(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
                (number as i64).to_string()
            }
            _ => number.to_string(),
        },
        Value::String(text) => yaml::inline(text),
        Value::Array(all) => {
            let all: Vec<String> = all.iter().map(flow).collect();
            format!("[{}]", all.join(", "))
        }
        Value::Object(map) => {
            let entry = |(key, value): (&String, &Value)| {
                let key = yaml::inline(key);
                format!("{key}: {}", flow(value))
            };
            let all: Vec<String> = map.iter().map(entry).collect();
            format!("{{{}}}", all.join(", "))
        }
    }
}

/// The legal name for each name of the other tool.
struct Names<'a> {
    fields: &'a [Field],
    legal: &'a [String],
}

impl Names<'_> {
    fn of(&self, name: &str) -> &str {
        let found = self.fields.iter().position(|field| field.name == name);
        found
            .and_then(|at| self.legal.get(at))
            .map_or("", String::as_str)
    }

    /// A text in the language of templates.
    fn text(&self, text: &Text) -> String {
        let mut out = String::new();
        for (at, bit) in text.0.iter().enumerate() {
            // Writing to a string cannot fail.
            let _ = match bit {
                Bit::Said(said) => {
                    let opens = text.0.len() > at + 1;
                    push_said(&mut out, said, opens);
                    Ok(())
                }
                Bit::Value(name, None) => write!(out, "{{{{ {} }}}}", self.of(name)),
                Bit::Value(name, Some(filter)) => {
                    write!(out, "{{{{ {} | {filter} }}}}", self.of(name))
                }
                Bit::If(name) => write!(out, "{{% if {} %}}", self.of(name)),
                Bit::Unless(name) => write!(out, "{{% if not {} %}}", self.of(name)),
                Bit::Else => write!(out, "{{% else %}}"),
                Bit::Each(name) => {
                    write!(out, "{{% for each_item in {} | lines %}}", self.of(name))
                }
                Bit::Item => write!(out, "{{{{ each_item }}}}"),
                Bit::EndIf => write!(out, "{{% endif %}}"),
                Bit::EndEach => write!(out, "{{% endfor %}}"),
                Bit::Include(name) => {
                    write!(out, "{{% include \"{name}\" ignore missing %}}")
                }
            };
        }
        out
    }
}

/// Text with everything escaped that would open a tag.
pub(super) fn escaped(said: &str) -> String {
    let mut out = String::with_capacity(said.len());
    // Whoever includes it may write a tag right behind it.
    push_said(&mut out, said, true);
    out
}

/// Appends text with everything escaped that would open a tag; `opens` when a tag follows, which
/// a brace at the end would become part of.
fn push_said(out: &mut String, said: &str, opens: bool) {
    let bytes = said.as_bytes();
    let mut from = 0;
    while let Some(at) = memchr::memchr(b'{', &bytes[from..]).map(|at| from + at) {
        out.push_str(&said[from..at]);
        let next = bytes.get(at + 1);
        from = match next {
            Some(b'{' | b'%' | b'#') => {
                out.push_str("{{ \"");
                out.push_str(&said[at..at + 2]);
                out.push_str("\" }}");
                at + 2
            }
            None if opens => {
                out.push_str("{{ \"{\" }}");
                at + 1
            }
            _ => {
                out.push('{');
                at + 1
            }
        };
    }
    out.push_str(&said[from..]);
}
