//! What a run is for, and its word in the journal.
//!
//! A word of a later version reads as a new text.

/// What a run is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Purpose {
    /// A new text.
    Generate,
    /// More of a text that broke off.
    Continue,
    /// Another wording of a passage.
    Refine,
    /// An answer about a draft.
    Ask,
}

impl Purpose {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Generate => "generate",
            Self::Continue => "continue",
            Self::Refine => "refine",
            Self::Ask => "ask",
        }
    }

    pub(super) fn of(word: &str) -> Self {
        let all = [Self::Continue, Self::Refine, Self::Ask];
        let found = all.into_iter().find(|purpose| purpose.word() == word);
        found.unwrap_or(Self::Generate)
    }
}
