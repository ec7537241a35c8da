//! From a form to a run, and what can be asked of a variant.

use super::attaching::Then;
use super::effect::Effect;
use super::msg::{Now, Past, RunFact};
use super::output::{Joins, Origin, Variant};
use super::{App, Pane, Weight};
use crate::domain::attachment::{self, attached};
use crate::domain::brief::Brief;
use crate::domain::failure::Failure;
use crate::domain::prompt::{Example, Request};
use crate::domain::render;
use crate::domain::run::RunId;
use crate::domain::seam;
use crate::domain::template::Template;
use std::sync::Arc;

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
        if let Some(told) = self.fill_in_source() {
            return told;
        }
        let origin = match self.compose(Then::Generate) {
            Ok(origin) => origin,
            Err(told) => return told,
        };
        let past = self.past.entry(origin.template.clone()).or_default();
        past.remember(origin.brief.clone());
        let all = self.spread(&origin);
        self.send_all(all, None, Joins::Nothing)
    }

    /// The request of the open form; what is missing is told. What has to be read first is asked
    /// for, and `then` says what goes on with it.
    pub(super) fn compose(&mut self, then: Then) -> Result<Origin, Vec<Effect>> {
        let Some(form) = self.form.as_mut() else {
            let told = self.tell(
                Weight::Note,
                "choose a template first: enter opens its form",
            );
            self.focus_on(Pane::Template);
            return Err(told);
        };
        let wrong = form.check();
        if !wrong.is_empty() {
            self.focus_on(Pane::Template);
            return Err(self.tell(Weight::Bad, format!("{FILL_IN}{}", wrong.join(", "))));
        }
        let (template, brief) = (form.template.clone(), form.brief());
        let taken = self.editor.detached.as_ref();
        let taken = taken.filter(|taken| taken.is_edited());
        let edited = taken.map(|taken| taken.document.text());
        self.compose_with((template, brief), edited, then)
    }

    /// The request of a template and a brief, perhaps with another user message.
    pub(super) fn compose_with(
        &mut self,
        (template, brief): (Arc<Template>, Brief),
        edited: Option<String>,
        then: Then,
    ) -> Result<Origin, Vec<Effect>> {
        let provider = self.settings.provider(None).cloned();
        let provider = provider.map_err(|failure| self.fail(&failure))?;
        let wish = template.model.id.as_deref();
        let stands_in = then == Then::Inspect && provider.takes_any();
        let unnamed = self.settings.marked(&provider.name).is_empty()
            && self.settings.without_model(&provider, wish).is_some();
        if unnamed && !stands_in {
            return Err(self.find_model(&provider, then));
        }
        let files = self.files_of(attachment::named(&template, &brief), then)?;
        let (filled, images) = attached(&brief, &files);
        let rendered = render::render(&template, &filled, &self.snippets);
        let mut rendered = rendered.map_err(|error| self.tell(Weight::Bad, error.to_string()))?;
        rendered.prompt.images = images;
        let edited_prompt = edited.is_some();
        if let Some(edited) = edited {
            rendered.prompt.user = edited;
        }
        let target_words = rendered.target_words;
        Ok(Origin {
            template: template.name.clone(),
            title: template.title.clone(),
            template_hash: template.hash.clone(),
            provider: provider.name.clone(),
            server: provider.origin(),
            request: self.settings.request(&provider, &template, rendered),
            target_words,
            edited_prompt,
            brief,
        })
    }

    /// Takes in what was given to a template in earlier sessions; what this one knows is newer.
    pub(super) fn recall(&mut self, template: &str, earlier: Past) {
        let known = self.past.entry(template.to_owned()).or_default();
        known.extend(earlier);
    }

    /// The same request as that of the variant shown, once more.
    pub(super) fn again(&mut self) -> Vec<Effect> {
        if self.asks.shown {
            return self.ask_again();
        }
        match self.output.shown().map(|variant| variant.origin.clone()) {
            Some(origin) => self.send(origin, None, Joins::Shown),
            None => self.generate(),
        }
    }

    /// Goes on where the variant shown was cut or stopped.
    pub(super) fn carry_on(&mut self) -> Vec<Effect> {
        if self.asks.shown {
            return self.ask_to_go_on();
        }
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
        self.form_stays(run);
        let running = self.output.variants.iter();
        let others = running.filter(|variant| variant.is_running()).count();
        let told = match others {
            0 => "stopped; what came is kept".to_owned(),
            1 => "stopped; what came is kept; 1 more still runs, esc stops it".to_owned(),
            _ => format!("stopped; what came is kept; {others} more still run, esc stops the next"),
        };
        let mut effects = self.tell(Weight::Note, told);
        effects.push(Effect::Cancel(run));
        effects.extend(self.ask_for_month());
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
        let brief = self.seen_brief().unwrap_or_default();
        let images = self.seen_images();
        self.editor.preview = self.form.as_ref().map(|form| {
            let preview = render::preview(&form.template, &brief, &self.snippets);
            preview
                .map(|mut rendered| {
                    rendered.prompt.images = images;
                    rendered
                })
                .map_err(|problem| problem.to_string())
        });
        self.meter.changed();
    }

    /// What follows when an answer moved on: after its end, what the month has cost is another.
    pub(super) fn on_moved(&self, run: RunId) -> Vec<Effect> {
        let of_run = self.output.variants.iter().find(|each| each.run == run);
        let ended = of_run.is_some_and(|variant| variant.ended == Some(self.now));
        self.ask_for_month().filter(|_| ended).into_iter().collect()
    }

    /// Tells about the end of a run: in short where the Output pane shows the whole sentence.
    fn on_run_failed(&mut self, run: RunId, failure: &Failure) -> Vec<Effect> {
        let shown = self.output.shown().is_some_and(|shown| shown.run == run);
        let place = self.output.place_of(run);
        let which = match place.filter(|(_, of)| *of > 1) {
            Some((number, _)) => format!("variant {number}: "),
            None => String::new(),
        };
        let told = if shown && self.areas.output.height > 0 {
            format!("{which}{}", failure.what)
        } else {
            format!("{which}{failure}")
        };
        let mut effects = self.tell(Weight::Bad, told);
        effects.extend(self.ask_for_month());
        effects
    }

    /// Takes a fact about a run.
    pub(super) fn on_run(&mut self, run: RunId, fact: RunFact) -> Vec<Effect> {
        if let RunFact::Noted(text) = fact {
            return self.note_about(run, text);
        }
        let counts = matches!(fact, RunFact::Retrying { .. });
        if let Some(failure) = self.output.on_run(self.now, run, fact) {
            self.form_stays(run);
            return self.on_run_failed(run, &failure);
        }
        let mut effects = self.on_moved(run);
        effects.extend(self.form_has_text(run));
        effects.extend(counts.then(|| self.keep_moving()).flatten());
        effects
    }

    /// Tells what is sent otherwise than it was wished, while somebody waits for it.
    fn note_about(&mut self, run: RunId, text: String) -> Vec<Effect> {
        let mut variants = self.output.variants.iter();
        if variants.any(|variant| variant.run == run && variant.is_running()) {
            return self.tell(Weight::Note, text);
        }
        Vec::new()
    }

    /// While something runs, the status moves on by itself once a second.
    pub(super) fn keep_moving(&mut self) -> Option<Effect> {
        if !self.runs().any(Variant::is_running) {
            self.moves_at = None;
            return None;
        }
        // A countdown moves when its number changes, or it would leave one out now and then.
        let counts = self.runs().filter_map(Variant::countdown);
        let next = counts
            .map(|at| at.0.saturating_sub(self.now.0))
            .filter(|left| *left > 0)
            .map(|left| (left - 1) % 1_000 + 1)
            .min()
            .unwrap_or(1_000);
        let next = Now(self.now.0 + next);
        if self.moves_at.is_some_and(|at| at > self.now && at <= next) {
            return None;
        }
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

/// The request of `origin`, or one that goes on with a variant made from it.
pub(super) fn request_of(origin: &Origin, after: Option<&Variant>) -> Request {
    match after {
        Some(variant) => continued(&origin.request, seam::whole(&variant.text)),
        None => origin.request.clone(),
    }
}

/// The request that a variant was sent with.
pub(super) fn sent_for(variant: &Variant) -> Request {
    let request = &variant.origin.request;
    if variant.continues.is_empty() {
        return request.clone();
    }
    continued(request, &variant.text[..variant.inherited])
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::msg::Msg;
    use crate::app::output::Phase;
    use crate::config::{Overrides, Settings};
    use crate::domain::prompt::Prompt;

    /// The moment that an effect asks to be woken at.
    fn woken(effects: &[Effect]) -> Option<u64> {
        effects.iter().find_map(|effect| match effect {
            Effect::WakeAt(at) => Some(*at),
            _ => None,
        })
    }

    #[test]
    fn a_countdown_is_drawn_whenever_its_number_changes() {
        let settings = Settings::resolve(None, &|_| None, &Overrides::default());
        let mut app = App::new(settings, 1);
        app.now = Now(10_000);
        let origin = Origin {
            template: String::new(),
            title: String::new(),
            template_hash: String::new(),
            brief: Brief::default(),
            provider: "practice".to_owned(),
            server: None,
            request: Request {
                model: "m".to_owned(),
                prompt: Prompt::default(),
            },
            target_words: None,
            edited_prompt: false,
        };
        assert_eq!(woken(&app.send(origin, None, Joins::Nothing)), Some(11_000));
        let run = app.output.shown().unwrap().run;
        let retry = RunFact::Retrying {
            why: String::new(),
            attempt: 2,
            wait: 2_300,
        };
        let said = |app: &App| match &app.output.shown().unwrap().phase {
            Phase::Connecting { retry: Some(retry) } => retry.countdown(app.now),
            other => format!("{other:?}"),
        };
        assert_eq!(
            woken(&app.update(Now(10_400), Msg::Run(run, retry))),
            Some(10_700)
        );
        assert_eq!(said(&app), "try 2 in 3 s");
        // A wake-up that comes late leaves none out.
        assert_eq!(woken(&app.update(Now(10_790), Msg::Tick)), Some(11_700));
        assert_eq!(said(&app), "try 2 in 2 s");
        assert_eq!(woken(&app.update(Now(11_990), Msg::Tick)), Some(12_700));
        assert_eq!(said(&app), "try 2 in 1 s");
        assert_eq!(woken(&app.update(Now(12_700), Msg::Tick)), Some(13_700));
        assert_eq!(said(&app), "try 2");
    }
}
