//! What is filled in and not sent yet: the journal hears of it, and the form begins with it again.
//!
//! Owns when the journal is told. A form that nobody touched is nothing to remember.

use super::App;
use super::editor::Tab;
use super::effect::{Effect, Keep};
use super::msg::Msg;
use super::prompt::Detached;
use super::{Pane, Weight};
use crate::domain::brief::Brief;
use crate::domain::run::RunId;

/// A form as the journal knows it.
#[derive(Debug, PartialEq)]
pub(super) struct Filled {
    template: String,
    brief: Brief,
    prompt: Option<String>,
}

/// What was filled in and has led to no text.
#[derive(Debug, Default)]
pub(super) struct Unsent {
    /// Something was filled in since the form was opened or sent.
    touched: bool,
    /// Forms that were sent, and whose runs have brought no text yet.
    sent: Vec<(RunId, Filled)>,
}

impl App {
    /// Whether a fact may change what is filled in: looking costs more than a key may.
    pub(super) fn may_fill(&self, msg: &Msg) -> bool {
        let here = self.focus == Pane::Template || self.editor.tab == Tab::Prompt;
        let typed = matches!(
            msg,
            Msg::Key(_) | Msg::Paste(_) | Msg::Mouse(_) | Msg::Edited { .. }
        );
        // What was typed ahead counts with the fact that it waited for.
        let awaited = matches!(
            msg,
            Msg::Template { .. } | Msg::Library { .. } | Msg::Drafts(_) | Msg::Changed { .. }
        );
        awaited || typed && (here || !self.dialogs.is_empty()) && self.form.is_some()
    }

    /// What the journal has to hear about the open form since it was told last.
    pub(super) fn form_news(&mut self) -> Option<Effect> {
        let filled = self.filled()?;
        let told = self.told_form.as_ref()?;
        if told.template != filled.template || *told == filled {
            return None;
        }
        let keep = Keep::Form {
            template: filled.template.clone(),
            brief: filled.brief.clone(),
            prompt: filled.prompt.clone(),
        };
        self.told_form = Some(filled);
        self.unsent.touched = true;
        Some(Effect::Keep(keep))
    }

    /// What is filled in now is what the journal knows, or is told otherwise.
    pub(super) fn form_is_known(&mut self) {
        self.told_form = self.filled();
        self.unsent.touched = false;
    }

    /// The open form was sent. The journal keeps it until the run brings text.
    pub(super) fn form_went_out(&mut self, run: RunId) -> Vec<Effect> {
        let Some(filled) = self.filled() else {
            return Vec::new();
        };
        self.form_is_known();
        let (template, brief) = (filled.template.clone(), filled.brief.clone());
        let keep = Keep::Form {
            template: template.clone(),
            brief: brief.clone(),
            prompt: filled.prompt.clone(),
        };
        self.unsent.sent.push((run, filled));
        vec![
            Effect::Keep(keep),
            Effect::Keep(Keep::Brief { template, brief }),
        ]
    }

    /// Lets go of the form that a run was sent from, once there is text for it.
    pub(super) fn form_has_text(&mut self, run: RunId) -> Option<Effect> {
        if self.unsent.sent.is_empty() {
            return None;
        }
        // The text of any that went out together will do.
        let together = self.output.set_of(run)?;
        let mut sent = self.unsent.sent.iter();
        let place = sent.position(|(sent, _)| self.output.set_of(*sent) == Some(together))?;
        let mut variants = self.output.variants.iter();
        if !variants.any(|variant| variant.run == run && !variant.text.is_empty()) {
            return None;
        }
        let (_, filled) = self.unsent.sent.swap_remove(place);
        Some(Effect::Keep(Keep::Sent {
            template: filled.template,
            brief: filled.brief,
            prompt: filled.prompt,
        }))
    }

    /// A run ended, and its form stays as it is if no text came.
    pub(super) fn form_stays(&mut self, run: RunId) {
        if self
            .output
            .beside(run)
            .any(super::output::Variant::is_running)
        {
            return;
        }
        let before = self.unsent.sent.len();
        let together = self.output.set_of(run);
        let output = &self.output;
        let others = |(sent, _): &(RunId, Filled)| output.set_of(*sent) != together;
        self.unsent.sent.retain(others);
        self.unsent.touched |= self.unsent.sent.len() < before;
    }

    /// Whether something was filled in that has led to no text yet.
    pub(super) fn has_unsent_form(&self) -> bool {
        self.unsent.touched || !self.unsent.sent.is_empty()
    }

    /// A prompt that was edited by hand and not sent is back with its form.
    pub(super) fn bring_prompt_back(&mut self, text: &str) -> Vec<Effect> {
        let rendered = match &self.editor.preview {
            Some(Ok(rendered)) => rendered.prompt.user.as_str(),
            _ => "",
        };
        self.editor.detached = Some(Detached::edited(rendered, text, self.now.0));
        self.tell(
            Weight::Note,
            "the prompt you edited is back; esc in it returns to the template's",
        )
    }

    fn filled(&self) -> Option<Filled> {
        let form = self.form.as_ref()?;
        let taken = self.editor.detached.as_ref();
        Some(Filled {
            template: form.template.name.clone(),
            brief: form.brief(),
            prompt: taken
                .filter(|taken| taken.is_edited())
                .map(|taken| taken.document.text()),
        })
    }
}
