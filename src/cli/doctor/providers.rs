//! Settings and providers: what the config file says, where each key would come from, and, only
//! when asked, whether servers answer. Never shows a key.

use super::finding::{Finding, Level, command};
use crate::config::{Provider, Settings, variable};
use crate::domain::failure::{Failure, FailureKind};
use crate::provider::client::{self, Client};
use crate::provider::probe::{self, Reached};
use crate::store::Paths;

const CONFIG: &str = "config";
const KEYS: &str = "keys";
const ONLINE: &str = "online";

/// What the config file says.
pub(super) fn config(paths: &Paths, settings: &Settings) -> Vec<Finding> {
    let path = &paths.config_file;
    let edit = || command("\"$EDITOR\"", path);
    let mut found = Vec::new();
    if let Some(problem) = &settings.problem {
        found.push(Finding::of(CONFIG, problem).mend(edit()));
    }
    let broken = settings
        .providers
        .values()
        .filter_map(|it| it.problem.as_ref());
    found.extend(broken.map(|why| Finding::problem(CONFIG, why).mend(edit())));
    let odd = settings.warnings.iter();
    found.extend(odd.map(|why| Finding::note(CONFIG, why).mend(edit())));
    if found.is_empty() {
        found.push(Finding::ok(
            CONFIG,
            if path.exists() {
                format!("{} is understood", path.display())
            } else {
                format!("there is no {}, and none is needed", path.display())
            },
        ));
    }
    found
}

/// Which provider is asked, and where each key would come from.
pub(super) fn keys(settings: &Settings) -> Vec<Finding> {
    let mut found = vec![match settings.provider(None) {
        Ok(provider) => Finding::ok(
            KEYS,
            format!("{} is asked when nothing else is named", provider.name),
        ),
        Err(failure) => Finding::of(KEYS, &failure),
    }];
    for provider in usable(settings) {
        found.push(key(provider, provider.name == settings.provider));
    }
    found
}

fn usable(settings: &Settings) -> impl Iterator<Item = &Provider> {
    let names = settings.providers.keys();
    names.filter_map(|name| settings.provider(Some(name)).ok())
}

fn key(provider: &Provider, is_default: bool) -> Finding {
    let (name, variable_name) = (&provider.name, &provider.key_env);
    if provider.is_practice() {
        return Finding::ok(KEYS, format!("{name}: needs none"));
    }
    let endpoint = match provider.endpoint(&variable) {
        Ok(endpoint) => endpoint,
        Err(failure) => return Finding::of(KEYS, &failure),
    };
    if let Err(failure) = client::url(&endpoint) {
        return Finding::of(KEYS, &failure);
    }
    if endpoint.key.is_some() {
        return Finding::ok(KEYS, format!("{name}: from {variable_name}, which is set"));
    }
    let what = format!("{name}: from {variable_name}, which is not set");
    let level = match (client::stays_here(&endpoint), is_default) {
        (true, _) => {
            return Finding::ok(
                KEYS,
                format!("{what}; a server on this machine may need none"),
            );
        }
        (false, true) => Level::Problem,
        (false, false) => Level::Note,
    };
    Finding {
        level,
        ..Finding::note(KEYS, what).mend(format!("export {variable_name}=…"))
    }
}

/// Whether the servers of providers that could be asked answer.
pub(super) fn online(settings: &Settings) -> Result<Vec<Finding>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(FailureKind::Other, "the runtime could not start").why(error.to_string())
        })?;
    let client = Client::new();
    let mut found = Vec::new();
    for provider in usable(settings).filter(|provider| !provider.is_practice()) {
        // What is wrong with the key or the address was said before.
        let Ok(endpoint) = provider.endpoint(&variable) else {
            continue;
        };
        let name = &provider.name;
        if endpoint.key.is_none() && !client::stays_here(&endpoint) {
            found.push(Finding::note(
                ONLINE,
                format!("{name}: not asked, for want of a key"),
            ));
            continue;
        }
        found.push(match runtime.block_on(probe::reach(&client, &endpoint)) {
            Ok(Reached::Ready) => {
                Finding::ok(ONLINE, format!("{name}: {} answers", endpoint.base_url))
            }
            Ok(Reached::Answers) => Finding::note(
                ONLINE,
                format!(
                    "{name}: {} answers, but lists no models: the key was not tried",
                    endpoint.base_url
                ),
            ),
            Err(failure) => Finding::of(ONLINE, &failure),
        });
    }
    Ok(found)
}
