//! Retention: how long the journal keeps what nobody asked it to forget.
//!
//! Runs only when it is called, never before the first frame. What was spent is kept for good;
//! unsaved work goes only after it was put off for [`KEPT_BUFFER_DAYS`].

use super::{Journal, JournalError, MAX_VERSION_BYTES, versions};
use jiff::{SignedDuration, Timestamp};

/// Days that a buffer stays after a person put it off.
pub const KEPT_BUFFER_DAYS: i64 = 30;
/// Runs that are kept with their texts.
pub const MAX_RUNS: i64 = 20_000;

/// How much pruning let go of.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Pruned {
    /// Buffers that were put off long ago.
    pub buffers: usize,
    /// Versions that were thinned or beyond the bound.
    pub versions: usize,
    /// Runs beyond the newest [`MAX_RUNS`].
    pub runs: usize,
}

impl Journal {
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
        let thinned = self.write(|db| versions::thin(db, now))?;
        let dropped = self.write(|db| versions::drop_oldest(db, MAX_VERSION_BYTES))?;
        let runs = self.write(|db| {
            db.execute(
                "DELETE FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?1",
                [MAX_RUNS],
            )
        })?;
        self.read(|db| {
            // Every step gives one page back.
            let mut vacuum = db.prepare("PRAGMA incremental_vacuum")?;
            let mut pages = vacuum.query([])?;
            while pages.next()?.is_some() {}
            Ok(())
        })?;
        Ok(Pruned {
            buffers,
            versions: thinned + dropped,
            runs,
        })
    }
}
