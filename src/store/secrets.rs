//! Key files: one key for each provider, in a file that nobody but its owner can read.
//!
//! A key is written together with the origin it belongs to. Owns that folder and the form of its
//! files. A file or folder that others may look into is refused, and so is a link. A key never
//! stands in an error.

use super::folder::{Folder, parent_of};
use super::{Paths, StoreError, atomic, fingerprint, read};
use crate::domain::endpoint::Key;
use crate::domain::failure::{Failure, FailureKind};
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// Largest key file in bytes.
const LARGEST: u64 = 64 * 1024;
/// Longest provider name that a file is named after.
const LONGEST: usize = 64;

const OPENING: &str = "# Written by Copydesk. The key goes to this origin and nowhere else.\n";

/// A key and the server it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Scheme, host and port that it may be sent to.
    pub origin: String,
    /// The key.
    pub key: Key,
}

/// The form of a stored key.
#[derive(Serialize, Deserialize)]
struct Written {
    origin: String,
    key: String,
}

impl Stored {
    /// As it is written to a file or a keyring.
    pub(super) fn to_text(&self) -> String {
        let written = Written {
            origin: self.origin.clone(),
            key: self.key.expose().to_owned(),
        };
        // Two strings can always be written.
        let text = toml::to_string(&written).unwrap_or_default();
        format!("{OPENING}{text}")
    }

    /// Reads what was written; `place` is what messages call it. Says nothing of what it holds.
    pub(super) fn parse(text: &str, place: &str) -> Result<Self, Failure> {
        let broken = |why: &str| {
            Failure::new(
                FailureKind::Usage,
                format!("the key in {place} cannot be used"),
            )
            .why(why.to_owned())
            .advice("remove it and connect the provider again")
        };
        let written: Written =
            toml::from_str(text).map_err(|_| broken("it is not as Copydesk writes it"))?;
        let key = Key::new(&written.key).map_err(|fault| broken(&fault.to_string()))?;
        Ok(Self {
            origin: written.origin,
            key,
        })
    }
}

/// Where the key of a provider is kept.
pub fn path(paths: &Paths, provider: &str) -> PathBuf {
    paths.keys.join(file_name(provider))
}

/// A name that is safe on every system and different for every provider.
fn file_name(provider: &str) -> String {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
    let safe = !provider.is_empty()
        && provider.len() <= LONGEST
        && !provider.starts_with('.')
        && provider.chars().all(plain);
    if safe {
        return format!("{provider}.toml");
    }
    format!("={}.toml", &fingerprint(provider.as_bytes())[..32])
}

/// True when a provider has a key file, whether it can be used or not.
pub fn exists(paths: &Paths, provider: &str) -> bool {
    path(paths, provider).symlink_metadata().is_ok()
}

/// The key of a provider; `None` when there is no file for it.
///
/// # Errors
/// When the file or its folder is open to others, or cannot be read or understood.
pub fn load(paths: &Paths, provider: &str) -> Result<Option<Stored>, Failure> {
    let path = path(paths, provider);
    let gone = |cause: &io::Error| cause.kind() == ErrorKind::NotFound;
    let folder = match Folder::open(&paths.keys) {
        Err(cause) if gone(&cause) => return Ok(None),
        opened => opened.map_err(|cause| StoreError::read(&path, cause))?,
    };
    let name = file_name(provider);
    let file = match folder.read(OsStr::new(&name)) {
        Err(cause) if gone(&cause) => return Ok(None),
        Err(_) if path.is_symlink() => return Err(read::not_a_file(&path).failure()),
        opened => opened.map_err(|cause| StoreError::read(&path, cause))?,
    };
    guarded(&path, &file)?;
    let bytes = read::contents(file, &path, LARGEST)?;
    let place = path.display().to_string();
    let text = String::from_utf8(bytes).unwrap_or_default();
    Stored::parse(&text, &place).map(Some)
}

/// Refuses a key file that others may read, or whose folder they may look into.
#[cfg(unix)]
fn guarded(path: &Path, file: &File) -> Result<(), Failure> {
    use std::os::unix::fs::MetadataExt;
    let fail = |cause| StoreError::read(path, cause);
    let folder = parent_of(path);
    let found = [
        (folder, folder.metadata().map_err(fail)?, 0o700),
        (path, file.metadata().map_err(fail)?, 0o600),
    ];
    let me = rustix::process::geteuid().as_raw();
    for (place, found, wanted) in found {
        let named = shell_words::quote(&place.to_string_lossy()).into_owned();
        let refused = |why: &str, mend: String| {
            Failure::new(
                FailureKind::Usage,
                format!("the key in {} is not used", path.display()),
            )
            .why(format!("{} {why}", place.display()))
            .advice(mend)
        };
        if found.uid() != me {
            return Err(refused(
                "belongs to somebody else",
                format!("run `chown \"$USER\" {named}` if it is yours"),
            ));
        }
        if found.mode() & 0o077 != 0 {
            return Err(refused(
                "is open to others",
                format!(
                    "run `chmod {wanted:o} {named}`, and replace the key if others may have seen it"
                ),
            ));
        }
    }
    Ok(())
}

/// Other systems give a person's own folders to that person alone.
#[cfg(not(unix))]
fn guarded(_: &Path, _: &File) -> Result<(), Failure> {
    Ok(())
}

/// Writes the key of a provider; returns where it is now.
///
/// # Errors
/// When it cannot be written, or would lie where others may read it.
pub fn save(paths: &Paths, provider: &str, stored: &Stored) -> Result<PathBuf, Failure> {
    let path = path(paths, provider);
    let fail = |cause| StoreError::write(&path, cause);
    private_folder(&paths.keys).map_err(fail)?;
    if path.is_symlink() {
        return Err(read::not_a_file(&path).failure());
    }
    if let Ok(old) = File::open(&path) {
        // What replaces it takes over who may read it.
        guarded(&path, &old)?;
    }
    atomic::save(&path, stored.to_text().as_bytes())?;
    let file = File::open(&path).map_err(fail)?;
    guarded(&path, &file)?;
    Ok(path)
}

/// Makes the folder of keys, which only its owner can look into.
fn private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    std::fs::create_dir_all(parent_of(folder))?;
    let mut builder = std::fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    match builder.create(folder) {
        Err(cause) if cause.kind() == ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;
    use std::os::unix::fs::{PermissionsExt, symlink};

    const SECRET: &str = "sk-a\"b\\c=#";

    fn home() -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().unwrap();
        let root = OsString::from(folder.path());
        let lookup = |name: &str| (name == "COPYDESK_HOME").then(|| root.clone());
        let paths = Paths::resolve(&lookup, None).unwrap();
        (folder, paths)
    }

    fn stored() -> Stored {
        Stored {
            origin: "https://api.openai.com".to_owned(),
            key: Key::new(SECRET).unwrap(),
        }
    }

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    fn mode(path: &Path) -> u32 {
        path.metadata().unwrap().permissions().mode() & 0o777
    }

    /// K2: the file is its owner's alone, and so is the folder.
    #[test]
    fn a_key_comes_back_from_a_file_that_only_its_owner_can_read() {
        let (_home, paths) = home();
        assert_eq!(load(&paths, "openai").unwrap(), None);
        let path = save(&paths, "openai", &stored()).unwrap();
        assert_eq!(load(&paths, "openai").unwrap(), Some(stored()));
        assert_eq!((mode(&path), mode(&paths.keys)), (0o600, 0o700));
        assert!(exists(&paths, "openai") && !exists(&paths, "groq"));
        let other = Stored {
            origin: "https://x.example".to_owned(),
            ..stored()
        };
        save(&paths, "openai", &other).unwrap();
        assert_eq!(load(&paths, "openai").unwrap(), Some(other));
    }

    /// K2: looser modes are refused with what mends them, to read and to write.
    #[test]
    fn a_key_that_others_may_read_is_refused_with_the_command_that_mends_it() {
        let (_home, paths) = home();
        let path = save(&paths, "openai", &stored()).unwrap();
        for (place, loose, good) in [
            (&path, 0o640, 0o600),
            (&path, 0o604, 0o600),
            (&paths.keys, 0o750, 0o700),
            (&paths.keys, 0o701, 0o700),
        ] {
            chmod(place, loose);
            let mend = format!("run `chmod {good:o} {}`", place.display());
            for told in [
                load(&paths, "openai").unwrap_err(),
                save(&paths, "openai", &stored()).unwrap_err(),
            ] {
                assert!(told.advice.starts_with(&mend), "{told}");
                assert!(!told.to_string().contains(SECRET), "{told}");
            }
            chmod(place, good);
            assert!(load(&paths, "openai").unwrap().is_some());
        }
    }

    #[test]
    fn a_link_or_folder_in_its_place_is_no_key_file() {
        let (home, paths) = home();
        let path = save(&paths, "openai", &stored()).unwrap();
        let real = home.path().join("real.toml");
        std::fs::rename(&path, &real).unwrap();
        symlink(&real, &path).unwrap();
        assert!(load(&paths, "openai").is_err());
        assert!(save(&paths, "openai", &stored()).is_err());
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert!(load(&paths, "openai").is_err());
    }

    #[test]
    fn a_broken_file_is_refused_and_nothing_of_it_is_told() {
        let (_home, paths) = home();
        let path = save(&paths, "openai", &stored()).unwrap();
        for text in [
            "",
            "sk-secret",
            "origin = \"o\"\nkey = \"sk-secret\nmore\"",
            "origin = \"o\"\nkey = \"sk-secret \\n two\"",
            "key = \"sk-secret\"",
        ] {
            atomic::save(&path, text.as_bytes()).unwrap();
            let told = load(&paths, "openai").unwrap_err().to_string();
            assert!(told.contains("openai.toml cannot be used"), "{told}");
            assert!(!told.contains("secret"), "{told}");
        }
        atomic::save(&path, b"\xff\xfe").unwrap();
        assert!(load(&paths, "openai").is_err());
    }

    /// W11: whatever a provider is called, its file lies in the folder and is no other one's.
    #[test]
    fn every_name_has_a_file_of_its_own_in_the_folder() {
        let long = "x".repeat(10_000);
        let names = [
            "openai",
            "OpenAI",
            "../x",
            "a/b",
            ".",
            "..",
            "",
            "a b",
            "é",
            "-x",
            "llama.cpp",
            &long,
            "\0",
        ];
        let mut files: Vec<_> = names.iter().map(|name| file_name(name)).collect();
        for name in &files {
            assert!(
                name.len() < 80 && !name.contains('/') && !name.starts_with('.'),
                "{name}"
            );
        }
        files.sort();
        files.dedup();
        assert_eq!(files.len(), names.len());
        assert_eq!(file_name("llama.cpp"), "llama.cpp.toml");
    }
}
