//! Undo and redo: what was replaced by what, in steps a person would count.
//!
//! Typing joins into one step per word, erasing into one per burst; anything else is a step of
//! its own. Saving does not touch the steps: it only remembers which one was on disk. Never
//! touches the text itself.

use std::collections::VecDeque;
use std::sync::Arc;

/// A pause after which typing starts a new step.
const PAUSE_MS: u64 = 800;

/// Bytes of text that the steps may hold before the oldest are dropped.
const LIMIT: usize = 128 << 20;

/// A cursor and the other end of its selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Caret {
    pub(super) cursor: usize,
    pub(super) anchor: Option<usize>,
}

/// What kind of edit a step is made of; equal neighbours may join.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One typed cluster.
    Typing,
    /// A backspace.
    Erasing,
    /// A forward delete.
    Deleting,
    /// A paste, a replacement, a newline: never joined.
    Whole,
}

/// One step: `removed` at byte `at` became `inserted`.
#[derive(Debug, Clone)]
pub(super) struct Step {
    pub(super) at: usize,
    pub(super) removed: String,
    pub(super) inserted: String,
    pub(super) before: Caret,
    pub(super) after: Caret,
    pub(super) kind: Kind,
    pub(super) at_ms: u64,
}

impl Step {
    fn size(&self) -> usize {
        self.removed.len() + self.inserted.len()
    }

    /// Takes `next` in when a person would undo both at once.
    fn join(&mut self, next: &Self) -> bool {
        let follows = self.kind == next.kind
            && self.after == next.before
            && next.at_ms.saturating_sub(self.at_ms) <= PAUSE_MS;
        let joined = follows
            && match next.kind {
                Kind::Typing => self.join_typing(next),
                Kind::Erasing if next.at + next.removed.len() == self.at => {
                    self.removed.insert_str(0, &next.removed);
                    self.at = next.at;
                    true
                }
                Kind::Deleting if next.at == self.at => {
                    self.removed.push_str(&next.removed);
                    true
                }
                _ => false,
            };
        if joined {
            self.after = next.after;
            self.at_ms = next.at_ms;
        }
        joined
    }

    fn join_typing(&mut self, next: &Self) -> bool {
        let starts_word = self.inserted.ends_with(char::is_whitespace)
            && !next.inserted.starts_with(char::is_whitespace);
        let adjacent = next.removed.is_empty() && next.at == self.at + self.inserted.len();
        if starts_word || !adjacent {
            return false;
        }
        self.inserted.push_str(&next.inserted);
        true
    }
}

/// A step and the name of the text it leads to.
#[derive(Debug, Clone)]
struct Entry {
    step: Arc<Step>,
    state: u64,
    /// The steps with the same number are undone at once.
    group: Option<u64>,
}

/// The steps behind and ahead of the present text.
#[derive(Debug, Clone, Default)]
pub(super) struct History {
    undo: VecDeque<Entry>,
    redo: Vec<Entry>,
    /// The name of the text before the oldest step.
    origin: u64,
    latest: u64,
    saved: u64,
    sealed: bool,
    size: usize,
    group: Option<u64>,
}

impl History {
    /// Whether the present text differs from the one last saved.
    pub(super) fn is_modified(&self) -> bool {
        self.state() != self.saved
    }

    /// Remembers the present text as the saved one.
    pub(super) fn mark_saved(&mut self) {
        self.saved = self.state();
        self.seal();
    }

    /// Remembers the text of this name as the saved one.
    pub(super) const fn mark_saved_as(&mut self, state: u64) {
        self.saved = state;
    }

    /// Forgets which text was saved: none is.
    pub(super) const fn mark_unsaved(&mut self) {
        self.saved = u64::MAX;
    }

    /// Lets no later edit join the last step.
    pub(super) const fn seal(&mut self) {
        self.sealed = true;
    }

    /// Begins a group of steps, unless one is open.
    pub(super) const fn open_group(&mut self) {
        if self.group.is_none() {
            self.group = Some(self.latest);
            self.sealed = true;
        }
    }

    /// Ends the group.
    pub(super) const fn close_group(&mut self) {
        if self.group.is_some() {
            self.group = None;
            self.sealed = true;
        }
    }

    /// Whether the steps on both sides of the present text belong together.
    pub(super) fn is_within_group(&self) -> bool {
        let behind = self.undo.back().and_then(|entry| entry.group);
        let ahead = self.redo.last().and_then(|entry| entry.group);
        behind.is_some() && behind == ahead
    }

    /// Adds a step that was just made.
    pub(super) fn record(&mut self, step: Step) {
        for entry in self.redo.drain(..) {
            self.size -= entry.step.size();
        }
        self.latest += 1;
        self.size += step.size();
        let sealed = std::mem::take(&mut self.sealed);
        if let Some(last) = self.undo.back_mut()
            && !sealed
            && Arc::make_mut(&mut last.step).join(&step)
        {
            last.state = self.latest;
            return;
        }
        self.undo.push_back(Entry {
            step: Arc::new(step),
            state: self.latest,
            group: self.group,
        });
        while self.size > LIMIT && self.undo.len() > 1 {
            if let Some(oldest) = self.undo.pop_front() {
                self.size -= oldest.step.size();
                self.origin = oldest.state;
            }
        }
    }

    /// The step to take back, which moves over to redo.
    pub(super) fn undo(&mut self) -> Option<Arc<Step>> {
        self.close_group();
        let entry = self.undo.pop_back()?;
        let step = Arc::clone(&entry.step);
        self.redo.push(entry);
        self.seal();
        Some(step)
    }

    /// The step to make again, which moves back to undo.
    pub(super) fn redo(&mut self) -> Option<Arc<Step>> {
        self.close_group();
        let entry = self.redo.pop()?;
        let step = Arc::clone(&entry.step);
        self.undo.push_back(entry);
        self.seal();
        Some(step)
    }

    /// The name of the present text.
    pub(super) fn state(&self) -> u64 {
        self.undo.back().map_or(self.origin, |entry| entry.state)
    }

    /// Whether the step that led to `state` is behind the present text.
    pub(super) fn holds(&self, state: u64) -> bool {
        state <= self.origin || self.undo.iter().any(|entry| entry.state == state)
    }
}
