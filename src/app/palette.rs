//! The palette: everything that can be asked for by name, what is asked for often first.
//!
//! Names the command or theme that is wanted, or the key that a command is to have; doing it is
//! not its business.

mod binding;

pub use binding::Binding;

use super::command::{Command, Entry, Scope, TABLE};
use super::dialog::{Answer, Dialog, Outcome};
use super::editor::LinePlace;
use super::effect::Effect;
use super::filter::{Filter, Subject};
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::look::Errand;
use super::{App, Pane};
use crate::config::theme::{self, Named, SHIPPED};
use crate::config::{Bindings, table};
use crate::store::habits::Habits;
use std::cmp::Reverse;

/// Why nothing is read aloud or taken down.
const NO_PROGRAM: &str = "config.toml names no program for it";

/// What a row stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum What {
    /// A row of the command table.
    Command(usize),
    /// A theme, by its place.
    Theme(usize),
    /// A setting, by its place in the table of settings.
    Setting(usize),
}

/// A row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// What it stands for.
    pub what: What,
    /// Places of the characters of its title that were typed.
    pub marks: Vec<usize>,
}

/// The palette.
#[derive(Debug)]
pub struct Palette {
    /// What is typed, and what matches, best first.
    pub list: Filtered<Row>,
    /// All themes.
    pub themes: Vec<Named>,
    /// The key that a command is to have, while that is asked.
    pub binding: Option<Binding>,
    /// Where the person is: of a command's rows, the one for there is offered.
    scope: Scope,
    /// Vim's short names count, too.
    short_names: bool,
    habits: Habits,
    bindings: Bindings,
}

impl Palette {
    /// A palette opened from a place, with how often each command was chosen and the keys that
    /// the settings give.
    pub fn new(scope: Scope, habits: &Habits, bindings: &Bindings) -> Self {
        let shipped = SHIPPED.iter().filter_map(|name| theme::read(name, &[]));
        let mut palette = Self {
            scope,
            short_names: false,
            list: Filtered::new(Vec::new()),
            themes: shipped.collect(),
            binding: None,
            habits: habits.clone(),
            bindings: bindings.clone(),
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

    /// The row of the command table that is highlighted.
    pub fn entry(&self) -> Option<&'static Entry> {
        match self.list.chosen()?.what {
            What::Command(row) => TABLE.get(row),
            What::Theme(_) | What::Setting(_) => None,
        }
    }

    /// The theme that is highlighted.
    pub fn theme(&self) -> Option<&Named> {
        match self.list.chosen()?.what {
            What::Theme(place) => self.themes.get(place),
            What::Command(_) | What::Setting(_) => None,
        }
    }

    /// What a row is called.
    pub fn title(&self, what: What) -> String {
        match what {
            What::Command(row) => TABLE
                .get(row)
                .map_or_else(String::new, |entry| super::sentence(entry.title)),
            What::Theme(place) => {
                let named = self.themes.get(place);
                named.map_or_else(String::new, |named| format!("Theme: {}", named.name))
            }
            What::Setting(place) => {
                let setting = table::TABLE.get(place);
                setting.map_or_else(String::new, |it| format!("Setting: {}", it.name()))
            }
        }
    }

    /// True while the next key, whatever it is, is the one that a command is to have.
    pub(super) fn is_listening(&self) -> bool {
        self.binding.as_ref().is_some_and(Binding::is_listening)
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

    /// Rows of the table that are offered: one for each command, those chosen often first.
    fn offered(&self) -> Vec<usize> {
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
        let often = |entry: &Entry| self.habits.get(&habit(entry.command)).copied();
        offered.sort_by_key(|(index, entry)| (Reverse(often(entry).unwrap_or(0)), *index));
        offered.into_iter().map(|(index, _)| index).collect()
    }

    fn refresh(&mut self) {
        let offered = self.offered().into_iter().map(What::Command);
        let themes = (0..self.themes.len()).map(What::Theme);
        let all: Vec<(What, String)> = offered
            .chain(themes)
            .chain((0..table::TABLE.len()).map(What::Setting))
            .map(|what| (what, self.title(what)))
            .collect();
        let subjects = all.iter().map(|(what, title)| {
            let (names, text) = match what {
                What::Command(row) => (TABLE[*row].name, TABLE[*row].help),
                What::Theme(_) => ("", ""),
                What::Setting(place) => ("", table::TABLE[*place].help),
            };
            Subject { title, names, text }
        });
        let mut filter = Filter::new(&self.list.typed());
        let found = filter.ranked(subjects).into_iter();
        let mut matches: Vec<Row> = found
            .map(|place| Row {
                what: all[place].0,
                marks: filter.marks(&all[place].1),
            })
            .collect();
        if let Some(short) = self.short_name() {
            let meant = match short {
                Outcome::Run(command) => command,
                Outcome::GoToLine(_) => Command::GoToLine,
                _ => Command::Quit,
            };
            let row = TABLE.iter().position(|entry| entry.command == meant);
            let row = row.map(|row| Row {
                what: What::Command(row),
                marks: Vec::new(),
            });
            matches = row.into_iter().collect();
        }
        self.list.narrow(matches);
    }

    /// Takes all themes anew; the highlight stays.
    fn take_themes(&mut self, all: Vec<Named>) {
        let cursor = self.list.cursor;
        self.themes = all;
        self.refresh();
        self.list.cursor = cursor.min(self.list.rows.len().saturating_sub(1));
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        if let Some(outcome) = self.binding_key(key) {
            return outcome;
        }
        match key.code {
            Code::Esc => return Outcome::Close,
            Code::Char('k') if key.alt => return self.ask_for_key(),
            Code::Char('x') if key.alt => return self.give_back(),
            Code::Delete if self.list.query.is_empty() => return self.give_back(),
            Code::Enter => {
                if let Some(outcome) = self.short_name() {
                    return outcome;
                }
                if let Some(What::Setting(place)) = self.list.chosen().map(|row| row.what) {
                    return Outcome::Setting(place);
                }
                if let Some(named) = self.theme() {
                    return Outcome::Theme(named.name.clone());
                }
                return self
                    .entry()
                    .map_or(Outcome::Stay, |entry| Outcome::Chosen(entry.command));
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
        if self.binding.is_none() {
            self.list.paste(text);
            self.refresh();
        }
    }
}

/// What a command is called among the habits: the name of its first row, wherever it was chosen.
fn habit(command: Command) -> String {
    let row = TABLE.iter().find(|entry| entry.command == command);
    row.map_or_else(String::new, |entry| entry.name.to_owned())
}

impl App {
    /// Opens the palette.
    pub(super) fn open_palette(&mut self) -> Vec<Effect> {
        let scope = match self.focus {
            Pane::Template if self.form.is_some() => Scope::Form,
            Pane::Template => Scope::Lists,
            Pane::Editor if self.is_finding() => Scope::Find,
            Pane::Editor if self.is_reviewing() => Scope::Review,
            Pane::Editor => Scope::Draft,
            Pane::Output if self.is_writing_question() => Scope::Question,
            Pane::Output if self.is_quoting() => Scope::Quote,
            Pane::Output => Scope::Output,
        };
        let palette = self.palette_for(scope);
        self.dialogs.push(Dialog::Palette(Box::new(palette)));
        vec![Effect::Look(Errand::Themes)]
    }

    pub(super) fn palette_for(&self, scope: Scope) -> Palette {
        Palette::new(scope, &self.habits, &self.settings.keys)
    }

    /// All themes were read: an open palette has them.
    pub(super) fn fill_palette(&mut self, all: &[Named]) {
        for dialog in &mut self.dialogs {
            if let Dialog::Palette(palette) = dialog {
                palette.take_themes(all.to_vec());
            }
        }
    }

    /// A command was chosen from the palette: it runs, and is found sooner from then on.
    pub(super) fn run_chosen(&mut self, command: Command) -> Vec<Effect> {
        let mut effects = self.note_habit(command);
        effects.extend(self.run(command));
        effects
    }

    pub(super) fn note_habit(&mut self, command: Command) -> Vec<Effect> {
        let often = self.habits.entry(habit(command)).or_default();
        *often = often.saturating_add(1);
        vec![Effect::Look(Errand::Habits(self.habits.clone()))]
    }

    /// Why a command can do nothing now; `None` when it can, or says so itself.
    pub fn idle_because(&self, command: Command) -> Option<&'static str> {
        use Command as C;
        let no_form = self.form.is_none();
        let nothing_written = self.output.variants.is_empty() && self.talk_on_screen().is_none();
        match command {
            C::NextField
            | C::PreviousField
            | C::NextOption
            | C::PreviousOption
            | C::EarlierValues
            | C::FieldInFull
            | C::ResetField
            | C::ClearField
            | C::ResetForm
            | C::ClearForm
            | C::CopyBrief
                if no_form =>
            {
                Some("no form is open")
            }
            C::UseVariant
            | C::AppendVariant
            | C::InsertVariant
            | C::Regenerate
            | C::MoreVariants
            | C::Continue
            | C::Compare
            | C::Merge
            | C::Reasoning
            | C::Columns
            | C::StarVariant
            | C::NextVariant
            | C::PreviousVariant
                if nothing_written =>
            {
                Some("nothing is generated yet")
            }
            C::AcceptChange
            | C::RejectChange
            | C::NextChange
            | C::PreviousChange
            | C::AcceptAll
            | C::RejectAll
            | C::RefineAgain
            | C::AdjustRefine
                if self.reviewed().is_none() =>
            {
                Some("no rewritten part is under review")
            }
            C::NextPlace
            | C::PreviousPlace
            | C::ReplaceLine
            | C::ReplaceAll
            | C::FindPattern
            | C::FindCase
                if self.editor.find.is_none() =>
            {
                Some("the find bar is closed")
            }
            C::NextParagraph | C::PreviousParagraph | C::TakeMore if !self.is_quoting() => {
                Some("no answer is being quoted")
            }
            C::SendQuestion
            | C::SwitchHand
            | C::NewConversation
            | C::EarlierConversation
            | C::LaterConversation
                if self.talk_on_screen().is_none() =>
            {
                Some("no conversation is on screen")
            }
            C::ReadAloud if self.settings.voice.read.is_none() => Some(NO_PROGRAM),
            C::Dictate if self.settings.voice.dictate.is_none() => Some(NO_PROGRAM),
            C::ExternalEditor
            | C::Find
            | C::SelectAll
            | C::Statistics
            | C::SelectWord
            | C::SelectParagraph
                if no_form && self.editor.document.is_empty() =>
            {
                Some("there is no text yet")
            }
            _ => None,
        }
    }
}
