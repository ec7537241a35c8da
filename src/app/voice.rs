//! Reading aloud and dictation: two programs of the person's own, one at a time of each.
//!
//! Owns what is read and where what is said goes. Starts no program: that is the shell's errand,
//! and nothing happens before the settings name one.

mod said;

use super::dialog::Dialog;
use super::editor::Tab;
use super::effect::Effect;
use super::form::Content;
use super::msg::Now;
use super::{App, Pane, Weight};
use crate::domain::failure::Failure;
use crate::domain::template::yaml;
use crate::store::files::Kind;
use said::Place;
use uuid::Uuid;

/// What is told while a text is read.
const READING: &str = "reading aloud; alt+l stops it";

/// What one of the programs does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Task {
    /// Reads a text aloud.
    Read,
    /// Takes down what is said.
    Dictate,
}

/// Something a program is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Read a text aloud.
    Read {
        /// Comes back with the answer.
        ticket: Uuid,
        /// The program and its words.
        words: Vec<String>,
        /// The text.
        text: String,
    },
    /// Take down what is said.
    Dictate {
        /// Comes back with the answer.
        ticket: Uuid,
        /// The program and its words.
        words: Vec<String>,
    },
    /// Ask the program with this ticket to end, as `ctrl+c` would in a terminal.
    End(Uuid),
    /// End it at once, whatever it still has to say.
    Drop(Uuid),
}

/// What became of it.
#[derive(Debug, Clone)]
pub enum Fact {
    /// All of it was read, or not.
    Read(Uuid, Result<(), Failure>),
    /// What was said, or why that is not known.
    Said(Uuid, Result<String, Failure>),
}

/// How far a program is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stand {
    /// It reads, or listens.
    Going,
    /// It was asked to end and has not yet.
    Ending,
}

/// A program that goes on.
#[derive(Debug)]
pub struct Going {
    ticket: Uuid,
    /// What it does.
    pub task: Task,
    /// What is read, or where what is said goes.
    pub title: String,
    /// Since when.
    pub since: Now,
    /// How far it is.
    pub stand: Stand,
}

/// The programs that go on.
#[derive(Debug, Default)]
pub struct Voice {
    reading: Option<Going>,
    dictation: Option<(Going, Place)>,
}

impl Voice {
    /// Those that go on.
    pub fn going(&self) -> impl Iterator<Item = &Going> {
        let dictation = self.dictation.as_ref().map(|(going, _)| going);
        self.reading.iter().chain(dictation)
    }

    /// Whether something is said that has no place in a text yet.
    pub const fn is_taking_down(&self) -> bool {
        self.dictation.is_some()
    }
}

/// A text to be read, and what it is called.
type Reading = (String, String);

impl App {
    /// What is read aloud and taken down now.
    pub const fn voice(&self) -> &Voice {
        &self.voice
    }

    /// Reads aloud, or stops that.
    pub(super) fn read_aloud(&mut self) -> Vec<Effect> {
        if self.voice.reading.is_some() {
            return self.stop_reading();
        }
        let Some(words) = self.settings.voice.read.clone() else {
            return self.tell(
                Weight::Note,
                "reading aloud is off: give `read` below [voice] in config.toml a program, such as [\"espeak-ng\", \"--stdin\"] (F10; docs/ACCESS.md)",
            );
        };
        let Some((title, text)) = self.readable() else {
            let told = if self.dialogs.is_empty() {
                "focus a text to hear it: the draft, an answer, a field"
            } else {
                "close the box to hear a text: the draft, an answer, a field"
            };
            return self.tell(Weight::Note, told);
        };
        if text.trim().is_empty() {
            return self.tell(Weight::Note, "there is nothing here to read aloud");
        }
        let ticket = self.fresh_id();
        let mut effects = self.tell(Weight::Note, READING);
        self.voice.reading = Some(Going {
            ticket,
            task: Task::Read,
            title,
            since: self.now,
            stand: Stand::Going,
        });
        effects.push(Effect::Voice(Errand::Read {
            ticket,
            words,
            text,
        }));
        effects
    }

    pub(super) fn stop_reading(&mut self) -> Vec<Effect> {
        let Some(going) = self.voice.reading.take() else {
            return Vec::new();
        };
        let mut effects = self.tell(Weight::Note, "stopped reading aloud");
        effects.push(Effect::Voice(Errand::End(going.ticket)));
        effects
    }

    /// What would be read: the selection, else all from the paragraph of the cursor on, else the
    /// answer shown or the field; in the box of `ctrl+k` the part that is to be rewritten.
    fn readable(&mut self) -> Option<Reading> {
        match self.dialogs.last() {
            Some(Dialog::Refine(chooser)) => {
                let text = chooser.anchor.text().to_owned();
                return Some((format!("the {}", chooser.scope.name()), text));
            }
            // Other boxes have rows, not texts; a screen reader reads those.
            Some(_) => return None,
            None => {}
        }
        match self.focus {
            Pane::Editor => self.readable_in_editor(),
            Pane::Output => {
                let chosen = self.chosen_part();
                let shown = self.shown_answer()?;
                let text = chosen.unwrap_or_else(|| shown.text.clone());
                Some((shown.origin.title.clone(), text))
            }
            Pane::Template => {
                let field = self.form.as_ref()?.focused()?;
                let Content::Text(entry) = &field.content else {
                    return None;
                };
                let text = entry.selected_text().unwrap_or_else(|| entry.text());
                Some((field.input.label.clone(), text))
            }
        }
    }

    fn readable_in_editor(&mut self) -> Option<Reading> {
        let prompt = self.editor.tab == Tab::Prompt;
        let title = if prompt {
            "Prompt".to_owned()
        } else {
            self.editor.title()
        };
        let source = !prompt && self.editor.kind() != Kind::Draft;
        let Some(text) = self.editor.written() else {
            let shown = self.editor.preview.as_ref()?.as_ref().ok()?;
            return Some((title, shown.prompt.user.clone()));
        };
        if let Some(selected) = text.selected_text() {
            return Some((title, selected));
        }
        let from = text.paragraph(text.cursor()).start;
        let whole = text.text();
        // A draft's own front matter never gets into the Editor.
        let body = match yaml::split(&whole) {
            Ok(parts) if source => parts.body,
            _ => 0,
        };
        let text = whole.get(from.max(body)..).unwrap_or_default();
        Some((title, text.to_owned()))
    }

    /// Takes down what is said, ends that, or lets go of it.
    pub(super) fn dictate(&mut self) -> Vec<Effect> {
        if self.voice.dictation.is_some() {
            return self.end_dictation();
        }
        let Some(words) = self.settings.voice.dictate.clone() else {
            return self.tell(
                Weight::Note,
                "dictation is off: give `dictate` below [voice] in config.toml a program that listens and prints what was said (F10; docs/ACCESS.md)",
            );
        };
        let in_panes = self.dialogs.is_empty();
        if in_panes && self.focus == Pane::Editor && self.is_locked() {
            return self.refuse_to_edit();
        }
        if in_panes && self.is_reviewing() {
            let told = "decide about the changes first, or leave them for later with esc";
            return self.tell(Weight::Note, told);
        }
        let Some((title, place)) = self.place_of_words() else {
            let told = if in_panes {
                "focus the draft, a question or a field that takes text to dictate into it"
            } else {
                "nothing in this box is dictated; close it first"
            };
            return self.tell(Weight::Note, told);
        };
        // It would take itself down.
        let mut effects = self.stop_reading();
        effects.extend(self.tell(
            Weight::Note,
            "listening; alt+m ends it and puts in what you said",
        ));
        let ticket = self.fresh_id();
        let going = Going {
            ticket,
            task: Task::Dictate,
            title,
            since: self.now,
            stand: Stand::Going,
        };
        self.voice.dictation = Some((going, place));
        effects.push(Effect::Voice(Errand::Dictate { ticket, words }));
        effects
    }

    /// Asks the program to end, and lets go of it when it was asked before.
    pub(super) fn end_dictation(&mut self) -> Vec<Effect> {
        let Some((going, _)) = &mut self.voice.dictation else {
            return Vec::new();
        };
        let ticket = going.ticket;
        let (errand, told) = match going.stand {
            Stand::Going => {
                going.stand = Stand::Ending;
                let told = "waiting for what you said; alt+m again lets go of it";
                (Errand::End(ticket), told)
            }
            Stand::Ending => {
                self.voice.dictation = None;
                (Errand::Drop(ticket), "let go of what you said")
            }
        };
        let mut effects = self.tell(Weight::Note, told);
        effects.push(Effect::Voice(errand));
        effects
    }

    /// What became of a program; of one that nobody waits for, nothing.
    pub(super) fn on_voice(&mut self, fact: Fact) -> Vec<Effect> {
        match fact {
            Fact::Read(ticket, result) => {
                let ended = self.voice.reading.take_if(|it| it.ticket == ticket);
                match (ended, result) {
                    (Some(_), Err(failure)) => self.fail(&failure),
                    (Some(_), Ok(())) => {
                        // There is nothing left to stop.
                        self.notice = self.notice.take().filter(|it| it.text != READING);
                        Vec::new()
                    }
                    (None, _) => Vec::new(),
                }
            }
            Fact::Said(ticket, result) => {
                let ended = self.voice.dictation.take_if(|(it, _)| it.ticket == ticket);
                match (ended, result) {
                    (Some((_, place)), Ok(said)) => self.take_down(&place, &said),
                    (Some(_), Err(failure)) => self.fail(&failure),
                    (None, _) => Vec::new(),
                }
            }
        }
    }

    /// Goes to where what is said will go; what is read is heard anywhere.
    pub(super) fn go_to_voice(&mut self, task: Task) -> Vec<Effect> {
        match &self.voice.dictation {
            Some((_, place)) if task == Task::Dictate => self.go_to_words(&place.clone()),
            _ => Vec::new(),
        }
    }

    /// Ends one of the programs, as its own key does.
    pub(super) fn stop_voice(&mut self, task: Task) -> Vec<Effect> {
        match task {
            Task::Read => self.stop_reading(),
            Task::Dictate => self.end_dictation(),
        }
    }
}
