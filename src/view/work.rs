//! The box that lists what goes on: what it is, whom it asks, how long, how much, how it stands.
//!
//! Only reads.

use super::Canvas;
use super::dialogs::frame;
use super::output::state;
use super::style::Role;
use super::wrap::{columns, cut};
use crate::app::voice::{Going, Stand, Task};
use crate::app::work::{Goal, Row, Work, WorkBox};
use ratatui::layout::Rect;

/// Columns of the model, of the time with the tokens, and of the state.
const MODEL: u16 = 14;
const SO_FAR: u16 = 16;
const STATE: u16 = 15;
/// Columns that what it is keeps beside the others.
const WHAT: u16 = 20;

/// Draws the box.
pub(super) fn draw(canvas: &mut Canvas, shown: &WorkBox, screen: Rect) {
    let work = canvas.app.work_rows();
    let waits = canvas.app.waits_for_models_of();
    let waits = waits.map(|name| format!("the next request waits for the models of {name}"));
    let rows = (work.len() + usize::from(waits.is_some())).max(1) as u16;
    let size = (
        screen.width.saturating_sub(4).min(96),
        (rows + 3).min(screen.height.saturating_sub(2)),
    );
    let title = match work.len() {
        0 => "Work".to_owned(),
        1 => "Work · 1 running".to_owned(),
        count => format!("Work · {count} running"),
    };
    let inner = frame(canvas, screen, size, &title);
    if inner.height < 2 {
        return;
    }
    let room = usize::from(inner.height - 1);
    let at = work
        .iter()
        .position(|each| Some(each.item()) == shown.chosen);
    let first = at.unwrap_or(0).saturating_sub(room.saturating_sub(1));
    let mut y = inner.y;
    for (place, each) in work.iter().enumerate().skip(first).take(room) {
        let line = Rect {
            y,
            height: 1,
            ..inner
        };
        match each {
            Row::Voice(going) => voice(canvas, going, line),
            Row::Run(work) => row(canvas, work, line),
        }
        if Some(place) == at {
            canvas.paint(line, Role::Cursor);
        }
        y += 1;
    }
    if let Some(waits) = waits.filter(|_| y + 1 < inner.bottom()) {
        canvas.text((inner.x, y), &waits, inner.width, Role::Dim);
    } else if work.is_empty() && y + 1 < inner.bottom() {
        let told = "all of it has ended";
        canvas.text((inner.x, y), told, inner.width, Role::Dim);
    }
    let keys = match work.len() {
        0 => "esc",
        1 => "enter goes there · x stops it · esc",
        _ => "enter goes there · x stops it · X stops all · esc",
    };
    canvas.text((inner.x, inner.bottom() - 1), keys, inner.width, Role::Key);
}

/// What is read aloud or taken down: its state, for how long, and of what or for what.
fn voice(canvas: &mut Canvas, going: &Going, line: Rect) {
    let (kind, said) = match (going.task, going.stand) {
        (Task::Read, _) => ("read", "reads aloud"),
        (Task::Dictate, Stand::Going) => ("dictate", "listens"),
        (Task::Dictate, Stand::Ending) => ("dictate", "was asked to end"),
    };
    let used = canvas.text((line.x, line.y), kind, line.width, Role::Dim);
    let x = line.x + used.max(6) + 1;
    let seconds = canvas.app.now.0.saturating_sub(going.since.0) / 1000;
    let said = format!("{} · {said}", elapsed(seconds));
    let width = columns(&said) as u16;
    let at = line.right().saturating_sub(width + 1).max(x);
    canvas.text(
        (at, line.y),
        &said,
        line.right().saturating_sub(at),
        Role::Accent,
    );
    let room = at.saturating_sub(x + 1);
    let title = going.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = cut(&title, room.into());
    canvas.text((x, line.y), &title, columns(&title) as u16, Role::Text);
}

fn row(canvas: &mut Canvas, work: &Work, line: Rect) {
    let run = work.run;
    let kind = match work.goal {
        Goal::Text => "write",
        Goal::Part(_) => "refine",
        Goal::Answer(_) => "ask",
    };
    let used = canvas.text((line.x, line.y), kind, line.width, Role::Dim);
    let x = line.x + used.max(6) + 1;
    let (said, role) = state(canvas, run, STATE.into());
    let seconds = canvas.app.now.0.saturating_sub(run.started.0) / 1000;
    let written = run.text.len() - run.inherited + run.reasoning.text().len();
    let so_far = match written / 4 {
        0 => format!("{} ", elapsed(seconds)),
        tokens => format!("{} · ~{tokens} tok ", elapsed(seconds)),
    };
    let mut end = line.right();
    let cells = [
        (said, STATE, role),
        (so_far, SO_FAR, Role::Dim),
        (run.origin.request.model.clone(), MODEL, Role::Dim),
    ];
    for (text, width, role) in cells {
        if end < x + WHAT + width {
            break;
        }
        end -= width;
        let text = cut(&text, usize::from(width - 1));
        canvas.text((end, line.y), &text, width, role);
    }
    let room = end.saturating_sub(x + 1);
    let title = work.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = cut(&title, room.into());
    canvas.text((x, line.y), &title, columns(&title) as u16, Role::Text);
}

/// `8 s`, `2 min`.
fn elapsed(seconds: u64) -> String {
    match seconds {
        0..=99 => format!("{seconds} s"),
        _ => format!("{} min", seconds / 60),
    }
}
