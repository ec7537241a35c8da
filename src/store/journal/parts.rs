//! Parts of drafts whose new text is not decided about: where each is, and what it may become.
//!
//! The text itself is the run's; this only says what is to be done with it. A row goes when all of
//! it is decided, or after [`KEPT_BUFFER_DAYS`](super::KEPT_BUFFER_DAYS) in which nobody did.

use super::column::{count, id, length, maybe_text, path, path_of, text};
use super::runs::{Run, whole};
use super::{Journal, JournalError, SessionId};
use crate::domain::refine::Place;
use crate::domain::run::RunId;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, Row, named_params, params};
use std::path::PathBuf;
use uuid::Uuid;

/// A part that waits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WaitingPart {
    /// The run that rewrites it.
    pub run: RunId,
    /// What the versions of its draft go by.
    pub draft: String,
    /// What its unsaved text goes by.
    pub document: Uuid,
    /// The file of the draft, once it has one.
    pub path: Option<PathBuf>,
    /// What is done with it, as the list of verbs calls it.
    pub title: String,
    /// Where it is.
    pub place: Place,
    /// What it may become, once the answer is there, without what was turned down of that.
    pub target: Option<String>,
}

/// The same with its run, as the journal has it.
#[derive(Debug, Clone, PartialEq)]
pub struct KeptPart {
    /// The part.
    pub part: WaitingPart,
    /// The session that has it.
    pub session: SessionId,
    /// The run.
    pub run: Run,
    /// Something of it was accepted.
    pub used: bool,
}

impl Journal {
    /// Keeps a part that waits, in place of what was known of it.
    pub fn put_part(
        &mut self,
        part: &WaitingPart,
        session: SessionId,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.jot(|db| {
            db.prepare_cached(
                "INSERT INTO parts (run, session, at, draft, document, path, title, start, whole,
                    text, target)
                VALUES (:run, :session, :at, :draft, :document, :path, :title, :start, :whole,
                    :text, :target)
                ON CONFLICT (run) DO UPDATE SET session = excluded.session, at = excluded.at,
                    draft = excluded.draft, document = excluded.document, path = excluded.path,
                    start = excluded.start, whole = excluded.whole, text = excluded.text,
                    target = excluded.target",
            )?
            .execute(named_params! {
                ":run": part.run.to_string(),
                ":session": session.to_string(),
                ":at": at.as_millisecond(),
                ":draft": part.draft,
                ":document": part.document.to_string(),
                ":path": part.path.as_deref().map(path),
                ":title": part.title,
                ":start": length(part.place.start),
                ":whole": length(part.place.whole),
                ":text": part.place.text,
                ":target": part.target,
            })
            .map(drop)
        })
    }

    /// Lets go of a part: all of it is decided.
    pub fn drop_part(&mut self, run: RunId) -> Result<(), JournalError> {
        self.jot(|db| {
            db.prepare_cached("DELETE FROM parts WHERE run = ?1")?
                .execute([run.to_string()])
                .map(drop)
        })
    }

    /// The part that a run rewrites, if it waits.
    pub fn part(&self, run: RunId) -> Result<Option<WaitingPart>, JournalError> {
        self.read(|db| {
            db.prepare_cached("SELECT * FROM parts WHERE run = ?1")?
                .query_row([run.to_string()], waiting)
                .optional()
        })
    }

    /// The parts that wait in a draft that goes by any of these names, oldest first.
    pub fn parts(&self, names: &[String]) -> Result<Vec<KeptPart>, JournalError> {
        self.read(|db| {
            let mut some = db.prepare_cached(
                "SELECT parts.*, runs.used IS NOT NULL AS taken
                FROM parts JOIN runs ON runs.id = parts.run
                WHERE parts.draft = ?1 OR parts.document = ?1 ORDER BY parts.number",
            )?;
            let mut all: Vec<KeptPart> = Vec::new();
            for name in names {
                let rows = some.query_map([name], |row| {
                    let session = SessionId(id(row, "session")?);
                    Ok((waiting(row)?, session, row.get::<_, bool>("taken")?))
                })?;
                for row in rows {
                    let (part, session, used) = row?;
                    if all.iter().any(|known| known.part.run == part.run) {
                        continue;
                    }
                    all.extend(whole(db, part.run)?.map(|run| KeptPart {
                        part,
                        session,
                        run,
                        used,
                    }));
                }
            }
            Ok(all)
        })
    }

    /// Hands a part to a session. False when `from` does not have it any more.
    pub fn hand_part(
        &mut self,
        run: RunId,
        from: SessionId,
        to: SessionId,
    ) -> Result<bool, JournalError> {
        let changed = self.write(|db| {
            db.prepare_cached("UPDATE parts SET session = ?3 WHERE run = ?1 AND session = ?2")?
                .execute(params![run.to_string(), from.to_string(), to.to_string()])
        })?;
        Ok(changed > 0)
    }
}

fn waiting(row: &Row<'_>) -> rusqlite::Result<WaitingPart> {
    let size = |column| count(row, column).map(|count| usize::try_from(count).unwrap_or(0));
    Ok(WaitingPart {
        run: RunId(id(row, "run")?),
        draft: text(row, "draft")?,
        document: id(row, "document")?,
        path: path_of(row, "path")?,
        title: text(row, "title")?,
        place: Place {
            start: size("start")?,
            text: text(row, "text")?,
            whole: size("whole")?,
        },
        target: maybe_text(row, "target")?,
    })
}
