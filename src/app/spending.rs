//! Tokens and money: what the coming request is likely to take, what runs have cost, what is left
//! of the budget.
//!
//! Counting is slow at first, so it is asked for when typing pauses and an estimate stands in
//! until then. Never blocks, never sends; what is over the budget is held back here.

mod budget;

use super::App;
use super::effect::{Ask, Effect};
use super::msg::{Msg, Now};
use crate::config::Provider;
use crate::domain::budget::{Budget, Standing};
use crate::domain::cost::{Prices, Spent, Usd};
use crate::domain::failure::Failure;
use crate::domain::models::{self, Catalog, Estimate, Model, Place, Tariff, Vocabulary};
use crate::domain::prompt::{Prompt, Request};
use crate::domain::tokens::{self, Tokens};
use budget::Held;
use std::borrow::Cow;
use std::collections::HashMap;

/// Milliseconds without news of the prompt after which it is counted.
const PAUSE: u64 = 300;
/// Milliseconds for which a sum of the month is taken to be true: other studios and runs spend too.
const FRESH: u64 = 5_000;

/// Why a budget cannot be checked.
const UNKNOWN: &str = "the journal does not tell what this month has cost";

/// What is known about tokens and money.
#[derive(Debug, Default)]
pub(super) struct Meter {
    /// The prompt that was counted last.
    counted: Option<Counted>,
    /// When to count again.
    due: Option<Now>,
    /// A count is under way.
    counting: bool,
    /// The prompt, or whom it is for, may have changed.
    stale: bool,
    /// Lists of models by provider, as far as they were told; `None` when one was asked for.
    catalogs: HashMap<String, Option<Catalog>>,
    /// What this month has cost, and when it ends.
    month: Option<(Usd, Now)>,
    /// When that was asked for last.
    month_asked: Option<Now>,
    /// What was said last, and of which budget and month, by its end.
    told: Option<(Standing, Budget, Now)>,
    /// It was said that the budget cannot be checked.
    told_unchecked: bool,
    /// A request that is over the budget, until the person decides.
    held: Option<Box<Held>>,
    /// When that was told.
    month_told: Now,
    /// Until when the request waits for the ledger instead of the person.
    checking: Option<Now>,
}

#[derive(Debug)]
struct Counted {
    vocabulary: Vocabulary,
    prompt: Prompt,
    tokens: u64,
    chars: usize,
}

impl Counted {
    fn is_of(&self, vocabulary: Vocabulary, prompt: &Prompt) -> bool {
        let same = |other: &Prompt| {
            (
                &self.prompt.user,
                &self.prompt.system,
                &self.prompt.examples,
            ) == (&other.user, &other.system, &other.examples)
        };
        self.vocabulary == vocabulary && same(prompt)
    }
}

impl Meter {
    /// Notes that the prompt may have changed.
    pub(super) const fn changed(&mut self) {
        self.stale = true;
    }

    /// Forgets what this month has cost: from now on runs may go unbooked.
    pub(super) const fn forget_month(&mut self) {
        self.month = None;
    }

    /// The size of a prompt, as well as it is known: counted, or what was counted before and a
    /// quarter of the characters since, or a quarter of all of them.
    fn size(&self, vocabulary: Option<Vocabulary>, prompt: &Prompt) -> Tokens {
        self.text_size(vocabulary, prompt).with_images(prompt)
    }

    fn text_size(&self, vocabulary: Option<Vocabulary>, prompt: &Prompt) -> Tokens {
        let known = self.counted.as_ref();
        let known = known.filter(|known| Some(known.vocabulary) == vocabulary);
        match (known, vocabulary) {
            (Some(known), Some(vocabulary)) if known.is_of(vocabulary, prompt) => {
                Tokens::Counted(known.tokens)
            }
            (Some(known), _) => {
                let (now, then) = (prompt.chars(), known.chars);
                let grown = tokens::estimate(now.saturating_sub(then));
                let shrunk = tokens::estimate(then.saturating_sub(now));
                Tokens::Estimated((known.tokens + grown).saturating_sub(shrunk))
            }
            (None, _) => tokens::estimated(prompt),
        }
    }
}

impl App {
    /// What is known of a model at a provider.
    pub fn model_at(&self, provider: &str, id: &str) -> Model {
        let catalog = self.meter.catalogs.get(provider).and_then(Option::as_ref);
        catalog.map_or_else(|| models::find(id), |catalog| catalog.find(id))
    }

    /// The list of models that a provider told.
    pub fn catalog(&self, provider: &str) -> Option<&Catalog> {
        self.meter.catalogs.get(provider)?.as_ref()
    }

    /// What this month has cost so far; known only when there is a budget.
    pub fn month(&self) -> Option<Usd> {
        let (spent, until) = self.meter.month?;
        Some(if self.now < until { spent } else { Usd::ZERO })
    }

    /// What the prompt of the form is likely to take: its size for the first model, and the price of
    /// all requests together, if that of each is known.
    pub fn estimate(&self) -> Option<Estimate> {
        let rendered = self.editor.preview.as_ref()?.as_ref().ok()?;
        let template = &self.form.as_ref()?.template;
        let params = rendered.prompt.params.overlaid(&template.model.params);
        let provider = self.settings.provider(None).ok()?;
        let coming = self.coming()?;
        let of_model = |model: &String| {
            let size = self.meter.size(models::vocabulary(model), coming.as_ref());
            let prices = self.prices_of(provider, model);
            Estimate::of(prices.as_ref(), size, &params, rendered.target_words)
        };
        let all: Vec<Estimate> = self.coming_models().iter().map(of_model).collect();
        let costs = all.iter().map(|each| Some(each.cost?.usd()));
        let once: Option<Usd> = costs.sum();
        let cost = once.map(|once| (0..self.coming_rounds()).map(|_| once).sum());
        let first = all.into_iter().next()?;
        Some(Estimate {
            cost: cost.map(Spent::Estimated),
            ..first
        })
    }

    /// The provider and the model that the form's prompt would go to.
    fn target(&self) -> Option<(&Provider, String)> {
        self.form.as_ref()?;
        let provider = self.settings.provider(None).ok()?;
        Some((provider, self.coming_models().into_iter().next()?))
    }

    /// The prompt of the form, as edited.
    fn coming(&self) -> Option<Cow<'_, Prompt>> {
        let prompt = &self.editor.preview.as_ref()?.as_ref().ok()?.prompt;
        Some(match &self.editor.detached {
            None => Cow::Borrowed(prompt),
            Some(taken) => Cow::Owned(Prompt {
                user: taken.document.text(),
                ..prompt.clone()
            }),
        })
    }

    fn prices_of(&self, provider: &Provider, model: &str) -> Option<Prices> {
        if provider.is_practice() {
            return Some(Prices::FREE);
        }
        let catalog = self.catalog(&provider.name);
        let told = catalog.and_then(|catalog| catalog.told_prices(model));
        provider.place().prices(told, models::find(model).prices)
    }

    /// What a request will be priced by.
    pub(super) fn tariff(&self, provider: &str, request: &Request) -> Tariff {
        let found = self.settings.provider(Some(provider)).ok();
        let prices = found.and_then(|provider| self.prices_of(provider, &request.model));
        let vocabulary = models::vocabulary(&request.model);
        let input = self.meter.size(vocabulary, &request.prompt).number();
        Tariff { prices, input }
    }

    /// What a request is likely to take.
    pub(super) fn expected(&self, provider: &str, request: &Request, words: usize) -> Estimate {
        let tariff = self.tariff(provider, request);
        let size = self
            .meter
            .size(models::vocabulary(&request.model), &request.prompt);
        Estimate::of(
            tariff.prices.as_ref(),
            size,
            &request.prompt.params,
            Some(words),
        )
    }

    /// Looks after every message whether the prompt is to be counted, and whether its model is one
    /// that a list from its server may know.
    pub(super) fn measure(&mut self) -> Vec<Effect> {
        let is_due = self.meter.due.is_some_and(|due| due <= self.now);
        if !std::mem::take(&mut self.meter.stale) && !is_due {
            return Vec::new();
        }
        let mut effects = Vec::new();
        let Some((provider, model)) = self.target() else {
            return effects;
        };
        let name = provider.name.clone();
        let known = |model: &String| models::find(model).prices.is_some();
        let listed = provider.place() != Place::Nearby && self.coming_models().iter().all(known);
        let unknown = !provider.is_practice() && !listed;
        if unknown && !self.meter.catalogs.contains_key(&name) {
            self.meter.catalogs.insert(name.clone(), None);
            effects.push(Effect::LoadModels {
                provider: name,
                ask: Ask::Nobody,
            });
        }
        let old = |asked: Now| asked.0.saturating_add(FRESH) <= self.now.0;
        if self.meter.month_asked.is_none_or(old) {
            self.meter.month_asked = Some(self.now);
            effects.extend(self.ask_for_month());
        }
        effects.extend(self.count(&model));
        effects
    }

    /// Has the prompt counted, or says when that is to be done.
    fn count(&mut self, model: &str) -> Option<Effect> {
        let vocabulary = models::vocabulary(model)?;
        if self.meter.due.is_some_and(|due| due > self.now) {
            return None;
        }
        let prompt = self.coming()?.into_owned();
        let known = self.meter.counted.as_ref();
        if self.meter.counting || known.is_some_and(|known| known.is_of(vocabulary, &prompt)) {
            self.meter.due = None;
            return None;
        }
        if self.meter.due.take().is_none() {
            let due = Now(self.now.0 + PAUSE);
            self.meter.due = Some(due);
            return Some(Effect::WakeAt(due.0));
        }
        self.meter.counting = true;
        Some(Effect::Count {
            vocabulary,
            prompt: Box::new(prompt),
        })
    }

    /// Takes what was counted, listed or added up.
    pub(super) fn on_reckoning(&mut self, msg: Msg) -> Vec<Effect> {
        match msg {
            Msg::Counted {
                vocabulary,
                prompt,
                tokens,
            } => self.on_counted(vocabulary, *prompt, tokens),
            Msg::Models {
                provider,
                catalog,
                failure,
            } => return self.on_models(&provider, catalog, failure.as_ref()),
            Msg::Spent { spent, until } => return self.on_month(spent, until),
            Msg::Usage(month) => self.on_usage(*month),
            _ => {}
        }
        Vec::new()
    }

    fn on_counted(&mut self, vocabulary: Vocabulary, prompt: Prompt, tokens: Tokens) {
        self.meter.counting = false;
        if let Tokens::Counted(tokens) = tokens {
            self.meter.counted = Some(Counted {
                vocabulary,
                chars: prompt.chars(),
                prompt,
                tokens,
            });
            self.meter.stale = true;
        }
    }

    /// Takes a list of models, or why there is none.
    fn on_models(
        &mut self,
        provider: &str,
        catalog: Option<Catalog>,
        failure: Option<&Failure>,
    ) -> Vec<Effect> {
        // Where nobody was asked and no list is kept, there is no answer to go on with.
        let answered = catalog.is_some() || failure.is_some();
        if catalog.is_some() {
            self.meter.catalogs.insert(provider.to_owned(), catalog);
        }
        self.refill_picker(provider, failure);
        if answered {
            self.on_first_models(provider, failure)
        } else {
            Vec::new()
        }
    }

    /// Takes what this month has cost, and says so when the budget is nearly used up.
    fn on_month(&mut self, spent: Usd, until: Now) -> Vec<Effect> {
        self.meter.month = Some((spent, until));
        self.meter.month_told = self.now;
        match self.checked() {
            Some(effects) => effects,
            None => self.speak_of_budget(Usd::ZERO),
        }
    }

    /// Asks what this month has cost, if anybody wants to know.
    pub(super) fn ask_for_month(&self) -> Option<Effect> {
        self.settings.budget.map(|_| Effect::LoadSpent)
    }
}
