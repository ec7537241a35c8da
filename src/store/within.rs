//! The fence around the library: names and links that stay inside it.

use super::{StoreError, scan};
use std::fs;
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
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(StoreError::read(&named, cause)),
    };
    let library = fs::canonicalize(library).map_err(|cause| StoreError::read(library, cause))?;
    if real.starts_with(library) {
        Ok(Some(Within { named, real }))
    } else {
        Err(StoreError::LeavesLibrary { path: named })
    }
}

/// Whether every file right below `root` is inside, unless it is a link itself.
pub(super) fn holds(library: &Path, root: &Path) -> bool {
    match (fs::canonicalize(library), fs::canonicalize(root)) {
        (Ok(library), Ok(root)) => root.starts_with(library),
        _ => false,
    }
}

/// A relative name of visible parts.
fn is_safe(name: &str) -> bool {
    name.split('/').all(|part| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.contains(|c: char| c.is_control() || matches!(c, '\\' | ':'))
    })
}
