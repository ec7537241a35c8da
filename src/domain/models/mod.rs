//! Models: what is known of the models that can be asked, and what follows from it.
//!
//! [`find`] answers for any id: from the table in the binary, else from its family, else with what
//! holds for a model that nobody has heard of, which must be usable, too. Nothing is read before
//! it is asked for, and nothing is remembered. Never opens a socket: what a server tells of its
//! models is added elsewhere.

mod ids;
mod listing;
mod place;
mod table;
mod tariff;
mod words;

pub use ids::{Vocabulary, is_text, vocabulary};
pub use listing::{Catalog, Listing, of_vendor};
pub use place::Place;
pub use table::{all, find};
pub use tariff::{Estimate, TYPICAL_ANSWER, Tariff};
pub use words::{abilities, price, short};

use super::cost::Prices;
use super::endpoint::Host;
use jiff::civil::Date;
use std::borrow::Cow;

/// How well a model is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known {
    /// It stands in the table.
    ById,
    /// Another release of it stands in the table: its date is cut off, or its vendor, or it was
    /// made from one by fine tuning.
    ByRelease,
    /// Only its family is known.
    ByFamily,
    /// Nobody has heard of it.
    Not,
}

/// When a model takes `temperature` and `top_p`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sampling {
    /// Whatever its effort.
    Always,
    /// Only while its effort is `none`, by wish or by default.
    EffortNone,
    /// Never; sending one is refused.
    Never,
    /// It is not known.
    Unknown,
}

/// How Chat Completions calls the limit of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenField {
    /// `max_completion_tokens`, at OpenAI.
    MaxCompletionTokens,
    /// `max_tokens`, everywhere else.
    MaxTokens,
}

/// A model, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub struct Model {
    /// Its id, as it was asked for.
    pub id: String,
    /// How well it is known.
    pub known: Known,
    /// Who makes or serves it, in the table's word: `openai`, `anthropic`, `gemini`…
    pub vendor: Option<&'static str>,
    /// Tokens of prompt and answer together.
    pub context: Option<u64>,
    /// Tokens of a prompt, where that is less.
    pub max_input: Option<u64>,
    /// Tokens of an answer, reasoning included.
    pub max_output: Option<u64>,
    /// What it costs.
    pub prices: Option<Prices>,
    /// Whether it sees images.
    pub vision: Option<bool>,
    /// Whether it reasons.
    pub reasoning: Option<bool>,
    /// When it takes `temperature` and `top_p`.
    pub sampling: Sampling,
    /// Efforts it takes, in the API's words; empty when they are not known.
    pub efforts: Vec<Cow<'static, str>>,
    /// The effort it has when none is asked for.
    pub default_effort: Option<Cow<'static, str>>,
    /// How its family calls the limit of the answer in Chat Completions.
    pub token_field: TokenField,
    /// Whether Chat Completions has it.
    pub chat: Option<bool>,
    /// Whether Responses has it.
    pub responses: Option<bool>,
    /// The last day on which it answers.
    pub shutdown: Option<Date>,
}

/// Days before its last day from which on a model is not to be begun with.
pub const SOON: i32 = 90;

impl Model {
    /// Whether `temperature` and `top_p` may be sent at this effort. A model at OpenAI that nobody
    /// knows is taken for one of its reasoning models; elsewhere it is the person who knows.
    pub fn takes_sampling(&self, effort: Option<&str>, host: Host) -> bool {
        match self.sampling {
            Sampling::Always => true,
            Sampling::EffortNone => effort.or(self.default_effort.as_deref()) == Some("none"),
            Sampling::Never => false,
            Sampling::Unknown => host == Host::Other,
        }
    }

    /// Whether a reasoning effort may be sent: `None` when that is not known.
    pub fn takes_effort(&self, effort: &str) -> Option<bool> {
        match self.reasoning {
            Some(false) => Some(false),
            _ if !self.efforts.is_empty() => Some(self.efforts.iter().any(|word| word == effort)),
            _ => None,
        }
    }

    /// Tokens that a prompt may have.
    pub fn room(&self) -> Option<u64> {
        self.max_input.or(self.context)
    }

    /// Days from `today` until it stops answering; negative once it has.
    pub fn days_left(&self, today: Date) -> Option<i32> {
        let days = today.until(self.shutdown?).ok()?.get_days();
        Some(days)
    }

    /// Whether it has stopped answering.
    pub fn is_gone(&self, today: Date) -> bool {
        self.days_left(today).is_some_and(|days| days < 0)
    }

    /// What is to be said of its last day, when that is near or over.
    pub fn last_day(&self, today: Date) -> Option<String> {
        let day = self.shutdown?;
        match self.days_left(today)? {
            days if days < 0 => Some(format!("gone since {day}")),
            0 => Some("ends today".to_owned()),
            1 => Some(format!("ends {day}, in 1 day")),
            days if days < SOON => Some(format!("ends {day}, in {days} days")),
            _ => None,
        }
    }
}
