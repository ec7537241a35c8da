//! `copydesk draft search`: which drafts say something, where, and in which words, newest first;
//! and which runs, when they are asked for, too.
//!
//! The language of the query is that of the studio. Changes nothing.

use super::Outcome;
use super::outlet::Outlet;
use super::versions::open_journal;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::query::Query;
use crate::domain::text::Printable;
use crate::store::journal::Said;
use crate::store::search::{self, Hit, Stop, Tally, Wanted};
use crate::store::{Paths, drafts};
use jiff::Zoned;
use serde_json::{Value, json};
use std::fmt::Write;

/// What the command exits with when nothing fits, as `grep` does.
const NOTHING: u8 = 1;

/// The arguments.
#[derive(Debug, clap::Args)]
pub(super) struct SearchArgs {
    /// Words that all have to be there, "phrases in quotes", and fields: template: model: tag: status: since:
    ///
    /// A word with a capital is found as it is written, any other one whatever its capitals. since: takes a day (2026-11-03) or an age (7d, 2w, 3m).
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,
    /// Look through the texts of runs as well, behind the drafts
    ///
    /// Everything that was ever generated and is still in the journal. In runs, words are found from their beginning on.
    #[arg(long)]
    runs: bool,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
    /// Print no more than so many
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &SearchArgs, outlet: &Outlet) -> Outcome {
    let query = Query::parse(&args.query.join(" "));
    if let Some(fault) = query.fault() {
        return Err(Failure::new(FailureKind::Usage, fault));
    }
    if query.is_empty() {
        return Err(Failure::new(FailureKind::Usage, "nothing to look for")
            .advice("name a word, a \"phrase\" or a field"));
    }
    let roll = drafts::roll(paths);
    let limit = args.limit.unwrap_or(usize::MAX);
    let wanted = Wanted::new(query, &Zoned::now(), limit);
    let (mut rows, mut told): (Vec<Value>, Result<(), Failure>) = (Vec::new(), Ok(()));
    let stop = Stop::default();
    let tally = search::drafts((paths, &roll), &wanted, &stop, &mut |hits| {
        if args.json {
            rows.extend(hits.iter().map(row));
        } else if told.is_ok() {
            told = outlet.bytes(lines(&hits).as_bytes());
        }
        if told.is_err() {
            stop.set();
        }
    });
    told?;
    let left = limit.saturating_sub(tally.hits);
    let runs = if args.runs {
        runs(paths, &wanted, left)?
    } else {
        Vec::new()
    };
    if args.json {
        rows.extend(runs.iter().map(run_row));
        outlet.json(&rows)?;
    } else {
        outlet.bytes(run_lines(&runs).as_bytes())?;
    }
    complain(&tally);
    Ok(if tally.hits + runs.len() == 0 {
        NOTHING
    } else {
        0
    })
}

/// Says what could not be looked through, and why.
fn complain(tally: &Tally) {
    for why in &tally.faults {
        Outlet::complain(&format!("copydesk: {why}"));
    }
    let more = tally.unread - tally.faults.len();
    if more > 0 {
        Outlet::complain(&format!("copydesk: {more} more could not be read"));
    }
}

/// The runs that fit; none without a journal, which is not made for this.
fn runs(paths: &Paths, wanted: &Wanted, limit: usize) -> Result<Vec<Said>, Failure> {
    if limit == 0 || !paths.journal.exists() {
        return Ok(Vec::new());
    }
    let journal = open_journal(paths)?;
    Ok(journal.said(wanted.query(), wanted.from(), limit)?)
}

/// A line for each run, as for a draft, with its id in place of a path.
fn run_lines(runs: &[Said]) -> String {
    let mut out = String::new();
    for run in runs {
        let title = run.template.as_ref().unwrap_or(&run.model);
        let (id, title) = (run.id, Printable::line(title));
        // Writing to a string cannot fail.
        let _ = if let Some(place) = &run.place {
            let (line, column) = (place.line, place.column);
            let text = Printable::line(&place.text);
            writeln!(out, "run {id}:{line}:{column}: {title}: {text}")
        } else {
            let beginning = run.beginning.lines().next().unwrap_or_default();
            writeln!(out, "run {id}: {title}: {}", Printable::line(beginning))
        };
    }
    out
}

fn run_row(run: &Said) -> Value {
    let place = run.place.as_ref();
    json!({
        "kind": "run", "id": run.id.to_string(), "template": run.template, "model": run.model,
        "at": run.at.to_string(), "line": place.map(|place| place.line),
        "column": place.map(|place| place.column),
        "text": place.map_or(&run.beginning, |place| &place.text),
    })
}

/// A line for each hit, as editors and `grep -n` have them.
fn lines(hits: &[Hit]) -> String {
    let mut out = String::new();
    for hit in hits {
        let path = hit.path.display().to_string();
        let (path, title) = (Printable::line(&path), Printable::line(&hit.title));
        // Writing to a string cannot fail.
        let _ = match &hit.place {
            Some(place) => writeln!(
                out,
                "{path}:{}:{}: {title}: {}",
                place.line,
                place.column,
                Printable::line(&place.text)
            ),
            None => writeln!(out, "{path}: {title}"),
        };
    }
    out
}

fn row(hit: &Hit) -> Value {
    let place = hit.place.as_ref();
    json!({
        "kind": "draft", "path": hit.path.display().to_string(), "name": hit.name, "title": hit.title,
        "updated": hit.updated.to_string(), "line": place.map(|place| place.line),
        "column": place.map(|place| place.column), "text": place.map(|place| &place.text),
    })
}
