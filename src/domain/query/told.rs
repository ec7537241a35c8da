//! Which bytes of a draft a search looks through: the text, the title, tags and brief, and what a
//! person put into the front matter. What Copydesk notes there about times and runs is no text.
//!
//! Cuts by lines without reading any YAML, so that it costs next to nothing.

use std::ops::Range;

/// Keys whose values nobody looks for as text.
const UNTOLD: [&[u8]; 3] = [b"created:", b"updated:", b"status:"];

/// Where the body of a source begins, and the parts before it that are looked through.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) body: usize,
    pub(super) head: Vec<Range<usize>>,
}

impl Told {
    /// Looks at a source; broken front matter is text like any other.
    pub(super) fn of(source: &[u8]) -> Self {
        let start = if source.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        let mut told = Self::default();
        let (mut at, mut within) = (start, Within::Text);
        for line in source[start..].split_inclusive(|byte| *byte == b'\n') {
            let word = line.trim_ascii_end();
            let first = at == start;
            if first && word != b"---" {
                return Self::default();
            }
            let end = at + line.len();
            if !first && (word == b"---" || word == b"...") {
                told.body = end;
                return told;
            }
            within = within.after(line);
            if !first && within != Within::Notes {
                told.push(at..end);
            }
            at = end;
        }
        Self::default()
    }

    fn push(&mut self, part: Range<usize>) {
        match self.head.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ => self.head.push(part),
        }
    }

    /// Whether a match that begins here counts.
    pub(super) fn has(&self, at: usize) -> bool {
        at >= self.body || self.head.iter().any(|part| part.contains(&at))
    }
}

/// What a line of the front matter belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Within {
    /// What is looked through.
    Text,
    /// What is not.
    Notes,
    /// The brief.
    Brief,
}

impl Within {
    fn after(self, line: &[u8]) -> Self {
        let indent = line.iter().take_while(|byte| **byte == b' ').count();
        let is_blank = line.trim_ascii().is_empty();
        match (self, indent) {
            (within, _) if is_blank => within,
            (_, 0) if line.starts_with(b"- ") => self,
            (_, 0) if line.starts_with(b"copydesk:") => Self::Notes,
            (_, 0) if UNTOLD.iter().any(|key| line.starts_with(key)) => Self::Notes,
            (_, 0) => Self::Text,
            (Self::Notes | Self::Brief, 2) if line[2..].starts_with(b"brief:") => Self::Brief,
            (Self::Notes | Self::Brief, 2) => Self::Notes,
            (within, _) => within,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "---\ntitle: A\nstatus: draft\ntags: [b]\ncreated: 1\nmine:\n  - c\ncopydesk:\n  id: d\n  brief:\n    topic: |-\n      e\n\n      f\n  model: g\n---\n\nbody\n";

    #[test]
    fn what_a_person_wrote_is_looked_through_and_what_is_noted_is_not() {
        let told = Told::of(SOURCE.as_bytes());
        let has = |word: &str| told.has(SOURCE.find(word).unwrap());
        for word in [
            "title: A",
            "tags: [b]",
            "- c",
            "topic",
            "e\n",
            "f\n",
            "body",
        ] {
            assert!(has(word), "{word}");
        }
        for word in ["draft", "1\n", "id: d", "model: g"] {
            assert!(!has(word), "{word}");
        }
        assert_eq!(&SOURCE[told.body..], "\nbody\n");
    }

    #[test]
    fn without_front_matter_everything_is_text() {
        for source in [
            "",
            "text",
            "---",
            "---\ncreated: never closed\n",
            "----\n---\n",
        ] {
            assert_eq!(Told::of(source.as_bytes()), Told::default(), "{source}");
        }
        let marked = b"\xef\xbb\xbf---\r\ncreated: 1\r\n---\r\nx";
        assert_eq!(Told::of(marked).body, marked.len() - 1);
    }
}
