//! The card about the practice engine, once put away: an empty file of the state folder says so.
//!
//! Losing the file shows the card once more and does nothing else.

use super::{Paths, StoreError, atomic};
use std::path::PathBuf;

/// Whether the card was put away before.
pub fn is_away(paths: &Paths) -> bool {
    file(paths).is_file()
}

/// Puts the card away for good.
///
/// # Errors
/// When the file cannot be written.
pub fn put_away(paths: &Paths) -> Result<(), StoreError> {
    atomic::save(&file(paths), b"")
}

fn file(paths: &Paths) -> PathBuf {
    paths.state.join("practice-card-put-away")
}
