//! The shape of an answer: a JSON schema that a template declares and a server is asked to keep.

use serde_json::Value;

/// Longest name of a schema that servers take.
const LONGEST_NAME: usize = 64;

/// A JSON schema with the name it is sent by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    /// Letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// The schema; an object.
    pub value: Value,
}

impl Schema {
    /// A schema for the answers to the template of a name.
    pub fn new(template: &str, value: Value) -> Self {
        let sent = |c: char| {
            if c.is_ascii_alphanumeric() || c == '-' {
                c
            } else {
                '_'
            }
        };
        let name: String = template.chars().take(LONGEST_NAME).map(sent).collect();
        let name = if name.is_empty() {
            "answer".to_owned()
        } else {
            name
        };
        Self { name, value }
    }

    /// Whether a server can promise to keep it: every object says that nothing else may stand in
    /// it, and asks for everything that may.
    pub fn is_strict(&self) -> bool {
        is_strict(&self.value)
    }
}

fn is_strict(schema: &Value) -> bool {
    match schema {
        Value::Object(map) => {
            let properties = map.get("properties").and_then(Value::as_object);
            let is_object = properties.is_some() || map.get("type").is_some_and(is_object_type);
            let closed = map.get("additionalProperties") == Some(&Value::Bool(false));
            let required = map.get("required").and_then(Value::as_array);
            let asked = |name: &String| {
                required.is_some_and(|all| all.iter().any(|one| one.as_str() == Some(name)))
            };
            let whole = properties.is_none_or(|all| all.keys().all(asked));
            (!is_object || (closed && whole)) && map.values().all(is_strict)
        }
        Value::Array(all) => all.iter().all(is_strict),
        _ => true,
    }
}

fn is_object_type(kind: &Value) -> bool {
    match kind {
        Value::String(kind) => kind == "object",
        Value::Array(kinds) => kinds.iter().any(is_object_type),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_name_is_made_of_what_servers_take() {
        let name = |template: &str| Schema::new(template, json!({})).name;
        assert_eq!(name("blog-post 2.é"), "blog-post_2__");
        assert_eq!(name(""), "answer");
        assert_eq!(name(&"x".repeat(99)).len(), 64);
    }

    #[test]
    fn a_schema_is_strict_when_every_object_is_closed_and_whole() {
        let strict = |value: Value| Schema::new("t", value).is_strict();
        let inner = json!({"type": "object", "properties": {"a": {"type": "string"}},
            "required": ["a"], "additionalProperties": false});
        assert!(strict(inner.clone()));
        let outer = json!({"type": "object", "properties": {"all": {"type": "array", "items": inner}},
            "required": ["all"], "additionalProperties": false});
        assert!(strict(outer.clone()));
        let mut open = outer.clone();
        open["properties"]["all"]["items"]["additionalProperties"] = json!(true);
        assert!(!strict(open));
        let mut partial = outer;
        partial["properties"]["all"]["items"]["required"] = json!([]);
        assert!(!strict(partial));
        assert!(!strict(json!({"type": ["object", "null"]})));
    }
}
