//! The Runner: executes effects and posts the answers back as messages.
//!
//! Every task has an owner here. Cancelling a run drops its task, which drops the connection.
//! Saves go through one ordered queue that is drained before the process ends.

mod copying;
pub mod look;
mod models;
mod runs;
mod servers;

use super::clipboard::Session;
use super::deeds;
use super::external::Editor;
use super::journal::{Errand, Keeper};
use super::outside;
use super::queue::{self, Job};
use super::saved;
use crate::app::attaching::Then;
use crate::app::deed::Deed;
use crate::app::effect::{Consent, Effect, Save};
use crate::app::msg::{Msg, Past, Purpose};
use crate::config::keychain::Keychain;
use crate::config::{Settings, variable};
use crate::domain::attachment::Named;
use crate::domain::document::Snapshot;
use crate::domain::failure::Failure;
use crate::domain::run::RunId;
use crate::domain::statistics::Statistics;
use crate::domain::template::Template;
use crate::domain::tokens;
use crate::provider::client::Client;
use crate::provider::practice::Pace;
use crate::store::inbox::Post;
use crate::store::items::Item;
use crate::store::stars;
use crate::store::watch::Watch;
use crate::store::{Paths, attachment, drafts, library, shelf, shipped};
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::task::{AbortHandle, JoinSet, spawn_blocking};

/// Messages that may wait for the loop; a full channel slows the socket, not memory.
const WAITING: usize = 64;

/// Executes effects.
pub struct Runner {
    paths: Arc<Paths>,
    settings: Arc<Settings>,
    keychain: Arc<Keychain>,
    consents: HashMap<RunId, oneshot::Sender<Consent>>,
    connecting: Option<AbortHandle>,
    /// The newest question for a list of models.
    listing: Option<AbortHandle>,
    client: Arc<Client>,
    tasks: JoinSet<()>,
    runs: HashMap<RunId, runs::Running>,
    sender: mpsc::Sender<Msg>,
    receiver: mpsc::Receiver<Msg>,
    jobs: mpsc::UnboundedSender<Job>,
    drained: Option<tokio::sync::oneshot::Receiver<()>>,
    practice: Option<String>,
    for_terminal: Vec<Effect>,
    pace: Pace,
    keeper: Keeper,
    session: Session,
    watch: Option<Watch>,
}

/// How the studio is left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaving {
    /// By the person, who was asked about everything unsaved.
    Asked,
    /// By force: the next start offers what was not saved, and answers that were still arriving.
    Forced,
}

impl Runner {
    /// A Runner that has done nothing yet. Must be made inside the runtime.
    pub fn new(paths: Paths, settings: Settings) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING);
        let (jobs, queue) = mpsc::unbounded_channel();
        let paths = Arc::new(paths);
        let mut tasks = JoinSet::new();
        let (done, finished) = tokio::sync::oneshot::channel();
        tasks.spawn(queue::in_order(paths.clone(), queue, sender.clone(), done));
        let keeper = Keeper::start(paths.clone(), sender.clone());
        Self {
            keeper,
            session: Session::default(),
            watch: None,
            keychain: Arc::new(Keychain::new(paths.clone(), variable)),
            paths,
            settings: Arc::new(settings),
            consents: HashMap::new(),
            connecting: None,
            listing: None,
            client: Arc::new(Client::new()),
            tasks,
            runs: HashMap::new(),
            sender,
            receiver,
            jobs,
            drained: Some(finished),
            practice: None,
            for_terminal: Vec::new(),
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

    /// Executes an effect; answers come as messages.
    pub fn execute(&mut self, effect: Effect) {
        match effect {
            Effect::Generate {
                run,
                provider,
                request,
                record,
            } => self.generate(run, &provider, request, *record),
            Effect::Inspect {
                provider,
                request,
                asked,
            } => self.inspect(&provider, request, asked),
            Effect::AnswerKey(run, consent) => self.answer_key(run, consent),
            Effect::Connect(ticket, errand) => self.connect(ticket, errand),
            Effect::ReadSettings => self.blocking(servers::settings),
            Effect::UseSettings(settings) => self.settings = Arc::from(settings),
            Effect::Cancel(run) => self.cancel(run),
            Effect::OpenJournal => self.keeper.ask(Errand::Open),
            Effect::LoadLeft => self.keeper.ask(Errand::Left),
            Effect::LookAtFile(named) => self.blocking(move |_| seen(named)),
            Effect::ReadFiles {
                ticket,
                named,
                then,
            } => self.blocking(move |_| files_read(ticket, named, then)),
            Effect::Keep(keep) => self.keeper.ask(Errand::Keep(keep)),
            Effect::Restore(id) => self.keeper.ask(Errand::Restore(id)),
            Effect::LoadAsked { draft, names } => self.keeper.ask(Errand::Asked(draft, names)),
            Effect::Look(errand) => self.look(errand),
            Effect::Runs(look) => self.keeper.ask(Errand::Look(look)),
            Effect::Refine(errand) => self.keeper.ask(Errand::Parts(errand)),
            Effect::LoadVersions(draft) => self.keeper.ask(Errand::Versions(draft)),
            Effect::LoadVersion { id, purpose } => self.keeper.ask(Errand::Version(id, purpose)),
            Effect::LoadLibrary => self.blocking(load_library),
            Effect::LoadDrafts => self.blocking(|paths| Msg::Drafts(Ok(drafts::list(paths)))),
            Effect::LoadTemplate { name, purpose } => self.load_template(name, purpose),
            Effect::Open { ticket, wanted } => self.blocking(move |paths| Msg::DraftOpened {
                ticket,
                result: saved::load(paths, &wanted),
            }),
            Effect::Watch => self.watch = Some(outside::watch(&self.paths, self.sender.clone())),
            Effect::TellUtcOffset => self.blocking(|_| utc_offset()),
            Effect::LookAt { path, known } => {
                self.blocking(move |paths| outside::look(paths, path, known));
            }
            Effect::Claim(open) => self.claim(open),
            Effect::Save { ticket, save } => self.save(ticket, save),
            Effect::Star(item, star) => self.write(Job::Star(item, star)),
            Effect::ReadItem(item) => self.blocking(move |paths| Msg::ItemRead {
                result: deeds::text_of(paths, &item),
                item,
            }),
            Effect::PutCardAway => self.write(Job::PutCardAway),
            Effect::ReadClipboard(selection) => self.read_clipboard(selection),
            Effect::Copy(_)
            | Effect::Cut(_)
            | Effect::CopyAs { .. }
            | Effect::CopyByTerminal { .. }
            | Effect::Notify(..)
            | Effect::EditExternally { .. }
            | Effect::Change(Deed::EditSource(_)) => self.for_terminal.push(effect),
            Effect::Change(deed) => self.write(Job::Change(deed)),
            Effect::Count { vocabulary, prompt } => self.blocking(move |_| Msg::Counted {
                tokens: tokens::counted(vocabulary, &prompt),
                vocabulary,
                prompt,
            }),
            Effect::Measure { text, within } => self.blocking(move |_| measured(&text, within)),
            Effect::LoadModels { provider, ask } => self.load_models(provider, ask),
            Effect::StopModels => self.stop_models(),
            Effect::PreferModel { provider, model } => {
                self.blocking(move |paths| servers::prefer(paths, &provider, &model));
            }
            Effect::LoadSpent => self.keeper.ask(Errand::Spent),
            Effect::LoadUsage => self.keeper.ask(Errand::Usage),
            Effect::WakeAt(_) => {}
        }
    }

    fn answer_key(&mut self, run: RunId, consent: Consent) {
        if let Some(waiting) = self.consents.remove(&run) {
            // A run that has ended meanwhile needs no answer.
            let _ended = waiting.send(consent);
        }
    }

    fn save(&self, ticket: u64, save: Save) {
        let kept = save.needs_version().then(|| self.keeper.versions_kept());
        self.write(Job::Save(ticket, save, kept));
    }

    fn claim(&self, open: BTreeSet<PathBuf>) {
        if let Some(watch) = &self.watch {
            watch.follow(&self.paths, &open);
        }
        self.write(Job::Claim(open));
    }

    fn cancel(&mut self, run: RunId) {
        self.consents.remove(&run);
        if let Some(running) = self.runs.remove(&run) {
            running.task.abort();
            self.keeper.ask(runs::stopped(run, &running.tally));
        }
    }

    fn write(&self, job: Job) {
        // The queue lives as long as the Runner.
        let _closed = self.jobs.send(job);
    }

    /// Waits for saves that were asked for and for the journal; everything else is dropped.
    pub async fn finish(&mut self, leaving: Leaving) {
        for (run, running) in self.runs.drain() {
            if !running.task.is_finished() {
                running.task.abort();
                // Nobody stopped what was left by force: the next start offers it.
                if leaving == Leaving::Asked {
                    self.keeper.ask(runs::stopped(run, &running.tally));
                }
            }
        }
        let (done, closed) = tokio::sync::oneshot::channel();
        self.keeper.ask(match leaving {
            Leaving::Asked => Errand::Close(done),
            Leaving::Forced => Errand::Flush(done),
        });
        self.drain(closed).await;
        let (closed, _) = mpsc::unbounded_channel();
        drop(std::mem::replace(&mut self.jobs, closed));
        if let Some(drained) = self.drained.take() {
            self.drain(drained).await;
        }
    }

    /// Waits for `over`; answers that come meanwhile have nobody to go to.
    async fn drain(&mut self, over: tokio::sync::oneshot::Receiver<()>) {
        let mut over = std::pin::pin!(over);
        loop {
            tokio::select! {
                _ = &mut over => break,
                _ = self.receiver.recv() => {}
            }
        }
    }

    fn load_template(&mut self, name: String, purpose: Purpose) {
        let errands = self.keeper.handle();
        self.blocking(move |paths| {
            let result = shelf::template(paths, &name).map(Arc::new);
            let past = match (&result, purpose) {
                (Ok(template), Purpose::Form | Purpose::Refine) => past(&errands, template),
                _ => Past::default(),
            };
            Msg::Template {
                name,
                result: result.map_err(|failure| failure.to_string()),
                purpose,
                past,
            }
        });
    }

    /// The source of an item and its hash, to be edited by another program.
    ///
    /// # Errors
    /// When it cannot be read, or may not be changed.
    pub async fn source(&self, item: Item) -> Result<(String, String), Failure> {
        let paths = self.paths.clone();
        let work = spawn_blocking(move || deeds::source(&paths, &item));
        work.await.unwrap_or_else(|_| Err(deeds::broke_off()))
    }

    /// Writes what another program made of the source of an item.
    pub async fn keep_source(
        &self,
        item: Item,
        source: (String, String),
        edited: Result<String, Failure>,
    ) -> Msg {
        let (paths, deed) = (self.paths.clone(), Deed::EditSource(item.clone()));
        let work = spawn_blocking(move || deeds::keep_source(&paths, &item, source, &edited?));
        let result = work.await.unwrap_or_else(|_| Err(deeds::broke_off()));
        let result = result.map(Box::new);
        Msg::Changed { deed, result }
    }

    /// The person's editor, and the variables it must not see.
    pub fn editor(&self) -> Editor {
        let line = ["VISUAL", "EDITOR"].iter().find_map(|name| {
            std::env::var(name)
                .ok()
                .filter(|line| !line.trim().is_empty())
        });
        Editor {
            line,
            secrets: self.settings.secret_variables(),
        }
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
}

/// What a file is that a form names.
fn seen(named: Named) -> Msg {
    let seen = attachment::look(&named);
    Msg::FileSeen(named, seen)
}

fn files_read(ticket: u64, named: Vec<Named>, then: Then) -> Msg {
    let load = |named: Named| (named.clone(), attachment::load(&named));
    Msg::FilesRead {
        ticket,
        read: named.into_iter().map(load).collect(),
        then,
    }
}

fn measured(text: &Snapshot, within: Option<Range<usize>>) -> Msg {
    let part = within.is_some();
    let text = within.map_or_else(|| text.text(), |range| text.slice(range));
    Msg::Statistics(Box::new(Statistics::of(&text, part)))
}

fn utc_offset() -> Msg {
    Msg::UtcOffset(jiff::Zoned::now().offset().seconds())
}

fn load_library(paths: &Paths) -> Msg {
    let mut templates = library::list(paths);
    // The person's own first, then the shipped ones as an editor would offer them.
    templates.sort_by_key(|entry| match entry.origin {
        library::Origin::User(_) => None,
        library::Origin::Shipped => shipped::rank(&entry.name),
    });
    Msg::Library {
        templates,
        snippets: shelf::snippets(paths).into_iter().collect(),
        stars: stars::load(paths),
    }
}

/// What was given to a template before; nothing if the journal cannot tell.
fn past(errands: &Post<Errand>, template: &Template) -> Past {
    let inputs = template.inputs.iter().map(|input| input.name.clone());
    let (answer, told) = std::sync::mpsc::channel();
    errands.send(Errand::Past(
        template.name.clone(),
        inputs.collect(),
        answer,
    ));
    told.recv().unwrap_or_default()
}

#[cfg(test)]
impl Runner {
    /// Full speed, for tests.
    pub const fn hurry(&mut self) {
        self.pace = Pace::Full;
    }
}
