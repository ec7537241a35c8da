//! How the end of a run is told while the person looks elsewhere: `ui.notify`.
//!
//! Never finds out where the person looks.

/// What is sent to the terminal.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Notify {
    /// Its bell.
    #[default]
    Bell,
    /// A notice for the desktop, by OSC 9.
    Desktop,
    /// Nothing.
    Off,
}

impl Notify {
    /// Every value that the file may hold, as it is written.
    pub(super) const NAMES: &str = "\"bell\", \"desktop\" or \"off\"";

    /// As the file has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Bell => "bell",
            Self::Desktop => "desktop",
            Self::Off => "off",
        }
    }

    /// The value of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let all = [Self::Bell, Self::Desktop, Self::Off];
        all.into_iter().find(|it| it.name() == name)
    }
}
