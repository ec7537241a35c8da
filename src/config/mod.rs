//! Settings: defaults, overlaid by the config file, the environment and the command line.
//!
//! Reads text it is given and never opens a file. What cannot be understood is told with file,
//! line and column; where it might have said where key and prompt go, nothing is sent.

mod appearance;
pub mod bindings;
mod budget;
mod clipboard;
pub mod edit;
pub mod file;
mod key_command;
pub mod keychain;
mod notify;
pub mod presets;
pub mod providers;
pub mod refine;
pub mod session;
pub mod settings;
pub mod table;
pub mod theme;
pub mod variants;
mod voice;
mod writing;

pub use appearance::Appearance;
pub use bindings::Bindings;
pub use clipboard::Clipboard;
pub use notify::Notify;
pub use providers::Provider;
pub use settings::{Overrides, Settings};
pub use voice::Voice;
pub use writing::{Keys, Writing};

use crate::domain::rendition;

/// A variable of this process's environment. One that is not Unicode is there all the same, with
/// marks in it, so that it is refused and not overlooked.
pub fn variable(name: &str) -> Option<String> {
    let value = std::env::var_os(name)?;
    Some(value.to_string_lossy().into_owned())
}

/// The language of this process's locale, as HTML names it; English where it has none.
pub fn language() -> String {
    let variables = ["LC_ALL", "LC_MESSAGES", "LANG"];
    let mut set = variables.iter().filter_map(|name| variable(name));
    let first = set.find(|value| !value.is_empty());
    let named = first.as_deref().and_then(rendition::language);
    named.unwrap_or_else(|| "en".to_owned())
}
