//! Where keys come from and are kept, and the words for a key that belongs somewhere else.

use crate::domain::failure::{Failure, FailureKind};
use crate::store::keyring;
use std::fmt;
use std::path::PathBuf;

/// Where a key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A variable of the environment.
    Variable(String),
    /// The command of the config file, by its first word.
    Command(String),
    /// The keyring of the system.
    Keyring,
    /// A key file.
    File(PathBuf),
    /// It was typed in, for as long as this studio runs.
    Typed,
}

impl fmt::Display for Source {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable(name) => out.write_str(name),
            Self::Command(program) => write!(out, "key_command `{program}`"),
            Self::Keyring => out.write_str(keyring::PLACE),
            Self::File(path) => write!(out, "{}", path.display()),
            Self::Typed => out.write_str("what was typed in"),
        }
    }
}

/// Where a key that was typed in is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// In a file that only its owner can read.
    File,
    /// In the keyring of the system.
    Keyring,
    /// Nowhere: this studio knows it until it ends.
    Nowhere,
}

/// A key that is meant for another server than the one it would go to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Elsewhere {
    /// The provider.
    pub provider: String,
    /// Where the key comes from.
    pub source: Source,
    /// The origin it belongs to.
    pub belongs_to: String,
    /// The origin it would go to.
    pub wanted: String,
}

impl Elsewhere {
    /// What a person is asked.
    pub fn question(&self) -> String {
        format!("{}. Send it to {}?", self.told(), self.wanted)
    }

    fn told(&self) -> String {
        let Self {
            provider,
            source,
            belongs_to,
            ..
        } = self;
        match source {
            Source::Variable(name) => format!("{name} holds a key for {belongs_to}"),
            Source::Command(_) => format!("the key_command of {provider} is for {belongs_to}"),
            _ => format!("the key of {provider} was saved for {belongs_to}"),
        }
    }

    /// The same for whom nobody can ask.
    pub fn failure(&self) -> Failure {
        let Self {
            provider, wanted, ..
        } = self;
        let advice = match &self.source {
            Source::Variable(name) => format!(
                "name the variable of the right key as key_env in [providers.{provider}]; {name} itself, if that server is to get it"
            ),
            Source::Command(_) => format!("give {wanted} a provider of its own"),
            Source::File(path) => format!(
                "connect {provider} again in the studio, or remove {}",
                path.display()
            ),
            Source::Keyring | Source::Typed => format!("connect {provider} again in the studio"),
        };
        let what = format!("{}, and is not sent to {wanted}", self.told());
        Failure::new(FailureKind::Usage, what).advice(advice)
    }
}

/// Why there is no endpoint.
#[derive(Debug)]
pub enum Refusal {
    /// It cannot be used.
    Failure(Failure),
    /// The person has to agree first.
    Elsewhere(Box<Elsewhere>),
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Failure(failure) => failure,
            Refusal::Elsewhere(elsewhere) => elsewhere.failure(),
        }
    }
}
