//! Servers and their keys in the shell: where a run may send its key, and the errands of the
//! dialog that connects a provider.

use super::Runner;
use crate::app::connect::{Connected, Errand, Fact, Found, Trial};
use crate::app::effect::Consent;
use crate::app::msg::{Msg, RunFact};
use crate::config::keychain::{Keychain, Place, Refusal, Source};
use crate::config::presets::PRESETS;
use crate::config::{Overrides, Provider, Settings, edit, variable};
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::run::RunId;
use crate::provider::client::Client;
use crate::provider::probe::{self, Reached};
use crate::store::{Paths, shelf};
use std::sync::Arc;
use tokio::sync::{mpsc, oneshot};
use tokio::task::spawn_blocking;

/// A run that looks for its key.
pub(super) struct Asking {
    pub(super) run: RunId,
    pub(super) settings: Arc<Settings>,
    pub(super) keychain: Arc<Keychain>,
    pub(super) sender: mpsc::Sender<Msg>,
}

impl Asking {
    /// Where to send; the person is asked when the key was meant for another server.
    pub(super) async fn endpoint(
        &self,
        provider: &Provider,
        model: &str,
        agreed: oneshot::Receiver<Consent>,
    ) -> Result<Endpoint, Failure> {
        let ask = || self.keychain.endpoint(&self.settings, provider, model);
        let elsewhere = match ask().await {
            Err(Refusal::Elsewhere(elsewhere)) => elsewhere,
            found => return Ok(found?),
        };
        let question = RunFact::KeyElsewhere(elsewhere.question());
        let _gone = self.sender.send(Msg::Run(self.run, question)).await;
        if agreed.await != Ok(Consent::Given) {
            return Err(elsewhere.failure());
        }
        let keychain = self.keychain.clone();
        let allowed = spawn_blocking(move || keychain.allow(&elsewhere)).await;
        allowed.map_err(|_| broke_off())??;
        Ok(ask().await?)
    }
}

impl Runner {
    /// Does an errand of the dialog with this ticket; a new one ends the one before.
    pub(super) fn connect(&mut self, ticket: u64, errand: Errand) {
        let writing = matches!(errand, Errand::Write(..));
        if let Some(task) = self.connecting.take() {
            task.abort();
        }
        let desk = Desk {
            paths: self.paths.clone(),
            settings: self.settings.clone(),
            keychain: self.keychain.clone(),
            client: self.client.clone(),
        };
        let sender = self.sender.clone();
        let task = self.tasks.spawn(async move {
            let fact = match errand {
                Errand::Look => Fact::Found(desk.look().await),
                Errand::Try(trial) => Fact::Tried(desk.attempt(*trial).await),
                Errand::Write(trial, place) => Fact::Connected(desk.write(*trial, place).await),
                Errand::Stop => return,
            };
            let _closed = sender.send(Msg::Connect(ticket, fact)).await;
        });
        // What is being written is not to be stopped half way.
        self.connecting = Some(task).filter(|_| !writing);
        while self.tasks.try_join_next().is_some() {}
    }
}

/// Writes into the settings file that a provider is asked for this model.
pub(super) fn prefer(paths: &Paths, provider: &str, model: &str) -> Msg {
    Msg::Preferred(preferred(paths, provider, model).map(Box::new))
}

fn preferred(paths: &Paths, name: &str, model: &str) -> Result<Connected, Failure> {
    let addition = edit::Addition {
        name: name.to_owned(),
        model: Some(model.to_owned()),
        beside: true,
        ..edit::Addition::default()
    };
    let plan = plan(paths, &addition)?;
    if plan.before.as_deref() != Some(plan.after.as_str()) {
        shelf::save_config(paths, plan.before.as_deref(), &plan.after)?;
    }
    let settings = plan.settings;
    let next = settings.model_for(settings.provider(Some(name))?, None);
    let told = if next == model {
        format!("{name} is asked for {model} from now on")
    } else {
        format!(
            "{name} is asked for {model}; the next start asks it for {next}, which the environment names"
        )
    };
    Ok(Connected { settings, told })
}

/// What the errands need.
struct Desk {
    paths: Arc<Paths>,
    settings: Arc<Settings>,
    keychain: Arc<Keychain>,
    client: Arc<Client>,
}

impl Desk {
    /// Servers on this machine, and where keys come from.
    async fn look(&self) -> Found {
        let local = PRESETS.iter().filter(|preset| preset.is_local());
        let addresses: Vec<&str> = local.map(|preset| preset.base_url).collect();
        let (keychain, settings) = (self.keychain.clone(), self.settings.clone());
        let keys = spawn_blocking(move || {
            let all = settings.providers.values();
            let keys = all.filter_map(|provider| {
                let source = keychain.source(provider)?;
                Some((provider.name.clone(), shown(&source)))
            });
            keys.collect()
        });
        let nearby = probe::nearby(&self.client, &addresses).await;
        let keys = keys.await.unwrap_or_default();
        Found { nearby, keys }
    }

    /// Asks a server for its models, with settings as they would be.
    async fn attempt(&self, trial: Trial) -> Result<Option<Vec<String>>, Failure> {
        let paths = self.paths.clone();
        let (addition, key) = (trial.addition, trial.key);
        let name = addition.name.clone();
        let planned = spawn_blocking(move || Ok(plan(&paths, &addition)?.settings));
        let settings = planned.await.unwrap_or_else(|_| Err(broke_off()))?;
        let provider = settings.provider(Some(&name))?;
        let endpoint = self.keychain.trial(&settings, provider, key).await;
        let endpoint = endpoint.map_err(Failure::from)?;
        Ok(match probe::reach(&self.client, &endpoint).await? {
            Reached::Ready(models) => Some(models),
            Reached::Answers => None,
        })
    }

    /// Keeps the key, then writes the settings; so nothing is asked for without its key.
    async fn write(&self, trial: Trial, place: Place) -> Result<Box<Connected>, Failure> {
        let (paths, keychain) = (self.paths.clone(), self.keychain.clone());
        let work = spawn_blocking(move || {
            let Trial { addition, key } = trial;
            let Plan {
                before,
                after,
                settings,
            } = plan(&paths, &addition)?;
            let provider = settings.provider(Some(&addition.name))?;
            let kept = key.map(|key| keychain.keep(provider, key, place));
            let kept = kept.transpose()?;
            if before.as_deref() != Some(after.as_str()) {
                shelf::save_config(&paths, before.as_deref(), &after)?;
            }
            let first = keychain
                .source(provider)
                .filter(|first| kept.as_ref().is_some_and(|it| it != first));
            let told = told(&settings, provider, (kept.as_ref(), first.as_ref()));
            Ok(Box::new(Connected { settings, told }))
        });
        work.await.unwrap_or_else(|_| Err(broke_off()))
    }
}

/// The settings as they are now; a file that cannot be read blocks everything.
pub(super) fn settings(paths: &Paths) -> Msg {
    let shown = paths.config_file.display().to_string();
    let over = Overrides::default();
    let settings = match shelf::config(paths) {
        Ok(text) => {
            let file = text.as_deref().map(|text| (shown.as_str(), text));
            Settings::resolve(file, &variable, &over)
        }
        Err(failure) => Settings::resolve(None, &variable, &over).blocked(failure),
    };
    Msg::Settings(Box::new(settings))
}

/// The config file before and after a change, and the settings that follow from it.
struct Plan {
    before: Option<String>,
    after: String,
    settings: Settings,
}

fn plan(paths: &Paths, addition: &edit::Addition) -> Result<Plan, Failure> {
    let shown = paths.config_file.display().to_string();
    let before = shelf::config(paths)?;
    let after = edit::connect(&shown, before.as_deref(), addition)?;
    let file = Some((shown.as_str(), after.as_str()));
    let settings = Settings::resolve(file, &variable, &Overrides::default());
    if let Some(problem) = settings.problem {
        return Err(problem);
    }
    Ok(Plan {
        before,
        after,
        settings,
    })
}

/// What happened, as a line.
fn told(
    settings: &Settings,
    provider: &Provider,
    (kept, first): (Option<&Source>, Option<&Source>),
) -> String {
    let name = &provider.name;
    let asked = if settings.provider == *name {
        if settings.without_model(provider, None).is_some() {
            let model = if provider.takes_first() {
                "the first of its models, or the one you choose"
            } else {
                "choose one of its models"
            };
            format!("{name} is asked from now on; {model}")
        } else {
            let model = settings.model_for(provider, None);
            format!("{name} · {model} is asked from now on")
        }
    } else {
        let (whence, other) = (settings.provider_whence, &settings.provider);
        format!("{name} is set up, but {whence} names {other}, which goes first")
    };
    let asked = match kept {
        Some(Source::Typed) => {
            format!(
                "{asked}; set {} in your shell to keep its key",
                provider.key_env
            )
        }
        Some(source @ (Source::File(_) | Source::Keyring)) => {
            format!("{asked}; its key is in {source}")
        }
        _ => asked,
    };
    match first {
        // The key that was just given is not the one that is used.
        Some(first) => format!("{asked}, but {first} goes before it"),
        None => asked,
    }
}

/// A source in few words.
fn shown(source: &Source) -> String {
    match source {
        Source::File(_) => "a key file".to_owned(),
        other => other.to_string(),
    }
}

fn broke_off() -> Failure {
    Failure::new(FailureKind::Other, "connecting the provider broke off")
}
