//! Settings and providers: what the config file says, where each key would come from, and, only
//! when asked, whether servers answer. Never shows a key.

use super::finding::{Finding, Level, command};
use crate::config::keychain::{Keychain, Source};
use crate::config::{Provider, Settings, variable};
use crate::domain::failure::{Failure, FailureKind};
use crate::provider::client::{self, Client};
use crate::provider::probe::{self, Reached};
use crate::store::{Paths, keyring, secrets};
use std::sync::Arc;

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
pub(super) fn keys(paths: &Paths, settings: &Settings) -> Vec<Finding> {
    let mut found = vec![match settings.provider(None) {
        Ok(provider) => Finding::ok(
            KEYS,
            format!("{} is asked when nothing else is named", provider.name),
        ),
        Err(failure) => Finding::of(KEYS, &failure),
    }];
    let keychain = keychain(paths);
    for provider in usable(settings, &keychain) {
        let is_default = provider.name == settings.provider;
        found.push(key(paths, &keychain, provider, is_default));
    }
    found
}

fn keychain(paths: &Paths) -> Keychain {
    Keychain::new(Arc::new(paths.clone()), variable)
}

/// Providers that somebody has set up in any way. The rest of the presets is nobody's business.
fn usable<'s>(settings: &'s Settings, keychain: &Keychain) -> Vec<&'s Provider> {
    let usable = settings.providers.keys();
    let usable = usable.filter_map(|name| settings.provider(Some(name)).ok());
    usable
        .filter(|provider| {
            provider.is_practice()
                || provider.name == "openai"
                || provider.name == settings.provider
                || provider.is_set_up()
                || keychain.source(provider).is_some()
        })
        .collect()
}

fn key(paths: &Paths, keychain: &Keychain, provider: &Provider, is_default: bool) -> Finding {
    let name = &provider.name;
    if provider.is_practice() {
        return Finding::ok(KEYS, format!("{name}: needs none"));
    }
    let endpoint = provider.endpoint("", None, None);
    if let Err(failure) = client::url(&endpoint) {
        return Finding::of(KEYS, &failure);
    }
    let source = match keychain.asked_source(provider) {
        Ok(source) => source,
        Err(failure) => return no_key(paths, (provider, is_default), Some(&failure)),
    };
    if let Some(source) = source {
        let note = match &source {
            Source::Variable(_) => ", which is set",
            Source::Command(_) => ", which was not run",
            _ => "",
        };
        return match keychain.look(provider) {
            Err(failure) => Finding::of(KEYS, &failure),
            Ok(()) => Finding::ok(KEYS, format!("{name}: from {source}{note}")),
        };
    }
    no_key(paths, (provider, is_default), None)
}

/// No place has a key; `keyring` says why that one does not.
fn no_key(
    paths: &Paths,
    (provider, is_default): (&Provider, bool),
    keyring: Option<&Failure>,
) -> Finding {
    let (name, variable_name) = (&provider.name, &provider.key_env);
    let endpoint = provider.endpoint("", None, None);
    let file = secrets::path(paths, name);
    let kept = match keyring {
        _ if !keyring::IS_BUILT_IN => String::new(),
        None => format!(
            ", nor in {}, nor is there {}",
            keyring::PLACE,
            file.display()
        ),
        Some(failure) => {
            let why = if failure.why.is_empty() {
                String::new()
            } else {
                format!(" ({})", failure.why)
            };
            format!(
                ", {}{why}, and there is no {}",
                failure.what,
                file.display()
            )
        }
    };
    let what = format!("{name}: from {variable_name}, which is not set{kept}");
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
pub(super) fn online(paths: &Paths, settings: &Settings) -> Result<Vec<Finding>, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| {
            Failure::new(FailureKind::Other, "the runtime could not start").why(error.to_string())
        })?;
    let client = Client::new();
    let keychain = keychain(paths);
    let usable = usable(settings, &keychain);
    let mut found = Vec::new();
    for provider in usable.into_iter().filter(|it| !it.is_practice()) {
        let name = &provider.name;
        let bare = provider.endpoint("", None, None);
        if keychain.source(provider).is_none() && !client::stays_here(&bare) {
            // What is wrong with the address was said before.
            if client::url(&bare).is_ok() {
                let told = format!("{name}: not asked, for want of a key");
                found.push(Finding::note(ONLINE, told));
            }
            continue;
        }
        let asked = async {
            let endpoint = keychain.endpoint(settings, provider, "").await;
            probe::reach(&client, &endpoint.map_err(Failure::from)?).await
        };
        found.push(match runtime.block_on(asked) {
            Ok(Reached::Ready(_)) => {
                Finding::ok(ONLINE, format!("{name}: {} answers", provider.base_url))
            }
            Ok(Reached::Answers) => Finding::note(
                ONLINE,
                format!(
                    "{name}: {} answers, but lists no models: the key was not tried",
                    provider.base_url
                ),
            ),
            Err(failure) => Finding::of(ONLINE, &failure),
        });
    }
    Ok(found)
}
