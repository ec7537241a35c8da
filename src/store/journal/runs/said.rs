//! Runs by what they say: the newest whose text or brief has the words of a query.
//!
//! The full-text index says which may fit; whether and where one does is read in its text. Words
//! are found from their beginning on. Changes nothing.

use super::super::column::{id, maybe_text, text, time};
use super::super::{Journal, JournalError};
use crate::domain::query::{About, Needles, Place, Query};
use crate::domain::run::RunId;
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use std::collections::HashSet;

/// Characters of a text that are told where no place in it can be shown.
const BEGINNING: usize = 200;

/// A run that fits a query.
#[derive(Debug, Clone, PartialEq)]
pub struct Said {
    /// The run.
    pub id: RunId,
    /// When it was sent.
    pub at: Timestamp,
    /// Name of the template.
    pub template: Option<String>,
    /// The model that answered, or else the one asked for.
    pub model: String,
    /// Where in its text; `None` when only its brief has the words, or none were asked for.
    pub place: Option<Place>,
    /// How its text begins.
    pub beginning: String,
}

impl Journal {
    /// The newest runs that fit a query, at most `limit`; `from` is the moment that its `since`
    /// means. Of a text that another run goes on with, only that one is told.
    ///
    /// # Errors
    /// When the journal cannot be read.
    pub fn said(
        &self,
        query: &Query,
        from: Option<Timestamp>,
        limit: usize,
    ) -> Result<Vec<Said>, JournalError> {
        // Runs have no tags, and no status.
        let none = std::iter::empty::<&str>();
        if query.is_empty() || !query.fits_tags(&none) {
            return Ok(Vec::new());
        }
        let wanted = Wanted {
            query,
            needles: Needles::of(query),
            from,
            limit,
        };
        self.read(|db| match asked(query) {
            Some(words) => {
                let sql = format!(
                    "{COLUMNS} FROM said JOIN runs ON runs.number = said.rowid
                    WHERE said MATCH ?1 AND runs.at >= ?2 ORDER BY said.rowid DESC"
                );
                wanted.among(db, &sql, &words)
            }
            None if query.words().is_empty() => {
                let sql = format!(
                    "{COLUMNS} FROM runs WHERE ?1 = '' AND runs.at >= ?2
                    AND ended IS NOT NULL ORDER BY runs.number DESC"
                );
                wanted.among(db, &sql, "")
            }
            None => Ok(Vec::new()),
        })
    }
}

const COLUMNS: &str = "SELECT runs.id, runs.at, runs.continues, runs.template,
    coalesce(runs.answered_by, runs.model) AS model, runs.text, runs.brief";

/// The words as the index is asked for them, each from its beginning on: quoted, so that nothing in
/// them is an operator. `None` when there is nothing that an index has.
fn asked(query: &Query) -> Option<String> {
    let words = query.words().iter();
    let words = words.filter(|word| word.chars().any(char::is_alphanumeric));
    let quoted: Vec<String> = words
        .map(|word| format!("\"{}\"*", word.replace(['"', '\0'], " ")))
        .collect();
    (!quoted.is_empty()).then(|| quoted.join(" "))
}

struct Wanted<'q> {
    query: &'q Query,
    needles: Needles,
    from: Option<Timestamp>,
    limit: usize,
}

impl Wanted<'_> {
    fn among(&self, db: &Connection, sql: &str, words: &str) -> rusqlite::Result<Vec<Said>> {
        let from = self.from.map_or(i64::MIN, Timestamp::as_millisecond);
        let mut rows = db.prepare_cached(sql)?;
        let mut rows = rows.query(params![words, from])?;
        let (mut found, mut continued) = (Vec::new(), HashSet::new());
        while found.len() < self.limit {
            let Some(row) = rows.next()? else { break };
            let said = self.fitting(row)?;
            if let Some(earlier) = maybe_text(row, "continues")? {
                continued.insert(earlier);
            }
            found.extend(said.filter(|said| !continued.contains(&said.id.to_string())));
        }
        Ok(found)
    }

    fn fitting(&self, row: &Row<'_>) -> rusqlite::Result<Option<Said>> {
        let (at, model) = (time(row, "at")?, text(row, "model")?);
        let template = maybe_text(row, "template")?;
        let about = About {
            template: template.as_deref(),
            model: Some(&model),
            status: None,
            at,
        };
        if !self.query.fits(&about, self.from) {
            return Ok(None);
        }
        let whole = text(row, "text")?;
        let place = self.needles.find(whole.as_bytes());
        if place.is_none() && self.is_exact() {
            let brief = text(row, "brief")?;
            let both = format!("{whole}\n{brief}");
            if self.needles.find(both.as_bytes()).is_none() {
                return Ok(None);
            }
        }
        Ok(Some(Said {
            id: RunId(id(row, "id")?),
            at,
            template,
            model,
            place,
            beginning: whole.trim_start().chars().take(BEGINNING).collect(),
        }))
    }

    /// A word with a capital is found only as it is written, which the index does not know.
    fn is_exact(&self) -> bool {
        let mut words = self.query.words().iter();
        words.any(|word| word.chars().any(char::is_uppercase))
    }
}
