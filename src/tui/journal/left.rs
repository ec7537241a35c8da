//! What an earlier studio left behind: unsaved text, and answers that never ended.
//!
//! Text of a studio that is still at work is not offered. Nothing is thrown away here: what a
//! person turns down is kept for later.

use super::writer::unsaved;
use crate::app::msg::{Left, LeftState, Msg, Now};
use crate::domain::draft::Draft;
use crate::domain::run::{FinishReason, RunId};
use crate::domain::text::words;
use crate::store::drafts::Opened;
use crate::store::journal::{
    BufferId, Ending, Journal, JournalError, Kept, Outcome, Run, RunHeadline, SessionId,
};
use crate::store::session::Session;
use crate::store::{Paths, drafts};
use jiff::Timestamp;
use uuid::Uuid;

/// Runs that are looked through for answers that never ended.
const RUNS: usize = 200;

/// What to list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// What nobody has decided about yet.
    Lost,
    /// That, and what was kept for later.
    All,
}

/// Lists what can be brought back, newest first.
pub(super) fn list(
    journal: &mut Journal,
    paths: &Paths,
    own: SessionId,
    which: Which,
) -> Result<Vec<Left>, JournalError> {
    let mut over = Over {
        paths,
        own,
        seen: Vec::new(),
    };
    let mut all = Vec::new();
    for kept in journal.buffers()? {
        let decided = kept.kept.is_some();
        if (which == Which::Lost && decided) || !(decided || over.is_over(kept.buffer.session)) {
            continue;
        }
        let id = kept.buffer.id;
        match of_buffer(paths, kept) {
            Some(left) => all.push(left),
            None => journal.drop_buffer(id)?,
        }
    }
    for run in journal.runs(RUNS, None)? {
        let wanted = match &run.ending {
            None => over.is_over(run.session),
            Some(Ending::Finished(FinishReason::Interrupted)) => which == Which::All,
            Some(_) => false,
        };
        if wanted
            && run.bytes > 0
            && let Some(run) = journal.run(run.id)?
        {
            all.push(of_run(run));
        } else if wanted && run.ending.is_none() {
            end(journal, &run)?;
        }
    }
    all.sort_by_key(|left| std::cmp::Reverse(left.at));
    Ok(all)
}

/// Reads one of them again, with what it takes to go on with it.
pub(super) fn restore(
    journal: &mut Journal,
    paths: &Paths,
    id: Uuid,
) -> Result<Option<Msg>, JournalError> {
    if let Some(run) = journal.run(RunId(id))? {
        settle(journal, RunId(id))?;
        return Ok(Some(Msg::AnswerRestored(Box::new(run))));
    }
    let found = journal
        .buffers()?
        .into_iter()
        .find(|kept| kept.buffer.id.0 == id);
    Ok(found.map(|kept| {
        let mut unsaved = unsaved(kept.buffer);
        let file = unsaved
            .path
            .as_deref()
            .and_then(|path| drafts::open(paths, path).ok());
        let same =
            |file: &Opened| Some(&file.hash) == unsaved.base.as_ref() && file.read_only.is_none();
        let file = file.filter(same).map(Box::new);
        if file.is_none() {
            // Its file was changed or is gone: the text goes on as a draft of its own.
            (unsaved.path, unsaved.base) = (None, None);
        }
        Msg::Restored {
            unsaved: Box::new(unsaved),
            file,
        }
    }))
}

/// Marks one of them as decided about.
pub(super) fn keep_for_later(journal: &mut Journal, id: Uuid) -> Result<(), JournalError> {
    if journal.run(RunId(id))?.is_some() {
        return settle(journal, RunId(id));
    }
    match journal.keep_for_later(BufferId(id), Timestamp::now()) {
        // It was empty or saved in the meantime.
        Err(JournalError::Missing { .. }) => Ok(()),
        done => done,
    }
}

/// An answer that never ended is said to have broken off, so that it is not offered again.
fn settle(journal: &mut Journal, run: RunId) -> Result<(), JournalError> {
    let interrupted = Outcome {
        at: Timestamp::now(),
        ending: Ending::Finished(FinishReason::Interrupted),
        usage: None,
        model: None,
        cost: None,
    };
    match journal.finish(run, &interrupted) {
        Err(JournalError::Missing { .. }) => Ok(()),
        done => done,
    }
}

fn end(journal: &mut Journal, run: &RunHeadline) -> Result<(), JournalError> {
    let nothing = Outcome {
        at: Timestamp::now(),
        ending: Ending::Failed("the studio ended before any text came".to_owned()),
        usage: None,
        model: None,
        cost: None,
    };
    journal.finish(run.id, &nothing)
}

/// Sessions that are over, asked about once each.
struct Over<'a> {
    paths: &'a Paths,
    own: SessionId,
    seen: Vec<(SessionId, bool)>,
}

impl Over<'_> {
    fn is_over(&mut self, id: SessionId) -> bool {
        if id == self.own {
            return false;
        }
        if let Some((_, over)) = self.seen.iter().find(|(seen, _)| *seen == id) {
            return *over;
        }
        let over = Session::is_over(self.paths, id);
        self.seen.push((id, over));
        over
    }
}

/// `None` for a text that its file has by now.
fn of_buffer(paths: &Paths, kept: Kept) -> Option<Left> {
    let state = match kept.kept {
        Some(_) => LeftState::Later,
        None => LeftState::Lost,
    };
    let buffer = kept.buffer;
    let file = match &buffer.path {
        Some(path) => drafts::open(paths, path).ok(),
        None => first_saved(paths, buffer.id),
    };
    let saved = file.map(|file| file.draft.body().to_owned());
    if buffer.text.trim().is_empty() || saved.as_ref() == Some(&buffer.text) {
        return None;
    }
    Some(Left {
        id: buffer.id.0,
        title: Draft::title_from(&buffer.text, &buffer.title),
        path: buffer.path,
        template: buffer.template,
        at: now(buffer.at),
        words: words(&buffer.text),
        text: buffer.text,
        saved,
        state,
    })
}

/// The file of a draft that was saved for the first time just before the studio was killed.
fn first_saved(paths: &Paths, id: BufferId) -> Option<Opened> {
    let id = Some(id.to_string());
    let found = drafts::list(paths).into_iter().find(|draft| draft.id == id);
    drafts::open(paths, &found?.path).ok()
}

fn of_run(run: Run) -> Left {
    let fallback = run
        .record
        .template
        .clone()
        .unwrap_or_else(|| "an answer".to_owned());
    Left {
        id: run.record.id.0,
        title: Draft::title_from(&run.text, &fallback),
        path: None,
        template: run.record.template,
        at: now(run.record.at),
        words: words(&run.text),
        text: run.text,
        saved: None,
        state: LeftState::Answer(run.record.id),
    }
}

fn now(at: Timestamp) -> Now {
    Now(u64::try_from(at.as_millisecond()).unwrap_or(0))
}
