//! What goes out and what is made of a refusal: bodies, cures, repetitions, what is kept of an
//! error, and the same through the command line.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::endpoint::{Api, Endpoint};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::image::Image;
use copydesk::domain::prompt::{Params, Prompt, Request};
use copydesk::domain::run::StreamEvent;
use copydesk::domain::schema::Schema;
use copydesk::domain::server::Server as Kind;
use copydesk::provider::client::{self, Client};
use copydesk::provider::exchange::News;
use copydesk::provider::payload::Body;
use pretty_assertions::assert_eq;
use serde_json::{Value, json};
use std::process::{Command, Stdio};
use support::cli::{Home, KEY, answer, delta};
use support::server::{Server, Step, endpoint};

const GIF: &[u8] = b"GIF89a\x01\0\x01\0\0\0\0;";

fn request(params: Params) -> Request {
    Request {
        model: "m1".to_owned(),
        prompt: Prompt {
            user: "One line.".to_owned(),
            params,
            ..Prompt::default()
        },
    }
}

fn limited() -> Params {
    Params {
        max_output_tokens: Some(99),
        temperature: Some(0.5),
        top_p: Some(0.5),
        verbosity: Some("low".to_owned()),
        ..Params::default()
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

/// The text of an answer, or what failed; and the news on the way.
fn ask(
    client: &Client,
    endpoint: &Endpoint,
    request: &Request,
) -> (Result<String, Failure>, Vec<News>) {
    let mut news = Vec::new();
    let result = block_on(async {
        let mut exchange = client
            .start_with(endpoint, request, |item| news.push(item))
            .await?;
        let mut text = String::new();
        while let Some(event) = exchange.next().await {
            if let StreamEvent::Delta(more) = event? {
                text += &more;
            }
        }
        Ok(text)
    });
    (result, news)
}

/// The same of a request without parameters, to a server with these scripts; and how often it
/// was asked.
fn outcome(scripts: Vec<Vec<Step>>) -> (Result<String, Failure>, Vec<News>, usize) {
    let server = Server::start(scripts);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    let (result, news) = ask(&Client::new(), &endpoint, &request(Params::default()));
    (result, news, server.requests().len())
}

fn refusal(status: u16, error: &Value) -> Vec<Step> {
    vec![Step::json(status, &json!({"error": error}).to_string())]
}

fn unsupported(param: &str) -> Vec<Step> {
    let message = format!("Unsupported parameter: '{param}'");
    refusal(
        400,
        &json!({"code": "unsupported_parameter", "param": param, "message": message}),
    )
}

fn headed(status: u16, headers: &[(&'static str, &str)], body: &str) -> Vec<Step> {
    let headers = headers
        .iter()
        .map(|(name, value)| (*name, (*value).to_owned()));
    vec![Step::Status(
        status,
        headers.collect(),
        body.as_bytes().to_vec(),
    )]
}

/// A home whose template `t` asks a server.
fn with_template(server: &Server, template: &str) -> Home {
    let home = Home::asking(server);
    home.write("data/templates/t.md", template);
    home
}

/// Nothing is made of the template `t` with these values, for the reason that is said.
fn is_wrong(home: &Home, args: &[&str], says: &str) {
    let ran = home.run(&[&["run", "t", "--dry-run"], args].concat());
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{args:?} {ran:?}");
    assert!(ran.stderr.contains(says), "{args:?} {ran:?}");
}

// --- bodies -----------------------------------------------------------------------------------

#[test]
fn each_server_gets_its_own_spelling_of_effort_limit_and_role() {
    let mut asked = request(Params {
        max_output_tokens: Some(99),
        reasoning: Some("high".to_owned()),
        ..Params::default()
    });
    asked.prompt.system = Some("s".to_owned());
    for (base_url, cap, role, effort) in [
        (
            "https://api.openai.com/v1",
            "max_completion_tokens",
            "developer",
            "/reasoning_effort",
        ),
        (
            "https://acme.openai.azure.com/openai/v1",
            "max_completion_tokens",
            "developer",
            "/reasoning_effort",
        ),
        (
            "https://openrouter.ai/api/v1",
            "max_tokens",
            "system",
            "/reasoning/effort",
        ),
        (
            "https://api.mistral.ai/v1",
            "max_tokens",
            "system",
            "/reasoning_effort",
        ),
        (
            "https://api.groq.com/openai/v1",
            "max_tokens",
            "system",
            "/reasoning_effort",
        ),
        (
            "http://localhost:11434/v1",
            "max_tokens",
            "system",
            "/reasoning_effort",
        ),
    ] {
        let body = client::body(&endpoint(base_url, Api::Chat), &asked);
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(body[cap], 99, "{base_url}");
        assert_eq!(body["messages"][0]["role"], role, "{base_url}");
        assert_eq!(
            body.pointer(effort),
            Some(&json!("high")),
            "{base_url}: {body}"
        );
        let openai = base_url.contains("openai.");
        assert_eq!(
            body.get("store"),
            openai.then_some(&json!(false)),
            "{base_url}"
        );
        let options = (!base_url.contains("mistral")).then_some(true);
        let usage = body
            .pointer("/stream_options/include_usage")
            .and_then(Value::as_bool);
        assert_eq!(usage, options, "{base_url}");
        let padding = body.pointer("/stream_options/include_obfuscation");
        let own = base_url.contains("api.openai.com");
        assert_eq!(padding, own.then_some(&json!(false)), "{base_url}");
    }
    let body = client::body(&endpoint("https://api.deepseek.com", Api::Chat), &asked);
    assert!(body.contains(r#""thinking":{"type":"enabled"}"#), "{body}");
}

#[test]
fn a_summary_is_asked_of_what_thinks_and_only_where_it_is_known() {
    let of = |base_url: &str, effort: Option<&str>, model: &str| {
        let mut asked = request(Params {
            reasoning: effort.map(str::to_owned),
            ..Params::default()
        });
        model.clone_into(&mut asked.model);
        let body = client::body(&endpoint(base_url, Api::Responses), &asked);
        let body: Value = serde_json::from_str(&body).unwrap();
        body.get("reasoning").cloned()
    };
    let reasoning = |base_url: &str, effort: Option<&str>| of(base_url, effort, "m1");
    let openai = "https://api.openai.com/v1";
    let summed = json!({"effort": "low", "summary": "auto"});
    assert_eq!(reasoning(openai, Some("low")), Some(summed));
    let plain = |effort: &str| Some(json!({"effort": effort}));
    assert_eq!(reasoning(openai, Some("none")), plain("none"));
    assert_eq!(reasoning(openai, None), None);
    let azure = "https://acme.openai.azure.com/openai/v1";
    assert_eq!(
        reasoning(azure, Some("low")),
        reasoning(openai, Some("low"))
    );
    // A model that is known to think unless told not to is asked as well.
    let alone = Some(json!({"summary": "auto"}));
    assert_eq!(of(openai, None, "gpt-6-luna"), alone);
    assert_eq!(of(openai, None, "gpt-5.4"), None);
    let local = "http://127.0.0.1:9/v1";
    assert_eq!(of(local, None, "gpt-6-luna"), None);
    assert_eq!(reasoning(local, Some("low")), plain("low"));
}

#[test]
fn a_server_may_be_named_where_its_address_does_not_tell() {
    let mut gateway = endpoint("https://gateway.example/v1", Api::Responses);
    assert!(!client::body(&gateway, &request(Params::default())).contains("store"));
    gateway.server = Some(Kind::OpenAi);
    assert!(client::body(&gateway, &request(Params::default())).contains("\"store\":false"));
}

#[test]
fn a_schema_goes_out_as_each_api_wants_it() {
    let mut asked = request(Params {
        verbosity: Some("low".to_owned()),
        ..Params::default()
    });
    let value = json!({"type": "object", "properties": {"t": {"type": "string"}},
        "required": ["t"], "additionalProperties": false});
    asked.prompt.schema = Some(Schema::new("head lines", value.clone()));
    let body = |base_url: &str, api| -> Value {
        serde_json::from_str(&client::body(&endpoint(base_url, api), &asked)).unwrap()
    };
    assert_eq!(
        body("http://localhost:1/v1", Api::Chat)["response_format"],
        json!({"type": "json_schema", "json_schema": {"name": "head_lines", "strict": true, "schema": value}})
    );
    assert_eq!(
        body("http://localhost:1/v1", Api::Responses)["text"],
        json!({"format": {"type": "json_schema", "name": "head_lines", "strict": true, "schema": value},
            "verbosity": "low"})
    );
    let told = |base_url: &str, api| {
        let body = Body::of(&endpoint(base_url, api), &asked, &[]);
        body.left_out.iter().any(|one| one.name == "output.schema")
    };
    assert!(told("http://localhost:1234/v1", Api::Responses));
    assert!(!told("http://localhost:1234/v1", Api::Chat));
    assert!(told("https://api.deepseek.com/v1", Api::Chat));
    let deepseek = body("https://api.deepseek.com/v1", Api::Chat);
    assert_eq!(deepseek["response_format"], json!({"type": "json_object"}));
}

#[test]
fn an_image_goes_beside_the_text_and_text_alone_stays_plain() {
    let mut asked = request(Params::default());
    asked.prompt.images = vec![Image::new("photo", GIF.to_vec()).unwrap()];
    let body = |api| -> Value {
        let endpoint = endpoint("http://localhost:1/v1", api);
        serde_json::from_str(&client::body(&endpoint, &asked)).unwrap()
    };
    let url = "data:image/gif;base64,R0lGODlhAQABAAAAADs=";
    assert_eq!(
        body(Api::Chat)["messages"],
        json!([{"role": "user", "content": [
            {"type": "text", "text": "One line."},
            {"type": "image_url", "image_url": {"url": url}}]}])
    );
    assert_eq!(
        body(Api::Responses)["input"],
        json!([{"role": "user", "content": [
            {"type": "input_text", "text": "One line."},
            {"type": "input_image", "image_url": url}]}])
    );
}

#[test]
fn a_model_that_is_known_to_be_blind_is_not_asked_about_images() {
    let mut asked = request(Params::default());
    asked.prompt.images = vec![Image::new("photo", GIF.to_vec()).unwrap()];
    asked.model = "deepseek-v4-pro".to_owned();
    // A name that nobody can have: whoever asked would be told of that.
    let nowhere = endpoint("https://blind.invalid/v1", Api::Chat);
    let failure = ask(&Client::new(), &nowhere, &asked).0.unwrap_err();
    assert!(failure.what.contains("does not see images"), "{failure}");
}

// --- cures ------------------------------------------------------------------------------------

#[test]
fn a_refused_parameter_is_cured_once_told_and_remembered() {
    let server = Server::start(vec![
        unsupported("max_tokens"),
        unsupported("temperature"),
        answer("Done."),
        answer("Again."),
    ]);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    let client = Client::new();
    let (result, news) = ask(&client, &endpoint, &request(limited()));
    assert_eq!(result.unwrap(), "Done.");
    let told: Vec<_> = news
        .iter()
        .map(|item| match item {
            News::Learnt { what, scope, .. } => {
                assert_eq!(
                    *scope,
                    format!("{} m1", server.base_url().trim_end_matches("/v1"))
                );
                what.as_str()
            }
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(
        told,
        [
            "m1 refuses max_tokens, which is sent as max_completion_tokens",
            "m1 refuses temperature, which is left out",
        ]
    );
    let (result, news) = ask(&client, &endpoint, &request(limited()));
    assert_eq!((result.unwrap().as_str(), news), ("Again.", Vec::new()));
    let requests = server.requests();
    assert_eq!(requests.len(), 4);
    for request in &requests[2..] {
        let body = request.json();
        assert_eq!(
            (body.get("temperature"), body.get("max_tokens")),
            (None, None)
        );
        assert_eq!(body["max_completion_tokens"], 99);
        assert_eq!(body["top_p"], 0.5);
    }
}

#[test]
fn three_fields_are_cured_and_no_more() {
    let server = Server::start(vec![
        unsupported("max_tokens"),
        unsupported("temperature"),
        unsupported("top_p"),
        unsupported("verbosity"),
        answer("never"),
    ]);
    let client = Client::new();
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    let (result, news) = ask(&client, &endpoint, &request(limited()));
    let failure = result.unwrap_err();
    assert!(failure.what.contains("parameter verbosity"), "{failure}");
    // What did not help is not remembered.
    assert_eq!((server.requests().len(), news), (4, Vec::new()));
    assert_eq!(client.lessons().of("x"), Vec::new());
}

#[test]
fn the_same_field_is_cured_once() {
    let server = Server::start(vec![
        unsupported("top_p"),
        unsupported("top_p"),
        answer("never"),
    ]);
    let endpoint = endpoint(&server.base_url(), Api::Chat);
    let (result, _) = ask(&Client::new(), &endpoint, &request(limited()));
    assert_eq!(result.unwrap_err().kind, FailureKind::Refused);
    assert_eq!(server.requests().len(), 2);
}

#[test]
fn what_one_run_learns_the_next_process_knows() {
    let server = Server::start(vec![unsupported("verbosity"), answer("one"), answer("two")]);
    let home = with_template(
        &server,
        "---\nmodel: {params: {verbosity: low, max_output_tokens: 99}}\n---\nWrite.\n",
    );
    let first = home.run(&["run", "t"]);
    assert_eq!((first.code, first.stdout.as_str()), (0, "one"), "{first:?}");
    assert_eq!(
        first.stderr,
        "copydesk: m1 refuses verbosity, which is left out; that is remembered\n"
    );
    let dry = home.run(&["run", "t", "--dry-run"]);
    let second = home.run(&["run", "t"]);
    assert_eq!(
        (second.stdout.as_str(), second.stderr.as_str()),
        ("two", "")
    );
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests[0].body.contains("verbosity") && !requests[2].body.contains("verbosity"));
    assert_eq!(dry.stdout, format!("{}\n", requests[2].body));
    // Another model is another matter.
    let other = home.run(&["run", "t", "-m", "m2", "--dry-run"]);
    assert!(other.stdout.contains("verbosity"), "{other:?}");
}

#[test]
fn what_is_left_out_beforehand_is_said() {
    let server = Server::start(vec![answer("one")]);
    let home = Home::new();
    home.write(
        "config/config.toml",
        &format!(
            "provider = \"box\"\n[providers.box]\nbase_url = \"{}\"\nserver = \"ollama\"\nmodel = \"llama3.2\"\n",
            server.base_url()
        ),
    );
    home.write(
        "data/templates/t.md",
        "---\nmodel: {params: {verbosity: low}}\n---\nWrite.\n",
    );
    let ran = home.run(&["run", "t"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "one"), "{ran:?}");
    assert_eq!(
        ran.stderr,
        "copydesk: verbosity is left out: Ollama does not know it\n"
    );
    assert!(!server.requests()[0].body.contains("verbosity"));
}

// --- repetitions ------------------------------------------------------------------------------

#[test]
fn a_stream_that_fails_before_anything_was_shown_is_asked_for_again() {
    let overloaded = "event: error\ndata: {\"error\":{\"code\":\"server_is_overloaded\",\"message\":\"busy, try again in 5ms\"}}\n\n";
    let failed = vec![Step::stream_head(), Step::body(overloaded)];
    let (result, news, asked) = outcome(vec![failed, answer("Done.")]);
    assert_eq!((result.unwrap().as_str(), asked), ("Done.", 2));
    assert!(
        matches!(&news[..], [News::Retry(retry)] if retry.attempt == 2),
        "{news:?}"
    );

    let cut = vec![Step::chunked_head(), Step::chunk(": ping\n\n"), Step::Drop];
    let (result, _, asked) = outcome(vec![cut, answer("Done.")]);
    assert_eq!((result.unwrap().as_str(), asked), ("Done.", 2));
}

#[test]
fn nothing_is_asked_for_again_once_something_was_shown_or_money_is_out() {
    let error =
        |code: &str| format!("data: {{\"error\":{{\"code\":\"{code}\",\"message\":\"no\"}}}}\n\n");
    let thought = "data: {\"choices\":[{\"delta\":{\"reasoning\":\"hm\"}}]}\n\n";
    for body in [
        format!("{}{}", delta("Half"), error("server_is_overloaded")),
        format!("{thought}{}", error("server_is_overloaded")),
        error("insufficient_quota"),
        error("invalid_prompt"),
    ] {
        let script = vec![Step::stream_head(), Step::body(&body)];
        let (result, news, asked) = outcome(vec![script, answer("never")]);
        assert!(
            result.is_err() && news.is_empty(),
            "{body}: {result:?} {news:?}"
        );
        assert_eq!(asked, 1, "{body}");
    }
}

#[test]
fn tries_before_and_inside_a_stream_come_from_one_budget() {
    let busy = || headed(503, &[("retry-after-ms", "1")], "");
    let broken = || {
        let body =
            "data: {\"error\":{\"code\":\"server_error\",\"message\":\"try again in 1ms\"}}\n\n";
        vec![Step::stream_head(), Step::body(body)]
    };
    let (result, _, asked) = outcome(vec![busy(), broken(), broken(), answer("never")]);
    assert!(result.is_err());
    assert_eq!(asked, 3);
}

#[test]
fn what_a_server_says_about_coming_back_counts() {
    let soon = ("retry-after-ms", "1");
    for (script, tries) in [
        (headed(500, &[soon, ("x-should-retry", "false")], ""), 1),
        (headed(418, &[soon, ("x-should-retry", "true")], ""), 3),
        (headed(408, &[soon], ""), 3),
        (headed(409, &[soon], ""), 3),
        (headed(425, &[soon], ""), 1),
        (
            headed(
                429,
                &[soon, ("x-should-retry", "true")],
                r#"{"error":{"code":"billing_not_active"}}"#,
            ),
            1,
        ),
        (
            headed(
                429,
                &[],
                r#"{"error":{"code":"rate_limit_exceeded","message":"try again in 2ms"}}"#,
            ),
            3,
        ),
        (
            headed(
                503,
                &[("retry-after-ms", "soon"), ("retry-after", "0.001")],
                "",
            ),
            3,
        ),
    ] {
        let scripts = vec![script.clone(); 4];
        let (result, _, asked) = outcome(scripts);
        assert!(result.is_err());
        assert_eq!(asked, tries, "{script:?}");
    }
}

#[test]
fn a_long_wait_is_told_and_left_to_the_person() {
    let limit = r#"{"error":{"code":"rate_limit_exceeded","message":"Please try again in 6m0s."}}"#;
    for headers in [&[("retry-after", "360")][..], &[]] {
        let (result, news, asked) = outcome(vec![headed(429, headers, limit), answer("never")]);
        let failure = result.unwrap_err();
        assert!(failure.advice.contains("asks to wait 6 min"), "{failure}");
        assert_eq!(failure.reply.unwrap().wait, Some(360));
        assert_eq!((asked, news), (1, Vec::new()));
    }
}

#[test]
fn a_model_that_loads_is_waited_for_beyond_the_tries() {
    let loading = || {
        refusal(
            503,
            &json!({"code": 503, "message": "Loading model", "type": "unavailable_error"}),
        )
    };
    let (result, news, asked) = outcome(vec![loading(), answer("Done.")]);
    assert_eq!((result.unwrap().as_str(), asked), ("Done.", 2));
    assert!(
        matches!(&news[..], [News::Loading { what }] if what.contains("still loading the model")),
        "{news:?}"
    );
}

// --- what is kept of a refusal ----------------------------------------------------------------

#[test]
fn a_refusal_keeps_what_came_with_it_and_no_key() {
    let body = format!(
        r#"{{"error":{{"message":"No: {KEY}","type":"t1","code":"invalid_value","param":"model"}}}}"#
    );
    let headers = [
        ("x-request-id", "req_7"),
        ("x-ratelimit-remaining-tokens", "12"),
        ("openai-processing-ms", "3"),
        ("set-cookie", "a=b"),
    ];
    let (result, _, _) = outcome(vec![headed(400, &headers, &body)]);
    let failure = result.unwrap_err();
    assert_eq!(
        (failure.status, failure.request_id.as_deref()),
        (Some(400), Some("req_7"))
    );
    let reply = failure.reply.as_deref().unwrap();
    assert_eq!(
        (
            reply.code.as_str(),
            reply.kind.as_str(),
            reply.param.as_str()
        ),
        ("invalid_value", "t1", "model")
    );
    let names: Vec<_> = reply
        .headers
        .iter()
        .map(|(name, _)| name.as_str())
        .collect();
    assert_eq!(
        names,
        [
            "x-request-id",
            "x-ratelimit-remaining-tokens",
            "openai-processing-ms"
        ]
    );
    assert!(
        reply.body.starts_with("{\"error\":{\"message\":\"No: "),
        "{}",
        reply.body
    );
    assert!(
        !format!("{failure:?}").contains("0123456789"),
        "{failure:?}"
    );

    let long = format!("{{\"error\":\"{}\"}}", "x".repeat(100_000));
    let (result, _, _) = outcome(vec![headed(400, &[], &long)]);
    assert_eq!(result.unwrap_err().reply.unwrap().body.len(), 64 * 1024);
}

#[test]
fn json_tells_status_code_parameter_and_request_id() {
    let body = r#"{"error":{"message":"Bad value","code":"invalid_value","param":"model"}}"#;
    let server = Server::start(vec![headed(400, &[("x-request-id", "req_8")], body)]);
    let ran = Home::asking(&server).run(&["run", "blog-post", "-i", "topic=x", "--json"]);
    let error = &ran.json()["error"];
    assert_eq!(ran.code, 4);
    assert_eq!(error["status"], 400);
    assert_eq!(error["code"], "invalid_value");
    assert_eq!(error["param"], "model");
    assert_eq!(error["request_id"], "req_8");
    assert_eq!(error["retry_after"], Value::Null);
}

/// Status, body, what the sentence says, what the advice says.
const SENTENCES: [(u16, &str, &str, &str); 22] = [
    (
        400,
        r#"{"error":{"code":"context_length_exceeded"}}"#,
        "too long for m1",
        "shorten the inputs",
    ),
    (413, "", "takes no request of this size", "in parts"),
    (
        400,
        r#"{"error":{"code":"unknown_parameter","param":"x"}}"#,
        "the parameter x",
        "model.params",
    ),
    (
        400,
        r#"{"error":{"code":"invalid_value","param":"x"}}"#,
        "this value of the parameter x",
        "change it in model.params",
    ),
    (
        400,
        r#"{"error":{"code":"missing_required_parameter","param":"x"}}"#,
        "wants the parameter x",
        "model.params",
    ),
    (
        400,
        r#"{"error":{"code":"unsupported_parameter","param":"response_format"}}"#,
        "response_format",
        "output.schema",
    ),
    (
        400,
        r#"{"error":{"code":"content_filter"}}"#,
        "refused the content",
        "change the brief",
    ),
    (
        400,
        r#"{"error":{"code":"invalid_image"}}"#,
        "cannot read the image",
        "PNG",
    ),
    (
        400,
        r#"{"error":{"code":"invalid_json_schema"}}"#,
        "JSON schema",
        "output.schema",
    ),
    (
        400,
        r#"{"error":{"message":"odd"}}"#,
        "refused the request",
        "check model",
    ),
    (401, "", "did not accept the key", "set SCRIPTED_KEY"),
    (402, "", "no credit left", "billing"),
    (403, "", "forbids", "what the key may do"),
    (
        403,
        r#"{"error":{"code":"unsupported_country_region_territory"}}"#,
        "does not serve the place",
        "another provider",
    ),
    (
        404,
        r#"{"error":{"code":"model_not_found"}}"#,
        "the model m1",
        "model's name",
    ),
    (
        404,
        r#"{"error":{"message":"only supported in v1/responses"}}"#,
        "m1 is not offered",
        "api = \"responses\"",
    ),
    (405, "", "not the address of this API", "base_url"),
    (415, "", "refused the request", "check model"),
    (
        422,
        r#"{"detail":[{"type":"missing","loc":["body","x"],"msg":"Field required"}]}"#,
        "the parameter x",
        "model.params",
    ),
    (425, "", "refused the request", "check model"),
    (
        429,
        r#"{"error":{"type":"insufficient_quota"}}"#,
        "no credit left",
        "waiting does not help",
    ),
    (451, "", "refused the request", "check model"),
];

#[test]
fn every_refusal_has_a_sentence_with_advice() {
    for (status, body, what, advice) in SENTENCES {
        let (result, _, asked) = outcome(vec![headed(status, &[], body)]);
        let failure = result.unwrap_err();
        assert!(failure.what.contains(what), "{status} {body}: {failure}");
        assert!(
            failure.what.ends_with(&format!("(HTTP {status})")),
            "{failure}"
        );
        assert!(
            failure.advice.contains(advice),
            "{status} {body}: {failure}"
        );
        assert_eq!(asked, 1, "{status} {body}");
    }
}

#[test]
fn no_cookie_is_kept_from_one_try_or_request_to_the_next() {
    let cookie = ("set-cookie", "who=you; Path=/");
    let mut whole = answer("one");
    whole[0] = Step::head(200, &[("content-type", "text/event-stream"), cookie]);
    let busy = headed(503, &[("retry-after-ms", "1"), cookie], "");
    let server = Server::start(vec![busy, whole, answer("two")]);
    let (client, endpoint) = (Client::new(), endpoint(&server.base_url(), Api::Chat));
    for text in ["one", "two"] {
        let (result, _) = ask(&client, &endpoint, &request(Params::default()));
        assert_eq!(result.unwrap(), text);
    }
    let requests = server.requests();
    assert_eq!(requests.len(), 3);
    assert!(requests.iter().all(|it| it.header("cookie").is_none()));
}

#[test]
fn a_redirect_names_both_servers_and_neither_key_nor_prompt_goes_there() {
    let other = Server::start(vec![answer("never")]);
    let there = other.base_url();
    for (status, to, says) in [
        (
            301,
            format!("{there}/chat/completions?key=x"),
            "which is another server",
        ),
        (
            307,
            format!("{there}/chat/completions"),
            "which is another server",
        ),
        (308, "/v2/chat/completions".to_owned(), "on the same server"),
    ] {
        let server = Server::start(vec![headed(status, &[("location", &to)], "")]);
        let endpoint = endpoint(&server.base_url(), Api::Chat);
        let (result, _) = ask(&Client::new(), &endpoint, &request(Params::default()));
        let failure = result.unwrap_err();
        let told = failure.to_string();
        let here = server.base_url();
        assert!(
            told.contains(says) && told.contains(here.trim_end_matches("/v1")),
            "{told}"
        );
        assert!(
            to.starts_with('/') || told.contains(there.trim_end_matches("/v1")),
            "{told}"
        );
        assert!(!told.contains("key=x"), "{told}");
        assert_eq!(server.requests().len(), 1);
    }
    assert_eq!(other.requests().len(), 0);
}

// --- the command line -------------------------------------------------------------------------

/// Values that a shell could take for something else.
const ODD: &str = "it's \"quoted\" $HOME `id` \\ back\n--data @x\n\n{{ 7*7 }} ☕ \u{7f}!";

#[test]
fn a_pasted_curl_command_sends_the_same_bytes() {
    let found = Command::new("curl")
        .arg("--version")
        .stdout(Stdio::null())
        .status();
    if !found.is_ok_and(|status| status.success()) {
        // Nothing to compare with on this machine.
        return;
    }
    let long = "x".repeat(150_000);
    for value in [ODD, &long] {
        let server = Server::start(vec![answer("by curl"), answer("by copydesk")]);
        let home = Home::asking(&server);
        let points = home.write("points.txt", value);
        let takes = format!("points={}", points.display());
        let args = ["run", "blog-post", "-i", "topic=-x", "-f", &takes];
        let line = home.run(&[&args[..], &["--curl"]].concat());
        assert_eq!((line.code, server.requests().len()), (0, 0), "{line:?}");
        let mut shell = home.command_of("sh".as_ref());
        let script = home.write("paste.sh", &line.stdout);
        let pasted = shell.arg(script).output().unwrap();
        assert!(pasted.status.success(), "{pasted:?}");
        assert!(String::from_utf8_lossy(&pasted.stdout).contains("by curl"));
        assert_eq!(home.run(&args).stdout, "by copydesk");
        let requests = server.requests();
        assert!(requests[0].body == requests[1].body, "{}", requests[0].body);
        for name in ["authorization", "content-type", "accept", "accept-encoding"] {
            assert_eq!(requests[0].header(name), requests[1].header(name), "{name}");
        }
        assert_eq!(
            requests[0].header("authorization"),
            Some(format!("Bearer {KEY}").as_str())
        );
    }
}

#[test]
fn without_a_key_curl_has_no_header_for_one_and_clear_text_stays_here() {
    let home = Home::new().with("OPENAI_BASE_URL", "http://localhost:9/v1");
    let args = ["run", "blog-post", "-i", "topic=x", "--curl"];
    let ran = home.run(&args);
    assert!(
        ran.stdout.starts_with("curl ") && !ran.stdout.contains("uthorization"),
        "{ran:?}"
    );
    let ran = Home::new()
        .with("OPENAI_BASE_URL", "http://far.example/v1")
        .run(&args);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("clear text"), "{ran:?}");
    let ran = Home::new().run(&args);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("copydesk practice --port"), "{ran:?}");
}

const SEES: &str = "---\ninputs:\n  photo: {type: image, required: true}\n  \
                    more: {type: image}\n---\nDescribe {{ photo }}.\n";

#[test]
fn an_image_is_read_from_its_file_and_named_by_it() {
    let server = Server::start(vec![answer("A dot.")]);
    let home = with_template(&server, SEES);
    home.write_bytes("pics/dot.gif", GIF);
    let ran = home.run(&["run", "t", "-f", "photo=pics/dot.gif", "--save"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "A dot."), "{ran:?}");
    let content = server.requests()[0].json()["messages"][0]["content"].clone();
    assert_eq!(content[0]["text"], "Describe dot.gif.");
    let url = content[1]["image_url"]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("data:image/gif;base64,R0lGOD"), "{url}");
    assert_eq!(content.as_array().unwrap().len(), 2);
    let draft = std::fs::read_to_string(&home.drafts()[0]).unwrap();
    assert!(
        draft.contains("pics/dot.gif") && !draft.contains("base64"),
        "{draft}"
    );
}

#[test]
fn what_is_wrong_with_an_image_is_told_before_anything_is_sent() {
    let home = Home::new();
    home.write("data/templates/t.md", SEES);
    home.write("notes.txt", "words");
    home.write_bytes("large.gif", &[GIF, &vec![0; 20 * 1024 * 1024]].concat());
    for (args, says) in [
        (
            &["-f", "photo=notes.txt"][..],
            "must be a PNG, JPEG, GIF or WebP image",
        ),
        (&["-f", "photo=none.gif"], "none.gif"),
        (&["-f", "photo=large.gif"], "20480 KiB"),
        (
            &["-i", "photo=notes.txt"],
            "give its path with -f photo=PATH",
        ),
        (&[], "-f photo=…"),
        (
            &["-f", "photo=notes.txt", "-f", "more=none.gif"],
            "none.gif",
        ),
    ] {
        is_wrong(&home, args, says);
    }
}

#[test]
fn a_file_is_inserted_as_text_and_recorded_by_its_path() {
    let server = Server::start(vec![answer("Short.")]);
    let source = "---\ninputs:\n  notes: {type: file, required: true}\n---\nSum up: {{ notes }}\n";
    let home = with_template(&server, source);
    home.write("notes.md", "Line {{ one }}.\nLine two.\n");
    let ran = home.run(&["run", "t", "-f", "notes=~/notes.md", "--save"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Short."), "{ran:?}");
    let content = server.requests()[0].json()["messages"][0]["content"].clone();
    assert_eq!(content, "Sum up: Line {{ one }}.\nLine two.");
    let draft = std::fs::read_to_string(&home.drafts()[0]).unwrap();
    assert!(
        draft.contains("~/notes.md") && !draft.contains("Line two"),
        "{draft}"
    );
    for (args, says) in [
        (&["-i", "notes=x"][..], "give its path with -f notes=PATH"),
        (&["-f", "notes=none.md"], "none.md"),
        (&[], "-f notes=…"),
    ] {
        is_wrong(&home, args, says);
    }
    let default = source.replace("required: true", "default: /etc/hostname");
    home.write("data/templates/t.md", &default);
    let ran = home.run(&["run", "t", "--dry-run"]);
    assert!(
        ran.stderr.contains("default of `notes`: a file has none"),
        "{ran:?}"
    );
}

#[test]
fn a_template_asks_for_json_by_its_schema() {
    let json = r#"{"titles":["One","Two"]}"#;
    let server = Server::start(vec![answer(json)]);
    let home = Home::asking(&server);
    home.write(
        "data/templates/ideas.md",
        "---\noutput:\n  schema:\n    type: object\n    properties: {titles: {type: array, items: {type: string}}}\n    \
         required: [titles]\n    additionalProperties: false\n---\nTitles.\n",
    );
    let ran = home.run(&["run", "ideas"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, json), "{ran:?}");
    let format = server.requests()[0].json()["response_format"].clone();
    assert_eq!(format["json_schema"]["name"], "ideas");
    assert_eq!(format["json_schema"]["strict"], true);
    home.write(
        "data/templates/bad.md",
        "---\noutput: {schema: {type: string}}\n---\nx\n",
    );
    let ran = home.run(&["run", "bad"]);
    assert_eq!(ran.code, 2);
    assert!(ran.stderr.contains("bad.md:2:"), "{ran:?}");
}

#[test]
fn one_pipe_may_feed_two_inputs() {
    let home = Home::new();
    home.write("data/templates/t.md", "{{ a }}|{{ b }}\n");
    let ran = home.feed(&["run", "t", "-i", "a=-", "-i", "b=-", "--dry-run"], "-");
    assert_eq!(ran.json()["input"], "-|-", "{ran:?}");
}
