//! `copydesk draft list|search|show|export|path|versions|restore|trash|undo`.

use super::Outcome;
use super::outlet::Outlet;
use super::versions::{self, Of};
use super::{renditions, search, trash};
use crate::domain::failure::Failure;
use crate::domain::text::Printable;
use crate::store::{Paths, drafts};
use serde_json::json;
use std::fmt::Write;

/// What can be done with drafts.
#[derive(Debug, clap::Subcommand)]
pub(super) enum DraftCommand {
    /// Every draft, newest first
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Look through the text of all drafts; exit 1 when nothing fits
    Search(search::SearchArgs),
    /// The text of a draft
    Show {
        /// File name, title or the start of its id
        name: String,
        /// Print the whole file, front matter included
        #[arg(long)]
        source: bool,
    },
    /// Drafts as Markdown, HTML, plain text, Word documents or emails
    Export(renditions::RenditionArgs),
    /// Where a draft lies, or the folder of all of them
    Path {
        /// File name, title or the start of its id
        name: Option<String>,
    },
    /// What a draft said before: id, time, cause and words, newest first
    Versions {
        /// File name, title or the start of its id
        name: String,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Make a draft say again what it said in a version; what that replaces becomes one, too
    Restore {
        /// File name, title or the start of its id
        name: String,
        /// The version, by its id
        version: i64,
        /// Print a JSON object
        #[arg(long)]
        json: bool,
    },
    /// What was deleted, renamed or overwritten in the last 30 days, templates and snippets too
    Trash {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Take the last of these changes back; prints where the file is now
    Undo {
        /// Take back this one, by its id in the trash
        id: Option<String>,
        /// Print a JSON object
        #[arg(long)]
        json: bool,
    },
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, command: DraftCommand, outlet: &Outlet) -> Outcome {
    match command {
        DraftCommand::List { json } => list(paths, json, outlet)?,
        DraftCommand::Export(args) => return renditions::run(paths, &args, outlet),
        DraftCommand::Search(args) => return search::run(paths, &args, outlet),
        DraftCommand::Show { name, source } => {
            let path = drafts::find(paths, &name).map_err(|error| error.failure())?;
            let opened = drafts::load(&path).map_err(|error| error.failure())?;
            if let Some(reason) = &opened.read_only {
                Outlet::complain(&format!(
                    "copydesk: {}: {reason}; � stands for what is no text",
                    path.display()
                ));
            }
            let text = if source {
                opened.draft.to_source()
            } else {
                opened.draft.body().to_owned()
            };
            outlet.text(&text)?;
        }
        DraftCommand::Path { name } => {
            let path = match name {
                Some(name) => drafts::find(paths, &name).map_err(|error| error.failure())?,
                None => paths.drafts.clone(),
            };
            outlet.line(&path.display().to_string())?;
        }
        DraftCommand::Versions { name, json } => {
            return versions::list(paths, Of::Draft(&name), json, outlet);
        }
        DraftCommand::Restore {
            name,
            version,
            json,
        } => return versions::restore(paths, (Of::Draft(&name), version), json, outlet),
        DraftCommand::Trash { json } => return trash::list(paths, json, outlet),
        DraftCommand::Undo { id, json } => return trash::undo(paths, id.as_deref(), json, outlet),
    }
    Ok(0)
}

fn list(paths: &Paths, json: bool, outlet: &Outlet) -> Result<(), Failure> {
    let drafts = drafts::list(paths);
    if json {
        let rows: Vec<_> = drafts
            .iter()
            .map(|draft| {
                json!({
                    "name": draft.name, "title": draft.title, "updated": draft.updated.to_string(), "words": draft.words,
                    "template": draft.template, "id": draft.id, "path": draft.path.display().to_string(), "problem": draft.problem,
                })
            })
            .collect();
        return outlet.json(&rows);
    }
    let width = drafts
        .iter()
        .map(|draft| draft.name.chars().count())
        .max()
        .unwrap_or(0)
        .min(48);
    let mut out = String::new();
    for draft in &drafts {
        let told = draft.problem.as_ref().map(|problem| format!("! {problem}"));
        let told = told.as_deref().unwrap_or(&draft.title);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:width$}  {:>6} words  {}",
            Printable::line(&draft.name).as_str(),
            draft.words,
            Printable::line(told)
        );
    }
    outlet.bytes(out.as_bytes())
}
