//! Whom a provider's connection trusts beside the authorities of the system.

use super::Keychain;
use crate::config::Provider;
use crate::domain::endpoint::Authority;
use crate::domain::failure::{Failure, FailureKind};
use crate::provider::trust;
use crate::store::shelf;
use std::path::{Path, PathBuf};

impl Keychain {
    /// Whom to trust beside the system, and whether what the environment names can be used.
    pub(super) fn authority(&self, provider: &Provider) -> Result<Option<Authority>, Failure> {
        if !provider.base_url.starts_with("https:") {
            return Ok(None);
        }
        if let Some(path) = self.variable("SSL_CERT_FILE") {
            certificates(Path::new(&path), "SSL_CERT_FILE")?;
        }
        let Some(path) = &provider.ca_file else {
            return Ok(None);
        };
        let home = self.variable("HOME").filter(|_| path.starts_with("~/"));
        let path = match home {
            Some(home) => PathBuf::from(home).join(&path[2..]),
            None => self.paths.config.join(path),
        };
        certificates(&path, "ca_file").map(Some)
    }
}

/// The certificates of a file that `setting` names.
fn certificates(path: &Path, setting: &str) -> Result<Authority, Failure> {
    let read = shelf::certificates(path).map_err(|error| {
        let failure = error.failure();
        let what = format!("{setting} names {}, which cannot be read", path.display());
        Failure::new(FailureKind::Usage, what)
            .why(failure.why)
            .advice(format!(
                "let {setting} name a file of certificates in PEM form"
            ))
    })?;
    trust::authority(&path.display().to_string(), setting, read)
}
