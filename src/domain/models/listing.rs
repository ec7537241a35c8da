//! What a server tells of its models, laid over what the table knows.
//!
//! Where both say something, the server wins: it knows its own prices, windows and last days.

use super::{Known, Model, all, find, is_text};
use crate::domain::cost::Prices;
use crate::domain::endpoint::Host;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// One model in a server's list.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Listing {
    /// Its id.
    pub id: String,
    /// Tokens of prompt and answer together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub context: Option<u64>,
    /// Tokens of an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_output: Option<u64>,
    /// What it costs there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prices: Option<Prices>,
    /// Whether it sees images.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vision: Option<bool>,
    /// Whether it reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<bool>,
    /// Whether it writes text, where the server says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<bool>,
    /// The last day on which it answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shutdown: Option<Date>,
}

impl Listing {
    /// The model, as table and server know it together.
    pub fn model(&self) -> Model {
        let known = find(&self.id);
        Model {
            context: self.context.or(known.context),
            max_input: known.max_input.filter(|_| self.context.is_none()),
            max_output: self.max_output.or(known.max_output),
            prices: self.prices.or(known.prices),
            vision: self.vision.or(known.vision),
            reasoning: self.reasoning.or(known.reasoning),
            shutdown: self.shutdown.or(known.shutdown),
            ..known
        }
    }

    /// Whether it writes text: by what the server says, else by its name.
    pub fn is_text(&self) -> bool {
        self.text.unwrap_or_else(|| is_text(&self.id))
    }
}

/// The list of models of one server, as it was at a moment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Catalog {
    /// Base URL of the server, so that a list is never taken for another's.
    pub server: String,
    /// When it was told.
    pub at: Timestamp,
    /// What is in it, in the server's order.
    pub listings: Vec<Listing>,
}

/// How long a list counts as fresh.
const FRESH_HOURS: i64 = 24;

impl Catalog {
    /// Whether it is of the last day.
    pub fn is_fresh(&self, now: Timestamp) -> bool {
        let age = now.as_second() - self.at.as_second();
        (0..FRESH_HOURS * 3600).contains(&age)
    }

    /// What is known of a model here.
    pub fn find(&self, id: &str) -> Model {
        let listed = self.listings.iter().find(|listing| listing.id == id);
        listed.map_or_else(|| find(id), Listing::model)
    }

    /// What its server says that a model costs there.
    pub fn told_prices(&self, id: &str) -> Option<Prices> {
        let listed = self.listings.iter().find(|listing| listing.id == id);
        listed.and_then(|listing| listing.prices)
    }

    /// Every model in it that writes text: those of the table first, in its order.
    pub fn models(&self) -> Vec<Model> {
        self.ordered(Listing::is_text)
    }

    /// Every model in it, whatever it is for.
    pub fn everything(&self) -> Vec<Model> {
        self.ordered(|_| true)
    }

    fn ordered(&self, wanted: impl Fn(&Listing) -> bool) -> Vec<Model> {
        let table: Vec<String> = all().into_iter().map(|model| model.id).collect();
        let place = |model: &Model| match model.known {
            Known::ById => table.iter().position(|id| *id == model.id),
            _ => None,
        };
        let listed = self.listings.iter().filter(|listing| wanted(listing));
        let mut models: Vec<(usize, Model)> = listed
            .map(Listing::model)
            .map(|model| (place(&model).unwrap_or(usize::MAX), model))
            .collect();
        models.sort_by_key(|(place, _)| *place);
        models.into_iter().map(|(_, model)| model).collect()
    }
}

/// The models of the table that a provider of this name or host is likely to have.
pub fn of_vendor(provider: &str, host: Host) -> Vec<Model> {
    let vendor = if host == Host::Other {
        provider
    } else {
        "openai"
    };
    let mut models = all();
    models.retain(|model| model.vendor == Some(vendor));
    models
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::cost::Rates;

    fn listing(id: &str) -> Listing {
        Listing {
            id: id.to_owned(),
            ..Listing::default()
        }
    }

    fn catalog(listings: Vec<Listing>) -> Catalog {
        Catalog {
            server: "https://api.example".to_owned(),
            at: Timestamp::UNIX_EPOCH,
            listings,
        }
    }

    #[test]
    fn the_server_wins_where_it_says_something() {
        let prices = Prices {
            usual: Rates {
                input: 9.0,
                cached: None,
                written: None,
                output: 9.0,
            },
            long: None,
        };
        let listed = Listing {
            prices: Some(prices),
            context: Some(1_000),
            shutdown: Some(jiff::civil::date(2027, 1, 1)),
            ..listing("gpt-6-luna")
        };
        let model = listed.model();
        assert_eq!(
            (model.prices, model.context, model.room()),
            (Some(prices), Some(1_000), Some(1_000))
        );
        assert_eq!(model.shutdown, listed.shutdown);
        assert_eq!(
            (model.max_output, model.vision),
            (Some(128_000), Some(true))
        );
    }

    #[test]
    fn models_of_the_table_come_first_and_what_writes_no_text_not_at_all() {
        let here = catalog(vec![
            listing("zeta"),
            listing("text-embedding-3-small"),
            listing("gpt-4o"),
            listing("alpha"),
            listing("gpt-6.1-terra"),
            Listing {
                text: Some(false),
                ..listing("pictures")
            },
        ]);
        let ids = |models: Vec<Model>| models.into_iter().map(|model| model.id).collect::<Vec<_>>();
        assert_eq!(
            ids(here.models()),
            ["gpt-6.1-terra", "gpt-4o", "zeta", "alpha"]
        );
        assert_eq!(here.everything().len(), 6);
    }

    #[test]
    fn a_list_is_fresh_for_a_day_and_never_before_its_time() {
        let here = catalog(Vec::new());
        let at = |second| Timestamp::from_second(second).unwrap();
        assert!(here.is_fresh(at(0)) && here.is_fresh(at(86_399)));
        assert!(!here.is_fresh(at(86_400)) && !here.is_fresh(at(-1)));
    }

    #[test]
    fn a_provider_has_the_models_of_its_vendor() {
        let openai = of_vendor("work", Host::Azure);
        assert!(openai.iter().any(|model| model.id == "gpt-6.1-terra"));
        assert!(openai.iter().all(|model| model.vendor == Some("openai")));
        assert!(
            of_vendor("anthropic", Host::Other)
                .iter()
                .all(|model| model.id.starts_with("claude"))
        );
        assert!(of_vendor("home", Host::Other).is_empty());
    }
}
