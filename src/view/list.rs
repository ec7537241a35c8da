//! The Template pane while it browses: tabs, filter, list and preview.

use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, card, entry, pane};
use crate::app::Pane;
use crate::app::areas::Target;
use crate::app::browser::{Item, Row, Tab};
use crate::domain::query::Place;
use crate::domain::template::{Input, InputKind, Template};
use crate::domain::text::Printable;
use ratatui::layout::Rect;
use unicode_segmentation::UnicodeSegmentation;

/// Columns from which on a line of a text tells something.
const EXCERPT: u16 = 8;

/// Draws the pane.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
    let inner = pane::border(canvas, Pane::Template, area);
    let tab = canvas.app.browser.tab;
    let labels = Tab::ALL.map(|each| {
        (
            each.title().to_owned(),
            each == tab,
            Some(Target::ListTab(each)),
        )
    });
    pane::labels(canvas, area, &labels);
    let mut rest = inner;
    if canvas.app.browser.filter.is_some() {
        filter(canvas, Rect { height: 1, ..inner });
        rest = Rect {
            y: inner.y + 1,
            height: inner.height.saturating_sub(1),
            ..inner
        };
    }
    if canvas.card == Some(Pane::Template) {
        rest = card::draw_short(canvas, rest);
    }
    let list_height = if rest.height > 12 {
        rest.height * 3 / 5
    } else {
        rest.height
    };
    list(
        canvas,
        Rect {
            height: list_height,
            ..rest
        },
    );
    if list_height < rest.height {
        let below = Rect {
            y: rest.y + list_height,
            height: rest.height - list_height,
            ..rest
        };
        preview(canvas, below);
    }
}

fn filter(canvas: &mut Canvas, area: Rect) {
    let browser = &canvas.app.browser;
    let Some(filter) = &browser.filter else {
        return;
    };
    let used = canvas.text((area.x, area.y), "/ ", area.width, Role::Key);
    let count = format!("{}/{}", browser.len(), browser.total());
    let at = area.right().saturating_sub(count.len() as u16);
    canvas.text((at, area.y), &count, count.len() as u16, Role::Dim);
    let typing = browser.is_filtering()
        && canvas.app.dialogs.is_empty()
        && canvas.app.focus == Pane::Template;
    let focus = if typing {
        entry::Focus::Here
    } else {
        entry::Focus::Elsewhere
    };
    let x = area.x + used;
    let text = Rect {
        x,
        width: at.saturating_sub(x + 1),
        ..area
    };
    entry::draw(canvas, filter, focus, text);
}

fn list(canvas: &mut Canvas, area: Rect) {
    let browser = &canvas.app.browser;
    let height = usize::from(area.height);
    canvas.areas.list_rows = height;
    if browser.is_empty() {
        let line = match (browser.filter.is_some(), browser.tab) {
            (true, _) if browser.is_looking() => "No name has it; looking through texts…",
            (true, _) => "Nothing matches; esc clears.",
            (_, Tab::Templates) => "Reading templates…",
            (_, Tab::Drafts) if !browser.has_read_drafts() => "Reading drafts…",
            (_, Tab::Drafts) => "No drafts yet; ctrl+s saves one.",
            (_, Tab::Snippets) => {
                "No snippets yet; {list-new} begins one. Each is a Markdown file in the folder `snippets` of your library, \
                 such as brand-voice.md; `copydesk config path --all` says where that is."
            }
        };
        let width = area.width.saturating_sub(1);
        let told = canvas.app.keymap.spelled(line);
        for (line, y) in wrap(&told, usize::from(width))
            .iter()
            .zip(area.y..area.bottom())
        {
            canvas.text((area.x + 1, y), line, width, Role::Dim);
        }
        return;
    }
    let first = browser.cursor().saturating_sub(height.saturating_sub(1));
    for (offset, (place, row)) in browser.window(first, height).enumerate() {
        let line = Rect {
            y: area.y + offset as u16,
            height: 1,
            ..area
        };
        let marks = row_line(canvas, row, line);
        if place == browser.cursor() {
            let role = if canvas.app.focus == Pane::Template {
                Role::Cursor
            } else {
                Role::Strong
            };
            canvas.paint(line, role);
        }
        for mark in marks {
            canvas.paint(mark, Role::Match);
        }
        canvas.target(line, Target::ListRow(place));
    }
}

/// Draws what a row says; answers where what is looked for stands in it.
fn row_line(canvas: &mut Canvas, row: &Row, line: Rect) -> Vec<Rect> {
    let browser = &canvas.app.browser;
    let said = browser.said(row);
    let role = if row.problem.is_some() {
        Role::Error
    } else {
        Role::Text
    };
    let (sign, word, of) = match row.problem {
        _ if browser.is_marked(&row.item) => ("✓", "marked", Role::Accent),
        Some(_) => ("!", "broken", Role::Error),
        None if browser.is_starred(&row.item) => ("★", "starred", Role::Accent),
        None if said.is_some() => ("≡", "in its text", Role::Dim),
        None => (" ", "", Role::Text),
    };
    let room = line.width.saturating_sub(2);
    let title = cut(Printable::line(&row.title).as_str(), usize::from(room));
    let mut end = canvas.text((line.x + 1, line.y), &title, room, role);
    if !canvas.is_linear() {
        canvas.text((line.x, line.y), sign, 1, of);
    } else if !word.is_empty() {
        let word = format!(", {word}");
        end += canvas.text((line.x + 1 + end, line.y), &word, room - end, of);
    }
    let left = room.saturating_sub(end + 2);
    match said {
        Some(said) if left >= EXCERPT => {
            let place = Rect {
                x: line.x + 1 + end + 2,
                width: left,
                ..line
            };
            excerpt(canvas, said, place)
        }
        _ => Vec::new(),
    }
}

/// Draws a line of a text from the first mark on, or from its start where both have room; answers
/// where what is looked for stands.
fn excerpt(canvas: &mut Canvas, said: &Place, line: Rect) -> Vec<Rect> {
    let wide = |text: &str| columns(Printable::line(text).as_str());
    let first = said.marks.first().cloned().unwrap_or_default();
    let fits = wide(said.text.get(..first.end).unwrap_or_default()) <= usize::from(line.width);
    let (start, before) = if fits { (0, "") } else { (first.start, "…") };
    let part = said.text.get(start..).unwrap_or_default();
    let whole = format!("{before}{}", Printable::line(part).as_str());
    let text = cut(&whole, usize::from(line.width));
    canvas.text((line.x, line.y), &text, line.width, Role::Dim);
    // What is made visible is as long as it looks, so places are told by what stands before them.
    let shown = |end: usize| {
        let part = said.text.get(start..end).unwrap_or_default();
        (columns(before) + wide(part)) as u16
    };
    let seen = said.marks.iter().filter(|mark| mark.start >= start);
    let marks = seen.map(|mark| {
        let (from, to) = (shown(mark.start), shown(mark.end));
        Rect {
            x: line.x + from,
            width: to - from,
            ..line
        }
    });
    marks.map(|mark| mark.intersection(line)).collect()
}

fn preview(canvas: &mut Canvas, area: Rect) {
    let rule = "─".repeat(usize::from(area.width));
    canvas.text((area.x, area.y), &rule, area.width, Role::Border);
    let app = canvas.app;
    let Some(row) = app.browser.highlighted() else {
        return;
    };
    let mut lines: Vec<(String, Role)> = Vec::new();
    let text_width = usize::from(area.width.saturating_sub(2));
    if let Some(said) = app.browser.said(row) {
        let told = format!("line {}: {}", said.line, said.text);
        lines.extend(
            wrap(&told, text_width)
                .into_iter()
                .map(|it| (it, Role::Strong)),
        );
        lines.push((String::new(), Role::Text));
    }
    let detail = row
        .problem
        .as_ref()
        .map_or((&row.detail, Role::Text), |problem| (problem, Role::Error));
    for line in wrap(detail.0, text_width) {
        lines.push((line, detail.1));
    }
    if let (Item::Template(name), Some((shown, Ok(template)))) = (&row.item, &app.browser.preview)
        && name == shown
    {
        lines.push((String::new(), Role::Text));
        lines.extend(inputs(template, canvas.says(" *", ", needed")));
        if let Some(warning) = template.warnings.first() {
            // The list says which file it is.
            let (line, column) = (warning.line, warning.column);
            let told = format!("! {line}:{column}: {}", warning.message);
            lines.extend(
                wrap(&told, text_width)
                    .into_iter()
                    .map(|it| (it, Role::Dim)),
            );
        }
    }
    if let (Item::Draft(path), Some((shown, beginning))) = (&row.item, &app.browser.beginning)
        && path == shown
    {
        lines.push((String::new(), Role::Text));
        let room = usize::from(area.height).saturating_sub(lines.len());
        let text = beginning.lines().flat_map(|line| match line {
            "" => vec![String::new()],
            line => wrap(line, text_width),
        });
        lines.extend(text.take(room).map(|line| (line, Role::Dim)));
    }
    for (offset, (line, role)) in lines
        .iter()
        .enumerate()
        .take(usize::from(area.height.saturating_sub(1)))
    {
        let room = area.width.saturating_sub(1);
        let line = cut(Printable::line(line).as_str(), usize::from(room));
        let y = area.y + 1 + offset as u16;
        canvas.text((area.x + 1, y), &line, room, *role);
    }
}

fn inputs(template: &Template, needed: &str) -> impl Iterator<Item = (String, Role)> {
    template.inputs.iter().map(move |input| {
        let role = if input.required {
            Role::Accent
        } else {
            Role::Dim
        };
        (
            format!(
                "{}{} {}",
                input.label,
                if input.required { needed } else { "" },
                hint(input)
            ),
            role,
        )
    })
}

fn hint(input: &Input) -> String {
    match &input.kind {
        InputKind::Line | InputKind::Text => String::new(),
        InputKind::Image => "· image".to_owned(),
        InputKind::File => "· file".to_owned(),
        InputKind::Choice { options } => format!("· {}", options.join(" / ")),
        InputKind::Choices { options } => format!("· any of {}", options.join(", ")),
        InputKind::Date => "· date".to_owned(),
        InputKind::Number { .. } => input
            .default
            .as_ref()
            .map(|value| format!("· {value}"))
            .unwrap_or_default(),
        InputKind::Toggle => "· yes or no".to_owned(),
    }
}

/// Breaks text at spaces into lines of at most `width` cells, safe to draw. A word that is longer
/// than that is broken too, so that no path and no address is ever cut.
pub(crate) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for source in Printable::new(text).as_str().lines() {
        wrap_line(source, width, &mut lines);
    }
    lines
}

fn wrap_line(source: &str, width: usize, lines: &mut Vec<String>) {
    // The open line begins at `start`, has come to `at` and takes `used` columns so far.
    let (mut start, mut at, mut used) = (0, 0, 0);
    for word in source.split_inclusive([' ', '\t']) {
        if used > 0 && used + columns(word.trim_end()) > width {
            lines.push(source[start..at].trim_end().to_owned());
            (start, used) = (at, 0);
        }
        let wide = columns(word);
        if used + wide <= width {
            at += word.len();
            used += wide;
            continue;
        }
        for grapheme in word.graphemes(true) {
            let wide = columns(grapheme);
            if used > 0 && used + wide > width && !grapheme.trim().is_empty() {
                lines.push(source[start..at].to_owned());
                (start, used) = (at, 0);
            }
            at += grapheme.len();
            used += wide;
        }
    }
    lines.push(source[start..].trim_end().to_owned());
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn lines_break_at_spaces_and_keep_marks_with_their_words() {
        assert_eq!(
            wrap("or start writing (alt+2).", 20),
            ["or start writing", "(alt+2)."]
        );
        assert_eq!(wrap("a\n\nb", 9), ["a", "", "b"]);
    }

    #[test]
    fn a_path_that_is_longer_than_a_line_is_broken_and_never_cut() {
        let path = "/home/somebody/drafts/2026-11-23-a-title-without-an-end.md";
        let lines = wrap(&format!("cannot read {path}"), 20);
        assert!(lines.iter().all(|line| line.len() <= 20), "{lines:?}");
        assert!(lines.concat().ends_with(path), "{lines:?}");
        assert_eq!(
            wrap("see http://host/path", 16),
            ["see", "http://host/path"]
        );
    }
}
