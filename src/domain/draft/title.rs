//! What a draft is called: the title that a text begins with, and when a title goes with its text.
//!
//! Knows Markdown only as far as a heading. Never changes a draft.

use super::Draft;
use std::collections::HashSet;

/// Longest title that is taken from a text, in characters.
const LONGEST: usize = 80;

impl Draft {
    /// A title for a text: its first line, be it a heading or not; `fallback` for an empty text.
    pub fn title_from(body: &str, fallback: &str) -> String {
        let lines = body.lines().filter(|line| !is_fence(line));
        let first = lines.map(plain).find(|line| !line.is_empty());
        first.map_or_else(|| fallback.to_owned(), |line| shortened(&line, LONGEST))
    }

    /// The title that `body` gives to this draft: another one only when the title was its first
    /// heading and that heading itself reads otherwise now. A heading that is gone, or that comes
    /// later in the text, changes no title.
    pub fn retitled(&self, body: &str) -> Option<String> {
        let (place, before) = headings(self.body()).next()?;
        if self.title() != Some(&shortened(&before, LONGEST)) {
            return None;
        }
        let (begins, now) = headings(body).next()?;
        let stays = headings(body).any(|(_, heading)| heading == before);
        let is_another = headings(self.body()).any(|(_, heading)| heading == now);
        if stays || is_another {
            return None;
        }
        let told = |line: &&str| !line.trim().is_empty();
        let after: HashSet<&str> = self.body().lines().skip(place + 1).filter(told).collect();
        let mut above = body.lines().take(begins).filter(told);
        let is_later = above.any(|line| after.contains(line));
        (!is_later).then(|| shortened(&now, LONGEST))
    }
}

/// The ATX headings outside fenced code: the number of their line, and what they say.
fn headings(body: &str) -> impl Iterator<Item = (usize, String)> {
    let mut in_code = false;
    body.lines().enumerate().filter_map(move |(place, line)| {
        in_code ^= is_fence(line);
        let line = line.trim_start();
        let text = line.trim_start_matches('#');
        let level = line.len() - text.len();
        let is_heading = !in_code && (1..=6).contains(&level) && text.starts_with([' ', '\t']);
        let text = plain(text.trim().trim_end_matches('#'));
        (is_heading && !text.is_empty()).then_some((place, text))
    })
}

fn is_fence(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("```") || line.starts_with("~~~")
}

/// A line without the marks of Markdown, its white space single.
fn plain(line: &str) -> String {
    let line = line.trim();
    let is_heading = line.starts_with('#');
    let text = line.trim_start_matches(['#', '>', '-', '*', '+', ' ', '`', '~']);
    let text = if is_heading {
        text.trim_end_matches('#')
    } else {
        text
    };
    let text = text.replace(['*', '`'], "");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// At most `limit` characters, whole words, with an ellipsis where it was cut.
fn shortened(text: &str, limit: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(limit) else {
        return text.to_owned();
    };
    let cut = &text[..end];
    let cut = cut.rsplit_once(' ').map_or(cut, |(words, _)| words);
    format!("{cut}…")
}

#[cfg(test)]
mod tests {
    use crate::domain::draft::Draft;

    #[test]
    fn a_title_is_the_first_line_be_it_a_heading_or_not() {
        let title = |body| Draft::title_from(body, "x");
        assert_eq!(title("\n## A **bold** one ##\n\n# B\n"), "A bold one");
        assert_eq!(title("Typed before\n\n# The heading\n"), "Typed before");
        assert_eq!(title("```\n# code\n```\n"), "code");
        assert_eq!(title("\n> Quoted  words\n"), "Quoted words");
        assert_eq!(title("\n  \n---\n"), "x");
        let long = title(&"word ".repeat(100));
        assert!(
            long.chars().count() <= 81 && long.ends_with("word…"),
            "{long}"
        );
    }

    fn retitled(title: &str, old: &str, new: &str) -> Option<String> {
        let draft = Draft::parse(&format!("---\ntitle: {title}\n---\n\n{old}"));
        draft.retitled(new)
    }

    #[test]
    fn a_title_goes_with_the_heading_it_was_taken_from() {
        let old = "# Why ships sink\n\nThey do.\n\n## Ice\n";
        let new = "# How ships sink\n\nThey do.\n\n## Ice\n";
        let follows = Some("How ships sink".to_owned());
        assert_eq!(retitled("Why ships sink", old, new), follows);
        let above = format!("A word before.\n\n{new}");
        assert_eq!(retitled("Why ships sink", old, &above), follows);
        assert_eq!(retitled("My own", old, new), None);
    }

    #[test]
    fn a_title_stays_when_its_heading_moves_or_goes() {
        let old = "# Why ships sink\n\nThey do.\n\n## Ice\n";
        for new in [
            "Typed before.\n\n# Why ships sink\n\nThey do.\n\n## Ice\n",
            "# A new part\n\n# Why ships sink\n\nThey do.\n\n## Ice\n",
            "They do.\n\n## Ice\n",
            "They do.\n\n## Ice and fire\n",
            "They do.\n",
            "",
        ] {
            assert_eq!(retitled("Why ships sink", old, new), None, "{new}");
        }
        assert_eq!(
            retitled("First words", "First words\n", "Other words\n"),
            None
        );
    }
}
