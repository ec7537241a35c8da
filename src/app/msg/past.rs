//! What was given to the inputs of a template before: in this session, and as the journal has it.
//!
//! Only remembers; what a form does with it is the form's matter.

use crate::domain::brief::{Brief, Value};
use std::collections::BTreeMap;

/// What was given to the inputs of a template before.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Past {
    /// The brief it was last used with, or that was filled in since and not sent.
    pub last: Option<Brief>,
    /// The prompt that was edited by hand since and not sent.
    pub prompt: Option<String>,
    /// Values by input, newest first.
    pub values: BTreeMap<String, Vec<Value>>,
}

impl Past {
    /// Adds a brief that was just given.
    pub(in crate::app) fn remember(&mut self, brief: Brief) {
        for (input, value) in brief.iter() {
            let values = self.values.entry(input.to_owned()).or_default();
            values.retain(|known| known != value);
            values.insert(0, value.clone());
        }
        self.last = Some(brief);
    }

    /// Adds what was given earlier still.
    pub(in crate::app) fn extend(&mut self, earlier: Self) {
        if self.last.is_none() {
            // Later the session knows better: it may have sent or dropped the prompt.
            self.prompt = earlier.prompt;
        }
        self.last = self.last.take().or(earlier.last);
        for (input, values) in earlier.values {
            let known = self.values.entry(input).or_default();
            for value in values {
                if !known.contains(&value) {
                    known.push(value);
                }
            }
        }
    }
}
