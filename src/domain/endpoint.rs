//! Where a request goes: base URL, API spoken there, the key that belongs to it, and how the
//! connection is made.

use super::server::Server;
use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::sync::Arc;
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

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Key {}

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
    /// How the connection is made, and what goes with every request.
    pub route: Route,
}

/// How a server is connected to, and what every request to it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    /// How long a connection may take.
    pub connect_timeout: Duration,
    /// Whom to trust beside the authorities of the system.
    pub authority: Option<Authority>,
    /// The header that holds the key.
    pub key_header: KeyHeader,
    /// Headers that name an account, such as `OpenAI-Organization`; never a key.
    pub headers: Vec<(&'static str, String)>,
}

impl Default for Route {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(10),
            authority: None,
            key_header: KeyHeader::Authorization,
            headers: Vec::new(),
        }
    }
}

/// The header that a key is sent in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyHeader {
    /// `Authorization: Bearer KEY`.
    #[default]
    Authorization,
    /// `api-key: KEY`, as Azure has it.
    ApiKey,
}

impl KeyHeader {
    /// How it is written in the config file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Authorization => "authorization",
            Self::ApiKey => "api-key",
        }
    }
}

/// Certificates of an authority that a person chose to trust.
#[derive(Clone, PartialEq, Eq)]
pub struct Authority {
    /// Where they were read, for messages.
    pub path: String,
    /// The certificates, as PEM.
    pub pem: Arc<[u8]>,
}

impl fmt::Debug for Authority {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "Authority({})", self.path)
    }
}

/// Scheme, host and port of a URL: what a key belongs to. `None` when it is no web address.
pub fn origin_of(url: &str) -> Option<String> {
    let url = url::Url::parse(url.trim()).ok()?;
    matches!(url.scheme(), "http" | "https").then(|| url.origin().ascii_serialization())
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

/// Domains of Azure that serve OpenAI's models.
const AZURE: [&str; 3] = [
    ".openai.azure.com",
    ".services.ai.azure.com",
    ".cognitiveservices.azure.com",
];

impl Host {
    /// The host of a base URL; one that cannot be read is anybody's.
    pub fn of(base_url: &str) -> Self {
        let url = url::Url::parse(base_url.trim()).ok();
        match url.as_ref().and_then(url::Url::host_str) {
            Some(host) if host == "api.openai.com" || host.ends_with(".api.openai.com") => {
                Self::OpenAi
            }
            Some(host) if AZURE.iter().any(|domain| host.ends_with(domain)) => Self::Azure,
            _ => Self::Other,
        }
    }
}

impl Endpoint {
    /// An address alone: no provider, no key, no leave for clear text.
    pub fn at(base_url: &str, api: Api) -> Self {
        Self {
            provider: String::new(),
            base_url: base_url.to_owned(),
            api,
            server: None,
            key: None,
            key_hint: String::new(),
            allow_http: false,
            idle_timeout: Duration::from_secs(60),
            route: Route::default(),
        }
    }

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
    fn an_origin_is_scheme_host_and_port_and_nothing_else() {
        for (url, origin) in [
            ("https://api.openai.com/v1", Some("https://api.openai.com")),
            (
                "https://API.openai.com:443/",
                Some("https://api.openai.com"),
            ),
            (
                "http://localhost:8080/v1?a=b",
                Some("http://localhost:8080"),
            ),
            ("file:///etc/passwd", None),
            ("x", None),
        ] {
            assert_eq!(origin_of(url).as_deref(), origin, "{url}");
        }
    }

    #[test]
    fn a_host_is_known_by_its_whole_name() {
        for (base_url, host) in [
            ("https://api.openai.com/v1", Host::OpenAi),
            ("https://eu.api.openai.com/v1", Host::OpenAi),
            ("https://acme.openai.azure.com/openai/v1", Host::Azure),
            ("https://acme.services.ai.azure.com/openai/v1", Host::Azure),
            ("https://acme.openai.azure.com.evil.example/v1", Host::Other),
            ("https://api.openai.com.evil.example/v1", Host::Other),
            ("https://notapi.openai.com/v1", Host::Other),
            ("http://127.0.0.1:1/v1", Host::Other),
            ("", Host::Other),
        ] {
            assert_eq!(Host::of(base_url), host, "{base_url}");
        }
    }
}
