//! `copydesk config`: where settings live, what each one is and where it came from, and what is
//! wrong with the file. Never shows a key, and connects to nobody.

use super::outlet::Outlet;
use super::{Outcome, settings};
use crate::app::keymap::Keymap;
use crate::config::keychain::Keychain;
use crate::config::providers::Whence;
use crate::config::settings::DEFAULT_MODEL;
use crate::config::theme::USUAL;
use crate::config::{Overrides, Provider, Settings, variable};
use crate::domain::budget::OnLimit;
use crate::domain::endpoint::Api;
use crate::domain::text::Printable;
use crate::store::Paths;
use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::json;
use std::sync::Arc;
use unicode_width::UnicodeWidthStr;

/// What is asked about settings.
#[derive(Debug, Subcommand)]
pub(super) enum ConfigCommand {
    /// Print the path of config.toml
    Path(PathArgs),
    /// Print each setting and where it came from; keys only as set or none
    Show(ShowArgs),
    /// Tell what is wrong with config.toml; exit 1 for warnings, 2 for what stops a provider
    Check,
}

/// Flags of `config path`.
#[derive(Debug, Args)]
pub(super) struct PathArgs {
    /// Print every path, one to a line
    #[arg(long)]
    all: bool,
}

/// Flags of `config show`.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// Show providers that nobody has set up, too
    #[arg(long)]
    all: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Runs the verb.
pub(super) fn run(paths: &Paths, command: &ConfigCommand, outlet: &Outlet) -> Outcome {
    match command {
        ConfigCommand::Path(args) => path(paths, args, outlet),
        ConfigCommand::Show(args) => show(paths, args, outlet),
        ConfigCommand::Check => check(paths, outlet),
    }
}

fn path(paths: &Paths, args: &PathArgs, outlet: &Outlet) -> Outcome {
    if !args.all {
        outlet.line(&paths.config_file.display().to_string())?;
        return Ok(0);
    }
    let all = [
        ("config", &paths.config_file),
        ("templates", &paths.templates),
        ("snippets", &paths.snippets),
        ("drafts", &paths.drafts),
        ("keys", &paths.keys),
        ("state", &paths.state),
        ("cache", &paths.cache),
    ];
    for (name, path) in all {
        let path = path.display().to_string();
        outlet.text(&format!("{name}\t{}\n", Printable::line(&path)))?;
    }
    Ok(0)
}

/// One setting, for a person or a script.
#[derive(Debug, Serialize)]
struct Shown {
    setting: String,
    value: serde_json::Value,
    from: String,
}

impl Shown {
    fn new(
        setting: impl Into<String>,
        value: impl Into<serde_json::Value>,
        from: impl Into<String>,
    ) -> Self {
        Self {
            setting: setting.into(),
            value: value.into(),
            from: from.into(),
        }
    }

    fn text(&self) -> String {
        let text = match &self.value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        Printable::line(&text).to_string()
    }
}

fn show(paths: &Paths, args: &ShowArgs, outlet: &Outlet) -> Outcome {
    let settings = settings(paths, &Overrides::default());
    let keychain = Keychain::new(Arc::new(paths.clone()), variable);
    let mut shown = general(&settings);
    for provider in settings.providers.values().filter(|it| !it.is_practice()) {
        let wanted = args.all
            || provider.is_set_up()
            || provider.name == settings.provider
            || keychain.source(provider).is_some();
        if wanted {
            shown.extend(of_provider(provider, &keychain));
        }
    }
    let problem = settings.problem.as_ref().map(ToString::to_string);
    if args.json {
        let file = paths.config_file.display().to_string();
        outlet.json(&json!({"file": file, "settings": shown, "problem": problem}))?;
        return Ok(0);
    }
    let width = |texts: &dyn Fn(&Shown) -> String| {
        let widths = shown.iter().map(|it| texts(it).width().min(60));
        widths.max().unwrap_or(0)
    };
    let (names, values) = (width(&|it| it.setting.clone()), width(&Shown::text));
    for line in &shown {
        let (name, text) = (Printable::line(&line.setting).to_string(), line.text());
        let after_name = names.saturating_sub(name.width());
        let after_text = values.saturating_sub(text.width());
        let from = Printable::line(&line.from);
        outlet.text(&format!(
            "{name}{:after_name$}  {text}{:after_text$}  {from}\n",
            "", ""
        ))?;
    }
    if let Some(problem) = problem {
        Outlet::complain(&format!("copydesk: {problem}"));
    }
    Ok(0)
}

/// The model that is asked where a template names none, and who says so.
fn model(settings: &Settings) -> (String, String) {
    if let Some(instead) = settings.model_instead() {
        return instead;
    }
    let (model, from) = match (settings.forced_model(), &settings.model) {
        (Some((model, whence)), _) => (model, whence),
        (None, Some(model)) => (model.as_str(), Whence::File),
        (None, None) => (DEFAULT_MODEL, Whence::BuiltIn),
    };
    (model.to_owned(), from.to_string())
}

fn general(settings: &Settings) -> Vec<Shown> {
    let (model, from) = model(settings);
    vec![
        Shown::new(
            "provider",
            settings.provider.as_str(),
            settings.provider_whence.to_string(),
        ),
        Shown::new("model", model, from),
        Shown::new(
            "ui.mouse",
            settings.mouse,
            settings.mouse_whence.to_string(),
        ),
        Shown::new(
            "ui.clipboard",
            settings.clipboard.name(),
            settings.clipboard_whence.to_string(),
        ),
        Shown::new(
            "ui.notify",
            settings.notify.name(),
            settings.notify_whence.to_string(),
        ),
        of_appearance(
            settings,
            "theme",
            settings.appearance.theme.as_deref().unwrap_or(USUAL).into(),
        ),
        of_appearance(settings, "motion", settings.appearance.motion.into()),
        of_appearance(settings, "linear", settings.appearance.linear.into()),
        of_refine("tones", &settings.refine.tones, settings.refine.given[0]),
        of_refine(
            "languages",
            &settings.refine.languages,
            settings.refine.given[1],
        ),
        of_editor(settings, "focus", settings.editor.focus.into()),
        of_editor(settings, "typewriter", settings.editor.typewriter.into()),
        of_editor(settings, "keys", settings.editor.keys.name().into()),
        Shown::new(
            "variants.at_once",
            settings.variants.at_once,
            settings.variants.whence.to_string(),
        ),
    ]
    .into_iter()
    .chain(["read", "dictate"].map(|key| of_voice(settings, key)))
    .chain(of_budget(settings))
    .chain(of_keys(settings))
    .collect()
}

/// What may be spent in a month; only the file says that.
fn of_budget(settings: &Settings) -> [Shown; 2] {
    let Some(budget) = settings.budget else {
        let from = Whence::BuiltIn.to_string();
        return [
            Shown::new("budget.monthly_usd", "none", from.clone()),
            Shown::new("budget.on_limit", "warn", from),
        ];
    };
    let word = match budget.on_limit {
        OnLimit::Warn => "warn",
        OnLimit::Stop => "stop",
    };
    let from = Whence::File.to_string();
    let dollars = budget.monthly.dollars();
    [
        Shown::new("budget.monthly_usd", dollars, from.clone()),
        Shown::new("budget.on_limit", word, from),
    ]
}

/// The keys that the file gives to commands.
fn of_keys(settings: &Settings) -> impl Iterator<Item = Shown> {
    settings.keys.0.iter().map(|binding| {
        let keys: Vec<&str> = binding.keys.iter().map(|(key, _)| key.as_str()).collect();
        let name = format!("keys.{}", binding.command);
        Shown::new(name, keys, Whence::File.to_string())
    })
}

fn of_appearance(settings: &Settings, key: &str, value: serde_json::Value) -> Shown {
    let from = settings.appearance.whence(key).to_string();
    Shown::new(format!("ui.{key}"), value, from)
}

fn of_editor(settings: &Settings, key: &str, value: serde_json::Value) -> Shown {
    let from = settings.editor.whence(key).to_string();
    Shown::new(format!("editor.{key}"), value, from)
}

/// A program of the person's, by its words; only the file names one.
fn of_voice(settings: &Settings, key: &str) -> Shown {
    let words = settings.voice.words(key);
    let value = words.map_or_else(|| "off".into(), serde_json::Value::from);
    Shown::new(
        format!("voice.{key}"),
        value,
        settings.voice.whence(key).to_string(),
    )
}

fn of_refine(key: &str, names: &[String], given: bool) -> Shown {
    let from = if given { Whence::File } else { Whence::BuiltIn };
    Shown::new(format!("refine.{key}"), names, from.to_string())
}

fn of_provider(provider: &Provider, keychain: &Keychain) -> Vec<Shown> {
    let name = &provider.name;
    let mut shown = Vec::new();
    let mut add = |key: &str, value: serde_json::Value| {
        let setting = format!("providers.{name}.{key}");
        shown.push(Shown::new(setting, value, provider.whence(key).to_string()));
    };
    if let Some(preset) = provider.preset.filter(|preset| preset.name != name) {
        add("preset", preset.name.into());
    }
    add("base_url", provider.base_url.as_str().into());
    if let Some(version) = &provider.api_version {
        add("api_version", version.as_str().into());
    }
    let api = match provider.api {
        Api::Chat => "chat",
        Api::Responses => "responses",
    };
    add("api", api.into());
    if let Some(server) = provider.server {
        add("server", json!(server));
    }
    if let Some(model) = &provider.model {
        add("model", model.as_str().into());
    }
    add("key_env", provider.key_env.as_str().into());
    if let Some(program) = provider.key_command.first() {
        // What follows may say where the key is, and is nobody's business.
        add("key_command", format!("{program} …").into());
    }
    add("key_header", provider.key_header.name().into());
    add("allow_http", provider.allow_http.into());
    if let Some(path) = &provider.ca_file {
        add("ca_file", path.as_str().into());
    }
    add("connect_timeout", provider.connect_timeout.into());
    add("idle_timeout", provider.idle_timeout.into());
    let (set, from) = match keychain.asked_source(provider) {
        Ok(Some(source)) => ("set", source.to_string()),
        Ok(None) => ("none", "nowhere".to_owned()),
        Err(failure) => ("none", failure.to_string()),
    };
    shown.push(Shown::new(format!("providers.{name}.key"), set, from));
    if let Some(problem) = &provider.problem {
        shown.push(Shown::new(
            format!("providers.{name}"),
            "not used",
            problem.as_str(),
        ));
    }
    shown
}

fn check(paths: &Paths, outlet: &Outlet) -> Outcome {
    let settings = settings(paths, &Overrides::default());
    let keychain = Keychain::new(Arc::new(paths.clone()), variable);
    let mut problems: Vec<String> = Vec::new();
    problems.extend(settings.problem.iter().map(ToString::to_string));
    for provider in settings.providers.values().filter(|it| it.is_set_up()) {
        match settings.provider(Some(&provider.name)) {
            _ if settings.problem.is_some() => {}
            Err(failure) => problems.push(failure.to_string()),
            Ok(provider) => problems.extend(keychain.look(provider).err().map(|it| it.to_string())),
        }
    }
    if settings.problem.is_none()
        && let Err(failure) = settings.provider(None)
    {
        let told = failure.to_string();
        if !problems.contains(&told) {
            problems.push(told);
        }
    }
    // What stops a provider is among the warnings as well.
    let said = |warning: &&String| !problems.iter().any(|problem| problem.starts_with(*warning));
    let mut odd = Keymap::of(&settings.keys).odd;
    odd.extend(super::looks::odd(paths, &settings));
    let warnings: Vec<_> = settings.warnings.iter().filter(said).chain(&odd).collect();
    for line in problems.iter().chain(warnings.iter().copied()) {
        outlet.line(line)?;
    }
    if problems.is_empty() && warnings.is_empty() {
        let path = paths.config_file.display();
        Outlet::complain(&if paths.config_file.exists() {
            format!("copydesk: {path} is understood")
        } else {
            format!("copydesk: there is no {path}, and none is needed")
        });
    }
    Ok(match (problems.is_empty(), warnings.is_empty()) {
        (false, _) => 2,
        (true, false) => 1,
        (true, true) => 0,
    })
}
