//! Where a request goes, and whether it may go there.
//!
//! Owns the join of base URL and path, and the rule that clear text leaves this machine only when
//! the provider allows it. Judges the parsed host alone, never the text of the URL. Opens nothing.

use crate::domain::endpoint::{Api, Endpoint};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::server::{is_loopback, is_near};
use url::Url;

/// How a connection to a place is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Clear text on this machine: no TLS, no proxy.
    Loopback,
    /// TLS to this machine: no proxy.
    LoopbackTls,
    /// A private network: no proxy.
    Nearby,
    /// Anywhere else.
    Remote,
}

/// The URL that requests of an endpoint go to.
///
/// Fails when the base URL is none, or when the request would leave the machine in clear text.
pub fn resolve(endpoint: &Endpoint) -> Result<(Url, Reach), Failure> {
    let wrong = |why: &str| {
        Failure::new(
            FailureKind::Usage,
            format!(
                "the base URL of provider {} is not usable",
                endpoint.provider
            ),
        )
        .why(why.to_owned())
        .advice("set base_url to something like https://api.openai.com/v1")
    };
    let mut url =
        Url::parse(endpoint.base_url.trim()).map_err(|error| wrong(&error.to_string()))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(&format!("{}: is not http or https", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("it holds a user name or password"));
    }
    let loopback = is_loopback(&url);
    let clear = url.scheme() == "http";
    if clear && !loopback && !endpoint.allow_http {
        return Err(Failure::new(
            FailureKind::Usage,
            format!("{} would send key and prompt in clear text", origin(&url)),
        )
        .advice(format!(
            "use https, or name this base_url with allow_http = true in [providers.{}]",
            endpoint.provider
        )));
    }
    let tail = tail(endpoint.api);
    let path = url.path().trim_end_matches('/');
    let base = ["/chat/completions", "/responses"]
        .iter()
        .find_map(|pasted| path.strip_suffix(pasted))
        .unwrap_or(path);
    let path = format!("{base}{tail}");
    url.set_path(&path);
    url.set_fragment(None);
    let reach = match (loopback, clear) {
        (true, true) => Reach::Loopback,
        (true, false) => Reach::LoopbackTls,
        (false, _) if is_near(&url) => Reach::Nearby,
        (false, _) => Reach::Remote,
    };
    Ok((url, reach))
}

/// The URL of an endpoint's list of models; fails like [`resolve`].
pub fn of_models(endpoint: &Endpoint) -> Result<(Url, Reach), Failure> {
    let (mut url, reach) = resolve(endpoint)?;
    let path = url.path();
    let base = path.strip_suffix(tail(endpoint.api)).unwrap_or(path);
    // Azure's deployments have no list of their own.
    let base = base
        .split_once("/deployments/")
        .map_or(base, |(all, _)| all);
    let path = format!("{base}/models");
    url.set_path(&path);
    Ok((url, reach))
}

/// What requests for an answer are sent to, below the base URL.
const fn tail(api: Api) -> &'static str {
    match api {
        Api::Chat => "/chat/completions",
        Api::Responses => "/responses",
    }
}

/// Scheme, host and port.
pub fn origin(url: &Url) -> String {
    url.origin().ascii_serialization()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(base_url: &str, api: Api) -> Endpoint {
        Endpoint {
            provider: "test".to_owned(),
            ..Endpoint::at(base_url, api)
        }
    }

    #[test]
    fn the_path_is_joined_to_any_spelling_of_the_base() {
        for (base, whole) in [
            ("https://x.test/v1", "https://x.test/v1/chat/completions"),
            ("https://x.test/v1/", "https://x.test/v1/chat/completions"),
            ("https://x.test", "https://x.test/chat/completions"),
            (
                "https://x.test/a?api-version=1",
                "https://x.test/a/chat/completions?api-version=1",
            ),
            (
                "https://x.test/v1/chat/completions",
                "https://x.test/v1/chat/completions",
            ),
        ] {
            let (url, _) = resolve(&endpoint(base, Api::Chat)).unwrap();
            assert_eq!(url.as_str(), whole);
        }
        let azure = "https://a.openai.azure.com/openai/deployments/d?api-version=7";
        for (base, whole) in [
            ("https://x.test/v1/", "https://x.test/v1/models"),
            ("https://x.test/a?b=c", "https://x.test/a/models?b=c"),
            (
                "https://x.test/v1/chat/completions",
                "https://x.test/v1/models",
            ),
            (
                azure,
                "https://a.openai.azure.com/openai/models?api-version=7",
            ),
        ] {
            let (url, _) = of_models(&endpoint(base, Api::Chat)).unwrap();
            assert_eq!(url.as_str(), whole);
        }
        let (url, _) = resolve(&endpoint("https://x.test/v1", Api::Responses)).unwrap();
        assert_eq!(url.path(), "/v1/responses");
    }

    #[test]
    fn clear_text_stays_on_this_machine() {
        for base in [
            "http://127.0.0.1:1/v1",
            "http://127.8.9.1/v1",
            "http://localhost:11434/v1",
            "http://LOCALHOST/v1",
            "http://[::1]:80/v1",
            "http://[::ffff:127.0.0.1]/v1",
            "http://0x7f.1/v1",
            "http://2130706433/v1",
            "http://127.1/v1",
            "http://localhost./v1",
            "http://copydesk.localhost:1/v1",
            "http://[::ffff:7f00:1]/v1",
            "http://[0:0:0:0:0:0:0:1]/v1",
        ] {
            assert_eq!(
                resolve(&endpoint(base, Api::Chat)).unwrap().1,
                Reach::Loopback,
                "{base}"
            );
        }
    }

    #[test]
    fn lookalikes_of_this_machine_are_refused() {
        for base in [
            "http://127.0.0.1.evil.example/v1",
            "http://localhost.evil.example/v1",
            "http://evil.example/v1#@127.0.0.1",
            "http://127.0.0.1@evil.example/v1",
            "http://127.0.0.1:80@evil.example/v1",
            "http://evil.example:11434\\@127.0.0.1/v1",
            "http://[::ffff:7f00:1].evil.example/v1",
            "http://127.0.0.1\u{3002}evil.example/v1",
            "http://localhost-evil.example/v1",
            "http://notlocalhost/v1",
            "http://[fe80::1]/v1",
            "http://2886729728/v1",
            "http://[::ffff:10.0.0.1]/v1",
            "http://192.168.1.2/v1",
            "http://0.0.0.0/v1",
            "http://1270.0.0.1/v1",
            "http://localhost@evil.example/v1",
            "http://127.0.0.1:80@evil.example/v1",
            "http://user@127.0.0.1/v1",
            "http://evil.example/127.0.0.1/v1",
            "http://evil.example?127.0.0.1",
            "http://evil.example\\@127.0.0.1/v1",
            "http://localhost%2eevil.example/v1",
            "http://evil.localhost.example/v1",
            "http://[::ffff:8.8.8.8]/v1",
            "http://[::7f00:1]/v1",
            "http://[fe80::1]/v1",
            "http://10.0.0.1/v1",
            "http://128.0.0.1/v1",
        ] {
            assert!(resolve(&endpoint(base, Api::Chat)).is_err(), "{base}");
        }
    }

    #[test]
    fn a_provider_may_allow_clear_text() {
        let mut endpoint = endpoint("http://192.168.1.2/v1", Api::Chat);
        let refused = resolve(&endpoint).unwrap_err().to_string();
        assert!(
            refused.contains("allow_http = true in [providers.test]"),
            "{refused}"
        );
        endpoint.allow_http = true;
        assert_eq!(resolve(&endpoint).unwrap().1, Reach::Nearby);
    }

    #[test]
    fn private_networks_are_nearby_and_the_rest_is_not() {
        for (base, reach) in [
            ("https://192.168.1.2/v1", Reach::Nearby),
            ("https://10.0.0.1/v1", Reach::Nearby),
            ("https://[fd00::1]/v1", Reach::Nearby),
            ("https://llm.lan/v1", Reach::Nearby),
            ("https://127.0.0.1/v1", Reach::LoopbackTls),
            ("https://172.32.0.1/v1", Reach::Remote),
            ("https://llm.lan.example/v1", Reach::Remote),
        ] {
            assert_eq!(
                resolve(&endpoint(base, Api::Chat)).unwrap().1,
                reach,
                "{base}"
            );
        }
    }

    #[test]
    fn what_is_no_web_address_is_refused() {
        for base in [
            "",
            "x.test/v1",
            "ftp://x.test",
            "file:///etc/passwd",
            "https://a:b@x.test",
        ] {
            assert!(resolve(&endpoint(base, Api::Chat)).is_err(), "{base}");
        }
    }
}
