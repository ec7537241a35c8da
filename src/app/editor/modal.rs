//! Vim's keys on their way to the text, and what they ask of the rest of the studio.

use super::pen::Shape;
use super::vim::{Answer, Mode, Wanted};
use crate::app::command::Command;
use crate::app::dialog::Dialog;
use crate::app::effect::Effect;
use crate::app::key::Key;
use crate::app::{App, command::Scope};

impl App {
    /// Whether a key is one of vim's, whatever it means elsewhere. Those of a review are not.
    pub(in crate::app) fn vim_takes(&self, key: Key) -> bool {
        let vim = self.pen.vim.as_ref();
        let settling = self.is_reviewing() || self.is_settling(key);
        self.is_in_text() && !settling && vim.is_some_and(|vim| vim.takes(key))
    }

    /// Whether vim's keys wait for a command in the text, where escape leads nowhere.
    pub fn rests_in_vim(&self) -> bool {
        let vim = self.pen.vim.as_ref();
        self.is_in_text() && vim.is_some_and(|vim| vim.mode() == Mode::Normal)
    }

    /// What the cursor of the terminal should look like.
    pub fn cursor_shape(&self) -> Shape {
        if self.is_in_text() && self.dialogs.is_empty() {
            self.pen.shape()
        } else {
            Shape::Usual
        }
    }

    /// A key for a text under vim's keys; `None` where there are none or it is not theirs.
    pub(in crate::app) fn on_vim_key(&mut self, key: Key) -> Option<Vec<Effect>> {
        if !self.is_in_text() {
            return None;
        }
        let locked = self.is_locked();
        let now = self.now.0;
        let mut register = std::mem::take(&mut self.editor.clipboard);
        let answer = self.pen.vim.as_mut().and_then(|vim| {
            let theirs = vim.mode() == Mode::Insert || vim.takes(key);
            let text = self.editor.written().filter(|_| theirs)?;
            vim.lock(locked);
            Some(vim.key(key, text, &mut register, now))
        });
        self.editor.clipboard = register;
        Some(match answer? {
            Answer::Done => Vec::new(),
            Answer::Taken(text) => vec![Effect::Copy(text)],
            Answer::Refused => self.refuse_to_edit(),
            Answer::Wants(wanted) => self.do_for_vim(wanted),
        })
    }

    fn do_for_vim(&mut self, wanted: Wanted) -> Vec<Effect> {
        match wanted {
            Wanted::Palette => {
                let palette = self.palette_for(Scope::Draft).with_short_names();
                self.dialogs.push(Dialog::Palette(Box::new(palette)));
                Vec::new()
            }
            Wanted::Find => {
                self.pen.searching = true;
                self.find()
            }
            Wanted::Next => self.find_again(Command::NextPlace),
            Wanted::Previous => self.find_again(Command::PreviousPlace),
        }
    }

    /// Enter in a search that `/` began ends it at the place it shows; true then.
    pub(in crate::app) fn ends_search(&mut self, command: Command) -> bool {
        let ends = self.pen.searching && command == Command::NextPlace && self.is_finding();
        if ends {
            self.stop_finding();
        }
        ends
    }

    /// To the next place of what was looked for, without the bar.
    fn find_again(&mut self, command: Command) -> Vec<Effect> {
        let from = self.editor.written().map_or(0, |text| text.cursor());
        self.find();
        let selected = self.editor.written().and_then(|text| text.selection());
        let ahead = selected.is_some_and(|place| place.start > from);
        let effects = if command == Command::NextPlace && ahead {
            Vec::new()
        } else {
            self.run_find(command)
        };
        self.stop_finding();
        effects
    }

    /// What was selected with the mouse or with shift is a selection of vim's, too.
    pub(in crate::app) fn follow_selection(&mut self) {
        if let (Some(vim), Some(text)) = (self.pen.vim.as_mut(), self.editor.written()) {
            vim.follow_mouse(text);
        }
    }

    /// After a search, vim's cursor stands where the place begins.
    pub(in crate::app) fn collapse_for_vim(&mut self) {
        self.pen.searching = false;
        if self.pen.vim.is_some()
            && let Some(text) = self.editor.written()
            && let Some(place) = text.selection()
        {
            text.stand_at(place.start);
        }
    }
}
