//! What the journal remembers, as far as the model has to do with it.
//!
//! Offers text that was left behind, brings it back, and takes checkpoints of the draft. Knows
//! nothing of the database.

use super::comparison::Comparison;
use super::dialog::Dialog;
use super::editor::{Made, OpenDocument};
use super::effect::{Effect, Keep, Unsaved, VersionPurpose};
use super::msg::{Journaling, Left, LeftState, OpenedDraft};
use super::recovery::{Choice, Recovery, Timeline};
use super::{App, Pane, Weight};
use crate::domain::diff;
use crate::store::journal::{Cause, Use, VersionHeadline, VersionId};
use uuid::Uuid;

impl App {
    /// The journal is open: offers what an earlier studio left behind.
    pub(super) fn on_journal(&mut self, left: Vec<Left>, uses: Vec<Use>) -> Vec<Effect> {
        self.journaling = Journaling::On;
        self.browser.set_uses(uses);
        if !left.is_empty() {
            self.dialogs
                .push(Dialog::Recovery(Recovery { left, cursor: 0 }));
        }
        let mut effects = self.preview_highlighted();
        effects.extend(self.ask_for_month());
        effects.extend(self.find_parts().filter(|_| self.editor.file.is_some()));
        effects
    }

    /// Everything that can be brought back, as a person asked for it.
    pub(super) fn on_left(&mut self, left: Vec<Left>) -> Vec<Effect> {
        if left.is_empty() {
            return self.tell(Weight::Note, "there is no unsaved text to bring back");
        }
        self.dialogs
            .push(Dialog::Recovery(Recovery { left, cursor: 0 }));
        Vec::new()
    }

    /// A choice in the box of texts that were left behind.
    pub(super) fn on_recovery(&mut self, choice: Choice) -> Vec<Effect> {
        let Some(Dialog::Recovery(recovery)) = self.dialogs.last_mut() else {
            return Vec::new();
        };
        match choice {
            Choice::Compare => {
                let Some(left) = recovery.left.get(recovery.cursor) else {
                    return Vec::new();
                };
                let title = if left.saved.is_some() {
                    "Saved file → unsaved text"
                } else {
                    "Unsaved text"
                };
                let hunks = diff::changes(left.saved.as_deref().unwrap_or_default(), &left.text);
                self.show_comparison(title.to_owned(), hunks);
                Vec::new()
            }
            Choice::Restore => {
                if recovery.cursor >= recovery.left.len() {
                    return Vec::new();
                }
                let id = recovery.left[recovery.cursor].id;
                self.took_back(id)
            }
            Choice::Later => self.keep_rest_for_later(),
        }
    }

    /// Takes a text off the list and asks for it; the rest stays on offer.
    fn took_back(&mut self, id: Uuid) -> Vec<Effect> {
        self.dialogs.retain_mut(|dialog| match dialog {
            Dialog::Recovery(recovery) => {
                recovery.left.retain(|left| left.id != id);
                recovery.cursor = recovery.cursor.min(recovery.left.len().saturating_sub(1));
                // The text comes first; what else there is waits behind the palette.
                false
            }
            _ => true,
        });
        vec![Effect::Restore(id)]
    }

    fn keep_rest_for_later(&mut self) -> Vec<Effect> {
        let Some(Dialog::Recovery(recovery)) = self.dialogs.pop() else {
            return Vec::new();
        };
        let lost = recovery
            .left
            .iter()
            .filter(|left| left.state != LeftState::Later);
        let mut effects: Vec<_> = lost
            .map(|left| Effect::Keep(Keep::ForLater(left.id)))
            .collect();
        if !effects.is_empty() {
            effects.extend(self.tell(
                Weight::Note,
                "kept for 30 days; \"recover\" in ctrl+p brings it back",
            ));
        }
        effects
    }

    /// Unsaved text is back: it goes on as it was left.
    pub(super) fn on_restored(
        &mut self,
        unsaved: Unsaved,
        file: Option<OpenedDraft>,
    ) -> Vec<Effect> {
        self.opening = None;
        self.before_another();
        let astray = self.show_restored(unsaved.id, file);
        let document = &mut self.editor.document;
        document.replace(0..document.len(), &unsaved.text.text(), self.now.0);
        document.stand_at(unsaved.cursor);
        if let Some(provenance) = unsaved.provenance {
            self.editor.bring(Made::Whole(Box::new(provenance)));
        }
        self.focus_on(Pane::Editor);
        let told = if astray {
            "brought back as an unsaved draft; ctrl+s saves it"
        } else {
            "brought back; ctrl+s saves it, ctrl+z shows what was saved"
        };
        let mut effects = self.tell(Weight::Good, told);
        effects.extend(self.find_parts());
        effects
    }

    /// Shows the document that unsaved text goes into; true when that has no file. Where the file
    /// is open with other text that is not saved, this one stays apart.
    fn show_restored(&mut self, id: Uuid, file: Option<OpenedDraft>) -> bool {
        let open = file.as_ref().and_then(|file| self.editor.at(&file.path));
        let open = open.map(|open| (open.id, open.has_unsaved_text()));
        let file = file.filter(|_| open.is_none_or(|(_, unsaved)| !unsaved));
        let astray = file.is_none();
        self.editor.show(match file {
            Some(file) => OpenDocument::of(file, id),
            None => OpenDocument::blank(id),
        });
        if let Some((saved, false)) = open {
            let fresh = self.fresh_id();
            self.editor.close(saved, fresh);
        }
        astray
    }

    /// Asks for the versions of the draft.
    pub(super) fn list_versions(&self) -> Vec<Effect> {
        vec![Effect::LoadVersions(self.editor.draft_key())]
    }

    pub(super) fn on_versions(
        &mut self,
        draft: String,
        versions: Vec<VersionHeadline>,
    ) -> Vec<Effect> {
        if draft != self.editor.draft_key() {
            return Vec::new();
        }
        let what = self.editor.word();
        if versions.is_empty() {
            return self.tell(
                Weight::Note,
                format!("this {what} has no versions yet; saving makes one"),
            );
        }
        self.dialogs.push(Dialog::Timeline(Timeline {
            draft,
            versions,
            cursor: 0,
        }));
        Vec::new()
    }

    /// A choice in the box of versions.
    pub(super) fn on_timeline(&mut self, choice: Choice) -> Vec<Effect> {
        let Some(Dialog::Timeline(timeline)) = self.dialogs.last() else {
            return Vec::new();
        };
        let purpose = match choice {
            Choice::Restore => VersionPurpose::Restore,
            Choice::Compare => VersionPurpose::Compare,
            Choice::Later => {
                self.dialogs.pop();
                return Vec::new();
            }
        };
        let id = timeline
            .versions
            .get(timeline.cursor)
            .map(|version| version.id);
        id.map(|id| Effect::LoadVersion { id, purpose })
            .into_iter()
            .collect()
    }

    /// A version was read, for the box that is still open.
    pub(super) fn on_version(
        &mut self,
        id: VersionId,
        text: &str,
        purpose: VersionPurpose,
    ) -> Vec<Effect> {
        let Some(Dialog::Timeline(timeline)) = self.dialogs.last() else {
            return Vec::new();
        };
        let mine = timeline.draft == self.editor.draft_key()
            && timeline.versions.iter().any(|version| version.id == id);
        if !mine {
            return Vec::new();
        }
        if purpose == VersionPurpose::Compare {
            let hunks = diff::changes(&self.editor.document.text(), text);
            self.show_comparison("Now → this version".to_owned(), hunks);
            return Vec::new();
        }
        if self.editor.read_only().is_some() {
            return self.refuse_to_edit();
        }
        self.dialogs.pop();
        let mut effects = self.checkpoint(Cause::Edit);
        let document = &mut self.editor.document;
        document.replace(0..document.len(), text, self.now.0);
        document.stand_at(0);
        effects.extend(self.checkpoint(Cause::Restore));
        self.editor.tab = super::editor::Tab::Draft;
        self.focus_on(Pane::Editor);
        effects.extend(self.tell(
            Weight::Good,
            "restored; ctrl+s saves it, ctrl+z takes it back",
        ));
        effects
    }

    /// A version of the document that is shown, as it is now; none of an empty one.
    pub(super) fn checkpoint(&mut self, cause: Cause) -> Vec<Effect> {
        self.editor.checkpoint(cause)
    }

    pub(super) fn show_comparison(&mut self, title: String, hunks: Vec<diff::Hunk>) {
        let comparison = Comparison::new(title, hunks);
        self.dialogs.push(Dialog::Comparison(comparison));
    }

    /// A name for a new draft and its unsaved text.
    pub(super) fn fresh_id(&mut self) -> Uuid {
        self.next_run().0
    }
}
