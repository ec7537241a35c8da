//! How many times in a row the same was asked.
//!
//! A second answer to the same prompt is worded otherwise, as a model's would be. Keeps a hash of
//! the last prompt and nothing else of it.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Mutex, PoisonError};

/// The last prompt, as a hash, and how often it was asked.
#[derive(Debug, Default)]
pub(super) struct Turns(Mutex<(u64, usize)>);

impl Turns {
    /// How many times this prompt was asked just before; counts this one, too.
    pub(super) fn take(&self, prompt: &str) -> usize {
        let mut hasher = DefaultHasher::new();
        prompt.hash(&mut hasher);
        let asked = hasher.finish();
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let turn = if last.0 == asked { last.1 } else { 0 };
        *last = (asked, turn.wrapping_add(1));
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_prompt_counts_up_and_another_begins_anew() {
        let turns = Turns::default();
        let taken = ["a", "a", "a", "b", "a"].map(|prompt| turns.take(prompt));
        assert_eq!(taken, [0, 1, 2, 0, 0]);
    }
}
