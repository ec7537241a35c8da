//! `copydesk draft search`: which drafts say something, where, and in which words, newest first.
//!
//! The language of the query is that of the studio. Changes nothing.

use super::Outcome;
use super::outlet::Outlet;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::query::Query;
use crate::domain::text::Printable;
use crate::store::search::{self, Hit, Stop, Wanted};
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
    let wanted = Wanted::new(query, &Zoned::now(), args.limit.unwrap_or(usize::MAX));
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
    if args.json {
        outlet.json(&rows)?;
    }
    if tally.unread > 0 {
        let drafts = if tally.unread == 1 { "draft" } else { "drafts" };
        let count = tally.unread;
        Outlet::complain(&format!(
            "copydesk: {count} {drafts} could not be read; `copydesk draft list` says why"
        ));
    }
    Ok(if tally.hits == 0 { NOTHING } else { 0 })
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
        "path": hit.path.display().to_string(), "name": hit.name, "title": hit.title,
        "updated": hit.updated.to_string(), "line": place.map(|place| place.line),
        "column": place.map(|place| place.column), "text": place.map(|place| &place.text),
    })
}
