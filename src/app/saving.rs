//! A draft on its way to its file, and what follows once it is there.
//!
//! Asks for one save at a time. Never goes over a text that nobody here has seen.

use super::command::Command;
use super::effect::{Effect, Keep, Replaced};
use super::msg::{OpenedDraft, Written};
use super::outside::Outside;
use super::save::Place;
use super::{App, Awaited, Stage, Weight};
use crate::domain::document::Snapshot;
use crate::domain::failure::Failure;
use crate::store::journal::Cause;

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
        self.counter += 1;
        let fallback = self.editor.template();
        let fallback = fallback.unwrap_or_else(|| "untitled".to_owned());
        let ticket = self.counter;
        effects.extend(self.first_version());
        let replaced = if self.is_journaling() {
            Replaced::IsVersion
        } else {
            Replaced::GoesToTrash
        };
        let save = self.editor.save(ticket, &fallback, replaced);
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
            return Some(self.look_at_draft());
        }
        None
    }

    /// A save was answered.
    pub(super) fn on_saved(
        &mut self,
        ticket: u64,
        result: Result<Written, Failure>,
    ) -> Vec<Effect> {
        let Written { file, lacks } = match result {
            Ok(written) => written,
            Err(failure) => {
                self.stage = Stage::Open;
                self.editor.on_save_failed(ticket);
                // It may have been refused because the file says something else now.
                let look = self.look_at_draft();
                return [self.fail(&failure), look].concat();
            }
        };
        let version = version_of(&file);
        let name = file.path.file_name().unwrap_or_default();
        let name = name.to_string_lossy().into_owned();
        let mine = self.editor.is_saving_as(ticket);
        let known = self.editor.file.as_ref().filter(|_| mine);
        let same = known.is_some_and(|known| known.hash == file.hash)
            && matches!(self.editor.outside, Outside::AsKnown);
        let other = self.editor.other_than(&file.path).filter(|_| mine);
        // Another draft may be open by now: that one was not saved.
        self.editor.on_saved(ticket, file, self.now.0);
        let mut effects = if let Some(lacks) = lacks {
            self.tell(Weight::Bad, format!("saved drafts/{name}, but {lacks}"))
        } else if let Some(other) = other {
            let text = format!("both kept: yours is drafts/{name}, the other is {other}");
            self.tell(Weight::Good, text)
        } else if same {
            self.tell(Weight::Note, format!("nothing changed in drafts/{name}"))
        } else {
            self.tell(Weight::Good, format!("saved drafts/{name}"))
        };
        effects.push(Effect::LoadDrafts);
        effects.extend(version);
        effects.extend(self.go_on_leaving());
        effects.extend(self.look_if_due());
        effects
    }

    /// Leaves, if that waits for a save; what was typed while it was written is saved first.
    fn go_on_leaving(&mut self) -> Vec<Effect> {
        if self.stage != Stage::Leaving || self.editor.is_saving() {
            return Vec::new();
        }
        if self.editor.has_unsaved_text() {
            return self.save();
        }
        self.stage = Stage::Done;
        Vec::new()
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
