//! Receiving an answer for `run`: the conversation in a task, the text on stdout as it arrives.
//!
//! Owns what came so far. Whoever wants the text kept gets all of it, whatever becomes of stdout.

use super::outlet::{Outlet, Reader};
use super::record::{Begun, Record};
use crate::config::{Provider, variable};
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::run::{FinishReason, StreamEvent, Usage};
use crate::domain::text::TextStream;
use crate::provider::client::Client;
use crate::provider::practice::{self, Pace};
use crate::provider::retry::Retry;
use crate::store::journal::Ending;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// What to ask, whom, and what to show of it.
pub(super) struct Order<'o> {
    pub(super) provider: &'o Provider,
    pub(super) request: &'o Request,
    pub(super) show: Show,
    /// When the request may leave.
    pub(super) begun: Begun,
}

/// What stdout gets of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Show {
    /// Nothing yet.
    Nothing,
    /// All of it; without stdout there is nothing left to do.
    OrEnd,
    /// All of it as long as stdout takes it; the rest is received all the same.
    WhilePossible,
}

/// What came back.
#[derive(Default)]
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) refusal: String,
    pub(super) model: Option<String>,
    pub(super) finish: Option<FinishReason>,
    pub(super) usage: Option<Usage>,
    /// What ended it early.
    pub(super) failure: Option<Failure>,
    /// Why stdout got less than there is.
    pub(super) unshown: Option<Failure>,
    /// Nobody reads stdout any more, and nothing else was to be done.
    pub(super) deserted: bool,
}

/// Why the text is not wanted any more.
enum Stop {
    /// Its reader has gone.
    Deserted,
    /// stdout does not take it.
    Broken(Failure),
}

/// stdout while text arrives.
struct Screen<'o> {
    outlet: &'o Outlet,
    clean: TextStream,
    show: Show,
    broken: Option<Failure>,
}

impl<'o> Screen<'o> {
    fn new(outlet: &'o Outlet, show: Show) -> Self {
        Self {
            outlet,
            clean: outlet.stream(),
            show,
            broken: None,
        }
    }

    fn show(&mut self, text: &str) -> Result<(), Stop> {
        let clean = self.clean.push(text);
        self.put(clean.as_bytes())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Stop> {
        if self.show == Show::Nothing {
            return Ok(());
        }
        let stop = match self.outlet.offer(bytes) {
            Ok(Reader::There) => return Ok(()),
            Ok(Reader::Gone) => Stop::Deserted,
            Err(failure) => Stop::Broken(failure),
        };
        if std::mem::replace(&mut self.show, Show::Nothing) == Show::OrEnd {
            return Err(stop);
        }
        if let Stop::Broken(failure) = stop {
            self.broken = Some(failure);
        }
        Ok(())
    }

    /// Shows what was held back.
    fn finish(&mut self, text: &str) -> Result<(), Stop> {
        let rest = self.clean.finish();
        self.put(rest.as_bytes())?;
        if self.outlet.is_terminal() && !text.is_empty() && !text.ends_with('\n') {
            self.put(b"\n")?;
        }
        Ok(())
    }
}

/// What the task that talks to the server says.
enum Word {
    Event(StreamEvent),
    Retry(String),
    Failed(Failure),
}

/// Streams the answer; stops at Ctrl-C with what came so far. All of it goes into the record.
pub(super) async fn receive(
    order: Order<'_>,
    outlet: &Outlet,
    record: &Record,
) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let mut screen = Screen::new(outlet, order.show);
    let mut tasks = JoinSet::new();
    let endpoint = reachable(order.provider, &mut tasks)?;
    let (sender, mut words) = mpsc::channel(64);
    let request = order.request.clone();
    tasks.spawn(async move {
        // What goes in is on disk before it goes out. A journal that failed has said so.
        let _written = order.begun.await;
        converse(endpoint, request, sender).await;
    });
    // One listener for the whole answer: a signal between two of them would be lost.
    let mut interrupted = std::pin::pin!(tokio::signal::ctrl_c());
    loop {
        let word = tokio::select! {
            word = words.recv() => word,
            _ = &mut interrupted => {
                Some(Word::Failed(Failure::new(FailureKind::Interrupted, "interrupted")))
            }
        };
        match word {
            Some(Word::Event(StreamEvent::Delta(text))) => {
                record.text(&text);
                answer.text.push_str(&text);
                if let Err(stop) = screen.show(&text) {
                    answer.stop(stop);
                    break;
                }
            }
            Some(Word::Event(event)) => answer.take(event),
            Some(Word::Retry(note)) => Outlet::complain(&note),
            Some(Word::Failed(failure)) => {
                answer.failure = Some(failure);
                break;
            }
            None => break,
        }
    }
    if let Err(stop) = screen.finish(&answer.text) {
        answer.stop(stop);
    }
    answer.unshown = screen.broken;
    Ok(answer)
}

/// Talks to the server in a task of its own: a future that the runtime blocks on is polled with a
/// system call around every frame, which costs more than the frame.
async fn converse(endpoint: Endpoint, request: Request, sender: mpsc::Sender<Word>) {
    let retries = sender.clone();
    let mut told = String::new();
    let tell = |retry: &Retry| {
        let next = format!("try {} in {:.1} s", retry.attempt, retry.wait.as_secs_f64());
        // The same sentence twice says nothing new.
        let note = if told == retry.why {
            format!("copydesk: {next}")
        } else {
            retry.why.clone_into(&mut told);
            format!("copydesk: {told}; {next}")
        };
        // A full channel means that nobody waits for a note.
        let _full = retries.try_send(Word::Retry(note));
    };
    let client = Client::new();
    let mut events = match client.start_with(&endpoint, &request, tell).await {
        Ok(events) => events,
        Err(failure) => {
            let _gone = sender.send(Word::Failed(failure)).await;
            return;
        }
    };
    while let Some(event) = events.next().await {
        let word = event.map_or_else(Word::Failed, Word::Event);
        if sender.send(word).await.is_err() {
            return;
        }
    }
}

/// Where to send; the practice engine is started for it.
fn reachable(provider: &Provider, tasks: &mut JoinSet<()>) -> Result<Endpoint, Failure> {
    let mut endpoint = provider.endpoint(&variable)?;
    if provider.is_practice() {
        let failed = |error: std::io::Error| {
            Failure::new(FailureKind::Network, "the practice engine could not listen")
                .why(error.to_string())
        };
        let listener = practice::listen(0).map_err(failed)?;
        endpoint.base_url = format!("http://{}/v1", listener.local_addr().map_err(failed)?);
        tasks.spawn(async move {
            // It serves until the answer is there; a failure shows as the client's.
            let _ended = practice::serve(listener, Pace::Full).await;
        });
    }
    Ok(endpoint)
}

impl Answer {
    /// How it ended, for the journal.
    pub(super) fn ending(&self) -> Ending {
        match (&self.finish, &self.failure) {
            (Some(reason), _) => Ending::Finished(reason.clone()),
            (None, _) if self.deserted => Ending::Stopped,
            (None, Some(failure)) if failure.kind == FailureKind::Interrupted => Ending::Stopped,
            (None, Some(failure)) => Ending::Failed(failure.to_string()),
            (None, None) => Ending::Finished(FinishReason::Interrupted),
        }
    }

    /// Nothing came, and why.
    pub(super) fn failed(failure: Failure) -> Self {
        Self {
            failure: Some(failure),
            ..Self::default()
        }
    }

    fn stop(&mut self, stop: Stop) {
        match stop {
            Stop::Deserted => self.deserted = true,
            Stop::Broken(failure) => self.failure = Some(failure),
        }
    }

    /// Why it ended.
    pub(super) fn reason(&self) -> FinishReason {
        let broken = match &self.failure {
            Some(failure) if failure.kind == FailureKind::Interrupted => FinishReason::Stopped,
            _ => FinishReason::Interrupted,
        };
        self.finish.clone().unwrap_or(broken)
    }

    fn take(&mut self, event: StreamEvent) {
        match event {
            StreamEvent::Delta(text) => self.text.push_str(&text),
            StreamEvent::Refusal(text) => self.refusal.push_str(&text),
            StreamEvent::Started { model } => {
                self.model = Some(model).filter(|model| !model.is_empty());
            }
            StreamEvent::Finished(finish) => {
                self.usage = finish.usage;
                self.finish = Some(finish.reason);
            }
            StreamEvent::Reasoning(_) => {}
        }
    }
}
