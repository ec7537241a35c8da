//! Answers with an error status: what is said of them, and how often is asked.

use super::payload::{chat, status, stream};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;

const TEXT: &str = "In the end.";

/// A refusal that stays: asked once.
fn once(name: &'static str, code: u16, body: &str) -> Row {
    Row::new(name, Api::Chat, status(code, body))
}

/// One that may pass and does: asked twice.
fn passes(name: &'static str, refusal: Vec<Step>) -> Row {
    Row::new(name, Api::Chat, refusal)
        .then(stream(&chat(TEXT)))
        .text(TEXT)
        .usage(27, 31)
}

fn with(code: u16, headers: &[(&'static str, &str)], body: &str) -> Vec<Step> {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    vec![Step::Status(code, headers.collect(), body.into())]
}

pub(crate) fn rows() -> Vec<Row> {
    [
        shapes(),
        refusals(),
        codes(),
        passing(),
        mended(),
        staying(),
        waits(),
    ]
    .concat()
}

/// Every shape of an error body gives its sentence.
fn shapes() -> Vec<Row> {
    let says =
        |name, body: &str| once(name, 400, body).fails(FailureKind::Refused, "Not like this");
    vec![
        says(
            "shape-openai",
            r#"{"error":{"message":"Not like this.","type":"invalid_request_error","param":null,"code":null}}"#,
        ),
        says(
            "shape-numeric-code",
            r#"{"error":{"code":400,"message":"Not like this.","type":"invalid_request_error"}}"#,
        ),
        says(
            "shape-gemini",
            r#"[{"error":{"code":400,"message":"Not like this.","status":"INVALID_ARGUMENT","details":[]}}]"#,
        ),
        says("shape-text-in-error", r#"{"error":"Not like this."}"#),
        says(
            "shape-object-error",
            r#"{"object":"error","message":"Not like this.","type":"BadRequestError","param":null,"code":400}"#,
        ),
        says(
            "shape-nested-detail",
            r#"{"object":"error","message":{"detail":[{"loc":["body","messages"],"msg":"Not like this"}]}}"#,
        ),
        says("shape-detail", r#"{"detail":"Not like this."}"#),
        says(
            "shape-detail-list",
            r#"{"detail":[{"loc":["body","top_k"],"msg":"Not like this","type":"value_error"}]}"#,
        ),
        says(
            "shape-anthropic",
            r#"{"type":"error","error":{"type":"invalid_request_error","message":"Not like this."},"request_id":"req_1"}"#,
        ),
        says("shape-message", r#"{"message":"Not like this."}"#),
        says(
            "shape-error-message",
            r#"{"error_type":"x","error_message":"Not like this."}"#,
        ),
        says(
            "shape-errors",
            r#"{"errors":[{"message":"Not like this."}]}"#,
        ),
        says(
            "shape-page",
            "<html><head><title>Not like this</title></head><body><script>x</script>",
        ),
        says("shape-words", "\u{feff}Not like this.\n"),
        once("shape-nothing", 400, "").fails(FailureKind::Refused, "gave no reason"),
    ]
}

fn refusals() -> Vec<Row> {
    let error = |message: &str, kind: &str, code: &str| {
        format!(
            r#"{{"error":{{"message":"{message}","type":"{kind}","param":null,"code":{code}}}}}"#
        )
    };
    let refused = FailureKind::Refused;
    let redirect = |code| with(code, &[("location", "http://127.0.0.1:9/elsewhere")], "");
    vec![
        once("status-400-window", 400, &error("Too long.", "invalid_request_error", "\"context_length_exceeded\"")).fails(refused, "larger window"),
        once("status-400-window-llama", 400, r#"{"error":{"code":400,"message":"the request exceeds","type":"exceed_context_size_error","n_prompt_tokens":9000,"n_ctx":4096}}"#).fails(refused, "larger window"),
        once("status-400-window-words", 400, r#"{"object":"error","message":"This model's maximum context length is 4096 tokens."}"#).fails(refused, "larger window"),
        once("status-400-filter", 400, r#"{"error":{"message":"Filtered.","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#).fails(refused, "refused the content"),
        once("status-400-parameter", 400, r#"{"error":{"message":"Unknown parameter: 'x'.","type":"invalid_request_error","param":"x","code":"unknown_parameter"}}"#).fails(refused, "Unknown parameter"),
        once("status-401", 401, &error("Incorrect API key provided: sk-abc*****wxyz.", "invalid_request_error", "\"invalid_api_key\"")).fails(refused, "SCRIPTED_KEY"),
        once("status-401-nothing", 401, "").fails(refused, "did not accept the key"),
        once("status-402", 402, r#"{"error":{"message":"Insufficient balance.","code":402}}"#).fails(FailureKind::RateLimited, "billing"),
        once("status-403", 403, &error("Country not supported.", "request_forbidden", "\"unsupported_country_region_territory\"")).fails(refused, "does not serve the place"),
        once(
            "status-403-scope",
            403,
            &error(
                "You have insufficient permissions.",
                "invalid_request_error",
                "null",
            ),
        )
        .fails(refused, "insufficient permissions"),
        once("status-404-model", 404, &error("The model does not exist.", "invalid_request_error", "\"model_not_found\"")).fails(refused, "model m1"),
        once("status-404-address", 404, &error("Invalid URL (POST /chat/completions)", "invalid_request_error", "null")).base("").fails(refused, "/v1"),
        once("status-404-ollama", 404, r#"{"error":{"message":"model 'm1' not found","type":"not_found_error","param":null,"code":null}}"#).fails(refused, "model m1"),
        once("status-405", 405, "").fails(refused, "not the address of this API"),
        Row::new("status-301", Api::Chat, redirect(301)).fails(FailureKind::Network, "elsewhere"),
        Row::new("status-307", Api::Chat, redirect(307)).fails(FailureKind::Network, "key and prompt stayed away"),
        once("status-413", 413, "").fails(refused, "shorten"),
        once("status-413-groq", 413, &error("Request too large for model.", "tokens", "\"rate_limit_exceeded\"")).fails(refused, "shorten"),
        once("status-415", 415, r#"{"detail":"Unsupported media type"}"#).fails(refused, "Unsupported media type"),
        once("status-422", 422, r#"{"detail":[{"loc":["body","messages",0,"role"],"msg":"Input should be 'system'","type":"literal_error"}]}"#).fails(refused, "Input should be"),
        once("status-451", 451, "").fails(refused, "refused the request"),
        once("status-429-billing", 429, &error("You have no credits left.", "insufficient_quota", "\"credit_balance_exhausted\"")).fails(FailureKind::RateLimited, "billing"),
        once("status-429-quota", 429, &error("You exceeded your current quota.", "insufficient_quota", "\"insufficient_quota\"")).fails(FailureKind::RateLimited, "billing"),
        once("status-429-inactive", 429, &error("Not active.", "billing", "\"billing_not_active\"")).fails(FailureKind::RateLimited, "billing"),
    ]
}

/// A code says more than its status.
fn codes() -> Vec<Row> {
    let refused = FailureKind::Refused;
    let coded = |name, code: u16, word: &str| {
        let body = format!(
            r#"{{"error":{{"message":"No.","type":"invalid_request_error","param":"model","code":"{word}"}}}}"#
        );
        once(name, code, &body)
    };
    let billing = |name, code: &str| {
        let body = format!(
            r#"{{"error":{{"message":"No.","type":"insufficient_quota","code":"{code}"}}}}"#
        );
        once(name, 429, &body).fails(FailureKind::RateLimited, "billing")
    };
    let value = "this value of the parameter model";
    vec![
        coded("status-400-policy", 400, "content_policy_violation").fails(refused, "refused the content"),
        coded("status-400-prompt", 400, "invalid_prompt").fails(refused, "refused the content"),
        coded("status-400-moderation", 400, "moderation_blocked").fails(refused, "refused the content"),
        coded("status-400-earlier", 400, "previous_response_not_found").fails(refused, "refused the request"),
        coded("status-400-schema", 400, "invalid_json_schema").fails(refused, "output.schema"),
        coded("status-400-image", 400, "invalid_image_format").fails(refused, "cannot read the image"),
        coded("status-400-value", 400, "invalid_value").fails(refused, value),
        coded("status-400-type", 400, "invalid_type").fails(refused, value),
        coded("status-400-below", 400, "integer_below_min_value").fails(refused, value),
        coded("status-400-above", 400, "string_above_max_length").fails(refused, value),
        coded("status-400-missing", 400, "missing_required_parameter").fails(refused, "wants the parameter model"),
        once("status-400-window-here", 400, r#"{"error":"the prompt does not fit into the context window"}"#).fails(refused, "larger window"),
        once("status-401-missing", 401, r#"{"error":{"message":"You didn't provide an API key.","type":"invalid_request_error","param":null,"code":null}}"#).fails(refused, "SCRIPTED_KEY"),
        once("status-403-model", 403, r#"{"error":{"message":"Project does not have access to model m1.","type":"invalid_request_error","param":null,"code":"model_access"}}"#).fails(refused, "open to this account"),
        once("status-403-moderation", 403, r#"{"error":{"code":403,"message":"Flagged by moderation.","metadata":{"reasons":["x"]}}}"#).fails(refused, "Flagged by moderation"),
        once("status-404-other-api", 404, r#"{"error":{"message":"This model is only supported in v1/responses and not in v1/chat/completions.","type":"invalid_request_error","param":"model","code":null}}"#).fails(refused, "is not offered at"),
        Row::new("status-404-no-responses", Api::Responses, status(404, "404 page not found")).fails(refused, "does not speak the Responses API"),
        once("status-404-invalid-url", 404, r#"{"error":{"message":"Invalid URL (POST /v1/chat/completions)","type":"invalid_request_error","param":null,"code":null}}"#).fails(refused, "base_url and api"),
        once("status-422-extra", 422, r#"{"detail":[{"loc":["body","messages"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}"#).fails(refused, "Extra inputs"),
        once("status-425", 425, "").fails(refused, "refused the request"),
        billing("status-429-spend", "organization_spend_limit_exceeded"),
        billing("status-429-project", "project_spend_limit_exceeded"),
        billing("status-429-usage", "organization_usage_limit_exceeded"),
        Row::new("status-302", Api::Chat, with(302, &[("location", "/elsewhere")], "")).fails(FailureKind::Network, "on the same server"),
        Row::new("status-308", Api::Chat, with(308, &[("location", "https://other.example/v1")], "")).fails(FailureKind::Network, "key and prompt stayed away"),
        Row::new("status-303-nowhere", Api::Chat, with(303, &[], "")).fails(FailureKind::Network, "redirects (HTTP 303)"),
    ]
}

/// What may pass is asked for again.
fn passing() -> Vec<Row> {
    vec![
        passes("status-408", status(408, "")),
        passes("status-409", status(409, "")),
        passes(
            "status-429-rate",
            status(
                429,
                r#"{"error":{"message":"Rate limit reached.","type":"tokens","code":"rate_limit_exceeded"}}"#,
            ),
        ),
        passes(
            "status-429-slow-down",
            status(
                429,
                r#"{"error":{"message":"Slow down.","type":"rate_limit_error","code":"slow_down"}}"#,
            ),
        ),
        passes(
            "status-498",
            status(
                498,
                r#"{"error":{"message":"Flex tier capacity exceeded.","type":"flex"}}"#,
            ),
        ),
        passes(
            "status-500",
            status(
                500,
                r#"{"error":{"message":"The server had an error.","type":"server_error"}}"#,
            ),
        ),
        passes(
            "status-502-page",
            status(502, "<html><title>502 Bad Gateway</title></html>"),
        ),
        passes(
            "status-503-overloaded",
            status(
                503,
                r#"{"error":{"message":"Overloaded.","type":"service_unavailable_error","code":"server_is_overloaded"}}"#,
            ),
        ),
        passes("status-504", status(504, "")),
        passes("status-501", status(501, "")),
        passes(
            "status-524",
            status(524, "<html><title>A timeout occurred</title>"),
        ),
        passes("status-599", status(599, "")),
        passes(
            "status-429-flex",
            status(
                429,
                r#"{"error":{"message":"No capacity.","type":"invalid_request_error","code":"resource_unavailable"}}"#,
            ),
        ),
        passes(
            "status-503-unavailable",
            status(
                503,
                r#"{"error":{"message":"No provider is available.","code":503,"metadata":{}}}"#,
            ),
        ),
        passes(
            "status-520",
            status(520, "<!doctype html><title>520</title>"),
        ),
        passes(
            "status-529",
            status(
                529,
                r#"{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}"#,
            ),
        ),
    ]
}

/// What can be mended is mended and asked for again.
fn mended() -> Vec<Row> {
    let refused = |param: &str, code: &str| {
        let body = format!(
            r#"{{"error":{{"message":"Unsupported parameter.","type":"invalid_request_error","param":"{param}","code":"{code}"}}}}"#
        );
        with(400, &[], &body)
    };
    vec![
        passes(
            "mended-limit",
            refused("max_tokens", "unsupported_parameter"),
        )
        .limit(99),
        passes(
            "mended-extra-field",
            with(
                422,
                &[],
                r#"{"detail":[{"loc":["body","stream_options"],"msg":"Extra inputs are not permitted","type":"extra_forbidden"}]}"#,
            ),
        ),
        passes(
            "mended-by-words",
            with(
                400,
                &[],
                r#"[{"error":{"code":400,"message":"Invalid JSON payload received. Unknown name \"stream_options\": Cannot find field.","status":"INVALID_ARGUMENT"}}]"#,
            ),
        ),
        Row::new(
            "mended-stream",
            Api::Chat,
            refused("stream", "unsupported_value"),
        )
        .then(vec![Step::json(
            200,
            r#"{"choices":[{"message":{"content":"All of it."},"finish_reason":"stop"}]}"#,
        )])
        .text("All of it."),
        passes(
            "loading-model",
            with(
                503,
                &[],
                r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
            ),
        ),
    ]
}

/// What does not pass is asked for three times.
fn staying() -> Vec<Row> {
    let thrice = |name, code, body| {
        Row::new(name, Api::Chat, status(code, body))
            .then(status(code, body))
            .then(status(code, body))
    };
    vec![
        thrice("status-500-stays", 500, "").fails(FailureKind::Network, "failed (HTTP 500)"),
        thrice(
            "status-503-stays",
            503,
            r#"{"error":{"message":"Overloaded.","code":"server_is_overloaded"}}"#,
        )
        .fails(FailureKind::Network, "overloaded"),
        thrice(
            "status-429-stays",
            429,
            r#"{"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}"#,
        )
        .fails(FailureKind::RateLimited, "too many requests"),
        Row::new("status-changes", Api::Chat, status(503, ""))
            .then(status(
                401,
                r#"{"error":{"message":"No.","code":"invalid_api_key"}}"#,
            ))
            .fails(FailureKind::Refused, "did not accept the key"),
    ]
}

/// The waits that servers ask for.
fn waits() -> Vec<Row> {
    let rate = r#"{"error":{"message":"Slow down.","code":"rate_limit_exceeded"}}"#;
    // The fewest seconds that a date can name and still lie ahead.
    let soon = jiff::Timestamp::now() + jiff::SignedDuration::from_secs(2);
    let soon = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&soon);
    let soon = soon.unwrap();
    vec![
        passes(
            "wait-in-milliseconds",
            with(
                429,
                &[("retry-after-ms", "20.5"), ("retry-after", "50")],
                rate,
            ),
        ),
        passes(
            "wait-in-seconds",
            with(429, &[("retry-after", " 2e-2 ")], rate),
        ),
        passes(
            "wait-until-a-past-date",
            with(
                429,
                &[("retry-after", "Sun, 09 Sep 2001 01:46:40 GMT")],
                rate,
            ),
        ),
        passes(
            "wait-in-no-known-way",
            with(
                429,
                &[("retry-after-ms", "soon"), ("retry-after", "NaN")],
                rate,
            ),
        ),
        passes("wait-of-nothing", with(429, &[("retry-after", "0")], rate)),
        passes("wait-until-a-date", with(503, &[("retry-after", &soon)], "")),
        passes("wait-without-end", with(503, &[("retry-after", "inf")], "")),
        Row::new(
            "wait-too-long-in-words",
            Api::Chat,
            with(
                429,
                &[],
                r#"{"error":{"message":"Please try again in 6m0s.","code":"rate_limit_exceeded"}}"#,
            ),
        )
        .fails(FailureKind::RateLimited, "6 min"),
        Row::new(
            "wait-too-long-though-advised",
            Api::Chat,
            with(503, &[("retry-after", "600"), ("x-should-retry", "true")], ""),
        )
        .fails(FailureKind::Network, "10 min"),
        Row::new(
            "wait-advised-without-money",
            Api::Chat,
            with(
                429,
                &[("x-should-retry", "true")],
                r#"{"error":{"message":"No.","type":"insufficient_quota","code":"insufficient_quota"}}"#,
            ),
        )
        .fails(FailureKind::RateLimited, "billing"),
        Row::new(
            "wait-advised-in-capitals",
            Api::Chat,
            with(400, &[("x-should-retry", "TRUE")], ""),
        )
        .fails(FailureKind::Refused, "refused the request"),
        passes("wait-negative", with(503, &[("retry-after", "-5")], "")),
        passes(
            "wait-in-the-message",
            with(
                429,
                &[],
                r#"{"error":{"message":"Rate limit reached. Please try again in 20ms.","code":"rate_limit_exceeded"}}"#,
            ),
        ),
        Row::new(
            "wait-too-long",
            Api::Chat,
            with(429, &[("retry-after", "61")], rate),
        )
        .fails(FailureKind::RateLimited, "1 min 1 s"),
        Row::new(
            "wait-forbidden",
            Api::Chat,
            with(503, &[("x-should-retry", "false")], ""),
        )
        .fails(FailureKind::Network, "overloaded"),
        passes(
            "wait-advised",
            with(
                400,
                &[("x-should-retry", "true"), ("retry-after-ms", "1")],
                "",
            ),
        ),
    ]
}
