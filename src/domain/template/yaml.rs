//! Front matter as a tree in which every node knows its place.
//!
//! Owns the split between front matter and body, and the reading of YAML with tight budgets.
//! Never gives the keys a meaning.

use super::place::{Place, Problem};
use crate::domain::wording;
use indexmap::IndexMap;
use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_saphyr::{Location, Spanned};
use std::fmt;

/// A template file in its two parts; offsets are bytes of the whole text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Parts<'a> {
    /// The YAML between the dashes, if there is any front matter.
    pub yaml: Option<&'a str>,
    /// Where the body starts.
    pub body: usize,
}

/// The front matter's dashes were opened and never closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unclosed;

/// Splits a text with `\n` line ends at its front matter.
pub(crate) fn split(text: &str) -> Result<Parts<'_>, Unclosed> {
    let first = text.split('\n').next().unwrap_or_default();
    if first.trim_end() != "---" {
        return Ok(Parts {
            yaml: None,
            body: 0,
        });
    }
    let start = (first.len() + 1).min(text.len());
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.starts_with("---") && line.trim_end() == "---" {
            return Ok(Parts {
                yaml: Some(&text[start..at]),
                body: at + line.len(),
            });
        }
        at += line.len();
    }
    Err(Unclosed)
}

/// One value of the front matter.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Node {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    List(Vec<Spanned<Node>>),
    Map(Map),
}

/// Keys in the order written, each with its place.
pub(crate) type Map = IndexMap<String, (Location, Spanned<Node>)>;

impl Node {
    /// What it is, for error texts.
    pub(crate) const fn what(&self) -> &'static str {
        match self {
            Self::Null => "nothing",
            Self::Bool(_) => "a truth value",
            Self::Number(_) => "a number",
            Self::Text(_) => "text",
            Self::List(_) => "a list",
            Self::Map(_) => "a mapping",
        }
    }
}

/// Reads the YAML of front matter. An empty one is an empty map.
pub(crate) fn read(yaml: &str, file: &str) -> Result<Map, Problem> {
    let root: Spanned<Node> =
        serde_saphyr::from_str_with_options(yaml, options()).map_err(|error| {
            let place = error.location().map_or(Place { line: 2, column: 1 }, place);
            place.problem(file, format!("front matter: {}", wording::of(&error)))
        })?;
    match root.value {
        Node::Map(map) => Ok(map),
        Node::Null => Ok(Map::new()),
        other => Err(place(root.referenced).problem(
            file,
            format!(
                "front matter must be `key: value` lines, not {}",
                other.what()
            ),
        )),
    }
}

/// The place in the file of a place in the front matter, which starts on the file's second line.
pub(crate) fn place(location: Location) -> Place {
    Place {
        line: usize::try_from(location.line()).map_or(1, |line| line + 1),
        column: usize::try_from(location.column()).map_or(1, |column| column.max(1)),
    }
}

/// Budgets far above any honest template and far below what could hurt.
pub(crate) fn options() -> serde_saphyr::Options {
    serde_saphyr::options! {
        with_snippet: false,
        emit_comments: false,
        strict_booleans: true,
        budget: serde_saphyr::budget! {
            max_depth: 24,
            flow_nesting_limit: 24,
            max_events: 40_000,
            max_nodes: 20_000,
            max_aliases: 100,
            max_anchors: 100,
        },
    }
}

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("text, a number, a truth value, a list or a mapping")
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_none<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, from: D) -> Result<Node, D::Error> {
        Node::deserialize(from)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_i128<E>(self, value: i128) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_u128<E>(self, value: u128) -> Result<Node, E> {
        Ok(Node::Number(value as f64))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Number(value))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_string<E>(self, value: String) -> Result<Node, E> {
        Ok(Node::Text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Node, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Node, A::Error> {
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<Spanned<String>>()? {
            let value = entries.next_value()?;
            map.insert(key.value, (key.referenced, value));
        }
        Ok(Node::Map(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn front_matter_is_split_from_the_body() {
        let text = "---\ntitle: x\n---\nbody";
        let parts = split(text).unwrap();
        assert_eq!(parts.yaml, Some("title: x\n"));
        assert_eq!(&text[parts.body..], "body");
        assert_eq!(split("no dashes").unwrap().yaml, None);
        assert_eq!(split("---\n---").unwrap().yaml, Some(""));
        assert_eq!(split("---\ntitle: x\n"), Err(Unclosed));
        assert_eq!(split("---"), Err(Unclosed));
    }

    #[test]
    fn every_node_knows_its_place() {
        let map = read("a: 1\ninputs:\n  topic: {label: Topic}\n", "t.md").unwrap();
        let (key, inputs) = &map["inputs"];
        assert_eq!(place(*key), Place { line: 3, column: 1 });
        let Node::Map(inputs) = &inputs.value else {
            panic!("not a map")
        };
        let (key, topic) = &inputs["topic"];
        assert_eq!(place(*key), Place { line: 4, column: 3 });
        let Node::Map(topic) = &topic.value else {
            panic!("not a map")
        };
        let (_, label) = &topic["label"];
        assert_eq!(
            place(label.referenced),
            Place {
                line: 4,
                column: 18
            }
        );
        assert_eq!(label.value, Node::Text("Topic".into()));
    }

    #[test]
    fn a_yaml_error_has_a_place_in_the_file() {
        let problem = read("title: a\ntags: [a, b\nx: 1\n", "t.md").unwrap_err();
        assert_eq!((problem.line > 2, problem.file.as_str()), (true, "t.md"));
        let problem = read("title: a\ntitle: b\n", "t.md").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "t.md:3:1: front matter: `title` stands here a second time; take one of the two out"
        );
    }

    #[test]
    fn a_list_is_no_front_matter() {
        let problem = read("- a\n- b\n", "t.md").unwrap_err();
        assert_eq!(
            problem.to_string(),
            "t.md:2:1: front matter must be `key: value` lines, not a list"
        );
        assert!(read("# only a comment\n", "t.md").unwrap().is_empty());
    }

    #[test]
    fn alias_bombs_and_deep_nesting_are_refused() {
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..9 {
            let refs = vec![format!("*a{}", level - 1); 9].join(", ");
            bomb += "a";
            bomb += &level.to_string();
            bomb += ": &a";
            bomb += &level.to_string();
            bomb += &[" [", &refs, "]\n"].concat();
        }
        assert!(read(&bomb, "t.md").is_err());
        let deep = format!("a: {}{}\n", "[".repeat(5000), "]".repeat(5000));
        assert!(read(&deep, "t.md").is_err());
        let told = read(&bomb, "t.md").unwrap_err().to_string();
        assert!(
            told.contains("make it smaller") && !told.contains('{'),
            "{told}"
        );
    }
}
