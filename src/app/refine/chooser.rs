//! The box that asks what is to be done with a part: the verbs, then what a verb needs to know.
//!
//! Owns the lists, the filter and what is typed. Reads no template and sends nothing: what a key
//! wishes goes to the model.

use crate::app::dialog::Outcome;
use crate::app::field::{Lines, TextEntry};
use crate::app::filter::{Filter, Subject};
use crate::app::key::{Code, Key};
use crate::domain::brief::{Brief, Value};
use crate::domain::models::Estimate;
use crate::domain::refine::{Anchor, FOLDER};
use crate::domain::run::RunId;
use crate::domain::template::Template;
use crate::store::library::{Entry, Origin};
use std::sync::Arc;

/// Something that can be done with a part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verb {
    /// The name of its template.
    pub name: String,
    /// What it is called.
    pub title: String,
    /// What it is for.
    pub description: String,
    /// Why it cannot be used.
    pub problem: Option<String>,
    /// It is part of the program.
    pub shipped: bool,
}

/// The verbs of a library, in its order but the person's own last.
pub(super) fn verbs(templates: &[Entry]) -> Vec<Verb> {
    let here = templates
        .iter()
        .filter(|entry| entry.name.starts_with(FOLDER));
    let mut verbs: Vec<Verb> = here
        .map(|entry| Verb {
            title: match &entry.problem {
                Some(_) => format!("{}.md", entry.name),
                None => entry.title.clone(),
            },
            name: entry.name.clone(),
            description: entry.description.clone(),
            problem: entry.problem.clone(),
            shipped: entry.origin == Origin::Shipped,
        })
        .collect();
    // A file that stands for a shipped verb has its place.
    let rank = |verb: &Verb| crate::store::shipped::rank(&verb.name).unwrap_or(usize::MAX);
    verbs.sort_by(|one, other| (rank(one), &one.title).cmp(&(rank(other), &other.title)));
    verbs
}

/// How much of the draft is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// What was selected.
    Selection,
    /// The paragraph at the cursor.
    Paragraph,
    /// The one below the heading, or the empty lines, that the cursor is on.
    Below,
    /// All of it.
    Whole,
    /// The part of an answer that did not do.
    Again,
}

impl Scope {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Selection => "selection",
            Self::Paragraph => "paragraph",
            Self::Below => "paragraph below",
            Self::Whole => "whole draft",
            Self::Again => "same part",
        }
    }
}

/// What the box asks for.
#[derive(Debug)]
pub enum Step {
    /// A verb.
    Verbs,
    /// A value that the verb needs.
    Ask(Asking),
}

/// A value that is asked for.
#[derive(Debug)]
pub struct Asking {
    /// The template that needs it.
    pub template: Arc<Template>,
    /// The name of the input.
    pub input: String,
    /// What it is called.
    pub label: String,
    /// One line of help.
    pub help: String,
    /// What can be chosen; anything may be typed as well, unless only these will do.
    pub options: Vec<String>,
    /// Nothing but the options will do.
    pub closed: bool,
    /// Values given before, newest first.
    pub earlier: Vec<String>,
    /// The earlier value that is in the entry, from 1; 0 for what was typed.
    back: usize,
}

/// One row of the box.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is called.
    pub title: String,
    /// What is said about it.
    pub detail: String,
    /// It cannot be used, and the detail says why.
    pub broken: bool,
}

/// What a key in the box wishes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wish {
    /// Another row is highlighted.
    Look,
    /// What is highlighted or typed is to be done.
    Take,
    /// All of the draft is meant, or only the part again.
    Widen,
    /// The template of the highlighted verb is to be edited.
    Edit,
}

/// The box.
#[derive(Debug)]
pub struct Chooser {
    /// How much is meant.
    pub scope: Scope,
    /// How much was meant at first.
    pub(super) narrow: (Scope, Anchor),
    /// The part that is meant.
    pub anchor: Anchor,
    /// Words in it.
    pub words: usize,
    /// What is asked for.
    pub step: Step,
    /// What is typed.
    pub entry: TextEntry,
    /// The highlighted row.
    pub cursor: usize,
    /// What the request is likely to take.
    pub estimate: Option<Estimate>,
    /// Something around the part does not go along: there is too much of it.
    pub cut: bool,
    /// The run whose answer did not do.
    pub(super) replaces: Option<RunId>,
    /// The verb is to be taken as soon as it was read.
    pub(super) waits: bool,
    pub(super) given: Brief,
    verbs: Vec<Verb>,
    matches: Vec<usize>,
}

impl Chooser {
    pub(super) fn new(scope: Scope, anchor: Anchor, verbs: Vec<Verb>) -> Self {
        let mut chooser = Self {
            scope,
            narrow: (scope, anchor.clone()),
            words: crate::domain::text::words(anchor.text()),
            anchor,
            step: Step::Verbs,
            entry: TextEntry::new("", Lines::One),
            cursor: 0,
            estimate: None,
            cut: false,
            replaces: None,
            waits: false,
            given: Brief::default(),
            verbs,
            matches: Vec::new(),
        };
        chooser.refresh();
        chooser
    }

    /// Means another part from now on.
    pub(super) fn mean(&mut self, scope: Scope, anchor: Anchor) {
        self.scope = scope;
        self.words = crate::domain::text::words(anchor.text());
        self.anchor = anchor;
    }

    /// Asks for a value; `first` stands in the entry.
    pub(super) fn ask(&mut self, asking: Asking, first: &str) {
        self.step = Step::Ask(asking);
        self.entry = TextEntry::new(first, Lines::One);
        self.refresh();
    }

    /// The highlighted verb.
    pub fn verb(&self) -> Option<&Verb> {
        match self.step {
            Step::Verbs => self.verbs.get(*self.matches.get(self.cursor)?),
            Step::Ask(_) => None,
        }
    }

    /// The rows.
    pub fn lines(&self) -> Vec<Line> {
        let matches = self.matches.iter();
        match &self.step {
            Step::Verbs => matches
                .filter_map(|place| self.verbs.get(*place))
                .map(|verb| Line {
                    title: verb.title.clone(),
                    broken: verb.problem.is_some(),
                    detail: verb
                        .problem
                        .clone()
                        .unwrap_or_else(|| verb.description.clone()),
                })
                .collect(),
            Step::Ask(asking) => {
                let line = |title: &str, detail: &str| Line {
                    title: title.to_owned(),
                    detail: detail.to_owned(),
                    broken: false,
                };
                let listed = matches
                    .filter_map(|place| asking.options.get(*place))
                    .map(|option| line(option, ""));
                let typed = self.typed(asking);
                listed
                    .chain(typed.map(|typed| line(&typed, "as typed")))
                    .collect()
            }
        }
    }

    /// What was typed beside a list, where that will do.
    fn typed(&self, asking: &Asking) -> Option<String> {
        let typed = self.entry.text().trim().to_owned();
        let listed = asking
            .options
            .iter()
            .any(|option| option.to_lowercase() == typed.to_lowercase());
        let free = !asking.options.is_empty() && !asking.closed && !typed.is_empty() && !listed;
        free.then_some(typed)
    }

    /// The value that is highlighted or typed; `None` when there is none.
    pub(super) fn value(&self) -> Option<(String, Value)> {
        let Step::Ask(asking) = &self.step else {
            return None;
        };
        let text = if asking.options.is_empty() {
            self.entry.text().trim().to_owned()
        } else {
            self.lines().get(self.cursor)?.title.clone()
        };
        let number = asking.template.input(&asking.input);
        let number = number.is_some_and(|input| {
            matches!(
                input.kind,
                crate::domain::template::InputKind::Number { .. }
            )
        });
        let value = match text.parse::<f64>() {
            Ok(value) if number => Value::Number(value),
            _ => Value::Text(text),
        };
        (!value.is_blank()).then(|| (asking.input.clone(), value))
    }

    /// Takes a key.
    pub fn key(&mut self, key: Key) -> Outcome {
        match key.code {
            Code::Esc => return self.up(),
            Code::Char('k') if key.ctrl => return Outcome::Close,
            Code::Enter => return Outcome::Refine(Wish::Take),
            Code::Tab => return Outcome::Refine(Wish::Widen),
            Code::Char('e') if key.ctrl => return Outcome::Refine(Wish::Edit),
            Code::F(4) => return Outcome::Refine(Wish::Edit),
            Code::Down => self.step(1),
            Code::Up => self.step(-1),
            Code::PageDown => self.step(10),
            Code::PageUp => self.step(-10),
            _ => {
                if !self.entry.key(key) {
                    return Outcome::Stay;
                }
                if let Step::Ask(asking) = &mut self.step {
                    asking.back = 0;
                }
                self.refresh();
            }
        }
        self.waits = false;
        Outcome::Refine(Wish::Look)
    }

    /// Pastes into the entry.
    pub fn paste(&mut self, text: &str) {
        self.entry.insert(text);
        self.refresh();
    }

    /// Moves the highlight; in a line without a list, to an earlier value and back.
    pub fn step(&mut self, by: isize) {
        if let Step::Ask(asking) = &mut self.step
            && asking.options.is_empty()
        {
            let last = asking.earlier.len();
            asking.back = asking.back.saturating_add_signed(-by.signum()).min(last);
            let text = match asking.back.checked_sub(1) {
                Some(place) => asking.earlier[place].clone(),
                None => String::new(),
            };
            self.entry = TextEntry::new(&text, Lines::One);
            return;
        }
        let last = self.lines().len().saturating_sub(1);
        self.cursor = self.cursor.saturating_add_signed(by).min(last);
    }

    /// From a value back to the verbs, from there out.
    fn up(&mut self) -> Outcome {
        let alone = matches!(&self.step, Step::Ask(asking) if self.replaces.is_some() || asking.input.is_empty());
        if alone || matches!(self.step, Step::Verbs) {
            return Outcome::Close;
        }
        self.step = Step::Verbs;
        self.given = Brief::default();
        self.entry = TextEntry::new("", Lines::One);
        self.refresh();
        Outcome::Refine(Wish::Look)
    }

    fn refresh(&mut self) {
        let typed = self.entry.text();
        self.cursor = 0;
        let mut filter = Filter::new(&typed);
        self.matches = match &self.step {
            Step::Verbs => filter.ranked(self.verbs.iter().map(|verb| Subject {
                title: &verb.title,
                names: verb.name.strip_prefix(FOLDER).unwrap_or(&verb.name),
                text: &verb.description,
            })),
            Step::Ask(asking) => filter.ranked(asking.options.iter().map(|option| Subject {
                title: option,
                names: "",
                text: "",
            })),
        };
    }
}

impl Asking {
    pub(super) fn new(template: &Arc<Template>, input: &str) -> Self {
        let known = template.input(input);
        Self {
            template: template.clone(),
            input: input.to_owned(),
            label: known.map_or_else(String::new, |input| input.label.clone()),
            help: known.map_or_else(String::new, |input| input.help.clone()),
            options: Vec::new(),
            closed: false,
            earlier: Vec::new(),
            back: 0,
        }
    }
}
