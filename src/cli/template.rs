//! `copydesk template list|show`.

use super::Outcome;
use super::outlet::Outlet;
use crate::domain::failure::Failure;
use crate::domain::text::Printable;
use crate::store::{Paths, library, shelf};
use serde_json::json;
use std::fmt::Write;

/// What can be done with templates.
#[derive(Debug, clap::Subcommand)]
pub(super) enum TemplateCommand {
    /// Every template with its description
    List {
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// The source of a template
    Show {
        /// Its name
        name: String,
        /// Print its inputs as JSON instead
        #[arg(long)]
        json: bool,
    },
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, command: TemplateCommand, outlet: &Outlet) -> Outcome {
    match command {
        TemplateCommand::List { json } => list(paths, json, outlet)?,
        TemplateCommand::Show { name, json: false } => {
            let source = library::source(paths, &name).map_err(|error| error.failure())?;
            outlet.text(&source.text)?;
            match shelf::template(paths, &name) {
                Ok(template) => Outlet::warn(&template),
                Err(problem) => Outlet::complain(&format!("copydesk: {problem}")),
            }
        }
        TemplateCommand::Show { name, json: true } => inputs(paths, &name, outlet)?,
    }
    Ok(0)
}

fn list(paths: &Paths, json: bool, outlet: &Outlet) -> Result<(), Failure> {
    let entries = library::list(paths);
    if json {
        let rows: Vec<_> = entries
            .iter()
            .map(|entry| {
                json!({
                    "name": entry.name, "title": entry.title, "description": entry.description,
                    "tags": entry.tags, "shipped": entry.origin == library::Origin::Shipped, "problem": entry.problem,
                })
            })
            .collect();
        return outlet.json(&rows);
    }
    let mut out = String::with_capacity(entries.len() * 96);
    let width = entries
        .iter()
        .map(|entry| entry.name.len())
        .max()
        .unwrap_or(0)
        .min(32);
    for entry in &entries {
        let told = entry.problem.as_ref().map(|problem| format!("! {problem}"));
        let told = told.as_deref().unwrap_or(&entry.description);
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{:width$}  {}",
            Printable::line(&entry.name).as_str(),
            Printable::line(told)
        );
    }
    outlet.bytes(out.as_bytes())
}

fn inputs(paths: &Paths, name: &str, outlet: &Outlet) -> Result<(), Failure> {
    let template = shelf::template(paths, name)?;
    Outlet::warn(&template);
    let inputs: Vec<_> = template
        .inputs
        .iter()
        .map(|input| {
            json!({
                "name": input.name, "label": input.label, "type": input.kind.name(), "help": input.help,
                "required": input.required, "default": input.default, "stdin": input.stdin,
            })
        })
        .collect();
    let all = json!({
        "name": template.name, "title": template.title, "description": template.description,
        "tags": template.tags, "hash": template.hash, "inputs": inputs,
        "models": template.model.ids().collect::<Vec<_>>(), "variants": template.variants,
    });
    outlet.json(&all)
}
