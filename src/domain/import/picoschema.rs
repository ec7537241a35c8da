//! Picoschema: how dotprompt says which values a prompt takes, beside plain JSON schema.

use super::sketch::{Field, Kind, Sketch};
use super::tree::{self, Keys};
use serde_json::Value;

/// Notes a field for each value of a schema. `defaults` are what the file gives them.
pub(super) fn fields(sketch: &mut Sketch, schema: &Value, defaults: &Keys) {
    match schema {
        Value::Object(keys) if is_json_schema(schema) => {
            let required = tree::texts(keys.get("required"));
            let properties = keys.get("properties").and_then(Value::as_object);
            for (name, about) in properties.into_iter().flatten() {
                let mut field = property(sketch, name, about);
                field.required = required.contains(name);
                add(sketch, field, defaults);
            }
        }
        Value::Object(keys) => {
            for (key, about) in keys {
                if let Some(field) = entry(sketch, key, about) {
                    add(sketch, field, defaults);
                }
            }
        }
        Value::Null => {}
        other => sketch.leave(format!(
            "input.schema: {} names no values",
            tree::what(other)
        )),
    }
}

fn add(sketch: &mut Sketch, mut field: Field, defaults: &Keys) {
    if let Some(default) = defaults.get(&field.name) {
        field.default = Some(listed(default));
    }
    sketch.field(field);
}

/// A list as lines, which is how a text field holds one.
pub(super) fn listed(value: &Value) -> Value {
    match value {
        Value::Array(all) => {
            let lines: Vec<String> = all.iter().filter_map(tree::scalar).collect();
            lines.join("\n").into()
        }
        other => other.clone(),
    }
}

/// Whether a mapping is a JSON schema and no picoschema.
pub(super) fn is_json_schema(schema: &Value) -> bool {
    schema.get("type").and_then(Value::as_str) == Some("object")
        && schema.get("properties").is_some()
}

/// One property of a JSON schema.
fn property(sketch: &mut Sketch, name: &str, about: &Value) -> Field {
    let word = |key: &str| about.get(key).and_then(Value::as_str).unwrap_or_default();
    let mut field = Field::line(name);
    word("description").clone_into(&mut field.help);
    field.kind = match about.get("enum") {
        Some(Value::Array(all)) => Kind::Choice(all.iter().filter_map(tree::scalar).collect()),
        _ => kind(sketch, name, word("type")),
    };
    field.default = about.get("default").map(listed);
    field
}

/// One entry of a picoschema: `name?(type, description): …`.
fn entry(sketch: &mut Sketch, key: &str, about: &Value) -> Option<Field> {
    let (head, inner) = match key.split_once('(') {
        Some((head, inner)) => (head, Some(inner.trim_end().trim_end_matches(')'))),
        None => (key, None),
    };
    if inner.is_none() && head.contains('*') {
        return None;
    }
    let name = head.trim().trim_end_matches('?');
    let mut field = Field {
        required: !head.trim().ends_with('?'),
        ..Field::line(name)
    };
    let described = match inner {
        Some(inner) => inner.to_owned(),
        None => tree::scalar(about).unwrap_or_default(),
    };
    let (word, help) = described.split_once(',').unwrap_or((&described, ""));
    help.trim().clone_into(&mut field.help);
    if word.trim() == "array" {
        field.help.push_str(" (one per line)");
    }
    field.kind = match (word.trim(), about) {
        ("enum", Value::Array(all)) => Kind::Choice(all.iter().filter_map(tree::scalar).collect()),
        (word, _) => kind(sketch, name, word),
    };
    Some(field)
}

fn kind(sketch: &mut Sketch, name: &str, word: &str) -> Kind {
    match word {
        "number" | "integer" => Kind::Number,
        "boolean" => Kind::Toggle,
        // One value a line.
        "array" => Kind::Text,
        "object" => {
            sketch.leave(format!(
                "`{name}`: what is inside it becomes inputs of their own"
            ));
            Kind::Line
        }
        _ => Kind::Line,
    }
}
