//! Bodies that are no event stream, or packed.

use super::payload::{chat, delta, stream};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write;

/// Bytes packed with gzip.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(bytes).unwrap();
    packer.finish().unwrap()
}

/// The head of a packed body of this type.
pub(crate) fn packed(kind: &str, how: &str) -> Step {
    Step::head(200, &[("content-type", kind), ("content-encoding", how)])
}

fn body(name: &'static str, kind: &str, text: &str) -> Row {
    let answer = vec![Step::head(200, &[("content-type", kind)]), Step::body(text)];
    Row::new(name, Api::Chat, answer)
}

pub(crate) fn rows() -> Vec<Row> {
    [strangers(), packs()].concat()
}

fn strangers() -> Vec<Row> {
    const JSON: &str = "application/json";
    const SSE: &str = "text/event-stream";
    let network = FailureKind::Network;
    vec![
        body(
            "body-error-with-200",
            JSON,
            r#"{"error":{"message":"No endpoints found.","code":404}}"#,
        )
        .fails(FailureKind::Refused, "No endpoints found"),
        body(
            "body-error-list-with-200",
            JSON,
            r#"[{"error":{"code":400,"message":"No such field."}}]"#,
        )
        .fails(FailureKind::Refused, "No such field"),
        body(
            "body-page",
            "text/html; charset=utf-8",
            "<!doctype html><title>Log in</title><p>x",
        )
        .fails(network, "Log in"),
        body(
            "body-page-as-stream",
            SSE,
            "\n<html><head><TITLE>Log\n in</TITLE></head>",
        )
        .fails(network, "Log in"),
        body("body-page-without-a-title", "text/html", "<p>x").fails(network, "not as this API"),
        body(
            "body-lines-of-json",
            "application/x-ndjson",
            "{\"model\":\"m1\",\"message\":{\"content\":\"a\"},\"done\":false}\n{\"done\":true}\n",
        )
        .base("/api")
        .fails(network, "/v1"),
        body("body-empty", SSE, "").fails(network, "broke off"),
        body("body-blank", JSON, "\n\n \n").fails(network, "broke off"),
        body("body-empty-object", JSON, "{}").fails(network, "not as this API"),
        body("body-list", JSON, "[1]").fails(network, "not as this API"),
        body("body-words", "text/plain", "plain words").fails(network, "broke off"),
        body(
            "body-page-at-the-root",
            "text/html",
            "<title>Welcome</title>",
        )
        .base("")
        .fails(network, "try adding /v1"),
        body(
            "body-half-a-document",
            JSON,
            "{\"choices\":[{\"message\":{\"content\":\"All",
        )
        .thrice()
        .fails(network, "ends in its middle"),
    ]
}

fn packs() -> Vec<Row> {
    let usual = gzip(chat("Packed.").as_bytes());
    let cut = gzip(delta("Half a sen").as_bytes());
    let with = |how, bytes: Vec<u8>| vec![packed("text/event-stream", how), Step::Send(bytes)];
    vec![
        Row::new("gzip-stream", Api::Chat, with("gzip", usual.clone()))
            .text("Packed.")
            .usage(27, 31),
        Row::new(
            "gzip-byte-by-byte",
            Api::Chat,
            vec![packed("text/event-stream", "gzip"), Step::Drip(usual, 1)],
        )
        .text("Packed.")
        .usage(27, 31),
        Row::new(
            "gzip-cut",
            Api::Chat,
            with("gzip", cut[..cut.len() - 9].to_vec()),
        )
        .text("Half a sen")
        .fails(FailureKind::Partial, "broke off"),
        Row::new(
            "gzip-broken",
            Api::Chat,
            with("gzip", b"no gzip at all".to_vec()),
        )
        .thrice()
        .fails(FailureKind::Network, "broke off"),
        Row::new(
            "packed-otherwise",
            Api::Chat,
            with("br", b"\x0b\x02\x80data".to_vec()),
        )
        .fails(FailureKind::Network, "packed as br"),
        Row::new("called-packed", Api::Chat, {
            let mut answer = stream(&chat("As it is."));
            answer[0] = packed("text/event-stream", "identity");
            answer
        })
        .text("As it is.")
        .usage(27, 31),
    ]
}
