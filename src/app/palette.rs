//! The palette: every command by name, those of where the person is first.
//!
//! Names the command that is wanted; running it is not its business.

use super::command::{Command, Entry, Scope, TABLE};
use super::dialog::{Answer, Outcome};
use super::editor::LinePlace;
use super::filter::{Filter, Subject};
use super::filtered::Filtered;
use super::key::{Code, Key};

/// The palette.
#[derive(Debug)]
pub struct Palette {
    /// What is typed, and the rows of the command table that match, best first.
    pub list: Filtered<usize>,
    /// Where the person is: of a command's rows, the one for there is offered.
    scope: Scope,
    /// Vim's short names count, too.
    short_names: bool,
}

impl Palette {
    /// A palette opened from a place.
    pub fn new(scope: Scope) -> Self {
        let mut palette = Self {
            scope,
            short_names: false,
            list: Filtered::new(Vec::new()),
        };
        palette.refresh();
        palette
    }

    /// The same, where `w`, `q`, `wq` and the number of a line mean what they mean to vim.
    #[must_use]
    pub fn with_short_names(self) -> Self {
        Self {
            short_names: true,
            ..self
        }
    }

    fn short_name(&self) -> Option<Outcome> {
        let typed = self.list.typed();
        Some(match typed.trim() {
            _ if !self.short_names => return None,
            "w" => Outcome::Run(Command::Save),
            "q" => Outcome::Run(Command::Quit),
            "wq" | "x" => Outcome::Answered(Answer::SaveAndQuit),
            number => Outcome::GoToLine(LinePlace::Number(number.parse().ok()?)),
        })
    }

    fn refresh(&mut self) {
        let here = |entry: &Entry| entry.scope == self.scope;
        let rows = TABLE.iter().enumerate();
        let first = rows.clone().filter(|(_, entry)| here(entry));
        let mut offered: Vec<(usize, &Entry)> = Vec::new();
        for (index, entry) in first.chain(rows.filter(|(_, entry)| !here(entry))) {
            let known = |(_, other): &(usize, &Entry)| other.command == entry.command;
            if entry.command != Command::Palette && !offered.iter().any(known) {
                offered.push((index, entry));
            }
        }
        offered.sort_by_key(|(index, _)| *index);
        let subjects = offered.iter().map(|(_, entry)| Subject {
            title: entry.title,
            names: entry.name,
            text: entry.help,
        });
        let found = Filter::new(&self.list.typed()).ranked(subjects);
        let mut matches = found.into_iter().map(|place| offered[place].0).collect();
        if let Some(short) = self.short_name() {
            let meant = match short {
                Outcome::Run(command) => command,
                Outcome::GoToLine(_) => Command::GoToLine,
                _ => Command::Quit,
            };
            let row = TABLE.iter().position(|entry| entry.command == meant);
            matches = row.into_iter().collect();
        }
        self.list.narrow(matches);
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Enter => {
                if let Some(outcome) = self.short_name() {
                    return outcome;
                }
                let chosen = self.list.chosen().and_then(|index| TABLE.get(*index));
                return chosen.map_or(Outcome::Stay, |entry| Outcome::Run(entry.command));
            }
            _ => {}
        }
        if self.list.key(key) {
            self.refresh();
        }
        Outcome::Stay
    }

    /// Pastes into what is typed.
    pub(super) fn paste(&mut self, text: &str) {
        self.list.paste(text);
        self.refresh();
    }
}
