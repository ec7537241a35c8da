//! Rewriting parts of the draft with the model: what is being rewritten, and what waits for a
//! decision.
//!
//! A job is one part with the run that rewrites it. It follows its part while the person goes on
//! typing. Owns no text of the draft: the part is whatever the document says there.

mod arrival;
mod chooser;
mod choosing;
mod kept;
mod launch;
mod merge;
mod review;
mod state;

pub use chooser::{Asking, Chooser, Line, Scope, Step, Verb, Wish};
pub use kept::{Errand, Fact, Found};
pub use launch::Launch;
pub use review::Review;
pub use state::State;

use super::editor::{Editor, OpenDocument, Tab};
use super::effect::Effect;
use super::msg::{Now, Past};
use super::output::{Output, Variant};
use super::{App, Pane, Weight};
use crate::domain::brief::Brief;
use crate::domain::document::Document;
use crate::domain::refine::{Anchor, Changes};
use crate::domain::run::RunId;
use crate::domain::template::Template;
use crate::store::journal::WaitingPart;
use crate::store::library::Entry;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// A template with what was given to it before, or why there is none.
type Known = Result<(Arc<Template>, Past), String>;

/// Everything about parts that are rewritten.
#[derive(Debug, Default)]
pub struct Refines {
    jobs: Vec<Job>,
    /// The answers of the jobs, and of no other runs.
    answers: Output,
    /// What can be done with a part.
    verbs: Vec<Verb>,
    /// Templates of verbs that were read, by name.
    known: BTreeMap<String, Known>,
    /// The job that is being decided about.
    review: Option<Review>,
    /// Until when a letter of the review that has just ended does nothing.
    ended: Now,
    /// A verb that is to be edited as soon as it is a file of the person.
    to_edit: Option<String>,
    /// Parts about which nothing is left to decide, until the journal knows.
    done: Vec<RunId>,
    /// The answer that a person asked for, until its draft is there.
    wanted: Option<RunId>,
}

/// Where a person is in a text: its revision, the cursor and what is selected.
type Stand = (u64, usize, Option<Range<usize>>);

fn stand(document: &Document) -> Stand {
    (document.revision(), document.cursor(), document.selection())
}

/// A part of a draft that is rewritten.
#[derive(Debug)]
pub struct Job {
    /// The run that rewrites it.
    pub run: RunId,
    /// What is done with it, as the list of verbs calls it.
    pub title: String,
    /// Where it is.
    pub anchor: Anchor,
    /// What came of the run.
    pub stage: Stage,
    draft: Uuid,
    key: String,
    /// The document that the anchor was brought up to date with, and its revision.
    seen: (Uuid, u64),
    /// Where the person was when it was sent.
    sent: Stand,
    /// What it came of.
    of: Part,
    /// The one undo step of what was accepted.
    step: Option<TakenStep>,
    /// Something of it is in the draft.
    taken: bool,
    /// What the journal was told of it last.
    kept: Option<Box<WaitingPart>>,
}

/// What a part came of.
#[derive(Debug)]
enum Part {
    /// A verb, which can be asked for again.
    Asked(Box<Launch>),
    /// A verb whose template is not there any more.
    OfLostVerb,
    /// A variant that is merged, which the Output pane has.
    Merged,
}

/// What was accepted since the review began: one step of undo.
#[derive(Debug)]
struct TakenStep {
    /// The text that the step led to.
    state: u64,
    /// Where the part was before it.
    at: usize,
    /// What the part said before it.
    before: String,
}

/// Where a job stands.
#[derive(Debug)]
pub enum Stage {
    /// The answer is being written.
    Running,
    /// The answer waits for a decision.
    Ready(Ready),
}

/// An answer to be decided about.
#[derive(Debug)]
pub struct Ready {
    /// What the part may become.
    target: String,
    /// How that differs from the part as it is.
    pub changes: Changes,
    /// What is to be known about the answer, in a few words.
    pub flaw: Option<&'static str>,
    /// What became of an answer that changes nothing, as a sentence.
    pub nothing: Option<String>,
}

impl Job {
    /// Whether it is a variant of the Output pane that is merged.
    pub const fn is_merge(&self) -> bool {
        matches!(self.of, Part::Merged)
    }

    /// The request that it came of, to be made again; else why that cannot be.
    fn launch(&self) -> Result<&Launch, &'static str> {
        match &self.of {
            Part::Asked(launch) => Ok(launch),
            Part::OfLostVerb => Err("its verb is not there any more; ctrl+k has the others"),
            Part::Merged => Err(merge::MERGED),
        }
    }

    /// Whether its part is in what the Editor holds.
    pub fn is_in(&self, open: &OpenDocument) -> bool {
        self.draft == open.id || self.key == open.draft_key()
    }

    /// The document that its part is in.
    pub const fn draft(&self) -> Uuid {
        self.draft
    }

    /// The answer, once there is one.
    pub const fn ready(&self) -> Option<&Ready> {
        match &self.stage {
            Stage::Ready(ready) => Some(ready),
            Stage::Running => None,
        }
    }

    const fn ready_mut(&mut self) -> Option<&mut Ready> {
        match &mut self.stage {
            Stage::Ready(ready) => Some(ready),
            Stage::Running => None,
        }
    }
}

impl Refines {
    /// The answers, also those that are being written.
    pub fn answers(&self) -> impl Iterator<Item = &Variant> {
        self.answers.variants.iter()
    }

    /// The jobs, oldest first.
    pub fn jobs(&self) -> &[Job] {
        &self.jobs
    }

    /// The answer of a run.
    pub fn answer(&self, run: RunId) -> Option<&Variant> {
        self.answers().find(|answer| answer.run == run)
    }

    /// True while any answer is being written.
    pub fn is_running(&self) -> bool {
        self.answers.is_running()
    }

    /// How many answers wait for a decision and have text that went nowhere.
    pub fn undecided(&self) -> usize {
        let offered = |job: &&Job| {
            !job.is_merge()
                && job
                    .ready()
                    .is_some_and(|ready| !job.taken && !ready.changes.is_empty())
        };
        self.jobs.iter().filter(offered).count()
    }

    /// Takes the templates that rewrite parts out of those of the library.
    pub(super) fn set_verbs(&mut self, templates: &[Entry]) {
        self.verbs = chooser::verbs(templates);
        self.known.clear();
    }

    fn job(&self, run: RunId) -> Option<&Job> {
        self.jobs.iter().find(|job| job.run == run)
    }

    fn job_mut(&mut self, run: RunId) -> Option<&mut Job> {
        self.jobs.iter_mut().find(|job| job.run == run)
    }

    /// The job whose part shares text with `range` of what the Editor holds.
    fn at(&self, editor: &Editor, range: &Range<usize>) -> Option<&Job> {
        let mut here = self.jobs.iter().filter(|job| job.is_in(editor));
        here.find(|job| job.anchor.overlaps(range))
    }

    /// Lets go of a job and its answer.
    fn drop_job(&mut self, run: RunId) -> Option<Job> {
        if self.review.as_ref().is_some_and(|review| review.run == run) {
            self.review = None;
        }
        self.answers.variants.retain(|answer| answer.run != run);
        self.answers.current = 0;
        let place = self.jobs.iter().position(|job| job.run == run)?;
        let job = self.jobs.remove(place);
        self.done.extend(job.kept.as_ref().map(|_| run));
        Some(job)
    }
}

impl App {
    /// What is rewritten, and what came of it.
    pub const fn refines(&self) -> &Refines {
        &self.refines
    }

    /// `ctrl+k`: shows an answer that waits, else asks what is to be done with the selection or the
    /// paragraph.
    pub(super) fn refine(&mut self) -> Vec<Effect> {
        if self.editor.tab == Tab::Prompt {
            self.show_tab(Tab::Draft);
        }
        self.focus_on(Pane::Editor);
        if self.is_locked() {
            return self.refuse_to_edit();
        }
        if let Some(run) = self.refines.review.as_ref().map(|review| review.run) {
            return self.choose_again(run);
        }
        let selected = self.editor.document.selection();
        if selected.is_none()
            && let Some(run) = self.waiting_here()
        {
            return self.begin_review(run);
        }
        let Some(chooser) = self.chooser() else {
            let told = if selected.is_some() {
                "there are no words in the selection"
            } else {
                "there is no text yet to refine"
            };
            return self.tell(Weight::Note, told);
        };
        let range = chooser.anchor.range().unwrap_or_default();
        match self.refines.at(&self.editor, &range) {
            Some(job) if job.ready().is_some() => {
                let run = job.run;
                self.begin_review(run)
            }
            Some(_) => self.tell(
                Weight::Note,
                "this part is being rewritten already; esc stops that",
            ),
            None => self.open_chooser(chooser),
        }
    }

    /// The answer that waits nearest to the cursor.
    fn waiting_here(&self) -> Option<RunId> {
        let cursor = self.editor.document.cursor();
        let jobs = self.refines.jobs.iter();
        let waiting = jobs.filter(|job| job.ready().is_some() && job.is_in(&self.editor));
        let distance = |job: &&Job| {
            let range = job.anchor.range().unwrap_or(usize::MAX..usize::MAX);
            range.start.saturating_sub(cursor) + cursor.saturating_sub(range.end)
        };
        waiting.min_by_key(distance).map(|job| job.run)
    }

    /// Keeps parts at their places and answers true after the text changed.
    pub(super) fn refresh_refines(&mut self) {
        if self.refines.jobs.is_empty() {
            return;
        }
        let now = (self.editor.id, self.editor.document.revision());
        for job in &mut self.refines.jobs {
            if job.seen == now || !job.is_in(&self.editor) {
                continue;
            }
            job.seen = now;
            job.draft = now.0;
            job.anchor.follow(self.editor.document.snapshot());
            let text = job.anchor.text().to_owned();
            if let Some(ready) = job.ready_mut()
                && ready.changes.before() != text
                && ready.nothing.is_none()
            {
                ready.changes = Changes::between(&text, &ready.target);
            }
        }
        let reviewed = self.refines.review.as_ref().map(|review| review.run);
        if let Some(run) = reviewed {
            let job = self.refines.job(run);
            if !job.is_some_and(|job| job.is_in(&self.editor) && job.anchor.range().is_some()) {
                self.refines.review = None;
            }
        }
        self.clamp_review();
    }

    /// The run that `esc` stops in the Editor: the one that rewrites a part of what it holds.
    pub fn refining_here(&self) -> Option<RunId> {
        let jobs = self.refines.jobs.iter().rev();
        let mut running = jobs.filter(|job| matches!(job.stage, Stage::Running));
        let job = running.find(|job| job.is_in(&self.editor))?;
        (self.focus == Pane::Editor && self.dialogs.is_empty()).then_some(job.run)
    }

    /// Any run that rewrites a part.
    pub(super) fn refining(&self) -> Option<RunId> {
        let mut answers = self.refines.answers();
        let running = answers.find(|answer| answer.is_running());
        running.map(|answer| answer.run)
    }

    /// Stops a run that rewrites a part; the part stays as it is.
    pub(super) fn stop_refining(&mut self, run: RunId) -> Vec<Effect> {
        self.refines.answers.stop(self.now, run);
        let partial = self.refines.answer(run).is_some_and(Variant::is_unused);
        self.refines.drop_job(run);
        let told = if partial && self.is_journaling() {
            "stopped; the draft is as it was, what came is kept 30 days (recover in ctrl+p)"
        } else {
            "stopped; the draft is as it was"
        };
        let mut effects = vec![Effect::Cancel(run)];
        effects.extend(partial.then_some(put_off(run)));
        effects.extend(self.tell(Weight::Note, told));
        effects.extend(self.ask_for_month());
        effects
    }
}

/// Keeps an answer for later: the person knows of it.
fn put_off(run: RunId) -> Effect {
    Effect::Keep(super::effect::Keep::ForLater(run.0))
}

/// What was given to a verb, as far as it is worth remembering: not the draft.
fn remembered(given: &Brief) -> Brief {
    let values = given.iter();
    values
        .filter(|(name, _)| !launch::GIVEN.contains(name))
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect()
}
