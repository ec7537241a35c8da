//! Files of other tools: a file or folder that a person names, read within bounds.
//!
//! Nothing outside of it is opened: links are not followed, and what is no ordinary file is passed
//! over. What the files mean is not known here. Also puts what was made of them into the library,
//! never over anything.

use super::shipped::{SHIPPED, VERBS};
use super::{Paths, StoreError, atomic, read, scan, within};
use crate::domain::failure::{Failure, FailureKind};
use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Files that are taken from a folder.
const MOST_FILES: usize = 10_000;
/// Entries of folders that are looked at.
const MOST_ENTRIES: usize = 100_000;
/// Folders within folders that are looked into.
const DEEPEST: usize = 12;
/// Largest file that is one prompt, in bytes.
const ONE: u64 = 1024 * 1024;
/// Largest file that holds many, in bytes.
const MANY: u64 = 16 * 1024 * 1024;
/// Templates of one name that are compared with a new one.
const MOST_ALIKE: usize = 20;
/// Hidden folders in which tools keep prompts.
const KNOWN_FOLDERS: [&str; 4] = [".claude", ".codex", ".crush", ".github"];
/// How archives end.
const ARCHIVES: [&str; 13] = [
    "zip", "tar", "gz", "tgz", "bz2", "xz", "txz", "7z", "zst", "rar", "jar", "lz4", "br",
];

/// What a person named, and what lies in it.
#[derive(Debug)]
pub struct Gathered {
    /// The name of the folder, or of the folder that the file lies in.
    pub root: String,
    /// Whether a single file was named.
    pub single: bool,
    /// Its files, by their paths from there with `/`.
    pub files: Vec<Found>,
    /// What was passed over, and why.
    pub passed: Vec<(String, String)>,
}

/// A file to be read.
#[derive(Debug)]
pub struct Found {
    /// Its path from what was named, with `/`; as well as it can be written.
    pub name: String,
    path: PathBuf,
}

/// Looks at what a person named.
///
/// # Errors
/// When it is not there, is an archive, or has more files than are taken at once.
pub fn gather(source: &Path) -> Result<Gathered, Failure> {
    let real = fs::canonicalize(source).map_err(|cause| StoreError::read(source, cause))?;
    let found = fs::metadata(&real).map_err(|cause| StoreError::read(source, cause))?;
    if found.is_dir() {
        let mut walk = Walk {
            source,
            gathered: Gathered {
                root: file_name(&real),
                single: false,
                files: Vec::new(),
                passed: Vec::new(),
            },
            entries: 0,
        };
        walk.folder(&real, "", DEEPEST)?;
        let mut gathered = walk.gathered;
        gathered.files.sort_by(|a, b| a.name.cmp(&b.name));
        gathered.passed.sort();
        return Ok(gathered);
    }
    if !found.is_file() {
        let kind = read::kind_name(found.file_type());
        let path = source.to_owned();
        return Err(StoreError::NotAFile { path, kind }.failure());
    }
    if is_archive(&real) {
        return Err(Failure::new(
            FailureKind::Usage,
            format!("{} is an archive", source.display()),
        )
        .advice("unpack it first, then import the folder"));
    }
    Ok(Gathered {
        root: real.parent().map(file_name).unwrap_or_default(),
        single: true,
        files: vec![Found {
            name: file_name(&real),
            path: real,
        }],
        passed: Vec::new(),
    })
}

fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default();
    name.to_string_lossy().into_owned()
}

fn is_archive(path: &Path) -> bool {
    const MAGIC: [&[u8]; 7] = [
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"BZh",
        b"\xfd7zXZ",
        b"\x28\xb5\x2f\xfd",
        b"7z\xbc\xaf",
        b"Rar!",
    ];
    let ending = path.extension().unwrap_or_default().to_string_lossy();
    if ARCHIVES.contains(&ending.to_lowercase().as_str()) {
        return true;
    }
    let Ok((start, _)) = read::start(path, 264) else {
        return false;
    };
    MAGIC.iter().any(|magic| start.starts_with(magic)) || start.get(257..262) == Some(b"ustar")
}

/// A folder being looked through.
struct Walk<'w> {
    source: &'w Path,
    gathered: Gathered,
    entries: usize,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> Result<(), Failure> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(cause) => {
                let name = if prefix.is_empty() { "." } else { prefix };
                self.pass(name.to_owned(), format!("it cannot be read: {cause}"));
                return Ok(());
            }
        };
        for entry in entries.flatten() {
            self.entries += 1;
            if self.entries > MOST_ENTRIES || self.gathered.files.len() > MOST_FILES {
                let what = format!("{} has more than {MOST_FILES} files", self.source.display());
                return Err(Failure::new(FailureKind::Usage, what)
                    .advice("import the folders in it one by one"));
            }
            let called = entry.file_name().to_string_lossy().into_owned();
            let name = format!("{prefix}{called}");
            let Ok(kind) = entry.file_type() else {
                continue;
            };
            let hidden = called.starts_with('.') && !KNOWN_FOLDERS.contains(&called.as_str());
            if kind.is_symlink() {
                self.pass(name, "a link; links are not followed".to_owned());
            } else if kind.is_dir() && depth == 0 {
                self.pass(name, "it lies too deep; import it by itself".to_owned());
            } else if kind.is_dir() && !hidden {
                self.folder(&entry.path(), &format!("{name}/"), depth - 1)?;
            } else if kind.is_file() && is_named_like_archive(&called) {
                self.pass(name, "an archive; unpack it first".to_owned());
            } else if kind.is_file() && !hidden {
                let path = entry.path();
                self.gathered.files.push(Found { name, path });
            } else if !kind.is_file() && !kind.is_dir() {
                self.pass(name, format!("a {}, not a file", read::kind_name(kind)));
            }
        }
        Ok(())
    }

    fn pass(&mut self, name: String, why: String) {
        self.gathered.passed.push((name, why));
    }
}

fn is_named_like_archive(name: &str) -> bool {
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    ARCHIVES.contains(&ending.to_lowercase().as_str())
}

impl Found {
    /// The text of the file, or why there is none.
    pub fn text(&self) -> Result<String, String> {
        let ending = self.name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let limit = match ending.to_lowercase().as_str() {
            "csv" | "json" => MANY,
            _ => ONE,
        };
        let bytes = match read::unlinked(&self.path, limit) {
            Ok(bytes) => bytes,
            Err(StoreError::TooLarge { .. }) => {
                return Err(format!("it is larger than {} MiB", limit / 1024 / 1024));
            }
            Err(StoreError::Read { cause, .. }) => {
                return Err(format!("it cannot be read: {cause}"));
            }
            Err(error) => return Err(error.to_string()),
        };
        String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            format!("it is not UTF-8 at byte {at}; convert it first")
        })
    }
}

/// The names that templates have already, so that a new one gets another.
#[derive(Debug)]
pub struct Taken {
    names: HashSet<String>,
    /// The number that the next template of a name is tried with.
    next: HashMap<String, usize>,
}

/// What became of a template that was to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// It is or would be new under this name.
    New(String),
    /// The library has it already, word for word, under this name.
    Already(String),
}

impl Taken {
    /// Every name in the library and in the binary. Two that differ in case are one.
    pub fn of(paths: &Paths) -> Self {
        let own = scan::markdown(&paths.templates);
        let own = own.into_iter().map(|found| found.name.to_lowercase());
        let shipped = SHIPPED.iter().chain(VERBS);
        let shipped = shipped.map(|(name, _)| (*name).to_owned());
        Self {
            names: own.chain(shipped).collect(),
            next: HashMap::new(),
        }
    }

    /// Whether a template has this name.
    pub fn has(&self, name: &str) -> bool {
        self.names.contains(&name.to_lowercase())
    }

    /// The name that a template gets: its own, or one with a number. Nothing is written.
    pub fn choose(&mut self, paths: &Paths, name: &str, source: &str) -> Kept {
        let mut chosen = name.to_owned();
        for number in 2..MOST_ALIKE {
            if !self.has(&chosen) {
                break;
            }
            let file = scan::file(&paths.templates, &chosen);
            let same = read::unlinked(&file, source.len() as u64);
            if same.is_ok_and(|bytes| bytes == source.as_bytes()) {
                return Kept::Already(chosen);
            }
            chosen = format!("{name}-{number}");
        }
        let next = self.next.get(name).copied().unwrap_or(MOST_ALIKE);
        let mut number = next;
        while self.has(&chosen) {
            chosen = format!("{name}-{number}");
            number += 1;
        }
        self.next.insert(name.to_owned(), number);
        self.names.insert(chosen.to_lowercase());
        Kept::New(chosen)
    }
}

/// Says why a template cannot have a name, if it cannot.
///
/// # Errors
/// When it leaves the library, is hidden, or cannot be typed.
pub fn callable(paths: &Paths, name: &str) -> Result<(), StoreError> {
    within::callable(&paths.templates, name)
}

/// Writes a new template into the library. Returns where.
///
/// # Errors
/// When the name is none, or it cannot be written.
pub fn keep(paths: &Paths, name: &str, source: &str) -> Result<PathBuf, StoreError> {
    within::callable(&paths.templates, name)?;
    let file = scan::file(&paths.templates, name);
    let folder = file.parent().unwrap_or(&paths.templates);
    let stem = name.rsplit('/').next().unwrap_or(name);
    atomic::create_new(&paths.library, folder, (stem, "md"), source.as_bytes())
}

/// Writes a file that must not be there yet, outside the library or in it.
///
/// # Errors
/// When it is there, or cannot be written.
pub fn give(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(StoreError::write(path, ErrorKind::AlreadyExists.into()));
    }
    // Nothing, by its hash: what turns up meanwhile stays as well.
    atomic::save_over(path, bytes, atomic::Over::Only("", 0))
}
