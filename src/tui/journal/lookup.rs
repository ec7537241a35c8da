//! Looking up runs of any session: a page of the list, or one with its text.
//!
//! Changes nothing, and takes nothing from whoever has it.

use super::left::{Over, refused, with_schema};
use crate::app::msg::Msg;
use crate::app::switcher::runs::{Aim, Fact, Line};
use crate::domain::run::RunId;
use crate::store::Paths;
use crate::store::journal::{Journal, JournalError, SessionId};

/// Runs that are read in one go: few enough for whoever waits to be written meanwhile.
const PAGE: usize = 200;

/// Some lines of the list of runs, and where the list goes on.
type Page = (Vec<Line>, Option<RunId>);

/// The lines of the newest runs, or of the newest that were begun before another.
pub(super) fn page(
    journal: &Journal,
    paths: &Paths,
    own: SessionId,
    before: Option<RunId>,
) -> Result<Page, JournalError> {
    let mut over = Over::new(paths, own);
    let listed = journal.listed(PAGE, before)?;
    let last = listed.last().map(|last| last.id);
    let next = last.filter(|_| listed.len() == PAGE);
    let line = |listed: crate::store::journal::Listed| {
        let running = listed.ending.is_none() && !over.is_over(listed.session);
        Line::of(listed, running)
    };
    Ok((listed.into_iter().map(line).collect(), next))
}

/// A run with its text and all that went in.
pub(super) fn run(
    journal: &Journal,
    paths: &Paths,
    own: SessionId,
    (id, aim): (RunId, Aim),
) -> Result<Msg, JournalError> {
    let Some(mut run) = journal.run(id)?.map(Box::new) else {
        return Ok(refused("this run is not kept any more"));
    };
    let mut over = Over::new(paths, own);
    if aim == Aim::Show && run.outcome.is_none() && !over.is_over(run.record.session) {
        return Ok(refused(
            "this text is still being written in another Copydesk; look again when it is done",
        ));
    }
    with_schema(&mut run, paths);
    Ok(Msg::Runs(Fact::Run {
        continues: journal.continued_by(id)?,
        run,
        aim,
    }))
}
