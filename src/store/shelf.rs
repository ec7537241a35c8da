//! Templates ready to use: source, parsed, with what their snippets ask for.

use super::{Paths, library, read, scan, within};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::template::{Snippets, Template};
use std::io::ErrorKind;

/// Largest config file in bytes.
const MAX_CONFIG: u64 = 1024 * 1024;

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
    Ok(template)
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
