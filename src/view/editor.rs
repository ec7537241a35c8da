//! Draws a document: rows, selection, cursor.
//!
//! Only reads: the document has worked out beforehand what is on screen. Never scrolls or wraps.

mod markup;

pub(crate) use markup::{dim_others, paint};

use super::cells;
use super::style::{Role, Styles};
use crate::domain::document::{Document, Row};
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

/// Draws the rows of `document` into `area` and returns where the cursor is, if `focused` and on
/// screen. The document's size must have been set to that of `area`; what does not fit is cut.
pub fn draw(
    document: &Document,
    focused: bool,
    styles: Styles,
    area: Rect,
    buffer: &mut Buffer,
) -> Option<Position> {
    let area = area.intersection(buffer.area);
    let rows = document.visible();
    for (row, y) in rows.iter().zip(area.top()..area.bottom()) {
        draw_row(row, styles, Rect::new(area.x, y, area.width, 1), buffer);
    }
    let (column, row) = document.cursor_cell().filter(|_| focused)?;
    let position = Position::new(area.x.saturating_add(column), area.y.saturating_add(row));
    area.contains(position).then_some(position)
}

fn draw_row(row: &Row, styles: Styles, line: Rect, buffer: &mut Buffer) {
    let style = styles.of(Role::Text);
    cells::print(buffer, (line.x, line.y), &row.text, line.width, style);
    if let Some(selected) = &row.selected {
        let x = line.x.saturating_add(selected.start);
        let width = selected.end.saturating_sub(selected.start);
        let cells = Rect::new(x, line.y, width, 1).intersection(line);
        buffer.set_style(cells, styles.of(Role::Selection));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Edit, Motion};
    use proptest::prelude::*;
    use ratatui::style::Modifier;

    fn document(text: &str, width: u16, height: u16) -> Document {
        let mut document = Document::new(text);
        document.set_size(width, height);
        document
    }

    fn drawn(document: &Document, area: Rect) -> (Buffer, Option<Position>) {
        let mut buffer = Buffer::empty(area);
        let cursor = draw(document, true, Styles::PLAIN, area, &mut buffer);
        (buffer, cursor)
    }

    fn line(buffer: &Buffer, y: u16) -> String {
        let area = buffer.area;
        (area.left()..area.right())
            .map(|x| buffer[(x, y)].symbol())
            .collect()
    }

    #[test]
    fn rows_and_cursor_land_in_the_area() {
        let area = Rect::new(3, 2, 10, 3);
        let mut document = document("# Title\n\nwide 你好", 10, 3);
        document.apply(Edit::Move(Motion::End), 0);
        let (buffer, cursor) = drawn(&document, area);
        assert_eq!(line(&buffer, 2), "# Title   ");
        assert_eq!(cursor, Some(Position::new(12, 4)));
    }

    #[test]
    fn without_focus_there_is_no_cursor() {
        let area = Rect::new(0, 0, 10, 3);
        let mut buffer = Buffer::empty(area);
        let document = document("text", 10, 3);
        assert_eq!(
            draw(&document, false, Styles::PLAIN, area, &mut buffer),
            None
        );
    }

    #[test]
    fn a_selection_is_marked_with_its_line_break() {
        let mut document = document("ab\ncd", 10, 2);
        document.apply(Edit::Select(Motion::Down), 0);
        let (buffer, _) = drawn(&document, Rect::new(0, 0, 10, 2));
        let marked = |x, y| buffer[(x, y)].modifier.contains(Modifier::REVERSED);
        assert!(marked(0, 0) && marked(1, 0) && marked(2, 0));
        assert!(!marked(3, 0) && !marked(0, 1));
    }

    #[test]
    fn control_characters_are_drawn_as_marks() {
        let document = document("a\u{1b}[31m\tb", 20, 1);
        let (buffer, _) = drawn(&document, Rect::new(0, 0, 20, 1));
        assert_eq!(line(&buffer, 0), "a␛[31m  b           ");
    }

    proptest! {
        /// Whatever is typed, the next cluster is drawn in the cell that the cursor pointed at.
        #[test]
        fn the_cursor_is_where_the_next_cluster_is_drawn(
            text in "(a|b|e\u{301}|\u{301}|你|👩‍👩‍👧|❤️|🇩🇪|ｶﾞ|\u{200b}|\u{1b}|\t| |-){0,30}",
            width in 4u16..20,
        ) {
            let area = Rect::new(0, 0, width, 40);
            let mut before = document(&text, width, 40);
            before.apply(Edit::Move(Motion::End), 0);
            let (_, cursor) = drawn(&before, area);
            let mut after = before.clone();
            after.apply(Edit::Insert("Z".into()), 0);
            let (buffer, _) = drawn(&after, area);
            let cursor = cursor.expect("the end is on screen");
            // A word that outgrew its row moves on to the next one as a whole.
            let moved = after.visible().len() > before.visible().len();
            prop_assert!(moved || buffer[cursor].symbol() == "Z", "{cursor:?} {buffer:?}");
        }

        #[test]
        fn any_area_is_safe(
            text in any::<String>(),
            size in (0u16..12, 0u16..6),
            area in (0u16..12, 0u16..6),
        ) {
            let mut document = document(&text, size.0, size.1);
            document.apply(Edit::SelectAll, 0);
            drawn(&document, Rect::new(0, 0, area.0, area.1));
        }
    }
}
