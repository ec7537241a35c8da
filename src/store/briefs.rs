//! Briefs under a name: `briefs/TEMPLATE/NAME.yaml` in the library, a file each.
//!
//! What a change replaces goes into the trash first. Nothing is read or written outside the
//! library, whatever a template or a brief is called.

use super::atomic::{self, Over};
use super::trash::{self, Mark, Record, Why};
use super::{Paths, StoreError, fingerprint, library, read, within};
use crate::domain::brief::Brief;
use crate::domain::draft::slug;
use crate::domain::named_brief::{self, NamedBrief};
use std::fs;
use std::path::{Path, PathBuf};

/// The folder of briefs in the library.
pub(super) const BRIEFS: &str = "briefs";

/// Largest file of a brief in bytes.
const MAX_BRIEF: u64 = 1024 * 1024;

/// A brief of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Found {
    /// Its file, without folder and extension.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// Its values, or why they cannot be read.
    pub values: Result<Brief, String>,
}

/// Every brief of a template, by title. One that cannot be read is listed with its reason.
pub fn list(paths: &Paths, template: &str) -> Vec<Found> {
    let Ok(folder) = folder(paths, template) else {
        return Vec::new();
    };
    let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| {
        let name = entry.file_name().into_string().ok()?;
        let name = name.strip_suffix(".yaml")?.to_owned();
        within::is_safe(&name).then_some(name)
    });
    let mut all: Vec<Found> = names.map(|name| found(paths, template, name)).collect();
    all.sort_by_cached_key(|each| (each.title.to_lowercase(), each.name.clone()));
    all
}

/// The brief of a template that goes by this name or title.
///
/// # Errors
/// When there is none, or it cannot be read.
pub fn load(paths: &Paths, template: &str, wanted: &str) -> Result<Found, StoreError> {
    let name = slug(wanted);
    let all = list(paths, template);
    let exact = all.iter().find(|each| each.name == wanted);
    let named = exact.or_else(|| all.iter().find(|each| each.name == name));
    let titled = named.or_else(|| all.iter().find(|each| each.title == wanted));
    titled.cloned().ok_or_else(|| unknown(wanted, &all))
}

/// Writes a brief under a title; what its file held goes into the trash. Returns its name.
///
/// # Errors
/// When the file cannot be written; then it holds what it held.
pub fn save(
    paths: &Paths,
    template: &str,
    title: &str,
    values: &Brief,
) -> Result<String, StoreError> {
    let name = slug(title);
    let path = file(paths, template, &name)?;
    write(paths, &path, title, &named_brief::render(title, values))?;
    Ok(name)
}

/// Gives a brief another title, and its file the name that follows from it. Returns the name.
///
/// # Errors
/// When another brief has that name, or a file cannot be written.
pub fn rename(
    paths: &Paths,
    template: &str,
    name: &str,
    title: &str,
) -> Result<String, StoreError> {
    let old = file(paths, template, name)?;
    let text = read::text(&old, MAX_BRIEF)?;
    let read =
        named_brief::parse(&text).map_err(|_| StoreError::FrontMatter { path: old.clone() })?;
    let new_name = slug(title);
    let new = file(paths, template, &new_name)?;
    let source = named_brief::render(title, &read.values);
    if new == old {
        write(paths, &old, title, &source)?;
        return Ok(new_name);
    }
    if new.exists() {
        let kind = "brief";
        let name = new_name;
        return Err(StoreError::Taken { kind, name });
    }
    atomic::save_within(&paths.library, &new, source.as_bytes(), Over::Only("", 0))?;
    let became = Some(Mark::new(&new, source.as_bytes()));
    let record = Record::new(Why::Renamed, &read.title, &old, became);
    // Without the old one in the trash there would be two.
    trash::discard(paths, &record).inspect_err(|_| drop(atomic::remove(&new)))?;
    Ok(new_name)
}

/// Moves a brief into the trash.
///
/// # Errors
/// When there is none of that name, or it cannot be moved.
pub fn delete(paths: &Paths, template: &str, name: &str) -> Result<(), StoreError> {
    let path = file(paths, template, name)?;
    let title = found(paths, template, name.to_owned()).title;
    within::check(&paths.library, &path)?;
    let record = Record::new(Why::Deleted, &title, &path, None);
    trash::discard(paths, &record)
}

fn found(paths: &Paths, template: &str, name: String) -> Found {
    let read = file(paths, template, &name).and_then(|path| {
        within::check(&paths.library, &path)?;
        read::text(&path, MAX_BRIEF)
    });
    let parsed = read
        .map_err(|error| error.to_string())
        .and_then(|text| named_brief::parse(&text));
    let titled = |title: String| {
        if title.trim().is_empty() {
            name.clone()
        } else {
            title
        }
    };
    match parsed {
        Ok(NamedBrief { title, values }) => Found {
            title: titled(title),
            values: Ok(values),
            name,
        },
        Err(why) => Found {
            title: name.clone(),
            values: Err(why),
            name,
        },
    }
}

/// Writes over a file as it is now, which goes into the trash.
fn write(paths: &Paths, path: &Path, title: &str, source: &str) -> Result<(), StoreError> {
    if !path.exists() {
        let nothing = Over::Only("", 0);
        return atomic::save_within(&paths.library, path, source.as_bytes(), nothing);
    }
    let old = read::bytes(path, MAX_BRIEF)?;
    if old == source.as_bytes() {
        return Ok(());
    }
    let became = Some(Mark::new(path, source.as_bytes()));
    let record = Record::new(Why::Overwritten, title, path, became);
    let hash = fingerprint(&old);
    trash::keep(paths, &record, &old, || {
        let over = Over::Only(&hash, MAX_BRIEF);
        atomic::save_within(&paths.library, path, source.as_bytes(), over)
    })
}

fn folder(paths: &Paths, template: &str) -> Result<PathBuf, StoreError> {
    if within::is_safe(template) {
        return Ok(paths.library.join(BRIEFS).join(template));
    }
    Err(StoreError::Unknown {
        kind: "template",
        name: template.to_owned(),
        near: None,
    })
}

fn file(paths: &Paths, template: &str, name: &str) -> Result<PathBuf, StoreError> {
    let folder = folder(paths, template)?;
    if within::is_safe(name) && !name.contains('/') {
        return Ok(folder.join(format!("{name}.yaml")));
    }
    Err(unknown(name, &[]))
}

fn unknown(name: &str, all: &[Found]) -> StoreError {
    let names: Vec<&str> = all.iter().map(|each| each.name.as_str()).collect();
    StoreError::Unknown {
        kind: "brief",
        name: name.to_owned(),
        near: library::near(name, &names),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::Value;
    use pretty_assertions::assert_eq;

    fn acme(topic: &str) -> Brief {
        [("topic", Value::Text(topic.to_owned()))]
            .into_iter()
            .collect()
    }

    #[test]
    fn a_brief_is_kept_found_by_name_and_title_and_brought_back_from_the_trash() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        assert!(list(&paths, "acme/mail").is_empty());
        save(&paths, "acme/mail", "Client Acme", &acme("one")).unwrap();
        save(&paths, "acme/mail", "Client Acme", &acme("two")).unwrap();
        let by_title = load(&paths, "acme/mail", "Client Acme").unwrap();
        assert_eq!(load(&paths, "acme/mail", "client-acme").unwrap(), by_title);
        assert_eq!(by_title.values, Ok(acme("two")));
        // What an update replaced comes back.
        trash::undo_last(&paths).unwrap();
        let again = load(&paths, "acme/mail", "client-acme").unwrap();
        assert_eq!(again.values, Ok(acme("one")));
        delete(&paths, "acme/mail", "client-acme").unwrap();
        assert!(list(&paths, "acme/mail").is_empty());
        trash::undo_last(&paths).unwrap();
        assert_eq!(list(&paths, "acme/mail").len(), 1);
    }

    #[test]
    fn another_title_is_another_file_and_never_over_one_that_is_there() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        save(&paths, "mail", "Acme", &acme("one")).unwrap();
        save(&paths, "mail", "Other", &acme("two")).unwrap();
        let taken = rename(&paths, "mail", "acme", "Other").unwrap_err();
        assert!(matches!(taken, StoreError::Taken { .. }), "{taken}");
        assert_eq!(
            rename(&paths, "mail", "acme", "Acme GmbH").unwrap(),
            "acme-gmbh"
        );
        let names: Vec<String> = list(&paths, "mail")
            .into_iter()
            .map(|each| each.name)
            .collect();
        assert_eq!(names, ["acme-gmbh", "other"]);
    }

    #[test]
    fn one_that_cannot_be_read_is_listed_with_its_reason_and_none_leads_outside() {
        let home = tempfile::tempdir().unwrap();
        let paths = Paths::below(home.path());
        save(&paths, "mail", "Acme", &acme("one")).unwrap();
        let folder = paths.library.join("briefs/mail");
        atomic::save(&folder.join("broken.yaml"), b"values: [").unwrap();
        let all = list(&paths, "mail");
        let told = all[1].values.clone().unwrap_err();
        assert!(told.starts_with("line 1"), "{told}");
        for name in ["../x", "a/../b", ".hidden", ""] {
            assert!(save(&paths, name, "t", &acme("x")).is_err(), "{name}");
            assert!(delete(&paths, "mail", name).is_err(), "{name}");
        }
        #[cfg(unix)]
        {
            let outside = tempfile::tempdir().unwrap();
            let secret = outside.path().join("secret.yaml");
            atomic::save(&secret, b"title: secret\n").unwrap();
            std::os::unix::fs::symlink(&secret, folder.join("link.yaml")).unwrap();
            let all = list(&paths, "mail");
            let link = all.iter().find(|each| each.name == "link").unwrap();
            assert!(link.values.is_err(), "{link:?}");
        }
    }
}
