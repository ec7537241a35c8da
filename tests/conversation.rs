//! Conversations and notices of the real binary: what a kill leaves of a question, and what the
//! terminal hears while nobody looks.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::store::journal::{Journal, Purpose};
use std::sync::Arc;
use support::pty::Pty;
use support::server::{Gate, Server, Step};
use support::studio::paths;
use tempfile::TempDir;

const LARGE: (u16, u16) = (120, 40);

fn start(home: &Arc<TempDir>, server: &Server) -> Pty {
    let program = env!("CARGO_BIN_EXE_copydesk");
    let base = server.base_url();
    let envs = [
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_MODEL", "scripted"),
    ];
    let studio = Pty::start_at_home(Arc::clone(home), (program, &[]), LARGE, &envs).unwrap();
    studio.wait_for(
        |screen| screen.contains("A first draft of a post") || screen.contains("Unsaved text"),
        "the open journal",
    );
    studio
}

fn delta(text: &str) -> Step {
    Step::body(&format!(
        "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\
         \"finish_reason\":null}}]}}\n\n"
    ))
}

fn end() -> Step {
    Step::body(
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
         data: [DONE]\n\n",
    )
}

fn kill(mut studio: Pty) {
    let pid = rustix::process::Pid::from_raw(studio.pid().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    studio.exit_status();
}

/// What the journal has of the answers, oldest first.
fn answers(studio: &Pty) -> Vec<String> {
    let journal = Journal::open(&paths(studio.home()).journal)
        .unwrap()
        .journal;
    let runs = journal.runs(20, None).unwrap().into_iter().rev();
    let asked = runs.filter(|run| run.purpose == Purpose::Ask);
    asked
        .map(|run| journal.run(run.id).unwrap().unwrap().text)
        .collect()
}

/// W1, W3: the conversation about a draft is there again after a kill, also the answer that was
/// being written, and no other draft has it.
#[test]
fn a_conversation_is_there_again_after_a_kill() {
    let home = Arc::new(tempfile::tempdir().unwrap());
    let gate = Gate::default();
    let server = Server::start(vec![
        vec![Step::stream_head(), delta("It opens well."), end()],
        vec![
            Step::stream_head(),
            delta("Cut the "),
            Step::Gate(gate.clone()),
        ],
        vec![Step::stream_head(), delta("Then it is short."), end()],
    ]);
    let studio = start(&home, &server);
    studio.keys("<alt+2>A house on a hill.<ctrl+s>");
    studio.wait_for(|screen| screen.contains("saved drafts/"), "the save");
    studio.keys("<alt+k>").wait_for_text("whole draft");
    studio
        .keys("Is it good?<enter>")
        .wait_for_text("It opens well.");
    studio.wait_for_text(" done ");
    studio.keys("What can go?<enter>").wait_for_text("Cut the");
    let kept = || answers(&studio) == ["It opens well.", "Cut the "];
    studio.wait_beside(kept, "the answers in the journal");
    kill(studio);
    gate.open();

    let studio = start(&home, &server);
    let screen = studio.screen();
    assert!(!screen.contains("Unsaved text"), "a false offer:\n{screen}");
    // Another draft has no conversation.
    studio
        .keys("<alt+2>x<alt+k>")
        .wait_for_text("Ask about this draft");
    studio
        .keys("<esc><alt+1>]")
        .wait_for_text("A house on a hill");
    studio
        .keys("<enter>")
        .wait_for_text("-a-house-on-a-hill.md");
    studio.keys("<alt+k>");
    let screen = studio.wait_for_text("? What can go?");
    for told in [
        "? Is it good?",
        "It opens well.",
        "Cut the",
        "Interrupted; c asks it to go on",
    ] {
        assert!(screen.contains(told), "{told}:\n{screen}");
    }
    studio
        .keys("And now?<enter>")
        .wait_for_text("Then it is short.");
    let sent = server.requests()[2].json();
    let turns = sent["messages"].as_array().unwrap().iter();
    let turns: Vec<_> = turns
        .map(|turn| turn["content"].as_str().unwrap().to_owned())
        .collect();
    let place = |wanted: &str| turns.iter().position(|turn| turn == wanted);
    let first = place("Is it good?").unwrap();
    assert_eq!(turns[first + 1], "It opens well.");
    assert_eq!(turns[first + 2..first + 4], ["What can go?", "Cut the "]);
}

fn has(studio: &Pty, wanted: &[u8]) -> bool {
    let raw = studio.raw();
    raw.windows(wanted.len()).any(|seen| seen == wanted)
}

/// Runs one text to its end while the terminal has said that nobody looks.
fn finished_unseen(config: &str) -> Pty {
    let home = Arc::new(tempfile::tempdir().unwrap());
    let folder = home.path().join("config");
    std::fs::create_dir_all(&folder).unwrap();
    copydesk::store::atomic::save(&folder.join("config.toml"), config.as_bytes()).unwrap();
    let (gate, last) = (Gate::default(), Gate::default());
    let body = vec![
        Step::stream_head(),
        delta("Calm."),
        Step::Gate(gate.clone()),
        delta(" More."),
        Step::Gate(last.clone()),
        end(),
    ];
    let server = Server::start(vec![body]);
    let studio = start(&home, &server);
    studio
        .keys("<alt+2>A house on a hill.<alt+k>")
        .wait_for_text("whole draft");
    studio
        .keys("Is it \u{202e}good?<enter>")
        .wait_for_text("Calm.");
    studio.send(b"\x1b[O");
    gate.open();
    // A frame later than the report: the studio has read it.
    studio.wait_for_text("Calm. More.");
    last.open();
    studio.wait_for_text(" done ");
    studio
}

fn leave(mut studio: Pty) {
    studio.keys("<ctrl+q>").wait_for_text("Please decide");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    let raw = studio.raw();
    let last = |wanted: &[u8]| raw.windows(wanted.len()).rposition(|seen| seen == wanted);
    assert!(
        last(b"\x1b[?1004l") > last(b"\x1b[?1004h"),
        "focus is still reported"
    );
}

#[test]
fn the_bell_rings_while_nobody_looks_and_the_terminal_is_given_back() {
    let studio = finished_unseen("");
    assert!(has(&studio, b"\x1b[?1004h"));
    let rings = |_: &vt100::Screen, raw: &[u8]| {
        let title = b"\x1b]2;Copydesk\x07";
        let rest = raw.windows(title.len()).position(|seen| seen == title)? + title.len();
        raw[rest..].contains(&7).then_some(())
    };
    studio.wait_until(rings, "the bell");
    assert!(!has(&studio, b"\x1b]9;"));
    leave(studio);
}

/// T1: what a person asked stands in the notice, and commands nothing.
#[test]
fn a_notice_for_the_desktop_is_one_line_of_text() {
    let studio = finished_unseen("[ui]\nnotify = \"desktop\"\n");
    let notice = "\x1b]9;Copydesk · Is it ∅good? · A house on a hill.: done\x07";
    let told = |_: &vt100::Screen, raw: &[u8]| {
        let start = raw.windows(4).position(|seen| seen == b"\x1b]9;")?;
        let length = raw[start..].iter().position(|byte| *byte == 7)?;
        Some(String::from_utf8_lossy(&raw[start..=start + length]).into_owned())
    };
    let told = studio.wait_until(told, "the notice");
    assert_eq!(told.replace(|c: char| "⇄⟲◂▸↔".contains(c), "∅"), notice);
    leave(studio);
}

#[test]
fn nothing_is_asked_of_the_terminal_where_notices_are_off() {
    let studio = finished_unseen("[ui]\nnotify = \"off\"\n");
    assert!(!has(&studio, b"\x1b[?1004h") && !has(&studio, b"\x1b]9;"));
    let raw = studio.raw();
    let bells = raw.split(|byte| *byte == 7).count() - 1;
    assert_eq!(bells, 1, "the title ends with the only one");
}
