//! What the writer does with an errand.
//!
//! Owns the open journal and what it has heard of texts and runs, until the journal has all of it.
//! Never fails an errand for want of a journal: it says once what is wrong, and whether what is not
//! saved is kept, and tries again.

mod access;
mod answers;
mod late;

use super::Errand;
use super::left;
use super::text::Text;
use crate::app::effect::Keep;
use crate::app::msg::{Journaling, Msg, Now};
use crate::domain::budget::month_of;
use crate::domain::failure::Failure;
use crate::domain::run::RunId;
use crate::provider::remedy;
use crate::store::journal::{
    BufferId, Holder, Journal, JournalError, Pruning, RunRecord, SessionId, Story,
};
use crate::store::session::Session;
use crate::store::{Paths, library};
use jiff::{Timestamp, Zoned};
use late::Late;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use uuid::Uuid;

/// The writer's state.
pub(super) struct Writer {
    paths: Arc<Paths>,
    id: SessionId,
    session: Option<Session>,
    journal: Option<Journal>,
    /// Why there is none, and since when; nothing before it was asked for.
    missed: Option<(Failure, Instant)>,
    texts: HashMap<Uuid, Text>,
    /// Texts that were brought back and have not been heard of since, with who had them.
    restored: HashMap<Uuid, Holder>,
    stories: HashMap<RunId, Story>,
    late: Late,
    messages: mpsc::Sender<Msg>,
    /// A fault was told and has not gone away since.
    told: bool,
    /// What the model believes.
    journaling: Journaling,
    /// Since when something is written that a power cut would take.
    unsynced: Option<Instant>,
    /// What is old has not been looked for since the start.
    prunes: bool,
    /// Pruning that has begun.
    pruning: Option<Pruning>,
}

/// How long nothing must come before the next step of pruning.
const BREATH: Duration = Duration::from_millis(20);

/// How long steps of it may follow each other: what is typed meanwhile waits so long, or for one
/// step. A journal with nothing to prune is done in one go, and wakes nobody again.
const STRETCH: Duration = Duration::from_millis(if cfg!(test) { 0 } else { 4 });

/// How long the end may be held up by pruning.
const PRUNE_AT_END: Duration = Duration::from_millis(100);

impl Writer {
    pub(super) fn new(paths: Arc<Paths>, id: SessionId, messages: mpsc::Sender<Msg>) -> Self {
        Self {
            paths,
            id,
            session: None,
            journal: None,
            missed: None,
            texts: HashMap::new(),
            restored: HashMap::new(),
            stories: HashMap::new(),
            late: Late::default(),
            messages,
            told: false,
            journaling: Journaling::Off,
            unsynced: None,
            prunes: false,
            pruning: None,
        }
    }

    /// How long nothing must come before it [rests](Self::rest); `None` when there is nothing to do
    /// then. `settling` is for what would not survive a power cut, or is not written at all.
    pub(super) fn patience(&self, settling: Duration) -> Option<Duration> {
        if self.pruning.is_some() {
            return Some(BREATH);
        }
        self.is_unsettled().then_some(settling)
    }

    fn is_unsettled(&self) -> bool {
        let tries = self.journal.is_some() || self.missed.is_some();
        self.prunes || self.unsynced.is_some() || tries && self.is_behind()
    }

    /// Whether something would not survive one for longer than `limit`.
    pub(super) fn is_overdue(&self, limit: Duration) -> bool {
        self.unsynced.is_some_and(|since| since.elapsed() > limit)
    }

    /// Writes what could not be written before, and makes all of it survive a power cut.
    pub(super) fn settle(&mut self) {
        self.catch_up();
        if self.unsynced.is_some() {
            let done = self.with(Journal::sync);
            self.unsynced = (done != Some(true)).then(Instant::now);
        }
    }

    pub(super) fn run(&mut self, errand: Errand) {
        match errand {
            Errand::Open => self.open(),
            Errand::Keep(keep) => self.keep(keep),
            Errand::Begin(record, done) => {
                let scope = record.origin.as_deref();
                let scope = scope.map(|origin| remedy::scope(origin, &record.request.model));
                self.begin(*record);
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
            Errand::Corrected(run, keep, text) => {
                self.story(run, |story| story.correct(keep, &text));
            }
            Errand::Text(run, text) => {
                self.story(run, |story| story.push(&text));
            }
            Errand::Reasoned(run, text) => self.story(run, |story| story.reason(&text)),
            Errand::Tried(run, spent) => self.story(run, |story| story.repeat(spent)),
            Errand::End(run, outcome) => self.story(run, |story| story.end(outcome)),
            Errand::Left => {
                if let Some(left) = self.left(left::Which::All) {
                    self.tell(Msg::Left(left));
                }
            }
            Errand::Restore(id) => self.restore(id),
            Errand::Past(template, inputs, answer) => {
                let past = self.past(&template, &inputs);
                let _gone = answer.send(past);
            }
            Errand::Asked(draft, names) => self.asked(draft, &names),
            Errand::Look(look) => self.look_up(look),
            Errand::Parts(errand) => self.parts(errand),
            Errand::Versions(draft) => {
                if let Some(versions) = self.answer(|journal| journal.versions(&draft)) {
                    self.tell(Msg::Versions { draft, versions });
                }
            }
            Errand::Version(id, purpose) => {
                if let Some(Some(version)) = self.answer(|journal| journal.version(id)) {
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
            Errand::AreVersionsKept(answer) => {
                self.write_late();
                let _gone = answer.send(self.journal.is_some() && self.late.is_empty());
            }
            Errand::Close(_) | Errand::Flush(_) => {}
        }
    }

    /// Ends the session: what is still unsaved was decided about, and answers that were not used
    /// are kept for a while.
    pub(super) fn close(&mut self) {
        self.catch_up();
        let (id, now) = (self.id, Timestamp::now());
        self.with(|journal| journal.put_off_session(id, now));
        if self.give_back() {
            self.with(|journal| journal.drop_session(id));
        }
        let pruning = match self.pruning.take() {
            None => self.with(|journal| journal.pruning_if_due(now)).flatten(),
            begun => begun,
        };
        if let Some(pruning) = pruning {
            self.with(|journal| journal.prune_for(pruning.clone(), PRUNE_AT_END));
        }
    }

    /// Writes what could not be written before.
    pub(super) fn catch_up(&mut self) {
        let texts = self.texts.iter().filter(|(_, text)| text.is_behind());
        let texts: Vec<_> = texts.map(|(id, _)| *id).collect();
        for id in texts {
            self.write_text(id);
        }
        let stories = self.stories.iter().filter(|(_, story)| story.is_behind());
        let stories: Vec<_> = stories.map(|(id, _)| *id).collect();
        for id in stories {
            self.write_story(id);
        }
        self.write_late();
    }

    fn is_behind(&self) -> bool {
        self.texts.values().any(Text::is_behind)
            || self.stories.values().any(Story::is_behind)
            || !self.late.is_empty()
    }

    fn open(&mut self) {
        match Session::begin(&self.paths, self.id) {
            Ok(session) => self.session = Some(session),
            Err(error) => self.complain(&error.failure()),
        }
        if let Err(failure) = self.open_journal() {
            return self.complain(&failure);
        }
        self.journaling = Journaling::On;
        let left = self.left(left::Which::Lost);
        let uses = self.with(|journal| journal.uses());
        self.tell(Msg::Journal {
            left: left.unwrap_or_default(),
            uses: uses.unwrap_or_default(),
        });
        // A studio that is killed again and again never closes.
        self.prunes = true;
        library::furnish(&self.paths);
    }

    /// Nobody has asked for anything for a while: what may take its time is done now, a bit of it.
    pub(super) fn rest(&mut self) {
        if self.pruning.is_none() {
            self.settle();
        }
        if std::mem::take(&mut self.prunes) {
            let now = Timestamp::now();
            self.pruning = self.with(|journal| journal.pruning_if_due(now)).flatten();
        }
        let start = Instant::now();
        while let Some(mut pruning) = self.pruning.take() {
            let more = self.with(|journal| journal.prune_step(&mut pruning));
            // What could not be done now is done on another day.
            self.pruning = more.unwrap_or_default().then_some(pruning);
            if start.elapsed() >= STRETCH {
                break;
            }
        }
    }

    fn begin(&mut self, mut record: RunRecord) {
        record.session = self.id;
        record.at = Timestamp::now();
        let run = record.id;
        self.stories.insert(run, Story::new(record));
        self.write_story(run);
    }

    /// Something happened in a run. One that is over has been written.
    fn story(&mut self, run: RunId, happens: impl FnOnce(&mut Story)) {
        if let Some(story) = self.stories.get_mut(&run) {
            happens(story);
            self.write_story(run);
        }
    }

    fn write_story(&mut self, run: RunId) {
        let Some(mut story) = self.stories.remove(&run) else {
            return;
        };
        let mut again = false;
        let done = self.with(|journal| {
            if std::mem::replace(&mut again, true) {
                story.compare(journal)?;
            }
            story.write(journal)
        });
        if done.is_some() {
            self.unsynced.get_or_insert_with(Instant::now);
        }
        if done.is_none() || !story.is_over() {
            self.stories.insert(run, story);
        }
        self.speak_of_state();
    }

    fn keep(&mut self, keep: Keep) {
        match keep {
            Keep::Unsaved(unsaved) => {
                let id = unsaved.id;
                self.restored.remove(&id);
                match self.texts.get_mut(&id) {
                    Some(text) => text.change(*unsaved),
                    None => drop(self.texts.insert(id, Text::new(*unsaved))),
                }
                self.write_text(id);
            }
            Keep::Settled(id) => {
                self.texts.remove(&id);
                self.restored.remove(&id);
                self.with(|journal| journal.drop_buffer(BufferId(id)));
                self.speak_of_state();
            }
            Keep::ForLater(id) => self.keep_for_later(id),
            keep => self.note(keep),
        }
    }

    /// Writes a text, and that it was put off, if it was.
    fn write_text(&mut self, id: Uuid) {
        let Some(mut text) = self.texts.remove(&id) else {
            return;
        };
        let session = self.id;
        let done = self.with(|journal| put(journal, session, id, &mut text));
        if done.is_some() {
            self.unsynced.get_or_insert_with(Instant::now);
        }
        if done.is_none() || !text.put_off {
            self.texts.insert(id, text);
        }
        self.speak_of_state();
    }

    /// Puts a text off, and answers whether that is done: somebody relies on it.
    fn keep_for_later(&mut self, id: Uuid) {
        let mut text = self.texts.remove(&id);
        if let Some(text) = &mut text {
            text.put_off = true;
        }
        let (paths, own) = (self.paths.clone(), self.id);
        let done = self.attempt(|journal| match &mut text {
            Some(text) => put(journal, own, id, text),
            // It was listed; it may have been saved or dropped since.
            None => left::keep_for_later(journal, &paths, own, id),
        });
        let unkept = done
            .is_err()
            .then(|| text.as_ref().map(|text| Box::new(text.now())));
        if let (Err(_), Some(text)) = (&done, text) {
            self.texts.insert(id, text);
        }
        self.speak_of_state();
        self.tell(Msg::SetAside {
            id,
            unkept: unkept.flatten(),
            result: done,
        });
    }
}

/// Writes a text of the Editor, and puts it off if a person did.
fn put(
    journal: &mut Journal,
    session: SessionId,
    id: Uuid,
    text: &mut Text,
) -> Result<(), JournalError> {
    text.write(session, journal)?;
    if !text.put_off {
        return Ok(());
    }
    let now = Timestamp::now();
    match journal.keep_for_later(BufferId(id), now) {
        Err(JournalError::Missing { .. }) => {
            // Somebody dropped it since it was written.
            text.forget();
            text.write(session, journal)?;
            journal.keep_for_later(BufferId(id), now)
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::effect::Unsaved;
    use crate::domain::brief::Brief;
    use crate::domain::document::Snapshot;
    use crate::domain::prompt::{Prompt, Request};
    use crate::domain::run::FinishReason;
    use crate::store::journal::{Ending, Outcome, Purpose};
    use std::ffi::OsString;
    use std::path::Path;

    const RUN: RunId = RunId(Uuid::from_u128(1));
    const TEXT: Uuid = Uuid::from_u128(2);

    fn writer(home: &Path) -> (Writer, mpsc::Receiver<Msg>) {
        let root = OsString::from(home);
        let lookup = |name: &str| (name == "COPYDESK_HOME").then(|| root.clone());
        let paths = Arc::new(Paths::resolve(&lookup, None).unwrap());
        let (messages, told) = mpsc::channel(64);
        let session = SessionId(Uuid::from_u128(3));
        let mut writer = Writer::new(paths, session, messages);
        writer.run(Errand::Open);
        (writer, told)
    }

    fn begin(writer: &mut Writer) {
        let record = RunRecord {
            id: RUN,
            session: SessionId(Uuid::nil()),
            at: Timestamp::UNIX_EPOCH,
            purpose: Purpose::Generate,
            continues: None,
            together: None,
            draft: None,
            template: None,
            template_hash: None,
            brief: Brief::default(),
            provider: "p".to_owned(),
            origin: None,
            request: Request {
                model: "m".to_owned(),
                prompt: Prompt::default(),
            },
        };
        let (done, _) = std::sync::mpsc::channel();
        writer.run(Errand::Begin(Box::new(record), done));
    }

    fn end(writer: &mut Writer, ending: Ending) {
        let outcome = Outcome {
            at: Timestamp::now(),
            ending,
            usage: None,
            model: None,
            cost: None,
        };
        writer.run(Errand::End(RUN, Box::new(outcome)));
    }

    fn type_in(writer: &mut Writer, text: &str) {
        writer.run(Errand::Keep(Keep::Unsaved(Box::new(Unsaved {
            id: TEXT,
            path: None,
            base: None,
            template: None,
            provenance: None,
            cursor: 0,
            text: Snapshot::from(text),
        }))));
    }

    fn studio(home: &Path, session: u128) -> (Writer, mpsc::Receiver<Msg>) {
        let (messages, told) = mpsc::channel(64);
        let paths = Arc::new(Paths::below(home));
        let id = SessionId(Uuid::from_u128(session));
        let mut writer = Writer::new(paths, id, messages);
        writer.run(Errand::Open);
        (writer, told)
    }

    fn is_offered(messages: &mut mpsc::Receiver<Msg>) -> bool {
        let all = std::iter::from_fn(|| messages.try_recv().ok());
        let mut journals = all.filter_map(|msg| match msg {
            Msg::Journal { left, .. } => Some(!left.is_empty()),
            _ => None,
        });
        journals.next().unwrap()
    }

    #[test]
    fn a_text_that_never_reached_the_editor_is_offered_again() {
        let home = tempfile::tempdir().unwrap();
        let (mut first, _) = studio(home.path(), 10);
        type_in(&mut first, "one");
        drop(first);
        let (mut second, mut messages) = studio(home.path(), 11);
        assert!(is_offered(&mut messages));
        second.run(Errand::Restore(TEXT));
        second.close();
        drop(second);
        let (mut third, mut messages) = studio(home.path(), 12);
        assert!(is_offered(&mut messages));
        third.run(Errand::Restore(TEXT));
        type_in(&mut third, "one and two");
        third.close();
        assert_eq!(texts(&third), [""; 0]);
    }

    #[test]
    fn a_text_is_brought_back_by_one_studio_alone() {
        let home = tempfile::tempdir().unwrap();
        let (mut first, _) = studio(home.path(), 10);
        type_in(&mut first, "one");
        drop(first);
        let (mut second, mut of_second) = studio(home.path(), 11);
        let (mut third, mut of_third) = studio(home.path(), 12);
        assert!(is_offered(&mut of_second) && is_offered(&mut of_third));
        second.run(Errand::Restore(TEXT));
        third.run(Errand::Restore(TEXT));
        let told = told(&mut of_third);
        assert!(
            told.len() == 1 && told[0].contains("in another Copydesk"),
            "{told:?}"
        );
        third.close();
        type_in(&mut second, "one and two");
        assert_eq!(texts(&second), ["one and two"]);
    }

    /// A run that came so far in a studio that was killed.
    fn leave_an_answer(home: &Path, text: &str) {
        let (mut first, _) = studio(home, 10);
        begin(&mut first);
        first.run(Errand::Text(RUN, text.to_owned()));
    }

    fn run_of(writer: &Writer) -> crate::store::journal::Unused {
        let journal = writer.journal.as_ref().unwrap();
        journal.unused_run(RUN).unwrap().unwrap()
    }

    #[test]
    fn an_answer_is_brought_back_by_one_studio_alone() {
        let home = tempfile::tempdir().unwrap();
        leave_an_answer(home.path(), "half");
        let (mut second, mut of_second) = studio(home.path(), 11);
        let (mut third, mut of_third) = studio(home.path(), 12);
        assert!(is_offered(&mut of_second) && is_offered(&mut of_third));
        second.run(Errand::Restore(RUN.0));
        let restored = told(&mut of_second);
        assert!(restored[0].starts_with("AnswerRestored"), "{restored:?}");
        third.run(Errand::Restore(RUN.0));
        let refused = told(&mut of_third);
        assert!(
            refused.len() == 1 && refused[0].contains("in another Copydesk"),
            "{refused:?}"
        );
        assert_eq!(run_of(&second).run.record.session, second.id);
        second.run(Errand::Keep(Keep::Used(RUN)));
        third.run(Errand::Restore(RUN.0));
        let refused = told(&mut of_third);
        assert!(refused[0].contains("was used"), "{refused:?}");
    }

    #[test]
    fn an_answer_that_still_arrives_in_another_studio_is_not_ended() {
        let home = tempfile::tempdir().unwrap();
        let (mut first, _) = studio(home.path(), 10);
        begin(&mut first);
        first.run(Errand::Text(RUN, "half".to_owned()));
        let (mut second, mut messages) = studio(home.path(), 11);
        assert!(!is_offered(&mut messages));
        second.run(Errand::Restore(RUN.0));
        second.run(Errand::Keep(Keep::ForLater(RUN.0)));
        first.run(Errand::Text(RUN, " and half".to_owned()));
        let unused = run_of(&first);
        assert_eq!(unused.run.text, "half and half");
        assert_eq!((unused.run.outcome, unused.kept), (None, None));
    }

    #[test]
    fn what_another_studio_brought_back_is_not_put_off_here() {
        let home = tempfile::tempdir().unwrap();
        leave_an_answer(home.path(), "half");
        let (mut first, _) = studio(home.path(), 10);
        type_in(&mut first, "one");
        drop(first);
        let (mut second, _of_second) = studio(home.path(), 11);
        let (mut third, _of_third) = studio(home.path(), 12);
        second.run(Errand::Restore(TEXT));
        second.run(Errand::Restore(RUN.0));
        third.run(Errand::Keep(Keep::ForLater(TEXT)));
        third.run(Errand::Keep(Keep::ForLater(RUN.0)));
        let journal = second.journal.as_ref().unwrap();
        assert_eq!(journal.buffers().unwrap()[0].kept, None);
        assert_eq!(run_of(&second).kept, None);
        // What is still free is put off.
        drop(second);
        third.run(Errand::Keep(Keep::ForLater(TEXT)));
        third.run(Errand::Keep(Keep::ForLater(RUN.0)));
        let journal = third.journal.as_ref().unwrap();
        assert!(journal.buffers().unwrap()[0].kept.is_some());
        assert!(run_of(&third).kept.is_some());
    }

    #[test]
    fn more_than_can_wait_for_the_journal_is_said_once() {
        let home = tempfile::tempdir().unwrap();
        let (mut writer, mut messages) = writer(home.path());
        let beside = rusqlite::Connection::open(home.path().join("data/journal.db")).unwrap();
        let full = "CREATE TRIGGER full BEFORE INSERT ON versions
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;";
        beside.execute_batch(full).unwrap();
        let version = |number: usize| {
            Errand::Keep(Keep::Version {
                draft: "d".to_owned(),
                path: None,
                cause: crate::store::journal::Cause::Save,
                text: Snapshot::from(number.to_string().as_str()),
            })
        };
        for number in 0..1_003 {
            writer.run(version(number));
        }
        let told = told(&mut messages);
        let lost = told
            .iter()
            .filter(|told| told.contains("the oldest is lost"));
        assert_eq!(lost.count(), 1, "{told:?}");
        beside.execute_batch("DROP TRIGGER full;").unwrap();
        writer.settle();
        let journal = writer.journal.as_ref().unwrap();
        let kept = journal.versions("d").unwrap();
        assert_eq!(kept.len(), 1_000);
        let text = |at: usize| journal.version(kept[at].id).unwrap().unwrap().text;
        assert_eq!([text(0), text(999)], ["1002", "3"]);
    }

    /// W3: an answer is offered as long as the text that it went into is not written.
    #[test]
    fn an_answer_is_used_once_the_text_it_went_into_is_written() {
        let home = tempfile::tempdir().unwrap();
        let (mut writer, _messages) = writer(home.path());
        begin(&mut writer);
        writer.run(Errand::Text(RUN, "All of it.".to_owned()));
        end(&mut writer, Ending::Finished(FinishReason::Stop));
        let beside = rusqlite::Connection::open(home.path().join("data/journal.db")).unwrap();
        let full = "CREATE TRIGGER full BEFORE INSERT ON buffers
            BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;";
        beside.execute_batch(full).unwrap();
        type_in(&mut writer, "All of it.");
        writer.run(Errand::Keep(Keep::Used(RUN)));
        let unused = |writer: &Writer| {
            let journal = writer.journal.as_ref().unwrap();
            journal.unused_runs(Timestamp::now()).unwrap().len()
        };
        assert_eq!(unused(&writer), 1);
        beside.execute_batch("DROP TRIGGER full;").unwrap();
        writer.settle();
        assert_eq!(unused(&writer), 0);
    }

    #[test]
    fn what_is_typed_waits_for_one_step_of_pruning() {
        let home = tempfile::tempdir().unwrap();
        let (mut first, _) = studio(home.path(), 10);
        let journal = first.journal.as_mut().unwrap();
        for number in 100..110 {
            let brief = Brief::default();
            let form = crate::store::journal::Form {
                brief,
                prompt: None,
            };
            let template = number.to_string();
            let long_ago = Timestamp::UNIX_EPOCH;
            journal.put_form(&template, &form, long_ago).unwrap();
        }
        drop(first);
        let (mut second, _messages) = studio(home.path(), 11);
        let forms = || {
            let db = rusqlite::Connection::open(home.path().join("data/journal.db")).unwrap();
            db.query_row("SELECT count(*) FROM forms", [], |row| row.get::<_, i64>(0))
        };
        let mut left = vec![forms().unwrap()];
        second.rest();
        left.push(forms().unwrap());
        while second.pruning.is_some() {
            assert_eq!(second.patience(Duration::MAX), Some(BREATH));
            second.rest();
            left.push(forms().unwrap());
        }
        left.dedup();
        assert_eq!(left, [10, 7, 4, 1, 0]);
    }

    #[test]
    fn a_start_prunes_nothing_before_it_rests() {
        let home = tempfile::tempdir().unwrap();
        let (mut first, _) = studio(home.path(), 10);
        type_in(&mut first, "one");
        let journal = first.journal.as_mut().unwrap();
        let long_ago = Timestamp::UNIX_EPOCH;
        journal.keep_for_later(BufferId(TEXT), long_ago).unwrap();
        drop(first);
        let (mut second, _) = studio(home.path(), 11);
        assert_eq!(texts(&second), ["one"]);
        assert!(second.is_unsettled());
        second.rest();
        while second.pruning.is_some() {
            second.rest();
        }
        assert_eq!(texts(&second), [""; 0]);
        assert!(!second.is_unsettled());
    }

    #[test]
    fn what_a_full_journal_did_not_take_is_told_once_and_written_later() {
        let home = tempfile::tempdir().unwrap();
        let (mut writer, mut messages) = writer(home.path());
        let beside = rusqlite::Connection::open(&writer.paths.journal).unwrap();
        let full = "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;";
        let triggers = ["versions", "forms"]
            .map(|table| format!("CREATE TRIGGER full_{table} BEFORE INSERT ON {table} {full}"));
        beside.execute_batch(&triggers.concat()).unwrap();
        for text in ["one", "two"] {
            writer.run(Errand::Keep(Keep::Version {
                draft: "d".to_owned(),
                path: None,
                cause: crate::store::journal::Cause::Save,
                text: Snapshot::from(text),
            }));
        }
        writer.run(Errand::Keep(Keep::Form {
            template: "t".to_owned(),
            brief: Brief::default(),
            prompt: Some("Mine.".to_owned()),
        }));
        writer.settle();
        let told = told(&mut messages);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].contains("disk is full"), "{told:?}");
        assert_eq!(told[1], "Journaling(Off)");
        assert!(writer.is_unsettled());
        let freed = "DROP TRIGGER full_versions; DROP TRIGGER full_forms;";
        beside.execute_batch(freed).unwrap();
        writer.settle();
        let journal = writer.journal.as_ref().unwrap();
        assert_eq!(journal.versions("d").unwrap().len(), 2);
        let form = journal.form("t").unwrap().unwrap();
        assert_eq!(form.prompt.as_deref(), Some("Mine."));
    }

    fn remove(home: &Path) {
        for name in ["journal.db", "journal.db-wal", "journal.db-shm"] {
            std::fs::remove_file(home.join("data").join(name)).unwrap();
        }
    }

    fn texts(writer: &Writer) -> Vec<String> {
        let kept = writer.journal.as_ref().unwrap().buffers().unwrap();
        kept.into_iter().map(|kept| kept.buffer.text).collect()
    }

    /// What was told since the journal was opened, without what came of opening it.
    fn told(messages: &mut mpsc::Receiver<Msg>) -> Vec<String> {
        let all = std::iter::from_fn(|| messages.try_recv().ok());
        let all = all.filter(|msg| !matches!(msg, Msg::Journal { .. }));
        all.map(|msg| format!("{msg:?}")).collect()
    }

    #[test]
    fn a_stop_that_crosses_the_end_of_an_answer_is_no_fault() {
        let home = tempfile::tempdir().unwrap();
        let (mut writer, mut messages) = writer(home.path());
        begin(&mut writer);
        writer.run(Errand::Text(RUN, "All of it.".to_owned()));
        end(&mut writer, Ending::Finished(FinishReason::Stop));
        end(&mut writer, Ending::Stopped);
        assert_eq!(told(&mut messages), [""; 0]);
        let run = writer.journal.as_ref().unwrap().run(RUN).unwrap().unwrap();
        assert_eq!(run.text, "All of it.");
        let ending = run.outcome.map(|outcome| outcome.ending);
        assert_eq!(ending, Some(Ending::Finished(FinishReason::Stop)));
    }

    #[test]
    fn the_work_that_met_a_lost_journal_is_done_with_the_next() {
        let home = tempfile::tempdir().unwrap();
        let (mut writer, _messages) = writer(home.path());
        type_in(&mut writer, "one");
        remove(home.path());
        type_in(&mut writer, "one two");
        assert_eq!(texts(&writer), ["one two"]);
        remove(home.path());
        begin(&mut writer);
        let begun = writer.journal.as_ref().unwrap().run(RUN).unwrap();
        assert!(begun.is_some());
        writer.run(Errand::Text(RUN, "a".to_owned()));
        remove(home.path());
        writer.run(Errand::Text(RUN, "b".to_owned()));
        remove(home.path());
        end(&mut writer, Ending::Stopped);
        let run = writer.journal.as_ref().unwrap().run(RUN).unwrap().unwrap();
        assert_eq!((run.text.as_str(), run.outcome.is_some()), ("ab", true));
        assert_eq!(texts(&writer), ["one two"]);
    }

    #[test]
    fn a_text_whose_patch_does_not_fit_is_put_whole() {
        let home = tempfile::tempdir().unwrap();
        let (mut writer, mut messages) = writer(home.path());
        type_in(&mut writer, "one");
        let journal = writer.journal.as_mut().unwrap();
        journal.drop_buffer(BufferId(TEXT)).unwrap();
        type_in(&mut writer, "one two");
        assert_eq!(texts(&writer), ["one two"]);
        assert_eq!(told(&mut messages), [""; 0]);
    }
}
