//! What is said of a field while it is typed: what does not fit, and the days next to a date.
//!
//! Judges values by the rules of their input. Never changes a field.

use super::form::{Content, Field};
use super::key::{Code, Key};
use crate::domain::brief::Value;
use crate::domain::template::{InputKind, date_after, date_in_words};

impl Field {
    /// What is wrong with what is typed so far. An empty field is not wrong yet.
    pub fn complaint(&self) -> Option<String> {
        // A long text that may be anything is not copied on every frame.
        let anything = self.input.kind == InputKind::Text && !self.input.has_limits();
        match &self.content {
            Content::Text(entry) if !anything => {
                let text = entry.text();
                let typed = !text.trim().is_empty();
                typed.then(|| self.input.value_from(&text).err()).flatten()
            }
            _ => None,
        }
    }

    /// The day in the field, with its weekday.
    pub fn day(&self) -> Option<String> {
        match &self.content {
            Content::Text(entry) if self.input.kind == InputKind::Date => {
                let value = self.input.value_from(&entry.text()).ok()?;
                date_in_words(&value.to_string())
            }
            _ => None,
        }
    }

    /// Has the day as it will be sent in place of a word for it.
    pub(super) fn write_day_out(&mut self) {
        if let Content::Text(entry) = &mut self.content
            && self.input.kind == InputKind::Date
            && let Ok(Value::Text(day)) = self.input.value_from(&entry.text())
            && !day.is_empty()
            && day != entry.text()
        {
            entry.replace(&day);
        }
    }

    /// The day that a key leads to from the one in the field: `+` the next, `-` the one before.
    /// Only a whole date: in one that is being typed, they are signs like others.
    pub(super) fn days(&self, key: Key) -> Option<String> {
        let step = match key.code {
            Code::Char('+') if !key.ctrl && !key.alt => 1,
            Code::Char('-') if !key.ctrl && !key.alt => -1,
            _ => return None,
        };
        match &self.content {
            Content::Text(entry) if self.input.kind == InputKind::Date => {
                date_after(&entry.text(), step)
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::app::form::Form;
    use crate::domain::brief::Brief;
    use crate::domain::template::Template;
    use std::sync::Arc;

    fn pressed(form: &mut Form, keys: &[&str]) {
        for key in keys {
            form.key(key.parse().unwrap(), &mut String::new(), 0);
        }
    }

    #[test]
    fn a_date_is_judged_as_it_is_typed_and_moved_by_days_when_it_is_whole() {
        let source = "---\ninputs:\n  day: {type: date}\n---\n{{ day }}";
        let template = Arc::new(Template::parse("t", "t.md", source).unwrap());
        let mut form = Form::new(template, &Brief::default());
        assert_eq!(form.fields[0].complaint(), None);
        form.paste("2026-02-2");
        let told = form.fields[0].complaint().unwrap();
        assert_eq!(
            told,
            "`2026-02-2` is not a date such as 2026-11-24, today or +3d"
        );
        pressed(&mut form, &["8", "+"]);
        let day = |form: &Form| form.brief().get("day").unwrap().to_string();
        assert_eq!(
            (day(&form).as_str(), form.fields[0].complaint()),
            ("2026-03-01", None)
        );
        pressed(&mut form, &["-", "-"]);
        assert_eq!(day(&form), "2026-02-27");
        pressed(&mut form, &["ctrl+z"]);
        assert_eq!(day(&form), "2026-02-28");
    }
}
