//! The changes of unsaved work since its snapshot.
//!
//! A change costs one small row, whatever the size of the text. When changes have piled up, the
//! next one folds them into a new snapshot, unless the text is a long one: that has its pieces
//! among the changes, and is put anew. Never decides what is kept, or for how long.

use super::buffers::{Buffer, BufferId, kept};
use super::column::{count, number, text, time};
use super::{Journal, JournalError};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

/// Changes after which a new snapshot is written.
const MAX_PATCHES: u64 = if cfg!(test) { 8 } else { 500 };
/// Bytes of changes, beyond the size of the snapshot itself, after which a new one is written.
const MAX_PATCH_BYTES: u64 = 256 * 1024;

/// One change of a buffer's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patch<'a> {
    /// Where, in bytes from the start of the text.
    pub start: u64,
    /// How many bytes go.
    pub removed: u64,
    /// What comes in their place.
    pub inserted: &'a str,
    /// Where the cursor stands afterwards.
    pub cursor: u64,
    /// When.
    pub at: Timestamp,
}

/// Bytes of the longest text that is folded: it has to be in memory for that.
const LONG: u64 = 512 * 1024;

/// Where a buffer stands before its next change.
struct Standing {
    number: i64,
    /// Changes since the snapshot.
    steps: u64,
    /// Bytes of the text, with every change.
    length: u64,
    /// Bytes that the changes take.
    weight: u64,
    /// Bytes of the snapshot.
    snapshot: u64,
}

impl Standing {
    const fn is_long(&self) -> bool {
        self.length > LONG
    }

    const fn is_full(&self) -> bool {
        // The snapshot of a long text is only its beginning.
        let written = if self.is_long() {
            self.length
        } else {
            self.snapshot
        };
        self.steps >= MAX_PATCHES || self.weight > written + MAX_PATCH_BYTES
    }
}

impl Journal {
    /// Keeps one change of a buffer. One that reaches beyond the end of the text is an error, and
    /// so is one that would have to fold a long text: then put the whole buffer.
    pub fn patch_buffer(&mut self, id: BufferId, patch: &Patch<'_>) -> Result<(), JournalError> {
        let (start, removed) = (patch.start, patch.removed);
        self.jot(|db| {
            let Some(mut standing) = standing(db, id)? else {
                return Ok(Err(JournalError::Missing {
                    what: "buffer",
                    id: id.to_string(),
                }));
            };
            let rest = standing.length.checked_sub(start);
            let Some(rest) = rest.and_then(|rest| rest.checked_sub(removed)) else {
                return Ok(Err(JournalError::BeyondEnd {
                    id: id.to_string(),
                    length: standing.length,
                }));
            };
            if standing.is_full() && standing.is_long() {
                return Ok(Err(JournalError::Full { id: id.to_string() }));
            }
            if standing.is_full() {
                fold(db, standing.number)?;
                (standing.steps, standing.weight) = (0, 0);
            }
            let inserted = patch.inserted.len() as u64;
            standing.steps += 1;
            standing.length = start + inserted + rest;
            standing.weight += inserted;
            add(db, &standing, patch).map(Ok)
        })?
    }
}

/// Adds the pieces that follow the beginning of a text. They weigh nothing: they are no changes.
pub(super) fn append(
    db: &Connection,
    number: i64,
    buffer: &Buffer,
    rest: impl Iterator<Item = String>,
) -> rusqlite::Result<()> {
    let snapshot = buffer.text.len() as u64;
    let mut standing = Standing {
        number,
        steps: 0,
        length: snapshot,
        weight: 0,
        snapshot,
    };
    for piece in rest {
        let start = standing.length;
        standing.steps += 1;
        standing.length += piece.len() as u64;
        let patch = Patch {
            start,
            removed: 0,
            inserted: &piece,
            cursor: buffer.cursor,
            at: buffer.at,
        };
        add(db, &standing, &patch)?;
    }
    Ok(())
}

/// Adds a change, which leads to where the buffer stands.
fn add(db: &Connection, after: &Standing, patch: &Patch<'_>) -> rusqlite::Result<()> {
    db.prepare_cached(
        "INSERT INTO patches
            (buffer, step, start, removed, inserted, length, weight, cursor, at)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?
    .execute(params![
        after.number,
        number(after.steps),
        number(patch.start),
        number(patch.removed),
        patch.inserted,
        number(after.length),
        number(after.weight),
        number(patch.cursor),
        patch.at.as_millisecond(),
    ])
    .map(drop)
}

fn standing(db: &Connection, id: BufferId) -> rusqlite::Result<Option<Standing>> {
    db.prepare_cached(
        "SELECT buffers.number AS number, octet_length(text) AS snapshot,
            coalesce(step, 0) AS steps, coalesce(length, octet_length(text)) AS length,
            coalesce(weight, 0) AS weight
        FROM buffers LEFT JOIN patches ON patches.buffer = buffers.number
        WHERE buffers.id = ?1 ORDER BY step DESC LIMIT 1",
    )?
    .query_row([id.to_string()], |row| {
        Ok(Standing {
            number: row.get("number")?,
            steps: count(row, "steps")?,
            length: count(row, "length")?,
            weight: count(row, "weight")?,
            snapshot: count(row, "snapshot")?,
        })
    })
    .optional()
}

/// Writes a snapshot of a buffer with its changes, and forgets them.
fn fold(db: &Connection, buffer: i64) -> rusqlite::Result<()> {
    let mut kept = db
        .prepare_cached("SELECT * FROM buffers WHERE number = ?1")?
        .query_row([buffer], kept)?;
    apply_patches(db, buffer, &mut kept.buffer)?;
    let Buffer {
        cursor, at, text, ..
    } = kept.buffer;
    db.prepare_cached("UPDATE buffers SET text = ?2, cursor = ?3, at = ?4 WHERE number = ?1")?
        .execute(params![buffer, text, number(cursor), at.as_millisecond()])?;
    forget_patches(db, buffer)
}

pub(super) fn forget_patches(db: &Connection, buffer: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM patches WHERE buffer = ?1")?
        .execute([buffer])
        .map(drop)
}

/// Applies the changes of a buffer in their order, up to the first that a damaged journal lost:
/// those after it would change another text.
pub(super) fn apply_patches(
    db: &Connection,
    number: i64,
    buffer: &mut Buffer,
) -> rusqlite::Result<()> {
    let mut patches = db.prepare_cached("SELECT * FROM patches WHERE buffer = ?1 ORDER BY step")?;
    let mut rows = patches.query([number])?;
    let mut whole = std::mem::take(&mut buffer.text).into_bytes();
    let mut next = 1;
    while let Some(row) = rows.next()? {
        let (start, removed) = (count(row, "start")?, count(row, "removed")?);
        let end = start.saturating_add(removed);
        if count(row, "step")? != next || end > whole.len() as u64 {
            break;
        }
        let inserted = text(row, "inserted")?;
        whole.splice(start as usize..end as usize, inserted.into_bytes());
        buffer.cursor = count(row, "cursor")?;
        buffer.at = time(row, "at")?;
        next += 1;
    }
    buffer.text = String::from_utf8(whole)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
    Ok(())
}
