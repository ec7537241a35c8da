//! Markdown in the text that is written: what each piece of it looks like, marks included.
//!
//! Reads the passage around the rows on screen and nothing else of the document, so that a key
//! costs the same in a text of any length. Changes how cells look, never what they say.

use crate::domain::document::{Document, Passage};
use crate::domain::rendition::DIALECT;
use crate::view::style::{Role, Styles};
use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use std::ops::Range;

/// Gives the rows of `document`, which are drawn in `area`, the looks of Markdown.
pub(crate) fn paint(document: &Document, styles: Styles, area: Rect, buffer: &mut Buffer) {
    let pieces = pieces(&document.passage(), styles);
    for (row, y) in document.rows().iter().zip(area.top()..area.bottom()) {
        let first = pieces.partition_point(|(piece, _)| piece.end <= row.start);
        for (piece, style) in &pieces[first..] {
            if piece.start >= row.end {
                break;
            }
            let columns = document.columns_of(row, piece);
            let cells = Rect::new(
                area.x.saturating_add(columns.start),
                y,
                columns.end - columns.start,
                1,
            );
            buffer.set_style(cells.intersection(area), *style);
        }
    }
}

/// Dims every row that is not part of the paragraph of the cursor.
pub(crate) fn dim_others(document: &Document, styles: Styles, area: Rect, buffer: &mut Buffer) {
    let paragraph = document.paragraph(document.cursor());
    for (row, y) in document.rows().iter().zip(area.top()..area.bottom()) {
        let within = row.start >= paragraph.start && row.end <= paragraph.end;
        if !within {
            let line = Rect::new(area.x, y, area.width, 1);
            buffer.set_style(line.intersection(area), styles.of(Role::Dim));
        }
    }
}

/// A stretch of the document and how it looks, in the order of the text.
type Piece = (Range<usize>, Style);

fn pieces(passage: &Passage, styles: Styles) -> Vec<Piece> {
    let joined;
    let text = if passage.lead.is_empty() {
        &passage.text
    } else {
        joined = format!("{}{}", passage.lead, passage.text);
        &joined
    };
    let mut painter = Painter {
        styles,
        open: vec![Look::default()],
        at: 0,
        lead: passage.lead.len(),
        start: passage.start,
        pieces: Vec::new(),
    };
    let mut dialect = DIALECT;
    // Front matter, as the source of a template has it, is no heading.
    dialect.set(
        Options::ENABLE_YAML_STYLE_METADATA_BLOCKS,
        passage.start == 0 && text.starts_with("---\n"),
    );
    for (event, range) in Parser::new_ext(text, dialect).into_offset_iter() {
        painter.event(&event, range);
    }
    painter.pieces
}

/// How something open looks: its text, and the marks around and between.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    text: Style,
    marks: Style,
}

struct Painter {
    styles: Styles,
    open: Vec<Look>,
    /// Up to where all is painted.
    at: usize,
    /// Bytes before the text of the document.
    lead: usize,
    /// Where that text stands in the document.
    start: usize,
    pieces: Vec<Piece>,
}

impl Painter {
    fn event(&mut self, event: &Event<'_>, range: Range<usize>) {
        let look = self.look();
        match event {
            Event::Start(tag) => {
                self.paint(range.start, look.marks);
                self.open.push(self.opened(look, tag));
            }
            Event::End(tag) => {
                // What follows an item within its list is the mark of the next one.
                let ends = !matches!(tag, TagEnd::Item);
                if ends {
                    self.paint(range.end, look.marks);
                }
                self.open.pop();
            }
            Event::Text(_) | Event::SoftBreak | Event::HardBreak => self.leaf(range, look.text),
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                self.leaf(range, look.text.patch(self.styles.of(Role::Code)));
            }
            Event::Html(_) | Event::InlineHtml(_) => {
                self.leaf(range, self.styles.of(Role::Dim));
            }
            Event::Rule | Event::TaskListMarker(_) | Event::FootnoteReference(_) => {
                self.leaf(range, self.styles.of(Role::Marker));
            }
        }
    }

    fn look(&self) -> Look {
        self.open.last().copied().unwrap_or_default()
    }

    fn opened(&self, around: Look, tag: &Tag<'_>) -> Look {
        let of = |role| around.text.patch(self.styles.of(role));
        let both = |role| Look {
            text: of(role),
            marks: of(role),
        };
        let marked = |text| Look {
            text,
            marks: self.styles.of(Role::Marker),
        };
        match tag {
            Tag::Heading { .. } => marked(of(Role::Heading)),
            Tag::BlockQuote(_) => marked(of(Role::Quote)),
            Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => both(Role::Code),
            Tag::Item
            | Tag::MetadataBlock(_)
            | Tag::FootnoteDefinition(_)
            | Tag::Table(_)
            | Tag::TableRow => marked(around.text),
            Tag::TableHead => marked(of(Role::Strong)),
            Tag::Emphasis => both(Role::Emphasis),
            Tag::Strong => both(Role::Strong),
            Tag::Strikethrough => both(Role::Struck),
            Tag::Link { .. } | Tag::Image { .. } => Look {
                text: of(Role::Link),
                marks: self.styles.of(Role::Dim),
            },
            _ => around,
        }
    }

    /// Something without parts: what stands before it belongs to what is open.
    fn leaf(&mut self, range: Range<usize>, style: Style) {
        self.paint(range.start, self.look().marks);
        self.paint(range.end, style);
    }

    /// Paints everything that is not yet, up to a place.
    fn paint(&mut self, to: usize, style: Style) {
        let from = self.at;
        self.at = to.max(from);
        if from >= to || style == Style::default() {
            return;
        }
        let place = |at: usize| at.saturating_sub(self.lead) + self.start;
        let piece = place(from)..place(to);
        match self.pieces.last_mut() {
            Some((last, known)) if *known == style && last.end == piece.start => {
                last.end = piece.end;
            }
            _ if piece.is_empty() => {}
            _ => self.pieces.push((piece, style)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::document::{Edit, Motion};
    use proptest::prelude::*;

    /// The pieces of a text that look like a role, joined where they touch.
    fn looking(text: &str, role: Role) -> Vec<String> {
        let mut document = Document::new(text);
        document.set_size(80, 40);
        let wanted = Styles::COLOUR.of(role);
        let pieces = pieces(&document.passage(), Styles::COLOUR);
        let found = pieces.into_iter().filter(|(_, style)| *style == wanted);
        let found = found.map(|(place, _)| document.slice(place).trim_matches('\n').to_owned());
        found.filter(|piece| !piece.is_empty()).collect()
    }

    #[test]
    fn each_kind_of_markdown_has_its_look() {
        assert_eq!(looking("# Title\ntext", Role::Heading), ["Title"]);
        assert_eq!(looking("# Title\ntext", Role::Marker), ["# "]);
        assert_eq!(looking("a *b* c", Role::Emphasis), ["*b*"]);
        assert_eq!(looking("a **b** c", Role::Strong), ["**b**"]);
        assert_eq!(looking("a `b` c", Role::Code), ["`b`"]);
        assert_eq!(looking("[a](http://b)", Role::Link), ["a"]);
        assert_eq!(looking("[a](http://b)", Role::Dim), ["[", "](http://b)"]);
        assert_eq!(looking("- a\n- b\n", Role::Marker), ["- ", "- "]);
        assert_eq!(looking("1. a\n   - b\n", Role::Marker), ["1. ", "   - "]);
        assert_eq!(looking("> a\n> b\n", Role::Quote), ["a", "b"]);
        assert_eq!(looking("> a\n> b\n", Role::Marker), ["> ", "> "]);
        assert_eq!(looking("a\n\n---\n", Role::Marker), ["---"]);
        assert_eq!(looking("```\n# a\n```\nb", Role::Code), ["```\n# a\n```"]);
        assert!(looking("```\n# a\n```\nb", Role::Heading).is_empty());
    }

    #[test]
    fn front_matter_is_no_heading() {
        let source = "---\ntitle: A\n---\n# Title\n";
        assert_eq!(looking(source, Role::Heading), ["Title"]);
        assert_eq!(looking("Under\n---\n", Role::Heading), ["Under"]);
    }

    #[test]
    fn what_is_code_off_screen_is_code_on_screen() {
        let mut document = Document::new("```\na\nb\nc\n# d\n```\n# e\n");
        document.set_size(20, 3);
        document.scroll(3);
        let styled = pieces(&document.passage(), Styles::COLOUR);
        let code = Styles::COLOUR.of(Role::Code);
        let (place, style) = styled.first().cloned().unwrap();
        assert_eq!((document.slice(place), style), ("c\n# d\n```".into(), code));
    }

    #[test]
    fn focus_dims_all_but_the_paragraph() {
        let mut document = Document::new("one\n\ntwo\ntwo\n\nthree");
        document.set_size(10, 6);
        document.go_to_line(4);
        let area = Rect::new(0, 0, 10, 6);
        let mut buffer = Buffer::empty(area);
        dim_others(&document, Styles::COLOUR, area, &mut buffer);
        let dim = Styles::COLOUR.of(Role::Dim).fg;
        let dimmed: Vec<bool> = (0..6).map(|y| Some(buffer[(0, y)].fg) == dim).collect();
        assert_eq!(dimmed, [true, true, false, false, true, true]);
    }

    proptest! {
        /// Scrolling through a text paints what a fresh look at it paints, and nothing outside.
        #[test]
        fn any_text_and_place_is_safe(
            text in "([a-c#>*_`~|\\-\\[\\]() ]|\n|\t|你|```|- |1\\. ){0,80}",
            size in (1u16..20, 1u16..6),
            down in 0u16..30,
        ) {
            let mut document = Document::new(&text);
            document.set_size(size.0, size.1);
            for _ in 0..down {
                document.apply(Edit::Move(Motion::Down), 0);
            }
            let area = Rect::new(2, 1, size.0, size.1);
            let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 10));
            paint(&document, Styles::COLOUR, area, &mut buffer);
            dim_others(&document, Styles::COLOUR, area, &mut buffer);
            let mut last = 0;
            for (piece, _) in pieces(&document.passage(), Styles::COLOUR) {
                prop_assert!(piece.start >= last && piece.end <= document.len(), "{piece:?}");
                last = piece.end;
            }
            for x in 0..40 {
                for y in 0..10 {
                    let inside = area.contains(ratatui::layout::Position::new(x, y));
                    prop_assert!(inside || buffer[(x, y)] == ratatui::buffer::Cell::EMPTY);
                }
            }
        }
    }
}
