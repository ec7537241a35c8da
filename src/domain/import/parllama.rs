//! Prompts of parllama: JSON with a list of messages.

use super::messages::{Role, converse};
use super::sketch::{Sketch, Text};
use super::tree;
use super::{Given, Thing};
use serde_json::Value;

pub(super) fn read(given: &Given<'_>) -> Vec<Thing> {
    let found = tree::json(given.text);
    let prompts = match found {
        Ok(Value::Array(all)) => all,
        Ok(one) => vec![one],
        Err(why) => return Thing::only(given.stem().to_owned(), Err(why)),
    };
    let several = prompts.len() > 1;
    let things = prompts.iter().enumerate().map(|(at, prompt)| {
        let name = prompt
            .get("name")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let name = if name.trim().is_empty() {
            given.stem()
        } else {
            name
        };
        Thing {
            name: name.to_owned(),
            at: if several {
                format!("prompt {}", at + 1)
            } else {
                String::new()
            },
            sketch: sketch(prompt),
        }
    });
    things.collect()
}

fn sketch(prompt: &Value) -> Result<Sketch, String> {
    let Value::Object(keys) = prompt else {
        return Err(format!(
            "a prompt must be a mapping, not {}",
            tree::what(prompt)
        ));
    };
    let mut sketch = Sketch {
        title: tree::text(keys, "name")?.unwrap_or_default(),
        description: tree::text(keys, "description")?.unwrap_or_default(),
        ..Sketch::default()
    };
    let Some(Value::Array(all)) = keys.get("messages") else {
        return Err("it has no list of `messages`".to_owned());
    };
    let mut messages = Vec::new();
    for message in all {
        let Value::Object(keys) = message else {
            return Err(format!(
                "a message must be a mapping, not {}",
                tree::what(message)
            ));
        };
        let role = tree::text(keys, "role")?.unwrap_or_default();
        let Some(role) = Role::named(&role) else {
            sketch.leave(format!("a message of role `{role}`: there is none here"));
            continue;
        };
        let content = tree::text(keys, "content")?.unwrap_or_default();
        messages.push((role, Text::plain(&content)));
        for key in ["images", "tool_calls"] {
            if keys
                .get(key)
                .and_then(Value::as_array)
                .is_some_and(|all| !all.is_empty())
            {
                sketch.leave(format!("{key} of a message: only its text is taken"));
            }
        }
    }
    if messages.is_empty() {
        return Err("none of its messages says anything".to_owned());
    }
    converse(&mut sketch, messages);
    if keys.get("submit_on_load") == Some(&Value::Bool(true)) {
        sketch.leave("submit_on_load: nothing is sent before you say so");
    }
    Ok(sketch)
}
