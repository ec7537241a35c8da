//! Runs: every request with all that went in, on disk before it leaves, and what came of it.
//!
//! The text is the model's, byte for byte: drafts store visible marks for its control characters,
//! this keeps the original. Text arrives in pieces and is folded into one when the run ends; a
//! run whose end was never recorded reads with every piece that was appended.

mod headline;
mod listed;
mod said;

pub use headline::RunHeadline;
pub use listed::Listed;
pub use said::Said;

use super::buffers::SessionId;
use super::column::{brief, count, from_json, id, json, maybe_text, maybe_time, text, time};
use super::purpose::Purpose;
use super::{Journal, JournalError, spending, values};
use crate::domain::brief::Brief;
use crate::domain::prompt::{Prompt, Request};
use crate::domain::run::{FinishReason, RunId, Usage};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use serde::{Deserialize, Serialize};

/// Everything that goes into a run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRecord {
    /// The run.
    pub id: RunId,
    /// The process that asks.
    pub session: SessionId,
    /// When; kept to the millisecond, as every time in the journal.
    pub at: Timestamp,
    /// What for.
    pub purpose: Purpose,
    /// The run whose text this one continues.
    pub continues: Option<RunId>,
    /// The first of the runs whose variants stand together with its own, unless it is that.
    pub together: Option<RunId>,
    /// Id of the draft that it is for, if there is one already.
    pub draft: Option<String>,
    /// Name of the template.
    pub template: Option<String>,
    /// Content hash of the template's source.
    pub template_hash: Option<String>,
    /// The values that were given.
    pub brief: Brief,
    /// Name of the provider.
    pub provider: String,
    /// Scheme, host and port of its server.
    pub origin: Option<String>,
    /// The model asked for, and the prompt as rendered.
    pub request: Request,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// The server brought the answer to an end, for this reason.
    Finished(FinishReason),
    /// It broke; the sentence that says why.
    Failed(String),
    /// The person stopped it.
    Stopped,
}

impl Ending {
    /// Whether the answer did not come to its end.
    pub const fn is_partial(&self) -> bool {
        match self {
            Self::Finished(reason) => reason.is_partial(),
            Self::Failed(_) | Self::Stopped => true,
        }
    }

    fn of(row: &Row<'_>) -> rusqlite::Result<Option<Self>> {
        let word = maybe_text(row, "ending")?;
        // What a later version may have written is told as it stands.
        Ok(word.map(|word| serde_json::from_str(&word).unwrap_or(Self::Failed(word))))
    }
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// When it ended.
    pub at: Timestamp,
    /// How.
    pub ending: Ending,
    /// Tokens, when the server told them.
    pub usage: Option<Usage>,
    /// The model that answered, when the server told it.
    pub model: Option<String>,
    /// What it cost, when the price is known.
    pub cost: Option<f64>,
}

/// A run as the journal has it.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// What went in.
    pub record: RunRecord,
    /// What the model wrote, to the last byte that was appended.
    pub text: String,
    /// What the model thought before it wrote; never part of the text.
    pub reasoning: String,
    /// What came of it. `None` while it runs, and for ever if it was interrupted: then its
    /// session is no longer alive.
    pub outcome: Option<Outcome>,
    /// A person wants to find it again.
    pub starred: bool,
}

impl Journal {
    /// Records a run. Call before its request leaves: it is on disk on return.
    pub fn begin(&mut self, run: &RunRecord) -> Result<(), JournalError> {
        self.write(|db| insert(db, run))
    }

    /// The same, and in the same step remembers its brief as the one its template was last used
    /// with.
    pub fn begin_with_brief(&mut self, run: &RunRecord) -> Result<(), JournalError> {
        self.write(|db| {
            insert(db, run)?;
            match &run.template {
                Some(template) => values::remember(db, template, &run.brief, run.at),
                None => Ok(()),
            }
        })
    }

    /// Adds text that arrived to a run that has not ended: exactly what the model wrote.
    pub fn append(&mut self, run: RunId, text: &str) -> Result<(), JournalError> {
        let added = self.jot(|db| add_piece(db, run, text))?;
        unfinished(run, added)
    }

    /// Keeps what the model thought beside the text of a run that has not ended.
    pub fn keep_reasoning(&mut self, run: RunId, reasoning: &str) -> Result<(), JournalError> {
        let kept = self.jot(|db| {
            db.prepare_cached("UPDATE runs SET thoughts = ?2 WHERE id = ?1 AND ended IS NULL")?
                .execute([&run.to_string(), reasoning])
        })?;
        unfinished(run, kept)
    }

    /// Records what came of a run, folds its pieces into one text and books what it used. As with
    /// [`append`](Self::append), a power cut is survived once [`sync`](Self::sync) was called.
    pub fn finish(&mut self, run: RunId, outcome: &Outcome) -> Result<(), JournalError> {
        self.conclude(run, "", outcome)
    }

    /// The same, adding the last of its text in the same step.
    pub fn conclude(
        &mut self,
        run: RunId,
        rest: &str,
        outcome: &Outcome,
    ) -> Result<(), JournalError> {
        let id = run.to_string();
        let ended = self.jot(|db| {
            let number: Option<i64> = db
                .prepare_cached("SELECT number FROM runs WHERE id = ?1 AND ended IS NULL")?
                .query_row([&id], |row| row.get(0))
                .optional()?;
            let Some(number) = number else { return Ok(0) };
            let mut text = String::new();
            push_pieces(db, number, &mut text)?;
            text.push_str(rest);
            db.prepare_cached(
                "UPDATE runs SET ended = ?2, ending = ?3, answered_by = ?4, text = ?5
                WHERE number = ?1",
            )?
            .execute(params![
                number,
                outcome.at.as_millisecond(),
                json(&outcome.ending),
                outcome.model,
                text,
            ])?;
            db.prepare_cached("DELETE FROM pieces WHERE run = ?1")?
                .execute([number])?;
            spending::book(db, number, outcome)
        })?;
        unfinished(run, ended)
    }

    /// One run with its text.
    pub fn run(&self, run: RunId) -> Result<Option<Run>, JournalError> {
        self.read(|db| whole(db, run))
    }
}

/// The columns of [`spending`] that belong to a run, and where they come from.
const USAGE: &str = "spending.input, spending.output, spending.cached, spending.reasoning,
    spending.cost FROM runs LEFT JOIN spending ON spending.run = runs.id";

/// A run with its text.
pub(super) fn whole(db: &Connection, run: RunId) -> rusqlite::Result<Option<Run>> {
    let sql = format!("SELECT runs.*, {USAGE} WHERE runs.id = ?1");
    let found = db
        .prepare_cached(&sql)?
        .query_row([run.to_string()], |row| {
            Ok((row.get("number")?, whole_run(row)?))
        })
        .optional()?;
    let Some((number, mut run)) = found else {
        return Ok(None);
    };
    push_pieces(db, number, &mut run.text)?;
    Ok(Some(run))
}

fn insert(db: &Connection, run: &RunRecord) -> rusqlite::Result<()> {
    let prompt = &run.request.prompt;
    db.prepare_cached(
        "INSERT INTO runs (id, session, at, purpose, continues, together, draft, template,
            template_hash, brief, provider, origin, model, params, system, examples, user, images)
        VALUES (:id, :session, :at, :purpose, :continues, :together, :draft, :template,
            :template_hash, :brief, :provider, :origin, :model, :params, :system,
            :examples, :user, :images)",
    )?
    .execute(named_params! {
        ":id": run.id.to_string(),
        ":session": run.session.to_string(),
        ":at": run.at.as_millisecond(),
        ":purpose": run.purpose.word(),
        ":continues": run.continues.map(|id| id.to_string()),
        ":together": run.together.map(|id| id.to_string()),
        ":draft": run.draft,
        ":template": run.template,
        ":template_hash": run.template_hash,
        ":brief": brief(&run.brief),
        ":provider": run.provider,
        ":origin": run.origin,
        ":model": run.request.model,
        ":params": json(&prompt.params),
        ":system": prompt.system,
        ":examples": json(&prompt.examples),
        ":user": prompt.user,
        ":images": (!prompt.images.is_empty()).then(|| json(&prompt.images)),
    })
    .map(drop)
}

pub(super) fn unfinished(run: RunId, rows: usize) -> Result<(), JournalError> {
    if rows > 0 {
        return Ok(());
    }
    Err(JournalError::Missing {
        what: "unfinished run",
        id: run.to_string(),
    })
}

pub(super) fn add_piece(db: &Connection, run: RunId, text: &str) -> rusqlite::Result<usize> {
    db.prepare_cached(
        "INSERT INTO pieces (run, text)
        SELECT number, ?2 FROM runs WHERE id = ?1 AND ended IS NULL",
    )?
    .execute(params![run.to_string(), text])
}

pub(super) fn push_pieces(
    db: &Connection,
    number: i64,
    whole: &mut String,
) -> rusqlite::Result<()> {
    let mut pieces = db.prepare_cached("SELECT text FROM pieces WHERE run = ?1 ORDER BY number")?;
    let mut rows = pieces.query([number])?;
    while let Some(row) = rows.next()? {
        whole.push_str(&text(row, "text")?);
    }
    Ok(())
}

fn whole_run(row: &Row<'_>) -> rusqlite::Result<Run> {
    let other = |column| -> rusqlite::Result<Option<RunId>> {
        let word = maybe_text(row, column)?;
        Ok(word.and_then(|word| word.parse().ok()).map(RunId))
    };
    let record = RunRecord {
        id: RunId(id(row, "id")?),
        session: SessionId(id(row, "session")?),
        at: time(row, "at")?,
        purpose: Purpose::of(&text(row, "purpose")?),
        continues: other("continues")?,
        together: other("together")?,
        draft: maybe_text(row, "draft")?,
        template: maybe_text(row, "template")?,
        template_hash: maybe_text(row, "template_hash")?,
        brief: from_json(row, "brief")?,
        provider: text(row, "provider")?,
        origin: maybe_text(row, "origin")?,
        request: Request {
            model: text(row, "model")?,
            prompt: Prompt {
                system: maybe_text(row, "system")?,
                examples: from_json(row, "examples")?,
                user: text(row, "user")?,
                params: from_json(row, "params")?,
                images: maybe_text(row, "images")?
                    .and_then(|images| serde_json::from_str(&images).ok())
                    .unwrap_or_default(),
                ..Prompt::default()
            },
        },
    };
    let ended = maybe_time(row, "ended")?;
    let outcome = match (ended, Ending::of(row)?) {
        (Some(at), Some(ending)) => Some(Outcome {
            at,
            ending,
            usage: usage(row)?,
            model: maybe_text(row, "answered_by")?,
            cost: row.get("cost")?,
        }),
        _ => None,
    };
    let text = text(row, "text")?;
    Ok(Run {
        record,
        text,
        reasoning: maybe_text(row, "thoughts")?.unwrap_or_default(),
        outcome,
        starred: maybe_time(row, "starred")?.is_some(),
    })
}

/// Tokens of a row; none unless the server told them.
pub(super) fn usage(row: &Row<'_>) -> rusqlite::Result<Option<Usage>> {
    if row.get::<_, Option<i64>>("input")?.is_none() {
        return Ok(None);
    }
    Ok(Some(Usage {
        input: count(row, "input")?,
        output: count(row, "output")?,
        cached: count(row, "cached")?,
        reasoning: count(row, "reasoning")?,
        ..Usage::default()
    }))
}
