//! The model of a server of one's own when nobody named one: the first that it has.
//!
//! Asks for the list of models only when a request is about to follow it.

use crate::cli::models;
use crate::cli::outlet::Outlet;
use crate::config::settings::DEFAULT_MODEL;
use crate::config::{Provider, Settings};
use crate::domain::failure::Failure;
use crate::domain::models::Catalog;
use crate::store::{Paths, catalog};

/// Whether the server may be asked for its models.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    Server,
    Nobody,
}

/// Takes the first model of a server of one's own, and says so; `None` when there is none to take.
pub(super) fn take(
    paths: &Paths,
    settings: &mut Settings,
    provider: &Provider,
    ask: Ask,
) -> Result<Option<()>, Failure> {
    if !provider.takes_first() {
        return Ok(None);
    }
    let name = &provider.name;
    let found = first(paths, settings, provider, ask);
    let tells_none = match &found {
        Ok(found) => found.is_none(),
        Err(failure) => failure.is_of_the_server(),
    };
    if provider.takes_any() && tells_none {
        let told = match ask {
            Ask::Server => format!(
                "{name} does not tell its models and is asked for {DEFAULT_MODEL}; -m asks for another"
            ),
            Ask::Nobody => format!(
                "{name} is asked for the first of its models; {DEFAULT_MODEL} stands for it here"
            ),
        };
        // That nobody is there will be said by who sends.
        if found.map_or_else(|failure| failure.status.is_some(), |_| true) {
            Outlet::complain(&format!("copydesk: {told}"));
        }
        settings.take_first(name, DEFAULT_MODEL);
        return Ok(Some(()));
    }
    let Some((id, count)) = found? else {
        return Ok(None);
    };
    let which = match count {
        1 => "its only model".to_owned(),
        _ => format!("the first of its {count} models; -m asks for another"),
    };
    Outlet::complain(&format!("copydesk: {name} is asked for {id}, {which}"));
    settings.take_first(name, &id);
    Ok(Some(()))
}

/// The first model of a server, for who named none: asked now, or only looked up in what it told
/// before when nothing may be sent.
///
/// # Errors
/// When it cannot be asked, or has none.
fn first(
    paths: &Paths,
    settings: &Settings,
    provider: &Provider,
    ask: Ask,
) -> Result<Option<(String, usize)>, Failure> {
    let known = if ask == Ask::Server {
        let fresh = models::ask(paths, settings, provider)?;
        // The list is kept for the price and the picker; the run does not depend on it.
        let _unkept = catalog::save(paths, &fresh);
        Some(fresh)
    } else {
        catalog::load(paths, &provider.base_url)
    };
    let first = known.as_ref().and_then(Catalog::first);
    Ok(first.map(|(id, count)| (id.to_owned(), count)))
}
