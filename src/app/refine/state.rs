//! What the border of the Editor says about rewritten parts.
//!
//! Only looks; the words are the view's.

use super::{Job, Review, Stage};
use crate::app::App;
use crate::app::msg::Now;
use crate::app::output::{Phase, Variant};

impl App {
    /// What the border of the Editor says about parts of what it holds.
    pub fn refine_state(&self) -> Option<State<'_>> {
        if let Some((review, job)) = self.reviewed() {
            return Some(State::Review(review, job));
        }
        let here = self.refines.jobs.iter();
        let here: Vec<&Job> = here.filter(|job| job.is_in(&self.editor)).collect();
        let running = here.iter().rev();
        let mut running = running.filter(|job| matches!(job.stage, Stage::Running));
        if let Some(job) = running.next() {
            return Some(State::Running(job, self.refines.answer(job.run)?));
        }
        let waiting = here.iter().filter_map(|job| job.ready());
        let (mut ready, mut failed) = (0, 0);
        for answer in waiting {
            if answer.nothing.is_some() {
                failed += 1;
            } else {
                ready += 1;
            }
        }
        match (ready, failed) {
            (0, 0) => None,
            (0, _) => Some(State::Failed),
            _ => Some(State::Waiting(ready)),
        }
    }
}

/// What the border of the Editor says about rewritten parts.
#[derive(Debug)]
pub enum State<'a> {
    /// A part is being rewritten.
    Running(&'a Job, &'a Variant),
    /// So many answers wait.
    Waiting(usize),
    /// An answer did not come, and may be asked for again.
    Failed,
    /// An answer is being decided about.
    Review(&'a Review, &'a Job),
}

impl State<'_> {
    /// Seconds that an answer has been waited for before its first text.
    pub fn waits(variant: &Variant, now: Now) -> Option<u64> {
        let silent = !matches!(variant.phase, Phase::Streaming);
        let seconds = now.0.saturating_sub(variant.started.0) / 1000;
        (silent && seconds > 0).then_some(seconds)
    }
}
