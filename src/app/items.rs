//! The verbs of the lists: delete, rename, duplicate, tag, star, edit the source, take back.

use super::browser::Tab;
use super::command::Command;
use super::deed::{self, Deed, Done};
use super::dialog::Dialog;
use super::effect::{Effect, Wanted};
use super::line::{Asked, Line};
use super::{App, Awaited, Weight, versioned};
use crate::domain::failure::Failure;
use crate::store::items::Item;

impl App {
    /// Runs a verb of the lists on what is highlighted.
    pub(super) fn on_item(&mut self, command: Command) -> Vec<Effect> {
        use Command as C;
        if command == C::TakeBack {
            return self.begin(Deed::TakeBack);
        }
        if self.form.is_some() {
            return self.tell(Weight::Note, "leave the form first; that is for the lists");
        }
        let Some(row) = self.browser.highlighted() else {
            return self.tell(Weight::Note, "nothing is highlighted in the list");
        };
        let item = row.item.clone();
        match command {
            C::StarItem => return self.star(item),
            C::DuplicateItem => return self.begin(Deed::Duplicate(item)),
            C::EditSource if row.shipped => return self.begin(Deed::MakeOwn(item)),
            _ if row.shipped => {
                let text = format!(
                    "{} comes with Copydesk and stays as it is; d makes a copy of your own",
                    row.title
                );
                return self.tell(Weight::Note, text);
            }
            C::DeleteItem => return self.begin(Deed::Delete(item)),
            C::EditSource if matches!(item, Item::Draft(_)) => {
                return self.begin(Deed::EditSource(item));
            }
            C::EditSource => return vec![self.ask_for(Wanted::Item(item))],
            C::TagItem if matches!(item, Item::Snippet(_)) => {
                return self.tell(Weight::Note, "only templates and drafts have tags");
            }
            C::TagItem => {
                let tags = row.tags.join(", ");
                let line = Line::about(item, Asked::Tags, &tags);
                self.dialogs.push(Dialog::Line(Box::new(line)));
            }
            _ => {
                let line = Line::about(item, Asked::Title, &row.title);
                self.dialogs.push(Dialog::Line(Box::new(line)));
            }
        }
        Vec::new()
    }

    /// Begins something new of what the list has: an empty draft, or a template or snippet, whose
    /// title is asked for.
    pub(super) fn begin_listed(&mut self) -> Vec<Effect> {
        let asked = match self.browser.tab {
            Tab::Drafts => return self.new_draft(),
            Tab::Templates => Asked::NewTemplate,
            Tab::Snippets => Asked::NewSnippet,
        };
        self.dialogs
            .push(Dialog::Line(Box::new(Line::asking(asked))));
        Vec::new()
    }

    /// Asks for a deed. Keys for the lists wait until the lists show what it did.
    pub(super) fn begin(&mut self, deed: Deed) -> Vec<Effect> {
        self.awaited = Awaited::Deed;
        vec![Effect::Change(deed)]
    }

    fn star(&mut self, item: Item) -> Vec<Effect> {
        let star = self.browser.toggle_star(&item);
        vec![Effect::Star(item, star)]
    }

    /// A deed was done, or not.
    pub(super) fn on_changed(
        &mut self,
        deed: &Deed,
        result: Result<Box<Done>, Failure>,
    ) -> Vec<Effect> {
        if let Deed::Write {
            item: Item::Template(_),
            ..
        } = deed
        {
            let why = result.as_ref().err().map(ToString::to_string);
            self.after_making(why);
        }
        let mut effects = match result {
            Ok(done) => {
                let edit = self.edit_copied_verb(&done);
                let mut effects = self.on_done(deed, *done);
                effects.extend(edit);
                effects
            }
            Err(failure) => {
                // Keys that were meant for what it would have left must not act on something else.
                self.typed_ahead.clear();
                self.stop_waiting(Awaited::Deed);
                self.fail(&failure)
            }
        };
        if let Some(command) = self.after_deed.take() {
            effects.extend(self.run(command));
        }
        effects.extend(self.go_on_leaving());
        effects.extend(self.look_if_due());
        effects
    }

    fn on_done(&mut self, deed: &Deed, done: Done) -> Vec<Effect> {
        let title = deed.item().map(|item| self.browser.title_of(item));
        let title = title.unwrap_or_default();
        let text = if self.follow(deed, &done) {
            deed::told_of_open_draft(&title)
        } else {
            deed::told(deed, &done, &title)
        };
        let mut effects = self.tell(Weight::Good, text);
        if let (Deed::Rename { item, .. }, Some(after)) = (deed, &done.after) {
            effects.extend(self.move_what_belongs(item, &after.item));
        }
        if matches!(deed, Deed::Rename { .. } | Deed::TakeBack) {
            effects.extend(versioned::moved(&done));
        }
        let after = done.after.map(|after| after.item);
        let Some(item) = after.as_ref().or(deed.item()) else {
            effects.extend(self.stop_waiting(Awaited::Deed));
            return effects;
        };
        if Tab::of(item) == Tab::Drafts {
            self.awaited = Awaited::Drafts;
            effects.push(Effect::LoadDrafts);
        } else {
            self.awaited = Awaited::Library;
            self.browser.preview = None;
            effects.push(Effect::LoadLibrary);
        }
        if let Some(item) = after {
            if matches!(
                deed,
                Deed::MakeOwn(_) | Deed::Make { .. } | Deed::Write { .. }
            ) {
                effects.push(self.ask_for(Wanted::Item(item.clone())));
            }
            self.browser.want(item);
        }
        effects
    }

    /// Lets open documents follow their files; true when one was deleted and its text stays.
    fn follow(&mut self, deed: &Deed, done: &Done) -> bool {
        if matches!(
            deed,
            Deed::Duplicate(_) | Deed::MakeOwn(_) | Deed::Make { .. } | Deed::Write { .. }
        ) {
            return false;
        }
        let draft = done.after.as_ref().and_then(|after| after.draft.clone());
        let (mut stays, now) = (false, self.now.0);
        for open in self.editor.all_mut() {
            match (deed, &done.before, draft.clone()) {
                (Deed::Delete(_), Some(before), _) => stays |= open.lose(before),
                (_, Some(before), Some(draft)) => open.follow(before, draft, now),
                (_, None, Some(draft)) => open.regain(draft),
                (_, _, None) => {}
            }
        }
        self.editor.drop_blanks();
        stays
    }

    /// What is kept by name goes with a renamed item: its star, and the briefs of a template.
    fn move_what_belongs(&mut self, from: &Item, to: &Item) -> Vec<Effect> {
        if let (Item::Template(from), Item::Template(to)) = (from, to)
            && let Some(past) = self.past.remove(from)
        {
            self.past.insert(to.clone(), past);
        }
        if from == to || !self.browser.is_starred(from) {
            return Vec::new();
        }
        let moved =
            [from, to].map(|item| Effect::Star(item.clone(), self.browser.toggle_star(item)));
        moved.into()
    }
}
