//! The text of a field while the external editor has it.
//!
//! Comes back to the field it was taken from. Never touches the draft.

use super::{Content, Form};
use crate::app::effect::Effect;
use crate::app::field::Lines;
use crate::app::{App, Pane, Weight};
use crate::domain::failure::Failure;
use uuid::Uuid;

/// What the external editor has.
#[derive(Debug, Clone)]
pub(super) struct Lent {
    id: Uuid,
    input: String,
    /// Whether the text ended with a line break, which editors add by themselves.
    ended: bool,
}

impl Form {
    /// True while the external editor has the text of a field.
    pub(in crate::app) const fn is_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// Name and text of the focused field, if it holds text.
    fn written(&self) -> Option<(String, String)> {
        let field = self.focused()?;
        match &field.content {
            Content::Text(entry) if !field.input.takes_a_path() => {
                Some((field.input.name.clone(), entry.text()))
            }
            _ => None,
        }
    }
}

impl App {
    /// Hands the text of the focused field to the external editor; `None` where no such field has
    /// the keys.
    pub(in crate::app) fn edit_field_externally(&mut self) -> Option<Vec<Effect>> {
        let form = self
            .form
            .as_ref()
            .filter(|_| self.focus == Pane::Template)?;
        let (input, text) = form.written()?;
        if form.lent.is_some() {
            return Some(self.tell(Weight::Note, "your editor has the text already"));
        }
        let draft = self.fresh_id();
        let name = format!("{input}.md");
        let lent = Lent {
            id: draft,
            ended: text.ends_with('\n'),
            input,
        };
        if let Some(form) = self.form.as_mut() {
            form.lent = Some(lent);
        }
        Some(vec![Effect::EditExternally { draft, name, text }])
    }

    /// Takes what the external editor made of a field; `None` when it had another text.
    pub(in crate::app) fn take_edited_field(
        &mut self,
        id: Uuid,
        result: &Result<String, Failure>,
    ) -> Option<Vec<Effect>> {
        let form = self.form.as_mut()?;
        let lent = form.lent.take_if(|lent| lent.id == id)?;
        let text = match result {
            Ok(text) => text,
            Err(failure) => return Some(self.fail(failure)),
        };
        let mut fields = form.fields.iter_mut();
        let field = fields.find(|field| field.input.name == lent.input)?;
        let Content::Text(entry) = &mut field.content else {
            return None;
        };
        let text = match text.strip_suffix('\n') {
            Some(bare) if !lent.ended || entry.lines() == Lines::One => bare,
            _ => text,
        };
        if entry.text() != text {
            field.problem = None;
            entry.replace(text);
        }
        self.refresh_preview();
        self.refresh_filling();
        Some(Vec::new())
    }
}
