//! What a template asks of models: which ones, with which parameters, and how many variants.
//!
//! Owns the keys `model` and `variants` of the front matter. Never looks at what models there are.

use super::front::{At, Reader};
use super::place::Problem;
use super::yaml::{self, Node};
use crate::domain::prompt::Params;

/// Variants that one model may be asked for at once.
pub const MOST_VARIANTS: u8 = 16;

/// Models that may be asked at once.
pub const MOST_MODELS: usize = 8;

/// The models a template asks for.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ModelChoice {
    /// Model id; the user's default when there is none.
    pub id: Option<String>,
    /// Ids of the models that are asked beside it.
    pub others: Vec<String>,
    /// Parameters; the user's where there are none.
    pub params: Params,
}

impl ModelChoice {
    /// Every id, in the order written.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.id.iter().chain(&self.others).map(String::as_str)
    }

    fn set_ids(&mut self, ids: Vec<String>) {
        let mut ids = ids.into_iter();
        self.id = ids.next();
        self.others = ids.collect();
    }
}

impl Reader<'_> {
    /// Reads `model`: an id, a list of ids, or a mapping with `id` and `params`.
    pub(super) fn model(&mut self, node: &At) -> Result<(), Problem> {
        if matches!(node.value, Node::Text(_) | Node::List(_)) {
            let ids = self.ids("model", node)?;
            self.front.model.set_ids(ids);
            return Ok(());
        }
        for (key, (at, node)) in self.map("model", node)?.into_iter().flatten() {
            match key.as_str() {
                "id" => {
                    let ids = self.ids("id", node)?;
                    self.front.model.set_ids(ids);
                }
                "params" => self.front.model.params = self.params(node)?,
                _ => self.unknown(key, yaml::place(*at), "id and params"),
            }
        }
        Ok(())
    }

    /// One id or a list of them; what is wrong is told at the very item.
    fn ids(&self, key: &str, node: &At) -> Result<Vec<String>, Problem> {
        let Node::List(items) = &node.value else {
            return Ok(vec![self.text(key, node)?]);
        };
        if items.is_empty() {
            return self.error(
                node,
                format!("`{key}` is empty; name a model, or leave it out"),
            );
        }
        if items.len() > MOST_MODELS {
            let message = format!("more than {MOST_MODELS} models; keep those to compare");
            return self.error(&items[MOST_MODELS], message);
        }
        let mut ids: Vec<String> = Vec::new();
        for item in items {
            let id = self.text(key, item)?;
            if id.trim().is_empty() {
                return self.error(item, "this model has no name; give its id");
            }
            if ids.contains(&id) {
                let message =
                    format!("model `{id}` is listed twice; `variants` asks one more than once");
                return self.error(item, message);
            }
            ids.push(id);
        }
        Ok(ids)
    }

    /// Reads `variants`: how many of each model.
    pub(super) fn variants(&self, node: &At) -> Result<Option<u8>, Problem> {
        match self.number("variants", node)? {
            None => Ok(None),
            Some(count)
                if count >= 1.0 && count.fract() == 0.0 && count <= f64::from(MOST_VARIANTS) =>
            {
                Ok(Some(count as u8))
            }
            Some(_) => self.error(
                node,
                format!("`variants` must be a whole number from 1 to {MOST_VARIANTS}"),
            ),
        }
    }

    fn params(&mut self, node: &At) -> Result<Params, Problem> {
        let mut params = Params::default();
        for (key, (at, node)) in self.map("params", node)?.into_iter().flatten() {
            match key.as_str() {
                "max_output_tokens" => {
                    params.max_output_tokens = match self.number(key, node)? {
                        Some(count)
                            if count >= 1.0
                                && count.fract() == 0.0
                                && count <= f64::from(u32::MAX) =>
                        {
                            Some(count as u32)
                        }
                        None => None,
                        Some(_) => {
                            return self
                                .error(node, "`max_output_tokens` must be a whole number above 0");
                        }
                    }
                }
                "temperature" => params.temperature = self.number(key, node)?,
                "top_p" => params.top_p = self.number(key, node)?,
                "reasoning" => params.reasoning = Some(self.text(key, node)?),
                "verbosity" => params.verbosity = Some(self.text(key, node)?),
                _ => self.unknown(
                    key,
                    yaml::place(*at),
                    "max_output_tokens, temperature, top_p, reasoning and verbosity",
                ),
            }
        }
        Ok(params)
    }
}
