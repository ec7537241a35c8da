//! Lists of models in the shell: from the cache as long as they are fresh, else from the server.
//!
//! A server is asked only when a person asked for its list. What it told is kept in the cache; a
//! cache that cannot be written costs another question tomorrow and is not worth a word.

use super::Runner;
use crate::app::effect::Ask;
use crate::app::msg::Msg;
use crate::config::{Provider, variable};
use crate::domain::failure::Failure;
use crate::domain::models::Catalog;
use crate::provider::client::Client;
use crate::provider::models;
use crate::store::{Paths, catalog};
use jiff::Timestamp;
use std::sync::Arc;
use tokio::task::spawn_blocking;

impl Runner {
    /// Tells which models a provider has.
    pub(super) fn load_models(&mut self, provider: String, ask: Ask) {
        let found = self.settings.provider(Some(&provider)).cloned();
        let (paths, client, sender) =
            (self.paths.clone(), self.client.clone(), self.sender.clone());
        self.tasks.spawn(async move {
            let (catalog, failure) = match found {
                Ok(provider) => look_up(paths, &client, &provider, ask).await,
                Err(failure) => (None, Some(failure)),
            };
            let told = Msg::Models {
                provider,
                catalog,
                failure,
            };
            let _closed = sender.send(told).await;
        });
        while self.tasks.try_join_next().is_some() {}
    }
}

/// The newest list there is, and why there is no newer one.
async fn look_up(
    paths: Arc<Paths>,
    client: &Client,
    provider: &Provider,
    ask: Ask,
) -> (Option<Catalog>, Option<Failure>) {
    let (kept, server) = (paths.clone(), provider.base_url.clone());
    let known = spawn_blocking(move || catalog::load(&kept, &server)).await;
    let known = known.ok().flatten();
    let now = Timestamp::now();
    let enough = match ask {
        Ask::Nobody => true,
        Ask::IfOld => known.as_ref().is_some_and(|known| known.is_fresh(now)),
        Ask::Anew => false,
    };
    if enough {
        return (known, None);
    }
    let endpoint = match provider.endpoint(&variable) {
        Ok(endpoint) => endpoint,
        Err(failure) => return (known, Some(failure)),
    };
    match models::fetch(client, &endpoint).await {
        Ok(listings) => {
            let fresh = Catalog {
                server: provider.base_url.clone(),
                at: now,
                listings,
            };
            let kept = fresh.clone();
            let _unkept = spawn_blocking(move || catalog::save(&paths, &kept)).await;
            (Some(fresh), None)
        }
        Err(failure) => (known, Some(failure)),
    }
}
