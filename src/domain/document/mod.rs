//! The document being edited: a rope with a cursor, a selection, undo and soft wrap.
