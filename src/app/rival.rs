//! A/B: the same brief on two versions of a template, or on two templates, side by side.
//!
//! Owns the list of what the open form can be compared with, and how its brief goes into another
//! template. What is sent and how it stands side by side is the Output pane's.

mod lacking;

pub use lacking::Lacking;

use super::attaching::Then;
use super::browser::Tab as List;
use super::dialog::{Dialog, Outcome};
use super::effect::{Effect, VersionPurpose};
use super::filter::Subject;
use super::filtered::Filtered;
use super::key::{Code, Key};
use super::msg::Purpose;
use super::output::Joins;
use super::{App, Pane, Weight};
use crate::domain::attachment;
use crate::domain::brief::Brief;
use crate::domain::template::Template;
use crate::store::items::Item;
use crate::store::journal::{VersionHeadline, VersionId};
use jiff::Timestamp;
use std::sync::Arc;

/// What the form is compared with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rival {
    /// Another template, by name.
    Template(String),
    /// Another version of the same.
    Version(VersionId),
}

/// A template that the form's brief is tried on, too.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    template: Arc<Template>,
    /// What was filled in for it alone.
    given: Brief,
}

impl Trial {
    fn of(template: Arc<Template>) -> Self {
        let given = Brief::default();
        Self { template, given }
    }
}

/// A row of the list.
#[derive(Debug)]
pub struct Row {
    /// What it is called.
    pub title: String,
    /// What else there is to know.
    pub note: String,
    /// When a version was made.
    pub at: Option<Timestamp>,
    rival: Rival,
}

impl Row {
    fn subject(&self) -> Subject<'_> {
        Subject {
            title: &self.title,
            names: &self.note,
            text: "",
        }
    }
}

/// The list.
#[derive(Debug)]
pub struct Rivals {
    /// The title of the form's template.
    pub title: String,
    /// Places of the rows that fit what is typed.
    pub list: Filtered<usize>,
    /// What the versions of the form's template go by.
    key: String,
    /// Bytes of its source.
    bytes: u64,
    rows: Vec<Row>,
}

impl Rivals {
    /// A row.
    pub fn row(&self, place: usize) -> Option<&Row> {
        self.rows.get(place)
    }

    /// Takes a key.
    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let chosen = self.list.chosen().and_then(|place| self.rows.get(*place));
        match (key.code, chosen) {
            (Code::Esc, _) => return Outcome::Close,
            (Code::Enter, Some(row)) => return Outcome::Rival(row.rival.clone()),
            _ if self.list.key(key) => self.narrow(),
            _ => {}
        }
        Outcome::Stay
    }

    /// Pastes into what is typed.
    pub(super) fn paste(&mut self, text: &str) {
        self.list.paste(text);
        self.narrow();
    }

    fn narrow(&mut self) {
        self.list.narrow_to(self.rows.iter().map(Row::subject));
    }

    /// Adds the versions of the form's template, newest first, before other templates. The newest
    /// is no rival if it is what the form has.
    fn add_versions(&mut self, versions: Vec<VersionHeadline>) {
        let own = self.bytes;
        let skipped = usize::from(versions.first().is_some_and(|newest| newest.bytes == own));
        let rows = versions.into_iter().skip(skipped).map(|version| Row {
            title: format!("version {}", version.id.0),
            note: version.cause.word().replace('_', " "),
            at: Some(version.at),
            rival: Rival::Version(version.id),
        });
        self.rows.splice(0..0, rows);
        self.list.refresh_with(self.rows.iter().map(Row::subject));
    }
}

impl App {
    /// Asks what the form's brief is to be tried on beside its own template.
    pub(super) fn choose_rival(&mut self) -> Vec<Effect> {
        let Some(form) = self.form.as_mut() else {
            let told = "open the form of a template first; A/B tries its brief on another one";
            return self.tell(Weight::Note, told);
        };
        let wrong = form.check();
        let template = form.template.clone();
        if !wrong.is_empty() {
            self.focus_on(Pane::Template);
            let told = format!("fill in first: {}", wrong.join(", "));
            return self.tell(Weight::Bad, told);
        }
        let others = self.browser.rows(List::Templates).iter();
        let others = others.filter(|row| row.problem.is_none());
        let rows: Vec<Row> = others
            .filter_map(|row| match &row.item {
                Item::Template(name) if *name != template.name => Some(Row {
                    title: row.title.clone(),
                    note: name.clone(),
                    at: None,
                    rival: Rival::Template(name.clone()),
                }),
                _ => None,
            })
            .collect();
        let key = template.file.clone();
        self.dialogs.push(Dialog::Rivals(Box::new(Rivals {
            title: template.title.clone(),
            list: Filtered::new((0..rows.len()).collect()),
            bytes: template.source_as_it_is().map_or(0, str::len) as u64,
            key: key.clone(),
            rows,
        })));
        vec![Effect::LoadVersions(key)]
    }

    /// Versions were read; true if they are those that the list asked for.
    pub(super) fn takes_versions(&mut self, of: &str, versions: &[VersionHeadline]) -> bool {
        match self.dialogs.last_mut() {
            Some(Dialog::Rivals(rivals)) if rivals.key == of => {
                rivals.add_versions(versions.to_vec());
                true
            }
            _ => false,
        }
    }

    /// Reads what was chosen.
    pub(super) fn on_rival(&mut self, rival: Rival) -> Vec<Effect> {
        self.dialogs.pop();
        vec![match rival {
            Rival::Template(name) => Effect::LoadTemplate {
                name,
                purpose: Purpose::Rival,
            },
            Rival::Version(id) => Effect::LoadVersion {
                id,
                purpose: VersionPurpose::Rival,
            },
        }]
    }

    /// The other template was read.
    pub(super) fn on_rival_template(
        &mut self,
        result: Result<Arc<Template>, String>,
    ) -> Vec<Effect> {
        match result {
            Ok(template) => {
                self.rival = Some(Trial::of(template));
                self.send_both()
            }
            Err(problem) => self.tell(Weight::Bad, problem),
        }
    }

    /// The other version was read: it is a template by itself.
    pub(super) fn on_rival_version(&mut self, id: VersionId, text: &str) -> Vec<Effect> {
        let Some(own) = self.form.as_ref().map(|form| form.template.clone()) else {
            return Vec::new();
        };
        let read = Template::parse(&own.name, &own.file, text).and_then(|mut template| {
            template.infer(&self.snippets)?;
            Ok(template)
        });
        let mut template = match read {
            Ok(template) => template,
            Err(problem) => {
                let told = format!("version {} does not work: {}", id.0, problem.message);
                return self.tell(Weight::Bad, told);
            }
        };
        if let Some(today) = own.inputs.iter().find_map(|input| input.today) {
            template.dated(today);
        }
        template.title = format!("{} · version {}", own.title, id.0);
        self.rival = Some(Trial::of(Arc::new(template)));
        self.send_both()
    }

    /// What the other template asked for beyond the brief was filled in.
    pub(super) fn on_lacking(&mut self, given: Brief) -> Vec<Effect> {
        self.dialogs.pop();
        if let Some(trial) = self.rival.as_mut() {
            trial.given = given;
        }
        self.send_both()
    }

    /// Sends the brief with both templates, side by side; asks first for what the other one lacks.
    pub(super) fn send_both(&mut self) -> Vec<Effect> {
        let Some((trial, form)) = self.rival.clone().zip(self.form.as_ref()) else {
            return Vec::new();
        };
        let own = form.template.clone();
        let brief = self.brief_for(&trial, &form.brief());
        let rival = trial.template;
        let missing = rival.missing(&brief);
        if missing.iter().any(|input| input.takes_a_path()) {
            return self.tell_of_a_file(&rival);
        }
        if !missing.is_empty() {
            let lacking = Lacking::new(&own, &rival, &brief);
            self.dialogs.push(Dialog::Lacking(Box::new(lacking)));
            return Vec::new();
        }
        // Both take the files of the form along; they are read once.
        let files = self.attaching.read.clone();
        let mut first = match self.compose(Then::Rival) {
            Ok(origin) => origin,
            Err(told) => return told,
        };
        let named = attachment::named(&rival, &brief);
        let held = named.iter().map(|wanted| {
            let mut files = files.iter();
            files.find(|(known, _)| known == wanted).cloned()
        });
        let Some(held) = held.collect::<Option<Vec<_>>>() else {
            return self.tell_of_a_file(&rival);
        };
        self.attaching.read = held;
        let other = self.compose_with((rival.clone(), brief), None, Then::Rival);
        let other = match other {
            Ok(origin) => origin,
            Err(told) => return told,
        };
        if rival.name == own.name {
            first.title = format!("{} · now", first.title);
        }
        self.rival = None;
        let past = self.past.entry(first.template.clone()).or_default();
        past.remember(first.brief.clone());
        if rival.name != own.name {
            let past = self.past.entry(rival.name.clone()).or_default();
            past.remember(other.brief.clone());
        }
        self.output.side_by_side = true;
        self.send_all(vec![first, other], None, Joins::Nothing)
    }

    fn tell_of_a_file(&mut self, rival: &Template) -> Vec<Effect> {
        let told = format!(
            "{} takes a file that this form does not name; A/B needs the same one in both",
            rival.title
        );
        self.tell(Weight::Bad, told)
    }

    /// A brief as another template takes it: the values of inputs that have its names, what does
    /// not fit left out, and for the rest what was filled in for it now, or given there last.
    fn brief_for(&self, trial: &Trial, brief: &Brief) -> Brief {
        let rival = &trial.template;
        let past = self.past.get(&rival.name).filter(|_| {
            let own = self.form.as_ref().map(|form| &form.template.name);
            own != Some(&rival.name)
        });
        let last = past.and_then(|past| past.last.as_ref());
        let mut out = Brief::default();
        for input in &rival.inputs {
            let given = brief.get(&input.name);
            let fits = given.and_then(|value| input.value_from(&value.to_string()).ok());
            let value = fits.filter(|value| !value.is_blank());
            let value = value.or_else(|| trial.given.get(&input.name).cloned());
            let value = value.or_else(|| last.and_then(|last| last.get(&input.name).cloned()));
            if let Some(value) = value {
                out.set(input.name.clone(), value);
            }
        }
        out
    }
}
