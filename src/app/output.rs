//! The Output pane: variants as they stream, and what became of them.
//!
//! Text of a variant is exactly what the model wrote. How it ended stands beside it.

use super::msg::{Now, RunFact};
use crate::domain::brief::Brief;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::run::{FinishReason, RunId, StreamEvent, Usage};

/// Where a run stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phase {
    /// Sent; nothing has come back. The note tells about retries.
    Connecting {
        /// Empty, or what is being waited for.
        note: String,
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

/// What a run was made from; goes into the draft's front matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Template name.
    pub template: String,
    /// Its title.
    pub title: String,
    /// Hash of its source.
    pub template_hash: String,
    /// The values given.
    pub brief: Brief,
    /// Provider name.
    pub provider: String,
    /// Scheme, host and port of its server.
    pub server: Option<String>,
    /// What was sent.
    pub request: Request,
    /// Words aimed at.
    pub target_words: Option<usize>,
}

/// One text that a run produced.
#[derive(Debug, Clone)]
pub struct Variant {
    /// The run.
    pub run: RunId,
    /// What it was made from.
    pub origin: Origin,
    /// The model's text so far.
    pub text: String,
    /// Bytes of `text` that an earlier run wrote (`continue`).
    pub inherited: usize,
    /// Reasoning so far; never part of a draft.
    pub reasoning: String,
    /// The model's words when it declined.
    pub refusal: String,
    /// Where it stands.
    pub phase: Phase,
    /// Tokens, once the server told them.
    pub usage: Option<Usage>,
    /// The model id that the server reported.
    pub model: Option<String>,
    /// When it was sent.
    pub started: Now,
    /// When the first text came.
    pub first_text: Option<Now>,
    /// When it ended.
    pub ended: Option<Now>,
    /// First row shown, when not following.
    pub scroll: usize,
    /// The view stays at the end of the text.
    pub follow: bool,
    /// The text went into a draft.
    pub used: bool,
}

impl Variant {
    /// A variant that was just sent; `text` is what it continues from.
    pub const fn new(run: RunId, origin: Origin, text: String, now: Now) -> Self {
        Self {
            run,
            origin,
            inherited: text.len(),
            text,
            reasoning: String::new(),
            refusal: String::new(),
            phase: Phase::Connecting {
                note: String::new(),
            },
            usage: None,
            model: None,
            started: now,
            first_text: None,
            ended: None,
            scroll: 0,
            follow: true,
            used: false,
        }
    }

    /// True until the run has ended.
    pub const fn is_running(&self) -> bool {
        matches!(self.phase, Phase::Connecting { .. } | Phase::Streaming)
    }

    /// True when there is text that went nowhere.
    pub const fn is_unused(&self) -> bool {
        !self.used && self.text.len() > self.inherited
    }

    /// True when the text broke off before its end.
    pub const fn is_partial(&self) -> bool {
        match &self.phase {
            Phase::Done(reason) => {
                use FinishReason as R;
                matches!(
                    reason,
                    R::Length | R::ContentFilter | R::Stopped | R::Interrupted
                )
            }
            Phase::Failed(_) | Phase::Stopped => true,
            Phase::Connecting { .. } | Phase::Streaming => false,
        }
    }

    /// The state as a border says it; empty while all is well.
    pub fn state(&self) -> String {
        match &self.phase {
            Phase::Connecting { note } if note.is_empty() => "waiting".to_owned(),
            Phase::Connecting { note } => note.clone(),
            Phase::Streaming => String::new(),
            Phase::Stopped => "stopped".to_owned(),
            Phase::Failed(failure) if failure.kind == FailureKind::Partial => {
                "interrupted".to_owned()
            }
            Phase::Failed(_) => "failed".to_owned(),
            Phase::Done(FinishReason::Stop | FinishReason::Ended) => "done".to_owned(),
            Phase::Done(FinishReason::Length) => "cut at limit".to_owned(),
            Phase::Done(FinishReason::Stopped) => "stopped".to_owned(),
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
            Phase::Connecting { .. } | Phase::Streaming => None,
        }
    }

    /// Tokens a second so far, four characters to a token.
    pub fn speed(&self, now: Now) -> Option<u64> {
        let since = self.first_text?.0;
        let spent = self.ended.unwrap_or(now).0.saturating_sub(since).max(1);
        let tokens = (self.text.len() - self.inherited) as u64 / 4;
        (spent > 300).then(|| tokens * 1000 / spent)
    }

    fn on_event(&mut self, now: Now, event: StreamEvent) {
        match event {
            StreamEvent::Started { model } => {
                self.model = Some(model).filter(|model| !model.is_empty());
            }
            StreamEvent::Delta(text) => {
                self.first_text.get_or_insert(now);
                self.phase = Phase::Streaming;
                self.text.push_str(&text);
            }
            StreamEvent::Reasoning(text) => {
                self.phase = Phase::Streaming;
                self.reasoning.push_str(&text);
            }
            StreamEvent::Refusal(text) => self.refusal.push_str(&text),
            StreamEvent::Finished(finish) => {
                self.usage = finish.usage.or(self.usage);
                self.ended = Some(now);
                self.phase = Phase::Done(finish.reason);
            }
        }
    }
}

/// The variants, newest last, and which one is shown.
#[derive(Debug, Default)]
pub struct Output {
    /// All of them, in the order they were asked for.
    pub variants: Vec<Variant>,
    /// The one shown.
    pub current: usize,
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

    /// Adds a variant and shows it.
    pub fn add(&mut self, variant: Variant) {
        self.variants.push(variant);
        self.current = self.variants.len() - 1;
    }

    /// Shows the variant `by` places on, without going past the ends.
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
            RunFact::Retrying { note } => variant.phase = Phase::Connecting { note },
            RunFact::Failed(failure) => {
                variant.ended = Some(now);
                variant.phase = Phase::Failed(failure.clone());
                return Some(failure);
            }
        }
        None
    }

    /// Stops a run: nothing that arrives later counts.
    pub fn stop(&mut self, now: Now, run: RunId) {
        if let Some(variant) = self.variants.iter_mut().find(|variant| variant.run == run) {
            variant.ended = Some(now);
            variant.phase = Phase::Stopped;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::run::Finish;
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
        };
        let mut output = Output::default();
        output.add(Variant::new(run, origin, String::new(), Now(0)));
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
