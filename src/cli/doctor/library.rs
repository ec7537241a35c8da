//! The library: templates, snippets and drafts that cannot be used as they are.

use super::finding::{Finding, command};
use crate::domain::template::Template;
use crate::store::library::{self, Origin};
use crate::store::{Paths, drafts, shelf};
use std::path::Path;

const TEMPLATES: &str = "templates";
const SNIPPETS: &str = "snippets";
const DRAFTS: &str = "drafts";

/// Templates of the person that are broken or odd.
pub(super) fn templates(paths: &Paths) -> Vec<Finding> {
    let entries = library::list(paths);
    let own = entries.iter().filter_map(|entry| match &entry.origin {
        Origin::User(path) => Some((&entry.name, path)),
        Origin::Shipped => None,
    });
    let mut found = Vec::new();
    for (name, path) in own {
        let edit = mending(path, "");
        match shelf::template(paths, name) {
            Ok(template) => {
                let odd = template.warnings.iter();
                found.extend(odd.map(|it| Finding::note(TEMPLATES, it.to_string()).mend(&edit)));
            }
            Err(failure) => {
                let mend = mending(path, &failure.to_string());
                found.push(Finding::of(TEMPLATES, &failure).mend(mend));
            }
        }
    }
    let broken = found.iter().any(Finding::is_problem);
    if !broken {
        let told = format!("all {} can be used", entries.len());
        found.push(Finding::ok(TEMPLATES, told));
    }
    found
}

/// Snippets that cannot be read or that no template could include.
pub(super) fn snippets(paths: &Paths) -> Vec<Finding> {
    let all = shelf::snippets(paths);
    let mut found = Vec::new();
    for (name, text) in &all {
        let path = paths.snippets.join(format!("{name}.md"));
        let file = path.display().to_string();
        let wrong = match text {
            Err(why) => Some(why.clone()),
            // Front matter would be text where it is included.
            Ok(text) if text.starts_with("---") => None,
            Ok(text) => Template::parse(name, &file, text)
                .err()
                .map(|it| it.to_string()),
        };
        found.extend(wrong.map(|wrong| {
            let mend = mending(&path, &wrong);
            Finding::problem(SNIPPETS, wrong).mend(mend)
        }));
    }
    if found.is_empty() {
        found.push(Finding::ok(
            SNIPPETS,
            format!("all {} can be included", all.len()),
        ));
    }
    found
}

/// Drafts that cannot be read, or whose front matter is broken.
pub(super) fn drafts(paths: &Paths) -> Vec<Finding> {
    let all = drafts::list(paths);
    let broken = all.iter().filter_map(|draft| {
        let what = draft.problem.as_ref()?;
        Some(Finding::problem(DRAFTS, what).mend(mending(&draft.path, what)))
    });
    let mut found: Vec<_> = broken.collect();
    if found.is_empty() {
        found.push(Finding::ok(
            DRAFTS,
            format!("all {} can be opened", all.len()),
        ));
    }
    found
}

/// The command that mends a file with this problem.
fn mending(path: &Path, problem: &str) -> String {
    if let Some((_, rename)) = problem.split_once("rename it: ") {
        return rename.to_owned();
    }
    if problem.contains("not UTF-8") {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        let new = path.with_file_name(format!("{stem}-utf8.md"));
        let convert = command("iconv -f windows-1252 -t utf-8 -o", &new);
        return command(&convert, path);
    }
    command("\"$EDITOR\"", path)
}
