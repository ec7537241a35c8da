//! Connections: one client for each way to a server, made when it is first used.
//!
//! Owns TLS roots, proxies and the connect limit. Never follows a redirect, keeps a cookie, or
//! skips the check of a certificate. Sets up TLS only for who needs it.

use super::address::Reach;
use crate::domain::endpoint::{Authority, Endpoint};
use reqwest::Client;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// What makes two connections of the same kind.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Kind {
    reach: Reach,
    connect_timeout: Duration,
    authority: Option<Authority>,
}

/// The clients that were needed so far.
#[derive(Debug, Default)]
pub(super) struct Connections(Mutex<Vec<(Kind, Client)>>);

impl Connections {
    /// The client for an endpoint.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub(super) fn of(&self, reach: Reach, endpoint: &Endpoint) -> reqwest::Result<Client> {
        let kind = Kind {
            reach,
            connect_timeout: endpoint.route.connect_timeout,
            authority: endpoint.route.authority.clone(),
        };
        // What a panicking thread left is whole.
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, client)) = known.iter().find(|(other, _)| *other == kind) {
            return Ok(client.clone());
        }
        let client = build(&kind)?;
        known.push((kind, client.clone()));
        Ok(client)
    }
}

fn build(kind: &Kind) -> reqwest::Result<Client> {
    // A second installation fails, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder()
        .user_agent(concat!("copydesk/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .referer(false)
        .connect_timeout(kind.connect_timeout);
    let builder = match &kind.authority {
        Some(authority) if kind.reach != Reach::Loopback => {
            builder.tls_certs_merge(reqwest::Certificate::from_pem_bundle(&authority.pem)?)
        }
        _ => builder,
    };
    match kind.reach {
        // No roots: loading the system's certificates takes longer than the whole start-up.
        Reach::Loopback => builder.no_proxy().http1_only().tls_certs_only([]),
        Reach::LoopbackTls | Reach::Nearby => builder.no_proxy(),
        Reach::Remote => builder,
    }
    .build()
}
