//! What is held back for the budget, and what is said of it.
//!
//! A sum that was told a while ago is asked for again before something priced leaves: other
//! programs spend from the same budget, and months end.

use super::{App, UNKNOWN};
use crate::app::Weight;
use crate::app::ask::Question;
use crate::app::dialog::{Answer, Confirm, Dialog};
use crate::app::effect::Effect;
use crate::app::generate::request_of;
use crate::app::msg::Now;
use crate::app::output::{Joins, Origin, Variant};
use crate::app::refine::Launch;
use crate::domain::budget::{OnLimit, Standing, these};
use crate::domain::cost::{Spent, Usd};
use crate::domain::models::{Estimate, Tariff};
use crate::domain::prompt::Request;
use crate::domain::tokens::Tokens;

/// A request that waits for a decision.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "there is one, in a box of its own"
)]
pub(super) enum Held {
    /// For new texts, or more of one.
    Text {
        /// What they are made from.
        origins: Vec<Origin>,
        /// The variant that it goes on with.
        after: Option<Variant>,
        /// Where its variant goes.
        joins: Joins,
    },
    /// For a part of the draft.
    Part(Launch),
    /// For an answer about it.
    Question(Question),
}

/// A request that is about to leave, as far as money goes.
struct Coming {
    is_free: bool,
    /// What it is likely to cost, if its price is known.
    expected: Option<Usd>,
}

impl Coming {
    fn of(tariff: &Tariff, request: &Request, target: Option<usize>) -> Self {
        let (input, params) = (Tokens::Estimated(tariff.input), &request.prompt.params);
        let estimate = Estimate::of(tariff.prices.as_ref(), input, params, target);
        Self {
            is_free: tariff.prices.is_some_and(|prices| prices.is_free()),
            expected: estimate.cost.map(Spent::usd),
        }
    }
}

/// Milliseconds after which a sum may not be true any more.
const OLD: u64 = 60_000;

/// Milliseconds that a request waits for a newer one.
const PATIENCE: u64 = 1_000;

impl App {
    /// Lets the request go, or asks about it, that waited for what the month has cost.
    pub(super) fn checked(&mut self) -> Option<Vec<Effect>> {
        self.meter.checking?;
        let held = self.meter.held.take();
        // It is looked at once more, and does not wait once more.
        let effects = held.map(|held| match *held {
            Held::Text {
                origins,
                after,
                joins,
            } => self.send_all(origins, after.as_ref(), joins),
            Held::Part(launch) => self.launch(launch),
            Held::Question(question) => self.put_question(question),
        });
        self.meter.checking = None;
        effects
    }

    /// The same when the ledger says nothing.
    pub(in crate::app) fn stop_checking(&mut self) -> Vec<Effect> {
        match self.meter.checking {
            Some(until) if until <= self.now => self.checked().unwrap_or_default(),
            _ => Vec::new(),
        }
    }

    /// Says once a month that the budget is nearly used up, and once that it is; of a budget that
    /// was changed, again.
    pub(super) fn speak_of_budget(&mut self, coming: Usd) -> Vec<Effect> {
        let (Some(budget), Some(spent)) = (self.settings.budget, self.month()) else {
            return Vec::new();
        };
        let standing = budget.standing(spent, coming);
        let until = self.meter.month.map_or(self.now, |(_, until)| until);
        let told = self
            .meter
            .told
            .filter(|(_, of, end)| (*of, *end) == (budget, until));
        let told = told.map(|(standing, ..)| standing);
        if standing == Standing::Within || told >= Some(standing) {
            return Vec::new();
        }
        self.meter.told = Some((standing, budget, until));
        self.tell(Weight::Note, budget.sentence(spent, coming))
    }

    /// What requests are likely to cost, with what is being written at the same time.
    fn coming_cost(&self, coming: &[Coming]) -> Usd {
        let running = self.runs().filter(|each| each.is_running());
        let expected = running.filter_map(|variant| variant.expected);
        expected
            .chain(coming.iter().filter_map(|each| each.expected))
            .sum()
    }

    /// Holds requests back that go over the budget together, if that is what the person wants
    /// then. `None` when they may go; else what is to be done instead.
    pub(in crate::app) fn hold(
        &mut self,
        (origins, after, joins): (&[Origin], Option<&Variant>, Joins),
    ) -> Option<Vec<Effect>> {
        self.settings.budget?;
        let coming = origins.iter().map(|origin| {
            let request = request_of(origin, after);
            let tariff = self.tariff(&origin.provider, &request);
            Coming::of(&tariff, &request, origin.target_words)
        });
        let coming: Vec<Coming> = coming.collect();
        let held = || Held::Text {
            origins: origins.to_vec(),
            after: after.cloned(),
            joins,
        };
        self.hold_back(&held, &coming)
    }

    /// The same of a request for a part of the draft.
    pub(in crate::app) fn hold_part(
        &mut self,
        launch: &Launch,
        origin: &Origin,
        tariff: &Tariff,
    ) -> Option<Vec<Effect>> {
        let held = || Held::Part(launch.clone());
        let coming = Coming::of(tariff, &origin.request, origin.target_words);
        self.hold_back(&held, &[coming])
    }

    /// The same of a question.
    pub(in crate::app) fn hold_question(
        &mut self,
        question: &Question,
        origin: &Origin,
        tariff: &Tariff,
    ) -> Option<Vec<Effect>> {
        let held = || Held::Question(question.clone());
        let coming = Coming::of(tariff, &origin.request, origin.target_words);
        self.hold_back(&held, &[coming])
    }

    fn hold_back(&mut self, held: &dyn Fn() -> Held, coming: &[Coming]) -> Option<Vec<Effect>> {
        let budget = self.settings.budget?;
        if coming.iter().all(|each| each.is_free) || budget.on_limit == OnLimit::Warn {
            return None;
        }
        let old = self.meter.month_told.0.saturating_add(OLD) <= self.now.0;
        if self.month().is_some() && old && self.meter.checking.is_none() {
            let until = Now(self.now.0 + PATIENCE);
            self.meter.checking = Some(until);
            self.meter.held = Some(Box::new(held()));
            let month = self.ask_for_month().into_iter();
            return Some(month.chain([Effect::WakeAt(until.0)]).collect());
        }
        let count = coming.len();
        let sentence = if let Some(spent) = self.month() {
            let coming = self.coming_cost(coming);
            if budget.standing(spent, coming) != Standing::Over {
                return None;
            }
            budget.sentence_of(count, spent, coming)
        } else {
            format!("the budget cannot be checked: {UNKNOWN}")
        };
        self.meter.held = Some(Box::new(held()));
        let sentence = crate::app::sentence(&sentence);
        let these = these(count);
        self.dialogs.push(Dialog::Confirm(Confirm {
            question: format!("{sentence}. Send {these} anyway?"),
            answers: vec![
                ('c', "cancel", Answer::Cancel),
                ('s', "send anyway", Answer::SendAnyway),
            ],
        }));
        Some(self.ask_for_month().into_iter().collect())
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
                origins,
                after,
                joins,
            }) => self.send_now(origins, after.as_ref(), joins),
            Some(Held::Part(launch)) => self.launch_now(launch),
            Some(Held::Question(question)) => self.put_question_now(question),
        }
    }
}
