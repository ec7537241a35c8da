//! The studio in a real pseudo-terminal: the main job from the first key to the file on disk, and
//! the terminal as it was before.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::domain::brief::Value;
use copydesk::domain::draft::Draft;
use pretty_assertions::assert_eq;
use std::path::PathBuf;
use support::pty::Pty;
use support::screen;

const WIDE: (u16, u16) = (120, 36);

fn studio(size: (u16, u16), envs: &[(&str, &str)]) -> Pty {
    let studio = Pty::start(&[], size, envs).unwrap();
    studio.wait_for_text("Copydesk");
    studio
}

#[expect(
    clippy::disallowed_methods,
    reason = "nothing reads the file before it is whole"
)]
fn furnish(path: &std::path::Path, text: &str) {
    std::fs::write(path, text).unwrap();
}

/// Opens the form of the template with this name, from the list.
fn open_form(studio: &Pty, name: &str, title: &str) {
    studio.wait_for_text("Blog post");
    studio.keys("/").keys(name);
    studio.wait_for(
        |screen| screen.contains(title) && !screen.contains("Cover letter"),
        "the filtered list",
    );
    studio.keys("<enter>");
    studio.wait_for(
        |screen| screen.contains("^G Generate") || screen.contains(" *\n"),
        "the form",
    );
}

/// Waits for the whole sample: the verbs under it are there once it is complete.
fn wait_for_sample(studio: &Pty) {
    studio.wait_for(
        |screen| {
            let whole = screen.contains("Use as draft") || screen.contains("generate again");
            whole && screen.contains(" done ")
        },
        "the whole sample",
    );
}

/// Saves, and waits until the studio says so; a draft with unsaved text has a ● in the title.
fn save(studio: &Pty) {
    studio.keys("<ctrl+s>");
    studio.wait_for(
        |screen| screen.contains("saved") && !screen.contains("not saved") && !screen.contains('●'),
        "the save",
    );
}

fn drafts(studio: &Pty) -> Vec<PathBuf> {
    let Ok(folder) = std::fs::read_dir(studio.home().join("data/drafts")) else {
        return Vec::new();
    };
    folder.map(|entry| entry.unwrap().path()).collect()
}

fn the_draft(studio: &Pty) -> Draft {
    let [path] = drafts(studio).try_into().unwrap();
    Draft::parse(&std::fs::read_to_string(path).unwrap())
}

/// The modes that a program may leave behind, as the screen has them.
fn assert_given_back(studio: &Pty) {
    studio.look(|screen| {
        assert!(!screen.alternate_screen(), "the alternate screen stays");
        assert!(!screen.hide_cursor(), "the cursor stays hidden");
        assert!(!screen.bracketed_paste(), "bracketed paste stays on");
        assert!(!screen.application_cursor() && !screen.application_keypad());
        let mouse = screen.mouse_protocol_mode();
        assert_eq!(mouse, vt100::MouseProtocolMode::None);
    });
    let raw = String::from_utf8_lossy(&studio.raw()).into_owned();
    let last_begin = raw.rfind("\x1b[?2026h");
    let last_end = raw.rfind("\x1b[?2026l");
    assert!(last_end > last_begin, "a synchronised update stays open");
}

#[test]
fn the_main_job_works_without_a_key() {
    let mut studio = studio(WIDE, &[]);
    studio.wait_for_text("No key is set");
    open_form(&studio, "blog", "Blog post");
    studio.keys("Blue kettles").wait_for_text("Blue kettles");
    studio.keys("<ctrl+g>");
    wait_for_sample(&studio);
    studio.keys("<alt+3><enter>").wait_for_text("in the draft");
    studio.keys("<ctrl+home>");
    studio
        .keys("My own words. ")
        .wait_for_text("My own words. ");
    save(&studio);
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert_given_back(&studio);

    let draft = the_draft(&studio);
    assert_eq!(draft.problem(), None);
    assert!(draft.body().contains("My own words. "), "{}", draft.body());
    assert!(draft.body().contains("No model was asked"));
    let made = draft.provenance().unwrap();
    assert_eq!(made.template.as_deref(), Some("blog-post"));
    assert_eq!(made.provider.as_deref(), Some("practice"));
    let topic = Value::Text("Blue kettles".to_owned());
    assert_eq!(made.brief.get("topic"), Some(&topic));
    assert!(made.run.is_some() && made.template_hash.is_some());
}

#[test]
fn the_terminal_is_as_it_was_after_quitting() {
    let script = format!(
        "stty -g; {}; echo code $?; stty -g; echo over",
        env!("CARGO_BIN_EXE_copydesk")
    );
    let mut shell = Pty::start_program("sh", &["-c", &script], WIDE, &[]).unwrap();
    shell.wait_for_text("Blog post");
    shell.look(|screen| {
        assert!(screen.alternate_screen() && screen.bracketed_paste());
        assert!(screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None);
    });
    shell.keys("<ctrl+q>").wait_for_text("over");
    shell.exit_code();
    assert_given_back(&shell);
    let seen = shell.screen();
    let lines: Vec<&str> = seen.lines().filter(|line| !line.is_empty()).collect();
    let [before, code, after, over] = lines.try_into().unwrap();
    assert_eq!((code, over), ("code 0", "over"));
    assert_eq!(before, after);
}

#[test]
fn a_signal_ends_it_with_its_number_and_gives_the_terminal_back() {
    for (signal, code) in [("HUP", 129), ("INT", 130), ("QUIT", 131), ("TERM", 143)] {
        let mut studio = studio(WIDE, &[]);
        studio.wait_for_text("Blog post");
        kill(&studio, signal);
        assert_eq!(studio.exit_code(), code, "{signal}");
        assert_given_back(&studio);
    }
}

fn kill(studio: &Pty, signal: &str) {
    let pid = studio.pid().unwrap().to_string();
    let status = std::process::Command::new("kill")
        .args(["-s", signal, &pid])
        .status();
    assert!(status.unwrap().success());
}

#[test]
fn a_signal_in_the_middle_of_an_answer_ends_it_too() {
    let mut studio = studio(WIDE, &[]);
    open_form(&studio, "blog", "Blog post");
    studio.keys("Blue kettles<ctrl+g>").wait_for_text("Sample:");
    kill(&studio, "TERM");
    assert_eq!(studio.exit_code(), 143);
    assert_given_back(&studio);
}

#[test]
fn a_storm_of_sizes_breaks_nothing() {
    let mut studio = studio(WIDE, &[]);
    open_form(&studio, "blog", "Blog post");
    studio.keys("Blue kettles<ctrl+g>").wait_for_text("Sample:");
    for step in 0..60_u16 {
        let size = [(120, 36), (1, 1), (500, 2), (2, 100), (80, 24), (19, 4)];
        studio.resize(size[usize::from(step % 6)]).unwrap();
    }
    studio.resize(WIDE).unwrap();
    wait_for_sample(&studio);
    studio.wait_for_text("Blue kettles");
    // The very next key must be seen, not only the one after it.
    studio.keys("<ctrl+q>").wait_for_text("was not used");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    assert_given_back(&studio);
}

#[test]
fn a_paste_is_text_in_the_field_and_sends_nothing() {
    let mut studio = studio(WIDE, &[]);
    open_form(&studio, "translate", "Translate");
    studio.keys("<paste:first line\r\u{7}second\u{3} line>");
    let seen = studio.wait_for(
        |screen| screen.contains("first line") && screen.contains("second"),
        "the paste",
    );
    assert!(
        !seen.contains("Sample:") && !seen.contains("again to quit"),
        "{seen}"
    );
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}

#[test]
fn every_usual_size_is_usable() {
    for size in [(80, 24), (60, 20)] {
        let mut studio = studio(size, &[]);
        open_form(&studio, "blog", "Blog post");
        studio.keys("Blue kettles").wait_for_text("Blue kettles");
        studio.keys("<ctrl+g><alt+3>").wait_for_text("Sample:");
        wait_for_sample(&studio);
        studio.keys("<enter>").wait_for_text("in the draft");
        save(&studio);
        studio.keys("<ctrl+q>");
        assert_eq!(studio.exit_code(), 0);
        assert_eq!(drafts(&studio).len(), 1, "{size:?}");
    }
}

#[test]
fn a_terminal_that_is_too_small_is_told_so_until_it_grows() {
    let mut studio = Pty::start(&[], (15, 4), &[]).unwrap();
    studio.wait_for_text("15×4 is too");
    studio.resize(WIDE).unwrap();
    studio.wait_for_text("Blog post");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}

#[test]
fn the_text_goes_to_the_editor_of_the_person_and_back() {
    let script = "#!/bin/sh\n\
                  test -z \"$OPENAI_API_KEY\" || echo 'THE KEY IS HERE' >> \"$1\"\n\
                  stty -a | grep -q ' icanon' && echo 'cooked terminal' >> \"$1\"\n\
                  echo 'from the editor' >> \"$1\"\n";
    let home = tempfile::TempDir::new().unwrap();
    let editor = home.path().join("my editor.sh");
    furnish(&editor, script);
    let line = format!("sh '{}'", editor.display());
    let envs = [
        ("EDITOR", line.as_str()),
        ("OPENAI_API_KEY", "sk-test-0123456789abcdef"),
        ("COPYDESK_PROVIDER", "practice"),
    ];
    let program = (env!("CARGO_BIN_EXE_copydesk"), &[] as &[&str]);
    let mut studio = Pty::start_at_home(home, program, WIDE, &envs).unwrap();
    studio.wait_for_text("Blog post");
    studio.keys("<alt+2>typed here").wait_for_text("typed here");
    studio.keys("<ctrl+e>");
    let seen = studio.wait_for_text("from the editor");
    assert!(
        seen.contains("typed here") && seen.contains("cooked terminal"),
        "{seen}"
    );
    assert!(!seen.contains("THE KEY IS HERE"), "{seen}");
    studio.keys(" and on").wait_for_text(" and on");
    studio.look(|screen| assert!(screen.alternate_screen()));
    save(&studio);
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert!(the_draft(&studio).body().contains("from the editor"));
}

#[test]
fn a_failing_editor_leaves_the_text_and_the_studio() {
    let mut studio = studio(WIDE, &[("EDITOR", "false")]);
    studio.wait_for_text("Blog post");
    studio.keys("<alt+2>typed here").wait_for_text("typed here");
    studio.keys("<ctrl+e>").wait_for_text("`false` ended with");
    let seen = studio.keys(" and on").wait_for_text("typed here and on");
    assert!(seen.contains("Copydesk"));
    studio.keys("<ctrl+q>").wait_for_text("Please decide");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    assert_eq!(drafts(&studio), Vec::<PathBuf>::new());
}

#[test]
fn unsaved_text_is_asked_about_before_leaving() {
    let mut studio = studio(WIDE, &[]);
    studio.wait_for_text("Blog post");
    studio
        .keys("<alt+2>do not lose me")
        .wait_for_text("do not lose me");
    studio.keys("<ctrl+q>").wait_for_text("save and quit");
    studio.keys("s");
    assert_eq!(studio.exit_code(), 0);
    assert_eq!(the_draft(&studio).body().trim(), "do not lose me");
}

#[test]
fn a_dumb_terminal_is_refused_in_one_line() {
    let mut studio = Pty::start(&[], WIDE, &[("TERM", "dumb")]).unwrap();
    assert_eq!(studio.exit_code(), 2);
    let seen = studio.screen();
    assert!(seen.contains("the studio needs a terminal"), "{seen}");
    assert!(!studio.raw().contains(&0x1b));
}

#[test]
fn no_colour_means_none() {
    let mut studio = studio(WIDE, &[("NO_COLOR", "1")]);
    studio.wait_for_text("Blog post");
    studio.look(|seen| {
        let (rows, cols) = seen.size();
        let (rows, cols) = (rows.get(), cols.get());
        let cells = (0..rows).flat_map(|row| (0..cols).filter_map(move |col| seen.cell(row, col)));
        for cell in cells {
            assert_eq!(cell.fgcolor(), vt100::Color::Default);
            assert_eq!(cell.bgcolor(), vt100::Color::Default);
        }
    });
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}

#[test]
fn a_click_focuses_what_is_under_it() {
    let mut studio = studio(WIDE, &[]);
    studio.wait_for_text("Blog post");
    let (row, col) = studio
        .look(|seen| screen::find(seen, "Cold email"))
        .unwrap();
    let click = |end: char| format!("\x1b[<0;{};{}{end}", col + 1, row + 1);
    studio
        .send(click('M').as_bytes())
        .send(click('m').as_bytes());
    studio.wait_for_text("A short first email");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
}
