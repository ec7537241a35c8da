//! Rows of the lists, made from what the store tells of a template, a snippet or a draft.

use super::browser::{Facts, Item, Row};
use super::filter::Folded;
use crate::domain::text::of_words;
use crate::store::drafts::Headline;
use crate::store::library::{Entry, Origin};

/// The row of a template.
pub(super) fn template_row(entry: Entry) -> Row {
    let names = format!("{} {}", entry.name, entry.tags.join(" "));
    let text = entry.description.clone();
    let shipped = entry.origin == Origin::Shipped;
    let detail = if shipped {
        entry.description
    } else {
        let own = format!("{}.md · your own", entry.name);
        [entry.description, own].join("\n").trim_start().to_owned()
    };
    Row {
        title: listed(entry.title, &entry.name, entry.problem.as_deref()),
        detail,
        problem: entry.problem,
        tags: entry.tags,
        shipped,
        facts: Facts::default(),
        names,
        text,
        folded: Folded::default(),
        item: Item::Template(entry.name),
    }
}

/// What a list calls a file: by its title, but a broken one by its name. Its title may be missing
/// or wrong, and the name is what has to be found to mend it.
fn listed(title: String, name: &str, problem: Option<&str>) -> String {
    match problem {
        // A folder that nobody could look into.
        Some(_) if name.ends_with('/') => name.to_owned(),
        Some(_) => format!("{}.md", name.trim_end_matches(".md")),
        None => title,
    }
}

/// The row of a snippet.
pub(super) fn snippet_row(name: &str, text: &Result<String, String>) -> Row {
    let (text, problem) = match text {
        Ok(text) => (text.as_str(), None),
        Err(problem) => ("", Some(problem.clone())),
    };
    Row {
        title: name.to_owned(),
        detail: text.chars().take(2000).collect(),
        problem,
        tags: Vec::new(),
        shipped: false,
        facts: Facts::default(),
        names: String::new(),
        text: text.to_owned(),
        folded: Folded::default(),
        item: Item::Snippet(name.to_owned()),
    }
}

/// The row of a draft.
pub(super) fn draft_row(draft: Headline) -> Row {
    let made = draft
        .template
        .as_ref()
        .map(|template| format!(" · {template}"))
        .unwrap_or_default();
    let status = draft.status.as_ref();
    let status = status.filter(|status| !status.is_empty());
    let status = status
        .map(|status| format!(" · {status}"))
        .unwrap_or_default();
    let tags = draft.tags.join(", ");
    let tagged = if tags.is_empty() {
        String::new()
    } else {
        format!("\ntags: {tags}")
    };
    Row {
        names: format!("{} {tags}", draft.name),
        text: String::new(),
        title: listed(draft.title, &draft.name, draft.problem.as_deref()),
        detail: format!(
            "{}{made}\n{} · {}{status}{tagged}",
            draft.name,
            of_words(draft.words as u64),
            draft.updated.strftime("%Y-%m-%d %H:%M")
        ),
        problem: draft.problem,
        tags: draft.tags,
        shipped: false,
        facts: Facts {
            template: draft.template,
            model: draft.model,
            status: draft.status,
            at: draft.updated,
            created: draft.created,
            words: draft.words,
        },
        folded: Folded::default(),
        item: Item::Draft(draft.path),
    }
}
