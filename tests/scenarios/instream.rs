//! Errors inside a stream that began with 200.

use super::payload::{DONE, chat, chunk, data, delta, stream};
use super::row::Row;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;

/// A text, then an error, and the marker of a good end behind it.
fn after(name: &'static str, error: &str) -> Row {
    let body = format!("{}{error}{DONE}", delta("Half a sen"));
    Row::new(name, Api::Chat, stream(&body))
        .text("Half a sen")
        .fails(FailureKind::Partial, "engine died")
}

/// An error before any text.
fn at_once(name: &'static str, error: &str) -> Row {
    Row::new(name, Api::Chat, stream(error))
}

pub(crate) fn rows() -> Vec<Row> {
    [shapes(), kinds()].concat()
}

fn shapes() -> Vec<Row> {
    vec![
        after(
            "error-vllm",
            &data(
                r#"{"error":{"message":"engine died","type":"InternalServerError","param":null,"code":500}}"#,
            ),
        ),
        after("error-as-text", &data(r#"{"error":"engine died"}"#)),
        after(
            "error-after-usage",
            &[
                data(r#"{"choices":[{"delta":{"content":""}}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#),
                data(r#"{"error":{"message":"engine died","code":500},"usage":{"prompt_tokens":3,"completion_tokens":5}}"#),
            ]
            .concat(),
        )
        .usage(3, 5),
        after(
            "error-openrouter",
            &data(
                r#"{"id":"gen-1","provider":"X","error":{"code":502,"message":"engine died"},"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":"error"}]}"#,
            ),
        ),
        after(
            "error-lm-studio",
            "event: error\ndata: {\"error\":{\"message\":\"engine died\"},\"message\":\"engine died\"}\n\n",
        ),
        after(
            "error-event-flat",
            "event: error\ndata: {\"message\":\"engine died\"}\n\n",
        ),
        after("error-event-text", "event: error\ndata: engine died\n\n"),
        after(
            "error-event-quoted",
            "event: error\ndata: \"engine died\"\n\n",
        ),
        after("error-event-null", "event: error\ndata: null\n\n").says("kept"),
        after("error-event-number", "event: error\ndata: 500\n\n").says("kept"),
        after(
            "error-event-broken",
            "event: error\ndata: {\"message\":\"engine died\n\n",
        ),
        after(
            "error-object",
            &data(r#"{"object":"error","message":"engine died","type":"x","code":500}"#),
        ),
        after(
            "error-type",
            &data(r#"{"type":"error","error":{"type":"api_error","message":"engine died"}}"#),
        ),
        after(
            "error-venice",
            &data(r#"{"error_message":"engine died","error_type":"x"}"#),
        ),
        after(
            "error-groq",
            &data(r#"{"choices":[],"x_groq":{"id":"req","error":"engine died"}}"#),
        ),
        after(
            "error-pseudo-field",
            "error: {\"code\":500,\"message\":\"engine died\"}\n\n",
        ),
        after(
            "error-bare-line",
            "{\"error\":{\"message\":\"engine died\"}}\n",
        ),
        after("error-bare-spaced", "{ \"error\" : \"engine died\" }\n"),
        Row::new(
            "error-null",
            Api::Chat,
            stream(
                &[
                    data(r#"{"error":null,"choices":[{"delta":{"content":"Half a sen"}}]}"#),
                    chunk("{}", "\"stop\""),
                    DONE.to_owned(),
                ]
                .concat(),
            ),
        )
        .text("Half a sen"),
        Row::new(
            "error-swallowed",
            Api::Chat,
            stream(&[delta("Half a sen"), delta("")].concat()),
        )
        .text("Half a sen")
        .fails(FailureKind::Partial, "broke off"),
    ]
}

/// An error that may pass, before any text: the request is sent again.
fn passes(name: &'static str, error: &str) -> Row {
    at_once(name, error)
        .then(stream(&chat("In the end.")))
        .text("In the end.")
        .usage(27, 31)
}

fn kinds() -> Vec<Row> {
    const OVERLOADED: &str = r#"{"error":{"message":"Overloaded. Please try again in 10ms.","code":"server_is_overloaded"}}"#;
    vec![
        passes("error-overloaded-before-text", &data(OVERLOADED)),
        passes(
            "error-openrouter-before-text",
            &format!(
                ": OPENROUTER PROCESSING\n\n{}",
                data(r#"{"id":"gen-1","error":{"code":502,"message":"Provider disconnected"},"choices":[{"delta":{"role":"assistant","content":""},"finish_reason":"error"}]}"#)
            ),
        ),
        passes(
            "error-rate-in-stream",
            &data(r#"{"error":{"message":"Rate limit reached. Please try again in 20ms.","type":"tokens","code":"rate_limit_exceeded"}}"#),
        ),
        at_once(
            "error-rate-in-stream-for-long",
            &data(r#"{"error":{"message":"Rate limit reached. Please try again in 90s.","type":"tokens","code":"rate_limit_exceeded"}}"#),
        )
        .fails(FailureKind::RateLimited, "1 min 30 s"),
        passes(
            "error-overloaded-after-the-model",
            &format!("{}{}", chunk("{\"role\":\"assistant\"}", "null"), data(OVERLOADED)),
        ),
        at_once(
            "error-overloaded-after-reasoning",
            &format!("{}{}", chunk("{\"reasoning\":\"Let me see.\"}", "null"), data(OVERLOADED)),
        )
        .reasoning("Let me see.")
        .fails(FailureKind::Network, "overloaded"),
        at_once(
            "error-billing-in-stream",
            &data(r#"{"error":{"message":"No credits left.","type":"insufficient_quota","code":"credit_balance_exhausted"}}"#),
        )
        .fails(FailureKind::RateLimited, "billing"),
        at_once(
            "error-key-in-stream",
            &data(r#"{"error":{"message":"No such key.","code":401}}"#),
        )
        .fails(FailureKind::Refused, "did not accept the key"),
        at_once(
            "error-policy-in-stream",
            &data(r#"{"error":{"message":"Not this.","code":"content_policy_violation"}}"#),
        )
        .fails(FailureKind::Refused, "refused the content"),
        at_once(
            "error-window-in-stream",
            &data(r#"{"error":{"code":400,"message":"the request exceeds the available context size","type":"exceed_context_size_error","n_ctx":4096}}"#),
        )
        .fails(FailureKind::Refused, "shorten"),
    ]
}
