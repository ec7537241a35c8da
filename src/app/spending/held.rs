//! Requests that go over the budget: held back until the person decides.
//!
//! Never decides by itself what may be spent, and never counts.

use crate::app::dialog::{Answer, Confirm, Dialog};
use crate::app::effect::Effect;
use crate::app::output::{Joins, Origin, Variant};
use crate::app::refine::Launch;
use crate::app::{App, Weight, sentence};
use crate::domain::budget::{OnLimit, Standing};
use crate::domain::cost::{Spent, Usd};
use crate::domain::models::{Estimate, Tariff};
use crate::domain::prompt::Request;
use crate::domain::tokens::Tokens;

/// Why a budget cannot be checked.
const UNKNOWN: &str = "the journal does not tell what this month has cost";

/// A request that waits for a decision.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one, in a box of its own"
)]
pub(super) enum Held {
    /// For a new text, or more of one.
    Text {
        /// What it is made from.
        origin: Origin,
        /// The variant that it goes on with.
        after: Option<Variant>,
        /// Where its variant goes.
        joins: Joins,
    },
    /// For a part of the draft.
    Part(Launch),
}

impl App {
    /// What a request is likely to cost, with what is being written at the same time.
    fn coming_cost(&self, tariff: &Tariff, request: &Request, target: Option<usize>) -> Usd {
        let input = Tokens::Estimated(tariff.input);
        let params = &request.prompt.params;
        let estimate = Estimate::of(tariff.prices.as_ref(), input, params, target);
        let running = self.output.variants.iter().chain(self.refines.answers());
        let expected = running
            .filter(|each| each.is_running())
            .filter_map(|variant| variant.expected);
        expected.chain(estimate.cost.map(Spent::usd)).sum()
    }

    /// Holds a request back that goes over the budget, if that is what the person wants then.
    /// `None` when it may go; else what is to be done instead.
    pub(in crate::app) fn hold(
        &mut self,
        (origin, after, joins): (&Origin, Option<&Variant>, Joins),
        request: &Request,
        tariff: &Tariff,
    ) -> Option<Vec<Effect>> {
        let why = self.over_budget(request, tariff, origin.target_words)?;
        let held = Held::Text {
            origin: origin.clone(),
            after: after.cloned(),
            joins,
        };
        Some(self.ask_to_send(&why, held))
    }

    /// The same of a request for a part of the draft, which comes back when it may go.
    pub(in crate::app) fn hold_part(
        &mut self,
        launch: Launch,
        origin: &Origin,
        tariff: &Tariff,
    ) -> Result<Launch, Vec<Effect>> {
        match self.over_budget(&origin.request, tariff, origin.target_words) {
            None => Ok(launch),
            Some(why) => Err(self.ask_to_send(&why, Held::Part(launch))),
        }
    }

    /// Why a request is to be held back, as a sentence.
    fn over_budget(
        &self,
        request: &Request,
        tariff: &Tariff,
        target: Option<usize>,
    ) -> Option<String> {
        let budget = self.settings.budget?;
        if tariff.prices.is_some_and(|prices| prices.is_free()) || budget.on_limit == OnLimit::Warn
        {
            return None;
        }
        let Some(spent) = self.month() else {
            return Some(format!("the budget cannot be checked: {UNKNOWN}"));
        };
        let coming = self.coming_cost(tariff, request, target);
        let over = budget.standing(spent, coming) == Standing::Over;
        over.then(|| budget.sentence(spent, coming))
    }

    fn ask_to_send(&mut self, why: &str, held: Held) -> Vec<Effect> {
        self.meter.held = Some(Box::new(held));
        let why = sentence(why);
        self.dialogs.push(Dialog::Confirm(Confirm {
            question: format!("{why}. Send this request anyway?"),
            answers: vec![
                ('c', "cancel", Answer::Cancel),
                ('s', "send anyway", Answer::SendAnyway),
            ],
        }));
        self.ask_for_month().into_iter().collect()
    }

    /// Says what the coming request means for the budget, when it goes out, or once a session that
    /// nobody can tell. One that costs nothing means nothing.
    pub(in crate::app) fn speak_of_coming(&mut self, expected: Option<Usd>) -> Vec<Effect> {
        if expected == Some(Usd::ZERO) {
            return Vec::new();
        }
        if self.settings.budget.is_none() || self.month().is_some() {
            return self.speak_of_budget(expected.unwrap_or_default());
        }
        if std::mem::replace(&mut self.meter.told_unchecked, true) {
            return Vec::new();
        }
        self.tell(
            Weight::Note,
            format!("the budget is not checked: {UNKNOWN}"),
        )
    }

    /// Sends what was held back.
    pub(in crate::app) fn send_held(&mut self) -> Vec<Effect> {
        match self.meter.held.take().map(|held| *held) {
            None => Vec::new(),
            Some(Held::Text {
                origin,
                after,
                joins,
            }) => self.send_now(origin, after.as_ref(), joins),
            Some(Held::Part(launch)) => self.launch_now(launch),
        }
    }
}
