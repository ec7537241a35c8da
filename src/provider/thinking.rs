//! Reasoning that a model writes into its text, between `<think>` and `</think>`.
//!
//! Owns the split of such a text into reasoning and answer, in any chunking. Only a text that
//! opens with the tag is touched; anywhere else the tag is the author's own.

use super::output::Output;
use crate::domain::run::StreamEvent;

const OPEN: &str = "<think>";
const CLOSE: &str = "</think>";

/// White space before the tag, in bytes, up to which a text still counts as opening with it.
const INDENT: usize = 256;

/// Splits the text of one answer.
#[derive(Debug, Default)]
pub(super) struct Thinking {
    place: Place,
    /// Text whose side is not known yet: the start, or a piece of the closing tag.
    held: String,
}

#[derive(Debug, Default, PartialEq)]
enum Place {
    #[default]
    Start,
    Inside,
    /// Behind the closing tag, before the first character of the answer.
    Gap,
    Answer,
}

impl Thinking {
    /// Takes the next piece of text.
    pub(super) fn push(&mut self, text: &str, out: &mut Output) {
        match self.place {
            Place::Answer => out.text(text),
            Place::Gap => self.after_gap(text, out),
            Place::Start => {
                self.held.push_str(text);
                self.at_start(out);
            }
            Place::Inside => {
                self.held.push_str(text);
                self.inside(out);
            }
        }
    }

    /// Reads a text anew from its start: the state behind it, and the part of it that is answer so
    /// far.
    pub(super) fn of(text: &str) -> (Self, String) {
        let (mut thinking, mut out) = (Self::default(), Output::default());
        thinking.push(text, &mut out);
        let mut answer = String::new();
        while let Some(event) = out.pop() {
            if let StreamEvent::Delta(more) = event {
                answer.push_str(&more);
            }
        }
        (thinking, answer)
    }

    /// Ends the text: what was held is what it looked like last.
    pub(super) fn finish(&mut self, out: &mut Output) {
        let held = std::mem::take(&mut self.held);
        match self.place {
            Place::Inside => out.reasoning(&held),
            Place::Start | Place::Gap | Place::Answer => out.text(&held),
        }
        self.place = Place::Answer;
    }

    fn at_start(&mut self, out: &mut Output) {
        let trimmed = self.held.trim_start();
        if let Some(inside) = trimmed.strip_prefix(OPEN) {
            self.held = inside.to_owned();
            self.place = Place::Inside;
            self.inside(out);
        } else if !OPEN.starts_with(trimmed) || self.held.len() > INDENT {
            self.place = Place::Answer;
            out.text(&std::mem::take(&mut self.held));
        }
    }

    fn inside(&mut self, out: &mut Output) {
        if let Some((reasoning, answer)) = self.held.split_once(CLOSE) {
            out.reasoning(reasoning);
            let answer = answer.to_owned();
            self.held.clear();
            self.place = Place::Gap;
            self.after_gap(&answer, out);
            return;
        }
        let keep = (1..CLOSE.len())
            .rev()
            .find(|&length| self.held.ends_with(&CLOSE[..length]))
            .unwrap_or(0);
        let tag = self.held.split_off(self.held.len() - keep);
        out.reasoning(&self.held);
        self.held = tag;
    }

    fn after_gap(&mut self, text: &str, out: &mut Output) {
        let answer = text.trim_start();
        if !answer.is_empty() {
            self.place = Place::Answer;
            out.text(answer);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn split<'a>(pieces: impl IntoIterator<Item = &'a str>) -> (String, String) {
        let (mut thinking, mut out) = (Thinking::default(), Output::default());
        for piece in pieces {
            thinking.push(piece, &mut out);
        }
        thinking.finish(&mut out);
        let (mut reasoning, mut text) = (String::new(), String::new());
        while let Some(event) = out.pop() {
            match event {
                StreamEvent::Reasoning(more) => reasoning += &more,
                StreamEvent::Delta(more) => text += &more,
                other => panic!("{other:?}"),
            }
        }
        (reasoning, text)
    }

    #[test]
    fn a_text_that_opens_with_the_tag_is_split() {
        assert_eq!(
            split(["\n<think>a <b> c</think>\n\nThe <think> answer"]),
            ("a <b> c".to_owned(), "The <think> answer".to_owned())
        );
    }

    #[test]
    fn a_tag_anywhere_else_is_text() {
        assert_eq!(split([" x <think>y</think>"]).1, " x <think>y</think>");
        assert_eq!(split(["<thin"]).1, "<thin");
        assert_eq!(split(["  "]).1, "  ");
    }

    #[test]
    fn endless_white_space_is_not_held_back() {
        let (mut thinking, mut out) = (Thinking::default(), Output::default());
        for _ in 0..INDENT {
            thinking.push("\n\n", &mut out);
        }
        assert!(out.has_text());
    }

    #[test]
    fn reasoning_without_an_end_is_no_answer() {
        assert_eq!(
            split(["<think>a</thi"]),
            ("a</thi".to_owned(), String::new())
        );
    }

    proptest! {
        #[test]
        fn the_chunking_does_not_matter(text in "[ \n]{0,2}(<think>)?[a<é/ ]{0,6}(</think>)?[ \n]{0,2}[b<é>]{0,6}") {
            let one_by_one = text.char_indices().map(|(at, c)| &text[at..at + c.len_utf8()]);
            prop_assert_eq!(split(one_by_one), split([text.as_str()]));
        }
    }
}
