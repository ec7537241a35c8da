//! Parser events drawn as lines, with the places where drawing could be taken up again.
//!
//! [`draw`] is a pure function of the source from one such place on. Everything it draws depends
//! on what stands above only through [`Place`]; that is what makes the cache invisible.

use super::page::{Gaps, Origin, Page};
use super::place::{Inside, Place};
use super::table::Table;
use crate::domain::rendition::DIALECT;
use crate::view::style::{Role, Styles};
use crate::view::wrap::Flow;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::ops::Range;

/// What is drawn, with what stood above a place.
#[derive(Debug)]
pub(super) struct Drawing {
    pub(super) lines: Vec<Line<'static>>,
    /// Where each of them stands in the source.
    pub(super) origins: Vec<Origin>,
    /// Ascending; a place holds only once enough text follows it.
    pub(super) places: Vec<Place>,
    /// Whether a definition here may change what stands far away.
    pub(super) defines: bool,
}

/// The rows drawn so far.
pub(super) type Drawn = (Vec<Line<'static>>, Vec<Origin>);

/// Draws `source` from `place` to its end, below what was drawn up to there.
pub(super) fn draw(
    source: &str,
    place: &Place,
    (mut lines, mut origins): Drawn,
    width: u16,
    styles: Styles,
) -> Drawing {
    lines.truncate(place.row);
    origins.truncate(place.row);
    let rest = source.get(place.offset..).unwrap_or_default();
    let lead = match &place.inside {
        Inside::Document | Inside::List(_) => "",
        Inside::Fence(lead) | Inside::Table(lead, _) => {
            source.get(lead.clone()).unwrap_or_default()
        }
    };
    let joined;
    let text = if lead.is_empty() {
        rest
    } else {
        joined = [lead, rest].concat();
        &joined
    };
    let parser = Parser::new_ext(text, DIALECT);
    let defines = parser.reference_definitions().iter().next().is_some();
    let mut page = Page::below((lines, origins), width, styles);
    page.here = place.offset;
    if place.row > 0 {
        page.continue_below();
    }
    let mut pen = Pen {
        source,
        place,
        lead: lead.len(),
        page,
        places: Vec::new(),
        defines,
        flow: Flow::default(),
        open: false,
        looks: vec![styles.of(Role::Text)],
        links: Vec::new(),
        lists: Vec::new(),
        table: None,
        code: Code::None,
        resumed: !matches!(place.inside, Inside::Document),
    };
    for (event, range) in parser.into_offset_iter() {
        pen.event(event, range);
    }
    pen.flush();
    Drawing {
        lines: pen.page.lines,
        origins: pen.page.origins,
        places: pen.places,
        defines: pen.defines,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Code {
    None,
    Indented,
    /// At the top of the document, with its opening line.
    Fenced(Range<usize>),
    Html,
}

/// An open list.
pub(super) struct List {
    /// The number of the next item.
    pub(super) next: Option<u64>,
    /// Whether it has items above.
    pub(super) begun: bool,
}

/// Turns events into rows on a page.
pub(super) struct Pen<'a> {
    pub(super) source: &'a str,
    pub(super) place: &'a Place,
    /// Bytes of the parsed text that stand before the place.
    pub(super) lead: usize,
    pub(super) page: Page,
    pub(super) places: Vec<Place>,
    pub(super) defines: bool,
    pub(super) flow: Flow,
    /// Whether running text has begun.
    pub(super) open: bool,
    pub(super) looks: Vec<Style>,
    /// Where each open link began in the flow, and where it goes.
    pub(super) links: Vec<(usize, String)>,
    pub(super) lists: Vec<List>,
    pub(super) table: Option<Table>,
    pub(super) code: Code,
    /// Whether the next block is one that began on an earlier page.
    pub(super) resumed: bool,
}

impl Pen<'_> {
    fn event(&mut self, event: Event<'_>, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.start(tag, &range),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.code != Code::None => self.code_text(&text, &range),
            Event::Html(text) => self.code_text(&text, &range),
            Event::Text(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.write(&text, &range);
            }
            Event::Code(text) => self.write_as(Role::Code, &text, &range),
            Event::InlineHtml(tag) if is_line_break(&tag) => self.write("\n", &range),
            Event::InlineHtml(tag) => self.write_as(Role::Dim, &tag, &range),
            Event::FootnoteReference(label) => {
                self.write_as(Role::Marker, &format!("[^{label}]"), &range);
            }
            Event::SoftBreak => self.write(" ", &range),
            Event::HardBreak => self.write("\n", &range),
            Event::TaskListMarker(done) => {
                self.page.remark(if done { "[x] " } else { "[ ] " });
            }
            Event::Rule => {
                self.block(&range);
                let rule = "─".repeat(self.page.room());
                let style = self.page.styles.of(Role::Marker);
                self.page.row(vec![Span::styled(rule, style)]);
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: &Range<usize>) {
        match tag {
            Tag::Paragraph => {
                self.block(range);
                self.open = true;
            }
            Tag::Heading { level, .. } => {
                self.block(range);
                let hashes = format!("{} ", "#".repeat(level as usize));
                self.page.open(hashes, Role::Marker, Gaps::Every);
                self.look(Role::Heading);
                self.open = true;
            }
            Tag::BlockQuote(_) => {
                self.block(range);
                self.page.open_bar("│ ", Role::Marker);
                self.look(Role::Quote);
            }
            Tag::CodeBlock(kind) => self.start_code(&kind, range),
            Tag::HtmlBlock => {
                self.block(range);
                self.code = Code::Html;
            }
            Tag::List(number) => self.start_list(number, range),
            Tag::Item => self.start_item(range),
            Tag::FootnoteDefinition(label) => {
                self.defines = true;
                self.block(range);
                self.page
                    .open(format!("[^{label}]: "), Role::Marker, Gaps::Every);
            }
            Tag::Table(alignments) => self.start_table(alignments, range),
            Tag::TableHead => {
                self.look(Role::Strong);
                self.start_row(range);
            }
            Tag::TableRow => self.start_row(range),
            Tag::TableCell => self.flow.clear(),
            Tag::Emphasis => self.start_look(Role::Emphasis, range),
            Tag::Strong => self.start_look(Role::Strong, range),
            Tag::Strikethrough => self.start_look(Role::Struck, range),
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.start_look(Role::Link, range);
                self.links
                    .push((self.flow.text().len(), dest_url.into_string()));
            }
            Tag::Superscript
            | Tag::Subscript
            | Tag::DefinitionList
            | Tag::DefinitionListTitle
            | Tag::DefinitionListDefinition
            | Tag::MetadataBlock(_) => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph => self.flush(),
            TagEnd::Heading(_) => {
                self.flush();
                self.looks.pop();
                self.page.close_quietly();
            }
            TagEnd::BlockQuote(_) => {
                self.flush();
                self.looks.pop();
                self.page.close();
            }
            TagEnd::CodeBlock => {
                self.end_code();
                self.page.close_quietly();
            }
            TagEnd::HtmlBlock => self.end_code(),
            TagEnd::List(_) => {
                self.flush();
                self.lists.pop();
            }
            TagEnd::Item | TagEnd::FootnoteDefinition => {
                self.flush();
                self.page.close();
            }
            TagEnd::Table => {
                if let Some(mut table) = self.table.take() {
                    table.finish(&mut self.page);
                }
            }
            TagEnd::TableHead => {
                self.looks.pop();
                self.end_head();
            }
            TagEnd::TableRow => self.end_row(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.flow);
                if let Some(table) = &mut self.table {
                    table.cell(cell);
                }
            }
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough => {
                self.looks.pop();
            }
            TagEnd::Link | TagEnd::Image => self.end_link(),
            TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::DefinitionList
            | TagEnd::DefinitionListTitle
            | TagEnd::DefinitionListDefinition
            | TagEnd::MetadataBlock(_) => {}
        }
    }

    fn start_look(&mut self, role: Role, range: &Range<usize>) {
        self.open_text(range);
        self.look(role);
    }

    fn look(&mut self, role: Role) {
        let now = self.looks.last().copied().unwrap_or_default();
        self.looks.push(now.patch(self.page.styles.of(role)));
    }

    fn write(&mut self, text: &str, range: &Range<usize>) {
        self.open_text(range);
        let style = self.looks.last().copied().unwrap_or_default();
        self.flow.anchor(self.absolute(range.start));
        self.flow.push(text, style);
    }

    fn write_as(&mut self, role: Role, text: &str, range: &Range<usize>) {
        self.start_look(role, range);
        self.write(text, range);
        self.looks.pop();
    }

    /// Text of a tight item begins without a tag of its own.
    fn open_text(&mut self, range: &Range<usize>) {
        if !self.open && self.table.is_none() {
            self.begin(range);
            self.open = true;
        }
    }

    fn end_link(&mut self) {
        self.looks.pop();
        let Some((start, url)) = self.links.pop() else {
            return;
        };
        let text = self.flow.text().get(start..).unwrap_or_default();
        if url.is_empty() || text == url || url.strip_prefix("mailto:") == Some(text) {
            return;
        }
        let shown = if text.is_empty() {
            url
        } else {
            format!(" ({url})")
        };
        let now = self.looks.last().copied().unwrap_or_default();
        let style = now.patch(self.page.styles.of(Role::Dim));
        self.flow.push(&shown, style);
    }

    pub(super) fn flush(&mut self) {
        if std::mem::take(&mut self.open) {
            self.page.text(&self.flow);
            self.flow.clear();
        }
    }
}

fn is_line_break(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}
