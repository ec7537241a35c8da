//! A list of models to choose from, narrowed by typing; any other name can be chosen as well.

use crate::app::field::{Lines, TextEntry};
use crate::app::key::Key as Pressed;

/// Models to choose from.
#[derive(Debug)]
pub struct Models {
    /// What is typed.
    pub query: TextEntry,
    /// The highlighted row.
    pub cursor: usize,
    /// What choosing none means, where that is possible.
    free: Option<String>,
    listed: Vec<String>,
    rows: Vec<Row>,
}

/// A row of the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Row {
    /// No model in particular, and what that means.
    Free(String),
    /// A model that the server lists.
    Listed(String),
    /// What is typed, as it is.
    Typed(String),
}

impl Models {
    /// The models of a server, with the one that was asked for so far highlighted.
    pub fn new(listed: Vec<String>, before: Option<&str>, free: Option<String>) -> Self {
        let mut models = Self {
            query: TextEntry::new("", Lines::One),
            cursor: 0,
            free,
            listed,
            rows: Vec::new(),
        };
        models.refresh();
        let is_before =
            |row: &Row| matches!(row, Row::Listed(name) if Some(name.as_str()) == before);
        models.cursor = models.rows.iter().position(is_before).unwrap_or(0);
        models
    }

    /// The rows as they are now.
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// True when the server lists no models at all.
    pub const fn is_unlisted(&self) -> bool {
        self.listed.is_empty()
    }

    /// The model of the highlighted row.
    pub(super) fn chosen(&self) -> Option<String> {
        match self.rows.get(self.cursor)? {
            Row::Free(_) => None,
            Row::Listed(name) | Row::Typed(name) => Some(name.clone()),
        }
    }

    pub(super) fn key(&mut self, key: Pressed) {
        if let Some(by) = key.rows() {
            self.step(by);
        } else if self.query.key(key) {
            self.refresh();
        }
    }

    pub(super) fn paste(&mut self, text: &str) {
        self.query.insert(text.trim());
        self.refresh();
    }

    pub(super) fn step(&mut self, by: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    fn refresh(&mut self) {
        let typed = self.query.text().trim().to_owned();
        let wanted = typed.to_lowercase();
        let words: Vec<&str> = wanted.split_whitespace().collect();
        let fits = |name: &&String| {
            let name = name.to_lowercase();
            words.iter().all(|word| name.contains(word))
        };
        let free = self.free.iter().filter(|_| typed.is_empty());
        let free = free.cloned().map(Row::Free);
        let listed = self.listed.iter().filter(fits).cloned().map(Row::Listed);
        let known = self.listed.contains(&typed);
        let own = (!typed.is_empty() && !known).then(|| Row::Typed(typed.clone()));
        self.rows = free.chain(listed).chain(own).collect();
        // A whole name that is typed is the one that is meant.
        let whole = |row: &Row| matches!(row, Row::Listed(name) if *name == typed);
        self.cursor = self.rows.iter().position(whole).unwrap_or(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn models(before: Option<&str>, free: Option<&str>) -> Models {
        let listed = ["gpt-a", "gpt-b", "gpt-a-mini"].map(str::to_owned);
        Models::new(listed.to_vec(), before, free.map(str::to_owned))
    }

    #[test]
    fn typing_narrows_and_any_name_can_be_chosen() {
        let mut models = models(None, None);
        assert_eq!(models.chosen().as_deref(), Some("gpt-a"));
        models.paste(" MINI \n");
        assert_eq!(models.chosen().as_deref(), Some("gpt-a-mini"));
        models.paste("-new");
        assert_eq!(models.rows(), [Row::Typed("MINI-new".to_owned())]);
        assert_eq!(models.chosen().as_deref(), Some("MINI-new"));
    }

    #[test]
    fn the_model_so_far_is_highlighted_and_none_can_be_chosen() {
        assert_eq!(
            models(Some("gpt-b"), None).chosen().as_deref(),
            Some("gpt-b")
        );
        assert_eq!(models(Some("gone"), Some("free")).chosen(), None);
        let mut exact = models(None, None);
        exact.paste("gpt-a");
        assert_eq!(exact.chosen().as_deref(), Some("gpt-a"));
        assert_eq!(Models::new(Vec::new(), None, None).chosen(), None);
    }
}
