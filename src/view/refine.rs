//! Draws the box that asks what is to be done with a part, and what the border of the Editor says
//! about parts that are rewritten.
//!
//! Only reads. What a verb is called and what it is for comes from its template.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, entry};
use crate::app::output::{Phase, Variant};
use crate::app::refine::{Chooser, Scope, State, Step};
use crate::config::Provider;
use crate::domain::text::of_words;
use ratatui::layout::Rect;

/// Columns for the name of a verb.
const NAME: u16 = 26;
/// Rows for earlier values.
const EARLIER: usize = 5;

/// Draws the box.
pub(crate) fn draw(canvas: &mut Canvas, chooser: &Chooser, screen: Rect) {
    let words = of_words(chooser.words as u64);
    let title = format!("Refine the {} · {words}", chooser.scope.name());
    let size = (
        screen.width.saturating_sub(6).min(84),
        screen.height.saturating_sub(4).min(14),
    );
    let inner = frame(canvas, screen, size, &title);
    if inner.height < 3 {
        return;
    }
    let line = |y: u16| Rect {
        y: inner.y + y,
        height: 1,
        ..inner
    };
    let label = match &chooser.step {
        Step::Verbs => "> ".to_owned(),
        Step::Ask(asking) => format!("{}: ", asking.label.trim_end_matches(':')),
    };
    let top = line(0);
    let used = canvas.text((top.x, top.y), &label, top.width, Role::Key);
    let place = Rect {
        x: top.x + used,
        width: top.width.saturating_sub(used),
        ..top
    };
    entry::draw(canvas, &chooser.entry, entry::Focus::Here, place);
    let body = Rect {
        y: inner.y + 1,
        height: inner.height - 2,
        ..inner
    };
    match &chooser.step {
        Step::Ask(asking) if asking.options.is_empty() => {
            canvas.text((body.x, body.y), &asking.help, body.width, Role::Dim);
            let earlier = asking.earlier.iter().take(EARLIER);
            for (number, value) in earlier.enumerate() {
                let y = body.y + 1 + number as u16;
                if y < body.bottom() {
                    let mark = if number == 0 { "↑ " } else { "  " };
                    let used = canvas.text((body.x, y), mark, body.width, Role::Key);
                    let room = body.width.saturating_sub(used);
                    let value = cut(value, usize::from(room));
                    canvas.text((body.x + used, y), &value, room, Role::Dim);
                }
            }
        }
        _ => rows(canvas, chooser, body),
    }
    foot(canvas, chooser, line(inner.height - 1));
}

fn rows(canvas: &mut Canvas, chooser: &Chooser, area: Rect) {
    let lines = chooser.lines();
    let rows = usize::from(area.height);
    let first = chooser.cursor.saturating_sub(rows.saturating_sub(1));
    let shown = lines.iter().enumerate().skip(first).take(rows);
    for ((place, line), y) in shown.zip(area.top()..) {
        let row = Rect {
            y,
            height: 1,
            ..area
        };
        let name = NAME.min(row.width);
        let title = cut(&line.title, usize::from(name - 1));
        let role = if line.broken { Role::Error } else { Role::Text };
        canvas.text((row.x, y), &title, name, role);
        let room = row.width - name;
        let detail = cut(&line.detail, usize::from(room));
        let role = if line.broken { Role::Error } else { Role::Dim };
        canvas.text((row.x + name, y), &detail, room, role);
        if place == chooser.cursor {
            canvas.paint(row, Role::Cursor);
        }
    }
    if lines.is_empty() {
        let text = match chooser.step {
            Step::Verbs => "no verb is called that",
            Step::Ask(_) => "nothing to choose from is called that",
        };
        canvas.text((area.x, area.y), text, area.width, Role::Dim);
    }
}

/// The keys on the left, what the request is likely to take on the right.
fn foot(canvas: &mut Canvas, chooser: &Chooser, line: Rect) {
    let right = estimate(canvas, chooser);
    let width = columns(&right) as u16;
    let room = line.width.saturating_sub(width + 2);
    let asks = matches!(chooser.step, Step::Ask(_));
    let widen = match chooser.scope {
        Scope::Whole => Some(("tab", "only the part")),
        Scope::Again => None,
        Scope::Selection | Scope::Paragraph | Scope::Below => Some(("tab", "whole draft")),
    };
    let edit = (!asks).then_some(("^E", "edit the prompt"));
    let back = ("esc", if asks { "back" } else { "close" });
    let keys = [Some(("enter", "do it")), widen, edit, Some(back)];
    let mut x = line.x;
    for (key, title) in keys.into_iter().flatten() {
        let needed = (columns(key) + columns(title) + 1) as u16;
        if x + needed > line.x + room {
            break;
        }
        x += canvas.text((x, line.y), key, needed, Role::Key) + 1;
        x += canvas.text((x, line.y), title, needed, Role::Dim) + 2;
    }
    let x = line.right().saturating_sub(width);
    canvas.text((x, line.y), &right, width, Role::Dim);
}

fn estimate(canvas: &Canvas, chooser: &Chooser) -> String {
    let Some(estimate) = &chooser.estimate else {
        return String::new();
    };
    let settings = &canvas.app.settings;
    let price = match estimate.cost {
        _ if settings.provider(None).is_ok_and(Provider::is_practice) => String::new(),
        Some(spent) => format!(" ≈ {}", spent.usd()),
        None => " · cost n/a".to_owned(),
    };
    let cut = if chooser.cut { " · draft cut" } else { "" };
    format!("{} tok{price}{cut}", estimate.input)
}

/// What the border of the Editor says in this many columns; of a long name less.
pub(crate) fn note(canvas: &Canvas, room: u16) -> Option<(String, Role)> {
    let named = |title: &str, said: String| {
        let left = usize::from(room).saturating_sub(columns(&said) + 3);
        if left < 4 {
            return said;
        }
        format!("{} · {said}", cut(title, left))
    };
    let spinner = super::output::spinner(canvas);
    Some(match canvas.app.refine_state()? {
        State::Running(job, answer) => {
            let doing = format!("{}{spinner}", running(answer, canvas));
            (named(&job.title, doing), Role::Accent)
        }
        State::Waiting(count) => (format!("{count} to review ^K"), Role::Success),
        State::Failed => ("no rewrite ^K".to_owned(), Role::Warning),
        State::Review(review, job) => {
            let ready = job.ready()?;
            let count = ready.changes.count();
            let number = (review.at + 1).min(count);
            let (said, role) = match (&ready.nothing, ready.flaw) {
                (Some(_), flaw) => (flaw.unwrap_or("no text").to_owned(), Role::Warning),
                (None, Some(flaw)) => {
                    // Where one is at counts for more than the flaw, which was told when it came.
                    let whole = format!("{flaw} · {number} of {count}");
                    let fits = columns(&whole) <= usize::from(room);
                    let short = format!("! {number} of {count}");
                    (if fits { whole } else { short }, Role::Warning)
                }
                (None, None) => (format!("{number} of {count}"), Role::Accent),
            };
            (named(&job.title, said), role)
        }
    })
}

fn running(answer: &Variant, canvas: &Canvas) -> String {
    let now = canvas.app.now;
    match &answer.phase {
        Phase::Connecting { retry: Some(retry) } => retry.countdown(now),
        Phase::Loading { .. } => "loading the model".to_owned(),
        Phase::Streaming => {
            let words = crate::domain::text::words(&answer.text);
            match answer.stalled(now) {
                Some(seconds) => format!("stalled {seconds} s"),
                None => of_words(words as u64),
            }
        }
        _ => match State::waits(answer, now) {
            Some(seconds) => format!("waiting {seconds} s"),
            None => "waiting".to_owned(),
        },
    }
}
