//! Cancelling in every state a run can be in: the connection closes, nothing is sent any more, and
//! what came is kept. Through the studio with `esc`, and through `copydesk run` with Ctrl-C.
//!
//! How soon it closes is measured by `benches/run --only cancel`; here it only has to.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use pretty_assertions::assert_eq;
use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use support::cli::{Home, answer, delta, ran};
use support::pty::Pty;
use support::server::{Server, Step};

const LIMIT: Duration = Duration::from_secs(20);

/// States in which the server holds a connection, with what it has sent up to there.
fn held() -> [(&'static str, Vec<Step>, &'static str); 5] {
    let text = Step::body(&delta("Half a sentence"));
    let comment = Step::body(": keep-alive\n\n");
    let thought =
        Step::body("data: {\"choices\":[{\"delta\":{\"reasoning\":\"Let me see.\"}}]}\n\n");
    [
        ("waiting for the head", vec![], ""),
        ("waiting for the first byte", vec![Step::stream_head()], ""),
        ("kept alive", vec![Step::stream_head(), comment], ""),
        ("thinking", vec![Step::stream_head(), thought], ""),
        (
            "streaming",
            vec![Step::chunked_head(), chunk_of(&text)],
            "Half a sentence",
        ),
    ]
}

fn chunk_of(step: &Step) -> Step {
    match step {
        Step::Send(bytes) => Step::chunk(&String::from_utf8_lossy(bytes)),
        other => other.clone(),
    }
}

/// States between two tries: the first answer, and what is said while the next is waited for.
fn between() -> [(Vec<Step>, &'static str, &'static str); 2] {
    let busy = vec![Step::Status(
        503,
        vec![("retry-after", "50".to_owned())],
        Vec::new(),
    )];
    let loading = vec![Step::json(
        503,
        r#"{"error":{"code":503,"message":"Loading model","type":"unavailable_error"}}"#,
    )];
    [
        (busy, "try 2 in", "try 2 in"),
        (loading, "loading", "loading"),
    ]
}

/// A listener that takes one connection, never says a word, and reports the end of it.
fn mute() -> (SocketAddr, Receiver<&'static str>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = channel();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        tell.send("open").unwrap();
        // A close or a reset: both are an end.
        let _ended = stream.read_to_end(&mut Vec::new());
        let _gone = tell.send("closed");
    });
    (address, told)
}

fn start(home: &Home) -> Child {
    let mut command = home.command(&["run", "blog-post", "-i", "topic=Kettles"]);
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    command.spawn().unwrap()
}

fn interrupt(child: &Child) {
    let pid = i32::try_from(child.id()).unwrap();
    let pid = rustix::process::Pid::from_raw(pid).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
}

#[test]
fn ctrl_c_closes_the_connection_in_every_state() {
    for (state, mut script, text) in held() {
        script.push(Step::AwaitHangUp);
        let server = Server::start(vec![script]);
        let mut child = start(&Home::asking(&server));
        assert!(server.arrival(LIMIT), "{state}");
        let mut seen = vec![0; text.len()];
        child
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut seen)
            .unwrap();
        interrupt(&child);
        assert!(server.hang_up(LIMIT), "{state}: the connection stays open");
        let ran = ran(&child.wait_with_output().unwrap());
        assert_eq!((seen, ran.code), (text.as_bytes().to_vec(), 130), "{state}");
        assert_eq!(
            (ran.stdout.as_str(), server.requests().len()),
            ("", 1),
            "{state}"
        );
        assert!(
            ran.stderr.contains("interrupted"),
            "{state}: {}",
            ran.stderr
        );
    }
}

#[test]
fn ctrl_c_ends_a_wait_for_another_try() {
    for (refusal, _, says) in between() {
        let server = Server::start(vec![refusal, answer("never wanted")]);
        let mut child = start(&Home::asking(&server));
        let mut stderr = BufReader::new(child.stderr.take().unwrap());
        let mut line = String::new();
        while !line.contains(says) {
            line.clear();
            assert!(
                stderr.read_line(&mut line).unwrap() > 0,
                "{says} is not said"
            );
        }
        interrupt(&child);
        let ran = ran(&child.wait_with_output().unwrap());
        assert_eq!((ran.code, ran.stdout.as_str()), (130, ""), "{says}");
        assert_eq!(server.requests().len(), 1, "{says}");
    }
}

#[test]
fn ctrl_c_closes_a_connection_that_is_being_made() {
    let (address, told) = mute();
    let home = Home::new()
        .with("OPENAI_BASE_URL", &format!("https://{address}/v1"))
        .with("OPENAI_API_KEY", "x")
        .with("OPENAI_MODEL", "m1");
    let child = start(&home);
    assert_eq!(told.recv_timeout(LIMIT), Ok("open"));
    interrupt(&child);
    assert_eq!(told.recv_timeout(LIMIT), Ok("closed"));
    assert_eq!(ran(&child.wait_with_output().unwrap()).code, 130);
}

/// The studio with its form filled in and its prompt sent.
fn sent(base_url: &str) -> Pty {
    sent_for(base_url, "m1")
}

/// The same for a model, or for none.
fn sent_for(base_url: &str, model: &str) -> Pty {
    let envs = [
        ("OPENAI_BASE_URL", base_url),
        ("OPENAI_API_KEY", "x"),
        ("OPENAI_MODEL", model),
    ];
    let studio = Pty::start(&[], (120, 36), &envs).unwrap();
    studio.wait_for_text("Blog post");
    studio.keys("/blog post<enter>");
    studio.wait_for_text("tab Next field");
    studio.keys("Kettles<ctrl+g>");
    studio
}

#[test]
fn escape_closes_the_connection_in_every_state() {
    for (state, mut script, text) in held() {
        script.push(Step::AwaitHangUp);
        let server = Server::start(vec![script]);
        let mut studio = sent(&server.base_url());
        assert!(server.arrival(LIMIT), "{state}");
        studio.wait_for_text(text);
        studio.keys("<esc>");
        assert!(server.hang_up(LIMIT), "{state}: the connection stays open");
        let seen = studio.wait_for_text(" stopped ");
        assert!(seen.contains(text), "{state}: {seen}");
        assert_eq!(server.requests().len(), 1, "{state}");
        studio.keys("<ctrl+q>q");
        studio.exit_code();
    }
}

#[test]
fn escape_ends_a_wait_for_another_try() {
    for (refusal, says, _) in between() {
        let server = Server::start(vec![refusal, answer("As if nothing had been.")]);
        let mut studio = sent(&server.base_url());
        studio.wait_for_text(says);
        studio.keys("<esc>").wait_for_text(" stopped ");
        assert_eq!(server.requests().len(), 1, "{says}");
        // What was cancelled takes nothing from what comes next.
        studio.keys("<ctrl+g>");
        studio.wait_for_text("As if nothing had been.");
        assert_eq!(server.requests().len(), 2, "{says}");
        studio.keys("<ctrl+q>q");
        studio.exit_code();
    }
}

#[test]
fn escape_closes_a_connection_that_is_being_made() {
    let (address, told) = mute();
    let mut studio = sent(&format!("https://{address}/v1"));
    assert_eq!(told.recv_timeout(LIMIT), Ok("open"));
    studio.keys("<esc>");
    assert_eq!(told.recv_timeout(LIMIT), Ok("closed"));
    studio.wait_for_text(" stopped ");
    studio.keys("<ctrl+q>");
    studio.exit_code();
}

/// Where nobody named a model, the list of them is asked for first.
#[test]
fn a_question_for_the_first_model_is_hung_up_on() {
    let script = || vec![vec![Step::AwaitHangUp]];
    let server = Server::start(script());
    let child = start(&Home::new().with("OPENAI_BASE_URL", &server.base_url()));
    assert!(server.arrival(LIMIT));
    interrupt(&child);
    assert!(server.hang_up(LIMIT), "the connection stays open");
    assert_eq!(ran(&child.wait_with_output().unwrap()).code, 130);
    let server = Server::start(script());
    let mut studio = sent_for(&server.base_url(), "");
    assert!(server.arrival(LIMIT));
    studio.wait_for_text("which models it has");
    studio.keys("<esc>").wait_for_text("nothing was sent");
    assert!(
        server.hang_up(Duration::from_secs(5)),
        "the connection stays open"
    );
    assert_eq!(server.requests().len(), 1);
    studio.keys("<ctrl+q>");
    studio.exit_code();
}

/// N1: whoever wants to leave does not wait for a server that hangs.
#[test]
fn the_studio_is_left_at_once_whatever_the_server_does() {
    for (state, mut script, text) in held() {
        script.push(Step::AwaitHangUp);
        let server = Server::start(vec![script]);
        let mut studio = sent(&server.base_url());
        assert!(server.arrival(LIMIT), "{state}");
        studio.wait_for_text(text);
        let begun = Instant::now();
        studio.keys("<ctrl+q>q");
        assert_eq!(studio.exit_code(), 0, "{state}");
        // A server's patience is twenty seconds; the studio's own bar is measured in benches/run.
        assert!(
            begun.elapsed() < LIMIT / 4,
            "{state}: {:?}",
            begun.elapsed()
        );
        assert!(server.hang_up(LIMIT), "{state}: the connection stays open");
    }
}
