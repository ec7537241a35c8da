//! Two texts compared: which change is shown, and what of the equal text is folded.
//!
//! Knows no rows: the view lays them out and says how far the text can be scrolled.

use super::dialog::Outcome;
use super::key::{Code, Key};
use crate::domain::diff::{Hunk, Kind};
use std::sync::Arc;

/// What becomes of long stretches that are equal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Fold {
    /// One line stands for each.
    #[default]
    Folded,
    /// All of it is shown.
    Open,
}

/// A comparison of two texts.
#[derive(Debug)]
pub struct Comparison {
    /// What is compared, for the title.
    pub title: String,
    /// The differences.
    pub hunks: Arc<[Hunk]>,
    /// Whether long equal stretches are folded.
    pub fold: Fold,
    /// Number of changes.
    pub count: usize,
    /// The change that was gone to, from 0.
    pub at: usize,
    /// Rows that the view was moved from there.
    pub moved: isize,
}

impl Comparison {
    /// A comparison that shows its first change.
    pub fn new(title: String, hunks: Vec<Hunk>) -> Self {
        let kept = |hunk: &Hunk| hunk.kind == Kind::Kept;
        let stretches = hunks.chunk_by(|one, other| kept(one) == kept(other));
        let count = stretches.filter(|stretch| !kept(&stretch[0])).count();
        Self {
            title,
            hunks: hunks.into(),
            fold: Fold::default(),
            count,
            at: 0,
            moved: 0,
        }
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q') => return Outcome::Close,
            Code::Char('n' | ']') => self.go(1),
            Code::Char('N' | 'p' | '[') => self.go(-1),
            Code::Char('f') => {
                self.fold = match self.fold {
                    Fold::Folded => Fold::Open,
                    Fold::Open => Fold::Folded,
                };
                self.moved = 0;
            }
            Code::Down | Code::Char('j') => self.scroll(1),
            Code::Up | Code::Char('k') => self.scroll(-1),
            Code::PageDown | Code::Char(' ') => self.scroll(10),
            Code::PageUp => self.scroll(-10),
            Code::Home | Code::Char('g') => self.scroll(isize::MIN / 2),
            Code::End | Code::Char('G') => self.scroll(isize::MAX / 2),
            _ => {}
        }
        Outcome::Stay
    }

    /// Moves the view by rows.
    pub const fn scroll(&mut self, rows: isize) {
        self.moved = self.moved.saturating_add(rows);
    }

    fn go(&mut self, by: isize) {
        let last = self.count.saturating_sub(1);
        self.at = self.at.saturating_add_signed(by).min(last);
        self.moved = 0;
    }
}
