//! Answers that nobody used, forms that nobody sent and a journal that has no room, from outside:
//! however the studio ends, nothing of them is lost, and no promise is made that is not kept.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod support;

use copydesk::store::journal::Journal;
use rusqlite::Connection;
use rustix::process::{Pid, Signal, kill_process};
use std::io::Write as _;
use std::sync::Arc;
use support::pty::Pty;
use support::server::{Recorded, Server, Step};
use support::studio::paths;
use tempfile::TempDir;

const OFFER: &str = "Unsaved text was found";
const ARRIVING: &str = "an answer that was still arriving";
const UNUSED: &str = "an answer that was not used";

fn home() -> Arc<TempDir> {
    Arc::new(tempfile::tempdir().unwrap())
}

/// A studio that asks a scripted server and has opened its journal.
fn start(home: &Arc<TempDir>, server: &Server) -> Pty {
    let program = env!("CARGO_BIN_EXE_copydesk");
    let base = server.base_url();
    let envs = [
        ("OPENAI_BASE_URL", base.as_str()),
        ("OPENAI_API_KEY", "sk-test"),
        ("OPENAI_MODEL", "scripted"),
    ];
    let studio = Pty::start_at_home(Arc::clone(home), (program, &[]), (120, 40), &envs).unwrap();
    studio.wait_for(
        |screen| screen.contains("A first draft of a post") || screen.contains(OFFER),
        "the open journal",
    );
    studio
}

fn start_in_peace(home: &Arc<TempDir>, server: &Server) -> Pty {
    let studio = start(home, server);
    let screen = studio.screen();
    assert!(!screen.contains(OFFER), "a false offer:\n{screen}");
    studio
}

fn end_by(mut studio: Pty, signal: Signal) {
    let pid = Pid::from_raw(studio.pid().unwrap().cast_signed()).unwrap();
    kill_process(pid, signal).unwrap();
    studio.exit_status();
}

fn delta(text: &str) -> Step {
    Step::body(&format!(
        "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":\"{text}\"}},\
         \"finish_reason\":null}}]}}\n\n"
    ))
}

fn whole(text: &str) -> Vec<Step> {
    let end = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
         data: [DONE]\n\n";
    vec![Step::stream_head(), delta(text), Step::body(end)]
}

fn endless(text: &str) -> Vec<Step> {
    vec![Step::stream_head(), delta(text), Step::AwaitHangUp]
}

fn wait_for_run(studio: &Pty, wanted: &str) {
    let place = paths(studio.home()).journal;
    let there = || {
        let journal = Journal::open(&place).unwrap().journal;
        let last = journal.runs(1, None).unwrap().pop();
        let run = last.and_then(|last| journal.run(last.id).unwrap());
        run.is_some_and(|run| run.text == wanted && run.outcome.is_some())
    };
    studio.wait_beside(there, "the answer in the journal");
}

fn wait_until_kept(studio: &Pty, wanted: &str) {
    let place = paths(studio.home()).journal;
    let there = || {
        let kept = Journal::open(&place).unwrap().journal.buffers().unwrap();
        kept.iter().any(|kept| kept.buffer.text == wanted)
    };
    studio.wait_beside(there, "the text in the journal");
}

/// W3: a signal or a terminal that goes away ends no answer: the next start offers it.
#[test]
fn an_answer_is_offered_after_a_signal() {
    for signal in [Signal::HUP, Signal::TERM] {
        let home = home();
        let server = Server::start(vec![endless("The first half")]);
        let studio = start_in_peace(&home, &server);
        studio
            .keys("<enter>Kettles<ctrl+g>")
            .wait_for_text("The first half");
        end_by(studio, signal);
        let studio = start(&home, &server);
        studio.wait_for_text(ARRIVING);
        studio.keys("<enter>").wait_for_text("brought back; c");
    }
}

/// K7: what a model thought comes back with its answer, folded, and goes into no draft.
#[test]
fn reasoning_comes_back_folded_with_the_answer_that_it_led_to() {
    let home = home();
    let mut script = whole("The whole.");
    let thought = "data: {\"choices\":[{\"delta\":{\"reasoning\":\"Let me think\"}}]}\n\n";
    script.insert(1, Step::body(thought));
    let server = Server::start(vec![script]);
    let studio = start_in_peace(&home, &server);
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text(" done ");
    wait_for_run(&studio, "The whole.");
    end_by(studio, Signal::KILL);

    let mut studio = start(&home, &server);
    studio.wait_for_text(UNUSED);
    let screen = studio.keys("<enter>").wait_for_text("thought for 3 words");
    assert!(!screen.contains("Let me think"), "{screen}");
    studio.keys("T").wait_for_text("Let me think");
    studio.keys("<enter>").wait_for_text("in the draft");
    studio.keys("<ctrl+s>").wait_for_text("saved drafts/");
    let drafts = std::fs::read_dir(studio.home().join("data/drafts")).unwrap();
    for draft in drafts {
        let text = std::fs::read_to_string(draft.unwrap().path()).unwrap();
        assert!(
            text.contains("The whole.") && !text.contains("think"),
            "{text}"
        );
    }
    studio.keys("<ctrl+q>");
    studio.exit_code();
}

/// W1, W3: an answer that came to its end and was not used is offered after a kill, until it was
/// used; one that was stopped is, too.
#[test]
fn an_answer_that_was_not_used_is_offered_after_a_kill() {
    let home = home();
    let server = Server::start(vec![whole("The whole."), endless("A half")]);
    let studio = start_in_peace(&home, &server);
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text(" done ");
    wait_for_run(&studio, "The whole.");
    end_by(studio, Signal::KILL);

    let studio = start(&home, &server);
    studio.wait_for_text(UNUSED);
    studio
        .keys("<enter>")
        .wait_for_text("brought back; enter uses it");
    studio.keys("R").wait_for_text("A half");
    studio
        .keys("<esc>")
        .wait_for_text("stopped; what came is kept");
    wait_for_run(&studio, "A half");
    end_by(studio, Signal::KILL);

    // The newest is offered, and the palette has both.
    let mut studio = start(&home, &server);
    let screen = studio.wait_for_text(UNUSED);
    assert!(
        screen.contains("A half") && !screen.contains("The whole."),
        "{screen}"
    );
    studio.keys("<esc>").wait_for_text("kept for 30 days");
    studio.keys("<alt+r>").wait_for_text("The whole.");
    studio.wait_for_text("A half");
    studio
        .keys("<down><enter>")
        .wait_for_text("brought back; enter uses it");
    studio.keys("<enter>").wait_for_text("in the draft");
    studio.keys("<ctrl+s>").wait_for_text("saved drafts/");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    let studio = start_in_peace(&home, &server);
    let screen = studio.keys("<alt+r>").wait_for_text("A half");
    assert!(!screen.contains("The whole."), "{screen}");
}

/// W3: variants that were asked for together are offered and brought back together.
#[test]
fn variants_of_one_run_are_offered_as_one_after_a_kill() {
    let home = home();
    let server = Server::start(vec![whole("The first."), endless("The second")]);
    let studio = start_in_peace(&home, &server);
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text(" done ");
    wait_for_run(&studio, "The first.");
    studio.keys("V2").wait_for_text("The second");
    let place = paths(home.path()).journal;
    let there = || {
        let journal = Journal::open(&place).unwrap().journal;
        let last = journal.runs(1, None).unwrap().pop().unwrap();
        journal.run(last.id).unwrap().unwrap().text == "The second"
    };
    studio.wait_beside(there, "the second answer in the journal");
    end_by(studio, Signal::KILL);

    let studio = start(&home, &server);
    studio.wait_for_text("2 variants that were still arriving");
    studio
        .keys("<enter>")
        .wait_for_text("2 variants brought back; c continues it, enter uses it");
    studio.wait_for_text("The second");
    studio.keys("1").wait_for_text("The first.");
    studio.keys("<enter>").wait_for_text("in the draft");
}

/// W7: of two studios that offer the same answer, one alone brings it back, and its end leaves the
/// answer to the next.
#[test]
fn an_answer_is_brought_back_in_one_studio_alone() {
    let home = home();
    let server = Server::start(vec![whole("The whole.")]);
    let first = start_in_peace(&home, &server);
    first.keys("<enter>Kettles<ctrl+g>").wait_for_text(" done ");
    wait_for_run(&first, "The whole.");
    end_by(first, Signal::KILL);
    let [second, third] = [start(&home, &server), start(&home, &server)];
    for studio in [&second, &third] {
        studio.wait_for_text(UNUSED);
    }
    second
        .keys("<enter>")
        .wait_for_text("brought back; enter uses it");
    third
        .keys("<enter>")
        .wait_for_text("this answer was brought back in another Copydesk");
    third
        .keys("<alt+r>")
        .wait_for_text("there is no unsaved text to bring back");
    end_by(second, Signal::KILL);
    third.keys("<alt+r>").wait_for_text(UNUSED);
    third
        .keys("<enter>")
        .wait_for_text("brought back; enter uses it");
}

/// W4: whoever leaves with an answer that was not used is told where it is, and is offered nothing.
#[test]
fn leaving_with_an_unused_answer_keeps_it() {
    let home = home();
    let server = Server::start(vec![whole("The whole.")]);
    let mut studio = start_in_peace(&home, &server);
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text(" done ");
    studio
        .keys("<ctrl+q>")
        .wait_for_text("A generated text was not used.");
    studio.wait_for_text("kept 30 days");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    let studio = start_in_peace(&home, &server);
    studio.keys("<alt+r>").wait_for_text(UNUSED);
    studio.keys("<enter>").wait_for_text("The whole.");
}

/// W1: what was filled into a form comes back with it, after a kill and after leaving, until it
/// was sent.
#[test]
fn a_form_comes_back_as_it_was_left() {
    let home = home();
    let server = Server::start(vec![whole("The whole.")]);
    let studio = start_in_peace(&home, &server);
    studio
        .keys("<enter>Kettles<tab><tab><paste:Five thousand words>")
        .wait_for_text("Five thousand words");
    let place = paths(studio.home()).journal;
    let kept = |wanted: &str| {
        let form = Journal::open(&place).unwrap().journal.form("blog-post");
        let form = form.unwrap().map(|form| format!("{:?}", form.brief));
        form.is_some_and(|form| form.contains(wanted))
    };
    studio.wait_beside(|| kept("Five thousand words"), "the form in the journal");
    end_by(studio, Signal::KILL);
    let mut studio = start_in_peace(&home, &server);
    studio.keys("<enter>").wait_for_text("Five thousand words");
    studio
        .keys(" that whistle")
        .wait_for_text("Kettles that whistle");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    let studio = start_in_peace(&home, &server);
    studio.keys("<enter>").wait_for_text("Kettles that whistle");
    studio.keys("<ctrl+g>").wait_for_text(" done ");
    let sent = || Journal::open(&place).unwrap().journal.form("blog-post");
    studio.wait_beside(|| sent().unwrap().is_none(), "the form to be let go of");
}

/// W1: a form whose request brought no text is still there after leaving.
#[test]
fn a_form_whose_run_failed_comes_back() {
    let home = home();
    let refusal = r#"{"error":{"message":"no such model","type":"invalid_request_error"}}"#;
    let server = Server::start(vec![vec![Step::json(404, refusal)]]);
    let mut studio = start_in_peace(&home, &server);
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text("No such model");
    studio.keys("<ctrl+q>");
    assert_eq!(studio.exit_code(), 0);
    let journal = Journal::open(&paths(home.path()).journal).unwrap().journal;
    let form = journal.form("blog-post").unwrap();
    let brief = form.map(|form| format!("{:?}", form.brief));
    assert!(brief.is_some_and(|brief| brief.contains("Kettles")));
}

const FULL: &str = "CREATE TRIGGER full1 BEFORE INSERT ON buffers
        BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;
    CREATE TRIGGER full2 BEFORE INSERT ON patches
        BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;
    CREATE TRIGGER full3 BEFORE UPDATE ON buffers
        BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END;";
const FREED: &str = "DROP TRIGGER full1; DROP TRIGGER full2; DROP TRIGGER full3;";

/// W5: while the journal takes nothing, nobody is promised that it does; once there is room, it
/// has the text without another key.
#[test]
fn a_full_journal_promises_nothing_and_catches_up() {
    let home = home();
    let server = Server::start(Vec::new());
    let mut studio = start_in_peace(&home, &server);
    studio.keys("<alt+2>W");
    wait_until_kept(&studio, "W");
    let beside = Connection::open(paths(home.path()).journal).unwrap();
    beside.execute_batch(FULL).unwrap();
    studio
        .keys("ritten in vain?")
        .wait_for_text("database or disk is full");
    studio.keys("<ctrl+q>").wait_for_text("quit without saving");
    studio.keys("<esc>");
    beside.execute_batch(FREED).unwrap();
    wait_until_kept(&studio, "Written in vain?");
    studio.keys("<ctrl+q>").wait_for_text("kept 30 days");
    studio.keys("q");
    assert_eq!(studio.exit_code(), 0);
    let studio = start_in_peace(&home, &server);
    studio.keys("<alt+r>").wait_for_text("Written in vain?");
}

/// W5: a text that cannot be put off although that was promised keeps the studio open.
#[test]
fn nobody_leaves_before_the_journal_has_the_text() {
    let home = home();
    let server = Server::start(Vec::new());
    let mut studio = start_in_peace(&home, &server);
    studio.keys("<alt+2>Promised");
    wait_until_kept(&studio, "Promised");
    studio.keys("<ctrl+q>").wait_for_text("kept 30 days");
    let beside = Connection::open(paths(home.path()).journal).unwrap();
    beside.execute_batch(FULL).unwrap();
    studio.keys("q").wait_for_text("quit without saving");
    let screen = studio.screen();
    assert!(!screen.contains("kept 30 days"), "{screen}");
    studio.keys("s").wait_for_text("save");
    assert_eq!(studio.exit_code(), 0);
    let drafts = std::fs::read_dir(paths(home.path()).drafts).unwrap();
    assert_eq!(drafts.count(), 1);
}

/// An answer of a shape is asked for again in that shape, also when it was brought back.
#[test]
fn an_answer_that_is_brought_back_is_asked_for_again_with_its_schema() {
    let home = home();
    let shelf = paths(home.path()).templates;
    std::fs::create_dir_all(&shelf).unwrap();
    let template = "---\ntitle: Zettel\ndescription: A first draft of a post\noutput: {schema: {type: object, properties: {title: {type: string}}}}\n---\nA title.\n";
    let mut file = std::fs::File::create(shelf.join("zettel.md")).unwrap();
    file.write_all(template.as_bytes()).unwrap();
    let server = Server::start(vec![whole("The first."), whole("The second.")]);
    let studio = start_in_peace(&home, &server);
    studio.keys("<enter><ctrl+g>").wait_for_text("The first.");
    wait_for_run(&studio, "The first.");
    end_by(studio, Signal::KILL);

    let studio = start(&home, &server);
    studio.wait_for_text(UNUSED);
    studio.keys("<enter>").wait_for_text("brought back");
    studio.keys("R").wait_for_text("The second.");
    let sent: Vec<_> = server.requests().iter().map(Recorded::json).collect();
    assert_eq!(sent[0]["response_format"]["type"], "json_schema");
    assert_eq!(sent[0], sent[1]);
    end_by(studio, Signal::TERM);
}

/// Thoughts are kept while they arrive, as text is, so that a kill costs little of them.
#[test]
fn what_a_model_thought_is_kept_of_an_answer_that_a_kill_cut() {
    let home = home();
    let mut script = endless("The first half");
    let thought = "data: {\"choices\":[{\"delta\":{\"reasoning\":\"Let me think\"}}]}\n\n";
    script.insert(1, Step::body(thought));
    let server = Server::start(vec![script]);
    let studio = start_in_peace(&home, &server);
    studio
        .keys("<enter>Kettles<ctrl+g>")
        .wait_for_text("The first half");
    let place = paths(studio.home()).journal;
    let there = || {
        let journal = Journal::open(&place).unwrap().journal;
        let last = journal.runs(1, None).unwrap().pop();
        let run = last.and_then(|last| journal.run(last.id).unwrap());
        run.is_some_and(|run| run.text == "The first half" && run.outcome.is_none())
    };
    studio.wait_beside(there, "the beginning in the journal");
    end_by(studio, Signal::KILL);
    let studio = start(&home, &server);
    studio.wait_for_text(ARRIVING);
    studio.keys("<enter>").wait_for_text("thought for 3 words");
    end_by(studio, Signal::TERM);
}
