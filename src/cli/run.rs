//! `copydesk run`: a template and a brief to text, on stdout, in a file or as a draft.

mod first;
mod kept;

use super::outlet::{Outlet, Reader};
use super::receive::{self, Answer, Order, Show};
use super::record::{self, Delivery, Record};
use super::report::Report;
use super::spending::Bill;
use super::{Outcome, brief, settings};
use crate::config::keychain::Keychain;
use crate::config::{Overrides, Provider, Settings, variable};
use crate::domain::brief::Brief;
use crate::domain::budget::Budget;
use crate::domain::cost::Spent;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::render;
use crate::domain::run::{FinishReason, RunId};
use crate::domain::template::Template;
use crate::domain::text::escaped_json;
use crate::provider::payload::{Body, Payload};
use crate::store::journal::{self, Purpose, RunRecord, SessionId};
use crate::store::{Paths, drafts, shelf};
use jiff::Timestamp;
use kept::keep;
use std::path::PathBuf;
use std::sync::Arc;
use uuid::Uuid;

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
    /// Ask for this model
    #[arg(short, long)]
    model: Option<String>,
    /// Use this provider
    #[arg(short, long)]
    provider: Option<String>,
    /// How many variants; only 1 for now
    #[arg(short = 'n', long, default_value_t = 1, value_parser = variants)]
    variants: u8,
    /// Write the text to this file instead of stdout
    #[arg(short, long, value_name = "FILE", conflicts_with = "save")]
    output: Option<PathBuf>,
    /// Keep the text as a draft in the library
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
    match text.parse() {
        Ok(1) => Ok(1),
        Ok(0) | Err(_) => Err("give a number from 1 on".to_owned()),
        Ok(_) => {
            Err("several variants at once are not possible yet; run it once for each".to_owned())
        }
    }
}

/// Everything that is known before anything is sent.
struct Job {
    run: RunId,
    /// Id of the draft that the text will be kept as.
    draft: Option<String>,
    template: Template,
    brief: Brief,
    settings: Settings,
    provider: Provider,
    request: Request,
    target_words: Option<usize>,
    /// What may be spent, unless this run may go over it.
    budget: Option<Budget>,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, args: &RunArgs, outlet: &Outlet) -> Outcome {
    let json = args.json;
    let name = args.template.clone();
    let ended = match prepare(paths, args) {
        Ok(job) if args.look.dry_run || args.look.curl => unsent(paths, args, &job, outlet),
        Ok(job) => send(paths, args, &job, outlet),
        Err(failure) => Err(failure),
    };
    match ended {
        Err(failure) if json => {
            let report = Report {
                template: name,
                ..empty_report(Some(&failure))
            };
            print(&report, outlet)?;
            Ok(failure.kind.exit_code())
        }
        ended => ended,
    }
}

fn prepare(paths: &Paths, args: &RunArgs) -> Result<Job, Failure> {
    let over = Overrides {
        provider: args.provider.clone(),
        model: args.model.clone(),
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
    let template = shelf::template(paths, &args.template)?;
    Outlet::warn(&template);
    let brief = brief::collect(&template, &args.input, &args.file)?;
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
    Ok(Job {
        run: RunId(Uuid::now_v7()),
        draft: args.save.then(drafts::new_id),
        template,
        brief,
        budget: settings.budget.filter(|_| !args.over_budget),
        settings,
        provider,
        request,
        target_words,
    })
}

/// Whether nothing can be sent to a provider before a key is set.
fn lacks_key(paths: &Paths, provider: &Provider) -> bool {
    let keychain = Keychain::new(Arc::new(paths.clone()), variable);
    provider.needs_key() && !keychain.holds(provider)
}

/// Prints what a run would send now: after what earlier ones have learnt.
fn unsent(paths: &Paths, args: &RunArgs, job: &Job, outlet: &Outlet) -> Outcome {
    // The body is the same whatever the key is.
    let endpoint = job.provider.endpoint(&job.request.model, None, None);
    let keychain = Keychain::new(Arc::new(paths.clone()), variable);
    let has_key = keychain.holds(&job.provider);
    let lessons = record::lessons(paths, &job.provider, &job.request.model);
    let payload = args
        .look
        .curl
        .then(|| Payload::of(&endpoint, &job.request, &lessons))
        .transpose()?
        .map(|payload| payload.keyed_if(has_key, &endpoint));
    let body = Body::of(&endpoint, &job.request, &lessons);
    for left_out in &body.left_out {
        Outlet::complain(&format!("copydesk: {left_out}"));
    }
    // A pipe gets the very bytes; a terminal the same value, and must not be led astray by it.
    let text = body.text();
    let text = if outlet.is_terminal() {
        escaped_json(&text)
    } else {
        text.as_str().into()
    };
    let line = payload.map(|payload| payload.curl(&job.provider.key_env, &text));
    let line = format!("{}\n", line.as_deref().unwrap_or(&text));
    if outlet.is_terminal() {
        outlet.text(&line)?;
    } else {
        outlet.bytes(line.as_bytes())?;
    }
    Ok(0)
}

/// The run as it goes into the journal before its request leaves.
fn record_of(job: &Job) -> RunRecord {
    RunRecord {
        id: job.run,
        session: SessionId(Uuid::now_v7()),
        at: Timestamp::now(),
        purpose: Purpose::Generate,
        continues: None,
        draft: job.draft.clone(),
        template: Some(job.template.name.clone()),
        template_hash: Some(job.template.hash.clone()),
        brief: job.brief.clone(),
        provider: job.provider.name.clone(),
        origin: job.provider.origin(),
        request: job.request.clone(),
    }
}

fn send(paths: &Paths, args: &RunArgs, job: &Job, outlet: &Outlet) -> Outcome {
    let bill = Bill {
        paths,
        provider: &job.provider,
        request: &job.request,
    };
    bill.within(job.budget, job.target_words)?;
    let shown = !args.json && args.output.is_none();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(FailureKind::Other, "the runtime could not start").why(error.to_string())
        })?;
    let show = match (shown, args.save) {
        (false, _) => Show::Nothing,
        (true, false) => Show::OrEnd,
        (true, true) => Show::WhilePossible,
    };
    let (record, begun) = Record::begin(paths, record_of(job));
    let order = Order {
        settings: &job.settings,
        provider: &job.provider,
        keychain: Keychain::new(Arc::new(paths.clone()), variable),
        request: &job.request,
        show,
        begun,
    };
    let received = runtime.block_on(receive::receive(order, outlet, &record));
    let mut answer = received.unwrap_or_else(Answer::failed);
    answer.cost = bill.cost(&answer);
    bill.book_tries(&answer, &record);
    let (kept, unkept) = match keep(paths, args, job, &answer) {
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
        outlet.offer_json(&report(job, &answer, path, failure.as_ref()))
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

/// A run that came to its end, as one JSON object tells it.
fn report(job: &Job, answer: &Answer, path: Option<String>, failure: Option<&Failure>) -> Report {
    Report {
        text: answer.text.clone(),
        reasoning: answer.reasoning.clone(),
        template: job.template.name.clone(),
        provider: job.provider.name.clone(),
        model: answer
            .model
            .clone()
            .unwrap_or_else(|| job.request.model.clone()),
        run: Some(job.run),
        finish: answer.finish.clone(),
        usage: answer.usage,
        cost: answer.cost.map(Spent::usd),
        cost_is_estimate: answer.cost.is_some_and(Spent::is_estimated),
        path,
        ..empty_report(failure)
    }
}

fn outcome(answer: &Answer) -> journal::Outcome {
    journal::Outcome {
        at: Timestamp::now(),
        ending: answer.ending(),
        usage: answer.usage,
        model: answer.model.clone(),
        cost: answer.cost.map(|spent| spent.usd().dollars()),
    }
}

/// What the answer amounts to: `None` for success.
fn verdict(answer: &Answer) -> Option<Failure> {
    if answer.failure.is_some() {
        return answer.failure.clone();
    }
    match &answer.finish {
        Some(FinishReason::Length) => Some(
            Failure::new(FailureKind::Partial, "the text was cut at the output limit")
                .advice("raise max_output_tokens in the template's model.params, or ask for less"),
        ),
        Some(FinishReason::ContentFilter) => Some(
            Failure::new(FailureKind::Refused, "a content filter cut the text")
                .advice("change the brief, or ask another model"),
        ),
        Some(FinishReason::Refused) => Some(
            Failure::new(FailureKind::Refused, "the model declined").why(answer.refusal.clone()),
        ),
        _ if answer.text.trim().is_empty() => Some(
            Failure::new(FailureKind::Partial, "the model sent no text")
                .why(answer.refusal.clone())
                .advice("try again, or another model"),
        ),
        Some(FinishReason::Ended) => Some(
            Failure::new(
                FailureKind::Partial,
                "the server ended the text without a reason",
            )
            .advice("see whether it is whole; ask again if it is not"),
        ),
        _ => None,
    }
}

fn empty_report(failure: Option<&Failure>) -> Report {
    Report {
        text: String::new(),
        reasoning: String::new(),
        template: String::new(),
        provider: String::new(),
        model: String::new(),
        run: None,
        finish: None,
        usage: None,
        cost: None,
        cost_is_estimate: false,
        path: None,
        error: failure.map(Into::into),
    }
}

fn print(report: &Report, outlet: &Outlet) -> Result<(), Failure> {
    outlet.json(report)
}
