//! Unsaved work: what stands in an editor and in no file yet, as a snapshot and its changes.
//!
//! A change costs one small row, whatever the size of the text. When changes have piled up, the
//! next one folds them into a new snapshot. A buffer belongs to a session; whether that session
//! still lives is for its owner to find out.

use super::column::{
    count, from_json, id, json, maybe_text, maybe_time, number, path, path_of, text, time,
};
use super::{Journal, JournalError};
use crate::domain::draft::Provenance;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use uuid::Uuid;

/// Changes after which a new snapshot is written.
const MAX_PATCHES: u64 = if cfg!(test) { 8 } else { 500 };
/// Bytes of changes, beyond the size of the snapshot itself, after which a new one is written.
const MAX_PATCH_BYTES: u64 = 256 * 1024;

/// Identifies a buffer for as long as it is unsaved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct BufferId(pub Uuid);

/// Identifies one process of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SessionId(pub Uuid);

impl fmt::Display for BufferId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// Unsaved text and what belongs to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Buffer {
    /// The buffer.
    pub id: BufferId,
    /// The process that has it open.
    pub session: SessionId,
    /// The file that it belongs to; `None` until it is first saved.
    pub path: Option<PathBuf>,
    /// Content hash of that file as it was read or last written.
    pub base: Option<String>,
    /// Where the text came from, if a run made it.
    pub provenance: Option<Provenance>,
    /// Name of the template.
    pub template: Option<String>,
    /// Title, to be told by.
    pub title: String,
    /// Where the cursor stands, in bytes from the start.
    pub cursor: u64,
    /// When it last changed.
    pub at: Timestamp,
    /// The whole text.
    pub text: String,
}

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

/// A buffer as the journal has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    /// The buffer, with every change applied.
    pub buffer: Buffer,
    /// When a person put it off for later, if that is so.
    pub kept: Option<Timestamp>,
}

/// Who has a buffer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Holder {
    /// The process that has it open, or had it.
    pub session: SessionId,
    /// When a person put it off for later, if that is so.
    pub kept: Option<Timestamp>,
}

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
    const fn is_full(&self) -> bool {
        self.steps >= MAX_PATCHES || self.weight > self.snapshot + MAX_PATCH_BYTES
    }
}

impl Journal {
    /// Keeps a buffer as it stands, in place of what was kept of it.
    pub fn put_buffer(&mut self, buffer: &Buffer) -> Result<(), JournalError> {
        self.jot(|db| {
            let number: i64 = db
                .prepare_cached(
                    "INSERT INTO buffers
                        (id, session, path, base, provenance, template, title, cursor, at, text)
                    VALUES (:id, :session, :path, :base, :provenance, :template, :title, :cursor,
                        :at, :text)
                    ON CONFLICT (id) DO UPDATE SET session = excluded.session,
                        path = excluded.path, base = excluded.base,
                        provenance = excluded.provenance, template = excluded.template,
                        title = excluded.title, cursor = excluded.cursor, at = excluded.at,
                        text = excluded.text, kept = NULL
                    RETURNING number",
                )?
                .query_row(
                    named_params! {
                        ":id": buffer.id.to_string(),
                        ":session": buffer.session.to_string(),
                        ":path": buffer.path.as_deref().map(path),
                        ":base": buffer.base,
                        ":provenance": buffer.provenance.as_ref().map(|origin| json(&plain(origin))),
                        ":template": buffer.template,
                        ":title": buffer.title,
                        ":cursor": number(buffer.cursor),
                        ":at": buffer.at.as_millisecond(),
                        ":text": buffer.text,
                    },
                    |row| row.get(0),
                )?;
            forget_patches(db, number)
        })
    }

    /// Keeps one change of a buffer. One that reaches beyond the end of the text is an error:
    /// then put the whole buffer.
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
            if standing.is_full() {
                fold(db, standing.number)?;
                (standing.steps, standing.weight) = (0, 0);
            }
            let inserted = patch.inserted.len() as u64;
            db.prepare_cached(
                "INSERT INTO patches
                    (buffer, step, start, removed, inserted, length, weight, cursor, at)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            )?
            .execute(params![
                standing.number,
                number(standing.steps + 1),
                number(start),
                number(removed),
                patch.inserted,
                number(start + inserted + rest),
                number(standing.weight + inserted),
                number(patch.cursor),
                patch.at.as_millisecond(),
            ])?;
            Ok(Ok(()))
        })?
    }

    /// Every buffer with its text, of all sessions; the newest first.
    pub fn buffers(&self) -> Result<Vec<Kept>, JournalError> {
        self.read(|db| {
            let mut list = db.prepare_cached("SELECT * FROM buffers")?;
            let rows = list.query_map([], |row| Ok((row.get("number")?, kept(row)?)))?;
            let mut all = Vec::new();
            for row in rows {
                let (number, mut kept) = row?;
                apply_patches(db, number, &mut kept.buffer)?;
                all.push(kept);
            }
            all.sort_by_key(|kept| std::cmp::Reverse(kept.buffer.at));
            Ok(all)
        })
    }

    /// Who has a buffer; `None` when it is not kept any more.
    pub fn buffer_holder(&self, id: BufferId) -> Result<Option<Holder>, JournalError> {
        self.read(|db| {
            db.prepare_cached("SELECT session, kept FROM buffers WHERE id = ?1")?
                .query_row([id.to_string()], |row| {
                    Ok(Holder {
                        session: SessionId(super::column::id(row, "session")?),
                        kept: maybe_time(row, "kept")?,
                    })
                })
                .optional()
        })
    }

    /// Hands a buffer from one holder to another. False when `from` does not have it any more:
    /// then nothing is changed.
    pub fn hand_buffer(
        &mut self,
        id: BufferId,
        from: Holder,
        to: Holder,
    ) -> Result<bool, JournalError> {
        let moment = |kept: Option<Timestamp>| kept.map(Timestamp::as_millisecond);
        self.write(|db| {
            let changed = db
                .prepare_cached(
                    "UPDATE buffers SET session = ?4, kept = ?5
                    WHERE id = ?1 AND session = ?2 AND kept IS ?3",
                )?
                .execute(params![
                    id.to_string(),
                    from.session.to_string(),
                    moment(from.kept),
                    to.session.to_string(),
                    moment(to.kept),
                ])?;
            Ok(changed > 0)
        })
    }

    /// Lets go of a buffer: it was saved, or thrown away.
    pub fn drop_buffer(&mut self, id: BufferId) -> Result<(), JournalError> {
        self.write(|db| {
            db.prepare_cached("DELETE FROM buffers WHERE id = ?1")?
                .execute([id.to_string()])
                .map(drop)
        })
    }

    /// Lets go of what a session has open, at its clean end. What was put off stays.
    pub fn drop_session(&mut self, session: SessionId) -> Result<(), JournalError> {
        self.write(|db| {
            db.prepare_cached("DELETE FROM buffers WHERE session = ?1 AND kept IS NULL")?
                .execute([session.to_string()])
                .map(drop)
        })
    }

    /// Puts a buffer off: it stays for [`KEPT_BUFFER_DAYS`](super::KEPT_BUFFER_DAYS) from now.
    pub fn keep_for_later(&mut self, id: BufferId, now: Timestamp) -> Result<(), JournalError> {
        let found = self.write(|db| {
            db.prepare_cached("UPDATE buffers SET kept = ?2 WHERE id = ?1")?
                .execute(params![id.to_string(), now.as_millisecond()])
        })?;
        if found > 0 {
            return Ok(());
        }
        Err(JournalError::Missing {
            what: "buffer",
            id: id.to_string(),
        })
    }
}

/// A provenance that JSON can hold.
fn plain(origin: &Provenance) -> Provenance {
    let values = origin.brief.iter();
    let brief = values.map(|(name, value)| (name, super::column::plain(value)));
    Provenance {
        brief: brief.collect(),
        ..origin.clone()
    }
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

fn forget_patches(db: &Connection, buffer: i64) -> rusqlite::Result<()> {
    db.prepare_cached("DELETE FROM patches WHERE buffer = ?1")?
        .execute([buffer])
        .map(drop)
}

/// Applies the changes of a buffer in their order, up to the first that a damaged journal lost:
/// those after it would change another text.
fn apply_patches(db: &Connection, number: i64, buffer: &mut Buffer) -> rusqlite::Result<()> {
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

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let buffer = Buffer {
        id: BufferId(id(row, "id")?),
        session: SessionId(id(row, "session")?),
        path: path_of(row, "path")?,
        base: maybe_text(row, "base")?,
        provenance: from_json(row, "provenance")?,
        template: maybe_text(row, "template")?,
        title: text(row, "title")?,
        cursor: count(row, "cursor")?,
        at: time(row, "at")?,
        text: text(row, "text")?,
    };
    let kept = maybe_time(row, "kept")?;
    Ok(Kept { buffer, kept })
}
