//! `config.toml` as written: what is understood of it, and what is not.
//!
//! A key that nobody knows is told and passed over, unless it may have been meant to say where
//! key and prompt go: then the file, or the provider it stands in, is not used until it is mended.
//! Guessing there would send both to another server.

use super::budget;
use super::providers::ProviderTable;
use crate::domain::budget::Budget;
use crate::domain::failure::{Failure, FailureKind};
use indexmap::IndexMap;
use serde::Deserialize;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

const KEYS: [&str; 5] = ["provider", "model", "providers", "ui", "budget"];
const UI_KEYS: [&str; 1] = ["mouse"];

/// The file as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    pub(super) provider: Option<String>,
    pub(super) model: Option<String>,
    pub(super) providers: IndexMap<String, ProviderTable>,
    pub(super) ui: Ui,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ui {
    /// Of any type: a wrong one is worth a word, not the whole file.
    pub(super) mouse: Option<toml::Value>,
}

/// What came of reading the file.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// What is understood.
    pub(super) file: File,
    /// What may be spent.
    pub(super) budget: Option<Budget>,
    /// What is passed over, each with file, line and column.
    pub(super) warnings: Vec<String>,
    /// Why nothing may be sent.
    pub(super) problem: Option<Failure>,
}

/// Reads the file; `path` is what messages call it.
pub(super) fn read(path: &str, text: &str) -> Reading {
    let source = Source { path, text };
    let parsed = DeTable::parse(text).and_then(|tree| Ok((tree, toml::from_str(text)?)));
    let (tree, file) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let message = error.message().trim().replace('\n', "; ");
            return Reading {
                problem: Some(source.problem(error.span().unwrap_or_default(), &message)),
                ..Reading::default()
            };
        }
    };
    let mut reading = Reading {
        file,
        ..Reading::default()
    };
    for (key, value) in tree.get_ref() {
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("providers", DeValue::Table(tables)) => source.providers(tables, &mut reading),
            ("ui", DeValue::Table(ui)) => source.ui(ui, &mut reading),
            ("budget", DeValue::Table(table)) => match budget::read(table) {
                Ok(budget) => reading.budget = budget,
                Err((span, message)) => {
                    let problem = source.problem(span, &message);
                    reading.problem.get_or_insert(problem);
                }
            },
            ("budget", _) => {
                let message = "`budget` must be a table: [budget]";
                let problem = source.problem(value.span(), message);
                reading.problem.get_or_insert(problem);
            }
            (known, _) if KEYS.contains(&known) => {}
            (unknown, _) => {
                let message = unknown_key(unknown, &KEYS);
                if decides_where(unknown) {
                    let problem = source.problem(key.span(), &message);
                    reading.problem.get_or_insert(problem);
                } else {
                    reading.warnings.push(source.at(key.span(), &message));
                }
            }
        }
    }
    reading
}

struct Source<'a> {
    path: &'a str,
    text: &'a str,
}

impl Source<'_> {
    /// A provider that is only half understood is not used at all.
    fn providers(&self, tables: &DeTable<'_>, reading: &mut Reading) {
        for (name, table) in tables {
            if name.get_ref() == "practice" {
                let message = "`practice` is built in and takes no settings; use another name";
                reading.warnings.push(self.at(name.span(), message));
                reading.file.providers.shift_remove("practice");
                continue;
            }
            let keys = table.get_ref().as_table().into_iter().flatten();
            let unknown = keys
                .map(|(key, _)| key)
                .find(|key| !ProviderTable::KEYS.contains(&key.get_ref().as_ref()));
            let slot = reading.file.providers.get_mut(name.get_ref().as_ref());
            if let (Some(key), Some(slot)) = (unknown, slot) {
                let message = unknown_key(key.get_ref(), &ProviderTable::KEYS);
                let problem = self.at(key.span(), &message);
                reading.warnings.push(problem.clone());
                slot.problem = Some(problem);
            }
        }
    }

    fn ui(&self, ui: &DeTable<'_>, reading: &mut Reading) {
        for (key, value) in ui {
            if !UI_KEYS.contains(&key.get_ref().as_ref()) {
                let message = unknown_key(key.get_ref(), &UI_KEYS);
                reading.warnings.push(self.at(key.span(), &message));
            } else if value.get_ref().as_bool().is_none() {
                let message = format!("`{}` must be true or false", key.get_ref());
                reading.warnings.push(self.at(value.span(), &message));
            }
        }
    }

    fn problem(&self, span: Range<usize>, message: &str) -> Failure {
        Failure::new(FailureKind::Usage, self.at(span, message))
            .advice("mend it; nothing is sent until then")
    }

    /// `file:line:column: message`; columns count characters.
    fn at(&self, span: Range<usize>, message: &str) -> String {
        let before = self.text.get(..span.start).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        let column = before[start..].chars().count() + 1;
        format!("{}:{line}:{column}: {message}", self.path)
    }
}

pub(super) fn unknown_key(key: &str, known: &[&str]) -> String {
    format!("unknown key `{key}`; known are {}", known.join(", "))
}

/// Whether an unknown key may have been meant to choose a server or a key.
fn decides_where(key: &str) -> bool {
    let key = key.to_lowercase();
    ProviderTable::KEYS.contains(&key.as_str())
        || key.contains("provider")
        || differences(&key, "provider").min(differences(&key, "providers")) <= 2
}

/// Letters to add, drop or change until one word is the other.
fn differences(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.chars().count()).collect();
    for (down, a) in one.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], down + 1);
        for (along, b) in other.chars().enumerate() {
            let changed = diagonal + usize::from(a != b);
            diagonal = row[along + 1];
            row[along + 1] = changed.min(diagonal + 1).min(row[along] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_told_with_its_place_and_costs_only_itself() {
        let reading = read("config.toml", "model = \"m\"\ncolour = 1\n");
        assert_eq!(
            reading.warnings,
            [
                "config.toml:2:1: unknown key `colour`; known are provider, model, providers, ui, budget"
            ]
        );
        assert_eq!(reading.file.model.as_deref(), Some("m"));
        assert_eq!(reading.problem, None);
    }

    #[test]
    fn a_wrong_value_of_the_screen_is_told_and_costs_only_itself() {
        let reading = read("c", "model = \"m\"\n[ui]\nmouse = \"no\"\nmose = true\n");
        assert_eq!(
            reading.warnings,
            [
                "c:4:1: unknown key `mose`; known are mouse",
                "c:3:9: `mouse` must be true or false"
            ]
        );
        assert_eq!(reading.file.model.as_deref(), Some("m"));
    }

    #[test]
    fn what_may_choose_a_server_stops_everything_until_it_is_mended() {
        for text in [
            "provder = \"local\"",
            "Provider = \"local\"",
            "default_provider = \"local\"",
            "base_url = \"http://localhost\"",
            "[provider.local]\nbase_url = \"http://localhost\"",
            "provider = [oops",
            "provider = 3",
            "[providers.local]\nbase_url = 3",
            "[budget]\nmonthly = 5",
            "budget = 5",
        ] {
            assert!(read("c", text).problem.is_some(), "{text}");
        }
    }

    #[test]
    fn a_provider_with_an_unknown_key_is_the_only_one_not_used() {
        let text =
            "[providers.a]\nbase_url = \"x\"\n[providers.b]\nbase_url = \"x\"\nbase-url = \"y\"\n";
        let reading = read("c", text);
        assert_eq!((reading.problem, reading.warnings.len()), (None, 1));
        assert_eq!(reading.file.providers["a"].problem, None);
        let problem = reading.file.providers["b"].problem.as_deref();
        assert!(
            problem
                .unwrap()
                .starts_with("c:5:1: unknown key `base-url`")
        );
    }

    #[test]
    fn differences_are_counted_in_letters() {
        assert_eq!(differences("provider", "provider"), 0);
        assert_eq!(differences("provder", "provider"), 1);
        assert!(differences("colour", "provider") > 2);
        assert_eq!(differences("", "ab"), 2);
    }
}
