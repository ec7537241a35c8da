//! An unsaved text as the writer heard of it, and what the journal has of it.
//!
//! Knows the text last written, so that a keystroke costs a patch and not a document. Where a
//! patch does not fit, the whole text is put.

use crate::app::effect::Unsaved;
use crate::domain::document::Snapshot;
use crate::domain::draft::Draft;
use crate::store::journal::{Buffer, BufferId, Journal, JournalError, Patch, SessionId};
use jiff::Timestamp;
use std::sync::Arc;

/// Bytes of the longest text that is put at once. SQLite copies what it is given twice.
const WHOLE: usize = 256 << 10;

/// Bytes of a piece of a longer one.
const PIECE: usize = 128 << 10;

/// Most pieces of a text, each of which is a row.
const MOST_PIECES: usize = 200;

/// A text that no file holds.
pub(super) struct Text {
    now: Arc<Unsaved>,
    written: Option<Arc<Unsaved>>,
    /// A person put it off, and the journal does not know that yet.
    pub(super) put_off: bool,
}

impl Text {
    pub(super) fn new(text: Unsaved) -> Self {
        Self {
            now: Arc::new(text),
            written: None,
            put_off: false,
        }
    }

    /// It says something else now.
    pub(super) fn change(&mut self, text: Unsaved) {
        self.now = Arc::new(text);
    }

    /// The text as it is now.
    pub(super) fn now(&self) -> Unsaved {
        Unsaved::clone(&self.now)
    }

    /// Whether the journal has less than it says.
    pub(super) fn is_behind(&self) -> bool {
        self.put_off
            || !self
                .written
                .as_ref()
                .is_some_and(|old| Arc::ptr_eq(old, &self.now))
    }

    /// The journal is another one now and has nothing of it.
    pub(super) fn forget(&mut self) {
        self.written = None;
    }

    /// Writes what the journal does not have yet.
    pub(super) fn write(
        &mut self,
        session: SessionId,
        journal: &mut Journal,
    ) -> Result<(), JournalError> {
        let at = Timestamp::now();
        let (new, old) = (&self.now, self.written.take());
        let old = old.filter(|old| old.same_origin(new));
        let change = old.map(|old| new.text.since(&old.text));
        let patched = match &change {
            Some(None) => Some(Ok(())),
            Some(Some(change)) => {
                let patch = Patch {
                    start: change.removed.start as u64,
                    removed: change.removed.len() as u64,
                    inserted: &change.inserted,
                    cursor: new.cursor as u64,
                    at,
                };
                Some(journal.patch_buffer(BufferId(new.id), &patch))
            }
            None => None,
        };
        match patched {
            Some(Ok(())) => {}
            Some(Err(error @ (JournalError::Damaged { .. } | JournalError::Moved { .. }))) => {
                return Err(error);
            }
            // Whatever the journal has of it, it is not what was to be patched.
            Some(Err(_)) | None => put(new, session, journal, at)?,
        }
        self.written = Some(self.now.clone());
        Ok(())
    }
}

/// Puts the whole text, a long one piece by piece.
fn put(
    unsaved: &Unsaved,
    session: SessionId,
    journal: &mut Journal,
    at: Timestamp,
) -> Result<(), JournalError> {
    let mut pieces = unsaved.text.pieces(piece_of(unsaved.text.len()));
    let text = pieces.next().unwrap_or_default();
    let fallback = unsaved.template.as_deref().unwrap_or("Untitled");
    let buffer = Buffer {
        id: BufferId(unsaved.id),
        session,
        path: unsaved.path.clone(),
        base: unsaved.base.clone(),
        provenance: unsaved.provenance.clone(),
        template: unsaved.template.clone(),
        title: Draft::title_from(&text, fallback),
        cursor: unsaved.cursor as u64,
        at,
        text,
    };
    journal.put_buffer_and(&buffer, pieces)
}

/// Bytes of a piece of a text of this length: all of one that is not long.
fn piece_of(length: usize) -> usize {
    if length <= WHOLE {
        return WHOLE;
    }
    PIECE.max(length / MOST_PIECES)
}

/// The text of a buffer as the model has it.
pub(super) fn unsaved(buffer: Buffer) -> Unsaved {
    Unsaved {
        id: buffer.id.0,
        path: buffer.path,
        base: buffer.base,
        template: buffer.template,
        provenance: buffer.provenance,
        cursor: buffer.cursor as usize,
        text: Snapshot::from(buffer.text.as_str()),
    }
}
