//! What a server tells of its models, laid over what the table knows.
//!
//! Where both say something, the server wins: it knows its own prices, windows and last days.

use super::{Known, Model, Place, all, find, is_text};
use crate::domain::cost::Prices;
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

    /// The same as it is where it is asked: at its price there, and on a server of one's own for
    /// as long as that has it.
    pub fn model_at(&self, place: Place) -> Model {
        let model = self.model();
        let listed = find(&self.id).prices;
        match place {
            Place::Nearby => Model {
                prices: self.prices,
                shutdown: self.shutdown,
                ..model
            },
            _ => Model {
                prices: place.prices(self.prices, listed),
                ..model
            },
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
    pub fn models(&self, place: Place) -> Vec<Model> {
        self.ordered(place, Listing::is_text)
    }

    /// The model that the server names first, of those that write text, and how many there are.
    pub fn first(&self) -> Option<(&str, usize)> {
        let mut texts = self.listings.iter().filter(|listing| listing.is_text());
        let first = texts.next()?;
        Some((&first.id, 1 + texts.count()))
    }

    /// Every model in it, whatever it is for.
    pub fn everything(&self, place: Place) -> Vec<Model> {
        self.ordered(place, |_| true)
    }

    fn ordered(&self, at: Place, wanted: impl Fn(&Listing) -> bool) -> Vec<Model> {
        let table: Vec<String> = all().into_iter().map(|model| model.id).collect();
        let place = |model: &Model| match model.known {
            Known::ById => table.iter().position(|id| *id == model.id),
            _ => None,
        };
        let listed = self.listings.iter().filter(|listing| wanted(listing));
        let mut models: Vec<(usize, Model)> = listed
            .map(|listing| listing.model_at(at))
            .map(|model| (place(&model).unwrap_or(usize::MAX), model))
            .collect();
        models.sort_by_key(|(place, _)| *place);
        models.into_iter().map(|(_, model)| model).collect()
    }
}

/// The models that the table has of a vendor, at their prices there.
pub fn of_vendor(vendor: &str, place: Place) -> Vec<Model> {
    let mut models = all();
    models.retain(|model| model.vendor == Some(vendor));
    for model in &mut models {
        model.prices = place.prices(None, model.prices);
    }
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
            ids(here.models(Place::Usual)),
            ["gpt-6.1-terra", "gpt-4o", "zeta", "alpha"]
        );
        assert_eq!(here.everything(Place::Usual).len(), 6);
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
        let openai = of_vendor("openai", Place::Usual);
        assert!(openai.iter().any(|model| model.id == "gpt-6.1-terra"));
        assert!(openai.iter().all(|model| model.vendor == Some("openai")));
        assert!(
            of_vendor("anthropic", Place::Usual)
                .iter()
                .all(|model| model.id.starts_with("claude"))
        );
        assert!(of_vendor("home", Place::Usual).is_empty());
        let dearer = of_vendor("openai", Place::Region);
        assert_ne!(dearer[0].prices, openai[0].prices);
    }

    #[test]
    fn a_server_nearby_has_no_price_and_no_last_day_but_its_own() {
        let here = catalog(vec![listing("gpt-4o"), listing("text-embedding-3-small")]);
        let usual = &here.models(Place::Usual)[0];
        assert!(usual.prices.is_some() && usual.shutdown.is_some());
        let near = &here.models(Place::Nearby)[0];
        assert_eq!((near.prices, near.shutdown), (None, None));
        let own = Listing {
            prices: Some(Prices::FREE),
            ..listing("gpt-4o")
        };
        assert_eq!(own.model_at(Place::Nearby).prices, Some(Prices::FREE));
        assert_eq!(here.first(), Some(("gpt-4o", 1)));
        assert_eq!(
            catalog(vec![listing("text-embedding-3-small")]).first(),
            None
        );
    }
}
