//! stdout and stderr: the one place where a headless command writes.
//!
//! Text goes out sanitised: for a terminal as `Printable`, for a pipe or file as stored text. A
//! reader that stops reading (`| head -1`) ends the command quietly; a full device does not.

use crate::domain::failure::{Failure, FailureKind};
use crate::domain::template::Template;
use crate::domain::text::{Printable, Sink, TextStream, escaped_json, stored};
use serde::Serialize;
use std::io::{self, ErrorKind, IsTerminal, Write};

/// Where a command writes.
#[derive(Debug)]
pub(super) struct Outlet {
    sink: Sink,
}

/// Whether anybody reads stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reader {
    /// As far as is known.
    There,
    /// The pipe is closed.
    Gone,
}

impl Outlet {
    /// The process's own stdout and stderr.
    pub(super) fn of_process() -> Self {
        let sink = if io::stdout().is_terminal() {
            Sink::Terminal
        } else {
            Sink::File
        };
        Self { sink }
    }

    /// True when a person reads stdout.
    pub(super) fn is_terminal(&self) -> bool {
        self.sink == Sink::Terminal
    }

    /// A sanitiser for text that arrives in pieces.
    pub(super) const fn stream(&self) -> TextStream {
        TextStream::new(self.sink)
    }

    /// Content, sanitised.
    pub(super) fn text(&self, text: &str) -> Result<(), Failure> {
        self.offer_text(text).map(leave_if_gone)
    }

    /// The same for a command that has more to do than to write.
    pub(super) fn offer_text(&self, text: &str) -> Result<Reader, Failure> {
        match self.sink {
            Sink::Terminal => self.offer(Printable::new(text).as_str().as_bytes()),
            Sink::File => self.offer(stored(text).as_bytes()),
        }
    }

    /// One line of content, sanitised.
    pub(super) fn line(&self, line: &str) -> Result<(), Failure> {
        self.bytes(format!("{}\n", Printable::line(line)).as_bytes())
    }

    /// One line of JSON, whole in value and with nothing in it that a terminal could obey.
    pub(super) fn json(&self, value: &impl Serialize) -> Result<(), Failure> {
        self.offer_json(value).map(leave_if_gone)
    }

    /// The same for a command that has more to do than to write.
    pub(super) fn offer_json(&self, value: &impl Serialize) -> Result<Reader, Failure> {
        let json = serde_json::to_string(value).map_err(|error| {
            Failure::new(FailureKind::Other, "the JSON could not be written").why(error.to_string())
        })?;
        self.offer(format!("{}\n", escaped_json(&json)).as_bytes())
    }

    /// Bytes that are safe as they are: completions, sanitised text. A reader that has gone
    /// ends the command.
    pub(super) fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        self.offer(bytes).map(leave_if_gone)
    }

    /// The same for a command that has more to do than to write.
    #[expect(
        clippy::unused_self,
        reason = "whoever writes has been given the outlet, whatever the text is"
    )]
    pub(super) fn offer(&self, bytes: &[u8]) -> Result<Reader, Failure> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Ok(()) => Ok(Reader::There),
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(Reader::Gone),
            Err(error) => Err(
                Failure::new(FailureKind::Other, "stdout could not be written")
                    .why(error.to_string())
                    .advice("check that the device is there and has room"),
            ),
        }
    }

    /// What is odd about a template and does no harm.
    pub(super) fn warn(template: &Template) {
        for warning in &template.warnings {
            Self::complain(&format!("copydesk: {warning}"));
        }
    }

    /// One line for the person on stderr. When stderr is gone there is nobody to tell.
    pub(super) fn complain(line: &str) {
        let text = format!("{}\n", Printable::new(line));
        let _gone = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// A reader that has gone ends the command.
fn leave_if_gone(reader: Reader) {
    if reader == Reader::Gone {
        std::process::exit(0);
    }
}
