//! What `[ui]` says of how the studio looks: theme, motion.
//!
//! What is wrong is told and costs only itself. Knows no theme's contents.

use super::providers::Whence;
use toml::de::DeValue;

/// The keys of `[ui]` that are read here.
pub(super) const KEYS: [&str; 2] = ["theme", "motion"];

/// How the studio looks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appearance {
    /// Name of the theme, when one is named.
    pub theme: Option<String>,
    /// Signs of work may turn.
    pub motion: bool,
    /// The keys that the file has.
    given: Vec<&'static str>,
}

impl Default for Appearance {
    fn default() -> Self {
        Self {
            theme: None,
            motion: true,
            given: Vec::new(),
        }
    }
}

impl Appearance {
    /// Where a setting came from.
    pub fn whence(&self, key: &str) -> Whence {
        if self.given.contains(&key) {
            Whence::File
        } else {
            Whence::BuiltIn
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
