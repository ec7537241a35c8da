//! Parts that wait, beyond the end of the studio: what the journal is told of them, and how they
//! come back with their draft.
//!
//! A part that comes back stands where it was, with what is left to decide. Never reads the
//! journal itself.

use super::arrival::{Worth, worth};
use super::{Anchor, Changes, Job, Launch, Part, Stage, stand};
use crate::app::editor::OpenDocument;
use crate::app::effect::{Effect, Keep, Wanted};
use crate::app::output::{Joins, Variant};
use crate::app::{App, Weight};
use crate::domain::refine::Place;
use crate::domain::run::RunId;
use crate::domain::template::Template;
use crate::store::journal::{Run, WaitingPart};
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

/// What the journal is asked about parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Errand {
    /// Those that wait in a draft.
    Find {
        /// The document; comes back with the answer.
        draft: Uuid,
        /// What it goes by, or went by, in the journal.
        names: Vec<String>,
    },
}

/// What the journal tells of parts.
#[derive(Debug, Clone)]
pub enum Fact {
    /// Those that wait in a draft, oldest first.
    Found {
        /// The document.
        draft: Uuid,
        /// The parts.
        parts: Vec<Found>,
    },
    /// An answer that a person wants back is for a part of the draft in this file.
    Lies(RunId, PathBuf),
}

/// A part that waits, with its answer.
#[derive(Debug, Clone)]
pub struct Found {
    /// The part.
    pub part: WaitingPart,
    /// The run that rewrites it.
    pub run: Run,
    /// Something of it was accepted.
    pub used: bool,
    /// Its template, if it is still there.
    pub template: Option<Arc<Template>>,
}

impl Job {
    /// What the journal has to hear about it since it was told last.
    fn news(&mut self, open: &OpenDocument) -> Option<Keep> {
        if self.is_merge() {
            return None;
        }
        if self.ready().is_some_and(|ready| ready.nothing.is_some()) {
            return self.kept.take().map(|_| Keep::PartDone(self.run));
        }
        // One that is gone may come back to where it was told to be.
        let range = self.anchor.range()?;
        let path = open.file.as_ref().map(|file| &file.path);
        let target = self.ready().map(|ready| &ready.target);
        let whole = self.anchor.seen().len();
        let told = |kept: &WaitingPart| {
            (kept.place.start, kept.place.whole) == (range.start, whole)
                && (kept.path.as_ref(), kept.target.as_ref()) == (path, target)
                && kept.place.text == self.anchor.text()
        };
        if self.kept.as_deref().is_some_and(told) {
            return None;
        }
        let part = WaitingPart {
            run: self.run,
            draft: open.draft_key(),
            document: open.id,
            path: path.cloned(),
            title: self.title.clone(),
            place: Place {
                start: range.start,
                text: self.anchor.text().to_owned(),
                whole,
            },
            target: target.cloned(),
        };
        self.kept = Some(Box::new(part.clone()));
        Some(Keep::Part(Box::new(part)))
    }
}

impl App {
    /// What the journal has to hear about parts that wait.
    pub(in crate::app) fn refine_news(&mut self) -> Vec<Effect> {
        let done = self.refines.done.drain(..);
        let mut effects: Vec<_> = done.map(|run| Effect::Keep(Keep::PartDone(run))).collect();
        for job in &mut self.refines.jobs {
            if let Some(open) = self.editor.get(job.draft) {
                effects.extend(job.news(open).map(Effect::Keep));
            }
        }
        effects
    }

    /// Asks for the parts that wait in the document shown.
    pub(in crate::app) fn find_parts(&self) -> Option<Effect> {
        let asks = self.is_journaling() && !self.editor.is_blank();
        asks.then(|| {
            Effect::Refine(Errand::Find {
                draft: self.editor.id,
                names: self.names_in_journal(),
            })
        })
    }

    /// Takes what the journal tells.
    pub(in crate::app) fn on_refine_fact(&mut self, fact: Fact) -> Vec<Effect> {
        match fact {
            Fact::Found { draft, parts } => self.on_parts(draft, parts),
            Fact::Lies(run, path) => {
                self.refines.wanted = Some(run);
                if let Some(open) = self.editor.at(&path).map(|open| open.id) {
                    let shown = self.show_open(open);
                    return shown.into_iter().chain(self.find_parts()).collect();
                }
                vec![self.ask_for(Wanted::Named(path))]
            }
        }
    }

    fn on_parts(&mut self, draft: Uuid, parts: Vec<Found>) -> Vec<Effect> {
        let mut effects = Vec::new();
        let mut count = 0;
        for found in parts {
            let run = found.part.run;
            let wanted = self.refines.wanted.take_if(|wanted| *wanted == run);
            if self.refines.job(run).is_some() {
                continue;
            }
            match self.bring_back(draft, found) {
                Ok(true) => count += 1,
                Ok(false) => self.refines.done.push(run),
                Err(answer) if wanted.is_some() => {
                    effects.extend(self.offer_as_text(run, *answer));
                }
                Err(_) => {}
            }
        }
        let told = match count {
            0 => return effects,
            1 => "a rewritten part waits here; ctrl+k shows its changes".to_owned(),
            _ => format!("{count} rewritten parts wait here; ctrl+k shows their changes"),
        };
        effects.extend(self.tell(Weight::Good, told));
        effects
    }

    /// Puts a part back in its place; whether anything of it is left to decide. Its answer, when
    /// the part is not in the text.
    fn bring_back(&mut self, draft: Uuid, found: Found) -> Result<bool, Box<Variant>> {
        let Found {
            part,
            run,
            used,
            template,
        } = found;
        let given = run.record.brief.clone();
        let mut answer = self.variant_of(run, Vec::new());
        answer.origin.title.clone_from(&part.title);
        answer.used = used;
        let open = self.editor.get(draft);
        let Some(open) = open.filter(|open| open.read_only().is_none()) else {
            return Err(Box::new(answer));
        };
        let snapshot = open.document.snapshot();
        let Some(range) = part.place.find(&snapshot.text()) else {
            return Err(Box::new(answer));
        };
        let (key, revision) = (open.draft_key(), open.document.revision());
        let sent = stand(&open.document);
        let anchor = Anchor::new(range, snapshot);
        let launch = template.map(|template| Launch {
            draft,
            title: part.title.clone(),
            template,
            given,
            anchor: anchor.clone(),
            replaces: None,
        });
        let mut job = Job {
            run: part.run,
            title: part.title.clone(),
            anchor,
            stage: Stage::Running,
            draft,
            key,
            seen: (draft, revision),
            sent,
            of: launch.map_or(Part::OfLostVerb, |launch| Part::Asked(Box::new(launch))),
            step: None,
            taken: used,
            kept: Some(Box::new(part.clone())),
        };
        let Worth { mut ready, .. } = worth(&job, &answer, job.line_breaks());
        if let Some(target) = part.target {
            ready.changes = Changes::between(job.anchor.text(), &target);
            (ready.target, ready.nothing) = (target, None);
        }
        if ready.nothing.is_some() || ready.changes.is_empty() {
            return Ok(false);
        }
        job.stage = Stage::Ready(ready);
        self.refines.answers.add(answer, Joins::Nothing);
        self.refines.jobs.push(job);
        Ok(true)
    }
}
