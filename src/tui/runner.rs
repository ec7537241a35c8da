//! The Runner: executes effects and posts the answers back as messages.
//!
//! Every task has an owner here. Cancelling a run drops its task, which drops the connection.
//! Saves go through one ordered queue that is drained before the process ends.

use super::external;
use crate::app::effect::{Effect, Save};
use crate::app::msg::{Msg, OpenedDraft, Purpose, RunFact};
use crate::config::Settings;
use crate::domain::draft::{Draft, Provenance};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::run::RunId;
use crate::provider::client::Client;
use crate::provider::practice::{self, Pace};
use crate::store::{self, Paths, drafts, library, shelf, shipped};
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;
use tokio::task::{AbortHandle, JoinSet, spawn_blocking};

/// Messages that may wait for the loop; a full channel slows the socket, not memory.
const WAITING: usize = 64;

/// Executes effects.
pub struct Runner {
    paths: Arc<Paths>,
    settings: Settings,
    client: Arc<Client>,
    tasks: JoinSet<()>,
    runs: HashMap<RunId, AbortHandle>,
    sender: mpsc::Sender<Msg>,
    receiver: mpsc::Receiver<Msg>,
    saves: mpsc::UnboundedSender<(u64, Save)>,
    drained: Option<tokio::sync::oneshot::Receiver<()>>,
    practice: Option<String>,
    for_terminal: Vec<Effect>,
    edited: Option<Result<String, Failure>>,
    pace: Pace,
}

impl Runner {
    /// A Runner that has done nothing yet. Must be made inside the runtime.
    pub fn new(paths: Paths, settings: Settings) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (saves, queue) = mpsc::unbounded_channel();
        let paths = Arc::new(paths);
        let mut tasks = JoinSet::new();
        let (done, finished) = tokio::sync::oneshot::channel();
        tasks.spawn(save_in_order(paths.clone(), queue, sender.clone(), done));
        Self {
            paths,
            settings,
            client: Arc::new(Client::new()),
            tasks,
            runs: HashMap::new(),
            sender,
            receiver,
            saves,
            drained: Some(finished),
            practice: None,
            for_terminal: Vec::new(),
            edited: None,
            pace: Pace::Human,
        }
    }

    /// The next answer.
    pub async fn recv(&mut self) -> Option<Msg> {
        self.receiver.recv().await
    }

    /// An answer that is there already.
    pub fn try_recv(&mut self) -> Option<Msg> {
        self.receiver.try_recv().ok()
    }

    /// Effects that need the terminal itself, for the loop.
    pub fn take_for_terminal(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.for_terminal)
    }

    /// What the external editor made of the text.
    pub const fn take_edited(&mut self) -> Option<Result<String, Failure>> {
        self.edited.take()
    }

    /// Executes an effect; answers come as messages.
    pub fn execute(&mut self, effect: Effect) {
        match effect {
            Effect::Generate {
                run,
                provider,
                request,
            } => self.generate(run, &provider, request),
            Effect::Cancel(run) => {
                if let Some(task) = self.runs.remove(&run) {
                    task.abort();
                }
            }
            Effect::LoadLibrary => self.blocking(load_library),
            Effect::LoadDrafts => self.blocking(|paths| Msg::Drafts(Ok(drafts::list(paths)))),
            Effect::LoadTemplate { name, purpose } => {
                self.blocking(move |paths| load_template(paths, name, purpose));
            }
            Effect::LoadDraft(path) => self.blocking(move |_| Msg::DraftOpened(load_draft(&path))),
            Effect::Save { ticket, save } => {
                // The queue lives as long as the Runner.
                let _closed = self.saves.send((ticket, save));
            }
            Effect::Copy(_) | Effect::EditExternally(_) => self.for_terminal.push(effect),
            Effect::WakeAt(_) => {}
        }
    }

    /// Waits for saves that were asked for; everything else is dropped.
    pub async fn finish(&mut self) {
        for (_, task) in self.runs.drain() {
            task.abort();
        }
        let (closed, _) = mpsc::unbounded_channel();
        drop(std::mem::replace(&mut self.saves, closed));
        if let Some(drained) = self.drained.take() {
            let mut drained = std::pin::pin!(drained);
            loop {
                tokio::select! {
                    _ = &mut drained => break,
                    _ = self.receiver.recv() => {}
                }
            }
        }
    }

    /// Opens text in the person's editor; the terminal is theirs meanwhile.
    pub async fn edit(&mut self, text: String) {
        let editor = ["VISUAL", "EDITOR"].iter().find_map(|name| {
            std::env::var(name)
                .ok()
                .filter(|line| !line.trim().is_empty())
        });
        let secrets: Vec<String> = self
            .settings
            .providers
            .values()
            .map(|provider| provider.key_env.clone())
            .collect();
        let edited =
            spawn_blocking(move || external::edit(&text, editor.as_deref(), &secrets)).await;
        self.edited = Some(edited.unwrap_or_else(|_| {
            Err(Failure::new(
                FailureKind::Other,
                "the external editor broke off",
            ))
        }));
    }

    fn blocking(&mut self, work: impl FnOnce(&Paths) -> Msg + Send + 'static) {
        let (paths, sender) = (self.paths.clone(), self.sender.clone());
        self.tasks.spawn(async move {
            if let Ok(msg) = spawn_blocking(move || work(&paths)).await {
                let _closed = sender.send(msg).await;
            }
        });
        while self.tasks.try_join_next().is_some() {}
    }

    fn generate(&mut self, run: RunId, provider: &str, request: Request) {
        self.runs.retain(|_, task| !task.is_finished());
        let endpoint = self
            .settings
            .provider(Some(provider))
            .cloned()
            .and_then(|provider| {
                let base_url = provider
                    .is_practice()
                    .then(|| self.practice_url())
                    .transpose()?;
                let mut endpoint = provider.endpoint(&|name| std::env::var(name).ok());
                endpoint.base_url = base_url.unwrap_or(endpoint.base_url);
                Ok(endpoint)
            });
        let (client, sender) = (self.client.clone(), self.sender.clone());
        let task = self.tasks.spawn(async move {
            let told = sender.clone();
            let result = async {
                let endpoint = endpoint?;
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
                    if sender
                        .send(Msg::Run(run, RunFact::Event(event?)))
                        .await
                        .is_err()
                    {
                        break;
                    }
                }
                Ok(())
            };
            if let Err(failure) = result.await {
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

async fn save_in_order(
    paths: Arc<Paths>,
    mut queue: mpsc::UnboundedReceiver<(u64, Save)>,
    sender: mpsc::Sender<Msg>,
    done: tokio::sync::oneshot::Sender<()>,
) {
    while let Some((ticket, save)) = queue.recv().await {
        let paths = paths.clone();
        let result = spawn_blocking(move || write(&paths, save)).await;
        let result =
            result.unwrap_or_else(|_| Err(Failure::new(FailureKind::Other, "the save broke off")));
        let _closed = sender.send(Msg::DraftSaved { ticket, result }).await;
    }
    let _gone = done.send(());
}

/// Writes a draft; answers with what is on disk now.
fn write(paths: &Paths, save: Save) -> Result<OpenedDraft, Failure> {
    let now = jiff::Zoned::now();
    let tell = |error: store::StoreError| error.failure();
    match save {
        Save::New {
            body,
            fallback,
            provenance,
        } => {
            let mut provenance = provenance.map_or_else(Provenance::default, |made| *made);
            provenance.id = drafts::new_id();
            let title = Draft::title_from(&body, &fallback);
            let draft = Draft::new(&title, &body, &provenance, &now);
            let path = drafts::save_new(paths, &draft).map_err(tell)?;
            load_draft(&path)
        }
        Save::Existing {
            path,
            hash,
            mut draft,
            body,
            provenance,
        } => {
            draft.set_body(&body);
            draft.set_updated(&now);
            if let Some(provenance) = provenance {
                draft.set_provenance(&provenance);
            }
            let hash = drafts::save(&path, &draft, Some(&hash)).map_err(tell)?;
            Ok(OpenedDraft {
                path,
                hash,
                draft: *draft,
            })
        }
    }
}

fn load_draft(path: &Path) -> Result<OpenedDraft, Failure> {
    let opened = drafts::load(path).map_err(|error| error.failure())?;
    if let Some(reason) = opened.read_only {
        return Err(Failure::new(
            FailureKind::Other,
            format!("{} is not opened", path.display()),
        )
        .why(reason)
        .advice("open it in an editor that keeps such bytes"));
    }
    Ok(OpenedDraft {
        path: opened.path,
        hash: opened.hash,
        draft: opened.draft,
    })
}

fn load_library(paths: &Paths) -> Msg {
    let mut templates = library::list(paths);
    // The person's own first, then the shipped ones as an editor would offer them.
    templates.sort_by_key(|entry| match entry.origin {
        library::Origin::User(_) => None,
        library::Origin::Shipped => shipped::ORDER.iter().position(|name| *name == entry.name),
    });
    Msg::Library {
        templates,
        snippets: shelf::snippets(paths).into_iter().collect(),
    }
}

fn load_template(paths: &Paths, name: String, purpose: Purpose) -> Msg {
    let result = shelf::template(paths, &name)
        .map(Arc::new)
        .map_err(|failure| failure.to_string());
    Msg::Template {
        name,
        result,
        purpose,
    }
}

#[cfg(test)]
impl Runner {
    /// Full speed, for tests.
    pub const fn hurry(&mut self) {
        self.pace = Pace::Full;
    }
}
