//! Keys out of server text: an error may repeat the one it was sent.
//!
//! Knows the key of the request and the looks of keys. Never clips anything else.

/// Puts `…` in place of the key, of anything that looks like a key, and of bearer tokens.
pub(super) fn redact(text: &str, key: &str) -> String {
    let text = if key.len() >= 4 {
        text.replace(key, "…")
    } else {
        text.to_owned()
    };
    let mut out = String::with_capacity(text.len());
    let mut rest = text.as_str();
    while let Some((at, head)) = ["sk-", "Bearer "]
        .iter()
        .filter_map(|head| Some((rest.find(head)?, *head)))
        .min()
    {
        let word_before = rest[..at].ends_with(|c: char| c.is_alphanumeric());
        let (before, found) = rest.split_at(at + head.len());
        let secret = |c: char| c.is_ascii_alphanumeric() || "-_.*".contains(c);
        let end = found.find(|c: char| !secret(c)).unwrap_or(found.len());
        out.push_str(before);
        if end >= 6 && !word_before {
            out.push('…');
        } else {
            out.push_str(&found[..end]);
        }
        rest = &found[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_only_look_like_keys_stay() {
        assert_eq!(
            redact("risk-assessment, task-management, sk-1", ""),
            "risk-assessment, task-management, sk-1"
        );
    }
}
