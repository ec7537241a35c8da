//! The client: one request out, one stream of events in.
//!
//! Owns connections and their waiting; [`super::exchange`] has what happens on one, and
//! `super::connections` how they are set up. Never follows a redirect, keeps a cookie, or sends
//! clear text beyond this machine unless the provider allows it.

use super::address::{self, Reach};
use super::connections::Connections;
use super::error::Call;
use super::exchange::{Exchange, Line, News};
use super::fitting;
use super::lessons::Lessons;
use super::payload::Body;
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::Failure;
use crate::domain::prompt::Request;
use reqwest::Response;
use reqwest::header::HeaderMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::time::timeout;

/// The longest error body that is read.
const ERROR_BODY: usize = 64 * 1024;

/// The JSON text that a request is sent as, by who has learnt nothing yet.
pub fn body(endpoint: &Endpoint, request: &Request) -> String {
    Body::of(endpoint, request, &[]).text()
}

/// The URL that requests of an endpoint go to; fails where they must not go.
pub fn url(endpoint: &Endpoint) -> Result<url::Url, Failure> {
    address::resolve(endpoint).map(|(url, _)| url)
}

/// Whether requests of an endpoint stay on this machine.
pub fn stays_here(endpoint: &Endpoint) -> bool {
    address::resolve(endpoint)
        .is_ok_and(|(_, reach)| matches!(reach, Reach::Loopback | Reach::LoopbackTls))
}

/// Sends requests. Costs nothing until the first one.
#[derive(Debug, Default)]
pub struct Client {
    connections: Connections,
    lessons: Arc<Lessons>,
}

impl Client {
    /// A client that has set nothing up yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What this client knows of refusals, from earlier processes and its own requests.
    pub fn lessons(&self) -> &Lessons {
        &self.lessons
    }

    /// Sends a request and waits until the server took it.
    ///
    /// # Errors
    /// When it is refused, or no server takes it within three tries.
    pub async fn start(
        &self,
        endpoint: &Endpoint,
        request: &Request,
    ) -> Result<Exchange<fn(News)>, Failure> {
        self.start_with(endpoint, request, drop as fn(News)).await
    }

    /// The same; `tell` hears of every repetition before its wait, and of what is sent otherwise
    /// than it was wished.
    ///
    /// # Errors
    /// As for [`start`](Self::start).
    pub async fn start_with<T: FnMut(News)>(
        &self,
        endpoint: &Endpoint,
        request: &Request,
        tell: T,
    ) -> Result<Exchange<T>, Failure> {
        let (url, reach) = address::resolve(endpoint)?;
        fitting::check(endpoint, request)?;
        let call = Call::new(endpoint, &request.model, &url);
        let http = self.http(reach, endpoint);
        let http = http.map_err(|error| call.transport(&error))?;
        let line = Line { http, url, reach };
        let mut exchange = Exchange::new(line, (endpoint, request), &self.lessons, tell);
        exchange.open().await?;
        Ok(exchange)
    }

    pub(super) fn http(
        &self,
        reach: Reach,
        endpoint: &Endpoint,
    ) -> Result<reqwest::Client, reqwest::Error> {
        self.connections.of(reach, endpoint)
    }
}

/// The silence an endpoint allows, within what a clock can count.
pub(super) fn idle_timeout(endpoint: &Endpoint) -> Duration {
    endpoint.idle_timeout.min(Duration::from_secs(24 * 60 * 60))
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
