//! Responses: the request body, and its stream as events.
//!
//! Owns the wire shapes of `POST /responses`: those of a request here, those of an answer in
//! `wire`, and what they mean in `decoder`.

mod decoder;
mod wire;

use crate::domain::endpoint::Endpoint;
use crate::domain::prompt::{Prompt, Request};
pub(super) use decoder::Decoder;
use serde::Serialize;

#[derive(Serialize)]
struct Body<'a> {
    model: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    instructions: Option<&'a str>,
    input: Input<'a>,
    stream: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    store: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_output_tokens: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    top_p: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasoning: Option<Effort<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<TextOptions<'a>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Input<'a> {
    Text(&'a str),
    Turns(Vec<Turn<'a>>),
}

#[derive(Serialize)]
struct Turn<'a> {
    role: &'static str,
    content: &'a str,
}

#[derive(Serialize)]
struct Effort<'a> {
    effort: &'a str,
}

#[derive(Serialize)]
struct TextOptions<'a> {
    verbosity: &'a str,
}

/// The JSON text of a request, with no field the server is known to refuse.
pub(super) fn body(endpoint: &Endpoint, request: &Request) -> String {
    let params = &request.prompt.params;
    let body = Body {
        model: &request.model,
        instructions: request.prompt.system.as_deref(),
        input: input(&request.prompt),
        stream: true,
        store: endpoint.is_openai().then_some(false),
        max_output_tokens: params.max_output_tokens,
        temperature: params.temperature,
        top_p: params.top_p,
        reasoning: params.reasoning.as_deref().map(|effort| Effort { effort }),
        text: params
            .verbosity
            .as_deref()
            .map(|verbosity| TextOptions { verbosity }),
    };
    serde_json::to_string(&body).unwrap_or_default()
}

fn input(prompt: &Prompt) -> Input<'_> {
    if prompt.examples.is_empty() {
        return Input::Text(&prompt.user);
    }
    let turn = |role, content| Turn { role, content };
    let pairs = prompt.examples.iter();
    let mut turns: Vec<_> = pairs
        .flat_map(|pair| {
            [
                turn("user", &*pair.user),
                turn("assistant", &*pair.assistant),
            ]
        })
        .collect();
    turns.push(turn("user", &prompt.user));
    Input::Turns(turns)
}
