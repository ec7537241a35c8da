//! Snippets that include themselves, directly or by way of others.
//!
//! Follows what texts say of includes; renders nothing.

use crate::domain::template::scan;
use crate::domain::template::{Place, Problem, Snippets, Template, snippet_file};
use std::collections::{BTreeMap, HashSet};

/// Snippets that are followed in search of a circle.
const MOST_SNIPPETS: usize = 64;

/// What is known while includes are followed.
pub(super) struct Circles<'c> {
    snippets: &'c dyn Snippets,
    seen: HashSet<String>,
    /// Snippets that are known to lead into no circle.
    sound: HashSet<String>,
    /// The circles, each where it closes.
    pub(super) found: Vec<Problem>,
}

impl<'c> Circles<'c> {
    pub(super) fn new(snippets: &'c dyn Snippets) -> Self {
        Self {
            snippets,
            seen: HashSet::new(),
            sound: HashSet::new(),
            found: Vec::new(),
        }
    }

    /// Follows the includes of a snippet.
    pub(super) fn follow(&mut self, name: &str) {
        self.go(name, &mut Vec::new());
    }

    /// Follows the includes of a snippet; `way` are those it was reached through.
    fn go(&mut self, name: &str, way: &mut Vec<String>) {
        let is_known = self.sound.contains(name)
            || self.seen.len() >= MOST_SNIPPETS
            || !self.seen.insert(name.to_owned());
        let Some(text) = self.snippets.get(name).filter(|_| !is_known) else {
            return;
        };
        way.push(name.to_owned());
        for next in includes(&text) {
            let inner = bare(&next);
            if let Some(first) = way.iter().position(|before| *before == inner) {
                let mut names: Vec<&str> = way[first..].iter().map(String::as_str).collect();
                names.push(&inner);
                let message = format!(
                    "snippet `{inner}` includes itself: {}; take one of the includes out",
                    names.join(" → ")
                );
                let at = [format!("\"{next}\""), format!("'{next}'")];
                let at = at.iter().find_map(|quoted| text.find(quoted));
                let place = Place::of(&text, at.unwrap_or(0));
                self.found.push(place.problem(&snippet_file(name), message));
            } else {
                self.go(&inner, way);
            }
        }
        way.pop();
    }
}

/// Those of the named snippets that lead into a circle, with the words for it that a template gets
/// which includes them.
pub fn circular<'n>(
    names: impl Iterator<Item = &'n str>,
    snippets: &dyn Snippets,
) -> BTreeMap<String, Problem> {
    let mut circles = Circles::new(snippets);
    let mut circular = BTreeMap::new();
    for name in names {
        circles.follow(name);
        let is_whole = circles.seen.len() < MOST_SNIPPETS;
        let seen = circles.seen.drain();
        match circles.found.drain(..).next() {
            Some(problem) => {
                circular.insert(name.to_owned(), problem);
            }
            None if is_whole => circles.sound.extend(seen),
            None => {}
        }
    }
    circular
}

/// The snippets that a template includes itself, in order.
pub fn included(template: &Template) -> Vec<String> {
    let pieces = template.pieces.iter();
    let names = pieces.flat_map(|(_, piece)| includes(&piece.text));
    names.map(|name| bare(&name)).collect()
}

/// A name with or without its ending is the same snippet.
fn bare(name: &str) -> String {
    name.strip_suffix(".md").unwrap_or(name).to_owned()
}

/// What a text includes; nothing if it cannot be read, which is told elsewhere.
fn includes(text: &str) -> Vec<String> {
    scan::scan(text).map_or_else(|_| Vec::new(), |scan| scan.includes)
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Chain;

    impl Snippets for Chain {
        /// `n7` includes `n8` and so on; `n300` ends it, and `loop` includes itself.
        fn get(&self, name: &str) -> Option<String> {
            let number: Option<usize> = name.strip_prefix('n').and_then(|n| n.parse().ok());
            match number {
                Some(300) => Some("the end".to_owned()),
                Some(number) => Some(format!("{{% include \"n{}\" %}}", number + 1)),
                None => (name == "loop").then(|| "{% include 'loop.md' %}".to_owned()),
            }
        }
    }

    #[test]
    fn only_what_leads_into_a_circle_is_circular_however_long_the_way() {
        let found = circular(["n300", "n250", "n1", "loop", "none"].into_iter(), &Chain);
        let told: Vec<_> = found
            .iter()
            .map(|(name, why)| format!("{name}: {why}"))
            .collect();
        assert_eq!(
            told,
            [
                "loop: snippets/loop.md:1:12: snippet `loop` includes itself: loop → loop; take one of the includes out"
            ]
        );
    }
}
