//! The blocks of a text: where they begin, and code, lists and tables.
//!
//! The other half of the pen in `draw`. Marks the places where drawing can be taken up again.

use super::draw::{Code, List, Pen};
use super::page::Gaps;
use super::place::{Inside, Place, blank_above, line_start};
use super::table::Table;
use crate::view::style::Role;
use pulldown_cmark::{Alignment, CodeBlockKind};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

impl Pen<'_> {
    /// Begins a block. At the top of the document it is a place to take drawing up again.
    pub(super) fn block(&mut self, range: &Range<usize>) {
        self.flush();
        if std::mem::take(&mut self.resumed) {
            return;
        }
        // A gap that an empty block has left is not to be seen from here.
        if self.page.is_top() && !self.page.gap_is_due() {
            let offset = self.line_start(range.start);
            self.mark(offset, Inside::Document);
        }
        self.begin(range);
    }

    pub(super) fn begin(&mut self, range: &Range<usize>) {
        let at = self.absolute(range.start);
        let source = self.source;
        self.page
            .begin(|| blank_above(source, line_start(source, at)));
    }

    pub(super) fn start_code(&mut self, kind: &CodeBlockKind<'_>, range: &Range<usize>) {
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
    pub(super) fn code_text(&mut self, text: &str, range: &Range<usize>) {
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
            self.flow.anchor(self.absolute(at));
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

    pub(super) fn end_code(&mut self) {
        if !self.flow.is_empty() {
            self.end_code_line();
        }
        self.code = Code::None;
    }

    pub(super) fn start_list(&mut self, number: Option<u64>, range: &Range<usize>) {
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

    pub(super) fn start_item(&mut self, range: &Range<usize>) {
        self.flush();
        let Some(list) = self.lists.last_mut() else {
            return;
        };
        let begun = std::mem::replace(&mut list.begun, true);
        let number = list.next;
        list.next = number.map(|number| number.saturating_add(1));
        if begun {
            let offset = self.line_start(range.start);
            if self.page.is_top() && !self.page.gap_is_due() {
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

    pub(super) fn start_table(&mut self, alignments: Vec<Alignment>, range: &Range<usize>) {
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

    pub(super) fn start_row(&mut self, range: &Range<usize>) {
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
    pub(super) fn end_head(&mut self) {
        match &mut self.table {
            Some(table) if table.settled().is_some() => table.skip_head(),
            _ => self.end_row(),
        }
    }

    pub(super) fn end_row(&mut self) {
        if let Some(table) = &mut self.table {
            table.end_row(&mut self.page);
        }
    }

    fn mark(&mut self, offset: usize, inside: Inside) {
        let row = self.page.lines.len();
        self.places.push(Place {
            offset,
            row,
            inside,
        });
    }

    /// Where in the source a position of the parsed text is.
    pub(super) const fn absolute(&self, at: usize) -> usize {
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
