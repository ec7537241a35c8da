//! The client: one request out, one stream of events in.
//!
//! Owns connections, waiting and cancelling. Dropping a future or an [`Answer`] closes the
//! connection. Never retries after the first text, or sends clear text beyond this machine unless
//! the provider allows it.

use super::address::{self, Reach};
use super::answer::Answer;
use super::connections::Connections;
use super::credentials::authorized;
use super::error::{self, Call};
use super::report::Report;
use super::retry::{self, Hint, Retry};
use super::{chat, responses};
use crate::domain::endpoint::{Api, Endpoint};
use crate::domain::failure::Failure;
use crate::domain::prompt::Request;
use bytes::Bytes;
use reqwest::Response;
use reqwest::header::HeaderMap;
use std::time::{Duration, SystemTime};
use tokio::time::timeout;

/// The longest error body that is read.
const ERROR_BODY: usize = 64 * 1024;

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

/// Whether requests of an endpoint stay on this machine.
pub fn stays_here(endpoint: &Endpoint) -> bool {
    address::resolve(endpoint).is_ok_and(|(_, reach)| reach != Reach::Remote)
}

/// Sends requests. Costs nothing until the first one.
#[derive(Debug, Default)]
pub struct Client {
    connections: Connections,
}

impl Client {
    /// A client that has set nothing up yet.
    pub const fn new() -> Self {
        Self {
            connections: Connections::new(),
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
        let http = self.http(reach, endpoint);
        let http = http.map_err(|error| call.transport(&error))?;
        let mut tried = 1;
        loop {
            let post = post(&http, endpoint, &url, body.clone());
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

    pub(super) fn http(
        &self,
        reach: Reach,
        endpoint: &Endpoint,
    ) -> Result<reqwest::Client, reqwest::Error> {
        self.connections.of(reach, endpoint)
    }
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
    authorized(post, endpoint)
}

/// The silence an endpoint allows, within what a clock can count.
pub(super) fn idle_timeout(endpoint: &Endpoint) -> Duration {
    endpoint.idle_timeout.min(Duration::from_secs(24 * 60 * 60))
}

/// How long the first byte of an answer may take: a local server may have to load its model.
fn patience(endpoint: &Endpoint, reach: Reach) -> Duration {
    idle_timeout(endpoint) * if reach == Reach::Remote { 2 } else { 10 }
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
            let passing = error::may_pass(&error);
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

pub(super) fn request_id(headers: &HeaderMap) -> Option<String> {
    let names = ["x-request-id", "x-generation-id", "request-id"];
    let value = names.iter().find_map(|name| headers.get(*name))?;
    let text = value.to_str().ok()?;
    Some(text.chars().take(128).collect())
}

/// As much of an error's body as is there and may be read; its end matters to nobody.
pub(super) async fn error_body(mut response: Response, patience: Duration) -> String {
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
