//! The fence around the library: names and links that stay inside it.

use super::folder::{Folder, parent_of};
use super::{StoreError, scan};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// A file of the library, by the name it was asked for and as it really lies.
pub(super) struct Within {
    /// The path that the name spells.
    pub(super) named: PathBuf,
    /// Where links lead from there.
    pub(super) real: PathBuf,
}

/// The Markdown file of a name below `root`, or `None` when there is none. A link that leads out
/// of `library` is an error.
pub(super) fn find(library: &Path, root: &Path, name: &str) -> Result<Option<Within>, StoreError> {
    if !is_safe(name) {
        return Ok(None);
    }
    let named = scan::file(root, name);
    let real = match fs::canonicalize(&named) {
        Ok(real) => real,
        // A name too long for a file is a name that no file has.
        Err(cause)
            if matches!(
                cause.kind(),
                ErrorKind::NotFound | ErrorKind::InvalidFilename
            ) =>
        {
            return Ok(None);
        }
        Err(cause) => return Err(StoreError::read(&named, cause)),
    };
    if real.starts_with(root_of(library)?) {
        Ok(Some(Within { named, real }))
    } else {
        Err(StoreError::LeavesLibrary { path: named })
    }
}

/// Whether `path` leads to a file inside `library`, and an error if it leads out of it.
pub(super) fn check(library: &Path, path: &Path) -> Result<(), StoreError> {
    let real = fs::canonicalize(path).map_err(|cause| StoreError::read(path, cause))?;
    if real.starts_with(root_of(library)?) {
        return Ok(());
    }
    let path = path.to_owned();
    Err(StoreError::LeavesLibrary { path })
}

fn root_of(library: &Path) -> Result<PathBuf, StoreError> {
    fs::canonicalize(library).map_err(|cause| StoreError::read(library, cause))
}

/// Opens the folder at `path` to write into it, made where it is missing.
///
/// Links may lead to it as long as it lies in `library`. What they say is read once; from there
/// on each step is taken without following any, so that a link planted meanwhile is an error.
pub(super) fn folder(library: &Path, path: &Path) -> Result<Folder, StoreError> {
    let fail = |cause| StoreError::write(path, cause);
    let leaves = || StoreError::LeavesLibrary {
        path: path.to_owned(),
    };
    let root = Folder::open_or_make(library).map_err(fail)?;
    let real_root = fs::canonicalize(library).map_err(fail)?;
    let real = real_folder(path).map_err(fail)?;
    let relative = real.strip_prefix(&real_root).map_err(|_| leaves())?;
    root.descend(relative).map_err(|cause| {
        if has_link(&real_root, relative) {
            leaves()
        } else {
            fail(cause)
        }
    })
}

/// Where a path leads, as far as it exists; the missing rest stays as it is spelled.
fn real_folder(path: &Path) -> std::io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(cause) if cause.kind() == ErrorKind::NotFound => {
            let name = path.file_name().ok_or(cause)?;
            Ok(real_folder(parent_of(path))?.join(name))
        }
        found => found,
    }
}

/// Whether a link lies on the way from `root`.
fn has_link(root: &Path, relative: &Path) -> bool {
    let ways = relative.ancestors().map(|way| root.join(way));
    ways.take_while(|way| way != root)
        .any(|way| way.is_symlink())
}

/// Whether every file right below `root` is inside, unless it is a link itself.
pub(super) fn holds(library: &Path, root: &Path) -> bool {
    match (fs::canonicalize(library), fs::canonicalize(root)) {
        (Ok(library), Ok(root)) => root.starts_with(library),
        _ => false,
    }
}

/// A relative name of visible parts. What means a drive or a folder elsewhere is a plain letter here.
pub(super) fn is_safe(name: &str) -> bool {
    let means_more = |c| cfg!(windows) && matches!(c, '\\' | ':');
    name.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.contains(|c: char| c.is_control() || means_more(c))
    })
}

/// An error for a listed file that cannot be asked for by its name.
pub(super) fn callable(root: &Path, name: &str) -> Result<(), StoreError> {
    if is_safe(name) && !name.contains('\u{fffd}') {
        return Ok(());
    }
    Err(StoreError::BadName {
        path: scan::file(root, name),
    })
}
