//! Fitting: the parameters that a template wishes for, as far as server and model take them.
//!
//! Owns what is left out or changed before a request leaves, because the server or the model is
//! known to refuse it or to pass it over. Every such change has a sentence. What is not known is
//! sent as it was wished. Pure.

use super::profile::{Effort, Form, Profile};
use crate::domain::endpoint::{Api, Endpoint, Host};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::{self, Known, Model, Sampling};
use crate::domain::prompt::{Params, Request};
use crate::domain::server::{Server, is_near};
use std::fmt;
use url::Url;

/// A parameter that was wished for and is not sent as it was.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct LeftOut {
    /// The parameter, as a template names it.
    pub name: &'static str,
    /// What became of it, and why.
    pub why: String,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.name, self.why)
    }
}

/// What is known of the model that is asked for. A server nearby has models of its own under
/// whatever names, and some take no notice of the name at all.
fn model_of(endpoint: &Endpoint, request: &Request) -> Model {
    let url = Url::parse(endpoint.base_url.trim());
    let own = matches!(
        endpoint.server(),
        Server::Ollama | Server::LlamaCpp | Server::LmStudio | Server::Vllm
    );
    let named = !own && !url.is_ok_and(|url| is_near(&url));
    models::find(if named { &request.model } else { "" })
}

/// Says no to a request that its model cannot understand, before anything is sent.
pub(super) fn check(endpoint: &Endpoint, request: &Request) -> Result<(), Failure> {
    if request.prompt.images.is_empty() {
        return Ok(());
    }
    let mut images = request.prompt.images.iter();
    if let Some(image) = images.find(|image| image.is_unread()) {
        let what = format!("the image of `{}` is not kept with its answer", image.input);
        return Err(Failure::new(FailureKind::Usage, what)
            .advice("open the form of the template and generate again; nothing was sent"));
    }
    let model = model_of(endpoint, request);
    let certain = matches!(model.known, Known::ById | Known::ByRelease);
    if certain && model.vision == Some(false) {
        let what = format!("{} does not see images", request.model);
        return Err(Failure::new(FailureKind::Refused, what)
            .advice("choose a model that does, with -m or in the template; nothing was sent"));
    }
    Ok(())
}

/// The parameters to send, and what became of the others.
pub(super) fn fit(
    endpoint: &Endpoint,
    profile: &Profile,
    request: &Request,
) -> (Params, Vec<LeftOut>) {
    let mut fit = Fitting {
        params: request.prompt.params.clone(),
        left_out: Vec::new(),
        server: endpoint.server().name(),
        chat: endpoint.api == Api::Chat,
        host: endpoint.host(),
    };
    if fit.params != Params::default() {
        let model = model_of(endpoint, request);
        fit.effort(profile, &model);
        fit.verbosity(profile, &model);
        fit.sampling(profile, &model);
        fit.cap(&model);
    }
    if fit.chat && profile.form == Form::AnyJson && request.prompt.schema.is_some() {
        let why = format!(
            "is asked for as JSON of any shape: {} knows no schemas",
            fit.server
        );
        fit.leave("output.schema", why);
    }
    let passes_over = matches!(endpoint.server(), Server::LlamaCpp | Server::LmStudio);
    if !fit.chat && passes_over && request.prompt.schema.is_some() {
        let why = format!(
            "is sent, but {} passes it over in this API; set api = \"chat\"",
            fit.server
        );
        fit.leave("output.schema", why);
    }
    (fit.params, fit.left_out)
}

struct Fitting {
    params: Params,
    left_out: Vec<LeftOut>,
    server: &'static str,
    chat: bool,
    host: Host,
}

impl Fitting {
    fn leave(&mut self, name: &'static str, why: String) {
        self.left_out.push(LeftOut { name, why });
    }

    fn effort(&mut self, profile: &Profile, model: &Model) {
        let Some(effort) = self.params.reasoning.clone() else {
            return;
        };
        let server = self.server;
        let why = match profile.effort {
            Effort::Unknown if self.chat => format!("{server} does not know it"),
            Effort::NoneOrHigh if self.chat && !matches!(&*effort, "none" | "high") => {
                format!("{server} knows none and high, not {effort}")
            }
            // This server knows on and off.
            Effort::Switch if self.chat && model.reasoning != Some(false) => return,
            _ if model.takes_effort(&effort) == Some(false) => {
                let id = &model.id;
                if model.reasoning == Some(false) {
                    format!("{id} does not reason")
                } else {
                    format!("{id} knows {}, not {effort}", model.efforts.join(", "))
                }
            }
            _ => return,
        };
        self.params.reasoning = None;
        self.leave("reasoning", format!("is left out: {why}"));
    }

    fn verbosity(&mut self, profile: &Profile, model: &Model) {
        if self.params.verbosity.is_none() {
            return;
        }
        let who = if self.chat && !profile.verbosity {
            self.server
        } else if knows_verbosity(&model.id) == Some(false) {
            &model.id
        } else {
            return;
        };
        let why = format!("is left out: {who} does not know it");
        self.params.verbosity = None;
        self.leave("verbosity", why);
    }

    fn sampling(&mut self, profile: &Profile, model: &Model) {
        // What an Azure deployment is called says nothing about its model.
        let host = match self.host {
            Host::Azure => Host::Other,
            host => host,
        };
        let takes = model.takes_sampling(self.params.reasoning.as_deref(), host);
        let why = match model.sampling {
            Sampling::EffortNone => format!("{} takes it only with reasoning: none", model.id),
            Sampling::Unknown => format!(
                "{} is not known, and {}'s newer models refuse it",
                model.id, self.server
            ),
            _ => format!("{} takes none", model.id),
        };
        if !takes && self.params.temperature.take().is_some() {
            self.leave("temperature", format!("is left out: {why}"));
        }
        if !takes && self.params.top_p.take().is_some() {
            self.leave("top_p", format!("is left out: {why}"));
        }
        let most = profile.max_temperature;
        if let Some(temperature) = self.params.temperature.filter(|it| *it > most) {
            self.params.temperature = Some(most);
            let why = format!(
                "is {most} instead of {temperature}: {} takes no more",
                self.server
            );
            self.leave("temperature", why);
        }
    }

    fn cap(&mut self, model: &Model) {
        let certain = matches!(model.known, Known::ById | Known::ByRelease);
        let most = model.max_output.filter(|_| certain);
        let most = most.and_then(|most| u32::try_from(most).ok());
        let Some((cap, most)) = self.params.max_output_tokens.zip(most) else {
            return;
        };
        if cap > most {
            self.params.max_output_tokens = Some(most);
            let why = format!("is {most} instead of {cap}: {} writes no more", model.id);
            self.leave("max_output_tokens", why);
        }
    }
}

/// Whether a model of OpenAI's takes `verbosity`, which came with gpt-5; nothing for any other.
fn knows_verbosity(id: &str) -> Option<bool> {
    let id = id.rsplit('/').next().unwrap_or(id);
    let digit = |rest: &str| rest.chars().next().and_then(|c| c.to_digit(10));
    if let Some(version) = id.strip_prefix("gpt-").and_then(digit) {
        return Some(version >= 5);
    }
    let old = id.starts_with("chatgpt-4") || id.strip_prefix('o').and_then(digit).is_some();
    old.then_some(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::prompt::Prompt;

    fn fitted(base_url: &str, model: &str, params: Params) -> (Params, Vec<String>) {
        let endpoint = Endpoint::at(base_url, Api::Chat);
        let request = Request {
            model: model.to_owned(),
            prompt: Prompt {
                params,
                ..Prompt::default()
            },
        };
        let (params, left_out) = fit(&endpoint, &Profile::of(&endpoint), &request);
        let told = left_out.iter().map(ToString::to_string);
        (params, told.collect())
    }

    const OPENAI: &str = "https://api.openai.com/v1";

    fn all() -> Params {
        Params {
            max_output_tokens: Some(500),
            temperature: Some(0.7),
            top_p: None,
            reasoning: Some("low".to_owned()),
            verbosity: Some("low".to_owned()),
        }
    }

    /// What is left of [`all`] for a model: temperature, reasoning, verbosity.
    fn sent(base_url: &str, model: &str) -> (bool, bool, bool) {
        let (params, told) = fitted(base_url, model, all());
        let left = (
            params.temperature.is_some(),
            params.reasoning.is_some(),
            params.verbosity.is_some(),
        );
        let missing = [left.0, left.1, left.2].into_iter().filter(|kept| !kept);
        assert_eq!(missing.count(), told.len(), "{model}: {told:?}");
        left
    }

    #[test]
    fn every_family_gets_the_parameters_it_takes() {
        for (model, left) in [
            ("gpt-4o", (true, false, false)),
            ("gpt-4.1-mini", (true, false, false)),
            ("o3", (false, true, false)),
            ("gpt-5-mini", (false, true, true)),
            ("gpt-5.1", (false, true, true)),
            ("gpt-6-luna", (false, true, true)),
            ("gpt-6.2-astra", (false, true, true)),
        ] {
            assert_eq!(sent(OPENAI, model), left, "{model}");
        }
        // What a server here calls its model says nothing about that.
        assert_eq!(
            sent("http://localhost:9/v1", "gpt-6.2-astra"),
            (true, true, true)
        );
        assert_eq!(
            sent("http://localhost:9/v1", "llama3.2"),
            (true, true, true)
        );
    }

    #[test]
    fn a_temperature_goes_with_an_effort_of_none_where_that_is_what_it_takes() {
        let none = Params {
            reasoning: Some("none".to_owned()),
            ..all()
        };
        let (params, told) = fitted(OPENAI, "gpt-5.1", none.clone());
        assert_eq!((params.temperature, told), (Some(0.7), Vec::new()));
        let (params, told) = fitted(OPENAI, "gpt-6.2-astra", none);
        assert_eq!((params.temperature, params.reasoning), (None, None));
        assert!(
            told[0].starts_with("reasoning is left out: gpt-6.2-astra knows low"),
            "{told:?}"
        );
        assert!(
            told[1].starts_with("temperature is left out: gpt-6.2-astra takes"),
            "{told:?}"
        );
    }

    #[test]
    fn what_a_server_does_not_know_is_told_and_not_sent() {
        for (base_url, left) in [
            ("https://api.mistral.ai/v1", (true, false, false)),
            ("https://api.anthropic.com/v1", (true, false, false)),
            ("https://api.groq.com/openai/v1", (true, true, false)),
            ("https://api.deepseek.com", (true, true, false)),
            ("https://openrouter.ai/api/v1", (true, true, true)),
            ("http://localhost:11434/v1", (true, true, false)),
        ] {
            assert_eq!(sent(base_url, "some-model"), left, "{base_url}");
        }
        let hot = Params {
            temperature: Some(1.4),
            ..Params::default()
        };
        let (params, told) = fitted("https://api.anthropic.com/v1", "some-model", hot);
        assert_eq!(params.temperature, Some(1.0));
        assert!(told[0].contains("1 instead of 1.4"), "{told:?}");
    }

    #[test]
    fn a_limit_beyond_the_model_is_its_own() {
        let much = Params {
            max_output_tokens: Some(4_000_000),
            ..Params::default()
        };
        let (params, told) = fitted(OPENAI, "gpt-6-luna", much);
        assert_eq!(params.max_output_tokens, Some(128_000));
        assert!(told[0].contains("writes no more"), "{told:?}");
    }

    #[test]
    fn an_azure_deployment_may_be_called_anything() {
        let azure = "https://acme.openai.azure.com/openai/v1";
        assert_eq!(sent(azure, "drafts-eu"), (true, true, true));
    }
}
