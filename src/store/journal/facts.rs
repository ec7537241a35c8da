//! Facts: small things learnt on the way, such as the name a server has for a parameter.
//!
//! They hold for a while: servers learn, too. Losing one costs a question asked again and nothing
//! else.

use super::column::text;
use super::{Journal, JournalError};
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// How long a fact holds.
const DAYS: i64 = 30;

/// The moment before which a fact is too old at another.
fn too_old(now: Timestamp) -> i64 {
    now.as_millisecond() - DAYS * 24 * 3_600_000
}

impl Journal {
    /// What is known under a name, in a scope such as an origin and a model.
    pub fn fact(&self, scope: &str, name: &str) -> Result<Option<String>, JournalError> {
        self.read(|db| {
            db.prepare_cached("SELECT value FROM facts WHERE scope = ?1 AND name = ?2")?
                .query_row([scope, name], |row| text(row, "value"))
                .optional()
        })
    }

    /// Everything that is known in a scope and was learnt within 30 days, by name.
    pub fn facts(&self, scope: &str) -> Result<Vec<(String, String)>, JournalError> {
        self.facts_at(scope, Timestamp::now())
    }

    /// The same at another moment.
    pub(super) fn facts_at(
        &self,
        scope: &str,
        now: Timestamp,
    ) -> Result<Vec<(String, String)>, JournalError> {
        self.read(|db| {
            let mut known = db.prepare_cached(
                "SELECT name, value FROM facts WHERE scope = ?1 AND at > ?2 ORDER BY number",
            )?;
            let rows = known.query_map(params![scope, too_old(now)], |row| {
                Ok((text(row, "name")?, text(row, "value")?))
            })?;
            rows.collect()
        })
    }

    /// Remembers something in place of what was known before, and forgets what is too old.
    pub fn learn(&mut self, scope: &str, name: &str, value: &str) -> Result<(), JournalError> {
        let now = Timestamp::now();
        self.write(|db| {
            db.prepare_cached("DELETE FROM facts WHERE at <= ?1")?
                .execute([too_old(now)])?;
            db.prepare_cached(
                "INSERT INTO facts (scope, name, value, at) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value, at = excluded.at",
            )?
            .execute(params![scope, name, value, now.as_millisecond()])
            .map(drop)
        })
    }
}
