//! What other programs do to the files that the studio shows, and what follows from it.
//!
//! Lists are read again. The open draft follows its file as long as nothing here is unsaved;
//! otherwise a person decides. The content tells what changed, never the time.

use super::editor::OpenDocument;
use super::effect::Effect;
use super::msg::{OpenedDraft, Purpose};
use super::{App, Awaited, Weight};
use crate::domain::failure::Failure;
use crate::domain::template::Template;
use crate::store::items::Item;
use crate::store::journal::Cause;
use crate::store::watch::Shelf;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// Something that another program did.
#[derive(Debug, Clone)]
pub enum Sighting {
    /// Files on these shelves changed; it may have been our own doing.
    Changed(BTreeSet<Shelf>),
    /// What the file of an open draft says.
    Draft {
        /// The file.
        path: PathBuf,
        /// The hash that was known when it was asked for.
        known: String,
        /// What is there.
        found: Found,
    },
    /// Another studio has this draft open.
    AlsoOpen(PathBuf),
    /// Some changes will not be seen, for this reason.
    Blind(String),
}

/// What a look at a draft's file found.
#[derive(Debug, Clone)]
pub enum Found {
    /// What is known.
    AsKnown,
    /// Another text.
    Another(Box<OpenedDraft>),
    /// Nothing.
    Gone,
    /// Something that cannot be read as a draft.
    Unreadable(Failure),
}

/// What became of the open draft's file while it was open.
#[derive(Debug, Default)]
pub enum Outside {
    /// It is as it was opened or saved here.
    #[default]
    AsKnown,
    /// It says this now, and what is unsaved here goes against it: a person has to decide.
    Another(Box<OpenedDraft>),
    /// It was deleted.
    Gone,
}

impl Outside {
    /// True while a person has to decide.
    pub const fn is_another(&self) -> bool {
        matches!(self, Self::Another(_))
    }
}

/// A list that is read in one go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum List {
    /// Templates and snippets.
    Library,
    /// Drafts.
    Drafts,
}

/// What is being done about changes from outside.
#[derive(Debug, Default)]
pub(super) struct Watched {
    /// Lists that are being read again.
    reading: BTreeSet<List>,
    /// Lists that changed while they were being read again.
    stale: BTreeSet<List>,
    /// The files that other studios were told of.
    claimed: BTreeSet<PathBuf>,
}

impl App {
    /// Another program did something.
    pub(super) fn on_outside(&mut self, sighting: Sighting) -> Vec<Effect> {
        match sighting {
            Sighting::Changed(shelves) => self.on_changed_shelves(&shelves),
            Sighting::Draft { path, known, found } => {
                let known = |open: &&OpenDocument| {
                    let file = open.file.as_ref();
                    file.is_some_and(|file| file.path == path && file.hash == known)
                };
                let open = self.editor.at(&path).filter(known);
                match open
                    .filter(|open| !self.is_writing(open))
                    .map(|open| open.id)
                {
                    Some(id) => self.on_look(id, found),
                    // It answers a question that is no longer asked.
                    None => self.look_at_open(),
                }
            }
            Sighting::AlsoOpen(path) => {
                let Some(open) = self.editor.at(&path) else {
                    return Vec::new();
                };
                let what = if open.id == self.editor.id {
                    String::new()
                } else {
                    format!("{} is ", open.name())
                };
                let told = format!(
                    "{what}also open in another Copydesk; the one that saves last is asked"
                );
                self.tell(Weight::Note, told)
            }
            Sighting::Blind(why) => self.tell(
                Weight::Note,
                format!("changes by other programs may show late: {why}"),
            ),
        }
    }

    fn on_changed_shelves(&mut self, shelves: &BTreeSet<Shelf>) -> Vec<Effect> {
        let of_files = |shelf: &Shelf| !matches!(shelf, Shelf::Config | Shelf::Themes);
        let of_files = shelves.iter().any(of_files);
        let mut effects = if of_files {
            self.look_at_open()
        } else {
            Vec::new()
        };
        for shelf in shelves {
            match shelf {
                Shelf::Templates | Shelf::Snippets => effects.extend(self.reread(List::Library)),
                Shelf::Files => {}
                Shelf::Drafts => effects.extend(self.reread(List::Drafts)),
                Shelf::Config => effects.push(Effect::ReadSettings),
                Shelf::Themes => effects.extend(self.reread_themes()),
            }
        }
        effects
    }

    /// Reads a list again, once at a time.
    pub(super) fn reread(&mut self, list: List) -> Option<Effect> {
        if !self.watched.reading.insert(list) {
            self.watched.stale.insert(list);
            return None;
        }
        Some(match list {
            List::Library => Effect::LoadLibrary,
            List::Drafts => Effect::LoadDrafts,
        })
    }

    /// A list was read. If that was because it had changed, so may have what it is a list of.
    pub(super) fn was_reread(&mut self, list: List) -> Vec<Effect> {
        if !self.watched.reading.remove(&list) {
            return Vec::new();
        }
        let again = self.watched.stale.remove(&list);
        let again = again.then(|| self.reread(list)).flatten();
        let preview = (list == List::Library).then(|| self.reread_template());
        again.into_iter().chain(preview.flatten()).collect()
    }

    /// Reads the template again that is filled in or previewed.
    fn reread_template(&self) -> Option<Effect> {
        let open = self.form.as_ref().map(|form| form.template.name.clone());
        let highlighted = || match &self.browser.highlighted()?.item {
            Item::Template(name) => Some(name.clone()),
            Item::Draft(_) | Item::Snippet(_) => None,
        };
        let name = open.or_else(highlighted)?;
        let purpose = Purpose::Preview;
        Some(Effect::LoadTemplate { name, purpose })
    }

    /// The template of the open form is another one now: the form follows what was saved here, and
    /// is told of the rest.
    pub(super) fn tell_of_changed_form(
        &mut self,
        name: &str,
        result: &Result<Arc<Template>, String>,
    ) -> Vec<Effect> {
        let form = self.form.as_ref().map(|form| &form.template);
        let (Some(open), Ok(now)) = (form.filter(|open| open.name == name), result) else {
            return Vec::new();
        };
        if open.hash == now.hash {
            return Vec::new();
        }
        let text = format!(
            "{} is another one now; leave the form and open it again to use that",
            open.title
        );
        if self.form_follows(now) {
            return Vec::new();
        }
        self.tell(Weight::Note, text)
    }

    /// True while the file of a document may be about to change by our own doing.
    fn is_writing(&self, open: &OpenDocument) -> bool {
        // The external editor has the text: what it makes of it is compared with the file then.
        let lent = self.lent.as_ref().is_some_and(|lent| lent.is_of(open));
        open.is_saving() || lent || self.awaited == Awaited::Deed
    }

    /// Looks at the file of every open document, now or after what is being written.
    pub(super) fn look_at_open(&mut self) -> Vec<Effect> {
        let all: Vec<Uuid> = self.editor.all().map(|open| open.id).collect();
        all.into_iter().flat_map(|id| self.look_at(id)).collect()
    }

    /// The same for one of them.
    pub(super) fn look_at(&mut self, id: Uuid) -> Vec<Effect> {
        let Some(open) = self.editor.get(id) else {
            return Vec::new();
        };
        let waits = self.is_writing(open);
        let file = open.file.as_ref().filter(|_| !waits);
        let look = file.map(|file| Effect::LookAt {
            path: file.path.clone(),
            known: file.hash.clone(),
        });
        if let Some(open) = self.editor.get_mut(id) {
            open.look_due = waits;
        }
        look.into_iter().collect()
    }

    /// Looks at the files that had to wait.
    pub(super) fn look_if_due(&mut self) -> Vec<Effect> {
        let due = self.editor.all().filter(|open| open.look_due);
        let due: Vec<Uuid> = due.map(|open| open.id).collect();
        due.into_iter().flat_map(|id| self.look_at(id)).collect()
    }

    fn on_look(&mut self, id: Uuid, found: Found) -> Vec<Effect> {
        let shown = id == self.editor.id;
        let Some(open) = self.editor.get_mut(id) else {
            return Vec::new();
        };
        let name = open.name();
        match found {
            Found::AsKnown => {
                let was_gone = matches!(open.outside, Outside::Gone);
                if let Some(file) = open.file.clone().filter(|_| was_gone) {
                    open.adopt(file);
                }
                open.outside = Outside::AsKnown;
                if shown {
                    self.withdraw_question();
                }
                Vec::new()
            }
            Found::Gone if matches!(open.outside, Outside::Gone) => Vec::new(),
            Found::Gone => {
                open.strand();
                let rest = match open.read_only() {
                    None if !shown => "its text stays open (ctrl+o), ctrl+s there writes it again",
                    None => "its text stays here, ctrl+s writes it again",
                    Some(_) => "what can be read of it stays here and can be copied",
                };
                if shown {
                    self.withdraw_question();
                }
                self.tell(Weight::Note, format!("{name} was deleted outside; {rest}"))
            }
            Found::Unreadable(failure) => self.fail(&failure),
            Found::Another(theirs) => self.on_another(id, *theirs, &name),
        }
    }

    /// The file says something else now.
    fn on_another(&mut self, id: Uuid, theirs: OpenedDraft, name: &str) -> Vec<Effect> {
        let (shown, now) = (id == self.editor.id, self.now.0);
        let Some(open) = self.editor.get_mut(id) else {
            return Vec::new();
        };
        let body = theirs.draft.body();
        let known = open.file.as_ref().map(|file| file.draft.body());
        if known == Some(body) || open.document.text() == body {
            // Only what stands before the text is another; it goes with whatever is saved next.
            open.adopt(theirs);
            if shown {
                self.withdraw_question();
            }
            let told = format!("{name} was changed outside; taken over");
            return self.tell(Weight::Note, told);
        }
        if open.has_unsaved_text() {
            open.outside = Outside::Another(Box::new(theirs));
            if shown {
                self.notice = None;
                self.ask_about_outside();
                return Vec::new();
            }
            let told = format!(
                "{name} was changed outside, and what you wrote there is not saved; you are asked \
                 when you go back to it (ctrl+o)"
            );
            return self.tell(Weight::Note, told);
        }
        // Undoing would be an edit, too: of what can only be read from now on, a version stays.
        let mut effects = match theirs.read_only {
            Some(_) => open.checkpoint(Cause::Edit),
            None => Vec::new(),
        };
        open.reload(theirs, id, now);
        effects.extend(open.checkpoint(Cause::OutsideChange));
        let reason = open.read_only();
        let told = match reason {
            None => "reloaded (ctrl+z shows what it was)".to_owned(),
            Some(reason) if self.is_journaling() => {
                format!("now read only: {reason} (versions in ctrl+p show what it was)")
            }
            Some(reason) => format!("now read only: {reason}"),
        };
        effects.extend(self.tell(Weight::Note, format!("{name} was changed outside; {told}")));
        effects
    }

    /// Tells other studios when other documents are open than before.
    pub(super) fn claim_open(&mut self) -> Option<Effect> {
        let files = self.editor.all().filter_map(|open| open.file.as_ref());
        let paths: BTreeSet<_> = files.map(|file| &file.path).collect();
        if self.watched.claimed.iter().eq(paths.iter().copied()) {
            return None;
        }
        self.watched.claimed = paths.into_iter().cloned().collect();
        Some(Effect::Claim(self.watched.claimed.clone()))
    }
}
