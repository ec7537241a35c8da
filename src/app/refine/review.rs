//! The review of an answer, change by change, in its place.
//!
//! What is accepted is in the draft at once, and all of it is one step of undo and one version.
//! What is not decided waits, whatever happens to the text meanwhile.

use super::{Job, Launch, Ready, TakenStep, put_off};
use crate::app::command::{Command, Scope};
use crate::app::editor::{Made, Tab};
use crate::app::effect::Effect;
use crate::app::key::{Code, Key};
use crate::app::msg::Now;
use crate::app::{App, Pane, Weight};
use crate::domain::diff::Stretch;
use crate::domain::document::Edit;
use crate::domain::draft::Part;
use crate::domain::refine::{Anchor, Changes};
use crate::domain::run::RunId;
use crate::store::journal::Cause;

/// Milliseconds after a review opened by itself, or came to its end, in which letters do nothing:
/// they may have been meant for the text, or for a change that is no more.
const SETTLE: u64 = 300;

/// An answer that is being decided about.
#[derive(Debug)]
pub struct Review {
    /// The run that wrote it.
    pub run: RunId,
    /// The change that was gone to, from 0.
    pub at: usize,
    /// Rows that the view was moved from there.
    pub moved: isize,
    /// Until when letters do nothing.
    settles: Now,
}

/// What is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    Accept,
    Reject,
}

impl App {
    /// The review that is open in the Editor, and its part.
    pub fn reviewed(&self) -> Option<(&Review, &Job)> {
        let review = self.refines.review.as_ref()?;
        let job = self.refines.job(review.run)?;
        let shown = self.editor.tab == Tab::Draft && job.is_in(&self.editor);
        shown.then_some((review, job))
    }

    /// Whether keys of the Editor decide about an answer.
    pub fn is_reviewing(&self) -> bool {
        self.focus == Pane::Editor && self.reviewed().is_some()
    }

    /// Whether a key may have been on its way into the text when the review opened, or was meant
    /// for one more change when it ended.
    pub(in crate::app) fn is_settling(&self, key: Key) -> bool {
        let letter = matches!(key.code, Code::Char(_)) && !key.ctrl && !key.alt;
        if self.is_reviewing() {
            let review = self.refines.review.as_ref();
            return letter && review.is_some_and(|review| self.now < review.settles);
        }
        letter && self.now < self.refines.ended && self.keymap.find(Scope::Review, key).is_some()
    }

    /// Shows an answer that waits.
    pub(super) fn begin_review(&mut self, run: RunId) -> Vec<Effect> {
        let Some(job) = self.refines.job(run) else {
            return Vec::new();
        };
        let nothing = job.ready().and_then(|ready| ready.nothing.clone());
        if job.anchor.range().is_none() {
            let answer = self.refines.answer(run).cloned();
            if let Some(answer) = answer.filter(|_| nothing.is_none()) {
                return self.offer_as_text(run, answer);
            }
            self.refines.drop_job(run);
            return self.tell(Weight::Note, "the part that was to be rewritten is gone");
        }
        self.stop_finding();
        // That it waits is not true any more.
        self.notice = None;
        self.open_review(run, false);
        nothing.map_or_else(Vec::new, |why| self.tell(Weight::Note, why))
    }

    pub(super) fn open_review(&mut self, run: RunId, by_itself: bool) {
        let settles = if by_itself {
            Now(self.now.0 + SETTLE)
        } else {
            Now::default()
        };
        self.refines.review = Some(Review {
            run,
            at: 0,
            moved: 0,
            settles,
        });
    }

    /// Leaves the review; what is not decided waits.
    pub(in crate::app) fn leave_review(&mut self) -> Vec<Effect> {
        let mut effects = self.end_review();
        let Some(run) = self.refines.review.take().map(|review| review.run) else {
            return effects;
        };
        let job = self.refines.job(run);
        let left = job.and_then(Job::ready);
        let failed = self.refines.answer(run);
        let failed = failed.is_some_and(|answer| answer.text.trim().is_empty());
        match left {
            Some(Ready {
                nothing: Some(_), ..
            }) if failed => {
                effects.extend(self.tell(
                    Weight::Note,
                    "the draft is as it was; ctrl+k comes back to try again",
                ));
            }
            Some(ready) if ready.nothing.is_some() || ready.changes.is_empty() => {
                self.refines.drop_job(run);
            }
            _ => {
                effects.extend(self.tell(
                    Weight::Note,
                    "what is not decided waits; ctrl+k brings it back",
                ));
            }
        }
        effects
    }

    /// The version of what was accepted; a later decision is another step.
    pub(super) fn end_review(&mut self) -> Vec<Effect> {
        let review = self.refines.review.as_ref();
        let run = review.map(|review| review.run);
        let job = run.and_then(|run| self.refines.job_mut(run));
        match job.and_then(|job| job.step.take()) {
            Some(_) => self.checkpoint(Cause::Refine),
            None => Vec::new(),
        }
    }

    /// A command of the review.
    pub(in crate::app) fn run_review(&mut self, command: Command) -> Vec<Effect> {
        if !self.is_reviewing() {
            return self.refine();
        }
        let run = match self.reviewed() {
            Some((review, _)) => review.run,
            None => return Vec::new(),
        };
        match command {
            Command::NextChange => self.go_to_change(1),
            Command::PreviousChange => self.go_to_change(-1),
            Command::AcceptChange => return self.decide(run, Verdict::Accept),
            Command::RejectChange => return self.decide(run, Verdict::Reject),
            Command::AcceptAll => return self.decide_all(run, Verdict::Accept),
            Command::RejectAll => return self.decide_all(run, Verdict::Reject),
            Command::RefineAgain => return self.refine_again(run),
            Command::AdjustRefine => return self.adjust(run),
            _ => {}
        }
        Vec::new()
    }

    /// Moves the view of the review by rows.
    pub(in crate::app) const fn scroll_review(&mut self, rows: isize) {
        if let Some(review) = &mut self.refines.review {
            review.moved = review.moved.saturating_add(rows);
        }
    }

    /// Takes how far the view could be moved.
    pub(in crate::app) fn on_review_drawn(&mut self, moved: Option<isize>) {
        if let (Some(review), Some(moved)) = (&mut self.refines.review, moved) {
            review.moved = moved;
        }
    }

    fn go_to_change(&mut self, by: isize) {
        if let Some(review) = &mut self.refines.review {
            review.at = review.at.saturating_add_signed(by);
            review.moved = 0;
        }
        self.clamp_review();
    }

    pub(super) fn clamp_review(&mut self) {
        let count = self
            .reviewed()
            .and_then(|(_, job)| Some(job.ready()?.changes.count()));
        if let (Some(review), Some(count)) = (&mut self.refines.review, count) {
            review.at = review.at.min(count.saturating_sub(1));
        }
    }

    fn decide(&mut self, run: RunId, verdict: Verdict) -> Vec<Effect> {
        let at = self.refines.review.as_ref().map_or(0, |review| review.at);
        let Some(ready) = self.refines.job(run).and_then(Job::ready) else {
            return Vec::new();
        };
        if ready.changes.is_empty() {
            return self.nothing_to_decide(run, verdict);
        }
        let changes = match verdict {
            Verdict::Accept => ready.changes.accept(at),
            Verdict::Reject => ready.changes.reject(at),
        };
        self.settle(run, changes, verdict)
    }

    fn decide_all(&mut self, run: RunId, verdict: Verdict) -> Vec<Effect> {
        let Some(ready) = self.refines.job(run).and_then(Job::ready) else {
            return Vec::new();
        };
        if ready.changes.is_empty() {
            return self.nothing_to_decide(run, verdict);
        }
        let text = match verdict {
            Verdict::Accept => ready.changes.after(),
            Verdict::Reject => ready.changes.before(),
        };
        self.settle(run, Changes::between(&text, &text), verdict)
    }

    /// Turning down what is nothing lets go of it; nothing can be accepted of it.
    fn nothing_to_decide(&mut self, run: RunId, verdict: Verdict) -> Vec<Effect> {
        if verdict == Verdict::Accept {
            return self.tell(Weight::Note, "there is nothing to accept; t tries again");
        }
        self.conclude(run)
    }

    /// Takes what is left to decide after a decision; the draft follows.
    fn settle(&mut self, run: RunId, changes: Changes, verdict: Verdict) -> Vec<Effect> {
        let mut effects = Vec::new();
        if verdict == Verdict::Accept {
            effects.extend(self.put_part(run, &changes.before()));
        }
        let done = changes.is_empty();
        if let Some(ready) = self.refines.job_mut(run).and_then(Job::ready_mut) {
            ready.target = changes.after();
            ready.changes = changes;
        }
        if let Some(review) = &mut self.refines.review {
            review.moved = 0;
        }
        self.clamp_review();
        if done {
            effects.extend(self.conclude(run));
        }
        effects
    }

    /// All is decided.
    fn conclude(&mut self, run: RunId) -> Vec<Effect> {
        self.refines.ended = Now(self.now.0 + SETTLE);
        let mut effects = self.end_review();
        let unused = self
            .refines
            .answer(run)
            .is_some_and(|answer| !answer.text.is_empty());
        let Some(job) = self.refines.drop_job(run) else {
            return effects;
        };
        let told = if job.taken {
            "in the draft; ctrl+z takes it back, ctrl+s saves it"
        } else {
            effects.extend(unused.then_some(put_off(run)));
            "the draft stays as it was"
        };
        effects.extend(self.tell(Weight::Good, told));
        effects
    }

    /// Puts another text in place of a part. Everything accepted in a row is one step of undo.
    fn put_part(&mut self, run: RunId, text: &str) -> Vec<Effect> {
        let first = self.refines.job(run).is_some_and(|job| job.step.is_none());
        let effects = if first {
            self.checkpoint(Cause::Edit)
        } else {
            Vec::new()
        };
        let now = self.now.0;
        let Some(job) = self.refines.jobs.iter_mut().find(|job| job.run == run) else {
            return effects;
        };
        let draft = self.editor.id;
        let document = &mut self.editor.document;
        document.close_group();
        let step = job.step.take();
        let last = step.filter(|step| step.state == document.state());
        let (at, before) = if let Some(step) = last {
            document.apply(Edit::Undo, now);
            (step.at, step.before)
        } else {
            let range = job.anchor.range().unwrap_or_default();
            (range.start, job.anchor.text().to_owned())
        };
        let change = Stretch::between(&before, text);
        let (gone, new) = (change.removed(), &text[change.inserted()]);
        document.replace(at + gone.start..at + gone.end, new, now);
        document.seal();
        job.anchor = Anchor::new(at..at + text.len(), document.snapshot());
        job.seen = (draft, document.revision());
        job.step = Some(TakenStep {
            state: document.state(),
            at,
            before,
        });
        job.taken = true;
        self.bring_parts(run);
        effects
    }

    /// Writes down which runs the text is from that is in the draft now.
    fn bring_parts(&mut self, run: RunId) {
        let answers = &mut self.refines.answers.variants;
        let mut all = answers.iter_mut().chain(&mut self.output.variants);
        let Some(answer) = all.find(|answer| answer.run == run) else {
            return;
        };
        answer.used = true;
        let (template, asked) = (&answer.origin.template, &answer.origin.request.model);
        let model = answer.model.as_ref().unwrap_or(asked);
        let earlier = answer.continues.iter().map(|run| (*run, asked));
        let parts = earlier.chain([(run, model)]).map(|(run, model)| Part {
            run,
            template: Some(template.clone()),
            model: Some(model.clone()),
        });
        let parts: Vec<Part> = parts.collect();
        let known = self.editor.provenance().unwrap_or_default();
        for part in parts {
            self.used.push(part.run);
            let there = known.run == Some(part.run) || known.parts.contains(&part);
            if !there {
                self.editor.bring(Made::Part(part));
            }
        }
    }

    /// Sends the same for the part as it is now.
    fn refine_again(&mut self, run: RunId) -> Vec<Effect> {
        let Some(job) = self.refines.job(run) else {
            return Vec::new();
        };
        let launch = match job.launch() {
            Ok(launch) => launch.clone(),
            Err(why) => return self.tell(Weight::Note, why),
        };
        let launch = Launch {
            draft: self.editor.id,
            anchor: job.anchor.clone(),
            replaces: Some(run),
            ..launch
        };
        self.launch(launch)
    }
}
