//! The payload of which only the new text is new.
//!
//! Most servers send every piece of an answer in the same JSON around one string, but for a number
//! that counts and padding that says nothing. Once such a payload was read in full, the next one
//! with the same bytes around its text says the same about everything else, and reading it again
//! would find nothing. Never takes a payload that a full read could see differently: whatever is in
//! doubt is read in full.

/// What stands before a number that only counts, and that nobody reads: no string can hold it, for
/// the second of its quotes would be escaped there.
const COUNTED: &str = "\"sequence_number\":";

/// What stood around the text of the last payload that brought nothing but text.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Up to the text, or up to a number that counts.
    before: String,
    /// Behind that number, up to the text.
    counted: Option<String>,
    /// Behind the text, up to the padding where there is some.
    after: String,
    /// Behind the padding.
    end: Option<String>,
}

impl Known {
    /// Remembers what surrounds the text of a payload that brought text alone. Text and padding
    /// were borrowed from it.
    pub(super) fn learn(&mut self, payload: &str, text: &str, padding: Option<&str>) {
        let Some((start, end)) = place(text, payload) else {
            return;
        };
        let padding = padding.and_then(|padding| place(padding, payload));
        let padding = padding.filter(|(start, _)| *start > end);
        let parts = match padding {
            None => payload.get(end..).map(|after| (after, None)),
            Some((from, to)) => payload
                .get(end..from)
                .zip(payload.get(to..))
                .map(|(after, end)| (after, Some(end))),
        };
        let Some((before, (after, end))) = payload.get(..start).zip(parts) else {
            return;
        };
        let number = before.find(COUNTED).map(|at| at + COUNTED.len());
        let number = number.and_then(|at| Some((at, digits(&before[at..])?)));
        let (before, counted) = match number {
            None => (before, None),
            Some((at, counted)) => (&before[..at], Some(counted)),
        };
        put(&mut self.before, before);
        put(&mut self.after, after);
        put_some(&mut self.counted, counted);
        put_some(&mut self.end, end);
    }

    /// The text of a payload that is otherwise known. A text with an escape in it is not taken.
    pub(super) fn text<'a>(&self, payload: &'a str) -> Option<&'a str> {
        if self.before.is_empty() {
            return None;
        }
        let mut rest = payload.strip_prefix(self.before.as_str())?;
        if let Some(counted) = &self.counted {
            rest = digits(rest)?.strip_prefix(counted.as_str())?;
        }
        let (text, rest) = plain(rest)?;
        let rest = rest.strip_prefix(self.after.as_str())?;
        let whole = match &self.end {
            None => rest.is_empty(),
            Some(end) => plain(rest)?.1 == end,
        };
        whole.then_some(text)
    }
}

fn put(place: &mut String, text: &str) {
    place.clear();
    place.push_str(text);
}

fn put_some(place: &mut Option<String>, text: Option<&str>) {
    match text {
        None => *place = None,
        Some(text) => put(place.get_or_insert_default(), text),
    }
}

/// Where a part of a payload lies in it, which it was borrowed from.
fn place(part: &str, payload: &str) -> Option<(usize, usize)> {
    let start = (part.as_ptr() as usize).wrapping_sub(payload.as_ptr() as usize);
    let end = start.checked_add(part.len())?;
    (end <= payload.len()).then_some((start, end))
}

/// What follows a whole number in JSON.
fn digits(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &text[..text.len() - rest.len()];
    let whole = number == "0" || !number.is_empty() && !number.starts_with('0');
    let ends = rest.starts_with([',', '}']);
    (whole && ends).then_some(rest)
}

/// The start of a text up to the quote that ends it, if nothing in it is escaped, and the rest.
fn plain(text: &str) -> Option<(&str, &str)> {
    let ends = |byte: u8| byte == b'"' || byte == b'\\' || byte < b' ';
    let end = text.bytes().position(ends)?;
    (text.as_bytes()[end] == b'"').then(|| text.split_at(end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoint::Api;
    use crate::domain::run::StreamEvent;
    use crate::provider::decoding::Decoding;
    use proptest::prelude::*;

    /// A payload and the place of its text and padding, as a full read borrows them.
    fn after(payload: &str, text: &str, padding: Option<&str>) -> Known {
        let mut known = Known::default();
        let part = |part: &str| {
            let at = payload.find(&format!("\"{part}\"")).unwrap() + 1;
            &payload[at..at + part.len()]
        };
        known.learn(payload, part(text), padding.map(part));
        known
    }

    fn plainly(text: &str) -> String {
        format!(r#"{{"id":"i","choices":[{{"index":0,"delta":{{"content":"{text}"}}}}],"n":1}}"#)
    }

    fn padded(text: &str, padding: &str) -> String {
        format!(
            r#"{{"choices":[{{"delta":{{"content":"{text}"}}}}],"usage":null,"obfuscation":"{padding}","n":1}}"#
        )
    }

    fn counted(number: &str, text: &str) -> String {
        format!(
            r#"{{"type":"x","sequence_number":{number},"item_id":"i","delta":"{text}","logprobs":[]}}"#
        )
    }

    #[test]
    fn the_next_payload_of_the_same_form_is_known() {
        let known = after(&plainly("a"), "a", None);
        assert_eq!(
            known.text(&plainly(" ünd \u{1f980}")),
            Some(" ünd \u{1f980}")
        );
        assert_eq!(known.text(&plainly("")), Some(""));
    }

    #[test]
    fn what_is_in_doubt_is_read_in_full() {
        let known = after(&plainly("a"), "a", None);
        for text in [r"a\nb", r#"a"},"refusal":"no"#, "a\u{1}", r"\ud83e"] {
            assert_eq!(known.text(&plainly(text)), None, "{text:?}");
        }
        assert_eq!(
            known.text(&plainly("a").replace("\"n\":1", "\"n\":2")),
            None
        );
        let start = r#"{"id":"i","choices":[{"index":0,"delta":{"content":""#;
        assert_eq!(known.text(start), None);
    }

    #[test]
    fn padding_may_change_and_nothing_behind_it() {
        let known = after(&padded("a", "9QxWd"), "a", Some("9QxWd"));
        for padding in ["", "k3", "another one"] {
            assert_eq!(known.text(&padded("b", padding)), Some("b"), "{padding}");
        }
        for odd in [
            padded("b", "\\\\"),
            padded("b", r#"x","error":"y"#),
            padded("b", "x").replace("\"n\":1", "\"n\":2"),
            padded("b", "x").replace("null", "{}"),
            padded("b", "x")[..60].to_owned(),
            plainly("b"),
        ] {
            assert_eq!(known.text(&odd), None, "{odd}");
        }
        // Padding that stands before the text is read in full each time.
        let early = |padding: &str| padded(padding, "b");
        let known = after(&early("k3"), "b", Some("k3"));
        assert_eq!(known.text(&early("y")), None);
    }

    #[test]
    fn a_number_that_counts_may_be_another() {
        let known = after(&counted("7", "a"), "a", None);
        for number in ["0", "8", "123456789"] {
            assert_eq!(known.text(&counted(number, "b")), Some("b"), "{number}");
        }
        for odd in [
            "",
            "-1",
            "07",
            "1.5",
            "1e3",
            "null",
            "\"7\"",
            "7,\"error\":1",
        ] {
            assert_eq!(known.text(&counted(odd, "b")), None, "{odd}");
        }
        // What is no whole number in the first payload is part of the form.
        let known = after(&counted("null", "a"), "a", None);
        assert_eq!(known.text(&counted("null", "b")), Some("b"));
        assert_eq!(known.text(&counted("7", "b")), None);
    }

    /// What a decoder makes of payloads, one after the other.
    fn told(api: Api, payloads: &[String]) -> Vec<StreamEvent> {
        let mut decoding = Decoding::new(api, None);
        let mut events = Vec::new();
        for payload in payloads {
            decoding.push(format!("data: {payload}\n\n").as_bytes());
            while let Some(event) = decoding.pop() {
                events.push(event);
            }
        }
        events
    }

    fn is_over(api: Api, payloads: &[String]) -> bool {
        let mut decoding = Decoding::new(api, None);
        for payload in payloads {
            decoding.push(format!("data: {payload}\n\n").as_bytes());
        }
        decoding.is_over()
    }

    /// The same, each payload read as if no other had been.
    fn alone(api: Api, payloads: &[String]) -> Vec<StreamEvent> {
        let one = |payload: &String| {
            // The start of an answer may be a tag: a word goes before.
            let word = match api {
                Api::Chat => r#"{"choices":[{"delta":{"content":"w "}}]}"#,
                Api::Responses => r#"{"type":"response.output_text.delta","delta":"w "}"#,
            };
            let all = told(api, &[word.to_owned(), payload.clone()]);
            all.into_iter().skip(1)
        };
        payloads.iter().flat_map(one).collect()
    }

    #[test]
    fn nothing_is_learned_from_a_payload_that_says_more() {
        for more in [
            r#"{"choices":[{"delta":{"content":"a"},"finish_reason":"x"}]}"#,
            r#"{"choices":[{"delta":{"content":"a","refusal":"b"}}]}"#,
            r#"{"choices":[{"delta":{"content":"a","reasoning":"b"}}]}"#,
            r#"{"choices":[{"delta":{"content":"a"},"message":{"content":"b"}}]}"#,
            r#"{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}"#,
            r#"{"choices":[{"index":1,"delta":{"content":"a"}}]}"#,
            r#"{"choices":[{"delta":{"content":"\u0061"}}]}"#,
        ] {
            let twice = [r#"{"choices":[{"delta":{"content":"w "}}]}"#, more, more];
            let twice = twice.map(str::to_owned);
            let all = told(Api::Chat, &twice);
            assert_eq!(all[1..], alone(Api::Chat, &twice[1..]), "{more}");
        }
    }

    proptest! {
        /// A known payload says what a full read of it says.
        #[test]
        fn knowing_is_reading(
            texts in prop::collection::vec(r#"[a"\\}{,:\n\u{e9}]{0,6}"#, 2),
            more in r#"(|,"refusal":"x"|,"content":"y"|,"index":1|,"n":2)"#,
            pads in prop::collection::vec(r#"(|[a"\\}{,:\n]{0,6})"#, 2),
            numbers in prop::collection::vec("(0|7|12|-1|01|x)", 2),
            forms in any::<(bool, bool)>(),
        ) {
            let (padded, chat) = forms;
            let api = if chat { Api::Chat } else { Api::Responses };
            let form = |n: usize| {
                let (text, pad, number) = (&texts[n], &pads[n], &numbers[n]);
                let pad = if padded { format!(r#","obfuscation":"{pad}""#) } else { String::new() };
                if chat {
                    format!(r#"{{"choices":[{{"delta":{{"content":"{text}"{more}}}}}]{pad}}}"#)
                } else {
                    format!(r#"{{"type":"response.output_text.delta","sequence_number":{number}{more},"delta":"{text}"{pad}}}"#)
                }
            };
            let word = match api {
                Api::Chat => r#"{"choices":[{"delta":{"content":"w "}}]}"#,
                Api::Responses => r#"{"type":"response.output_text.delta","delta":"w "}"#,
            };
            let payloads = [word.to_owned(), form(0), form(1)];
            // What ends the answer lets nothing follow.
            prop_assume!(!is_over(api, &payloads[..2]));
            let together = told(api, &payloads);
            let apart = alone(api, &payloads[1..]);
            prop_assert_eq!(&together[1..], &apart[..]);
        }
    }
}
