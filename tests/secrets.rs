//! Keys from outside: every place they come from, where they may go, and where they must not be.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::store::atomic;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use support::cli::{Home, KEY, Ran, answer, ran};
use support::pty::Pty;
use support::server::{Gate, Server, Step};

/// A config whose provider `desk` is `server`; `more` is what else its table says.
fn config(server: &Server, more: &str) -> String {
    let base_url = server.base_url();
    format!(
        "provider = \"desk\"\n[providers.desk]\nbase_url = \"{base_url}\"\nmodel = \"m1\"\n{more}"
    )
}

/// Puts a key file where Copydesk looks for it.
fn key_file(home: &Home, provider: &str, origin: &str) -> PathBuf {
    let text = format!("origin = \"{origin}\"\nkey = \"{KEY}\"\n");
    let path = home.write(&format!("state/keys/{provider}.toml"), &text);
    chmod(&path, 0o600);
    chmod(path.parent().unwrap(), 0o700);
    path
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

fn run(home: &Home) -> Ran {
    home.run(&["run", "blog-post", "-i", "topic=Tools", "--save"])
}

fn origin(server: &Server) -> String {
    server.base_url().trim_end_matches("/v1").to_owned()
}

/// Files below a folder that hold the key, in its own letters.
fn files_with_the_key(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
            let path = entry.path();
            if entry.file_type().unwrap().is_dir() {
                folders.push(path);
            } else if entry.file_type().unwrap().is_file() {
                let bytes = std::fs::read(&path).unwrap();
                let key = KEY.as_bytes();
                if bytes.windows(key.len()).any(|part| part == key) {
                    found.push(path);
                }
            }
        }
    }
    found
}

/// The command lines and environments of the processes that belong to a home, but the one whose
/// environment the key was put into.
fn processes_with_the_key(home: &Path, but: u32) -> Vec<String> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else {
            continue;
        };
        let read = |name: &str| {
            let bytes = std::fs::read(entry.path().join(name)).unwrap_or_default();
            String::from_utf8_lossy(&bytes).replace('\0', " ")
        };
        let (line, environment) = (read("cmdline"), read("environ"));
        if !environment.contains(&home.display().to_string()) {
            continue;
        }
        if line.contains(KEY) || (pid != but && environment.contains(KEY)) {
            found.push(format!("{pid}: {line}"));
        }
    }
    found
}

/// K1: with a key from each source, it is in the one header and the one place it came from.
#[test]
fn the_key_is_nowhere_but_where_it_was_put_and_in_the_header() {
    for source in ["variable", "command", "file"] {
        let gate = Gate::default();
        let mut script = vec![Step::Gate(gate.clone())];
        script.extend(answer("Words."));
        let server = Server::start(vec![script]);
        let mut home = Home::new();
        let mut kept = Vec::new();
        match source {
            "variable" => {
                home = home.with("DESK_API_KEY", KEY);
                home.write("config/config.toml", &config(&server, ""));
            }
            "command" => {
                // Says what it was given, and keeps running for as long as it is looked at.
                let script = "env > \"$HOME/seen-by-command\"; cat \"$HOME/kept-by-person\"";
                kept.push(home.write("kept-by-person", &format!("{KEY}\n")));
                let table = format!("key_command = [\"sh\", \"-c\", {script:?}]\n");
                home.write("config/config.toml", &config(&server, &table));
                home = home.with("OPENAI_API_KEY", KEY).with("GROQ_API_KEY", KEY);
            }
            _ => {
                home.write("config/config.toml", &config(&server, ""));
                kept.push(key_file(&home, "desk", &origin(&server)));
            }
        }
        let mut command = home.command(&["run", "blog-post", "-i", "topic=Tools", "--save"]);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        while server.requests().is_empty() {
            std::thread::yield_now();
        }
        let seen = processes_with_the_key(&home.path(""), child.id());
        assert!(seen.is_empty(), "{source}: {seen:?}");
        gate.open();
        // The rig looks for the key on both streams.
        let ended = ran(&child.wait_with_output().unwrap());
        assert_eq!(
            (ended.code, ended.stdout.as_str()),
            (0, "Words."),
            "{ended:?}"
        );
        let sent = format!("Bearer {KEY}");
        let request = &server.requests()[0];
        assert_eq!(
            request.header("authorization"),
            Some(sent.as_str()),
            "{source}"
        );
        assert!(!request.body.contains(KEY), "{source}");
        assert_eq!(files_with_the_key(&home.path("")), kept, "{source}");
        if source == "command" {
            let seen = std::fs::read_to_string(home.path("seen-by-command")).unwrap();
            assert!(
                seen.contains("HOME=") && !seen.contains("_API_KEY"),
                "{seen}"
            );
        }
    }
}

/// K1: a crash must not write the memory of the process to a disk.
#[test]
fn a_crash_leaves_no_core() {
    let home = Home::new();
    let told = |args: &[&str]| {
        let out = home
            .command_of(Path::new("sh"))
            .args(args)
            .output()
            .unwrap();
        String::from_utf8(out.stdout).unwrap()
    };
    // The limit is inherited, so a command of the config file can tell it.
    let server = Server::start(vec![answer("Words.")]);
    let script = "ulimit -S -c > \"$HOME/limit\"; echo k";
    let table = format!("key_command = [\"sh\", \"-c\", {script:?}]\n");
    home.write("config/config.toml", &config(&server, &table));
    let line = format!(
        "ulimit -S -c 4096; exec {} run blog-post -i topic=T",
        env!("CARGO_BIN_EXE_copydesk")
    );
    assert_eq!(told(&["-c", &line]), "Words.");
    assert_eq!(std::fs::read_to_string(home.path("limit")).unwrap(), "0\n");
}

/// K2: a key file that others may read is refused, with the command that mends it.
#[test]
fn a_key_file_that_is_open_to_others_is_refused_with_the_command_that_mends_it() {
    let server = Server::start(vec![answer("Words.")]);
    let home = Home::new();
    home.write("config/config.toml", &config(&server, ""));
    let path = key_file(&home, "desk", &origin(&server));
    for (place, loose) in [(path.as_path(), 0o644), (path.parent().unwrap(), 0o755)] {
        let good = place.metadata().unwrap().mode() & 0o777;
        chmod(place, loose);
        let mend = format!("chmod {good:o} {}", place.display());
        let refused = run(&home);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains(&mend), "{refused:?}");
        let doctor = home.run(&["doctor"]);
        assert!(
            doctor.code == 1 && doctor.stdout.contains(&mend),
            "{doctor:?}"
        );
        let status = home
            .command_of(Path::new("sh"))
            .args(["-c", &mend])
            .status();
        assert!(status.unwrap().success());
    }
    assert_eq!(run(&home).code, 0);
    assert_eq!(server.requests().len(), 1);
}

/// K5, N8: a stored key is not sent to another origin, and the failure names both.
#[test]
fn a_stored_key_is_not_sent_to_another_server() {
    let server = Server::start(vec![answer("Words.")]);
    let home = Home::new();
    home.write("config/config.toml", &config(&server, ""));
    key_file(&home, "desk", "https://desk.example");
    let refused = run(&home);
    assert_eq!(refused.code, 2, "{refused:?}");
    for words in [
        "https://desk.example",
        &origin(&server),
        "connect desk again",
    ] {
        assert!(refused.stderr.contains(words), "{words}: {refused:?}");
    }
    let as_json = home.run(&["run", "blog-post", "-i", "topic=T", "--json"]);
    assert_eq!(as_json.json()["error"]["kind"], "usage", "{as_json:?}");
    assert!(server.requests().is_empty());
    // Nor is the usual variable of a preset, when the file leads its provider elsewhere.
    let table = format!("[providers.openai]\nbase_url = \"{}\"\n", server.base_url());
    home.write("config/config.toml", &table);
    let home = home.with("OPENAI_API_KEY", KEY);
    let refused = run(&home);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(
        refused.stderr.contains("key_env in [providers.openai]"),
        "{refused:?}"
    );
    assert!(server.requests().is_empty());
    let named = format!("{table}key_env = \"OPENAI_API_KEY\"\nmodel = \"m1\"\n");
    home.write("config/config.toml", &named);
    assert_eq!(run(&home).code, 0);
}

#[test]
fn a_preset_without_a_key_says_what_to_set_before_anybody_is_asked() {
    let home = Home::new();
    for (name, variable) in [
        ("openai", "OPENAI_API_KEY"),
        ("openrouter", "OPENROUTER_API_KEY"),
        ("groq", "GROQ_API_KEY"),
        ("mistral", "MISTRAL_API_KEY"),
        ("deepseek", "DEEPSEEK_API_KEY"),
        ("gemini", "GEMINI_API_KEY"),
        ("anthropic", "ANTHROPIC_API_KEY"),
        ("azure", "AZURE_OPENAI_ENDPOINT"),
    ] {
        let told = home.run(&["run", "blog-post", "-i", "topic=T", "-p", name]);
        assert_eq!(told.code, 2, "{told:?}");
        assert!(told.stderr.contains(variable), "{name}: {told:?}");
    }
}

/// K1: what a command prints is not told, whatever becomes of it.
#[test]
fn a_failing_key_command_is_told_without_what_it_printed() {
    let server = Server::start(Vec::new());
    let home = Home::new();
    let script = format!("echo {KEY}; echo {KEY} >&2; exit 7");
    home.write(
        "config/config.toml",
        &config(
            &server,
            &format!("key_command = [\"sh\", \"-c\", {script:?}]\n"),
        ),
    );
    let told = run(&home);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(
        told.stderr
            .contains("key_command `sh` gave no key: it ended with exit status: 7"),
        "{told:?}"
    );
    let shown = home.run(&["config", "show"]);
    assert!(
        shown.code == 0 && shown.stdout.contains("sh …"),
        "{shown:?}"
    );
    let doctor = home.run(&["doctor"]);
    assert!(
        doctor
            .stdout
            .contains("key_command `sh`, which was not run"),
        "{doctor:?}"
    );
    assert!(server.requests().is_empty());
}

/// Azure's own path, header and version, in both styles.
#[test]
fn azure_is_asked_in_its_own_way() {
    let server = Server::start(vec![answer("Words."), answer("Words.")]);
    let home = Home::new().with("AZURE_OPENAI_API_KEY", KEY);
    let root = origin(&server);
    for (table, path) in [
        (
            format!("base_url = \"{root}/openai\"\napi_version = \"2024-10-21\"\n"),
            "POST /openai/deployments/my-gpt/chat/completions?api-version=2024-10-21 ",
        ),
        (
            format!("base_url = \"{root}/openai/v1\"\napi = \"chat\"\n"),
            "POST /openai/v1/chat/completions ",
        ),
    ] {
        home.write(
            "config/config.toml",
            &format!("provider = \"azure\"\n[providers.azure]\n{table}"),
        );
        let asked = home.run(&["run", "blog-post", "-i", "topic=T", "-m", "my-gpt"]);
        assert_eq!(
            (asked.code, asked.stdout.as_str()),
            (0, "Words."),
            "{asked:?}"
        );
        let requests = server.requests();
        let request = requests.last().unwrap();
        assert!(request.head.starts_with(path), "{}", request.head);
        assert_eq!(request.header("api-key"), Some(KEY));
        assert_eq!(request.header("authorization"), None);
        assert_eq!(request.json()["model"], "my-gpt");
    }
}

#[test]
fn the_account_is_named_when_it_is_set_and_never_empty() {
    let server = Server::start(vec![answer("Words."), answer("Words.")]);
    let plain = Home::asking(&server)
        .with("OPENAI_ORG_ID", "")
        .with("OPENAI_PROJECT_ID", " ");
    assert_eq!(run(&plain).code, 0);
    let named = Home::asking(&server)
        .with("OPENAI_ORG_ID", "org-1")
        .with("OPENAI_PROJECT_ID", "proj_2");
    assert_eq!(run(&named).code, 0);
    let requests = server.requests();
    let headers = |request: usize| {
        ["openai-organization", "openai-project"]
            .map(|name| requests[request].header(name).map(str::to_owned))
    };
    assert_eq!(headers(0), [None, None]);
    assert_eq!(
        headers(1),
        [Some("org-1".to_owned()), Some("proj_2".to_owned())]
    );
}

/// Opens the form of the first template that is found.
fn open_form(studio: &Pty) {
    studio.keys("/");
    studio.keys("blog post").wait_for(
        |screen| screen.contains("Blog post") && !screen.contains("Newsletter"),
        "the filtered list",
    );
    studio.keys("<enter>").wait_for_text("▎Topic *");
}

/// Two models, as a server lists them.
fn models() -> Vec<Step> {
    vec![Step::json(
        200,
        r#"{"data":[{"id":"m-one"},{"id":"m-two"}]}"#,
    )]
}

/// The whole way of a person: from the practice engine to a server with a key, without a restart,
/// and again after one. K1: the key is in its file and in the header, and nowhere else.
#[test]
fn a_provider_is_connected_in_the_studio_and_used_at_once() {
    let server = Server::start(vec![models(), answer("From the server."), answer("Again.")]);
    let mut studio = Pty::start(&[], (120, 40), &[]).unwrap();
    studio.wait_for_text("press F2");
    studio.keys("<f2>").wait_for_text("Another server");
    // What is typed in one go is taken for a paste, in which enter confirms nothing.
    studio.keys("G").wait_until(
        |screen, _| {
            let (row, col) = support::screen::find(screen, "Another server")?;
            screen.cell(row, col)?.inverse().then_some(())
        },
        "the last row",
    );
    studio.keys("<enter>").wait_for_text("Its base URL");
    let base_url = server.base_url();
    studio.keys(&base_url).wait_for_text(&base_url);
    studio.keys("<enter>").wait_for_text("Its key");
    studio
        .keys(&format!("<paste:{KEY}>"))
        .wait_for_text("•••••");
    studio.keys("<enter>").wait_for_text("m-two");
    studio
        .keys("two")
        .wait_for(|screen| !screen.contains("m-one"), "the model");
    studio
        .keys("<enter>")
        .wait_for_text("Where should the key be kept?");
    studio.keys("<enter>").wait_for_text("is asked from now on");
    studio.wait_for_text("local · m-two");
    open_form(&studio);
    studio.keys("Kettles").wait_for_text("Kettles");
    studio.keys("<ctrl+g>").wait_for_text("From the server.");
    studio.keys("<enter>").wait_for_text("in the draft");
    let saved = |screen: &str| screen.contains("saved") && !screen.contains('●');
    studio.keys("<ctrl+s>").wait_for(saved, "the save");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    let home = studio.home().to_owned();
    let path = home.join("state/keys/local.toml");
    assert_eq!(path.metadata().unwrap().mode() & 0o777, 0o600);
    assert_eq!(
        path.parent().unwrap().metadata().unwrap().mode() & 0o777,
        0o700
    );
    assert_eq!(files_with_the_key(&home), [path]);
    let shown = String::from_utf8_lossy(&studio.raw()).into_owned();
    assert!(!shown.contains(KEY), "the key was on the screen");
    let text = std::fs::read_to_string(home.join("config/config.toml")).unwrap();
    assert_eq!(
        text,
        format!(
            "provider = \"local\"\n\n[providers.local]\nbase_url = \"{base_url}\"\nmodel = \"m-two\"\n"
        )
    );
    // The next process finds it all again.
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_copydesk"));
    command
        .env_clear()
        .env("HOME", &home)
        .env("COPYDESK_HOME", &home);
    let out = command
        .args(["run", "blog-post", "-i", "topic=T"])
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&out.stdout), "Again.", "{out:?}");
    let sent = format!("Bearer {KEY}");
    for request in server.requests() {
        assert_eq!(
            request.header("authorization"),
            Some(sent.as_str()),
            "{}",
            request.head
        );
    }
}

/// K5: in the studio a person may let a key go elsewhere, and is asked first.
#[test]
fn the_studio_asks_before_a_stored_key_goes_to_another_server() {
    let server = Server::start(vec![answer("From the server.")]);
    let folder = tempfile::TempDir::new().unwrap();
    atomic::save(
        &folder.path().join("config/config.toml"),
        config(&server, "").as_bytes(),
    )
    .unwrap();
    let path = folder.path().join("state/keys/desk.toml");
    let stored = format!("origin = \"https://desk.example\"\nkey = \"{KEY}\"\n");
    atomic::save(&path, stored.as_bytes()).unwrap();
    chmod(&path, 0o600);
    chmod(path.parent().unwrap(), 0o700);
    let program = (env!("CARGO_BIN_EXE_copydesk"), &[] as &[&str]);
    let mut studio = Pty::start_at_home(folder, program, (120, 40), &[]).unwrap();
    studio.wait_for_text("Blog post");
    open_form(&studio);
    studio.keys("Kettles").wait_for_text("Kettles");
    studio
        .keys("<ctrl+g>")
        .wait_for_text("send it there from now on");
    studio.keys("<esc>").wait_for_text("is not sent to");
    assert!(server.requests().is_empty());
    studio.keys("R").wait_for_text("send it there from now on");
    studio.keys("s").wait_for_text("From the server.");
    studio.keys("<ctrl+q>").wait_for_text("was not used");
    studio.keys("q").wait_for(
        |screen| screen.is_empty() || !screen.contains("Kettles"),
        "the end",
    );
    let text = std::fs::read_to_string(&path).unwrap();
    assert!(text.contains(&origin(&server)), "{text}");
    assert_eq!(studio.exit_code(), 0);
}

/// K3: what stands on a command line can be read by everybody on the machine.
#[test]
fn no_flag_of_any_verb_takes_a_key() {
    let home = Home::new();
    let help = |args: &[&str]| home.run(&[args, &["--help"]].concat()).stdout;
    let verbs_of = |help: &str| -> Vec<String> {
        let below = help.split_once("Commands:").map_or("", |(_, rest)| rest);
        let lines = below.lines().skip(1).take_while(|line| !line.is_empty());
        let named = lines.filter_map(|line| line.split_whitespace().next());
        let named = named.filter(|verb| *verb != "help");
        named.map(str::to_owned).collect()
    };
    let mut pages = vec![help(&[])];
    for verb in verbs_of(&pages[0]) {
        let page = help(&[&verb]);
        let inner = verbs_of(&page);
        pages.push(page);
        pages.extend(inner.iter().map(|word| help(&[&verb, word])));
    }
    assert!(pages.len() > 15, "{}", pages.len());
    for page in &pages {
        let flags = page
            .split_whitespace()
            .filter(|word| word.starts_with("--"));
        for flag in flags {
            let flag = flag.to_lowercase();
            let secret = ["key", "token", "secret", "password"];
            assert!(
                !secret.iter().any(|word| flag.contains(word)),
                "{flag}: {page}"
            );
        }
    }
    let ran = home.run(&["run", "blog-post", "-i", "topic=x", "--api-key", "x"]);
    assert_eq!(ran.code, 2, "{ran:?}");
}
