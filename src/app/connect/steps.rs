//! From step to step: what a choice leads to, what is asked for next, and the way back.

use super::models::Models;
use super::{Address, Connect, Errand, Found, Known, Plan, Step, Trial, Wish, rows};
use crate::app::address::{self, Verdict};
use crate::app::field::{Lines, TextEntry};
use crate::app::masked::Masked;
use crate::config::edit::Addition;
use crate::config::keychain::Place;
use crate::config::presets::{self, Need, Preset};
use crate::config::settings::DEFAULT_MODEL;
use crate::domain::endpoint::origin_of;
use crate::domain::failure::Failure;

/// The status of a server that wants a key, or another one.
const UNAUTHORIZED: u16 = 401;

impl Connect {
    pub(super) fn go(&mut self, step: Step) {
        let before = std::mem::replace(&mut self.step, step);
        // Nobody wants to go back to a wait, or to what came of it.
        if !matches!(before, Step::Trying | Step::Writing | Step::Failed(_)) {
            self.back.push(before);
        }
    }

    /// One step back; out, from the first.
    pub(super) fn go_back(&mut self) -> Option<Wish> {
        let waiting = matches!(self.step, Step::Trying);
        let Some(step) = self.back.pop() else {
            return Some(Wish::Close);
        };
        self.step = step;
        waiting.then_some(Wish::Do(Errand::Stop))
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

    pub(super) fn chose_server(&mut self) -> Option<Wish> {
        let Step::Servers(servers) = &self.step else {
            return None;
        };
        let Some(preset) = rows().get(servers.cursor).copied().flatten() else {
            self.plan = Plan {
                title: "another server".to_owned(),
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

    pub(super) fn gave_address(&mut self) -> Option<Wish> {
        let Step::Address(asked) = &mut self.step else {
            return None;
        };
        let typed = address::completed(&asked.entry.text(), self.plan.is_azure);
        let agreed = asked.clear.as_ref() == Some(&typed);
        match address::judged(&typed) {
            Verdict::Good => {}
            Verdict::Clear(_) if agreed => {}
            Verdict::Clear(why) => {
                asked.complaint = Some(format!("{why}; enter once more allows it"));
                asked.clear = Some(typed);
                return None;
            }
            Verdict::Bad(why) => {
                asked.complaint = Some(why);
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
        self.plan.key_env = key_env.unwrap_or_else(|| address::variable_of(&name));
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
        let stem = address::name_of(base_url);
        let taken = |name: &str| self.known(name).is_some();
        if !taken(&stem) {
            return stem;
        }
        let mut names = (2..).map(|number| format!("{stem}-{number}"));
        names.find(|name| !taken(name)).unwrap_or(stem)
    }

    pub(super) fn gave_key(&mut self) -> Option<Wish> {
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

    pub(super) fn attempt(&mut self) -> Wish {
        self.go(Step::Trying);
        Wish::Do(Errand::Try(Box::new(self.trial())))
    }

    pub(super) fn models(&self, listed: Option<Vec<String>>) -> Step {
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

    pub(super) fn chose_model(&mut self) -> Option<Wish> {
        if self.plan.key.is_none() {
            return Some(self.write(Place::Nowhere));
        }
        self.go(Step::Place(0));
        None
    }

    pub(super) fn write(&mut self, place: Place) -> Wish {
        self.go(Step::Writing);
        Wish::Do(Errand::Write(Box::new(self.trial()), place))
    }
}

/// A failure in the words of this dialog: it asks for an address and a key, not for settings.
pub(super) fn here(failure: Failure) -> Failure {
    let mut advice = failure.advice.replace("base_url", "the address");
    if failure.status == Some(UNAUTHORIZED) {
        let otherwise = advice.trim_start_matches("check the key: ");
        advice = format!("press k to give a key here, or {otherwise}");
    }
    failure.advice(advice)
}

pub(super) fn key_step() -> Step {
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
