//! The prompt of the open form, detached: edited by hand for the runs that follow.
//!
//! Only the user message is edited; the system message and the examples stay as rendered. Nothing
//! here is written into the template or the brief.

use super::dialog::{Answer, Confirm, Dialog};
use super::editor::Tab;
use super::effect::Effect;
use super::key::{Code, Key};
use super::{App, Pane, Weight};
use crate::domain::document::Document;

/// A user message that a person took over from the template.
#[derive(Debug, Clone)]
pub struct Detached {
    /// The message as it will be sent.
    pub document: Document,
    /// The message as it was rendered.
    rendered: String,
}

impl Detached {
    /// A message taken over as it was rendered.
    pub fn new(rendered: &str) -> Self {
        Self {
            document: Document::new(rendered),
            rendered: rendered.to_owned(),
        }
    }

    /// One that was edited already.
    pub fn edited(rendered: &str, text: &str, at: u64) -> Self {
        let mut taken = Self::new(rendered);
        let all = 0..taken.document.len();
        taken.document.replace(all, text, at);
        taken
    }

    /// True when it says something else than what was rendered.
    pub fn is_edited(&self) -> bool {
        self.document.text() != self.rendered
    }
}

impl App {
    /// A key in the Prompt tab. `None` when it is one for the tab itself: to type or to scroll.
    pub(super) fn on_prompt_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        if self.editor.tab != Tab::Prompt {
            return None;
        }
        match (key.code, self.editor.detached.is_some()) {
            (Code::Enter, false) => Some(self.detach()),
            (Code::Char('r'), true) if key.ctrl => Some(self.reattach()),
            _ => None,
        }
    }

    /// True when going back means leaving the edited prompt.
    pub(super) fn is_in_detached_prompt(&self) -> bool {
        self.focus == Pane::Editor
            && self.editor.tab == Tab::Prompt
            && self.editor.detached.is_some()
    }

    fn detach(&mut self) -> Vec<Effect> {
        let Some(Ok(rendered)) = &self.editor.preview else {
            return self.tell(Weight::Note, "there is no prompt to edit yet");
        };
        if rendered.spans.iter().any(|span| span.missing) {
            return self.tell(Weight::Note, "fill in what is missing before you edit");
        }
        self.editor.detached = Some(Detached::new(&rendered.prompt.user));
        let told = "edit the prompt and send it with ctrl+g; esc returns to the template's";
        self.tell(Weight::Note, told)
    }

    /// Back to the prompt as rendered; asks first when edits would be lost.
    pub(super) fn reattach(&mut self) -> Vec<Effect> {
        if self
            .editor
            .detached
            .as_ref()
            .is_some_and(Detached::is_edited)
        {
            self.dialogs.push(Dialog::Confirm(Confirm {
                question: "Throw your edits of the prompt away and return to the template's?"
                    .to_owned(),
                answers: vec![
                    ('c', "cancel", Answer::Cancel),
                    ('t', "throw them away", Answer::Reattach),
                ],
            }));
        } else {
            self.editor.detached = None;
        }
        Vec::new()
    }
}
