//! What an error means for the person, and whether the same request may succeed in a moment.
//!
//! Owns the table of codes, types, statuses and words. A code decides before a type, a type before
//! a status, a status before the words of a message, for a status alone misleads. Pure.

use super::report::Report;

/// What an error means for the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Prompt and answer do not fit the model's window.
    TooLong,
    /// The request is larger than the server takes at once.
    TooLarge,
    /// A field of the request is not supported.
    Parameter,
    /// The content was refused.
    Policy,
    /// An image cannot be read.
    Image,
    /// The schema of the answer cannot be used.
    Schema,
    /// The key is missing or wrong.
    Key,
    /// The account has no money or is over its limit.
    Billing,
    /// The key may not do this.
    Forbidden,
    /// The service is not offered where the request comes from.
    Region,
    /// The model or the address does not exist.
    NotFound,
    /// The model is there, but speaks the other API.
    OtherApi,
    /// The address is not an API's.
    Address,
    /// Too many requests.
    Rate,
    /// The server is busy.
    Overloaded,
    /// The server is still loading the model.
    Loading,
    /// The server waited too long, or something was locked.
    Busy,
    /// The server failed.
    Server,
    /// Any other refusal.
    Request,
}

impl Class {
    /// True when the same request may succeed in a moment.
    pub const fn is_passing(self) -> bool {
        matches!(
            self,
            Self::Rate | Self::Overloaded | Self::Loading | Self::Busy | Self::Server
        )
    }
}

impl Report {
    /// The class: by code, then type, then status, then the words of the message.
    pub fn class(&self, status: Option<u16>) -> Class {
        let status = status.or_else(|| self.code.parse().ok());
        self.by_code(status)
            .or_else(|| self.by_kind(status))
            .or_else(|| self.by_words(status))
            .unwrap_or_else(|| self.by_status(status))
    }

    fn by_code(&self, status: Option<u16>) -> Option<Class> {
        let code = self.code.as_str();
        if code.starts_with("invalid_image") || code.starts_with("image_") {
            return Some(Class::Image);
        }
        let class = match code {
            "context_length_exceeded" | "exceed_context_size_error" => Class::TooLong,
            "unsupported_parameter"
            | "unsupported_value"
            | "unknown_parameter"
            | "invalid_value"
            | "invalid_type"
            | "extra_forbidden"
            | "missing_required_parameter"
            | "integer_below_min_value"
            | "integer_above_max_value"
            | "decimal_below_min_value"
            | "decimal_above_max_value"
            | "string_above_max_length"
            | "array_above_max_length" => Class::Parameter,
            "content_filter"
            | "content_policy_violation"
            | "invalid_prompt"
            | "moderation_blocked"
            | "bio_policy"
            | "misalignment_policy_violation" => Class::Policy,
            "invalid_json_schema" => Class::Schema,
            "invalid_api_key" => Class::Key,
            "insufficient_quota"
            | "credit_balance_exhausted"
            | "billing_not_active"
            | "organization_spend_limit_exceeded"
            | "project_spend_limit_exceeded"
            | "organization_usage_limit_exceeded" => Class::Billing,
            "unsupported_country_region_territory" | "data_residency_mismatch" => Class::Region,
            "model_not_found" | "DeploymentNotFound" => Class::NotFound,
            "server_is_overloaded" | "resource_unavailable" => Class::Overloaded,
            // One is about what can be done in a minute, with 413 about this request.
            "rate_limit_exceeded" | "slow_down" if status != Some(413) => Class::Rate,
            // Words of the status that 5xx and 4xx come with as well.
            "server_error" if status.is_none_or(|status| status >= 500) => Class::Server,
            _ => return None,
        };
        Some(class)
    }

    fn by_kind(&self, status: Option<u16>) -> Option<Class> {
        let class = match self.kind.as_str() {
            "exceed_context_size_error" => Class::TooLong,
            "extra_forbidden" => Class::Parameter,
            "insufficient_quota" | "billing_error" => Class::Billing,
            "authentication_error" | "UNAUTHENTICATED" => Class::Key,
            "permission_error" | "PERMISSION_DENIED" => Class::Forbidden,
            "not_found_error" | "NOT_FOUND" => Class::NotFound,
            "request_too_large" => Class::TooLarge,
            "rate_limit_error" | "RESOURCE_EXHAUSTED" if status != Some(413) => Class::Rate,
            "unavailable_error" if self.says(&["loading model", "model is loading"]) => {
                Class::Loading
            }
            "overloaded_error"
            | "unavailable_error"
            | "service_unavailable_error"
            | "UNAVAILABLE" => Class::Overloaded,
            "timeout_error" => Class::Busy,
            _ => return None,
        };
        Some(class)
    }

    fn by_words(&self, status: Option<u16>) -> Option<Class> {
        let refusal = status.is_none_or(|status| (400..500).contains(&status));
        let window = [
            "maximum context length",
            "context window",
            "context size",
            "context length",
        ];
        if refusal && status != Some(429) && self.says(&window) {
            return Some(Class::TooLong);
        }
        let other = [
            "only supported in v1/responses",
            "not supported in the v1/chat/completions",
            "not a chat model",
            "use the responses api",
        ];
        if refusal && self.says(&other) {
            return Some(Class::OtherApi);
        }
        match status {
            Some(503) if self.says(&["loading model", "model is loading"]) => Some(Class::Loading),
            Some(400) if self.says(&["api key not valid", "api key expired"]) => Some(Class::Key),
            Some(400) if self.says(&["credit balance is too low"]) => Some(Class::Billing),
            Some(400 | 422) if super::remedy::unknown_field(&self.message).is_some() => {
                Some(Class::Parameter)
            }
            None if self.says(&["rate limit"]) => Some(Class::Rate),
            None if self.says(&["overloaded"]) => Some(Class::Overloaded),
            _ => None,
        }
    }

    fn by_status(&self, status: Option<u16>) -> Class {
        match status {
            Some(401) => Class::Key,
            Some(402) => Class::Billing,
            Some(403) => Class::Forbidden,
            Some(404) => Class::NotFound,
            Some(300..=399 | 405) => Class::Address,
            Some(408 | 409) => Class::Busy,
            Some(413) => Class::TooLarge,
            Some(429) => Class::Rate,
            Some(498 | 503 | 529) => Class::Overloaded,
            Some(422) if !self.param.is_empty() => Class::Parameter,
            Some(400..=499) => Class::Request,
            _ => Class::Server,
        }
    }

    fn says(&self, words: &[&str]) -> bool {
        let message = self.message.to_lowercase();
        words.iter().any(|word| message.contains(word))
    }
}
