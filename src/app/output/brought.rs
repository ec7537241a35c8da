//! Runs that come back out of the journal as variants: answers that were not used, and any run that
//! a person looks up.
//!
//! A variant that comes back can do what any other can. Never reads the journal itself.

use super::{Joins, Origin, Phase, Variant};
use crate::app::effect::Effect;
use crate::app::msg::Now;
use crate::app::switcher::runs::Aim;
use crate::app::{App, Pane, Weight};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::run::{FinishReason, RunId};
use crate::domain::seam::{Came, joined};
use crate::store::items::Item;
use crate::store::journal::{Ending, Purpose, Run};

/// A run that comes back.
#[derive(Debug, Clone)]
pub struct Brought {
    /// The run.
    pub run: Run,
    /// The runs that it goes on with, oldest first.
    pub continues: Vec<RunId>,
    /// Its text went nowhere, and is this studio's now.
    pub unused: bool,
}

impl App {
    /// An answer that was not used is back, with those that it stood together with: each can be
    /// used, asked for again, and continued if it broke off. What it goes on with stands before it.
    pub(in crate::app) fn on_answer_restored(
        &mut self,
        answers: Vec<Brought>,
        shown: RunId,
    ) -> Vec<Effect> {
        if self.show_run(shown) {
            return Vec::new();
        }
        self.add_brought(answers, shown)
    }

    /// A run that a person looked up is there.
    pub(in crate::app) fn on_run_read(
        &mut self,
        runs: Vec<Brought>,
        shown: RunId,
        aim: Aim,
    ) -> Vec<Effect> {
        match aim {
            Aim::Inspect => {
                let run = runs.into_iter().find(|each| each.run.record.id == shown);
                let variant = run.map(|each| self.variant_of(each.run, each.continues));
                variant.map_or_else(Vec::new, |variant| self.inspect_run(&variant))
            }
            Aim::Show if self.show_run(shown) => Vec::new(),
            Aim::Show => self.add_brought(runs, shown),
        }
    }

    fn add_brought(&mut self, answers: Vec<Brought>, shown: RunId) -> Vec<Effect> {
        self.show_variants();
        self.output.begin_set();
        let mut count = 0;
        for Brought {
            run,
            continues,
            unused,
        } in answers
        {
            let id = run.record.id;
            if self.output.variants.iter().any(|known| known.run == id) {
                continue;
            }
            let at = Now(u64::try_from(run.record.at.as_millisecond()).unwrap_or(0));
            let mut variant = self.variant_of(run, continues);
            variant.brought = (!unused).then_some(at);
            let joins = if count == 0 {
                Joins::Nothing
            } else {
                Joins::Behind
            };
            self.output.add(variant, joins);
            count += 1;
        }
        self.show_run(shown);
        self.focus_on(Pane::Output);
        let Some(variant) = self.output.shown() else {
            return Vec::new();
        };
        let what = match (variant.text.is_empty(), variant.is_partial()) {
            (true, _) => "no text came of it, R asks again",
            (_, true) => "c continues it, enter uses it",
            (_, false) => "enter uses it",
        };
        let told = match count {
            ..=1 => format!("brought back; {what}"),
            _ => format!("{count} variants brought back; {what}"),
        };
        self.tell(Weight::Good, told)
    }

    /// A run as a variant, under the title that its template has now.
    pub(in crate::app) fn variant_of(&self, run: Run, continues: Vec<RunId>) -> Variant {
        let name = run.record.template.clone().unwrap_or_default();
        let listed = self.browser.rows(crate::app::browser::Tab::Templates);
        let item = Item::Template(name.clone());
        let known = listed.iter().find(|row| row.item == item);
        let title = known.map_or(name, |row| row.title.clone());
        let mut variant = Variant::of_run(run, title);
        variant.continues = continues;
        variant
    }
}

impl Variant {
    /// A run as the journal has it. One whose end nobody saw has broken off.
    pub(in crate::app) fn of_run(run: Run, title: String) -> Self {
        let before = run.record.before().to_owned();
        let record = run.record;
        let at = record.at.as_millisecond();
        let origin = Origin {
            title,
            template: record.template.unwrap_or_default(),
            template_hash: record.template_hash.unwrap_or_default(),
            brief: record.brief,
            provider: record.provider,
            server: record.origin,
            request: first_asked(record.request, record.purpose),
            target_words: None,
            edited_prompt: false,
        };
        let moment = |at: i64| Now(u64::try_from(at).unwrap_or(0));
        let mut variant = Self::new(record.id, origin, before.clone(), moment(at));
        variant.reasoning.push(&run.reasoning);
        variant.starred = run.starred;
        variant.together = record.together;
        let outcome = run.outcome;
        variant.usage = outcome.as_ref().and_then(|outcome| outcome.usage);
        variant.model = outcome.as_ref().and_then(|outcome| outcome.model.clone());
        let ended = outcome.as_ref().map(|outcome| outcome.at.as_millisecond());
        variant.ended = Some(moment(ended.unwrap_or(at)));
        variant.phase = match outcome.map(|outcome| outcome.ending) {
            Some(Ending::Finished(reason)) => Phase::Done(reason),
            Some(Ending::Stopped) => Phase::Stopped,
            Some(Ending::Failed(why)) => Phase::Failed(Failure::new(FailureKind::Partial, why)),
            None => Phase::Done(FinishReason::Interrupted),
        };
        let came = Came::in_part(variant.is_partial());
        variant.text = joined(&before, &run.text, came);
        variant.follow = false;
        variant
    }
}

/// The request that a run began with; a continued one has the text so far as its last example.
fn first_asked(mut request: Request, purpose: Purpose) -> Request {
    if purpose == Purpose::Continue
        && let Some(told) = request.prompt.examples.pop()
    {
        request.prompt.user = told.user;
    }
    request
}
