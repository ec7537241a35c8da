//! How the person likes to write: what is dimmed, how the text scrolls, which keys.
//!
//! Set by the settings, changed for the session by commands. Never touches a text.

use crate::config::Writing;
use crate::domain::document::Scrolling;

/// How the person likes to write.
#[derive(Debug, Default)]
pub struct Pen {
    /// All but the paragraph of the cursor is dimmed.
    pub focus: bool,
    /// The row of the cursor stays in the middle.
    pub typewriter: bool,
}

impl Pen {
    /// As the settings have it.
    pub const fn new(writing: &Writing) -> Self {
        Self {
            focus: writing.focus,
            typewriter: writing.typewriter,
        }
    }

    /// How the text moves with the cursor.
    pub const fn scrolling(&self) -> Scrolling {
        if self.typewriter {
            Scrolling::Typewriter
        } else {
            Scrolling::Least
        }
    }
}
