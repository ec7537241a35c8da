//! Draws a document: rows, selection, cursor.
