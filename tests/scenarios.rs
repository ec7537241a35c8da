//! What servers do to an answer, as a table: each row is one server, scripted, and what must come
//! of it, through the library and through the real binary.
//!
//! A row says its bytes, the outcome, the text byte for byte, the number of requests and a word of
//! the message. `docs/PROVIDERS.md` names every row. The rows lie in `tests/scenarios/`.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

#[path = "scenarios/bodies.rs"]
mod bodies;
#[path = "scenarios/chat.rs"]
mod chat;
#[path = "scenarios/cuts.rs"]
mod cuts;
#[path = "scenarios/framing.rs"]
mod framing;
#[path = "scenarios/instream.rs"]
mod instream;
#[path = "scenarios/limits.rs"]
mod limits;
#[path = "scenarios/payload.rs"]
mod payload;
#[path = "scenarios/responses.rs"]
mod responses;
#[path = "scenarios/row.rs"]
mod row;
#[path = "scenarios/statuses.rs"]
mod statuses;
mod support;
#[path = "scenarios/waits.rs"]
mod waits;

use row::Row;
use std::collections::BTreeSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;

/// Rows that are played at once. They wait for sockets and processes most of the time.
const AT_ONCE: usize = 6;

fn all() -> Vec<Row> {
    // Those that take longest begin first.
    [
        limits::rows(),
        waits::rows(),
        chat::rows(),
        responses::rows(),
        framing::rows(),
        instream::rows(),
        bodies::rows(),
        cuts::rows(),
        statuses::rows(),
    ]
    .concat()
}

/// Plays every row, several at once; all that fail are named.
fn play(rows: Vec<Row>, how: fn(&Row)) {
    let queue = Mutex::new(rows.into_iter());
    let failed = Mutex::new(Vec::new());
    std::thread::scope(|threads| {
        for _ in 0..AT_ONCE {
            threads.spawn(|| {
                loop {
                    let next = queue.lock().unwrap().next();
                    let Some(row) = next else { return };
                    if catch_unwind(AssertUnwindSafe(|| how(&row))).is_err() {
                        failed.lock().unwrap().push(row.name);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    assert!(failed.is_empty(), "these scenarios failed: {failed:?}");
}

/// The rows, or those whose name holds what `COPYDESK_SCENARIO` says.
fn chosen() -> Vec<Row> {
    let wanted = std::env::var("COPYDESK_SCENARIO").unwrap_or_default();
    let mut rows = all();
    rows.retain(|row| row.name.contains(&wanted));
    rows
}

#[test]
fn every_scenario_comes_to_its_end_through_the_library() {
    play(chosen(), Row::through_the_library);
}

#[test]
fn every_scenario_comes_to_its_end_through_the_binary() {
    let mut rows = chosen();
    // Those are asked for below, where it is harder.
    rows.retain(|row| !row.is_long());
    play(rows, Row::through_the_binary);
}

/// What a pipe gets is the text and nothing else, however the answer ended.
#[test]
fn stdout_gets_the_text_of_a_scenario_as_it_is() {
    let mut rows = chosen();
    rows.retain(Row::is_plain);
    play(rows, Row::through_a_pipe);
}

/// The stream may break at any byte: what came is kept, and only a reason makes it a success.
#[test]
fn a_stream_that_is_cut_at_any_byte_is_never_taken_for_whole() {
    cuts::at_every_byte();
}

/// Whatever a server sends, the program stays within 512 MiB.
#[test]
fn no_answer_takes_more_memory_than_is_promised() {
    let limits: BTreeSet<_> = limits::rows().iter().map(|row| row.name).collect();
    let mut rows = chosen();
    rows.retain(|row| limits.contains(row.name) && !row.name.ends_with("reasoning"));
    play(rows, Row::in_little_memory);
}

#[test]
fn every_scenario_has_a_name_of_its_own() {
    let rows = all();
    let names: BTreeSet<_> = rows.iter().map(|row| row.name).collect();
    assert_eq!(names.len(), rows.len());
    assert!(names.len() >= 80, "{}", names.len());
}

/// The page on providers names every scenario, and no other.
#[test]
fn the_page_on_providers_names_every_scenario() {
    const FILES: [(&str, &str); 2] = [
        ("wire::", include_str!("wire.rs")),
        ("models::", include_str!("models.rs")),
    ];
    const PAGE: &str = include_str!("../docs/PROVIDERS.md");
    let cells = PAGE.lines().filter(|line| line.starts_with("| "));
    let last = cells.filter_map(|line| line.trim_end_matches('|').rsplit('|').next());
    let named: BTreeSet<&str> = last
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let (tests, named): (BTreeSet<&str>, BTreeSet<&str>) =
        named.into_iter().partition(|name| name.contains("::"));
    for name in &tests {
        let found = FILES.iter().any(|(file, text)| {
            let function = name.strip_prefix(file);
            function.is_some_and(|it| text.contains(&format!("\nfn {it}() {{")))
        });
        assert!(found, "the page names {name}");
    }
    assert!(tests.len() >= 8, "{tests:?}");
    let rows = all();
    let there: BTreeSet<&str> = rows.iter().map(|row| row.name).collect();
    let unknown: Vec<_> = named.difference(&there).collect();
    let untold: Vec<_> = there.difference(&named).collect();
    assert!(unknown.is_empty(), "the page names {unknown:?}");
    assert!(untold.is_empty(), "the page does not name {untold:?}");
}
