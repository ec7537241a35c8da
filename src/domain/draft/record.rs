//! Provenance: where a text came from, told so completely that it can be made again.

use super::yaml;
use crate::domain::brief::{Brief, Value};
use crate::domain::cost::Spent;
use crate::domain::prompt::{Params, Request};
use crate::domain::run::{FinishReason, RunId, Usage};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt::Write;

/// Tokens of the run, as the server counted them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Tokens {
    /// Prompt tokens.
    pub input: u64,
    /// Answer tokens.
    pub output: u64,
}

/// Another run whose text is in a draft: added to it, or continued by the one that made it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// The run.
    pub run: RunId,
    /// Name of its template.
    pub template: Option<String>,
    /// Model id.
    pub model: Option<String>,
}

/// The `copydesk:` block of a draft. Everything but the id is absent in a draft begun by hand.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Provenance {
    /// Identifies the draft wherever its file goes.
    pub id: String,
    /// Name of the template.
    pub template: Option<String>,
    /// Content hash of the template's source at that time.
    pub template_hash: Option<String>,
    /// The values that were given.
    pub brief: Brief,
    /// Name of the provider.
    pub provider: Option<String>,
    /// Scheme, host and port that the request went to.
    pub origin: Option<String>,
    /// Model id.
    pub model: Option<String>,
    /// Parameters that were sent.
    #[serde(deserialize_with = "known_params")]
    pub params: Params,
    /// The run that made the text.
    pub run: Option<RunId>,
    /// Tokens, when the server told them.
    pub tokens: Option<Tokens>,
    /// What it cost in US dollars, when that is known; an estimate is marked.
    #[serde(deserialize_with = "known_cost")]
    pub cost: Option<Spent>,
    /// Why the answer ended.
    #[serde(deserialize_with = "finish_word", serialize_with = "as_word")]
    pub finish: Option<FinishReason>,
    /// Other runs whose text went in, oldest first.
    pub parts: Vec<Part>,
}

/// What came of a request, as far as the server told it.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    /// The model that answered.
    pub model: Option<String>,
    /// What it used.
    pub usage: Option<Usage>,
    /// What it cost.
    pub cost: Option<Spent>,
    /// Why the answer ended.
    pub finish: Option<FinishReason>,
}

/// Parameters as written by this or a later version: keys it does not know are passed over.
fn known_params<'de, D: Deserializer<'de>>(reader: D) -> Result<Params, D::Error> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Known {
        max_output_tokens: Option<u32>,
        temperature: Option<f64>,
        top_p: Option<f64>,
        reasoning: Option<String>,
        verbosity: Option<String>,
    }
    let known = Known::deserialize(reader)?;
    Ok(Params {
        max_output_tokens: known.max_output_tokens,
        temperature: known.temperature,
        top_p: known.top_p,
        reasoning: known.reasoning,
        verbosity: known.verbosity,
    })
}

/// A cost as written by this or a later version; what is no amount is passed over.
fn known_cost<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<Spent>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Known(Spent),
        Other(serde::de::IgnoredAny),
    }
    Ok(match Option::<Written>::deserialize(reader)? {
        Some(Written::Known(spent)) => Some(spent),
        Some(Written::Other(_)) | None => None,
    })
}

fn finish_word<'de, D: Deserializer<'de>>(reader: D) -> Result<Option<FinishReason>, D::Error> {
    let word = Option::<String>::deserialize(reader)?;
    Ok(word.map(|word| match word.as_str() {
        "stop" => FinishReason::Stop,
        "length" => FinishReason::Length,
        "content_filter" => FinishReason::ContentFilter,
        "refused" => FinishReason::Refused,
        "ended" => FinishReason::Ended,
        "stopped" => FinishReason::Stopped,
        "interrupted" => FinishReason::Interrupted,
        _ => FinishReason::Other(word),
    }))
}

#[expect(clippy::ref_option, reason = "serde hands the field over like this")]
fn as_word<S: Serializer>(finish: &Option<FinishReason>, out: S) -> Result<S::Ok, S::Error> {
    finish.as_ref().map(word_of).serialize(out)
}

fn word_of(finish: &FinishReason) -> &str {
    match finish {
        FinishReason::Stop => "stop",
        FinishReason::Length => "length",
        FinishReason::ContentFilter => "content_filter",
        FinishReason::Refused => "refused",
        FinishReason::Ended => "ended",
        FinishReason::Stopped => "stopped",
        FinishReason::Interrupted => "interrupted",
        FinishReason::Other(word) => word,
    }
}

impl Provenance {
    /// That of a text which a run brought: what was sent, and what came of it. Without a word from
    /// the server, the model is the one that was asked.
    pub fn of(run: RunId, request: &Request, outcome: Outcome) -> Self {
        Self {
            model: Some(outcome.model.unwrap_or_else(|| request.model.clone())),
            params: request.prompt.params.clone(),
            run: Some(run),
            tokens: outcome.usage.map(|usage| Tokens {
                input: usage.input,
                output: usage.output,
            }),
            cost: outcome.cost,
            finish: outcome.finish,
            ..Self::default()
        }
    }

    /// Appends the block as YAML.
    pub(super) fn push(&self, out: &mut String) {
        out.push_str("copydesk:\n");
        let mut text = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                yaml::push_text(out, 2, key, value);
            }
        };
        text("id", Some(&self.id));
        text("template", self.template.as_deref());
        text("template_hash", self.template_hash.as_deref());
        push_brief(out, &self.brief);
        let mut text = |key: &str, value: Option<&str>| {
            if let Some(value) = value {
                yaml::push_text(out, 2, key, value);
            }
        };
        text("provider", self.provider.as_deref());
        text("origin", self.origin.as_deref());
        text("model", self.model.as_deref());
        push_params(out, &self.params);
        if let Some(run) = self.run {
            yaml::push_text(out, 2, "run", &run.to_string());
        }
        if let Some(Tokens { input, output }) = self.tokens {
            let tokens = format!("{{input: {input}, output: {output}}}");
            yaml::push_raw(out, 2, "tokens", &tokens);
        }
        match self.cost {
            Some(Spent::Real(usd)) => {
                yaml::push_raw(out, 2, "cost", &number_text(usd.dollars()));
            }
            Some(Spent::Estimated(usd)) => {
                yaml::push_text(out, 2, "cost", &format!("~{}", number_text(usd.dollars())));
            }
            None => {}
        }
        if let Some(finish) = &self.finish {
            yaml::push_text(out, 2, "finish", word_of(finish));
        }
        push_parts(out, &self.parts);
    }
}

fn push_parts(out: &mut String, parts: &[Part]) {
    if parts.is_empty() {
        return;
    }
    yaml::push_key(out, 2, "parts");
    out.push('\n');
    for part in parts {
        let start = out.len();
        yaml::push_text(out, 6, "run", &part.run.to_string());
        // The first key of an entry stands behind its dash.
        out.replace_range(start..start + 6, "    - ");
        let rest = [("template", &part.template), ("model", &part.model)];
        for (key, value) in rest {
            if let Some(value) = value {
                yaml::push_text(out, 6, key, value);
            }
        }
    }
}

fn push_brief(out: &mut String, brief: &Brief) {
    if brief.is_empty() {
        return;
    }
    yaml::push_key(out, 2, "brief");
    out.push('\n');
    push_values(out, 4, brief);
}

/// Appends the values of a brief, a key each, as YAML that reads back equal.
pub(crate) fn push_values(out: &mut String, indent: usize, brief: &Brief) {
    for (name, value) in brief.iter() {
        match value {
            // Numbers that are none have no place in JSON's world, which readers map YAML to.
            Value::Number(number) if number.is_finite() => {
                yaml::push_raw(out, indent, name, &number_text(*number));
            }
            Value::Toggle(on) => {
                yaml::push_raw(out, indent, name, if *on { "true" } else { "false" });
            }
            Value::List(chosen) => {
                let words: Vec<String> = chosen.iter().map(|one| yaml::inline(one)).collect();
                yaml::push_raw(out, indent, name, &format!("[{}]", words.join(", ")));
            }
            other => yaml::push_text(out, indent, name, &other.to_string()),
        }
    }
}

fn push_params(out: &mut String, params: &Params) {
    let mut lines = String::new();
    if let Some(limit) = params.max_output_tokens {
        // Writing to a string cannot fail.
        let _ = writeln!(lines, "    max_output_tokens: {limit}");
    }
    for (key, number) in [("temperature", params.temperature), ("top_p", params.top_p)] {
        if let Some(number) = number.filter(|number| number.is_finite()) {
            yaml::push_raw(&mut lines, 4, key, &number_text(number));
        }
    }
    for (key, word) in [
        ("reasoning", &params.reasoning),
        ("verbosity", &params.verbosity),
    ] {
        if let Some(word) = word {
            yaml::push_text(&mut lines, 4, key, word);
        }
    }
    if !lines.is_empty() {
        out.push_str("  params:\n");
        out.push_str(&lines);
    }
}

/// A number as YAML reads it back exactly: `800`, `0.7`, `1e300`.
fn number_text(number: f64) -> String {
    if number.abs() < 1e15 {
        number.to_string()
    } else {
        format!("{number:e}")
    }
}
