//! One scenario: a scripted server, and what must come of asking it.
//!
//! Owns the playing of a row through the library and through the binary, each against a server of
//! its own, and the comparison with what the row says.

use crate::support::cli::{Home, KEY, Ran, ran};
use crate::support::server::{Server, Step, endpoint};
use copydesk::domain::endpoint::{Api, Endpoint};
use copydesk::domain::failure::{Failure, FailureKind};
use copydesk::domain::prompt::{Params, Prompt, Request};
use copydesk::domain::run::{Finish, FinishReason, StreamEvent, correct};
use copydesk::domain::text::stored;
use copydesk::provider::client::Client;
use pretty_assertions::assert_eq;
use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

/// How an answer ends.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Outcome {
    /// With a reason of the server's.
    Finished(FinishReason),
    /// With a failure.
    Failed(FailureKind),
}

impl Outcome {
    /// The exit code of `copydesk run`.
    const fn exit(&self) -> i32 {
        match self {
            Self::Finished(FinishReason::Length | FinishReason::Ended)
            | Self::Failed(FailureKind::Partial) => 6,
            Self::Finished(FinishReason::ContentFilter | FinishReason::Refused)
            | Self::Failed(FailureKind::Refused) => 4,
            Self::Finished(_) => 0,
            Self::Failed(FailureKind::Other) => 1,
            Self::Failed(FailureKind::Usage) => 2,
            Self::Failed(FailureKind::Network) => 3,
            Self::Failed(FailureKind::RateLimited) => 5,
            Self::Failed(FailureKind::OverBudget) => 7,
            Self::Failed(FailureKind::HungUp) => 129,
            Self::Failed(FailureKind::Interrupted) => 130,
            Self::Failed(FailureKind::Terminated) => 143,
        }
    }
}

/// What an answer must say: a text, or one that is too long to write down.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Text {
    unit: String,
    times: usize,
}

impl Text {
    fn len(&self) -> usize {
        self.unit.len() * self.times
    }

    /// Compared piece by piece: a copy of a long one costs more than the rest of its row.
    fn is(&self, text: &str) -> bool {
        let unit = self.unit.as_bytes();
        let same = unit.is_empty() || text.as_bytes().chunks(unit.len()).all(|it| it == unit);
        text.len() == self.len() && same
    }

    fn whole(&self) -> String {
        self.unit.repeat(self.times)
    }
}

/// One row of the table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// What the page on providers calls it.
    pub(crate) name: &'static str,
    api: Api,
    /// What each connection is answered with.
    answers: Vec<Vec<Step>>,
    /// What stands behind host and port in the base URL.
    base: &'static str,
    /// Seconds of silence that are allowed.
    idle: u64,
    /// The output limit that is asked for.
    limit: Option<u32>,
    outcome: Outcome,
    text: Text,
    reasoning: Text,
    refusal: String,
    /// Tokens in and out, when they are known.
    usage: Option<(u64, u64)>,
    requests: usize,
    says: &'static str,
    /// The client must hang up while the server would go on.
    leaves: bool,
}

impl Row {
    /// A row whose answer is complete, and without any text so far.
    pub(crate) fn new(name: &'static str, api: Api, answer: Vec<Step>) -> Self {
        Self {
            name,
            api,
            answers: vec![answer],
            base: "/v1",
            idle: 20,
            limit: None,
            outcome: Outcome::Finished(FinishReason::Stop),
            text: Text::default(),
            reasoning: Text::default(),
            refusal: String::new(),
            usage: None,
            requests: 1,
            says: "",
            leaves: false,
        }
    }

    /// The answer has this text.
    pub(crate) fn text(self, text: &str) -> Self {
        self.texts(text, 1)
    }

    /// The answer has this text so many times.
    pub(crate) fn texts(mut self, unit: &str, times: usize) -> Self {
        let unit = unit.to_owned();
        self.text = Text { unit, times };
        self
    }

    /// It has this reasoning beside it.
    pub(crate) fn reasoning(self, text: &str) -> Self {
        self.thoughts(text, 1)
    }

    /// It has this reasoning beside it so many times.
    pub(crate) fn thoughts(mut self, unit: &str, times: usize) -> Self {
        let unit = unit.to_owned();
        self.reasoning = Text { unit, times };
        self
    }

    /// The model declines in these words.
    pub(crate) fn refusal(mut self, text: &str) -> Self {
        text.clone_into(&mut self.refusal);
        self
    }

    /// It costs these tokens.
    pub(crate) fn usage(mut self, input: u64, output: u64) -> Self {
        self.usage = Some((input, output));
        self
    }

    /// It ends for this reason.
    pub(crate) fn ends(mut self, reason: FinishReason) -> Self {
        self.outcome = Outcome::Finished(reason);
        self
    }

    /// It fails, and the message says so in these words.
    pub(crate) fn fails(mut self, kind: FailureKind, says: &'static str) -> Self {
        self.outcome = Outcome::Failed(kind);
        self.says = says;
        self
    }

    /// What `run` says of it.
    pub(crate) fn says(mut self, says: &'static str) -> Self {
        self.says = says;
        self
    }

    /// Further connections are answered like this.
    pub(crate) fn then(mut self, answer: Vec<Step>) -> Self {
        self.answers.push(answer);
        self.requests += 1;
        self
    }

    /// The first answer is all that comes, however often the server is asked, which is three times.
    pub(crate) fn thrice(mut self) -> Self {
        let answer = self.answers[0].clone();
        self.answers.extend([answer.clone(), answer]);
        self.requests = 3;
        self
    }

    /// The base URL ends like this.
    pub(crate) fn base(mut self, base: &'static str) -> Self {
        self.base = base;
        self
    }

    /// So many seconds of silence are allowed.
    pub(crate) fn idle(mut self, seconds: u64) -> Self {
        self.idle = seconds;
        self
    }

    /// The template asks for so many tokens at most.
    pub(crate) fn limit(mut self, tokens: u32) -> Self {
        self.limit = Some(tokens);
        self
    }

    /// The last step of the answer is to wait until the client hangs up, and it must.
    pub(crate) fn leaves(mut self) -> Self {
        self.leaves = true;
        self
    }

    /// True when a pipe gets the text as it arrives and no other.
    pub(crate) fn is_plain(&self) -> bool {
        self.text.len() < 1_000_000 && !self.name.starts_with("responses-corrected")
    }

    fn server(&self) -> Server {
        Server::start(self.answers.clone())
    }

    fn check_server(&self, server: &Server) {
        if self.leaves {
            let gone = server.hang_up(Duration::from_secs(20));
            assert!(gone, "{}: the client does not hang up", self.name);
        }
        assert_eq!(
            server.requests().len(),
            self.requests,
            "{}: requests",
            self.name
        );
    }

    fn compare(&self, what: &str, wanted: &Text, got: &str) {
        // A long text is not worth a picture of the difference.
        let start: String = got.chars().take(300).collect();
        assert!(wanted.is(got), "{}: {what}: {start:?}…", self.name);
    }

    /// Asks the scripted server as the studio does.
    pub(crate) fn through_the_library(&self) {
        let server = self.server();
        let got = self.ask(&server);
        self.compare("text through the library", &self.text, &got.text);
        self.compare("reasoning", &self.reasoning, &got.reasoning);
        assert_eq!(got.refusal, self.refusal, "{}: refusal", self.name);
        match (&self.outcome, got.end) {
            (Outcome::Finished(reason), Some(Ok(finish))) => {
                assert_eq!(&finish.reason, reason, "{}", self.name);
                let usage = finish.usage.map(|usage| (usage.input, usage.output));
                assert_eq!(usage, self.usage, "{}: usage", self.name);
            }
            (Outcome::Failed(kind), Some(Err(failure))) => {
                let told = failure.to_string();
                assert_eq!(failure.kind, *kind, "{}: {told}", self.name);
                assert!(told.contains(self.says), "{}: {told}", self.name);
                assert!(!told.contains(KEY), "{}: {told}", self.name);
                let usage = failure.usage.map(|usage| (usage.input, usage.output));
                assert_eq!(usage, self.usage, "{}: usage", self.name);
            }
            (wanted, end) => panic!("{}: {wanted:?} was to come, not {end:?}", self.name),
        }
        self.check_server(&server);
    }

    /// What comes of asking, whatever the row says.
    pub(crate) fn asked(&self) -> (String, bool) {
        let got = self.ask(&self.server());
        (got.text, matches!(got.end, Some(Ok(_))))
    }

    fn ask(&self, server: &Server) -> Got {
        let base_url = server.base_url().replace("/v1", self.base);
        let endpoint = Endpoint {
            idle_timeout: Duration::from_secs(self.idle),
            ..endpoint(&base_url, self.api)
        };
        let request = Request {
            model: "m1".to_owned(),
            prompt: Prompt {
                user: "One line.".to_owned(),
                params: Params {
                    max_output_tokens: self.limit,
                    ..Params::default()
                },
                ..Prompt::default()
            },
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut got = Got::default();
            let client = Client::new();
            let mut answer = match client.start(&endpoint, &request).await {
                Ok(answer) => answer,
                Err(failure) => {
                    got.end = Some(Err(failure));
                    return got;
                }
            };
            while let Some(event) = answer.next().await {
                assert!(got.end.is_none(), "{}: {event:?} at the end", self.name);
                got.take(event);
            }
            got
        })
    }

    fn home(&self, server: &Server) -> Home {
        let home = Home::new().with("SCRIPTED_KEY", KEY);
        let api = match self.api {
            Api::Chat => "chat",
            Api::Responses => "responses",
        };
        let url = server.base_url().replace("/v1", self.base);
        let config = format!(
            "provider = \"scripted\"\n[providers.scripted]\nbase_url = \"{url}\"\nmodel = \"m1\"\n\
             api = \"{api}\"\nkey_env = \"SCRIPTED_KEY\"\nidle_timeout = {}\n",
            self.idle
        );
        home.write("config/config.toml", &config);
        let params = self
            .limit
            .map(|limit| format!("---\nmodel: {{params: {{max_output_tokens: {limit}}}}}\n---\n"));
        let template = format!("{}One line.\n", params.unwrap_or_default());
        home.write("data/templates/line.md", &template);
        home
    }

    fn run(home: &Home, more: &[&str]) -> Ran {
        let args = [&["run", "line"], more].concat();
        let mut command = home.command(&args);
        let child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn();
        ran(&child.unwrap().wait_with_output().unwrap())
    }

    /// Asks it with `copydesk run --json`.
    pub(crate) fn through_the_binary(&self) {
        let server = self.server();
        let ran = Self::run(&self.home(&server), &["--json"]);
        let short = |text: &str| text.chars().take(600).collect::<String>();
        let about = format!(
            "{}: {} {}",
            self.name,
            short(&ran.stderr),
            short(&ran.stdout)
        );
        assert_eq!(ran.code, self.outcome.exit(), "{about}");
        let json = ran.json();
        let told = |name: &str| json[name].as_str().unwrap_or_default();
        self.compare("text through the binary", &self.text, told("text"));
        self.compare("reasoning", &self.reasoning, told("reasoning"));
        if let Outcome::Failed(kind) = &self.outcome {
            assert_eq!(json["error"]["kind"], kind.name(), "{about}");
        }
        if self.outcome.exit() == 0 {
            assert!(json["error"].is_null(), "{about}");
        } else {
            let error = &json["error"];
            let told = format!("{}; {}", error["message"], error["advice"]);
            assert!(told.contains(self.says), "{about}");
        }
        if let Some((input, output)) = self.usage {
            let usage = &json["usage"];
            assert_eq!(
                (&usage["input"], &usage["output"]),
                (&input.into(), &output.into()),
                "{about}"
            );
        }
        self.check_server(&server);
    }

    /// Asks it where the system gives no more than 512 MiB of memory to write to.
    pub(crate) fn in_little_memory(&self) {
        let server = self.server();
        let home = self.home(&server);
        let mut shell = home.command_of(Path::new("/bin/sh"));
        let line = "ulimit -d 524288 && exec \"$0\" run line -o text.md";
        shell.args(["-c", line, env!("CARGO_BIN_EXE_copydesk")]);
        let child = shell.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let ran = ran(&child.unwrap().wait_with_output().unwrap());
        let about = format!("{}: {}", self.name, ran.stderr);
        assert_eq!(ran.code, self.outcome.exit(), "{about}");
        assert!(ran.stderr.contains(self.says), "{about}");
        // The file ends with a line end, as files do.
        let kept = std::fs::read_to_string(home.path("text.md")).unwrap_or_default();
        let kept = kept.strip_suffix('\n').unwrap_or(&kept);
        self.compare("text in a file", &self.text, kept);
        self.check_server(&server);
    }

    /// True when the text is so long that it is only asked for where memory is short.
    pub(crate) fn is_long(&self) -> bool {
        self.text.len() > 16 * 1024 * 1024
    }

    /// Asks it with `copydesk run` in a pipe.
    pub(crate) fn through_a_pipe(&self) {
        let server = self.server();
        let ran = Self::run(&self.home(&server), &[]);
        assert_eq!(
            ran.code,
            self.outcome.exit(),
            "{}: {}",
            self.name,
            ran.stderr
        );
        assert_eq!(
            ran.stdout,
            stored(&self.text.whole()),
            "{}: stdout",
            self.name
        );
        assert_eq!(
            ran.stderr.contains(self.says),
            true,
            "{}: {}",
            self.name,
            ran.stderr
        );
    }
}

/// What an answer came to.
#[derive(Debug, Default)]
struct Got {
    text: String,
    reasoning: String,
    refusal: String,
    end: Option<Result<Finish, Failure>>,
}

impl Got {
    fn take(&mut self, event: Result<StreamEvent, Failure>) {
        match event {
            Ok(StreamEvent::Started { .. }) => {}
            Ok(StreamEvent::Delta(more)) => self.text += &more,
            Ok(StreamEvent::Corrected { keep, text }) => correct(&mut self.text, keep, &text),
            Ok(StreamEvent::Reasoning(more)) => self.reasoning += &more,
            Ok(StreamEvent::Refusal(more)) => self.refusal += &more,
            Ok(StreamEvent::Finished(finish)) => self.end = Some(Ok(finish)),
            Err(failure) => self.end = Some(Err(failure)),
        }
    }
}
