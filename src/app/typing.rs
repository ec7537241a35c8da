//! What a key does to text, the same in the draft and in every field.
//!
//! Knows no clipboard and no line rules: who owns the text handles cut, paste, enter and tab.

use super::key::{Code, Key};
use crate::domain::document::{Edit, Motion};

/// The edit that a key asks for; `None` for a key that edits nothing.
pub(super) fn edit_for(key: Key) -> Option<Edit> {
    if let Some(motion) = motion_for(key) {
        return Some(if key.shift {
            Edit::Select(motion)
        } else {
            Edit::Move(motion)
        });
    }
    let by_word = key.ctrl || key.alt;
    let alt = key.alt && !key.ctrl;
    Some(match key.code {
        Code::Char(c) if !by_word => Edit::Insert(c.to_string()),
        Code::Char('d') if alt => Edit::DeleteWord,
        Code::Char('a') if key.ctrl => Edit::SelectAll,
        Code::Char('u') if key.ctrl => Edit::BackspaceRow,
        Code::Char('w') if key.ctrl => Edit::BackspaceWord,
        Code::Backspace if by_word => Edit::BackspaceWord,
        Code::Backspace => Edit::Backspace,
        Code::Delete if by_word => Edit::DeleteWord,
        Code::Delete => Edit::Delete,
        _ => return None,
    })
}

const fn motion_for(key: Key) -> Option<Motion> {
    Some(match key.code {
        // What some terminals send for alt with an arrow.
        Code::Char('b') if key.alt && !key.ctrl => Motion::WordLeft,
        Code::Char('f') if key.alt && !key.ctrl => Motion::WordRight,
        Code::Left if key.ctrl || key.alt => Motion::WordLeft,
        Code::Right if key.ctrl || key.alt => Motion::WordRight,
        Code::Up if key.ctrl || key.alt => Motion::ParagraphUp,
        Code::Down if key.ctrl || key.alt => Motion::ParagraphDown,
        Code::Home if key.ctrl => Motion::Start,
        Code::End if key.ctrl => Motion::End,
        Code::Left => Motion::Left,
        Code::Right => Motion::Right,
        Code::Up => Motion::Up,
        Code::Down => Motion::Down,
        Code::Home => Motion::RowStart,
        Code::End => Motion::RowEnd,
        Code::PageUp => Motion::PageUp,
        Code::PageDown => Motion::PageDown,
        _ => return None,
    })
}
