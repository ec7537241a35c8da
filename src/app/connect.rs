//! The dialog that connects a provider, step by step: which server, what is missing, whether it
//! answers, which model, and where the key is kept.
//!
//! Plain state and the keys that move through it. Asking servers and writing files is the shell's
//! business; the key that is typed lives in its field and nowhere else.

use super::field::{Lines, TextEntry};
use super::key::{Code, Key as Pressed};
use super::masked::Masked;
use super::models::Models;
use crate::config::edit::Addition;
use crate::config::keychain::Place;
use crate::config::presets::{self, Need, PRESETS, Preset};
use crate::config::{Settings, settings::DEFAULT_MODEL};
use crate::domain::endpoint::{Key, origin_of};
use crate::domain::failure::Failure;
use crate::provider::probe::Nearby;
use crate::store::keyring;
use std::collections::BTreeMap;

/// Connecting a provider.
#[derive(Debug)]
pub struct Connect {
    /// Every answer of the shell carries it.
    pub ticket: u64,
    /// Where the person is.
    pub step: Step,
    /// What is known of the chosen server.
    pub plan: Plan,
    back: Vec<Step>,
    known: Vec<Known>,
}

/// A step of it.
#[derive(Debug)]
pub enum Step {
    /// Which server.
    Servers(Servers),
    /// Its address.
    Address(Address),
    /// Its key.
    Key {
        /// What is entered.
        entry: Masked,
        /// What is wrong with it.
        complaint: Option<String>,
    },
    /// It is being asked for its models.
    Trying,
    /// It did not answer well.
    Failed(Failure),
    /// Which model.
    Model(Models),
    /// Where the key is kept; the highlighted row of [`places`].
    Place(usize),
    /// Settings and key are being written.
    Writing,
}

/// The list of servers.
#[derive(Debug, Default)]
pub struct Servers {
    /// The highlighted row.
    pub cursor: usize,
    /// What was found out about them, once it was.
    pub found: Option<Found>,
}

/// What is known of servers that could be chosen.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// Servers that answer on this machine.
    pub nearby: Vec<Nearby>,
    /// Where the key of a provider comes from, by its name.
    pub keys: BTreeMap<String, String>,
}

/// The address of a server.
#[derive(Debug)]
pub struct Address {
    /// What is entered.
    pub entry: TextEntry,
    /// What is wrong with it, or has to be agreed to.
    pub complaint: Option<String>,
    /// The address that would be asked in clear text if it is entered once more.
    pub clear: Option<String>,
}

/// What is known of the chosen server.
#[derive(Debug, Default)]
pub struct Plan {
    /// What people call it.
    pub title: String,
    /// What will be written into the config file.
    pub addition: Addition,
    /// The variable that usually holds its key.
    pub key_env: String,
    /// Where its key comes from, when there is one already.
    pub has_key: Option<String>,
    /// Its key may be left out.
    pub keyless: bool,
    /// The key that was typed.
    pub key: Option<Key>,
    /// It has an address of its own at Azure.
    pub is_azure: bool,
}

/// A provider as it was when the dialog opened.
#[derive(Debug)]
struct Known {
    name: String,
    base_url: String,
    key_env: String,
    model: Option<String>,
    needs_key: bool,
}

/// What the shell is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Look for servers on this machine, and for keys.
    Look,
    /// Ask a server for its models.
    Try(Box<Trial>),
    /// Write a provider into the config file, and its key where it is to be kept.
    Write(Box<Trial>, Place),
    /// Stop what is going on.
    Stop,
}

/// A provider that is to be connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// What the config file is to say.
    pub addition: Addition,
    /// The key that was typed, if one was.
    pub key: Option<Key>,
}

/// What the shell found out.
#[derive(Debug, Clone)]
pub enum Fact {
    /// Servers and keys were looked for.
    Found(Found),
    /// A server was asked for its models; `None` when it lists none.
    Tried(Result<Option<Vec<String>>, Failure>),
    /// Settings were written, or not.
    Connected(Result<Box<Connected>, Failure>),
}

/// A provider that was connected.
#[derive(Debug, Clone)]
pub struct Connected {
    /// Settings as they are now.
    pub settings: Settings,
    /// What happened, as a line.
    pub told: String,
}

/// What a key press leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// The dialog closes.
    Close,
    /// The shell has something to do.
    Do(Errand),
}

/// Rows of the list: each preset that a person can connect, and any other server.
pub fn rows() -> Vec<Option<&'static Preset>> {
    let openai = PRESETS.iter().take(1);
    let near = PRESETS.iter().filter(|preset| preset.is_local());
    let far = PRESETS.iter().skip(1);
    let far = far.filter(|preset| preset.need == Need::Key);
    let presets = openai.chain(near).chain(far).map(Some);
    presets.chain([None]).collect()
}

/// Where a key may be kept.
pub fn places() -> &'static [Place] {
    if keyring::IS_BUILT_IN {
        &[Place::File, Place::Keyring, Place::Nowhere]
    } else {
        &[Place::File, Place::Nowhere]
    }
}

impl Connect {
    /// A dialog that has just opened.
    pub fn new(ticket: u64, settings: &Settings) -> Self {
        let known = settings.providers.values();
        let known = known.map(|provider| Known {
            name: provider.name.clone(),
            base_url: provider.base_url.clone(),
            key_env: provider.key_env.clone(),
            model: provider.model.clone(),
            needs_key: provider.needs_key(),
        });
        Self {
            ticket,
            step: Step::Servers(Servers::default()),
            plan: Plan::default(),
            back: Vec::new(),
            known: known.collect(),
        }
    }

    fn go(&mut self, step: Step) {
        let before = std::mem::replace(&mut self.step, step);
        // Nobody wants to go back to a wait, or to what came of it.
        if !matches!(before, Step::Trying | Step::Writing | Step::Failed(_)) {
            self.back.push(before);
        }
    }

    /// One step back; out, from the first.
    fn go_back(&mut self) -> Option<Wish> {
        let waiting = matches!(self.step, Step::Trying);
        let Some(step) = self.back.pop() else {
            return Some(Wish::Close);
        };
        self.step = step;
        waiting.then_some(Wish::Do(Errand::Stop))
    }

    /// Takes a key press.
    pub(super) fn key(&mut self, key: Pressed) -> Option<Wish> {
        if matches!(self.step, Step::Writing) {
            // What is being written cannot be taken back.
            return None;
        }
        if key.code == Code::Esc {
            return self.go_back();
        }
        match &mut self.step {
            Step::Servers(servers) => match key.code {
                Code::Enter => return self.chose_server(),
                Code::Char('q') => return Some(Wish::Close),
                _ => step_in(&mut servers.cursor, key, rows().len()),
            },
            Step::Address(address) => {
                if key.code == Code::Enter {
                    return self.gave_address();
                }
                if address.entry.key(key) {
                    (address.complaint, address.clear) = (None, None);
                }
            }
            Step::Key { entry, complaint } => {
                if key.code == Code::Enter {
                    return self.gave_key();
                }
                entry.key(key);
                *complaint = None;
            }
            Step::Failed(_) => match key.code {
                Code::Enter | Code::Char('t') => return Some(self.attempt()),
                Code::Char('k') => self.go(key_step()),
                Code::Char('s') => self.go(self.models(None)),
                _ => {}
            },
            Step::Model(models) => {
                if key.code == Code::Enter {
                    self.plan.addition.model = models.chosen();
                    return self.chose_model();
                }
                models.key(key);
            }
            Step::Place(cursor) => {
                if key.code == Code::Enter {
                    let place = places().get(*cursor).copied().unwrap_or(Place::Nowhere);
                    return Some(self.write(place));
                }
                step_in(cursor, key, places().len());
            }
            Step::Trying | Step::Writing => {}
        }
        None
    }

    /// Takes pasted text.
    pub(super) fn paste(&mut self, text: &str) {
        match &mut self.step {
            Step::Address(address) => {
                address.entry.insert(text.trim());
                (address.complaint, address.clear) = (None, None);
            }
            Step::Key { entry, complaint } => {
                entry.insert(text);
                *complaint = None;
            }
            Step::Model(models) => models.paste(text),
            _ => {}
        }
    }

    /// Scrolls by rows.
    pub(super) fn wheel(&mut self, rows_on: isize) {
        let (cursor, count) = match &mut self.step {
            Step::Servers(servers) => (&mut servers.cursor, rows().len()),
            Step::Place(cursor) => (cursor, places().len()),
            Step::Model(models) => return models.step(rows_on.signum()),
            _ => return,
        };
        *cursor = cursor
            .saturating_add_signed(rows_on.signum())
            .min(count - 1);
    }

    /// Takes what the shell found out.
    pub(super) fn on_fact(&mut self, fact: Fact) {
        match (fact, &mut self.step) {
            (Fact::Found(found), Step::Servers(servers)) => servers.found = Some(found),
            (Fact::Found(found), _) => {
                if let Some(Step::Servers(servers)) = self.back.first_mut() {
                    servers.found = Some(found);
                }
            }
            (Fact::Tried(Ok(models)), Step::Trying) => {
                let step = self.models(models);
                self.go(step);
            }
            (Fact::Tried(Err(failure)), Step::Trying)
            | (Fact::Connected(Err(failure)), Step::Writing) => self.go(Step::Failed(failure)),
            _ => {}
        }
    }

    fn found(&self) -> Option<&Found> {
        match self.back.first().unwrap_or(&self.step) {
            Step::Servers(servers) => servers.found.as_ref(),
            _ => None,
        }
    }

    fn known(&self, name: &str) -> Option<&Known> {
        self.known.iter().find(|known| known.name == name)
    }

    fn chose_server(&mut self) -> Option<Wish> {
        let Step::Servers(servers) = &self.step else {
            return None;
        };
        let Some(preset) = rows().get(servers.cursor).copied().flatten() else {
            self.plan = Plan {
                title: "Another server".to_owned(),
                keyless: true,
                ..Plan::default()
            };
            self.go(address_step());
            return None;
        };
        self.plan = self.plan_of(preset);
        let settled = self
            .known(preset.name)
            .is_some_and(|it| !it.base_url.is_empty());
        if !settled {
            self.go(address_step());
            return None;
        }
        self.ask_for_key_or_try()
    }

    fn plan_of(&self, preset: &Preset) -> Plan {
        let known = self.known(preset.name);
        Plan {
            title: preset.title.to_owned(),
            addition: Addition {
                name: preset.name.to_owned(),
                ..Addition::default()
            },
            key_env: known.map_or_else(|| preset.key_env.to_owned(), |it| it.key_env.clone()),
            has_key: self
                .found()
                .and_then(|it| it.keys.get(preset.name).cloned()),
            keyless: !(known.is_some_and(|it| it.needs_key) || preset.need == Need::Key),
            is_azure: preset.name == "azure",
            key: None,
        }
    }

    fn ask_for_key_or_try(&mut self) -> Option<Wish> {
        let local = presets::find(&self.plan.addition.name).is_some_and(Preset::is_local);
        if self.plan.has_key.is_some() || local {
            return Some(self.attempt());
        }
        self.go(key_step());
        None
    }

    fn gave_address(&mut self) -> Option<Wish> {
        let Step::Address(address) = &mut self.step else {
            return None;
        };
        let typed = super::address::completed(&address.entry.text(), self.plan.is_azure);
        let agreed = address.clear.as_ref() == Some(&typed);
        match super::address::judged(&typed) {
            super::address::Verdict::Good => {}
            super::address::Verdict::Clear(_) if agreed => {}
            super::address::Verdict::Clear(why) => {
                address.complaint = Some(format!("{why}; enter once more allows it"));
                address.clear = Some(typed);
                return None;
            }
            super::address::Verdict::Bad(why) => {
                address.complaint = Some(why);
                return None;
            }
        }
        self.place_plan(typed, agreed);
        if self.plan.has_key.is_some() {
            return Some(self.attempt());
        }
        self.go(key_step());
        None
    }

    /// Takes an address over: as that of a preset, of a provider that is there, or of a new one.
    fn place_plan(&mut self, base_url: String, agreed: bool) {
        let origin = origin_of(&base_url);
        let same = |other: &str| !other.is_empty() && origin_of(other) == origin;
        if self.plan.is_azure {
            self.plan.addition.base_url = Some(base_url);
            return;
        }
        let known = self.known.iter().find(|known| same(&known.base_url));
        let preset = known.and_then(|known| presets::find(&known.name));
        let name = known.map(|known| known.name.clone());
        if let Some(preset) = preset {
            self.plan = self.plan_of(preset);
        }
        let name = name.unwrap_or_else(|| self.free_name(&base_url));
        let known = self.known(&name);
        let said = known.is_some_and(|known| known.base_url == base_url);
        let key_env = known.map(|known| known.key_env.clone());
        self.plan.key_env = key_env.unwrap_or_else(|| super::address::variable_of(&name));
        self.plan.has_key = self.found().and_then(|it| it.keys.get(&name).cloned());
        self.plan.addition = Addition {
            name,
            base_url: (!said).then_some(base_url),
            allow_http: agreed,
            ..Addition::default()
        };
    }

    /// A name for a new server that no provider has.
    fn free_name(&self, base_url: &str) -> String {
        let stem = super::address::name_of(base_url);
        let taken = |name: &str| self.known(name).is_some();
        if !taken(&stem) {
            return stem;
        }
        let mut names = (2..).map(|number| format!("{stem}-{number}"));
        names.find(|name| !taken(name)).unwrap_or(stem)
    }

    fn gave_key(&mut self) -> Option<Wish> {
        let Step::Key { entry, complaint } = &mut self.step else {
            return None;
        };
        match entry.taken() {
            Err(fault) => *complaint = Some(format!("this is no key: {fault}")),
            Ok(None) if !self.plan.keyless && self.plan.has_key.is_none() => {
                *complaint = Some("paste the key, or type it".to_owned());
            }
            Ok(key) => {
                self.plan.key = key;
                return Some(self.attempt());
            }
        }
        None
    }

    /// The trial of what is known so far.
    fn trial(&self) -> Trial {
        Trial {
            addition: self.plan.addition.clone(),
            key: self.plan.key.clone(),
        }
    }

    fn attempt(&mut self) -> Wish {
        self.go(Step::Trying);
        Wish::Do(Errand::Try(Box::new(self.trial())))
    }

    fn models(&self, listed: Option<Vec<String>>) -> Step {
        let name = &self.plan.addition.name;
        let before = self.known(name).and_then(|known| known.model.clone());
        let free =
            (name == "openai").then(|| format!("what templates ask for, else {DEFAULT_MODEL}"));
        Step::Model(Models::new(
            listed.unwrap_or_default(),
            before.as_deref(),
            free,
        ))
    }

    fn chose_model(&mut self) -> Option<Wish> {
        if self.plan.key.is_none() {
            return Some(self.write(Place::Nowhere));
        }
        self.go(Step::Place(0));
        None
    }

    fn write(&mut self, place: Place) -> Wish {
        self.go(Step::Writing);
        Wish::Do(Errand::Write(Box::new(self.trial()), place))
    }
}

/// What is told about blanks around a key, before the server is asked.
pub fn note(entry: &Masked) -> Option<&'static str> {
    entry
        .is_padded()
        .then_some("blanks or quotes around it are left out")
}

fn key_step() -> Step {
    Step::Key {
        entry: Masked::default(),
        complaint: None,
    }
}

fn address_step() -> Step {
    Step::Address(Address {
        entry: TextEntry::new("", Lines::One),
        complaint: None,
        clear: None,
    })
}

/// Moves in a list of rows.
fn step_in(cursor: &mut usize, key: Pressed, count: usize) {
    let by = match key.code {
        Code::Down | Code::Char('j') | Code::Tab => 1,
        Code::Up | Code::Char('k') => -1,
        Code::PageDown | Code::End | Code::Char('G') => isize::MAX,
        Code::PageUp | Code::Home | Code::Char('g') => isize::MIN,
        _ => 0,
    };
    *cursor = cursor
        .saturating_add_signed(by)
        .min(count.saturating_sub(1));
}
