//! The shape of an answer: `output.schema` of the front matter, as a JSON schema.
//!
//! Owns the checks that say with file, line and column what servers would only call invalid. A
//! schema is data: nothing in it is ever rendered.

use super::front::{At, Reader};
use super::place::Problem;
use super::yaml::{Map, Node};
use serde_json::Value;

/// The types of JSON, as schemas name them.
const TYPES: [&str; 7] = [
    "object", "array", "string", "number", "integer", "boolean", "null",
];

/// Longest schema, as JSON.
const LONGEST: usize = 32 * 1024;

impl Reader<'_> {
    /// Reads the schema of the whole answer.
    pub(crate) fn schema(&self, node: &At) -> Result<Option<Value>, Problem> {
        let map = match &node.value {
            Node::Null => return Ok(None),
            Node::Map(map) => map,
            other => {
                let message = format!(
                    "`schema` must be a mapping that is a JSON schema, not {}",
                    other.what()
                );
                return self.error(node, message);
            }
        };
        let kind = map.get("type").map(|(_, kind)| &kind.value);
        if kind != Some(&Node::Text("object".to_owned())) {
            let message = "`schema` must say `type: object`: servers take no other answer";
            return self.error(node, message);
        }
        self.part(map)?;
        let value = json(&node.value);
        if value.to_string().len() > LONGEST {
            return self.error(node, "`schema` is longer than 32 KB; ask for less at once");
        }
        Ok(Some(value))
    }

    /// Checks one schema and those inside it.
    fn part(&self, map: &Map) -> Result<(), Problem> {
        for (key, (_, node)) in map {
            match key.as_str() {
                "type" => self.kind_of_part(node)?,
                "properties" | "$defs" => self.parts(key, node)?,
                "items" => self.inner(key, node)?,
                "additionalProperties" if !matches!(node.value, Node::Bool(_)) => {
                    self.inner(key, node)?;
                }
                "anyOf" | "allOf" | "oneOf" => match &node.value {
                    Node::List(all) if !all.is_empty() => {
                        all.iter().try_for_each(|one| self.inner(key, one))?;
                    }
                    _ => return self.error(node, format!("`{key}` must be a list of schemas")),
                },
                "enum" => match &node.value {
                    Node::List(all) if !all.is_empty() => {}
                    _ => return self.error(node, "`enum` must list what may be answered"),
                },
                "required" => self.required(map, node)?,
                _ => {}
            }
        }
        Ok(())
    }

    fn parts(&self, key: &str, node: &At) -> Result<(), Problem> {
        let Node::Map(all) = &node.value else {
            let message = format!("`{key}` must be a mapping from names to schemas");
            return self.error(node, message);
        };
        all.iter()
            .try_for_each(|(name, (_, node))| self.inner(name, node))
    }

    fn inner(&self, key: &str, node: &At) -> Result<(), Problem> {
        match &node.value {
            Node::Map(map) => self.part(map),
            other => self.error(
                node,
                format!(
                    "`{key}` must be a schema such as `{{type: string}}`, not {}",
                    other.what()
                ),
            ),
        }
    }

    fn kind_of_part(&self, node: &At) -> Result<(), Problem> {
        let words: Vec<&At> = match &node.value {
            Node::List(all) => all.iter().collect(),
            _ => vec![node],
        };
        for word in words {
            let known = match &word.value {
                Node::Text(text) => TYPES.contains(&text.as_str()),
                // YAML's own word for the type of nothing.
                Node::Null => true,
                _ => false,
            };
            if !known {
                let shown = super::front::scalar(&word.value).unwrap_or_default();
                let message = format!("unknown type `{shown}`; use one of {}", TYPES.join(", "));
                return self.error(word, message);
            }
        }
        Ok(())
    }

    fn required(&self, map: &Map, node: &At) -> Result<(), Problem> {
        let Node::List(all) = &node.value else {
            return self.error(node, "`required` must be a list of properties");
        };
        let properties = map.get("properties").map(|(_, node)| &node.value);
        for one in all {
            let Node::Text(name) = &one.value else {
                return self.error(one, "`required` must be a list of properties");
            };
            let known = matches!(properties, Some(Node::Map(known)) if known.contains_key(name));
            if !known {
                let message = format!("`required` names `{name}`, which is no property here");
                return self.error(one, message);
            }
        }
        Ok(())
    }
}

/// YAML as JSON. Whole numbers stay whole, and a type of nothing is the word for it.
fn json(node: &Node) -> Value {
    match node {
        Node::Null => Value::Null,
        Node::Bool(on) => (*on).into(),
        Node::Number(number) if number.fract() == 0.0 && number.abs() < 9e15 => {
            (*number as i64).into()
        }
        Node::Number(number) => (*number).into(),
        Node::Text(text) => text.as_str().into(),
        Node::List(all) => all.iter().map(|one| json(&one.value)).collect(),
        Node::Map(map) => {
            let entry = |(key, (_, node)): (&String, &(_, At))| {
                let value = if key == "type" {
                    named(&node.value)
                } else {
                    json(&node.value)
                };
                (key.clone(), value)
            };
            map.iter().map(entry).collect()
        }
    }
}

fn named(kind: &Node) -> Value {
    match kind {
        Node::Null => "null".into(),
        Node::List(all) => all.iter().map(|one| named(&one.value)).collect(),
        other => json(other),
    }
}

#[cfg(test)]
mod tests {
    use crate::domain::template::Template;
    use serde_json::json;

    fn read(schema: &str) -> Result<Template, String> {
        let source = format!("---\noutput:\n  schema:\n{schema}\n---\nWrite.\n");
        Template::parse("t", "t.md", &source).map_err(|problem| problem.to_string())
    }

    #[test]
    fn a_schema_is_sent_as_it_is_written() {
        let template = read(
            "    type: object\n    properties:\n      titles: {type: array, minItems: 3, items: {type: string}}\n      \
             score: {type: [number, null], minimum: 0.5}\n    required: [titles, score]\n    additionalProperties: false",
        );
        let schema = template.unwrap().output.schema.unwrap();
        assert_eq!((schema.name.as_str(), schema.is_strict()), ("t", true));
        assert_eq!(
            schema.value,
            json!({"type": "object", "properties": {
                "titles": {"type": "array", "minItems": 3, "items": {"type": "string"}},
                "score": {"type": ["number", "null"], "minimum": 0.5}},
                "required": ["titles", "score"], "additionalProperties": false})
        );
        assert!(schema.value.to_string().contains("\"minItems\":3,"));
    }

    #[test]
    fn a_property_may_be_called_like_a_word_of_schemas() {
        let template = read("    type: object\n    properties: {type: {type: string}}");
        let value = template.unwrap().output.schema.unwrap().value;
        assert_eq!(value["properties"]["type"]["type"], "string");
    }

    #[test]
    fn what_is_wrong_with_a_schema_has_a_place() {
        for (schema, told) in [
            (
                "    - a",
                "t.md:4:5: `schema` must be a mapping that is a JSON schema, not a list",
            ),
            (
                "    type: string",
                "t.md:4:5: `schema` must say `type: object`",
            ),
            (
                "    type: object\n    properties: {a: string}",
                "t.md:5:21: `a` must be a schema such as `{type: string}`, not text",
            ),
            (
                "    type: object\n    properties: {a: {type: text}}",
                "t.md:5:28: unknown type `text`; use one of object, array",
            ),
            (
                "    type: object\n    required: [b]\n    properties: {a: {type: string}}",
                "t.md:5:16: `required` names `b`, which is no property here",
            ),
            (
                "    type: object\n    properties: {a: {enum: []}}",
                "t.md:5:28: `enum` must list what may be answered",
            ),
            (
                "    type: object\n    properties: [a]",
                "t.md:5:17: `properties` must be a mapping from names to schemas",
            ),
        ] {
            let problem = read(schema).unwrap_err();
            assert!(problem.starts_with(told), "{problem}");
        }
    }
}
