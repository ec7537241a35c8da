//! What a watch tells: which shelves changed, or why some changes will not be seen. Knows no path.

use std::collections::BTreeSet;

/// A part of what is watched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shelf {
    /// Templates.
    Templates,
    /// Snippets.
    Snippets,
    /// Drafts.
    Drafts,
    /// `config.toml`.
    Config,
    /// Themes of the person.
    Themes,
    /// Files outside the library that are open.
    Files,
}

/// What there is to tell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// Something on these shelves changed.
    Changed(BTreeSet<Shelf>),
    /// Some changes will not be seen, for this reason.
    Blind(String),
}
