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

#[cfg(test)]
mod tests {
    use super::*;

    fn class(status: u16, body: &str) -> Class {
        Report::from_body(body).class(Some(status))
    }

    /// What servers answer with: a class, whether it may pass, and a line of status and body for
    /// each answer that has it.
    const ANSWERS: &[(Class, bool, &str)] = &[
        (
            Class::TooLong,
            false,
            r#"400 {"error":{"code":"context_length_exceeded","param":"messages"}}
400 {"error":{"code":400,"type":"exceed_context_size_error","n_ctx":4096}}
400 {"error":{"message":"This model's maximum context length is 8192 tokens"}}
400 {"error":{"message":"prompt exceeds the context window"}}"#,
        ),
        (
            Class::Parameter,
            false,
            r#"400 {"error":{"code":"unsupported_parameter","param":"max_tokens"}}
400 {"error":{"code":"unsupported_value","param":"temperature"}}
400 {"error":{"code":"unknown_parameter","param":"x"}}
400 {"error":{"code":"invalid_value","param":"x"}}
400 {"error":{"code":"invalid_type","param":"x"}}
400 {"error":{"code":"missing_required_parameter","param":"model"}}
400 {"error":{"code":"integer_below_min_value","param":"max_output_tokens"}}
400 {"error":{"code":"string_above_max_length","param":"input"}}
400 {"error":{"message":"Unrecognized request argument supplied: verbosity","code":null}}
400 [{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"verbosity\": Cannot find field.","status":"INVALID_ARGUMENT"}}]
422 {"detail":[{"type":"extra_forbidden","loc":["body","verbosity"],"msg":"Extra inputs are not permitted"}]}
422 {"object":"error","message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"],"msg":"no"}]},"type":"invalid_request_error"}"#,
        ),
        (
            Class::Policy,
            false,
            r#"400 {"error":{"code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}
400 {"error":{"code":"content_policy_violation"}}
400 {"error":{"code":"invalid_prompt"}}
400 {"error":{"code":"moderation_blocked"}}"#,
        ),
        (
            Class::Request,
            false,
            r#"400 {"error":{"code":"previous_response_not_found"}}
400 {"error":{"message":"no idea"}}
415
425"#,
        ),
        (
            Class::Schema,
            false,
            r#"400 {"error":{"code":"invalid_json_schema"}}"#,
        ),
        (
            Class::Image,
            false,
            r#"400 {"error":{"code":"invalid_image_format"}}"#,
        ),
        (
            Class::Key,
            false,
            r#"400 [{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}]
401 {"error":{"code":"invalid_api_key"}}
401 {"error":{"message":"You didn't provide an API key","code":null}}
401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}"#,
        ),
        (
            Class::Billing,
            false,
            r#"402 {"error":{"message":"Insufficient Balance","code":402}}
429 {"error":{"type":"insufficient_quota","code":"insufficient_quota"}}
429 {"error":{"type":"insufficient_quota","code":"credit_balance_exhausted"}}
429 {"error":{"code":"organization_spend_limit_exceeded"}}
429 {"error":{"code":"project_spend_limit_exceeded"}}
429 {"error":{"code":"organization_usage_limit_exceeded"}}
429 {"error":{"code":"billing_not_active"}}"#,
        ),
        (
            Class::Region,
            false,
            r#"403 {"error":{"code":"unsupported_country_region_territory"}}"#,
        ),
        (
            Class::Forbidden,
            false,
            r#"403 {"error":{"message":"Project does not have access to model"}}"#,
        ),
        (
            Class::NotFound,
            false,
            r#"404 {"error":{"code":"model_not_found"}}
404 {"error":{"message":"Invalid URL (POST /v1/chat)"}}
404 {"error":{"type":"not_found_error","message":"model \"llama9\" not found"}}"#,
        ),
        (
            Class::OtherApi,
            false,
            r#"404 {"error":{"message":"This model is only supported in v1/responses and not in v1/chat/completions."}}"#,
        ),
        (Class::Address, false, "405"),
        (
            Class::Busy,
            true,
            r#"408
409 {"error":{"message":"locked"}}"#,
        ),
        (
            Class::TooLarge,
            false,
            r#"413
413 {"error":{"code":"rate_limit_exceeded","type":"tokens"}}"#,
        ),
        (
            Class::Rate,
            true,
            r#"429 {"error":{"type":"requests","code":"rate_limit_exceeded"}}
429 {"error":{"type":"rate_limit_error","code":"slow_down"}}
429"#,
        ),
        (
            Class::Overloaded,
            true,
            r#"429 {"error":{"code":"resource_unavailable"}}
498
503 {"error":{"type":"service_unavailable_error","code":"server_is_overloaded"}}
503 {"error":{"message":"No provider available"}}
529 {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
        ),
        (
            Class::Server,
            true,
            r#"500 {"error":{"code":"server_error"}}
502 <html><title>502</title>
524"#,
        ),
        (
            Class::Loading,
            true,
            r#"503 {"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
        ),
    ];

    #[test]
    fn every_status_and_code_has_its_class_and_its_repetition() {
        let mut seen = 0;
        for (expected, passing, answers) in ANSWERS {
            for line in answers.lines() {
                let (status, body) = line.split_once(' ').unwrap_or((line, ""));
                let status = status.parse().unwrap();
                let class = class(status, body);
                assert_eq!(class, *expected, "{line}");
                let again = super::super::retry::may_pass(Some(status), class, None);
                assert_eq!(again, *passing, "{line}");
                seen += 1;
            }
        }
        assert!(seen >= 60, "{seen}");
    }

    #[test]
    fn a_refusal_is_not_repeated_for_a_code_that_speaks_of_a_server() {
        let odd = r#"{"error":{"code":"server_error","type":"overloaded_error"}}"#;
        let class = class(400, odd);
        assert!(!super::super::retry::may_pass(Some(400), class, None));
    }

    #[test]
    fn a_code_in_a_stream_stands_for_the_status() {
        let report = Report::from_body(r#"{"error":{"code":502,"message":"gone"}}"#);
        assert_eq!(report.class(None), Class::Server);
        let report = Report::from_body(r#"{"error":{"code":401,"message":"gone"}}"#);
        assert_eq!(report.class(None), Class::Key);
    }
}
