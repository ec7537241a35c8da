//! What is written once and never again: versions, forms, briefs that were sent, and uses.
//!
//! Owns what the journal could not take, and writes it in its order as soon as it can. Never holds
//! texts of the Editor or of runs: those are written anew as they are then.

use super::Writer;
use crate::app::effect::Keep;
use crate::app::msg::Msg;
use crate::domain::brief::Brief;
use crate::domain::failure::{Failure, FailureKind};
use crate::store::journal::{Checkpoint, Form, Journal, JournalError, SessionId};
use crate::store::stars::Star;
use crate::tui::journal::text::Text;
use jiff::Timestamp;
use std::collections::VecDeque;
use std::time::Instant;

/// How much waits at most; beyond that the oldest goes, which is said.
const WAITING: usize = 1_000;

/// What the journal has not got.
#[derive(Default)]
pub(super) struct Late {
    waiting: VecDeque<(Timestamp, Keep)>,
    /// That it waits was told.
    told: bool,
    /// That some of it is lost was told.
    overflowed: bool,
}

impl Late {
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

impl Writer {
    /// Writes this behind what waits.
    pub(super) fn note(&mut self, keep: Keep) {
        if let Keep::Form { template: new, .. } = &keep {
            let overtaken =
                |old: &Keep| matches!(old, Keep::Form { template, .. } if template == new);
            self.late.waiting.retain(|(_, old)| !overtaken(old));
        }
        if let Keep::Part(new) = &keep {
            let overtaken = |old: &Keep| matches!(old, Keep::Part(old) if old.run == new.run);
            self.late.waiting.retain(|(_, old)| !overtaken(old));
        }
        if self.late.waiting.len() >= WAITING {
            self.late.waiting.pop_front();
            if !std::mem::replace(&mut self.late.overflowed, true) {
                self.tell(Msg::Failed(overflow()));
            }
        }
        self.late.waiting.push_back((Timestamp::now(), keep));
        self.write_late();
    }

    /// Writes what waits, up to the first that does not go in.
    pub(super) fn write_late(&mut self) {
        let own = self.id;
        while let Some((at, keep)) = self.late.waiting.pop_front() {
            // An answer counts as used once the text that it went into is written.
            let early = matches!(keep, Keep::Used(_)) && self.texts.values().any(Text::is_behind);
            let done = if early {
                None
            } else {
                Some(self.attempt(|journal| write(journal, (own, at), &keep)))
            };
            match done {
                Some(Ok(())) => {
                    self.late.told = false;
                    self.unsynced.get_or_insert_with(Instant::now);
                    continue;
                }
                Some(Err(failure)) if !std::mem::replace(&mut self.late.told, true) => {
                    self.complain(&failure);
                }
                Some(Err(_)) | None => {}
            }
            self.late.waiting.push_front((at, keep));
            break;
        }
        self.late.overflowed &= !self.late.is_empty();
        self.speak_of_state();
    }
}

fn overflow() -> Failure {
    let what = format!(
        "more than {WAITING} versions and forms wait for the journal; for each new one the oldest is lost"
    );
    Failure::new(FailureKind::Other, what).advice(
        "make room on its disk (`copydesk doctor` says where it lies), and save what must not go",
    )
}

fn write(
    journal: &mut Journal,
    (own, at): (SessionId, Timestamp),
    keep: &Keep,
) -> Result<(), JournalError> {
    match keep {
        Keep::Version {
            draft,
            path,
            cause,
            text,
        } => {
            let text = text.text();
            let checkpoint = Checkpoint {
                key: draft,
                path: path.as_deref(),
                at,
                cause: *cause,
                text: &text,
            };
            journal.add_version(&checkpoint).map(drop)
        }
        Keep::Moved { from, to } => journal.move_versions(from, to),
        Keep::Used(run) => journal.use_run(*run, at),
        Keep::Part(part) => journal.put_part(part, own, at),
        Keep::PartDone(run) => journal.drop_part(*run),
        Keep::Star(run, star) => journal.star_run(*run, (*star == Star::On).then_some(at)),
        Keep::Form {
            template,
            brief,
            prompt,
        } => journal.put_form(template, &form(brief, prompt.as_ref()), at),
        Keep::Brief { template, brief } => journal.remember(template, brief, at),
        Keep::Forget {
            template,
            input,
            value,
        } => journal.forget_value(template, input, value),
        Keep::Sent {
            template,
            brief,
            prompt,
        } => journal.drop_form(template, &form(brief, prompt.as_ref())),
        Keep::Unsaved(_) | Keep::Settled(_) | Keep::ForLater(_) => Ok(()),
    }
}

fn form(brief: &Brief, prompt: Option<&String>) -> Form {
    Form {
        brief: brief.clone(),
        prompt: prompt.cloned(),
    }
}
