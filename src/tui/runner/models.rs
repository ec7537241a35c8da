//! Lists of models in the shell: from the cache as long as they are fresh, else from the server.
//!
//! A server is asked only when a person asked for its list. What it told is kept in the cache; a
//! cache that cannot be written costs another question tomorrow and is not worth a word.

use super::Runner;
use crate::app::effect::Ask;
use crate::app::msg::Msg;
use crate::config::keychain::Keychain;
use crate::config::{Provider, Settings};
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
        let sender = self.sender.clone();
        let desk = Desk {
            paths: self.paths.clone(),
            client: self.client.clone(),
            settings: self.settings.clone(),
            keychain: self.keychain.clone(),
        };
        let task = self.tasks.spawn(async move {
            let (catalog, failure) = match found {
                Ok(provider) => desk.look_up(&provider, ask).await,
                Err(failure) => (None, Some(failure)),
            };
            let told = Msg::Models {
                provider,
                catalog,
                failure,
            };
            let _closed = sender.send(told).await;
        });
        if ask != Ask::Nobody {
            self.listing = Some(task);
        }
        while self.tasks.try_join_next().is_some() {}
    }

    /// Hangs up on a server that is being asked for its models.
    pub(super) fn stop_models(&mut self) {
        if let Some(task) = self.listing.take() {
            task.abort();
        }
    }
}

/// What it takes to ask a server.
struct Desk {
    paths: Arc<Paths>,
    client: Arc<Client>,
    settings: Arc<Settings>,
    keychain: Arc<Keychain>,
}

impl Desk {
    /// The newest list there is, and why there is no newer one.
    async fn look_up(&self, provider: &Provider, ask: Ask) -> (Option<Catalog>, Option<Failure>) {
        let paths = self.paths.clone();
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
        let endpoint = self.keychain.endpoint(&self.settings, provider, "").await;
        let endpoint = match endpoint {
            Ok(endpoint) => endpoint,
            Err(refusal) => return (known, Some(refusal.into())),
        };
        match models::fetch(&self.client, &endpoint).await {
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
}
