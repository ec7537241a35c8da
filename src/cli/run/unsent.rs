//! What a run would send, for who only wants to look: the body, or a curl command.
//!
//! Sends nothing, and never prints a key.

use super::{Job, RunArgs};
use crate::cli::outlet::Outlet;
use crate::cli::{Outcome, record};
use crate::config::keychain::Keychain;
use crate::config::variable;
use crate::domain::failure::Failure;
use crate::domain::prompt::Request;
use crate::domain::text::escaped_json;
use crate::provider::payload::{Body, Payload};
use crate::store::Paths;
use std::sync::Arc;

/// Prints what a run would send now, once for each model: after what earlier runs have learnt.
pub(super) fn print(paths: &Paths, args: &RunArgs, job: &Job, outlet: &Outlet) -> Outcome {
    let mut seen: Vec<&str> = Vec::new();
    for asked in &job.all {
        if !seen.contains(&asked.request.model.as_str()) {
            seen.push(&asked.request.model);
            print_request(paths, args, (job, &asked.request), outlet)?;
        }
    }
    Ok(0)
}

fn print_request(
    paths: &Paths,
    args: &RunArgs,
    (job, request): (&Job, &Request),
    outlet: &Outlet,
) -> Result<(), Failure> {
    // The body is the same whatever the key is.
    let endpoint = job.provider.endpoint(&request.model, None, None);
    let keychain = Keychain::new(Arc::new(paths.clone()), variable);
    let has_key = keychain.holds(&job.provider);
    let lessons = record::lessons(paths, &job.provider, &request.model);
    let payload = args
        .look
        .curl
        .then(|| Payload::of(&endpoint, request, &lessons))
        .transpose()?
        .map(|payload| payload.keyed_if(has_key, &endpoint));
    let body = Body::of(&endpoint, request, &lessons);
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
        outlet.text(&line)
    } else {
        outlet.bytes(line.as_bytes())
    }
}
