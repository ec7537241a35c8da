//! Where a request goes: base URL, API spoken there, and the key that belongs to it.

use secrecy::{ExposeSecret, SecretString};
use std::fmt;
use std::time::Duration;

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

impl Key {
    /// Takes a key, trimming stray white space and surrounding quotes.
    ///
    /// `None` when nothing is left, or when a character is not visible ASCII (such a key cannot
    /// stand in a header).
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim().trim_matches(['"', '\'']).trim();
        let visible = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic());
        visible.then(|| Self(SecretString::from(text)))
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
    /// The key, if one is set; local servers need none.
    pub key: Option<Key>,
    /// Where the key is to be put when it is missing, for advice ("set OPENAI_API_KEY").
    pub key_hint: String,
    /// Plain `http://` beyond loopback is allowed.
    pub allow_http: bool,
    /// A stream without any byte for this long has failed.
    pub idle_timeout: Duration,
}

impl Endpoint {
    /// True when this is OpenAI itself or Azure, which know fields that others refuse.
    pub fn is_openai(&self) -> bool {
        let host = url::Url::parse(&self.base_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        host.is_some_and(|host| {
            host == "api.openai.com"
                || host.ends_with(".api.openai.com")
                || host.ends_with(".openai.azure.com")
        })
    }
}
