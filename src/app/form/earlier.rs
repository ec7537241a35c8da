//! The list of what a field held before: newest first, narrowed while one types.
//!
//! Owns taking a value from it and letting go of one. What was given before comes from the journal.

use super::Field;
use crate::app::dialog::{Dialog, Outcome};
use crate::app::effect::{Effect, Keep};
use crate::app::filter::Subject;
use crate::app::filtered::Filtered;
use crate::app::key::{Code, Key};
use crate::app::{App, Weight};
use crate::domain::brief::Value;
use crate::domain::template::InputKind;

/// Most of a value that a filter looks through, in characters.
const LOOKED_THROUGH: usize = 400;

/// The box.
#[derive(Debug)]
pub struct Earlier {
    /// What the field is called.
    pub label: String,
    /// Places of the values that fit what is typed.
    pub list: Filtered<usize>,
    input: String,
    values: Vec<Value>,
    lines: Vec<String>,
}

/// What is to be done with a value.
#[derive(Debug, PartialEq)]
pub enum Wish {
    /// The field holds it.
    Take(Value),
    /// It is offered no more.
    Forget(Value),
}

// A number in a value is never NaN: whoever typed it was told.
impl Eq for Wish {}

impl Earlier {
    fn new(field: &Field, values: Vec<Value>) -> Self {
        Self {
            label: field.input.label.clone(),
            list: Filtered::new((0..values.len()).collect()),
            input: field.input.name.clone(),
            lines: values.iter().map(line).collect(),
            values,
        }
    }

    /// What the list shows of a value.
    pub fn line(&self, place: usize) -> &str {
        self.lines.get(place).map_or("", String::as_str)
    }

    /// Takes a key.
    pub(in crate::app) fn key(&mut self, key: Key) -> Outcome {
        let chosen = self.list.chosen();
        let chosen = chosen.and_then(|place| self.values.get(*place).cloned());
        match (key.code, chosen) {
            (Code::Esc, _) => return Outcome::Close,
            (Code::Enter, Some(value)) => return Outcome::Earlier(Wish::Take(value)),
            (Code::Char('x'), Some(value)) if key.ctrl => {
                return Outcome::Earlier(Wish::Forget(value));
            }
            (Code::Delete, Some(value)) => return Outcome::Earlier(Wish::Forget(value)),
            _ if self.list.key(key) => self.narrow(),
            _ => {}
        }
        Outcome::Stay
    }

    /// Pastes into what is typed.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.list.paste(text);
        self.narrow();
    }

    fn narrow(&mut self) {
        self.list.narrow_to(self.lines.iter().map(subject));
    }

    fn forget(&mut self, value: &Value) {
        if let Some(place) = self.values.iter().position(|known| known == value) {
            self.values.remove(place);
            self.lines.remove(place);
        }
        self.list.refresh_with(self.lines.iter().map(subject));
    }
}

/// What a value is found by.
fn subject(line: &String) -> Subject<'_> {
    Subject {
        title: line,
        names: "",
        text: line,
    }
}

/// A value as one line.
fn line(value: &Value) -> String {
    let text = value.to_string();
    let mut words = String::new();
    for word in text.split_whitespace() {
        if words.chars().count() > LOOKED_THROUGH {
            break;
        }
        if !words.is_empty() {
            words.push(' ');
        }
        words.push_str(word);
    }
    words
}

impl App {
    /// Shows what the focused field held before.
    pub(in crate::app) fn open_earlier(&mut self) -> Vec<Effect> {
        let Some((form, field)) = self
            .form
            .as_ref()
            .and_then(|form| Some((form, form.focused()?)))
        else {
            return Vec::new();
        };
        let past = self.past.get(&form.template.name);
        let values = past.and_then(|past| past.values.get(&field.input.name));
        // An option that is none any more cannot be picked; what was typed can be mended.
        let listed = matches!(
            field.input.kind,
            InputKind::Choice { .. } | InputKind::Choices { .. }
        );
        let fits =
            |value: &&Value| !value.is_blank() && (!listed || field.input.check(value).is_ok());
        let values: Vec<Value> = values.into_iter().flatten().filter(fits).cloned().collect();
        if values.is_empty() {
            let told = format!("{} held nothing before", field.input.label);
            return self.tell(Weight::Note, told);
        }
        let earlier = Earlier::new(field, values);
        self.dialogs.push(Dialog::Earlier(Box::new(earlier)));
        Vec::new()
    }

    /// Does what is wished with an earlier value.
    pub(in crate::app) fn on_earlier(&mut self, wish: Wish) -> Vec<Effect> {
        match wish {
            Wish::Take(value) => {
                self.dialogs.pop();
                if let Some(form) = self.form.as_mut() {
                    form.fill(&value);
                }
                self.refresh_preview();
                self.refresh_filling();
                Vec::new()
            }
            Wish::Forget(value) => self.forget(value),
        }
    }

    fn forget(&mut self, value: Value) -> Vec<Effect> {
        let template = self.form.as_ref().map(|form| form.template.name.clone());
        let (Some(Dialog::Earlier(earlier)), Some(template)) = (self.dialogs.last_mut(), template)
        else {
            return Vec::new();
        };
        earlier.forget(&value);
        let (input, none) = (earlier.input.clone(), earlier.values.is_empty());
        if none {
            self.dialogs.pop();
        }
        let past = self.past.get_mut(&template);
        if let Some(values) = past.and_then(|past| past.values.get_mut(&input)) {
            values.retain(|known| *known != value);
        }
        let mut effects = self.tell(Weight::Note, "this value is not offered any more");
        effects.push(Effect::Keep(Keep::Forget {
            template,
            input,
            value,
        }));
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::form::Form;
    use crate::domain::brief::Brief;
    use crate::domain::template::Template;
    use std::sync::Arc;

    #[test]
    fn a_value_is_found_by_its_words_and_one_that_is_forgotten_is_gone() {
        let template = Template::parse("t", "t.md", "{{ a }}").unwrap();
        let form = Form::new(Arc::new(template), &Brief::default());
        let text = |text: &str| Value::Text(text.to_owned());
        let values = vec![text("blue kettles"), text("red\nkettles"), text("tea")];
        let mut earlier = Earlier::new(form.focused().unwrap(), values);
        earlier.paste("kett");
        assert_eq!(earlier.list.rows, [0, 1]);
        assert_eq!(earlier.line(1), "red kettles");
        earlier.forget(&text("blue kettles"));
        let took = earlier.key("enter".parse().unwrap());
        assert_eq!(took, Outcome::Earlier(Wish::Take(text("red\nkettles"))));
    }
}
