//! Inputs: the fields of a template's form, and what each of them accepts.
//!
//! Owns the rules for values. Never renders anything and never reads the front matter itself.

use super::day;
use super::limits::Limits;
use super::place::Place;
use crate::domain::brief::Value;
use jiff::civil::Date;

/// One field of a template's form.
#[derive(Debug, Clone, PartialEq)]
pub struct Input {
    /// The name the template text uses.
    pub name: String,
    /// What kind of value it takes.
    pub kind: InputKind,
    /// The name shown to people.
    pub label: String,
    /// One line of help; may be empty.
    pub help: String,
    /// The value when the input is not mentioned; a choice and a toggle always have one.
    pub default: Option<Value>,
    /// Whether the template makes no sense without it.
    pub required: bool,
    /// Whether piped text goes here.
    pub stdin: bool,
    /// Rows of the field on screen.
    pub rows: u16,
    /// How long a line or text may be, and what it has to look like.
    pub limits: Limits,
    /// The day that `today` means, once somebody has told.
    pub(crate) today: Option<Date>,
    pub(crate) place: Place,
}

/// What kind of value an input takes.
#[derive(Debug, Clone, PartialEq)]
pub enum InputKind {
    /// One line of text.
    Line,
    /// Several lines of text.
    Text,
    /// One of a list.
    Choice {
        /// What can be chosen, in order.
        options: Vec<String>,
    },
    /// Any number of a list.
    Choices {
        /// What can be chosen, in order.
        options: Vec<String>,
    },
    /// A day, as `2026-11-24`.
    Date,
    /// A number within bounds.
    Number {
        /// The smallest allowed.
        min: Option<f64>,
        /// The largest allowed.
        max: Option<f64>,
    },
    /// On or off.
    Toggle,
    /// An image that goes to the model beside the text; the value is the path of its file.
    Image,
    /// The text of a file; the value is its path until the prompt is rendered.
    File,
}

impl InputKind {
    /// The word for it in front matter.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Line => "line",
            Self::Text => "text",
            Self::Choice { .. } => "choice",
            Self::Choices { .. } => "choices",
            Self::Date => "date",
            Self::Number { .. } => "number",
            Self::Toggle => "toggle",
            Self::Image => "image",
            Self::File => "file",
        }
    }
}

impl Input {
    /// Whether the value is the path of a file.
    pub const fn takes_a_path(&self) -> bool {
        matches!(self.kind, InputKind::Image | InputKind::File)
    }

    /// A required line of text, as inferred from a name nobody declared.
    pub fn line(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            kind: InputKind::Line,
            label: label_of(name),
            help: String::new(),
            default: None,
            required: true,
            stdin: false,
            rows: 1,
            limits: Limits::default(),
            today: None,
            place: Place::START,
        }
    }

    /// Says why a value does not fit this input, if it does not.
    pub fn check(&self, value: &Value) -> Result<(), String> {
        match (&self.kind, value) {
            (InputKind::Line, Value::Text(text)) if text.contains(['\n', '\r']) => {
                Err("takes one line of text".to_owned())
            }
            (InputKind::Image, Value::Text(path)) if path.contains(['\n', '\r', '\0']) => {
                Err("takes the path of one file".to_owned())
            }
            (InputKind::Line | InputKind::Text, Value::Text(text)) => self.limits.check(text),
            (InputKind::Image | InputKind::File, Value::Text(_))
            | (InputKind::Toggle, Value::Toggle(_)) => Ok(()),
            (InputKind::Date, Value::Text(text)) => check_date(text),
            (InputKind::Date, _) => Err(no_date(&value.to_string())),
            (InputKind::Choices { options }, Value::List(chosen)) => {
                match chosen.iter().find(|one| !options.contains(one)) {
                    Some(odd) => Err(not_among(odd, options)),
                    None => Ok(()),
                }
            }
            (InputKind::Choice { options }, Value::Text(text)) if options.contains(text) => Ok(()),
            (InputKind::Choice { options } | InputKind::Choices { options }, _) => {
                Err(not_among(&value.to_string(), options))
            }
            (InputKind::Number { min, max }, Value::Number(number)) => {
                check_bounds(*number, *min, *max)
            }
            (InputKind::Image | InputKind::File, _) => Err("takes the path of a file".to_owned()),
            (InputKind::Line | InputKind::Text, _) => {
                Err("takes text; put it in quotes".to_owned())
            }
            (InputKind::Number { .. }, _) => Err(format!("`{value}` is not a number")),
            (InputKind::Toggle, _) => Err(format!("`{value}` is neither true nor false")),
        }
    }

    /// Reads a value from what a person typed into a field or after `-i name=`.
    pub fn value_from(&self, text: &str) -> Result<Value, String> {
        let value = match &self.kind {
            InputKind::Line => Value::Text(text.trim_end_matches(['\n', '\r']).to_owned()),
            InputKind::File if text.contains(['\n', '\r', '\0']) => {
                return Err("takes the path of one file".to_owned());
            }
            InputKind::Text | InputKind::Image | InputKind::File => Value::Text(text.to_owned()),
            InputKind::Choice { options } => Value::Text(chosen(options, text.trim())?),
            InputKind::Choices { options } => Value::List(all_chosen(options, text)?),
            // Emptied on purpose, which is not the same as never mentioned.
            InputKind::Number { .. } | InputKind::Date if text.trim().is_empty() => {
                return Ok(Value::Text(String::new()));
            }
            InputKind::Date => Value::Text(self.day(text)),
            InputKind::Number { .. } => match text.trim().parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Number(number),
                _ => return Err(format!("`{}` is not a number", text.trim())),
            },
            InputKind::Toggle => match text.trim().to_lowercase().as_str() {
                "true" | "yes" | "on" | "1" => Value::Toggle(true),
                "false" | "no" | "off" | "0" | "" => Value::Toggle(false),
                other => return Err(format!("`{other}` is neither true nor false")),
            },
        };
        // Emptied is for the form and `required` to judge, not for a length or a pattern.
        if !(self.has_limits() && value.is_blank()) {
            self.check(&value)?;
        }
        Ok(value)
    }

    /// The day that a text means, as it is written; the text itself if it means none.
    fn day(&self, text: &str) -> String {
        let day = self.today.and_then(|today| day::read(text, today));
        day.map_or_else(|| text.trim().to_owned(), |day| day.to_string())
    }

    /// Whether its default is another one every day.
    pub(crate) fn moves(&self) -> bool {
        matches!(&self.default, Some(Value::Text(word)) if self.kind == InputKind::Date && day::is_word(word))
    }

    /// Whether a value is a word that becomes a day once somebody tells which one today is.
    pub(super) fn is_word_for_a_day(&self, value: &Value) -> bool {
        matches!(value, Value::Text(word) if self.kind == InputKind::Date && day::is_word(word))
    }

    /// Whether a length or a pattern is asked of it.
    pub(crate) fn has_limits(&self) -> bool {
        matches!(self.kind, InputKind::Line | InputKind::Text) && self.limits != Limits::default()
    }

    /// The value with `text` added to it, for an input of which several can be chosen.
    pub fn value_with(&self, before: Option<&Value>, text: &str) -> Result<Value, String> {
        let added = self.value_from(text)?;
        match (&self.kind, before, added) {
            (InputKind::Choices { options }, Some(Value::List(old)), Value::List(new)) => {
                let both = |option: &&String| old.contains(option) || new.contains(option);
                Ok(Value::List(options.iter().filter(both).cloned().collect()))
            }
            (_, _, added) => Ok(added),
        }
    }

    /// The value that is used when a brief says `given` of this input.
    ///
    /// Not mentioned, an input has its default. Left blank on purpose, it is empty, whatever its
    /// default; that is only worth recording where there is one.
    pub fn settled(&self, given: Option<&Value>) -> Option<Value> {
        match given {
            None => match &self.default {
                Some(Value::Text(word)) if self.kind == InputKind::Date => {
                    Some(Value::Text(self.day(word)))
                }
                default => default.clone(),
            },
            Some(blank) if blank.is_blank() => {
                let overrules = self.default.is_some();
                let empty = match self.kind {
                    InputKind::Choices { .. } => Value::List(Vec::new()),
                    _ => Value::Text(String::new()),
                };
                overrules.then_some(empty)
            }
            Some(value) => Some(value.clone()),
        }
    }

    /// Whether the template makes no sense with the value that `given` leads to.
    pub(crate) fn is_missing(&self, given: Option<&Value>) -> bool {
        self.required && self.settled(given).is_none_or(|value| value.is_blank())
    }

    /// The default of an input for which the template names none.
    ///
    /// A choice shows its first option and a toggle is off, on screen as in a script.
    pub(crate) fn natural_default(kind: &InputKind) -> Option<Value> {
        match kind {
            InputKind::Choice { options } => options.first().cloned().map(Value::Text),
            InputKind::Toggle => Some(Value::Toggle(false)),
            InputKind::Line
            | InputKind::Text
            | InputKind::Choices { .. }
            | InputKind::Date
            | InputKind::Number { .. }
            | InputKind::Image
            | InputKind::File => None,
        }
    }
}

fn check_bounds(number: f64, min: Option<f64>, max: Option<f64>) -> Result<(), String> {
    let below = min.is_some_and(|min| number < min);
    let above = max.is_some_and(|max| number > max);
    if number.is_finite() && !below && !above {
        return Ok(());
    }
    Err(match (min, max) {
        (Some(min), Some(max)) => format!("{number} is not between {min} and {max}"),
        (Some(min), None) => format!("{number} is less than {min}"),
        (None, Some(max)) => format!("{number} is more than {max}"),
        (None, None) => format!("{number} is not a number that can be written"),
    })
}

/// The option meant by `text`: itself, or the only one that differs in case alone.
fn chosen(options: &[String], text: &str) -> Result<String, String> {
    if options.iter().any(|option| option == text) {
        return Ok(text.to_owned());
    }
    let lower = text.to_lowercase();
    let mut alike = options.iter().filter(|o| o.to_lowercase() == lower);
    match (alike.next(), alike.next()) {
        (Some(option), None) => Ok(option.clone()),
        _ => Err(not_among(text, options)),
    }
}

fn not_among(text: &str, options: &[String]) -> String {
    format!("`{text}` is not one of {}", options.join(", "))
}

/// The options named in `text`, each once, in their own order: one a line, or with commas between
/// them. A text that is an option itself is that one, commas and all.
fn all_chosen(options: &[String], text: &str) -> Result<Vec<String>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(Vec::new());
    }
    let mut named = Vec::new();
    if let Ok(whole) = chosen(options, text) {
        named.push(whole);
    } else {
        let between = if text.contains('\n') { '\n' } else { ',' };
        for part in text.split(between).map(str::trim) {
            if !part.is_empty() {
                named.push(chosen(options, part)?);
            }
        }
    }
    let kept = options.iter().filter(|option| named.contains(option));
    Ok(kept.cloned().collect())
}

fn no_date(text: &str) -> String {
    format!("`{text}` is not a date such as 2026-11-24, today or +3d")
}

/// Says why a text is not a day of the calendar as ISO 8601 writes it.
fn check_date(text: &str) -> Result<(), String> {
    let shaped = text.len() == 10 && text.as_bytes()[4] == b'-' && text.as_bytes()[7] == b'-';
    if !shaped {
        return Err(no_date(text));
    }
    match text.parse::<Date>() {
        Ok(_) => Ok(()),
        Err(_) => Err(format!("`{text}` is no day of the calendar")),
    }
}

/// The day that lies `days` after the one in `text`.
pub(crate) fn date_after(text: &str, days: i64) -> Option<String> {
    check_date(text.trim()).ok()?;
    let date: Date = text.trim().parse().ok()?;
    let moved = date
        .checked_add(jiff::Span::new().try_days(days).ok()?)
        .ok()?;
    Some(moved.to_string())
}

/// `key_points` as people read it: `Key points`.
pub(crate) fn label_of(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut chars = words.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(kind: InputKind) -> Input {
        Input {
            kind,
            ..Input::line("x")
        }
    }

    #[test]
    fn a_number_keeps_its_bounds() {
        let number = input(InputKind::Number {
            min: Some(50.0),
            max: Some(5000.0),
        });
        assert_eq!(number.value_from(" 800 "), Ok(Value::Number(800.0)));
        assert_eq!(
            number.value_from("7").unwrap_err(),
            "7 is not between 50 and 5000"
        );
        assert_eq!(
            number.value_from("inf").unwrap_err(),
            "`inf` is not a number"
        );
        assert_eq!(number.value_from("x").unwrap_err(), "`x` is not a number");
    }

    #[test]
    fn a_choice_forgives_case_and_names_its_options() {
        let choice = input(InputKind::Choice {
            options: vec!["Engineers".into(), "all".into()],
        });
        assert_eq!(
            choice.value_from("engineers"),
            Ok(Value::Text("Engineers".into()))
        );
        assert_eq!(
            choice.value_from("cats").unwrap_err(),
            "`cats` is not one of Engineers, all"
        );
    }

    #[test]
    fn a_line_takes_no_line_break_but_forgives_the_last() {
        let line = input(InputKind::Line);
        assert_eq!(line.value_from("a\n"), Ok(Value::Text("a".into())));
        assert!(line.value_from("a\nb").is_err());
        assert!(line.check(&Value::Number(1.0)).is_err());
    }

    #[test]
    fn a_toggle_reads_the_usual_words() {
        let toggle = input(InputKind::Toggle);
        assert_eq!(toggle.value_from("Yes"), Ok(Value::Toggle(true)));
        assert_eq!(toggle.value_from("off"), Ok(Value::Toggle(false)));
        assert!(toggle.value_from("maybe").is_err());
    }

    #[test]
    fn a_label_reads_like_words() {
        assert_eq!(label_of("key_points"), "Key points");
        assert_eq!(label_of(""), "");
    }
}
