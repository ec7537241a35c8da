//! One setting of a table put into the text of `config.toml`; everything else stays as written.

use super::put;
use crate::config::file;
use crate::domain::failure::{Failure, FailureKind};
use toml_edit::{DocumentMut, Item, Table, Value};

/// The text of the config file (`None` when there is none) in which `key` of `[table]` is this
/// text; `path` is what messages call it.
///
/// # Errors
/// When the file cannot be understood as it is, or is written in a way that leaves no room.
pub fn set(
    path: &str,
    text: Option<&str>,
    (table, key): (&str, &str),
    to: &str,
) -> Result<String, Failure> {
    let before = text.unwrap_or_default();
    if let Some(problem) = file::read(path, before).problem {
        return Err(problem.advice("mend it first; nothing was written"));
    }
    let new = Value::from(to);
    let line = format!("[{table}] {key} = {new}");
    let unfit = || {
        Failure::new(
            FailureKind::Usage,
            format!("{path} cannot be changed line by line"),
        )
        .advice(format!("write it yourself: {line}"))
    };
    let mut document: DocumentMut = before.parse().map_err(|_| unfit())?;
    let entry = document.as_table_mut().entry(table);
    let within = entry.or_insert_with(|| Item::Table(Table::new()));
    put(
        within.as_table_like_mut().ok_or_else(unfit)?,
        key,
        new.clone(),
    );
    let after = document.to_string();
    let parsed = |text: &str| text.parse::<toml::Table>().ok();
    let mut expected = parsed(before).ok_or_else(unfit)?;
    let empty = || toml::Value::Table(toml::Table::new());
    if let Some(within) = expected.entry(table).or_insert_with(empty).as_table_mut() {
        within.insert(key.to_owned(), toml::Value::from(to));
    }
    if parsed(&after) == Some(expected) {
        Ok(after)
    } else {
        Err(unfit())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use pretty_assertions::assert_eq;

    fn themed(before: Option<&str>) -> String {
        set("c", before, ("ui", "theme"), "dark").unwrap()
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
            let told = set("c", Some(before), ("ui", "theme"), "dark")
                .unwrap_err()
                .to_string();
            assert!(told.starts_with('c'), "{told}");
        }
    }
}
