//! What the lists show: templates, snippets, stars.

use crate::app::msg::Msg;
use crate::store::{Paths, library as templates_of, shelf, shipped, stars};

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
