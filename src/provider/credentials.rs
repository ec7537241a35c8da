//! What a request carries to say who asks: the key, in the header that its server reads, and the
//! account. Marks the key so that no log of the HTTP library shows it.

use super::payload::key_header;
use crate::domain::endpoint::Endpoint;
use reqwest::RequestBuilder;
use reqwest::header::HeaderValue;

/// A request with the endpoint's key, if that has one, and the headers that name an account.
pub(super) fn authorized(request: RequestBuilder, endpoint: &Endpoint) -> RequestBuilder {
    let accounts = endpoint.route.headers.iter();
    let request = accounts.fold(request, |request, (name, value)| {
        request.header(*name, value)
    });
    let Some(key) = &endpoint.key else {
        return request;
    };
    let (name, before) = key_header(endpoint);
    match HeaderValue::from_str(&format!("{before}{}", key.expose())) {
        Ok(mut value) => {
            value.set_sensitive(true);
            request.header(name, value)
        }
        Err(_) => request,
    }
}
