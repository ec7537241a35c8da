//! Templates and snippets: the shipped ones, overlaid by the person's own files.
//!
//! A name is a path below `templates/` or `snippets/` without `.md`. Whatever is in the library,
//! nothing outside it is ever opened. Knows where a template comes from, not what it means.

mod circles;

use super::index::{Label, Reader, Writer};
use super::scan::{self, Found};
use super::shipped::{QUESTIONS, SHIPPED, VERBS};
use super::{Paths, StoreError, atomic, fingerprint, read, within};
use crate::domain::template::{self, Headline, Template};
use std::fs;
use std::path::PathBuf;

/// Largest template in bytes.
const MAX_TEMPLATE: u64 = 1024 * 1024;
/// Largest snippet in bytes.
const MAX_SNIPPET: u64 = 256 * 1024;
/// Largest metadata cache in bytes.
const MAX_INDEX: u64 = 64 * 1024 * 1024;
/// Fewer templates than this are read faster than a cache is kept.
const WORTH_AN_INDEX: usize = 200;

/// How much alike two names are, from 0 to 1, for one to be taken for the other.
const NEAR: f32 = 0.75;

/// Makes the folders of a library that lies beside the journal, those that are missing. To wait for
/// one of them is to be woken by each write to the journal. A library elsewhere stays as it is.
pub fn furnish(paths: &Paths) {
    if paths.journal.parent() != Some(&paths.library) {
        return;
    }
    for folder in [&paths.templates, &paths.snippets, &paths.drafts] {
        if !folder.is_dir() {
            // Whoever needs it for more than that makes it, and says what is in the way.
            let _later = within::folder(&paths.library, folder);
        }
    }
}

/// Where a template comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// The binary.
    Shipped,
    /// A file of the library.
    User(PathBuf),
}

/// A template as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Its whole source.
    pub text: String,
    /// Where it comes from.
    pub origin: Origin,
}

impl Source {
    /// The content hash that drafts record.
    pub fn hash(&self) -> String {
        fingerprint(self.text.as_bytes())
    }
}

/// One line of the list of templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The name it is asked for by.
    pub name: String,
    /// Where it comes from.
    pub origin: Origin,
    /// Title; made from the name where the file has none.
    pub title: String,
    /// Description, or empty.
    pub description: String,
    /// Tags in order.
    pub tags: Vec<String>,
    /// What is wrong with the file, which is listed all the same.
    pub problem: Option<String>,
}

impl Entry {
    fn new(name: String, origin: Origin, label: Label) -> Self {
        let title = if label.title.is_empty() {
            title_of(&name)
        } else {
            label.title
        };
        Self {
            name,
            origin,
            title,
            description: label.description,
            tags: label.tags,
            problem: label.problem,
        }
    }
}

/// Where the template of a name comes from, if there is one.
pub fn origin(paths: &Paths, name: &str) -> Option<Origin> {
    match within::find(&paths.library, &paths.templates, name) {
        Ok(Some(found)) => Some(Origin::User(found.named)),
        Ok(None) => shipped(name).map(|_| Origin::Shipped),
        Err(_) => None,
    }
}

/// The source of a template; the person's file goes before a shipped one of the same name.
pub fn source(paths: &Paths, name: &str) -> Result<Source, StoreError> {
    if let Some(found) = within::find(&paths.library, &paths.templates, name)? {
        return Ok(Source {
            text: read::text(&found.real, MAX_TEMPLATE)?,
            origin: Origin::User(found.named),
        });
    }
    let text = shipped(name).ok_or_else(|| unread(paths, name))?;
    Ok(Source {
        text: text.to_owned(),
        origin: Origin::Shipped,
    })
}

/// The name among these that looks most like one that there is not.
pub(super) fn near(name: &str, names: &[&str]) -> Option<String> {
    let near = similar::get_close_matches(name, names, 1, NEAR);
    near.first().map(|near| (*near).to_owned())
}

/// Why a name has no source: what a list says of its file, or that there is none.
fn unread(paths: &Paths, name: &str) -> StoreError {
    let files = scan::markdown(&paths.templates);
    let listed = files.iter().find(|found| found.name == name);
    let fault = listed.and_then(|found| read_label(paths, found, false).err());
    fault.unwrap_or_else(|| {
        let own = files.iter().map(|found| found.name.as_str());
        let names: Vec<&str> = own.chain(all_shipped().map(|(name, _)| *name)).collect();
        StoreError::Unknown {
            kind: "template",
            name: name.to_owned(),
            near: near(name, &names),
        }
    })
}

/// The text of a snippet; `None` when there is none.
pub fn snippet(paths: &Paths, name: &str) -> Result<Option<String>, StoreError> {
    let name = name.strip_suffix(".md").unwrap_or(name);
    let found = within::find(&paths.library, &paths.snippets, name)?;
    found
        .map(|found| read::text(&found.real, MAX_SNIPPET))
        .transpose()
}

/// The source of a shipped template.
pub fn shipped(name: &str) -> Option<&'static str> {
    let found = all_shipped().find(|(shipped, _)| *shipped == name);
    found.map(|(_, source)| *source)
}

/// Every template inside the binary.
fn all_shipped() -> impl Iterator<Item = &'static (&'static str, &'static str)> {
    SHIPPED.iter().chain(VERBS).chain(QUESTIONS)
}

/// Every template by name, broken ones included.
///
/// A large library is listed from the metadata cache; only files that changed are opened.
pub fn list(paths: &Paths) -> Vec<Entry> {
    let found = scan::markdown(&paths.templates);
    let labels = labels(paths, &found);
    let mut entries = Vec::with_capacity(found.len() + all_shipped().count());
    for (name, source) in all_shipped() {
        if found
            .binary_search_by(|own| own.name.as_str().cmp(name))
            .is_err()
        {
            let name = (*name).to_owned();
            entries.push(Entry::new(name, Origin::Shipped, label(source)));
        }
    }
    for (found, label) in found.into_iter().zip(labels) {
        let origin = Origin::User(found.path(&paths.templates));
        entries.push(Entry::new(found.name, origin, label));
    }
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    circles::flag(paths, &mut entries);
    entries
}

/// Labels of the files in their order, from the cache where that still holds.
fn labels(paths: &Paths, found: &[Found]) -> Vec<Label> {
    let trusted = within::holds(&paths.library, &paths.templates);
    let index = (trusted && found.len() >= WORTH_AN_INDEX).then(|| index_file(paths));
    let cached = index
        .as_ref()
        .and_then(|file| read::bytes(file, MAX_INDEX).ok());
    let mut records = Reader::new(cached.as_deref().unwrap_or_default()).peekable();
    let mut stale = 0;
    let mut slots: Vec<_> = found
        .iter()
        .map(|found| {
            // Both lists are in order of names: what was deleted since is passed over.
            while records
                .next_if(|record| record.name < found.name.as_str())
                .is_some()
            {
                stale += 1;
            }
            let record = records.next_if(|record| record.name == found.name);
            let label = record.filter(|record| record.stamp == found.stamp);
            (found, label.map(|record| Ok(record.label)))
        })
        .collect();
    let mut missing: Vec<_> = slots
        .iter_mut()
        .filter(|(_, label)| label.is_none())
        .collect();
    let fresh = missing.len() + stale + records.count();
    scan::in_parallel(&mut missing, |(found, slot)| {
        *slot = Some(read_label(paths, found, trusted));
    });
    if let Some(file) = index.filter(|_| fresh > 0) {
        let mut writer = Writer::new(slots.len());
        for (found, label) in &slots {
            // What could not be read today may be readable tomorrow.
            if let Some(Ok(label)) = label {
                writer.push(&found.name, found.stamp, label);
            }
        }
        // A list without a cache is slower, not wrong.
        let _ = atomic::save_within(
            &paths.cache,
            &file,
            &writer.finish(),
            atomic::Over::Anything,
        );
    }
    let unread = |error: StoreError| Label {
        problem: Some(error.to_string()),
        ..Label::default()
    };
    slots
        .into_iter()
        .map(|(_, label)| label.map_or_else(Label::default, |label| label.unwrap_or_else(unread)))
        .collect()
}

fn read_label(paths: &Paths, found: &Found, trusted: bool) -> Result<Label, StoreError> {
    let path = found.path(&paths.templates);
    within::callable(&paths.templates, &found.name)?;
    // Only a link can lead out of the library: an ordinary file needs no second look.
    if !trusted || fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink()) {
        within::find(&paths.library, &paths.templates, &found.name)?;
    }
    let source = read::text(&path, MAX_TEMPLATE)?;
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    let problem = Template::parse(&found.name, &file, &source).err();
    Ok(Label {
        problem: problem.map(|problem| problem.to_string()),
        ..label(&source)
    })
}

/// One cache per library.
fn index_file(paths: &Paths) -> PathBuf {
    let library = fingerprint(paths.templates.as_os_str().as_encoded_bytes());
    paths
        .cache
        .join(format!("templates-{}.index", &library[..16]))
}

/// A title from a file name: `acme/cold-email` is `Cold email`.
pub fn title_of(name: &str) -> String {
    let stem = name.rsplit('/').next().unwrap_or(name);
    let words = stem.replace(['-', '_'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

/// What a list shows of a template's source.
fn label(source: &str) -> Label {
    let Headline {
        title,
        description,
        tags,
    } = template::headline(source);
    Label {
        title,
        description,
        tags,
        problem: None,
    }
}

#[cfg(test)]
mod tests;
