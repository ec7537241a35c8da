//! The Prompt tab: the messages as they will be sent, each input's text in its own colour.

use super::style::Role;
use super::{Canvas, editor, find, layout, list, pane};
use crate::app::Pane;
use crate::app::editor::Tab;
use crate::app::prompt::Detached;
use crate::domain::render::{Rendered, Span};
use crate::domain::template::Part;
use crate::domain::text::Printable;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span as Piece};
use ratatui::widgets::{Paragraph, Widget, Wrap};

/// Draws the tab.
pub(crate) fn draw(canvas: &mut Canvas, area: Rect) {
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
            let paragraph = Paragraph::new(lines(canvas, rendered)).wrap(Wrap { trim: false });
            let rows = paragraph.line_count(text.width);
            canvas.areas.prompt_rows = rows;
            canvas.areas.document = text;
            let last = rows.saturating_sub(usize::from(text.height));
            let first = app.editor.preview_scroll.min(last) as u16;
            paragraph.scroll((first, 0)).render(text, canvas.buffer);
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

fn lines(canvas: &Canvas, rendered: &Rendered) -> Vec<Line<'static>> {
    let prompt = &rendered.prompt;
    let mut lines = Vec::new();
    let mut part = |label: &str, which: Part, text: &str| {
        if !lines.is_empty() {
            lines.push(Line::default());
        }
        lines.push(Line::styled(
            label.to_owned(),
            canvas.styles.of(Role::Heading),
        ));
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
    lines.extend(images(canvas));
    lines
}

/// A line for each image that goes beside the text.
fn images(canvas: &Canvas) -> Vec<Line<'static>> {
    let fields = canvas.app.form.iter().flat_map(|form| &form.fields);
    let mut lines = Vec::new();
    for (index, field) in fields.enumerate() {
        let Some((name, told)) = field.image() else {
            continue;
        };
        if lines.is_empty() {
            let heading = canvas.styles.of(Role::Heading);
            lines.extend([Line::default(), Line::styled("images", heading)]);
        }
        let name = Printable::line(&name).into_string();
        let mut line = Line::styled(number(canvas, index), canvas.styles.of(Role::Dim));
        line.push_span(Piece::styled(
            name,
            canvas.styles.of(Role::Input(index as u8)),
        ));
        if !told.is_empty() {
            let told = Printable::line(&format!(" · {told}")).into_string();
            line.push_span(Piece::styled(told, canvas.styles.of(Role::Dim)));
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

fn coloured<'a>(
    canvas: &Canvas,
    text: &str,
    spans: impl Iterator<Item = &'a Span>,
) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    let mut push = |piece: &str, role: Role| {
        for (index, line) in piece.split('\n').enumerate() {
            if index > 0 {
                lines.push(Line::default());
            }
            if let (false, Some(last)) = (line.is_empty(), lines.last_mut()) {
                last.push_span(Piece::styled(
                    Printable::new(line).into_string(),
                    canvas.styles.of(role),
                ));
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
        push(before, Role::Text);
        let role = match here {
            _ if span.missing => Role::Warning,
            Some(here) if here == span.input => Role::InputHere(span.input as u8),
            _ => Role::Input(span.input as u8),
        };
        // Before the words: behind a figure it would read as a power of it.
        let words = inside.trim_start_matches('\n');
        let (breaks, words) = inside.split_at(inside.len() - words.len());
        push(breaks, role);
        if !words.is_empty() {
            push(&number(canvas, span.input), Role::Dim);
        }
        push(words, role);
        at = span.range.end;
    }
    push(text.get(at..).unwrap_or_default(), Role::Text);
    lines
}
