//! Where copied text may go: `ui.clipboard`.
//!
//! Never looks whether there is a clipboard.

/// Which clipboard is used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Clipboard {
    /// That of the session where there is one, else the terminal's.
    #[default]
    Auto,
    /// The terminal's, by OSC 52.
    Osc52,
    /// None but Copydesk's own.
    Off,
}

impl Clipboard {
    /// Every value that the file may hold, as it is written.
    pub(super) const NAMES: &str = "\"auto\", \"osc52\" or \"off\"";

    /// As the file has it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Osc52 => "osc52",
            Self::Off => "off",
        }
    }

    /// The value of this name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let all = [Self::Auto, Self::Osc52, Self::Off];
        all.into_iter().find(|it| it.name() == name)
    }
}
