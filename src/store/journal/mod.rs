//! The journal: the local database of runs, versions, unsaved work and past values.
//!
//! One SQLite file, `journal.db`. What a call wrote is on disk when it returns, and any number of
//! processes may write at once. A damaged file is set aside, never deleted. Drafts never depend
//! on it, and every call blocks: it belongs on a thread of its own, not on the drawing one.

mod asked;
mod buffers;
mod column;
mod correction;
mod damage;
mod facts;
mod fault;
mod forms;
mod inspect;
mod opened;
mod parts;
mod patches;
mod place;
mod purpose;
mod retention;
mod runs;
mod schema;
mod spending;
mod stars;
mod story;
mod unused;
mod values;
mod versions;

pub use buffers::{Buffer, BufferId, Holder, Kept, SessionId};
pub use damage::{Salvaged, SetAside};
pub use fault::JournalError;
pub use forms::Form;
pub use inspect::{Health, Inspection};
pub use opened::Opened;
pub use parts::{KeptPart, WaitingPart};
pub use patches::Patch;
pub use purpose::Purpose;
pub use retention::{KEPT_BUFFER_DAYS, MAX_RUN_BYTES, MAX_RUNS, Pruned, Pruning};
pub use runs::{Ending, Listed, Outcome, Run, RunHeadline, RunRecord, Said};
pub use spending::{Spending, Try};
pub use story::Story;
pub use unused::Unused;
pub use values::Use;
pub use versions::{
    Cause, Checkpoint, MAX_VERSION_BYTES, RECENT_VERSIONS, Version, VersionHeadline, VersionId,
};

use fault::is_damage;
use place::{Found, Place};
use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, ffi};
use std::path::Path;
use std::time::Duration;

/// How long a write waits for other processes. Sixty-four of them take turns within a second or
/// two; losing a record is worse than waiting.
const PATIENCE: Duration = Duration::from_secs(15);
/// Size that the log is cut back to once it has been copied into the journal.
const LOG_BYTES: i64 = 4 * 1024 * 1024;
/// A log that may stay: reading it again at the next start takes no time that anyone notices.
const SMALL_LOG: u64 = 512 * 1024;

/// An open journal.
#[derive(Debug)]
pub struct Journal {
    db: Connection,
    place: Place,
    /// Tells the file that is open from another that got its name.
    identity: Option<(u64, u64)>,
    safety: Safety,
}

/// What a commit survives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Safety {
    /// The end of the process.
    Process,
    /// A power cut, too; the disk is waited for.
    Power,
}

impl Journal {
    /// Opens the journal at a path, which is made if it is missing.
    ///
    /// What cannot be a journal (a damaged file, a folder, a link) is set aside and a new one
    /// made with what could be read of it. One from a later version is an error and stays as it
    /// is.
    pub fn open(path: &Path) -> Result<Opened, JournalError> {
        let place = Place::prepare(path)?;
        // Another process may be replacing it right now: without the lock only success counts.
        if let Ok(Some(journal)) = Self::ready(&place) {
            return Ok(journal.into());
        }
        let _alone = place.lock()?;
        match Self::ready(&place)? {
            Some(journal) => Ok(journal.into()),
            None => Self::set_up(&place),
        }
    }

    /// Opens a journal again in which [damage](JournalError::Damaged) was met or which was
    /// [moved](JournalError::Moved). One that is damaged is set aside and a new one made with what
    /// could be read of it; put unsaved buffers again, their last changes may be missing.
    pub fn rebuild(self) -> Result<Opened, JournalError> {
        // The folder may be gone as well.
        let place = Place::prepare(&self.place.file)?;
        self.leave_as_is()?;
        let _alone = place.lock()?;
        let Some(journal) = Self::ready(&place)? else {
            return Self::set_up(&place);
        };
        let why = match journal.check() {
            Ok(findings) if findings.is_empty() => return Ok(journal.into()),
            Ok(findings) => findings.join("; "),
            Err(error) => error.failure().why,
        };
        journal.leave_as_is()?;
        damage::replace(&place, why)
    }

    /// Reads everything and tells what is wrong with it; nothing, as a rule. Slow.
    pub fn check(&self) -> Result<Vec<String>, JournalError> {
        self.read(findings)
    }

    /// Closes it at once. Its log, if that is small, is left for whoever closes it next: copying
    /// takes longer than everything else that a short command does.
    pub fn leave(self) -> Result<(), JournalError> {
        if self.place.log_bytes() > SMALL_LOG {
            return self.close();
        }
        self.leave_as_is()
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.place.file
    }

    /// Opens what is there and up to date; `None` when something must be done first.
    fn ready(place: &Place) -> Result<Option<Self>, JournalError> {
        if place.look()? != Found::File {
            return Ok(None);
        }
        let of = |cause| JournalError::of(&place.file, cause);
        let identity = place.identity();
        let opened = connect(place).and_then(|db| {
            // One look at one state; each query of its own would lock and unlock the file.
            let look = db.unchecked_transaction()?;
            let version = schema::version(&look)?;
            let mode: String = look.pragma_query_value(None, "journal_mode", |row| row.get(0))?;
            if version == schema::CURRENT && mode == "wal" {
                look_through(place, &look)?;
            }
            drop(look);
            Ok((db, version, mode))
        });
        match opened {
            Ok((_, found, _)) if found > schema::CURRENT => Err(JournalError::Newer {
                path: place.file.clone(),
                found,
                known: schema::CURRENT,
            }),
            Ok((db, schema::CURRENT, mode)) if mode == "wal" => {
                trust(&db).map_err(of)?;
                place.make_private()?;
                let journal = Self::at(place, db);
                // Another file may have got its name before it was opened, or after.
                Ok((journal.identity == identity).then_some(journal))
            }
            Ok(_) => Ok(None),
            Err(cause) if is_damage(&cause) => Ok(None),
            Err(cause) => Err(of(cause)),
        }
    }

    /// Makes the journal, brings it up to date, or replaces what cannot be one. Call with the
    /// lock held.
    fn set_up(place: &Place) -> Result<Opened, JournalError> {
        match place.look()? {
            Found::Unusable(why) => return damage::replace(place, why),
            Found::OddCompanion(name, why) => {
                let aside = SetAside {
                    path: place.move_companion(name, &damage::now())?,
                    why,
                    salvaged: Salvaged::default(),
                };
                // The other companion may be odd, too, and the journal damaged.
                let opened = Self::set_up(place)?;
                let set_aside = opened.set_aside.or(Some(aside));
                return Ok(Opened {
                    set_aside,
                    ..opened
                });
            }
            Found::Nothing => place.resume()?,
            Found::File => {}
        }
        match Self::make(place) {
            Ok(journal) => Ok(journal.into()),
            Err(JournalError::Damaged { cause, .. }) => damage::replace(place, cause.to_string()),
            Err(error) => Err(error),
        }
    }

    /// Makes a journal where there is none, or brings one up to date.
    fn make(place: &Place) -> Result<Self, JournalError> {
        let of = |cause| JournalError::of(&place.file, cause);
        place.create()?;
        place.make_private()?;
        let mut db = connect(place).map_err(of)?;
        if schema::version(&db).map_err(of)? <= 0 {
            schema::expect_empty(&db).map_err(of)?;
            // Pages that pruning frees are given back; this must stand before the first table.
            db.pragma_update(None, "auto_vacuum", "INCREMENTAL")
                .map_err(of)?;
        }
        // Some file systems cannot share memory; there SQLite keeps its older mode.
        db.pragma_update_and_check(None, "journal_mode", "WAL", |_| Ok(()))
            .map_err(of)?;
        schema::migrate(&mut db)
            .map_err(schema::as_damage)
            .and_then(|()| look_through(place, &db))
            .map_err(of)?;
        trust(&db).map_err(of)?;
        Ok(Self::at(place, db))
    }

    fn at(place: &Place, db: Connection) -> Self {
        let (identity, place) = (place.identity(), place.clone());
        Self {
            db,
            place,
            identity,
            safety: Safety::Power,
        }
    }

    /// Closes it with everything in one file.
    fn close(self) -> Result<(), JournalError> {
        let closed = self.db.close();
        closed.map_err(|(_, cause)| JournalError::of(&self.place.file, cause))
    }

    /// Closes it without copying its log into a file that is damaged.
    fn leave_as_is(self) -> Result<(), JournalError> {
        let set = self
            .db
            .set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true);
        set.map(drop).map_err(|cause| self.fault(cause))
    }

    /// Runs queries.
    fn read<T>(
        &self,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        work(&self.db).map_err(|cause| self.fault(cause))
    }

    /// A write that survives the end of the process at once, and a power cut once [`sync`] was
    /// called: for what comes several times a second, and would wait for the disk each time.
    ///
    /// [`sync`]: Self::sync
    fn jot<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        self.settle_for(Safety::Process)?;
        self.commit(work)
    }

    /// Says what the next commits survive. Each change of mind has SQLite read its statements anew.
    fn settle_for(&mut self, safety: Safety) -> Result<(), JournalError> {
        if self.safety == safety {
            return Ok(());
        }
        let word = match safety {
            Safety::Process => "NORMAL",
            Safety::Power => "FULL",
        };
        self.db
            .pragma_update(None, "synchronous", word)
            .map_err(|cause| self.fault(cause))?;
        self.safety = safety;
        Ok(())
    }

    /// Makes everything written so far survive a power cut. False when another process was in the
    /// way: then ask again.
    pub fn sync(&mut self) -> Result<bool, JournalError> {
        self.db
            .query_row("PRAGMA wal_checkpoint(PASSIVE)", [], |row| {
                let (busy, log, copied): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
                Ok(busy == 0 && copied >= log)
            })
            .map_err(|cause| self.fault(cause))
    }

    /// Runs statements of which either all or none happen, and which are on disk on return.
    fn write<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        self.settle_for(Safety::Power)?;
        self.commit(work)
    }

    fn commit<T>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, JournalError> {
        let (place, identity) = (&self.place, self.identity);
        let fault = |cause| JournalError::of(&place.file, cause);
        let step = self
            .db
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(fault)?;
        // What goes into a file that was moved or removed meanwhile would be lost.
        if place.identity() != identity {
            let path = place.file.clone();
            return Err(JournalError::Moved { path });
        }
        let made = work(&step).map_err(fault)?;
        step.commit().map_err(fault)?;
        Ok(made)
    }

    fn fault(&self, cause: rusqlite::Error) -> JournalError {
        JournalError::of(&self.place.file, cause)
    }
}

/// Opens the file, which must exist, without changing a byte of it or of its log.
fn connect(place: &Place) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_NOFOLLOW;
    let db = Connection::open_with_flags(&place.file, flags)?;
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    db.busy_timeout(PATIENCE)?;
    // SQLite falls back to this silently; every write would fail.
    if db.is_readonly("main")? {
        return Err(rusqlite::Error::SqliteFailure(
            ffi::Error::new(ffi::SQLITE_READONLY),
            Some("the file cannot be written to".to_owned()),
        ));
    }
    Ok(db)
}

/// Reads everything and tells what is wrong with it.
fn findings(db: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut check = db.prepare("PRAGMA integrity_check(20)")?;
    let findings = check.query_map([], |row| row.get(0))?;
    let mut findings: Vec<String> = findings.collect::<Result<_, _>>()?;
    findings.retain(|finding| finding != "ok");
    Ok(findings)
}

/// An error of damage, if there is some that shows at little cost.
fn look_through(place: &Place, db: &Connection) -> rusqlite::Result<()> {
    schema::touch(db).map_err(schema::as_damage)?;
    if place.is_cut_off(schema::bytes(db)?) {
        return Err(schema::no_journal("its end is missing"));
    }
    Ok(())
}

/// Readies a connection for work, once the journal has proved to be one of ours.
fn trust(db: &Connection) -> rusqlite::Result<()> {
    db.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false)?;
    db.pragma_update(None, "synchronous", "FULL")?;
    db.pragma_update(None, "foreign_keys", true)?;
    db.pragma_update(None, "trusted_schema", false)?;
    db.pragma_update(None, "cell_size_check", true)?;
    // This one answers with the new value.
    db.pragma_update_and_check(None, "journal_size_limit", LOG_BYTES, |_| Ok(()))?;
    db.set_prepared_statement_cache_capacity(32);
    Ok(())
}

#[cfg(test)]
mod tests;
