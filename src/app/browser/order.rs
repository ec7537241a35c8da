//! What of a list is marked, in which order it stands, and what of it fits a filter.

use super::{Browser, Item, Tab};
use crate::app::filter::Filter;
use crate::domain::query::Query;

/// In which order templates or drafts are listed; those with a star are first all the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Order {
    /// Drafts edited last, and templates used most, first.
    #[default]
    Usual,
    /// Drafts begun last first.
    Created,
    /// By title.
    Title,
    /// By template.
    Template,
    /// The longest first.
    Words,
}

impl Order {
    const fn next(self, tab: Tab) -> Self {
        match (self, tab) {
            (Self::Usual, Tab::Drafts) => Self::Created,
            (Self::Usual | Self::Created, _) => Self::Title,
            (Self::Title, Tab::Drafts) => Self::Template,
            (Self::Template, Tab::Drafts) => Self::Words,
            _ => Self::Usual,
        }
    }

    const fn name(self, tab: Tab) -> &'static str {
        match (self, tab) {
            (Self::Usual, Tab::Drafts) => "the last edit",
            (Self::Usual, _) => "use",
            (Self::Created, _) => "their beginning",
            (Self::Title, _) => "titles",
            (Self::Template, _) => "templates",
            (Self::Words, _) => "length",
        }
    }
}

impl Browser {
    /// Marks the highlighted row, or no longer, and goes on to the next; answers how many are.
    pub(in crate::app) fn toggle_mark(&mut self) -> usize {
        if let Some(item) = self.highlighted().map(|row| row.item.clone()) {
            if !self.marks.remove(&item) {
                self.marks.insert(item);
            }
            self.step(1);
        }
        self.marked()
    }

    /// Whether an item is marked.
    pub fn is_marked(&self, item: &Item) -> bool {
        self.marks.contains(item)
    }

    /// How many rows of the tab shown are marked.
    pub fn marked(&self) -> usize {
        let tab = self.tab;
        self.marks
            .iter()
            .filter(|item| Tab::of(item) == tab)
            .count()
    }

    /// Marks nothing any more; false when nothing was.
    pub(in crate::app) fn clear_marks(&mut self) -> bool {
        let had = !self.marks.is_empty();
        self.marks.clear();
        had
    }

    /// What a verb is for: the marked rows of the tab in their order, else the highlighted one.
    pub(in crate::app) fn meant(&self) -> Vec<Item> {
        if self.marked() == 0 {
            return self
                .highlighted()
                .map(|row| row.item.clone())
                .into_iter()
                .collect();
        }
        let rows = self.rows[self.tab as usize].iter();
        let marked = rows.filter(|row| self.marks.contains(&row.item));
        marked.map(|row| row.item.clone()).collect()
    }

    /// Lists in the next order; answers what it is called, nothing for snippets.
    pub(in crate::app) fn next_order(&mut self) -> Option<&'static str> {
        if self.tab == Tab::Snippets {
            return None;
        }
        self.order = self.order.next(self.tab);
        let stood = self.highlighted().map(|row| row.item.clone());
        self.refresh_at(stood);
        Some(self.order.name(self.tab))
    }

    /// The places of all rows in the order that is wanted.
    pub(super) fn in_order(&self) -> Vec<usize> {
        let rows = &self.rows[self.tab as usize];
        let mut places: Vec<usize> = (0..rows.len()).collect();
        match (self.order, self.tab) {
            (Order::Usual, _) | (_, Tab::Snippets) => {}
            (Order::Title, _) => places.sort_by_cached_key(|at| rows[*at].title.to_lowercase()),
            (_, Tab::Templates) => {}
            (Order::Created, _) => {
                places.sort_by(|a, b| rows[*b].facts.created.cmp(&rows[*a].facts.created));
            }
            (Order::Template, _) => places.sort_by_key(|at| {
                let template = rows[*at].facts.template.as_deref();
                (template.is_none(), template)
            }),
            (Order::Words, _) => {
                places.sort_by_key(|at| std::cmp::Reverse(rows[*at].facts.words));
            }
        }
        places
    }

    /// Indices of the rows that match, best first.
    pub(super) fn ranked(&self, typed: &str) -> Vec<usize> {
        let rows = &self.rows[self.tab as usize];
        let query = Query::parse(typed);
        if query.fault().is_some() || !query.narrows() {
            return Filter::new(typed).among(rows.iter().map(|row| &row.folded));
        }
        let mut found = if query.words().is_empty() {
            self.in_order()
        } else {
            Filter::new(&query.words().join(" ")).among(rows.iter().map(|row| &row.folded))
        };
        let from = query.since().zip(self.today.as_ref());
        let from = from.map(|(since, today)| since.moment(today));
        found.retain(|at| rows[*at].fits(&query, from));
        found
    }
}
