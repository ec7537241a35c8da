//! Payloads: a request as it goes out, down to the byte.
//!
//! Owns its whole shape: address, headers, body, and the command line that sends the same. What is
//! sent, inspected and printed is one value, so that none of them can differ. Never opens anything,
//! and never holds a key's text.

use super::address::{self, Reach};
use super::fitting::{self, LeftOut};
use super::profile::Profile;
use super::remedy::{Cure, Remedy};
use super::{chat, responses};
use crate::domain::endpoint::{Api, Endpoint, Host};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::shell;
use serde_json::{Map, Value};
use url::Url;

/// A body, and what is not in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Body {
    /// The fields, in the order they are sent in.
    pub(super) fields: Map<String, Value>,
    /// Parameters that were wished for and are not there.
    pub left_out: Vec<LeftOut>,
    /// What was known of this model's refusals and has changed the body.
    pub remedied: Vec<Remedy>,
}

impl Body {
    /// The body of a request, after what was learnt about the server and the model.
    pub fn of(endpoint: &Endpoint, request: &Request, lessons: &[Remedy]) -> Self {
        let profile = Profile::of(endpoint);
        let (params, left_out) = fitting::fit(endpoint, &profile, request);
        let mut fields = match endpoint.api {
            Api::Chat => chat::body::of(&profile, request, &params),
            Api::Responses => responses::body::of(&profile, request, &params),
        };
        // Another name first: what goes by it may be refused, too.
        let (renames, rest): (Vec<_>, Vec<_>) = lessons
            .iter()
            .partition(|remedy| matches!(remedy.cure, Cure::Rename(_)));
        let mut remedied = Vec::new();
        for remedy in renames.into_iter().chain(rest) {
            if remedy.apply(&mut fields) {
                remedied.push(remedy.clone());
            }
        }
        Self {
            fields,
            left_out,
            remedied,
        }
    }

    /// The JSON text that is sent.
    pub fn text(&self) -> String {
        serde_json::to_string(&self.fields).unwrap_or_default()
    }

    /// The same value over several lines, for people: images are named by their beginning.
    pub fn pretty(&self) -> String {
        let mut shown = Value::Object(self.fields.clone());
        shorten_images(&mut shown);
        serde_json::to_string_pretty(&shown).unwrap_or_default()
    }
}

fn shorten_images(value: &mut Value) {
    match value {
        Value::String(text) if text.starts_with("data:image/") => {
            let length = text.len();
            text.truncate(48);
            *text = format!("{text}… ({length} characters)");
        }
        Value::Array(all) => all.iter_mut().for_each(shorten_images),
        Value::Object(map) => map.values_mut().for_each(shorten_images),
        _ => {}
    }
}

/// A request as it goes out, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Payload {
    /// Where it goes.
    pub url: Url,
    /// What it says.
    pub body: Body,
    reach: Reach,
    /// The header that carries the key, and what stands before the key in it; none without a key.
    key: Option<(&'static str, &'static str)>,
}

impl Payload {
    /// The payload of a request.
    ///
    /// # Errors
    /// When it must not go where the endpoint says.
    pub fn of(endpoint: &Endpoint, request: &Request, lessons: &[Remedy]) -> Result<Self, Failure> {
        if endpoint.base_url.is_empty() {
            return Err(Failure::new(
                FailureKind::Usage,
                format!("{} has no address to send to yet", endpoint.provider),
            )
            .advice(
                "start `copydesk practice --port 8123` and set OPENAI_BASE_URL=http://127.0.0.1:8123/v1",
            ));
        }
        let (url, reach) = address::resolve(endpoint)?;
        Ok(Self {
            url,
            reach,
            body: Body::of(endpoint, request, lessons),
            key: endpoint.key.as_ref().map(|_| key_header(endpoint)),
        })
    }

    /// The header with the key, which stands there as the variable of a name; none without a key.
    pub fn key_line(&self, variable: &str) -> Option<String> {
        let (name, before) = self.key?;
        Some(format!("{name}: {before}{}", shell::variable(variable)))
    }

    /// The command that sends `body`, as a shell reads it. The key stays in the variable.
    pub fn curl(&self, variable: &str, body: &str) -> String {
        let mut words = vec!["curl -sS -N".to_owned()];
        if self.url.as_str().contains(['[', ']', '{', '}']) {
            words.push("-g".to_owned());
        }
        if self.reach != Reach::Remote {
            words.push("--noproxy '*'".to_owned());
        }
        words.push(shell::quoted(self.url.as_str()));
        for header in HEADERS {
            words.push(format!("-H '{}: {}'", header.0, header.1));
        }
        if let Some(line) = self.key_line(variable) {
            // In double quotes: the shell puts the key in.
            words.push(format!("-H \"{line}\""));
        }
        let body = shell::quoted(body);
        if body.len() > LONGEST_ARGUMENT {
            // No program takes an argument of that size; `printf` is the shell's own.
            words.push("--data-binary @-".to_owned());
            return format!("printf %s {body} |\n{}", words.join(" \\\n  "));
        }
        words.push(format!("--data-raw {body}"));
        words.join(" \\\n  ")
    }
}

/// Most bytes of one argument; Linux takes 128 KiB.
const LONGEST_ARGUMENT: usize = 100_000;

/// Headers that every request has.
pub(super) const HEADERS: [(&str, &str); 3] = [
    ("content-type", "application/json"),
    ("accept", "text/event-stream"),
    // Compressed events arrive in bursts.
    ("accept-encoding", "identity"),
];

/// The header that carries the key of an endpoint, and what stands before the key in it.
pub(super) fn key_header(endpoint: &Endpoint) -> (&'static str, &'static str) {
    if endpoint.host() == Host::Azure {
        ("api-key", "")
    } else {
        ("authorization", "Bearer ")
    }
}
