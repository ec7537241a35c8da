//! What `config.toml` may say, and how the environment and flags overlay it.

use super::providers::{self, Provider, ProviderTable};
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::render::Rendered;
use crate::domain::template::Template;
use indexmap::IndexMap;
use serde::Deserialize;

/// The model asked for when nobody named one; `OPENAI_MODEL` or `model = …` change it.
pub const DEFAULT_MODEL: &str = "gpt-6.1-terra";

/// Looks up an environment variable; `None` when it is unset or not Unicode.
pub type Lookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What flags of one command ask for, above everything else.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--provider`.
    pub provider: Option<String>,
    /// `--model`.
    pub model: Option<String>,
}

/// The file as written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct File {
    provider: Option<String>,
    model: Option<String>,
    providers: IndexMap<String, ProviderTable>,
    ui: Ui,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Ui {
    mouse: Option<bool>,
}

/// Everything that can be set, resolved.
#[derive(Debug, Clone)]
pub struct Settings {
    /// Known providers, by name; `openai` and `practice` are always there.
    pub providers: IndexMap<String, Provider>,
    /// Name of the provider that is used when nobody names one.
    pub provider: String,
    /// The model the person set for every provider, if any.
    model: Option<String>,
    /// The model that flags or the environment ask for, above a template's wish.
    forced_model: Option<String>,
    /// The mouse is captured.
    pub mouse: bool,
    /// True when no provider was chosen and none is ready, so that the practice engine stands in.
    pub practising: bool,
}

impl Settings {
    /// Resolves settings from the text of the config file (with its path, for messages), the
    /// environment and flags. The second value tells what is wrong with the file, if anything.
    pub fn resolve(
        file: Option<(&str, &str)>,
        env: &Lookup,
        over: &Overrides,
    ) -> (Self, Option<String>) {
        let (file, problem) = match file {
            None => (File::default(), None),
            Some((path, text)) => match toml::from_str::<File>(text) {
                Ok(file) => (file, None),
                Err(error) => (File::default(), Some(describe(path, text, &error))),
            },
        };
        (Self::overlay(file, env, over), problem)
    }

    fn overlay(file: File, env: &Lookup, over: &Overrides) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.trim().is_empty());
        let providers = providers::known(file.providers, &set);
        let ready = set("OPENAI_API_KEY").is_some() || set("OPENAI_BASE_URL").is_some();
        let chosen = over
            .provider
            .clone()
            .or_else(|| set("COPYDESK_PROVIDER"))
            .or(file.provider);
        let practising = chosen.is_none() && !ready;
        let fallback = if ready { "openai" } else { "practice" };
        let forced_model = over.model.clone().or_else(|| set("COPYDESK_MODEL"));
        Self {
            providers,
            provider: chosen.unwrap_or_else(|| fallback.to_owned()),
            model: file.model,
            forced_model,
            mouse: file.ui.mouse.unwrap_or(true),
            practising,
        }
    }

    /// The provider with this name, or the default one.
    ///
    /// # Errors
    /// A usage failure that lists the known names.
    pub fn provider(&self, name: Option<&str>) -> Result<&Provider, Failure> {
        let name = name.unwrap_or(&self.provider);
        let provider = self
            .providers
            .get(name)
            .filter(|provider| !provider.base_url.is_empty() || provider.is_practice());
        provider.ok_or_else(|| {
            let known: Vec<&str> = self.providers.keys().map(String::as_str).collect();
            Failure::new(FailureKind::Usage, format!("there is no provider `{name}`")).advice(
                format!(
                    "use one of {}, or add [providers.{name}] with a base_url to config.toml",
                    known.join(", ")
                ),
            )
        })
    }

    /// The model to ask `provider` for, given what a template wishes.
    pub fn model_for(&self, provider: &Provider, wish: Option<&str>) -> String {
        if provider.is_practice() {
            return "practice".to_owned();
        }
        let candidates = [
            self.forced_model.as_deref(),
            wish,
            provider.model.as_deref(),
            self.model.as_deref(),
        ];
        candidates
            .into_iter()
            .flatten()
            .next()
            .unwrap_or(DEFAULT_MODEL)
            .to_owned()
    }

    /// The request that a rendered template makes: the studio and the command line send the same.
    pub fn request(&self, provider: &Provider, template: &Template, rendered: Rendered) -> Request {
        let mut prompt = rendered.prompt;
        prompt.params = prompt.params.overlaid(&template.model.params);
        Request {
            model: self.model_for(provider, template.model.id.as_deref()),
            prompt,
        }
    }

    /// Where requests to `provider` go; the key is read from the environment now.
    pub fn endpoint(provider: &Provider, env: &Lookup) -> Endpoint {
        provider.endpoint(env)
    }
}

/// `file:line:column: message; advice`.
fn describe(path: &str, text: &str, error: &toml::de::Error) -> String {
    let at = error.span().map_or(0, |span| span.start).min(text.len());
    let before = text.get(..at).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    let message = error.message().trim().replace('\n', "; ");
    format!("{path}:{line}:{column}: {message}; the defaults are used until it is mended")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str, env: &[(&str, &str)]) -> (Settings, Option<String>) {
        let env: Vec<(String, String)> = env
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect();
        let lookup = move |name: &str| env.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
        Settings::resolve(Some(("config.toml", text)), &lookup, &Overrides::default())
    }

    #[test]
    fn without_any_key_the_practice_engine_stands_in() {
        let (settings, problem) = resolve("", &[]);
        assert_eq!(
            (settings.provider.as_str(), settings.practising),
            ("practice", true)
        );
        assert_eq!(problem, None);
    }

    #[test]
    fn a_key_in_the_environment_is_enough() {
        let (settings, _) = resolve("", &[("OPENAI_API_KEY", "sk-x"), ("OPENAI_MODEL", "m")]);
        let provider = settings.provider(None).unwrap();
        assert_eq!(provider.base_url, "https://api.openai.com/v1");
        assert_eq!(settings.model_for(provider, None), "m");
    }

    #[test]
    fn a_broken_file_is_told_with_its_place_and_costs_only_itself() {
        let (settings, problem) =
            resolve("model = \"m\"\nprovider = [\n", &[("OPENAI_API_KEY", "k")]);
        assert!(problem.unwrap().starts_with("config.toml:"));
        assert_eq!(settings.provider, "openai");
    }

    #[test]
    fn an_unknown_key_is_told_with_line_and_column() {
        let (_, problem) = resolve("model = \"m\"\ncolour = 1\n", &[]);
        assert!(
            problem
                .unwrap()
                .starts_with("config.toml:2:1: unknown field")
        );
    }

    #[test]
    fn an_unknown_provider_lists_the_known_ones() {
        let (settings, _) = resolve("provider = \"nope\"", &[]);
        let text = settings.provider(None).unwrap_err().to_string();
        assert!(
            text.contains("`nope`") && text.contains("openai, practice"),
            "{text}"
        );
    }

    #[test]
    fn a_template_wish_stands_below_flags_and_above_the_file() {
        let (settings, _) = resolve("model = \"file\"", &[("OPENAI_API_KEY", "k")]);
        let provider = settings.provider(None).unwrap();
        assert_eq!(settings.model_for(provider, Some("wish")), "wish");
        let (settings, _) = resolve("", &[("OPENAI_API_KEY", "k"), ("COPYDESK_MODEL", "flag")]);
        let provider = settings.provider(None).unwrap();
        assert_eq!(settings.model_for(provider, Some("wish")), "flag");
    }
}
