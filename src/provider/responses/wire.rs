//! The wire shapes of a Responses answer.
//!
//! Owns every field that any server is known to send and we use; all are optional and of any type.
//! Borrows from the payload. Decides nothing.

use crate::domain::run::Usage;
use crate::provider::lenient::{Amount, Count, Many, Shape, Truthy, Word};
use serde::Deserialize;

/// The payload of any event; which members it has depends on its type.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Payload<'a> {
    #[serde(borrow)]
    pub(super) r#type: Word<'a>,
    #[serde(borrow)]
    pub(super) delta: Word<'a>,
    #[serde(borrow)]
    pub(super) text: Word<'a>,
    #[serde(borrow)]
    pub(super) refusal: Word<'a>,
    pub(super) output_index: Count,
    pub(super) content_index: Count,
    #[serde(borrow)]
    pub(super) item: Shape<Item<'a>>,
    #[serde(borrow)]
    pub(super) part: Shape<Part<'a>>,
    #[serde(borrow)]
    pub(super) response: Shape<Answer<'a>>,
    pub(super) error: Truthy,
    pub(super) error_message: Truthy,
    #[serde(borrow)]
    pub(super) object: Word<'a>,
    /// Padding.
    #[serde(borrow)]
    pub(super) obfuscation: Word<'a>,
}

impl<'a> Payload<'a> {
    /// The text of a payload that has an unescaped piece of text for us and nothing else.
    pub(super) fn only_text(&self) -> Option<&'a str> {
        let alone = self.r#type.is("response.output_text.delta")
            && !self.error.0
            && !self.error_message.0
            && !self.object.is("error")
            && self.response.0.usage.0.known().is_none();
        self.delta.borrowed().filter(|_| alone)
    }
}

/// The response object.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Answer<'a> {
    #[serde(borrow)]
    pub(super) model: Word<'a>,
    #[serde(borrow)]
    pub(super) status: Word<'a>,
    pub(super) error: Truthy,
    #[serde(borrow)]
    pub(super) incomplete_details: Shape<Details<'a>>,
    #[serde(borrow)]
    pub(super) output: Many<Item<'a>>,
    pub(super) usage: Shape<WireUsage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Details<'a> {
    #[serde(borrow)]
    pub(super) reason: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Item<'a> {
    #[serde(borrow)]
    pub(super) r#type: Word<'a>,
    #[serde(borrow)]
    pub(super) phase: Word<'a>,
    #[serde(borrow)]
    pub(super) content: Many<Part<'a>>,
    #[serde(borrow)]
    pub(super) summary: Many<Part<'a>>,
}

impl Item<'_> {
    /// True for a message of the answer itself.
    pub(super) fn is_answer(&self) -> bool {
        self.r#type.is("message") && !self.phase.is("commentary")
    }

    /// The text of a message.
    pub(super) fn text(&self) -> String {
        let parts = self.content.0.iter();
        let texts = parts.filter(|part| part.r#type.is("output_text") || part.r#type.is("text"));
        texts.filter_map(|part| part.text.text()).collect()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    pub(super) r#type: Word<'a>,
    #[serde(borrow)]
    pub(super) text: Word<'a>,
    #[serde(borrow)]
    pub(super) refusal: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WireUsage {
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
    pub(super) fn known(&self) -> Option<Usage> {
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
