//! The true history of one text: every state it had, and which of them were acknowledged.

use std::time::{Duration, Instant};

/// What is typed is safe when it stood on the screen for so long.
const TYPED: Duration = Duration::from_millis(250);

/// States of a text in their order.
#[derive(Debug)]
pub(super) struct History {
    states: Vec<String>,
    /// Which state stood on the screen when.
    shown: Vec<(usize, Instant)>,
    /// The last state that "saved" was said of.
    pub(super) saved: Option<usize>,
    /// The state that was being written.
    pub(super) saving: Option<usize>,
    /// Changes were taken back: what the text is then is seen on the screen alone.
    pub(super) undone: Option<Undone>,
}

/// What the screen showed after changes were taken back.
#[derive(Debug, Default)]
pub(super) struct Undone {
    /// When, with the words that stayed and the one that went.
    pub(super) shown: Option<(Instant, Vec<String>, String)>,
    /// What the text was before the round.
    pub(super) earlier: Vec<String>,
}

impl History {
    pub(super) fn new(text: String) -> Self {
        Self {
            states: vec![text],
            shown: Vec::new(),
            saved: None,
            saving: None,
            undone: None,
        }
    }

    pub(super) fn now(&self) -> &str {
        &self.states[self.states.len() - 1]
    }

    pub(super) fn last(&self) -> usize {
        self.states.len() - 1
    }

    pub(super) fn state(&self, index: usize) -> &str {
        &self.states[index]
    }

    /// The text was changed.
    pub(super) fn push(&mut self, added: &str) {
        self.states.push(format!("{}{added}", self.now()));
    }

    /// Keys were typed, one after the other.
    pub(super) fn push_letters(&mut self, keys: &str) {
        for letter in keys.replace('\r', "\n").chars() {
            self.push(letter.encode_utf8(&mut [0; 4]));
        }
    }

    /// The text was replaced.
    pub(super) fn set(&mut self, text: &str) {
        self.states.push(text.to_owned());
    }

    /// The text as it is now stands on the screen.
    pub(super) fn see(&mut self, at: Instant) {
        self.shown.push((self.last(), at));
    }

    /// The state that must have survived a kill.
    pub(super) fn acknowledged(&self, killed: Instant) -> usize {
        let shown = self.shown.iter().rev();
        let mut old = shown.filter(|(_, at)| *at + TYPED <= killed);
        let typed = old.next().map_or(0, |(state, _)| *state);
        typed.max(self.saved.unwrap_or(0))
    }

    /// The latest state with this text.
    pub(super) fn find(&self, text: &str) -> Option<usize> {
        self.states.iter().rposition(|state| state == text)
    }

    /// The same, whatever white space stands around either.
    pub(super) fn find_trimmed(&self, text: &str) -> Option<usize> {
        let mut states = self.states.iter();
        states.rposition(|state| state.trim() == text.trim())
    }

    /// Bytes by which a state is longer than the first.
    pub(super) fn gained(&self, state: usize) -> usize {
        self.states[state]
            .len()
            .saturating_sub(self.states[0].len())
    }

    /// What is wrong with a text that survived; the number of its acknowledged bytes otherwise.
    pub(super) fn judge(&self, text: &str, killed: Instant) -> Result<usize, String> {
        if let Some(undone) = &self.undone {
            return self.judge_undone(undone, text, killed);
        }
        let bar = self.acknowledged(killed);
        match self.find(text) {
            Some(found) if found >= bar => Ok(self.states[bar].len() - self.states[0].len()),
            Some(found) => Err(format!(
                "state {found} of {} survived, {bar} was acknowledged: {}",
                self.last(),
                brief(text)
            )),
            None => Err(format!(
                "a text that never was: {}\n{}",
                brief(text),
                brief(self.now())
            )),
        }
    }

    fn judge_undone(&self, undone: &Undone, text: &str, killed: Instant) -> Result<usize, String> {
        if self.find(text).is_none() && !undone.earlier.iter().any(|earlier| earlier == text) {
            return Err(format!(
                "a text that never was, after an undo: {}\n{}",
                brief(text),
                brief(self.now())
            ));
        }
        match &undone.shown {
            Some((at, stayed, gone)) if *at + TYPED <= killed => {
                let whole = stayed.iter().all(|word| text.contains(word.as_str()));
                if !whole || text.contains(gone.as_str()) {
                    return Err(format!(
                        "after an undo without {gone}, with {stayed:?}: {}",
                        brief(text)
                    ));
                }
                Ok(stayed.iter().map(String::len).sum())
            }
            _ => Ok(0),
        }
    }
}

/// The end of a text, for a message.
pub(super) fn brief(text: &str) -> String {
    let mut from = text.len().saturating_sub(80);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    format!("{} bytes up to {:?}", text.len(), &text[from..])
}
