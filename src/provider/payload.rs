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
use crate::domain::endpoint::{Api, Endpoint, KeyHeader};
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

    /// True unless the server refuses to stream.
    pub(super) fn streams(&self) -> bool {
        self.fields.contains_key("stream")
    }

    /// Headers that every request has.
    pub(super) fn headers(&self) -> [(&'static str, &'static str); 3] {
        let accepted = if self.streams() {
            "text/event-stream"
        } else {
            "application/json"
        };
        [
            ("content-type", "application/json"),
            ("accept", accepted),
            // Compressed events arrive in bursts.
            ("accept-encoding", "identity"),
        ]
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
    /// Headers that name an account.
    accounts: Vec<(&'static str, String)>,
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
            accounts: endpoint.route.headers.clone(),
        })
    }

    /// The same with a key, if there is one that was not looked at.
    #[must_use]
    pub fn keyed_if(self, has_key: bool, endpoint: &Endpoint) -> Self {
        Self {
            key: has_key.then(|| key_header(endpoint)).or(self.key),
            ..self
        }
    }

    /// The header with the key, which stands there as the variable of a name; none without a key.
    pub fn key_line(&self, variable: &str) -> Option<String> {
        let (name, before) = self.key?;
        Some(format!("{name}: {before}{}", shell::variable(variable)))
    }

    /// The headers, a line each; the key is a variable in them.
    pub fn headers(&self, variable: &str) -> Vec<String> {
        let key = self.key_line(variable).into_iter();
        let accounts = self.accounts.iter();
        let accounts = accounts.map(|(name, value)| format!("{name}: {value}"));
        let rest = self.body.headers();
        let rest = rest.iter().map(|(name, value)| format!("{name}: {value}"));
        key.chain(accounts).chain(rest).collect()
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
        for header in self.body.headers() {
            words.push(format!("-H '{}: {}'", header.0, header.1));
        }
        for (name, value) in &self.accounts {
            words.push(format!("-H {}", shell::quoted(&format!("{name}: {value}"))));
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

/// The header that carries the key of an endpoint, and what stands before the key in it.
pub(super) fn key_header(endpoint: &Endpoint) -> (&'static str, &'static str) {
    match endpoint.route.key_header {
        KeyHeader::ApiKey => ("api-key", ""),
        KeyHeader::Authorization => ("authorization", "Bearer "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::Key;
    use crate::domain::prompt::Prompt;
    use pretty_assertions::assert_eq;

    fn endpoint(base_url: &str, key: Option<&str>) -> Endpoint {
        Endpoint {
            key: key.map(|key| Key::new(key).unwrap()),
            ..Endpoint::at(base_url, Api::Chat)
        }
    }

    fn request(user: &str) -> Request {
        Request {
            model: "m".to_owned(),
            prompt: Prompt {
                user: user.to_owned(),
                ..Prompt::default()
            },
        }
    }

    fn curl(base_url: &str, key: Option<&str>, user: &str) -> String {
        let payload = Payload::of(&endpoint(base_url, key), &request(user), &[]).unwrap();
        payload.curl("P_KEY", &payload.body.text())
    }

    #[test]
    fn a_curl_command_names_the_variable_and_never_the_key() {
        let line = curl("https://x.test/v1", Some("sk-secret-0123456789"), "It's");
        assert_eq!(
            line,
            "curl -sS -N \\\n  https://x.test/v1/chat/completions \\\n  \
             -H 'content-type: application/json' \\\n  -H 'accept: text/event-stream' \\\n  \
             -H 'accept-encoding: identity' \\\n  -H \"authorization: Bearer $P_KEY\" \\\n  \
             --data-raw '{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"It'\\''s\"}],\
             \"stream\":true,\"stream_options\":{\"include_usage\":true}}'"
        );
        let mut azure = endpoint("https://acme.openai.azure.com/openai/v1", Some("k"));
        azure.route.key_header = KeyHeader::ApiKey;
        let azure = Payload::of(&azure, &request("x"), &[]).unwrap();
        let azure = azure.curl("P_KEY", "{}");
        assert!(azure.contains("-H \"api-key: $P_KEY\""), "{azure}");
        let none = curl("http://localhost:1/v1", None, "x");
        assert!(
            !none.contains("P_KEY") && none.contains("--noproxy '*'"),
            "{none}"
        );
        let six = curl("http://[::1]:1/v1", None, "x");
        assert!(
            six.contains(" -g ") && six.contains("'http://[::1]:1/v1/chat/completions'"),
            "{six}"
        );
    }

    #[test]
    fn a_long_body_goes_in_through_stdin() {
        let line = curl("https://x.test/v1", None, &"x".repeat(LONGEST_ARGUMENT));
        assert!(line.starts_with("printf %s '{\"model\"") && line.ends_with("--data-binary @-"));
    }

    #[test]
    fn what_must_not_be_sent_is_not_shown_as_if_it_could() {
        for base_url in ["http://far.example/v1", "", "nonsense"] {
            let told = Payload::of(&endpoint(base_url, None), &request("x"), &[]).unwrap_err();
            assert_eq!(told.kind, FailureKind::Usage, "{base_url}");
        }
    }

    #[test]
    fn what_was_learnt_changes_the_body_names_first() {
        let mut asked = request("x");
        asked.prompt.params.max_output_tokens = Some(9);
        let endpoint = endpoint("https://x.test/v1", None);
        let drop = Remedy {
            field: "max_completion_tokens".to_owned(),
            value: None,
            cure: Cure::Drop,
        };
        let rename = Remedy {
            field: "max_tokens".to_owned(),
            value: None,
            cure: Cure::Rename("max_completion_tokens".to_owned()),
        };
        let text = |lessons: &[Remedy]| Body::of(&endpoint, &asked, lessons).text();
        assert!(text(&[]).contains("\"max_tokens\":9"));
        assert!(text(std::slice::from_ref(&rename)).contains("\"max_completion_tokens\":9"));
        assert!(!text(&[drop, rename]).contains("tokens"));
    }
}
