//! Ways out: the escape ladder, `ctrl+c`, which copies, stops or leaves, and leaving itself.
//!
//! Nobody leaves before a text that was promised to be kept is in the journal.

use super::command::Command;
use super::dialog::{Answer, Confirm, Dialog};
use super::editor::{OpenDocument, Tab};
use super::effect::{Effect, Unsaved};
use super::keymap::{self, Meaning};
use super::msg::{Journaling, Msg, Now};
use super::{App, Pane, Stage, Weight};
use crate::domain::failure::Failure;
use uuid::Uuid;

/// What leaving is called when nothing but what is dictated goes away.
const WITHOUT_IT: &str = "quit without it";

impl App {
    /// The escape ladder: stop, close, leave, up.
    pub(super) fn back(&mut self) -> Vec<Effect> {
        self.notice = None;
        if self.is_reviewing() {
            return self.leave_review();
        }
        if let Some(run) = self.refining_here() {
            return self.stop_refining(run);
        }
        if let Some(effects) = self.back_in_talk() {
            return effects;
        }
        if let Some(effects) = self.stop_any() {
            return effects;
        }
        if self.awaits_models.take().is_some() {
            let mut effects = self.tell(Weight::Note, "stopped; nothing was sent");
            effects.push(Effect::StopModels);
            return effects;
        }
        if self.is_finding() {
            self.stop_finding();
        } else if self.stop_marking() || self.stop_marking_output() {
        } else if self.practice_card && self.areas.card {
            self.practice_card = false;
            return vec![Effect::PutCardAway];
        } else if self.is_in_detached_prompt() {
            return self.reattach();
        } else if self.leave_talk() || self.leave_field_in_full() {
        } else if self.tour.is_some() {
            return self.ask_to_leave_tour();
        } else if self.zoomed {
            self.zoomed = false;
        } else if self.rests_in_vim() {
            // Under vim's keys escape is pressed to be sure, and leads nowhere from there.
        } else if self.focus != Pane::Template {
            self.focus_on(Pane::Template);
        } else if self.form.is_some() {
            self.leave_form();
            return self.preview_highlighted();
        } else if self.browser.clear_filter() {
            return self.preview_highlighted();
        }
        Vec::new()
    }

    /// Stops a run that goes on, the one shown first.
    fn stop_any(&mut self) -> Option<Vec<Effect>> {
        if let Some(run) = self.running() {
            return Some(self.stop(run));
        }
        if let Some(run) = self.refining() {
            return Some(self.stop_refining(run));
        }
        let run = self.answering_anywhere()?;
        Some(self.stop_answer(run))
    }

    /// Leaves the form, if one is open; its values are offered again next time.
    pub(super) fn leave_form(&mut self) {
        if let Some(form) = self.form.take() {
            if let Some(taken) = self.editor.detached.take() {
                self.prompts.insert(form.template.name.clone(), taken);
            }
            let past = self.past.entry(form.template.name.clone()).or_default();
            past.remember(form.brief());
            // There is no prompt without a form.
            self.show_tab(Tab::Draft);
        }
        self.editor.preview = None;
    }

    pub(super) fn copy_or_quit(&mut self) -> Vec<Effect> {
        let selected = match (self.focus, self.form.as_ref()) {
            _ if !self.dialogs.is_empty() => None,
            (Pane::Editor, _) => self.editor.written().and_then(|text| text.selected_text()),
            (Pane::Template, Some(form)) => form.selected_text(),
            (Pane::Output, _) if self.is_writing_question() => self.selected_in_question(),
            (Pane::Output, _) => self.chosen_part(),
            (Pane::Template, None) => None,
        };
        if let Some(text) = selected {
            self.editor.clipboard.clone_from(&text);
            return vec![Effect::Copy(text)];
        }
        if let Some(run) = self.refining_here() {
            return self.stop_refining(run);
        }
        if let Some(effects) = self.stop_any() {
            return effects;
        }
        if self.quit_armed.take().is_some() {
            return self.quit();
        }
        let until = Now(self.now.0 + 2_000);
        self.quit_armed = Some(until);
        self.tell(Weight::Note, "press ctrl+c again to quit")
    }

    /// Leaves, asking first when text would be lost or was never looked at again.
    pub(super) fn quit(&mut self) -> Vec<Effect> {
        if self.tour.is_some() {
            // Its library goes away with it.
            return self.leave();
        }
        let Some((mut question, save, leave)) = self.before_leaving() else {
            self.stage = if self.editor.all().any(OpenDocument::is_saving) {
                Stage::Leaving
            } else {
                Stage::Done
            };
            return self.cancel_all();
        };
        if self.voice().is_taking_down() && leave != WITHOUT_IT {
            question.push_str(" What you dictate is in no text yet.");
        }
        let asked = |dialog: &Dialog| matches!(dialog, Dialog::Confirm(_));
        if !self.dialogs.iter().any(asked) {
            let save = save.map(|save| ('s', save, Answer::SaveAndQuit));
            let leave = [('q', leave, Answer::Quit), ('c', "cancel", Answer::Cancel)];
            let answers = save.into_iter().chain(leave).collect();
            self.dialogs
                .push(Dialog::Confirm(Confirm { question, answers }));
        }
        Vec::new()
    }

    /// What is asked before a person leaves, what saving first is called where that is possible,
    /// and what leaving is; nothing where nothing would be lost.
    fn before_leaving(&self) -> Option<(String, Option<&'static str>, &'static str)> {
        let unused = if self.is_journaling() {
            self.output.undecided()
        } else {
            self.output.unused()
        } + self.refines.undecided();
        if let Some((question, save)) = self.before_losing_changes() {
            return Some((question, Some(save), self.leave_it()));
        }
        let question = match unused {
            1 if self.is_journaling() => "A generated text was not used.".to_owned(),
            1.. if self.is_journaling() => format!("{unused} generated texts were not used."),
            1.. => {
                format!("{unused} generated text(s) were not used. They go away with the studio.")
            }
            0 if self.has_unsent_form() && !self.is_journaling() => {
                "What you filled in has led to no text. It goes away with the studio.".to_owned()
            }
            0 if self.voice().is_taking_down() => {
                let question = "You are dictating, and what you said is in no text yet.";
                return Some((question.to_owned(), None, WITHOUT_IT));
            }
            0 => return None,
        };
        Some((question, None, self.leave_it()))
    }

    /// The same about documents with changes that are not saved.
    fn before_losing_changes(&self) -> Option<(String, &'static str)> {
        let unsaved: Vec<_> = self.editor.unsaved().map(OpenDocument::called).collect();
        match unsaved.as_slice() {
            [] => None,
            [only] => {
                let save = if self.editor.has_unsaved_text() {
                    "save and quit"
                } else {
                    "save it and quit"
                };
                Some((format!("{only} has changes that are not saved."), save))
            }
            all => {
                let count = all.len();
                let more = match count {
                    ..=4 => String::new(),
                    _ => format!(" and {} more", count - 4),
                };
                let some = all[..count.min(4)].join(", ");
                let question =
                    format!("{count} documents have changes that are not saved: {some}{more}.");
                Some((question, "save all and quit"))
            }
        }
    }

    /// What becomes of what is not saved when a person leaves.
    const fn leave_it(&self) -> &'static str {
        match self.journaling {
            Journaling::On => "quit; the text is kept 30 days (recover in ctrl+p)",
            Journaling::Off => "quit without saving",
        }
    }

    /// Leaves as soon as the journal has what is not saved.
    pub(super) fn leave(&mut self) -> Vec<Effect> {
        let mut effects = self.cancel_all();
        self.leaving = self.editor.unsaved().map(|open| open.id).collect();
        let waits = self.is_journaling() && !self.leaving.is_empty();
        self.stage = if waits {
            effects.extend(self.tell(
                Weight::Note,
                "keeping the text; ctrl+q leaves without waiting for it",
            ));
            Stage::SettingAside
        } else {
            Stage::Done
        };
        let all = self.editor.all_mut();
        effects.extend(all.flat_map(OpenDocument::set_aside));
        effects
    }

    /// Whether the person is on the way out and the text on its way into the journal.
    pub(super) fn is_setting_aside(&self) -> bool {
        self.stage == Stage::SettingAside
    }

    /// Whether the person has decided about everything that was there.
    pub(super) fn has_left(&self) -> bool {
        self.is_setting_aside() || self.is_done()
    }

    /// What is typed on the way out changes nothing any more, but may hurry it.
    pub(super) fn on_leaving(&mut self, msg: &Msg) -> Vec<Effect> {
        if let Msg::Key(key) = msg
            && keymap::resolve(self, *key) == Meaning::Command(Command::Quit)
        {
            self.stage = Stage::Done;
        }
        Vec::new()
    }

    /// Text was put off, or could not be: then nobody leaves or goes on without it.
    pub(super) fn on_set_aside(
        &mut self,
        id: Uuid,
        unkept: Option<Box<Unsaved>>,
        result: Result<(), Failure>,
    ) -> Vec<Effect> {
        let leaves = self.is_setting_aside() && self.leaving.remove(&id);
        let Err(failure) = result else {
            if leaves && self.leaving.is_empty() {
                self.stage = Stage::Done;
            }
            return Vec::new();
        };
        let mut effects = self.on_journaling(Journaling::Off);
        if leaves {
            self.stage = Stage::Open;
            effects.extend(self.fail(&failure));
            effects.extend(self.quit());
        } else if let Some(mut text) = unkept.filter(|text| self.editor.get_mut(text.id).is_none())
        {
            (text.path, text.base) = (None, None);
            effects.extend(self.on_restored(*text, None));
            let told = format!("what you wrote could not be kept and is here again: {failure}");
            effects.extend(self.tell(Weight::Bad, told));
        } else {
            effects.extend(self.fail(&failure));
        }
        effects
    }

    /// The journal keeps what is not saved, or does not: questions that are open say so.
    pub(super) fn on_journaling(&mut self, state: Journaling) -> Vec<Effect> {
        self.journaling = state;
        let (quit, reload) = (self.leave_it(), self.reload_it());
        for dialog in &mut self.dialogs {
            let Dialog::Confirm(confirm) = dialog else {
                continue;
            };
            for (_, label, answer) in &mut confirm.answers {
                match answer {
                    Answer::Quit => *label = quit,
                    Answer::Reload => *label = reload,
                    _ => {}
                }
            }
        }
        if state == Journaling::Off {
            self.meter.forget_month();
            return Vec::new();
        }
        self.ask_for_month().into_iter().collect()
    }

    fn cancel_all(&mut self) -> Vec<Effect> {
        let running = self.runs().filter(|run| run.is_running());
        running.map(|run| Effect::Cancel(run.run)).collect()
    }
}
