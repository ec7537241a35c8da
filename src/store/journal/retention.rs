//! Retention: how long the journal keeps what nobody asked it to forget.
//!
//! Runs only when it is called, never before the first frame. What was spent is kept for good;
//! unsaved work goes only after it was put off for [`KEPT_BUFFER_DAYS`].

use super::{Journal, JournalError, MAX_VERSION_BYTES, versions};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

/// Days that a buffer stays after a person put it off.
pub const KEPT_BUFFER_DAYS: i64 = 30;
/// Runs that are kept with their texts.
pub const MAX_RUNS: i64 = 20_000;
/// Bytes that prompts and texts of all runs may have together.
pub const MAX_RUN_BYTES: u64 = 256 * 1024 * 1024;
/// Where it stands among the facts when was pruned last.
const PRUNED: (&str, &str) = ("journal", "pruned");

/// How much pruning let go of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Buffers that were put off long ago.
    pub buffers: usize,
    /// Versions that were thinned or beyond the bound.
    pub versions: usize,
    /// Runs beyond the newest [`MAX_RUNS`] and [`MAX_RUN_BYTES`].
    pub runs: usize,
}

impl Journal {
    /// Prunes, unless that was done within a day.
    pub fn prune_if_due(&mut self, now: Timestamp) -> Result<(), JournalError> {
        let (scope, name) = PRUNED;
        let last: Option<Timestamp> = self.fact(scope, name)?.and_then(|last| last.parse().ok());
        let day = SignedDuration::from_hours(24);
        // A clock that went back does not put it off for ever.
        if last.is_some_and(|last| now.duration_since(last).abs() < day) {
            return Ok(());
        }
        self.learn(scope, name, &now.to_string())?;
        self.prune(now).map(drop)
    }

    /// Lets go of what has been kept long enough, and gives its space back.
    pub fn prune(&mut self, now: Timestamp) -> Result<Pruned, JournalError> {
        let kept = SignedDuration::from_hours(24 * KEPT_BUFFER_DAYS);
        let oldest = now.saturating_sub(kept).unwrap_or(Timestamp::MIN);
        // One step each, so that nobody who writes meanwhile waits for all of them.
        let buffers = self.write(|db| {
            db.execute(
                "DELETE FROM buffers WHERE kept < ?1",
                [oldest.as_millisecond()],
            )
        })?;
        self.write(|db| db.execute("DELETE FROM forms WHERE at < ?1", [oldest.as_millisecond()]))?;
        let orphans = self.write(|db| versions::drop_orphans(db, oldest))?;
        let thinned = self.write(|db| versions::thin(db, now))?;
        let dropped = self.write(|db| versions::drop_oldest(db, MAX_VERSION_BYTES))?;
        let runs = self.write(|db| {
            db.execute(
                "DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?1",
                [MAX_RUNS],
            )
        })?;
        let heavy = self.write(|db| drop_heaviest(db, MAX_RUN_BYTES))?;
        self.read(|db| {
            // Every step gives one page back.
            let mut vacuum = db.prepare("PRAGMA incremental_vacuum")?;
            let mut pages = vacuum.query([])?;
            while pages.next()?.is_some() {}
            Ok(())
        })?;
        Ok(Pruned {
            buffers,
            versions: orphans + thinned + dropped,
            runs: runs + heavy,
        })
    }
}

/// Deletes the oldest runs until all together have at most `limit` bytes; the newest stays.
/// Returns how many went.
pub(super) fn drop_heaviest(db: &Connection, limit: u64) -> rusqlite::Result<usize> {
    db.execute(
        "DELETE FROM runs WHERE number < (SELECT max(number) FROM runs) AND number <= (
            SELECT max(number) FROM (
                SELECT number, sum(bytes) OVER (ORDER BY number DESC) AS total FROM (
                    SELECT number, octet_length(text) + octet_length(user)
                        + octet_length(examples) + octet_length(brief)
                        + coalesce(octet_length(system), 0)
                        + (SELECT coalesce(sum(octet_length(pieces.text)), 0)
                            FROM pieces WHERE pieces.run = runs.number) AS bytes
                    FROM runs)) WHERE total > ?1)",
        [super::column::number(limit)],
    )
}
