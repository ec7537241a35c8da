//! An answer in its place in the draft: what goes struck, what comes coloured, without colour in
//! `[-…-]` and `{+…+}`.
//!
//! Lays the draft out anew with the changes in it, and remembers that until something of it
//! changes. Never touches the draft itself.

use super::style::{Role, Styles};
use super::{Cache, Canvas, editor};
use crate::app::refine::{Job, Review};
use crate::domain::diff::{Hunk, Kind};
use crate::domain::document::Document;
use ratatui::layout::Rect;
use std::ops::Range;
use std::sync::Arc;
use uuid::Uuid;

/// What a layout was made for; another is needed when any of it changes.
#[derive(Debug, Clone)]
struct Wanted {
    draft: (Uuid, u64),
    size: (u16, u16),
    hunks: Arc<[Hunk]>,
    part: Range<usize>,
    at: usize,
    moved: isize,
    styles: Styles,
}

impl PartialEq for Wanted {
    fn eq(&self, other: &Self) -> bool {
        let plain = |wanted: &Self| {
            (
                wanted.draft,
                wanted.size,
                wanted.at,
                wanted.moved,
                wanted.styles,
            )
        };
        Arc::ptr_eq(&self.hunks, &other.hunks)
            && self.part == other.part
            && plain(self) == plain(other)
    }
}

/// The draft with the changes in it.
#[derive(Debug)]
pub(crate) struct Sheet {
    wanted: Wanted,
    document: Document,
    /// Where what goes stands, what comes, and the change that was gone to.
    removed: Vec<Range<usize>>,
    added: Vec<Range<usize>>,
    current: Range<usize>,
    /// How far the view could be moved.
    moved: isize,
}

/// Draws the review of an answer into the text area of the Editor.
pub(crate) fn draw(
    canvas: &mut Canvas,
    cache: &mut Cache,
    (review, job): (&Review, &Job),
    area: Rect,
) {
    let app = canvas.app;
    let (Some(ready), Some(part)) = (job.ready(), job.anchor.range()) else {
        return;
    };
    let wanted = Wanted {
        draft: (app.editor.id, app.editor.document.revision()),
        size: (area.width, area.height),
        hunks: ready.changes.hunks().clone(),
        part,
        at: review.at,
        moved: review.moved,
        styles: canvas.styles,
    };
    let known = cache.review.take().filter(|known| known.wanted == wanted);
    let place = ready.changes.place(review.at);
    let sheet = known.unwrap_or_else(|| {
        let changed = ready.nothing.is_none();
        Sheet::lay(&app.editor.document, wanted, place, changed)
    });
    let focused = app.is_reviewing() && app.dialogs.is_empty();
    let cursor = editor::draw(&sheet.document, focused, canvas.styles, area, canvas.buffer);
    editor::paint(&sheet.document, canvas.styles, area, canvas.buffer);
    if focused {
        canvas.cursor = cursor;
    }
    for (places, role) in [
        (&sheet.removed[..], Role::Removed),
        (&sheet.added[..], Role::Added),
        (std::slice::from_ref(&sheet.current), Role::Selection),
    ] {
        mark(canvas, &sheet.document, (places, role), area);
    }
    canvas.areas.reviewed = Some(sheet.moved);
    cache.review = Some(sheet);
}

/// Marks the parts that are rewritten or wait for a decision.
pub(crate) fn mark_parts(canvas: &mut Canvas, area: Rect) {
    let app = canvas.app;
    let jobs = app.refines().jobs().iter();
    let here = jobs.filter(|job| job.is_in(&app.editor));
    let mut parts: Vec<Range<usize>> = here.filter_map(|job| job.anchor.range()).collect();
    parts.sort_by_key(|part| part.start);
    if !parts.is_empty() {
        mark(canvas, &app.editor.document, (&parts, Role::Part), area);
    }
}

fn mark(
    canvas: &mut Canvas,
    document: &Document,
    (places, role): (&[Range<usize>], Role),
    area: Rect,
) {
    for (row, cells) in document.marked(places) {
        let place = Rect {
            x: area.x.saturating_add(cells.start),
            y: area.y.saturating_add(row),
            width: cells.end - cells.start,
            height: 1,
        };
        canvas.paint(place.intersection(area), role);
    }
}

impl Sheet {
    fn lay(draft: &Document, wanted: Wanted, place: Option<Range<usize>>, changed: bool) -> Self {
        let mut document = draft.clone();
        document.set_size(wanted.size.0, wanted.size.1);
        let start = wanted.part.start;
        let (mut removed, mut added) = (Vec::new(), Vec::new());
        let mut current = start..wanted.part.end;
        if changed {
            let mut text = String::new();
            let place = place.unwrap_or(0..0);
            current = start..start;
            for (number, hunk) in wanted.hunks.iter().enumerate() {
                let from = start + text.len();
                write(&mut text, hunk, wanted.styles);
                let to = start + text.len();
                match hunk.kind {
                    Kind::Kept => {}
                    Kind::Removed => removed.push(from..to),
                    Kind::Added => added.push(from..to),
                }
                if number == place.start {
                    current.start = from;
                }
                if place.contains(&number) {
                    current.end = to;
                }
            }
            document.replace(wanted.part.clone(), &text, 0);
        }
        // The end first, so that as much of the change shows as there is room for.
        document.stand_at(current.end);
        document.stand_at(current.start);
        let moved = scroll(&mut document, wanted.moved);
        Self {
            wanted,
            document,
            removed,
            added,
            current,
            moved,
        }
    }
}

fn write(text: &mut String, hunk: &Hunk, styles: Styles) {
    let (open, close) = match hunk.kind {
        _ if styles.tells_changes() => ("", ""),
        Kind::Kept => ("", ""),
        Kind::Removed => ("[-", "-]"),
        Kind::Added => ("{+", "+}"),
    };
    text.push_str(open);
    if hunk.kind == Kind::Kept {
        text.push_str(&hunk.text);
    } else {
        // A changed line break would not show: its sign stands before it.
        text.push_str(&hunk.text.replace("\r\n", "\n").replace('\n', "⏎\n"));
    }
    text.push_str(close);
}

/// Moves the view by rows, as far as the text goes; returns how far that was.
fn scroll(document: &mut Document, rows: isize) -> isize {
    let top = |document: &Document| document.visible().first().map(|row| row.range.start);
    let home = top(document);
    let go = |document: &mut Document, rows: isize| {
        let rows = rows.clamp(-100_000, 100_000);
        document.scroll(i32::try_from(rows).unwrap_or(0));
    };
    // The view was moved all the way if it comes back to where it was.
    let whole = |document: &mut Document, rows: isize| {
        let mut there = document.clone();
        go(&mut there, rows);
        go(&mut there, -rows);
        top(&there) == home
    };
    let sign = rows.signum();
    let (mut least, mut most) = (0, rows.unsigned_abs());
    if rows != 0 && !whole(document, rows) {
        while most - least > 1 {
            let middle = usize::midpoint(least, most);
            if whole(document, sign * middle.cast_signed()) {
                least = middle;
            } else {
                most = middle;
            }
        }
        most = least;
    }
    let moved = sign * most.cast_signed();
    go(document, moved);
    moved
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::refine::Changes;

    fn sheet(old: &str, new: &str, styles: Styles, moved: isize) -> Sheet {
        let draft = Document::new(&format!("Before.\n\n{old}\n\nAfter.\n"));
        let changes = Changes::between(old, new);
        let wanted = Wanted {
            draft: (Uuid::nil(), 0),
            size: (30, 4),
            hunks: changes.hunks().clone(),
            part: 9..9 + old.len(),
            at: 0,
            moved,
            styles,
        };
        Sheet::lay(&draft, wanted, changes.place(0), true)
    }

    fn pieces(sheet: &Sheet, places: &[Range<usize>]) -> Vec<String> {
        let places = places.iter().cloned();
        places.map(|place| sheet.document.slice(place)).collect()
    }

    #[test]
    fn changes_stand_in_their_place_and_are_readable_without_colour() {
        let (old, new) = ("a quick fox jumps", "a slow fox sits");
        let plain = sheet(old, new, Styles::PLAIN, 0);
        assert_eq!(
            plain.document.text(),
            "Before.\n\na [-quick-]{+slow+} fox [-jumps-]{+sits+}\n\nAfter.\n"
        );
        assert_eq!(pieces(&plain, &plain.removed), ["[-quick-]", "[-jumps-]"]);
        let bare = sheet(old, new, Styles::COLOUR, 0);
        assert_eq!(pieces(&bare, &bare.removed), ["quick", "jumps"]);
        assert_eq!(pieces(&bare, &bare.added), ["slow", "sits"]);
        assert_eq!(bare.document.slice(bare.current.clone()), "quickslow");
    }

    #[test]
    fn a_changed_line_break_shows() {
        let sheet = sheet("one\ntwo", "one two", Styles::PLAIN, 0);
        assert!(sheet.document.text().contains("one[-⏎\n-]{+ +}two"));
    }

    #[test]
    fn the_view_moves_no_further_than_the_text_goes() {
        let text = "line\n\n".repeat(9);
        let at = |moved| sheet(&text, &text.replace("line", "row"), Styles::COLOUR, moved).moved;
        assert_eq!((at(0), at(3)), (0, 3));
        let (up, down) = (at(-999), at(999));
        assert!(
            (-9..=0).contains(&up) && (10..99).contains(&down),
            "{up} {down}"
        );
        assert_eq!((at(up), at(down), at(down + 1)), (up, down, down));
    }
}
