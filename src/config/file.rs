//! `config.toml` as written: what is understood of it, and what is not.
//!
//! A key that nobody knows is told and passed over, unless it may have been meant to say where
//! key and prompt go: then the file, or the provider it stands in, is not used until it is mended.
//! Guessing there would send both to another server.

use super::appearance::{self, Appearance};
use super::bindings::{self, Bindings};
use super::budget;
use super::clipboard::Clipboard;
use super::notify::Notify;
use super::presets;
use super::providers::{self, ProviderTable};
use super::refine::{self, Refine};
use super::variants::{self, Variants};
use super::voice::{self, Voice};
use super::writing::{self, Writing};
use crate::domain::budget::Budget;
use crate::domain::failure::{Failure, FailureKind};
use indexmap::IndexMap;
use serde::Deserialize;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

const KEYS: [&str; 10] = [
    "provider",
    "model",
    "providers",
    "ui",
    "editor",
    "budget",
    "refine",
    "variants",
    "voice",
    "keys",
];
const UI_KEYS: [&str; 3] = ["mouse", "clipboard", "notify"];

/// Every setting that the file may hold, as `docs/CONFIG.md` and `config show` name it.
pub fn settings() -> Vec<String> {
    let tables = [
        "providers",
        "ui",
        "editor",
        "budget",
        "refine",
        "variants",
        "voice",
        "keys",
    ];
    let plain = KEYS.iter().filter(|key| !tables.contains(key));
    let plain = plain.map(|key| (*key).to_owned());
    let of_ui = UI_KEYS
        .iter()
        .chain(&appearance::KEYS)
        .map(|key| format!("ui.{key}"));
    let of_providers = ProviderTable::KEYS.iter();
    let of_providers = of_providers.map(|key| format!("providers.NAME.{key}"));
    let of_editor = writing::KEYS.iter().map(|key| format!("editor.{key}"));
    let of_budget = budget::KEYS.iter().map(|key| format!("budget.{key}"));
    let of_refine = refine::KEYS.iter().map(|key| format!("refine.{key}"));
    let of_variants = variants::KEYS.iter().map(|key| format!("variants.{key}"));
    let of_voice = voice::KEYS.iter().map(|key| format!("voice.{key}"));
    plain
        .chain(of_providers)
        .chain(of_ui)
        .chain(of_editor)
        .chain(of_budget)
        .chain(of_refine)
        .chain(of_variants)
        .chain(of_voice)
        .chain(["keys.COMMAND".to_owned()])
        .collect()
}

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
    pub(super) clipboard: Option<toml::Value>,
    pub(super) notify: Option<toml::Value>,
}

/// What came of reading the file.
#[derive(Debug, Default)]
pub(super) struct Reading {
    /// What is understood.
    pub(super) file: File,
    /// What may be spent.
    pub(super) budget: Option<Budget>,
    /// What is offered for a part of a draft.
    pub(super) refine: Refine,
    /// How the person likes to write.
    pub(super) writing: Writing,
    /// How the studio looks.
    pub(super) appearance: Appearance,
    /// How variants are asked for.
    pub(super) variants: Variants,
    /// What reads aloud and takes down what is said.
    pub(super) voice: Voice,
    /// Keys of commands.
    pub(super) keys: Bindings,
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
            ("refine", DeValue::Table(table)) => {
                let (refine, odd) = refine::read(table);
                reading.refine = refine;
                let odd = odd.into_iter().map(|(span, told)| source.at(span, &told));
                reading.warnings.extend(odd);
            }
            ("editor", DeValue::Table(table)) => {
                let (writing, wrong) = writing::read(table);
                let wrong = wrong.iter().map(|(at, why)| source.at(at.clone(), why));
                reading.warnings.extend(wrong);
                reading.writing = writing;
            }
            ("variants", DeValue::Table(table)) => {
                let (variants, wrong) = variants::read(table);
                let wrong = wrong.iter().map(|(at, why)| source.at(at.clone(), why));
                reading.warnings.extend(wrong);
                reading.variants = variants;
            }
            ("keys", DeValue::Table(table)) => {
                let (keys, wrong) = bindings::read((path, text), table);
                let wrong = wrong.iter().map(|(at, why)| source.at(at.clone(), why));
                reading.warnings.extend(wrong);
                reading.keys = keys;
            }
            ("voice", DeValue::Table(table)) => {
                let (voice, wrong) = voice::read(table);
                let wrong = wrong.iter().map(|(at, why)| source.at(at.clone(), why));
                reading.warnings.extend(wrong);
                reading.voice = voice;
            }
            (table @ ("refine" | "editor" | "variants" | "keys" | "voice"), _) => {
                let message = format!("`{table}` must be a table: [{table}]");
                reading.warnings.push(source.at(value.span(), &message));
            }
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
            let mut wrong = keys.filter_map(|(key, value)| {
                let (key_name, at) = (key.get_ref().as_ref(), key.span());
                if ProviderTable::KEYS.contains(&key_name) {
                    return wrong_value(key_name, value.get_ref()).map(|why| (value.span(), why));
                }
                Some((at, unknown_in_provider(key_name)))
            });
            let clash = ["base_url", "resource"].map(|key| table.get_ref().get(key));
            let clash = match clash {
                [Some(_), Some(resource)] => Some((
                    resource.span(),
                    "give either `base_url` or `resource`".to_owned(),
                )),
                _ => None,
            };
            let slot = reading.file.providers.get_mut(name.get_ref().as_ref());
            if let (Some((span, message)), Some(slot)) = (wrong.next().or(clash), slot) {
                let problem = self.at(span, &message);
                reading.warnings.push(problem.clone());
                slot.problem = Some(problem);
            }
        }
    }

    fn ui(&self, ui: &DeTable<'_>, reading: &mut Reading) {
        for (key, value) in ui {
            if let Some(taken) = reading.appearance.take(key.get_ref(), value.get_ref()) {
                if let Err(wanted) = taken {
                    let message = format!("`{}` must be {wanted}", key.get_ref());
                    reading.warnings.push(self.at(value.span(), &message));
                }
                continue;
            }
            if !UI_KEYS.contains(&key.get_ref().as_ref()) {
                let known = [&UI_KEYS[..], &appearance::KEYS].concat();
                let message = unknown_key(key.get_ref(), &known);
                reading.warnings.push(self.at(key.span(), &message));
                continue;
            }
            let (understood, wanted) = match value.get_ref() {
                DeValue::String(name) if key.get_ref() == "clipboard" => {
                    (Clipboard::named(name).is_some(), Clipboard::NAMES)
                }
                DeValue::String(name) if key.get_ref() == "notify" => {
                    (Notify::named(name).is_some(), Notify::NAMES)
                }
                _ if key.get_ref() == "clipboard" => (false, Clipboard::NAMES),
                _ if key.get_ref() == "notify" => (false, Notify::NAMES),
                value => (value.as_bool().is_some(), "true or false"),
            };
            if !understood {
                let message = format!("`{}` must be {wanted}", key.get_ref());
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
        place(self.path, self.text, span, message)
    }
}

/// `file:line:column: message`; columns count characters.
pub(super) fn place(path: &str, text: &str, span: Range<usize>, message: &str) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[start..].chars().count() + 1;
    format!("{path}:{line}:{column}: {message}")
}

pub(super) fn unknown_key(key: &str, known: &[&str]) -> String {
    format!("unknown key `{key}`; known are {}", known.join(", "))
}

/// The same in the table of a provider, where a key that was pasted must be told from a name.
fn unknown_in_provider(key: &str) -> String {
    let told = unknown_key(key, &ProviderTable::KEYS);
    if key.to_lowercase().contains("key") {
        return format!("{told}; a key itself never stands in this file");
    }
    told
}

/// What is wrong with a value of the right type. Never repeats it: it may be a key that was put
/// into the wrong place.
fn wrong_value(key: &str, value: &DeValue<'_>) -> Option<String> {
    let within = |range: std::ops::RangeInclusive<u64>| {
        let number = value.as_integer()?;
        let number = u64::from_str_radix(number.as_str(), number.radix()).ok();
        let fits = number.is_some_and(|number| range.contains(&number));
        let (least, most) = (range.start(), range.end());
        (!fits).then(|| format!("`{key}` must be from {least} to {most} seconds"))
    };
    let text = value.as_str().unwrap_or_default();
    match key {
        "connect_timeout" => within(providers::CONNECT),
        "idle_timeout" => within(providers::IDLE),
        "preset" if presets::find(text).is_none() => {
            let known = presets::PRESETS.iter().map(|preset| preset.name);
            let known: Vec<_> = known.filter(|name| *name != "practice").collect();
            Some(format!("no preset is called that; there are {}", known.join(", ")))
        }
        "key_env" if !is_variable(text) => Some(
            "`key_env` is the name of a variable, such as OPENAI_API_KEY; a key itself never stands in this file"
                .to_owned(),
        ),
        "key_command" => {
            let first = value.as_array()?.iter().next();
            let first = first.and_then(|word| word.get_ref().as_str());
            first.is_none_or(str::is_empty).then(|| {
                "`key_command` is a list of words, such as [\"pass\", \"show\", \"openai\"]".to_owned()
            })
        }
        "resource" if !is_label(text) => Some(
            "`resource` is the first part of the host name, such as acme in acme.openai.azure.com"
                .to_owned(),
        ),
        "api_version" | "base_url" | "ca_file" | "model" if text.trim().is_empty() => {
            Some(format!("`{key}` is empty"))
        }
        _ => None,
    }
}

/// Whether a text can be the name of a variable.
fn is_variable(text: &str) -> bool {
    let good = |c: char| c.is_ascii_alphanumeric() || c == '_';
    !text.is_empty() && text.chars().all(good) && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a text can be one part of a host name.
fn is_label(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
}

/// Whether an unknown key may have been meant to choose a server or a key.
fn decides_where(key: &str) -> bool {
    let key = key.to_lowercase();
    ProviderTable::KEYS.contains(&key.as_str())
        || key.contains("provider")
        || differences(&key, "provider").min(differences(&key, "providers")) <= 2
}

/// Letters to add, drop or change until one word is the other.
pub(super) fn differences(one: &str, other: &str) -> usize {
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
                "config.toml:2:1: unknown key `colour`; known are provider, model, providers, ui, editor, budget, refine, variants, voice, keys"
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
                "c:4:1: unknown key `mose`; known are mouse, clipboard, notify, theme, motion, linear",
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
    fn a_value_that_cannot_be_meant_stops_its_provider_and_is_not_repeated() {
        for (line, why) in [
            ("connect_timeout = 0", "from 1 to 120 seconds"),
            ("connect_timeout = 0xfff", "from 1 to 120 seconds"),
            ("idle_timeout = 90000", "from 1 to 86400 seconds"),
            ("preset = \"grok-secret\"", "no preset is called that"),
            ("key_env = \"sk-secret\"", "the name of a variable"),
            ("key_command = []", "a list of words"),
            ("key_command = [\"\"]", "a list of words"),
            (
                "resource = \"https://secret.example\"",
                "first part of the host",
            ),
            ("api_key = \"sk-secret\"", "never stands in this file"),
            ("base_url = \" \"", "is empty"),
            ("base_url = \"x\"\nresource = \"y\"", "either"),
        ] {
            let reading = read("c", &format!("[providers.a]\n{line}\n"));
            assert_eq!(reading.problem, None, "{line}");
            let told = reading.file.providers["a"].problem.as_deref().unwrap();
            assert!(
                told.starts_with("c:") && told.contains(why),
                "{line}: {told}"
            );
            assert!(!told.contains("secret"), "{told}");
        }
        let good = "[providers.a]\nconnect_timeout = 1_20\nidle_timeout = 1\npreset = \"groq\"\n\
                    key_env = \"MY_KEY2\"\nkey_command = [\"pass\", \"show\"]\nkey_header = \"api-key\"\n";
        let reading = read("c", good);
        assert_eq!((reading.problem, reading.warnings.len()), (None, 0));
        assert_eq!(reading.file.providers["a"].problem, None);
    }

    #[test]
    fn differences_are_counted_in_letters() {
        assert_eq!(differences("provider", "provider"), 0);
        assert_eq!(differences("provder", "provider"), 1);
        assert!(differences("colour", "provider") > 2);
        assert_eq!(differences("", "ab"), 2);
    }
}
