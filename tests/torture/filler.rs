//! A person who fills a form in and never sends it: what was in it comes back with it.

use super::history::{History, brief};
use super::support::studio::paths;
use super::victim::{Victim, home, look, moment, start};
use super::{Chance, Figures};
use copydesk::domain::brief::Brief;
use copydesk::store::Paths;
use copydesk::store::journal::Journal;
use std::sync::Arc;
use std::time::Instant;
use tempfile::TempDir;

/// A kill comes within so many milliseconds after the first key.
const ROUND: u64 = 900;
/// A field that holds more is emptied.
const LONG: usize = 300;
/// The fields that are filled in, and the keys that lead to the end of each.
const FIELDS: [(&str, &str); 2] = [("topic", "<end>"), ("points", "<tab><tab><ctrl+end>")];

/// Tortures one home.
pub(super) fn torture(chance: Chance, kills: u64) -> Figures {
    let home = home();
    let mut filler = Filler {
        paths: paths(home.path()),
        home,
        chance,
        figures: Figures::default(),
        values: [String::new(), String::new()],
        words: 0,
    };
    while filler.figures.kills < kills {
        filler.round();
    }
    filler.figures
}

struct Filler {
    home: Arc<TempDir>,
    paths: Paths,
    chance: Chance,
    figures: Figures,
    /// What each field holds.
    values: [String; 2],
    words: u64,
}

impl Filler {
    fn round(&mut self) {
        let studio = start(&self.home, &[]);
        studio.keys("<alt+1><enter>").wait_for_text("Key points");
        let field = self.chance.below(2) as usize;
        // The values are back: the end of each is where the next word goes.
        for (index, (_, keys)) in FIELDS.iter().enumerate().take(field + 1) {
            let value = &self.values[index];
            let last = value.split_whitespace().last().unwrap_or_default();
            studio.keys(keys).wait_for_text(last);
            self.figures.restored += u64::from(!value.is_empty());
        }
        let mut history = History::new(self.values[field].clone());
        if history.now().len() > LONG {
            studio.keys("<ctrl+r>");
            history.set("");
        }
        let after = moment(&mut self.chance, ROUND);
        let victim = Victim::new(studio, after);
        while self.fill(&victim, &mut history, field) {}
        let killed = victim.killed();
        self.figures.kills += 1;
        self.judge(&history, field, killed);
    }

    /// Types or pastes a word; false once the studio is dead.
    fn fill(&mut self, victim: &Victim, history: &mut History, field: usize) -> bool {
        self.words += 1;
        let word = format!("f{:05}", self.words);
        let lines = field == 1 && self.chance.one_in(4);
        let (bytes, text) = if lines {
            let text = format!("\n{word}é ");
            (format!("\x1b[200~\r{word}é \x1b[201~"), text)
        } else {
            (format!(" {word}"), format!(" {word}"))
        };
        if lines {
            history.push(&text);
        } else {
            for letter in text.chars() {
                history.push(letter.encode_utf8(&mut [0; 4]));
            }
        }
        if !victim.studio.offer(bytes.as_bytes()) {
            return false;
        }
        let seen = victim.sees(|screen| screen.contains(&word), &word);
        if let Some(at) = seen {
            history.see(at);
        }
        seen.is_some()
    }

    /// The journal has the form as it was, or a later state of it.
    fn judge(&mut self, history: &History, field: usize, killed: Instant) {
        if let Err(why) = look(&self.paths) {
            return self.figures.damaged.push(why);
        }
        let journal = Journal::open(&self.paths.journal).unwrap().journal;
        let form = journal.form("blog-post").unwrap();
        let form = form.map(|form| form.brief).unwrap_or_default();
        let found = FIELDS.map(|(name, _)| value(&form, name));
        let bar = history.acknowledged(killed);
        match history.find_trimmed(&found[field]) {
            Some(state) if state >= bar => self.figures.acknowledged += history.gained(bar),
            state => self.figures.lost.push(format!(
                "state {state:?} of a field, {bar} was acknowledged: {}\n{}",
                brief(&found[field]),
                brief(history.now()),
            )),
        }
        let other = 1 - field;
        if found[other] != self.values[other] {
            let [was, is] = [&self.values[other], &found[other]].map(|text| brief(text));
            self.figures
                .lost
                .push(format!("a field said {was}, and then {is}"));
        }
        self.values = found;
    }
}

fn value(form: &Brief, name: &str) -> String {
    let value = form.get(name).map(ToString::to_string);
    value.unwrap_or_default()
}
