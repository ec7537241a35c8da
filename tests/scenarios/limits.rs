//! Answers beyond every bound.

use super::bodies::packed;
use super::payload::{DONE, chunk, data, delta, finish, stream};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;
use flate2::{Compress, Compression, Crc, FlushCompress};

const MIB: usize = 1024 * 1024;

fn row(name: &'static str, api: Api, answer: Vec<Step>) -> Row {
    Row::new(name, api, answer)
}

pub(crate) fn rows() -> Vec<Row> {
    [events(), answers(), packs(), shapes()].concat()
}

/// What stands before and behind the text of a chunk.
fn around() -> (String, String) {
    let chunk = delta("|");
    let (head, tail) = chunk.split_once('|').unwrap();
    (head.to_owned(), tail.to_owned())
}

fn events() -> Vec<Row> {
    let other = FailureKind::Other;
    let long = |name, head: &str| {
        let mut steps = stream(head);
        steps.push(Step::Flood(vec![b'x'; 64 * 1024]));
        row(name, Api::Chat, steps).fails(other, "larger than 16 MiB")
    };
    let (head, tail) = around();
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
            [
                stream(&head),
                vec![Step::Repeat(vec![b'x'; MIB], 15)],
                vec![Step::body(
                    &[tail, finish("stop"), DONE.to_owned()].concat(),
                )],
            ]
            .concat(),
        )
        .texts(&"x".repeat(MIB), 15),
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
            .texts(&"x".repeat(MIB), 64)
            .fails(FailureKind::Partial, "longer than 64 MiB"),
        endless("limit-endless-reasoning", thought)
            .thoughts(&"x".repeat(MIB), 64)
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

/// A start and a hundred megabytes of one byte, packed. A flushed block stands for itself, so that
/// one of them is packed and sent a hundred times.
fn bomb(start: &str, fill: u8) -> Vec<Step> {
    const TIMES: usize = 100;
    let block = vec![fill; MIB];
    let mut packer = Compress::new(Compression::best(), false);
    let mut squeezed = |bytes: &[u8], flush| {
        let mut out = Vec::with_capacity(64 * 1024);
        packer.compress_vec(bytes, &mut out, flush).unwrap();
        out
    };
    let head = [
        b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec(),
        squeezed(start.as_bytes(), FlushCompress::Full),
    ];
    let middle = squeezed(&block, FlushCompress::Full);
    let end = squeezed(&[], FlushCompress::Finish);
    let (mut sum, mut one) = (Crc::new(), Crc::new());
    sum.update(start.as_bytes());
    one.update(&block);
    for _ in 0..TIMES {
        sum.combine(&one);
    }
    let tail = [
        end,
        sum.sum().to_le_bytes().into(),
        sum.amount().to_le_bytes().into(),
    ];
    vec![
        Step::Send(head.concat()),
        Step::Repeat(middle, TIMES),
        Step::Send(tail.concat()),
    ]
}

fn packs() -> Vec<Row> {
    let row_of = |name, kind, start: &str, fill: u8| {
        let answer = [vec![packed(kind, "gzip")], bomb(start, fill)].concat();
        row(name, Api::Chat, answer)
    };
    vec![
        row_of("bomb-event", "text/event-stream", "data: ", b'x')
            .fails(FailureKind::Other, "larger than 16 MiB"),
        row_of("bomb-document", "application/json", "{\"choices\":\"", b'x')
            .fails(FailureKind::Other, "longer than 64 MiB"),
        row_of("bomb-blank-lines", "text/event-stream", "", b'\n')
            .fails(FailureKind::Network, "broke off"),
        row(
            "bomb-error",
            Api::Chat,
            [
                vec![Step::head(
                    400,
                    &[
                        ("content-type", "application/json"),
                        ("content-encoding", "gzip"),
                    ],
                )],
                bomb("Not like this: ", b'x'),
            ]
            .concat(),
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
