//! Receiving an answer for `run`: the conversation in a task, the text on stdout as it arrives.
//!
//! Owns what came so far. Whoever wants the text kept gets all of it, whatever becomes of stdout.

use super::outlet::{Outlet, Reader};
use crate::config::{Provider, variable};
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::run::{FinishReason, StreamEvent, Usage};
use crate::domain::text::TextStream;
use crate::provider::client::Client;
use crate::provider::practice::{self, Pace};
use crate::provider::retry::Retry;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// What to ask, whom, and what to show of it.
pub(super) struct Order<'o> {
    pub(super) provider: &'o Provider,
    pub(super) request: &'o Request,
    pub(super) show: Show,
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

    fn show(&mut self, text: &str) -> Result<(), Failure> {
        let clean = self.clean.push(text);
        self.put(clean.as_bytes())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Failure> {
        match self.show {
            Show::Nothing => return Ok(()),
            Show::OrEnd => return self.outlet.bytes(bytes),
            Show::WhilePossible => {}
        }
        match self.outlet.offer(bytes) {
            Ok(Reader::There) => return Ok(()),
            Ok(Reader::Gone) => {}
            Err(failure) => self.broken = Some(failure),
        }
        self.show = Show::Nothing;
        Ok(())
    }

    /// Shows what was held back; tells why stdout got less than there is.
    fn finish(mut self, text: &str) -> Result<Option<Failure>, Failure> {
        let rest = self.clean.finish();
        self.put(rest.as_bytes())?;
        if self.outlet.is_terminal() && !text.is_empty() && !text.ends_with('\n') {
            self.put(b"\n")?;
        }
        Ok(self.broken)
    }
}

/// What the task that talks to the server says.
enum Word {
    Event(StreamEvent),
    Retry(String),
    Failed(Failure),
}

/// Streams the answer; stops at Ctrl-C with what came so far.
pub(super) async fn receive(order: Order<'_>, outlet: &Outlet) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let mut screen = Screen::new(outlet, order.show);
    let mut tasks = JoinSet::new();
    let endpoint = reachable(order.provider, &mut tasks)?;
    let (sender, mut words) = mpsc::channel(64);
    tasks.spawn(converse(endpoint, order.request.clone(), sender));
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
                screen.show(&text)?;
                answer.text.push_str(&text);
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
    answer.unshown = screen.finish(&answer.text)?;
    Ok(answer)
}

/// Talks to the server in a task of its own: a future that the runtime blocks on is polled with a
/// system call around every frame, which costs more than the frame.
async fn converse(endpoint: Endpoint, request: Request, sender: mpsc::Sender<Word>) {
    let retries = sender.clone();
    let tell = |retry: &Retry| {
        let wait = retry.wait.as_secs_f64();
        let note = format!(
            "copydesk: {}; try {} in {wait:.1} s",
            retry.why, retry.attempt
        );
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
