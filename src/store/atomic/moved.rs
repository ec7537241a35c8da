//! Moving and removing: a file changes its place whole, and never lands on another one.
//!
//! On one file system it is a rename that refuses to replace; between two, a synced copy first and
//! then the removal. At any moment the file is at one of the two places, or at both.

use super::super::folder::{Entry, Folder, parent_of};
use super::super::{StoreError, read};
use super::Temporary;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::Path;

/// Most bytes that are carried from one file system to another.
const LARGEST: u64 = 1024 * 1024 * 1024;

/// Moves the file at `from` to `to`, where there must be nothing yet but the same file under
/// another spelling. Missing folders are made.
pub fn move_new(from: &Path, to: &Path) -> Result<(), StoreError> {
    let fail = |cause| StoreError::write(to, cause);
    let folder = parent_of(to);
    fs::create_dir_all(folder).map_err(fail)?;
    match rename_new(from, to) {
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists && respelled(from, to) => {
            fs::rename(from, to).map_err(fail)?;
        }
        Err(cause) if needs_copy(&cause) => {
            copy_new(from, to)?;
            if let Err(cause) = fs::remove_file(from) {
                // Whoever may not remove the one must not be left with two.
                let _still_there = fs::remove_file(to);
                return Err(StoreError::write(from, cause));
            }
        }
        moved => moved.map_err(fail)?,
    }
    synced(folder).map_err(fail)?;
    synced(parent_of(from)).map_err(fail)
}

/// Removes a file for good. One that is gone already is fine.
pub fn remove(path: &Path) -> Result<(), StoreError> {
    let fail = |cause| StoreError::write(path, cause);
    match fs::remove_file(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(fail(cause)),
        Ok(()) => synced(parent_of(path)).map_err(fail),
    }
}

/// A rename that fails where something lies.
#[cfg(any(target_os = "linux", target_os = "android", target_vendor = "apple"))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        // Some file systems do not know the flag.
        Err(Errno::INVAL | Errno::NOSYS | Errno::NOTSUP) => link_new(from, to),
        done => Ok(done?),
    }
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_vendor = "apple")))]
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    link_new(from, to)
}

/// The same in two steps: a second name, which is refused where something lies, then not the first.
fn link_new(from: &Path, to: &Path) -> io::Result<()> {
    fs::hard_link(from, to)?;
    fs::remove_file(from)
}

/// Whether a move failed because both places are on different file systems, or on one without
/// second names.
fn needs_copy(cause: &io::Error) -> bool {
    matches!(
        cause.kind(),
        ErrorKind::CrossesDevices | ErrorKind::Unsupported | ErrorKind::PermissionDenied
    )
}

/// A synced copy with the same permissions at a place where nothing lies.
fn copy_new(from: &Path, to: &Path) -> Result<(), StoreError> {
    let fail = |cause| StoreError::write(to, cause);
    let bytes = read::bytes(from, LARGEST)?;
    let named = |path: &Path| path.file_name().map(ToOwned::to_owned);
    let (Some(old), Some(new)) = (named(from), named(to)) else {
        return Err(fail(io::Error::other("it names no file")));
    };
    let rights = match Folder::open(parent_of(from)).and_then(|folder| folder.look(&old)) {
        Ok(Some(Entry::File(rights))) => Some(rights),
        Ok(_) => None,
        Err(cause) => return Err(fail(cause)),
    };
    let folder = Folder::open(parent_of(to)).map_err(fail)?;
    let mut copy = Temporary::written(&folder, &bytes, rights).map_err(fail)?;
    copy.become_new(&new).map_err(fail)
}

fn synced(folder: &Path) -> io::Result<()> {
    Folder::open(folder)?.sync()
}

/// Whether both are names of one file that a file system without cases holds for equal.
fn respelled(from: &Path, to: &Path) -> bool {
    let folded = |path: &Path| path.to_string_lossy().to_lowercase();
    let same_file = || Some(fs::canonicalize(from).ok()? == fs::canonicalize(to).ok()?);
    folded(from) == folded(to) && !to.is_symlink() && same_file() == Some(true)
}

#[cfg(test)]
mod tests {
    use super::super::save;
    use super::*;

    fn moves(go: impl Fn(&Path, &Path) -> Result<(), StoreError>) {
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("a"), home.path().join("b"));
        save(&from, b"one").unwrap();
        save(&to, b"two").unwrap();
        let error = go(&from, &to).unwrap_err();
        let taken = |cause: &io::Error| cause.kind() == ErrorKind::AlreadyExists;
        assert!(matches!(&error, StoreError::Write { cause, .. } if taken(cause)));
        assert_eq!(fs::read(&from).unwrap(), b"one");
        assert_eq!(fs::read(&to).unwrap(), b"two");

        remove(&to).unwrap();
        go(&from, &to).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"one");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
        remove(&from).unwrap();
    }

    #[test]
    fn a_move_never_lands_on_another_file() {
        moves(move_new);
        moves(|from, to| link_new(from, to).map_err(|cause| StoreError::write(to, cause)));
        moves(|from, to| {
            copy_new(from, to)?;
            remove(from)
        });
    }

    #[test]
    fn a_move_makes_folders_and_needs_something_to_move() {
        let home = tempfile::tempdir().unwrap();
        let (from, to) = (home.path().join("a"), home.path().join("b/c/a"));
        assert!(move_new(&from, &to).is_err());
        save(&from, b"one").unwrap();
        move_new(&from, &to).unwrap();
        assert_eq!(fs::read(&to).unwrap(), b"one");
    }

    /// Between two file systems, where the machine has two.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_move_goes_to_another_file_system_with_its_permissions() {
        use std::os::unix::fs::{MetadataExt, PermissionsExt};
        let home = tempfile::tempdir().unwrap();
        let Ok(other) = tempfile::tempdir_in("/dev/shm") else {
            return;
        };
        let device = |path: &Path| fs::metadata(path).unwrap().dev();
        if device(home.path()) == device(other.path()) {
            return;
        }
        let (from, to) = (home.path().join("a"), other.path().join("a"));
        save(&from, b"one").unwrap();
        fs::set_permissions(&from, fs::Permissions::from_mode(0o640)).unwrap();
        move_new(&from, &to).unwrap();
        assert!(!from.exists());
        assert_eq!(fs::read(&to).unwrap(), b"one");
        assert_eq!(
            fs::metadata(&to).unwrap().permissions().mode() & 0o777,
            0o640
        );
    }
}
