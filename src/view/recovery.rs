//! Draws the boxes over the past: text that was left behind, and the versions of a draft.
//!
//! Only reads. A row says what, when, and how much; the keys stand below.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::columns;
use super::{Canvas, list};
use crate::app::msg::{Left, LeftState, Now};
use crate::app::recovery::{Recovery, Timeline};
use crate::domain::text::of_words;
use crate::store::journal::Cause;
use ratatui::layout::Rect;

/// Draws the texts that can be brought back.
pub(crate) fn draw(canvas: &mut Canvas, recovery: &Recovery, screen: Rect) {
    let rows = recovery.left.len() as u16 * 2;
    let inner = frame(
        canvas,
        screen,
        (76, (rows + 5).min(20)),
        "Unsaved text was found",
    );
    let now = canvas.app.now;
    let shown = usize::from(inner.height.saturating_sub(2) / 2).max(1);
    let first = recovery.cursor.saturating_sub(shown - 1);
    let visible = recovery.left.iter().enumerate().skip(first).take(shown);
    for (offset, (index, left)) in visible.enumerate() {
        let line = Rect {
            y: inner.y + offset as u16 * 2,
            height: 2,
            ..inner
        };
        canvas.text((line.x, line.y), &left.title, line.width, Role::Strong);
        let width = line.width.saturating_sub(2);
        let about = about(left, now, usize::from(width));
        canvas.text((line.x + 2, line.y + 1), &about, width, Role::Dim);
        if index == recovery.cursor {
            canvas.paint(Rect { height: 1, ..line }, Role::Cursor);
        }
    }
    keys(
        canvas,
        inner,
        "enter bring back · = compare · esc keep for later",
    );
}

/// Draws the versions of a draft.
pub(crate) fn draw_timeline(canvas: &mut Canvas, timeline: &Timeline, screen: Rect) {
    let rows = timeline.versions.len() as u16;
    let inner = frame(
        canvas,
        screen,
        (64, (rows + 4).min(20)),
        &format!("Versions of this {}", canvas.app.editor.word()),
    );
    let now = canvas.app.now;
    let shown = usize::from(inner.height.saturating_sub(2)).max(1);
    let first = timeline.cursor.saturating_sub(shown - 1);
    let visible = timeline.versions.iter().enumerate().skip(first).take(shown);
    for (offset, (index, version)) in visible.enumerate() {
        let line = Rect {
            y: inner.y + offset as u16,
            height: 1,
            ..inner
        };
        let at = Now(u64::try_from(version.at.as_millisecond()).unwrap_or(0));
        let used = canvas
            .text((line.x, line.y), &ago(at, now), 18, Role::Text)
            .max(18)
            + 1;
        let cause = cause(version.cause);
        let used = used
            + canvas
                .text((line.x + used, line.y), cause, 24, Role::Dim)
                .max(24)
            + 1;
        let words = of_words(version.words);
        canvas.text(
            (line.x + used, line.y),
            &words,
            line.width.saturating_sub(used),
            Role::Dim,
        );
        if index == timeline.cursor {
            canvas.paint(line, Role::Cursor);
        }
    }
    keys(
        canvas,
        inner,
        "enter compare with now · r restore · esc close",
    );
}

/// Keys in the last row, cut by words when there is no room.
fn keys(canvas: &mut Canvas, inner: Rect, text: &str) {
    let Some(y) = inner.bottom().checked_sub(1).filter(|y| *y >= inner.y) else {
        return;
    };
    let line = list::wrap(text, usize::from(inner.width))
        .into_iter()
        .next()
        .unwrap_or_default();
    let room = inner.width.saturating_sub(columns(&line) as u16);
    canvas.text((inner.x + room / 2, y), &line, inner.width, Role::Key);
}

/// What it is, when it was, and where it is from, as far as there is room.
fn about(left: &Left, now: Now, width: usize) -> String {
    let what = match left.state {
        LeftState::Lost => "never saved",
        LeftState::Later => "kept for later",
        LeftState::Answer(_) => "an answer that was still arriving",
        LeftState::Unused(_) => "an answer that was not used",
    };
    let set = match left.state {
        LeftState::Answer(_) => format!("{} variants that were still arriving", left.variants),
        _ => format!("{} variants that were not used", left.variants),
    };
    let what = if left.variants > 1 { &set } else { what };
    let what = if left.saved.is_some() {
        "newer than its file"
    } else {
        what
    };
    let mut about = format!(
        "{what} · {} · {}",
        ago(left.at, now),
        of_words(left.words as u64)
    );
    let file = left.path.as_ref().and_then(|path| path.file_name());
    let file = file.map(|name| name.to_string_lossy().into_owned());
    for from in left.template.iter().chain(&file) {
        let longer = format!("{about} · {from}");
        if columns(&longer) <= width {
            about = longer;
        }
    }
    about
}

const fn cause(cause: Cause) -> &'static str {
    match cause {
        Cause::Generation => "generated text used",
        Cause::Refine => "refined",
        Cause::Save => "saved",
        Cause::Restore => "restored",
        Cause::OutsideChange => "changed outside",
        Cause::Edit => "before a replacement",
    }
}

/// How long ago a moment was, as a person says it.
pub(super) fn ago(at: Now, now: Now) -> String {
    let seconds = now.0.saturating_sub(at.0) / 1000;
    let (count, unit) = match seconds {
        0..60 => return "just now".to_owned(),
        60..3_600 => (seconds / 60, "minute"),
        3_600..86_400 => (seconds / 3_600, "hour"),
        _ => (seconds / 86_400, "day"),
    };
    format!("{count} {unit}{} ago", if count == 1 { "" } else { "s" })
}
