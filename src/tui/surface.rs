//! What is on the terminal, and the next frame beside it: only what differs is sent.
//!
//! Most of a frame is as it was. Rows that are equal are told apart by their cells alone; how wide
//! a cell is drawn matters, and costs, only in a row that changed. Knows nothing of what is drawn.

use ratatui::backend::Backend;
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::{Position, Rect};

/// A backend of a fixed size, with what was drawn on it.
#[derive(Debug)]
pub(super) struct Surface<B: Backend> {
    backend: B,
    shown: Buffer,
    next: Buffer,
    /// Room for one row of each, while that is sent.
    row: (Buffer, Buffer),
}

impl<B: Backend> Surface<B> {
    /// A surface of so many columns and rows of which every cell is taken to be blank.
    pub(super) fn blank(backend: B, (columns, rows): (u16, u16)) -> Self {
        let blank = Buffer::empty(Rect::new(0, 0, columns, rows));
        let row = Buffer::empty(Rect::new(0, 0, columns, 1));
        Self {
            backend,
            shown: blank.clone(),
            next: blank,
            row: (row.clone(), row),
        }
    }

    /// Lets `paint` fill a blank frame and say where the cursor stands, if it is to be seen; sends
    /// what differs from the frame before, and returns what else `paint` has to tell.
    ///
    /// # Errors
    /// When the backend takes no more.
    pub(super) fn draw<T>(
        &mut self,
        paint: impl FnOnce(&mut Buffer) -> (T, Option<Position>),
    ) -> Result<T, B::Error> {
        self.next.reset();
        let (told, cursor) = paint(&mut self.next);
        self.send_rows()?;
        match cursor {
            None => self.backend.hide_cursor()?,
            Some(at) => {
                self.backend.show_cursor()?;
                self.backend.set_cursor_position(at)?;
            }
        }
        self.backend.flush()?;
        std::mem::swap(&mut self.shown, &mut self.next);
        Ok(told)
    }

    fn send_rows(&mut self) -> Result<(), B::Error> {
        let width = usize::from(self.next.area.width).max(1);
        let rows = self.shown.content.chunks_exact_mut(width);
        let rows = rows.zip(self.next.content.chunks_exact_mut(width));
        let (old_row, new_row) = (&mut self.row.0, &mut self.row.1);
        for (y, (old, new)) in (0u16..).zip(rows) {
            if old.iter().zip(&*new).all(|(old, new)| is_same(old, new)) {
                continue;
            }
            if old.iter().chain(&*new).all(is_narrow) {
                let changed = (0u16..).zip(old.iter().zip(&*new));
                let changed = changed.filter(|(_, (old, new))| !is_same(old, new));
                let changed = changed.map(|(x, (_, cell))| (x, y, cell));
                self.backend.draw(changed)?;
                continue;
            }
            // The cells are lent to a buffer of one row: to clone them costs more.
            (old_row.area.y, new_row.area.y) = (y, y);
            old_row.content.swap_with_slice(old);
            new_row.content.swap_with_slice(new);
            let sent = self.backend.draw(old_row.diff_iter(new_row));
            old_row.content.swap_with_slice(old);
            new_row.content.swap_with_slice(new);
            sent?;
        }
        Ok(())
    }
}

/// Whether two cells are drawn alike. Most symbols are of one byte, and a look at that is all that
/// most of a frame needs.
fn is_same(old: &Cell, new: &Cell) -> bool {
    let symbols = match (old.symbol().as_bytes(), new.symbol().as_bytes()) {
        ([old], [new]) => old == new,
        (old, new) => old == new,
    };
    symbols
        && old.fg == new.fg
        && old.bg == new.bg
        && old.modifier == new.modifier
        && old.diff_option == new.diff_option
}

/// True for what takes one column whatever stands beside it: ASCII, lines and blocks. A row of
/// that needs no widths.
fn is_narrow(cell: &Cell) -> bool {
    matches!(
        cell.symbol().as_bytes(),
        [b' '..=b'~'] | [0xe2, 0x94..=0x96, _]
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;
    use ratatui::style::{Color, Style};

    const SIZE: (u16, u16) = (12, 4);

    /// Texts with their places, as several widgets would leave them.
    fn frames() -> impl Strategy<Value = Vec<Vec<(u16, u16, String, bool)>>> {
        let text =
            proptest::string::string_regex("[a-c ]{0,6}|│─|漢字|e\u{301}x|👩‍👩‍👧|❤\u{fe0f}y").unwrap();
        let piece = (0..SIZE.0, 0..SIZE.1, text, any::<bool>());
        let frame = proptest::collection::vec(piece, 0..6);
        proptest::collection::vec(frame, 1..6)
    }

    fn fill(buffer: &mut Buffer, frame: &[(u16, u16, String, bool)]) {
        for (x, y, text, coloured) in frame {
            let style = if *coloured {
                Style::new().bg(Color::Blue)
            } else {
                Style::new()
            };
            buffer.set_stringn(*x, *y, text, usize::from(SIZE.0 - x), style);
        }
    }

    proptest! {
        /// The library compares frames cell by cell; skipping rows must not be seen.
        #[test]
        fn the_terminal_gets_what_the_library_would_send(frames in frames()) {
            let mut surface = Surface::blank(TestBackend::new(SIZE.0, SIZE.1), SIZE);
            let mut whole = Terminal::new(TestBackend::new(SIZE.0, SIZE.1))?;
            for frame in &frames {
                let at = Position::new(1, 1);
                surface.draw(|buffer| (fill(buffer, frame), Some(at)))?;
                whole.draw(|sheet| {
                    fill(sheet.buffer_mut(), frame);
                    sheet.set_cursor_position(at);
                })?;
                prop_assert_eq!(&surface.backend, whole.backend());
            }
        }
    }

    #[test]
    fn a_frame_like_the_one_before_sends_no_cell() {
        let mut surface = Surface::blank(TestBackend::new(SIZE.0, SIZE.1), SIZE);
        let frame = [(0, 1, "a 漢 b".to_owned(), true)];
        for _ in 0..2 {
            surface.draw(|buffer| (fill(buffer, &frame), None)).unwrap();
        }
        // What something else drew meanwhile is still there: nothing went over it.
        surface
            .backend
            .draw([(3, 3, &Cell::new("!"))].into_iter())
            .unwrap();
        surface.draw(|buffer| (fill(buffer, &frame), None)).unwrap();
        assert_eq!(surface.backend.buffer()[(3, 3)].symbol(), "!");
        assert_eq!(surface.backend.buffer()[(0, 1)].symbol(), "a");
    }
}
