//! Keys: where the key of a provider comes from, in one order, and where it may go.
//!
//! A variable first, then the command of the config file, the keyring, the key file. A key that
//! was meant for one origin is not sent to another one before the person agreed. Never tells a
//! key, and never what a command printed.

mod authority;
mod source;

pub use source::{Elsewhere, Place, Refusal, Source};

use super::providers::{Provider, Whence, without_key};
use super::{Settings, key_command};
use crate::domain::endpoint::{Endpoint, Host, Key, origin_of};
use crate::domain::failure::{Failure, FailureKind};
use crate::provider::client;
use crate::store::secrets::{self, Stored};
use crate::store::{Paths, keyring};
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::task::spawn_blocking;

/// A key that was found.
struct Found {
    key: Key,
    source: Source,
    /// The origin it belongs to, if it belongs to one.
    belongs_to: Option<String>,
}

/// Looks a variable of the environment up.
type Environment = dyn Fn(&str) -> Option<String> + Send + Sync;

/// Looks for keys, and remembers what a person would not want to be asked twice.
pub struct Keychain {
    paths: Arc<Paths>,
    env: Box<Environment>,
    known: Mutex<Known>,
}

/// What is remembered until the process ends.
#[derive(Default)]
struct Known {
    /// Keys that were typed in, by provider, with the origin they were typed for.
    typed: HashMap<String, Stored>,
    /// What commands printed.
    printed: HashMap<Vec<String>, Key>,
    /// Servers that a person let the key of a provider go to.
    allowed: HashSet<(String, String)>,
}

impl fmt::Debug for Keychain {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Keychain(…)")
    }
}

impl Keychain {
    /// A keychain that has looked for nothing yet.
    pub fn new(
        paths: Arc<Paths>,
        env: impl Fn(&str) -> Option<String> + Send + Sync + 'static,
    ) -> Self {
        Self {
            paths,
            env: Box::new(env),
            known: Mutex::default(),
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // What a panicking thread left is as good as before.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where the key of a provider would come from. Runs no command and asks no keyring.
    pub fn source(&self, provider: &Provider) -> Option<Source> {
        if self.known().typed.contains_key(&provider.name) {
            return Some(Source::Typed);
        }
        if self.variable(&provider.key_env).is_some() {
            return Some(Source::Variable(provider.key_env.clone()));
        }
        if let Some(program) = provider.key_command.first() {
            return Some(Source::Command(program.clone()));
        }
        let name = &provider.name;
        secrets::exists(&self.paths, name).then(|| Source::File(secrets::path(&self.paths, name)))
    }

    /// The same with the keyring, which is asked when nothing before it has a key. It may take
    /// three seconds.
    ///
    /// # Errors
    /// When the keyring fails and no file has a key either.
    pub fn asked_source(&self, provider: &Provider) -> Result<Option<Source>, Failure> {
        let known = self.source(provider);
        if !keyring::IS_BUILT_IN || !matches!(known, None | Some(Source::File(_))) {
            return Ok(known);
        }
        match keyring::look(&provider.name) {
            Ok(Some(_)) => Ok(Some(Source::Keyring)),
            Err(failure) if known.is_none() => Err(failure),
            Ok(None) | Err(_) => Ok(known),
        }
    }

    /// Whether there is a key. Runs no command, and asks the keyring only when nothing else has one.
    pub fn holds(&self, provider: &Provider) -> bool {
        self.source(provider).is_some() || matches!(keyring::load(&provider.name), Ok(Some(_)))
    }

    /// Whether the key that [`Self::source`] names could be sent, as far as that can be seen
    /// without running a command.
    ///
    /// # Errors
    /// When it cannot be used, or belongs to another server.
    pub fn look(&self, provider: &Provider) -> Result<(), Failure> {
        let found = if let Some(text) = self.variable(&provider.key_env) {
            Some(of_variable(provider, &text)?)
        } else if provider.key_command.is_empty() {
            in_file(&self.paths, &provider.name)?
        } else {
            None
        };
        if let Some(found) = found {
            self.admitted(provider, found)?;
        }
        self.authority(provider).map(drop)
    }

    fn variable(&self, name: &str) -> Option<String> {
        (self.env)(name).filter(|text| !text.trim().is_empty())
    }

    /// Where requests for `model` go, with the key that belongs there.
    ///
    /// # Errors
    /// When the address, the key or an authority cannot be used, or when the key belongs to
    /// another server and nobody agreed yet.
    pub async fn endpoint(
        &self,
        settings: &Settings,
        provider: &Provider,
        model: &str,
    ) -> Result<Endpoint, Refusal> {
        let bare = provider.endpoint(model, None, None);
        if provider.is_practice() {
            return Ok(bare);
        }
        // Where nothing may be sent, no key is looked for.
        client::url(&bare)?;
        let key = match self.find(settings, provider).await? {
            Some(found) => Some(self.admitted(provider, found)?),
            None if provider.needs_key() => return Err(without_key(provider).into()),
            None => None,
        };
        let authority = self.authority(provider)?;
        Ok(provider.endpoint(model, key, authority))
    }

    /// The same with a key that a person has just typed for this server, if it asks for one.
    ///
    /// # Errors
    /// When address, key or authority cannot be used.
    pub async fn trial(
        &self,
        settings: &Settings,
        provider: &Provider,
        typed: Option<Key>,
    ) -> Result<Endpoint, Refusal> {
        let Some(key) = typed else {
            return self.endpoint(settings, provider, "").await;
        };
        client::url(&provider.endpoint("", None, None))?;
        let authority = self.authority(provider)?;
        Ok(provider.endpoint("", Some(key), authority))
    }

    async fn find(
        &self,
        settings: &Settings,
        provider: &Provider,
    ) -> Result<Option<Found>, Failure> {
        let typed = self.known().typed.get(&provider.name).cloned();
        if let Some(typed) = typed {
            return Ok(Some(of_stored(typed, Source::Typed)));
        }
        if let Some(text) = self.variable(&provider.key_env) {
            return of_variable(provider, &text).map(Some);
        }
        if let Some(program) = provider.key_command.first() {
            let key = self.printed(settings, &provider.key_command).await?;
            return Ok(Some(Found {
                key,
                source: Source::Command(program.clone()),
                belongs_to: provider.home.clone(),
            }));
        }
        let (paths, name) = (Arc::clone(&self.paths), provider.name.clone());
        let looked = spawn_blocking(move || stored(&paths, &name)).await;
        looked.unwrap_or_else(|_| {
            Err(Failure::new(
                FailureKind::Other,
                "the search for a key broke off",
            ))
        })
    }

    async fn printed(&self, settings: &Settings, words: &[String]) -> Result<Key, Failure> {
        let known = self.known().printed.get(words).cloned();
        if let Some(key) = known {
            return Ok(key);
        }
        let secrets = settings.secret_variables();
        let key = key_command::ask(words, &secrets, key_command::PATIENCE).await?;
        self.known().printed.insert(words.to_vec(), key.clone());
        Ok(key)
    }

    /// The key, if it may go where the provider is now.
    fn admitted(&self, provider: &Provider, found: Found) -> Result<Key, Refusal> {
        let wanted = provider.origin().unwrap_or_default();
        let belongs_to = found.belongs_to.filter(|origin| *origin != wanted);
        let Some(belongs_to) = belongs_to else {
            return Ok(found.key);
        };
        let pair = (provider.name.clone(), wanted);
        if self.known().allowed.contains(&pair) {
            return Ok(found.key);
        }
        let (provider, wanted) = pair;
        Err(Refusal::Elsewhere(Box::new(Elsewhere {
            provider,
            source: found.source,
            belongs_to,
            wanted,
        })))
    }

    /// Lets a key go where it was not meant to go: the person agreed. What is kept on disk belongs
    /// there from now on; for anything else it holds as long as this process runs.
    ///
    /// # Errors
    /// When the new origin cannot be written down.
    pub fn allow(&self, elsewhere: &Elsewhere) -> Result<(), Failure> {
        let Elsewhere {
            provider, wanted, ..
        } = elsewhere;
        let moved = |stored: Option<Stored>| {
            stored.map(|stored| Stored {
                origin: wanted.clone(),
                ..stored
            })
        };
        match &elsewhere.source {
            Source::File(_) => {
                if let Some(stored) = moved(secrets::load(&self.paths, provider)?) {
                    secrets::save(&self.paths, provider, &stored)?;
                }
            }
            Source::Keyring => {
                if let Some(stored) = moved(keyring::load(provider)?) {
                    keyring::save(provider, &stored)?;
                }
            }
            Source::Variable(_) | Source::Command(_) | Source::Typed => {}
        }
        let pair = (provider.clone(), wanted.clone());
        self.known().allowed.insert(pair);
        Ok(())
    }

    /// Keeps a key that was typed in. Returns where it is now.
    ///
    /// # Errors
    /// When it cannot be kept there.
    pub fn keep(&self, provider: &Provider, key: Key, place: Place) -> Result<Source, Failure> {
        let name = &provider.name;
        let origin = provider.origin().unwrap_or_default();
        let stored = Stored { origin, key };
        match place {
            Place::File => {
                let path = secrets::save(&self.paths, name, &stored)?;
                // An older one there would go before it.
                keyring::forget(name);
                Ok(Source::File(path))
            }
            Place::Keyring => keyring::save(name, &stored).map(|()| Source::Keyring),
            Place::Nowhere => {
                self.known().typed.insert(name.clone(), stored);
                Ok(Source::Typed)
            }
        }
    }
}

/// The key in a provider's variable.
fn of_variable(provider: &Provider, text: &str) -> Result<Found, Failure> {
    let name = &provider.key_env;
    let key = Key::new(text).map_err(|fault| {
        Failure::new(
            FailureKind::Usage,
            format!("the key in {name} cannot be used"),
        )
        .why(fault.to_string())
        .advice(format!("set {name} to the key alone"))
    })?;
    Ok(Found {
        key,
        source: Source::Variable(name.clone()),
        belongs_to: owner_of_variable(provider),
    })
}

/// The origin that the key in a provider's usual variable is for: that of the preset, unless the
/// person named the variable, or gave the address beside it in the environment.
fn owner_of_variable(provider: &Provider) -> Option<String> {
    let preset = provider
        .preset
        .filter(|preset| !preset.base_url.is_empty())?;
    let usual = provider.whence("key_env") == Whence::BuiltIn;
    if !usual || provider.whence("base_url") != Whence::File {
        return None;
    }
    // The regions of OpenAI take the same keys.
    let hosts = [preset.base_url, provider.base_url.as_str()].map(Host::of);
    let same = hosts == [Host::OpenAi; 2] && provider.base_url.starts_with("https:");
    origin_of(preset.base_url).filter(|_| !same)
}

/// What keyring or key file hold for a provider.
fn stored(paths: &Paths, name: &str) -> Result<Option<Found>, Failure> {
    first_of(keyring::load(name), || in_file(paths, name))
}

/// What a keyring holds, else what the file does. A keyring that fails is told only when the file
/// has no key either.
fn first_of(
    keyring: Result<Option<Stored>, Failure>,
    file: impl FnOnce() -> Result<Option<Found>, Failure>,
) -> Result<Option<Found>, Failure> {
    match keyring {
        Ok(Some(stored)) => Ok(Some(of_stored(stored, Source::Keyring))),
        Ok(None) => file(),
        Err(failure) => file()?.map_or(Err(failure), |found| Ok(Some(found))),
    }
}

fn in_file(paths: &Paths, name: &str) -> Result<Option<Found>, Failure> {
    let stored = secrets::load(paths, name)?;
    let path = secrets::path(paths, name);
    Ok(stored.map(|stored| of_stored(stored, Source::File(path))))
}

fn of_stored(stored: Stored, source: Source) -> Found {
    Found {
        key: stored.key,
        source,
        belongs_to: Some(stored.origin),
    }
}

#[cfg(test)]
mod tests;
