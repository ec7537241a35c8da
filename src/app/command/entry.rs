//! A row of the command table, and the short way to write many of them.
//!
//! Knows the form of a row and no command.

use super::Command;

/// Where keys of a command count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Everywhere, also while typing.
    Anywhere,
    /// In the lists of the Template pane.
    Lists,
    /// In a form.
    Form,
    /// In the text that is written.
    Draft,
    /// In the find bar.
    Find,
    /// While a rewritten part is decided about.
    Review,
    /// In the Output pane.
    Output,
    /// In the Output pane while a question is written.
    Question,
    /// In the Output pane while paragraphs of an answer are chosen.
    Quote,
}

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
