//! A probe: whether a server answers, takes the key, and which models it has, asked in the
//! cheapest way there is.
//!
//! One request for the list of models, never repeated. Nothing of a prompt goes out, and nobody is
//! asked unless a person wanted it.

use super::address;
use super::client::{Client, error_body};
use super::credentials::authorized;
use super::error::Call;
use super::report::Report;
use crate::domain::endpoint::{Api, Endpoint, Route};
use crate::domain::failure::{Failure, FailureKind};
use futures_util::future::join_all;
use serde_json::Value;
use std::time::Duration;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);
/// How long a server on this machine may take to be found.
const NEARBY: Duration = Duration::from_millis(900);
/// The longest list of models that is read, in bytes.
const LONGEST: usize = 16 * 1024 * 1024;
/// The most models that are kept of it.
const MOST: usize = 5_000;

/// What a server that answers is like.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// It lists its models, and so takes the key.
    Ready(Vec<String>),
    /// It answers, but has no list of models, so that nothing is known about the key.
    Answers,
}

/// A server that was found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nearby {
    /// The base URL that was asked.
    pub base_url: String,
    /// Its models, as it lists them.
    pub models: Vec<String>,
}

/// Asks the server of an endpoint.
///
/// # Errors
/// When it cannot be reached, must not be asked, or says no.
pub async fn reach(client: &Client, endpoint: &Endpoint) -> Result<Reached, Failure> {
    let (url, reach) = address::of_models(endpoint)?;
    let call = Call::new(endpoint, "", &url);
    let http = client.http(reach, endpoint);
    let http = http.map_err(|error| call.transport(&error))?;
    let get = authorized(http.get(url), endpoint).header("accept", "application/json");
    let silent = || {
        let what = format!("{} does not answer", endpoint.base_url);
        Failure::new(FailureKind::Network, what)
            .why(format!("nothing came within {} s", PATIENCE.as_secs()))
            .advice("check the address and whether the server runs, then try again")
    };
    let sent = timeout(PATIENCE, get.send()).await.map_err(|_| silent())?;
    let response = sent.map_err(|error| call.transport(&error))?;
    let status = response.status();
    if status.is_success() {
        let body = timeout(PATIENCE, read(response))
            .await
            .map_err(|_| silent())?;
        return match names(&body) {
            Some(models) => Ok(Reached::Ready(models)),
            None if is_bare(endpoint) => Err(no_version(endpoint)),
            None => Ok(Reached::Answers),
        };
    }
    if matches!(status.as_u16(), 404 | 405 | 501) {
        return if is_bare(endpoint) {
            Err(no_version(endpoint))
        } else {
            Ok(Reached::Answers)
        };
    }
    if status.is_redirection() {
        let to = response.headers().get("location");
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
        return Err(call.redirect(status.as_u16(), to));
    }
    let report = Report::from_body(&error_body(response, PATIENCE).await);
    Err(call.status(status.as_u16(), &report))
}

/// Asks the usual places of servers on this machine, all at once and not for long. Those that do
/// not answer as this API does are left out.
pub async fn nearby(client: &Client, base_urls: &[&str]) -> Vec<Nearby> {
    let asked = base_urls.iter().map(|base_url| async move {
        let route = Route {
            connect_timeout: NEARBY,
            ..Route::default()
        };
        let endpoint = Endpoint {
            idle_timeout: NEARBY,
            route,
            ..Endpoint::at(base_url, Api::Chat)
        };
        match timeout(NEARBY, reach(client, &endpoint)).await {
            Ok(Ok(Reached::Ready(models))) => Some(Nearby {
                base_url: endpoint.base_url,
                models,
            }),
            _ => None,
        }
    });
    join_all(asked).await.into_iter().flatten().collect()
}

/// Whether a base URL has no path, which is rarely meant.
fn is_bare(endpoint: &Endpoint) -> bool {
    let base = url::Url::parse(endpoint.base_url.trim());
    base.is_ok_and(|base| base.path() == "/")
}

fn no_version(endpoint: &Endpoint) -> Failure {
    let what = format!("{} answers, but not as this API", endpoint.base_url);
    Failure::new(FailureKind::Network, what)
        .advice("base_url probably lacks its version path, try adding /v1")
}

/// As much of a body as may be read.
async fn read(mut response: reqwest::Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        if body.len() + chunk.len() > LONGEST {
            break;
        }
        body.extend_from_slice(&chunk);
    }
    body
}

/// The ids in a list of models, in any of the shapes that servers use; `None` for anything else.
fn names(body: &[u8]) -> Option<Vec<String>> {
    let value: Value = serde_json::from_slice(body).ok()?;
    let list = match &value {
        Value::Array(list) => list,
        Value::Object(map) => ["data", "models"]
            .iter()
            .find_map(|key| map.get(*key)?.as_array())?,
        _ => return None,
    };
    let id = |model: &Value| {
        let id = ["id", "name", "model"]
            .iter()
            .find_map(|key| model.get(*key)?.as_str());
        let id = id.or_else(|| model.as_str())?;
        Some(id.strip_prefix("models/").unwrap_or(id).to_owned())
    };
    Some(list.iter().filter_map(id).take(MOST).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_models_is_read_in_every_shape() {
        for body in [
            r#"{"object":"list","data":[{"id":"a"},{"id":"b"}]}"#,
            r#"[{"id":"a"},{"id":"b"}]"#,
            r#"{"models":[{"name":"models/a"},{"model":"b"}]}"#,
            r#"{"data":["a","b",3,{}]}"#,
        ] {
            assert_eq!(names(body.as_bytes()).unwrap(), ["a", "b"], "{body}");
        }
        for body in [
            "",
            "<html>",
            "{}",
            "3",
            r#"{"data":{}}"#,
            r#"{"status":"ok"}"#,
        ] {
            assert_eq!(names(body.as_bytes()), None, "{body}");
        }
        assert_eq!(names(br#"{"data":[]}"#), Some(Vec::new()));
    }
}
