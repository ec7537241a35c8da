//! Requests for variants go out: several at once, no more of them together than the settings allow.
//!
//! Owns which requests a form makes and whose turn it is. What goes over the budget is held back
//! by `spending`; what is in the way of a request is found out before.

use super::{Joins, Origin, Phase, Variant};
use crate::app::effect::{Effect, Keep, Record};
use crate::app::generate::request_of;
use crate::app::{App, Pane, Weight};
use crate::domain::cost::Usd;
use crate::domain::run::RunId;
use crate::domain::seam;
use crate::domain::template::ModelChoice;
use crate::store::journal::Purpose;
use crate::store::stars::Star;

impl App {
    /// The models that the form's prompt goes to, each in a request of its own.
    pub fn coming_models(&self) -> Vec<String> {
        let Ok(provider) = self.settings.provider(None) else {
            return Vec::new();
        };
        let none = ModelChoice::default();
        let form = self.form.as_ref();
        let wish = form.map_or(&none, |form| &form.template.model);
        self.settings.models_for(provider, wish)
    }

    /// How many variants of each model the form asks for.
    pub fn coming_rounds(&self) -> usize {
        let form = self.form.as_ref();
        form.map_or(1, |form| usize::from(form.template.variants))
    }

    /// Every request that the form makes: its models in turn, as often as variants are wanted.
    pub(in crate::app) fn spread(&self, origin: &Origin) -> Vec<Origin> {
        let models = self.coming_models();
        let rounds = (0..self.coming_rounds()).flat_map(|_| &models);
        let asking = |model: &String| {
            let mut origin = origin.clone();
            origin.request.model.clone_from(model);
            origin
        };
        rounds.map(asking).collect()
    }

    /// Sends the request of `origin`, or one that goes on with a variant made from it; within the
    /// budget, or asks first.
    pub(in crate::app) fn send(
        &mut self,
        origin: Origin,
        after: Option<&Variant>,
        joins: Joins,
    ) -> Vec<Effect> {
        self.send_all(vec![origin], after, joins)
    }

    /// The same of several together: the budget has to have room for all of them.
    pub(in crate::app) fn send_all(
        &mut self,
        origins: Vec<Origin>,
        after: Option<&Variant>,
        joins: Joins,
    ) -> Vec<Effect> {
        match self.hold((&origins, after, joins)) {
            Some(instead) => instead,
            None => self.send_now(origins, after, joins),
        }
    }

    /// The same whatever the budget says.
    pub(in crate::app) fn send_now(
        &mut self,
        origins: Vec<Origin>,
        after: Option<&Variant>,
        joins: Joins,
    ) -> Vec<Effect> {
        if joins == Joins::Nothing
            && let Some(origin) = origins.first()
        {
            // They were marked for this run.
            self.settings.mark(&origin.provider, Vec::new());
        }
        let before = self.output.variants.len();
        let mut effects = Vec::new();
        let mut expected: Option<Usd> = None;
        let mut first = None;
        self.output.begin_set();
        for origin in origins {
            // All but the first go beside it, whatever that joins.
            let joins = first.map_or(joins, |_| Joins::Behind);
            let (run, cost, effect) = self.add_request(origin, after, joins);
            first.get_or_insert(run);
            expected = expected
                .into_iter()
                .chain(cost)
                .reduce(|all, one| all + one);
            effects.extend(effect);
        }
        self.show_variants();
        self.notice = None;
        self.practice_card = false;
        self.focus_on(Pane::Output);
        if joins == Joins::Nothing {
            effects.extend(first.into_iter().flat_map(|run| self.form_went_out(run)));
        }
        effects.extend(self.keep_moving());
        if joins == Joins::Behind {
            effects.extend(self.tell_of_more(self.output.variants.len() - before));
        }
        effects.extend(self.speak_of_coming(expected));
        effects
    }

    /// Adds the variant of a request, which goes out now or waits for its turn. Answers its run,
    /// what it is likely to cost, and the request if it goes out.
    fn add_request(
        &mut self,
        origin: Origin,
        after: Option<&Variant>,
        joins: Joins,
    ) -> (RunId, Option<Usd>, Option<Effect>) {
        let run = self.next_run();
        let request = request_of(&origin, after);
        let tariff = self.tariff(&origin.provider, &request);
        let together = match after {
            Some(before) => Some(before.together.unwrap_or(before.run)),
            None if joins == Joins::Behind => self.output.first_of_group(),
            None => None,
        };
        let record = Record {
            purpose: if after.is_some() {
                Purpose::Continue
            } else {
                Purpose::Generate
            },
            continues: after.map(|variant| variant.run),
            together,
            draft: self.editor.draft_key(),
            template: origin.template.clone(),
            template_hash: origin.template_hash.clone(),
            brief: origin.brief.clone(),
            server: origin.server.clone(),
            tariff,
        };
        let effect = Effect::Generate {
            run,
            provider: origin.provider.clone(),
            request,
            record: Box::new(record),
        };
        let text = after
            .map(|variant| seam::whole(&variant.text).to_owned())
            .unwrap_or_default();
        let mut variant = Variant::new(run, origin, text, self.now);
        variant.priced_by(tariff);
        variant.together = together;
        let expected = variant.expected;
        if let Some(before) = after {
            variant.continues.clone_from(&before.continues);
            variant.continues.push(before.run);
        }
        let waits = self.output.under_way() >= self.at_once();
        if waits {
            variant.phase = Phase::InTurn;
        }
        self.output.add(variant, joins);
        if waits {
            self.output.turns.push_back(effect);
            return (run, expected, None);
        }
        (run, expected, Some(effect))
    }

    /// Sends what has waited for its turn, as far as there is room for it.
    pub(in crate::app) fn take_turns(&mut self) -> Vec<Effect> {
        let mut effects = Vec::new();
        while !self.output.turns.is_empty() && self.output.under_way() < self.at_once() {
            let Some(effect) = self.output.turns.pop_front() else {
                break;
            };
            if let Effect::Generate { run, .. } = effect
                && let Some(variant) = self.output.goes_out(run, self.now)
            {
                // The journal knew nothing yet that a star could be kept with.
                let star = variant.starred.then_some(Keep::Star(run, Star::On));
                effects.push(effect);
                effects.extend(star.map(Effect::Keep));
            }
        }
        effects
    }

    /// Requests that may be under way together.
    fn at_once(&self) -> usize {
        usize::from(self.settings.variants.at_once)
    }

    /// As many more as were asked for together, written beside the variant that stays on screen.
    pub(in crate::app) fn more(&mut self) -> Vec<Effect> {
        if self.asks.shown {
            return self.ask_again();
        }
        let origins = self.output.asked_together();
        if origins.is_empty() {
            return self.generate();
        }
        self.send_all(origins, None, Joins::Behind)
    }

    /// Says which variants are being written now behind the one that is read.
    fn tell_of_more(&mut self, count: usize) -> Vec<Effect> {
        let last = self.output.group().len();
        let first = last + 1 - count.min(last);
        let way = if first > 9 {
            "] leads there".to_owned()
        } else if count == 1 {
            format!("{first} or ] shows it")
        } else {
            format!("{first} or ] shows the first")
        };
        let told = match count {
            1 => format!("variant {last} is being written; {way}"),
            _ => format!("variants {first} to {last} are being written; {way}"),
        };
        self.tell(Weight::Note, told)
    }
}
