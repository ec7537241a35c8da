//! Lessons: what servers have refused, by origin and model, as long as the process lives.
//!
//! Owns what a client knows beyond one request. The journal keeps it longer; losing it costs one
//! more refused request and nothing else.

use super::fitting::LeftOut;
use super::remedy::Remedy;
use std::collections::{HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// What is known, by [`scope`](super::remedy::scope).
#[derive(Debug, Default)]
pub struct Lessons(Mutex<Known>);

#[derive(Debug, Default)]
struct Known {
    remedies: HashMap<String, Vec<Remedy>>,
    told: HashSet<(String, LeftOut)>,
}

impl Lessons {
    /// Adds what was learnt, here or in an earlier process.
    pub fn learn(&self, scope: &str, remedies: impl IntoIterator<Item = Remedy>) {
        self.with(|known| {
            let all = known.remedies.entry(scope.to_owned()).or_default();
            for remedy in remedies {
                all.retain(|old| (&old.field, &old.value) != (&remedy.field, &remedy.value));
                all.push(remedy);
            }
        });
    }

    /// What is known in a scope.
    pub fn of(&self, scope: &str) -> Vec<Remedy> {
        self.with(|known| known.remedies.get(scope).cloned().unwrap_or_default())
    }

    /// Those of `left_out` that nobody was told yet in this scope.
    pub(super) fn untold(&self, scope: &str, left_out: &[LeftOut]) -> Vec<LeftOut> {
        self.with(|known| {
            let new = |one: &&LeftOut| known.told.insert((scope.to_owned(), (*one).clone()));
            left_out.iter().filter(new).cloned().collect()
        })
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        // A thread that broke down in between has left nothing half done.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
