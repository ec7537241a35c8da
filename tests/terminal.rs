//! The terminal belongs to the person: nothing commands it but Copydesk, and it is given back.
//!
//! Every test runs the real binary in a pseudo-terminal and looks from outside.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::draft::Draft;
use copydesk::store::journal::Journal;
use pretty_assertions::assert_eq;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use support::cli::{Home, KEY, answer, delta, ending};
use support::hostile::{HOSTILE, Writer, foreign};
use support::pty::Pty;
use support::server::{Server, Step};
use tempfile::TempDir;

const WIDE: (u16, u16) = (120, 36);
const STUDIO: &str = env!("CARGO_BIN_EXE_copydesk");

#[expect(
    clippy::disallowed_methods,
    reason = "nothing reads the file before it is whole"
)]
fn furnish(path: PathBuf, text: &str) -> PathBuf {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, text).unwrap();
    path
}

fn studio(envs: &[(&str, &str)]) -> Pty {
    studio_at(TempDir::new().unwrap(), envs)
}

fn studio_at(home: TempDir, envs: &[(&str, &str)]) -> Pty {
    let studio = Pty::start_at_home(home, (STUDIO, &[]), WIDE, envs).unwrap();
    studio.wait_for_text("Blog post");
    studio
}

/// A studio that asks `server`.
fn asking(server: &Server) -> Pty {
    let url = server.base_url();
    let envs = [
        ("OPENAI_BASE_URL", url.as_str()),
        ("OPENAI_API_KEY", KEY),
        ("OPENAI_MODEL", "m1"),
    ];
    studio(&envs)
}

/// Sends the brief of a blog post.
fn generate(studio: &Pty) {
    studio.keys("/blog");
    studio.wait_for(|screen| !screen.contains("Cover letter"), "the filter");
    studio.keys("<enter>").wait_for_text("^G Generate");
    studio.keys("Blue kettles").wait_for_text("Blue kettles");
    studio.keys("<ctrl+g>");
}

fn kill(pid: u32, signal: &str) {
    let args = ["-s", signal, &pid.to_string()];
    assert!(Command::new("kill").args(args).status().unwrap().success());
}

/// The state letter of a process, or nothing when it is gone.
fn state(pid: u32) -> Option<char> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    stat.rsplit_once(") ")?.1.chars().next()
}

fn has_ended(pid: u32) -> bool {
    matches!(state(pid), None | Some('Z' | 'X'))
}

fn drafts(home: &Path) -> Vec<PathBuf> {
    let Ok(folder) = std::fs::read_dir(home.join("data/drafts")) else {
        return Vec::new();
    };
    let paths = folder.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_file()).collect()
}

fn the_draft(home: &Path) -> String {
    let [path] = drafts(home).try_into().unwrap();
    std::fs::read_to_string(path).unwrap()
}

fn save(studio: &Pty) {
    studio.keys("<ctrl+s>");
    studio.wait_for(
        |screen| screen.contains("saved drafts/") && !screen.contains('●'),
        "the save",
    );
}

/// Presses escape until `shown` is gone. Each one alone: with another key it would be one with alt,
/// and right after a burst it would be part of it.
fn escape(studio: &Pty, shown: &str) {
    let gone = || !studio.screen().contains(shown);
    for _ in 0..50 {
        studio.keys("<esc>");
        let end = Instant::now() + Duration::from_millis(300);
        while !gone() && Instant::now() < end {
            std::thread::yield_now();
        }
        if gone() {
            return;
        }
    }
    assert!(gone(), "{shown:?} stays:\n{}", studio.screen());
}

fn assert_untouched(studio: &Pty) {
    assert_eq!(foreign(&studio.raw(), Writer::Studio), None);
}

/// Nothing that a terminal would not print, but line ends and tabs.
fn assert_safe_to_cat(text: &str) {
    let control = text
        .chars()
        .find(|c| c.is_control() && !"\n\t".contains(*c));
    assert_eq!(control, None, "{text:?}");
}

fn assert_given_back(studio: &Pty) {
    studio.look(|screen| {
        assert!(!screen.alternate_screen(), "the alternate screen stays");
        assert!(!screen.hide_cursor(), "the cursor stays hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste stays on");
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None);
    });
    let raw = String::from_utf8_lossy(&studio.raw()).into_owned();
    assert!(raw.rfind("\x1b[?2026l") > raw.rfind("\x1b[?2026h"));
    assert!(!raw.contains("\x1b[>"));
    assert!(raw.rfind("\x1b[?1004l") > raw.rfind("\x1b[?1004h"));
}

// --- nothing commands it ----------------------------------------------------------------------

/// T1, T2, K7: neither while it streams, nor in the draft, nor in the file.
#[test]
fn a_model_cannot_reach_the_terminal_or_the_file() {
    let (start, rest) = HOSTILE.split_at(HOSTILE.find("]52").unwrap());
    let body = [delta("---\ntitle: Mine\n---\n"), delta(start), delta(rest)].concat();
    let body = body + &delta("<think>") + &ending("\u{1b}]0;owned\u{7}stop");
    let body = body.replace("m1-2026", "m\\u001b[6n");
    let server = Server::start(vec![vec![Step::stream_head(), Step::body(&body)]]);
    let mut studio = asking(&server);
    generate(&studio);
    studio.keys("<alt+3>").wait_for_text("use as draft");
    studio.keys("<enter>").wait_for_text("hidden characters");
    save(&studio);
    studio
        .keys("<F7>".to_lowercase().as_str())
        .wait_for_text("U+202E right-to-left override × 1");
    escape(&studio, "U+202E");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert_untouched(&studio);
    assert_given_back(&studio);
    let source = the_draft(studio.home());
    assert_safe_to_cat(&source);
    let draft = Draft::parse(&source);
    assert!(
        draft.body().starts_with("---\ntitle: Mine\n---\n"),
        "{source}"
    );
    assert_ne!(draft.title(), Some("Mine"));
    assert!(draft.provenance().is_some());
}

/// T1: error bodies, their headers, and pages that are no JSON.
#[test]
fn a_server_s_errors_cannot_reach_the_terminal() {
    let json = serde_json::json!({"error": {"message": HOSTILE, "code": HOSTILE, "type": HOSTILE}});
    let kind = ("content-type", "application/json".to_owned());
    let id = ("x-request-id", "r\u{1b}[6n\u{9b}6n".to_owned());
    let plain = ("content-type", "text/html\u{1b}[6n".to_owned());
    let server = Server::start(vec![
        vec![Step::Status(
            400,
            vec![kind.clone()],
            json.to_string().into_bytes(),
        )],
        vec![Step::Status(
            400,
            vec![kind, id],
            json.to_string().into_bytes(),
        )],
        vec![Step::Status(404, vec![plain], HOSTILE.as_bytes().to_vec())],
        vec![Step::Send(
            format!("HTTP/1.1 200 {HOSTILE}\r\n\r\n").into_bytes(),
        )],
        vec![
            Step::stream_head(),
            Step::body(&format!("data: {json}\n\ndata: {HOSTILE}\n\n")),
        ],
    ]);
    let mut studio = asking(&server);
    generate(&studio);
    for count in 1..=5 {
        studio.wait_until(
            |screen, _| {
                let seen = support::screen::text(screen);
                let tabs = (count == 1 || seen.contains(&format!("{count} ")))
                    && !seen.contains("waiting");
                (tabs && (seen.contains("failed") || seen.contains("interrupted"))).then_some(())
            },
            "the failure",
        );
        if count < 5 {
            studio.keys("R");
            studio.wait_beside(|| server.requests().len() > count, "the next request");
        }
    }
    kill(studio.pid().unwrap(), "TERM");
    assert_eq!(studio.exit_code(), 143);
    assert_untouched(&studio);
}

/// `HOSTILE` inside quotes, as YAML and TOML take it.
fn quoted() -> String {
    let escaped = HOSTILE.chars().map(|c| match c as u32 {
        0x5c => "\\\\".to_owned(),
        0x20..=0x7e => c.to_string(),
        point => format!("\\U{point:08x}"),
    });
    format!("\"{}\"", escaped.collect::<String>())
}

/// A home in which everything that has a name or a text is hostile.
fn hostile_home() -> TempDir {
    let home = TempDir::new().unwrap();
    let at = |path: &str| home.path().join(path);
    let name = "evil\u{1b}]52;c;eA==\u{7}\u{9b}6n\u{202e}";
    let quoted = quoted();
    let template = format!(
        "---\ntitle: {quoted}\ndescription: {quoted}\ninputs:\n  topic:\n    label: {quoted}\n    help: {quoted}\n---\nWrite about {{{{ topic }}}} {HOSTILE}\n"
    );
    furnish(at("data/templates/hostile.md"), &template);
    furnish(at(&format!("data/templates/{name}.md")), &template);
    furnish(
        at("data/templates/broken.md"),
        &format!("---\n{HOSTILE}: [\n---\n{{{{ {HOSTILE}\n"),
    );
    furnish(at(&format!("data/snippets/{name}.md")), HOSTILE);
    furnish(at("data/drafts/plain.md"), HOSTILE);
    let draft = format!("---\ntitle: {quoted}\nstatus: {quoted}\n---\n\n{HOSTILE}\n");
    furnish(at(&format!("data/drafts/{name}.md")), &draft);
    furnish(at("data/drafts/titled.md"), &draft);
    let config = format!(
        "provider = {quoted}\n\"{}\" = 1\n[{HOSTILE}\n",
        "key\\u001b[6n"
    );
    furnish(at("config/config.toml"), &config);
    home
}

/// T1: names and texts of files, their titles, and what is wrong with them.
#[test]
fn files_cannot_reach_the_terminal() {
    let mut studio = Pty::start_at_home(hostile_home(), (STUDIO, &[]), WIDE, &[]).unwrap();
    studio.wait_for_text("Templates");
    studio.wait_for_text("A␛]52");
    studio.keys("<down*40><up*40>");
    // Below the list stands how long the draft is, once it is listed.
    studio.keys("<tab>").wait_for_text(" words · ");
    studio.keys("<down*4><up*4><enter>").wait_for_text("hidden");
    studio.wait_for_text("␛\\F␈G␡H");
    studio.keys("<alt+1><tab><down*3><enter>");
    studio.keys("<alt+1><tab>/brok");
    studio.wait_for(|screen| screen.contains("!broken.md"), "the broken one");
    studio.keys("<enter>").wait_for_text("broken.md");
    escape(&studio, "brok ");
    // The first one has a name that no file of the library can be asked for by.
    studio.keys("/SGFja2Vk").wait_for_text("A␛]52");
    studio.keys("<down><enter>").wait_for_text("^G Generate");
    studio.keys("<ctrl+t>").wait_for_text("Write about");
    kill(studio.pid().unwrap(), "TERM");
    assert_eq!(studio.exit_code(), 143);
    assert_untouched(&studio);
}

/// T3: the clipboard is written once for each copy, and never otherwise; the title is fixed.
#[test]
fn the_clipboard_is_written_for_a_copy_alone() {
    let mut studio = studio(&[]);
    let written = |studio: &Pty| {
        let raw = studio.raw();
        let copies = raw.windows(5).filter(|bytes| bytes == b"\x1b]52;");
        let titles = raw.windows(4).filter(|bytes| bytes == b"\x1b]2;");
        (copies.count(), titles.count())
    };
    studio
        .keys("<alt+2>some words<ctrl+a>")
        .wait_for_text("some words");
    assert_eq!(written(&studio), (0, 1));
    studio.keys("<ctrl+c>").wait_for_text("copied 2 words");
    assert_eq!(written(&studio), (1, 1));
    studio.keys("<right> and more").wait_for_text("and more");
    kill(studio.pid().unwrap(), "TERM");
    assert_eq!(studio.exit_code(), 143);
    assert_eq!(written(&studio), (1, 1));
}

/// T1: the same for commands, on stdout and on stderr.
#[test]
fn commands_print_nothing_that_commands_a_terminal() {
    for args in [
        &["template", "list"] as &[&str],
        &["template", "show", "hostile"],
        &["template", "show", "broken"],
        &["template", "show", HOSTILE],
        &["draft", "list"],
        &["draft", "show", "plain"],
        &["draft", "show", "titled", "--source"],
        &["draft", "show", HOSTILE],
        &["run", HOSTILE],
        &["run", "hostile", "-i", HOSTILE],
        &["--library", HOSTILE, "config", "path", "--all"],
        &[HOSTILE],
        &["run", "hostile", "--provider", HOSTILE],
    ] {
        let args: Vec<String> = args.iter().map(|arg| arg.replace('\0', "")).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let mut command = Pty::start_at_home(hostile_home(), (STUDIO, &args), WIDE, &[]).unwrap();
        command.exit_code();
        assert_eq!(foreign(&command.raw(), Writer::Command), None, "{args:?}");
    }
}

/// T1: an answer that a command streams onto a terminal.
#[test]
fn a_run_on_a_terminal_marks_what_would_command_it() {
    let (start, rest) = HOSTILE.split_at(HOSTILE.find("]52").unwrap());
    let body = [delta(start), delta(rest), ending("stop")].concat();
    let server = Server::start(vec![vec![Step::stream_head(), Step::body(&body)]]);
    let url = server.base_url();
    let envs = [
        ("OPENAI_BASE_URL", url.as_str()),
        ("OPENAI_API_KEY", KEY),
        ("OPENAI_MODEL", "m1"),
    ];
    let args = ["run", "blog-post", "-i", "topic=kettles"];
    let mut command = Pty::start(&args, WIDE, &envs).unwrap();
    assert_eq!(command.exit_code(), 0);
    assert_eq!(foreign(&command.raw(), Writer::Command), None);
    assert!(
        command.screen().contains("␛]52;c;SGFja2Vk␇B"),
        "{}",
        command.screen()
    );
}

/// T1, T7: what was pasted, into a field, a filter, the palette and the draft.
#[test]
fn a_paste_cannot_reach_the_terminal_or_the_file() {
    let mut studio = studio(&[]);
    let paste = format!("\x1b[200~{}\x1b[201~", HOSTILE.replace('\u{1b}', "\u{9b}"));
    let shown = "A␦]52";
    // One line shows its end, where the cursor is.
    let end = "N␦52;c;eA==␦O";
    studio.send(b"/").send(paste.as_bytes());
    studio.wait_for_text(end);
    escape(&studio, end);
    studio.keys("<ctrl+p>").wait_for_text("Send the prompt");
    studio.send(paste.as_bytes()).wait_for_text(end);
    escape(&studio, end);
    studio.keys("<alt+2>").send(paste.as_bytes());
    studio.wait_for_text(shown);
    save(&studio);
    studio.keys("<alt+1>/blog<enter>");
    studio.wait_for_text("^G Generate");
    studio.send(paste.as_bytes());
    let end = "M∅N␦52;c;eA==␦O";
    studio.wait_for(|screen| screen.matches(end).count() == 2, "the field");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert_untouched(&studio);
    assert_safe_to_cat(&the_draft(studio.home()));
}

/// K7: addresses and commands in a text are text; thinking never becomes part of it.
#[test]
fn nothing_in_an_answer_is_fetched_opened_or_kept_as_thinking() {
    let other = Server::start(vec![]);
    let url = other.base_url();
    let text = format!(
        "<think>the secret plan</think># Kettles\n\n![x]({url}/a.png) {url} `$(touch owned)` {{{{ 7*7 }}}}"
    );
    let server = Server::start(vec![answer(&text)]);
    let mut studio = asking(&server);
    generate(&studio);
    studio.keys("<alt+3>").wait_for_text("use as draft");
    studio.keys("<enter>").wait_for_text("in the draft");
    save(&studio);
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    let source = the_draft(studio.home());
    assert!(
        !source.contains("secret plan") && !source.contains("think>"),
        "{source}"
    );
    assert!(source.contains("{{ 7*7 }}") && source.contains("$(touch owned)"));
    assert!(other.requests().is_empty());
    assert!(!studio.home().join("owned").exists());
    let run = Home::asking(&Server::start(vec![])).run(&["draft", "list"]);
    assert_eq!(run.code, 0);
}

// --- it is given back -------------------------------------------------------------------------

/// T4: after every end, the driver is set as it was.
#[test]
fn the_modes_of_the_driver_are_as_they_were() {
    for (signal, code) in [
        ("HUP", 129),
        ("INT", 130),
        ("QUIT", 131),
        ("TERM", 143),
        ("", 0),
    ] {
        let script = format!("stty -a >/dev/null; read -r line; exec {STUDIO}");
        let mut studio = Pty::start_program("sh", &["-c", &script], WIDE, &[]).unwrap();
        let before = studio.modes();
        studio.send(b"\n").wait_for_text("Blog post");
        assert_ne!(studio.modes(), before, "the studio is not in raw mode");
        match signal {
            "" => drop(studio.keys("<ctrl+q>")),
            signal => kill(studio.pid().unwrap(), signal),
        }
        assert_eq!(studio.exit_code(), code);
        assert_eq!(studio.modes(), before, "{signal}");
        assert_given_back(&studio);
    }
}

/// T4: a stop gives the terminal back, going on takes it again at the size it has then.
#[test]
fn a_stop_gives_the_terminal_back_until_it_goes_on() {
    let script = format!("read -r line; exec {STUDIO}");
    let mut studio = Pty::start_program("sh", &["-c", &script], WIDE, &[]).unwrap();
    let before = studio.modes();
    studio.send(b"\n").wait_for_text("Blog post");
    let pid = studio.pid().unwrap();
    for size in [(80, 24), (100, 30)] {
        kill(pid, "TSTP");
        studio.wait_beside(|| state(pid) == Some('T'), "the stop");
        studio.wait_until(
            |screen, _| (!screen.alternate_screen()).then_some(()),
            "the way out",
        );
        assert_eq!(studio.modes(), before);
        assert_given_back(&studio);
        studio.resize(size).unwrap();
        kill(pid, "CONT");
        studio.wait_until(
            |screen, _| {
                let text = support::screen::text(screen);
                let footer = text.lines().nth(usize::from(size.1) - 1)?.contains("F1");
                (screen.alternate_screen() && footer && text.contains("Blog post")).then_some(())
            },
            "the whole screen at its new size",
        );
        studio.wait_beside(|| studio.modes() != before, "the modes of the studio");
    }
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert_eq!(studio.modes(), before);
    assert_given_back(&studio);
    // Once at the start and once for each time it went on.
    let raw = studio.raw();
    let entered = raw.windows(8).filter(|bytes| *bytes == b"\x1b[?1049h");
    assert_eq!(entered.count(), 3);
}

/// T4: with a shell in between: stop, other work, `fg`.
#[test]
fn a_shell_gets_the_terminal_and_gives_it_again() {
    let shell =
        Pty::start_program("sh", &["-i"], WIDE, &[("PS1", "ready> "), ("ENV", "")]).unwrap();
    shell.wait_for_text("ready>");
    shell
        .send(format!("{STUDIO}\n").as_bytes())
        .wait_for_text("Blog post");
    let children = format!("/proc/{0}/task/{0}/children", shell.pid().unwrap());
    let child = std::fs::read_to_string(children).unwrap();
    let pid: u32 = child.trim().parse().unwrap();
    kill(pid, "TSTP");
    shell.wait_beside(|| state(pid) == Some('T'), "the stop");
    shell
        .send(b"echo still $((40+2))\n")
        .wait_for_text("still 42");
    shell.send(b"fg\n").wait_until(
        |screen, _| {
            let text = support::screen::text(screen);
            (screen.alternate_screen() && text.contains("Blog post")).then_some(())
        },
        "the studio again",
    );
    shell
        .keys("<alt+2>typed after")
        .wait_for_text("typed after");
    shell.keys("<ctrl+q>").wait_for_text("Please decide");
    shell.keys("q");
    shell.wait_until(
        |screen, _| (!screen.alternate_screen()).then_some(()),
        "the shell",
    );
    shell.send(b"echo over $?\n").wait_for_text("over 0");
    assert_given_back(&shell);
}

/// T4, O1: an editor that is killed in raw mode leaves neither its modes nor its text.
#[test]
fn a_killed_editor_leaves_text_and_modes() {
    let home = TempDir::new().unwrap();
    let script =
        "stty raw -echo; printf '\\033[?1003h\\033[?1004h'; echo changed > \"$1\"; kill -9 $$";
    let editor = furnish(home.path().join("editor.sh"), script);
    let line = format!(
        "read -r line; EDITOR='sh {}' exec {STUDIO}",
        editor.display()
    );
    let program = ("sh", &["-c", line.as_str()] as &[&str]);
    let mut studio = Pty::start_at_home(home, program, WIDE, &[]).unwrap();
    let before = studio.modes();
    studio.send(b"\n").wait_for_text("Blog post");
    studio.keys("<alt+2>as it was").wait_for_text("as it was");
    studio
        .keys("<ctrl+e>")
        .wait_for_text("`sh` ended with signal: 9");
    studio.keys(" still").wait_for_text("as it was still");
    studio.keys("<ctrl+q>").wait_for_text("Please decide");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    assert_eq!(studio.modes(), before);
    let raw = studio.raw();
    let last = |wanted: &[u8]| raw.windows(wanted.len()).rposition(|seen| seen == wanted);
    assert!(last(b"\x1b[?1004l") > last(b"\x1b[?1004h"));
    assert!(last(b"\x1b[?1003l") > last(b"\x1b[?1003h"));
}

/// O1, T4: `ctrl+c` in an editor that reads lines is the editor's, and so is the terminal, in its
/// usual modes; its file is private.
#[test]
fn ctrl_c_in_an_editor_does_not_end_the_studio() {
    let home = TempDir::new().unwrap();
    let script = "trap 'echo interrupted >> \"$1\"; exit 0' INT\n\
                  stat -c 'mode %a' \"$1\" >> \"$1\"\n\
                  echo keys $(tr '\\0' '\\n' < /proc/$$/environ | grep -c sk-test) >> \"$1\"\n\
                  echo lines $(stty -a | grep -c ' icanon') >> \"$1\"\n\
                  echo waiting; while :; do read -r line; done";
    let editor = furnish(home.path().join("editor.sh"), script);
    let line = format!("sh '{}'", editor.display());
    let envs = [
        ("VISUAL", line.as_str()),
        ("EDITOR", "false"),
        ("OPENAI_API_KEY", KEY),
    ];
    let mut studio = studio_at(home, &envs);
    studio.keys("<alt+2>first<enter>").wait_for_text("first");
    studio.keys("<ctrl+e>").wait_for_text("waiting");
    studio.send(b"\x03").wait_for_text("interrupted");
    let seen = studio.screen();
    assert!(seen.contains("mode 600"), "{seen}");
    assert!(seen.contains("keys 0"), "{seen}");
    assert!(seen.contains("lines 1"), "{seen}");
    studio.keys("still here").wait_for_text("still here");
    kill(studio.pid().unwrap(), "TERM");
    assert_eq!(studio.exit_code(), 143);
    assert_given_back(&studio);
}

/// T4: a request to end reaches the editor, and then the studio.
#[test]
fn a_signal_ends_the_editor_and_the_studio() {
    let home = TempDir::new().unwrap();
    let editor = furnish(
        home.path().join("editor.sh"),
        "echo waiting; while :; do read -r line; done",
    );
    let line = format!(
        "read -r line; EDITOR='sh {}' exec {STUDIO}",
        editor.display()
    );
    let program = ("sh", &["-c", line.as_str()] as &[&str]);
    let mut studio = Pty::start_at_home(home, program, WIDE, &[]).unwrap();
    let before = studio.modes();
    studio.send(b"\n").wait_for_text("Blog post");
    studio.keys("<ctrl+e>").wait_for_text("waiting");
    kill(studio.pid().unwrap(), "TERM");
    assert_eq!(studio.exit_code(), 143);
    assert_eq!(studio.modes(), before);
    assert_given_back(&studio);
}

/// Not a test: what the next one runs in a terminal, with the studio's own guards.
#[test]
#[ignore = "breaks down on purpose"]
fn a_studio_that_breaks_down() {
    use copydesk::tui::Screen;
    let home = PathBuf::from(std::env::var_os("COPYDESK_HOME").unwrap());
    copydesk::cli::breakdown::guard(home.join("state"));
    let cache = copydesk::view::Cache::default();
    let reports = copydesk::tui::terminal::Reports {
        mouse: true,
        focus: true,
    };
    let mut screen = copydesk::tui::terminal::RealScreen::take(cache, reports).unwrap();
    let app = copydesk::app::App::new(support::studio::settings(&[]), 1);
    screen.draw(&app).unwrap();
    let fault = |text: &'static str| panic!("broke at {text} with {KEY}");
    match std::env::var("WHERE").as_deref() {
        Ok("main") => fault("the secret plan"),
        _ => std::thread::spawn(move || fault("the secret plan"))
            .join()
            .unwrap(),
    }
}

/// T4, O3: a panic in any thread gives the terminal back and leaves a private report.
#[test]
fn a_panic_gives_the_terminal_back_and_tells_where_the_report_is() {
    let program = std::env::current_exe().unwrap();
    for place in ["main", "elsewhere"] {
        let args = [
            "--ignored",
            "--exact",
            "--nocapture",
            "a_studio_that_breaks_down",
        ];
        let line = format!(
            "read -r line; exec {} {}",
            program.display(),
            args.join(" ")
        );
        let envs = [("WHERE", place)];
        let mut studio = Pty::start_program("sh", &["-c", &line], WIDE, &envs).unwrap();
        let before = studio.modes();
        studio.send(b"\n");
        assert_eq!(studio.exit_code(), 101, "{}", studio.screen());
        assert_eq!(studio.modes(), before);
        assert_given_back(&studio);
        let told = studio.screen();
        assert!(told.contains("copydesk: broke down"), "{told}");
        let reports = std::fs::read_dir(studio.home().join("state/reports")).unwrap();
        let [report] = reports
            .map(|entry| entry.unwrap().path())
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        assert!(
            told.replace('\n', "")
                .contains(report.file_name().unwrap().to_str().unwrap()),
            "{told}"
        );
        let text = std::fs::read_to_string(&report).unwrap();
        assert!(text.contains("place: tests/terminal.rs:"), "{text}");
        let all = format!("{text}{}", String::from_utf8_lossy(&studio.raw()));
        assert!(!all.contains("secret plan") && !all.contains(KEY), "{all}");
        assert_eq!(
            report.metadata().unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

// --- it goes away, changes, floods ------------------------------------------------------------

/// Not a test: holds a terminal with a studio in it until it is killed.
#[test]
#[ignore = "waits to be killed"]
fn a_terminal_that_will_vanish() {
    let studio = if std::env::var_os("UNCONTROLLED").is_some() {
        let studio = Pty::start_uncontrolled(WIDE, &[]).unwrap();
        studio.wait_for_text("A first draft of a post");
        studio
    } else {
        studio(&[])
    };
    studio.keys("<alt+2>some text").wait_for_text("some text");
    if std::env::var_os("UNCONTROLLED").is_some() {
        // At rest nothing is drawn, and no failing write tells that the terminal is gone.
        studio.wait_beside(|| kept(studio.home()) == ["some text"], "the text");
    }
    let told = std::env::var_os("TOLD").unwrap();
    let home = studio.home().display();
    let line = format!("{} {home}\n", studio.pid().unwrap());
    furnish(PathBuf::from(told), &line);
    studio.wait_for_text("this never comes");
}

/// Lets a terminal vanish with a studio in it: the studio ends within two seconds, and the text is
/// in its journal.
fn let_a_terminal_vanish(envs: &[(&str, &str)]) {
    let home = TempDir::new().unwrap();
    let told = home.path().join("pid");
    let mut terminal = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_terminal_that_will_vanish"])
        .env("TOLD", &told)
        .env("TMPDIR", home.path())
        .envs(envs.iter().copied())
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let wait = |what: &dyn Fn() -> bool, limit: Duration| {
        let end = Instant::now() + limit;
        while !what() && Instant::now() < end {
            std::thread::yield_now();
        }
        what()
    };
    let read = || std::fs::read_to_string(&told).unwrap_or_default();
    assert!(wait(&|| read().ends_with('\n'), Duration::from_secs(20)));
    let line = read();
    let (pid, its_home) = line.trim().split_once(' ').unwrap();
    let pid: u32 = pid.parse().unwrap();
    terminal.kill().unwrap();
    terminal.wait().unwrap();
    let ended = wait(&|| has_ended(pid), Duration::from_secs(2));
    if !ended {
        kill(pid, "KILL");
    }
    assert!(ended, "{pid} still runs");
    assert_eq!(kept(Path::new(its_home)), ["some text"]);
}

/// The unsaved texts that the journal of a home has.
fn kept(home: &Path) -> Vec<String> {
    let opened = Journal::open(&home.join("data/journal.db")).unwrap();
    let kept = opened.journal.buffers().unwrap();
    kept.into_iter().map(|kept| kept.buffer.text).collect()
}

/// T5: within two seconds, whatever the studio was doing.
#[test]
fn a_vanished_terminal_ends_the_studio() {
    let_a_terminal_vanish(&[]);
}

/// T5: also where no signal tells of it, so that the reader has to see it.
#[test]
fn a_terminal_that_vanishes_without_a_signal_ends_the_studio() {
    let_a_terminal_vanish(&[("UNCONTROLLED", "1")]);
}

/// T6: every size, also none at all.
#[test]
fn a_storm_of_sizes_is_weathered() {
    let mut studio = Pty::start(&[], (0, 0), &[]).unwrap();
    studio.wait_until(
        |screen, _| screen.alternate_screen().then_some(()),
        "the start",
    );
    for step in 0..120_u16 {
        let sizes = [
            (120, 36),
            (0, 0),
            (1, 1),
            (500, 2),
            (2, 500),
            (0, 40),
            (40, 0),
            (80, 24),
        ];
        studio.resize(sizes[usize::from(step % 8)]).unwrap();
    }
    studio.resize(WIDE).unwrap();
    // The very next key must be seen, not only the one after it.
    studio.keys("<ctrl+p>").wait_for_text("Commands");
    studio.wait_for_text("Send the prompt");
    escape(&studio, "Send the prompt");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert_given_back(&studio);
}

/// T7: much text at once. A build without optimisation is given less of it.
#[test]
fn a_large_paste_is_there_within_two_seconds() {
    let size = if cfg!(debug_assertions) {
        1 << 18
    } else {
        10 << 20
    };
    let line = "words and \r more\u{7} words\r\n";
    let text = line.repeat(size / line.len());
    let mut studio = studio(&[]);
    studio.keys("<alt+2>");
    let start = Instant::now();
    studio.send(format!("\x1b[200~{text}THE END\x1b[201~").as_bytes());
    studio.wait_for_text("THE END");
    let spent = start.elapsed();
    assert!(spent < Duration::from_secs(2), "{spent:?}");
    studio.keys("<ctrl+z>");
    studio.wait_for(|screen| !screen.contains("THE END"), "the undo");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}

/// T7: a terminal that marks no paste; what is in it would quit, send and discard.
#[test]
fn a_burst_without_marks_is_text_and_nothing_else() {
    let server = Server::start(vec![answer("One answer.")]);
    let mut studio = asking(&server);
    generate(&studio);
    studio.keys("<alt+3>").wait_for_text("use as draft");
    let burst = "R is one line of it\rV another\rc and q\u{7}\u{11}\u{1b}[15~ and d\r";
    studio
        .send(burst.as_bytes())
        .wait_for_text("focus the draft or a field");
    studio.keys("<alt+2>");
    studio.wait_for(|screen| !screen.contains("draft appears here"), "the focus");
    studio.send(burst.repeat(400).as_bytes());
    studio.send(b"THE END").wait_for_text("THE END");
    assert!(
        studio.screen().contains("c and q␇␑␛[15~ and d"),
        "{}",
        studio.screen()
    );
    save(&studio);
    studio.keys("More. <ctrl+q>").wait_for_text("Please decide");
    studio.send(burst.as_bytes());
    escape(&studio, "Please decide");
    assert_eq!(server.requests().len(), 1);
    let source = the_draft(studio.home());
    assert_eq!(source.matches("V another\n").count(), 400);
    assert_safe_to_cat(&source);
    studio.keys("<ctrl+q>").wait_for_text("Please decide");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
}

/// T8: any bytes, in pieces of any size.
#[test]
fn random_bytes_break_nothing() {
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    let mut next = || {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        random
    };
    let mut studio = studio(&[("EDITOR", "true")]);
    for _ in 0..400 {
        let length = next() % 60 + 1;
        let piece = (0..length).map(|_| match next() % 4 {
            0 => b"\x1b[;0123456789~<MmOABuZ"[(next() % 22) as usize],
            _ => next() as u8,
        });
        // Leaving is another test's business.
        let piece: Vec<u8> = piece.filter(|byte| !matches!(byte, 3 | 17)).collect();
        studio.send(&piece);
    }
    studio.resize((100, 30)).unwrap();
    studio.wait_for(|screen| screen.contains("Copydesk"), "a whole screen");
    kill(studio.pid().unwrap(), "TERM");
    assert_eq!(studio.exit_code(), 143, "{}", studio.screen());
    assert_given_back(&studio);
}

/// T8: alone, the escape key acts at once; the best of a few tries, for a busy machine.
#[test]
fn a_lone_escape_acts_within_a_tenth_of_a_second() {
    let mut studio = studio(&[]);
    let spent = (0..5).map(|_| {
        studio.keys("<ctrl+p>").wait_for_text("Send the prompt");
        let start = Instant::now();
        studio.keys("<esc>");
        studio.wait_for(|screen| !screen.contains("Send the prompt"), "the escape");
        start.elapsed()
    });
    let best = spent.min().unwrap();
    assert!(best < Duration::from_millis(100), "{best:?}");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}

// --- it is not there --------------------------------------------------------------------------

/// T9: one line, exit 2, and nothing for a terminal in a pipe.
#[test]
fn without_a_terminal_the_studio_says_so_in_one_line() {
    let ran = Home::new().run(&[]);
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""));
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");
    assert!(ran.stderr.contains("the studio needs a terminal"));
    assert!(!ran.stderr.contains('\u{1b}'));
    for script in [
        "$0 < /dev/null",
        "$0 > out",
        "$0 | cat > out; exit 2",
        "TERM=dumb $0",
    ] {
        let mut shell = Pty::start_program("sh", &["-c", script, STUDIO], WIDE, &[]).unwrap();
        assert_eq!(shell.exit_code(), 2, "{script}");
        let seen = shell.screen();
        assert!(
            seen.starts_with("copydesk: the studio needs a terminal"),
            "{script}: {seen}"
        );
        assert!(!shell.raw().contains(&0x1b), "{script}");
    }
}

/// T9: colours and marks are for people; a pipe gets the text.
#[test]
fn a_pipe_gets_the_text_and_no_colour() {
    let home = hostile_home();
    for args in [
        "template list",
        "draft list",
        "help",
        "template show hostile",
    ] {
        let output = Command::new(STUDIO)
            .args(args.split(' '))
            .env("COPYDESK_HOME", home.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(!text.is_empty(), "{args}");
        assert!(!text.contains('\u{1b}'), "{args}: {text:?}");
    }
}
