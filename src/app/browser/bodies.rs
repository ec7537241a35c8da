//! What the bodies of templates say of the filter: the search that begins anew with every key, and
//! what it has found so far.
//!
//! Names stand first and wait for nothing; what a body says comes in below them. What arrives of an
//! earlier search is dropped.

use super::{Browser, Item, Row, Tab, TextEntry};
use crate::app::App;
use crate::app::effect::Effect;
use crate::domain::query::{Place, Query};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Letters from which on a word is looked for in bodies: shorter ones are in nearly all of them.
const LETTERS: usize = 3;

/// What is to be looked for in bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Look, and give up the search before.
    Look {
        /// Comes back with the answers.
        ticket: u64,
        /// The words, without capitals.
        typed: String,
    },
    /// Look for nothing any more.
    Stop,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Found {
    /// Which search.
    pub ticket: u64,
    /// Templates that say it, by name, and where.
    pub said: Vec<(String, Place)>,
    /// It is over.
    pub over: bool,
}

/// A search through bodies.
#[derive(Debug, Default)]
pub(in crate::app) struct Bodies {
    ticket: u64,
    /// What it looks for.
    typed: Option<String>,
    is_going: bool,
    /// What it has found, by name.
    said: BTreeMap<String, Place>,
    /// The library has changed since.
    is_stale: bool,
    /// Found by a search for the same in a library that has changed; counts once that is over.
    anew: Option<BTreeMap<String, Place>>,
}

impl Browser {
    /// Where the body of a row says what is typed, if the row is not found by its name.
    pub fn said(&self, row: &Row) -> Option<&Place> {
        match &row.item {
            Item::Template(name) if self.filter.is_some() => self.bodies.said.get(name),
            _ => None,
        }
    }

    /// Whether bodies are still looked through.
    pub fn is_looking(&self) -> bool {
        self.tab == Tab::Templates && self.bodies.is_going
    }

    /// What to look for in bodies; nothing where the filter asks for nothing that they have.
    fn wanted_in_bodies(&self) -> Option<String> {
        let filter = self
            .filter
            .as_ref()
            .filter(|_| self.tab == Tab::Templates)?;
        let typed = filter.text().to_lowercase();
        let query = Query::parse(&typed);
        let is_worth = query.fault().is_none()
            && query.is_about_tags()
            && (query.words().iter()).any(|word| word.chars().count() >= LETTERS);
        is_worth.then_some(typed)
    }

    /// Looks again for the same: the library is another one.
    pub(super) const fn look_again(&mut self) {
        self.bodies.is_stale = true;
    }

    /// Lists below the rows that fit by their names those whose bodies say it.
    pub(super) fn add_said(&mut self) {
        let typed = self.filter.as_ref().map(TextEntry::text);
        let typed = typed.map(|typed| typed.to_lowercase());
        if self.tab != Tab::Templates || self.bodies.said.is_empty() {
            return;
        }
        if self.bodies.typed != typed {
            self.bodies.said.clear();
            return;
        }
        let rows = &self.rows[Tab::Templates as usize];
        let mut is_named = vec![false; rows.len()];
        for at in &self.shown {
            is_named[*at] = true;
        }
        let said = &mut self.bodies.said;
        let says_it = |(at, row): (usize, &Arc<Row>)| match &row.item {
            Item::Template(name) if is_named[at] => {
                said.remove(name);
                None
            }
            Item::Template(name) => said.contains_key(name).then_some(at),
            _ => None,
        };
        self.shown
            .extend(rows.iter().enumerate().filter_map(says_it));
    }

    /// Takes what a search found.
    fn take_said(&mut self, found: Found) {
        if found.ticket != self.bodies.ticket || self.bodies.typed.is_none() {
            return;
        }
        self.bodies.is_going = !found.over;
        if let Some(anew) = &mut self.bodies.anew {
            anew.extend(found.said);
            if found.over {
                self.bodies.said = self.bodies.anew.take().unwrap_or_default();
                let stood = self.highlighted().map(|row| row.item.clone());
                self.refresh_at(stood);
            }
            return;
        }
        // Only added below: the highlight stays where it is.
        let before = std::mem::replace(&mut self.bodies.said, found.said.into_iter().collect());
        self.add_said();
        let added = std::mem::replace(&mut self.bodies.said, before);
        self.bodies.said.extend(added);
    }
}

impl App {
    /// Begins a search when the filter asks for something else, and ends one that nobody waits for.
    pub(in crate::app) fn look_into_bodies(&mut self) -> Option<Effect> {
        let wanted = self.browser.wanted_in_bodies();
        let bodies = &mut self.browser.bodies;
        let is_same = bodies.typed == wanted;
        if is_same && !(bodies.is_stale && wanted.is_some()) {
            return None;
        }
        let Some(typed) = wanted else {
            let was_going = std::mem::take(bodies).is_going;
            return was_going.then_some(Effect::Bodies(Errand::Stop));
        };
        self.counter += 1;
        let known = std::mem::take(&mut bodies.said);
        *bodies = Bodies {
            ticket: self.counter,
            typed: Some(typed.clone()),
            is_going: true,
            anew: is_same.then(BTreeMap::new),
            said: if is_same { known } else { BTreeMap::new() },
            is_stale: false,
        };
        Some(Effect::Bodies(Errand::Look {
            ticket: self.counter,
            typed,
        }))
    }

    /// Takes what a search through bodies found.
    pub(in crate::app) fn on_bodies(&mut self, found: Found) -> Vec<Effect> {
        let had = self.browser.highlighted().is_some();
        self.browser.take_said(found);
        if had {
            return Vec::new();
        }
        self.preview_highlighted()
    }
}
