//! The body of a Chat Completions request.
//!
//! Owns the names and places of its fields; which of them a server gets, its profile says. Never
//! sends a field that nobody asked for and that the server does not need.

use crate::domain::prompt::{Params, Prompt, Request};
use crate::provider::image;
use crate::provider::profile::{Cap, Effort, Form, Profile, StreamOptions};
use serde_json::{Map, Value, json};

/// The JSON of a request with these parameters.
pub(crate) fn of(profile: &Profile, request: &Request, params: &Params) -> Map<String, Value> {
    let mut body = Map::new();
    let mut put = |name: &str, value: Value| {
        body.insert(name.to_owned(), value);
    };
    put("model", json!(request.model));
    put("messages", messages(profile, &request.prompt));
    put("stream", json!(true));
    match profile.options {
        StreamOptions::Unknown => {}
        StreamOptions::Usage => put("stream_options", json!({"include_usage": true})),
        StreamOptions::UsageWithoutPadding => put(
            "stream_options",
            json!({"include_usage": true, "include_obfuscation": false}),
        ),
    }
    if profile.store {
        put("store", json!(false));
    }
    if let Some(cap) = params.max_output_tokens {
        let name = match profile.cap {
            Cap::Completion => "max_completion_tokens",
            Cap::Plain => "max_tokens",
        };
        put(name, json!(cap));
    }
    if let Some(temperature) = params.temperature {
        put("temperature", json!(temperature));
    }
    if let Some(top_p) = params.top_p {
        put("top_p", json!(top_p));
    }
    if let Some(effort) = &params.reasoning {
        match profile.effort {
            Effort::Word | Effort::NoneOrHigh => put("reasoning_effort", json!(effort)),
            Effort::Nested => put("reasoning", json!({"effort": effort})),
            Effort::Switch => {
                let kind = if effort == "none" {
                    "disabled"
                } else {
                    "enabled"
                };
                put("thinking", json!({"type": kind}));
            }
            Effort::Unknown => {}
        }
    }
    if let Some(verbosity) = &params.verbosity {
        put("verbosity", json!(verbosity));
    }
    if let Some(schema) = &request.prompt.schema {
        let format = match profile.form {
            Form::Schema => json!({"type": "json_schema", "json_schema": {
                "name": schema.name, "strict": schema.is_strict(), "schema": schema.value,
            }}),
            Form::AnyJson => json!({"type": "json_object"}),
        };
        put("response_format", format);
    }
    body
}

fn messages(profile: &Profile, prompt: &Prompt) -> Value {
    let message = |role: &str, content: Value| json!({"role": role, "content": content});
    let mut messages = Vec::with_capacity(2 + 2 * prompt.examples.len());
    if let Some(system) = &prompt.system {
        messages.push(message(profile.system, json!(system)));
    }
    for example in &prompt.examples {
        messages.push(message("user", json!(example.user)));
        messages.push(message("assistant", json!(example.assistant)));
    }
    messages.push(message("user", content(prompt)));
    Value::Array(messages)
}

/// Plain text where there is nothing else: every server reads that.
fn content(prompt: &Prompt) -> Value {
    if prompt.images.is_empty() {
        return json!(prompt.user);
    }
    let mut parts = vec![json!({"type": "text", "text": prompt.user})];
    parts.extend(
        prompt.images.iter().map(
            |image| json!({"type": "image_url", "image_url": {"url": image::data_url(image)}}),
        ),
    );
    Value::Array(parts)
}
