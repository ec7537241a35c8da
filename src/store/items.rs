//! Whole items of the library: deleting, renaming, duplicating, tagging, editing their source.
//!
//! Whatever a change replaces goes into the trash first. No change ever lands on another item,
//! and none touches what comes with Copydesk. What an item means is not known here.

mod tags;

pub use tags::{adjust_tags, retag};

use super::atomic::Over;
use super::library::{self, Origin};
use super::trash::{self, Mark, Record, Why};
use super::{Paths, StoreError, atomic, drafts, files, fingerprint, read, scan, within};
use crate::domain::draft::{Draft, slug};
use std::path::{Path, PathBuf};

/// Largest item in bytes.
const MAX_ITEM: u64 = 64 * 1024 * 1024;

/// A template, a draft or a snippet, as lists name it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A template, by name.
    Template(String),
    /// A draft, by file.
    Draft(PathBuf),
    /// A snippet, by name.
    Snippet(String),
}

impl Item {
    /// The item that a file of the library is.
    pub fn at(paths: &Paths, path: &Path) -> Option<Self> {
        let below = |root: &Path| {
            Some(
                path.strip_prefix(root)
                    .ok()?
                    .to_str()?
                    .strip_suffix(".md")?
                    .to_owned(),
            )
        };
        if path.starts_with(&paths.drafts) {
            return Some(Self::Draft(path.to_owned()));
        }
        let template = below(&paths.templates).map(Self::Template);
        template.or_else(|| below(&paths.snippets).map(Self::Snippet))
    }

    /// The word for what it is.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Template(_) => "template",
            Self::Draft(_) => "draft",
            Self::Snippet(_) => "snippet",
        }
    }

    /// Its name without folder and date, as sentences mention it.
    pub fn name(&self) -> String {
        match self {
            Self::Template(name) | Self::Snippet(name) => name.clone(),
            Self::Draft(path) => path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
        }
    }
}

/// What a change did to an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The file before.
    pub before: Mark,
    /// The file after; `None` when it was deleted.
    pub after: Option<Mark>,
}

/// A file of the library as it was read.
struct Own {
    path: PathBuf,
    bytes: Vec<u8>,
}

impl Own {
    /// Reads the person's own file of an item.
    fn open(paths: &Paths, item: &Item) -> Result<Self, StoreError> {
        let unknown = || StoreError::Unknown {
            kind: item.kind(),
            name: item.name(),
            near: None,
        };
        let (root, name) = match item {
            Item::Template(name) => (&paths.templates, name.clone()),
            Item::Snippet(name) => (&paths.snippets, name.clone()),
            Item::Draft(path) => {
                let below = path.strip_prefix(&paths.drafts).ok();
                let name = below.and_then(|path| path.to_str()?.strip_suffix(".md"));
                (&paths.drafts, name.ok_or_else(unknown)?.to_owned())
            }
        };
        let Some(found) = within::find(&paths.library, root, &name)? else {
            return Err(match item {
                Item::Template(name) if library::shipped(name).is_some() => {
                    StoreError::Shipped { name: name.clone() }
                }
                _ => unknown(),
            });
        };
        let bytes = read::bytes(&found.real, MAX_ITEM)?;
        let path = found.named;
        Ok(Self { path, bytes })
    }

    fn mark(&self) -> Mark {
        Mark::new(&self.path, &self.bytes)
    }

    /// The text with its front matter apart, which reads templates as well as drafts.
    fn parsed(&self) -> Result<Draft, StoreError> {
        match std::str::from_utf8(&self.bytes) {
            Ok(text) => Ok(Draft::parse(text)),
            Err(error) => Err(StoreError::NotText {
                path: self.path.clone(),
                at: error.valid_up_to(),
            }),
        }
    }

    /// What lists call it, or nearly so.
    fn title(&self, item: &Item) -> String {
        let name = item.name();
        match (self.parsed(), item) {
            (_, Item::Snippet(_)) | (Err(_), _) => name,
            (Ok(text), _) if text.title().is_some() => text.title().map_or(name, str::to_owned),
            (Ok(text), Item::Draft(_)) => Draft::title_from(text.body(), &name),
            (Ok(_), Item::Template(_)) => name,
        }
    }

    /// Writes other bytes over the file as it was read, which goes into the trash.
    fn replace(
        &self,
        paths: &Paths,
        (item, why): (&Item, Why),
        bytes: &[u8],
    ) -> Result<Mark, StoreError> {
        let became = Mark::new(&self.path, bytes);
        let record = Record::new(why, &self.title(item), &self.path, Some(became.clone()));
        let opened = fingerprint(&self.bytes);
        let over = Over::Only(&opened, MAX_ITEM);
        trash::keep(paths, &record, &self.bytes, || {
            atomic::save_within(&paths.library, &self.path, bytes, over)
        })?;
        Ok(became)
    }
}

/// The whole source of an item, and the hash to [`rewrite`] it with.
pub fn source(paths: &Paths, item: &Item) -> Result<(String, String), StoreError> {
    let text = match item {
        Item::Template(name) if library::origin(paths, name) == Some(Origin::Shipped) => {
            library::source(paths, name)?.text
        }
        _ => {
            let own = Own::open(paths, item)?;
            let at = |error: &std::string::FromUtf8Error| error.utf8_error().valid_up_to();
            String::from_utf8(own.bytes).map_err(|error| StoreError::NotText {
                at: at(&error),
                path: own.path,
            })?
        }
    };
    let hash = fingerprint(text.as_bytes());
    Ok((text, hash))
}

/// Moves an item into the trash.
pub fn delete(paths: &Paths, item: &Item) -> Result<Changed, StoreError> {
    let own = Own::open(paths, item)?;
    let record = Record::new(Why::Deleted, &own.title(item), &own.path, None);
    trash::discard(paths, &record)?;
    Ok(Changed {
        before: own.mark(),
        after: None,
    })
}

/// Gives an item another title, and its file the name that follows from it: a draft keeps its
/// date and gives way to others; a template or snippet must be the only one of its name.
pub fn rename(paths: &Paths, item: &Item, title: &str) -> Result<Changed, StoreError> {
    let own = Own::open(paths, item)?;
    let bytes = titled(&own, item, title)?;
    let stem = stem(item, &own.path, title);
    let target = own.path.with_file_name(format!("{stem}.md"));
    let before = own.mark();
    let same = || std::fs::canonicalize(&target).ok() == std::fs::canonicalize(&own.path).ok();
    if target == own.path || (target.exists() && same()) {
        let mut after = before.clone();
        if bytes != own.bytes {
            after = own.replace(paths, (item, Why::Renamed), &bytes)?;
        }
        if target != own.path {
            atomic::move_new(&own.path, &target)?;
            after.path = target;
        }
        return Ok(Changed {
            before,
            after: Some(after),
        });
    }
    let path = create(paths, item, &target, &bytes)?;
    let after = Mark::new(&path, &bytes);
    let record = Record::new(
        Why::Renamed,
        &own.title(item),
        &own.path,
        Some(after.clone()),
    );
    // Without the old one in the trash there would be two.
    trash::discard(paths, &record).inspect_err(|_| drop(atomic::remove(&path)))?;
    Ok(Changed {
        before,
        after: Some(after),
    })
}

/// Copies an item under a name of its own. What comes with Copydesk becomes the person's own file
/// of the same name, which then goes before it.
pub fn duplicate(paths: &Paths, item: &Item) -> Result<Changed, StoreError> {
    let own = match Own::open(paths, item) {
        Err(StoreError::Shipped { name }) => {
            let text = library::source(paths, &name)?.text;
            let own = scan::file(&paths.templates, &name);
            let before = Mark::new(&own, text.as_bytes());
            let folder = own.parent().unwrap_or(&paths.templates);
            let stem = own.file_stem().unwrap_or_default().to_string_lossy();
            let path = atomic::create_new(&paths.library, folder, (&stem, "md"), text.as_bytes())?;
            let after = Some(Mark::new(&path, text.as_bytes()));
            return Ok(Changed { before, after });
        }
        own => own?,
    };
    let bytes = copied(&own);
    let folder = own.path.parent().unwrap_or(&paths.library);
    let stem = own.path.file_stem().unwrap_or_default().to_string_lossy();
    let path = atomic::create_new(&paths.library, folder, (&stem, "md"), &bytes)?;
    Ok(Changed {
        before: own.mark(),
        after: Some(Mark::new(&path, &bytes)),
    })
}

/// Writes an item whose front matter was changed, unless that cannot be.
fn front_matter_changed(
    paths: &Paths,
    (item, own): (&Item, &Own),
    change: impl FnOnce(&mut Draft) -> bool,
) -> Result<Changed, StoreError> {
    let mut text = own.parsed()?;
    if !change(&mut text) {
        let path = own.path.clone();
        return Err(StoreError::FrontMatter { path });
    }
    let bytes = text.to_source().into_bytes();
    let after = own.replace(paths, (item, Why::Overwritten), &bytes)?;
    Ok(Changed {
        before: own.mark(),
        after: Some(after),
    })
}

/// Writes how far a draft is, and nothing else in its file.
pub fn set_status(paths: &Paths, item: &Item, status: &str) -> Result<Changed, StoreError> {
    let own = Own::open(paths, item)?;
    front_matter_changed(paths, (item, &own), |text| text.set_status(status))
}

/// Writes another source over an item that still has the hash it was opened with.
pub fn rewrite(paths: &Paths, item: &Item, text: &str, hash: &str) -> Result<Changed, StoreError> {
    let own = Own::open(paths, item)?;
    let before = own.mark();
    if before.hash != hash {
        return Err(StoreError::ChangedOutside { path: own.path });
    }
    let after = own.replace(paths, (item, Why::Overwritten), text.as_bytes())?;
    Ok(Changed {
        before,
        after: Some(after),
    })
}

/// Makes a new item, which must be the only one of its name.
pub fn make(paths: &Paths, item: &Item, text: &str) -> Result<Changed, StoreError> {
    let path = create(paths, item, &files::of_item(paths, item), text.as_bytes())?;
    Ok(Changed {
        before: Mark::new(&path, b""),
        after: Some(Mark::new(&path, text.as_bytes())),
    })
}

/// Keeps a text beside the file of an item, which is left alone. Returns where.
pub fn put_beside(paths: &Paths, item: &Item, text: &str) -> Result<Mark, StoreError> {
    let path = files::of_item(paths, item);
    let folder = path.parent().unwrap_or(&paths.library);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let path = atomic::create_new(&paths.library, folder, (&stem, "md"), text.as_bytes())?;
    Ok(Mark::new(&path, text.as_bytes()))
}

/// The source with another title, where it has one of its own.
fn titled(own: &Own, item: &Item, title: &str) -> Result<Vec<u8>, StoreError> {
    let untitled = || own.parsed().map_or(true, |text| text.title().is_none());
    if matches!(item, Item::Snippet(_)) || (matches!(item, Item::Template(_)) && untitled()) {
        return Ok(own.bytes.clone());
    }
    let mut text = own.parsed()?;
    if text.set_title(title) {
        Ok(text.to_source().into_bytes())
    } else {
        Err(StoreError::FrontMatter {
            path: own.path.clone(),
        })
    }
}

/// The file name without extension that follows from a title.
fn stem(item: &Item, path: &Path, title: &str) -> String {
    let old = path.file_stem().unwrap_or_default().to_string_lossy();
    let date = old
        .get(..11)
        .filter(|date| date.ends_with('-') && date[..10].parse::<jiff::civil::Date>().is_ok());
    match (item, date) {
        (Item::Draft(_), Some(date)) => format!("{date}{}", slug(title)),
        _ => slug(title),
    }
}

/// A new file at `path`: beside what lies there for a draft, else only where nothing does.
fn create(paths: &Paths, item: &Item, path: &Path, bytes: &[u8]) -> Result<PathBuf, StoreError> {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let folder = path.parent().unwrap_or(&paths.library);
    let taken = Item::at(paths, path).filter(|new| match new {
        Item::Template(name) => library::origin(paths, name).is_some(),
        Item::Snippet(_) => path.exists(),
        Item::Draft(_) => false,
    });
    if let Some(taken) = taken {
        return Err(StoreError::Taken {
            kind: item.kind(),
            name: taken.name(),
        });
    }
    atomic::create_new(&paths.library, folder, (&stem, "md"), bytes)
}

/// The source of a copy: its title says so, and it is a draft of its own.
fn copied(own: &Own) -> Vec<u8> {
    let Ok(mut text) = own.parsed() else {
        return own.bytes.clone();
    };
    if let Some(title) = text.title() {
        let title = format!("{title} (copy)");
        text.set_title(&title);
    }
    text.set_id(&drafts::new_id());
    text.to_source().into_bytes()
}

#[cfg(test)]
mod tests;
