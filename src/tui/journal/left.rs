//! What an earlier studio left behind: unsaved text, and answers that were not used.
//!
//! Text of a studio that is still at work is not offered. Nothing is thrown away here: what a
//! person turns down is kept for later.

use super::ended::{end, settle};
use super::over::Over;
use super::text::unsaved;
use super::{lookup, parts};
use crate::app::msg::{Left, LeftState, Msg, Now};
use crate::app::refine;
use crate::domain::draft::Draft;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::run::{FinishReason, RunId};
use crate::domain::seam::{Came, joined};
use crate::domain::text::words;
use crate::store::drafts::{Headline, Opened};
use crate::store::journal::{
    BufferId, Ending, Holder, Journal, JournalError, Kept, Run, SessionId, Unused,
};
use crate::store::{Paths, drafts, files, shelf};
use jiff::Timestamp;
use uuid::Uuid;

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
    let mut over = Over::new(paths, own);
    let mut all = Vec::new();
    let mut saved = FirstSaved { paths, list: None };
    for kept in journal.buffers()? {
        let decided = kept.kept.is_some();
        if (which == Which::Lost && decided) || !(decided || over.is_over(kept.buffer.session)) {
            continue;
        }
        let id = kept.buffer.id;
        match of_buffer(&mut saved, kept) {
            Some(left) => all.push(left),
            None => journal.drop_buffer(id)?,
        }
    }
    for (run, session) in journal.silent_runs()? {
        if over.is_over(session) {
            end(journal, run)?;
        }
    }
    for set in answers(journal, &mut over, which)? {
        let count = set.len();
        // The first of them stands for all, unless another was still arriving.
        let first = set.len().saturating_sub(1);
        let arriving = set.iter().rposition(|each| each.run.outcome.is_none());
        let Some(shown) = set.into_iter().nth(arriving.unwrap_or(first)) else {
            continue;
        };
        let part = journal.part(shown.run.record.id)?;
        if !part.is_some_and(|part| parts::is_of_any(&part, &all)) {
            all.push(Left {
                variants: count,
                ..of_run(shown.run)
            });
        }
    }
    all.sort_by_key(|left| std::cmp::Reverse(left.at));
    Ok(all)
}

/// Answers that went nowhere, those that stood together in one. Of those that nobody has decided
/// about, a start offers the ones that were still arriving and the newest of the others; the rest
/// counts as put off.
fn answers(
    journal: &mut Journal,
    over: &mut Over<'_>,
    which: Which,
) -> Result<Vec<Vec<Unused>>, JournalError> {
    let now = Timestamp::now();
    let mut unused = journal.unused_runs(now)?;
    // What another one goes on with is part of that.
    let continued = unused.iter().filter_map(|each| each.run.record.continues);
    let continued: Vec<RunId> = continued.collect();
    unused.retain(|each| {
        let (record, decided) = (&each.run.record, each.kept.is_some());
        !continued.contains(&record.id) && (decided || over.is_over(record.session))
    });
    if which == Which::Lost {
        unused.retain(|each| each.kept.is_none());
    }
    let mut sets: Vec<Vec<Unused>> = Vec::new();
    for each in unused {
        let first = first_of(&each);
        match sets.iter_mut().find(|set| first_of(&set[0]) == first) {
            Some(set) => set.push(each),
            None => sets.push(vec![each]),
        }
    }
    if which == Which::All {
        return Ok(sets);
    }
    let mut newest = true;
    let (mut offered, mut rest) = (Vec::new(), Vec::new());
    for set in sets {
        let arriving = set.iter().any(|each| each.run.outcome.is_none());
        let offers = arriving || std::mem::take(&mut newest);
        if offers { &mut offered } else { &mut rest }.push(set);
    }
    for each in rest.into_iter().flatten() {
        let record = &each.run.record;
        journal.put_off_run(record.id, record.session, now)?;
    }
    Ok(offered)
}

/// The run by which all are known that an answer stands together with.
fn first_of(answer: &Unused) -> RunId {
    let record = &answer.run.record;
    record.together.unwrap_or(record.id)
}

/// What came of bringing a text back.
pub(super) struct Restored {
    /// What to tell.
    pub(super) msg: Msg,
    /// Who had an unsaved text before.
    pub(super) before: Option<Holder>,
}

impl Restored {
    fn told(msg: Msg) -> Self {
        Self { msg, before: None }
    }
}

/// Reads one of them again, with what it takes to go on with it, and takes it from whoever had it.
pub(super) fn restore(
    journal: &mut Journal,
    paths: &Paths,
    own: SessionId,
    id: Uuid,
) -> Result<Restored, JournalError> {
    let mut over = Over::new(paths, own);
    if journal.run(RunId(id))?.is_some() {
        if let Some(part) = journal.part(RunId(id))? {
            if let Some(path) = part.path.filter(|path| files::open(paths, path).is_ok()) {
                let lies = refine::Fact::Lies(RunId(id), path);
                return Ok(Restored::told(Msg::Refine(lies)));
            }
            if journal.buffer_holder(BufferId(part.document))?.is_some() {
                return restore(journal, paths, own, part.document);
            }
        }
        return restore_answer(journal, &mut over, RunId(id)).map(Restored::told);
    }
    let mut all = journal.buffers()?.into_iter();
    let Some(kept) = all.find(|kept| kept.buffer.id.0 == id) else {
        return Ok(Restored::told(refused(
            "this text is not kept any more: it was saved, or thrown away, in another Copydesk",
        )));
    };
    let before = Holder {
        session: kept.buffer.session,
        kept: kept.kept,
    };
    let mine = Holder {
        session: own,
        kept: None,
    };
    // It was listed a while ago: another studio may have brought it back since.
    if !over.is_free(before) || !journal.hand_buffer(BufferId(id), before, mine)? {
        return Ok(Restored::told(refused(
            "this text was brought back in another Copydesk; go on with it there",
        )));
    }
    Ok(Restored {
        msg: brought_back(paths, kept),
        before: Some(before),
    })
}

/// The same of an answer, with those that it stood together with.
fn restore_answer(
    journal: &mut Journal,
    over: &mut Over<'_>,
    id: RunId,
) -> Result<Msg, JournalError> {
    let Some(unused) = journal.unused_run(id)? else {
        return Ok(refused(
            "this answer was used in another Copydesk; its text is in the draft there",
        ));
    };
    let before = unused.holder();
    // Only now is it said to be over: in another studio it may still be arriving.
    if !over.is_free(before) || !journal.hand_run(id, before, over.own)? {
        return Ok(refused(
            "this answer was brought back in another Copydesk; go on with it there",
        ));
    }
    settle(journal, &unused.run)?;
    for other in journal.together_with(id)? {
        if let Some(unused) = journal.unused_run(other)?
            && over.is_free(unused.holder())
            && journal.hand_run(other, unused.holder(), over.own)?
        {
            settle(journal, &unused.run)?;
        }
    }
    let mut answers = lookup::set(journal, over, id)?;
    for answer in &mut answers {
        let unused = journal.unused_run(answer.run.record.id)?;
        answer.unused = unused.is_some_and(|unused| unused.holder().session == over.own);
    }
    Ok(Msg::AnswerRestored { answers, shown: id })
}

/// The journal has no schema, and the same prompt without it is another request.
pub(super) fn with_schema(run: &mut Run, paths: &Paths) {
    let template = run.record.template.as_deref();
    let template = template.and_then(|name| shelf::template(paths, name).ok());
    run.record.request.prompt.schema = template.and_then(|template| template.output.schema);
}

pub(super) fn refused(why: &str) -> Msg {
    Msg::Failed(Failure::new(FailureKind::Other, why))
}

/// A text, with its file if that still says what it said.
fn brought_back(paths: &Paths, kept: Kept) -> Msg {
    let mut unsaved = unsaved(kept.buffer);
    let file = unsaved
        .path
        .as_deref()
        .and_then(|path| files::open(paths, path).ok());
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
}

/// Marks one of them as decided about. What somebody else has brought back is theirs to decide.
pub(super) fn keep_for_later(
    journal: &mut Journal,
    paths: &Paths,
    own: SessionId,
    id: Uuid,
) -> Result<(), JournalError> {
    let now = Timestamp::now();
    let mut over = Over::new(paths, own);
    if let Some(before) = journal.buffer_holder(BufferId(id))? {
        let put_off = Holder {
            kept: Some(now),
            ..before
        };
        if over.is_free(before) && journal.hand_buffer(BufferId(id), before, put_off)? {
            parts::put_off(journal, id, now)?;
        }
        return Ok(());
    }
    for run in journal.together_with(RunId(id))? {
        if let Some(unused) = journal.unused_run(run)?
            && over.is_free(unused.holder())
        {
            settle(journal, &unused.run)?;
            journal.put_off_run(run, unused.run.record.session, now)?;
        }
    }
    Ok(())
}

/// `None` for a text that its file has by now.
fn of_buffer(first: &mut FirstSaved<'_>, kept: Kept) -> Option<Left> {
    let state = match kept.kept {
        Some(_) => LeftState::Later,
        None => LeftState::Lost,
    };
    let buffer = kept.buffer;
    if buffer.text.trim().is_empty() {
        // Nothing to look a file up for.
        return None;
    }
    let file = match &buffer.path {
        // One that is not there has nothing to compare with.
        Some(path) => files::open(first.paths, path)
            .ok()
            .filter(|file| !file.hash.is_empty()),
        None => first.of(buffer.id),
    };
    let saved = file.map(|file| file.draft.body().to_owned());
    if saved.as_ref() == Some(&buffer.text) {
        return None;
    }
    Some(Left {
        id: buffer.id.0,
        title: Draft::title_from(&buffer.text, &buffer.title),
        path: buffer.path,
        variants: 1,
        template: buffer.template,
        at: now(buffer.at),
        words: words(&buffer.text),
        text: buffer.text,
        saved,
        state,
    })
}

/// The files of drafts that were saved for the first time just before the studio was killed. The
/// drafts are listed once, and only if somebody asks.
struct FirstSaved<'a> {
    paths: &'a Paths,
    list: Option<Vec<Headline>>,
}

impl FirstSaved<'_> {
    fn of(&mut self, id: BufferId) -> Option<Opened> {
        let paths = self.paths;
        let list = self.list.get_or_insert_with(|| drafts::list(paths));
        let id = Some(id.to_string());
        let found = list.iter().find(|draft| draft.id == id);
        drafts::open(paths, &found?.path).ok()
    }
}

fn of_run(run: Run) -> Left {
    let ending = run.outcome.map(|outcome| outcome.ending);
    let interrupted = Ending::Finished(FinishReason::Interrupted);
    let cut = ending.as_ref().is_none_or(|ending| *ending == interrupted);
    let came = Came::in_part(ending.is_none_or(|ending| ending.is_partial()));
    let text = joined(run.record.before(), &run.text, came);
    let fallback = run
        .record
        .template
        .clone()
        .unwrap_or_else(|| "an answer".to_owned());
    let id = run.record.id;
    Left {
        id: id.0,
        title: Draft::title_from(&text, &fallback),
        path: None,
        variants: 1,
        template: run.record.template,
        at: now(run.record.at),
        words: words(&text),
        text,
        saved: None,
        state: if cut {
            LeftState::Answer(id)
        } else {
            LeftState::Unused(id)
        },
    }
}

fn now(at: Timestamp) -> Now {
    Now(u64::try_from(at.as_millisecond()).unwrap_or(0))
}
