//! The practice engine: a small OpenAI-compatible server on loopback, for trying the studio
//! without a key.
//!
//! Owns a real HTTP server that speaks both APIs and answers with a sample text. It never asks a
//! model and never says it did, never listens beyond this machine, and stops when its future is
//! dropped.

mod continuing;
mod question;
mod rewrite;
mod sample;
mod turns;
mod wire;

use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use turns::Turns;

/// The model id that the engine answers to.
pub const MODEL: &str = "practice";

/// The largest request that is read.
const LONGEST: usize = 16 * 1024 * 1024;

/// How fast the sample streams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Pace {
    /// As a model would, about 60 words a second.
    #[default]
    Human,
    /// As fast as the connection takes it.
    Full,
}

impl Pace {
    const fn pause(self) -> Duration {
        match self {
            Self::Human => Duration::from_millis(16),
            Self::Full => Duration::ZERO,
        }
    }
}

/// Listens on a port of this machine; 0 takes a free one.
pub fn listen(port: u16) -> std::io::Result<TcpListener> {
    let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    TcpListener::from_std(listener)
}

/// The same, for callers that wait.
pub async fn bind(port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until it is dropped; its connections end with it.
pub async fn serve(listener: TcpListener, pace: Pace) -> std::io::Result<()> {
    let mut connections = JoinSet::new();
    let turns = Arc::new(Turns::default());
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, pace, Arc::clone(&turns)));
                }
                // One connection that failed, or no descriptor left for now.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn converse(stream: TcpStream, pace: Pace, turns: Arc<Turns>) {
    // Without it a word would wait for the acknowledgement of the last one.
    let _ = stream.set_nodelay(true);
    let service = hyper::service::service_fn(|request| answer(request, pace, &turns));
    let connection = hyper::server::conn::http1::Builder::new();
    // A client that hangs up in the middle is no event here.
    let _ = connection
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

type Body = UnsyncBoxBody<Bytes, Infallible>;

async fn answer(
    request: Request<Incoming>,
    pace: Pace,
    turns: &Turns,
) -> Result<Response<Body>, Infallible> {
    let path = request.uri().path().trim_end_matches('/').to_owned();
    Ok(match (request.method(), path.as_str()) {
        (&Method::GET, "/v1/models") => document(StatusCode::OK, &wire::models()),
        (&Method::POST, "/v1/chat/completions") => {
            reply(request, wire::Dialect::Chat, (pace, turns)).await
        }
        (&Method::POST, "/v1/responses") => {
            reply(request, wire::Dialect::Responses, (pace, turns)).await
        }
        (method, path) => document(
            StatusCode::NOT_FOUND,
            &wire::error(&format!("the practice engine has no {method} {path}")),
        ),
    })
}

async fn reply(
    request: Request<Incoming>,
    dialect: wire::Dialect,
    (pace, turns): (Pace, &Turns),
) -> Response<Body> {
    let Ok(body) = Limited::new(request.into_body(), LONGEST).collect().await else {
        return document(
            StatusCode::PAYLOAD_TOO_LARGE,
            &wire::error("the request is too large"),
        );
    };
    let Ok(asked) = serde_json::from_slice::<serde_json::Value>(&body.to_bytes()) else {
        return document(
            StatusCode::BAD_REQUEST,
            &wire::error("the request is not JSON"),
        );
    };
    let prompt = wire::user_text(&asked);
    let text = continuing::rest(&asked)
        .or_else(|| rewrite::write(&prompt))
        .or_else(|| question::write(&prompt))
        .unwrap_or_else(|| sample::write(&prompt, turns.take(&prompt)));
    if asked["stream"] != true {
        return document(StatusCode::OK, &dialect.whole(&asked, &text));
    }
    let frames = dialect.frames(&asked, &text).into_iter();
    let paced = futures_util::stream::unfold(frames, move |mut frames| async move {
        let frame = frames.next()?;
        if !pace.pause().is_zero() {
            tokio::time::sleep(pace.pause()).await;
        }
        Some((Ok(Frame::data(Bytes::from(frame))), frames))
    });
    with_type("text/event-stream", StreamBody::new(paced).boxed_unsync())
}

fn document(status: StatusCode, json: &serde_json::Value) -> Response<Body> {
    let mut response = with_type(
        "application/json",
        Full::new(Bytes::from(json.to_string())).boxed_unsync(),
    );
    *response.status_mut() = status;
    response
}

fn with_type(kind: &'static str, body: Body) -> Response<Body> {
    let mut response = Response::new(body);
    let value = hyper::header::HeaderValue::from_static(kind);
    response
        .headers_mut()
        .insert(hyper::header::CONTENT_TYPE, value);
    response
}
