//! The list of models that a server has, in any of the shapes that servers give it.
//!
//! One `GET /models`, never repeated, and only for who asked to see it. Reading is pure and takes
//! whatever comes: a field of the wrong type costs that field, an entry without an id that entry.

use super::address;
use super::client::{Client, error_body};
use super::credentials::authorized;
use super::error::Call;
use super::lenient;
use super::report::Report;
use crate::domain::cost::{Prices, Rates};
use crate::domain::endpoint::{Endpoint, Host};
use crate::domain::failure::{Failure, FailureKind};
use crate::domain::models::Listing;
use jiff::civil::Date;
use reqwest::Response;
use serde_json::Value;
use std::collections::HashSet;
use std::time::Duration;
use tokio::time::timeout;

/// How long the answer may take to begin, and then to go on.
const PATIENCE: Duration = Duration::from_secs(10);
/// The longest list that is read; the longest there is has some megabytes.
const LONGEST: usize = 32 * 1024 * 1024;
/// The most entries, and the longest id, that are kept.
const MOST: usize = 20_000;
const LONGEST_ID: usize = 256;

/// Asks a server which models it has.
///
/// # Errors
/// When it cannot be reached, must not be asked, says no, or what it says is no list. OpenAI is
/// not asked without a key.
pub async fn fetch(client: &Client, endpoint: &Endpoint) -> Result<Vec<Listing>, Failure> {
    let (url, reach) = address::of_models(endpoint)?;
    if endpoint.host() != Host::Other && endpoint.key.is_none() {
        let what = format!(
            "{} tells nobody its models without a key",
            endpoint.base_url
        );
        return Err(Failure::new(FailureKind::Refused, what).advice(endpoint.key_hint.clone()));
    }
    let call = Call::new(endpoint, "", &url);
    let http = client
        .http(reach, endpoint)
        .map_err(|error| call.transport(&error))?;
    let get = authorized(http.get(url.clone()), endpoint).header("accept", "application/json");
    let response = match timeout(PATIENCE, get.send()).await {
        Err(_) => return Err(call.silent(PATIENCE.as_secs())),
        Ok(sent) => sent.map_err(|error| call.transport(&error))?,
    };
    let status = response.status();
    if status.is_redirection() {
        let to = response.headers().get("location");
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
        return Err(call.redirect(status.as_u16(), to));
    }
    if !status.is_success() {
        let report = Report::from_body(&error_body(response, PATIENCE).await);
        return Err(call.status(status.as_u16(), &report));
    }
    let body = whole(response, &call).await?;
    parse(&body).ok_or_else(|| {
        let mut shown = url;
        shown.set_query(None);
        let what = format!("{shown} does not answer with a list of models");
        Failure {
            status: Some(status.as_u16()),
            ..Failure::new(FailureKind::Network, what)
        }
        .advice("name a model yourself with -m or in the model picker")
    })
}

async fn whole(mut response: Response, call: &Call) -> Result<String, Failure> {
    let mut body = Vec::new();
    loop {
        let chunk = match timeout(PATIENCE, response.chunk()).await {
            Err(_) => return Err(call.silent(PATIENCE.as_secs())),
            Ok(chunk) => chunk.map_err(|error| call.transport(&error))?,
        };
        let Some(chunk) = chunk else { break };
        if body.len() + chunk.len() > LONGEST {
            let mib = LONGEST / 1024 / 1024;
            let what = format!("the list of models is longer than {mib} MiB");
            return Err(Failure::new(FailureKind::Network, what)
                .advice("name a model yourself with -m or in the model picker"));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// Reads a list: a bare array, or one under `data` or `models`, of objects or of ids.
pub fn parse(body: &str) -> Option<Vec<Listing>> {
    let body = body.trim_start_matches('\u{feff}').trim();
    // Some lists are longer than anything that a stream may bring.
    let whole = serde_json::from_str::<Value>(body).ok();
    let value = whole.or_else(|| lenient::repaired(body))?;
    let under = |name: &str| value.get(name).and_then(Value::as_array);
    let list = match (value.as_array(), under("data"), under("models")) {
        (Some(list), _, _) => list,
        (_, Some(data), Some(models)) if data.is_empty() => models,
        (_, Some(list), _) | (_, None, Some(list)) => list,
        _ => return None,
    };
    let mut seen = HashSet::new();
    let listed = list.iter().filter_map(listing);
    let fresh = listed.filter(|listing| seen.insert(listing.id.clone()));
    Some(fresh.take(MOST).collect())
}

fn listing(entry: &Value) -> Option<Listing> {
    let word = |name: &str| entry.get(name).and_then(Value::as_str);
    let id = entry
        .as_str()
        .or_else(|| word("id"))
        .or_else(|| word("model"));
    let id = id.or_else(|| word("name"))?.trim();
    let id = id.strip_prefix("models/").unwrap_or(id);
    if id.is_empty() || id.len() > LONGEST_ID {
        return None;
    }
    let first = |paths: &[&str]| paths.iter().find_map(|path| count(entry.pointer(path)?));
    Some(Listing {
        id: id.to_owned(),
        context: first(&[
            "/context_length",
            "/max_model_len",
            "/context_window",
            "/max_context_length",
            // What is loaded, which may be less than what the model was made for.
            "/meta/n_ctx",
            "/meta/n_ctx_train",
            "/inputTokenLimit",
            "/top_provider/context_length",
        ]),
        max_output: first(&[
            "/top_provider/max_completion_tokens",
            "/max_output_tokens",
            "/max_completion_tokens",
            "/outputTokenLimit",
        ]),
        prices: entry.get("pricing").and_then(prices),
        vision: names(entry, "/architecture/input_modalities", "image")
            .or_else(|| flag(entry, "/capabilities/vision")),
        reasoning: names(entry, "/supported_parameters", "reasoning")
            .or_else(|| flag(entry, "/capabilities/reasoning")),
        text: names(entry, "/architecture/output_modalities", "text")
            .or_else(|| flag(entry, "/capabilities/completion_chat")),
        shutdown: ["shutdown_date", "expiration_date", "deprecation"]
            .iter()
            .find_map(|name| date(word(name)?)),
    })
}

/// A number of tokens, also in quotes; none of nothing.
fn count(value: &Value) -> Option<u64> {
    let number = match value {
        Value::String(text) => text.trim().parse().ok()?,
        value => value.as_u64().or_else(|| Some(value.as_f64()? as u64))?,
    };
    (number > 0).then_some(number)
}

/// Whether an array of words has one; `None` when there is no array.
fn names(entry: &Value, path: &str, wanted: &str) -> Option<bool> {
    let words = entry.pointer(path)?.as_array()?;
    Some(words.iter().any(|word| word.as_str() == Some(wanted)))
}

fn flag(entry: &Value, path: &str) -> Option<bool> {
    entry.pointer(path)?.as_bool()
}

/// The day of a date, or of a moment.
fn date(text: &str) -> Option<Date> {
    text.get(..10)?.parse().ok()
}

/// Prices in dollars for one token, as text. What is negative depends on what is asked.
fn prices(pricing: &Value) -> Option<Prices> {
    let rate = |name: &str| {
        let rate = match pricing.get(name)? {
            Value::String(text) => text.trim().parse().ok()?,
            value => value.as_f64()?,
        };
        // To a billionth of a dollar for a million, so that 0.0000006 is 0.6 again.
        let million = (rate * 1e15).round() / 1e9;
        (million.is_finite() && million >= 0.0).then_some(million)
    };
    Some(Prices {
        usual: Rates {
            input: rate("prompt")?,
            cached: rate("input_cache_read"),
            written: rate("input_cache_write"),
            output: rate("completion")?,
        },
        long: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(body: &str) -> Vec<String> {
        let list = parse(body).unwrap_or_else(|| panic!("no list: {body}"));
        list.into_iter().map(|listing| listing.id).collect()
    }

    fn only(entry: &str) -> Listing {
        let mut list = parse(&format!("{{\"data\":[{entry}]}}")).unwrap();
        list.remove(0)
    }

    #[test]
    fn every_shape_of_a_list_is_taken() {
        for body in [
            r#"{"object":"list","data":[{"id":"a","object":"model"},{"id":"b"}]}"#,
            r#"[{"id":"a"},{"id":"b"}]"#,
            r#"["a","b"]"#,
            r#"{"models":[{"name":"a"},{"model":"b","name":"B"}]}"#,
            r#"{"models":[{"name":"models/a"},{"name":"models/b"}],"data":[]}"#,
            "\u{feff}\n\n{\"data\":[{\"id\":\"a\"},{\"id\":\"a\"},{\"id\":\"b\"},{},7,null]}",
            r#"{"data":[{"id":"a","display_name":"A"},{"id":"b"}],"has_more":false}"#,
        ] {
            assert_eq!(ids(body), ["a", "b"], "{body}");
        }
        for body in [
            "",
            "<html>",
            "{}",
            "7",
            r#"{"data":{}}"#,
            r#"{"error":"no"}"#,
        ] {
            assert_eq!(parse(body), None, "{body}");
        }
        assert!(ids("[]").is_empty());
    }

    #[test]
    fn windows_are_read_wherever_a_server_puts_them() {
        for entry in [
            r#"{"id":"a","context_length":8192}"#,
            r#"{"id":"a","max_model_len":8192.0}"#,
            r#"{"id":"a","meta":{"n_ctx_train":8192}}"#,
            r#"{"id":"a","meta":{"n_ctx_train":32768,"n_ctx":8192}}"#,
            r#"{"id":"a","max_context_length":"8192"}"#,
            r#"{"id":"a","context_length":0,"context_window":8192}"#,
        ] {
            assert_eq!(only(entry).context, Some(8192), "{entry}");
        }
        let odd = only(r#"{"id":"a","context_length":{"x":1},"pricing":"free","architecture":3}"#);
        assert_eq!(
            odd,
            Listing {
                id: "a".into(),
                ..Listing::default()
            }
        );
    }

    #[test]
    fn prices_for_one_token_become_prices_for_a_million() {
        let entry = r#"{"id":"a/b","context_length":131072,
            "architecture":{"input_modalities":["text","image"],"output_modalities":["text"]},
            "pricing":{"prompt":"0.0000006","completion":"0.0000024","input_cache_read":"0.00000006","request":"0"},
            "top_provider":{"max_completion_tokens":16384},
            "supported_parameters":["temperature","reasoning"],"expiration_date":"2027-01-31"}"#;
        let listing = only(entry);
        let rates = listing.prices.unwrap().usual;
        assert_eq!(
            (rates.input, rates.cached, rates.output),
            (0.6, Some(0.06), 2.4)
        );
        assert_eq!(
            (listing.vision, listing.reasoning, listing.text),
            (Some(true), Some(true), Some(true))
        );
        assert_eq!(listing.max_output, Some(16_384));
        assert_eq!(listing.shutdown, Some(jiff::civil::date(2027, 1, 31)));
        let auto = only(r#"{"id":"auto","pricing":{"prompt":"-1","completion":"-1"}}"#);
        assert_eq!(auto.prices, None);
        let free = only(r#"{"id":"x:free","pricing":{"prompt":"0","completion":"0"}}"#);
        assert_eq!(free.prices, Some(Prices::FREE));
    }

    #[test]
    fn a_list_of_several_megabytes_is_read_and_bounded() {
        let padding = "x".repeat(1_000);
        let entries: Vec<String> = (0..MOST + 10)
            .map(|n| format!("{{\"id\":\"m{n}\",\"description\":\"{padding}\"}}"))
            .collect();
        let body = format!("{{\"data\":[{}]}}", entries.join(","));
        assert!(body.len() > 20_000_000);
        assert_eq!(parse(&body).unwrap().len(), MOST);
        assert!(
            parse(&format!("[{{\"id\":\"{}\"}}]", "y".repeat(300)))
                .unwrap()
                .is_empty()
        );
    }
}
