//! Where a model is asked, as far as its price depends on that.
//!
//! Vendors' list prices hold at the vendor. Never says what a model costs by itself.

use crate::domain::cost::Prices;
use crate::domain::server::{Server, is_near};
use url::Url;

/// What OpenAI's regional hosts charge, times the list price.
const REGIONAL: f64 = 1.1;

/// Where a model is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A server on this machine or in its network, which runs what it has for nothing.
    Nearby,
    /// A host of OpenAI's that keeps data in its region.
    Region,
    /// Anywhere else, at the list price.
    Usual,
}

impl Place {
    /// The place behind a base URL. A vendor that is named in the settings is asked through a
    /// gateway nearby, and charges what it always does.
    pub fn of(base_url: &str, named: Option<Server>) -> Self {
        let Ok(url) = Url::parse(base_url.trim()) else {
            return Self::Usual;
        };
        let own = matches!(
            named,
            None | Some(
                Server::Ollama | Server::LlamaCpp | Server::LmStudio | Server::Vllm | Server::Other
            )
        );
        if is_near(&url) {
            return if own { Self::Nearby } else { Self::Usual };
        }
        let host = url.host_str().unwrap_or_default().trim_end_matches('.');
        let regional = host.strip_suffix(".api.openai.com");
        if regional.is_some_and(|region| !region.is_empty()) {
            Self::Region
        } else {
            Self::Usual
        }
    }

    /// The prices here: what the server told itself, else what follows from the list price.
    pub fn prices(self, told: Option<Prices>, listed: Option<Prices>) -> Option<Prices> {
        told.or(match self {
            Self::Nearby => Some(Prices::FREE),
            Self::Region => listed.map(|prices| prices.times(REGIONAL)),
            Self::Usual => listed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::models::find;

    #[test]
    fn a_vendors_price_holds_at_the_vendor() {
        for (base_url, named, place) in [
            ("https://api.openai.com/v1", None, Place::Usual),
            ("https://eu.api.openai.com/v1", None, Place::Region),
            ("https://us.api.openai.com./v1", None, Place::Region),
            (
                "https://eu.api.openai.com.evil.example/v1",
                None,
                Place::Usual,
            ),
            ("http://127.0.0.1:9/v1", None, Place::Nearby),
            (
                "http://192.168.1.7:8000/v1",
                Some(Server::Vllm),
                Place::Nearby,
            ),
            ("http://gateway.lan/v1", Some(Server::OpenAi), Place::Usual),
            ("https://api.groq.com/openai/v1", None, Place::Usual),
            ("not a url", None, Place::Usual),
        ] {
            assert_eq!(Place::of(base_url, named), place, "{base_url}");
        }
    }

    #[test]
    fn what_a_server_tells_goes_before_what_its_place_says() {
        let listed = find("gpt-6.1-terra").prices;
        let told = find("gpt-6-luna").prices;
        for place in [Place::Nearby, Place::Region, Place::Usual] {
            assert_eq!(place.prices(told, listed), told);
        }
        assert_eq!(Place::Nearby.prices(None, listed), Some(Prices::FREE));
        assert_eq!(Place::Usual.prices(None, listed), listed);
        let dearer = Place::Region.prices(None, listed).unwrap().usual;
        let usual = listed.unwrap().usual;
        assert!((dearer.output - usual.output * 1.1).abs() < 1e-9);
        assert!((dearer.input - usual.input * 1.1).abs() < 1e-9);
        assert_eq!(Place::Region.prices(None, None), None);
    }
}
