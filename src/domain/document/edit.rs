//! What a person can do to a document: edits and motions, as plain values.
//!
//! Never does any of it: `Document::apply` does.

/// One thing a person does to a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// Puts text in place of the selection or at the cursor: a typed character or a paste.
    Insert(String),
    /// Starts a new line, ended the way its neighbours are.
    Newline,
    /// The same, and goes on with the list or quote of this line; ends it at an empty item.
    NextLine,
    /// Removes the selection or the cluster before the cursor.
    Backspace,
    /// Removes the selection or the cluster after the cursor.
    Delete,
    /// Removes the selection or back to the start of the word.
    BackspaceWord,
    /// Removes the selection or up to the end of the word.
    DeleteWord,
    /// Removes the selection or back to the start of the row.
    BackspaceRow,
    /// Moves the cursor and ends the selection.
    Move(Motion),
    /// Moves the cursor and extends the selection.
    Select(Motion),
    /// Selects the whole text.
    SelectAll,
    /// Takes the last step back.
    Undo,
    /// Makes the last step taken back again.
    Redo,
}

impl Edit {
    /// Whether it is about the text, and not only about the cursor or the selection.
    pub const fn is_of_text(&self) -> bool {
        !matches!(self, Self::Move(_) | Self::Select(_) | Self::SelectAll)
    }
}

/// Ways for the cursor to move.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Motion {
    /// To the previous cluster.
    Left,
    /// To the next cluster.
    Right,
    /// To the row above, as seen on screen.
    Up,
    /// To the row below, as seen on screen.
    Down,
    /// To the start of this or the previous word.
    WordLeft,
    /// To the end of this or the next word.
    WordRight,
    /// To the start of the row.
    RowStart,
    /// To the end of the row.
    RowEnd,
    /// A viewport up, less one row.
    PageUp,
    /// A viewport down, less one row.
    PageDown,
    /// To the start of the text.
    Start,
    /// To the end of the text.
    End,
    /// To the start of this or the previous paragraph.
    ParagraphUp,
    /// To the start of the next paragraph.
    ParagraphDown,
}

impl Motion {
    pub(super) const fn is_vertical(self) -> bool {
        matches!(self, Self::Up | Self::Down | Self::PageUp | Self::PageDown)
    }
}
