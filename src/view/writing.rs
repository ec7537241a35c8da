//! Boxes about the text that is written: the line to go to, and its statistics.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::columns;
use super::{Canvas, entry};
use crate::app::editor::{GoToLine, StatisticsBox};
use crate::domain::tokens::thousands;
use ratatui::layout::Rect;

/// Draws the question which line to go to.
pub(super) fn draw_line(canvas: &mut Canvas, asked: &GoToLine, screen: Rect) {
    let inner = frame(canvas, screen, (52, 5), "Go to line");
    if inner.height < 1 {
        return;
    }
    let used = canvas.text((inner.x, inner.y), "> ", inner.width, Role::Key);
    let place = Rect {
        x: inner.x + used,
        width: inner.width.saturating_sub(used),
        height: 1,
        ..inner
    };
    entry::draw(canvas, &asked.entry, entry::Focus::Here, place);
    if inner.height < 3 {
        return;
    }
    let told = format!(
        "line {} of {}",
        thousands(asked.here as u64),
        thousands(asked.lines as u64)
    );
    let (told, role) = if asked.wrong {
        ("write a number, +5, -5 or 50%".to_owned(), Role::Error)
    } else {
        (told, Role::Text)
    };
    canvas.text((inner.x, inner.y + 1), &told, inner.width, role);
    let keys = "a number, +5, -5 or 50% · enter goes there · esc";
    canvas.text((inner.x, inner.y + 2), keys, inner.width, Role::Dim);
}

/// Draws the statistics.
pub(super) fn draw_statistics(canvas: &mut Canvas, counted: &StatisticsBox, screen: Rect) {
    let statistics = &counted.statistics;
    let number = |count: usize| thousands(count as u64);
    let words = match counted.target_words.filter(|_| !statistics.of_selection) {
        Some(target) => format!("{} of {}", number(statistics.words), number(target)),
        None => number(statistics.words),
    };
    let each = statistics.words as f64 / statistics.sentences.max(1) as f64;
    let ease = match (statistics.ease, statistics.ease_in_words()) {
        (Some(ease), Some(words)) => format!("{ease:.0}, {words}"),
        _ => "needs more text in English".to_owned(),
    };
    let rows = [
        ("Words", words),
        ("Characters", number(statistics.characters)),
        ("without blanks", number(statistics.letters)),
        ("Sentences", number(statistics.sentences)),
        ("Words in a sentence", format!("{each:.1}")),
        ("Paragraphs", number(statistics.paragraphs)),
        (
            "Reading time",
            format!("{} min", number(statistics.minutes)),
        ),
        ("Flesch reading ease", ease),
    ];
    let title = if statistics.of_selection {
        "Statistics of the selection"
    } else {
        "Statistics"
    };
    let height = rows.len() as u16 + 2;
    let inner = frame(canvas, screen, (56, height), title);
    for ((name, value), y) in rows.iter().zip(inner.top()..inner.bottom()) {
        canvas.text((inner.x, y), name, 20, Role::Dim);
        let room = inner.width.saturating_sub(22);
        canvas.text((inner.x + 22, y), value, room, Role::Text);
    }
    let hint = " esc closes ";
    let width = columns(hint) as u16;
    let at = (inner.right().saturating_sub(width), inner.bottom());
    canvas.text(at, hint, width, Role::Dim);
}
