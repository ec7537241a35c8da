//! The usage box: what the runs of this month used and cost.

use super::App;
use super::dialog::{Dialog, Outcome};
use super::key::{Code, Key};
use crate::domain::budget::Budget;
use crate::domain::ledger::Month;

/// What this month used.
#[derive(Debug)]
pub struct UsageBox {
    /// The sums.
    pub month: Month,
    /// What may be spent.
    pub budget: Option<Budget>,
    /// First row of the totals shown.
    pub scroll: usize,
}

impl UsageBox {
    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc | Code::Enter | Code::Char('q') | Code::F(9) => return Outcome::Close,
            Code::Down | Code::Char('j') => self.scroll_by(1),
            Code::Up | Code::Char('k') => self.scroll_by(-1),
            Code::PageDown | Code::Char(' ') => self.scroll_by(8),
            Code::PageUp => self.scroll_by(-8),
            Code::Home | Code::Char('g') => self.scroll = 0,
            _ => {}
        }
        Outcome::Stay
    }

    /// Moves through the totals.
    pub(super) fn scroll_by(&mut self, rows: isize) {
        // One heading each, and an empty line between them.
        let last = self.month.models.len() + self.month.templates.len() + 2;
        self.scroll = self.scroll.saturating_add_signed(rows).min(last);
    }
}

impl App {
    /// Shows the sums; an open box is brought up to date.
    pub(super) fn on_usage(&mut self, month: Month) {
        let budget = self.settings.budget;
        let open = self.dialogs.iter_mut().find_map(|dialog| match dialog {
            Dialog::Usage(usage) => Some(usage),
            _ => None,
        });
        match open {
            Some(usage) => usage.month = month,
            None => self.dialogs.push(Dialog::Usage(UsageBox {
                month,
                budget,
                scroll: 0,
            })),
        }
    }
}
