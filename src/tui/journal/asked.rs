//! Conversations about drafts, as they are read again.
//!
//! A turn whose studio is gone is said to have broken off; one of a studio at work is left alone.

use super::ended::settle;
use super::over::Over;
use crate::domain::run::FinishReason;
use crate::store::Paths;
use crate::store::journal::{Ending, Journal, JournalError, Outcome, Run, SessionId};
use jiff::Timestamp;

/// Turns that are read again.
const MOST: usize = 100;

/// The turns about a draft that goes by any of these names, the oldest first.
pub(super) fn about(
    journal: &mut Journal,
    paths: &Paths,
    own: SessionId,
    names: &[String],
) -> Result<Vec<Run>, JournalError> {
    let mut over = Over::new(paths, own);
    let mut turns = journal.asked(names, MOST)?;
    for turn in &mut turns {
        if turn.outcome.is_some() || !over.is_over(turn.record.session) {
            continue;
        }
        let id = turn.record.id;
        if let Some(whole) = journal.run(id)? {
            settle(journal, &whole)?;
        }
        turn.outcome = Some(Outcome {
            at: Timestamp::now(),
            ending: Ending::Finished(FinishReason::Interrupted),
            usage: None,
            model: None,
            cost: None,
        });
    }
    Ok(turns)
}
