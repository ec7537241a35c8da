//! Typing ahead: keys and pastes for a list, a form or a file that is not there yet wait for it, so
//! that nothing is lost and nothing acts on something else.

use super::effect::Effect;
use super::key::Key;
use super::{App, Awaited, Pane};

impl App {
    /// Takes the keys and pastes that came while something was read.
    pub(super) fn stop_waiting(&mut self, over: Awaited) -> Vec<Effect> {
        if self.awaited != over {
            return Vec::new();
        }
        self.awaited = Awaited::Nothing;
        let typed = std::mem::take(&mut self.typed_ahead);
        typed.into_iter().flat_map(|msg| self.take(msg)).collect()
    }

    /// Whether what is typed is for a list or form that is not there yet.
    pub(super) fn is_ahead(&self) -> bool {
        if self.pasting.is_awaited() {
            return true;
        }
        let waits = match self.awaited {
            Awaited::Nothing => false,
            Awaited::File => self.focus == Pane::Editor,
            _ => self.focus == Pane::Template,
        };
        waits && self.dialogs.is_empty()
    }

    /// Whether a key need not wait.
    pub(super) fn passes(&self, key: Key) -> bool {
        if self.pasting.is_awaited() {
            return false;
        }
        match self.awaited {
            // Everything else is about the file.
            Awaited::File => self.keymap.leaves(key),
            _ => self.keymap.waits_for_nothing(key),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::msg::{Msg, Now};
    use crate::config::{Overrides, Settings};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn keys_typed_before_the_library_is_read_keep_their_turn() {
        let settings = Settings::resolve(None, &|_| None, &Overrides::default());
        let mut app = App::new(settings, 1);
        let generate: Key = "ctrl+g".parse().unwrap();
        app.update(Now(1), Msg::Key(generate));
        assert_eq!(app.notice, None);
        let library = Msg::Library {
            templates: Vec::new(),
            snippets: BTreeMap::new(),
            stars: BTreeSet::new(),
        };
        app.update(Now(2), library);
        let told = app.notice.map(|notice| notice.text).unwrap_or_default();
        assert!(told.starts_with("choose a template first"), "{told}");
    }
}
