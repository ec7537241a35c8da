//! `copydesk doctor` in healthy and in broken homes.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::store::claim::Claim;
use copydesk::store::journal::{Cause, Checkpoint, Journal, SessionId};
use copydesk::store::session::Session;
use serde_json::Value;
use std::net::TcpListener;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::{Duration, SystemTime};
use support::cli::{Home, KEY, Ran};
use support::saver::paths;
use support::server::{Server, Step};
use support::strace;

/// The findings of an area, as level, text and mend.
fn findings(ran: &Ran, area: &str) -> Vec<(String, String, String)> {
    let all = ran.json();
    let of = |finding: &Value, key: &str| finding[key].as_str().unwrap_or_default().to_owned();
    let all = all["findings"].as_array().unwrap().iter();
    all.filter(|finding| finding["area"] == area)
        .map(|finding| {
            (
                of(finding, "level"),
                of(finding, "what"),
                of(finding, "mend"),
            )
        })
        .collect()
}

/// Finds the one finding of an area whose text holds `words`, expects its level, and returns what
/// mends it.
fn expect(ran: &Ran, (level, area): (&str, &str), words: &str) -> String {
    let all = findings(ran, area);
    let mut fitting = all.iter().filter(|(_, what, _)| what.contains(words));
    let Some((found, _, mend)) = fitting.next() else {
        panic!("nothing of {area} says {words:?}: {all:#?}");
    };
    assert_eq!((found.as_str(), fitting.next()), (level, None), "{all:#?}");
    mend.clone()
}

fn doctor(home: &Home, code: i32) -> Ran {
    let ran = home.run(&["doctor", "--json"]);
    assert_eq!(
        (ran.code, ran.stderr.as_str()),
        (code, ""),
        "{}",
        ran.stdout
    );
    ran
}

#[test]
fn an_empty_home_is_healthy_and_stays_empty() {
    let home = Home::new();
    let ran = doctor(&home, 0);
    assert_eq!(ran.json()["problems"], 0);
    for area in [
        "folders",
        "config",
        "keys",
        "templates",
        "snippets",
        "drafts",
        "journal",
        "sessions",
        "litter",
    ] {
        assert!(!findings(&ran, area).is_empty(), "{area}: {}", ran.stdout);
    }
    expect(&ran, ("ok", "keys"), "practice is asked");
    expect(&ran, ("note", "keys"), "OPENAI_API_KEY, which is not set");
    assert_eq!(home.everything(), Vec::<String>::new());
}

#[test]
fn a_person_reads_aligned_lines_with_the_problems_last() {
    let home = Home::new();
    home.write("data/templates/broken.md", "---\ntitle: [\n---\n");
    let ran = home.run(&["doctor"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let lines: Vec<_> = ran.stdout.lines().collect();
    let levels = lines
        .iter()
        .filter_map(|line| line.split_whitespace().next());
    let levels: Vec<_> = levels.filter(|word| *word != "→").collect();
    let mut sorted = levels.clone();
    sorted.sort_by_key(|word| {
        ["ok", "note", "problem"]
            .iter()
            .position(|known| known == word)
    });
    assert_eq!(levels, sorted, "{}", ran.stdout);
    assert_eq!(levels.last(), Some(&"problem"));
    let column = |line: &str| {
        line.char_indices()
            .filter(|(at, c)| *at > 9 && *c != ' ' && line[..*at].ends_with("  "))
            .map(|(at, _)| at)
            .next()
    };
    let columns: Vec<_> = lines.iter().map(|line| column(line)).collect();
    assert!(columns.iter().all(|it| *it == columns[0]), "{}", ran.stdout);
    assert!(
        lines.last().unwrap().contains("→ \"$EDITOR\" "),
        "{}",
        ran.stdout
    );
}

#[test]
fn what_is_broken_in_the_library_is_told_with_its_place() {
    let home = Home::new();
    home.write(
        "data/templates/broken.md",
        "---\ntitle: T\n---\nWrite {{ topic \n",
    );
    home.write(
        "data/templates/odd.md",
        "---\ncolour: red\n---\nWrite {{ topic }}.\n",
    );
    home.write("data/snippets/voice.md", "{% if %}\n");
    home.write("data/drafts/open.md", "---\ntitle: T\n\nNo end.\n");
    home.write_bytes("data/drafts/latin.md", b"caf\xe9");
    let ran = doctor(&home, 1);
    let mend = expect(&ran, ("problem", "templates"), "broken.md:4:");
    assert_eq!(
        mend,
        format!(
            "\"$EDITOR\" {}",
            home.path("data/templates/broken.md").display()
        )
    );
    expect(&ran, ("note", "templates"), "odd.md:2:");
    expect(&ran, ("problem", "snippets"), "voice.md:1:");
    expect(&ran, ("problem", "drafts"), "open.md:1:1: ");
    expect(&ran, ("problem", "drafts"), "not UTF-8 at byte 3");
    assert_eq!(ran.json()["problems"], 4);
}

#[test]
fn a_config_file_is_told_with_line_and_column() {
    let home = Home::new();
    home.write("config/config.toml", "model = \"m\"\nprovider = [\n");
    let ran = doctor(&home, 1);
    let mend = expect(&ran, ("problem", "config"), "config.toml:2:");
    assert!(mend.contains("config.toml"), "{mend}");
    home.write("config/config.toml", "colour = 1\n");
    expect(
        &doctor(&home, 0),
        ("note", "config"),
        "config.toml:1:1: unknown key `colour`",
    );
}

/// K1: where a key would come from is told, and never the key.
#[test]
fn keys_are_told_by_the_name_of_their_variable() {
    let home = Home::new().with("OPENAI_API_KEY", KEY);
    home.write("config/config.toml", "[providers.far]\nbase_url = \"https://far.example/v1\"\n[providers.near]\nbase_url = \"http://localhost:1/v1\"\n[providers.clear]\nbase_url = \"http://far.example/v1\"\n");
    // The rig itself looks for the key on both streams.
    let ran = doctor(&home, 1);
    expect(
        &ran,
        ("ok", "keys"),
        "openai: from OPENAI_API_KEY, which is set",
    );
    let mend = expect(
        &ran,
        ("note", "keys"),
        "far: from FAR_API_KEY, which is not set",
    );
    assert_eq!(mend, "export FAR_API_KEY=…");
    expect(&ran, ("ok", "keys"), "near: ");
    expect(&ran, ("problem", "keys"), "in clear text");
    let home = Home::new().with("OPENAI_BASE_URL", "https://far.example/v1");
    expect(
        &doctor(&home, 1),
        ("problem", "keys"),
        "OPENAI_API_KEY, which is not set",
    );
    let home = Home::new().with("OPENAI_API_KEY", &format!("{KEY} {KEY}"));
    expect(
        &doctor(&home, 1),
        ("problem", "keys"),
        "the key in OPENAI_API_KEY cannot be used",
    );
}

#[test]
fn folders_that_are_in_the_way_or_open_to_everybody_are_problems() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    home.write("data/drafts", "a file\n");
    home.write("state/x", "");
    let mode = std::fs::Permissions::from_mode(0o777);
    std::fs::set_permissions(home.path("state"), mode).unwrap();
    let ran = doctor(&home, 1);
    let mend = expect(&ran, ("problem", "folders"), "is a file, not a folder");
    assert!(mend.starts_with("mv "), "{mend}");
    let mend = expect(&ran, ("problem", "folders"), "everybody may change");
    assert_eq!(mend, format!("chmod o-w {}", home.path("state").display()));
}

/// A home whose journal has a few hundred versions, closed.
fn journaled() -> Home {
    let home = Home::new();
    let mut journal = Journal::open(&home.path("data/journal.db"))
        .unwrap()
        .journal;
    for number in 0..200 {
        let text = format!("{number} ").repeat(2_000);
        let version = Checkpoint {
            key: "d",
            path: None,
            at: jiff::Timestamp::UNIX_EPOCH,
            cause: Cause::Save,
            text: &text,
        };
        journal.add_version(&version).unwrap();
    }
    home
}

/// Overwrites a page in the middle, where only a look at all of it finds the damage.
fn damage(journal: &Path) {
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(journal)
        .unwrap();
    let middle = file.metadata().unwrap().len() / 2 / 4096 * 4096;
    file.write_all_at(&[0xa5; 4096], middle).unwrap();
}

/// W8: a damaged journal is seen, set aside by one command, and what can be read of it is kept.
#[test]
fn a_journal_that_is_damaged_in_the_middle_is_seen_and_mended() {
    let home = journaled();
    expect(&doctor(&home, 0), ("ok", "journal"), "is sound");
    damage(&home.path("data/journal.db"));
    let ran = doctor(&home, 1);
    let mend = expect(&ran, ("problem", "journal"), "is damaged: ");
    assert_eq!(mend, "copydesk doctor --rebuild-journal");
    let words: Vec<_> = mend.split(' ').skip(1).chain(["--json"]).collect();
    let ran = home.run(&words);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("it is kept as"), "{}", ran.stderr);
    expect(&ran, ("ok", "journal"), "is sound");
    expect(&ran, ("note", "journal"), "journal-damaged-");
    let journal = Journal::open(&home.path("data/journal.db"))
        .unwrap()
        .journal;
    assert!(journal.versions("d").unwrap().len() > 50);
    drop(journal);
    // There is nothing more to mend.
    let ran = home.run(&words);
    assert!(ran.stderr.contains("is not damaged"), "{}", ran.stderr);
}

#[test]
fn looking_at_a_journal_changes_none_of_it() {
    let home = journaled();
    let journal = home.path("data/journal.db");
    let with_log = Journal::open(&journal).unwrap().journal;
    with_log.leave().unwrap();
    damage(&journal);
    let before = (std::fs::read(&journal).unwrap(), home.everything());
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&journal, mode).unwrap();
    expect(&doctor(&home, 1), ("problem", "folders"), "others may read");
    let mut files = home.everything();
    // What SQLite keeps for those that have it open is none of the journal.
    files.retain(|file| !file.ends_with("-shm") && !file.ends_with("-wal"));
    assert!(
        before
            .1
            .iter()
            .filter(|file| !file.ends_with("-shm") && !file.ends_with("-wal"))
            .eq(&files)
    );
    assert_eq!(before.0, std::fs::read(&journal).unwrap());
}

/// W7: a killed process leaves nothing that has to be cleaned by hand, and it shows.
#[test]
fn sessions_at_work_and_left_ones_are_told_apart() {
    let home = Home::new();
    let session =
        Session::begin(&paths(&home.path("")), SessionId(uuid::Uuid::from_u128(1))).unwrap();
    let left = home.write(
        "state/sessions/00000000-0000-0000-0000-000000000002.lock",
        "",
    );
    let shut = home.write("state/open/0.lock", "");
    let draft = home.write("data/drafts/a.md", "a");
    let claim = Claim::take(&paths(&home.path("")), &draft).unwrap();
    home.write("state/open/1.lock", "");
    assert!(!shut.exists());
    let ran = doctor(&home, 0);
    let told = "one studio or run is at work, with one draft open";
    expect(&ran, ("ok", "sessions"), told);
    expect(&ran, ("note", "sessions"), "0002.lock");
    expect(&ran, ("note", "sessions"), "1.lock is the lock of a draft");
    assert!(left.exists(), "looking removes nothing");
    drop((session, claim));
    expect(
        &doctor(&home, 0),
        ("ok", "sessions"),
        "nothing else is at work",
    );
}

#[test]
fn what_a_killed_save_left_is_told_with_the_command_that_removes_it() {
    let home = Home::new();
    let old = home.write("data/drafts/.copydesk-1.tmp", "x");
    let file = std::fs::OpenOptions::new().write(true).open(&old).unwrap();
    file.set_modified(SystemTime::now() - Duration::from_secs(3600))
        .unwrap();
    home.write("data/drafts/.copydesk-2.tmp", "of a save going on");
    let ran = doctor(&home, 0);
    let mend = expect(&ran, ("note", "litter"), ".copydesk-1.tmp");
    assert_eq!(mend, format!("rm {}", old.display()));
    assert_eq!(findings(&ran, "litter").len(), 1);
}

/// N12: no traffic that was not asked for.
#[test]
fn nobody_is_connected_to_unless_asked() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let base_url = format!("http://{}/v1", listener.local_addr().unwrap());
    let home = Home::new()
        .with("OPENAI_BASE_URL", &base_url)
        .with("OPENAI_API_KEY", KEY);
    doctor(&home, 0);
    let came = listener.accept().map(drop).map_err(|why| why.kind());
    assert_eq!(came, Err(std::io::ErrorKind::WouldBlock));
    if strace::works() {
        let (ran, calls) =
            strace::trace(&home.command(&["doctor"]), &["-e", "trace=socket,connect"]);
        assert_eq!(ran.code, 0, "{}", ran.stdout);
        assert!(calls.is_empty(), "{calls:#?}");
    }
}

#[test]
fn servers_are_asked_for_their_models_when_told_to() {
    let denied = r#"{"error":{"message":"no","code":"invalid_api_key"}}"#;
    let server = Server::start(vec![
        vec![Step::json(200, r#"{"data":[]}"#)],
        vec![Step::json(404, "{}")],
        vec![Step::json(401, denied)],
        vec![Step::Status(
            302,
            vec![("location", "https://evil.example/".to_owned())],
            Vec::new(),
        )],
    ]);
    let home = Home::asking(&server);
    let online = |code| {
        let ran = home.run(&["doctor", "--online", "--json"]);
        assert_eq!(ran.code, code, "{}", ran.stdout);
        ran
    };
    expect(&online(0), ("ok", "online"), "answers");
    expect(&online(0), ("note", "online"), "lists no models");
    expect(&online(1), ("problem", "online"), "401");
    expect(&online(1), ("problem", "online"), "redirects");
    let asked = server.requests();
    assert_eq!(asked.len(), 4, "never repeated, never followed");
    assert!(
        asked[0].head.starts_with("GET /v1/models HTTP/1.1"),
        "{}",
        asked[0].head
    );
    assert_eq!(
        asked[0].header("authorization"),
        Some(format!("Bearer {KEY}").as_str())
    );
    drop(server);
    expect(&online(1), ("problem", "online"), "");
}

/// A draft that can only be read, and a name that cannot be typed: the command told mends it.
#[cfg(unix)]
#[test]
fn what_cannot_be_used_as_it_is_named_or_written_is_told_with_its_command() {
    let home = Home::new();
    let draft = home.write_bytes("data/drafts/a b.md", b"caf\xe9\n");
    home.write("data/templates/two\nlines.md", "Say tea.");
    let ran = doctor(&home, 1);
    let commands = [
        expect(&ran, ("problem", "drafts"), "not UTF-8 at byte 3"),
        expect(&ran, ("problem", "templates"), "cannot be typed"),
    ];
    for command in &commands {
        let done = std::process::Command::new("sh")
            .args(["-c", command])
            .output();
        assert!(done.unwrap().status.success(), "{command}");
    }
    std::fs::remove_file(&draft).unwrap();
    doctor(&home, 0);
    let shown = home.run(&["draft", "show", "a b-utf8"]);
    assert_eq!(shown.stdout, "caf\u{e9}\n");
    assert_eq!(home.run(&["template", "show", "two-lines"]).code, 0);
}

#[test]
fn programs_of_voice_are_looked_for_and_not_run() {
    let home = Home::new();
    home.write(
        "config/config.toml",
        "[voice]\nread = [\"sh\", \"-c\", \"touch ran\"]\ndictate = [\"~/bin/hear\"]\n",
    );
    let ran = doctor(&home, 1);
    expect(&ran, ("ok", "voice"), "read: `sh` is /");
    let mend = expect(
        &ran,
        ("problem", "voice"),
        "dictate: there is no file ~/bin/hear",
    );
    assert!(mend.contains("`dictate` below [voice]"), "{mend}");
    // One that lies there and may not be executed says what mends it.
    home.write("bin/hear", "#!/bin/sh\n");
    let mend = expect(
        &doctor(&home, 1),
        ("problem", "voice"),
        "may not be executed",
    );
    assert!(
        mend.starts_with("chmod +x ") && mend.ends_with("bin/hear"),
        "{mend}"
    );
    home.write(
        "config/config.toml",
        "[voice]\nread = [\"no-such-program\"]\n",
    );
    expect(
        &doctor(&home, 1),
        ("problem", "voice"),
        "no folder of PATH has a program `no-such-program`",
    );
    home.write("config/config.toml", "");
    assert_eq!(findings(&doctor(&home, 0), "voice"), []);
    assert!(!home.path("ran").exists());
}
