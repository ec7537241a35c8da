//! The body of a Responses request.
//!
//! Owns the names and places of its fields; which of them a server gets, its profile says. Never
//! sends a field that nobody asked for and that the server does not need.

use crate::domain::models::{self, Known};
use crate::domain::prompt::{Params, Prompt, Request};
use crate::provider::image;
use crate::provider::profile::{Profile, StreamOptions};
use serde_json::{Map, Value, json};

/// The JSON of a request with these parameters.
pub(crate) fn of(profile: &Profile, request: &Request, params: &Params) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("model", json!(request.model));
    if let Some(system) = &request.prompt.system {
        put("instructions", json!(system));
    }
    put("input", input(&request.prompt));
    put("stream", json!(true));
    if profile.options == StreamOptions::UsageWithoutPadding {
        // Usage comes by itself here.
        put("stream_options", json!({"include_obfuscation": false}));
    }
    if profile.store {
        put("store", json!(false));
    }
    if let Some(cap) = params.max_output_tokens {
        put("max_output_tokens", json!(cap));
    }
    if let Some(temperature) = params.temperature {
        put("temperature", json!(temperature));
    }
    if let Some(top_p) = params.top_p {
        put("top_p", json!(top_p));
    }
    let thinks = || match params.reasoning.as_deref() {
        Some(effort) => effort != "none",
        None => thinks_unasked(&request.model),
    };
    let mut reasoning = Map::new();
    if let Some(effort) = &params.reasoning {
        reasoning.insert("effort".to_owned(), json!(effort));
    }
    if profile.summary && thinks() {
        reasoning.insert("summary".to_owned(), json!("auto"));
    }
    if !reasoning.is_empty() {
        put("reasoning", Value::Object(reasoning));
    }
    let mut text = Map::new();
    if let Some(schema) = &request.prompt.schema {
        let format = json!({
            "type": "json_schema", "name": schema.name, "strict": schema.is_strict(),
            "schema": schema.value,
        });
        text.insert("format".to_owned(), format);
    }
    if let Some(verbosity) = &params.verbosity {
        text.insert("verbosity".to_owned(), json!(verbosity));
    }
    if !text.is_empty() {
        put("text", Value::Object(text));
    }
    body
}

/// Whether a model is known to reason when nobody asks it to.
fn thinks_unasked(model: &str) -> bool {
    let model = models::find(model);
    let certain = matches!(model.known, Known::ById | Known::ByRelease);
    let effort = model.default_effort.as_deref();
    certain && effort.is_some_and(|effort| effort != "none")
}

/// Plain text where there is nothing else.
fn input(prompt: &Prompt) -> Value {
    if prompt.examples.is_empty() && prompt.images.is_empty() {
        return json!(prompt.user);
    }
    let turn = |role: &str, content: Value| json!({"role": role, "content": content});
    let pairs = prompt.examples.iter();
    let mut turns: Vec<_> = pairs
        .flat_map(|pair| {
            [
                turn("user", json!(pair.user)),
                turn("assistant", json!(pair.assistant)),
            ]
        })
        .collect();
    turns.push(turn("user", content(prompt)));
    Value::Array(turns)
}

fn content(prompt: &Prompt) -> Value {
    if prompt.images.is_empty() {
        return json!(prompt.user);
    }
    let mut parts = vec![json!({"type": "input_text", "text": prompt.user})];
    parts.extend(
        prompt
            .images
            .iter()
            .map(|image| json!({"type": "input_image", "image_url": image::data_url(image)})),
    );
    Value::Array(parts)
}
