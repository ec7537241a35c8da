//! The Output pane: variants as they stream, and what became of them.
//!
//! Text of a variant is exactly what the model wrote. How it ended stands beside it.

mod arriving;
mod brought;
mod columns;
mod groups;
mod origin;
mod sending;

pub use brought::Brought;
pub use columns::NARROWEST;
pub use origin::{Origin, Retry};

use super::effect::Effect;
use super::msg::{Now, RunFact};
use super::reasoning::Reasoning;
use crate::domain::cost::{Spent, Usd};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::{Estimate, Tariff};
use crate::domain::run::{FinishReason, RunId, Usage};
use crate::domain::seam::Seam;
use crate::domain::tokens::Tokens;
use std::collections::VecDeque;

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Not sent yet: it goes out when one that is under way ends.
    InTurn,
    /// Sent; nothing has come back.
    Connecting {
        /// The try that is waited for, when one has failed.
        retry: Option<Retry>,
    },
    /// Sent; the server loads its model first.
    Loading {
        /// Who loads, as a sentence.
        what: String,
    },
    /// Text arrives.
    Streaming,
    /// Complete.
    Done(FinishReason),
    /// Broken; text that came before is kept.
    Failed(Failure),
    /// Stopped by the person; text that came before is kept.
    Stopped,
}

/// Milliseconds without content after which an answer counts as stalled.
const STALLED: u64 = 10_000;

/// One text that a run produced.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The run.
    pub run: RunId,
    /// What it was made from.
    pub origin: Origin,
    /// The model's text so far.
    pub text: String,
    /// The runs that this one goes on with, oldest first.
    pub continues: Vec<RunId>,
    /// Bytes of `text` that an earlier run wrote (`continue`).
    pub inherited: usize,
    /// Joins what the model writes to that.
    seam: Option<Box<Seam>>,
    /// How often text that was there went: the server took it back, or it was there twice.
    pub corrections: u32,
    /// Reasoning so far; never part of a draft.
    pub reasoning: Reasoning,
    /// The model's words when it declined.
    pub refusal: String,
    /// Where it stands.
    pub phase: Phase,
    /// Tokens, once the server told them.
    pub usage: Option<Usage>,
    /// What it is priced by.
    pub tariff: Tariff,
    /// What it was expected to cost when it was sent.
    pub expected: Option<Usd>,
    /// What it cost, once it has ended.
    pub cost: Option<Spent>,
    /// The model id that the server reported.
    pub model: Option<String>,
    /// When it was sent.
    pub started: Now,
    /// When the first text came.
    pub first_text: Option<Now>,
    /// When anything of the answer came last.
    pub heard: Now,
    /// When it ended.
    pub ended: Option<Now>,
    /// First row shown, when not following.
    pub scroll: usize,
    /// The view stays at the end of the text.
    pub follow: bool,
    /// The text went into a draft.
    pub used: bool,
    /// When it was sent, if it was looked up in the journal.
    pub brought: Option<Now>,
    /// The variants that were asked for together; [`Output`] says which.
    group: u64,
    /// The variants that went out together; a group may have several such sets.
    set: u64,
    /// A person wants to find it again.
    pub starred: bool,
    /// The first of the runs that it stands together with, as the journal has it.
    pub(in crate::app) together: Option<RunId>,
}

impl Variant {
    /// A variant that was just sent; `text` is what it continues from.
    pub fn new(run: RunId, origin: Origin, text: String, now: Now) -> Self {
        Self {
            run,
            origin,
            continues: Vec::new(),
            inherited: text.len(),
            seam: (!text.is_empty()).then(|| Box::new(Seam::behind(text.clone()))),
            text,
            corrections: 0,
            reasoning: Reasoning::EMPTY,
            refusal: String::new(),
            phase: Phase::Connecting { retry: None },
            usage: None,
            tariff: Tariff {
                prices: None,
                input: 0,
            },
            expected: None,
            cost: None,
            model: None,
            started: now,
            first_text: None,
            heard: now,
            ended: None,
            scroll: 0,
            follow: true,
            used: false,
            brought: None,
            group: 0,
            set: 0,
            starred: false,
            together: None,
        }
    }

    /// Says what it is priced by.
    pub fn priced_by(&mut self, tariff: Tariff) {
        let params = &self.origin.request.prompt.params;
        let input = Tokens::Estimated(tariff.input);
        let words = self.origin.target_words;
        let expected = Estimate::of(tariff.prices.as_ref(), input, params, words);
        self.expected = expected.cost.map(Spent::usd);
        self.tariff = tariff;
    }

    /// Notes that it ended, and what it cost until then.
    fn end(&mut self, now: Now, phase: Phase) {
        self.ended = Some(now);
        self.phase = phase;
        self.join();
        let answered = self.model.as_deref();
        let bytes =
            self.text.len() - self.inherited + self.reasoning.text().len() + self.refusal.len();
        self.cost = match &self.usage {
            Some(usage) => self.tariff.real(usage, answered),
            None if self.is_taken() => self.tariff.since_taken(bytes),
            None => self.tariff.so_far(bytes),
        };
    }

    /// Notes that a person stopped it. One that was never sent has cost nothing.
    fn stop(&mut self, now: Now) {
        if self.phase == Phase::InTurn {
            (self.phase, self.ended) = (Phase::Stopped, Some(now));
        } else {
            self.end(now, Phase::Stopped);
        }
    }

    /// Whether its server had taken the request: it named its model, or ended the answer itself.
    const fn is_taken(&self) -> bool {
        self.model.is_some() || matches!(self.phase, Phase::Done(_))
    }

    /// True until the run has ended.
    pub const fn is_running(&self) -> bool {
        matches!(
            self.phase,
            Phase::InTurn | Phase::Connecting { .. } | Phase::Loading { .. } | Phase::Streaming
        )
    }

    /// When the try starts that is waited for.
    pub const fn countdown(&self) -> Option<Now> {
        match &self.phase {
            Phase::Connecting { retry: Some(retry) } => Some(retry.at),
            _ => None,
        }
    }

    /// The model that wrote it: as the server named it, else the one asked.
    pub fn written_by(&self) -> &str {
        let named = self.model.as_deref();
        named.unwrap_or(&self.origin.request.model)
    }

    /// True when there is text that went nowhere; what was looked up had its time.
    pub const fn is_unused(&self) -> bool {
        !self.used && self.brought.is_none() && self.text.len() > self.inherited
    }

    /// True when the text broke off before its end.
    pub const fn is_partial(&self) -> bool {
        match &self.phase {
            Phase::Done(reason) => reason.is_partial(),
            Phase::Failed(_) | Phase::Stopped => true,
            Phase::InTurn | Phase::Connecting { .. } | Phase::Loading { .. } | Phase::Streaming => {
                false
            }
        }
    }

    /// The state as a border says it; empty while all is well.
    pub fn state(&self) -> String {
        match &self.phase {
            Phase::InTurn => "waits its turn".to_owned(),
            Phase::Connecting { .. } => "waiting".to_owned(),
            Phase::Loading { .. } => "loading the model".to_owned(),
            Phase::Streaming => String::new(),
            Phase::Stopped | Phase::Done(FinishReason::Stopped) => "stopped".to_owned(),
            Phase::Failed(failure) if failure.kind == FailureKind::Partial => {
                "interrupted".to_owned()
            }
            Phase::Failed(_) => "failed".to_owned(),
            Phase::Done(FinishReason::Stop) => "done".to_owned(),
            Phase::Done(FinishReason::Ended) => "ended, reason unknown".to_owned(),
            Phase::Done(FinishReason::Length) => "cut at limit".to_owned(),
            Phase::Done(FinishReason::Interrupted) => "interrupted".to_owned(),
            Phase::Done(FinishReason::ContentFilter) => "cut by filter".to_owned(),
            Phase::Done(FinishReason::Refused) => "refused".to_owned(),
            Phase::Done(FinishReason::Other(reason)) => format!("ended: {reason}"),
        }
    }

    /// Why the answer ended, once it did.
    pub fn finish_reason(&self) -> Option<FinishReason> {
        match &self.phase {
            Phase::Done(reason) => Some(reason.clone()),
            Phase::Stopped => Some(FinishReason::Stopped),
            Phase::Failed(_) => Some(FinishReason::Interrupted),
            Phase::InTurn | Phase::Connecting { .. } | Phase::Loading { .. } | Phase::Streaming => {
                None
            }
        }
    }

    /// Seconds since anything came, once that is too long while the answer streams.
    pub fn stalled(&self, now: Now) -> Option<u64> {
        let silent = now.0.saturating_sub(self.heard.0);
        (self.phase == Phase::Streaming && silent >= STALLED).then_some(silent / 1000)
    }

    /// Tokens a second so far, four characters to a token.
    pub fn speed(&self, now: Now) -> Option<u64> {
        let since = self.first_text?.0;
        let spent = self.ended.unwrap_or(now).0.saturating_sub(since).max(1);
        let tokens = (self.text.len() - self.inherited) as u64 / 4;
        (spent > 300).then(|| tokens * 1000 / spent)
    }
}

/// Where a new variant belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    /// A group of its own, which is shown.
    Nothing,
    /// The group shown; it is shown itself.
    Shown,
    /// The group shown, behind the variant that is being read.
    Behind,
}

/// The variants, in groups of those that were asked for together, and which one is shown.
#[derive(Debug, Default)]
pub struct Output {
    /// All of them, groups in the order they were begun.
    pub variants: Vec<Variant>,
    /// The one shown.
    pub current: usize,
    /// Variants stand side by side where there is room.
    pub side_by_side: bool,
    groups: u64,
    sets: u64,
    /// Requests that wait until fewer are under way.
    turns: VecDeque<Effect>,
}

impl Output {
    /// The variant shown.
    pub fn shown(&self) -> Option<&Variant> {
        self.variants.get(self.current)
    }

    /// The variant shown, to change its place.
    pub fn shown_mut(&mut self) -> Option<&mut Variant> {
        self.variants.get_mut(self.current)
    }

    /// Shows the variant `by` places on, in whatever group that is, without going past the ends.
    pub fn step(&mut self, by: isize) {
        self.show(self.current.saturating_add_signed(by));
    }

    /// Shows the variant at `place`, if there is one.
    pub fn show(&mut self, place: usize) {
        if place < self.variants.len() {
            self.current = place;
        }
    }

    /// True while any run goes on.
    pub fn is_running(&self) -> bool {
        self.variants.iter().any(Variant::is_running)
    }

    /// Takes a fact about a run. A run that has ended, or that nobody knows, changes nothing.
    /// The failure to tell about, if the fact is one.
    pub fn on_run(&mut self, now: Now, run: RunId, fact: RunFact) -> Option<Failure> {
        let variant = self
            .variants
            .iter_mut()
            .find(|variant| variant.run == run && variant.is_running())?;
        match fact {
            RunFact::Event(event) => variant.on_event(now, event),
            RunFact::Retrying { why, attempt, wait } => {
                let at = Now(now.0.saturating_add(wait));
                let retry = Some(Retry { why, attempt, at });
                variant.phase = Phase::Connecting { retry };
            }
            RunFact::Loading { what } => variant.phase = Phase::Loading { what },
            // Told beside the text, as everything that the model did not write.
            RunFact::Noted(_) | RunFact::KeyElsewhere(_) => {}
            RunFact::Failed(failure) => {
                variant.usage = failure.usage.as_deref().copied();
                variant.end(now, Phase::Failed(failure.clone()));
                return Some(failure);
            }
        }
        None
    }

    /// Stops a run: nothing that arrives later counts.
    pub fn stop(&mut self, now: Now, run: RunId) {
        if let Some(variant) = self.variants.iter_mut().find(|variant| variant.run == run) {
            variant.stop(now);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::brief::Brief;
    use crate::domain::prompt::Request;
    use crate::domain::run::{Finish, StreamEvent};
    use uuid::Uuid;

    fn output() -> (Output, RunId) {
        let run = RunId(Uuid::from_u128(7));
        let origin = Origin {
            template: "t".into(),
            title: "T".into(),
            template_hash: String::new(),
            brief: Brief::default(),
            provider: "p".into(),
            server: None,
            request: Request {
                model: "m".into(),
                prompt: crate::domain::prompt::Prompt::default(),
            },
            target_words: None,
            edited_prompt: false,
        };
        let mut output = Output::default();
        output.add(
            Variant::new(run, origin, String::new(), Now(0)),
            Joins::Nothing,
        );
        (output, run)
    }

    fn delta(text: &str) -> RunFact {
        RunFact::Event(StreamEvent::Delta(text.into()))
    }

    #[test]
    fn after_a_stop_no_text_of_that_run_arrives() {
        let (mut output, run) = output();
        output.on_run(Now(1), run, delta("kept"));
        output.stop(Now(2), run);
        output.on_run(Now(3), run, delta(" late"));
        let variant = output.shown().unwrap();
        assert_eq!(
            (variant.text.as_str(), &variant.phase),
            ("kept", &Phase::Stopped)
        );
    }

    #[test]
    fn a_correction_leaves_what_an_earlier_run_wrote() {
        let (mut output, run) = output();
        output.variants[0].text = "one ".into();
        output.variants[0].inherited = 4;
        output.variants[0].seam = Some(Box::new(Seam::behind("one ".into())));
        output.on_run(Now(1), run, delta("tow three"));
        let corrected = StreamEvent::Corrected {
            keep: 1,
            text: "wo".into(),
        };
        output.on_run(Now(2), run, RunFact::Event(corrected));
        assert_eq!(output.shown().unwrap().text, "one two");
    }

    #[test]
    fn a_stranger_changes_nothing() {
        let (mut output, _) = output();
        output.on_run(Now(1), RunId(Uuid::from_u128(8)), delta("x"));
        assert_eq!(output.shown().unwrap().text, "");
    }

    #[test]
    fn nothing_follows_the_end() {
        let (mut output, run) = output();
        output.on_run(Now(1), run, delta("a"));
        let finish = Finish {
            reason: FinishReason::Length,
            usage: None,
        };
        output.on_run(Now(2), run, RunFact::Event(StreamEvent::Finished(finish)));
        output.on_run(Now(3), run, delta("b"));
        let variant = output.shown().unwrap();
        assert_eq!(
            (variant.text.as_str(), variant.state().as_str()),
            ("a", "cut at limit")
        );
    }

    #[test]
    fn a_failure_keeps_the_text_that_came() {
        let (mut output, run) = output();
        output.on_run(Now(1), run, delta("half"));
        let told = output.on_run(
            Now(2),
            run,
            RunFact::Failed(Failure::new(FailureKind::Partial, "broke")),
        );
        assert_eq!(told.unwrap().what, "broke");
        assert_eq!(output.shown().unwrap().text, "half");
        assert_eq!(output.shown().unwrap().state(), "interrupted");
    }
}
