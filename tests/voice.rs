//! Reading aloud and dictation: what is read, where what is said goes, and the programs of the
//! person's own that do it.

#![cfg(unix)]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::app::effect::Effect;
use copydesk::app::msg::Msg;
use copydesk::app::voice::{Errand, Fact};
use copydesk::config::{Overrides, Settings};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::store::atomic::save;
use insta::assert_snapshot;
use pretty_assertions::assert_eq;
use std::path::Path;
use support::pty::Pty;
use support::studio::Studio;
use tempfile::TempDir;
use uuid::Uuid;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const BOTH: &str = "[voice]\nread = [\"say\", \"-f\", \"-\"]\ndictate = [\"hear\"]\n";

fn studio(config: &str, size: (u16, u16)) -> Studio {
    let env = |name: &str| (name == "OPENAI_API_KEY").then(|| "sk-test".to_owned());
    let file = Some(("config.toml", config));
    let settings = Settings::resolve(file, &env, &Overrides::default());
    assert_eq!(settings.warnings, Vec::<String>::new());
    Studio::with(settings, size)
}

fn errands(studio: &Studio) -> Vec<Errand> {
    let asked = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Voice(errand) => Some(errand.clone()),
        _ => None,
    });
    asked.collect()
}

fn read(studio: &Studio) -> (Uuid, String) {
    match errands(studio).pop() {
        Some(Errand::Read {
            ticket,
            words,
            text,
        }) => {
            assert_eq!(words, ["say", "-f", "-"]);
            (ticket, text)
        }
        other => panic!("{other:?}"),
    }
}

/// Presses the key, and returns what is to be read.
fn heard(studio: &mut Studio) -> String {
    let (ticket, text) = read(studio.keys("<alt+l>"));
    studio.tell(Msg::Voice(Fact::Read(ticket, Ok(()))));
    text
}

/// Begins to dictate.
fn listens(studio: &mut Studio) -> Uuid {
    match errands(studio.keys("<alt+m>")).pop() {
        Some(Errand::Dictate { ticket, words }) => {
            assert_eq!(words, ["hear"]);
            ticket
        }
        other => panic!("{other:?}"),
    }
}

fn say(studio: &mut Studio, ticket: Uuid, said: &str) {
    studio.tell(Msg::Voice(Fact::Said(ticket, Ok(said.to_owned()))));
}

fn notice(studio: &Studio) -> String {
    let notice = studio.app.notice.as_ref();
    notice.map(|it| it.text.clone()).unwrap_or_default()
}

fn draft(studio: &Studio) -> String {
    studio.app.editor.document.text()
}

fn failure(why: &str) -> Failure {
    Failure::new(FailureKind::Other, "`hear` took nothing down").why(why)
}

#[test]
fn without_a_program_both_say_where_one_is_named_and_nothing_is_started() {
    let mut studio = studio("", USUAL);
    studio.keys("<ctrl+n>One<alt+l>");
    assert!(notice(&studio).contains("`read` below [voice] in config.toml"));
    assert!(
        studio.text().contains("docs/ACCESS.md"),
        "{}",
        studio.text()
    );
    studio.keys("<alt+m>");
    assert!(notice(&studio).contains("`dictate` below [voice] in config.toml"));
    assert_eq!(errands(&studio), []);
    assert_eq!(draft(&studio), "One");
}

#[test]
fn the_selection_is_read_or_all_from_the_paragraph_on() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<ctrl+n>One.<enter><enter>Two a<enter>and b.<enter><enter>Three.");
    studio.keys("<up><up><up>");
    assert_eq!(heard(&mut studio), "Two a\nand b.\n\nThree.");
    // What stops it is told as long as there is something to stop.
    assert_eq!(notice(&studio), "");
    studio.keys("<ctrl+home><alt+w>");
    assert_eq!(heard(&mut studio), "One");
    // A rule at its beginning makes no front matter of a draft.
    studio.keys("<ctrl+n>---<enter>a: 1<enter>---<enter>b<ctrl+home>");
    assert_eq!(heard(&mut studio), "---\na: 1\n---\nb");
    studio.keys("<ctrl+a><delete>");
    studio.keys("<alt+l>");
    assert_eq!(notice(&studio), "there is nothing here to read aloud");
}

#[test]
fn the_source_of_a_template_is_read_without_its_front_matter() {
    let mut studio = studio(BOTH, LARGE);
    studio.put(
        "data/templates/mine.md",
        "---\ntitle: Mine\n---\nSay {{ it }}.\n",
    );
    let path = studio.path("data/templates/mine.md").display().to_string();
    studio.keys("<alt+o>").keys(&path).keys("<enter>");
    assert!(
        draft(&studio).starts_with("---\ntitle: Mine"),
        "{}",
        draft(&studio)
    );
    assert_eq!(heard(&mut studio), "Say {{ it }}.\n");
}

#[test]
fn the_answer_shown_is_read_and_the_field_and_the_prompt() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<alt+1>/blog post<enter>Kettles");
    assert_eq!(heard(&mut studio), "Kettles");
    studio.keys("<ctrl+t>");
    assert!(heard(&mut studio).contains("Kettles"));
    studio.keys("<ctrl+g>");
    studio.delta("They boil.");
    studio.keys("<alt+3>");
    assert_eq!(heard(&mut studio), "They boil.");
    studio.keys("<alt+1><esc><esc><esc><esc><alt+l>");
    assert!(
        notice(&studio).starts_with("focus a text"),
        "{}",
        notice(&studio)
    );
}

#[test]
fn the_key_stops_it_wherever_the_person_is_and_a_failure_is_told() {
    let mut studio = studio(BOTH, USUAL);
    studio.keys("<ctrl+n>One<alt+l>");
    let (first, _) = read(&studio);
    assert!(studio.text().contains("reading aloud"), "{}", studio.text());
    studio.keys("<alt+3><alt+l>");
    assert_eq!(errands(&studio).pop(), Some(Errand::End(first)));
    assert_eq!(notice(&studio), "stopped reading aloud");
    // What it says of that afterwards is no news.
    studio.tell(Msg::Voice(Fact::Read(first, Err(failure("it was ended")))));
    assert_eq!(notice(&studio), "stopped reading aloud");
    studio.keys("<alt+2><alt+l>");
    let (second, _) = read(&studio);
    studio.tell(Msg::Voice(Fact::Read(
        second,
        Err(failure("no such voice")),
    )));
    assert!(notice(&studio).contains("no such voice"));
    studio.keys("<alt+l>");
    assert_ne!(read(&studio).0, second);
}

#[test]
fn what_is_said_is_put_at_the_cursor_as_one_step() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<ctrl+n>One.");
    let ticket = listens(&mut studio);
    assert!(studio.text().contains("listening"), "{}", studio.text());
    studio.keys(" Typed.<alt+m>");
    assert_eq!(errands(&studio).pop(), Some(Errand::End(ticket)));
    say(&mut studio, ticket, " Two\u{1b}[2J\nlines.\n");
    assert_eq!(draft(&studio), "One. Typed. Two␛[2J\nlines.");
    assert!(!studio.text().contains("listening"), "{}", studio.text());
    studio.keys("<ctrl+z>");
    assert_eq!(draft(&studio), "One. Typed.");
    // One that ends by itself is taken at its word, too.
    let ticket = listens(&mut studio);
    say(&mut studio, ticket, "Three.");
    assert_eq!(draft(&studio), "One. Typed. Three.");
    // And once only.
    say(&mut studio, ticket, "Three.");
    assert_eq!(draft(&studio), "One. Typed. Three.");
}

#[test]
fn what_is_said_goes_to_the_field_it_was_said_for() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<alt+1>/blog post<enter>Old");
    let ticket = listens(&mut studio);
    studio.keys("<tab>");
    say(&mut studio, ticket, "kettles\nand pots\n");
    let form = studio.app.form.as_ref().unwrap();
    let brief = form.brief();
    assert_eq!(
        brief.get("topic").unwrap().to_string(),
        "Old kettles and pots"
    );
    assert_eq!(notice(&studio), "what you said is in its place");
    // The prompt follows.
    assert!(
        studio
            .keys("<ctrl+t>")
            .text()
            .contains("Old kettles and pots")
    );
    studio.keys("<alt+1><shift+tab><ctrl+z>");
    let brief = studio.app.form.as_ref().unwrap().brief();
    assert_eq!(brief.get("topic").unwrap().to_string(), "Old");
}

#[test]
fn a_question_and_a_prompt_that_was_taken_over_take_words_too() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<ctrl+n>A text.<alt+k>Is it");
    let ticket = listens(&mut studio);
    studio.keys("<alt+2>");
    say(&mut studio, ticket, "good?");
    assert_eq!(draft(&studio), "A text.");
    assert!(studio.text().contains("Is it good?"), "{}", studio.text());
    studio.keys("<alt+1>/blog post<enter>Kettles<ctrl+t><enter><ctrl+end>");
    let ticket = listens(&mut studio);
    say(&mut studio, ticket, "Be brief.");
    let taken = studio.app.editor.detached.as_ref().unwrap().document.text();
    assert!(taken.ends_with(" Be brief."), "{taken}");
    // The form may be closed meanwhile: the prompt waits for it.
    let ticket = listens(&mut studio);
    studio.keys("<alt+1><esc>");
    assert!(studio.app.form.is_none());
    say(&mut studio, ticket, "Very.");
    studio.keys("<enter>");
    let taken = studio.app.editor.detached.as_ref().unwrap().document.text();
    assert!(taken.ends_with(" Be brief. Very."), "{taken}");
}

#[test]
fn what_finds_no_place_any_more_is_copied() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<alt+1>/blog post<enter>");
    let ticket = listens(&mut studio);
    studio.keys("<esc>");
    assert!(studio.app.form.is_none());
    say(&mut studio, ticket, "kettles");
    let copied = studio
        .asked
        .iter()
        .any(|effect| matches!(effect, Effect::CopyAs { text, .. } if text == "kettles"));
    assert!(copied, "{:?}", studio.asked);
    assert_eq!(studio.app.editor.clipboard, "kettles");
}

#[test]
fn a_failure_and_silence_are_told_and_a_second_press_lets_go() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<ctrl+n>One");
    let ticket = listens(&mut studio);
    studio.tell(Msg::Voice(Fact::Said(
        ticket,
        Err(failure("no microphone")),
    )));
    assert!(notice(&studio).contains("no microphone"));
    let ticket = listens(&mut studio);
    say(&mut studio, ticket, " \n");
    assert_eq!(notice(&studio), "nothing was said");
    let ticket = listens(&mut studio);
    studio.keys("<alt+m><alt+m>");
    assert_eq!(
        errands(&studio)[errands(&studio).len() - 2..],
        [Errand::End(ticket), Errand::Drop(ticket)]
    );
    say(&mut studio, ticket, "Too late.");
    assert_eq!(draft(&studio), "One");
    studio.keys("<alt+3><alt+m>");
    assert!(notice(&studio).starts_with("focus the draft, a question"));
}

#[test]
fn the_box_of_work_lists_both_and_stops_them() {
    let mut studio = studio(BOTH, USUAL);
    studio.keys("<ctrl+n>A text<alt+l>");
    let (reads, _) = read(&studio);
    studio.wait(3_000).keys("<alt+j>");
    assert_snapshot!("work_read", studio.picture());
    studio.keys("x");
    assert_eq!(errands(&studio).pop(), Some(Errand::End(reads)));
    studio.keys("<esc>");
    let hears = listens(&mut studio);
    studio.keys("<alt+1><alt+j>x");
    assert_eq!(errands(&studio).pop(), Some(Errand::End(hears)));
    assert_snapshot!("work_hear", studio.text());
    studio.keys("<enter>");
    assert_eq!(studio.app.focus, copydesk::app::Pane::Editor);
    say(&mut studio, hears, "goes on");
    assert_eq!(draft(&studio), "A text goes on");
    // All of it stops at once, too.
    studio.keys("<alt+l><alt+u>");
    assert!(matches!(errands(&studio).pop(), Some(Errand::End(_))));
}

#[test]
fn leaving_asks_before_what_was_said_goes_away() {
    let mut studio = studio(BOTH, LARGE);
    studio.keys("<ctrl+n>");
    let ticket = listens(&mut studio);
    studio.keys("<ctrl+q>");
    assert!(!studio.app.is_done());
    let text = studio.text();
    assert!(
        text.contains("You are dictating") && text.contains("quit without it"),
        "{text}"
    );
    studio.keys("c");
    say(&mut studio, ticket, "One.");
    assert_eq!(draft(&studio), "One.");
    // Reading aloud holds nobody.
    studio.keys("<ctrl+z><alt+l><ctrl+q>");
    assert!(studio.app.is_done());
}

#[test]
fn words_are_said_into_a_box_and_the_part_is_read_there() {
    for size in [LARGE, USUAL] {
        let mut studio = studio(BOTH, size);
        studio.keys("<ctrl+n>One.<enter><enter>Two words.<ctrl+k>");
        assert_eq!(heard(&mut studio), "Two words.");
        let ticket = listens(&mut studio);
        studio.keys("<alt+m>");
        say(&mut studio, ticket, "as a poem\n");
        assert!(studio.text().contains("> as a poem"), "{}", studio.text());
        assert_eq!(draft(&studio), "One.\n\nTwo words.");
        // A filter takes them as well.
        studio.keys("<esc><ctrl+p>");
        let ticket = listens(&mut studio);
        say(&mut studio, ticket, "zoom");
        assert!(studio.text().contains("> zoom"), "{}", studio.text());
        // What was said for a box that is closed is not lost.
        let ticket = listens(&mut studio);
        studio.keys("<esc>");
        say(&mut studio, ticket, "too late");
        assert_eq!(studio.app.editor.clipboard, "too late");
        assert_eq!(draft(&studio), "One.\n\nTwo words.");
    }
}

#[test]
fn a_box_without_a_line_for_words_says_so_and_reading_stops_in_any() {
    let mut studio = studio(BOTH, USUAL);
    studio.keys("<ctrl+n>One<alt+l>");
    let (ticket, _) = read(&studio);
    studio.keys("<F1><alt+l>");
    assert_eq!(errands(&studio).pop(), Some(Errand::End(ticket)));
    let before = errands(&studio).len();
    studio.keys("<alt+l>");
    assert!(notice(&studio).contains("close the box to hear a text"));
    for keys in ["<alt+m>", "<esc><F2><alt+m>", "<esc><F10><alt+m>"] {
        studio.keys(keys);
        assert!(notice(&studio).contains("nothing in this box is dictated"));
    }
    assert_eq!(errands(&studio).len(), before);
}

/// A home whose settings name scripts that lie in it.
struct Programs(TempDir);

impl Programs {
    #[expect(
        clippy::disallowed_methods,
        reason = "nothing reads the files before they are whole"
    )]
    fn new(read: &str, dictate: &str) -> Self {
        let home = tempfile::tempdir().unwrap();
        let at = |name: &str| home.path().join(name);
        let (read_at, dictate_at) = (at("read.sh"), at("dictate.sh"));
        std::fs::write(&read_at, read).unwrap();
        std::fs::write(&dictate_at, dictate).unwrap();
        std::fs::create_dir_all(at("config")).unwrap();
        let config = format!(
            "[voice]\nread = [\"sh\", {:?}]\ndictate = [\"sh\", {:?}, \"a b\"]\n",
            read_at.display().to_string(),
            dictate_at.display().to_string()
        );
        std::fs::write(at("config/config.toml"), config).unwrap();
        std::fs::write(at("notes.txt"), "own words\n").unwrap();
        Self(home)
    }

    fn start(self) -> Pty {
        let program = env!("CARGO_BIN_EXE_copydesk");
        let args = ["edit", "notes.txt"];
        let key = [("OPENAI_API_KEY", "sk-of-mine")];
        let studio = Pty::start_at_home(self.0, (program, &args), USUAL, &key).unwrap();
        studio.wait_for_text("own words");
        studio
    }
}

fn held(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

/// Waits until a script has written a whole line there.
fn line_of(studio: &Pty, path: &Path) -> String {
    studio.wait_beside(|| held(path).ends_with('\n'), "a line of the script");
    held(path).trim_end().to_owned()
}

fn is_gone(pid: &str) -> bool {
    match std::fs::read_to_string(format!("/proc/{pid}/stat")) {
        Ok(line) => line.contains(") Z"),
        Err(_) => true,
    }
}

/// Says who its child is, and waits with it.
const WAITS: &str = "sleep 600 & echo $! > child; wait";

#[test]
fn a_program_reads_the_text_and_ends_with_all_it_started() {
    let script = format!("cat > text; echo \"key:$OPENAI_API_KEY\" > key; {WAITS}");
    let studio = Programs::new(&script, "").start();
    let at = |name: &str| studio.home().join(name);
    studio.keys("<alt+l>").wait_for_text("reading aloud");
    let child = line_of(&studio, &at("child"));
    assert_eq!(held(&at("text")), "own words\n");
    assert_eq!(held(&at("key")), "key:\n");
    studio
        .keys("<alt+l>")
        .wait_for_text("stopped reading aloud");
    studio.wait_beside(|| is_gone(&child), "the end of what the program started");
}

#[test]
fn a_program_below_the_home_is_named_by_a_tilde() {
    use std::os::unix::fs::PermissionsExt;
    let programs = Programs::new("#!/bin/sh\ncat > text\n", "");
    let at = |name: &str| programs.0.path().join(name);
    let may_run = std::fs::Permissions::from_mode(0o700);
    std::fs::set_permissions(at("read.sh"), may_run).unwrap();
    save(
        &at("config/config.toml"),
        b"[voice]\nread = [\"~/read.sh\"]\n",
    )
    .unwrap();
    let studio = programs.start();
    studio.keys("<alt+l>");
    assert_eq!(line_of(&studio, &studio.home().join("text")), "own words");
}

#[test]
fn a_program_that_fails_is_told_by_its_first_complaint() {
    let script = "echo >&2; echo 'no voice is called x' >&2; echo more >&2; exit 3";
    let studio = Programs::new(script, "yes").start();
    let screen = studio.keys("<alt+l>").wait_for_text("says “no voice");
    assert!(
        screen.contains("exit status: 3") && !screen.contains("more”"),
        "{screen}"
    );
    // What is no speech is nothing.
    studio.keys("<alt+m>").wait_for_text("more than 1024 KiB");
    assert_eq!(held(&studio.home().join("notes.txt")), "own words\n");
}

#[test]
fn a_program_takes_down_what_is_said_until_it_is_asked_to_end() {
    let script = "trap 'echo \"said $1 of mine $OPENAI_API_KEY.\"; exit 130' INT\n\
                  sleep 600 & echo $! > child; wait";
    let studio = Programs::new("", script).start();
    studio.keys("<alt+m>").wait_for_text("listening");
    let child = line_of(&studio, &studio.home().join("child"));
    studio
        .keys("<alt+m>")
        .wait_for_text("said a b of mine . own words");
    studio
        .keys("<ctrl+z>")
        .wait_for(|screen| !screen.contains("said a b"), "the undone text");
    // A shell lets what it began in the background hear of no SIGINT.
    studio.wait_beside(|| is_gone(&child), "the end of what the program started");
}

/// One that does not listen to the question is ended by the next press.
#[test]
fn a_program_that_does_not_end_is_let_go_of() {
    let script = format!("trap '' INT\n{WAITS}");
    let studio = Programs::new("", &script).start();
    studio.keys("<alt+m>");
    let child = line_of(&studio, &studio.home().join("child"));
    studio.keys("<alt+m>").wait_for_text("lets go of it");
    studio
        .keys("<alt+m>")
        .wait_for_text("let go of what you said");
    studio.wait_beside(|| is_gone(&child), "the end of what the program started");
}

#[test]
fn both_end_with_the_studio() {
    for keys in ["<alt+l>", "<alt+m>"] {
        let script = format!("trap '' TERM INT HUP\n{WAITS}");
        let mut studio = Programs::new(&script, &script).start();
        studio.keys(keys);
        let child = line_of(&studio, &studio.home().join("child"));
        studio.keys("<ctrl+q>");
        if keys == "<alt+m>" {
            studio.wait_for_text("You are dictating");
            studio.keys("q");
        }
        assert_eq!(studio.exit_code(), 0);
        let deadline = std::time::Instant::now() + support::pty::PATIENCE;
        while !is_gone(&child) && std::time::Instant::now() < deadline {
            std::thread::yield_now();
        }
        assert!(is_gone(&child), "{keys}");
    }
}
