//! The `copydesk:` block of a draft, line by line: what Copydesk writes there, and what others
//! added to it.
//!
//! What says the same keeps its lines; unknown keys and comments stay where they stand. Never
//! looks beyond the block.

use super::front::{comment_of, read_provenance};

/// The keys that Copydesk writes.
pub(super) const KEYS: [&str; 13] = [
    "id",
    "template",
    "template_hash",
    "brief",
    "provider",
    "origin",
    "model",
    "params",
    "run",
    "tokens",
    "cost",
    "finish",
    "parts",
];

/// A key of the block with its lines; without one, a comment.
#[derive(Debug, Clone, Copy)]
struct Entry<'a> {
    key: Option<&'a str>,
    lines: &'a str,
}

impl Entry<'_> {
    fn is_foreign(&self) -> bool {
        self.key.is_none_or(|key| !KEYS.contains(&key))
    }
}

/// The block `new`, as it is written, with what stands in `old` and is not Copydesk's. `None` when
/// `old` does not have a line for each key.
pub(super) fn merged(old: &str, new: &str) -> Option<String> {
    let (head, old) = split_head(old)?;
    let (_, new) = split_head(new)?;
    let indent = old
        .lines()
        .find(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
        .map_or(2, |line| line.len() - line.trim_start().len());
    let (old, new) = (entries(old, indent)?, entries(new, 2)?);
    let mut out = head.to_owned();
    let mut at = 0;
    for entry in new {
        let same = |other: &Entry<'_>| other.key == entry.key;
        if let Some(place) = old.get(at..)?.iter().position(same) {
            let before = old.get(at..at + place)?.iter();
            out.extend(before.filter(|it| it.is_foreign()).map(|it| it.lines));
            at += place + 1;
        }
        let known = old.iter().find(|other| same(other));
        out.push_str(&written(
            known.map(|known| known.lines),
            entry.lines,
            indent,
        ));
        // A foreign key stays behind the one it follows; a comment goes with what it stands before.
        let next = old.get(at..)?.iter().take_while(|it| it.is_foreign());
        let follow = next.enumerate().filter(|(_, it)| it.key.is_some()).last();
        let count = follow.map_or(0, |(place, _)| place + 1);
        out.extend(old.get(at..at + count)?.iter().map(|it| it.lines));
        at += count;
    }
    let rest = old.get(at..)?.iter();
    out.extend(rest.filter(|it| it.is_foreign()).map(|it| it.lines));
    Some(out)
}

/// The line of the block itself, and those below it.
fn split_head(block: &str) -> Option<(&str, &str)> {
    let end = block.find('\n')? + 1;
    let (head, rest) = block.split_at(end);
    let value = head.strip_prefix("copydesk:")?.trim();
    (value.is_empty() || value.starts_with('#')).then_some((head, rest))
}

/// The keys and comments of a block whose keys stand at `indent`.
fn entries(block: &str, indent: usize) -> Option<Vec<Entry<'_>>> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut starts = Vec::new();
    let mut at = 0;
    for line in block.split_inclusive('\n') {
        let text = line.trim();
        let deep = line.len() - line.trim_start_matches(' ').len();
        let key = text
            .split_once(':')
            .filter(|(_, rest)| rest.is_empty() || rest.starts_with([' ', '\t']))
            .map(|(key, _)| key);
        if !text.is_empty() && deep <= indent && text.starts_with('#') {
            starts.push((at, None));
        } else if deep == indent && !text.starts_with("- ") && key.is_some() {
            starts.push((at, key));
        } else if starts.is_empty() && !text.is_empty() {
            return None;
        }
        at += line.len();
    }
    let ends = starts.iter().skip(1).map(|(start, _)| *start);
    for (&(start, key), end) in starts.iter().zip(ends.chain([block.len()])) {
        let lines = block.get(start..end)?;
        entries.push(Entry { key, lines });
    }
    Some(entries)
}

/// The lines of a key: `old` ones if they say what the `new` ones say.
fn written(old: Option<&str>, new: &str, indent: usize) -> String {
    let reads = |lines: &str| read_provenance(&format!("---\ncopydesk:\n{lines}")).ok();
    if let Some(old) = old.filter(|old| reads(old).is_some_and(|read| Some(read) == reads(new))) {
        return old.to_owned();
    }
    let lines = new.split_inclusive('\n').map(|line| {
        let deep = line.strip_prefix("  ");
        deep.map_or_else(|| line.to_owned(), |line| " ".repeat(indent) + line)
    });
    let lines: String = lines.collect();
    let old = old.filter(|old| old.lines().count() == 1 && lines.lines().count() == 1);
    let comment = old
        .and_then(|old| old.split_once(':'))
        .map_or("", |(_, value)| comment_of(value.trim()));
    if comment.is_empty() {
        return lines;
    }
    format!("{}{comment}\n", lines.trim_end())
}

#[cfg(test)]
mod tests {
    use crate::domain::draft::{Draft, Provenance};
    use crate::domain::prompt::Params;

    fn changed(source: &str) -> (bool, String) {
        let mut draft = Draft::parse(source);
        let made = Provenance {
            template: Some("blog-post".to_owned()),
            model: Some("other".to_owned()),
            params: Params {
                temperature: Some(0.5),
                ..Params::default()
            },
            ..Provenance::default()
        };
        let done = draft.set_provenance(&made);
        (done, draft.to_source())
    }

    #[test]
    fn unknown_keys_and_comments_of_the_block_survive() {
        let source = "---\ntitle: T\ncopydesk: # made here\n    # whose\n    id: \"a\"  # mine\n    \
            reviewed: {by: Ann}\n    template: 'blog-post' # ours\n    model: one # the old one\n    \
            # how warm\n    params:\n      temperature: 0.50\n      seed: 7\n    notes: |\n      # no comment\n\n      \
            text\n    # the end\nx: 1\n---\n\nText.\n";
        let wanted = source.replace("model: one #", "model: other #");
        assert_eq!(changed(source), (true, wanted));
    }

    #[test]
    fn a_key_that_is_not_told_any_more_goes_and_a_new_one_comes() {
        let source = "---\ncopydesk:\n  id: a\n  provider: p\n  mine: 1\n---\n";
        let wanted = "---\ncopydesk:\n  id: a\n  template: blog-post\n  model: other\n  params:\n    \
            temperature: 0.5\n  mine: 1\n---\n";
        assert_eq!(changed(source), (true, wanted.to_owned()));
    }

    #[test]
    fn a_block_without_lines_is_replaced_unless_something_would_go() {
        let (done, source) = changed("---\ncopydesk: {id: a, model: m}\n---\nText.\n");
        assert!(
            done && source.contains("  id: a\n  template: blog-post\n"),
            "{source}"
        );
        let source = "---\ncopydesk: {id: a, mine: 1}\n---\nText.\n";
        assert_eq!(changed(source), (false, source.to_owned()));
    }

    #[test]
    fn every_key_that_is_written_is_known() {
        let all = serde_json::to_value(Provenance::default()).unwrap();
        let all: Vec<&str> = all
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        assert_eq!(all, super::KEYS);
    }

    #[test]
    fn the_same_origin_changes_no_byte() {
        let source = "---\ncopydesk: {id: a, template: blog-post, mine: 1}\n---\nText.\n";
        let mut draft = Draft::parse(source);
        let made = draft.provenance().unwrap().clone();
        assert!(draft.set_provenance(&made));
        assert_eq!(draft.to_source(), source);
    }
}
