//! What the writer reads for somebody: texts that were left behind, past values, what was used.
//!
//! Changes nothing but what bringing a text back means for it.

use super::Writer;
use crate::app::msg::{Left, Msg, Past};
use crate::app::refine;
use crate::app::switcher::runs::{Fact, Look};
use crate::domain::budget::month_of;
use crate::domain::ledger::Month;
use crate::provider::remedy::{self, Remedy};
use crate::store::journal::{BufferId, Holder};
use crate::tui::journal::{asked, left, lookup, parts};
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

    /// Tells what is looked up of runs; an empty page ends a list that cannot be read.
    pub(super) fn look_up(&mut self, look: Look) {
        let (paths, own) = (self.paths.clone(), self.id);
        let told = match look {
            Look::Page(id, before) => {
                let page = self.answer(|journal| lookup::page(journal, &paths, own, before));
                let (lines, next) = page.unwrap_or_default();
                Some(Msg::Runs(Fact::Page { id, lines, next }))
            }
            Look::Said(ticket, typed) => {
                let found = self.answer(|journal| lookup::said(journal, (ticket, &typed)));
                Some(found.unwrap_or_else(|| lookup::nothing(ticket)))
            }
            Look::Run(run, aim) => {
                self.answer(|journal| lookup::run(journal, &paths, own, (run, aim)))
            }
        };
        if let Some(told) = told {
            self.tell(told);
        }
    }

    pub(super) fn restore(&mut self, id: Uuid) {
        let (paths, own) = (self.paths.clone(), self.id);
        if let Some(back) = self.answer(|journal| left::restore(journal, &paths, own, id)) {
            if let Some(before) = back.before {
                self.restored.entry(id).or_insert(before);
            }
            self.tell(back.msg);
        }
    }

    /// Tells the parts that wait in a draft.
    pub(super) fn parts(&mut self, errand: refine::Errand) {
        let (paths, own) = (self.paths.clone(), self.id);
        let refine::Errand::Find { draft, names } = errand;
        let parts = self.answer(|journal| parts::waiting(journal, &paths, own, &names));
        if let Some(parts) = parts.filter(|parts| !parts.is_empty()) {
            self.tell(Msg::Refine(refine::Fact::Found { draft, parts }));
        }
    }

    /// Tells the conversations about a draft.
    pub(super) fn asked(&mut self, draft: Uuid, names: &[String]) {
        let (paths, own) = (self.paths.clone(), self.id);
        let turns = self.answer(|journal| asked::about(journal, &paths, own, names));
        // Whoever waits for it waits no longer, whatever became of it.
        let turns = turns.unwrap_or_default();
        self.tell(Msg::Asked { draft, turns });
    }

    /// Gives back what was asked for and never reached the Editor: nobody decided about it.
    /// Answers whether all of it is back.
    pub(super) fn give_back(&mut self) -> bool {
        let mine = Holder {
            session: self.id,
            kept: None,
        };
        let restored = std::mem::take(&mut self.restored);
        let given = restored.into_iter().map(|(id, before)| {
            self.with(|journal| journal.hand_buffer(BufferId(id), mine, before))
                .is_some()
        });
        given.fold(true, |all, given| all & given)
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
