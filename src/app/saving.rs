//! A draft on its way to its file, and what follows once it is there.
//!
//! Asks for one save at a time. Never goes over a text that nobody here has seen.

use super::browser::Tab;
use super::command::Command;
use super::editor::OpenDocument;
use super::effect::{Effect, Keep, Replaced};
use super::msg::{OpenedDraft, Written};
use super::outside::{List, Outside};
use super::save::Place;
use super::{App, Awaited, Stage, Weight};
use crate::domain::document::Snapshot;
use crate::domain::failure::Failure;
use crate::store::files::Kind;
use crate::store::journal::Cause;
use uuid::Uuid;

impl App {
    /// Writes the draft. With an empty draft, the variant shown becomes it first.
    pub(super) fn save(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        if self.editor.document.is_empty() && self.editor.file.is_none() {
            if self
                .output
                .shown()
                .is_none_or(|variant| variant.text.is_empty())
            {
                return self.tell(Weight::Note, "nothing to save yet");
            }
            effects = self.use_variant(Place::Whole);
            if self.editor.document.is_empty() {
                return effects;
            }
        }
        if let Some(instead) = self.instead_of_saving() {
            return [effects, instead].concat();
        }
        effects.extend(self.write(self.editor.id));
        effects
    }

    /// Writes an open document that may be written now.
    fn write(&mut self, id: Uuid) -> Vec<Effect> {
        self.counter += 1;
        let ticket = self.counter;
        let replaced = if self.is_journaling() {
            Replaced::IsVersion
        } else {
            Replaced::GoesToTrash
        };
        let Some(open) = self.editor.get_mut(id) else {
            return Vec::new();
        };
        let fallback = open.template();
        let fallback = fallback.unwrap_or_else(|| "untitled".to_owned());
        let mut effects: Vec<_> = open.first_version().into_iter().collect();
        let save = open.save(ticket, &fallback, replaced);
        effects.push(Effect::Save { ticket, save });
        effects
    }

    /// What happens when the draft cannot be written now.
    fn instead_of_saving(&mut self) -> Option<Vec<Effect>> {
        if self.editor.read_only().is_some() {
            return Some(self.refuse_to_save());
        }
        if self.editor.is_saving() {
            return Some(self.tell(Weight::Note, "still saving"));
        }
        if self.awaited == Awaited::Deed {
            // The file may be getting another name at this moment.
            self.after_deed = Some(Command::Save);
            return Some(Vec::new());
        }
        if self.editor.outside.is_another() {
            // Saving would overwrite what nobody here has seen.
            self.stage = Stage::Open;
            self.ask_about_outside();
            return Some(self.look_at(self.editor.id));
        }
        None
    }

    /// A save was answered.
    pub(super) fn on_saved(
        &mut self,
        ticket: u64,
        result: Result<Written, Failure>,
    ) -> Vec<Effect> {
        let Written {
            file,
            lacks,
            problem,
        } = match result {
            Ok(written) => written,
            Err(failure) => {
                return self.on_save_failed(ticket, &failure);
            }
        };
        let version = version_of(&file);
        let (name, kind) = (named(&file), file.kind);
        // It may have been closed by now.
        let (mut same, mut other) = (false, None);
        if let Some(open) = self.editor.saving_as(ticket) {
            let known = open.file.as_ref().is_some_and(|it| it.hash == file.hash);
            same = known && matches!(open.outside, Outside::AsKnown);
            other = open.other_than(&file.path);
            open.on_saved(ticket, file, self.now.0);
        }
        let mut effects = if let Some(lacks) = lacks {
            self.tell(Weight::Bad, format!("saved {name}, but {lacks}"))
        } else if let Some(problem) = problem {
            self.tell(
                Weight::Bad,
                format!("saved {name}; it does not work yet: {problem}"),
            )
        } else if let Some(other) = other {
            let text = format!("both kept: yours is {name}, the other is {other}");
            self.tell(Weight::Good, text)
        } else if same {
            self.tell(Weight::Note, format!("nothing changed in {name}"))
        } else if kind == Kind::Draft && self.is_first_draft() {
            let text = format!("saved {name}; alt+T makes a template of it");
            self.tell(Weight::Good, text)
        } else {
            self.tell(Weight::Good, format!("saved {name}"))
        };
        match kind {
            Kind::Draft => effects.push(Effect::LoadDrafts),
            Kind::Template | Kind::Snippet => effects.extend(self.reread(List::Library)),
            Kind::File => {}
        }
        effects.extend(version);
        effects.extend(self.close_saved());
        effects.extend(self.go_on_leaving());
        effects.extend(self.look_if_due());
        effects
    }

    /// True while there is no draft yet, nor a template of the person's own: what could come next
    /// is worth a word then.
    fn is_first_draft(&self) -> bool {
        let mut templates = self.browser.rows(Tab::Templates).iter();
        self.tour.is_none()
            && self.browser.rows(Tab::Drafts).is_empty()
            && templates.all(|row| row.shipped)
    }

    /// A save failed: nobody leaves or closes because of it.
    fn on_save_failed(&mut self, ticket: u64, failure: &Failure) -> Vec<Effect> {
        let was_leaving = std::mem::replace(&mut self.stage, Stage::Open) == Stage::Leaving;
        let Some(open) = self.editor.saving_as(ticket) else {
            return self.fail(failure);
        };
        open.on_save_failed(ticket);
        open.closes = false;
        let id = open.id;
        // Whoever is leaving types nowhere else: the text that cannot be saved comes to the front.
        let shown = if was_leaving {
            self.show_open(id)
        } else {
            Vec::new()
        };
        // It may have been refused because the file says something else now.
        let look = self.look_at(id);
        [shown, self.fail(failure), look].concat()
    }

    /// Leaves, if that waits for saves; what is not saved yet is saved first, one text after the
    /// other.
    pub(super) fn go_on_leaving(&mut self) -> Vec<Effect> {
        if self.stage != Stage::Leaving || self.editor.all().any(OpenDocument::is_saving) {
            return Vec::new();
        }
        let Some(next) = self.editor.unsaved().next().map(|open| open.id) else {
            self.stage = Stage::Done;
            return Vec::new();
        };
        let shown = self.show_open(next);
        [shown, self.save()].concat()
    }
}

/// A file as notices name it.
fn named(file: &OpenedDraft) -> String {
    let name = file.path.file_name().unwrap_or_default().to_string_lossy();
    match file.kind {
        Kind::Draft => format!("drafts/{name}"),
        Kind::Template => format!("templates/{name}"),
        Kind::Snippet => format!("snippets/{name}"),
        Kind::File => name.into_owned(),
    }
}

/// A version of what was just written.
fn version_of(file: &OpenedDraft) -> Option<Effect> {
    let text = file.draft.body();
    (!text.is_empty()).then(|| {
        Effect::Keep(Keep::Version {
            draft: file.draft.key(&file.path),
            path: Some(file.path.clone()),
            cause: Cause::Save,
            text: Snapshot::from(text),
        })
    })
}
