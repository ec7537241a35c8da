//! The two wire formats as the practice engine writes them.
//!
//! Owns the JSON of its answers, in the order OpenAI sends it. Pure: text in, JSON or event
//! frames out.

use super::MODEL;
use serde_json::{Value, json};

/// The API a request came in by.
#[derive(Debug, Clone, Copy)]
pub(super) enum Dialect {
    Chat,
    Responses,
}

/// The list of models.
pub(super) fn models() -> Value {
    let model = json!({"id": MODEL, "object": "model", "created": 0, "owned_by": "copydesk"});
    json!({"object": "list", "data": [model]})
}

/// An error body.
pub(super) fn error(message: &str) -> Value {
    json!({"error": {"message": message, "type": "invalid_request_error", "param": null, "code": null}})
}

/// What the person asked: the last user message of either API.
pub(super) fn user_text(asked: &Value) -> String {
    let last = |turns: &Value| {
        let turns = turns.as_array()?;
        let user = turns.iter().rev().find(|turn| turn["role"] == "user")?;
        Some(plain(&user["content"]))
    };
    last(&asked["messages"])
        .or_else(|| last(&asked["input"]))
        .unwrap_or_else(|| plain(&asked["input"]))
}

pub(super) fn plain(content: &Value) -> String {
    match content {
        Value::String(text) => text.clone(),
        Value::Array(parts) => {
            let texts = parts.iter().filter_map(|part| part["text"].as_str());
            texts.collect::<Vec<_>>().join("\n")
        }
        _ => String::new(),
    }
}

/// Tokens of a request and of a text, roughly.
fn tokens(asked: &Value, text: &str) -> (usize, usize) {
    let input = asked.get("messages").or_else(|| asked.get("input"));
    let input = input.map_or(0, |input| input.to_string().len());
    (input.div_ceil(4), text.split_whitespace().count())
}

/// The text in pieces of a word and the space behind it.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split_inclusive(char::is_whitespace)
}

impl Dialect {
    /// The answer as one document.
    pub(super) fn whole(self, asked: &Value, text: &str) -> Value {
        match self {
            Self::Chat => json!({
                "id": "chatcmpl-practice", "object": "chat.completion", "created": 0, "model": MODEL,
                "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
                "usage": chat_usage(asked, text),
            }),
            Self::Responses => response(asked, Some(text)),
        }
    }

    /// The answer as event frames, a word each.
    pub(super) fn frames(self, asked: &Value, text: &str) -> Vec<String> {
        match self {
            Self::Chat => chat_frames(asked, text),
            Self::Responses => response_frames(asked, text),
        }
    }
}

fn chat_usage(asked: &Value, text: &str) -> Value {
    let (input, output) = tokens(asked, text);
    json!({"prompt_tokens": input, "completion_tokens": output, "total_tokens": input + output})
}

fn chat_frames(asked: &Value, text: &str) -> Vec<String> {
    let chunk = |choices: Value, usage: Value| {
        let chunk = json!({
            "id": "chatcmpl-practice", "object": "chat.completion.chunk", "created": 0,
            "model": MODEL, "choices": choices, "usage": usage,
        });
        format!("data: {chunk}\n\n")
    };
    let delta = |delta: Value, finish: Value| {
        chunk(
            json!([{"index": 0, "delta": delta, "finish_reason": finish}]),
            Value::Null,
        )
    };
    let mut frames = vec![delta(
        json!({"role": "assistant", "content": ""}),
        Value::Null,
    )];
    frames.extend(words(text).map(|word| delta(json!({"content": word}), Value::Null)));
    frames.push(delta(json!({}), json!("stop")));
    if asked["stream_options"]["include_usage"] == true {
        frames.push(chunk(json!([]), chat_usage(asked, text)));
    }
    frames.push("data: [DONE]\n\n".to_owned());
    frames
}

/// The response object, while it is written or with its text.
fn response(asked: &Value, text: Option<&str>) -> Value {
    let Some(text) = text else {
        return json!({
            "id": "resp_practice", "object": "response", "created_at": 0, "status": "in_progress",
            "error": null, "incomplete_details": null, "model": MODEL, "output": [], "usage": null,
        });
    };
    let (input, output) = tokens(asked, text);
    let part = json!({"type": "output_text", "text": text, "annotations": []});
    let item = json!({
        "id": "msg_practice", "type": "message", "status": "completed", "role": "assistant",
        "phase": "final_answer", "content": [part],
    });
    json!({
        "id": "resp_practice", "object": "response", "created_at": 0, "status": "completed",
        "error": null, "incomplete_details": null, "model": MODEL, "output": [item],
        "usage": {"input_tokens": input, "output_tokens": output, "total_tokens": input + output},
    })
}

fn response_frames(asked: &Value, text: &str) -> Vec<String> {
    let mut number = 0;
    let mut frame = |kind: &str, members: Value| {
        let mut payload = json!({"type": kind, "sequence_number": number});
        if let (Value::Object(payload), Value::Object(members)) = (&mut payload, members) {
            payload.extend(members);
        }
        number += 1;
        format!("event: {kind}\ndata: {payload}\n\n")
    };
    let place = json!({"item_id": "msg_practice", "output_index": 0, "content_index": 0});
    let at = |name: &str, value: &str| {
        let mut members = place.clone();
        members[name] = value.into();
        members
    };
    let item = json!({"output_index": 0, "item": {
        "id": "msg_practice", "type": "message", "status": "in_progress", "role": "assistant",
        "phase": "final_answer", "content": [],
    }});
    let mut frames = vec![
        frame(
            "response.created",
            json!({"response": response(asked, None)}),
        ),
        frame("response.output_item.added", item),
    ];
    frames.extend(words(text).map(|word| frame("response.output_text.delta", at("delta", word))));
    frames.push(frame("response.output_text.done", at("text", text)));
    frames.push(frame(
        "response.completed",
        json!({"response": response(asked, Some(text))}),
    ));
    frames
}
