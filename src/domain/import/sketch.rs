//! What an importer gathers of one prompt, before it is written down as a template.
//!
//! Owns the pieces of a text and the fields of a form, by the names the other tool gives them.
//! Never decides how they are written.

use super::names;
use super::writing;
use crate::domain::brief::Brief;
use crate::domain::render;
use crate::domain::template::{NoSnippets, Template};
use serde_json::Value;

/// Longest words about a prompt that a list can show.
const LONGEST_LINE: usize = 300;
/// Examples that a template may have.
const MOST_EXAMPLES: usize = 32;

/// A piece of a text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Bit {
    /// Text that is printed as it stands.
    Said(String),
    /// The value of a variable, perhaps through a filter.
    Value(String, Option<&'static str>),
    /// What follows counts if the variable says something.
    If(String),
    /// What follows counts if the variable says nothing.
    Unless(String),
    /// What follows counts otherwise.
    Else,
    /// What follows counts once for each line of the variable.
    Each(String),
    /// The line.
    Item,
    /// The end of the last `If` or `Unless`.
    EndIf,
    /// The end of the last `Each`.
    EndEach,
    /// The snippet of a name, if there is one.
    Include(String),
}

/// A text with variables in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Text(pub(super) Vec<Bit>);

impl Text {
    /// Text without variables.
    pub(super) fn plain(text: &str) -> Self {
        let mut out = Self::default();
        out.said(text);
        out
    }

    /// One variable and nothing else.
    pub(super) fn of(name: &str) -> Self {
        Self(vec![Bit::Value(name.to_owned(), None)])
    }

    /// Adds text that is printed as it stands.
    pub(super) fn said(&mut self, more: &str) {
        match self.0.last_mut() {
            Some(Bit::Said(text)) => text.push_str(more),
            _ if more.is_empty() => {}
            _ => self.0.push(Bit::Said(more.to_owned())),
        }
    }

    /// Adds a piece.
    pub(super) fn push(&mut self, bit: Bit) {
        match bit {
            Bit::Said(text) => self.said(&text),
            bit => self.0.push(bit),
        }
    }

    /// Adds another text.
    pub(super) fn append(&mut self, more: Self) {
        more.0.into_iter().for_each(|bit| self.push(bit));
    }

    /// True when nothing but white space is in it.
    pub(super) fn is_blank(&self) -> bool {
        let blank = |bit: &Bit| matches!(bit, Bit::Said(text) if text.trim().is_empty());
        self.0.iter().all(blank)
    }

    /// The names of its variables, in order, each as often as it stands there.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|bit| match bit {
            Bit::Value(name, _) | Bit::If(name) | Bit::Unless(name) | Bit::Each(name) => {
                Some(name.as_str())
            }
            _ => None,
        })
    }

    /// Whether a variable stands in it.
    pub(super) fn mentions(&self, name: &str) -> bool {
        self.names().any(|known| known == name)
    }
}

/// What kind of value a field takes.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) enum Kind {
    /// One line.
    #[default]
    Line,
    /// Several lines.
    Text,
    /// One of a list.
    Choice(Vec<String>),
    /// A number.
    Number,
    /// On or off.
    Toggle,
    /// A day.
    Date,
    /// The text of a file.
    File,
    /// An image.
    Image,
}

/// One variable of the other tool.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Field {
    /// What the other tool calls it.
    pub(super) name: String,
    /// What it is called on screen; the name where it is empty.
    pub(super) label: String,
    /// One line about it.
    pub(super) help: String,
    /// What it takes.
    pub(super) kind: Kind,
    /// The value where none is given.
    pub(super) default: Option<Value>,
    /// Whether nothing can be sent without it.
    pub(super) required: bool,
    /// The smallest number.
    pub(super) min: Option<f64>,
    /// The largest number.
    pub(super) max: Option<f64>,
    /// Whether piped text goes here.
    pub(super) stdin: bool,
}

impl Field {
    /// A required line.
    pub(super) fn line(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            required: true,
            ..Self::default()
        }
    }

    /// The text that the prompt is about.
    pub(super) fn input() -> Self {
        Self {
            kind: Kind::Text,
            stdin: true,
            label: "Text".to_owned(),
            ..Self::line("input")
        }
    }
}

/// One prompt of another tool.
#[derive(Debug, Clone, Default)]
pub(super) struct Sketch {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) tags: Vec<String>,
    pub(super) system: Text,
    pub(super) examples: Vec<(Text, Text)>,
    pub(super) body: Text,
    pub(super) fields: Vec<Field>,
    pub(super) model: Option<String>,
    pub(super) params: Vec<(&'static str, f64)>,
    pub(super) schema: Option<Value>,
    pub(super) left: Vec<String>,
}

impl Sketch {
    /// Notes what cannot be carried.
    pub(super) fn leave(&mut self, why: impl Into<String>) {
        let why = why.into();
        if !self.left.contains(&why) {
            self.left.push(why);
        }
    }

    /// The field of a name, made by `new` where there is none.
    pub(super) fn field(&mut self, new: Field) -> &mut Field {
        let found = self.fields.iter().position(|field| field.name == new.name);
        let at = found.unwrap_or(self.fields.len());
        if found.is_none() {
            self.fields.push(new);
        }
        &mut self.fields[at]
    }

    /// Takes a model over whose id is a plain word.
    pub(super) fn model(&mut self, id: &str) {
        let plain = |c: char| c.is_ascii_alphanumeric() || "._:/-@".contains(c);
        let starts = id.starts_with(|c: char| c.is_ascii_alphanumeric());
        if starts && id.len() <= 100 && id.chars().all(plain) && !id.contains("//") {
            self.model = Some(id.to_owned());
        } else if !id.is_empty() {
            self.leave(format!("model `{id}`: not the plain id of one"));
        }
    }

    /// Takes a parameter over that is a number within reach.
    pub(super) fn param(&mut self, (key, ours): (&str, &'static str), value: &Value) {
        let number = value.as_f64().filter(|number| number.is_finite());
        let counts = ours == "max_output_tokens";
        match number {
            Some(number)
                if !counts
                    || number.fract() == 0.0 && (1.0..=4_294_967_295.0).contains(&number) =>
            {
                self.params.push((ours, number));
            }
            _ if value.is_null() => {}
            _ => self.leave(format!("{key}: {value} is no number that fits")),
        }
    }

    /// The template: its source, the same read, and what could not be carried.
    pub(super) fn finish(mut self, name: &str) -> Result<(String, Template, Vec<String>), String> {
        self.settle();
        let names: Vec<&str> = self
            .fields
            .iter()
            .map(|field| field.name.as_str())
            .collect();
        let legal = names::of_inputs(&names);
        let mut source = writing::source(&self, &legal);
        let mut parsed = Template::parse(name, name, &source);
        if let (Err(problem), true) = (&parsed, self.schema.is_some()) {
            let why = format!("the shape of the answer: {}", problem.message);
            self.schema = None;
            self.leave(why);
            source = writing::source(&self, &legal);
            parsed = Template::parse(name, name, &source);
        }
        let template = parsed.map_err(|problem| problem.message)?;
        // What cannot be rendered is no use to anybody: better to say so now.
        let rendered = render::preview(&template, &Brief::default(), &NoSnippets);
        rendered.map_err(|problem| problem.message)?;
        Ok((source, template, self.left))
    }

    /// Puts everything into the form that a template has.
    fn settle(&mut self) {
        for words in [&mut self.title, &mut self.description] {
            *words = one_line(words);
        }
        self.tags.iter_mut().for_each(|tag| *tag = one_line(tag));
        self.tags.retain(|tag| !tag.is_empty());
        self.tags.truncate(20);
        self.settle_examples();
        if self.body.is_blank() {
            self.body = Text::of("input");
            self.field(Field::input());
        }
        let examples = self
            .examples
            .iter()
            .flat_map(|(user, answer)| [user, answer]);
        let texts = std::iter::once(&self.system)
            .chain(examples)
            .chain([&self.body]);
        let used: Vec<String> = texts.flat_map(Text::names).map(str::to_owned).collect();
        for name in &used {
            self.field(Field::line(name));
        }
        let mut unused = Vec::new();
        self.fields.retain(|field| {
            let kept = field.kind == Kind::Image || used.contains(&field.name);
            if !kept {
                unused.push(format!("`{}`: the text does not use it", field.name));
            }
            kept
        });
        for why in unused {
            self.leave(why);
        }
        let mut told = Vec::new();
        for field in &mut self.fields {
            field.help = one_line(&field.help);
            field.label = one_line(&field.label);
            told.extend(field.settle());
        }
        for why in told {
            self.leave(why);
        }
    }

    fn settle_examples(&mut self) {
        let before = self.examples.len();
        let whole = |(user, answer): &(Text, Text)| !user.is_blank() && !answer.is_blank();
        self.examples.retain(whole);
        if self.examples.len() < before {
            self.leave("an example without a question or without an answer");
        }
        if self.examples.len() > MOST_EXAMPLES {
            let more = self.examples.len() - MOST_EXAMPLES;
            self.examples.truncate(MOST_EXAMPLES);
            self.leave(format!("{more} examples: there may be {MOST_EXAMPLES}"));
        }
    }
}

impl Field {
    /// Makes a field one that a template may declare; says what is lost by that.
    fn settle(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        let name = self.name.clone();
        if let Kind::Choice(options) = &mut self.kind {
            let mut seen: Vec<String> = Vec::new();
            options.retain(|option| {
                let new = !seen.contains(option) && !option.trim().is_empty();
                seen.push(option.clone());
                new
            });
            if options.is_empty() {
                told.push(format!("`{name}`: nothing to choose from, so it is a line"));
                self.kind = Kind::Line;
            }
        }
        if let (Some(min), Some(max)) = (self.min, self.max)
            && min > max
        {
            told.push(format!(
                "`{name}`: its smallest number is above its largest"
            ));
            (self.min, self.max) = (None, None);
        }
        if let Some(default) = self.default.take() {
            match self.fitting(&default) {
                Some(default) => self.default = Some(default),
                None if default.is_null() => {}
                None => told.push(format!("`{name}`: its default does not fit its type")),
            }
        }
        told
    }

    /// A default as the kind of the field has it.
    fn fitting(&self, default: &Value) -> Option<Value> {
        let text = match default {
            Value::String(text) => text.clone(),
            Value::Number(number) => number.to_string(),
            Value::Bool(on) => on.to_string(),
            _ => return None,
        };
        match &self.kind {
            Kind::Line if text.contains(['\n', '\r']) => None,
            Kind::Line | Kind::Text => Some(Value::String(text)),
            Kind::Choice(options) => options.contains(&text).then_some(Value::String(text)),
            Kind::Number => {
                let number = text.trim().parse::<f64>().ok()?;
                let fits = number.is_finite()
                    && self.min.is_none_or(|min| number >= min)
                    && self.max.is_none_or(|max| number <= max);
                fits.then(|| Value::from(number))
            }
            Kind::Toggle => match text.to_lowercase().as_str() {
                "true" | "1" | "yes" | "on" => Some(Value::Bool(true)),
                "false" | "0" | "no" | "off" | "" => Some(Value::Bool(false)),
                _ => None,
            },
            Kind::Date => crate::domain::template::date_after(&text, 0).map(Value::String),
            Kind::File | Kind::Image => None,
        }
    }
}

/// Words on one line, and not too many of them.
fn one_line(words: &str) -> String {
    let mut line = String::new();
    for word in words.split_whitespace() {
        if line.chars().count() + word.chars().count() >= LONGEST_LINE {
            if line.is_empty() {
                line = word.chars().take(LONGEST_LINE).collect();
            }
            line.push('…');
            break;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line
}
