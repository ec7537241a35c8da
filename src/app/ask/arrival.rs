//! Answers as they arrive, and conversations as the journal has them.
//!
//! An answer goes to its question, whichever document is shown by now.

use super::{Conversation, Turn};
use crate::app::effect::Effect;
use crate::app::msg::RunFact;
use crate::app::output::{Joins, Variant};
use crate::app::{App, Weight};
use crate::domain::failure::Failure;
use crate::domain::run::RunId;
use crate::store::journal::Run;
use uuid::Uuid;

impl App {
    /// Whether a run answers a question.
    pub(in crate::app) fn is_asking(&self, run: RunId) -> bool {
        self.asks.answer(run).is_some()
    }

    /// Takes a fact about a run that answers a question.
    pub(in crate::app) fn on_ask_run(&mut self, run: RunId, fact: RunFact) -> Vec<Effect> {
        let running = self.asks.answer(run).is_some_and(Variant::is_running);
        if !running {
            return Vec::new();
        }
        if let RunFact::Noted(text) = fact {
            return self.tell(Weight::Note, text);
        }
        let counts = matches!(fact, RunFact::Retrying { .. });
        let failure = self.asks.answers.on_run(self.now, run, fact);
        let answer = self.asks.answer(run);
        if answer.is_some_and(Variant::is_running) {
            let moves = counts.then(|| self.keep_moving()).flatten();
            return moves.into_iter().collect();
        }
        let mut effects: Vec<Effect> = self.ask_for_month().into_iter().collect();
        effects.extend(self.tell_of_answer(run, failure));
        effects
    }

    /// Says that an answer has ended, where nobody sees it.
    fn tell_of_answer(&mut self, run: RunId, failure: Option<Failure>) -> Vec<Effect> {
        let about = self.asks.asked(run).map(|(draft, _)| draft);
        let here = about == Some(self.editor.id);
        let seen = here && self.asks.shown && self.areas.output.height > 0;
        let place = match about.and_then(|draft| self.editor.get(draft)) {
            Some(open) if !here => format!(" about {}", open.called()),
            _ => String::new(),
        };
        match failure {
            Some(failure) if seen => self.tell(Weight::Bad, failure.what),
            Some(failure) => self.tell(
                Weight::Bad,
                format!("no answer{place}: {failure}; alt+k shows the question"),
            ),
            None if seen => Vec::new(),
            None => self.tell(
                Weight::Good,
                format!("the answer{place} is there; alt+k shows it"),
            ),
        }
    }

    /// The run that answers a question about a document.
    pub(in crate::app) fn answering(&self, draft: Uuid) -> Option<RunId> {
        let mut turns = self.asks.talk(draft)?.shown().iter();
        let running = |turn: &&Turn| self.asks.answer(turn.run).is_some_and(Variant::is_running);
        turns.find(running).map(|turn| turn.run)
    }

    /// Any run that answers a question.
    pub(in crate::app) fn answering_anywhere(&self) -> Option<RunId> {
        let mut answers = self.asks.answers();
        let running = answers.find(|answer| answer.is_running());
        running.map(|answer| answer.run)
    }

    /// Stops a run that answers a question; what came of it stays.
    pub(in crate::app) fn stop_answer(&mut self, run: RunId) -> Vec<Effect> {
        self.asks.answers.stop(self.now, run);
        let silent = |answer: &Variant| answer.text.is_empty();
        let told = match self.asks.answer(run) {
            Some(answer) if silent(answer) => "stopped; R in the conversation asks again",
            _ => "stopped; what came is kept",
        };
        let mut effects = vec![Effect::Cancel(run)];
        effects.extend(self.tell(Weight::Note, told));
        effects.extend(self.ask_for_month());
        effects
    }

    /// What the journal has of the conversations about a document.
    pub(in crate::app) fn on_asked(&mut self, draft: Uuid, turns: Vec<Run>) -> Vec<Effect> {
        let asks = &mut self.asks;
        let mut earlier: Vec<Conversation> = Vec::new();
        for run in turns {
            let (id, continues) = (run.record.id, run.record.continues);
            if asks.answer(id).is_some() {
                continue;
            }
            let question = run.record.brief.get("question").map(ToString::to_string);
            let turn = Turn {
                run: id,
                question: question.unwrap_or_default(),
                sent: None,
            };
            let mut known = earlier.iter_mut();
            let follows = |each: &&mut Conversation| {
                let mut turns = each.turns.iter();
                turns.any(|turn| Some(turn.run) == continues)
            };
            match known.find(follows) {
                Some(conversation) => conversation.turns.push(turn),
                None => earlier.push(Conversation {
                    turns: vec![turn],
                    chosen: 0,
                }),
            }
            let title = run.record.template.clone().unwrap_or_default();
            asks.answers
                .add(Variant::of_run(run, title), Joins::Nothing);
        }
        for conversation in &mut earlier {
            drop_repeated(conversation, &asks.answers.variants);
        }
        let Some(talk) = asks.talk_mut(draft) else {
            return Vec::new();
        };
        talk.loaded = true;
        let is_new = talk.is_empty();
        let count = earlier.len();
        if count > 0 {
            talk.conversations.splice(0..0, earlier);
            if is_new {
                // The one that nothing was asked in makes way for what is there.
                talk.conversations.truncate(count);
                talk.show(count - 1);
            } else {
                talk.current += count;
            }
        }
        Vec::new()
    }
}

/// A question that was asked once more, because nothing came, stands there once.
fn drop_repeated(conversation: &mut Conversation, answers: &[Variant]) {
    let silent = |run: RunId| {
        let answer = answers.iter().find(|answer| answer.run == run);
        answer.is_none_or(|answer| answer.text.is_empty())
    };
    let turns = std::mem::take(&mut conversation.turns);
    let next = turns.iter().skip(1).map(|turn| turn.question.clone());
    let next: Vec<String> = next.chain([String::new()]).collect();
    let stays = turns.into_iter().zip(next);
    let stays = stays.filter(|(turn, next)| turn.question != *next || !silent(turn.run));
    conversation.turns = stays.map(|(turn, _)| turn).collect();
    conversation.chosen = conversation.turns.len().saturating_sub(1);
}
