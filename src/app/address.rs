//! Addresses as people type them: completed, judged before anything is sent, and named.

use crate::domain::endpoint::{Api, Endpoint, origin_of};
use crate::provider::client;

/// What is to be said of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It can be asked.
    Good,
    /// Key and prompt would leave this machine for anybody to read.
    Clear(String),
    /// It cannot be asked, and why.
    Bad(String),
}

/// The address that was meant: `localhost:8080` has no scheme, and people know a resource at Azure
/// by its name alone.
pub(super) fn completed(typed: &str, is_azure: bool) -> String {
    let typed = typed.trim();
    let label = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if is_azure && !typed.is_empty() && typed.chars().all(label) {
        return format!("https://{typed}.openai.azure.com");
    }
    if typed.contains("://") || typed.is_empty() {
        return typed.to_owned();
    }
    let near = ["localhost", "127.", "[::1]"]
        .iter()
        .any(|start| typed.starts_with(start));
    let scheme = if near { "http" } else { "https" };
    format!("{scheme}://{typed}")
}

/// Whether an address can be asked.
pub(super) fn judged(base_url: &str) -> Verdict {
    let mut endpoint = Endpoint::at(base_url, Api::Chat);
    let Err(failure) = client::url(&endpoint) else {
        return Verdict::Good;
    };
    endpoint.allow_http = true;
    match client::url(&endpoint) {
        Ok(_) => Verdict::Clear(failure.what),
        Err(_) if base_url.is_empty() => {
            Verdict::Bad("type an address, such as http://localhost:8080/v1".to_owned())
        }
        Err(failure) => Verdict::Bad(format!("this is no address: {}", failure.why)),
    }
}

/// A name for the provider at an address: `api.together.example` → `together-example`.
pub(super) fn name_of(base_url: &str) -> String {
    let origin = origin_of(base_url).unwrap_or_default();
    let host = origin.split("://").nth(1).unwrap_or_default();
    let host = host.rsplit_once(':').map_or(host, |(host, _)| host);
    if host == "localhost" || host.starts_with("127.") || host == "[::1]" {
        return "local".to_owned();
    }
    let host = ["api.", "www."]
        .iter()
        .find_map(|start| host.strip_prefix(start))
        .unwrap_or(host);
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let name: String = host.chars().map(plain).collect();
    let name = name.trim_matches('-').to_owned();
    if name.is_empty() {
        "server".to_owned()
    } else {
        name
    }
}

/// The variable that a provider of this name reads its key from.
pub(super) fn variable_of(name: &str) -> String {
    crate::config::providers::key_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_type_is_completed() {
        for (typed, azure, whole) in [
            (" localhost:8080/v1 ", false, "http://localhost:8080/v1"),
            ("127.0.0.1:1", false, "http://127.0.0.1:1"),
            ("x.example/v1", false, "https://x.example/v1"),
            ("http://x.example", false, "http://x.example"),
            ("acme", true, "https://acme.openai.azure.com"),
            (
                "https://acme.openai.azure.com/",
                true,
                "https://acme.openai.azure.com/",
            ),
            ("", true, ""),
        ] {
            assert_eq!(completed(typed, azure), whole);
        }
    }

    /// N9: clear text that leaves the machine has to be agreed to, lookalikes included.
    #[test]
    fn addresses_are_judged_before_anything_is_sent() {
        for good in [
            "https://x.example/v1",
            "http://localhost:1/v1",
            "http://[::1]/v1",
        ] {
            assert_eq!(judged(good), Verdict::Good, "{good}");
        }
        for clear in [
            "http://x.example/v1",
            "http://127.0.0.1.evil.example/v1",
            "http://10.0.0.1",
        ] {
            assert!(matches!(judged(clear), Verdict::Clear(_)), "{clear}");
        }
        for bad in [
            "",
            "https://",
            "ftp://x",
            "https://a:b@x.example",
            "https://a b",
        ] {
            assert!(matches!(judged(bad), Verdict::Bad(_)), "{bad}");
        }
    }

    #[test]
    fn a_server_is_named_after_its_host() {
        for (base_url, name) in [
            ("https://api.together.example/v1", "together-example"),
            ("http://localhost:9000/v1", "local"),
            ("http://192.168.1.2:8000/v1", "192-168-1-2"),
            ("http://[fe80::1]:8000/v1", "fe80--1"),
            ("", "server"),
        ] {
            assert_eq!(name_of(base_url), name, "{base_url}");
        }
    }
}
