//! Prompts of LibreChat: text with `{{name}}` and `{{name:one|another}}`, alone or in JSON.

use super::braces::{Nested, between, is_name, scan};
use super::sketch::{Bit, Field, Kind, Sketch, Text};
use super::tree;
use super::{Given, Thing};
use serde_json::Value;

/// What LibreChat knows by itself, and what it is called here.
const KNOWN: [(&str, &str, Kind); 4] = [
    ("current_date", "Today", Kind::Date),
    ("current_datetime", "Date and time", Kind::Line),
    ("utc_iso_datetime", "Date and time (UTC)", Kind::Line),
    ("current_user", "Your name", Kind::Line),
];

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    if !given.is_a(&["json"]) {
        return Thing::only(given.stem().to_owned(), sketch(given, given.text));
    }
    let groups = match tree::json(given.text) {
        Ok(Value::Array(all)) => all,
        Ok(one) => vec![one],
        Err(why) => return Thing::only(String::new(), Err(why)),
    };
    let things = groups.iter().enumerate().map(|(at, group)| {
        let word = |key: &str| group.get(key).and_then(Value::as_str).unwrap_or_default();
        let name = [word("command"), word("name"), given.stem()];
        let name = name.into_iter().find(|name| !name.is_empty());
        Thing {
            name: name.unwrap_or_default().to_owned(),
            at: format!("prompt {}", at + 1),
            sketch: self::group(given, group),
        }
    });
    things.collect()
}

fn group(given: &Given<'_>, group: &Value) -> Result<Sketch, String> {
    let text = group["productionPrompt"]["prompt"].as_str();
    let text = text.or_else(|| group["prompt"].as_str());
    let Some(text) = text else {
        return Err("it has no `prompt`".to_owned());
    };
    let mut sketch = sketch(given, text)?;
    let word = |key: &str| group.get(key).and_then(Value::as_str).unwrap_or_default();
    word("name").clone_into(&mut sketch.title);
    word("oneliner").clone_into(&mut sketch.description);
    sketch.tags.extend(tree::texts(group.get("category")));
    Ok(sketch)
}

fn sketch(given: &Given<'_>, text: &str) -> Result<Sketch, String> {
    let mut sketch = Sketch::default();
    let body: Text = scan(text, "{{", |here| {
        let (inner, length) = between(here, ("{{", "}}"), Nested::Never)?;
        let bit = variable(&mut sketch, given, inner.trim())?;
        Some((length, bit))
    });
    if body.is_blank() {
        return Err("there is no prompt in it".to_owned());
    }
    sketch.body = body;
    Ok(sketch)
}

fn variable(sketch: &mut Sketch, given: &Given<'_>, inner: &str) -> Option<Bit> {
    let (name, options) = match inner.split_once(':') {
        Some((name, options)) => (name.trim(), Some(options)),
        None => (inner, None),
    };
    if given.is_literal(name) {
        return None;
    }
    if !is_name(name) {
        sketch.leave(format!(
            "`{{{{{inner}}}}}`: no variable, so it stays as text"
        ));
        return None;
    }
    let mut field = Field::line(name);
    if let Some((_, label, kind)) = KNOWN.into_iter().find(|(known, ..)| *known == name) {
        sketch.leave(format!(
            "`{{{{{name}}}}}`: LibreChat fills it in; here it is an input"
        ));
        (field.label, field.kind) = (label.to_owned(), kind);
    }
    if let Some(options) = options {
        let options = options.split('|').map(|option| option.trim().to_owned());
        field.kind = Kind::Choice(options.collect());
    }
    let kind = field.kind.clone();
    let known = sketch.field(field);
    if known.kind == Kind::Line {
        known.kind = kind;
    }
    Some(Bit::Value(name.to_owned(), None))
}
