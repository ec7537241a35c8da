//! Commands about the text that is written: motions, selections, cut and paste, and how it shows.
//!
//! A text that can only be read takes motions and selections, and nothing that changes it.

use super::place::GoToLine;
use crate::app::command::Command;
use crate::app::dialog::Dialog;
use crate::app::editor::Tab;
use crate::app::effect::{Effect, Selection};
use crate::app::{App, Pane, Weight};
use crate::domain::document::{Document, Edit, Motion};

impl App {
    /// True while keys go to a text: the draft, or the prompt that was taken over.
    pub fn is_in_text(&self) -> bool {
        let written = self.editor.tab == Tab::Draft || self.editor.detached.is_some();
        self.focus == Pane::Editor && written && self.editor.find.is_none()
    }

    /// Does what a command asks for, in the text that is written.
    pub(in crate::app) fn in_draft(&mut self, command: Command) -> Vec<Effect> {
        match command {
            Command::FocusMode => {
                self.pen.focus = !self.pen.focus;
                let told = switched("focus mode", self.pen.focus);
                return self.tell(Weight::Note, told);
            }
            Command::Typewriter => {
                self.pen.typewriter = !self.pen.typewriter;
                let scrolling = self.pen.scrolling();
                self.editor.document.set_scrolling(scrolling);
                let told = switched("typewriter scrolling", self.pen.typewriter);
                return self.tell(Weight::Note, told);
            }
            Command::Statistics => return self.measure_text(),
            Command::NextProblem | Command::PreviousProblem => {
                return self.go_to_problem(command);
            }
            _ => {}
        }
        if self.editor.written().is_none() {
            self.show_tab(Tab::Draft);
        }
        self.focus_on(Pane::Editor);
        if let Some(edit) = edit_of(command) {
            return self.edit(edit);
        }
        let now = self.now.0;
        let Some(text) = self.editor.written() else {
            return Vec::new();
        };
        if let Some(motion) = motion_of(command) {
            text.travel_or_select(motion, now);
            return Vec::new();
        }
        match command {
            Command::GoToLine => {
                let asked = GoToLine::new(text.line_of(text.cursor()) + 1, text.line_count());
                self.dialogs.push(Dialog::GoToLine(Box::new(asked)));
            }
            Command::Mark if text.mark() => {
                let told = "motions select from here; ctrl+space or esc ends it";
                return self.tell(Weight::Note, told);
            }
            Command::SelectWord => text.select_word(),
            Command::SelectParagraph => text.select_paragraph(),
            Command::SelectAll => text.apply(Edit::SelectAll, now),
            Command::Cut => return self.cut(),
            Command::PasteCopied if self.is_locked() => return self.refuse_to_edit(),
            Command::PasteCopied => return self.paste_from(Selection::Clipboard),
            _ => {}
        }
        Vec::new()
    }

    /// Lets motions move the cursor again, if they select; true then.
    pub(in crate::app) fn stop_marking(&mut self) -> bool {
        if self.focus != Pane::Editor {
            return false;
        }
        let marking = self.editor.written().filter(|text| text.is_marking());
        marking.map(Document::mark).is_some()
    }

    pub(in crate::app) fn edit(&mut self, edit: Edit) -> Vec<Effect> {
        if self.is_locked() {
            return self.refuse_to_edit();
        }
        let now = self.now.0;
        if let Some(text) = self.editor.written() {
            text.apply(edit, now);
        }
        Vec::new()
    }

    fn cut(&mut self) -> Vec<Effect> {
        if self.is_locked() {
            return self.refuse_to_edit();
        }
        let selected = self.editor.written().and_then(|text| text.selected_text());
        let Some(selected) = selected else {
            return self.tell(Weight::Note, "nothing is selected to be cut");
        };
        self.editor.clipboard.clone_from(&selected);
        self.edit(Edit::Delete);
        vec![Effect::Cut(selected)]
    }
}

fn switched(what: &str, on: bool) -> String {
    format!("{what} is {}", if on { "on" } else { "off" })
}

const fn motion_of(command: Command) -> Option<Motion> {
    Some(match command {
        Command::WordLeft => Motion::WordLeft,
        Command::WordRight => Motion::WordRight,
        Command::ParagraphUp => Motion::ParagraphUp,
        Command::ParagraphDown => Motion::ParagraphDown,
        Command::RowStart => Motion::RowStart,
        Command::RowEnd => Motion::RowEnd,
        Command::TextStart => Motion::Start,
        Command::TextEnd => Motion::End,
        _ => return None,
    })
}

const fn edit_of(command: Command) -> Option<Edit> {
    Some(match command {
        Command::DeleteWordLeft => Edit::BackspaceWord,
        Command::DeleteWordRight => Edit::DeleteWord,
        Command::DeleteToRowStart => Edit::BackspaceRow,
        _ => return None,
    })
}
