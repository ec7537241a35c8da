//! The dialog that connects a provider, step by step: which server, what is missing, whether it
//! answers, which model, and where the key is kept.
//!
//! Plain state and the keys that move through it. Asking servers and writing files is the shell's
//! business; the key that is typed lives in its field and nowhere else.

pub mod models;
mod steps;

use super::field::TextEntry;
use super::key::{Code, Key as Pressed};
use super::masked::Masked;
use crate::config::Settings;
use crate::config::edit::Addition;
use crate::config::keychain::Place;
use crate::config::presets::{Need, PRESETS, Preset};
use crate::domain::endpoint::Key;
use crate::domain::failure::Failure;
use crate::provider::probe::Nearby;
use crate::store::keyring;
use models::Models;
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
                Code::Char('k') => self.go(steps::key_step()),
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
            // What is pasted where a key was wanted is that key.
            Step::Failed(_) => {
                self.go(steps::key_step());
                self.paste(text);
            }
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
            (Fact::Tried(Err(failure)), Step::Trying) => {
                self.go(Step::Failed(steps::here(failure)));
            }
            (Fact::Connected(Err(failure)), Step::Writing) => self.go(Step::Failed(failure)),
            _ => {}
        }
    }
}

/// What is told about blanks around a key, before the server is asked.
pub fn note(entry: &Masked) -> Option<&'static str> {
    entry
        .is_padded()
        .then_some("blanks or quotes around it are left out")
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
