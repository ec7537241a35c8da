//! A person with two documents open, who saves neither: both come back, whichever was shown.

use super::history::{History, brief};
use super::support::pty::Pty;
use super::support::studio::paths;
use super::victim::{Victim, home, look, moment, start};
use super::{Chance, Figures};
use copydesk::store::Paths;
use copydesk::store::journal::Journal;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

/// A kill comes within so many milliseconds after both texts are begun.
const ROUND: u64 = 900;
/// Letters of a word.
const WORD: usize = 6;
const OFFER: &str = "Unsaved text was found";

/// Tortures one home.
pub(super) fn torture(chance: Chance, kills: u64) -> Figures {
    let home = home();
    let mut juggler = Juggler {
        paths: paths(home.path()),
        home,
        chance,
        figures: Figures::default(),
        texts: [String::new(), String::new()],
        words: 0,
    };
    while juggler.figures.kills < kills {
        juggler.round();
    }
    juggler.figures
}

struct Juggler {
    home: Arc<TempDir>,
    paths: Paths,
    chance: Chance,
    figures: Figures,
    /// What the last kill left.
    texts: [String; 2],
    words: u64,
}

impl Juggler {
    fn round(&mut self) {
        let studio = start(&self.home, &[]);
        let mut shown = self.bring_back(&studio);
        let mut histories = self.texts.clone().map(History::new);
        for (text, history) in histories.iter_mut().enumerate() {
            if self.texts[text].is_empty() {
                self.begin(&studio, history);
                shown = text;
            }
        }
        let victim = Victim::new(studio, moment(&mut self.chance, ROUND));
        loop {
            if self.chance.one_in(4) {
                if !switch(&victim, histories[1 - shown].now()) {
                    break;
                }
                shown = 1 - shown;
            }
            let word = self.word();
            let history = &mut histories[shown];
            history.push_letters(&word);
            if !victim.studio.offer(word.as_bytes()) {
                break;
            }
            let Some(at) = victim.sees(|screen| screen.contains(word.trim()), &word) else {
                break;
            };
            history.see(at);
        }
        let killed = victim.killed();
        self.figures.kills += 1;
        self.judge(&histories, killed);
    }

    fn word(&mut self) -> String {
        self.words += 1;
        let end = if self.words.is_multiple_of(9) {
            "\r"
        } else {
            " "
        };
        format!("j{:05}{end}", self.words)
    }

    /// Brings back every text; which one is shown then.
    fn bring_back(&mut self, studio: &Pty) -> usize {
        let mut left: Vec<usize> = (0..2).filter(|at| !self.texts[*at].is_empty()).collect();
        let (mut shown, offered) = (0, left.len());
        while !left.is_empty() {
            // By itself the studio offers once.
            if left.len() < offered {
                studio.keys("<alt+r>");
            }
            studio.wait_for_text(OFFER);
            studio.keys("<enter>");
            let back = |screen: &str| {
                let mut last = left.iter().map(|at| last_word(&self.texts[*at]));
                let found = last.position(|word| word.is_some_and(|word| screen.contains(word)));
                found.filter(|_| !screen.contains(OFFER))
            };
            let found = studio.watch(back, "one of the texts").unwrap();
            shown = left.remove(found);
            self.figures.restored += 1;
            studio.keys("<alt+2><ctrl+end>");
        }
        shown
    }

    /// Begins a text in a document of its own. A text is known by its first word.
    fn begin(&mut self, studio: &Pty, history: &mut History) {
        let word = self.word();
        studio.keys("<alt+2><ctrl+n>");
        studio.send(word.as_bytes());
        history.push_letters(&word);
        studio.wait_for_text(word.trim());
        history.see(Instant::now());
        let place = &self.paths.journal;
        let begun = || {
            let kept = Journal::open(place).unwrap().journal.buffers().unwrap();
            kept.iter()
                .any(|kept| kept.buffer.text.starts_with(word.trim()))
        };
        studio.wait_beside(begun, "the first word in the journal");
    }

    /// Holds both texts against their histories, and goes on with what there is.
    fn judge(&mut self, histories: &[History; 2], killed: Instant) {
        let left = match look(&self.paths) {
            Ok(left) => left,
            Err(why) => return self.figures.damaged.push(why),
        };
        // Words are never typed twice.
        let first = |text: &str| text.split_whitespace().next().map(str::to_owned);
        let mut texts: Vec<_> = left
            .buffers
            .into_iter()
            .map(|kept| kept.buffer.text)
            .collect();
        for (mine, history) in self.texts.iter_mut().zip(histories) {
            let name = first(history.now());
            let found = texts.iter().position(|text| first(text) == name);
            *mine = found.map(|at| texts.remove(at)).unwrap_or_default();
            match history.judge(mine, killed) {
                Ok(bytes) => self.figures.acknowledged += bytes,
                Err(why) => self.figures.lost.push(format!("of two texts: {why}")),
            }
        }
        for text in texts {
            let told = format!("a third text: {}", brief(&text));
            self.figures.false_offers.push(told);
        }
    }
}

/// Goes to the other document, which ends in `text`; false when the studio died before.
fn switch(victim: &Victim, text: &str) -> bool {
    let wanted = last_word(text).unwrap_or_default();
    let there = |screen: &str| !screen.contains("Go to") && screen.contains(wanted);
    victim.keys("<ctrl+o>")
        && victim
            .sees(|screen| screen.contains("Go to"), "the switcher")
            .is_some()
        && victim.keys("<enter>")
        && victim.sees(there, "the other text").is_some()
        && victim.keys("<ctrl+end>")
}

/// The last word of a text that a kill left whole.
fn last_word(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    words.rfind(|word| word.len() == WORD)
}
