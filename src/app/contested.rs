//! Two texts of one document: what another program wrote into its file, and what is not saved
//! here. The question that a person decides, and what follows from the answer.
//!
//! Only ever about the document that is shown. Nothing is overwritten or lost whatever the answer.

use super::App;
use super::Weight;
use super::dialog::{Answer, Confirm, Dialog};
use super::effect::Effect;
use super::msg::OpenedDraft;
use super::outside::Outside;
use crate::domain::diff;
use crate::store::journal::Cause;

impl App {
    /// What reloading does to what was written here.
    pub(super) fn reload_it(&self) -> &'static str {
        if self.is_journaling() {
            "reload it; your text is kept 30 days (recover in ctrl+p)"
        } else {
            "reload it; ctrl+z brings your text back"
        }
    }

    /// Asks what is to become of two texts of one draft, unless that is being asked already.
    pub(super) fn ask_about_outside(&mut self) {
        if self.dialogs.iter().any(is_question) {
            return;
        }
        let reload = self.reload_it();
        self.dialogs.push(Dialog::Confirm(Confirm {
            question: format!(
                "{} was changed outside, and what you wrote here is not saved.",
                self.editor.name()
            ),
            answers: vec![
                ('r', reload, Answer::Reload),
                (
                    'k',
                    "keep both; yours gets a file beside it",
                    Answer::KeepBoth,
                ),
                ('=', "compare them word by word", Answer::CompareOutside),
                (
                    'l',
                    "decide later (esc); ctrl+s asks again",
                    Answer::DecideLater,
                ),
            ],
        }));
    }

    /// The question answered itself.
    pub(super) fn withdraw_question(&mut self) {
        self.dialogs.retain(|dialog| !is_question(dialog));
    }

    /// A person decided, or looks first.
    pub(super) fn on_decision(&mut self, answer: Answer) -> Vec<Effect> {
        let Outside::Another(theirs) = &self.editor.outside else {
            return Vec::new();
        };
        match answer {
            Answer::CompareOutside => {
                let mine = self.editor.document.text();
                let hunks = diff::changes(theirs.draft.body(), &mine);
                self.ask_about_outside();
                self.show_comparison("The file → your text".to_owned(), hunks);
                Vec::new()
            }
            Answer::Reload => {
                let theirs = (**theirs).clone();
                self.reload(theirs)
            }
            Answer::KeepBoth => {
                self.counter += 1;
                let (ticket, id) = (self.counter, self.fresh_id());
                let save = self.editor.save_beside(ticket, id);
                save.map(|save| Effect::Save { ticket, save })
                    .into_iter()
                    .collect()
            }
            _ => {
                // Whoever decides later goes on with it.
                self.editor.closes = false;
                Vec::new()
            }
        }
    }

    /// Takes what the file says; what was unsaved is a version, and can be brought back.
    fn reload(&mut self, theirs: OpenedDraft) -> Vec<Effect> {
        let mut effects = self.checkpoint(Cause::Edit);
        effects.extend(self.editor.set_aside());
        let id = self.fresh_id();
        self.editor.reload(theirs, id, self.now.0);
        effects.extend(self.checkpoint(Cause::OutsideChange));
        effects.extend(self.tell(Weight::Good, "reloaded; ctrl+z brings your text back"));
        effects
    }
}

/// Whether a box asks about a change from outside.
fn is_question(dialog: &Dialog) -> bool {
    let Dialog::Confirm(confirm) = dialog else {
        return false;
    };
    let mut answers = confirm.answers.iter();
    answers.any(|(_, _, answer)| *answer == Answer::Reload)
}
