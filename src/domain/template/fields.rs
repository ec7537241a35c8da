//! What the `inputs` of the front matter mean.
//!
//! Owns the keys of one input, long form and short, and the checks between them: a default fits
//! its type, a choice has options. Never reads any other key.

use super::front::{At, Reader, scalar};
use super::input::{Input, InputKind, label_of};
use super::limits::{Limits, Pattern};
use super::place::{Place, Problem};
use super::scan::is_word;
use super::yaml::{self, Node};
use crate::domain::brief::Value;

impl Reader<'_> {
    /// Reads `inputs`: a mapping from names to their forms.
    pub(crate) fn inputs(&mut self, node: &At) -> Result<(), Problem> {
        for (name, (at, node)) in self.map("inputs", node)?.into_iter().flatten() {
            let place = yaml::place(*at);
            let input = match bad_name(name) {
                Some(message) => Err(place.problem(self.file, message)),
                None => self.input(name, place, node),
            };
            match input {
                Ok(input) => self.front.inputs.push(input),
                Err(fault) => self.faults.push(fault),
            }
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
                    "pattern" => given.pattern = Some((node, self.text(key, node)?)),
                    _ => self.unknown(
                        key,
                        yaml::place(*at),
                        "type, label, help, default, required, options, min, max, pattern, rows and stdin",
                    ),
                }
            }
        }
        let kind = self.kind(place, &given)?;
        let limits = self.limits(&kind, &given)?;
        let rows = if kind == InputKind::Text { 5.0 } else { 1.0 };
        let mut input = Input {
            name: name.to_owned(),
            label: given.label.unwrap_or_else(|| label_of(name)),
            help: given.help,
            default: Input::natural_default(&kind),
            required: given.required,
            stdin: given.stdin,
            rows: given.rows.unwrap_or(rows).clamp(1.0, 40.0) as u16,
            limits,
            kind,
            today: None,
            place,
        };
        if let Some(node) = given.default {
            input.default = self.default(&input, node)?.or(input.default);
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
            "choices" => InputKind::Choices {
                options: self.several(at, given)?,
            },
            "date" => InputKind::Date,
            "number" => self.bounds(given)?,
            "image" => InputKind::Image,
            "file" => InputKind::File,
            _ => {
                return Err(at.problem(
                    self.file,
                    format!(
                        "unknown input type `{word}`; use line, text, choice, choices, number, date, toggle, image or file"
                    ),
                ));
            }
        };
        self.belongs(&kind, &word, given)?;
        Ok(kind)
    }

    /// Refuses keys that say nothing about inputs of this type.
    fn belongs(&self, kind: &InputKind, word: &str, given: &Given<'_>) -> Result<(), Problem> {
        let chosen = matches!(kind, InputKind::Choice { .. } | InputKind::Choices { .. });
        let typed = matches!(kind, InputKind::Line | InputKind::Text);
        if let (Some((node, _)), false) = (&given.options, chosen) {
            let message = format!("`options` belong to types choice and choices, not {word}");
            return self.error(node, message);
        }
        if let (Some((node, _)), false) = (&given.pattern, typed) {
            return self.error(
                node,
                format!("`pattern` belongs to types line and text, not {word}"),
            );
        }
        let bounded = typed || matches!(kind, InputKind::Number { .. });
        match given.min.or(given.max) {
            Some((node, _)) if !bounded => self.error(
                node,
                format!("`min` and `max` belong to types number, line and text, not {word}"),
            ),
            _ => Ok(()),
        }
    }

    /// How long a line or text may be, and what it has to look like.
    fn limits(&self, kind: &InputKind, given: &Given<'_>) -> Result<Limits, Problem> {
        if !matches!(kind, InputKind::Line | InputKind::Text) {
            return Ok(Limits::default());
        }
        self.bounds(given)?;
        let pattern = match &given.pattern {
            Some((node, written)) if !written.is_empty() => match Pattern::new(written) {
                Ok(pattern) => Some(pattern),
                Err(why) => return self.error(node, why),
            },
            _ => None,
        };
        Ok(Limits {
            min: self.length("min", given.min)?,
            max: self.length("max", given.max)?,
            pattern,
        })
    }

    /// A number of characters.
    fn length(&self, key: &str, given: Option<(&At, f64)>) -> Result<Option<usize>, Problem> {
        match given {
            None => Ok(None),
            Some((_, count)) if count.fract() == 0.0 && (0.0..=1e9).contains(&count) => {
                Ok(Some(count as usize))
            }
            Some((node, _)) => self.error(
                node,
                format!("`{key}` counts characters here; use a whole number"),
            ),
        }
    }

    /// The options of an input that takes several of them, which are written one a line.
    fn several(&self, at: Place, given: &Given<'_>) -> Result<Vec<String>, Problem> {
        let options = self.options(at, given)?;
        match (
            &given.options,
            options.iter().find(|one| one.contains('\n')),
        ) {
            (Some((node, _)), Some(_)) => {
                self.error(node, "an option of `choices` must be one line")
            }
            _ => Ok(options),
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
            (_, InputKind::Image | InputKind::File) => {
                // A template from elsewhere must not name files of this machine.
                let what = if input.kind == InputKind::Image {
                    "an image has none"
                } else {
                    "a file has none"
                };
                return self.bad_default(input, node, what);
            }
            (Node::Bool(on), InputKind::Toggle) => Value::Toggle(*on),
            (Node::Number(number), InputKind::Number { .. }) => Value::Number(*number),
            (Node::List(_), InputKind::Choices { .. }) => Value::List(self.texts("default", node)?),
            (other, InputKind::Choices { .. }) => {
                let named = input.value_from(&scalar(other).unwrap_or_default());
                match named {
                    Ok(value) => value,
                    Err(reason) => return self.bad_default(input, node, &reason),
                }
            }
            (
                other,
                InputKind::Line | InputKind::Text | InputKind::Choice { .. } | InputKind::Date,
            ) => match scalar(other) {
                Some(text) => Value::Text(text),
                None => {
                    return self.bad_default(
                        input,
                        node,
                        &format!("must be text, not {}", other.what()),
                    );
                }
            },
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
        // A default that says nothing keeps to every limit, as an emptied field does.
        let typed = matches!(
            input.kind,
            InputKind::Line | InputKind::Text | InputKind::Date
        );
        if typed && (value.is_blank() || input.is_word_for_a_day(&value)) {
            return Ok(Some(value));
        }
        match input.check(&value) {
            Ok(()) => Ok(Some(value)),
            Err(reason) => self.bad_default(input, node, &reason),
        }
    }

    fn bad_default<T>(&self, input: &Input, node: &At, reason: &str) -> Result<T, Problem> {
        self.error(node, format!("default of `{}`: {reason}", input.name))
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
    pattern: Option<(&'n At, String)>,
}

/// Why a name cannot be that of an input, if it cannot.
pub(crate) fn bad_name(name: &str) -> Option<String> {
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
