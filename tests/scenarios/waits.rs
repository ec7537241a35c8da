//! Servers that say nothing, or nothing that counts.

use super::payload::{delta, stream};
use super::row::Row;
use crate::support::server::Step;
use copydesk::domain::endpoint::Api;
use copydesk::domain::failure::FailureKind;

fn row(name: &'static str, steps: Vec<Step>) -> Row {
    Row::new(name, Api::Chat, steps).idle(1)
}

/// Bytes without end, behind what came first.
fn flood(name: &'static str, first: &str, bytes: &str) -> Row {
    let mut steps = stream(first);
    steps.push(Step::Flood(bytes.repeat(64).into()));
    row(name, steps)
}

pub(crate) fn rows() -> Vec<Row> {
    let text = delta("Half a sen");
    let partial = |row: Row| {
        row.text("Half a sen")
            .fails(FailureKind::Partial, "went silent")
    };
    vec![
        partial(row(
            "silent-after-text",
            [stream(&text), vec![Step::AwaitHangUp]].concat(),
        ))
        .leaves(),
        row(
            "silent-before-text",
            [stream(""), vec![Step::AwaitHangUp]].concat(),
        )
        .fails(FailureKind::Network, "nothing came for 1 s")
        .leaves(),
        partial(flood("flood-of-comments", &text, ": keep-alive\n\n")),
        partial(flood("flood-of-blank-lines", &text, "\n\n\n\n")),
        flood("flood-before-text", "", "\r\n").fails(FailureKind::Network, "went silent"),
    ]
}
