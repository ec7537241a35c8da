//! What a run was made from, and the try that follows a failed one.

use crate::app::msg::Now;
use crate::domain::brief::Brief;
use crate::domain::prompt::Request;

/// A try that failed, and the one that follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retry {
    /// Why the last one failed, as a sentence.
    pub why: String,
    /// The number of the coming one, from 2.
    pub attempt: u32,
    /// When it starts.
    pub at: Now,
}

impl Retry {
    /// What is waited for, as a border says it: a countdown, then the try itself.
    pub fn countdown(&self, now: Now) -> String {
        match self.at.0.saturating_sub(now.0).div_ceil(1000) {
            0 => format!("try {}", self.attempt),
            seconds => format!("try {} in {seconds} s", self.attempt),
        }
    }
}

/// What a run was made from; goes into the draft's front matter.
#[derive(Debug, Clone, PartialEq)]
pub struct Origin {
    /// Template name.
    pub template: String,
    /// Its title.
    pub title: String,
    /// Hash of its source.
    pub template_hash: String,
    /// The values given.
    pub brief: Brief,
    /// Provider name.
    pub provider: String,
    /// Scheme, host and port of its server.
    pub server: Option<String>,
    /// What was sent.
    pub request: Request,
    /// Words aimed at.
    pub target_words: Option<usize>,
    /// The prompt was edited by hand: template and brief alone do not make it again.
    pub edited_prompt: bool,
}
