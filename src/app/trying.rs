//! From the source of a template to its form: filling in what is being written.
//!
//! Never sends a prompt of a source that is not saved, and never drops what a form holds.

use super::browser::Tab as List;
use super::editor::Tab;
use super::effect::Effect;
use super::{App, Pane, Weight};
use crate::domain::template::Template;
use crate::store::files::Kind;
use crate::store::items::Item;
use std::path::Path;
use std::sync::Arc;

impl App {
    /// The template whose source has the keys, unless its form is open already.
    pub fn source_to_fill_in(&self) -> Option<Item> {
        let path = self.source_with_keys()?;
        let form = self.form.as_ref();
        if form.is_some_and(|form| Path::new(&form.template.file) == path) {
            return None;
        }
        let rows = self.browser.rows(List::Templates).iter();
        let own = rows.filter(|row| !row.shipped).map(|row| &row.item);
        // `b.md` lies in the folder of templates, or it is `a/b.md`: the longer name is the true one.
        own.filter(|item| path.ends_with(format!("{}.md", item.name())))
            .max_by_key(|item| item.name().len())
            .cloned()
    }

    fn source_with_keys(&self) -> Option<&Path> {
        let open = &self.editor.open;
        let here = self.focus == Pane::Editor && self.editor.tab == Tab::Draft;
        let is_source = here && open.kind() == Kind::Template;
        let file = open.file.as_ref().filter(|_| is_source)?;
        Some(&file.path)
    }

    /// Opens the form of the template whose source has the keys; `None` where the prompt of the
    /// open form is meant.
    pub(super) fn fill_in_source(&mut self) -> Option<Vec<Effect>> {
        self.source_with_keys()?;
        let other = self.source_to_fill_in();
        if self.editor.open.has_unsaved_text() && (other.is_some() || self.form.is_some()) {
            let told = "the source is not saved: ctrl+s saves it, then ctrl+g goes on with it";
            return Some(self.tell(Weight::Bad, told));
        }
        other.map(|item| self.open_item(item))
    }

    /// The open form becomes that of its template as it was saved in the Editor, with what it
    /// holds; false when the person has not seen that text, or it would cost them something.
    pub(super) fn form_follows(&mut self, now: &Arc<Template>) -> bool {
        let path = Path::new(&now.file);
        let known = self.editor.at(path);
        if known.is_none_or(|open| open.has_unsaved_text() || open.outside.is_another()) {
            return false;
        }
        let edited = self.editor.detached.as_ref();
        if edited.is_some_and(super::prompt::Detached::is_edited) {
            return false;
        }
        let Some(form) = self.form.as_mut().filter(|form| !form.is_lent()) else {
            return false;
        };
        // What stands in a field that is there no more comes back with it.
        let past = self.past.entry(now.name.clone()).or_default();
        past.remember(form.brief());
        form.follow(now.clone());
        self.refresh_preview();
        self.refresh_filling();
        true
    }
}
