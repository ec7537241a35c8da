//! What is said and kept when the program breaks down: one sentence, one private report.
//!
//! The studio puts a guard of its own before this one, which gives the terminal back first.

use super::outlet::Outlet;
use crate::store::breakdown;
use std::path::PathBuf;

/// From now on a panic in any thread is reported below `state`, told in one sentence, and ends the
/// process with the exit code that Rust's own hook leads to.
pub fn guard(state: PathBuf) {
    std::panic::set_hook(Box::new(move |panic| {
        let kept = match breakdown::report(&state, panic) {
            Ok(path) => format!("what happened is in {}", path.display()),
            Err(error) => format!("no report could be kept: {error}"),
        };
        Outlet::complain(&format!(
            "copydesk: broke down at a fault of its own; {kept}"
        ));
        std::process::exit(101);
    }));
}
