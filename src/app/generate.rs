//! From a form to a run, and what can be asked of a variant.

use super::effect::{Effect, Keep, Record};
use super::msg::{Now, Past};
use super::output::{Joins, Origin, Variant};
use super::{App, Pane, Weight};
use crate::domain::failure::Failure;
use crate::domain::prompt::{Example, Request};
use crate::domain::render::{self, Rendered};
use crate::domain::run::RunId;
use crate::store::journal::Purpose;

/// What a notice about fields that stop a run begins with.
const FILL_IN: &str = "fill in first: ";

impl App {
    /// Keeps the notice about fields that stop a run true while they are filled in.
    pub(super) fn refresh_filling(&mut self) {
        let (Some(form), Some(notice)) = (&self.form, &mut self.notice) else {
            return;
        };
        if !notice.text.starts_with(FILL_IN) {
            return;
        }
        let wrong = form.unfilled();
        if wrong.is_empty() {
            self.notice = None;
        } else {
            notice.text = format!("{FILL_IN}{}", wrong.join(", "));
        }
    }

    /// Sends the prompt of the open form.
    pub(super) fn generate(&mut self) -> Vec<Effect> {
        let Some(form) = self.form.as_mut() else {
            let told = self.tell(
                Weight::Note,
                "choose a template first: enter opens its form",
            );
            self.focus_on(Pane::Template);
            return told;
        };
        let wrong = form.check();
        if !wrong.is_empty() {
            self.focus_on(Pane::Template);
            return self.tell(Weight::Bad, format!("{FILL_IN}{}", wrong.join(", ")));
        }
        let (template, brief) = (form.template.clone(), form.brief());
        let mut rendered = match render::render(&template, &brief, &self.snippets) {
            Ok(rendered) => rendered,
            Err(error) => return self.tell(Weight::Bad, error.to_string()),
        };
        let provider = match self.settings.provider(None) {
            Ok(provider) => provider.clone(),
            Err(failure) => return self.fail(&failure),
        };
        let taken = self
            .editor
            .detached
            .as_ref()
            .filter(|taken| taken.is_edited());
        if let Some(taken) = taken {
            rendered.prompt.user = taken.document.text();
        }
        let target_words = rendered.target_words;
        let origin = Origin {
            template: template.name.clone(),
            title: template.title.clone(),
            template_hash: template.hash.clone(),
            provider: provider.name.clone(),
            server: provider.origin(),
            request: self.settings.request(&provider, &template, rendered),
            target_words,
            edited_prompt: taken.is_some(),
            brief: brief.clone(),
        };
        let past = self.past.entry(template.name.clone()).or_default();
        past.remember(brief.clone());
        let mut effects = self.send(origin, None, Joins::Nothing);
        effects.push(Effect::Keep(Keep::Brief {
            template: template.name.clone(),
            brief,
        }));
        effects
    }

    /// Takes in what was given to a template in earlier sessions; what this one knows is newer.
    pub(super) fn recall(&mut self, template: &str, earlier: Past) {
        let known = self.past.entry(template.to_owned()).or_default();
        known.extend(earlier);
    }

    /// Sends the request of `origin`, or one that goes on with a variant made from it.
    fn send(&mut self, origin: Origin, after: Option<&Variant>, joins: Joins) -> Vec<Effect> {
        let run = self.next_run();
        let request = match after {
            Some(variant) => continued(&origin.request, &variant.text),
            None => origin.request.clone(),
        };
        let record = Record {
            purpose: if after.is_some() {
                Purpose::Continue
            } else {
                Purpose::Generate
            },
            continues: after.map(|variant| variant.run),
            draft: self.editor.draft_key(),
            template: origin.template.clone(),
            template_hash: origin.template_hash.clone(),
            brief: origin.brief.clone(),
            server: origin.server.clone(),
        };
        let effect = Effect::Generate {
            run,
            provider: origin.provider.clone(),
            request,
            record: Box::new(record),
        };
        let text = after
            .map(|variant| variant.text.clone())
            .unwrap_or_default();
        let mut variant = Variant::new(run, origin, text, self.now);
        if let Some(before) = after {
            variant.continues.clone_from(&before.continues);
            variant.continues.push(before.run);
        }
        self.output.add(variant, joins);
        self.notice = None;
        self.practice_card = false;
        self.focus_on(Pane::Output);
        let mut effects = vec![effect];
        effects.extend(self.keep_moving());
        effects
    }

    /// The same request as that of the variant shown, once more.
    pub(super) fn again(&mut self) -> Vec<Effect> {
        match self.output.shown().map(|variant| variant.origin.clone()) {
            Some(origin) => self.send(origin, None, Joins::Shown),
            None => self.generate(),
        }
    }

    /// One more of the same, written beside the variant that stays on screen.
    pub(super) fn one_more(&mut self) -> Vec<Effect> {
        let Some(origin) = self.output.shown().map(|variant| variant.origin.clone()) else {
            return self.generate();
        };
        let mut effects = self.send(origin, None, Joins::Behind);
        let number = self.output.group().len();
        let told = format!("variant {number} is being written; {number} or ] shows it");
        effects.extend(self.tell(Weight::Note, told));
        effects
    }

    /// Goes on where the variant shown was cut or stopped.
    pub(super) fn carry_on(&mut self) -> Vec<Effect> {
        let Some(variant) = self.output.shown() else {
            return Vec::new();
        };
        if !variant.is_partial() || variant.text.is_empty() {
            return self.tell(
                Weight::Note,
                "this text came to its own end; R writes another one",
            );
        }
        let variant = variant.clone();
        self.send(variant.origin.clone(), Some(&variant), Joins::Shown)
    }

    /// Stops a run and keeps what it wrote.
    pub(super) fn stop(&mut self, run: RunId) -> Vec<Effect> {
        self.output.stop(self.now, run);
        let running = self.output.variants.iter();
        let others = running.filter(|variant| variant.is_running()).count();
        let told = match others {
            0 => "stopped; what came is kept".to_owned(),
            1 => "stopped; what came is kept; 1 more still runs, esc stops it".to_owned(),
            _ => format!("stopped; what came is kept; {others} more still run, esc stops the next"),
        };
        let mut effects = self.tell(Weight::Note, told);
        effects.push(Effect::Cancel(run));
        effects
    }

    /// The running variant to stop: the one shown, else any.
    pub(super) fn running(&self) -> Option<RunId> {
        let shown = self.output.shown().filter(|variant| variant.is_running());
        shown
            .or_else(|| {
                self.output
                    .variants
                    .iter()
                    .find(|variant| variant.is_running())
            })
            .map(|v| v.run)
    }

    /// Renders the prompt anew for the Prompt tab and the title line.
    pub(super) fn refresh_preview(&mut self) {
        self.editor.preview = self.form.as_ref().map(|form| {
            render::preview(&form.template, &form.brief(), &self.snippets)
                .map_err(|problem| problem.to_string())
        });
    }

    /// Rough size of the prompt in tokens.
    pub fn prompt_tokens(&self) -> Option<usize> {
        let rendered: &Rendered = self.editor.preview.as_ref()?.as_ref().ok()?;
        match &self.editor.detached {
            Some(taken) if taken.is_edited() => {
                let mut prompt = rendered.prompt.clone();
                prompt.user = taken.document.text();
                Some(prompt.estimated_tokens())
            }
            _ => Some(rendered.prompt.estimated_tokens()),
        }
    }

    /// Tells about the end of a run: in short where the Output pane shows the whole sentence.
    pub(super) fn on_run_failed(&mut self, run: RunId, failure: &Failure) -> Vec<Effect> {
        let shown = self.output.shown().is_some_and(|shown| shown.run == run);
        if shown && self.areas.output.height > 0 {
            return self.tell(Weight::Bad, failure.what.clone());
        }
        self.fail(failure)
    }

    /// While something runs, the status moves on by itself once a second.
    pub(super) fn keep_moving(&mut self) -> Option<Effect> {
        if !self.output.is_running() {
            self.moves_at = None;
            return None;
        }
        if self.moves_at.is_some_and(|at| at > self.now) {
            return None;
        }
        let next = Now(self.now.0 + 1_000);
        self.moves_at = Some(next);
        Some(Effect::WakeAt(next.0))
    }

    /// Takes a notice away whose time is over.
    pub(super) fn expire(&mut self, now: Now) {
        if self
            .notice
            .as_ref()
            .is_some_and(|notice| notice.until.is_some_and(|until| until <= now))
        {
            self.notice = None;
        }
        if self.quit_armed.is_some_and(|until| until <= now) {
            self.quit_armed = None;
        }
    }
}

/// A request that asks to go on with `text`, which answers `request`.
fn continued(request: &Request, text: &str) -> Request {
    let mut request = request.clone();
    let asked = std::mem::replace(&mut request.prompt.user, CONTINUE.to_owned());
    request.prompt.examples.push(Example {
        user: asked,
        assistant: text.to_owned(),
    });
    request
}

const CONTINUE: &str = "Your text was cut off. Continue it from exactly where it stopped. \
    Do not repeat anything and do not comment; write only what follows.";
