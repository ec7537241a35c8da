//! What the model learns from a drawing: sizes, and how far things can scroll.

use super::areas::Areas;
use super::dialog::Dialog;
use super::{App, Pane};

impl App {
    /// Takes where things were drawn; true when another frame is needed for it.
    pub fn on_drawn(&mut self, areas: Areas) -> bool {
        // A document that was just opened has no size yet.
        let area = (areas.document.width, areas.document.height);
        let resized = area.1 > 0 && area != self.editor.document.size();
        if resized {
            self.editor.document.set_size(area.0, area.1);
        }
        let scrolling = self.pen.scrolling();
        self.editor.document.set_scrolling(scrolling);
        let retaken = self.editor.detached.as_mut().is_some_and(|taken| {
            let changed = area.1 > 0 && area != taken.document.size();
            if changed {
                taken.document.set_size(area.0, area.1);
            }
            changed
        });
        if !self.asks.shown {
            self.settle_variants(&areas);
        }
        let talked = self.on_talk_drawn(&areas);
        let last_prompt = areas
            .prompt_rows
            .saturating_sub(usize::from(areas.document.height));
        self.editor.preview_scroll = self.editor.preview_scroll.min(last_prompt);
        self.keep_help_in_sight(&areas);
        match self.dialogs.last_mut() {
            Some(Dialog::Comparison(shown)) => {
                shown.moved = areas.compared.unwrap_or(shown.moved);
            }
            Some(Dialog::Payload(inspection)) => {
                inspection.scroll = inspection.scroll.min(areas.payload_last);
            }
            _ => {}
        }
        self.on_review_drawn(areas.reviewed);
        let refilled = self.size_fields(&areas);
        self.areas = areas;
        refilled || retaken || talked || (resized && !self.editor.document.is_empty())
    }

    /// Tells each text field how large it is drawn, and which of them has the focus; true when one of them shows other rows now.
    fn size_fields(&mut self, areas: &Areas) -> bool {
        let Some(form) = self.form.as_mut() else {
            return false;
        };
        let (focus, here) = (form.focus(), self.focus == Pane::Template);
        let mut changed = false;
        for drawn in &areas.fields {
            if let Some(entry) = form.entry_mut(drawn.index) {
                changed |= entry.set_size(drawn.area.width, drawn.area.height);
                changed |= if here && drawn.index == focus {
                    entry.show_cursor()
                } else {
                    entry.show_start()
                };
            }
        }
        changed
    }
}
