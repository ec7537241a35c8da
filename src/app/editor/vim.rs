//! Vim's keys for a text: modes, counts, motions, operators, objects, repetition.
//!
//! Keys in, changes of the document out; what is none of the text's business is asked for. One
//! command is one step of undo, and so is everything typed between two of them. Never draws and
//! never copies to a clipboard by itself.

mod motion;
mod normal;
mod object;
mod operator;
mod reach;
mod visual;

#[cfg(test)]
mod tests;

use super::keys;
use crate::app::key::{Code, Key};
use crate::domain::document::Document;
use motion::Seek;
use operator::Operator;

/// What keys mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Keys are commands.
    #[default]
    Normal,
    /// Keys are text.
    Insert,
    /// Motions select characters.
    Visual,
    /// Motions select lines.
    VisualLine,
}

impl Mode {
    /// What the status line calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Normal => "NORMAL",
            Self::Insert => "INSERT",
            Self::Visual => "VISUAL",
            Self::VisualLine => "VISUAL LINE",
        }
    }
}

/// What came of a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It did what it does.
    Done,
    /// It took this text to be put in elsewhere.
    Taken(String),
    /// It would have changed a text that can only be read.
    Refused,
    /// It asks for something else than the text.
    Wants(Wanted),
}

/// What keys ask for that is none of the text's business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The palette, for `:`.
    Palette,
    /// The find bar, for `/`.
    Find,
    /// The next place found, for `n`.
    Next,
    /// The place before, for `N`.
    Previous,
}

/// What has been typed of a command.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Wish {
    /// How often.
    count: Option<usize>,
    /// What to do with what a motion goes over, and the count in front of it.
    operator: Option<(Operator, Option<usize>)>,
    /// A key that says nothing without the one behind it.
    prefix: Option<char>,
}

impl Wish {
    /// How often, with both counts taken together.
    fn times(&self) -> Option<usize> {
        let before = self.operator.and_then(|(_, count)| count);
        match (before, self.count) {
            (None, None) => None,
            (before, count) => Some(before.unwrap_or(1).saturating_mul(count.unwrap_or(1))),
        }
    }
}

/// The most often that anything is done for one count.
const MOST: usize = 9999;

/// What one key may touch.
struct Hand<'a> {
    text: &'a mut Document,
    /// What was cut or copied last; whole lines when it ends with a line break.
    register: &'a mut String,
    at: u64,
}

/// Vim's keys, with what they remember.
#[derive(Debug, Default)]
pub struct Vim {
    mode: Mode,
    wish: Wish,
    /// The same as it was typed.
    waiting: String,
    /// Keys of the command that is being typed.
    keys: Vec<Key>,
    /// The text that it began with.
    revision: u64,
    /// Keys of the last command that changed the text.
    last: Vec<Key>,
    replaying: bool,
    /// What `f` and its kind looked for last.
    sought: Option<Seek>,
    /// The column that `j` and `k` aim for.
    goal: Option<usize>,
    /// Where the selection began, and its other end: both stand on a character that is in it.
    anchor: usize,
    head: usize,
    /// The text can only be read.
    locked: bool,
    refused: bool,
}

impl Vim {
    /// What keys mean now.
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// What has been typed of a command.
    pub fn typed(&self) -> &str {
        &self.waiting
    }

    /// Whether a key is for it, and not for the tables of commands.
    pub fn takes(&self, key: Key) -> bool {
        let plain = !key.ctrl && !key.alt && !key.shift;
        match (self.mode, key.code) {
            (Mode::Normal, Code::Esc) => !self.is_at_rest(),
            (_, Code::Esc) => plain,
            (Mode::Insert, _) => false,
            (_, Code::Char('r' | 'd' | 'u')) if key.ctrl => true,
            (
                _,
                Code::Char(_)
                | Code::Left
                | Code::Right
                | Code::Up
                | Code::Down
                | Code::Enter
                | Code::Backspace
                | Code::Delete
                | Code::Home
                | Code::End
                | Code::Tab,
            ) => plain,
            _ => false,
        }
    }

    /// Says whether the text can only be read.
    pub const fn lock(&mut self, locked: bool) {
        self.locked = locked;
    }

    /// Takes a key. `register` is what was cut or copied last, `at` the time.
    pub fn key(&mut self, key: Key, text: &mut Document, register: &mut String, at: u64) -> Answer {
        self.refused = false;
        let mut hand = Hand { text, register, at };
        let answer = self.take(key, &mut hand);
        let done = if self.refused {
            Answer::Refused
        } else {
            Answer::Done
        };
        answer.unwrap_or(done)
    }

    /// The mouse selected something, or nothing any more.
    pub fn follow_mouse(&mut self, text: &mut Document) {
        let selection = text.selection();
        match (self.mode, selection) {
            (Mode::Insert, _) | (Mode::Normal, None) => {}
            (_, Some(range)) => {
                self.wish = Wish::default();
                self.mode = Mode::Visual;
                self.anchor = range.start;
                self.head = text.before(range.end).max(range.start);
            }
            (Mode::Visual | Mode::VisualLine, None) => self.mode = Mode::Normal,
        }
    }

    fn is_at_rest(&self) -> bool {
        self.mode == Mode::Normal && self.wish == Wish::default()
    }

    fn take(&mut self, key: Key, hand: &mut Hand<'_>) -> Option<Answer> {
        if self.is_at_rest() && !self.replaying {
            self.keys.clear();
            self.revision = hand.text.revision();
            hand.text.open_group();
        }
        if !self.replaying {
            self.keys.push(key);
        }
        let answer = match self.mode {
            Mode::Normal => self.normal(key, hand),
            Mode::Insert => self.insert(key, hand),
            Mode::Visual | Mode::VisualLine => self.visual(key, hand),
        };
        if self.wish == Wish::default() {
            self.waiting.clear();
        } else {
            self.waiting.extend(key.typed());
        }
        if self.is_at_rest() {
            if !self.replaying {
                hand.text.close_group();
                let changed = hand.text.revision() != self.revision;
                let keys = std::mem::take(&mut self.keys);
                if changed && !keys.is_empty() {
                    self.last = keys;
                }
            }
            stay_in_line(hand.text);
        }
        answer
    }

    fn insert(&mut self, key: Key, hand: &mut Hand<'_>) -> Option<Answer> {
        if key.code == Code::Esc {
            self.mode = Mode::Normal;
            let at = hand.text.cursor();
            if at > hand.text.line(hand.text.line_of(at)).start {
                let before = hand.text.before(at);
                hand.text.stand_at(before);
            }
            return None;
        }
        if let Some(edit) = keys::edit_for(key) {
            hand.text.open_group();
            hand.text.apply(edit, hand.at);
        }
        None
    }

    /// Does the last change once more.
    fn again(&mut self, hand: &mut Hand<'_>, times: usize) {
        // What is repeated is no new command.
        self.keys.clear();
        if self.replaying {
            return;
        }
        self.replaying = true;
        let keys = std::mem::take(&mut self.last);
        for _ in 0..times {
            for key in &keys {
                self.take(*key, hand);
            }
        }
        self.last = keys;
        self.replaying = false;
    }

    /// Goes over to typing, if the text may be changed.
    fn start_typing(&mut self) {
        if self.locked {
            self.refused = true;
        } else {
            self.mode = Mode::Insert;
        }
    }
}

impl Hand<'_> {
    fn cursor(&self) -> usize {
        self.text.cursor()
    }
}

/// Between two commands the cursor stands on a character, not behind the last one of its line.
fn stay_in_line(text: &mut Document) {
    let at = text.cursor();
    let line = text.line(text.line_of(at));
    if text.selection().is_some() {
        text.stand_at(at);
    }
    if at >= line.end && at > line.start {
        let before = text.before(line.end);
        text.stand_at(before);
    }
}
