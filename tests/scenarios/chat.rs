//! What servers do with the chunks of Chat Completions.

use super::payload::{DONE, chat, chunk, data, delta, finish, stream, usage};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;
use copydesk::domain::run::FinishReason;

fn row(name: &'static str, body: &[String]) -> Row {
    Row::new(name, Api::Chat, stream(&body.concat()))
}

/// A text, then what follows it.
fn after(name: &'static str, rest: &[String]) -> Row {
    row(name, &[&[delta("Half a sen")], rest].concat()).text("Half a sen")
}

fn done() -> String {
    DONE.to_owned()
}

pub(crate) fn rows() -> Vec<Row> {
    [
        order(),
        oddities(),
        ends(),
        reasoning(),
        costs(),
        documents(),
    ]
    .concat()
}

/// In OpenAI's own order and words.
const OPENAI: &str = r#"data: {"id":"chatcmpl-E1","object":"chat.completion.chunk","created":1795000001,"model":"gpt-6-luna","service_tier":"default","system_fingerprint":null,"choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"k3"}

data: {"id":"chatcmpl-E1","object":"chat.completion.chunk","created":1795000001,"model":"gpt-6-luna","choices":[{"index":0,"delta":{"content":"Blue kettle \u2013 "},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"9QxWd"}

data: {"id":"chatcmpl-E1","object":"chat.completion.chunk","created":1795000001,"model":"gpt-6-luna","choices":[{"index":0,"delta":{"content":"boils in two minutes ☕."},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":""}

data: {"id":"chatcmpl-E1","object":"chat.completion.chunk","created":1795000001,"model":"gpt-6-luna","choices":[{"index":0,"delta":{},"logprobs":null,"finish_reason":"stop"}],"usage":null,"obfuscation":"aa"}

data: {"id":"chatcmpl-E1","object":"chat.completion.chunk","created":1795000001,"model":"gpt-6-luna","choices":[],"usage":{"prompt_tokens":27,"completion_tokens":31,"total_tokens":58,"prompt_tokens_details":{"cached_tokens":0,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":16,"audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}

data: [DONE]

"#;

fn order() -> Vec<Row> {
    let whole = [delta("Half a sen"), finish("stop"), usage(1, 2)].concat();
    let open = vec![Step::stream_head(), Step::body(&whole), Step::AwaitHangUp];
    vec![
        row("chat-openai", &[OPENAI.to_owned()])
            .text("Blue kettle – boils in two minutes ☕.")
            .usage(27, 31),
        row(
            "chat-role-in-every-chunk",
            &[
                chunk(r#"{"role":"assistant","content":"Role "}"#, "null"),
                chunk(r#"{"role":"assistant","content":"twice."}"#, "\"stop\""),
                done(),
            ],
        )
        .text("Role twice."),
        row(
            "chat-null-content-first",
            &[
                chunk(r#"{"role":"assistant","content":null}"#, "null"),
                delta("Null first."),
                finish("stop"),
                done(),
            ],
        )
        .text("Null first."),
        row(
            "chat-no-done",
            &[delta("Without a word of the end."), finish("stop")],
        )
        .text("Without a word of the end."),
        row(
            "chat-done-without-a-reason",
            &[delta("Only ended."), done()],
        )
        .text("Only ended.")
        .ends(FinishReason::Ended)
        .says("without a reason"),
        Row::new("chat-socket-stays-open", Api::Chat, open)
            .text("Half a sen")
            .usage(1, 2)
            .leaves(),
    ]
}

fn oddities() -> Vec<Row> {
    let end = [finish("stop"), done()].concat();
    vec![
        row("chat-null-choices", &[data(r#"{"choices":null}"#), delta("a"), end.clone()]).text("a"),
        row(
            "chat-null-delta",
            &[data(r#"{"choices":[{"index":0,"delta":null}]}"#), delta("a"), end.clone()],
        )
        .text("a"),
        row(
            "chat-message-for-delta",
            &[data(r#"{"choices":[{"message":{"content":"a"}}]}"#), end.clone()],
        )
        .text("a"),
        row(
            "chat-odd-types",
            &[
                data(r#"{"id":7,"created":1.5,"model":null,"usage":"none","choices":[{"index":"0","delta":{"content":"a","role":3}}]}"#),
                data("5"),
                data("\"text\""),
                end.clone(),
            ],
        )
        .text("a"),
        row(
            "chat-extra-keys",
            &[
                data(r#"{"provider":"X","timings":{"predicted_n":1},"prompt_progress":{},"choices":[{"delta":{"content":"a"},"native_finish_reason":null,"stop_reason":null}]}"#),
                end.clone(),
            ],
        )
        .text("a"),
        row(
            "chat-keys-twice",
            &[data(r#"{"choices":[],"choices":[{"delta":{"content":"a"}}]}"#), end.clone()],
        )
        .text("a"),
        row(
            "chat-other-choices",
            &[
                data(r#"{"choices":[{"index":1,"delta":{"content":"not asked for"}},{"index":0,"delta":{"content":"a"}}]}"#),
                end.clone(),
            ],
        )
        .text("a"),
        row(
            "chat-empty-reason",
            &[chunk(r#"{"content":"a"}"#, "\"\""), delta("b"), end.clone()],
        )
        .text("ab"),
        row(
            "chat-text-after-the-reason",
            &[delta("a"), finish("stop"), delta("b"), finish("length"), usage(1, 2), delta("c"), done()],
        )
        .text("ab")
        .usage(1, 2),
        row(
            "chat-azure-filters",
            &[
                data(r#"{"choices":[],"created":0,"id":"","model":"","object":"","prompt_filter_results":[{"prompt_index":0}]}"#),
                delta("a"),
                data(r#"{"choices":[{"index":0,"finish_reason":null,"content_filter_offsets":{"check_offset":1},"content_filter_results":{"error":{"code":"content_filter_error"}}}]}"#),
                end,
            ],
        )
        .text("a"),
    ]
}

fn ends() -> Vec<Row> {
    let says = "output limit";
    let ended = |name, reason: &str| after(name, &[finish(reason), done()]);
    vec![
        ended("chat-length", "length")
            .ends(FinishReason::Length)
            .says(says),
        ended("chat-max-tokens", "max_tokens")
            .ends(FinishReason::Length)
            .says(says),
        ended("chat-model-length", "model_length")
            .ends(FinishReason::Length)
            .says(says),
        ended("chat-content-filter", "content_filter")
            .ends(FinishReason::ContentFilter)
            .says("content filter"),
        ended("chat-eos-token", "eos_token"),
        ended("chat-end-turn", "end_turn"),
        ended("chat-tool-calls", "tool_calls").ends(FinishReason::Other("tool_calls".to_owned())),
        ended("chat-eos", "eos"),
        row(
            "chat-content-filter-at-once",
            &[finish("content_filter"), done()],
        )
        .ends(FinishReason::ContentFilter)
        .says("content filter"),
        after(
            "chat-refusal-after-text",
            &[
                chunk(r#"{"refusal":"I will not go on."}"#, "null"),
                finish("stop"),
                done(),
            ],
        )
        .refusal("I will not go on.")
        .ends(FinishReason::Refused)
        .says("I will not go on."),
        ended("chat-unknown-reason", "load").ends(FinishReason::Other("load".to_owned())),
        ended("chat-reason-error", "error").fails(FailureKind::Partial, "ended the answer"),
        ended("chat-reason-abort", "abort").fails(FailureKind::Partial, "kept"),
        ended("chat-reason-no-resource", "insufficient_system_resource")
            .fails(FailureKind::Partial, "insufficient_system_resource"),
        row(
            "chat-refusal",
            &[
                chunk(r#"{"refusal":"I will "}"#, "null"),
                chunk(r#"{"refusal":"not."}"#, "null"),
                finish("stop"),
                done(),
            ],
        )
        .refusal("I will not.")
        .ends(FinishReason::Refused)
        .says("I will not."),
        row("chat-empty", &[finish("stop"), done()])
            .fails(FailureKind::Other, "longer than the model's window"),
        row(
            "chat-limit-before-the-text",
            &[finish("length"), usage(3, 400), done()],
        )
        .fails(FailureKind::Other, "raise max_output_tokens")
        .usage(3, 400),
    ]
}

fn reasoning() -> Vec<Row> {
    let end = [finish("stop"), done()].concat();
    let said = |name, first: &str| {
        row(name, &[chunk(first, "null"), delta("Text."), end.clone()])
            .text("Text.")
            .reasoning("Let me see.")
    };
    let tag = |name, pieces: &[&str]| {
        let pieces: Vec<_> = pieces.iter().map(|piece| delta(piece)).collect();
        row(name, &[pieces.concat(), end.clone()])
    };
    vec![
        said(
            "chat-reasoning-content",
            r#"{"reasoning_content":"Let me see.","content":null}"#,
        ),
        said(
            "chat-reasoning",
            r#"{"reasoning":"Let me see.","content":""}"#,
        ),
        said(
            "chat-reasoning-details",
            r#"{"reasoning_details":[{"type":"reasoning.text","text":"Let me "},{"type":"reasoning.summary","summary":"see."}]}"#,
        ),
        said(
            "chat-reasoning-told-twice",
            r#"{"reasoning":"Let me see.","reasoning_details":[{"text":"Let me see."}]}"#,
        ),
        said(
            "chat-thinking-parts",
            r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Let me see."}]},{"type":"text","text":""}]}"#,
        ),
        tag("chat-think-tag", &["<think>\nLet me see.</think>\n\nText."])
            .text("Text.")
            .reasoning("\nLet me see."),
        tag(
            "chat-think-tag-in-pieces",
            &[
                "\n",
                "<",
                "thi",
                "nk>Let",
                " me see.<",
                "/",
                "think",
                ">",
                "\n",
                "\nText",
                ".",
            ],
        )
        .text("Text.")
        .reasoning("Let me see."),
        tag(
            "chat-think-tag-later",
            &["In HTML, <think>", " is no tag</think>."],
        )
        .text("In HTML, <think> is no tag</think>."),
        tag("chat-think-tag-open", &["<think>", "Let me see."])
            .reasoning("Let me see.")
            .fails(FailureKind::Other, "empty answer"),
        row(
            "chat-only-reasoning",
            &[
                chunk(r#"{"reasoning":"Let me see."}"#, "null"),
                finish("length"),
                done(),
            ],
        )
        .reasoning("Let me see.")
        .fails(FailureKind::Other, "spent the whole output limit"),
    ]
}

fn costs() -> Vec<Row> {
    vec![
        row(
            "chat-usage-with-the-reason",
            &[
                delta("a"),
                data(r#"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#),
                done(),
            ],
        )
        .text("a")
        .usage(3, 4),
        row(
            "chat-usage-in-every-chunk",
            &[
                data(r#"{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":3,"completion_tokens":1}}"#),
                data(r#"{"choices":[{"delta":{"content":"b"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#),
                done(),
            ],
        )
        .text("ab")
        .usage(3, 2),
        row(
            "chat-usage-before-the-text",
            &[
                usage(3, 0),
                delta("a"),
                data(r#"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}}"#),
                data(r#"{"choices":[{"delta":{},"finish_reason":"stop"}],"usage":null}"#),
                done(),
            ],
        )
        .text("a")
        .usage(3, 4),
        row(
            "chat-usage-groq",
            &[
                delta("a"),
                data(r#"{"choices":[{"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"req","usage":{"prompt_tokens":3,"completion_tokens":4}}}"#),
                done(),
            ],
        )
        .text("a")
        .usage(3, 4),
        row(
            "chat-usage-as-text",
            &[
                delta("a"),
                finish("stop"),
                data(r#"{"choices":[],"usage":{"prompt_tokens":"3","completion_tokens":4.0,"prompt_tokens_details":null}}"#),
                done(),
            ],
        )
        .text("a")
        .usage(3, 4),
    ]
}

fn documents() -> Vec<Row> {
    const WHOLE: &str = r#"{"id":"c","object":"chat.completion","model":"m1","choices":[{"index":0,"message":{"role":"assistant","content":"All of it.","refusal":null},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":9}}"#;
    let whole = |name, body: &str| {
        Row::new(name, Api::Chat, vec![Step::json(200, body)])
            .text("All of it.")
            .usage(20, 9)
    };
    vec![
        whole("chat-whole", WHOLE),
        whole("chat-whole-after-blank-lines", &format!("\n\r\n \n{WHOLE}\n")),
        whole("chat-whole-after-a-mark", &format!("\u{feff}\n{WHOLE}")),
        Row::new("chat-whole-as-event-stream", Api::Chat, stream(WHOLE))
            .text("All of it.")
            .usage(20, 9),
        Row::new(
            "chat-whole-refusal",
            Api::Chat,
            vec![Step::json(
                200,
                r#"{"choices":[{"message":{"content":null,"refusal":"I will not."},"finish_reason":"stop"}]}"#,
            )],
        )
        .refusal("I will not.")
        .ends(FinishReason::Refused)
        .says("declined"),
        Row::new("chat-stream-as-json", Api::Chat, vec![
            Step::head(200, &[("content-type", "application/json")]),
            Step::body(&chat("A stream.")),
        ])
        .text("A stream.")
        .usage(27, 31),
    ]
}
