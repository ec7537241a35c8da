//! Text that a server takes back while its answer arrives.
//!
//! Owns the exchange of what a run's pieces say; never touches a run that has ended.

use super::runs::{add_piece, push_pieces, unfinished};
use super::{Journal, JournalError};
use crate::domain::run::{RunId, correct};
use rusqlite::OptionalExtension;

impl Journal {
    /// Puts `text` in place of all text of a run behind its first `keep` bytes, because its server
    /// took that back.
    pub fn correct(&mut self, run: RunId, keep: usize, text: &str) -> Result<(), JournalError> {
        let corrected = self.jot(|db| {
            let number: Option<i64> = db
                .prepare_cached("SELECT number FROM runs WHERE id = ?1 AND ended IS NULL")?
                .query_row([run.to_string()], |row| row.get(0))
                .optional()?;
            let Some(number) = number else { return Ok(0) };
            let mut whole = String::new();
            push_pieces(db, number, &mut whole)?;
            // What the journal missed cannot be kept; the rest must not be lost with it.
            correct(&mut whole, keep, text);
            db.prepare_cached("DELETE FROM pieces WHERE run = ?1")?
                .execute([number])?;
            add_piece(db, run, &whole)
        })?;
        unfinished(run, corrected)
    }
}
