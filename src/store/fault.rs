//! What can go wrong on disk, as sentences with a path, a cause and a way out.
//!
//! Every error of this floor but the journal's is one of these; none of them means that a file was harmed.

use crate::domain::failure::{Failure, FailureKind};
use std::io;
use std::path::{Path, PathBuf};

/// An error of the store. Its text names the path and ends with what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.failure())]
pub enum StoreError {
    /// No folder to keep files in could be found.
    NoHome,
    /// Something that is no ordinary file is in the way.
    NotAFile {
        /// Where.
        path: PathBuf,
        /// What it is: `folder`, `pipe`, `device`…
        kind: &'static str,
    },
    /// A file could not be written; the old one is whole.
    Write {
        /// Which file or folder.
        path: PathBuf,
        /// The operating system's words.
        #[source]
        cause: io::Error,
    },
    /// A file could not be read.
    Read {
        /// Which file or folder.
        path: PathBuf,
        /// The operating system's words.
        #[source]
        cause: io::Error,
    },
    /// A file is larger than anything it could reasonably be.
    TooLarge {
        /// Which file.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// The file on disk is not the one that was opened.
    ChangedOutside {
        /// Which file.
        path: PathBuf,
    },
    /// No template, snippet or draft has this name.
    Unknown {
        /// `template`, `snippet` or `draft`.
        kind: &'static str,
        /// The name that was asked for.
        name: String,
        /// A name that there is and that looks much like it.
        near: Option<String>,
    },
    /// Several drafts answer to this name.
    Ambiguous {
        /// The name that was asked for.
        name: String,
        /// File names of some that fit.
        among: Vec<String>,
    },
    /// What comes with Copydesk cannot be changed.
    Shipped {
        /// Its name.
        name: String,
    },
    /// Another template or snippet has this name.
    Taken {
        /// `template` or `snippet`.
        kind: &'static str,
        /// The name that was asked for.
        name: String,
    },
    /// The front matter of a file cannot be changed line by line.
    FrontMatter {
        /// Which file.
        path: PathBuf,
    },
    /// A file is not UTF-8, so a change would not leave the rest of it as it is.
    NotText {
        /// Which file.
        path: PathBuf,
        /// The first byte that is no text.
        at: usize,
    },
    /// A snippet has no front matter, so it has no tags.
    NoTags {
        /// Its name.
        name: String,
    },
    /// There is nothing in the trash, or nothing with this id.
    NotInTrash {
        /// The id that was asked for, if one was.
        id: Option<String>,
    },
    /// What a file held is in the trash, and the file was changed once more since.
    ChangedSince {
        /// Which file.
        path: PathBuf,
        /// Where its old text is.
        kept: PathBuf,
    },
    /// A file has a name that nobody can type.
    BadName {
        /// The file, as well as its name can be written.
        path: PathBuf,
    },
    /// A folder lies below more folders than are looked into.
    TooDeep {
        /// The folder.
        path: PathBuf,
    },
    /// A file that was listed cannot be found.
    Gone {
        /// Which file.
        path: PathBuf,
    },
    /// A link points out of the library.
    LeavesLibrary {
        /// The link.
        path: PathBuf,
    },
}

impl StoreError {
    /// A failed write at a path.
    pub(super) fn write(path: &Path, cause: io::Error) -> Self {
        Self::Write {
            path: path.to_owned(),
            cause,
        }
    }

    /// A failed read at a path.
    pub(super) fn read(path: &Path, cause: io::Error) -> Self {
        Self::Read {
            path: path.to_owned(),
            cause,
        }
    }

    /// The same for `app` and `view`.
    pub fn failure(&self) -> Failure {
        use FailureKind::{Other, Usage};
        match self {
            Self::NoHome => Failure::new(Other, "no home folder found")
                .why("HOME is not set")
                .advice("set HOME, or COPYDESK_HOME to a folder for Copydesk"),
            Self::NotAFile { path, kind } => Failure::new(Other, at("cannot use", path))
                .why(format!("it is a {kind}"))
                .advice("choose an ordinary file"),
            Self::Write { path, cause } => Failure::new(Other, at("cannot write", path))
                .why(cause.to_string())
                .advice(advice(cause)),
            Self::Read { path, cause } => Failure::new(Other, at("cannot read", path))
                .why(cause.to_string())
                .advice(advice(cause)),
            Self::TooLarge { path, limit } => Failure::new(Other, at("cannot read", path))
                .why(format!("it is larger than {} KiB", limit / 1024))
                .advice("make it smaller, or open another file"),
            Self::ChangedOutside { path } => Failure::new(Other, at("not saved:", path))
                .why("the file was changed outside since it was opened")
                .advice("look at what it says now, then save again"),
            Self::Unknown { kind, name, near } => {
                let list = format!("see `copydesk {} list`", listing(kind));
                let advice = match near {
                    Some(near) => format!("did you mean {near}? {list}"),
                    None => list,
                };
                Failure::new(Usage, format!("there is no {kind} named {name:?}")).advice(advice)
            }
            Self::Ambiguous { name, among } => {
                Failure::new(Usage, format!("several drafts fit {name:?}"))
                    .why(among.join(", "))
                    .advice("give the file name")
            }
            Self::Shipped { name } => Failure::new(Usage, format!("{name:?} comes with Copydesk"))
                .why("it is part of the program and cannot be changed")
                .advice("d makes a copy of your own first"),
            Self::Taken { kind, name } => {
                Failure::new(Usage, format!("there is a {kind} named {name:?} already"))
                    .advice("choose another name")
            }
            Self::FrontMatter { path } => Failure::new(Other, at("not changed:", path))
                .why("its front matter is broken, or is not written line by line")
                .advice("mend it in an editor"),
            Self::NotText { path, at: byte } => Failure::new(Other, at("not changed:", path))
                .why(format!("not UTF-8 at byte {byte}"))
                .advice("convert the file to UTF-8 first"),
            Self::NoTags { name } => Failure::new(Usage, format!("{name:?} is a snippet"))
                .why("only templates and drafts have tags")
                .advice("name it so that you find it"),
            Self::NotInTrash { id } => {
                let what = id.as_ref().map_or_else(
                    || "there is nothing to take back".to_owned(),
                    |id| format!("there is no {id:?} in the trash"),
                );
                Failure::new(Usage, what).advice("see `copydesk draft trash`")
            }
            Self::ChangedSince { path, kept } => Failure::new(Other, at("not taken back:", path))
                .why("it was changed or moved since")
                .advice(format!(
                    "its old text is in {}; copy it from there",
                    kept.display()
                )),
            Self::BadName { path } => Failure::new(Usage, at("cannot use", path))
                .why("its name has signs in it that cannot be typed")
                .advice(renamed(path)),
            Self::TooDeep { path } => Failure::new(Other, at("not looked into:", path))
                .why("it lies below too many folders")
                .advice("move it further up"),
            Self::Gone { path } => Failure::new(Other, at("cannot read", path))
                .why("it cannot be found")
                .advice("is it a link that leads nowhere?"),
            Self::LeavesLibrary { path } => Failure::new(Other, at("cannot use", path))
                .why("it is a link that leaves the library")
                .advice("copy the file into the library"),
        }
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        error.failure()
    }
}

fn at(what: &str, path: &Path) -> String {
    format!("{what} {}", path.display())
}

/// The command that gives the file a name that can be typed.
fn renamed(path: &Path) -> String {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let typed = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | ' ' | '.' | ':');
    let tidy = |fill: char| -> String {
        let signs = stem.chars().map(|c| if typed(c) { c } else { fill });
        signs.collect()
    };
    let folder = path.parent().unwrap_or(path).display().to_string();
    let new = tidy('-');
    let new = new.trim_matches(['-', '.', ' ']);
    let new = if new.is_empty() { "renamed" } else { new };
    let quoted = [&folder, new].map(|text| shell_words::quote(text).into_owned());
    let [folder, new] = quoted;
    // `?` stands for whatever sign is there.
    let old = tidy('?').replace(' ', "?");
    format!("rename it: cd {folder} && mv -i ./{old}.md ./{new}.md")
}

fn listing(kind: &str) -> &str {
    if kind == "draft" { "draft" } else { "template" }
}

fn advice(cause: &io::Error) -> &'static str {
    use io::ErrorKind as Kind;
    match cause.kind() {
        Kind::StorageFull | Kind::QuotaExceeded => "free some space, then try again",
        Kind::PermissionDenied => "check the permissions of the file and its folder",
        Kind::ReadOnlyFilesystem => "choose a folder that can be written to",
        Kind::NotFound => "check the path",
        Kind::InvalidData => "convert the file to UTF-8",
        Kind::InvalidFilename => "choose a shorter name",
        Kind::NotADirectory => "something in the path is not a folder: check the path",
        _ => "check the disk and the path, then try again",
    }
}
