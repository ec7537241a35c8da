//! What stands before a continuation and is none of it: a remark that it goes on, a fence around
//! all of it.
//!
//! Only what says of itself that it continues is a remark; anything else is text.

/// Longest remark.
const LONG: usize = 160;

/// Bytes of a remark that the text goes on.
pub(super) fn preamble(head: &str) -> usize {
    let start = head.len() - head.trim_start().len();
    let text = &head[start..];
    for (open, close) in [
        ("(", ")"),
        ("[", "]"),
        ("*(", ")*"),
        ("_(", ")_"),
        ("…", ""),
        ("...", ""),
    ] {
        let Some(inside) = text.strip_prefix(open) else {
            continue;
        };
        let word = ["continued", "continuing", "continuation", "cont."];
        let inside_lower = start_lower(inside);
        let Some(word) = word
            .into_iter()
            .find(|word| inside_lower.starts_with(*word))
        else {
            continue;
        };
        let rest = &inside[word.len()..];
        let rest = rest.strip_prefix(['…', ':', '.']).unwrap_or(rest);
        let Some(rest) = rest.strip_prefix(close) else {
            continue;
        };
        let rest = rest.strip_prefix([':', '.']).unwrap_or(rest);
        return head.len() - rest.trim_start().len();
    }
    let line = text.lines().next().unwrap_or_default();
    let whole = text[line.len()..].starts_with('\n');
    let said = start_lower(line);
    let speaks = [
        "sure",
        "certainly",
        "of course",
        "okay",
        "here",
        "continu",
        "the continuation",
    ];
    let goes_on = [
        "continu",
        "rest of the text",
        "where it stopped",
        "where you left off",
        "where i left off",
    ];
    let is_remark = line.len() <= LONG
        && whole
        && line.trim_end().ends_with([':', '.', '…'])
        && speaks.iter().any(|word| said.starts_with(word))
        && goes_on.iter().any(|word| said.contains(word))
        && (line.trim_end().ends_with(':') || said.starts_with("continu"));
    if is_remark {
        let rest = text[line.len()..].trim_start_matches('\n');
        return head.len() - rest.len();
    }
    0
}

/// The first of a text in small letters, each as long as it was.
fn start_lower(text: &str) -> String {
    text.chars()
        .take(LONG)
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

/// Bytes of a line that opens a fence which does not belong to the text: inside code one is open
/// already; elsewhere, Markdown in a fence of its own, or any fence in the middle of a sentence.
pub(super) fn fence(head: &str, tail: &str, code: bool) -> usize {
    let text = head.trim_start_matches('\n');
    let Some((line, rest)) = text.split_once('\n') else {
        return 0;
    };
    let Some(info) = ["```", "~~~"]
        .into_iter()
        .find_map(|mark| line.strip_prefix(mark))
    else {
        return 0;
    };
    let info = info.trim_matches(['`', '~', ' ']).to_ascii_lowercase();
    let wraps = matches!(info.as_str(), "markdown" | "md" | "text" | "plaintext");
    let last = tail.chars().next_back();
    let inside = last.is_some_and(|last| last != '\n' && !last.is_ascii_punctuation());
    if code || wraps || info.is_empty() && inside {
        head.len() - rest.len()
    } else {
        0
    }
}
