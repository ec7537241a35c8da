//! Changes to the text of `config.toml`: a provider is added, everything else stays as it was
//! written, comments and order included.
//!
//! Text in, text out. What comes out is read again and compared before anybody may write it.

mod setting;

pub use setting::{Given, held, set};

use super::file;
use crate::domain::failure::{Failure, FailureKind};
use std::fmt::Write;
use toml_edit::{DocumentMut, InlineTable, Item, Table, TableLike, Value, value};

/// What is to be said of a provider; only what differs from its preset.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Addition {
    /// The provider's name.
    pub name: String,
    /// The preset it starts from, when it is not called like it.
    pub preset: Option<String>,
    /// Its base URL.
    pub base_url: Option<String>,
    /// The model to ask for there.
    pub model: Option<String>,
    /// Plain `http://` may leave this machine.
    pub allow_http: bool,
    /// Whom requests go to stays as it is.
    pub beside: bool,
}

impl Addition {
    /// Keys and values of its table.
    fn entries(&self) -> Vec<(&'static str, Value)> {
        let texts = [
            ("preset", &self.preset),
            ("base_url", &self.base_url),
            ("model", &self.model),
        ];
        let texts = texts
            .into_iter()
            .filter_map(|(key, text)| Some((key, Value::from(text.as_deref()?))));
        let allowed = self.allow_http.then(|| ("allow_http", Value::from(true)));
        texts.chain(allowed).collect()
    }

    /// The lines that say the same, for a person to add.
    fn lines(&self) -> String {
        let name = &self.name;
        let mut lines = if self.beside {
            format!("[providers.{}]", Value::from(name.as_str()))
        } else {
            format!("provider = {}", Value::from(name.as_str()))
        };
        for (key, value) in self.entries() {
            // Writing to a string cannot fail.
            let _ = write!(lines, ", {key} = {value}");
        }
        lines
    }
}

/// The text of the config file (`None` when there is none) with a provider that is asked from now
/// on; `path` is what messages call it.
///
/// # Errors
/// When the file cannot be understood as it is, or is written in a way that leaves no room.
pub fn connect(path: &str, text: Option<&str>, addition: &Addition) -> Result<String, Failure> {
    let before = text.unwrap_or_default();
    if let Some(problem) = file::read(path, before).problem {
        return Err(problem.advice("mend it first; nothing was written"));
    }
    let unfit = || {
        Failure::new(
            FailureKind::Usage,
            format!("{path} cannot be changed line by line"),
        )
        .advice(format!("add it yourself: {}", addition.lines()))
    };
    let mut document: DocumentMut = before.parse().map_err(|_| unfit())?;
    let root = document.as_table_mut();
    if !addition.beside {
        put(root, "provider", Value::from(addition.name.as_str()));
    }
    let entries = addition.entries();
    if !entries.is_empty() {
        let table = table_of(root, &addition.name).ok_or_else(unfit)?;
        if addition.base_url.is_some() {
            // It would say another address than the new one.
            table.remove("resource");
        }
        for (key, value) in entries {
            put(table, key, value);
        }
    }
    let after = document.to_string();
    if says_the_same(before, &after, addition) {
        Ok(after)
    } else {
        Err(unfit())
    }
}

/// Sets a value and keeps what is written around the old one.
fn put(table: &mut dyn TableLike, key: &str, mut new: Value) {
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, value(new));
        }
    }
}

/// The table of a provider, made where there is none.
fn table_of<'d>(root: &'d mut Table, name: &str) -> Option<&'d mut dyn TableLike> {
    let providers = root.entry("providers").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let inline = providers.is_inline_table();
    let providers = providers.as_table_like_mut()?;
    if !providers.contains_key(name) {
        let empty = if inline {
            value(InlineTable::new())
        } else {
            Item::Table(Table::new())
        };
        providers.insert(name, empty);
    }
    providers.get_mut(name)?.as_table_like_mut()
}

/// Whether only what was to be said is different.
fn says_the_same(before: &str, after: &str, addition: &Addition) -> bool {
    let parsed = |text: &str| text.parse::<toml::Table>().ok();
    let (Some(mut before), Some(after)) = (parsed(before), parsed(after)) else {
        return false;
    };
    if !addition.beside {
        let name = toml::Value::from(addition.name.as_str());
        before.insert("provider".to_owned(), name);
    }
    let entries = addition.entries();
    if !entries.is_empty() {
        let empty = || toml::Value::Table(toml::Table::new());
        let providers = before.entry("providers").or_insert_with(empty);
        let Some(providers) = providers.as_table_mut() else {
            return false;
        };
        let table = providers.entry(&addition.name).or_insert_with(empty);
        let Some(table) = table.as_table_mut() else {
            return false;
        };
        if addition.base_url.is_some() {
            table.remove("resource");
        }
        for (key, value) in entries {
            let value = match value {
                Value::Boolean(flag) => toml::Value::Boolean(*flag.value()),
                other => toml::Value::from(other.as_str().unwrap_or_default()),
            };
            table.insert(key.to_owned(), value);
        }
    }
    before == after
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn local() -> Addition {
        Addition {
            name: "local".to_owned(),
            base_url: Some("http://localhost:8080/v1".to_owned()),
            model: Some("m1".to_owned()),
            ..Addition::default()
        }
    }

    #[test]
    fn a_preferred_model_changes_its_line_and_nothing_else() {
        let before = "# mine\nprovider = \"groq\" # fast\n\n[providers.openai]\nmodel = \"old\" # why\nidle_timeout = 9\n";
        let preferred = Addition {
            name: "openai".to_owned(),
            model: Some("new".to_owned()),
            beside: true,
            ..Addition::default()
        };
        assert_eq!(
            connect("c", Some(before), &preferred).unwrap(),
            before.replace("\"old\"", "\"new\"")
        );
        assert_eq!(
            connect("c", None, &preferred).unwrap(),
            "[providers.openai]\nmodel = \"new\"\n"
        );
    }

    #[test]
    fn a_file_begins_with_what_is_said() {
        let text = connect("c", None, &local()).unwrap();
        assert_eq!(
            text,
            "provider = \"local\"\n\n[providers.local]\nbase_url = \"http://localhost:8080/v1\"\nmodel = \"m1\"\n"
        );
        let openai = Addition {
            name: "openai".to_owned(),
            ..Addition::default()
        };
        assert_eq!(
            connect("c", Some(""), &openai).unwrap(),
            "provider = \"openai\"\n"
        );
        let dotted = Addition {
            name: "llama.cpp".to_owned(),
            model: Some("q\"w".to_owned()),
            ..Addition::default()
        };
        let text = connect("c", None, &dotted).unwrap();
        assert!(
            text.contains("[providers.\"llama.cpp\"]\nmodel = 'q\"w'"),
            "{text}"
        );
    }

    #[test]
    fn comments_order_and_everything_else_stay() {
        let before = "# mine\nmodel = \"x\"   # why\nprovider = \"old\" # chosen\n\n[ui]\nmouse = false\n\n\
            # the desk\n[providers.local]\n# here\nmodel = \"old\"     # best\nallow_http = true\nidle_timeout = 5\n\n\
            [providers.other]\nbase_url = 'https://x.example/v1'\n";
        let after = connect("c", Some(before), &local()).unwrap();
        let expected = before
            .replace("provider = \"old\"", "provider = \"local\"")
            .replace("model = \"old\"", "model = \"m1\"")
            .replace(
                "idle_timeout = 5\n",
                "idle_timeout = 5\nbase_url = \"http://localhost:8080/v1\"\n",
            );
        assert_eq!(after, expected);
    }

    #[test]
    fn inline_and_dotted_tables_are_understood_or_refused_with_the_lines_to_add() {
        for before in [
            "providers = { other = { base_url = \"https://x\" } }\n",
            "providers.other.base_url = \"https://x\"\n",
            "providers.local.model = \"m0\"\n",
            "[providers]\nlocal = { model = \"m0\" }\n",
            "[ui]\nmouse = true\n",
        ] {
            match connect("c", Some(before), &local()) {
                Ok(after) => {
                    let read = file::read("c", &after);
                    assert_eq!(read.file.provider.as_deref(), Some("local"), "{after}");
                    assert_eq!(read.file.providers["local"].model.as_deref(), Some("m1"));
                }
                Err(failure) => {
                    let told = failure.to_string();
                    assert!(
                        told.contains("base_url = \"http://localhost:8080/v1\""),
                        "{told}"
                    );
                }
            }
        }
    }

    #[test]
    fn a_broken_file_is_not_touched() {
        let told = connect("c", Some("provider = [oops\n"), &local())
            .unwrap_err()
            .to_string();
        assert!(
            told.starts_with("c:1:") && told.ends_with("nothing was written"),
            "{told}"
        );
    }

    #[test]
    fn another_address_takes_the_place_of_a_resource() {
        let before = "[providers.azure]\nresource = \"acme\"\napi_version = \"7\"\n";
        let azure = Addition {
            name: "azure".to_owned(),
            base_url: Some("https://other.openai.azure.com".to_owned()),
            ..Addition::default()
        };
        let after = connect("c", Some(before), &azure).unwrap();
        assert!(
            !after.contains("acme") && after.contains("api_version = \"7\""),
            "{after}"
        );
    }

    proptest! {
        /// W8: whatever the names and values are, nothing else changes and the file can be read.
        #[test]
        fn any_name_and_value_can_be_added_twice(name in "\\PC{1,12}", model in ".{1,12}") {
            let before = "# c\nmodel = \"x\" # y\n[providers.a]\nbase_url = \"https://x\" # z\n";
            let addition = Addition { name: name.clone(), model: Some(model.clone()), ..Addition::default() };
            let once = connect("c", Some(before), &addition).unwrap();
            let read = file::read("c", &once);
            prop_assert_eq!(read.file.provider.as_deref(), Some(name.as_str()));
            if name != "practice" {
                prop_assert_eq!(read.file.providers[&name].model.as_deref(), Some(model.as_str()));
            }
            for kept in ["# c\n", "# y\n", "# z\n"] {
                prop_assert!(once.contains(kept));
            }
            if !model.trim().is_empty() {
                prop_assert_eq!(connect("c", Some(&once), &addition).unwrap(), once);
            }
        }
    }
}
