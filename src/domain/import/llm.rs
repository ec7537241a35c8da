//! Templates of `llm`: a YAML string, or a mapping with `prompt`, `system` and settings.
//!
//! Texts are Python's `string.Template`: `$name`, `${name}`, `$$` for a dollar sign. Here a lone
//! dollar sign is one, too; there it is an error.

use super::braces::{scan, word};
use super::sketch::{Bit, Field, Kind, Sketch, Text};
use super::tree::{self, Keys};
use super::{Given, Thing};
use serde_json::Value;

/// What each key that cannot be carried would do.
const LEFT: [(&str, &str); 9] = [
    (
        "fragments",
        "texts from elsewhere: nothing is read; make a snippet of them",
    ),
    (
        "system_fragments",
        "texts from elsewhere: nothing is read; make a snippet of them",
    ),
    (
        "attachments",
        "files: nothing is read; declare an input of type image or file",
    ),
    (
        "attachment_types",
        "files: nothing is read; declare an input of type image or file",
    ),
    ("tools", "a template calls no tools"),
    ("functions", "a template has no code; it was not looked at"),
    (
        "extract",
        "the whole answer is kept, not its first block of code",
    ),
    (
        "extract_last",
        "the whole answer is kept, not its last block of code",
    ),
    ("toolboxes", "a template calls no tools"),
];

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    Thing::only(given.stem().to_owned(), sketch(given))
}

fn sketch(given: &Given<'_>) -> Result<Sketch, String> {
    let keys = match tree::yaml(given.text)? {
        Value::String(prompt) => {
            let mut keys = Keys::new();
            keys.insert("prompt".to_owned(), prompt.into());
            keys
        }
        Value::Object(keys) => keys,
        other => {
            let what = tree::what(&other);
            return Err(format!(
                "it must be text or a mapping with `prompt`, not {what}"
            ));
        }
    };
    let prompt = tree::text(&keys, "prompt")?;
    let system = tree::text(&keys, "system")?;
    if prompt.is_none() && system.is_none() {
        return Err("it has neither `prompt` nor `system`".to_owned());
    }
    let about = tree::text(&keys, "description").ok().flatten();
    let mut sketch = Sketch {
        description: about.unwrap_or_default(),
        system: text(system.as_deref().unwrap_or_default()),
        ..Sketch::default()
    };
    match prompt.as_deref().filter(|prompt| !prompt.trim().is_empty()) {
        // The text that is piped is all there is to say.
        None => {
            sketch.body = Text::of("input");
            sketch.field(Field::input());
        }
        Some(prompt) => {
            sketch.body = text(prompt.trim_end());
            let mut field = Field::input();
            if !sketch.body.mentions("input") && !sketch.system.mentions("input") {
                sketch.body.said("\n");
                sketch.body.push(Bit::Value("input".to_owned(), None));
                field.required = false;
            }
            sketch.field(field);
        }
    }
    defaults(&mut sketch, &keys)?;
    if let Some(id) = tree::text(&keys, "model")? {
        sketch.model(&id);
    }
    options(&mut sketch, &keys)?;
    match keys.get("schema_object") {
        Some(schema @ Value::Object(_)) => sketch.schema = Some(schema.clone()),
        Some(Value::Null) | None => {}
        Some(other) => sketch.leave(format!("schema_object: {} is no schema", tree::what(other))),
    }
    for (key, why) in LEFT {
        let says = |value: &Value| !value.is_null() && *value != Value::Bool(false);
        if keys.get(key).is_some_and(says) {
            sketch.leave(format!("{key}: {why}"));
        }
    }
    let mut known = vec![
        "prompt",
        "system",
        "description",
        "defaults",
        "model",
        "options",
        "schema_object",
        "name",
    ];
    known.extend(LEFT.iter().map(|(key, _)| *key));
    for key in tree::others(&keys, &known) {
        sketch.leave(format!("{key}: not a key that llm knows"));
    }
    Ok(sketch)
}

fn defaults(sketch: &mut Sketch, keys: &Keys) -> Result<(), String> {
    let defaults = match keys.get("defaults") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(defaults)) => defaults,
        Some(other) => {
            let what = tree::what(other);
            return Err(format!("`defaults` must be a mapping, not {what}"));
        }
    };
    for (name, value) in defaults {
        let Some(text) = tree::scalar(value) else {
            sketch.leave(format!("`{name}`: its default is {}", tree::what(value)));
            continue;
        };
        let field = sketch.field(Field::line(name));
        if text.contains('\n') {
            field.kind = Kind::Text;
        }
        field.default = Some(Value::String(text));
    }
    Ok(())
}

fn options(sketch: &mut Sketch, keys: &Keys) -> Result<(), String> {
    let options = match keys.get("options") {
        None | Some(Value::Null) => return Ok(()),
        Some(Value::Object(options)) => options,
        Some(other) => {
            let what = tree::what(other);
            return Err(format!("`options` must be a mapping, not {what}"));
        }
    };
    for (key, value) in options {
        let ours = match key.as_str() {
            "temperature" => "temperature",
            "top_p" => "top_p",
            "max_tokens" | "max_output_tokens" => "max_output_tokens",
            _ => {
                sketch.leave(format!("option {key}: a template has no such parameter"));
                continue;
            }
        };
        sketch.param((key, ours), value);
    }
    Ok(())
}

/// A text of Python's `string.Template`.
fn text(text: &str) -> Text {
    scan(text, "$", |here| {
        let after = &here[1..];
        if after.starts_with('$') {
            return Some((2, Bit::Said("$".to_owned())));
        }
        let braced = after.strip_prefix('{');
        let length = word(braced.unwrap_or(after));
        if length == 0 {
            return None;
        }
        let name = braced.unwrap_or(after)[..length].to_owned();
        match braced {
            None => Some((1 + length, Bit::Value(name, None))),
            Some(inner) => inner[length..]
                .starts_with('}')
                .then(|| (3 + length, Bit::Value(name, None))),
        }
    })
}
