//! The turns of a conversation as rows: questions, answers, what is said under them, what is chosen.
//!
//! An answer is drawn as the model wrote it; how it ended stands under it. Only turns on screen
//! are drawn.

use super::is_answered;
use crate::app::ask::{Hand, Talk, Turn};
use crate::app::output::{Phase, Variant};
use crate::view::markdown::Markdown;
use crate::view::output::mark;
use crate::view::said::{Said, trouble, wrapped};
use crate::view::style::Role;
use crate::view::wrap::columns;
use crate::view::{Cache, Canvas, capitalised, list, reasoning};
use ratatui::layout::Rect;
use ratatui::widgets::Widget;

/// Marks the answer that the verbs are about.
const BAR: &str = "▌";

/// A turn, as rows of the page.
struct Laid<'a> {
    turn: &'a Turn,
    answer: &'a Variant,
    /// The first row.
    start: usize,
    question: Vec<Said>,
    thoughts: usize,
    text: usize,
    said: Vec<Said>,
}

impl Laid<'_> {
    const fn thoughts_at(&self) -> usize {
        self.start + self.question.len()
    }

    const fn text_at(&self) -> usize {
        self.thoughts_at() + self.thoughts
    }

    const fn said_at(&self) -> usize {
        self.text_at() + self.text
    }

    /// The row behind it; an empty one parts it from the next.
    const fn end(&self) -> usize {
        self.said_at() + self.said.len() + 1
    }
}

/// Draws the turns that are on screen.
pub(super) fn draw(canvas: &mut Canvas, cache: &mut Cache, talk: &Talk, area: Rect) {
    if area.is_empty() {
        return;
    }
    let laid = lay(canvas, cache, talk, area.width);
    let Some(height) = laid.last().map(|turn| turn.end() - 1) else {
        return nothing(canvas, area);
    };
    canvas.areas.output_rows = height;
    let last = height.saturating_sub(usize::from(area.height));
    let first = if talk.follow {
        last
    } else {
        talk.scroll.min(last)
    };
    for turn in &laid {
        let rows = (turn.turn.run, turn.start..turn.end());
        canvas.areas.turns.push(rows);
        let seen = turn.end() > first && turn.start < first + usize::from(area.height);
        if seen {
            draw_turn(canvas, cache, turn, (area, first));
        }
    }
    chosen(canvas, cache, talk, (&laid, area, first));
    if first < last {
        let label = if is_answered(canvas, talk) {
            " ↓ new text "
        } else {
            " ↓ more "
        };
        let width = columns(label) as u16;
        let x = area.right().saturating_sub(width);
        canvas.text((x, area.bottom() - 1), label, width, Role::Cursor);
    }
}

fn lay<'a>(canvas: &Canvas<'a>, cache: &mut Cache, talk: &'a Talk, width: u16) -> Vec<Laid<'a>> {
    let mut laid: Vec<Laid<'a>> = Vec::new();
    let mut start = 0;
    for turn in talk.shown() {
        let Some(answer) = canvas.app.asks().answer(turn.run) else {
            continue;
        };
        let thoughts = reasoning::rows(canvas, cache, answer, width);
        let page = cache.variants.entry(answer.run).or_default();
        page.update(&answer.text, width, canvas.styles);
        let turn = Laid {
            turn,
            answer,
            start,
            question: question(turn, width),
            thoughts,
            text: page.height(),
            said: said(canvas, answer, width),
        };
        start = turn.end();
        laid.push(turn);
    }
    laid
}

/// The question, what went along with it, and an empty line.
fn question(turn: &Turn, width: u16) -> Vec<Said> {
    let lines = list::wrap(&turn.question, usize::from(width.saturating_sub(2)));
    let lines = lines.into_iter().enumerate().map(|(number, line)| {
        let mark = if number == 0 { "? " } else { "  " };
        (format!("{mark}{line}"), Role::Strong)
    });
    let sent = turn.sent.map(|sent| {
        let lines = list::wrap(&sent.to_string(), usize::from(width.saturating_sub(2)));
        let lines = lines.into_iter();
        lines.map(|line| (format!("  {line}"), Role::Dim))
    });
    let sent = sent.into_iter().flatten();
    lines
        .chain(sent)
        .chain([(String::new(), Role::Dim)])
        .collect()
}

/// What is said under an answer, or in its place.
fn said(canvas: &Canvas, answer: &Variant, width: u16) -> Vec<Said> {
    let mut all: Vec<Said> = Vec::new();
    if !answer.refusal.is_empty() {
        let told = format!("The model declined: {}", answer.refusal);
        all.push((told, Role::Warning));
    }
    all.extend(trouble(canvas, answer));
    let silent = answer.text.is_empty();
    match &answer.phase {
        Phase::Failed(_) if silent => {
            all.push(("R asks again; tab leads there.".to_owned(), Role::Dim));
        }
        Phase::Failed(_) => {}
        _ if answer.is_running() && silent && all.is_empty() => {
            all.push((capitalised(&answer.state()), Role::Dim));
        }
        _ if answer.is_running() => {}
        _ if silent && answer.refusal.is_empty() => {
            let told = format!("No text came ({}); R asks again.", answer.state());
            all.push((told, Role::Dim));
        }
        _ if answer.is_partial() => {
            let told = format!("{}; c asks it to go on", capitalised(&answer.state()));
            all.push((told, Role::Warning));
        }
        _ => {}
    }
    let mut lines: Vec<Said> = Vec::new();
    for (text, role) in all.iter().filter(|(text, _)| !text.is_empty()) {
        lines.extend(wrapped(text, *role, width));
    }
    if !lines.is_empty() && !silent {
        lines.insert(0, (String::new(), Role::Dim));
    }
    lines
}

/// The part of an area that shows rows from `start` on when `first` is its first; how many of them
/// are above it.
fn below(area: Rect, start: usize, first: usize) -> (Rect, usize) {
    let down = start.saturating_sub(first).min(area.height.into()) as u16;
    let rest = Rect {
        y: area.y + down,
        height: area.height - down,
        ..area
    };
    (rest, first.saturating_sub(start))
}

fn draw_turn(canvas: &mut Canvas, cache: &Cache, turn: &Laid, (area, first): (Rect, usize)) {
    let answer = turn.answer;
    let lines = [(&turn.question, turn.start), (&turn.said, turn.said_at())];
    for (lines, start) in lines {
        let (rest, above) = below(area, start, first);
        for ((text, role), y) in lines.iter().skip(above).zip(rest.top()..rest.bottom()) {
            canvas.text((rest.x, y), text, rest.width, *role);
        }
    }
    let (rest, above) = below(area, turn.thoughts_at(), first);
    if turn.thoughts > above {
        reasoning::draw(canvas, cache, answer, (rest, above));
    }
    let Some(page) = cache.variants.get(&answer.run) else {
        return;
    };
    let (rest, above) = below(area, turn.text_at(), first);
    let rows = above..(above + usize::from(rest.height)).min(turn.text);
    for (line, y) in page.lines(rows).zip(rest.top()..) {
        let row = Rect {
            y,
            height: 1,
            ..rest
        };
        line.render(row, canvas.buffer);
    }
    let shown = turn.text.saturating_sub(above).min(rest.height.into()) as u16;
    let rest = Rect {
        height: shown,
        ..rest
    };
    mark(canvas, page, answer, (rest, above, turn.text_at()));
}

/// Marks the chosen answer with a bar, and the paragraphs that are chosen of it.
fn chosen(
    canvas: &mut Canvas,
    cache: &Cache,
    talk: &Talk,
    (laid, area, first): (&[Laid], Rect, usize),
) {
    let run = talk.chosen().map(|turn| turn.run);
    let Some(turn) = laid.iter().find(|turn| Some(turn.turn.run) == run) else {
        return;
    };
    let rows = match &talk.hand {
        Hand::Writing => return,
        Hand::Choosing => turn.thoughts_at()..turn.end() - 1,
        Hand::Quoting(quoting) => {
            let range = quoting.range(&turn.answer.text);
            let page = cache.variants.get(&turn.turn.run);
            let Some((page, range)): Option<(&Markdown, _)> = page.zip(range) else {
                return;
            };
            let rows = page.rows_of(range);
            turn.text_at() + rows.start..turn.text_at() + rows.end
        }
    };
    let quotes = matches!(talk.hand, Hand::Quoting(_));
    for row in rows.start.max(first)..rows.end.min(first + usize::from(area.height)) {
        let y = area.y + (row - first) as u16;
        canvas.text((area.x.saturating_sub(1), y), BAR, 1, Role::Accent);
        if quotes {
            let line = Rect {
                y,
                height: 1,
                ..area
            };
            canvas.paint(line, Role::Selection);
        }
    }
    if quotes {
        canvas.areas.quoted = Some(rows);
    }
}

fn nothing(canvas: &mut Canvas, area: Rect) {
    let lines = [
        "Ask about this draft: what is unclear, what is missing, a better title.",
        "Answers can be used or quoted, and are kept with the draft.",
    ];
    let mut y = area.y;
    for line in lines {
        for (line, role) in wrapped(line, Role::Dim, area.width) {
            if y < area.bottom() {
                canvas.text((area.x, y), &line, area.width, role);
                y += 1;
            }
        }
    }
}
