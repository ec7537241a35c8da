//! What the keys of a template's front matter mean.
//!
//! Owns the reading of every known key, with a place for every complaint. Unknown keys become
//! warnings, never failures. Never looks at the body.

use super::input::{Input, InputKind, label_of};
use super::place::{Piece, Place, Problem, Written};
use super::scan::is_word;
use super::yaml::{self, Map, Node};
use super::{ModelChoice, label};
use crate::domain::brief::Value;
use crate::domain::prompt::Params;
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
    pub target_words: Option<Piece>,
    pub warnings: Vec<Problem>,
}

/// Reads front matter; `yaml` starts on the second line of `source`.
pub(crate) fn read(file: &str, source: &str, yaml: &str) -> Result<Front, Problem> {
    let map = yaml::read(yaml, file)?;
    let mut reader = Reader {
        file,
        source,
        front: Front::default(),
    };
    for (key, (at, node)) in &map {
        reader.key(key, *at, node)?;
    }
    Ok(reader.front)
}

type At = Spanned<Node>;

struct Reader<'a> {
    file: &'a str,
    source: &'a str,
    front: Front,
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
            "output" => self.output(node)?,
            _ => self.unknown(
                key,
                yaml::place(at),
                "title, description, tags, system, inputs, examples, model and output",
            ),
        }
        Ok(())
    }

    fn error<T>(&self, node: &At, message: impl Into<String>) -> Result<T, Problem> {
        Err(yaml::place(node.referenced).problem(self.file, message))
    }

    fn unknown(&mut self, key: &str, place: Place, known: &str) {
        let message = format!("unknown key `{key}`; known are {known}");
        self.front.warnings.push(place.problem(self.file, message));
    }

    /// Text, or a scalar that reads as text.
    fn text(&self, key: &str, node: &At) -> Result<String, Problem> {
        match scalar(&node.value) {
            Some(text) => Ok(text),
            None => self.error(
                node,
                format!("`{key}` must be text, not {}", node.value.what()),
            ),
        }
    }

    fn texts(&self, key: &str, node: &At) -> Result<Vec<String>, Problem> {
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

    fn map<'n>(&self, key: &str, node: &'n At) -> Result<Option<&'n Map>, Problem> {
        match &node.value {
            Node::Map(map) => Ok(Some(map)),
            Node::Null => Ok(None),
            other => self.error(
                node,
                format!("`{key}` must be a mapping, not {}", other.what()),
            ),
        }
    }

    fn number(&self, key: &str, node: &At) -> Result<Option<f64>, Problem> {
        match &node.value {
            Node::Number(number) if number.is_finite() => Ok(Some(*number)),
            Node::Null => Ok(None),
            other => self.error(
                node,
                format!("`{key}` must be a number, not {}", other.what()),
            ),
        }
    }

    fn toggle(&self, key: &str, node: &At) -> Result<bool, Problem> {
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

    fn model(&mut self, node: &At) -> Result<(), Problem> {
        if let Node::Text(id) = &node.value {
            self.front.model.id = Some(id.clone());
            return Ok(());
        }
        for (key, (at, node)) in self.map("model", node)?.into_iter().flatten() {
            match key.as_str() {
                "id" => self.front.model.id = Some(self.text(key, node)?),
                "params" => self.front.model.params = self.params(node)?,
                _ => self.unknown(key, yaml::place(*at), "id and params"),
            }
        }
        Ok(())
    }

    fn params(&mut self, node: &At) -> Result<Params, Problem> {
        let mut params = Params::default();
        for (key, (at, node)) in self.map("params", node)?.into_iter().flatten() {
            match key.as_str() {
                "max_output_tokens" => {
                    params.max_output_tokens = match self.number(key, node)? {
                        Some(count)
                            if count >= 1.0
                                && count.fract() == 0.0
                                && count <= f64::from(u32::MAX) =>
                        {
                            Some(count as u32)
                        }
                        None => None,
                        Some(_) => {
                            return self
                                .error(node, "`max_output_tokens` must be a whole number above 0");
                        }
                    }
                }
                "temperature" => params.temperature = self.number(key, node)?,
                "top_p" => params.top_p = self.number(key, node)?,
                "reasoning" => params.reasoning = Some(self.text(key, node)?),
                "verbosity" => params.verbosity = Some(self.text(key, node)?),
                _ => self.unknown(
                    key,
                    yaml::place(*at),
                    "max_output_tokens, temperature, top_p, reasoning and verbosity",
                ),
            }
        }
        Ok(params)
    }

    fn output(&mut self, node: &At) -> Result<(), Problem> {
        for (key, (at, node)) in self.map("output", node)?.into_iter().flatten() {
            match key.as_str() {
                "target_words" => self.front.target_words = self.piece(key, node)?,
                _ => self.unknown(key, yaml::place(*at), "target_words"),
            }
        }
        Ok(())
    }

    fn inputs(&mut self, node: &At) -> Result<(), Problem> {
        for (name, (at, node)) in self.map("inputs", node)?.into_iter().flatten() {
            let place = yaml::place(*at);
            if let Some(message) = bad_name(name) {
                return Err(place.problem(self.file, message));
            }
            let input = self.input(name, place, node)?;
            self.front.inputs.push(input);
        }
        Ok(())
    }

    fn input(&mut self, name: &str, place: Place, node: &At) -> Result<Input, Problem> {
        let mut given = Given::default();
        if let Node::Text(_) = &node.value {
            given.kind = Some(node);
        } else {
            for (key, (at, node)) in self.map(name, node)?.into_iter().flatten() {
                match key.as_str() {
                    "type" => given.kind = Some(node),
                    "label" => given.label = Some(self.text(key, node)?),
                    "help" => given.help = self.text(key, node)?,
                    "default" => given.default = Some(node),
                    "required" => given.required = self.toggle(key, node)?,
                    "stdin" => given.stdin = self.toggle(key, node)?,
                    "options" => given.options = Some((node, self.texts(key, node)?)),
                    "min" => given.min = self.number(key, node)?.map(|number| (node, number)),
                    "max" => given.max = self.number(key, node)?.map(|number| (node, number)),
                    "rows" => given.rows = self.number(key, node)?,
                    _ => self.unknown(
                        key,
                        yaml::place(*at),
                        "type, label, help, default, required, options, min, max, rows and stdin",
                    ),
                }
            }
        }
        let kind = self.kind(place, &given)?;
        let rows = if kind == InputKind::Text { 5.0 } else { 1.0 };
        let mut input = Input {
            name: name.to_owned(),
            label: given.label.unwrap_or_else(|| label_of(name)),
            help: given.help,
            default: None,
            required: given.required,
            stdin: given.stdin,
            rows: given.rows.unwrap_or(rows).clamp(1.0, 40.0) as u16,
            kind,
            place,
        };
        if let Some(node) = given.default {
            input.default = self.default(&input, node)?;
        }
        Ok(input)
    }

    fn kind(&self, place: Place, given: &Given<'_>) -> Result<InputKind, Problem> {
        let word = match given.kind {
            Some(node) => self.text("type", node)?,
            None if given.options.is_some() => "choice".to_owned(),
            None => "line".to_owned(),
        };
        let at = given
            .kind
            .map_or(place, |node| yaml::place(node.referenced));
        let kind = match word.as_str() {
            "line" | "" => InputKind::Line,
            "text" => InputKind::Text,
            "toggle" => InputKind::Toggle,
            "choice" => InputKind::Choice {
                options: self.options(at, given)?,
            },
            "number" => self.bounds(given)?,
            "choices" | "date" | "file" | "image" => {
                let instead = if word == "choices" { "text" } else { "line" };
                return Err(at.problem(
                    self.file,
                    format!("input type `{word}` is not supported yet; use {instead}"),
                ));
            }
            _ => {
                return Err(at.problem(
                    self.file,
                    format!(
                        "unknown input type `{word}`; use line, text, choice, number or toggle"
                    ),
                ));
            }
        };
        match (&kind, &given.options, given.min.or(given.max)) {
            (InputKind::Choice { .. }, ..)
            | (_, None, None)
            | (InputKind::Number { .. }, None, _) => Ok(kind),
            (_, Some((node, _)), _) => {
                self.error(node, format!("`options` belong to type choice, not {word}"))
            }
            (_, _, Some((node, _))) => self.error(
                node,
                format!("`min` and `max` belong to type number, not {word}"),
            ),
        }
    }

    fn options(&self, at: Place, given: &Given<'_>) -> Result<Vec<String>, Problem> {
        let Some((node, options)) = &given.options else {
            return Err(at.problem(self.file, "a choice needs `options: [one, another]`"));
        };
        if options.is_empty() {
            return self.error(node, "`options` is empty; list what can be chosen");
        }
        let twice = options
            .iter()
            .enumerate()
            .find(|(at, option)| options[..*at].contains(option));
        if let Some((_, option)) = twice {
            return self.error(node, format!("option `{option}` is listed twice"));
        }
        Ok(options.clone())
    }

    fn bounds(&self, given: &Given<'_>) -> Result<InputKind, Problem> {
        if let (Some((_, min)), Some((node, max))) = (given.min, given.max)
            && min > max
        {
            return self.error(node, format!("`max` {max} is less than `min` {min}"));
        }
        Ok(InputKind::Number {
            min: given.min.map(|(_, number)| number),
            max: given.max.map(|(_, number)| number),
        })
    }

    fn default(&self, input: &Input, node: &At) -> Result<Option<Value>, Problem> {
        let value = match (&node.value, &input.kind) {
            (Node::Null, _) => return Ok(None),
            (Node::Bool(on), InputKind::Toggle) => Value::Toggle(*on),
            (Node::Number(number), InputKind::Number { .. }) => Value::Number(*number),
            (other, InputKind::Line | InputKind::Text | InputKind::Choice { .. }) => {
                match scalar(other) {
                    Some(text) => Value::Text(text),
                    None => {
                        return self.bad_default(
                            input,
                            node,
                            &format!("must be text, not {}", other.what()),
                        );
                    }
                }
            }
            (other, kind) => {
                let wanted = if *kind == InputKind::Toggle {
                    "true or false"
                } else {
                    "a number"
                };
                let reason = format!("must be {wanted}, not {}", other.what());
                return self.bad_default(input, node, &reason);
            }
        };
        match input.check(&value) {
            Ok(()) => Ok(Some(value)),
            Err(reason) => self.bad_default(input, node, &reason),
        }
    }

    fn bad_default<T>(&self, input: &Input, node: &At, reason: &str) -> Result<T, Problem> {
        self.error(node, format!("default of {}: {reason}", label(input)))
    }
}

/// The keys of one input as written.
#[derive(Default)]
struct Given<'n> {
    kind: Option<&'n At>,
    label: Option<String>,
    help: String,
    default: Option<&'n At>,
    required: bool,
    stdin: bool,
    options: Option<(&'n At, Vec<String>)>,
    min: Option<(&'n At, f64)>,
    max: Option<(&'n At, f64)>,
    rows: Option<f64>,
}

fn scalar(node: &Node) -> Option<String> {
    match node {
        Node::Null => Some(String::new()),
        Node::Bool(on) => Some(on.to_string()),
        Node::Number(number) => Some(number.to_string()),
        Node::Text(text) => Some(text.clone()),
        Node::List(_) | Node::Map(_) => None,
    }
}

fn bad_name(name: &str) -> Option<String> {
    let mut chars = name.chars();
    let first = chars
        .next()
        .is_some_and(|c| c.is_ascii_alphabetic() || c == '_');
    if !first || !chars.all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Some(format!(
            "`{name}` is no input name; use letters, digits and `_`, starting with a letter"
        ));
    }
    let taken = is_word(name) || matches!(name, "loop" | "self" | "super" | "caller" | "range");
    taken.then(|| format!("`{name}` is a word of the template language; use another name"))
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
