//! All disk: the library, drafts, the journal and the one way to write a file.
//!
//! Nothing else in the program creates, replaces or scans files. Reading is bounded and never
//! waits on a pipe; writing is atomic. Knows nothing of networks or screens.

pub mod atomic;
pub mod attachment;
pub mod breakdown;
pub mod briefs;
pub mod card;
pub mod catalog;
pub mod claim;
pub mod drafts;
pub mod entries;
mod fault;
pub mod files;
mod folder;
pub mod foreign;
pub mod habits;
mod headlines;
pub mod inbox;
mod index;
pub mod items;
pub mod journal;
pub mod keyring;
pub mod layout;
pub mod library;
mod lock;
pub mod paths;
pub mod read;
pub mod renditions;
mod scan;
pub mod scratch;
pub mod search;
pub mod secrets;
pub mod session;
mod sheet;
pub mod shelf;
pub mod shipped;
mod signature;
pub mod stars;
pub mod survey;
pub mod themes;
pub mod trash;
pub mod watch;
mod within;

pub use fault::StoreError;
pub use paths::Paths;

use sha2::{Digest, Sha256};
use std::fmt::Write;

/// The content hash that drafts record of templates and that saves compare: SHA-256 in hex.
pub fn fingerprint(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .fold(String::with_capacity(64), |mut hex, byte| {
            // Writing to a string cannot fail.
            let _ = write!(hex, "{byte:02x}");
            hex
        })
}
