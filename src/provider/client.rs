//! The client: one request out, one stream of events in.
//!
//! Owns connections, waiting and cancelling. Dropping a future or an [`Answer`] closes the
//! connection. Never follows a redirect, keeps a cookie, retries after the first text, or sends
//! clear text beyond this machine unless the provider allows it. Sets up TLS only for who needs it.

use super::address::{self, Reach};
use super::error::{Call, Kept, root};
use super::output::{Fault, Output};
use super::report::Report;
use super::retry::{self, Hint, Retry};
use super::{chat, responses, sse};
use crate::domain::endpoint::{Api, Endpoint};
use crate::domain::failure::Failure;
use crate::domain::prompt::Request;
use crate::domain::run::StreamEvent;
use bytes::Bytes;
use reqwest::Response;
use reqwest::header::{HeaderMap, HeaderValue};
use std::future::Future;
use std::pin::pin;
use std::sync::OnceLock;
use std::task::Poll;
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, timeout, timeout_at};

/// The longest error body that is read.
const ERROR_BODY: usize = 64 * 1024;

/// Bytes of a burst that are decoded before what they made is handed on.
const BURST: usize = 16 * 1024;

/// How long a complete answer may keep its last lines (usage, `[DONE]`) to itself.
const TAIL: Duration = Duration::from_secs(2);

/// The JSON text that a request is sent as.
pub fn body(endpoint: &Endpoint, request: &Request) -> String {
    match endpoint.api {
        Api::Chat => chat::body(endpoint, request),
        Api::Responses => responses::body(endpoint, request),
    }
}

/// The URL that requests of an endpoint go to; fails where they must not go.
pub fn url(endpoint: &Endpoint) -> Result<url::Url, Failure> {
    address::resolve(endpoint).map(|(url, _)| url)
}

/// Sends requests. Costs nothing until the first one.
#[derive(Debug, Default)]
pub struct Client {
    loopback: OnceLock<reqwest::Client>,
    loopback_tls: OnceLock<reqwest::Client>,
    remote: OnceLock<reqwest::Client>,
}

impl Client {
    /// A client that has set nothing up yet.
    pub const fn new() -> Self {
        Self {
            loopback: OnceLock::new(),
            loopback_tls: OnceLock::new(),
            remote: OnceLock::new(),
        }
    }

    /// Sends a request and waits until the server took it.
    pub async fn start(&self, endpoint: &Endpoint, request: &Request) -> Result<Answer, Failure> {
        self.start_with(endpoint, request, |_| ()).await
    }

    /// The same; `on_retry` is told of every repetition before its wait.
    pub async fn start_with(
        &self,
        endpoint: &Endpoint,
        request: &Request,
        mut on_retry: impl FnMut(&Retry),
    ) -> Result<Answer, Failure> {
        let (url, reach) = address::resolve(endpoint)?;
        let call = Call::new(endpoint, &request.model, &url);
        let body = Bytes::from(body(endpoint, request));
        let http = self.http(reach).map_err(|error| call.transport(&error))?;
        let mut tried = 1;
        loop {
            let post = post(http, endpoint, &url, body.clone());
            let refusal = match send(post, &call, patience(endpoint, reach)).await {
                Ok(response) => return Answer::open(response, endpoint, call).await,
                Err(refusal) => refusal,
            };
            let Some(wait) = retry::wait(tried, refusal.hint, spread()) else {
                return Err(refusal.failure);
            };
            tried += 1;
            on_retry(&Retry {
                attempt: tried,
                wait,
                why: refusal.failure.to_string(),
            });
            tokio::time::sleep(wait).await;
        }
    }

    fn http(&self, reach: Reach) -> Result<&reqwest::Client, reqwest::Error> {
        let slot = match reach {
            Reach::Loopback => &self.loopback,
            Reach::LoopbackTls => &self.loopback_tls,
            Reach::Remote => &self.remote,
        };
        if let Some(client) = slot.get() {
            return Ok(client);
        }
        let client = build(reach)?;
        Ok(slot.get_or_init(|| client))
    }
}

fn build(reach: Reach) -> Result<reqwest::Client, reqwest::Error> {
    // A second installation fails, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = reqwest::Client::builder()
        .user_agent(concat!("copydesk/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(Duration::from_secs(10));
    match reach {
        // No roots: loading the system's certificates takes longer than the whole start-up.
        Reach::Loopback => builder.no_proxy().http1_only().tls_certs_only([]),
        Reach::LoopbackTls => builder.no_proxy(),
        Reach::Remote => builder,
    }
    .build()
}

fn post(
    http: &reqwest::Client,
    endpoint: &Endpoint,
    url: &url::Url,
    body: Bytes,
) -> reqwest::RequestBuilder {
    let post = http
        .post(url.clone())
        .header("content-type", "application/json")
        .header("accept", "text/event-stream")
        .header("accept-encoding", "identity")
        .body(body);
    let Some(key) = &endpoint.key else {
        return post;
    };
    let azure = url
        .host_str()
        .is_some_and(|host| host.ends_with(".openai.azure.com"));
    let (name, value) = if azure {
        ("api-key", key.expose().to_owned())
    } else {
        ("authorization", format!("Bearer {}", key.expose()))
    };
    match HeaderValue::from_str(&value) {
        Ok(mut value) => {
            value.set_sensitive(true);
            post.header(name, value)
        }
        Err(_) => post,
    }
}

/// How long the first byte of an answer may take: a local server may have to load its model.
fn patience(endpoint: &Endpoint, reach: Reach) -> Duration {
    endpoint.idle_timeout * if reach == Reach::Remote { 2 } else { 10 }
}

/// A number in 0..1 that differs between processes; nothing depends on its quality.
fn spread() -> f64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    f64::from(now.unwrap_or_default().subsec_micros()) / 1e6
}

/// A try that failed, and whether another makes sense.
struct Refusal {
    failure: Failure,
    hint: Hint,
}

async fn send(
    post: reqwest::RequestBuilder,
    call: &Call,
    patience: Duration,
) -> Result<Response, Refusal> {
    let refusal = |failure, passing, after| Refusal {
        failure,
        hint: Hint { passing, after },
    };
    let response = match timeout(patience, post.send()).await {
        Err(_) => return Err(refusal(call.silent(patience.as_secs()), false, None)),
        Ok(Err(error)) => {
            let passing = !error.is_builder();
            return Err(refusal(call.transport(&error), passing, None));
        }
        Ok(Ok(response)) => response,
    };
    let status = response.status();
    if status.is_success() {
        return Ok(response);
    }
    let headers = response.headers().clone();
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if status.is_redirection() {
        let to = text("location").unwrap_or_default();
        return Err(refusal(call.redirect(status.as_u16(), to), false, None));
    }
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let now = now.unwrap_or_default().as_secs();
    let after = retry::asked(text("retry-after-ms"), text("retry-after"), now);
    let report = Report::from_body(&error_body(response, patience).await);
    let mut failure = call.status(status.as_u16(), &report);
    failure.request_id = request_id(&headers);
    if let Some(after) = after.filter(|after| *after > retry::LONGEST) {
        failure.advice = format!("the server asks to wait {} s", after.as_secs());
    }
    let passing = report.class(Some(status.as_u16())).is_passing();
    let passing = match text("x-should-retry") {
        Some("false") => false,
        _ => passing,
    };
    Err(refusal(failure, passing, after))
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let names = ["x-request-id", "x-generation-id", "request-id"];
    let value = names.iter().find_map(|name| headers.get(*name))?;
    let text = value.to_str().ok()?;
    Some(text.chars().take(128).collect())
}

/// As much of an error's body as is there and may be read; its end matters to nobody.
async fn error_body(mut response: Response, patience: Duration) -> String {
    let mut body = Vec::new();
    let patience = patience.min(Duration::from_secs(10));
    while let Ok(Ok(Some(chunk))) = timeout(patience, response.chunk()).await {
        let room = ERROR_BODY - body.len();
        body.extend_from_slice(&chunk[..chunk.len().min(room)]);
        if body.len() == ERROR_BODY {
            break;
        }
    }
    String::from_utf8_lossy(&body).into_owned()
}

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
    /// Nothing but white space so far.
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
    closed: bool,
}

impl Answer {
    async fn open(response: Response, endpoint: &Endpoint, call: Call) -> Result<Self, Failure> {
        let mut answer = Self {
            request_id: request_id(response.headers()),
            response: Some(response),
            frames: sse::Decoder::default(),
            wire: match endpoint.api {
                Api::Chat => Wire::Chat(chat::Decoder::default()),
                Api::Responses => Wire::Responses(responses::Decoder::default()),
            },
            shape: Shape::Unknown(Vec::new()),
            out: Output::default(),
            call,
            idle: endpoint.idle_timeout,
            deadline: Instant::now() + endpoint.idle_timeout,
            closed: false,
        };
        let kind = answer.response.as_ref().and_then(content_type);
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
                }
                Ok(None) => self.end(""),
                Err(error) => self.end(&root(&error)),
            }
        }
    }

    fn take(&mut self, bytes: &[u8]) {
        match &mut self.shape {
            Shape::Events => return self.decode(bytes),
            Shape::Whole(body) => body.extend_from_slice(bytes),
            Shape::Unknown(start) => {
                start.extend_from_slice(bytes);
                let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
                match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
                    // The rest of a byte order mark may still be on its way.
                    Some(0xef) if text.len() < 3 => {}
                    Some(b'{' | b'[' | b'<') => self.shape = Shape::Whole(std::mem::take(start)),
                    Some(_) => {
                        let start = std::mem::take(start);
                        self.shape = Shape::Events;
                        return self.decode(&start);
                    }
                    None => {}
                }
            }
        }
        let (Shape::Unknown(body) | Shape::Whole(body)) = &self.shape else {
            return;
        };
        self.deadline = Instant::now() + self.idle;
        if body.len() > sse::MAX_ANSWER {
            self.out
                .fail(Fault::TooLong("the answer is longer than 64 MiB"));
        }
    }

    fn decode(&mut self, bytes: &[u8]) {
        let (wire, out) = (&mut self.wire, &mut self.out);
        let read = self.frames.push(bytes, |event| wire.event(event, out));
        if read.is_err() {
            self.out
                .fail(Fault::TooLong("an event is larger than 16 MiB"));
        }
        // Comments keep a connection open, not an answer.
        if self.frames.take_active() {
            self.deadline = Instant::now() + self.idle;
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
            out.fail(Fault::TooLong("an event is larger than 16 MiB"));
        }
        wire.end(why, out);
    }

    fn whole(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with('{') && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok() {
            self.wire.whole(text, &mut self.out);
        } else {
            let report = Report::from_body(text);
            let error = text.starts_with('[') && !report.message.is_empty();
            self.out.fail(match error {
                true => Fault::Reported(report.message.into()),
                false if text.starts_with('<') => Fault::NotApi(report.message),
                false => Fault::NotApi(String::new()),
            });
        }
    }
}

fn content_type(response: &Response) -> Option<String> {
    let value = response.headers().get("content-type")?;
    Some(value.to_str().ok()?.to_ascii_lowercase())
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
