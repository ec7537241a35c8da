//! All fields of a form together: what is wrong with them, and changing all of them at once.
//!
//! Owns how such a change is taken back. Never decides what a single field holds.

use super::{Content, Field, Form, NEEDED};
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::{App, Weight};
use crate::domain::attachment::Named;
use crate::domain::brief::{Brief, Value};
use crate::domain::template::Template;
use std::sync::Arc;

impl Form {
    /// The labels of fields that were found wrong and are not filled in since, and of those that
    /// are empty and needed.
    pub fn unfilled(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for field in &self.fields {
            let needed = field.is_missing().then(|| NEEDED.to_owned());
            if let Some(problem) = field.problem.clone().or(needed) {
                wrong.push(format!("{} ({problem})", field.input.label));
            }
        }
        wrong
    }

    /// Says at the fields of files why those cannot be used; the first of them gets the cursor.
    pub(in crate::app) fn blame(&mut self, wrong: impl Iterator<Item = (Named, String)>) {
        for (named, why) in wrong {
            let mut fields = self.fields.iter_mut();
            if let Some(field) = fields.find(|field| field.named().as_ref() == Some(&named)) {
                field.problem = Some(why.clone());
                field.sight = Some((named, Err(why)));
            }
        }
        let mut fields = self.fields.iter();
        if let Some(first) = fields.position(|field| field.problem.is_some()) {
            self.focus = first;
        }
    }

    /// Checks every field. The labels of those that are wrong; the first of them gets the cursor.
    pub fn check(&mut self) -> Vec<String> {
        for field in &mut self.fields {
            field.check();
        }
        let mut fields = self.fields.iter();
        if let Some(first) = fields.position(|field| field.problem.is_some()) {
            self.focus = first;
        }
        self.unfilled()
    }

    /// How many fields are needed and empty.
    pub fn missing(&self) -> usize {
        self.fields
            .iter()
            .filter(|field| field.is_missing())
            .count()
    }

    /// Every field to what `value` says of it, in one step that can be taken back.
    fn change_all(&mut self, value: impl Fn(&Field) -> Option<Value>) {
        self.before = Some(self.fields.clone());
        for field in &mut self.fields {
            let value = value(field);
            field.set(value.as_ref());
        }
    }

    /// Every field to the value of a brief, or its default.
    pub(in crate::app) fn take(&mut self, brief: &Brief) {
        self.change_all(|field| {
            let given = brief.get(&field.input.name).cloned();
            given.or_else(|| field.input.settled(None))
        });
    }

    /// Becomes the form of its template as that is now. Fields keep what they hold by their names,
    /// and what nobody changed is what the template says now.
    pub(in crate::app) fn follow(&mut self, template: Arc<Template>) {
        let kept = self.fields.iter().filter_map(|field| {
            let value = field.value();
            let as_given = value == field.input.settled(None);
            let blank = || Value::Text(String::new());
            (!as_given).then(|| (field.input.name.clone(), value.unwrap_or_else(blank)))
        });
        let mut next = Self::new(template, &kept.collect());
        let name = self.focused().map(|field| field.input.name.as_str());
        let same = next
            .fields
            .iter()
            .position(|field| Some(field.input.name.as_str()) == name);
        next.focus = same.unwrap_or(0);
        next.full = self.full && same.is_some();
        next.held = self.held.take();
        *self = next;
    }

    /// Takes back that all fields changed at once; false when they did not, or were typed in since.
    pub(in crate::app) fn take_back(&mut self) -> bool {
        let Some(before) = self.before.take() else {
            return false;
        };
        self.fields = before;
        true
    }

    /// Empties the focused field.
    pub(in crate::app) fn clear(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.set(None);
        }
    }

    /// Marks an option of a field that takes several, or takes its mark away.
    pub(in crate::app) fn mark(&mut self, index: usize, option: usize) {
        if let Some(field) = self.fields.get_mut(index)
            && let Content::Choices(picked) = &mut field.content
        {
            field.problem = None;
            self.before = None;
            picked.mark(option);
        }
    }
}

impl App {
    /// Every field back to its default, or empty.
    pub(in crate::app) fn start_over(&mut self, command: Command) -> Vec<Effect> {
        let Some(form) = self.form.as_mut() else {
            return Vec::new();
        };
        let told = if command == Command::ResetForm {
            form.take(&Brief::default());
            "every field is as the template has it; ctrl+z brings back what was there"
        } else {
            form.change_all(|_| None);
            "every field is empty; ctrl+z brings back what was there"
        };
        self.tell(Weight::Note, told)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::template::Template;
    use std::sync::Arc;

    #[test]
    fn all_fields_at_once_are_taken_back_until_one_is_typed_in() {
        let source = "---\ninputs:\n  a: {default: x}\n  n: {type: choices, options: [p, q], default: [q]}\n---\n{{ a }}{{ n | join }}";
        let template = Arc::new(Template::parse("t", "t.md", source).unwrap());
        let mut form = Form::new(template, &Brief::default());
        form.paste("yz");
        let filled = form.brief();
        form.change_all(|_| None);
        assert!(form.brief().iter().all(|(_, value)| value.is_blank()));
        assert!(form.take_back() && form.brief() == filled);
        form.take(&Brief::default());
        assert_eq!(form.brief().get("a"), Some(&Value::Text("x".to_owned())));
        form.paste("!");
        assert!(!form.take_back());
        form.clear();
        assert!(form.brief().get("a").is_some_and(Value::is_blank));
        form.key("ctrl+z".parse().unwrap(), &mut String::new(), 0);
        assert_eq!(form.brief().get("a"), Some(&Value::Text("x!".to_owned())));
    }
}
