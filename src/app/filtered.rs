//! A list that narrows while one types: what is typed, the rows that fit, the highlighted one.
//!
//! Knows no row: who owns the list says what fits, and what choosing a row means.

use super::field::{Lines, TextEntry};
use super::filter::{Filter, Subject};
use super::key::Key;

/// A list with what is typed to narrow it.
#[derive(Debug)]
pub struct Filtered<R> {
    /// What is typed.
    pub query: TextEntry,
    /// The rows that fit it.
    pub rows: Vec<R>,
    /// The highlighted row.
    pub cursor: usize,
}

impl<R> Filtered<R> {
    /// A list in which nothing is typed.
    pub fn new(rows: Vec<R>) -> Self {
        Self {
            query: TextEntry::new("", Lines::One),
            rows,
            cursor: 0,
        }
    }

    /// What is typed.
    pub fn typed(&self) -> String {
        self.query.text()
    }

    /// The highlighted row.
    pub fn chosen(&self) -> Option<&R> {
        self.rows.get(self.cursor)
    }

    /// Highlights the row `by` places on, without going past the ends.
    pub(super) fn step(&mut self, by: isize) {
        let last = self.rows.len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// Takes a key that moves or types; true when something else is typed now, so that other rows
    /// fit.
    pub(super) fn key(&mut self, key: Key) -> bool {
        if let Some(by) = key.rows() {
            self.step(by);
            return false;
        }
        self.query.key(key)
    }

    /// Pastes into what is typed.
    pub(super) fn paste(&mut self, text: &str) {
        self.query.insert(text);
    }

    /// Takes the rows that fit what was just typed: the first is highlighted.
    pub(super) fn narrow(&mut self, rows: Vec<R>) {
        self.rows = rows;
        self.cursor = 0;
    }

    /// Takes other rows for the same words: the highlight stays as far as that is possible.
    pub(super) fn refresh(&mut self, rows: Vec<R>) {
        self.rows = rows;
        self.step(0);
    }
}

/// A list of places in something that its owner keeps in order.
impl Filtered<usize> {
    /// Lists the places of the subjects that fit what was just typed, the best first; the first is
    /// highlighted.
    pub(super) fn narrow_to<'a>(&mut self, subjects: impl Iterator<Item = Subject<'a>>) {
        let places = Filter::new(&self.typed()).ranked(subjects);
        self.narrow(places);
    }

    /// The same after the subjects have changed: the highlight stays as far as that is possible.
    pub(super) fn refresh_with<'a>(&mut self, subjects: impl Iterator<Item = Subject<'a>>) {
        let places = Filter::new(&self.typed()).ranked(subjects);
        self.refresh(places);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::key::Code;

    #[test]
    fn places_are_those_that_fit_and_all_of_them_while_nothing_is_typed() {
        let subjects = |titles: [&'static str; 3]| {
            titles.into_iter().map(|title| Subject {
                title,
                names: "",
                text: "",
            })
        };
        let mut list = Filtered::new(Vec::new());
        list.narrow_to(subjects(["tea", "cup", "ice tea"]));
        assert_eq!(list.rows, [0, 1, 2]);
        list.paste("tea");
        list.narrow_to(subjects(["tea", "cup", "ice tea"]));
        assert_eq!(list.rows, [0, 2]);
        list.step(1);
        list.refresh_with(subjects(["cup", "tea", "ice tea"]));
        assert_eq!((list.rows.as_slice(), list.cursor), (&[1, 2][..], 1));
    }

    #[test]
    fn keys_move_or_type_and_the_highlight_never_leaves_the_rows() {
        let mut list = Filtered::new(vec!["a", "b", "c"]);
        assert!(!list.key(Key::plain(Code::PageDown)));
        assert_eq!(list.chosen(), Some(&"c"));
        assert!(list.key(Key::plain(Code::Char('x'))));
        list.paste("y\nz");
        assert_eq!(list.typed(), "xy z");
        list.refresh(vec!["a", "b"]);
        assert_eq!(list.chosen(), Some(&"b"));
        list.narrow(vec!["d", "e"]);
        assert_eq!(list.chosen(), Some(&"d"));
        list.narrow(Vec::new());
        list.key(Key::plain(Code::Up));
        assert_eq!(list.chosen(), None);
    }
}
