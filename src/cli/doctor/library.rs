//! The library: templates, snippets and drafts that cannot be used as they are.

use super::finding::{Finding, command};
use crate::domain::template::Template;
use crate::store::library::{self, Origin};
use crate::store::{Paths, drafts, shelf};

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
        let edit = command("\"$EDITOR\"", path);
        match shelf::template(paths, name) {
            Ok(template) => {
                let odd = template.warnings.iter();
                found.extend(odd.map(|it| Finding::note(TEMPLATES, it.to_string()).mend(&edit)));
            }
            Err(failure) => found.push(Finding::of(TEMPLATES, &failure).mend(edit)),
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
        let edit = command("\"$EDITOR\"", &path);
        found.extend(wrong.map(|wrong| Finding::problem(SNIPPETS, wrong).mend(edit)));
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
        Some(Finding::problem(DRAFTS, what).mend(command("\"$EDITOR\"", &draft.path)))
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
