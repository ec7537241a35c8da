//! How a provider comes to be what it is: preset, then the config file, then the environment.

use super::{Provider, ProviderTable, Whence};
use crate::config::presets::{self, PRESETS};
use crate::domain::endpoint::{Api, Host, KeyHeader};
use indexmap::IndexMap;

impl Provider {
    fn set<T>(&mut self, setting: &'static str, value: Option<T>, whence: Whence) -> Option<T> {
        if value.is_some() {
            self.whence.insert(setting, whence);
        }
        value
    }

    /// Points it at another server, which may speak another API.
    pub(super) fn move_to(&mut self, base_url: &str, whence: Whence) {
        base_url.trim().clone_into(&mut self.base_url);
        self.whence.insert("base_url", whence);
        if whence == Whence::BuiltIn {
            return;
        }
        let host = Host::of(base_url);
        self.api = api_of(host);
        self.whence.insert("api", Whence::BaseUrl);
        if host == Host::Azure {
            self.key_header = KeyHeader::ApiKey;
            self.whence.insert("key_header", Whence::BaseUrl);
        }
    }

    fn overlay(&mut self, table: ProviderTable) {
        let file = Whence::File;
        let resource = table.resource.as_deref().map(azure_address);
        if let Some(base_url) = table.base_url.or(resource) {
            self.move_to(&base_url, file);
        }
        if let Some(version) = self.set("api_version", table.api_version, file) {
            self.api_version = Some(version);
        }
        self.settle();
        if let Some(api) = self.set("api", table.api, file) {
            self.api = api;
        }
        if let Some(server) = self.set("server", table.server, file) {
            self.server = Some(server);
        }
        if let Some(model) = self.set("model", table.model, file) {
            self.model = Some(model);
        }
        if let Some(name) = self.set("key_env", table.key_env, file) {
            self.key_env = name;
        }
        if let Some(words) = self.set("key_command", table.key_command, file) {
            self.key_command = words;
        }
        if let Some(header) = self.set("key_header", table.key_header, file) {
            self.key_header = header;
        }
        if let Some(allowed) = self.set("allow_http", table.allow_http, file) {
            self.allow_http = allowed;
        }
        if let Some(path) = self.set("ca_file", table.ca_file, file) {
            self.ca_file = Some(path);
        }
        if let Some(seconds) = self.set("connect_timeout", table.connect_timeout, file) {
            self.connect_timeout = seconds;
        }
        if let Some(seconds) = self.set("idle_timeout", table.idle_timeout, file) {
            self.idle_timeout = seconds;
        }
        self.problem = table.problem;
    }

    /// Completes an address of Azure, which people know by its beginning.
    fn settle(&mut self) {
        let azure = self.preset.is_some_and(|it| it.name == "azure")
            || Host::of(&self.base_url) == Host::Azure;
        let Some(mut url) = url::Url::parse(&self.base_url).ok().filter(|_| azure) else {
            return;
        };
        let path = url.path().trim_end_matches('/').to_owned();
        let older = match path.as_str() {
            "" | "/openai" if self.api_version.is_some() => {
                url.set_path("/openai");
                true
            }
            "" | "/openai" => {
                url.set_path("/openai/v1");
                false
            }
            _ => path.contains("/deployments/"),
        };
        self.base_url = url.into();
        self.key_header = KeyHeader::ApiKey;
        if older {
            self.api = Api::Chat;
        }
    }
}

/// The presets, overlaid by the file and the environment.
pub(in crate::config) fn known(
    tables: IndexMap<String, ProviderTable>,
    env: &dyn Fn(&str) -> Option<String>,
) -> IndexMap<String, Provider> {
    let mut all: IndexMap<String, Provider> = PRESETS
        .iter()
        .map(|preset| {
            (
                preset.name.to_owned(),
                Provider::new(preset.name, Some(preset)),
            )
        })
        .collect();
    for (name, table) in tables {
        let preset = table.preset.as_deref().and_then(presets::find);
        let known = all.get(&name).cloned().filter(|_| preset.is_none());
        let mut provider = known.unwrap_or_else(|| Provider::new(&name, preset));
        if preset.is_some() {
            provider.whence.insert("preset", Whence::File);
        }
        provider.overlay(table);
        all.insert(name, provider);
    }
    for provider in all.values_mut() {
        provider.home = provider.origin();
    }
    if let Some(openai) = all.get_mut("openai") {
        environs_of_openai(openai, env);
    }
    if let Some(azure) = all.get_mut("azure") {
        environs_of_azure(azure, env);
    }
    all
}

fn environs_of_openai(openai: &mut Provider, env: &dyn Fn(&str) -> Option<String>) {
    if let Some(base_url) = env("OPENAI_BASE_URL") {
        let addressed = openai.whence("base_url") == Whence::File;
        let stated = (openai.whence("api") == Whence::File).then_some(openai.api);
        let before = openai.origin();
        openai.move_to(&base_url, Whence::Variable("OPENAI_BASE_URL"));
        if openai.origin() != before {
            // What the file allows, it allows to the server that it names or that is built in.
            openai.allow_http = false;
            openai.whence.remove("allow_http");
        }
        if openai.origin() != before && addressed {
            // Without an address of its own, the file can only mean what the variable names.
            openai.server = None;
            openai.whence.remove("server");
        }
        openai.settle();
        if let Some(api) = openai.set("api", stated, Whence::File) {
            openai.api = api;
        }
    }
    let model = openai.set(
        "model",
        env("OPENAI_MODEL"),
        Whence::Variable("OPENAI_MODEL"),
    );
    openai.model = model.or(openai.model.take());
    for (variable, header) in [
        ("OPENAI_ORG_ID", "openai-organization"),
        ("OPENAI_PROJECT_ID", "openai-project"),
    ] {
        let Some(value) = env(variable) else {
            continue;
        };
        let value = value.trim().to_owned();
        if value.chars().all(|c| c.is_ascii_graphic()) {
            openai.headers.push((header, value));
        } else {
            let what = format!("{variable} holds a blank, or a character that is not ASCII");
            openai.problem.get_or_insert(what);
        }
    }
}

fn environs_of_azure(azure: &mut Provider, env: &dyn Fn(&str) -> Option<String>) {
    let version = env("OPENAI_API_VERSION").filter(|_| azure.api_version.is_none());
    let endpoint = env("AZURE_OPENAI_ENDPOINT").filter(|_| azure.base_url.is_empty());
    let Some(endpoint) = endpoint else {
        return entra(azure, env);
    };
    azure.move_to(&endpoint, Whence::Variable("AZURE_OPENAI_ENDPOINT"));
    let named = Whence::Variable("OPENAI_API_VERSION");
    let version = azure.set("api_version", version, named);
    azure.api_version = version.or(azure.api_version.take());
    azure.settle();
    azure.home = azure.origin();
    entra(azure, env);
}

/// OpenAI and Azure speak Responses, everybody else Chat Completions.
/// A token of Entra stands in for a key where nothing else is said of one.
fn entra(azure: &mut Provider, env: &dyn Fn(&str) -> Option<String>) {
    let usual = ["key_env", "key_command"].map(|key| azure.whence(key)) == [Whence::BuiltIn; 2];
    if !usual || env(&azure.key_env).is_some() || env(ENTRA).is_none() {
        return;
    }
    ENTRA.clone_into(&mut azure.key_env);
    azure.whence.insert("key_env", Whence::Variable(ENTRA));
    if azure.whence("key_header") != Whence::File {
        azure.key_header = KeyHeader::Authorization;
        azure.whence.insert("key_header", Whence::Variable(ENTRA));
    }
}

/// The variable that holds such a token.
const ENTRA: &str = "AZURE_OPENAI_AD_TOKEN";

const fn api_of(host: Host) -> Api {
    match host {
        Host::OpenAi | Host::Azure => Api::Responses,
        Host::Other => Api::Chat,
    }
}

/// The address of a resource at Azure.
fn azure_address(resource: &str) -> String {
    format!("https://{resource}.openai.azure.com")
}
