//! Nothing is asked of a server before somebody asks for it: a trap listens where the provider is
//! said to be, and counts who comes.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use pretty_assertions::assert_eq;
use std::net::TcpListener;
use support::cli::{Home, KEY};
use support::pty::Pty;

/// A port where nobody is welcome. What comes waits in its queue, which is never served.
struct Trap(TcpListener);

impl Trap {
    fn set() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        Self(listener)
    }

    fn base_url(&self) -> String {
        format!("http://{}/v1", self.0.local_addr().unwrap())
    }

    /// Connections since the last time.
    fn caught(&self) -> usize {
        let mut caught = 0;
        while self.0.accept().is_ok() {
            caught += 1;
        }
        caught
    }
}

fn home(trap: &Trap) -> Home {
    Home::new()
        .with("OPENAI_BASE_URL", &trap.base_url())
        .with("OPENAI_API_KEY", KEY)
}

#[test]
fn commands_that_send_nothing_connect_to_nobody() {
    let trap = Trap::set();
    let home = home(&trap);
    home.write("library/templates/mine.md", "Write about {{ topic }}.\n");
    for args in [
        &["run", "blog-post", "-i", "topic=Kettles", "--dry-run"][..],
        &["run", "blog-post", "-i", "topic=Kettles", "--curl"],
        &["run", "blog-post"],
        &["run", "no-such-template", "--json"],
        &["template", "list"],
        &["template", "show", "blog-post", "--json"],
        &["draft", "list"],
        &["draft", "trash"],
        &["config", "path", "--all"],
        &["completions", "bash"],
        &["config", "show"],
        &["config", "check"],
        &["usage"],
        &["usage", "--json"],
        &["doctor"],
        &["--version"],
        &["--help"],
    ] {
        let ran = home.run(args);
        assert!((0..=2).contains(&ran.code), "{args:?}: {ran:?}");
        assert_eq!(trap.caught(), 0, "{args:?}");
    }
}

#[test]
fn the_trap_catches_who_asks() {
    let trap = Trap::set();
    let mut child = home(&trap)
        .command(&["run", "blog-post", "-i", "topic=Kettles"])
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let mut caught = 0;
    while caught == 0 && child.try_wait().unwrap().is_none() {
        caught = trap.caught();
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(caught, 1);
}

#[test]
fn a_studio_in_which_nothing_is_generated_connects_to_nobody() {
    let trap = Trap::set();
    let base_url = trap.base_url();
    let envs = [
        ("OPENAI_BASE_URL", base_url.as_str()),
        ("OPENAI_API_KEY", KEY),
    ];
    let mut studio = Pty::start(&[], (120, 36), &envs).unwrap();
    studio.wait_for_text("Blog post");
    studio.keys("jjk]").wait_for_text("No drafts");
    studio
        .keys("[/blog post<enter>")
        .wait_for_text("tab Next field");
    studio
        .keys("Blue kettles<tab>")
        .wait_for_text("Blue kettles");
    studio
        .keys("<ctrl+t>")
        .wait_for_text("Topic: ¹Blue kettles");
    studio.keys("<f8>").wait_for_text("POST http://");
    studio.keys("<esc><f9>").wait_for_text("Usage in");
    studio.keys("<esc><f1>").wait_for_text("Help");
    studio.keys("<esc><ctrl+p>").wait_for_text("Commands");
    studio
        .keys("<esc><alt+2><ctrl+t>My own words.")
        .wait_for_text("My own words.");
    studio.keys("<ctrl+s>").wait_for(
        |screen| screen.contains("saved") && !screen.contains('●'),
        "the save",
    );
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert_eq!(trap.caught(), 0);
}
