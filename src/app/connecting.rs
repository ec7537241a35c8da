//! Connecting a provider, as far as the model has to do with it, and the question whether a key
//! may go to another server than the one it was saved for.

use super::connect::{Connect, Errand, Fact, Wish};
use super::dialog::{Answer, Confirm, Dialog};
use super::editor::Pen;
use super::effect::Effect;
use super::keymap::Keymap;
use super::{App, Weight};
use crate::config::Settings;
use crate::domain::run::RunId;

impl App {
    /// Opens the dialog and lets the shell look around.
    pub(super) fn connect(&mut self) -> Vec<Effect> {
        self.counter += 1;
        let ticket = self.counter;
        let connect = Connect::new(ticket, &self.settings);
        self.dialogs.push(Dialog::Connect(Box::new(connect)));
        vec![Effect::Connect(ticket, Errand::Look)]
    }

    /// What the front dialog wishes.
    pub(super) fn on_connect_wish(&mut self, wish: Wish) -> Vec<Effect> {
        let Some(Dialog::Connect(connect)) = self.dialogs.last() else {
            return Vec::new();
        };
        let ticket = connect.ticket;
        match wish {
            Wish::Do(errand) => vec![Effect::Connect(ticket, errand)],
            Wish::Close => {
                self.dialogs.pop();
                vec![Effect::Connect(ticket, Errand::Stop)]
            }
        }
    }

    /// What the shell found out, for the dialog that asked for it.
    pub(super) fn on_connect(&mut self, ticket: u64, fact: Fact) -> Vec<Effect> {
        let mine = |dialog: &Dialog| matches!(dialog, Dialog::Connect(it) if it.ticket == ticket);
        let Some(place) = self.dialogs.iter().position(mine) else {
            return Vec::new();
        };
        if let Fact::Connected(Ok(connected)) = fact {
            self.dialogs.remove(place);
            // What was just chosen counts, whatever was picked at that provider before.
            let picked = self.settings.clone().unpicked(&connected.settings.provider);
            self.adopt(connected.settings.with_picks_of(&picked));
            self.practice_card &= self.settings.practising;
            let mut effects = vec![Effect::UseSettings(Box::new(self.settings.clone()))];
            effects.extend(self.ask_for_month());
            effects.extend(self.tell(Weight::Good, connected.told));
            return effects;
        }
        if let Some(Dialog::Connect(connect)) = self.dialogs.get_mut(place) {
            connect.on_fact(fact);
        }
        Vec::new()
    }

    /// Goes by other settings from now on: keys and pen follow.
    pub(super) fn adopt(&mut self, settings: Settings) {
        if self.settings.editor != settings.editor {
            self.pen = Pen::new(&settings.editor);
        }
        if self.settings.keys != settings.keys {
            self.keymap = Keymap::of(&settings.keys);
        }
        self.settings = settings;
        self.refill_settings();
    }

    /// The settings were read again, because their file was changed; if they say the same, as after
    /// a change of our own, nothing is told.
    pub(super) fn on_settings(&mut self, settings: Settings) -> Vec<Effect> {
        let settings = settings.with_picks_of(&self.settings);
        if settings == self.settings {
            return Vec::new();
        }
        let mut wrong: Vec<String> = settings.problem.iter().map(ToString::to_string).collect();
        wrong.extend(settings.warnings.iter().cloned());
        self.practice_card &= settings.practising;
        self.adopt(settings.clone());
        wrong.extend(self.keymap.odd.iter().cloned());
        let mut effects = vec![Effect::UseSettings(Box::new(settings))];
        effects.extend(self.ask_for_month());
        effects.extend(self.follow_theme());
        effects.extend(if wrong.is_empty() {
            self.tell(
                Weight::Note,
                "config.toml was changed; what it says counts from now on",
            )
        } else {
            self.tell(Weight::Bad, wrong.join(" · "))
        });
        effects
    }

    /// A run waits for the word of the person: its key was meant for another server.
    pub(super) fn ask_about_key(&mut self, run: RunId, question: String) -> Vec<Effect> {
        self.dialogs.push(Dialog::Confirm(Confirm {
            question,
            answers: vec![
                ('s', "send it there from now on", Answer::SendKey(run)),
                ('n', "do not send it", Answer::KeepKey(run)),
            ],
        }));
        Vec::new()
    }
}
