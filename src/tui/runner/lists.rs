//! What the lists show: templates, snippets, stars.

use crate::app::msg::Msg;
use crate::store::{Paths, drafts, library as templates_of, shelf, shipped, stars};
use std::path::PathBuf;

/// Characters of a draft that are shown below the list.
const BEGINNING: usize = 2_000;

/// How the text of a draft begins; nothing when it cannot be read, which its row says.
pub fn beginning(paths: &Paths, path: PathBuf) -> Msg {
    let text = drafts::open(paths, &path).map(|opened| {
        let body = opened.draft.body().trim_start();
        body.chars().take(BEGINNING).collect()
    });
    Msg::Beginning(path, text.unwrap_or_default())
}

/// Everything that the lists of templates and snippets show.
pub(super) fn library(paths: &Paths) -> Msg {
    let mut templates = templates_of::list(paths);
    // The person's own first, then the shipped ones as an editor would offer them.
    templates.sort_by_key(|entry| match entry.origin {
        templates_of::Origin::User(_) => None,
        templates_of::Origin::Shipped => shipped::rank(&entry.name),
    });
    Msg::Library {
        templates,
        snippets: shelf::snippets(paths).into_iter().collect(),
        stars: stars::load(paths),
    }
}
