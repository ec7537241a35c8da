//! The payload of which only the new text is new.
//!
//! Most servers send every piece of an answer in the same JSON around one string. Once such a
//! payload was read in full, the next one with the same bytes around its text says the same about
//! everything else, and reading it again would find nothing. Never takes a payload that a full
//! read could see differently: whatever is in doubt is read in full.

use super::wire::{Chunk, Content};
use std::borrow::Cow;

/// What stood around the text of the last payload that brought nothing but text.
#[derive(Debug, Default)]
pub(super) struct Known {
    before: String,
    after: String,
}

impl Known {
    /// Remembers what surrounds the text of a payload, if it brought text alone.
    pub(super) fn learn(&mut self, payload: &str, chunk: &Chunk<'_>) {
        let Some(text) = only_text(chunk) else { return };
        // The text was borrowed from the payload, so it lies in it.
        let start = (text.as_ptr() as usize).wrapping_sub(payload.as_ptr() as usize);
        let around = payload
            .get(..start)
            .zip(payload.get(start.saturating_add(text.len())..));
        let Some((before, after)) = around else {
            return;
        };
        self.before.clear();
        self.before.push_str(before);
        self.after.clear();
        self.after.push_str(after);
    }

    /// The text of a payload that is otherwise known. A text with an escape in it is not taken.
    pub(super) fn text<'a>(&self, payload: &'a str) -> Option<&'a str> {
        if self.before.is_empty() {
            return None;
        }
        let text = payload
            .strip_prefix(self.before.as_str())?
            .strip_suffix(self.after.as_str())?;
        let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
        text.bytes().all(plain).then_some(text)
    }
}

/// The text of a chunk that has an unescaped text for us and nothing else that we use.
fn only_text<'a>(chunk: &Chunk<'a>) -> Option<&'a str> {
    let [choice] = chunk.choices.0.as_slice() else {
        return None;
    };
    let (delta, message) = (&choice.delta.0, &choice.message.0);
    let alone = choice.index.0.unwrap_or(0) == 0
        && choice.finish_reason.text().is_none()
        && chunk.usage.0.known().is_none()
        && chunk.x_groq.0.usage.0.known().is_none()
        && delta.refusal.text().is_none()
        && delta.reasoning_content.text().is_none()
        && delta.reasoning.text().is_none()
        && delta.reasoning_details.0.is_empty()
        && matches!(message.content, Content::Absent)
        && message.refusal.text().is_none()
        && message.reasoning_content.text().is_none()
        && message.reasoning.text().is_none()
        && message.reasoning_details.0.is_empty();
    match &delta.content {
        Content::Text(Cow::Borrowed(text)) if alone => Some(text),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::lenient;
    use proptest::prelude::*;

    /// What a full read finds, if it is a text and nothing else.
    fn full(payload: &str) -> Option<String> {
        let chunk = lenient::read::<Chunk<'_>>(payload)?;
        only_text(&chunk).map(str::to_owned)
    }

    fn after(payload: &str) -> Known {
        let mut known = Known::default();
        if let Some(chunk) = lenient::read::<Chunk<'_>>(payload) {
            known.learn(payload, &chunk);
        }
        known
    }

    fn payload(text: &str) -> String {
        format!(r#"{{"id":"a","choices":[{{"index":0,"delta":{{"content":"{text}"}}}}],"n":1}}"#)
    }

    #[test]
    fn the_next_payload_of_the_same_form_is_known() {
        let known = after(&payload("a"));
        assert_eq!(
            known.text(&payload(" ünd \u{1f980}")),
            Some(" ünd \u{1f980}")
        );
        assert_eq!(known.text(&payload("")), Some(""));
    }

    #[test]
    fn what_is_in_doubt_is_read_in_full() {
        let known = after(&payload("a"));
        for text in [r"a\nb", r#"a"},"refusal":"no"#, "a\u{1}", r"\ud83e"] {
            assert_eq!(known.text(&payload(text)), None, "{text:?}");
        }
        assert_eq!(
            known.text(&payload("a").replace("\"n\":1", "\"n\":2")),
            None
        );
        assert_eq!(
            known.text(r#"{"id":"a","choices":[{"index":0,"delta":{"content":""#),
            None
        );
    }

    #[test]
    fn nothing_is_learned_from_a_payload_that_says_more() {
        for more in [
            r#"{"choices":[{"delta":{"content":"a"},"finish_reason":"stop"}]}"#,
            r#"{"choices":[{"delta":{"content":"a","refusal":"b"}}]}"#,
            r#"{"choices":[{"delta":{"content":"a","reasoning":"b"}}]}"#,
            r#"{"choices":[{"delta":{"content":"a"},"message":{"content":"b"}}]}"#,
            r#"{"choices":[{"delta":{"content":"a"}}],"usage":{"prompt_tokens":1}}"#,
            r#"{"choices":[{"delta":{"content":"a"}},{"delta":{"content":"b"}}]}"#,
            r#"{"choices":[{"index":1,"delta":{"content":"a"}}]}"#,
            r#"{"choices":[{"delta":{"content":"\u0061"}}]}"#,
        ] {
            assert_eq!(after(more).text(more), None, "{more}");
        }
    }

    proptest! {
        /// A known payload says what a full read of it says.
        #[test]
        fn knowing_is_reading(
            first in r#"[a"\\}{,:\n\u{e9}]{0,4}"#,
            second in r#"[a"\\}{,:\n\u{e9}]{0,9}"#,
            more in r#"(|,"refusal":"x"|,"content":"y")"#,
        ) {
            let form = |text: &str| {
                format!(r#"{{"choices":[{{"delta":{{"content":"{text}"{more}}}}}]}}"#)
            };
            let known = after(&form(&first));
            if let Some(text) = known.text(&form(&second)) {
                prop_assert_eq!(Some(text.to_owned()), full(&form(&second)));
            }
        }
    }
}
