//! The library as it was read: lists, snippets and verbs follow what is on disk.
//!
//! Asks for nothing itself but what the highlighted item takes.

use super::browser::{DraftRows, Tab};
use super::effect::Effect;
use super::outside::List;
use super::{App, Awaited};
use crate::domain::failure::Failure;
use crate::domain::render::Snippets;
use crate::store::items::Item;
use crate::store::library::Entry;
use std::collections::{BTreeMap, BTreeSet};

/// Snippets by name, as the library holds them: texts, and why some cannot be read.
#[derive(Debug, Default)]
pub struct SnippetShelf(pub BTreeMap<String, Result<String, String>>);

impl Snippets for SnippetShelf {
    fn get(&self, name: &str) -> Option<String> {
        self.0.get(name)?.clone().ok()
    }

    fn fault(&self, name: &str) -> Option<String> {
        self.0.get(name)?.clone().err()
    }
}

impl App {
    /// Templates, snippets and stars were read.
    pub(super) fn on_library(
        &mut self,
        templates: Vec<Entry>,
        snippets: BTreeMap<String, Result<String, String>>,
        stars: BTreeSet<Item>,
    ) -> Vec<Effect> {
        self.refines.set_verbs(&templates);
        self.browser.set_library(templates, &snippets, stars);
        self.snippets = SnippetShelf(snippets);
        self.look_through_again();
        self.refresh_switcher();
        let mut effects = self.preview_highlighted();
        effects.extend(self.stop_waiting(Awaited::Library));
        effects.extend(self.was_reread(List::Library));
        effects
    }

    /// The newest drafts are known from before; the whole list comes behind them.
    pub(super) fn on_first_drafts(&mut self, drafts: DraftRows) -> Vec<Effect> {
        self.browser.set_first_drafts(drafts);
        self.refresh_switcher();
        Vec::new()
    }

    /// The list of drafts was read, or cannot be.
    pub(super) fn on_drafts(&mut self, result: Result<DraftRows, Failure>) -> Vec<Effect> {
        let told = match result {
            Ok(drafts) => {
                self.browser.set_drafts(drafts);
                self.refresh_switcher();
                // Its text may be another one now.
                self.browser.beginning = None;
                if self.browser.tab == Tab::Drafts {
                    self.preview_highlighted()
                } else {
                    Vec::new()
                }
            }
            Err(failure) => self.fail(&failure),
        };
        let waited = self.stop_waiting(Awaited::Drafts);
        [told, waited, self.was_reread(List::Drafts)].concat()
    }
}
