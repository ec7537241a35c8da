//! The words on both sides of a seam: which of them are repeated, and what parts them.
//!
//! A repetition is as much of the end of the text as the continuation begins with. Two words in a
//! row are one; a single one only where nothing else makes sense.

/// Bytes from which on a repetition counts, whatever it is.
const SURE: usize = 12;

/// Endings that are no words.
const ENDINGS: [&str; 24] = [
    "s", "es", "ed", "er", "ers", "ing", "ings", "ly", "tion", "tions", "sion", "ment", "ments",
    "ness", "ity", "able", "ible", "ful", "less", "ous", "ive", "ize", "ise", "al",
];

/// Bytes of `text` that repeat the end of `tail`. White space may differ.
pub(super) fn repeated(tail: &str, text: &str) -> Option<usize> {
    let lead = text.len() - text.trim_start().len();
    let text = &text[lead..];
    let (tail, space) = tail.split_at(tail.trim_end().len());
    let end = begun_again(tail, text).or_else(|| said_again(tail, text))?;
    // What parts the repetition from what follows is there already.
    let after = text[end..].chars().zip(space.chars());
    let same = after.take_while(|(one, other)| one == other);
    let there: usize = same.map(|(c, _)| c.len_utf8()).sum();
    Some(lead + end + there)
}

/// Whether all of `text` says again what stands somewhere in the end of the text before, and would
/// have gone on so: two words of it at least, the last of which may be cut.
pub(super) fn is_begun(tail: &str, text: &str) -> bool {
    let text = text.trim();
    let Some(first) = text.chars().next() else {
        return false;
    };
    let enough = text.split_whitespace().count() >= 2 || text.len() >= SURE;
    let mut starts = tail.char_indices().filter(|(at, c)| {
        let before = tail[..*at].chars().next_back();
        *c == first && !(c.is_alphanumeric() && before.is_some_and(char::is_alphanumeric))
    });
    enough && starts.any(|(at, _)| matched(text, &tail[at..]).is_some())
}

/// Bytes of a sign of a list or a heading that stands alone at the end of the text.
fn begun_again(tail: &str, text: &str) -> Option<usize> {
    let sign = line_of(tail).trim_start();
    let number = sign.trim_end_matches(['.', ')']);
    let is_sign = matches!(sign, "-" | "*" | "+" | ">")
        || !sign.is_empty() && sign.chars().all(|c| c == '#')
        || number.len() + 1 == sign.len() && number.chars().all(|c| c.is_ascii_digit());
    let rest = text.strip_prefix(sign).filter(|_| is_sign)?;
    rest.starts_with(' ').then_some(sign.len())
}

/// Bytes that are the words at the end of the text.
fn said_again(tail: &str, text: &str) -> Option<usize> {
    // Every place in the end of the text where the continuation may have begun anew.
    let first = text.chars().next()?;
    let starts = tail.char_indices().filter(|(at, c)| {
        let before = tail[..*at].chars().next_back();
        *c == first && !(c.is_alphanumeric() && before.is_some_and(char::is_alphanumeric))
    });
    let mut found = starts.filter_map(|(at, _)| Some((at, matched(&tail[at..], text)?)));
    let (at, end) = found.next()?;
    let piece = &tail[at..];
    let rest = &text[end..];
    let inside = |text: &str| text.chars().next().is_some_and(char::is_alphanumeric);
    let cut = inside(rest) && piece.chars().next_back().is_some_and(char::is_alphanumeric);
    let words = piece.split_whitespace().count();
    let sure = match (words, cut) {
        (2.., false) | (3.., true) => true,
        (2, true) => piece.len() >= SURE || !is_word_of(last_word(piece), &tail[..at]),
        (1, false) => piece.chars().count() >= 2 && piece.chars().any(char::is_alphabetic),
        (1, true) => {
            piece.chars().count() >= 2 && !is_word_of(piece, &tail[..at]) && !is_small(piece)
        }
        _ => false,
    };
    (sure || piece.len() >= SURE && !cut).then_some(end)
}

/// Bytes of `text` that say all of `piece`, where white space is white space.
fn matched(piece: &str, text: &str) -> Option<usize> {
    let mut text_at = text.char_indices().peekable();
    let mut piece_at = piece.chars().peekable();
    while let Some(c) = piece_at.next() {
        if c.is_whitespace() {
            while piece_at.next_if(|c| c.is_whitespace()).is_some() {}
            text_at.next_if(|(_, c)| c.is_whitespace())?;
            while text_at.next_if(|(_, c)| c.is_whitespace()).is_some() {}
        } else {
            text_at.next_if(|(_, other)| *other == c)?;
        }
    }
    Some(text_at.peek().map_or(text.len(), |(at, _)| *at))
}

/// Bytes of white space to pass over, and what stands between a text and its continuation.
pub(super) fn glue(tail: &str, text: &str) -> (usize, &'static str) {
    let space = text.len() - text.trim_start().len();
    let (lead, rest) = text.split_at(space);
    let Some(first) = rest.chars().next() else {
        return (0, "");
    };
    let breaks = tail.len() - tail.trim_end_matches('\n').len();
    let last = tail.chars().next_back().unwrap_or('\n');
    if breaks > 0 {
        // A blank line is one, however often it is begun.
        let more = lead.matches('\n').count();
        let indent = lead.len() - lead.rfind('\n').map_or(0, |at| at + 1);
        let block = more > 0 && breaks == 1;
        return (space - indent, if block { "\n" } else { "" });
    }
    if last.is_whitespace() {
        return (space, "");
    }
    let is_block = begins_block(rest);
    if lead.contains('\n') {
        // A sentence does not break off to go on in another paragraph.
        let sentence = last.is_alphanumeric() || matches!(last, ',' | ';' | '-' | '(');
        if sentence && first.is_lowercase() && !is_block {
            return (space, between(tail, rest, last, first));
        }
        return (0, "");
    }
    if !lead.is_empty() {
        return (0, "");
    }
    if is_block && !begins_block(line_of(tail)) {
        return (0, "\n\n");
    }
    if is_block {
        return (0, "\n");
    }
    (0, between(tail, rest, last, first))
}

/// What parts two characters of running text.
fn between(tail: &str, rest: &str, last: char, first: char) -> &'static str {
    let unspaced = |c: char| matches!(c, '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{2e80}'..='\u{9fff}' | '\u{ac00}'..='\u{d7ff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}');
    // Korean parts its words; where they are parted nobody can tell.
    if unspaced(last) || unspaced(first) {
        return "";
    }
    let digits = last.is_ascii_digit()
        || tail
            .trim_end_matches(['.', ',', ':'])
            .ends_with(|c: char| c.is_ascii_digit());
    match last {
        '.' | ',' | ':' if digits && first.is_ascii_digit() => return "",
        '.' | '!' | '?' | '…' | ',' | ';' | ':' | ')' | '”' | '»' | '–'
            if first.is_alphanumeric() =>
        {
            return " ";
        }
        last if !last.is_alphanumeric() => return "",
        _ => {}
    }
    if !first.is_alphanumeric() {
        let opens = matches!(first, '(' | '“' | '„' | '«' | '–' | '&');
        return if opens { " " } else { "" };
    }
    if last.is_ascii_digit() && first.is_ascii_digit() {
        return "";
    }
    if goes_on(tail, rest) { "" } else { " " }
}

/// Whether a continuation goes on inside the last word: the two together are a word of the text, or
/// it begins with what is none.
fn goes_on(tail: &str, rest: &str) -> bool {
    let (left, right) = (last_word(tail), first_word(rest));
    let earlier = &tail[..tail.len() - left.len()];
    if right.chars().next().is_some_and(char::is_uppercase) {
        return false;
    }
    let together = [left, right].concat();
    if is_word_of(&together, earlier) || is_word_of(&together, &rest[right.len()..]) {
        return true;
    }
    let known = is_word_of(left, earlier) || is_small(left);
    !known && (ENDINGS.contains(&right) || !right.chars().any(is_vowel) && right.len() > 1)
}

/// Vowels of alphabets that have them; of others nothing can be told.
fn is_vowel(c: char) -> bool {
    !c.is_ascii()
        || matches!(c.to_ascii_lowercase(), 'a' | 'e' | 'i' | 'o' | 'u' | 'y')
        || c.is_ascii_digit()
}

/// Words so small and so common that they break off nothing.
fn is_small(word: &str) -> bool {
    const SMALL: [&str; 44] = [
        "a", "i", "an", "as", "at", "be", "by", "do", "he", "if", "in", "is", "it", "me", "my",
        "no", "of", "on", "or", "so", "to", "up", "us", "we", "and", "are", "but", "can", "for",
        "had", "has", "her", "his", "its", "not", "one", "our", "out", "she", "the", "was", "you",
        "that", "with",
    ];
    SMALL.contains(&word.to_lowercase().as_str())
}

fn is_word_of(word: &str, text: &str) -> bool {
    let word = word.to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric());
    words.any(|other| other.to_lowercase() == word)
}

fn last_word(text: &str) -> &str {
    &text[text.trim_end_matches(char::is_alphanumeric).len()..]
}

fn first_word(text: &str) -> &str {
    &text[..text.len() - text.trim_start_matches(char::is_alphanumeric).len()]
}

fn line_of(text: &str) -> &str {
    text.rsplit('\n').next().unwrap_or_default()
}

/// Whether a line is one of a list, a heading, a quotation, a table or a fence.
fn begins_block(text: &str) -> bool {
    let line = text.trim_start();
    let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let numbered = (1..=3).contains(&digits)
        && (line[digits..].starts_with(". ") || line[digits..].starts_with(") "));
    let marked = [
        "- ", "* ", "+ ", "# ", "## ", "### ", "#### ", "> ", "| ", "```", "~~~",
    ];
    numbered || marked.iter().any(|mark| line.starts_with(mark))
}
