//! Answers that went nowhere yet: no draft, no file and no reader has their text. Those to a
//! question about a draft are none of them: they are read where they stand.
//!
//! They are listed for [`KEPT_BUFFER_DAYS`] days, the newest [`LISTED`] of them. Putting one off
//! says that a person knows of it, and takes nothing away.

use super::purpose::Purpose;
use super::runs::{Run, RunRecord, whole};
use super::{Holder, Journal, JournalError, KEPT_BUFFER_DAYS, SessionId};
use crate::domain::run::RunId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{OptionalExtension, params};

/// Answers that are listed at most.
const LISTED: i64 = 50;

/// An answer that went nowhere.
#[derive(Debug, Clone, PartialEq)]
pub struct Unused {
    /// The run.
    pub run: Run,
    /// When a person put it off, if that is so.
    pub kept: Option<Timestamp>,
}

impl Unused {
    /// Who has it.
    pub const fn holder(&self) -> Holder {
        Holder {
            session: self.run.record.session,
            kept: self.kept,
        }
    }
}

impl RunRecord {
    /// The text that the run goes on with, as it told the model; empty for any other.
    pub fn before(&self) -> &str {
        let told = self.request.prompt.examples.last();
        match (self.purpose, told) {
            (Purpose::Continue, Some(told)) => &told.assistant,
            _ => "",
        }
    }
}

impl Journal {
    /// The newest answers with text that went nowhere, of all sessions, newest first.
    pub fn unused_runs(&self, now: Timestamp) -> Result<Vec<Unused>, JournalError> {
        let month = SignedDuration::from_hours(24 * KEPT_BUFFER_DAYS);
        let since = now.saturating_sub(month).unwrap_or(Timestamp::MIN);
        self.read(|db| {
            let mut newest = db.prepare_cached(
                "SELECT id, kept FROM runs
                WHERE used IS NULL AND at >= ?1 AND purpose <> 'ask' AND (octet_length(text) > 0
                    OR EXISTS (SELECT 1 FROM pieces WHERE pieces.run = runs.number))
                ORDER BY at DESC, number DESC LIMIT ?2",
            )?;
            let rows = newest.query_map(params![since.as_millisecond(), LISTED], |row| {
                let id = RunId(super::column::id(row, "id")?);
                Ok((id, super::column::maybe_time(row, "kept")?))
            })?;
            let mut all = Vec::new();
            for row in rows {
                let (id, kept) = row?;
                all.extend(whole(db, id)?.map(|run| Unused { run, kept }));
            }
            Ok(all)
        })
    }

    /// Runs without an end and without text, with the session that asked.
    pub fn silent_runs(&self) -> Result<Vec<(RunId, SessionId)>, JournalError> {
        self.read(|db| {
            let mut silent = db.prepare_cached(
                "SELECT id, session FROM runs
                WHERE used IS NULL AND ended IS NULL
                    AND NOT EXISTS (SELECT 1 FROM pieces WHERE pieces.run = runs.number)",
            )?;
            let rows = silent.query_map([], |row| {
                let session = SessionId(super::column::id(row, "session")?);
                Ok((RunId(super::column::id(row, "id")?), session))
            })?;
            rows.collect()
        })
    }

    /// Says that the text of a run has gone somewhere.
    pub fn use_run(&mut self, run: RunId, at: Timestamp) -> Result<(), JournalError> {
        self.jot(|db| {
            db.prepare_cached("UPDATE runs SET used = ?2 WHERE id = ?1 AND used IS NULL")?
                .execute(params![run.to_string(), at.as_millisecond()])
                .map(drop)
        })
    }

    /// Says that a person knows of a run's text and wants it later, if ever. Nothing happens to one
    /// that another session than `of` has by now.
    pub fn put_off_run(
        &mut self,
        run: RunId,
        of: SessionId,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(|db| {
            db.prepare_cached(
                "UPDATE runs SET kept = ?3 WHERE id = ?1 AND session = ?2 AND kept IS NULL",
            )?
            .execute(params![
                run.to_string(),
                of.to_string(),
                at.as_millisecond()
            ])
            .map(drop)
        })
    }

    /// The same of everything that a session asked and did not use, at its clean end.
    pub fn put_off_session(
        &mut self,
        session: SessionId,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.write(|db| {
            db.prepare_cached(
                "UPDATE runs SET kept = ?2
                WHERE used IS NULL AND kept IS NULL AND session = ?1",
            )?
            .execute(params![session.to_string(), at.as_millisecond()])
            .map(drop)
        })
    }

    /// The runs that a run goes on with, oldest first.
    pub fn continued_by(&self, run: RunId) -> Result<Vec<RunId>, JournalError> {
        self.read(|db| {
            let mut before = db
                .prepare_cached("SELECT continues FROM runs WHERE id = ?1 AND continues NOTNULL")?;
            let mut chain = vec![run];
            while let Some(last) = chain.last().copied()
                && let Some(next) = before
                    .query_row([last.to_string()], |row| {
                        super::column::id(row, "continues")
                    })
                    .optional()?
                && !chain.contains(&RunId(next))
            {
                chain.push(RunId(next));
            }
            chain.remove(0);
            chain.reverse();
            Ok(chain)
        })
    }

    /// A run and those whose variants stand together with its own, in the order they were begun.
    pub fn together_with(&self, run: RunId) -> Result<Vec<RunId>, JournalError> {
        self.read(|db| {
            let mut set = db.prepare_cached(
                "WITH first AS (SELECT coalesce(together, id) AS id FROM runs WHERE id = ?1)
                SELECT id FROM runs
                WHERE id = (SELECT id FROM first) OR together = (SELECT id FROM first)
                ORDER BY number",
            )?;
            let rows = set.query_map([run.to_string()], |row| super::column::id(row, "id"))?;
            rows.map(|id| id.map(RunId)).collect()
        })
    }

    /// An answer that is still unused; `None` when its text went somewhere, or it is not kept any
    /// more.
    pub fn unused_run(&self, run: RunId) -> Result<Option<Unused>, JournalError> {
        self.read(|db| {
            let kept = db
                .prepare_cached("SELECT kept FROM runs WHERE id = ?1 AND used IS NULL")?
                .query_row([run.to_string()], |row| {
                    super::column::maybe_time(row, "kept")
                })
                .optional()?;
            let Some(kept) = kept else { return Ok(None) };
            Ok(whole(db, run)?.map(|run| Unused { run, kept }))
        })
    }

    /// Hands an answer that was brought back to a session, so that it is offered again if that ends
    /// as the first one did. False when `from` does not have it any more, or it was used: then
    /// nothing is changed.
    pub fn hand_run(
        &mut self,
        run: RunId,
        from: Holder,
        to: SessionId,
    ) -> Result<bool, JournalError> {
        let changed = self.write(|db| {
            db.prepare_cached(
                "UPDATE runs SET session = ?4, kept = NULL
                WHERE id = ?1 AND session = ?2 AND kept IS ?3 AND used IS NULL",
            )?
            .execute(params![
                run.to_string(),
                from.session.to_string(),
                from.kept.map(Timestamp::as_millisecond),
                to.to_string(),
            ])
        })?;
        Ok(changed > 0)
    }
}
