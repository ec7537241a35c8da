//! The table of models in the binary: `assets/models.json`, one entry to a line.
//!
//! One model is found by searching the text and reading that one line, which takes a few
//! microseconds; the whole table is read only for those who list it. Nothing is kept.

use super::ids::{spellings, tuned_from, undated};
use super::{Known, Model, Sampling, TokenField};
use crate::domain::cost::{Prices, Rates};
use jiff::civil::Date;
use memchr::memmem;
use serde::Deserialize;
use std::borrow::Cow;

const TABLE: &str = include_str!("../../../assets/models.json");

/// What is known of a model; something for every id.
pub fn find(id: &str) -> Model {
    let id = id.trim();
    let found = listed(id)
        .or_else(|| released(id))
        .or_else(|| of_family(id));
    found.unwrap_or_else(|| unheard(id))
}

/// Every model of the table that writes text, in its order.
pub fn all() -> Vec<Model> {
    let entries = TABLE.lines().filter_map(entry);
    let text = entries.filter(|entry| entry.kind == "text");
    text.map(|entry| entry.model(Known::ById)).collect()
}

/// The entry of this very id.
fn listed(id: &str) -> Option<Model> {
    Some(entry_of(id)?.model(Known::ById))
}

/// The entry of another release, vendor or base of it.
fn released(id: &str) -> Option<Model> {
    for bare in spellings(id).skip(1) {
        if let Some(entry) = entry_of(bare) {
            return Some(entry.named(id));
        }
    }
    for bare in spellings(id) {
        if let Some(entry) = undated(bare).and_then(entry_of) {
            // A release has its own last day.
            let model = entry.named(id);
            return Some(Model {
                shutdown: None,
                ..model
            });
        }
        if let Some(base) = tuned_from(bare) {
            let base = listed(base).or_else(|| released(base))?;
            return Some(Model {
                id: id.to_owned(),
                known: Known::ByRelease,
                prices: None,
                shutdown: None,
                ..base
            });
        }
    }
    None
}

/// What holds for the family that an id begins with.
fn of_family(id: &str) -> Option<Model> {
    let bare = spellings(id).last()?;
    let families = TABLE.lines().filter_map(family);
    let mut named = families.filter(|family| !family.prefix.is_empty());
    let family = named.find(|family| family.has(bare))?;
    let only_responses = ["-pro", "-codex", "deep-research"];
    let only_responses = only_responses.iter().any(|part| bare.contains(part));
    Some(Model {
        known: Known::ByFamily,
        reasoning: Some(family.reasoning),
        sampling: sampling(family.temperature),
        token_field: match family.token_param_chat {
            "max_completion_tokens" => TokenField::MaxCompletionTokens,
            _ => TokenField::MaxTokens,
        },
        chat: only_responses.then_some(false),
        ..unheard(id)
    })
}

/// A model that nobody has heard of.
fn unheard(id: &str) -> Model {
    Model {
        id: id.to_owned(),
        known: Known::Not,
        vendor: None,
        context: None,
        max_input: None,
        max_output: None,
        prices: None,
        vision: None,
        reasoning: None,
        sampling: Sampling::Unknown,
        efforts: Vec::new(),
        default_effort: None,
        token_field: TokenField::MaxTokens,
        chat: None,
        responses: None,
        shutdown: None,
    }
}

fn entry_of(id: &str) -> Option<Entry> {
    if id.is_empty() || id.contains(['"', '\\', '\n']) {
        return None;
    }
    let needle = format!("{{\"id\":\"{id}\",");
    let at = memmem::find(TABLE.as_bytes(), needle.as_bytes())?;
    let line = TABLE[at..].lines().next()?;
    entry(line).filter(|entry| entry.kind == "text")
}

/// A line of the table that is an entry.
fn entry(line: &'static str) -> Option<Entry> {
    let line = line.trim().trim_end_matches(',');
    line.starts_with("{\"id\":")
        .then(|| serde_json::from_str(line).ok())?
}

fn family(line: &'static str) -> Option<Family> {
    let line = line.trim().trim_end_matches(',');
    line.starts_with("{\"prefix\":")
        .then(|| serde_json::from_str(line).ok())?
}

fn sampling(word: &str) -> Sampling {
    match word {
        "always" => Sampling::Always,
        "effort_none" => Sampling::EffortNone,
        "never" => Sampling::Never,
        _ => Sampling::Unknown,
    }
}

#[derive(Deserialize)]
struct Family {
    prefix: &'static str,
    /// Set where the prefix alone would catch too many: a digit must follow it.
    regex: Option<&'static str>,
    temperature: &'static str,
    token_param_chat: &'static str,
    reasoning: bool,
}

impl Family {
    fn has(&self, id: &str) -> bool {
        id.strip_prefix(self.prefix).is_some_and(|rest| {
            self.regex.is_none() || rest.starts_with(|next: char| next.is_ascii_digit())
        })
    }
}

#[derive(Deserialize)]
struct Entry {
    id: &'static str,
    provider: &'static str,
    kind: &'static str,
    shutdown: Option<Date>,
    context_window: Option<u64>,
    max_input: Option<u64>,
    max_output: Option<u64>,
    usd_per_1m: Option<Usd>,
    #[serde(default)]
    supports: Supports,
    #[serde(default)]
    reasoning_efforts: Vec<&'static str>,
    default_effort: Option<&'static str>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Supports {
    vision: Option<bool>,
    reasoning: Option<bool>,
    temperature: &'static str,
    chat: Option<bool>,
    responses: Option<bool>,
}

#[derive(Deserialize)]
struct Usd {
    input: f64,
    cached_input: Option<f64>,
    cache_write: Option<f64>,
    #[serde(default)]
    output: f64,
    above_272k: Option<Long>,
}

#[derive(Deserialize)]
struct Long {
    input: f64,
    cached_input: Option<f64>,
    output: f64,
}

impl Entry {
    fn model(self, known: Known) -> Model {
        let openai = self.provider == "openai";
        Model {
            id: self.id.to_owned(),
            known,
            vendor: Some(self.provider),
            context: self.context_window,
            max_input: self.max_input,
            max_output: self.max_output,
            prices: self.usd_per_1m.map(|usd| usd.prices()),
            vision: self.supports.vision,
            reasoning: self.supports.reasoning,
            sampling: sampling(self.supports.temperature),
            efforts: self
                .reasoning_efforts
                .iter()
                .map(|word| Cow::Borrowed(*word))
                .collect(),
            default_effort: self.default_effort.map(Cow::Borrowed),
            token_field: if openai {
                TokenField::MaxCompletionTokens
            } else {
                TokenField::MaxTokens
            },
            chat: self.supports.chat,
            responses: self.supports.responses,
            shutdown: self.shutdown,
        }
    }

    /// The same under another name.
    fn named(self, id: &str) -> Model {
        Model {
            id: id.to_owned(),
            ..self.model(Known::ByRelease)
        }
    }
}

impl Usd {
    fn prices(&self) -> Prices {
        let usual = Rates {
            input: self.input,
            cached: self.cached_input,
            written: self.cache_write,
            output: self.output,
        };
        let long = self.above_272k.as_ref().map(|long| Rates {
            input: long.input,
            cached: long.cached_input,
            // The table does not say; it grows as the input does.
            written: self.cache_write.map(|rate| rate * long.input / self.input),
            output: long.output,
        });
        Prices { usual, long }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::Host;
    use crate::domain::models::is_text;

    #[test]
    fn every_entry_of_the_table_can_be_read_and_found() {
        let whole: serde_json::Value = serde_json::from_str(TABLE).unwrap();
        let lists = whole.as_object().unwrap().values();
        let entries = lists.filter_map(serde_json::Value::as_array).flatten();
        let ids: Vec<&str> = entries
            .filter(|entry| entry["kind"] == "text")
            .map(|entry| entry["id"].as_str().unwrap())
            .collect();
        let all = all();
        assert_eq!(
            all.iter()
                .map(|model| model.id.as_str())
                .collect::<Vec<_>>(),
            ids
        );
        for model in all {
            assert_eq!(find(&model.id), model);
            assert!(model.prices.is_some(), "{}", model.id);
        }
        let families = whole["families_fallback"].as_array().unwrap().len();
        assert_eq!(TABLE.lines().filter_map(family).count(), families);
        assert!(TABLE.lines().filter_map(family).all(|family| {
            family
                .regex
                .is_none_or(|regex| regex == format!("^{}[0-9]", family.prefix))
        }));
    }

    #[test]
    fn a_model_of_the_table_is_known_whole() {
        let luna = find("gpt-6-luna");
        assert_eq!(luna.known, Known::ById);
        assert_eq!(
            (luna.context, luna.max_input, luna.max_output),
            (Some(1_050_000), Some(922_000), Some(128_000))
        );
        let prices = luna.prices.unwrap();
        assert_eq!(prices.usual.written, Some(0.125));
        assert_eq!(prices.long.unwrap().written, Some(0.25));
        assert_eq!(luna.takes_effort("none"), Some(true));
        assert_eq!(luna.takes_effort("minimal"), Some(false));
        assert!(luna.takes_sampling(Some("none"), Host::OpenAi));
        assert!(!luna.takes_sampling(None, Host::OpenAi));
        assert!(find("gpt-5.4").takes_sampling(None, Host::OpenAi));
        assert!(!find("gpt-6.2-sol").takes_sampling(Some("none"), Host::OpenAi));
        assert!(find("gpt-4o").takes_sampling(None, Host::OpenAi));
    }

    #[test]
    fn releases_vendors_and_tunings_are_known_by_what_they_come_from() {
        for id in [
            "gpt-6-luna-2026-11-03",
            "openai/gpt-6-luna",
            " models/gemini-2.5-pro",
            "openai/gpt-6-luna-2026-11-03",
        ] {
            let model = find(id);
            assert_eq!(
                (model.known, model.id.as_str()),
                (Known::ByRelease, id.trim())
            );
            assert!(model.prices.is_some() && model.context.is_some(), "{id}");
        }
        let tuned = find("ft:gpt-4o-mini-2024-07-18:acme::x");
        assert_eq!(
            (tuned.known, tuned.prices, tuned.sampling),
            (Known::ByRelease, None, Sampling::Always)
        );
        assert_eq!(find("openai/gpt-oss-20b").known, Known::ById);
    }

    #[test]
    fn a_new_model_of_a_known_family_has_its_manners() {
        for (id, sampling, field) in [
            (
                "gpt-6.9-comet",
                Sampling::Never,
                TokenField::MaxCompletionTokens,
            ),
            ("gpt-5.9", Sampling::Never, TokenField::MaxCompletionTokens),
            (
                "openai/o7-mini",
                Sampling::Never,
                TokenField::MaxCompletionTokens,
            ),
            ("gpt-4.9", Sampling::Always, TokenField::MaxCompletionTokens),
        ] {
            let model = find(id);
            assert_eq!(
                (model.known, model.sampling, model.token_field),
                (Known::ByFamily, sampling, field),
                "{id}"
            );
            assert_eq!(model.prices, None);
        }
        assert_eq!(find("gpt-6.9-pro").chat, Some(false));
    }

    #[test]
    fn a_model_nobody_has_heard_of_is_usable() {
        for id in [
            "llama3.2",
            "orca",
            "",
            "a\"b",
            "text-embedding-3-small",
            "é",
        ] {
            let model = find(id);
            assert_eq!((model.known, model.prices), (Known::Not, None), "{id}");
            assert!(model.takes_sampling(None, Host::Other));
            assert!(!model.takes_sampling(None, Host::OpenAi));
            assert_eq!(model.takes_effort("low"), None);
            assert_eq!(model.token_field, TokenField::MaxTokens);
        }
    }

    #[test]
    fn what_the_table_calls_text_looks_like_text() {
        let odd: Vec<String> = all()
            .into_iter()
            .filter(|model| !is_text(&model.id))
            .map(|model| model.id)
            .collect();
        assert!(odd.iter().all(|id| id.contains("audio")), "{odd:?}");
    }

    #[test]
    fn the_days_that_are_left_are_counted() {
        let gone = find("gpt-4o");
        let today = jiff::civil::date(2026, 11, 24);
        assert_eq!(gone.days_left(today), Some(51));
        assert_eq!(find("gpt-6-luna").days_left(today), None);
    }
}
