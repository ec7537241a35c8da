//! Failures of the network as sentences with advice.
//!
//! Owns every text a person reads when a request fails: what failed, why in the server's words,
//! and what to do (`super::sentence` has those about refusals). Server text is clipped and
//! cleaned of keys here; it never passes by another way. Opens nothing.

use super::address::{self, Reach, origin};
use super::class::Class;

use super::redact::redact;
use super::report::Report;
use super::retry::{self, Hint};
use super::sentence::kind_of;
use super::{proxy, trust};
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind, Reply};
use std::error::Error;
use std::io;
use std::time::Duration;
use url::{Position, Url};

/// The longest server text in a failure, in characters.
const LONGEST: usize = 600;

/// What a failure has to know about the request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(super) endpoint: Endpoint,
    pub(super) model: String,
    /// Without its query, which may hold a secret.
    pub(super) url: String,
    /// Host and port: who is asked, whatever the provider is called.
    pub(super) server: String,
    /// The base URL has no path.
    pub(super) bare: bool,
}

/// An answer that is a refusal.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Refused<'r> {
    pub(super) status: u16,
    /// Headers worth keeping, names in lower case.
    pub(super) headers: &'r [(String, String)],
    /// The body, as much of it as was read.
    pub(super) body: &'r str,
    /// Seconds since 1970.
    pub(super) now: u64,
}

impl Refused<'_> {
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Call {
    pub(crate) fn new(endpoint: &Endpoint, model: &str, url: &Url) -> Self {
        let mut shown = url.clone();
        shown.set_query(None);
        let base = Url::parse(endpoint.base_url.trim()).ok();
        Self {
            endpoint: endpoint.clone(),
            model: model.to_owned(),
            server: shown[Position::BeforeHost..Position::BeforePath].to_owned(),
            url: shown.into(),
            bare: base.is_some_and(|base| base.path() == "/"),
        }
    }

    /// The failure of an answer with an HTTP error status.
    pub(crate) fn status(&self, status: u16, report: &Report) -> Failure {
        let class = report.class(Some(status));
        let mut failure = self.of_class(class, report, Some(status));
        if failure.why.is_empty() && class != Class::Key {
            failure = failure.why("the server gave no reason");
        }
        failure.status = Some(status);
        failure
    }

    /// The same with everything that came with it, and whether another try makes sense.
    pub(crate) fn refused(&self, refused: Refused<'_>, report: &Report) -> (Failure, Hint) {
        let class = report.class(Some(refused.status));
        let asked = retry::asked(
            refused.header("retry-after-ms"),
            refused.header("retry-after"),
            refused.now,
        );
        let after = asked.or_else(|| retry::asked_in_words(&report.message));
        let passing = retry::may_pass(
            Some(refused.status),
            class,
            refused.header("x-should-retry"),
        );
        let mut failure = self.status(refused.status, report);
        if let Some(reply) = failure.reply.as_mut() {
            reply.headers = refused.headers.to_vec();
            reply.body = self.without_keys(refused.body);
        }
        self.tell_wait(&mut failure, after.filter(|_| passing));
        (failure, Hint { passing, after })
    }

    pub(super) fn tell_wait(&self, failure: &mut Failure, after: Option<Duration>) {
        let Some(after) = after else { return };
        if let Some(reply) = failure.reply.as_mut() {
            reply.wait = Some(after.as_secs_f64().ceil() as u64);
        }
        if after > retry::LONGEST {
            failure.advice = format!(
                "{} asks to wait {}; generate again after that",
                self.server,
                retry::said(after)
            );
        }
    }

    /// The failure of an answer that pointed elsewhere. Both origins are named, so that a person
    /// sees whom they would come to trust.
    pub(crate) fn redirect(&self, status: u16, to: &str) -> Failure {
        let mut failure = Failure::new(
            FailureKind::Network,
            format!("{} redirects (HTTP {status})", self.url),
        );
        failure.status = Some(status);
        if to.is_empty() {
            return failure.advice("check base_url of this provider");
        }
        let base = Url::parse(&self.url).ok();
        let target = base.as_ref().and_then(|base| base.join(to).ok());
        let Some((base, mut target)) = base.zip(target) else {
            failure.why = format!("it points to {}", self.clean(to));
            return failure.advice("the prompt was not sent there; check base_url");
        };
        target.set_query(None);
        target.set_fragment(None);
        let (here, there) = (origin(&base), origin(&target));
        let place = self.clean(target.as_str());
        if here == there {
            failure.why = format!("it points to {place}, on the same server");
            return failure.advice("the prompt was not sent there; mend base_url");
        }
        failure.why = format!("{here} points to {place}, which is another server");
        failure.advice(format!(
            "key and prompt stayed away from {there}; set base_url to it if you trust it"
        ))
    }

    pub(super) fn of_class(&self, class: Class, report: &Report, status: Option<u16>) -> Failure {
        let http = status
            .map(|status| format!(" (HTTP {status})"))
            .unwrap_or_default();
        let what = self.what(class, report);
        let mut failure = Failure::new(kind_of(class), format!("{what}{http}"))
            .why(self.clean(&report.message))
            .advice(self.advice(class, report));
        let word = |text: &str| self.clean(text);
        failure.reply = Some(Box::new(Reply {
            code: word(&report.code),
            kind: word(&report.kind),
            param: word(&report.param),
            ..Reply::default()
        }));
        failure
    }

    /// The failure to get any answer.
    pub(crate) fn transport(&self, error: &reqwest::Error) -> Failure {
        let network = |what: String| Failure::new(FailureKind::Network, what);
        let cause = root(error);
        let url = &self.url;
        let route = &self.endpoint.route;
        if let Some(failure) = trust::refused(error, url, route.authority.as_ref()) {
            return failure;
        }
        if error.is_builder() {
            return network(format!("no request can be made to {url}"))
                .why(self.clean(&cause))
                .advice("check base_url and the key of this provider");
        }
        let remote = error.is_connect() && self.is_remote();
        let proxy = Url::parse(url).ok().filter(|_| remote);
        if let Some(proxy) = proxy.and_then(|url| proxy::before(&url)) {
            return proxy::failed(&proxy, (url, route.connect_timeout), error);
        }
        if error.is_connect() && error.is_timeout() {
            let limit = route.connect_timeout.as_secs();
            return network(format!("{url} cannot be reached"))
                .why(format!("no connection within {limit} s"))
                .advice(
                    "check the network and base_url, or raise connect_timeout for this provider",
                );
        }
        let refused = io_kind(error) == Some(io::ErrorKind::ConnectionRefused);
        if refused {
            return network(format!("{url} refused the connection"))
                .why("nothing listens there")
                .advice("start the server, or check base_url");
        }
        let lower = cause.to_lowercase();
        let chain = chain(error).to_lowercase();
        let what = format!("{url} cannot be reached");
        if chain.contains("dns error") || lower.contains("lookup address") {
            return network(what)
                .why("its name does not resolve")
                .advice("check base_url and the network");
        }
        if lower.contains("http version") || lower.contains("corrupt message") {
            return network(format!("{url} does not speak HTTP the way base_url says"))
                .why(self.clean(&cause))
                .advice("check http or https and the port in base_url");
        }
        network(what)
            .why(self.clean(&cause))
            .advice("check the network and base_url, then generate again")
    }

    /// Whether the server is another machine, which a proxy may stand before.
    fn is_remote(&self) -> bool {
        address::resolve(&self.endpoint).is_ok_and(|(_, reach)| reach == Reach::Remote)
    }

    /// The failure of a server that took the request and does not answer.
    pub(crate) fn silent(&self, seconds: u64) -> Failure {
        Failure::new(
            FailureKind::Network,
            format!("{} does not answer", self.url),
        )
        .why(format!(
            "the request was taken, and nothing came for {seconds} s"
        ))
        .advice("generate again, or raise idle_timeout for this provider")
    }

    pub(super) fn without_keys(&self, text: &str) -> String {
        let key = self.endpoint.key.as_ref().map_or("", |key| key.expose());
        redact(text, key)
    }

    /// Server text for people: without keys, on one line, clipped.
    pub(super) fn clean(&self, text: &str) -> String {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let text = self.without_keys(&text);
        let text = text.strip_suffix('.').unwrap_or(&text);
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }
}

/// What is left of an answer that broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// No text came.
    Nothing,
    /// Some text came and stays.
    Text,
}

/// True for a failure to connect that another try may not meet; one of trust or of protocol stays.
pub(crate) fn may_pass(error: &reqwest::Error) -> bool {
    let chain = chain(error).to_lowercase();
    let stays = ["certificate", "corrupt message", "http version"];
    !error.is_builder() && !stays.iter().any(|words| chain.contains(words))
}

/// The last cause of an error, which is the one that says something.
pub(crate) fn root(error: &dyn Error) -> String {
    let mut last = error;
    while let Some(source) = last.source() {
        last = source;
    }
    last.to_string()
}

pub(super) fn chain(error: &dyn Error) -> String {
    let mut all = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        all = format!("{all}: {source}");
        next = source.source();
    }
    all
}

pub(super) fn io_kind(error: &(dyn Error + 'static)) -> Option<io::ErrorKind> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return Some(io.kind());
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::{Api, Key};
    use crate::provider::output::Fault;
    use pretty_assertions::assert_eq;

    const SECRET: &str = "local-secret-value";

    fn call(base_url: &str) -> Call {
        let endpoint = Endpoint {
            provider: "acme".to_owned(),
            key: Key::new(SECRET).ok(),
            key_hint: "set ACME_API_KEY".to_owned(),
            ..Endpoint::at(base_url, Api::Chat)
        };
        let (url, _) = super::super::address::resolve(&endpoint).unwrap();
        Call::new(&endpoint, "m1", &url)
    }

    fn status(status: u16, body: &str) -> Failure {
        call("https://api.acme.test/v1").status(status, &Report::from_body(body))
    }

    #[test]
    fn a_wrong_key_says_where_to_put_the_right_one() {
        let failure = status(
            401,
            r#"{"error":{"message":"Incorrect API key provided: sk-abc*****wxyz."}}"#,
        );
        assert_eq!(failure.kind, FailureKind::Refused);
        assert_eq!(failure.status, Some(401));
        assert_eq!(
            failure.to_string(),
            "https://api.acme.test/v1/chat/completions did not accept the key (HTTP 401): \
             Incorrect API key provided: sk-…; check the key: set ACME_API_KEY"
        );
    }

    #[test]
    fn a_missing_key_is_called_missing() {
        let mut call = call("https://api.acme.test/v1");
        call.endpoint.key = None;
        let failure = call.status(401, &Report::default());
        assert!(failure.what.contains("none is set"), "{failure}");
        assert_eq!(failure.advice, "set ACME_API_KEY");
    }

    #[test]
    fn quota_and_rate_are_told_apart() {
        let quota = status(
            429,
            r#"{"error":{"message":"No credits.","type":"insufficient_quota"}}"#,
        );
        assert_eq!(quota.kind, FailureKind::RateLimited);
        assert!(quota.advice.contains("billing"), "{quota}");
        assert!(
            quota.what.starts_with("the account at api.acme.test has"),
            "{quota}"
        );
        let rate = status(
            429,
            r#"{"error":{"message":"Slow.","code":"rate_limit_exceeded"}}"#,
        );
        assert_eq!(rate.kind, FailureKind::RateLimited);
        assert!(rate.advice.contains("wait"), "{rate}");
    }

    #[test]
    fn a_page_is_named_by_its_title() {
        let failure = status(502, "<html><title>502 Bad Gateway</title><b>x</b>");
        assert_eq!(failure.why, "502 Bad Gateway");
        assert_eq!(failure.kind, FailureKind::Network);
    }

    #[test]
    fn an_address_without_a_path_is_told_of_v1() {
        let failure = call("https://api.acme.test").status(404, &Report::default());
        assert!(failure.advice.contains("/v1"), "{failure}");
    }

    #[test]
    fn a_server_without_the_newer_api_is_told_of_the_other() {
        let mut call = call("https://api.acme.test/v1");
        let gone = Report::from_body("404 page not found");
        assert!(!call.status(404, &gone).advice.contains("Responses"));
        call.endpoint.api = Api::Responses;
        let told = call.status(404, &gone).advice;
        assert!(told.contains("set api = \"chat\" in [providers."), "{told}");
        let model = Report::from_body(r#"{"error":{"code":"model_not_found"}}"#);
        assert!(!call.status(404, &model).advice.contains("Responses"));
    }

    #[test]
    fn an_unknown_model_is_named() {
        let failure = status(
            404,
            r#"{"error":{"message":"no such model","code":"model_not_found"}}"#,
        );
        assert!(failure.what.contains("model m1"), "{failure}");
    }

    #[test]
    fn a_broken_answer_with_text_is_partial() {
        let call = call("https://api.acme.test/v1");
        let fault = Fault::Cut(String::new());
        assert_eq!(call.fault(&fault, Kept::Nothing).kind, FailureKind::Network);
        let failure = call.fault(&fault, Kept::Text);
        assert_eq!(failure.kind, FailureKind::Partial);
        assert!(failure.advice.contains("kept"), "{failure}");
    }

    #[test]
    fn no_failure_holds_a_key() {
        let body = format!(
            r#"{{"error":"key {SECRET} and sk-proj-abcDEF_123456 and Bearer abcdefghij"}}"#
        );
        for code in [400, 401, 403, 404, 429, 500] {
            let shown = format!("{:?}", status(code, &body));
            assert!(
                !shown.contains(SECRET)
                    && !shown.contains("abcDEF")
                    && !shown.contains("abcdefghij"),
                "{shown}"
            );
        }
    }

    #[test]
    fn long_server_text_is_clipped() {
        assert_eq!(
            status(500, &"é".repeat(5000)).why.chars().count(),
            LONGEST + 1
        );
    }
}
