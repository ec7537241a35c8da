//! Keys in a conversation: writing the question, choosing an answer, going back.
//!
//! What is done with an answer is done by the verbs of the Output pane.

use super::{Conversation, Hand, Talk, Wording};
use crate::app::areas::Areas;
use crate::app::command::Command;
use crate::app::effect::Effect;
use crate::app::field::{Lines, TextEntry, Typed};
use crate::app::key::{Key, Mouse};
use crate::app::keymap::Meaning;
use crate::app::{App, Pane, Weight};
use crate::domain::run::RunId;
use uuid::Uuid;

impl App {
    /// Runs a command of a conversation, or one that means something else there; `None` for others.
    pub(in crate::app) fn run_in_talk(&mut self, command: Command) -> Option<Vec<Effect>> {
        use Command as C;
        match command {
            C::Ask => return Some(self.ask()),
            C::SendQuestion => return Some(self.send_question()),
            C::SwitchHand => return Some(self.switch_hand()),
            C::Quote if self.asks.shown => return Some(self.quote()),
            C::NewConversation => return Some(self.begin_conversation()),
            C::EarlierConversation => return Some(self.step_conversation(-1)),
            C::LaterConversation => return Some(self.step_conversation(1)),
            C::NextParagraph => self.step_paragraph(1),
            C::PreviousParagraph => self.step_paragraph(-1),
            C::TakeMore => self.take_more(),
            C::InsertVariant if self.is_quoting() => return Some(self.take_part(Wording::Text)),
            C::EarlierValue if self.is_writing_question() => self.earlier_question(),
            C::NextVariant if self.asks.shown => self.step_answer(1),
            C::PreviousVariant if self.asks.shown => self.step_answer(-1),
            _ => return None,
        }
        Some(Vec::new())
    }

    /// Whether keys write a question.
    pub fn is_writing_question(&self) -> bool {
        let hand = self.talk_on_screen().map(|talk| &talk.hand);
        self.focus == Pane::Output && hand == Some(&Hand::Writing)
    }

    /// Whether keys choose paragraphs of an answer.
    pub fn is_quoting(&self) -> bool {
        let hand = self.talk_on_screen().map(|talk| &talk.hand);
        self.focus == Pane::Output && matches!(hand, Some(Hand::Quoting(_)))
    }

    /// What a key means that has a command where questions are written.
    pub(in crate::app) fn in_question(&self, key: Key, command: Option<Command>) -> Meaning {
        let empty = self.talk().is_none_or(|talk| {
            talk.entry.is_empty() || (talk.recalled > 0 && talk.entry.height() == 1)
        });
        match command {
            Some(Command::EarlierValue) if !empty => Meaning::Text(key),
            Some(command) => Meaning::Command(command),
            None => Meaning::Text(key),
        }
    }

    /// A key for the question.
    pub(in crate::app) fn on_question_key(&mut self, key: Key) -> Vec<Effect> {
        let clipboard = &mut self.editor.clipboard;
        let Some(talk) = self.asks.talk_mut(self.editor.open.id) else {
            return Vec::new();
        };
        let typed = talk.entry.key_with(key, clipboard, self.now.0);
        if typed == Typed::Cut {
            return vec![Effect::Cut(self.editor.clipboard.clone())];
        }
        Vec::new()
    }

    /// What is selected of the question.
    pub(in crate::app) fn selected_in_question(&self) -> Option<String> {
        self.talk()?.entry.selected_text()
    }

    /// A click in the question.
    pub(in crate::app) fn press_question(&mut self, mouse: Mouse, clicks: u8) {
        let Some(area) = self.areas.question else {
            return;
        };
        if let Some(talk) = self.talk_mut() {
            talk.hand = Hand::Writing;
            let column = mouse.column.saturating_sub(area.x);
            talk.entry
                .click(column, mouse.row.saturating_sub(area.y), clicks);
        }
    }

    /// Text was pasted into the question.
    pub(in crate::app) fn paste_into_question(&mut self, text: &str) {
        if let Some(talk) = self.talk_mut() {
            talk.entry.insert(text);
        }
    }

    /// Puts words at the cursor of the question about a document; false where there is none.
    pub(in crate::app) fn put_words_into_question(&mut self, draft: Uuid, words: &str) -> bool {
        let now = self.now.0;
        let talk = self.asks.talk_mut(draft);
        talk.map(|talk| talk.entry.put_words(words, now)).is_some()
    }

    /// Brings an earlier question back, one before the other.
    pub(in crate::app) fn earlier_question(&mut self) {
        let Some(talk) = self.talk_mut() else { return };
        let all = talk.conversations.iter().flat_map(|each| &each.turns);
        let mut questions: Vec<&str> = all.map(|turn| turn.question.as_str()).collect();
        questions.dedup();
        let place = questions.len().checked_sub(talk.recalled + 1);
        if let Some(question) = place.and_then(|place| questions.get(place)) {
            talk.entry = TextEntry::new(question, Lines::Many);
            talk.recalled += 1;
        }
    }

    /// `tab`: from the question to the answers and back; from the variants to the conversation.
    pub(in crate::app) fn switch_hand(&mut self) -> Vec<Effect> {
        if !self.asks.shown {
            return self.ask();
        }
        let Some(talk) = self.talk_mut() else {
            return Vec::new();
        };
        if talk.hand != Hand::Writing {
            talk.hand = Hand::Writing;
        } else if talk.chosen().is_some() {
            talk.hand = Hand::Choosing;
        } else {
            return self.tell(Weight::Note, "no answer yet; enter asks");
        }
        Vec::new()
    }

    /// Chooses the answer `by` turns on and shows it from its question on.
    pub(in crate::app) fn step_answer(&mut self, by: isize) {
        let Some(shown) = self.talk_mut().and_then(Talk::shown_mut) else {
            return;
        };
        let last = shown.turns.len().saturating_sub(1);
        shown.chosen = shown.chosen.saturating_add_signed(by).min(last);
        let run = shown.turns.get(shown.chosen).map(|turn| turn.run);
        self.marked = None;
        if let Some(run) = run {
            self.scroll_to_turn(run);
        }
    }

    fn scroll_to_turn(&mut self, run: RunId) {
        let mut drawn = self.areas.turns.iter();
        let Some((_, rows)) = drawn.find(|(turn, _)| *turn == run) else {
            return;
        };
        let (start, all) = (rows.start, self.areas.output_rows);
        let last = all.saturating_sub(usize::from(self.areas.output.height));
        if let Some(talk) = self.talk_mut() {
            talk.scroll = start.min(last);
            talk.follow = talk.scroll >= last;
        }
    }

    /// Chooses the answer that stands at a row of the page.
    pub(in crate::app) fn choose_at(&mut self, row: usize) -> Option<RunId> {
        let mut drawn = self.areas.turns.iter();
        let run = drawn.find(|(_, rows)| rows.contains(&row))?.0;
        let talk = self.talk_mut()?;
        talk.hand = Hand::Choosing;
        let shown = talk.shown_mut()?;
        shown.chosen = shown.turns.iter().position(|turn| turn.run == run)?;
        Some(run)
    }

    /// Begins a conversation anew; the others stay.
    pub(in crate::app) fn begin_conversation(&mut self) -> Vec<Effect> {
        let effects = self.ask();
        let Some(talk) = self.talk_mut() else {
            return effects;
        };
        let unused = |each: &Conversation| each.turns.is_empty();
        if !talk.conversations.last().is_some_and(unused) {
            talk.conversations.push(Conversation::default());
        }
        talk.show(talk.conversations.len() - 1);
        effects
    }

    /// Shows the conversation `by` places on.
    pub(in crate::app) fn step_conversation(&mut self, by: isize) -> Vec<Effect> {
        let Some(talk) = self.talk_mut() else {
            return Vec::new();
        };
        let place = talk.current.checked_add_signed(by);
        match place.filter(|place| *place < talk.conversations.len()) {
            Some(place) => {
                talk.show(place);
                self.marked = None;
                Vec::new()
            }
            None if by < 0 => self.tell(Weight::Note, "this is the first conversation"),
            None => self.tell(
                Weight::Note,
                "this is the last conversation; N begins another",
            ),
        }
    }

    /// Shows the conversation that a run belongs to.
    pub(in crate::app) fn show_conversation_of(&mut self, run: RunId) {
        let Some(talk) = self.talk_mut() else { return };
        let mut all = talk.conversations.iter();
        let place = all.position(|each| each.turns.iter().any(|turn| turn.run == run));
        talk.show(place.unwrap_or(talk.current));
    }

    /// `esc` in a conversation: stops the answer, else leaves the paragraphs, the answers, the pane.
    /// `None` when something else is to be done.
    pub(in crate::app) fn back_in_talk(&mut self) -> Option<Vec<Effect>> {
        if self.focus != Pane::Output || !self.asks.shown {
            return None;
        }
        if let Some(run) = self.answering(self.editor.id) {
            return Some(self.stop_answer(run));
        }
        if self.stop_marking_output() {
            return Some(Vec::new());
        }
        let talk = self.talk_mut()?;
        match talk.hand {
            Hand::Quoting(_) => talk.hand = Hand::Choosing,
            Hand::Choosing => talk.hand = Hand::Writing,
            Hand::Writing => return None,
        }
        Some(Vec::new())
    }

    /// The same when nothing else was to be done: back to where the person came from.
    pub(in crate::app) fn leave_talk(&mut self) -> bool {
        let leaves = self.focus == Pane::Output && self.asks.shown && !self.zoomed;
        if leaves {
            let from = self.asks.from.take().unwrap_or(Pane::Editor);
            self.focus_on(from);
        }
        leaves
    }

    /// Takes where a conversation was drawn; true when another frame is needed for it.
    pub(in crate::app) fn on_talk_drawn(&mut self, areas: &Areas) -> bool {
        if !self.asks.shown {
            return false;
        }
        let Some(talk) = self.talk_mut() else {
            return false;
        };
        let last = areas
            .output_rows
            .saturating_sub(usize::from(areas.output.height));
        if talk.follow {
            talk.scroll = last;
        }
        talk.scroll = talk.scroll.min(last);
        let mut again = false;
        if let Some(field) = areas.question {
            again |= talk.entry.set_size(field.width, field.height);
            again |= talk.entry.show_cursor();
        }
        let height = usize::from(areas.output.height);
        if let Some(rows) = areas.quoted.clone().filter(|_| height > 0) {
            let before = talk.scroll;
            if rows.end > talk.scroll + height {
                talk.scroll = rows.end - height;
            }
            talk.scroll = talk.scroll.min(rows.start);
            talk.follow = false;
            again |= talk.scroll != before;
        }
        again
    }
}
