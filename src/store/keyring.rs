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
pub use system::{forget, load, look, save};

/// Without a keyring there is no key in it.
#[cfg(not(feature = "keyring"))]
pub const fn load(_: &str) -> Result<Option<Stored>, Failure> {
    Ok(None)
}

/// The same.
#[cfg(not(feature = "keyring"))]
pub const fn look(_: &str) -> Result<Option<Stored>, Failure> {
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

/// There is nothing to forget.
#[cfg(not(feature = "keyring"))]
pub const fn forget(_: &str) {}

#[cfg(feature = "keyring")]
mod system {
    use super::{PLACE, Stored};
    use crate::domain::failure::{Failure, FailureKind};
    use keyring::{Entry, Error};
    use std::sync::mpsc::channel;
    use std::time::Duration;

    const SERVICE: &str = "copydesk";
    const ELSEWHERE: &str = "keep the key in a file or in a variable of your shell";
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
        match read(provider) {
            // No such entry, and no keyring that runs, are the same to a run: no key is there.
            Err(Lack::Absent(_)) => Ok(None),
            Err(Lack::Failed(failure)) => Err(failure),
            Ok(stored) => Ok(stored),
        }
    }

    /// The same for who wants to know why there is none.
    ///
    /// # Errors
    /// Also when no keyring runs, or nobody could be asked to unlock it.
    pub fn look(provider: &str) -> Result<Option<Stored>, Failure> {
        if is_headless() {
            let what = format!("{PLACE} was not asked");
            return Err(Failure::new(FailureKind::Usage, what)
                .why("there is no screen here to unlock it on")
                .advice(ELSEWHERE));
        }
        read(provider).map_err(|lack| match lack {
            Lack::Absent(failure) | Lack::Failed(failure) => failure,
        })
    }

    /// Why nothing could be read.
    enum Lack {
        /// No keyring runs.
        Absent(Failure),
        /// It did not answer, or not with a key.
        Failed(Failure),
    }

    fn read(provider: &str) -> Result<Option<Stored>, Lack> {
        let name = provider.to_owned();
        match within(move || Entry::new(SERVICE, &name)?.get_password()) {
            None => Err(Lack::Failed(silent())),
            Some(Ok(text)) => Stored::parse(&text, PLACE).map(Some).map_err(Lack::Failed),
            Some(Err(Error::NoEntry)) => Ok(None),
            Some(Err(cause)) if is_absence(&cause) => Err(Lack::Absent(absent(&cause))),
            Some(Err(_)) => Err(Lack::Failed(failed())),
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
            Some(Err(cause)) if is_absence(&cause) => Err(absent(&cause)),
            Some(Err(_)) => Err(failed()),
        }
    }

    /// Takes the key of a provider out of the keyring, as far as that can be done.
    pub fn forget(provider: &str) {
        let name = provider.to_owned();
        if !is_headless() {
            let _kept = within(move || Entry::new(SERVICE, &name)?.delete_credential());
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

    /// Whether no keyring runs, or it lets nobody in.
    const fn is_absence(cause: &Error) -> bool {
        matches!(
            cause,
            Error::NoStorageAccess(_) | Error::PlatformFailure(_) | Error::NoDefaultStore
        )
    }

    /// No keyring runs; its library says why, and never holds a key in that.
    fn absent(cause: &Error) -> Failure {
        let first = Entry::store_status().as_ref().err();
        Failure::new(FailureKind::Usage, format!("{PLACE} cannot be reached"))
            .why(first.unwrap_or(cause).to_string())
            .advice(ELSEWHERE)
    }

    fn failed() -> Failure {
        Failure::new(FailureKind::Usage, format!("{PLACE} could not be used"))
            .advice("look at it with its own program, or keep the key in a file or a variable")
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        /// K2: without a session to ask, nothing hangs and each sentence says what to do instead.
        #[test]
        fn a_keyring_that_is_not_there_is_told_and_costs_nothing() {
            if std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() {
                return;
            }
            let name = "copydesk-test";
            assert!(matches!(load(name), Ok(None)));
            let told = look(name).unwrap_err().to_string();
            assert!(told.contains(PLACE) && told.contains(ELSEWHERE), "{told}");
            let stored = Stored::parse("origin = \"https://x\"\nkey = \"k\"\n", "here").unwrap();
            let told = save(name, &stored).unwrap_err().to_string();
            assert!(told.contains(PLACE) && !told.contains("\"k\""), "{told}");
        }
    }
}
