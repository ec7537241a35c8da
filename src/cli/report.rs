//! The one JSON object of `--json`: text, usage, ids and, on failure, the error.

use crate::domain::cost::Usd;
use crate::domain::failure::Failure;
use crate::domain::run::{FinishReason, RunId, Usage};
use serde::Serialize;

/// What `run --json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Report {
    /// The text exactly as the server sent it.
    pub(super) text: String,
    /// Reasoning, when the server sent some; never part of the text.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub(super) reasoning: String,
    /// Template name.
    pub(super) template: String,
    /// Provider name; `null` when it failed before one was asked.
    pub(super) provider: Option<String>,
    /// Model id, as the server reported it if it did; `null` as the provider.
    pub(super) model: Option<String>,
    /// The run's id.
    pub(super) run: Option<RunId>,
    /// Why the answer ended; `null` when it did not.
    pub(super) finish: Option<FinishReason>,
    /// Tokens; `null` when the server did not tell.
    pub(super) usage: Option<Usage>,
    /// Cost in US dollars; `null` when no price is known.
    pub(super) cost: Option<Usd>,
    /// Whether that is an estimate, because the server told no tokens.
    pub(super) cost_is_estimate: bool,
    /// The file that `--save` or `-o` wrote.
    pub(super) path: Option<String>,
    /// What failed.
    pub(super) error: Option<Problem>,
}

/// What `run --json` prints for several variants.
#[derive(Debug, Serialize)]
pub(super) struct Reports {
    /// Each as it would be alone, in the order they were asked for.
    pub(super) variants: Vec<Report>,
    /// What all of them cost in US dollars; `null` when that of one is not known.
    pub(super) cost: Option<Usd>,
    /// Whether that is an estimate for any of them.
    pub(super) cost_is_estimate: bool,
    /// What failed, all in all.
    pub(super) error: Option<Problem>,
}

/// What a command prints that failed before it had anything else to tell: the error alone.
pub(super) fn failed(failure: &Failure) -> String {
    let problem = Problem::from(failure);
    format!("{}\n", serde_json::json!({ "error": problem }))
}

/// A failure as JSON.
#[derive(Debug, Serialize)]
pub(super) struct Problem {
    kind: &'static str,
    message: String,
    advice: String,
    /// HTTP status, when a server answered.
    status: Option<u16>,
    /// The server's code for it.
    code: Option<String>,
    /// The parameter the server complains about.
    param: Option<String>,
    request_id: Option<String>,
    /// Seconds the server asks to wait.
    retry_after: Option<u64>,
    exit_code: u8,
}

impl From<&Failure> for Problem {
    fn from(failure: &Failure) -> Self {
        let reply = failure.reply.as_deref();
        let word = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
        Self {
            kind: failure.kind.name(),
            message: failure.reason(),
            advice: failure.advice.clone(),
            status: failure.status,
            code: reply.and_then(|reply| word(&reply.code).or_else(|| word(&reply.kind))),
            param: reply.and_then(|reply| word(&reply.param)),
            retry_after: reply.and_then(|reply| reply.wait),
            request_id: failure.request_id.clone(),
            exit_code: failure.kind.exit_code(),
        }
    }
}
