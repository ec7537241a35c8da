//! Runs as they are listed for browsing, a page at a time: what each was for and how it begins.
//!
//! Never reads more rows than it is asked for, and of a text only its beginning.

use super::super::buffers::SessionId;
use super::super::column::{id, length, maybe_text, maybe_time, text, time};
use super::super::purpose::Purpose;
use super::super::{Journal, JournalError};
use super::Ending;
use crate::domain::run::RunId;
use crate::domain::seam::{Came, joined};
use jiff::Timestamp;
use rusqlite::{Row, params};

/// Characters of a text that a list gets.
const BEGINNING: i64 = 240;

/// One line of the list of all runs.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// The run.
    pub id: RunId,
    /// The process that asked.
    pub session: SessionId,
    /// When it was sent.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// The run whose text this one continues.
    pub continues: Option<RunId>,
    /// Name of the template.
    pub template: Option<String>,
    /// Id of the draft that it was for.
    pub draft: Option<String>,
    /// The model that answered, or else the one asked for.
    pub model: String,
    /// How it ended; `None` as in [`Run::outcome`](super::Run::outcome).
    pub ending: Option<Ending>,
    /// How its text begins; that of a continued one with the text that it goes on with.
    pub beginning: String,
    /// A person wants to find it again.
    pub starred: bool,
}

impl Journal {
    /// The newest runs, or the newest of those that were begun before another, to be listed.
    pub fn listed(&self, limit: usize, before: Option<RunId>) -> Result<Vec<Listed>, JournalError> {
        self.read(|db| {
            let mut page = db.prepare_cached(
                "SELECT id, session, at, purpose, continues, template, draft,
                    coalesce(answered_by, model) AS model, ending, starred,
                    CASE WHEN purpose = 'continue' AND json_valid(examples)
                        THEN substr(json_extract(examples, '$[#-1].assistant'), 1, ?3) END
                        AS earlier,
                    CASE WHEN text <> '' THEN substr(text, 1, ?3)
                        ELSE coalesce((SELECT group_concat(piece, '') FROM (
                            SELECT substr(pieces.text, 1, ?3) AS piece FROM pieces
                            WHERE pieces.run = runs.number ORDER BY pieces.number LIMIT 20)), '')
                        END AS written
                FROM runs WHERE ?2 IS NULL OR number < (SELECT number FROM runs WHERE id = ?2)
                ORDER BY number DESC LIMIT ?1",
            )?;
            let before = before.map(|run| run.to_string());
            let rows = page.query_map(params![length(limit), before, BEGINNING], listed)?;
            rows.collect()
        })
    }
}

fn listed(row: &Row<'_>) -> rusqlite::Result<Listed> {
    let continues = maybe_text(row, "continues")?;
    let ending = Ending::of(row)?;
    let came = Came::in_part(ending.as_ref().is_none_or(Ending::is_partial));
    let earlier = maybe_text(row, "earlier")?;
    Ok(Listed {
        id: RunId(id(row, "id")?),
        session: SessionId(id(row, "session")?),
        at: time(row, "at")?,
        purpose: Purpose::of(&text(row, "purpose")?),
        continues: continues.and_then(|word| word.parse().ok()).map(RunId),
        template: maybe_text(row, "template")?,
        draft: maybe_text(row, "draft")?,
        model: text(row, "model")?,
        ending,
        beginning: beginning(earlier, text(row, "written")?, came),
        starred: maybe_time(row, "starred")?.is_some(),
    })
}

/// How a text begins that goes on with an earlier one, of which the first characters are known.
fn beginning(earlier: Option<String>, written: String, came: Came) -> String {
    let most = usize::try_from(BEGINNING).unwrap_or(0);
    let whole = match earlier {
        Some(earlier) if earlier.chars().count() >= most => earlier,
        Some(earlier) => joined(&earlier, &written, came),
        None => written,
    };
    whole.chars().take(most).collect()
}
