//! Proxies: which one the environment puts before a server, and how it is told.
//!
//! The usual variables are read as curl reads them. A proxy's user name and password never reach
//! a message. Opens nothing.

use super::error::{chain, io_kind, root};
use crate::domain::failure::{Failure, FailureKind};
use hyper_util::client::proxy::matcher::Matcher;
use std::io::ErrorKind;
use std::time::Duration;
use url::Url;

/// The proxy that requests to a URL go through, without user name and password.
pub(super) fn before(url: &Url) -> Option<String> {
    through(&Matcher::from_system(), url)
}

fn through(matcher: &Matcher, url: &Url) -> Option<String> {
    let found = matcher.intercept(&url.as_str().parse().ok()?)?;
    let (scheme, host) = (found.uri().scheme_str()?, found.uri().authority()?);
    Some(format!("{scheme}://{host}"))
}

/// The failure to get through a proxy to a URL, within the time that a connection may take.
pub(super) fn failed(
    proxy: &str,
    (url, limit): (&str, Duration),
    error: &reqwest::Error,
) -> Failure {
    let all = chain(error).to_lowercase();
    let why = if error.is_timeout() {
        format!("no connection within {} s", limit.as_secs())
    } else if io_kind(error) == Some(ErrorKind::ConnectionRefused) {
        "nothing listens there".to_owned()
    } else if all.contains("proxy authorization required") {
        "it wants a user name and a password, or other ones".to_owned()
    } else if all.contains("tunnel error: unsuccessful") {
        "it does not let this connection through".to_owned()
    } else if all.contains("dns error") {
        "its name does not resolve".to_owned()
    } else {
        root(error)
    };
    let what = format!("{url} cannot be reached through the proxy {proxy}");
    Failure::new(FailureKind::Network, what).why(why).advice(
        "check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY; NO_PROXY names servers to reach without",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_told_without_its_password() {
        let matcher = Matcher::builder()
            .https("http://me:secret@proxy.example:3128")
            .no("near.example")
            .build();
        let told = |url: &str| through(&matcher, &Url::parse(url).unwrap());
        assert_eq!(
            told("https://api.openai.com/v1").as_deref(),
            Some("http://proxy.example:3128")
        );
        assert_eq!(told("https://near.example/v1"), None);
        assert_eq!(told("http://api.openai.com/v1"), None);
    }
}
