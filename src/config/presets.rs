//! Servers that people use, by name: where they are, what they speak, and the variable in which
//! their key usually stands. All of it can be overridden in `[providers.NAME]`.

use crate::domain::endpoint::{Api, KeyHeader};

/// Whether a server asks for a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// It does.
    Key,
    /// It does only if somebody set it up so.
    Perhaps,
    /// It never does.
    Nothing,
}

/// A server that can be used by its name alone.
#[derive(Debug, PartialEq, Eq)]
pub struct Preset {
    /// The name of its provider.
    pub name: &'static str,
    /// What people call it.
    pub title: &'static str,
    /// Its base URL; empty where every account has its own, or where none is needed.
    pub base_url: &'static str,
    /// The API to speak.
    pub api: Api,
    /// The variable that usually holds its key.
    pub key_env: &'static str,
    /// The header that holds its key.
    pub key_header: KeyHeader,
    /// Whether it asks for a key.
    pub need: Need,
}

/// Every preset, in the order in which they are offered.
pub const PRESETS: [Preset; 13] = [
    remote(
        "openai",
        "OpenAI",
        ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    )
    .speaking(Api::Responses),
    remote("azure", "Azure OpenAI", ("", "AZURE_OPENAI_API_KEY"))
        .speaking(Api::Responses)
        .keyed(KeyHeader::ApiKey),
    remote(
        "openrouter",
        "OpenRouter",
        ("https://openrouter.ai/api/v1", "OPENROUTER_API_KEY"),
    ),
    remote(
        "groq",
        "Groq",
        ("https://api.groq.com/openai/v1", "GROQ_API_KEY"),
    ),
    remote(
        "mistral",
        "Mistral",
        ("https://api.mistral.ai/v1", "MISTRAL_API_KEY"),
    ),
    remote(
        "deepseek",
        "DeepSeek",
        ("https://api.deepseek.com/v1", "DEEPSEEK_API_KEY"),
    ),
    remote(
        "gemini",
        "Gemini",
        (
            "https://generativelanguage.googleapis.com/v1beta/openai",
            "GEMINI_API_KEY",
        ),
    ),
    remote(
        "anthropic",
        "Anthropic",
        ("https://api.anthropic.com/v1", "ANTHROPIC_API_KEY"),
    ),
    local(
        "ollama",
        "Ollama",
        ("http://localhost:11434/v1", "OLLAMA_API_KEY"),
    ),
    local(
        "llama.cpp",
        "llama.cpp",
        ("http://localhost:8080/v1", "LLAMA_CPP_API_KEY"),
    ),
    local(
        "lm-studio",
        "LM Studio",
        ("http://localhost:1234/v1", "LM_STUDIO_API_KEY"),
    ),
    local("vllm", "vLLM", ("http://localhost:8000/v1", "VLLM_API_KEY")),
    Preset {
        name: "practice",
        title: "Practice engine",
        base_url: "",
        api: Api::Responses,
        key_env: "COPYDESK_PRACTICE_KEY",
        key_header: KeyHeader::Authorization,
        need: Need::Nothing,
    },
];

const fn remote(
    name: &'static str,
    title: &'static str,
    (base_url, key_env): (&'static str, &'static str),
) -> Preset {
    Preset {
        name,
        title,
        base_url,
        api: Api::Chat,
        key_env,
        key_header: KeyHeader::Authorization,
        need: Need::Key,
    }
}

const fn local(
    name: &'static str,
    title: &'static str,
    place: (&'static str, &'static str),
) -> Preset {
    let mut preset = remote(name, title, place);
    preset.need = Need::Perhaps;
    preset
}

impl Preset {
    const fn speaking(mut self, api: Api) -> Self {
        self.api = api;
        self
    }

    const fn keyed(mut self, header: KeyHeader) -> Self {
        self.key_header = header;
        self
    }

    /// True for a server that people run on their own machine.
    pub const fn is_local(&self) -> bool {
        matches!(self.need, Need::Perhaps)
    }
}

/// The preset of a name.
pub fn find(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::{Host, origin_of};

    #[test]
    fn every_preset_is_whole() {
        for preset in &PRESETS {
            let own = matches!(preset.name, "azure" | "practice");
            assert_eq!(preset.base_url.is_empty(), own, "{}", preset.name);
            assert!(
                own || origin_of(preset.base_url).is_some(),
                "{}",
                preset.name
            );
            assert!(preset.key_env.ends_with("_KEY"), "{}", preset.name);
            let clear = preset.base_url.starts_with("http://");
            assert_eq!(clear, preset.is_local(), "{}", preset.name);
            assert_eq!(find(preset.name), Some(preset));
        }
        assert_eq!(Host::of(PRESETS[0].base_url), Host::OpenAi);
    }
}
