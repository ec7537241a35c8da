//! What a decoder made of the bytes so far, waiting to be taken.
//!
//! Owns the joining of neighbouring pieces and the bound on a whole answer. Never holds anything
//! behind an end.

use super::sse::MAX_ANSWER;
use crate::domain::run::{Finish, FinishReason, StreamEvent, Usage};
use std::collections::VecDeque;

/// How an answer broke, in the decoder's terms; [`super::error`] makes sentences of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fault {
    /// The server reported an error, in this JSON or text.
    Reported(serde_json::Value),
    /// A payload was not JSON.
    Malformed,
    /// The answer is not of this API: a page, another protocol.
    NotApi(String),
    /// The answer is lines of JSON, which another API sends.
    Lines,
    /// The stream ended before the answer did; why, when the transport said.
    Cut(String),
    /// The server ended the answer before its end, in its own words for why.
    Early(String),
    /// No byte that matters for as long as the endpoint allows.
    Stalled,
    /// The answer was complete and had no text.
    Empty {
        /// The output limit was spent before the first character.
        limit: bool,
    },
    /// An event or the whole answer was beyond its bound; which.
    TooLong(&'static str),
}

/// The events of an answer, neighbours joined.
#[derive(Debug, Default)]
pub(crate) struct Output {
    events: VecDeque<StreamEvent>,
    fault: Option<Fault>,
    over: bool,
    /// Bytes of the text.
    text: usize,
    /// Bytes of everything else that was told.
    beside: usize,
    told: Told,
    /// Tokens as the server last told them.
    usage: Option<Usage>,
}

/// What the answer has held so far.
#[derive(Debug, Default, Clone, Copy)]
struct Told {
    started: bool,
    refused: bool,
    reasoned: bool,
}

impl Output {
    /// Tells the model once, when the server names one.
    pub(crate) fn started(&mut self, model: &str) {
        if !model.is_empty() && !self.told.started && !self.over {
            self.told.started = true;
            self.events.push_back(StreamEvent::Started {
                model: model.to_owned(),
            });
        }
    }

    pub(crate) fn text(&mut self, more: &str) {
        if more.is_empty() || self.over {
            return;
        }
        self.text += more.len();
        if self.is_bounded() {
            if let Some(StreamEvent::Delta(last) | StreamEvent::Corrected { text: last, .. }) =
                self.events.back_mut()
            {
                last.push_str(more);
            } else {
                self.events.push_back(StreamEvent::Delta(more.to_owned()));
            }
        }
    }

    /// Puts `text` in place of all text behind the first `keep` bytes.
    pub(crate) fn correct(&mut self, keep: usize, text: &str) {
        if keep >= self.text {
            return self.text(text);
        }
        if self.over {
            return;
        }
        self.text = keep + text.len();
        if self.is_bounded() {
            let text = text.to_owned();
            self.events.push_back(StreamEvent::Corrected { keep, text });
        }
    }

    pub(crate) fn reasoning(&mut self, more: &str) {
        if more.is_empty() || self.over {
            return;
        }
        self.told.reasoned = true;
        self.beside += more.len();
        if self.is_bounded() {
            if let Some(StreamEvent::Reasoning(last)) = self.events.back_mut() {
                last.push_str(more);
            } else {
                self.events
                    .push_back(StreamEvent::Reasoning(more.to_owned()));
            }
        }
    }

    pub(crate) fn refusal(&mut self, more: &str) {
        if more.is_empty() || self.over {
            return;
        }
        self.told.refused = true;
        self.beside += more.len();
        if self.is_bounded() {
            if let Some(StreamEvent::Refusal(last)) = self.events.back_mut() {
                last.push_str(more);
            } else {
                self.events.push_back(StreamEvent::Refusal(more.to_owned()));
            }
        }
    }

    /// Whether the answer is within its bound; one that is not ends here.
    fn is_bounded(&mut self) -> bool {
        let bounded = self.text + self.beside <= MAX_ANSWER;
        if !bounded {
            self.fail(Fault::TooLong("the answer is longer than 64 MiB"));
        }
        bounded
    }

    /// Notes what the answer took, which counts whether it ends well or badly.
    pub(crate) fn used(&mut self, usage: Option<Usage>) {
        if !self.over {
            self.usage = usage.or(self.usage);
        }
    }

    /// Tokens as the server last told them.
    pub(crate) const fn usage(&self) -> Option<Usage> {
        self.usage
    }

    pub(crate) fn finish(&mut self, reason: FinishReason) {
        if !self.over {
            self.over = true;
            let usage = self.usage;
            self.events
                .push_back(StreamEvent::Finished(Finish { reason, usage }));
        }
    }

    pub(crate) fn fail(&mut self, fault: Fault) {
        if !self.over {
            self.over = true;
            self.fault = Some(fault);
        }
    }

    pub(crate) fn pop(&mut self) -> Option<StreamEvent> {
        self.events.pop_front()
    }

    /// The fault, once the events before it are taken.
    pub(crate) fn take_fault(&mut self) -> Option<Fault> {
        self.fault.take()
    }

    /// True once the answer ended, well or badly.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    pub(crate) fn has_text(&self) -> bool {
        self.text > 0
    }

    pub(crate) fn is_refused(&self) -> bool {
        self.told.refused
    }

    pub(crate) fn has_reasoning(&self) -> bool {
        self.told.reasoned
    }

    /// True when there is something to take.
    pub(crate) fn is_ready(&self) -> bool {
        self.over || !self.events.is_empty()
    }
}
