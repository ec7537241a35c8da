//! Runs: one request to a provider, and the events that its answer arrives in.

use super::cost::Usd;
use serde::{Deserialize, Serialize};
use std::fmt;
use uuid::Uuid;

/// Identifies one run; time-ordered (UUID version 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RunId(pub Uuid);

impl fmt::Display for RunId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Why an answer ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FinishReason {
    /// The model came to its end.
    Stop,
    /// The output limit was reached; the text is usable but cut.
    Length,
    /// A content filter cut the answer.
    ContentFilter,
    /// The model declined.
    Refused,
    /// The stream said it was over (`[DONE]`) without a reason.
    Ended,
    /// The person stopped it.
    Stopped,
    /// It broke off: the connection or the server failed.
    Interrupted,
    /// A reason this program does not know, in the server's word.
    Other(String),
}

impl FinishReason {
    /// Whether the answer did not come to its end.
    pub const fn is_partial(&self) -> bool {
        matches!(
            self,
            Self::Length | Self::ContentFilter | Self::Stopped | Self::Interrupted
        )
    }
}

/// Tokens as the server counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    /// Prompt tokens, cached ones included.
    pub input: u64,
    /// Answer tokens, reasoning included.
    pub output: u64,
    /// Prompt tokens that came from the server's cache.
    pub cached: u64,
    /// Answer tokens spent on hidden reasoning.
    pub reasoning: u64,
    /// Prompt tokens that were put into the server's cache.
    #[serde(rename = "cache_written")]
    pub written: u64,
    /// What the server says they cost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<Usd>,
}

/// The end of an answer that completed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finish {
    /// Why it ended.
    pub reason: FinishReason,
    /// Tokens, when the server told them.
    pub usage: Option<Usage>,
}

/// One step of an answer. A stream that ends in neither `Finished` nor a failure was interrupted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StreamEvent {
    /// The server took the request; `model` is the id it reports, which may differ from the asked one.
    Started {
        /// Model id as reported.
        model: String,
    },
    /// Text of the answer. Neighbouring deltas of one network read are joined.
    Delta(String),
    /// The server corrected what it had sent: of the run's own text the first `keep` bytes stay,
    /// and `text` is what follows them.
    Corrected {
        /// Bytes that stay; they end at a character.
        keep: usize,
        /// All text behind them.
        text: String,
    },
    /// Reasoning text; never part of a draft.
    Reasoning(String),
    /// A refusal in the model's words; never part of a draft.
    Refusal(String),
    /// The answer is complete. Nothing follows.
    Finished(Finish),
}

/// Puts `text` in place of all of `whole` behind its first `keep` bytes, as
/// [`StreamEvent::Corrected`] asks. Where they end inside a character, that stays whole.
pub fn correct(whole: &mut String, keep: usize, text: &str) {
    let end = (keep..=whole.len()).find(|end| whole.is_char_boundary(*end));
    whole.truncate(end.unwrap_or(whole.len()));
    whole.push_str(text);
}
