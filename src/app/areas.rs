//! Where things were drawn: the next key or click is understood against this, not a guess.

use super::Pane;
use super::browser;
use ratatui::layout::Rect;

/// Something a click can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row of the list, by its place.
    ListRow(usize),
    /// A tab of the list.
    ListTab(browser::Tab),
    /// A field of the form, by its index.
    Field(usize),
    /// The Draft tab of the editor.
    DraftTab,
    /// The Prompt tab of the editor.
    PromptTab,
    /// A variant, by its place.
    Variant(usize),
    /// A pane as a whole.
    Pane(Pane),
}

/// What the last frame looked like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Areas {
    /// Clickable places; later ones lie over earlier ones.
    pub targets: Vec<(Rect, Target)>,
    /// The text of the draft.
    pub document: Rect,
    /// The text of the variant.
    pub output: Rect,
    /// Rows of the variant in all.
    pub output_rows: usize,
    /// Rows of the prompt in all.
    pub prompt_rows: usize,
    /// Rows of the list on screen.
    pub list_rows: usize,
}

impl Areas {
    /// The topmost thing at a cell.
    pub fn at(&self, column: u16, row: u16) -> Option<Target> {
        let cell = ratatui::layout::Position { x: column, y: row };
        self.targets
            .iter()
            .rev()
            .find(|(area, _)| area.contains(cell))
            .map(|(_, target)| *target)
    }

    /// The pane at a cell.
    pub fn pane_at(&self, column: u16, row: u16) -> Option<Pane> {
        let cell = ratatui::layout::Position { x: column, y: row };
        self.targets.iter().find_map(|(area, target)| match target {
            Target::Pane(pane) if area.contains(cell) => Some(*pane),
            _ => None,
        })
    }
}
