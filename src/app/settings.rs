//! The box of settings: what each is, where that comes from, and how it is to be otherwise.
//!
//! What a setting may be stands in `config::table`; writing the file is the shell's errand.

use super::App;
use super::command::Command;
use super::dialog::{Dialog, Outcome};
use super::effect::Effect;
use super::field::{Lines, TextEntry};
use super::filter::{Filter, Subject};
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::look::{Change, Errand};
use crate::config::Settings;
use crate::config::edit::Given;
use crate::config::providers::Whence;
use crate::config::table::{Kind, Setting, TABLE, When};

/// What letters do.
#[derive(Debug)]
pub enum Hand {
    /// They are keys of the box.
    Keys,
    /// They narrow the list.
    Filtering,
    /// They write a value; why it cannot be that, if it cannot.
    Writing(Box<TextEntry>, Option<String>),
}

/// The box.
#[derive(Debug)]
pub struct SettingsBox {
    /// What is typed to narrow it, and the places of the settings that fit.
    pub list: Filtered<usize>,
    /// What letters do.
    pub hand: Hand,
    /// What each setting is and where that comes from.
    pub values: Vec<(Given, Whence)>,
    /// Why the file cannot be changed, if it cannot.
    pub problem: Option<String>,
    /// What was before each change.
    undo: Vec<(usize, Given)>,
}

impl SettingsBox {
    fn new(settings: &Settings) -> Self {
        let mut shown = Self {
            list: Filtered::new((0..TABLE.len()).collect()),
            hand: Hand::Keys,
            values: Vec::new(),
            problem: None,
            undo: Vec::new(),
        };
        shown.refill(settings);
        shown
    }

    fn refill(&mut self, settings: &Settings) {
        self.values = TABLE.iter().map(|it| it.of(settings)).collect();
        self.problem = settings.problem.as_ref().map(ToString::to_string);
    }

    /// The highlighted setting, its place and what it is.
    pub fn chosen(&self) -> Option<(usize, &'static Setting, &(Given, Whence))> {
        let place = *self.list.chosen()?;
        Some((place, TABLE.get(place)?, self.values.get(place)?))
    }

    fn narrow(&mut self) {
        let names: Vec<String> = TABLE.iter().map(Setting::name).collect();
        let subjects = names.iter().zip(TABLE).map(|(name, setting)| Subject {
            title: name,
            names: setting.table,
            text: setting.help,
        });
        let mut fitting = Filter::new(&self.list.typed()).ranked(subjects);
        // Sections stay together.
        fitting.sort_unstable();
        self.list.narrow(fitting);
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match &mut self.hand {
            Hand::Keys => self.own_key(key),
            Hand::Filtering => {
                match key.code {
                    Code::Enter => self.hand = Hand::Keys,
                    Code::Esc => self.unfilter(),
                    _ if self.list.key(key) => self.narrow(),
                    _ => {}
                }
                Outcome::Stay
            }
            Hand::Writing(entry, why) => match key.code {
                Code::Esc => {
                    self.hand = Hand::Keys;
                    Outcome::Stay
                }
                Code::Enter => {
                    let typed = entry.text();
                    self.written(&typed)
                }
                _ => {
                    entry.key(key);
                    *why = None;
                    Outcome::Stay
                }
            },
        }
    }

    fn unfilter(&mut self) {
        let chosen = self.list.chosen().copied();
        self.list = Filtered::new((0..TABLE.len()).collect());
        self.list.cursor = chosen.unwrap_or(0);
        self.hand = Hand::Keys;
    }

    fn own_key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc if !self.list.typed().is_empty() => self.unfilter(),
            Code::Esc | Code::Char('q') | Code::F(10) => return Outcome::Close,
            Code::Char('/') => self.hand = Hand::Filtering,
            Code::Char('j') => self.list.step(1),
            Code::Char('k') => self.list.step(-1),
            Code::Home | Code::Char('g') => self.list.step(isize::MIN),
            Code::End | Code::Char('G') => self.list.step(isize::MAX),
            Code::Char('u') => return self.take_back(),
            Code::Char('x') | Code::Delete => return self.give(Given::Default),
            Code::Right | Code::Char(' ') => return self.turn(1),
            Code::Left => return self.turn(-1),
            Code::Enter => return self.begin(),
            _ => {
                if let Some(by) = key.rows() {
                    self.list.step(by);
                }
            }
        }
        Outcome::Stay
    }

    /// The next value of a setting that has only a few.
    fn turn(&mut self, by: isize) -> Outcome {
        let Some((_, setting, (value, _))) = self.chosen() else {
            return Outcome::Stay;
        };
        let to = match (setting.kind, value) {
            (Kind::Flag, Given::Flag(on)) => Given::Flag(!on),
            (Kind::Choice(names), Given::Text(name)) => {
                let at = names.iter().position(|it| it == name).unwrap_or(0);
                let at = (at.cast_signed() + by).rem_euclid(names.len().cast_signed());
                let name = names.get(at.cast_unsigned()).copied().unwrap_or_default();
                Given::Text(name.to_owned())
            }
            (Kind::Whole(least, most), Given::Whole(number)) => {
                Given::Whole((number + by as i64).clamp(least, most))
            }
            _ => return self.begin(),
        };
        self.give(to)
    }

    /// Begins to write a value, or takes the next one where there are only two.
    fn begin(&mut self) -> Outcome {
        let Some((_, setting, (value, _))) = self.chosen() else {
            return Outcome::Stay;
        };
        if setting.kind == Kind::Flag {
            return self.turn(1);
        }
        let text = match value {
            Given::Default => String::new(),
            value => setting.written(value),
        };
        let mut entry = TextEntry::new(&text, Lines::One);
        entry.select_all();
        self.hand = Hand::Writing(Box::new(entry), None);
        Outcome::Stay
    }

    fn written(&mut self, typed: &str) -> Outcome {
        let Some((_, setting, _)) = self.chosen() else {
            return Outcome::Stay;
        };
        match setting.read(typed) {
            Ok(given) => {
                self.hand = Hand::Keys;
                self.give(given)
            }
            Err(why) => {
                if let Hand::Writing(_, told) = &mut self.hand {
                    *told = Some(why);
                }
                Outcome::Stay
            }
        }
    }

    /// The highlighted setting is to be this.
    fn give(&mut self, to: Given) -> Outcome {
        let Some((place, _, (value, whence))) = self.chosen() else {
            return Outcome::Stay;
        };
        let before = match whence {
            Whence::File => value.clone(),
            _ => Given::Default,
        };
        if before == to {
            return Outcome::Stay;
        }
        let told = self.told(place, &to);
        self.undo.push((place, before));
        Outcome::Set(change(place, to, told))
    }

    fn told(&self, place: usize, to: &Given) -> String {
        let setting = &TABLE[place];
        let name = setting.name();
        let what = match to {
            Given::Default => format!("{name} is what is built in"),
            to => format!("{name} is {}", setting.written(to)),
        };
        match (self.values.get(place), setting.when) {
            (Some((_, Whence::Variable(variable))), _) => {
                format!("{what} in config.toml; {variable} goes before it")
            }
            (_, When::NextStart) => format!("{what} from the next start"),
            (_, When::Now) => format!("{what} from now on"),
        }
    }

    /// Takes the last change back.
    fn take_back(&mut self) -> Outcome {
        let Some((place, before)) = self.undo.pop() else {
            return Outcome::Say("nothing was changed here yet".to_owned());
        };
        let row = self.list.rows.iter().position(|row| *row == place);
        self.list.cursor = row.unwrap_or(self.list.cursor);
        let told = format!("taken back: {}", self.told(place, &before));
        Outcome::Set(change(place, before, told))
    }

    pub(super) fn paste(&mut self, text: &str) {
        match &mut self.hand {
            Hand::Keys => {}
            Hand::Filtering => {
                self.list.paste(text);
                self.narrow();
            }
            Hand::Writing(entry, why) => {
                entry.insert(text);
                *why = None;
            }
        }
    }
}

fn change(place: usize, to: Given, told: String) -> Change {
    let (table, key) = TABLE.get(place).map_or(("", ""), |it| (it.table, it.key));
    Change {
        table: table.to_owned(),
        key: key.to_owned(),
        to,
        told,
    }
}

impl App {
    /// Opens the box, at a setting if one is named.
    pub(super) fn open_settings(&mut self, at: Option<usize>) -> Vec<Effect> {
        let mut shown = SettingsBox::new(&self.settings);
        shown.list.cursor = at.unwrap_or(0);
        self.dialogs.push(Dialog::Settings(Box::new(shown)));
        Vec::new()
    }

    /// An open box shows what counts now.
    pub(super) fn refill_settings(&mut self) {
        for dialog in &mut self.dialogs {
            if let Dialog::Settings(shown) = dialog {
                shown.refill(&self.settings);
            }
        }
    }

    /// A change was not written: it is not there to be taken back.
    pub(super) fn forget_change(&mut self) {
        if let Some(Dialog::Settings(shown)) = self.dialogs.last_mut() {
            shown.undo.pop();
        }
    }

    /// A setting is to be written.
    pub(super) fn set(change: Change) -> Vec<Effect> {
        vec![Effect::Look(Errand::Set(change))]
    }

    /// A setting was chosen by its name: its box opens there.
    pub(super) fn go_to_setting(&mut self, place: usize) -> Vec<Effect> {
        self.dialogs.pop();
        let mut effects = self.note_habit(Command::Settings);
        effects.extend(self.open_settings(Some(place)));
        effects
    }
}
