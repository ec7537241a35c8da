//! Briefs under a name: the box that lists them, and what becomes of the form.
//!
//! Owns taking, keeping, renaming and deleting one. The files are read and written by the shell.

use super::{Content, Form};
use crate::app::dialog::{Dialog, Outcome};
use crate::app::effect::Effect;
use crate::app::filter::Subject;
use crate::app::filtered::Filtered;
use crate::app::key::{Code, Key};
use crate::app::{App, Weight};
use crate::domain::brief::Brief;
use crate::domain::failure::Failure;
use crate::store::briefs::Found;

/// What the shell is asked to do with the briefs of a template.
#[derive(Debug, Clone, PartialEq)]
pub struct Errand {
    /// The template.
    pub template: String,
    /// What is to be done before they are listed.
    pub deed: Deed,
}

/// Something done to a brief.
#[derive(Debug, Clone, PartialEq)]
pub enum Deed {
    /// Nothing: only list them.
    List,
    /// Keep these values under a title, over what has it.
    Keep(String, Brief),
    /// Give the brief with this name another title.
    Rename {
        /// Its name.
        name: String,
        /// The title.
        title: String,
    },
    /// Move the brief with this name to the trash.
    Delete(String),
}

/// What the shell says: what was asked, how it went, and the briefs there are now.
#[derive(Debug, Clone)]
pub struct Fact {
    /// What was asked.
    pub errand: Errand,
    /// How it went; the name of the brief it was about.
    pub result: Result<Option<String>, Failure>,
    /// The briefs of the template.
    pub all: Vec<Found>,
}

/// A brief that the form was filled from, or kept under.
#[derive(Debug, Clone, PartialEq)]
pub struct Held {
    name: String,
    /// What people call it.
    pub title: String,
    values: Brief,
}

/// The box.
#[derive(Debug)]
pub struct NamedBriefs {
    /// Places of the briefs that fit what is typed.
    pub list: Filtered<usize>,
    /// The briefs, once they are read.
    pub all: Option<Vec<Found>>,
    /// The brief that gets another title, by name.
    pub renamed: Option<String>,
    /// The name of the one that the form holds.
    pub held: Option<String>,
}

/// What is wished in the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// Fill the form from the brief at this place.
    Take(usize),
    /// Keep what is filled in under this title.
    Keep(String),
    /// Give the brief with this name this title.
    Rename(String, String),
    /// Delete the brief with this name.
    Delete(String),
}

impl NamedBriefs {
    fn new(held: Option<String>) -> Self {
        Self {
            list: Filtered::new(Vec::new()),
            all: None,
            renamed: None,
            held,
        }
    }

    /// The brief in a row.
    pub fn row(&self, place: usize) -> Option<&Found> {
        self.all.as_ref()?.get(place)
    }

    /// The brief that is highlighted.
    pub fn chosen(&self) -> Option<&Found> {
        self.row(*self.list.chosen()?)
    }

    /// What keeping would call it: what is typed, else the brief that is highlighted.
    pub fn title(&self) -> Option<String> {
        let typed = self.list.typed().trim().to_owned();
        if !typed.is_empty() {
            return Some(typed);
        }
        self.chosen().map(|found| found.title.clone())
    }

    /// Takes a key.
    pub(in crate::app) fn key(&mut self, key: Key) -> Outcome {
        let wish = match (key.code, &self.renamed) {
            (Code::Esc, Some(_)) => {
                self.renamed = None;
                self.list.query.replace("");
                self.narrow();
                return Outcome::Stay;
            }
            (Code::Esc, None) => return Outcome::Close,
            (Code::Enter, Some(name)) => {
                let title = self.list.typed().trim().to_owned();
                (!title.is_empty()).then(|| Wish::Rename(name.clone(), title))
            }
            (_, Some(_)) => {
                self.list.key(key);
                return Outcome::Stay;
            }
            (Code::Enter, None) => self.list.chosen().copied().map(Wish::Take),
            (Code::Char('s'), None) if key.ctrl => self.title().map(Wish::Keep),
            (Code::Char('r'), None) if key.ctrl => {
                if let Some((name, title)) = self
                    .chosen()
                    .map(|found| (found.name.clone(), found.title.clone()))
                {
                    self.renamed = Some(name);
                    self.list.query.replace(&title);
                }
                return Outcome::Stay;
            }
            (Code::Char('x'), None) if key.ctrl => {
                let chosen = self.chosen().map(|found| found.name.clone());
                chosen.map(Wish::Delete)
            }
            (Code::Delete, None) if self.list.query.is_empty() => {
                let chosen = self.chosen().map(|found| found.name.clone());
                chosen.map(Wish::Delete)
            }
            (_, None) => {
                if self.list.key(key) {
                    self.narrow();
                }
                return Outcome::Stay;
            }
        };
        wish.map_or(Outcome::Stay, Outcome::Named)
    }

    /// Pastes into what is typed.
    pub(in crate::app) fn paste(&mut self, text: &str) {
        self.list.paste(text);
        if self.renamed.is_none() {
            self.narrow();
        }
    }

    fn narrow(&mut self) {
        let all = self.all.iter().flatten();
        self.list.narrow_to(all.map(subject));
    }

    /// Takes the briefs as they are now, and highlights one of them.
    fn list(&mut self, all: Vec<Found>, shown: Option<&str>) {
        self.list.refresh_with(all.iter().map(subject));
        self.all = Some(all);
        let place = self.list.rows.iter().position(|place| {
            self.row(*place)
                .is_some_and(|found| Some(found.name.as_str()) == shown)
        });
        if let Some(place) = place {
            self.list.cursor = place;
        }
    }
}

/// What a brief is found by.
fn subject(found: &Found) -> Subject<'_> {
    Subject {
        title: &found.title,
        names: &found.name,
        text: "",
    }
}

impl Form {
    /// The brief that it was filled from, and whether something else is filled in by now.
    pub fn held(&self) -> Option<(&Held, bool)> {
        let held = self.held.as_ref()?;
        let brief = self.brief();
        let differs = held
            .values
            .iter()
            .any(|(name, value)| brief.get(name).is_some_and(|now| now != value));
        Some((held, differs))
    }

    /// Fills the fields from a brief, in one step that can be taken back. What does not fit any
    /// more is told, and its field stays as it is.
    fn take_named(&mut self, found: &Found, values: &Brief) -> Vec<String> {
        let mut told = Vec::new();
        let mut fitting = self.brief();
        for (name, value) in values.iter() {
            let field = self.fields.iter().find(|field| field.input.name == name);
            match field {
                None => told.push(format!("the template has no input `{name}` any more")),
                Some(field) if value.is_blank() || field.input.check(value).is_ok() => {
                    fitting.set(name, value.clone());
                }
                Some(field) => {
                    // What was typed can be mended; an option that is gone cannot.
                    if matches!(field.content, Content::Text(_)) {
                        fitting.set(name, value.clone());
                    }
                    let why = field.input.check(value).err().unwrap_or_default();
                    told.push(format!("{}: {why}", field.input.label));
                }
            }
        }
        self.take(&fitting);
        self.held = Some(Held {
            name: found.name.clone(),
            title: found.title.clone(),
            values: self.brief(),
        });
        told
    }
}

impl App {
    /// Opens the box of the briefs of the template whose form is open.
    pub(in crate::app) fn open_named_briefs(&mut self) -> Vec<Effect> {
        let Some(form) = self.form.as_ref() else {
            return Vec::new();
        };
        if form.fields.is_empty() {
            return self.tell(Weight::Note, "this template asks for nothing");
        }
        let held = form.held.as_ref().map(|held| held.name.clone());
        let template = form.template.name.clone();
        self.dialogs
            .push(Dialog::Named(Box::new(NamedBriefs::new(held))));
        let deed = Deed::List;
        vec![Effect::Briefs(Errand { template, deed })]
    }

    /// Does what is wished with a brief.
    pub(in crate::app) fn on_named_wish(&mut self, wish: Wish) -> Vec<Effect> {
        let Some(form) = self.form.as_ref() else {
            return Vec::new();
        };
        let template = form.template.name.clone();
        let deed = match wish {
            Wish::Take(place) => return self.take_named(place),
            Wish::Keep(title) => Deed::Keep(title, form.brief()),
            Wish::Rename(name, title) => Deed::Rename { name, title },
            Wish::Delete(name) => Deed::Delete(name),
        };
        vec![Effect::Briefs(Errand { template, deed })]
    }

    fn take_named(&mut self, place: usize) -> Vec<Effect> {
        let (Some(Dialog::Named(shown)), Some(form)) = (self.dialogs.last(), self.form.as_mut())
        else {
            return Vec::new();
        };
        let Some(found) = shown.row(place).cloned() else {
            return Vec::new();
        };
        let values = match &found.values {
            Ok(values) => values,
            Err(why) => {
                let told = format!("{} cannot be read: {why}", found.title);
                return self.tell(Weight::Bad, told);
            }
        };
        let told = form.take_named(&found, values);
        self.dialogs.pop();
        self.refresh_preview();
        self.refresh_filling();
        if told.is_empty() {
            let told = format!(
                "filled from {}; ctrl+z brings back what was there",
                found.title
            );
            return self.tell(Weight::Note, told);
        }
        let told = format!("{} does not fit in all: {}", found.title, told.join("; "));
        self.tell(Weight::Bad, told)
    }

    /// The shell did an errand about briefs.
    pub(in crate::app) fn on_briefs(&mut self, fact: Fact) -> Vec<Effect> {
        let Fact {
            errand,
            result,
            all,
        } = fact;
        let about = result.as_ref().ok().cloned().flatten();
        if let (Ok(_), Some(form)) = (&result, self.form.as_mut())
            && form.template.name == errand.template
        {
            form.on_brief_deed(&errand.deed, about.as_deref());
        }
        let held = self.form.as_ref().and_then(|form| form.held.as_ref());
        let held = held.map(|held| held.name.clone());
        let mut stays = true;
        if let Some(Dialog::Named(shown)) = self.dialogs.last_mut() {
            shown.held.clone_from(&held);
            if result.is_ok() {
                if shown.renamed.take().is_some() {
                    shown.list.query.replace("");
                }
                stays = !matches!(errand.deed, Deed::Keep(..));
            }
            let at = about.or(held);
            shown.list(all, at.as_deref());
        }
        if !stays {
            self.dialogs.pop();
        }
        let told = match (result, errand.deed) {
            (Err(failure), _) => return self.tell(Weight::Bad, failure.to_string()),
            (Ok(_), Deed::List) => return Vec::new(),
            (Ok(_), Deed::Keep(title, _)) => format!("kept as {title}; alt+n brings it back"),
            (Ok(_), Deed::Rename { title, .. }) => format!("it is called {title} now"),
            (Ok(_), Deed::Delete(name)) => {
                format!("{name} moved to the trash; u in the lists takes it back")
            }
        };
        self.tell(Weight::Good, told)
    }
}

impl Form {
    fn on_brief_deed(&mut self, deed: &Deed, name: Option<&str>) {
        let is_held = |name: &str| self.held.as_ref().is_some_and(|held| held.name == name);
        match (deed, name) {
            (Deed::Keep(title, values), Some(name)) => {
                self.held = Some(Held {
                    name: name.to_owned(),
                    title: title.clone(),
                    values: values.clone(),
                });
            }
            (Deed::Rename { name: old, title }, Some(name)) if is_held(old) => {
                if let Some(held) = self.held.as_mut() {
                    (held.name, held.title) = (name.to_owned(), title.clone());
                }
            }
            (Deed::Delete(old), _) if is_held(old) => self.held = None,
            _ => {}
        }
    }
}
