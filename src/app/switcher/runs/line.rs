//! One line of the list of runs: what is told of a run, and in which words.
//!
//! Never has the text of a run, only its beginning.

use crate::app::filter::folded;
use crate::app::msg::Now;
use crate::domain::run::{FinishReason, RunId};
use crate::store::journal::{Ending, Listed};

/// What became of a run, as far as it is worth a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It came to its own end.
    Whole,
    /// It is still being written.
    Running,
    /// A person stopped it.
    Stopped,
    /// The limit or a filter cut it.
    Cut,
    /// It broke off.
    BrokeOff,
    /// It failed.
    Failed,
    /// The model declined.
    Declined,
}

impl State {
    fn of(ending: Option<&Ending>, running: bool) -> Self {
        match ending {
            None if running => Self::Running,
            None | Some(Ending::Finished(FinishReason::Interrupted)) => Self::BrokeOff,
            Some(Ending::Stopped | Ending::Finished(FinishReason::Stopped)) => Self::Stopped,
            Some(Ending::Finished(FinishReason::Length | FinishReason::ContentFilter)) => Self::Cut,
            Some(Ending::Finished(FinishReason::Refused)) => Self::Declined,
            Some(Ending::Finished(_)) => Self::Whole,
            Some(Ending::Failed(_)) => Self::Failed,
        }
    }

    /// The word for it; none for what is as it should be.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Whole => "",
            Self::Running => "running",
            Self::Stopped => "stopped",
            Self::Cut => "cut",
            Self::BrokeOff => "broke off",
            Self::Failed => "failed",
            Self::Declined => "declined",
        }
    }
}

/// One line of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The run.
    pub id: RunId,
    /// When it was sent.
    pub at: Now,
    /// Name of its template.
    pub template: String,
    /// The model that answered, or else the one asked for.
    pub model: String,
    /// How its text begins.
    pub beginning: String,
    /// What became of it.
    pub state: State,
    /// A person wants to find it again.
    pub starred: bool,
    pub(super) draft: Option<String>,
    pub(super) continues: Option<RunId>,
    /// Where what is typed is looked for.
    pub(super) hay: String,
}

impl Line {
    /// The line of a run; `running` tells of one without an end whether somebody still writes it.
    pub fn of(listed: Listed, running: bool) -> Self {
        let state = State::of(listed.ending.as_ref(), running);
        let template = listed.template.unwrap_or_default();
        let star = if listed.starred { "★ starred" } else { "" };
        let words = [
            &template,
            &listed.model,
            &listed.beginning,
            state.name(),
            star,
        ];
        Self {
            hay: words.map(folded).join("\n"),
            id: listed.id,
            at: Now(u64::try_from(listed.at.as_millisecond()).unwrap_or(0)),
            model: listed.model,
            beginning: listed.beginning,
            state,
            starred: listed.starred,
            draft: listed.draft,
            continues: listed.continues,
            template,
        }
    }
}
