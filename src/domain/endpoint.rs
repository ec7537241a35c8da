//! Where a request goes: base URL, API spoken there, and the key that belongs to it.

use super::server::Server;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::time::Duration;
use thiserror::Error;

/// Which of the two OpenAI text APIs a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Api {
    /// `POST /responses`.
    Responses,
    /// `POST /chat/completions`.
    Chat,
}

/// An API key. Its text never reaches `Debug`, a log, a draft or an error.
#[derive(Clone)]
pub struct Key(SecretString);

/// Why a text is no key. Never holds any of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeyFault {
    /// Nothing but blanks and quotes.
    #[error("it holds nothing")]
    Empty,
    /// Perhaps two keys, or a key and something else.
    #[error("it holds a line break in its middle")]
    LineBreak,
    /// Perhaps a whole header.
    #[error("it holds a blank in its middle")]
    Blank,
    /// Something that no header can carry.
    #[error("it holds a character that is not a letter, digit or mark of ASCII")]
    Strange,
}

impl Key {
    /// Takes a key, trimming stray white space and surrounding quotes.
    ///
    /// # Errors
    /// When nothing is left, or something that cannot stand in a header.
    pub fn new(text: &str) -> Result<Self, KeyFault> {
        let text = text.trim().trim_matches(['"', '\'']).trim();
        if text.is_empty() {
            return Err(KeyFault::Empty);
        }
        match text.chars().find(|c| !c.is_ascii_graphic()) {
            None => Ok(Self(SecretString::from(text))),
            Some('\n' | '\r') => Err(KeyFault::LineBreak),
            Some(' ' | '\t') => Err(KeyFault::Blank),
            Some(_) => Err(KeyFault::Strange),
        }
    }

    /// The key's text, for the `Authorization` header and nowhere else.
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Key(…)")
    }
}

/// A provider, resolved and ready to be called.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// The provider's name in the config.
    pub provider: String,
    /// Base URL, with the version path (`https://api.openai.com/v1`).
    pub base_url: String,
    /// The API spoken there.
    pub api: Api,
    /// Whose program answers there, when the base URL does not tell.
    pub server: Option<Server>,
    /// The key, if one is set; local servers need none.
    pub key: Option<Key>,
    /// Where the key is to be put when it is missing, for advice ("set OPENAI_API_KEY").
    pub key_hint: String,
    /// Plain `http://` beyond loopback is allowed.
    pub allow_http: bool,
    /// A stream without any byte for this long has failed.
    pub idle_timeout: Duration,
}

/// Whose server a base URL names. Each is to be spoken to in its own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host {
    /// OpenAI itself, in any region.
    OpenAi,
    /// OpenAI's models at Azure.
    Azure,
    /// Anybody else.
    Other,
}

impl Host {
    /// The host of a base URL; one that cannot be read is anybody's.
    pub fn of(base_url: &str) -> Self {
        let url = url::Url::parse(base_url.trim()).ok();
        match url.as_ref().and_then(url::Url::host_str) {
            Some(host) if host == "api.openai.com" || host.ends_with(".api.openai.com") => {
                Self::OpenAi
            }
            Some(host) if host.ends_with(".openai.azure.com") => Self::Azure,
            _ => Self::Other,
        }
    }
}

impl Endpoint {
    /// Whose server this is.
    pub fn host(&self) -> Host {
        Host::of(&self.base_url)
    }

    /// Whose program answers there, as far as that is known.
    pub fn server(&self) -> Server {
        self.server.unwrap_or_else(|| Server::of(&self.base_url))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_known_by_its_whole_name() {
        for (base_url, host) in [
            ("https://api.openai.com/v1", Host::OpenAi),
            ("https://eu.api.openai.com/v1", Host::OpenAi),
            ("https://acme.openai.azure.com/openai/v1", Host::Azure),
            ("https://api.openai.com.evil.example/v1", Host::Other),
            ("https://notapi.openai.com/v1", Host::Other),
            ("http://127.0.0.1:1/v1", Host::Other),
            ("", Host::Other),
        ] {
            assert_eq!(Host::of(base_url), host, "{base_url}");
        }
    }
}
