//! The wire shapes of a Chat Completions answer.
//!
//! Owns every field that any server is known to send and we use; all are optional and of any type.
//! Borrows from the payload. Decides nothing.

use crate::domain::run::Usage;
use crate::provider::lenient::{Amount, Count, Many, Shape, Truthy, Word, default_for, elements};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use std::borrow::Cow;
use std::fmt;

/// One payload, of a stream or whole: the two differ in `delta` and `message`.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Chunk<'a> {
    #[serde(borrow)]
    pub(super) model: Word<'a>,
    #[serde(borrow)]
    pub(super) choices: Many<Choice<'a>>,
    pub(super) usage: Shape<WireUsage>,
    pub(super) error: Truthy,
    pub(super) error_message: Truthy,
    pub(super) r#type: Word<'a>,
    pub(super) object: Word<'a>,
    pub(super) x_groq: Shape<Groq>,
    /// Padding.
    #[serde(borrow)]
    pub(super) obfuscation: Word<'a>,
}

impl<'a> Chunk<'a> {
    /// The text of a chunk that has an unescaped text for us and nothing else that we use.
    pub(super) fn only_text(&self) -> Option<&'a str> {
        let [choice] = self.choices.0.as_slice() else {
            return None;
        };
        let (delta, message) = (&choice.delta.0, &choice.message.0);
        let alone = choice.index.0.unwrap_or(0) == 0
            && choice.finish_reason.text().is_none()
            && self.usage.0.known().is_none()
            && self.x_groq.0.usage.0.known().is_none()
            && delta.refusal.text().is_none()
            && delta.reasoning_content.text().is_none()
            && delta.reasoning.text().is_none()
            && delta.reasoning_details.0.is_empty()
            && matches!(message.content, Content::Absent)
            && message.refusal.text().is_none()
            && message.reasoning_content.text().is_none()
            && message.reasoning.text().is_none()
            && message.reasoning_details.0.is_empty();
        match &delta.content {
            Content::Text(Cow::Borrowed(text)) if alone => Some(text),
            _ => None,
        }
    }

    /// Its padding, unescaped.
    pub(super) fn padding(&self) -> Option<&'a str> {
        self.obfuscation.borrowed()
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Groq {
    pub(super) error: Truthy,
    pub(super) usage: Shape<WireUsage>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Choice<'a> {
    pub(super) index: Count,
    #[serde(borrow)]
    pub(super) delta: Shape<Delta<'a>>,
    #[serde(borrow)]
    pub(super) message: Shape<Delta<'a>>,
    #[serde(borrow)]
    pub(super) finish_reason: Word<'a>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Delta<'a> {
    #[serde(borrow)]
    pub(super) content: Content<'a>,
    #[serde(borrow)]
    pub(super) refusal: Word<'a>,
    #[serde(borrow)]
    pub(super) reasoning_content: Word<'a>,
    #[serde(borrow)]
    pub(super) reasoning: Word<'a>,
    #[serde(borrow)]
    pub(super) reasoning_details: Many<Detail<'a>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Detail<'a> {
    #[serde(borrow)]
    pub(super) text: Word<'a>,
    #[serde(borrow)]
    pub(super) summary: Word<'a>,
}

/// Text, alone or in parts.
#[derive(Default)]
pub(super) enum Content<'a> {
    #[default]
    Absent,
    Text(Cow<'a, str>),
    Parts(Vec<Shape<Part<'a>>>),
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Part<'a> {
    #[serde(borrow)]
    pub(super) text: Word<'a>,
    #[serde(borrow)]
    pub(super) refusal: Word<'a>,
    #[serde(borrow)]
    pub(super) thinking: Content<'a>,
}

impl<'de: 'a, 'a> Deserialize<'de> for Content<'a> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = Content<'de>;

            default_for!(unit bool number object);

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Content::Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Content::Text(Cow::Owned(text.to_owned())))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, array: A) -> Result<Self::Value, A::Error> {
                elements(array).map(Content::Parts)
            }
        }
        from.deserialize_any(Reader)
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct WireUsage {
    pub(super) prompt_tokens: Count,
    pub(super) completion_tokens: Count,
    pub(super) prompt_cache_hit_tokens: Count,
    pub(super) prompt_tokens_details: Shape<Details>,
    pub(super) completion_tokens_details: Shape<Details>,
    pub(super) cost: Amount,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Details {
    pub(super) cached_tokens: Count,
    pub(super) reasoning_tokens: Count,
    #[serde(rename = "cache_write_tokens")]
    pub(super) written: Count,
}

impl WireUsage {
    pub(super) fn known(&self) -> Option<Usage> {
        if self.prompt_tokens.0.is_none() && self.completion_tokens.0.is_none() {
            return None;
        }
        let cached = self.prompt_tokens_details.0.cached_tokens.0;
        Some(Usage {
            input: self.prompt_tokens.0.unwrap_or(0),
            output: self.completion_tokens.0.unwrap_or(0),
            cached: cached.or(self.prompt_cache_hit_tokens.0).unwrap_or(0),
            reasoning: self
                .completion_tokens_details
                .0
                .reasoning_tokens
                .0
                .unwrap_or(0),
            written: self.prompt_tokens_details.0.written.0.unwrap_or(0),
            cost: self.cost.0,
        })
    }
}
