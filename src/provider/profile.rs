//! Profiles: which fields a server knows, and how it calls them.
//!
//! Owns the differences between servers as far as a request shows them. A field that a server is
//! known to refuse or to ignore is never sent to it. Pure: knows no model and opens nothing.

use crate::domain::endpoint::{Api, Endpoint};
use crate::domain::server::Server;
use url::Url;

/// How Chat Completions calls the limit of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cap {
    /// `max_completion_tokens`.
    Completion,
    /// `max_tokens`.
    Plain,
}

/// What `stream_options` may say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StreamOptions {
    /// Nothing: the field is unknown.
    Unknown,
    /// That usage is wanted.
    Usage,
    /// That, and that no padding is.
    UsageWithoutPadding,
}

/// How a reasoning effort is asked for in Chat Completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// `reasoning_effort: "low"`.
    Word,
    /// The same, but it must be `none` or `high`.
    NoneOrHigh,
    /// `reasoning: {effort: "low"}`.
    Nested,
    /// `thinking: {type: "enabled"}`, or `disabled`.
    Switch,
    /// In no way.
    Unknown,
}

/// How an answer by a JSON schema is asked for in Chat Completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// By the schema.
    Schema,
    /// Only as JSON of any shape.
    AnyJson,
}

/// What a server knows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Profile {
    pub(super) cap: Cap,
    /// The role that the system message has.
    pub(super) system: &'static str,
    pub(super) options: StreamOptions,
    /// `store` is known, and not to be left at its default.
    pub(super) store: bool,
    pub(super) effort: Effort,
    /// A summary of the reasoning comes only when it is asked for, in Responses.
    pub(super) summary: bool,
    pub(super) verbosity: bool,
    pub(super) max_temperature: f64,
    pub(super) form: Form,
}

/// What is sent to a server that nobody knows.
const PLAIN: Profile = Profile {
    cap: Cap::Plain,
    // Chat templates of open models often know no `developer`.
    system: "system",
    options: StreamOptions::Usage,
    store: false,
    effort: Effort::Word,
    summary: false,
    verbosity: true,
    max_temperature: 2.0,
    form: Form::Schema,
};

const OPENAI: Profile = Profile {
    cap: Cap::Completion,
    system: "developer",
    options: StreamOptions::UsageWithoutPadding,
    store: true,
    summary: true,
    ..PLAIN
};

/// One that takes what it does not know for a mistake, or passes it over in silence.
const NARROW: Profile = Profile {
    verbosity: false,
    ..PLAIN
};

impl Profile {
    /// The profile of an endpoint.
    pub(super) fn of(endpoint: &Endpoint) -> Self {
        let profile = Self::of_server(endpoint.server());
        if is_classic_azure(endpoint) {
            // Fields come to these addresses with the years in `api-version`.
            return Self {
                store: false,
                options: StreamOptions::Usage,
                ..profile
            };
        }
        profile
    }

    const fn of_server(server: Server) -> Self {
        match server {
            Server::OpenAi => OPENAI,
            Server::Azure => Profile {
                options: StreamOptions::Usage,
                ..OPENAI
            },
            Server::OpenRouter => Profile {
                effort: Effort::Nested,
                ..PLAIN
            },
            Server::Mistral => Profile {
                // Usage comes all the same.
                options: StreamOptions::Unknown,
                effort: Effort::NoneOrHigh,
                ..NARROW
            },
            Server::DeepSeek => Profile {
                effort: Effort::Switch,
                form: Form::AnyJson,
                ..NARROW
            },
            Server::Anthropic => Profile {
                effort: Effort::Unknown,
                max_temperature: 1.0,
                ..NARROW
            },
            Server::Groq
            | Server::Gemini
            | Server::Ollama
            | Server::LlamaCpp
            | Server::LmStudio
            | Server::Vllm => NARROW,
            Server::Other => PLAIN,
        }
    }
}

/// True for `/openai/deployments/NAME/chat/completions?api-version=…`.
fn is_classic_azure(endpoint: &Endpoint) -> bool {
    let url = Url::parse(endpoint.base_url.trim()).ok();
    endpoint.server() == Server::Azure
        && endpoint.api == Api::Chat
        && url.is_some_and(|url| url.path().contains("/deployments/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = include_str!("../../docs/PROVIDERS.md");

    /// What the page has to say of a server for everything that its profile has of its own.
    fn quirks(profile: &Profile) -> Vec<&'static str> {
        let all = [
            (profile.cap != PLAIN.cap, "`max_completion_tokens`"),
            (profile.system != PLAIN.system, "`developer`"),
            (profile.store, "`store`"),
            (
                profile.options == StreamOptions::Unknown,
                "`stream_options`",
            ),
            (
                profile.options == StreamOptions::UsageWithoutPadding,
                "pads",
            ),
            (profile.effort == Effort::NoneOrHigh, "`none` and `high`"),
            (profile.effort == Effort::Nested, "`reasoning: {effort}`"),
            (profile.effort == Effort::Switch, "`thinking: {type}`"),
            (profile.effort == Effort::Unknown, "know no effort"),
            (profile.summary, "summary"),
            (!profile.verbosity, "`verbosity`"),
            (
                profile.max_temperature < PLAIN.max_temperature,
                "`temperature`",
            ),
            (profile.form == Form::AnyJson, "plain JSON"),
        ];
        let own = all.into_iter().filter(|(differs, _)| *differs);
        own.map(|(_, word)| word).collect()
    }

    #[test]
    fn the_page_about_servers_tells_everything_that_a_profile_does() {
        let rows: Vec<&str> = PAGE.lines().filter(|line| line.starts_with('|')).collect();
        for server in Server::ALL {
            let name = server.name().split('\'').next().unwrap_or_default();
            for word in quirks(&Profile::of_server(server)) {
                let told = rows.iter().any(|row| {
                    let who = row.split('|').nth(1).unwrap_or_default();
                    who.contains(name) && row.contains(word)
                });
                assert!(told, "docs/PROVIDERS.md does not say of {name}: {word}");
            }
        }
    }
}
