//! Past values: what a person gave to the inputs of a template before.
//!
//! Offers values again, newest first and without repeats, and tells how often a template was
//! used. Long texts and blanks are no values to offer again.

use super::column::{brief, count, from_json, json, length, plain, text, time};
use super::{Journal, JournalError};
use crate::domain::brief::{Brief, Value};
use crate::store::fingerprint;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// Values that are remembered of one input.
const MAX_VALUES: usize = 100;
/// Longest value that is offered again, in bytes.
const MAX_VALUE_BYTES: usize = 16 * 1024;

/// How much a template was used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Use {
    /// Its name.
    pub template: String,
    /// How often.
    pub count: u64,
    /// When last.
    pub at: Timestamp,
}

impl Journal {
    /// Remembers the brief of a template that was just used.
    pub fn remember(
        &mut self,
        template: &str,
        given: &Brief,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(|db| remember(db, template, given, at))
    }

    /// The values that an input of a template had before, newest first, each once.
    pub fn values(
        &self,
        template: &str,
        input: &str,
        limit: usize,
    ) -> Result<Vec<Value>, JournalError> {
        self.read(|db| {
            let mut newest = db.prepare_cached(
                "SELECT value FROM past_values WHERE template = ?1 AND input = ?2
                ORDER BY at DESC, number DESC LIMIT ?3",
            )?;
            let rows = newest.query_map(params![template, input, length(limit)], |row| {
                Ok(serde_json::from_str(&text(row, "value")?).ok())
            })?;
            rows.filter_map(Result::transpose).collect()
        })
    }

    /// Offers a value of an input no more, until it is given again.
    pub fn forget_value(
        &mut self,
        template: &str,
        input: &str,
        value: &Value,
    ) -> Result<(), JournalError> {
        let written = json(&plain(value));
        self.write(|db| {
            db.prepare_cached(
                "DELETE FROM past_values WHERE template = ?1 AND input = ?2 AND hash = ?3",
            )?
            .execute(params![template, input, fingerprint(written.as_bytes())])
            .map(drop)
        })
    }

    /// The brief that a template was last used with.
    pub fn last_brief(&self, template: &str) -> Result<Option<Brief>, JournalError> {
        self.read(|db| {
            db.prepare_cached("SELECT brief FROM uses WHERE template = ?1")?
                .query_row([template], |row| from_json(row, "brief"))
                .optional()
        })
    }

    /// How much each template was used, the one used last first.
    pub fn uses(&self) -> Result<Vec<Use>, JournalError> {
        self.read(|db| {
            let mut list = db.prepare_cached(
                "SELECT template, count, at FROM uses ORDER BY at DESC, template",
            )?;
            let rows = list.query_map([], |row| {
                Ok(Use {
                    template: text(row, "template")?,
                    count: count(row, "count")?,
                    at: time(row, "at")?,
                })
            })?;
            rows.collect()
        })
    }
}

/// Remembers the brief of a template that was just used.
pub(super) fn remember(
    db: &Connection,
    template: &str,
    given: &Brief,
    at: Timestamp,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO uses (template, count, at, brief) VALUES (?1, 1, ?2, ?3)
        ON CONFLICT (template) DO UPDATE SET count = count + 1, at = excluded.at,
            brief = excluded.brief",
    )?
    .execute(params![template, at.as_millisecond(), brief(given)])?;
    for (input, value) in given.iter() {
        let written = json(&plain(value));
        if !value.is_blank() && written.len() <= MAX_VALUE_BYTES {
            remember_value(db, (template, input), &written, at)?;
        }
    }
    Ok(())
}

/// Puts a value first among those of its input, and lets the last ones go.
fn remember_value(
    db: &Connection,
    (template, input): (&str, &str),
    value: &str,
    at: Timestamp,
) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO past_values (template, input, hash, at, value) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (template, input, hash) DO UPDATE SET at = excluded.at",
    )?
    .execute(params![
        template,
        input,
        fingerprint(value.as_bytes()),
        at.as_millisecond(),
        value
    ])?;
    db.prepare_cached(
        "DELETE FROM past_values WHERE number IN (
            SELECT number FROM past_values WHERE template = ?1 AND input = ?2
            ORDER BY at DESC, number DESC LIMIT -1 OFFSET ?3)",
    )?
    .execute(params![template, input, length(MAX_VALUES)])
    .map(drop)
}
