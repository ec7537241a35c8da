//! The one writer of the journal, on a thread of its own.
//!
//! Takes jobs in order, gathers what comes in within a blink and writes it in one go; a request
//! that is about to leave does not wait for that. A journal that cannot be used is said once, and
//! everything else goes on without it. Never touches a draft's file.

mod left;
mod writer;

use crate::app::effect::{Keep, VersionPurpose};
use crate::app::msg::{Msg, Purpose};
use crate::domain::run::RunId;
use crate::domain::template::Template;
use crate::store::Paths;
use crate::store::journal::{Outcome, RunRecord, SessionId, VersionId};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;
use writer::Writer;

/// How long work is gathered before it is written. With the time a write takes, what was typed is
/// on disk well within the 250 ms that are promised.
const GATHER: Duration = Duration::from_millis(60);

/// Something for the writer to do.
pub(super) enum Job {
    /// Open the journal and tell what was left in it.
    Open,
    /// Remember this.
    Keep(Keep),
    /// Write a run down before its request leaves; says when that is done, or could not be.
    Begin(Box<RunRecord>, oneshot::Sender<()>),
    /// Text of a run.
    Text(RunId, String),
    /// The end of a run.
    End(RunId, Box<Outcome>),
    /// Tell all text that can be brought back.
    Left,
    /// Bring back unsaved text, or an answer.
    Restore(Uuid),
    /// Tell a template together with what was given to it before.
    Template {
        name: String,
        result: Result<Arc<Template>, String>,
        purpose: Purpose,
    },
    /// Tell the versions of a draft.
    Versions(String),
    /// Tell a version.
    Version(VersionId, VersionPurpose),
    /// End, and leave the session's unsaved text for the next start.
    Flush(oneshot::Sender<()>),
    /// Forget the session's unsaved text, which the person has decided about, and end.
    Close(oneshot::Sender<()>),
}

impl Job {
    /// True when somebody waits for it.
    const fn is_urgent(&self) -> bool {
        !matches!(self, Self::Keep(_) | Self::Text(..))
    }
}

/// The way to the writer.
pub(super) struct Keeper {
    jobs: Sender<Job>,
}

impl Keeper {
    /// Starts the writer. It opens nothing before it is asked to.
    pub(super) fn start(paths: Arc<Paths>, messages: mpsc::Sender<Msg>) -> Self {
        let (jobs, queue) = channel();
        let writer = Writer::new(paths, SessionId(Uuid::now_v7()), messages);
        let thread = std::thread::Builder::new().name("journal".to_owned());
        // Without the thread the queue is gone, and every job is answered as by a broken journal.
        let _started = thread.spawn(move || work(writer, &queue));
        Self { jobs }
    }

    /// Hands a job over. A writer that is gone has said so.
    pub(super) fn ask(&self, job: Job) {
        let _gone = self.jobs.send(job);
    }

    /// The same from a task.
    pub(super) fn handle(&self) -> Sender<Job> {
        self.jobs.clone()
    }
}

fn work(mut writer: Writer, queue: &Receiver<Job>) {
    while let Ok(first) = queue.recv() {
        let mut batch = vec![first];
        let until = Instant::now() + GATHER;
        while batch.last().is_none_or(|job| !job.is_urgent()) {
            match queue.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(job) => gather(&mut batch, job),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => break,
            }
        }
        for job in batch {
            let done = match job {
                Job::Close(done) => {
                    writer.close();
                    done
                }
                Job::Flush(done) => done,
                job => {
                    writer.run(job);
                    continue;
                }
            };
            // The session is over before anybody hears of it.
            drop(writer);
            let _gone = done.send(());
            return;
        }
    }
}

/// Adds a job to those that wait; what it overtakes or continues needs no writing of its own.
fn gather(batch: &mut Vec<Job>, job: Job) {
    match &job {
        Job::Keep(Keep::Unsaved(new)) => {
            let id = new.id;
            batch.retain(|job| !matches!(job, Job::Keep(Keep::Unsaved(old)) if old.id == id));
        }
        Job::Keep(Keep::Settled(id)) => {
            batch.retain(|job| !matches!(job, Job::Keep(Keep::Unsaved(old)) if old.id == *id));
        }
        Job::Text(run, more) => {
            let same = batch.iter_mut().rev().find_map(|job| match job {
                Job::Text(other, text) if other == run => Some(text),
                _ => None,
            });
            if let Some(text) = same {
                text.push_str(more);
                return;
            }
        }
        _ => {}
    }
    batch.push(job);
}
