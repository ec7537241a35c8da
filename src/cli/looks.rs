//! What is wrong with how the studio would look: themes that cannot be understood or are not there.
//!
//! Only looks; for `config check` and `doctor`.

use crate::config::Settings;
use crate::config::theme::{self, USUAL};
use crate::store::{Paths, themes};

/// Every mistake in a theme of the person's own, and a theme that is named and not there.
pub(super) fn odd(paths: &Paths, settings: &Settings) -> Vec<String> {
    let own = themes::list(paths);
    let named = settings.appearance.theme.as_deref().unwrap_or(USUAL);
    let mut odd: Vec<String> = own
        .iter()
        .filter_map(|source| theme::read(&source.name, &own))
        .flat_map(|read| read.odd)
        .collect();
    if theme::read(named, &own).is_none() {
        let file = paths.config_file.display();
        let known = theme::SHIPPED.into_iter();
        let known: Vec<&str> = known
            .chain(own.iter().map(|source| source.name.as_str()))
            .collect();
        odd.push(format!(
            "{file}: there is no theme `{named}`; there are {}",
            known.join(", ")
        ));
    }
    // What a theme inherits is read with each that inherits it.
    odd.sort();
    odd.dedup();
    odd
}
