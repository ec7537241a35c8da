//! The table of prompts.chat: CSV with the columns `act` and `prompt`.

use super::braces::{Nested, between, is_name, scan};
use super::csv;
use super::sketch::{Bit, Field, Sketch};
use super::{Given, Thing};
use serde_json::Value;

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    let mut rows = csv::rows(given.text);
    let columns = match rows.next() {
        Some(Ok((_, header))) => {
            let column = |name: &str| {
                header
                    .iter()
                    .position(|cell| cell.trim().eq_ignore_ascii_case(name))
            };
            column("act").zip(column("prompt"))
        }
        Some(Err(why)) => return Thing::only(String::new(), Err(why)),
        None => None,
    };
    let Some((act, prompt)) = columns else {
        let why = "its first row does not name the columns `act` and `prompt`";
        return Thing::only(String::new(), Err(why.to_owned()));
    };
    let things = rows.map(|row| match row {
        Ok((line, cells)) => {
            let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
            Thing {
                name: cell(act).to_owned(),
                at: format!("line {line}"),
                sketch: sketch(given, cell(act), cell(prompt)),
            }
        }
        Err(why) => Thing {
            name: String::new(),
            at: String::new(),
            sketch: Err(why),
        },
    });
    things.take(super::MOST + 1).collect()
}

fn sketch(given: &Given<'_>, act: &str, prompt: &str) -> Result<Sketch, String> {
    if prompt.trim().is_empty() {
        return Err("the row has no prompt".to_owned());
    }
    let mut sketch = Sketch {
        title: act.to_owned(),
        ..Sketch::default()
    };
    sketch.body = scan(prompt, "${", |here| {
        let (inner, length) = between(here, ("${", "}"), Nested::Never)?;
        let (name, default) = match inner.split_once(':') {
            Some((name, default)) => (name.trim(), Some(default.trim())),
            None => (inner.trim(), None),
        };
        if !is_name(name) || given.is_literal(name) {
            return None;
        }
        let field = sketch.field(Field::line(name));
        if let Some(default) = default.filter(|_| field.default.is_none()) {
            field.default = Some(Value::from(default));
        }
        Some((length, Bit::Value(name.to_owned(), None)))
    });
    Ok(sketch)
}
