//! Dotprompt: `.prompt` files with front matter and Handlebars.

use super::messages::converse;
use super::picoschema;
use super::sketch::{Field, Sketch};
use super::tree::{self, Keys};
use super::{Given, Thing, handlebars};
use serde_json::Value;

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    let stem = given.file().strip_suffix(".prompt").unwrap_or(given.file());
    let sketch = sketch(given);
    Thing::only(stem.to_owned(), sketch)
}

fn sketch(given: &Given<'_>) -> Result<Sketch, String> {
    let (keys, body) = tree::front(given.text)?;
    let mut sketch = Sketch {
        title: tree::text(&keys, "name")?.unwrap_or_default(),
        description: tree::text(&keys, "description")?.unwrap_or_default(),
        ..Sketch::default()
    };
    if let Some(model) = tree::text(&keys, "model")? {
        // `googleai/gemini-2.5-flash`: the vendor's plugin, then the model.
        match model.split_once('/') {
            Some((plugin, id)) => {
                sketch.model(id);
                sketch.leave(format!("`{plugin}/`: a template names no provider"));
            }
            None => sketch.model(&model),
        }
    }
    config(&mut sketch, &keys);
    inputs(&mut sketch, &keys);
    output(&mut sketch, &keys);
    if keys.get("tools").is_some_and(|tools| !tools.is_null()) {
        sketch.leave("tools: a template calls no tools");
    }
    let known = [
        "name",
        "description",
        "variant",
        "model",
        "config",
        "input",
        "output",
        "tools",
    ];
    for key in tree::others(&keys, &known) {
        sketch.leave(format!("{key}: a template has no such setting"));
    }
    let messages = handlebars::messages(&mut sketch, given, body)?;
    converse(&mut sketch, messages);
    if sketch.body.is_blank() && sketch.system.is_blank() {
        return Err("there is no prompt in it".to_owned());
    }
    Ok(sketch)
}

fn config(sketch: &mut Sketch, keys: &Keys) {
    let config = match keys.get("config") {
        Some(Value::Object(config)) => config,
        None | Some(Value::Null) => return,
        Some(other) => {
            let what = tree::what(other);
            return sketch.leave(format!("config: it is {what}"));
        }
    };
    for (key, value) in config {
        let ours = match key.as_str() {
            "temperature" => "temperature",
            "topP" => "top_p",
            "maxOutputTokens" => "max_output_tokens",
            _ => {
                sketch.leave(format!("config.{key}: a template has no such parameter"));
                continue;
            }
        };
        sketch.param((key, ours), value);
    }
}

fn inputs(sketch: &mut Sketch, keys: &Keys) {
    let Some(Value::Object(input)) = keys.get("input") else {
        return;
    };
    let none = Keys::new();
    let defaults = input
        .get("default")
        .and_then(Value::as_object)
        .unwrap_or(&none);
    picoschema::fields(
        sketch,
        input.get("schema").unwrap_or(&Value::Null),
        defaults,
    );
    for (name, default) in defaults {
        let line = Field {
            required: false,
            ..Field::line(name)
        };
        let field = sketch.field(line);
        field.default = Some(picoschema::listed(default));
    }
}

fn output(sketch: &mut Sketch, keys: &Keys) {
    let Some(Value::Object(output)) = keys.get("output") else {
        return;
    };
    match output.get("schema") {
        Some(schema) if picoschema::is_json_schema(schema) => {
            sketch.schema = Some(schema.clone());
        }
        Some(_) => sketch.leave("output.schema: only one written as JSON schema can be taken"),
        None if output.get("format").is_some_and(|format| format != "text") => {
            sketch.leave("output.format: say in the prompt how the answer is to look");
        }
        None => {}
    }
}
