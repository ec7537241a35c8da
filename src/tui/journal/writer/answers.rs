//! What the writer reads for somebody: texts that were left behind, past values, what was used.
//!
//! Changes nothing but what bringing a text back means for it.

use super::Writer;
use crate::app::effect::Keep;
use crate::app::msg::{Left, Msg, Past};
use crate::domain::budget::month_of;
use crate::domain::ledger::Month;
use crate::provider::remedy::{self, Remedy};
use crate::tui::journal::left;
use jiff::Zoned;
use uuid::Uuid;

/// Values of an input that are offered again.
const PAST_VALUES: usize = 30;

impl Writer {
    /// Texts that were left behind, and what was told about faults before.
    pub(super) fn left(&mut self, which: left::Which) -> Option<Vec<Left>> {
        let (paths, own) = (self.paths.clone(), self.id);
        self.answer(|journal| left::list(journal, &paths, own, which))
    }

    pub(super) fn restore(&mut self, id: Uuid) {
        let (paths, own) = (self.paths.clone(), self.id);
        if let Some(Some(msg)) = self.answer(|journal| left::restore(journal, &paths, own, id)) {
            if let Msg::Restored { unsaved, .. } = &msg {
                self.keep(Keep::Unsaved(unsaved.clone()));
            }
            self.tell(msg);
        }
    }

    pub(super) fn past(&mut self, template: &str, inputs: &[String]) -> Past {
        let past = self.with(|journal| {
            let form = journal.form(template)?;
            let (brief, prompt) = form.map_or((None, None), |form| (Some(form.brief), form.prompt));
            let mut past = Past {
                last: match brief {
                    Some(brief) => Some(brief),
                    None => journal.last_brief(template)?,
                },
                prompt,
                ..Past::default()
            };
            for input in inputs {
                let values = journal.values(template, input, PAST_VALUES)?;
                past.values.insert(input.clone(), values);
            }
            Ok(past)
        });
        past.unwrap_or_default()
    }

    /// Tells what runs of this month used.
    pub(super) fn add_up(&mut self) {
        let now = Zoned::now();
        let span = month_of(&now);
        if let Some(items) = self.answer(|journal| journal.ledger(span.clone())) {
            self.tell(Msg::Usage(Box::new(Month::of(&items, &now))));
        }
    }

    /// What is known of refusals; nothing without a journal.
    pub(super) fn lessons(&mut self, scope: &str) -> Vec<Remedy> {
        let facts = self.with(|journal| journal.facts(scope));
        remedy::among(&facts.unwrap_or_default())
    }
}
