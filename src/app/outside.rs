//! What other programs do to the files that the studio shows, and what follows from it.
//!
//! Lists are read again. The open draft follows its file as long as nothing here is unsaved;
//! otherwise a person decides. The content tells what changed, never the time.

use super::dialog::{Answer, Confirm, Dialog};
use super::effect::Effect;
use super::msg::{OpenedDraft, Purpose};
use super::{App, Awaited, Weight};
use crate::domain::diff;
use crate::domain::failure::Failure;
use crate::domain::template::Template;
use crate::store::items::Item;
use crate::store::journal::Cause;
use crate::store::watch::Shelf;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;

/// Something that another program did.
#[derive(Debug, Clone)]
pub enum Sighting {
    /// Files on these shelves changed; it may have been our own doing.
    Changed(BTreeSet<Shelf>),
    /// What the open draft's file says.
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
    /// The draft's file is to be looked at once what is being written is written.
    look_due: bool,
    /// The draft that other studios were told of.
    claimed: Option<PathBuf>,
}

impl App {
    /// Another program did something.
    pub(super) fn on_outside(&mut self, sighting: Sighting) -> Vec<Effect> {
        match sighting {
            Sighting::Changed(shelves) => self.on_changed_shelves(&shelves),
            Sighting::Draft { path, known, found } => {
                let file = self.editor.file.as_ref();
                if file.is_some_and(|file| file.path == path && file.hash == known)
                    && !self.is_writing()
                {
                    self.on_look(found)
                } else {
                    // It answers a question that is no longer asked.
                    self.look_at_draft()
                }
            }
            Sighting::AlsoOpen(path) => {
                let file = self.editor.file.as_ref();
                if file.is_none_or(|file| file.path != path) {
                    return Vec::new();
                }
                self.tell(
                    Weight::Note,
                    "also open in another Copydesk; the one that saves last is asked",
                )
            }
            Sighting::Blind(why) => self.tell(
                Weight::Note,
                format!("changes by other programs may show late: {why}"),
            ),
        }
    }

    fn on_changed_shelves(&mut self, shelves: &BTreeSet<Shelf>) -> Vec<Effect> {
        let mut effects = Vec::new();
        for shelf in shelves {
            match shelf {
                Shelf::Templates | Shelf::Snippets => effects.extend(self.reread(List::Library)),
                Shelf::Drafts => {
                    effects.extend(self.look_at_draft());
                    effects.extend(self.reread(List::Drafts));
                }
                Shelf::Config => effects.push(Effect::ReadSettings),
            }
        }
        effects
    }

    /// Reads a list again, once at a time.
    fn reread(&mut self, list: List) -> Option<Effect> {
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

    /// Says that the template of the open form is another one now.
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
            "{} was changed outside; leave the form and open it again to use that",
            open.title
        );
        self.tell(Weight::Note, text)
    }

    /// True while the draft's file may be about to change by our own doing.
    fn is_writing(&self) -> bool {
        // The external editor has the text: what it makes of it is compared with the file then.
        self.editor.is_saving() || self.awaited == Awaited::Deed || self.lent.is_some()
    }

    /// Looks at the draft's file, now or after what is being written.
    pub(super) fn look_at_draft(&mut self) -> Vec<Effect> {
        if self.is_writing() {
            self.watched.look_due = true;
            return Vec::new();
        }
        let file = self.editor.file.as_ref();
        let look = file.map(|file| Effect::LookAt {
            path: file.path.clone(),
            known: file.hash.clone(),
        });
        look.into_iter().collect()
    }

    /// Looks at the draft's file if that had to wait.
    pub(super) fn look_if_due(&mut self) -> Vec<Effect> {
        if std::mem::take(&mut self.watched.look_due) {
            return self.look_at_draft();
        }
        Vec::new()
    }

    fn on_look(&mut self, found: Found) -> Vec<Effect> {
        let name = self.editor.name();
        match found {
            Found::AsKnown => {
                let was_gone = matches!(self.editor.outside, Outside::Gone);
                if let Some(file) = self.editor.file.clone().filter(|_| was_gone) {
                    self.editor.adopt(file);
                }
                self.editor.outside = Outside::AsKnown;
                self.withdraw_question();
                Vec::new()
            }
            Found::Gone if matches!(self.editor.outside, Outside::Gone) => Vec::new(),
            Found::Gone => {
                self.editor.strand();
                self.withdraw_question();
                let rest = match self.editor.read_only() {
                    None => "its text stays here, ctrl+s writes it again",
                    Some(_) => "what can be read of it stays here and can be copied",
                };
                self.tell(Weight::Note, format!("{name} was deleted outside; {rest}"))
            }
            Found::Unreadable(failure) => self.fail(&failure),
            Found::Another(theirs) => self.on_another(*theirs, &name),
        }
    }

    /// The file says something else now.
    fn on_another(&mut self, theirs: OpenedDraft, name: &str) -> Vec<Effect> {
        let body = theirs.draft.body();
        let known = self.editor.file.as_ref().map(|file| file.draft.body());
        if known == Some(body) || self.editor.document.text() == body {
            // Only what stands before the text is another; it goes with whatever is saved next.
            self.editor.adopt(theirs);
            self.withdraw_question();
            return self.tell(
                Weight::Note,
                format!("{name} was changed outside; taken over"),
            );
        }
        if self.editor.has_unsaved_text() {
            self.editor.outside = Outside::Another(Box::new(theirs));
            self.notice = None;
            self.ask_about_outside();
            return Vec::new();
        }
        let id = self.editor.id;
        // Undoing would be an edit, too: of what can only be read from now on, a version stays.
        let mut effects = match theirs.read_only {
            Some(_) => self.checkpoint(Cause::Edit),
            None => Vec::new(),
        };
        self.editor.reload(theirs, id, self.now.0);
        effects.extend(self.checkpoint(Cause::OutsideChange));
        let told = match self.editor.read_only() {
            None => "reloaded (ctrl+z shows what it was)".to_owned(),
            Some(reason) if self.is_journaling() => {
                format!("now read only: {reason} (versions in ctrl+p show what it was)")
            }
            Some(reason) => format!("now read only: {reason}"),
        };
        effects.extend(self.tell(Weight::Note, format!("{name} was changed outside; {told}")));
        effects
    }

    /// What reloading does to what was written here.
    pub(super) fn reload_it(&self) -> &'static str {
        if self.is_journaling() {
            "reload it; your text is kept 30 days (recover in ctrl+p)"
        } else {
            "reload it; ctrl+z brings your text back"
        }
    }

    /// Asks what is to become of two texts of one draft, unless that is being asked already.
    pub(super) fn ask_about_outside(&mut self) {
        if self.dialogs.iter().any(is_question) {
            return;
        }
        let reload = self.reload_it();
        self.dialogs.push(Dialog::Confirm(Confirm {
            question: format!(
                "{} was changed outside, and what you wrote here is not saved.",
                self.editor.name()
            ),
            answers: vec![
                ('r', reload, Answer::Reload),
                (
                    'k',
                    "keep both; yours gets a file beside it",
                    Answer::KeepBoth,
                ),
                ('=', "compare them word by word", Answer::CompareOutside),
                (
                    'l',
                    "decide later (esc); ctrl+s asks again",
                    Answer::DecideLater,
                ),
            ],
        }));
    }

    /// The question answered itself.
    fn withdraw_question(&mut self) {
        self.dialogs.retain(|dialog| !is_question(dialog));
    }

    /// A person decided, or looks first.
    pub(super) fn on_decision(&mut self, answer: Answer) -> Vec<Effect> {
        let Outside::Another(theirs) = &self.editor.outside else {
            return Vec::new();
        };
        match answer {
            Answer::CompareOutside => {
                let mine = self.editor.document.text();
                let hunks = diff::changes(theirs.draft.body(), &mine);
                self.ask_about_outside();
                self.show_comparison("The file → your text".to_owned(), hunks);
                Vec::new()
            }
            Answer::Reload => {
                let theirs = (**theirs).clone();
                self.reload(theirs)
            }
            Answer::KeepBoth => {
                self.counter += 1;
                let (ticket, id) = (self.counter, self.fresh_id());
                let save = self.editor.save_beside(ticket, id);
                save.map(|save| Effect::Save { ticket, save })
                    .into_iter()
                    .collect()
            }
            _ => Vec::new(),
        }
    }

    /// Takes what the file says; what was unsaved is a version, and can be brought back.
    fn reload(&mut self, theirs: OpenedDraft) -> Vec<Effect> {
        let mut effects = self.checkpoint(Cause::Edit);
        effects.extend(self.set_aside());
        let id = self.fresh_id();
        self.editor.reload(theirs, id, self.now.0);
        effects.extend(self.checkpoint(Cause::OutsideChange));
        effects.extend(self.tell(Weight::Good, "reloaded; ctrl+z brings your text back"));
        effects
    }

    /// Tells other studios when another draft is open than before.
    pub(super) fn claim_draft(&mut self) -> Option<Effect> {
        let open = self.editor.file.as_ref().map(|file| &file.path);
        if open == self.watched.claimed.as_ref() {
            return None;
        }
        self.watched.claimed = open.cloned();
        Some(Effect::Claim(self.watched.claimed.clone()))
    }
}

/// Whether a box asks about a change from outside.
fn is_question(dialog: &Dialog) -> bool {
    let Dialog::Confirm(confirm) = dialog else {
        return false;
    };
    let mut answers = confirm.answers.iter();
    answers.any(|(_, _, answer)| *answer == Answer::Reload)
}
