//! Front matter: finding it, reading it, and changing one line of it.
//!
//! Every byte that is not asked to change stays: unknown keys, comments, order, line ends. An
//! edit that would not read back as intended is not made at all.

use super::block;
use super::record::Provenance;
use crate::domain::wording;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// What the front matter says about a draft, besides its provenance.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Meta {
    pub(super) title: Option<String>,
    pub(super) status: Option<String>,
    pub(super) tags: Option<Tags>,
    pub(super) created: Option<String>,
    pub(super) updated: Option<String>,
}

/// Tags as a list, or as one word.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub(super) enum Tags {
    /// `tags: [a, b]`.
    Many(Vec<String>),
    /// `tags: a`.
    One(String),
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Block {
    copydesk: Option<Provenance>,
}

/// Where the front matter lies in a source.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Fence {
    /// There is none.
    None,
    /// It opens and never closes.
    Open,
    /// YAML with its opening fence, and where the body begins.
    Closed { yaml: Range<usize>, body: usize },
}

/// Finds the front matter: a first line of `---` up to a line of `---` or `...`. One blank line
/// after it belongs to it.
pub(super) fn find(source: &str) -> Fence {
    let start = if source.starts_with('\u{feff}') { 3 } else { 0 };
    let mut at = start;
    for line in source[start..].split_inclusive('\n') {
        let word = line.trim_end();
        let first = at == start;
        if first && word != "---" {
            return Fence::None;
        }
        if !first && (word == "---" || word == "...") {
            let end = at + line.len();
            let blank = source[end..]
                .split_inclusive('\n')
                .next()
                .filter(|next| matches!(*next, "\n" | "\r\n"));
            return Fence::Closed {
                yaml: start..at,
                body: end + blank.map_or(0, str::len),
            };
        }
        at += line.len();
    }
    if at == start {
        Fence::None
    } else {
        Fence::Open
    }
}

/// What is wrong with front matter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// Line and column in the file.
    pub(super) place: String,
    /// What is wrong and what to do.
    pub(super) words: String,
}

/// Reads the metadata.
pub(super) fn read_meta(yaml: &str) -> Result<Meta, Fault> {
    read(yaml)
}

/// Reads the `copydesk:` block, if there is one.
pub(super) fn read_provenance(yaml: &str) -> Result<Option<Provenance>, Fault> {
    read::<Block>(yaml).map(|block| block.copydesk)
}

fn read<'a, T: Deserialize<'a> + Default>(yaml: &'a str) -> Result<T, Fault> {
    let nothing = yaml
        .lines()
        .skip(1)
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with('#'));
    if nothing {
        return Ok(T::default());
    }
    serde_saphyr::from_str(yaml).map_err(|error| {
        let place = error.location();
        let (line, column) = place.map_or((1, 1), |place| (place.line(), place.column()));
        Fault {
            place: format!("{line}:{column}"),
            words: wording::of(&error),
        }
    })
}

/// `yaml` (with its opening fence) with the value of a top-level `key` set to what is `written`
/// as YAML on one line, or `None` when that cannot be done by changing only the lines of that key.
/// `meant` does the same to what the front matter says; both have to agree.
pub(super) fn with_line(
    yaml: &str,
    key: &str,
    written: &str,
    meant: &dyn Fn(&mut Meta),
) -> Option<String> {
    let mut wanted = read_meta(yaml).ok()?;
    let edited = if let Some(lines) = key_lines(yaml, key) {
        let line = replaced(&yaml[lines.clone()], key, written);
        format!("{}{line}{}", &yaml[..lines.start], &yaml[lines.end..])
    } else {
        let at = key_lines(yaml, "copydesk").map_or(yaml.len(), |lines| lines.start);
        let end = if yaml.contains("\r\n") { "\r\n" } else { "\n" };
        format!("{}{key}: {written}{end}{}", &yaml[..at], &yaml[at..])
    };
    meant(&mut wanted);
    (read_meta(&edited).ok()? == wanted).then_some(edited)
}

/// `yaml` (with its opening fence) with another `copydesk` block, or `None` when that cannot be
/// done by changing only the lines of that block. What is not Copydesk's in it stays.
pub(super) fn with_provenance(yaml: &str, block: &str) -> Option<String> {
    let before = (read_meta(yaml).ok()?, foreign_keys(yaml)?);
    let lines = key_lines(yaml, "copydesk").unwrap_or(yaml.len()..yaml.len());
    let old = &yaml[lines.clone()];
    let block_now = match block::merged(old, block) {
        Some(merged) => merged,
        None if before.1.is_empty() && !old.contains('#') => block.to_owned(),
        None => return None,
    };
    let edited = format!("{}{block_now}{}", &yaml[..lines.start], &yaml[lines.end..]);
    let alone = read_provenance(&format!("---\n{block}")).ok()?;
    let after = (read_meta(&edited).ok()?, foreign_keys(&edited)?);
    let reads_back = read_provenance(&edited).ok()? == alone && after == before;
    reads_back.then_some(edited)
}

/// The keys of the `copydesk` block that are not Copydesk's.
fn foreign_keys(yaml: &str) -> Option<BTreeSet<String>> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Keys {
        #[expect(
            clippy::zero_sized_map_values,
            reason = "a mapping is not read as a set"
        )]
        copydesk: Option<BTreeMap<String, IgnoredAny>>,
    }
    let keys = read::<Keys>(yaml).ok()?.copydesk.unwrap_or_default();
    let foreign = keys
        .into_keys()
        .filter(|key| !block::KEYS.contains(&key.as_str()));
    Some(foreign.collect())
}

/// The bytes of a top-level key: its line and the lines that continue it, which are indented or
/// items of a list.
pub(super) fn key_lines(yaml: &str, key: &str) -> Option<Range<usize>> {
    let mut at = 0;
    let mut found: Option<Range<usize>> = None;
    for (number, line) in yaml.split_inclusive('\n').enumerate() {
        let end = at + line.len();
        if let Some(lines) = &mut found {
            let item = line.starts_with("- ") || line.trim_end() == "-";
            if (item || line.starts_with([' ', '\t'])) && !line.trim().is_empty() {
                lines.end = end;
            } else if !line.trim().is_empty() {
                break;
            }
        } else if number > 0
            && line
                .strip_prefix(key)
                .and_then(|rest| rest.strip_prefix(':'))
                .is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t', '\r', '\n']))
        {
            found = Some(at..end);
        }
        at = end;
    }
    found
}

/// The lines of a key with another value; a comment and the line end of a single line stay.
fn replaced(lines: &str, key: &str, written: &str) -> String {
    let text = lines.trim_end_matches(['\n', '\r']);
    let end = &lines[text.len()..];
    let old = text[key.len() + 1..].trim_start_matches([' ', '\t']);
    let comment = if text.contains('\n') {
        ""
    } else {
        comment_of(old)
    };
    format!("{key}: {written}{comment}{end}")
}

/// The comment after a value of one line, with the white space before it.
pub(super) fn comment_of(scalar: &str) -> &str {
    let closed = match scalar.chars().next() {
        Some('"') => {
            let mut escaped = false;
            scalar[1..].find(|c| {
                let closes = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                closes
            })
        }
        Some('\'') => scalar[1..].find('\''),
        Some('[') => list_end(scalar),
        Some('|' | '>') => None,
        _ => Some(0),
    };
    let Some(closed) = closed else { return "" };
    let mut from = closed;
    while let Some(hash) = scalar[from..].find('#').map(|at| at + from) {
        let value = scalar[..hash].trim_end_matches([' ', '\t']);
        if value.len() < hash {
            return &scalar[value.len()..];
        }
        from = hash + 1;
    }
    ""
}

/// Where a list in brackets closes; brackets in quotes do not count.
fn list_end(list: &str) -> Option<usize> {
    let (mut quote, mut escaped) = (None, false);
    list.find(|c| {
        let after_backslash = std::mem::take(&mut escaped);
        match (quote, c) {
            (Some('"'), '\\') => escaped = !after_backslash,
            (Some(open), _) if open == c && !after_backslash => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, ']') => return true,
            _ => {}
        }
        false
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_scalar(yaml: &str, key: &str, value: &str) -> Option<String> {
        let written = crate::domain::draft::yaml::inline(value);
        with_line(yaml, key, &written, &|meta| {
            let field = match key {
                "title" => &mut meta.title,
                _ => &mut meta.updated,
            };
            *field = Some(value.to_owned());
        })
    }

    fn with_tags(yaml: &str, written: &str, tags: &[&str]) -> Option<String> {
        let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
        with_line(yaml, "tags", written, &|meta| {
            meta.tags = Some(Tags::Many(tags.clone()));
        })
    }

    #[test]
    fn tags_are_written_on_their_own_lines_and_nothing_else_changes() {
        let cases = [
            (
                "---\ntags: [a, \"b] # no\"]  # yes\nx: 1\n",
                "---\ntags: [c]  # yes\nx: 1\n",
            ),
            ("---\ntags:\n- a\n- b\nx: 1\n", "---\ntags: [c]\nx: 1\n"),
            (
                "---\ntags:\n  - a # one\nx: [\n1]\n",
                "---\ntags: [c]\nx: [\n1]\n",
            ),
            ("---\ntags: a\n", "---\ntags: [c]\n"),
            ("---\nx: 1\n", "---\nx: 1\ntags: [c]\n"),
        ];
        for (yaml, wanted) in cases {
            assert_eq!(with_tags(yaml, "[c]", &["c"]).as_deref(), Some(wanted));
        }
        assert_eq!(with_tags("---\ntags: [\n a\n]\n", "[c]", &["c"]), None);
    }

    #[test]
    fn a_changed_scalar_keeps_everything_else() {
        let yaml = "---\n# mine\ntitle: Old   # keep\nother: {a: 1}\nupdated: 2020-01-01\r\n";
        assert_eq!(
            with_scalar(yaml, "title", "New: one").as_deref(),
            Some(
                "---\n# mine\ntitle: \"New: one\"   # keep\nother: {a: 1}\nupdated: 2020-01-01\r\n"
            )
        );
        assert_eq!(
            with_scalar("---\ntitle: >-\n  a\n  b\nx: 1\n", "title", "c").as_deref(),
            Some("---\ntitle: c\nx: 1\n")
        );
        assert_eq!(
            with_scalar("---\ntitle: \"a # \\\" b\" # c\n", "title", "d").as_deref(),
            Some("---\ntitle: d # c\n")
        );
    }

    #[test]
    fn a_missing_key_is_added_before_the_provenance() {
        assert_eq!(
            with_scalar("---\na: 1\ncopydesk:\n  id: x\n", "title", "t").as_deref(),
            Some("---\na: 1\ntitle: t\ncopydesk:\n  id: x\n")
        );
        assert_eq!(
            with_scalar("---\r\na: 1\r\n", "title", "t").as_deref(),
            Some("---\r\na: 1\r\ntitle: t\r\n")
        );
    }

    #[test]
    fn what_cannot_be_edited_by_lines_is_left_alone() {
        assert_eq!(with_scalar("---\n{title: a}\n", "title", "b"), None);
        assert_eq!(with_scalar("---\n  title: a\n", "title", "b"), None);
        assert_eq!(with_scalar("---\ntitle: [\n", "title", "b"), None);
    }

    #[test]
    fn fences_are_found_with_any_line_end() {
        let crlf = "\u{feff}---\r\na: 1\r\n---\r\n\r\nbody";
        assert_eq!(
            find(crlf),
            Fence::Closed {
                yaml: 3..14,
                body: 21
            }
        );
        assert_eq!(find("--- \nbody"), Fence::Open);
        assert_eq!(find("----\n---\n"), Fence::None);
        assert_eq!(find(""), Fence::None);
    }
}
