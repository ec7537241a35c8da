//! Responses: the request body, and its stream as events.
//!
//! Owns the wire shapes of `POST /responses`. Each payload is parsed once, borrowing from it. A
//! stream is complete with `response.completed` or `response.incomplete`; never takes an end of
//! bytes or a `[DONE]` for an end of answer, and never counts commentary as text.

use super::chat::{conclude, reported};
use super::lenient::{self, Amount, Count, Many, Shape, Truthy, Word};
use super::output::{Fault, Output};
use super::sse;
use crate::domain::endpoint::Endpoint;
use crate::domain::prompt::{Prompt, Request};
use crate::domain::run::{FinishReason, Usage};
use serde::{Deserialize, Serialize};

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

/// The payload of any event; which members it has depends on its type.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Payload<'a> {
    #[serde(borrow)]
    r#type: Word<'a>,
    #[serde(borrow)]
    delta: Word<'a>,
    #[serde(borrow)]
    text: Word<'a>,
    #[serde(borrow)]
    refusal: Word<'a>,
    output_index: Count,
    content_index: Count,
    #[serde(borrow)]
    item: Shape<Item<'a>>,
    #[serde(borrow)]
    response: Shape<Answer<'a>>,
    error: Truthy,
    error_message: Truthy,
    #[serde(borrow)]
    object: Word<'a>,
}

/// The response object.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Answer<'a> {
    #[serde(borrow)]
    model: Word<'a>,
    #[serde(borrow)]
    status: Word<'a>,
    error: Truthy,
    #[serde(borrow)]
    incomplete_details: Shape<Details<'a>>,
    #[serde(borrow)]
    output: Many<Item<'a>>,
    usage: Shape<WireUsage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Details<'a> {
    #[serde(borrow)]
    reason: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Item<'a> {
    #[serde(borrow)]
    r#type: Word<'a>,
    #[serde(borrow)]
    phase: Word<'a>,
    #[serde(borrow)]
    content: Many<Part<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Part<'a> {
    #[serde(borrow)]
    r#type: Word<'a>,
    #[serde(borrow)]
    text: Word<'a>,
    #[serde(borrow)]
    refusal: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct WireUsage {
    input_tokens: Count,
    output_tokens: Count,
    input_tokens_details: Shape<UsageDetails>,
    output_tokens_details: Shape<UsageDetails>,
    cost: Amount,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct UsageDetails {
    cached_tokens: Count,
    reasoning_tokens: Count,
    #[serde(rename = "cache_write_tokens")]
    written: Count,
}

impl WireUsage {
    fn known(&self) -> Option<Usage> {
        if self.input_tokens.0.is_none() && self.output_tokens.0.is_none() {
            return None;
        }
        Some(Usage {
            input: self.input_tokens.0.unwrap_or(0),
            output: self.output_tokens.0.unwrap_or(0),
            cached: self.input_tokens_details.0.cached_tokens.0.unwrap_or(0),
            reasoning: self.output_tokens_details.0.reasoning_tokens.0.unwrap_or(0),
            written: self.input_tokens_details.0.written.0.unwrap_or(0),
            cost: self.cost.0,
        })
    }
}

/// Turns the payloads of one answer into events.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    /// Text told so far, by output and content index.
    parts: Vec<((u64, u64), String)>,
    /// Output indexes of commentary, which is no text of the answer.
    commentary: Vec<u64>,
}

impl Decoder {
    /// Takes one event of the stream.
    pub(super) fn event(&mut self, event: sse::Event<'_>, out: &mut Output) {
        if out.is_over() {
            return;
        }
        if event.name == "error" {
            return out.fail(reported(event.data));
        }
        if event.data.trim() == "[DONE]" {
            // Some servers send it after the end; in place of the end it ends nothing.
            return out.fail(Fault::Cut(String::new()));
        }
        if let Some(payload) = lenient::read::<Payload<'_>>(event.data) {
            self.payload(&payload, event, out);
        } else if let Some(value) = lenient::repaired(event.data) {
            self.payload(&lenient::reread::<Payload<'_>>(&value), event, out);
        } else {
            out.fail(Fault::Malformed);
        }
    }

    /// Takes an answer that is one JSON object although a stream was asked for.
    pub(super) fn whole(&mut self, body: &str, out: &mut Output) {
        let Some(value) = lenient::repaired(body) else {
            return out.fail(Fault::Malformed);
        };
        let payload: Payload<'_> = lenient::reread(&value);
        if payload.error.0 || payload.error_message.0 || payload.object.is("error") {
            return out.fail(Fault::Reported(value));
        }
        let answer: Answer<'_> = lenient::reread(&value);
        out.started(answer.model.text().unwrap_or_default());
        if answer.status.0.is_none() && answer.output.0.is_empty() {
            return out.fail(Fault::NotApi(String::new()));
        }
        self.complete(&answer, body, out);
    }

    /// The bytes are over; `why` is the transport's word for it.
    #[expect(clippy::unused_self, reason = "one shape for both decoders")]
    pub(super) fn end(&mut self, why: &str, out: &mut Output) {
        out.fail(Fault::Cut(why.to_owned()));
    }

    fn payload(&mut self, payload: &Payload<'_>, event: sse::Event<'_>, out: &mut Output) {
        if payload.error.0 || payload.error_message.0 || payload.object.is("error") {
            return out.fail(reported(event.data));
        }
        let place = (
            payload.output_index.0.unwrap_or(0),
            payload.content_index.0.unwrap_or(0),
        );
        let delta = payload.delta.text().unwrap_or_default();
        match payload.r#type.text().unwrap_or(event.name) {
            "response.output_text.delta" => self.text(place, delta, out),
            "response.output_text.done" => {
                self.authoritative(place, payload.text.text().unwrap_or_default(), out);
            }
            "response.refusal.delta" => out.refusal(delta),
            "response.refusal.done" if !out.is_refused() => {
                out.refusal(payload.refusal.text().unwrap_or_default());
            }
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                out.reasoning(delta);
            }
            "response.output_item.added" if payload.item.0.phase.is("commentary") => {
                self.commentary.push(place.0);
            }
            "response.created" | "response.in_progress" | "response.queued" => {
                out.started(payload.response.0.model.text().unwrap_or_default());
            }
            "response.completed" | "response.incomplete" | "response.cancelled" => {
                self.complete(&payload.response.0, event.data, out);
            }
            "response.failed" | "error" => out.fail(reported(event.data)),
            _ => {}
        }
    }

    fn text(&mut self, place: (u64, u64), delta: &str, out: &mut Output) {
        if self.commentary.contains(&place.0) || delta.is_empty() {
            return;
        }
        out.text(delta);
        // The newest part is nearly always the one being written.
        match self.parts.iter_mut().rev().find(|part| part.0 == place) {
            Some((_, text)) => text.push_str(delta),
            None => self.parts.push((place, delta.to_owned())),
        }
    }

    /// A part's text as the server has it: adds what the deltas did not bring, and keeps the
    /// deltas where the two disagree, since they are on screen.
    fn authoritative(&mut self, place: (u64, u64), text: &str, out: &mut Output) {
        let told = self.parts.iter().find(|part| part.0 == place);
        let told = told.map_or("", |part| part.1.as_str());
        let elsewhere = told.is_empty() && self.parts.iter().any(|part| part.1 == text);
        if let (Some(rest), false) = (text.strip_prefix(told), elsewhere) {
            self.text(place, rest, out);
        }
    }

    fn complete(&mut self, answer: &Answer<'_>, data: &str, out: &mut Output) {
        let failed = answer.status.is("failed") || answer.status.is("cancelled");
        if failed || answer.error.0 {
            return out.fail(reported(data));
        }
        out.started(answer.model.text().unwrap_or_default());
        self.reconcile(answer, out);
        let reason = match answer.incomplete_details.0.reason.text() {
            Some("max_output_tokens") => FinishReason::Length,
            Some("content_filter") => FinishReason::ContentFilter,
            Some(other) => FinishReason::Other(other.to_owned()),
            None if answer.status.is("incomplete") => FinishReason::Other("incomplete".to_owned()),
            None => FinishReason::Stop,
        };
        conclude(reason, answer.usage.0.known(), out);
    }

    /// Adds the end of the text that no delta brought. Whole texts are compared, because some
    /// servers number their deltas otherwise than their output.
    fn reconcile(&self, answer: &Answer<'_>, out: &mut Output) {
        let items = answer.output.0.iter();
        let parts = items
            .filter(|item| item.r#type.is("message") && !item.phase.is("commentary"))
            .flat_map(|item| &item.content.0);
        let mut whole = String::new();
        for part in parts {
            if part.r#type.is("output_text") || part.r#type.is("text") {
                whole.push_str(part.text.text().unwrap_or_default());
            } else if part.r#type.is("refusal") && !out.is_refused() {
                out.refusal(part.refusal.text().unwrap_or_default());
            }
        }
        let told: String = self.parts.iter().map(|part| part.1.as_str()).collect();
        out.text(whole.strip_prefix(told.as_str()).unwrap_or_default());
    }
}
