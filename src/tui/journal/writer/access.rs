//! How the writer gets at the journal: opened again, begun anew and told about as it must be.
//!
//! Owns what is said of faults. Work that met damage is done again with the journal that follows.

use super::{Writer, put};
use crate::app::msg::{Journaling, Msg};
use crate::domain::failure::{Failure, FailureKind};
use crate::store::journal::{Journal, JournalError, Opened};
use std::time::{Duration, Instant};

/// How long a journal that could not be opened is left alone.
const PAUSE: Duration = Duration::from_secs(5);

impl Writer {
    pub(super) fn open_journal(&mut self) -> Result<(), Failure> {
        match Journal::open(&self.paths.journal) {
            Ok(opened) => {
                self.take(opened);
                Ok(())
            }
            Err(error) => Err(self.miss(error.failure())),
        }
    }

    pub(super) fn miss(&mut self, failure: Failure) -> Failure {
        self.missed = Some((failure.clone(), Instant::now()));
        failure
    }

    /// Works with the journal, if there is one; what goes wrong is said once.
    pub(super) fn with<T>(
        &mut self,
        work: impl FnMut(&mut Journal) -> Result<T, JournalError>,
    ) -> Option<T> {
        match self.attempt(work) {
            Ok(done) => {
                self.told = false;
                Some(done)
            }
            Err(failure) => {
                self.complain(&failure);
                None
            }
        }
    }

    /// The same for what a person asked for: they are told whatever was told before.
    pub(super) fn answer<T>(
        &mut self,
        work: impl FnMut(&mut Journal) -> Result<T, JournalError>,
    ) -> Option<T> {
        self.told = false;
        self.with(work)
    }

    /// Works with the journal. One that is damaged is set aside and begun anew, as is one that
    /// another process set aside, and the work is done with that. One that could not be opened is
    /// tried again after a while.
    pub(super) fn attempt<T>(
        &mut self,
        mut work: impl FnMut(&mut Journal) -> Result<T, JournalError>,
    ) -> Result<T, Failure> {
        if let (None, Some((_, since))) = (&self.journal, &self.missed)
            && since.elapsed() > PAUSE
        {
            self.open_journal()?;
        }
        let Some(journal) = &mut self.journal else {
            let missed = self.missed.as_ref().map(|(failure, _)| failure.clone());
            return Err(missed.unwrap_or_else(not_open));
        };
        match work(journal) {
            Err(JournalError::Damaged { .. } | JournalError::Moved { .. }) => {}
            done => return done.map_err(|error| error.failure()),
        }
        let rebuilt = self.journal.take().map(Journal::rebuild);
        match rebuilt {
            Some(Ok(opened)) => self.take(opened),
            Some(Err(error)) => return Err(self.miss(error.failure())),
            None => {}
        }
        let journal = self.journal.as_mut().ok_or_else(not_open)?;
        work(journal).map_err(|error| error.failure())
    }

    /// Takes a journal that was just opened, and writes what it has not got. What does not go in
    /// now is tried again later.
    pub(super) fn take(&mut self, opened: Opened) {
        let mut journal = opened.journal;
        for (id, text) in &mut self.texts {
            text.forget();
            let _later = put(&mut journal, self.id, *id, text);
        }
        for story in self.stories.values_mut() {
            let compared = story.compare(&journal);
            let _later = compared.and_then(|()| story.write(&mut journal));
        }
        self.journal = Some(journal);
        self.missed = None;
        if let Some(aside) = opened.set_aside {
            let failure = Failure::new(FailureKind::Other, aside.to_string());
            self.tell(Msg::Failed(failure));
        }
    }

    pub(super) fn complain(&mut self, failure: &Failure) {
        if !std::mem::replace(&mut self.told, true) {
            self.tell(Msg::Failed(failure.clone()));
        }
    }

    /// Tells the model when what is not saved is kept no more, or again.
    pub(super) fn speak_of_state(&mut self) {
        let state = if self.journal.is_none() || self.is_behind() {
            Journaling::Off
        } else {
            Journaling::On
        };
        if std::mem::replace(&mut self.journaling, state) != state {
            self.tell(Msg::Journaling(state));
        }
    }

    pub(super) fn tell(&self, msg: Msg) {
        let _gone = self.messages.blocking_send(msg);
    }
}

fn not_open() -> Failure {
    Failure::new(FailureKind::Other, "the journal is not open")
        .advice("`copydesk doctor` says why; drafts are saved all the same")
}
