//! Proxies: which one the environment puts before a server, and how it is told.
//!
//! The usual variables are read as curl reads them. A proxy's user name and password never reach
//! a message. Opens nothing.

use hyper_util::client::proxy::matcher::Matcher;
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
