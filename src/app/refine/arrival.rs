//! Answers for parts as they arrive: what they are worth, and how the person hears of them.
//!
//! An answer opens its review by itself only while the person waits for it in the Editor and types
//! nothing: letters that were meant for the text must not decide about it.

use super::{Job, Ready, Stage, put_off, stand};
use crate::app::editor::Tab;
use crate::app::effect::Effect;
use crate::app::msg::RunFact;
use crate::app::output::{Joins, Phase, Variant};
use crate::app::{App, Pane, Weight, sentence};
use crate::domain::document::Document;
use crate::domain::refine::{Changes, bare, continued};
use crate::domain::run::{FinishReason, RunId};
use crate::domain::template::Destination;
use std::ops::Range;

/// What an answer turned out to be.
pub(super) struct Worth {
    pub(super) ready: Ready,
    /// What is to be said about it at once.
    pub(super) told: Option<(Weight, String)>,
}

impl App {
    /// Whether a run rewrites a part.
    pub(in crate::app) fn is_refining(&self, run: RunId) -> bool {
        self.refines.answer(run).is_some()
    }

    /// Takes a fact about a run that rewrites a part.
    pub(in crate::app) fn on_refine_run(&mut self, run: RunId, fact: RunFact) -> Vec<Effect> {
        let running = self.refines.answer(run).is_some_and(Variant::is_running);
        if !running {
            return Vec::new();
        }
        if let RunFact::Noted(text) = fact {
            return self.tell(Weight::Note, text);
        }
        let counts = matches!(fact, RunFact::Retrying { .. });
        self.refines.answers.on_run(self.now, run, fact);
        let Some(answer) = self
            .refines
            .answer(run)
            .filter(|answer| !answer.is_running())
        else {
            return counts
                .then(|| self.keep_moving())
                .flatten()
                .into_iter()
                .collect();
        };
        let answer = answer.clone();
        let mut effects: Vec<Effect> = self.ask_for_month().into_iter().collect();
        effects.extend(self.on_answered(run, answer));
        effects
    }

    fn on_answered(&mut self, run: RunId, answer: Variant) -> Vec<Effect> {
        let editor = &self.editor;
        let Some(job) = self.refines.jobs.iter_mut().find(|job| job.run == run) else {
            return Vec::new();
        };
        let here = job.is_in(editor);
        if job.anchor.range().is_none() && here && !answer.text.trim().is_empty() {
            return self.offer_as_text(run, answer);
        }
        let Worth { ready, told } = worth(job, &answer, job.line_breaks());
        let (title, nothing) = (job.title.clone(), ready.nothing.is_some());
        let same = nothing && answer.is_unused();
        job.stage = Stage::Ready(ready);
        let waited = here
            && job.sent == stand(&editor.document)
            && shows(&editor.document, job.anchor.range())
            && editor.tab == Tab::Draft
            && editor.find.is_none()
            && self.focus == Pane::Editor
            && self.dialogs.is_empty()
            && self.refines.review.is_none();
        let mut effects = Vec::new();
        if same {
            // Its text is in the draft already, or is none.
            effects.push(put_off(run));
        }
        if waited {
            self.open_review(run, true);
            if let Some((weight, told)) = told {
                effects.extend(self.tell(weight, told));
            }
            return effects;
        }
        let name = match self.editor.name() {
            _ if here => String::new(),
            _ => ", in the draft it is for".to_owned(),
        };
        let (weight, told) = match told {
            Some((weight, told)) if nothing => (weight, format!("{told}; ctrl+k shows it{name}")),
            Some((weight, told)) => (weight, format!("{}; {told}", ready_line(&title, &name))),
            None => (Weight::Good, ready_line(&title, &name)),
        };
        effects.extend(self.tell(weight, told));
        effects
    }

    /// The part is gone: the answer is a text in the Output pane.
    pub(super) fn offer_as_text(&mut self, run: RunId, answer: Variant) -> Vec<Effect> {
        self.refines.drop_job(run);
        self.output.add(answer, Joins::Nothing);
        self.tell(
            Weight::Note,
            "the part that was rewritten is gone from the draft; its new text is in the Output pane",
        )
    }
}

impl Job {
    /// How lines end in the draft that the part is of.
    pub(super) fn line_breaks(&self) -> &'static str {
        let crlf = |text: &str| {
            let end = text.find('\n')?;
            Some(text[..end].ends_with('\r'))
        };
        let part = crlf(self.anchor.text());
        match part.or_else(|| crlf(&self.anchor.seen().text())) {
            Some(true) => "\r\n",
            _ => "\n",
        }
    }
}

fn ready_line(title: &str, place: &str) -> String {
    format!("{title}: ready; ctrl+k shows the changes{place}")
}

/// What an answer is worth for the part as it is now.
pub(super) fn worth(job: &Job, answer: &Variant, breaks: &str) -> Worth {
    let part = job.anchor.text();
    let (text, off) = bare(&answer.text, part, breaks);
    let launch = job.launch().ok();
    let target = match launch.map(|launch| launch.template.output.destination) {
        Some(Destination::Behind) => continued(part, &text, breaks),
        Some(Destination::Instead) | None => text.clone(),
    };
    let nothing = |flaw: &'static str, why: String, weight: Weight| Worth {
        ready: Ready {
            target: part.to_owned(),
            changes: Changes::between("", ""),
            flaw: Some(flaw),
            nothing: Some(why.clone()),
        },
        told: Some((weight, why)),
    };
    if text.is_empty() {
        return match &answer.phase {
            Phase::Failed(failure) => nothing("failed", failure.to_string(), Weight::Bad),
            _ if !answer.refusal.is_empty() => {
                let why = format!("the model declined: {}", answer.refusal.trim());
                nothing("declined", why, Weight::Bad)
            }
            Phase::Done(FinishReason::Length) => nothing(
                "no text",
                "the limit was reached before any text came".to_owned(),
                Weight::Bad,
            ),
            _ => nothing("no text", "no text came back".to_owned(), Weight::Note),
        };
    }
    if target == part {
        let why = "the same text came back: nothing to change";
        return nothing("no change", why.to_owned(), Weight::Note);
    }
    let (flaw, why) = flaw(answer);
    let off = off.map(|off| format!("took {} from around the answer", off.name()));
    let told = [why, off].into_iter().flatten().collect::<Vec<_>>();
    let weight = if flaw.is_some() {
        Weight::Bad
    } else {
        Weight::Note
    };
    Worth {
        ready: Ready {
            changes: Changes::between(part, &target),
            target,
            flaw,
            nothing: None,
        },
        told: (!told.is_empty()).then(|| (weight, told.join("; "))),
    }
}

/// Whether some of a part is on screen.
fn shows(document: &Document, part: Option<Range<usize>>) -> bool {
    let (first, last) = (document.rows().first(), document.rows().last());
    let shown = first.zip(last).map(|(first, last)| first.start..=last.end);
    part.zip(shown)
        .is_some_and(|(part, shown)| part.start <= *shown.end() && part.end >= *shown.start())
}

/// What is wrong with an answer that has text: in a few words, and as a sentence.
fn flaw(answer: &Variant) -> (Option<&'static str>, Option<String>) {
    let (flaw, why) = match &answer.phase {
        Phase::Done(FinishReason::Length) => (
            "cut at limit",
            "the answer was cut at the limit: its end is missing".to_owned(),
        ),
        Phase::Done(FinishReason::ContentFilter) => (
            "cut by filter",
            "the answer was cut by a filter: its end is missing".to_owned(),
        ),
        Phase::Done(FinishReason::Interrupted | FinishReason::Stopped) => (
            "broke off",
            "the answer broke off: its end is missing".to_owned(),
        ),
        Phase::Failed(failure) => {
            let why = sentence(&failure.what);
            ("broke off", format!("the answer broke off. {why}"))
        }
        _ => return (None, None),
    };
    (Some(flaw), Some(why))
}
