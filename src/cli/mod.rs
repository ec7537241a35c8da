//! The headless verbs.
