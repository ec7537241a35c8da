//! Runs in a few words each, newest first: what was asked, what came of it, what it took.
//!
//! Never reads a text, only its length.

use super::super::buffers::SessionId;
use super::super::column::{count, id, length, maybe_text, maybe_time, text, time};
use super::super::purpose::Purpose;
use super::super::{Journal, JournalError};
use super::{Ending, USAGE, usage};
use crate::domain::run::{RunId, Usage};
use jiff::Timestamp;
use rusqlite::{Row, params};

/// One line of the list of runs.
#[derive(Debug, Clone, PartialEq)]
pub struct RunHeadline {
    /// The run.
    pub id: RunId,
    /// The process that asked.
    pub session: SessionId,
    /// When it was sent.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// Name of the template.
    pub template: Option<String>,
    /// Id of the draft that it was for.
    pub draft: Option<String>,
    /// Name of the provider.
    pub provider: String,
    /// The model that answered, or else the one asked for.
    pub model: String,
    /// How it ended; `None` as in [`Run::outcome`](super::Run::outcome).
    pub ending: Option<Ending>,
    /// Tokens, when the server told them.
    pub usage: Option<Usage>,
    /// What it cost, when the price was known.
    pub cost: Option<f64>,
    /// Bytes of its text.
    pub bytes: u64,
    /// A person wants to find it again.
    pub starred: bool,
}

impl Journal {
    /// The newest runs, or the newest of those that were begun before another.
    pub fn runs(
        &self,
        limit: usize,
        before: Option<RunId>,
    ) -> Result<Vec<RunHeadline>, JournalError> {
        self.read(|db| {
            let sql = format!(
                "SELECT runs.id, session, runs.at, purpose, runs.template, draft, runs.provider,
                    coalesce(answered_by, runs.model) AS model, ending, starred,
                    octet_length(text) + (SELECT coalesce(sum(octet_length(pieces.text)), 0)
                        FROM pieces WHERE pieces.run = runs.number) AS bytes, {USAGE}
                WHERE ?2 IS NULL OR runs.number < (SELECT number FROM runs WHERE id = ?2)
                ORDER BY runs.number DESC LIMIT ?1"
            );
            let mut newest = db.prepare_cached(&sql)?;
            let before = before.map(|run| run.to_string());
            let rows = newest.query_map(params![length(limit), before], headline)?;
            rows.collect()
        })
    }
}

fn headline(row: &Row<'_>) -> rusqlite::Result<RunHeadline> {
    Ok(RunHeadline {
        id: RunId(id(row, "id")?),
        session: SessionId(id(row, "session")?),
        at: time(row, "at")?,
        purpose: Purpose::of(&text(row, "purpose")?),
        template: maybe_text(row, "template")?,
        draft: maybe_text(row, "draft")?,
        provider: text(row, "provider")?,
        model: text(row, "model")?,
        ending: Ending::of(row)?,
        usage: usage(row)?,
        cost: row.get("cost")?,
        bytes: count(row, "bytes")?,
        starred: maybe_time(row, "starred")?.is_some(),
    })
}
