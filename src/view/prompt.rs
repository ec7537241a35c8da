//! The Prompt tab: the messages as they will be sent, each input's text in its own colour.
//!
//! Only the rows on screen are made into cells. How many rows each line takes is kept from one
//! drawing to the next, so that a key in a field costs as much as the line that it changes.

use super::style::Role;
use super::{Canvas, editor, find, layout, list, pane};
use crate::app::Pane;
use crate::app::editor::Tab;
use crate::app::prompt::Detached;
use crate::domain::render::{Rendered, Span};
use crate::domain::template::Part;
use crate::domain::text::Printable;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span as Piece};
use ratatui::widgets::{Paragraph, Widget, Wrap};
use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How many rows each line took that was drawn last and is longer than a row, by what it says.
#[derive(Debug, Default)]
pub(crate) struct Heights {
    width: u16,
    rows: HashMap<u64, usize>,
}

/// A line as it stands in a message: pieces of text with their looks.
type Raw<'t> = Vec<(Cow<'t, str>, Style)>;

/// Draws the tab.
pub(crate) fn draw(canvas: &mut Canvas, heights: &mut Heights, area: Rect) {
    let inner = pane::border(canvas, Pane::Editor, area);
    let end = pane::editor_labels(canvas, area);
    let text = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let app = canvas.app;
    if let Some(taken) = &app.editor.detached {
        let note = if taken.is_edited() {
            "edited for this run"
        } else {
            "detached"
        };
        pane::note(canvas, area, end, (note, Role::Warning));
        return detached(canvas, taken, text);
    }
    match &app.editor.preview {
        None => {
            canvas.text(
                (text.x, text.y),
                "Open a template to see its prompt.",
                text.width,
                Role::Dim,
            );
        }
        Some(Err(problem)) => {
            for (row, line) in list::wrap(problem, usize::from(text.width))
                .iter()
                .enumerate()
                .take(usize::from(text.height))
            {
                canvas.text((text.x, text.y + row as u16), line, text.width, Role::Error);
            }
        }
        Some(Ok(rendered)) => {
            said(canvas, area, end, rendered);
            let images = images(canvas);
            let lines = lines(canvas, rendered, &images);
            let counts = heights.of(&lines, text.width);
            let rows = counts.iter().sum();
            canvas.areas.prompt_rows = rows;
            canvas.areas.document = text;
            let last = rows.saturating_sub(usize::from(text.height));
            let first = app.editor.preview_scroll.min(last);
            let (shown, above) = window(&lines, &counts, first, usize::from(text.height));
            let above = u16::try_from(above).unwrap_or(u16::MAX);
            let paragraph = Paragraph::new(shown).wrap(Wrap { trim: false });
            paragraph.scroll((above, 0)).render(text, canvas.buffer);
        }
    }
}

/// Says on the border what is missing, and which field the text belongs to that stands out.
fn said(canvas: &mut Canvas, area: Rect, end: u16, rendered: &Rendered) {
    let missing = rendered.spans.iter().filter(|span| span.missing).count();
    let here = canvas
        .app
        .form
        .as_ref()
        .and_then(|form| Some((form.focus(), form.focused()?)));
    let seen = here.filter(|(index, _)| {
        let mut spans = rendered.spans.iter();
        spans.any(|span| span.input == *index)
    });
    let (note, role) = match (missing, seen) {
        (0, None) => return,
        (0, Some((index, field))) => (field.input.label.clone(), Role::InputHere(index as u8)),
        (_, None) => (format!("{missing} missing"), Role::Warning),
        (_, Some((_, field))) => {
            let label = &field.input.label;
            (format!("{label} · {missing} missing"), Role::Warning)
        }
    };
    pane::note(canvas, area, end, (&note, role));
}

/// The user message while it is edited by hand.
fn detached(canvas: &mut Canvas, taken: &Detached, area: Rect) {
    let (area, bar) = find::split(canvas, area);
    canvas.areas.document = area;
    let focused = canvas.app.focus == Pane::Editor && canvas.app.dialogs.is_empty();
    let styles = canvas.styles;
    let cursor = editor::draw(&taken.document, focused, styles, area, canvas.buffer);
    editor::paint(&taken.document, styles, area, canvas.buffer);
    if focused {
        canvas.cursor = cursor;
    }
    find::draw(canvas, &taken.document, area, bar);
}

impl Heights {
    /// The rows that each line takes. What is no longer there is forgotten.
    fn of(&mut self, lines: &[Raw<'_>], width: u16) -> Vec<usize> {
        let known = std::mem::take(&mut self.rows);
        let is_known = self.width == width;
        self.width = width;
        let rows = lines.iter().map(|line| {
            if fits_a_row(line, usize::from(width)) {
                return 1;
            }
            let mut hasher = DefaultHasher::new();
            for (text, _) in line {
                text.hash(&mut hasher);
            }
            let key = hasher.finish();
            let kept = known.get(&key).filter(|_| is_known);
            let rows = kept.copied().unwrap_or_else(|| {
                let paragraph = Paragraph::new(shown(line)).wrap(Wrap { trim: false });
                paragraph.line_count(width)
            });
            self.rows.insert(key, rows);
            rows
        });
        rows.collect()
    }
}

/// Whether a line takes one row for certain: plain letters, and no more of them than cells.
fn fits_a_row(line: &Raw<'_>, width: usize) -> bool {
    let is_plain = |text: &str| text.bytes().all(|byte| (b' '..=b'~').contains(&byte));
    let length: usize = line.iter().map(|(text, _)| text.len()).sum();
    length <= width && line.iter().all(|(text, _)| is_plain(text))
}

/// The lines that have a row among `height` from `first` on, and how many rows of them are above.
fn window(
    lines: &[Raw<'_>],
    counts: &[usize],
    first: usize,
    height: usize,
) -> (Vec<Line<'static>>, usize) {
    let (mut at, mut before) = (0, 0);
    while counts.get(at).is_some_and(|rows| before + rows <= first) {
        before += counts[at];
        at += 1;
    }
    let above = first - before;
    let (mut seen, mut visible) = (0, Vec::new());
    for (line, rows) in lines.iter().zip(counts).skip(at) {
        if seen >= above + height {
            break;
        }
        visible.push(shown(line));
        seen += rows;
    }
    (visible, above)
}

/// A line as a terminal may show it.
fn shown(line: &Raw<'_>) -> Line<'static> {
    let pieces = line
        .iter()
        .map(|(text, style)| Piece::styled(Printable::new(text).into_string(), *style));
    Line::from(pieces.collect::<Vec<_>>())
}

fn lines<'t>(
    canvas: &Canvas,
    rendered: &'t Rendered,
    images: &'t [Vec<(String, Style)>],
) -> Vec<Raw<'t>> {
    let prompt = &rendered.prompt;
    let mut lines = Vec::new();
    let mut part = |label: &'static str, which: Part, text: &'t str| {
        if !lines.is_empty() {
            lines.push(Vec::new());
        }
        lines.push(vec![(label.into(), canvas.styles.of(Role::Heading))]);
        lines.extend(coloured(
            canvas,
            text,
            rendered.spans.iter().filter(|span| span.part == which),
        ));
    };
    if let Some(system) = &prompt.system {
        part("system", Part::System, system);
    }
    for (index, example) in prompt.examples.iter().enumerate() {
        part("example", Part::Example(index), &example.user);
        part("example answer", Part::Example(index), &example.assistant);
    }
    part("user", Part::User, &prompt.user);
    let images = images.iter().map(|line| {
        let pieces = line.iter();
        pieces
            .map(|(text, style)| (text.as_str().into(), *style))
            .collect()
    });
    lines.extend(images);
    lines
}

/// A line for each image that goes beside the text.
fn images(canvas: &Canvas) -> Vec<Vec<(String, Style)>> {
    let fields = canvas.app.form.iter().flat_map(|form| &form.fields);
    let mut lines = Vec::new();
    for (index, field) in fields.enumerate() {
        let Some((name, told)) = field.image() else {
            continue;
        };
        if lines.is_empty() {
            let heading = canvas.styles.of(Role::Heading);
            lines.extend([Vec::new(), vec![("images".to_owned(), heading)]]);
        }
        let name = Printable::line(&name).into_string();
        let mut line = vec![
            (number(canvas, index), canvas.styles.of(Role::Dim)),
            (name, canvas.styles.of(Role::Input(index as u8))),
        ];
        if !told.is_empty() {
            let told = Printable::line(&format!(" · {told}")).into_string();
            line.push((told, canvas.styles.of(Role::Dim)));
        }
        lines.push(line);
    }
    lines
}

/// The number of an input, as small as the terminal has it; colours come again after some inputs,
/// and mean nothing where there are none.
pub(super) fn number(canvas: &Canvas, input: usize) -> String {
    const SMALL: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let number = (input + 1).to_string();
    if canvas.is_linear() {
        return format!("[{number}] ");
    }
    let digits = number.chars().filter_map(|digit| digit.to_digit(10));
    digits
        .filter_map(|digit| SMALL.get(digit as usize))
        .collect()
}

/// Whether the prompt on screen shows what this input holds.
pub(super) fn shows(canvas: &Canvas, input: usize) -> bool {
    let (app, screen) = (canvas.app, canvas.buffer.area);
    let here = app.editor.tab == Tab::Prompt && app.editor.detached.is_none();
    let seen = here && layout::shown(app, screen.width).contains(&Pane::Editor);
    let Some(Ok(rendered)) = app.editor.preview.as_ref().filter(|_| seen) else {
        return false;
    };
    let image = || {
        let form = app.form.as_ref();
        form.and_then(|form| form.fields.get(input)?.image())
            .is_some()
    };
    rendered.spans.iter().any(|span| span.input == input) || image()
}

fn coloured<'t>(
    canvas: &Canvas,
    text: &'t str,
    spans: impl Iterator<Item = &'t Span>,
) -> Vec<Raw<'t>> {
    let mut lines: Vec<Raw<'t>> = vec![Vec::new()];
    let mut push = |piece: Cow<'t, str>, role: Role| {
        let style = canvas.styles.of(role);
        let text = match piece {
            Cow::Borrowed(text) => text,
            // The number of an input has no line of its own.
            number @ Cow::Owned(_) => {
                if let Some(last) = lines.last_mut() {
                    last.push((number, style));
                }
                return;
            }
        };
        for (index, line) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(Vec::new());
            }
            if let (false, Some(last)) = (line.is_empty(), lines.last_mut()) {
                last.push((line.into(), style));
            }
        }
    };
    let form = canvas.app.form.as_ref();
    let here = form.map(crate::app::form::Form::focus);
    let mut at = 0;
    for span in spans {
        let (Some(before), Some(inside)) =
            (text.get(at..span.range.start), text.get(span.range.clone()))
        else {
            continue;
        };
        push(before.into(), Role::Text);
        let role = match here {
            _ if span.missing => Role::Warning,
            Some(here) if here == span.input => Role::InputHere(span.input as u8),
            _ => Role::Input(span.input as u8),
        };
        // Before the words: behind a figure it would read as a power of it.
        let words = inside.trim_start_matches('\n');
        let (breaks, words) = inside.split_at(inside.len() - words.len());
        push(breaks.into(), role);
        if !words.is_empty() {
            push(number(canvas, span.input).into(), Role::Dim);
        }
        push(words.into(), role);
        at = span.range.end;
    }
    push(text.get(at..).unwrap_or_default().into(), Role::Text);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::buffer::Buffer;

    fn drawn(lines: Vec<Line<'static>>, first: u16, area: Rect) -> Buffer {
        // A letter of two cells may stand out of an area of one.
        let mut buffer = Buffer::empty(Rect::new(0, 0, area.width + 4, area.height));
        let paragraph = Paragraph::new(lines).wrap(Wrap { trim: false });
        paragraph.scroll((first, 0)).render(area, &mut buffer);
        buffer
    }

    fn raw(text: &str) -> Vec<Raw<'_>> {
        let pieces = |line| -> Raw<'_> {
            let (before, after) = str::split_at(line, line.find('|').unwrap_or(0));
            vec![
                (before.into(), Style::new()),
                (after.into(), Style::new().bold()),
            ]
        };
        text.split('\n').map(pieces).collect()
    }

    proptest! {
        #[test]
        fn the_rows_on_screen_are_those_of_the_whole_text(
            texts in prop::collection::vec("([a-z é日\t\u{7}|-]{0,30}\n){0,12}", 1..4),
            width in 1_u16..20,
            first in 0_usize..40,
        ) {
            let mut heights = Heights::default();
            // What was kept of the text before changes nothing in the next.
            for text in &texts {
                let lines = raw(text);
                let whole: Vec<_> = lines.iter().map(shown).collect();
                let counts = heights.of(&lines, width);
                let all = Paragraph::new(whole.clone()).wrap(Wrap { trim: false });
                let rows: usize = counts.iter().sum();
                prop_assert_eq!(rows, all.line_count(width));
                let area = Rect::new(0, 0, width, 7);
                let first = first.min(rows.saturating_sub(7));
                let (visible, above) = window(&lines, &counts, first, 7);
                let kept = drawn(visible, above as u16, area);
                prop_assert_eq!(kept, drawn(whole, first as u16, area));
            }
        }
    }
}
