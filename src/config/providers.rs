//! Providers: the presets, `[providers.NAME]` of the config file, and what the environment changes.
//!
//! A provider knows where requests go and where its key is looked for, never the key itself.

mod overlay;

pub(super) use overlay::known;

use super::presets::{Need, Preset};
use crate::domain::endpoint::{Api, Authority, Endpoint, Host, Key, KeyHeader, Route, origin_of};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::Place;
use crate::domain::server::{Server, is_loopback, is_near};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;
use std::time::Duration;

/// Seconds that `connect_timeout` may be.
pub(super) const CONNECT: RangeInclusive<u64> = 1..=120;
/// Seconds that `idle_timeout` may be.
pub(super) const IDLE: RangeInclusive<u64> = 1..=86_400;

/// `[providers.NAME]` as written in the file.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct ProviderTable {
    pub(super) preset: Option<String>,
    pub(super) base_url: Option<String>,
    pub(super) resource: Option<String>,
    pub(super) api_version: Option<String>,
    pub(super) api: Option<Api>,
    pub(super) server: Option<Server>,
    pub(super) model: Option<String>,
    pub(super) key_env: Option<String>,
    pub(super) key_command: Option<Vec<String>>,
    pub(super) key_header: Option<KeyHeader>,
    pub(super) allow_http: Option<bool>,
    pub(super) ca_file: Option<String>,
    pub(super) connect_timeout: Option<u64>,
    pub(super) idle_timeout: Option<u64>,
    /// What the file says here that nobody understands.
    #[serde(skip)]
    pub(super) problem: Option<String>,
}

impl ProviderTable {
    /// What may stand in the table.
    pub(super) const KEYS: [&str; 14] = [
        "preset",
        "base_url",
        "resource",
        "api_version",
        "api",
        "server",
        "model",
        "key_env",
        "key_command",
        "key_header",
        "allow_http",
        "ca_file",
        "connect_timeout",
        "idle_timeout",
    ];
}

/// Where the value of a setting came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whence {
    /// It comes with Copydesk.
    BuiltIn,
    /// The config file.
    File,
    /// This variable of the environment.
    Variable(&'static str),
    /// A flag of the command.
    Flag,
    /// It follows from the base URL.
    BaseUrl,
    /// It follows from the provider's name.
    Name,
}

impl fmt::Display for Whence {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::BuiltIn => "built in",
            Self::File => "config.toml",
            Self::Variable(name) => name,
            Self::Flag => "a flag",
            Self::BaseUrl => "the base URL",
            Self::Name => "the provider's name",
        })
    }
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
    /// The command that prints the key, by its words.
    pub key_command: Vec<String>,
    /// The header that holds the key.
    pub key_header: KeyHeader,
    /// The model to use here unless something else is asked for.
    pub model: Option<String>,
    /// Version of Azure's older API, in which the model is the name of a deployment.
    pub api_version: Option<String>,
    /// Plain `http://` beyond loopback is allowed.
    pub allow_http: bool,
    /// A file of certificates to trust beside those of the system.
    pub ca_file: Option<String>,
    /// Seconds that a connection may take.
    pub connect_timeout: u64,
    /// Seconds without a byte after which a stream has failed.
    pub idle_timeout: u64,
    /// Headers that name an account.
    pub headers: Vec<(&'static str, String)>,
    /// The preset it is made from.
    pub preset: Option<&'static Preset>,
    /// Why it must not be used: what the config file says of it is not understood.
    pub problem: Option<String>,
    /// The origin that preset or file give; the environment may name another one.
    pub(super) home: Option<String>,
    whence: BTreeMap<&'static str, Whence>,
}

impl Provider {
    fn new(name: &str, preset: Option<&'static Preset>) -> Self {
        let key_env = preset.map_or_else(|| key_name(name), |it| it.key_env.to_owned());
        let mut provider = Self {
            name: name.to_owned(),
            base_url: String::new(),
            api: preset.map_or(Api::Chat, |it| it.api),
            server: None,
            key_env,
            key_command: Vec::new(),
            key_header: preset.map_or(KeyHeader::Authorization, |it| it.key_header),
            model: None,
            api_version: None,
            allow_http: false,
            ca_file: None,
            connect_timeout: 10,
            idle_timeout: 60,
            headers: Vec::new(),
            preset,
            problem: None,
            home: None,
            whence: BTreeMap::new(),
        };
        if preset.is_none() {
            provider.whence.insert("key_env", Whence::Name);
        }
        if let Some(preset) = preset {
            provider.move_to(preset.base_url, Whence::BuiltIn);
            provider.api = preset.api;
            provider.key_header = preset.key_header;
        }
        provider
    }

    /// True for the engine inside the binary.
    pub fn is_practice(&self) -> bool {
        self.name == "practice" && self.base_url.is_empty()
    }

    /// True when its server answers only to ids of its own, so that a model has to be named.
    /// Whoever stands in for OpenAI has OpenAI's.
    pub(super) fn names_its_models(&self) -> bool {
        if self.takes_first() {
            return true;
        }
        let server = self.server.unwrap_or_else(|| Server::of(&self.base_url));
        let stands_in = self
            .preset
            .is_some_and(|it| matches!(it.name, "openai" | "azure"));
        match server {
            Server::OpenAi | Server::Azure | Server::LlamaCpp | Server::LmStudio => false,
            Server::Other => {
                let url = url::Url::parse(self.base_url.trim());
                !stands_in && !url.is_ok_and(|url| is_near(&url))
            }
            // The port alone says little about what stands in for OpenAI on this machine.
            Server::Ollama | Server::Vllm if self.server.is_none() => !stands_in,
            _ => true,
        }
    }

    /// Whether its server is one's own program with the models that were put there, so that the
    /// first of them is a fair guess when nobody names one. What stands in for a vendor is not,
    /// but for OpenAI where `OPENAI_BASE_URL` leads to this machine or to the usual port of such a
    /// program: what is there has models of its own, and none of OpenAI's.
    pub fn takes_first(&self) -> bool {
        let own = |server: Server| {
            matches!(
                server,
                Server::Ollama | Server::LlamaCpp | Server::LmStudio | Server::Vllm
            )
        };
        match (self.server, self.preset) {
            (Some(server), _) if server != Server::Other => own(server),
            (_, Some(preset)) if preset.name != "openai" => preset.is_local(),
            _ => own(Server::of(&self.base_url)) || self.is_anybody_here(),
        }
    }

    /// Whether it can be asked for any model although it tells none: nobody knows what runs there,
    /// on this machine, and small servers often tell no models and take any name.
    pub fn takes_any(&self) -> bool {
        self.takes_first() && self.is_anybody_here()
    }

    fn is_anybody_here(&self) -> bool {
        if self.preset.is_some_and(|preset| preset.name != "openai") {
            return false;
        }
        let server = self.server.unwrap_or_else(|| Server::of(&self.base_url));
        let url = url::Url::parse(self.base_url.trim());
        server == Server::Other && url.is_ok_and(|url| is_loopback(&url))
    }

    /// The vendor whose models the table has, as long as the provider points there.
    pub fn vendor(&self) -> Option<&'static str> {
        if Host::of(&self.base_url) != Host::Other {
            return Some("openai");
        }
        let preset = self.preset?;
        (origin_of(preset.base_url) == self.origin()).then_some(preset.name)
    }

    /// Where it is, as far as prices depend on that.
    pub fn place(&self) -> Place {
        Place::of(&self.base_url, self.server)
    }

    /// True when it is known where to ask.
    pub(super) fn is_complete(&self) -> bool {
        !self.base_url.is_empty() || self.is_practice()
    }

    /// True when the config file or the environment says anything about it.
    pub fn is_set_up(&self) -> bool {
        let set = |whence: &Whence| matches!(whence, Whence::File | Whence::Variable(_));
        self.problem.is_some() || self.whence.values().any(set)
    }

    /// Where a setting of it came from, by its name in the file.
    pub fn whence(&self, setting: &str) -> Whence {
        self.whence.get(setting).copied().unwrap_or(Whence::BuiltIn)
    }

    /// Scheme, host and port of the server: what a key belongs to and a draft records. `None` for
    /// the practice engine.
    pub fn origin(&self) -> Option<String> {
        origin_of(&self.base_url)
    }

    /// True when its server is known to want a key, because it is the one of its preset.
    pub fn needs_key(&self) -> bool {
        let Some(preset) = self.preset.filter(|preset| preset.need == Need::Key) else {
            return false;
        };
        if preset.base_url.is_empty() {
            return Host::of(&self.base_url) == Host::Azure;
        }
        self.origin() == origin_of(preset.base_url) || Host::of(&self.base_url) == Host::OpenAi
    }

    /// What to do when there is no key.
    pub fn key_hint(&self) -> String {
        format!("set {} to a key for {}", self.key_env, self.base_url)
    }

    /// What is odd about the key in the environment although it can be used.
    pub(super) fn key_note(&self, env: &dyn Fn(&str) -> Option<String>) -> Option<String> {
        let text = env(&self.key_env)?;
        let key = Key::new(&text).ok()?;
        let name = &self.key_env;
        (key.expose() != text)
            .then(|| format!("{name} has blanks or quotes around the key; they are left out"))
    }

    /// Where requests for `model` go, with a key and an authority that were looked for.
    pub fn endpoint(
        &self,
        model: &str,
        key: Option<Key>,
        authority: Option<Authority>,
    ) -> Endpoint {
        Endpoint {
            provider: self.name.clone(),
            base_url: self.base_url_for(model),
            api: self.api,
            server: self.server,
            key,
            key_hint: self.key_hint(),
            allow_http: self.allow_http,
            idle_timeout: Duration::from_secs(self.idle_timeout),
            route: Route {
                connect_timeout: Duration::from_secs(self.connect_timeout),
                authority,
                key_header: self.key_header,
                headers: self.headers.clone(),
            },
        }
    }

    /// The base URL, which at Azure may hold the version, and the model as a deployment.
    fn base_url_for(&self, model: &str) -> String {
        let parsed = url::Url::parse(&self.base_url).ok();
        let (Some(mut url), Some(version)) = (parsed, &self.api_version) else {
            return self.base_url.clone();
        };
        let by_deployment = self.api == Api::Chat && url.path().ends_with("/openai");
        if by_deployment && let Ok(mut path) = url.path_segments_mut() {
            path.extend(["deployments", model]);
        }
        if !url.query_pairs().any(|(name, _)| name == "api-version") {
            url.query_pairs_mut().append_pair("api-version", version);
        }
        url.into()
    }
}

/// The variable that holds the key of a provider without a preset: `my-server` → `MY_SERVER_API_KEY`.
pub fn key_name(provider: &str) -> String {
    let upper = provider.chars().map(|c| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_uppercase()
        } else {
            '_'
        }
    });
    upper.chain("_API_KEY".chars()).collect()
}

/// The failure of a provider that has no key although its server wants one.
pub(super) fn without_key(provider: &Provider) -> Failure {
    Failure::new(
        FailureKind::Usage,
        format!("provider {} has no key", provider.name),
    )
    .advice(format!(
        "{}, or use \"Connect\" in the studio",
        provider.key_hint()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::presets::PRESETS;
    use indexmap::IndexMap;

    fn all(text: &str, env: &[(&str, &str)]) -> IndexMap<String, Provider> {
        let env = |name: &str| {
            let found = env.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        known(toml::from_str(text).unwrap(), &env)
    }

    fn url_of(text: &str, env: &[(&str, &str)], name: &str) -> (String, Api, KeyHeader) {
        let provider = &all(text, env)[name];
        let endpoint = provider.endpoint("my gpt", None, None);
        (endpoint.base_url, endpoint.api, endpoint.route.key_header)
    }

    #[test]
    fn what_the_file_allows_its_server_is_not_allowed_to_the_one_of_the_environment() {
        let named = "base_url = \"http://near.lan/v1\"\n";
        let more = "allow_http = true\nserver = \"ollama\"\n";
        let openai = |table: &str, url: &str| {
            let env = [("OPENAI_BASE_URL", url)];
            all(&format!("[openai]\n{table}"), &env)["openai"].clone()
        };
        let moved = openai(&format!("{named}{more}"), "http://far.example/v1");
        assert_eq!((moved.allow_http, moved.server), (false, None));
        assert_eq!(moved.whence("allow_http"), Whence::BuiltIn);
        let same = openai(&format!("{named}{more}"), "http://near.lan/other/v1");
        assert_eq!((same.allow_http, same.server), (true, Some(Server::Ollama)));
        // Clear text is never allowed to a server that the file does not name; what program
        // answers can, without an address in the file, only be meant for this one.
        let meant = openai(more, "http://far.example/v1");
        assert_eq!(
            (meant.allow_http, meant.server),
            (false, Some(Server::Ollama))
        );
    }

    #[test]
    fn another_base_url_speaks_chat_unless_told_otherwise() {
        let env = [("OPENAI_BASE_URL", "http://127.0.0.1:1/v1")];
        assert_eq!(all("", &env)["openai"].api, Api::Chat);
        assert_eq!(
            all("[openai]\napi = \"responses\"\n", &env)["openai"].api,
            Api::Responses
        );
    }

    #[test]
    fn the_environment_goes_before_the_file() {
        let text = "[openai]\nbase_url = \"https://file.example/v1\"\nmodel = \"file\"\n";
        let openai = &all(text, &[])["openai"];
        assert_eq!(
            (openai.base_url.as_str(), openai.model.as_deref()),
            ("https://file.example/v1", Some("file"))
        );
        assert_eq!(openai.whence("base_url"), Whence::File);
        let env = [
            ("OPENAI_BASE_URL", "https://env.example/v1"),
            ("OPENAI_MODEL", "env"),
        ];
        let openai = &all(text, &env)["openai"];
        assert_eq!(
            (openai.base_url.as_str(), openai.model.as_deref()),
            ("https://env.example/v1", Some("env"))
        );
        assert_eq!(openai.whence("model"), Whence::Variable("OPENAI_MODEL"));
        assert_eq!(openai.home.as_deref(), Some("https://file.example"));
    }

    #[test]
    fn a_preset_needs_nothing_but_its_name() {
        for preset in &PRESETS {
            let provider = &all("", &[])[preset.name];
            assert_eq!(provider.base_url, preset.base_url);
            assert_eq!(
                (provider.api, &*provider.key_env),
                (preset.api, preset.key_env)
            );
            assert!(!provider.is_set_up(), "{}", preset.name);
        }
        assert_eq!(all("", &[])["groq"].whence("base_url"), Whence::BuiltIn);
    }

    #[test]
    fn a_provider_of_another_name_can_start_from_a_preset() {
        let text = "[fast]\npreset = \"groq\"\nmodel = \"m\"\n";
        let fast = &all(text, &[])["fast"];
        assert_eq!(fast.base_url, "https://api.groq.com/openai/v1");
        assert_eq!(fast.key_env, "GROQ_API_KEY");
        assert!(fast.needs_key() && fast.is_set_up());
    }

    #[test]
    fn a_named_provider_has_a_variable_of_its_own() {
        let text = "[my-server]\nbase_url = \"https://x.example/v1\"\n";
        let provider = &all(text, &[])["my-server"];
        assert_eq!(provider.key_env, "MY_SERVER_API_KEY");
        assert_eq!(provider.whence("key_env"), Whence::Name);
        assert!(!provider.needs_key());
    }

    #[test]
    fn azure_is_found_by_its_resource_in_both_styles() {
        let v1 = (
            "https://acme.openai.azure.com/openai/v1".to_owned(),
            Api::Responses,
            KeyHeader::ApiKey,
        );
        assert_eq!(url_of("[azure]\nresource = \"acme\"\n", &[], "azure"), v1);
        let endpoint = [("AZURE_OPENAI_ENDPOINT", "https://acme.openai.azure.com/")];
        assert_eq!(url_of("", &endpoint, "azure"), v1);
        let classic = (
            "https://acme.openai.azure.com/openai/deployments/my%20gpt?api-version=2024-10-21"
                .to_owned(),
            Api::Chat,
            KeyHeader::ApiKey,
        );
        let text =
            "[work]\npreset = \"azure\"\nresource = \"acme\"\napi_version = \"2024-10-21\"\n";
        assert_eq!(url_of(text, &[], "work"), classic);
        let versioned = [endpoint[0], ("OPENAI_API_VERSION", "2024-10-21")];
        assert_eq!(url_of("", &versioned, "azure"), classic);
        let pasted = "[azure]\nbase_url = \"https://acme.openai.azure.com/openai/deployments/d/?api-version=7\"\n";
        let (base_url, api, _) = url_of(pasted, &[], "azure");
        assert_eq!(
            (base_url.as_str(), api),
            (
                "https://acme.openai.azure.com/openai/deployments/d/?api-version=7",
                Api::Chat
            )
        );
        let responses = format!("{text}api = \"responses\"\n");
        let (base_url, _, _) = url_of(&responses, &[], "work");
        assert_eq!(
            base_url,
            "https://acme.openai.azure.com/openai?api-version=2024-10-21"
        );
    }

    #[test]
    fn a_token_of_entra_stands_in_for_a_key_of_azure_and_goes_as_a_bearer() {
        let azure = |table: &str, more: &[(&str, &str)]| {
            let mut env = vec![("AZURE_OPENAI_AD_TOKEN", "t")];
            env.extend_from_slice(more);
            all(&format!("[azure]\nresource = \"acme\"\n{table}"), &env)["azure"].clone()
        };
        let token = azure("", &[]);
        assert_eq!(
            (token.key_env.as_str(), token.key_header),
            ("AZURE_OPENAI_AD_TOKEN", KeyHeader::Authorization)
        );
        for key in [
            azure("", &[("AZURE_OPENAI_API_KEY", "k")]),
            azure("key_env = \"AZURE_OPENAI_API_KEY\"\n", &[]),
            azure("key_command = [\"pass\"]\n", &[]),
        ] {
            assert_eq!(
                (key.key_env.as_str(), key.key_header),
                ("AZURE_OPENAI_API_KEY", KeyHeader::ApiKey)
            );
        }
        let stated = azure("key_header = \"api-key\"\n", &[]);
        assert_eq!(stated.key_header, KeyHeader::ApiKey);
    }

    #[test]
    fn account_headers_are_sent_when_they_are_set_and_never_empty() {
        let env = [
            ("OPENAI_ORG_ID", " org-1 "),
            ("OPENAI_PROJECT_ID", "two words"),
        ];
        let openai = &all("", &env)["openai"];
        assert_eq!(
            openai.headers,
            [("openai-organization", "org-1".to_owned())]
        );
        assert!(
            openai
                .problem
                .as_ref()
                .unwrap()
                .starts_with("OPENAI_PROJECT_ID")
        );
        assert!(all("", &[])["openai"].headers.is_empty());
    }
}
