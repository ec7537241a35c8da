//! Which sessions are over: what they had is free for others.
//!
//! Only looks; a session that cannot be looked at counts as the store says.

use crate::store::Paths;
use crate::store::journal::{Holder, SessionId};
use crate::store::session::Session;

/// Sessions that are over, asked about once each.
pub(super) struct Over<'a> {
    pub(super) paths: &'a Paths,
    /// The one that asks.
    pub(super) own: SessionId,
    seen: Vec<(SessionId, bool)>,
}

impl<'a> Over<'a> {
    pub(super) const fn new(paths: &'a Paths, own: SessionId) -> Self {
        Self {
            paths,
            own,
            seen: Vec::new(),
        }
    }

    /// Whether nobody else is at work with what has this holder.
    pub(super) fn is_free(&mut self, holder: Holder) -> bool {
        holder.kept.is_some() || holder.session == self.own || self.is_over(holder.session)
    }

    pub(super) fn is_over(&mut self, id: SessionId) -> bool {
        if id == self.own {
            return false;
        }
        if let Some((_, over)) = self.seen.iter().find(|(seen, _)| *seen == id) {
            return *over;
        }
        let over = Session::is_over(self.paths, id);
        self.seen.push((id, over));
        over
    }
}
