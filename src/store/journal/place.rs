//! The place of the journal on disk: its folder, its three files, and who may set it up.
//!
//! Never opens the journal itself: closing another descriptor of a file that SQLite has open
//! would drop its locks. Looks only at names, and never follows a link.

use super::JournalError;
use crate::store::folder::Folder;
use crate::store::read;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What SQLite appends to the name of a journal for its two companions.
const COMPANIONS: [&str; 2] = ["-wal", "-shm"];
/// What the names of all its files end in, the journal first.
const FILES: [&str; 3] = ["", "-wal", "-shm"];
/// What stands in the names of journals that were set aside, before the time.
const ASIDE: &str = "-damaged-";
/// Names that are tried for one that is set aside.
const MAX_NAMES: usize = 10_000;

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
    /// Something else, which must not be used as a journal; and why.
    Unusable(String),
    /// Something that is no file in the place of a companion: which one, and why not.
    OddCompanion(&'static str, String),
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

    /// The same where the folder is there already; makes nothing.
    pub(super) fn existing(path: &Path) -> Option<Self> {
        let folder = fs::canonicalize(path.parent()?).ok()?;
        let file = folder.join(path.file_name()?);
        Some(Self { folder, file })
    }

    /// What lies there, by name alone.
    pub(super) fn look(&self) -> Result<Found, JournalError> {
        if let Some(kind) = odd_kind(&self.file)? {
            return Ok(Found::Unusable(format!("it is a {kind}")));
        }
        for companion in COMPANIONS {
            if let Some(kind) = odd_kind(&with_suffix(&self.file, companion))? {
                let why = format!("its {companion} file is a {kind}");
                return Ok(Found::OddCompanion(companion, why));
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

    /// Bytes of the journal's log.
    pub(super) fn log_bytes(&self) -> u64 {
        size(&with_suffix(&self.file, "-wal")).unwrap_or(0)
    }

    /// Bytes of the journal and its log.
    pub(super) fn bytes(&self) -> u64 {
        size(&self.file).unwrap_or(0) + self.log_bytes()
    }

    /// The journals that were set aside here, with their bytes, the oldest first.
    pub(super) fn set_aside(&self) -> Vec<(PathBuf, u64)> {
        let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
        let start = format!("{stem}{ASIDE}");
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            if name.starts_with(&start) && name.ends_with(".db") {
                let bytes = size(&entry.path()).unwrap_or(0);
                found.push((entry.path(), bytes));
            }
        }
        found.sort();
        found
    }

    /// Makes an empty file for its owner only, unless there is one.
    pub(super) fn create(&self) -> Result<(), JournalError> {
        let fail = |cause| JournalError::prepare(&self.file, cause);
        match private(&mut OpenOptions::new())
            .write(true)
            .create_new(true)
            .open(&self.file)
        {
            Ok(_) => self.sync(),
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(()),
            Err(cause) => Err(fail(cause)),
        }
    }

    /// Takes the permissions of everyone but the owner away, if they have any.
    pub(super) fn make_private(&self) -> Result<(), JournalError> {
        #[cfg(unix)]
        for suffix in FILES {
            let name = with_suffix(&self.file, suffix);
            close_to_others(&name).map_err(|cause| JournalError::prepare(&name, cause))?;
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

    /// The place next to this one where a new journal is made ready to take over.
    fn beside(&self) -> Self {
        Self {
            folder: self.folder.clone(),
            file: self.file.with_extension("rebuilt"),
        }
    }

    /// The same, cleared of what an earlier attempt left there.
    pub(super) fn clear_beside(&self) -> Result<Self, JournalError> {
        let beside = self.beside();
        for suffix in FILES {
            let name = with_suffix(&beside.file, suffix);
            match fs::remove_file(&name) {
                Err(cause) if cause.kind() != ErrorKind::NotFound => {
                    return Err(JournalError::prepare(&name, cause));
                }
                _ => {}
            }
        }
        Ok(beside)
    }

    /// Lets a new journal take over that was ready, and closed, when the program ended. Call where
    /// there is nothing, with the lock held.
    pub(super) fn resume(&self) -> Result<(), JournalError> {
        let beside = self.beside();
        let closed = size(&with_suffix(&beside.file, "-wal"))? == 0;
        if beside.look()? == Found::File && closed {
            beside.take_over(self)?;
        }
        Ok(())
    }

    /// Moves everything that lies there to names with the time in them. Returns the new name of
    /// the journal. Call with the lock held.
    pub(super) fn move_aside(&self, time: &str) -> Result<PathBuf, JournalError> {
        let aside = self.free_name(time)?;
        // The journal goes first: a process that still has it open sees that it was moved, and
        // leaves the log alone.
        for suffix in FILES {
            move_if_there(
                &with_suffix(&self.file, suffix),
                &with_suffix(&aside, suffix),
            )?;
        }
        self.sync()?;
        Ok(aside)
    }

    /// Moves a companion that is no file out of the way. Call with the lock held.
    pub(super) fn move_companion(&self, name: &str, time: &str) -> Result<PathBuf, JournalError> {
        let aside = with_suffix(&self.free_name(time)?, name);
        move_if_there(&with_suffix(&self.file, name), &aside)?;
        self.sync()?;
        Ok(aside)
    }

    /// Gives a journal, which is closed, the name of another that was moved away.
    pub(super) fn take_over(&self, place: &Self) -> Result<(), JournalError> {
        move_if_there(&self.file, &place.file)?;
        self.sync()
    }

    /// What tells this file from any other that may get its name; nothing where there is none,
    /// and on systems that do not let an open file be moved.
    pub(super) fn identity(&self) -> Option<(u64, u64)> {
        #[cfg(unix)]
        {
            use std::os::unix::fs::MetadataExt;
            let found = fs::symlink_metadata(&self.file).ok()?;
            Some((found.dev(), found.ino()))
        }
        #[cfg(not(unix))]
        None
    }

    fn free_name(&self, time: &str) -> Result<PathBuf, JournalError> {
        let stem = self.file.file_stem().unwrap_or_default().to_string_lossy();
        let name = |number| match number {
            1 => format!("{stem}{ASIDE}{time}.db"),
            _ => format!("{stem}{ASIDE}{time}-{number}.db"),
        };
        let free = |aside: &PathBuf| {
            let names = FILES.map(|suffix| with_suffix(aside, suffix));
            names.iter().all(|name| fs::symlink_metadata(name).is_err())
        };
        let mut names = (1..=MAX_NAMES).map(|number| self.folder.join(name(number)));
        names
            .find(free)
            .ok_or_else(|| JournalError::prepare(&self.file, ErrorKind::AlreadyExists.into()))
    }

    fn sync(&self) -> Result<(), JournalError> {
        Folder::open(&self.folder)
            .and_then(|folder| folder.sync())
            .map_err(|cause| JournalError::prepare(&self.folder, cause))
    }
}

fn move_if_there(from: &Path, to: &Path) -> Result<(), JournalError> {
    match fs::rename(from, to) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            Err(JournalError::prepare(from, cause))
        }
        _ => Ok(()),
    }
}

fn with_suffix(file: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(suffix);
    name.into()
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

/// Takes the permissions of group and others away from an ordinary file.
#[cfg(unix)]
fn close_to_others(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() && found.permissions().mode() & 0o077 != 0 => {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))
        }
        _ => Ok(()),
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
