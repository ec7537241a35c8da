//! What the studio waits for, and how far the person is on the way out.
//!
//! States only: who changes them says why.

/// What keys for the lists wait for, so that typing ahead loses nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaited {
    /// The library has not been read yet.
    Library,
    /// A form is about to open.
    Form,
    /// An item is being changed.
    Deed,
    /// The drafts have not been read again yet.
    Drafts,
    /// The file that the studio was started with has not been read yet.
    File,
    /// Nothing.
    Nothing,
}

/// How far the person is on the way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// At work.
    Open,
    /// Leaving as soon as the save is done.
    Leaving,
    /// Leaving as soon as the journal has the text.
    SettingAside,
    /// Gone.
    Done,
}
