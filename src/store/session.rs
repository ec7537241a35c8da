//! Sessions: which studios are at work right now.
//!
//! Each studio holds a kernel lock on a small file of its own. The kernel lets go of it however
//! the studio ends, so nothing is ever left to clean by hand. Never waits for a lock.

use super::StoreError;
use super::journal::SessionId;
use super::paths::Paths;
use std::fs::{self, File, OpenOptions, TryLockError};
use std::path::PathBuf;

/// A studio at work. Dropping it says that it is over.
#[derive(Debug)]
pub struct Session {
    /// Names it in the journal.
    pub id: SessionId,
    file: PathBuf,
    /// Holds the lock.
    _held: File,
}

impl Session {
    /// Begins a session.
    pub fn begin(paths: &Paths, id: SessionId) -> Result<Self, StoreError> {
        let file = place(paths, id);
        let fail = |cause| StoreError::write(&file, cause);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder).map_err(fail)?;
        }
        let held = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&file)
            .map_err(fail)?;
        held.try_lock().map_err(|refused| {
            fail(match refused {
                TryLockError::Error(cause) => cause,
                TryLockError::WouldBlock => std::io::ErrorKind::ResourceBusy.into(),
            })
        })?;
        Ok(Self {
            id,
            file,
            _held: held,
        })
    }

    /// True when no studio holds the session any more. Removes what it left.
    pub fn is_over(paths: &Paths, id: SessionId) -> bool {
        let place = place(paths, id);
        // Opened for writing as well, so that no planted pipe can hold us up.
        let Ok(file) = OpenOptions::new().read(true).write(true).open(&place) else {
            return true;
        };
        let over = file.try_lock_shared().is_ok();
        if over {
            // Another studio may have been faster.
            let _gone = fs::remove_file(&place);
        }
        over
    }
}

/// A session that was begun, as its file shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Its file.
    pub path: PathBuf,
    /// Whether anybody holds it.
    pub state: State,
}

/// Whether anybody holds a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A studio or a run is at work.
    Alive,
    /// It was killed, and nobody has cleaned up since.
    Left,
}

/// Every session that there is a file of, by path. Removes nothing.
pub fn traces(paths: &Paths) -> Vec<Trace> {
    let mut found = Vec::new();
    let folder = fs::read_dir(paths.state.join("sessions"));
    for entry in folder.into_iter().flatten().flatten() {
        let path = entry.path();
        // Opened for writing as well, so that no planted pipe can hold us up.
        let file = OpenOptions::new().read(true).write(true).open(&path);
        if let Ok(file) = file {
            let state = match file.try_lock_shared() {
                Ok(()) => State::Left,
                Err(_) => State::Alive,
            };
            found.push(Trace { path, state });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

impl Drop for Session {
    fn drop(&mut self) {
        // Left over, the file would be seen as of a session that is over: the lock goes with us.
        let _gone = fs::remove_file(&self.file);
    }
}

fn place(paths: &Paths, id: SessionId) -> PathBuf {
    paths.state.join("sessions").join(format!("{id}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use uuid::Uuid;

    #[test]
    fn a_session_is_over_when_nobody_holds_it() {
        let home = tempfile::tempdir().unwrap();
        let root = OsString::from(home.path());
        let lookup = |name: &str| (name == "COPYDESK_HOME").then(|| root.clone());
        let paths = Paths::resolve(&lookup, None).unwrap();
        let id = SessionId(Uuid::from_u128(1));
        assert!(Session::is_over(&paths, id));
        assert_eq!(traces(&paths), []);
        let session = Session::begin(&paths, id).unwrap();
        assert!(!Session::is_over(&paths, id));
        assert_eq!(traces(&paths)[0].state, State::Alive);
        assert!(Session::begin(&paths, id).is_err());
        // What a killed studio leaves: the file without a lock on it.
        let left = session.file.clone();
        drop(session);
        File::create(&left).unwrap();
        assert_eq!(traces(&paths)[0].state, State::Left);
        assert!(Session::is_over(&paths, id));
        assert!(!left.exists());
    }
}
