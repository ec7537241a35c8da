//! The place of the journal on disk: its folder, its three files, and who may set it up.
//!
//! Never opens the journal itself: closing another descriptor of a file that SQLite has open
//! would drop its locks. Looks only at names, and never follows a link.

use super::JournalError;
use crate::store::{atomic, read};
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What SQLite appends to the name of a journal for its two companions.
pub(super) const COMPANIONS: [&str; 2] = ["-wal", "-shm"];

/// Where the journal lies, with the links of its folder resolved.
#[derive(Debug, Clone)]
pub(super) struct Place {
    folder: PathBuf,
    /// The journal.
    pub(super) file: PathBuf,
}

/// What lies at the name of the journal.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// Nothing, or an empty file with nothing beside it.
    Nothing,
    /// An ordinary file with something in it.
    File,
    /// Something else, which must not be used as a journal.
    Unusable(String),
}

impl Place {
    /// Makes the folder, for its owner only, where it is missing.
    pub(super) fn prepare(path: &Path) -> Result<Self, JournalError> {
        let fail = |cause| JournalError::prepare(path, cause);
        let name = path
            .file_name()
            .ok_or_else(|| fail(ErrorKind::InvalidFilename.into()))?;
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        let folder = match fs::canonicalize(folder) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                make_private(folder).map_err(fail)?;
                fs::canonicalize(folder).map_err(fail)?
            }
            other => other.map_err(fail)?,
        };
        let file = folder.join(name);
        Ok(Self { folder, file })
    }

    /// What lies there, by name alone.
    pub(super) fn look(&self) -> Result<Found, JournalError> {
        if let Some(kind) = odd_kind(&self.file)? {
            return Ok(Found::Unusable(format!("it is a {kind}")));
        }
        for companion in COMPANIONS {
            if let Some(kind) = odd_kind(&with_suffix(&self.file, companion))? {
                return Ok(Found::Unusable(format!("its {companion} file is a {kind}")));
            }
        }
        if size(&self.file)? > 0 {
            return Ok(Found::File);
        }
        // SQLite would empty a log that lies beside an empty file, and what it holds with it.
        if size(&with_suffix(&self.file, "-wal"))? > 0 {
            return Ok(Found::Unusable("it is empty, but its log is not".into()));
        }
        Ok(Found::Nothing)
    }

    /// Whether the journal, which should have so many bytes, has lost its end. While there is a
    /// log, that may be what holds it.
    pub(super) fn is_cut_off(&self, bytes: u64) -> bool {
        let size = |path: &Path| size(path).unwrap_or(u64::MAX);
        size(&self.file) < bytes && size(&with_suffix(&self.file, "-wal")) == 0
    }

    /// Makes an empty file for its owner only, unless there is one.
    pub(super) fn create(&self) -> Result<(), JournalError> {
        let fail = |cause| JournalError::prepare(&self.file, cause);
        match private(&mut OpenOptions::new())
            .write(true)
            .create_new(true)
            .open(&self.file)
        {
            Ok(_) => atomic::sync_folder(&self.folder).map_err(fail),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(cause) => Err(fail(cause)),
        }
    }

    /// Takes the permissions of everyone but the owner away, if they have any.
    pub(super) fn make_private(&self) -> Result<(), JournalError> {
        #[cfg(unix)]
        for name in self.files() {
            use std::os::unix::fs::PermissionsExt;
            match fs::symlink_metadata(&name) {
                Ok(found) if found.is_file() && found.permissions().mode() & 0o077 != 0 => {
                    fs::set_permissions(&name, fs::Permissions::from_mode(0o600))
                        .map_err(|cause| JournalError::prepare(&name, cause))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Waits until no other process sets this journal up. The kernel ends the lock with its
    /// holder, so nothing is left to clean.
    pub(super) fn lock(&self) -> Result<File, JournalError> {
        let path = self.file.with_extension("lock");
        let fail = |cause| JournalError::prepare(&path, cause);
        if let Some(kind) = odd_kind(&path)? {
            return Err(fail(io::Error::other(format!("it is a {kind}; remove it"))));
        }
        let file = private(&mut OpenOptions::new())
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(&path)
            .map_err(fail)?;
        file.lock().map_err(fail)?;
        Ok(file)
    }

    /// Moves everything that lies there to names with the time in them. Returns the new name of
    /// the journal. Call with the lock held.
    pub(super) fn move_aside(&self, time: &str) -> Result<PathBuf, JournalError> {
        let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
        let free = (1..).map(|number| match number {
            1 => self.folder.join(format!("{stem}-damaged-{time}.db")),
            _ => self
                .folder
                .join(format!("{stem}-damaged-{time}-{number}.db")),
        });
        let taken = |aside: &PathBuf| {
            let names = COMPANIONS.map(|companion| with_suffix(aside, companion));
            exists(aside) || names.iter().any(|name| exists(name))
        };
        let aside = free
            .take(10_000)
            .find(|aside| !taken(aside))
            .ok_or_else(|| JournalError::prepare(&self.file, ErrorKind::AlreadyExists.into()))?;
        // The journal goes first: a process that still has it open sees that it was moved, and
        // leaves the log alone.
        for suffix in ["", COMPANIONS[0], COMPANIONS[1]] {
            let from = with_suffix(&self.file, suffix);
            // A companion that is no file must not stand beside the journal when it is read.
            let odd = !suffix.is_empty() && odd_kind(&from)?.is_some();
            let mut to = with_suffix(&aside, suffix);
            if odd {
                to = with_suffix(&to, "-odd");
            }
            match fs::rename(&from, &to) {
                Err(cause) if cause.kind() != ErrorKind::NotFound => {
                    return Err(JournalError::prepare(&from, cause));
                }
                _ => {}
            }
        }
        atomic::sync_folder(&self.folder)
            .map_err(|cause| JournalError::prepare(&self.folder, cause))?;
        Ok(aside)
    }

    #[cfg(unix)]
    fn files(&self) -> [PathBuf; 3] {
        ["", COMPANIONS[0], COMPANIONS[1]].map(|suffix| with_suffix(&self.file, suffix))
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
}

fn exists(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok()
}

/// What something that is no ordinary file is called; `None` for ordinary files and for nothing.
fn odd_kind(path: &Path) -> Result<Option<&'static str>, JournalError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(None),
        Ok(found) if found.is_symlink() => Ok(Some("link")),
        Ok(found) => Ok(Some(read::kind_name(found.file_type()))),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(JournalError::prepare(path, cause)),
    }
}

/// Bytes of a file; 0 for none.
fn size(path: &Path) -> Result<u64, JournalError> {
    match fs::symlink_metadata(path) {
        Ok(found) => Ok(found.len()),
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(0),
        Err(cause) => Err(JournalError::prepare(path, cause)),
    }
}

fn make_private(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

/// A file made with these options is for its owner only; a link is not followed.
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.mode(0o600).custom_flags(flags.bits().cast_signed());
    }
    options
}
