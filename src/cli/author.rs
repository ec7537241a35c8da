//! `copydesk template new|edit|path`: writing templates of one's own.
//!
//! Never writes over a template. What comes with Copydesk is copied before it is changed.

use super::outlet::Outlet;
use super::{Outcome, needs_terminal, studio};
use crate::app::tour::Beginning;
use crate::domain::draft::Draft;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::import;
use crate::domain::template::skeleton;
use crate::store::items::{self, Item};
use crate::store::library::{self, Origin};
use crate::store::{Paths, foreign, read};
use clap::Args;
use std::path::{Path, PathBuf};

/// Largest text that a template is made of, in bytes.
const MAX_PROMPT: u64 = 1024 * 1024;

/// What a new template is called, and what it begins with.
#[derive(Debug, Args)]
pub(super) struct NewArgs {
    /// The name it is to be called by; folders with `/`
    name: String,
    /// Begin with a copy of this template
    #[arg(long, value_name = "TEMPLATE", conflicts_with = "prompt")]
    from: Option<String>,
    /// Begin with the text of this file, as it stands
    #[arg(long, value_name = "FILE")]
    prompt: Option<PathBuf>,
}

/// Makes a template; prints where.
pub(super) fn new(paths: &Paths, args: &NewArgs, outlet: &Outlet) -> Outcome {
    foreign::callable(paths, &args.name)?;
    let title = library::title_of(&args.name);
    let source = match (&args.from, &args.prompt) {
        (Some(from), _) => {
            let source = library::source(paths, from).map_err(|error| error.failure())?;
            let mut text = Draft::parse(&source.text);
            if text.title().is_some() {
                text.set_title(&title);
            }
            text.to_source()
        }
        (None, Some(file)) => of_prompt(file, &title)?,
        (None, None) => skeleton(&title),
    };
    let made = items::make(paths, &Item::Template(args.name.clone()), &source);
    let made = made.map_err(|error| error.failure())?;
    let path = made.after.map_or(made.before.path, |mark| mark.path);
    outlet.line(&path.display().to_string())?;
    Ok(0)
}

/// The source of a template whose prompt is the text of a file, word for word.
fn of_prompt(file: &Path, title: &str) -> Result<String, Failure> {
    let text = read::text(file, MAX_PROMPT)?;
    import::verbatim(title, &text).map_err(|why| {
        let what = format!("{} makes no template", file.display());
        Failure::new(FailureKind::Usage, what).why(why)
    })
}

/// Opens the source of a template in the studio.
pub(super) fn edit(paths: Paths, name: &str, linear: bool) -> Outcome {
    needs_terminal()?;
    let source = library::source(&paths, name).map_err(|error| error.failure())?;
    let path = match source.origin {
        Origin::User(path) => path,
        Origin::Shipped => {
            let copied = items::duplicate(&paths, &Item::Template(name.to_owned()));
            let copied = copied.map_err(|error| error.failure())?;
            copied.after.map_or(copied.before.path, |mark| mark.path)
        }
    };
    studio(paths, Beginning::File(path), linear)
}

/// Prints where a template lies, or the folder of all of them.
pub(super) fn path(paths: &Paths, name: Option<&str>, outlet: &Outlet) -> Outcome {
    let Some(name) = name else {
        outlet.line(&paths.templates.display().to_string())?;
        return Ok(0);
    };
    let source = library::source(paths, name).map_err(|error| error.failure())?;
    match source.origin {
        Origin::User(path) => outlet.line(&path.display().to_string())?,
        Origin::Shipped => {
            let what = format!("{name:?} comes with Copydesk and has no file");
            return Err(Failure::new(FailureKind::Usage, what).advice(format!(
                "`copydesk template edit {name}` makes a copy of it"
            )));
        }
    }
    Ok(0)
}
