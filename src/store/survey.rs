//! The survey: how folders stand and what was left in them, seen without changing anything.

use super::atomic;
use super::read::kind_name;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Folders within folders that are looked into.
const MAX_DEPTH: usize = 8;
/// A temporary file younger than this may belong to a save that is still going on.
const LITTER_AGE: Duration = Duration::from_secs(600);

/// How a folder stands.
#[derive(Debug)]
pub enum Standing {
    /// It is there and can be written to.
    Usable,
    /// It is there, but cannot be written to.
    ReadOnly,
    /// It is not there, and can be made.
    Missing,
    /// It is not there, and cannot be made because this folder cannot be written to.
    Barred(PathBuf),
    /// Something else is in its place: a `file`, `pipe`, `device`…
    NoFolder(&'static str),
    /// It cannot be asked.
    Unreachable(io::Error),
}

/// How the folder at a path stands.
pub fn standing(path: &Path) -> Standing {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() && is_writable(path) => Standing::Usable,
        Ok(found) if found.is_dir() => Standing::ReadOnly,
        Ok(found) if found.is_file() => Standing::NoFolder("file"),
        Ok(found) => Standing::NoFolder(kind_name(found.file_type())),
        // A link that leads nowhere.
        Err(_) if path.is_symlink() => Standing::NoFolder("link"),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => missing(path),
        Err(cause) => Standing::Unreachable(cause),
    }
}

fn missing(path: &Path) -> Standing {
    let there = path.ancestors().find(|folder| folder.exists());
    match there {
        Some(folder) if !is_writable(folder) => Standing::Barred(folder.to_owned()),
        _ => Standing::Missing,
    }
}

#[cfg(unix)]
fn is_writable(path: &Path) -> bool {
    use rustix::fs::{Access, access};
    access(path, Access::WRITE_OK | Access::EXEC_OK).is_ok()
}

#[cfg(not(unix))]
fn is_writable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| !found.permissions().readonly())
}

/// Who besides the owner may do something with a file or folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// Nobody.
    Nobody,
    /// Some may read it.
    Read,
    /// Everybody may write to it.
    Write,
}

/// Who else may do something with what lies at a path; nobody where there is nothing.
#[cfg(unix)]
pub fn others(path: &Path) -> Others {
    use std::os::unix::fs::PermissionsExt;
    let mode = fs::metadata(path).map_or(0, |found| found.permissions().mode());
    match mode {
        _ if mode & 0o002 != 0 => Others::Write,
        _ if mode & 0o044 != 0 => Others::Read,
        _ => Others::Nobody,
    }
}

/// Who else may do something with what lies at a path: not known on this system.
#[cfg(not(unix))]
pub fn others(_: &Path) -> Others {
    Others::Nobody
}

/// Bytes that are free where a path lies, or will; `None` where the system does not say.
#[cfg(unix)]
pub fn free_space(path: &Path) -> Option<u64> {
    let there = path.ancestors().find(|folder| folder.exists())?;
    let found = rustix::fs::statvfs(there).ok()?;
    Some(found.f_bavail.saturating_mul(found.f_frsize))
}

/// Bytes that are free where a path lies: not known on this system.
#[cfg(not(unix))]
pub fn free_space(_: &Path) -> Option<u64> {
    None
}

/// Temporary files below some folders that saves which were killed have left, in order.
pub fn litter(folders: &[&Path]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        collect(folder, MAX_DEPTH, &mut found);
    }
    // Of folders within each other, both were looked into.
    found.sort();
    found.dedup();
    found
}

fn collect(folder: &Path, depth: usize, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Ok(kind) = entry.file_type() else {
            continue;
        };
        if kind.is_dir() && depth > 0 {
            collect(&entry.path(), depth - 1, found);
        } else if kind.is_file() && atomic::is_temporary(&entry.file_name()) && is_old(&entry) {
            found.push(entry.path());
        }
    }
}

fn is_old(entry: &fs::DirEntry) -> bool {
    let written = entry.metadata().and_then(|found| found.modified());
    let age = written.map(|time| SystemTime::now().duration_since(time).unwrap_or_default());
    age.is_ok_and(|age| age > LITTER_AGE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_or_can_be_made_or_something_is_in_its_place() {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        assert!(matches!(standing(home.path()), Standing::Usable));
        assert!(matches!(standing(&at("a/b/c")), Standing::Missing));
        super::atomic::save(&at("file"), b"").unwrap();
        assert!(matches!(standing(&at("file")), Standing::NoFolder("file")));
        assert!(free_space(&at("a/b/c")).is_none_or(|bytes| bytes > 0));
    }

    #[test]
    fn only_old_temporary_files_are_litter() {
        let home = tempfile::tempdir().unwrap();
        let make = |name: &str, age: u64| {
            let path = home.path().join(name);
            atomic::save(&path, b"x").unwrap();
            let file = fs::OpenOptions::new().write(true).open(&path).unwrap();
            let time = SystemTime::now() - Duration::from_secs(age);
            file.set_modified(time).unwrap();
            path
        };
        let old = make("a/b/.copydesk-1.tmp", 601);
        make(".copydesk-2.tmp", 10);
        make("a/copydesk-3.tmp", 601);
        make("draft.md", 601);
        let folder = home.path().join("a");
        assert_eq!(litter(&[home.path(), &folder]), [old]);
    }

    #[cfg(unix)]
    #[test]
    fn who_else_may_read_or_write_shows_in_the_mode() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        for (mode, who) in [
            (0o700, Others::Nobody),
            (0o711, Others::Nobody),
            (0o755, Others::Read),
            (0o777, Others::Write),
        ] {
            fs::set_permissions(home.path(), fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(others(home.path()), who, "{mode:o}");
        }
        assert_eq!(others(&home.path().join("none")), Others::Nobody);
    }
}
