//! How the studio looks, as far as files have to do with it: what the shell is asked, what it says.
//!
//! One errand and one fact for all of it. Reads and writes nothing itself.

use super::effect::Effect;
use super::{App, Weight};
use crate::config::Settings;
use crate::config::edit::Given;
use crate::config::theme::Named;
use crate::domain::failure::Failure;
use crate::store::habits::Habits;
use crate::store::layout::Layout;

/// What the shell is asked to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Errand {
    /// Keep how the panes stand.
    Arrange(Layout),
    /// Read a theme.
    Theme(String),
    /// Read all themes.
    Themes,
    /// Write into the settings file that this theme is used.
    Prefer(String),
    /// Write a setting into the settings file.
    Set(Change),
    /// Take such a change back, and what is said when that is done.
    TakeBack(Undo, String),
    /// Keep how often each command was chosen from the palette.
    Habits(Habits),
}

/// A setting that is to be otherwise.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Its table; empty for the top of the file.
    pub table: String,
    /// Its key.
    pub key: String,
    /// What it is to be.
    pub to: Given,
    /// What is said when that is done.
    pub told: String,
}

/// Changes of the settings file that can be taken back.
const TAKEN_BACK: usize = 50;

/// What takes a change of the settings file back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undo {
    /// The table of what was changed; empty for the top of the file.
    pub table: String,
    /// Its key.
    pub key: String,
    /// The file before; `None` when there was none.
    pub before: Option<String>,
    /// The file after it.
    pub after: String,
}

/// Settings as they are after a change, and what takes it back if it changed the file.
pub type Written = (Settings, Option<Undo>);

/// What the shell says.
#[derive(Debug, Clone)]
pub enum Fact {
    /// How the panes stand is kept, or is not.
    Arranged(Result<(), Failure>),
    /// A theme was read; there may be none of that name.
    Theme(Result<Box<Named>, String>),
    /// All themes were read.
    Themes(Vec<Named>),
    /// The settings file names a theme, or does not.
    Preferred(Result<Box<Settings>, Failure>),
    /// A setting is written, or is not; what is said of it.
    Set(Result<Box<Written>, Failure>, String),
    /// A change is taken back, or is not; what is said of it.
    TakenBack(Result<Box<Settings>, (Failure, Undo)>, String),
    /// Habits are kept, or are not.
    Habits(Result<(), Failure>),
}

impl App {
    /// The shell did an errand about the look.
    pub(super) fn on_look_fact(&mut self, fact: Fact) -> Vec<Effect> {
        match fact {
            Fact::Arranged(result) => self.on_arranged(result),
            Fact::Theme(named) => self.on_theme(named.map(|named| *named)),
            Fact::Themes(all) => self.on_themes(all),
            Fact::Set(Ok(written), told) => {
                let (settings, undo) = *written;
                self.settings_before.extend(undo);
                let many = self.settings_before.len().saturating_sub(TAKEN_BACK);
                self.settings_before.drain(..many);
                self.on_set(settings, told)
            }
            Fact::Set(Err(failure), _) => self.fail(&failure),
            Fact::TakenBack(Ok(settings), told) => self.on_set(*settings, told),
            Fact::TakenBack(Err((failure, undo)), _) => {
                // It is still there to be taken back.
                self.settings_before.push(undo);
                self.fail(&failure)
            }
            Fact::Habits(kept) => kept.map_or_else(|why| self.fail(&why), |()| Vec::new()),
            Fact::Preferred(written) => self.on_theme_preferred(written.map(|it| *it)),
        }
    }

    /// A setting was written: it counts at once.
    fn on_set(&mut self, settings: Settings, told: String) -> Vec<Effect> {
        self.adopt(settings.with_picks_of(&self.settings));
        let mut effects = vec![Effect::UseSettings(Box::new(self.settings.clone()))];
        effects.extend(self.follow_theme());
        effects.extend(self.tell(Weight::Good, told));
        effects
    }
}
