//! `copydesk run`: a template and a brief to text, on stdout, in a file or as a draft.

mod first;
mod kept;
mod several;
mod unsent;
mod verdict;

use super::outlet::{Outlet, Reader};
use super::receive::{self, Answer, Order, Show};
use super::record::{Delivery, Record};
use super::report::Report;
use super::spending::{self, Bill};
use super::{Outcome, brief, settings};
use crate::config::keychain::Keychain;
use crate::config::{Overrides, Provider, Settings, variable};
use crate::domain::brief::Brief;
use crate::domain::budget::Budget;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::render;
use crate::domain::run::RunId;
use crate::domain::template::{MOST_VARIANTS, Template};
use crate::store::journal::{Purpose, RunRecord, SessionId};
use crate::store::{Paths, drafts, shelf};
use jiff::Timestamp;
use kept::keep;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;
use verdict::{empty, outcome, report, verdict};

/// Flags of `run`.
#[derive(Debug, clap::Args)]
pub(super) struct RunArgs {
    /// The template, by name
    template: String,
    /// Give an input a value (`-` reads stdin)
    #[arg(short, long = "input", value_name = "KEY=VALUE")]
    input: Vec<String>,
    /// Give an input the text of a file, or a file or image input its path
    #[arg(short, long = "file", value_name = "KEY=PATH")]
    file: Vec<String>,
    /// Fill the inputs from a brief that was kept under this name; `-i`, `-f` and stdin go before it
    #[arg(long, value_name = "NAME")]
    brief: Option<String>,
    /// Ask for this model; given several times, each of them writes a text
    #[arg(short, long, value_name = "MODEL")]
    model: Vec<String>,
    /// Use this provider
    #[arg(short, long)]
    provider: Option<String>,
    /// How many variants, of each model where a template names several; the template's own number
    /// without it. Several go to stdout in turn, with a line between them that holds one form feed
    #[arg(short = 'n', long, value_name = "N", value_parser = variants)]
    variants: Option<u8>,
    /// Write the text to this file instead of stdout; of several variants, the first to FILE-1 and
    /// so on, in front of the file's extension
    #[arg(short, long, value_name = "FILE", conflicts_with = "save")]
    output: Option<PathBuf>,
    /// Keep the text as a draft in the library, each variant as one of its own
    #[arg(long)]
    save: bool,
    /// Print one JSON object instead of text
    #[arg(long)]
    json: bool,
    /// Send it even when that goes over the month's budget
    #[arg(long)]
    over_budget: bool,
    #[command(flatten)]
    look: Look,
}

/// What to look at instead of sending it.
#[derive(Debug, clap::Args)]
struct Look {
    /// Print the exact request body and send nothing
    #[arg(long)]
    dry_run: bool,
    /// Print a curl command that sends the same, and send nothing; the key stays in its variable
    #[arg(long, conflicts_with = "dry_run")]
    curl: bool,
}

/// Reads `-n`.
fn variants(text: &str) -> Result<u8, String> {
    let number = text.parse().ok();
    let number = number.filter(|number| (1..=MOST_VARIANTS).contains(number));
    number.ok_or_else(|| format!("give a number from 1 to {MOST_VARIANTS}"))
}

/// Everything that is known before anything is sent.
struct Job {
    /// The requests, which differ in their models alone.
    all: Vec<Asked>,
    template: Template,
    brief: Brief,
    settings: Settings,
    provider: Provider,
    target_words: Option<usize>,
    /// What may be spent, unless this run may go over it.
    budget: Option<Budget>,
}

/// One request, and where its text will be kept.
struct Asked {
    run: RunId,
    /// Id of the draft that the text will be kept as.
    draft: Option<String>,
    /// The file that it will be written to.
    output: Option<PathBuf>,
    request: Request,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &RunArgs, outlet: &Outlet) -> Outcome {
    let json = args.json;
    let name = args.template.clone();
    let ended = match prepare(paths, args) {
        Ok(job) if args.look.dry_run || args.look.curl => unsent::print(paths, args, &job, outlet),
        Ok(job) => match job.all.as_slice() {
            [one] => send(paths, args, (&job, one), outlet),
            _ => several::send(paths, args, &job, outlet),
        },
        Err(failure) => Err(failure),
    };
    match ended {
        Err(failure) if json => {
            let report = Report {
                template: name,
                ..empty(Some(&failure))
            };
            outlet.json(&report)?;
            Ok(failure.kind.exit_code())
        }
        ended => ended,
    }
}

fn prepare(paths: &Paths, args: &RunArgs) -> Result<Job, Failure> {
    let over = Overrides {
        provider: args.provider.clone(),
        model: args.model.first().cloned(),
    };
    let mut settings = settings(paths, &over);
    let provider = settings.provider(None);
    let refused = provider.as_ref().err().map(ToString::to_string);
    for warning in &settings.warnings {
        // What stops the run is told once, at its end.
        if !refused.as_ref().is_some_and(|told| told.contains(warning)) {
            Outlet::complain(&format!("copydesk: {warning}"));
        }
    }
    let provider = provider?.clone();
    if args.model.len() > 1 {
        settings.mark(&provider.name, args.model.clone());
    }
    let template = shelf::template(paths, &args.template)?;
    Outlet::warn(&template);
    let named = args.brief.as_deref();
    let named = named.map(|name| brief::named(paths, &template, name));
    let brief = brief::collect(&template, (&args.input, &args.file), named.transpose()?)?;
    let snippets = shelf::Shelf(paths);
    let (filled, images) = brief::attach(&template, &brief)?;
    let mut rendered = render::render(&template, &filled, &snippets)
        .map_err(|error| Failure::new(FailureKind::Usage, error.to_string()))?;
    rendered.prompt.images = images;
    if settings.practising {
        Outlet::complain(
            "copydesk: no key is set, so the practice engine writes a sample; set OPENAI_API_KEY to ask a model",
        );
    }
    let target_words = rendered.target_words;
    let looked_at = args.look.dry_run || args.look.curl;
    // Where a key is missing as well, that is told first.
    if (looked_at || !lacks_key(paths, &provider))
        && let Some(failure) = settings.without_model(&provider, template.model.id.as_deref())
    {
        let ask = if looked_at {
            first::Ask::Nobody
        } else {
            first::Ask::Server
        };
        first::take(paths, &mut settings, &provider, ask)?.ok_or(failure)?;
    }
    let request = settings.request(&provider, &template, rendered);
    let all = asked(
        args,
        &settings.models_for(&provider, &template.model),
        &request,
        &template,
    );
    Ok(Job {
        all,
        template,
        brief,
        budget: settings.budget.filter(|_| !args.over_budget),
        settings,
        provider,
        target_words,
    })
}

/// The requests: the models in turn, as often as variants are wanted.
fn asked(args: &RunArgs, models: &[String], request: &Request, template: &Template) -> Vec<Asked> {
    let rounds = args.variants.unwrap_or(template.variants);
    let count = usize::from(rounds) * models.len();
    let models = (0..rounds).flat_map(|_| models).enumerate();
    let asked = |(place, model): (usize, &String)| Asked {
        run: RunId(Uuid::now_v7()),
        draft: args.save.then(drafts::new_id),
        output: args.output.as_ref().map(|path| match count {
            1 => path.clone(),
            _ => several::numbered(path, place + 1),
        }),
        request: Request {
            model: model.clone(),
            ..request.clone()
        },
    };
    models.map(asked).collect()
}

/// Whether nothing can be sent to a provider before a key is set.
fn lacks_key(paths: &Paths, provider: &Provider) -> bool {
    let keychain = Keychain::new(Arc::new(paths.clone()), variable);
    provider.needs_key() && !keychain.holds(provider)
}

/// The run as it goes into the journal before its request leaves.
fn record_of(job: &Job, asked: &Asked) -> RunRecord {
    RunRecord {
        id: asked.run,
        session: SessionId(Uuid::now_v7()),
        at: Timestamp::now(),
        purpose: Purpose::Generate,
        continues: None,
        together: job.together(asked),
        draft: asked.draft.clone(),
        template: Some(job.template.name.clone()),
        template_hash: Some(job.template.hash.clone()),
        brief: job.brief.clone(),
        provider: job.provider.name.clone(),
        origin: job.provider.origin(),
        request: asked.request.clone(),
    }
}

impl Job {
    /// The first of the requests that one goes out together with.
    fn together(&self, asked: &Asked) -> Option<RunId> {
        let first = self.all.first().map(|first| first.run);
        first.filter(|first| *first != asked.run)
    }
}

/// What a request costs, and has to stay within.
fn bill<'b>(paths: &'b Paths, job: &'b Job, asked: &'b Asked) -> Bill<'b> {
    Bill {
        paths,
        provider: &job.provider,
        request: &asked.request,
    }
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(|error| {
        Failure::new(FailureKind::Other, "the runtime could not start").why(error.to_string())
    })
}

fn send(paths: &Paths, args: &RunArgs, (job, asked): (&Job, &Asked), outlet: &Outlet) -> Outcome {
    let bill = bill(paths, job, asked);
    spending::within(&[bill], job.budget, job.target_words)?;
    let shown = !args.json && args.output.is_none();
    let runtime = runtime()?;
    let show = match (shown, args.save) {
        (false, _) => Show::Nothing,
        (true, false) => Show::OrEnd,
        (true, true) => Show::WhilePossible,
    };
    let (record, begun) = Record::begin(paths, record_of(job, asked));
    let order = Order {
        settings: &job.settings,
        provider: &job.provider,
        keychain: Keychain::new(Arc::new(paths.clone()), variable),
        request: &asked.request,
        show,
        begun,
        label: String::new(),
    };
    let received = runtime.block_on(receive::receive(order, outlet, &record));
    let mut answer = received.unwrap_or_else(Answer::failed);
    answer.cost = bill.cost(&answer);
    bill.book_tries(&answer, &record);
    let (kept, unkept) = match keep(paths, (job, asked), &answer) {
        Ok(kept) => (kept, None),
        Err(failure) => (None, Some(failure)),
    };
    let path = kept.as_ref().map(|kept| kept.path.clone());
    let homeless = unkept.is_some();
    let rescued = homeless && !shown && !args.json;
    let failure = unkept
        .or_else(|| verdict(&answer))
        .or_else(|| answer.unshown.clone());
    let printed = if answer.deserted {
        Ok(Reader::There)
    } else if args.json {
        let path = path.as_ref().map(|path| path.display().to_string());
        outlet.offer_json(&report((job, asked), &answer, path, failure.as_ref()))
    } else if rescued {
        // A text that has no file yet is not lost.
        outlet.offer_text(&answer.text)
    } else {
        Ok(Reader::There)
    };
    // Only now is known whether anybody has it.
    let shown = !homeless && printed.is_ok() && answer.unshown.is_none();
    let delivery = if path.is_some() || shown {
        Delivery::Done
    } else {
        Delivery::Failed
    };
    let draft = kept.and_then(|kept| kept.draft);
    runtime.block_on(record.end(outcome(&answer), draft, delivery));
    if answer.deserted || printed? == Reader::Gone {
        return Ok(0);
    }
    if args.json {
        return Ok(failure.map_or(0, |failure| failure.kind.exit_code()));
    }
    if let Some(path) = path {
        Outlet::complain(&format!("saved {}", path.display()));
    }
    bill.tell(&answer);
    failure.map_or(Ok(0), Err)
}
