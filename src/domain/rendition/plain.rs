//! Plain text: what a text says, without the marks.
//!
//! Blocks stand apart by an empty line, lists keep their bullets, quotes their sign, tables their
//! columns. Lines end where the text ends them.

use super::passage::events;
use pulldown_cmark::{Event, Tag, TagEnd};
use std::fmt::Write;
use unicode_width::UnicodeWidthStr;

/// The text.
pub(super) fn text(body: &str) -> String {
    let mut page = Page::default();
    let events = events(body);
    page.loose = loose(&events);
    page.loose.reverse();
    for event in events {
        page.event(event);
    }
    page.close();
    page.out
}

/// Of each list in its order: whether its items stand apart, because one of them has paragraphs.
fn loose(events: &[Event<'_>]) -> Vec<bool> {
    let mut found = Vec::new();
    // The open lists, and whether each open block is an item of the innermost.
    let mut lists: Vec<usize> = Vec::new();
    let mut in_item = false;
    for event in events {
        match event {
            Event::Start(Tag::List(_)) => {
                lists.push(found.len());
                found.push(false);
            }
            Event::End(TagEnd::List(_)) => drop(lists.pop()),
            Event::Start(Tag::Paragraph) if in_item => {
                if let Some(at) = lists.last() {
                    found[*at] = true;
                }
            }
            _ => {}
        }
        in_item = matches!(event, Event::Start(Tag::Item));
    }
    found
}

/// An open list.
#[derive(Debug, Default)]
struct List {
    /// The number of the next item.
    number: Option<u64>,
    loose: bool,
    /// Whether it has items above.
    begun: bool,
}

/// What stands before the lines of a block: before the first, and before the others.
#[derive(Debug)]
struct Margin {
    first: Option<String>,
    others: String,
    /// Whether the block is an item of a list.
    item: bool,
}

#[derive(Debug, Default)]
struct Page {
    out: String,
    margins: Vec<Margin>,
    /// Running text that is not written yet.
    line: String,
    lists: Vec<List>,
    /// Of the lists that are still to come, the last one first.
    loose: Vec<bool>,
    /// Where open links began in the line, and where they go.
    links: Vec<(usize, String)>,
    table: Option<Vec<Vec<String>>>,
    in_code: bool,
}

impl Page {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text) => self.line.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.line.push('\n'),
            Event::FootnoteReference(label) => {
                // Writing to a string cannot fail.
                let _ = write!(self.line, "[{label}]");
            }
            Event::TaskListMarker(done) => {
                self.line.push_str(if done { "[x] " } else { "[ ] " });
            }
            Event::Rule => {
                self.close();
                "* * *".clone_into(&mut self.line);
                self.close();
            }
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::BlockQuote(_) => self.open("> ", "> ", false),
            Tag::CodeBlock(_) => {
                self.close();
                self.in_code = true;
            }
            Tag::List(number) => {
                self.close();
                let loose = self.loose.pop().unwrap_or_default();
                self.lists.push(List {
                    number,
                    loose,
                    begun: false,
                });
            }
            Tag::Item => {
                let number = self.lists.last_mut().and_then(|list| list.number.as_mut());
                let mark = match number {
                    Some(number) => {
                        *number = number.saturating_add(1);
                        format!("{}. ", number.saturating_sub(1))
                    }
                    _ => "- ".to_owned(),
                };
                let others = " ".repeat(mark.len());
                self.open(&mark, &others, true);
            }
            Tag::FootnoteDefinition(label) => self.open(&format!("[{label}] "), "    ", false),
            Tag::Table(_) => {
                self.close();
                self.table = Some(Vec::new());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.push(Vec::new());
                }
            }
            Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => {
                self.links.push((self.line.len(), dest_url.into_string()));
            }
            Tag::Paragraph | Tag::Heading { .. } => self.close(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) => self.close(),
            TagEnd::CodeBlock => {
                let code = self.line.trim_end_matches('\n').len();
                self.line.truncate(code);
                self.close();
                self.in_code = false;
            }
            TagEnd::BlockQuote(_) | TagEnd::FootnoteDefinition => {
                self.close();
                self.margins.pop();
            }
            TagEnd::Item => {
                self.close();
                // An empty item has its bullet all the same.
                if let Some(Margin { first: Some(_), .. }) = self.margins.last() {
                    self.lines("");
                }
                self.margins.pop();
            }
            TagEnd::List(_) => drop(self.lists.pop()),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.line).replace('\n', " ");
                if let Some(row) = self.table.as_mut().and_then(|table| table.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.end_table(),
            TagEnd::Link | TagEnd::Image => self.end_link(),
            _ => {}
        }
    }

    fn open(&mut self, first: &str, others: &str, item: bool) {
        self.close();
        self.margins.push(Margin {
            first: Some(first.to_owned()),
            others: others.to_owned(),
            item,
        });
    }

    fn end_link(&mut self) {
        let Some((start, url)) = self.links.pop() else {
            return;
        };
        let text = self.line.get(start..).unwrap_or_default();
        if url.is_empty()
            || url.starts_with("data:")
            || text == url
            || url.strip_prefix("mailto:") == Some(text)
        {
            return;
        }
        let gap = if text.is_empty() { "" } else { " " };
        let _ = write!(self.line, "{gap}({url})");
    }

    fn end_table(&mut self) {
        let rows = self.table.take().unwrap_or_default();
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let width = |column: usize| {
            let cells = rows.iter().filter_map(|row| row.get(column));
            cells.map(|cell| cell.width()).max().unwrap_or(0)
        };
        let widths: Vec<usize> = (0..columns).map(width).collect();
        let mut lines = Vec::new();
        for (at, row) in rows.iter().enumerate() {
            let cells = row.iter().zip(&widths).map(|(cell, width)| {
                let room = width.saturating_sub(cell.width());
                format!("{cell}{}", " ".repeat(room))
            });
            let line = cells.collect::<Vec<_>>().join("  ");
            lines.push(line.trim_end().to_owned());
            if at == 0 {
                let rules: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
                lines.push(rules.join("  "));
            }
        }
        self.line = lines.join("\n");
        self.close();
    }

    /// Writes the running text as a block.
    fn close(&mut self) {
        if !self.in_code {
            let text = self.line.trim_end().len();
            self.line.truncate(text);
        }
        let text = std::mem::take(&mut self.line);
        if !text.is_empty() {
            self.lines(&text);
        }
    }

    fn lines(&mut self, text: &str) {
        if self.stands_apart() && !self.out.is_empty() {
            let above = self
                .margins
                .iter()
                .take_while(|margin| margin.first.is_none());
            let empty: String = above.map(|margin| margin.others.as_str()).collect();
            self.out.push_str(empty.trim_end());
            self.out.push('\n');
        }
        for line in text.split('\n') {
            let mut whole = String::new();
            for margin in &mut self.margins {
                let first = margin.first.take();
                whole.push_str(&first.unwrap_or_else(|| margin.others.clone()));
            }
            whole.push_str(line);
            self.out.push_str(whole.trim_end());
            self.out.push('\n');
        }
    }

    /// Whether an empty line goes before the block that is written now. Not where it is the next
    /// item of a close list, or the first of one within an item.
    fn stands_apart(&mut self) -> bool {
        let begins = |margin: &Margin| margin.item && margin.first.is_some();
        let fresh = self.margins.iter().any(begins);
        let Some((list, outer)) = self.lists.split_last_mut().filter(|_| fresh) else {
            return true;
        };
        if std::mem::replace(&mut list.begun, true) {
            return list.loose;
        }
        outer.last().is_none_or(|outer| outer.loose)
    }
}
