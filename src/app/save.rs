//! From a variant to a draft, and what is asked before unsaved text goes.

use super::dialog::Answer;
use super::editor::{Made, Tab};
use super::effect::{Consent, Effect};
use super::output::Variant;
use super::{App, Pane, Stage, Weight};
use crate::domain::draft::{Outcome, Part, Provenance};
use crate::domain::run::RunId;
use crate::domain::text::stored;
use crate::store::files::Kind;
use crate::store::journal::Cause;

/// Where a variant goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Place {
    /// In place of the whole draft.
    Whole,
    /// After the draft.
    End,
    /// At the cursor.
    Cursor,
}

impl App {
    /// Puts the variant shown into the draft. One undo step takes it out again.
    pub(in crate::app) fn use_variant(&mut self, place: Place) -> Vec<Effect> {
        let Some(variant) = self.shown_answer() else {
            return self.tell(Weight::Note, "nothing to use yet; ctrl+g generates");
        };
        if variant.is_running() {
            return self.tell(
                Weight::Note,
                "still being written; esc stops it, then enter uses what is there",
            );
        }
        if variant.text.is_empty() {
            return self.tell(Weight::Note, "this variant has no text");
        }
        let text = stored(&variant.text).into_owned();
        let (provenance, target) = (provenance(variant), variant.origin.target_words);
        let locked = self.editor.read_only().is_some();
        if locked && place != Place::Whole {
            return self.refuse_to_edit();
        }
        let is_source = matches!(self.editor.kind(), Kind::Template | Kind::Snippet);
        // An answer about this draft is another wording of it.
        let other = !self.asks.shown
            && self.editor.file.is_some()
            && !self.editor.document.is_empty()
            && !self.editor.has_unsaved_text()
            && self.editor.template() != provenance.template;
        if place == Place::Whole && (locked || is_source || other) {
            // Another kind of text is another draft; the one that was shown stays open behind it.
            self.before_another();
            let id = self.fresh_id();
            self.editor.begin(id);
        }
        let mut effects = self.checkpoint(Cause::Edit);
        let document = &mut self.editor.document;
        let replaced = place == Place::Whole && !document.is_empty();
        let (range, text) = match place {
            Place::Whole => (0..document.len(), text),
            Place::End if document.is_empty() => (0..0, text),
            Place::End => (document.len()..document.len(), format!("\n\n{text}")),
            Place::Cursor => (document.cursor()..document.cursor(), text),
        };
        let fresh = document.is_empty() || place == Place::Whole;
        document.replace(range, &text, self.now.0);
        if fresh {
            document.stand_at(0);
            self.editor.bring(Made::Whole(Box::new(provenance)));
            self.editor.target_words = target;
        } else if let Some(run) = provenance.run {
            self.editor.bring(Made::Part(Part {
                run,
                template: provenance.template,
                model: provenance.model,
            }));
        }
        if let Some(variant) = self.shown_answer_mut() {
            variant.used = true;
            let runs = variant.continues.iter().copied();
            let runs: Vec<RunId> = runs.chain([variant.run]).collect();
            self.used.extend(runs);
        }
        self.editor.tab = Tab::Draft;
        self.focus_on(Pane::Editor);
        let told = if replaced {
            "draft replaced; ctrl+z brings the old text back"
        } else {
            "in the draft; ctrl+s saves it"
        };
        effects.extend(self.checkpoint(Cause::Generation));
        effects.extend(self.tell(Weight::Good, told));
        effects
    }

    /// What follows an answer.
    pub(super) fn on_answer(&mut self, answer: Answer) -> Vec<Effect> {
        match answer {
            Answer::Cancel => {
                self.editor.closes = false;
                Vec::new()
            }
            Answer::SendAnyway => self.send_held(),
            Answer::SendKey(run) => vec![Effect::AnswerKey(run, Consent::Given)],
            Answer::KeepKey(run) => vec![Effect::AnswerKey(run, Consent::Refused)],
            Answer::Reattach => {
                self.editor.detached = None;
                Vec::new()
            }
            Answer::Quit => self.leave(),
            Answer::SaveAndQuit => {
                self.stage = Stage::Leaving;
                self.go_on_leaving()
            }
            Answer::Reload | Answer::KeepBoth | Answer::CompareOutside | Answer::DecideLater => {
                self.on_decision(answer)
            }
            Answer::Close(id, closing) => self.on_closing(id, closing),
        }
    }
}

/// How the text of a variant was made.
fn provenance(variant: &Variant) -> Provenance {
    let origin = &variant.origin;
    let outcome = Outcome {
        model: variant.model.clone(),
        usage: variant.usage,
        cost: variant.cost,
        finish: variant.finish_reason(),
    };
    Provenance {
        template: Some(origin.template.clone()),
        template_hash: Some(origin.template_hash.clone()),
        brief: origin.brief.clone(),
        provider: Some(origin.provider.clone()),
        origin: origin.server.clone(),
        parts: variant
            .continues
            .iter()
            .map(|run| Part {
                run: *run,
                template: Some(origin.template.clone()),
                model: Some(origin.request.model.clone()),
            })
            .collect(),
        ..Provenance::of(variant.run, &origin.request, outcome)
    }
}
