//! The payloads that servers send, in short: chunks and events of both APIs, and bodies of them.

use crate::support::server::Step;
use serde_json::{Value, json};

/// The end of a chat stream.
pub(crate) const DONE: &str = "data: [DONE]\n\n";

/// A payload as an event.
pub(crate) fn data(payload: &str) -> String {
    format!("data: {payload}\n\n")
}

/// A chat chunk with this delta and finish reason, both as JSON.
pub(crate) fn chunk(delta: &str, finish: &str) -> String {
    data(&format!(
        r#"{{"id":"c1","object":"chat.completion.chunk","created":1795000001,"model":"m1","choices":[{{"index":0,"delta":{delta},"finish_reason":{finish}}}]}}"#
    ))
}

/// A chat chunk with this text.
pub(crate) fn delta(text: &str) -> String {
    chunk(&json!({ "content": text }).to_string(), "null")
}

/// A chat chunk that ends the answer for this reason.
pub(crate) fn finish(reason: &str) -> String {
    chunk("{}", &format!("\"{reason}\""))
}

/// A chat chunk with tokens in and out.
pub(crate) fn usage(input: u64, output: u64) -> String {
    data(&format!(
        r#"{{"choices":[],"usage":{{"prompt_tokens":{input},"completion_tokens":{output}}}}}"#
    ))
}

/// A chat stream of this text that ends well, usage included: 27 tokens in, 31 out.
pub(crate) fn chat(text: &str) -> String {
    let middle = text.len() / 2;
    let middle = (middle..=text.len())
        .find(|at| text.is_char_boundary(*at))
        .unwrap_or_default();
    let (one, two) = text.split_at(middle);
    [
        chunk(r#"{"role":"assistant","content":""}"#, "null"),
        delta(one),
        delta(two),
        finish("stop"),
        usage(27, 31),
        DONE.to_owned(),
    ]
    .concat()
}

/// An event of the Responses API: its members beside the type.
pub(crate) fn event(kind: &str, members: Value) -> String {
    let mut payload = json!({ "type": kind });
    if let (Value::Object(payload), Value::Object(members)) = (&mut payload, members) {
        payload.extend(members);
    }
    format!("event: {kind}\ndata: {payload}\n\n")
}

/// A piece of text of the first part of an output item.
pub(crate) fn piece(output: u64, text: &str) -> String {
    event(
        "response.output_text.delta",
        json!({"item_id": "msg", "output_index": output, "content_index": 0, "delta": text, "logprobs": []}),
    )
}

/// A message of the output.
pub(crate) fn message(text: &str) -> Value {
    json!({"id": "msg", "type": "message", "status": "completed", "role": "assistant",
        "content": [{"type": "output_text", "text": text, "annotations": []}]})
}

/// The event that ends a Responses stream well: 24 tokens in, 29 out.
pub(crate) fn completed(output: &[Value]) -> String {
    ended(
        "completed",
        json!({"status": "completed", "error": null, "output": output}),
    )
}

/// An event that ends a Responses stream, with these members of the response.
pub(crate) fn ended(kind: &str, members: Value) -> String {
    let mut response = json!({"id": "r1", "object": "response", "created_at": 1_795_000_002.5, "model": "m1",
        "usage": {"input_tokens": 24, "output_tokens": 29, "total_tokens": 53}});
    if let (Value::Object(response), Value::Object(members)) = (&mut response, members) {
        response.extend(members);
    }
    event(&format!("response.{kind}"), json!({ "response": response }))
}

/// An event stream with this body, ended by the end of the connection.
pub(crate) fn stream(body: &str) -> Vec<Step> {
    vec![Step::stream_head(), Step::body(body)]
}

/// The same from bytes that need not be text.
pub(crate) fn raw(body: &[u8]) -> Vec<Step> {
    vec![Step::stream_head(), Step::Send(body.to_vec())]
}

/// A status with a JSON body and a short wait before the next try.
pub(crate) fn status(code: u16, body: &str) -> Vec<Step> {
    let headers = vec![
        ("content-type", "application/json".to_owned()),
        ("x-request-id", "req_7".to_owned()),
        ("retry-after-ms", "1".to_owned()),
    ];
    vec![Step::Status(code, headers, body.as_bytes().to_vec())]
}
