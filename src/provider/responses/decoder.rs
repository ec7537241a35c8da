//! A Responses stream as events.
//!
//! Owns the state of one answer: its text by output and content index, corrected whenever the
//! server says a part or the whole anew. A stream is complete with `response.completed` or
//! `response.incomplete`; never takes an end of bytes or a `[DONE]` for an end of answer, and
//! never counts commentary as text.

use super::wire::{Answer, Item, Payload};
use crate::domain::run::FinishReason;
use crate::provider::chat::{conclude, reported};
use crate::provider::known::Known;
use crate::provider::lenient;
use crate::provider::output::{Fault, Output};
use crate::provider::sse;
use crate::provider::thinking::Thinking;
use std::collections::{BTreeMap, BTreeSet};

/// The most parts an answer may have: each costs memory beside its text.
const PARTS: usize = 10_000;

/// Output index, then content index.
type Place = (u64, u64);

/// Turns the payloads of one answer into events.
#[derive(Debug, Default)]
pub(in crate::provider) struct Decoder {
    /// Text as the server sent it, by place.
    parts: BTreeMap<Place, String>,
    /// Text as it was told, which is the parts in order unless they came out of order.
    told: String,
    /// They came out of order, or were corrected, and that was not told yet.
    scattered: bool,
    thinking: Thinking,
    /// Output indexes of commentary, which is no text of the answer.
    commentary: BTreeSet<u64>,
    reasoning: Reasoning,
    /// The output limit that the request set.
    limit: Option<u32>,
    known: Known,
    /// Where the text of what is known belongs.
    known_place: Place,
}

/// Where the reasoning stands.
#[derive(Debug, Default)]
struct Reasoning {
    /// A delta of the part being written came.
    begun: bool,
    /// Another part begins: a paragraph of its own.
    gap: bool,
}

impl Decoder {
    /// A decoder for a request with this output limit.
    pub(in crate::provider) fn new(limit: Option<u32>) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    /// Takes one event of the stream.
    pub(in crate::provider) fn event(&mut self, event: sse::Event<'_>, out: &mut Output) {
        if out.is_over() {
            return;
        }
        if event.name == "error" {
            return self.fail(reported(event.data), out);
        }
        if event.data.trim() == "[DONE]" {
            // Some servers send it after the end; in place of the end it ends nothing.
            return self.fail(Fault::Cut(String::new()), out);
        }
        if let Some(text) = self.known.text(event.data) {
            return self.text(self.known_place, text, out);
        }
        if let Some(payload) = lenient::read::<Payload<'_>>(event.data) {
            if let Some(text) = payload.only_text() {
                let padding = payload.obfuscation.borrowed();
                self.known.learn(event.data, text, padding);
                self.known_place = place_of(&payload);
            }
            return self.payload(&payload, event, out);
        }
        let paired = lenient::without_lone_surrogates(event.data);
        if let Some(payload) = lenient::read::<Payload<'_>>(&paired) {
            self.payload(&payload, event, out);
        } else if let Some(value) = lenient::repaired(event.data) {
            self.payload(&lenient::reread::<Payload<'_>>(&value), event, out);
        } else {
            self.fail(Fault::Malformed, out);
        }
    }

    /// Takes an answer that is one JSON object although a stream was asked for.
    pub(in crate::provider) fn whole(&mut self, body: &str, out: &mut Output) {
        let paired = lenient::without_lone_surrogates(body);
        if let Some((payload, answer)) = lenient::read(body).zip(lenient::read(body)) {
            self.document(&payload, &answer, body, out);
        } else if let Some((payload, answer)) = lenient::read(&paired).zip(lenient::read(&paired)) {
            self.document(&payload, &answer, body, out);
        } else if let Some(value) = lenient::repaired(body) {
            let (payload, answer) = (lenient::reread(&value), lenient::reread(&value));
            self.document(&payload, &answer, body, out);
        } else {
            self.fail(Fault::Malformed, out);
        }
    }

    fn document(
        &mut self,
        payload: &Payload<'_>,
        answer: &Answer<'_>,
        body: &str,
        out: &mut Output,
    ) {
        out.used(answer.usage.0.known());
        if payload.error.0 || payload.error_message.0 || payload.object.is("error") {
            return out.fail(reported(body));
        }
        if answer.status.0.is_none() && answer.output.0.is_empty() {
            return out.fail(Fault::NotApi(String::new()));
        }
        self.complete("response.completed", answer, body, out);
    }

    /// The bytes are over; `why` is the transport's word for it.
    pub(in crate::provider) fn end(&mut self, why: &str, out: &mut Output) {
        self.fail(Fault::Cut(why.to_owned()), out);
    }

    fn payload(&mut self, payload: &Payload<'_>, event: sse::Event<'_>, out: &mut Output) {
        out.used(payload.response.0.usage.0.known());
        if payload.error.0 || payload.error_message.0 || payload.object.is("error") {
            return self.fail(reported(event.data), out);
        }
        let place = place_of(payload);
        let delta = payload.delta.text().unwrap_or_default();
        let text = payload.text.text().unwrap_or_default();
        match payload.r#type.text().unwrap_or(event.name) {
            "response.output_text.delta" => self.text(place, delta, out),
            "response.output_text.done" => self.authoritative(place, text, out),
            "response.content_part.done" if payload.part.0.r#type.is("output_text") => {
                let text = payload.part.0.text.text().unwrap_or_default();
                self.authoritative(place, text, out);
            }
            "response.refusal.delta" => out.refusal(delta),
            "response.refusal.done" if !out.is_refused() => {
                out.refusal(payload.refusal.text().unwrap_or_default());
            }
            "response.reasoning_summary_text.delta" | "response.reasoning_text.delta" => {
                self.reasoning(delta, out);
            }
            "response.reasoning_summary_text.done" | "response.reasoning_text.done" => {
                if !self.reasoning.begun {
                    self.reasoning(text, out);
                }
                self.reasoning = Reasoning {
                    begun: false,
                    gap: true,
                };
            }
            "response.reasoning_summary_part.added" => {
                self.reasoning = Reasoning {
                    begun: false,
                    gap: true,
                };
            }
            "response.output_item.added" | "response.output_item.done" => {
                self.item(place.0, &payload.item.0, out);
            }
            "response.created" | "response.in_progress" | "response.queued" => {
                out.started(payload.response.0.model.text().unwrap_or_default());
            }
            kind @ ("response.completed" | "response.incomplete" | "response.cancelled") => {
                self.complete(kind, &payload.response.0, event.data, out);
            }
            "response.failed" | "error" => self.fail(reported(event.data), out),
            _ => {}
        }
    }

    fn item(&mut self, index: u64, item: &Item<'_>, out: &mut Output) {
        if item.phase.is("commentary") && self.commentary.len() < PARTS {
            self.commentary.insert(index);
            let before = self.parts.len();
            self.parts.retain(|place, _| place.0 != index);
            if self.parts.len() < before {
                // It was told before anybody knew what it was.
                self.assemble(out);
            }
        }
    }

    fn reasoning(&mut self, more: &str, out: &mut Output) {
        if more.is_empty() {
            return;
        }
        if std::mem::take(&mut self.reasoning.gap) && out.has_reasoning() {
            out.reasoning("\n\n");
        }
        self.reasoning.begun = true;
        out.reasoning(more);
    }

    fn text(&mut self, place: Place, delta: &str, out: &mut Output) {
        if self.commentary.contains(&place.0) || delta.is_empty() {
            return;
        }
        let newest = self.parts.last_key_value().map(|(place, _)| *place);
        if self.parts.len() == PARTS && !self.parts.contains_key(&place) {
            let too_many = Fault::TooLong("the answer has more than 10,000 parts");
            return self.fail(too_many, out);
        }
        self.parts.entry(place).or_default().push_str(delta);
        if newest.is_none_or(|newest| newest <= place) {
            self.told.push_str(delta);
            self.thinking.push(delta, out);
        } else {
            // Told with the next text that is authoritative.
            self.scattered = true;
        }
    }

    /// A part's text as the server has it, which counts more than its deltas.
    fn authoritative(&mut self, place: Place, text: &str, out: &mut Output) {
        if text.is_empty() || self.commentary.contains(&place.0) {
            return;
        }
        let known = self.parts.get(&place).map_or("", String::as_str);
        if known.is_empty() && self.parts.values().any(|part| part == text) {
            // Some servers number their deltas otherwise.
            return;
        }
        if let Some(rest) = text.strip_prefix(known) {
            self.text(place, rest, out);
        } else {
            self.parts.insert(place, text.to_owned());
            self.scattered = true;
        }
        if self.scattered {
            self.assemble(out);
        }
    }

    /// Tells the parts in their order.
    fn assemble(&mut self, out: &mut Output) {
        self.scattered = false;
        let whole: String = self.parts.values().map(String::as_str).collect();
        self.correct(whole, out);
    }

    /// Makes `whole` what was told.
    fn correct(&mut self, whole: String, out: &mut Output) {
        let (_, before) = Thinking::of(&self.told);
        let (thinking, after) = Thinking::of(&whole);
        let keep = common(&before, &after);
        out.correct(keep, &after[keep..]);
        self.thinking = thinking;
        self.told = whole;
    }

    fn complete(&mut self, kind: &str, answer: &Answer<'_>, data: &str, out: &mut Output) {
        let failed = answer.status.is("failed") || answer.status.is("cancelled");
        if failed || answer.error.0 || kind == "response.cancelled" {
            return self.fail(reported(data), out);
        }
        out.started(answer.model.text().unwrap_or_default());
        self.reconcile(answer, out);
        self.thinking.finish(out);
        let spent = answer.usage.0.known().map_or(0, |usage| usage.output);
        let cut = kind == "response.incomplete" || answer.status.is("incomplete");
        let reason = match answer.incomplete_details.0.reason.text() {
            Some("max_output_tokens") => FinishReason::Length,
            Some("content_filter") => FinishReason::ContentFilter,
            other if cut => {
                let why = other.unwrap_or("no reason given");
                return out.fail(Fault::Early(why.to_owned()));
            }
            // llama.cpp calls an answer complete that its limit cut.
            _ if self.limit.is_some_and(|limit| spent >= u64::from(limit)) => FinishReason::Length,
            _ => FinishReason::Stop,
        };
        conclude(reason, out);
    }

    /// Compares with the whole output that comes with the end. Whole texts are compared, because
    /// some servers number their deltas otherwise than their output.
    fn reconcile(&mut self, answer: &Answer<'_>, out: &mut Output) {
        let items = &answer.output.0;
        let messages = || items.iter().filter(|item| item.is_answer());
        let whole: String = messages().map(Item::text).collect();
        if !whole.is_empty() && whole != self.told {
            self.correct(whole, out);
        }
        if !out.is_refused() {
            let parts = messages().flat_map(|item| &item.content.0);
            for part in parts.filter(|part| part.r#type.is("refusal")) {
                out.refusal(part.refusal.text().unwrap_or_default());
            }
        }
        if !out.has_reasoning() {
            let thoughts = items.iter().filter(|item| item.r#type.is("reasoning"));
            for part in thoughts.flat_map(|item| item.summary.0.iter().chain(&item.content.0)) {
                self.reasoning(part.text.text().unwrap_or_default(), out);
                self.reasoning.gap = true;
            }
        }
    }

    fn fail(&mut self, fault: Fault, out: &mut Output) {
        self.thinking.finish(out);
        out.fail(fault);
    }
}

fn place_of(payload: &Payload<'_>) -> Place {
    (
        payload.output_index.0.unwrap_or(0),
        payload.content_index.0.unwrap_or(0),
    )
}

/// Bytes that two texts begin with alike, up to a whole character.
fn common(one: &str, other: &str) -> usize {
    let pairs = one.bytes().zip(other.bytes());
    let mut same = pairs.take_while(|(one, other)| one == other).count();
    while !one.is_char_boundary(same) || !other.is_char_boundary(same) {
        same -= 1;
    }
    same
}
