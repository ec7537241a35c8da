//! Answers that began well and broke, as sentences with advice, and whether asking again may help.
//!
//! Owns the words; what broke is found by those who read. Server text is cleaned as everywhere.

use super::class::Class;
use super::error::{Call, Kept};
use super::output::Fault;
use super::report::Report;
use super::retry::{self, Hint};
use crate::domain::failure::{Failure, FailureKind};

impl Call {
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
                let mut failure = self.of_class(report.class(None), &report, None);
                if let Some(reply) = failure.reply.as_mut() {
                    reply.body = self.without_keys(&value.to_string());
                }
                self.tell_wait(&mut failure, retry::asked_in_words(&report.message));
                failure
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
            Fault::Lines => network(format!("{} answered, but not as this API", self.url))
                .why("it sends lines of JSON, as the other API of Ollama does")
                .advice("base_url must end in /v1 there"),
            Fault::Cut(why) => network(format!("the answer of {} broke off", self.url))
                .why(if why.is_empty() {
                    "the stream ended before the answer did".to_owned()
                } else {
                    self.clean(why)
                })
                .advice("generate again"),
            Fault::Early(why) => network(format!("{} ended the answer early", self.url))
                .why(self.clean(why))
                .advice("generate again, or let it continue"),
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

    /// Whether an answer that broke before anything was shown of it may be asked for again.
    pub(crate) fn hint(fault: &Fault) -> Hint {
        match fault {
            Fault::Reported(value) => {
                let report = Report::from_value(value);
                let class = report.class(None);
                // Words alone do not tell a server that is busy from one that says no.
                let told =
                    class != Class::Server || !report.code.is_empty() || !report.kind.is_empty();
                Hint {
                    passing: told && retry::may_pass(None, class, None),
                    after: retry::asked_in_words(&report.message),
                }
            }
            // The connection broke. A clean end may be all that this server ever says.
            Fault::Cut(why) => Hint {
                passing: !why.is_empty(),
                after: None,
            },
            _ => Hint::default(),
        }
    }
}
