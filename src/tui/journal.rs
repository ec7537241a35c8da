//! The one writer of the journal, on a thread of its own.
//!
//! Takes errands in order, gathers what comes in within a blink and writes it in one go; a request
//! that is about to leave does not wait for that. A journal that cannot be used is said once, and
//! everything else goes on without it. Never touches a draft's file.

mod asked;
mod ended;
mod left;
mod lookup;
mod over;
mod parts;
mod text;
mod writer;

use crate::app::effect::{Keep, VersionPurpose};
use crate::app::msg::{Msg, Past};
use crate::app::refine;
use crate::app::switcher::runs::Look;
use crate::domain::run::RunId;
use crate::provider::remedy::Remedy;
use crate::store::Paths;
use crate::store::inbox::{self, Inbox, Post, Taken, inbox};
use crate::store::journal::{Outcome, RunRecord, SessionId, Try, VersionId};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use writer::Writer;

/// How long work is gathered before it is written. With the time a write takes, what was typed is
/// on disk well within the 250 ms that are promised.
const GATHER: Duration = Duration::from_millis(100);

/// How long what was typed and streamed may wait to survive a power cut. The end of the process it
/// survives as soon as it is written.
const SYNC: Duration = Duration::from_secs(2);

/// Something for the writer to do.
pub(super) enum Errand {
    /// Open the journal and tell what was left in it.
    Open,
    /// Remember this.
    Keep(Keep),
    /// Write a run down before its request leaves; says when that is done, or could not be, with
    /// what is known of what the model at that server refuses.
    Begin(Box<RunRecord>, Sender<Vec<Remedy>>),
    /// Answer what a model at a server is known to refuse.
    Lessons(String, Sender<Vec<Remedy>>),
    /// Remember what a model at a server refuses.
    Learn(String, Remedy),
    /// Text of a run.
    Text(RunId, String),
    /// What stands in place of all text of a run behind its first so many bytes.
    Corrected(RunId, usize, String),
    /// What the model of a run thinks.
    Reasoned(RunId, String),
    /// A try of a run took tokens and is repeated.
    Tried(RunId, Try),
    /// The end of a run.
    End(RunId, Box<Outcome>),
    /// Tell all text that can be brought back.
    Left,
    /// Bring back unsaved text, or an answer.
    Restore(Uuid),
    /// Answer what was given to these inputs of a template before.
    Past(String, Vec<String>, Sender<Past>),
    /// Tell the conversations about a draft that goes by any of these names.
    Asked(Uuid, Vec<String>),
    /// Look up runs.
    Look(Look),
    /// Look up parts of a draft that wait.
    Parts(refine::Errand),
    /// Tell the versions of a draft.
    Versions(String),
    /// Tell a version.
    Version(VersionId, VersionPurpose),
    /// Tell what this month has cost.
    Spent,
    /// Add up what runs of this month used.
    Usage,
    /// Answer whether every version that was handed over is written.
    AreVersionsKept(Sender<bool>),
    /// End, and leave the session's unsaved text for the next start.
    Flush(oneshot::Sender<()>),
    /// Forget the session's unsaved text, which the person has decided about, and end.
    Close(oneshot::Sender<()>),
}

impl inbox::Errand for Errand {
    fn is_urgent(&self) -> bool {
        // A use that comes late offers what is in a file already.
        matches!(self, Self::Keep(Keep::Used(_)))
            || !matches!(self, Self::Keep(_) | Self::Text(..) | Self::Corrected(..))
    }

    /// What it overtakes or continues needs no writing of its own.
    fn gather(self, waiting: &mut Vec<Self>) {
        match &self {
            Self::Keep(Keep::Unsaved(new)) => {
                forget_unsaved(waiting, new.id);
                // An answer counts as used once the text that it went into is written.
                let is_use = |errand: &mut Self| matches!(errand, Self::Keep(Keep::Used(_)));
                let used: Vec<_> = waiting.extract_if(.., is_use).collect();
                waiting.push(self);
                return waiting.extend(used);
            }
            Self::Keep(Keep::Form { template, .. }) => forget_form(waiting, template),
            Self::Keep(Keep::Part(part)) => forget_part(waiting, part.run),
            Self::Keep(Keep::Settled(id)) => forget_unsaved(waiting, *id),
            Self::Text(run, more) => {
                let same = waiting.iter_mut().rev().find_map(|errand| match errand {
                    Self::Text(other, text) | Self::Corrected(other, _, text) if other == run => {
                        Some(text)
                    }
                    _ => None,
                });
                if let Some(text) = same {
                    text.push_str(more);
                    return;
                }
            }
            _ => {}
        }
        waiting.push(self);
    }
}

fn forget_unsaved(waiting: &mut Vec<Errand>, id: Uuid) {
    waiting.retain(|errand| !matches!(errand, Errand::Keep(Keep::Unsaved(old)) if old.id == id));
}

fn forget_part(waiting: &mut Vec<Errand>, of: RunId) {
    waiting.retain(|errand| !matches!(errand, Errand::Keep(Keep::Part(old)) if old.run == of));
}

fn forget_form(waiting: &mut Vec<Errand>, of: &str) {
    waiting.retain(
        |errand| !matches!(errand, Errand::Keep(Keep::Form { template, .. }) if template == of),
    );
}

/// The way to the writer.
pub(super) struct Keeper {
    errands: Post<Errand>,
}

impl Keeper {
    /// Starts the writer. It opens nothing before it is asked to.
    pub(super) fn start(paths: Arc<Paths>, messages: mpsc::Sender<Msg>) -> Self {
        let (errands, inbox) = inbox();
        let writer = Writer::new(paths, SessionId(Uuid::now_v7()), messages);
        let thread = std::thread::Builder::new().name("journal".to_owned());
        // Without the thread the inbox is gone, and every errand is answered as by a broken journal.
        let _started = thread.spawn(move || work(writer, &inbox));
        Self { errands }
    }

    /// Hands an errand over. A writer that is gone has said so.
    pub(super) fn ask(&self, errand: Errand) {
        self.errands.send(errand);
    }

    /// The same from a task.
    pub(super) fn handle(&self) -> Post<Errand> {
        self.errands.clone()
    }

    /// Asks whether every version that was handed over so far is written.
    pub(super) fn versions_kept(&self) -> Receiver<bool> {
        let (answer, kept) = std::sync::mpsc::channel();
        self.ask(Errand::AreVersionsKept(answer));
        kept
    }
}

fn work(mut writer: Writer, inbox: &Inbox<Errand>) {
    loop {
        let batch = match inbox.take(GATHER, writer.patience(SYNC)) {
            Taken::Errands(batch) => batch,
            Taken::Quiet => {
                writer.rest();
                continue;
            }
            Taken::Over => return,
        };
        for errand in batch {
            let done = match errand {
                Errand::Close(done) => {
                    writer.close();
                    done
                }
                Errand::Flush(done) => {
                    writer.catch_up();
                    done
                }
                errand => {
                    writer.run(errand);
                    continue;
                }
            };
            // The session is over before anybody hears of it.
            drop(writer);
            let _gone = done.send(());
            return;
        }
        if writer.is_overdue(SYNC) {
            writer.settle();
        }
    }
}
