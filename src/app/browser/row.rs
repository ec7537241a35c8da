//! One row of a list: what it says, and what it is found by.

use super::Item;
use crate::app::filter::{Folded, Subject};
use crate::domain::query::{About, Query};
use crate::store::drafts::Headline;
use jiff::Timestamp;

/// One row of a list.
#[derive(Debug, Clone)]
pub struct Row {
    /// What it stands for.
    pub item: Item,
    /// What the list shows.
    pub title: String,
    /// What the preview says: description, place, problem.
    pub detail: String,
    /// What is wrong with it, if anything.
    pub problem: Option<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// It is part of the program, not a file of the person.
    pub shipped: bool,
    /// What else there is to narrow by; nothing but of drafts.
    pub(in crate::app) facts: Facts,
    /// What else the filter knows it by: the name of its file, its tags.
    pub(in crate::app) names: String,
    /// What the filter looks through beside its names.
    pub(in crate::app) text: String,
    /// All of that as the filter wants it.
    pub(in crate::app) folded: Folded,
}

/// What a list can be narrowed by.
#[derive(Debug, Clone, Default)]
pub(in crate::app) struct Facts {
    pub(in crate::app) template: Option<String>,
    pub(in crate::app) model: Option<String>,
    pub(in crate::app) status: Option<String>,
    pub(in crate::app) at: Timestamp,
    pub(in crate::app) created: Option<String>,
    pub(in crate::app) words: usize,
}

impl Row {
    /// Whether the fields of a query fit; `from` is the moment that its `since` means. Templates
    /// have tags and nothing else to narrow by, snippets nothing at all.
    pub(in crate::app) fn fits(&self, query: &Query, from: Option<Timestamp>) -> bool {
        let about = About {
            template: self.facts.template.as_deref(),
            model: self.facts.model.as_deref(),
            status: self.facts.status.as_deref(),
            at: self.facts.at,
        };
        let fits = match self.item {
            Item::Draft(_) => query.fits(&about, from),
            Item::Template(_) => query.is_about_tags(),
            Item::Snippet(_) => !query.narrows(),
        };
        fits && query.fits_tags(&self.tags.iter().map(String::as_str))
    }

    /// Whether it stands for an item whose path is written in the same way, which is seen faster
    /// than that two ways to write a path mean the same. Asked of every row.
    pub(super) fn is_of(&self, item: &Item) -> bool {
        match (&self.item, item) {
            (Item::Draft(own), Item::Draft(other)) => own.as_os_str() == other.as_os_str(),
            (own, other) => own == other,
        }
    }

    /// The file that it stands for, if it is a draft's.
    pub(super) fn file(&self) -> Option<&str> {
        match &self.item {
            Item::Draft(path) => path.to_str(),
            Item::Template(_) | Item::Snippet(_) => None,
        }
    }

    /// Whether it says all that a draft's headline says, for one at the same path.
    pub(super) fn tells(&self, draft: &Headline) -> bool {
        // Whatever a row is made of is compared, or a list would show what a draft said before.
        let Headline {
            path: _,
            name,
            title,
            updated,
            template,
            id: _,
            status,
            model,
            tags,
            created,
            words,
            problem,
        } = draft;
        let facts = &self.facts;
        facts.at == *updated
            && facts.words == *words
            && facts.template == *template
            && facts.model == *model
            && facts.status == *status
            && facts.created == *created
            && self.tags == *tags
            && self.problem == *problem
            && (problem.is_some() || self.title == *title)
            && self.names.starts_with(name.as_str())
    }

    /// Readies it for the filter.
    pub(super) fn ready(mut self) -> Self {
        self.folded = Folded::of(Subject {
            title: &self.title,
            names: &self.names,
            text: &self.text,
        });
        self
    }
}
