//! Servers: whose program answers at a base URL, as far as requests are written differently for it.
//!
//! Known by host, or by port where that is the server's usual one on this machine or network.
//! A name that nobody knows is [`Server::Other`], which is spoken to in the plainest way.

use serde::{Deserialize, Serialize};
use url::{Host, Url};

/// Whose program answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Server {
    /// OpenAI itself, in any region.
    OpenAi,
    /// OpenAI's models at Azure.
    Azure,
    /// OpenRouter.
    OpenRouter,
    /// Groq.
    Groq,
    /// Mistral.
    Mistral,
    /// DeepSeek.
    DeepSeek,
    /// Anthropic's compatible endpoint.
    Anthropic,
    /// Gemini's compatible endpoint.
    Gemini,
    /// Ollama.
    Ollama,
    /// The server of llama.cpp.
    #[serde(rename = "llama.cpp")]
    LlamaCpp,
    /// LM Studio.
    #[serde(rename = "lm-studio")]
    LmStudio,
    /// vLLM.
    Vllm,
    /// Anybody else.
    Other,
}

/// Names that end in one of these are the server's.
const HOSTS: [(&str, Server); 10] = [
    ("api.openai.com", Server::OpenAi),
    ("openai.azure.com", Server::Azure),
    ("services.ai.azure.com", Server::Azure),
    ("openrouter.ai", Server::OpenRouter),
    ("api.groq.com", Server::Groq),
    ("mistral.ai", Server::Mistral),
    ("deepseek.com", Server::DeepSeek),
    ("api.anthropic.com", Server::Anthropic),
    ("generativelanguage.googleapis.com", Server::Gemini),
    ("ollama.com", Server::Ollama),
];

/// Ports that servers listen at when nobody says otherwise.
const PORTS: [(u16, Server); 4] = [
    (11434, Server::Ollama),
    (8080, Server::LlamaCpp),
    (1234, Server::LmStudio),
    (8000, Server::Vllm),
];

impl Server {
    /// The server behind a base URL; one that cannot be read is anybody's.
    pub fn of(base_url: &str) -> Self {
        let Ok(url) = Url::parse(base_url.trim()) else {
            return Self::Other;
        };
        if is_near(&url) {
            let port = url.port_or_known_default();
            let found = PORTS.iter().find(|(usual, _)| Some(*usual) == port);
            return found.map_or(Self::Other, |(_, server)| *server);
        }
        let host = url.host_str().unwrap_or_default();
        let host = host.strip_suffix('.').unwrap_or(host);
        let ends = |name: &str| {
            host.strip_suffix(name)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        };
        let found = HOSTS.iter().find(|(name, _)| ends(name));
        found.map_or(Self::Other, |(_, server)| *server)
    }

    /// All of them.
    pub const ALL: [Self; 13] = [
        Self::OpenAi,
        Self::Azure,
        Self::OpenRouter,
        Self::Groq,
        Self::Mistral,
        Self::DeepSeek,
        Self::Anthropic,
        Self::Gemini,
        Self::Ollama,
        Self::LlamaCpp,
        Self::LmStudio,
        Self::Vllm,
        Self::Other,
    ];

    /// What people call it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::OpenAi => "OpenAI",
            Self::Azure => "Azure",
            Self::OpenRouter => "OpenRouter",
            Self::Groq => "Groq",
            Self::Mistral => "Mistral",
            Self::DeepSeek => "DeepSeek",
            Self::Anthropic => "Anthropic's compatible endpoint",
            Self::Gemini => "Gemini's compatible endpoint",
            Self::Ollama => "Ollama",
            Self::LlamaCpp => "llama.cpp",
            Self::LmStudio => "LM Studio",
            Self::Vllm => "vLLM",
            Self::Other => "this server",
        }
    }
}

/// True for addresses that never leave this machine, in IPv4, IPv6, mapped, or as `localhost`.
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => {
            address.is_loopback() || address.to_ipv4_mapped().is_some_and(|v4| v4.is_loopback())
        }
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            name == "localhost" || name.ends_with(".localhost")
        }
        None => false,
    }
}

/// True for a host on this machine or in a private network, by the parsed address alone.
pub fn is_near(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => {
            address.is_loopback() || address.is_private() || address.is_link_local()
        }
        Some(Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
            None => {
                address.is_loopback()
                    || address.is_unique_local()
                    || address.is_unicast_link_local()
            }
        },
        Some(Host::Domain(name)) => {
            let name = name.strip_suffix('.').unwrap_or(name);
            let last = name.rsplit('.').next().unwrap_or_default();
            !name.contains('.') || matches!(last, "localhost" | "local" | "internal" | "lan")
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_is_known_by_its_whole_name_or_by_its_port_nearby() {
        for (base_url, server) in [
            ("https://api.openai.com/v1", Server::OpenAi),
            ("https://eu.api.openai.com./v1", Server::OpenAi),
            ("https://acme.openai.azure.com/openai/v1", Server::Azure),
            ("https://openrouter.ai/api/v1", Server::OpenRouter),
            ("https://api.groq.com/openai/v1", Server::Groq),
            ("https://api.mistral.ai/v1", Server::Mistral),
            ("https://api.deepseek.com", Server::DeepSeek),
            ("https://api.anthropic.com/v1", Server::Anthropic),
            (
                "https://generativelanguage.googleapis.com/v1beta/openai",
                Server::Gemini,
            ),
            ("https://ollama.com/v1", Server::Ollama),
            ("http://localhost:11434/v1", Server::Ollama),
            ("http://127.0.0.1:8080/v1", Server::LlamaCpp),
            ("http://[::1]:1234/v1", Server::LmStudio),
            ("http://192.168.1.7:8000/v1", Server::Vllm),
            ("http://studio.local:11434/v1", Server::Ollama),
            ("http://gpu:8000/v1", Server::Vllm),
            ("http://127.0.0.1:9/v1", Server::Other),
            ("https://api.openai.com.evil.example/v1", Server::Other),
            ("https://notapi.openai.com/v1", Server::Other),
            ("https://xmistral.ai/v1", Server::Other),
            ("https://far.example:11434/v1", Server::Other),
            ("https://8.8.8.8:8000/v1", Server::Other),
            ("not a url", Server::Other),
        ] {
            assert_eq!(Server::of(base_url), server, "{base_url}");
        }
    }

    #[test]
    fn near_is_judged_by_the_address_and_not_by_the_text() {
        let near = |base: &str| is_near(&Url::parse(base).unwrap());
        for base in [
            "http://10.1.2.3/v1",
            "http://[::ffff:192.168.0.9]/v1",
            "http://[fd00::1]/v1",
            "http://box.lan/v1",
        ] {
            assert!(near(base), "{base}");
        }
        for base in [
            "http://10.evil.example/v1",
            "http://localhost.evil.example/v1",
            "http://[2001:db8::1]/v1",
            "http://172.32.0.1/v1",
        ] {
            assert!(!near(base), "{base}");
        }
    }
}
