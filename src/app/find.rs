//! The find bar: what is looked for in the draft, where it stands, what is to stand there instead.
//!
//! Opens under the text and leaves the selection on the place it shows; `esc` closes it there.
//! Never looks into anything but the text that is being edited.

use super::command::Command;
use super::editor::Editor;
use super::effect::Effect;
use super::field::{Lines, TextEntry};
use super::key::Key;
use super::{App, Pane, Weight};
use crate::domain::document::{Case, Document, MOST_PLACES, Needle, Wording};
use std::ops::Range;

/// Which of the two lines has the keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// What is looked for.
    Wanted,
    /// What comes in its place.
    Instead,
}

/// The find bar.
#[derive(Debug)]
pub struct Find {
    /// What is looked for.
    pub wanted: TextEntry,
    /// What comes in its place, once that was asked for.
    pub instead: Option<TextEntry>,
    /// The line that has the keys.
    pub line: Line,
    /// How the wanted text is read.
    pub wording: Wording,
    /// Whether its capitals count.
    pub case: Case,
    /// The part of the text that is looked through; all of it without one.
    pub within: Option<Range<usize>>,
    /// Where it stands, in the order of the text.
    pub places: Vec<Range<usize>>,
    /// What is wrong with the pattern.
    pub problem: Option<String>,
    /// The text that the places are of.
    revision: u64,
    /// Where the cursor was when the bar opened: the search starts there.
    origin: usize,
}

impl Find {
    /// A bar that looks for `text` from `origin` on.
    fn new(text: &str, origin: usize) -> Self {
        let mut wanted = TextEntry::new(text, Lines::One);
        if !text.is_empty() {
            wanted.select_all();
        }
        Self {
            wanted,
            instead: None,
            line: Line::Wanted,
            wording: Wording::default(),
            case: Case::default(),
            within: None,
            places: Vec::new(),
            problem: None,
            revision: u64::MAX,
            origin,
        }
    }

    /// The number of the place that is selected, from 1.
    pub fn number(&self, document: &Document) -> Option<usize> {
        let selected = document.selection()?;
        let at = self.places.iter().position(|place| *place == selected)?;
        Some(at + 1)
    }

    /// The entry that has the keys.
    pub fn entry(&mut self) -> &mut TextEntry {
        match (self.line, &mut self.instead) {
            (Line::Instead, Some(instead)) => instead,
            _ => &mut self.wanted,
        }
    }

    fn needle(&self) -> Result<Option<Needle>, String> {
        Needle::new(&self.wanted.text(), self.wording, self.case)
    }

    /// Looks again, if the text is another one or what is looked for.
    fn look(&mut self, document: &Document) {
        self.revision = document.revision();
        let whole = 0..document.len();
        let within = self.within.clone().unwrap_or(whole);
        (self.places, self.problem) = match self.needle() {
            Ok(Some(needle)) => (document.places(&needle, within), None),
            Ok(None) => (Vec::new(), None),
            Err(problem) => (Vec::new(), Some(problem)),
        };
    }

    /// The first place that begins at `from` or behind it, else the first of all.
    fn from(&self, from: usize) -> Option<Range<usize>> {
        let next = self.places.partition_point(|place| place.start < from);
        self.places.get(next).or(self.places.first()).cloned()
    }

    /// The last place that begins before `from`, else the last of all.
    fn before(&self, from: usize) -> Option<Range<usize>> {
        let next = self.places.partition_point(|place| place.start < from);
        let last = next.checked_sub(1).and_then(|at| self.places.get(at));
        last.or(self.places.last()).cloned()
    }

    /// How many places there are, in words.
    pub fn count(&self, document: &Document) -> String {
        let all = self.places.len();
        let more = if all == MOST_PLACES { "+" } else { "" };
        match self.number(document) {
            _ if self.wanted.is_empty() => String::new(),
            _ if all == 0 => "none".to_owned(),
            Some(number) => format!("{number} of {all}{more}"),
            None if all == 1 => "1 place".to_owned(),
            None => format!("{all}{more} places"),
        }
    }
}

impl App {
    /// True while the find bar has the keys.
    pub fn is_finding(&self) -> bool {
        self.focus == Pane::Editor && self.editor.find.is_some()
    }

    /// Opens the find bar on the selected words, or on what was looked for last.
    pub(super) fn find(&mut self) -> Vec<Effect> {
        self.focus_on(Pane::Editor);
        if self.is_reviewing() {
            return self.tell(
                Weight::Note,
                "decide about the changes first, or esc for later",
            );
        }
        if let Some(find) = &mut self.editor.find {
            find.line = Line::Wanted;
            find.wanted.select_all();
            return Vec::new();
        }
        let Some(document) = self.editor.written() else {
            return self.tell(
                Weight::Note,
                "enter takes the prompt over; then find looks in it",
            );
        };
        let selected = document.selection();
        let origin = selected.as_ref().map_or(document.cursor(), |it| it.start);
        let words = document.selected_text();
        let words = words.filter(|text| !text.contains('\n') && text.len() < 200);
        let lines = selected.filter(|_| words.is_none());
        let text = words.unwrap_or_else(|| self.found_last.clone());
        let mut find = Find::new(&text, origin);
        // Several lines are not looked for, but in.
        find.within = lines;
        self.editor.find = Some(Box::new(find));
        self.look();
        Vec::new()
    }

    /// Closes the bar; the cursor stays where it led.
    pub(super) fn stop_finding(&mut self) {
        if let Some(find) = self.editor.find.take() {
            self.found_last = find.wanted.text();
            self.collapse_for_vim();
        }
    }

    /// A key for the bar.
    pub(super) fn on_find_key(&mut self, key: Key) {
        let now = self.now.0;
        let Editor {
            open, clipboard, ..
        } = &mut self.editor;
        let Some(find) = &mut open.find else {
            return;
        };
        let before = find.wanted.text();
        find.entry().key_with(key, clipboard, now);
        if find.wanted.text() != before {
            self.look();
        }
    }

    /// Text pasted into the bar.
    pub(super) fn paste_into_find(&mut self, text: &str) {
        if let Some(find) = &mut self.editor.find {
            find.entry().insert(text);
            self.look();
        }
    }

    /// A command of the bar; opens it where it is not open.
    pub(super) fn run_find(&mut self, command: Command) -> Vec<Effect> {
        if self.editor.find.is_none() {
            let opened = self.find();
            if self.editor.find.is_none() || command == Command::ReplaceAll {
                return opened;
            }
        }
        self.focus_on(Pane::Editor);
        let Some(find) = &mut self.editor.find else {
            return Vec::new();
        };
        match command {
            Command::NextPlace if find.line == Line::Instead => return self.replace_one(),
            Command::NextPlace => return self.step(Step::Next),
            Command::PreviousPlace => return self.step(Step::Previous),
            Command::ReplaceAll => return self.replace_all(),
            Command::ReplaceLine => {
                find.instead
                    .get_or_insert_with(|| TextEntry::new("", Lines::One));
                find.line = match find.line {
                    Line::Wanted => Line::Instead,
                    Line::Instead => Line::Wanted,
                };
                return Vec::new();
            }
            Command::FindPattern => {
                find.wording = match find.wording {
                    Wording::Plain => Wording::Pattern,
                    Wording::Pattern => Wording::Plain,
                };
            }
            Command::FindCase => {
                find.case = match find.case {
                    Case::Smart => Case::Exact,
                    Case::Exact => Case::Smart,
                };
            }
            _ => {}
        }
        self.look();
        Vec::new()
    }

    /// Looks anew and shows the first place from where the search began.
    fn look(&mut self) {
        let Some(mut find) = self.editor.find.take() else {
            return;
        };
        if let Some(document) = self.editor.written() {
            find.look(document);
            match find.from(find.origin) {
                Some(place) => document.select(place),
                None => document.stand_at(find.origin),
            }
        }
        self.editor.find = Some(find);
    }

    /// Looks anew after the text changed by something else than the bar.
    pub(super) fn refresh_find(&mut self) {
        let Some(mut find) = self.editor.find.take() else {
            return;
        };
        if let Some(document) = self.editor.written() {
            if find.revision != document.revision() {
                find.look(document);
            }
            self.editor.find = Some(find);
        }
    }

    fn step(&mut self, step: Step) -> Vec<Effect> {
        let Some(mut find) = self.editor.find.take() else {
            return Vec::new();
        };
        let mut told = None;
        if let Some(document) = self.editor.written() {
            let at = document
                .selection()
                .map_or(document.cursor(), |it| it.start);
            let here = document
                .selection()
                .is_some_and(|it| find.places.contains(&it));
            let next = match step {
                Step::Next => find.from(at + usize::from(here)),
                Step::Previous => find.before(at),
            };
            if let Some(place) = next {
                let wrapped = match step {
                    Step::Next => place.start < at,
                    Step::Previous => place.start > at,
                };
                told = wrapped.then_some("the search went on from the other end");
                find.origin = place.start;
                document.select(place);
            }
        }
        self.editor.find = Some(find);
        told.map_or_else(Vec::new, |told| self.tell(Weight::Note, told))
    }

    /// Replaces the place that is selected and goes to the next.
    fn replace_one(&mut self) -> Vec<Effect> {
        if self.is_locked() {
            return self.refuse_to_edit();
        }
        let now = self.now.0;
        let Some(mut find) = self.editor.find.take() else {
            return Vec::new();
        };
        if let (Some(document), Ok(Some(needle))) = (self.editor.written(), find.needle()) {
            let selected = document.selection();
            if let Some(place) = selected.filter(|it| find.places.contains(it)) {
                let with = find.instead.as_ref().map(TextEntry::text);
                let with = document.expanded(&needle, &place, &with.unwrap_or_default());
                let (start, removed) = (place.start, place.len());
                document.replace(place, &with, now);
                if let Some(within) = &mut find.within {
                    within.end = (within.end + with.len()).saturating_sub(removed);
                }
                find.origin = start + with.len();
                find.look(document);
            }
            match find.from(find.origin) {
                Some(place) => document.select(place),
                None => document.stand_at(find.origin),
            }
        }
        self.editor.find = Some(find);
        Vec::new()
    }

    fn replace_all(&mut self) -> Vec<Effect> {
        if self.is_locked() {
            return self.refuse_to_edit();
        }
        let now = self.now.0;
        let Some(mut find) = self.editor.find.take() else {
            return Vec::new();
        };
        let Some(instead) = find.instead.as_ref().map(TextEntry::text) else {
            find.instead = Some(TextEntry::new("", Lines::One));
            find.line = Line::Instead;
            self.editor.find = Some(find);
            return self.tell(
                Weight::Note,
                "write what is to stand there, then alt+a again",
            );
        };
        let mut replaced = 0;
        if let (Some(document), Ok(Some(needle))) = (self.editor.written(), find.needle()) {
            let before = document.len();
            let within = find.within.clone().unwrap_or(0..before);
            replaced = document.replace_places(&needle, within, &instead, now);
            if let Some(within) = &mut find.within {
                within.end = (within.end + document.len()).saturating_sub(before);
            }
            find.look(document);
        }
        self.editor.find = Some(find);
        let told = match replaced {
            0 => "nothing to replace".to_owned(),
            1 => "1 place replaced; ctrl+z takes it back".to_owned(),
            _ => format!("{replaced} places replaced; ctrl+z takes them back"),
        };
        self.tell(Weight::Good, told)
    }
}

/// Which way to go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Next,
    Previous,
}
