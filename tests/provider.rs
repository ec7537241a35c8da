//! The client against a scripted server: every way an answer can come, break, or not come.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::domain::cost::Usd;
use copydesk::domain::endpoint::{Api, Endpoint};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::prompt::{Example, Params, Prompt, Request};
use copydesk::domain::run::{Finish, FinishReason, StreamEvent, Usage, correct};
use copydesk::provider::client::{self, Client};
use copydesk::provider::exchange::News;
use copydesk::provider::practice;
use pretty_assertions::assert_eq;
use std::time::Duration;
use support::cli::KEY;
use support::server::{Gate, Server, Step, endpoint};

fn request() -> Request {
    Request {
        model: "m1".to_owned(),
        prompt: Prompt {
            system: Some("You write.".to_owned()),
            user: "One line.".to_owned(),
            ..Prompt::default()
        },
    }
}

/// What an answer came to.
#[derive(Debug, Default)]
struct Got {
    model: String,
    text: String,
    reasoning: String,
    refusal: String,
    finish: Option<Finish>,
    failure: Option<Failure>,
}

impl Got {
    fn reason(&self) -> Option<FinishReason> {
        self.finish.as_ref().map(|finish| finish.reason.clone())
    }

    fn failure(&self) -> &Failure {
        self.failure
            .as_ref()
            .unwrap_or_else(|| panic!("no failure: {self:?}"))
    }
}

async fn collect(endpoint: &Endpoint) -> Got {
    let mut got = Got::default();
    let client = Client::new();
    let mut answer = match client.start(endpoint, &request()).await {
        Ok(answer) => answer,
        Err(failure) => {
            got.failure = Some(failure);
            return got;
        }
    };
    while let Some(event) = answer.next().await {
        assert!(
            got.finish.is_none() && got.failure.is_none(),
            "after the end: {event:?}"
        );
        match event {
            Ok(StreamEvent::Started { model }) => got.model = model,
            Ok(StreamEvent::Delta(more)) => got.text += &more,
            Ok(StreamEvent::Corrected { keep, text }) => correct(&mut got.text, keep, &text),
            Ok(StreamEvent::Reasoning(more)) => got.reasoning += &more,
            Ok(StreamEvent::Refusal(more)) => got.refusal += &more,
            Ok(StreamEvent::Finished(finish)) => got.finish = Some(finish),
            Err(failure) => got.failure = Some(failure),
        }
    }
    got
}

/// What the client makes of one scripted answer.
fn answer(api: Api, script: Vec<Step>) -> Got {
    let server = Server::start(vec![script]);
    run(collect(&endpoint(&server.base_url(), api)))
}

fn chat_body(body: &str) -> Got {
    answer(Api::Chat, vec![Step::stream_head(), Step::body(body)])
}

fn responses_body(body: &str) -> Got {
    answer(Api::Responses, vec![Step::stream_head(), Step::body(body)])
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

const CHAT: &str = r#"data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m1-2026","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"k3"}

data: {"id":"c","model":"m1-2026","choices":[{"index":0,"delta":{"content":"Blue kettle \u2013 "},"finish_reason":null}],"usage":null}

data: {"id":"c","model":"m1-2026","choices":[{"index":0,"delta":{"content":"boils ☕."},"finish_reason":null}],"usage":null}

data: {"id":"c","model":"m1-2026","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}

data: {"id":"c","model":"m1-2026","choices":[],"usage":{"prompt_tokens":27,"completion_tokens":31,"total_tokens":58,"prompt_tokens_details":{"cached_tokens":4,"cache_write_tokens":3},"cost":"0.0125","completion_tokens_details":{"reasoning_tokens":16}}}

data: [DONE]

"#;

const HALF: &str =
    "data: {\"choices\":[{\"delta\":{\"content\":\"Half a sen\"},\"finish_reason\":null}]}\n\n";

#[test]
fn a_chat_stream_becomes_text_and_a_finish() {
    let got = chat_body(CHAT);
    assert_eq!(got.model, "m1-2026");
    assert_eq!(got.text, "Blue kettle – boils ☕.");
    let usage = Usage {
        input: 27,
        output: 31,
        cached: 4,
        reasoning: 16,
        written: 3,
        cost: Usd::new(0.0125),
    };
    let finish = Finish {
        reason: FinishReason::Stop,
        usage: Some(usage),
    };
    assert_eq!(got.finish, Some(finish), "{:?}", got.failure);
}

#[test]
fn the_framing_does_not_change_the_text() {
    let crlf = CHAT.replace('\n', "\r\n");
    assert_eq!(chat_body(&crlf).text, "Blue kettle – boils ☕.");
    let split: Vec<Step> = [Step::chunked_head()]
        .into_iter()
        .chain(CHAT.as_bytes().chunks(7).map(|part| {
            let mut bytes = format!("{:x}\r\n", part.len()).into_bytes();
            bytes.extend_from_slice(part);
            bytes.extend_from_slice(b"\r\n");
            Step::Send(bytes)
        }))
        .chain([Step::chunk("")])
        .collect();
    let got = answer(Api::Chat, split);
    assert_eq!(
        (got.text.as_str(), got.reason()),
        ("Blue kettle – boils ☕.", Some(FinishReason::Stop))
    );
}

#[test]
fn a_stream_without_done_is_complete_after_its_reason() {
    let cut = CHAT.split("data: [DONE]").next().unwrap();
    assert_eq!(chat_body(cut).reason(), Some(FinishReason::Stop));
    let before_usage = CHAT
        .split("data: {\"id\":\"c\",\"model\":\"m1-2026\",\"choices\":[],")
        .next()
        .unwrap();
    let script = vec![Step::chunked_head(), Step::chunk(before_usage), Step::Drop];
    assert_eq!(answer(Api::Chat, script).reason(), Some(FinishReason::Stop));
}

#[test]
fn a_cut_stream_is_never_a_success_and_keeps_its_text() {
    for script in [
        vec![Step::stream_head(), Step::body(HALF)],
        vec![Step::chunked_head(), Step::chunk(HALF), Step::Drop],
        vec![
            Step::stream_head(),
            Step::body(HALF),
            Step::body("data: {\"choices\":[{\"de"),
        ],
    ] {
        let got = answer(Api::Chat, script);
        assert_eq!(got.text, "Half a sen");
        assert_eq!(got.failure().kind, FailureKind::Partial);
    }
    let got = answer(
        Api::Chat,
        vec![Step::stream_head(), Step::body(": ping\n\n")],
    );
    assert_eq!(got.failure().kind, FailureKind::Network);
}

#[test]
fn done_without_a_reason_is_only_ended() {
    assert_eq!(
        chat_body(&format!("{HALF}data: [DONE]\n\n")).reason(),
        Some(FinishReason::Ended)
    );
}

#[test]
fn done_does_not_end_an_answer_that_has_an_event_for_its_end() {
    let half = "data: {\"type\":\"response.output_text.delta\",\"delta\":\"Half a sen\"}\n\n";
    let got = responses_body(&format!("{half}data: [DONE]\n\n"));
    assert_eq!(got.text, "Half a sen");
    assert_eq!(got.failure().kind, FailureKind::Partial);
    let got = responses_body("data: [DONE]\n\n");
    assert_eq!(got.failure().kind, FailureKind::Network);
}

#[test]
fn an_error_in_the_stream_ends_it_even_before_done() {
    for error in [
        "data: {\"error\":{\"message\":\"engine died\",\"code\":500}}\n\ndata: [DONE]\n\n",
        "event: error\ndata: {\"message\":\"engine died\"}\n\ndata: [DONE]\n\n",
        "error: {\"message\":\"engine died\"}\n\ndata: [DONE]\n\n",
        "{\"error\":{\"message\":\"engine died\"}}\n",
        "data: {\"object\":\"error\",\"message\":\"engine died\"}\n\n",
        "data: {\"error\":\"engine died\",\"choices\":[{\"delta\":{\"content\":\"x\"},\"finish_reason\":\"error\"}]}\n\n",
        "data: {\"x_groq\":{\"error\":\"engine died\"}}\n\n",
        "data: {\"error_message\":\"engine died\"}\n\n",
    ] {
        let got = chat_body(&format!("{HALF}{error}"));
        assert_eq!(got.failure().kind, FailureKind::Partial, "{error}");
        assert_eq!(got.failure().why, "engine died", "{error}");
        assert_eq!(got.text, "Half a sen");
    }
}

#[test]
fn reasoning_and_refusals_are_not_text() {
    let chunk = |delta: &str, reason: &str| {
        format!("data: {{\"choices\":[{{\"delta\":{delta},\"finish_reason\":{reason}}}]}}\n\n")
    };
    let got = chat_body(
        &(chunk(
            r#"{"reasoning":"a","reasoning_details":[{"text":"a"}]}"#,
            "null",
        ) + &chunk(r#"{"reasoning_content":"b"}"#, "null")
            + &chunk(
                r#"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"c"}]},{"type":"text","text":"T"}]}"#,
                "null",
            )
            + &chunk("{}", "\"stop\"")),
    );
    assert_eq!((got.reasoning.as_str(), got.text.as_str()), ("abc", "T"));
    let got = chat_body(
        &(chunk(r#"{"content":"<th"}"#, "null")
            + &chunk(r#"{"content":"ink>x</think>\n\nT"}"#, "\"length\"")),
    );
    assert_eq!((got.reasoning.as_str(), got.text.as_str()), ("x", "T"));
    assert_eq!(got.reason(), Some(FinishReason::Length));
    let got = chat_body(&(chunk(r#"{"refusal":"I will not"}"#, "null") + &chunk("{}", "\"stop\"")));
    assert_eq!(
        (got.refusal.as_str(), got.reason()),
        ("I will not", Some(FinishReason::Refused))
    );
}

#[test]
fn an_answer_without_text_is_no_success() {
    for reason in ["stop", "length", "tool_calls"] {
        let got = chat_body(&format!(
            "data: {{\"choices\":[{{\"delta\":{{\"reasoning\":\"hm\"}},\"finish_reason\":\"{reason}\"}}]}}\n\ndata: [DONE]\n\n"
        ));
        assert_eq!(got.finish, None, "{reason}");
        assert_eq!(got.failure().kind, FailureKind::Other, "{reason}");
    }
}

#[test]
fn odd_chunks_are_read_all_the_same() {
    let got = chat_body(concat!(
        "data: {\"choices\":null}\n\n",
        "data: {\"choices\":[{\"delta\":null}],\"error\":null,\"created\":1.5}\n\n",
        "data: {\"choices\":[{\"index\":1,\"delta\":{\"content\":\"not ours\"}}]}\n\n",
        "data: {\"choices\":[{\"delta\":{\"content\":\"a\\ud83d\"}}]}\n\n",
        "data: {\"choices\":[{\"message\":{\"content\":\"b\"},\"finish_reason\":\"\"}]}\n\n",
        "data: 5\n\n",
        "data: {\"choices\":[{\"finish_reason\":\"odd\"}],\"x_groq\":{\"usage\":{\"prompt_tokens\":\"3\"}}}\n\n",
        "data: [DONE] \n\ndata: junk\n\n",
    ));
    assert_eq!(got.text, "a\u{fffd}b", "{:?}", got.failure);
    assert_eq!(got.reason(), Some(FinishReason::Other("odd".to_owned())));
    assert_eq!(got.finish.unwrap().usage.unwrap().input, 3);
}

#[test]
fn an_event_that_is_not_json_is_named_without_its_content() {
    let got = chat_body(&format!("{HALF}data: private words\n\n"));
    assert!(got.failure().what.contains("not JSON"), "{}", got.failure());
    assert!(!got.failure().to_string().contains("private"));
}

#[test]
fn a_whole_document_is_taken_for_a_stream() {
    let chat = r#"{"model":"m2","choices":[{"message":{"content":"All of it."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":2}}"#;
    for head in ["", "\n\n\n", "\u{feff}"] {
        let got = answer(Api::Chat, vec![Step::json(200, &format!("{head}{chat}"))]);
        assert_eq!(
            (got.text.as_str(), got.reason()),
            ("All of it.", Some(FinishReason::Stop)),
            "{:?}",
            got.failure
        );
    }
    let responses = r#"{"object":"response","status":"completed","error":null,"model":"m2","output":[{"type":"message","content":[{"type":"output_text","text":"All of it."}]}]}"#;
    let got = answer(Api::Responses, vec![Step::json(200, responses)]);
    assert_eq!(
        (got.text.as_str(), got.reason()),
        ("All of it.", Some(FinishReason::Stop)),
        "{:?}",
        got.failure
    );
}

#[test]
fn documents_that_are_no_answer_are_failures() {
    for (body, says) in [
        (r#"{"error":{"message":"no such thing"}}"#, "no such thing"),
        (
            r#"[{"error":{"message":"no such thing"}}]"#,
            "no such thing",
        ),
        (
            "{\"error\":{\"message\":\"engine died\"}}\ndata: [DONE]\n\n",
            "engine died",
        ),
        ("{}", "not as this API"),
        ("[1]", "not as this API"),
        (
            "{\"message\":{\"content\":\"x\"}}\n{\"message\":{}}\n",
            "not as this API",
        ),
        ("", "broke off"),
        ("plain words", "broke off"),
        ("<html><title>Please log in</title>", "Please log in"),
    ] {
        for api in [Api::Chat, Api::Responses] {
            let got = answer(api, vec![Step::json(200, body)]);
            assert!(
                got.failure().to_string().contains(says),
                "{body}: {}",
                got.failure()
            );
            assert_eq!(got.finish, None);
        }
    }
    let kind = ("content-type", "text/html; charset=utf-8".to_owned());
    let page = Step::Status(
        200,
        vec![kind],
        b"<!doctype html><title>Log in</title>".to_vec(),
    );
    assert_eq!(answer(Api::Chat, vec![page]).failure().why, "Log in");
}

const RESPONSES: &str = r#"event: response.created
data: {"type":"response.created","sequence_number":0,"response":{"id":"r","status":"in_progress","error":null,"model":"m1-2026","output":[],"usage":null}}

event: response.output_item.added
data: {"type":"response.output_item.added","output_index":0,"item":{"type":"message","phase":"commentary","content":[]}}

data: {"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"Let me see."}

event: response.reasoning_summary_text.delta
data: {"type":"response.reasoning_summary_text.delta","output_index":1,"summary_index":0,"delta":"**Short**","obfuscation":"f0"}

event: keepalive
data: {"type":"keepalive","sequence_number":5}

data: {"type":"response.output_text.delta","output_index":2,"content_index":0,"delta":"A blue kettle,","logprobs":[]}

event: response.output_text.delta
data: {"output_index":2,"content_index":0,"delta":" ready.","logprobs":[]}

data: {"type":"response.output_text.done","output_index":2,"content_index":0,"text":"A blue kettle, ready."}

"#;

const OUTPUT: &str = r#""output":[{"type":"message","phase":"commentary","content":[{"type":"output_text","text":"Let me see."}]},{"type":"reasoning","summary":[]},{"type":"message","phase":"final_answer","content":[{"type":"output_text","text":"A blue kettle, ready."}]}],"usage":{"input_tokens":24,"input_tokens_details":{"cached_tokens":2,"cache_write_tokens":5},"output_tokens":29,"output_tokens_details":{"reasoning_tokens":18}}"#;

fn terminal(kind: &str, members: &str) -> String {
    format!(
        "event: response.{kind}\ndata: {{\"type\":\"response.{kind}\",\"response\":{{\"model\":\"m1-2026\",{members}}}}}\n\n"
    )
}

#[test]
fn a_responses_stream_becomes_text_and_a_finish() {
    let end = terminal(
        "completed",
        &format!("\"status\":\"completed\",\"error\":null,{OUTPUT}"),
    );
    let got = responses_body(&format!("{RESPONSES}{end}"));
    assert_eq!(got.text, "A blue kettle, ready.", "{:?}", got.failure);
    assert_eq!(got.reasoning, "**Short**");
    let usage = Usage {
        input: 24,
        output: 29,
        cached: 2,
        reasoning: 18,
        written: 5,
        ..Usage::default()
    };
    assert_eq!(
        got.finish,
        Some(Finish {
            reason: FinishReason::Stop,
            usage: Some(usage)
        })
    );
}

#[test]
fn text_that_no_delta_brought_comes_from_the_end() {
    let end = terminal("completed", &format!("\"status\":\"completed\",{OUTPUT}"));
    assert_eq!(responses_body(&end).text, "A blue kettle, ready.");
    let half = r#"data: {"type":"response.output_text.delta","delta":"A blue"}"#;
    assert_eq!(
        responses_body(&format!("{half}\n\n{end}")).text,
        "A blue kettle, ready."
    );
    let done = r#"data: {"type":"response.output_text.done","text":"A blue kettle, ready."}"#;
    assert_eq!(
        responses_body(&format!("{half}\n\n{done}\n\n{end}")).text,
        "A blue kettle, ready."
    );
}

#[test]
fn a_limit_or_filter_is_told_and_a_failure_is_one() {
    for (why, reason) in [
        ("max_output_tokens", FinishReason::Length),
        ("content_filter", FinishReason::ContentFilter),
    ] {
        let end = terminal(
            "incomplete",
            &format!("\"status\":\"incomplete\",\"incomplete_details\":{{\"reason\":\"{why}\"}}"),
        );
        assert_eq!(
            responses_body(&format!("{RESPONSES}{end}")).reason(),
            Some(reason)
        );
    }
    let error = r#"{"code":"server_is_overloaded","message":"overloaded"}"#;
    for end in [
        terminal("failed", &format!("\"status\":\"failed\",\"error\":{error}")),
        terminal("completed", &format!("\"status\":\"completed\",\"error\":{error}")),
        format!("event: error\ndata: {{\"type\":\"error\",\"error\":{error}}}\n\n"),
        "data: {\"type\":\"error\",\"code\":\"server_is_overloaded\",\"message\":\"overloaded\"}\n\n".to_owned(),
    ] {
        let got = responses_body(&format!("{RESPONSES}{end}data: [DONE]\n\n"));
        assert_eq!((got.failure().kind, got.failure().why.as_str()), (FailureKind::Partial, "overloaded"), "{end}");
    }
    assert_eq!(
        responses_body(RESPONSES).failure().kind,
        FailureKind::Partial
    );
}

#[test]
fn a_refused_key_is_told_without_the_key() {
    let body = format!(
        r#"{{"error":{{"message":"Incorrect API key provided: {KEY}.","code":"invalid_api_key"}}}}"#
    );
    let id = ("x-request-id", "req_7".to_owned());
    let got = answer(
        Api::Chat,
        vec![Step::Status(401, vec![id], body.into_bytes())],
    );
    let failure = got.failure();
    assert_eq!(
        (failure.kind, failure.status),
        (FailureKind::Refused, Some(401))
    );
    assert_eq!(failure.request_id.as_deref(), Some("req_7"));
    assert!(failure.advice.contains("SCRIPTED_KEY"), "{failure}");
    assert!(
        !format!("{failure:?}").contains("0123456789"),
        "{failure:?}"
    );
}

#[test]
fn a_page_with_an_error_status_is_told_by_its_title() {
    let page = Step::Status(
        403,
        vec![],
        b"<html><title>Blocked</title><script>x</script>".to_vec(),
    );
    assert_eq!(answer(Api::Chat, vec![page]).failure().why, "Blocked");
}

#[test]
fn a_redirect_is_not_followed() {
    let to = ("location", "http://127.0.0.1:9/elsewhere".to_owned());
    let server = Server::start(vec![vec![Step::Status(307, vec![to], Vec::new())]]);
    let got = run(collect(&endpoint(&server.base_url(), Api::Chat)));
    assert!(got.failure().why.contains("elsewhere"), "{}", got.failure());
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn what_may_pass_is_tried_again_and_told() {
    let busy = || {
        vec![Step::Status(
            503,
            vec![("retry-after-ms", "1".to_owned())],
            Vec::new(),
        )]
    };
    let server = Server::start(vec![
        busy(),
        busy(),
        vec![Step::stream_head(), Step::body(CHAT)],
    ]);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    let mut told = Vec::new();
    let answer = run(async {
        let client = Client::new();
        client
            .start_with(&endpoint, &request(), |news| match news {
                News::Retry(retry) => told.push(retry.attempt),
                other => panic!("{other:?}"),
            })
            .await
            .map(drop)
    });
    assert_eq!((answer, told), (Ok(()), vec![2, 3]));
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn there_are_three_tries_at_most() {
    let busy = || {
        vec![Step::Status(
            500,
            vec![("retry-after-ms", "1".to_owned())],
            Vec::new(),
        )]
    };
    let server = Server::start(vec![busy(), busy(), busy(), busy()]);
    let got = run(collect(&endpoint(&server.base_url(), Api::Chat)));
    assert_eq!(got.failure().status, Some(500));
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn quota_long_waits_and_refusals_are_asked_once() {
    let quota = Step::json(
        429,
        r#"{"error":{"type":"insufficient_quota","message":"No credit."}}"#,
    );
    let long = Step::Status(429, vec![("retry-after", "61".to_owned())], Vec::new());
    for (step, kind) in [
        (quota, FailureKind::RateLimited),
        (long, FailureKind::RateLimited),
        (
            Step::json(400, r#"{"error":{"message":"bad"}}"#),
            FailureKind::Refused,
        ),
        (
            Step::json(404, r#"{"error":{"code":"model_not_found"}}"#),
            FailureKind::Refused,
        ),
    ] {
        let server = Server::start(vec![vec![step]]);
        let got = run(collect(&endpoint(&server.base_url(), Api::Chat)));
        assert_eq!(got.failure().kind, kind, "{}", got.failure());
        assert_eq!(server.requests().len(), 1);
    }
}

#[test]
fn a_stream_that_began_is_never_asked_again() {
    let server = Server::start(vec![vec![Step::stream_head(), Step::body(HALF)]]);
    run(collect(&endpoint(&server.base_url(), Api::Chat)));
    assert_eq!(server.requests().len(), 1);
}

#[test]
fn dropping_the_answer_closes_the_connection() {
    let script = vec![Step::stream_head(), Step::body(HALF), Step::AwaitHangUp];
    let server = Server::start(vec![script]);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    run(async {
        let client = Client::new();
        let mut answer = client.start(&endpoint, &request()).await.unwrap();
        assert_eq!(
            answer.next().await,
            Some(Ok(StreamEvent::Delta("Half a sen".to_owned())))
        );
        drop(answer);
        // The connection's own task needs a turn to see that nobody reads any more.
        tokio::task::yield_now().await;
        let gone = tokio::task::spawn_blocking(move || server.hang_up(Duration::from_secs(10)));
        assert!(gone.await.unwrap());
    });
}

#[test]
fn dropping_a_wait_for_the_first_byte_closes_the_connection() {
    let server = Server::start(vec![vec![Step::AwaitHangUp]]);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    run(async {
        let client = Client::new();
        let asked = request();
        let sent =
            tokio::time::timeout(Duration::from_millis(200), client.start(&endpoint, &asked)).await;
        assert!(sent.is_err());
        let gone = tokio::task::spawn_blocking(move || server.hang_up(Duration::from_secs(10)));
        assert!(gone.await.unwrap());
    });
}

#[test]
fn a_dropped_wait_for_the_next_event_loses_nothing() {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        Step::Gate(gate.clone()),
        Step::body(CHAT),
    ];
    let server = Server::start(vec![script]);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    run(async {
        let client = Client::new();
        let mut answer = client.start(&endpoint, &request()).await.unwrap();
        assert!(futures_util::FutureExt::now_or_never(answer.next()).is_none());
        gate.open();
        assert!(matches!(
            answer.next().await,
            Some(Ok(StreamEvent::Started { .. }))
        ));
        assert!(matches!(
            answer.next().await,
            Some(Ok(StreamEvent::Delta(_)))
        ));
    });
}

#[test]
fn silence_ends_a_stream_and_comments_do_not_prolong_it() {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        Step::body(HALF),
        Step::body(": ping\n\n"),
        Step::Gate(gate.clone()),
    ];
    let server = Server::start(vec![script]);
    let mut endpoint = endpoint(&server.base_url(), Api::Chat);
    endpoint.idle_timeout = Duration::from_millis(40);
    let got = run(collect(&endpoint));
    gate.open();
    assert_eq!(got.failure().kind, FailureKind::Partial);
    assert!(got.failure().what.contains("silent"), "{}", got.failure());
}

#[test]
fn a_reader_that_was_away_still_gets_what_came() {
    let gate = Gate::default();
    let first = [Step::stream_head(), Step::body(HALF)];
    let rest = [Step::Gate(gate.clone()), Step::body(CHAT)];
    let server = Server::start(vec![first.into_iter().chain(rest).collect()]);
    let mut endpoint = endpoint(&server.base_url(), Api::Chat);
    endpoint.idle_timeout = Duration::from_secs(3600);
    run(async {
        let client = Client::new();
        let mut answer = client.start(&endpoint, &request()).await.unwrap();
        assert!(matches!(
            answer.next().await,
            Some(Ok(StreamEvent::Delta(_)))
        ));
        tokio::time::pause();
        tokio::time::advance(Duration::from_secs(7200)).await;
        tokio::time::resume();
        gate.open();
        assert!(matches!(
            answer.next().await,
            Some(Ok(StreamEvent::Started { .. }))
        ));
    });
}

#[test]
fn nobody_listening_is_told_as_that() {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let got = run(async {
        tokio::time::pause();
        collect(&endpoint(&format!("http://127.0.0.1:{port}/v1"), Api::Chat)).await
    });
    assert_eq!(got.failure().kind, FailureKind::Network);
    assert!(
        got.failure().why.contains("nothing listens"),
        "{}",
        got.failure()
    );
}

#[test]
fn a_server_without_tls_is_told_as_that() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let plain = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        std::io::Write::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        stream
    });
    let got = run(collect(&endpoint(
        &format!("https://127.0.0.1:{port}/v1"),
        Api::Chat,
    )));
    assert_eq!(got.failure().kind, FailureKind::Network);
    assert!(
        got.failure().advice.contains("http or https"),
        "{}",
        got.failure()
    );
    drop(plain.join());
}

#[test]
fn clear_text_beyond_this_machine_is_refused_before_connecting() {
    let got = run(collect(&endpoint(
        "http://127.0.0.1.evil.example/v1",
        Api::Chat,
    )));
    assert_eq!(got.failure().kind, FailureKind::Usage);
    assert!(
        got.failure().what.contains("clear text"),
        "{}",
        got.failure()
    );
}

#[test]
fn a_request_says_what_it_must_and_no_more() {
    let server = Server::start(vec![vec![Step::stream_head(), Step::body(CHAT)]]);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    run(collect(&endpoint));
    let sent = &server.requests()[0];
    assert!(
        sent.head
            .starts_with("POST /v1/chat/completions HTTP/1.1\n"),
        "{}",
        sent.head
    );
    assert_eq!(
        sent.header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    assert_eq!(sent.header("accept"), Some("text/event-stream"));
    assert_eq!(sent.header("accept-encoding"), Some("identity"));
    assert!(sent.header("user-agent").unwrap().starts_with("copydesk/"));
    assert_eq!(sent.json()["model"], "m1");
    assert_eq!(sent.body, client::body(&endpoint, &request()));
    assert_eq!(
        sent.body,
        r#"{"model":"m1","messages":[{"role":"system","content":"You write."},{"role":"user","content":"One line."}],"stream":true,"stream_options":{"include_usage":true}}"#
    );
}

#[test]
fn each_server_gets_the_fields_it_knows() {
    let mut asked = request();
    asked.prompt.examples.push(Example {
        user: "u".to_owned(),
        assistant: "a".to_owned(),
    });
    asked.prompt.params = Params {
        max_output_tokens: Some(99),
        reasoning: Some("low".to_owned()),
        verbosity: Some("high".to_owned()),
        ..Params::default()
    };
    let body = |url: &str, api| client::body(&endpoint(url, api), &asked);
    assert_eq!(
        body("https://api.openai.com/v1", Api::Chat),
        r#"{"model":"m1","messages":[{"role":"developer","content":"You write."},{"role":"user","content":"u"},{"role":"assistant","content":"a"},{"role":"user","content":"One line."}],"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false},"store":false,"max_completion_tokens":99,"reasoning_effort":"low","verbosity":"high"}"#
    );
    assert_eq!(
        body("https://api.openai.com/v1", Api::Responses),
        r#"{"model":"m1","instructions":"You write.","input":[{"role":"user","content":"u"},{"role":"assistant","content":"a"},{"role":"user","content":"One line."}],"stream":true,"stream_options":{"include_obfuscation":false},"store":false,"max_output_tokens":99,"reasoning":{"effort":"low","summary":"auto"},"text":{"verbosity":"high"}}"#
    );
    let mistral = body("https://api.mistral.ai/v1", Api::Chat);
    assert!(
        !mistral.contains("stream_options") && mistral.contains(r#""max_tokens":99"#),
        "{mistral}"
    );
}

#[test]
fn the_practice_engine_answers_through_both_apis() {
    run(async {
        let listener = practice::bind(0).await.unwrap();
        let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
        let work = async {
            for api in [Api::Chat, Api::Responses] {
                let got = collect(&endpoint(&base_url, api)).await;
                assert_eq!(got.reason(), Some(FinishReason::Stop), "{:?}", got.failure);
                assert_eq!(got.model, practice::MODEL);
                assert!(got.text.starts_with("# Sample: One line\n"), "{}", got.text);
                assert!(got.text.contains("No model was asked"));
                assert!(got.finish.unwrap().usage.unwrap().output > 100);
            }
        };
        tokio::select! {
            served = practice::serve(listener, practice::Pace::Full) => panic!("{served:?}"),
            () = work => {}
        }
    });
}

/// Against a real server, when `COPYDESK_REAL_LLM` names its base URL.
#[test]
fn a_real_server_answers_through_both_apis() {
    let Ok(base_url) = std::env::var("COPYDESK_REAL_LLM") else {
        return;
    };
    for api in [Api::Chat, Api::Responses] {
        let got = run(collect(&endpoint(&base_url, api)));
        assert!(
            got.finish.is_some() && !got.text.is_empty(),
            "{api:?}: {got:?}"
        );
    }
}
