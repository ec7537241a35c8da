//! The queue of what writes to the library: one job after the other, so that a save and a rename of
//! the same file never cross. It is worked off before the process ends.

use super::runner::briefs;
use super::runner::exporting;
use super::runner::look::arrange;
use super::{deeds, outside, saved};
use crate::app::deed::Deed;
use crate::app::effect::Save;
use crate::app::exporting::Order;
use crate::app::form::named;
use crate::app::msg::Msg;
use crate::domain::failure::{Failure, FailureKind};
use crate::store::Paths;
use crate::store::card;
use crate::store::items::Item;
use crate::store::layout::Layout;
use crate::store::stars::{self, Star};
use jiff::Zoned;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::mpsc::Receiver;
use std::time::Duration;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

/// How long a save waits for the journal; a whole file beside the new text is as good.
const PATIENCE: Duration = Duration::from_secs(2);

/// Something that writes files.
pub(super) enum Job {
    /// A save of a draft, with its ticket, and the journal's word that it has the versions.
    Save(u64, Save, Option<Receiver<bool>>),
    /// A change of an item.
    Change(Deed),
    /// Tell other studios which documents are open here.
    Claim(BTreeSet<PathBuf>),
    /// A star given or taken.
    Star(Item, Star),
    /// The card about the practice engine put away for good.
    PutCardAway,
    /// How the panes stand kept.
    Arrange(Layout),
    /// Another file made of a text.
    Export(Box<Order>),
    /// Something about briefs under a name.
    Briefs(named::Errand),
}

/// Works on jobs in their order until nobody can ask for another one.
pub(super) async fn in_order(
    paths: Arc<Paths>,
    mut queue: mpsc::UnboundedReceiver<Job>,
    sender: mpsc::Sender<Msg>,
    done: tokio::sync::oneshot::Sender<()>,
) {
    let broke_off = || Failure::new(FailureKind::Other, "the save broke off");
    let mut claims = BTreeMap::new();
    while let Some(job) = queue.recv().await {
        let paths = paths.clone();
        let msg = match job {
            Job::Save(ticket, mut save, kept) => {
                let result = spawn_blocking(move || {
                    // Without that word its file goes to the trash.
                    if kept.is_some_and(|kept| kept.recv_timeout(PATIENCE) != Ok(true)) {
                        save.goes_to_trash();
                    }
                    saved::write(&paths, save, &Zoned::now())
                });
                let result = result.await;
                let result = result.unwrap_or_else(|_| Err(broke_off()));
                Some(Msg::DraftSaved { ticket, result })
            }
            Job::Change(deed) => Some(deeds::done(paths, deed).await),
            Job::Claim(open) => {
                let held = std::mem::take(&mut claims);
                let taken = spawn_blocking(move || outside::claimed(&paths, held, open)).await;
                let (taken, told) = taken.unwrap_or_default();
                claims = taken;
                for msg in told {
                    let _closed = sender.send(msg).await;
                }
                None
            }
            Job::Star(item, star) => {
                let set = spawn_blocking(move || stars::set(&paths, &item, star)).await;
                set.ok()
                    .and_then(Result::err)
                    .map(|error| Msg::Failed(error.failure()))
            }
            Job::Briefs(errand) => {
                let done = spawn_blocking(move || briefs::done(&paths, errand)).await;
                done.ok()
            }
            Job::Arrange(layout) => {
                let kept = spawn_blocking(move || arrange(&paths, &layout)).await;
                kept.ok()
            }
            Job::Export(order) => {
                let made = spawn_blocking(move || exporting::done(&paths, *order)).await;
                made.ok().map(Msg::Exported)
            }
            Job::PutCardAway => {
                let put = spawn_blocking(move || card::put_away(&paths)).await;
                put.ok()
                    .and_then(Result::err)
                    .map(|error| Msg::Failed(error.failure()))
            }
        };
        if let Some(msg) = msg {
            let _closed = sender.send(msg).await;
        }
    }
    drop(claims);
    let _gone = done.send(());
}
