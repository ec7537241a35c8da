//! One row of the command table, and the way to write the table with one line for each command.
//!
//! Knows no command.

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

/// Writes the table with one line for each command.
macro_rules! table {
    ($($scope:ident { $($command:ident $name:literal [$($key:literal),+] $title:literal, $help:literal;)+ })+) => {
        &[$($(Entry {
            command: Command::$command,
            name: $name,
            title: $title,
            help: $help,
            scope: Scope::$scope,
            keys: &[$($key),+],
        }),+),+]
    };
}

pub(super) use table;
