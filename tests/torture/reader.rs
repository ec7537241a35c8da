//! A person who lets answers stream in, and draws them back after each kill.

use super::support::server::{Gate, Server, Step};
use super::support::studio::paths;
use super::victim::{Victim, home, look, moment, start};
use super::{Chance, Figures};
use copydesk::store::Paths;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// What is streamed is safe when it stood on the screen for so long.
const STREAMED: Duration = Duration::from_millis(500);
/// A kill comes within so many milliseconds after the request was asked for.
const ROUND: u64 = 1_500;
/// The same after an answer was asked for.
const RESTORE: u64 = 120;
/// Pieces of an answer, more than arrive in a round.
const PIECES: usize = 200;

/// Tortures one home.
pub(super) fn torture(chance: Chance, kills: u64) -> Figures {
    let home = home();
    let mut reader = Reader {
        paths: paths(home.path()),
        home,
        chance,
        figures: Figures::default(),
        owed: None,
        answers: 0,
    };
    while reader.figures.kills < kills {
        reader.round();
    }
    reader.figures
}

struct Reader {
    home: Arc<TempDir>,
    paths: Paths,
    chance: Chance,
    figures: Figures,
    /// The answer that the next start has to offer first: nobody uses any.
    owed: Option<String>,
    answers: u64,
}

/// An answer that comes piece by piece, as gates are opened.
struct Answer {
    gates: Vec<Gate>,
    words: Vec<String>,
    pieces: Vec<String>,
}

impl Answer {
    fn new(number: u64, count: usize) -> (Self, Vec<Step>) {
        let gates: Vec<Gate> = (0..count).map(|_| Gate::default()).collect();
        let words: Vec<String> = (0..count)
            .map(|piece| format!("s{number:03}p{piece:03}"))
            .collect();
        let pieces: Vec<String> = words.iter().map(|word| format!("é {word} ")).collect();
        let mut script = vec![Step::stream_head()];
        for (gate, piece) in gates.iter().zip(&pieces) {
            let text = serde_json::to_string(piece).unwrap();
            script.push(Step::Gate(gate.clone()));
            script.push(Step::body(&format!(
                "data: {{\"choices\":[{{\"index\":0,\"delta\":{{\"content\":{text}}},\
                 \"finish_reason\":null}}]}}\n\n"
            )));
        }
        if count < PIECES {
            script.push(Step::body(
                "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\n\
                 data: [DONE]\n\n",
            ));
        } else {
            script.push(Step::AwaitHangUp);
        }
        let answer = Self {
            gates,
            words,
            pieces,
        };
        (answer, script)
    }

    /// Lets one piece after the other come, until all are there or the studio is dead; when each
    /// was seen.
    fn come(&self, victim: &Victim) -> Vec<Instant> {
        let mut shown = Vec::new();
        for (gate, word) in self.gates.iter().zip(&self.words) {
            gate.open();
            match victim.sees(|screen| screen.contains(word), word) {
                Some(at) => shown.push(at),
                None => break,
            }
        }
        shown
    }
}

impl Reader {
    fn round(&mut self) {
        if self.owed.is_some() && self.chance.one_in(4) {
            return self.die_during_restore();
        }
        self.answers += 1;
        // Some answers come to their end before the kill.
        let finishes = self.chance.one_in(2);
        let count = if finishes {
            1 + self.chance.below(6) as usize
        } else {
            PIECES
        };
        let (answer, script) = Answer::new(self.answers, count);
        let server = Server::start(vec![script]);
        let envs = [
            ("OPENAI_BASE_URL", server.base_url()),
            ("OPENAI_API_KEY", "sk-torture".to_owned()),
            ("OPENAI_MODEL", "scripted".to_owned()),
        ];
        let envs = envs.each_ref().map(|(name, value)| (*name, value.as_str()));
        let studio = start(&self.home, &envs);
        if let Some(text) = &self.owed {
            studio.wait_for_text("Unsaved text was found");
            studio.keys("<enter>").wait_for_text("brought back");
            let word = text
                .split_whitespace()
                .last()
                .unwrap_or_default()
                .to_owned();
            studio.keys("G").wait_for_text(&word);
            self.figures.restored += 1;
        }
        // Keys that come before the form is there wait for it.
        studio.keys("<alt+1><enter>Kites").wait_for_text("Kites");
        let after = moment(&mut self.chance, ROUND);
        let victim = Victim::new(studio, after);
        let mut shown = Vec::new();
        if victim.keys("<ctrl+g>") {
            shown = answer.come(&victim);
        }
        let killed = victim.killed();
        self.figures.kills += 1;
        for gate in &answer.gates {
            gate.open();
        }
        drop(server);
        self.judge(&answer, &shown, killed);
    }

    /// Asks for the answer that was left, and is killed in that very moment: the next round is offered
    /// it again.
    fn die_during_restore(&mut self) {
        let studio = start(&self.home, &[]);
        studio.wait_for_text("Unsaved text was found");
        let after = moment(&mut self.chance, RESTORE);
        let victim = Victim::new(studio, after);
        victim.keys("<enter>");
        victim.killed();
        self.figures.kills += 1;
        if let Err(why) = look(&self.paths) {
            self.figures.damaged.push(why);
        }
    }

    fn judge(&mut self, answer: &Answer, shown: &[Instant], killed: Instant) {
        let left = match look(&self.paths) {
            Ok(left) => left,
            Err(why) => return self.figures.damaged.push(why),
        };
        let bar = shown.iter().filter(|at| **at + STREAMED <= killed).count();
        let bar = answer.pieces[..bar].concat();
        let whole = answer.pieces.concat();
        // The latest run may still be that of the round before.
        let first = &answer.words[0];
        let run = left
            .run
            .filter(|run| run.text.is_empty() || run.text.contains(first));
        let text = run.map_or(String::new(), |run| run.text);
        if !whole.starts_with(&text) {
            self.figures
                .damaged
                .push(format!("an answer that never was: {text:?}"));
        } else if text.len() < bar.len() {
            self.figures.lost.push(format!(
                "{} of {} acknowledged bytes of an answer",
                text.len(),
                bar.len()
            ));
        }
        self.figures.acknowledged += bar.len();
        if !left.buffers.is_empty() {
            let count = left.buffers.len();
            self.figures
                .false_offers
                .push(format!("{count} texts where none was written"));
        }
        if !text.is_empty() {
            self.owed = Some(text);
        }
    }
}
