//! The document being edited: a rope with a cursor, a selection, undo and soft wrap.
//!
//! The pure half of the editor. Bytes stay as they came (CRLF too); the cursor stands on grapheme
//! boundaries only; a key costs the same in any document. Never draws, never touches a file or a
//! clock: the caller says what time it is.

mod edit;
mod find;
mod hidden;
mod lines;
mod motion;
mod opening;
mod passage;
mod row;
mod snapshot;
mod splice;
mod spoken;
mod undo;
mod viewport;
mod wrap;

pub use edit::{Edit, Motion};
pub use find::{Case, MOST_PLACES, Needle, Wording};
pub use passage::Passage;
pub use snapshot::{Patch, Snapshot};
pub use viewport::{Row, Scrolling};

use crate::domain::text;
use crop::Rope;
use std::ops::Range;
use std::sync::OnceLock;
use undo::{Caret, History, Kind, Step};
use wrap::{Wraps, char_boundary, char_boundary_before, read};

/// Rows kept between the cursor and the edge of the viewport after an edit or a motion.
const MARGIN: usize = 2;

/// Bytes from which on a text is counted as it comes.
const LARGE: usize = 64 << 10;

/// A text under edit.
#[derive(Debug, Clone)]
pub struct Document {
    rope: Rope,
    cursor: usize,
    /// The fixed end of the selection.
    anchor: Option<usize>,
    /// The column that vertical motions aim for, while they follow each other.
    goal: Option<usize>,
    history: History,
    revision: u64,
    words: OnceLock<usize>,
    hidden: OnceLock<usize>,
    wraps: Wraps,
    /// Columns and rows of the viewport.
    size: (u16, u16),
    /// The first byte on screen.
    top: usize,
    /// The rows on screen.
    rows: Vec<Range<usize>>,
    scrolling: Scrolling,
    fences: passage::Fences,
    /// Whether motions extend the selection.
    marking: bool,
    /// What several clicks took hold of.
    grip: Option<viewport::Grip>,
}

impl Document {
    /// A document with the cursor at the start of `text`, unmodified and without a viewport.
    pub fn new(text: &str) -> Self {
        let mut wraps = Wraps::default();
        wraps.set_width(viewport::UNSEEN_WIDTH);
        // Of a large text, counting later would need another copy.
        let counted = |count: fn(&str) -> usize| {
            if text.len() < LARGE {
                OnceLock::new()
            } else {
                OnceLock::from(count(text))
            }
        };
        Self {
            rope: Rope::from(text),
            cursor: 0,
            anchor: None,
            goal: None,
            history: History::default(),
            revision: 0,
            words: counted(text::words),
            hidden: counted(super::hidden::count),
            wraps,
            size: (0, 0),
            top: 0,
            rows: Vec::new(),
            scrolling: Scrolling::default(),
            fences: passage::Fences::default(),
            marking: false,
            grip: None,
        }
    }

    /// The whole text.
    pub fn text(&self) -> String {
        read(&self.rope, 0..self.rope.byte_len())
    }

    /// The text at this moment, at no cost.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot(self.rope.clone())
    }

    /// Names the present text among those that undo and redo lead to.
    pub fn state(&self) -> u64 {
        self.history.state()
    }

    /// Whether the edit that led to `state` is part of the text, and was not undone.
    pub fn holds(&self, state: u64) -> bool {
        self.history.holds(state)
    }

    /// Bytes in the text.
    pub fn len(&self) -> usize {
        self.rope.byte_len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.rope.is_empty()
    }

    /// A number that grows with every change of the text.
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Whether the text differs from the one last marked as saved.
    pub fn is_modified(&self) -> bool {
        self.history.is_modified()
    }

    /// Remembers the present text as saved. Undo still reaches behind it.
    pub fn mark_saved(&mut self) {
        self.history.mark_saved();
    }

    /// Remembers the text that [`state`](Self::state) named as saved.
    pub const fn mark_saved_as(&mut self, state: u64) {
        self.history.mark_saved_as(state);
    }

    /// Lets no later edit join the step that led to the present text, so that its name lasts.
    pub const fn seal(&mut self) {
        self.history.seal();
    }

    /// Lets all edits from here on, up to [`close_group`](Self::close_group), be undone at once.
    pub const fn open_group(&mut self) {
        self.history.open_group();
    }

    /// Ends what is undone at once.
    pub const fn close_group(&mut self) {
        self.history.close_group();
    }

    /// Forgets which text was saved, because its file is gone.
    pub const fn mark_unsaved(&mut self) {
        self.history.mark_unsaved();
    }

    /// The byte the cursor stands before.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// The selected bytes, if any.
    pub fn selection(&self) -> Option<Range<usize>> {
        let anchor = self.anchor?;
        let range = anchor.min(self.cursor)..anchor.max(self.cursor);
        (!range.is_empty()).then_some(range)
    }

    /// The selected text, if any.
    pub fn selected_text(&self) -> Option<String> {
        self.selection().map(|range| self.slice(range))
    }

    /// The text in `range`, cut to the text and widened to whole characters.
    pub fn slice(&self, range: Range<usize>) -> String {
        read(&self.rope, self.clamped(range))
    }

    /// Words in the text; counted once, then kept up to date by each edit.
    pub fn words(&self) -> usize {
        *self.words.get_or_init(|| text::words(&self.text()))
    }

    /// Does `edit` at the time `at_ms` and shows the cursor.
    pub fn apply(&mut self, edit: Edit, at_ms: u64) {
        match edit {
            Edit::Insert(text) => self.insert(&text, at_ms),
            Edit::Newline => {
                let line_break = motion::line_break(&self.rope, self.cursor);
                self.change(self.selection_or_cursor(), line_break, Kind::Whole, at_ms);
            }
            Edit::NextLine => self.next_line(at_ms),
            Edit::Backspace => self.remove_to(Motion::Left, Kind::Erasing, at_ms),
            Edit::Delete => self.remove_to(Motion::Right, Kind::Deleting, at_ms),
            Edit::BackspaceWord => self.remove_to(Motion::WordLeft, Kind::Whole, at_ms),
            Edit::DeleteWord => self.remove_to(Motion::WordRight, Kind::Whole, at_ms),
            Edit::BackspaceRow => self.remove_to(Motion::RowStart, Kind::Whole, at_ms),
            Edit::Move(motion) => self.go(motion),
            Edit::Select(motion) => {
                self.anchor.get_or_insert(self.cursor);
                self.travel(motion);
            }
            Edit::SelectAll => {
                self.anchor = Some(0);
                self.cursor = self.len();
                // The view stays: nobody wants to lose their place to copy everything.
                return self.fill();
            }
            Edit::Undo => {
                while let Some(step) = self.history.undo() {
                    self.splice(step.at..step.at + step.inserted.len(), &step.removed);
                    self.place(step.before);
                    if !self.history.is_within_group() {
                        break;
                    }
                }
            }
            Edit::Redo => {
                while let Some(step) = self.history.redo() {
                    self.splice(step.at..step.at + step.removed.len(), &step.inserted);
                    self.place(step.after);
                    if !self.history.is_within_group() {
                        break;
                    }
                }
            }
        }
        self.reveal(MARGIN);
    }

    /// Puts `with` in place of `range`, as one undo step, and the cursor behind it.
    pub fn replace(&mut self, range: Range<usize>, with: &str, at_ms: u64) {
        self.change(self.clamped(range), with, Kind::Whole, at_ms);
        self.reveal(MARGIN);
    }

    /// Puts the cursor before the byte `at`, or the start of its cluster, and shows it.
    pub fn stand_at(&mut self, at: usize) {
        self.anchor = None;
        let at = self.boundary_at_or_before(at.min(self.len()));
        self.stand(at);
        self.reveal(MARGIN);
    }

    /// Selects `range`, with the cursor at its end, and shows it.
    pub fn select(&mut self, range: Range<usize>) {
        let range = self.clamped(range);
        let start = self.boundary_at_or_before(range.start);
        let end = self.boundary_at_or_after(range.end);
        self.place(Caret {
            cursor: end,
            anchor: Some(start),
        });
        self.reveal(MARGIN);
    }

    fn insert(&mut self, text: &str, at_ms: u64) {
        let typed = motion::is_one_cluster(text) && !text.ends_with('\n');
        let kind = if typed { Kind::Typing } else { Kind::Whole };
        self.change(self.selection_or_cursor(), text, kind, at_ms);
    }

    fn remove_to(&mut self, motion: Motion, kind: Kind, at_ms: u64) {
        if let Some(range) = self.selection() {
            return self.change(range, "", Kind::Whole, at_ms);
        }
        let to = self.target(motion, self.cursor, 0);
        self.change(to.min(self.cursor)..to.max(self.cursor), "", kind, at_ms);
    }

    fn go(&mut self, motion: Motion) {
        let selection = self.selection();
        self.anchor = None;
        match (motion, selection) {
            (Motion::Left, Some(range)) => self.stand(range.start),
            (Motion::Right, Some(range)) => self.stand(range.end),
            _ => self.travel(motion),
        }
    }

    fn travel(&mut self, motion: Motion) {
        let goal = match self.goal {
            _ if !motion.is_vertical() => 0,
            Some(goal) => goal,
            None => self.column_of(self.cursor),
        };
        let to = self.target(motion, self.cursor, goal);
        self.stand(to);
        self.goal = motion.is_vertical().then_some(goal);
    }

    fn stand(&mut self, at: usize) {
        self.cursor = at;
        self.goal = None;
        self.history.seal();
    }

    const fn place(&mut self, caret: Caret) {
        self.marking = false;
        self.cursor = caret.cursor;
        self.anchor = caret.anchor;
        self.goal = None;
        self.history.seal();
    }

    fn selection_or_cursor(&self) -> Range<usize> {
        self.selection().unwrap_or(self.cursor..self.cursor)
    }

    fn clamped(&self, range: Range<usize>) -> Range<usize> {
        let start = char_boundary_before(&self.rope, range.start);
        start..char_boundary(&self.rope, range.end.clamp(start, self.len().max(start)))
    }

    /// The one way for a person's edit into the text.
    fn change(&mut self, range: Range<usize>, with: &str, kind: Kind, at_ms: u64) {
        let before = Caret {
            cursor: self.cursor,
            anchor: self.anchor,
        };
        let removed = read(&self.rope, range.clone());
        let at = range.start;
        let changes = removed != with;
        if changes {
            self.splice(range, with);
        }
        self.anchor = None;
        self.marking = false;
        self.goal = None;
        self.cursor = self.boundary_at_or_after(at + with.len());
        if changes {
            let after = Caret {
                cursor: self.cursor,
                anchor: None,
            };
            let inserted = with.to_owned();
            self.history.record(Step {
                at,
                removed,
                inserted,
                before,
                after,
                kind,
                at_ms,
            });
        }
    }
}

#[cfg(test)]
mod tests;
