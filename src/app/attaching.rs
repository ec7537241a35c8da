//! Files that the form names: looked at while their paths are typed, read when they are sent.
//!
//! Owns what is known of them, and what waits until they are read. Reading is the shell's; one
//! file is looked at at a time, so that a slow disk never has a queue of half typed paths.

use super::effect::Effect;
use super::{App, Pane, Weight};
use crate::domain::attachment::{Held, Named, Seen, Sight, Wanted};
use crate::domain::brief::{Brief, Value};
use crate::domain::failure::Failure;
use crate::domain::image::Image;

/// What goes on once files are read, or a model is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Then {
    /// The prompt is sent.
    Generate,
    /// The request is looked at.
    Inspect,
    /// The brief goes to two templates.
    Rival,
}

/// A file, and what it holds or why it cannot be used.
pub type Read = (Named, Result<Held, Failure>);

/// What is known of the files of the form.
#[derive(Debug, Default)]
pub(super) struct Attaching {
    /// The file that is being looked at.
    looking: Option<Named>,
    /// The wish to read files that was made last.
    ticket: u64,
    /// What was read, for the request that is put together now.
    pub(super) read: Vec<(Named, Held)>,
}

impl App {
    /// Looks at the first file of the form that nobody has looked at.
    pub(super) fn look_at_files(&mut self) -> Option<Effect> {
        if self.attaching.looking.is_some() {
            return None;
        }
        let fields = &self.form.as_ref()?.fields;
        let named = fields.iter().find_map(|field| {
            let named = field.named()?;
            field.sight_of(&named).is_none().then_some(named)
        })?;
        self.attaching.looking = Some(named.clone());
        Some(Effect::LookAtFile(named))
    }

    /// Takes what a file turned out to be. Its text stands in the prompt from now on.
    pub(super) fn on_seen(&mut self, named: &Named, seen: &Result<Sight, String>) {
        if self.attaching.looking.as_ref() == Some(named) {
            self.attaching.looking = None;
        }
        let Some(form) = self.form.as_mut() else {
            return;
        };
        let fields = form.fields.iter_mut();
        for field in fields.filter(|field| field.named().as_ref() == Some(named)) {
            field.sight = Some((named.clone(), seen.clone()));
        }
        self.refresh_preview();
    }

    /// The brief that the Prompt tab shows: with the texts of files as far as they are known.
    pub(super) fn seen_brief(&self) -> Option<Brief> {
        let form = self.form.as_ref()?;
        let mut brief = form.brief();
        for field in &form.fields {
            let Some(named) = field.named() else { continue };
            if named.wanted == Wanted::Image {
                continue;
            }
            let seen = field.sight_of(&named).and_then(|seen| seen.as_ref().ok());
            let text = match seen.map(|seen| &seen.what) {
                Some(Seen::Text(text)) => text.to_string(),
                _ => format!("⟨{}⟩", named.file_name()),
            };
            brief.set(named.input, Value::Text(text));
        }
        Some(brief)
    }

    /// The images of the form without their bytes, which count in what is expected.
    pub(super) fn seen_images(&self) -> Vec<Image> {
        let fields = self.form.iter().flat_map(|form| &form.fields);
        fields
            .filter_map(|field| match field.sight()? {
                Ok(Sight {
                    what: Seen::Image(kind),
                    ..
                }) => Some(Image::unread(&field.input.name, *kind)),
                _ => None,
            })
            .collect()
    }

    /// What the files of a brief hold, when that was read just now; else the wish to read them.
    pub(super) fn files_of(
        &mut self,
        named: Vec<Named>,
        then: Then,
    ) -> Result<Vec<(Named, Held)>, Vec<Effect>> {
        let read = std::mem::take(&mut self.attaching.read);
        if named.iter().eq(read.iter().map(|(named, _)| named)) {
            return Ok(read);
        }
        self.counter += 1;
        self.attaching.ticket = self.counter;
        Err(vec![Effect::ReadFiles {
            ticket: self.counter,
            named,
            then,
        }])
    }

    /// Goes on with what waited for files, or says at their fields why they cannot be used.
    pub(super) fn on_files(&mut self, ticket: u64, read: Vec<Read>, then: Then) -> Vec<Effect> {
        if ticket != self.attaching.ticket {
            return Vec::new();
        }
        let mut held = Vec::new();
        let mut wrong = Vec::new();
        for (named, result) in read {
            match result {
                Ok(what) => held.push((named, what)),
                Err(failure) => wrong.push((named, failure)),
            }
        }
        if wrong.is_empty() {
            self.attaching.read = held;
            return self.go_on(then);
        }
        let told: Vec<String> = wrong
            .iter()
            .map(|(_, failure)| failure.to_string())
            .collect();
        if let Some(form) = self.form.as_mut() {
            form.blame(wrong.into_iter().map(|(named, failure)| {
                let why = if failure.why.is_empty() {
                    failure.what
                } else {
                    failure.why
                };
                (named, why)
            }));
        }
        self.focus_on(Pane::Template);
        self.tell(Weight::Bad, told.join("; "))
    }

    /// Goes on with what had to wait.
    pub(super) fn go_on(&mut self, then: Then) -> Vec<Effect> {
        let effects = match then {
            Then::Generate => self.generate(),
            Then::Inspect => self.inspect_coming(),
            Then::Rival => self.send_both(),
        };
        self.attaching.read.clear();
        effects
    }
}
