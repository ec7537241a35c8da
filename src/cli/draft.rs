//! `copydesk draft list|show`.

use super::Outcome;
use super::outlet::Outlet;
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
    /// The text of a draft
    Show {
        /// File name, title or the start of its id
        name: String,
        /// Print the whole file, front matter included
        #[arg(long)]
        source: bool,
    },
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, command: DraftCommand, outlet: &Outlet) -> Outcome {
    match command {
        DraftCommand::List { json } => list(paths, json, outlet)?,
        DraftCommand::Show { name, source } => {
            let path = drafts::find(paths, &name).map_err(|error| error.failure())?;
            let opened = drafts::load(&path).map_err(|error| error.failure())?;
            let text = if source {
                opened.draft.to_source()
            } else {
                opened.draft.body().to_owned()
            };
            outlet.text(&text)?;
        }
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
                    "template": draft.template, "id": draft.id, "path": draft.path, "problem": draft.problem,
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
