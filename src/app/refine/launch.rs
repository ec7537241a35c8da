//! From a verb to a run: what it gets of the draft, and the request.
//!
//! Never shows anything and never decides about an answer.

use super::{Job, Part, Stage, Variant, put_off, remembered, stand};
use crate::app::effect::{Effect, Keep, Record};
use crate::app::first::Held;
use crate::app::output::{Joins, Origin};
use crate::app::{App, Pane, Weight};
use crate::config::Provider;
use crate::domain::brief::{Brief, Value};
use crate::domain::refine::{Anchor, Around, around};
use crate::domain::render;
use crate::domain::run::RunId;
use crate::domain::template::Template;
use crate::domain::text::words;
use crate::store::journal::Purpose as RunPurpose;
use std::sync::Arc;
use uuid::Uuid;

/// Inputs that a verb gets from the studio.
pub(super) const GIVEN: [&str; 4] = ["part", "before", "after", "draft"];
/// The input that takes what the person adds to a verb.
pub(super) const ADJUST: &str = "adjust";
/// Longest part in bytes.
const LONGEST: usize = 256 * 1024;
/// Most bytes of the draft that go along with a part.
const MOST: usize = 192 * 1024;
/// Bytes of the draft that go along for each token that the model's window has: a token is about
/// four, and the part and the answer need room, too.
const PER_TOKEN: u64 = 2;

/// A request for a part of the draft.
#[derive(Debug, Clone)]
pub struct Launch {
    /// The document that the part is in.
    pub(super) draft: Uuid,
    pub(super) template: Arc<Template>,
    pub(super) title: String,
    /// What the verb asked for.
    pub(super) given: Brief,
    pub(super) anchor: Anchor,
    /// The run whose answer did not do.
    pub(super) replaces: Option<RunId>,
}

impl App {
    /// What a verb gets of the draft, and whether something of it was left out.
    pub(super) fn brief_of(
        &self,
        template: &Template,
        given: &Brief,
        anchor: &Anchor,
    ) -> (Brief, bool) {
        let mut brief = given.clone();
        let text = anchor.seen().text();
        let part = anchor.range().unwrap_or_default();
        let room = self
            .room_for_context(template.model.id.as_deref())
            .saturating_sub(2 * part.len());
        let Around { before, after, cut } = around(&text, &part, room);
        let part = anchor.text().to_owned();
        let draft = [before.as_str(), &part, &after].concat();
        for (name, value) in [
            ("part", part),
            ("before", before),
            ("after", after),
            ("draft", draft),
        ] {
            if template.input(name).is_some() {
                brief.set(name, Value::Text(value));
            }
        }
        (brief, cut)
    }

    /// Most bytes of the draft that fit into the window of a model, of the one in use without a wish.
    pub(in crate::app) fn room_for_context(&self, wish: Option<&str>) -> usize {
        let Ok(provider) = self.settings.provider(None) else {
            return MOST;
        };
        let model = self.settings.model_for(provider, wish);
        let window = self.model_at(&provider.name, &model).context;
        window.map_or(MOST, |tokens| {
            MOST.min((tokens.saturating_mul(PER_TOKEN)) as usize)
        })
    }

    /// Sends a request for a part; within the budget, or asks first.
    pub(in crate::app) fn launch(&mut self, launch: Launch) -> Vec<Effect> {
        let wish = launch.template.model.id.as_deref();
        let provider = self.settings.provider(None);
        let without = |it: &&Provider| self.settings.without_model(it, wish).is_some();
        if let Some(provider) = provider.ok().filter(without).cloned() {
            return self.find_model_for(&provider, Held::Part(Box::new(launch)));
        }
        let origin = match self.compose_part(&launch) {
            Ok(origin) => origin,
            Err(told) => return told,
        };
        let tariff = self.tariff(&origin.provider, &origin.request);
        match self.hold_part(&launch, &origin, &tariff) {
            None => self.send_part(launch, origin),
            Some(instead) => instead,
        }
    }

    /// The same whatever the budget says.
    pub(in crate::app) fn launch_now(&mut self, launch: Launch) -> Vec<Effect> {
        match self.compose_part(&launch) {
            Ok(origin) => self.send_part(launch, origin),
            Err(told) => told,
        }
    }

    /// The request for a part; what is in its way is told.
    fn compose_part(&mut self, launch: &Launch) -> Result<Origin, Vec<Effect>> {
        let template = &launch.template;
        if launch.anchor.text().len() > LONGEST {
            let told = "this part is longer than 256 KB; select less of it";
            return Err(self.tell(Weight::Bad, told));
        }
        let (brief, _) = self.brief_of(template, &launch.given, &launch.anchor);
        let rendered = render::render(template, &brief, &self.snippets);
        let mut rendered = rendered.map_err(|error| self.tell(Weight::Bad, error.to_string()))?;
        let added = launch.given.get(ADJUST);
        if let Some(added) = added.filter(|_| template.input(ADJUST).is_none()) {
            let user = &mut rendered.prompt.user;
            *user = format!("{user}\n\nThe writer adds: {added}");
        }
        let provider = self.settings.provider(None).cloned();
        let provider = provider.map_err(|failure| self.fail(&failure))?;
        let wish = template.model.id.as_deref();
        if self.settings.without_model(&provider, wish).is_some() {
            return Err(self.ask_for_model(&provider.name));
        }
        let target = rendered.target_words;
        Ok(Origin {
            template: template.name.clone(),
            title: launch.title.clone(),
            template_hash: template.hash.clone(),
            provider: provider.name.clone(),
            server: provider.origin(),
            request: self.settings.request(&provider, template, rendered),
            target_words: Some(target.unwrap_or_else(|| words(launch.anchor.text()))),
            edited_prompt: false,
            brief,
        })
    }

    fn send_part(&mut self, mut launch: Launch, origin: Origin) -> Vec<Effect> {
        // While it waited for the budget, another document may have been shown.
        let Some(open) = self.editor.get(launch.draft) else {
            let told = "the draft was closed meanwhile; nothing was sent";
            return self.tell(Weight::Note, told);
        };
        launch.anchor.follow(open.document.snapshot());
        let (key, revision) = (open.draft_key(), open.document.revision());
        let sent = stand(&open.document);
        let mut effects = Vec::new();
        if let Some(before) = launch.replaces.take() {
            effects.extend(self.end_review());
            let job = self.refines.drop_job(before);
            let lost = job.filter(|job| !job.taken && !job.is_merge());
            effects.extend(lost.map(|_| put_off(before)));
        }
        let run = self.next_run();
        let tariff = self.tariff(&origin.provider, &origin.request);
        let brief = remembered(&launch.given);
        let record = Record {
            purpose: RunPurpose::Refine,
            continues: None,
            together: None,
            draft: key.clone(),
            template: origin.template.clone(),
            template_hash: origin.template_hash.clone(),
            brief: brief.clone(),
            server: origin.server.clone(),
            tariff,
        };
        let template = origin.template.clone();
        effects.push(Effect::Generate {
            run,
            provider: origin.provider.clone(),
            request: origin.request.clone(),
            record: Box::new(record),
        });
        effects.push(Effect::Keep(Keep::Brief { template, brief }));
        let mut answer = Variant::new(run, origin, String::new(), self.now);
        answer.priced_by(tariff);
        let expected = answer.expected;
        self.refines.answers.add(answer, Joins::Nothing);
        self.remember_verb(&launch);
        self.refines.jobs.push(Job {
            run,
            title: launch.title.clone(),
            anchor: launch.anchor.clone(),
            stage: Stage::Running,
            draft: launch.draft,
            key,
            seen: (launch.draft, revision),
            sent,
            of: Part::Asked(Box::new(launch)),
            step: None,
            taken: false,
            kept: None,
        });
        self.notice = None;
        self.practice_card = false;
        self.focus_on(Pane::Editor);
        effects.extend(self.keep_moving());
        effects.extend(self.speak_of_coming(expected));
        effects
    }

    /// What was given is offered again, also before the library is read once more.
    fn remember_verb(&mut self, launch: &Launch) {
        let known = self.refines.known.get_mut(&launch.template.name);
        if let Some(Ok((_, past))) = known {
            past.remember(remembered(&launch.given));
        }
    }
}
