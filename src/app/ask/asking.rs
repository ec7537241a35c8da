//! From a question to a run: what goes along with it, and the request.
//!
//! Never shows anything and never looks at an answer but to send it along.

use super::{Hand, Turn};
use crate::app::editor::OpenDocument;
use crate::app::effect::{Effect, Record};
use crate::app::field::{Lines, TextEntry};
use crate::app::first::Held;
use crate::app::msg::Purpose;
use crate::app::output::{Joins, Origin, Variant};
use crate::app::{App, Weight};
use crate::domain::ask::{Context, TEMPLATE, Window, fitting, recent, room_for_turns};
use crate::domain::brief::{Brief, Value};
use crate::domain::document::Document;
use crate::domain::prompt::Example;
use crate::domain::render;
use crate::domain::run::RunId;
use crate::domain::template::Template;
use crate::domain::text::words;
use crate::store::journal::Purpose as RunPurpose;
use std::sync::Arc;
use uuid::Uuid;

/// What is asked where an answer broke off.
const GO_ON: &str = "Go on exactly where you stopped.";

/// Bytes of an average word with the space behind it, to say beforehand what has room.
const WORD: usize = 6;

/// A question on its way.
#[derive(Debug, Clone)]
pub struct Question {
    /// The document that it is about.
    draft: Uuid,
    text: String,
    /// The turn that it asks once more, because nothing came.
    instead: Option<RunId>,
    /// What it is put into, once that was read.
    template: Option<Arc<Template>>,
}

/// What goes along with a question.
struct Along {
    window: Window,
    /// The name of the input that gets it, and the text.
    context: Option<(&'static str, String)>,
    turns: Vec<Example>,
}

impl App {
    /// What would go along with a question now.
    pub fn coming_window(&self) -> Window {
        let room = self.room_for_context(None);
        let turns = self.earlier_turns(self.editor.id, None);
        let sizes = turns.iter().rev().map(|(_, size)| *size);
        let kept = recent(sizes, room_for_turns(room));
        let taken: usize = turns.iter().rev().take(kept).map(|(_, size)| size).sum();
        let left = room.saturating_sub(taken);
        Window {
            context: context_of(&self.editor.document, left),
            turns: kept,
            of: turns.len(),
        }
    }

    /// Sends the question that is typed.
    pub(in crate::app) fn send_question(&mut self) -> Vec<Effect> {
        let Some(talk) = self.talk() else {
            return Vec::new();
        };
        let text = talk.entry.text().trim().to_owned();
        if text.is_empty() {
            return self.tell(Weight::Note, "type a question first");
        }
        self.begin_question(text, None)
    }

    /// Asks the chosen question once more.
    pub(in crate::app) fn ask_again(&mut self) -> Vec<Effect> {
        let Some(turn) = self.talk().and_then(|talk| talk.chosen()).cloned() else {
            return self.tell(Weight::Note, "nothing was asked yet");
        };
        let answer = self.asks.answer(turn.run);
        let silent = answer.is_none_or(|answer| answer.text.is_empty());
        let last = self.talk().and_then(|talk| talk.shown().last());
        let last = last.is_some_and(|last| last.run == turn.run);
        self.begin_question(turn.question, (silent && last).then_some(turn.run))
    }

    /// Asks for what is missing of the chosen answer.
    pub(in crate::app) fn ask_to_go_on(&mut self) -> Vec<Effect> {
        if !self.shown_answer().is_some_and(Variant::is_partial) {
            return self.tell(Weight::Note, "this answer came to its own end");
        }
        self.begin_question(GO_ON.to_owned(), None)
    }

    /// Has the template read that a question is put into: it may have been edited since.
    fn begin_question(&mut self, text: String, instead: Option<RunId>) -> Vec<Effect> {
        let draft = self.editor.id;
        if self.answering(draft).is_some() {
            return self.tell(Weight::Note, "this is still being answered; esc stops that");
        }
        self.asks.leaving = Some(Question {
            draft,
            text,
            instead,
            template: None,
        });
        vec![Effect::LoadTemplate {
            name: TEMPLATE.to_owned(),
            purpose: Purpose::Ask,
        }]
    }

    /// The template was read.
    pub(in crate::app) fn on_ask_template(
        &mut self,
        template: Result<Arc<Template>, String>,
    ) -> Vec<Effect> {
        let Some(mut question) = self.asks.leaving.take() else {
            return Vec::new();
        };
        match template {
            Ok(template) => {
                question.template = Some(template);
                self.put_question(question)
            }
            Err(problem) => self.tell(Weight::Bad, problem),
        }
    }

    /// Sends a question; within the budget, or asks first.
    pub(in crate::app) fn put_question(&mut self, question: Question) -> Vec<Effect> {
        let (origin, window) = match self.compose_question(&question) {
            Ok(composed) => composed,
            Err(told) => return told,
        };
        let tariff = self.tariff(&origin.provider, &origin.request);
        match self.hold_question(&question, &origin, &tariff) {
            None => self.send_turn(question, origin, window),
            Some(instead) => instead,
        }
    }

    /// The same whatever the budget says.
    pub(in crate::app) fn put_question_now(&mut self, question: Question) -> Vec<Effect> {
        match self.compose_question(&question) {
            Ok((origin, window)) => self.send_turn(question, origin, window),
            Err(told) => told,
        }
    }

    /// The request for a question, and what goes along with it; what is in its way is told.
    fn compose_question(&mut self, question: &Question) -> Result<(Origin, Window), Vec<Effect>> {
        let Some(template) = question.template.clone() else {
            return Err(Vec::new());
        };
        let provider = self.settings.provider(None).cloned();
        let provider = provider.map_err(|failure| self.fail(&failure))?;
        let wish = template.model.id.as_deref();
        if self.settings.without_model(&provider, wish).is_some() {
            let held = Held::Question(Box::new(question.clone()));
            return Err(self.find_model_for(&provider, held));
        }
        let Some(along) = self.along(question, &template) else {
            let told = "the draft was closed meanwhile; nothing was sent";
            return Err(self.tell(Weight::Note, told));
        };
        let asked = [("question", Value::Text(question.text.clone()))];
        let asked: Brief = asked.into_iter().collect();
        let mut brief = asked.clone();
        if let Some((name, text)) = along.context
            && template.input(name).is_some()
        {
            brief.set(name, Value::Text(text));
        }
        let rendered = render::render(&template, &brief, &self.snippets);
        let mut rendered = rendered.map_err(|error| self.tell(Weight::Bad, error.to_string()))?;
        rendered.prompt.examples.extend(along.turns);
        let target_words = rendered.target_words;
        let origin = Origin {
            template: template.name.clone(),
            title: template.title.clone(),
            template_hash: template.hash.clone(),
            provider: provider.name.clone(),
            server: provider.origin(),
            request: self.settings.request(&provider, &template, rendered),
            target_words,
            edited_prompt: false,
            brief: asked,
        };
        Ok((origin, along.window))
    }

    /// What goes along with a question, as much as has room; nothing without its document.
    fn along(&self, question: &Question, template: &Template) -> Option<Along> {
        let document = &self.editor.get(question.draft)?.document;
        let room = self.room_for_context(template.model.id.as_deref());
        let turns = self.earlier_turns(question.draft, question.instead);
        let sizes = turns.iter().rev().map(|(_, size)| *size);
        let kept = recent(sizes, room_for_turns(room));
        let newest = &turns[turns.len() - kept..];
        let taken: usize = newest.iter().map(|(_, size)| size).sum();
        let left = room.saturating_sub(taken);
        let (context, text) = cut_to(document, left);
        let name = match context {
            Context::Selection(_) | Context::CutSelection(_) => "selection",
            _ => "draft",
        };
        let example = |(turn, _): &(&Turn, usize)| {
            let answer = self.asks.answer(turn.run)?;
            Some(Example {
                user: turn.question.clone(),
                assistant: answer.text.clone(),
            })
        };
        Some(Along {
            window: Window {
                context,
                turns: kept,
                of: turns.len(),
            },
            context: (!text.is_empty()).then_some((name, text)),
            turns: newest.iter().filter_map(example).collect(),
        })
    }

    /// The turns of the conversation about a document that have an answer, with their sizes.
    fn earlier_turns(&self, draft: Uuid, without: Option<RunId>) -> Vec<(&Turn, usize)> {
        let Some(talk) = self.asks.talk(draft) else {
            return Vec::new();
        };
        let turns = talk.shown().iter();
        let answered = turns.filter(|turn| Some(turn.run) != without);
        let sized = answered.filter_map(|turn| {
            let answer = self.asks.answer(turn.run)?;
            let said = !answer.text.trim().is_empty() && !answer.is_running();
            said.then(|| (turn, turn.question.len() + answer.text.len()))
        });
        sized.collect()
    }

    fn send_turn(&mut self, question: Question, origin: Origin, window: Window) -> Vec<Effect> {
        let open = self.editor.get(question.draft);
        let key = open.map(OpenDocument::draft_key);
        let run = self.next_run();
        let tariff = self.tariff(&origin.provider, &origin.request);
        let Some(key) = key else {
            return Vec::new();
        };
        let turn = Turn {
            run,
            question: question.text,
            sent: Some(window),
        };
        let before = self.add_turn(turn, question.draft, question.instead, &key);
        let record = Record {
            purpose: RunPurpose::Ask,
            continues: before,
            together: None,
            draft: key,
            template: origin.template.clone(),
            template_hash: origin.template_hash.clone(),
            brief: origin.brief.clone(),
            server: origin.server.clone(),
            tariff,
        };
        let mut effects = vec![Effect::Generate {
            run,
            provider: origin.provider.clone(),
            request: origin.request.clone(),
            record: Box::new(record),
        }];
        let mut answer = Variant::new(run, origin, String::new(), self.now);
        answer.priced_by(tariff);
        let expected = answer.expected;
        self.asks.answers.add(answer, Joins::Nothing);
        self.notice = None;
        self.practice_card = false;
        effects.extend(self.keep_moving());
        effects.extend(self.speak_of_coming(expected));
        effects
    }

    /// Adds a turn to the conversation shown, in place of one that nothing came of; answers with the
    /// turn before it.
    fn add_turn(
        &mut self,
        turn: Turn,
        draft: Uuid,
        instead: Option<RunId>,
        key: &str,
    ) -> Option<RunId> {
        let talk = self.asks.talk_mut(draft)?;
        if talk.entry.text().trim() == turn.question {
            talk.entry = TextEntry::new("", Lines::Many);
        }
        (talk.follow, talk.recalled) = (true, 0);
        if talk.hand != Hand::Writing {
            talk.hand = Hand::Choosing;
        }
        if !talk.names.iter().any(|name| name == key) {
            talk.names.push(key.to_owned());
        }
        let shown = talk.shown_mut()?;
        let before = shown.turns.last().map(|turn| turn.run);
        shown.turns.retain(|turn| Some(turn.run) != instead);
        shown.turns.push(turn);
        shown.chosen = shown.turns.len() - 1;
        let answers = &mut self.asks.answers;
        answers.variants.retain(|each| Some(each.run) != instead);
        answers.current = 0;
        before
    }
}

/// What of a document would go along, without its text.
fn context_of(document: &Document, room: usize) -> Context {
    if let Some(range) = document.selection() {
        let counted = document.selected_words();
        match counted.unwrap_or(range.len() / WORD) {
            0 => {}
            count if range.len() <= room => return Context::Selection(count),
            count => return Context::CutSelection(count.min(room / WORD)),
        }
    }
    match document.words() {
        0 => Context::Nothing,
        count if document.len() <= room => Context::Whole(count),
        count => Context::Cut(count.min(room / WORD)),
    }
}

/// What of a document goes along, as much of it as has room.
fn cut_to(document: &Document, room: usize) -> (Context, String) {
    if let Some(selected) = document.selected_text().filter(|text| words(text) > 0) {
        if selected.len() <= room {
            return (Context::Selection(words(&selected)), selected);
        }
        let (kept, count) = fitting(&selected, 0, room);
        return (Context::CutSelection(count), kept);
    }
    let text = document.text();
    let count = words(&text);
    if count == 0 {
        return (Context::Nothing, String::new());
    }
    if text.len() <= room {
        return (Context::Whole(count), text);
    }
    let (kept, count) = fitting(&text, document.cursor(), room);
    (Context::Cut(count), kept)
}
