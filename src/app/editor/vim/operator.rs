//! Operators: what is done with a part of the text. The one door through which commands change it.

use super::motion::{Reach, Takes, first_letter};
use super::{Answer, Hand, Vim};
use crate::domain::document::{Document, Edit, Motion};
use std::ops::Range;

/// What is done with what a motion goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Operator {
    Delete,
    Change,
    Yank,
}

impl Operator {
    pub(super) const fn of(letter: char) -> Option<Self> {
        Some(match letter {
            'd' => Self::Delete,
            'c' => Self::Change,
            'y' => Self::Yank,
            _ => return None,
        })
    }
}

/// A part of the text, perhaps of whole lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) range: Range<usize>,
    pub(super) lines: bool,
}

/// What lies between the cursor and where a motion leads.
pub(super) fn part(text: &Document, from: usize, reach: Reach) -> Part {
    let (start, end) = (from.min(reach.to), from.max(reach.to));
    let lines = |range: Range<usize>| Part { range, lines: true };
    match reach.takes {
        Takes::Lines => {
            let start = text.line(text.line_of(start)).start;
            lines(start..text.line(text.line_of(end)).end)
        }
        Takes::Upto => Part {
            range: start..text.after(end),
            lines: false,
        },
        Takes::Before => {
            let (first, last) = (text.line_of(start), text.line_of(end));
            if last > first && end == text.line(last).start {
                // A motion that ends before a line leaves the break in front of it alone.
                let end = text.line(last - 1).end;
                let whole = start <= first_letter(text, first);
                return Part {
                    range: if whole {
                        text.line(first).start..end
                    } else {
                        start..end
                    },
                    lines: whole,
                };
            }
            Part {
                range: start..end,
                lines: false,
            }
        }
    }
}

impl Vim {
    /// Does something with a part of the text.
    pub(super) fn operate(
        &mut self,
        operator: Operator,
        part: &Part,
        hand: &mut Hand<'_>,
    ) -> Option<Answer> {
        let mut taken = hand.text.slice(part.range.clone());
        if part.lines {
            taken.push('\n');
        }
        match operator {
            Operator::Yank => {
                let at = hand.cursor();
                let outside = at < part.range.start || at > part.range.end;
                if !part.lines || outside || hand.text.selection().is_some() {
                    hand.text.stand_at(part.range.start);
                }
                hand.register.clone_from(&taken);
                return Some(Answer::Taken(taken));
            }
            Operator::Delete => {
                let range = if part.lines {
                    with_break(hand.text, &part.range)
                } else {
                    part.range.clone()
                };
                if !self.put(range.clone(), "", hand) {
                    return None;
                }
                if part.lines {
                    let line = hand.text.line_of(part.range.start.min(hand.text.len()));
                    let at = first_letter(hand.text, line);
                    hand.text.stand_at(at);
                }
            }
            Operator::Change => {
                if !self.put(part.range.clone(), "", hand) {
                    return None;
                }
                self.start_typing();
            }
        }
        *hand.register = taken;
        None
    }

    /// Puts `with` in place of a part of the text; false when that can only be read.
    pub(super) fn put(&mut self, range: Range<usize>, with: &str, hand: &mut Hand<'_>) -> bool {
        if self.locked {
            self.refused = true;
            return false;
        }
        hand.text.replace(range, with, hand.at);
        true
    }

    /// Puts in what was taken, behind the cursor or before it.
    pub(super) fn paste(&mut self, letter: char, count: usize, hand: &mut Hand<'_>) {
        let taken = hand.register.repeat(count);
        if taken.is_empty() {
            return;
        }
        let at = hand.cursor();
        let line = hand.text.line_of(at);
        if taken.ends_with('\n') {
            let range = hand.text.line(line);
            let last = line + 1 >= hand.text.line_count();
            let (place, with, first) = match (letter, last) {
                ('P', _) => (range.start, taken, line),
                (_, false) => (hand.text.line(line + 1).start, taken, line + 1),
                (_, true) => {
                    let with = format!("\n{}", &taken[..taken.len() - 1]);
                    (range.end, with, line + 1)
                }
            };
            if self.put(place..place, &with, hand) {
                let at = first_letter(hand.text, first);
                hand.text.stand_at(at);
            }
            return;
        }
        let behind = letter == 'p' && at < hand.text.line(line).end;
        let place = if behind { hand.text.after(at) } else { at };
        if self.put(place..place, &taken, hand) {
            let at = if taken.contains('\n') {
                place
            } else {
                hand.text.before(place + taken.len())
            };
            hand.text.stand_at(at);
        }
    }

    /// Joins lines, with a blank between them where words would touch.
    pub(super) fn join(&mut self, first: usize, lines: usize, hand: &mut Hand<'_>) {
        for _ in 1..lines.max(2) {
            if first + 1 >= hand.text.line_count() {
                return;
            }
            let end = hand.text.line(first).end;
            let next = hand.text.line(first + 1);
            let start = first_letter(hand.text, first + 1);
            let before = hand.text.slice(hand.text.line(first));
            let bare = before.is_empty()
                || before.ends_with([' ', '\t'])
                || start == next.end
                || hand.text.char_at(start) == Some(')');
            if !self.put(end..start, if bare { "" } else { " " }, hand) {
                return;
            }
            hand.text.stand_at(end);
        }
    }

    /// Turns small letters into capitals and the other way round.
    pub(super) fn swap_case(&mut self, range: Range<usize>, hand: &mut Hand<'_>) {
        let swapped: String = hand
            .text
            .slice(range.clone())
            .chars()
            .flat_map(swap)
            .collect();
        self.put(range, &swapped, hand);
    }

    /// Opens a line below or above, which goes on with a list or a quote.
    pub(super) fn open_line(&mut self, letter: char, hand: &mut Hand<'_>) {
        if self.locked {
            self.refused = true;
            return;
        }
        let line = hand.text.line(hand.text.line_of(hand.cursor()));
        if letter == 'o' {
            hand.text.stand_at(line.end);
            hand.text.apply(Edit::NextLine, hand.at);
        } else {
            hand.text.stand_at(line.start);
            hand.text.apply(Edit::Newline, hand.at);
            hand.text.apply(Edit::Move(Motion::Left), hand.at);
        }
        self.start_typing();
    }
}

fn swap(c: char) -> Vec<char> {
    if c.is_lowercase() {
        c.to_uppercase().collect()
    } else {
        c.to_lowercase().collect()
    }
}

/// Whole lines with the break that goes with them: the one behind, or before the last one.
fn with_break(text: &Document, lines: &Range<usize>) -> Range<usize> {
    let last = text.line_of(lines.end);
    if last + 1 < text.line_count() {
        return lines.start..text.line(last + 1).start;
    }
    let first = text.line_of(lines.start);
    let start = first.checked_sub(1).map_or(0, |line| text.line(line).end);
    start..lines.end
}
