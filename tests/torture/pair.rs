//! Two people at work in one home at the same time: what befalls the one costs the other nothing,
//! and each text is brought back in one studio alone.

use super::history::{History, brief};
use super::support::pty::Pty;
use super::support::studio::paths;
use super::victim::{Victim, home, kill, look, moment, start};
use super::{Chance, Figures};
use copydesk::store::Paths;
use copydesk::store::journal::Journal;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

/// A kill comes within so many milliseconds after the first key.
const ROUND: u64 = 900;
/// Letters of a word.
const WORD: usize = 6;
const OFFER: &str = "Unsaved text was found";

/// Tortures one home.
pub(super) fn torture(chance: Chance, kills: u64) -> Figures {
    let home = home();
    let mut pair = Pair {
        paths: paths(home.path()),
        chance,
        figures: Figures::default(),
        desks: [(); 2].map(|()| Desk {
            studio: None,
            history: History::new(String::new()),
        }),
        words: 0,
        home,
    };
    while pair.figures.kills < kills {
        pair.round(kills);
    }
    pair.figures
}

struct Desk {
    studio: Option<Pty>,
    history: History,
}

struct Pair {
    home: Arc<TempDir>,
    paths: Paths,
    chance: Chance,
    figures: Figures,
    desks: [Desk; 2],
    words: u64,
}

impl Pair {
    fn round(&mut self, kills: u64) {
        if self.desks.iter().all(|desk| desk.studio.is_none()) {
            self.sit_down_together();
        }
        for desk in 0..2 {
            if self.desks[desk].studio.is_none() {
                self.sit_down(desk);
            }
            self.type_in_peace(desk);
        }
        let one = self.chance.below(2) as usize;
        let studio = self.desks[one].studio.take().unwrap();
        let victim = Victim::new(studio, moment(&mut self.chance, ROUND));
        loop {
            self.type_in_peace(1 - one);
            let word = self.word();
            if !victim.studio.offer(word.as_bytes()) {
                break;
            }
            let history = &mut self.desks[one].history;
            history.push_letters(&word);
            let Some(at) = victim.sees(|screen| screen.contains(word.trim()), &word) else {
                break;
            };
            history.see(at);
        }
        let killed = victim.killed();
        self.figures.kills += 1;
        self.judge(one, killed);
        self.judge(1 - one, Instant::now());
        if self.figures.kills < kills && self.chance.one_in(4) {
            let studio = self.desks[1 - one].studio.take().unwrap();
            let killed = kill(studio);
            self.figures.kills += 1;
            self.judge(1 - one, killed);
        }
    }

    fn word(&mut self) -> String {
        self.words += 1;
        let end = if self.words.is_multiple_of(9) {
            "\r"
        } else {
            " "
        };
        format!("w{:05}{end}", self.words)
    }

    fn type_in_peace(&mut self, desk: usize) {
        let word = self.word();
        let place = &self.paths.journal;
        let Desk { studio, history } = &mut self.desks[desk];
        let is_first = history.now().is_empty();
        let studio = studio.as_ref().unwrap();
        studio.send(word.as_bytes());
        history.push_letters(&word);
        studio.wait_for_text(word.trim());
        history.see(Instant::now());
        if is_first {
            // A text is known by its first word.
            let begun = || {
                let kept = Journal::open(place).unwrap().journal.buffers().unwrap();
                kept.iter()
                    .any(|kept| kept.buffer.text.starts_with(word.trim()))
            };
            studio.wait_beside(begun, "the first word in the journal");
        }
    }

    /// Starts a studio beside one that is at work: it offers its own text and not that of the other.
    fn sit_down(&mut self, desk: usize) {
        let studio = start(&self.home, &[]);
        let text = self.desks[desk].history.now().to_owned();
        if !text.is_empty() {
            let offer = studio.wait_for_text(OFFER);
            if offer.matches("never saved").count() > 1 {
                self.figures.false_offers.push(offer);
            }
            bring_back(&studio, &[&text]);
            self.figures.restored += 1;
        }
        studio.keys("<alt+2><ctrl+end>");
        self.desks[desk].studio = Some(studio);
    }

    /// Both start at once and reach for the same text: one gets it, the other is told and gets the
    /// rest.
    fn sit_down_together(&mut self) {
        let studios = [start(&self.home, &[]), start(&self.home, &[])];
        let texts = self
            .desks
            .each_ref()
            .map(|desk| desk.history.now().to_owned());
        if texts.iter().all(|text| !text.is_empty()) {
            for studio in &studios {
                studio.wait_for_text(OFFER);
            }
            for studio in &studios {
                studio.keys("<enter>");
            }
            let told = |screen: &str| {
                let refused = screen.contains("in another Copydesk");
                (refused || screen.contains("brought back as an unsaved draft")).then_some(refused)
            };
            let refused = studios
                .each_ref()
                .map(|studio| studio.watch(told, "an answer"));
            let Some(loser) = refused.iter().position(|refused| *refused == Some(true)) else {
                return self
                    .figures
                    .damaged
                    .push("one text in two studios".to_owned());
            };
            if refused[1 - loser] != Some(false) {
                return self.figures.lost.push("a text that nobody got".to_owned());
            }
            let all = [texts[0].as_str(), texts[1].as_str()];
            studios[loser].keys("<alt+r>").wait_for_text(OFFER);
            let got = bring_back(&studios[loser], &all);
            if got != loser {
                self.desks.swap(0, 1);
            }
            self.figures.restored += 2;
        }
        for (desk, studio) in self.desks.iter_mut().zip(studios) {
            studio.keys("<alt+2><ctrl+end>");
            desk.studio = Some(studio);
        }
    }

    /// Holds what the journal has of a text against its history, and goes on with that.
    fn judge(&mut self, desk: usize, at: Instant) {
        let left = match look(&self.paths) {
            Ok(left) => left,
            Err(why) => return self.figures.damaged.push(why),
        };
        let Desk { studio, history } = &mut self.desks[desk];
        // Words are never typed twice, so a text is known by its first.
        let first = |text: &str| text.split_whitespace().next().map(str::to_owned);
        let mine = first(history.now());
        let mut texts = left.buffers.into_iter().map(|kept| kept.buffer.text);
        let text = texts.find(|text| first(text) == mine).unwrap_or_default();
        match history.judge(&text, at) {
            Ok(bytes) => self.figures.acknowledged += bytes,
            Err(why) => self
                .figures
                .lost
                .push(format!("of two studios: {}: {why}", brief(&text))),
        }
        if studio.is_none() {
            *history = History::new(text);
        }
    }
}

/// The last word of a text that a kill left whole.
fn last_word(text: &str) -> Option<&str> {
    let mut words = text.split_whitespace();
    words.rfind(|word| word.len() == WORD)
}

/// Brings the highlighted text back; tells which of `texts` it was.
fn bring_back(studio: &Pty, texts: &[&str]) -> usize {
    studio
        .keys("<enter>")
        .wait_for_text("brought back as an unsaved draft");
    studio.keys("<alt+2><ctrl+end>");
    let found = studio.watch(
        |screen| {
            let mut last = texts.iter().map(|text| last_word(text));
            last.position(|word| word.is_some_and(|word| screen.contains(word)))
        },
        &format!(
            "one of {:?}",
            texts.iter().map(|text| brief(text)).collect::<Vec<_>>()
        ),
    );
    found.unwrap()
}
