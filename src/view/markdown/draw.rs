//! Parser events drawn as lines, with the places where drawing could be taken up again.
//!
//! [`draw`] is a pure function of the source from one such place on. Everything it draws depends
//! on what stands above only through [`Place`]; that is what makes the cache invisible.

use super::page::{Gaps, Page};
use super::table::Table;
use crate::view::style::{Role, Styles};
use crate::view::wrap::Flow;
use pulldown_cmark::{Alignment, CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

/// A place in the source where drawing can begin.
#[derive(Debug, Clone)]
pub(super) struct Place {
    /// The start of a line.
    pub(super) offset: usize,
    /// Rows above it.
    pub(super) row: usize,
    pub(super) inside: Inside,
}

/// What the place lies inside of.
#[derive(Debug, Clone)]
pub(super) enum Inside {
    /// Nothing: a block begins here.
    Document,
    /// A list, whose item with this number begins here.
    List(Option<u64>),
    /// A fenced code block with this opening line.
    Fence(Range<usize>),
    /// A table with this head and these widths.
    Table(Range<usize>, Arc<[usize]>),
}

impl Place {
    pub(super) const START: Self = Self {
        offset: 0,
        row: 0,
        inside: Inside::Document,
    };
}

/// What was drawn from a place on.
#[derive(Debug)]
pub(super) struct Drawing {
    pub(super) lines: Vec<Line<'static>>,
    /// Ascending; a place holds only once enough text follows it.
    pub(super) places: Vec<Place>,
    /// Whether a definition here may change what stands far away.
    pub(super) defines: bool,
}

/// Draws `source` from `place` to its end.
pub(super) fn draw(source: &str, place: &Place, width: u16, styles: Styles) -> Drawing {
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
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES;
    let parser = Parser::new_ext(text, options);
    let defines = parser.reference_definitions().iter().next().is_some();
    let mut page = Page::new(width, styles);
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
        places: pen.places,
        defines: pen.defines,
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Code {
    None,
    Indented,
    /// At the top of the document, with its opening line.
    Fenced(Range<usize>),
    Html,
}

/// An open list.
struct List {
    /// The number of the next item.
    next: Option<u64>,
    /// Whether it has items above.
    begun: bool,
}

/// Turns events into rows on a page.
struct Pen<'a> {
    source: &'a str,
    place: &'a Place,
    /// Bytes of the parsed text that stand before the place.
    lead: usize,
    page: Page,
    places: Vec<Place>,
    defines: bool,
    flow: Flow,
    /// Whether running text has begun.
    open: bool,
    looks: Vec<Style>,
    /// Where each open link began in the flow, and where it goes.
    links: Vec<(usize, String)>,
    lists: Vec<List>,
    table: Option<Table>,
    code: Code,
    /// Whether the next block is one that began on an earlier page.
    resumed: bool,
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

    // --- blocks ---

    /// Begins a block. At the top of the document it is a place to take drawing up again.
    fn block(&mut self, range: &Range<usize>) {
        self.flush();
        if std::mem::take(&mut self.resumed) {
            return;
        }
        if self.page.is_top() {
            let offset = self.line_start(range.start);
            self.mark(offset, Inside::Document);
        }
        self.begin(range);
    }

    fn begin(&mut self, range: &Range<usize>) {
        let at = self.absolute(range.start);
        let source = self.source;
        self.page
            .begin(|| blank_above(source, line_start(source, at)));
    }

    fn start_code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
        let resumed = self.resumed;
        self.block(range);
        self.code = Code::Indented;
        if let CodeBlockKind::Fenced(info) = kind {
            if self.page.is_top() {
                self.code = Code::Fenced(match &self.place.inside {
                    Inside::Fence(lead) if resumed => lead.clone(),
                    _ => self.line(self.absolute(range.start)),
                });
            }
            let language = info.split([' ', ',', '{']).next().unwrap_or_default();
            if !language.is_empty() && !resumed {
                self.flow.push(language, self.page.styles.of(Role::Dim));
                self.page.text(&self.flow);
                self.flow.clear();
            }
        }
        self.page.open_bar("  ", Role::Text);
    }

    /// Lines of code or HTML, drawn as they stand.
    fn code_text(&mut self, text: &str, range: &Range<usize>) {
        let html = self.code == Code::Html;
        let role = if html { Role::Dim } else { Role::Code };
        let style = self.page.styles.of(role);
        let mut at = range.start;
        for line in text.split_inclusive('\n') {
            if self.flow.is_empty()
                && !self.page.gap_is_due()
                && let Code::Fenced(lead) = &self.code
            {
                let offset = self.line_start(at);
                let inside = Inside::Fence(lead.clone());
                self.mark(offset, inside);
            }
            at += line.len();
            self.flow.push(line.trim_end_matches(['\n', '\r']), style);
            if line.ends_with('\n') {
                self.end_code_line();
            }
        }
    }

    fn end_code_line(&mut self) {
        self.page.text(&self.flow);
        self.flow.clear();
    }

    fn end_code(&mut self) {
        if !self.flow.is_empty() {
            self.end_code_line();
        }
        self.code = Code::None;
    }

    fn start_list(&mut self, number: Option<u64>, range: &Range<usize>) {
        let resumed = self.resumed;
        self.block(range);
        let next = match self.place.inside {
            Inside::List(number) if resumed => number,
            _ => number,
        };
        self.lists.push(List {
            next,
            begun: resumed,
        });
    }

    fn start_item(&mut self, range: &Range<usize>) {
        self.flush();
        let Some(list) = self.lists.last_mut() else {
            return;
        };
        let begun = std::mem::replace(&mut list.begun, true);
        let number = list.next;
        list.next = number.map(|number| number.saturating_add(1));
        if begun {
            let offset = self.line_start(range.start);
            if self.page.is_top() {
                self.mark(offset, Inside::List(number));
            }
            if blank_above(self.source, offset) {
                self.page.gap();
            }
        }
        let marker = number.map_or(Cow::Borrowed("• "), |number| {
            Cow::Owned(format!("{number}. "))
        });
        self.page.open(marker, Role::Marker, Gaps::AsWritten);
    }

    fn start_table(&mut self, alignments: Vec<Alignment>, range: &Range<usize>) {
        let resumed = self.resumed;
        self.block(range);
        let table = match &self.place.inside {
            Inside::Table(head, widths) if resumed => {
                let mut table = Table::new(alignments, head.clone());
                table.settle(Arc::clone(widths));
                table
            }
            _ => {
                let first = self.line(self.absolute(range.start));
                let delimiter = self.line(first.end);
                Table::new(alignments, first.start..delimiter.end)
            }
        };
        self.table = Some(table);
    }

    fn start_row(&mut self, range: &Range<usize>) {
        let offset = self.line_start(range.start);
        let Some(table) = &mut self.table else {
            return;
        };
        table.begin_row();
        let settled = table.settled().cloned();
        let head = table.head.clone();
        if let Some(widths) = settled
            && self.page.is_top()
            && range.start >= self.lead
        {
            self.mark(offset, Inside::Table(head, widths));
        }
    }

    /// The head of a table that goes on was drawn on an earlier page.
    fn end_head(&mut self) {
        match &mut self.table {
            Some(table) if table.settled().is_some() => table.skip_head(),
            _ => self.end_row(),
        }
    }

    fn end_row(&mut self) {
        if let Some(table) = &mut self.table {
            table.end_row(&mut self.page);
        }
    }

    // --- running text ---

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

    fn flush(&mut self) {
        if std::mem::take(&mut self.open) {
            self.page.text(&self.flow);
            self.flow.clear();
        }
    }

    // --- places ---

    fn mark(&mut self, offset: usize, inside: Inside) {
        let row = self.place.row + self.page.lines.len();
        self.places.push(Place {
            offset,
            row,
            inside,
        });
    }

    /// Where in the source a position of the parsed text is.
    const fn absolute(&self, at: usize) -> usize {
        self.place.offset + at.saturating_sub(self.lead)
    }

    fn line_start(&self, at: usize) -> usize {
        line_start(self.source, self.absolute(at))
    }

    /// The whole line around a place in the source, with its end.
    fn line(&self, at: usize) -> Range<usize> {
        let start = line_start(self.source, at);
        let after = self.source.get(start..).unwrap_or_default();
        start..start + after.find('\n').map_or(after.len(), |end| end + 1)
    }
}

fn line_start(source: &str, at: usize) -> usize {
    let before = source.get(..at).unwrap_or_default();
    before.rfind(['\n', '\r']).map_or(0, |end| end + 1)
}

/// Whether the line above the one at `at` is blank, quote marks aside.
fn blank_above(source: &str, at: usize) -> bool {
    let above = source.get(..at).unwrap_or_default();
    let above = above.strip_suffix('\n').unwrap_or(above);
    let line = above
        .rfind('\n')
        .map_or(above, |end| above.get(end..).unwrap_or_default());
    line.trim_matches(|c: char| c.is_whitespace() || c == '>')
        .is_empty()
}

fn is_line_break(tag: &str) -> bool {
    let name = tag.trim_matches(['<', '>', '/', ' ']);
    name.eq_ignore_ascii_case("br")
}
