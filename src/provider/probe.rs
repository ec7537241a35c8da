//! A probe: whether a server answers, and takes the key, asked in the cheapest way there is.
//!
//! One request for the list of models, never repeated. Nothing of a prompt goes out.

use super::address;
use super::client::{Client, authorized, error_body};
use super::error::Call;
use super::report::Report;
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use std::time::Duration;
use tokio::time::timeout;

/// How long an answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a server that answers is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It lists its models, and so takes the key.
    Ready,
    /// It answers, but has no list of models, so that nothing is known about the key.
    Answers,
}

/// Asks the server of an endpoint.
///
/// # Errors
/// When it cannot be reached, must not be asked, or says no.
pub async fn reach(client: &Client, endpoint: &Endpoint) -> Result<Reached, Failure> {
    let (url, reach) = address::of_models(endpoint)?;
    let call = Call::new(endpoint, "", &url);
    let http = client.http(reach).map_err(|error| call.transport(&error))?;
    let get = authorized(http.get(url), endpoint).header("accept", "application/json");
    let response = match timeout(PATIENCE, get.send()).await {
        Err(_) => {
            let what = format!("{} does not answer", endpoint.base_url);
            return Err(Failure::new(FailureKind::Network, what)
                .why(format!("nothing came within {} s", PATIENCE.as_secs())));
        }
        Ok(sent) => sent.map_err(|error| call.transport(&error))?,
    };
    let status = response.status();
    if status.is_success() {
        return Ok(Reached::Ready);
    }
    if matches!(status.as_u16(), 404 | 405 | 501) {
        return Ok(Reached::Answers);
    }
    if status.is_redirection() {
        let to = response.headers().get("location");
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
        return Err(call.redirect(status.as_u16(), to));
    }
    let report = Report::from_body(&error_body(response, PATIENCE).await);
    Err(call.status(status.as_u16(), &report))
}
