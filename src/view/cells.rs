//! Puts safe text and borders into the cells of a frame.
//!
//! Most of a screen is ASCII, of which each byte is a cell; only what is not pays for finding
//! clusters and their widths. Never styles a cell that it does not draw.

use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::symbols::border::ROUNDED;
use std::sync::LazyLock;

/// A blank cell with each printable byte of ASCII, from the space on: to clone one costs less than
/// to encode a character.
static ASCII: LazyLock<[Cell; 95]> = LazyLock::new(|| {
    let mut bytes = b' '..=b'~';
    std::array::from_fn(|_| {
        let mut cell = Cell::EMPTY;
        if let Some(byte) = bytes.next() {
            cell.set_char(char::from(byte));
        }
        cell
    })
});

/// Prints text from `(x, y)` on, cut at `width` cells and the end of the frame. Returns the column
/// after it.
pub(super) fn print(
    buffer: &mut Buffer,
    (x, y): (u16, u16),
    text: &str,
    width: u16,
    style: Style,
) -> u16 {
    let area = buffer.area;
    if !(area.top()..area.bottom()).contains(&y) || !(area.left()..area.right()).contains(&x) {
        return x;
    }
    let width = width.min(area.right() - x);
    let plain = plain_prefix(text.as_bytes()).min(usize::from(width));
    let start = buffer.index_of(x, y);
    let letters = &*ASCII;
    for (cell, byte) in buffer.content[start..]
        .iter_mut()
        .zip(&text.as_bytes()[..plain])
    {
        if let Some(plain) = letters.get(usize::from(*byte - b' ')) {
            let (fg, bg, modifier) = (cell.fg, cell.bg, cell.modifier);
            cell.clone_from(plain);
            (cell.fg, cell.bg, cell.modifier) = (fg, bg, modifier);
            cell.set_style(style);
        }
    }
    let x = x + plain as u16;
    let rest = &text[plain..];
    let room = usize::from(width) - plain;
    if rest.is_empty() || room == 0 {
        return x;
    }
    buffer.set_stringn(x, y, rest, room, style).0
}

/// How many bytes from the start are a cell each: printable ASCII that nothing after it joins.
fn plain_prefix(bytes: &[u8]) -> usize {
    let printable = |byte: &u8| (b' '..=b'~').contains(byte);
    let end = bytes.iter().position(|byte| !printable(byte));
    end.map_or(bytes.len(), |end| end.saturating_sub(1))
}

/// Draws a border with round corners; returns what is inside it.
pub(super) fn border(buffer: &mut Buffer, area: Rect, style: Style) -> Rect {
    let area = area.intersection(buffer.area);
    if area.width < 2 || area.height < 2 {
        return Rect::ZERO;
    }
    let (left, right) = (area.left(), area.right() - 1);
    let (top, bottom) = (area.top(), area.bottom() - 1);
    let mut put = |x, y, line: &'static str| {
        if let Some(symbol) = line.chars().next() {
            buffer[(x, y)].set_char(symbol).set_style(style);
        }
    };
    for x in left + 1..right {
        put(x, top, ROUNDED.horizontal_top);
        put(x, bottom, ROUNDED.horizontal_bottom);
    }
    for y in top + 1..bottom {
        put(left, y, ROUNDED.vertical_left);
        put(right, y, ROUNDED.vertical_right);
    }
    put(left, top, ROUNDED.top_left);
    put(right, top, ROUNDED.top_right);
    put(left, bottom, ROUNDED.bottom_left);
    put(right, bottom, ROUNDED.bottom_right);
    area.inner(Margin::new(1, 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::widgets::{Block, BorderType, Widget};

    proptest! {
        /// The short way for ASCII is invisible.
        #[test]
        fn printing_is_what_ratatui_prints(
            text in "([ -~]{0,6}|e\u{301}|\u{301}|你|👩‍👩‍👧|1\u{fe0f}\u{20e3}|❤️|·){0,6}",
            x in 0u16..12,
            width in 0u16..14,
        ) {
            let area = Rect::new(0, 0, 10, 2);
            let (mut ours, mut theirs) = (Buffer::empty(area), Buffer::empty(area));
            // What lies below keeps the colours that the text does not bring.
            ours.set_style(area, Style::new().on_blue().bold());
            theirs.set_style(area, Style::new().on_blue().bold());
            let end = print(&mut ours, (x, 1), &text, width, Style::new().red());
            if x < 10 {
                let (expected, _) =
                    theirs.set_stringn(x, 1, &text, usize::from(width), Style::new().red());
                prop_assert_eq!(end, expected);
            }
            prop_assert_eq!(ours, theirs);
        }

        #[test]
        fn a_border_is_the_one_that_ratatui_draws(width in 2u16..12, height in 2u16..8) {
            let area = Rect::new(1, 1, width, height);
            let frame = Rect::new(0, 0, 14, 10);
            let (mut ours, mut theirs) = (Buffer::empty(frame), Buffer::empty(frame));
            let block = Block::bordered().border_type(BorderType::Rounded);
            let inner = border(&mut ours, area, Style::new());
            prop_assert_eq!(inner.area(), block.inner(area).area());
            block.render(area, &mut theirs);
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn there_is_no_border_where_nothing_fits_inside() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 4, 4));
        let inner = border(&mut buffer, Rect::new(0, 0, 1, 4), Style::new());
        assert_eq!(inner, Rect::ZERO);
        assert_eq!(buffer, Buffer::empty(buffer.area));
    }
}
