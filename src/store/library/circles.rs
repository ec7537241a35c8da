//! Templates that cannot work because a snippet that they include includes itself.
//!
//! Costs a look at the snippets; templates are opened only when there is such a snippet.

use super::{Entry, source};
use crate::domain::lint::{circular, included};
use crate::domain::template::{Snippets, Template};
use crate::store::{Paths, shelf};
use std::collections::BTreeMap;

/// Without this word nothing is included.
const INCLUDE: &str = "include";

/// The snippets that include others.
struct Including(BTreeMap<String, String>);

impl Snippets for Including {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// Says of each template that leads into a circle what is wrong, in the words of a check.
pub(super) fn flag(paths: &Paths, entries: &mut [Entry]) {
    let texts = shelf::snippets(paths).into_iter();
    let including = Including(
        texts
            .filter_map(|(name, text)| Some((name, text.ok()?)))
            .filter(|(_, text)| text.contains(INCLUDE))
            .collect(),
    );
    let circular = circular(including.0.keys().map(String::as_str), &including);
    if circular.is_empty() {
        return;
    }
    for entry in entries.iter_mut().filter(|entry| entry.problem.is_none()) {
        let Ok(source) = source(paths, &entry.name) else {
            continue;
        };
        if !source.text.contains(INCLUDE) {
            continue;
        }
        let Ok(template) = Template::parse(&entry.name, &entry.name, &source.text) else {
            continue;
        };
        let problem = included(&template)
            .into_iter()
            .find_map(|name| circular.get(&name).map(ToString::to_string));
        entry.problem = problem;
    }
}
