//! Drafts as other files: what is made of one, where it goes, and what happens to a file there.
//!
//! Nothing is overwritten unless that is asked for, and then what the file held is in the trash.

use super::trash::{self, Before};
use super::{Paths, StoreError, drafts::Opened, foreign, shelf};
use crate::domain::draft::Draft;
use crate::domain::rendition::{Format, Sheet, Subject};
use jiff::Zoned;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// What may happen to a file that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// It stays, and nothing is written.
    Stays,
    /// It goes to the trash.
    Replaced,
}

/// What a draft is as another file.
pub fn sheet(paths: &Paths, opened: &Opened, language: &str) -> Sheet {
    let draft = &opened.draft;
    let name = opened.path.file_stem().unwrap_or_default();
    let title = draft.title().map_or_else(
        || Draft::title_from(draft.body(), &name.to_string_lossy()),
        str::to_owned,
    );
    let template = draft.provenance().and_then(|made| made.template.as_deref());
    Sheet {
        title,
        body: draft.body().to_owned(),
        language: language.to_owned(),
        subject: subject(paths, template),
        at: Zoned::now(),
    }
}

/// Where the subject of an email stands, by what the template says now. One that is gone says
/// nothing.
pub fn subject(paths: &Paths, template: Option<&str>) -> Subject {
    let template = template.and_then(|name| shelf::template(paths, name).ok());
    template.map_or_else(Subject::default, |template| template.output.subject)
}

/// The name of the file that a draft becomes.
pub fn file_name(draft: &Path, format: Format) -> String {
    let stem = draft.file_stem().unwrap_or_default().to_string_lossy();
    format!("{stem}.{}", format.ending())
}

/// The files that drafts become in a folder, each under a name of its own.
pub fn places(folder: &Path, drafts: &[&Path], format: Format) -> Vec<PathBuf> {
    let mut taken = HashSet::new();
    let place = |draft: &&Path| {
        let stem = draft.file_stem().unwrap_or_default().to_string_lossy();
        let mut name = file_name(draft, format);
        let mut number = 2;
        // Drafts of two folders may have one name, and a disk may not tell upper from lower case.
        while !taken.insert(name.to_lowercase()) {
            name = format!("{stem}-{number}.{}", format.ending());
            number += 1;
        }
        folder.join(name)
    };
    drafts.iter().map(place).collect()
}

/// Those of the places where something is.
pub fn occupied(places: &[PathBuf]) -> Vec<&Path> {
    let there = |path: &&Path| path.symlink_metadata().is_ok();
    places.iter().map(PathBuf::as_path).filter(there).collect()
}

/// Writes a file, missing folders too.
///
/// # Errors
/// When it is there and stays, or cannot be written.
pub fn write(
    paths: &Paths,
    path: &Path,
    bytes: &[u8],
    existing: Existing,
) -> Result<Before, StoreError> {
    match existing {
        Existing::Stays => foreign::give(path, bytes).map(|()| Before::Nothing),
        Existing::Replaced => trash::write(paths, path, bytes),
    }
}
