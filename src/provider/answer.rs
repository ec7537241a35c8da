//! An answer on its way: from a response to the events of a run.
//!
//! Owns the reading: how long silence may last, when the answer is over, what its headers rule out.
//! Dropping an [`Answer`] closes its connection. Never gives an event behind the end.

use super::client::{error_body, idle_timeout, request_id};
use super::decoding::Decoding;
use super::error::{Call, Kept, root};
use super::output::Fault;
use super::report::Report;
use super::retry::Hint;
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::Failure;
use crate::domain::run::StreamEvent;
use reqwest::Response;
use std::future::Future;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::time::{Instant, timeout_at};

/// Bytes of a burst that are decoded before what they made is handed on.
const BURST: usize = 64 * 1024;

/// What an answer gets to show itself when its reader was away longer than it may be silent, as
/// a suspended program is.
const GRACE: Duration = Duration::from_secs(5);

/// How long a complete answer may keep its last lines (usage, `[DONE]`) to itself.
const TAIL: Duration = Duration::from_secs(2);

/// An answer on its way. Dropping it closes the connection.
#[derive(Debug)]
pub struct Answer {
    /// `None` once the answer ended.
    response: Option<Response>,
    decoding: Decoding,
    call: Call,
    request_id: Option<String>,
    idle: Duration,
    deadline: Instant,
    /// The deadline passed while nobody read, and was moved once.
    graced: bool,
    /// Something came since the clock was looked at.
    news: bool,
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
            decoding: Decoding::new(endpoint.api, limit),
            call,
            idle: idle_timeout(endpoint),
            deadline: Instant::now() + idle_timeout(endpoint),
            graced: false,
            news: false,
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
            if let Some(event) = self.decoding.pop() {
                if matches!(event, StreamEvent::Finished(_)) {
                    self.close();
                }
                return Some(Ok(event));
            }
            if self.closed {
                return None;
            }
            if let Some(fault) = self.decoding.take_fault() {
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
        let kept = if self.decoding.has_text() {
            Kept::Text
        } else {
            Kept::Nothing
        };
        let mut failure = self.call.fault(fault, kept);
        failure.request_id.clone_from(&self.request_id);
        failure.usage = self.decoding.usage().map(Box::new);
        failure
    }

    /// Reads what the network has, until it makes an event or an end. The connection stays in
    /// `self` over every wait, so that a dropped future loses nothing.
    async fn read(&mut self) {
        let mut taken = 0;
        self.note_news();
        if self.deadline <= Instant::now() && !self.graced {
            self.graced = true;
            self.deadline = Instant::now() + GRACE.min(self.idle);
        }
        while !self.decoding.is_over() && taken < BURST {
            let settled = self.decoding.is_settled();
            if !self.decoding.is_ready() {
                self.note_news();
            }
            let Some(response) = &mut self.response else {
                return self.decoding.end("");
            };
            let chunk = if self.decoding.is_ready() {
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
                    Err(_) if settled => return self.decoding.end(""),
                    Err(_) => return self.decoding.fail(Fault::Stalled),
                }
            };
            match chunk {
                Ok(Some(bytes)) => {
                    taken += bytes.len();
                    self.take(&bytes);
                    // A flood of comments leaves no wait in which silence could be noticed.
                    if self.graced
                        && !self.news
                        && self.deadline <= Instant::now()
                        && !self.decoding.is_ready()
                    {
                        return self.decoding.fail(Fault::Stalled);
                    }
                }
                Ok(None) => self.decoding.end(""),
                Err(error) => self.decoding.end(&root(&error)),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        // Comments keep a connection open, not an answer.
        self.news |= self.decoding.push(bytes);
    }

    /// Gives an answer that brought something its time anew. The clock is looked at before a wait,
    /// and not for every piece.
    fn note_news(&mut self) {
        if std::mem::take(&mut self.news) {
            self.deadline = Instant::now() + self.idle;
            self.graced = false;
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
