//! The line that says what just happened, and how long it stays.
//!
//! Owns no text of the person's: a notice is gone when its time is over.

use super::msg::Now;

/// How much a notice matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// It went well.
    Good,
    /// Something to know.
    Note,
    /// It failed.
    Bad,
}

/// One line that says what just happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The line.
    pub text: String,
    /// How much it matters.
    pub weight: Weight,
    /// When it came.
    pub since: Now,
    /// When it goes away; failures stay until a key is pressed, once there was time to read them.
    pub until: Option<Now>,
}

/// How long a failure stays whatever key is pressed, in milliseconds: typing on must not take a
/// sentence away that nobody has read.
const READABLE: u64 = 3_000;

impl Notice {
    /// True for a failure that was there long enough to go with the next key.
    pub(super) const fn is_read(&self, now: Now) -> bool {
        matches!(self.weight, Weight::Bad) && now.0.saturating_sub(self.since.0) >= READABLE
    }
}
