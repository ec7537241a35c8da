//! Where things were drawn: the next key or click is understood against this, not a guess.

use super::Pane;
use super::arrangement::Border;
use super::browser;
use crate::domain::run::RunId;
use ratatui::layout::Rect;
use std::ops::Range;

/// Something a click can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// A row of the list, by its place.
    ListRow(usize),
    /// A tab of the list.
    ListTab(browser::Tab),
    /// A field of the form, by its index.
    Field(usize),
    /// An option of a field that takes several, by field and option.
    Option(usize, usize),
    /// The mark that leads to the option before the one that is picked, by field.
    OptionBefore(usize),
    /// The Draft tab of the editor.
    DraftTab,
    /// The Prompt tab of the editor.
    PromptTab,
    /// A variant, by its place.
    Variant(usize),
    /// The conversation about the draft.
    Ask,
    /// The question that is typed.
    Question,
    /// The line that says how much was thought.
    Reasoning,
    /// A pane as a whole.
    Pane(Pane),
}

/// Where the text of a field was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldArea {
    /// The field, by its index.
    pub index: usize,
    /// Its cells.
    pub area: Rect,
    /// Columns of the text that are left of them.
    pub left: u16,
}

impl FieldArea {
    /// The column and row of the text at a cell of the screen; the row may lie outside.
    pub fn cell(&self, column: u16, row: u16) -> (u16, i32) {
        let column = column.saturating_sub(self.area.x).saturating_add(self.left);
        (column, i32::from(row) - i32::from(self.area.y))
    }
}

/// Which part of a form is on screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct FormPart {
    /// The first field shown.
    pub first: usize,
    /// The first field shown when the last one is at the bottom.
    pub last: usize,
}

/// A variant that stands beside others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Column {
    /// Its place among all variants.
    pub place: usize,
    /// Its cells, heading and all.
    pub area: Rect,
    /// Those of its text.
    pub text: Rect,
    /// Rows of the text in all.
    pub rows: usize,
}

/// What the last frame looked like.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Areas {
    /// The question that is typed.
    pub question: Option<Rect>,
    /// The turns of the conversation shown, with their rows.
    pub turns: Vec<(RunId, Range<usize>)>,
    /// The rows of the paragraphs that are chosen.
    pub quoted: Option<Range<usize>>,
    /// Borders between panes that can be moved.
    pub borders: Vec<Border>,
    /// Clickable places; later ones lie over earlier ones.
    pub targets: Vec<(Rect, Target)>,
    /// The text of the draft.
    pub document: Rect,
    /// The text of the variant.
    pub output: Rect,
    /// The source of what is marked of a variant.
    pub marked: Option<(RunId, Range<usize>)>,
    /// Rows of the variant in all.
    pub output_rows: usize,
    /// Cells in a row of the Output pane, for one text or for columns.
    pub output_width: u16,
    /// The variants that stand side by side, left to right; none when one has the pane.
    pub columns: Vec<Column>,
    /// Rows of the prompt in all.
    pub prompt_rows: usize,
    /// Rows of the list on screen.
    pub list_rows: usize,
    /// How far the comparison in front is from its change, as far as that is possible.
    pub compared: Option<isize>,
    /// The furthest that help can be scrolled.
    pub help_last: Option<usize>,
    /// How far the review is from its change, as far as that is possible.
    pub reviewed: Option<isize>,
    /// The text fields on screen.
    pub fields: Vec<FieldArea>,
    /// How far the form is scrolled.
    pub form: FormPart,
    /// The first row of the payload inspector when its last one is at the bottom.
    pub payload_last: usize,
    /// Whether the card that explains the practice engine is on screen.
    pub card: bool,
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
