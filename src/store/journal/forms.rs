//! Forms: what a person filled in and has no text for yet, one for each template.
//!
//! The newest word counts, whichever studio it came from. Never holds what led to a text: that is
//! in the runs and among the past values.

use super::column::{brief, from_json, maybe_text};
use super::{Journal, JournalError};
use crate::domain::brief::Brief;
use jiff::Timestamp;
use rusqlite::{OptionalExtension, params};

/// A form as it was left.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Form {
    /// The values entered.
    pub brief: Brief,
    /// The prompt, if it was taken over and edited by hand.
    pub prompt: Option<String>,
}

impl Journal {
    /// Keeps the form of a template in place of what was kept of it. As with
    /// [`append`](Self::append), a power cut is survived once [`sync`](Self::sync) was called.
    pub fn put_form(
        &mut self,
        template: &str,
        form: &Form,
        at: Timestamp,
    ) -> Result<(), JournalError> {
        self.jot(|db| {
            db.prepare_cached(
                "INSERT INTO forms (template, at, brief, prompt) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (template) DO UPDATE SET at = excluded.at, brief = excluded.brief,
                    prompt = excluded.prompt",
            )?
            .execute(params![
                template,
                at.as_millisecond(),
                brief(&form.brief),
                form.prompt
            ])
            .map(drop)
        })
    }

    /// The form of a template as it was left, unless it led to a text.
    pub fn form(&self, template: &str) -> Result<Option<Form>, JournalError> {
        self.read(|db| {
            db.prepare_cached("SELECT brief, prompt FROM forms WHERE template = ?1")?
                .query_row([template], |row| {
                    Ok(Form {
                        brief: from_json(row, "brief")?,
                        prompt: maybe_text(row, "prompt")?,
                    })
                })
                .optional()
        })
    }

    /// Lets go of a form that led to text, unless it says something else by now.
    pub fn drop_form(&mut self, template: &str, form: &Form) -> Result<(), JournalError> {
        self.jot(|db| {
            db.prepare_cached(
                "DELETE FROM forms WHERE template = ?1 AND brief = ?2 AND prompt IS ?3",
            )?
            .execute(params![template, brief(&form.brief), form.prompt])
            .map(drop)
        })
    }
}
