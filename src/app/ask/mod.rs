//! Conversations about drafts: what was asked about which one, and where the person stands in it.
//!
//! Each open document has its own conversations, which the journal keeps by the draft's id. An
//! answer belongs to its question wherever the person is by now. Owns no text of a draft.

mod arrival;
mod asking;
mod choosing;
mod quoting;

pub use asking::Question;
pub use quoting::Quoting;
pub(super) use quoting::Wording;

use super::effect::Effect;
use super::field::{Lines, TextEntry};
use super::output::{Output, Variant};
use super::{App, Pane};
use crate::domain::ask::Window;
use crate::domain::run::RunId;
use uuid::Uuid;

/// Everything about conversations.
#[derive(Debug, Default)]
pub struct Asks {
    /// The Output pane shows the conversation, not the variants.
    pub shown: bool,
    /// The answers of all conversations.
    answers: Output,
    talks: Vec<Talk>,
    /// A question that waits for its template or for a model.
    leaving: Option<Question>,
    /// The pane that the person came from.
    from: Option<Pane>,
}

/// What was asked about one document.
#[derive(Debug)]
pub struct Talk {
    /// The document.
    draft: Uuid,
    /// What it goes by in the journal, or went by.
    names: Vec<String>,
    /// The conversations, oldest first; there is always one.
    conversations: Vec<Conversation>,
    /// The one shown.
    current: usize,
    /// The question that is typed.
    pub entry: TextEntry,
    /// How far back the entry has gone through earlier questions.
    recalled: usize,
    /// What the keys do.
    pub hand: Hand,
    /// First row shown, when not following.
    pub scroll: usize,
    /// The view stays at the end.
    pub follow: bool,
    /// What the journal has of it was read.
    pub loaded: bool,
}

/// Questions with their answers, each sent with those before it.
#[derive(Debug, Default)]
pub struct Conversation {
    /// The turns, oldest first.
    pub turns: Vec<Turn>,
    /// The turn whose answer the verbs are about.
    pub chosen: usize,
}

/// A question and the run that answers it.
#[derive(Debug, Clone)]
pub struct Turn {
    /// The run.
    pub run: RunId,
    /// The question.
    pub question: String,
    /// What went along with it, as far as that is known.
    pub sent: Option<Window>,
}

/// What keys do in a conversation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Hand {
    /// They write the question.
    #[default]
    Writing,
    /// They do something with an answer.
    Choosing,
    /// They choose paragraphs of an answer.
    Quoting(Quoting),
}

impl Talk {
    fn about(draft: Uuid, names: Vec<String>) -> Self {
        Self {
            draft,
            names,
            conversations: vec![Conversation::default()],
            current: 0,
            entry: TextEntry::new("", Lines::Many),
            recalled: 0,
            hand: Hand::Writing,
            scroll: 0,
            follow: true,
            loaded: false,
        }
    }

    /// The conversation shown.
    pub fn shown(&self) -> &[Turn] {
        let shown = self.conversations.get(self.current);
        shown.map_or(&[], |shown| &shown.turns)
    }

    /// The turn whose answer the verbs are about.
    pub fn chosen(&self) -> Option<&Turn> {
        let shown = self.conversations.get(self.current)?;
        shown.turns.get(shown.chosen)
    }

    /// The number of the conversation shown, from 1, and how many there are.
    pub const fn place(&self) -> (usize, usize) {
        (self.current + 1, self.conversations.len())
    }

    /// Whether nothing was asked in any of them.
    pub fn is_empty(&self) -> bool {
        self.conversations.iter().all(|each| each.turns.is_empty())
    }

    fn shown_mut(&mut self) -> Option<&mut Conversation> {
        self.conversations.get_mut(self.current)
    }

    /// Shows a conversation at its end.
    fn show(&mut self, place: usize) {
        if place >= self.conversations.len() {
            return;
        }
        self.current = place;
        self.follow = true;
        if let Some(shown) = self.shown_mut() {
            shown.chosen = shown.turns.len().saturating_sub(1);
        }
        if matches!(self.hand, Hand::Quoting(_)) {
            self.hand = Hand::Choosing;
        }
    }
}

impl Asks {
    /// The answers, also those that are being written.
    pub fn answers(&self) -> impl Iterator<Item = &Variant> {
        self.answers.variants.iter()
    }

    /// The answer of a run.
    pub fn answer(&self, run: RunId) -> Option<&Variant> {
        self.answers().find(|answer| answer.run == run)
    }

    /// The document that a run answers a question about, and the question.
    pub fn asked(&self, run: RunId) -> Option<(Uuid, &Turn)> {
        self.talks.iter().find_map(|talk| {
            let mut turns = talk.conversations.iter().flat_map(|each| &each.turns);
            let turn = turns.find(|turn| turn.run == run)?;
            Some((talk.draft, turn))
        })
    }

    /// True while any answer is being written.
    pub fn is_running(&self) -> bool {
        self.answers.is_running()
    }

    fn talk(&self, draft: Uuid) -> Option<&Talk> {
        self.talks.iter().find(|talk| talk.draft == draft)
    }

    fn talk_mut(&mut self, draft: Uuid) -> Option<&mut Talk> {
        self.talks.iter_mut().find(|talk| talk.draft == draft)
    }
}

impl App {
    /// What was asked, and what came of it.
    pub const fn asks(&self) -> &Asks {
        &self.asks
    }

    /// What was asked about the document that the Editor shows.
    pub fn talk(&self) -> Option<&Talk> {
        self.asks.talk(self.editor.id)
    }

    /// The same, while the Output pane shows it.
    pub fn talk_on_screen(&self) -> Option<&Talk> {
        self.talk().filter(|_| self.asks.shown)
    }

    pub(super) fn talk_mut(&mut self) -> Option<&mut Talk> {
        self.asks.talk_mut(self.editor.id)
    }

    /// What the verbs of the Output pane are about: the chosen answer, or the variant shown.
    pub fn shown_answer(&self) -> Option<&Variant> {
        if !self.asks.shown {
            return self.output.shown();
        }
        self.asks.answer(self.talk()?.chosen()?.run)
    }

    /// The same, to be changed.
    pub(super) fn shown_answer_mut(&mut self) -> Option<&mut Variant> {
        if !self.asks.shown {
            return self.output.shown_mut();
        }
        let run = self.asks.talk(self.editor.id)?.chosen()?.run;
        let mut answers = self.asks.answers.variants.iter_mut();
        answers.find(|answer| answer.run == run)
    }

    /// First row shown of the Output pane, and whether it stays at the end.
    pub(super) fn page_mut(&mut self) -> Option<(&mut usize, &mut bool)> {
        if self.asks.shown {
            let talk = self.asks.talk_mut(self.editor.id)?;
            return Some((&mut talk.scroll, &mut talk.follow));
        }
        let shown = self.output.shown_mut()?;
        Some((&mut shown.scroll, &mut shown.follow))
    }

    /// `alt+k`: shows the conversation about the draft, ready for a question.
    pub(super) fn ask(&mut self) -> Vec<Effect> {
        if self.focus != Pane::Output {
            self.asks.from = Some(self.focus);
        }
        self.asks.shown = true;
        self.marked = None;
        let effects = self.refresh_asks();
        if let Some(talk) = self.talk_mut() {
            talk.hand = Hand::Writing;
        }
        self.focus_on(Pane::Output);
        effects
    }

    /// Shows the variants again.
    pub(super) fn show_variants(&mut self) {
        if std::mem::take(&mut self.asks.shown) {
            self.marked = None;
        }
    }

    /// While conversations are shown, there is one for the document that the Editor shows, and what
    /// the journal has of it is asked for.
    pub(super) fn refresh_asks(&mut self) -> Vec<Effect> {
        let draft = self.editor.id;
        if !self.asks.shown || self.asks.talk(draft).is_some() {
            return Vec::new();
        }
        self.marked = None;
        let names = self.names_in_journal();
        let same = |talk: &&mut Talk| talk.names.iter().any(|name| names.contains(name));
        // One that was closed and is open again goes by another id.
        if let Some(talk) = self.asks.talks.iter_mut().find(same) {
            talk.draft = draft;
            return Vec::new();
        }
        self.asks.talks.push(Talk::about(draft, names.clone()));
        vec![Effect::LoadAsked { draft, names }]
    }

    /// What the shown document goes by in the journal: its draft's id, its own, its file.
    pub(in crate::app) fn names_in_journal(&self) -> Vec<String> {
        let mut names = vec![self.editor.draft_key()];
        let file = self.editor.file.as_ref();
        let file = file.map(|file| file.path.display().to_string());
        for name in [Some(self.editor.id.to_string()), file]
            .into_iter()
            .flatten()
        {
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }
}
