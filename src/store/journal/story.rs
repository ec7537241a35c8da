//! A run as it is heard of, and how much of that a journal has.
//!
//! Keeps the text until the run is over, so that a journal which takes over from a damaged one
//! gets all of it, and what a full disk had no room for is written later. For the studio and for
//! `copydesk run` alike; never opens a journal.

use super::{Journal, JournalError, Outcome, RunRecord, Try};
use crate::domain::run::correct;

/// Bytes of reasoning that are worth a write of all of it. Further on it is a quarter of what the
/// journal has, so that long thoughts cost a few times their length and not its square.
const THOUGHTS: usize = 512;

/// A run that is not over, or whose end is not written yet.
#[derive(Debug)]
pub struct Story {
    record: RunRecord,
    /// Its brief is written with it, as the one its template was last used with.
    remembers: bool,
    begun: bool,
    text: String,
    /// Bytes of the text that are in the journal.
    kept: usize,
    /// The journal has text behind them that does not count any more.
    stale: bool,
    /// What the model thought; written as a whole, now and then and with the end.
    reasoning: String,
    /// Bytes of the reasoning that are in the journal.
    reasoned: usize,
    /// Tries that were repeated, and how many of them are in the journal.
    tries: Vec<Try>,
    booked: usize,
    outcome: Option<Box<Outcome>>,
}

impl Story {
    /// A run that nothing was heard of yet.
    pub const fn new(record: RunRecord) -> Self {
        Self {
            record,
            remembers: false,
            begun: false,
            text: String::new(),
            kept: 0,
            stale: false,
            reasoning: String::new(),
            reasoned: 0,
            tries: Vec::new(),
            booked: 0,
            outcome: None,
        }
    }

    /// The same for one whose brief nobody else remembers.
    pub const fn with_brief(record: RunRecord) -> Self {
        let mut story = Self::new(record);
        story.remembers = true;
        story
    }

    /// What went in.
    pub const fn record(&self) -> &RunRecord {
        &self.record
    }

    /// Text that arrived.
    pub fn push(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Its server took back all behind the first `keep` bytes; `text` stands there.
    pub fn correct(&mut self, keep: usize, text: &str) {
        correct(&mut self.text, keep, text);
        if keep < self.kept {
            self.kept = keep;
            self.stale = true;
        }
    }

    /// What the model thinks, as it arrives.
    pub fn reason(&mut self, reasoning: &str) {
        if self.outcome.is_none() {
            self.reasoning.push_str(reasoning);
        }
    }

    /// A try of it took tokens and is repeated.
    pub fn repeat(&mut self, spent: Try) {
        self.tries.push(spent);
    }

    /// Whether so much was thought that the journal is to have it. The first text is an occasion,
    /// too: then the thinking is over.
    fn owes_reasoning(&self) -> bool {
        let more = self.reasoning.len() - self.reasoned;
        let writes = self.kept < self.text.len();
        more > 0 && (writes || self.is_over() || more >= THOUGHTS.max(self.reasoned / 4))
    }

    /// What came of it. The first word counts: a stop may cross an end on its way.
    pub fn end(&mut self, outcome: Box<Outcome>) {
        self.outcome.get_or_insert(outcome);
    }

    /// Whether nothing more will come.
    pub const fn is_over(&self) -> bool {
        self.outcome.is_some()
    }

    /// Whether there is more of it than the journal has.
    pub fn is_behind(&self) -> bool {
        !self.begun
            || self.stale
            || self.kept < self.text.len()
            || self.outcome.is_some()
            || self.booked < self.tries.len()
            || self.owes_reasoning()
    }

    /// Writes what the journal does not have yet.
    pub fn write(&mut self, journal: &mut Journal) -> Result<(), JournalError> {
        if !self.begun {
            if self.remembers {
                journal.begin_with_brief(&self.record)?;
            } else {
                journal.begin(&self.record)?;
            }
            self.begun = true;
        }
        let id = self.record.id;
        while let Some(spent) = self.tries.get(self.booked) {
            journal.book_try(id, self.booked + 1, spent)?;
            self.booked += 1;
        }
        if self.stale {
            match journal.correct(id, self.kept, &self.text[self.kept..]) {
                Ok(()) | Err(JournalError::Missing { .. }) => {}
                failed => return failed,
            }
            self.stale = false;
            self.kept = self.text.len();
        }
        if self.owes_reasoning() {
            match journal.keep_reasoning(id, &self.reasoning) {
                Ok(()) | Err(JournalError::Missing { .. }) => self.reasoned = self.reasoning.len(),
                failed => return failed,
            }
        }
        let rest = &self.text[self.kept..];
        let done = match &self.outcome {
            Some(outcome) => journal.conclude(id, rest, outcome),
            None if rest.is_empty() => return Ok(()),
            None => journal.append(id, rest),
        };
        match done {
            // Somebody else has ended or pruned it: there is nothing to add to.
            Ok(()) | Err(JournalError::Missing { .. }) => {
                self.kept = self.text.len();
                Ok(())
            }
            failed => failed,
        }
    }

    /// Looks how much of it a journal has that took over from another.
    pub fn compare(&mut self, journal: &Journal) -> Result<(), JournalError> {
        let found = journal.run(self.record.id)?;
        self.begun = found.is_some();
        self.reasoned = 0;
        self.booked = 0;
        // Where the new one lost something in between, all of it is written once more.
        let kept = found.map(|run| run.text);
        let kept = kept.filter(|text| self.text.starts_with(text.as_str()));
        self.kept = kept.map_or(0, |text| text.len());
        self.stale = false;
        Ok(())
    }
}
