//! Moving about: lists, previews, scrolling, and opening what is highlighted.

use super::browser::Item;
use super::command::Command;
use super::editor::Tab;
use super::effect::Effect;
use super::msg::Purpose;
use super::{App, Pane, Weight};
use std::path::PathBuf;

impl App {
    /// Opens what is highlighted.
    pub(super) fn activate(&mut self) -> Vec<Effect> {
        self.browser.stop_typing();
        let Some(row) = self.browser.highlighted() else {
            return Vec::new();
        };
        let item = row.item.clone();
        self.open_item(item)
    }

    /// Reads the highlighted template so that its preview can be shown.
    pub(super) fn preview_highlighted(&mut self) -> Vec<Effect> {
        let name = match self.browser.highlighted().map(|row| row.item.clone()) {
            Some(Item::Template(name)) => name,
            Some(Item::Draft(path)) => {
                let shown = self.browser.beginning.as_ref();
                if shown.is_some_and(|(shown, _)| *shown == path) {
                    return Vec::new();
                }
                return vec![Effect::ReadBeginning(path)];
            }
            _ => return Vec::new(),
        };
        if self
            .browser
            .preview
            .as_ref()
            .is_some_and(|(shown, _)| *shown == name)
        {
            return Vec::new();
        }
        vec![Effect::LoadTemplate {
            name,
            purpose: Purpose::Preview,
        }]
    }

    /// The beginning of a draft was read.
    pub(super) fn on_beginning(&mut self, path: PathBuf, text: String) -> Vec<Effect> {
        self.browser.beginning = Some((path, text));
        Vec::new()
    }

    pub(super) fn copy(&mut self) -> Vec<Effect> {
        if self.focus != Pane::Output {
            let item = self.browser.highlighted().map(|row| row.item.clone());
            return item.map(Effect::ReadItem).into_iter().collect();
        }
        if let Some(text) = self.chosen_part() {
            return vec![Effect::Copy(text)];
        }
        let text = self.shown_answer().map(|variant| variant.text.clone());
        text.filter(|text| !text.is_empty())
            .map(Effect::Copy)
            .into_iter()
            .collect()
    }

    pub(super) fn move_by(&mut self, command: Command) -> Vec<Effect> {
        if self.focus == Pane::Output {
            let page = usize::from(self.areas.output.height.max(2)) - 1;
            self.scroll_output(rows_of(command, page.cast_signed()));
            return Vec::new();
        }
        if self.is_reviewing() {
            let page = usize::from(self.areas.document.height.max(2)) - 1;
            self.scroll_review(rows_of(command, page.cast_signed()));
            return Vec::new();
        }
        let page = self.areas.list_rows.max(2) - 1;
        self.browser.step(rows_of(command, page.cast_signed()));
        self.preview_highlighted()
    }

    /// Scrolls the variant shown; at the end it follows the text again.
    pub(super) fn scroll_output(&mut self, rows: isize) {
        let last = self
            .areas
            .output_rows
            .saturating_sub(usize::from(self.areas.output.height));
        if let Some((scroll, follow)) = self.page_mut() {
            *scroll = scroll.saturating_add_signed(rows).min(last);
            *follow = *scroll >= last;
        }
    }

    /// Shows what the model thought, or folds it again.
    pub(super) fn unfold_reasoning(&mut self) -> Vec<Effect> {
        let asked = self.asks.shown;
        let variant = self.shown_answer_mut();
        let Some(variant) = variant.filter(|variant| !variant.reasoning.is_empty()) else {
            return self.tell(Weight::Note, "no reasoning came with this variant");
        };
        variant.reasoning.open = !variant.reasoning.open;
        if !(asked || variant.is_running() && variant.text.is_empty()) {
            // It stands above the text: who unfolds it wants to see its beginning.
            variant.follow = !variant.reasoning.open && variant.is_running();
            variant.scroll = 0;
        }
        self.marked = None;
        Vec::new()
    }

    /// Scrolls the prompt.
    pub(super) fn scroll_prompt(&mut self, rows: isize) {
        self.editor.preview_scroll = self.editor.preview_scroll.saturating_add_signed(rows);
    }

    /// Shows a tab of the Editor; another one is another text to look in.
    pub(super) fn show_tab(&mut self, tab: Tab) {
        if self.editor.tab != tab {
            self.stop_finding();
        }
        self.editor.tab = tab;
    }

    pub(super) fn new_draft(&mut self) -> Vec<Effect> {
        self.begin_empty();
        Vec::new()
    }

    pub(super) fn toggle_template(&mut self) {
        self.template_hidden = !self.template_hidden;
        if self.template_hidden && self.focus == Pane::Template {
            self.focus_on(self.work);
        }
    }
}

const fn rows_of(command: Command, page: isize) -> isize {
    match command {
        Command::Down => 1,
        Command::Up => -1,
        Command::PageDown => page,
        Command::PageUp => -page,
        Command::First => isize::MIN,
        _ => isize::MAX / 2,
    }
}
