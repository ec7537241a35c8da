//! What a key means now: the front dialog is asked first, then the pane, then everywhere.
//!
//! Resolving reads the model and changes nothing.

mod bound;
mod words;

use super::command::{Command, Entry, Scope, TABLE};
use super::dialog::Dialog;
use super::key::{Code, Key};
use super::{App, Pane};
use crate::config::Bindings;
use std::collections::HashMap;

/// The meaning of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meaning {
    /// A command of the table.
    Command(Command),
    /// Show the variant with this number, from 0.
    Variant(usize),
    /// The key goes to the front dialog.
    Dialog(Key),
    /// The key goes to the text or field under the cursor.
    Text(Key),
    /// Nothing.
    Nothing,
}

/// Key to command, by scope.
#[derive(Debug, Clone)]
pub struct Keymap {
    map: HashMap<(Scope, Key), Command>,
    rows: bound::Rows,
    /// Keys of the table that have another meaning now, and what to press instead.
    instead: Vec<(&'static str, String)>,
    /// What the settings say of keys and makes no sense, a sentence each.
    pub odd: Vec<String>,
}

impl Default for Keymap {
    fn default() -> Self {
        Self::of(&Bindings::default())
    }
}

impl Keymap {
    /// The keys of the table, and what the settings say instead.
    pub fn of(bindings: &Bindings) -> Self {
        bound::keymap(bindings)
    }

    /// Why a row cannot have a key, if it cannot.
    pub(super) fn fits(entry: &Entry, key: Key) -> Result<(), String> {
        bound::fitting(entry, &key.to_string()).map(|_| ())
    }

    /// The keys of a row of the table that are in force, the one to show first.
    pub fn keys(&self, entry: &Entry) -> &[Key] {
        self.rows.get(entry.name).map_or(&[], Vec::as_slice)
    }

    /// The key to show for a row; empty when it has none.
    pub fn key(&self, entry: &Entry) -> String {
        self.keys(entry)
            .first()
            .map_or_else(String::new, Key::to_string)
    }

    /// The key to show for a command; empty when it has none.
    pub fn key_of(&self, command: Command) -> String {
        let mut rows = TABLE.iter().filter(|entry| entry.command == command);
        let shown = rows.find_map(|entry| self.keys(entry).first());
        shown.map_or_else(String::new, Key::to_string)
    }

    /// True for a key that never waits for a form: all that count anywhere, but the one that sends.
    pub(super) fn waits_for_nothing(&self, key: Key) -> bool {
        let command = self.find(Scope::Anywhere, key);
        command.is_some_and(|command| command != Command::Generate)
    }

    /// True for a key that leads out of the studio.
    pub(super) fn leaves(&self, key: Key) -> bool {
        let command = self.find(Scope::Anywhere, key);
        matches!(command, Some(Command::Quit | Command::CopyOrQuit))
    }

    pub(super) fn find(&self, scope: Scope, key: Key) -> Option<Command> {
        self.map.get(&(scope, key)).copied()
    }
}

/// What `key` means while `app` looks as it does.
pub fn resolve(app: &App, key: Key) -> Meaning {
    let anywhere = app.keymap.find(Scope::Anywhere, key);
    if let Some(dialog) = app.dialogs.last() {
        if matches!(dialog, Dialog::Palette(palette) if palette.is_listening()) {
            return Meaning::Dialog(key);
        }
        return match anywhere {
            Some(
                command @ (Command::Quit
                | Command::CopyOrQuit
                | Command::ReadAloud
                | Command::Dictate),
            ) => Meaning::Command(command),
            Some(Command::Help) if !matches!(dialog, Dialog::Help(_)) => {
                Meaning::Command(Command::Help)
            }
            // What opened a box closes it, and the way back is the way out of it.
            Some(Command::Help | Command::Back) => Meaning::Dialog(Key::plain(Code::Esc)),
            Some(Command::Palette) if matches!(dialog, Dialog::Palette(_)) => {
                Meaning::Dialog(Key::plain(Code::Esc))
            }
            _ => Meaning::Dialog(key),
        };
    }
    if app.vim_takes(key) {
        return Meaning::Text(key);
    }
    if let Some(command) = anywhere {
        return Meaning::Command(command);
    }
    match app.focus {
        Pane::Template if app.form.is_some() => form(app, key),
        Pane::Template if app.browser.is_filtering() => filtering(key),
        Pane::Template => in_scope(app, Scope::Lists, key),
        Pane::Editor if app.is_finding() => {
            let command = app.keymap.find(Scope::Find, key);
            command.map_or(Meaning::Text(key), Meaning::Command)
        }
        Pane::Editor if app.is_settling(key) => Meaning::Nothing,
        Pane::Editor if app.is_reviewing() => in_scope(app, Scope::Review, key),
        Pane::Editor if app.is_in_text() => {
            let command = app.keymap.find(Scope::Draft, key);
            command.map_or(Meaning::Text(key), Meaning::Command)
        }
        Pane::Editor => Meaning::Text(key),
        Pane::Output if app.is_writing_question() => {
            app.in_question(key, app.keymap.find(Scope::Question, key))
        }
        Pane::Output if app.is_quoting() => in_scope(app, Scope::Quote, key),
        Pane::Output => match key.typed().and_then(|c| c.to_digit(10)) {
            Some(digit @ 1..=9) => Meaning::Variant(digit as usize - 1),
            _ => in_scope(app, Scope::Output, key),
        },
    }
}

fn in_scope(app: &App, scope: Scope, key: Key) -> Meaning {
    app.keymap
        .find(scope, key)
        .map_or(Meaning::Nothing, Meaning::Command)
}

/// While a filter is typed, only keys that type nothing move in the list.
fn filtering(key: Key) -> Meaning {
    let command = match key.code {
        Code::Down => Command::Down,
        Code::Up => Command::Up,
        Code::PageDown => Command::PageDown,
        Code::PageUp => Command::PageUp,
        Code::Enter => Command::Activate,
        _ => return Meaning::Text(key),
    };
    Meaning::Command(command)
}

/// In a form, a key that a field can use is the field's; moving between fields comes first.
fn form(app: &App, key: Key) -> Meaning {
    let Some(command) = app.keymap.find(Scope::Form, key) else {
        return Meaning::Text(key);
    };
    let Some(field) = app.form.as_ref().and_then(super::form::Form::focused) else {
        return Meaning::Command(command);
    };
    let taken = match command {
        Command::NextOption if key == Key::plain(Code::Char(' ')) => {
            field.has_options() && !field.takes_several()
        }
        Command::NextOption | Command::PreviousOption => field.has_options(),
        Command::EarlierValue => field.has_options() || field.is_one_line_or_empty(),
        // A tall field goes through its paragraphs with that.
        Command::EarlierValues if key.code == Code::Up => field.is_one_line_or_empty(),
        _ => true,
    };
    if taken {
        Meaning::Command(command)
    } else {
        Meaning::Text(key)
    }
}
