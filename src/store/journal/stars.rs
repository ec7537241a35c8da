//! Stars of runs: texts that a person wants to find again.
//!
//! A run with a star is never let go of for its age.

use super::{Journal, JournalError};
use crate::domain::run::RunId;
use jiff::Timestamp;
use rusqlite::params;

impl Journal {
    /// Gives the text of a run a star at this moment, or takes it.
    pub fn star_run(&mut self, run: RunId, star: Option<Timestamp>) -> Result<(), JournalError> {
        self.jot(|db| {
            db.prepare_cached("UPDATE runs SET starred = ?2 WHERE id = ?1")?
                .execute(params![
                    run.to_string(),
                    star.map(Timestamp::as_millisecond)
                ])
                .map(drop)
        })
    }
}
