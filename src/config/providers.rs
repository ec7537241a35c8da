//! Providers: the built-in ones and `[providers.NAME]` of the config file.
//!
//! A key is read from the environment when an endpoint is made, and belongs to that endpoint.

use crate::domain::endpoint::{Api, Endpoint, Host, Key};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::server::Server;
use indexmap::IndexMap;
use serde::Deserialize;
use std::time::Duration;

/// OpenAI's own base URL.
pub const OPENAI_BASE_URL: &str = "https://api.openai.com/v1";

/// `[providers.NAME]` as written in the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProviderTable {
    base_url: Option<String>,
    api: Option<Api>,
    server: Option<Server>,
    key_env: Option<String>,
    model: Option<String>,
    allow_http: bool,
    idle_timeout: Option<u64>,
    /// What the file says here that nobody understands.
    #[serde(skip)]
    pub(super) problem: Option<String>,
}

impl ProviderTable {
    /// What may stand in the table.
    pub(super) const KEYS: [&str; 7] = [
        "base_url",
        "api",
        "server",
        "key_env",
        "model",
        "allow_http",
        "idle_timeout",
    ];
}

/// A named endpoint, before its key is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provider {
    /// The name people use.
    pub name: String,
    /// Base URL; empty for the practice engine, which listens where it can.
    pub base_url: String,
    /// The API to speak.
    pub api: Api,
    /// Whose program answers there, when the base URL does not tell.
    pub server: Option<Server>,
    /// Environment variable that holds the key.
    pub key_env: String,
    /// The model to use here unless something else is asked for.
    pub model: Option<String>,
    /// Plain `http://` beyond loopback is allowed.
    pub allow_http: bool,
    /// Seconds without a byte after which a stream has failed.
    pub idle_timeout: u64,
    /// Why it must not be used: what the config file says of it is not understood.
    pub problem: Option<String>,
}

impl Provider {
    fn new(name: &str, base_url: &str, api: Api, key_env: &str) -> Self {
        Self {
            name: name.to_owned(),
            base_url: base_url.to_owned(),
            api,
            server: None,
            key_env: key_env.to_owned(),
            model: None,
            allow_http: false,
            idle_timeout: 60,
            problem: None,
        }
    }

    /// True for the engine inside the binary.
    pub fn is_practice(&self) -> bool {
        self.name == "practice" && self.base_url.is_empty()
    }

    /// True when it is known where to ask.
    pub(super) fn is_complete(&self) -> bool {
        !self.base_url.is_empty() || self.is_practice()
    }

    /// Scheme, host and port of the server: what a draft records. `None` for the practice engine.
    pub fn origin(&self) -> Option<String> {
        let url = url::Url::parse(&self.base_url).ok()?;
        Some(url.origin().ascii_serialization())
    }

    /// Where requests go, with the key that the environment holds for it.
    ///
    /// # Errors
    /// When there is a key that cannot be sent: asking without it would ask as somebody else.
    pub fn endpoint(&self, env: &dyn Fn(&str) -> Option<String>) -> Result<Endpoint, Failure> {
        let key = env(&self.key_env).filter(|text| !text.trim().is_empty());
        let key = key.map(|text| Key::new(&text)).transpose();
        let key = key.map_err(|fault| {
            let what = format!("the key in {} cannot be used", self.key_env);
            Failure::new(FailureKind::Usage, what)
                .why(fault.to_string())
                .advice(format!("set {} to the key alone", self.key_env))
        })?;
        Ok(Endpoint {
            provider: self.name.clone(),
            base_url: self.base_url.clone(),
            api: self.api,
            server: self.server,
            key,
            key_hint: format!("set {} to a key for {}", self.key_env, self.base_url),
            allow_http: self.allow_http,
            idle_timeout: Duration::from_secs(self.idle_timeout),
        })
    }

    /// What is odd about the key in the environment although it can be used.
    pub(super) fn key_note(&self, env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let text = env(&self.key_env)?;
        let key = Key::new(&text).ok()?;
        (key.expose() != text).then(|| {
            format!(
                "{} has blanks or quotes around the key; they are left out",
                self.key_env
            )
        })
    }
}

/// The built-in providers, overlaid by the environment and the file.
pub(super) fn known(
    tables: IndexMap<String, ProviderTable>,
    env: &dyn Fn(&str) -> Option<String>,
) -> IndexMap<String, Provider> {
    let base_url = env("OPENAI_BASE_URL").unwrap_or_else(|| OPENAI_BASE_URL.to_owned());
    let mut openai = Provider::new("openai", &base_url, api_of(&base_url), "OPENAI_API_KEY");
    openai.model = env("OPENAI_MODEL");
    let practice = Provider::new("practice", "", Api::Responses, "COPYDESK_PRACTICE_KEY");
    let mut all: IndexMap<String, Provider> = [openai, practice]
        .into_iter()
        .map(|provider| (provider.name.clone(), provider))
        .collect();
    for (name, table) in tables {
        let base = all
            .get(&name)
            .cloned()
            .unwrap_or_else(|| Provider::new(&name, "", Api::Chat, &key_name(&name)));
        all.insert(name, overlay(base, table));
    }
    all
}

fn overlay(mut provider: Provider, table: ProviderTable) -> Provider {
    if let Some(base_url) = table.base_url {
        provider.api = api_of(&base_url);
        provider.base_url = base_url;
    }
    provider.api = table.api.unwrap_or(provider.api);
    provider.server = table.server.or(provider.server);
    provider.key_env = table.key_env.unwrap_or(provider.key_env);
    provider.model = table.model.or(provider.model);
    provider.allow_http |= table.allow_http;
    provider.idle_timeout = table.idle_timeout.unwrap_or(provider.idle_timeout).max(1);
    provider.problem = table.problem;
    provider
}

/// OpenAI and Azure speak Responses, everybody else Chat Completions.
fn api_of(base_url: &str) -> Api {
    match Host::of(base_url) {
        Host::OpenAi | Host::Azure => Api::Responses,
        Host::Other => Api::Chat,
    }
}

/// `my-server` → `MY_SERVER_API_KEY`.
fn key_name(provider: &str) -> String {
    let upper = provider.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    });
    upper.chain("_API_KEY".chars()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_base_url_speaks_chat_unless_told_otherwise() {
        let env =
            |name: &str| (name == "OPENAI_BASE_URL").then(|| "http://127.0.0.1:1/v1".to_owned());
        assert_eq!(known(IndexMap::new(), &env)["openai"].api, Api::Chat);
        let table: IndexMap<String, ProviderTable> =
            toml::from_str("[openai]\napi = \"responses\"\n").unwrap();
        assert_eq!(known(table, &env)["openai"].api, Api::Responses);
    }

    #[test]
    fn a_named_provider_reads_its_own_key() {
        let table: IndexMap<String, ProviderTable> =
            toml::from_str("[my-server]\nbase_url = \"https://x.example/v1\"\n").unwrap();
        let all = known(table, &|_| None);
        assert_eq!(all["my-server"].key_env, "MY_SERVER_API_KEY");
        let env = |name: &str| (name == "MY_SERVER_API_KEY").then(|| " k\n".to_owned());
        let endpoint = all["my-server"].endpoint(&env).unwrap();
        assert_eq!(endpoint.key.unwrap().expose(), "k");
        let note = all["my-server"].key_note(&env);
        assert!(note.unwrap().starts_with("MY_SERVER_API_KEY has blanks"));
    }

    #[test]
    fn a_key_that_cannot_be_sent_is_refused_and_never_shown() {
        let all = known(IndexMap::new(), &|_| None);
        for (key, why) in [
            ("sk-one\nsk-two", "a line break"),
            ("sk-one sk-two", "a blank"),
            ("sk-schlüssel", "not a letter, digit or mark of ASCII"),
            ("\"\"", "nothing"),
        ] {
            let failure = all["openai"]
                .endpoint(&|name| (name == "OPENAI_API_KEY").then(|| key.to_owned()))
                .unwrap_err();
            let told = failure.to_string();
            assert!(
                told.contains("OPENAI_API_KEY") && told.contains(why),
                "{told}"
            );
            assert!(!told.contains("sk-"), "{told}");
        }
        let none = all["openai"].endpoint(&|_| Some(" \n".to_owned())).unwrap();
        assert!(none.key.is_none());
    }
}
