//! YAML on the way out: any string as a scalar that reads back equal.
//!
//! Words stay plain, prose of several lines becomes a block a person can edit, everything else is
//! quoted with escapes, so that no control character stands raw in a file. Never reads YAML.

use crate::domain::text;
use std::fmt::Write;

/// Words that YAML readers of one age or another take for something else than text.
const RESERVED: [&str; 12] = [
    "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "infinity",
];

/// `text` as a scalar on one line, plain where that is safe everywhere (flow lists included).
pub(crate) fn inline(text: &str) -> String {
    if is_plain(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// Appends `key: text`, as a literal block when the text is prose of several lines.
pub(crate) fn push_text(out: &mut String, indent: usize, key: &str, text: &str) {
    push_key(out, indent, key);
    if !is_block(text) {
        out.push(' ');
        out.push_str(&inline(text));
        out.push('\n');
        return;
    }
    let (body, chomp) = text
        .strip_suffix('\n')
        .map_or((text, "-"), |body| (body, ""));
    out.push_str(" |");
    out.push_str(chomp);
    for line in body.split('\n') {
        out.push('\n');
        if !line.is_empty() {
            out.extend(std::iter::repeat_n(' ', indent + 2));
            out.push_str(line);
        }
    }
    out.push('\n');
}

/// Appends `key:` without a value or a line end.
pub(crate) fn push_key(out: &mut String, indent: usize, key: &str) {
    out.extend(std::iter::repeat_n(' ', indent));
    out.push_str(&inline(key));
    out.push(':');
}

/// Appends `key: value` for a value that is YAML already (a number, a flow list).
pub(crate) fn push_raw(out: &mut String, indent: usize, key: &str, value: &str) {
    push_key(out, indent, key);
    out.push(' ');
    out.push_str(value);
    out.push('\n');
}

fn is_plain(text: &str) -> bool {
    let inner = |c: char| c.is_alphanumeric() || " _-./()+".contains(c);
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && text.chars().all(inner)
        && !RESERVED.iter().any(|word| text.eq_ignore_ascii_case(word))
}

fn is_block(text: &str) -> bool {
    text.contains('\n')
        && !text.starts_with(char::is_whitespace)
        && !text.ends_with("\n\n")
        && text
            .split('\n')
            .all(|line| line.is_empty() || !line.trim().is_empty())
        && !text.chars().any(|c| c != '\n' && must_escape(c))
}

/// Characters that are not allowed, would be folded, or would act on a terminal.
fn must_escape(c: char) -> bool {
    let joins_emoji = matches!(c, '\u{200d}' | '\u{fe0e}' | '\u{fe0f}');
    c.is_control()
        || matches!(c, '\u{fffe}' | '\u{ffff}')
        || (text::mark(c).is_some() && !joins_emoji)
}

fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '\u{1b}' => out.push_str("\\e"),
            c if must_escape(c) => push_escape(&mut out, c as u32),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

fn push_escape(out: &mut String, code: u32) {
    // Writing to a string cannot fail.
    let _ = match code {
        0..=0xff => write!(out, "\\x{code:02X}"),
        0x100..=0xffff => write!(out, "\\u{code:04X}"),
        _ => write!(out, "\\U{code:08X}"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn read(yaml: &str) -> BTreeMap<String, crate::domain::brief::Value> {
        serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}\n{yaml:?}"))
    }

    fn round_trips(key: &str, text: &str, indent: usize) {
        let mut yaml = String::new();
        push_text(&mut yaml, indent, key, text);
        push_text(&mut yaml, indent, "zz-after", "end");
        let map = read(&yaml);
        let value = crate::domain::brief::Value::Text(text.to_owned());
        assert_eq!(map.get(key), Some(&value), "{yaml:?}");
        assert_eq!(map.len(), 2, "{yaml:?}");
    }

    #[test]
    fn awkward_strings_read_back_equal() {
        for text in [
            "",
            " ",
            "\n",
            "a\n",
            "a\n\n",
            "a\n b\n",
            "\ta",
            "- a",
            "a: b",
            "a #b",
            "#",
            "'",
            "\"",
            "yes",
            "No",
            "~",
            "null",
            "1",
            "0x1f",
            "1e5",
            ".nan",
            "---",
            "...",
            "a\n---\nb",
            "{a}",
            "[a]",
            "*a",
            "&a",
            "!a",
            "%a",
            "@a",
            "`a",
            "|",
            ">",
            "?",
            "? a",
            "a\r\nb",
            "a\rb",
            "a\u{1b}[31mb",
            "\0",
            "\u{85}",
            "\u{2028}",
            "\u{feff}a",
            "a\n\u{feff}b",
            "👩‍👩‍👧",
            "ünï côdé",
            "2026-11-23",
            "12:30:00",
            "x\n  \ny",
            "a\n\tb",
            "\u{e000}\u{10ffff}",
            "\u{fffe}",
            "<<",
            "=",
        ] {
            round_trips("key", text, 0);
            round_trips("key", text, 4);
        }
    }

    #[test]
    fn words_stay_plain_and_prose_becomes_a_block() {
        let mut yaml = String::new();
        push_text(&mut yaml, 2, "topic", "Rust terminal apps");
        push_text(&mut yaml, 2, "points", "one\n\n- two: 2");
        assert_eq!(
            yaml,
            "  topic: Rust terminal apps\n  points: |-\n    one\n\n    - two: 2\n"
        );
    }

    proptest! {
        #[test]
        fn any_string_reads_back_equal(text in any::<String>(), indent in 0..6usize) {
            round_trips("key", &text, indent);
        }

        #[test]
        fn any_lines_read_back_equal(text in "[ \ta-c:#'\"|>\\[\\]{},&*!%@?\n\r-]{0,40}", indent in 0..6usize) {
            round_trips("key", &text, indent);
            prop_assume!(text != "zz-after");
            round_trips(&text, "value", indent);
        }
    }
}
