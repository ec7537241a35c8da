//! Runs in the shell: a request goes out, its answer comes back as messages and into the journal.
//!
//! Cancelling a run drops its task, which drops the connection.

use super::Runner;
use super::servers::Asking;
use crate::app::effect::Record;
use crate::app::msg::{Msg, RunFact};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::run::{RunId, StreamEvent};
use crate::provider::practice;
use crate::store::journal::{Ending, Outcome, RunRecord, SessionId};
use crate::tui::journal::Errand;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

impl Runner {
    pub(super) fn generate(
        &mut self,
        run: RunId,
        provider: &str,
        request: Request,
        record: Record,
    ) {
        self.runs.retain(|_, task| !task.is_finished());
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
        let record = run_record(run, provider, &request, record);
        self.keeper.ask(Errand::Begin(Box::new(record), done));
        let task = self.tasks.spawn(async move {
            let told = sender.clone();
            let mut answered_by = None;
            let result = async {
                let (provider, practice) = found?;
                let mut endpoint = asking.endpoint(&provider, &request.model, agreed).await?;
                endpoint.base_url = practice.unwrap_or(endpoint.base_url);
                // What goes in is on disk before it goes out. A journal that failed has said so.
                let _written = spawn_blocking(move || written.recv()).await;
                let retried = sender.clone();
                let mut answer = client
                    .start_with(&endpoint, &request, |retry| {
                        let fact = RunFact::Retrying {
                            why: retry.why.clone(),
                            attempt: retry.attempt,
                            wait: retry.wait.as_millis() as u64,
                        };
                        let _full = retried.try_send(Msg::Run(run, fact));
                    })
                    .await?;
                while let Some(event) = answer.next().await {
                    let event = event?;
                    match &event {
                        StreamEvent::Delta(text) => errands.send(Errand::Text(run, text.clone())),
                        StreamEvent::Started { model } => answered_by = Some(model.clone()),
                        StreamEvent::Finished(finish) => errands.send(Errand::End(
                            run,
                            Box::new(Outcome {
                                usage: finish.usage,
                                model: answered_by.take(),
                                ..outcome(Ending::Finished(finish.reason.clone()))
                            }),
                        )),
                        _ => {}
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
                errands.send(ended(run, Ending::Failed(failure.to_string())));
                let _closed = told.send(Msg::Run(run, RunFact::Failed(failure))).await;
            }
        });
        self.runs.insert(run, task);
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

/// What the journal keeps of a run; its session and time are the writer's.
fn run_record(run: RunId, provider: &str, request: &Request, record: Record) -> RunRecord {
    RunRecord {
        id: run,
        session: SessionId(uuid::Uuid::nil()),
        at: jiff::Timestamp::UNIX_EPOCH,
        purpose: record.purpose,
        continues: record.continues,
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

pub(super) fn ended(run: RunId, ending: Ending) -> Errand {
    Errand::End(run, Box::new(outcome(ending)))
}
