//! Files as they are opened in the Editor: drafts, sources of templates and snippets, and any other
//! text file, in its own place.
//!
//! What a file is follows from where it lies. Only a draft has its front matter apart; of all
//! others every byte is text, and stays as it is but for the edit. Nothing is overwritten unseen.

use super::atomic::{self, Over};
use super::drafts::{self, MAX_DRAFT, Opened};
use super::items::{self, Item};
use super::{Paths, StoreError, fingerprint, read, scan, trash, within};
use crate::domain::draft::Draft;
use std::ffi::OsStr;
use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// What a file is, which tells how it is read and written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Kind {
    /// A draft of the library: front matter, and a text.
    #[default]
    Draft,
    /// The source of a template of the library.
    Template,
    /// The source of a snippet of the library.
    Snippet,
    /// Any other text file.
    File,
}

impl Kind {
    /// What lies at a path.
    pub fn at(paths: &Paths, path: &Path) -> Self {
        match Item::at(paths, path) {
            Some(Item::Draft(_)) => Self::Draft,
            Some(Item::Template(_)) => Self::Template,
            Some(Item::Snippet(_)) => Self::Snippet,
            None => Self::File,
        }
    }
}

/// Why a file can only be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ReadOnly {
    /// It is no text from this byte on, so a change would not leave the rest of it as it is.
    NotText(usize),
    /// Its permissions say so.
    NotWritable,
}

impl ReadOnly {
    /// What to do about it.
    pub const fn mend(self) -> &'static str {
        match self {
            Self::NotText(_) => "convert the file to UTF-8 to edit it",
            Self::NotWritable => "change its permissions and open it again to edit it",
        }
    }
}

impl fmt::Display for ReadOnly {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotText(at) => write!(to, "not UTF-8 at byte {at}"),
            Self::NotWritable => to.write_str("nobody may write to this file"),
        }
    }
}

/// Where a file lies that a person named, in one spelling: the folders without links, those of the
/// library as the library spells them. `~/` is the home folder.
///
/// # Errors
/// When it names no file, or its folder cannot be found.
pub fn place(paths: &Paths, named: &Path, home: Option<&Path>) -> Result<PathBuf, StoreError> {
    let from_home = named.strip_prefix("~").ok();
    let named = match (from_home, home) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => named.to_owned(),
    };
    let fail = |cause| StoreError::read(&named, cause);
    let is_folder = named.as_os_str().as_encoded_bytes().ends_with(b"/");
    let name = named.file_name().filter(|_| !is_folder);
    let name: &OsStr = name.ok_or_else(|| fail(io::Error::other("it names no file")))?;
    let whole = std::path::absolute(&named).map_err(fail)?;
    let folder = whole.parent().unwrap_or(&whole);
    let real = std::fs::canonicalize(folder).map_err(|cause| StoreError::read(folder, cause))?;
    for own in [&paths.drafts, &paths.templates, &paths.snippets] {
        let below = std::fs::canonicalize(own).ok();
        let below = below.and_then(|own| real.strip_prefix(own).map(Path::to_owned).ok());
        if let Some(below) = below {
            let folder = if below.as_os_str().is_empty() {
                own.clone()
            } else {
                own.join(below)
            };
            return Ok(folder.join(name));
        }
    }
    Ok(real.join(name))
}

/// Where the file of an item lies.
pub fn of_item(paths: &Paths, item: &Item) -> PathBuf {
    match item {
        Item::Template(name) => scan::file(&paths.templates, name),
        Item::Snippet(name) => scan::file(&paths.snippets, name),
        Item::Draft(path) => path.clone(),
    }
}

/// Opens the file at a place. One that is not there yet is an empty file outside the library.
///
/// # Errors
/// When it cannot be read, is no ordinary file, is too large or leads out of the library.
pub fn open(paths: &Paths, path: &Path) -> Result<Opened, StoreError> {
    match Kind::at(paths, path) {
        Kind::Draft => drafts::open(paths, path),
        Kind::File => match whole(path, Kind::File) {
            Err(StoreError::Read { cause, .. }) if cause.kind() == ErrorKind::NotFound => {
                Ok(Opened {
                    draft: Draft::whole(""),
                    hash: String::new(),
                    path: path.to_owned(),
                    read_only: None,
                    kind: Kind::File,
                })
            }
            read => read,
        },
        kind => {
            within::check(&paths.library, path)?;
            whole(path, kind)
        }
    }
}

fn whole(path: &Path, kind: Kind) -> Result<Opened, StoreError> {
    let bytes = read::bytes(path, MAX_DRAFT)?;
    let hash = fingerprint(&bytes);
    let (text, read_only) = drafts::text_of(bytes);
    let locked = (kind == Kind::File && !is_writable(path)).then_some(ReadOnly::NotWritable);
    Ok(Opened {
        draft: Draft::whole(&text),
        hash,
        path: path.to_owned(),
        read_only: read_only.or(locked),
        kind,
    })
}

/// Whether anybody may write to a file. Saving replaces files, which asks for no such right, so
/// that it has to be asked for.
fn is_writable(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|found| !found.permissions().readonly())
}

/// What becomes of the text that a save goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replaced {
    /// It is kept elsewhere.
    IsKept,
    /// It goes to the trash.
    GoesToTrash,
}

/// Writes a whole text to its file, which still has the hash that it was opened with, or is gone.
/// A file that says all of it already is not touched. Returns the new hash.
///
/// # Errors
/// When it cannot be written, or would go over what nobody here has seen.
pub fn save(
    paths: &Paths,
    (path, hash): (&Path, &str),
    text: &str,
    replaced: Replaced,
) -> Result<String, StoreError> {
    let new = fingerprint(text.as_bytes());
    if new == hash && drafts::is_still(path, hash)? {
        return Ok(new);
    }
    let over = Over::Only(hash, MAX_DRAFT);
    match Item::at(paths, path) {
        Some(item) => {
            // The lists take it back from the trash, whatever the journal has of it.
            let written = items::rewrite(paths, &item, text, hash);
            if written.is_err() {
                atomic::save_within(&paths.library, path, text.as_bytes(), over)?;
            }
        }
        None if replaced == Replaced::GoesToTrash => {
            trash::write_over(paths, path, text.as_bytes(), hash)?;
        }
        None => atomic::save_over(path, text.as_bytes(), over)?,
    }
    Ok(new)
}

/// Keeps a text in a new file beside the one at `path`. Returns where.
///
/// # Errors
/// When it cannot be written.
pub fn save_beside(paths: &Paths, path: &Path, text: &str) -> Result<PathBuf, StoreError> {
    let folder = path.parent().unwrap_or(path);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let extension = path.extension().unwrap_or_default().to_string_lossy();
    let inside = match Item::at(paths, path) {
        Some(_) => &paths.library,
        None => folder,
    };
    let name = (stem.as_ref(), extension.as_ref());
    atomic::create_new(inside, folder, name, text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        std::fs::create_dir_all(&paths.drafts).unwrap();
        (folder, paths)
    }

    #[test]
    fn a_file_has_one_place_however_it_is_spelled() {
        let (home, paths) = home();
        let root = std::fs::canonicalize(home.path()).unwrap();
        let spelled = home.path().join("data/../notes.txt");
        let found = place(&paths, &spelled, None).unwrap();
        assert_eq!(found, root.join("notes.txt"));
        let draft = home.path().join("data/drafts/../drafts/a.md");
        assert_eq!(
            place(&paths, &draft, None).unwrap(),
            paths.drafts.join("a.md")
        );
        let mine = place(&paths, Path::new("~/a.txt"), Some(home.path()));
        assert_eq!(mine.unwrap(), root.join("a.txt"));
        for none in ["", "/", "..", "no/such/folder/a", "data/"] {
            let named = home.path().join("x").join(none);
            assert!(place(&paths, &named, None).is_err(), "{none}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_made_once_and_overwrites_nothing() {
        let (home, paths) = home();
        let path = home.path().join("new.txt");
        let opened = open(&paths, &path).unwrap();
        assert_eq!((opened.kind, opened.hash.as_str()), (Kind::File, ""));
        let hash = save(&paths, (&path, ""), "one\r\n", Replaced::IsKept).unwrap();
        assert_eq!(open(&paths, &path).unwrap().hash, hash);
        for replaced in [Replaced::IsKept, Replaced::GoesToTrash] {
            let refused = save(&paths, (&path, ""), "two", replaced).unwrap_err();
            assert!(
                matches!(refused, StoreError::ChangedOutside { .. }),
                "{refused}"
            );
        }
        let beside = save_beside(&paths, &path, "mine").unwrap();
        assert_eq!(beside, home.path().join("new-2.txt"));
        assert_eq!(std::fs::read(&path).unwrap(), b"one\r\n");
    }
}
