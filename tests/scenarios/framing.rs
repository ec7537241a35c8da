//! How event streams are cut into lines, events and packets.

use super::payload::{DONE, chat, data, delta, finish, raw, stream, usage};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;
use copydesk::domain::run::FinishReason;

const TEXT: &str = "Blue kettles – ☕ 👩‍🍳 – boil.";

fn row(name: &'static str, answer: Vec<Step>) -> Row {
    Row::new(name, Api::Chat, answer)
}

/// The usual stream, framed in an unusual way.
fn framed(name: &'static str, body: &str) -> Row {
    row(name, stream(body)).text(TEXT).usage(27, 31)
}

fn after(name: &'static str, rest: &str) -> Row {
    row(name, stream(&format!("{}{rest}", delta("Half a sen")))).text("Half a sen")
}

pub(crate) fn rows() -> Vec<Row> {
    [lines(), packets(), events(), ends(), bytes()].concat()
}

fn lines() -> Vec<Row> {
    let usual = chat(TEXT);
    let mixed = usual
        .replacen("\n\n", "\r\n\r\n", 2)
        .replacen("\n\n", "\r\r", 1);
    vec![
        framed("sse-crlf", &usual.replace('\n', "\r\n")),
        framed("sse-cr", &usual.replace('\n', "\r")),
        framed("sse-mixed-line-ends", &mixed),
        framed("sse-no-space", &usual.replace("data: ", "data:")),
        framed("sse-byte-order-mark", &format!("\u{feff}{usual}")),
        framed("sse-leading-blank-lines", &format!("\r\n\n\n{usual}")),
        framed(
            "sse-comments",
            &format!(
                ": OPENROUTER PROCESSING\n\n: keep-alive\n\n:\n\n{}",
                usual.replace("data: ", ": ping\ndata: ")
            ),
        ),
        framed(
            "sse-unknown-fields",
            &usual.replace(
                "data: ",
                "id: 4\nretry: 1\n data: no\nDATA: no\nfoo\ndata: ",
            ),
        ),
        framed(
            "sse-pretty-json",
            &usual
                .replace("{\"id\"", "{\ndata: \"id\"")
                .replace(",\"model\"", ",\ndata:   \"model\""),
        ),
    ]
}

fn packets() -> Vec<Row> {
    let usual = chat(TEXT);
    let dripped = |body: &str, size| vec![Step::stream_head(), Step::Drip(body.into(), size)];
    let chunked = |size| {
        [
            vec![Step::chunked_head()],
            Step::chunks(usual.as_bytes(), size),
        ]
        .concat()
    };
    let same = |name, answer| row(name, answer).text(TEXT).usage(27, 31);
    vec![
        same("sse-byte-by-byte", dripped(&usual, 1)),
        same(
            "sse-crlf-byte-by-byte",
            dripped(&usual.replace('\n', "\r\n"), 1),
        ),
        same("sse-seven-bytes", dripped(&usual, 7)),
        same("sse-chunks-of-three", chunked(3)),
        same("sse-one-chunk", chunked(1 << 20)),
        same(
            "sse-mark-in-pieces",
            [Step::stream_head()]
                .into_iter()
                .chain(
                    [b"\xef".as_slice(), b"\xbb", b"\xbf", usual.as_bytes()]
                        .map(|bytes| Step::Drip(bytes.to_vec(), 4096)),
                )
                .collect(),
        ),
    ]
}

fn events() -> Vec<Row> {
    let usual = chat(TEXT);
    vec![
        framed("sse-event-without-data", &format!("event: ping\n\n{usual}")),
        framed(
            "sse-empty-data",
            &format!("data:\n\ndata\n\ndata: \n\n{usual}"),
        ),
        framed("sse-only-id", &format!("id: 1\n\nretry: 10000\n\n{usual}")),
        framed(
            "sse-data-after-done",
            &format!("{usual}data: junk\n\n{}", delta("late")),
        ),
        framed("sse-done-with-a-space", &usual.replace("[DONE]", "[DONE] ")),
        after("sse-done-with-a-suffix", "data: [DONE]x\n\n")
            .fails(FailureKind::Partial, "not JSON"),
        after("sse-not-json", "data: private words\n\n").fails(FailureKind::Partial, "not JSON"),
    ]
}

fn ends() -> Vec<Row> {
    let usual = chat(TEXT);
    let without_done = usual.replace(DONE, "");
    vec![
        framed("sse-last-event-unterminated", without_done.trim_end()),
        framed(
            "sse-last-line-without-a-blank",
            &format!("{}\n", without_done.trim_end()),
        ),
        framed("sse-done-unterminated", usual.trim_end()),
        after(
            "sse-half-an-event",
            "data: {\"choices\":[{\"delta\":{\"content\":\"ten",
        )
        .fails(FailureKind::Partial, "broke off"),
        after("sse-half-a-line", "dat").fails(FailureKind::Partial, "broke off"),
        after("sse-only-done", "data: [DONE]")
            .ends(FinishReason::Ended)
            .says("without a reason"),
    ]
}

fn bytes() -> Vec<Row> {
    let end = [finish("stop"), usage(27, 31), DONE.to_owned()].concat();
    let with = |name, payload: &[u8]| {
        let event = [b"data: ".as_slice(), payload, b"\n\n", end.as_bytes()].concat();
        row(name, raw(&event)).usage(27, 31)
    };
    vec![
        with(
            "sse-invalid-utf8",
            b"{\"choices\":[{\"delta\":{\"content\":\"a\xffb\xc3(\"}}]}",
        )
        .text("a\u{fffd}b\u{fffd}("),
        with(
            "sse-unicode-line-ends",
            "{\"choices\":[{\"delta\":{\"content\":\"a\u{2028}b\u{2029}c\u{85}d\"}}]}".as_bytes(),
        )
        .text("a\u{2028}b\u{2029}c\u{85}d"),
        with(
            "sse-late-mark",
            "{\"choices\":[{\"delta\":{\"content\":\"\u{feff}a\"}}]}".as_bytes(),
        )
        .text("\u{feff}a"),
        with(
            "sse-lone-surrogate",
            br#"{"choices":[{"delta":{"content":"a\ud83db \ude00"}}]}"#,
        )
        .text("a\u{fffd}b \u{fffd}"),
        with(
            "sse-escapes",
            br#"{"choices":[{"delta":{"content":"\u001b[31m\r\n\t\u0000\\\""}}]}"#,
        )
        .text("\u{1b}[31m\r\n\t\0\\\""),
        row(
            "sse-surrogates-in-two-deltas",
            stream(
                &[
                    data(r#"{"choices":[{"delta":{"content":"a\ud83d"}}]}"#),
                    data(r#"{"choices":[{"delta":{"content":"\ude00b"}}]}"#),
                    end.clone(),
                ]
                .concat(),
            ),
        )
        .text("a\u{fffd}\u{fffd}b")
        .usage(27, 31),
        row(
            "sse-raw-nul",
            raw(b"data: {\"choices\":[{\"delta\":{\"content\":\"a\0b\"}}]}\n\n"),
        )
        .fails(FailureKind::Network, "not JSON"),
    ]
}
