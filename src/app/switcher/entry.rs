//! What a row of the switcher says, looked up where that lives.

use super::texts::{Said, Whose};
use super::{Hit, Place, Switcher};
use crate::app::App;
use crate::app::editor::OpenDocument;
use crate::app::msg::Now;
use std::ops::Range;
use uuid::Uuid;

/// What a row says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    /// What it is called.
    pub title: String,
    /// What else there is to know: its file, what it is for.
    pub note: String,
    /// It has text that no file holds.
    pub unsaved: bool,
    /// It is what the Editor shows.
    pub shown: bool,
    /// What waits or goes on in it, in a few words; often nothing.
    pub state: String,
    /// What fits in the note, where that is a line of its text.
    pub marks: Vec<Range<usize>>,
    /// When it was written, if that is worth a word.
    pub at: Option<Now>,
}

impl App {
    /// What a row of the switcher says.
    pub fn switcher_entry(&self, switcher: &Switcher, hit: Hit) -> Option<Entry> {
        match hit.place {
            Place::Typed => Some(Entry {
                title: switcher.list.typed(),
                note: "open this file".to_owned(),
                ..Entry::default()
            }),
            Place::Said(at) => switcher.texts.get(at).map(|said| self.said_entry(said)),
            Place::Open(id) => {
                let open = self.editor.get(id)?;
                Some(Entry {
                    title: open.title(),
                    note: open.note(),
                    unsaved: open.has_unsaved_text(),
                    shown: id == self.editor.id,
                    state: self.state_of(id),
                    ..Entry::default()
                })
            }
            Place::Listed(tab, at) => {
                let row = self.browser.rows(tab).get(at)?;
                let note = row.detail.lines().next().unwrap_or_default();
                Some(Entry {
                    title: row.title.clone(),
                    note: note.to_owned(),
                    ..Entry::default()
                })
            }
        }
    }

    fn said_entry(&self, said: &Said) -> Entry {
        let number = match said.line {
            0 => String::new(),
            line => format!("{line}: "),
        };
        let moved = |mark: &Range<usize>| mark.start + number.len()..mark.end + number.len();
        let title = match said.whose {
            Whose::Open(id) => self.editor.get(id).map(OpenDocument::title),
            _ => None,
        };
        Entry {
            title: title.unwrap_or_else(|| said.title.clone()),
            marks: said.marks.iter().map(moved).collect(),
            note: format!("{number}{}", said.excerpt),
            at: said.at,
            ..Entry::default()
        }
    }

    /// What goes on in an open document, or waits in it for a decision.
    fn state_of(&self, id: Uuid) -> String {
        let (mut running, mut waiting) = (usize::from(self.answering(id).is_some()), 0);
        for job in self.refines.jobs() {
            if self.editor.get(id).is_some_and(|open| job.is_in(open)) {
                match job.ready() {
                    None => running += 1,
                    Some(_) => waiting += 1,
                }
            }
        }
        let said = [(running, "running"), (waiting, "to review")];
        let said = said.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = said
            .map(|(count, what)| format!("{count} {what}"))
            .collect();
        said.join(", ")
    }
}
