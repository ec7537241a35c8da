//! Paragraphs of an answer on their way into the draft.
//!
//! Nothing in the draft is replaced: what is taken goes in at the cursor, in one step of undo.

use super::Hand;
use crate::app::effect::Effect;
use crate::app::output::Variant;
use crate::app::{App, Pane, Weight};
use crate::domain::ask::{apart, paragraphs, quoted};
use crate::domain::document::Document;
use crate::domain::draft::Part;
use crate::domain::run::RunId;
use crate::domain::text::stored;
use crate::store::journal::Cause;
use std::ops::Range;

/// The paragraphs of an answer that are chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoting {
    /// The answer.
    pub run: RunId,
    /// The paragraph that keys move.
    at: usize,
    /// The one where more than one begins.
    from: Option<usize>,
}

/// How a text goes into the draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::app) enum Wording {
    /// As it is.
    Text,
    /// As a quotation.
    Quotation,
}

impl Quoting {
    /// The bytes of the answer that are chosen.
    pub fn range(&self, answer: &str) -> Option<Range<usize>> {
        let all = paragraphs(answer);
        let at = self.at.min(all.len().checked_sub(1)?);
        let from = self.from.unwrap_or(at).min(all.len() - 1);
        let (first, last) = (from.min(at), from.max(at));
        Some(all[first].start..all[last].end)
    }
}

impl App {
    /// `>`: quotes what is marked or chosen, else begins to choose.
    pub(in crate::app) fn quote(&mut self) -> Vec<Effect> {
        if !self.asks.shown {
            return self.tell(
                Weight::Note,
                "alt+k shows the conversation; answers are quoted there",
            );
        }
        if self.is_quoting() || self.marked_text().is_some() {
            return self.take_part(Wording::Quotation);
        }
        let Some(answer) = self.shown_answer().filter(|it| !it.text.trim().is_empty()) else {
            return self.tell(Weight::Note, "there is no answer to quote from yet");
        };
        let run = answer.run;
        if answer.is_running() {
            return self.tell(Weight::Note, "still being written; esc stops it");
        }
        if let Some(talk) = self.talk_mut() {
            talk.hand = Hand::Quoting(Quoting {
                run,
                at: 0,
                from: None,
            });
        }
        self.focus_on(Pane::Output);
        Vec::new()
    }

    /// Moves to another paragraph.
    pub(in crate::app) fn step_paragraph(&mut self, by: isize) {
        let count = self.shown_answer().map(|it| paragraphs(&it.text).len());
        let last = count.unwrap_or_default().saturating_sub(1);
        if let Some(Hand::Quoting(quoting)) = self.talk_mut().map(|talk| &mut talk.hand) {
            quoting.at = quoting.at.saturating_add_signed(by).min(last);
        }
    }

    /// Takes more than one paragraph from here on, or only one again.
    pub(in crate::app) fn take_more(&mut self) {
        if let Some(Hand::Quoting(quoting)) = self.talk_mut().map(|talk| &mut talk.hand) {
            quoting.from = match quoting.from {
                Some(_) => None,
                None => Some(quoting.at),
            };
        }
    }

    /// What is marked with the mouse, or chosen by keys.
    pub(in crate::app) fn chosen_part(&self) -> Option<String> {
        if let Some(marked) = self.marked_text() {
            return Some(marked);
        }
        let Some(Hand::Quoting(quoting)) = self.talk_on_screen().map(|talk| &talk.hand) else {
            return None;
        };
        let answer = self.asks.answer(quoting.run)?;
        let range = quoting.range(&answer.text)?;
        Some(answer.text[range].to_owned())
    }

    /// Puts what is chosen into the draft, at the cursor. The person stays in the conversation.
    pub(in crate::app) fn take_part(&mut self, wording: Wording) -> Vec<Effect> {
        let Some(text) = self.chosen_part() else {
            return Vec::new();
        };
        if self.editor.read_only().is_some() {
            return self.refuse_to_edit();
        }
        let Some(part) = self.shown_answer().map(part_of) else {
            return Vec::new();
        };
        let mut effects = self.checkpoint(Cause::Edit);
        let document = &mut self.editor.document;
        let mut at = document.cursor();
        let text = stored(&text).into_owned();
        if wording == Wording::Quotation {
            at = end_of_paragraph(document, at);
        }
        let text = match wording {
            Wording::Text => text,
            Wording::Quotation => {
                let (before, after) = (document.slice(0..at), document.slice(at..document.len()));
                let (lead, tail) = apart(&before, &after);
                format!("{lead}{}{tail}", quoted(&text))
            }
        };
        document.replace(at..at, &text, self.now.0);
        document.close_group();
        let run = part.run;
        self.editor.bring(crate::app::editor::Made::Part(part));
        if let Some(answer) = self.shown_answer_mut() {
            answer.used = true;
        }
        self.used.push(run);
        effects.extend(self.checkpoint(Cause::Generation));
        let told = match wording {
            Wording::Text => "in the draft at the cursor; ctrl+z takes it out",
            Wording::Quotation => "quoted in the draft at the cursor; ctrl+z takes it out",
        };
        effects.extend(self.tell(Weight::Good, told));
        effects
    }
}

/// Where a quotation goes that is wanted at a place: no paragraph is torn apart by it.
fn end_of_paragraph(document: &Document, at: usize) -> usize {
    let before = document.slice(0..at);
    if before.is_empty() || before.ends_with('\n') {
        return at;
    }
    let after = document.slice(at..document.len());
    let lines = after.split_inclusive('\n');
    let rest = lines.take_while(|line| !line.trim().is_empty());
    let torn: usize = rest.map(str::len).sum();
    at + after[..torn].trim_end().len()
}

/// What the record of a draft says of an answer that is in it.
fn part_of(answer: &Variant) -> Part {
    let origin = &answer.origin;
    Part {
        run: answer.run,
        template: Some(origin.template.clone()),
        model: answer
            .model
            .clone()
            .or_else(|| Some(origin.request.model.clone())),
    }
}
