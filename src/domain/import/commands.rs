//! Command files of programs that write code: crush, Claude Code, Codex.
//!
//! A file is the prompt; what begins with a dollar sign is an argument. Commands in it are never
//! run and files never opened: they stay in the text as they are written.

use super::braces::{scan, word};
use super::messages::join;
use super::sketch::{Bit, Field, Kind, Sketch, Text};
use super::tree;
use super::{Format, Given, Thing, names};

pub(super) fn read(given: &Given<'_>, format: Format) -> Vec<Thing> {
    let name = names::of_path(given.path, ".md");
    let sketch = match format {
        Format::Crush => Ok(crush(given.text)),
        _ => command(given.text, format),
    };
    let sketch = sketch.and_then(|sketch| {
        if sketch.body.is_blank() {
            return Err("there is no prompt in it".to_owned());
        }
        Ok(sketch)
    });
    Thing::only(name, sketch)
}

/// The whole file is the prompt; `$NAME` is an argument that has to be given.
fn crush(text: &str) -> Sketch {
    Sketch {
        body: scan(text, "$", |here| {
            capital(&here[1..]).map(|name| (1 + name.len(), Bit::Value(name.to_owned(), None)))
        }),
        ..Sketch::default()
    }
}

/// A name of capitals, digits and `_` at the start of a text.
fn capital(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    let name = &text[..end.unwrap_or(text.len())];
    name.starts_with(|c: char| c.is_ascii_uppercase())
        .then_some(name)
}

fn command(text: &str, format: Format) -> Result<Sketch, String> {
    let (keys, body) = tree::loose_front(text)?;
    let mut sketch = Sketch {
        description: tree::text(&keys, "description")?.unwrap_or_default(),
        ..Sketch::default()
    };
    let hint = tree::texts(keys.get("argument-hint")).join(" ");
    if keys
        .get("allowed-tools")
        .is_some_and(|tools| !tools.is_null())
    {
        sketch.leave("allowed-tools: a template calls no tools");
    }
    if let Some(model) = tree::text(&keys, "model")? {
        // These are names for whatever is current, which only their own program knows.
        if ["sonnet", "opus", "haiku", "inherit", "default", "opusplan"].contains(&model.as_str()) {
            sketch.leave(format!(
                "model `{model}`: a word of the program, not the id of a model"
            ));
        } else {
            sketch.model(&model);
        }
    }
    let known = ["description", "argument-hint", "allowed-tools", "model"];
    for key in tree::others(&keys, &known) {
        sketch.leave(format!("{key}: a template has no such setting"));
    }
    sketch.body = scan(body, "$", |here| argument(here, format));
    notes(&mut sketch, body);
    let fields: Vec<String> = sketch.body.names().map(str::to_owned).collect();
    for name in fields {
        let whole = name == "arguments";
        let field = sketch.field(Field::line(&name));
        if whole {
            (field.kind, field.stdin) = (Kind::Text, true);
            field.help.clone_from(&hint);
        }
    }
    let takes = !hint.trim().is_empty() && sketch.fields.is_empty() && !sketch.body.is_blank();
    if takes {
        // What is typed behind the command follows the prompt.
        join(&mut sketch.body, Text::of("arguments"));
        sketch.field(Field {
            kind: Kind::Text,
            help: hint,
            required: false,
            stdin: true,
            ..Field::line("arguments")
        });
    }
    Ok(sketch)
}

/// What a dollar sign begins.
fn argument(here: &str, format: Format) -> Option<(usize, Bit)> {
    let after = &here[1..];
    let ends = |length: usize| word(&after[length..]) == 0;
    if format == Format::Codex && after.starts_with('$') {
        return Some((2, Bit::Said("$".to_owned())));
    }
    if after.starts_with("ARGUMENTS") && ends(9) {
        return Some((10, Bit::Value("arguments".to_owned(), None)));
    }
    let digit = after.chars().next().filter(|c| ('1'..='9').contains(c));
    let followed = after
        .get(1..2)
        .is_some_and(|c| c.bytes().all(|c| c.is_ascii_digit()));
    if let Some(digit) = digit.filter(|_| !followed) {
        return Some((2, Bit::Value(format!("arg{digit}"), None)));
    }
    let name = capital(after).filter(|_| format == Format::Codex)?;
    Some((1 + name.len(), Bit::Value(name.to_owned(), None)))
}

/// Tells what the program would run or read.
fn notes(sketch: &mut Sketch, body: &str) {
    let mut seen = 0;
    let mut rest = body;
    while let Some(at) = rest.find("!`") {
        let after = &rest[at + 2..];
        let line = after.split('\n').next().unwrap_or_default();
        if let Some(end) = line.find('`').filter(|_| seen < 20) {
            let command: String = line[..end].chars().take(80).collect();
            sketch.leave(format!("`!{command}`: no command is run; it stays as text"));
            seen += 1;
        }
        rest = after;
    }
    for word in body.split_whitespace() {
        let path = word.strip_prefix('@').unwrap_or_default();
        let path = path.trim_end_matches(|c: char| ".,;:!?)'\"`".contains(c));
        let is_path = path.contains(['/', '.']) && !path.contains('@') && path.len() < 200;
        if is_path && seen < 20 {
            sketch.leave(format!("`@{path}`: no file is read; it stays as text"));
            seen += 1;
        }
    }
}
