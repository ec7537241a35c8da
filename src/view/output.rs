//! The Output pane: the variant shown as Markdown, its state on the border, its verbs below.

use super::style::Role;
use super::wrap::{columns, cut};
use super::{Cache, Canvas, capitalised, card, hidden, list, pane};
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
    let (mut state, role) = state(canvas, variant);
    if variant.origin.edited_prompt {
        state.push_str(" · edited prompt");
    }
    pane::note(canvas, area, end, (&state, role));
    let verbs = if variant.is_running() && variant.text.is_empty() {
        Vec::new()
    } else {
        verbs(canvas, variant)
    };
    let verbs = with_ways(canvas, verbs, inner);
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
    let said = below(canvas, variant, text.width, (inner.height - rows) / 2);
    let text = Rect {
        height: inner.height - rows - said.len() as u16,
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
    let under = Rect {
        y: text.bottom(),
        height: said.len() as u16,
        ..text
    };
    draw_lines(canvas, &said, under);
    let foot = Rect {
        y: under.bottom(),
        height: rows,
        ..text
    };
    draw_verbs(canvas, &verbs, foot);
}

/// Longest name of a group on the border.
const NAME: usize = 18;

/// The variants of the group shown, by number; a group that is not the open form's has a name.
fn labels(canvas: &Canvas) -> Vec<(String, bool, Option<Target>)> {
    let output = &canvas.app.output;
    let Some(shown) = output.shown() else {
        return vec![("Output".to_owned(), true, None)];
    };
    let form = canvas.app.form.as_ref();
    let of_form = form.is_some_and(|form| form.template.name == shown.origin.template);
    let name = if of_form && output.is_newest_group() {
        "Output".to_owned()
    } else {
        cut(&shown.origin.title, NAME)
    };
    let mut labels = vec![(name, false, None)];
    let group = output.group();
    if let Some(earlier) = group.start.checked_sub(1) {
        let target = Some(Target::Variant(earlier));
        labels.push((pane::EARLIER.to_owned(), false, target));
    }
    let first = output.current.saturating_sub(4).max(group.start);
    for place in first..group.end.min(first + 9) {
        let variant = output.variants.get(place);
        let running = variant.is_some_and(Variant::is_running) && place != output.current;
        let mark = if running { "…" } else { "" };
        labels.push((
            format!("{}{mark}", place - group.start + 1),
            place == output.current,
            Some(Target::Variant(place)),
        ));
    }
    if !output.is_newest_group() {
        let target = Some(Target::Variant(group.end));
        labels.push((pane::LATER.to_owned(), false, target));
    }
    labels
}

/// What the border says: speed while it streams, how it ended after that.
fn state(canvas: &Canvas, variant: &Variant) -> (String, Role) {
    let now = canvas.app.now;
    // Once a second is seen to move, too: that is five steps on.
    let spinner = SPINNER[(now.0 / 200) as usize % SPINNER.len()];
    if let Some(seconds) = variant.stalled(now) {
        return (format!("stalled {seconds} s {spinner}"), Role::Warning);
    }
    match &variant.phase {
        Phase::Connecting { retry: Some(retry) } => {
            (format!("{} {spinner}", retry.countdown(now)), Role::Warning)
        }
        Phase::Connecting { retry: None } => {
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

/// A line or paragraph that the program says, never part of a text.
type Said = (String, Role);

/// What stands where text is missing: thinking, a refusal, a failure.
fn nothing_yet(canvas: &mut Canvas, variant: &Variant, area: Rect) {
    let mut paragraphs: Vec<Said> = Vec::new();
    if !variant.refusal.is_empty() {
        paragraphs.push((
            format!("The model declined: {}", variant.refusal),
            Role::Warning,
        ));
    }
    paragraphs.extend(trouble(canvas, variant));
    if variant.is_running() && !variant.reasoning.is_empty() {
        let words = variant.reasoning.split_whitespace().count();
        paragraphs.push((
            format!("thinking… {words} words so far, which never become part of the text"),
            Role::Dim,
        ));
    } else if matches!(variant.phase, Phase::Failed(_)) {
        paragraphs.push((
            "The brief and the prompt are as they were; ctrl+g tries again.".to_owned(),
            Role::Dim,
        ));
    } else if !variant.is_running() {
        paragraphs.push(("No text came.".to_owned(), Role::Dim));
    }
    let mut lines = Vec::new();
    for (text, role) in paragraphs.iter().filter(|(text, _)| !text.is_empty()) {
        lines.extend(wrapped(text, *role, area.width));
        lines.push((String::new(), *role));
    }
    draw_lines(canvas, &lines, area);
}

/// What went wrong with a run: its failure, or the try that is waited for.
fn trouble(canvas: &Canvas, variant: &Variant) -> Vec<Said> {
    match &variant.phase {
        Phase::Failed(failure) => vec![
            (capitalised(&failure.what), Role::Error),
            (capitalised(&failure.why), Role::Text),
            (capitalised(&failure.advice), Role::Accent),
        ],
        Phase::Connecting { retry: Some(retry) } => vec![
            (capitalised(&retry.why), Role::Warning),
            (
                format!(
                    "{}; esc cancels",
                    capitalised(&retry.countdown(canvas.app.now))
                ),
                Role::Accent,
            ),
        ],
        _ => Vec::new(),
    }
}

fn wrapped(text: &str, role: Role, width: u16) -> impl Iterator<Item = Said> {
    let lines = list::wrap(text, usize::from(width));
    lines.into_iter().map(move |line| (line, role))
}

fn draw_lines(canvas: &mut Canvas, lines: &[Said], area: Rect) {
    for ((text, role), y) in lines.iter().zip(area.top()..area.bottom()) {
        canvas.text((area.x, y), text, area.width, *role);
    }
}

/// What is said under a text, as at most `rows` lines after an empty one.
fn below(canvas: &Canvas, variant: &Variant, width: u16, rows: u16) -> Vec<Said> {
    let said = trouble(canvas, variant);
    let mut lines: Vec<Said> = vec![(String::new(), Role::Dim)];
    for (text, role) in said.iter().filter(|(text, _)| !text.is_empty()) {
        lines.extend(wrapped(text, *role, width));
    }
    if variant.text.is_empty() || lines.len() == 1 {
        return Vec::new();
    }
    let most = usize::from(rows);
    if lines.len() > most {
        lines.truncate(most);
        if let Some((last, _)) = lines.last_mut() {
            *last = cut(&format!("{last} …"), usize::from(width));
        }
    }
    lines
}

/// The verbs that make sense now, as key and title.
fn verbs(canvas: &Canvas, variant: &Variant) -> Vec<(&'static str, &'static str)> {
    let written = !variant.text.is_empty();
    let here = TABLE.iter().filter(|entry| entry.scope == Scope::Output);
    let sensible = here.filter(|entry| match entry.command {
        Command::UseVariant | Command::AppendVariant | Command::InsertVariant => {
            written && !variant.is_running()
        }
        Command::Copy => written,
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

/// Rows of a pane from which on a way to other groups may take a row of its own.
const TALL: u16 = 16;

/// The verbs with the ways to earlier and later groups, where there is room for them.
fn with_ways<'a>(
    canvas: &Canvas,
    mut verbs: Vec<(&'a str, &'a str)>,
    inner: Rect,
) -> Vec<(&'a str, &'a str)> {
    let output = &canvas.app.output;
    let ways = [
        (output.group().start > 0, ("[", "earlier")),
        (!output.is_newest_group(), ("]", "later")),
    ];
    let width = inner.width.saturating_sub(2);
    for (_, way) in ways.into_iter().filter(|(leads, _)| *leads) {
        let rows = verb_rows(&verbs, width);
        verbs.push(way);
        if verb_rows(&verbs, width) > rows && inner.height < TALL {
            verbs.pop();
        }
    }
    verbs
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
    let area = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    if canvas.card == Some(Pane::Output) {
        return card::draw(canvas, area);
    }
    let lines = ["Variants appear here.", "ctrl+g generates from the form."];
    let lines: Vec<Said> = lines.map(|line| (line.to_owned(), Role::Dim)).into();
    draw_lines(canvas, &lines, area);
}
