//! Titles as file names: safe on every system, readable in every script.
//!
//! The title itself is kept in the front matter; a slug only has to be a good neighbour: no
//! separators, no controls, no hidden or reserved names, never longer than a directory takes.

use crate::domain::text;
use unicode_width::UnicodeWidthChar;

/// Longest slug in characters and bytes; leaves room for a date, a number and an extension.
const MAX_CHARS: usize = 60;
const MAX_BYTES: usize = 180;

/// A lower-case name of words and dashes made from `title`; `untitled` when nothing is left.
///
/// Latin letters lose their accents, other scripts stay as they are. Names that Windows reserves
/// get a suffix. The same words in composed and decomposed form give the same slug.
pub fn slug(title: &str) -> String {
    let mut out = String::new();
    // A title of megabytes is not worth reading to the end.
    for c in title.chars().take(4096).flat_map(char::to_lowercase) {
        if out.len() > MAX_BYTES {
            break;
        }
        push(&mut out, c);
    }
    let out = cut(out.trim_matches('-'));
    if out.is_empty() {
        return "untitled".to_owned();
    }
    if is_reserved(&out) {
        return format!("{out}-file");
    }
    out
}

fn push(out: &mut String, c: char) {
    match fold(c) {
        Some(folded) => out.push_str(folded),
        None if c.is_alphanumeric() && text::mark(c).is_none() => out.push(c),
        // Signs that belong to the letter before them, as in Devanagari.
        None if is_sign(c) && out.ends_with(|last| last != '-') => out.push(c),
        None if !out.is_empty() && !out.ends_with('-') => out.push('-'),
        None => {}
    }
}

/// A character without a cell of its own that is part of how a word is written.
fn is_sign(c: char) -> bool {
    c.width() == Some(0) && text::mark(c).is_none() && !c.is_control()
}

/// What a letter becomes, or `None` when it is not one of those that change.
const fn fold(c: char) -> Option<&'static str> {
    Some(match c {
        // Combining accents, apostrophes.
        '\u{300}'..='\u{36f}' | '\'' | '’' => "",
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è'..='ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ĥ' | 'ħ' => "h",
        'ì'..='ï' | 'ĩ' | 'ī' | 'ĭ' | 'į' | 'ı' => "i",
        'ĵ' => "j",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ŀ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ō' | 'ŏ' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ŗ' | 'ř' => "r",
        'ś' | 'ŝ' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ŧ' | 'ț' => "t",
        'þ' => "th",
        'ù'..='ü' | 'ũ' | 'ū' | 'ŭ' | 'ů' | 'ű' | 'ų' => "u",
        'ŵ' => "w",
        'ý' | 'ÿ' | 'ŷ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => return None,
    })
}

/// At most the allowed length, ending at a whole word where one ends in the second half.
fn cut(slug: &str) -> String {
    let end = slug
        .char_indices()
        .take(MAX_CHARS)
        .map(|(at, c)| at + c.len_utf8())
        .take_while(|&end| end <= MAX_BYTES)
        .last()
        .unwrap_or(0);
    let whole = &slug[..end];
    if end == slug.len() || slug[end..].starts_with('-') {
        return whole.trim_end_matches('-').to_owned();
    }
    match whole.rfind('-') {
        Some(at) if at * 2 > end => whole[..at].trim_end_matches('-').to_owned(),
        _ => whole.to_owned(),
    }
}

fn is_reserved(slug: &str) -> bool {
    let numbered = |prefix| {
        slug.strip_prefix(prefix)
            .is_some_and(|rest: &str| rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit())
    };
    matches!(slug, "con" | "prn" | "aux" | "nul") || numbered("com") || numbered("lpt")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn titles_become_readable_names() {
        for (title, expected) in [
            ("Why Rust TUIs", "why-rust-tuis"),
            ("Café – déjà vu!", "cafe-deja-vu"),
            ("Cafe\u{301} – de\u{301}ja\u{300} vu!", "cafe-deja-vu"),
            ("Straße & Øl", "strasse-ol"),
            ("It's what’s new", "its-whats-new"),
            ("日本語のタイトル", "日本語のタイトル"),
            ("Привет, Мир", "привет-мир"),
            ("हिन्दी में", "हिन्दी-में"),
            ("", "untitled"),
            ("🎉🎉", "untitled"),
            ("../../etc/passwd", "etc-passwd"),
            ("-rf .", "rf"),
            (".hidden", "hidden"),
            ("a\nb\u{1b}[31m", "a-b-31m"),
            ("CON", "con-file"),
            ("nul", "nul-file"),
            ("COM1", "com1-file"),
            ("a\\b:c*d?\0", "a-b-c-d"),
        ] {
            assert_eq!(slug(title), expected, "{title:?}");
        }
    }

    #[test]
    fn a_long_title_is_cut_at_a_word() {
        let long = slug(&"lorem ipsum ".repeat(1000));
        assert!(
            long.chars().count() <= 60 && long.ends_with("ipsum") | long.ends_with("lorem"),
            "{long}"
        );
        assert_eq!(slug(&"x".repeat(10_000)).len(), 60);
    }

    proptest! {
        #[test]
        fn a_slug_is_always_a_safe_name(title in any::<String>()) {
            let slug = slug(&title);
            prop_assert!(!slug.is_empty() && slug.len() <= 185);
            prop_assert!(!slug.starts_with(['-', '.']) && !slug.ends_with(['-', '.', ' ']));
            prop_assert!(!slug.chars().any(|c| c.is_control() || c.is_whitespace() || "/\\:*?\"<>|".contains(c)));
            prop_assert!(!slug.chars().any(|c| text::mark(c).is_some()));
        }
    }
}
