//! Parts of drafts that wait for a decision, as a draft that is opened gets them back.
//!
//! What another studio at work has is left to that. Never finds a part in a text: the model does.

use super::ended::settle;
use super::over::Over;
use crate::app::msg::Left;
use crate::app::refine::Found;
use crate::domain::run::FinishReason;
use crate::store::journal::{
    Ending, Journal, JournalError, KeptPart, Outcome, SessionId, WaitingPart,
};
use crate::store::{Paths, shelf};
use jiff::Timestamp;
use std::sync::Arc;
use uuid::Uuid;

/// The parts that wait in a draft that goes by any of these names, which are this session's from
/// now on.
pub(super) fn waiting(
    journal: &mut Journal,
    paths: &Paths,
    own: SessionId,
    names: &[String],
) -> Result<Vec<Found>, JournalError> {
    let mut over = Over::new(paths, own);
    let mut found = Vec::new();
    for kept in journal.parts(names)? {
        let id = kept.part.run;
        let free = kept.session == own || over.is_over(kept.session);
        if !free || !journal.hand_part(id, kept.session, own)? {
            continue;
        }
        if kept.session != own {
            take_run(journal, &kept, own)?;
        }
        let KeptPart {
            part,
            mut run,
            used,
            ..
        } = kept;
        run.outcome.get_or_insert_with(broken_off);
        let template = run.record.template.as_deref();
        let template = template.and_then(|name| shelf::template(paths, name).ok());
        found.push(Found {
            part,
            run,
            used,
            template: template.map(Arc::new),
        });
    }
    Ok(found)
}

/// An answer that nobody used is offered again if this session ends as the one before did.
fn take_run(journal: &mut Journal, kept: &KeptPart, own: SessionId) -> Result<(), JournalError> {
    let id = kept.part.run;
    if kept.run.outcome.is_none() {
        settle(journal, &kept.run)?;
    }
    if let Some(unused) = journal.unused_run(id)? {
        journal.hand_run(id, unused.holder(), own)?;
    }
    Ok(())
}

/// Whether a part is of one of these texts: it comes back with that.
pub(super) fn is_of_any(part: &WaitingPart, texts: &[Left]) -> bool {
    texts
        .iter()
        .any(|text| text.id == part.document || text.path.is_some() && text.path == part.path)
}

/// The answers for parts of a text that was put off wait with it.
pub(super) fn put_off(
    journal: &mut Journal,
    text: Uuid,
    now: Timestamp,
) -> Result<(), JournalError> {
    for kept in journal.parts(&[text.to_string()])? {
        if kept.run.outcome.is_none() {
            settle(journal, &kept.run)?;
        }
        journal.put_off_run(kept.part.run, kept.session, now)?;
    }
    Ok(())
}

fn broken_off() -> Outcome {
    Outcome {
        at: Timestamp::now(),
        ending: Ending::Finished(FinishReason::Interrupted),
        usage: None,
        model: None,
        cost: None,
    }
}
