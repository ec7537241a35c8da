//! Variants side by side: which of a group stand on screen together, and what their keys do.
//!
//! Owns how many there is room for. What a column looks like is for the view.

use super::{Output, Variant};
use crate::app::areas::Areas;
use crate::app::command::Command;
use crate::app::effect::{Effect, Keep};
use crate::app::key::Mouse;
use crate::app::{App, Weight};
use crate::store::stars::Star;
use ratatui::layout::Position;
use std::ops::Range;

/// Narrowest column that is worth reading, in cells.
pub const NARROWEST: u16 = 30;

/// Cells between two columns.
pub(super) const GAP: u16 = 3;

/// What a notice about columns without room begins with.
const LACKING: &str = "two columns need";

/// Most columns that stand side by side.
const MOST: usize = 3;

impl Output {
    /// The places of the variants that stand side by side in so many cells: with the one shown
    /// among them, and the others of its group around it. `None` when one has the pane.
    pub fn columns(&self, width: u16) -> Option<Range<usize>> {
        let group = self.group();
        let room = usize::from((width + GAP) / (NARROWEST + GAP));
        let count = group.len().min(MOST).min(room);
        if !self.side_by_side || count < 2 {
            return None;
        }
        // By the page, so that a step within one moves nothing; the last page is full, too.
        let page = (self.current - group.start) / count * count;
        let first = group.start + page.min(group.len() - count);
        Some(first..first + count)
    }

    /// Whether columns are wanted, and there is no room for two.
    pub fn lacks_room(&self, width: u16) -> bool {
        self.side_by_side && self.group().len() > 1 && self.columns(width).is_none()
    }
}

impl Variant {
    /// Takes how many rows its text has, and how many of them are on screen.
    const fn settle(&mut self, rows: usize, height: u16) {
        let last = rows.saturating_sub(height as usize);
        if self.follow || self.scroll > last {
            self.scroll = last;
        }
    }

    /// Scrolls; at the end it follows the text again.
    pub(in crate::app) fn scroll_by(&mut self, by: isize, rows: usize, height: u16) {
        let last = rows.saturating_sub(usize::from(height));
        self.scroll = self.scroll.saturating_add_signed(by).min(last);
        self.follow = self.scroll >= last;
    }
}

impl App {
    /// Runs a command about the variant shown, or those beside it.
    pub(in crate::app) fn run_on_variant(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::Regenerate => self.again(),
            Command::MoreVariants => self.more(),
            Command::Columns => self.toggle_columns(),
            Command::StarVariant => self.star_variant(),
            _ => self.carry_on(),
        }
    }

    /// Shows variants side by side, or one at a time; says why not where there is no room.
    fn toggle_columns(&mut self) -> Vec<Effect> {
        self.marked = None;
        if self.asks.shown {
            self.show_variants();
            self.output.side_by_side = true;
            return Vec::new();
        }
        self.output.side_by_side = !self.output.side_by_side;
        if !self.output.side_by_side {
            return Vec::new();
        }
        if self.output.group().len() < 2 {
            return self.tell(Weight::Note, "V writes a variant to stand beside this one");
        }
        let width = self.areas.output_width;
        if !self.output.lacks_room(width) {
            return Vec::new();
        }
        let need = 2 * NARROWEST + GAP;
        let way = if self.zoomed {
            "a wider window shows them"
        } else {
            "F11 gives it the whole screen"
        };
        let told = format!("{LACKING} {need} cells and the pane has {width}; {way}");
        self.tell(Weight::Note, told)
    }

    /// Gives the focused pane the whole screen, or takes it back. What was said about columns that
    /// have no room is not true any more.
    pub(in crate::app) fn zoom(&mut self) {
        self.zoomed = !self.zoomed;
        self.notice = self
            .notice
            .take()
            .filter(|notice| !notice.text.starts_with(LACKING));
    }

    /// Gives the variant shown a star, or takes it.
    fn star_variant(&mut self) -> Vec<Effect> {
        let Some(variant) = self.shown_answer_mut() else {
            return self.tell(Weight::Note, "nothing to star yet; ctrl+g generates");
        };
        variant.starred = !variant.starred;
        let (run, starred) = (variant.run, variant.starred);
        let star = if starred { Star::On } else { Star::Off };
        let told = if starred {
            "starred; the journal keeps it"
        } else {
            "no star any more"
        };
        let mut effects = vec![Effect::Keep(Keep::Star(run, star))];
        effects.extend(self.tell(Weight::Good, told));
        effects
    }

    /// Scrolls the column under the mouse, or the variant shown.
    pub(in crate::app) fn scroll_column(&mut self, mouse: Mouse, by: isize) {
        let cell = Position::new(mouse.column, mouse.row);
        let mut columns = self.areas.columns.iter();
        let column = columns.find(|column| column.area.contains(cell)).copied();
        match column {
            Some(column) => {
                if let Some(variant) = self.output.variants.get_mut(column.place) {
                    variant.scroll_by(by, column.rows, column.text.height);
                }
            }
            None => self.scroll_output(by),
        }
    }

    /// Takes how far the variants on screen can scroll.
    pub(in crate::app) fn settle_variants(&mut self, areas: &Areas) {
        for column in &areas.columns {
            if let Some(variant) = self.output.variants.get_mut(column.place) {
                variant.settle(column.rows, column.text.height);
            }
        }
        if let Some(variant) = self.output.shown_mut().filter(|_| areas.columns.is_empty()) {
            variant.settle(areas.output_rows, areas.output.height);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::msg::Now;
    use crate::app::output::{Joins, Origin};
    use crate::domain::brief::Brief;
    use crate::domain::prompt::{Prompt, Request};
    use crate::domain::run::RunId;

    fn group(count: u128) -> Output {
        let origin = Origin {
            template: String::new(),
            title: String::new(),
            template_hash: String::new(),
            brief: Brief::default(),
            provider: String::new(),
            server: None,
            request: Request {
                model: String::new(),
                prompt: Prompt::default(),
            },
            target_words: None,
            edited_prompt: false,
        };
        let mut output = Output {
            side_by_side: true,
            ..Output::default()
        };
        for number in 0..count {
            let run = RunId(uuid::Uuid::from_u128(number));
            let variant = Variant::new(run, origin.clone(), String::new(), Now(0));
            let joins = if number == 0 {
                Joins::Nothing
            } else {
                Joins::Behind
            };
            output.add(variant, joins);
        }
        output
    }

    #[test]
    fn as_many_stand_side_by_side_as_there_is_room_for_with_the_one_shown_among_them() {
        for (count, current, width, shown) in [
            (4, 0, 96, Some(0..3)),
            (4, 0, 95, Some(0..2)),
            (4, 0, 116, Some(0..3)),
            (4, 2, 116, Some(0..3)),
            (4, 3, 116, Some(1..4)),
            (5, 3, 116, Some(2..5)),
            (4, 1, 80, Some(0..2)),
            (4, 2, 80, Some(2..4)),
            (3, 2, 80, Some(1..3)),
            (2, 1, 300, Some(0..2)),
            (1, 0, 300, None),
            (4, 0, 62, None),
            (4, 0, 63, Some(0..2)),
            (0, 0, 300, None),
        ] {
            let mut output = group(count);
            output.current = current;
            assert_eq!(output.columns(width), shown, "{count} {current} {width}");
        }
    }
}
