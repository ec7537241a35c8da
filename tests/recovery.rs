//! What an earlier studio left behind, from outside: it is offered, told, compared, brought back,
//! put off and found again; versions are listed and restored; a journal that is broken or held by
//! another studio is in nobody's way.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::app::msg::{Left, LeftState, Msg, Now};
use copydesk::domain::draft::{Draft, Provenance};
use copydesk::domain::run::RunId;
use copydesk::store::journal::{Cause, Ending, Journal, Run, VersionHeadline, VersionId};
use copydesk::store::{atomic, drafts};
use insta::assert_snapshot;
use jiff::Timestamp;
use pretty_assertions::assert_eq;
use rusqlite::Connection;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use support::pty::Pty;
use support::server::{Server, Step};
use support::studio::{Studio, paths};
use tempfile::TempDir;
use uuid::Uuid;

const LARGE: (u16, u16) = (120, 40);
const USUAL: (u16, u16) = (80, 24);
/// When the model of the studio is drawn.
const NOW: i64 = 1_795_000_000_000;
const OFFER: &str = "Unsaved text was found";

fn home() -> Arc<TempDir> {
    Arc::new(tempfile::tempdir().unwrap())
}

/// A studio that has opened its journal: previews come after what the journal had to tell.
fn start(home: &Arc<TempDir>, envs: &[(&str, &str)]) -> Pty {
    let program = env!("CARGO_BIN_EXE_copydesk");
    let studio = Pty::start_at_home(Arc::clone(home), (program, &[]), LARGE, envs).unwrap();
    studio.wait_for(
        |screen| screen.contains("A first draft of a post") || screen.contains(OFFER),
        "the open journal",
    );
    studio
}

/// One that offers nothing by itself.
fn start_in_peace(home: &Arc<TempDir>, envs: &[(&str, &str)]) -> Pty {
    let studio = start(home, envs);
    let screen = studio.screen();
    assert!(!screen.contains(OFFER), "a false offer:\n{screen}");
    studio
}

fn kill(mut studio: Pty) {
    let pid = rustix::process::Pid::from_raw(studio.pid().unwrap().cast_signed()).unwrap();
    rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
    studio.exit_status();
}

/// Waits until the journal has unsaved text that ends so.
fn wait_until_kept(studio: &Pty, end: &str) {
    let place = paths(studio.home()).journal;
    let kept = || {
        let buffers = Journal::open(&place).unwrap().journal.buffers().unwrap();
        let mut texts = buffers.iter().map(|kept| kept.buffer.text.trim_end());
        texts.any(|text| text.ends_with(end))
    };
    studio.wait_beside(kept, "the text in the journal");
}

/// Types at the end of the draft and is killed once the journal has it.
fn type_and_kill(studio: Pty, text: &str) {
    studio.keys("<alt+2><ctrl+end>").keys(text);
    wait_until_kept(&studio, text.trim_end());
    kill(studio);
}

fn save(studio: &Pty) {
    studio.keys("<ctrl+s>");
    studio.wait_for(
        |screen| screen.contains("saved drafts/") && !screen.contains('●'),
        "the save",
    );
}

fn latest_run(home: &Path) -> Option<Run> {
    let journal = Journal::open(&paths(home).journal).unwrap().journal;
    let headline = journal.runs(1, None).unwrap().pop()?;
    journal.run(headline.id).unwrap()
}

/// A draft that a template made, as a file.
fn furnish(home: &Path, body: &str) -> PathBuf {
    let made = Provenance {
        id: "01999999-0000-7000-8000-000000000001".to_owned(),
        template: Some("blog-post".to_owned()),
        ..Provenance::default()
    };
    let now = "2026-11-18T09:00:00+00:00[UTC]".parse().unwrap();
    drafts::save_new(&paths(home), &Draft::new("Kettles", body, &made, &now)).unwrap()
}

fn body(path: &Path) -> String {
    drafts::load(path).unwrap().draft.body().to_owned()
}

/// Opens the draft that is alone in its list.
fn open_the_draft(studio: &Pty) {
    studio.keys("<alt+1>]").wait_for_text("Kettles");
    studio
        .keys("<enter>")
        .wait_for_text("2026-11-18-kettles.md");
}

fn drafts_of(home: &Path) -> Vec<PathBuf> {
    let folder = std::fs::read_dir(paths(home).drafts).into_iter().flatten();
    folder.map(|file| file.unwrap().path()).collect()
}

fn scripted(server: &Server) -> [(&'static str, String); 3] {
    [
        ("OPENAI_BASE_URL", server.base_url()),
        ("OPENAI_API_KEY", "sk-test".to_owned()),
        ("OPENAI_MODEL", "scripted".to_owned()),
    ]
}

fn borrowed<'a>(envs: &'a [(&'static str, String); 3]) -> [(&'static str, &'a str); 3] {
    envs.each_ref().map(|(name, value)| (*name, value.as_str()))
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

/// W3: the record of a request is on disk before the request goes out: while nothing can be
/// written to the journal, nobody connects to the server.
#[test]
fn a_request_waits_until_its_record_is_on_disk() {
    let home = home();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = format!("http://{}/v1", listener.local_addr().unwrap());
    let envs = [
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_MODEL", "scripted"),
    ];
    let studio = start_in_peace(&home, &envs);
    studio.keys("<enter>Kettles").wait_for_text("Kettles");
    let held = Connection::open(paths(home.path()).journal).unwrap();
    held.execute_batch("BEGIN IMMEDIATE").unwrap();
    studio.keys("<ctrl+g>");
    studio.wait_for(
        |screen| screen.contains("waiting") && screen.contains("1 s"),
        "a second of waiting",
    );
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
    assert!(latest_run(home.path()).is_none());
    held.execute_batch("ROLLBACK").unwrap();
    listener.set_nonblocking(false).unwrap();
    listener.accept().unwrap();
    let run = latest_run(home.path()).unwrap();
    assert_eq!(run.record.template.as_deref(), Some("blog-post"));
    assert!(run.record.request.prompt.user.contains("Topic: Kettles"));
    assert_eq!(run.record.request.model, "scripted");
    assert_eq!(run.record.origin.as_deref(), base.strip_suffix("/v1"));
    assert!(run.record.template_hash.is_some() && run.outcome.is_none());
}

/// W3: an answer that a kill cut off is offered by the next start, with its template; one key
/// brings it back to the last byte, and another goes on with it.
#[test]
fn an_answer_that_was_cut_off_is_brought_back_and_continued() {
    let home = home();
    let cut = vec![
        Step::stream_head(),
        delta("The first half,"),
        Step::AwaitHangUp,
    ];
    let rest = vec![Step::stream_head(), delta(" and the second."), end()];
    let server = Server::start(vec![cut, rest]);
    let envs = scripted(&server);
    let studio = start_in_peace(&home, &borrowed(&envs));
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text("The first half,");
    let came = || latest_run(home.path()).is_some_and(|run| !run.text.is_empty());
    studio.wait_beside(came, "the text in the journal");
    kill(studio);
    let before = latest_run(home.path()).unwrap();
    assert_eq!(
        (before.text.as_str(), &before.outcome),
        ("The first half,", &None)
    );

    let studio = start(&home, &borrowed(&envs));
    let screen = studio.wait_for_text("an answer that was still arriving");
    assert!(
        screen.contains("just now · 3 words · blog-post"),
        "{screen}"
    );
    studio
        .keys("<enter>")
        .wait_for_text("brought back; c continues it");
    studio.wait_for_text("interrupted");
    studio.keys("c").wait_for_text("and the second.");
    studio.wait_for_text(" done ");
    let sent = server.requests().pop().unwrap().json().to_string();
    assert!(sent.contains("The first half,"), "{sent}");
    let after = latest_run(home.path()).unwrap();
    assert_eq!(after.record.continues, Some(before.record.id));
    let journal = Journal::open(&paths(home.path()).journal).unwrap().journal;
    let settled = journal.run(before.record.id).unwrap().unwrap();
    assert_eq!(settled.text, "The first half,");
    assert!(settled.outcome.is_some_and(|outcome| {
        outcome.ending == Ending::Finished(copydesk::domain::run::FinishReason::Interrupted)
    }));
    // Nothing has used it yet; it comes back with what it goes on with.
    kill(studio);
    let studio = start(&home, &borrowed(&envs));
    let screen = studio.wait_for_text("an answer that was not used");
    assert!(!screen.contains("still arriving"), "{screen}");
    studio
        .keys("<enter>")
        .wait_for_text("brought back; enter uses it");
    studio
        .keys("<enter>")
        .wait_for_text("in the draft; ctrl+s saves it");
    save(&studio);
    let [path] = drafts_of(home.path()).try_into().unwrap();
    let saved = drafts::load(&path).unwrap().draft;
    assert_eq!(saved.body(), "The first half, and the second.");
    let parts = &saved.provenance().unwrap().parts;
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].run, before.record.id);
    let known = || {
        let journal = Journal::open(&paths(home.path()).journal).unwrap().journal;
        journal.unused_runs(Timestamp::now()).unwrap().is_empty()
    };
    studio.wait_beside(known, "the use in the journal");
    kill(studio);
    start_in_peace(&home, &borrowed(&envs));
}

/// W4: recovery says what, when and from which template; it shows the difference, keeps for later
/// what is turned down, and the palette brings that back.
#[test]
fn unsaved_text_is_told_compared_put_off_and_found_again() {
    let home = home();
    let path = furnish(home.path(), "A word about kettles.\n");
    let studio = start_in_peace(&home, &[]);
    open_the_draft(&studio);
    type_and_kill(studio, "And one about tea.");

    let mut studio = start(&home, &[]);
    let screen = studio.wait_for_text(OFFER);
    let about = "newer than its file · just now · 8 words · blog-post";
    assert!(screen.contains("A word about kettles."), "{screen}");
    assert!(screen.contains(about), "{screen}");
    studio.keys("=").wait_for_text("Saved file → unsaved text");
    studio.wait_for_text("And one about tea.");
    studio.keys("<esc>");
    studio.wait_for(|screen| !screen.contains("Saved file"), "the offer again");
    studio.keys("<esc>").wait_for_text("kept for 30 days");
    assert!(!studio.screen().contains(OFFER));
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);

    let studio = start_in_peace(&home, &[]);
    studio.keys("<ctrl+p>recover").wait_for_text("> recover");
    studio.keys("<enter>").wait_for_text(OFFER);
    studio
        .keys("<enter>")
        .wait_for_text("brought back; ctrl+s saves it");
    assert_eq!(body(&path), "A word about kettles.\n");
    save(&studio);
    assert_eq!(body(&path), "A word about kettles.\nAnd one about tea.");
    assert_eq!(drafts_of(home.path()), [path]);
}

/// W4: nothing is offered after a clean exit, whether the text was saved then or put off.
#[test]
fn nothing_is_offered_after_a_clean_exit() {
    let home = home();
    let mut studio = start_in_peace(&home, &[]);
    studio
        .keys("<alt+2>Saved at the end<ctrl+q>")
        .wait_for_text("save and quit");
    studio.keys("s");
    assert_eq!(studio.exit_code(), 0);
    let mut studio = start_in_peace(&home, &[]);
    studio
        .keys("<alt+r>")
        .wait_for_text("there is no unsaved text to bring back");
    studio
        .keys("<alt+2>Put off<ctrl+q>")
        .wait_for_text("kept 30 days");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    let studio = start_in_peace(&home, &[]);
    studio.keys("<alt+r>").wait_for_text("kept for later");
    studio.wait_for_text("Put off");
}

/// W4: text whose file was changed meanwhile comes back as a draft of its own, never over it.
#[test]
fn unsaved_text_never_goes_over_a_newer_file() {
    let home = home();
    let path = furnish(home.path(), "A word about kettles.\n");
    let studio = start_in_peace(&home, &[]);
    open_the_draft(&studio);
    type_and_kill(studio, "Mine.");
    let theirs = std::fs::read_to_string(&path).unwrap() + "Theirs.\n";
    atomic::save(&path, theirs.as_bytes()).unwrap();

    let studio = start(&home, &[]);
    studio.wait_for_text(OFFER);
    studio
        .keys("<enter>")
        .wait_for_text("brought back as an unsaved draft");
    save(&studio);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), theirs);
    let mut others = drafts_of(home.path());
    others.retain(|other| *other != path);
    let [mine] = others.try_into().unwrap();
    assert_eq!(body(&mine), "A word about kettles.\nMine.");
}

/// W10: the versions of a draft are listed with time and cause after a restart, compared with the
/// text now, and one key brings one back.
#[test]
fn versions_are_listed_compared_and_restored_after_a_restart() {
    let home = home();
    let mut studio = start_in_peace(&home, &[]);
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text("Enter use as draft");
    studio.keys("<alt+3><enter>").wait_for_text("in the draft");
    studio
        .keys("<ctrl+a>Only this.")
        .wait_for_text("Only this.");
    save(&studio);
    let [path] = drafts_of(home.path()).try_into().unwrap();
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);

    let studio = start_in_peace(&home, &[]);
    studio.keys("<alt+1>]").wait_for_text("words · ");
    studio.keys("<enter>");
    let opened = |screen: &str| screen.lines().next().unwrap_or_default().contains(".md");
    studio.wait_for(opened, "the open draft");
    studio.keys("<ctrl+p>versions").wait_for_text("> versions");
    studio
        .keys("<enter>")
        .wait_for_text("Versions of this draft");
    let screen = studio.wait_for_text("generated text used");
    assert!(
        screen.contains("just now") && screen.contains("saved  "),
        "{screen}"
    );
    studio
        .keys("<down><enter>")
        .wait_for_text("Now → this version");
    studio.keys("<esc>");
    studio.wait_for(
        |screen| !screen.contains("Now → this"),
        "the versions again",
    );
    studio.keys("r").wait_for_text("restored; ctrl+s saves it");
    assert_eq!(body(&path), "Only this.");
    save(&studio);
    assert!(body(&path).contains("No model was asked"));
    studio.keys("<alt+v>").wait_for_text("restored  ");
}

/// W10: a file that was written elsewhere has its text as a version once a save here went over it.
#[test]
fn what_a_file_said_before_the_first_save_comes_back_after_a_restart() {
    let home = home();
    let path = furnish(home.path(), "Written elsewhere.\n");
    let mut studio = start_in_peace(&home, &[]);
    open_the_draft(&studio);
    studio
        .keys("<alt+2><ctrl+a>Only this.")
        .wait_for_text("Only this.");
    save(&studio);
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    assert_eq!(body(&path), "Only this.");

    let studio = start_in_peace(&home, &[]);
    open_the_draft(&studio);
    studio.keys("<alt+v>").wait_for_text("changed outside  ");
    studio
        .keys("<down>r")
        .wait_for_text("restored; ctrl+s saves it");
    save(&studio);
    assert_eq!(body(&path), "Written elsewhere.\n");
}

/// W10: a save does not go over a text before the journal has it as a version; when it cannot have
/// it, the file goes to the trash.
#[test]
fn a_save_waits_for_the_version_of_what_it_goes_over() {
    let home = home();
    let path = furnish(home.path(), "Written elsewhere.\n");
    let studio = start_in_peace(&home, &[]);
    open_the_draft(&studio);
    studio
        .keys("<alt+2><ctrl+a>Only this.")
        .wait_for_text("Only this.");
    wait_until_kept(&studio, "Only this.");
    let beside = rusqlite::Connection::open(paths(home.path()).journal).unwrap();
    let full = "CREATE TRIGGER full BEFORE INSERT ON versions
        BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;";
    beside.execute_batch(full).unwrap();
    studio.keys("<ctrl+s>");
    studio.wait_beside(|| body(&path) == "Only this.", "the save");
    kill(studio);
    assert!(in_the_trash(&home, "Written elsewhere."));
}

fn in_the_trash(home: &TempDir, text: &str) -> bool {
    let files = std::fs::read_dir(paths(home.path()).trash)
        .into_iter()
        .flatten();
    let mut texts = files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap());
    texts.any(|file| file.contains(text))
}

/// W4: two studios at once: the second does not offer what is still being typed in the first, and
/// offers it once that was killed.
#[test]
fn a_second_studio_leaves_the_text_of_a_live_one_alone() {
    let home = home();
    let first = start_in_peace(&home, &[]);
    first.keys("<alt+2>Still being typed");
    wait_until_kept(&first, "Still being typed");
    let mut second = start_in_peace(&home, &[]);
    second
        .keys("<alt+r>")
        .wait_for_text("there is no unsaved text to bring back");
    second.keys("<ctrl+q>");
    assert_eq!(second.exit_code(), 0);
    kill(first);
    let third = start(&home, &[]);
    third.wait_for_text(OFFER);
    third.keys("<enter>").wait_for_text("Still being typed");
}

/// W1: a journal that is damaged is set aside and said, and the studio works on with a new one.
#[test]
fn a_damaged_journal_is_set_aside_and_said() {
    let home = home();
    let place = paths(home.path()).journal;
    std::fs::create_dir_all(place.parent().unwrap()).unwrap();
    let noise: Vec<u8> = (0..20_000_u32)
        .map(|step| (step * step % 251) as u8)
        .collect();
    atomic::save(&place, &noise).unwrap();
    let studio = start_in_peace(&home, &[]);
    studio.wait_for_text("the journal could not be used");
    studio.keys("<alt+2>Before the save");
    save(&studio);
    type_and_kill(studio, " and after");
    let beside = std::fs::read_dir(place.parent().unwrap()).unwrap();
    let aside = beside
        .map(|entry| entry.unwrap().path())
        .filter(|path| path != &place && path.is_file())
        .filter(|path| std::fs::read(path).unwrap() == noise);
    assert_eq!(aside.count(), 1);
    let studio = start(&home, &[]);
    studio.wait_for_text(OFFER);
    studio
        .keys("<enter>")
        .wait_for_text("Before the save and after");
}

fn left(number: u128, minutes: i64, text: &str) -> Left {
    Left {
        id: Uuid::from_u128(number),
        title: Draft::title_from(text, "Untitled"),
        path: None,
        template: Some("blog-post".to_owned()),
        at: Now((NOW - minutes * 60_000).cast_unsigned()),
        words: text.split_whitespace().count(),
        variants: 1,
        text: text.to_owned(),
        saved: None,
        state: LeftState::Lost,
    }
}

/// A studio that finds three texts.
fn found(size: (u16, u16)) -> Studio {
    let left = vec![
        left(1, 0, "# Kettles that whistle\n\nNobody has saved this yet."),
        Left {
            path: Some(PathBuf::from("drafts/2026-11-18-tea.md")),
            saved: Some("A word about tea.".to_owned()),
            ..left(2, 3, "A word about tea, and one about milk.")
        },
        Left {
            state: LeftState::Answer(RunId(Uuid::from_u128(3))),
            ..left(3, 60 * 26, "Half an answer")
        },
    ];
    let mut studio = Studio::new(size);
    let uses = Vec::new();
    studio.tell(Msg::Journal { left, uses });
    studio
}

#[test]
fn unsaved_text_that_was_found() {
    assert_snapshot!("found_large", found(LARGE).picture());
    assert_snapshot!("found_usual", found(USUAL).keys("<down>").picture());
    assert_snapshot!("found_compared", found(USUAL).keys("<down>=").picture());
}

/// A studio that lists the versions of its draft.
fn listed(size: (u16, u16)) -> Studio {
    let version = |id: i64, minutes: i64, cause: Cause| VersionHeadline {
        id: VersionId(id),
        at: Timestamp::from_millisecond(NOW - minutes * 60_000).unwrap(),
        cause,
        path: None,
        words: 100 + id.cast_unsigned(),
        bytes: 700,
    };
    let versions = vec![
        version(6, 0, Cause::Save),
        version(5, 1, Cause::Restore),
        version(4, 45, Cause::Edit),
        version(3, 90, Cause::OutsideChange),
        version(2, 60 * 24, Cause::Refine),
        version(1, 60 * 24 * 5, Cause::Generation),
    ];
    let mut studio = Studio::new(size);
    let draft = studio.app.editor.draft_key();
    studio.tell(Msg::Versions { draft, versions });
    studio
}

#[test]
fn the_versions_of_a_draft() {
    assert_snapshot!("versions_large", listed(LARGE).picture());
    assert_snapshot!("versions_usual", listed(USUAL).keys("<down*2>").picture());
}
