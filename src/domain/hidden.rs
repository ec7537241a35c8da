//! Characters that cannot be seen: what they are called, how many there are, text without them.
//!
//! Hidden is exactly what `domain::text` draws as a mark. Never decides how a mark looks.

use super::text::{Printable, mark};
use std::collections::BTreeMap;
use unicode_segmentation::UnicodeSegmentation;

/// One kind of hidden character in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kind {
    /// The character.
    pub character: char,
    /// How often it is there.
    pub count: usize,
    /// The byte where it stands first.
    pub first: usize,
    /// The line of that place, from 1.
    pub line: usize,
    /// The column of that place in clusters, from 1.
    pub column: usize,
}

impl Kind {
    /// Code point and name: `U+200B zero width space`.
    pub fn title(&self) -> String {
        format!("U+{:04X} {}", self.character as u32, name(self.character))
    }
}

/// How many hidden characters stand in `text`.
pub fn count(text: &str) -> usize {
    places(text).count()
}

/// The hidden characters of `text` by kind, in the order they come up.
pub fn kinds(text: &str) -> Vec<Kind> {
    let mut found: BTreeMap<char, Kind> = BTreeMap::new();
    let (mut line, mut line_start, mut read) = (1, 0, 0);
    for (at, character) in places(text) {
        if let Some(kind) = found.get_mut(&character) {
            kind.count += 1;
            continue;
        }
        let between = &text.as_bytes()[read..at];
        line += memchr::memchr_iter(b'\n', between).count();
        line_start = memchr::memrchr(b'\n', between).map_or(line_start, |end| read + end + 1);
        read = at;
        let kind = Kind {
            character,
            count: 1,
            first: at,
            line,
            column: text[line_start..at].graphemes(true).count() + 1,
        };
        found.insert(character, kind);
    }
    let mut kinds: Vec<Kind> = found.into_values().collect();
    kinds.sort_by_key(|kind| kind.first);
    kinds
}

/// `text` without its hidden characters, or without those of one kind. What ends a line in some
/// other way becomes a newline.
pub fn without(text: &str, only: Option<char>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut kept = 0;
    for (at, character) in places(text) {
        if only.is_some_and(|only| only != character) {
            continue;
        }
        out.push_str(&text[kept..at]);
        kept = at + character.len_utf8();
        if matches!(character, '\u{85}' | '\u{2028}' | '\u{2029}') {
            out.push('\n');
        }
    }
    out.push_str(&text[kept..]);
    out
}

/// Counts a text that only grows, reading each part of it once.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    read: usize,
    count: usize,
}

impl Tally {
    /// How many hidden characters stand in `text`, which begins with what was counted before.
    pub fn of(&mut self, text: &str) -> usize {
        let Some(rest) = text.get(self.read..) else {
            *self = Self::default();
            return self.of(text);
        };
        // The last cluster may still grow into an emoji.
        let last = rest.grapheme_indices(true).next_back();
        let (whole, open) = rest.split_at(last.map_or(0, |(at, _)| at));
        self.count += count(whole);
        self.read += whole.len();
        self.count + count(open)
    }
}

/// Every hidden character with its byte. Lines without one are only glanced at.
fn places(text: &str) -> impl Iterator<Item = (usize, char)> {
    odd_lines(text).flat_map(move |(at, line)| {
        let suspect = line.chars().any(|c| mark(c).is_some());
        let clusters = suspect.then(|| line.grapheme_indices(true));
        clusters
            .into_iter()
            .flatten()
            .flat_map(move |(offset, cluster)| in_cluster(at + offset, cluster))
    })
}

/// The lines that hold anything but printable ASCII, each with its byte.
fn odd_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let bytes = text.as_bytes();
    let mut at = 0;
    std::iter::from_fn(move || {
        let odd = at + first_odd(bytes.get(at..)?)?;
        let start = memchr::memrchr(b'\n', &bytes[at..odd]).map_or(at, |end| at + end + 1);
        let end = memchr::memchr(b'\n', &bytes[odd..]).map_or(bytes.len(), |end| odd + end + 1);
        at = end;
        Some((start, &text[start..end]))
    })
}

/// The first byte that is no printable ASCII, blank or line break. A stretch is looked at as a
/// whole, which takes a fraction of the time.
fn first_odd(bytes: &[u8]) -> Option<usize> {
    let odd = |byte: u8| !matches!(byte, b'\n' | b'\t' | 0x20..=0x7e);
    let mut start = 0;
    for stretch in bytes.chunks(64) {
        if stretch.iter().fold(false, |any, byte| any | odd(*byte)) {
            return stretch
                .iter()
                .position(|byte| odd(*byte))
                .map(|place| start + place);
        }
        start += stretch.len();
    }
    None
}

/// The characters of a cluster that are drawn as something else.
fn in_cluster(at: usize, cluster: &str) -> impl Iterator<Item = (usize, char)> {
    // A line end of two characters is one line end.
    let cluster = if cluster == "\r\n" { "" } else { cluster };
    let shown = Printable::new(cluster).into_string();
    let mut drawn = shown.chars().collect::<Vec<_>>().into_iter();
    cluster
        .char_indices()
        .filter_map(move |(offset, c)| (drawn.next() != Some(c)).then_some((at + offset, c)))
}

/// What a hidden character is called, by the Unicode standard or, for controls, by habit.
pub fn name(character: char) -> &'static str {
    match character {
        '\0'..='\u{1f}' => C0[character as usize],
        '\u{7f}' => "delete",
        '\u{80}'..='\u{9f}' => C1[character as usize - 0x80],
        '\u{180b}'..='\u{180d}'
        | '\u{180f}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{e0100}'..='\u{e01ef}' => "variation selector",
        '\u{e0020}'..='\u{e007f}' => "tag character",
        '\u{1bca0}'..='\u{1bca3}' => "shorthand format control",
        '\u{1d173}'..='\u{1d17a}' => "musical format control",
        _ => NAMES
            .iter()
            .find(|(known, _)| *known == character)
            .map_or("invisible character", |(_, name)| name),
    }
}

const C0: [&str; 32] = [
    "null",
    "start of heading",
    "start of text",
    "end of text",
    "end of transmission",
    "enquiry",
    "acknowledge",
    "bell",
    "backspace",
    "tab",
    "line feed",
    "vertical tab",
    "form feed",
    "carriage return",
    "shift out",
    "shift in",
    "data link escape",
    "device control one",
    "device control two",
    "device control three",
    "device control four",
    "negative acknowledge",
    "synchronous idle",
    "end of transmission block",
    "cancel",
    "end of medium",
    "substitute",
    "escape",
    "file separator",
    "group separator",
    "record separator",
    "unit separator",
];

const C1: [&str; 32] = [
    "padding character",
    "high octet preset",
    "break permitted here",
    "no break here",
    "index",
    "next line",
    "start of selected area",
    "end of selected area",
    "character tabulation set",
    "character tabulation with justification",
    "line tabulation set",
    "partial line forward",
    "partial line backward",
    "reverse line feed",
    "single shift two",
    "single shift three",
    "device control string",
    "private use one",
    "private use two",
    "set transmit state",
    "cancel character",
    "message waiting",
    "start of guarded area",
    "end of guarded area",
    "start of string",
    "single graphic character introducer",
    "single character introducer",
    "control sequence introducer",
    "string terminator",
    "operating system command",
    "privacy message",
    "application program command",
];

const NAMES: [(char, &str); 43] = [
    ('\u{ad}', "soft hyphen"),
    ('\u{34f}', "combining grapheme joiner"),
    ('\u{61c}', "arabic letter mark"),
    ('\u{115f}', "hangul choseong filler"),
    ('\u{1160}', "hangul jungseong filler"),
    ('\u{17b4}', "khmer vowel inherent aq"),
    ('\u{17b5}', "khmer vowel inherent aa"),
    ('\u{180e}', "mongolian vowel separator"),
    ('\u{200b}', "zero width space"),
    ('\u{200c}', "zero width non-joiner"),
    ('\u{200d}', "zero width joiner"),
    ('\u{200e}', "left-to-right mark"),
    ('\u{200f}', "right-to-left mark"),
    ('\u{2028}', "line separator"),
    ('\u{2029}', "paragraph separator"),
    ('\u{202a}', "left-to-right embedding"),
    ('\u{202b}', "right-to-left embedding"),
    ('\u{202c}', "pop directional formatting"),
    ('\u{202d}', "left-to-right override"),
    ('\u{202e}', "right-to-left override"),
    ('\u{2060}', "word joiner"),
    ('\u{2061}', "function application"),
    ('\u{2062}', "invisible times"),
    ('\u{2063}', "invisible separator"),
    ('\u{2064}', "invisible plus"),
    ('\u{2066}', "left-to-right isolate"),
    ('\u{2067}', "right-to-left isolate"),
    ('\u{2068}', "first strong isolate"),
    ('\u{2069}', "pop directional isolate"),
    ('\u{206a}', "inhibit symmetric swapping"),
    ('\u{206b}', "activate symmetric swapping"),
    ('\u{206c}', "inhibit arabic form shaping"),
    ('\u{206d}', "activate arabic form shaping"),
    ('\u{206e}', "national digit shapes"),
    ('\u{206f}', "nominal digit shapes"),
    ('\u{3164}', "hangul filler"),
    ('\u{feff}', "zero width no-break space"),
    ('\u{ffa0}', "halfwidth hangul filler"),
    ('\u{fff9}', "interlinear annotation anchor"),
    ('\u{fffa}', "interlinear annotation separator"),
    ('\u{fffb}', "interlinear annotation terminator"),
    ('\u{e0001}', "language tag"),
    ('\u{2065}', "unassigned invisible character"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn each_kind_is_told_with_its_number_and_first_place() {
        let text = "plain\nwi\u{200b}th\u{200b}\u{1b} and 👩‍👩‍👧\r\n\u{202e}";
        let told: Vec<_> = kinds(text)
            .iter()
            .map(|kind| (kind.title(), kind.count, kind.line, kind.column))
            .collect();
        let expected = [
            ("U+200B zero width space", 2, 2, 3),
            ("U+001B escape", 1, 2, 7),
            ("U+202E right-to-left override", 1, 3, 1),
        ];
        let expected = expected.map(|(title, n, line, column)| (title.to_owned(), n, line, column));
        assert_eq!(told, expected);
    }

    #[test]
    fn one_kind_or_all_of_them_can_be_taken_out() {
        let text = "a\u{200b}b\u{1b}c\u{2028}d ❤\u{fe0f}\r\n";
        assert_eq!(without(text, None), "abc\nd ❤\u{fe0f}\r\n");
        assert_eq!(
            without(text, Some('\u{1b}')),
            "a\u{200b}bc\u{2028}d ❤\u{fe0f}\r\n"
        );
        assert_eq!(count(&without(text, None)), 0);
    }

    /// T1: no mark stands for a character without a name of its own.
    #[test]
    fn every_hidden_character_has_a_name() {
        let unnamed = ('\0'..=char::MAX).filter(|c| mark(*c).is_some() && name(*c).is_empty());
        assert_eq!(unnamed.count(), 0);
        let known = ('\0'..'\u{fff0}').filter(|c| mark(*c).is_some());
        let unnamed: Vec<char> = known
            .filter(|c| name(*c) == "invisible character")
            .collect();
        assert!(unnamed.is_empty(), "{unnamed:?}");
    }

    proptest! {
        #[test]
        fn the_count_is_the_number_of_marks(text in "(a|\\r|\\n|👩|\\u{200d}|❤|\\u{fe0f}|\\u{1b}|é|\\u{301}|1|\\u{202e}){0,16}", cut in 0usize..16) {
            let crlf = text.matches("\r\n").count();
            let shown = Printable::new(&text).into_string();
            let marks = text.replace("\r\n", "\n");
            let marks = marks.chars().zip(shown.chars()).filter(|(raw, shown)| raw != shown).count();
            prop_assert_eq!(count(&text), marks, "{} line ends", crlf);
            let cut = text.char_indices().nth(cut).map_or(text.len(), |(at, _)| at);
            let mut tally = Tally::default();
            tally.of(&text[..cut]);
            prop_assert_eq!(tally.of(&text), marks);
            prop_assert_eq!(kinds(&text).iter().map(|kind| kind.count).sum::<usize>(), marks);
        }
    }
}
