//! What a run is priced by, before it leaves, while it runs and when it has ended.

use super::find;
use crate::domain::cost::{Prices, Spent, Usd};
use crate::domain::prompt::Params;
use crate::domain::run::Usage;
use crate::domain::tokens::Tokens;

/// Tokens that an answer is taken to have when nothing says how long it will be.
pub const TYPICAL_ANSWER: u64 = 800;

/// Tokens to a word of the text that a template aims at.
const PER_WORD: f64 = 1.35;

/// What a run is priced by.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Tariff {
    /// Prices of the model that is asked, if they are known.
    pub prices: Option<Prices>,
    /// Tokens of the prompt, as counted or estimated before it left.
    pub input: u64,
}

impl Tariff {
    /// What it cost, by what the server told: the sum itself, else tokens at the prices of the
    /// model that was asked, else at those of the one that answered.
    pub fn real(&self, usage: &Usage, answered: Option<&str>) -> Option<Spent> {
        if let Some(told) = usage.cost {
            return Some(Spent::Real(told));
        }
        let prices = self.prices.or_else(|| find(answered?).prices)?;
        prices.cost(usage).map(Spent::Real)
    }

    /// What it will have cost when it is stopped here: the server told no tokens, so they are
    /// estimated. Before anything came, nothing is taken to be charged.
    pub fn so_far(&self, bytes: usize) -> Option<Spent> {
        if bytes == 0 {
            return self.prices.map(|_| Spent::Estimated(Usd::ZERO));
        }
        self.since_taken(bytes)
    }

    /// The same once its server had taken the request: by then the prompt is charged, whether
    /// anything came or not.
    pub fn since_taken(&self, bytes: usize) -> Option<Spent> {
        let usage = Usage {
            input: self.input,
            output: bytes.div_ceil(4) as u64,
            ..Usage::default()
        };
        self.prices?.cost(&usage).map(Spent::Estimated)
    }
}

/// What a request is likely to take.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Tokens of the prompt.
    pub input: Tokens,
    /// Tokens of the answer, reasoning left out: nobody can tell how long a model thinks.
    pub output: u64,
    /// What it costs, if prices are known.
    pub cost: Option<Spent>,
}

impl Estimate {
    /// For a prompt of this size: the answer has as many words as the template aims at, else a
    /// typical length, and never more than the limit that is sent.
    pub fn of(
        prices: Option<&Prices>,
        input: Tokens,
        params: &Params,
        target_words: Option<usize>,
    ) -> Self {
        let output = target_words.map_or(TYPICAL_ANSWER, |words| {
            (words as f64 * PER_WORD).ceil() as u64
        });
        let output = output.min(params.max_output_tokens.map_or(u64::MAX, u64::from));
        let usage = Usage {
            input: input.number(),
            output,
            ..Usage::default()
        };
        let cost = prices.and_then(|prices| prices.cost(&usage));
        Self {
            input,
            output,
            cost: cost.map(Spent::Estimated),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(dollars: f64) -> Usd {
        Usd::new(dollars).unwrap()
    }

    fn tariff(id: &str) -> Tariff {
        Tariff {
            prices: find(id).prices,
            input: 1_000,
        }
    }

    #[test]
    fn what_the_server_says_it_cost_wins() {
        let mut usage = Usage {
            input: 1_000,
            output: 1_000,
            ..Usage::default()
        };
        let terra = tariff("gpt-6.1-terra");
        assert_eq!(terra.real(&usage, None), Some(Spent::Real(usd(0.006))));
        usage.cost = Some(usd(0.5));
        for tariff in [terra, Tariff::default()] {
            assert_eq!(tariff.real(&usage, None), Some(Spent::Real(usd(0.5))));
        }
    }

    #[test]
    fn a_model_without_a_price_costs_what_the_one_that_answered_does() {
        let usage = Usage {
            input: 1_000,
            output: 1_000,
            ..Usage::default()
        };
        let unheard = tariff("auto");
        let real = |answered| unheard.real(&usage, answered);
        assert_eq!(
            real(Some("gpt-6.1-terra-2026-10-01")),
            Some(Spent::Real(usd(0.006)))
        );
        assert_eq!((real(Some("llama")), real(None)), (None, None));
        // What was asked for is what was agreed on.
        let asked = tariff("gpt-6-luna").real(&usage, Some("gpt-6.1-terra"));
        assert_eq!(asked, Some(Spent::Real(usd(0.000_6))));
    }

    #[test]
    fn a_stopped_run_costs_an_estimate_of_what_came() {
        let terra = tariff("gpt-6.1-terra");
        assert_eq!(terra.so_far(4_000), Some(Spent::Estimated(usd(0.006))));
        assert_eq!(terra.so_far(0), Some(Spent::Estimated(Usd::ZERO)));
        assert_eq!(terra.since_taken(0), Some(Spent::Estimated(usd(0.001))));
        assert_eq!(tariff("llama").so_far(4_000), None);
    }

    #[test]
    fn an_answer_is_taken_to_be_as_long_as_it_is_asked_to_be() {
        let prices = find("gpt-6.1-terra").prices.unwrap();
        let of = |words, limit| {
            let params = Params {
                max_output_tokens: limit,
                ..Params::default()
            };
            Estimate::of(Some(&prices), Tokens::Counted(1_000), &params, words)
        };
        assert_eq!(of(Some(1_000), None).output, 1_350);
        assert_eq!(of(None, None).output, TYPICAL_ANSWER);
        assert_eq!(of(Some(1_000), Some(200)).output, 200);
        assert_eq!(of(None, None).cost, Some(Spent::Estimated(usd(0.005))));
        let unpriced = Estimate::of(None, Tokens::Estimated(9), &Params::default(), None);
        assert_eq!(unpriced.cost, None);
    }
}
