//! What the box is filled with that makes a template of a text, and what becomes of it.
//!
//! Reads the draft, the prompt, the selection; changes none of them.

use super::{Hand, Making, Stuff, Wish};
use crate::app::browser::Tab as List;
use crate::app::dialog::Dialog;
use crate::app::editor::Tab;
use crate::app::effect::Effect;
use crate::app::field::{Lines, TextEntry};
use crate::app::line::{Asked, Line};
use crate::app::{App, Pane, Weight};
use crate::domain::draft::{Draft, slug};
use crate::domain::import::{of_snippet, places};
use crate::domain::prompt::Example;
use crate::domain::template::InputKind;
use crate::store::files::Kind;

impl App {
    /// Asks what a template of the draft is to be called and which of its words are inputs; what
    /// is selected becomes one.
    pub(in crate::app) fn template_of_draft(&mut self) -> Vec<Effect> {
        let open = &self.editor.open;
        if matches!(open.kind(), Kind::Template | Kind::Snippet) {
            let told = "this is a source already; `d` in the list copies it";
            return self.tell(Weight::Note, told);
        }
        if open.document.words() == 0 {
            return self.tell(Weight::Note, "there is no text in the draft to make it of");
        }
        let written = self.editor.tab == Tab::Draft && self.editor.find.is_none();
        let selected = open.document.selected_text().filter(|_| written);
        let stuff = Stuff::Draft(open.id);
        let (body, title) = (open.document.text(), open.title());
        let mut making = self.making_of(stuff, &title, (None, Vec::new(), body));
        let words = selected.as_deref().unwrap_or_default().trim();
        let some = !words.is_empty() && words.len() < making.body.trim().len();
        if some && making.add(words) {
            making.hand = Hand::Part(making.parts.len() - 1);
            if let Some(part) = making.parts.last_mut() {
                part.name.select_all();
            }
        }
        self.dialogs.push(Dialog::Making(Box::new(making)));
        Vec::new()
    }

    /// The same of the prompt as it would be sent; what the form holds becomes inputs again.
    pub(in crate::app) fn template_of_prompt(&mut self) -> Vec<Effect> {
        let Some(form) = &self.form else {
            let told = "there is no prompt: open a template and fill it in first";
            return self.tell(Weight::Note, told);
        };
        let rendered = match &self.editor.preview {
            Some(Ok(rendered)) => rendered,
            Some(Err(why)) => {
                let told = format!("there is no prompt yet: {why}");
                return self.tell(Weight::Note, told);
            }
            None => return self.tell(Weight::Note, "there is no prompt yet"),
        };
        if rendered.spans.iter().any(|span| span.missing) {
            return self.tell(Weight::Note, "fill in what is missing first");
        }
        let template = form.template.clone();
        let brief = template.settled(&form.brief());
        let edited = self.editor.detached.as_ref();
        let prompt = &rendered.prompt;
        let body = edited.map_or_else(|| prompt.user.clone(), |taken| taken.document.text());
        let texts = (prompt.system.clone(), prompt.examples.clone(), body);
        let stuff = Stuff::Prompt(template.name.clone());
        self.kept_making = None;
        let title = format!("{} (from the prompt)", template.title);
        let mut making = self.making_of(stuff, &title, texts);
        for input in &template.inputs {
            let text = match (&input.kind, brief.get(&input.name)) {
                (InputKind::Toggle | InputKind::File | InputKind::Image, _) | (_, None) => continue,
                (_, Some(value)) => value.to_string(),
            };
            // One letter stands in every other place.
            if text.trim().chars().count() > 1 {
                making.add_named(&input.name, text.trim());
            }
        }
        making.complaint = None;
        self.dialogs.push(Dialog::Making(Box::new(making)));
        Vec::new()
    }

    /// The box as it was left, with the texts as they are now; else a new one.
    fn making_of(
        &mut self,
        stuff: Stuff,
        title: &str,
        (system, examples, body): (Option<String>, Vec<Example>, String),
    ) -> Making {
        let kept = self.kept_making.take().filter(|kept| kept.stuff == stuff);
        let mut making = kept.map_or_else(
            || {
                let mut title = TextEntry::new(title, Lines::One);
                title.select_all();
                Making {
                    stuff,
                    title,
                    parts: Vec::new(),
                    more: TextEntry::new("", Lines::One),
                    hand: Hand::Title,
                    complaint: None,
                    body: String::new(),
                    system: None,
                    examples: Vec::new(),
                    taken: Vec::new(),
                }
            },
            |kept| *kept,
        );
        let rows = self.browser.rows(List::Templates).iter();
        making.taken = rows.map(|row| row.item.name()).collect();
        (making.system, making.examples, making.body) = (system, examples, body);
        for part in &mut making.parts {
            part.places = places(&making.body, &part.words);
        }
        making.parts.retain(|part| part.places > 0);
        making
    }

    /// What the box asks for.
    pub(in crate::app) fn on_making(&mut self, wish: Wish) -> Vec<Effect> {
        let Some(Dialog::Making(making)) = self.dialogs.pop() else {
            return Vec::new();
        };
        let of_draft = matches!(making.stuff, Stuff::Draft(_));
        match wish {
            // Nobody selects words in a prompt: that begins anew.
            Wish::Later if !of_draft => Vec::new(),
            Wish::Later => {
                self.kept_making = Some(making);
                let waits = "select words in the draft and press alt+T again to ask for them";
                self.tell(Weight::Note, waits)
            }
            Wish::Make(deed) => {
                self.kept_making = Some(making);
                self.begin(deed)
            }
        }
    }

    /// A template or snippet was made, or not: then the box comes back and says why.
    pub(in crate::app) fn after_making(&mut self, failed: Option<String>) {
        let Some(mut making) = self.kept_making.take() else {
            return;
        };
        if let Some(why) = failed {
            making.complaint = Some(why);
            self.dialogs.push(Dialog::Making(making));
        }
    }

    /// Asks for the name of a snippet that says what is selected. Of the source of a template,
    /// that is taken as it is written; of any other text, as it reads.
    pub(in crate::app) fn snippet_of_selection(&mut self) -> Vec<Effect> {
        let is_source = self.editor.tab == Tab::Draft
            && matches!(self.editor.kind(), Kind::Template | Kind::Snippet);
        let selected = match self.editor.written() {
            Some(text) if self.focus == Pane::Editor => text.selected_text(),
            _ => None,
        };
        let Some(text) = selected.filter(|text| !text.trim().is_empty()) else {
            let told = "select the words in the Editor that are to be a snippet first";
            return self.tell(Weight::Note, told);
        };
        let source = if is_source {
            format!("{}\n", text.trim())
        } else {
            of_snippet(&text)
        };
        let title = Draft::title_from(&text, "");
        let line = Line::of_text(Asked::NewSnippet, &slug(&title), source);
        self.dialogs.push(Dialog::Line(Box::new(line)));
        Vec::new()
    }
}
