//! What the other template of an A/B asks for beyond the brief of the form.
//!
//! Owns the box of those fields, which are filled in as those of a form are. What is typed there
//! goes into the other template only.

use super::super::dialog::Outcome;
use super::super::form::{Field, Form};
use super::super::key::{Code, Key};
use crate::domain::brief::Brief;
use crate::domain::template::{InputKind, Template};
use std::sync::Arc;

/// The box.
#[derive(Debug)]
pub struct Lacking {
    /// The title of the other template.
    pub title: String,
    /// Its fields that the brief says nothing of.
    pub form: Form,
    /// What was cut or copied in it.
    clipboard: String,
}

impl Lacking {
    /// The box for what `rival` asks for beyond a brief that the form of `own` makes.
    pub(super) fn new(own: &Template, rival: &Template, brief: &Brief) -> Self {
        let missing: Vec<&str> = (rival.missing(brief).iter())
            .map(|input| input.name.as_str())
            .collect();
        let mut asking = rival.clone();
        asking.inputs.retain(|input| {
            let is_own = own.inputs.iter().any(|own| own.name == input.name);
            let is_open = brief.get(&input.name).is_none() && !is_own && !input.takes_a_path();
            is_open || missing.contains(&input.name.as_str())
        });
        Self {
            title: rival.title.clone(),
            form: Form::new(Arc::new(asking), &Brief::default()),
            clipboard: String::new(),
        }
    }

    /// Takes a key.
    pub(in crate::app) fn key(&mut self, key: Key) -> Outcome {
        let form = &mut self.form;
        let field = form.focused();
        let is_tall = field.is_some_and(|field| field.input.kind == InputKind::Text);
        let picks = field.is_some_and(Field::has_options);
        let marks = field.is_some_and(Field::takes_several);
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Char('g') if key.ctrl => return self.filled_in(),
            Code::Enter if !is_tall => return self.filled_in(),
            Code::Tab if key.shift => form.previous(),
            Code::Tab => form.next(),
            Code::Up if !is_tall => form.previous(),
            Code::Down if !is_tall => form.next(),
            Code::Left if picks => form.pick(-1),
            Code::Right if picks => form.pick(1),
            Code::Char(' ') if picks && !marks => form.pick(1),
            _ => {
                form.key(key, &mut self.clipboard, 0);
            }
        }
        Outcome::Stay
    }

    /// Pastes into the focused field.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.form.paste(text);
    }

    /// What is filled in, if nothing is wrong with it; else the first field that is has the cursor.
    fn filled_in(&mut self) -> Outcome {
        if self.form.check().is_empty() {
            Outcome::Lacking(self.form.brief())
        } else {
            Outcome::Stay
        }
    }
}
