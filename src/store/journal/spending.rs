//! Spending: tokens and cost of every run that ended, which outlive the run itself.
//!
//! Adds up by template, provider and model within a span of time; a day is the span that the
//! caller's calendar says. A cost without tokens is an estimate: the server told nothing. Never
//! forgets a run that cost something.

use super::column::{count, maybe_text, number as number_of, text, time};
use super::runs::Outcome;
use super::{Journal, JournalError};
use crate::domain::cost::{Spent, Usd};
use crate::domain::ledger::Item;
use crate::domain::run::{RunId, Usage};
use jiff::Timestamp;
use rusqlite::{Connection, Row, params};
use std::ops::Range;

/// What the runs of one template with one model used.
#[derive(Debug, Clone, PartialEq)]
pub struct Spending {
    /// Name of the template.
    pub template: Option<String>,
    /// Name of the provider.
    pub provider: String,
    /// The model that answered, or else the one asked for.
    pub model: String,
    /// Runs that ended.
    pub runs: u64,
    /// Tokens together, of the runs for which the server told them.
    pub usage: Usage,
    /// Cost together, of the runs whose price was known.
    pub cost: f64,
    /// Runs whose price was not known.
    pub unpriced: u64,
}

impl Journal {
    /// What the runs that were begun in a span of time used; the dearest first.
    pub fn spending(&self, span: Range<Timestamp>) -> Result<Vec<Spending>, JournalError> {
        self.read(|db| {
            let mut sums = db.prepare_cached(
                "SELECT template, provider, model, count(*) AS runs,
                    coalesce(sum(input), 0) AS input, coalesce(sum(output), 0) AS output,
                    coalesce(sum(cached), 0) AS cached, coalesce(sum(reasoning), 0) AS reasoning,
                    coalesce(sum(cost), 0.0) AS cost, sum(cost IS NULL) AS unpriced
                FROM spending WHERE at >= ?1 AND at < ?2
                GROUP BY template, provider, model
                ORDER BY sum(cost) DESC, runs DESC, template, provider, model",
            )?;
            let (start, end) = (span.start.as_millisecond(), span.end.as_millisecond());
            let rows = sums.query_map([start, end], spent)?;
            rows.collect()
        })
    }
}

impl Journal {
    /// What each run that was begun in a span of time used, in the order they were begun.
    pub fn ledger(&self, span: Range<Timestamp>) -> Result<Vec<Item>, JournalError> {
        self.read(|db| {
            let mut items = db.prepare_cached(
                "SELECT at, template, provider, model, input, output, cached, reasoning, cost
                FROM spending WHERE at >= ?1 AND at < ?2 ORDER BY at, number",
            )?;
            let (start, end) = (span.start.as_millisecond(), span.end.as_millisecond());
            let rows = items.query_map([start, end], item)?;
            rows.collect()
        })
    }

    /// What the runs that were begun in a span of time cost together, as far as is known.
    pub fn spent(&self, span: Range<Timestamp>) -> Result<Usd, JournalError> {
        self.read(|db| {
            let mut sum = db.prepare_cached(
                "SELECT coalesce(sum(cost), 0.0) FROM spending WHERE at >= ?1 AND at < ?2",
            )?;
            let (start, end) = (span.start.as_millisecond(), span.end.as_millisecond());
            let dollars: f64 = sum.query_row([start, end], |row| row.get(0))?;
            Ok(Usd::new(dollars).unwrap_or_default())
        })
    }
}

/// A request of a run that was sent again although its server told what it took.
#[derive(Debug, Clone, PartialEq)]
pub struct Try {
    /// Its tokens.
    pub usage: Usage,
    /// What it cost, when the price is known.
    pub cost: Option<f64>,
}

impl Journal {
    /// Books a try of a run beside what the run itself will have used; once, by its number.
    pub fn book_try(&mut self, run: RunId, number: usize, spent: &Try) -> Result<(), JournalError> {
        self.jot(|db| {
            db.prepare_cached(
                "INSERT OR IGNORE INTO spending
                    (run, at, template, provider, model, input, output, cached, reasoning, cost)
                SELECT id || '#' || ?2, at, template, provider, model, ?3, ?4, ?5, ?6, ?7
                FROM runs WHERE id = ?1",
            )?
            .execute(params![
                run.to_string(),
                number.to_string(),
                number_of(spent.usage.input),
                number_of(spent.usage.output),
                number_of(spent.usage.cached),
                number_of(spent.usage.reasoning),
                spent.cost,
            ])
            .map(drop)
        })
    }
}

fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    let told = row.get::<_, Option<i64>>("input")?.is_some();
    let cost = row.get::<_, Option<f64>>("cost")?.and_then(Usd::new);
    Ok(Item {
        at: time(row, "at")?,
        template: maybe_text(row, "template")?,
        provider: text(row, "provider")?,
        model: text(row, "model")?,
        usage: super::runs::usage(row)?,
        spent: cost.map(if told { Spent::Real } else { Spent::Estimated }),
    })
}

/// Books what a run used. Returns the rows written.
pub(super) fn book(db: &Connection, run: i64, outcome: &Outcome) -> rusqlite::Result<usize> {
    let tokens = |of: fn(&Usage) -> u64| outcome.usage.as_ref().map(|usage| number_of(of(usage)));
    db.prepare_cached(
        "INSERT OR REPLACE INTO spending
            (run, at, template, provider, model, input, output, cached, reasoning, cost)
        SELECT id, at, template, provider, coalesce(answered_by, model), ?2, ?3, ?4, ?5, ?6
        FROM runs WHERE number = ?1",
    )?
    .execute(params![
        run,
        tokens(|usage| usage.input),
        tokens(|usage| usage.output),
        tokens(|usage| usage.cached),
        tokens(|usage| usage.reasoning),
        outcome.cost,
    ])
}

fn spent(row: &Row<'_>) -> rusqlite::Result<Spending> {
    Ok(Spending {
        template: maybe_text(row, "template")?,
        provider: text(row, "provider")?,
        model: text(row, "model")?,
        runs: count(row, "runs")?,
        usage: Usage {
            input: count(row, "input")?,
            output: count(row, "output")?,
            cached: count(row, "cached")?,
            reasoning: count(row, "reasoning")?,
            ..Usage::default()
        },
        cost: row.get("cost")?,
        unpriced: count(row, "unpriced")?,
    })
}
