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
    Set(Result<Box<Settings>, Failure>, String),
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
            Fact::Set(written, told) => self.on_set(written.map(|it| *it), told),
            Fact::Habits(kept) => kept.map_or_else(|why| self.fail(&why), |()| Vec::new()),
            Fact::Preferred(written) => self.on_theme_preferred(written.map(|it| *it)),
        }
    }

    /// A setting was written: it counts at once.
    fn on_set(&mut self, written: Result<Settings, Failure>, told: String) -> Vec<Effect> {
        let settings = match written {
            Ok(settings) => settings,
            Err(failure) => {
                self.forget_change();
                return self.fail(&failure);
            }
        };
        self.adopt(settings.with_picks_of(&self.settings));
        let mut effects = vec![Effect::UseSettings(Box::new(self.settings.clone()))];
        effects.extend(self.follow_theme());
        effects.extend(self.tell(Weight::Good, told));
        effects
    }
}
