//! What servers do with the events of the Responses API.

use super::payload::{DONE, completed, data, ended, event, message, piece, stream};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;
use copydesk::domain::run::FinishReason;
use serde_json::json;

fn row(name: &'static str, body: &[String]) -> Row {
    Row::new(name, Api::Responses, stream(&body.concat()))
}

/// A row that ends well with this text, which is all of the output.
fn good(name: &'static str, body: &[String], text: &str) -> Row {
    let end = completed(&[message(text)]);
    row(name, &[body, &[end]].concat()).text(text).usage(24, 29)
}

/// A text, then what follows it.
fn after(name: &'static str, rest: &str) -> Row {
    row(name, &[piece(0, "Half a sen"), rest.to_owned()]).text("Half a sen")
}

pub(crate) fn rows() -> Vec<Row> {
    [
        order(),
        corrections(),
        beside(),
        ends(),
        failures(),
        framing(),
        documents(),
    ]
    .concat()
}

/// In OpenAI's own order and words.
const OPENAI: &str = r#"event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"resp_E2","object":"response","created_at":1795000002,"status":"in_progress","error":null,"incomplete_details":null,"model":"gpt-6.1-terra","output":[],"store":false,"usage":null}}

event: response.in_progress
data: {"type":"response.in_progress","sequence_number":1,"response":{"id":"resp_E2","object":"response","created_at":1795000002,"status":"in_progress","model":"gpt-6.1-terra","output":[],"usage":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":2,"output_index":0,"item":{"id":"rs_E2","type":"reasoning","summary":[]}}

event: response.reasoning_summary_part.added
data: {"type":"response.reasoning_summary_part.added","sequence_number":3,"item_id":"rs_E2","output_index":0,"summary_index":0,"part":{"type":"summary_text","text":""}}

event: response.reasoning_summary_text.delta
data: {"type":"response.reasoning_summary_text.delta","sequence_number":4,"item_id":"rs_E2","output_index":0,"summary_index":0,"delta":"**Short and factual**","obfuscation":"f0"}

event: keepalive
data: {"type":"keepalive","sequence_number":5}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":6,"output_index":0,"item":{"id":"rs_E2","type":"reasoning","summary":[{"type":"summary_text","text":"**Short and factual**"}]}}

event: response.output_item.added
data: {"type":"response.output_item.added","sequence_number":7,"output_index":1,"item":{"id":"msg_E2","type":"message","status":"in_progress","role":"assistant","phase":"final_answer","content":[]}}

event: response.content_part.added
data: {"type":"response.content_part.added","sequence_number":8,"item_id":"msg_E2","output_index":1,"content_index":0,"part":{"type":"output_text","text":"","annotations":[],"logprobs":[]}}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":9,"item_id":"msg_E2","output_index":1,"content_index":0,"delta":"A blue kettle,","logprobs":[],"obfuscation":"Zk81"}

event: response.output_text.delta
data: {"type":"response.output_text.delta","sequence_number":10,"item_id":"msg_E2","output_index":1,"content_index":0,"delta":" ready in two minutes.","logprobs":[],"obfuscation":""}

event: response.output_text.done
data: {"type":"response.output_text.done","sequence_number":11,"item_id":"msg_E2","output_index":1,"content_index":0,"text":"A blue kettle, ready in two minutes.","logprobs":[]}

event: response.content_part.done
data: {"type":"response.content_part.done","sequence_number":12,"item_id":"msg_E2","output_index":1,"content_index":0,"part":{"type":"output_text","text":"A blue kettle, ready in two minutes.","annotations":[],"logprobs":[]}}

event: response.output_item.done
data: {"type":"response.output_item.done","sequence_number":13,"output_index":1,"item":{"id":"msg_E2","type":"message","status":"completed","role":"assistant","phase":"final_answer","content":[{"type":"output_text","text":"A blue kettle, ready in two minutes.","annotations":[],"logprobs":[]}]}}

event: response.completed
data: {"type":"response.completed","sequence_number":14,"response":{"id":"resp_E2","object":"response","created_at":1795000002,"completed_at":1795000004,"status":"completed","error":null,"incomplete_details":null,"model":"gpt-6.1-terra","output":[{"id":"rs_E2","type":"reasoning","summary":[{"type":"summary_text","text":"**Short and factual**"}]},{"id":"msg_E2","type":"message","status":"completed","role":"assistant","phase":"final_answer","content":[{"type":"output_text","text":"A blue kettle, ready in two minutes.","annotations":[],"logprobs":[]}]}],"store":false,"usage":{"input_tokens":24,"input_tokens_details":{"cached_tokens":0,"cache_write_tokens":0},"output_tokens":29,"output_tokens_details":{"reasoning_tokens":18},"total_tokens":53}}}

"#;

fn order() -> Vec<Row> {
    let open = [piece(0, "Half a sen"), completed(&[message("Half a sen")])].concat();
    vec![
        row("responses-openai", &[OPENAI.to_owned()])
            .text("A blue kettle, ready in two minutes.")
            .reasoning("**Short and factual**")
            .usage(24, 29),
        good(
            "responses-without-event-names",
            &[data(r#"{"type":"response.output_text.delta","delta":"A kettle."}"#)],
            "A kettle.",
        ),
        good(
            "responses-without-types",
            &["event: response.output_text.delta\ndata: {\"delta\":\"A kettle.\"}\n\n".to_owned()],
            "A kettle.",
        ),
        good("responses-without-deltas", &[], "A kettle."),
        good(
            "responses-only-done",
            &[event(
                "response.output_text.done",
                json!({"output_index": 0, "content_index": 0, "text": "A kettle."}),
            )],
            "A kettle.",
        ),
        good(
            "responses-only-part-done",
            &[event(
                "response.content_part.done",
                json!({"output_index": 0, "content_index": 0, "part": {"type": "output_text", "text": "A kettle."}}),
            )],
            "A kettle.",
        ),
        good(
            "responses-odd-numbers",
            &[
                data(r#"{"type":"response.created","sequence_number":9,"response":{"model":"m1"}}"#),
                data(r#"{"type":"response.output_text.delta","sequence_number":9,"delta":"A "}"#),
                data(r#"{"type":"response.output_text.delta","sequence_number":2,"delta":"kettle."}"#),
            ],
            "A kettle.",
        ),
        good(
            "responses-unknown-events",
            &[
                event("response.mcp_call.in_progress", json!({"item_id": "m"})),
                event("response.function_call_arguments.delta", json!({"delta": "{\"not\": \"text\"}"})),
                event("response.output_text.annotation.added", json!({"annotation": {}})),
                event("response.of_next_year", json!({"delta": "not text"})),
                piece(0, "A kettle."),
            ],
            "A kettle.",
        ),
        row(
            "responses-done-marker",
            &[piece(0, "A kettle."), completed(&[message("A kettle.")]), DONE.to_owned()],
        )
        .text("A kettle.")
        .usage(24, 29),
        Row::new(
            "responses-socket-stays-open",
            Api::Responses,
            vec![Step::stream_head(), Step::body(&open), Step::AwaitHangUp],
        )
        .text("Half a sen")
        .usage(24, 29)
        .leaves(),
        row(
            "responses-several-parts",
            &[
                piece(0, "One. "),
                event(
                    "response.output_text.delta",
                    json!({"output_index": 0, "content_index": 1, "delta": "Two. "}),
                ),
                piece(1, "Three."),
                completed(&[
                    json!({"type": "message", "content": [{"type": "output_text", "text": "One. "}, {"type": "output_text", "text": "Two. "}]}),
                    message("Three."),
                ]),
            ],
        )
        .text("One. Two. Three.")
        .usage(24, 29),
    ]
}

fn corrections() -> Vec<Row> {
    let part = |output: u64, text: &str| {
        event(
            "response.output_text.done",
            json!({"output_index": output, "content_index": 0, "text": text}),
        )
    };
    vec![
        good(
            "responses-corrected-part",
            &[piece(0, "A blau kettle"), part(0, "A blue kettle.")],
            "A blue kettle.",
        ),
        good(
            "responses-corrected-whole",
            &[piece(0, "A blau kettle.")],
            "A blue kettle.",
        ),
        good(
            "responses-corrected-emoji",
            &[
                data(r#"{"type":"response.output_text.delta","delta":"Tea \ud83d"}"#),
                data(r#"{"type":"response.output_text.delta","delta":"\ude00."}"#),
            ],
            "Tea 😀.",
        ),
        row(
            "responses-corrected-order",
            &[
                piece(1, "Two."),
                piece(0, "One. "),
                part(0, "One. "),
                completed(&[]),
            ],
        )
        .text("One. Two.")
        .usage(24, 29),
        row(
            "responses-corrected-commentary",
            &[
                piece(0, "Let me see."),
                event(
                    "response.output_item.done",
                    json!({"output_index": 0, "item": {"type": "message", "phase": "commentary"}}),
                ),
                piece(1, "A kettle."),
                completed(&[]),
            ],
        )
        .text("A kettle.")
        .usage(24, 29),
        row(
            "responses-shorter-whole",
            &[piece(0, "A kettle."), completed(&[])],
        )
        .text("A kettle.")
        .usage(24, 29),
        row(
            "responses-numbered-otherwise",
            &[
                piece(0, "A kettle."),
                part(3, "A kettle."),
                completed(&[json!({"type": "reasoning"}), message("A kettle.")]),
            ],
        )
        .text("A kettle.")
        .usage(24, 29),
    ]
}

fn beside() -> Vec<Row> {
    let commentary = json!({"type": "message", "phase": "commentary", "content": [{"type": "output_text", "text": "Let me see."}]});
    let thought = |index: u64, text: &str| {
        event(
            "response.reasoning_summary_text.delta",
            json!({"output_index": 0, "summary_index": index, "delta": text}),
        )
    };
    let begins = |index: u64| {
        event(
            "response.reasoning_summary_part.added",
            json!({"output_index": 0, "summary_index": index, "part": {"type": "summary_text", "text": ""}}),
        )
    };
    vec![
        row(
            "responses-commentary",
            &[
                event("response.output_item.added", json!({"output_index": 0, "item": {"type": "message", "phase": "commentary"}})),
                piece(0, "Let me see."),
                piece(1, "A kettle."),
                completed(&[commentary, message("A kettle.")]),
            ],
        )
        .text("A kettle.")
        .usage(24, 29),
        good(
            "responses-summary-parts",
            &[begins(0), thought(0, "Short."), begins(1), thought(1, "Factual."), piece(0, "A kettle.")],
            "A kettle.",
        )
        .reasoning("Short.\n\nFactual."),
        good(
            "responses-reasoning-text",
            &[
                event("response.reasoning_text.delta", json!({"content_index": 0, "delta": "Let me see."})),
                event("response.reasoning_text.done", json!({"content_index": 0, "text": "Let me see."})),
                piece(1, "A kettle."),
            ],
            "A kettle.",
        )
        .reasoning("Let me see."),
        row(
            "responses-reasoning-at-the-end",
            &[
                piece(1, "A kettle."),
                completed(&[
                    json!({"type": "reasoning", "summary": [{"type": "summary_text", "text": "Short."}, {"type": "summary_text", "text": "Factual."}]}),
                    message("A kettle."),
                ]),
            ],
        )
        .text("A kettle.")
        .reasoning("Short.\n\nFactual.")
        .usage(24, 29),
        good("responses-think-tag", &[piece(0, "<thi"), piece(0, "nk>Let me see.</think>\n")], "<think>Let me see.</think>\nA kettle.")
            .text("A kettle.")
            .reasoning("Let me see."),
        row(
            "responses-refusal",
            &[
                event("response.refusal.delta", json!({"output_index": 0, "delta": "I will "})),
                event("response.refusal.delta", json!({"output_index": 0, "delta": "not."})),
                event("response.refusal.done", json!({"output_index": 0, "refusal": "I will not."})),
                completed(&[json!({"type": "message", "content": [{"type": "refusal", "refusal": "I will not."}]})]),
            ],
        )
        .refusal("I will not.")
        .ends(FinishReason::Refused)
        .says("I will not.")
        .usage(24, 29),
        row(
            "responses-refusal-at-the-end",
            &[completed(&[json!({"type": "message", "content": [{"type": "refusal", "refusal": "I will not."}]})])],
        )
        .refusal("I will not.")
        .ends(FinishReason::Refused)
        .says("declined")
        .usage(24, 29),
    ]
}

fn ends() -> Vec<Row> {
    let incomplete = |name, reason: &str| {
        let details = json!({"status": "incomplete", "incomplete_details": {"reason": reason}});
        after(name, &ended("incomplete", details))
    };
    vec![
        incomplete("responses-length", "max_output_tokens")
            .ends(FinishReason::Length)
            .says("output limit")
            .usage(24, 29),
        incomplete("responses-content-filter", "content_filter")
            .ends(FinishReason::ContentFilter)
            .says("content filter")
            .usage(24, 29),
        incomplete("responses-incomplete-otherwise", "max_messages")
            .fails(FailureKind::Partial, "early: max_messages")
            .usage(24, 29),
        after("responses-incomplete-without-a-reason", &ended("incomplete", json!({})))
            .fails(FailureKind::Partial, "no reason given")
            .usage(24, 29),
        after(
            "responses-complete-but-incomplete",
            &ended("completed", json!({"status": "incomplete"})),
        )
        .fails(FailureKind::Partial, "early")
        .usage(24, 29),
        after("responses-limit-called-complete", &completed(&[message("Half a sen")]))
            .limit(29)
            .ends(FinishReason::Length)
            .says("output limit")
            .usage(24, 29),
        row("responses-empty", &[completed(&[])])
            .fails(FailureKind::Other, "empty answer")
            .usage(24, 29),
        row(
            "responses-limit-before-the-text",
            &[ended("incomplete", json!({"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}))],
        )
        .fails(FailureKind::Other, "raise max_output_tokens")
        .usage(24, 29),
        after("responses-without-an-end", "").fails(FailureKind::Partial, "broke off"),
        after("responses-done-for-an-end", DONE).fails(FailureKind::Partial, "broke off"),
    ]
}

fn failures() -> Vec<Row> {
    const ERROR: &str = r#"{"type":"service_unavailable_error","code":"server_is_overloaded","message":"Our servers are currently overloaded. Please try again later.","param":null}"#;
    let error: serde_json::Value = serde_json::from_str(ERROR).unwrap();
    let partial =
        |name, rest: &str| after(name, rest).fails(FailureKind::Partial, "currently overloaded");
    vec![
        partial(
            "responses-failed",
            &ended("failed", json!({"status": "failed", "error": error})),
        )
        .usage(24, 29),
        partial(
            "responses-failed-called-complete",
            &ended("completed", json!({"status": "failed", "error": error})),
        )
        .usage(24, 29),
        partial(
            "responses-complete-with-an-error",
            &ended("completed", json!({"status": "completed", "error": error})),
        )
        .usage(24, 29),
        partial(
            "responses-error-nested",
            &format!(
                "event: error\ndata: {{\"type\":\"error\",\"sequence_number\":3,\"error\":{ERROR}}}\n\n"
            ),
        ),
        partial(
            "responses-error-flat",
            &data(
                r#"{"type":"error","code":"server_is_overloaded","message":"We are currently overloaded.","param":null}"#,
            ),
        ),
        partial(
            "responses-error-by-name",
            "event: error\ndata: {\"message\":\"We are overloaded.\",\"code\":\"server_is_overloaded\"}\n\n",
        )
        .says("is overloaded"),
        partial(
            "responses-error-text",
            "event: error\ndata: overloaded\n\n",
        )
        .says("is overloaded"),
        partial(
            "responses-error-object",
            &data(r#"{"object":"error","message":"overloaded","code":"server_is_overloaded"}"#),
        )
        .says("is overloaded"),
        partial(
            "responses-error-bare-line",
            "{\"error\":{\"message\":\"overloaded\",\"code\":\"server_is_overloaded\"}}\n",
        )
        .says("is overloaded"),
        passes(
            "responses-overloaded-before-text",
            &format!("event: error\ndata: {{\"type\":\"error\",\"error\":{ERROR}}}\n\n"),
        ),
        passes(
            "responses-failed-before-text",
            &ended("failed", json!({"status": "failed", "error": {"code": "server_error", "message": "Sorry."}})),
        ),
        row(
            "responses-failed-for-good",
            &[ended("failed", json!({"status": "failed", "error": {"code": "invalid_prompt", "message": "Not this."}}))],
        )
        .fails(FailureKind::Refused, "refused the content")
        .usage(24, 29),
        after(
            "responses-cancelled",
            &ended("cancelled", json!({"status": "cancelled"})),
        )
        .fails(FailureKind::Partial, "kept")
        .usage(24, 29),
    ]
}

/// A failure that may pass, before any text: the request is sent again.
fn passes(name: &'static str, failure: &str) -> Row {
    let end = completed(&[message("In the end.")]);
    row(name, &[failure.to_owned()])
        .then(stream(&end))
        .text("In the end.")
        .usage(24, 29)
}

/// The same framing as for the other API, and the same text of it.
fn framing() -> Vec<Row> {
    let usual = [
        piece(0, "Tea ☕"),
        piece(0, " – now."),
        completed(&[message("Tea ☕ – now.")]),
    ];
    let usual = usual.concat();
    let framed = |name, answer| {
        Row::new(name, Api::Responses, answer)
            .text("Tea ☕ – now.")
            .usage(24, 29)
    };
    let cut = |name, body: &str| {
        let answer = vec![Step::chunked_head(), Step::chunk(body), Step::Drop];
        Row::new(name, Api::Responses, answer)
    };
    let dripped = vec![Step::stream_head(), Step::Drip(usual.clone().into(), 1)];
    vec![
        framed("responses-crlf", stream(&usual.replace('\n', "\r\n"))),
        framed("responses-cr", stream(&usual.replace('\n', "\r"))),
        framed("responses-byte-by-byte", dripped),
        framed(
            "responses-byte-order-mark",
            stream(&format!("\u{feff}\n{usual}")),
        ),
        framed("responses-unterminated", stream(usual.trim_end())),
        cut("responses-cut", &piece(0, "Half a sen"))
            .text("Half a sen")
            .fails(FailureKind::Partial, "broke off"),
        cut("responses-cut-after-the-end", &usual)
            .text("Tea ☕ – now.")
            .usage(24, 29),
    ]
}

fn documents() -> Vec<Row> {
    let whole = |name, body: serde_json::Value| {
        Row::new(
            name,
            Api::Responses,
            vec![Step::json(200, &body.to_string())],
        )
    };
    let usage = json!({"input_tokens": 24, "output_tokens": 29});
    vec![
        whole(
            "responses-whole",
            json!({"object": "response", "status": "completed", "error": null, "model": "m1", "output": [message("All of it.")], "usage": usage}),
        )
        .text("All of it.")
        .usage(24, 29),
        whole(
            "responses-whole-cut",
            json!({"object": "response", "status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}, "output": [message("Half a sen")], "usage": usage}),
        )
        .text("Half a sen")
        .ends(FinishReason::Length)
        .says("output limit")
        .usage(24, 29),
        whole("responses-whole-error", json!({"error": {"message": "No endpoints found.", "code": 404}}))
            .fails(FailureKind::Refused, "No endpoints found"),
        whole("responses-whole-empty", json!({})).fails(FailureKind::Network, "not as this API"),
        Row::new(
            "responses-page",
            Api::Responses,
            stream("<!doctype html><title>Log in</title>"),
        )
        .fails(FailureKind::Network, "Log in"),
        whole(
            "responses-whole-failed",
            json!({"object": "response", "status": "failed", "error": {"code": "invalid_prompt", "message": "Not this."}, "output": []}),
        )
        .fails(FailureKind::Refused, "Not this"),
    ]
}
