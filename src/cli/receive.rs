//! Receiving an answer for `run`: the conversation in a task, the text on stdout as it arrives.
//!
//! Owns what came so far. Whoever wants the text kept gets all of it, whatever becomes of stdout.

use super::interruption::interruption;
use super::outlet::{Outlet, Reader};
use super::record::{Begun, Record};
use crate::config::keychain::Keychain;
use crate::config::{Provider, Settings};
use crate::domain::cost::Spent;
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::run::{FinishReason, StreamEvent, Usage, correct};
use crate::domain::text::TextStream;
use crate::provider::client::Client;
use crate::provider::exchange::News;
use crate::provider::practice::{self, Pace};
use crate::provider::remedy;
use crate::store::journal::Ending;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// What to ask, whom, and what to show of it.
pub(super) struct Order<'o> {
    pub(super) settings: &'o Settings,
    pub(super) provider: &'o Provider,
    pub(super) keychain: Keychain,
    pub(super) request: &'o Request,
    pub(super) show: Show,
    /// When the request may leave.
    pub(super) begun: Begun,
    /// Which of several it is, as every line about it begins; empty for the only one.
    pub(super) label: String,
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
    /// Reasoning, which is never part of the text.
    pub(super) reasoning: String,
    pub(super) refusal: String,
    pub(super) model: Option<String>,
    pub(super) finish: Option<FinishReason>,
    pub(super) usage: Option<Usage>,
    /// What tries took that were repeated.
    pub(super) tries: Vec<Usage>,
    /// What it cost, once that is worked out.
    pub(super) cost: Option<Spent>,
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

    /// The server took back some of what was shown; nobody can take it back from stdout.
    fn correct(&mut self) {
        if self.show != Show::Nothing {
            self.show = Show::Nothing;
            self.broken = Some(
                Failure::new(
                    FailureKind::Partial,
                    "the server corrected text that had been written to stdout already",
                )
                .advice("run it again with -o FILE or --json, which wait for the whole text"),
            );
        }
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
    News(News),
    Failed(Failure),
}

/// Streams the answer; stops at Ctrl-C, `SIGTERM` or `SIGHUP` with what came so far. All of
/// it goes into the record.
pub(super) async fn receive(
    order: Order<'_>,
    outlet: &Outlet,
    record: &Record,
) -> Result<Answer, Failure> {
    let mut answer = Answer::default();
    let mut screen = Screen::new(outlet, order.show);
    let mut tasks = JoinSet::new();
    // One listener for the whole answer: a signal between two of them would be lost.
    let mut interrupted = std::pin::pin!(interruption());
    let endpoint = tokio::select! {
        endpoint = reachable(&order, &mut tasks) => endpoint?,
        kind = &mut interrupted => {
            return Err(Failure::new(kind, kind.name()));
        }
    };
    let (sender, mut words) = mpsc::channel(64);
    let (request, origin) = (order.request.clone(), order.provider.origin());
    let (begun, label) = (order.begun, order.label);
    let mut loading = false;
    let mut before = String::new();
    tasks.spawn(async move {
        // What goes in is on disk before it goes out. A journal that failed has said so.
        let lessons = begun.await.unwrap_or_default();
        let client = Client::new();
        if let Some(origin) = origin {
            let scope = remedy::scope(&origin, &request.model);
            client.lessons().learn(&scope, lessons);
        }
        converse(&client, (endpoint, request), sender).await;
    });
    loop {
        let word = tokio::select! {
            word = words.recv() => word,
            kind = &mut interrupted => {
                Some(Word::Failed(Failure::new(kind, kind.name())))
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
            Some(Word::Event(StreamEvent::Corrected { keep, text })) => {
                record.corrected(keep, &text);
                screen.correct();
                answer.take(StreamEvent::Corrected { keep, text });
            }
            Some(Word::Event(event)) => {
                if let StreamEvent::Reasoning(text) = &event {
                    record.reasoned(text);
                }
                answer.take(event);
            }
            Some(Word::News(News::Spent(usage))) => answer.tries.push(usage),
            Some(Word::News(news)) => {
                let again = std::mem::replace(&mut loading, matches!(news, News::Loading { .. }));
                if !(again && loading) {
                    let told = told(&news, &mut before);
                    Outlet::complain(&format!("copydesk: {label}{told}"));
                }
                if let News::Learnt { scope, remedy, .. } = news {
                    record.learn(scope, remedy);
                }
            }
            Some(Word::Failed(failure)) => {
                answer.usage = failure.usage.as_deref().copied();
                answer.failure = Some(failure);
                break;
            }
            None => break,
        }
    }
    if let Err(stop) = screen.finish(&answer.text) {
        answer.stop(stop);
    }
    answer.unshown = answer.unshown.or(screen.broken);
    Ok(answer)
}

/// Talks to the server in a task of its own: a future that the runtime blocks on is polled with a
/// system call around every frame, which costs more than the frame.
async fn converse(
    client: &Client,
    (endpoint, request): (Endpoint, Request),
    sender: mpsc::Sender<Word>,
) {
    let news = sender.clone();
    let tell = |item: News| {
        // A full channel means that nobody waits for a note.
        let _full = news.try_send(Word::News(item));
    };
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

/// News as one line says them; `before` is why the last try failed.
fn told(news: &News, before: &mut String) -> String {
    match news {
        News::Retry(retry) => {
            let next = format!("try {} in {:.1} s", retry.attempt, retry.wait.as_secs_f64());
            // The same sentence twice says nothing new.
            if *before == retry.why {
                return next;
            }
            before.clone_from(&retry.why);
            format!("{}; {next}", retry.why)
        }
        News::Loading { what } => format!("{what}; waiting for it"),
        News::LeftOut(left_out) => left_out.to_string(),
        News::Learnt { what, .. } => format!("{what}; that is remembered"),
        // That is for the ledger.
        News::Spent(_) => String::new(),
    }
}

/// Where to send; the practice engine is started for it.
async fn reachable(order: &Order<'_>, tasks: &mut JoinSet<()>) -> Result<Endpoint, Failure> {
    let (provider, model) = (order.provider, order.request.model.as_str());
    let found = order.keychain.endpoint(order.settings, provider, model);
    let mut endpoint = found.await?;
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
            (None, Some(failure)) if failure.kind.is_interruption() => Ending::Stopped,
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
            Stop::Broken(failure) => {
                self.unshown = Some(failure.clone());
                self.failure = Some(failure);
            }
        }
    }

    /// Why it ended.
    pub(super) fn reason(&self) -> FinishReason {
        let broken = match &self.failure {
            Some(failure) if failure.kind.is_interruption() => FinishReason::Stopped,
            _ => FinishReason::Interrupted,
        };
        self.finish.clone().unwrap_or(broken)
    }

    fn take(&mut self, event: StreamEvent) {
        match event {
            StreamEvent::Delta(text) => self.text.push_str(&text),
            StreamEvent::Corrected { keep, text } => {
                correct(&mut self.text, keep, &text);
            }
            StreamEvent::Reasoning(text) => self.reasoning.push_str(&text),
            StreamEvent::Refusal(text) => self.refusal.push_str(&text),
            StreamEvent::Started { model } => {
                self.model = Some(model).filter(|model| !model.is_empty());
            }
            StreamEvent::Finished(finish) => {
                self.usage = finish.usage;
                self.finish = Some(finish.reason);
            }
        }
    }
}
