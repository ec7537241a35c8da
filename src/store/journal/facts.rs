//! Facts: small things learnt on the way, such as the name a server has for a parameter.
//!
//! Losing one costs a question asked again and nothing else.

use super::column::text;
use super::{Journal, JournalError};
use rusqlite::OptionalExtension;

impl Journal {
    /// What is known under a name, in a scope such as an origin and a model.
    pub fn fact(&self, scope: &str, name: &str) -> Result<Option<String>, JournalError> {
        self.read(|db| {
            db.prepare_cached("SELECT value FROM facts WHERE scope = ?1 AND name = ?2")?
                .query_row([scope, name], |row| text(row, "value"))
                .optional()
        })
    }

    /// Everything that is known in a scope, by name.
    pub fn facts(&self, scope: &str) -> Result<Vec<(String, String)>, JournalError> {
        self.read(|db| {
            let mut known = db
                .prepare_cached("SELECT name, value FROM facts WHERE scope = ?1 ORDER BY number")?;
            let rows =
                known.query_map([scope], |row| Ok((text(row, "name")?, text(row, "value")?)))?;
            rows.collect()
        })
    }

    /// Remembers something in place of what was known before.
    pub fn learn(&mut self, scope: &str, name: &str, value: &str) -> Result<(), JournalError> {
        self.write(|db| {
            db.prepare_cached(
                "INSERT INTO facts (scope, name, value) VALUES (?1, ?2, ?3)
                ON CONFLICT (scope, name) DO UPDATE SET value = excluded.value",
            )?
            .execute([scope, name, value])
            .map(drop)
        })
    }
}
