//! The form of one template: a field for each input, and the brief they make.

pub mod earlier;
mod lent;
pub mod named;
pub mod paths;
mod spoken;
mod whole;

use super::field::{Lines, TextEntry, Typed};
use super::key::{Code, Key};
use super::picked::Picked;
use crate::domain::attachment::{Named, Sight};
use crate::domain::brief::{Brief, Value};
use crate::domain::template::{Input, InputKind, Template};
use std::sync::Arc;

/// What is wrong with a field that is empty.
const NEEDED: &str = "needed";

/// What a field holds.
#[derive(Debug, Clone)]
pub enum Content {
    /// Typed text: one line, several, or a number.
    Text(Box<TextEntry>),
    /// Index into the options of a choice.
    Choice(usize),
    /// Several of a list.
    Choices(Picked),
    /// On or off.
    Toggle(bool),
}

/// One input on screen.
#[derive(Debug, Clone)]
pub struct Field {
    /// The input it stands for.
    pub input: Input,
    /// What it holds.
    pub content: Content,
    /// What is wrong with it, once somebody tried to send it or left it.
    pub problem: Option<String>,
    /// What the file was when it was looked at last, if the value is a path.
    pub(super) sight: Option<(Named, Result<Sight, String>)>,
    /// How far back `earlier values` has gone.
    recalled: usize,
}

impl Field {
    fn new(input: &Input, value: Option<&Value>) -> Self {
        let mut field = Self {
            input: input.clone(),
            content: Content::Toggle(false),
            problem: None,
            sight: None,
            recalled: 0,
        };
        let settled = input.settled(None);
        field.set(value.or(settled.as_ref()));
        field
    }

    fn set(&mut self, value: Option<&Value>) {
        let text = value.map(ToString::to_string).unwrap_or_default();
        self.problem = None;
        if let Content::Text(entry) = &mut self.content {
            // What stood there can be brought back like anything that was typed.
            entry.replace(&text);
            return;
        }
        self.content = match &self.input.kind {
            InputKind::Line
            | InputKind::Number { .. }
            | InputKind::Date
            | InputKind::Image
            | InputKind::File => Content::Text(Box::new(TextEntry::new(&text, Lines::One))),
            InputKind::Choices { options } => Content::Choices(Picked::new(options, value)),
            InputKind::Text => Content::Text(Box::new(TextEntry::new(&text, Lines::Many))),
            InputKind::Choice { options } => Content::Choice(
                options
                    .iter()
                    .position(|option| *option == text)
                    .unwrap_or(0),
            ),
            InputKind::Toggle => Content::Toggle(matches!(value, Some(Value::Toggle(true)))),
        };
    }

    /// The options of a choice.
    pub fn options(&self) -> &[String] {
        match &self.input.kind {
            InputKind::Choice { options } => options,
            _ => &[],
        }
    }

    /// True when left and right pick instead of moving a cursor.
    pub const fn has_options(&self) -> bool {
        !matches!(self.content, Content::Text(_))
    }

    /// True when space marks the option under the cursor.
    pub const fn takes_several(&self) -> bool {
        matches!(self.content, Content::Choices(_))
    }

    /// True when `up` has no line to go to.
    pub fn is_one_line_or_empty(&self) -> bool {
        match &self.content {
            Content::Text(entry) => entry.lines() == Lines::One || entry.is_empty(),
            _ => true,
        }
    }

    /// The value entered; `None` for an empty field.
    pub fn value(&self) -> Option<Value> {
        match &self.content {
            Content::Toggle(on) => Some(Value::Toggle(*on)),
            Content::Choice(index) => self.options().get(*index).cloned().map(Value::Text),
            Content::Choices(picked) => Some(picked.value()),
            Content::Text(entry) => {
                let text = entry.text();
                if text.trim().is_empty() {
                    return None;
                }
                Some(self.input.value_from(&text).unwrap_or(Value::Text(text)))
            }
        }
    }

    fn check(&mut self) {
        self.write_day_out();
        let problem = self
            .complaint()
            .or_else(|| self.sight()?.as_ref().err().cloned());
        self.problem = problem.or_else(|| self.is_missing().then(|| NEEDED.to_owned()));
    }

    /// The file that its value names.
    pub(super) fn named(&self) -> Option<Named> {
        if !self.input.takes_a_path() {
            return None;
        }
        Named::by(&self.input.name, &self.input.kind, self.value().as_ref())
    }

    /// What a file is, if it was looked at.
    pub(super) fn sight_of(&self, named: &Named) -> Option<&Result<Sight, String>> {
        let sight = self.sight.as_ref().filter(|(seen, _)| seen == named);
        sight.map(|(_, sight)| sight)
    }

    /// What the file is that its value names, as far as that is known.
    pub fn sight(&self) -> Option<&Result<Sight, String>> {
        self.sight_of(&self.named()?)
    }

    /// Name and kind of the image that goes along.
    pub fn image(&self) -> Option<(String, &str)> {
        let named = self
            .named()
            .filter(|_| self.input.kind == InputKind::Image)?;
        let told = match self.sight_of(&named) {
            Some(Ok(sight)) => sight.told.as_str(),
            Some(Err(_)) => "cannot be used",
            None => "",
        };
        Some((named.file_name().to_owned(), told))
    }

    /// True when it is needed and empty.
    pub fn is_missing(&self) -> bool {
        self.input.required
            && match &self.content {
                Content::Text(entry) => entry.is_blank(),
                _ => self.value().is_none_or(|value| value.is_blank()),
            }
    }
}

/// A template being filled in.
#[derive(Debug, Clone)]
pub struct Form {
    /// The template.
    pub template: Arc<Template>,
    /// Its fields, in order.
    pub fields: Vec<Field>,
    /// The field with the cursor.
    focus: usize,
    /// The first field shown, while the wheel has taken the form from its cursor.
    pub first: Option<usize>,
    /// The focused field has the whole pane.
    pub full: bool,
    /// The fields as they were before all of them changed at once.
    before: Option<Vec<Field>>,
    /// The field that the external editor has.
    lent: Option<lent::Lent>,
    /// The brief that it was filled from.
    held: Option<named::Held>,
}

impl Form {
    /// A form with `brief` filled in, defaults elsewhere.
    pub fn new(template: Arc<Template>, brief: &Brief) -> Self {
        let fields = template
            .inputs
            .iter()
            .map(|input| Field::new(input, brief.get(&input.name)))
            .collect();
        Self {
            template,
            fields,
            focus: 0,
            first: None,
            full: false,
            before: None,
            lent: None,
            held: None,
        }
    }

    /// The focused field; `None` in the form of a template without inputs.
    pub fn focused(&self) -> Option<&Field> {
        self.fields.get(self.focus)
    }

    /// Index of the focused field.
    pub const fn focus(&self) -> usize {
        self.focus
    }

    /// The values entered. An emptied field is empty, whatever its default.
    pub fn brief(&self) -> Brief {
        let blank = || Value::Text(String::new());
        let values = self.fields.iter().map(|field| {
            let value = field.value().unwrap_or_else(blank);
            (field.input.name.clone(), value)
        });
        self.template.settled(&values.collect())
    }

    /// Moves the cursor to a field, checking the one it leaves.
    pub fn focus_on(&mut self, index: usize) {
        if let Some(field) = self
            .fields
            .get_mut(self.focus)
            .filter(|_| index != self.focus)
            && (!field.is_one_line_or_empty() || field.value().is_some())
        {
            field.check();
        }
        self.full &= index == self.focus;
        self.focus = index.min(self.fields.len().saturating_sub(1));
    }

    /// To the next field, round to the first.
    pub fn next(&mut self) {
        let next = if self.focus + 1 < self.fields.len() {
            self.focus + 1
        } else {
            0
        };
        self.focus_on(next);
    }

    /// To the previous field, round to the last.
    pub fn previous(&mut self) {
        self.focus_on(
            self.focus
                .checked_sub(1)
                .unwrap_or(self.fields.len().saturating_sub(1)),
        );
    }

    /// Picks the option `step` further on.
    pub fn pick(&mut self, step: isize) {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return;
        };
        let count = field.options().len();
        match &mut field.content {
            Content::Toggle(on) => *on = !*on,
            Content::Choices(picked) => picked.step(step),
            Content::Choice(index) if count > 0 => {
                *index = index.checked_add_signed(step).unwrap_or(count - 1) % count;
            }
            _ => {}
        }
    }

    /// The focused field back to its default.
    pub fn reset(&mut self) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            let default = field.input.settled(None);
            field.set(default.as_ref());
        }
    }

    /// The focused field to a value that it had before, newest first.
    pub fn recall(&mut self, values: &[Value]) {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return;
        };
        let current = field.value();
        let start = field.recalled;
        let found = values
            .iter()
            .enumerate()
            .skip(start)
            .find(|(_, value)| Some(*value) != current.as_ref());
        if let Some((index, value)) = found {
            field.set(Some(value));
            field.recalled = index + 1;
        } else {
            field.recalled = 0;
        }
    }

    /// The focused field to this value.
    pub(super) fn fill(&mut self, value: &Value) {
        if let Some(field) = self.fields.get_mut(self.focus) {
            field.set(Some(value));
        }
    }

    /// Gives a key to the focused field, at a time in milliseconds.
    pub fn key(&mut self, key: Key, clipboard: &mut String, at: u64) -> Typed {
        let Some(field) = self.fields.get_mut(self.focus) else {
            return Typed::Nothing;
        };
        let days = field.days(key);
        self.before = None;
        match (&mut field.content, days) {
            (Content::Text(entry), Some(moved)) => {
                field.problem = None;
                entry.replace(&moved);
                Typed::Text
            }
            (Content::Text(entry), None) => {
                field.problem = None;
                entry.key_with(key, clipboard, at)
            }
            (Content::Choices(picked), _) if key == Key::plain(Code::Char(' ')) => {
                field.problem = None;
                picked.toggle();
                Typed::Text
            }
            _ => Typed::Nothing,
        }
    }

    /// The text entry of a field that has one.
    pub fn entry_mut(&mut self, index: usize) -> Option<&mut TextEntry> {
        match &mut self.fields.get_mut(index)?.content {
            Content::Text(entry) => Some(entry),
            _ => None,
        }
    }

    /// The text that is selected in the focused field, if any.
    pub fn selected_text(&self) -> Option<String> {
        match &self.focused()?.content {
            Content::Text(entry) => entry.selected_text(),
            _ => None,
        }
    }

    /// Pastes into the focused field.
    pub fn paste(&mut self, text: &str) {
        if let Some(Field {
            content: Content::Text(entry),
            problem,
            ..
        }) = self.fields.get_mut(self.focus)
        {
            *problem = None;
            self.before = None;
            entry.insert(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untouched_form_makes_the_brief_of_a_run_without_values() {
        let source = "---\ninputs:\n  a: {default: x}\n  b: {type: choice, options: [p, q]}\n  \
                      c: {type: toggle}\n  d: {type: number}\n---\n{{ a }}{{ b }}{{ c }}{{ d }}";
        let template = Arc::new(Template::parse("t", "t.md", source).unwrap());
        let nothing = Brief::default();
        let form = Form::new(template.clone(), &nothing);
        assert_eq!(form.brief(), template.settled(&nothing));
        let again = Form::new(template.clone(), &form.brief());
        assert_eq!(again.brief(), form.brief());
    }

    #[test]
    fn an_emptied_field_is_empty_and_stays_so() {
        let source = "---\ninputs:\n  words: {type: number, default: 800}\n---\n{{ words }}";
        let template = Arc::new(Template::parse("t", "t.md", source).unwrap());
        let mut form = Form::new(template.clone(), &Brief::default());
        for _ in 0..3 {
            form.key("backspace".parse().unwrap(), &mut String::new(), 0);
        }
        let blank = Value::Text(String::new());
        assert_eq!(form.brief().get("words"), Some(&blank));
        let again = Form::new(template, &form.brief());
        assert_eq!(again.brief().get("words"), Some(&blank));
        form.reset();
        assert_eq!(form.brief().get("words"), Some(&Value::Number(800.0)));
    }

    fn pressed(form: &mut Form, keys: &[&str]) {
        for key in keys {
            form.key(key.parse().unwrap(), &mut String::new(), 0);
        }
    }

    #[test]
    fn space_marks_several_and_their_order_is_that_of_the_options() {
        let source = "---\ninputs:\n  nets: {type: choices, options: [a, b, c], required: true}\n---\n{{ nets | join }}";
        let template = Arc::new(Template::parse("t", "t.md", source).unwrap());
        let mut form = Form::new(template.clone(), &Brief::default());
        assert_eq!(form.check(), ["Nets (needed)"]);
        form.pick(-1);
        pressed(&mut form, &["space"]);
        form.pick(1);
        pressed(&mut form, &["space"]);
        let both = Value::List(vec!["a".into(), "c".into()]);
        assert_eq!(form.brief().get("nets"), Some(&both));
        assert_eq!(form.check(), Vec::<String>::new());
        let again = Form::new(template, &form.brief());
        assert_eq!(again.brief(), form.brief());
        pressed(&mut form, &["space"]);
        assert_eq!(
            form.brief().get("nets"),
            Some(&Value::List(vec!["c".into()]))
        );
    }
}
