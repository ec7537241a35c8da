//! Two texts compared: which they are, which change is shown, what of the equal text is folded.
//!
//! Knows no rows: the view lays them out and says how far the text can be scrolled.

use super::dialog::{Dialog, Outcome};
use super::effect::Effect;
use super::key::{Code, Key};
use super::msg::Now;
use super::output::Variant;
use super::{App, Weight};
use crate::domain::diff::{self, Hunk, Kind};
use crate::domain::run::RunId;
use std::sync::Arc;

/// What the text of a variant is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The draft.
    Draft,
    /// Another variant.
    Variant(RunId),
}

/// Milliseconds after which a comparison with a text that still grows is made anew.
const RENEWED: u64 = 500;

/// Which other side is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Other {
    /// The draft.
    Draft,
    /// The variant of the group shown with this number, from 1.
    Number(usize),
    /// So many places on.
    Step(isize),
}

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
    /// What the variant shown is compared with, if it is one.
    pub side: Option<Side>,
    /// When it was made.
    made: Now,
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
            side: None,
            made: Now::default(),
        }
    }

    /// Whether both texts are the same.
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        if let (Some(side), Some(c)) = (self.side, key.typed()) {
            match c {
                '0' => return Outcome::Against(Other::Draft),
                '1'..='9' => {
                    let number = c.to_digit(10).unwrap_or_default();
                    return Outcome::Against(Other::Number(number as usize));
                }
                '[' => return Outcome::Against(Other::Step(-1)),
                ']' => return Outcome::Against(Other::Step(1)),
                'm' => return Outcome::Merge(side),
                _ => {}
            }
        }
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

impl App {
    /// Compares the variant shown with the draft; with another variant while the draft is empty.
    pub(super) fn compare(&mut self) -> Vec<Effect> {
        if self.asks.shown {
            return self.compare_answer();
        }
        if self.output.shown().is_none() {
            return Vec::new();
        }
        let Some(side) = self.sides().first().copied() else {
            return self.tell(Weight::Note, "the draft is empty; nothing to compare with");
        };
        let comparison = self.comparison_with(side, Fold::default());
        let others = self.sides().len() > 1;
        if comparison.as_ref().is_some_and(Comparison::is_empty) && !others {
            return self.tell(Weight::Note, "the draft says the same");
        }
        self.dialogs.extend(comparison.map(Dialog::Comparison));
        Vec::new()
    }

    /// Compares the chosen answer of a conversation with the draft.
    fn compare_answer(&mut self) -> Vec<Effect> {
        let Some(answer) = self.shown_answer() else {
            return Vec::new();
        };
        let draft = self.editor.document.text();
        if draft.trim().is_empty() {
            return self.tell(Weight::Note, "the draft is empty; nothing to compare with");
        }
        let hunks = diff::changes(&draft, &answer.text);
        self.show_comparison("Draft → answer".to_owned(), hunks);
        Vec::new()
    }

    /// Compares the variant shown with something else than before.
    pub(super) fn compare_with(&mut self, other: Other) -> Vec<Effect> {
        let Some(Dialog::Comparison(Comparison {
            side: Some(now),
            fold,
            ..
        })) = self.dialogs.last()
        else {
            return Vec::new();
        };
        let (now, fold, sides) = (*now, *fold, self.sides());
        let wanted = match other {
            Other::Draft => Some(Side::Draft),
            Other::Number(number) => self.output.in_group(number).map(Side::Variant),
            Other::Step(by) => {
                let place = sides.iter().position(|side| *side == now).unwrap_or(0);
                let place = place.saturating_add_signed(by);
                sides.get(place.min(sides.len().saturating_sub(1))).copied()
            }
        };
        let Some(side) = wanted.filter(|side| sides.contains(side)) else {
            let told = match other {
                Other::Draft => "the draft is empty".to_owned(),
                Other::Number(number) if number == self.output.number() => {
                    format!("this is variant {number} itself")
                }
                Other::Number(number) => format!("there is no text of a variant {number} here"),
                Other::Step(_) => return Vec::new(),
            };
            return self.tell(Weight::Note, told);
        };
        if side != now
            && let Some(comparison) = self.comparison_with(side, fold)
        {
            self.dialogs.pop();
            self.dialogs.push(Dialog::Comparison(comparison));
        }
        Vec::new()
    }

    /// Compares anew while one of the two texts grows, and once more when it has ended. The place
    /// in it stays.
    pub(super) fn renew_comparison(&mut self) {
        let Some(Dialog::Comparison(shown)) = self.dialogs.last() else {
            return;
        };
        let (Some(side), made) = (shown.side, shown.made) else {
            return;
        };
        let grows = |variant: &Variant| {
            let again = Now(made.0 + RENEWED) <= self.now;
            variant.is_running() && again || variant.ended.is_some_and(|ended| ended >= made)
        };
        let other = match side {
            Side::Draft => None,
            Side::Variant(run) => self.output.variants.iter().find(|each| each.run == run),
        };
        let mut both = self.output.shown().into_iter().chain(other);
        if !both.any(grows) {
            return;
        }
        let fold = shown.fold;
        let Some(mut renewed) = self.comparison_with(side, fold) else {
            return;
        };
        // What ended in this very moment is in it.
        renewed.made = Now(self.now.0 + 1);
        if let Some(Dialog::Comparison(shown)) = self.dialogs.last_mut() {
            let last = renewed.count.saturating_sub(1);
            (renewed.at, renewed.moved) = (shown.at.min(last), shown.moved);
            if renewed.hunks != shown.hunks || renewed.title != shown.title {
                *shown = renewed;
            } else {
                shown.made = renewed.made;
            }
        }
    }

    /// Whether the variant shown can be compared with more than one text.
    pub fn has_other_sides(&self) -> bool {
        self.sides().len() > 1
    }

    /// What the variant shown can be compared with: the draft, its neighbours, then the others.
    fn sides(&self) -> Vec<Side> {
        let draft = !self.editor.document.is_empty();
        let group = self.output.group();
        let places = group.clone();
        let others = (0..self.output.variants.len()).filter(|place| !group.contains(place));
        let places = places.chain(others).filter(|at| *at != self.output.current);
        let variants = places.map(|place| &self.output.variants[place]);
        let variants = variants.filter(|variant| !variant.text.is_empty());
        let draft = draft.then_some(Side::Draft).into_iter();
        draft
            .chain(variants.map(|variant| Side::Variant(variant.run)))
            .collect()
    }

    /// The variant shown beside another text.
    fn comparison_with(&self, side: Side, fold: Fold) -> Option<Comparison> {
        let shown = self.output.shown()?;
        let (name, old) = match side {
            Side::Draft => ("Draft".to_owned(), self.editor.document.text()),
            Side::Variant(run) => {
                let mut all = self.output.variants.iter();
                let place = all.position(|variant| variant.run == run)?;
                let variant = &self.output.variants[place];
                let (number, group) = self.output.number_at(place);
                let name = if group {
                    format!("Variant {number}")
                } else {
                    format!("{} {number}", variant.origin.title)
                };
                (name, variant.text.clone())
            }
        };
        let title = format!("{name} → variant {}", self.output.number());
        let mut comparison = Comparison::new(title, diff::changes(&old, &shown.text));
        comparison.fold = fold;
        comparison.side = Some(side);
        comparison.made = self.now;
        Some(comparison)
    }
}
