//! What was said, on its way to where it was said for: the place is that of the moment when the
//! program began to listen, wherever the person has gone since.
//!
//! Never writes where nobody asked for it; what finds no place is copied.

use crate::app::dialog::Dialog;
use crate::app::editor::Tab;
use crate::app::effect::Effect;
use crate::app::form::Content;
use crate::app::{App, Pane, Weight};
use crate::domain::text::stored;
use std::mem::{Discriminant, discriminant};
use uuid::Uuid;

/// Where what is said goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// To the cursor of this document.
    Document(Uuid),
    /// To the cursor of the prompt that was taken over from this template.
    Prompt(String),
    /// To the cursor of the question about this document.
    Question(Uuid),
    /// To the cursor of a field: of which template, by its input.
    Field(String, String),
    /// To the line that is typed in a box of this kind.
    Box(Discriminant<Dialog>),
}

impl App {
    /// The place that has the keys, and what it is called.
    pub(super) fn place_of_words(&self) -> Option<(String, Place)> {
        if let Some(dialog) = self.dialogs.last() {
            let place = Place::Box(discriminant(dialog));
            return dialog
                .takes_words()
                .then(|| ("the open box".to_owned(), place));
        }
        let form = self.form.as_ref();
        let template = form.map(|form| form.template.name.clone());
        match self.focus {
            Pane::Editor if self.editor.tab == Tab::Draft => {
                let open = &self.editor.open;
                let title = if open.is_blank() {
                    "a new draft".to_owned()
                } else {
                    open.title()
                };
                Some((title, Place::Document(open.id)))
            }
            Pane::Editor => {
                self.editor.detached.as_ref()?;
                Some(("Prompt".to_owned(), Place::Prompt(template?)))
            }
            Pane::Template => {
                let field = form?.focused()?;
                let Content::Text(_) = field.content else {
                    return None;
                };
                let place = Place::Field(template?, field.input.name.clone());
                Some((field.input.label.clone(), place))
            }
            Pane::Output if self.is_writing_question() => {
                let place = Place::Question(self.editor.id);
                Some(("a question".to_owned(), place))
            }
            Pane::Output => None,
        }
    }

    /// Puts what was said where it belongs.
    pub(super) fn take_down(&mut self, place: &Place, said: &str) -> Vec<Effect> {
        let said = stored(said.trim()).into_owned();
        if said.is_empty() {
            return self.tell(Weight::Note, "nothing was said");
        }
        if let Place::Box(kind) = place
            && self.dialogs.last().map(discriminant) == Some(*kind)
        {
            self.notice = None;
            return self.on_paste(&said);
        }
        if !self.put_words(place, &said) {
            self.editor.clipboard.clone_from(&said);
            let what = "its place is gone: what you said";
            return vec![Effect::CopyAs { text: said, what }];
        }
        let elsewhere = self
            .place_of_words()
            .is_none_or(|(_, focused)| focused != *place);
        if elsewhere {
            return self.tell(Weight::Good, "what you said is in its place");
        }
        // What told of listening is no longer true.
        self.notice = None;
        Vec::new()
    }

    fn put_words(&mut self, place: &Place, said: &str) -> bool {
        let now = self.now.0;
        let form = self.form.as_mut();
        match place {
            Place::Document(id) => {
                let open = self.editor.get_mut(*id);
                let Some(open) = open.filter(|open| open.read_only().is_none()) else {
                    return false;
                };
                open.document.put_words(said, now);
            }
            Place::Prompt(template) => {
                let here = form.is_some_and(|form| form.template.name == *template);
                let taken = if here {
                    self.editor.detached.as_mut()
                } else {
                    self.prompts.get_mut(template)
                };
                let Some(taken) = taken else {
                    return false;
                };
                taken.document.put_words(said, now);
            }
            // Another box, or none, is in front by now.
            Place::Box(_) => return false,
            Place::Question(draft) => return self.put_words_into_question(*draft, said),
            Place::Field(template, input) => {
                let form = form.filter(|form| form.template.name == *template);
                if !form.is_some_and(|form| form.put_words(input, said, now)) {
                    return false;
                }
                self.refresh_preview();
                self.refresh_filling();
            }
        }
        true
    }

    /// Goes to where what is said will go.
    pub(super) fn go_to_words(&mut self, place: &Place) -> Vec<Effect> {
        let mut effects = Vec::new();
        match place {
            Place::Document(id) => {
                if *id != self.editor.id && self.editor.get(*id).is_some() {
                    effects.extend(self.show_open(*id));
                }
                self.show_tab(Tab::Draft);
                self.focus_on(Pane::Editor);
            }
            Place::Question(id) => {
                if *id != self.editor.id && self.editor.get(*id).is_some() {
                    effects.extend(self.show_open(*id));
                }
                effects.extend(self.ask());
            }
            Place::Prompt(_) => {
                self.show_tab(Tab::Prompt);
                self.focus_on(Pane::Editor);
            }
            Place::Field(..) => self.focus_on(Pane::Template),
            // The box closed when that of the work under way was opened, or lies below it.
            Place::Box(_) => {}
        }
        effects
    }
}
