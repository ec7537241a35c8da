//! Renders a template and a brief to a prompt, once, with limits.
//!
//! Owns how values enter a template and where each of them ends up in the text. A value is data:
//! it is never rendered again. Never parses a template's file and never touches anything outside.

use crate::domain::attachment::file_name;
use crate::domain::brief::{Brief, Value};
use crate::domain::prompt::{Example, Prompt};
use crate::domain::template::scan::Scan;
use crate::domain::template::{Engine, Input, InputKind, Part, Piece, Place, Problem, Template};
use minijinja::{OutputSpan, OutputSpanKind};
use std::collections::BTreeMap;
use std::ops::Range;
use thiserror::Error;

pub use crate::domain::template::{NoSnippets, Snippets};

/// Longest message that is rendered, and longest values together, in bytes.
const MAX_OUTPUT: usize = 1024 * 1024;

/// A prompt, and where the values of the brief stand in it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Rendered {
    /// Ready to send.
    pub prompt: Prompt,
    /// Text that came from inputs, in order within each part.
    pub spans: Vec<Span>,
    /// Words the answer should have.
    pub target_words: Option<usize>,
}

/// A piece of rendered text that came from an input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Which message.
    pub part: Part,
    /// Bytes of that message.
    pub range: Range<usize>,
    /// Index into the template's inputs.
    pub input: usize,
    /// Whether the text only stands for a value that is missing.
    pub missing: bool,
}

/// Why there is no prompt.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum RenderError {
    /// Required inputs without a value, all of them, as `name (Label)`.
    #[error("missing input: {}; give each a value", .0.join(", "))]
    Missing(Vec<String>),
    /// The template or a value is wrong.
    #[error(transparent)]
    Problem(#[from] Problem),
}

/// Renders the prompt of a brief.
pub fn render(
    template: &Template,
    brief: &Brief,
    snippets: &dyn Snippets,
) -> Result<Rendered, RenderError> {
    let missing = template.missing(brief);
    if !missing.is_empty() {
        let names = missing
            .into_iter()
            .map(|input| format!("{} ({})", input.name, input.label));
        return Err(RenderError::Missing(names.collect()));
    }
    for input in &template.inputs {
        let given = brief.get(&input.name).filter(|value| !value.is_blank());
        if let Some(Err(reason)) = given.map(|value| input.check(value)) {
            let message = format!("value of `{}`: {reason}", input.name);
            return Err(input.place.problem(&template.file, message).into());
        }
    }
    let rendered = render_all(template, brief, snippets)?;
    if rendered.prompt.user.is_empty() {
        let message = "there is no text to send; write what the model is to do below the dashes";
        return Err(Place::START.problem(&template.file, message).into());
    }
    Ok(rendered)
}

/// Renders what can be rendered of an unfinished brief; a missing value shows as `⟨label⟩`.
pub fn preview(
    template: &Template,
    brief: &Brief,
    snippets: &dyn Snippets,
) -> Result<Rendered, Problem> {
    render_all(template, brief, snippets).or_else(|problem| {
        // A template that calculates with a number cannot do so with a placeholder.
        let mut guessed = brief.clone();
        for input in template.missing(brief) {
            if let InputKind::Number { min, .. } = input.kind {
                guessed.set(input.name.clone(), Value::Number(min.unwrap_or(1.0)));
            }
        }
        render_all(template, &guessed, snippets).map_err(|_| problem)
    })
}

fn render_all(
    template: &Template,
    brief: &Brief,
    snippets: &dyn Snippets,
) -> Result<Rendered, Problem> {
    let engine = Engine::new(template, snippets)?;
    let sizes = brief.iter().map(|(_, value)| match value {
        Value::Text(text) => text.len(),
        Value::List(chosen) => chosen.iter().map(String::len).sum(),
        Value::Number(_) | Value::Toggle(_) => 0,
    });
    if sizes.sum::<usize>() > MAX_OUTPUT {
        return Err(too_long(template, Place::START));
    }
    let mut work = Work {
        template,
        engine: &engine,
        values: values(template, brief),
        missing: template
            .inputs
            .iter()
            .map(|input| input.is_missing(brief.get(&input.name)))
            .collect(),
        rendered: Rendered::default(),
    };
    work.rendered.prompt.params = template.model.params.clone();
    work.rendered
        .prompt
        .schema
        .clone_from(&template.output.schema);
    let mut texts: Vec<String> = Vec::new();
    for (at, (part, piece)) in template.pieces.iter().enumerate() {
        let text = work.piece(at, *part, piece)?;
        match part {
            Part::System => {
                work.rendered.prompt.system = Some(text).filter(|text| !text.is_empty());
            }
            Part::Example(_) => texts.push(text),
            Part::User => work.rendered.prompt.user = text,
            Part::TargetWords => work.rendered.target_words = words(&text),
        }
    }
    let mut texts = texts.into_iter();
    while let (Some(user), Some(assistant)) = (texts.next(), texts.next()) {
        work.rendered
            .prompt
            .examples
            .push(Example { user, assistant });
    }
    Ok(work.rendered)
}

fn too_long(template: &Template, place: Place) -> Problem {
    let message = "the prompt is longer than 1 MB; shorten the values";
    place.problem(&template.file, message)
}

struct Work<'a> {
    template: &'a Template,
    engine: &'a Engine<'a>,
    values: minijinja::Value,
    missing: Vec<bool>,
    rendered: Rendered,
}

impl Work<'_> {
    /// Renders one text, trims it, and notes where inputs stand in it.
    fn piece(&mut self, at: usize, part: Part, piece: &Piece) -> Result<String, Problem> {
        let compiled = self.engine.compile(piece)?;
        let rendered = compiled.render_with_spans(self.values.clone());
        let (mut text, spans) =
            rendered.map_err(|error| self.engine.problem(&error, Some(piece)))?;
        if text.len() > MAX_OUTPUT {
            let place = piece.place(&self.template.source, 0);
            return Err(too_long(self.template, place));
        }
        text.truncate(text.trim_end().len());
        let cut = text.len() - text.trim_start().len();
        text.drain(..cut);
        if part.is_message() {
            self.note(at, part, &spans, cut..cut + text.len());
        }
        Ok(text)
    }

    /// Notes the spans of inputs that are left in the `kept` bytes, counted from their start.
    fn note(&mut self, at: usize, part: Part, spans: &[OutputSpan], kept: Range<usize>) {
        for span in spans
            .iter()
            .filter(|span| span.kind() == OutputSpanKind::Expression)
        {
            let output = span.output_range();
            let range = output.start.max(kept.start)..output.end.min(kept.end);
            if range.is_empty() {
                continue;
            }
            let scan = self.engine.scan_of(at, span.name());
            let inputs = scan.map(|scan| self.inputs_in(scan, span.source_range()));
            let inputs = inputs.unwrap_or_default();
            let missing = inputs.iter().copied().find(|input| self.missing[*input]);
            let Some(input) = missing.or_else(|| inputs.first().copied()) else {
                continue;
            };
            self.rendered.spans.push(Span {
                part,
                range: range.start - kept.start..range.end - kept.start,
                input,
                missing: missing.is_some(),
            });
        }
    }

    /// The inputs that an expression's value comes from, through variables the text sets.
    fn inputs_in(&self, scan: &Scan, expression: Range<usize>) -> Vec<usize> {
        let mut found = Vec::new();
        let start = scan
            .names
            .partition_point(|name| name.offset < expression.start);
        let names = scan.names[start..]
            .iter()
            .take_while(|name| name.offset < expression.end);
        for name in names {
            self.trace(scan, &name.text, 0, &mut found);
        }
        found
    }

    fn trace(&self, scan: &Scan, name: &str, depth: usize, found: &mut Vec<usize>) {
        if let Some(input) = self
            .template
            .inputs
            .iter()
            .position(|input| input.name == name)
        {
            if !found.contains(&input) {
                found.push(input);
            }
        } else if depth < 4 {
            let alias = scan.aliases.iter().find(|(alias, _)| alias == name);
            for from in alias.into_iter().flat_map(|(_, from)| from.iter().take(8)) {
                self.trace(scan, from, depth + 1, found);
            }
        }
    }
}

/// The value of every input, as the template sees it.
fn values(template: &Template, brief: &Brief) -> minijinja::Value {
    let values: BTreeMap<String, minijinja::Value> = template
        .inputs
        .iter()
        .map(|input| (input.name.clone(), value(input, brief)))
        .collect();
    minijinja::Value::from_object(values)
}

fn value(input: &Input, brief: &Brief) -> minijinja::Value {
    let given = brief.get(&input.name);
    let listed = matches!(input.kind, InputKind::Choices { .. });
    if input.is_missing(given) {
        let placeholder = format!("⟨{}⟩", input.label);
        return if listed {
            vec![placeholder].into()
        } else {
            placeholder.into()
        };
    }
    match input.settled(given) {
        Some(Value::List(chosen)) => chosen.into(),
        // Left blank, or written before the input took several.
        Some(Value::Text(_)) | None if listed => Vec::<String>::new().into(),
        Some(Value::Toggle(on)) => on.into(),
        Some(Value::Number(number)) => number_value(number),
        Some(Value::Text(path)) if input.kind == InputKind::Image => file_name(&path).into(),
        Some(Value::Text(text)) => text.into(),
        None => "".into(),
    }
}

/// Whole numbers print without a fraction and count as integers.
fn number_value(number: f64) -> minijinja::Value {
    if number.fract() == 0.0 && number.abs() < 9e15 {
        return (number as i64).into();
    }
    number.into()
}

fn words(text: &str) -> Option<usize> {
    let number = text.trim().parse::<f64>().ok()?;
    (number.is_finite() && number >= 1.0).then_some(number as usize)
}

#[cfg(test)]
mod tests;
