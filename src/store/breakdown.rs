//! Reports of panics: where it happened, in which version, and by which calls where the build knows
//! their names. Never a text of the person, a prompt or a key.
//!
//! A panic's message is kept only when it was written in the source as it stands: one that was
//! put together at run time may quote what was being worked on.

use super::{StoreError, atomic};
use std::backtrace::Backtrace;
use std::fmt::Write as _;
use std::panic::PanicHookInfo;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

/// Writes a report below `state`, readable by its owner only, and returns where it is.
///
/// # Errors
/// When the folder cannot be written to.
pub fn report(state: &Path, panic: &PanicHookInfo<'_>) -> Result<PathBuf, StoreError> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.unwrap_or_default().as_secs();
    let stem = format!("breakdown-{seconds}-{}", std::process::id());
    let folder = state.join("reports");
    atomic::create_new(
        state,
        &folder,
        (&stem, "txt"),
        facts(panic, seconds).as_bytes(),
    )
}

fn facts(panic: &PanicHookInfo<'_>, seconds: u64) -> String {
    let place = panic.location().map(ToString::to_string);
    let said = panic.payload().downcast_ref::<&'static str>();
    let thread = std::thread::current();
    let mut facts = format!(
        "copydesk {} on {} {}\ntime: {seconds} s since 1970\nthread: {}\nplace: {}\nmessage: {}\n\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread.name().unwrap_or("without a name"),
        place.as_deref().unwrap_or("unknown"),
        said.unwrap_or(&"left out, because it may quote a text"),
    );
    // Names of functions and files, no values. Writing to a string cannot fail.
    let _ = writeln!(facts, "{}", Backtrace::force_capture());
    facts
}
