//! Keys that are commands: counts, operators, motions, and the commands of one letter.

use super::motion::{self, Reach, first_letter, line_at};
use super::object::object;
use super::operator::{Operator, Part, part};
use super::{Answer, Hand, MOST, Mode, Vim, Wanted, Wish};
use crate::app::key::{Code, Key};
use crate::domain::document::{Edit, Motion};

/// The letter that a key stands for.
pub(super) fn letter(key: Key) -> Option<char> {
    if key.ctrl {
        return None;
    }
    Some(match key.code {
        Code::Char(c) => c,
        Code::Left | Code::Backspace => 'h',
        Code::Right => 'l',
        Code::Up => 'k',
        Code::Down | Code::Enter => 'j',
        Code::Home => '0',
        Code::End => '$',
        Code::Delete => 'x',
        _ => return None,
    })
}

impl Vim {
    pub(super) fn normal(&mut self, key: Key, hand: &mut Hand<'_>) -> Option<Answer> {
        let Some(typed) = letter(key) else {
            self.wish = Wish::default();
            self.held(key, hand);
            return None;
        };
        if let Some(prefix) = self.wish.prefix.take() {
            return self.behind(prefix, typed, hand);
        }
        if self.counted(typed) {
            return None;
        }
        if let Some(operator) = Operator::of(typed) {
            return match self.wish.operator {
                None => {
                    self.wish.operator = Some((operator, self.wish.count.take()));
                    None
                }
                Some((same, _)) if same == operator => self.whole_lines(operator, hand),
                Some(_) => self.leave(None),
            };
        }
        let object = self.wish.operator.is_some() && matches!(typed, 'i' | 'a');
        if object || matches!(typed, 'g' | 'f' | 'F' | 't' | 'T' | 'r') {
            self.wish.prefix = Some(typed);
            return None;
        }
        let reached = self.reach(typed, hand.cursor(), hand);
        if let Some(reach) = reached {
            return self.moved(typed, reach, hand);
        }
        if self.wish.operator.is_some() || is_motion(typed) {
            return self.leave(None);
        }
        self.command(typed, hand)
    }

    /// A digit of a count.
    pub(super) fn counted(&mut self, typed: char) -> bool {
        let Some(digit) = typed.to_digit(10) else {
            return false;
        };
        if digit == 0 && self.wish.count.is_none() {
            return false;
        }
        let count = self.wish.count.unwrap_or(0) * 10 + digit as usize;
        self.wish.count = Some(count.min(MOST));
        true
    }

    /// How often the command is meant.
    pub(super) fn count(&self) -> usize {
        self.wish.times().unwrap_or(1).min(MOST)
    }

    pub(super) fn leave(&mut self, answer: Option<Answer>) -> Option<Answer> {
        self.wish = Wish::default();
        answer
    }

    /// A key that is held with control, or none of those that are commands.
    fn held(&mut self, key: Key, hand: &mut Hand<'_>) {
        let half = usize::from(hand.text.size().1 / 2).max(1);
        match key.code {
            Code::Char('r') if key.ctrl => self.undo(&Edit::Redo, 1, hand),
            Code::Char('d') if key.ctrl => {
                motion::by_rows(hand.text, hand.text.cursor(), Motion::Down, half);
            }
            Code::Char('u') if key.ctrl => {
                motion::by_rows(hand.text, hand.text.cursor(), Motion::Up, half);
            }
            _ => {}
        }
    }

    fn undo(&mut self, edit: &Edit, times: usize, hand: &mut Hand<'_>) {
        // Neither is a change to be repeated.
        self.keys.clear();
        if self.locked {
            self.refused = true;
            return;
        }
        for _ in 0..times {
            hand.text.apply(edit.clone(), hand.at);
        }
        let at = hand.cursor();
        hand.text.stand_at(at);
    }

    /// The key behind one that says nothing alone.
    fn behind(&mut self, prefix: char, typed: char, hand: &mut Hand<'_>) -> Option<Answer> {
        let from = hand.cursor();
        match prefix {
            'i' | 'a' => {
                let found = object(hand.text, from, (prefix, typed), self.count());
                let operator = self.wish.operator.map(|(operator, _)| operator);
                self.wish = Wish::default();
                let (object, operator) = found.zip(operator)?;
                let part = Part {
                    range: object.range,
                    lines: object.lines,
                };
                return self.operate(operator, &part, hand);
            }
            'r' => {
                self.replace_letters(typed, hand);
                return self.leave(None);
            }
            _ => {}
        }
        match self.reach_behind(prefix, typed, from, hand) {
            Some(reach) => self.moved(prefix, reach, hand),
            None => self.leave(None),
        }
    }

    /// A motion: the cursor follows it, or an operator works on what it goes over.
    fn moved(&mut self, typed: char, reach: Reach, hand: &mut Hand<'_>) -> Option<Answer> {
        let from = hand.cursor();
        let Some((operator, _)) = self.wish.operator else {
            hand.text.stand_at(reach.to);
            return self.leave(None);
        };
        let reach = self.reach_of_words(typed, operator, reach, hand);
        self.wish = Wish::default();
        let part = part(hand.text, from, reach);
        self.operate(operator, &part, hand)
    }

    fn whole_lines(&mut self, operator: Operator, hand: &mut Hand<'_>) -> Option<Answer> {
        let first = hand.text.line_of(hand.cursor());
        let last = (first + self.count() - 1).min(hand.text.line_count() - 1);
        self.wish = Wish::default();
        let part = Part {
            range: hand.text.line(first).start..hand.text.line(last).end,
            lines: true,
        };
        self.operate(operator, &part, hand)
    }

    fn replace_letters(&mut self, with: char, hand: &mut Hand<'_>) {
        let from = hand.cursor();
        let line = line_at(hand.text, from);
        let mut to = from;
        for _ in 0..self.count() {
            if to >= line.end {
                return;
            }
            to = hand.text.after(to);
        }
        let new: String = std::iter::repeat_n(with, self.count()).collect();
        if self.put(from..to, &new, hand) {
            hand.text.stand_at(from + new.len() - with.len_utf8());
        }
    }

    /// The commands of one letter.
    fn command(&mut self, typed: char, hand: &mut Hand<'_>) -> Option<Answer> {
        let count = self.count();
        let at = hand.cursor();
        let line = line_at(hand.text, at);
        // Some are short for an operator with a motion.
        let longer = match typed {
            'x' => Some("dl"),
            'X' => Some("dh"),
            'D' => Some("d$"),
            'C' => Some("c$"),
            's' => Some("cl"),
            'S' => Some("cc"),
            'Y' => Some("yy"),
            _ => None,
        };
        if let Some(longer) = longer {
            let mut answer = None;
            for letter in longer.chars() {
                answer = self.normal(Key::plain(Code::Char(letter)), hand);
            }
            return answer;
        }
        self.wish = Wish::default();
        match typed {
            'i' => self.start_typing(),
            'a' => {
                let after = if at < line.end {
                    hand.text.after(at)
                } else {
                    at
                };
                hand.text.stand_at(after);
                self.start_typing();
            }
            'I' => {
                let first = first_letter(hand.text, hand.text.line_of(at));
                hand.text.stand_at(first);
                self.start_typing();
            }
            'A' => {
                hand.text.stand_at(line.end);
                self.start_typing();
            }
            'o' | 'O' => self.open_line(typed, hand),
            'p' | 'P' => self.paste(typed, count, hand),
            'J' => self.join(hand.text.line_of(at), count, hand),
            '~' => {
                let mut to = at;
                for _ in 0..count {
                    to = if to < line.end {
                        hand.text.after(to)
                    } else {
                        to
                    };
                }
                self.swap_case(at..to, hand);
            }
            'u' => self.undo(&Edit::Undo, count, hand),
            '.' => self.again(hand, count),
            'v' | 'V' => {
                self.mode = if typed == 'v' {
                    Mode::Visual
                } else {
                    Mode::VisualLine
                };
                (self.anchor, self.head) = (at, at);
                self.show(hand);
            }
            ':' => return Some(Answer::Wants(Wanted::Palette)),
            '/' => return Some(Answer::Wants(Wanted::Find)),
            'n' => return Some(Answer::Wants(Wanted::Next)),
            'N' => return Some(Answer::Wants(Wanted::Previous)),
            _ => {}
        }
        None
    }
}

/// Whether a letter is a motion, which may lead nowhere.
pub(super) const fn is_motion(letter: char) -> bool {
    matches!(letter, 'j' | 'k' | ';' | ',')
}
