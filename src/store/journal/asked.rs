//! Conversations about drafts: the questions that were asked about one, with their answers.
//!
//! A turn is a run like any other; `continues` names the turn before it. Changes nothing.

use super::column::length;
use super::runs::{Run, whole};
use super::{Journal, JournalError};
use crate::domain::run::RunId;

/// Names that one draft may go by.
const NAMES: usize = 3;

impl Journal {
    /// The newest `most` turns about a draft that goes by any of these names, the oldest first. What
    /// was sent with a question is left out.
    pub fn asked(&self, names: &[String], most: usize) -> Result<Vec<Run>, JournalError> {
        self.read(|db| {
            let mut newest = db.prepare_cached(
                "SELECT id FROM runs WHERE purpose = 'ask' AND draft IN (?1, ?2, ?3)
                ORDER BY number DESC LIMIT ?4",
            )?;
            let [one, two, three]: [Option<&str>; NAMES] =
                std::array::from_fn(|at| names.get(at).map(String::as_str));
            let rows = newest.query_map((one, two, three, length(most)), |row| {
                super::column::id(row, "id").map(RunId)
            })?;
            let mut turns = Vec::new();
            for id in rows {
                let Some(mut run) = whole(db, id?)? else {
                    continue;
                };
                let prompt = &mut run.record.request.prompt;
                (prompt.user, prompt.system) = (String::new(), None);
                prompt.examples.clear();
                turns.push(run);
            }
            turns.reverse();
            Ok(turns)
        })
    }
}
