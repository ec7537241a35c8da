//! What the writer does with an errand.
//!
//! Owns the open journal and what it knows of the texts in it, so that a keystroke costs a patch
//! and not a document. Never fails an errand for want of a journal: it says once what is wrong.

use super::Errand;
use super::left;
use crate::app::effect::{Keep, Unsaved};
use crate::app::msg::{Msg, Now, Past};
use crate::domain::budget::month_of;
use crate::domain::document::Snapshot;
use crate::domain::draft::Draft;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::ledger::Month;
use crate::provider::remedy::{self, Remedy};
use crate::store::Paths;
use crate::store::journal::{
    Buffer, BufferId, Checkpoint, Journal, JournalError, Patch, SessionId,
};
use crate::store::session::Session;
use jiff::{Timestamp, Zoned};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use uuid::Uuid;

/// Values of an input that are offered again.
const PAST_VALUES: usize = 30;

/// The writer's state.
pub(super) struct Writer {
    paths: Arc<Paths>,
    id: SessionId,
    session: Option<Session>,
    journal: Option<Journal>,
    /// Texts as the journal has them.
    known: HashMap<Uuid, Box<Unsaved>>,
    messages: mpsc::Sender<Msg>,
    /// A fault was told and has not gone away since.
    told: bool,
    /// Since when something is written that a power cut would take.
    unsynced: Option<Instant>,
}

impl Writer {
    pub(super) fn new(paths: Arc<Paths>, id: SessionId, messages: mpsc::Sender<Msg>) -> Self {
        Self {
            paths,
            id,
            session: None,
            journal: None,
            known: HashMap::new(),
            messages,
            told: false,
            unsynced: None,
        }
    }

    /// Whether something would not survive a power cut.
    pub(super) const fn is_unsynced(&self) -> bool {
        self.unsynced.is_some()
    }

    /// Whether that is so for longer than `limit`.
    pub(super) fn is_overdue(&self, limit: Duration) -> bool {
        self.unsynced.is_some_and(|since| since.elapsed() > limit)
    }

    /// Makes what was written survive one.
    pub(super) fn sync(&mut self) {
        self.unsynced = None;
        self.with(Journal::sync);
    }

    pub(super) fn run(&mut self, errand: Errand) {
        match errand {
            Errand::Open => self.open(),
            Errand::Keep(keep) => self.keep(keep),
            Errand::Begin(mut record, done) => {
                record.session = self.id;
                record.at = Timestamp::now();
                self.with(|journal| journal.begin(&record));
                let scope = record.origin.as_deref();
                let scope = scope.map(|origin| remedy::scope(origin, &record.request.model));
                let lessons = scope.map(|scope| self.lessons(&scope));
                let _gone = done.send(lessons.unwrap_or_default());
            }
            Errand::Lessons(scope, answer) => {
                let _gone = answer.send(self.lessons(&scope));
            }
            Errand::Learn(scope, remedy) => {
                let (name, value) = remedy.fact();
                self.with(|journal| journal.learn(&scope, &name, &value));
            }
            Errand::Text(run, text) => {
                self.with(|journal| journal.append(run, &text));
                self.unsynced.get_or_insert_with(Instant::now);
            }
            Errand::Corrected(run, keep, text) => {
                self.with(|journal| journal.correct(run, keep, &text));
                self.unsynced.get_or_insert_with(Instant::now);
            }
            Errand::End(run, outcome) => {
                self.with(|journal| journal.finish(run, &outcome));
                self.unsynced.get_or_insert_with(Instant::now);
            }
            Errand::Left => {
                let left = self.left(left::Which::All);
                self.tell(Msg::Left(left));
            }
            Errand::Restore(id) => self.restore(id),
            Errand::Past(template, inputs, answer) => {
                let past = self.past(&template, inputs);
                let _gone = answer.send(past);
            }
            Errand::Versions(draft) => {
                if let Some(versions) = self.with(|journal| journal.versions(&draft)) {
                    self.tell(Msg::Versions { draft, versions });
                }
            }
            Errand::Version(id, purpose) => {
                if let Some(Some(version)) = self.with(|journal| journal.version(id)) {
                    let text = version.text;
                    self.tell(Msg::Version { id, text, purpose });
                }
            }
            Errand::Spent => {
                let month = month_of(&Zoned::now());
                let until = Now(u64::try_from(month.end.as_millisecond()).unwrap_or(u64::MAX));
                if let Some(spent) = self.with(|journal| journal.spent(month.clone())) {
                    self.tell(Msg::Spent { spent, until });
                }
            }
            Errand::Usage => self.add_up(),
            Errand::Close(_) | Errand::Flush(_) => {}
        }
    }

    /// Tells what runs of this month used.
    fn add_up(&mut self) {
        let now = Zoned::now();
        let span = month_of(&now);
        match self.with(|journal| journal.ledger(span.clone())) {
            Some(items) => self.tell(Msg::Usage(Box::new(Month::of(&items, &now)))),
            None if self.journal.is_none() => {
                let what = "the journal is not open, so nobody knows what was used";
                let failure = Failure::new(FailureKind::Other, what);
                self.tell(Msg::Failed(failure.advice("`copydesk doctor` says why")));
            }
            None => {}
        }
    }

    /// What is known of refusals; nothing without a journal.
    fn lessons(&mut self, scope: &str) -> Vec<Remedy> {
        let facts = self.with(|journal| journal.facts(scope));
        remedy::among(&facts.unwrap_or_default())
    }

    /// Ends the session: what is still unsaved was decided about.
    pub(super) fn close(&mut self) {
        let id = self.id;
        self.with(|journal| journal.drop_session(id));
        self.with(|journal| journal.prune(Timestamp::now()));
    }

    fn open(&mut self) {
        match Session::begin(&self.paths, self.id) {
            Ok(session) => self.session = Some(session),
            Err(error) => self.complain(&error.failure()),
        }
        match Journal::open(&self.paths.journal) {
            Ok(opened) => {
                self.journal = Some(opened.journal);
                if let Some(aside) = opened.set_aside {
                    let failure = Failure::new(FailureKind::Other, aside.to_string());
                    self.tell(Msg::Failed(failure));
                }
            }
            Err(error) => return self.complain(&error.failure()),
        }
        let left = self.left(left::Which::Lost);
        let uses = self.with(|journal| journal.uses()).unwrap_or_default();
        self.tell(Msg::Journal { left, uses });
    }

    fn left(&mut self, which: left::Which) -> Vec<crate::app::msg::Left> {
        let (paths, id) = (self.paths.clone(), self.id);
        self.with(|journal| left::list(journal, &paths, id, which))
            .unwrap_or_default()
    }

    fn restore(&mut self, id: Uuid) {
        let paths = self.paths.clone();
        if let Some(Some(msg)) = self.with(|journal| left::restore(journal, &paths, id)) {
            if let Msg::Restored { unsaved, .. } = &msg {
                self.keep(Keep::Unsaved(unsaved.clone()));
            }
            self.tell(msg);
        }
    }

    fn past(&mut self, template: &str, inputs: Vec<String>) -> Past {
        let past = self.with(|journal| {
            let mut past = Past {
                last: journal.last_brief(template)?,
                ..Past::default()
            };
            for input in inputs {
                let values = journal.values(template, &input, PAST_VALUES)?;
                past.values.insert(input, values);
            }
            Ok(past)
        });
        past.unwrap_or_default()
    }

    fn keep(&mut self, keep: Keep) {
        match keep {
            Keep::Unsaved(unsaved) => self.keep_unsaved(unsaved),
            Keep::Settled(id) => {
                self.known.remove(&id);
                self.with(|journal| journal.drop_buffer(BufferId(id)));
            }
            Keep::ForLater(id) => {
                self.known.remove(&id);
                self.with(|journal| left::keep_for_later(journal, id));
            }
            Keep::Version {
                draft,
                path,
                cause,
                text,
            } => {
                let text = text.text();
                let checkpoint = Checkpoint {
                    key: &draft,
                    path: path.as_deref(),
                    at: Timestamp::now(),
                    cause,
                    text: &text,
                };
                self.with(|journal| journal.add_version(&checkpoint));
            }
            Keep::Brief { template, brief } => {
                self.with(|journal| journal.remember(&template, &brief, Timestamp::now()));
            }
        }
    }

    /// A patch of what the journal has, or the whole text when that is not known.
    fn keep_unsaved(&mut self, new: Box<Unsaved>) {
        let at = Timestamp::now();
        let old = self.known.remove(&new.id);
        let (id, cursor) = (BufferId(new.id), new.cursor as u64);
        let patch = old
            .filter(|old| old.same_origin(&new))
            .map(|old| new.text.since(&old.text));
        let done = match &patch {
            Some(None) => Some(()),
            Some(Some(patch)) => self.with(|journal| {
                let patch = Patch {
                    start: patch.removed.start as u64,
                    removed: patch.removed.len() as u64,
                    inserted: &patch.inserted,
                    cursor,
                    at,
                };
                journal.patch_buffer(id, &patch)
            }),
            None => {
                let buffer = buffer(&new, self.id, at);
                self.with(|journal| journal.put_buffer(&buffer))
            }
        };
        if done.is_some() {
            self.unsynced.get_or_insert_with(Instant::now);
            self.known.insert(new.id, new);
        }
    }

    /// Works with the journal, if there is one. A damaged one is set aside and begun anew, as is one
    /// that another process set aside; what else goes wrong is said once.
    fn with<T>(&mut self, work: impl FnOnce(&mut Journal) -> Result<T, JournalError>) -> Option<T> {
        let journal = self.journal.as_mut()?;
        match work(journal) {
            Ok(done) => {
                self.told = false;
                Some(done)
            }
            Err(JournalError::Damaged { .. } | JournalError::Moved { .. }) => {
                self.rebuild();
                None
            }
            Err(error) => {
                self.complain(&error.failure());
                None
            }
        }
    }

    fn rebuild(&mut self) {
        let Some(journal) = self.journal.take() else {
            return;
        };
        match journal.rebuild() {
            Ok(opened) => {
                self.journal = Some(opened.journal);
                // The new one has none of the texts under edit.
                let known: Vec<_> = self.known.drain().collect();
                for (_, unsaved) in known {
                    self.keep_unsaved(unsaved);
                }
                if let Some(aside) = opened.set_aside {
                    let failure = Failure::new(FailureKind::Other, aside.to_string());
                    self.tell(Msg::Failed(failure));
                }
            }
            Err(error) => self.complain(&error.failure()),
        }
    }

    fn complain(&mut self, failure: &Failure) {
        if !std::mem::replace(&mut self.told, true) {
            self.tell(Msg::Failed(failure.clone()));
        }
    }

    fn tell(&self, msg: Msg) {
        let _gone = self.messages.blocking_send(msg);
    }
}

fn buffer(unsaved: &Unsaved, session: SessionId, at: Timestamp) -> Buffer {
    let text = unsaved.text.text();
    let fallback = unsaved.template.as_deref().unwrap_or("Untitled");
    Buffer {
        id: BufferId(unsaved.id),
        session,
        path: unsaved.path.clone(),
        base: unsaved.base.clone(),
        provenance: unsaved.provenance.clone(),
        template: unsaved.template.clone(),
        title: Draft::title_from(&text, fallback),
        cursor: unsaved.cursor as u64,
        at,
        text,
    }
}

/// The text of a buffer as the model has it.
pub(super) fn unsaved(buffer: Buffer) -> Unsaved {
    Unsaved {
        id: buffer.id.0,
        path: buffer.path,
        base: buffer.base,
        template: buffer.template,
        provenance: buffer.provenance,
        cursor: buffer.cursor as usize,
        text: Snapshot::from(buffer.text.as_str()),
    }
}
