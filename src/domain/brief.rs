//! The brief: the values a person gave to the inputs of one template.
//!
//! Values are data. They are never rendered as templates and never change type on their own.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use std::fmt;

/// One value of a brief.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// On or off.
    Toggle(bool),
    /// A number; whole numbers print without a fraction.
    Number(f64),
    /// Any text, one line or several.
    Text(String),
    /// What was chosen of a list, in the order of its options.
    List(Vec<String>),
}

impl Value {
    /// True for text of nothing but white space, and for a choice of nothing.
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Text(text) => text.trim().is_empty(),
            Self::List(chosen) => chosen.is_empty(),
            Self::Toggle(_) | Self::Number(_) => false,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Toggle(on) => write!(out, "{on}"),
            Self::Number(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
            Self::List(chosen) => out.write_str(&chosen.join(", ")),
        }
    }
}

/// Input name to value, in the order of the template's form.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Brief(IndexMap<String, Value>);

impl Brief {
    /// The value given for an input, if any.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name)
    }

    /// Gives an input a value, keeping the place of an earlier one.
    pub fn set(&mut self, name: impl Into<String>, value: Value) {
        self.0.insert(name.into(), value);
    }

    /// Takes the value of an input away.
    pub fn remove(&mut self, name: &str) {
        self.0.shift_remove(name);
    }

    /// Names and values in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// True when no input has a value.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<N: Into<String>> FromIterator<(N, Value)> for Brief {
    fn from_iter<I: IntoIterator<Item = (N, Value)>>(values: I) -> Self {
        Self(
            values
                .into_iter()
                .map(|(name, value)| (name.into(), value))
                .collect(),
        )
    }
}
