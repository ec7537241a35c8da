//! What an answer amounts to: for the exit code, for the journal, and as JSON.

use super::{Asked, Job};
use crate::cli::receive::Answer;
use crate::cli::report::Report;
use crate::domain::cost::Spent;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::run::FinishReason;
use crate::store::journal;
use jiff::Timestamp;

/// A run that came to its end, as one JSON object tells it.
pub(super) fn report(
    (job, asked): (&Job, &Asked),
    answer: &Answer,
    path: Option<String>,
    failure: Option<&Failure>,
) -> Report {
    Report {
        text: answer.text.clone(),
        reasoning: answer.reasoning.clone(),
        template: job.template.name.clone(),
        provider: Some(job.provider.name.clone()),
        model: Some(
            answer
                .model
                .as_ref()
                .unwrap_or(&asked.request.model)
                .clone(),
        ),
        run: Some(asked.run),
        finish: answer.finish.clone(),
        usage: answer.usage,
        cost: answer.cost.map(Spent::usd),
        cost_is_estimate: answer.cost.is_some_and(Spent::is_estimated),
        path,
        ..empty(failure)
    }
}

/// How a run ended, as the journal has it.
pub(super) fn outcome(answer: &Answer) -> journal::Outcome {
    journal::Outcome {
        at: Timestamp::now(),
        ending: answer.ending(),
        usage: answer.usage,
        model: answer.model.clone(),
        cost: answer.cost.map(|spent| spent.usd().dollars()),
    }
}

/// What the answer amounts to: `None` for success.
pub(super) fn verdict(answer: &Answer) -> Option<Failure> {
    if answer.failure.is_some() {
        return answer.failure.clone();
    }
    match &answer.finish {
        Some(FinishReason::Length) => Some(
            Failure::new(FailureKind::Partial, "the text was cut at the output limit")
                .advice("raise max_output_tokens in the template's model.params, or ask for less"),
        ),
        Some(FinishReason::ContentFilter) => Some(
            Failure::new(FailureKind::Refused, "a content filter cut the text")
                .advice("change the brief, or ask another model"),
        ),
        Some(FinishReason::Refused) => Some(
            Failure::new(FailureKind::Refused, "the model declined").why(answer.refusal.clone()),
        ),
        _ if answer.text.trim().is_empty() => Some(
            Failure::new(FailureKind::Partial, "the model sent no text")
                .why(answer.refusal.clone())
                .advice("try again, or another model"),
        ),
        Some(FinishReason::Ended) => Some(
            Failure::new(
                FailureKind::Partial,
                "the server ended the text without a reason",
            )
            .advice("see whether it is whole; ask again if it is not"),
        ),
        _ => None,
    }
}

/// A report of nothing but what failed.
pub(super) fn empty(failure: Option<&Failure>) -> Report {
    Report {
        text: String::new(),
        reasoning: String::new(),
        template: String::new(),
        provider: None,
        model: None,
        run: None,
        finish: None,
        usage: None,
        cost: None,
        cost_is_estimate: false,
        path: None,
        error: failure.map(Into::into),
    }
}
