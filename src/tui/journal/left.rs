//! What an earlier studio left behind: unsaved text, and answers that were not used.
//!
//! Text of a studio that is still at work is not offered. Nothing is thrown away here: what a
//! person turns down is kept for later.

use super::text::unsaved;
use crate::app::msg::{Left, LeftState, Msg, Now};
use crate::domain::cost::{Prices, Spent};
use crate::domain::draft::Draft;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::{self, Place, Tariff};
use crate::domain::prompt::Request;
use crate::domain::run::{FinishReason, RunId};
use crate::domain::seam::joined;
use crate::domain::text::words;
use crate::domain::tokens;
use crate::store::drafts::{Headline, Opened};
use crate::store::journal::{
    BufferId, Ending, Holder, Journal, JournalError, Kept, Outcome, Run, SessionId,
};
use crate::store::session::Session;
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
    for run in answers(journal, &mut over, which)? {
        all.push(of_run(run));
    }
    all.sort_by_key(|left| std::cmp::Reverse(left.at));
    Ok(all)
}

/// Answers that went nowhere. Of those that nobody has decided about, a start offers the ones that
/// were still arriving and the newest of the others; the rest counts as put off.
fn answers(
    journal: &mut Journal,
    over: &mut Over<'_>,
    which: Which,
) -> Result<Vec<Run>, JournalError> {
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
        let mut newest = true;
        let (mut offered, mut rest) = (Vec::new(), Vec::new());
        for each in unused.into_iter().filter(|each| each.kept.is_none()) {
            let offers = each.run.outcome.is_none() || std::mem::take(&mut newest);
            if offers { &mut offered } else { &mut rest }.push(each);
        }
        for each in rest {
            let record = &each.run.record;
            journal.put_off_run(record.id, record.session, now)?;
        }
        unused = offered;
    }
    Ok(unused.into_iter().map(|each| each.run).collect())
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

/// The same of an answer.
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
    let (mut run, continues) = (Box::new(unused.run), journal.continued_by(id)?);
    with_schema(&mut run, over.paths);
    Ok(Msg::AnswerRestored { run, continues })
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
        if over.is_free(before) {
            journal.hand_buffer(BufferId(id), before, put_off)?;
        }
        return Ok(());
    }
    match journal.unused_run(RunId(id))? {
        Some(unused) if over.is_free(unused.holder()) => {
            settle(journal, &unused.run)?;
            journal.put_off_run(RunId(id), unused.run.record.session, now)
        }
        _ => Ok(()),
    }
}

/// An answer that never ended is said to have broken off, so that it is not offered again.
pub(super) fn settle(journal: &mut Journal, run: &Run) -> Result<(), JournalError> {
    let interrupted = Outcome {
        at: Timestamp::now(),
        ending: Ending::Finished(FinishReason::Interrupted),
        usage: None,
        model: None,
        cost: estimate(run).map(|spent| spent.usd().dollars()),
    };
    match journal.finish(run.record.id, &interrupted) {
        Err(JournalError::Missing { .. }) => Ok(()),
        done => done,
    }
}

/// What a run is likely to have cost that nobody saw the end of, by the text that is there.
fn estimate(run: &Run) -> Option<Spent> {
    let Request { model, prompt } = &run.record.request;
    let listed = models::find(model).prices;
    let prices = match &run.record.origin {
        Some(origin) => Place::of(origin, None).prices(None, listed),
        // The practice engine has no address of its own.
        None => Some(Prices::FREE),
    };
    let input = tokens::estimated(prompt).with_images(prompt).number();
    Tariff { prices, input }.so_far(run.text.len())
}

fn end(journal: &mut Journal, run: RunId) -> Result<(), JournalError> {
    let nothing = Outcome {
        at: Timestamp::now(),
        ending: Ending::Failed("the studio ended before any text came".to_owned()),
        usage: None,
        model: None,
        cost: None,
    };
    match journal.finish(run, &nothing) {
        // Another studio that was started at the same time was first.
        Err(JournalError::Missing { .. }) => Ok(()),
        done => done,
    }
}

/// Sessions that are over, asked about once each.
pub(super) struct Over<'a> {
    paths: &'a Paths,
    own: SessionId,
    seen: Vec<(SessionId, bool)>,
}

impl<'a> Over<'a> {
    pub(super) const fn new(paths: &'a Paths, own: SessionId) -> Self {
        Self {
            paths,
            own,
            seen: Vec::new(),
        }
    }

    /// Whether nobody else is at work with what has this holder.
    fn is_free(&mut self, holder: Holder) -> bool {
        holder.kept.is_some() || holder.session == self.own || self.is_over(holder.session)
    }

    pub(super) fn is_over(&mut self, id: SessionId) -> bool {
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
fn of_buffer(first: &mut FirstSaved<'_>, kept: Kept) -> Option<Left> {
    let state = match kept.kept {
        Some(_) => LeftState::Later,
        None => LeftState::Lost,
    };
    let buffer = kept.buffer;
    let file = match &buffer.path {
        // One that is not there has nothing to compare with.
        Some(path) => files::open(first.paths, path)
            .ok()
            .filter(|file| !file.hash.is_empty()),
        None => first.of(buffer.id),
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
    let interrupted = Ending::Finished(FinishReason::Interrupted);
    let cut = run
        .outcome
        .is_none_or(|outcome| outcome.ending == interrupted);
    let text = joined(run.record.before(), &run.text);
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::Brief;
    use crate::domain::cost::Usd;
    use crate::domain::prompt::Prompt;
    use crate::store::journal::{Purpose, RunRecord};

    #[test]
    fn a_run_whose_end_nobody_saw_is_booked_by_what_came() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("journal.db");
        let mut journal = Journal::open(&path).unwrap().journal;
        let mut book = |origin: Option<&str>, model: &str| {
            let id = RunId(Uuid::now_v7());
            let record = RunRecord {
                id,
                session: SessionId(Uuid::now_v7()),
                at: Timestamp::now(),
                purpose: Purpose::Generate,
                continues: None,
                draft: None,
                template: None,
                template_hash: None,
                brief: Brief::default(),
                provider: "openai".to_owned(),
                origin: origin.map(str::to_owned),
                request: Request {
                    model: model.to_owned(),
                    prompt: Prompt {
                        user: "word".repeat(1_000),
                        ..Prompt::default()
                    },
                },
            };
            journal.begin(&record).unwrap();
            journal.append(id, &"word".repeat(1_000)).unwrap();
            let run = journal.run(id).unwrap().unwrap();
            settle(&mut journal, &run).unwrap();
            let all = journal.ledger(Timestamp::MIN..Timestamp::MAX).unwrap();
            all.last().unwrap().spent
        };
        let usd = |dollars| Some(Spent::Estimated(Usd::new(dollars).unwrap()));
        let openai = Some("https://api.openai.com");
        assert_eq!(book(openai, "gpt-6.1-terra"), usd(0.006));
        assert_eq!(book(openai, "unheard-of"), None);
        assert_eq!(book(Some("http://127.0.0.1:9"), "gpt-6.1-terra"), usd(0.0));
    }
}
