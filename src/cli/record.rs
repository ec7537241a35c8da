//! What `run` writes into the journal, on a thread of its own: a slow disk never holds the text up.
//!
//! Owns the session and the open journal of one run. A journal that cannot be used is said once,
//! and the run goes on without it. Never touches a draft's file.

use super::interruption::interruption;
use super::outlet::Outlet;
use crate::config::Provider;
use crate::provider::remedy::{self, Remedy};
use crate::store::Paths;
use crate::store::inbox::{self, Inbox, Post, Taken, inbox};
use crate::store::journal::{
    Cause, Checkpoint, Journal, JournalError, Opened, Outcome, RunRecord, Story, Try,
};
use crate::store::session::Session;
use jiff::Timestamp;
use std::path::PathBuf;
use std::time::Duration;
use tokio::sync::oneshot;

/// How long text is gathered before it is written; with the time a write takes, what is on stdout
/// is in the journal well within the 500 ms that are promised.
const GATHER: Duration = Duration::from_millis(250);

/// How long the end may be held up by pruning.
const PRUNE: Duration = Duration::from_millis(100);

/// A draft that the text of the run was kept as.
pub(super) struct KeptDraft {
    /// What its versions go by.
    pub(super) key: String,
    /// Where it lies.
    pub(super) path: PathBuf,
    /// Its text.
    pub(super) body: String,
}

enum Errand {
    Text(String),
    Corrected(usize, String),
    Learn(String, Remedy),
    Tried(Try),
    Reasoned(String),
    End(Box<Outcome>, Option<KeptDraft>, Delivery),
}

/// Whether whoever asked for a text has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Delivery {
    /// In a file, or from stdout.
    Done,
    /// Not all of it: the studio offers it.
    Failed,
}

impl inbox::Errand for Errand {
    fn is_urgent(&self) -> bool {
        matches!(self, Self::End(..))
    }

    fn gather(self, waiting: &mut Vec<Self>) {
        match (self, waiting.last_mut()) {
            (Self::Text(more), Some(Self::Text(text))) => text.push_str(&more),
            (errand, _) => waiting.push(errand),
        }
    }
}

/// The way to the thread that writes.
pub(super) struct Record {
    errands: Post<Errand>,
    ended: oneshot::Receiver<()>,
}

/// Resolves when the run is in the journal, or cannot be: then its request may leave. Tells what
/// earlier runs have learnt about the server and the model.
pub(super) type Begun = oneshot::Receiver<Vec<Remedy>>;

impl Record {
    /// Begins to write a run down.
    pub(super) fn begin(paths: &Paths, run: RunRecord) -> (Self, Begun) {
        let (errands, inbox) = inbox();
        let (tell_begun, begun) = oneshot::channel();
        let (tell_ended, ended) = oneshot::channel();
        let paths = paths.clone();
        let work = move || {
            let mut scribe = Scribe::open(&paths, run);
            // Whoever does not listen any more does not need to know.
            let _gone = tell_begun.send(scribe.lessons());
            scribe.work(&inbox);
            // The session is over before anybody hears of it.
            scribe.close();
            let _gone = tell_ended.send(());
        };
        let thread = std::thread::Builder::new().name("journal".to_owned());
        if let Err(cause) = thread.spawn(work) {
            unjournaled(&cause);
        }
        (Self { errands, ended }, begun)
    }

    /// Takes text that arrived.
    pub(super) fn text(&self, text: &str) {
        // Without the thread, somebody was told.
        self.errands.send(Errand::Text(text.to_owned()));
    }

    /// Takes what stands in place of all text behind its first `keep` bytes.
    pub(super) fn corrected(&self, keep: usize, text: &str) {
        self.errands.send(Errand::Corrected(keep, text.to_owned()));
    }

    /// Takes what was learnt about the server and the model.
    pub(super) fn learn(&self, scope: String, remedy: Remedy) {
        self.errands.send(Errand::Learn(scope, remedy));
    }

    /// Takes what a try took that is repeated.
    pub(super) fn tried(&self, spent: Try) {
        self.errands.send(Errand::Tried(spent));
    }

    /// Takes what the model thinks.
    pub(super) fn reasoned(&self, reasoning: &str) {
        self.errands.send(Errand::Reasoned(reasoning.to_owned()));
    }

    /// Writes down what came of the run, and waits for that as long as the person does.
    pub(super) async fn end(self, outcome: Outcome, draft: Option<KeptDraft>, delivery: Delivery) {
        self.errands
            .send(Errand::End(Box::new(outcome), draft, delivery));
        tokio::select! {
            _ = self.ended => {}
            _ = interruption() => {}
        }
    }
}

/// What earlier runs have learnt about a model at a server, for who sends nothing. A journal that
/// is not there is not made.
pub(super) fn lessons(paths: &Paths, provider: &Provider, model: &str) -> Vec<Remedy> {
    let Some(origin) = provider.origin().filter(|_| paths.journal.exists()) else {
        return Vec::new();
    };
    let opened = Journal::open(&paths.journal);
    let facts = opened.and_then(|opened| {
        if let Some(aside) = &opened.set_aside {
            Outlet::complain(&format!("copydesk: {aside}"));
        }
        let facts = opened.journal.facts(&remedy::scope(&origin, model))?;
        opened.journal.leave()?;
        Ok(facts)
    });
    remedy::among(&facts.unwrap_or_default())
}

/// The thread's state.
struct Scribe {
    session: Option<Session>,
    journal: Option<Journal>,
    story: Story,
    /// A fault was told.
    told: bool,
}

impl Scribe {
    /// Opens the journal and writes down what goes in.
    fn open(paths: &Paths, run: RunRecord) -> Self {
        let session = Session::begin(paths, run.session);
        let opened = Journal::open(&paths.journal);
        let mut scribe = Self {
            session: None,
            journal: None,
            story: Story::with_brief(run),
            told: false,
        };
        match opened {
            Ok(opened) => scribe.take(opened),
            Err(fault) => scribe.complain(&fault),
        }
        match session {
            Ok(session) => scribe.session = Some(session),
            Err(fault) => scribe.complain(&fault),
        }
        scribe.with(Story::write);
        scribe
    }

    /// What earlier runs have learnt; nothing without a journal.
    fn lessons(&self) -> Vec<Remedy> {
        let run = self.story.record();
        let (Some(journal), Some(origin)) = (&self.journal, &run.origin) else {
            return Vec::new();
        };
        let known = journal.facts(&remedy::scope(origin, &run.request.model));
        remedy::among(&known.unwrap_or_default())
    }

    fn work(&mut self, inbox: &Inbox<Errand>) {
        while let Taken::Errands(batch) = inbox.take(GATHER, None) {
            for errand in batch {
                match errand {
                    Errand::Text(text) => self.story.push(&text),
                    Errand::Corrected(keep, text) => self.story.correct(keep, &text),
                    Errand::Learn(scope, remedy) => {
                        let (name, value) = remedy.fact();
                        self.with(|_, journal| journal.learn(&scope, &name, &value));
                    }
                    Errand::Tried(spent) => self.story.repeat(spent),
                    Errand::Reasoned(text) => self.story.reason(&text),
                    Errand::End(outcome, draft, delivery) => {
                        self.story.end(outcome);
                        self.with(|story, journal| {
                            story.write(journal)?;
                            draft
                                .as_ref()
                                .map_or(Ok(()), |draft| checkpoint(journal, draft))
                        });
                        self.finish(delivery);
                        return;
                    }
                }
            }
            self.with(Story::write);
        }
    }

    /// What the person has needs no offer. Whoever uses no studio prunes here, once a day.
    fn finish(&mut self, delivery: Delivery) {
        let now = Timestamp::now();
        if delivery == Delivery::Done {
            self.with(|story, journal| journal.use_run(story.record().id, now));
        }
        self.with(|_, journal| match journal.pruning_if_due(now)? {
            Some(pruning) => journal.prune_for(pruning, PRUNE),
            None => Ok(()),
        });
    }

    /// Lets go of the journal, then of the session.
    fn close(self) {
        if let Some(Err(fault)) = self.journal.map(Journal::leave) {
            unjournaled(&fault);
        }
        drop(self.session);
    }

    /// Works with the journal, if there is one. One that is damaged or was moved is begun anew.
    fn with(&mut self, work: impl Fn(&mut Story, &mut Journal) -> Result<(), JournalError>) {
        let Some(mut journal) = self.journal.take() else {
            return;
        };
        let mut done = work(&mut self.story, &mut journal);
        if matches!(
            done,
            Err(JournalError::Damaged { .. } | JournalError::Moved { .. })
        ) {
            match journal.rebuild() {
                Ok(opened) => self.take(opened),
                Err(fault) => return self.complain(&fault),
            }
            let Some(renewed) = self.journal.take() else {
                return;
            };
            journal = renewed;
            done = self
                .story
                .compare(&journal)
                .and_then(|()| work(&mut self.story, &mut journal));
        }
        if let Err(fault) = done {
            // What it has no room for now it may have room for at the end.
            self.complain(&fault);
        }
        self.journal = Some(journal);
    }

    fn take(&mut self, opened: Opened) {
        self.journal = Some(opened.journal);
        if let Some(aside) = opened.set_aside {
            Outlet::complain(&format!("copydesk: {aside}"));
        }
    }

    fn complain(&mut self, fault: &dyn std::fmt::Display) {
        if !std::mem::replace(&mut self.told, true) {
            unjournaled(fault);
        }
    }
}

fn unjournaled(fault: &dyn std::fmt::Display) {
    Outlet::complain(&format!("copydesk: the run is not journaled: {fault}"));
}

/// The draft as it was kept, as the first version of it.
fn checkpoint(journal: &mut Journal, draft: &KeptDraft) -> Result<(), JournalError> {
    let version = Checkpoint {
        key: &draft.key,
        path: Some(&draft.path),
        at: Timestamp::now(),
        cause: Cause::Generation,
        text: &draft.body,
    };
    journal.add_version(&version).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::Brief;
    use crate::domain::prompt::{Prompt, Request};
    use crate::domain::run::{FinishReason, RunId};
    use crate::store::journal::{Ending, Purpose, SessionId};
    use uuid::Uuid;

    fn scribe(home: &std::path::Path) -> Scribe {
        let run = RunRecord {
            id: RunId(Uuid::from_u128(1)),
            session: SessionId(Uuid::from_u128(2)),
            at: Timestamp::UNIX_EPOCH,
            purpose: Purpose::Generate,
            continues: None,
            together: None,
            draft: None,
            template: Some("blog-post".to_owned()),
            template_hash: None,
            brief: Brief::default(),
            provider: "p".to_owned(),
            origin: None,
            request: Request {
                model: "m".to_owned(),
                prompt: Prompt {
                    user: "Write.".to_owned(),
                    ..Prompt::default()
                },
            },
        };
        Scribe::open(&Paths::below(home), run)
    }

    fn stopped() -> Outcome {
        Outcome {
            at: Timestamp::UNIX_EPOCH,
            ending: Ending::Finished(FinishReason::Stop),
            usage: None,
            model: None,
            cost: None,
        }
    }

    #[test]
    fn a_journal_that_is_removed_meanwhile_is_made_again_with_all_of_the_run() {
        let home = tempfile::tempdir().unwrap();
        let mut scribe = scribe(home.path());
        scribe.story.push("one ");
        scribe.with(Story::write);
        for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
            std::fs::remove_file(home.path().join("data").join(name)).unwrap();
        }
        scribe.story.push("two");
        scribe.story.end(Box::new(stopped()));
        scribe.with(Story::write);
        assert!(!scribe.told);
        let journal = scribe.journal.unwrap();
        let run = journal.run(RunId(Uuid::from_u128(1))).unwrap().unwrap();
        assert_eq!(run.text, "one two");
        assert!(run.outcome.is_some());
        assert_eq!(journal.uses().unwrap().len(), 1);
    }

    #[test]
    fn what_a_server_takes_back_is_not_in_the_journal() {
        let home = tempfile::tempdir().unwrap();
        let mut scribe = scribe(home.path());
        scribe.story.push("one tow");
        scribe.with(Story::write);
        scribe.story.correct(5, "wo");
        scribe.story.end(Box::new(stopped()));
        scribe.with(Story::write);
        let run = scribe.journal.unwrap().run(RunId(Uuid::from_u128(1)));
        assert_eq!(run.unwrap().unwrap().text, "one two");
    }

    #[test]
    fn text_is_written_once_whatever_the_number_of_pieces() {
        let home = tempfile::tempdir().unwrap();
        let mut scribe = scribe(home.path());
        for piece in ["a", "b", "c"] {
            scribe.story.push(piece);
            scribe.with(Story::write);
        }
        scribe.story.push("d");
        scribe.story.end(Box::new(stopped()));
        scribe.with(Story::write);
        let run = scribe.journal.unwrap().run(RunId(Uuid::from_u128(1)));
        assert_eq!(run.unwrap().unwrap().text, "abcd");
    }
}
