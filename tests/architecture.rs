//! The rules of the house that a compiler does not check: floors, purity, who writes files,
//! sizes, names, and snapshots that no test refers to.
//!
//! It reads the source as tokens, so comments and strings cannot trip it, and paths in whole
//! (`use crate::{app::Msg, …}`, `crate::app::Msg`, `super::super::app`). It never runs the
//! program. Every rule has a test below that feeds it a breach and expects to see it named.

#[path = "support/source.rs"]
mod source;

use source::{Source, Usage};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

/// A floor and how high it stands. `store` and `provider` share a height: neither sees the other.
const FLOORS: [(&str, u8); 9] = [
    ("domain", 0),
    ("store", 1),
    ("provider", 1),
    ("config", 2),
    ("app", 3),
    ("view", 4),
    ("tui", 5),
    ("cli", 5),
    ("main", 6),
];

/// What `cli` may name of its neighbour.
const STUDIO_DOOR: [&str; 3] = ["crate", "tui", "start"];

/// Floors without IO, threads, clocks or `async`.
const PURE: [&str; 3] = ["domain", "app", "view"];

/// Paths that a pure floor must not name, whole or as the beginning of a longer one.
const IMPURE_PATHS: [&str; 13] = [
    "tokio",
    "reqwest",
    "hyper",
    "rusqlite",
    "tempfile",
    "std::fs",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "jiff::Timestamp::now",
    "jiff::Zoned::now",
];

/// Calls that change a disk, as they are written behind any prefix.
const WRITES: [&str; 16] = [
    "fs::write",
    "fs::rename",
    "fs::copy",
    "fs::hard_link",
    "fs::create_dir",
    "fs::create_dir_all",
    "fs::remove_file",
    "fs::remove_dir",
    "fs::remove_dir_all",
    "fs::set_permissions",
    "fs::OpenOptions",
    "OpenOptions::new",
    "File::create",
    "File::create_new",
    "File::options",
    "tempfile",
];

/// Paths that open a socket.
const SOCKETS: [&str; 5] = ["std::net", "tokio::net", "reqwest", "hyper", "hyper_util"];

/// Names that say nothing about what a module owns.
const EMPTY_NAMES: [&str; 12] = [
    "utils", "util", "helpers", "helper", "common", "manager", "service", "handler", "data",
    "info", "misc", "shared",
];

/// Lines a source file may have before its tests.
const LONGEST: usize = 400;

fn floor_of(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("src/")?;
    let name = rest.split('/').next()?;
    Some(name.strip_suffix(".rs").unwrap_or(name)).filter(|name| *name != "lib")
}

fn height(floor: &str) -> Option<u8> {
    let found = FLOORS.iter().find(|(name, _)| *name == floor);
    found.map(|(_, height)| *height)
}

/// True when `path` is `prefix` or begins with it, segment by segment.
fn begins_with(path: &[String], prefix: &str) -> bool {
    let mut own = path.iter();
    prefix
        .split("::")
        .all(|part| own.next().is_some_and(|segment| segment == part))
}

/// True when `wanted` stands anywhere in `path`, segment by segment.
fn contains(path: &[String], wanted: &str) -> bool {
    (0..path.len()).any(|start| begins_with(&path[start..], wanted))
}

/// Imports from a floor above, or from a neighbour on the same height.
fn floor_breaches(source: &Source) -> Vec<String> {
    let Some(floor) = floor_of(&source.path) else {
        return Vec::new();
    };
    let Some(own) = height(floor) else {
        return vec![format!(
            "{}: `{floor}` is no floor of this house",
            source.path
        )];
    };
    let crossings = source.usages.iter().filter(|usage| {
        let Some(other) = usage.path.get(1).filter(|_| usage.path[0] == "crate") else {
            return false;
        };
        let Some(theirs) = height(other) else {
            return false;
        };
        let door = floor == "cli" && begins_with(&usage.path, &STUDIO_DOOR.join("::"));
        other != floor && theirs >= own && !door
    });
    crossings
        .map(|usage| usage.breach(source, &format!("`{floor}` stands below or beside it")))
        .collect()
}

/// IO, threads, clocks and `async` where only values may go in and out.
fn purity_breaches(source: &Source) -> Vec<String> {
    if !floor_of(&source.path).is_some_and(|floor| PURE.contains(&floor)) || source.is_test_file() {
        return Vec::new();
    }
    let impure = |usage: &&Usage| {
        let awaits = usage.path.len() == 1 && usage.path[0] == "async";
        awaits
            || IMPURE_PATHS
                .iter()
                .any(|path| begins_with(&usage.path, path))
    };
    let found = source.usages_outside_tests().filter(impure);
    found
        .map(|usage| usage.breach(source, "this floor is pure"))
        .collect()
}

/// Files written anywhere but in `store`; files even read in `config` and `provider`.
fn write_breaches(source: &Source) -> Vec<String> {
    let Some(floor) = floor_of(&source.path).filter(|floor| *floor != "store") else {
        return Vec::new();
    };
    if source.is_test_file() {
        return Vec::new();
    }
    let touches = |usage: &&Usage| {
        WRITES.iter().any(|call| contains(&usage.path, call))
            || (floor == "config" && begins_with(&usage.path, "std::fs"))
    };
    let found = source.usages_outside_tests().filter(touches);
    found
        .map(|usage| usage.breach(source, "files are the business of `store`"))
        .collect()
}

/// Sockets anywhere but in `provider`.
fn socket_breaches(source: &Source) -> Vec<String> {
    if floor_of(&source.path).is_none_or(|floor| floor == "provider") || source.is_test_file() {
        return Vec::new();
    }
    // An address is a value; only the rest of `std::net` reaches out.
    let opens = |usage: &&Usage| {
        let address = usage.path.last().is_some_and(|name| name.contains("Addr"));
        !address && SOCKETS.iter().any(|path| begins_with(&usage.path, path))
    };
    let found = source.usages_outside_tests().filter(opens);
    found
        .map(|usage| usage.breach(source, "sockets are the business of `provider`"))
        .collect()
}

/// Length, opening comment and name of one file.
fn form_breaches(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let path = &source.path;
    if !source.text.starts_with("//!") {
        found.push(format!("{path}:1: opens without `//!` saying what it owns"));
    }
    let lines = source.lines_before_tests();
    if !source.is_test_file() && lines > LONGEST {
        found.push(format!(
            "{path}: {lines} lines before its tests, at most {LONGEST}"
        ));
    }
    let modules = path.trim_end_matches(".rs").split('/').skip(1);
    found.extend(
        modules
            .filter(|name| EMPTY_NAMES.contains(name))
            .map(|name| format!("{path}: `{name}` does not say what it owns")),
    );
    found
}

/// Snapshots that no test function and no literal of the test sources can have named.
fn orphan_snapshots(snapshots: &[String], sources: &[Source]) -> Vec<String> {
    let known: BTreeSet<&str> = sources.iter().flat_map(Source::snapshot_names).collect();
    let named = |file: &str| {
        let stem = file.rsplit('/').next().unwrap_or(file);
        let stem = stem.trim_end_matches(".snap");
        let name = stem.rsplit_once("__").map_or(stem, |(_, name)| name);
        known.iter().any(|known| {
            name.strip_prefix(known)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with(['_', '-', '@']))
        })
    };
    let orphans = snapshots.iter().filter(|file| !named(file));
    orphans
        .map(|file| format!("{file}: no test refers to this snapshot"))
        .collect()
}

fn breaches(source: &Source) -> Vec<String> {
    let rules = [
        floor_breaches,
        purity_breaches,
        write_breaches,
        socket_breaches,
        form_breaches,
    ];
    rules.iter().flat_map(|rule| rule(source)).collect()
}

fn listed(breaches: &[String]) -> String {
    breaches.iter().fold(String::new(), |mut out, breach| {
        let _ = write!(out, "\n  {breach}");
        out
    })
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn the_house_keeps_its_floors() {
    let sources = source::read_tree(root(), "src").expect("src/ is readable");
    assert!(
        sources.len() > 10,
        "found only {} files in src/",
        sources.len()
    );
    let found: Vec<String> = sources.iter().flat_map(breaches).collect();
    assert!(
        found.is_empty(),
        "{} breaches:{}",
        found.len(),
        listed(&found)
    );
}

#[test]
fn every_rig_says_what_it_is_for() {
    let mut sources = source::read_tree(root(), "tests").expect("tests/ is readable");
    sources.extend(source::read_tree(root(), "benches").expect("benches/ is readable"));
    let silent: Vec<_> = sources
        .iter()
        .filter(|source| !source.text.starts_with("//!"))
        .collect();
    assert!(silent.is_empty(), "without an opening `//!`: {silent:?}");
}

#[test]
fn every_snapshot_belongs_to_a_test() {
    let mut sources = source::read_tree(root(), "tests").expect("tests/ is readable");
    sources.extend(source::read_tree(root(), "src").expect("src/ is readable"));
    let mut snapshots = source::list(root(), "tests", "snap").expect("tests/ is readable");
    snapshots.extend(source::list(root(), "src", "snap").expect("src/ is readable"));
    let found = orphan_snapshots(&snapshots, &sources);
    assert!(found.is_empty(), "delete or refer to:{}", listed(&found));
}

/// Crates of a manifest that a page of reasons does not name at the start of a line.
fn unexplained(manifest: &str, reasons: &str) -> Vec<String> {
    let mut inside = false;
    let mut found = Vec::new();
    for line in manifest.lines() {
        if line.starts_with('[') {
            inside = line.ends_with("dependencies]");
            continue;
        }
        let name = line.split(['=', '.']).next().unwrap_or("").trim();
        let explained = reasons
            .lines()
            .any(|reason| reason.starts_with(&format!("| `{name}` |")));
        if inside && !name.is_empty() && !name.starts_with('#') && !explained {
            found.push(name.to_owned());
        }
    }
    found
}

#[test]
fn every_dependency_has_a_reason() {
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect(path);
    let found = unexplained(&read("Cargo.toml"), &read("docs/DEPENDENCIES.md"));
    assert!(
        found.is_empty(),
        "say in docs/DEPENDENCIES.md why: {found:?}"
    );
}

#[test]
fn a_dependency_without_a_reason_is_told() {
    let manifest = "[package]\nname = 1\n\n[dependencies]\nserde = \"1\"\n# why\nurl.workspace = true\n\n\
        [dev-dependencies]\ninsta = \"1\"\n[profile.dev]\ndebug = 1\n";
    assert_eq!(
        unexplained(manifest, "| `serde` | Reads. |"),
        ["url", "insta"]
    );
}

/// The breaches of one made-up file, without its opening comment's.
fn told(path: &str, code: &str) -> Vec<String> {
    breaches(&Source::new(path, &format!("//! Made up.\n{code}\n")))
}

#[test]
fn an_import_from_above_is_told() {
    let cases = [
        ("src/domain/text.rs", "use crate::app::Msg;"),
        (
            "src/domain/text.rs",
            "use crate::{domain::run::RunId, store::paths};",
        ),
        (
            "src/domain/text.rs",
            "fn f() -> crate::view::style::Role { todo() }",
        ),
        ("src/domain/text.rs", "use super::super::config;"),
        ("src/store/paths.rs", "use crate::provider::client;"),
        ("src/provider/sse.rs", "pub(crate) use crate::store;"),
        ("src/config/keys.rs", "use crate::app as studio;"),
        (
            "src/app/update.rs",
            "use crate::{\n  domain::run,\n  view::{layout}};",
        ),
        ("src/view/title.rs", "use crate::tui::pacer;"),
        ("src/tui/mod.rs", "use crate::cli::run;"),
        ("src/cli/run.rs", "use crate::tui::runner;"),
        ("src/cli/run.rs", "use crate::tui::{start, runner};"),
        ("src/attic/mod.rs", "fn f() {}"),
    ];
    for (path, code) in cases {
        let found = told(path, code);
        assert_eq!(found.len(), 1, "{path}: {code}: {found:?}");
    }
}

#[test]
fn an_import_from_below_is_fine() {
    let cases = [
        (
            "src/domain/text.rs",
            "use super::run::RunId; use crate::domain::{brief, prompt};",
        ),
        (
            "src/cli/run.rs",
            "use crate::tui::start; use crate::store::drafts;",
        ),
        ("src/cli/mod.rs", "fn f() { crate::tui::start(1); }"),
        (
            "src/app/msg.rs",
            "use crate::config::keys; use std::time::Duration;",
        ),
        (
            "src/view/title.rs",
            "// use crate::tui::pacer;\n/* std::fs */ const S: &str = \"tokio::spawn\";",
        ),
        (
            "src/view/title.rs",
            "const R: &str = r#\"\" crate::tui \"#; const C: char = '\"'; fn f<'a>(x: &'a str) {}",
        ),
        (
            "src/tui/runner.rs",
            "use crate::{app::Effect, provider, store, view};",
        ),
    ];
    for (path, code) in cases {
        assert_eq!(told(path, code), [""; 0], "{path}: {code}");
    }
}

#[test]
fn impurity_is_told() {
    let cases = [
        (
            "src/app/update.rs",
            "use std::{fmt, time::{Duration, Instant}};",
        ),
        (
            "src/app/update.rs",
            "fn f() { let t = std::time::SystemTime::now(); }",
        ),
        ("src/domain/draft.rs", "async fn f() {}"),
        ("src/domain/draft.rs", "use std::fs;"),
        ("src/view/title.rs", "fn f() { std::thread::yield_now(); }"),
        ("src/view/title.rs", "use tokio::sync::mpsc;"),
    ];
    for (path, code) in cases {
        assert_eq!(told(path, code).len(), 1, "{path}: {code}");
    }
    let in_tests = "fn f() {}\n#[cfg(test)]\nmod tests {\n    use std::time::Instant;\n}";
    assert_eq!(told("src/app/update.rs", in_tests), [""; 0]);
}

#[test]
fn a_file_written_outside_the_store_is_told() {
    let cases = [
        ("src/cli/run.rs", "fn f() { std::fs::write(a, b); }"),
        ("src/cli/run.rs", "use tempfile::NamedTempFile;"),
        ("src/tui/runner.rs", "use std::fs::{File, OpenOptions};"),
        ("src/tui/runner.rs", "fn f() { tokio::fs::rename(a, b); }"),
        ("src/config/settings.rs", "fn f() { std::fs::read(a); }"),
        (
            "src/provider/practice.rs",
            "fn f() { fs::create_dir_all(a); }",
        ),
    ];
    for (path, code) in cases {
        assert_eq!(told(path, code).len(), 1, "{path}: {code}");
    }
    assert_eq!(
        told(
            "src/store/atomic.rs",
            "use std::fs; use tempfile::NamedTempFile;"
        ),
        [""; 0]
    );
    assert_eq!(
        told("src/cli/run.rs", "fn f() { std::fs::read_to_string(a); }"),
        [""; 0]
    );
}

#[test]
fn a_socket_outside_the_provider_is_told() {
    assert_eq!(
        told("src/store/watch.rs", "use std::net::TcpStream;").len(),
        1
    );
    assert_eq!(
        told("src/cli/run.rs", "fn f() { reqwest::get(url); }").len(),
        1
    );
    assert_eq!(
        told("src/cli/practice.rs", "use std::net::SocketAddr;"),
        [""; 0]
    );
    assert_eq!(
        told("src/provider/client.rs", "use reqwest::Client;"),
        [""; 0]
    );
}

#[test]
fn a_long_silent_or_nameless_file_is_told() {
    let long = "fn f() {}\n".repeat(LONGEST);
    assert_eq!(told("src/app/update.rs", &long).len(), 1);
    let tested = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{long}}}");
    assert_eq!(told("src/app/update.rs", &tested), [""; 0]);
    assert_eq!(told("src/app/utils.rs", "").len(), 1);
    assert_eq!(told("src/store/helpers/x.rs", "").len(), 1);
    assert_eq!(
        form_breaches(&Source::new("src/app/msg.rs", "fn f() {}")).len(),
        1
    );
}

#[test]
fn an_orphan_snapshot_is_told() {
    let code = "//! Made up.\n#[test]\nfn a_first_look() { snap(\"the form\"); shot(\"browse\"); }";
    let sources = [Source::new("tests/screens.rs", code)];
    let files = [
        "tests/snapshots/screens__a_first_look.snap",
        "tests/snapshots/screens__a_first_look-2.snap",
        "tests/snapshots/screens__browse_80x24.snap",
        "tests/snapshots/screens__browser.snap",
        "tests/snapshots/screens__gone.snap",
    ];
    let found = orphan_snapshots(&files.map(str::to_owned), &sources);
    assert_eq!(found.len(), 2, "{found:?}");
}
