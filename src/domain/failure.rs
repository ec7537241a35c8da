//! Failures as people read them: what failed, why, and what to do.
//!
//! The only error shape that `app` and `view` know. The texts may hold words of a server; they
//! never hold a key, and they reach a screen only through `Printable`.

use super::run::Usage;
use std::fmt;

/// Classes of failure that a script can tell apart by exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// Wrong use: unknown template, missing input, bad option.
    Usage,
    /// The server could not be reached, or the connection broke before any text.
    Network,
    /// The API said no: key, model, content, parameters.
    Refused,
    /// Too many requests, or the account's quota.
    RateLimited,
    /// The answer broke off after some text, which was kept.
    Partial,
    /// The budget forbids it.
    OverBudget,
    /// The person stopped it.
    Interrupted,
    /// The system asked it to end.
    Terminated,
    /// Its terminal went away.
    HungUp,
    /// Anything else.
    Other,
}

impl FailureKind {
    /// The exit code of a headless command that ends in this failure.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Other => 1,
            Self::Usage => 2,
            Self::Network => 3,
            Self::Refused => 4,
            Self::RateLimited => 5,
            Self::Partial => 6,
            Self::OverBudget => 7,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::HungUp => 129,
        }
    }

    /// Whether the person, or the system on their behalf, ended it.
    pub const fn is_of_the_person(self) -> bool {
        matches!(self, Self::Interrupted | Self::Terminated | Self::HungUp)
    }

    /// The word for it in `--json`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Other => "other",
            Self::Usage => "usage",
            Self::Network => "network",
            Self::Refused => "refused",
            Self::RateLimited => "rate_limited",
            Self::Partial => "partial",
            Self::OverBudget => "over_budget",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
            Self::HungUp => "hung_up",
        }
    }

    /// Whether it was stopped from outside, and nothing is wrong with the answer.
    pub const fn is_interruption(self) -> bool {
        matches!(self, Self::Interrupted | Self::Terminated | Self::HungUp)
    }
}

/// What failed, why, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The class, for exit codes.
    pub kind: FailureKind,
    /// What failed, naming the path or URL.
    pub what: String,
    /// Why, in the best words available; may be empty.
    pub why: String,
    /// What to do next; may be empty.
    pub advice: String,
    /// HTTP status, when a server answered.
    pub status: Option<u16>,
    /// The server's id of the request, for support.
    pub request_id: Option<String>,
    /// What else the server answered with, when it did.
    pub reply: Option<Box<Reply>>,
    /// Tokens that the server counted before it failed; they are paid for all the same.
    pub usage: Option<Box<Usage>>,
}

/// A server's answer that is a failure, as it came but for keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reply {
    /// The server's code for it; may be empty.
    pub code: String,
    /// The server's type of error; may be empty.
    pub kind: String,
    /// The parameter it complains about; may be empty.
    pub param: String,
    /// Headers that help to understand it, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body, at most 64 KiB of it.
    pub body: String,
    /// Seconds that the server asks to wait.
    pub wait: Option<u64>,
}

impl Failure {
    /// A failure of a kind, with nothing but what failed.
    pub fn new(kind: FailureKind, what: impl Into<String>) -> Self {
        Self {
            kind,
            what: what.into(),
            why: String::new(),
            advice: String::new(),
            status: None,
            request_id: None,
            reply: None,
            usage: None,
        }
    }

    /// Whether a server, or that none is there, is what failed; nothing here, and not the person.
    pub const fn is_of_the_server(&self) -> bool {
        matches!(self.kind, FailureKind::Network | FailureKind::Refused)
    }

    /// The same, saying why.
    #[must_use]
    pub fn why(mut self, why: impl Into<String>) -> Self {
        self.why = why.into();
        self
    }

    /// What failed and why, without what to do about it.
    pub fn reason(&self) -> String {
        if self.why.is_empty() {
            self.what.clone()
        } else {
            format!("{}: {}", self.what, self.why)
        }
    }

    /// The same, saying what to do.
    #[must_use]
    pub fn advice(mut self, advice: impl Into<String>) -> Self {
        self.advice = advice.into();
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.reason())?;
        if !self.advice.is_empty() {
            write!(out, "; {}", self.advice)?;
        }
        Ok(())
    }
}

impl std::error::Error for Failure {}
