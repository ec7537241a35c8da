//! The lists at work: what is marked in them, in which order they are, what they are narrowed to.
//!
//! A verb is meant for what is marked, else for what is highlighted. Touches no file.

use super::browser::{Item, Tab};
use super::command::Command;
use super::deed::Deed;
use super::dialog::Dialog;
use super::effect::Effect;
use super::line::{Asked, Line};
use super::{App, Weight};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Tags that are told at a time.
const TAGS: usize = 8;

impl App {
    /// The drafts that a verb means: those that are marked, in the order of the list, else the one
    /// that is highlighted; none outside the list of drafts.
    pub fn meant(&self) -> Vec<PathBuf> {
        let drafts = self.browser.meant().into_iter();
        let drafts = drafts.filter_map(|item| match item {
            Item::Draft(path) => Some(path),
            _ => None,
        });
        drafts.collect()
    }

    /// Runs a verb that is about the list itself.
    pub(super) fn on_list(&mut self, command: Command) -> Vec<Effect> {
        if self.form.is_some() {
            return self.tell(Weight::Note, "leave the form first; that is for the lists");
        }
        match command {
            Command::MarkItem => {
                let count = self.browser.toggle_mark();
                let told = match count {
                    0 => "nothing is marked".to_owned(),
                    count => format!("{count} marked; x t s alt+E are for all, esc for none"),
                };
                let moved = self.preview_highlighted();
                [self.tell(Weight::Note, told), moved].concat()
            }
            Command::OrderList => match self.browser.next_order() {
                Some(order) => self.tell(Weight::Note, format!("in order of {order}")),
                None => self.tell(Weight::Note, "snippets stand in order of their names"),
            },
            Command::FilterTags => {
                let told = self.tags_here();
                self.browser.today = Some(self.by_the_clock());
                self.browser.start_filter();
                self.browser.paste("tag:");
                self.tell(Weight::Note, told)
            }
            _ => self.ask_for_status(),
        }
    }

    /// The tags of the list, those of most items first.
    fn tags_here(&self) -> String {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for row in self.browser.rows(self.browser.tab) {
            for tag in &row.tags {
                *counts.entry(tag).or_default() += 1;
            }
        }
        let mut counts: Vec<_> = counts.into_iter().collect();
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let more = if counts.len() > TAGS { " …" } else { "" };
        let told = counts.iter().take(TAGS);
        let told: Vec<String> = told.map(|(tag, count)| format!("{tag} {count}")).collect();
        if told.is_empty() {
            return "nothing here has tags; t writes some".to_owned();
        }
        format!("tags: {}{more}", told.join(" · "))
    }

    fn ask_for_status(&mut self) -> Vec<Effect> {
        if self.browser.tab != Tab::Drafts {
            return self.tell(Weight::Note, "only drafts have a status");
        }
        let Some(row) = self.browser.highlighted() else {
            return self.tell(Weight::Note, "nothing is highlighted in the list");
        };
        let status = row.facts.status.clone().unwrap_or_default();
        let items = self.browser.meant();
        let line = Line::about_all(items, Asked::Status, &status);
        self.dialogs.push(Dialog::Line(Box::new(line)));
        Vec::new()
    }

    /// A verb on what is marked; `None` when nothing is, so that it is for what is highlighted.
    pub(super) fn on_marked(&mut self, command: Command) -> Option<Vec<Effect>> {
        if self.browser.marked() == 0 {
            return None;
        }
        let items = self.browser.meant();
        match command {
            Command::DeleteItem => {
                let deeds = items.into_iter().map(Deed::Delete).collect();
                Some(self.begin(Deed::Many(deeds)))
            }
            Command::TagItem => {
                let line = Line::about_all(items, Asked::MoreTags, "");
                self.dialogs.push(Dialog::Line(Box::new(line)));
                Some(Vec::new())
            }
            _ => None,
        }
    }
}
