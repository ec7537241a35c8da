//! Words for a day: `today`, `tomorrow`, `+3d`.
//!
//! Reads them beside the day that somebody else tells. Never asks a clock.

use jiff::civil::Date;
use jiff::{Span, ToSpan};

/// The day that a word means when it is `today`.
pub(super) fn read(word: &str, today: Date) -> Option<Date> {
    let word = word.trim().to_lowercase();
    let days = |days: i64| today.checked_add(days.days()).ok();
    match word.as_str() {
        "today" => return Some(today),
        "tomorrow" => return days(1),
        "yesterday" => return days(-1),
        _ => {}
    }
    let (sign, rest) = match word.split_at_checked(1)? {
        ("+", rest) => (1, rest),
        ("-", rest) => (-1, rest),
        _ => return None,
    };
    let digits = rest.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if digits.is_empty() || digits.len() > 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let count = sign * digits.parse::<i64>().ok()?;
    let span: Span = match &rest[digits.len()..] {
        "" | "d" => count.days(),
        "w" => count.weeks(),
        "m" => count.months(),
        "y" => count.years(),
        _ => return None,
    };
    today.checked_add(span).ok()
}

/// Whether a text is such a word.
pub(super) fn is_word(text: &str) -> bool {
    read(text, jiff::civil::date(2024, 1, 1)).is_some()
}

/// A day as people write it in full.
pub(crate) fn date_in_words(text: &str) -> Option<String> {
    let date: Date = text.trim().parse().ok()?;
    Some(date.strftime("%A, %-d %B %Y").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_a_day_beside_today() {
        let today = jiff::civil::date(2026, 12, 31);
        let day = |word: &str| read(word, today).map(|day| day.to_string());
        for (word, wanted) in [
            ("today", "2026-12-31"),
            (" Tomorrow ", "2027-01-01"),
            ("yesterday", "2026-12-30"),
            ("+3d", "2027-01-03"),
            ("+3", "2027-01-03"),
            ("-1w", "2026-12-24"),
            ("+2m", "2027-02-28"),
            ("+1y", "2027-12-31"),
        ] {
            assert_eq!(day(word).as_deref(), Some(wanted), "{word}");
        }
        for odd in [
            "",
            "+",
            "3d",
            "+3x",
            "+99999d",
            "todays",
            "+é",
            "2026-11-24",
        ] {
            assert_eq!(day(odd), None, "{odd}");
        }
    }
}
