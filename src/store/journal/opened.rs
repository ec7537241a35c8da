//! A journal as it is handed over: open, with what had to be done for that.
//!
//! Opens nothing itself.

use super::{Journal, SetAside};

/// A journal that was opened, and what had to be done for it.
#[derive(Debug)]
pub struct Opened {
    /// The journal.
    pub journal: Journal,
    /// What was in the way and now lies beside it.
    pub set_aside: Option<SetAside>,
}

impl From<Journal> for Opened {
    fn from(journal: Journal) -> Self {
        Self {
            journal,
            set_aside: None,
        }
    }
}
