//! What lies in the folder that a person names a file in: folders first, then files, by name.
//!
//! A folder may have more entries than a list can show, so that the words typed narrow them here as
//! well. Reads names and sizes, never what is in a file.

use super::attachment;
use std::cmp::Ordering;
use std::fs;
use std::io;

/// Most entries that are handed out.
pub const MOST: usize = 1_000;
/// Most entries that are looked at.
const LOOKED_AT: usize = 1_000_000;

/// A folder, and what is typed of a name in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// The path up to its last `/`, as it was typed; empty for the current folder.
    pub folder: String,
    /// What follows. Only with a dot in front are hidden entries meant.
    pub typed: String,
}

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A folder, or a link to one.
    Folder,
    /// Anything else, with its bytes as far as they are known.
    File(Option<u64>),
}

/// An entry of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its name.
    pub name: String,
    /// What it is.
    pub kind: Kind,
}

/// The entries of a folder.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listing {
    /// The first of them.
    pub entries: Vec<Entry>,
    /// How many there are that could be meant.
    pub all: usize,
    /// There were more than could be handed out, so that only those that fit what is typed count.
    pub narrowed: bool,
}

impl Sought {
    /// The parts of a path as it was typed.
    pub fn of(path: &str) -> Self {
        if path == "~" {
            return Self {
                folder: "~/".to_owned(),
                typed: String::new(),
            };
        }
        let (folder, typed) = path.split_at(path.rfind('/').map_or(0, |at| at + 1));
        Self {
            folder: folder.to_owned(),
            typed: typed.to_owned(),
        }
    }

    /// True when hidden entries are meant.
    pub fn hidden(&self) -> bool {
        self.typed.starts_with('.')
    }
}

/// What lies in a folder.
///
/// # Errors
/// A few words, without the path that the person has before them.
pub fn list(wanted: &Sought) -> Result<Listing, String> {
    let folder = match wanted.folder.as_str() {
        "" => ".",
        named => named,
    };
    let read = fs::read_dir(attachment::resolved(folder)).map_err(|cause| brief(&cause))?;
    // What cannot be typed cannot be named: names that are no text, or have control characters.
    let shown = |name: &str| {
        name.starts_with('.') == wanted.hidden() && !name.chars().any(char::is_control)
    };
    let mut found = Vec::new();
    for entry in read.take(LOOKED_AT).flatten() {
        let name = entry.file_name();
        if let Some(name) = name.to_str().filter(|name| shown(name)) {
            found.push((is_folder(&entry), name.to_owned(), entry));
        }
    }
    let narrowed = found.len() > MOST;
    if narrowed {
        let words = wanted.typed.to_lowercase();
        let words: Vec<&str> = words.split_whitespace().collect();
        found.retain(|(_, name, _)| {
            let name = name.to_lowercase();
            words.iter().all(|word| has_letters(&name, word))
        });
    }
    let all = found.len();
    let by_name = |one: &(bool, String, _), other: &(bool, String, _)| -> Ordering {
        (!one.0, &one.1).cmp(&(!other.0, &other.1))
    };
    if all > MOST {
        found.select_nth_unstable_by(MOST, by_name);
        found.truncate(MOST);
    }
    found.sort_by(by_name);
    let entries = found.into_iter().map(|(folder, name, entry)| Entry {
        name,
        kind: if folder {
            Kind::Folder
        } else {
            Kind::File(fs::metadata(entry.path()).ok().map(|found| found.len()))
        },
    });
    Ok(Listing {
        entries: entries.collect(),
        all,
        narrowed,
    })
}

fn is_folder(entry: &fs::DirEntry) -> bool {
    match entry.file_type() {
        Ok(kind) if kind.is_symlink() => fs::metadata(entry.path()).is_ok_and(|it| it.is_dir()),
        Ok(kind) => kind.is_dir(),
        Err(_) => false,
    }
}

/// Whether a name has the letters of a word in their order.
fn has_letters(name: &str, word: &str) -> bool {
    let mut letters = name.chars();
    word.chars()
        .all(|wanted| letters.any(|letter| letter == wanted))
}

fn brief(cause: &io::Error) -> String {
    match cause.kind() {
        io::ErrorKind::NotFound => "there is no such folder".to_owned(),
        io::ErrorKind::NotADirectory => "a part of the path is no folder".to_owned(),
        io::ErrorKind::PermissionDenied => "you may not read this folder".to_owned(),
        _ => format!("the folder cannot be read: {cause}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;

    fn names(path: &str) -> Vec<String> {
        let listing = list(&Sought::of(path)).unwrap();
        listing.entries.into_iter().map(|it| it.name).collect()
    }

    #[test]
    fn folders_come_first_and_hidden_ones_only_for_a_dot() {
        let home = tempfile::tempdir().unwrap();
        let put = |name: &str| atomic::save(&home.path().join(name), b"abc").unwrap();
        for name in ["b.txt", "a.txt", ".secret", "bell\u{7}"] {
            put(name);
        }
        fs::create_dir(home.path().join("z")).unwrap();
        let at = home.path().display();
        assert_eq!(names(&format!("{at}/")), ["z", "a.txt", "b.txt"]);
        assert_eq!(names(&format!("{at}/.")), [".secret"]);
        let listing = list(&Sought::of(&format!("{at}/"))).unwrap();
        assert_eq!(listing.entries[1].kind, Kind::File(Some(3)));
        let gone = list(&Sought::of(&format!("{at}/gone/"))).unwrap_err();
        assert_eq!(gone, "there is no such folder");
        let file = list(&Sought::of(&format!("{at}/a.txt/"))).unwrap_err();
        assert_eq!(file, "a part of the path is no folder");
    }

    #[test]
    fn of_a_folder_with_too_many_entries_those_that_fit_are_found() {
        let home = tempfile::tempdir().unwrap();
        for number in 0..MOST + 200 {
            fs::create_dir(home.path().join(format!("n{number:05}"))).unwrap();
        }
        let at = home.path().display();
        let listing = list(&Sought::of(&format!("{at}/"))).unwrap();
        assert_eq!((listing.entries.len(), listing.all), (MOST, MOST + 200));
        assert_eq!(listing.entries[0].name, "n00000");
        assert_eq!(names(&format!("{at}/N1199")), ["n01199"]);
    }
}
