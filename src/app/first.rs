//! The first model of a server of one's own, where nobody named one: asked for when something is
//! about to be sent, and never before.
//!
//! Owns what waits for the list. The picker is [`super::models`].

use super::ask::Question;
use super::attaching::Then;
use super::effect::{Ask, Effect};
use super::output::Origin;
use super::refine::Launch;
use super::{App, Weight};
use crate::config::Provider;
use crate::config::settings::DEFAULT_MODEL;
use crate::domain::failure::Failure;
use crate::domain::models;

/// What is sent once the first model of a server is known.
#[derive(Debug)]
pub(super) enum Held {
    /// What the form makes.
    Form,
    /// What the form and another template make.
    Both,
    /// A request for a part of a draft.
    Part(Box<Launch>),
    /// A question about a draft.
    Question(Box<Question>),
}

/// Something that waits for a provider's list of models.
#[derive(Debug)]
pub(super) struct Waiting {
    provider: String,
    held: Held,
}

impl App {
    /// No model is named: a server of one's own is asked for its list, to take the first of it
    /// before something is sent; of any other the person chooses.
    pub(super) fn find_model(&mut self, provider: &Provider, then: Then) -> Vec<Effect> {
        match then {
            Then::Generate => self.find_model_for(provider, Held::Form),
            Then::Rival => self.find_model_for(provider, Held::Both),
            Then::Inspect => self.ask_for_model(&provider.name),
        }
    }

    /// The same for anything that waits for it.
    pub(super) fn find_model_for(&mut self, provider: &Provider, held: Held) -> Vec<Effect> {
        if !provider.takes_first() {
            return self.ask_for_model(&provider.name);
        }
        let name = provider.name.clone();
        let told = format!("asking {name} which models it has");
        let mut effects = self.tell(Weight::Note, told);
        self.awaits_models = Some(Waiting {
            provider: name.clone(),
            held,
        });
        effects.push(Effect::LoadModels {
            provider: name,
            ask: Ask::Anew,
        });
        effects
    }

    /// The server whose list of models the next request waits for.
    pub fn waits_for_models_of(&self) -> Option<&str> {
        self.awaits_models.as_ref().map(|it| it.provider.as_str())
    }

    /// The provider in use and the first model of its list as far as that is known, where nobody
    /// named one.
    pub(super) fn known_first(&self) -> Option<(String, String)> {
        let provider = self.settings.provider(None).ok()?;
        let form = self.form.as_ref();
        let wish = form.and_then(|form| form.template.model.id.as_deref());
        self.settings
            .without_model(provider, wish)
            .filter(|_| provider.takes_first())?;
        let (id, _) = self.catalog(&provider.name)?.first()?;
        Some((provider.name.clone(), id.to_owned()))
    }

    /// That a request is looked at before anybody knows the model it will be sent for.
    pub(super) fn stand_in(&self, origin: &Origin) -> Option<String> {
        let (name, model) = (&origin.provider, &origin.request.model);
        let provider = self.settings.providers.get(name)?;
        self.settings
            .without_model(provider, None)
            .filter(|_| model == DEFAULT_MODEL)?;
        Some(format!(
            "{name} is asked for the first of its models; {model} stands for it here"
        ))
    }

    /// Takes the first model of a list that something waits for, and lets that go.
    pub(super) fn on_first_models(&mut self, name: &str, failure: Option<&Failure>) -> Vec<Effect> {
        let awaited = self.awaits_models.take_if(|it| it.provider == name);
        let Some(Waiting { held, .. }) = awaited else {
            return Vec::new();
        };
        let known = self.catalog(name).filter(|_| failure.is_none());
        let first = known.and_then(models::Catalog::first);
        let found = match first.map(|(id, count)| (id.to_owned(), count)) {
            Some((id, 1)) => {
                let told = format!("{name} is asked for {id}, its only model");
                Ok((id, told))
            }
            Some((id, count)) => {
                let told = format!(
                    "{name} is asked for {id}, the first of its {count} models; F3 takes another"
                );
                Ok((id, told))
            }
            None => Err(failure),
        };
        let provider = self.settings.providers.get(name);
        // Nobody answered, which the coming request will say, and the next one may find otherwise.
        let mut lost = false;
        let (id, told) = match found {
            Ok(found) => found,
            Err(failure)
                if provider.is_some_and(Provider::takes_any)
                    && failure.is_none_or(Failure::is_of_the_server) =>
            {
                let told = format!(
                    "{name} does not tell its models and is asked for {DEFAULT_MODEL}; F3 takes another"
                );
                lost = failure.is_some_and(|failure| failure.status.is_none());
                (DEFAULT_MODEL.to_owned(), told)
            }
            Err(Some(failure)) => return self.fail(failure),
            Err(None) => {
                let told = format!("{name} has no model that writes text; load one into it first");
                return self.tell(Weight::Bad, told);
            }
        };
        self.settings.take_first(name, &id);
        self.meter.changed();
        let mut effects = match held {
            Held::Form => self.go_on(Then::Generate),
            Held::Both => self.go_on(Then::Rival),
            Held::Part(launch) => self.launch(*launch),
            Held::Question(question) => self.put_question(*question),
        };
        if lost {
            self.settings.forget_first(name);
        } else {
            effects.extend(self.tell(Weight::Note, told));
        }
        effects
    }
}
