//! Sentences about what a server refused: what failed and what to do, for every class of error.
//!
//! Owns these words and nothing else. They name the server and the model, and never hold anything
//! that the server said.

use super::class::Class;
use super::error::Call;
use super::report::Report;
use crate::domain::endpoint::{Api, Host};
use crate::domain::failure::FailureKind;
use crate::domain::server::Server;

/// What a script is told by the exit code.
pub(super) const fn kind_of(class: Class) -> FailureKind {
    match class {
        Class::Billing | Class::Rate => FailureKind::RateLimited,
        Class::Overloaded | Class::Loading | Class::Busy | Class::Server => FailureKind::Network,
        Class::TooLong
        | Class::TooLarge
        | Class::Parameter
        | Class::Policy
        | Class::Image
        | Class::Schema
        | Class::Key
        | Class::Forbidden
        | Class::Region
        | Class::NotFound
        | Class::OtherApi
        | Class::Address
        | Class::Request => FailureKind::Refused,
    }
}

impl Call {
    /// What failed.
    pub(super) fn what(&self, class: Class, report: &Report) -> String {
        let (url, server, model) = (&self.url, &self.server, &self.model);
        match class {
            Class::TooLong => format!("the prompt is too long for {model}"),
            Class::TooLarge => format!("{server} takes no request of this size"),
            Class::Parameter => match self.parameter(report) {
                None => format!("{model} does not take this request"),
                Some(param) if report.code == "missing_required_parameter" => {
                    format!("{model} wants the parameter {param}, which was not sent")
                }
                Some(param) if is_about_value(&report.code) => {
                    format!("{model} does not take this value of the parameter {param}")
                }
                Some(param) => format!("{model} does not take the parameter {param}"),
            },
            Class::Policy => format!("{server} refused the content"),
            Class::Image => format!("{model} cannot read the image"),
            Class::Schema => format!("{server} cannot use the JSON schema of this template"),
            Class::Key if self.endpoint.key.is_none() => {
                format!("{url} wants a key, and none is set")
            }
            Class::Key => format!("{url} did not accept the key"),
            Class::Billing => {
                format!("the account at {server} has no credit left or is over its limit")
            }
            Class::Forbidden => format!("{url} forbids this request"),
            Class::Region => format!("{server} does not serve the place this request comes from"),
            Class::NotFound if self.bare => format!("{url} does not exist"),
            Class::NotFound if self.is_pulled() => format!("{server} has no model {model}"),
            Class::NotFound => format!("{url} does not know this address or the model {model}"),
            Class::OtherApi => format!("{model} is not offered at {url}"),
            Class::Address => format!("{url} is not the address of this API"),
            Class::Rate => format!("{server} got too many requests"),
            Class::Overloaded => format!("{server} is overloaded"),
            Class::Loading => format!("{server} is still loading the model"),
            Class::Busy => format!("{server} was busy with something else for too long"),
            Class::Server => format!("{url} failed"),
            Class::Request => format!("{url} refused the request"),
        }
    }

    /// What to do about it.
    pub(super) fn advice(&self, class: Class, report: &Report) -> String {
        let (hint, model) = (&self.endpoint.key_hint, &self.model);
        let fixed = match class {
            Class::Key if self.endpoint.key.is_none() => return hint.clone(),
            Class::Key if !hint.is_empty() => return format!("check the key: {hint}"),
            Class::Key => "check the key",
            Class::TooLong => "shorten the inputs, or choose a model with a larger window",
            Class::TooLarge => "shorten the inputs or the images, or send them in parts",
            Class::Parameter => return self.about_parameter(report),
            Class::Policy => "change the brief",
            Class::Image => "give a PNG, JPEG, GIF or WebP of less than 20 MB that opens elsewhere",
            Class::Schema => "mend output.schema in the template",
            Class::Billing => "check plan and billing there; waiting does not help",
            Class::Forbidden => {
                "check what the key may do, and whether the model is open to this account"
            }
            Class::Region => "use another provider, or ask from a place it serves",
            Class::NotFound if self.bare => {
                "base_url probably lacks its version path, try adding /v1"
            }
            Class::NotFound if self.is_pulled() => return format!("run `ollama pull {model}`"),
            Class::NotFound if self.may_lack_responses(report) => {
                return format!(
                    "if this server does not speak the Responses API, set api = \"chat\" in [providers.{}]; else check the model's name and base_url",
                    self.endpoint.provider
                );
            }
            Class::NotFound => "check the model's name, and base_url and api of this provider",
            Class::OtherApi if self.endpoint.api == Api::Chat => {
                "set api = \"responses\" for this provider, or choose another model"
            }
            Class::OtherApi => "set api = \"chat\" for this provider, or choose another model",
            Class::Address => "check base_url and api of this provider",
            Class::Rate | Class::Overloaded | Class::Busy => "wait a little and generate again",
            Class::Loading => "generate again when it has loaded",
            Class::Server => "generate again; if it stays, the fault is on the server's side",
            Class::Request => "check model, parameters and api of this provider",
        };
        fixed.to_owned()
    }

    /// Whether an address that is not known may be that of the newer API, which many servers lack.
    fn may_lack_responses(&self, report: &Report) -> bool {
        self.endpoint.api == Api::Responses
            && self.endpoint.host() == Host::Other
            && report.code != "model_not_found"
    }

    fn about_parameter(&self, report: &Report) -> String {
        let param = self.parameter(report).unwrap_or_default();
        if param.starts_with("response_format") || param.starts_with("text.format") {
            return "choose a model that keeps to a JSON schema, or take output.schema out of the \
                    template"
                .to_owned();
        }
        if is_about_value(&report.code) {
            return "change it in model.params of the template".to_owned();
        }
        "take it out of model.params of the template, or choose another model".to_owned()
    }

    fn parameter(&self, report: &Report) -> Option<String> {
        let param = if report.param.is_empty() {
            super::remedy::unknown_field(&report.message)?
        } else {
            &report.param
        };
        Some(self.clean(param))
    }

    /// True where a model that is not there can be fetched.
    fn is_pulled(&self) -> bool {
        self.endpoint.server() == Server::Ollama
    }
}

fn is_about_value(code: &str) -> bool {
    matches!(
        code,
        "unsupported_value"
            | "invalid_value"
            | "invalid_type"
            | "integer_below_min_value"
            | "integer_above_max_value"
            | "decimal_below_min_value"
            | "decimal_above_max_value"
            | "string_above_max_length"
            | "array_above_max_length"
    )
}
