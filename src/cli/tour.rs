//! `copydesk tour`: five guided steps on the practice engine, in a library that is thrown away.
//!
//! Of the person's own files only the settings of the look are read. No key is looked for, and
//! nothing leaves the machine.

use super::{Outcome, needs_terminal, opened, settings};
use crate::app::tour::Beginning;
use crate::config::{Overrides, Settings};
use crate::store::Paths;
use crate::store::scratch::Folder;

/// Runs the verb.
pub(super) fn run(own: &Paths, linear: bool) -> Outcome {
    needs_terminal()?;
    let theirs = settings(own, &Overrides::default());
    let folder = Folder::new().map_err(|error| error.failure())?;
    let paths = Paths {
        // A theme of the person's own is only read.
        themes: own.themes.clone(),
        ..Paths::below(folder.path())
    };
    let mut settings = Settings::resolve(None, &|_| None, &Overrides::default());
    settings.appearance = theirs.appearance;
    if linear {
        settings.appearance.insist_on_linear();
    }
    settings.mouse = theirs.mouse;
    settings.clipboard = theirs.clipboard;
    settings.notify = theirs.notify;
    opened(paths, settings, Beginning::Tour)
}
