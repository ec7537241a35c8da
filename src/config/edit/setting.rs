//! One setting put into the text of `config.toml`, or taken out; everything else stays as written.

use super::put;
use crate::config::file;
use crate::domain::failure::{Failure, FailureKind};
use std::fmt;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value};

/// What a setting is to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    /// A text.
    Text(String),
    /// True or false.
    Flag(bool),
    /// A whole number.
    Whole(i64),
    /// Any number.
    Number(f64),
    /// Texts.
    List(Vec<String>),
    /// What is built in: the file says nothing of it.
    Default,
}

impl fmt::Display for Given {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => out.write_str(text),
            Self::Flag(on) => write!(out, "{on}"),
            Self::Whole(number) => write!(out, "{number}"),
            Self::Number(number) => write!(out, "{number}"),
            Self::List(texts) => out.write_str(&texts.join(", ")),
            Self::Default => out.write_str("none"),
        }
    }
}

impl Given {
    fn written(&self) -> Option<Value> {
        Some(match self {
            Self::Text(text) => Value::from(text.as_str()),
            Self::Flag(on) => Value::from(*on),
            Self::Whole(number) => Value::from(*number),
            Self::Number(number) => Value::from(*number),
            Self::List(texts) => Value::Array(texts.iter().map(String::as_str).collect::<Array>()),
            Self::Default => return None,
        })
    }

    fn read(&self) -> Option<toml::Value> {
        Some(match self {
            Self::Text(text) => toml::Value::from(text.as_str()),
            Self::Flag(on) => toml::Value::from(*on),
            Self::Whole(number) => toml::Value::from(*number),
            Self::Number(number) => toml::Value::from(*number),
            Self::List(texts) => toml::Value::from(texts.clone()),
            Self::Default => return None,
        })
    }
}

/// The text of the config file (`None` when there is none) in which `key` of `[table]`, or of the
/// top where the table is empty, is what is given; `path` is what messages call it.
///
/// # Errors
/// When the file cannot be understood as it is, or is written in a way that leaves no room.
pub fn set(
    path: &str,
    text: Option<&str>,
    (table, key): (&str, &str),
    to: &Given,
) -> Result<String, Failure> {
    let before = text.unwrap_or_default();
    if let Some(problem) = file::read(path, before).problem {
        return Err(problem.advice("mend it first; nothing was written"));
    }
    let new = to.written();
    let line = match (&new, table) {
        (None, _) => format!("take {key} out yourself"),
        (Some(new), "") => format!("write it yourself: {key} = {new}"),
        (Some(new), _) => format!("write it yourself: [{table}] {key} = {new}"),
    };
    let unfit = || {
        let what = format!("{path} cannot be changed line by line");
        Failure::new(FailureKind::Usage, what).advice(line.clone())
    };
    let mut document: DocumentMut = before.parse().map_err(|_| unfit())?;
    let root = document.as_table_mut();
    if table.is_empty() {
        change(root, key, new);
    } else if new.is_some() || root.contains_key(table) {
        let entry = root.entry(table);
        let within = entry.or_insert_with(|| Item::Table(Table::new()));
        change(within.as_table_like_mut().ok_or_else(unfit)?, key, new);
    }
    let after = document.to_string();
    let parsed = |text: &str| text.parse::<toml::Table>().ok();
    let mut expected = parsed(before).ok_or_else(unfit)?;
    match (table, to.read()) {
        ("", None) => drop(expected.remove(key)),
        ("", Some(value)) => drop(expected.insert(key.to_owned(), value)),
        (_, None) => {
            let within = expected.get_mut(table).and_then(toml::Value::as_table_mut);
            within.map(|within| within.remove(key));
        }
        (_, Some(value)) => {
            let empty = || toml::Value::Table(toml::Table::new());
            let within = expected.entry(table).or_insert_with(empty);
            let within = within.as_table_mut().ok_or_else(unfit)?;
            within.insert(key.to_owned(), value);
        }
    }
    if parsed(&after) == Some(expected) {
        Ok(after)
    } else {
        Err(unfit())
    }
}

/// What a text of the config file says of `key` of `[table]`, or of the top where that is empty; the
/// default where it says nothing, or something that no setting is.
pub fn held(text: &str, (table, key): (&str, &str)) -> Given {
    let whole = text.parse::<toml::Table>().unwrap_or_default();
    let within = match table {
        "" => Some(&whole),
        table => whole.get(table).and_then(toml::Value::as_table),
    };
    let value = within.and_then(|within| within.get(key));
    value.map_or(Given::Default, |value| match value {
        toml::Value::String(text) => Given::Text(text.clone()),
        toml::Value::Boolean(on) => Given::Flag(*on),
        toml::Value::Integer(number) => Given::Whole(*number),
        toml::Value::Float(number) => Given::Number(*number),
        toml::Value::Array(texts) => {
            let texts = texts.iter().map(|text| text.as_str().map(str::to_owned));
            let texts: Option<Vec<String>> = texts.collect();
            texts.map_or(Given::Default, Given::List)
        }
        _ => Given::Default,
    })
}

fn change(table: &mut dyn TableLike, key: &str, new: Option<Value>) {
    match new {
        Some(new) => put(table, key, new),
        None => drop(table.remove(key)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn dark() -> Given {
        Given::Text("dark".to_owned())
    }

    #[test]
    fn a_setting_of_any_kind_comes_and_goes() {
        let before = "model = \"m\" # why\n\n# of keys\n[keys]\nzoom = \"F5\" # mine\n";
        let set = |text: &str, place, to: Given| set("c", Some(text), place, &to).unwrap();
        let list = Given::List(vec!["F12".to_owned(), "alt+!".to_owned()]);
        let after = set(before, ("keys", "zoom"), list);
        assert_eq!(after, before.replace("\"F5\"", "[\"F12\", \"alt+!\"]"));
        let after = set(before, ("keys", "zoom"), Given::Default);
        assert_eq!(after, before.replace("zoom = \"F5\" # mine\n", ""));
        let after = set(before, ("", "provider"), Given::Text("groq".to_owned()));
        assert!(
            after.starts_with("model = \"m\" # why\nprovider = \"groq\"\n"),
            "{after}"
        );
        let after = set(before, ("", "model"), Given::Default);
        assert!(
            after.ends_with("# of keys\n[keys]\nzoom = \"F5\" # mine\n"),
            "{after}"
        );
        assert!(!after.contains("model"), "{after}");
        for (to, written) in [
            (Given::Flag(false), "x = false\n"),
            (Given::Whole(7), "x = 7\n"),
            (Given::Number(7.5), "x = 7.5\n"),
        ] {
            let after = set(before, ("budget", "x"), to.clone());
            assert!(after.ends_with(&format!("[budget]\n{written}")), "{after}");
        }
        assert_eq!(set(before, ("budget", "x"), Given::Default), before);
    }

    #[test]
    fn what_was_set_is_found_again() {
        for to in [
            dark(),
            Given::Flag(false),
            Given::Whole(7),
            Given::Number(7.5),
            Given::List(vec!["a b".to_owned()]),
            Given::Default,
        ] {
            for place in [("", "x"), ("ui", "x")] {
                let text = set("c", None, place, &to).unwrap();
                assert_eq!(held(&text, place), to, "{text}");
            }
        }
        assert_eq!(held("x = [oops", ("", "x")), Given::Default);
        assert_eq!(held("ui = 3", ("ui", "x")), Given::Default);
    }

    fn themed(before: Option<&str>) -> String {
        set("c", before, ("ui", "theme"), &dark()).unwrap()
    }

    #[test]
    fn one_line_changes_and_comments_stay() {
        assert_eq!(themed(None), "[ui]\ntheme = \"dark\"\n");
        let before =
            "# mine\nmodel = \"m\" # why\n\n[ui] # here\nmouse = false\ntheme = 'old' # soft\n";
        assert_eq!(themed(Some(before)), before.replace("'old'", "\"dark\""));
        let before = "[ui]\nmouse = false\n\n[budget]\nmonthly_usd = 5.0\n";
        assert_eq!(
            themed(Some(before)),
            before.replace("false\n", "false\ntheme = \"dark\"\n")
        );
        for before in ["ui = { mouse = true }\n", "ui.mouse = true\n"] {
            let after = themed(Some(before));
            assert!(
                after.contains("mouse = true") && after.contains("theme = \"dark\""),
                "{after}"
            );
        }
    }

    #[test]
    fn a_file_that_cannot_be_understood_is_not_touched() {
        for before in ["provider = [oops\n", "ui = 3\n"] {
            let told = set("c", Some(before), ("ui", "theme"), &dark())
                .unwrap_err()
                .to_string();
            assert!(told.starts_with('c'), "{told}");
        }
    }
}
