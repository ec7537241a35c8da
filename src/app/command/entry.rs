//! One row of the command table: what a verb is called, what it does, and where its keys count.
//!
//! Owns the form of a row; the rows themselves stand in the table.

use super::{Command, Scope};

/// One row of the table.
#[derive(Debug)]
pub struct Entry {
    /// The command.
    pub command: Command,
    /// The name in the config file.
    pub name: &'static str,
    /// What the palette and the footer call it.
    pub title: &'static str,
    /// One line of help.
    pub help: &'static str,
    /// Where its keys count.
    pub scope: Scope,
    /// Default keys, the one to show first.
    pub keys: &'static [&'static str],
}
