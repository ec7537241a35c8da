//! Chat Completions: the request body, and its stream as events.
//!
//! Owns the wire shapes of `POST /chat/completions` on every server that speaks it. Each payload is
//! parsed once, borrowing from it. A stream is complete when a `finish_reason` was seen, or with
//! `[DONE]`, which alone ends it for an unknown reason; never takes an end of bytes for an end of
//! answer.

pub(super) mod body;
mod wire;

use super::known::Known;
use super::lenient::{self, Shape, Word};
use super::output::{Fault, Output};
use super::sse;
use super::thinking::Thinking;
use crate::domain::run::FinishReason;
use wire::{Chunk, Content, Delta};

/// Turns the payloads of one answer into events.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    known: Known,
    thinking: Thinking,
    finish: Option<FinishReason>,
}

impl Decoder {
    /// Takes one event of the stream.
    pub(super) fn event(&mut self, event: sse::Event<'_>, out: &mut Output) {
        if out.is_over() {
            return;
        }
        if event.name == "error" {
            return self.fail(reported(event.data), out);
        }
        if event.data.trim() == "[DONE]" {
            return self.complete(out);
        }
        self.payload(event.data, out);
    }

    /// Takes an answer that is one JSON object although a stream was asked for.
    pub(super) fn whole(&mut self, body: &str, out: &mut Output) {
        self.payload(body, out);
        if out.has_text() || out.is_refused() || self.finish.is_some() {
            self.complete(out);
        } else {
            self.fail(Fault::NotApi(String::new()), out);
        }
    }

    /// The bytes are over; `why` is the transport's word for it.
    pub(super) fn end(&mut self, why: &str, out: &mut Output) {
        if self.finish.is_some() {
            self.complete(out);
        } else {
            self.fail(Fault::Cut(why.to_owned()), out);
        }
    }

    /// True when only usage and `[DONE]` can still come.
    pub(super) fn is_settled(&self) -> bool {
        self.finish.is_some()
    }

    fn payload(&mut self, data: &str, out: &mut Output) {
        if let Some(text) = self.known.text(data) {
            return self.thinking.push(text, out);
        }
        if let Some(chunk) = lenient::read::<Chunk<'_>>(data) {
            if let Some(text) = chunk.only_text() {
                self.known.learn(data, text, chunk.padding());
            }
            return self.chunk(&chunk, data, out);
        }
        let paired = lenient::without_lone_surrogates(data);
        if let Some(chunk) = lenient::read::<Chunk<'_>>(&paired) {
            self.chunk(&chunk, data, out);
        } else if let Some(value) = lenient::repaired(data) {
            self.chunk(&lenient::reread::<Chunk<'_>>(&value), data, out);
        } else {
            self.fail(Fault::Malformed, out);
        }
    }

    fn chunk(&mut self, chunk: &Chunk<'_>, data: &str, out: &mut Output) {
        let usage = chunk.usage.0.known();
        out.used(usage.or_else(|| chunk.x_groq.0.usage.0.known()));
        let failed = chunk.error.0
            || chunk.r#type.is("error")
            || chunk.object.is("error")
            || chunk.error_message.0
            || chunk.x_groq.0.error.0;
        if failed {
            return self.fail(reported(data), out);
        }
        out.started(chunk.model.text().unwrap_or_default());
        for choice in &chunk.choices.0 {
            // One answer was asked for; another index is not ours.
            if choice.index.0.unwrap_or(0) == 0 {
                self.delta(&choice.delta.0, out);
                self.delta(&choice.message.0, out);
                self.reason(&choice.finish_reason, out);
            }
        }
        if self.finish.is_some() && out.usage().is_some() && chunk.choices.0.is_empty() {
            // The usage on its own is the last that an answer has to say.
            self.complete(out);
        }
    }

    fn delta(&mut self, delta: &Delta<'_>, out: &mut Output) {
        // Servers repeat the same reasoning under several names: the first one counts.
        if let Some(text) = delta.reasoning_content.text().or(delta.reasoning.text()) {
            out.reasoning(text);
        } else {
            for detail in &delta.reasoning_details.0 {
                out.reasoning(
                    detail
                        .text
                        .text()
                        .or(detail.summary.text())
                        .unwrap_or_default(),
                );
            }
        }
        match &delta.content {
            Content::Absent => {}
            Content::Text(text) => self.thinking.push(text, out),
            Content::Parts(parts) => {
                for Shape(part) in parts {
                    think(&part.thinking, out);
                    self.thinking
                        .push(part.text.text().unwrap_or_default(), out);
                    out.refusal(part.refusal.text().unwrap_or_default());
                }
            }
        }
        out.refusal(delta.refusal.text().unwrap_or_default());
    }

    fn reason(&mut self, reason: &Word<'_>, out: &mut Output) {
        let Some(reason) = reason.text() else { return };
        let known = match reason {
            "stop" | "eos" | "eos_token" | "end_turn" | "stop_sequence" => FinishReason::Stop,
            "length" | "max_tokens" | "model_length" => FinishReason::Length,
            "content_filter" => FinishReason::ContentFilter,
            "refusal" => FinishReason::Refused,
            "error" | "abort" | "insufficient_system_resource" => {
                let message = format!("the server ended the answer with \"{reason}\"");
                return self.fail(Fault::Reported(message.into()), out);
            }
            other => FinishReason::Other(other.to_owned()),
        };
        self.finish.get_or_insert(known);
    }

    fn complete(&mut self, out: &mut Output) {
        self.thinking.finish(out);
        let reason = self.finish.take().unwrap_or(FinishReason::Ended);
        conclude(reason, out);
    }

    fn fail(&mut self, fault: Fault, out: &mut Output) {
        self.thinking.finish(out);
        out.fail(fault);
    }
}

/// Ends an answer that the server called complete: one without text is a fault, unless refused.
pub(super) fn conclude(reason: FinishReason, out: &mut Output) {
    let natural = matches!(reason, FinishReason::Stop | FinishReason::Ended);
    let reason = if natural && out.is_refused() {
        FinishReason::Refused
    } else {
        reason
    };
    let may_be_empty = matches!(reason, FinishReason::Refused | FinishReason::ContentFilter);
    if out.has_text() || may_be_empty {
        out.finish(reason);
    } else {
        out.fail(Fault::Empty {
            limit: reason == FinishReason::Length,
        });
    }
}

/// The longest error that is kept as text, in bytes.
const ERROR_TEXT: usize = 64 * 1024;

/// An error payload as JSON, or as the text it is.
pub(super) fn reported(data: &str) -> Fault {
    Fault::Reported(lenient::repaired(data).unwrap_or_else(|| {
        let mut end = data.len().min(ERROR_TEXT);
        while !data.is_char_boundary(end) {
            end -= 1;
        }
        data[..end].into()
    }))
}

fn think(content: &Content<'_>, out: &mut Output) {
    match content {
        Content::Absent => {}
        Content::Text(text) => out.reasoning(text),
        Content::Parts(parts) => {
            for Shape(part) in parts {
                out.reasoning(part.text.text().unwrap_or_default());
            }
        }
    }
}
