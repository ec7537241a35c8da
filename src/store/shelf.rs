//! Templates ready to use: source, parsed, with what their snippets ask for.

use super::atomic::{Over, save_over};
use super::{Paths, StoreError, fingerprint, library, read, scan, within};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::template::{Snippets, Template};
use std::io::ErrorKind;

/// Largest config file in bytes.
const MAX_CONFIG: u64 = 1024 * 1024;
/// Largest file of certificates in bytes; that of a whole system has a quarter of it.
const MAX_CERTIFICATES: u64 = 4 * 1024 * 1024;

/// The snippets of a library, read when a template includes them.
#[derive(Debug, Clone, Copy)]
pub struct Shelf<'a>(pub &'a Paths);

impl Snippets for Shelf<'_> {
    fn get(&self, name: &str) -> Option<String> {
        library::snippet(self.0, name).ok().flatten()
    }

    fn fault(&self, name: &str) -> Option<String> {
        let fault = library::snippet(self.0, name).err()?;
        Some(fault.to_string())
    }
}

/// The template with this name, its inputs inferred.
///
/// # Errors
/// When there is none of that name, or it is broken: then with file, line and column.
pub fn template(paths: &Paths, name: &str) -> Result<Template, Failure> {
    let source = library::source(paths, name).map_err(|error| error.failure())?;
    let file = match &source.origin {
        library::Origin::User(path) => path.display().to_string(),
        library::Origin::Shipped => format!("{name}.md"),
    };
    let broken = |problem: crate::domain::template::Problem| {
        Failure::new(FailureKind::Usage, problem.to_string()).advice("mend the file and try again")
    };
    let mut template = Template::parse(name, &file, &source.text).map_err(broken)?;
    template.infer(&Shelf(paths)).map_err(broken)?;
    // Finding out which day it is reads the files of time zones.
    if template.asks_for_a_day() {
        template.dated(jiff::Zoned::now().date());
    }
    Ok(template)
}

/// What is wrong with the source of a template, if anything: file, line, column, and in which words.
pub fn problem(paths: &Paths, name: &str, source: &str) -> Option<String> {
    let file = format!("{}.md", name.rsplit('/').next().unwrap_or(name));
    let parsed = Template::parse(name, &file, source);
    let inferred = parsed.and_then(|mut template| template.infer(&Shelf(paths)));
    inferred.err().map(|problem| problem.to_string())
}

/// Every snippet of the library by name, with its text or why it has none.
pub fn snippets(paths: &Paths) -> Vec<(String, Result<String, String>)> {
    let found = scan::markdown(&paths.snippets);
    found
        .into_iter()
        .map(|found| {
            let text = within::callable(&paths.snippets, &found.name)
                .and_then(|()| library::snippet(paths, &found.name))
                .map_err(|fault| fault.to_string());
            let gone = || Err(format!("{} cannot be found; is it a link?", found.name));
            let text = text.transpose().unwrap_or_else(gone);
            (found.name, text)
        })
        .collect()
}

/// The text of the config file; `None` when there is none.
///
/// # Errors
/// When it is there and cannot be read.
pub fn config(paths: &Paths) -> Result<Option<String>, Failure> {
    let gone = |kind| kind == ErrorKind::NotFound;
    let bytes = match read::bytes(&paths.config_file, MAX_CONFIG) {
        // A file behind a locked folder or a dangling link is there, and may say where to send.
        Err(_) if matches!(paths.config_file.symlink_metadata(), Err(why) if gone(why.kind())) => {
            return Ok(None);
        }
        read => read?,
    };
    String::from_utf8(bytes).map(Some).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let good = String::from_utf8_lossy(good);
        let line = good.matches('\n').count() + 1;
        let column = good.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        let path = paths.config_file.display();
        Failure::new(FailureKind::Other, format!("{path}:{line}:{column}"))
            .why("this is not UTF-8")
            .advice("nothing is sent until it is mended")
    })
}

/// Replaces the text of the config file, if that is still what it was when it was read (`before`;
/// `None` when there was no file).
///
/// # Errors
/// When it was changed meanwhile, or cannot be written; then it is as it was.
pub fn save_config(paths: &Paths, before: Option<&str>, text: &str) -> Result<(), StoreError> {
    let known = before.map_or_else(String::new, |text| fingerprint(text.as_bytes()));
    let only = Over::Only(&known, MAX_CONFIG);
    save_over(&paths.config_file, text.as_bytes(), only)
}

/// The certificates of a file that a person chose to trust.
///
/// # Errors
/// When it cannot be read.
pub fn certificates(path: &std::path::Path) -> Result<Vec<u8>, StoreError> {
    read::bytes(path, MAX_CERTIFICATES)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::atomic;
    use std::ffi::OsString;

    #[test]
    fn settings_that_somebody_else_changed_are_not_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let root = OsString::from(folder.path());
        let lookup = |name: &str| (name == "COPYDESK_HOME").then(|| root.clone());
        let paths = Paths::resolve(&lookup, None).unwrap();
        save_config(&paths, None, "a = 1\n").unwrap();
        assert_eq!(config(&paths).unwrap().as_deref(), Some("a = 1\n"));
        for before in [None, Some("a = 2\n")] {
            let told = save_config(&paths, before, "a = 3\n").unwrap_err();
            assert!(matches!(told, StoreError::ChangedOutside { .. }), "{told}");
        }
        save_config(&paths, Some("a = 1\n"), "a = 3\n").unwrap();
        assert_eq!(config(&paths).unwrap().as_deref(), Some("a = 3\n"));
        std::fs::remove_file(&paths.config_file).unwrap();
        let real = folder.path().join("dotfiles.toml");
        atomic::save(&real, b"b = 1\n").unwrap();
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink(&real, &paths.config_file).unwrap();
            save_config(&paths, Some("b = 1\n"), "b = 2\n").unwrap();
            assert_eq!(std::fs::read_to_string(&real).unwrap(), "b = 2\n");
            assert!(paths.config_file.is_symlink());
        }
    }
}
