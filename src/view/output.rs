//! The Output pane: the variant shown as Markdown, its state on the border, its verbs below.

use super::markdown::Markdown;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Cache, Canvas, ask, card, columns, hidden, pane, reasoning, said, switcher, verbs};
use crate::app::Pane;
use crate::app::areas::Target;
use crate::app::marked::Marked;
use crate::app::output::{Phase, Variant};
use crate::domain::cost::Usd;
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

const SPINNER: [&str; 4] = [" ◐", " ◓", " ◑", " ◒"];

/// A sign that turns while something goes on, to be set behind words; where nothing is to move, the words alone tell it.
pub(super) fn spinner(canvas: &Canvas) -> &'static str {
    if !canvas.app.settings.appearance.motion || canvas.is_linear() {
        return "";
    }
    // Once a second is seen to move, too: that is five steps on.
    SPINNER[(canvas.app.now.0 / 200) as usize % SPINNER.len()]
}

/// Draws the pane.
pub(crate) fn draw(canvas: &mut Canvas, cache: &mut Cache, area: Rect) {
    let inner = pane::border(canvas, Pane::Output, area);
    let app = canvas.app;
    let end = pane::labels(canvas, area, &labels(canvas));
    if app.asks().shown {
        return ask::draw(canvas, cache, area, (inner, end));
    }
    let Some(variant) = app.output.shown() else {
        empty(canvas, inner);
        return;
    };
    let verbs = verbs::of(canvas, variant, inner);
    let whole = Rect {
        x: inner.x + 1,
        width: inner.width.saturating_sub(2),
        ..inner
    };
    let rows = if verbs.is_empty() {
        0
    } else {
        verbs::rows(&verbs, whole.width).min(inner.height / 4)
    };
    let whole = Rect {
        height: inner.height - rows,
        ..whole
    };
    canvas.areas.output_width = whole.width;
    let unsaid = if let Some(shown) = app
        .output
        .columns(whole.width)
        .filter(|_| !canvas.is_linear())
    {
        columns::draw(canvas, cache, shown, whole);
        None
    } else {
        let (text, rows) = article(canvas, cache, variant, whole);
        (canvas.areas.output, canvas.areas.output_rows) = (text, rows);
        heading(canvas, variant, area, end)
    };
    let count = cache
        .hidden
        .entry((variant.run, variant.corrections))
        .or_default()
        .of(&variant.text);
    hidden::number(canvas, area, count);
    columns::note(canvas, variant, area, unsaid);
    let foot = Rect {
        y: whole.bottom(),
        height: rows,
        ..whole
    };
    verbs::draw(canvas, &verbs, foot);
}

/// Says on the upper border how a variant stands, behind the tabs; gives it back where they leave no
/// room for it.
fn heading(canvas: &mut Canvas, variant: &Variant, area: Rect, end: u16) -> Option<(String, Role)> {
    let room = usize::from(area.right().saturating_sub(end + 4));
    let (mut state, role) = state(canvas, variant, room);
    if variant.origin.edited_prompt {
        state.push_str(" · edited prompt");
    }
    if let Some(at) = variant.brought {
        let when = switcher::runs::when(at, canvas.app.now, canvas.app.utc_offset);
        state = format!("{state} · of {when}");
    }
    if room < LEAST && columns(&state) > room {
        return Some((state, role));
    }
    pane::note(canvas, area, end, (&state, role));
    None
}

/// Cells from which on a state that is cut says more than one on the lower border.
const LEAST: usize = 8;

/// Draws a variant, and below it what is said of it. Answers where its text stands, and how many
/// rows that has in all.
pub(super) fn article(
    canvas: &mut Canvas,
    cache: &mut Cache,
    variant: &Variant,
    area: Rect,
) -> (Rect, usize) {
    let said = said::below(canvas, variant, area.width, area.height / 2);
    let text = Rect {
        height: area.height - said.len() as u16,
        ..area
    };
    let rows = body(canvas, cache, variant, text);
    let under = Rect {
        y: text.bottom(),
        height: said.len() as u16,
        ..text
    };
    said::draw(canvas, &said, under);
    (text, rows)
}

/// Longest name of a group on the border.
const NAME: usize = 18;

/// The variants of the group shown, by number; a group that is not the open form's has a name.
fn labels(canvas: &Canvas) -> Vec<(String, bool, Option<Target>)> {
    let mut labels = of_variants(canvas);
    if let Some(label) = ask::label(canvas) {
        let shown = label.1;
        for (_, active, _) in &mut labels {
            *active &= !shown;
        }
        labels.push(label);
    }
    labels
}

fn of_variants(canvas: &Canvas) -> Vec<(String, bool, Option<Target>)> {
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
        let star = variant.is_some_and(|variant| variant.starred);
        let mark = if running { "…" } else { "" };
        labels.push((
            format!(
                "{}{}{mark}",
                place - group.start + 1,
                if star {
                    canvas.says("★", " starred")
                } else {
                    ""
                }
            ),
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

/// What the border says: speed while it streams; how it ended and what it cost after that, and
/// how fast it was if there is room.
pub(super) fn state(canvas: &Canvas, variant: &Variant, room: usize) -> (String, Role) {
    let now = canvas.app.now;
    let spinner = spinner(canvas);
    if let Some(seconds) = variant.stalled(now) {
        return (format!("stalled {seconds} s{spinner}"), Role::Warning);
    }
    match &variant.phase {
        Phase::InTurn => (variant.state(), Role::Dim),
        Phase::Connecting { retry: Some(retry) } => {
            (format!("{}{spinner}", retry.countdown(now)), Role::Warning)
        }
        Phase::Connecting { retry: None } | Phase::Loading { .. } => {
            let seconds = now.0.saturating_sub(variant.started.0) / 1000;
            let waited = if seconds > 0 {
                format!(" {seconds} s")
            } else {
                String::new()
            };
            (format!("{}{waited}{spinner}", variant.state()), Role::Dim)
        }
        Phase::Streaming => match variant.speed(now) {
            Some(speed) => (format!("~{speed} tok/s{spinner}"), Role::Accent),
            None if spinner.is_empty() => ("writing".to_owned(), Role::Accent),
            None => (spinner.trim_start().to_owned(), Role::Accent),
        },
        Phase::Done(_) if !variant.is_partial() => {
            let speed = variant
                .speed(now)
                .map(|speed| format!(" · ~{speed} tok/s"))
                .unwrap_or_default();
            let (state, cost) = (variant.state(), cost(variant));
            let whole = format!("{state}{cost}{speed}");
            let fits = columns(&whole) <= room;
            let told = if fits {
                whole
            } else {
                format!("{state}{cost}")
            };
            (told, Role::Success)
        }
        Phase::Done(_) | Phase::Stopped => (
            format!("{}{}", variant.state(), cost(variant)),
            Role::Warning,
        ),
        Phase::Failed(_) => (format!("{}{}", variant.state(), cost(variant)), Role::Error),
    }
}

/// What a run cost, as the border says it: nothing of what costs nothing.
fn cost(variant: &Variant) -> String {
    let spent = variant.cost.filter(|spent| spent.usd() != Usd::ZERO);
    spent.map(|spent| format!(" · {spent}")).unwrap_or_default()
}

/// Draws a variant's text; answers how many rows it has in all.
fn body(canvas: &mut Canvas, cache: &mut Cache, variant: &Variant, area: Rect) -> usize {
    let thoughts = reasoning::rows(canvas, cache, variant, area.width);
    let said = if variant.text.is_empty() {
        said::nothing_yet(canvas, variant, area.width)
    } else {
        Vec::new()
    };
    if thoughts == 0 && variant.text.is_empty() {
        said::draw(canvas, &said, area);
        return 0;
    }
    cache.shown.push((variant.run, variant.corrections));
    let markdown = cache.variants.entry(variant.run).or_default();
    markdown.update(&variant.text, area.width, canvas.styles);
    let height = thoughts + markdown.height() + said.len();
    let last = height.saturating_sub(usize::from(area.height));
    let first = if variant.follow {
        last
    } else {
        variant.scroll.min(last)
    };
    let rest = thoughts.saturating_sub(first).min(area.height.into()) as u16;
    let rest = Rect {
        y: area.y + rest,
        height: area.height - rest,
        ..area
    };
    let start = first.saturating_sub(thoughts);
    for (row, line) in markdown
        .lines(start..start + usize::from(rest.height))
        .enumerate()
    {
        line.render(
            Rect {
                y: rest.y + row as u16,
                height: 1,
                ..rest
            },
            canvas.buffer,
        );
    }
    mark(canvas, markdown, variant, (rest, start, thoughts));
    said::draw(canvas, said.get(start..).unwrap_or_default(), rest);
    reasoning::draw(canvas, cache, variant, (area, first));
    if first < last {
        more_below(canvas, variant, area);
    }
    height
}

/// Shows what is marked, and tells which part of the text that is. The page's rows stand in `area`
/// from the one given on, below so many rows of something else.
pub(super) fn mark(
    canvas: &mut Canvas,
    page: &Markdown,
    variant: &Variant,
    (area, first, above): (Rect, usize, usize),
) {
    let marked = canvas.app.marked.filter(|marked| marked.run == variant.run);
    let Some(marked) = marked.filter(Marked::shows) else {
        return;
    };
    let below = |(row, column): (usize, u16)| match row.checked_sub(above) {
        Some(row) => (row, column),
        None => (0, 0),
    };
    let (from, to) = page.spread(below(marked.from), below(marked.to), marked.by);
    for y in 0..area.height {
        let cells = page.marked_columns(first + usize::from(y), from, to);
        let place = Rect {
            x: area.x.saturating_add(cells.start),
            y: area.y + y,
            width: cells.end - cells.start,
            height: 1,
        };
        canvas.paint(place.intersection(area), Role::Selection);
    }
    canvas.areas.marked = Some((variant.run, page.source_between(from, to)));
}

/// Says that there are rows below those shown.
fn more_below(canvas: &mut Canvas, variant: &Variant, area: Rect) {
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
    let keymap = &canvas.app.keymap;
    let lines: Vec<said::Said> = lines
        .map(|line| (keymap.told(line).into_owned(), Role::Dim))
        .into();
    said::draw(canvas, &lines, area);
}
