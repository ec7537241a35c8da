//! The words of a document: paragraphs of runs, from parser events.
//!
//! Each block is written when it is whole. Footnotes stand as `[1]` in the text and behind it.

use super::super::html::escaped;
use super::super::passage::events;
use super::{LEVELS, STEP};
use pulldown_cmark::{Alignment, Event, Tag, TagEnd};
use std::fmt::Write;

/// A list: where it begins to count, if it does, and how deep it lies.
#[derive(Debug)]
pub(super) struct Numbered {
    pub(super) start: Option<u64>,
    pub(super) level: usize,
}

/// What is written, and what it refers to.
#[derive(Debug, Default)]
pub(super) struct Body {
    pub(super) xml: String,
    pub(super) links: Vec<String>,
    pub(super) lists: Vec<Numbered>,
    /// Runs of the paragraph that is being gathered.
    runs: String,
    style: Option<String>,
    strong: usize,
    emphasis: usize,
    struck: usize,
    linked: usize,
    quotes: usize,
    in_code: bool,
    /// The open lists, as places in `lists`.
    open: Vec<usize>,
    /// Whether the next paragraph has the bullet of its item.
    bullet: bool,
    columns: Vec<Alignment>,
    cell: Option<usize>,
    in_head: bool,
}

impl Body {
    /// The whole text.
    pub(super) fn of(body: &str) -> Self {
        let mut out = Self::default();
        for event in events(body) {
            out.event(event);
        }
        out.close();
        out
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text) if self.in_code => {
                let text = text.strip_suffix('\n').unwrap_or(&text);
                for (at, line) in text.split('\n').enumerate() {
                    if at > 0 || !self.runs.is_empty() {
                        self.runs.push_str("<w:r><w:br/></w:r>");
                    }
                    self.run(line, false);
                }
            }
            Event::Code(text) => self.run(&text, true),
            Event::Text(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.run(&text, false),
            Event::SoftBreak => self.run(" ", false),
            Event::HardBreak => self.runs.push_str("<w:r><w:br/></w:r>"),
            Event::FootnoteReference(label) => self.run(&format!("[{label}]"), false),
            Event::TaskListMarker(done) => self.run(if done { "☒ " } else { "☐ " }, false),
            Event::Rule => {
                self.close();
                self.xml.push_str(
                    "<w:p><w:pPr><w:pBdr><w:bottom w:val=\"single\" w:sz=\"6\" w:space=\"1\" w:color=\"auto\"/></w:pBdr></w:pPr></w:p>",
                );
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Heading { level, .. } => {
                self.close();
                self.style = Some(format!("Heading{}", level as usize));
            }
            Tag::BlockQuote(_) => {
                self.close();
                self.quotes += 1;
            }
            Tag::CodeBlock(_) => {
                self.close();
                self.in_code = true;
                self.style = Some("SourceCode".to_owned());
            }
            Tag::List(start) => {
                self.close();
                let level = self.open.len().min(LEVELS - 1);
                self.open.push(self.lists.len());
                self.lists.push(Numbered { start, level });
            }
            Tag::Item => {
                self.close();
                self.bullet = true;
            }
            Tag::FootnoteDefinition(label) => {
                self.close();
                self.run(&format!("[{label}] "), false);
            }
            Tag::Table(columns) => self.start_table(columns),
            Tag::TableHead => {
                self.in_head = true;
                self.cell = Some(0);
                self.xml.push_str("<w:tr><w:trPr><w:tblHeader/></w:trPr>");
            }
            Tag::TableRow => {
                self.cell = Some(0);
                self.xml.push_str("<w:tr>");
            }
            Tag::Strong => self.strong += 1,
            Tag::Emphasis => self.emphasis += 1,
            Tag::Strikethrough => self.struck += 1,
            // A picture is its words, and a way to it.
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => self.start_link(&dest_url),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::FootnoteDefinition => self.close(),
            TagEnd::CodeBlock => {
                self.close();
                self.in_code = false;
            }
            TagEnd::BlockQuote(_) => {
                self.close();
                self.quotes = self.quotes.saturating_sub(1);
            }
            TagEnd::Item => {
                if self.bullet {
                    self.paragraph();
                }
                self.close();
            }
            TagEnd::List(_) => drop(self.open.pop()),
            TagEnd::TableCell => self.end_cell(),
            TagEnd::TableHead | TagEnd::TableRow => {
                // A row of fewer cells than columns would be taken for a broken file.
                while self.cell.is_some_and(|cell| cell < self.columns.len()) {
                    self.end_cell();
                }
                self.in_head = false;
                self.xml.push_str("</w:tr>");
            }
            TagEnd::Table => {
                self.cell = None;
                // Two tables in a row would be read as one, and none may be the last.
                self.xml.push_str("</w:tbl><w:p/>");
            }
            TagEnd::Strong => self.strong = self.strong.saturating_sub(1),
            TagEnd::Emphasis => self.emphasis = self.emphasis.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    fn start_table(&mut self, columns: Vec<Alignment>) {
        self.close();
        self.xml.push_str(
            "<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"0\" w:type=\"auto\"/></w:tblPr><w:tblGrid>",
        );
        for _ in &columns {
            self.xml.push_str("<w:gridCol/>");
        }
        self.xml.push_str("</w:tblGrid>");
        self.columns = columns;
    }

    fn end_cell(&mut self) {
        let Some(column) = self.cell else { return };
        self.cell = Some(column + 1);
        let side = match self.columns.get(column) {
            Some(Alignment::Center) => "<w:pPr><w:jc w:val=\"center\"/></w:pPr>",
            Some(Alignment::Right) => "<w:pPr><w:jc w:val=\"right\"/></w:pPr>",
            _ => "",
        };
        let runs = std::mem::take(&mut self.runs);
        // Writing to a string cannot fail.
        let _ = write!(self.xml, "<w:tc><w:p>{side}{runs}</w:p></w:tc>");
    }

    fn start_link(&mut self, url: &str) {
        self.linked += 1;
        // One within another, as a picture in a link, leads where the outer one leads.
        if self.linked == 1 {
            let id = self.links.len();
            self.links.push(url.to_owned());
            let _ = write!(self.runs, "<w:hyperlink r:id=\"rId{id}\">");
        }
    }

    fn end_link(&mut self) {
        self.linked = self.linked.saturating_sub(1);
        if self.linked == 0 {
            self.runs.push_str("</w:hyperlink>");
        }
    }

    fn run(&mut self, text: &str, code: bool) {
        if text.is_empty() {
            return;
        }
        let mut look = String::new();
        if code {
            look.push_str("<w:rStyle w:val=\"VerbatimChar\"/>");
        } else if self.linked > 0 {
            look.push_str("<w:rStyle w:val=\"Hyperlink\"/>");
        }
        for (on, tag) in [
            (self.strong > 0 || self.in_head, "<w:b/>"),
            (self.emphasis > 0, "<w:i/>"),
            (self.struck > 0, "<w:strike/>"),
        ] {
            if on {
                look.push_str(tag);
            }
        }
        if !look.is_empty() {
            look = format!("<w:rPr>{look}</w:rPr>");
        }
        let text = escaped(text);
        let _ = write!(
            self.runs,
            "<w:r>{look}<w:t xml:space=\"preserve\">{text}</w:t></w:r>"
        );
    }

    /// Writes the paragraph, if there is one.
    fn close(&mut self) {
        if self.cell.is_none() && !self.runs.is_empty() {
            self.paragraph();
        }
        self.style = None;
    }

    fn paragraph(&mut self) {
        let bullet = std::mem::take(&mut self.bullet);
        let style = self.style.take().or_else(|| {
            let style = match (self.quotes, self.open.last()) {
                (1.., _) => "Quote",
                (_, Some(_)) => "ListParagraph",
                _ => return None,
            };
            Some(style.to_owned())
        });
        let mut form = String::new();
        if let Some(style) = style {
            let _ = write!(form, "<w:pStyle w:val=\"{style}\"/>");
        }
        match self.open.last() {
            Some(at) if bullet => {
                let (level, id) = (self.lists[*at].level, at + 1);
                let _ = write!(
                    form,
                    "<w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{id}\"/></w:numPr>"
                );
            }
            _ => {
                let left = STEP * (self.open.len() + self.quotes);
                if left > 0 {
                    let _ = write!(form, "<w:ind w:left=\"{left}\"/>");
                }
            }
        }
        let runs = std::mem::take(&mut self.runs);
        let _ = write!(self.xml, "<w:p><w:pPr>{form}</w:pPr>{runs}</w:p>");
    }
}
