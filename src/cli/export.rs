//! `copydesk template export`: templates as files for elsewhere, one, several, or the whole library.
//!
//! Never writes over a file.

use super::Outcome;
use super::outlet::Outlet;
use crate::domain::export;
use crate::domain::failure::{Failure, FailureKind};
use crate::store::library::Origin;
use crate::store::shelf::{self, Shelf};
use crate::store::{Paths, foreign, library};
use clap::{Args, ValueEnum};
use std::path::{Path, PathBuf};

/// For whom a template is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shape {
    /// As it is.
    Copydesk,
    /// YAML for `llm`.
    Llm,
}

/// Which templates, as what, and where to.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// Their names
    #[arg(
        value_name = "NAME",
        required_unless_present = "all",
        conflicts_with = "all"
    )]
    names: Vec<String>,
    /// Every template and snippet of the library, without those that come with Copydesk
    #[arg(long, requires = "output")]
    all: bool,
    /// The tool they are for
    #[arg(long = "as", value_name = "TOOL", default_value = "copydesk")]
    shape: Shape,
    /// The file to write, or the folder; without it, one template goes to stdout
    #[arg(short, long, value_name = "FILE|DIR")]
    output: Option<PathBuf>,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &ExportArgs, outlet: &Outlet) -> Outcome {
    let (texts, broken) = texts(paths, args)?;
    let Some(output) = &args.output else {
        let [(_, text)] = texts.as_slice() else {
            return Err(
                Failure::new(FailureKind::Usage, "several templates need a folder")
                    .advice("name it with -o DIR"),
            );
        };
        outlet.text(text)?;
        return Ok(0);
    };
    let spelled = output.as_os_str().as_encoded_bytes();
    let one = texts.len() == 1 && !args.all && !output.is_dir() && !spelled.ends_with(b"/");
    let place = |file: &String| {
        if one {
            output.clone()
        } else {
            output.join(file)
        }
    };
    let files: Vec<(PathBuf, &String)> = texts
        .iter()
        .map(|(file, text)| (place(file), text))
        .collect();
    // All or nothing: half an export is worse than none.
    let there: Vec<&Path> = files.iter().map(|(path, _)| path.as_path()).collect();
    let there: Vec<&Path> = there
        .into_iter()
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    if let Some(first) = there.first() {
        let more = match there.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        let what = format!(
            "{}{more}: there already, so nothing was written",
            first.display()
        );
        return Err(Failure::new(FailureKind::Usage, what).advice("name another place with -o"));
    }
    for (path, text) in &files {
        foreign::give(path, text.as_bytes())?;
        outlet.line(&path.display().to_string())?;
    }
    Ok(if broken {
        FailureKind::Other.exit_code()
    } else {
        0
    })
}

/// Files with their texts, and whether one could not be made.
type Texts = (Vec<(String, String)>, bool);

fn texts(paths: &Paths, args: &ExportArgs) -> Result<Texts, Failure> {
    let mut texts = Vec::new();
    let mut broken = false;
    if !args.all {
        for name in &args.names {
            let text = text(paths, name, args.shape)?;
            let named = (file(name, args.shape), text);
            if !texts.contains(&named) {
                texts.push(named);
            }
        }
        return Ok((texts, false));
    }
    let mut skip = |failure: &str| {
        broken = true;
        Outlet::complain(&format!("copydesk: left out: {failure}"));
    };
    for entry in library::list(paths) {
        if matches!(entry.origin, Origin::User(_)) {
            match text(paths, &entry.name, args.shape) {
                Ok(text) if args.shape == Shape::Llm => {
                    texts.push((file(&entry.name, args.shape), text));
                }
                Ok(text) => texts.push((format!("templates/{}.md", entry.name), text)),
                Err(failure) => skip(&failure.to_string()),
            }
        }
    }
    // For another tool, snippets stand in the templates that include them.
    if args.shape == Shape::Copydesk {
        for (name, text) in shelf::snippets(paths) {
            match text {
                Ok(text) => texts.push((format!("snippets/{name}.md"), text)),
                Err(why) => skip(&why),
            }
        }
    }
    if texts.is_empty() && !broken {
        return Err(Failure::new(
            FailureKind::Usage,
            "the library has no template and no snippet",
        )
        .advice("name templates that come with Copydesk one by one"));
    }
    Ok((texts, broken))
}

/// The file of a template. `llm` knows no folders.
fn file(name: &str, shape: Shape) -> String {
    match shape {
        Shape::Copydesk => format!("{name}.md"),
        Shape::Llm => format!("{}.yaml", name.replace('/', "-")),
    }
}

fn text(paths: &Paths, name: &str, shape: Shape) -> Result<String, Failure> {
    if shape == Shape::Copydesk {
        return Ok(library::source(paths, name)
            .map_err(|error| error.failure())?
            .text);
    }
    let template = shelf::template(paths, name)?;
    let exported = export::llm(&template, &Shelf(paths)).map_err(|problem| {
        Failure::new(FailureKind::Usage, problem.to_string()).advice("mend the file and try again")
    })?;
    for left in &exported.left {
        Outlet::complain(&format!("copydesk: {name}: not carried: {left}"));
    }
    Ok(exported.text)
}
