//! An answer on its way: from the bytes of a response to the events of a run.
//!
//! Owns the reading: what kind of body it is, how long silence may last, when the answer is over.
//! Dropping an [`Answer`] closes its connection. Never gives an event behind the end.

use super::client::{error_body, idle_timeout, request_id};
use super::error::{Call, Kept, root};
use super::output::{Fault, Output};
use super::report::Report;
use super::retry::Hint;
use super::{chat, responses, sse};
use crate::domain::endpoint::{Api, Endpoint};
use crate::domain::failure::Failure;
use crate::domain::run::StreamEvent;
use reqwest::Response;
use serde::de::IgnoredAny;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Bytes of a burst that are decoded before what they made is handed on.
const BURST: usize = 16 * 1024;

/// What an answer gets to show itself when its reader was away longer than it may be silent, as
/// a suspended program is.
const GRACE: Duration = Duration::from_secs(5);

/// How long a complete answer may keep its last lines (usage, `[DONE]`) to itself.
const TAIL: Duration = Duration::from_secs(2);

/// The bound of [`sse::MAX_EVENT`] in words.
const EVENT: &str = "an event is larger than 16 MiB";

/// The decoder of the API that the endpoint speaks.
#[derive(Debug)]
enum Wire {
    Chat(chat::Decoder),
    Responses(responses::Decoder),
}

impl Wire {
    fn event(&mut self, event: sse::Event<'_>, out: &mut Output) {
        match self {
            Self::Chat(decoder) => decoder.event(event, out),
            Self::Responses(decoder) => decoder.event(event, out),
        }
    }

    fn whole(&mut self, body: &str, out: &mut Output) {
        match self {
            Self::Chat(decoder) => decoder.whole(body, out),
            Self::Responses(decoder) => decoder.whole(body, out),
        }
    }

    fn end(&mut self, why: &str, out: &mut Output) {
        match self {
            Self::Chat(decoder) => decoder.end(why, out),
            Self::Responses(decoder) => decoder.end(why, out),
        }
    }

    fn is_settled(&self) -> bool {
        match self {
            Self::Chat(decoder) => decoder.is_settled(),
            Self::Responses(_) => false,
        }
    }
}

/// What the body of the answer turned out to be.
#[derive(Debug)]
enum Shape {
    /// Nothing but white space so far, of which the last line is kept.
    Unknown(Vec<u8>),
    Events,
    /// One document, although a stream was asked for.
    Whole(Vec<u8>),
}

/// An answer on its way. Dropping it closes the connection.
#[derive(Debug)]
pub struct Answer {
    /// `None` once the answer ended.
    response: Option<Response>,
    frames: sse::Decoder,
    wire: Wire,
    shape: Shape,
    out: Output,
    call: Call,
    request_id: Option<String>,
    idle: Duration,
    deadline: Instant,
    /// The deadline passed while nobody read, and was moved once.
    graced: bool,
    closed: bool,
    /// What the fault says about asking again.
    hint: Hint,
}

impl Answer {
    /// `limit` is the output limit that the request set.
    pub(super) async fn open(
        response: Response,
        endpoint: &Endpoint,
        call: Call,
        limit: Option<u32>,
    ) -> Result<Self, Failure> {
        let mut answer = Self {
            request_id: request_id(response.headers()),
            response: Some(response),
            frames: sse::Decoder::default(),
            wire: match endpoint.api {
                Api::Chat => Wire::Chat(chat::Decoder::default()),
                Api::Responses => Wire::Responses(responses::Decoder::new(limit)),
            },
            shape: Shape::Unknown(Vec::new()),
            out: Output::default(),
            call,
            idle: idle_timeout(endpoint),
            deadline: Instant::now() + idle_timeout(endpoint),
            graced: false,
            closed: false,
            hint: Hint::default(),
        };
        let packed = answer.response.as_ref().and_then(unreadable);
        if let Some(packed) = packed {
            answer.response = None;
            let said = format!("it is packed as {packed}, which nobody asked for");
            return Err(answer.failure(&Fault::NotApi(said)));
        }
        let kind = answer
            .response
            .as_ref()
            .and_then(|response| word(response, "content-type"));
        if kind.as_deref().is_some_and(|kind| kind.contains("html")) {
            let body = match answer.response.take() {
                Some(response) => error_body(response, endpoint.idle_timeout).await,
                None => String::new(),
            };
            let fault = Fault::NotApi(Report::from_body(&body).message);
            return Err(answer.failure(&fault));
        }
        Ok(answer)
    }

    /// The server's id of the request, for support.
    pub fn request_id(&self) -> Option<&str> {
        self.request_id.as_deref()
    }

    /// What the failure says about asking again, once there was one.
    pub(super) const fn hint(&self) -> Hint {
        self.hint
    }

    /// The next event; `None` after the end. Nothing follows `Finished` or a failure.
    ///
    /// Safe to drop and call again: what was read is kept in the answer.
    pub async fn next(&mut self) -> Option<Result<StreamEvent, Failure>> {
        loop {
            if let Some(event) = self.out.pop() {
                if matches!(event, StreamEvent::Finished(_)) {
                    self.close();
                }
                return Some(Ok(event));
            }
            if self.closed {
                return None;
            }
            if let Some(fault) = self.out.take_fault() {
                self.close();
                self.hint = Call::hint(&fault);
                return Some(Err(self.failure(&fault)));
            }
            self.read().await;
        }
    }

    fn close(&mut self) {
        self.closed = true;
        self.response = None;
    }

    fn failure(&self, fault: &Fault) -> Failure {
        let kept = if self.out.has_text() {
            Kept::Text
        } else {
            Kept::Nothing
        };
        let mut failure = self.call.fault(fault, kept);
        failure.request_id.clone_from(&self.request_id);
        failure
    }

    /// Reads what the network has, until it makes an event or an end. The connection stays in
    /// `self` over every wait, so that a dropped future loses nothing.
    async fn read(&mut self) {
        let mut taken = 0;
        if self.deadline <= Instant::now() && !self.graced {
            self.graced = true;
            self.deadline = Instant::now() + GRACE.min(self.idle);
        }
        while !self.out.is_over() && taken < BURST {
            let settled = self.wire.is_settled();
            let Some(response) = &mut self.response else {
                return self.end("");
            };
            let chunk = if self.out.is_ready() {
                match already_there(response.chunk()).await {
                    Some(chunk) => chunk,
                    None => return,
                }
            } else {
                let tail = Instant::now() + TAIL;
                let limit = if settled {
                    self.deadline.min(tail)
                } else {
                    self.deadline
                };
                match timeout_at(limit, response.chunk()).await {
                    Ok(chunk) => chunk,
                    Err(_) if settled => return self.end(""),
                    Err(_) => return self.out.fail(Fault::Stalled),
                }
            };
            match chunk {
                Ok(Some(bytes)) => {
                    taken += bytes.len();
                    self.take(&bytes);
                    // A flood of comments leaves no wait in which silence could be noticed.
                    if self.graced && self.deadline <= Instant::now() && !self.out.is_ready() {
                        return self.out.fail(Fault::Stalled);
                    }
                }
                Ok(None) => self.end(""),
                Err(error) => self.end(&root(&error)),
            }
        }
    }

    fn heard(&mut self) {
        self.deadline = Instant::now() + self.idle;
        self.graced = false;
    }

    fn take(&mut self, bytes: &[u8]) {
        match &mut self.shape {
            Shape::Events => return self.decode(bytes),
            Shape::Whole(body) => body.extend_from_slice(bytes),
            Shape::Unknown(start) => {
                start.extend_from_slice(bytes);
                let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
                match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
                    None => {
                        // Blank lines say nothing, in either shape, and are no news either.
                        let line = start.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
                        start.drain(..line.map_or(0, |end| end + 1));
                        if start.len() > sse::MAX_EVENT {
                            self.out.fail(Fault::TooLong(EVENT));
                        }
                        return;
                    }
                    // The rest of a byte order mark may still be on its way.
                    Some(0xef) if text.len() < 3 => {}
                    Some(b'{' | b'[' | b'<') => self.shape = Shape::Whole(std::mem::take(start)),
                    Some(_) => {
                        let start = std::mem::take(start);
                        self.shape = Shape::Events;
                        return self.decode(&start);
                    }
                }
            }
        }
        let length = match &self.shape {
            Shape::Whole(body) => body.len(),
            Shape::Unknown(_) | Shape::Events => 0,
        };
        if length > sse::MAX_ANSWER {
            self.out
                .fail(Fault::TooLong("the answer is longer than 64 MiB"));
        }
        self.heard();
    }

    fn decode(&mut self, bytes: &[u8]) {
        let (wire, out) = (&mut self.wire, &mut self.out);
        let read = self.frames.push(bytes, |event| wire.event(event, out));
        if read.is_err() {
            self.out.fail(Fault::TooLong(EVENT));
        }
        // Comments keep a connection open, not an answer.
        if self.frames.take_active() {
            self.heard();
        }
    }

    /// The bytes are over, by a clean end or by an error, whose text `why` is.
    fn end(&mut self, why: &str) {
        let shape = std::mem::replace(&mut self.shape, Shape::Events);
        if let Shape::Whole(body) = &shape
            && why.is_empty()
        {
            return self.whole(body);
        }
        let (wire, out) = (&mut self.wire, &mut self.out);
        let read = self.frames.finish(|event| wire.event(event, out));
        if read.is_err() {
            out.fail(Fault::TooLong(EVENT));
        }
        wire.end(why, out);
    }

    fn whole(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
            self.wire.whole(text, &mut self.out);
        } else {
            // Several documents, a line each: the first may be an error.
            let mut lines = text.lines();
            let first = match text.as_bytes().first() {
                Some(b'{') => lines.next().unwrap_or_default(),
                _ => text,
            };
            let report = Report::from_body(first);
            let says = !report.message.is_empty();
            let is_json = |line: &str| serde_json::from_str::<IgnoredAny>(line).is_ok();
            self.out.fail(match text.as_bytes().first() {
                Some(b'{' | b'[') if !is_json(first) => {
                    Fault::Cut("the document ends in its middle".to_owned())
                }
                Some(b'{' | b'[') if says => chat::reported(first),
                Some(b'{') if lines.next().is_some_and(is_json) => Fault::Lines,
                _ => Fault::NotApi(report.message),
            });
        }
    }
}

/// A header's value in lower case.
fn word(response: &Response, name: &str) -> Option<String> {
    let value = response.headers().get(name)?;
    Some(value.to_str().ok()?.trim().to_ascii_lowercase())
}

/// How a body is packed, if that can not be undone. What the client undid has no such header left.
fn unreadable(response: &Response) -> Option<String> {
    word(response, "content-encoding").filter(|how| !matches!(how.as_str(), "" | "identity"))
}

/// What a future gives without waiting for the network.
///
/// The connection is read by a task of its own, which gets one turn to bring what has arrived.
async fn already_there<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    let mut turns = 0;
    std::future::poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending if turns == 0 => {
            turns += 1;
            context.waker().wake_by_ref();
            Poll::Pending
        }
        Poll::Pending => Poll::Ready(None),
    })
    .await
}
