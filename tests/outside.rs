//! Changes made by other programs: seen, followed, asked about, never overwritten unseen.
//!
//! The first half drives the model over a temporary library; the second half runs the real binary
//! in a pseudo-terminal, and is the other program itself.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::effect::{Effect, Keep};
use copydesk::app::msg::Msg;
use copydesk::app::outside::{Outside, Sighting};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::store::atomic;
use copydesk::store::journal::Cause;
use copydesk::store::watch::Shelf;
use pretty_assertions::assert_eq;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};
use support::pty::Pty;
use support::studio::{Studio, settings};
use tempfile::TempDir;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
const DRAFT: &str = "data/drafts/kettles.md";
const OLD: &str =
    "---\ntitle: Kettles\nupdated: 2026-11-17T10:00:00Z\n---\nOne kettle sings. Two are a choir.\n";
const THEIRS: &str = "---\ntitle: Kettles\nupdated: 2026-11-17T10:00:00Z\n---\nOne kettle whistles. Two are a choir.\n";
const STUDIO: &str = env!("CARGO_BIN_EXE_copydesk");

/// A studio with a draft open and the cursor at its end.
fn opened(size: (u16, u16)) -> Studio {
    let mut studio = Studio::new(size);
    studio.put(DRAFT, OLD);
    studio.read_again().keys("<ctrl+o>kettles<enter>");
    assert!(studio.app.editor.file.is_some());
    studio.keys("<ctrl+end>");
    studio
}

fn changed(studio: &mut Studio, shelf: Shelf) {
    studio.tell(Msg::Outside(Sighting::Changed(BTreeSet::from([shelf]))));
}

/// Another program writes the file, and the watch tells of it.
fn theirs(studio: &mut Studio, text: &str) {
    studio.put(DRAFT, text);
    changed(studio, Shelf::Drafts);
}

/// A studio with unsaved text whose file was changed outside.
fn contested(size: (u16, u16)) -> Studio {
    let mut studio = opened(size);
    studio.keys("Mine.");
    theirs(&mut studio, THEIRS);
    studio
}

fn notice(studio: &Studio) -> String {
    let notice = studio.app.notice.as_ref();
    notice.map_or_else(String::new, |notice| notice.text.clone())
}

fn causes(studio: &Studio) -> Vec<Cause> {
    let kept = studio.asked.iter().filter_map(|effect| match effect {
        Effect::Keep(Keep::Version { cause, .. }) => Some(*cause),
        _ => None,
    });
    kept.collect()
}

/// W6: without unsaved text the draft follows its file, in one undo step.
#[test]
fn a_draft_without_changes_is_reloaded_in_place() {
    let mut studio = opened(LARGE);
    studio.keys("<left*10>");
    let before = studio.app.editor.document.cursor();
    theirs(&mut studio, THEIRS);
    let editor = &studio.app.editor;
    assert_eq!(
        editor.document.text(),
        "One kettle whistles. Two are a choir.\n"
    );
    assert_eq!(
        editor.document.cursor(),
        before + "whistles".len() - "sings".len()
    );
    assert!(!editor.has_unsaved_text());
    assert!(notice(&studio).contains("reloaded (ctrl+z shows what it was)"));
    assert_eq!(causes(&studio), [Cause::OutsideChange]);
    studio.keys("<ctrl+z>");
    assert_eq!(
        studio.app.editor.document.text(),
        "One kettle sings. Two are a choir.\n"
    );
    assert!(studio.app.editor.has_unsaved_text());
    studio.keys("<ctrl+s>");
    assert!(studio.file(DRAFT).unwrap().contains("sings"));
}

/// W6: the content decides; a file written again as it was is no change.
#[test]
fn the_same_content_is_no_change() {
    let mut studio = opened(LARGE);
    studio.keys("Mine.");
    theirs(&mut studio, OLD);
    assert!(studio.app.dialogs.is_empty() && !studio.app.editor.outside.is_another());
    studio.keys("<ctrl+s>");
    changed(&mut studio, Shelf::Drafts);
    assert!(studio.app.dialogs.is_empty());
    assert!(studio.file(DRAFT).unwrap().contains("Mine."));
}

/// W6: tags that another program wrote go with the text that is saved here.
#[test]
fn other_front_matter_alone_asks_nothing() {
    let mut studio = opened(LARGE);
    studio.keys("Mine.");
    theirs(
        &mut studio,
        &OLD.replace("---\nOne", "tags: [tea]\n---\nOne"),
    );
    assert!(studio.app.dialogs.is_empty(), "{}", studio.text());
    studio.keys("<ctrl+s>");
    let saved = studio.file(DRAFT).unwrap();
    assert!(
        saved.contains("tags: [tea]") && saved.contains("Mine."),
        "{saved}"
    );
}

/// W6: with unsaved text the person is asked at once.
#[test]
fn unsaved_text_and_a_changed_file_are_a_question() {
    for (name, size) in [("outside_large", LARGE), ("outside_usual", USUAL)] {
        let mut studio = contested(size);
        insta::assert_snapshot!(name, studio.picture());
        studio.keys("=");
        insta::assert_snapshot!(format!("{name}_compared"), studio.picture());
        studio.keys("<esc>");
        assert!(studio.text().contains("keep both"), "{}", studio.text());
        studio.keys("<esc>");
        insta::assert_snapshot!(format!("{name}_undecided"), studio.picture());
    }
}

#[test]
fn reloading_keeps_what_was_written() {
    let mut studio = contested(LARGE);
    let id = studio.app.editor.id;
    studio.keys("r");
    let editor = &studio.app.editor;
    assert_eq!(
        editor.document.text(),
        "One kettle whistles. Two are a choir.\n"
    );
    assert!(!editor.has_unsaved_text() && !editor.outside.is_another());
    assert_eq!(
        causes(&studio),
        [Cause::OutsideChange, Cause::Edit, Cause::OutsideChange]
    );
    let later = Effect::Keep(Keep::ForLater(id));
    assert!(studio.asked.contains(&later) && studio.app.editor.id != id);
    studio.keys("<ctrl+z>");
    assert!(
        studio
            .app
            .editor
            .document
            .text()
            .contains("sings. Two are a choir.\nMine.")
    );
}

#[test]
fn keeping_both_writes_beside_the_file() {
    let mut studio = contested(LARGE);
    studio.keys("k");
    assert_eq!(studio.file(DRAFT).unwrap(), THEIRS);
    let mine = studio.file("data/drafts/kettles-2.md").unwrap();
    assert!(mine.contains("sings") && mine.contains("Mine."), "{mine}");
    assert_eq!(studio.app.editor.name(), "kettles-2.md");
    assert!(!studio.app.editor.has_unsaved_text());
    let told = notice(&studio);
    assert!(
        told.contains("kettles-2.md") && told.contains("kettles.md"),
        "{told}"
    );
    studio.keys(" More.<ctrl+s>");
    assert_eq!(studio.file(DRAFT).unwrap(), THEIRS);
}

/// W6: whoever decides later is asked again before anything is overwritten.
#[test]
fn a_save_before_the_decision_asks_again() {
    let mut studio = contested(LARGE);
    for _ in 0..3 {
        studio.keys("<esc>");
        assert!(studio.app.dialogs.is_empty());
        assert!(
            studio.text().contains("changed outside"),
            "{}",
            studio.text()
        );
        studio.keys("<ctrl+s>");
        assert_eq!(studio.app.dialogs.len(), 1);
        assert_eq!(studio.file(DRAFT).unwrap(), THEIRS);
    }
    studio.keys("<esc><ctrl+q>s");
    assert!(!studio.app.is_done());
    assert!(studio.text().contains("keep both"), "{}", studio.text());
}

/// W6: a save that finds the file changed leads to the same question.
#[test]
fn a_refused_save_is_the_same_question() {
    let mut studio = opened(LARGE);
    studio.keys("Mine.");
    studio.put(DRAFT, THEIRS);
    studio.keys("<ctrl+s>");
    assert!(studio.text().contains("keep both"), "{}", studio.text());
    assert_eq!(studio.file(DRAFT).unwrap(), THEIRS);
    studio.keys("r");
    assert!(studio.app.editor.document.text().contains("whistles"));
}

#[test]
fn a_question_that_answered_itself_goes_away() {
    let mut studio = contested(LARGE);
    assert_eq!(studio.app.dialogs.len(), 1);
    theirs(&mut studio, OLD);
    assert!(studio.app.dialogs.is_empty());
    studio.keys("<ctrl+s>");
    assert!(studio.file(DRAFT).unwrap().contains("Mine."));
}

/// W6: a deleted file takes nothing along.
#[test]
fn a_deleted_file_leaves_its_text_and_is_written_again() {
    for typed in ["", "Mine."] {
        let mut studio = opened(LARGE);
        studio.keys(typed);
        let path = studio.app.editor.file.as_ref().unwrap().path.clone();
        std::fs::remove_file(&path).unwrap();
        changed(&mut studio, Shelf::Drafts);
        assert!(notice(&studio).contains("ctrl+s writes it again"));
        assert!(matches!(studio.app.editor.outside, Outside::Gone));
        assert!(studio.app.editor.has_unsaved_text());
        assert!(matches!(
            studio.asked.last(),
            Some(Effect::WakeAt(_) | Effect::Keep(_))
        ));
        studio.keys("<ctrl+s>");
        let saved = studio.file(DRAFT).unwrap();
        assert!(saved.contains("choir.") && saved.contains(typed), "{saved}");
        assert!(!studio.app.editor.has_unsaved_text());
    }
}

#[test]
fn a_deleted_file_that_comes_back_as_it_was_is_saved_text_again() {
    let mut studio = opened(LARGE);
    let path = studio.app.editor.file.as_ref().unwrap().path.clone();
    std::fs::remove_file(&path).unwrap();
    changed(&mut studio, Shelf::Drafts);
    theirs(&mut studio, OLD);
    assert!(!studio.app.editor.has_unsaved_text());
}

#[test]
fn lists_follow_and_the_highlight_stays_on_its_item() {
    let mut studio = opened(LARGE);
    studio.put(
        "data/drafts/b.md",
        "---\nupdated: 2026-01-02\n---\n# Beta\n",
    );
    studio.read_again().keys("<alt+1><tab>/be");
    assert_eq!(studio.app.browser.highlighted().unwrap().title, "Beta");
    studio.put(
        "data/drafts/a.md",
        "---\nupdated: 2027-01-02\n---\n# Best\n",
    );
    changed(&mut studio, Shelf::Drafts);
    assert_eq!(studio.app.browser.len(), 2);
    assert_eq!(studio.app.browser.highlighted().unwrap().title, "Beta");
    assert!(studio.app.browser.is_filtering());
}

#[test]
fn an_open_form_is_told_that_its_template_changed() {
    let mut studio = Studio::new(LARGE);
    let template = |text: &str| {
        format!("---\ntitle: Tea\ninputs:\n  topic: {{}}\n---\n{text} {{{{ topic }}}}\n")
    };
    studio.put("data/templates/tea.md", &template("Write of"));
    studio.read_again().keys("/Tea<enter>");
    assert!(studio.app.form.is_some(), "{}", studio.text());
    studio.keys("green");
    changed(&mut studio, Shelf::Templates);
    assert_eq!(notice(&studio), "");
    studio.put("data/templates/tea.md", &template("Sing of"));
    changed(&mut studio, Shelf::Templates);
    assert!(notice(&studio).contains("Tea is another one now"));
    assert!(studio.text().contains("green"));
}

#[test]
fn a_changed_config_is_read_again_and_told_if_it_says_something_else() {
    let mut studio = Studio::new(LARGE);
    changed(&mut studio, Shelf::Config);
    assert_eq!(studio.asked.last(), Some(&Effect::ReadSettings));
    // What it was itself that wrote the file, it knows.
    let same = studio.settings.clone();
    studio.tell(Msg::Settings(Box::new(same)));
    assert_eq!(studio.app.notice, None);
    let env = [
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_MODEL", "another-model"),
    ];
    let other = settings(&env);
    studio.tell(Msg::Settings(Box::new(other.clone())));
    assert!(notice(&studio).contains("config.toml was changed"));
    assert!(studio.text().contains("another-model"));
    assert!(
        studio
            .asked
            .contains(&Effect::UseSettings(Box::new(other.clone())))
    );
    let problem = Failure::new(FailureKind::Usage, "config.toml:1:2: oops");
    studio.tell(Msg::Settings(Box::new(other.blocked(problem))));
    assert!(notice(&studio).contains("config.toml:1:2: oops"));
}

// From here on the real binary in a pseudo-terminal.

fn at_work(home: TempDir) -> Pty {
    let studio = Pty::start_at_home(home, (STUDIO, &[]), LARGE, &[]).unwrap();
    studio.wait_for_text("Blog post");
    studio
}

fn furnished() -> TempDir {
    let home = TempDir::new().unwrap();
    write(&home.path().join(DRAFT), OLD);
    home
}

fn write(path: &Path, text: &str) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    atomic::save(path, text.as_bytes()).unwrap();
}

fn open(studio: &Pty) {
    studio.keys("<ctrl+o>kettles");
    studio.wait_for_text("1 of 1");
    studio.keys("<enter>").wait_for_text("Two are a choir.");
}

/// Opens the draft and types; the other program writes at once.
fn contest(studio: &Pty) -> PathBuf {
    open(studio);
    studio.keys("<ctrl+end>Mine.").wait_for_text("Mine.");
    let path = studio.home().join(DRAFT);
    write(&path, THEIRS);
    studio.wait_for_text("compare them word by word");
    path
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// W6: what another program writes while nothing here is unsaved is on the screen at once.
#[test]
fn the_open_draft_follows_its_file() {
    let studio = at_work(furnished());
    open(&studio);
    write(&studio.home().join(DRAFT), THEIRS);
    studio.wait_for_text("reloaded (ctrl+z shows what it was)");
    studio.wait_for_text("One kettle whistles.");
    studio.keys("<ctrl+z>").wait_for_text("One kettle sings.");
}

/// W6: what another program writes while the text is with an editor that leaves it alone is not
/// reverted by the next save.
#[test]
fn a_file_that_changes_under_an_external_editor_is_followed() {
    let home = furnished();
    let (path, other) = (home.path().join(DRAFT), home.path().join("theirs.md"));
    write(&other, THEIRS);
    let words = [other.display().to_string(), path.display().to_string()];
    let editor = format!("sh -c 'cp \"$0\" \"$1\"' {}", words.join(" "));
    let envs = [("EDITOR", editor.as_str())];
    let studio = Pty::start_at_home(home, (STUDIO, &[]), LARGE, &envs).unwrap();
    studio.wait_for_text("Blog post");
    open(&studio);
    studio
        .keys("<ctrl+e>")
        .wait_for_text("One kettle whistles.");
    studio.keys("<ctrl+s>").wait_for_text("nothing changed");
    assert_eq!(text(&path), THEIRS);
}

/// W6: reload; what was written here is a version and comes back with ctrl+z.
#[test]
fn a_contested_draft_is_reloaded() {
    let studio = at_work(furnished());
    let path = contest(&studio);
    studio.keys("r").wait_for_text("reloaded; ctrl+z");
    studio.wait_for(
        |screen| screen.contains("whistles") && !screen.contains("Mine."),
        "their text",
    );
    studio.keys("<alt+v>").wait_for_text("changed outside");
    assert_eq!(text(&path), THEIRS);
}

/// W6: keep both.
#[test]
fn a_contested_draft_is_kept_twice() {
    let studio = at_work(furnished());
    let path = contest(&studio);
    studio.keys("k").wait_for_text("both kept");
    assert_eq!(text(&path), THEIRS);
    let mine = text(&path.with_file_name("kettles-2.md"));
    assert!(mine.contains("sings") && mine.contains("Mine."), "{mine}");
    studio
        .keys(" More.<ctrl+s>")
        .wait_for_text("saved drafts/kettles-2.md");
    assert_eq!(text(&path), THEIRS);
}

/// W6: the difference, and back to the question.
#[test]
fn a_contested_draft_is_compared() {
    let studio = at_work(furnished());
    let path = contest(&studio);
    studio.keys("=").wait_for_text("The file → your text");
    let shown = studio.wait_for_text("whistles");
    assert!(shown.contains("sings"), "{shown}");
    studio.keys("<esc>").wait_for_text("keep both");
    studio.keys("<esc>");
    studio.wait_for(
        |screen| !screen.contains("keep both") && screen.contains("changed outside"),
        "the mark",
    );
    studio.keys("<ctrl+s>").wait_for_text("keep both");
    assert_eq!(text(&path), THEIRS);
}

/// W6: a save right after a change that nobody has seen yet does not overwrite it.
#[test]
fn a_save_after_an_unseen_change_overwrites_nothing() {
    let studio = at_work(furnished());
    open(&studio);
    studio.keys("<ctrl+end>Mine.").wait_for_text("Mine.");
    let path = studio.home().join(DRAFT);
    write(&path, THEIRS);
    studio.keys("<ctrl+s>").wait_for_text("keep both");
    assert_eq!(text(&path), THEIRS);
    studio.keys("k").wait_for_text("both kept");
    assert_eq!(text(&path), THEIRS);
}

/// W6: our own saves are no change from outside, however fast they follow each other.
#[test]
fn own_saves_are_never_a_question() {
    let studio = at_work(furnished());
    open(&studio);
    studio.keys("<ctrl+end>");
    for number in 0..8 {
        studio
            .keys(&format!("w{number} "))
            .wait_for_text(&format!("w{number}"));
        studio.keys("<ctrl+s>").wait_for_text("· saved");
        studio.keys("x").wait_for_text("not saved");
    }
    studio.keys("<ctrl+s>").wait_for_text("· saved");
    until_still(&studio);
    let raw = String::from_utf8_lossy(&studio.raw()).into_owned();
    assert!(!raw.contains("outside"), "{}", studio.screen());
}

/// W6: a file that is deleted outside leaves its text, which is written again.
#[test]
fn a_draft_deleted_outside_is_written_again() {
    let studio = at_work(furnished());
    open(&studio);
    let path = studio.home().join(DRAFT);
    std::fs::remove_file(&path).unwrap();
    studio.wait_for_text("was deleted outside");
    studio
        .keys("<ctrl+s>")
        .wait_for_text("saved drafts/kettles.md");
    assert_eq!(text(&path), OLD);
}

/// The library as another program changes it is in the lists, also in folders that are new.
#[test]
fn lists_follow_the_library() {
    let studio = at_work(TempDir::new().unwrap());
    let template = studio.home().join("data/templates/deep/tea.md");
    write(&template, "---\ntitle: Ode to tea\n---\nWrite.\n");
    studio.wait_for_text("Ode to tea");
    std::fs::remove_dir_all(studio.home().join("data/templates")).unwrap();
    studio.wait_for(|screen| !screen.contains("Ode to tea"), "its end");
    write(&template, "---\ntitle: Elegy\n---\nWrite.\n");
    studio.wait_for_text("Elegy");
    write(
        &studio.home().join("config/config.toml"),
        "model = \"another\"\n",
    );
    studio.wait_for_text("config.toml was changed");
}

/// W7: two studios on one draft; the second is told, and the one that saves last is asked.
#[test]
fn a_second_studio_is_told_and_neither_overwrites_the_other() {
    let first = at_work(furnished());
    let home = first.home().to_str().unwrap().to_owned();
    let another = || {
        let env = [("COPYDESK_HOME", home.as_str())];
        let studio = Pty::start(&[], LARGE, &env).unwrap();
        studio.wait_for_text("Blog post");
        studio
    };
    open(&first);
    let second = another();
    open(&second);
    second.wait_for_text("also open in another Copydesk");
    assert!(!first.screen().contains("another Copydesk"));
    first.keys("<ctrl+end>First.").wait_for_text("First.");
    second
        .keys("<ctrl+end>Second.<ctrl+s>")
        .wait_for_text("· saved");
    first.wait_for_text("compare them word by word");
    first.keys("<esc>");
    first.wait_for(|screen| !screen.contains("compare them"), "the draft");
    first
        .keys("<ctrl+s>")
        .wait_for_text("compare them word by word");
    let path = Path::new(&home).join(DRAFT);
    assert!(text(&path).contains("Second.") && !text(&path).contains("First."));
    first.keys("k").wait_for_text("both kept");
    assert!(text(&path.with_file_name("kettles-2.md")).contains("First."));
    assert!(text(&path).contains("Second."));
}

/// W7: a killed studio leaves no claim.
#[test]
fn a_killed_studio_leaves_nothing_to_clean() {
    let mut first = at_work(furnished());
    let home = first.home().to_str().unwrap().to_owned();
    open(&first);
    let claims = Path::new(&home).join("state/open");
    let count = || std::fs::read_dir(&claims).map_or(0, Iterator::count);
    first.wait_beside(|| count() == 1, "the claim");
    let pid = rustix::process::Pid::from_raw(first.pid().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    first.exit_status();
    assert_eq!(count(), 1);
    let env = [("COPYDESK_HOME", home.as_str())];
    let mut second = Pty::start(&[], LARGE, &env).unwrap();
    second.wait_for_text("Blog post");
    open(&second);
    until_still(&second);
    let raw = String::from_utf8_lossy(&second.raw()).into_owned();
    assert!(!raw.contains("another Copydesk"));
    second.keys("<ctrl+q>");
    assert_eq!(second.exit_code(), 0);
    assert_eq!(count(), 0);
}

/// W7: the lock of a killed studio that had nothing unsaved goes with the next start, and that of
/// one at work stays.
#[test]
fn the_next_studio_sweeps_the_lock_of_a_killed_one() {
    let mut killed = at_work(furnished());
    let home = killed.home().to_str().unwrap().to_owned();
    let sessions = Path::new(&home).join("state/sessions");
    let count = || std::fs::read_dir(&sessions).map_or(0, Iterator::count);
    killed.wait_beside(|| count() == 1, "the session");
    let pid = rustix::process::Pid::from_raw(killed.pid().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    killed.exit_status();
    let left = std::fs::read_dir(&sessions).unwrap().next().unwrap();
    let left = left.unwrap().path();
    let env = [("COPYDESK_HOME", home.as_str())];
    let mut second = Pty::start(&[], LARGE, &env).unwrap();
    second.wait_for_text("Blog post");
    second.wait_beside(|| !left.exists() && count() == 1, "the sweep");
    let mut third = Pty::start(&[], LARGE, &env).unwrap();
    third.wait_for_text("Blog post");
    third.wait_beside(|| count() == 2, "both sessions");
    for studio in [&mut second, &mut third] {
        studio.keys("<ctrl+q>");
        assert_eq!(studio.exit_code(), 0);
    }
    assert_eq!(count(), 0);
}

/// Watching costs nothing while nothing happens: no thread wakes.
#[test]
fn a_watching_studio_sleeps() {
    let studio = at_work(furnished());
    open(&studio);
    until_still(&studio);
}

/// Waits until no thread of the studio has run for a second.
fn until_still(studio: &Pty) {
    const STILL: Duration = Duration::from_secs(1);
    let tasks = PathBuf::from(format!("/proc/{}/task", studio.pid().unwrap()));
    if !tasks.exists() {
        support::aloud("SKIPPED: this system does not tell how often a thread wakes");
        return;
    }
    let wakes = || -> String {
        let threads = std::fs::read_dir(&tasks).unwrap().flatten();
        let status = threads.map(|thread| {
            let status = std::fs::read_to_string(thread.path().join("status"));
            let status = status.unwrap_or_default();
            let lines = status.lines().filter(|line| line.contains("ctxt_switches"));
            lines.collect::<Vec<_>>().join(" ")
        });
        status.collect::<Vec<_>>().join("\n")
    };
    let (mut last, mut since) = (wakes(), Instant::now());
    studio.wait_beside(
        || {
            let now = wakes();
            if now != last {
                (last, since) = (now, Instant::now());
            }
            since.elapsed() >= STILL
        },
        "a second in which nothing wakes",
    );
}

/// How often the system woke the threads of a process that wait for changes of files.
#[cfg(target_os = "linux")]
fn wakes(pid: u32) -> u64 {
    let read = |path: PathBuf| std::fs::read_to_string(path).unwrap_or_default();
    let threads = std::fs::read_dir(format!("/proc/{pid}/task")).unwrap();
    let watching = threads.map(|thread| thread.unwrap().path()).filter(|path| {
        let name = read(path.join("comm"));
        name.starts_with("notify") || name.starts_with("watch")
    });
    let counts = watching.map(|path| {
        let status = read(path.join("status"));
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"));
        line.unwrap().trim().parse::<u64>().unwrap()
    });
    counts.sum()
}

/// W6: what is typed goes into the journal, and that is no change of the library: also in a new home,
/// where the shelves are made so that nobody has to wait for them beside the journal.
#[cfg(target_os = "linux")]
#[test]
fn what_is_typed_wakes_no_watch() {
    let studio = at_work(tempfile::tempdir().unwrap());
    let data = studio.home().join("data");
    let pid = studio.pid().unwrap();
    let shelves = ["templates", "snippets", "drafts"].map(|name| data.join(name));
    studio.keys("<alt+2>");
    let journaled = |word: &str| {
        let journal = copydesk::store::journal::Journal::open(&data.join("journal.db"));
        let kept = journal.unwrap().journal.buffers().unwrap();
        kept.iter().any(|kept| kept.buffer.text.contains(word))
    };
    let type_words = |from: usize| {
        for number in from..from + 15 {
            let word = format!("word{number}");
            studio.keys(&format!("{word} ")).wait_for_text(&word);
            studio.wait_beside(|| journaled(&word), "the word in the journal");
        }
    };
    type_words(10);
    // That the shelves came is a change; until it is told, the way to them is watched.
    let mut last = (wakes(pid), Instant::now());
    let quiet = || {
        let now = wakes(pid);
        if now != last.0 {
            last = (now, Instant::now());
        }
        last.1.elapsed() > Duration::from_millis(400)
    };
    studio.wait_beside(quiet, "the watch to rest");
    let before = wakes(pid);
    assert!(before > 0);
    type_words(30);
    let woken = wakes(pid) - before;
    assert!(woken < 5, "woken {woken} times");
    assert!(shelves.iter().all(|shelf| shelf.is_dir()));
}
