//! Exchanges: one request until its answer has ended, however often it has to be sent for that.
//!
//! Owns the repetitions: tries that may pass, a parameter that is cured, a server that loads its
//! model. Never sends again once anything was shown of an answer. Dropping an exchange closes its
//! connection; all waiting is in futures that can be dropped.

use super::address::{self, Reach};
use super::answer::Answer;
use super::class::Class;
use super::client::{error_body, idle_timeout, request_id};
use super::credentials::authorized;
use super::error::{self, Call, Refused};
use super::fitting::LeftOut;
use super::lessons::Lessons;
use super::payload::Body;
use super::remedy::{self, Remedy};
use super::report::Report;
use super::retry::{self, Hint, Retry};
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::Failure;
use crate::domain::prompt::Request;
use crate::domain::run::{StreamEvent, Usage};
use crate::domain::server::is_near;
use bytes::Bytes;
use reqwest::Response;
use reqwest::header::HeaderMap;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::time::{Instant, sleep_until, timeout};
use url::Url;

/// Something to tell while an answer is waited for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum News {
    /// A try failed, and another follows.
    Retry(Retry),
    /// The server is loading its model, and is asked again until it has.
    Loading {
        /// Who loads, as a sentence.
        what: String,
    },
    /// A try that is repeated took these tokens all the same.
    Spent(Usage),
    /// A wished parameter is not sent as it was wished.
    LeftOut(LeftOut),
    /// A parameter was refused and the request taken without it. Worth remembering.
    Learnt {
        /// What it is remembered under.
        scope: String,
        /// What was done.
        remedy: Remedy,
        /// The same as a sentence.
        what: String,
    },
}

/// The way to a server.
pub(super) struct Line {
    pub(super) http: reqwest::Client,
    pub(super) url: Url,
    pub(super) reach: Reach,
}

/// One request and its answer.
pub struct Exchange<T> {
    line: Line,
    endpoint: Endpoint,
    request: Request,
    call: Call,
    lessons: Arc<Lessons>,
    scope: String,
    /// Remedies that were found on the way.
    cured: Vec<Remedy>,
    body: Body,
    bytes: Bytes,
    /// Tries so far that failed, and the one that goes on.
    tried: u32,
    /// Since when the server loads.
    loading: Option<Instant>,
    not_before: Option<Instant>,
    answer: Option<Answer>,
    /// Something of the answer was given away.
    shown: bool,
    over: bool,
    tell: T,
}

impl<T: FnMut(News)> Exchange<T> {
    pub(super) fn new(
        line: Line,
        (endpoint, request): (&Endpoint, &Request),
        lessons: &Arc<Lessons>,
        mut tell: T,
    ) -> Self {
        let scope = remedy::scope(&address::origin(&line.url), &request.model);
        let body = Body::of(endpoint, request, &lessons.of(&scope));
        for left_out in lessons.untold(&scope, &body.left_out) {
            tell(News::LeftOut(left_out));
        }
        Self {
            call: Call::new(endpoint, &request.model, &line.url),
            bytes: body.text().into(),
            endpoint: endpoint.clone(),
            request: request.clone(),
            lessons: lessons.clone(),
            line,
            scope,
            cured: Vec::new(),
            body,
            tried: 1,
            loading: None,
            not_before: None,
            answer: None,
            shown: false,
            over: false,
            tell,
        }
    }

    /// The server's id of the request, for support.
    pub fn request_id(&self) -> Option<&str> {
        self.answer.as_ref()?.request_id()
    }

    /// The next event; `None` after the end. Nothing follows `Finished` or a failure.
    ///
    /// Safe to drop and call again while an answer arrives: what was read is kept. Dropped between
    /// two tries, the second is begun anew.
    pub async fn next(&mut self) -> Option<Result<StreamEvent, Failure>> {
        loop {
            if self.over {
                return None;
            }
            let Some(answer) = &mut self.answer else {
                match self.open().await {
                    Ok(()) => continue,
                    Err(failure) => {
                        self.over = true;
                        return Some(Err(failure));
                    }
                }
            };
            match answer.next().await {
                None => self.over = true,
                Some(Ok(event)) => {
                    self.shown |= !matches!(event, StreamEvent::Started { .. });
                    return Some(Ok(event));
                }
                Some(Err(failure)) => {
                    let hint = answer.hint();
                    let again = !self.shown && self.again(hint, &failure);
                    self.answer = self.answer.take().filter(|_| !again);
                    if !again {
                        self.over = true;
                        return Some(Err(failure));
                    }
                }
            }
        }
    }

    /// Sends until the server takes it.
    pub(super) async fn open(&mut self) -> Result<(), Failure> {
        loop {
            if let Some(at) = self.not_before {
                sleep_until(at).await;
                self.not_before = None;
            }
            let refusal = match self.send().await {
                Ok(response) => {
                    let limit = self.request.prompt.params.max_output_tokens;
                    let call = self.call.clone();
                    self.answer = Some(Answer::open(response, &self.endpoint, call, limit).await?);
                    self.remember();
                    return Ok(());
                }
                Err(refusal) => refusal,
            };
            let goes_on = self.waits_for_model(&refusal)
                || self.cure(&refusal)
                || self.again(refusal.hint, &refusal.failure);
            if !goes_on {
                return Err(refusal.failure);
            }
        }
    }

    async fn send(&self) -> Result<Response, Refusal> {
        let post = self.line.http.post(self.line.url.clone());
        let headers = self.body.headers().into_iter();
        let post = headers.fold(post, |post, (name, value)| post.header(name, value));
        let post = authorized(post.body(self.bytes.clone()), &self.endpoint);
        let patience = self.patience();
        let response = match timeout(patience, post.send()).await {
            Err(_) => return Err(self.call.silent(patience.as_secs()).into()),
            Ok(Err(error)) => {
                return Err(Refusal {
                    hint: Hint {
                        passing: error::may_pass(&error),
                        after: None,
                    },
                    ..self.call.transport(&error).into()
                });
            }
            Ok(Ok(response)) => response,
        };
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        if status.is_redirection() {
            let to = response.headers().get("location");
            let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
            return Err(self.call.redirect(status.as_u16(), to).into());
        }
        let (id, headers) = (request_id(response.headers()), kept(response.headers()));
        let body = error_body(response, patience).await;
        let report = Report::from_body(&body);
        let refused = Refused {
            status: status.as_u16(),
            headers: &headers,
            body: &body,
            now: since_1970().as_secs(),
        };
        let (mut failure, hint) = self.call.refused(refused, &report);
        failure.request_id = id;
        Err(Refusal {
            failure,
            hint,
            report: Some((status.as_u16(), report)),
        })
    }

    /// How long the first byte of an answer may take: a local server may have to load its model,
    /// and an answer that does not stream comes at its end.
    fn patience(&self) -> Duration {
        let remote = matches!(self.line.reach, Reach::Nearby | Reach::Remote);
        let streams = self.body.streams();
        idle_timeout(&self.endpoint) * if remote && streams { 2 } else { 10 }
    }

    /// Whether another try follows; then it is told, and the wait before it begins.
    fn again(&mut self, hint: Hint, failure: &Failure) -> bool {
        let Some(wait) = retry::wait(self.tried, hint, spread()) else {
            return false;
        };
        self.tried += 1;
        self.not_before = Some(Instant::now() + wait);
        if let Some(usage) = failure.usage.as_deref() {
            (self.tell)(News::Spent(*usage));
        }
        (self.tell)(News::Retry(Retry {
            attempt: self.tried,
            wait,
            why: failure.reason(),
        }));
        true
    }

    /// A server nearby that loads its model is asked for as long as a first byte may take.
    fn waits_for_model(&mut self, refusal: &Refusal) -> bool {
        let class = refusal
            .report
            .as_ref()
            .map(|(status, report)| report.class(Some(*status)));
        if class != Some(Class::Loading) || !is_near(&self.line.url) {
            return false;
        }
        let now = Instant::now();
        let since = *self.loading.get_or_insert(now);
        if now - since >= idle_timeout(&self.endpoint) * 10 {
            return false;
        }
        self.not_before = Some(now + retry::LOADING);
        (self.tell)(News::Loading {
            what: refusal.failure.what.clone(),
        });
        true
    }

    /// Whether a refused parameter could be cured; then the body is made anew.
    fn cure(&mut self, refusal: &Refusal) -> bool {
        let Some((status, report)) = &refusal.report else {
            return false;
        };
        if self.cured.len() >= remedy::MOST {
            return false;
        }
        let mut known = self.body.remedied.clone();
        let Some(remedy) = Remedy::of(report, *status, &self.body.fields, &known) else {
            return false;
        };
        known.push(remedy.clone());
        self.cured.push(remedy);
        self.body = Body::of(&self.endpoint, &self.request, &known);
        self.bytes = self.body.text().into();
        true
    }

    /// What helped is worth knowing the next time.
    fn remember(&mut self) {
        for remedy in std::mem::take(&mut self.cured) {
            self.lessons.learn(&self.scope, [remedy.clone()]);
            (self.tell)(News::Learnt {
                scope: self.scope.clone(),
                what: format!("{} {remedy}", self.request.model),
                remedy,
            });
        }
    }
}

/// A try that failed, and whether another makes sense.
struct Refusal {
    failure: Failure,
    hint: Hint,
    /// The status and what the server said, when it answered.
    report: Option<(u16, Report)>,
}

impl From<Failure> for Refusal {
    fn from(failure: Failure) -> Self {
        Self {
            failure,
            hint: Hint::default(),
            report: None,
        }
    }
}

/// A number in 0..1 that differs between processes; nothing depends on its quality.
fn spread() -> f64 {
    f64::from(since_1970().subsec_micros()) / 1e6
}

fn since_1970() -> Duration {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.unwrap_or_default()
}

/// Headers that help to understand a refusal.
fn kept(headers: &HeaderMap) -> Vec<(String, String)> {
    const NAMES: [&str; 12] = [
        "x-request-id",
        "request-id",
        "x-generation-id",
        "apim-request-id",
        "retry-after",
        "retry-after-ms",
        "x-should-retry",
        "openai-processing-ms",
        "openai-version",
        "content-type",
        "server",
        "cf-ray",
    ];
    let worth = |name: &str| {
        NAMES.contains(&name)
            || name.starts_with("x-ratelimit-")
            || name.starts_with("anthropic-ratelimit-")
    };
    let kept = headers.iter().filter(|(name, _)| worth(name.as_str()));
    let kept = kept.filter_map(|(name, value)| {
        let value: String = value.to_str().ok()?.chars().take(256).collect();
        Some((name.as_str().to_owned(), value))
    });
    kept.take(40).collect()
}
