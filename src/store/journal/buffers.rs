//! Unsaved work: what stands in an editor and in no file yet, as a snapshot and its changes.
//!
//! A buffer belongs to a session; whether that session still lives is for its owner to find out.
//! The changes themselves are the business of `patches`.

use super::column::{
    count, from_json, id, json, maybe_text, maybe_time, number, path, path_of, text, time,
};
use super::patches::{append, apply_patches, forget_patches};
use super::{Journal, JournalError};
use crate::domain::draft::Provenance;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::path::PathBuf;
use uuid::Uuid;

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

impl Journal {
    /// Keeps a buffer as it stands, in place of what was kept of it.
    pub fn put_buffer(&mut self, buffer: &Buffer) -> Result<(), JournalError> {
        self.put_buffer_and(buffer, std::iter::empty())
    }

    /// The same for a buffer that has only the beginning of its text; `rest` is the rest, in pieces,
    /// so that nobody needs the whole of a long one at once.
    pub fn put_buffer_and(
        &mut self,
        buffer: &Buffer,
        rest: impl Iterator<Item = String>,
    ) -> Result<(), JournalError> {
        self.jot(|db| {
            let number = put(db, buffer)?;
            forget_patches(db, number)?;
            append(db, number, buffer, rest)
        })
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

/// Writes the row of a buffer; returns its number.
fn put(db: &Connection, buffer: &Buffer) -> rusqlite::Result<i64> {
    db.prepare_cached(
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
    )
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

pub(super) fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
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
