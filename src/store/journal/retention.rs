//! Retention: how long the journal keeps what nobody asked it to forget.
//!
//! Runs only when it is called, never before the first frame. What was spent is kept for good;
//! unsaved work goes only after it was put off for [`KEPT_BUFFER_DAYS`].

use super::column::length;
use super::{Journal, JournalError, MAX_VERSION_BYTES, versions};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, params};
use std::time::{Duration, Instant};

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

/// Rows that one step of pruning lets go of at most.
const ROWS: usize = if cfg!(test) { 3 } else { 200 };
/// Pages of the file that one step gives back at most.
const PAGES: u32 = if cfg!(test) { 8 } else { 256 };

/// Pruning under way. It goes on in steps, each short enough for whoever waits meanwhile.
#[derive(Debug, Clone)]
pub struct Pruning {
    now: Timestamp,
    part: Part,
    weighed: Weighed,
    pruned: Pruned,
}

/// How far the runs are weighed, from the newest on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weighed {
    /// The oldest that is.
    to: Option<i64>,
    /// What they weigh together.
    bytes: u64,
    /// The newest one that is too much, once it is found: it goes, and all before it.
    pub(super) surplus: Option<i64>,
}

/// What a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Buffers,
    Forms,
    Parts,
    Orphans,
    Thinning,
    OldestVersions,
    ManyRuns,
    Weighing,
    HeavyRuns,
    Space,
    Done,
}

impl Part {
    const fn next(self) -> Self {
        match self {
            Self::Buffers => Self::Forms,
            Self::Forms => Self::Parts,
            Self::Parts => Self::Orphans,
            Self::Orphans => Self::Thinning,
            Self::Thinning => Self::OldestVersions,
            Self::OldestVersions => Self::ManyRuns,
            Self::ManyRuns => Self::Weighing,
            Self::Weighing => Self::HeavyRuns,
            Self::HeavyRuns => Self::Space,
            Self::Space | Self::Done => Self::Done,
        }
    }
}

impl Pruning {
    const fn new(now: Timestamp) -> Self {
        Self {
            now,
            part: Part::Buffers,
            weighed: Weighed {
                to: None,
                bytes: 0,
                surplus: None,
            },
            pruned: Pruned {
                buffers: 0,
                versions: 0,
                runs: 0,
            },
        }
    }
}

impl Journal {
    /// Begins to prune, unless that was done within a day.
    pub fn pruning_if_due(&mut self, now: Timestamp) -> Result<Option<Pruning>, JournalError> {
        let (scope, name) = PRUNED;
        let last: Option<Timestamp> = self.fact(scope, name)?.and_then(|last| last.parse().ok());
        let day = SignedDuration::from_hours(24);
        // A clock that went back does not put it off for ever.
        if last.is_some_and(|last| now.duration_since(last).abs() < day) {
            return Ok(None);
        }
        // First, so that of many processes one does it.
        self.learn(scope, name, &now.to_string())?;
        Ok(Some(Pruning::new(now)))
    }

    /// Prunes for about `limit`; what is left then is for whoever looks next.
    pub fn prune_for(&mut self, mut pruning: Pruning, limit: Duration) -> Result<(), JournalError> {
        let start = Instant::now();
        while self.prune_step(&mut pruning)? {
            if start.elapsed() >= limit {
                let (scope, name) = PRUNED;
                return self.learn(scope, name, "not done");
            }
        }
        Ok(())
    }

    /// Lets go of what has been kept long enough, and gives its space back.
    pub fn prune(&mut self, now: Timestamp) -> Result<Pruned, JournalError> {
        let mut pruning = Pruning::new(now);
        while self.prune_step(&mut pruning)? {}
        Ok(pruning.pruned)
    }

    /// Takes one step of it; false when nothing is left to do.
    pub fn prune_step(&mut self, pruning: &mut Pruning) -> Result<bool, JournalError> {
        let kept = SignedDuration::from_hours(24 * KEPT_BUFFER_DAYS);
        let oldest = pruning.now.saturating_sub(kept);
        let oldest = oldest.unwrap_or(Timestamp::MIN);
        let (now, part) = (pruning.now, pruning.part);
        let gone = match part {
            Part::Buffers => self.write(|db| drop_older(db, "buffers", "kept", oldest))?,
            Part::Forms => self.write(|db| drop_older(db, "forms", "at", oldest))?,
            Part::Parts => self.write(|db| drop_older(db, "parts", "at", oldest))?,
            Part::Orphans => self.write(|db| versions::drop_orphans(db, oldest, ROWS))?,
            Part::Thinning => self.write(|db| versions::thin(db, now, ROWS))?,
            Part::OldestVersions => {
                self.write(|db| versions::drop_oldest(db, MAX_VERSION_BYTES, ROWS))?
            }
            Part::ManyRuns => self.write(|db| drop_many(db, MAX_RUNS))?,
            Part::Weighing => {
                let weighed = &mut pruning.weighed;
                self.read(|db| weigh(db, MAX_RUN_BYTES, weighed))?
            }
            Part::HeavyRuns => {
                let surplus = pruning.weighed.surplus;
                self.write(|db| drop_surplus(db, surplus))?
            }
            Part::Space => self.give_space_back()?,
            Part::Done => return Ok(false),
        };
        let count = match part {
            Part::Buffers => &mut pruning.pruned.buffers,
            Part::Orphans | Part::Thinning | Part::OldestVersions => &mut pruning.pruned.versions,
            Part::ManyRuns | Part::HeavyRuns => &mut pruning.pruned.runs,
            Part::Forms | Part::Parts | Part::Weighing | Part::Space | Part::Done => &mut 0,
        };
        *count += gone;
        // A step that was not full leaves nothing of its part.
        if part == Part::Space && gone == 0 || part != Part::Space && gone < ROWS {
            pruning.part = part.next();
        }
        Ok(pruning.part != Part::Done)
    }

    /// Gives some free pages back; answers how many.
    fn give_space_back(&self) -> Result<usize, JournalError> {
        self.read(|db| {
            let free = || -> rusqlite::Result<usize> {
                let count =
                    db.pragma_query_value(None, "freelist_count", |row| row.get::<_, i64>(0))?;
                Ok(usize::try_from(count).unwrap_or(0))
            };
            let before = free()?;
            if before == 0 {
                return Ok(0);
            }
            // Every step of the statement gives one page back.
            let mut vacuum = db.prepare(&format!("PRAGMA incremental_vacuum({PAGES})"))?;
            let mut pages = vacuum.query([])?;
            while pages.next()?.is_some() {}
            Ok(before.saturating_sub(free()?))
        })
    }
}

/// Deletes some rows of a table whose moment lies before `oldest`.
fn drop_older(
    db: &Connection,
    table: &str,
    column: &str,
    oldest: Timestamp,
) -> rusqlite::Result<usize> {
    let sql = format!(
        "DELETE FROM {table} WHERE number IN (
            SELECT number FROM {table} WHERE {column} < ?1 LIMIT ?2)"
    );
    db.execute(&sql, params![oldest.as_millisecond(), length(ROWS)])
}

/// Deletes some of the runs beyond the newest so many; those with a star stay.
fn drop_many(db: &Connection, most: i64) -> rusqlite::Result<usize> {
    db.execute(
        "DELETE FROM runs WHERE number IN (
            SELECT number FROM runs WHERE number <= (SELECT max(number) FROM runs) - ?1
                AND starred IS NULL
            ORDER BY number LIMIT ?2)",
        params![most, length(ROWS)],
    )
}

/// Weighs some more runs, until they are more than `limit` together. Returns how many it weighed.
pub(super) fn weigh(db: &Connection, limit: u64, weighed: &mut Weighed) -> rusqlite::Result<usize> {
    let mut some = db.prepare_cached(
        "SELECT number, octet_length(text) + octet_length(user) + octet_length(examples)
            + octet_length(brief) + coalesce(octet_length(system), 0)
            + coalesce(octet_length(thoughts), 0)
            + (SELECT coalesce(sum(octet_length(pieces.text)), 0)
                FROM pieces WHERE pieces.run = runs.number) AS bytes
        FROM runs WHERE ?1 IS NULL OR number < ?1 ORDER BY number DESC LIMIT ?2",
    )?;
    let mut rows = some.query(params![weighed.to, length(ROWS)])?;
    let mut count = 0;
    while let Some(row) = rows.next()? {
        count += 1;
        let number = row.get("number")?;
        weighed.to = Some(number);
        weighed.bytes = weighed
            .bytes
            .saturating_add(super::column::count(row, "bytes")?);
        if weighed.bytes > limit {
            weighed.surplus = Some(number);
            return Ok(0);
        }
    }
    Ok(count)
}

/// Deletes some of the oldest runs up to the newest that is too much; the newest of all stays,
/// and those with a star.
pub(super) fn drop_surplus(db: &Connection, surplus: Option<i64>) -> rusqlite::Result<usize> {
    db.execute(
        "DELETE FROM runs WHERE number IN (
            SELECT number FROM runs WHERE number <= ?1 AND number < (SELECT max(number) FROM runs)
                AND starred IS NULL
            ORDER BY number LIMIT ?2)",
        params![surplus, length(ROWS)],
    )
}
