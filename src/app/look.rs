//! How the studio looks, as far as files have to do with it: what the shell is asked, what it says.
//!
//! One errand and one fact for all of it. Reads and writes nothing itself.

use super::App;
use super::effect::Effect;
use crate::domain::failure::Failure;
use crate::store::layout::Layout;

/// What the shell is asked to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Errand {
    /// Keep how the panes stand.
    Arrange(Layout),
}

/// What the shell says.
#[derive(Debug, Clone)]
pub enum Fact {
    /// How the panes stand is kept, or is not.
    Arranged(Result<(), Failure>),
}

impl App {
    /// The shell did an errand about the look.
    pub(super) fn on_look_fact(&mut self, fact: Fact) -> Vec<Effect> {
        match fact {
            Fact::Arranged(result) => self.on_arranged(result),
        }
    }
}
