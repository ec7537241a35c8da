//! What a studio finds as the person left it: the card put away, the panes' places, the theme.
//!
//! Reads what the first frame needs and no more: no theme is looked for unless one is named.

use super::runner::look;
use crate::app::App;
use crate::app::tour::Beginning;
use crate::config::theme::Named;
use crate::store::habits::Habits;
use crate::store::layout::Layout;
use crate::store::{Paths, card, habits, layout};
use std::path::PathBuf;

/// What was left.
pub(super) struct Furniture {
    card_away: bool,
    layout: Layout,
    habits: Habits,
    theme: Option<Result<Named, String>>,
}

impl Furniture {
    /// Reads it.
    pub(super) fn read(paths: &Paths, theme: Option<&str>) -> Self {
        Self {
            card_away: card::is_away(paths),
            // What cannot be understood of it is the doctor's business.
            layout: layout::load(paths).unwrap_or_default(),
            habits: habits::load(paths),
            theme: theme.map(|name| look::named(paths, name)),
        }
    }

    /// Puts it into the model; what is wrong with keys and theme comes back.
    pub(super) fn put_into(self, app: &mut App) -> Vec<String> {
        app.practice_card &= !self.card_away;
        app.arrange(self.layout);
        app.habits = self.habits;
        let worn = self.theme.map(|theme| theme.map(|named| app.wear(named)));
        let of_theme = match worn {
            Some(Ok(odd)) => odd,
            Some(Err(why)) => Some(why),
            None => None,
        };
        app.keymap.odd.iter().cloned().chain(of_theme).collect()
    }
}

/// Begins as the person asked for; the file that is to be opened comes back.
pub(super) fn begin(app: &mut App, beginning: Beginning) -> Option<PathBuf> {
    match beginning {
        Beginning::Lists => None,
        Beginning::File(path) => Some(path),
        Beginning::Tour => {
            app.begin_tour();
            None
        }
    }
}
