//! A comparison of two texts as styled lines, readable without colour.
//!
//! Owns the looks of word hunks. Never compares anything itself.

use crate::domain::diff::{Hunk, Kind};
use crate::view::style::{Role, Styles};
use crate::view::wrap::Flow;
use ratatui::text::Line;

/// The hunks as running text of `width` columns.
///
/// Without colour, removed text stands in `[-…-]` and added text in `{+…+}`.
pub fn lines(hunks: &[Hunk], width: u16, styles: Styles) -> Vec<Line<'static>> {
    let mut flow = Flow::default();
    for hunk in hunks {
        let (role, before, after) = match hunk.kind {
            Kind::Kept => (Role::Text, "", ""),
            Kind::Removed => (Role::Removed, "[-", "-]"),
            Kind::Added => (Role::Added, "{+", "+}"),
        };
        let style = styles.of(role);
        let bare = styles == Styles::Colour;
        flow.push(if bare { "" } else { before }, style);
        if hunk.kind == Kind::Kept {
            flow.push(&hunk.text, style);
        } else {
            flow.push(&visible_breaks(&hunk.text), style);
        }
        flow.push(if bare { "" } else { after }, style);
    }
    let rows = flow.rows(usize::from(width));
    let drawn = rows.into_iter().map(|row| {
        let mut spans = Vec::with_capacity(flow.count_spans(&row));
        flow.spans_into(&row, &mut spans);
        Line::from(spans)
    });
    drawn.collect()
}

/// A changed line break would not show: its sign stands before it.
fn visible_breaks(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "⏎\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::diff::words;
    use pretty_assertions::assert_eq;

    fn plain(old: &str, new: &str, width: u16) -> Vec<String> {
        let lines = lines(&words(old, new), width, Styles::Plain);
        lines.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn changes_are_readable_without_colour() {
        assert_eq!(
            plain("a quick fox", "a slow fox", 40),
            ["a [-quick-]{+slow+} fox"]
        );
    }

    #[test]
    fn colour_needs_no_signs() {
        let lines = lines(&words("a quick fox", "a slow fox"), 40, Styles::Colour);
        assert_eq!(lines.len(), 1);
        let spans = &lines[0].spans;
        assert_eq!(spans[1].content, "quick");
        assert_eq!(spans[1].style, Styles::Colour.of(Role::Removed));
        assert_eq!(spans[2].content, "slow");
        assert_eq!(spans[2].style, Styles::Colour.of(Role::Added));
    }

    #[test]
    fn long_comparisons_wrap_and_breaks_that_changed_show() {
        assert_eq!(
            plain("one two\nthree four", "one two three four", 15),
            ["one two[-⏎", "-]{+ +}three", "four"]
        );
        assert_eq!(plain("", "", 10), [""]);
    }

    #[test]
    fn hidden_characters_are_marked() {
        assert_eq!(plain("a", "a \u{1b}[0m", 40), ["a{+ ␛[0m+}"]);
    }
}
