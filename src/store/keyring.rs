//! Keys in the keyring of the system, where Copydesk was built with it.
//!
//! Every call ends within three seconds for whoever asked, and none is made where nobody could
//! answer a keyring that asks back.

use super::secrets::Stored;
#[cfg(not(feature = "keyring"))]
use crate::domain::failure::{Failure, FailureKind};

/// Whether this Copydesk can use a keyring at all.
pub const IS_BUILT_IN: bool = cfg!(feature = "keyring");

/// What messages call it.
pub const PLACE: &str = "the keyring of the system";

#[cfg(feature = "keyring")]
pub use system::{load, save};

/// Without a keyring there is no key in it.
#[cfg(not(feature = "keyring"))]
pub const fn load(_: &str) -> Result<Option<Stored>, Failure> {
    Ok(None)
}

/// Without a keyring nothing can be put into it.
#[cfg(not(feature = "keyring"))]
pub fn save(_: &str, _: &Stored) -> Result<(), Failure> {
    Err(Failure::new(
        FailureKind::Usage,
        "this Copydesk was built without a keyring",
    )
    .advice("keep the key in a file, or in a variable of your shell"))
}

#[cfg(feature = "keyring")]
mod system {
    use super::{PLACE, Stored};
    use crate::domain::failure::{Failure, FailureKind};
    use keyring::{Entry, Error};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    const SERVICE: &str = "copydesk";
    /// How long a keyring may take.
    const PATIENCE: Duration = Duration::from_secs(3);

    /// The key of a provider; `None` when there is none, or when nobody could be asked to unlock it.
    ///
    /// # Errors
    /// When the keyring does not answer, or what it holds is not a key.
    pub fn load(provider: &str) -> Result<Option<Stored>, Failure> {
        if is_headless() {
            return Ok(None);
        }
        let name = provider.to_owned();
        let found = within(move || Entry::new(SERVICE, &name)?.get_password());
        match found {
            None => Err(silent()),
            Some(Ok(text)) => Stored::parse(&text, PLACE).map(Some),
            // No such entry, and no keyring that runs, are the same to a person: no key is there.
            Some(Err(Error::NoEntry | Error::NoStorageAccess(_) | Error::PlatformFailure(_))) => {
                Ok(None)
            }
            Some(Err(_)) => Err(failed()),
        }
    }

    /// Puts the key of a provider into the keyring.
    ///
    /// # Errors
    /// When the keyring does not take it.
    pub fn save(provider: &str, stored: &Stored) -> Result<(), Failure> {
        let (name, text) = (provider.to_owned(), stored.to_text());
        match within(move || Entry::new(SERVICE, &name)?.set_password(&text)) {
            None => Err(silent()),
            Some(Ok(())) => Ok(()),
            Some(Err(_)) => Err(failed()),
        }
    }

    /// Where there is no screen to ask on, a locked keyring would wait for ever.
    fn is_headless() -> bool {
        let shows = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        cfg!(all(unix, not(target_os = "macos"))) && !(shows("DISPLAY") || shows("WAYLAND_DISPLAY"))
    }

    /// What a call gives in time. One that hangs keeps its thread, and nobody waits for it.
    fn within<T: Send + 'static>(call: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let (tell, told) = channel();
        let asked = std::thread::Builder::new().name("keyring".to_owned());
        asked.spawn(move || drop(tell.send(call()))).ok()?;
        told.recv_timeout(PATIENCE).ok()
    }

    fn silent() -> Failure {
        let seconds = PATIENCE.as_secs();
        Failure::new(FailureKind::Usage, format!("{PLACE} does not answer"))
            .why(format!("nothing came within {seconds} s"))
            .advice("unlock it, or keep the key in a file or a variable")
    }

    fn failed() -> Failure {
        Failure::new(FailureKind::Usage, format!("{PLACE} could not be used"))
            .advice("look at it with its own program, or keep the key in a file or a variable")
    }
}
