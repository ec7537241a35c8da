//! What is wrong with front matter, in words for somebody who never heard of YAML: what stands
//! there, and what to write in its place.
//!
//! Never says where: that is for who knows the file.

/// The words for an error of the YAML reader. Those of a kind nobody foresaw stay the reader's own.
pub(crate) fn of(error: &serde_saphyr::Error) -> String {
    let text = error.without_snippet().to_string();
    let text = text.lines().next().unwrap_or_default();
    let end = text.rfind(" at line ").unwrap_or(text.len());
    let text = text[..end].trim_end_matches([':', ',', ' ']);
    let text = text.strip_prefix("error: ").unwrap_or(text);
    said(text)
}

fn said(text: &str) -> String {
    if let Some(key) = text.strip_prefix("duplicate mapping key: ") {
        let key = key.split(", set DuplicateKeyPolicy").next().unwrap_or(key);
        return format!("`{key}` stands here a second time; take one of the two out");
    }
    let sign = text
        .split_once('`')
        .and_then(|(_, sign)| sign.strip_suffix('\''));
    let known: [(&str, &str); 12] = [
        (
            "recursive references",
            "a `*` stands here for a part that it is in itself; write the text out",
        ),
        (
            "budget",
            "it is too large or nested too deeply; make it smaller",
        ),
        (
            "mapping values are not allowed",
            "a `: ` must not stand here; put a text with such a sign in \"quotes\", and begin this line where the one above begins",
        ),
        (
            "unclosed quote",
            "a quotation mark opens here and nothing closes it; put one at the end of the text",
        ),
        (
            "unclosed bracket",
            "a bracket opens here and nothing closes it; put one at the end",
        ),
        (
            "expected string scalar",
            "one text is expected here; put it in \"quotes\"",
        ),
        (
            "expected mapping start",
            "lines like `name: value` are expected here; write one for each thing",
        ),
        (
            "untagged enum Tags",
            "tags are words in brackets; write them like `[one, two]`",
        ),
        (
            "unknown anchor",
            "a text must not begin with `*`; put it in \"quotes\"",
        ),
        (
            "invalid trailing content",
            "there is more behind the closing quotation mark; put all of the text in \"double quotes\"",
        ),
        (
            "tagged scalar",
            "a text must not begin with `!`; put it in \"quotes\"",
        ),
        (
            "UUID parsing failed",
            "this is no id that Copydesk wrote; take the line out",
        ),
    ];
    if let Some((_, words)) = known.iter().find(|(part, _)| text.contains(part)) {
        return (*words).to_owned();
    }
    match sign {
        Some(sign) if text.starts_with("unexpected character") => {
            format!("a text must not begin with `{sign}`; put it in \"quotes\"")
        }
        _ => format!("{text}; put a text with unusual signs in \"quotes\""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    fn told(yaml: &str) -> String {
        let read: Result<BTreeMap<String, String>, _> = serde_saphyr::from_str(yaml);
        of(&read.unwrap_err())
    }

    #[test]
    fn every_usual_slip_is_told_with_what_to_write() {
        let slips = [
            ("title: Tea: why\n", "a `: ` must not stand here; put"),
            (
                "title: a\n b: c\n",
                "begin this line where the one above begins",
            ),
            ("title: \"a\n", "nothing closes it; put one at the end"),
            ("title: [a\n", "put"),
            ("title: {a\n", "put"),
            (
                "title: a\ntitle: b\n",
                "`title` stands here a second time; take",
            ),
            ("just words\n", "lines like `name: value`"),
            (
                "title: [a, b]\n",
                "one text is expected here; put it in \"quotes\"",
            ),
            (
                "title: *x\n",
                "must not begin with `*`; put it in \"quotes\"",
            ),
            (
                "title: @x\n",
                "must not begin with `@`; put it in \"quotes\"",
            ),
            (
                "title: `x`\n",
                "must not begin with ```; put it in \"quotes\"",
            ),
            (
                "title: %x\n",
                "must not begin with `%`; put it in \"quotes\"",
            ),
            ("title: 'it's'\n", "all of the text in \"double quotes\""),
            (
                "title: !!int x\n",
                "must not begin with `!`; put it in \"quotes\"",
            ),
        ];
        for (yaml, wanted) in slips {
            let words = told(yaml);
            assert!(words.contains(wanted), "{yaml:?}: {words}");
            for jargon in [
                "scalar", "mapping", "anchor", "Policy", "YAML", "enum", " line ",
            ] {
                let harmless = jargon == " line " && words.contains("begin this line");
                assert!(harmless || !words.contains(jargon), "{yaml:?}: {words}");
            }
        }
    }

    #[test]
    fn words_that_nobody_foresaw_stay() {
        assert_eq!(
            said("something else"),
            "something else; put a text with unusual signs in \"quotes\""
        );
    }
}
