//! The model picker: which model the current provider is asked for, for the rest of the session.
//!
//! Owns the list, the filter and the highlighted row. The table fills it at once; the server is
//! asked only because the picker was opened. An id that is in no list can be chosen, too.

use super::connect::Connected;
use super::dialog::{Dialog, Outcome};
use super::effect::{Ask, Effect};
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::{App, Weight};
use crate::config::Provider;
use crate::domain::failure::Failure;
use crate::domain::models::{self, Model};
use crate::domain::template::MOST_MODELS;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;
use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Where the list is from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// The server is being asked; what is shown meanwhile is older.
    Asking,
    /// The server told it.
    Server,
    /// The server did not tell it, and why; what is shown is older.
    Failed(String),
}

/// The picker.
#[derive(Debug)]
pub struct Picker {
    /// The provider it is about.
    pub provider: String,
    /// What is typed, and the places of the models that fit, best first; `None` stands for what is
    /// typed itself.
    pub list: Filtered<Option<usize>>,
    /// The model that is asked now.
    pub current: String,
    /// Models that are to be asked together, in the order they were marked.
    pub marked: Vec<String>,
    /// Where the list is from.
    pub source: Source,
    /// The day it is.
    pub today: Date,
    models: Vec<Model>,
}

/// One row of the picker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Row<'p> {
    /// A model of the list.
    Model(&'p Model),
    /// What is typed, as it is.
    Typed,
}

impl Picker {
    fn new(provider: &str, current: String, models: Vec<Model>, today: Date) -> Self {
        let mut picker = Self {
            provider: provider.to_owned(),
            list: Filtered::new(Vec::new()),
            current,
            marked: Vec::new(),
            source: Source::Asking,
            today,
            models: Vec::new(),
        };
        picker.fill(models);
        let current = picker
            .rows()
            .position(|row| matches!(row, Row::Model(model) if model.id == picker.current));
        picker.list.cursor = current.unwrap_or(0);
        picker
    }

    /// Puts other models in; the row stays at its model as far as it is there.
    fn fill(&mut self, mut models: Vec<Model>) {
        models.retain(|model| !model.is_gone(self.today));
        let highlighted = self.highlighted();
        self.models = models;
        self.refresh();
        let place = self.rows().position(
            |row| matches!((row, &highlighted), (Row::Model(model), Some(id)) if model.id == *id),
        );
        self.list.cursor = place.unwrap_or(0);
    }

    fn refresh(&mut self) {
        let typed = self.list.typed();
        let typed = typed.trim();
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut found: Vec<(u32, usize)> = Vec::new();
        for (place, model) in self.models.iter().enumerate() {
            let id = Utf32Str::new(&model.id, &mut buffer);
            if let Some(score) = pattern.score(id, &mut matcher) {
                found.push((score, place));
            }
        }
        found.sort_by_key(|(score, place)| (std::cmp::Reverse(*score), *place));
        let listed = self.models.iter().any(|model| model.id == typed);
        let free = (!typed.is_empty() && !listed).then_some(None);
        let places = found.into_iter().map(|(_, place)| Some(place));
        self.list.narrow(places.chain(free).collect());
    }

    /// The rows, best match first, and last what is typed if that is no id of the list.
    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let row = |place: &Option<usize>| match place {
            Some(place) => self.models.get(*place).map(Row::Model),
            None => Some(Row::Typed),
        };
        self.list.rows.iter().filter_map(row)
    }

    /// How many models the list has.
    pub const fn len(&self) -> usize {
        self.models.len()
    }

    /// Whether it has none.
    pub const fn is_empty(&self) -> bool {
        self.models.is_empty()
    }

    /// The id of the highlighted row.
    fn highlighted(&self) -> Option<String> {
        match self.list.chosen()? {
            Some(place) => Some(self.models.get(*place)?.id.clone()),
            None => Some(self.list.typed().trim().to_owned()),
        }
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc | Code::F(3) => return Outcome::Close,
            Code::Enter if !self.marked.is_empty() => {
                return Outcome::PickAll(std::mem::take(&mut self.marked));
            }
            Code::Enter => return self.highlighted().map_or(Outcome::Stay, Outcome::Pick),
            // No id has a space in it.
            Code::Char(' ') => return self.mark(),
            Code::Char('r') if key.ctrl => return Outcome::AskModels,
            Code::Char('s') if key.ctrl => {
                return self.highlighted().map_or(Outcome::Stay, Outcome::Prefer);
            }
            _ => {}
        }
        if self.list.key(key) {
            self.refresh();
        }
        Outcome::Stay
    }

    /// Marks the highlighted model to be asked with others, or no longer.
    fn mark(&mut self) -> Outcome {
        let Some(id) = self.highlighted() else {
            return Outcome::Stay;
        };
        if let Some(place) = self.marked.iter().position(|marked| *marked == id) {
            self.marked.remove(place);
        } else if self.marked.len() == MOST_MODELS {
            return Outcome::Say(format!("no more than {MOST_MODELS} models at once"));
        } else {
            self.marked.push(id);
        }
        Outcome::Stay
    }

    /// Pastes into the filter.
    pub(super) fn paste(&mut self, text: &str) {
        self.list.paste(text);
        self.refresh();
    }
}

impl App {
    /// The day it is for the person.
    fn today(&self) -> Date {
        let moment = Timestamp::from_millisecond(i64::try_from(self.now.0).unwrap_or(i64::MAX));
        let offset = Offset::from_seconds(self.utc_offset).unwrap_or(Offset::UTC);
        offset.to_datetime(moment.unwrap_or_default()).date()
    }

    /// Opens the picker for the provider in use, and asks its server unless it told today.
    pub(super) fn open_picker(&mut self) -> Vec<Effect> {
        let provider = match self.settings.provider(None) {
            Ok(provider) => provider.clone(),
            Err(failure) => return self.fail(&failure),
        };
        if provider.is_practice() {
            let told = "the practice engine has no models to choose from; connect a provider first";
            return self.tell(Weight::Note, told);
        }
        let wish = self
            .form
            .as_ref()
            .and_then(|form| form.template.model.id.clone());
        let current = self.settings.model_for(&provider, wish.as_deref());
        let place = provider.place();
        let known = self.catalog(&provider.name);
        let of_vendor = |vendor| models::of_vendor(vendor, place);
        let models = known.map_or_else(
            || provider.vendor().map(of_vendor).unwrap_or_default(),
            |known| known.models(place),
        );
        let mut picker = Picker::new(&provider.name, current, models, self.today());
        picker.marked = self.settings.marked(&provider.name).to_vec();
        self.dialogs.push(Dialog::Models(Box::new(picker)));
        self.ask_models(Ask::IfOld)
    }

    /// Lets the person choose a model where none is set and the server has not the usual one.
    pub(super) fn ask_for_model(&mut self, provider: &str) -> Vec<Effect> {
        let mut effects = self.open_picker();
        let told = format!("choose a model of {provider} first; none is set for it");
        effects.extend(self.tell(Weight::Note, told));
        effects
    }

    /// Asks the server of the open picker for its models.
    pub(super) fn ask_models(&mut self, ask: Ask) -> Vec<Effect> {
        let Some(Dialog::Models(picker)) = self.dialogs.last_mut() else {
            return Vec::new();
        };
        picker.source = Source::Asking;
        vec![Effect::LoadModels {
            provider: picker.provider.clone(),
            ask,
        }]
    }

    /// Shows what a provider told in the picker that waits for it.
    pub(super) fn refill_picker(&mut self, provider: &str, failure: Option<&Failure>) {
        let place = self.settings.providers.get(provider).map(Provider::place);
        let known = self.catalog(provider).zip(place);
        let models = known.map(|(known, place)| known.models(place));
        let open = self.dialogs.iter_mut().find_map(|dialog| match dialog {
            Dialog::Models(picker) if picker.provider == provider => Some(picker),
            _ => None,
        });
        let Some(picker) = open else { return };
        picker.source = failure.map_or(Source::Server, |failure| {
            Source::Failed(failure.to_string())
        });
        if let Some(models) = models {
            picker.fill(models);
        }
    }

    /// Asks the provider in use for this model from now on.
    pub(super) fn pick_model(&mut self, id: &str) -> Vec<Effect> {
        let provider = self.settings.provider.clone();
        self.settings.pick(&provider, id);
        // A run that waits for the first model was not sent for this one.
        self.awaits_models = None;
        self.meter.changed();
        let told = format!("{provider} is asked for {id} until you leave");
        self.tell(Weight::Good, told)
    }

    /// Asks the provider in use for all of these models in the coming run.
    pub(super) fn pick_models(&mut self, ids: Vec<String>) -> Vec<Effect> {
        let provider = self.settings.provider.clone();
        let told = match ids.as_slice() {
            [one] => format!("{provider} is asked for {one} in the coming run"),
            ids => format!(
                "{provider} is asked for {} in the coming run, each at once",
                ids.join(", ")
            ),
        };
        self.settings.mark(&provider, ids);
        self.awaits_models = None;
        self.meter.changed();
        self.tell(Weight::Good, told)
    }

    /// The same, and in every session to come: the settings file is to say so.
    pub(super) fn prefer_model(&mut self, id: &str) -> Vec<Effect> {
        let mut effects = self.pick_model(id);
        effects.push(Effect::PreferModel {
            provider: self.settings.provider.clone(),
            model: id.to_owned(),
        });
        effects
    }

    /// The settings file names the model that was picked, or does not.
    pub(super) fn on_preferred(&mut self, written: Result<Connected, Failure>) -> Vec<Effect> {
        let connected = match written {
            Ok(connected) => connected,
            Err(failure) => return self.fail(&failure),
        };
        self.adopt(connected.settings.with_picks_of(&self.settings));
        let mut effects = vec![Effect::UseSettings(Box::new(self.settings.clone()))];
        effects.extend(self.tell(Weight::Good, connected.told));
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picker(ids: &[&str]) -> Picker {
        let models = ids.iter().map(|id| models::find(id)).collect();
        let today = jiff::civil::date(2026, 11, 24);
        Picker::new("openai", "gpt-6-luna".to_owned(), models, today)
    }

    fn type_in(picker: &mut Picker, text: &str) {
        for c in text.chars() {
            picker.key(Key::plain(Code::Char(c)));
        }
    }

    #[test]
    fn it_opens_at_the_model_in_use_and_leaves_out_what_is_gone() {
        let picker = picker(&["gpt-6.1-terra", "gpt-3.5-turbo", "gpt-6-luna"]);
        assert_eq!((picker.len(), picker.list.cursor), (2, 1));
    }

    #[test]
    fn what_is_typed_narrows_the_list_and_can_be_chosen_as_it_is() {
        let mut picker = picker(&["gpt-6.1-terra", "gpt-6-luna"]);
        type_in(&mut picker, "tera");
        assert_eq!(picker.rows().count(), 2);
        let enter = Key::plain(Code::Enter);
        assert_eq!(picker.key(enter), Outcome::Pick("gpt-6.1-terra".into()));
        picker.key(Key::plain(Code::Down));
        assert_eq!(picker.key(enter), Outcome::Pick("tera".into()));
        type_in(&mut picker, "-zzz");
        assert_eq!(picker.key(enter), Outcome::Pick("tera-zzz".into()));
    }

    #[test]
    fn marks_are_asked_together_in_the_order_they_were_made() {
        let mut picker = picker(&["gpt-6.1-terra", "gpt-6-luna"]);
        let (space, enter) = (Key::plain(Code::Char(' ')), Key::plain(Code::Enter));
        picker.key(space);
        picker.key(Key::plain(Code::Up));
        picker.key(space);
        type_in(&mut picker, "mine");
        picker.key(space);
        assert_eq!(picker.marked, ["gpt-6-luna", "gpt-6.1-terra", "mine"]);
        picker.key(space);
        assert_eq!(picker.list.typed(), "mine");
        assert_eq!(
            picker.key(enter),
            Outcome::PickAll(vec!["gpt-6-luna".into(), "gpt-6.1-terra".into()])
        );
    }

    #[test]
    fn an_id_of_the_list_is_not_offered_twice() {
        let mut picker = picker(&["gpt-6-luna"]);
        type_in(&mut picker, "gpt-6-luna");
        assert_eq!(picker.rows().count(), 1);
    }

    #[test]
    fn other_models_leave_the_row_where_it_was() {
        let mut picker = picker(&["gpt-6.1-terra", "gpt-6-luna"]);
        picker.fill(["a", "b", "gpt-6-luna"].map(models::find).into());
        assert_eq!(picker.list.cursor, 2);
        picker.fill(vec![models::find("a")]);
        assert_eq!(picker.list.cursor, 0);
    }

    #[test]
    fn an_empty_list_has_nothing_to_choose_until_something_is_typed() {
        let mut picker = picker(&[]);
        assert_eq!(picker.key(Key::plain(Code::Enter)), Outcome::Stay);
        assert!(picker.is_empty());
        picker.key(Key::plain(Code::Down));
        type_in(&mut picker, "llama3.2");
        assert_eq!(
            picker.key(Key::plain(Code::Enter)),
            Outcome::Pick("llama3.2".into())
        );
    }
}
