//! What can go wrong with the journal, as sentences with a path, a cause and a way out.
//!
//! None of these costs a draft: drafts never depend on the journal, and the program runs on
//! without one.

use crate::domain::failure::{Failure, FailureKind};
use rusqlite::ErrorCode;
use std::io;
use std::path::{Path, PathBuf};

/// An error of the journal. Its text names the path and ends with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.failure())]
pub enum JournalError {
    /// The file or its folder could not be made ready.
    Prepare {
        /// Which file or folder.
        path: PathBuf,
        /// The operating system's words.
        #[source]
        cause: io::Error,
    },
    /// A later version of the program wrote it; it was left as it is.
    Newer {
        /// The journal.
        path: PathBuf,
        /// Its schema.
        found: i64,
        /// The latest schema that this program knows.
        known: i64,
    },
    /// Something in it cannot be read. [`Journal::rebuild`](super::Journal::rebuild) mends it.
    Damaged {
        /// The journal.
        path: PathBuf,
        /// SQLite's words.
        #[source]
        cause: rusqlite::Error,
    },
    /// Another process set it aside, or someone moved or removed it, while it was open. Nothing
    /// was written. [`Journal::rebuild`](super::Journal::rebuild) opens the one that is there.
    Moved {
        /// Where it was.
        path: PathBuf,
    },
    /// Other processes kept it locked for longer than anyone should wait.
    Busy {
        /// The journal.
        path: PathBuf,
    },
    /// There is no such entry.
    Missing {
        /// `unfinished run` or `buffer`.
        what: &'static str,
        /// The id that was asked for.
        id: String,
    },
    /// A patch reaches beyond the end of its text; nothing of it was kept.
    BeyondEnd {
        /// The buffer.
        id: String,
        /// Bytes in its text.
        length: u64,
    },
    /// Changes have piled up on a long text; nothing of this one was kept.
    Full {
        /// The buffer.
        id: String,
    },
    /// Anything else that SQLite refused.
    Refused {
        /// The journal.
        path: PathBuf,
        /// SQLite's words.
        #[source]
        cause: rusqlite::Error,
    },
}

impl JournalError {
    /// A failed call of the operating system at a path.
    pub(super) fn prepare(path: &Path, cause: io::Error) -> Self {
        Self::Prepare {
            path: path.to_owned(),
            cause,
        }
    }

    /// What an error of SQLite means for the journal at `path`.
    pub(super) fn of(path: &Path, cause: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if is_damage(&cause) {
            return Self::Damaged { path, cause };
        }
        match cause.sqlite_error_code() {
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy { path },
            _ => Self::Refused { path, cause },
        }
    }

    /// The same for `app` and `view`.
    pub fn failure(&self) -> Failure {
        let told = |what: &str, path: &Path| {
            Failure::new(FailureKind::Other, format!("{what} {}", path.display()))
        };
        match self {
            Self::Prepare { path, cause } => told("cannot keep the journal:", path)
                .why(cause.to_string())
                .advice("check the folder and its permissions; drafts are saved all the same"),
            Self::Newer { path, found, known } => told("cannot use the journal", path)
                .why(format!(
                    "a later version of Copydesk wrote it (schema {found}, known up to {known})"
                ))
                .advice("update Copydesk; until then nothing is journaled"),
            Self::Damaged { path, cause } => told("the journal is damaged:", path)
                .why(cause.to_string())
                .advice("start Copydesk again; it sets the file aside and saves what it can"),
            Self::Moved { path } => told("the journal is gone:", path)
                .why("it was moved or removed while it was open")
                .advice("start Copydesk again; it opens or makes the one at that place"),
            Self::Busy { path } => told("the journal is locked:", path)
                .why("another process has been writing for too long")
                .advice("see whether a stopped copydesk is still running, then try again"),
            Self::Missing { what, id } => Failure::new(
                FailureKind::Other,
                format!("the journal has no {what} {id}"),
            )
            .advice("it may have been pruned; `copydesk doctor` says how the journal is"),
            Self::BeyondEnd { id, length } => Failure::new(
                FailureKind::Other,
                format!("a change of buffer {id} was not journaled"),
            )
            .why(format!("it reaches beyond the {length} bytes of its text"))
            .advice("journal the whole text again"),
            Self::Full { id } => Failure::new(
                FailureKind::Other,
                format!("a change of buffer {id} was not journaled"),
            )
            .why("too many changes have piled up on its text")
            .advice("journal the whole text again"),
            Self::Refused { path, cause } => told("cannot use the journal", path)
                .why(cause.to_string())
                .advice("check the disk and its space; drafts are saved all the same"),
        }
    }
}

impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        error.failure()
    }
}

/// Whether the file itself is at fault.
pub(super) fn is_damage(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase)
    )
}
