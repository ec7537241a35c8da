//! The loop itself: keys in, frames out, a real connection to a scripted server in between.
//!
//! Nothing here waits for a while: every test waits for what the screen says, with a deadline.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use copydesk::app::App;
use copydesk::app::areas::Areas;
use copydesk::app::msg::{Looks, Msg, Now};
use copydesk::app::output::{Phase, Variant};
use copydesk::config::{Notify, Overrides, Settings};
use copydesk::store::atomic;
use copydesk::store::journal::Journal;
use copydesk::tui::pacer::{FRAME, Pacer};
use copydesk::tui::runner::Runner;
use copydesk::tui::{Clock, Desk, Exit, Screen};
use copydesk::view::Cache;
use futures_util::stream::poll_fn;
use pretty_assertions::assert_eq;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;
use support::crowd::Crowd;
use support::server::{Gate, Recorded, Server, Step};
use support::studio::{drawn, keys, paths};
use tempfile::TempDir;
use tokio::sync::{mpsc, watch};
use tokio::time::Instant;

/// How long a screen may take to say what a test waits for.
const LIMIT: Duration = Duration::from_secs(20);

/// What the screen showed last.
#[derive(Debug, Clone, Default)]
struct Seen {
    text: String,
    frames: u32,
    /// What was told a person who looked elsewhere.
    told: String,
}

/// A screen of 120 by 40 that remembers.
struct Watched {
    cache: Cache,
    seen: watch::Sender<Seen>,
}

impl Screen for Watched {
    fn draw(&mut self, app: &App) -> io::Result<Areas> {
        let (screen, areas) = drawn(app, &mut self.cache, (120, 40));
        self.seen.send_modify(|seen| {
            seen.text = screen.text();
            seen.frames += 1;
        });
        Ok(areas)
    }

    fn forget(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn suspend(&mut self) {}

    fn resume(&mut self) -> io::Result<()> {
        Ok(())
    }

    fn copy(&mut self, _: &str) -> io::Result<()> {
        Ok(())
    }

    fn notify(&mut self, _: Notify, text: &str) -> io::Result<()> {
        self.seen
            .send_modify(|seen| text.clone_into(&mut seen.told));
        Ok(())
    }
}

/// Time as the runtime has it, so that it stands still where a test stops it.
struct RuntimeClock(Instant);

impl Clock for RuntimeClock {
    fn now(&self) -> Now {
        Now(1_795_000_000_000 + u64::try_from(self.0.elapsed().as_millis()).unwrap())
    }
}

/// The person at the keyboard.
struct Person {
    input: mpsc::UnboundedSender<Msg>,
    seen: watch::Receiver<Seen>,
}

impl Person {
    fn tell(&self, msg: Msg) {
        self.input.send(msg).unwrap();
    }

    fn press(&self, text: &str) {
        for msg in keys(text) {
            self.tell(msg);
        }
    }

    /// Waits until the screen shows `wanted`.
    async fn sees(&mut self, wanted: &str) -> Seen {
        let shown = self.seen.wait_for(|seen| seen.text.contains(wanted));
        if let Ok(Ok(seen)) = tokio::time::timeout(LIMIT, shown).await {
            return seen.clone();
        }
        panic!("no {wanted:?} on\n{}", self.seen.borrow().text);
    }

    fn frames(&self) -> u32 {
        self.seen.borrow().frames
    }

    /// Opens the form of a template.
    async fn opens_form(&mut self) {
        self.sees("Blog post").await;
        self.press("/blog post<enter>");
        self.sees("tab Next field").await;
    }

    /// Opens a form, gives it a topic and sends it.
    async fn generates(&mut self) {
        self.opens_form().await;
        self.press("Rust<ctrl+g>");
    }
}

/// A studio whose provider is a server of the test.
struct Studio {
    home: TempDir,
    settings: Settings,
}

impl Studio {
    fn new(base_url: &str) -> Self {
        Self::speaking(base_url, "chat")
    }

    /// The same where the server speaks this API.
    fn speaking(base_url: &str, api: &str) -> Self {
        let config = format!(
            "provider = \"scripted\"\n[providers.scripted]\nbase_url = \"{base_url}\"\nmodel = \"m1\"\n\
             key_env = \"COPYDESK_TEST_WITHOUT_KEY\"\napi = \"{api}\"\n"
        );
        let file = Some(("config.toml", config.as_str()));
        let settings = Settings::resolve(file, &|_| None, &Overrides::default());
        assert_eq!((&settings.problem, settings.warnings.len()), (&None, 0));
        Self {
            home: tempfile::tempdir().unwrap(),
            settings,
        }
    }

    /// Runs the loop until the person is through or has left; gives the model as it was then.
    async fn with<F: Future<Output = ()>>(
        &self,
        acts: impl FnOnce(Person) -> F,
    ) -> (App, io::Result<Exit>) {
        let (seen, watching) = watch::channel(Seen::default());
        let (input, typed) = mpsc::unbounded_channel();
        let person = Person {
            input,
            seen: watching,
        };
        let looping = async move {
            let mut desk = Desk {
                app: App::new(self.settings.clone(), 7),
                runner: Runner::new(paths(self.home.path()), self.settings.clone()),
                clock: RuntimeClock(Instant::now()),
                pacer: Pacer::default(),
                wakes: BTreeSet::new(),
                named: None,
            };
            let mut screen = Watched {
                cache: Cache::default(),
                seen,
            };
            let typed = Rc::new(RefCell::new(typed));
            let open = || {
                let typed = Rc::clone(&typed);
                Ok(poll_fn(move |context| {
                    typed.borrow_mut().poll_recv(context)
                }))
            };
            let exit = desk.run(&mut screen, open).await;
            (desk.app, exit)
        };
        // Each end of the input is dropped when its side is through, and the other one notices.
        tokio::join!(looping, acts(person)).0
    }

    fn drafts(&self) -> Vec<String> {
        texts(&paths(self.home.path()).drafts)
    }
}

fn texts(folder: &Path) -> Vec<String> {
    let files = std::fs::read_dir(folder).into_iter().flatten();
    files
        .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
        .collect()
}

fn runtime(paused: bool) -> tokio::runtime::Runtime {
    let mut builder = tokio::runtime::Builder::new_current_thread();
    builder.enable_all().start_paused(paused);
    builder.build().unwrap()
}

/// Acts with a studio whose server answers with `scripts`.
fn with<F: Future<Output = ()>>(
    scripts: Vec<Vec<Step>>,
    acts: impl FnOnce(Person, Arc<Server>) -> F,
) -> App {
    let server = Arc::new(Server::start(scripts));
    let studio = Studio::new(&server.base_url());
    let (app, _) = runtime(false).block_on(studio.with(|person| acts(person, server)));
    app
}

fn delta(text: &str) -> Step {
    Step::body(&event("content", text))
}

/// An event of the stream that brings text in one field of its delta.
fn event(field: &str, text: &str) -> String {
    let text = serde_json::to_string(text).unwrap();
    format!(
        "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"{field}\":{text}}},\
         \"finish_reason\":null}}]}}\n\n"
    )
}

fn end() -> Step {
    Step::body(
        "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
         data: [DONE]\n\n",
    )
}

fn only(app: &App) -> &Variant {
    assert_eq!(app.output.variants.len(), 1);
    &app.output.variants[0]
}

#[test]
fn a_question_is_answered_while_the_draft_is_written_and_esc_hangs_up() {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        delta("It opens "),
        Step::Gate(gate.clone()),
        delta("well"),
        Step::AwaitHangUp,
    ];
    let app = with(vec![script], async |mut person, server| {
        person.sees("Blog post").await;
        person.press("<alt+2>A house on a hill.<alt+k>");
        person.sees("whole draft").await;
        person.press("Is it good?<enter>");
        person.sees("It opens").await;
        person.press("<alt+2> And more");
        person.sees("And more").await;
        gate.open();
        person.sees("It opens well").await;
        person.press("<alt+k><esc>");
        person.sees("stopped; what came is kept").await;
        let asked = server.requests()[0].json().to_string();
        assert!(asked.contains("A house on a hill.") && !asked.contains("And more"));
        let gone = tokio::task::spawn_blocking(move || server.hang_up(LIMIT));
        assert!(gone.await.unwrap());
    });
    assert_eq!(app.editor.document.text(), "A house on a hill. And more");
    let answer = app.shown_answer().unwrap();
    assert_eq!(
        (answer.text.as_str(), &answer.phase),
        ("It opens well", &Phase::Stopped)
    );
    assert!(app.output.variants.is_empty());
}

/// Who looks elsewhere hears of the end, once, in text that commands nothing.
#[test]
fn the_end_of_a_run_is_told_to_a_person_who_looks_elsewhere() {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        delta("Calm."),
        Step::Gate(gate.clone()),
        end(),
    ];
    let second = vec![Step::stream_head(), delta("Again."), end()];
    with(vec![script, second], async |mut person, _| {
        person.generates().await;
        person.sees("Calm.").await;
        person.tell(Msg::Looks(Looks::Away));
        assert_eq!(person.seen.borrow().told, "");
        gate.open();
        let told = person.seen.wait_for(|seen| !seen.told.is_empty());
        let told = tokio::time::timeout(LIMIT, told).await.unwrap();
        assert_eq!(told.unwrap().told, "Copydesk · Blog post: done");
        // Who types is there.
        person.press("<ctrl+g>");
        person.sees("Again.").await;
        person.sees(" done ").await;
        assert_eq!(person.seen.borrow().told, "Copydesk · Blog post: done");
    });
}

#[test]
fn a_streamed_answer_reaches_the_screen() {
    let script = vec![
        Step::stream_head(),
        delta("# Calm\n\nIt "),
        delta("came."),
        end(),
    ];
    let app = with(vec![script], async |mut person, server| {
        person.generates().await;
        let seen = person.sees(" done ").await;
        assert!(seen.text.contains("It came."), "{}", seen.text);
        let sent = server.requests()[0].json().to_string();
        assert!(sent.contains("Topic: Rust"), "{sent}");
    });
    assert_eq!(only(&app).text, "# Calm\n\nIt came.");
}

/// An answer over one of the two APIs, in pieces, that ends for a reason.
fn answer(api: &str, pieces: &[&str], finish: &str) -> Vec<Step> {
    let mut steps = vec![Step::stream_head()];
    if api == "chat" {
        steps.extend(pieces.iter().map(|piece| delta(piece)));
        steps.push(Step::body(&format!(
            "data: {{\"choices\":[{{\"index\":0,\"delta\":{{}},\"finish_reason\":\"{finish}\"}}]}}\n\n\
             data: [DONE]\n\n"
        )));
        return steps;
    }
    let event = |kind: &str, rest: &str| {
        Step::body(&format!(
            "event: {kind}\ndata: {{\"type\":\"{kind}\",{rest}}}\n\n"
        ))
    };
    let json = |text: &str| serde_json::to_string(text).unwrap();
    for piece in pieces {
        let rest = format!(
            "\"output_index\":0,\"content_index\":0,\"delta\":{}",
            json(piece)
        );
        steps.push(event("response.output_text.delta", &rest));
    }
    let text = json(&pieces.concat());
    let output = format!(
        "\"output\":[{{\"type\":\"message\",\"role\":\"assistant\",\
         \"content\":[{{\"type\":\"output_text\",\"text\":{text}}}]}}]"
    );
    steps.push(if finish == "length" {
        let why = "\"incomplete_details\":{\"reason\":\"max_output_tokens\"}";
        let rest = format!("\"response\":{{\"status\":\"incomplete\",{why},{output}}}");
        event("response.incomplete", &rest)
    } else {
        let rest = format!("\"response\":{{\"status\":\"completed\",{output}}}");
        event("response.completed", &rest)
    });
    steps
}

/// A text that was cut goes on without a word twice, over both APIs; the second answer is asked for
/// with the first.
#[test]
fn a_text_that_was_cut_is_gone_on_with_and_the_seam_does_not_show() {
    for api in ["chat", "responses"] {
        for (first, second, whole) in [
            (
                &["It was a dark ", "and"][..],
                &["a da", "rk and", " stormy night."][..],
                "It was a dark and stormy night.",
            ),
            (
                &["It was a dark"],
                &["```markdown\n", "and stormy", " night.\n", "```"],
                "It was a dark and stormy night.",
            ),
            (
                &["- one\n- two"],
                &["(continued)\n\n", "- three"],
                "- one\n- two\n- three",
            ),
            (&["A caf\u{65}"], &["\u{301} noir."], "A cafe\u{301} noir."),
        ] {
            let scripts = vec![answer(api, first, "length"), answer(api, second, "stop")];
            let server = Arc::new(Server::start(scripts));
            let studio = Studio::speaking(&server.base_url(), api);
            let acts = async |mut person: Person, server: Arc<Server>| {
                person.generates().await;
                person.sees("cut at limit").await;
                person.press("c");
                person.sees(" done ").await;
                let sent = server.requests()[1].json().to_string();
                let before = serde_json::to_string(&first.concat()).unwrap();
                assert!(sent.contains(&before), "{sent}");
            };
            let (app, _) =
                runtime(false).block_on(studio.with(|person| acts(person, Arc::clone(&server))));
            let shown = app.output.shown().unwrap();
            assert_eq!(shown.text, whole, "{api}");
            assert_eq!(app.output.variants[0].text, first.concat());
        }
    }
}

#[test]
fn escape_keeps_what_came_and_hangs_up() {
    let script = vec![
        Step::stream_head(),
        delta("Half a sentence"),
        Step::AwaitHangUp,
    ];
    let app = with(vec![script], async |mut person, server| {
        person.generates().await;
        person.sees("Half a sentence").await;
        person.press("<esc>");
        let seen = person.sees(" stopped ").await;
        assert!(seen.text.contains("Half a sentence"), "{}", seen.text);
        let gone = tokio::task::spawn_blocking(move || server.hang_up(LIMIT)).await;
        assert!(gone.unwrap(), "the connection is still open");
    });
    assert_eq!(
        (only(&app).text.as_str(), &only(&app).phase),
        ("Half a sentence", &Phase::Stopped)
    );
}

#[test]
fn a_cut_stream_is_told_and_keeps_its_text() {
    let script = vec![Step::stream_head(), delta("Cut in the mid"), Step::Drop];
    let app = with(vec![script], async |mut person, _server| {
        person.generates().await;
        let seen = person.sees(" interrupted ").await;
        assert!(seen.text.contains("Cut in the mid"), "{}", seen.text);
    });
    assert_eq!(only(&app).text, "Cut in the mid");
    assert!(only(&app).is_partial());
}

#[test]
fn a_refused_key_is_told_in_a_sentence() {
    let body = r#"{"error":{"message":"Incorrect API key provided","type":"invalid_request_error","code":"invalid_api_key"}}"#;
    let app = with(vec![vec![Step::json(401, body)]], async |mut person, _| {
        person.generates().await;
        let seen = person.sees(" failed ").await;
        let told = seen.text.contains("COPYDESK_TEST_WITHOUT_KEY");
        assert!(told && !seen.text.contains('{'), "{}", seen.text);
    });
    assert!(matches!(&only(&app).phase, Phase::Failed(why) if why.status == Some(401)));
}

#[test]
fn keys_are_taken_while_an_answer_hangs() {
    let gate = Gate::default();
    let script = vec![
        Step::stream_head(),
        delta("First words"),
        Step::Gate(gate.clone()),
        delta(", last words."),
        end(),
    ];
    let app = with(vec![script], async |mut person, _server| {
        person.generates().await;
        person.sees("First words").await;
        person.press("<alt+2>typed meanwhile");
        person.sees("typed meanwhile").await;
        person.press("<F1>");
        person.sees("The draft you are writing").await;
        person.press("<esc>");
        gate.open();
        person.sees("First words, last words.").await;
        person.sees(" done ").await;
    });
    assert_eq!(app.editor.document.text(), "typed meanwhile");
    assert_eq!(only(&app).text, "First words, last words.");
}

#[test]
fn a_burst_of_text_is_drawn_thirty_times_a_second() {
    // The client joins neighbours of one kind, so kinds alternate to make it a message each.
    let burst: String = (0..2_000)
        .map(|number| {
            event("content", &format!("word{number} ")) + &event("reasoning_content", "hm ")
        })
        .collect();
    let script = vec![Step::stream_head(), Step::body(&burst), end()];
    let app = with(vec![script], async |mut person, _server| {
        person.generates().await;
        let start = (Instant::now(), person.frames());
        let seen = person.sees(" done ").await;
        let paced = start.0.elapsed().as_millis() / FRAME.as_millis();
        // Besides the paced frames: the keys, and a document that finds out its size.
        let most = u32::try_from(paced).unwrap() + 6;
        let drawn = seen.frames - start.1;
        assert!(drawn <= most, "{drawn} frames where {most} are enough");
        assert!(seen.text.contains("word1999"), "{}", seen.text);
    });
    assert_eq!(only(&app).text.split_whitespace().count(), 2_000);
}

#[test]
fn an_idle_studio_draws_nothing() {
    let studio = Studio::new("http://127.0.0.1:9/v1");
    let acts = async |mut person: Person| {
        person.opens_form().await;
        let hour = Duration::from_secs(3600);
        tokio::time::sleep(hour).await;
        let before = person.frames();
        tokio::time::sleep(hour).await;
        assert_eq!(person.frames(), before);
        // Nor does it draw because somebody looks elsewhere and back.
        person.tell(Msg::Looks(Looks::Away));
        tokio::time::sleep(hour).await;
        person.tell(Msg::Looks(Looks::Here));
        tokio::time::sleep(hour).await;
        assert_eq!(person.frames(), before);
        // A notice goes away by itself, which is one more frame and no more.
        person.press("<ctrl+s>");
        person.sees("nothing to save yet").await;
        let told = person.frames();
        tokio::time::sleep(hour).await;
        assert_eq!(person.frames(), told + 1);
        assert!(
            !person
                .sees("Topic *")
                .await
                .text
                .contains("nothing to save")
        );
    };
    runtime(true).block_on(studio.with(acts)).1.unwrap();
}

#[test]
fn the_library_is_drawn_as_soon_as_it_is_read() {
    let studio = Studio::new("http://127.0.0.1:9/v1");
    let acts = async |mut person: Person| {
        let start = Instant::now();
        // A frame of its own just before: the list does not wait for the pause that follows it.
        person.press("k");
        person.sees("Blog post").await;
        assert!(start.elapsed() < FRAME, "{:?}", start.elapsed());
    };
    runtime(true).block_on(studio.with(acts)).1.unwrap();
}

#[test]
fn save_and_quit_writes_the_draft() {
    let studio = Studio::new("http://127.0.0.1:9/v1");
    let (_, exit) = runtime(false).block_on(studio.with(async |mut person| {
        person.press("<alt+2>Kept at the end<ctrl+q>");
        person.sees("save and quit").await;
        person.press("s");
        // Until the loop has let go of its input.
        person.input.closed().await;
    }));
    assert_eq!(exit.unwrap(), Exit::Quit);
    assert!(studio.drafts()[0].contains("Kept at the end"));
}

#[test]
fn a_save_that_was_asked_for_is_written_though_the_terminal_goes_away() {
    let studio = Studio::new("http://127.0.0.1:9/v1");
    let (_, exit) = runtime(false).block_on(studio.with(async |person| {
        person.press("<alt+2>Kept at the end<ctrl+s>");
    }));
    assert_eq!(exit.unwrap(), Exit::Vanished);
    assert!(studio.drafts()[0].contains("Kept at the end"));
}

/// A refusal that asks to come back after `seconds`.
fn busy(seconds: u64) -> Vec<Step> {
    let after = ("retry-after", seconds.to_string());
    vec![Step::Status(503, vec![after], Vec::new())]
}

#[test]
fn a_countdown_is_seen_moving_and_escape_ends_it() {
    let app = with(vec![busy(30)], async |mut person, server| {
        person.generates().await;
        person.sees("try 2 in 30 s").await;
        person.sees("try 2 in 29 s").await;
        let pressed = Instant::now();
        person.press("<esc>");
        person.sees(" stopped ").await;
        assert!(pressed.elapsed() < Duration::from_millis(100));
        assert_eq!(server.requests().len(), 1);
    });
    assert_eq!(only(&app).phase, Phase::Stopped);
}

#[test]
fn a_wait_longer_than_a_minute_is_told_and_not_waited_for() {
    with(vec![busy(600)], async |mut person, server| {
        person.generates().await;
        let seen = person.sees(" failed ").await;
        assert!(seen.text.contains("asks to wait 10 min"), "{}", seen.text);
        assert_eq!(server.requests().len(), 1);
    });
}

#[test]
fn a_refused_parameter_is_said_once_and_not_sent_by_the_next_studio() {
    let error =
        r#"{"error":{"code":"unsupported_parameter","param":"stream_options","message":"no"}}"#;
    let whole = || vec![Step::stream_head(), delta("Text."), end()];
    let scripts = vec![vec![Step::json(400, error)], whole(), whole(), whole()];
    let server = Arc::new(Server::start(scripts));
    let studio = Studio::new(&server.base_url());
    let first = studio.with(async |mut person| {
        person.generates().await;
        let seen = person.sees(" done ").await;
        assert!(
            seen.text
                .contains("refuses stream_options, which is left out"),
            "{}",
            seen.text
        );
    });
    runtime(false).block_on(first).1.unwrap();
    let second = studio.with(async |mut person| {
        // The answer of the first studio went nowhere.
        person.sees("Unsaved text was found").await;
        person.press("<esc>");
        person.opens_form().await;
        person.press("Rust<F8>");
        person.sees("POST http").await;
        person.press("G");
        let seen = person.sees("\"stream\": true").await;
        assert!(!seen.text.contains("include_usage"), "{}", seen.text);
        person.press("b");
        person.sees("the request body is copied").await;
        person.press("<esc><ctrl+g>");
        let seen = person.sees(" done ").await;
        assert!(!seen.text.contains("refuses"), "{}", seen.text);
    });
    runtime(false).block_on(second).1.unwrap();
    let sent: Vec<bool> = server
        .requests()
        .iter()
        .map(|request| request.body.contains("stream_options"))
        .collect();
    assert_eq!(sent, [true, false, false]);
}

/// Several models at once, over real connections: text of two arrives side by side while the third
/// is refused, and one with a star is found in the journal later.
#[test]
fn several_models_write_at_once_and_one_that_is_refused_leaves_the_others() {
    let gate = Gate::default();
    let held = gate.clone();
    let model = |request: &Recorded| request.json()["model"].as_str().unwrap().to_owned();
    let server = Crowd::start(move |request| match model(request).as_str() {
        "bad" => vec![Step::json(404, r#"{"error":{"message":"no such model"}}"#)],
        name => vec![
            Step::stream_head(),
            delta(&format!("Begun by {name}, ")),
            Step::Gate(held.clone()),
            delta("and ended."),
            end(),
        ],
    });
    let studio = Studio::new(&server.base_url());
    let folder = paths(studio.home.path()).templates;
    std::fs::create_dir_all(&folder).unwrap();
    let source = "---\ntitle: Compare\nmodel: [a, bad, c]\n---\nSay it.\n";
    atomic::save(&folder.join("compare.md"), source.as_bytes()).unwrap();
    let looked = studio.with(async |mut person| {
        person.sees("Compare").await;
        person.press("/compare<enter>");
        person.sees("scripted · a + 2 more").await;
        person.press("<ctrl+g>|<F11>");
        // Both stand beside each other before either has ended.
        person.sees("Begun by c,").await;
        let seen = person.sees("Begun by a,").await;
        assert!(seen.text.contains("▶ 1 a"), "{}", seen.text);
        person.sees("failed").await;
        gate.open();
        person.sees("Begun by a, and ended.").await;
        person.sees("Begun by c, and ended.").await;
        person.press("3*");
        person.sees("starred").await;
    });
    let (app, exit) = runtime(false).block_on(looked);
    exit.unwrap();
    // The third may be refused before the last one asks.
    assert!(server.most_at_once() >= 2);
    let ended = |place: usize| app.output.variants[place].finish_reason().is_some();
    assert!((0..3).all(ended));
    let file = paths(studio.home.path()).journal;
    let journal = Journal::open(&file).unwrap().journal;
    let runs = journal.runs(9, None).unwrap();
    let starred: Vec<_> = runs.iter().filter(|run| run.starred).collect();
    assert_eq!((runs.len(), starred.len()), (3, 1));
    assert_eq!(starred[0].model, "c");
}

/// A/B over real connections: two versions of a template write at the same time, side by side, each
/// under its name, and the journal knows which was which.
#[test]
fn two_versions_of_a_template_write_at_once_and_stand_side_by_side() {
    let gate = Gate::default();
    let held = gate.clone();
    let server = Crowd::start(move |request| {
        let body = request.json();
        let asked = body["messages"][0]["content"].as_str().unwrap().to_owned();
        vec![
            Step::stream_head(),
            delta(&format!("Heard {}, ", asked.trim_end_matches('.'))),
            Step::Gate(held.clone()),
            delta("and ended."),
            end(),
        ]
    });
    let studio = Studio::new(&server.base_url());
    let folder = paths(studio.home.path()).templates;
    std::fs::create_dir_all(&folder).unwrap();
    let file = folder.join("say.md");
    atomic::save(&file, b"---\ntitle: Say\n---\nOld {{ what }}.\n").unwrap();
    let looked = studio.with(async |mut person| {
        person.sees("Say").await;
        person.press("/say<enter>");
        person.sees("tab Next field").await;
        // Another version, written by another program while the form is open.
        person.press("x");
        atomic::save(&file, b"---\ntitle: Say\n---\nNew {{ what }}.\n").unwrap();
        person.sees("is another one now").await;
        person.press("<esc>");
        person.sees("your own").await;
        person.press("<enter>");
        person.sees("tab Next field").await;
        person.press("<ctrl+t>");
        person.sees("New ¹x").await;
        person.press("<alt+1><alt+a>");
        person.sees("version 1").await;
        person.press("<enter>");
        person.sees("columns need").await;
        person.press("<F11>");
        // Neither has ended.
        person.sees("Heard New x,").await;
        person.sees("Heard Old x,").await;
        gate.open();
        person.sees("Heard New x, and ended.").await;
        let seen = person.sees("Heard Old x, and ended.").await;
        assert!(seen.text.contains("1 Say · now"), "{}", seen.text);
        assert!(seen.text.contains("2 Say · version 1"), "{}", seen.text);
    });
    let (app, exit) = runtime(false).block_on(looked);
    exit.unwrap();
    assert!(server.most_at_once() >= 2);
    let hashes = [0, 1].map(|place: usize| app.output.variants[place].origin.template_hash.clone());
    assert!(hashes[0] != hashes[1]);
    let file = paths(studio.home.path()).journal;
    let journal = Journal::open(&file).unwrap().journal;
    let runs = journal.runs(9, None).unwrap();
    let mut kept = Vec::new();
    for run in &runs {
        kept.push(journal.run(run.id).unwrap().unwrap().record.template_hash);
    }
    kept.sort();
    let mut wanted: Vec<_> = hashes.into_iter().collect();
    wanted.sort();
    assert_eq!(kept.len(), 2);
    let kept: Vec<String> = kept.into_iter().flatten().collect();
    assert_eq!(kept, wanted);
}
