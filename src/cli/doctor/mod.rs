//! `copydesk doctor`: looks at everything that can be wrong, and says what mends it.
//!
//! Changes nothing unless it is told to, connects to nobody unless it is told to, and never shows
//! a key. One file per thing that is looked at.

mod disk;
mod finding;
mod journal;
mod library;
mod providers;
mod terminal;
mod voice;

use super::outlet::Outlet;
use super::{Outcome, settings};
use crate::config::Overrides;
use crate::store::Paths;
use finding::Finding;
use serde_json::json;

/// Flags of `doctor`.
#[derive(Debug, clap::Args)]
pub(super) struct DoctorArgs {
    /// Print one JSON object
    #[arg(long)]
    json: bool,
    /// Ask the servers of providers for their models, too
    #[arg(long)]
    online: bool,
    /// First set a damaged journal aside and save what can be read of it
    #[arg(long)]
    rebuild_journal: bool,
}

/// Looks, and tells; the exit code is 1 when there is a problem.
pub(super) fn run(paths: &Paths, args: &DoctorArgs, outlet: &Outlet) -> Outcome {
    if args.rebuild_journal {
        journal::rebuild(paths)?;
    }
    let settings = settings(paths, &Overrides::default());
    let mut found = terminal::check(&terminal::Seen::now());
    found.extend(disk::folders(paths));
    found.extend(providers::config(paths, &settings));
    found.extend(providers::keys(paths, &settings));
    found.extend(voice::programs(&settings));
    found.extend(library::templates(paths));
    found.extend(library::snippets(paths));
    found.extend(library::drafts(paths));
    found.extend(journal::check(paths));
    found.extend(disk::layout(paths));
    let odd = super::looks::odd(paths, &settings).into_iter();
    found.extend(odd.map(|told| Finding::note("themes", told)));
    found.extend(disk::sessions(paths));
    found.extend(disk::litter(paths));
    if args.online {
        found.extend(providers::online(paths, &settings)?);
    }
    // What matters stands last, where a person looks first.
    found.sort_by_key(|finding| finding.level);
    let problems = found.iter().filter(|it| it.is_problem()).count();
    if args.json {
        outlet.json(&json!({"problems": problems, "findings": found}))?;
    } else {
        outlet.bytes(finding::lines(&found).as_bytes())?;
    }
    Ok(u8::from(problems > 0))
}
