//! The programs that read aloud and take down what is said: run by their words, never by a shell,
//! each in a process group of its own, without any key in its environment.
//!
//! Gone with the Runner, they are killed with all that they started.

use super::Runner;
use crate::app::msg::Msg;
use crate::app::voice::{Errand, Fact, Task};
use crate::domain::failure::{Failure, FailureKind};
use crate::store::attachment;
use std::pin::pin;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, ChildStdin, Command};
use tokio::sync::oneshot;
use tokio::task::AbortHandle;
use tokio::time::timeout;
use uuid::Uuid;

/// Most bytes of what was said: more than a day of talking.
const LONGEST: usize = 1 << 20;
/// Most bytes that are kept of what a program complains of.
const COMPLAINT: usize = 4 << 10;
/// Most characters of a complaint that are told.
const TOLD: usize = 200;
/// How long a program that reads aloud may take to end when it is asked to.
const FAREWELL: Duration = Duration::from_secs(2);
/// How long something that a program left behind may hold on to its output.
const REST: Duration = Duration::from_secs(1);

/// The programs that go on.
#[derive(Default)]
pub(super) struct Voices(Vec<Voice>);

struct Voice {
    ticket: Uuid,
    task: AbortHandle,
    end: Option<oneshot::Sender<()>>,
}

impl Runner {
    /// Starts a program, or ends one.
    pub(super) fn voice(&mut self, errand: Errand) {
        self.voices.0.retain(|voice| !voice.task.is_finished());
        let of = |ticket| move |voice: &&mut Voice| voice.ticket == ticket;
        match errand {
            Errand::Read {
                ticket,
                words,
                text,
            } => self.start_voice(ticket, Task::Read, (words, text)),
            Errand::Dictate { ticket, words } => {
                self.start_voice(ticket, Task::Dictate, (words, String::new()));
            }
            Errand::End(ticket) => {
                let voice = self.voices.0.iter_mut().find(of(ticket));
                if let Some(end) = voice.and_then(|voice| voice.end.take()) {
                    // One that has just ended need not be asked.
                    let _ended = end.send(());
                }
            }
            Errand::Drop(ticket) => {
                if let Some(voice) = self.voices.0.iter_mut().find(of(ticket)) {
                    voice.task.abort();
                }
            }
        }
    }

    fn start_voice(&mut self, ticket: Uuid, task: Task, (words, text): (Vec<String>, String)) {
        let secrets = self.settings.secret_variables();
        let sender = self.sender.clone();
        let (end, asked) = oneshot::channel();
        let work = self.tasks.spawn(async move {
            let program = Program::start(task, &words, &secrets);
            let heard = match program {
                Ok(program) => program.heard(text.as_bytes(), asked).await,
                Err(failure) => Err(failure),
            };
            let fact = match task {
                Task::Read => Fact::Read(ticket, heard.map(drop)),
                Task::Dictate => Fact::Said(ticket, heard.map(|bytes| text_of(&bytes))),
            };
            let _closed = sender.send(Msg::Voice(fact)).await;
        });
        self.voices.0.push(Voice {
            ticket,
            task: work,
            end: Some(end),
        });
    }
}

/// A program that goes on; it ends with everything it started when nobody waits for it.
struct Program {
    task: Task,
    name: String,
    child: Child,
    /// Its process group, until all of that has ended.
    group: Option<u32>,
}

impl Drop for Program {
    fn drop(&mut self) {
        self.signal(Ask::Kill);
    }
}

/// How a program ended.
enum End {
    /// With this status, and whether it was asked to.
    With(ExitStatus, bool),
    /// It did not when it was asked to, and nobody waits for it any more.
    Left,
}

/// How a program is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ask {
    /// As `ctrl+c` does in a terminal: what records is ended so.
    Interrupt,
    /// As the system does.
    Terminate,
    /// It is not asked.
    Kill,
}

impl Program {
    fn start(task: Task, words: &[String], secrets: &[String]) -> Result<Self, Failure> {
        let name = words.first().cloned().unwrap_or_default();
        let mut command = Command::new(attachment::resolved(&name));
        command.args(words.get(1..).unwrap_or_default());
        let (input, output) = match task {
            Task::Read => (Stdio::piped(), Stdio::null()),
            Task::Dictate => (Stdio::null(), Stdio::piped()),
        };
        command.stdin(input).stdout(output).stderr(Stdio::piped());
        for secret in secrets {
            command.env_remove(secret);
        }
        // A group of its own: it cannot read keys that are meant for the studio, and it ends whole.
        #[cfg(unix)]
        command.process_group(0);
        let child = command.kill_on_drop(true).spawn();
        let child = child.map_err(|error| {
            let why = format!("it could not be started: {error}");
            failed(task, &name, why)
        })?;
        let group = child.id();
        Ok(Self {
            task,
            name,
            child,
            group,
        })
    }

    /// Waits for its end, which may be asked for: what it printed until then.
    async fn heard(
        mut self,
        text: &[u8],
        asked: oneshot::Receiver<()>,
    ) -> Result<Vec<u8>, Failure> {
        let (mut said, mut complaint) = (Vec::new(), Vec::new());
        let (input, output) = (self.child.stdin.take(), self.child.stdout.take());
        let errors = self.child.stderr.take();
        let talk = async {
            let given = give(input, text);
            let taken = take(output, &mut said, Beyond::TooMuch(LONGEST));
            let complained = take(errors, &mut complaint, Beyond::Nothing(COMPLAINT));
            tokio::try_join!(given, taken, complained).map(drop)
        };
        let end = self.ended(talk, asked).await;
        match end.map_err(|why| failed(self.task, &self.name, why))? {
            End::Left => Ok(Vec::new()),
            End::With(status, _) if status.success() => Ok(said),
            End::With(status, true) if !said.is_empty() || is_of_asking(status) => Ok(said),
            End::With(status, _) => Err(failed(self.task, &self.name, why_of(status, &complaint))),
        }
    }

    /// Waits for its end while `talk` goes on.
    async fn ended(
        &mut self,
        talk: impl Future<Output = Result<(), TooMuch>>,
        mut asked: oneshot::Receiver<()>,
    ) -> Result<End, String> {
        let (mut quiet, mut was_asked) = (false, false);
        let mut talk = pin!(talk);
        let mut leave = pin!(tokio::time::sleep(Duration::MAX));
        let status = loop {
            tokio::select! {
                talked = &mut talk, if !quiet => {
                    let much = |TooMuch| format!("it printed more than {} KiB", LONGEST >> 10);
                    talked.map_err(much)?;
                    quiet = true;
                }
                _ = &mut asked, if !was_asked => {
                    was_asked = true;
                    self.signal(self.farewell());
                    if self.task == Task::Read {
                        leave.set(tokio::time::sleep(FAREWELL));
                    }
                }
                () = &mut leave => return Ok(End::Left),
                status = self.child.wait() => break status,
            }
        };
        if !quiet {
            // What it left behind may hold the pipes for good.
            let _held = timeout(REST, talk).await;
        }
        self.signal(Ask::Kill);
        self.group = None;
        let status = status.map_err(|error| format!("it was lost sight of: {error}"))?;
        Ok(End::With(status, was_asked))
    }

    const fn farewell(&self) -> Ask {
        match self.task {
            Task::Read => Ask::Terminate,
            Task::Dictate => Ask::Interrupt,
        }
    }

    /// Tells the program and all that it started to end.
    #[cfg(unix)]
    fn signal(&self, ask: Ask) {
        use rustix::process::{Pid, Signal, kill_process_group};
        let signal = match ask {
            Ask::Interrupt => Signal::INT,
            Ask::Terminate => Signal::TERM,
            Ask::Kill => Signal::KILL,
        };
        // Once all of it has ended, its number may be somebody else's.
        if let Some(pid) = self.group.and_then(|pid| Pid::from_raw(pid.cast_signed())) {
            let _gone = kill_process_group(pid, signal);
        }
    }

    /// Tells the program to end; there is only one way to say it.
    #[cfg(not(unix))]
    fn signal(&mut self, ask: Ask) {
        let _all_alike = ask;
        let _gone = self.child.start_kill();
    }
}

/// A program printed more than anybody says.
struct TooMuch;

/// What becomes of what is beyond so many bytes.
#[derive(Clone, Copy)]
enum Beyond {
    Nothing(usize),
    TooMuch(usize),
}

async fn give(input: Option<ChildStdin>, text: &[u8]) -> Result<(), TooMuch> {
    if let Some(mut input) = input {
        // One that ends without reading all of it says why by its status.
        let _ended = input.write_all(text).await;
    }
    Ok(())
}

async fn take(
    from: Option<impl AsyncRead + Unpin>,
    into: &mut Vec<u8>,
    beyond: Beyond,
) -> Result<(), TooMuch> {
    let Some(mut from) = from else {
        return Ok(());
    };
    let mut piece = vec![0; 4 << 10];
    loop {
        let Ok(read @ 1..) = from.read(&mut piece).await else {
            return Ok(());
        };
        match beyond {
            Beyond::TooMuch(most) if into.len() + read > most => return Err(TooMuch),
            Beyond::Nothing(most) if into.len() >= most => {}
            _ => into.extend_from_slice(&piece[..read]),
        }
    }
}

/// Whether a program ended because it was asked to.
fn is_of_asking(status: ExitStatus) -> bool {
    #[cfg(unix)]
    let by = std::os::unix::process::ExitStatusExt::signal(&status);
    #[cfg(not(unix))]
    let by = None;
    match by {
        Some(signal) => matches!(signal, 2 | 9 | 15),
        // As shells tell it of what they ran.
        None => cfg!(not(unix)) || matches!(status.code(), Some(130 | 143)),
    }
}

/// How a program ended, and the first line of what it said of that.
fn why_of(status: ExitStatus, complaint: &[u8]) -> String {
    let complaint = String::from_utf8_lossy(complaint);
    let first = complaint.lines().map(str::trim).find(|it| !it.is_empty());
    match first {
        Some(line) => {
            let line: String = line.chars().take(TOLD).collect();
            format!("it ended with {status} and says “{line}”")
        }
        None => format!("it ended with {status}"),
    }
}

fn failed(task: Task, name: &str, why: String) -> Failure {
    let (what, key) = match task {
        Task::Read => (format!("`{name}` did not read aloud"), "read"),
        Task::Dictate => (format!("`{name}` took nothing down"), "dictate"),
    };
    Failure::new(FailureKind::Other, what)
        .why(why)
        .advice(format!(
            "run it by hand; `{key}` below [voice] in config.toml names it"
        ))
}

/// What was printed, with plain line breaks.
fn text_of(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    text.replace("\r\n", "\n").replace('\r', "\n")
}
