//! The Runner: executes effects and posts the answers back as messages.
//!
//! Every task has an owner here. Cancelling a run drops its task, which drops the connection.
//! Saves go through one ordered queue that is drained before the process ends.

pub mod briefs;
mod copying;
pub mod exporting;
pub mod files;
pub mod finding;
pub mod lists;
pub mod look;
mod models;
mod runs;
mod servers;
mod sources;
mod voice;

use super::deeds;
use super::journal::{Errand, Keeper};
use super::outside::{self, Lists};
use super::queue::{self, Job};
use super::saved;
use crate::app::deed::Deed;
use crate::app::effect::{Consent, Effect, Save};
use crate::app::msg::Msg;
use crate::config::keychain::Keychain;
use crate::config::session::Session;
use crate::config::{Settings, variable};
use crate::domain::run::RunId;
use crate::domain::tokens;
use crate::provider::client::Client;
use crate::provider::practice::Pace;
use crate::store::Paths;
use crate::store::watch::Watch;
use std::collections::{BTreeSet, HashMap};
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
    /// The lists that are read before anything is watched.
    first_lists: Option<Lists>,
    finder: finding::Finder,
    voices: voice::Voices,
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
            first_lists: Some(Lists::new()),
            finder: finding::Finder::default(),
            voices: voice::Voices::default(),
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
            Effect::ListFolder(wanted) => self.blocking(move |_| files::listed(wanted)),
            Effect::LookAtFile(named) => self.blocking(move |_| files::seen(named)),
            Effect::ReadFiles {
                ticket,
                named,
                then,
            } => self.blocking(move |_| files::read(ticket, named, then)),
            Effect::Keep(keep) => self.keeper.ask(Errand::Keep(keep)),
            Effect::Restore(id) => self.keeper.ask(Errand::Restore(id)),
            Effect::LoadAsked { draft, names } => self.keeper.ask(Errand::Asked(draft, names)),
            Effect::Look(errand) => self.look(errand),
            Effect::Voice(errand) => self.voice(errand),
            Effect::Search(errand) => self.search(errand),
            Effect::Bodies(errand) => self.search_bodies(errand),
            Effect::Export(order) => self.write(Job::Export(order)),
            Effect::Briefs(errand) => self.write(Job::Briefs(errand)),
            Effect::Runs(look) => self.keeper.ask(Errand::Look(look)),
            Effect::Refine(errand) => self.keeper.ask(Errand::Parts(errand)),
            Effect::LoadVersions(draft) => self.keeper.ask(Errand::Versions(draft)),
            Effect::LoadVersion { id, purpose } => self.keeper.ask(Errand::Version(id, purpose)),
            Effect::LoadLibrary => {
                let reading = self.first_lists.as_ref().map(Lists::reading);
                self.blocking(move |paths| {
                    let _reading = reading;
                    lists::library(paths)
                });
            }
            Effect::ReadBeginning(path) => self.blocking(|paths| lists::beginning(paths, path)),
            Effect::LoadDrafts => self.load_drafts(),
            Effect::LoadTemplate { name, purpose } => self.load_template(name, purpose),
            Effect::Open { ticket, wanted } => self.blocking(move |paths| Msg::DraftOpened {
                ticket,
                result: saved::load(paths, &wanted),
            }),
            Effect::Watch => self.watch(),
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
            Effect::LookThrough { id, path, text } => {
                self.blocking(move |paths| files::looked_through(paths, id, &path, &text));
            }
            Effect::Measure { text, within } => {
                self.blocking(move |_| files::measured(&text, within));
            }
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

    fn watch(&mut self) {
        let lists = self.first_lists.take().unwrap_or_else(Lists::new);
        self.watch = Some(outside::watch(&self.paths, lists, self.sender.clone()));
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

fn utc_offset() -> Msg {
    Msg::UtcOffset(jiff::Zoned::now().offset().seconds())
}

#[cfg(test)]
impl Runner {
    /// Full speed, for tests.
    pub const fn hurry(&mut self) {
        self.pace = Pace::Full;
    }
}
