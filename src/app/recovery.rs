//! Boxes over the past: text that was left behind, and the versions of a draft.
//!
//! Owns the lists and what their keys choose. Changes no text: choices go to the model.

use super::key::{Code, Key};
use super::msg::Left;
use crate::store::journal::VersionHeadline;

/// Text that can be brought back.
#[derive(Debug)]
pub struct Recovery {
    /// The texts, newest first.
    pub left: Vec<Left>,
    /// The highlighted one.
    pub cursor: usize,
}

/// The versions of a draft.
#[derive(Debug)]
pub struct Timeline {
    /// What they go by in the journal.
    pub draft: String,
    /// The versions, newest first.
    pub versions: Vec<VersionHeadline>,
    /// The highlighted one.
    pub cursor: usize,
}

/// What is to be done with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// Bring it back.
    Restore,
    /// Show how it differs.
    Compare,
    /// Keep all of them for later and go on.
    Later,
}

impl Recovery {
    pub(super) fn key(&mut self, key: Key) -> Option<Choice> {
        match key.code {
            Code::Esc | Code::Char('q' | 'l') => Some(Choice::Later),
            _ => chosen(key, &mut self.cursor, self.left.len()),
        }
    }
}

impl Timeline {
    pub(super) fn key(&mut self, key: Key) -> Option<Choice> {
        match key.code {
            Code::Esc | Code::Char('q') => Some(Choice::Later),
            Code::Char('r') => Some(Choice::Restore),
            Code::Enter => Some(Choice::Compare),
            _ => chosen(key, &mut self.cursor, self.versions.len()),
        }
    }
}

/// A choice, or a step in the list.
fn chosen(key: Key, cursor: &mut usize, count: usize) -> Option<Choice> {
    let by = match key.code {
        Code::Enter => return Some(Choice::Restore),
        Code::Char('=') => return Some(Choice::Compare),
        Code::Down | Code::Char('j') => 1,
        Code::Up | Code::Char('k') => -1,
        Code::PageDown => 10,
        Code::PageUp => -10,
        Code::Home | Code::Char('g') => isize::MIN,
        Code::End | Code::Char('G') => isize::MAX,
        _ => 0,
    };
    *cursor = cursor
        .saturating_add_signed(by)
        .min(count.saturating_sub(1));
    None
}
