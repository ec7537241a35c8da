//! What `config.toml` may say, and how the environment and flags overlay it.

use super::appearance::Appearance;
use super::bindings::Bindings;
use super::clipboard::Clipboard;
use super::file::{self, File, Reading};
use super::notify::Notify;
use super::presets::PRESETS;
use super::providers::{self, Provider, Whence};
use super::refine::Refine;
use super::variants::Variants;
use super::voice::Voice;
use super::writing::Writing;
use crate::domain::budget::Budget;
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::prompt::Request;
use crate::domain::render::Rendered;
use crate::domain::template::{ModelChoice, Template};
use indexmap::IndexMap;

/// The model asked for when nobody named one; `OPENAI_MODEL` or `model = …` change it.
pub const DEFAULT_MODEL: &str = "gpt-6.1-terra";

/// Looks up an environment variable; `None` when it is unset.
pub type Lookup<'a> = dyn Fn(&str) -> Option<String> + 'a;

/// What flags of one command ask for, above everything else.
#[derive(Debug, Clone, Default)]
pub struct Overrides {
    /// `--provider`.
    pub provider: Option<String>,
    /// `--model`.
    pub model: Option<String>,
}

/// Everything that can be set, resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Settings {
    /// Known providers, by name; the presets are always there.
    pub providers: IndexMap<String, Provider>,
    /// Name of the provider that is used when nobody names one.
    pub provider: String,
    /// Where that name came from.
    pub provider_whence: Whence,
    /// The model the person set for every provider, if any.
    pub model: Option<String>,
    /// The model that flags or the environment ask for, above a template's wish, and which.
    forced_model: Option<(String, Whence)>,
    /// The models a person picked in this session, by provider, above everything else.
    picked: IndexMap<String, String>,
    /// The models that a person marked for the coming run, by provider. Only
    /// the form's own requests go by them.
    marked: IndexMap<String, Vec<String>>,
    /// The first models that servers told when nobody had named one, by provider.
    first: IndexMap<String, String>,
    /// What may be spent in a month.
    pub budget: Option<Budget>,
    /// What is offered for a part of a draft.
    pub refine: Refine,
    /// The mouse is captured.
    pub mouse: bool,
    /// Where that came from.
    pub mouse_whence: Whence,
    /// Where copied text goes.
    pub clipboard: Clipboard,
    /// Where that came from.
    pub clipboard_whence: Whence,
    /// How the end of a run is told while the person looks elsewhere.
    pub notify: Notify,
    /// Where that came from.
    pub notify_whence: Whence,
    /// How the studio looks.
    pub appearance: Appearance,
    /// How the person likes to write.
    pub editor: Writing,
    /// How variants are asked for.
    pub variants: Variants,
    /// What reads aloud and takes down what is said.
    pub voice: Voice,
    /// Keys of commands, as the file has them.
    pub keys: Bindings,
    /// True when no provider was chosen and none is ready, so that the practice engine stands in.
    pub practising: bool,
    /// Why nothing may be sent: the config file may say where to, and cannot be understood.
    pub problem: Option<Failure>,
    /// What is odd and does no harm, a sentence each.
    pub warnings: Vec<String>,
}

impl Settings {
    /// Resolves settings from the text of the config file (with its path, for messages), the
    /// environment and flags. What is wrong with the file is in `problem` and `warnings`.
    pub fn resolve(file: Option<(&str, &str)>, env: &Lookup, over: &Overrides) -> Self {
        let reading = file.map_or_else(Reading::default, |(path, text)| file::read(path, text));
        let mut settings = Self::overlay(reading.file, env, over);
        settings.budget = reading.budget;
        settings.refine = reading.refine;
        settings.editor = reading.writing;
        settings.variants = reading.variants;
        settings.voice = reading.voice;
        settings.appearance = reading.appearance;
        settings.keys = reading.keys;
        settings.warnings.extend(reading.warnings);
        match reading.problem {
            Some(problem) => settings.blocked(problem),
            None => settings,
        }
    }

    /// The same, but nothing may be sent, and why.
    #[must_use]
    pub fn blocked(self, problem: Failure) -> Self {
        Self {
            problem: Some(problem),
            practising: false,
            ..self
        }
    }

    fn overlay(file: File, env: &Lookup, over: &Overrides) -> Self {
        let set = |name: &str| env(name).filter(|value| !value.trim().is_empty());
        let providers = providers::known(file.providers, &set);
        let first = ["OPENAI_API_KEY", "OPENAI_BASE_URL"];
        let ready = first.into_iter().find(|name| set(name).is_some());
        let flag = |value: &Option<String>| value.clone().map(|value| (value, Whence::Flag));
        let variable = |name: &'static str| Some((set(name)?, Whence::Variable(name)));
        let chosen = flag(&over.provider)
            .or_else(|| variable("COPYDESK_PROVIDER"))
            .or_else(|| file.provider.map(|name| (name, Whence::File)));
        let practising = chosen.is_none() && ready.is_none();
        let (provider, provider_whence) = chosen.unwrap_or_else(|| match ready {
            Some(name) => ("openai".to_owned(), Whence::Variable(name)),
            None => ("practice".to_owned(), Whence::BuiltIn),
        });
        let mouse = file.ui.mouse.and_then(|mouse| mouse.as_bool());
        let clipboard = file.ui.clipboard.as_ref();
        let clipboard = clipboard.and_then(|name| Clipboard::named(name.as_str()?));
        let notify = file.ui.notify.as_ref();
        let notify = notify.and_then(|name| Notify::named(name.as_str()?));
        let note = providers.get(&provider).and_then(|it| it.key_note(env));
        Self {
            warnings: note.into_iter().collect(),
            providers,
            provider,
            provider_whence,
            model: file.model,
            picked: IndexMap::new(),
            marked: IndexMap::new(),
            first: IndexMap::new(),
            budget: None,
            refine: Refine::default(),
            forced_model: flag(&over.model).or_else(|| variable("COPYDESK_MODEL")),
            clipboard: clipboard.unwrap_or_default(),
            clipboard_whence: clipboard.map_or(Whence::BuiltIn, |_| Whence::File),
            notify: notify.unwrap_or_default(),
            notify_whence: notify.map_or(Whence::BuiltIn, |_| Whence::File),
            mouse: mouse.unwrap_or(true),
            mouse_whence: mouse.map_or(Whence::BuiltIn, |_| Whence::File),
            appearance: Appearance::default(),
            editor: Writing::default(),
            variants: Variants::default(),
            voice: Voice::default(),
            keys: Bindings::default(),
            practising,
            problem: None,
        }
    }

    /// The model that flags or the environment ask for, and where it came from.
    pub fn forced_model(&self) -> Option<(&str, Whence)> {
        let forced = self.forced_model.as_ref()?;
        Some((&forced.0, forced.1))
    }

    /// The model that is asked where a template names none, and who says so, where that is not
    /// `model` of the file, the environment or a flag.
    pub fn model_instead(&self) -> Option<(String, String)> {
        let provider = self.provider(None).ok()?;
        let name = &provider.name;
        if provider.is_practice() {
            return Some(("practice".to_owned(), "the practice engine".to_owned()));
        }
        if let Some(picked) = self.picked.get(name) {
            return Some((picked.clone(), "chosen for now".to_owned()));
        }
        if self.forced_model.is_some() {
            return None;
        }
        let whose = format!("of {name}");
        if let Some(own) = &provider.model {
            return Some((own.clone(), whose));
        }
        if self.model.is_some() || !provider.takes_first() {
            return None;
        }
        let first = self.first.get(name).cloned();
        let first = first.unwrap_or_else(|| "the first that its server has".to_owned());
        Some((first, whose))
    }

    /// The same, with the models that were picked or found in this session so far.
    #[must_use]
    pub fn with_picks_of(mut self, earlier: &Self) -> Self {
        self.appearance.follow(&earlier.appearance);
        Self {
            picked: earlier.picked.clone(),
            marked: earlier.marked.clone(),
            first: earlier.first.clone(),
            ..self
        }
    }

    /// The same, as if nothing had been picked for this provider.
    #[must_use]
    pub fn unpicked(mut self, provider: &str) -> Self {
        self.picked.shift_remove(provider);
        self.marked.shift_remove(provider);
        self.first.shift_remove(provider);
        self
    }

    /// Variables that may hold a key, which no other program is to see.
    pub fn secret_variables(&self) -> Vec<String> {
        let own = self.providers.values().map(|it| it.key_env.as_str());
        let usual = PRESETS.iter().map(|preset| preset.key_env);
        let other = [
            "AZURE_OPENAI_AD_TOKEN",
            "OPENAI_ADMIN_KEY",
            "OPENAI_CUSTOM_HEADERS",
        ];
        let mut all: Vec<String> = own.chain(usual).chain(other).map(str::to_owned).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    /// The provider with this name, or the default one.
    ///
    /// # Errors
    /// A usage failure: nothing may be sent, there is no such provider (with the names of those
    /// that there are), or what is said of it does not suffice.
    pub fn provider(&self, name: Option<&str>) -> Result<&Provider, Failure> {
        if let Some(problem) = &self.problem {
            return Err(problem.clone());
        }
        let name = name.unwrap_or(&self.provider);
        let usage = |what: String| Failure::new(FailureKind::Usage, what);
        let Some(provider) = self.providers.get(name) else {
            let ready = self.providers.values().filter(|it| it.is_complete());
            let known: Vec<&str> = ready.map(|provider| provider.name.as_str()).collect();
            return Err(
                usage(format!("there is no provider `{name}`")).advice(format!(
                    "use one of {}, or add [providers.{name}] with a base_url to config.toml",
                    known.join(", ")
                )),
            );
        };
        if let Some(problem) = &provider.problem {
            return Err(usage(problem.clone()).advice(format!(
                "mend it; nothing is sent to provider `{name}` until then"
            )));
        }
        if !provider.is_complete() && provider.preset.is_some() {
            return Err(usage(format!("provider `{name}` has no address yet")).advice(format!(
                "add `resource` or `base_url` to [providers.{name}] in config.toml, or set AZURE_OPENAI_ENDPOINT"
            )));
        }
        if !provider.is_complete() {
            return Err(usage(format!("provider `{name}` has no base_url"))
                .advice(format!("add one to [providers.{name}] in config.toml")));
        }
        Ok(provider)
    }

    /// The model to ask `provider` for, given what a template wishes.
    pub fn model_for(&self, provider: &Provider, wish: Option<&str>) -> String {
        self.named_model(provider, wish)
            .unwrap_or(DEFAULT_MODEL)
            .to_owned()
    }

    /// Why nothing can be asked of `provider`: nobody named a model, and it has not the one that
    /// Copydesk would take.
    pub fn without_model(&self, provider: &Provider, wish: Option<&str>) -> Option<Failure> {
        let name = &provider.name;
        let needs = provider.names_its_models() && self.named_model(provider, wish).is_none();
        needs.then(|| {
            let what = format!("no model is set for provider `{name}`");
            Failure::new(FailureKind::Usage, what).advice(format!(
                "`copydesk models -p {name}` lists what it has: set model in [providers.{name}], or give -m"
            ))
        })
    }

    /// The model that somebody named.
    fn named_model<'a>(&'a self, provider: &'a Provider, wish: Option<&'a str>) -> Option<&'a str> {
        if provider.is_practice() {
            return Some("practice");
        }
        let candidates = [
            self.picked.get(&provider.name).map(String::as_str),
            self.forced_model().map(|(model, _)| model),
            wish,
            provider.model.as_deref(),
            self.model.as_deref(),
            self.first.get(&provider.name).map(String::as_str),
        ];
        candidates.into_iter().flatten().next()
    }

    /// The models to ask `provider` for, each of them at once, given what a template wishes.
    pub fn models_for(&self, provider: &Provider, wish: &ModelChoice) -> Vec<String> {
        let marked = self.marked(&provider.name);
        if !marked.is_empty() && !provider.is_practice() {
            return marked.to_vec();
        }
        let first = self.model_for(provider, wish.id.as_deref());
        let overruled = provider.is_practice()
            || self.picked.contains_key(&provider.name)
            || self.forced_model.is_some();
        let others = wish.others.iter().filter(|_| !overruled).cloned();
        std::iter::once(first).chain(others).collect()
    }

    /// The models of a provider that were marked for the coming run.
    pub fn marked(&self, provider: &str) -> &[String] {
        self.marked.get(provider).map_or(&[], Vec::as_slice)
    }

    /// Asks a provider for all of these models in the coming run; for none, as before.
    pub fn mark(&mut self, provider: &str, models: Vec<String>) {
        if models.is_empty() {
            self.marked.shift_remove(provider);
        } else {
            self.marked.insert(provider.to_owned(), models);
        }
    }

    /// Asks a provider for this model for the rest of the session, whatever a template wishes.
    pub fn pick(&mut self, provider: &str, model: &str) {
        self.marked.shift_remove(provider);
        self.picked.insert(provider.to_owned(), model.to_owned());
    }

    /// Asks a provider for this model wherever nobody names one: its server told it first.
    pub fn take_first(&mut self, provider: &str, model: &str) {
        self.first.insert(provider.to_owned(), model.to_owned());
    }

    /// Forgets that again.
    pub fn forget_first(&mut self, provider: &str) {
        self.first.shift_remove(provider);
    }

    /// The models that were picked in this session, by provider.
    pub const fn picked(&self) -> &IndexMap<String, String> {
        &self.picked
    }

    /// The request that a rendered template makes: the studio and the command line send the same.
    pub fn request(&self, provider: &Provider, template: &Template, rendered: Rendered) -> Request {
        let mut prompt = rendered.prompt;
        prompt.params = prompt.params.overlaid(&template.model.params);
        Request {
            model: self.model_for(provider, template.model.id.as_deref()),
            prompt,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolve(text: &str, env: &[(&str, &str)]) -> Settings {
        let env: Vec<(String, String)> = env
            .iter()
            .map(|(k, v)| ((*k).into(), (*v).into()))
            .collect();
        let lookup = move |name: &str| env.iter().find(|(k, _)| k == name).map(|(_, v)| v.clone());
        Settings::resolve(Some(("config.toml", text)), &lookup, &Overrides::default())
    }

    #[test]
    fn without_any_key_the_practice_engine_stands_in() {
        let settings = resolve("", &[]);
        assert_eq!(
            (settings.provider.as_str(), settings.practising),
            ("practice", true)
        );
        assert_eq!((settings.problem, settings.warnings.len()), (None, 0));
    }

    #[test]
    fn a_key_in_the_environment_is_enough() {
        let settings = resolve("", &[("OPENAI_API_KEY", "sk-x"), ("OPENAI_MODEL", "m")]);
        let provider = settings.provider(None).unwrap();
        assert_eq!(provider.base_url, "https://api.openai.com/v1");
        assert_eq!(settings.model_for(provider, None), "m");
    }

    #[test]
    fn the_default_model_is_asked_only_of_servers_that_have_it_or_do_not_mind() {
        let config = "[providers.mine]\nbase_url = \"https://far.example/v1\"\n\
                      [providers.groq-like]\nbase_url = \"http://127.0.0.1:9/v1\"\n";
        let lacks = |settings: &Settings, name: &str| {
            let provider = settings.provider(Some(name)).unwrap();
            settings.without_model(provider, None).is_some()
        };
        let settings = resolve(config, &[]);
        let far = ["groq", "openrouter", "anthropic", "mine"];
        let own = ["ollama", "vllm", "llama.cpp", "lm-studio", "groq-like"];
        let lacking = far.iter().chain(&own);
        for name in lacking {
            assert!(lacks(&settings, name), "{name}");
            let provider = settings.provider(Some(name)).unwrap();
            assert_eq!(provider.takes_first(), own.contains(name), "{name}");
            assert_eq!(provider.takes_any(), *name == "groq-like", "{name}");
        }
        for name in ["openai", "practice"] {
            assert!(!lacks(&settings, name), "{name}");
        }
        let moved = resolve("", &[("OPENAI_BASE_URL", "http://127.0.0.1:7/v1")]);
        assert!(lacks(&moved, "openai"));
        let provider = moved.provider(None).unwrap();
        assert!(provider.takes_first() && provider.takes_any());
        // A gateway in the network stands in for OpenAI, and so does one here that is said to.
        let gateway = resolve("", &[("OPENAI_BASE_URL", "https://192.168.0.2:7/v1")]);
        assert!(!lacks(&gateway, "openai"));
        let here =
            "[providers.openai]\nbase_url = \"http://127.0.0.1:7/v1\"\nserver = \"openai\"\n";
        assert!(!lacks(&resolve(here, &[]), "openai"));
        let own = [("OPENAI_BASE_URL", "http://localhost:11434/v1")];
        let moved = resolve("", &own);
        assert!(lacks(&moved, "openai"));
        assert!(moved.provider(None).unwrap().takes_first());
        let named = resolve("", &[own[0], ("OPENAI_MODEL", "qwen3:8b")]);
        assert!(!lacks(&named, "openai"));
        let moved = resolve("", &[("OPENAI_BASE_URL", "https://api.groq.com/openai/v1")]);
        assert!(lacks(&moved, "openai"));
        let named = resolve("model = \"m\"", &[]);
        assert!(!lacks(&named, "groq"));
        let provider = settings.provider(Some("groq")).unwrap();
        assert_eq!(settings.without_model(provider, Some("wish")), None);
        let told = settings.without_model(provider, None).unwrap();
        assert_eq!(told.kind, FailureKind::Usage);
        assert!(told.advice.contains("copydesk models -p groq"), "{told}");
    }

    #[test]
    fn a_file_that_cannot_be_understood_sends_nothing_anywhere() {
        for env in [&[][..], &[("OPENAI_API_KEY", "k")]] {
            let settings = resolve("model = \"m\"\nprovider = [\n", env);
            for name in [None, Some("openai"), Some("practice")] {
                let failure = settings.provider(name).unwrap_err();
                assert_eq!(failure.kind, FailureKind::Usage);
                assert!(failure.what.starts_with("config.toml:"), "{failure}");
                assert!(failure.advice.contains("nothing is sent"), "{failure}");
            }
            assert!(!settings.practising);
        }
    }

    #[test]
    fn a_provider_that_cannot_be_understood_is_not_asked_and_others_are() {
        let text = "[providers.openai]\nbaseurl = \"http://localhost:1/v1\"\n";
        let settings = resolve(text, &[("OPENAI_API_KEY", "k")]);
        let failure = settings.provider(None).unwrap_err();
        assert!(
            failure.what.starts_with("config.toml:2:1: unknown key"),
            "{failure}"
        );
        assert!(settings.provider(Some("practice")).is_ok());
    }

    #[test]
    fn the_practice_engine_cannot_be_led_elsewhere() {
        let text = "[providers.practice]\nbase_url = \"https://x.example/v1\"\n";
        let settings = resolve(text, &[]);
        assert!(settings.provider(Some("practice")).unwrap().is_practice());
        assert_eq!(settings.warnings.len(), 1);
    }

    #[test]
    fn a_provider_without_an_address_says_so() {
        let settings = resolve("[providers.a]\nmodel = \"m\"\n", &[]);
        let told = settings.provider(Some("a")).unwrap_err().to_string();
        assert_eq!(
            told,
            "provider `a` has no base_url; add one to [providers.a] in config.toml"
        );
        let told = settings.provider(Some("b")).unwrap_err().to_string();
        assert!(
            told.contains("use one of openai, openrouter,") && told.contains("practice, or add"),
            "{told}"
        );
    }

    #[test]
    fn a_key_with_something_around_it_is_told() {
        let settings = resolve("", &[("OPENAI_API_KEY", "\"sk-x\"\n")]);
        assert_eq!(
            settings.warnings,
            ["OPENAI_API_KEY has blanks or quotes around the key; they are left out"]
        );
    }

    #[test]
    fn azure_without_an_address_says_where_to_put_it() {
        let told = resolve("", &[])
            .provider(Some("azure"))
            .unwrap_err()
            .to_string();
        assert!(told.contains("AZURE_OPENAI_ENDPOINT"), "{told}");
    }

    #[test]
    fn every_variable_that_may_hold_a_key_is_known() {
        let text = "[providers.a]\nbase_url = \"https://x.example\"\nkey_env = \"MY_TOKEN\"\n";
        let names = resolve(text, &[]).secret_variables();
        for name in [
            "MY_TOKEN",
            "OPENAI_API_KEY",
            "GROQ_API_KEY",
            "AZURE_OPENAI_API_KEY",
        ] {
            assert!(names.iter().any(|known| known == name), "{name}: {names:?}");
        }
    }

    #[test]
    fn an_unknown_provider_lists_the_known_ones() {
        let settings = resolve("provider = \"nope\"", &[]);
        let text = settings.provider(None).unwrap_err().to_string();
        assert!(
            text.contains("`nope`") && text.contains("vllm, practice"),
            "{text}"
        );
    }

    #[test]
    fn the_first_model_of_a_server_stands_below_everything_that_somebody_named() {
        let mut settings = resolve("", &[]);
        settings.take_first("ollama", "first");
        let model = |settings: &Settings, wish| {
            let provider = settings.provider(Some("ollama")).unwrap();
            assert_eq!(settings.without_model(provider, wish), None);
            settings.model_for(provider, wish)
        };
        assert_eq!(model(&settings, None), "first");
        assert_eq!(model(&settings, Some("wish")), "wish");
        settings.pick("ollama", "picked");
        let settings = resolve("", &[]).with_picks_of(&settings);
        assert_eq!(model(&settings, Some("wish")), "picked");
        let settings = settings.unpicked("ollama");
        let provider = settings.provider(Some("ollama")).unwrap();
        assert!(settings.without_model(provider, None).is_some());
    }

    #[test]
    fn a_picked_model_stands_above_everything_for_its_provider_alone() {
        let env = [("OPENAI_API_KEY", "k"), ("COPYDESK_MODEL", "flag")];
        let mut settings = resolve("", &env);
        settings.pick("openai", "picked");
        let model = |name: &str| {
            let provider = settings.provider(Some(name)).unwrap();
            settings.model_for(provider, Some("wish"))
        };
        assert_eq!(
            (model("openai").as_str(), model("practice").as_str()),
            ("picked", "practice")
        );
    }

    #[test]
    fn a_budget_that_cannot_be_understood_stops_everything() {
        let budget = |text: &str| resolve(text, &[("OPENAI_API_KEY", "k")]);
        let limit = budget("[budget]\nmonthly_usd = 5.0\n").budget.unwrap();
        assert_eq!(limit.monthly.to_string(), "$5.00");
        let told = budget("[budget]\nmonthly_usd = \"5\"\n").problem.unwrap();
        assert_eq!(
            told.to_string(),
            "config.toml:2:15: `monthly_usd` must be an amount of US dollars, such as 5.0; mend it; nothing is sent until then"
        );
    }

    #[test]
    fn a_template_wish_stands_below_flags_and_above_the_file() {
        let settings = resolve("model = \"file\"", &[("OPENAI_API_KEY", "k")]);
        let provider = settings.provider(None).unwrap();
        assert_eq!(settings.model_for(provider, Some("wish")), "wish");
        let settings = resolve("", &[("OPENAI_API_KEY", "k"), ("COPYDESK_MODEL", "flag")]);
        let provider = settings.provider(None).unwrap();
        assert_eq!(settings.model_for(provider, Some("wish")), "flag");
    }
}
