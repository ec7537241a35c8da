//! `copydesk template check`: everything that is wrong with templates, before they are used.
//!
//! Reads and renders with nothing filled in; sends and changes nothing.

use super::Outcome;
use super::outlet::Outlet;
use crate::domain::failure::FailureKind;
use crate::domain::lint::{Finding, lint};
use crate::domain::text::Printable;
use crate::store::library::Origin;
use crate::store::shelf::Shelf;
use crate::store::{Paths, StoreError, library};
use serde_json::json;
use std::fmt::Write as _;

/// Checks the templates of these names; without any, all of the library and those that come with
/// Copydesk.
pub(super) fn run(paths: &Paths, names: &[String], json: bool, outlet: &Outlet) -> Outcome {
    let mut all = Vec::new();
    if names.is_empty() {
        for entry in library::list(paths) {
            all.push((check(paths, &entry.name), entry.name));
        }
    } else {
        for name in names {
            let found = check(paths, name);
            if let Err(error @ StoreError::Unknown { .. }) = &found {
                return Err(error.failure());
            }
            all.push((found, name.clone()));
        }
    }
    let wrong = all
        .iter()
        .filter(|(found, _)| !matches!(found, Ok(found) if found.is_empty()));
    let wrong = wrong.count();
    if json {
        let rows: Vec<_> = all
            .iter()
            .flat_map(|(found, name)| rows(name, found))
            .collect();
        outlet.json(&rows)?;
    } else {
        let mut out = String::new();
        for line in all.iter().flat_map(|(found, _)| lines(found)) {
            // Writing to a string cannot fail.
            let _ = writeln!(out, "{}", Printable::line(&line));
        }
        outlet.bytes(out.as_bytes())?;
        Outlet::complain(&match (wrong, all.len()) {
            (0, 1) => "nothing wrong with it".to_owned(),
            (0, count) => format!("nothing wrong with any of {count} templates"),
            (wrong, count) => format!("something is wrong with {wrong} of {count}"),
        });
    }
    Ok(if wrong > 0 {
        FailureKind::Other.exit_code()
    } else {
        0
    })
}

fn check(paths: &Paths, name: &str) -> Result<Vec<Finding>, StoreError> {
    let source = library::source(paths, name)?;
    let file = match &source.origin {
        Origin::User(path) => path.display().to_string(),
        Origin::Shipped => format!("{name}.md"),
    };
    Ok(lint(name, &file, &source.text, &Shelf(paths)))
}

fn lines(found: &Result<Vec<Finding>, StoreError>) -> Vec<String> {
    match found {
        Ok(found) => {
            let lines = found.iter();
            lines
                .map(|finding| format!("{} ({})", finding.problem, finding.gravity.name()))
                .collect()
        }
        Err(error) => vec![error.to_string()],
    }
}

fn rows(name: &str, found: &Result<Vec<Finding>, StoreError>) -> Vec<serde_json::Value> {
    match found {
        Ok(found) => {
            let rows = found.iter().map(|finding| {
                let problem = &finding.problem;
                json!({
                    "template": name, "file": problem.file, "line": problem.line,
                    "column": problem.column, "message": problem.message,
                    "severity": finding.gravity.name(),
                })
            });
            rows.collect()
        }
        Err(error) => vec![json!({
            "template": name, "file": null, "line": null, "column": null,
            "message": error.to_string(), "severity": "error",
        })],
    }
}
