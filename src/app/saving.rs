//! A draft on its way to its file, and what follows once it is there.
//!
//! Asks for one save at a time. Never goes over a text that nobody here has seen.

use super::command::Command;
use super::effect::Effect;
use super::msg::Written;
use super::outside::Outside;
use super::save::Place;
use super::{App, Awaited, Stage, Weight};
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
        if self.editor.read_only().is_some() {
            return self.refuse_to_save();
        }
        if self.editor.is_saving() {
            return self.tell(Weight::Note, "still saving");
        }
        if self.awaited == Awaited::Deed {
            // The file may be getting another name at this moment.
            self.after_deed = Some(Command::Save);
            return Vec::new();
        }
        if self.editor.outside.is_another() {
            // Saving would overwrite what nobody here has seen.
            self.stage = Stage::Open;
            self.ask_about_outside();
            return [effects, self.look_at_draft()].concat();
        }
        self.counter += 1;
        let fallback = self.editor.template();
        let fallback = fallback.unwrap_or_else(|| "untitled".to_owned());
        let ticket = self.counter;
        effects.extend(self.first_version());
        let save = self.editor.save(ticket, &fallback);
        effects.push(Effect::Save { ticket, save });
        effects
    }

    /// A save was answered.
    pub(super) fn on_saved(
        &mut self,
        ticket: u64,
        result: Result<Written, Failure>,
    ) -> Vec<Effect> {
        match result {
            Ok(Written { file, lacks }) => {
                let name = file
                    .path
                    .file_name()
                    .unwrap_or_default()
                    .to_string_lossy()
                    .into_owned();
                let known = self.editor.file.as_ref();
                let same = known.is_some_and(|known| known.hash == file.hash)
                    && matches!(self.editor.outside, Outside::AsKnown);
                let other = self.editor.other_than(&file.path);
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
                let saved = self.editor.document.snapshot();
                if !self.editor.has_unsaved_text() {
                    effects.extend(self.version(Cause::Save, saved));
                }
                if self.stage == Stage::Leaving && self.editor.has_unsaved_text() {
                    // Something was typed while it was written.
                    effects.extend(self.save());
                } else if self.stage == Stage::Leaving {
                    self.stage = Stage::Done;
                }
                effects.extend(self.look_if_due());
                effects
            }
            Err(failure) => {
                self.stage = Stage::Open;
                self.editor.on_save_failed(ticket);
                // It may have been refused because the file says something else now.
                let look = self.look_at_draft();
                [self.fail(&failure), look].concat()
            }
        }
    }
}
