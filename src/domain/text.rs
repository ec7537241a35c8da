//! Text as people may see it: the one sanitiser, word counts and reading time.
//!
//! Nothing that came from outside (a model, a server, a file, a paste) reaches a screen, stdout
//! or stderr except through [`Printable`]; nothing from a model reaches a file except through
//! [`stored`]. Control characters become visible marks; they are never dropped and never raw.

use std::borrow::Cow;
use std::fmt::{self, Write};
use unicode_segmentation::UnicodeSegmentation;

/// Text in which every hidden character is drawn as a mark of one cell.
///
/// Newline and tab stay; CRLF becomes a newline. Emoji sequences keep their joiners. The marks:
/// C0 controls and DEL as their pictures (U+2400…), C1 controls `␦`, bidi controls `⇄`, characters
/// without width `∅`, line and paragraph separators `↵`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printable<'a>(Cow<'a, str>);

impl<'a> Printable<'a> {
    /// Sanitises `text` for a terminal.
    pub fn new(text: &'a str) -> Self {
        if text
            .bytes()
            .all(|byte| byte == b'\n' || byte == b'\t' || (0x20..0x7f).contains(&byte))
        {
            return Self(Cow::Borrowed(text));
        }
        if text.chars().all(|c| mark(c).is_none()) {
            return Self(Cow::Borrowed(text));
        }
        Self(marked(text, Keep::Visible))
    }

    /// The same as one line: newlines and tabs become spaces.
    pub fn line(text: &'a str) -> Self {
        if text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) {
            return Self(Cow::Borrowed(text));
        }
        let Self(text) = Self::new(text);
        if text.contains(['\n', '\t']) {
            return Self(Cow::Owned(text.replace(['\n', '\t'], " ")));
        }
        Self(text)
    }

    /// The sanitised text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The sanitised text, owned.
    pub fn into_string(self) -> String {
        self.0.into_owned()
    }
}

impl fmt::Display for Printable<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// Text from a model as it is stored in a file or piped on: controls other than newline and tab
/// become marks, everything else (joiners, direction marks) stays as written. CRLF becomes LF.
pub fn stored(text: &str) -> Cow<'_, str> {
    if text
        .chars()
        .all(|c| !c.is_control() || c == '\n' || c == '\t')
    {
        return Cow::Borrowed(text);
    }
    marked(text, Keep::Invisible)
}

/// Where streamed text goes, which decides what becomes a mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sink {
    /// A terminal: as [`Printable`].
    Terminal,
    /// A file or a pipe: as [`stored`].
    File,
}

/// Sanitises text that arrives in pieces, so that a sequence split over two pieces is caught.
#[derive(Debug)]
pub struct TextStream {
    sink: Sink,
    held: String,
}

impl TextStream {
    /// A stream that has seen nothing.
    pub const fn new(sink: Sink) -> Self {
        Self {
            sink,
            held: String::new(),
        }
    }

    /// Takes a piece; gives what can be shown now. The last grapheme waits when more may join it.
    pub fn push(&mut self, piece: &str) -> String {
        self.held.push_str(piece);
        let end = match self.held.as_bytes().last() {
            Some(last) if last.is_ascii() && *last != b'\r' => self.held.len(),
            _ => self
                .held
                .grapheme_indices(true)
                .next_back()
                .map_or(0, |(at, _)| at),
        };
        let rest = self.held.split_off(end);
        let ready = std::mem::replace(&mut self.held, rest);
        self.clean(&ready)
    }

    /// Gives what waited.
    pub fn finish(&mut self) -> String {
        let rest = std::mem::take(&mut self.held);
        self.clean(&rest)
    }

    fn clean(&self, text: &str) -> String {
        match self.sink {
            Sink::Terminal => Printable::new(text).into_string(),
            Sink::File => stored(text).into_owned(),
        }
    }
}

/// The mark that stands for a hidden character on screen, or `None` for one that shows itself.
pub fn mark(c: char) -> Option<char> {
    match c {
        '\n' | '\t' => None,
        '\0'..='\u{1f}' => char::from_u32(0x2400 + c as u32),
        '\u{7f}' => Some('\u{2421}'),
        '\u{80}'..='\u{9f}' => Some('␦'),
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
            Some('⇄')
        }
        '\u{2028}' | '\u{2029}' => Some('↵'),
        '\u{ad}'
        | '\u{34f}'
        | '\u{115f}'
        | '\u{1160}'
        | '\u{17b4}'
        | '\u{17b5}'
        | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200d}'
        | '\u{2060}'..='\u{2065}'
        | '\u{206a}'..='\u{206f}'
        | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}'
        | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}' => Some('∅'),
        _ => None,
    }
}

/// JSON in which every hidden character is written as an escape: the same value, and nothing that
/// a terminal could obey.
pub fn escaped_json(json: &str) -> Cow<'_, str> {
    let hidden = |c: &char| !matches!(c, '\0'..='\u{1f}') && mark(*c).is_some();
    if !json.chars().any(|c| hidden(&c)) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 64);
    for c in json.chars() {
        if hidden(&c) {
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        } else {
            out.push(c);
        }
    }
    Cow::Owned(out)
}

/// A number of words as it is said: `1 word`, `2 words`.
pub fn of_words(count: u64) -> String {
    match count {
        1 => "1 word".to_owned(),
        count => format!("{count} words"),
    }
}

/// Words in `text`: what blanks separate, and within it the Unicode word rules (UAX #29) wherever
/// a piece is not plain ASCII.
///
/// The count of a text is the sum over its pieces, so an editor may recount only what changed.
pub fn words(text: &str) -> usize {
    let mut count = 0;
    let mut start = 0;
    let ends = memchr::memchr_iter(b'\n', text.as_bytes()).map(|end| end + 1);
    for end in ends.chain([text.len()]) {
        let line = &text[start..end];
        count += if line.is_ascii() {
            ascii_words(line.as_bytes())
        } else {
            words_of_any(line)
        };
        start = end;
    }
    count
}

/// What a byte of ASCII is to the count of words: nothing, a part of a word, what ends one.
const KINDS: [u8; 256] = {
    let mut kinds = [0; 256];
    let mut byte: u8 = 0;
    while byte < 128 {
        if byte.is_ascii_alphanumeric() {
            kinds[byte as usize] = 1;
        } else if separates_words(byte as char) {
            kinds[byte as usize] = 2;
        }
        byte += 1;
    }
    kinds
};

fn ascii_words(line: &[u8]) -> usize {
    let (mut count, mut open) = (0, 0);
    for &byte in line {
        let kind = KINDS[usize::from(byte)];
        count += usize::from(open & (kind >> 1));
        open = (open | (kind & 1)) & !(kind >> 1);
    }
    count + usize::from(open)
}

fn words_of_any(text: &str) -> usize {
    text.split(separates_words)
        .map(|piece| {
            if piece.is_ascii() {
                usize::from(piece.bytes().any(|b| b.is_ascii_alphanumeric()))
            } else {
                piece.unicode_words().count()
            }
        })
        .sum()
}

/// Whether no word ever reaches across `c`: white space and ideographic punctuation.
pub const fn separates_words(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '\u{3001}'..='\u{3003}' | '，' | '！' | '？' | '：' | '；'
        )
}

/// Minutes to read `words` words at 230 words a minute, at least one for any text.
pub const fn reading_minutes(words: usize) -> usize {
    words.div_ceil(230)
}

#[derive(Clone, Copy, PartialEq)]
enum Keep {
    /// Only what shows itself.
    Visible,
    /// Also characters without a shape; only controls are marked.
    Invisible,
}

fn marked(text: &str, keep: Keep) -> Cow<'_, str> {
    let mut out = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        if grapheme == "\r\n" {
            out.push('\n');
            continue;
        }
        let whole = keep == Keep::Visible && is_emoji_sequence(grapheme);
        for c in grapheme.chars() {
            let hidden = match keep {
                Keep::Visible => mark(c).filter(|_| !(whole && belongs_to_emoji(c))),
                Keep::Invisible => mark(c).filter(|_| c.is_control()),
            };
            out.push(hidden.unwrap_or(c));
        }
    }
    Cow::Owned(out)
}

/// A cluster that starts with a pictograph, a keycap base or a flag letter.
fn is_emoji_sequence(grapheme: &str) -> bool {
    let mut chars = grapheme.chars();
    let first = chars.next().is_some_and(|c| {
        matches!(c, '\u{1f000}'..='\u{1faff}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{27bf}'
            | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}' | '\u{3297}' | '\u{3299}'
            | '\u{a9}' | '\u{ae}' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '0'..='9' | '#' | '*')
    });
    first && chars.next().is_some()
}

const fn belongs_to_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{200d}' | '\u{fe0e}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_become_pictures() {
        assert_eq!(
            Printable::new("a\u{1b}[31mb\u{7f}\u{9b}").as_str(),
            "a␛[31mb␡␦"
        );
    }

    #[test]
    fn bidi_and_zero_width_characters_are_marked() {
        assert_eq!(
            Printable::new("a\u{202e}b\u{200b}c\u{2028}").as_str(),
            "a⇄b∅c↵"
        );
    }

    #[test]
    fn emoji_sequences_stay_whole() {
        let family = "👩‍👩‍👧 ❤️ 1️⃣ 🇩🇪 🏴󠁧󠁢󠁥󠁮󠁧󠁿";
        assert_eq!(Printable::new(family).as_str(), family);
    }

    #[test]
    fn a_joiner_outside_an_emoji_is_marked() {
        assert_eq!(Printable::new("a\u{200d}b").as_str(), "a∅b");
    }

    #[test]
    fn carriage_return_cannot_overwrite() {
        assert_eq!(
            Printable::new("safe\rrm -rf\r\nnext").as_str(),
            "safe␍rm -rf\nnext"
        );
    }

    #[test]
    fn stored_text_keeps_joiners_and_marks_controls() {
        assert_eq!(stored("می\u{200c}خواهم\u{1b}[0m"), "می\u{200c}خواهم␛[0m");
    }

    #[test]
    fn one_line_has_no_line_break() {
        assert_eq!(Printable::line("a\nb\tc").as_str(), "a b c");
    }

    #[test]
    fn words_add_up_over_their_pieces() {
        assert_eq!(words("a well-known fact"), 3);
        assert_eq!(words("café: a well-known fact"), 4);
        assert_eq!(words("你好，世界。"), words("你好") + words("世界"));
        assert_eq!(words(" -- … "), 0);
    }

    #[test]
    fn json_keeps_its_value_and_hides_nothing() {
        let json = r#"{"a":"\u0085\u2029\u202e\u200b\udb40\udc41\u007fé☕"}"#;
        let value: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(escaped_json(&value.to_string()), json);
        assert_eq!(escaped_json("{\"a\":\"é\"}\n"), "{\"a\":\"é\"}\n");
    }

    proptest! {
        #[test]
        fn any_json_reads_the_same_escaped(text in any::<String>()) {
            let json = serde_json::Value::from(text.as_str()).to_string();
            let escaped = escaped_json(&json);
            let read: String = serde_json::from_str(&escaped).unwrap();
            prop_assert_eq!(read, text);
            prop_assert!(escaped.chars().all(|c| mark(c).is_none()));
        }

        #[test]
        fn no_control_survives(text in any::<String>()) {
            let shown = Printable::new(&text).into_string();
            prop_assert!(!shown.chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
            prop_assert!(!stored(&text).chars().any(|c| c.is_control() && c != '\n' && c != '\t'));
        }

        #[test]
        fn pieces_are_sanitised_as_the_whole(text in "(a|\\r|\\n|👩|\\u{200d}|❤|\\u{fe0f}|\\u{1b}|é|\\u{301}){0,12}", cut in 0usize..12) {
            let cut = text.char_indices().nth(cut).map_or(text.len(), |(at, _)| at);
            for (sink, whole) in [(Sink::Terminal, Printable::new(&text).into_string()), (Sink::File, stored(&text).into_owned())] {
                let mut stream = TextStream::new(sink);
                let joined = stream.push(&text[..cut]) + &stream.push(&text[cut..]) + &stream.finish();
                prop_assert_eq!(&joined, &whole);
            }
        }

        #[test]
        fn printing_twice_changes_nothing(text in any::<String>()) {
            let once = Printable::new(&text).into_string();
            let twice = Printable::new(&once);
            prop_assert_eq!(twice.as_str(), once.as_str());
        }
    }
}
