//! The box that makes a template of the draft or the prompt.
//!
//! Only shows it: its title, the words that become inputs, what to do next.

use super::dialogs::frame;
use super::style::Role;
use super::wrap::{columns, cut};
use super::{Canvas, entry};
use crate::app::field::TextEntry;
use crate::app::making::{Hand, Making, Part, Stuff};
use ratatui::layout::Rect;

/// Columns of the names before what is entered.
const NAMES: u16 = 12;

/// Draws the box.
pub(super) fn draw(canvas: &mut Canvas, making: &Making, screen: Rect) {
    let (title, asked) = match making.stuff {
        Stuff::Draft(_) => (
            "Template from the draft",
            "Words of the draft that are asked for each time:",
        ),
        Stuff::Prompt(_) => (
            "Template from the prompt",
            "Words of the prompt that are asked for each time:",
        ),
    };
    let height = 9 + making.parts.len().min(8) as u16;
    let inner = frame(canvas, screen, (70.min(screen.width), height), title);
    // The last three rows are for what to do; the names take what is left between.
    let rows = usize::from(inner.height.saturating_sub(7));
    let mut y = inner.y;
    field(
        canvas,
        (inner, y),
        "Title",
        (&making.title, making.hand == Hand::Title),
    );
    y += 2;
    line(canvas, (inner, y), asked, Role::Dim);
    y += 1;
    let here = match making.hand {
        Hand::Part(at) => at,
        _ => making.parts.len(),
    };
    let first = (here + 1)
        .saturating_sub(rows)
        .min(making.parts.len().saturating_sub(rows));
    for (at, part) in making.parts.iter().enumerate().skip(first).take(rows) {
        draw_part(canvas, (inner, y), part, making.hand == Hand::Part(at));
        y += 1;
    }
    let more = making.hand == Hand::More;
    field(canvas, (inner, y), "More words", (&making.more, more));
    if making.more.is_empty() && y < inner.bottom() {
        // Beside the cell of the cursor.
        let x = inner.x + NAMES + 2;
        let room = inner.right().saturating_sub(x);
        canvas.text((x, y), "type them, then enter", room, Role::Dim);
    }
    y += 2;
    if let Some(why) = &making.complaint {
        line(canvas, (inner, y), why, Role::Error);
    } else {
        let hint = match making.stuff {
            Stuff::Draft(_) => "or esc, select words in the draft, alt+T again",
            Stuff::Prompt(_) => "what the form held is asked for again",
        };
        line(canvas, (inner, y), hint, Role::Dim);
    }
    let keys = match making.hand {
        Hand::More if !making.more.is_blank() => {
            "enter adds the words · tab next line · esc goes back"
        }
        Hand::Part(_) => "enter makes it · tab next line · ⌫ in an empty name drops it",
        _ => "enter makes it · tab next line · esc goes back",
    };
    line(canvas, (inner, y + 1), keys, Role::Dim);
}

fn line(canvas: &mut Canvas, (inner, y): (Rect, u16), text: &str, role: Role) {
    if y < inner.bottom() {
        let text = cut(text, usize::from(inner.width));
        canvas.text((inner.x, y), &text, inner.width, role);
    }
}

fn field(
    canvas: &mut Canvas,
    (inner, y): (Rect, u16),
    name: &str,
    (text, here): (&TextEntry, bool),
) {
    if y >= inner.bottom() {
        return;
    }
    let role = if here { Role::Strong } else { Role::Text };
    canvas.text((inner.x, y), name, NAMES, role);
    let place = Rect {
        x: inner.x + NAMES,
        y,
        width: inner.width.saturating_sub(NAMES),
        height: 1,
    };
    entry::draw(canvas, text, focus(here), place);
}

const fn focus(here: bool) -> entry::Focus {
    if here {
        entry::Focus::Here
    } else {
        entry::Focus::Elsewhere
    }
}

/// The name of an input, the words it stands for, and how often they are there.
fn draw_part(canvas: &mut Canvas, (inner, y): (Rect, u16), part: &Part, here: bool) {
    if y >= inner.bottom() {
        return;
    }
    let name = 22.min(inner.width / 3);
    let place = Rect {
        x: inner.x + 2,
        y,
        width: name,
        height: 1,
    };
    let sign = canvas.says("›", " ");
    let mark = if here { sign } else { " " };
    canvas.text((inner.x, y), mark, 1, Role::Key);
    entry::draw(canvas, &part.name, focus(here), place);
    let count = match part.places {
        1 => "1 place".to_owned(),
        count => format!("{count} places"),
    };
    let wide = columns(&count) as u16;
    canvas.text(
        (inner.right().saturating_sub(wide), y),
        &count,
        wide,
        Role::Dim,
    );
    let x = inner.x + name + 3;
    let room = inner.right().saturating_sub(x + wide + 1);
    let words = cut(&part.words.replace('\n', " "), usize::from(room));
    canvas.text((x, y), &words, room, Role::Text);
}
