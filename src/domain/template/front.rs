//! What the keys of a template's front matter mean.
//!
//! Owns the reading of every known key, with a place for every complaint. Unknown keys become
//! warnings, never failures. Never looks at the body.

use super::input::Input;
use super::place::{Piece, Place, Problem, Written};
use super::yaml::{self, Map, Node};
use super::{Destination, ModelChoice};
use crate::domain::rendition::Subject;
use serde_saphyr::Spanned;

/// Everything the front matter says.
#[derive(Debug, Default)]
pub(crate) struct Front {
    pub title: Option<String>,
    pub description: String,
    pub tags: Vec<String>,
    pub system: Option<Piece>,
    pub inputs: Vec<Input>,
    pub examples: Vec<(Piece, Piece)>,
    pub model: ModelChoice,
    pub variants: Option<u8>,
    pub target_words: Option<Piece>,
    pub schema: Option<serde_json::Value>,
    pub destination: Destination,
    pub subject: Subject,
    pub warnings: Vec<Problem>,
}

/// Reads front matter; `yaml` starts on the second line of `source`. With what it says comes what is
/// wrong with it, in order; an error is YAML that says nothing.
pub(crate) fn read(file: &str, source: &str, yaml: &str) -> Result<(Front, Vec<Problem>), Problem> {
    let map = yaml::read(yaml, file)?;
    let mut reader = Reader {
        file,
        source,
        front: Front::default(),
        faults: Vec::new(),
    };
    for (key, (at, node)) in &map {
        if let Err(fault) = reader.key(key, *at, node) {
            reader.faults.push(fault);
        }
    }
    Ok((reader.front, reader.faults))
}

/// A node with its place.
pub(crate) type At = Spanned<Node>;

/// Walks the keys, gathering what they say.
pub(crate) struct Reader<'a> {
    pub(crate) file: &'a str,
    source: &'a str,
    pub(crate) front: Front,
    /// What is wrong, in the order found.
    pub(crate) faults: Vec<Problem>,
}

impl Reader<'_> {
    fn key(&mut self, key: &str, at: serde_saphyr::Location, node: &At) -> Result<(), Problem> {
        match key {
            "title" => self.front.title = Some(self.text(key, node)?).filter(|t| !t.is_empty()),
            "description" => self.front.description = self.text(key, node)?,
            "tags" => self.front.tags = self.texts(key, node)?,
            "system" => self.front.system = self.piece(key, node)?,
            "inputs" => self.inputs(node)?,
            "examples" => self.examples(node)?,
            "model" => self.model(node)?,
            "variants" => self.front.variants = self.variants(node)?,
            "output" => self.output(node)?,
            _ => self.unknown(
                key,
                yaml::place(at),
                "title, description, tags, system, inputs, examples, model, variants and output",
            ),
        }
        Ok(())
    }

    pub(crate) fn error<T>(&self, node: &At, message: impl Into<String>) -> Result<T, Problem> {
        Err(yaml::place(node.referenced).problem(self.file, message))
    }

    pub(crate) fn unknown(&mut self, key: &str, place: Place, known: &str) {
        let message = format!("unknown key `{key}`; known are {known}");
        self.front.warnings.push(place.problem(self.file, message));
    }

    /// Text, or a scalar that reads as text.
    pub(crate) fn text(&self, key: &str, node: &At) -> Result<String, Problem> {
        match scalar(&node.value) {
            Some(text) => Ok(text),
            None => self.error(
                node,
                format!("`{key}` must be text, not {}", node.value.what()),
            ),
        }
    }

    pub(crate) fn texts(&self, key: &str, node: &At) -> Result<Vec<String>, Problem> {
        match &node.value {
            Node::List(items) => items.iter().map(|item| self.text(key, item)).collect(),
            Node::Null => Ok(Vec::new()),
            _ => Ok(vec![self.text(key, node)?]),
        }
    }

    fn piece(&self, key: &str, node: &At) -> Result<Option<Piece>, Problem> {
        let text = self.text(key, node)?;
        Ok((!text.is_empty()).then(|| Piece {
            text,
            start: offset(self.source, yaml::place(node.referenced)),
            written: Written::Yaml,
        }))
    }

    pub(crate) fn map<'n>(&self, key: &str, node: &'n At) -> Result<Option<&'n Map>, Problem> {
        match &node.value {
            Node::Map(map) => Ok(Some(map)),
            Node::Null => Ok(None),
            other => self.error(
                node,
                format!("`{key}` must be a mapping, not {}", other.what()),
            ),
        }
    }

    pub(crate) fn number(&self, key: &str, node: &At) -> Result<Option<f64>, Problem> {
        match &node.value {
            Node::Number(number) if number.is_finite() => Ok(Some(*number)),
            Node::Null => Ok(None),
            other => self.error(
                node,
                format!("`{key}` must be a number, not {}", other.what()),
            ),
        }
    }

    pub(crate) fn toggle(&self, key: &str, node: &At) -> Result<bool, Problem> {
        match &node.value {
            Node::Bool(on) => Ok(*on),
            Node::Null => Ok(false),
            other => self.error(
                node,
                format!("`{key}` must be true or false, not {}", other.what()),
            ),
        }
    }

    fn examples(&mut self, node: &At) -> Result<(), Problem> {
        let Node::List(items) = &node.value else {
            return match node.value {
                Node::Null => Ok(()),
                _ => self.error(node, "`examples` must be a list of `{user:, assistant:}`"),
            };
        };
        if items.len() > 32 {
            return self.error(node, "more than 32 examples; keep the best");
        }
        for item in items {
            let (mut user, mut assistant) = (None, None);
            for (key, (at, node)) in self.map("examples", item)?.into_iter().flatten() {
                match key.as_str() {
                    "user" => user = self.piece(key, node)?,
                    "assistant" => assistant = self.piece(key, node)?,
                    _ => self.unknown(key, yaml::place(*at), "user and assistant"),
                }
            }
            let (Some(user), Some(assistant)) = (user, assistant) else {
                return self.error(item, "an example needs both `user` and `assistant`");
            };
            self.front.examples.push((user, assistant));
        }
        Ok(())
    }

    fn destination(&self, node: &At) -> Result<Destination, Problem> {
        match self.text("place", node)?.as_str() {
            "" | "instead" => Ok(Destination::Instead),
            "behind" => Ok(Destination::Behind),
            _ => self.error(node, "`place` must be instead or behind"),
        }
    }

    fn output(&mut self, node: &At) -> Result<(), Problem> {
        for (key, (at, node)) in self.map("output", node)?.into_iter().flatten() {
            match key.as_str() {
                "target_words" => self.front.target_words = self.piece(key, node)?,
                "schema" => self.front.schema = self.schema(node)?,
                "place" => self.front.destination = self.destination(node)?,
                "subject" if self.toggle(key, node)? => self.front.subject = Subject::FirstLine,
                "subject" => {}
                _ => self.unknown(
                    key,
                    yaml::place(*at),
                    "target_words, schema, place and subject",
                ),
            }
        }
        Ok(())
    }
}

/// A scalar as the text it reads as.
pub(crate) fn scalar(node: &Node) -> Option<String> {
    match node {
        Node::Null => Some(String::new()),
        Node::Bool(on) => Some(on.to_string()),
        Node::Number(number) => Some(number.to_string()),
        Node::Text(text) => Some(text.clone()),
        Node::List(_) | Node::Map(_) => None,
    }
}

/// The byte at a line and column of `source`.
fn offset(source: &str, place: Place) -> usize {
    let line_start = match place.line {
        0 | 1 => 0,
        line => memchr::memchr_iter(b'\n', source.as_bytes())
            .nth(line - 2)
            .map_or(source.len(), |at| at + 1),
    };
    let rest = &source[line_start..];
    let in_line = rest.char_indices().nth(place.column - 1);
    line_start + in_line.map_or(0, |(at, _)| at)
}
