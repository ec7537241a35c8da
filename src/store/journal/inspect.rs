//! Inspection: what state a journal is in, seen without mending or changing any of it.

use super::fault::is_damage;
use super::place::{Found, Place};
use super::{Journal, JournalError, connect, findings, look_through, schema};
use std::path::{Path, PathBuf};

/// What state a journal is in.
#[derive(Debug)]
pub enum Health {
    /// There is none; the next start makes one.
    Absent,
    /// Every page of it can be read.
    Sound,
    /// An earlier version wrote it, with this schema; the next start brings it up to date.
    Older(i64),
    /// A later version wrote it, with this schema; this one leaves it alone.
    Newer(i64),
    /// What is wrong with it.
    Damaged(Vec<String>),
    /// It cannot be looked at.
    Unusable(JournalError),
}

/// What was found where a journal should be.
#[derive(Debug)]
pub struct Inspection {
    /// Its state.
    pub health: Health,
    /// Bytes of the journal and its log.
    pub bytes: u64,
    /// Earlier ones that were damaged and set aside, with their bytes.
    pub set_aside: Vec<(PathBuf, u64)>,
}

impl Journal {
    /// Looks at the journal at a path, all of it. Slow.
    pub fn inspect(path: &Path) -> Inspection {
        let Some(place) = Place::existing(path) else {
            return Inspection {
                health: Health::Absent,
                bytes: 0,
                set_aside: Vec::new(),
            };
        };
        Inspection {
            health: health(&place).unwrap_or_else(Health::Unusable),
            bytes: place.bytes(),
            set_aside: place.set_aside(),
        }
    }
}

fn health(place: &Place) -> Result<Health, JournalError> {
    match place.look()? {
        Found::Nothing => return Ok(Health::Absent),
        Found::Unusable(why) | Found::OddCompanion(_, why) => {
            return Ok(Health::Damaged(vec![why]));
        }
        Found::File => {}
    }
    match examined(place) {
        Err(cause) if is_damage(&cause) => Ok(Health::Damaged(vec![cause.to_string()])),
        other => other.map_err(|cause| JournalError::of(&place.file, cause)),
    }
}

fn examined(place: &Place) -> rusqlite::Result<Health> {
    let db = connect(place)?;
    let found = schema::version(&db)?;
    if found > schema::CURRENT {
        return Ok(Health::Newer(found));
    }
    if found <= 0 {
        schema::expect_empty(&db)?;
        return Ok(Health::Older(0));
    }
    let wrong = findings(&db)?;
    if !wrong.is_empty() {
        return Ok(Health::Damaged(wrong));
    }
    if found < schema::CURRENT {
        return Ok(Health::Older(found));
    }
    look_through(place, &db)?;
    Ok(Health::Sound)
}
