//! How the studio looks, as far as files have to do with it: what the shell is asked, what it says.
//!
//! One errand and one fact for all of it. Reads and writes nothing itself.

use super::App;
use super::effect::Effect;
use crate::config::Settings;
use crate::config::theme::Named;
use crate::domain::failure::Failure;
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
}

impl App {
    /// The shell did an errand about the look.
    pub(super) fn on_look_fact(&mut self, fact: Fact) -> Vec<Effect> {
        match fact {
            Fact::Arranged(result) => self.on_arranged(result),
            Fact::Theme(named) => self.on_theme(named.map(|named| *named)),
            Fact::Themes(all) => self.on_themes(all),
            Fact::Preferred(written) => self.on_theme_preferred(written.map(|it| *it)),
        }
    }
}
