//! `copydesk template list|show|new|edit|check|versions|restore|import|export|path`.

use super::outlet::Outlet;
use super::versions::{self, Of};
use super::{Outcome, author, check, export, import};
use crate::domain::failure::Failure;
use crate::domain::text::Printable;
use crate::store::briefs::{self, Found};
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
    /// Write a template of your own, ready to be changed; prints where it is
    New(author::NewArgs),
    /// Open the source of a template in the studio; of one that comes with Copydesk, a copy
    Edit {
        /// Its name
        name: String,
    },
    /// Everything that is wrong with templates, by file, line and column
    Check {
        /// Their names; without any, all of them
        #[arg(value_name = "NAME")]
        names: Vec<String>,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// What a template of your own said before: id, time, cause and words, newest first
    Versions {
        /// Its name
        name: String,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Make a template say again what it said in a version; what that replaces becomes one, too
    Restore {
        /// Its name
        name: String,
        /// The version, by its id
        version: i64,
        /// Print a JSON object
        #[arg(long)]
        json: bool,
    },
    /// The briefs that were kept under a name, with the template each is for
    Briefs {
        /// Only those of this template
        template: Option<String>,
        /// Print a JSON array
        #[arg(long)]
        json: bool,
    },
    /// Take over prompts of other tools; without --write, only say what would be written
    Import(import::ImportArgs),
    /// Give templates out: as they are, or for another tool
    Export(export::ExportArgs),
    /// Where a template lies, or the folder of all of them
    Path {
        /// Its name
        name: Option<String>,
    },
}

/// Runs the verb.
pub(super) fn run(
    paths: Paths,
    command: TemplateCommand,
    outlet: &Outlet,
    linear: bool,
) -> Outcome {
    let command = match command {
        TemplateCommand::Edit { name } => return author::edit(paths, &name, linear),
        command => command,
    };
    shown(&paths, command, outlet)
}

fn shown(paths: &Paths, command: TemplateCommand, outlet: &Outlet) -> Outcome {
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
        TemplateCommand::New(args) => return author::new(paths, &args, outlet),
        TemplateCommand::Check { names, json } => return check::run(paths, &names, json, outlet),
        TemplateCommand::Versions { name, json } => {
            return versions::list(paths, Of::Template(&name), json, outlet);
        }
        TemplateCommand::Restore {
            name,
            version,
            json,
        } => return versions::restore(paths, (Of::Template(&name), version), json, outlet),
        TemplateCommand::Briefs { template, json } => named(paths, template, json, outlet)?,
        TemplateCommand::Import(args) => return import::run(paths, &args, outlet),
        TemplateCommand::Export(args) => return export::run(paths, &args, outlet),
        TemplateCommand::Path { name } => return author::path(paths, name.as_deref(), outlet),
        // It takes more than a look.
        TemplateCommand::Edit { .. } => {}
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

fn named(
    paths: &Paths,
    template: Option<String>,
    json: bool,
    outlet: &Outlet,
) -> Result<(), Failure> {
    let templates = match template {
        Some(name) => vec![shelf::template(paths, &name)?.name],
        None => library::list(paths)
            .into_iter()
            .map(|entry| entry.name)
            .collect(),
    };
    let of = |template: String| {
        let all = briefs::list(paths, &template);
        all.into_iter().map(move |found| (template.clone(), found))
    };
    let rows: Vec<(String, Found)> = templates.into_iter().flat_map(of).collect();
    if json {
        let rows: Vec<_> = rows
            .iter()
            .map(|(template, found)| {
                json!({
                    "template": template, "name": found.name, "title": found.title,
                    "values": found.values.as_ref().ok(), "problem": found.values.as_ref().err(),
                })
            })
            .collect();
        return outlet.json(&rows);
    }
    let mut out = String::new();
    for (template, found) in &rows {
        let told = match &found.values {
            Ok(_) => found.title.clone(),
            Err(why) => format!("! {why}"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(
            out,
            "{}  {}  {}",
            Printable::line(template),
            Printable::line(&found.name),
            Printable::line(&told)
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
