//! Failures of the network as sentences with advice.
//!
//! Owns every text a person reads when a request fails: what failed, why in the server's words,
//! and what to do. Server text is clipped and cleaned of keys here; it never passes by another
//! way. Opens nothing.

use super::address::{self, Reach};
use super::output::Fault;
use super::report::{Class, Report};
use super::{proxy, trust};
use crate::domain::endpoint::Endpoint;
use crate::domain::failure::{Failure, FailureKind};
use std::error::Error;
use std::io;
use url::{Position, Url};

/// The longest server text in a failure, in characters.
const LONGEST: usize = 600;

/// What a failure has to know about the request.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    endpoint: Endpoint,
    model: String,
    /// Without its query, which may hold a secret.
    url: String,
    /// Host and port: who is asked, whatever the provider is called.
    server: String,
    bare: bool,
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

    /// The failure of an answer that pointed elsewhere.
    pub(crate) fn redirect(&self, status: u16, to: &str) -> Failure {
        let mut failure = Failure::new(
            FailureKind::Network,
            format!("{} redirects (HTTP {status})", self.url),
        );
        if !to.is_empty() {
            failure.why = format!("it points to {}", self.clean(to));
        }
        failure.status = Some(status);
        failure.advice(
            "the prompt was not sent there; set base_url to the right address if you trust it",
        )
    }

    /// The failure of an answer that broke after its status line.
    pub(crate) fn fault(&self, fault: &Fault, kept: Kept) -> Failure {
        let mut failure = self.of_fault(fault);
        if kept == Kept::Text && failure.kind != FailureKind::Interrupted {
            failure.kind = FailureKind::Partial;
            let more = "the text so far is kept";
            failure.advice = if failure.advice.is_empty() {
                more.to_owned()
            } else {
                format!("{more}; {}", failure.advice)
            };
        }
        failure
    }

    fn of_fault(&self, fault: &Fault) -> Failure {
        let network = |what: String| Failure::new(FailureKind::Network, what);
        match fault {
            Fault::Reported(value) => {
                let report = Report::from_value(value);
                self.of_class(report.class(None), &report, None)
            }
            Fault::Malformed => network(format!("{} sent an event that is not JSON", self.url))
                .advice("try again; if it stays, check base_url and api of this provider"),
            Fault::NotApi(said) => network(format!("{} answered, but not as this API", self.url))
                .why(self.clean(said))
                .advice(if self.bare {
                    "base_url probably lacks its version path, try adding /v1"
                } else {
                    "check base_url and api of this provider"
                }),
            Fault::Cut(why) => network(format!("the answer of {} broke off", self.url))
                .why(if why.is_empty() {
                    "the stream ended before the answer did".to_owned()
                } else {
                    self.clean(why)
                })
                .advice("generate again"),
            Fault::Stalled => network(format!("{} went silent", self.url))
                .why(format!(
                    "nothing came for {} s",
                    self.endpoint.idle_timeout.as_secs_f32().ceil()
                ))
                .advice("generate again, or raise idle_timeout for this provider"),
            Fault::Empty { limit: true } => Failure::new(
                FailureKind::Other,
                format!(
                    "{} spent the whole output limit before the first word",
                    self.model
                ),
            )
            .advice("raise max_output_tokens, or lower the reasoning effort"),
            Fault::Empty { limit: false } => Failure::new(
                FailureKind::Other,
                format!("{} gave an empty answer", self.model),
            )
            .advice("generate again; the prompt may be longer than the model's window"),
            Fault::TooLong(which) => {
                Failure::new(FailureKind::Other, format!("{} sent too much", self.url))
                    .why(*which)
                    .advice("generate again with a lower max_output_tokens")
            }
        }
    }

    fn of_class(&self, class: Class, report: &Report, status: Option<u16>) -> Failure {
        let http = status
            .map(|status| format!(" (HTTP {status})"))
            .unwrap_or_default();
        let what = self.what(class, report);
        Failure::new(kind_of(class), format!("{what}{http}"))
            .why(self.clean(&report.message))
            .advice(self.advice(class))
    }

    fn what(&self, class: Class, report: &Report) -> String {
        let (url, server, model) = (&self.url, &self.server, &self.model);
        match class {
            Class::TooLong => format!("the prompt is too long for {model}"),
            Class::Parameter if report.param.is_empty() => {
                format!("{model} does not take this request")
            }
            Class::Parameter => {
                let param = self.clean(&report.param);
                format!("{model} does not take the parameter {param}")
            }
            Class::Policy => format!("{server} refused the content"),
            Class::Key if self.endpoint.key.is_none() => {
                format!("{url} wants a key, and none is set")
            }
            Class::Key => format!("{url} did not accept the key"),
            Class::Billing => {
                format!("the account at {server} has no credit left or is over its limit")
            }
            Class::Forbidden => format!("{url} forbids this request"),
            Class::NotFound if self.bare => format!("{url} does not exist"),
            Class::NotFound => format!("{url} does not know this address or the model {model}"),
            Class::Address => format!("{url} is not the address of this API"),
            Class::Rate => format!("{server} got too many requests"),
            Class::Overloaded => format!("{server} is overloaded or still loading the model"),
            Class::Server => format!("{url} failed"),
            Class::Request => format!("{url} refused the request"),
        }
    }

    fn advice(&self, class: Class) -> String {
        let hint = &self.endpoint.key_hint;
        let fixed = match class {
            Class::Key if self.endpoint.key.is_none() => return hint.clone(),
            Class::Key if !hint.is_empty() => return format!("check the key: {hint}"),
            Class::Key => "check the key",
            Class::TooLong => "shorten the inputs, or choose a model with a larger window",
            Class::Parameter => "take the parameter out of the template or the settings",
            Class::Policy => "change the brief",
            Class::Billing => "check plan and billing there; waiting does not help",
            Class::Forbidden => "check what the key may do, and whether the model is open to it",
            Class::NotFound if self.bare => {
                "base_url probably lacks its version path, try adding /v1"
            }
            Class::NotFound => "check the model's name, and base_url and api of this provider",
            Class::Address => "check base_url and api of this provider",
            Class::Rate | Class::Overloaded => "wait a little and generate again",
            Class::Server => "generate again; if it stays, the fault is on the server's side",
            Class::Request => "check model, parameters and api of this provider",
        };
        fixed.to_owned()
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

    /// Server text for people: without keys, on one line, clipped.
    pub(crate) fn clean(&self, text: &str) -> String {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let key = self.endpoint.key.as_ref().map_or("", |key| key.expose());
        let text = redact(&text, key);
        let text = text.strip_suffix('.').unwrap_or(&text);
        match text.char_indices().nth(LONGEST) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text.to_owned(),
        }
    }
}

/// What a script is told by the exit code.
const fn kind_of(class: Class) -> FailureKind {
    match class {
        Class::Billing | Class::Rate => FailureKind::RateLimited,
        Class::Overloaded | Class::Server => FailureKind::Network,
        Class::TooLong
        | Class::Parameter
        | Class::Policy
        | Class::Key
        | Class::Forbidden
        | Class::NotFound
        | Class::Address
        | Class::Request => FailureKind::Refused,
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

/// Puts `…` in place of the key, of anything that looks like a key, and of bearer tokens.
pub fn redact(text: &str, key: &str) -> String {
    let text = if key.len() >= 4 {
        text.replace(key, "…")
    } else {
        text.to_owned()
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((at, head)) = ["sk-", "Bearer "]
        .iter()
        .filter_map(|head| Some((rest.find(head)?, *head)))
        .min()
    {
        let word_before = rest[..at].ends_with(|c: char| c.is_alphanumeric());
        let (before, found) = rest.split_at(at + head.len());
        let secret = |c: char| c.is_ascii_alphanumeric() || "-_.*".contains(c);
        let end = found.find(|c: char| !secret(c)).unwrap_or(found.len());
        out.push_str(before);
        if end >= 6 && !word_before {
            out.push('…');
        } else {
            out.push_str(&found[..end]);
        }
        rest = &found[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::{Api, Key, Route};
    use pretty_assertions::assert_eq;
    use std::time::Duration;

    const SECRET: &str = "local-secret-value";

    fn call(base_url: &str) -> Call {
        let endpoint = Endpoint {
            provider: "acme".to_owned(),
            base_url: base_url.to_owned(),
            api: Api::Chat,
            key: Key::new(SECRET).ok(),
            key_hint: "set ACME_API_KEY".to_owned(),
            allow_http: false,
            idle_timeout: Duration::from_secs(60),
            route: Route::default(),
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
    fn words_that_only_look_like_keys_stay() {
        assert_eq!(
            redact("risk-assessment, task-management, sk-1", ""),
            "risk-assessment, task-management, sk-1"
        );
    }

    #[test]
    fn long_server_text_is_clipped() {
        assert_eq!(
            status(500, &"é".repeat(5000)).why.chars().count(),
            LONGEST + 1
        );
    }
}
