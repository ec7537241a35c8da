//! Server-sent events, from bytes to events, in any chunking.
//!
//! Owns framing and nothing else: it knows no JSON beyond "does the last, unterminated event
//! parse" and "is this stray line an error". Every byte is looked at once, so the cost is linear for every chunking. Never
//! reconnects, never blocks, never panics.

use super::lenient;
use std::borrow::Cow;
use std::mem;

/// The largest event, in bytes. A longer one ends the stream.
pub const MAX_EVENT: usize = 16 * 1024 * 1024;

/// The largest answer body that is not a stream, in bytes, and the largest text of an answer.
pub const MAX_ANSWER: usize = 64 * 1024 * 1024;

/// One event of a stream.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event<'a> {
    /// The event's name; empty when the server gave none.
    pub name: &'a str,
    /// Its data; lines are joined with a newline.
    pub data: &'a str,
}

/// An event was larger than [`MAX_EVENT`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is larger than 16 MiB")]
pub struct TooLong;

/// Turns the bytes of an event stream into events.
#[derive(Debug, Default)]
pub struct Decoder {
    /// An unterminated line from earlier pushes.
    line: Vec<u8>,
    pending: Pending,
    /// The last byte was a CR: a LF that follows belongs to it.
    after_cr: bool,
    /// A line was completed, so a byte order mark is data from here on.
    past_start: bool,
    active: bool,
}

/// A line of JSON where none belongs.
#[derive(Default, serde::Deserialize)]
#[serde(default)]
struct Bare {
    error: lenient::Truthy,
}

/// The event being read.
#[derive(Debug, Default)]
struct Pending {
    name: String,
    data: String,
    /// A data line was seen; the data may still be empty.
    any: bool,
}

impl Decoder {
    /// Takes the next bytes and hands every event they complete to `on`.
    pub fn push(&mut self, bytes: &[u8], mut on: impl FnMut(Event<'_>)) -> Result<(), TooLong> {
        let mut rest = bytes;
        if mem::take(&mut self.after_cr) {
            match rest.first() {
                Some(b'\n') => rest = &rest[1..],
                Some(_) => {}
                None => self.after_cr = true,
            }
        }
        while let Some(end) = memchr::memchr2(b'\n', b'\r', rest) {
            let (head, tail) = rest.split_at(end);
            let (carriage, after) = (tail[0] == b'\r', &tail[1..]);
            if self.line.is_empty() {
                self.on_line(head, &mut on)?;
            } else {
                let mut line = mem::take(&mut self.line);
                line.extend_from_slice(head);
                self.on_line(&line, &mut on)?;
                line.clear();
                self.line = line;
            }
            rest = after;
            if carriage {
                match rest.first() {
                    Some(b'\n') => rest = &rest[1..],
                    Some(_) => {}
                    None => self.after_cr = true,
                }
            }
        }
        self.line.extend_from_slice(rest);
        self.active |= self.line.first().is_some_and(|first| *first != b':');
        self.bounded(self.line.len())
    }

    /// Ends the stream: an unterminated last event counts if it is whole, that is `[DONE]` or JSON.
    pub fn finish(&mut self, mut on: impl FnMut(Event<'_>)) -> Result<(), TooLong> {
        let line = mem::take(&mut self.line);
        if !line.is_empty() {
            self.on_line(&line, &mut on)?;
        }
        let whole = self.pending.data.trim() == "[DONE]"
            || serde_json::from_str::<serde::de::IgnoredAny>(&self.pending.data).is_ok();
        if self.pending.any && whole {
            self.dispatch(&mut on);
        }
        *self = Self::default();
        Ok(())
    }

    /// True when anything but comments and blank lines came since the last call.
    pub fn take_active(&mut self) -> bool {
        mem::take(&mut self.active)
    }

    fn on_line(&mut self, line: &[u8], on: &mut impl FnMut(Event<'_>)) -> Result<(), TooLong> {
        let line = if mem::replace(&mut self.past_start, true) {
            line
        } else {
            line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line)
        };
        let Some(first) = line.first() else {
            self.dispatch(on);
            return Ok(());
        };
        if *first == b':' {
            return Ok(());
        }
        self.active = true;
        self.bounded(line.len())?;
        if line.starts_with(b"{") {
            // Not SSE at all, but some servers write their error bare into the stream.
            let data = lossy(line);
            if lenient::read::<Bare>(&data).is_some_and(|bare| bare.error.0) {
                on(Event {
                    name: "error",
                    data: &data,
                });
            }
            return Ok(());
        }
        self.on_field(line, on);
        Ok(())
    }

    fn on_field(&mut self, line: &[u8], on: &mut impl FnMut(Event<'_>)) {
        let (field, value) = match memchr::memchr(b':', line) {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &line[line.len()..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match field {
            b"data" => {
                if mem::replace(&mut self.pending.any, true) {
                    self.pending.data.push('\n');
                }
                self.pending.data.push_str(&lossy(value));
            }
            b"event" => {
                self.pending.name.clear();
                self.pending.name.push_str(&lossy(value));
            }
            // A pseudo field of older llama.cpp servers, outside the format.
            b"error" => on(Event {
                name: "error",
                data: &lossy(value),
            }),
            _ => {}
        }
    }

    fn dispatch(&mut self, on: &mut impl FnMut(Event<'_>)) {
        if self.pending.any && !self.pending.data.is_empty() {
            on(Event {
                name: &self.pending.name,
                data: &self.pending.data,
            });
        }
        self.pending.any = false;
        self.pending.data.clear();
        self.pending.name.clear();
    }

    fn bounded(&self, more: usize) -> Result<(), TooLong> {
        if self.pending.data.len() + more > MAX_EVENT {
            return Err(TooLong);
        }
        Ok(())
    }
}

/// UTF-8 with U+FFFD for what is not. The check of the whole line comes first because nearly every
/// line passes it.
fn lossy(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => String::from_utf8_lossy(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::StreamExt;
    use pretty_assertions::assert_eq;
    use proptest::prelude::*;

    type Owned = (String, String);

    fn decode<'a>(chunks: impl IntoIterator<Item = &'a [u8]>, end: bool) -> Vec<Owned> {
        let mut decoder = Decoder::default();
        let mut events = Vec::new();
        let mut on = |event: Event<'_>| events.push((event.name.to_owned(), event.data.to_owned()));
        for chunk in chunks {
            decoder.push(chunk, &mut on).unwrap();
        }
        if end {
            decoder.finish(&mut on).unwrap();
        }
        events
    }

    fn whole(stream: &str) -> Vec<Owned> {
        decode([stream.as_bytes()], true)
    }

    fn named(name: &str, data: &str) -> Owned {
        (name.to_owned(), data.to_owned())
    }

    #[test]
    fn all_three_line_ends_end_a_line() {
        for stream in [
            "data: a\n\ndata: b\n\n",
            "data: a\r\n\r\ndata: b\r\n\r\n",
            "data: a\r\rdata: b\r\r",
        ] {
            assert_eq!(
                whole(stream),
                [named("", "a"), named("", "b")],
                "{stream:?}"
            );
        }
    }

    #[test]
    fn data_lines_are_joined_and_lose_one_space() {
        assert_eq!(
            whole("event: x\ndata:  {\ndata:}\n\n"),
            [named("x", " {\n}")]
        );
    }

    #[test]
    fn comments_names_without_data_and_empty_data_are_no_events() {
        assert_eq!(
            whole(": ping\n\nevent: x\n\ndata:\n\ndata\n\nid: 4\nretry: 1\n\ndata: y\n\n"),
            [named("", "y")]
        );
    }

    #[test]
    fn a_leading_byte_order_mark_is_dropped_once() {
        let stream = b"\xef\xbb\xbfdata: a\n\ndata: \xef\xbb\xbfb\n\n";
        assert_eq!(
            decode(stream.chunks(1), true),
            [named("", "a"), named("", "\u{feff}b")]
        );
    }

    #[test]
    fn the_last_event_counts_without_a_blank_line_if_it_is_whole() {
        assert_eq!(whole("data: [DONE]"), [named("", "[DONE]")]);
        assert_eq!(whole("data: {\"a\":1}\n"), [named("", "{\"a\":1}")]);
        assert_eq!(whole("data: {\"a\":"), []);
    }

    #[test]
    fn invalid_utf8_becomes_the_replacement_character() {
        assert_eq!(
            decode([&b"data: a\xffb\n\n"[..]], true),
            [named("", "a\u{fffd}b")]
        );
    }

    #[test]
    fn unicode_line_separators_and_nul_are_data() {
        let data = "a\u{2028}b\u{85}c\u{b}d\0e";
        assert_eq!(whole(&format!("data: {data}\n\n")), [named("", data)]);
    }

    #[test]
    fn a_bare_error_and_the_error_field_are_error_events() {
        assert_eq!(
            whole("{ \"error\":{\"code\":1}}\nerror: {\"a\":1}\n{\"error\":null}\n{broken\n"),
            [
                named("error", "{ \"error\":{\"code\":1}}"),
                named("error", "{\"a\":1}")
            ]
        );
    }

    #[test]
    fn the_last_name_counts_and_none_is_none() {
        assert_eq!(whole("event: x\nevent\ndata: a\n\n"), [named("", "a")]);
        assert_eq!(whole("event: x\nevent: y\ndata: a\n\n"), [named("y", "a")]);
    }

    #[test]
    fn an_endless_event_is_refused() {
        let mut decoder = Decoder::default();
        let chunk = vec![b'x'; 1024 * 1024];
        let taken = (0..32)
            .take_while(|_| decoder.push(&chunk, |_| ()).is_ok())
            .count();
        assert_eq!(taken, 16);
        let mut decoder = Decoder::default();
        let line = [b"data:".as_slice(), &chunk, b"\n"].concat();
        let taken = (0..32)
            .take_while(|_| decoder.push(&line, |_| ()).is_ok())
            .count();
        assert_eq!(taken, 15);
    }

    #[test]
    fn comments_are_no_activity() {
        let mut decoder = Decoder::default();
        decoder.push(b": ping\n\n: pi", |_| ()).unwrap();
        assert!(!decoder.take_active());
        decoder.push(b"ng\ndat", |_| ()).unwrap();
        assert!(decoder.take_active());
        assert!(!decoder.take_active());
    }

    /// Lines as servers write them, whole and broken.
    fn line() -> impl Strategy<Value = Vec<u8>> {
        let known = prop::sample::select(vec![
            "data: {\"a\":1}",
            "data:x",
            "data",
            "data: [DONE]",
            "event: error",
            "event:e",
            ": comment",
            "",
            "",
            "",
            "id: 7",
            " data: no",
            "DATA: no",
            "\u{feff}data: bom",
            "data: ü☕\u{2028}",
            "nonsense",
            "data: \u{feff}",
            "data:  two",
        ])
        .prop_map(|text| text.as_bytes().to_vec());
        let wild = prop::collection::vec(any::<u8>(), 0..12);
        prop_oneof![9 => known, 1 => wild]
    }

    fn stream() -> impl Strategy<Value = Vec<u8>> {
        let end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
        prop::collection::vec((line(), end), 0..24).prop_map(|lines| {
            lines
                .into_iter()
                .flat_map(|(line, end)| [line, end.as_bytes().to_vec()].concat())
                .collect()
        })
    }

    fn cut(bytes: &[u8], at: &[prop::sample::Index]) -> Vec<Vec<u8>> {
        let mut at: Vec<usize> = at
            .iter()
            .map(|index| index.index(bytes.len() + 1))
            .collect();
        at.extend([0, bytes.len()]);
        at.sort_unstable();
        at.windows(2)
            .map(|pair| bytes[pair[0]..pair[1]].to_vec())
            .collect()
    }

    proptest! {
        #[test]
        fn any_chunking_gives_the_same_events(
            bytes in stream(),
            at in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
        ) {
            let pieces = cut(&bytes, &at);
            prop_assert_eq!(
                decode(pieces.iter().map(Vec::as_slice), true),
                decode([bytes.as_slice()], true)
            );
            prop_assert_eq!(decode(bytes.chunks(1), true), decode([bytes.as_slice()], true));
        }

        #[test]
        fn sseer_sees_the_same_events(bytes in stream()) {
            // Where we differ on purpose: invalid UTF-8, our error lines, and what is unterminated.
            prop_assume!(std::str::from_utf8(&bytes).is_ok());
            let bare = bytes.split(|byte| matches!(byte, b'\n' | b'\r'));
            prop_assume!(!bare.clone().any(|line| line.starts_with(b"error") || line.starts_with(b"{")));
            let source = futures_util::stream::iter([Ok::<_, std::io::Error>(bytes.clone())]);
            let theirs: Vec<Owned> = futures_util::FutureExt::now_or_never(
                sseer::EventStream::new(source)
                    .filter_map(|event| std::future::ready(event.ok()))
                    .map(|event| {
                        let name = if event.event == "message" { "" } else { &event.event };
                        (name.to_owned(), event.data.to_string())
                    })
                    .filter(|event| std::future::ready(!event.1.is_empty()))
                    .collect(),
            )
            .unwrap();
            prop_assert_eq!(decode([bytes.as_slice()], false), theirs);
        }
    }
}
