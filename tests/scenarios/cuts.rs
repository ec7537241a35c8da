//! Connections that end where they should not.

use super::payload::{DONE, chat, completed, delta, finish, message, piece, raw, stream, usage};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;

fn chunked(name: &'static str, body: &str) -> Row {
    let answer = vec![Step::chunked_head(), Step::chunk(body), Step::Drop];
    Row::new(name, Api::Chat, answer).text("Half a sen")
}

/// A body that promises more than it has.
fn short(name: &'static str, body: &str) -> Row {
    let length = (body.len() + 10).to_string();
    let head = Step::head(
        200,
        &[
            ("content-type", "text/event-stream"),
            ("content-length", &length),
        ],
    );
    Row::new(name, Api::Chat, vec![head, Step::body(body)]).text("Half a sen")
}

pub(crate) fn rows() -> Vec<Row> {
    let text = delta("Half a sen");
    let ended = [text.clone(), finish("stop")].concat();
    let whole = [ended.clone(), usage(1, 2), DONE.to_owned()].concat();
    let good = stream(&whole);
    let partial = |row: Row| row.fails(FailureKind::Partial, "broke off");
    vec![
        partial(chunked("cut-chunked", &text)),
        partial(short("cut-short", &text)),
        chunked("cut-after-the-reason", &ended),
        short("cut-short-after-the-reason", &ended),
        chunked("cut-after-done", &whole).usage(1, 2),
        partial(chunked(
            "cut-in-an-event",
            &format!("{text}data: {{\"choices\":["),
        )),
        partial(
            Row::new(
                "cut-bad-chunk",
                Api::Chat,
                vec![
                    Step::chunked_head(),
                    Step::chunk(&text),
                    Step::body("xyz\r\n"),
                ],
            )
            .text("Half a sen"),
        ),
        Row::new(
            "cut-before-text",
            Api::Chat,
            vec![Step::chunked_head(), Step::chunk(": ping\n\n"), Step::Drop],
        )
        .then(good.clone())
        .text("Half a sen")
        .usage(1, 2),
        Row::new("end-before-text", Api::Chat, stream(": ping\n\n"))
            .fails(FailureKind::Network, "broke off"),
        Row::new("cut-before-the-head", Api::Chat, vec![Step::Drop])
            .then(good.clone())
            .text("Half a sen")
            .usage(1, 2),
        Row::new(
            "cut-in-the-head",
            Api::Chat,
            vec![Step::body("HTTP/1.1 200 OK\r\ncontent-ty")],
        )
        .then(good.clone())
        .text("Half a sen")
        .usage(1, 2),
        Row::new("reset-before-the-head", Api::Chat, vec![Step::Reset])
            .then(good)
            .text("Half a sen")
            .usage(1, 2),
        Row::new(
            "not-http",
            Api::Chat,
            vec![Step::body("SSH-2.0-OpenSSH_9.9\r\n")],
        )
        .fails(FailureKind::Network, "does not speak HTTP"),
    ]
}

/// Cuts both streams behind each of their bytes.
pub(crate) fn at_every_byte() {
    let text = "Tea ☕.";
    let streams = [
        (Api::Chat, chat(text), "\"stop\"}]}"),
        (
            Api::Responses,
            [piece(0, text), completed(&[message(text)])].concat(),
            "\"total_tokens\":53}",
        ),
    ];
    for (api, whole, sign) in streams {
        // Behind this place everything that makes it whole has come.
        let sure = whole.rfind(sign).unwrap() + sign.len();
        let until = whole.len();
        for end in 0..=until {
            let answer = raw(&whole.as_bytes()[..end]);
            let (got, done) = Row::new("cut at a byte", api, answer).asked();
            assert!(text.starts_with(&got), "{end}: {got:?}");
            assert!(
                !done || end >= sure,
                "{api:?}: {end} of {until} bytes are a success"
            );
            assert!(done || end < until, "{api:?}: all of it is a failure");
        }
    }
}
