//! The Template pane while it browses: three lists, a fuzzy filter, a preview.

pub mod bodies;
mod drafts;
mod order;
mod row;

pub use drafts::DraftRows;
pub use order::Order;
pub(super) use row::Facts;
pub use row::Row;

use super::field::{Lines, TextEntry};

use super::key::Key;
use super::rows::{snippet_row, template_row};

use crate::domain::template::Template;
use crate::domain::{ask, refine};
pub use crate::store::items::Item;
use crate::store::journal::Use;
use crate::store::library::Entry;
use crate::store::stars::Star;
use jiff::Zoned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

/// Which list is shown.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tab {
    /// Templates.
    #[default]
    Templates,
    /// Drafts.
    Drafts,
    /// Snippets.
    Snippets,
}

impl Tab {
    /// All tabs, in order.
    pub const ALL: [Self; 3] = [Self::Templates, Self::Drafts, Self::Snippets];

    /// Its title.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Templates => "Templates",
            Self::Drafts => "Drafts",
            Self::Snippets => "Snippets",
        }
    }

    /// The tab that lists an item.
    pub const fn of(item: &Item) -> Self {
        match item {
            Item::Template(_) => Self::Templates,
            Item::Draft(_) => Self::Drafts,
            Item::Snippet(_) => Self::Snippets,
        }
    }

    fn step(self, by: isize) -> Self {
        let at = Self::ALL.iter().position(|tab| *tab == self).unwrap_or(0);
        let len = Self::ALL.len();
        Self::ALL[at.checked_add_signed(by).unwrap_or(len - 1) % len]
    }
}

/// The lists and where the person is in them.
#[derive(Debug, Default)]
pub struct Browser {
    /// The tab shown.
    pub tab: Tab,
    rows: [Arc<Vec<Arc<Row>>>; 3],
    /// The drafts have been read at least once.
    drafts_are_read: bool,
    /// How often each template was used.
    uses: BTreeMap<String, u64>,
    shown: Vec<usize>,
    cursor: usize,
    /// The filter, while it is used.
    pub filter: Option<TextEntry>,
    typing: bool,
    stars: BTreeSet<Item>,
    /// What verbs are for instead of the highlighted row.
    marks: BTreeSet<Item>,
    order: Order,
    /// What bodies of templates say of the filter.
    bodies: bodies::Bodies,
    /// The moment that `since:` in the filter is seen from.
    pub(super) today: Option<Zoned>,
    /// The beginning of a draft's text, once it is read.
    pub beginning: Option<(PathBuf, String)>,
    /// What to highlight as soon as it is listed.
    wanted: Option<Item>,
    /// The template that the highlighted row stands for, once it is read.
    pub preview: Option<(String, Result<Arc<Template>, String>)>,
}

impl Browser {
    /// Replaces the templates, the snippets and what has a star.
    pub fn set_library(
        &mut self,
        templates: Vec<Entry>,
        snippets: &BTreeMap<String, Result<String, String>>,
        stars: BTreeSet<Item>,
    ) {
        let stood = self.highlighted().map(|row| row.item.clone());
        self.stars = stars;
        // What rewrites a part of a draft, or answers a question about it, is asked elsewhere.
        let filled_in = templates.into_iter().filter(|entry| {
            ![refine::FOLDER, ask::FOLDER]
                .iter()
                .any(|folder| entry.name.starts_with(folder))
        });
        let ready = |row: Row| Arc::new(row.ready());
        self.rows[0] = Arc::new(filled_in.map(template_row).map(ready).collect());
        self.sort_templates();
        let snippets = snippets.iter().map(|(name, text)| snippet_row(name, text));
        self.rows[2] = Arc::new(snippets.map(ready).collect());
        self.look_again();
        self.refresh_at(stood);
    }

    /// Puts the templates used most first; the others keep their order. The highlight stays on its
    /// item.
    pub fn set_uses(&mut self, uses: Vec<Use>) {
        let stood = self.highlighted().map(|row| row.item.clone());
        self.uses = uses
            .into_iter()
            .map(|used| (used.template, used.count))
            .collect();
        self.sort_templates();
        self.refresh_at(stood);
    }

    fn sort_templates(&mut self) {
        let uses = &self.uses;
        Arc::make_mut(&mut self.rows[0]).sort_by_key(|row| match &row.item {
            Item::Template(name) => std::cmp::Reverse(uses.get(name).copied().unwrap_or(0)),
            _ => std::cmp::Reverse(0),
        });
    }

    /// Replaces the drafts by all there are.
    pub fn set_drafts(&mut self, drafts: DraftRows) {
        self.drafts_are_read = true;
        self.show_drafts(drafts);
    }

    /// Shows the newest drafts until all of them are read.
    pub fn set_first_drafts(&mut self, drafts: DraftRows) {
        if !self.drafts_are_read && self.rows[1].is_empty() {
            self.show_drafts(drafts);
        }
    }

    fn show_drafts(&mut self, drafts: DraftRows) {
        let stood = self.highlighted().map(|row| row.item.clone());
        self.rows[1] = drafts.0;
        if self.tab == Tab::Drafts {
            self.refresh_at(stood);
        }
    }

    /// Whether all drafts are known, or that there are none.
    pub const fn has_read_drafts(&self) -> bool {
        self.drafts_are_read
    }

    /// Refreshes with the highlight on the item it stood on, wherever that is now.
    fn refresh_at(&mut self, stood: Option<Item>) {
        let waits = self.wanted.is_some();
        if !waits {
            self.wanted = stood;
        }
        self.refresh();
        if !waits {
            self.wanted = None;
        }
    }

    /// Whether an item has a star.
    pub fn is_starred(&self, item: &Item) -> bool {
        self.stars.contains(item)
    }

    /// Gives an item a star, or takes it. The highlight goes where the item goes.
    pub fn toggle_star(&mut self, item: &Item) -> Star {
        let star = if self.stars.remove(item) {
            Star::Off
        } else {
            self.stars.insert(item.clone());
            Star::On
        };
        if self.highlighted().is_some_and(|row| row.item == *item) {
            self.wanted = Some(item.clone());
        }
        self.refresh();
        star
    }

    /// Highlights an item, now or when it is listed.
    pub fn want(&mut self, item: Item) {
        self.tab = Tab::of(&item);
        self.wanted = Some(item);
        self.refresh();
    }

    /// What an item is listed as; its name when it is not.
    pub fn title_of(&self, item: &Item) -> String {
        let rows = &self.rows[Tab::of(item) as usize];
        let row = rows.iter().find(|row| row.is_of(item));
        row.map_or_else(|| item.name(), |row| row.title.clone())
    }

    /// The rows shown, in order, at most `count` from `first` on.
    pub fn window(&self, first: usize, count: usize) -> impl Iterator<Item = (usize, &Row)> {
        let rows = &self.rows[self.tab as usize];
        let shown = self.shown.iter().enumerate().skip(first).take(count);
        shown.filter_map(|(at, index)| Some((at, rows.get(*index)?.as_ref())))
    }

    /// Every row of a tab, filter or not.
    pub fn rows(&self, tab: Tab) -> &[Arc<Row>] {
        &self.rows[tab as usize]
    }

    /// Number of rows shown.
    pub const fn len(&self) -> usize {
        self.shown.len()
    }

    /// True when no row is shown.
    pub const fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// Rows of the tab, filter or not.
    pub fn total(&self) -> usize {
        self.rows[self.tab as usize].len()
    }

    /// Place of the highlighted row.
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// The highlighted row.
    pub fn highlighted(&self) -> Option<&Row> {
        let row = self.rows[self.tab as usize].get(*self.shown.get(self.cursor)?);
        row.map(Arc::as_ref)
    }

    /// True while keys go to the filter.
    pub const fn is_filtering(&self) -> bool {
        self.typing
    }

    /// Highlights the row at `place`, as near as there is one.
    pub fn move_to(&mut self, place: usize) {
        self.wanted = None;
        self.cursor = place.min(self.shown.len().saturating_sub(1));
    }

    /// Moves the highlight.
    pub fn step(&mut self, by: isize) {
        self.move_to(self.cursor.saturating_add_signed(by));
    }

    /// Shows another tab.
    pub fn switch(&mut self, by: isize) {
        self.show(self.tab.step(by));
    }

    /// Shows a tab.
    pub fn show(&mut self, tab: Tab) {
        self.tab = tab;
        self.cursor = 0;
        self.wanted = None;
        self.refresh();
    }

    /// Starts typing a new filter.
    pub fn start_filter(&mut self) {
        self.filter = Some(TextEntry::new("", Lines::One));
        self.typing = true;
        self.refresh();
    }

    /// Stops typing; an empty filter goes away.
    pub fn stop_typing(&mut self) {
        self.typing = false;
        if self.filter.as_ref().is_some_and(TextEntry::is_empty) {
            self.filter = None;
        }
    }

    /// Drops the filter; false when there was none.
    pub fn clear_filter(&mut self) -> bool {
        self.typing = false;
        let had = self.filter.take().is_some();
        if had {
            self.refresh();
        }
        had || self.clear_marks()
    }

    /// A key for the filter.
    pub fn key(&mut self, key: Key) {
        if self.filter.as_mut().is_some_and(|filter| filter.key(key)) {
            self.cursor = 0;
            self.refresh();
        }
    }

    /// A paste for the filter.
    pub fn paste(&mut self, text: &str) {
        if let Some(filter) = self.filter.as_mut() {
            filter.insert(text);
            self.cursor = 0;
            self.refresh();
        }
    }

    fn refresh(&mut self) {
        let rows = &self.rows[self.tab as usize];
        let query = self
            .filter
            .as_ref()
            .map(TextEntry::text)
            .unwrap_or_default();
        self.shown = if query.trim().is_empty() {
            let any = !self.stars.is_empty();
            let starred = |index: &usize| any && self.stars.contains(&rows[*index].item);
            let (mut first, rest): (Vec<_>, Vec<_>) =
                self.in_order().into_iter().partition(starred);
            first.extend(rest);
            first
        } else {
            self.ranked(&query)
        };
        self.add_said();
        let rows = &self.rows[self.tab as usize];
        let wanted = self.wanted.as_ref().and_then(|wanted| {
            let place = |is: &dyn Fn(&Row) -> bool| {
                let mut shown = self.shown.iter();
                shown.position(|index| is(&rows[*index]))
            };
            place(&|row| row.is_of(wanted)).or_else(|| place(&|row| row.item == *wanted))
        });
        if let Some(place) = wanted {
            self.cursor = place;
            self.wanted = None;
        }
        self.cursor = self.cursor.min(self.shown.len().saturating_sub(1));
    }
}
