//! The three panes, as names.
//!
//! What is in them has rooms of its own.

/// A third of the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Pane {
    /// Left: lists and the form.
    #[default]
    Template,
    /// Middle: draft and prompt.
    Editor,
    /// Right: variants.
    Output,
}

impl Pane {
    /// All panes, left to right.
    pub const ALL: [Self; 3] = [Self::Template, Self::Editor, Self::Output];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Template => "Template",
            Self::Editor => "Editor",
            Self::Output => "Output",
        }
    }

    pub(super) fn step(self, by: usize) -> Self {
        Self::ALL[(self as usize + by) % 3]
    }
}
