//! What can be counted in a text: words, sentences, paragraphs, and how easy it is to read.
//!
//! Counts what a reader reads: the marks of Markdown, code blocks and addresses of links are left
//! out. Reads the whole text; never on the path of a key.

use super::text::{reading_minutes, words};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use unicode_segmentation::UnicodeSegmentation;

/// What was counted.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Statistics {
    /// Only a part of the text was counted.
    pub of_selection: bool,
    /// Words, as the status line counts them.
    pub words: usize,
    /// Characters as people count them, line breaks aside.
    pub characters: usize,
    /// Characters that are no blanks.
    pub letters: usize,
    /// Sentences.
    pub sentences: usize,
    /// Paragraphs, headings and items of lists.
    pub paragraphs: usize,
    /// Minutes to read it.
    pub minutes: usize,
    /// Flesch's reading ease; `None` for a text that is too short or not written in English.
    pub ease: Option<f64>,
}

/// Words and sentences below which the reading ease says nothing.
const ENOUGH: (usize, usize) = (30, 2);

/// Words of English that stand in nearly any text of it, and are no words elsewhere.
const ENGLISH: [&str; 12] = [
    "the", "and", "of", "to", "with", "that", "is", "for", "you", "it", "are", "this",
];

impl Statistics {
    /// Counts a text, or a part of one.
    pub fn of(text: &str, of_selection: bool) -> Self {
        let mut counted = Self {
            of_selection,
            words: words(text),
            ..Self::default()
        };
        counted.minutes = reading_minutes(counted.words);
        for cluster in text.graphemes(true) {
            if matches!(cluster, "\n" | "\r\n" | "\r") {
                continue;
            }
            counted.characters += 1;
            counted.letters += usize::from(!cluster.chars().all(char::is_whitespace));
        }
        let (mut read, mut syllables, mut english) = (0, 0, 0);
        for paragraph in paragraphs(text) {
            counted.paragraphs += 1;
            counted.sentences += sentences(&paragraph);
            for word in paragraph.unicode_words() {
                read += 1;
                syllables += syllables_of(word);
                english += usize::from(ENGLISH.iter().any(|it| word.eq_ignore_ascii_case(it)));
            }
        }
        let enough = read >= ENOUGH.0 && counted.sentences >= ENOUGH.1;
        // A fifteenth of English prose, and more, are such words.
        if enough && english * 15 >= read {
            let (words, sentences) = (read as f64, counted.sentences as f64);
            let ease = 206.835 - 1.015 * (words / sentences) - 84.6 * (syllables as f64 / words);
            counted.ease = Some(ease);
        }
        counted
    }

    /// The reading ease in words, after Flesch's own table.
    pub fn ease_in_words(&self) -> Option<&'static str> {
        Some(match self.ease? {
            ease if ease >= 90.0 => "very easy",
            ease if ease >= 80.0 => "easy",
            ease if ease >= 70.0 => "fairly easy",
            ease if ease >= 60.0 => "plain English",
            ease if ease >= 50.0 => "fairly difficult",
            ease if ease >= 30.0 => "difficult",
            _ => "very difficult",
        })
    }
}

/// The running text of each block that has some.
fn paragraphs(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut open = String::new();
    let mut skipped = false;
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(text) if !skipped => open.push_str(&text),
            Event::Code(code) => open.push_str(&code),
            Event::SoftBreak | Event::HardBreak => open.push(' '),
            Event::Start(Tag::CodeBlock(_)) => skipped = true,
            Event::End(TagEnd::CodeBlock) => skipped = false,
            Event::Start(Tag::Paragraph | Tag::Item | Tag::List(_) | Tag::Heading { .. })
            | Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::TableCell,
            ) => {
                close(&mut open, &mut all);
            }
            _ => {}
        }
    }
    close(&mut open, &mut all);
    all
}

fn close(open: &mut String, all: &mut Vec<String>) {
    let text = std::mem::take(open);
    if text.contains(char::is_alphanumeric) {
        all.push(text);
    }
}

/// Sentences in a paragraph: at least one. An abbreviation or a decimal ends none.
fn sentences(paragraph: &str) -> usize {
    let mut count = 0;
    let mut chars = paragraph.char_indices().peekable();
    let mut said = false;
    while let Some((at, c)) = chars.next() {
        let ends = match c {
            '!' | '?' | '…' | '。' | '！' | '？' => said,
            '.' => said && !is_abbreviated(&paragraph[..at]),
            _ => {
                said |= c.is_alphanumeric();
                false
            }
        };
        if !ends {
            continue;
        }
        while chars.next_if(|(_, c)| ".!?…\"'”’)]".contains(*c)).is_some() {}
        let blank = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
        if blank || matches!(c, '。' | '！' | '？') {
            count += 1;
            said = false;
        }
    }
    count + usize::from(said)
}

/// Whether the full stop behind this text belongs to a word.
fn is_abbreviated(before: &str) -> bool {
    const KNOWN: [&str; 14] = [
        "mr", "mrs", "ms", "dr", "prof", "st", "e.g", "i.e", "etc", "vs", "no", "cf", "approx",
        "al",
    ];
    let word = before
        .rsplit(char::is_whitespace)
        .next()
        .unwrap_or_default();
    let word = word.trim_start_matches(['(', '"', '“', '[']);
    let initial = word.chars().count() == 1 && word.chars().all(char::is_uppercase);
    let initial = initial && word != "I";
    initial || KNOWN.iter().any(|it| word.eq_ignore_ascii_case(it))
}

/// Syllables of an English word, counted by its groups of vowels.
fn syllables_of(word: &str) -> usize {
    if !word.contains(char::is_alphabetic) {
        return 1;
    }
    let letters: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
    let vowel = |c: char| "aeiouyáàâäãåéèêëíìîïóòôöõúùûü".contains(c);
    let groups = letters
        .iter()
        .enumerate()
        .filter(|(at, c)| vowel(**c) && (*at == 0 || !vowel(letters[at - 1])))
        .count();
    let silent = match letters.as_slice() {
        // "table" and "little" speak their last syllable, "make" and "pages" do not.
        [.., before, 'l', 'e'] if !vowel(*before) => 0,
        [.., before, 'e'] if !vowel(*before) => 1,
        [.., before, 'e', 'd'] if !vowel(*before) && !matches!(before, 't' | 'd') => 1,
        [.., before, 'e', 's'] if !vowel(*before) && !"sxzcgh".contains(*before) => 1,
        _ => 0,
    };
    groups.saturating_sub(silent).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn syllables_are_those_that_are_spoken() {
        for (word, count) in [
            ("cat", 1),
            ("table", 2),
            ("make", 1),
            ("wanted", 2),
            ("walked", 1),
            ("pages", 2),
            ("makes", 1),
            ("reading", 2),
            ("idea", 2),
            ("the", 1),
            ("2026", 1),
            ("beautiful", 3),
        ] {
            assert_eq!(syllables_of(word), count, "{word}");
        }
    }

    #[test]
    fn sentences_end_where_a_reader_stops() {
        for (text, count) in [
            ("One. Two! Three?", 3),
            ("Dr. Who met J. Smith at 3.5 km.", 1),
            ("He said “Stop.” Then he left…", 2),
            ("No end", 1),
            ("这是一句。这是两句。", 2),
            ("Wait... what?!", 2),
        ] {
            assert_eq!(sentences(text), count, "{text}");
        }
    }

    #[test]
    fn marks_and_code_are_not_read() {
        let text = "# Title\n\nOne **bold** word. Two [links](http://a.b/c.d).\n\n- item\n- item\n\n\
                    ```\nlet x = 1. y = 2.\n```\n";
        let counted = Statistics::of(text, false);
        assert_eq!((counted.paragraphs, counted.sentences), (4, 5));
        assert_eq!(counted.ease, None);
    }

    /// The sample of Flesch's formula that is easy to check by hand: 6 words a sentence, and one
    /// syllable a word.
    #[test]
    fn the_reading_ease_is_flesch_s() {
        let text = "The cat sat on the mat. ".repeat(6);
        let counted = Statistics::of(&text, false);
        assert_eq!((counted.words, counted.sentences), (36, 6));
        let ease = counted.ease.unwrap();
        assert!(
            (ease - (206.835 - 1.015 * 6.0 - 84.6)).abs() < 1e-9,
            "{ease}"
        );
        assert_eq!(counted.ease_in_words(), Some("very easy"));
        let german = "Der Hund lief schnell über die Wiese und bellte laut. ".repeat(6);
        assert_eq!(Statistics::of(&german, false).ease, None);
    }

    proptest! {
        #[test]
        fn any_text_can_be_counted(text in any::<String>()) {
            let counted = Statistics::of(&text, false);
            prop_assert!(counted.letters <= counted.characters);
        }
    }
}
