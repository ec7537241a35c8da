//! The keys in force: those of the table, and what the person's settings say instead.
//!
//! A line that makes no sense costs only itself and is told with its place. Whatever is written,
//! help, the palette, the way back and the way out keep a key.

use super::Keymap;
use crate::app::command::{Command, Entry, Scope, TABLE};
use crate::app::key::{Code, Key};
use crate::config::Bindings;
use crate::config::bindings::{Binding, nearest};
use std::collections::HashMap;

/// What nobody can do without, where it counts.
const VITAL: [Command; 4] = [
    Command::Quit,
    Command::Help,
    Command::Back,
    Command::Palette,
];

/// Keys by the name of the command's row.
pub(super) type Rows = HashMap<&'static str, Vec<Key>>;

/// The row that the settings call so.
pub(super) fn named(name: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| entry.name == name)
}

pub(super) fn is_vital(entry: &Entry) -> bool {
    entry.scope == Scope::Anywhere && VITAL.contains(&entry.command)
}

/// Keys as the table has them.
pub(super) fn usual(entry: &Entry) -> Vec<Key> {
    let keys = entry.keys.iter().filter_map(|key| key.parse().ok());
    keys.collect()
}

/// True for the rows where letters are text.
const fn is_typed_in(scope: Scope) -> bool {
    matches!(
        scope,
        Scope::Anywhere | Scope::Form | Scope::Draft | Scope::Find | Scope::Question
    )
}

/// A key that a row can have, or why it cannot.
pub(super) fn fitting(entry: &Entry, text: &str) -> Result<Key, String> {
    let key: Key = text.parse()?;
    if usual(entry).contains(&key) {
        return Ok(key);
    }
    let plain = !key.ctrl && !key.alt;
    if is_typed_in(entry.scope) && (key.typed().is_some() || plain && key.code == Code::Backspace) {
        return Err(format!(
            "`{key}` writes text where `{}` counts; use one with ctrl or alt, or a function key",
            entry.name
        ));
    }
    let moves = plain && !key.shift && !matches!(key.code, Code::F(_) | Code::Esc);
    if entry.scope == Scope::Anywhere && moves {
        return Err(format!(
            "`{key}` is needed everywhere to write and move; use one with ctrl or alt, or a function key"
        ));
    }
    Ok(key)
}

/// The keymap that the settings ask for.
pub(super) fn keymap(bindings: &Bindings) -> Keymap {
    let mut binder = Binder::default();
    for binding in &bindings.0 {
        binder.take(binding);
    }
    binder.give_out();
    binder.keep_the_vital();
    binder.tell_shadows();
    let map = binder.owners.iter();
    let map = map.map(|(at, entry)| (*at, entry.command)).collect();
    let mut keymap = Keymap {
        map,
        rows: binder.rows,
        instead: Vec::new(),
        odd: binder.odd,
    };
    keymap.find_instead();
    keymap
}

#[derive(Default)]
struct Binder<'b> {
    rows: Rows,
    given: Vec<(&'static Entry, &'b Binding)>,
    owners: HashMap<(Scope, Key), &'static Entry>,
    odd: Vec<String>,
}

impl<'b> Binder<'b> {
    /// Takes a line of the settings.
    fn take(&mut self, binding: &'b Binding) {
        let (name, place) = (&binding.command, &binding.place);
        let Some(entry) = named(name) else {
            let near = nearest(name, TABLE.iter().map(|entry| entry.name));
            let meant = near.map(|near| format!("; did you mean `{near}`?"));
            let meant = meant.unwrap_or_else(|| "; docs/KEYS.md lists the names".to_owned());
            self.odd
                .push(format!("{place}: no command is called `{name}`{meant}"));
            return;
        };
        let mut keys: Vec<Key> = Vec::new();
        for (text, place) in &binding.keys {
            match fitting(entry, text) {
                Ok(key) if keys.contains(&key) => {}
                Ok(key) => keys.push(key),
                Err(why) => self.odd.push(format!("{place}: {why}")),
            }
        }
        if keys.is_empty() && !binding.keys.is_empty() {
            return;
        }
        if keys.is_empty() && is_vital(entry) {
            let stays = spelled(&usual(entry));
            self.odd.push(format!(
                "{place}: `{name}` cannot be without a key; it keeps {stays}"
            ));
            return;
        }
        if !keys.is_empty() && !keys.iter().any(|key| key.is_sent_everywhere()) {
            self.odd.push(format!(
                "{place}: many terminals cannot send {} or send another key for it; give `{name}` one more",
                spelled(&keys)
            ));
        }
        self.rows.insert(entry.name, keys);
        self.given.push((entry, binding));
    }

    fn given(&self, entry: &Entry) -> Option<&'b Binding> {
        let mut given = self.given.iter();
        let found = given.find(|(other, _)| other.name == entry.name);
        found.map(|(_, binding)| *binding)
    }

    /// Gives each key to one command of its scope: first to those that the settings name.
    fn give_out(&mut self) {
        for (entry, binding) in self.given.clone() {
            for key in self.rows.remove(entry.name).unwrap_or_default() {
                match self.owners.get(&(entry.scope, key)) {
                    Some(other) => self.odd.push(format!(
                        "{}: `{key}` is already a key of `{}`; `{}` does not get it",
                        binding.place, other.name, entry.name
                    )),
                    None => self.own(entry, key),
                }
            }
            self.rows.entry(entry.name).or_default();
        }
        for entry in TABLE {
            if self.given(entry).is_some() {
                continue;
            }
            let mut lost = Vec::new();
            for key in usual(entry) {
                match self.owners.get(&(entry.scope, key)) {
                    Some(other) => lost.push((key, *other)),
                    None => self.own(entry, key),
                }
            }
            let left = self.rows.entry(entry.name).or_default().clone();
            for (key, other) in lost {
                let place = self.given(other).map_or("", |it| it.place.as_str());
                let left = match left.is_empty() {
                    true if is_vital(entry) => continue,
                    true => format!(
                        "which has no key now; give it one, or `{} = []`",
                        entry.name
                    ),
                    false => format!("which keeps {}", spelled(&left)),
                };
                self.odd.push(format!(
                    "{place}: `{}` takes `{key}` from `{}`, {left}",
                    other.name, entry.name
                ));
            }
        }
    }

    fn own(&mut self, entry: &'static Entry, key: Key) {
        self.owners.insert((entry.scope, key), entry);
        self.rows.entry(entry.name).or_default().push(key);
    }

    /// Gives what nobody can do without its own keys back, whoever has them.
    fn keep_the_vital(&mut self) {
        for entry in TABLE.iter().filter(|entry| is_vital(entry)) {
            if self
                .rows
                .get(entry.name)
                .is_some_and(|keys| !keys.is_empty())
            {
                continue;
            }
            let keys = usual(entry);
            for key in &keys {
                if let Some(other) = self.owners.insert((entry.scope, *key), entry) {
                    let kept = self.rows.entry(other.name).or_default();
                    kept.retain(|kept| kept != key);
                    let place = self.given(other).map_or("", |it| it.place.as_str());
                    self.odd.push(format!(
                        "{place}: `{key}` is the only key of `{}`, which cannot be without one; `{}` does not get it",
                        entry.name, other.name
                    ));
                }
            }
            self.rows.insert(entry.name, keys);
        }
    }

    /// Tells which keys never get to a pane because they count everywhere.
    fn tell_shadows(&mut self) {
        let mut told = Vec::new();
        for (entry, binding) in &self.given {
            for key in self.rows.get(entry.name).into_iter().flatten() {
                let place = &binding.place;
                if entry.scope == Scope::Anywhere {
                    let hidden = TABLE.iter().filter(|other| {
                        other.scope != Scope::Anywhere
                            && self.rows.get(other.name).is_some_and(|it| it.contains(key))
                    });
                    let hidden: Vec<String> =
                        hidden.map(|other| format!("`{}`", other.name)).collect();
                    if !hidden.is_empty() {
                        told.push(format!(
                            "{place}: `{key}` counts everywhere for `{}` and hides it from {}",
                            entry.name,
                            hidden.join(", ")
                        ));
                    }
                } else if let Some(other) = self.owners.get(&(Scope::Anywhere, *key))
                    && self.given(other).is_none()
                {
                    told.push(format!(
                        "{place}: `{key}` is a key of `{}` everywhere and never gets to `{}`",
                        other.name, entry.name
                    ));
                }
            }
        }
        self.odd.extend(told);
    }
}

/// Keys as a person reads them.
fn spelled(keys: &[Key]) -> String {
    let names: Vec<String> = keys.iter().map(|key| format!("`{key}`")).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests;
