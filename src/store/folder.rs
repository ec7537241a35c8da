//! An open folder: names in it mean the same place, whatever becomes of the path that led there.
//!
//! On Unix every call goes through the descriptor, so that a folder swapped for a link between
//! two calls leads nowhere else; elsewhere paths have to do. Takes single names, never paths, and
//! follows no link. Knows nothing of libraries.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Component, Path};
use std::time::{Duration, Instant};

#[cfg(unix)]
use by_descriptor as system;
#[cfg(not(unix))]
use by_path as system;

/// A folder that was opened once.
#[derive(Debug)]
pub(super) struct Folder(system::Handle);

/// Who may do what with a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rights(system::Rights);

/// Who else may write in a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Claim {
    Alone,
    Shared,
}

/// What a name stands for.
#[derive(Debug)]
pub(super) enum Entry {
    /// An ordinary file.
    File(Rights),
    /// Anything else, links included.
    Other,
}

impl Folder {
    /// Opens a folder, through links if there are any.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        system::open(path).map(Self)
    }

    /// The same, making it and what leads to it where that is missing.
    pub(super) fn open_or_make(path: &Path) -> io::Result<Self> {
        match Self::open(path) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => {
                let name = path.file_name().ok_or(cause)?;
                Self::open_or_make(parent_of(path))?.make(name)?;
                Self::open(path)
            }
            opened => opened,
        }
    }

    /// A folder below this one, made where it is missing. Every step must be a folder itself: no
    /// link is followed.
    pub(super) fn descend(self, relative: &Path) -> io::Result<Self> {
        let mut folder = self;
        for part in relative.components() {
            let Component::Normal(name) = part else {
                return Err(ErrorKind::InvalidInput.into());
            };
            folder = match system::step(&folder.0, name) {
                Err(cause) if cause.kind() == ErrorKind::NotFound => {
                    folder.make(name)?;
                    Self(system::step(&folder.0, name)?)
                }
                step => Self(step?),
            };
        }
        Ok(folder)
    }

    /// Makes a folder that lasts; another process may have been faster.
    fn make(&self, name: &OsStr) -> io::Result<()> {
        match system::make(&self.0, name) {
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(()),
            made => made.and_then(|()| self.sync()),
        }
    }

    /// What a name stands for, or `None`.
    pub(super) fn look(&self, name: &OsStr) -> io::Result<Option<Entry>> {
        match system::look(&self.0, name) {
            Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(None),
            found => Ok(Some(match found? {
                Some(rights) => Entry::File(Rights(rights)),
                None => Entry::Other,
            })),
        }
    }

    /// Opens what a name stands for, to read it; does not wait for a pipe.
    pub(super) fn read(&self, name: &OsStr) -> io::Result<File> {
        system::read(&self.0, name)
    }

    /// Creates a file that only its owner can read, where nothing is yet.
    pub(super) fn create(&self, name: &OsStr) -> io::Result<File> {
        system::create(&self.0, name)
    }

    /// Gives a file that was just created the rights of another one.
    pub(super) fn grant(file: &File, rights: Rights) -> io::Result<()> {
        system::grant(file, rights.0)
    }

    /// Gives a file another name, in place of whatever has it.
    pub(super) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        system::rename(&self.0, from, to)
    }

    /// The same, unless something has that name.
    pub(super) fn rename_new(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        system::rename_new(&self.0, from, to)
    }

    /// Lets two files change names in one instant; [`ErrorKind::Unsupported`] where none can.
    pub(super) fn exchange(&self, one: &OsStr, other: &OsStr) -> io::Result<()> {
        system::exchange(&self.0, one, other)
    }

    /// Keeps other processes of ours from writing here until this folder is closed. False when
    /// one of them is at it for too long, or the file system has no locks; then care must do.
    pub(super) fn claim(&self, patience: Duration) -> bool {
        let start = Instant::now();
        loop {
            match system::lock(&self.0, Claim::Alone) {
                Err(cause) if cause.kind() == ErrorKind::WouldBlock => {}
                asked => return asked.is_ok(),
            }
            if start.elapsed() >= patience {
                return false;
            }
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// Lets others write here as well, but nobody claim it, until this folder is closed.
    pub(super) fn share(&self, patience: Duration) {
        let start = Instant::now();
        let busy = || {
            let asked = system::lock(&self.0, Claim::Shared);
            asked.is_err_and(|cause| cause.kind() == ErrorKind::WouldBlock)
        };
        while busy() && start.elapsed() < patience {
            std::thread::park_timeout(Duration::from_millis(2));
        }
    }

    /// Every name, as far as they can be read.
    pub(super) fn names(&self) -> Vec<OsString> {
        system::names(&self.0)
    }

    /// Removes a file.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        system::remove(&self.0, name)
    }

    /// Makes names durable. Some file systems cannot do that and need not.
    pub(super) fn sync(&self) -> io::Result<()> {
        match system::sync(&self.0) {
            Err(cause)
                if matches!(
                    cause.kind(),
                    ErrorKind::InvalidInput | ErrorKind::Unsupported
                ) =>
            {
                Ok(())
            }
            done => done,
        }
    }
}

/// The folder that a path lies in.
pub(super) fn parent_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

#[cfg(unix)]
mod by_descriptor {
    use super::Claim;
    use rustix::fd::OwnedFd;
    use rustix::fs::{self, AtFlags, FileType, FlockOperation, Mode, OFlags};
    use std::ffi::{OsStr, OsString};
    use std::fs::File;
    use std::io;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    pub(super) type Handle = File;
    pub(super) type Rights = Mode;

    /// What a file is created with.
    const PRIVATE: Mode = Mode::RUSR.union(Mode::WUSR);

    const FOLDER: OFlags = OFlags::RDONLY
        .union(OFlags::DIRECTORY)
        .union(OFlags::CLOEXEC);

    fn file(opened: rustix::io::Result<OwnedFd>) -> io::Result<File> {
        Ok(File::from(opened?))
    }

    pub(super) fn open(path: &Path) -> io::Result<Handle> {
        file(fs::open(path, FOLDER, Mode::empty()))
    }

    pub(super) fn step(at: &Handle, name: &OsStr) -> io::Result<Handle> {
        let flags = FOLDER | OFlags::NOFOLLOW;
        file(fs::openat(at, name, flags, Mode::empty()))
    }

    pub(super) fn make(at: &Handle, name: &OsStr) -> io::Result<()> {
        Ok(fs::mkdirat(at, name, Mode::RWXU | Mode::RWXG | Mode::RWXO)?)
    }

    pub(super) fn look(at: &Handle, name: &OsStr) -> io::Result<Option<Rights>> {
        let stat = fs::statat(at, name, AtFlags::SYMLINK_NOFOLLOW)?;
        let is_file = FileType::from_raw_mode(stat.st_mode) == FileType::RegularFile;
        Ok(is_file.then(|| Mode::from_raw_mode(stat.st_mode)))
    }

    pub(super) fn read(at: &Handle, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::NOCTTY;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        file(fs::openat(at, name, flags, Mode::empty()))
    }

    pub(super) fn create(at: &Handle, name: &OsStr) -> io::Result<File> {
        let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL;
        let flags = flags | OFlags::NOFOLLOW | OFlags::CLOEXEC;
        file(fs::openat(at, name, flags, PRIVATE))
    }

    pub(super) fn grant(file: &File, rights: Rights) -> io::Result<()> {
        if rights != PRIVATE {
            fs::fchmod(file, rights)?;
        }
        Ok(())
    }

    pub(super) fn rename(at: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(fs::renameat(at, from, at, to)?)
    }

    pub(super) fn rename_new(at: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        match fs::renameat_with(at, from, at, to, fs::RenameFlags::NOREPLACE) {
            Err(error) if is_unknown(error) => {}
            done => return Ok(done?),
        }
        fs::linkat(at, from, at, to, AtFlags::empty())?;
        remove(at, from)
    }

    pub(super) fn exchange(at: &Handle, one: &OsStr, other: &OsStr) -> io::Result<()> {
        #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
        match fs::renameat_with(at, one, at, other, fs::RenameFlags::EXCHANGE) {
            Err(error) if is_unknown(error) => {}
            done => return Ok(done?),
        }
        Err(io::ErrorKind::Unsupported.into())
    }

    /// True when the file system has no such way of renaming.
    #[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
    fn is_unknown(error: rustix::io::Errno) -> bool {
        use rustix::io::Errno;
        [Errno::INVAL, Errno::NOSYS, Errno::NOTSUP].contains(&error)
    }

    pub(super) fn lock(at: &Handle, claim: Claim) -> io::Result<()> {
        let operation = match claim {
            Claim::Alone => FlockOperation::NonBlockingLockExclusive,
            Claim::Shared => FlockOperation::NonBlockingLockShared,
        };
        Ok(fs::flock(at, operation)?)
    }

    pub(super) fn names(at: &Handle) -> Vec<OsString> {
        let Ok(entries) = fs::Dir::read_from(at) else {
            return Vec::new();
        };
        let entries = entries.filter_map(Result::ok);
        entries
            .map(|entry| OsStr::from_bytes(entry.file_name().to_bytes()).to_owned())
            .collect()
    }

    pub(super) fn remove(at: &Handle, name: &OsStr) -> io::Result<()> {
        Ok(fs::unlinkat(at, name, AtFlags::empty())?)
    }

    pub(super) fn sync(at: &Handle) -> io::Result<()> {
        at.sync_all()
    }
}

#[cfg(not(unix))]
mod by_path {
    use super::Claim;
    use std::ffi::{OsStr, OsString};
    use std::fs::{self, File};
    use std::io;
    use std::path::{Path, PathBuf};

    pub(super) type Handle = PathBuf;
    /// Who may do what is inherited from the folder.
    pub(super) type Rights = ();

    pub(super) fn open(path: &Path) -> io::Result<Handle> {
        if fs::metadata(path)?.is_dir() {
            Ok(path.to_owned())
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    pub(super) fn step(at: &Handle, name: &OsStr) -> io::Result<Handle> {
        let path = at.join(name);
        if fs::symlink_metadata(&path)?.is_dir() {
            Ok(path)
        } else {
            Err(io::ErrorKind::NotADirectory.into())
        }
    }

    pub(super) fn make(at: &Handle, name: &OsStr) -> io::Result<()> {
        fs::create_dir(at.join(name))
    }

    pub(super) fn look(at: &Handle, name: &OsStr) -> io::Result<Option<Rights>> {
        let found = fs::symlink_metadata(at.join(name))?;
        Ok(found.is_file().then_some(()))
    }

    pub(super) fn read(at: &Handle, name: &OsStr) -> io::Result<File> {
        File::open(at.join(name))
    }

    pub(super) fn create(at: &Handle, name: &OsStr) -> io::Result<File> {
        File::create_new(at.join(name))
    }

    pub(super) const fn grant(_: &File, (): Rights) -> io::Result<()> {
        Ok(())
    }

    pub(super) fn rename(at: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::rename(at.join(from), at.join(to))
    }

    pub(super) fn rename_new(at: &Handle, from: &OsStr, to: &OsStr) -> io::Result<()> {
        fs::hard_link(at.join(from), at.join(to))?;
        remove(at, from)
    }

    pub(super) fn exchange(_: &Handle, _: &OsStr, _: &OsStr) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) fn lock(_: &Handle, _: Claim) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    pub(super) const fn names(_: &Handle) -> Vec<OsString> {
        Vec::new()
    }

    pub(super) fn remove(at: &Handle, name: &OsStr) -> io::Result<()> {
        fs::remove_file(at.join(name))
    }

    pub(super) fn sync(_: &Handle) -> io::Result<()> {
        Ok(())
    }
}
