//! A brief under a name, such as "client Acme": what its file says, read and written.
//!
//! The file is YAML: a `title` and the `values`. What a value means is the template's to say.

use super::brief::Brief;
use super::draft::{push_values, yaml};
use super::template::yaml as bounds;
use super::wording;
use serde::Deserialize;

/// What the file of a brief says.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub struct NamedBrief {
    /// What people call it; empty where the file does not say.
    pub title: String,
    /// The values.
    pub values: Brief,
}

/// Reads the file of a brief.
///
/// # Errors
/// A sentence with line and column.
pub fn parse(text: &str) -> Result<NamedBrief, String> {
    if text.trim().is_empty() {
        return Ok(NamedBrief::default());
    }
    serde_saphyr::from_str_with_options(text, bounds::options()).map_err(|error| {
        let words = wording::of(&error);
        match error.location() {
            Some(at) => format!("line {}, column {}: {words}", at.line(), at.column()),
            None => words,
        }
    })
}

/// The file of a brief, which [`parse`] reads back equal.
pub fn render(title: &str, values: &Brief) -> String {
    let mut out = String::new();
    yaml::push_text(&mut out, 0, "title", title);
    if values.is_empty() {
        out.push_str("values: {}\n");
    } else {
        out.push_str("values:\n");
        push_values(&mut out, 2, values);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::Value;
    use proptest::prelude::*;

    #[test]
    fn what_is_no_yaml_is_told_with_its_place() {
        let told = parse("title: Acme\nvalues: [\n").unwrap_err();
        assert!(told.starts_with("line "), "{told}");
        let told = parse("title: Acme\nvalues: words\n").unwrap_err();
        assert!(told.starts_with("line 2"), "{told}");
        assert_eq!(parse(" \n"), Ok(NamedBrief::default()));
    }

    proptest! {
        #[test]
        fn a_file_reads_back_as_it_was_written(
            title in "\\PC{0,40}",
            text in "[ -~\n\té]{0,80}",
            number in -1.0e9..1.0e9_f64,
            on: bool,
            chosen in prop::collection::vec("[a-z,:# ]{1,8}", 0..3),
        ) {
            let mut values = Brief::default();
            values.set("text", Value::Text(text));
            values.set("number", Value::Number(number));
            values.set("on", Value::Toggle(on));
            values.set("chosen", Value::List(chosen));
            let read = parse(&render(&title, &values)).unwrap();
            prop_assert_eq!(read, NamedBrief { title, values });
        }
    }
}
