//! The one way to write a file: whole or not at all.
//!
//! A temporary file in the same folder, created exclusively, is written, synced and then renamed
//! into place, and the folder is synced before anyone is told "saved". A failure at any step
//! leaves the old file whole and no litter. Never writes into an existing file.

mod moved;

pub use moved::{move_new, remove};

use super::{StoreError, read};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Links that a chain may have before it counts as a circle, as in the kernel.
const MAX_LINKS: usize = 40;
/// Names that [`create_new`] tries.
const MAX_NAMES: usize = 10_000;

/// Replaces or creates the file at `path`, which may be a chain of links to it.
///
/// Keeps the permissions of an old file; a new one is readable by its owner only. Missing folders
/// are made.
pub fn save(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    save_if(path, bytes, &|_| Ok(()))
}

/// The same, if `check` agrees to what lies there at the last moment before it is replaced.
pub fn save_if(
    path: &Path,
    bytes: &[u8],
    check: &dyn Fn(&Path) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let fail = |cause| StoreError::write(path, cause);
    let target = resolved(path).map_err(fail)?;
    let permissions = match fs::symlink_metadata(&target) {
        Ok(old) if old.is_file() => Some(old.permissions()),
        Ok(other) => {
            return Err(StoreError::NotAFile {
                path: target,
                kind: read::kind_name(other.file_type()),
            });
        }
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => None,
        Err(cause) => return Err(fail(cause)),
    };
    let folder = folder_of(&target);
    let temporary = written(folder, bytes, permissions).map_err(fail)?;
    check(&target)?;
    temporary
        .persist(&target)
        .map_err(|error| fail(error.error))?;
    sync_folder(folder).map_err(fail)
}

/// Creates `stem.extension` in `folder`, or `stem-2.extension` and so on where that exists, also
/// when several processes do so at once. Returns where.
pub fn create_new(
    folder: &Path,
    stem: &str,
    extension: &str,
    bytes: &[u8],
) -> Result<PathBuf, StoreError> {
    let first = folder.join(format!("{stem}.{extension}"));
    let fail = |cause| StoreError::write(&first, cause);
    let mut temporary = written(folder, bytes, None).map_err(fail)?;
    for number in 1..=MAX_NAMES {
        let path = if number == 1 {
            first.clone()
        } else {
            folder.join(format!("{stem}-{number}.{extension}"))
        };
        match temporary.persist_noclobber(&path) {
            Ok(_) => {
                sync_folder(folder).map_err(fail)?;
                return Ok(path);
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                temporary = error.file;
            }
            Err(error) => return Err(fail(error.error)),
        }
    }
    Err(fail(io::ErrorKind::AlreadyExists.into()))
}

/// Where a chain of links ends; the end need not exist.
fn resolved(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::symlink_metadata(&at) {
            Ok(found) if found.is_symlink() => at = folder_of(&at).join(fs::read_link(&at)?),
            _ => return Ok(at),
        }
    }
    Err(io::Error::other("too many links, or links in a circle"))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// A synced temporary file in `folder`; it goes away by itself unless it is persisted.
fn written(
    folder: &Path,
    bytes: &[u8],
    permissions: Option<fs::Permissions>,
) -> io::Result<NamedTempFile> {
    fs::create_dir_all(folder)?;
    let mut file = tempfile::Builder::new()
        .prefix(".copydesk-")
        .suffix(".tmp")
        .tempfile_in(folder)
        .map_err(without_path)?;
    file.write_all(bytes).map_err(without_path)?;
    if let Some(permissions) = permissions {
        file.as_file().set_permissions(permissions)?;
    }
    file.as_file().sync_all()?;
    Ok(file)
}

/// The bare cause: `tempfile` adds the temporary path, which means nothing to a person.
fn without_path(error: io::Error) -> io::Error {
    let cause = std::error::Error::source(&error)
        .or_else(|| error.get_ref().and_then(|inner| inner.source()))
        .and_then(|source| source.downcast_ref::<io::Error>())
        .and_then(io::Error::raw_os_error);
    cause.map_or(error, io::Error::from_raw_os_error)
}

/// Makes a rename durable. Some file systems cannot sync a folder and need not.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(windows) {
        return Ok(());
    }
    match File::open(folder)?.sync_all() {
        Err(cause)
            if matches!(
                cause.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn names(folder: &Path) -> BTreeSet<String> {
        fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_save_makes_folders_and_leaves_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a/b/c.md");
        save(&path, b"one").unwrap();
        save(&path, b"two").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"two");
        assert_eq!(names(path.parent().unwrap()), ["c.md".to_owned()].into());
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_is_private_and_an_old_mode_is_kept() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        let mode = || fs::metadata(&path).unwrap().permissions().mode() & 0o777;
        save(&path, b"one").unwrap();
        assert_eq!(mode(), 0o600);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        save(&path, b"two").unwrap();
        assert_eq!(mode(), 0o644);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_stays_a_link_and_its_end_is_written() {
        use std::os::unix::fs::symlink;
        let home = tempfile::tempdir().unwrap();
        let (first, second) = (home.path().join("first"), home.path().join("second"));
        symlink("second", &first).unwrap();
        symlink(home.path().join("end"), &second).unwrap();
        save(&first, b"x").unwrap();
        assert!(first.is_symlink() && second.is_symlink());
        assert_eq!(fs::read(home.path().join("end")).unwrap(), b"x");
    }

    #[cfg(unix)]
    #[test]
    fn links_in_a_circle_are_an_error() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        std::os::unix::fs::symlink("a", &path).unwrap();
        assert!(
            save(&path, b"x")
                .unwrap_err()
                .to_string()
                .contains("circle")
        );
    }

    #[test]
    fn a_folder_is_refused() {
        let home = tempfile::tempdir().unwrap();
        let error = save(home.path(), b"x").unwrap_err().to_string();
        assert!(
            error.ends_with("it is a folder; choose an ordinary file"),
            "{error}"
        );
    }

    #[test]
    fn a_failed_save_names_path_cause_and_advice() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        save(&file, b"x").unwrap();
        let path = file.join("below.md");
        let error = save(&path, b"y").unwrap_err();
        let text = error.to_string();
        assert!(text.contains(&*path.to_string_lossy()), "{text}");
        assert!(
            text.ends_with("check the path") || text.ends_with("try again"),
            "{text}"
        );
        assert_eq!(names(home.path()), ["file".to_owned()].into());
        assert_eq!(fs::read(&file).unwrap(), b"x");
    }

    #[test]
    fn new_files_never_overwrite_also_in_parallel() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path();
        std::thread::scope(|scope| {
            for worker in 0..8_u8 {
                scope.spawn(move || {
                    for _ in 0..4 {
                        create_new(folder, "name", "md", &[worker]).unwrap();
                    }
                });
            }
        });
        let expected = (2..=32)
            .map(|n| format!("name-{n}.md"))
            .chain(["name.md".into()]);
        assert_eq!(names(folder), expected.collect());
        for worker in 0..8_u8 {
            let mine = names(folder)
                .iter()
                .filter(|name| fs::read(folder.join(name)).unwrap() == [worker])
                .count();
            assert_eq!(mine, 4);
        }
    }

    #[test]
    fn a_reader_sees_only_whole_files() {
        let home = tempfile::tempdir().unwrap();
        let path = home.path().join("a");
        save(&path, &vec![b'a'; 100_000]).unwrap();
        std::thread::scope(|scope| {
            let writer = scope.spawn(|| {
                for byte in [b'b', b'c', b'd', b'e'].repeat(5) {
                    save(&path, &vec![byte; 100_000]).unwrap();
                }
            });
            while !writer.is_finished() {
                let seen = fs::read(&path).unwrap();
                assert_eq!(seen.len(), 100_000);
                assert!(seen.iter().all(|byte| *byte == seen[0]));
            }
        });
    }
}
