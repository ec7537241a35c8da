//! `copydesk usage`: what runs used and cost, added up by day, model or template.

use super::Outcome;
use super::outlet::Outlet;
use super::spending::spent_this_month;
use super::{Overrides, settings};
use crate::domain::budget::{Budget, OnLimit};
use crate::domain::cost::Usd;
use crate::domain::failure::Failure;
use crate::domain::ledger::{self, By, Item, Sum};
use crate::domain::text::Printable;
use crate::domain::tokens::thousands;
use crate::store::Paths;
use crate::store::journal::Journal;
use jiff::civil::Date;
use jiff::{Timestamp, ToSpan, Zoned};
use serde_json::json;
use std::fmt::Write;

/// Days that are added up when nobody says since when.
const DAYS: i64 = 30;

/// Flags of `usage`.
#[derive(Debug, clap::Args)]
pub(super) struct UsageArgs {
    /// Put runs together by this
    #[arg(long, value_enum, default_value_t = Group::Day)]
    by: Group,
    /// Only runs from this day on, such as 2026-11-01; 30 days when it is not given
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Group {
    Day,
    Model,
    Template,
}

impl Group {
    const fn by(self) -> By {
        match self {
            Self::Day => By::Day,
            Self::Model => By::Model,
            Self::Template => By::Template,
        }
    }

    const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Model => "model",
            Self::Template => "template",
        }
    }
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &UsageArgs, outlet: &Outlet) -> Outcome {
    let now = Zoned::now();
    let since = args.since.unwrap_or_else(|| {
        let earlier = now.date().checked_sub((DAYS - 1).days());
        earlier.unwrap_or(now.date())
    });
    let items = items(paths, since, &now)?;
    let sums = ledger::sums(&items, args.by.by(), now.time_zone());
    let total = ledger::total(&items);
    let settings = settings(paths, &Overrides::default());
    let budget = match settings.budget {
        Some(budget) => Some((budget, spent_this_month(paths)?)),
        None => None,
    };
    if args.json {
        let budget = budget.map(|(budget, spent)| {
            json!({
                "monthly_usd": budget.monthly, "spent_usd": spent,
                "on_limit": if budget.on_limit == OnLimit::Stop { "stop" } else { "warn" },
            })
        });
        outlet.json(&json!({
            "since": since, "by": args.by.name(), "rows": sums, "total": total, "budget": budget,
        }))?;
        return Ok(0);
    }
    if items.is_empty() {
        let told = if paths.journal.exists() {
            format!("no run since {since}; `copydesk usage --since DATE` looks further back")
        } else {
            "nothing was run here yet, so nothing was used".to_owned()
        };
        outlet.line(&told)?;
    } else {
        outlet.bytes(table(args.by, &sums, &total).as_bytes())?;
        explain(since, &total);
    }
    if let Some((budget, spent)) = budget {
        Outlet::complain(&standing(&budget, spent));
    }
    Ok(0)
}

/// The runs since a day; none when there is no journal, which is not made for this.
fn items(paths: &Paths, since: Date, now: &Zoned) -> Result<Vec<Item>, Failure> {
    if !paths.journal.exists() {
        return Ok(Vec::new());
    }
    let start = since.to_zoned(now.time_zone().clone());
    let start = start.map_or(Timestamp::MIN, |start| start.timestamp());
    let journal = Journal::open(&paths.journal).map_err(|error| error.failure())?;
    let items = journal.journal.ledger(start..Timestamp::MAX);
    items.map_err(|error| error.failure())
}

fn table(by: Group, sums: &[Sum], total: &Sum) -> String {
    let shown = |sum: &Sum| Printable::line(&sum.name).as_str().to_owned();
    let widest = sums.iter().map(|sum| shown(sum).chars().count()).max();
    let width = widest.unwrap_or(0).clamp(10, 44);
    let mut out = String::new();
    let heading = by.name().to_uppercase();
    // Writing to a string cannot fail.
    let _ = writeln!(
        out,
        "{heading:width$}  {:>5}  {:>10}  {:>10}  {:>9}",
        "RUNS", "TOKENS IN", "OUT", "COST"
    );
    for sum in sums.iter().chain([total]) {
        let _ = writeln!(
            out,
            "{:width$}  {:>5}  {:>10}  {:>10}  {:>9}",
            shown(sum),
            thousands(sum.runs),
            thousands(sum.input),
            thousands(sum.output),
            sum.shown(),
        );
    }
    out
}

/// What the numbers leave out, for the person.
fn explain(since: Date, total: &Sum) {
    let special = total.special();
    let special = special.map_or_else(String::new, |told| format!("; {told}"));
    Outlet::complain(&format!("since {since}{special}"));
    if total.unpriced > 0 {
        let (runs, have) = if total.unpriced == 1 {
            ("run", "has")
        } else {
            ("runs", "have")
        };
        let told = format!(
            "{} {runs} {have} no price and cost something all the same: no list has their model",
            thousands(total.unpriced)
        );
        Outlet::complain(&told);
    }
    if total.estimated > 0 {
        Outlet::complain("~ marks sums with runs that were stopped: their tokens are estimated");
    }
}

fn standing(budget: &Budget, spent: Usd) -> String {
    let then = match budget.on_limit {
        OnLimit::Warn => "warns",
        OnLimit::Stop => "stops",
    };
    format!(
        "budget: {spent} of {} are spent this month; it {then} at the limit",
        budget.monthly
    )
}
