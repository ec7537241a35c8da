//! The Output pane: the variant shown as Markdown, its state on the border, its verbs below.

use super::style::Role;
use super::wrap::columns;
use super::{Cache, Canvas, capitalised, hidden, list, pane};
use crate::app::Pane;
use crate::app::areas::Target;
use crate::app::command::{Command, Scope, TABLE};
use crate::app::output::{Phase, Variant};
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

const SPINNER: [&str; 4] = ["◐", "◓", "◑", "◒"];

/// Draws the pane.
pub(crate) fn draw(canvas: &mut Canvas, cache: &mut Cache, area: Rect) {
    let inner = pane::border(canvas, Pane::Output, area);
    let app = canvas.app;
    let end = pane::labels(canvas, area, &labels(canvas));
    let Some(variant) = app.output.shown() else {
        empty(canvas, inner);
        return;
    };
    let (state, role) = state(canvas, variant);
    pane::note(canvas, area, end, (&state, role));
    let verbs = if variant.is_running() {
        Vec::new()
    } else {
        verbs(canvas, variant)
    };
    let text = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let rows = if verbs.is_empty() {
        0
    } else {
        verb_rows(&verbs, text.width).min(inner.height / 4)
    };
    let text = Rect {
        height: inner.height - rows,
        ..text
    };
    canvas.areas.output = text;
    let count = cache
        .hidden
        .entry(variant.run)
        .or_default()
        .of(&variant.text);
    hidden::number(canvas, area, count);
    body(canvas, cache, variant, text);
    draw_verbs(
        canvas,
        &verbs,
        Rect {
            y: text.bottom(),
            height: rows,
            ..text
        },
    );
}

fn labels(canvas: &Canvas) -> Vec<(String, bool, Option<Target>)> {
    let output = &canvas.app.output;
    let mut labels = vec![("Output".to_owned(), output.variants.is_empty(), None)];
    let first = output.current.saturating_sub(4);
    for place in first..output.variants.len().min(first + 9) {
        labels.push((
            (place + 1).to_string(),
            place == output.current,
            Some(Target::Variant(place)),
        ));
    }
    labels
}

/// What the border says: speed while it streams, how it ended after that.
fn state(canvas: &Canvas, variant: &Variant) -> (String, Role) {
    let now = canvas.app.now;
    let spinner = SPINNER[(now.0 / 250) as usize % SPINNER.len()];
    match &variant.phase {
        Phase::Connecting { .. } => {
            let seconds = now.0.saturating_sub(variant.started.0) / 1000;
            let waited = if seconds > 0 {
                format!(" {seconds} s")
            } else {
                String::new()
            };
            (format!("{}{waited} {spinner}", variant.state()), Role::Dim)
        }
        Phase::Streaming => match variant.speed(now) {
            Some(speed) => (format!("~{speed} tok/s {spinner}"), Role::Accent),
            None => (spinner.to_owned(), Role::Accent),
        },
        Phase::Done(_) if !variant.is_partial() => {
            let speed = variant
                .speed(now)
                .map(|speed| format!(" · ~{speed} tok/s"))
                .unwrap_or_default();
            (format!("{}{speed}", variant.state()), Role::Success)
        }
        Phase::Done(_) | Phase::Stopped => (variant.state(), Role::Warning),
        Phase::Failed(_) => (variant.state(), Role::Error),
    }
}

fn body(canvas: &mut Canvas, cache: &mut Cache, variant: &Variant, area: Rect) {
    if variant.text.is_empty() {
        nothing_yet(canvas, variant, area);
        return;
    }
    let markdown = cache.variants.entry(variant.run).or_default();
    markdown.update(&variant.text, area.width, canvas.styles);
    let height = markdown.height();
    canvas.areas.output_rows = height;
    let last = height.saturating_sub(usize::from(area.height));
    let first = if variant.follow {
        last
    } else {
        variant.scroll.min(last)
    };
    for (row, line) in markdown
        .lines(first..height.min(first + usize::from(area.height)))
        .enumerate()
    {
        line.render(
            Rect {
                y: area.y + row as u16,
                height: 1,
                ..area
            },
            canvas.buffer,
        );
    }
    if first < last {
        let label = if variant.is_running() {
            " ↓ new text "
        } else {
            " ↓ more "
        };
        let width = label.chars().count() as u16;
        canvas.text(
            (
                area.right().saturating_sub(width),
                area.bottom().saturating_sub(1),
            ),
            label,
            width,
            Role::Cursor,
        );
    }
}

/// What stands where text is missing: thinking, a refusal, a failure.
fn nothing_yet(canvas: &mut Canvas, variant: &Variant, area: Rect) {
    let mut paragraphs: Vec<(String, Role)> = Vec::new();
    if !variant.refusal.is_empty() {
        paragraphs.push((
            format!("The model declined: {}", variant.refusal),
            Role::Warning,
        ));
    }
    if let Phase::Failed(failure) = &variant.phase {
        paragraphs.push((capitalised(&failure.what), Role::Error));
        paragraphs.push((capitalised(&failure.why), Role::Text));
        paragraphs.push((capitalised(&failure.advice), Role::Accent));
        paragraphs.push((
            "The brief and the prompt are as they were; ctrl+g tries again.".to_owned(),
            Role::Dim,
        ));
    } else if variant.is_running() && !variant.reasoning.is_empty() {
        let words = variant.reasoning.split_whitespace().count();
        paragraphs.push((
            format!("thinking… {words} words so far, which never become part of the text"),
            Role::Dim,
        ));
    } else if !variant.is_running() {
        paragraphs.push(("No text came.".to_owned(), Role::Dim));
    }
    let mut y = area.y;
    for (text, role) in paragraphs.iter().filter(|(text, _)| !text.is_empty()) {
        for line in list::wrap(text, usize::from(area.width)) {
            if y < area.bottom() {
                canvas.text((area.x, y), &line, area.width, *role);
            }
            y += 1;
        }
        y += 1;
    }
}

/// The verbs that make sense now, as key and title.
fn verbs(canvas: &Canvas, variant: &Variant) -> Vec<(&'static str, &'static str)> {
    let written = !variant.text.is_empty();
    let here = TABLE.iter().filter(|entry| entry.scope == Scope::Output);
    let sensible = here.filter(|entry| match entry.command {
        Command::UseVariant | Command::AppendVariant | Command::InsertVariant | Command::Copy => {
            written
        }
        Command::Compare => written && !canvas.app.editor.document.is_empty(),
        Command::Continue => written && variant.is_partial(),
        Command::Regenerate | Command::MoreVariants => true,
        _ => false,
    });
    let shown =
        sensible.map(|entry| (entry.keys.first().copied().unwrap_or_default(), entry.title));
    shown
        .map(|(key, title)| (if key == "enter" { "Enter" } else { key }, title))
        .collect()
}

/// Rows that the verbs need at this width.
fn verb_rows(verbs: &[(&str, &str)], width: u16) -> u16 {
    let (mut rows, mut x) = (1, 0);
    for (key, title) in verbs {
        let needed = (columns(key) + columns(title) + 1) as u16;
        if x > 0 && x + needed > width {
            rows += 1;
            x = 0;
        }
        x += needed + 2;
    }
    rows
}

fn draw_verbs(canvas: &mut Canvas, verbs: &[(&str, &str)], area: Rect) {
    let (mut x, mut y) = (area.x, area.y);
    for (key, title) in verbs {
        let needed = (columns(key) + columns(title) + 1) as u16;
        if x > area.x && x + needed > area.right() {
            x = area.x;
            y += 1;
        }
        if y >= area.bottom() {
            return;
        }
        x += canvas.text((x, y), key, needed, Role::Key) + 1;
        x += canvas.text((x, y), title, needed, Role::Dim) + 2;
    }
}

fn empty(canvas: &mut Canvas, inner: Rect) {
    let practice = canvas.app.practice_card;
    let lines: &[&str] = if practice {
        &[
            "No key is set, so the practice engine answers: a sample text made from your brief, offline, so that you can try everything.",
            "",
            "1  enter opens a template; fill in what has a *",
            "2  ctrl+g generates",
            "3  enter uses the text as your draft",
            "4  ctrl+s saves it",
            "",
            "To write with a model, quit and set OPENAI_API_KEY, or add a server to config.toml; `copydesk config path` tells where that is.",
            "",
            "esc puts this card away",
        ]
    } else {
        &["Variants appear here.", "ctrl+g generates from the form."]
    };
    let width = inner.width.saturating_sub(2);
    let mut y = inner.y;
    for (index, line) in lines.iter().enumerate() {
        let role = if practice && index == 0 {
            Role::Strong
        } else {
            Role::Dim
        };
        for part in list::wrap(line, usize::from(width))
            .iter()
            .map(String::as_str)
            .chain(line.is_empty().then_some(""))
        {
            if y < inner.bottom() {
                canvas.text((inner.x + 1, y), part, width, role);
            }
            y += 1;
        }
    }
}
