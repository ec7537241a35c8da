//! Keys in the Editor pane that are no commands: what is typed, and what scrolls the prompt.
//!
//! A draft that can only be read takes motions and selections, and nothing that changes it.

use super::{Editor, Tab};
use crate::app::key::{Code, Key};
use crate::app::typing;
use crate::domain::document::Edit;

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// It did what it does.
    Done,
    /// It would have changed a draft that can only be read.
    Refused,
}

impl Editor {
    /// A key for the pane.
    pub fn key(&mut self, key: Key, at: u64) -> Typed {
        if self.tab == Tab::Prompt && self.detached.is_none() {
            self.scroll_preview(key);
            return Typed::Done;
        }
        let locked = self.tab == Tab::Draft && self.read_only().is_some();
        let Some(edit) = edit_for(key) else {
            return Typed::Done;
        };
        if locked && edit.is_of_text() {
            return Typed::Refused;
        }
        if let Some(text) = self.written() {
            match edit {
                Edit::Move(motion) => text.travel_or_select(motion, at),
                edit => text.apply(edit, at),
            }
        }
        Typed::Done
    }

    fn scroll_preview(&mut self, key: Key) {
        let by = match key.code {
            Code::Down | Code::Char('j') => 1,
            Code::Up | Code::Char('k') => -1,
            Code::PageDown | Code::Char(' ') => 10,
            Code::PageUp => -10,
            Code::Home | Code::Char('g') => isize::MIN,
            Code::End | Code::Char('G') => isize::MAX,
            _ => 0,
        };
        self.preview_scroll = self.preview_scroll.saturating_add_signed(by);
    }
}

/// The edit that a key asks for.
pub(super) fn edit_for(key: Key) -> Option<Edit> {
    match key.code {
        Code::Tab => Some(Edit::Insert("\t".to_owned())),
        Code::Enter => Some(Edit::NextLine),
        _ => typing::edit_for(key),
    }
}
