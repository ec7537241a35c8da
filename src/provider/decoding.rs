//! The body of an answer as events, whatever it turns out to be: a stream or one document.
//!
//! Owns what happens between bytes and events, and holds the bounds. Pure: it opens nothing and
//! knows no time, so that it can be measured and tested without a server.

use super::output::{Fault, Output};
use super::report::Report;
use super::{chat, responses, sse};
use crate::domain::endpoint::Api;
use crate::domain::run::{StreamEvent, Usage};
use serde::de::IgnoredAny;

/// The bound of [`sse::MAX_EVENT`] in words.
const EVENT: &str = "an event is larger than 16 MiB";

/// The decoder of the API that the endpoint speaks.
#[derive(Debug)]
enum Wire {
    Chat(chat::Decoder),
    Responses(responses::Decoder),
}

impl Wire {
    fn event(&mut self, event: sse::Event<'_>, out: &mut Output) {
        match self {
            Self::Chat(decoder) => decoder.event(event, out),
            Self::Responses(decoder) => decoder.event(event, out),
        }
    }

    fn whole(&mut self, body: &str, out: &mut Output) {
        match self {
            Self::Chat(decoder) => decoder.whole(body, out),
            Self::Responses(decoder) => decoder.whole(body, out),
        }
    }

    fn end(&mut self, why: &str, out: &mut Output) {
        match self {
            Self::Chat(decoder) => decoder.end(why, out),
            Self::Responses(decoder) => decoder.end(why, out),
        }
    }

    fn is_settled(&self) -> bool {
        match self {
            Self::Chat(decoder) => decoder.is_settled(),
            Self::Responses(_) => false,
        }
    }
}

/// What the body of the answer turned out to be.
#[derive(Debug)]
enum Shape {
    /// Nothing but white space so far, of which the last line is kept.
    Unknown(Vec<u8>),
    Events,
    /// One document, although a stream was asked for.
    Whole(Vec<u8>),
}

/// One body on its way from bytes to events.
#[derive(Debug)]
pub struct Decoding {
    frames: sse::Decoder,
    wire: Wire,
    shape: Shape,
    out: Output,
}

impl Decoding {
    /// The body of an answer by this API, to a request that set this output limit.
    pub fn new(api: Api, limit: Option<u32>) -> Self {
        Self {
            frames: sse::Decoder::default(),
            wire: match api {
                Api::Chat => Wire::Chat(chat::Decoder::default()),
                Api::Responses => Wire::Responses(responses::Decoder::new(limit)),
            },
            shape: Shape::Unknown(Vec::new()),
            out: Output::default(),
        }
    }

    /// The next event, if there is one already.
    pub fn pop(&mut self) -> Option<StreamEvent> {
        self.out.pop()
    }

    /// True once the answer ended, well or badly.
    pub fn is_over(&self) -> bool {
        self.out.is_over()
    }

    /// True when there is something to take.
    pub(super) fn is_ready(&self) -> bool {
        self.out.is_ready()
    }

    /// True when only usage and the marker of the end can still come.
    pub(super) fn is_settled(&self) -> bool {
        self.wire.is_settled()
    }

    /// True when text came.
    pub(super) fn has_text(&self) -> bool {
        self.out.has_text()
    }

    /// Tokens as the server last told them.
    pub(super) const fn usage(&self) -> Option<Usage> {
        self.out.usage()
    }

    /// What ended it badly, once the events before it are taken.
    pub(super) fn take_fault(&mut self) -> Option<Fault> {
        self.out.take_fault()
    }

    /// Ends it.
    pub(super) fn fail(&mut self, fault: Fault) {
        self.out.fail(fault);
    }

    /// Takes the next bytes; true when there is something in them that counts as news.
    pub fn push(&mut self, bytes: &[u8]) -> bool {
        match &mut self.shape {
            Shape::Events => return self.decode(bytes),
            Shape::Whole(body) => body.extend_from_slice(bytes),
            Shape::Unknown(start) => {
                start.extend_from_slice(bytes);
                let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
                match text.iter().find(|byte| !byte.is_ascii_whitespace()) {
                    None => {
                        // Blank lines say nothing, in either shape, and are no news either.
                        let line = start.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
                        start.drain(..line.map_or(0, |end| end + 1));
                        if start.len() > sse::MAX_EVENT {
                            self.out.fail(Fault::TooLong(EVENT));
                        }
                        return false;
                    }
                    // The rest of a byte order mark may still be on its way.
                    Some(0xef) if text.len() < 3 => {}
                    Some(b'{' | b'[' | b'<') => self.shape = Shape::Whole(std::mem::take(start)),
                    Some(_) => {
                        let start = std::mem::take(start);
                        self.shape = Shape::Events;
                        return self.decode(&start);
                    }
                }
            }
        }
        let length = match &self.shape {
            Shape::Whole(body) => body.len(),
            Shape::Unknown(_) | Shape::Events => 0,
        };
        if length > sse::MAX_ANSWER {
            self.out
                .fail(Fault::TooLong("the answer is longer than 64 MiB"));
        }
        true
    }

    fn decode(&mut self, bytes: &[u8]) -> bool {
        let (wire, out) = (&mut self.wire, &mut self.out);
        let read = self.frames.push(bytes, |event| wire.event(event, out));
        if read.is_err() {
            self.out.fail(Fault::TooLong(EVENT));
        }
        self.frames.take_active()
    }

    /// The bytes are over, by a clean end or by an error, whose text `why` is.
    pub fn end(&mut self, why: &str) {
        let shape = std::mem::replace(&mut self.shape, Shape::Events);
        if let Shape::Whole(body) = &shape
            && why.is_empty()
        {
            return self.whole(body);
        }
        let (wire, out) = (&mut self.wire, &mut self.out);
        let read = self.frames.finish(|event| wire.event(event, out));
        if read.is_err() {
            out.fail(Fault::TooLong(EVENT));
        }
        wire.end(why, out);
    }

    fn whole(&mut self, body: &[u8]) {
        let text = String::from_utf8_lossy(body);
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with('{') && serde_json::from_str::<IgnoredAny>(text).is_ok() {
            self.wire.whole(text, &mut self.out);
        } else {
            // Several documents, a line each: the first may be an error.
            let mut lines = text.lines();
            let first = match text.as_bytes().first() {
                Some(b'{') => lines.next().unwrap_or_default(),
                _ => text,
            };
            let report = Report::from_body(first);
            let says = !report.message.is_empty();
            let is_json = |line: &str| serde_json::from_str::<IgnoredAny>(line).is_ok();
            self.out.fail(match text.as_bytes().first() {
                Some(b'{' | b'[') if !is_json(first) => {
                    Fault::Cut("the document ends in its middle".to_owned())
                }
                Some(b'{' | b'[') if says => chat::reported(first),
                Some(b'{') if lines.next().is_some_and(is_json) => Fault::Lines,
                _ => Fault::NotApi(report.message),
            });
        }
    }
}
