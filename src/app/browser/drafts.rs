//! The list of drafts as rows, made away from the model: there may be a hundred thousand of them.
//!
//! Rows are shared with the list before. A draft that has not changed keeps its row, so that a list
//! that is read anew costs its reader little, and the model nothing.

use super::Row;
use crate::app::rows::draft_row;
use crate::store::drafts::Headline;
use std::collections::HashMap;
use std::sync::Arc;

/// Drafts as the list shows them, in its order and ready for the filter.
#[derive(Debug, Clone, Default)]
pub struct DraftRows(pub(super) Arc<Vec<Arc<Row>>>);

impl DraftRows {
    /// The rows of these drafts. A draft of which the list before says the same has its row from
    /// there.
    pub fn of(drafts: Vec<Headline>, before: &Self) -> Self {
        let known: HashMap<&str, &Arc<Row>> = before
            .0
            .iter()
            .filter_map(|row| Some((row.file()?, row)))
            .collect();
        let row = |draft: Headline| {
            let same = draft.path.to_str().and_then(|path| known.get(path));
            match same.filter(|row| row.tells(&draft)) {
                Some(row) => Arc::clone(row),
                None => Arc::new(draft_row(draft).ready()),
            }
        };
        Self(Arc::new(drafts.into_iter().map(row).collect()))
    }

    /// True when there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Vec<Headline>> for DraftRows {
    fn from(drafts: Vec<Headline>) -> Self {
        Self::of(drafts, &Self::default())
    }
}
