//! The rigs themselves, tried on programs whose behaviour is known: a rig that cannot tell a
//! fault would let every test that stands on it pass.
#![cfg(unix)]

mod support;

use std::time::{Duration, Instant};
use support::pty::Pty;
use support::{keys, screen};

const SIZE: (u16, u16) = (40, 10);

#[expect(
    clippy::expect_used,
    reason = "a machine without sh cannot run these tests"
)]
fn shell(script: &str) -> Pty {
    Pty::start_program("sh", &["-c", script], SIZE, &[]).expect("sh starts")
}

#[test]
fn typed_keys_come_back_from_cat() {
    let cat = Pty::start_program("cat", &[], SIZE, &[]).expect("cat starts");
    cat.keys("hello<space>there<enter>");
    let seen = cat.wait_for(|text| text.matches("hello there").count() == 2, "the echo");
    assert_eq!(seen.lines().next(), Some("hello there"));
}

#[test]
fn the_exit_code_and_the_last_words_are_seen() {
    let mut shell = shell("printf 'last words'; exit 7");
    assert_eq!(shell.exit_code(), 7);
    assert!(shell.screen().contains("last words"));
    assert_eq!(shell.raw(), b"last words");
}

#[test]
fn the_environment_is_the_harness_s_own() {
    let mut shell = shell("env | cut -d= -f1 | sort | tr '\\n' ' '; pwd; echo $COPYDESK_HOME");
    shell.exit_code();
    let seen = shell.screen().replace('\n', "");
    let home = shell
        .home()
        .file_name()
        .and_then(|name| name.to_str())
        .expect("a name");
    assert_eq!(seen.matches(home).count(), 2, "{seen}");
    assert!(
        seen.contains("COPYDESK_HOME HOME LANG") && !seen.contains("CARGO"),
        "{seen}"
    );
}

#[test]
fn the_questions_of_a_program_are_answered() {
    let script = "stty raw -echo; printf 'ab\\033[6n'; dd bs=1 count=6 2>/dev/null | od -c; \
                  printf '\\033[c'; dd bs=1 count=9 2>/dev/null | tr '\\033' E; stty sane";
    let mut shell = shell(script);
    shell.exit_code();
    let seen = shell.screen();
    assert!(seen.contains("[   1   ;   3   R"), "{seen}");
    assert!(seen.contains("E[?62;22c"), "{seen}");
}

#[test]
fn a_resize_reaches_the_program() {
    let shell = shell("trap 'stty size' WINCH; echo ready; while :; do read -r line; done");
    shell.wait_for_text("ready");
    shell.resize((60, 20)).expect("the terminal resizes");
    shell.wait_for_text("20 60");
}

#[test]
#[should_panic(expected = "waited in vain for something else (the program has ended)")]
fn waiting_on_a_dead_program_gives_up_at_once() {
    let shell = shell("echo something");
    shell.wait_for_text("something else");
}

#[test]
fn a_dropped_terminal_leaves_no_process() {
    let shell = shell("trap '' HUP TERM; echo ready; while :; do read -r line; done");
    shell.wait_for_text("ready");
    let pid = shell.pid().expect("a pid");
    let start = Instant::now();
    drop(shell);
    assert!(start.elapsed() < Duration::from_secs(5));
    let gone = !std::path::Path::new(&format!("/proc/{pid}")).exists();
    assert!(gone, "{pid} still runs");
}

#[test]
fn keys_are_sent_as_xterm_sends_them() {
    let cases: [(&str, &[u8]); 12] = [
        ("a<lt>b", b"a<b"),
        ("<ctrl+g><ctrl+space>", b"\x07\x00"),
        ("<enter><tab><esc><backspace>", b"\r\t\x1b\x7f"),
        ("<shift+tab>", b"\x1b[Z"),
        ("<up><shift+up><ctrl+right>", b"\x1b[A\x1b[1;2A\x1b[1;5C"),
        ("<f1><f5><shift+f6>", b"\x1bOP\x1b[15~\x1b[17;2~"),
        ("<alt+1><alt+enter>", b"\x1b1\x1b\r"),
        ("<pagedown><ctrl+home>", b"\x1b[6~\x1b[1;5H"),
        ("<down*2>", b"\x1b[B\x1b[B"),
        ("<paste:two words>", b"\x1b[200~two words\x1b[201~"),
        ("é", "é".as_bytes()),
        ("", b""),
    ];
    for (keys, expected) in cases {
        assert_eq!(keys::bytes(keys).as_deref(), Ok(expected), "{keys}");
    }
    assert!(keys::bytes("<hyper+x>").is_err() && keys::bytes("<ctrl+enter>").is_err());
    assert!(keys::bytes("<entr>").is_err() && keys::bytes("<enter").is_err());
}

#[test]
fn a_picture_keeps_text_colour_and_width() {
    let mut shell = shell("printf '╭─╮\\n\\033[1;31mre<d\\033[0;7m on\\033[0m 漢字x\\n'");
    shell.exit_code();
    let picture = shell.picture();
    assert!(picture.starts_with("<svg ") && picture.ends_with("</svg>\n"));
    assert!(picture.contains("textLength=\"33.6\"") && picture.contains(">re&lt;d</text>"));
    assert!(picture.contains("#e06c75") && picture.contains("font-weight=\"bold\""));
    assert!(picture.contains("textLength=\"16.8\"") && picture.contains(">漢</text>"));
    let (row, col) = shell
        .look(|seen| screen::find(seen, "x"))
        .expect("x is on screen");
    assert_eq!((row, col), (1, 12));
}
