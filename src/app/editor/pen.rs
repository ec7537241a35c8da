//! How the person likes to write: what is dimmed, how the text scrolls, which keys.
//!
//! Set by the settings, changed for the session by commands. Never touches a text.

use super::vim::{Mode, Vim};
use crate::config::{Keys, Writing};
use crate::domain::document::Scrolling;

/// How the person likes to write.
#[derive(Debug, Default)]
pub struct Pen {
    /// All but the paragraph of the cursor is dimmed.
    pub focus: bool,
    /// The row of the cursor stays in the middle.
    pub typewriter: bool,
    /// Vim's keys, if they are wanted.
    pub vim: Option<Box<Vim>>,
    /// The find bar was opened by `/`: enter ends it.
    pub(super) searching: bool,
}

/// What the cursor of the terminal looks like.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Shape {
    /// As the terminal has it.
    #[default]
    Usual,
    /// A block: keys are commands.
    Block,
    /// A bar: keys are text.
    Bar,
}

impl Pen {
    /// As the settings have it.
    pub fn new(writing: &Writing) -> Self {
        Self {
            focus: writing.focus,
            typewriter: writing.typewriter,
            vim: (writing.keys == Keys::Vim).then(Box::default),
            searching: false,
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

    /// What the cursor looks like in the text.
    pub(super) fn shape(&self) -> Shape {
        match self.vim.as_ref().map(|vim| vim.mode()) {
            None => Shape::Usual,
            Some(Mode::Insert) => Shape::Bar,
            Some(_) => Shape::Block,
        }
    }
}
