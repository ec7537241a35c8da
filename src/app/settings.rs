//! The box of settings: what each is, where that comes from, and how it is to be otherwise.
//!
//! What a setting may be stands in `config::table`; writing the file is the shell's errand.

use super::command::Command;
use super::dialog::{Dialog, Outcome};
use super::effect::Effect;
use super::field::{Lines, TextEntry};
use super::filter::{Filter, Subject};
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::look::{Change, Errand};
use super::{App, Weight};
use crate::config::Settings;
use crate::config::edit::{self, Given};
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

/// What the file has that is changed elsewhere: the row leads there.
#[derive(Debug)]
pub struct Door {
    /// Its table.
    pub table: &'static str,
    /// What it is for.
    pub help: &'static str,
    /// Where it is changed.
    pub command: Command,
}

/// Those rows, behind the settings.
pub const DOORS: [Door; 2] = [
    Door {
        table: "providers",
        help: "Who can be asked: address, model, where the key comes from. enter opens “Connect”, which writes one into the file.",
        command: Command::Connect,
    },
    Door {
        table: "keys",
        help: "Keys of your own for commands. enter opens the palette: alt+k there gives a command another key, alt+x its own again.",
        command: Command::Palette,
    },
];

/// The box.
#[derive(Debug)]
pub struct SettingsBox {
    /// What is typed to narrow it, and the places of the settings that fit.
    pub list: Filtered<usize>,
    /// What letters do.
    pub hand: Hand,
    /// `x` was pressed at the highlighted setting: once more takes it out of the file.
    pub sure: bool,
    /// What each setting is and where that comes from.
    pub values: Vec<(Given, Whence)>,
    /// The model that is asked, and who says so, where that is not the setting.
    pub model_instead: Option<(String, String)>,
    /// What there is behind each door, in words.
    pub behind: [String; DOORS.len()],
    /// Why the file cannot be changed, if it cannot.
    pub problem: Option<String>,
}

impl SettingsBox {
    fn new(settings: &Settings) -> Self {
        let mut shown = Self {
            list: Filtered::new(all()),
            hand: Hand::Keys,
            sure: false,
            values: Vec::new(),
            model_instead: None,
            behind: Default::default(),
            problem: None,
        };
        shown.refill(settings);
        shown
    }

    fn refill(&mut self, settings: &Settings) {
        self.values = TABLE.iter().map(|it| it.of(settings)).collect();
        self.model_instead = settings.model_instead();
        let used = |name: &str| name == settings.provider;
        let own = settings.providers.values().filter(|it| !it.is_practice());
        let own = own.filter(|it| it.is_set_up() || used(&it.name));
        let own: Vec<&str> = own.map(|it| it.name.as_str()).collect();
        let providers = match own.as_slice() {
            [] => "none set up".to_owned(),
            names => names.join(", "),
        };
        let keys = match settings.keys.0.len() {
            0 => "as they come".to_owned(),
            1 => "1 command has its own".to_owned(),
            count => format!("{count} commands have their own"),
        };
        self.behind = [providers, keys];
        self.problem = settings.problem.as_ref().map(ToString::to_string);
    }

    /// The highlighted setting, its place and what it is.
    pub fn chosen(&self) -> Option<(usize, &'static Setting, &(Given, Whence))> {
        let place = *self.list.chosen()?;
        Some((place, TABLE.get(place)?, self.values.get(place)?))
    }

    /// The highlighted row that leads elsewhere.
    pub fn door(&self) -> Option<&'static Door> {
        DOORS.get(self.list.chosen()?.checked_sub(TABLE.len())?)
    }

    fn narrow(&mut self) {
        let names: Vec<String> = TABLE.iter().map(Setting::name).collect();
        let subjects = names.iter().zip(TABLE).map(|(name, setting)| Subject {
            title: name,
            names: setting.table,
            text: setting.help,
        });
        let doors = DOORS.iter().map(|door| Subject {
            title: door.table,
            names: "",
            text: door.help,
        });
        let subjects = subjects.chain(doors);
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
        self.list = Filtered::new(all());
        self.list.cursor = chosen.unwrap_or(0);
        self.hand = Hand::Keys;
    }

    fn own_key(&mut self, key: Key) -> Outcome {
        let sure = std::mem::take(&mut self.sure);
        if let Some(door) = self.door()
            && matches!(key.code, Code::Enter | Code::Right | Code::Char(' '))
        {
            return Outcome::Run(door.command);
        }
        match key.code {
            Code::Char('z') if key.ctrl => return Outcome::TakeBack,
            Code::Esc if !self.list.typed().is_empty() => self.unfilter(),
            Code::Esc | Code::Char('q') | Code::F(10) => return Outcome::Close,
            Code::Char('/') => self.hand = Hand::Filtering,
            Code::Char('j') => self.list.step(1),
            Code::Char('k') => self.list.step(-1),
            Code::Home | Code::Char('g') => self.list.step(isize::MIN),
            Code::End | Code::Char('G') => self.list.step(isize::MAX),
            Code::Char('u') => return Outcome::TakeBack,
            // A letter may begin a word that was meant for a filter.
            Code::Char('x') if !sure => self.sure = self.changes(&Given::Default),
            Code::Char('x') | Code::Delete => return self.give(Given::Default),
            Code::Right | Code::Char(' ') => return self.turn(1),
            Code::Left => return self.turn(-1),
            Code::Enter => return self.begin(),
            _ if key.typed().is_some_and(char::is_alphanumeric) => {
                self.hand = Hand::Filtering;
                return self.key(key);
            }
            _ => self.list.step(key.rows().unwrap_or(0)),
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
        let Some((_, setting, value)) = self.chosen() else {
            return Outcome::Stay;
        };
        if setting.kind == Kind::Flag {
            return self.turn(1);
        }
        let (value, whence) = value;
        let text = match (value, setting.kind) {
            (Given::Default, _) => String::new(),
            // What is built in is not written by looking at it.
            (_, Kind::Text) if *whence != Whence::File => String::new(),
            (value, _) => setting.written(value),
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

    /// Whether it would write anything that the highlighted setting is to be this.
    fn changes(&self, to: &Given) -> bool {
        // What goes before the file hides what that says.
        self.chosen()
            .is_some_and(|(.., (value, whence))| match whence {
                Whence::File => value != to,
                Whence::BuiltIn => *to != Given::Default,
                _ => true,
            })
    }

    /// The highlighted setting is to be this.
    fn give(&mut self, to: Given) -> Outcome {
        let Some((place, ..)) = self.chosen().filter(|_| self.changes(&to)) else {
            return Outcome::Stay;
        };
        let back = if to == Given::Default {
            "; u takes that back"
        } else {
            ""
        };
        let told = format!("{}{back}", self.told(place, &to));
        Outcome::Set(change(place, to, told))
    }

    /// What is said when a setting is to be this.
    fn told(&self, place: usize, to: &Given) -> String {
        let setting = &TABLE[place];
        let name = setting.name();
        let what = match to {
            Given::Default => format!("{name} is what is built in"),
            to => format!("{name} is {}", setting.written(to)),
        };
        let instead = self.model_instead.as_ref().filter(|_| name == "model");
        match (self.values.get(place), instead, setting.when) {
            (Some((_, Whence::Variable(variable))), ..) => {
                format!("{what} in config.toml; {variable} goes before it")
            }
            (_, Some((model, _)), _) => format!("{what} in config.toml; {model} goes before it"),
            (_, _, When::NextStart) => format!("{what} from the next start"),
            (_, _, When::Now) => format!("{what} from now on"),
        }
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

/// Every row: the settings, then the doors.
fn all() -> Vec<usize> {
    (0..TABLE.len() + DOORS.len()).collect()
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

    /// Takes the last change back; the row of what was changed is highlighted.
    pub(super) fn take_setting_back(&mut self) -> Vec<Effect> {
        let Some(undo) = self.settings_before.pop() else {
            return self.tell(Weight::Note, "nothing was changed here yet");
        };
        let before = undo.before.as_deref().unwrap_or_default();
        let to = edit::held(before, (&undo.table, &undo.key));
        let is_it = |it: &Setting| it.table == undo.table && it.key == undo.key;
        let told = match (TABLE.iter().position(is_it), self.dialogs.last_mut()) {
            (Some(place), Some(Dialog::Settings(shown))) => {
                let row = shown.list.rows.iter().position(|row| *row == place);
                shown.list.cursor = row.unwrap_or(shown.list.cursor);
                shown.told(place, &to)
            }
            _ => format!("{}.{} is as it was", undo.table, undo.key),
        };
        vec![Effect::Look(Errand::TakeBack(
            undo,
            format!("taken back: {told}"),
        ))]
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
