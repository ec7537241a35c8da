//! The command line as a script meets it: streams, files, exit codes, `--json`, and broken pipes.
//!
//! Every command runs in a home of its own, against a scripted server or the practice engine.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::brief::Value;
use copydesk::domain::draft::Draft;
use copydesk::domain::run::FinishReason;
use copydesk::domain::text::mark;
use pretty_assertions::assert_eq;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::time::Duration;
use support::cli::{Home, KEY, Ran, answer, delta, ending, ran};
use support::server::{Gate, Server, Step};

const TEXT: &str = "# Blue kettles\n\nThey boil – quickly ☕.";

/// `run blog-post` with its one required input.
fn post<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["run", "blog-post", "-i", "topic=Blue kettles"], more].concat()
}

fn refused_address() -> String {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}/v1", listener.local_addr().unwrap())
}

/// Asserts that `ran` ended with `code` after one line that says all of `words`.
fn fails(ran: &Ran, code: i32, words: &[&str]) {
    assert_eq!(ran.code, code, "{ran:?}");
    let last = ran.stderr.lines().last().unwrap_or_default();
    for word in words {
        assert!(last.contains(word), "{word:?} is not in {ran:?}");
    }
}

// --- what a run gives -------------------------------------------------------------------------

#[test]
fn a_run_streams_exactly_the_text() {
    let server = Server::start(vec![answer(TEXT)]);
    let ran = Home::asking(&server).run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT), "{}", ran.stderr);
    assert_eq!(ran.stderr, "");
    let request = &server.requests()[0];
    assert_eq!(request.json()["model"], "m1");
    assert!(request.body.contains("Blue kettles"));
    let sent = format!("Bearer {KEY}");
    assert_eq!(request.header("authorization"), Some(sent.as_str()));
}

#[test]
fn the_text_is_there_before_the_answer_ends() {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        Step::body(&delta("First line.\n")),
        Step::Gate(gate.clone()),
        Step::body(&delta("Second line.")),
        Step::body(&ending("stop")),
    ];
    let server = Server::start(vec![script]);
    let mut child = start(&Home::asking(&server), &post(&[]));
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert_eq!(line, "First line.\n");
    gate.open();
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(rest, "Second line.");
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn save_keeps_a_draft_that_knows_where_it_came_from() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let ran = home.run(&post(&["-i", "words=300", "--save"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT), "{}", ran.stderr);
    let [path] = home.drafts().try_into().unwrap();
    assert_eq!(ran.stderr, format!("saved {}\n", path.display()));
    let name = path.file_name().unwrap().to_str().unwrap();
    assert!(name.ends_with("-blue-kettles.md"), "{name}");

    let draft = Draft::parse(&std::fs::read_to_string(&path).unwrap());
    assert_eq!((draft.problem(), draft.body()), (None, TEXT));
    assert_eq!(draft.title(), Some("Blue kettles"));
    let made = draft.provenance().unwrap();
    assert_eq!(made.template.as_deref(), Some("blog-post"));
    assert_eq!(made.template_hash.as_ref().map(String::len), Some(64));
    let topic = Value::Text("Blue kettles".to_owned());
    assert_eq!(made.brief.get("topic"), Some(&topic));
    assert_eq!(made.brief.get("words"), Some(&Value::Number(300.0)));
    assert_eq!(made.provider.as_deref(), Some("openai"));
    let origin = server.base_url().trim_end_matches("/v1").to_owned();
    assert_eq!(made.origin, Some(origin));
    assert_eq!(made.model.as_deref(), Some("m1-2026"));
    assert!(made.run.is_some() && !made.id.is_empty());
    let tokens = made.tokens.unwrap();
    assert_eq!((tokens.input, tokens.output), (27, 31));
    assert_eq!(made.finish, Some(FinishReason::Stop));
    assert!(!draft.to_source().contains(KEY));
}

#[test]
fn a_text_goes_to_a_file_when_told_so() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let ran = home.run(&post(&["-o", "post.md"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{}", ran.stderr);
    let written = std::fs::read_to_string(home.path("post.md")).unwrap();
    assert_eq!(written, format!("{TEXT}\n"));
}

#[test]
fn a_file_that_cannot_be_written_costs_no_text() {
    let server = Server::start(vec![answer(TEXT), answer(TEXT)]);
    let home = Home::asking(&server);
    home.write("a-file", "");
    let args = post(&["-o", "a-file/post.md"]);
    let ran = home.run(&args);
    fails(&ran, 1, &["a-file/post.md"]);
    assert_eq!(ran.stdout, TEXT);
    let ran = home.run(&[args.as_slice(), &["--json"]].concat());
    assert_eq!(ran.json()["text"], TEXT);
    assert_eq!(ran.json()["error"]["exit_code"], ran.code);
    assert_eq!(ran.code, 1);
}

#[test]
fn json_is_one_object_with_text_tokens_and_ids() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let ran = home.run(&post(&["--json", "--save"]));
    let json = ran.json();
    assert_eq!((ran.code, json["text"].as_str()), (0, Some(TEXT)));
    assert_eq!(json["template"], "blog-post");
    assert_eq!(json["provider"], "openai");
    assert_eq!(json["model"], "m1-2026");
    assert_eq!(json["finish"], "stop");
    assert_eq!(json["usage"]["output"], 31);
    assert!(json["run"].is_string() && json["error"].is_null());
    assert_eq!(json["path"].as_str(), home.drafts()[0].to_str());
    assert_eq!(ran.stdout.lines().count(), 1);
}

#[test]
fn control_characters_of_a_model_become_marks() {
    let server = Server::start(vec![answer("red \u{1b}[31m\u{9b}0m\u{7} \r\n bell")]);
    let ran = Home::asking(&server).run(&post(&[]));
    assert_eq!(ran.stdout, "red ␛[31m␦0m␇ \n bell");
}

#[test]
fn without_a_key_the_practice_engine_says_that_it_is_one() {
    let ran = Home::new().run(&post(&[]));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.starts_with("# Sample: "), "{}", ran.stdout);
    assert!(ran.stdout.contains("No model was asked"));
    assert!(ran.stderr.contains("OPENAI_API_KEY"), "{}", ran.stderr);
    assert_eq!(ran.stderr.lines().count(), 1);
}

// --- where values come from -------------------------------------------------------------------

#[test]
fn a_brief_that_was_kept_fills_what_is_not_given() {
    let home = Home::new();
    home.write(
        "data/briefs/cold-email/acme.yaml",
        "title: Client Acme\nvalues:\n  recipient: Ada\n  offer: Kettles\n  gone: 1\n",
    );
    let listed = home.run(&["template", "briefs"]);
    assert_eq!(listed.stdout, "cold-email  acme  Client Acme\n");
    for name in ["acme", "Client Acme"] {
        let run = ["run", "cold-email", "--brief", name, "-i", "offer=Pans"];
        let ran = home.run(&[run.as_slice(), &["--dry-run"]].concat());
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.stdout.contains("Ada") && ran.stdout.contains("Pans"),
            "{ran:?}"
        );
        assert!(!ran.stdout.contains("Kettles"), "{ran:?}");
        assert!(ran.stderr.contains("`gone`"), "{ran:?}");
    }
    let ran = home.run(&["run", "cold-email", "--brief", "acm"]);
    fails(&ran, 2, &["brief", "acm", "acme"]);
    home.write("data/briefs/cold-email/broken.yaml", "values: [");
    let ran = home.run(&["run", "cold-email", "--brief", "broken"]);
    fails(&ran, 2, &["broken", "line 1"]);
}

#[test]
fn all_missing_inputs_are_told_at_once() {
    let ran = Home::new().run(&["run", "cold-email"]);
    fails(
        &ran,
        2,
        &["recipient", "offer", "-i recipient=…", "-i offer=…"],
    );
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1));
}

#[test]
fn wrong_names_are_told_with_the_right_ones() {
    let home = Home::new();
    let ran = home.run(&["run", "blog-pots"]);
    fails(&ran, 2, &["\"blog-pots\"", "copydesk template list"]);
    let ran = home.run(&post(&["-i", "colour=blue"]));
    fails(&ran, 2, &["`colour`", "topic, audience"]);
    let ran = home.run(&post(&["-i", "topic"]));
    fails(&ran, 2, &["`-i topic` has no `=`", "NAME=VALUE"]);
    let ran = home.run(&post(&["-i", "words=many"]));
    fails(&ran, 2, &["`words`"]);
    let ran = home.run(&post(&["-p", "nobody"]));
    fails(
        &ran,
        2,
        &["`nobody`", "openai, openrouter", "vllm, practice"],
    );
    let ran = home.run(&post(&["-f", "points=none.txt"]));
    fails(&ran, 2, &["cannot read none.txt"]);
}

#[test]
fn everything_that_is_wrong_with_a_brief_is_told_at_once() {
    let home = Home::new();
    let wrong = ["run", "blog-post", "-i", "words=many", "-i", "colour=red"];
    let ran = home.run(&[&wrong[..], &["-i", "outline=perhaps"]].concat());
    let told = ["`many` is not a number", "no input `colour`", "`perhaps`"];
    fails(
        &ran,
        2,
        &[&told[..], &["`blog-post` needs topic (Topic)"]].concat(),
    );
    home.write("data/templates/plain.md", "No inputs here.\n");
    let ran = home.run(&["run", "plain", "-i", "a=b"]);
    fails(&ran, 2, &["`plain` has no input `a`; it has none"]);
    for wrong in ["0", "17", "many"] {
        let ran = home.run(&post(&["-n", wrong]));
        assert_eq!(ran.code, 2);
        let told = ran.stderr.contains("give a number from 1 to 16");
        assert!(told, "{}", ran.stderr);
    }
}

#[test]
fn a_value_left_blank_is_empty_and_one_not_mentioned_has_its_default() {
    let home = Home::new();
    let source = "---\ninputs:\n  words: {type: number, default: 800}\n  \
                  tone: {type: choice, options: [warm, cold]}\n---\n\
                  [{{ words }}] [{{ tone }}]\n";
    home.write("data/templates/t.md", source);
    let prompt = |more: &[&str]| {
        let ran = home.run(&[&["run", "t", "--dry-run"], more].concat());
        ran.json()["input"].as_str().unwrap().to_owned()
    };
    assert_eq!(prompt(&[]), "[800] [warm]");
    assert_eq!(prompt(&["-i", "words=", "-i", "tone=cold"]), "[] [cold]");
    assert_eq!(home.run(&["run", "t", "-i", "words=", "--save"]).code, 0);
    let draft = Draft::parse(&std::fs::read_to_string(&home.drafts()[0]).unwrap());
    let brief = draft.provenance().unwrap().brief.clone();
    assert_eq!(brief.get("words"), Some(&Value::Text(String::new())));
    assert_eq!(brief.get("tone"), Some(&Value::Text("warm".to_owned())));
}

#[test]
fn a_value_can_come_from_a_file() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    home.write("points.txt", "It boils\nIt is blue\n");
    assert_eq!(home.run(&post(&["-f", "points=points.txt"])).code, 0);
    let body = &server.requests()[0].body;
    assert!(body.contains("It boils\\n- It is blue"), "{body}");
}

#[test]
fn a_pipe_feeds_the_input_meant_for_it() {
    let server = Server::start(vec![answer("eins"), answer("zwei"), answer("drei")]);
    let home = Home::asking(&server);
    let args = ["run", "translate", "-i", "language=German"];
    assert_eq!(home.feed(&args, "one kettle").stdout, "eins");
    assert!(server.requests()[0].body.contains("one kettle"));
    // What is said outright goes before the pipe.
    let outright = [args.as_slice(), &["-i", "text=two kettles"]].concat();
    assert_eq!(home.feed(&outright, "one kettle").stdout, "zwei");
    assert!(server.requests()[1].body.contains("two kettles"));
    let dash = ["run", "translate", "-i", "text=three", "-i", "language=-"];
    assert_eq!(home.feed(&dash, "German").stdout, "drei");
    assert!(server.requests()[2].body.contains("into German"));
}

#[test]
fn an_empty_stdin_is_a_missing_input_and_never_a_wait() {
    let home = Home::new();
    let args = ["run", "translate", "-i", "language=German"];
    fails(&home.feed(&args, ""), 2, &["text (Text)"]);
    let output = home.command(&args).output().unwrap();
    fails(&ran(&output), 2, &["text (Text)"]);
}

#[test]
fn stdin_that_is_no_text_is_refused() {
    let home = Home::new();
    let mut command =
        assert_cmd::Command::from_std(home.command(&["run", "translate", "-i", "language=German"]));
    let output = command.write_stdin(b"\xff\xfe".to_vec()).output().unwrap();
    fails(&ran(&output), 2, &["stdin is not UTF-8", "iconv"]);
}

// --- what is sent -----------------------------------------------------------------------------

#[test]
fn a_dry_run_prints_the_body_that_a_real_run_sends() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let args = post(&[
        "-i",
        "takeaway=\"quoted\" \\ {{ 7*7 }} ☕ \u{7f}\u{85}\u{202e}",
    ]);
    let dry = home.run(&[args.as_slice(), &["--dry-run"]].concat());
    assert_eq!((dry.code, server.requests().len()), (0, 0), "{dry:?}");
    assert_eq!(home.run(&args).code, 0);
    assert_eq!(dry.stdout, format!("{}\n", server.requests()[0].body));
}

#[test]
fn flags_go_before_the_environment_and_both_before_the_file() {
    let server = Server::start(vec![answer(TEXT), answer(TEXT), answer(TEXT)]);
    let home = Home::asking(&server);
    home.write("config/config.toml", "model = \"of-the-file\"\n");
    let forced = Home::asking(&server).with("COPYDESK_MODEL", "of-the-environment");
    home.run(&post(&[]));
    forced.run(&post(&[]));
    forced.run(&post(&["-m", "of-the-flag"]));
    let requests = server.requests();
    let models = requests
        .iter()
        .map(|request| request.json()["model"].clone());
    assert_eq!(
        models.collect::<Vec<_>>(),
        ["m1", "of-the-environment", "of-the-flag"]
    );
}

#[test]
fn a_provider_of_the_config_file_uses_its_own_key() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::new()
        .with("OPENAI_API_KEY", "sk-not-for-this-server")
        .with("DESK_KEY", KEY);
    let table = format!(
        "provider = \"desk\"\n[providers.desk]\nbase_url = \"{}\"\nkey_env = \"DESK_KEY\"\nmodel = \"m7\"\n",
        server.base_url()
    );
    home.write("config/config.toml", &table);
    let ran = home.run(&post(&["--json"]));
    assert_eq!(ran.json()["provider"], "desk", "{ran:?}");
    let request = &server.requests()[0];
    assert_eq!(request.json()["model"], "m7");
    let sent = format!("Bearer {KEY}");
    assert_eq!(request.header("authorization"), Some(sent.as_str()));
}

// --- failures ---------------------------------------------------------------------------------

/// Scripts that fail, with the exit code and the word of `--json` for each.
fn failures() -> Vec<(Vec<Step>, i32, &'static str)> {
    let error = |status, kind: &str| {
        let body = format!(r#"{{"error":{{"type":"{kind}","code":"{kind}","message":"No."}}}}"#);
        vec![Step::json(status, &body)]
    };
    let half = delta("Half a sen");
    let cut = format!("{half}{}", ending("length"));
    let refused = format!("{half}{}", ending("content_filter"));
    vec![
        (error(401, "invalid_api_key"), 4, "refused"),
        (error(404, "model_not_found"), 4, "refused"),
        (error(429, "insufficient_quota"), 5, "rate_limited"),
        (vec![Step::stream_head(), Step::body(&half)], 6, "partial"),
        (vec![Step::stream_head(), Step::body(&cut)], 6, "partial"),
        (
            vec![Step::stream_head(), Step::body(&refused)],
            4,
            "refused",
        ),
    ]
}

#[test]
fn a_failure_is_a_sentence_and_an_exit_code() {
    for (script, code, name) in failures() {
        let has_text = script.len() > 1;
        let server = Server::start(vec![script]);
        let ran = Home::asking(&server).run(&post(&[]));
        fails(&ran, code, &["copydesk: "]);
        let expected = if has_text { "Half a sen" } else { "" };
        assert_eq!(ran.stdout, expected, "{name}");
        assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    }
}

#[test]
fn a_failure_is_valid_json_too() {
    for (script, code, name) in failures() {
        let has_text = script.len() > 1;
        let server = Server::start(vec![script]);
        let ran = Home::asking(&server).run(&post(&["--json"]));
        let json = ran.json();
        assert_eq!(
            (ran.code, json["error"]["kind"].as_str()),
            (code, Some(name))
        );
        assert_eq!(json["error"]["exit_code"], code);
        assert!(!json["error"]["message"].as_str().unwrap().is_empty());
        let expected = if has_text { "Half a sen" } else { "" };
        assert_eq!(json["text"], expected, "{json}");
    }
}

#[test]
fn wrong_use_is_valid_json_too() {
    let home = Home::new();
    for args in [
        &["run", "nothing", "--json"] as &[&str],
        &["run", "blog-post", "--json"],
        &["run", "blog-post", "--json", "-i", "nothing=1"],
        &[
            "run",
            "blog-post",
            "--json",
            "-i",
            "topic=t",
            "-p",
            "nobody",
        ],
    ] {
        let ran = home.run(args);
        assert_eq!(ran.json()["error"]["kind"], "usage", "{args:?}");
        assert_eq!((ran.code, ran.stderr.as_str()), (2, ""), "{args:?}");
    }
}

#[test]
fn a_provider_that_has_not_the_usual_model_is_asked_for_none() {
    let home = Home::new().with("GROQ_API_KEY", KEY);
    let ran = home.run(&post(&["-p", "groq"]));
    fails(
        &ran,
        2,
        &["no model is set", "copydesk models -p groq", "-m"],
    );
    let named = home.run(&post(&["-p", "groq", "-m", "m1", "--dry-run"]));
    assert_eq!(named.code, 0, "{named:?}");
    assert!(named.stdout.contains("\"m1\""), "{named:?}");
}

#[test]
fn a_bare_address_on_this_machine_is_enough() {
    let none = vec![Step::json(404, "{}")];
    let server = Server::start(vec![none, answer("Here.")]);
    let home = Home::new().with("OPENAI_BASE_URL", &server.base_url());
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "Here."), "{ran:?}");
    let asked: Vec<_> = server.requests().iter().map(|it| it.head.clone()).collect();
    assert!(asked[0].starts_with("GET /v1/models "), "{asked:?}");
    assert!(asked[1].starts_with("POST /v1/"), "{asked:?}");
    assert_eq!(asked.len(), 2);
}

#[test]
fn a_server_that_is_not_there_is_a_network_failure() {
    let home = Home::new().with("OPENAI_BASE_URL", &refused_address());
    let ran = home.run(&post(&["--json"]));
    assert_eq!(ran.json()["error"]["kind"], "network");
    assert_eq!(ran.code, 3);
    let told: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(
        told[0].contains("try 2") && told[1].contains("try 3"),
        "{told:?}"
    );
}

#[test]
fn a_partial_text_is_kept_as_a_draft() {
    let script = vec![Step::stream_head(), Step::body(&delta("Half a sen"))];
    let server = Server::start(vec![script]);
    let home = Home::asking(&server);
    assert_eq!(home.run(&post(&["--save"])).code, 6);
    let draft = Draft::parse(&std::fs::read_to_string(&home.drafts()[0]).unwrap());
    assert_eq!(draft.body(), "Half a sen");
    let finish = draft.provenance().unwrap().finish.clone();
    assert_eq!(finish, Some(FinishReason::Interrupted));
}

#[test]
fn a_key_that_the_server_repeats_is_not_shown() {
    let error = format!(r#"{{"error":{{"code":"invalid_api_key","message":"Bad key: {KEY}."}}}}"#);
    let server = Server::start(vec![
        vec![Step::json(401, &error)],
        vec![Step::json(401, &error)],
    ]);
    let home = Home::asking(&server);
    // The rig itself looks for the key on both streams.
    fails(&home.run(&post(&[])), 4, &["OPENAI_API_KEY"]);
    assert_eq!(home.run(&post(&["--json"])).code, 4);
}

#[test]
fn a_config_file_that_cannot_be_understood_sends_nothing() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    for text in [
        "provider = \"local\"\n provider = [oops\n",
        "model = \"m\"\nprovder = \"local\"\n",
    ] {
        let path = home.write("config/config.toml", text);
        let place = format!("{}:2:", path.display());
        for more in [&[][..], &["--dry-run"], &["-p", "practice"]] {
            let ran = home.run(&post(more));
            fails(&ran, 2, &[&place, "nothing is sent until then"]);
            assert_eq!(ran.stdout, "");
        }
    }
    // Without a key it is no reason to practise either.
    let home = Home::new();
    home.write("config/config.toml", "provider = [oops\n");
    fails(&home.run(&post(&[])), 2, &["config.toml:1:"]);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn a_config_file_that_cannot_be_read_sends_nothing() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    std::fs::create_dir_all(home.path("config/config.toml")).unwrap();
    fails(&home.run(&post(&[])), 2, &["config.toml", "folder"]);
    std::fs::remove_dir(home.path("config/config.toml")).unwrap();
    std::os::unix::fs::symlink("gone.toml", home.path("config/config.toml")).unwrap();
    fails(&home.run(&post(&[])), 2, &["config.toml"]);
    assert_eq!(server.requests().len(), 0);
}

#[test]
fn an_unknown_setting_is_told_and_costs_only_itself() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let path = home.write("config/config.toml", "colour = 1\n[ui]\nmouse = false\n");
    let ran = home.run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT));
    let told = format!("copydesk: {}:1:1: unknown key `colour`", path.display());
    assert!(ran.stderr.starts_with(&told), "{}", ran.stderr);
}

#[test]
fn a_key_that_cannot_be_sent_stops_the_run_before_it_starts() {
    let server = Server::start(vec![answer(TEXT), answer(TEXT)]);
    for key in ["sk-test-01234\n56789abcdef", "sk-test-ä0123456789"] {
        let home = Home::asking(&server).with("OPENAI_API_KEY", key);
        let ran = home.run(&post(&[]));
        fails(
            &ran,
            2,
            &["the key in OPENAI_API_KEY cannot be used: it holds a"],
        );
        assert!(!ran.stderr.contains("sk-test"), "{}", ran.stderr);
    }
    assert_eq!(server.requests().len(), 0);
    let padded = format!("\"{KEY}\"\n");
    let ran = Home::asking(&server)
        .with("OPENAI_API_KEY", &padded)
        .run(&post(&[]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, TEXT));
    assert_eq!(ran.stderr.matches("blanks or quotes").count(), 1);
    let sent = format!("Bearer {KEY}");
    assert_eq!(
        server.requests()[0].header("authorization"),
        Some(sent.as_str())
    );
}

// --- the library ------------------------------------------------------------------------------

const BROKEN: &str = "---\ntitle: Broken\n---\nHello {{ name }\n";

#[test]
fn a_broken_template_is_told_with_its_place_and_still_listed() {
    let home = Home::new();
    let path = home.write("data/templates/broken.md", BROKEN);
    let ran = home.run(&["run", "broken", "-i", "name=x"]);
    fails(&ran, 2, &[&format!("{}:4:", path.display())]);
    let ran = home.run(&["template", "list"]);
    assert_eq!(ran.code, 0);
    let line = ran.stdout.lines().find(|line| line.starts_with("broken "));
    assert!(line.unwrap().contains("! "), "{line:?}");
    assert_eq!(ran.stdout.lines().count(), 28);
}

#[test]
fn what_is_odd_in_a_template_is_said_and_stops_nothing() {
    let home = Home::new();
    let source = "---\ninputs:\n  a: {requird: true}\n---\nHello {{ a }}.\n";
    let path = home.write("data/templates/odd.md", source);
    let told = format!("copydesk: {}:3:7: unknown key `requird`", path.display());
    for args in [
        &["run", "odd", "--dry-run"][..],
        &["template", "show", "odd"],
        &["template", "show", "odd", "--json"],
    ] {
        let ran = home.run(args);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stderr.starts_with(&told), "{args:?}: {}", ran.stderr);
    }
}

#[test]
fn a_snippet_that_cannot_be_read_is_no_reason_to_leave_it_out() {
    let home = Home::new();
    let template = "{% include \"brand-voice\" ignore missing %}\nHello.\n";
    let path = home.write("data/templates/t.md", template);
    let snippet = home.write("data/snippets/brand-voice.md", "x");
    copydesk::store::atomic::save(&snippet, b"Caf\xe9.\n").unwrap();
    let ran = home.run(&["run", "t"]);
    let place = format!("{}:1:", path.display());
    fails(&ran, 2, &[&place, &snippet.display().to_string(), "UTF-8"]);
    home.write("data/snippets/brand-voice.md", "Be\n{{ brand.x }}");
    let ran = home.run(&["run", "t", "-i", "brand=y"]);
    fails(&ran, 2, &["snippets/brand-voice.md:2:4: "]);
}

#[test]
fn a_file_that_is_listed_with_an_error_is_asked_for_with_the_same_error() {
    let home = Home::new();
    home.write("data/templates/one.md", "Hello.\n");
    std::os::unix::fs::symlink("gone.md", home.path("data/templates/lost.md")).unwrap();
    let list = home.run(&["template", "list"]).stdout;
    let line = list.lines().find(|line| line.starts_with("lost ")).unwrap();
    let error = line.split_once("! ").unwrap().1;
    fails(&home.run(&["run", "lost"]), 1, &[error]);
}

#[test]
fn json_holds_nothing_that_a_terminal_could_obey() {
    let text = "a\u{85}b\u{2029}c\u{202e}d\u{200b}e\u{e0041}";
    let server = Server::start(vec![answer(text)]);
    let home = Home::asking(&server);
    let ran = home.run(&post(&["--json"]));
    assert_eq!(ran.json()["text"], text);
    home.write(
        "data/drafts/x.md",
        &format!("---\ntitle: \"{text}\"\n---\nHello.\n"),
    );
    home.write(
        "data/templates/x.md",
        &format!("---\ntitle: \"{text}\"\n---\nHello.\n"),
    );
    for args in [
        &["draft", "list", "--json"][..],
        &["template", "list", "--json"],
        &["template", "show", "x", "--json"],
    ] {
        let listed = home.run(args);
        assert!(listed.stdout.contains("\\u202e"), "{}", listed.stdout);
        for ran in [&ran, &listed] {
            let mut hidden = ran.stdout.chars().filter(|c| mark(*c).is_some());
            assert_eq!(hidden.next(), None, "{args:?}: {}", ran.stdout);
        }
    }
}

#[test]
fn a_broken_draft_is_listed_with_the_name_of_its_file() {
    let home = Home::new();
    home.write("data/drafts/x.md", "---\ntitle: [a\n---\nHello.\n");
    let list = home.run(&["draft", "list"]).stdout;
    assert!(list.contains("! x.md:"), "{list}");
}

#[test]
fn a_template_of_one_s_own_stands_before_the_shipped_one() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let source = "---\ndescription: Mine.\n---\nMy own words on {{ topic }}.\n";
    home.write("data/templates/blog-post.md", source);
    assert_eq!(home.run(&["template", "show", "blog-post"]).stdout, source);
    let list = home.run(&["template", "list"]).stdout;
    assert_eq!(list.lines().count(), 27);
    assert!(list.contains("Mine."), "{list}");
    assert_eq!(home.run(&post(&[])).code, 0);
    assert!(
        server.requests()[0]
            .body
            .contains("My own words on Blue kettles.")
    );
}

#[test]
fn another_library_can_be_named() {
    let home = Home::new();
    home.write("shared/templates/ours.md", "Hello {{ name }}.\n");
    let ran = home.run(&["--library", "shared", "template", "show", "ours"]);
    assert_eq!(ran.stdout, "Hello {{ name }}.\n");
    fails(&home.run(&["template", "show", "ours"]), 2, &["\"ours\""]);
}

#[test]
fn templates_are_listed_and_shown() {
    let home = Home::new();
    let list = home.run(&["template", "list"]);
    assert_eq!((list.code, list.stdout.lines().count()), (0, 27));
    let rows = home.run(&["template", "list", "--json"]).json();
    assert_eq!(rows.as_array().unwrap().len(), 27);
    assert_eq!(rows[0]["shipped"], true);
    let shown = home.run(&["template", "show", "translate"]);
    assert_eq!(shown.stdout, include_str!("../templates/translate.md"));
    let inputs = home
        .run(&["template", "show", "translate", "--json"])
        .json();
    assert_eq!(inputs["inputs"][0]["name"], "text");
    assert_eq!(inputs["inputs"][0]["stdin"], true);
    fails(&home.run(&["template", "show", "nope"]), 2, &["\"nope\""]);
}

#[test]
fn drafts_are_listed_and_shown() {
    let server = Server::start(vec![answer(TEXT)]);
    let home = Home::asking(&server);
    let empty = home.run(&["draft", "list"]);
    assert_eq!((empty.code, empty.stdout.as_str()), (0, ""));
    home.run(&post(&["--save"]));
    let list = home.run(&["draft", "list"]).stdout;
    assert!(
        list.contains("blue-kettles") && list.contains("Blue kettles"),
        "{list}"
    );
    let rows = home.run(&["draft", "list", "--json"]).json();
    assert_eq!(rows[0]["template"], "blog-post");
    assert_eq!(home.run(&["draft", "show", "Blue kettles"]).stdout, TEXT);
    let source = home
        .run(&["draft", "show", "Blue kettles", "--source"])
        .stdout;
    let file = std::fs::read_to_string(&home.drafts()[0]).unwrap();
    assert_eq!(source, file);
    fails(&home.run(&["draft", "show", "nothing"]), 2, &["nothing"]);
}

#[test]
fn paths_and_completions_are_printed() {
    let home = Home::new();
    let path = home.path("config/config.toml");
    let ran = home.run(&["config", "path"]);
    assert_eq!(ran.stdout, format!("{}\n", path.display()));
    let all = home.run(&["config", "path", "--all"]).stdout;
    assert!(
        all.contains("drafts\t") && all.lines().count() == 7,
        "{all}"
    );
    let script = home.run(&["completions", "bash"]).stdout;
    assert!(script.contains("complete -F _copydesk"), "{script}");
    assert!(!path.exists(), "asking for a path must create nothing");
}

// --- streams that end badly -------------------------------------------------------------------

fn start(home: &Home, args: &[&str]) -> Child {
    let mut command = home.command(args);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn rest_of(mut child: Child) -> Ran {
    // Taken pipes are the test's own affair.
    child.stdout.take();
    ran(&child.wait_with_output().unwrap())
}

#[test]
fn a_reader_that_has_enough_ends_the_run_quietly() {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        Step::body(&delta("First line.\n")),
        Step::Gate(gate.clone()),
        // More than one: a process that another test starts at this moment has a copy of our end
        // of the pipe until it becomes another program, and a line may still go in there.
        Step::Flood(delta("Another line.\n").into()),
    ];
    let server = Server::start(vec![script]);
    let mut child = start(&Home::asking(&server), &post(&[]));
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    drop(stdout);
    gate.open();
    let ran = rest_of(child);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn a_list_into_a_closed_pipe_is_quiet() {
    for args in [
        &["template", "list"] as &[&str],
        &["completions", "zsh"],
        &["config", "path", "--all"],
    ] {
        let home = Home::new();
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let output = home.command(args).stdout(writer).output().unwrap();
        assert_eq!(ran(&output).stderr, "", "{args:?}");
    }
}

#[test]
fn a_full_device_is_a_sentence_and_exit_1() {
    for args in [post(&[]), post(&["--json"]), vec!["template", "list"]] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
        let Ok(full) = full else { return };
        let home = Home::new();
        let output = home.command(&args).stdout(full).output().unwrap();
        fails(&ran(&output), 1, &["stdout could not be written", "room"]);
    }
}

#[test]
fn a_missing_stderr_stops_nothing() {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let home = Home::new();
    let output = home.command(&post(&[])).stderr(writer).output().unwrap();
    assert!(ran(&output).stdout.starts_with("# Sample: "));
}

#[test]
fn an_interrupt_keeps_what_came_and_hangs_up() {
    let script = vec![
        Step::stream_head(),
        Step::body(&delta("Half a line\nand ha")),
        Step::AwaitHangUp,
    ];
    let server = Server::start(vec![script]);
    let home = Home::asking(&server);
    let mut child = start(&home, &post(&["--save"]));
    let mut stdout = child.stdout.take().unwrap();
    let mut seen = [0; 18];
    stdout.read_exact(&mut seen).unwrap();
    interrupt(&child);
    assert!(server.hang_up(Duration::from_secs(20)));
    let mut rest = String::new();
    stdout.read_to_string(&mut rest).unwrap();
    assert_eq!(
        (seen.as_slice(), rest.as_str()),
        (b"Half a line\nand ha".as_slice(), "")
    );
    let ran = rest_of(child);
    assert_eq!(ran.code, 130);
    assert!(ran.stderr.ends_with("copydesk: interrupted\n"), "{ran:?}");
    let draft = Draft::parse(&std::fs::read_to_string(&home.drafts()[0]).unwrap());
    assert_eq!(draft.body(), "Half a line\nand ha");
}

fn interrupt(child: &Child) {
    let pid = i32::try_from(child.id()).unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

#[test]
fn without_a_terminal_the_studio_says_so_in_one_line() {
    let ran = Home::new().run(&[]);
    fails(&ran, 2, &["needs a terminal", "copydesk run"]);
    assert_eq!((ran.stdout.as_str(), ran.stderr.lines().count()), ("", 1));
}

#[test]
fn a_practice_server_answers_until_it_is_interrupted() {
    let home = Home::new();
    let mut child = start(&home, &["practice", "--fast"]);
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut address = String::new();
    stdout.read_line(&mut address).unwrap();
    let client = Home::new().with("OPENAI_BASE_URL", address.trim());
    let answered = client.run(&post(&[]));
    interrupt(&child);
    assert!(answered.stdout.starts_with("# Sample: "), "{answered:?}");
    assert_eq!(rest_of(child).code, 130);
}

#[test]
fn several_models_are_asked_when_several_are_named() {
    let server = Server::start(vec![answer("One."), answer("Two.")]);
    let home = Home::asking(&server);
    let looked = home.run(&post(&["-m", "m8", "-m", "m9", "--dry-run"]));
    let bodies: Vec<&str> = looked.stdout.lines().collect();
    assert_eq!(bodies.len(), 2, "{looked:?}");
    assert!(
        bodies[0].contains("m8") && bodies[1].contains("m9"),
        "{bodies:?}"
    );
    let ran = home.run(&post(&["-m", "m8", "-m", "m9"]));
    // They are asked at once: which of the two is first at the server is not told.
    let mut texts: Vec<&str> = ran.stdout.split("\n\u{c}\n").collect();
    texts.sort_unstable();
    assert_eq!((ran.code, texts), (0, vec!["One.", "Two."]), "{ran:?}");
    let requests = server.requests();
    let mut models: Vec<_> = requests
        .iter()
        .map(|it| it.json()["model"].to_string())
        .collect();
    models.sort();
    assert_eq!(models, ["\"m8\"", "\"m9\""]);
}
