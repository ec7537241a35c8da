//! The options of a field that takes several: which are picked, and where the cursor is.
//!
//! Owns the marks. Never decides whether something has to be picked.

use crate::domain::brief::Value;

/// Options with marks.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Picked {
    options: Vec<String>,
    marks: Vec<bool>,
    cursor: usize,
}

impl Picked {
    /// The options with those of `value` marked.
    pub(super) fn new(options: &[String], value: Option<&Value>) -> Self {
        let chosen = match value {
            Some(Value::List(chosen)) => chosen.as_slice(),
            _ => &[],
        };
        let marks = options.iter().map(|option| chosen.contains(option));
        Self {
            marks: marks.collect(),
            options: options.to_vec(),
            cursor: 0,
        }
    }

    /// What is picked, in the order of the options.
    pub fn value(&self) -> Value {
        let picked = self.rows().filter(|(_, marked)| *marked);
        Value::List(picked.map(|(option, _)| option.to_owned()).collect())
    }

    /// Every option and whether it is picked.
    pub fn rows(&self) -> impl Iterator<Item = (&str, bool)> {
        let options = self.options.iter().map(String::as_str);
        options.zip(self.marks.iter().copied())
    }

    /// How many options there are.
    pub fn len(&self) -> usize {
        self.options.len()
    }

    /// True when there is nothing to pick.
    pub fn is_empty(&self) -> bool {
        self.options.is_empty()
    }

    /// Index of the option that space marks.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// Moves the cursor, round from the last option to the first.
    pub(super) fn step(&mut self, step: isize) {
        let count = self.options.len().max(1);
        self.cursor = self.cursor.checked_add_signed(step).unwrap_or(count - 1) % count;
    }

    /// Moves the cursor to an option and marks it, or takes its mark away.
    pub(super) fn mark(&mut self, option: usize) {
        if option < self.options.len() {
            self.cursor = option;
            self.toggle();
        }
    }

    /// Marks the option under the cursor, or takes its mark away.
    pub(super) fn toggle(&mut self) {
        if let Some(mark) = self.marks.get_mut(self.cursor) {
            *mark = !*mark;
        }
    }
}
