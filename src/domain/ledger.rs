//! The ledger: what runs used and cost, added up by day, model or template.
//!
//! Pure sums. What has no price is counted apart, never as if it were free.

use super::cost::{Spent, Usd};
use super::run::Usage;
use super::tokens::thousands;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan, Zoned};
use serde::Serialize;

/// What one run used.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// When it was begun.
    pub at: Timestamp,
    /// Name of the template.
    pub template: Option<String>,
    /// Name of the provider.
    pub provider: String,
    /// The model that answered, or else the one asked for.
    pub model: String,
    /// Tokens, when the server told them.
    pub usage: Option<Usage>,
    /// What it cost, if that is known.
    pub spent: Option<Spent>,
}

/// What items are put together by.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// The day, in the person's time zone.
    #[default]
    Day,
    /// Provider and model.
    Model,
    /// The template.
    Template,
}

/// Items put together.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Sum {
    /// What they have in common: `2026-11-24`, `openai · gpt-6-luna`, `blog-post`.
    pub name: String,
    /// How many runs.
    pub runs: u64,
    /// Tokens sent, where they are known.
    pub input: u64,
    /// Tokens that came back, where they are known.
    pub output: u64,
    /// Of what was sent, what the servers had in their caches.
    pub cached: u64,
    /// Of what came back, what models thought before they wrote.
    pub reasoning: u64,
    /// What those with a price cost.
    pub cost: Usd,
    /// How many of them are estimates.
    pub estimated: u64,
    /// How many have no price.
    pub unpriced: u64,
}

impl Sum {
    /// Nothing, under a name.
    pub fn named(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// Adds an item.
    pub fn add(&mut self, item: &Item) {
        self.runs += 1;
        let usage = item.usage.unwrap_or_default();
        self.input += usage.input;
        self.output += usage.output;
        self.cached += usage.cached;
        self.reasoning += usage.reasoning;
        match item.spent {
            Some(spent) => {
                self.cost = self.cost + spent.usd();
                // What never got an answer costs nothing, and is no guess.
                let guessed = spent.is_estimated() && spent.usd() != Usd::ZERO;
                self.estimated += u64::from(guessed);
            }
            None => self.unpriced += 1,
        }
    }

    /// What of its tokens was cached and what was reasoning, if any was.
    pub fn special(&self) -> Option<String> {
        let told = [
            (self.cached, "of the input cached"),
            (self.reasoning, "of the output reasoning"),
        ];
        let told = told.iter().filter(|(tokens, _)| *tokens > 0);
        let told: Vec<String> = told
            .map(|(tokens, what)| format!("{} {what}", thousands(*tokens)))
            .collect();
        (!told.is_empty()).then(|| told.join(", "))
    }

    /// The cost as it is shown: marked when an estimate is part of it, absent when nothing in it
    /// has a price.
    pub fn shown(&self) -> String {
        match (self.unpriced == self.runs, self.estimated > 0) {
            (true, _) => "n/a".to_owned(),
            (false, true) => Spent::Estimated(self.cost).to_string(),
            (false, false) => self.cost.to_string(),
        }
    }
}

/// The items put together: days in their order, all else the dearest first.
pub fn sums(items: &[Item], by: By, zone: &TimeZone) -> Vec<Sum> {
    let mut sums: Vec<Sum> = Vec::new();
    for item in items {
        let name = name_of(item, by, zone);
        let found = sums.iter().rposition(|sum| sum.name == name);
        let place = found.unwrap_or_else(|| {
            sums.push(Sum::named(&name));
            sums.len() - 1
        });
        sums[place].add(item);
    }
    match by {
        By::Day => sums.sort_by(|one, other| one.name.cmp(&other.name)),
        By::Model | By::Template => sums.sort_by(|one, other| {
            let worth = |sum: &Sum| (std::cmp::Reverse((sum.cost, sum.runs)), sum.name.clone());
            worth(one).cmp(&worth(other))
        }),
    }
    sums
}

/// All of them together.
pub fn total(items: &[Item]) -> Sum {
    let mut total = Sum::named("total");
    for item in items {
        total.add(item);
    }
    total
}

/// A calendar month: every day of it, and what models and templates took.
#[derive(Debug, Clone, PartialEq)]
pub struct Month {
    /// The day it is now.
    pub today: Date,
    /// One sum for each day of the month, from the first on.
    pub days: Vec<Sum>,
    /// By provider and model, the dearest first.
    pub models: Vec<Sum>,
    /// By template, the dearest first.
    pub templates: Vec<Sum>,
    /// All of it.
    pub total: Sum,
}

impl Month {
    /// Adds up the items of the month that a moment lies in.
    pub fn of(items: &[Item], now: &Zoned) -> Self {
        let zone = now.time_zone();
        let today = now.date();
        let first = today.first_of_month();
        let days = first.series(1.day()).take(today.days_in_month() as usize);
        let mut days: Vec<Sum> = days.map(|day| Sum::named(&day.to_string())).collect();
        for item in items {
            let day = day_of(item, zone);
            let of_month = day.first_of_month() == first;
            if let Some(sum) = days.get_mut(day.day() as usize - 1).filter(|_| of_month) {
                sum.add(item);
            }
        }
        Self {
            today,
            days,
            models: sums(items, By::Model, zone),
            templates: sums(items, By::Template, zone),
            total: total(items),
        }
    }
}

/// The day of an item in a time zone.
pub fn day_of(item: &Item, zone: &TimeZone) -> Date {
    item.at.to_zoned(zone.clone()).date()
}

fn name_of(item: &Item, by: By, zone: &TimeZone) -> String {
    match by {
        By::Day => day_of(item, zone).to_string(),
        By::Model => format!("{} · {}", item.provider, item.model),
        By::Template => item.template.clone().unwrap_or_else(|| "(none)".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(at: &str, template: &str, model: &str, spent: Option<Spent>) -> Item {
        Item {
            at: at.parse().unwrap(),
            template: (!template.is_empty()).then(|| template.to_owned()),
            provider: "openai".to_owned(),
            model: model.to_owned(),
            usage: spent.map(|_| Usage {
                input: 10,
                output: 20,
                ..Usage::default()
            }),
            spent,
        }
    }

    fn real(dollars: f64) -> Option<Spent> {
        Usd::new(dollars).map(Spent::Real)
    }

    fn items() -> Vec<Item> {
        vec![
            item("2026-11-23T22:30:00Z", "blog-post", "a", real(0.1)),
            item("2026-11-23T23:30:00Z", "blog-post", "b", real(0.5)),
            item("2026-11-24T10:00:00Z", "", "b", None),
            item(
                "2026-11-22T10:00:00Z",
                "email",
                "a",
                Usd::new(0.2).map(Spent::Estimated),
            ),
        ]
    }

    #[test]
    fn a_day_is_one_of_the_persons_clock() {
        let zone = TimeZone::get("Europe/Berlin").unwrap();
        let days = sums(&items(), By::Day, &zone);
        let told: Vec<(&str, u64)> = days
            .iter()
            .map(|sum| (sum.name.as_str(), sum.runs))
            .collect();
        assert_eq!(
            told,
            [("2026-11-22", 1), ("2026-11-23", 1), ("2026-11-24", 2)]
        );
        let utc = sums(&items(), By::Day, &TimeZone::UTC);
        assert_eq!(utc[1].runs, 2);
    }

    #[test]
    fn the_dearest_come_first_and_what_has_no_price_is_counted_apart() {
        let models = sums(&items(), By::Model, &TimeZone::UTC);
        assert_eq!(models[0].name, "openai · b");
        assert_eq!(
            (
                models[0].runs,
                models[0].unpriced,
                models[0].shown().as_str()
            ),
            (2, 1, "$0.50")
        );
        assert_eq!(models[1].shown(), "~$0.30");
        let templates = sums(&items(), By::Template, &TimeZone::UTC);
        let names: Vec<_> = templates.iter().map(|sum| sum.name.as_str()).collect();
        assert_eq!(names, ["blog-post", "email", "(none)"]);
        assert_eq!(templates[2].shown(), "n/a");
    }

    #[test]
    fn cached_and_reasoning_tokens_are_told_when_there_are_any() {
        let mut sum = Sum::named("x");
        sum.add(&items()[0]);
        assert_eq!(sum.special(), None);
        let usage = Usage {
            input: 5_000,
            output: 900,
            cached: 4_096,
            reasoning: 512,
            ..Usage::default()
        };
        let item = Item {
            usage: Some(usage),
            ..items().remove(0)
        };
        sum.add(&item);
        sum.add(&item);
        assert_eq!((sum.cached, sum.reasoning), (8_192, 1_024));
        assert_eq!(
            sum.special().unwrap(),
            "8,192 of the input cached, 1,024 of the output reasoning"
        );
    }

    #[test]
    fn a_month_has_every_day_of_it() {
        let now: Zoned = "2026-11-24T12:00:00+01:00[Europe/Berlin]".parse().unwrap();
        let month = Month::of(&items(), &now);
        assert_eq!(month.days.len(), 30);
        assert_eq!(month.days[0].name, "2026-11-01");
        let runs: Vec<u64> = month.days[21..24].iter().map(|day| day.runs).collect();
        assert_eq!(runs, [1, 1, 2]);
        assert_eq!(
            (month.total.runs, month.models.len(), month.templates.len()),
            (4, 2, 3)
        );
    }

    #[test]
    fn the_total_is_the_sum_of_every_part() {
        let all = total(&items());
        assert_eq!(
            (all.runs, all.input, all.output, all.estimated, all.unpriced),
            (4, 30, 60, 1, 1)
        );
        assert_eq!(all.cost, Usd::new(0.8).unwrap());
        for by in [By::Day, By::Model, By::Template] {
            let parts = sums(&items(), by, &TimeZone::UTC);
            assert_eq!(parts.iter().map(|sum| sum.cost).sum::<Usd>(), all.cost);
        }
    }
}
