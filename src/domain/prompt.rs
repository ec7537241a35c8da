//! The prompt: what a template and a brief render to, ready to send.

use super::image::Image;
use super::schema::Schema;
use serde::{Deserialize, Serialize};

/// A pair of messages that shows the model what is wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Example {
    /// What a user might have sent.
    pub user: String,
    /// What the assistant should have answered.
    pub assistant: String,
}

/// Model parameters. A field that is `None` is not sent at all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Params {
    /// Upper bound of the answer in tokens, hidden reasoning included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output_tokens: Option<u32>,
    /// Sampling temperature, 0 to 2.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Nucleus sampling, 0 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub top_p: Option<f64>,
    /// Reasoning effort in the API's words (`low`, `medium`, `high`…).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<String>,
    /// Verbosity in the API's words (`low`, `medium`, `high`).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verbosity: Option<String>,
}

impl Params {
    /// These parameters, with those of `over` in place of theirs where `over` has any.
    #[must_use]
    pub fn overlaid(&self, over: &Self) -> Self {
        Self {
            max_output_tokens: over.max_output_tokens.or(self.max_output_tokens),
            temperature: over.temperature.or(self.temperature),
            top_p: over.top_p.or(self.top_p),
            reasoning: over.reasoning.clone().or_else(|| self.reasoning.clone()),
            verbosity: over.verbosity.clone().or_else(|| self.verbosity.clone()),
        }
    }
}

/// Messages and parameters, ready to send.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Prompt {
    /// The system message, if the template has one.
    pub system: Option<String>,
    /// Few-shot pairs, sent before the user message.
    pub examples: Vec<Example>,
    /// The user message.
    pub user: String,
    /// Images that go with the user message. Their bytes are not recorded: the brief has their
    /// paths.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub images: Vec<Image>,
    /// The shape that the answer must have; it is read from the template again, too.
    #[serde(skip)]
    pub schema: Option<Schema>,
    /// Parameters the template asks for.
    pub params: Params,
}

impl Prompt {
    /// Characters in all messages together.
    pub fn chars(&self) -> usize {
        let pairs = self
            .examples
            .iter()
            .flat_map(|pair| [&pair.user, &pair.assistant]);
        let all = self.system.iter().chain(pairs).chain([&self.user]);
        all.map(|text| text.chars().count()).sum()
    }

    /// A rough token count, four characters to a token.
    pub fn estimated_tokens(&self) -> usize {
        self.chars().div_ceil(4)
    }
}

/// One request: a prompt for a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Request {
    /// Model id, as the server names it.
    pub model: String,
    /// What is sent.
    pub prompt: Prompt,
}
