//! `copydesk models`: what can be asked, as the server lists it and the table knows it.
//!
//! stdout is the list; where it is from, and what is odd about it, goes to stderr. Without a
//! network there is the last list, and without that what the table knows of this vendor, never another's.

use super::Outcome;
use super::interruption::interruption;
use super::outlet::Outlet;
use super::{Overrides, settings};
use crate::config::keychain::Keychain;
use crate::config::{Provider, Settings, variable};
use crate::domain::cost::Prices;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::{self, Catalog, Known, Model, Place, abilities, price, short};
use crate::domain::text::Printable;
use crate::provider::client::Client;
use crate::store::{Paths, catalog};
use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use serde_json::{Value, json};
use std::fmt::Write;
use std::sync::Arc;

/// Flags of `models`.
#[derive(Debug, clap::Args)]
pub(super) struct ModelsArgs {
    /// Only models whose id has these letters
    filter: Option<String>,
    /// The provider to ask
    #[arg(short, long)]
    provider: Option<String>,
    /// Also what writes no text, and what is gone
    #[arg(long)]
    all: bool,
    /// Ask the server even if it told its models today
    #[arg(long)]
    refresh: bool,
    /// Print a JSON array
    #[arg(long)]
    json: bool,
}

/// Models, and where they are from.
struct Found {
    models: Vec<Model>,
    from: String,
    /// Why there is no list of the server's, or no newer one although one was asked for.
    failure: Option<Failure>,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &ModelsArgs, outlet: &Outlet) -> Outcome {
    let over = Overrides {
        provider: args.provider.clone(),
        model: None,
    };
    let settings = settings(paths, &over);
    let provider = whom(&settings)?;
    let found = look_up(paths, &settings, provider, args)?;
    let today = Zoned::now().date();
    let wanted = args.filter.as_deref().unwrap_or_default().to_lowercase();
    let mut models = found.models;
    models.retain(|model| {
        let named = model.id.to_lowercase().contains(&wanted);
        named && (args.all || !model.is_gone(today))
    });
    if args.json {
        let rows: Vec<Value> = models.iter().map(|model| row(model, today)).collect();
        outlet.json(&rows)?;
    } else if !models.is_empty() {
        outlet.bytes(table(&models, today, provider.place()).as_bytes())?;
    }
    Outlet::complain(&found.from);
    if models.is_empty() {
        let told = if wanted.is_empty() {
            "it names no model that writes text; --all shows the rest"
        } else {
            "no model of it has these letters in its id"
        };
        Outlet::complain(told);
    }
    let soon = models
        .iter()
        .filter(|model| model.last_day(today).is_some());
    let soon = soon.filter(|model| !model.is_gone(today)).count();
    if soon > 0 {
        let days = models::SOON;
        Outlet::complain(&format!(
            "! {soon} of them stop answering within {days} days"
        ));
    }
    let failure = found.failure.filter(|_| args.refresh);
    Ok(failure.map_or(0, |failure| failure.kind.exit_code()))
}

/// The provider to list: OpenAI when there is none yet, because its models are what people with
/// nothing set up want to see.
fn whom(settings: &Settings) -> Result<&Provider, Failure> {
    if settings.practising {
        return settings.provider(Some("openai"));
    }
    settings.provider(None)
}

fn look_up(
    paths: &Paths,
    settings: &Settings,
    provider: &Provider,
    args: &ModelsArgs,
) -> Result<Found, Failure> {
    if provider.is_practice() {
        return Ok(Found {
            models: vec![Model {
                prices: Some(Prices::FREE),
                ..models::find("practice")
            }],
            from: "the practice engine has one model, which costs nothing".to_owned(),
            failure: None,
        });
    }
    let known = catalog::load(paths, &provider.base_url);
    let now = Timestamp::now();
    if let Some(known) = known
        .as_ref()
        .filter(|known| !args.refresh && known.is_fresh(now))
    {
        return Ok(told((known, provider), args, None, now));
    }
    let failure = match ask(paths, settings, provider) {
        Ok(fresh) => {
            if let Err(error) = catalog::save(paths, &fresh) {
                Outlet::complain(&format!(
                    "copydesk: the list is not kept: {}",
                    error.failure()
                ));
            }
            return Ok(told((&fresh, provider), args, None, now));
        }
        Err(failure) if failure.kind.is_of_the_person() => return Err(failure),
        Err(failure) => failure,
    };
    if let Some(known) = &known {
        return Ok(told((known, provider), args, Some(failure), now));
    }
    // Another server than the vendor's has models of its own, which the table cannot know.
    let vendor = provider.vendor();
    let of_vendor = |vendor| models::of_vendor(vendor, provider.place());
    let models = vendor.map(of_vendor).unwrap_or_default();
    if models.is_empty() {
        return Err(failure);
    }
    Ok(Found {
        models,
        from: format!("from the table in copydesk, not from the server: {failure}"),
        failure: Some(failure),
    })
}

/// Asks a server for its list.
///
/// # Errors
/// When it cannot be asked, or tells none.
pub(super) fn ask(
    paths: &Paths,
    settings: &Settings,
    provider: &Provider,
) -> Result<Catalog, Failure> {
    let keychain = Keychain::new(Arc::new(paths.clone()), variable);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(FailureKind::Other, "the runtime could not start").why(error.to_string())
        })?;
    let asking = async {
        let endpoint = keychain.endpoint(settings, provider, "").await?;
        crate::provider::models::fetch(&Client::new(), &endpoint).await
    };
    let listings = runtime.block_on(async {
        tokio::select! {
            listings = asking => listings,
            kind = interruption() => Err(Failure::new(kind, kind.name())),
        }
    })?;
    Ok(Catalog {
        server: provider.base_url.clone(),
        at: Timestamp::now(),
        listings,
    })
}

/// A list as a server told it.
fn told(
    (known, provider): (&Catalog, &Provider),
    args: &ModelsArgs,
    failure: Option<Failure>,
    now: Timestamp,
) -> Found {
    let place = provider.place();
    let models = if args.all {
        known.everything(place)
    } else {
        known.models(place)
    };
    let minutes = (now.as_second() - known.at.as_second()).max(0) / 60;
    let age = match minutes {
        0 => "now".to_owned(),
        1..120 => format!("{minutes} min ago"),
        120..2880 => format!("{} h ago", minutes / 60),
        _ => format!("{} days ago", minutes / 1440),
    };
    let from = format!("from {}, told {age}", known.server);
    let from = match &failure {
        Some(failure) => format!("{from}; there is no newer list: {failure}"),
        None => from,
    };
    Found {
        models,
        from,
        failure,
    }
}

/// A column: its heading, its least width, and how it leans.
type Column = (&'static str, usize, fn(&str, usize) -> String);

fn left(text: &str, width: usize) -> String {
    format!("{text:width$}")
}

fn right(text: &str, width: usize) -> String {
    format!("{text:>width$}")
}

const COLUMNS: [Column; 6] = [
    ("MODEL", 5, left),
    ("WINDOW", 6, right),
    ("IN $/M", 6, right),
    ("OUT", 6, right),
    ("ABILITIES", 13, left),
    ("LAST DAY", 8, left),
];

/// The list as columns, but those that would have nothing in them.
fn table(models: &[Model], today: Date, place: Place) -> String {
    // On a server nearby there is no price to know.
    let unpriced = if place == Place::Nearby { "" } else { "n/a" };
    let cells = |model: &Model| {
        let rates = model.prices.map(|prices| prices.usual);
        let price = |rate: Option<f64>| rate.map_or_else(|| unpriced.to_owned(), price);
        [
            Printable::line(&model.id).as_str().to_owned(),
            model.context.map_or(String::new(), short),
            price(rates.map(|rates| rates.input)),
            price(rates.map(|rates| rates.output)),
            abilities(model).to_owned(),
            last_day(model, today),
        ]
    };
    let rows: Vec<[String; 6]> = models.iter().map(cells).collect();
    let shown: Vec<usize> = (0..COLUMNS.len())
        .filter(|column| rows.iter().any(|row| !row[*column].is_empty()))
        .collect();
    // One id that is out of the ordinary costs no other its place on the line.
    let width = |row: &[String; 6]| row[0].chars().count();
    let widest = rows.iter().map(width).max().unwrap_or(0).min(60);
    let mut out = String::new();
    let headings = COLUMNS.map(|(heading, ..)| heading.to_owned());
    for row in std::iter::once(&headings).chain(&rows) {
        let line = shown.iter().map(|column| {
            let (_, least, lean) = COLUMNS[*column];
            let width = if *column == 0 {
                widest.max(least)
            } else {
                least
            };
            lean(&row[*column], width)
        });
        let line = line.collect::<Vec<_>>().join("  ");
        // Writing to a string cannot fail.
        let _ = writeln!(out, "{}", line.trim_end());
    }
    out
}

/// The last day, with a mark when it is near or over.
fn last_day(model: &Model, today: Date) -> String {
    let Some(day) = model.shutdown else {
        return String::new();
    };
    let mark = if model.last_day(today).is_some() {
        "!"
    } else {
        ""
    };
    format!("{day}{mark}")
}

fn row(model: &Model, today: Date) -> Value {
    let rates = model.prices.map(|prices| {
        json!({
            "input": prices.usual.input, "cached_input": prices.usual.cached,
            "cache_write": prices.usual.written, "output": prices.usual.output,
            "above_272k": prices.long.map(|long| json!({"input": long.input, "cached_input": long.cached, "output": long.output})),
        })
    });
    json!({
        "id": model.id, "context": model.context, "max_input": model.room(), "max_output": model.max_output,
        "usd_per_1m": rates, "vision": model.vision, "reasoning": model.reasoning, "efforts": model.efforts,
        "shutdown": model.shutdown, "days_left": model.days_left(today),
        "known": match model.known {
            Known::ById => "id",
            Known::ByRelease => "release",
            Known::ByFamily => "family",
            Known::Not => "no",
        },
    })
}
