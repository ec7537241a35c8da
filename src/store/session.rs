//! Sessions: which studios are at work right now.
//!
//! Each studio holds a kernel lock on a small file of its own. The kernel lets go of it however
//! the studio ends, so nothing is ever left to clean by hand. Never waits for a lock.

use super::StoreError;
use super::claim;
use super::journal::SessionId;
use super::lock::{self, Lock};
use super::paths::Paths;
use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

/// How long others may look whether a session was left over. Nobody else ever has the same one.
const PATIENCE: Duration = Duration::from_secs(2);

/// A studio or a run at work. Dropping it says that it is over.
#[derive(Debug)]
pub struct Session {
    /// Names it in the journal.
    pub id: SessionId,
    /// Is held until it is over.
    _lock: Lock,
}

impl Session {
    /// Begins a session, and removes what killed ones left.
    pub fn begin(paths: &Paths, id: SessionId) -> Result<Self, StoreError> {
        let place = place(paths, id);
        lock::sweep(&folder(paths));
        lock::sweep(&claim::folder(paths));
        let fail = |cause| StoreError::write(&place, cause);
        let taken = Lock::take(place.clone(), PATIENCE).map_err(fail)?;
        let lock = taken.ok_or_else(|| fail(ErrorKind::ResourceBusy.into()))?;
        Ok(Self { id, _lock: lock })
    }

    /// True when no studio holds the session any more. Removes what it left.
    pub fn is_over(paths: &Paths, id: SessionId) -> bool {
        lock::clear(&place(paths, id))
    }
}

/// A session that was begun, or a draft that was opened, as its file shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trace {
    /// Its file.
    pub path: PathBuf,
    /// Which of the two.
    pub of: Subject,
    /// Whether anybody holds it.
    pub state: State,
}

/// What a file with a lock is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// A studio or a run.
    Session,
    /// A draft in a studio.
    Draft,
}

/// Whether anybody holds such a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// A studio or a run that is at work does.
    Alive,
    /// Nobody: who did was killed, and nobody has cleaned up since.
    Left,
}

/// Every session and open draft that there is a file of, by path. Removes nothing.
pub fn traces(paths: &Paths) -> Vec<Trace> {
    let mut found = Vec::new();
    let folders = [
        (folder(paths), Subject::Session),
        (claim::folder(paths), Subject::Draft),
    ];
    for (folder, of) in folders {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            let path = entry.path();
            let state = match lock::is_held(&path) {
                Some(true) => State::Alive,
                Some(false) => State::Left,
                None => continue,
            };
            found.push(Trace { path, of, state });
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn folder(paths: &Paths) -> PathBuf {
    paths.state.join("sessions")
}

fn place(paths: &Paths, id: SessionId) -> PathBuf {
    folder(paths).join(format!("{id}.lock"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use uuid::Uuid;

    #[test]
    fn a_session_is_over_when_nobody_holds_it() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        let id = SessionId(Uuid::from_u128(1));
        assert!(Session::is_over(&paths, id));
        assert_eq!(traces(&paths), []);
        let session = Session::begin(&paths, id).unwrap();
        assert!(!Session::is_over(&paths, id));
        assert_eq!(traces(&paths)[0].state, State::Alive);
        assert!(Session::begin(&paths, id).is_err());
        // What a killed studio leaves: the file without a lock on it.
        let left = place(&paths, id);
        drop(session);
        assert!(!left.exists());
        File::create(&left).unwrap();
        assert_eq!(traces(&paths)[0].state, State::Left);
        assert!(Session::is_over(&paths, id));
        assert!(!left.exists());
    }

    #[test]
    fn whoever_begins_sweeps_what_killed_ones_left() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        let [one, two, left] = [1, 2, 3].map(|id| SessionId(Uuid::from_u128(id)));
        let alive = Session::begin(&paths, one).unwrap();
        File::create(place(&paths, left)).unwrap();
        let begun = Session::begin(&paths, two).unwrap();
        let states: Vec<_> = traces(&paths).iter().map(|trace| trace.state).collect();
        assert_eq!(states, [State::Alive; 2]);
        drop((alive, begun));
        assert_eq!(traces(&paths), []);
    }
}
