//! The folder of the person's themes: the text of each file, or why it cannot be read.
//!
//! Understands no theme and writes none.

use super::{Paths, read};
use std::path::PathBuf;

/// Largest theme in bytes.
const LARGEST: u64 = 64 * 1024;
/// Most themes that are read.
const MOST: usize = 500;

/// A theme as it lies on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its name: that of the file without the ending.
    pub name: String,
    /// The file.
    pub path: PathBuf,
    /// Its text, or why there is none.
    pub text: Result<String, String>,
}

/// Every theme of the person, by name.
pub fn list(paths: &Paths) -> Vec<Source> {
    let Ok(folder) = std::fs::read_dir(&paths.themes) else {
        return Vec::new();
    };
    let files = folder.flatten().map(|entry| entry.path());
    let mut found: Vec<(String, PathBuf)> = files
        .filter_map(|path| {
            let name = path.file_stem()?.to_str()?.to_owned();
            let is_theme = path.extension()? == "toml" && !name.starts_with('.');
            is_theme.then_some((name, path))
        })
        .collect();
    found.sort();
    found.truncate(MOST);
    let sources = found.into_iter().map(|(name, path)| {
        let text = read::text(&path, LARGEST).map_err(|error| error.failure().to_string());
        Source { name, path, text }
    });
    sources.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;

    #[test]
    fn themes_are_listed_by_name_and_what_cannot_be_read_says_why() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        assert!(list(&paths).is_empty());
        std::fs::create_dir_all(paths.themes.join("folder.toml")).unwrap();
        for (name, text) in [
            ("b.toml", &b"x"[..]),
            ("a.toml", b"\xff"),
            ("c.md", b""),
            (".d.toml", b""),
        ] {
            atomic::save(&paths.themes.join(name), text).unwrap();
        }
        let found = list(&paths);
        let names: Vec<&str> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["a", "b", "folder"]);
        assert_eq!(found[1].text.as_deref(), Ok("x"));
        for bad in [0, 2] {
            let told = found[bad].text.as_ref().unwrap_err();
            assert!(told.contains(".toml"), "{told}");
        }
    }
}
