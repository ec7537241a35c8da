//! What a run of the command line may cost, and what it did.
//!
//! Looks at the journal before the request only when there is a budget, and at the table of models
//! only when there is something to price. Sends nothing.

use super::outlet::Outlet;
use super::receive::Answer;
use super::record::Record;
use crate::config::Provider;
use crate::domain::budget::{Budget, OnLimit, Standing, month_of};
use crate::domain::cost::{Prices, Spent, Usd};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::{self, Estimate, Place, Tariff};
use crate::domain::prompt::Request;
use crate::domain::tokens::{self, Tokens, thousands};
use crate::store::journal::{Journal, Try};
use crate::store::{Paths, catalog};
use jiff::Zoned;
use std::io::IsTerminal;

/// Who is asked for what, as far as it has a price.
#[derive(Clone, Copy)]
pub(super) struct Bill<'b> {
    pub(super) paths: &'b Paths,
    pub(super) provider: &'b Provider,
    pub(super) request: &'b Request,
}

/// Whether the requests may go out, all of them: says when the budget is nearly used up or, if the
/// person only wants to be warned, when they go over it.
///
/// # Errors
/// When they go over a budget that is to stop them, or nobody can tell.
pub(super) fn within(
    bills: &[Bill<'_>],
    budget: Option<Budget>,
    target_words: Option<usize>,
) -> Result<(), Failure> {
    let priced: Vec<_> = bills
        .iter()
        .filter(|bill| budget.is_some() && !bill.is_free())
        .collect();
    let (Some(budget), [first, ..]) = (budget, priced.as_slice()) else {
        return Ok(());
    };
    let spent = match spent_this_month(first.paths) {
        Ok(spent) => spent,
        Err(failure) if budget.on_limit == OnLimit::Stop => {
            return Err(Failure {
                what: format!("the budget cannot be checked: {}", failure.what),
                ..failure
            }
            .advice("mend that, or send this one with --over-budget"));
        }
        Err(failure) => {
            Outlet::complain(&format!("copydesk: the budget is not checked: {failure}"));
            return Ok(());
        }
    };
    let all = |size: &dyn Fn(&Request) -> Tokens| -> Usd {
        let coming = priced.iter();
        coming
            .map(|bill| bill.expected(size(bill.request), target_words))
            .sum()
    };
    let mut expected = all(&estimated);
    if spent < budget.monthly && budget.standing(spent, expected) == Standing::Over {
        // So close to the limit, the difference between an estimate and a count matters.
        expected = all(&counted);
    }
    let sentence = || budget.sentence_of(priced.len(), spent, expected);
    match (budget.standing(spent, expected), budget.on_limit) {
        (Standing::Within, _) => Ok(()),
        (Standing::Over, OnLimit::Stop) => Err(Failure::new(FailureKind::OverBudget, sentence())
            .advice("raise monthly_usd in config.toml, or send this one with --over-budget")),
        (Standing::Near | Standing::Over, _) => {
            Outlet::complain(&format!("copydesk: {}", sentence()));
            Ok(())
        }
    }
}

/// The size of a request, a quarter of its characters.
fn estimated(request: &Request) -> Tokens {
    tokens::estimated(&request.prompt).with_images(&request.prompt)
}

/// The same, counted where the model's vocabulary is known.
fn counted(request: &Request) -> Tokens {
    match models::vocabulary(&request.model) {
        Some(vocabulary) => {
            tokens::counted(vocabulary, &request.prompt).with_images(&request.prompt)
        }
        None => estimated(request),
    }
}

impl Bill<'_> {
    /// What the request is likely to cost, if its size is this.
    fn expected(&self, size: Tokens, target_words: Option<usize>) -> Usd {
        let (prices, params) = (self.prices(), &self.request.prompt.params);
        let estimate = Estimate::of(prices.as_ref(), size, params, target_words);
        estimate.cost.map(Spent::usd).unwrap_or_default()
    }

    fn is_free(&self) -> bool {
        self.prices().is_some_and(|prices| prices.is_free())
    }

    /// What the answer cost, as far as that is known.
    pub(super) fn cost(&self, answer: &Answer) -> Option<Spent> {
        let prompt = &self.request.prompt;
        let tariff = Tariff {
            prices: self.prices(),
            input: tokens::estimated(prompt).with_images(prompt).number(),
        };
        let bytes = answer.text.len() + answer.refusal.len() + answer.reasoning.len();
        let taken = answer.model.is_some() || answer.finish.is_some();
        match &answer.usage {
            Some(usage) => tariff.real(usage, answer.model.as_deref()),
            None if taken => tariff.since_taken(bytes),
            None => tariff.so_far(bytes),
        }
    }

    /// Books what tries took that were repeated.
    pub(super) fn book_tries(&self, answer: &Answer, record: &Record) {
        if answer.tries.is_empty() {
            return;
        }
        let tariff = Tariff {
            prices: self.prices(),
            input: 0,
        };
        for usage in &answer.tries {
            let spent = tariff.real(usage, None);
            record.tried(Try {
                usage: *usage,
                cost: spent.map(|spent| spent.usd().dollars()),
            });
        }
    }

    /// What the model costs: by the table, or where that does not say, by its server's list.
    fn prices(&self) -> Option<Prices> {
        if self.provider.is_practice() {
            return Some(Prices::FREE);
        }
        let (id, place) = (&self.request.model, self.provider.place());
        let listed = models::find(id).prices;
        let told = if listed.is_some() && place != Place::Nearby {
            None
        } else {
            catalog::load(self.paths, &self.provider.base_url)
        };
        place.prices(told.and_then(|told| told.told_prices(id)), listed)
    }

    /// One line for a person about what the run took. A script reads `--json`.
    pub(super) fn tell(&self, answer: &Answer) {
        if self.provider.is_practice() || !std::io::stderr().is_terminal() {
            return;
        }
        let cost = answer
            .cost
            .filter(|spent| spent.usd() != Usd::ZERO || !spent.is_estimated());
        let cost = cost.map_or("cost n/a".to_owned(), |spent| spent.to_string());
        match answer.usage {
            Some(usage) => Outlet::complain(&format!(
                "copydesk: {} tokens in, {} out · {cost}",
                thousands(usage.input),
                thousands(usage.output)
            )),
            None if answer.text.is_empty() => {}
            None => Outlet::complain(&format!("copydesk: the server told no tokens · {cost}")),
        }
    }
}

/// What the runs of this month cost.
pub(super) fn spent_this_month(paths: &Paths) -> Result<Usd, Failure> {
    if !paths.journal.exists() {
        return Ok(Usd::ZERO);
    }
    let month = month_of(&Zoned::now());
    let journal = Journal::open(&paths.journal).map_err(|error| error.failure())?;
    let spent = journal.journal.spent(month);
    spent.map_err(|error| error.failure())
}
