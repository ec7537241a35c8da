//! Filling in a form: it opens, its fields take keys, and what they hold can be undone.

use super::command::Command;
use super::editor::Tab;
use super::effect::Effect;
use super::field::Typed;
use super::form::{Content, Form};
use super::key::{Code, Key};
use super::msg::Purpose;
use super::{App, Awaited, Pane, Weight, versioned};
use crate::domain::document::Edit;
use crate::domain::template::{InputKind, Template};
use crate::store::items::Item;
use std::sync::Arc;

impl App {
    pub(super) fn in_form(&mut self, command: Command) -> Vec<Effect> {
        let Some(form) = self.form.as_mut() else {
            return self.tell(Weight::Note, "open the form of a template first");
        };
        let mut effects = Vec::new();
        match command {
            Command::EarlierValues => return self.open_earlier(),
            Command::CompletePath => return self.open_paths(),
            Command::CopyBrief => return self.copy_brief(),
            Command::FieldInFull => return self.field_in_full(),
            Command::NamedBriefs => return self.open_named_briefs(),
            Command::ResetForm | Command::ClearForm => effects = self.start_over(command),
            Command::ClearField => form.clear(),
            Command::NextField => form.next(),
            Command::PreviousField => form.previous(),
            Command::NextOption => form.pick(1),
            Command::PreviousOption => form.pick(-1),
            Command::ResetField => form.reset(),
            _ => {
                let past = self.past.get(&form.template.name);
                let input = form.focused().map(|field| field.input.name.clone());
                let values = past
                    .zip(input)
                    .and_then(|(past, input)| past.values.get(&input));
                form.recall(values.map_or(&[][..], Vec::as_slice));
            }
        }
        self.refresh_preview();
        self.refresh_filling();
        effects
    }

    /// True when one pane has the whole screen.
    pub fn is_zoomed(&self) -> bool {
        self.zoomed || self.has_field_in_full()
    }

    /// True when one field has the whole screen.
    pub fn has_field_in_full(&self) -> bool {
        self.focus == Pane::Template && self.form.as_ref().is_some_and(|form| form.full)
    }

    /// Takes the screen back from a field; false when none has it.
    pub(super) fn leave_field_in_full(&mut self) -> bool {
        let had = self.has_field_in_full();
        if let Some(form) = self.form.as_mut().filter(|_| had) {
            form.full = false;
        }
        had
    }

    /// Gives the focused field the whole screen, or takes it back.
    fn field_in_full(&mut self) -> Vec<Effect> {
        let Some(form) = self.form.as_mut() else {
            return Vec::new();
        };
        let written = form
            .focused()
            .is_some_and(|field| matches!(field.content, Content::Text(_)));
        if !form.full && !written {
            return self.tell(Weight::Note, "there is nothing to write in this field");
        }
        form.full = !form.full;
        self.focus_on(Pane::Template);
        Vec::new()
    }

    /// A key for the focused field. What is cut goes to the clipboard of the whole studio.
    pub(super) fn on_form_key(&mut self, key: Key) -> Vec<Effect> {
        let Some(form) = self.form.as_mut() else {
            return Vec::new();
        };
        let tall = form
            .focused()
            .is_some_and(|field| field.input.kind == InputKind::Text);
        if key.code == Code::Enter && !tall {
            form.next();
            return Vec::new();
        }
        let clipboard = &mut self.editor.clipboard;
        let typed = form.key(key, clipboard, self.now.0);
        if typed != Typed::Nothing {
            self.refresh_preview();
            self.refresh_filling();
        }
        let cut = (typed == Typed::Cut).then(|| Effect::Cut(self.editor.clipboard.clone()));
        cut.into_iter().collect()
    }

    pub(super) fn on_template(
        &mut self,
        name: String,
        result: Result<Arc<Template>, String>,
        purpose: Purpose,
    ) -> Vec<Effect> {
        match (purpose, result) {
            (Purpose::Preview, result) => {
                let version = self.version_if_changed(&name, &result);
                let mut told = self.tell_of_changed_form(&name, &result);
                told.extend(version);
                // A late answer does not take the place of one about the highlighted row.
                let item = Item::Template(name.clone());
                if self
                    .browser
                    .highlighted()
                    .is_some_and(|row| row.item == item)
                {
                    self.browser.preview = Some((name, result));
                }
                told
            }
            (Purpose::Form, Ok(template)) => {
                let version = versioned::version(&template);
                self.leave_form();
                self.editor.detached = self.prompts.remove(&name);
                let past = self.past.get_mut(&name);
                let (last, prompt) =
                    past.map_or((None, None), |past| (past.last.clone(), past.prompt.take()));
                self.form = Some(Form::new(template, &last.unwrap_or_default()));
                self.refresh_preview();
                let mut effects = match prompt.filter(|_| self.editor.detached.is_none()) {
                    Some(prompt) => self.bring_prompt_back(&prompt),
                    None => Vec::new(),
                };
                self.form_is_known();
                effects.extend(version);
                effects.extend(self.stop_waiting(Awaited::Form));
                effects
            }
            // Whoever rewrites parts or asks takes its own.
            (Purpose::Refine | Purpose::Ask, _) => Vec::new(),
            (Purpose::Form, Err(problem)) => {
                // Keys meant for the form must not act on the list.
                self.typed_ahead.clear();
                self.stop_waiting(Awaited::Form);
                self.tell(Weight::Bad, problem)
            }
        }
    }

    pub(super) fn undo_or_redo(&mut self, command: Command) -> Vec<Effect> {
        let code = if command == Command::Undo { 'z' } else { 'y' };
        if let (Pane::Template, Some(form)) = (self.focus, self.form.as_mut()) {
            if command == Command::Undo && form.take_back() {
                self.refresh_preview();
                self.refresh_filling();
                return Vec::new();
            }
            let key = Key {
                ctrl: true,
                ..Key::plain(Code::Char(code))
            };
            form.key(key, &mut self.editor.clipboard, self.now.0);
            self.refresh_preview();
        } else {
            if self.editor.written().is_none() {
                self.editor.tab = Tab::Draft;
            }
            if self.is_locked() {
                return self.refuse_to_edit();
            }
            let edit = if command == Command::Undo {
                Edit::Undo
            } else {
                Edit::Redo
            };
            if let Some(document) = self.editor.written() {
                document.apply(edit, self.now.0);
            }
        }
        Vec::new()
    }
}
