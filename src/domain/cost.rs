//! Money: what tokens cost, and how amounts are added and written.
//!
//! Amounts are whole billionths of a dollar, so that sums come out the same whatever their order.
//! Knows rates, never which model has them. Never guesses a price: what is not known has none.

use super::run::Usage;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::iter::Sum;
use std::ops::Add;

/// Billionths in a dollar.
const NANOS: f64 = 1e9;

/// Input tokens from which on some models charge the whole request at other rates.
pub const LONG_INPUT: u64 = 272_000;

/// An amount of US dollars, never negative.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Usd(u64);

impl Usd {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// An amount in dollars; `None` for what is no amount.
    pub fn new(dollars: f64) -> Option<Self> {
        let sound = dollars.is_finite() && (0.0..1e9).contains(&dollars);
        sound.then(|| Self((dollars * NANOS).round() as u64))
    }

    /// The amount in dollars.
    pub fn dollars(self) -> f64 {
        self.0 as f64 / NANOS
    }
}

impl Add for Usd {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl Sum for Usd {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Usd {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let dollars = self.dollars();
        let text = match dollars {
            0.0 => "$0".to_owned(),
            small if small < 0.000_05 => "<$0.0001".to_owned(),
            small if small < 0.000_95 => format!("${small:.4}"),
            small if small < 0.0995 => format!("${small:.3}"),
            _ => format!("${dollars:.2}"),
        };
        // Cents are always told, what is smaller only if it is something.
        let whole = if dollars < 0.0995 { 5 } else { text.len() }.min(text.len());
        let rest = text[whole..].trim_end_matches('0');
        out.pad(&text[..whole + rest.len()])
    }
}

impl Serialize for Usd {
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        self.dollars().serialize(out)
    }
}

impl<'de> Deserialize<'de> for Usd {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        let dollars = f64::deserialize(reader)?;
        Self::new(dollars).ok_or_else(|| serde::de::Error::custom("not an amount"))
    }
}

/// What a run cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// By the tokens that the server counted, or as it said itself.
    Real(Usd),
    /// By tokens that were estimated here, because the server told none.
    Estimated(Usd),
}

impl Spent {
    /// The amount.
    pub const fn usd(self) -> Usd {
        match self {
            Self::Real(usd) | Self::Estimated(usd) => usd,
        }
    }

    /// Whether it is only an estimate.
    pub const fn is_estimated(self) -> bool {
        matches!(self, Self::Estimated(_))
    }
}

impl fmt::Display for Spent {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Real(usd) => usd.fmt(out),
            Self::Estimated(usd) => out.pad(&format!("~{usd}")),
        }
    }
}

impl Serialize for Spent {
    /// A number, or for an estimate a word like `~0.0042`.
    fn serialize<S: Serializer>(&self, out: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Real(usd) => usd.serialize(out),
            Self::Estimated(usd) => format!("~{}", usd.dollars()).serialize(out),
        }
    }
}

impl<'de> Deserialize<'de> for Spent {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Number(f64),
            Word(String),
        }
        let read = match Written::deserialize(reader)? {
            Written::Number(dollars) => Usd::new(dollars).map(Self::Real),
            Written::Word(word) => {
                let dollars = word.trim().trim_start_matches('~').parse().ok();
                dollars.and_then(Usd::new).map(Self::Estimated)
            }
        };
        read.ok_or_else(|| serde::de::Error::custom("not an amount"))
    }
}

/// Dollars for a million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Rates {
    /// For what is sent.
    pub input: f64,
    /// For what is sent and was in the server's cache; `None` is as dear as any input.
    pub cached: Option<f64>,
    /// For what is sent and put into the server's cache; `None` is as dear as any input.
    pub written: Option<f64>,
    /// For what comes back, reasoning included.
    pub output: f64,
}

/// What a model costs.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Prices {
    /// The usual rates.
    pub usual: Rates,
    /// Rates for the whole of a request with more than [`LONG_INPUT`] tokens of input.
    pub long: Option<Rates>,
}

impl Prices {
    /// What costs nothing.
    pub const FREE: Self = Self {
        usual: Rates {
            input: 0.0,
            cached: None,
            written: None,
            output: 0.0,
        },
        long: None,
    };

    /// The same with every rate this many times as high.
    #[must_use]
    pub fn times(self, factor: f64) -> Self {
        let times = |rates: Rates| Rates {
            input: rates.input * factor,
            cached: rates.cached.map(|rate| rate * factor),
            written: rates.written.map(|rate| rate * factor),
            output: rates.output * factor,
        };
        Self {
            usual: times(self.usual),
            long: self.long.map(times),
        }
    }

    /// Whether nothing is charged, however much is sent or comes back.
    pub fn is_free(&self) -> bool {
        let free = |rates: &Rates| {
            let special = rates.cached.into_iter().chain(rates.written);
            [rates.input, rates.output]
                .into_iter()
                .chain(special)
                .all(|rate| rate == 0.0)
        };
        free(&self.usual) && self.long.as_ref().is_none_or(free)
    }

    /// The rates of a request with this many tokens of input.
    pub fn at(&self, input: u64) -> &Rates {
        match &self.long {
            Some(long) if input > LONG_INPUT => long,
            _ => &self.usual,
        }
    }

    /// What these tokens cost.
    pub fn cost(&self, usage: &Usage) -> Option<Usd> {
        let rates = self.at(usage.input);
        let cached = usage.cached.min(usage.input);
        let written = usage.written.min(usage.input - cached);
        let fresh = usage.input - cached - written;
        let millions = [
            (fresh, rates.input),
            (cached, rates.cached.unwrap_or(rates.input)),
            (written, rates.written.unwrap_or(rates.input)),
            (usage.output, rates.output),
        ];
        let dollars: f64 = millions.iter().map(|(n, rate)| *n as f64 * rate).sum();
        Usd::new(dollars / 1e6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TERRA: Prices = Prices {
        usual: Rates {
            input: 1.0,
            cached: Some(0.05),
            written: Some(1.25),
            output: 5.0,
        },
        long: Some(Rates {
            input: 2.0,
            cached: Some(0.1),
            written: None,
            output: 7.5,
        }),
    };

    fn used(input: u64, output: u64, cached: u64, written: u64) -> Usage {
        Usage {
            input,
            output,
            cached,
            written,
            ..Usage::default()
        }
    }

    #[test]
    fn each_kind_of_token_has_its_rate() {
        for (usage, dollars) in [
            (used(200_000, 0, 0, 0), 0.2),
            (used(0, 1_000_000, 0, 0), 5.0),
            (used(100_000, 0, 100_000, 0), 0.005),
            (used(100_000, 0, 0, 100_000), 0.125),
            (
                used(100_000, 1_000, 50_000, 20_000),
                0.03 + 0.0025 + 0.025 + 0.005,
            ),
        ] {
            let cost = TERRA.cost(&usage).unwrap().dollars();
            assert!((cost - dollars).abs() < 1e-9, "{usage:?}: {cost}");
        }
    }

    #[test]
    fn what_has_any_rate_is_not_free() {
        assert!(Prices::FREE.is_free());
        assert!(!TERRA.is_free());
        let long = Prices {
            long: TERRA.long,
            ..Prices::FREE
        };
        assert!(!long.is_free());
    }

    #[test]
    fn a_long_input_makes_the_whole_request_dearer() {
        let at = |input| TERRA.cost(&used(input, 1_000, 0, 0)).unwrap().dollars();
        assert!((at(272_000) - 0.277).abs() < 1e-9);
        assert!((at(272_001) - (0.544_002 + 0.0075)).abs() < 1e-9);
    }

    #[test]
    fn counts_that_contradict_each_other_never_cost_more_than_was_sent() {
        let odd = TERRA.cost(&used(10, 0, 500, 500)).unwrap();
        assert!(odd <= TERRA.cost(&used(10, 0, 0, 0)).unwrap());
    }

    #[test]
    fn what_was_spent_reads_back_as_it_was_written() {
        for spent in [
            Spent::Real(Usd::new(0.004_2).unwrap()),
            Spent::Estimated(Usd::new(0.1).unwrap()),
        ] {
            let json = serde_json::to_string(&spent).unwrap();
            assert_eq!(
                serde_json::from_str::<Spent>(&json).unwrap(),
                spent,
                "{json}"
            );
        }
        for odd in ["-1", "\"a lot\"", "null"] {
            assert!(serde_json::from_str::<Spent>(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn amounts_are_written_as_short_as_they_can_be_read() {
        for (dollars, text) in [
            (0.0, "$0"),
            (0.000_01, "<$0.0001"),
            (0.000_812, "$0.0008"),
            (0.003_8, "$0.004"),
            (0.0456, "$0.046"),
            (0.05, "$0.05"),
            (0.0995, "$0.10"),
            (1234.5, "$1234.50"),
            (0.309, "$0.31"),
            (12.3456, "$12.35"),
        ] {
            assert_eq!(Usd::new(dollars).unwrap().to_string(), text);
        }
        assert_eq!((Usd::new(-1.0), Usd::new(f64::NAN)), (None, None));
    }
}
