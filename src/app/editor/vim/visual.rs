//! Keys while motions select: both ends stand on characters that are in the selection.

use super::motion::{first_letter, line_at};
use super::normal::{is_motion, letter};
use super::object::object;
use super::operator::{Operator, Part};
use super::{Answer, Hand, Mode, Vim, Wish};
use crate::app::key::{Code, Key};

impl Vim {
    pub(super) fn visual(&mut self, key: Key, hand: &mut Hand<'_>) -> Option<Answer> {
        if hand.text.selection().is_none() && hand.cursor() != self.head {
            // Something else moved the cursor meanwhile.
            self.mode = Mode::Normal;
            return self.normal(key, hand);
        }
        if key.code == Code::Esc {
            let at = self.head;
            self.end_selecting(at, hand);
            return None;
        }
        let Some(typed) = letter(key) else {
            return self.leave(None);
        };
        if let Some(prefix) = self.wish.prefix.take() {
            return self.extend_behind(prefix, typed, hand);
        }
        if self.counted(typed) {
            return None;
        }
        if matches!(typed, 'g' | 'f' | 'F' | 't' | 'T' | 'r' | 'i' | 'a') {
            self.wish.prefix = Some(typed);
            return None;
        }
        if let Some(reach) = self.reach(typed, self.head, hand) {
            self.head = reach.to;
            self.wish = Wish::default();
            self.show(hand);
            return None;
        }
        self.wish = Wish::default();
        if is_motion(typed) {
            return None;
        }
        self.on_selection(typed, hand)
    }

    /// Shows what is selected.
    pub(super) fn show(&self, hand: &mut Hand<'_>) {
        let text = &mut *hand.text;
        let (first, last) = (self.anchor.min(self.head), self.anchor.max(self.head));
        if self.mode == Mode::VisualLine {
            let start = line_at(text, first).start;
            let line = text.line_of(last);
            let end = if line + 1 < text.line_count() {
                text.line(line + 1).start
            } else {
                text.len()
            };
            return text.select_between(start, end);
        }
        let end = text.after(last);
        if self.head >= self.anchor {
            text.select_between(first, end);
        } else {
            text.select_between(end, first);
        }
    }

    fn end_selecting(&mut self, at: usize, hand: &mut Hand<'_>) {
        self.mode = Mode::Normal;
        self.wish = Wish::default();
        hand.text.stand_at(at);
    }

    fn extend_behind(&mut self, prefix: char, typed: char, hand: &mut Hand<'_>) -> Option<Answer> {
        match prefix {
            'i' | 'a' => {
                if let Some(found) = object(hand.text, self.head, (prefix, typed), self.count()) {
                    self.anchor = found.range.start;
                    self.head = hand.text.before(found.range.end).max(found.range.start);
                    if found.lines {
                        self.mode = Mode::VisualLine;
                        self.head = found.range.end;
                    }
                }
            }
            'r' => {
                self.wish = Wish::default();
                let part = self.selected(hand);
                let new: String = hand.text.slice(part.range.clone());
                let new = new.chars().map(|c| if c == '\n' { c } else { typed });
                let new: String = new.collect();
                self.put(part.range.clone(), &new, hand);
                self.end_selecting(part.range.start, hand);
                return None;
            }
            _ => {
                if let Some(reach) = self.reach_behind(prefix, typed, self.head, hand) {
                    self.head = reach.to;
                }
            }
        }
        self.wish = Wish::default();
        self.show(hand);
        None
    }

    /// The part of the text that is selected.
    fn selected(&self, hand: &Hand<'_>) -> Part {
        let (first, last) = (self.anchor.min(self.head), self.anchor.max(self.head));
        if self.mode == Mode::VisualLine {
            let start = line_at(hand.text, first).start;
            return Part {
                range: start..line_at(hand.text, last).end,
                lines: true,
            };
        }
        Part {
            range: first..hand.text.after(last),
            lines: false,
        }
    }

    fn on_selection(&mut self, typed: char, hand: &mut Hand<'_>) -> Option<Answer> {
        let mut part = self.selected(hand);
        let operator = match typed {
            'd' | 'x' => Some(Operator::Delete),
            'c' | 's' => Some(Operator::Change),
            'y' => Some(Operator::Yank),
            'X' | 'D' | 'S' | 'C' | 'R' | 'Y' => {
                let start = line_at(hand.text, part.range.start).start;
                part = Part {
                    range: start..line_at(hand.text, part.range.end).end,
                    lines: true,
                };
                let operator = Operator::of(typed.to_ascii_lowercase());
                operator.or(Some(if typed == 'X' {
                    Operator::Delete
                } else {
                    Operator::Change
                }))
            }
            _ => None,
        };
        if let Some(operator) = operator {
            self.end_selecting(part.range.start, hand);
            return self.operate(operator, &part, hand);
        }
        match typed {
            'v' | 'V' => {
                let mode = if typed == 'v' {
                    Mode::Visual
                } else {
                    Mode::VisualLine
                };
                if self.mode == mode {
                    self.end_selecting(self.head, hand);
                } else {
                    self.mode = mode;
                    self.show(hand);
                }
            }
            'o' => {
                std::mem::swap(&mut self.anchor, &mut self.head);
                self.show(hand);
            }
            'p' | 'P' => self.paste_over(&part, hand),
            'J' => {
                let first = hand.text.line_of(part.range.start);
                let last = hand.text.line_of(part.range.end);
                self.end_selecting(part.range.start, hand);
                self.join(first, last - first + 1, hand);
            }
            '~' | 'u' | 'U' => {
                self.end_selecting(part.range.start, hand);
                let old = hand.text.slice(part.range.clone());
                match typed {
                    '~' => self.swap_case(part.range.clone(), hand),
                    'u' => drop(self.put(part.range.clone(), &old.to_lowercase(), hand)),
                    _ => drop(self.put(part.range.clone(), &old.to_uppercase(), hand)),
                }
                hand.text.stand_at(part.range.start);
            }
            _ => {}
        }
        None
    }

    /// What was taken comes in place of what is selected, which is taken now.
    fn paste_over(&mut self, part: &Part, hand: &mut Hand<'_>) {
        let taken = hand.register.clone();
        let mut old = hand.text.slice(part.range.clone());
        let with = match (part.lines, taken.strip_suffix('\n')) {
            (true, Some(lines)) => lines.to_owned(),
            (false, Some(lines)) => format!("\n{lines}\n"),
            _ => taken,
        };
        self.end_selecting(part.range.start, hand);
        if self.put(part.range.clone(), &with, hand) {
            if part.lines {
                old.push('\n');
                let at = first_letter(hand.text, hand.text.line_of(part.range.start));
                hand.text.stand_at(at);
            } else {
                let at = hand.text.before(part.range.start + with.len());
                hand.text.stand_at(at.max(part.range.start));
            }
            *hand.register = old;
        }
    }
}
