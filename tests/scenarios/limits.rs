//! Answers beyond every bound.

use super::bodies::{gzip, packed};
use super::payload::{DONE, chunk, data, delta, finish, stream};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;
use std::sync::LazyLock;

const MIB: usize = 1024 * 1024;

fn row(name: &'static str, api: Api, answer: Vec<Step>) -> Row {
    Row::new(name, api, answer)
}

/// Made once: to pack a hundred megabytes takes as long as most of the other rows together.
static ROWS: LazyLock<Vec<Row>> =
    LazyLock::new(|| [events(), answers(), packs(), shapes()].concat());

pub(crate) fn rows() -> Vec<Row> {
    ROWS.clone()
}

fn events() -> Vec<Row> {
    let other = FailureKind::Other;
    let long = |name, head: &str| {
        let mut steps = stream(head);
        steps.push(Step::Flood(vec![b'x'; 64 * 1024]));
        row(name, Api::Chat, steps).fails(other, "larger than 16 MiB")
    };
    let large = delta(&"x".repeat(15 * MIB));
    vec![
        long("limit-endless-line", "data: "),
        long("limit-endless-comment", ": "),
        row(
            "limit-endless-event",
            Api::Chat,
            [
                stream(""),
                vec![Step::Flood(
                    format!("data: {}\n", "x".repeat(64 * 1024)).into(),
                )],
            ]
            .concat(),
        )
        .fails(other, "larger than 16 MiB"),
        row(
            "limit-large-event",
            Api::Chat,
            stream(&[large, finish("stop"), DONE.to_owned()].concat()),
        )
        .text(&"x".repeat(15 * MIB)),
    ]
}

fn answers() -> Vec<Row> {
    let piece = delta(&"x".repeat(MIB));
    let thought = chunk(
        &format!("{{\"reasoning\":\"{}\"}}", "x".repeat(MIB)),
        "null",
    );
    let endless = |name, bytes: String| {
        row(
            name,
            Api::Chat,
            vec![Step::stream_head(), Step::Flood(bytes.into())],
        )
    };
    vec![
        endless("limit-endless-answer", piece)
            .text(&"x".repeat(64 * MIB))
            .fails(FailureKind::Partial, "longer than 64 MiB"),
        endless("limit-endless-reasoning", thought)
            .reasoning(&"x".repeat(64 * MIB))
            .fails(FailureKind::Other, "longer than 64 MiB"),
        row(
            "limit-endless-document",
            Api::Chat,
            vec![
                Step::head(200, &[("content-type", "application/json")]),
                Step::body("{\"choices\":\""),
                Step::Flood(vec![b'x'; MIB]),
            ],
        )
        .fails(FailureKind::Other, "longer than 64 MiB"),
        row(
            "limit-endless-error",
            Api::Chat,
            vec![
                Step::head(400, &[("content-type", "text/plain")]),
                Step::body("Not like this: "),
                Step::Flood(vec![b'x'; 64 * 1024]),
            ],
        )
        .fails(FailureKind::Refused, "Not like this"),
    ]
}

fn packs() -> Vec<Row> {
    let bomb = |name, kind, start: &str, fill: u8, length: usize| {
        let bytes = [start.as_bytes(), &vec![fill; length]].concat();
        row(
            name,
            Api::Chat,
            vec![packed(kind, "gzip"), Step::Send(gzip(&bytes))],
        )
    };
    vec![
        bomb("bomb-event", "text/event-stream", "data: ", b'x', 100 * MIB)
            .fails(FailureKind::Other, "larger than 16 MiB"),
        bomb(
            "bomb-document",
            "application/json",
            "{\"choices\":\"",
            b'x',
            100 * MIB,
        )
        .fails(FailureKind::Other, "longer than 64 MiB"),
        bomb(
            "bomb-blank-lines",
            "text/event-stream",
            "",
            b'\n',
            100 * MIB,
        )
        .fails(FailureKind::Network, "broke off"),
        row(
            "bomb-error",
            Api::Chat,
            vec![
                Step::head(
                    400,
                    &[
                        ("content-type", "application/json"),
                        ("content-encoding", "gzip"),
                    ],
                ),
                Step::Send(gzip(
                    &[b"Not like this: ".as_slice(), &vec![b'x'; 100 * MIB]].concat(),
                )),
            ],
        )
        .fails(FailureKind::Refused, "Not like this"),
    ]
}

fn shapes() -> Vec<Row> {
    let ones = "1,".repeat(4 * MIB);
    let deep = "[".repeat(4000);
    vec![
        row("limit-array", Api::Chat, stream(&data(&format!("{{\"choices\":[{ones}1]}}"))))
            .fails(FailureKind::Network, "not JSON"),
        row("limit-array-in-an-error", Api::Chat, stream(&data(&format!("{{\"error\":[{ones}1]}}"))))
        .fails(FailureKind::Network, "failed"),
        row("limit-depth", Api::Chat, stream(&data(&format!("{{\"choices\":{deep}"))))
            .fails(FailureKind::Network, "not JSON"),
        row(
            "limit-parts",
            Api::Responses,
            stream(
                &(0..10_002)
                    .map(|place| data(&format!(
                        r#"{{"type":"response.output_text.delta","output_index":{place},"delta":"x"}}"#
                    )))
                    .collect::<String>(),
            ),
        )
        .text(&"x".repeat(10_000))
        .fails(FailureKind::Partial, "more than 10,000 parts"),
    ]
}
