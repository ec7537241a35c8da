//! What is copied and pasted through a program, beside the loop.
//!
//! Never touches the terminal: a text that no program takes comes back for it.

use super::Runner;
use crate::app::effect::Selection;
use crate::app::msg::Msg;
use crate::config::session::{Program, Session, Way};

impl Runner {
    /// Lets it use the clipboard of this session.
    pub fn join_session(&mut self, session: Session) {
        self.session = session;
    }

    /// Whether there may be a clipboard that can be read.
    pub fn may_read_clipboard(&self) -> bool {
        self.session.may_read(self.settings.clipboard)
    }

    /// Where a text goes that is copied.
    pub(in crate::tui) fn way_to_clipboard(&self) -> Way {
        self.session.way(self.settings.clipboard)
    }

    /// Copies a text through a program, and says so; comes back with it if that fails.
    pub(in crate::tui) fn copy_through(&mut self, program: Program, text: String, told: String) {
        let secrets = self.settings.secret_variables();
        let sender = self.sender.clone();
        self.tasks.spawn(async move {
            let msg = match program.copy(&text, &secrets).await {
                Ok(()) => Msg::Told(told),
                Err(why) => Msg::NotCopied { text, why },
            };
            let _closed = sender.send(msg).await;
        });
    }

    /// Reads a selection; the answer is nothing where no program can.
    pub(super) fn read_clipboard(&mut self, selection: Selection) {
        let reader = self.session.reader(self.settings.clipboard, selection);
        let secrets = self.settings.secret_variables();
        let sender = self.sender.clone();
        self.tasks.spawn(async move {
            let text = match reader {
                Some(reader) => reader.read(&secrets).await,
                None => None,
            };
            let _closed = sender.send(Msg::Clipboard(text)).await;
        });
    }
}
