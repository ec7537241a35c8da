//! How the panes share the screen: borders that keys and the mouse move, and what of it is kept.
//!
//! Where borders may stand, the drawing says; only shares of the width are remembered, so that they
//! hold at every size. Draws nothing.

use super::effect::Effect;
use super::key::Mouse;
use super::look::Errand;
use super::{App, Pane, Weight};
use crate::domain::failure::Failure;
use crate::store::layout::{Layout, WHOLE};

/// Cells that a key moves a border by.
const STEP: i32 = 2;

/// A border between two panes, by what it parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// The Template pane from two others.
    Template,
    /// The Template pane from one other.
    TemplateBeside,
    /// The Editor from the Output pane.
    Editor,
}

/// A border as it was drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Border {
    /// Which one.
    pub edge: Edge,
    /// The pane on its left.
    pub left: Pane,
    /// The pane on its right.
    pub right: Pane,
    /// The first column of the pane on its right.
    pub at: u16,
    /// The first column of what the two share, and how many columns that are.
    pub shared: (u16, u16),
    /// The least and the most columns that the left one may have of them.
    pub bounds: (u16, u16),
    /// The first row that can be taken hold of, and the row after the last.
    pub rows: (u16, u16),
}

impl Border {
    /// Whether a cell belongs to it: the right edge of one pane, the left edge of the other.
    fn is_at(&self, column: u16, row: u16) -> bool {
        (self.at.saturating_sub(1)..=self.at).contains(&column)
            && (self.rows.0..self.rows.1).contains(&row)
    }

    /// Moves it as near to a column as it may go; the share that this makes.
    fn move_to(&mut self, column: i32) -> u16 {
        let (from, of) = (i32::from(self.shared.0), i32::from(self.shared.1).max(1));
        let (least, most) = (i32::from(self.bounds.0), i32::from(self.bounds.1));
        let width = (column - from).clamp(least, most.max(least));
        self.at = (from + width) as u16;
        let whole = i32::from(WHOLE);
        ((width * whole + of / 2) / of).clamp(1, whole - 1) as u16
    }
}

/// Where the person put the borders.
#[derive(Debug, Default)]
pub struct Arrangement {
    /// Their shares.
    pub(super) template: Option<u16>,
    pub(super) template_beside: Option<u16>,
    pub(super) editor: Option<u16>,
    /// The border that the mouse has hold of.
    held: Option<Edge>,
    /// What the file has, or is about to.
    kept: Layout,
    /// It is being written.
    is_writing: bool,
}

impl Arrangement {
    /// The share of the pane left of a border, where the person gave it one.
    pub const fn share(&self, edge: Edge) -> Option<u16> {
        match edge {
            Edge::Template => self.template,
            Edge::TemplateBeside => self.template_beside,
            Edge::Editor => self.editor,
        }
    }

    const fn share_mut(&mut self, edge: Edge) -> &mut Option<u16> {
        match edge {
            Edge::Template => &mut self.template,
            Edge::TemplateBeside => &mut self.template_beside,
            Edge::Editor => &mut self.editor,
        }
    }
}

impl App {
    /// Arranges the panes as they were left.
    pub fn arrange(&mut self, layout: Layout) {
        self.arrangement = Arrangement {
            template: layout.template,
            template_beside: layout.template_beside,
            editor: layout.editor,
            kept: layout,
            ..Arrangement::default()
        };
        self.zoomed = layout.zoomed;
        self.template_hidden = layout.hidden;
        if layout.hidden {
            self.focus_on(Pane::Editor);
        }
    }

    fn layout(&self) -> Layout {
        Layout {
            template: self.arrangement.template,
            template_beside: self.arrangement.template_beside,
            editor: self.arrangement.editor,
            hidden: self.template_hidden,
            zoomed: self.zoomed,
        }
    }

    /// What is to be written when the panes stand otherwise now: one layout at a time, the last one
    /// always.
    pub(super) fn arranged(&mut self) -> Option<Effect> {
        let busy = self.arrangement.is_writing && !self.has_left();
        if busy || self.arrangement.held.is_some() {
            return None;
        }
        let layout = self.layout();
        if layout == self.arrangement.kept {
            return None;
        }
        self.arrangement.kept = layout;
        self.arrangement.is_writing = true;
        Some(Effect::Look(Errand::Arrange(layout)))
    }

    /// A layout was written, or not.
    pub(super) fn on_arranged(&mut self, result: Result<(), Failure>) -> Vec<Effect> {
        self.arrangement.is_writing = false;
        match result {
            Ok(()) => Vec::new(),
            Err(failure) => self.fail(&failure),
        }
    }

    /// Makes the focused pane wider, or narrower with a number below zero.
    pub(super) fn resize_pane(&mut self, steps: i32) -> Vec<Effect> {
        let focus = self.focus;
        let borders = &mut self.areas.borders;
        let right = borders.iter().position(|border| border.left == focus);
        let (place, by) = match right {
            Some(place) => (place, STEP * steps),
            None => match borders.iter().position(|border| border.right == focus) {
                Some(place) => (place, -STEP * steps),
                None => return self.tell(Weight::Note, "there is no pane beside this one"),
            },
        };
        let border = &mut borders[place];
        let before = border.at;
        let share = border.move_to(i32::from(before) + by);
        let (edge, moved) = (border.edge, border.at != before);
        if moved {
            *self.arrangement.share_mut(edge) = Some(share);
            return Vec::new();
        }
        let told = if steps > 0 {
            "the pane is as wide as it goes here"
        } else {
            "the pane is as narrow as it goes here"
        };
        self.tell(Weight::Note, told)
    }

    /// Panes as in a fresh studio.
    pub(super) fn reset_layout(&mut self) -> Vec<Effect> {
        let arrangement = &mut self.arrangement;
        arrangement.template = None;
        arrangement.template_beside = None;
        arrangement.editor = None;
        self.zoomed = false;
        self.template_hidden = false;
        self.tell(Weight::Good, "the panes stand as they did at first")
    }

    /// Takes hold of a border, or gives it its first place again when it was clicked twice. False
    /// where there is none.
    pub(super) fn press_border(&mut self, mouse: Mouse, clicks: u8) -> bool {
        let mut borders = self.areas.borders.iter();
        let Some(border) = borders.find(|border| border.is_at(mouse.column, mouse.row)) else {
            return false;
        };
        let edge = border.edge;
        if clicks > 1 {
            *self.arrangement.share_mut(edge) = None;
        } else {
            self.arrangement.held = Some(edge);
        }
        true
    }

    /// Moves the border that the mouse has hold of. False when it has none.
    pub(super) fn drag_border(&mut self, mouse: Mouse) -> bool {
        let Some(edge) = self.arrangement.held else {
            return false;
        };
        let mut borders = self.areas.borders.iter_mut();
        if let Some(border) = borders.find(|border| border.edge == edge) {
            let (before, share) = (border.at, border.move_to(i32::from(mouse.column)));
            if border.at != before {
                *self.arrangement.share_mut(edge) = Some(share);
            }
        }
        true
    }

    /// The mouse lets go.
    pub(super) const fn release_border(&mut self) {
        self.arrangement.held = None;
    }
}
