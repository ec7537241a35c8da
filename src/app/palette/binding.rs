//! Another key for a command, from the palette: it is pressed, and what it gets in the way of is
//! said before anything is written.

use super::Palette;
use crate::app::App;
use crate::app::command::Entry;
use crate::app::dialog::Outcome;
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::keymap::Keymap;
use crate::app::look::{Change, Errand};
use crate::config::Bindings;
use crate::config::bindings::Binding as Line;
use crate::config::edit::Given;

/// What is asked about a key.
#[derive(Debug)]
pub struct Binding {
    /// The command's row.
    pub entry: &'static Entry,
    /// The key that was pressed.
    pub key: Option<Key>,
    /// What is to be known of it.
    pub told: Vec<String>,
}

impl Binding {
    /// True while a key is waited for.
    pub const fn is_listening(&self) -> bool {
        self.key.is_none()
    }
}

impl Palette {
    /// Asks for a key of the highlighted command.
    pub(super) fn ask_for_key(&mut self) -> Outcome {
        self.binding = self.entry().map(|entry| Binding {
            entry,
            key: None,
            told: Vec::new(),
        });
        Outcome::Stay
    }

    /// The highlighted command has the keys of the table again.
    pub(super) fn give_back(&self) -> Outcome {
        let given = |entry: &&Entry| self.bindings.0.iter().any(|it| it.command == entry.name);
        match self.entry() {
            Some(entry) if given(&entry) => Outcome::Bind(entry.name, None),
            Some(entry) => {
                let keys = entry.keys.join(", ");
                Outcome::Say(format!("{} has its own keys: {keys}", entry.title))
            }
            None => Outcome::Stay,
        }
    }

    /// A key while one is asked for; `None` when none is.
    pub(super) fn binding_key(&mut self, key: Key) -> Option<Outcome> {
        let asked = self.binding.as_mut()?;
        let Some(pressed) = asked.key else {
            if key == Key::plain(Code::Esc) {
                self.binding = None;
                return Some(Outcome::Stay);
            }
            match conflicts(&self.bindings, asked.entry, key) {
                Ok(told) => {
                    asked.key = Some(key);
                    asked.told = told;
                }
                Err(why) => asked.told = vec![why],
            }
            return Some(Outcome::Stay);
        };
        match key.code {
            Code::Enter => {
                let name = asked.entry.name;
                self.binding = None;
                return Some(Outcome::Bind(name, Some(pressed)));
            }
            Code::Esc => self.binding = None,
            _ => {}
        }
        Some(Outcome::Stay)
    }
}

/// What a key would get in the way of, or why the command cannot have it.
fn conflicts(bindings: &Bindings, entry: &'static Entry, key: Key) -> Result<Vec<String>, String> {
    Keymap::fits(entry, key)?;
    let before = Keymap::of(bindings).odd;
    let mut with = bindings.clone();
    with.0.retain(|line| line.command != entry.name);
    with.0.push(Line {
        command: entry.name.to_owned(),
        place: String::new(),
        keys: vec![(key.to_string(), String::new())],
    });
    let after = Keymap::of(&with);
    let has = after.keys(entry).contains(&key);
    let told = after.odd.into_iter().filter(|odd| !before.contains(odd));
    let told: Vec<String> = told
        .map(|odd| odd.trim_start_matches(": ").to_owned())
        .collect();
    if has { Ok(told) } else { Err(told.join("; ")) }
}

impl App {
    /// A command is to have another key, or those of the table again.
    pub(in crate::app) fn bind(&mut self, name: &str, key: Option<Key>) -> Vec<Effect> {
        self.dialogs.pop();
        let (to, told) = match key {
            Some(key) => {
                let told = format!("{key} is the key of {name} from now on");
                (Given::Text(key.to_string()), told)
            }
            None => (Given::Default, format!("{name} has its own keys again")),
        };
        vec![Effect::Look(Errand::Set(Change {
            table: "keys".to_owned(),
            key: name.to_owned(),
            to,
            told,
        }))]
    }
}
