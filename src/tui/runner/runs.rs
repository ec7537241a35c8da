//! Runs in the shell: a request goes out, its answer comes back as messages and into the journal.
//!
//! Cancelling a run drops its task, which drops the connection.

use super::Runner;
use super::servers::Asking;
use crate::app::effect::Record;
use crate::app::msg::{Msg, RunFact};
use crate::app::payload::Asked;
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::Tariff;
use crate::domain::prompt::Request;
use crate::domain::run::{RunId, StreamEvent, Usage};
use crate::domain::shell::quoted;
use crate::provider::exchange::News;
use crate::provider::payload::Payload;
use crate::provider::{practice, remedy};
use crate::store::Paths;
use crate::store::journal::{Ending, Outcome, RunRecord, SessionId, Try};
use crate::tui::journal::Errand;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::oneshot;
use tokio::task::{AbortHandle, spawn_blocking};

/// A run that goes on.
pub(super) struct Running {
    /// Stops it.
    pub(super) task: AbortHandle,
    /// What it has cost so far.
    pub(super) tally: Arc<Tally>,
}

/// What came of a run so far, for the price of one that is stopped.
pub(super) struct Tally {
    tariff: Tariff,
    bytes: AtomicUsize,
    /// The server took the request: it named its model, or ended the answer.
    taken: AtomicBool,
}

impl Tally {
    fn new(tariff: Tariff) -> Self {
        Self {
            tariff,
            bytes: AtomicUsize::new(0),
            taken: AtomicBool::new(false),
        }
    }

    /// Counts what came. Reasoning and a refusal are paid for like text.
    fn hear(&self, event: &StreamEvent) {
        if let StreamEvent::Delta(text)
        | StreamEvent::Reasoning(text)
        | StreamEvent::Refusal(text) = event
        {
            self.bytes.fetch_add(text.len(), Ordering::Relaxed);
        }
        let named = |model: &str| !model.is_empty();
        match event {
            StreamEvent::Started { model } if named(model) => {
                self.taken.store(true, Ordering::Relaxed);
            }
            StreamEvent::Finished(_) => self.taken.store(true, Ordering::Relaxed),
            _ => {}
        }
    }

    /// What it cost: by what the server told, else by what came.
    fn cost(&self, usage: Option<&Usage>, answered_by: Option<&str>) -> Option<f64> {
        let bytes = self.bytes.load(Ordering::Relaxed);
        let spent = match usage {
            Some(usage) => self.tariff.real(usage, answered_by),
            None if self.taken.load(Ordering::Relaxed) => self.tariff.since_taken(bytes),
            None => self.tariff.so_far(bytes),
        };
        spent.map(|spent| spent.usd().dollars())
    }
}

impl Runner {
    pub(super) fn generate(
        &mut self,
        run: RunId,
        provider: &str,
        request: Request,
        record: Record,
    ) {
        self.runs.retain(|_, running| !running.task.is_finished());
        self.consents.retain(|_, waiting| !waiting.is_closed());
        let (consent, agreed) = oneshot::channel();
        self.consents.insert(run, consent);
        let found = self.settings.provider(Some(provider)).cloned();
        let found = found.and_then(|found| {
            let practice = found.is_practice().then(|| self.practice_url());
            Ok((found, practice.transpose()?))
        });
        let asking = Asking {
            run,
            settings: self.settings.clone(),
            keychain: self.keychain.clone(),
            sender: self.sender.clone(),
        };
        let (client, sender) = (self.client.clone(), self.sender.clone());
        let errands = self.keeper.handle();
        let (done, written) = std::sync::mpsc::channel();
        let tally = Arc::new(Tally::new(record.tariff));
        let heard = tally.clone();
        let record = run_record(run, provider, &request, record);
        let origin = record.origin.clone();
        self.keeper.ask(Errand::Begin(Box::new(record), done));
        let task = self.tasks.spawn(async move {
            let told = sender.clone();
            let mut answered_by = None;
            let result = async {
                let (provider, practice) = found?;
                let mut endpoint = asking.endpoint(&provider, &request.model, agreed).await?;
                endpoint.base_url = practice.unwrap_or(endpoint.base_url);
                // What goes in is on disk before it goes out. A journal that failed has said so.
                let written = spawn_blocking(move || written.recv()).await;
                if let (Ok(Ok(lessons)), Some(origin)) = (written, origin) {
                    let scope = remedy::scope(&origin, &request.model);
                    client.lessons().learn(&scope, lessons);
                }
                let (news, facts) = (errands.clone(), sender.clone());
                let priced = heard.clone();
                let tell = |item: News| {
                    if let Some(fact) = fact_of(&item) {
                        let _full = facts.try_send(Msg::Run(run, fact));
                    }
                    match item {
                        News::Learnt { scope, remedy, .. } => {
                            news.send(Errand::Learn(scope, remedy));
                        }
                        News::Spent(usage) => {
                            let cost = priced.cost(Some(&usage), None);
                            news.send(Errand::Tried(run, Try { usage, cost }));
                        }
                        _ => {}
                    }
                };
                let mut answer = client.start_with(&endpoint, &request, tell).await?;
                while let Some(event) = answer.next().await {
                    let event = event?;
                    heard.hear(&event);
                    match &event {
                        StreamEvent::Delta(text) => errands.send(Errand::Text(run, text.clone())),
                        StreamEvent::Reasoning(text) => {
                            errands.send(Errand::Reasoned(run, text.clone()));
                        }
                        StreamEvent::Corrected { keep, text } => {
                            errands.send(Errand::Corrected(run, *keep, text.clone()));
                        }
                        StreamEvent::Started { model } => answered_by = Some(model.clone()),
                        StreamEvent::Finished(finish) => {
                            let outcome = Outcome {
                                usage: finish.usage,
                                cost: heard.cost(finish.usage.as_ref(), answered_by.as_deref()),
                                model: answered_by.take(),
                                ..outcome(Ending::Finished(finish.reason.clone()))
                            };
                            errands.send(Errand::End(run, Box::new(outcome)));
                        }
                        StreamEvent::Refusal(_) => {}
                    }
                    if sender
                        .send(Msg::Run(run, RunFact::Event(event)))
                        .await
                        .is_err()
                    {
                        break;
                    }
                }
                Ok::<(), Failure>(())
            };
            if let Err(failure) = result.await {
                let usage = failure.usage.as_deref().copied();
                let outcome = Outcome {
                    usage,
                    cost: heard.cost(usage.as_ref(), answered_by.as_deref()),
                    model: answered_by,
                    ..outcome(Ending::Failed(failure.to_string()))
                };
                errands.send(Errand::End(run, Box::new(outcome)));
                let _closed = told.send(Msg::Run(run, RunFact::Failed(failure))).await;
            }
        });
        self.runs.insert(run, Running { task, tally });
    }

    /// Puts a request together as it would be sent now, to be looked at.
    pub(super) fn inspect(&mut self, provider: &str, request: Request, mut asked: Box<Asked>) {
        asked.run = asked.run.map(|line| self.in_this_library(&line));
        let endpoint = self.endpoint(provider, &request.model);
        let known = self.settings.provider(Some(provider)).ok();
        let origin = known.and_then(crate::config::Provider::origin);
        let scope = origin.map(|origin| remedy::scope(&origin, &request.model));
        let (asked_of, keychain) = (known.cloned(), Arc::clone(&self.keychain));
        let (client, errands) = (self.client.clone(), self.keeper.handle());
        self.blocking(move |_| {
            if let Some(scope) = &scope {
                let (answer, told) = std::sync::mpsc::channel();
                errands.send(Errand::Lessons(scope.clone(), answer));
                client
                    .lessons()
                    .learn(scope, told.recv().unwrap_or_default());
            }
            let has_key = asked_of.is_some_and(|provider| keychain.holds(&provider));
            let lessons = scope.map(|scope| client.lessons().of(&scope));
            let result = endpoint.and_then(|endpoint| {
                let payload = Payload::of(&endpoint, &request, &lessons.unwrap_or_default())?;
                Ok(Box::new(payload.keyed_if(has_key, &endpoint)))
            });
            Msg::Payload { result, asked }
        });
    }

    /// A command line that finds the templates this studio has, whatever named their library.
    fn in_this_library(&self, line: &str) -> String {
        let unnamed = Paths::resolve(&|name| std::env::var_os(name), None);
        let library = &self.paths.library;
        if unnamed.is_ok_and(|paths| paths.library == *library) {
            return line.to_owned();
        }
        let library = quoted(&library.to_string_lossy());
        line.replacen(
            "copydesk run",
            &format!("copydesk --library {library} run"),
            1,
        )
    }

    /// Where requests to a provider go; the practice engine is started for it.
    fn endpoint(&mut self, name: &str, model: &str) -> Result<Endpoint, Failure> {
        let provider = self.settings.provider(Some(name)).cloned()?;
        let base_url = provider
            .is_practice()
            .then(|| self.practice_url())
            .transpose()?;
        let mut endpoint = provider.endpoint(model, None, None);
        endpoint.base_url = base_url.unwrap_or(endpoint.base_url);
        Ok(endpoint)
    }

    /// The practice engine's base URL; it starts listening at the first use.
    fn practice_url(&mut self) -> Result<String, Failure> {
        if let Some(url) = &self.practice {
            return Ok(url.clone());
        }
        let failed = |error: std::io::Error| {
            Failure::new(
                FailureKind::Network,
                "the practice engine could not listen on 127.0.0.1",
            )
            .why(error.to_string())
        };
        let listener = practice::listen(0).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let pace = self.pace;
        self.tasks.spawn(async move {
            // It serves until the runtime ends; a failed accept is seen by the client.
            let _ended = practice::serve(listener, pace).await;
        });
        let url = format!("http://{address}/v1");
        self.practice = Some(url.clone());
        Ok(url)
    }
}

/// News of a request as a fact of its run, as far as a person is to hear of it.
fn fact_of(news: &News) -> Option<RunFact> {
    Some(match news {
        News::Retry(retry) => RunFact::Retrying {
            why: retry.why.clone(),
            attempt: retry.attempt,
            wait: retry.wait.as_millis() as u64,
        },
        News::Loading { what } => RunFact::Loading { what: what.clone() },
        News::LeftOut(left_out) => RunFact::Noted(left_out.to_string()),
        News::Learnt { what, .. } => RunFact::Noted(format!("{what}; that is remembered")),
        News::Spent(_) => return None,
    })
}

/// What the journal keeps of a run; its session and time are the writer's.
fn run_record(run: RunId, provider: &str, request: &Request, record: Record) -> RunRecord {
    RunRecord {
        id: run,
        session: SessionId(uuid::Uuid::nil()),
        at: jiff::Timestamp::UNIX_EPOCH,
        purpose: record.purpose,
        continues: record.continues,
        together: record.together,
        draft: Some(record.draft),
        template: Some(record.template),
        template_hash: Some(record.template_hash),
        brief: record.brief,
        provider: provider.to_owned(),
        origin: record.server,
        request: request.clone(),
    }
}

fn outcome(ending: Ending) -> Outcome {
    Outcome {
        at: jiff::Timestamp::now(),
        ending,
        usage: None,
        model: None,
        cost: None,
    }
}

/// The end of a run that was stopped: its server told no tokens.
pub(super) fn stopped(run: RunId, tally: &Tally) -> Errand {
    let outcome = Outcome {
        cost: tally.cost(None, None),
        ..outcome(Ending::Stopped)
    };
    Errand::End(run, Box::new(outcome))
}
