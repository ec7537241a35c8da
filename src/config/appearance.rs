//! What `[ui]` says of how the studio looks: theme, motion, whether it is to be read aloud.
//!
//! What is wrong is told and costs only itself. Knows no theme's contents.

use super::providers::Whence;
use toml::de::DeValue;

/// The keys of `[ui]` that are read here.
pub(super) const KEYS: [&str; 3] = ["theme", "motion", "linear"];

/// How the studio looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    /// Name of the theme, when one is named.
    pub theme: Option<String>,
    /// Signs of work may turn.
    pub motion: bool,
    /// One pane without borders, in words, for a screen reader.
    pub linear: bool,
    /// A flag asked for that, whatever the file says.
    insisted: bool,
    /// The keys that the file has.
    given: Vec<&'static str>,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            theme: None,
            motion: true,
            linear: false,
            insisted: false,
            given: Vec::new(),
        }
    }
}

impl Appearance {
    /// Where a setting came from.
    pub fn whence(&self, key: &str) -> Whence {
        if key == "linear" && self.insisted {
            Whence::Flag
        } else if self.given.contains(&key) {
            Whence::File
        } else {
            Whence::BuiltIn
        }
    }

    /// The same, read aloud for the whole session.
    pub const fn insist_on_linear(&mut self) {
        self.linear = true;
        self.insisted = true;
    }

    /// Takes over what a flag asked for, when the file is read again.
    pub(super) const fn follow(&mut self, earlier: &Self) {
        if earlier.insisted {
            self.insist_on_linear();
        }
    }

    /// Takes a key of the table; `None` when it is not one of these, else what it must be when it
    /// is not that.
    pub(super) fn take(
        &mut self,
        key: &str,
        value: &DeValue<'_>,
    ) -> Option<Result<(), &'static str>> {
        let known = KEYS.into_iter().find(|known| *known == key)?;
        let understood = match (known, value) {
            ("theme", DeValue::String(name)) if !name.trim().is_empty() => {
                self.theme = Some(name.trim().to_owned());
                true
            }
            ("motion", DeValue::Boolean(on)) => {
                self.motion = *on;
                true
            }
            ("linear", DeValue::Boolean(on)) => {
                self.linear = *on;
                true
            }
            _ => false,
        };
        Some(if understood {
            self.given.push(known);
            Ok(())
        } else if known == "theme" {
            Err("the name of a theme, such as \"dark\"")
        } else {
            Err("true or false")
        })
    }
}
