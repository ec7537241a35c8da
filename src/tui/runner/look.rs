//! Errands about how the studio looks: what is kept of the panes.

use super::Runner;
use crate::app::look::{Errand, Fact};
use crate::app::msg::Msg;
use crate::store::layout::Layout;
use crate::store::{Paths, layout};
use crate::tui::queue::Job;

impl Runner {
    /// Does an errand about the look.
    pub(super) fn look(&mut self, errand: Errand) {
        match errand {
            Errand::Arrange(layout) => self.write(Job::Arrange(layout)),
        }
    }
}

/// Keeps how the panes stand.
pub(in crate::tui) fn arrange(paths: &Paths, layout: &Layout) -> Msg {
    let kept = layout::save(paths, layout);
    Msg::Look(Fact::Arranged(kept.map_err(|error| error.failure())))
}
